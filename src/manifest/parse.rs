//! From bytes to a [`Manifest`]: decode, decide the format, read every line,
//! judge the whole, and report each fact about the text once.

use super::detect::Evidence;
use super::input::{Encoding, Text};
use super::lines::{Ending, Lines, trim};
use super::sink::{Sink, Tally};
use super::{Format, Manifest, NotAManifest, Place, Problem, audit, json, sidecar, text};
use crate::code::Code;

/// What a manifest may cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the whole file. More than 4 GiB - 1 is not read whatever this says.
    pub bytes: usize,
    /// Bytes of one line of a text manifest; the strings of a JSON one are bounded by `bytes`.
    pub line: usize,
    /// Entries.
    pub entries: usize,
    /// Containers inside one another in a JSON manifest.
    pub depth: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes: 1 << 30, line: 1 << 20, entries: 10_000_000, depth: 128 }
    }
}

/// How to read a manifest.
#[derive(Clone, Copy, Debug)]
pub struct Options<'a> {
    /// The last component of the manifest's name; a sidecar is an entry for what it names.
    pub file_name: &'a [u8],
    /// The format, when it is known; otherwise it is decided from all lines.
    pub format: Option<Format>,
    /// What the manifest may cost.
    pub limits: Limits,
}

impl<'a> Options<'a> {
    /// The usual limits, and the format decided from the content.
    pub fn new(file_name: &'a [u8]) -> Self {
        Self { file_name, format: None, limits: Limits::default() }
    }
}

/// Reads a manifest whole.
///
/// Every line is an entry, a blank, a comment, recognised decoration or a
/// [`Problem`]; nothing is skipped. The file is no manifest at all when no
/// line of it can be read as an entry, good or bad.
pub fn parse(bytes: &[u8], options: &Options<'_>) -> Result<Manifest, NotAManifest> {
    let limit = options.limits.bytes.min(u32::MAX as usize);
    if bytes.len() > limit {
        return Err(NotAManifest::TooLarge(format!(
            "the manifest has {} bytes; the limit is {limit}",
            bytes.len()
        )));
    }
    let text = Text::decode(bytes)?;
    if trim_all(&text.bytes).is_empty() {
        return Err(NotAManifest::Empty);
    }
    match options.format {
        Some(Format::JsonList | Format::JsonMap) => json::read(&text, options),
        None if looks_like_json(&text.bytes) => json::read(&text, options),
        _ => read_text(&text, options),
    }
}

/// A document of JSON begins with a brace or bracket; `[name]` alone on a line
/// is a section of a text file.
fn looks_like_json(text: &[u8]) -> bool {
    match trim_all(text) {
        [b'{', ..] => true,
        [b'[', rest @ ..] => {
            let line = trim(Lines::new(rest).next().map_or(b"", |line| line.bytes));
            let section = line.strip_suffix(b"]").is_some_and(|name| {
                !name.is_empty() && name.iter().all(|b| b.is_ascii_alphanumeric() || b"_-. ".contains(b))
            });
            !section
        }
        _ => false,
    }
}

fn trim_all(text: &[u8]) -> &[u8] {
    text.trim_ascii()
}

fn read_text(text: &Text<'_>, options: &Options<'_>) -> Result<Manifest, NotAManifest> {
    if options.format.is_none_or(|format| format == Format::Sidecar)
        && let Some(sidecar) = sidecar::recognise(options.file_name, &text.bytes)
    {
        let mut sink = Sink::new(text, options.limits, 1);
        sidecar.read(&mut sink)?;
        return finish(Format::Sidecar, sink);
    }
    let evidence = Evidence::gather(&text.bytes, options.format);
    let Some(decision) = evidence.decide(options.format)? else {
        return Err(nothing(&evidence, options));
    };
    let mut sink = Sink::new(text, options.limits, usize::try_from(decision.lines).unwrap_or(0));
    text::read_all(decision, &evidence, &mut sink)?;
    finish(decision.shape.format(), sink)
}

/// Why a text without a single entry is no manifest.
fn nothing(evidence: &Evidence, options: &Options<'_>) -> NotAManifest {
    if evidence.content == 0 || evidence.only_header() {
        return NotAManifest::Empty;
    }
    NotAManifest::NoEntries(match options.format {
        Some(format) => format!("no line of it reads as an entry of the format {}", format.name()),
        None if evidence.content == 1 && evidence.longest_run >= 32 => {
            "it holds a lone digest, and its own name does not say of which file".to_owned()
        }
        None => "no line of it holds a digest and a name".to_owned(),
    })
}

