//! `json_reformatted`: the same JSON tokens with other blanks between them.
//!
//! A layout says how a serializer spaces its output. Strings and numbers stay
//! as they are spelled; what changes is the gaps.

use std::ops::ControlFlow;

use super::family::{Family, Text};
use super::json_text::looks_like_json;
use super::recipe::{Edit, Edits, EditsBuilder};
use crate::code::Code;

const CODE: Code = Code::JsonReformatted;

/// Texts of more tokens are not laid out again.
const MOST_TOKENS: usize = 1 << 22;
/// Nor deeper ones.
const DEEPEST: usize = 512;

/// A token: a mark, or a string or other scalar. The text between tokens is blank.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Token {
    start: usize,
    end: usize,
    /// The first byte.
    kind: u8,
}

/// The tokens of a text; `None` when it is not made of JSON tokens, or its
/// brackets do not match.
fn tokens(text: &[u8]) -> Option<Vec<Token>> {
    let mut out: Vec<Token> = Vec::new();
    let mut open = Vec::new();
    let mut pos = if text.starts_with(super::edges::BOM) { 3 } else { 0 };
    while let Some(&kind) = text.get(pos) {
        let end = match kind {
            b' ' | b'\t' | b'\r' | b'\n' => {
                pos += 1;
                continue;
            }
            b'{' | b'[' => {
                open.push(kind);
                pos + 1
            }
            b'}' | b']' => (open.pop()? == kind - 2).then_some(pos + 1)?,
            b',' | b':' => pos + 1,
            b'"' => string_end(text, pos)?,
            b if b.is_ascii_alphanumeric() || b == b'-' => {
                let rest = text.get(pos..)?;
                let len =
                    rest.iter().position(|b| !(b.is_ascii_alphanumeric() || matches!(b, b'-' | b'+' | b'.')));
                pos + len.unwrap_or(rest.len())
            }
            _ => return None,
        };
        if open.len() > DEEPEST || out.len() >= MOST_TOKENS {
            return None;
        }
        out.push(Token { start: pos, end, kind });
        pos = end;
    }
    (open.is_empty() && !out.is_empty()).then_some(out)
}

/// One past the closing mark of the string that begins at `start`.
fn string_end(text: &[u8], start: usize) -> Option<usize> {
    let mut pos = start + 1;
    loop {
        pos += memchr::memchr3(b'"', b'\\', b'\n', text.get(pos..)?)?;
        match text.get(pos)? {
            b'"' => return Some(pos + 1),
            b'\\' => pos += 2,
            _ => return None,
        }
    }
}

/// How arrays are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Arrays {
    /// An item a line.
    Lines,
    /// Those of scalars on one line: `[1, 2]`.
    Inline,
    /// The same while the line is at most 80 columns wide.
    Fitting,
    /// All items on the line of the bracket, as Jackson does: `[ 1, 2 ]`.
    Hanging,
}

/// How a serializer spaces its output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Layout {
    /// What a level is indented by; `None` for one line.
    indent: Option<&'static str>,
    comma: &'static str,
    colon: &'static str,
    empty: &'static str,
    arrays: Arrays,
}

/// Indentations in use, the frequent ones first.
const INDENTS: [&str; 9] = ["  ", "    ", "\t", "   ", " ", "      ", "        ", "     ", "       "];

/// Every layout, the frequent ones first.
fn layouts() -> impl Iterator<Item = Layout> {
    let pretty =
        |indent, colon, empty, arrays| Layout { indent: Some(indent), comma: ",", colon, empty, arrays };
    let plain = INDENTS.into_iter().map(move |indent| pretty(indent, ": ", "", Arrays::Lines));
    let compact = [(",", ":"), (", ", ": "), (",", ": "), (", ", ":"), (" , ", " : ")]
        .map(|(comma, colon)| Layout { indent: None, comma, colon, empty: "", arrays: Arrays::Lines });
    let inline = INDENTS.into_iter().take(3).flat_map(move |indent| {
        [Arrays::Inline, Arrays::Fitting].map(|arrays| pretty(indent, ": ", "", arrays))
    });
    let others = [
        pretty("  ", " : ", " ", Arrays::Hanging),
        pretty("   ", " : ", "", Arrays::Lines),
        pretty("  ", " : ", "", Arrays::Lines),
        pretty("    ", " : ", "", Arrays::Lines),
        pretty("\t", " : ", "", Arrays::Lines),
        pretty("  ", ":", "", Arrays::Lines),
        pretty("    ", ":", "", Arrays::Lines),
        pretty("    ", ":  ", "", Arrays::Lines),
    ];
    plain
        .take(3)
        .chain(compact)
        .chain(inline)
        .chain(others)
        .chain(INDENTS.into_iter().skip(3).map(move |indent| pretty(indent, ": ", "", Arrays::Lines)))
}

