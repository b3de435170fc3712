//! The list form of `Get-FileHash` and its relatives: `Hash : HEX` and
//! `Path : path` on lines of their own, with blank lines between records.

use std::borrow::Cow;
use std::ops::Range;

use super::NotAManifest;
use super::fields::Field;
use super::lines::Line;
use super::sink::{Found, Sink};
use super::table::{is_continuation, is_cut, labelled};
use super::text::{length, malformed};
use super::token::{Named, Token};
use crate::path::Backslash;

/// The record being read.
#[derive(Default)]
pub(super) struct Records<'t> {
    first: Option<Line<'t>>,
    end: usize,
    path: Option<(&'t [u8], Range<usize>)>,
    digest: Option<(Token<'t>, Range<usize>)>,
    algorithm: Option<Named>,
    size: Option<u64>,
    spoiled: bool,
}

impl<'t> Records<'t> {
    /// Takes a line in; false when it is no line of a record.
    pub(super) fn line(&mut self, line: &Line<'t>, sink: &mut Sink<'_>) -> Result<bool, NotAManifest> {
        if self.first.is_some() && is_continuation(line.bytes) {
            self.spoiled = true;
            malformed(line, "the list wrapped a value onto it", sink);
            return Ok(true);
        }
        let Some(found) = labelled(line.bytes) else { return Ok(false) };
        if self.has(found.field) {
            self.end(sink)?;
            sink.at_line(line);
        }
        if self.first.is_none() {
            self.first = Some(*line);
        }
        self.end = line.range().end;
        let at = line.range_of(found.value);
        match found.field {
            Field::Path(_) => self.path = Some((found.value, at)),
            Field::Digest(named) => {
                self.digest = Some((Token::split_prefix(found.value).or_named(named), at));
            }
            Field::Algorithm => self.algorithm = Named::from_name(found.value),
            Field::Size => {
                self.size = length(found.value);
                if self.size.is_none() {
                    self.spoiled = true;
                    malformed(line, "its length is no number of bytes", sink);
                }
            }
            Field::ByReference => {}
        }
        Ok(true)
    }

    fn has(&self, field: Field) -> bool {
        match field {
            Field::Path(_) => self.path.is_some(),
            Field::Digest(_) => self.digest.is_some(),
            Field::Algorithm => self.algorithm.is_some(),
            Field::Size => self.size.is_some(),
            Field::ByReference => false,
        }
    }

    /// Ends the record, if one is open, and stores its entry.
    pub(super) fn end(&mut self, sink: &mut Sink<'_>) -> Result<(), NotAManifest> {
        let record = std::mem::take(self);
        let Some(first) = record.first else { return Ok(()) };
        sink.at_line(&first);
        match (record.path, record.digest) {
            _ if record.spoiled => malformed(&first, "its record is broken", sink),
            (Some((path, _)), _) if is_cut(path) => malformed(&first, "its record's name is cut off", sink),
            (Some((name, name_at)), Some((token, digest_at))) => sink.entry(&Found {
                whole: first.start..record.end,
                name: Cow::Borrowed(name),
                name_at,
                backslash: Backslash::Refuse,
                token: token.or_named(record.algorithm),
                digest_at,
                size: record.size,
                by_reference: false,
            })?,
            (Some(_), None) => malformed(&first, "its record has no digest", sink),
            (None, Some(_)) => malformed(&first, "its record has no name", sink),
            (None, None) => malformed(&first, "its record has neither name nor digest", sink),
        }
        Ok(())
    }
}
