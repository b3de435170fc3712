//! What is asked of git: the drifted and missing entries, by repository.

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;

use crate::digest::Digest;
use crate::finding::Origin;
use crate::gate::unit::Unit;
use crate::git::{Indexed, Oid};
use crate::observe::{Found, State};
use crate::path::BytePath;

/// One drifted or missing entry.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) unit: usize,
    pub(super) entry: usize,
    /// From the root of the repository.
    pub(super) path: BytePath,
    pub(super) sealed: Digest,
    pub(super) size: Option<u64>,
    /// The bytes there; none when the file is missing.
    pub(super) found: Option<Found>,
    pub(super) head: Option<Oid>,
    pub(super) index: Option<Indexed>,
    /// The first commit that had the file, and its blob in it.
    pub(super) first: Option<(Oid, Oid)>,
    /// The answer, once there is one.
    pub(super) origin: Option<Origin>,
}

impl Asked {
    /// Still without an answer, or with one and without the sealed bytes, which
    /// a file that is not there could come back from.
    pub(super) fn is_open(&self) -> bool {
        match &self.origin {
            None => true,
            Some(origin) => self.found.is_none() && origin.original.is_none(),
        }
    }
}

/// Every drifted or missing entry, by the folder whose repository is asked.
pub(super) fn collect(units: &[Unit]) -> BTreeMap<PathBuf, Vec<Asked>> {
    let mut all: BTreeMap<PathBuf, Vec<Asked>> = BTreeMap::new();
    for (at, unit) in units.iter().enumerate() {
        let entries = unit.manifest.iter().flat_map(|manifest| &manifest.entries);
        for (index, (entry, state)) in entries.zip(&unit.states).enumerate() {
            let found = match state {
                State::Drifted(found) if found.digest != entry.digest => Some((**found).clone()),
                State::Missing if !unit.twins.found.contains_key(&index) => None,
                _ => continue,
            };
            all.entry(unit.scan.tree.base().to_owned()).or_default().push(Asked {
                unit: at,
                entry: index,
                path: unit.seal.root.join(&entry.path),
                sealed: entry.digest.clone(),
                size: entry.size,
                found,
                head: None,
                index: None,
                first: None,
                origin: None,
            });
        }
    }
    all
}

/// The paths of some, each once in byte order, and for each of them its number.
pub(super) fn paths<'a>(
    asked: impl Iterator<Item = &'a Asked> + Clone,
) -> (Vec<&'a BytePath>, HashMap<&'a BytePath, usize>) {
    let mut paths: Vec<&BytePath> = asked.map(|one| &one.path).collect();
    paths.sort_unstable();
    paths.dedup();
    let numbers = paths.iter().enumerate().map(|(number, path)| (*path, number)).collect();
    (paths, numbers)
}
