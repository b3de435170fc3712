//! One input: how it is made, what the gate must do about it, and its answer.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::edit;
use crate::check::CHECKS;
use crate::code::{Code, Effect};
use crate::finding::Finding;
use crate::gate::{Options, Specimen};
use crate::path::BytePath;
use crate::report::selftest::Probe;
use crate::report::{self, Report};
use crate::source::memory::Files;
use crate::source::snapshot::Item;

/// What is done to a good input.
#[derive(Clone, Debug)]
pub(super) enum Change {
    /// Nothing.
    Nothing,
    /// This is there now.
    Put(BytePath, Item<Arc<[u8]>>),
    /// This is gone.
    Take(BytePath),
    /// Parts of a file are replaced: ranges in their order, and what takes their place.
    Edit(BytePath, Vec<(std::ops::Range<usize>, Vec<u8>)>),
}

/// What the gate must do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Must {
    /// Let it through.
    Allow,
    /// Refuse it.
    Refuse,
    /// Either; what it lets through is told.
    Tell,
    /// Either: nothing reads what was changed.
    Ignore,
}

/// The code that is due, and the check that it is due from.
#[derive(Clone, Debug)]
pub(super) struct Due {
    pub(super) check: String,
    pub(super) code: String,
    /// How the reject code beside it begins.
    pub(super) reject: Option<String>,
}

impl Due {
    /// Whether there is such a check.
    pub(super) fn exists(&self) -> bool {
        CHECKS.iter().any(|check| check.meta().id == self.check)
    }

    /// The code, due from the check that declares it.
    pub(super) fn of(code: &str) -> Self {
        let declares =
            |check: &&&dyn crate::check::Check| check.meta().codes.iter().any(|known| known.id() == code);
        let check = CHECKS.iter().find(declares).map_or("manifest", |check| check.meta().id);
        Self { check: check.to_owned(), code: code.to_owned(), reject: None }
    }
}

/// One input.
#[derive(Clone, Debug)]
pub(super) struct Trial {
    pub(super) class: String,
    pub(super) mutation: String,
    pub(super) path: Option<BytePath>,
    pub(super) pointer: Option<String>,
    pub(super) change: Change,
    /// The copy is sealed again, so that only a check can notice.
    pub(super) sealed: bool,
    pub(super) must: Must,
    pub(super) due: Option<Due>,
    /// Only the bytes are compared.
    pub(super) bytes_only: bool,
    /// The cause of drift is looked for.
    pub(super) explain: bool,
}

impl Trial {
    /// A control: nothing is done.
    pub(super) fn control(class: &str, mutation: &str) -> Self {
        Self {
            class: class.to_owned(),
            mutation: mutation.to_owned(),
            path: None,
            pointer: None,
            change: Change::Nothing,
            sealed: false,
            must: Must::Allow,
            due: None,
            bytes_only: false,
            explain: false,
        }
    }

    /// A bad input that must be refused.
    pub(super) fn bad(class: &str, mutation: &str, path: &BytePath, change: Change) -> Self {
        let path = Some(path.clone());
        Self { path, change, must: Must::Refuse, ..Self::control(class, mutation) }
    }

    /// The same, with the code that is due.
    pub(super) fn due(self, due: Due) -> Self {
        Self { due: Some(due), ..self }
    }
}

/// What is found in a specimen before anything is done to it.
#[derive(Default)]
pub(super) struct Baseline {
    found: BTreeSet<Told>,
}

/// What makes a finding the same one.
type Told = (Code, Option<BytePath>, Option<String>, String);

fn told(finding: &Finding) -> Told {
    (finding.code, finding.path.clone(), finding.pointer.clone(), finding.message.clone())
}

fn counts(finding: &Finding) -> bool {
    finding.effect != Effect::None
}

impl Baseline {
    pub(super) fn of(specimen: &Specimen, options: &Options) -> Self {
        let report = specimen.judge(&specimen.files, options);
        Self { found: report.findings.iter().filter(|finding| counts(finding)).map(told).collect() }
    }
}

/// What the gate did.
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub(super) struct Answer {
    exit: u8,
    /// The code given: the one that is due, else the first that counts and is new.
    code: Option<Code>,
    refused: bool,
    as_due: bool,
    says_pass: bool,
    pub(super) leaks: bool,
    /// Sealing again failed, so that nothing is known of the checks.
    pub(super) unsealed_again: bool,
    /// The message of the first finding that counts.
    pub(super) said: Option<String>,
}

