//! Reading the report of a shard back, so that shards can be joined.
//!
//! A report is believed only when it is the document that this very program writes
//! for what was read out of it, byte for byte: nothing is lost on the way, and
//! nothing that was changed or added by hand gets through. Against somebody who
//! computes the digest anew nothing helps but keeping the reports out of reach.

mod finding;
mod packet;

use serde::Deserialize;
use serde::de::IgnoredAny;
use thiserror::Error;

use super::{SCHEMA, Tool, shard};
use crate::digest::Sha256;
use crate::git::Oid;
use crate::path::BytePath;
use crate::report::{self, Base, Outcome, PassedOver, Report, Shard, Stats, group};

/// Why the report of a shard cannot be used.
#[derive(Debug, Error)]
pub(crate) enum Unusable {
    /// It breaks off, or is no JSON.
    #[error("it is not whole JSON, at line {line}, column {column}: {reason}")]
    NotJson { line: u64, column: u64, reason: String },
    /// JSON of another kind.
    #[error("it is no report of `seal verify --output json`")]
    NoReport,
    /// Another version of the program wrote it.
    #[error("seal {} wrote it and this is seal {}", crate::text::quote(.0.as_bytes()), Tool::THIS.version)]
    OtherVersion(String),
    /// A whole report, or what a run wrote that could not begin.
    #[error("it says of no shard that it is about it")]
    NoShard,
    /// Its bytes are not those that were digested.
    #[error("it was changed after it was written: the digest at its end is that of other bytes")]
    Changed,
    /// It says what no run says.
    #[error("it contradicts itself: {0}")]
    Contradicts(&'static str),
}

/// The tool and the form of a document, whatever else is in it.
#[derive(Deserialize)]
struct Head {
    schema: Option<String>,
    tool: Option<HeadTool>,
    shard: Option<IgnoredAny>,
}

#[derive(Deserialize)]
struct HeadTool {
    version: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    #[serde(rename = "schema")]
    _schema: IgnoredAny,
    #[serde(rename = "tool")]
    _tool: IgnoredAny,
    result: String,
    complete: bool,
    #[serde(default)]
    partial_because: Vec<String>,
    exit_code: u8,
    base: Option<BaseIn>,
    packets: Vec<packet::Packet>,
    findings: Vec<finding::Finding>,
    #[serde(rename = "groups")]
    _groups: IgnoredAny,
    passed_over: Vec<PassedOverIn>,
    stats: StatsIn,
    shard: ShardIn,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BaseIn {
    revision: String,
    commit: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PassedOverIn {
    path: String,
    path_bytes: Option<String>,
    reason: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StatsIn {
    packets: u64,
    files: u64,
    bytes: u64,
    sealed: u64,
    damaged: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ShardIn {
    number: u32,
    of: u32,
    whole: String,
    seals: u64,
    packets: Vec<packet::Extra>,
    findings: Vec<finding::Extra>,
    #[serde(rename = "digest")]
    _digest: IgnoredAny,
}

/// Reads the report of a shard.
pub(crate) fn read(bytes: &[u8]) -> Result<Report, Unusable> {
    let head: Head = serde_json::from_slice(bytes).map_err(|error| not_json(bytes, &error))?;
    if head.schema.as_deref() != Some(SCHEMA) {
        return Err(Unusable::NoReport);
    }
    let version = head.tool.and_then(|tool| tool.version).ok_or(Unusable::NoReport)?;
    if version != Tool::THIS.version {
        return Err(Unusable::OtherVersion(version));
    }
    head.shard.ok_or(Unusable::NoShard)?;
    if !is_as_digested(bytes) {
        return Err(Unusable::Changed);
    }
    let document: Document =
        serde_json::from_slice(bytes).map_err(|_| Unusable::Contradicts("a field is not one of a report"))?;
    let report = document.report().ok_or(Unusable::Contradicts("a value is none that a report has"))?;
    consistent(&report)?;
    let mut again = Vec::with_capacity(bytes.len());
    let written = super::render(&report, &mut again).is_ok();
    let same = written && again == bytes;
    if same { Ok(report) } else { Err(Unusable::Contradicts("its parts do not belong together")) }
}

/// JSON that is none, or a value at its head that has another type.
fn not_json(bytes: &[u8], error: &serde_json::Error) -> Unusable {
    let broken = crate::json::Tokens::new(bytes).find_map(Result::err);
    match broken {
        None => Unusable::NoReport,
        Some(broken) => Unusable::NotJson {
            line: error.line() as u64,
            column: error.column() as u64,
            reason: broken.reason.to_string(),
        },
    }
}

/// Whether the digest at the end of the document is that of all its other bytes.
fn is_as_digested(bytes: &[u8]) -> bool {
    const TAIL: &[u8] = b"\"\n  }\n}\n";
    let Some(rest) = bytes.strip_suffix(TAIL) else { return false };
    let Some((before, digest)) = rest.len().checked_sub(shard::OPEN.len()).map(|at| rest.split_at(at)) else {
        return false;
    };
    let parts = [before, shard::OPEN.as_bytes(), TAIL].concat();
    Sha256::from_hex(digest) == Some(Sha256::of(&parts)) && !digest.iter().any(u8::is_ascii_uppercase)
}

/// What the rest of the program relies on.
fn consistent(report: &Report) -> Result<(), Unusable> {
    let packets = report.packets.len();
    let findings = report.findings.len();
    let shard = report.shard.as_ref().ok_or(Unusable::NoShard)?;
    let numbered = report.findings.iter().all(|finding| finding.packet.is_none_or(|at| at < packets));
    let checks = report.packets.iter().flat_map(|packet| &packet.checks);
    let pointed = checks.flat_map(|check| &check.findings).all(|&at| at < findings);
    if !numbered || !pointed || shard.positions.len() != packets {
        return Err(Unusable::Contradicts("it refers to what is not in it"));
    }
    if !(1..=shard.of).contains(&shard.number) {
        return Err(Unusable::Contradicts("there is no shard with that number"));
    }
    if !report.partial_because.contains(&shard.why()) {
        return Err(Unusable::Contradicts("it is partial and does not say that it is a shard"));
    }
    if report.complete || report.exit_code != crate::verdict::exit_code(report.outcome) {
        return Err(Unusable::Contradicts("its verdict is none"));
    }
    Ok(())
}

impl Document {
    fn report(self) -> Option<Report> {
        let shard = self.shard;
        let equal = shard.packets.len() == self.packets.len() && shard.findings.len() == self.findings.len();
        let positions = shard.packets.iter().map(packet::Extra::position).collect();
        let packets: Vec<_> = self
            .packets
            .into_iter()
            .zip(shard.packets)
            .map(|(packet, extra)| packet.report(extra))
            .collect::<Option<_>>()?;
        let findings: Vec<_> = self
            .findings
            .into_iter()
            .zip(shard.findings)
            .map(|(finding, extra)| finding.finding(extra, &packets))
            .collect::<Option<_>>()?;
        let StatsIn { packets: count, files, bytes, sealed, damaged } = self.stats;
        equal.then_some(Report {
            outcome: word([Outcome::Pass, Outcome::Fail, Outcome::Error], Outcome::name, &self.result)?,
            complete: self.complete,
            partial_because: self.partial_because,
            exit_code: self.exit_code,
            base: match self.base {
                Some(base) => {
                    Some(Base { revision: base.revision, commit: Oid::parse(base.commit.as_bytes())? })
                }
                None => None,
            },
            groups: group(&findings),
            packets,
            findings,
            passed_over: self.passed_over.into_iter().map(PassedOverIn::read).collect::<Option<_>>()?,
            stats: Stats { packets: count, files, bytes, sealed, damaged },
            selftest: None,
            shard: Some(Shard {
                number: shard.number,
                of: shard.of,
                whole: Sha256::from_hex(shard.whole.as_bytes())?,
                seals: shard.seals,
                positions,
            }),
        })
    }
}

impl PassedOverIn {
    fn read(self) -> Option<report::PassedOver> {
        Some(PassedOver { path: path(&self.path, self.path_bytes.as_deref())?, reason: self.reason })
    }
}

/// The value that a word of the report stands for.
fn word<T: Copy>(
    all: impl IntoIterator<Item = T>,
    name: impl Fn(T) -> &'static str,
    word: &str,
) -> Option<T> {
    all.into_iter().find(|value| name(*value) == word)
}

/// A path as the report shows it, from the current folder; it may begin with `..`.
fn path(text: &str, bytes: Option<&str>) -> Option<BytePath> {
    if text == "." && bytes.is_none() {
        return Some(BytePath::root());
    }
    Some(BytePath::root().child(&raw(text, bytes)?))
}

/// Text, or the bytes in base64 where they are no UTF-8.
fn raw(text: &str, bytes: Option<&str>) -> Option<Vec<u8>> {
    match bytes {
        Some(base64) => data_encoding::BASE64.decode(base64.as_bytes()).ok(),
        None => Some(text.as_bytes().to_vec()),
    }
}

#[cfg(test)]
mod tests;
