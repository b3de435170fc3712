//! From one path to its tree and the seals it means: a folder, a manifest, or a
//! plain file that a seal beside or above it lists.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::configuration::configuration;
use super::files::{file_scan, listed_or_manifest, plain_scan};
use super::tree::{Trees, What, on_disk};
use super::{Scan, Tree, shown_from, shown_path, unreadable};
use crate::code::Code;
use crate::config::{Config, PacketConfig};
use crate::finding::Finding;
use crate::gate::{FromLayer, Options};
use crate::manifest::Limits;
use crate::packet::discover::{Discovered, Named, PassedOver, Request, discover};
use crate::packet::names::{Promise, promise};
use crate::path::BytePath;
use crate::source::{ListError, Listed, WorkTree};

/// The manifest that a pin given as a path stands for.
const PINNED: &str = "HASH_MANIFEST.txt";

pub(super) fn path_scan(path: &Path, trees: &Trees) -> Result<Vec<Scan>, Vec<Finding>> {
    let options = trees.options;
    let on_disk = options.from == FromLayer::WorkTree;
    let what = if on_disk { what_on_disk(path)? } else { trees.tracked(path)?.what };
    if options.root.is_some() && (what == What::Folder || options.manifest.is_some()) {
        let finding = Finding::new(Code::UsageError, "--root says where the names of one manifest start");
        return Err(vec![finding.help("give the manifest as PATH or with --manifest, and no other PATH")]);
    }
    match what {
        // A sealed file that is gone is missing, not a misspelling.
        What::Gone => return one(file_scan(path, trees).map_err(|_| vec![gone(path, trees)])),
        What::Folder => {
            let (tree, at) = tree_of(path, trees)?;
            return one(demanded(folder_scan(tree, at, trees)?, path, trees));
        }
        What::Other => {
            let message = format!("{} is neither a folder nor a regular file", shown_path(path));
            let finding = Finding::new(Code::PathUnreadable, message);
            return Err(vec![finding.help("give a folder, a manifest, or a file that a manifest lists")]);
        }
        What::File => {}
    }
    let name = path.file_name().map(|name| name.as_encoded_bytes().to_vec()).unwrap_or_default();
    match promise(&name) {
        Some(Promise::Strong | Promise::WeakDigests) => one(manifest_scan(path, trees)),
        Some(Promise::Pin) => one(manifest_scan(&path.with_file_name(std::ffi::OsStr::new(PINNED)), trees)),
        Some(Promise::Weak) => {
            let scan = manifest_scan(path, trees)?;
            let is_manifest = scan.wanted_seals().any(|seal| seal.manifest.is_ok());
            one(if is_manifest { Ok(scan) } else { file_scan(path, trees) })
        }
        _ if on_disk => plain_scan(path, trees),
        _ => one(listed_or_manifest(file_scan(path, trees), path, trees)),
    }
}

pub(super) fn one(scan: Result<Scan, Vec<Finding>>) -> Result<Vec<Scan>, Vec<Finding>> {
    scan.map(|scan| vec![scan])
}

fn what_on_disk(path: &Path) -> Result<What, Vec<Finding>> {
    match std::fs::metadata(path) {
        Ok(meta) if meta.is_dir() => Ok(What::Folder),
        Ok(meta) if meta.is_file() => Ok(What::File),
        Ok(_) => Ok(What::Other),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(What::Gone),
        Err(error) => Err(vec![unreadable(path, &error)]),
    }
}

/// Nothing is at a path, and no seal lists it.
fn gone(path: &Path, trees: &Trees) -> Finding {
    match trees.tracked(path) {
        Ok(place) if trees.options.from != FromLayer::WorkTree => {
            let message = format!("{} is not in {}", shown_path(path), place.tree.layer());
            Finding::new(Code::PathUnreadable, message)
                .help("check the spelling, or verify another layer with `--from`")
        }
        _ => unreadable(path, &std::io::ErrorKind::NotFound.into()),
    }
}

/// The tree that a path belongs to, in the layer that is asked for, and where it stands there.
fn tree_of(path: &Path, trees: &Trees) -> Result<(Tree, BytePath), Vec<Finding>> {
    if trees.options.from == FromLayer::WorkTree {
        return on_disk(path, trees.options);
    }
    let place = trees.tracked(path)?;
    Ok((place.tree, place.at))
}

/// A path may go through a link; the tables of the configuration about the place
/// where the link stands demand a seal there all the same.
fn demanded(scan: Scan, path: &Path, trees: &Trees) -> Result<Scan, Vec<Finding>> {
    match scan.tree.relative(&trees.options.current_dir.join(path)) {
        Some(written) => met(scan, &written, trees),
        None => Ok(scan),
    }
}

