//! Checking a proof on the bytes there are: the same for a plan and, once more,
//! while writing.

use std::io::{self, Read, Write};

use super::{Action, Item, Status, words};
use crate::digest::{Algorithm, Hasher, Sha256};
use crate::gate::{Claim, Damage, Remedy};
use crate::path::BytePath;
use crate::source::{Folder, Links, Refusal, Source, WorkTree};

/// Files larger than this are never undone in memory; the drift engine proves
/// nothing about them.
const LARGEST: u64 = 256 << 20;

/// The sealed bytes of one file, ready to be read.
pub(super) enum Sealed {
    /// Made from the bytes found.
    Made(Vec<u8>),
    /// In an open file, or a blob.
    There(Box<dyn Read>),
}

impl Sealed {
    pub(super) fn reader(&mut self) -> Box<dyn Read + '_> {
        match self {
            Self::Made(bytes) => Box::new(bytes.as_slice()),
            Self::There(blob) => Box::new(blob),
        }
    }
}

/// What one damaged file's plan is.
pub(super) fn item(damage: Damage) -> Item {
    let mut item = Item {
        action: Action::Nothing,
        recipe: Vec::new(),
        sealed_size: damage.sealed_size,
        status: Status::NotRecoverable,
        reason: None,
        leaves: None,
        damage,
    };
    let remedy = match &item.damage.remedy {
        Ok(remedy) => remedy,
        Err(why) => {
            item.reason = Some(why.clone());
            return item;
        }
    };
    let proven = sealed(&item.damage, remedy).and_then(|mut sealed| {
        let size =
            pump(&mut sealed.reader(), &mut io::sink(), &item.damage.claims).map_err(|e| e.to_string())?;
        Ok(size)
    });
    match proven {
        Ok(size) => {
            (item.action, item.recipe, item.leaves) = words(remedy);
            item.sealed_size = Some(size);
            item.status = Status::Planned;
        }
        Err(reason) => item.reason = Some(reason),
    }
    item
}

/// The sealed bytes as the remedy gives them, from the bytes there are now.
pub(super) fn sealed(damage: &Damage, remedy: &Remedy) -> Result<Sealed, String> {
    let no_way = |refusal: &Refusal| format!("the file cannot be read again: {refusal}");
    let tree = WorkTree::at(&damage.base).map_err(|error| error.to_string())?;
    let folder = tree.folder(&BytePath::root()).map_err(|refusal| no_way(&refusal))?;
    match remedy {
        Remedy::Exactly(bytes) => {
            current(&*folder, damage)?;
            Ok(Sealed::Made(bytes.clone()))
        }
        Remedy::Undo(recipe) => {
            let found =
                folder.read(&damage.target, Links::Refuse, LARGEST).map_err(|refusal| no_way(&refusal))?;
            unchanged(damage, &found)?;
            let undone =
                recipe.undo(&found).filter(|sealed| recipe.redo(sealed).is_some_and(|back| back == found));
            undone.map(Sealed::Made).ok_or_else(|| "the recipe does not fit the bytes there".to_owned())
        }
        Remedy::Blob { objects, blob, .. } => {
            current(&*folder, damage)?;
            let opened = objects
                .open(blob)
                .map_err(|error| format!("the sealed bytes cannot be read from git: {error}"))?;
            Ok(Sealed::There(Box::new(opened)))
        }
        Remedy::Copy { base, from, .. } => {
            current(&*folder, damage)?;
            let tree = WorkTree::at(base).map_err(|error| error.to_string())?;
            let other = tree.folder(&BytePath::root()).and_then(|folder| folder.open(from, Links::Refuse));
            other
                .map(|blob| Sealed::There(Box::new(blob)))
                .map_err(|refusal| format!("the other file cannot be read: {refusal}"))
        }
    }
}

