//! Problems of the manifest's own text as findings, with the line shown.

use crate::check::pin::relative;
use crate::check::{Packet, Sink};
use crate::code::{Code, Severity};
use crate::finding::{Finding, Location, Snippet};
use crate::manifest::{Manifest, NotAManifest, Place, Problem};
use crate::text::{escape, quote};

/// Reports every problem of a manifest that could be read.
pub(super) fn report(packet: &Packet, manifest: &Manifest, out: &mut Sink) {
    let manifest_path = relative(&packet.seal.manifest_path, &packet.seal.root);
    for (index, problem) in manifest.problems.iter().enumerate() {
        let mut finding = Finding::new(problem.code, problem.message.clone());
        finding.observations.extend(packet.clues.get(&index).cloned());
        if !problem.help.is_empty() {
            finding.help = problem.help.clone().into();
        }
        if problem.warning_only {
            finding = finding.downgraded(Severity::Warning);
        }
        finding.path = Some(problem.path.clone().unwrap_or_else(|| manifest_path.clone()));
        finding.located_in = Some(manifest_path.clone());
        finding.location = Some(location(problem.place));
        finding.snippet = snippet(packet.text, problem, manifest_path.as_bytes());
        out.push(finding);
    }
}

/// A file that is no manifest.
pub(super) fn not_a_manifest(path: &[u8], reason: &NotAManifest, bytes: &[u8]) -> Finding {
    let name = quote(path);
    match reason {
        NotAManifest::Empty => {
            Finding::new(Code::ManifestEmpty, format!("the manifest {name} names no file"))
        }
        NotAManifest::Ambiguous(a, b) => Finding::new(
            Code::FormatAmbiguous,
            format!("the manifest {name} reads equally well as {} and as {}", a.name(), b.name()),
        )
        .help(format!(
            "say which it is: --manifest-format {} or --manifest-format {}",
            a.name(),
            b.name()
        )),
        NotAManifest::Broken { message, place } => {
            let mut finding =
                Finding::new(Code::ManifestUnreadable, format!("the manifest {name} is broken: {message}"));
            finding.location = Some(location(*place));
            finding.snippet = line_snippet(bytes, *place, &name);
            finding
        }
        NotAManifest::NoEntries(reason) | NotAManifest::TooLarge(reason) => {
            Finding::new(Code::ManifestUnreadable, format!("the manifest {name} cannot be used: {reason}"))
        }
    }
}

/// A place in the manifest as a location.
pub(super) fn location(place: Place) -> Location {
    Location {
        line: u64::from(place.line),
        column: u64::from(place.column),
        byte: place.span.start as u64,
        end_byte: Some(place.span.end as u64),
    }
}

fn snippet(text: &[u8], problem: &Problem, name: &[u8]) -> Option<Snippet> {
    line_snippet(text, problem.place, &quote(name))
}

/// Bytes of a line shown before and after the marked part, at most.
const CONTEXT: usize = 120;

/// The first line of `place`, cut around it and escaped, with it marked. `quoted`
/// is the file's name.
fn line_snippet(text: &[u8], place: Place, quoted: &str) -> Option<Snippet> {
    let units = Units::of(text);
    let mut start = place.span.start.min(text.len());
    // What ends too early is shown by its last line, not by the nothing behind it.
    if start == text.len() && units.line_length(text.get(text.len().saturating_sub(units.size())..)?) == 0 {
        start = text.len().saturating_sub(units.size());
    }
    // Looked at no further than is shown: a line may be as long as the file.
    let context = CONTEXT * units.size();
    let floor = start - context.min(start) / units.size() * units.size();
    let line_start = floor + units.line_start(text.get(floor..start)?, floor == 0);
    let tail = text.get(start..)?;
    let line_end = start + units.line_length(tail.get(..2 * context).unwrap_or(tail));
    let end = place.span.end.clamp(start, line_end).min(start.saturating_add(context));
    let from = line_start.max(start.saturating_sub(context));
    let to = line_end.min(end.saturating_add(context));
    let before = units.escaped(text.get(from..start)?);
    let marked = units.escaped(text.get(start..end)?);
    let after = units.escaped(text.get(end..to)?);
    let mark = before.len()..before.len() + marked.len();
    let name = quoted.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(quoted).to_owned();
    let line = u64::from(place.line);
    // The heading of the finding has said what is wrong with it.
    Some(Snippet { name, line, text: format!("{before}{marked}{after}"), mark, label: String::new() })
}

/// What a manifest's text is made of, so that an excerpt shows the characters of
/// UTF-16 and not their bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Units {
    Bytes,
    LittleEndian,
    BigEndian,
}

impl Units {
    /// By the mark; without one, by the NUL half of the first character, since
    /// manifests begin in ASCII and hold no NUL otherwise.
    fn of(text: &[u8]) -> Self {
        match text {
            [0xff, 0xfe, ..] | [1..=255, 0, ..] => Self::LittleEndian,
            [0xfe, 0xff, ..] | [0, 1..=255, ..] => Self::BigEndian,
            _ => Self::Bytes,
        }
    }

    fn size(self) -> usize {
        if self == Self::Bytes { 1 } else { 2 }
    }

    /// Whether these bytes, as many as a unit has, are a line feed.
    fn is_line_feed(self, unit: &[u8]) -> bool {
        match self {
            Self::Bytes => unit == b"\n",
            Self::LittleEndian => unit == [b'\n', 0],
            Self::BigEndian => unit == [0, b'\n'],
        }
    }

