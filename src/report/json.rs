//! The JSON report, version 1 (`seal.report/v1`).
//!
//! The structures here are the contract: they are frozen, and filled from the
//! domain's types field by field, so that a change there cannot change the
//! output unnoticed. The schema is `schema/seal.report.v1.json`. The output
//! holds no time, no absolute path and nothing that depends on the machine.

mod finding;
pub(in crate::report) mod inert;
mod origin;
mod packet;
pub(crate) mod read;
mod selftest;
mod shard;

use std::io::{self, Write};

use bstr::ByteSlice;
use serde::Serialize;

use super::human::command::filled;
use super::{Base, Group, Look, PassedOver, Report, Stats};
use crate::path::BytePath;
pub(in crate::report) use finding::Fact;
pub(in crate::report) use finding::Finding;
pub(in crate::report) use packet::Packet;

/// The report's version, as the field `schema` spells it.
pub const SCHEMA: &str = "seal.report/v1";

/// Writes `report` as JSON, indented by two blanks, with a final newline.
pub fn render(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let mut document = Document::of(report);
    if let Some(shard) = &mut document.shard {
        shard.close(shard::digest_of(&Document::of(report))?);
    }
    inert::write(&document, out)
}

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    tool: Tool,
    result: &'static str,
    complete: bool,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    partial_because: &'a [String],
    exit_code: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    base: Option<BaseOut<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    selftest: Option<selftest::Selftest<'a>>,
    packets: Vec<Packet<'a>>,
    findings: Vec<Finding<'a>>,
    groups: Vec<GroupOut<'a>>,
    passed_over: Vec<PassedOverOut<'a>>,
    stats: StatsOut,
    /// Last, so that the digest in it is over everything before.
    #[serde(skip_serializing_if = "Option::is_none")]
    shard: Option<shard::ShardOut<'a>>,
}

#[derive(Serialize)]
struct BaseOut<'a> {
    revision: &'a str,
    commit: &'a str,
}

/// The program that wrote a document.
#[derive(Serialize)]
pub(in crate::report) struct Tool {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
pub(in crate::report) struct GroupOut<'a> {
    cause: &'a str,
    origin: Option<&'a str>,
    count: u64,
    help: String,
    findings: &'a [usize],
}

#[derive(Serialize)]
pub(in crate::report) struct PassedOverOut<'a> {
    #[serde(flatten)]
    path: PathOut,
    reason: &'a str,
}

#[derive(Serialize)]
pub(in crate::report) struct StatsOut {
    packets: u64,
    files: u64,
    bytes: u64,
    sealed: u64,
    damaged: u64,
}

/// A path: text, and the bytes in base64 when they are no UTF-8.
#[derive(Serialize)]
pub(in crate::report) struct PathOut {
    path: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    path_bytes: Option<String>,
}

impl<'a> Document<'a> {
    fn of(report: &'a Report) -> Self {
        Self {
            schema: SCHEMA,
            tool: Tool::THIS,
            result: report.outcome.name(),
            complete: report.complete,
            partial_because: &report.partial_because,
            exit_code: report.exit_code,
            base: report.base.as_ref().map(BaseOut::of),
            selftest: report.selftest.as_ref().map(selftest::Selftest::of),
            packets: report.packets.iter().map(Packet::of).collect(),
            findings: report.findings.iter().map(|finding| Finding::of(finding, report)).collect(),
            groups: report.groups.iter().map(|group| GroupOut::of(group, report)).collect(),
            passed_over: report.passed_over.iter().map(PassedOverOut::of).collect(),
            stats: StatsOut::of(report.stats),
            shard: report.shard.as_ref().map(|shard| shard::ShardOut::of(shard, report)),
        }
    }
}

impl<'a> PassedOverOut<'a> {
    pub(in crate::report) fn of(over: &'a PassedOver) -> Self {
        Self { path: PathOut::of(&over.path), reason: &over.reason }
    }
}

impl StatsOut {
    pub(in crate::report) fn of(stats: Stats) -> Self {
        let Stats { packets, files, bytes, sealed, damaged } = stats;
        Self { packets, files, bytes, sealed, damaged }
    }
}

impl<'a> BaseOut<'a> {
    fn of(base: &'a Base) -> Self {
        Self { revision: &base.revision, commit: base.commit.as_str() }
    }
}

impl<'a> GroupOut<'a> {
    pub(in crate::report) fn of(group: &'a Group, report: &Report) -> Self {
        let members: Vec<_> = group.findings.iter().filter_map(|&at| report.findings.get(at)).collect();
        Self {
            cause: &group.cause,
            origin: group.origin.as_deref(),
            count: group.count,
            help: filled(&group.help, report, &members, &Look::PLAIN),
            findings: &group.findings,
        }
    }
}

impl Tool {
    /// This program.
    pub(in crate::report) const THIS: Self = Self { name: "seal", version: env!("CARGO_PKG_VERSION") };
}

impl PathOut {
    pub(in crate::report) fn of(path: &BytePath) -> Self {
        let (path, path_bytes) = shown_path(path);
        Self { path, path_bytes }
    }
}

/// A path's text, `.` for the root, and its bytes in base64 when they are no UTF-8.
pub(in crate::report) fn shown_path(path: &BytePath) -> (String, Option<String>) {
    if path.is_root() { (".".to_owned(), None) } else { text(path.as_bytes()) }
}

/// Bytes as text, and in base64 when they are no UTF-8.
fn text(bytes: &[u8]) -> (String, Option<String>) {
    match bytes.to_str() {
        Ok(text) => (text.to_owned(), None),
        Err(_) => (bytes.to_str_lossy().into_owned(), Some(data_encoding::BASE64.encode(bytes))),
    }
}

#[cfg(test)]
mod tests;
