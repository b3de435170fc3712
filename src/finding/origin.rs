//! Where damage came in, as git tells it: values only. Who looks is in the gate.

use std::collections::BTreeMap;

use crate::config::Date;
use crate::git::Oid;
use crate::path::BytePath;

/// Where one entry's damage came in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// On the way from which place to which.
    pub place: Place,
    /// The sealed bytes in git, where they were found.
    pub original: Option<Original>,
    /// The line that keeps it from happening again, and the file it belongs in.
    pub prevented_by: Option<AttributeLine>,
}

/// Which file of a seal damage is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// The manifest.
    Manifest,
    /// The tree pin.
    Pin,
    /// The file of the entry with that index.
    Entry(usize),
}

/// The origins of one seal's damage.
pub type Origins = BTreeMap<Subject, Origin>;

/// Between which two places the bytes changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// HEAD and the index hold the sealed bytes; writing them to the working tree changed them.
    Checkout(Checkout),
    /// The pointer was checked out and its content was not fetched.
    NotFetched,
    /// The index lists the file; a sparse checkout leaves it out.
    NotCheckedOut,
    /// The index holds the sealed bytes, the working tree does not.
    Unstaged,
    /// HEAD holds the sealed bytes, the index does not.
    Staged,
    /// A commit changed them.
    Committed(Commit),
    /// A commit removed the file.
    Removed(Commit),
    /// Another branch, another path or the object database alone holds the
    /// sealed bytes; this path never did in the history of HEAD. The commit that has them.
    Elsewhere(Option<Commit>),
    /// No blob of this repository ever had the sealed bytes.
    Never(Never),
    /// No commit ever had the file.
    NotCommitted,
    /// The same, and a rule ignores it.
    Ignored(Rule),
    /// It was not found out, and why, in a few words.
    NotLookedAt(String),
}

/// What a checkout did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkout {
    /// The attributes and settings that make it so.
    pub by: Vec<Setting>,
    /// Doing the same to the committed bytes gives the bytes found. Otherwise a
    /// filter stands in between that is not run here.
    pub repeated: bool,
}

/// An attribute or a setting that git goes by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Setting {
    /// `core.autocrlf`, `eol`.
    pub name: String,
    /// Its value, quoted where it is not a plain word.
    pub value: String,
    /// Where it was set, in words; empty for attributes.
    pub from: String,
}

/// The seal was never true of a blob.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Never {
    /// The first commit that had the file.
    pub first: Commit,
    /// What makes the sealed bytes from those of that commit, when that is known:
    /// `sealed with CRLF, in the commit LF`.
    pub sealed_as: Option<String>,
}

/// A commit, as it says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commit {
    /// Its name.
    pub oid: Oid,
    /// The author's date.
    pub date: Option<Date>,
    /// The first line of its message, quoted and bounded.
    pub subject: String,
    /// The file in it, from the root of the repository.
    pub path: BytePath,
}

/// A blob with the sealed digest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Original {
    /// Its name.
    pub blob: Oid,
    /// What holds it.
    pub holder: Holder,
    /// The path it has there, from the root of the repository.
    pub path: Option<BytePath>,
}

/// What holds a blob.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Holder {
    /// The commit that is checked out.
    Head,
    /// The index.
    Index,
    /// A commit: the last one that had it, where that is known.
    Commit(Oid),
    /// Nothing but the object database.
    Nothing,
}

/// The rule that ignores a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// The file it stands in, in words or quoted.
    pub file: String,
    /// Its line, from 1.
    pub line: u64,
    /// The pattern, quoted.
    pub pattern: String,
}

/// A line of a `.gitattributes`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttributeLine {
    /// The file, from the root of the repository.
    pub file: BytePath,
    /// The line.
    pub line: String,
}

impl Origin {
    /// An origin without further knowledge.
    pub fn of(place: Place) -> Self {
        Self { place, original: None, prevented_by: None }
    }

    /// The stable word of machine formats.
    pub fn kind(&self) -> &'static str {
        match self.place {
            Place::Checkout(_) => "checkout",
            Place::NotFetched => "not_fetched",
            Place::NotCheckedOut => "not_checked_out",
            Place::Unstaged => "unstaged",
            Place::Staged => "staged",
            Place::Committed(_) => "committed",
            Place::Removed(_) => "removed",
            Place::Elsewhere(_) => "elsewhere",
            Place::Never(_) => "never",
            Place::NotCommitted => "not_committed",
            Place::Ignored(_) => "ignored",
            Place::NotLookedAt(_) => "not_looked_at",
        }
    }

    /// The commit concerned.
    pub fn commit(&self) -> Option<&Commit> {
        match &self.place {
            Place::Committed(commit) | Place::Removed(commit) => Some(commit),
            Place::Elsewhere(commit) => commit.as_ref(),
            Place::Never(never) => Some(&never.first),
            _ => None,
        }
    }
}

impl Commit {
    /// `1a2b3c4d5e6f of 2026-06-14, "Fix line ends"`.
    pub fn words(&self) -> String {
        let date = self.date.map_or_else(String::new, |date| format!(" of {date}"));
        format!("{}{date}, {}", self.oid.short(), self.subject)
    }
}

impl Original {
    /// `commit 1a2b3c4d5e6f, "docs/a.md"`: where the bytes are taken from.
    pub fn words(&self) -> String {
        let holder = match &self.holder {
            Holder::Head => "HEAD".to_owned(),
            Holder::Index => "the index".to_owned(),
            Holder::Commit(oid) => format!("commit {}", oid.short()),
            Holder::Nothing => format!("git, blob {}", self.blob.short()),
        };
        match &self.path {
            Some(path) => format!("{holder}, {}", crate::text::quote(path.as_bytes())),
            None => holder,
        }
    }
}
