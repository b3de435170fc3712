//! What git tracks: the files of the index, or of a commit, as git holds them
//! before any conversion on checkout.

use std::io::{self, Read};

use thiserror::Error;

use super::snapshot::{Conflict, Item, Snapshot, Store};
use super::{Blob, Refusal};
use crate::git::{BlobReader, Git, GitError, Mode, Objects, Oid, Tracked};
use crate::path::BytePath;
use crate::text::quote;

/// Files by their blobs.
pub type TrackedFiles = Snapshot<Objects>;

/// Why the tracked files cannot be listed.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum TrackedError {
    /// Git did not answer.
    #[error(transparent)]
    Git(#[from] GitError),
    /// A merge is not resolved; which of several versions is meant nobody has said.
    #[error("the merge of {} is not resolved", names(.0))]
    Unmerged(Vec<Vec<u8>>),
    /// Git holds a path that no working tree could.
    #[error("git tracks {}, which no folder can hold", quote(.0))]
    BadPath(Vec<u8>),
    /// Git holds paths that cannot be together.
    #[error("{0}")]
    Conflict(#[from] Conflict),
}

/// Up to three names, and how many more.
fn names(paths: &[Vec<u8>]) -> String {
    let shown: Vec<String> = paths.iter().take(3).map(|path| quote(path)).collect();
    match paths.len().saturating_sub(3) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

/// What is staged for the next commit.
pub fn index(git: &Git) -> Result<TrackedFiles, TrackedError> {
    let staged = git.index()?;
    if staged.unmerged.is_empty() {
        files(git, staged.tracked)
    } else {
        Err(TrackedError::Unmerged(staged.unmerged))
    }
}

/// What a commit holds.
pub fn revision(git: &Git, commit: &Oid) -> Result<TrackedFiles, TrackedError> {
    files(git, git.tree(commit)?)
}

fn files(git: &Git, tracked: Vec<Tracked>) -> Result<TrackedFiles, TrackedError> {
    let mut items = Vec::with_capacity(tracked.len());
    for Tracked { path, mode, oid } in tracked {
        let Some(listed) = BytePath::listed(&path) else { return Err(TrackedError::BadPath(path)) };
        let item = match mode {
            Mode::File => Item::File(oid),
            Mode::Symlink => Item::Symlink(oid),
            Mode::Submodule => Item::Submodule,
        };
        items.push((listed, item));
    }
    Ok(Snapshot::new(git.objects(), items, true)?)
}

impl Store for Objects {
    type Handle = Oid;

    fn open(&self, oid: &Oid) -> Result<Box<dyn Blob>, Refusal> {
        match Objects::open(self, oid) {
            Ok(blob) => Ok(Box::new(Held(blob))),
            Err(GitError::MissingObject(oid)) => Err(Refusal::NotFetched(oid)),
            Err(other) => Err(Refusal::Io(other.to_string())),
        }
    }
}

/// A blob, which cannot change.
struct Held(BlobReader);

impl Read for Held {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer)
    }
}

impl Blob for Held {
    fn size(&self) -> u64 {
        self.0.size()
    }

    fn changed(&self) -> bool {
        false
    }
}
