//! Which root a manifest's names refer to.
//!
//! A packet means its own folder. A plain list may have been written from the
//! repository root (one in five in public repositories is): of the two, the one
//! under which more of the names exist. Never a third folder, a stripped
//! prefix or a mix of two roots, which would verify the wrong copy.

use crate::manifest::Manifest;
use crate::path::BytePath;
use crate::source::Folder;

/// How a root was chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rooted {
    /// By the user or the configuration, or there was no choice.
    Given,
    /// The repository root, because the names exist there.
    Repository {
        /// Names that exist under the repository root.
        there: usize,
        /// Names that exist under the manifest's folder.
        here: usize,
    },
    /// Each of the two roots has names that the other lacks.
    Ambiguous {
        /// Names that exist only under the manifest's folder.
        only_here: usize,
        /// Names that exist only under the repository root.
        only_there: usize,
    },
    /// No name exists under either.
    Nowhere,
}

/// Chooses between the manifest's folder (`here`) and the repository root
/// (`there`); without a repository, or when the two are one, `there` is `None`.
pub fn choose(manifest: &Manifest, here: &dyn Folder, there: Option<&dyn Folder>) -> Rooted {
    let (mut both, mut only_here, mut only_there) = (0, 0, 0);
    for entry in &manifest.entries {
        let is_here = here.exists(&entry.path);
        let is_there = there.is_some_and(|folder| folder.exists(&entry.path));
        match (is_here, is_there) {
            (true, true) => both += 1,
            (true, false) => only_here += 1,
            (false, true) => only_there += 1,
            (false, false) => {}
        }
    }
    match (only_here, only_there) {
        (0, 0) if both == 0 && !manifest.entries.is_empty() => Rooted::Nowhere,
        (_, 0) => Rooted::Given,
        (0, _) => Rooted::Repository { there: both + only_there, here: both },
        _ => Rooted::Ambiguous { only_here, only_there },
    }
}

/// The folder's path that `rooted` stands for.
pub fn path(rooted: &Rooted, manifest_path: &BytePath) -> BytePath {
    match rooted {
        Rooted::Repository { .. } => BytePath::root(),
        _ => manifest_path.parent(),
    }
}
