//! Whole-file variants: encoding × line ends × trailing blanks × byte-order
//! mark × final newlines. They are few, and always tried.

use std::borrow::Cow;

use super::edges::{self, BOM, MOST_NEWLINES};
use super::encoding::Encoding;
use super::line_ends::{Conversion, Counts, End};
use super::meter::{Meter, Spent};
use super::recipe::{Step, signed};
use super::stream::Stream;
use super::trailing;
use crate::code::Code;
use crate::digest::Hasher;

/// More steps than that are not composed.
const MOST_STEPS: usize = 4;

/// More bytes of newlines at the end belong to the body.
const LONGEST_TAIL: usize = 64;

/// A way to read the bytes found: as they are, or decoded.
#[derive(Clone, Debug)]
pub(super) struct Source<'f> {
    /// The encoding they were decoded from, when they were.
    pub(super) from: Option<Encoding>,
    pub(super) text: Cow<'f, [u8]>,
    /// The text is UTF-8.
    pub(super) valid: bool,
    counts: Counts,
    trailing: bool,
}

impl<'f> Source<'f> {
    fn new(from: Option<Encoding>, text: Cow<'f, [u8]>) -> Self {
        let counts = Counts::of(&text);
        let valid = std::str::from_utf8(&text).is_ok();
        let trailing = trailing::is_there(&text);
        Self { from, text, valid, counts, trailing }
    }
}

/// Every way to read the bytes found.
pub(super) fn sources(found: &[u8]) -> Vec<Source<'_>> {
    let mut out = vec![Source::new(None, Cow::Borrowed(found))];
    let nuls = memchr::memchr_iter(0, found).take(found.len() / 3 + 1).count();
    let mut encodings = Vec::new();
    if found.starts_with(b"\xff\xfe") {
        encodings.push(Encoding::Utf16Le { bom: true });
    } else if found.starts_with(b"\xfe\xff") {
        encodings.push(Encoding::Utf16Be { bom: true });
    } else if nuls > 0 && nuls >= found.len() / 4 && found.len().is_multiple_of(2) {
        encodings.extend([Encoding::Utf16Le { bom: false }, Encoding::Utf16Be { bom: false }]);
    } else if nuls == 0 && out.first().is_some_and(|raw| !raw.valid) {
        encodings.extend([Encoding::Windows1252, Encoding::Latin1]);
    }
    for encoding in encodings {
        if let Some(text) = encoding.decode(found) {
            out.push(Source::new(Some(encoding), Cow::Owned(text.into_owned())));
        }
    }
    out
}

/// A variant without its final newlines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Body {
    source: usize,
    ends: Option<Conversion>,
    strip: bool,
    bom: bool,
    pub(super) target: Option<Encoding>,
}

/// A whole-file variant of the bytes found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Variant {
    pub(super) body: Body,
    /// The newlines at the end, where they change.
    tail: Option<(usize, End)>,
}