impl Trial {
    pub(super) fn run(&self, specimen: &Specimen, baseline: &Baseline, options: &Options) -> Answer {
        let changed = self.files(&specimen.files);
        let files = match (&changed, self.sealed, &self.path) {
            (Some(files), true, Some(path)) => edit::sealed_again(&specimen.files, files.clone(), path),
            (Some(files), ..) => files.clone(),
            (None, ..) => specimen.files.clone(),
        };
        let mut options = options.clone();
        if self.explain {
            options.explain = true;
            options.search_budget = Some(if self.due.is_some() { super::SEARCH } else { super::LOOK });
        }
        if self.bytes_only {
            options.checks.only = Some(BTreeSet::new());
        }
        let report = specimen.judge(&files, &options);
        let is_seal = self.path.as_ref().is_some_and(|path| specimen.is_seal(path));
        self.answer(&report, baseline, is_seal)
    }

    fn answer(&self, report: &Report, baseline: &Baseline, is_seal: bool) -> Answer {
        let new: Vec<(usize, &Finding)> = report
            .findings
            .iter()
            .enumerate()
            .filter(|(_, finding)| counts(finding) && !baseline.found.contains(&told(finding)))
            .collect();
        let of_check = |at: usize, id: &str| {
            let mut checks = report.packets.iter().flat_map(|packet| &packet.checks);
            checks.any(|check| check.id == id && check.findings.contains(&at))
        };
        let due = self.due.as_ref().and_then(|due| {
            let mut found = new.iter().filter(|(_, finding)| finding.code.id() == due.code);
            found.find(|(at, finding)| {
                let reject = due.reject.as_ref().is_none_or(|reject| {
                    finding.reject_code.as_ref().is_some_and(|given| given.starts_with(reject.as_str()))
                });
                reject && (of_check(*at, &due.check) || report.packets.is_empty())
            })
        });
        let of_bytes = |at: usize| of_check(at, "manifest") || of_check(at, "pin");
        let unsealed_again = self.sealed && !is_seal && new.iter().any(|(at, _)| of_bytes(*at));
        let first = due.or(new.first()).map(|(_, finding)| *finding);
        let any = report.findings.iter().find(|finding| counts(finding));
        let says_pass = report::says_pass(report);
        let words = super::reserved();
        let line = report::last_line(report);
        Answer {
            exit: report.exit_code,
            code: first.map(|finding| finding.code),
            refused: !new.is_empty() && report.exit_code != 0,
            as_due: self.due.is_none() || due.is_some(),
            says_pass,
            leaks: report.exit_code != 0 && words.iter().any(|word| line.contains(word.as_str())),
            unsealed_again,
            said: any.map(|finding| finding.message.clone()),
        }
    }

    /// The record of the probe.
    pub(super) fn probe(&self, id: String, answer: &Answer) -> Probe {
        let is_bad = self.must != Must::Allow;
        let due = self.due.as_ref();
        let effect = due.and_then(|due| Code::from_id(&due.code)).map(|code| code.row().effect);
        let expected_exit = match (is_bad, effect) {
            (false, _) => 0,
            (true, Some(Effect::CannotVerify)) => 2,
            (true, _) => 1,
        };
        Probe {
            id,
            class: self.class.clone(),
            mutation: self.mutation.clone(),
            path: self.path.clone(),
            pointer: self.pointer.clone(),
            is_bad,
            expected_exit,
            actual_exit: answer.exit,
            due: due.map(|due| (due.check.clone(), due.code.clone())),
            code: answer.code.map(|code| code.id().to_owned()),
            says_pass: answer.says_pass,
            held: if is_bad { answer.refused && answer.as_due } else { answer.exit == 0 },
        }
    }

    /// The files with the change made; `None` where nothing is changed.
    fn files(&self, files: &Files) -> Option<Files> {
        let mut files = files.clone();
        match &self.change {
            Change::Nothing => return None,
            Change::Put(path, item) => drop(files.insert(path.clone(), item.clone())),
            Change::Take(path) => drop(files.remove(path)),
            Change::Edit(path, edits) => {
                let bytes = edit::edited(content(&files, path)?, edits);
                files.insert(path.clone(), Item::File(Arc::from(bytes)));
            }
        }
        Some(files)
    }
}

/// The bytes of a file.
pub(super) fn content<'f>(files: &'f Files, path: &BytePath) -> Option<&'f [u8]> {
    match files.get(path) {
        Some(Item::File(bytes)) => Some(bytes),
        _ => None,
    }
}

/// How many bytes an item has.
pub(super) fn length(item: &Item<Arc<[u8]>>) -> u64 {
    match item {
        Item::File(bytes) => bytes.len() as u64,
        _ => 0,
    }
}
