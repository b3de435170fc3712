//! Hints: what a seal may say about its files beside their digests, so that a
//! drift is found faster and an edit can be located without the original.
//!
//! `seal-hints.json` is itself sealed. Hints are never proof: a wrong one can
//! only make an explanation harder to find. Reading is strict and bounded, and
//! no name in the file is ever opened.

mod chunks;
mod damage;
mod locate;

use std::collections::BTreeMap;
use std::fmt;

use memchr::memmem;
use serde::de::{Deserializer, Error as _, MapAccess, Visitor};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::digest::{Digest, Sha256};
use crate::path::BytePath;

pub use damage::damage;
pub use locate::differences;

/// The name of the file at a seal's root.
pub const NAME: &[u8] = b"seal-hints.json";
/// The document's version, as the field `schema` spells it.
pub const SCHEMA: &str = "seal.hints/v1";
/// Longer documents are neither written nor read, in bytes.
pub const MAX_BYTES: usize = 64 << 20;
/// Larger files get no hints, in bytes.
pub const MAX_FILE: u64 = 64 << 20;

/// The whole document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hints {
    schema: String,
    #[serde(deserialize_with = "unique")]
    files: BTreeMap<String, FileHints>,
}

/// What is known of one sealed file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileHints {
    /// The digest of the bytes that the hints are about.
    sha256: Hex,
    /// Their number.
    pub size: u64,
    /// Line ends that are CRLF.
    pub crlf: u64,
    /// Line feeds without a CR before them.
    pub lf: u64,
    /// CRs without a line feed behind them.
    pub cr: u64,
    /// They begin with a UTF-8 byte-order mark.
    pub bom: bool,
    /// Line ends at the very end.
    pub final_newlines: u64,
    /// How often each typographic character occurs, by `U+2014`.
    #[serde(deserialize_with = "unique")]
    pub typographic: BTreeMap<String, u64>,
    /// Content-defined chunks, in order.
    pub chunks: Vec<Chunk>,
}

/// One content-defined chunk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Chunk {
    /// Its length in bytes.
    pub len: u64,
    /// Its digest.
    sha256: Hex,
}

/// A SHA-256 as 64 lower-case digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Hex(Sha256);

/// Why a document of hints is not used.
#[derive(Debug, Error)]
pub enum BadHints {
    /// It is longer than [`MAX_BYTES`].
    #[error("it is longer than {} MiB", MAX_BYTES >> 20)]
    TooLong,
    /// It does not have the form of such a document.
    #[error("it is no list of hints: {0}")]
    Form(#[from] serde_json::Error),
    /// It is of another version.
    #[error("its schema is not {SCHEMA}")]
    Version,
    /// The chunks of a file do not add up to its length.
    #[error("the chunks of a file do not add up to its length")]
    Sum,
}

impl Hints {
    /// Reads a document.
    pub fn parse(bytes: &[u8]) -> Result<Self, BadHints> {
        if bytes.len() > MAX_BYTES {
            return Err(BadHints::TooLong);
        }
        let hints: Self = serde_json::from_slice(bytes)?;
        if hints.schema != SCHEMA {
            return Err(BadHints::Version);
        }
        for file in hints.files.values() {
            let sum = file.chunks.iter().try_fold(0u64, |sum, chunk| sum.checked_add(chunk.len));
            if sum != Some(file.size) || file.chunks.iter().any(|chunk| chunk.len == 0) {
                return Err(BadHints::Sum);
            }
        }
        Ok(hints)
    }

    /// The document's bytes; the same hints give the same bytes.
    pub fn write(files: BTreeMap<String, FileHints>) -> Result<Vec<u8>, BadHints> {
        let document = Self { schema: SCHEMA.to_owned(), files };
        let mut bytes = serde_json::to_vec(&document)?;
        bytes.push(b'\n');
        if bytes.len() > MAX_BYTES { Err(BadHints::TooLong) } else { Ok(bytes) }
    }

    /// The hints about the bytes that an entry seals, if they are about these.
    pub fn about(&self, path: &BytePath, sealed: &Digest) -> Option<&FileHints> {
        let hints = self.files.get(std::str::from_utf8(path.as_bytes()).ok()?)?;
        (Digest::Sha256(hints.sha256.0) == *sealed).then_some(hints)
    }
}

impl FileHints {
    /// The hints about `bytes`.
    pub fn of(bytes: &[u8]) -> Self {
        let crlf = memmem::find_iter(bytes, b"\r\n").count() as u64;
        Self {
            sha256: Hex(Sha256::of(bytes)),
            size: bytes.len() as u64,
            crlf,
            lf: memchr::memchr_iter(b'\n', bytes).count() as u64 - crlf,
            cr: memchr::memchr_iter(b'\r', bytes).count() as u64 - crlf,
            bom: bytes.starts_with(b"\xef\xbb\xbf"),
            final_newlines: final_newlines(bytes),
            typographic: typographic(bytes),
            chunks: chunks::of(bytes, bytes.len() as u64).collect(),
        }
    }

    /// The digest of the bytes that the hints are about.
    pub fn sha256(&self) -> Sha256 {
        self.sha256.0
    }
}

fn final_newlines(bytes: &[u8]) -> u64 {
    let mut rest = bytes;
    let mut count = 0;
    while let Some(shorter) = rest.strip_suffix(b"\n") {
        rest = shorter.strip_suffix(b"\r").unwrap_or(shorter);
        count += 1;
    }
    count
}

/// Characters that editors and models exchange for others that look alike.
fn typographic(bytes: &[u8]) -> BTreeMap<String, u64> {
    let mut counts: BTreeMap<char, u64> = BTreeMap::new();
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars().filter(|c| !c.is_ascii() && is_typographic(*c)) {
            *counts.entry(c).or_default() += 1;
        }
    }
    counts.into_iter().map(|(c, n)| (format!("U+{:04X}", u32::from(c)), n)).collect()
}

fn is_typographic(c: char) -> bool {
    matches!(u32::from(c),
        0xA0 | 0xAB | 0xAD | 0xBB | 0x2000..=0x200D | 0x2010..=0x2015 | 0x2018..=0x201F | 0x2022 | 0x2026
        | 0x202F | 0x2032 | 0x2033 | 0x2039 | 0x203A | 0x205F | 0x2060 | 0x2212 | 0x3000 | 0xFEFF)
}

impl Serialize for Hex {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Hex {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        let digest = Sha256::from_hex(text.as_bytes()).filter(|digest| digest.to_string() == *text);
        digest.map(Self).ok_or_else(|| D::Error::custom("a digest is 64 lower-case hexadecimal digits"))
    }
}

/// A map in which no name comes twice.
fn unique<'de, D, V>(deserializer: D) -> Result<BTreeMap<String, V>, D::Error>
where
    D: Deserializer<'de>,
    V: Deserialize<'de>,
{
    struct Unique<V>(std::marker::PhantomData<V>);

    impl<'de, V: Deserialize<'de>> Visitor<'de> for Unique<V> {
        type Value = BTreeMap<String, V>;

        fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
            f.write_str("an object in which no name comes twice")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut out = BTreeMap::new();
            while let Some((key, value)) = map.next_entry::<String, V>()? {
                if out.insert(key, value).is_some() {
                    return Err(A::Error::custom("a name comes twice"));
                }
            }
            Ok(out)
        }
    }

    deserializer.deserialize_map(Unique(std::marker::PhantomData))
}

#[cfg(test)]
mod tests;
