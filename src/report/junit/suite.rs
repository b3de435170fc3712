//! A report as suites of cases. Cases are made as they are written, twice (once to
//! be counted), so that a packet of many entries costs no memory for them.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use crate::check::Status;
use crate::code::Effect;
use crate::finding::Finding;
use crate::report::human::file;
use crate::report::human::remedy;
use crate::report::human::verdict::last_words;
use crate::report::name::shown_bytes;
use crate::report::place::plain;
use crate::report::rank::Excuses;
use crate::report::{self, CheckReport, EntryState, Look, PacketReport, Report};

const LOOK: Look = Look { unicode: true, ..Look::PLAIN };

/// Cases of one packet, or of the run.
pub(super) struct Suite<'a> {
    pub(super) name: String,
    report: &'a Report,
    packet: Option<&'a PacketReport>,
    /// Why its failures do not count.
    excuse: Option<&'a str>,
    /// Findings that count, by the name of their file.
    by_file: BTreeMap<&'a [u8], Vec<&'a Finding>>,
    /// Files that are no entries and have such findings.
    others: Vec<&'a [u8]>,
}

/// One case.
pub(super) struct Case<'a> {
    /// What sets apart two cases of one name: nothing for files.
    pub(super) kind: &'static str,
    pub(super) name: Cow<'a, str>,
    pub(super) outcome: Outcome,
}

/// How a case ended.
pub(super) enum Outcome {
    Good,
    Skipped(String),
    Failure { code: &'static str, message: String, text: String },
    Error { code: &'static str, message: String, text: String },
}

/// Cases by outcome.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Tally {
    tests: u64,
    failures: u64,
    errors: u64,
    skipped: u64,
}

impl Tally {
    pub(super) fn and(self, other: Self) -> Self {
        Self {
            tests: self.tests + other.tests,
            failures: self.failures + other.failures,
            errors: self.errors + other.errors,
            skipped: self.skipped + other.skipped,
        }
    }

    /// As attributes of a suite.
    pub(super) fn attributes(self) -> [(&'static str, String); 4] {
        [
            ("tests", self.tests.to_string()),
            ("failures", self.failures.to_string()),
            ("errors", self.errors.to_string()),
            ("skipped", self.skipped.to_string()),
        ]
    }
}

/// The suites of a report: the packets in its order, then the run.
pub(super) fn all(report: &Report) -> Vec<Suite<'_>> {
    let excuses = Excuses::of(report);
    let mut by_packet: Vec<BTreeMap<&[u8], Vec<&Finding>>> = vec![BTreeMap::new(); report.packets.len()];
    for finding in report.findings.iter().filter(|finding| finding.effect != Effect::None) {
        let files = finding.packet.and_then(|at| by_packet.get_mut(at));
        if let (Some(files), Some(path)) = (files, &finding.path) {
            files.entry(path.as_bytes()).or_default().push(finding);
        }
    }
    let packets = report.packets.iter().zip(by_packet).enumerate();
    let mut suites: Vec<Suite<'_>> = packets
        .map(|(at, (packet, by_file))| {
            let entries: BTreeSet<&[u8]> = packet
                .entries
                .iter()
                .map(|(name, _)| name)
                .filter(|name| by_file.contains_key(name))
                .collect();
            let others = by_file.keys().copied().filter(|name| !entries.contains(name)).collect();
            Suite {
                name: shown_bytes(packet.manifest.as_bytes(), &LOOK),
                report,
                packet: Some(packet),
                excuse: excuses.of_packet(at),
                by_file,
                others,
            }
        })
        .collect();
    suites.push(Suite {
        name: "seal".to_owned(),
        report,
        packet: None,
        excuse: None,
        by_file: BTreeMap::new(),
        others: Vec::new(),
    });
    suites
}

impl<'a> Suite<'a> {
    /// Its cases: entries in the order of the manifest, other files, checks.
    pub(super) fn cases(&self) -> impl Iterator<Item = Case<'a>> + '_ {
        let entries = self.packet.into_iter().flat_map(|packet| packet.entries.iter());
        let entries = entries.map(|(name, state)| self.entry(name, state));
        let others = self.others.iter().map(|name| self.entry(name, EntryState::Damaged));
        let checks = self.packet.into_iter().flat_map(|packet| &packet.checks).map(|check| self.check(check));
        let run = self.packet.is_none().then(|| run_cases(self.report));
        entries.chain(others).chain(checks).chain(run.into_iter().flatten())
    }

    pub(super) fn tally(&self) -> Tally {
        self.cases().fold(Tally::default(), |tally, case| {
            let one = match case.outcome {
                Outcome::Good => Tally::default(),
                Outcome::Skipped(_) => Tally { skipped: 1, ..Tally::default() },
                Outcome::Failure { .. } => Tally { failures: 1, ..Tally::default() },
                Outcome::Error { .. } => Tally { errors: 1, ..Tally::default() },
            };
            tally.and(Tally { tests: 1, ..one })
        })
    }

