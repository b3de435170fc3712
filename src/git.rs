//! git: what the object database, the index and the configuration of a
//! repository say, through read-only plumbing.
//!
//! The one place that runs git. A repository is hostile: its configuration may
//! name commands to run and hosts to fetch from, its objects may be replaced,
//! its files may be pipes that never end. Nothing here checks out, fetches,
//! runs a hook, a filter or a pager, or waits for ever.

mod attributes;
mod blobs;
mod commits;
mod history;
mod index;
mod layers;
mod objects;
mod paths;
mod process;
mod settings;
mod tree;

use std::ffi::OsStr;
use std::fmt;
use std::path::{Path, PathBuf};

use thiserror::Error;

pub use attributes::{Attributes, IgnoreRule, State as AttributeState};
pub use blobs::Hashed;
pub use commits::CommitFacts;
pub use history::{Change, History, Walk, Walked, Wanted};
pub use index::Staged;
pub use layers::Indexed;
pub use objects::{BlobReader, Header, ObjectKind, Objects};
pub use paths::Paths;
pub use settings::{Scope, Setting, Settings};
pub use tree::{Mode, Tracked};

use crate::source::worktree::git_folder;

/// The name of an object: 40 or 64 lower-case hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Oid(String);

impl Oid {
    /// Reads one; `None` for anything else, an abbreviation too.
    pub fn parse(text: &[u8]) -> Option<Self> {
        let hex = matches!(text.len(), 40 | 64)
            && text.iter().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(b));
        hex.then(|| Self(text.iter().map(|b| char::from(*b)).collect()))
    }

    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The first twelve digits, for people.
    pub fn short(&self) -> &str {
        self.0.get(..12).unwrap_or(&self.0)
    }

    /// Whether it is all zeros, which names no object: an added or a deleted file.
    pub fn is_zero(&self) -> bool {
        self.0.bytes().all(|b| b == b'0')
    }
}

impl fmt::Display for Oid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Why git could not say something.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum GitError {
    /// No program `git` in any absolute folder of `PATH`.
    #[error("git is not installed")]
    NotInstalled,
    /// The folder is in no repository, or its `.git` leads nowhere.
    #[error("this is not a git repository")]
    NotARepository,
    /// git ended with an error; the first line it wrote, quoted.
    #[error("git {command} failed: {reason}")]
    Failed {
        /// The subcommand.
        command: String,
        /// The first line of its standard error, quoted.
        reason: String,
    },
    /// It was silent for too long and was ended.
    #[error("git {0} gave no answer and was ended")]
    TimedOut(String),
    /// It wrote more than is read, or something that is not understood.
    #[error("the answer of git {0} is not understood")]
    NotUnderstood(String),
    /// The object database does not hold an object that is named in it.
    #[error("the object {0} is not in this clone")]
    MissingObject(Oid),
    /// A revision that names no commit.
    #[error("{0} names no commit here")]
    NoCommit(String),
}

/// One repository, asked through git.
#[derive(Clone, Debug)]
pub struct Git {
    program: PathBuf,
    folder: PathBuf,
    work_tree: Option<PathBuf>,
}

impl Git {
    /// The repository whose working tree, or whose bare folder, is `root`.
    pub fn open(root: &Path) -> Result<Self, GitError> {
        let program = process::program().ok_or(GitError::NotInstalled)?;
        let (folder, bare) = git_folder(root).ok_or(GitError::NotARepository)?;
        let folder = folder.canonicalize().map_err(|_| GitError::NotARepository)?;
        Ok(Self { program, folder, work_tree: (!bare).then(|| root.to_owned()) })
    }

    /// Runs a subcommand to its end and gives what it wrote. The subcommand must
    /// be plumbing that writes nothing; `input` is given to it as standard input.
    pub fn output<A: AsRef<OsStr>>(&self, args: &[A], input: &[u8]) -> Result<Vec<u8>, GitError> {
        process::output(self, args, input)
    }

    /// Runs a subcommand and hands its output over piece by piece, for as long
    /// as `take` wants more.
    pub fn stream<A: AsRef<OsStr>>(
        &self,
        args: &[A],
        input: &[u8],
        take: &mut dyn FnMut(&[u8]) -> std::ops::ControlFlow<()>,
    ) -> Result<(), GitError> {
        process::stream(self, args, input, take)
    }

    /// The objects of the repository.
    pub fn objects(&self) -> Objects {
        Objects::new(self.clone())
    }

    /// The commit that a revision names.
    pub fn commit(&self, revision: &str) -> Result<Oid, GitError> {
        let no_commit = || GitError::NoCommit(crate::text::quote(revision.as_bytes()));
        let name = format!("{revision}^{{commit}}");
        let args = ["rev-parse", "--verify", "--quiet", "--end-of-options", &name];
        match self.output(&args, &[]) {
            Ok(text) => Oid::parse(text.trim_ascii_end()).ok_or_else(no_commit),
            Err(GitError::Failed { .. }) => Err(no_commit()),
            Err(other) => Err(other),
        }
    }

    /// Whether objects were left out when it was cloned, to be fetched on demand.
    pub fn is_partial(&self) -> bool {
        let args = ["config", "--get-regexp", r"^(extensions\.partialclone|remote\..*\.promisor)$"];
        self.output(&args, &[]).is_ok_and(|text| !text.is_empty())
    }

    /// Whether history ends early here because older commits were not fetched.
    pub fn is_shallow(&self) -> bool {
        let common = self.output(&["rev-parse", "--is-shallow-repository"], &[]);
        common.is_ok_and(|text| text.trim_ascii() == b"true")
    }
}

#[cfg(test)]
mod tests;
