//! Our own sentences, taken apart: packet data stands in them between double
//! quotes, commands between backticks, and everything else is ours.
//!
//! A format that knows the parts can put data where it is data, and nothing in a
//! name can end the place made for it.

use super::style::clean;

/// A part of a sentence, printable throughout.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// Words of ours.
    Words(String),
    /// A name or another quotation from a packet, escaped, without the quotation marks.
    Quoted(String),
    /// A command or a line to type.
    Command(String),
}

impl Piece {
    /// Its text without marks.
    pub(super) fn text(&self) -> &str {
        match self {
            Self::Words(text) | Self::Quoted(text) | Self::Command(text) => text,
        }
    }
}

/// The parts of `text`. A mark that has no partner is a word, and so is all behind it.
pub(super) fn pieces(text: &str) -> Vec<Piece> {
    let text = clean(text, true);
    let mut pieces = Vec::new();
    let mut words = String::new();
    let mut rest = text.as_str();
    while let Some(at) = rest.find(['"', '`']) {
        let (before, marked) = rest.split_at_checked(at).unwrap_or((rest, ""));
        let Some(length) = inner_length(marked) else { break };
        let inner = marked.get(1..=length).unwrap_or_default().to_owned();
        words.push_str(before);
        if !words.is_empty() {
            pieces.push(Piece::Words(std::mem::take(&mut words)));
        }
        let quoted = marked.starts_with('"');
        pieces.push(if quoted { Piece::Quoted(unmarked(&inner)) } else { Piece::Command(inner) });
        rest = marked.get(length + 2..).unwrap_or_default();
    }
    words.push_str(rest);
    if !words.is_empty() {
        pieces.push(Piece::Words(words));
    }
    pieces
}

/// The bytes between a mark and its partner.
fn inner_length(marked: &str) -> Option<usize> {
    let mut chars = marked.char_indices();
    let (_, mark) = chars.next()?;
    let mut escaped = false;
    for (at, c) in chars {
        match c {
            _ if escaped => escaped = false,
            '\\' if mark == '"' => escaped = true,
            c if c == mark => return Some(at - 1),
            _ => {}
        }
    }
    None
}

/// A quotation mark needs no backslash where none ends the name.
fn unmarked(inner: &str) -> String {
    inner.replace("\\\"", "\"")
}

#[cfg(test)]
mod tests {
    use super::*;
    use Piece::{Command, Quoted, Words};

    fn read(text: &str) -> Vec<Piece> {
        pieces(text)
    }

    #[test]
    fn names_and_commands_are_taken_out() {
        assert_eq!(
            read(r#""a \"b\".txt" is gone; see `git log -- "a b"`."#),
            [
                Quoted(r#"a "b".txt"#.into()),
                Words(" is gone; see ".into()),
                Command(r#"git log -- "a b""#.into()),
                Words(".".into())
            ]
        );
        assert_eq!(read("plain"), [Words("plain".into())]);
        assert_eq!(read(""), []);
        assert_eq!(read(r#""" x"#), [Quoted(String::new()), Words(" x".into())]);
    }

    #[test]
    fn a_mark_without_a_partner_is_a_word() {
        assert_eq!(read("5\" wide and `b"), [Words("5\" wide and `b".into())]);
        assert_eq!(read(r#""a\" b"#), [Words(r#""a\" b"#.into())]);
    }

    proptest::proptest! {
        #[test]
        fn a_quoted_name_is_one_piece_whatever_it_is(name in proptest::collection::vec(proptest::num::u8::ANY, 0..40)) {
            let quoted = crate::text::quote(&name);
            let found = pieces(&format!("{quoted} is there"));
            proptest::prop_assert_eq!(found.len(), 2);
            proptest::prop_assert!(matches!(found[0], Quoted(_)));
            proptest::prop_assert_eq!(&found[1], &Words(" is there".into()));
        }
    }
}
