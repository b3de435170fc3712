//! From paths to seals: which tree each path belongs to, which configuration
//! holds there, and which seals it means.

mod configuration;
mod files;
mod paths;
mod tree;

use std::collections::{BTreeSet, HashSet};
use std::path::{Component, Path, PathBuf};

use super::Options;
use super::base::Base;
use crate::code::Code;
use crate::config::Config;
use crate::finding::Finding;
use crate::packet::Seal;
use crate::packet::discover::PassedOver;
use crate::path::BytePath;
use crate::report::listing::{ListedSeal, Listing};
use crate::source::Listed;
use crate::text::quote;

pub(super) use configuration::{CONFIG_NAME, ignored_configs, read_configuration};
pub(super) use files::seals_above;
pub(super) use paths::{copied_scan, whole_scan};
pub(super) use tree::{Place, Tree, Trees, What, around, lexical};

/// One tree with the seals that one path means.
pub(super) struct Scan {
    /// The tree.
    pub(super) tree: Tree,
    /// Its configuration.
    pub(super) config: Config,
    /// The folder that was listed.
    pub(super) under: BytePath,
    /// Everything below it.
    pub(super) listing: Vec<Listed>,
    /// Every seal below that folder, by manifest path.
    pub(super) seals: Vec<Seal>,
    /// The manifests of those that are meant.
    pub(super) wanted: BTreeSet<BytePath>,
    /// Which manifest names which other one.
    pub(super) delegations: Vec<(BytePath, BytePath)>,
    /// Every seal below that folder is meant, also one that is not there any more.
    pub(super) whole: bool,
    /// It held no seal of its own, whatever the other paths hold.
    pub(super) is_empty: bool,
    /// What looked like a seal and is not verified.
    pub(super) passed_over: Vec<PassedOver>,
    /// The one file whose entries are meant, when the path is a plain file.
    pub(super) only: Option<BytePath>,
}

impl Scan {
    /// The seals that are meant. The others are known, for what they cover.
    pub(super) fn wanted_seals(&self) -> impl Iterator<Item = &Seal> {
        self.seals.iter().filter(|seal| self.wanted.contains(&seal.manifest_path))
    }

    /// What would be verified here, and what is passed over.
    pub(super) fn listings(&self, options: &Options) -> Vec<Listing> {
        let seals = self.wanted_seals().map(|seal| Listing {
            path: self.shown(&seal.manifest_path, options),
            seal: Ok(ListedSeal {
                kind: seal.kind,
                read: match &seal.manifest {
                    Ok(read) => Ok((read.format, read.entries.len())),
                    Err(reason) => Err(reason.to_string()),
                },
                root: self.shown(&seal.root, options),
            }),
        });
        let passed_over = self.passed_over.iter().map(|passed| Listing {
            path: self.shown(&passed.path, options),
            seal: Err(passed.reason.clone()),
        });
        seals.chain(passed_over).collect()
    }

    /// A path of the tree as the user would write it, from the current folder.
    pub(super) fn shown(&self, path: &BytePath, options: &Options) -> BytePath {
        shown_from(&self.tree.absolute(path), &options.current_dir)
    }
}

/// `path` as one would write it in `from`, both absolute and resolved: with `..`
/// for every folder that has to be left.
pub(super) fn shown_from(path: &Path, from: &Path) -> BytePath {
    let common = path.components().zip(from.components()).take_while(|(a, b)| a == b).count();
    let up = from.components().skip(common).map(|_| Component::ParentDir);
    let down = path.components().skip(common);
    // Where the two share nothing, as two drives do, there is no way but the absolute one.
    BytePath::from_os(&up.chain(down).collect::<PathBuf>())
}

/// Resolves every path of the options. Any path that cannot be resolved or
/// holds no seal, and any configuration that cannot be carried out, refuses the
/// whole run.
///
/// With a base, a path that holds no seal any more refuses nothing where the base
/// has one: what is gone is a finding.
pub(super) fn scan(options: &Options, base: Option<&Base>) -> Result<Vec<Scan>, Vec<Finding>> {
    let trees = Trees::new(options, base);
    let missed = |path: &PathBuf, refused: Vec<Finding>| {
        let nothing = refused.iter().all(|f| matches!(f.code, Code::PathUnreadable | Code::NoEntryForPath));
        let gone = nothing && base.is_some_and(|base| base.demands_at(path));
        if gone { Ok(Vec::new()) } else { Err(refused) }
    };
    let manifest = |path: &PathBuf| {
        let scan = paths::manifest_scan(path, &trees).map(|scan| vec![scan]);
        scan.or_else(|refused| missed(path, refused))
    };
    let named = options.manifest.iter().map(manifest);
    let path = |path: &PathBuf| paths::path_scan(path, &trees).or_else(|refused| missed(path, refused));
    let given = options.paths.iter().map(path);
    let mut scans: Vec<Scan> = Vec::new();
    let mut refused = Vec::new();
    for result in named.chain(given) {
        match result {
            Ok(meant) => scans.extend(meant),
            // A fault of the configuration is one, however many paths meet it.
            Err(findings) => {
                refused.extend(findings);
                let mut seen = HashSet::new();
                refused.retain(|finding: &Finding| seen.insert((finding.code, finding.message.clone())));
            }
        }
    }
    if !refused.is_empty() {
        return Err(refused);
    }
    // A seal under two of the paths is verified once.
    let mut seen = HashSet::new();
    for scan in &mut scans {
        let empty = scan.wanted_seals().next().is_none();
        scan.is_empty = empty;
        let Scan { tree, only, wanted, .. } = scan;
        wanted.retain(|manifest| seen.insert((tree.absolute(manifest), only.clone())));
    }
    Ok(scans)
}

/// The seals that one path means, whatever the paths of the options are.
pub(super) fn of_path(
    path: &Path,
    options: &Options,
    base: Option<&Base>,
) -> Result<Vec<Scan>, Vec<Finding>> {
    paths::path_scan(path, &Trees::new(options, base))
}

pub(super) fn unreadable(path: &Path, error: &std::io::Error) -> Finding {
    Finding::new(Code::PathUnreadable, format!("{} cannot be read: {error}", shown_path(path)))
}

/// A path as the user gave it, quoted.
pub(super) fn shown_path(path: &Path) -> String {
    quote(path.as_os_str().as_encoded_bytes())
}
