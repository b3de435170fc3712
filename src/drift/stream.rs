//! Whole-file variants piece by piece: converted, stripped, marked and encoded
//! on the way into a digest, without the text being built.

use super::edges::BOM;
use super::encoding::Encoding;
use super::line_ends::{Conversion, End, ends};
use super::trailing::is_blank;

/// Bytes that are handed on at a time.
const PIECE: usize = 32 << 10;

/// What becomes of a text on the way, in this order.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Stream {
    /// Its line ends are converted.
    pub(super) ends: Option<Conversion>,
    /// Blanks before line ends and at the end are dropped.
    pub(super) strip: bool,
    /// Its byte-order mark is dropped, or one is put before it.
    pub(super) bom: bool,
    /// It is written in this encoding.
    pub(super) target: Option<Encoding>,
}

impl Stream {
    /// Hands the result to `take` in pieces; `false` when it cannot be encoded.
    pub(super) fn send(self, text: &[u8], take: &mut dyn FnMut(&[u8])) -> bool {
        let mut out =
            Out { target: self.target.map(Encoding::without_mark), buffer: Vec::new(), take, good: true };
        match self.target {
            Some(Encoding::Utf16Le { bom: true }) => (out.take)(b"\xff\xfe"),
            Some(Encoding::Utf16Be { bom: true }) => (out.take)(b"\xfe\xff"),
            _ => {}
        }
        let text = match text.strip_prefix(BOM) {
            Some(rest) if self.bom => rest,
            _ => {
                if self.bom {
                    out.push(BOM);
                }
                text
            }
        };
        self.body(text, &mut out);
        out.flush();
        out.good
    }

    fn body(self, text: &[u8], out: &mut Out<'_>) {
        if self.ends.is_none() && !self.strip {
            return out.push(text);
        }
        let doubled = self.ends.is_some_and(Conversion::is_of_doubled);
        let sealed = |end| self.ends.map_or(end, |conversion| conversion.sealed(end)).bytes();
        let mut pos = 0;
        while let Some((at, end)) = ends(text.get(pos..).unwrap_or_default(), doubled).next() {
            out.push(self.line(text.get(pos..pos + at).unwrap_or_default()));
            pos += at;
            let rest = text.get(pos..).unwrap_or_default();
            let run = run_of(rest, end);
            pos += run;
            if sealed(end) == end.bytes() {
                out.push(rest.get(..run).unwrap_or_default());
                continue;
            }
            let mut left = run / end.bytes().len();
            while left > 1 {
                let some = left.min(PIECE / 64);
                out.push(&sealed(end).repeat(some));
                left -= some;
            }
            if left == 1 {
                out.push(sealed(end));
            }
        }
        out.push(self.line(text.get(pos..).unwrap_or_default()));
    }

    fn line(self, line: &[u8]) -> &[u8] {
        if !self.strip {
            return line;
        }
        let kept = line.iter().rposition(|b| !is_blank(*b)).map_or(0, |last| last + 1);
        line.get(..kept).unwrap_or_default()
    }

    /// How long the result is; `None` when it cannot be encoded.
    pub(super) fn len(self, text: &[u8]) -> Option<usize> {
        if self.ends.is_none() && !self.strip && self.target.is_none() {
            let mark = BOM.len();
            return Some(match (self.bom, text.starts_with(BOM)) {
                (false, _) => text.len(),
                (true, true) => text.len() - mark,
                (true, false) => text.len() + mark,
            });
        }
        let mut len = 0;
        self.send(text, &mut |piece| len += piece.len()).then_some(len)
    }

    /// The result, when it is at most so long.
    pub(super) fn short(self, text: &[u8], most: usize) -> Option<Vec<u8>> {
        let mut out = Vec::new();
        let mut fits = true;
        let good = self.send(text, &mut |piece| {
            fits &= out.len() + piece.len() <= most;
            if fits {
                out.extend_from_slice(piece);
            }
        });
        (good && fits).then_some(out)
    }
}

