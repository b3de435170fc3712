//! Line and column of an offset, for formats that are not read line by line.

use std::ops::Range;

use super::Place;
use super::input::Text;

/// Bytes between two remembered positions.
const BLOCK: usize = 1024;

/// Finds line and column in constant time. Made in one pass over valid UTF-8.
pub(super) struct Locator {
    blocks: Vec<At>,
}

/// Line and column, both from 1.
#[derive(Clone, Copy)]
struct At {
    line: u32,
    column: u32,
}

impl At {
    fn advance(mut self, bytes: &[u8]) -> Self {
        for &byte in bytes {
            if byte == b'\n' {
                self.line = self.line.saturating_add(1);
                self.column = 1;
            } else if byte & 0xc0 != 0x80 {
                self.column = self.column.saturating_add(1);
            }
        }
        self
    }
}

impl Locator {
    /// Remembers where the blocks of `text` begin.
    pub(super) fn new(text: &str) -> Self {
        let mut at = At { line: 1, column: 1 };
        let mut blocks = Vec::with_capacity(text.len() / BLOCK + 1);
        for block in text.as_bytes().chunks(BLOCK) {
            blocks.push(at);
            at = at.advance(block);
        }
        Self { blocks }
    }

    /// The place of a range of `text`, which must be the one this was made from.
    pub(super) fn place(&self, text: &Text<'_>, range: Range<usize>) -> Place {
        let block = (range.start / BLOCK).min(self.blocks.len().saturating_sub(1));
        let known = self.blocks.get(block).copied().unwrap_or(At { line: 1, column: 1 });
        let between = text.bytes.get(block * BLOCK..range.start).unwrap_or_default();
        let At { line, column } = known.advance(between);
        Place { line, column, span: text.span(range) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_counting_from_the_start() {
        let body = "a\u{e9}\u{1f600}\n\nlonger line\n".repeat(300);
        let text = Text::decode(body.as_bytes()).unwrap();
        let locator = Locator::new(&body);
        let (mut line, mut column) = (1, 1);
        for (at, c) in body.char_indices() {
            let place = locator.place(&text, at..at + c.len_utf8());
            assert_eq!((place.line, place.column, place.span.start), (line, column, at));
            (line, column) = if c == '\n' { (line + 1, 1) } else { (line, column + 1) };
        }
    }
}
