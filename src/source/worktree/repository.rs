//! What a git repository is, and which of its files it tracks.
//!
//! Only files are read: git is never run, since the configuration of a
//! repository that somebody else made may name commands to run.

use std::path::{Path, PathBuf};

use super::index::Entries;
use super::{Folder, Links, Refusal, index, system};
use crate::path::BytePath;

/// The name of a repository's own folder.
pub(super) const GIT: &[u8] = b".git";
/// How a file in the place of that folder begins, in a worktree or a submodule.
const ELSEWHERE: &[u8] = b"gitdir: ";
/// Longer than any `HEAD` or path to a folder, in bytes.
const SHORT: u64 = 1 << 16;
/// The index of a repository with millions of files, in bytes.
const INDEX: u64 = 256 << 20;

/// Whether `folder` is the root of a repository. Something empty or broken
/// under the name `.git` does not make it one.
pub(crate) fn stands_in(folder: &Path) -> bool {
    match std::fs::metadata(folder.join(".git")) {
        Ok(there) if there.is_dir() => {
            with(&folder.join(".git"), |git| is_git_folder(git).then_some(())).is_some()
        }
        Ok(there) if there.is_file() => elsewhere(folder).is_some(),
        _ => false,
    }
}

/// Whether a folder is what git keeps a repository in, by what git looks at.
pub(crate) fn is_git_folder(git: &dyn Folder) -> bool {
    has_head(git) && ["objects", "refs"].iter().all(|name| git.exists(&child(name)))
}

/// The folder that git keeps the repository of this working tree in, or this
/// folder itself when it is a bare repository, which the second value says.
pub(crate) fn git_folder(root: &Path) -> Option<(PathBuf, bool)> {
    if let Some(line) = elsewhere(root) {
        return Some((root.join(target(&line)?), false));
    }
    if stands_in(root) {
        return Some((root.join(".git"), false));
    }
    with(root, |git| is_git_folder(git).then(|| (root.to_owned(), true)))
}

/// Which of `paths` the index of the repository at `folder` holds among its
/// `entries`, or may hold below a folder that it does not list out. `None` when
/// that is not known.
pub(super) fn in_index(folder: &Path, entries: Entries, paths: &[&BytePath]) -> Option<Vec<bool>> {
    let git = match elsewhere(folder) {
        Some(line) => folder.join(target(&line)?),
        None => folder.join(".git"),
    };
    with(&git, |git| match git.read(&child("index"), Links::Refuse, INDEX) {
        Ok(bytes) => index::holds(&bytes, entries, paths),
        // Nothing was ever added.
        Err(Refusal::Missing) if has_head(git) => Some(vec![false; paths.len()]),
        Err(_) => None,
    })
}

fn has_head(git: &dyn Folder) -> bool {
    match git.read(&child("HEAD"), Links::Refuse, SHORT) {
        Ok(head) => {
            let name = head.strip_prefix(b"ref:").map(<[u8]>::trim_ascii_start);
            let id = head.trim_ascii_end();
            name.is_some_and(|name| name.starts_with(b"refs/"))
                || (matches!(id.len(), 40 | 64) && id.iter().all(u8::is_ascii_hexdigit))
        }
        Err(Refusal::Symlink { target: Some(target) }) => target.starts_with(b"refs/"),
        Err(_) => false,
    }
}

/// The text of a file that says where the repository's folder is.
fn elsewhere(folder: &Path) -> Option<Vec<u8>> {
    let text = with(folder, |folder| folder.read(&child(".git"), Links::Refuse, SHORT).ok())?;
    text.starts_with(ELSEWHERE).then_some(text)
}

/// The path in such a text, relative to the folder that holds the file.
fn target(text: &[u8]) -> Option<PathBuf> {
    let path = text.strip_prefix(ELSEWHERE)?;
    let end = path.iter().rposition(|byte| !b"\r\n".contains(byte))?;
    let path = std::str::from_utf8(path.get(..=end)?).ok()?;
    // A path of two slashes may be another machine's.
    let sane = !path.contains(['\0', '\n']) && !path.starts_with("//") && !path.starts_with("\\\\");
    sane.then(|| PathBuf::from(path))
}

fn with<R>(folder: &Path, read: impl FnOnce(&dyn Folder) -> Option<R>) -> Option<R> {
    let base = system::Base::new(&folder.canonicalize().ok()?).ok()?;
    let opened = system::Opened::new(&base, &BytePath::root()).ok()?;
    read(&opened)
}

fn child(name: &str) -> BytePath {
    BytePath::root().child(name.as_bytes())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn make(git: &Path) {
        for folder in ["objects", "refs"] {
            fs::create_dir_all(git.join(folder)).unwrap();
        }
        fs::write(git.join("HEAD"), "ref: refs/heads/main\n").unwrap();
    }

    #[test]
    fn something_else_under_the_name_makes_no_repository() {
        let dir = tempfile::tempdir().unwrap();
        let git = dir.path().join(".git");
        assert!(!stands_in(dir.path()));
        fs::create_dir(&git).unwrap();
        assert!(!stands_in(dir.path()), "an empty folder");
        make(&git);
        assert!(stands_in(dir.path()));
        for head in ["", "ref: elsewhere\n", "0123\n", "no head"] {
            fs::write(git.join("HEAD"), head).unwrap();
            assert!(!stands_in(dir.path()), "{head:?}");
        }
        fs::write(git.join("HEAD"), format!("{}\n", "0a".repeat(20))).unwrap();
        assert!(stands_in(dir.path()), "a detached head");
        fs::remove_dir(git.join("refs")).unwrap();
        assert!(!stands_in(dir.path()), "no refs");
        fs::remove_dir_all(&git).unwrap();
        fs::write(&git, "anything").unwrap();
        assert!(!stands_in(dir.path()), "a file");
        fs::write(&git, "gitdir: ../.git/worktrees/x\n").unwrap();
        assert!(stands_in(dir.path()), "a worktree");
    }

    #[test]
    fn the_index_of_a_worktree_is_where_its_file_says() {
        let dir = tempfile::tempdir().unwrap();
        let path = child("a");
        fs::write(dir.path().join(".git"), "gitdir: kept\n").unwrap();
        assert_eq!(in_index(dir.path(), Entries::Tracked, &[&path]), None, "it is not there");
        make(&dir.path().join("kept"));
        assert_eq!(in_index(dir.path(), Entries::Tracked, &[&path]), Some(vec![false]), "nothing was added");
        fs::write(dir.path().join("kept/index"), "broken").unwrap();
        assert_eq!(in_index(dir.path(), Entries::Tracked, &[&path]), None);
        for text in ["gitdir: ", "gitdir: //host/share\n", "gitdir: kept\nkept\n", "gitdir: \\\\host\\share"]
        {
            assert_eq!(target(text.as_bytes()), None, "{text:?}");
        }
        assert_eq!(target(b"gitdir: /a b/c\r\n"), Some(PathBuf::from("/a b/c")));
    }
}
