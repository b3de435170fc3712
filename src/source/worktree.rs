//! The working tree: files as they lie on disk.
//!
//! Everything is opened beneath the base, component by component (or through
//! the kernel's own beneath-and-no-links lookup), so that a folder swapped for
//! a link between two looks cannot lead anywhere else. The type is checked
//! before opening, so that a FIFO or device is never opened, and again on the
//! open descriptor, which is the one that is read.

mod ignored;
mod index;
#[cfg(not(unix))]
mod portable;
mod repository;
#[cfg(unix)]
mod unix;

use std::path::{Path, PathBuf};

use super::{Blob, Folder, Kind, Links, ListError, Listed, Refusal, Source};
use crate::path::{BytePath, os_bytes};

pub(crate) use repository::{git_folder, is_git_folder, stands_in};

#[cfg(not(unix))]
use portable as system;
#[cfg(unix)]
use unix as system;

/// A folder on disk, and everything below it.
#[derive(Debug)]
pub struct WorkTree {
    base: system::Base,
    repository: bool,
}

impl WorkTree {
    /// The tree that `path` belongs to: the enclosing git repository when there
    /// is one, else `path` itself (or its folder, when it is a file). Returns
    /// the tree and where `path` stands in it.
    ///
    /// The path is resolved first, so links on the way to it are the user's own.
    pub fn around(path: &Path) -> std::io::Result<(Self, BytePath)> {
        let real = path.canonicalize()?;
        let folder = if real.is_dir() { real.as_path() } else { real.parent().unwrap_or(&real) };
        let repository = folder.ancestors().find(|dir| repository::stands_in(dir));
        let base = system::Base::new(repository.unwrap_or(folder))?;
        let tree = Self { base, repository: repository.is_some() };
        let at = tree.relative(&real).unwrap_or_default();
        Ok((tree, at))
    }

    /// Exactly this folder, not what encloses it.
    pub fn at(folder: &Path) -> std::io::Result<Self> {
        let base = folder.canonicalize()?;
        let repository = repository::stands_in(&base);
        Ok(Self { base: system::Base::new(&base)?, repository })
    }

    /// The absolute, resolved path of the base.
    pub fn base(&self) -> &Path {
        self.base.path()
    }

    /// `path` relative to the base, when it lies at or below it. No links are resolved.
    pub fn relative(&self, path: &Path) -> Option<BytePath> {
        relative(self.base(), path)
    }

    fn walk(&self, under: &BytePath, deep: bool) -> Result<Vec<Listed>, ListError> {
        let git = self.repository.then(|| BytePath::root().child(repository::GIT));
        let mut listed = Vec::new();
        let mut folders = vec![under.clone()];
        while let Some(folder) = folders.pop() {
            let failed =
                |error: std::io::Error| ListError { path: folder.clone(), reason: error.to_string() };
            let entries = self.base.entries(&folder).map_err(failed)?;
            for (name, kind) in entries {
                let path = folder.child(&name);
                match kind {
                    _ if git.as_ref() == Some(&path) => {}
                    Some(kind) => listed.push(Listed { path, kind }),
                    None if deep => folders.push(path),
                    None => {}
                }
            }
        }
        listed.sort_unstable();
        Ok(listed)
    }

    /// Which of these files the enclosing repository ignores, by a rule for them
    /// or for a folder on the way, and does not track.
    pub fn ignores(&self, files: &[BytePath]) -> Vec<bool> {
        if self.repository { ignored::files(&self.base, files) } else { vec![false; files.len()] }
    }

    /// The absolute path of a relative one.
    pub fn absolute(&self, path: &BytePath) -> PathBuf {
        absolute(self.base(), path)
    }
}

/// `path` relative to `base`, when it lies at or below it. No links are resolved.
pub fn relative(base: &Path, path: &Path) -> Option<BytePath> {
    path.strip_prefix(base).ok().map(BytePath::from_os)
}

fn absolute(base: &Path, path: &BytePath) -> PathBuf {
    if path.is_root() { base.to_owned() } else { base.join(path.to_os()) }
}

impl Source for WorkTree {
    fn list(&self, under: &BytePath) -> Result<Vec<Listed>, ListError> {
        self.walk(under, true)
    }

