//! Where a span of a document stands: line, column and the line itself with it
//! marked. The cost of one place does not depend on the length of the document.

use std::ops::Range;

use crate::finding::Location;
use crate::finding::Snippet;
use crate::finding::excerpt::{CONTEXT, MARKED, snippet};

/// Bytes between two counts of characters.
const BLOCK: usize = 4096;

/// The line starts of a text, and how many characters stand before each block.
#[derive(Debug)]
pub(crate) struct Lines {
    starts: Vec<usize>,
    characters: Vec<usize>,
}

/// Whether a byte begins a character.
fn begins(byte: u8) -> bool {
    byte & 0xC0 != 0x80
}

impl Lines {
    pub(crate) fn of(text: &[u8]) -> Self {
        let starts = std::iter::once(0).chain(memchr::memchr_iter(b'\n', text).map(|at| at + 1)).collect();
        let mut characters = Vec::with_capacity(text.len() / BLOCK + 1);
        let mut before = 0;
        for block in text.chunks(BLOCK) {
            characters.push(before);
            before += block.iter().filter(|byte| begins(**byte)).count();
        }
        Self { starts, characters }
    }

    /// Characters before that byte.
    fn characters_before(&self, text: &[u8], at: usize) -> usize {
        let block = at / BLOCK;
        let before = self.characters.get(block).or(self.characters.last()).copied().unwrap_or(0);
        let block = block.min(self.characters.len().saturating_sub(1));
        let rest = text.get(block * BLOCK..at).unwrap_or_default();
        before + rest.iter().filter(|byte| begins(**byte)).count()
    }

    /// The place of `span` in `text`.
    pub(crate) fn location(&self, text: &[u8], span: &Range<usize>) -> Location {
        let line = self.starts.partition_point(|start| *start <= span.start).max(1);
        let start = self.starts.get(line - 1).copied().unwrap_or(0);
        let column = self.characters_before(text, span.start) - self.characters_before(text, start);
        Location {
            line: line as u64,
            column: 1 + column as u64,
            byte: span.start as u64,
            end_byte: Some(span.end as u64),
        }
    }

    /// The first line of `span` with it marked.
    pub(crate) fn snippet(&self, text: &[u8], span: &Range<usize>, name: &str, label: &str) -> Snippet {
        let line = self.starts.partition_point(|start| *start <= span.start).max(1);
        let start = self.starts.get(line - 1).copied().unwrap_or(0);
        let from = start.max(span.start.saturating_sub(2 * CONTEXT));
        // A line may be as long as the document; no more of it is looked at than is shown.
        let far = span.start.saturating_add(2 * MARKED + 2 * CONTEXT).min(text.len());
        let rest = text.get(span.start..far).unwrap_or_default();
        let line_end = span.start + memchr::memchr(b'\n', rest).unwrap_or(rest.len());
        let end = span.end.min(line_end);
        let parts = [from..span.start, span.start..end, end..line_end];
        snippet(name, line as u64, parts.map(|part| text.get(part).unwrap_or_default()), label)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_also_far_behind_the_first_block() {
        let text = format!("\u{e9}{}\n{}X", "a".repeat(9000), "\u{2014}".repeat(5000));
        let at = text.len() - 1;
        let lines = Lines::of(text.as_bytes());
        let place = lines.location(text.as_bytes(), &(at..at + 1));
        assert_eq!((place.line, place.column, place.byte), (2, 5001, at as u64));
        let first = lines.location(text.as_bytes(), &(2..3));
        assert_eq!((first.line, first.column), (1, 2));
        let excerpt = lines.snippet(text.as_bytes(), &(at..at + 1), "x", "here");
        assert_eq!(&excerpt.text[excerpt.mark.clone()], "X");
        assert!(excerpt.text.len() < 400, "{}", excerpt.text.len());
    }

    fn excerpt(text: &str, marked: &str) -> (String, u64, String) {
        let at = text.find(marked).unwrap();
        let shown =
            Lines::of(text.as_bytes()).snippet(text.as_bytes(), &(at..at + marked.len()), "x", "here");
        (shown.text.clone(), shown.line, shown.text[shown.mark].to_owned())
    }

    #[test]
    fn an_excerpt_is_the_marked_line_and_no_other() {
        let text = "first\nsecond: MARK, end\nthird\n";
        assert_eq!(excerpt(text, "MARK"), ("second: MARK, end".to_owned(), 2, "MARK".to_owned()));
        assert_eq!(excerpt(text, "first"), ("first".to_owned(), 1, "first".to_owned()));
        assert_eq!(excerpt(text, "rd\n"), ("third".to_owned(), 3, "rd".to_owned()));
        assert_eq!(excerpt(text, "end\nthird"), ("second: MARK, end".to_owned(), 2, "end".to_owned()));
    }

    #[test]
    fn of_a_long_line_what_is_near_is_shown_and_the_cuts_are_marked() {
        let (a, b, m) = ("a".repeat(4 * CONTEXT), "b".repeat(4 * CONTEXT), "M".repeat(MARKED));
        let long = format!("{a}{m}{b}");
        let near = format!("...{}{m}{}...", &a[..CONTEXT], &b[..CONTEXT]);
        assert_eq!(excerpt(&long, &m), (near, 1, m.clone()));
        let whole = format!("{}{m}{}", &a[..CONTEXT], &b[..CONTEXT]);
        assert_eq!(excerpt(&whole, &m), (whole.clone(), 1, m.clone()));
    }
}
