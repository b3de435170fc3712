//! Checks: the trait, the table, and what a check hands back.
//!
//! A check reads one compared packet and reports findings. It knows no command
//! line, prints nothing and never decides the verdict.

#[cfg(test)]
pub(crate) mod bench;
mod blockers;
mod claim;
mod claims;
mod decision;
mod ended;
mod environment;
mod files;
mod gate;
#[cfg(test)]
#[path = "../tests/it/packets/governance.rs"]
pub(crate) mod governance;
mod isolation;
mod manifest;
mod mirror;
mod near;
mod origin;
mod pin;
mod plan;
mod predecessor;
mod preflight;
mod probes;
mod reference;
mod rehearsal;
mod reservations;
mod review;
mod rollback;
mod runs;
mod said;
#[cfg(test)]
#[path = "../tests/it/packets/documents.rs"]
pub(crate) mod samples;
mod schema;
mod scope;
mod secrets;
mod status;
mod surfaces;
mod tokens;
mod validator;
mod words;

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

pub(crate) use secrets::mask;

use crate::code::{Code, Effect};
use crate::digest::Sha256;
use crate::drift::Diagnosis;
use crate::evidence::{Document, Shelf, Unjudged};
use crate::finding::Finding;
pub use crate::finding::Sink;
use crate::finding::origin::Origins;
use crate::manifest::Manifest;
use crate::observe::State;
use crate::observe::twins::Twins;
use crate::observe::unsealed::Backward;
use crate::packet::{Kind, Policy, Seal};
use crate::path::BytePath;
use crate::profile::{Profile, Role};
use near::Near;
pub use predecessor::{Predecessor, Verified};

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
    /// Its documents, by role, and the profile that they are judged by.
    pub shelf: &'a Shelf<'a>,
    /// Only some of its files were compared.
    pub narrowed: bool,
    /// Its files were compared: the manifest could be read, and its root is certain.
    pub compared: bool,
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
    /// The packet that it is said to follow.
    pub predecessor: Option<&'a Predecessor<'a>>,
}

impl<'a> Packet<'a> {
    /// The profile that its documents are judged by.
    pub fn profile(&self) -> &'a Profile {
        self.shelf.profile()
    }

    /// The document of that role; see [`Shelf::document`].
    pub fn document(&self, role: Role, out: &mut Sink) -> Result<Option<&'a Document>, CheckError> {
        Ok(self.shelf.document(role, out)?)
    }

    /// Every document of that role; see [`Shelf::documents`].
    pub fn documents(&self, role: Role, out: &mut Sink) -> Result<Vec<&'a Document>, CheckError> {
        Ok(self.shelf.documents(role, out)?)
    }

    /// The entry of the manifest with that path.
    pub fn entry(&self, path: &BytePath) -> Option<(&'a crate::manifest::Entry, &'a State)> {
        let entries = &self.manifest?.entries;
        entries.iter().zip(self.states).find(|(entry, _)| entry.path == *path)
    }
}

/// What the drift engine made of one entry.
#[derive(Clone, Debug)]
pub enum Explained {
    /// It was looked into.
    Diagnosis(Box<Diagnosis>),
    /// It was not, and why: asked not to, too large, or the file could not be read again.
    NotSearched(String),
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

impl From<Unjudged> for CheckError {
    fn from(unjudged: Unjudged) -> Self {
        Self(unjudged.0)
    }
}

/// A check that something in the packet makes required.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Demand {
    /// The check.
    pub check: String,
    /// What makes it required, a clause: `the status "X_READY" claims it`.
    pub because: String,
}

/// One check.
pub trait Check: Sync {
    /// What it is.
    fn meta(&self) -> &'static Meta;

    /// Judges one packet.
    fn run(&self, packet: &Packet, out: &mut Sink) -> Result<Applied, CheckError>;

    /// Judges one packet with the outcomes of the checks before it in the table.
    fn conclude(&self, packet: &Packet, _earlier: &[Outcome], out: &mut Sink) -> Result<Applied, CheckError> {
        self.run(packet, out)
    }

    /// The checks that the packet's own claims make required. Asked before any
    /// check runs; what cannot be read here is reported by [`Check::run`].
    fn demands(&self, _packet: &Packet) -> Vec<Demand> {
        Vec::new()
    }
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
    judge_by(CHECKS, packet, selection)
}

fn judge_by(checks: &[&dyn Check], packet: &Packet, selection: &Selection) -> Vec<Outcome> {
    let applies = packet.kind == Kind::Packet && packet.compared && !packet.narrowed;
    let demands: Vec<Demand> =
        if applies { checks.iter().flat_map(|check| check.demands(packet)).collect() } else { Vec::new() };
    let mut outcomes = Vec::with_capacity(checks.len());
    let near = OnceCell::new();
    for check in checks {
        let outcome = one(*check, packet, selection, &demands, &near, &outcomes);
        outcomes.push(outcome);
    }
    outcomes
}

