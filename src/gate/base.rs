//! The base: a commit that has authority over the state that is verified.
//!
//! Whoever edits a packet can edit its seal, its pin and `seal.toml` with it. So
//! the commit before says which seals there are and how they are judged, and this
//! stage compares: what it holds is found by the same scan as everything else.

mod changes;
mod compare;
mod demands;
mod settings;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use super::scan::{Place, Scan, Tree, Trees, What, shown_path, whole_scan};
use super::{Archives, FromLayer, Options};
use crate::code::Code;
use crate::config::Config;
use crate::finding::Finding;
use crate::git::Oid;
use crate::packet::names::{Promise, promise};
use crate::packet::root::Rooted;
use crate::packet::{Seal, Unreadable};
use crate::path::BytePath;
use crate::report;
use crate::source::Layer;

/// A commit with every seal that it holds.
pub(super) struct Base {
    revision: String,
    commit: Oid,
    /// All of it, with the configuration in force there.
    scan: Scan,
    /// Its manifests, with the root of those that have one beyond doubt.
    known: BTreeMap<BytePath, Option<BytePath>>,
    /// The manifests that each PATH means there.
    demanded: BTreeMap<PathBuf, BTreeSet<BytePath>>,
}

/// Reads the base that the options name, if they name one. A commit that is not
/// there refuses the run.
pub(super) fn open(options: &Options) -> Result<Option<Base>, Vec<Finding>> {
    let Some(named) = &options.base else { return Ok(None) };
    let from = FromLayer::Revision(named.revision.clone());
    let there = Options { from, archives: Archives::Refuse, base: None, ..options.clone() };
    let trees = Trees::new(&there, None);
    let mut places: Vec<(&PathBuf, Place)> = Vec::new();
    for path in options.manifest.iter().chain(&options.paths) {
        places.push((path, trees.tracked(path)?));
    }
    let Some((_, first)) = places.first() else { return Ok(None) };
    let tree = first.tree.clone();
    for (path, place) in &places {
        if place.tree.base() != tree.base() {
            return Err(apart(&shown_path(path)));
        }
    }
    let Layer::Revision { commit, .. } = tree.layer().clone() else { return Ok(None) };
    let root = match &options.root {
        Some(root) => Some(trees.tracked(root)?).filter(|root| root.tree.base() == tree.base()),
        None => None,
    };
    let root = root.map(|root| root.at);
    let mut scan = whole_scan(tree.clone(), &[], &trees)?;
    // A manifest may have any name, and be given another root.
    let is_file = |place: &Place| place.what == What::File && !is_pin(&place.at);
    let unknown = |place: &Place| root.is_some() || demands::of(place, &scan).is_empty();
    let files = places.iter().map(|(_, place)| place).filter(|place| is_file(place) && unknown(place));
    let by_name: Vec<_> = files.map(|place| (place.at.clone(), root.clone())).collect();
    if !by_name.is_empty() {
        scan = whole_scan(tree, &by_name, &trees)?;
    }
    forget_plain_files(&mut scan, &by_name);
    let demanded = places.into_iter().map(|(path, place)| (path.clone(), demands::of(&place, &scan)));
    let demanded = demanded.collect();
    let known = scan.seals.iter().map(|seal| (seal.manifest_path.clone(), root_of(seal))).collect();
    Ok(Some(Base { revision: named.revision.clone(), commit, scan, known, demanded }))
}

/// A pin stands for the manifest beside it, and a signature for what it signs.
fn is_pin(path: &BytePath) -> bool {
    matches!(promise(path.file_name()), Some(Promise::Pin | Promise::Signature))
}

/// A root that the content chose may be chosen anew, to have other files compared;
/// one that was in doubt stays in doubt.
fn root_of(seal: &Seal) -> Option<BytePath> {
    let sure = matches!(seal.rooted, Rooted::Given | Rooted::Repository { .. }) && seal.manifest.is_ok();
    sure.then(|| seal.root.clone())
}

/// A file that was given as PATH and is no manifest is a plain file; one that is
/// not there is none either.
fn forget_plain_files(scan: &mut Scan, by_name: &[(BytePath, Option<BytePath>)]) {
    let plain = |seal: &&Seal| {
        let weak = matches!(promise(seal.manifest_path.file_name()), None | Some(Promise::Weak));
        seal.manifest.is_err() && weak && by_name.iter().any(|(path, _)| *path == seal.manifest_path)
    };
    let absent = |seal: &&Seal| matches!(seal.manifest, Err(Unreadable::Missing)) && seal.pin.is_none();
    let configured = |path: &BytePath| {
        scan.config.packets.iter().any(|p| p.manifest.as_ref().is_some_and(|named| named.value == *path))
    };
    let none =
        scan.seals.iter().filter(|seal| absent(seal) || (plain(seal) && !configured(&seal.manifest_path)));
    let none: BTreeSet<BytePath> = none.map(|seal| seal.manifest_path.clone()).collect();
    scan.seals.retain(|seal| !none.contains(&seal.manifest_path));
    scan.wanted.retain(|manifest| !none.contains(manifest));
}

/// One commit is the base of one repository.
fn apart(path: &str) -> Vec<Finding> {
    let message = format!("{path} lies in another repository than the base");
    let finding = Finding::new(Code::UsageError, message);
    vec![finding.help("verify each repository in a run of its own, against a commit of its own")]
}

impl Base {
    /// Refuses a tree of another repository.
    pub(super) fn is_of(&self, tree: &Tree) -> Result<(), Vec<Finding>> {
        if tree.base() == self.scan.tree.base() { Ok(()) } else { Err(apart(&shown_path(tree.base()))) }
    }

    /// The configuration that it has.
    pub(super) fn config(&self) -> &Config {
        &self.scan.config
    }

    /// Every seal that it has, also where the configuration does not look: a PATH
    /// may name one there.
    pub(super) fn seals(&self) -> &[Seal] {
        &self.scan.seals
    }

    /// Their manifests, with the root of those that have one beyond doubt.
    pub(super) fn known(&self) -> &BTreeMap<BytePath, Option<BytePath>> {
        &self.known
    }

    /// Whether a PATH means any seal of it.
    pub(super) fn demands_at(&self, path: &PathBuf) -> bool {
        self.demanded.get(path).is_some_and(|manifests| !manifests.is_empty())
    }

    /// As reports name it.
    pub(super) fn told(&self) -> report::Base {
        report::Base { revision: self.revision.clone(), commit: self.commit.clone() }
    }
}