/// Judges the whole and reports what was counted.
pub(super) fn finish(format: Format, mut sink: Sink<'_>) -> Result<Manifest, NotAManifest> {
    audit::judge(&mut sink);
    if !matches!(format, Format::JsonList | Format::JsonMap) {
        line_ends(&mut sink);
    }
    encoding(&mut sink);
    let uppercase = sink.uppercase;
    tally(
        &mut sink,
        uppercase,
        Code::ManifestUppercase,
        ["1 digest is in upper case", "digests are in upper case"],
        "write digests in lower case",
    );
    let separator = sink.separator;
    tally(
        &mut sink,
        separator,
        Code::ManifestSeparator,
        ["1 line has an unusual separator", "lines have an unusual separator"],
        "write two blanks between digest and name",
    );
    let header = sink.header;
    tally(
        &mut sink,
        header,
        Code::ManifestHeader,
        ["1 line is header or decoration", "lines are header or decoration"],
        "leave such lines out, or begin them with `#`",
    );
    if sink.entries.is_empty() && sink.refused == 0 && sink.delegates_to.is_empty() {
        return Err(NotAManifest::NoEntries("no line of it can be read as an entry".to_owned()));
    }
    Ok(Manifest {
        format,
        entries: sink.entries,
        problems: sink.problems.finish(),
        delegates_to: sink.delegates_to,
    })
}

/// CR at line ends, and a last line without an end.
fn line_ends(sink: &mut Sink<'_>) {
    let text = sink.text;
    let lines = Lines::new(&text.bytes);
    let words = match lines.ending() {
        Ending::Cr => ["1 line ends in CR", "lines end in CR"],
        Ending::Lf => ["1 line ends in CR LF", "lines end in CR LF"],
    };
    let crlf = sink.crlf;
    tally(
        sink,
        crlf,
        Code::ManifestCrlf,
        words,
        "write the manifest with LF line ends, and add `-text` for it to .gitattributes",
    );
    if !text.bytes.ends_with(b"\n") && !text.bytes.ends_with(b"\r") {
        let start = memchr::memrchr2(b'\n', b'\r', &text.bytes).map_or(0, |at| at + 1);
        let number = lines.count();
        let end = text.bytes.len();
        let place = text.place(u32::try_from(number).unwrap_or(u32::MAX), start, end..end);
        note(
            sink,
            Code::ManifestNoFinalNewline,
            place,
            "the last line has no line end",
            "end the last line with LF",
        );
    }
}

fn encoding(sink: &mut Sink<'_>) {
    let text = sink.text;
    let start = |end: usize| Place { line: 1, column: 1, span: super::Span { start: 0, end } };
    let name = match text.encoding {
        Encoding::Bytes => None,
        Encoding::Utf16Le => Some("little-endian UTF-16"),
        Encoding::Utf16Be => Some("big-endian UTF-16"),
    };
    if text.bom > 0 {
        let help = "save the manifest without a byte-order mark: other tools lose its first entry";
        note(sink, Code::ManifestBom, start(text.bom), "the manifest begins with a byte-order mark", help);
    }
    if let Some(name) = name {
        let message = format!("the manifest is {name}, not UTF-8");
        let help = "write it as UTF-8 without a byte-order mark; other tools cannot read it";
        note(sink, Code::ManifestNotUtf8, start(text.bom), &message, help);
    }
}

/// Reports what was counted, in words for one and for several.
fn tally(sink: &mut Sink<'_>, tally: Tally, code: Code, words: [&str; 2], help: &str) {
    if let Some(place) = tally.first {
        let [one, several] = words;
        let message = match tally.count {
            1 => format!("{one}: line {}", place.line),
            count => format!("{count} {several}, the first on line {}", place.line),
        };
        note(sink, code, place, &message, help);
    }
}

/// Stores a fact that is reported once per file.
pub(super) fn note(sink: &mut Sink<'_>, code: Code, place: Place, message: &str, help: &str) {
    if sink.problems.admit(code, false, place) {
        sink.problems.push(Problem::new(code, place, message.to_owned(), help.to_owned()));
    }
}
