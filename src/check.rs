//! Checks: the trait, the table, and what a check hands back.
//!
//! A check reads one compared packet and reports findings. It knows no command
//! line, prints nothing and never decides the verdict.

mod manifest;
mod origin;
mod pin;

use std::collections::{BTreeMap, BTreeSet};

use crate::code::{Code, Effect};
use crate::digest::Sha256;
use crate::drift::Diagnosis;
use crate::finding::Finding;
use crate::finding::origin::Origins;
use crate::manifest::Manifest;
use crate::observe::State;
use crate::observe::twins::Twins;
use crate::observe::unsealed::Backward;
use crate::packet::{Kind, Policy, Seal};
use crate::path::BytePath;

/// The level a check sits on. A level counts only when every lower one holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Files: bytes, pin, unsealed files.
    L0,
    /// Reconstruction: mirror, references, recorded runs.
    L1,
    /// Fail-closed evidence: rehearsal, rollback, probes.
    L2,
    /// Governance.
    L3,
}

impl Level {
    /// Every level, lowest first.
    pub const ALL: [Self; 4] = [Self::L0, Self::L1, Self::L2, Self::L3];

    /// `L0` to `L3`.
    pub fn name(self) -> &'static str {
        match self {
            Self::L0 => "L0",
            Self::L1 => "L1",
            Self::L2 => "L2",
            Self::L3 => "L3",
        }
    }
}

/// How a check ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// It holds.
    Ok,
    /// It does not.
    Failed,
    /// Nothing in this packet for it.
    NotApplied,
    /// The user said not to run it.
    Skipped,
    /// It could not be judged.
    Error,
}

impl Status {
    /// The word used in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Failed => "failed",
            Self::NotApplied => "not_applied",
            Self::Skipped => "skipped",
            Self::Error => "error",
        }
    }
}

/// What a check is.
#[derive(Debug)]
pub struct Meta {
    /// Its stable identifier, as in `--skip`.
    pub id: &'static str,
    /// Its level.
    pub level: Level,
    /// What must hold, one sentence.
    pub summary: &'static str,
    /// The documents it reads; empty when it judges bytes.
    pub documents: &'static [&'static str],
    /// The codes it may report.
    pub codes: &'static [Code],
}

/// A packet after the comparison: everything a check may look at.
pub struct Packet<'a> {
    /// The seal as it was found.
    pub seal: &'a Seal,
    /// Packet or list, as it is judged.
    pub kind: Kind,
    /// What the configuration says of it.
    pub policy: &'a Policy,
    /// The manifest that the files were compared with: the one found, or the
    /// sealed one that was recovered from it. `None` when it could not be read.
    pub manifest: Option<&'a Manifest>,
    /// The bytes that [`Self::manifest`] was read from.
    pub text: &'a [u8],
    /// Why the manifest's own bytes drifted, when the pin says that they did.
    pub manifest_drift: Option<&'a Diagnosis>,
    /// The digest that the manifest should have, when its drift was looked into.
    pub sealed_tree: Option<Sha256>,
    /// One state per entry of [`Self::manifest`].
    pub states: &'a [State],
    /// The diagnosis of each drifted entry, by index.
    pub diagnoses: &'a BTreeMap<usize, Explained>,
    /// Where the damage of the manifest, the pin and the entries came in.
    pub origins: &'a Origins,
    /// Where missing entries went.
    pub twins: &'a Twins,
    /// Files that no entry names; empty when the policy does not ask.
    pub backward: &'a Backward,
    /// Reference folders that were searched without success, by entry.
    pub unresolved: &'a BTreeMap<usize, Vec<BytePath>>,
    /// What the files there say about digests that cannot be read, by the
    /// problem's index in [`Self::manifest`].
    pub clues: &'a BTreeMap<usize, String>,
}

/// What the drift engine made of one entry.
#[derive(Clone, Debug)]
pub enum Explained {
    /// It was looked into.
    Diagnosis(Box<Diagnosis>),
    /// It was not, and why: asked not to, too large, or the file could not be read again.
    NotSearched(String),
}

/// Where a check puts its findings.
#[derive(Debug, Default)]
pub struct Sink {
    /// In the order of discovery; sorted later.
    pub findings: Vec<Finding>,
}

