//! What comes with the program to be tested with: good evidence, a sealed folder,
//! and a folder for every code of bytes and manifests.
//!
//! They are the packets and cases under `testdata/`, packed; a test compares them.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use flate2::read::GzDecoder;

use crate::gate::Specimen;
use crate::path::{Backslash, BytePath};
use crate::source::memory::Files;
use crate::source::snapshot::Item;

/// `LENGTH NAME` and a line feed before the bytes of each file.
static PACKED: &[u8] = include_bytes!("frozen.gz");

/// More than it unpacks to.
const LARGEST: u64 = 4 << 20;

/// The specimens.
pub(super) struct Frozen {
    /// A packet whose evidence is good.
    pub(super) good: Specimen,
    /// A sealed folder.
    pub(super) intact: Specimen,
    /// A drifted folder by the code that the gate must give.
    pub(super) drifted: Vec<(String, Specimen)>,
}

impl Frozen {
    /// Unpacks them. Nothing is written: `base` is what reports would call their place.
    pub(super) fn open(base: &Path) -> Option<Self> {
        let mut bytes = Vec::new();
        GzDecoder::new(PACKED).take(LARGEST).read_to_end(&mut bytes).ok()?;
        let mut configuration = Vec::new();
        let mut folders: BTreeMap<String, Files> = BTreeMap::new();
        for (name, content) in files(&bytes)? {
            if name == "good.toml" {
                configuration = content.to_vec();
                continue;
            }
            let (folder, file) = match name.strip_prefix("drift/") {
                Some(rest) => rest.split_once('/')?,
                None => name.split_once('/')?,
            };
            let path = BytePath::parse(format!("packet/{file}").as_bytes(), Backslash::Refuse).ok()?;
            folders.entry(folder.to_owned()).or_default().insert(path, Item::File(Arc::from(content)));
        }
        let root = BytePath::parse(b"packet", Backslash::Refuse).ok()?;
        let mut made = |name: &str, configuration: &[u8]| {
            Specimen::made(base.to_owned(), root.clone(), folders.remove(name)?, configuration)
        };
        let (good, intact) = (made("good", &configuration)?, made("intact", b"")?);
        let names: Vec<String> = folders.keys().cloned().collect();
        let mut drifted = Vec::with_capacity(names.len());
        for name in names {
            let files = folders.remove(&name)?;
            drifted.push((name, Specimen::made(base.to_owned(), root.clone(), files, b"")?));
        }
        Some(Self { good, intact, drifted })
    }
}

fn files(mut bytes: &[u8]) -> Option<Vec<(&str, &[u8])>> {
    let mut all = Vec::new();
    while !bytes.is_empty() {
        let end = memchr::memchr(b'\n', bytes)?;
        let (head, rest) = bytes.split_at_checked(end)?;
        let (length, name) = std::str::from_utf8(head).ok()?.split_once(' ')?;
        let (content, rest) = rest.get(1..)?.split_at_checked(length.parse().ok()?)?;
        all.push((name, content));
        bytes = rest;
    }
    Some(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_is_whole() {
        let frozen = Frozen::open(Path::new("/")).unwrap();
        assert!(frozen.good.files.len() > 20 && frozen.intact.files.len() > 10);
        assert!(frozen.drifted.len() > 30, "{}", frozen.drifted.len());
        for (code, _) in &frozen.drifted {
            assert!(crate::code::Code::from_id(code).is_some(), "{code}");
        }
    }
}
