//! What a new seal says otherwise than the one it replaces.

use std::collections::BTreeMap;

use crate::digest::Digest;
use crate::manifest::write::Item;
use crate::manifest::{self, Limits, Options};
use crate::packet::MANIFEST_NAME;
use crate::path::BytePath;

/// Files by what became of them, each in path order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// The manifest there could not be read as one.
    pub unreadable: bool,
    /// Not sealed before.
    pub added: Vec<BytePath>,
    /// Sealed before, and not any more.
    pub removed: Vec<BytePath>,
    /// Sealed with another digest.
    pub changed: Vec<BytePath>,
}

impl Changes {
    /// From the manifest there to the files that are sealed now.
    pub(super) fn between(old: &[u8], new: &[Item]) -> Self {
        let options = Options { file_name: MANIFEST_NAME, format: None, limits: Limits::default() };
        let Ok(manifest) = manifest::parse(old, &options) else {
            return Self { unreadable: true, ..Self::default() };
        };
        let mut before: BTreeMap<&BytePath, &Digest> =
            manifest.entries.iter().map(|entry| (&entry.path, &entry.digest)).collect();
        let mut changes = Self::default();
        for item in new {
            match before.remove(&item.path) {
                None => changes.added.push(item.path.clone()),
                Some(digest) if *digest != item.digest => changes.changed.push(item.path.clone()),
                Some(_) => {}
            }
        }
        changes.removed = before.into_keys().cloned().collect();
        changes
    }

    /// Whether the same files are sealed with the same digests.
    pub fn is_empty(&self) -> bool {
        !self.unreadable && self.added.is_empty() && self.removed.is_empty() && self.changed.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::digest::Sha256;
    use crate::manifest::write;
    use crate::path::Backslash;

    fn item(name: &str, content: &[u8]) -> Item {
        let path = BytePath::parse(name.as_bytes(), Backslash::Refuse).unwrap();
        Item { path, digest: Digest::Sha256(Sha256::of(content)), size: content.len() as u64 }
    }

    #[test]
    fn each_file_is_named_by_what_became_of_it() {
        let old = [item("a", b"1"), item("b", b"2"), item("c", b"3")];
        let new = [item("a", b"1"), item("b", b"other"), item("d", b"4")];
        let names = |paths: &[BytePath]| paths.iter().map(|p| p.as_bytes().to_vec()).collect::<Vec<_>>();
        for text in [write::sha256sum(&old), write::sized(&old)] {
            let changes = Changes::between(&text, &new);
            assert_eq!(names(&changes.added), [b"d"]);
            assert_eq!(names(&changes.changed), [b"b"]);
            assert_eq!(names(&changes.removed), [b"c"]);
            assert!(Changes::between(&text, &old).is_empty());
        }
        assert!(Changes::between(b"\0\0no manifest", &new).unreadable);
    }
}