    fn list_folder(&self, folder: &BytePath) -> Result<Vec<Listed>, ListError> {
        self.walk(folder, false)
    }

    fn folder(&self, at: &BytePath) -> Result<Box<dyn Folder + '_>, Refusal> {
        Ok(Box::new(system::Opened::new(&self.base, at)?))
    }

    fn ignored(&self, paths: &[BytePath], below: &BytePath) -> Vec<bool> {
        if self.repository { ignored::ignored(&self.base, paths, below) } else { vec![false; paths.len()] }
    }

    fn is_repository(&self) -> bool {
        self.repository
    }

    fn holds_repository(&self, folder: &BytePath) -> bool {
        let git = self.folder(&folder.child(repository::GIT));
        git.is_ok_and(|git| repository::is_git_folder(&*git))
    }

    fn left_out(&self, paths: &[BytePath]) -> Vec<bool> {
        let asked: Vec<&BytePath> = paths.iter().collect();
        let known =
            self.repository.then(|| repository::in_index(self.base(), index::Entries::LeftOut, &asked));
        known.flatten().unwrap_or_else(|| vec![false; paths.len()])
    }
}

/// Resolves a path whose links may be followed, and requires the result to lie
/// inside `root`. The caller opens the result without following anything.
fn resolve_inside(root: &Path, path: &BytePath) -> Result<BytePath, Refusal> {
    let link = root.join(path.to_os());
    let target = || std::fs::read_link(&link).ok().map(|t| os_bytes(t.as_os_str()).into_owned());
    let root = root.canonicalize().map_err(|error| refusal(&error))?;
    let real = link.canonicalize().map_err(|error| refusal(&error))?;
    relative(&root, &real).ok_or_else(|| Refusal::LeavesRoot { target: target() })
}

/// An operating-system error as a refusal.
fn refusal(error: &std::io::Error) -> Refusal {
    use std::io::ErrorKind;
    match error.kind() {
        ErrorKind::NotFound | ErrorKind::NotADirectory | ErrorKind::InvalidFilename => Refusal::Missing,
        ErrorKind::PermissionDenied => Refusal::Denied,
        _ => Refusal::Io(error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_that_stops_the_listing_is_named_quoted_and_relative() {
        let dir = tempfile::tempdir().unwrap();
        let tree = WorkTree::at(dir.path()).unwrap();
        let error = tree.list(&BytePath::root().child(b"PASS  1 packet\n")).unwrap_err();
        assert_eq!(error.path.as_bytes(), b"PASS  1 packet\n");
        assert_eq!(error.to_string(), format!("\"PASS  1 packet\\n\": {}", error.reason));
        assert!(!error.reason.contains("PASS"), "{}", error.reason);
    }

    #[test]
    fn only_the_own_git_folder_of_a_repository_is_left_out() {
        let dir = tempfile::tempdir().unwrap();
        for folder in [".git/objects", ".git/refs", "in/.git"] {
            std::fs::create_dir_all(dir.path().join(folder)).unwrap();
        }
        for file in ["a", ".git/x", "in/.git/x"] {
            std::fs::write(dir.path().join(file), "").unwrap();
        }
        let names = |tree: &WorkTree| -> Vec<String> {
            let listed = tree.list(&BytePath::root()).unwrap();
            listed.iter().map(|l| String::from_utf8_lossy(l.path.as_bytes()).into_owned()).collect()
        };
        let broken = WorkTree::at(dir.path()).unwrap();
        assert!(!broken.is_repository());
        assert_eq!(names(&broken), [".git/x", "a", "in/.git/x"]);
        std::fs::write(dir.path().join(".git/HEAD"), "ref: refs/heads/main\n").unwrap();
        let (tree, at) = WorkTree::around(&dir.path().join("in")).unwrap();
        assert!(tree.is_repository() && at.as_bytes() == b"in");
        assert_eq!(names(&tree), ["a", "in/.git/x"]);
        assert!(tree.holds_repository(&BytePath::root()) && !tree.holds_repository(&at));
        assert_eq!(tree.list_folder(&BytePath::root()).unwrap().len(), 1);
    }
}
