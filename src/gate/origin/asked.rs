//! What is asked of git: the drifted and missing entries, by repository.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::PathBuf;

use crate::digest::{Digest, Sha256};
use crate::finding::Origin;
use crate::finding::origin::Subject;
use crate::gate::unit::Unit;
use crate::git::{Indexed, Oid};
use crate::observe::{Found, State};
use crate::path::BytePath;
use crate::source::Links;

/// One drifted or missing file of a seal.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) unit: usize,
    pub(super) subject: Subject,
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
    /// Why its bytes may be there although they were not found.
    pub(super) limits: BTreeSet<&'static str>,
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

    /// Still open, and worth reading other blobs for.
    pub(super) fn is_wanted(&self) -> bool {
        self.is_open() && self.subject != Subject::Pin
    }

    fn new(
        at: usize,
        unit: &Unit,
        subject: Subject,
        path: BytePath,
        sealed: Digest,
        found: Option<Found>,
    ) -> Self {
        let size = match subject {
            Subject::Entry(index) => unit
                .manifest
                .as_ref()
                .and_then(|manifest| manifest.entries.get(index))
                .and_then(|entry| entry.size),
            _ => None,
        };
        Self {
            unit: at,
            subject,
            path,
            sealed,
            size,
            found,
            head: None,
            index: None,
            first: None,
            limits: BTreeSet::new(),
            origin: None,
        }
    }
}

/// Every drifted or missing file of every seal, by the folder whose repository is asked.
pub(super) fn collect(units: &[Unit]) -> BTreeMap<PathBuf, Vec<Asked>> {
    let mut all: BTreeMap<PathBuf, Vec<Asked>> = BTreeMap::new();
    for (at, unit) in units.iter().enumerate() {
        let mut asked: Vec<Asked> = manifest(at, unit).into_iter().chain(pin(at, unit)).collect();
        let entries = unit.manifest.iter().flat_map(|manifest| &manifest.entries);
        for (index, (entry, state)) in entries.zip(&unit.states).enumerate() {
            let found = match state {
                State::Drifted(found) if found.digest != entry.digest => Some((**found).clone()),
                State::Missing if !unit.twins.found.contains_key(&index) => None,
                _ => continue,
            };
            let path = unit.seal.root.join(&entry.path);
            asked.push(Asked::new(at, unit, Subject::Entry(index), path, entry.digest.clone(), found));
        }
        if !asked.is_empty() {
            all.entry(unit.scan.tree.base().to_owned()).or_default().extend(asked);
        }
    }
    all
}

/// A manifest that is not the one its pin was made over.
fn manifest(at: usize, unit: &Unit) -> Option<Asked> {
    let (sealed, tree) = (unit.sealed_tree?, unit.seal.tree?);
    let found = Found { digest: Digest::Sha256(tree), size: unit.seal.bytes.len() as u64 };
    let path = unit.seal.manifest_path.clone();
    Some(Asked::new(at, unit, Subject::Manifest, path, Digest::Sha256(sealed), Some(found)))
}

/// A pin in another spelling: the digest that it holds says how it was written.
fn pin(at: usize, unit: &Unit) -> Option<Asked> {
    let pin = unit.seal.pin.as_ref().filter(|pin| !pin.departures.is_empty())?;
    let sealed = Sha256::of(format!("{}\n", pin.digest?).as_bytes());
    let folder = unit.scan.tree.folder(&pin.path.parent()).ok()?;
    let bytes = folder.read(&BytePath::root().child(pin.path.file_name()), Links::Refuse, PIN).ok()?;
    let found = Found { digest: Digest::Sha256(Sha256::of(&bytes)), size: bytes.len() as u64 };
    Some(Asked::new(at, unit, Subject::Pin, pin.path.clone(), Digest::Sha256(sealed), Some(found)))
}

/// No pin is longer, in bytes.
const PIN: u64 = 1 << 16;

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
