//! The text of a configuration, and findings that point into it.

use std::ops::Range;

use bstr::ByteSlice;

use super::MAX_BYTES;
use crate::code::Code;
use crate::finding::excerpt::snippet;
use crate::finding::{Finding, Location};
use crate::path::{Backslash, BytePath};
use crate::text::quote;

/// A UTF-8 byte-order mark.
const BOM: &str = "\u{feff}";

/// A configuration's text and the name it is shown under.
#[derive(Clone, Debug, Default)]
pub(super) struct Source {
    name: String,
    text: String,
}

impl Source {
    /// Takes the bytes of a configuration when they are text of a sensible size.
    pub(super) fn new(name: &str, bytes: &[u8]) -> Result<Self, Box<Finding>> {
        let name_only = Self { name: name.to_owned(), text: String::new() };
        if bytes.len() > MAX_BYTES {
            let message = format!(
                "{} has {} bytes; a configuration has at most {MAX_BYTES}",
                name_only.shown(),
                bytes.len()
            );
            let help = "name folders in `found_in` and globs in `exclude` instead of single files";
            return Err(Box::new(name_only.unplaced(message).help(help)));
        }
        match std::str::from_utf8(bytes) {
            Ok(text) => Ok(Self { text: text.to_owned(), ..name_only }),
            Err(error) => Err(Box::new(name_only.not_utf8(bytes, error.valid_up_to()))),
        }
    }

    /// The text without a byte-order mark, and the length of the mark.
    pub(super) fn body(&self) -> (&str, usize) {
        match self.text.strip_prefix(BOM) {
            Some(body) => (body, BOM.len()),
            None => (&self.text, 0),
        }
    }

    /// A finding that marks those bytes of the text.
    pub(super) fn finding(
        &self,
        code: Code,
        span: &Range<usize>,
        message: impl Into<String>,
        help: impl Into<String>,
        label: &str,
    ) -> Finding {
        let help: String = help.into();
        let mut finding = Finding { path: self.path(), ..Finding::new(code, message).help(help) };
        self.mark(&mut finding, self.text.as_bytes(), span, label);
        finding
    }

    /// The name as a quotation.
    fn shown(&self) -> String {
        quote(self.name.as_bytes())
    }

    fn unplaced(&self, message: impl Into<String>) -> Finding {
        Finding { path: self.path(), ..Finding::new(Code::ConfigInvalid, message) }
    }

    /// The name as a path, when it is one that a report can carry.
    fn path(&self) -> Option<BytePath> {
        BytePath::parse(self.name.as_bytes(), Backslash::Refuse).ok()
    }

    fn not_utf8(&self, bytes: &[u8], valid: usize) -> Finding {
        let utf_16 = bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]);
        let what = if utf_16 { "UTF-16" } else { "not UTF-8" };
        let mut finding = self
            .unplaced(format!("{} is {what}; a configuration is UTF-8 text", self.shown()))
            .help("save the file as UTF-8");
        self.mark(&mut finding, bytes, &(valid..valid + 1), "not UTF-8");
        finding
    }

    fn mark(&self, finding: &mut Finding, text: &[u8], span: &Range<usize>, label: &str) {
        let start = span.start.min(text.len());
        let end = span.end.clamp(start, text.len());
        let (before, after) = text.split_at(start);
        let line_start = before.rfind_byte(b'\n').map_or(0, |at| at + 1);
        let line_end = after.find_byte(b'\n').map_or(text.len(), |at| start + at);
        let line = 1 + before.find_iter(b"\n").count() as u64;
        let head = before.get(line_start..).unwrap_or_default();
        let head = if line == 1 { head.strip_prefix(BOM.as_bytes()).unwrap_or(head) } else { head };
        finding.location = Some(Location {
            line,
            column: 1 + head.chars().count() as u64,
            byte: start as u64,
            end_byte: Some(end as u64),
        });
        let marked = text.get(start..end.min(line_end)).unwrap_or_default();
        let tail = text.get(end.min(line_end)..line_end).unwrap_or_default();
        finding.snippet = Some(snippet(&self.name, line, [head, marked, tail], label));
    }
}

