//! Other lists in the folder: what they say otherwise fails the next verification,
//! however fresh the seal is.

use std::collections::BTreeMap;

use crate::digest::Digest;
use crate::manifest::write::Item;
use crate::manifest::{self, Entry, Limits, Options};
use crate::packet::names::{Promise, promise};
use crate::path::BytePath;
use crate::source::{Folder, Links};

/// Lists among the sealed files that have another digest for one of them. What only
/// looks like a list is none.
pub(super) fn outdated(folder: &dyn Folder, items: &[Item]) -> Vec<BytePath> {
    let sealed: BTreeMap<&BytePath, &Digest> = items.iter().map(|item| (&item.path, &item.digest)).collect();
    let is_list =
        |path: &&BytePath| matches!(promise(path.file_name()), Some(Promise::Strong | Promise::Weak));
    let differs = |path: &&BytePath| {
        let limits = Limits::default();
        let Ok(bytes) = folder.read(path, Links::Refuse, limits.bytes as u64) else { return false };
        let options = Options { file_name: path.file_name(), format: None, limits };
        let base = path.parent();
        manifest::parse(&bytes, &options)
            .is_ok_and(|list| list.entries.iter().any(|entry| is_other(entry, &base, &sealed)))
    };
    items.iter().map(|item| &item.path).filter(is_list).filter(differs).cloned().collect()
}

/// Whether the file is sealed, and not with the digest of the entry: below the folder of
/// the list, and where it is not there, below the root.
fn is_other(entry: &Entry, base: &BytePath, sealed: &BTreeMap<&BytePath, &Digest>) -> bool {
    let there = sealed.get(&base.join(&entry.path)).or_else(|| sealed.get(&entry.path));
    matches!(entry.digest, Digest::Sha256(_)) && there.is_some_and(|digest| **digest != entry.digest)
}
