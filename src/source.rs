//! Where bytes come from: one trait, and one implementation per place.
//!
//! A source lists what there is and opens it. It knows paths, never manifests;
//! what it opens lies beneath the root it was asked for, is a regular file, and
//! was reached without following a link.

pub mod archive;
pub(crate) mod memory;
pub mod snapshot;
pub mod tracked;
pub mod worktree;

use std::fmt;
use std::io::Read;

use thiserror::Error;

use crate::git::Oid;
use crate::path::BytePath;

pub use snapshot::Snapshot;
pub use worktree::WorkTree;

/// Which state of the files a source holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Layer {
    /// As they lie on disk.
    WorkTree,
    /// As they are staged for the next commit.
    Index,
    /// As a commit holds them.
    Revision {
        /// As the user named it.
        name: String,
        /// The commit.
        commit: Oid,
    },
    /// As an archive holds them.
    Archive {
        /// The archive's own file name.
        name: Vec<u8>,
        /// What kind it is.
        format: archive::Format,
    },
}

impl fmt::Display for Layer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::WorkTree => f.write_str("the working tree"),
            Self::Index => f.write_str("the index"),
            Self::Revision { commit, .. } => write!(f, "commit {}", commit.short()),
            Self::Archive { name, .. } => write!(f, "the archive {}", crate::text::quote(name)),
        }
    }
}

/// What a listed path is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A regular file.
    File,
    /// A symbolic link, wherever it leads.
    Symlink,
    /// Something that cannot be sealed; the word names it: `FIFO`, `socket`, `device`.
    Special(&'static str),
    /// A commit of another repository, whose files are not here.
    Submodule,
}

/// One path that a source holds. Folders themselves are not listed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Listed {
    /// Relative to the source's base.
    pub path: BytePath,
    /// What it is.
    pub kind: Kind,
}

/// Why a path was not opened.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Refusal {
    /// Nothing is there.
    #[error("there is no such file")]
    Missing,
    /// The path, or a folder on the way, is a symbolic link.
    #[error("it is a symbolic link, or a folder on the way is one")]
    Symlink {
        /// The link's own text, when the last component is the link.
        target: Option<Vec<u8>>,
    },
    /// A link that is allowed to lead somewhere inside the root leads out of it.
    #[error("it is a symbolic link that leads out of the root")]
    LeavesRoot {
        /// The link's own text, when the last component is the link.
        target: Option<Vec<u8>>,
    },
    /// A folder, FIFO, socket or device.
    #[error("it is a {0}, not a regular file")]
    NotRegular(&'static str),
    /// It lies in a submodule, whose files this source does not hold.
    #[error("it lies in a submodule, whose files are in another repository")]
    Submodule,
    /// The repository tracks it, and a sparse checkout leaves it out.
    #[error("the sparse checkout leaves it out")]
    NotCheckedOut,
    /// The repository knows its object and does not hold it.
    #[error("its git object {0} is not in this clone")]
    NotFetched(Oid),
    /// The operating system refused.
    #[error("permission denied")]
    Denied,
    /// Any other error of the operating system.
    #[error("{0}")]
    Io(String),
}

/// Whether links may be followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Links {
    /// A link anywhere below the root is refused.
    #[default]
    Refuse,
    /// A link is followed when it resolves to a regular file inside the root.
    FollowInside,
}

/// An open regular file.
pub trait Blob: Read + Send {
    /// Its length when it was opened, in bytes.
    fn size(&self) -> u64;
    /// Whether it was written to since it was opened, as far as its metadata tells.
    fn changed(&self) -> bool;
}

/// A folder of a source, opened: names below it cannot leave it.
pub trait Folder: Sync {
    /// Opens a regular file below the folder.
    fn open(&self, path: &BytePath, links: Links) -> Result<Box<dyn Blob>, Refusal>;

    /// Whether anything stands at `path`: a file, a link, a folder.
    fn exists(&self, path: &BytePath) -> bool;

    /// Reads a whole file of at most `limit` bytes; a longer one is [`Refusal::Io`].
    fn read(&self, path: &BytePath, links: Links, limit: u64) -> Result<Vec<u8>, Refusal> {
        let mut blob = self.open(path, links)?;
        let too_long = || Refusal::Io(format!("it is longer than {limit} bytes"));
        if blob.size() > limit {
            return Err(too_long());
        }
        let mut bytes = Vec::with_capacity(usize::try_from(blob.size()).unwrap_or(0));
        let read = (&mut blob).take(limit.saturating_add(1)).read_to_end(&mut bytes);
        read.map_err(|error| Refusal::Io(error.to_string()))?;
        if bytes.len() as u64 > limit {
            return Err(too_long());
        }
        Ok(bytes)
    }
}

/// A place that holds bytes.
pub trait Source: Send + Sync {
    /// Every file, link and special file below `under`, in byte order of the
    /// path. Nothing is ignored but the enclosing repository's own `.git`.
    fn list(&self, under: &BytePath) -> Result<Vec<Listed>, ListError>;

    /// The files, links and special files directly in `folder`, in byte order.
    fn list_folder(&self, folder: &BytePath) -> Result<Vec<Listed>, ListError>;

    /// Opens a folder; entries are opened relative to it.
    fn folder(&self, at: &BytePath) -> Result<Box<dyn Folder + '_>, Refusal>;

    /// Which of these paths the enclosing repository ignores and does not track.
    fn ignored(&self, paths: &[BytePath], below: &BytePath) -> Vec<bool>;

    /// Whether the base is the root of a repository.
    fn is_repository(&self) -> bool;

    /// Whether this folder is the root of a repository.
    fn holds_repository(&self, folder: &BytePath) -> bool;

    /// Which of these paths, none of which is there, a sparse checkout leaves out.
    fn left_out(&self, paths: &[BytePath]) -> Vec<bool> {
        vec![false; paths.len()]
    }
}

/// A tree could not be listed whole; nothing is concluded from a part of it.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{}: {reason}", crate::text::quote(if path.is_root() { b"." } else { path.as_bytes() }))]
pub struct ListError {
    /// The folder that stopped it, relative to the base.
    pub path: BytePath,
    /// The operating system's reason, without a name.
    pub reason: String,
}