/// A bracket that is open while printing.
struct Open {
    /// Its items stand on lines of their own.
    lines: bool,
}

impl Layout {
    /// The replacements of the gaps that give this layout, with so many newlines at the end.
    fn edits(&self, text: &[u8], tokens: &[Token], tail: &[u8]) -> Option<Edits> {
        let mut edits = EditsBuilder::new(CODE);
        let mut open: Vec<Open> = Vec::new();
        let mut gap = Vec::new();
        let mut depth = 0usize;
        let mut end = tokens.first()?.start;
        // Deep documents of little text would grow beyond all measure.
        let mut room = text.len().saturating_mul(16).saturating_add(4096);
        for (i, token) in tokens.iter().enumerate() {
            let before = i.checked_sub(1).and_then(|i| tokens.get(i)).map_or(0, |t| t.kind);
            gap.clear();
            if i > 0 {
                self.gap(before, token.kind, &mut open, &mut depth, &mut gap);
            }
            room = room.checked_sub(gap.len())?;
            edits.push(end, text.get(end..token.start)?, &gap);
            if matches!(token.kind, b'{' | b'[') {
                let lines = self.breaks(tokens.get(i..)?);
                depth += usize::from(lines);
                open.push(Open { lines });
            }
            end = token.end;
        }
        edits.push(end, text.get(end..)?, tail);
        edits.finish()
    }

    /// The blanks between two tokens.
    fn gap(&self, before: u8, next: u8, open: &mut Vec<Open>, depth: &mut usize, gap: &mut Vec<u8>) {
        let lines = open.last().is_some_and(|open| open.lines);
        let closes = matches!(next, b'}' | b']');
        let opened = matches!(before, b'{' | b'[');
        if closes {
            open.pop();
            *depth -= usize::from(lines);
        }
        let hanging = self.arrays == Arrays::Hanging;
        match (before, next) {
            _ if closes && opened => gap.extend_from_slice(self.empty.as_bytes()),
            (_, b',') => gap.extend(self.comma.bytes().take_while(|b| *b != b',')),
            (_, b':') => gap.extend(self.colon.bytes().take_while(|b| *b != b':')),
            (b':', _) => gap.extend(self.colon.bytes().skip_while(|b| *b != b':').skip(1)),
            _ if lines => {
                gap.push(b'\n');
                for _ in 0..*depth {
                    gap.extend_from_slice(self.indent.unwrap_or_default().as_bytes());
                }
            }
            (b',', _) if self.indent.is_some() => gap.push(b' '),
            (b',', _) => gap.extend(self.comma.bytes().skip_while(|b| *b != b',').skip(1)),
            _ if hanging => gap.push(b' '),
            _ => {}
        }
    }

    /// Whether the items of the bracket at the start of `tokens` stand on lines of their own.
    fn breaks(&self, tokens: &[Token]) -> bool {
        if self.indent.is_none() || tokens.get(1).is_some_and(|t| matches!(t.kind, b'}' | b']')) {
            return false;
        }
        if tokens.first().is_some_and(|t| t.kind == b'{') || self.arrays == Arrays::Lines {
            return true;
        }
        if self.arrays == Arrays::Hanging {
            return false;
        }
        let mut width = 0;
        for token in tokens.iter().skip(1) {
            match token.kind {
                b'{' | b'[' => return true,
                b']' | b'}' => return self.arrays == Arrays::Fitting && width > 76,
                b',' => width += 2,
                _ => width += token.end - token.start,
            }
        }
        true
    }
}

/// The family `json_reformatted`.
pub(super) struct JsonLayout;

