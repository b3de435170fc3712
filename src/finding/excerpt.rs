//! One line of a text with a part of it marked, for findings that point into
//! configurations and documents.

use super::Snippet;
use crate::text::escape;

/// How many bytes of a long line are shown before and after its marked part.
pub(crate) const CONTEXT: usize = 60;

/// How many bytes of a long value are marked.
pub(crate) const MARKED: usize = 120;

/// What stands before the mark, the mark, and what stands behind it, all of one
/// line, escaped and cut.
pub(crate) fn snippet(name: &str, line: u64, [head, marked, tail]: [&[u8]; 3], label: &str) -> Snippet {
    let tail = tail.strip_suffix(b"\r").unwrap_or(tail);
    let marked = marked.strip_suffix(b"\r").unwrap_or(marked);
    let mut text = String::new();
    if head.len() > CONTEXT {
        text.push_str("...");
    }
    text.push_str(&shown(cut_front(head, CONTEXT)));
    let from = text.len();
    text.push_str(&shown(cut_back(marked, MARKED)));
    if marked.len() > MARKED {
        text.push_str("...");
    }
    let to = text.len();
    text.push_str(&shown(cut_back(tail, CONTEXT)));
    if tail.len() > CONTEXT {
        text.push_str("...");
    }
    Snippet { name: escape(name.as_bytes()), line, text, mark: from..to, label: label.to_owned() }
}

/// Escaped, but with quotation marks as they stand: nothing closes them here.
fn shown(bytes: &[u8]) -> String {
    escape(bytes).replace("\\\"", "\"")
}

/// The last `most` bytes or a little less, never beginning within a character.
fn cut_front(bytes: &[u8], most: usize) -> &[u8] {
    let mut at = bytes.len().saturating_sub(most);
    while bytes.get(at).is_some_and(|byte| byte & 0xC0 == 0x80) {
        at += 1;
    }
    bytes.get(at..).unwrap_or_default()
}

/// The first `most` bytes or a little less, never ending within a character.
fn cut_back(bytes: &[u8], most: usize) -> &[u8] {
    let mut at = most.min(bytes.len());
    while at > 0 && bytes.get(at).is_some_and(|byte| byte & 0xC0 == 0x80) {
        at -= 1;
    }
    bytes.get(..at).unwrap_or_default()
}
