//! The manifest's bytes made readable: byte-order marks, UTF-16, NUL bytes.
//!
//! Readers work on [`Text::bytes`]; every span they report goes through
//! [`Text::disk`], so that it names bytes of the file as it lies on disk.

use std::borrow::Cow;

use super::{NotAManifest, Place, Span};

/// How the file encodes its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    /// Bytes as they are; names need not be valid UTF-8.
    Bytes,
    /// Little-endian UTF-16.
    Utf16Le,
    /// Big-endian UTF-16.
    Utf16Be,
}

/// A manifest's text without its byte-order mark, and the way back to the
/// bytes on disk.
pub(super) struct Text<'a> {
    /// The text.
    pub(super) bytes: Cow<'a, [u8]>,
    /// How it was encoded.
    pub(super) encoding: Encoding,
    /// The length of the byte-order mark on disk; 0 when there is none.
    pub(super) bom: usize,
    /// For UTF-16: where each block of [`BLOCK`] decoded bytes begins on disk.
    blocks: Vec<Block>,
}

/// Decoded bytes between two remembered positions.
const BLOCK: usize = 1024;

/// A character boundary, in the decoded text and on disk.
#[derive(Clone, Copy)]
struct Block {
    text: usize,
    disk: usize,
}

/// How much of the file is looked at to recognise UTF-16 without a mark.
const SNIFF: usize = 4096;

impl<'a> Text<'a> {
    /// Decodes a whole file.
    pub(super) fn decode(file: &'a [u8]) -> Result<Self, NotAManifest> {
        if let Some(rest) = file.strip_prefix(b"\xef\xbb\xbf") {
            return Self::plain(rest, 3);
        }
        if let Some(rest) = file.strip_prefix(b"\xff\xfe") {
            return Self::wide(rest, 2, Encoding::Utf16Le);
        }
        if let Some(rest) = file.strip_prefix(b"\xfe\xff") {
            return Self::wide(rest, 2, Encoding::Utf16Be);
        }
        match sniff_utf16(file) {
            Some(encoding) => Self::wide(file, 0, encoding),
            None => Self::plain(file, 0),
        }
    }

    fn plain(bytes: &'a [u8], bom: usize) -> Result<Self, NotAManifest> {
        let text = Self { bytes: Cow::Borrowed(bytes), encoding: Encoding::Bytes, bom, blocks: Vec::new() };
        text.without_nul()
    }

    fn wide(units: &'a [u8], bom: usize, encoding: Encoding) -> Result<Self, NotAManifest> {
        let mut decoded = Vec::with_capacity(units.len() / 2);
        let mut blocks = Vec::new();
        let mut disk = bom;
        let (pairs, odd) = units.as_chunks::<2>();
        let numbers = pairs.iter().map(|&pair| match encoding {
            Encoding::Utf16Be => u16::from_be_bytes(pair),
            _ => u16::from_le_bytes(pair),
        });
        let mut broken = None;
        for c in char::decode_utf16(numbers) {
            let Ok(c) = c else {
                broken = Some("a surrogate stands alone in the UTF-16 text");
                break;
            };
            if decoded.len() >= blocks.len() * BLOCK {
                blocks.push(Block { text: decoded.len(), disk });
            }
            decoded.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
            disk += c.len_utf16() * 2;
        }
        if broken.is_none() && !odd.is_empty() {
            broken = Some("the UTF-16 text ends in the middle of a character");
        }
        let end = decoded.len();
        let text = Self { bytes: Cow::Owned(decoded), encoding, bom, blocks };
        match broken {
            Some(message) => Err(text.broken(end..end, message)),
            None => text.without_nul(),
        }
    }

    fn without_nul(self) -> Result<Self, NotAManifest> {
        match memchr::memchr(0, &self.bytes) {
            Some(at) => Err(self.broken(at..at + 1, "the file holds a NUL byte; it is not text")),
            None => Ok(self),
        }
    }

    /// The error for a file that is broken at a range of its text.
    pub(super) fn broken(&self, range: std::ops::Range<usize>, message: &str) -> NotAManifest {
        NotAManifest::Broken { message: message.to_owned(), place: self.place_slowly(range) }
    }

    /// A place found by reading the text from its start; for the one error that ends the reading.
    fn place_slowly(&self, range: std::ops::Range<usize>) -> Place {
        let before = self.bytes.get(..range.start).unwrap_or_default();
        let line_start = memchr::memrchr(b'\n', before).map_or(0, |at| at + 1);
        let line = 1 + memchr::memchr_iter(b'\n', before).count();
        self.place(u32::try_from(line).unwrap_or(u32::MAX), line_start, range)
    }

