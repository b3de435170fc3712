//! Comments of a text manifest: what may hide in one. A comment is passed over
//! by every program, so one that holds an entry is said aloud.

use super::csv::{Header, Splitter};
use super::lines::{Line, is_blank, trim};
use super::shape::{Shape, read};
use super::sink::{Sink, shown};
use super::table::is_row_with_digest;
use super::text::malformed;
use super::token::{Judged, Rigour, Token, longest_hex_run};
use crate::code::Code;

/// What is needed to read a comment as if it were none.
pub(super) struct Reader<'h> {
    shape: Shape,
    header: Option<&'h Header>,
}

impl<'h> Reader<'h> {
    /// For the comments of a file in that shape.
    pub(super) fn new(shape: Shape, header: Option<&'h Header>) -> Self {
        Self { shape, header: header.filter(|_| shape == Shape::Csv) }
    }

    /// Reports a comment that holds an entry, or a line end that only some programs see.
    pub(super) fn line(&self, line: &Line<'_>, sink: &mut Sink<'_>) {
        if memchr::memchr(b'\r', line.bytes).is_some() {
            malformed(
                line,
                "it is a comment with a carriage return in the middle, where a line may end",
                sink,
            );
            return;
        }
        if longest_hex_run(line.bytes) < 32 {
            return;
        }
        if self.is_entry_of_hash_name(line.bytes) {
            entry_of_hash_name(line, sink);
            return;
        }
        let marks = line.bytes.iter().take_while(|&&b| b == b'#' || is_blank(b)).count();
        let body = line.bytes.get(marks..).unwrap_or_default();
        if self.is_strong_entry(body) {
            sink.problem(
                Code::ManifestCommentedEntry,
                line.range(),
                || {
                    format!(
                        "line {} is an entry behind `#`, which is not verified: {}",
                        line.number,
                        shown(body)
                    )
                },
                || "take the `#` away to have the file verified, or leave the line out".to_owned(),
            );
        }
    }

    /// `#name: HEX` in a format that begins with the name.
    fn is_entry_of_hash_name(&self, line: &[u8]) -> bool {
        if line.get(1).is_none_or(|&b| is_blank(b) || b == b'#') {
            return false;
        }
        match self.shape {
            Shape::NameFirst | Shape::NameColumns => read(self.shape, line, Rigour::Evidence).is_some(),
            Shape::Csv => self.header.is_some_and(|header| header.columns.path == 0 && self.is_record(line)),
            _ => false,
        }
    }

    fn is_strong_entry(&self, body: &[u8]) -> bool {
        match self.shape {
            Shape::Csv => self.is_record(body),
            Shape::Markdown => is_row_with_digest(body),
            shape => read(shape, body, Rigour::Evidence)
                .is_some_and(|reading| matches!(reading.token.judge(), Judged::Strong(_))),
        }
    }

    /// Delimited fields, one of which is a digest.
    fn is_record(&self, line: &[u8]) -> bool {
        let Some(header) = self.header.filter(|header| line.contains(&header.delimiter)) else {
            return false;
        };
        let mut splitter = Splitter::new(header.delimiter);
        splitter.fields(line).is_some_and(|record| {
            record.iter().any(|field| Token::read(trim(field), Rigour::Evidence).is_some())
        })
    }
}

/// The line is an entry if the file's name begins with `#`, and a comment if not.
fn entry_of_hash_name(line: &Line<'_>, sink: &mut Sink<'_>) {
    sink.problem(
        Code::MalformedLine,
        line.range(),
        || {
            let line_shown = shown(line.bytes);
            format!("line {} is a comment, or an entry whose name begins with `#`: {line_shown}", line.number)
        },
        || {
            "write `./` before the name if the file's name begins with `#`; put a blank behind the `#` if not"
                .to_owned()
        },
    );
}
