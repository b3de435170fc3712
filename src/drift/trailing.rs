//! `trailing_whitespace`: blanks at line ends, stripped or added.

use memchr::memchr2;

use super::family::{Family, Text};
use super::recipe::{Edit, Edits, EditsBuilder};
use super::sink::Sink;
use super::site::PairBuilder;
use crate::code::Code;

/// Every line without its end, with the offset where it begins.
pub(super) fn lines(text: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    let mut start = Some(0);
    std::iter::from_fn(move || {
        let from = start?;
        let rest = text.get(from..)?;
        if rest.is_empty() {
            return None;
        }
        let len = memchr2(b'\r', b'\n', rest);
        start = len.map(|len| {
            let crlf = rest.get(len..).is_some_and(|end| end.starts_with(b"\r\n"));
            from + len + if crlf { 2 } else { 1 }
        });
        Some((from, rest.get(..len.unwrap_or(rest.len()))?))
    })
}

/// The blanks and tabs that a line begins with.
pub(super) fn indent(line: &[u8]) -> &[u8] {
    let len = line.iter().position(|b| !is_blank(*b)).unwrap_or(line.len());
    line.get(..len).unwrap_or_default()
}

pub(super) fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

/// Where blanks and tabs stand before a line end or the end of the text: offset and bytes.
fn trailing_blanks(text: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    lines(text).filter_map(|(start, line)| {
        let kept = line.iter().rposition(|b| !is_blank(*b)).map_or(0, |last| last + 1);
        let blanks = line.get(kept..)?;
        (!blanks.is_empty()).then_some((start + kept, blanks))
    })
}

/// Whether there are any.
pub(super) fn is_there(text: &[u8]) -> bool {
    trailing_blanks(text).next().is_some()
}

/// Removes all trailing blanks.
pub(super) fn strip(text: &[u8]) -> Option<Edits> {
    let mut edits = EditsBuilder::new(Code::TrailingWhitespace);
    for (at, blanks) in trailing_blanks(text) {
        edits.push(at, blanks, b"");
    }
    edits.finish()
}

/// The family `trailing_whitespace`.
pub(super) struct Trailing;

impl Family for Trailing {
    fn code(&self) -> Code {
        Code::TrailingWhitespace
    }

    fn pairs(&self, text: Text<'_>, out: &mut Sink<'_, '_>) {
        if text.has_many_lines() {
            return;
        }
        let mut added = PairBuilder::new(Code::TrailingWhitespace, 20);
        for (at, blanks) in trailing_blanks(text.bytes) {
            added.site(at, blanks, b"");
        }
        out.extend(added.finish());
        // A stray blank, a Markdown line break.
        for sealed in [&b" "[..], b"  "] {
            let mut stripped = PairBuilder::new(Code::TrailingWhitespace, 4);
            for (start, line) in
                lines(text.bytes).filter(|(_, line)| !line.last().is_none_or(|b| is_blank(*b)))
            {
                stripped.site(start + line.len(), b"", sealed);
            }
            out.extend(stripped.finish());
        }
        for pair in [indented_empty_lines(text.bytes, true), indented_empty_lines(text.bytes, false)] {
            out.extend(pair.finish());
        }
    }

    fn is_legal(&self, found: &[u8], edit: &Edit<'_>) -> bool {
        let after = found.get(edit.at + edit.found.len()..);
        edit.found.iter().chain(edit.sealed).all(|b| is_blank(*b))
            && matches!(after, Some([] | [b'\n' | b'\r', ..]))
    }
}

/// Empty lines that an editor may have left with the indentation of the line
/// above or below them.
fn indented_empty_lines(text: &[u8], above: bool) -> PairBuilder {
    let mut pair = PairBuilder::new(Code::TrailingWhitespace, 4);
    let mut last: &[u8] = b"";
    let mut waiting = Vec::new();
    for (start, line) in lines(text) {
        if line.is_empty() {
            if above {
                pair.site(start, b"", last);
            } else {
                waiting.push(start);
            }
        } else {
            last = indent(line);
            for at in waiting.drain(..) {
                pair.site(at, b"", last);
            }
        }
    }
    pair
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trailing_blanks_are_found_on_every_line() {
        let text = b"a \nb\t \r\n  \nc  ";
        assert_eq!(strip(text).unwrap().undo(text).unwrap(), b"a\nb\r\n\nc");
        assert_eq!(strip(b"a\n b\n"), None);
    }

    #[test]
    fn empty_lines_take_the_indentation_beside_them() {
        let text = b"  a\n\n\tb\n\n";
        let pair = indented_empty_lines(text, true).finish().unwrap();
        assert_eq!(pair.edits(|_| true).unwrap().undo(text).unwrap(), b"  a\n  \n\tb\n\t\n");
        let pair = indented_empty_lines(text, false).finish().unwrap();
        assert_eq!(pair.edits(|_| true).unwrap().undo(text).unwrap(), b"  a\n\t\n\tb\n\n");
    }

    #[test]
    fn only_blanks_before_a_line_end_are_trailing() {
        let legal =
            |found: &[u8], at, old, new| Trailing.is_legal(found, &Edit { at, found: old, sealed: new });
        assert!(legal(b"a  \n", 1, b"  ", b""));
        assert!(legal(b"a", 1, b"", b" "));
        assert!(!legal(b"a  b", 1, b"  ", b""));
        assert!(!legal(b"a b\n", 2, b"b", b""));
    }
}
