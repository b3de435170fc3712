//! Where the bytes of missing entries went: files under the same root that no
//! entry names and that hold the sealed bytes.

use std::collections::{BTreeSet, HashMap};

use bstr::ByteSlice;
use unicode_normalization::UnicodeNormalization;

use super::State;
use crate::digest::{Algorithm, Digest, hash_reader};
use crate::manifest::{Entry, Manifest};
use crate::path::BytePath;
use crate::source::{Folder, Kind, Links, Listed};

/// What stands in for a missing entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Twin {
    /// The same name but for letter case or Unicode normalisation, with the sealed bytes.
    Renamed(BytePath),
    /// The sealed bytes under another name.
    Moved(BytePath),
}

impl Twin {
    /// Where the bytes are.
    pub fn path(&self) -> &BytePath {
        match self {
            Self::Renamed(path) | Self::Moved(path) => path,
        }
    }
}

/// The result of the search.
#[derive(Debug, Default)]
pub struct Twins {
    /// By index of the missing entry.
    pub found: HashMap<usize, Twin>,
    /// Unsealed files that were not compared, since the limits were reached.
    pub not_compared: u64,
}

/// Unsealed files hashed at most in search of moved bytes.
const MAX_FILES: usize = 20_000;
/// Bytes hashed at most in search of moved bytes.
const MAX_BYTES: u64 = 1 << 30;

/// Looks for the bytes of every missing entry among the unsealed files.
pub fn find(manifest: &Manifest, states: &[State], unsealed: &[Listed], folder: &dyn Folder) -> Twins {
    let missing: Vec<(usize, &Entry)> = manifest
        .entries
        .iter()
        .enumerate()
        .filter(|(index, _)| states.get(*index) == Some(&State::Missing))
        .collect();
    if missing.is_empty() || unsealed.is_empty() {
        return Twins::default();
    }
    let mut search = Search::new(&missing, unsealed, folder);
    let mut twins = Twins::default();
    for (index, entry) in &missing {
        if let Some(path) = search.renamed(entry) {
            twins.found.insert(*index, Twin::Renamed(path));
        }
    }
    search.hash_all();
    for (index, entry) in &missing {
        if !twins.found.contains_key(index)
            && let Some(path) = search.by_digest.get(&entry.digest)
        {
            twins.found.insert(*index, Twin::Moved(path.clone()));
        }
    }
    twins.not_compared = search.not_compared;
    twins
}

struct Search<'a> {
    folder: &'a dyn Folder,
    /// Most likely first: a file that kept its last component, then the others.
    files: Vec<&'a BytePath>,
    by_fold: HashMap<Vec<u8>, Vec<&'a BytePath>>,
    by_digest: HashMap<Digest, BytePath>,
    algorithms: Vec<Algorithm>,
    /// Sealed lengths, when every missing entry has one: no other file can be the one.
    sizes: Option<BTreeSet<u64>>,
    known: HashMap<(&'a BytePath, Algorithm), Option<Digest>>,
    buffer: Vec<u8>,
    bytes: u64,
    not_compared: u64,
}

impl<'a> Search<'a> {
    fn new(missing: &[(usize, &Entry)], unsealed: &'a [Listed], folder: &'a dyn Folder) -> Self {
        let mut files: Vec<&BytePath> =
            unsealed.iter().filter(|l| l.kind == Kind::File).map(|l| &l.path).collect();
        let names: std::collections::HashSet<&[u8]> =
            missing.iter().map(|(_, entry)| entry.path.file_name()).collect();
        files.sort_by_key(|path| (!names.contains(path.file_name()), *path));
        let mut by_fold: HashMap<Vec<u8>, Vec<&BytePath>> = HashMap::new();
        for path in &files {
            by_fold.entry(fold(path)).or_default().push(path);
        }
        let mut algorithms: Vec<Algorithm> = missing.iter().map(|(_, e)| e.digest.algorithm()).collect();
        algorithms.sort_unstable();
        algorithms.dedup();
        let sizes = missing.iter().map(|(_, entry)| entry.size).collect();
        Self {
            folder,
            files,
            by_fold,
            by_digest: HashMap::new(),
            algorithms,
            sizes,
            known: HashMap::new(),
            buffer: vec![0; super::queue::BUFFER],
            bytes: 0,
            not_compared: 0,
        }
    }

    fn renamed(&mut self, entry: &Entry) -> Option<BytePath> {
        let twins = self.by_fold.get(&fold(&entry.path))?.clone();
        let algorithm = entry.digest.algorithm();
        for path in twins {
            if self.digest(path, algorithm).as_ref() == Some(&entry.digest) {
                return Some(path.clone());
            }
        }
        None
    }

    /// The file's digest, computed once, as long as the limit of bytes allows.
    fn digest(&mut self, path: &'a BytePath, algorithm: Algorithm) -> Option<Digest> {
        if let Some(known) = self.known.get(&(path, algorithm)) {
            return known.clone();
        }
        let digest = self.hash(path, algorithm);
        self.known.insert((path, algorithm), digest.clone());
        digest
    }

    fn hash(&mut self, path: &BytePath, algorithm: Algorithm) -> Option<Digest> {
        let mut blob = self.folder.open(path, Links::Refuse).ok()?;
        let size = blob.size();
        // No other length can be the one, when every missing entry has one.
        if self.sizes.as_ref().is_some_and(|sizes| !sizes.contains(&size)) {
            return None;
        }
        if self.known.len() >= MAX_FILES || self.bytes.saturating_add(size) > MAX_BYTES {
            self.not_compared += 1;
            return None;
        }
        self.bytes += size;
        let (digest, _) = hash_reader(algorithm, &mut blob, &mut self.buffer).ok()?;
        Some(digest)
    }

    fn hash_all(&mut self) {
        for path in std::mem::take(&mut self.files) {
            for algorithm in self.algorithms.clone() {
                if let Some(digest) = self.digest(path, algorithm) {
                    self.by_digest.entry(digest).or_insert_with(|| path.clone());
                }
            }
        }
    }
}

/// A name with letter case and composition folded away.
fn fold(path: &BytePath) -> Vec<u8> {
    match path.as_bytes().to_str() {
        Ok(name) => name.nfc().flat_map(char::to_lowercase).nfc().collect::<String>().into_bytes(),
        Err(_) => path.as_bytes().to_ascii_lowercase(),
    }
}

/// In what two names that fold to the same differ, a few words.
pub fn difference(sealed: &BytePath, found: &BytePath) -> &'static str {
    let nfc = |path: &BytePath| path.as_bytes().to_str().map(|name| name.nfc().collect::<String>());
    match (nfc(sealed), nfc(found)) {
        (Ok(a), Ok(b)) if a == b => "Unicode normalization (composed or decomposed letters)",
        _ => "letter case",
    }
}
