//! What is sealed, for whoever asks about the files and not about their bytes.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::Options;
use super::scan::{self, Scan};
use crate::finding::Finding;
use crate::path::BytePath;

/// One tree with everything that the seals in question seal there.
pub struct SealedTree<'o> {
    scan: Scan,
    options: &'o Options,
    /// The seals.
    pub seals: Vec<SealedRoot>,
    /// Every sealed file, manifest and pin, from the base of the tree.
    pub files: BTreeSet<BytePath>,
    /// Every file that was listed, sealed or not.
    pub listed: BTreeSet<BytePath>,
    /// The folders that were listed whole.
    pub under: Vec<BytePath>,
}

/// The root of a seal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedRoot {
    /// From the base of the tree.
    pub root: BytePath,
    /// Whether it is a packet, in which nothing else may lie.
    pub is_packet: bool,
}

impl SealedTree<'_> {
    /// The absolute path of the base.
    pub fn base(&self) -> &Path {
        self.scan.tree.base()
    }

    /// Whether the base is the root of a repository.
    pub fn is_repository(&self) -> bool {
        self.scan.tree.is_repository()
    }

    /// A path of the tree as the user would write it.
    pub fn shown(&self, path: &BytePath) -> BytePath {
        self.scan.shown(path, self.options)
    }
}

/// The seals that a verification with these options would judge, each tree once.
pub fn sealed(options: &Options) -> Result<Vec<SealedTree<'_>>, Vec<Finding>> {
    let mut trees: BTreeMap<PathBuf, SealedTree<'_>> = BTreeMap::new();
    for scan in scan::scan(options, None)? {
        let base = scan.tree.base().to_owned();
        let mut seals = Vec::new();
        let mut files = BTreeSet::new();
        for seal in scan.wanted_seals() {
            seals.push(SealedRoot {
                root: seal.root.clone(),
                is_packet: seal.kind == crate::packet::Kind::Packet,
            });
            files.insert(seal.manifest_path.clone());
            files.extend(seal.pin.iter().map(|pin| pin.path.clone()));
            let entries = seal.manifest.iter().flat_map(|manifest| &manifest.entries);
            let entries = entries.filter(|entry| !entry.by_reference);
            files.extend(entries.map(|entry| seal.root.join(&entry.path)));
        }
        let listed: BTreeSet<BytePath> = scan.listing.iter().map(|listed| listed.path.clone()).collect();
        let under = vec![scan.under.clone()];
        match trees.get_mut(&base) {
            Some(tree) => {
                tree.seals.extend(seals);
                tree.files.extend(files);
                tree.listed.extend(listed);
                tree.under.extend(under);
            }
            None => {
                trees.insert(base, SealedTree { scan, options, seals, files, listed, under });
            }
        }
    }
    Ok(trees.into_values().collect())
}
