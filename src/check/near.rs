//! Documents that have the shape or nearly the name of one that a check reads,
//! and that nothing reads because they are called otherwise.
//!
//! A document under its own name is judged; under another one it would go
//! unnoticed, whatever it says.

use std::collections::{BTreeMap, BTreeSet};

use super::{Meta, Sink};
use crate::code::{Code, Severity};
use crate::drift::Grade;
use crate::evidence::{Document, Limits, Shelf};
use crate::finding::Finding;
use crate::manifest::Manifest;
use crate::packet::names::{Promise, promise};
use crate::path::BytePath;
use crate::profile::Role;
use crate::text::alike::letters;
use crate::text::quote;

/// Fields of the top level that only a document of that role has, all of them together.
const SHAPES: [(Role, &[&str]); 14] = [
    (Role::TargetLock, &["clone_realpath"]),
    (Role::RehearsalEvidence, &["readonly_entry_exit_invariant"]),
    (Role::RollbackProof, &["rollback_proof_status"]),
    (Role::Probes, &["any_fail_open"]),
    (Role::ValidatorRuns, &["validator_sha256", "runs"]),
    (Role::CloneProvenance, &["table_A_clone_provenance"]),
    (Role::SchemaCompatibility, &["table_B_schema_compatibility"]),
    (Role::ForbiddenSurfaces, &["any_forbidden_surface_attempted"]),
    (Role::Gate, &["wired_to_production"]),
    (Role::CiUnknowns, &["table_B_ci_unknown_resolution"]),
    (Role::Blockers, &["blockers", "newly_closed"]),
    (Role::Decision, &["default_decision", "options"]),
    (Role::Reservations, &["canonical_fold", "ranges"]),
    (Role::ScopeLock, &["no_production_scope_proven"]),
];

/// Documents that nobody names are looked into up to this number and length.
const LOOKED_INTO: usize = 64;
const LONGEST: usize = 1 << 20;

/// How a file is like a document.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Likeness {
    /// Its name, but for letter case, separators and lookalike letters.
    Name,
    /// Its name, in another folder.
    Folder,
    /// Its fields.
    Fields,
}

struct Found {
    path: BytePath,
    usual: BytePath,
    likeness: Likeness,
    /// The packet has the document itself too.
    beside: bool,
}

/// What is like a document that some check reads, by role.
pub(super) struct Near {
    found: BTreeMap<Role, Vec<Found>>,
    /// The packet has other documents that checks read.
    is_evidence: bool,
}

impl Near {
    /// Looks through the sealed names of a packet.
    pub(super) fn of(manifest: &Manifest, shelf: &Shelf<'_>) -> Self {
        let profile = shelf.profile();
        let (had, lacking): (Vec<Role>, Vec<Role>) = Role::ALL
            .iter()
            .filter(|role| !super::files::PAGES.contains(role))
            .partition(|role| shelf.has(**role));
        let mut near = Self { found: BTreeMap::new(), is_evidence: !had.is_empty() };
        let claimed: BTreeSet<&BytePath> =
            Role::ALL.iter().flat_map(|role| profile.documents(*role)).collect();
        let mut usual: BTreeMap<String, (Role, &BytePath)> = BTreeMap::new();
        for role in lacking.iter().chain(&had) {
            for name in profile.documents(*role) {
                usual.entry(name_of(name)).or_insert((*role, name));
            }
        }
        let endings: BTreeSet<Vec<u8>> = claimed.iter().filter_map(|path| ending(path)).collect();
        let nested = nested(manifest);
        let mut others = Vec::new();
        for entry in &manifest.entries {
            let path = &entry.path;
            let like = ending(path).is_some_and(|ending| endings.contains(&ending));
            if !like || claimed.contains(path) || is_below(path, &nested) {
                continue;
            }
            match usual.get(&name_of(path)) {
                Some((role, name)) => {
                    let beside = path.parent() == name.parent();
                    let likeness = if beside { Likeness::Name } else { Likeness::Folder };
                    near.add(*role, path, name, likeness, had.contains(role));
                }
                None if path.parent().is_root() => others.push(path),
                None => {}
            }
        }
        near.by_fields(&others, &had, shelf);
        near
    }

    fn add(&mut self, role: Role, path: &BytePath, usual: &BytePath, likeness: Likeness, beside: bool) {
        let found = Found { path: path.clone(), usual: usual.clone(), likeness, beside };
        self.found.entry(role).or_default().push(found);
    }

