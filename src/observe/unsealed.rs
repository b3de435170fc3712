//! The backward comparison: files under a root that no entry names.

use std::collections::{BTreeSet, HashSet};

use crate::config::Globs;
use crate::manifest::Manifest;
use crate::packet::Seal;
use crate::path::BytePath;
use crate::source::Listed;

/// Files that operating systems and shells leave behind; grouped into one finding.
const LITTER: [&[u8]; 4] = [b".DS_Store", b"Thumbs.db", b"desktop.ini", b"ehthumbs.db"];

/// Whether the name is that of operating-system litter.
pub fn is_litter(path: &BytePath) -> bool {
    LITTER.contains(&path.file_name())
}

/// Files that nothing names.
#[derive(Debug, Default)]
pub struct Backward {
    /// Relative to the root, in byte order.
    pub unsealed: Vec<Listed>,
    /// Left out by the configuration.
    pub excluded: u64,
    /// Files that may lie here unsealed, in byte order: they are looked at for what
    /// may stand nowhere.
    pub left_out: Vec<Listed>,
}

/// What lies at or below `root` in a listing sorted by path.
pub fn below<'a>(listing: &'a [Listed], root: &BytePath) -> &'a [Listed] {
    if root.is_root() {
        return listing;
    }
    let first = [root.as_bytes(), b"/"].concat();
    let past = [root.as_bytes(), b"0"].concat();
    let from = listing.partition_point(|l| l.path.as_bytes() < first.as_slice());
    let to = listing.partition_point(|l| l.path.as_bytes() < past.as_slice());
    listing.get(from..to).unwrap_or_default()
}

/// Finds the files of `listing` below the seal's root that neither the
/// manifest names nor the seals `covered` by it.
pub fn backward(
    seal: &Seal,
    manifest: &Manifest,
    listing: &[Listed],
    covered: &BTreeSet<BytePath>,
    exclude: &Globs,
) -> Backward {
    let mut named: Vec<&BytePath> = manifest.entries.iter().map(|entry| &entry.path).collect();
    named.extend(manifest.problems.iter().filter_map(|problem| problem.path.as_ref()));
    named.sort_unstable();
    let mut out = Backward::default();
    for listed in below(listing, &seal.root) {
        let Some(path) = listed.path.strip_prefix(&seal.root) else { continue };
        let known = named.binary_search(&&path).is_ok()
            || seal.siblings.binary_search(&listed.path).is_ok()
            || covered.contains(&listed.path);
        if known {
            continue;
        }
        if exclude.matches(&path) {
            out.excluded += 1;
            out.left_out.push(Listed { path, kind: listed.kind });
        } else {
            out.unsealed.push(Listed { path, kind: listed.kind });
        }
    }
    out
}

/// What nested packets cover for the outer seal: when the outer one lists an
/// inner manifest, the inner one's files, pin and signatures count as listed.
/// Paths relative to the source's base.
pub fn covered(outer: &Seal, manifest: &Manifest, seals: &[Seal]) -> BTreeSet<BytePath> {
    let mut covered = BTreeSet::new();
    let mut listed: Vec<BytePath> = manifest.entries.iter().map(|e| outer.root.join(&e.path)).collect();
    listed.sort_unstable();
    let mut work: Vec<&Seal> =
        seals.iter().filter(|s| listed.binary_search(&s.manifest_path).is_ok()).collect();
    let mut seen: HashSet<&BytePath> = HashSet::from([&outer.manifest_path]);
    while let Some(inner) = work.pop() {
        let Ok(read) = &inner.manifest else { continue };
        if inner.root == outer.root || !seen.insert(&inner.manifest_path) {
            continue;
        }
        covered.extend(inner.siblings.iter().cloned());
        covered.extend(read.entries.iter().map(|entry| inner.root.join(&entry.path)));
        work.extend(seals.iter().filter(|s| covered.contains(&s.manifest_path)));
    }
    covered
}
