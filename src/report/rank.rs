//! Findings in the order in which a reader should see them, one per file and
//! cause, for formats that show only some.

use std::collections::HashSet;

use super::Report;
use super::group::{files, group_where, leaders};
use super::human::file::whole;
use crate::code::{Code, Effect, Severity};
use crate::finding::Finding;
use crate::path::BytePath;

/// Packets whose failures are known and do not count, each with the words for it.
pub(super) struct Excuses<'a>(Vec<Option<&'a str>>);

impl<'a> Excuses<'a> {
    pub(super) fn of(report: &'a Report) -> Self {
        let mut all = vec![None; report.packets.len()];
        for finding in report.findings.iter().filter(|finding| finding.code == Code::KnownBroken) {
            if let Some(excuse) = finding.packet.and_then(|at| all.get_mut(at)) {
                *excuse = Some(finding.message.as_str());
            }
        }
        Self(all)
    }

    /// Why this finding, which would fail a run, does not.
    pub(super) fn excuse(&self, finding: &Finding) -> Option<&'a str> {
        let excuse = self.0.get(finding.packet?).copied().flatten();
        excuse.filter(|_| finding.effect != Effect::None)
    }

    /// Why a packet's failures do not count.
    pub(super) fn of_packet(&self, packet: usize) -> Option<&'a str> {
        self.0.get(packet).copied().flatten()
    }

    /// The severity as it counts in this run.
    pub(super) fn severity(&self, finding: &Finding) -> Severity {
        match self.excuse(finding) {
            Some(_) => finding.severity.max(Severity::Warning),
            None => finding.severity,
        }
    }
}

/// One finding for each file and cause: what counts first, by its group's
/// importance, then warnings, then notes.
pub(super) fn ranked<'a>(report: &'a Report) -> Vec<&'a Finding> {
    let silent = |severity: Severity| {
        group_where(&report.findings, move |finding| {
            finding.effect == Effect::None && finding.severity == severity
        })
    };
    let (warnings, notes) = (silent(Severity::Warning), silent(Severity::Note));
    let mut seen: HashSet<(Option<BytePath>, Code, Option<u64>)> = HashSet::new();
    let mut all: Vec<&'a Finding> = Vec::new();
    for group in report.groups.iter().chain(&warnings).chain(&notes) {
        let heads: Vec<&'a Finding> = leaders(&report.findings, group).collect();
        for finding in files(&heads) {
            let line = finding.snippet.as_ref().map(|snippet| snippet.line);
            if seen.insert((whole(report, finding), finding.code, line)) {
                all.push(finding);
            }
        }
    }
    all
}
