//! Which paths a repository's `.gitignore` files leave out, and git does not
//! track. Used to pass over seals in `node_modules` and the like, never by the
//! comparison: an ignored file is still a file. Only folders are passed over: a
//! rule that names a seal itself would be a way to take it away.

use std::collections::HashMap;

use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};

use super::index::Entries;
use super::system::Base;
use super::{Folder, Links, repository, system};
use crate::path::BytePath;

/// A `.gitignore` that is longer is no list that a person keeps, in bytes.
const LONGEST: u64 = 1 << 20;
/// Nor is one with more rules.
const MOST_RULES: usize = 10_000;

/// For each path, whether the repository at `base` ignores a folder that it
/// lies in, and does not track it. Nothing is, when the user named an ignored folder as `below`.
/// Where the index does not say, everything counts as tracked.
pub(super) fn ignored(base: &Base, paths: &[BytePath], below: &BytePath) -> Vec<bool> {
    let Ok(root) = system::Opened::new(base, &BytePath::root()) else { return vec![false; paths.len()] };
    let mut rules = Rules { base, root: &root, folders: HashMap::new(), decided: HashMap::new() };
    if rules.ignores(below) {
        return vec![false; paths.len()];
    }
    let ignored = paths.iter().map(|path| rules.ignores(&path.parent())).collect();
    untracked(base, paths, ignored)
}

/// For each file, whether the repository at `base` ignores it, or a folder that
/// it lies in, and does not track it.
pub(super) fn files(base: &Base, paths: &[BytePath]) -> Vec<bool> {
    let Ok(root) = system::Opened::new(base, &BytePath::root()) else { return vec![false; paths.len()] };
    let mut rules = Rules { base, root: &root, folders: HashMap::new(), decided: HashMap::new() };
    let ignores = |path: &BytePath| rules.ignores(&path.parent()) || rules.matches(path, false);
    let ignored = paths.iter().map(ignores).collect();
    untracked(base, paths, ignored)
}

/// Without those that the index lists.
fn untracked(base: &Base, paths: &[BytePath], mut ignored: Vec<bool>) -> Vec<bool> {
    let asked: Vec<&BytePath> = paths.iter().zip(&ignored).filter(|(_, i)| **i).map(|(p, _)| p).collect();
    if asked.is_empty() {
        return ignored;
    }
    let tracked = repository::in_index(base.path(), Entries::Tracked, &asked)
        .unwrap_or_else(|| vec![true; asked.len()]);
    for (ignored, tracked) in ignored.iter_mut().filter(|ignored| **ignored).zip(tracked) {
        *ignored = !tracked;
    }
    ignored
}

struct Rules<'a> {
    base: &'a Base,
    root: &'a dyn Folder,
    folders: HashMap<BytePath, Gitignore>,
    /// Folders that were asked about.
    decided: HashMap<BytePath, bool>,
}

