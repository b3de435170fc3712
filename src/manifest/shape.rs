//! Shapes of a line: the grammars that a text manifest's lines may follow, and
//! what a line says under one of them. A [`Format`] is one shape, except
//! `table`, which has several.

use super::lines::{is_blank, split_token, trim};
use super::token::{Named, Rigour, Token};
use super::{Format, bsd, gnu, name_first, table};

/// A grammar for the lines of a text manifest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Shape {
    /// A header and delimited fields.
    Csv,
    /// `ALGORITHM HEX path`, the table of `Get-FileHash`.
    HashTable,
    /// `Hash : HEX` and `Path : path` on lines of their own, blank lines between records.
    HashList,
    /// `| path | HEX |`.
    Markdown,
    /// `SHA256 (path) = HEX`.
    Bsd,
    /// `HEX␠␠path`.
    Sha256sum,
    /// `HEX␠LENGTH␠path`.
    Sized,
    /// `name: HEX`, `name=HEX`.
    NameFirst,
    /// `name␠␠HEX`.
    NameColumns,
}

impl Shape {
    /// Every shape, the more specific ones first.
    pub(super) const ALL: [Self; 9] = [
        Self::Csv,
        Self::HashTable,
        Self::HashList,
        Self::Markdown,
        Self::Bsd,
        Self::Sha256sum,
        Self::Sized,
        Self::NameFirst,
        Self::NameColumns,
    ];

    /// The format that users name.
    pub(super) fn format(self) -> Format {
        match self {
            Self::Csv => Format::Csv,
            Self::HashTable | Self::HashList | Self::Markdown | Self::NameColumns => Format::Table,
            Self::Bsd => Format::Bsd,
            Self::Sha256sum => Format::Sha256sum,
            Self::Sized => Format::Sized,
            Self::NameFirst => Format::NameFirst,
        }
    }

    /// Whether a line in this shape can hardly be meant in another one.
    pub(super) fn is_specific(self) -> bool {
        self <= Self::Bsd
    }
}

/// What one line says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Reading<'l> {
    /// The digest.
    pub(super) token: Token<'l>,
    /// The name as written; a part of the line.
    pub(super) name: &'l [u8],
    /// The line began with the marker of the GNU escape.
    pub(super) escaped: bool,
    /// The length as written.
    pub(super) size: Option<&'l [u8]>,
    /// Exactly as the format's own tool writes it.
    pub(super) canonical: bool,
}

/// Reads a line under a shape that needs nothing but the line. `None` when it does not fit.
pub(super) fn read(shape: Shape, line: &[u8], rigour: Rigour) -> Option<Reading<'_>> {
    match shape {
        Shape::Sha256sum => gnu::read(line, rigour),
        Shape::Sized => gnu::read_sized(line, rigour),
        Shape::Bsd => bsd::read(line, rigour),
        Shape::NameFirst => name_first::read(line, rigour),
        Shape::NameColumns => name_first::read_columns(line, rigour),
        Shape::HashTable => table::read_hash_row(line, rigour),
        Shape::Csv | Shape::HashList | Shape::Markdown => None,
    }
}

/// The digest token at the start of a line and the rest behind it. The token
/// must be followed by a blank; blanks before it are passed over.
pub(super) fn leading_digest(line: &[u8], rigour: Rigour) -> Option<(Token<'_>, &[u8])> {
    let start = line.iter().position(|&b| !is_blank(b))?;
    let (raw, rest) = split_token(line.get(start..)?);
    if rest.is_empty() {
        return None;
    }
    Some((Token::read(raw, rigour)?, rest))
}

/// The digest token at the end of a line, in optional quotes and before an
/// optional comma or semicolon, and everything before it.
pub(super) fn trailing_digest(line: &[u8], rigour: Rigour) -> Option<(Token<'_>, &[u8])> {
    let line = trim(line);
    let line = line.strip_suffix(b",").or_else(|| line.strip_suffix(b";")).unwrap_or(line);
    let quote = line.last().copied().filter(|b| matches!(b, b'"' | b'\'' | b'`'));
    let body = if quote.is_some() { line.split_last()?.1 } else { line };
    let stop = |b: u8| match quote {
        Some(quote) => b == quote,
        None => is_blank(b) || matches!(b, b'=' | b':'),
    };
    let start = body.iter().rposition(|&b| stop(b)).map_or(0, |at| at + 1);
    let (before, raw) = body.split_at_checked(start)?;
    let mut before = before;
    if quote.is_some() {
        before = before.split_last()?.1;
    }
    let mut token = Token::read(raw, rigour)?;
    // `name: sha256:HEX`, `sha256:HEX`: the word before the colon is the algorithm's.
    if let Some(left) = before.strip_suffix(b":") {
        let word_at =
            left.iter().rposition(|&b| is_blank(b) || matches!(b, b'=' | b':')).map_or(0, |at| at + 1);
        let (head, word) = left.split_at_checked(word_at)?;
        if let Some(named) = Named::from_name(word).filter(|_| !word.is_empty()) {
            token = token.or_named(Some(named));
            before = head;
        }
    }
    Some((token, before))
}

/// Takes one pair of quotes or backticks off.
pub(super) fn unquote(bytes: &[u8]) -> &[u8] {
    match bytes {
        [open @ (b'"' | b'\'' | b'`'), inner @ .., close] if open == close => inner,
        _ => bytes,
    }
}
