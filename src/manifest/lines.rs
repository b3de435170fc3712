//! Lines of a text manifest, without their line ends. The frame of a clear-signed
//! list is told apart here, so that every reader sees the same lines inside it.

use super::pgp::{self, Part};

/// Where lines end in a file; decided once per file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    /// LF, or CR LF.
    Lf,
    /// A lone CR: the file holds no LF at all.
    Cr,
}

/// One line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Line<'t> {
    /// Its number, from 1.
    pub(super) number: u32,
    /// Where its bytes begin in the text.
    pub(super) start: usize,
    /// Where the line itself begins: before [`Line::start`] when a dash escape was taken off.
    pub(super) outset: usize,
    /// Its bytes, without the line end.
    pub(super) bytes: &'t [u8],
    /// It ended in CR LF or in a lone CR.
    pub(super) carriage_return: bool,
    /// It ended in a line end at all; false for an unfinished last line.
    pub(super) ended: bool,
    /// What it is in a clear-signed message; [`Part::Text`] outside of one.
    pub(super) part: Part,
}

impl Line<'_> {
    /// Whether it could say something about a file.
    pub(super) fn is_content(&self) -> bool {
        !self.part.is_frame() && !trim(self.bytes).is_empty() && !self.is_comment()
    }

    /// A comment: `#` is the first character of the line.
    pub(super) fn is_comment(&self) -> bool {
        self.bytes.first() == Some(&b'#')
    }

    /// The range of the text that a part of this line takes. `part` must be a
    /// subslice of [`Line::bytes`].
    pub(super) fn range_of(&self, part: &[u8]) -> std::ops::Range<usize> {
        let offset = part.as_ptr().addr().wrapping_sub(self.bytes.as_ptr().addr());
        let start = self.start + offset.min(self.bytes.len());
        start..start + part.len()
    }

    /// The range of the text that the line takes.
    pub(super) fn range(&self) -> std::ops::Range<usize> {
        self.start..self.start + self.bytes.len()
    }
}

/// Iterates over the lines of a text.
#[derive(Clone)]
pub(super) struct Lines<'t> {
    text: &'t [u8],
    at: usize,
    number: u32,
    ending: Ending,
    armor: pgp::Armor,
}

impl<'t> Lines<'t> {
    /// All lines of `text`. An empty text has none.
    pub(super) fn new(text: &'t [u8]) -> Self {
        let lone = memchr::memchr(b'\n', text).is_none() && memchr::memchr(b'\r', text).is_some();
        let ending = if lone { Ending::Cr } else { Ending::Lf };
        Self { text, at: 0, number: 0, ending, armor: pgp::Armor::default() }
    }

    /// The lines that could say something about a file: no comment, not blank,
    /// and no part of a signature's frame.
    pub(super) fn content(text: &'t [u8]) -> impl Iterator<Item = Line<'t>> {
        Self::new(text).filter(Line::is_content)
    }

    /// Where lines end in this file.
    pub(super) fn ending(&self) -> Ending {
        self.ending
    }
}

impl<'t> Iterator for Lines<'t> {
    type Item = Line<'t>;

    fn next(&mut self) -> Option<Line<'t>> {
        let rest = self.text.get(self.at..).filter(|rest| !rest.is_empty())?;
        let needle = if self.ending == Ending::Cr { b'\r' } else { b'\n' };
        let end = memchr::memchr(needle, rest);
        let mut bytes = rest.get(..end.unwrap_or(rest.len())).unwrap_or_default();
        let start = self.at;
        self.at += end.map_or(rest.len(), |end| end + 1);
        self.number = self.number.saturating_add(1);
        let mut carriage_return = end.is_some() && self.ending == Ending::Cr;
        if let Some(stripped) = bytes.strip_suffix(b"\r")
            && end.is_some()
        {
            bytes = stripped;
            carriage_return = true;
        }
        let part = self.armor.part(bytes);
        let outset = start;
        let (start, bytes) = match bytes {
            [b'-', b' ', plain @ ..] if part == Part::Escaped => (start + 2, plain),
            bytes => (start, bytes),
        };
        Some(Line { number: self.number, start, outset, bytes, carriage_return, ended: end.is_some(), part })
    }
}

/// The line without blanks and tabs at both ends.
pub(super) fn trim(bytes: &[u8]) -> &[u8] {
    let start = bytes.iter().position(|&b| !is_blank(b)).unwrap_or(bytes.len());
    trim_end(bytes.get(start..).unwrap_or_default())
}

/// The bytes without blanks and tabs at the end.
pub(super) fn trim_end(bytes: &[u8]) -> &[u8] {
    let end = bytes.iter().rposition(|&b| !is_blank(b)).map_or(0, |at| at + 1);
    bytes.get(..end).unwrap_or_default()
}

/// A blank or a tab.
pub(super) fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

/// Splits at the first blank or tab: the token before it, and everything from it on.
pub(super) fn split_token(bytes: &[u8]) -> (&[u8], &[u8]) {
    bytes.split_at(bytes.iter().position(|&b| is_blank(b)).unwrap_or(bytes.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &[u8]) -> Vec<(u32, usize, &[u8], bool, bool)> {
        Lines::new(text).map(|l| (l.number, l.start, l.bytes, l.carriage_return, l.ended)).collect()
    }

    #[test]
    fn every_kind_of_line_end() {
        assert_eq!(read(b""), []);
        assert_eq!(
            read(b"a\r\n\nb"),
            [(1, 0, &b"a"[..], true, true), (2, 3, &b""[..], false, true), (3, 4, &b"b"[..], false, false)]
        );
        assert_eq!(read(b"a\rb\r"), [(1, 0, &b"a"[..], true, true), (2, 2, &b"b"[..], true, true)]);
        assert_eq!(read(b"a\rb\n"), [(1, 0, &b"a\rb"[..], false, true)]);
    }

    #[test]
    fn parts_know_their_range() {
        let line = Lines::new(b"x\nab cd\n").nth(1).unwrap();
        let (first, rest) = split_token(line.bytes);
        assert_eq!((line.range_of(first), line.range_of(trim(rest))), (2..4, 5..7));
        assert_eq!(line.range_of(b""), line.range_of(b""));
        assert_eq!(trim(b" \t "), b"");
    }

    #[test]
    fn a_dash_escape_is_no_part_of_the_text() {
        let text = b"-----BEGIN PGP SIGNED MESSAGE-----\n\n- -x\n";
        let line = Lines::content(text).next().unwrap();
        assert_eq!((line.bytes, line.start, line.outset, line.number), (&b"-x"[..], 38, 36, 3));
    }
}
