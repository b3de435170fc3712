//! The bytes that pins can be computed from: sealed files of the packet, of what
//! it refers to, and of its predecessor. Each is read once.

use std::collections::BTreeMap;

use crate::check::predecessor::Verified;
use crate::check::{CheckError, Packet};
use crate::digest::{Digest, Sha256};
use crate::evidence::Shelf;
use crate::manifest::Entry;
use crate::observe::State;
use crate::path::BytePath;
use crate::text::quote;

/// Digest and, where it is known, length.
pub(super) type Facts = (Sha256, Option<u64>);

/// A sealed file.
#[derive(Clone, Copy)]
struct Sealed<'a> {
    shelf: &'a Shelf<'a>,
    entry: &'a Entry,
    /// Its bytes are those of the seal.
    intact: bool,
}

/// Everything that may be looked at, by path and by digest.
pub(super) struct Library<'a> {
    tree: Option<Sha256>,
    by_path: BTreeMap<&'a BytePath, Sealed<'a>>,
    by_digest: BTreeMap<[u8; 32], Sealed<'a>>,
    read: BTreeMap<&'a BytePath, Facts>,
}

impl<'a> Library<'a> {
    /// Files of the packet come before those of its predecessor.
    pub(super) fn new(packet: &Packet<'a>, before: Option<Verified<'a>>) -> Self {
        let mut library = Self {
            tree: before.map(|before| before.tree),
            by_path: BTreeMap::new(),
            by_digest: BTreeMap::new(),
            read: BTreeMap::new(),
        };
        let entries = packet.manifest.iter().flat_map(|manifest| &manifest.entries);
        for (entry, state) in entries.zip(packet.states) {
            let intact = matches!(state, State::Intact | State::Referenced(_));
            library.add(Sealed { shelf: packet.shelf, entry, intact });
        }
        for entry in before.iter().flat_map(|before| &before.manifest.entries) {
            if let Some(before) = before {
                library.add(Sealed { shelf: before.shelf, entry, intact: true });
            }
        }
        library
    }

    fn add(&mut self, sealed: Sealed<'a>) {
        self.by_path.entry(&sealed.entry.path).or_insert(sealed);
        if let (Digest::Sha256(digest), true) = (&sealed.entry.digest, sealed.intact) {
            self.by_digest.entry(digest.0).or_insert(sealed);
        }
    }

    /// The predecessor's tree.
    pub(super) fn tree(&self) -> Option<Facts> {
        self.tree.map(|tree| (tree, None))
    }

    /// What the sealed bytes under a path are.
    pub(super) fn at(&mut self, path: &BytePath) -> Result<Option<Facts>, CheckError> {
        let Some(sealed) = self.by_path.get(path).copied() else { return Ok(None) };
        self.facts(sealed).map(Some)
    }

    /// What some sealed file with that digest is, and its path; none for the tree.
    pub(super) fn with(
        &mut self,
        digest: Sha256,
    ) -> Result<Option<(Facts, Option<&'a BytePath>)>, CheckError> {
        if self.tree == Some(digest) {
            return Ok(self.tree().map(|facts| (facts, None)));
        }
        let Some(sealed) = self.by_digest.get(&digest.0).copied() else { return Ok(None) };
        let path = &sealed.entry.path;
        self.facts(sealed).map(|facts| Some((facts, Some(path))))
    }

    /// Computed from the bytes; those of a file that is too long to be read again
    /// were computed when it was compared with its seal.
    fn facts(&mut self, sealed: Sealed<'a>) -> Result<Facts, CheckError> {
        let Sealed { shelf, entry, intact } = sealed;
        let is_first = self.by_path.get(&entry.path).is_some_and(|first| std::ptr::eq(first.entry, entry));
        if let Some(facts) = self.read.get(&entry.path).filter(|_| is_first) {
            return Ok(*facts);
        }
        let facts = match (shelf.bytes_of(&entry.path), &entry.digest) {
            (Ok(held), _) => (Sha256::of(&held.bytes), Some(held.bytes.len() as u64)),
            (Err(_), Digest::Sha256(digest)) if intact => (*digest, entry.size),
            (Err(why), _) => {
                let name = quote(entry.path.as_bytes());
                return Err(CheckError(format!("the pinned artifact {name} {why}")));
            }
        };
        if is_first {
            self.read.insert(&entry.path, facts);
        }
        Ok(facts)
    }
}
