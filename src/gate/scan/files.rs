//! Plain files: the list beside or above one that names it, and the seals inside
//! of one that is an archive.

use std::path::Path;

use super::configuration::configuration;
use super::paths::{configured, find, folder_scan, manifest_scan, one};
use super::tree::{Trees, archive, on_disk};
use super::{Scan, Tree, shown_path, unreadable};
use crate::code::Code;
use crate::finding::Finding;
use crate::gate::{Archives, FromLayer};
use crate::packet::Seal;
use crate::packet::discover::PassedOver;
use crate::packet::names::{Promise, promise};
use crate::path::BytePath;
use crate::source::{Source as _, WorkTree};
use crate::text::quote;

/// How many folders above a path are looked at for its seal outside a repository.
const LEVELS_ABOVE: usize = 4;

/// A file on disk with a name that promises nothing. What a list beside it says of it
/// counts, and so do the seals inside of it when it is an archive.
pub(super) fn plain_scan(path: &Path, trees: &Trees) -> Result<Vec<Scan>, Vec<Finding>> {
    let listed = file_scan(path, trees);
    // A name for its root means a manifest.
    let tree = if trees.options.root.is_none() { archive(path, trees.options) } else { Ok(None) };
    match (tree, listed) {
        (Ok(Some(tree)), listed) => {
            let inside = folder_scan(tree, BytePath::root(), trees)?;
            let sealed = inside.wanted_seals().next().is_some();
            Ok(match listed {
                Ok(list) if sealed => vec![list, inside],
                Ok(list) => vec![list],
                Err(_) => vec![inside],
            })
        }
        (Ok(None), listed) => one(listed_or_manifest(listed, path, trees)),
        // The list is the authority on the archive's bytes; that nothing was seen inside is said.
        (Err(findings), Ok(mut list)) => {
            if let (Some(path), true) = (list.only.clone(), trees.options.archives != Archives::Refuse) {
                let reasons = findings.into_iter().map(|finding| finding.message);
                list.passed_over.extend(reasons.map(|reason| PassedOver { path: path.clone(), reason }));
            }
            Ok(vec![list])
        }
        (Err(findings), Err(_)) => Err(findings),
    }
}

/// A manifest may have any name; a file that a seal lists comes first.
pub(super) fn listed_or_manifest(
    listed: Result<Scan, Vec<Finding>>,
    path: &Path,
    trees: &Trees,
) -> Result<Scan, Vec<Finding>> {
    listed.or_else(|unlisted| {
        let scan = manifest_scan(path, trees)?;
        if scan.wanted_seals().any(|seal| seal.manifest.is_ok()) { Ok(scan) } else { Err(unlisted) }
    })
}

/// A plain file: the nearest folder at or above it with a seal that lists it.
pub(super) fn file_scan(path: &Path, trees: &Trees) -> Result<Scan, Vec<Finding>> {
    for (tree, under, target) in homes(path, trees)? {
        let config = configuration(&tree, trees)?;
        let Ok(listing) = tree.list_folder(&under) else { break };
        let named = configured(&config, &under);
        let mut scan = find(tree, config, under, listing, &named, trees);
        let lists = |seal: &&Seal| {
            let name = target.strip_prefix(&seal.root);
            let read = seal.manifest.as_ref().ok();
            name.is_some_and(|name| read.is_some_and(|read| read.entries.iter().any(|e| e.path == name)))
        };
        scan.wanted = scan.seals.iter().filter(lists).map(|seal| seal.manifest_path.clone()).collect();
        if !scan.wanted.is_empty() {
            scan.only = Some(target);
            return Ok(scan);
        }
    }
    Err(vec![
        Finding::new(
            Code::NoEntryForPath,
            format!("no seal beside {} or in a folder above it lists that file", shown_path(path)),
        )
        .help(
            "name the manifest that should list it: seal verify --manifest FILE, or give the packet's folder",
        ),
    ])
}

/// A tree, a folder in it where a file's seal may be, and the file.
type Home = (Tree, BytePath, BytePath);

/// The folders that a file's seal may be in, the nearest first.
fn homes(path: &Path, trees: &Trees) -> Result<Vec<Home>, Vec<Finding>> {
    if trees.options.from != FromLayer::WorkTree {
        let place = trees.tracked(path)?;
        let (tree, target) = (place.tree, place.at);
        let above = |folder: &BytePath| (!folder.is_root()).then(|| folder.parent());
        let folders = std::iter::successors(Some(target.parent()), above);
        return Ok(folders.map(|under| (tree.clone(), under, target.clone())).collect());
    }
    let failed = |error: std::io::Error| vec![unreadable(path, &error)];
    let parent = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    // The folder is resolved and the file is not: a link is judged as a link.
    let folder = parent.canonicalize().map_err(failed)?;
    let file = folder.join(path.file_name().unwrap_or_default());
    let (enclosing, _) = WorkTree::around(&folder).map_err(failed)?;
    let mut homes = Vec::new();
    for (level, ancestor) in folder.ancestors().enumerate() {
        let left = enclosing.is_repository() && enclosing.relative(ancestor).is_none();
        // Outside a repository nothing says where the file's packet ends, and a
        // list far above is a stranger's.
        let far = !enclosing.is_repository() && level > LEVELS_ABOVE;
        if left || far {
            break;
        }
        let (tree, under) = on_disk(ancestor, trees.options)?;
        let Some(target) = tree.relative(&file) else { break };
        homes.push((tree, under, target));
    }
    Ok(homes)
}

/// Seals in the folders above the one looked through, as a hint.
pub(in crate::gate) fn seals_above(scan: &Scan) -> Vec<String> {
    if !scan.tree.is_on_disk() {
        return Vec::new();
    }
    let start = scan.tree.absolute(&scan.under);
    let mut found = Vec::new();
    for (level, folder) in start.ancestors().skip(1).take(LEVELS_ABOVE).enumerate() {
        let Ok(entries) = std::fs::read_dir(folder) else { break };
        let mut names: Vec<_> = entries.filter_map(Result::ok).map(|entry| entry.file_name()).collect();
        names.sort();
        let seals =
            names.into_iter().filter(|name| promise(name.as_encoded_bytes()) == Some(Promise::Strong));
        found.extend(seals.map(|name| {
            let path = [&b"../".repeat(level + 1), name.as_encoded_bytes()].concat();
            quote(&path)
        }));
        if !found.is_empty() {
            break;
        }
    }
    found
}