impl Rules<'_> {
    /// Whether `folder`, or one on the way to it, is ignored.
    fn ignores(&mut self, folder: &BytePath) -> bool {
        let mut at = BytePath::root();
        folder.components().any(|component| {
            at = at.child(component);
            let known = self.decided.get(&at).copied();
            let ignored = known.unwrap_or_else(|| self.matches(&at, true));
            self.decided.insert(at.clone(), ignored);
            ignored
        })
    }

    /// Whether the deepest `.gitignore` with an opinion ignores this one file or folder.
    fn matches(&mut self, path: &BytePath, is_folder: bool) -> bool {
        let absolute = self.base.path().join(path.to_os());
        let mut folder = path.clone();
        while !folder.is_root() {
            folder = folder.parent();
            match self.of(&folder).matched(&absolute, is_folder) {
                Match::Ignore(_) => return true,
                Match::Whitelist(_) => return false,
                Match::None => {}
            }
        }
        false
    }

    fn of(&mut self, folder: &BytePath) -> &Gitignore {
        self.folders.entry(folder.clone()).or_insert_with(|| {
            let mut builder = GitignoreBuilder::new(super::absolute(self.base.path(), folder));
            // As for git, one that is a link or no file at all says nothing.
            let text = self.root.read(&folder.child(b".gitignore"), Links::Refuse, LONGEST);
            let text = text.unwrap_or_default();
            let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&text);
            let lines: Vec<&[u8]> = text.split(|&byte| byte == b'\n').collect();
            if lines.len() > MOST_RULES {
                return Gitignore::empty();
            }
            for line in lines {
                let line = line.strip_suffix(b"\r").unwrap_or(line);
                // A broken line is a rule less.
                let _ = std::str::from_utf8(line).map(|line| builder.add_line(None, line).is_ok());
            }
            builder.build().unwrap_or_else(|_| Gitignore::empty())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::path::Backslash;

    fn path(raw: &str) -> BytePath {
        BytePath::parse(raw.as_bytes(), Backslash::Refuse).unwrap()
    }

    /// With nothing tracked.
    fn repository() -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        for folder in ["objects", "refs"] {
            std::fs::create_dir_all(dir.path().join(".git").join(folder)).unwrap();
        }
        std::fs::write(dir.path().join(".git/HEAD"), "ref: refs/heads/main\n").unwrap();
        dir
    }

    fn ask(dir: &tempfile::TempDir, paths: &[BytePath], below: &BytePath) -> Vec<bool> {
        ignored(&Base::new(&dir.path().canonicalize().unwrap()).unwrap(), paths, below)
    }

    #[test]
    fn the_deepest_rule_wins_and_an_ignored_folder_ends_it() {
        let dir = repository();
        std::fs::write(dir.path().join(".gitignore"), "node_modules/\n*.log\n/target\n").unwrap();
        std::fs::create_dir_all(dir.path().join("a")).unwrap();
        std::fs::write(dir.path().join("a/.gitignore"), "!keep.log\n").unwrap();
        let asked =
            ["node_modules/x/SHA256SUMS", "a/node_modules/S", "a/keep.log", "a/b.log", "S", "target/S"];
        let asked: Vec<BytePath> = asked.into_iter().map(path).collect();
        let got = ask(&dir, &asked, &BytePath::root());
        assert_eq!(got, [true, true, false, false, false, true]);
    }

    #[test]
    fn files_are_ignored_by_their_own_rules_too() {
        let dir = repository();
        std::fs::write(dir.path().join(".gitignore"), "*.log\ntarget/\n!keep.log\n").unwrap();
        let asked = ["a.log", "keep.log", "a/b.log", "target/x", "README.md", "target"].map(path);
        let base = Base::new(&dir.path().canonicalize().unwrap()).unwrap();
        assert_eq!(files(&base, &asked), [true, false, true, true, false, false]);
        std::fs::write(dir.path().join(".git/index"), "broken").unwrap();
        assert_eq!(files(&base, &asked), [false; 6], "what the index does not say is tracked");
    }

    #[test]
    fn a_folder_the_user_named_is_wanted() {
        let dir = repository();
        std::fs::write(dir.path().join(".gitignore"), "target/\n").unwrap();
        let asked = [path("target/packet/S"), path("target/packet/target/S")];
        assert_eq!(ask(&dir, &asked, &path("target/packet")), [false, false]);
        assert_eq!(ask(&dir, &asked, &BytePath::root()), [true, true]);
    }

    #[test]
    fn rules_behind_a_link_were_honoured_and_git_does_not() {
        let dir = repository();
        let elsewhere = tempfile::tempdir().unwrap();
        std::fs::write(elsewhere.path().join("rules"), "d\n").unwrap();
        #[cfg(unix)]
        std::os::unix::fs::symlink(elsewhere.path().join("rules"), dir.path().join(".gitignore")).unwrap();
        assert_eq!(ask(&dir, &[path("d/SHA256SUMS")], &BytePath::root()), [false]);
    }

    #[test]
    fn rules_without_end_hung_or_filled_the_memory() {
        let dir = repository();
        let rules = dir.path().join(".gitignore");
        let asked = || ask(&dir, &[path("S/x")], &BytePath::root());
        std::fs::write(&rules, "\u{feff}S\r\n\r\n").unwrap();
        assert_eq!(asked(), [true]);
        std::fs::write(&rules, "S\n".repeat(MOST_RULES + 1)).unwrap();
        assert_eq!(asked(), [false]);
        std::fs::write(&rules, [b"S\n".to_vec(), vec![b'#'; 1 << 20]].concat()).unwrap();
        assert_eq!(asked(), [false]);
        std::fs::write(&rules, b"\xff\n[\nS\n").unwrap();
        assert_eq!(asked(), [true], "a broken line is a rule less");
    }

    #[test]
    fn tracked_seals_vanished_when_git_did_not_answer() {
        let dir = repository();
        std::fs::write(dir.path().join(".gitignore"), "S\n").unwrap();
        assert_eq!(ask(&dir, &[path("S/x")], &BytePath::root()), [true]);
        std::fs::write(dir.path().join(".git/index"), "broken").unwrap();
        assert_eq!(ask(&dir, &[path("S/x")], &BytePath::root()), [false]);
    }
}