impl Variant {
    /// How many steps it takes.
    pub(super) fn steps(&self, sources: &[Source<'_>]) -> usize {
        self.body.steps(sources) + usize::from(self.tail.is_some())
    }

    /// The codes of its steps.
    pub(super) fn codes(&self, sources: &[Source<'_>]) -> Vec<Code> {
        let from = sources.get(self.body.source).is_some_and(|s| s.from.is_some());
        let steps = [
            (from || self.body.target.is_some(), Code::Transcoded),
            (self.body.ends.is_some(), Code::CrlfDrift),
            (self.body.strip, Code::TrailingWhitespace),
            (self.tail.is_some(), Code::FinalNewline),
            (self.body.bom, Code::BomPrefix),
        ];
        steps.into_iter().filter(|(there, _)| *there).map(|(_, code)| code).collect()
    }

    /// The text before it is encoded, and the steps to it and from it.
    pub(super) fn build(&self, sources: &[Source<'_>]) -> Option<(Vec<u8>, Vec<Step>)> {
        let source = sources.get(self.body.source)?;
        let mut steps = Vec::new();
        let mut text = source.text.to_vec();
        if let Some(found) = source.from {
            steps.push(Step::Transcode { code: Code::Transcoded, sealed: Encoding::Utf8, found });
        }
        let mut apply = |text: &mut Vec<u8>, edits| -> Option<()> {
            if let Some(edits) = edits {
                let step = Step::Edits(edits);
                *text = step.undo(text)?;
                steps.push(step);
            }
            Some(())
        };
        let edits = self.body.ends.and_then(|ends| ends.edits(&text));
        apply(&mut text, edits)?;
        let edits = self.body.strip.then(|| trailing::strip(&text)).flatten();
        apply(&mut text, edits)?;
        let edits = self.tail.and_then(|(n, end)| edges::set_final_newlines(&text, &end.bytes().repeat(n)));
        apply(&mut text, edits)?;
        let edits = self.body.bom.then(|| edges::toggle_bom(&text)).flatten();
        apply(&mut text, edits)?;
        Some((text, steps))
    }
}

impl Body {
    fn steps(&self, sources: &[Source<'_>]) -> usize {
        let from = sources.get(self.source).is_some_and(|s| s.from.is_some());
        usize::from(from || self.target.is_some())
            + usize::from(self.ends.is_some())
            + usize::from(self.strip)
            + usize::from(self.bom)
    }
}

impl Body {
    /// Whether its line ends are converted as hardly any tool does.
    fn is_rare(&self) -> bool {
        matches!(
            self.ends,
            Some(Conversion::LfToCr | Conversion::CrLfToCr | Conversion::CrToCrLf | Conversion::DoubledToLf)
        )
    }
}

/// Every body with what it is made of.
fn bodies(sources: &[Source<'_>]) -> Vec<Body> {
    let mut out = Vec::new();
    for (index, source) in sources.iter().enumerate() {
        let conversions = Conversion::ALL.into_iter().filter(|c| c.applies(source.counts)).map(Some);
        let ends: Vec<_> = std::iter::once(None).chain(conversions).collect();
        for target in targets(source) {
            // A mark belongs to UTF-8; the other encodings have their own.
            let marks: &[bool] =
                if target.is_none_or(Encoding::is_ascii_superset) { &[false, true] } else { &[false] };
            for ends in &ends {
                for strip in if source.trailing { &[false, true][..] } else { &[false] } {
                    for bom in marks {
                        out.push(Body { source: index, ends: *ends, strip: *strip, bom: *bom, target });
                    }
                }
            }
        }
    }
    out
}

/// The encodings that a text may have been sealed in, other than as it stands.
fn targets(source: &Source<'_>) -> Vec<Option<Encoding>> {
    let mut out = vec![None];
    if !source.valid || source.text.is_empty() {
        return out;
    }
    for bom in [true, false] {
        out.push(Some(Encoding::Utf16Le { bom }));
        out.push(Some(Encoding::Utf16Be { bom }));
    }
    if !source.text.is_ascii() {
        out.push(Some(Encoding::Windows1252));
        out.push(Some(Encoding::Latin1));
    }
    out.retain(|target| target.is_none() || *target != source.from);
    out
}

/// The final newlines that a text may have had instead of those it has now.
fn tails(now: &[u8], ends: Option<Conversion>, counts: Counts) -> Vec<(usize, End)> {
    let mut styles = vec![match ends {
        None => counts.main(),
        Some(
            Conversion::LfToCrLf | Conversion::AllToCrLf | Conversion::CrToCrLf | Conversion::DoubledToCrLf,
        ) => End::CrLf,
        Some(Conversion::LfToCr | Conversion::CrLfToCr) => End::Cr,
        Some(_) => End::Lf,
    }];
    for style in [End::Lf, End::CrLf] {
        if !styles.contains(&style) {
            styles.push(style);
        }
    }
    let mut out = Vec::new();
    for style in styles {
        for n in 0..=MOST_NEWLINES {
            if style.bytes().repeat(n) != now && (n > 0 || out.is_empty()) {
                out.push((n, style));
            }
        }
    }
    out
}

/// What a body needs to be compared with several tails.
struct Ready {
    /// The state after the body; `None` when no tail makes the sealed length.
    state: Option<Hasher>,
    /// The body's own tail.
    own: Vec<u8>,
    tails: Vec<(usize, End)>,
    len: usize,
}

/// Tries every variant, those of few steps first.
pub(super) fn search(
    sources: &[Source<'_>],
    size: Option<u64>,
    most_steps: usize,
    meter: &mut Meter<'_>,
) -> Result<Option<Variant>, Spent> {
    let bodies = bodies(sources);
    let mut ready: Vec<Option<Ready>> = Vec::new();
    ready.resize_with(bodies.len(), || None);
    for steps in 1..=most_steps.min(MOST_STEPS) {
        for (body, slot) in bodies.iter().zip(&mut ready) {
            let own = body.steps(sources);
            // Of a very long text only likely compositions are made.
            let unlikely = most_steps <= 2 && steps == 2 && (body.target.is_some() || body.is_rare());
            if own != steps && own + 1 != steps || unlikely {
                continue;
            }
            let prepared = match slot {
                Some(prepared) => prepared,
                None => match prepare(body, sources, size, meter)? {
                    Some(new) => slot.insert(new),
                    None => continue,
                },
            };
            if own == steps && prepared.hits(&prepared.own, body.target, size, meter) {
                return Ok(Some(Variant { body: *body, tail: None }));
            }
            if own + 1 == steps {
                for (n, end) in &prepared.tails {
                    if prepared.hits(&end.bytes().repeat(*n), body.target, size, meter) {
                        return Ok(Some(Variant { body: *body, tail: Some((*n, *end)) }));
                    }
                }
            }
        }
    }
    Ok(None)
}

impl Ready {
    fn hits(&self, tail: &[u8], target: Option<Encoding>, size: Option<u64>, meter: &mut Meter<'_>) -> bool {
        let Some(state) = &self.state else { return false };
        let tail = encode_tail(tail, target);
        if size.is_some_and(|size| size != (self.len + tail.len()) as u64) {
            return false;
        }
        let mut state = state.clone();
        state.update(&tail);
        meter.hits(state)
    }
}

/// Hashes a body piece by piece; `None` when it cannot be encoded.
fn prepare(
    body: &Body,
    sources: &[Source<'_>],
    size: Option<u64>,
    meter: &mut Meter<'_>,
) -> Result<Option<Ready>, Spent> {
    let Some(source) = sources.get(body.source) else { return Ok(None) };
    let stream = Stream { ends: body.ends, strip: body.strip, bom: body.bom, target: body.target };
    let plain = Stream { ends: body.ends, strip: body.strip, ..Stream::default() };
    let (core, end) = split(&source.text, body.strip);
    // A text that ends in very many newlines is not one that lost or won some.
    let (core, own) = match plain.short(end, LONGEST_TAIL) {
        Some(own) => (core, own),
        None => (&*source.text, Vec::new()),
    };
    let whole = core.len() == source.text.len();
    let tails = if whole && !end.is_empty() { Vec::new() } else { tails(&own, body.ends, source.counts) };
    let fits = |len: usize, tail: &[u8]| {
        size.is_none_or(|size| size == (len + encode_tail(tail, body.target).len()) as u64)
    };
    if size.is_some() {
        let Some(len) = stream.len(core) else { return Ok(None) };
        if !fits(len, &own) && !tails.iter().any(|(n, end)| fits(len, &end.bytes().repeat(*n))) {
            return Ok(Some(Ready { state: None, own, tails, len }));
        }
    }
    let mut state = meter.hasher();
    let mut len = 0;
    let good = stream.send(core, &mut |piece| {
        len += piece.len();
        state.update(piece);
    });
    meter.charge(len)?;
    Ok(good.then_some(Ready { state: Some(state), own, tails, len }))
}

/// A text and the newlines at its end; blanks among those belong to them when
/// they are stripped.
fn split(text: &[u8], strip: bool) -> (&[u8], &[u8]) {
    let at_end = |b: u8| matches!(b, b'\r' | b'\n') || strip && trailing::is_blank(b);
    text.split_at(text.iter().rposition(|b| !at_end(*b)).map_or(0, |last| last + 1))
}

/// Newlines in an encoding.
fn encode_tail(tail: &[u8], target: Option<Encoding>) -> Cow<'_, [u8]> {
    let encoding = match target {
        Some(Encoding::Utf16Le { .. }) => Encoding::Utf16Le { bom: false },
        Some(Encoding::Utf16Be { .. }) => Encoding::Utf16Be { bom: false },
        _ => return Cow::Borrowed(tail),
    };
    encoding.encode(tail).map_or(Cow::Borrowed(tail), Cow::Owned)
}

/// The variants of at most so many steps that other families are tried on:
/// the bytes found as they are first. Nothing that cannot have tokens any more.
pub(super) fn bases(sources: &[Source<'_>], most_steps: usize) -> Vec<Variant> {
    let mut out = Vec::new();
    for body in bodies(sources) {
        let Some(source) = sources.get(body.source) else { continue };
        let adds_mark = body.bom && !source.text.starts_with(BOM);
        if body.is_rare() || (adds_mark && body.target.is_some()) {
            continue;
        }
        out.push(Variant { body, tail: None });
        let now = source.text.get(edges::without_final_newlines(&source.text).len()..).unwrap_or_default();
        for tail in tails(now, body.ends, source.counts) {
            if tail.0 <= 2 {
                out.push(Variant { body, tail: Some(tail) });
            }
        }
    }
    out.retain(|variant| variant.steps(sources) <= most_steps);
    out.sort_by_key(|variant| variant.steps(sources));
    out
}

/// How many bytes a text takes in an encoding.
pub(super) fn encoded_len(text: &[u8], target: Option<Encoding>) -> Option<usize> {
    match target {
        None => Some(text.len()),
        Some(target) => target.encode(text).map(|bytes| bytes.len()),
    }
}

/// The sealed length less that of the encoded text; `Err` when it cannot be encoded.
pub(super) fn want(size: Option<u64>, text: &[u8], target: Option<Encoding>) -> Result<Option<i64>, Spent> {
    let len = encoded_len(text, target).ok_or(Spent)?;
    Ok(size.map(|size| i64::try_from(size).unwrap_or(i64::MAX).saturating_sub(signed(len))))
}