/// The scan, unless a table of the configuration about a place at or below `under`
/// has no seal. One that only the base has is gone, which is reported as that.
fn met(scan: Scan, under: &BytePath, trees: &Trees) -> Result<Scan, Vec<Finding>> {
    let before = trees.base.iter().flat_map(|base| base.seals());
    let seals = scan.seals.iter().chain(before).map(|seal| (&seal.root, &seal.manifest_path));
    let unmet = scan.config.without_seal(under, &seals.collect::<Vec<_>>());
    if unmet.is_empty() { Ok(scan) } else { Err(unmet) }
}

pub(super) fn folder_scan(tree: Tree, under: BytePath, trees: &Trees) -> Result<Scan, Vec<Finding>> {
    let config = configuration(&tree, trees)?;
    let listing = list(&tree, &under, trees.options)?;
    let named = configured(&config, &under);
    let scan = Scan { whole: true, ..find(tree, config, under, listing, &named, trees) };
    let under = scan.under.clone();
    met(scan, &under, trees).and_then(|scan| placed(scan, trees))
}

/// The scan, unless a table of the configuration is about a place elsewhere in the
/// tree at which no seal can be.
fn placed(scan: Scan, trees: &Trees) -> Result<Scan, Vec<Finding>> {
    let is_there = |table: &PacketConfig| {
        let known = scan.seals.iter().chain(trees.base.iter().flat_map(|base| base.seals()));
        known.into_iter().any(|seal| table.is_about(&seal.root, &seal.manifest_path)) || holds(&scan, table)
    };
    let lost = scan.config.without_place(&scan.under, is_there);
    if lost.is_empty() { Ok(scan) } else { Err(lost) }
}

/// Whether a seal may be where a table says: its manifest, or a file in its root that
/// is called as a seal. The root of the tree may be that of a list anywhere.
fn holds(scan: &Scan, table: &PacketConfig) -> bool {
    let left_out = |path: &BytePath| scan.tree.left_out(std::slice::from_ref(path)).contains(&true);
    match (&table.manifest, &table.root) {
        (Some(manifest), _) => {
            let listed = scan.tree.list_folder(&manifest.value.parent()).unwrap_or_default();
            listed.iter().any(|listed| listed.path == manifest.value) || left_out(&manifest.value)
        }
        (None, Some(root)) if !root.value.is_root() => {
            let listed = scan.tree.list_folder(&root.value).unwrap_or_default();
            let is_seal = |listed: &Listed| {
                promise(listed.path.file_name()).is_some_and(|promise| promise != Promise::Signature)
            };
            listed.iter().any(is_seal) || left_out(&root.value.child(crate::packet::MANIFEST_NAME))
        }
        _ => true,
    }
}

/// Everything that a tree holds, with the manifests that the user names in it. The
/// tables of its configuration may be about seals that are not there yet.
pub(in crate::gate) fn whole_scan(
    tree: Tree,
    by_name: &[(BytePath, Option<BytePath>)],
    trees: &Trees,
) -> Result<Scan, Vec<Finding>> {
    let config = configuration(&tree, trees)?;
    let listing = list(&tree, &BytePath::root(), trees.options)?;
    let mut named = configured(&config, &BytePath::root());
    for (manifest, root) in by_name {
        named_by_user(&mut named, manifest, root.as_ref());
    }
    Ok(Scan { whole: true, ..find(tree, config, BytePath::root(), listing, &named, trees) })
}

/// A copy of a folder, judged by a configuration that was read before.
pub(in crate::gate) fn copied_scan(
    tree: Tree,
    config: Config,
    under: BytePath,
    trees: &Trees,
) -> Result<Scan, Vec<Finding>> {
    let listing = list(&tree, &under, trees.options)?;
    let named = configured(&config, &under);
    Ok(Scan { whole: true, ..find(tree, config, under, listing, &named, trees) })
}

/// Puts a manifest that the user names before those of the configuration, with
/// what that says of its pin and, where the user does not, of its root.
fn named_by_user(named: &mut Vec<Named>, manifest: &BytePath, root: Option<&BytePath>) {
    let known = named.iter().find(|known| known.manifest == *manifest).cloned().unwrap_or_default();
    named.insert(0, Named { manifest: manifest.clone(), root: root.cloned().or(known.root), pin: known.pin });
}

/// A manifest that the user named: its folder is looked through, so that its
/// pin and its neighbours are known, and only that seal is kept.
pub(super) fn manifest_scan(path: &Path, trees: &Trees) -> Result<Scan, Vec<Finding>> {
    let options = trees.options;
    let (tree, manifest, root) = if let Some(root) = &options.root {
        let (tree, manifest, root) = rooted_tree(path, root, trees)?;
        (tree, manifest, Some(root))
    } else {
        let (tree, at) = tree_of(path, trees)?;
        (tree, at, None)
    };
    let config = configuration(&tree, trees)?;
    let under = manifest.parent();
    let listing = list(&tree, &under, options)?;
    let mut named = configured(&config, &under);
    named_by_user(&mut named, &manifest, root.as_ref());
    let scan = find(tree, config, under, listing, &named, trees);
    let folder = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut scan = placed(demanded(scan, folder, trees)?, trees)?;
    let mut wanted = BTreeSet::from([manifest]);
    // What it delegates to is part of it, step by step; a loop ends by itself.
    while let Some((_, to)) =
        scan.delegations.iter().find(|(from, to)| wanted.contains(from) && !wanted.contains(to))
    {
        wanted.insert(to.clone());
    }
    scan.wanted = wanted;
    scan.passed_over.clear();
    Ok(scan)
}

