//! Reads the lines of a text manifest in the shape that was decided on. Every
//! line ends as an entry, a blank, a comment, decoration, or a problem.

use std::borrow::Cow;

use super::decoration::{surrounds, tool_error};
use super::detect::{Decision, Evidence, markdown_columns};
use super::lines::{Line, Lines, trim};
use super::pgp;
use super::shape::{Reading, Shape, read};
use super::sink::{Found, Sink, shown};
use super::table::{Columns, cells, is_cut, plain_cell};
use super::token::{Named, Rigour, Token, longest_hex_run};
use super::{NotAManifest, comment, csv, gnu, list};
use crate::code::Code;
use crate::path::Backslash;

/// Reads all lines.
pub(super) fn read_all(
    decision: Decision,
    evidence: &Evidence,
    sink: &mut Sink<'_>,
) -> Result<(), NotAManifest> {
    let text: &[u8] = &sink.text.bytes;
    let markdown = if decision.shape == Shape::Markdown { markdown_columns(text) } else { None };
    let mut records = list::Records::default();
    sink.has_escape = matches!(decision.shape, Shape::Sha256sum | Shape::Sized | Shape::Bsd);
    let mut splitter = evidence.csv.as_ref().map(|header| csv::Splitter::new(header.delimiter));
    let mut header_seen = false;
    let comments = comment::Reader::new(decision.shape, evidence.csv.as_ref());
    let mut message = pgp::Message::default();
    for line in Lines::new(text) {
        sink.at_line(&line);
        if line.bytes.len() > sink.limits.line {
            return Err(too_long(&line, sink));
        }
        if line.carriage_return {
            sink.carriage_return(&line);
        }
        if message.line(&line, sink) || trim(line.bytes).is_empty() {
            records.end(sink)?;
            continue;
        }
        if line.is_comment() {
            comments.line(&line, sink);
            continue;
        }
        if memchr::memchr(b'\r', line.bytes).is_some() {
            malformed(&line, "it holds a carriage return in the middle", sink);
            continue;
        }
        match decision.shape {
            Shape::Csv => match (&evidence.csv, &mut splitter) {
                (Some(header), Some(splitter)) if header_seen => {
                    delimited(header, splitter.fields(line.bytes), &line, sink)?;
                }
                _ => {
                    header_seen = true;
                    sink.decoration(line.range());
                }
            },
            Shape::Markdown => markdown_row(markdown.as_ref(), decision, &line, sink)?,
            Shape::HashList => {
                if !records.line(&line, sink)? {
                    otherwise(decision, &line, sink);
                }
            }
            shape => match read(shape, line.bytes, Rigour::InPlace) {
                Some(reading) if is_entry(&reading, decision, &line) => one(shape, &reading, &line, sink)?,
                _ => otherwise(decision, &line, sink),
            },
        }
    }
    message.end(sink);
    records.end(sink)
}

/// A short digest counts as one only where entries are; around them it may be a word.
fn is_entry(reading: &Reading<'_>, decision: Decision, line: &Line<'_>) -> bool {
    (decision.first..=decision.last).contains(&line.number)
        || reading.token.digits.len() >= 32
        || !surrounds(decision.shape, line)
}

/// The error for a line over the limit.
fn too_long(line: &Line<'_>, sink: &Sink<'_>) -> NotAManifest {
    NotAManifest::TooLarge(format!(
        "line {} has {} bytes; the limit is {}",
        line.number,
        line.bytes.len(),
        sink.limits.line
    ))
}

/// Stores what one line of a simple shape says.
fn one(
    shape: Shape,
    reading: &Reading<'_>,
    line: &Line<'_>,
    sink: &mut Sink<'_>,
) -> Result<(), NotAManifest> {
    if shape == Shape::HashTable && is_cut(reading.name) {
        let help = "write the whole name: `Get-FileHash * | Format-List`, or one line of digest, two blanks and name";
        sink.problem(
            Code::MalformedLine,
            line.range_of(reading.name),
            || {
                format!(
                    "the table cut the name {} off, so its digest belongs to no file",
                    shown(reading.name)
                )
            },
            || help.to_owned(),
        );
        return Ok(());
    }
    let size = match reading.size.map(length) {
        Some(None) => {
            malformed(line, "its length is no number of bytes", sink);
            return Ok(());
        }
        Some(size) => size,
        None => None,
    };
    let name = if reading.escaped { gnu::unescape(reading.name) } else { Some(Cow::Borrowed(reading.name)) };
    let Some(name) = name else {
        malformed(
            line,
            "it begins with a backslash, and its name has an escape other than \\\\, \\n and \\r",
            sink,
        );
        return Ok(());
    };
    if !reading.canonical && matches!(shape, Shape::Sha256sum | Shape::Sized) {
        sink.odd_separator(line.range());
    }
    sink.entry(&Found {
        whole: line.range(),
        name,
        name_at: line.range_of(reading.name),
        backslash: if reading.escaped { Backslash::Literal } else { Backslash::Refuse },
        token: reading.token,
        digest_at: line.range_of(reading.token.digits),
        size,
        by_reference: false,
    })
}