    /// Where the line begins that `before` breaks off in.
    fn line_start(self, before: &[u8], is_file_start: bool) -> usize {
        let mut units = before.chunks_exact(self.size());
        let first = if is_file_start { self.mark(before) } else { 0 };
        units.rposition(|unit| self.is_line_feed(unit)).map_or(first, |at| (at + 1) * self.size())
    }

    /// The length of the byte-order mark of UTF-16.
    fn mark(self, text: &[u8]) -> usize {
        if matches!(text, [0xff, 0xfe, ..] | [0xfe, 0xff, ..]) { self.size() } else { 0 }
    }

    /// Bytes before the next line feed.
    fn line_length(self, tail: &[u8]) -> usize {
        let mut units = tail.chunks_exact(self.size());
        units.position(|unit| self.is_line_feed(unit)).map_or(tail.len(), |at| at * self.size())
    }

    fn escaped(self, part: &[u8]) -> String {
        let number: fn([u8; 2]) -> u16 = match self {
            Self::Bytes => return escape(part),
            Self::LittleEndian => u16::from_le_bytes,
            Self::BigEndian => u16::from_be_bytes,
        };
        let (pairs, _) = part.as_chunks::<2>();
        let numbers = pairs.iter().map(|&pair| number(pair));
        let text: String =
            char::decode_utf16(numbers).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect();
        escape(text.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest::Span;

    fn snippet_of(text: &[u8], span: std::ops::Range<usize>) -> Snippet {
        let place = Place { line: 2, column: 1, span: Span { start: span.start, end: span.end } };
        line_snippet(text, place, "\"SHA256SUMS\"").unwrap()
    }

    #[test]
    fn an_excerpt_of_utf16_shows_characters_and_not_bytes() {
        let body = "first\r\nsee the \u{e9}\nlast\n";
        let units = |big: bool| -> Vec<u8> {
            body.encode_utf16().flat_map(|u| if big { u.to_be_bytes() } else { u.to_le_bytes() }).collect()
        };
        let marked = [&b"\xff\xfe"[..], &units(false)].concat();
        for (text, start) in [(marked, 16), (units(false), 14), (units(true), 14)] {
            let snippet = snippet_of(&text, start..start + 18);
            assert_eq!(snippet.text, "see the \u{e9}");
            assert_eq!(snippet.mark, 0.."see the \u{e9}".len());
            let inside = snippet_of(&text, start + 8..start + 14);
            assert_eq!((inside.text.as_str(), inside.mark), ("see the \u{e9}", 4..7));
        }
    }

    #[test]
    fn a_text_that_ends_too_early_is_shown_by_its_last_line_and_its_name_is_quoted_once() {
        let text = b"first\n{'a': {\n";
        let snippet = snippet_of(text, text.len()..text.len());
        assert_eq!((snippet.text.as_str(), snippet.name.as_str()), ("{'a': {", "SHA256SUMS"));
        assert_eq!(snippet.mark, 7..7);
    }

    #[test]
    fn of_a_long_line_as_many_characters_are_shown_on_both_sides_in_every_encoding() {
        let (a, m, b) = ("a".repeat(3 * CONTEXT), "m".repeat(CONTEXT), "b".repeat(3 * CONTEXT));
        let text = format!("first\n{a}{m}{b}\nlast\n");
        let shown = format!("{}{m}{}", &a[..CONTEXT], &b[..CONTEXT]);
        let at = 6 + a.len();
        let wide = |big: bool| -> Vec<u8> {
            text.bytes()
                .map(u16::from)
                .flat_map(|u| if big { u.to_be_bytes() } else { u.to_le_bytes() })
                .collect()
        };
        for (bytes, unit) in [(text.clone().into_bytes(), 1), (wide(false), 2), (wide(true), 2)] {
            let snippet = snippet_of(&bytes, at * unit..(at + m.len()) * unit);
            assert_eq!(snippet.text, shown);
            assert_eq!(snippet.mark, CONTEXT..2 * CONTEXT);
        }
    }

    #[test]
    fn the_mark_of_the_encoding_is_no_part_of_the_first_line() {
        for (mark, big) in [(b"\xff\xfe", false), (b"\xfe\xff", true)] {
            let body = "ab\ncd\n".bytes().map(u16::from);
            let body = body.flat_map(|u| if big { u.to_be_bytes() } else { u.to_le_bytes() });
            let text: Vec<u8> = mark.iter().copied().chain(body).collect();
            let first = snippet_of(&text, 4..6);
            assert_eq!((first.text.as_str(), first.mark), ("ab", 1..2));
            let second = snippet_of(&text, 10..12);
            assert_eq!((second.text.as_str(), second.mark), ("cd", 1..2));
        }
    }

    #[test]
    fn an_excerpt_of_bytes_escapes_what_is_no_text() {
        let snippet = snippet_of(b"first\na\xffb\x1b\nlast", 7..8);
        assert_eq!((snippet.text.as_str(), snippet.mark), ("a\\xffb\\u{1b}", 1..5));
    }

    proptest::proptest! {
        #[test]
        fn no_text_and_no_place_breaks_it(
            text in proptest::collection::vec(proptest::num::u8::ANY, 0..60), a in 0usize..70, b in 0usize..70,
        ) {
            let snippet = snippet_of(&text, a.min(b)..a.max(b));
            proptest::prop_assert!(snippet.text.get(snippet.mark).is_some());
        }
    }
}