impl Sink {
    /// Adds a finding.
    pub fn push(&mut self, finding: Finding) {
        self.findings.push(finding);
    }
}

/// Whether a check found anything to judge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Applied {
    /// It judged; its findings say how it ended. A few words on what was judged.
    Yes(String),
    /// Nothing here for it. A few words why.
    No(String),
}

/// A check could not be carried out; the text says why.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct CheckError(pub String);

/// One check.
pub trait Check: Sync {
    /// What it is.
    fn meta(&self) -> &'static Meta;

    /// Judges one packet.
    fn run(&self, packet: &Packet, out: &mut Sink) -> Result<Applied, CheckError>;
}

/// How one check ended on one packet, with what it found.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The check.
    pub meta: &'static Meta,
    /// How it ended.
    pub status: Status,
    /// Why, a few words.
    pub reason: String,
    /// What it found.
    pub findings: Vec<Finding>,
}

/// Which checks the user wants.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// Only these, beside the indispensable ones; all when absent.
    pub only: Option<BTreeSet<String>>,
    /// Not these.
    pub skip: BTreeSet<String>,
    /// These must apply.
    pub require: BTreeSet<String>,
}

impl Selection {
    fn skips(&self, id: &str) -> bool {
        let left_out = self.only.as_ref().is_some_and(|only| !only.contains(id));
        !ALWAYS.contains(&id) && (left_out || self.skip.contains(id))
    }
}

/// Runs every check of the table on a packet.
pub fn judge(packet: &Packet, selection: &Selection) -> Vec<Outcome> {
    CHECKS.iter().map(|check| one(*check, packet, selection)).collect()
}

fn one(check: &dyn Check, packet: &Packet, selection: &Selection) -> Outcome {
    let meta = check.meta();
    let required =
        selection.require.contains(meta.id) || packet.policy.require.iter().any(|id| id == meta.id);
    let outcome = |status, reason, findings| Outcome { meta, status, reason, findings };
    if selection.skips(meta.id) {
        return outcome(Status::Skipped, "the command line leaves it out".into(), Vec::new());
    }
    if meta.level > Level::L0 && packet.kind == Kind::List && !required {
        return outcome(Status::NotApplied, "a plain checksum list".into(), Vec::new());
    }
    let mut sink = Sink::default();
    match check.run(packet, &mut sink) {
        Ok(Applied::Yes(reason)) => {
            let effect = sink.findings.iter().map(|finding| finding.effect).max();
            let status = match effect {
                // Failing outranks not being able to tell, as in the exit status.
                _ if sink.findings.iter().any(|f| f.effect == Effect::Fails) => Status::Failed,
                Some(Effect::CannotVerify) => Status::Error,
                _ => Status::Ok,
            };
            outcome(status, reason, sink.findings)
        }
        Ok(Applied::No(reason)) if required => {
            let message = format!("the check `{}` is required and found nothing to judge: {reason}", meta.id);
            sink.push(Finding::new(Code::CheckNotApplied, message));
            outcome(Status::Failed, reason, sink.findings)
        }
        Ok(Applied::No(reason)) => outcome(Status::NotApplied, reason, sink.findings),
        Err(CheckError(reason)) => {
            let message = format!("the check `{}` could not be carried out: {reason}", meta.id);
            sink.push(Finding::new(Code::CheckError, message));
            outcome(Status::Error, reason, sink.findings)
        }
    }
}

/// Every check, in the order of reports.
pub static CHECKS: &[&dyn Check] = &[&manifest::ManifestCheck, &pin::PinCheck];

/// The identifiers of all checks.
pub fn ids() -> impl Iterator<Item = &'static str> {
    CHECKS.iter().map(|check| check.meta().id)
}

/// The checks that can never be left out.
pub const ALWAYS: [&str; 2] = ["manifest", "pin"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_are_unique_and_the_indispensable_ones_exist() {
        let mut seen = std::collections::HashSet::new();
        for check in CHECKS {
            assert!(seen.insert(check.meta().id));
            assert!(!check.meta().codes.is_empty() && !check.meta().summary.is_empty());
        }
        assert!(ALWAYS.iter().all(|id| seen.contains(id)));
    }
}