/// The texts behind one configuration, in one space of offsets: the first
/// begins at 0, each other one byte after the end of the one before it.
#[derive(Clone, Debug, Default)]
pub(super) struct Sources(Vec<Source>);

impl Sources {
    /// One text.
    pub(super) fn of(source: Source) -> Self {
        Self(vec![source])
    }

    /// The texts, in their order.
    pub(super) fn texts(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|source| source.text.as_str())
    }

    /// Adds the texts of another configuration; returns by how much its spans move.
    pub(super) fn append(&mut self, other: &Self) -> usize {
        let shift = self.0.iter().map(|source| source.text.len() + 1).sum();
        self.0.extend(other.0.iter().cloned());
        shift
    }

    /// [`Source::finding`] in the text that the span lies in.
    pub(super) fn finding(
        &self,
        code: Code,
        span: &Range<usize>,
        message: impl Into<String>,
        help: impl Into<String>,
        label: &str,
    ) -> Finding {
        let mut start = 0;
        for source in &self.0 {
            let next = start + source.text.len() + 1;
            if span.start < next {
                let within = span.start.saturating_sub(start)..span.end.saturating_sub(start);
                return source.finding(code, &within, message, help, label);
            }
            start = next;
        }
        // The built-in defaults have no text.
        let help: String = help.into();
        Finding::new(code, message).help(help)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finding(text: &str, span: Range<usize>) -> Finding {
        let source = Source::new("seal.toml", text.as_bytes()).unwrap();
        source.finding(Code::ConfigInvalid, &span, "m", "h", "here")
    }

    fn marked(finding: &Finding) -> (u64, u64, &str, &str) {
        let location = finding.location.unwrap();
        let snippet = finding.snippet.as_ref().unwrap();
        (location.line, location.column, &snippet.text, &snippet.text[snippet.mark.clone()])
    }

    #[test]
    fn lines_and_columns_count_from_one_and_in_characters() {
        assert_eq!(marked(&finding("abc = 1\n", 0..3)), (1, 1, "abc = 1", "abc"));
        assert_eq!(marked(&finding("a\nb\u{e9} = 2\r\nc", 6..7)), (2, 4, "b\u{e9} = 2", "="));
        assert_eq!(marked(&finding("\u{feff}a = 1", 3..4)), (1, 1, "a = 1", "a"));
        assert_eq!(marked(&finding("", 0..0)), (1, 1, "", ""));
        assert_eq!(marked(&finding("a\n", 2..9)), (2, 1, "", ""));
    }

    #[test]
    fn a_value_over_several_lines_is_marked_on_its_first() {
        assert_eq!(marked(&finding("a = [\r\n1,\r\n]\r\n", 4..12)), (1, 5, "a = [", "["));
    }

    #[test]
    fn long_lines_are_cut_between_characters() {
        let text = format!("{}KEY{}", "\u{e9}".repeat(500), "\u{20ac}".repeat(500));
        let found = finding(&text, 1000..1003);
        let (line, column, text, mark) = marked(&found);
        assert_eq!((line, column, mark), (1, 501, "KEY"));
        assert!(text.starts_with("...\u{e9}") && text.ends_with("\u{20ac}..."), "{text}");
        assert!(text.len() < 200);
        let found = finding(&"x".repeat(5000), 0..5000);
        assert_eq!(found.snippet.unwrap().text.len(), crate::finding::excerpt::MARKED + 3);
    }

    #[test]
    fn hostile_text_and_names_are_escaped() {
        let source = Source::new("a\u{1b}[31m", "k = \"\u{202e}\u{7}\"".as_bytes()).unwrap();
        let snippet = source.finding(Code::ConfigInvalid, &(0..1), "m", "h", "l").snippet.unwrap();
        assert_eq!(snippet.name, "a\\u{1b}[31m");
        assert_eq!(snippet.text, "k = \"\\u{202e}\\u{7}\"");
    }
}