/// Why a check must find something to judge.
fn required(id: &str, packet: &Packet, selection: &Selection, demands: &[Demand]) -> Option<String> {
    if selection.require.contains(id) {
        return Some("the command line requires it".to_owned());
    }
    if packet.policy.require.iter().any(|required| required == id) {
        return Some("the configuration requires it".to_owned());
    }
    demands.iter().find(|demand| demand.check == id).map(|demand| demand.because.clone())
}

fn one(
    check: &dyn Check,
    packet: &Packet,
    selection: &Selection,
    demands: &[Demand],
    near: &OnceCell<Near>,
    earlier: &[Outcome],
) -> Outcome {
    let meta = check.meta();
    let required = required(meta.id, packet, selection, demands);
    let outcome =
        |status, reason: &str| Outcome { meta, status, reason: reason.into(), findings: Vec::new() };
    if selection.skips(meta.id) {
        return outcome(Status::Skipped, "the command line leaves it out");
    }
    if meta.level > Level::L0 {
        if packet.narrowed {
            return outcome(Status::Skipped, "only some files of the seal were judged");
        }
        if packet.kind == Kind::List && required.is_none() {
            return outcome(Status::NotApplied, "a plain checksum list");
        }
        if !packet.compared {
            return outcome(Status::NotApplied, "nothing was compared with a seal");
        }
    }
    let mut sink = Sink::default();
    let ran = check.conclude(packet, earlier, &mut sink);
    if let Some(manifest) = packet.manifest.filter(|_| meta.level > Level::L0 && !meta.documents.is_empty()) {
        near.get_or_init(|| Near::of(manifest, packet.shelf)).tell(meta, &mut sink);
    }
    packet.shelf.tell_twice(&mut sink);
    settle(meta, ran, sink, required)
}

/// How a check ended. Findings decide before words; a document that is not
/// sealed can fail a check and never satisfies one.
fn settle(
    meta: &'static Meta,
    ran: Result<Applied, CheckError>,
    mut sink: Sink,
    required: Option<String>,
) -> Outcome {
    let more = match sink.left_out() {
        0 => String::new(),
        n => format!("; {n} more findings of the same kinds are left out"),
    };
    let by_findings = if sink.fails() {
        Some(Status::Failed)
    } else if sink.findings.iter().any(|finding| finding.effect == Effect::CannotVerify) {
        Some(Status::Error)
    } else {
        None
    };
    let (status, reason) = match (ran, by_findings) {
        (Err(CheckError(reason)), found) => {
            let message = format!("the check `{}` could not be carried out: {reason}", meta.id);
            sink.push(Finding::new(Code::CheckError, message));
            // Failing outranks not being able to tell, as in the exit status.
            (found.filter(|status| *status == Status::Failed).unwrap_or(Status::Error), reason)
        }
        (Ok(Applied::Yes(reason) | Applied::No(reason)), Some(status)) => (status, reason + &more),
        (Ok(Applied::Yes(reason)), None) if sink.unsealed().is_empty() => (Status::Ok, reason),
        (Ok(applied), None) => {
            let reason = match applied {
                Applied::Yes(_) => "the documents are not sealed".to_owned(),
                Applied::No(reason) => reason,
            };
            match required {
                None => (Status::NotApplied, reason),
                Some(because) => {
                    let message = format!(
                        "the check `{}` is required and found nothing to judge: {reason}; {because}",
                        meta.id
                    );
                    sink.push(Finding::new(Code::CheckNotApplied, message));
                    (Status::Failed, reason)
                }
            }
        }
    };
    let mut reason = reason;
    // A reason may repeat what a document says, as findings do.
    secrets::masked(&mut reason);
    Outcome { meta, status, reason, findings: sink.findings }
}

/// Every check, in the order of reports.
pub static CHECKS: &[&dyn Check] = &[
    &manifest::ManifestCheck,
    &pin::PinCheck,
    &mirror::MirrorCheck,
    &runs::RunsCheck,
    &rehearsal::RehearsalCheck,
    &rollback::RollbackCheck,
    &probes::ProbesCheck,
    &validator::ValidatorCheck,
    &isolation::IsolationCheck,
    &schema::SchemaCheck,
    &preflight::PreflightCheck,
    &surfaces::SurfacesCheck,
    &gate::GateCheck,
    &blockers::BlockersCheck,
    &decision::DecisionCheck,
    &reservations::ReservationsCheck,
    &plan::PlanCheck,
    &scope::ScopeCheck,
    &review::ReviewCheck,
    &claims::ClaimsCheck,
    &tokens::TokensCheck,
    &secrets::SecretsCheck,
    &status::StatusCheck,
];

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