/// The SHA-256 of what stands at the target: the bytes that were judged, or nothing.
pub(super) fn current(folder: &dyn Folder, damage: &Damage) -> Result<Option<Sha256>, String> {
    let blob = match (folder.open(&damage.target, Links::Refuse), &damage.found) {
        (Err(Refusal::Missing), None) => return way(damage).map(|()| None),
        (Err(refusal), _) => return Err(format!("the file cannot be read again: {refusal}")),
        (Ok(_), None) => return Err("a file appeared there after it was looked for".to_owned()),
        (Ok(blob), Some(_)) => blob,
    };
    let mut hashers = Hashers::new([Algorithm::Sha256, damage.sealed.algorithm()]);
    let size = hashers.read(&mut { blob }).map_err(|error| error.to_string())?;
    let found = damage.found.as_ref().filter(|found| found.size == size && hashers.gave(&found.digest));
    found.and_then(|_| hashers.sha256()).map(Some).ok_or_else(|| CHANGED.to_owned())
}

/// Every folder on the way to a missing file is a folder, or is missing too.
fn way(damage: &Damage) -> Result<(), String> {
    let mut folder = damage.target.parent();
    while !folder.is_root() {
        let there = std::fs::symlink_metadata(damage.base.join(folder.to_os()));
        if there.is_ok_and(|there| !there.is_dir()) {
            let name = crate::text::quote(folder.as_bytes());
            return Err(format!(
                "{name} on the way to it is a link or a file, and is never followed or replaced"
            ));
        }
        folder = folder.parent();
    }
    Ok(())
}

const CHANGED: &str = "the file changed after it was judged";

fn unchanged(damage: &Damage, bytes: &[u8]) -> Result<(), String> {
    let same = damage.found.as_ref().is_some_and(|found| found.digest.same_of(bytes) == found.digest);
    if same { Ok(()) } else { Err(CHANGED.to_owned()) }
}

/// Copies everything from `from` to `to`, and fails when the bytes are not
/// those of every claim. Returns their number.
pub(super) fn pump(from: &mut dyn Read, to: &mut dyn Write, claims: &[Claim]) -> io::Result<u64> {
    let mut hashers = Hashers::new(claims.iter().map(|claim| claim.digest.algorithm()));
    let size = hashers.copy(from, to)?;
    let unmet =
        claims.iter().find(|c| !hashers.gave(&c.digest) || c.size.is_some_and(|sealed| sealed != size));
    match unmet {
        None if !claims.is_empty() => Ok(size),
        _ if claims.len() > 1 => {
            Err(io::Error::other("the seals that name this file disagree about its bytes"))
        }
        _ => Err(io::Error::other("the bytes do not have the sealed digest and length")),
    }
}

/// One running digest per algorithm.
struct Hashers(Vec<(Algorithm, Hasher)>);

impl Hashers {
    fn new(algorithms: impl IntoIterator<Item = Algorithm>) -> Self {
        let mut all: Vec<Algorithm> = algorithms.into_iter().collect();
        all.sort_unstable();
        all.dedup();
        Self(all.into_iter().map(|algorithm| (algorithm, Hasher::new(algorithm))).collect())
    }

    fn read(&mut self, from: &mut dyn Read) -> io::Result<u64> {
        self.copy(from, &mut io::sink())
    }

    fn copy(&mut self, from: &mut dyn Read, to: &mut dyn Write) -> io::Result<u64> {
        let mut buffer = vec![0; 128 << 10];
        let mut size = 0u64;
        loop {
            let read = match from.read(&mut buffer) {
                Ok(0) => return Ok(size),
                Ok(read) => read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            let bytes = buffer.get(..read).unwrap_or_default();
            for (_, hasher) in &mut self.0 {
                hasher.update(bytes);
            }
            to.write_all(bytes)?;
            size = size.saturating_add(read as u64);
        }
    }

    fn gave(&self, digest: &crate::digest::Digest) -> bool {
        let of = self.0.iter().find(|(algorithm, _)| *algorithm == digest.algorithm());
        of.is_some_and(|(_, hasher)| hasher.clone().finish() == *digest)
    }

    fn sha256(&self) -> Option<Sha256> {
        self.0.iter().find_map(|(_, hasher)| match hasher.clone().finish() {
            crate::digest::Digest::Sha256(digest) => Some(digest),
            _ => None,
        })
    }
}
