//! Restoring: sealed bytes put back where they were sealed, when they are
//! proven.
//!
//! The gate judges; this room takes what it found damaged, checks every proof
//! once more on the bytes there are, and, when told to, writes. It writes only
//! bytes that have the digest and length of every seal that names the file, and
//! only over the very bytes that were judged. What was not proven is not touched.

mod prove;
mod write;

use std::collections::HashSet;

use crate::code::{Code, Concerns, Effect};
use crate::finding::Finding;
use crate::gate::{Damage, Judged, Part, Remedy};
use crate::path::BytePath;
use crate::report::{PacketReport, Report};

/// What is to be done, or was done, about one damaged file.
#[derive(Clone, Debug)]
pub struct Item {
    /// What is known of it.
    pub damage: Damage,
    /// How its sealed bytes come about.
    pub action: Action,
    /// The same in words, one line per step; empty when there is no way.
    pub recipe: Vec<String>,
    /// The length of the sealed bytes, once it is known.
    pub sealed_size: Option<u64>,
    /// How far it got.
    pub status: Status,
    /// Why it is refused or cannot be recovered.
    pub reason: Option<String>,
    /// A file with the same bytes under another name that no entry names and that stays.
    pub leaves: Option<BytePath>,
}

/// How sealed bytes come about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// A proven drift is undone on the bytes found.
    Undo,
    /// They are copied from another file.
    Copy,
    /// They are read from the object database of a git repository.
    Blob,
    /// A pin is written in its one spelling.
    Respell,
    /// Not at all.
    Nothing,
}

impl Action {
    /// The word used in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Undo => "undo",
            Self::Copy => "copy",
            Self::Blob => "git_blob",
            Self::Respell => "respell",
            Self::Nothing => "nothing",
        }
    }
}

/// How far one item got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It can be restored; nothing was written.
    Planned,
    /// It was written and read back.
    Written,
    /// It could have been restored, and something was in the way.
    Refused,
    /// The sealed bytes are not proven.
    NotRecoverable,
}

impl Status {
    /// The word used in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Written => "written",
            Self::Refused => "refused",
            Self::NotRecoverable => "not_recoverable",
        }
    }
}

/// A plan, or what came of it.
#[derive(Debug)]
pub struct Restoration {
    /// Writing was asked for.
    pub written: bool,
    /// The packets that items refer to.
    pub packets: Vec<PacketReport>,
    /// By packet; in a packet its manifest, its pin, then files in path order.
    pub items: Vec<Item>,
    /// What counts against the seals and is no item: it stays as it is.
    pub remaining: Vec<Finding>,
}

impl Restoration {
    /// What can be restored, after checking every proof on the bytes there are.
    pub fn plan(judged: Judged) -> Self {
        let items: Vec<Item> = judged.damages.into_iter().map(prove::item).collect();
        let remaining = remaining(&judged.report, &items);
        Self { written: false, packets: judged.report.packets, items, remaining }
    }

    /// A run that could not begin.
    pub fn refused(findings: Vec<Finding>) -> Self {
        Self { written: false, packets: Vec::new(), items: Vec::new(), remaining: findings }
    }

    /// Writes what was planned, item by item; one that is refused stops no other.
    pub fn write(&mut self) {
        self.written = true;
        for item in self.items.iter_mut().filter(|item| item.status == Status::Planned) {
            match write::write(item) {
                Ok(()) => item.status = Status::Written,
                Err(reason) => {
                    item.status = Status::Refused;
                    item.reason = Some(reason);
                }
            }
        }
    }

    /// 0 when everything that is not intact can be restored or was; 1 when
    /// something cannot; 2 when it could not be told, or not be written.
    pub fn exit_code(&self) -> u8 {
        let cannot =
            self.items.iter().any(|item| item.status == Status::NotRecoverable && !item.is_unjudged());
        let fails = self.remaining.iter().any(|f| f.effect == Effect::Fails && f.code != Code::UnsealedFile);
        let unjudged = self.items.iter().any(|item| item.status == Status::Refused || item.is_unjudged());
        if cannot || fails {
            1
        } else if unjudged || self.remaining.iter().any(|f| f.effect == Effect::CannotVerify) {
            2
        } else {
            0
        }
    }
}

impl Item {
    /// The comparison itself came to no result; the finding about it says why.
    fn is_unjudged(&self) -> bool {
        self.damage.unjudged && self.status == Status::NotRecoverable
    }
}

/// Findings that count and that no item speaks for.
fn remaining(report: &Report, items: &[Item]) -> Vec<Finding> {
    let named: HashSet<(usize, &BytePath)> =
        items.iter().map(|item| (item.damage.packet, &item.damage.path)).collect();
    let seals: Vec<&Item> = items.iter().filter(|item| item.damage.part != Part::Entry).collect();
    let counts = |finding: &&Finding| {
        let spoken_for = finding.packet.zip(finding.path.as_ref()).is_some_and(|at| named.contains(&at));
        finding.effect != Effect::None && !is_answered(finding, &seals, spoken_for)
    };
    report.findings.iter().filter(counts).cloned().collect()
}

/// Whether an item speaks for the finding: one about the manifest or pin of its
/// packet, or one about the same file.
fn is_answered(finding: &Finding, seals: &[&Item], spoken_for: bool) -> bool {
    let mut own = seals.iter().filter(|item| Some(item.damage.packet) == finding.packet);
    let back = |item: &Item| item.status != Status::NotRecoverable;
    match finding.code {
        // The manifest comes back, and with it the tree that is demanded.
        Code::TreePinMismatch | Code::ExpectedTreeMismatch => own.any(|item| {
            let sealed = item.damage.sealed.to_string();
            let demanded = finding.sealed.as_ref().is_some_and(|fact| fact.digest == sealed);
            item.damage.part == Part::Manifest && back(item) && demanded
        }),
        Code::PinMalformed => own.any(|item| item.damage.part == Part::Pin && back(item)),
        code => {
            let state =
                matches!(code.row().concerns, Concerns::Drifted | Concerns::Missing | Concerns::Unreadable);
            state && spoken_for
        }
    }
}

/// The words for a remedy.
fn words(remedy: &Remedy) -> (Action, Vec<String>, Option<BytePath>) {
    match remedy {
        Remedy::Undo(recipe) => (Action::Undo, recipe.describe(), None),
        Remedy::Copy { shown, unsealed, .. } => {
            let from = crate::text::quote(shown.as_bytes());
            let stays = if *unsealed { ", which stays" } else { "" };
            (Action::Copy, vec![format!("copy of {from}{stays}")], unsealed.then(|| shown.clone()))
        }
        Remedy::Blob { from, .. } => (Action::Blob, vec![format!("from {from}")], None),
        Remedy::Exactly(_) => {
            let words = "the same digest, which is the manifest's, as 64 digits and a newline";
            (Action::Respell, vec![words.to_owned()], None)
        }
    }
}

#[cfg(test)]
mod tests;
