//! A risk that was found: what, where, for which sealed files, and what
//! prevents it.

use super::table::Kind;
use crate::code::Severity;
use crate::path::BytePath;

/// Where a risk comes from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The file, as a person in the current folder would name it; or words for
    /// a place that is no file of the repository.
    pub file: BytePath,
    /// Its line, from 1.
    pub line: Option<u64>,
}

/// What to add, and where.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Remedy {
    /// What to do, a sentence without a full stop; commands between backticks.
    pub say: String,
    /// The very lines to add.
    pub lines: Vec<String>,
}

/// A risk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Risk {
    /// What it is.
    pub kind: Kind,
    /// How it is shown: as its kind says.
    pub severity: Severity,
    /// Where it comes from, where that is known.
    pub place: Option<Place>,
    /// The sealed files concerned, as a person in the current folder would name them.
    pub paths: Vec<BytePath>,
    /// What was found, a sentence without a full stop; packet data in it is quoted.
    pub reason: String,
    /// What prevents it.
    pub remedy: Remedy,
}

impl Risk {
    /// A risk of that kind.
    pub(super) fn new(kind: Kind, reason: impl Into<String>) -> Self {
        let reason = reason.into();
        let severity = kind.row().severity;
        Self { kind, severity, place: None, paths: Vec::new(), reason, remedy: Remedy::default() }
    }

    #[must_use]
    pub(super) fn at(mut self, file: &BytePath, line: impl Into<Option<u64>>) -> Self {
        self.place = Some(Place { file: file.clone(), line: line.into() });
        self
    }

    #[must_use]
    pub(super) fn for_paths(mut self, paths: Vec<BytePath>) -> Self {
        self.paths = paths;
        self
    }

    #[must_use]
    pub(super) fn fix(mut self, say: impl Into<String>) -> Self {
        self.remedy.say = say.into();
        self
    }

    #[must_use]
    pub(super) fn add(mut self, lines: impl IntoIterator<Item = String>) -> Self {
        self.remedy.lines.extend(lines);
        self
    }
}