impl Family for JsonLayout {
    fn code(&self) -> Code {
        CODE
    }

    fn rewrites(&self, text: Text<'_>, take: &mut dyn FnMut(Edits) -> ControlFlow<()>) -> ControlFlow<()> {
        if !looks_like_json(text.bytes) {
            return ControlFlow::Continue(());
        }
        let Some(tokens) = tokens(text.bytes) else { return ControlFlow::Continue(()) };
        for layout in layouts() {
            for tail in [&b"\n"[..], b""] {
                if let Some(edits) = layout.edits(text.bytes, &tokens, tail) {
                    take(edits)?;
                }
            }
        }
        ControlFlow::Continue(())
    }

    fn is_legal(&self, _: &[u8], edit: &Edit<'_>) -> bool {
        edit.found.iter().chain(edit.sealed).all(|b| matches!(b, b' ' | b'\t' | b'\r' | b'\n'))
    }

    fn are_legal(&self, found: &[u8], edits: &Edits) -> bool {
        // Every replaced gap lies between two tokens, never inside one.
        let Some(tokens) = tokens(found) else { return false };
        let mut tokens = tokens.iter().peekable();
        edits.iter().all(|edit| {
            while tokens.next_if(|token| token.end <= edit.at).is_some() {}
            let free = tokens.peek().is_none_or(|token| edit.at + edit.found.len() <= token.start);
            free && self.is_legal(found, &edit)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rewritten(text: &str) -> Vec<String> {
        let mut out = Vec::new();
        let mut take = |edits: Edits| {
            let sealed = edits.undo(text.as_bytes()).unwrap();
            assert_eq!(edits.redo(&sealed).unwrap(), text.as_bytes());
            assert!(JsonLayout.are_legal(text.as_bytes(), &edits));
            out.push(String::from_utf8(sealed).unwrap());
            ControlFlow::Continue(())
        };
        let text = Text { bytes: text.as_bytes(), name: b"a.json", want: None, least: 0 };
        assert!(JsonLayout.rewrites(text, &mut take).is_continue());
        out
    }

    #[test]
    fn layouts_are_those_of_the_tools() {
        let text = r#"{"a":[1,{"b":[]}],"c":"x, y: {z}"}"#;
        let all = rewritten(&format!("{text} "));
        for want in [
            text,
            "{\n  \"a\": [\n    1,\n    {\n      \"b\": []\n    }\n  ],\n  \"c\": \"x, y: {z}\"\n}\n",
            "{\"a\": [1, {\"b\": []}], \"c\": \"x, y: {z}\"}",
            "{\n\t\"a\": [\n\t\t1,\n\t\t{\n\t\t\t\"b\": []\n\t\t}\n\t],\n\t\"c\": \"x, y: {z}\"\n}",
            "{\n  \"a\" : [ 1, {\n    \"b\" : [ ]\n  } ],\n  \"c\" : \"x, y: {z}\"\n}",
        ] {
            assert!(all.iter().any(|s| s == want), "{want}");
        }
        assert!(rewritten("{\"a\":[1,2]}").iter().any(|s| s == "{\n  \"a\": [1, 2]\n}\n"));
    }

    #[test]
    fn what_is_not_json_is_left_alone() {
        for text in ["", "[1", "{]", "[1]]", "{\"a}", "[#]", "\"\\", "[\"a\nb\"]"] {
            assert_eq!(tokens(text.as_bytes()), None, "{text}");
        }
        assert!(tokens("[".repeat(100_000).as_bytes()).is_none());
        let nested = |depth| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(tokens(nested(500).as_bytes()).is_some());
        assert!(tokens(nested(10_000).as_bytes()).is_none());
        assert!(rewritten(&nested(500)).iter().all(|s| s.len() < 30_000));
    }

    #[test]
    fn a_gap_inside_a_string_is_not_legal() {
        let edits = |at| {
            let mut edits = EditsBuilder::new(CODE);
            edits.push(at, b" ", b"");
            edits.finish().unwrap()
        };
        let text = br#"["a, b", 1]"#;
        assert!(!JsonLayout.are_legal(text, &edits(4)));
        assert!(JsonLayout.are_legal(text, &edits(8)));
    }
}
