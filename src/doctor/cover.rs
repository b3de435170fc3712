//! The fewest places that hold given sealed files and nothing that is not
//! sealed: whole packets, whole folders, else single files.

use std::collections::{BTreeSet, HashSet};

use super::tree::Tree;
use crate::gate::SealedTree;
use crate::path::BytePath;

/// More places are not named in one setting.
const MANY: usize = 100;

/// A place for which a tool is told something.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    /// Everything below a folder.
    Below(BytePath),
    /// One file.
    File(BytePath),
}

/// Which folders of a tree hold nothing but sealed files.
pub(super) struct Cover<'t> {
    tree: &'t SealedTree<'t>,
    packets: HashSet<&'t BytePath>,
    mixed: HashSet<BytePath>,
}

impl<'t> Cover<'t> {
    pub(super) fn new(tree: &'t SealedTree<'t>) -> Self {
        let mut mixed = HashSet::new();
        for path in tree.listed.difference(&tree.files) {
            for folder in Tree::above(path) {
                // Those above it were put there with the first one below it.
                if !mixed.insert(folder) {
                    break;
                }
            }
        }
        let packets = tree.seals.iter().filter(|seal| seal.is_packet).map(|seal| &seal.root).collect();
        Self { tree, packets, mixed }
    }

    /// The place for one sealed file.
    pub(super) fn part(&self, path: &BytePath) -> Part {
        if let Some(root) = Tree::above(path).filter(|folder| self.packets.contains(folder)).last() {
            return Part::Below(root);
        }
        let whole = |folder: &BytePath| {
            let listed = self.tree.under.iter().any(|under| folder.strip_prefix(under).is_some());
            listed && !self.mixed.contains(folder)
        };
        let highest = Tree::above(path).take_while(whole).last();
        highest.map_or_else(|| Part::File(path.clone()), Part::Below)
    }

    /// The places for sealed files where they are few enough to be named; else
    /// what to do instead.
    pub(super) fn few<'p>(
        &self,
        paths: impl Iterator<Item = &'p BytePath>,
    ) -> Result<BTreeSet<Part>, String> {
        let parts = self.parts(paths);
        if parts.len() <= MANY {
            return Ok(parts);
        }
        let count = parts.len();
        Err(format!("keep what is sealed in folders of its own: {count} places are too many to be named"))
    }

    /// The places for sealed files.
    pub(super) fn parts<'p>(&self, paths: impl Iterator<Item = &'p BytePath>) -> BTreeSet<Part> {
        paths.map(|path| self.part(path)).collect()
    }
}