/// A length in decimal digits.
pub(super) fn length(digits: &[u8]) -> Option<u64> {
    let text = std::str::from_utf8(digits).ok()?;
    text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse().ok())?
}

/// A line that is no entry: decoration around the entries, or malformed.
fn otherwise(decision: Decision, line: &Line<'_>, sink: &mut Sink<'_>) {
    let around = line.number < decision.first || line.number > decision.last;
    if let Some((tool, name)) = tool_error(line.bytes) {
        let on = name.map_or(String::new(), |name| format!(" on {}", shown(name)));
        let why = format!("it says that {} failed{on}, which has no digest here", shown(tool));
        malformed(line, &why, sink);
    } else if around && surrounds(decision.shape, line) {
        sink.decoration(line.range());
    } else if longest_hex_run(line.bytes) >= 32 {
        malformed(line, "it holds a digest and does not read like the other entries", sink);
    } else {
        malformed(line, "it is neither an entry, a comment nor a blank line", sink);
    }
}

/// Stores a line that cannot be read.
pub(super) fn malformed(line: &Line<'_>, why: &str, sink: &mut Sink<'_>) {
    sink.problem(
        Code::MalformedLine,
        line.range(),
        || format!("line {} cannot be read: {why}: {}", line.number, shown(line.bytes)),
        || {
            "write one line of 64 hexadecimal digits, two blanks and the name; begin the line with `#` to make it \
             a comment"
                .to_owned()
        },
    );
}

/// Stores one record of delimited fields.
fn delimited(
    header: &csv::Header,
    record: Option<&::csv::ByteRecord>,
    line: &Line<'_>,
    sink: &mut Sink<'_>,
) -> Result<(), NotAManifest> {
    let Some(record) = record else {
        malformed(line, "a quoted field does not end in it", sink);
        return Ok(());
    };
    if record.len() != header.columns.count {
        let why = format!("it has {} fields where the header has {}", record.len(), header.columns.count);
        malformed(line, &why, sink);
        return Ok(());
    }
    row(&header.columns, &|at| record.get(at).map(trim), line, sink)
}

/// Stores one row of a Markdown table, or passes its header and rule.
fn markdown_row(
    columns: Option<&Columns>,
    decision: Decision,
    line: &Line<'_>,
    sink: &mut Sink<'_>,
) -> Result<(), NotAManifest> {
    let inside = (decision.first..=decision.last).contains(&line.number);
    let guessed = if columns.is_none() { Columns::guess(cells(line.bytes)) } else { None };
    let row_cells: Vec<&[u8]> = cells(line.bytes).collect();
    match columns.or(guessed.as_ref()) {
        Some(columns) if inside && row_cells.len() == columns.count => {
            row(columns, &|at| row_cells.get(at).copied().map(plain_cell), line, sink)
        }
        _ => {
            otherwise(decision, line, sink);
            Ok(())
        }
    }
}

/// Stores a row of cells, one entry for each digest in it.
fn row<'l>(
    columns: &Columns,
    cell: &dyn Fn(usize) -> Option<&'l [u8]>,
    line: &Line<'_>,
    sink: &mut Sink<'_>,
) -> Result<(), NotAManifest> {
    let name = cell(columns.path).unwrap_or_default();
    let size = match columns.size.and_then(cell).filter(|size| !size.is_empty()).map(length) {
        Some(None) => {
            malformed(line, "its length is no number of bytes", sink);
            return Ok(());
        }
        size => size.flatten(),
    };
    let algorithm = columns.algorithm.and_then(cell).and_then(Named::from_name);
    let several = columns.digests.len() > 1;
    let mut any = false;
    for &(at, heading) in &columns.digests {
        let raw = cell(at).unwrap_or_default();
        if raw.is_empty() && several {
            continue;
        }
        any = true;
        let token = Token::split_prefix(raw).or_named(heading).or_named(algorithm);
        sink.entry(&Found {
            whole: line.range(),
            name: Cow::Borrowed(name),
            name_at: line.range(),
            backslash: Backslash::Refuse,
            token,
            digest_at: line.range(),
            size,
            by_reference: false,
        })?;
    }
    if !any {
        malformed(line, "it has no digest", sink);
    }
    Ok(())
}
