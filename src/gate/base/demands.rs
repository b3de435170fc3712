//! Which seals of the base a PATH means: those that the same PATH would mean
//! if the base itself were verified.

use std::collections::BTreeSet;

use crate::gate::scan::{Place, Scan, What};
use crate::packet::Seal;
use crate::packet::names::{Promise, promise};
use crate::path::BytePath;

/// The manifests that a place means.
pub(super) fn of(place: &Place, scan: &Scan) -> BTreeSet<BytePath> {
    match place.what {
        What::Folder => below(&place.at, scan),
        What::File => of_file(&place.at, scan),
        // Where a sealed file was gone in the base already, its seal is meant.
        What::Gone => listing(&place.at, scan),
        What::Other => BTreeSet::new(),
    }
}

/// Every seal at or below a folder, where the configuration looks.
pub(super) fn below(folder: &BytePath, scan: &Scan) -> BTreeSet<BytePath> {
    let below = scan.wanted.iter().filter(|manifest| manifest.strip_prefix(folder).is_some());
    below.cloned().collect()
}

fn of_file(at: &BytePath, scan: &Scan) -> BTreeSet<BytePath> {
    let itself =
        |seal: &&Seal| seal.manifest_path == *at || seal.pin.as_ref().is_some_and(|pin| pin.path == *at);
    let itself: BTreeSet<BytePath> =
        scan.seals.iter().filter(itself).map(|seal| seal.manifest_path.clone()).collect();
    let listed = listing(at, scan);
    let first = match promise(at.file_name()) {
        Some(Promise::Signature) | None => listed.clone(),
        Some(_) => itself.clone(),
    };
    if !first.is_empty() {
        return first;
    }
    if itself.is_empty() { listed } else { itself }
}

/// The seals that list a file, in the nearest folder at or above it that has one.
fn listing(at: &BytePath, scan: &Scan) -> BTreeSet<BytePath> {
    let lists = |seal: &&Seal| {
        let Some(name) = at.strip_prefix(&seal.root) else { return false };
        let above = at.strip_prefix(&seal.manifest_path.parent()).is_some();
        above && seal.manifest.as_ref().is_ok_and(|read| read.entries.iter().any(|e| e.path == name))
    };
    let all: Vec<&Seal> = scan.seals.iter().filter(lists).collect();
    let depth = |seal: &Seal| seal.manifest_path.components().count();
    let nearest = all.iter().map(|seal| depth(seal)).max();
    let near = all.iter().filter(|seal| Some(depth(seal)) == nearest);
    near.map(|seal| seal.manifest_path.clone()).collect()
}
