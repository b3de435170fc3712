//! The index: what the next commit would hold.

use std::collections::HashSet;

use super::tree::{Mode, Tracked, split};
use super::{Git, GitError, Oid};

/// What the index holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Staged {
    /// Every path that the next commit would hold.
    pub tracked: Vec<Tracked>,
    /// Paths whose merge is not resolved, each once.
    pub unmerged: Vec<Vec<u8>>,
}

/// The empty tree and the empty blob, which git knows in every repository, by
/// the length of its digests.
const EMPTY: [(&str, &str); 2] = [
    ("4b825dc642cb6eb9a060e54bf8d69288fbee4904", "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"),
    (
        "6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321",
        "473a0f4c3be8a93681a267e3b1e9a7dcda1185436fe141f7749120a303721813",
    ),
];

impl Git {
    /// Reads the index; inside of a hook the one that the hook is about.
    pub fn index(&self) -> Result<Staged, GitError> {
        let entries = self.records(&["ls-files", "--stage", "-z", "--full-name"], |record| {
            let (head, path) = split(record, b'\t')?;
            let (mode, rest) = split(head, b' ')?;
            let (oid, stage) = split(rest, b' ')?;
            let tracked = Tracked { path: path.to_vec(), mode: Mode::parse(mode)?, oid: Oid::parse(oid)? };
            Some((tracked, stage == b"0"))
        })?;
        let mut staged = Staged::default();
        for (tracked, merged) in entries {
            if merged {
                staged.tracked.push(tracked);
            } else if staged.unmerged.last() != Some(&tracked.path) {
                staged.unmerged.push(tracked.path);
            }
        }
        self.drop_intended(&mut staged.tracked)?;
        Ok(staged)
    }

    /// A path that is only meant to be added looks like an empty file, and the
    /// next commit would not hold it.
    fn drop_intended(&self, tracked: &mut Vec<Tracked>) -> Result<(), GitError> {
        let is_empty = |oid: &Oid| EMPTY.iter().any(|(_, blob)| *blob == oid.as_str());
        let Some(one) = tracked.iter().find(|tracked| is_empty(&tracked.oid)) else { return Ok(()) };
        let tree = EMPTY.iter().find(|(tree, _)| tree.len() == one.oid.as_str().len());
        let args = [
            "diff-index",
            "--cached",
            "--name-only",
            "-z",
            "--no-renames",
            "--ignore-submodules=none",
            "--ita-invisible-in-index",
            tree.map(|(tree, _)| *tree).unwrap_or_default(),
        ];
        let real = self.records(&args, |path| Some(path.to_vec()))?;
        let real: HashSet<Vec<u8>> = real.into_iter().collect();
        tracked.retain(|tracked| !is_empty(&tracked.oid) || real.contains(&tracked.path));
        Ok(())
    }
}