    /// The place of a range of the text in a line whose start is known.
    pub(super) fn place(&self, line: u32, line_start: usize, range: std::ops::Range<usize>) -> Place {
        let before = self.bytes.get(line_start..range.start).unwrap_or_default();
        // A record of several lines is placed from its first one.
        let passed = memchr::memchr_iter(b'\n', before).count();
        let line = line.saturating_add(u32::try_from(passed).unwrap_or(u32::MAX));
        let before = before.rsplit(|&b| b == b'\n').next().unwrap_or_default();
        let column = u32::try_from(characters(before)).unwrap_or(u32::MAX).saturating_add(1);
        Place { line, column, span: self.span(range) }
    }

    /// The bytes on disk that a range of the text was read from.
    pub(super) fn span(&self, range: std::ops::Range<usize>) -> Span {
        Span { start: self.disk(range.start), end: self.disk(range.end) }
    }

    /// The position on disk of a position in the text.
    fn disk(&self, at: usize) -> usize {
        if self.encoding == Encoding::Bytes {
            return at + self.bom;
        }
        // A block begins at the first character boundary at or after its multiple.
        let after = self.blocks.partition_point(|block| block.text <= at);
        let Some(block) = after.checked_sub(1).and_then(|i| self.blocks.get(i)) else {
            return self.bom;
        };
        let between = self.bytes.get(block.text..at).unwrap_or_default();
        let units: usize = String::from_utf8_lossy(between).chars().map(char::len_utf16).sum();
        block.disk + units * 2
    }
}

/// Characters in a stretch of text: scalar values, and one for each invalid byte.
pub(super) fn characters(bytes: &[u8]) -> usize {
    if bytes.is_ascii() {
        return bytes.len();
    }
    bytes.utf8_chunks().map(|chunk| chunk.valid().chars().count() + chunk.invalid().len()).sum()
}

/// UTF-16 without a mark: a third or more of the bytes at one parity are NUL,
/// and hardly any at the other. Digests and line ends are ASCII, so a manifest
/// in UTF-16 always looks like that.
fn sniff_utf16(file: &[u8]) -> Option<Encoding> {
    let head = file.get(..SNIFF).unwrap_or(file);
    let (pairs, _) = head.as_chunks::<2>();
    let first = pairs.iter().filter(|pair| pair[0] == 0).count();
    let second = pairs.iter().filter(|pair| pair[1] == 0).count();
    let telling = |many: usize, few: usize| many > 0 && many * 3 >= pairs.len() && few * 16 <= many;
    if telling(second, first) {
        Some(Encoding::Utf16Le)
    } else if telling(first, second) {
        Some(Encoding::Utf16Be)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utf16(text: &str, big: bool) -> Vec<u8> {
        text.encode_utf16().flat_map(|u| if big { u.to_be_bytes() } else { u.to_le_bytes() }).collect()
    }

    #[test]
    fn utf16_spans_name_bytes_on_disk() {
        let body = format!("{}\u{1f600}\u{e9}z", "a\n".repeat(3000));
        for big in [false, true] {
            for mark in [true, false] {
                let mut file = Vec::new();
                if mark {
                    file.extend(utf16("\u{feff}", big));
                }
                let skipped = file.len();
                file.extend(utf16(&body, big));
                let text = Text::decode(&file).unwrap();
                assert_eq!(&*text.bytes, body.as_bytes());
                let emoji = body.find('\u{1f600}').unwrap();
                let span = text.span(emoji..emoji + 4);
                assert_eq!(span, Span { start: skipped + 12_000, end: skipped + 12_004 });
                let place = text.place(3001, emoji, emoji + 6..emoji + 7);
                assert_eq!((place.column, place.span.start), (3, skipped + 12_006));
            }
        }
    }

    #[test]
    fn broken_text_is_refused_with_its_place() {
        let lone = [&utf16("\u{feff}ab\nc", false)[..], &[0x00, 0xd8], &utf16("x", false)].concat();
        let NotAManifest::Broken { place, .. } = Text::decode(&lone).err().unwrap() else { panic!() };
        assert_eq!((place.line, place.column, place.span.start), (2, 2, 10));
        assert!(matches!(Text::decode(b"\xff\xfea"), Err(NotAManifest::Broken { .. })));
        assert!(matches!(Text::decode(b"abc\0def"), Err(NotAManifest::Broken { .. })));
        assert!(matches!(Text::decode(b"\xff\xfe\0\0a\0\0\0"), Err(NotAManifest::Broken { .. })));
    }

    #[test]
    fn columns_count_characters_and_invalid_bytes() {
        assert_eq!(characters("\u{e9}\u{1f600}x".as_bytes()), 3);
        assert_eq!(characters(b"\xff\xfea"), 3);
    }
}
