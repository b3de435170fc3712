//! Which paths a repository's `.gitignore` files leave out, and git does not
//! track. Used to pass over seals in `node_modules` and the like, never by the
//! comparison: an ignored file is still a file.

use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::process::{Command, Stdio};

use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};

use crate::path::BytePath;

/// For each path, whether the repository at `base` ignores it and does not
/// track it. Nothing is, when the user named an ignored folder as `below`.
pub(super) fn ignored(base: &Path, paths: &[BytePath], below: &BytePath) -> Vec<bool> {
    let mut rules = Rules { base, folders: HashMap::new() };
    if rules.ignores(below) {
        return vec![false; paths.len()];
    }
    let mut ignored: Vec<bool> = paths.iter().map(|path| rules.ignores(path)).collect();
    if ignored.contains(&true) {
        let asked: Vec<&BytePath> = paths.iter().zip(&ignored).filter(|(_, i)| **i).map(|(p, _)| p).collect();
        let tracked = tracked(base, &asked);
        for (path, ignored) in paths.iter().zip(&mut ignored) {
            *ignored &= !tracked.contains(path.as_bytes());
        }
    }
    ignored
}

struct Rules<'a> {
    base: &'a Path,
    folders: HashMap<BytePath, Gitignore>,
}

impl Rules<'_> {
    /// Whether `path`, or a folder on the way to it, is ignored.
    fn ignores(&mut self, path: &BytePath) -> bool {
        let count = path.components().count();
        let mut at = BytePath::root();
        for (index, component) in path.components().enumerate() {
            at = at.child(component);
            if self.matches(&at, index + 1 < count) {
                return true;
            }
        }
        false
    }

    /// Whether the deepest `.gitignore` with an opinion ignores this one path.
    fn matches(&mut self, path: &BytePath, is_folder: bool) -> bool {
        let absolute = self.base.join(path.to_os());
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
            let root = self.base.join(folder.to_os());
            let mut builder = GitignoreBuilder::new(&root);
            // A missing file is no rule; a broken line in one is a rule less.
            let _ = builder.add(root.join(".gitignore"));
            builder.build().unwrap_or_else(|_| Gitignore::empty())
        })
    }
}

/// Which of these paths are in the index. Without git, or when it does not
/// answer, none is known to be.
fn tracked(base: &Path, paths: &[&BytePath]) -> HashSet<Vec<u8>> {
    let mut found = HashSet::new();
    // Bounded so that the arguments fit every platform's limit.
    for some in paths.chunks(100) {
        let mut git = Command::new("git");
        git.arg("-C").arg(base).args(["--literal-pathspecs", "-c", "core.fsmonitor=false"]);
        git.args(["ls-files", "-z", "--"]).args(some.iter().map(|path| path.to_os().into_owned()));
        for variable in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"] {
            git.env_remove(variable);
        }
        git.env("GIT_OPTIONAL_LOCKS", "0").stdin(Stdio::null()).stderr(Stdio::null());
        if let Ok(output) = git.output()
            && output.status.success()
        {
            found.extend(output.stdout.split(|&b| b == 0).map(<[u8]>::to_vec));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::path::Backslash;

    fn path(raw: &str) -> BytePath {
        BytePath::parse(raw.as_bytes(), Backslash::Refuse).unwrap()
    }

    #[test]
    fn the_deepest_rule_wins_and_an_ignored_folder_ends_it() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join(".gitignore"), "node_modules/\n*.log\n/target\n").unwrap();
        std::fs::create_dir_all(dir.path().join("a")).unwrap();
        std::fs::write(dir.path().join("a/.gitignore"), "!keep.log\n").unwrap();
        let asked =
            ["node_modules/x/SHA256SUMS", "a/node_modules/S", "a/keep.log", "a/b.log", "S", "target/S"];
        let asked: Vec<BytePath> = asked.into_iter().map(path).collect();
        let got = ignored(dir.path(), &asked, &BytePath::root());
        assert_eq!(got, [true, true, false, true, false, true]);
    }

    #[test]
    fn a_folder_the_user_named_is_wanted() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join(".gitignore"), "target/\n").unwrap();
        let asked = [path("target/packet/S"), path("target/packet/target/S")];
        assert_eq!(ignored(dir.path(), &asked, &path("target/packet")), [false, false]);
        assert_eq!(ignored(dir.path(), &asked, &BytePath::root()), [true, true]);
    }
}