/// How many bytes at the start are one line end again and again. One with a CR
/// may be the beginning of another, and counts alone.
fn run_of(text: &[u8], end: End) -> usize {
    match end {
        End::Lf => text.iter().position(|b| *b != b'\n').unwrap_or(text.len()),
        End::CrLf => {
            let (pairs, _) = text.as_chunks::<2>();
            2 * pairs.iter().position(|pair| pair != b"\r\n").unwrap_or(pairs.len())
        }
        other => other.bytes().len(),
    }
}

/// Joins small pieces, encodes them and hands them on.
struct Out<'t> {
    target: Option<Encoding>,
    buffer: Vec<u8>,
    take: &'t mut dyn FnMut(&[u8]),
    good: bool,
}

impl Out<'_> {
    fn push(&mut self, bytes: &[u8]) {
        if !self.good {
            return;
        }
        if self.target.is_none() && bytes.len() >= PIECE / 8 {
            self.flush();
            return (self.take)(bytes);
        }
        let mut rest = bytes;
        while !rest.is_empty() {
            let mut cut = rest.len().min(PIECE);
            // Never between the bytes of a character.
            while cut > 1 && rest.get(cut).is_some_and(|b| b & 0xc0 == 0x80) {
                cut -= 1;
            }
            let (piece, after) = rest.split_at_checked(cut).unwrap_or((rest, b""));
            if self.buffer.len() + piece.len() > PIECE {
                self.flush();
            }
            self.buffer.extend_from_slice(piece);
            rest = after;
        }
    }

    fn flush(&mut self) {
        if self.buffer.is_empty() || !self.good {
            return;
        }
        match self.target {
            None => (self.take)(&self.buffer),
            Some(target) => match target.encode(&self.buffer) {
                Some(bytes) => (self.take)(&bytes),
                None => self.good = false,
            },
        }
        self.buffer.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::super::recipe::Edits;
    use super::super::{edges, trailing};
    use super::*;
    use proptest::prelude::*;

    /// The same by replacements, one after the other.
    fn built(stream: Stream, text: &[u8]) -> Option<Vec<u8>> {
        let mut text = text.to_vec();
        let apply = |text: &mut Vec<u8>, edits: Option<Edits>| {
            if let Some(edits) = edits {
                *text = edits.undo(text).unwrap();
            }
        };
        let edits = stream.ends.and_then(|ends| ends.edits(&text));
        apply(&mut text, edits);
        let edits = stream.strip.then(|| trailing::strip(&text)).flatten();
        apply(&mut text, edits);
        let edits = stream.bom.then(|| edges::toggle_bom(&text)).flatten();
        apply(&mut text, edits);
        stream.target.map_or(Some(text.clone()), |target| target.encode(&text))
    }

    proptest! {
        #[test]
        fn pieces_are_the_text_that_replacements_build(
            text in "\u{feff}?([a\u{e9}\u{2014}\u{1f600}\t \r\n]|[a ]{2}\r\n|\n{3}|(\r\n){3}|\r{2}){0,60}",
            long in any::<bool>(),
            ends in proptest::option::of(proptest::sample::select(Conversion::ALL.to_vec())),
            strip in any::<bool>(),
            bom in any::<bool>(),
            target in proptest::option::of(proptest::sample::select(vec![
                Encoding::Utf16Le { bom: true }, Encoding::Utf16Be { bom: false }, Encoding::Windows1252,
            ])),
        ) {
            let text = if long { format!("{text}{}", "\u{e9}\u{2014}b".repeat(PIECE / 4)) } else { text };
            let stream = Stream { ends, strip, bom, target };
            let want = built(stream, text.as_bytes());
            prop_assert_eq!(stream.short(text.as_bytes(), usize::MAX), want.clone());
            prop_assert_eq!(stream.len(text.as_bytes()), want.as_ref().map(Vec::len));
        }
    }

    #[test]
    fn bytes_that_are_no_text_are_handed_on_as_they_are() {
        let text: Vec<u8> = (0..=255).cycle().take(200_000).collect();
        let stream = Stream { ends: Some(Conversion::LfToCrLf), ..Stream::default() };
        assert_eq!(stream.short(&text, usize::MAX), built(stream, &text));
        assert_eq!(stream.short(&text, 100), None);
    }
}
