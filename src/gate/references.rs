//! Entries that are sealed here and kept elsewhere: their bytes are looked for
//! in the folders that the configuration names, and believed only when they
//! have the sealed digest.

use super::unit::Unit;
use crate::config::Reference;
use crate::digest::hash_reader;
use crate::manifest::Entry;
use crate::observe::State;
use crate::path::BytePath;
use crate::source::{Kind, Links};

/// Settles every missing entry that is said to be kept elsewhere.
pub(super) fn resolve(unit: &mut Unit) {
    let Some(manifest) = &unit.manifest else { return };
    for (index, entry) in manifest.entries.iter().enumerate() {
        if unit.states.get(index) != Some(&State::Missing) {
            continue;
        }
        let references: Vec<&Reference> =
            unit.policy.references.iter().filter(|reference| reference.path == entry.path).collect();
        if references.is_empty() && !entry.by_reference {
            continue;
        }
        let found = references.iter().find_map(|reference| look(unit, entry, reference));
        if let (Some(path), Some(state)) = (found, unit.states.get_mut(index)) {
            *state = State::Referenced(Box::new(path));
        } else {
            let looked = references.iter().flat_map(|r| r.found_in.iter().cloned()).collect();
            unit.unresolved.insert(index, looked);
        }
    }
}

/// A copy of a drifted or missing entry's sealed bytes in the folders that the
/// configuration names for it, relative to the tree.
pub(super) fn copy_of(unit: &Unit, entry: &Entry) -> Option<BytePath> {
    let mut references = unit.policy.references.iter().filter(|reference| reference.path == entry.path);
    references.find_map(|reference| look(unit, entry, reference))
}

/// The path, relative to the tree, of a file with the sealed digest and length
/// in one of the reference's folders. The same path below the folder is tried
/// first, then every file with the same last component.
fn look(unit: &Unit, entry: &Entry, reference: &Reference) -> Option<BytePath> {
    let sealed_otherwise =
        entry.digest.as_bytes().len() == 32 && entry.digest.as_bytes() != reference.sha256.0;
    if sealed_otherwise {
        return None;
    }
    for folder in &reference.found_in {
        let direct = folder.join(&entry.path);
        let listed = unit.scan.tree.list(folder).unwrap_or_default();
        let same_name = listed
            .into_iter()
            .filter(|l| l.kind == Kind::File && l.path.file_name() == entry.path.file_name())
            .map(|l| l.path);
        for candidate in std::iter::once(direct).chain(same_name) {
            if holds(unit, &candidate, entry, reference) {
                return Some(candidate);
            }
        }
    }
    None
}

fn holds(unit: &Unit, path: &BytePath, entry: &Entry, reference: &Reference) -> bool {
    let Ok(root) = unit.scan.tree.folder(&BytePath::root()) else { return false };
    let Ok(mut blob) = root.open(path, Links::Refuse) else { return false };
    let Ok((digest, size)) = hash_reader(entry.digest.algorithm(), &mut blob, &mut vec![0; 1 << 16]) else {
        return false;
    };
    let sizes = [entry.size, reference.size];
    digest == entry.digest && sizes.iter().flatten().all(|sealed| *sealed == size)
}