pub(super) fn find(
    tree: Tree,
    config: Config,
    under: BytePath,
    listing: Vec<Listed>,
    named: &[Named],
    trees: &Trees,
) -> Scan {
    let nothing = BTreeMap::new();
    let request = Request {
        source: &*tree,
        under: &under,
        listing: &listing,
        named,
        known: trees.base.map_or(&nothing, |base| base.known()),
        ignore: &config.discover.ignore,
        format: trees.options.format,
        limits: Limits::default(),
    };
    let Discovered { seals, mut passed_over, delegations } = discover(&request);
    let roots = &config.discover.roots;
    let inside =
        |path: &BytePath| roots.is_empty() || roots.iter().any(|r| path.strip_prefix(&r.value).is_some());
    let (wanted, outside): (BTreeSet<_>, Vec<_>) = {
        let all = seals.iter().map(|seal| seal.manifest_path.clone());
        let (wanted, outside): (Vec<_>, Vec<_>) = all.partition(inside);
        (wanted.into_iter().collect(), outside)
    };
    let reason = "outside the folders that the configuration looks in";
    passed_over.extend(outside.into_iter().map(|path| PassedOver { path, reason: reason.into() }));
    passed_over.sort();
    Scan {
        tree,
        config,
        under,
        listing,
        seals,
        wanted,
        delegations,
        whole: false,
        is_empty: false,
        passed_over,
        only: None,
    }
}

/// Seals that the configuration names, at or below the folder looked through.
pub(super) fn configured(config: &Config, under: &BytePath) -> Vec<Named> {
    let mut named = Vec::new();
    for packet in &config.packets {
        let root = packet.root.as_ref().map(|root| root.value.clone());
        let manifest = match (&packet.manifest, &root) {
            (Some(manifest), _) => manifest.value.clone(),
            (None, Some(root)) if packet.pin.is_some() => root.child(crate::packet::MANIFEST_NAME),
            _ => continue,
        };
        if manifest.strip_prefix(under).is_some() {
            named.push(Named { manifest, root, pin: packet.pin.as_ref().map(|pin| pin.value.clone()) });
        }
    }
    named
}

fn list(tree: &Tree, under: &BytePath, options: &Options) -> Result<Vec<Listed>, Vec<Finding>> {
    tree.list(under).map_err(|error| {
        let path = shown_from(&tree.absolute(&error.path), &options.current_dir);
        let message = format!("the folder could not be listed whole: {}", ListError { path, ..error });
        let help = "make every folder below readable, or give a path that is";
        vec![Finding::new(Code::PathUnreadable, message).help(help)]
    })
}

/// The tree that holds both the manifest and the root given for it, and where they stand in it.
fn rooted_tree(path: &Path, root: &Path, trees: &Trees) -> Result<(Tree, BytePath, BytePath), Vec<Finding>> {
    let usage = |problem: &str| {
        vec![Finding::new(Code::UsageError, format!("the root {} {problem}", shown_path(root)))]
    };
    if trees.options.from != FromLayer::WorkTree {
        let (manifest, root) = (trees.tracked(path)?, trees.tracked(root)?);
        if root.what != What::Folder {
            return Err(usage("is not a folder"));
        }
        let same = manifest.tree.base() == root.tree.base();
        return if same { Ok((manifest.tree, manifest.at, root.at)) } else { Err(usage(APART)) };
    }
    let (tree, manifest) = WorkTree::around(path).map_err(|error| vec![unreadable(path, &error)])?;
    let real = root.canonicalize().map_err(|error| vec![unreadable(root, &error)])?;
    if !real.is_dir() {
        return Err(usage("is not a folder"));
    }
    if let Some(root) = tree.relative(&real) {
        return Ok((Tree::work_tree(tree), manifest, root));
    }
    let absolute = tree.absolute(&manifest);
    let common: PathBuf =
        absolute.components().zip(real.components()).take_while(|(a, b)| a == b).map(|(a, _)| a).collect();
    let tree = WorkTree::at(&common).map_err(|error| vec![unreadable(root, &error)])?;
    match (tree.relative(&absolute), tree.relative(&real)) {
        (Some(manifest), Some(root)) => Ok((Tree::work_tree(tree), manifest, root)),
        _ => Err(usage(APART)),
    }
}

const APART: &str = "and the manifest share no folder";
