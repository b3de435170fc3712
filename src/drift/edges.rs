//! `bom_prefix` and `final_newline`: what stands at the edges of the file.

use super::family::Family;
use super::recipe::{Edit, Edits, EditsBuilder};
use crate::code::Code;

/// The UTF-8 byte-order mark.
pub(super) const BOM: &[u8] = b"\xef\xbb\xbf";

/// How many final newlines are tried.
pub(super) const MOST_NEWLINES: usize = 4;

/// Removes the byte-order mark that `text` begins with, or gives it one.
pub(super) fn toggle_bom(text: &[u8]) -> Option<Edits> {
    let mut edits = EditsBuilder::new(Code::BomPrefix);
    if text.starts_with(BOM) {
        edits.push(0, BOM, b"");
    } else {
        edits.push(0, b"", BOM);
    }
    edits.finish()
}

/// `text` without the newlines at its end.
pub(super) fn without_final_newlines(text: &[u8]) -> &[u8] {
    let end = text.iter().rposition(|b| !matches!(b, b'\r' | b'\n')).map_or(0, |last| last + 1);
    text.get(..end).unwrap_or_default()
}

/// Makes `tail` the newlines at the end of `text`.
pub(super) fn set_final_newlines(text: &[u8], tail: &[u8]) -> Option<Edits> {
    let body = without_final_newlines(text);
    let mut edits = EditsBuilder::new(Code::FinalNewline);
    let now = text.get(body.len()..)?;
    // What both ends share stays, so that the edit says what was added or removed.
    let shared = now.iter().zip(tail).take_while(|(a, b)| a == b).count();
    edits.push(body.len() + shared, now.get(shared..)?, tail.get(shared..)?);
    edits.finish()
}

/// The family `bom_prefix`.
pub(super) struct Bom;

impl Family for Bom {
    fn code(&self) -> Code {
        Code::BomPrefix
    }

    fn is_legal(&self, _: &[u8], edit: &Edit<'_>) -> bool {
        edit.at == 0 && matches!((edit.found, edit.sealed), (BOM, b"") | (b"", BOM))
    }
}

/// The family `final_newline`.
pub(super) struct FinalNewline;

impl Family for FinalNewline {
    fn code(&self) -> Code {
        Code::FinalNewline
    }

    fn is_legal(&self, found: &[u8], edit: &Edit<'_>) -> bool {
        let newlines = |bytes: &[u8]| bytes.iter().all(|b| matches!(b, b'\r' | b'\n'));
        found.get(edit.at..).is_some_and(newlines) && newlines(edit.sealed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn final_newlines_change_only_what_differs() {
        let text = b"a\n\n";
        let edits = set_final_newlines(text, b"\n").unwrap();
        let all: Vec<_> = edits.iter().map(|e| (e.at, e.found.to_vec(), e.sealed.to_vec())).collect();
        assert_eq!(all, [(2, b"\n".to_vec(), Vec::new())]);
        assert_eq!(edits.undo(text).unwrap(), b"a\n");
        assert_eq!(set_final_newlines(text, b"\n\n"), None);
        assert_eq!(set_final_newlines(b"", b"\n").unwrap().undo(b"").unwrap(), b"\n");
    }

    #[test]
    fn the_byte_order_mark_comes_and_goes() {
        let with = toggle_bom(b"a").unwrap().undo(b"a").unwrap();
        assert_eq!(with, b"\xef\xbb\xbfa");
        assert_eq!(toggle_bom(&with).unwrap().undo(&with).unwrap(), b"a");
    }
}