    fn by_fields(&mut self, others: &[&BytePath], had: &[Role], shelf: &Shelf<'_>) {
        let profile = shelf.profile();
        for path in others.iter().take(LOOKED_INTO) {
            let Ok(held) = shelf.bytes_of(path) else { continue };
            let limits = Limits { bytes: LONGEST, ..Limits::default() };
            let read = Document::read((*path).clone(), held, crate::profile::Spellings::default(), limits);
            let Ok(document) = read else { continue };
            let Some(root) = document.root().as_object() else { continue };
            let names: BTreeSet<String> = root.members().map(|(name, _)| name.into_owned()).collect();
            for (role, fields) in &SHAPES {
                let spellings = profile.spellings(*role);
                let has = |field: &&str| {
                    names.contains(*field) || spellings.of(field).iter().any(|other| names.contains(other))
                };
                if let Some(usual) = profile.documents(*role).first().filter(|_| fields.iter().all(has)) {
                    self.add(*role, path, usual, Likeness::Fields, had.contains(role));
                }
            }
        }
    }

    /// Tells a check of what is like the documents that it reads. In a packet without
    /// evidence, for a copy in another folder, and beside the document itself, that
    /// is a guess.
    pub(super) fn tell(&self, meta: &Meta, out: &mut Sink) {
        for role in meta.documents.iter().filter_map(|id| Role::from_id(id)) {
            for found in self.found.get(&role).into_iter().flatten() {
                let elsewhere = found.likeness == Likeness::Folder;
                // In a packet without evidence fields and folders mean nothing; a name may.
                let named = found.likeness == Likeness::Name;
                if (elsewhere && found.beside) || !(named || self.is_evidence) {
                    continue;
                }
                let mut finding = found.finding(role);
                if elsewhere || found.beside || !self.is_evidence {
                    finding = finding.downgraded(Severity::Warning);
                    finding.grade = Grade::Suspected;
                }
                out.push(finding);
            }
        }
    }

    /// What stands in the place of a document of that role, as a clause.
    pub(super) fn in_place_of(&self, role: Role) -> Option<String> {
        let mut found = self.found.get(&role)?.iter();
        let found = found.find(|found| found.likeness != Likeness::Folder)?;
        Some(format!(
            "{} is read by nothing, since it is not called {}",
            quote(found.path.as_bytes()),
            quote(found.usual.as_bytes())
        ))
    }
}

impl Found {
    fn finding(&self, role: Role) -> Finding {
        let (path, usual) = (quote(self.path.as_bytes()), quote(self.usual.as_bytes()));
        let like = match self.likeness {
            Likeness::Name | Likeness::Folder => "is nearly the name",
            Likeness::Fields => "has the fields",
        };
        let message = format!(
            "{path} {like} of the document `{}`, which is called {usual}, and is read by nothing",
            role.id()
        );
        let help = format!(
            "call it {usual} and seal the packet again, or name it in seal.toml: `{} = [{path}]` below \
             `[profile.NAME.documents]`",
            role.id()
        );
        Finding::new(Code::EvidenceMisnamed, message).help(help).path(self.path.clone())
    }
}

fn name_of(path: &BytePath) -> String {
    letters(&String::from_utf8_lossy(path.file_name()))
}

fn ending(path: &BytePath) -> Option<Vec<u8>> {
    let name = path.file_name();
    let at = name.iter().rposition(|byte| *byte == b'.')?;
    Some(name.get(at..)?.to_ascii_lowercase())
}

/// Folders with a seal of their own, which are judged by it.
fn nested(manifest: &Manifest) -> BTreeSet<Vec<u8>> {
    let is_seal = |path: &&BytePath| {
        matches!(promise(path.file_name()), Some(Promise::Pin | Promise::Strong)) && !path.parent().is_root()
    };
    let seals = manifest.entries.iter().map(|entry| &entry.path).filter(is_seal);
    seals.map(|seal| seal.parent().as_bytes().to_vec()).collect()
}

fn is_below(path: &BytePath, folders: &BTreeSet<Vec<u8>>) -> bool {
    let path = path.as_bytes();
    memchr::memchr_iter(b'/', path).any(|end| path.get(..end).is_some_and(|folder| folders.contains(folder)))
}

#[cfg(test)]
mod tests;