    fn entry(&self, name: &'a [u8], state: EntryState) -> Case<'a> {
        let findings = self.by_file.get(name).map(Vec::as_slice).unwrap_or_default();
        let outcome = match (state, findings) {
            (EntryState::Intact | EntryState::Referenced, []) => Outcome::Good,
            // Whatever is not good must not look it, with or without a finding.
            (EntryState::Damaged | EntryState::Repeated, []) => {
                self.bad(false, "damaged", "the entry is not as sealed".to_owned(), String::new())
            }
            (_, findings) => self.of_findings(findings),
        };
        Case { kind: "", name: plain(name).into(), outcome }
    }

    fn of_findings(&self, findings: &[&Finding]) -> Outcome {
        let fails = |finding: &&&Finding| finding.effect == Effect::Fails;
        let first = findings.iter().find(fails).or(findings.first());
        let Some(first) = first else { return Outcome::Good };
        let text: Vec<String> = findings.iter().map(|finding| self.told(finding)).collect();
        let cannot = first.effect == Effect::CannotVerify;
        self.bad(cannot, first.code.id(), first.message.clone(), text.join("\n"))
    }

    fn bad(&self, error: bool, code: &'static str, message: String, text: String) -> Outcome {
        match (self.excuse, error) {
            (Some(excuse), _) => Outcome::Skipped(format!("{message}; {excuse}")),
            (None, true) => Outcome::Error { code, message, text },
            (None, false) => Outcome::Failure { code, message, text },
        }
    }

    /// A finding in lines.
    fn told(&self, finding: &Finding) -> String {
        let mut lines = vec![format!("{}: {}", finding.code.id(), finding.message)];
        for cause in &finding.causes {
            let told = [cause.direction.as_str(), cause.scope.as_str()];
            lines.push(told.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", "));
        }
        let place = file::label(self.report, finding, &LOOK);
        if let Some(at) = finding.first_difference {
            lines.push(format!("first difference: {place}:{}:{} (byte {})", at.line, at.column, at.byte));
        }
        for (label, fact) in [("sealed", &finding.sealed), ("found ", &finding.found)] {
            lines.extend(fact.as_ref().map(|fact| match fact.size {
                Some(size) => format!("{label} {} ({size} bytes)", fact.digest),
                None => format!("{label} {}", fact.digest),
            }));
        }
        lines.extend(report::origin::sentence(finding).map(|place| format!("came in: {place}")));
        let fix = remedy::for_one(self.report, finding, &LOOK);
        if !fix.is_empty() {
            lines.push(format!("fix: {fix}"));
        }
        lines.join("\n")
    }

    fn check(&self, check: &'a CheckReport) -> Case<'a> {
        let findings: Vec<&Finding> = check
            .findings
            .iter()
            .filter_map(|&at| self.report.findings.get(at))
            .filter(|finding| finding.effect != Effect::None)
            .collect();
        let reason = if check.reason.is_empty() { check.status.name() } else { &check.reason };
        let outcome = match check.status {
            Status::Ok => Outcome::Good,
            Status::NotApplied => Outcome::Skipped(format!("not applied: {reason}")),
            Status::Skipped => Outcome::Skipped(format!("skipped: {reason}")),
            Status::Failed | Status::Error => {
                // Files have cases of their own.
                let own = findings.iter().filter(|finding| finding.path.is_none());
                let text: Vec<String> = own.map(|finding| self.told(finding)).collect();
                let cannot = check.status == Status::Error;
                let code = findings.first().map_or(check.status.name(), |finding| finding.code.id());
                self.bad(cannot, code, reason.to_owned(), text.join("\n"))
            }
        };
        Case { kind: "checks", name: format!("{} {}", check.level.name(), check.id).into(), outcome }
    }
}

/// Findings that are of no packet, then the verdict.
fn run_cases(report: &Report) -> Vec<Case<'_>> {
    let of_run = Suite {
        name: String::new(),
        report,
        packet: None,
        excuse: None,
        by_file: BTreeMap::new(),
        others: Vec::new(),
    };
    let findings =
        report.findings.iter().filter(|finding| finding.packet.is_none() && finding.effect != Effect::None);
    let mut cases: Vec<Case<'_>> = (1..)
        .zip(findings)
        .map(|(number, finding)| Case {
            kind: "findings",
            name: format!("{number} {}", finding.code.id()).into(),
            outcome: of_run.of_findings(&[finding]),
        })
        .collect();
    let (_, text) = last_words(report);
    let outcome = match report.outcome {
        report::Outcome::Pass if report.complete => Outcome::Good,
        report::Outcome::Pass => Outcome::Skipped(text),
        report::Outcome::Fail => Outcome::Failure { code: "fail", message: text, text: String::new() },
        report::Outcome::Error => Outcome::Error { code: "error", message: text, text: String::new() },
    };
    cases.push(Case { kind: "", name: "verdict".into(), outcome });
    cases
}
