//! Findings in the JSON report.

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::origin::Origin;
use super::{PathOut, shown_path, text};
use crate::digest::Algorithm;
use crate::drift;
use crate::finding;
use crate::report::Look;
use crate::report::Report;
use crate::report::human::command::filled;

#[derive(Serialize)]
pub(in crate::report) struct Finding<'a> {
    code: &'static str,
    severity: &'static str,
    /// The packet's root, as its own field `root` spells it.
    packet: Option<String>,
    /// Which of `packets`: two lists may share a root.
    #[serde(skip_serializing_if = "Option::is_none")]
    packet_index: Option<usize>,
    path: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    path_bytes: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<Location>,
    #[serde(skip_serializing_if = "Option::is_none")]
    located_in: Option<PathOut>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pointer: Option<&'a str>,
    message: &'a str,
    grade: &'static str,
    help: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    reject_code: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sealed: Option<Fact<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    found: Option<Fact<'a>>,
    cause: Vec<Cause<'a>>,
    recoverable: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    first_difference: Option<FirstDifference>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    diff: Vec<Change>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    observations: &'a [String],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    others: Vec<PathOut>,
    #[serde(skip_serializing_if = "Option::is_none")]
    search: Option<Search>,
    #[serde(skip_serializing_if = "Option::is_none")]
    origin: Option<Origin<'a>>,
}

#[derive(Serialize)]
struct Location {
    line: u64,
    column: u64,
    byte: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_byte: Option<u64>,
}

/// Written as `{"sha256": HEX, "size": N}`, with the digest under the name of its algorithm.
pub(in crate::report) struct Fact<'a>(pub(in crate::report) &'a finding::Fact);

#[derive(Serialize)]
struct Cause<'a> {
    code: &'static str,
    direction: &'a str,
    scope: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    sites: Option<Sites>,
}

#[derive(Serialize)]
struct Sites {
    changed: u64,
    total: u64,
}

#[derive(Serialize)]
struct FirstDifference {
    byte: u64,
    line: u64,
    column: u64,
}

#[derive(Serialize)]
struct Change {
    line: u64,
    sealed: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sealed_bytes: Option<String>,
    found: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    found_bytes: Option<String>,
}

#[derive(Serialize)]
struct Search {
    hypotheses: u64,
    bytes: u64,
    exhausted: bool,
}

impl<'a> Finding<'a> {
    pub(in crate::report) fn of(finding: &'a finding::Finding, report: &Report) -> Self {
        let packet = finding.packet.and_then(|at| report.packets.get(at));
        let (path, path_bytes) = finding.path.as_ref().map(shown_path).unzip();
        Self {
            code: finding.code.id(),
            severity: finding.severity.name(),
            packet: packet.map(|packet| shown_path(&packet.root).0),
            packet_index: finding.packet,
            path,
            path_bytes: path_bytes.flatten(),
            location: finding.location.map(Location::of),
            located_in: finding.located_in.as_ref().map(PathOut::of),
            pointer: finding.pointer.as_deref(),
            message: &finding.message,
            grade: finding.grade.name(),
            help: filled(&finding.help, report, &[finding], &Look::PLAIN),
            reject_code: finding.reject_code.as_deref(),
            sealed: finding.sealed.as_ref().map(Fact),
            found: finding.found.as_ref().map(Fact),
            cause: finding.causes.iter().map(Cause::of).collect(),
            recoverable: finding.recoverable,
            first_difference: finding.first_difference.map(|at| FirstDifference {
                byte: at.byte,
                line: at.line,
                column: at.column,
            }),
            diff: finding.changed_lines.iter().map(Change::of).collect(),
            observations: &finding.observations,
            others: finding.others.iter().map(PathOut::of).collect(),
            search: finding.search.map(|search| Search {
                hypotheses: search.hypotheses,
                bytes: search.bytes,
                exhausted: search.exhausted,
            }),
            origin: finding.origin.as_deref().map(Origin::of),
        }
    }
}

impl Location {
    fn of(at: finding::Location) -> Self {
        Self { line: at.line, column: at.column, byte: at.byte, end_byte: at.end_byte }
    }
}

impl Serialize for Fact<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry(field_of(&self.0.digest), &self.0.digest)?;
        if let Some(size) = self.0.size {
            map.serialize_entry("size", &size)?;
        }
        map.end()
    }
}

/// The field that a digest of that many digits goes under.
fn field_of(digest: &str) -> &'static str {
    match Algorithm::from_hex_len(digest.len()) {
        Some(Algorithm::Sha256) => "sha256",
        Some(Algorithm::Sha384) => "sha384",
        Some(Algorithm::Sha512) => "sha512",
        Some(Algorithm::Sha224) => "sha224",
        Some(Algorithm::Sha1) => "sha1",
        Some(Algorithm::Md5) => "md5",
        Some(Algorithm::Crc32) => "crc32",
        None => "digest",
    }
}

impl<'a> Cause<'a> {
    fn of(cause: &'a drift::Cause) -> Self {
        Self {
            code: cause.code.id(),
            direction: &cause.direction,
            scope: &cause.scope,
            sites: cause.sites.map(|sites| Sites { changed: sites.changed, total: sites.total }),
        }
    }
}

impl Change {
    fn of(change: &drift::LineChange) -> Self {
        let (sealed, sealed_bytes) = change.sealed.as_deref().map(text).unzip();
        let (found, found_bytes) = change.found.as_deref().map(text).unzip();
        Self {
            line: change.line,
            sealed,
            sealed_bytes: sealed_bytes.flatten(),
            found,
            found_bytes: found_bytes.flatten(),
        }
    }
}
