//! Field names: which column headings, JSON keys and words of a banner speak of
//! a path, a digest or a length.

use super::token::Named;
use crate::digest::Algorithm;

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    /// A file's name; the lower number is taken when an object has several.
    Path(u8),
    /// A digest, of the algorithm that the name says, if it says one.
    Digest(Option<Named>),
    /// A length in bytes.
    Size,
    /// The name of an algorithm.
    Algorithm,
    /// Whether the file is kept elsewhere.
    ByReference,
}

/// The longest normalised name that is known.
const LONGEST: usize = 24;

/// A name in lower case without blanks, hyphens and underscores.
#[derive(Clone, Copy)]
struct Plain {
    letters: [u8; LONGEST],
    used: usize,
}

impl Plain {
    fn of(name: &[u8]) -> Option<Self> {
        let mut plain = Self { letters: [0; LONGEST], used: 0 };
        for byte in name {
            if !matches!(byte, b'_' | b'-' | b' ' | b'.') {
                *plain.letters.get_mut(plain.used)? = byte.to_ascii_lowercase();
                plain.used += 1;
            }
        }
        Some(plain)
    }

    fn get(&self) -> &[u8] {
        self.letters.get(..self.used).unwrap_or_default()
    }
}

impl Field {
    /// What a field of that name holds; `None` when it is none of these.
    pub(super) fn of(name: &[u8]) -> Option<Self> {
        // A file name that happens to spell a field has an extension or a folder.
        if name.iter().any(|&b| matches!(b, b'/' | b'\\' | b'.')) {
            return None;
        }
        let plain = Plain::of(name)?;
        Some(match plain.get() {
            b"path" | b"filepath" | b"relativepath" | b"relpath" => Self::Path(0),
            b"pathname" | b"relativefilepath" | b"repopath" | b"packetpath" => Self::Path(1),
            b"file" | b"filename" | b"relativefile" | b"fname" => Self::Path(2),
            b"name" | b"artifact" | b"artifactpath" | b"artefact" | b"target" => Self::Path(3),
            b"hash" | b"digest" | b"checksum" | b"hexdigest" | b"filehash" | b"filedigest"
            | b"filechecksum" | b"contenthash" | b"contentdigest" | b"hashvalue" | b"checksumvalue"
            | b"sum" | b"sha" | b"hashhex" => Self::Digest(None),
            b"size" | b"bytes" | b"length" | b"sizebytes" | b"bytesize" | b"bytelength" | b"lengthbytes"
            | b"filesize" | b"filesizebytes" | b"sizeinbytes" | b"bytecount" | b"len" | b"nbytes"
            | b"numbytes" => Self::Size,
            b"algorithm" | b"alg" | b"algo" | b"hashalgorithm" | b"digestalgorithm" | b"hashtype" => {
                Self::Algorithm
            }
            b"byreference" => Self::ByReference,
            other => return named_digest(other).map(|named| Self::Digest(Some(named))),
        })
    }
}

/// `sha256`, `sha256sum`, `file_sha256`, `sha256_hex`, …
fn named_digest(plain: &[u8]) -> Option<Named> {
    let mut name = plain;
    for prefix in [&b"file"[..], b"content", b"contents", b"hash", b"checksum", b"digest", b"raw", b"bytes"] {
        name = name.strip_prefix(prefix).unwrap_or(name);
    }
    for suffix in [&b"sum"[..], b"hash", b"hex", b"digest", b"checksum", b"hexdigest"] {
        name = name.strip_suffix(suffix).unwrap_or(name);
    }
    match name {
        b"sha" => None,
        name => Named::from_name(name),
    }
}

/// Last words of names that hold a digest of something.
const SOMETHING: [&[u8]; 18] = [
    b"hash",
    b"hashes",
    b"digest",
    b"checksum",
    b"sha",
    b"sum",
    b"tree",
    b"commit",
    b"revision",
    b"root",
    b"pin",
    b"fingerprint",
    b"signature",
    b"seal",
    b"id",
    b"oid",
    b"key",
    b"token",
];

/// Whether a JSON key names a digest of something else, so that it is no file
/// name: `packet_sha256`, `tree`, `commit`.
pub(super) fn is_digest_of_something(key: &[u8]) -> bool {
    if key.iter().any(|&b| matches!(b, b'/' | b'.')) {
        return false;
    }
    let lower = key.to_ascii_lowercase();
    let last_word = lower.rsplit(|b| matches!(b, b'_' | b'-' | b' ' | b':')).next().unwrap_or_default();
    SOMETHING.contains(&last_word)
        || Field::of(last_word).is_some_and(|field| matches!(field, Field::Digest(_)))
        || lower.windows(6).any(|window| window == b"sha256" || window == b"sha512")
        || [&b"Hash"[..], b"Digest", b"Checksum", b"Sha", b"SHA"].iter().any(|tail| key.ends_with(tail))
        || Named::from_name(last_word) == Some(Named::Known(Algorithm::Md5))
}

/// What a document has one of, and a digest of it.
const SUBJECTS: [&[u8]; 66] = [
    b"packet",
    b"manifest",
    b"tree",
    b"root",
    b"merkle",
    b"previous",
    b"prev",
    b"parent",
    b"parents",
    b"commit",
    b"revision",
    b"head",
    b"base",
    b"pin",
    b"fingerprint",
    b"signature",
    b"seal",
    b"bundle",
    b"archive",
    b"zip",
    b"tar",
    b"tarball",
    b"release",
    b"package",
    b"total",
    b"combined",
    b"aggregate",
    b"overall",
    b"document",
    b"self",
    b"chain",
    b"ledger",
    b"block",
    b"event",
    b"events",
    b"run",
    b"runs",
    b"git",
    b"repo",
    b"repository",
    b"config",
    b"configuration",
    b"schema",
    b"prereg",
    b"corpus",
    b"dataset",
    b"data",
    b"model",
    b"image",
    b"container",
    b"environment",
    b"env",
    b"input",
    b"inputs",
    b"output",
    b"outputs",
    b"source",
    b"code",
    b"evidence",
    b"content",
    b"contents",
    b"payload",
    b"canonical",
    b"step",
    b"steps",
    b"history",
];

/// Words that such a name has beside its subject.
const DIGEST_WORDS: [&[u8]; 15] = [
    b"sha",
    b"sha256",
    b"sha384",
    b"sha512",
    b"sha1",
    b"md5",
    b"hash",
    b"hashes",
    b"digest",
    b"digests",
    b"checksum",
    b"checksums",
    b"hex",
    b"of",
    b"id",
];

/// Words of fields that tell of the document.
const METADATA: [&[u8]; 40] = [
    b"name",
    b"title",
    b"description",
    b"note",
    b"notes",
    b"comment",
    b"comments",
    b"author",
    b"tool",
    b"generator",
    b"generated",
    b"created",
    b"updated",
    b"date",
    b"time",
    b"timestamp",
    b"at",
    b"on",
    b"by",
    b"utc",
    b"version",
    b"format",
    b"schema",
    b"type",
    b"kind",
    b"id",
    b"status",
    b"algorithm",
    b"algo",
    b"count",
    b"total",
    b"files",
    b"file",
    b"size",
    b"bytes",
    b"root",
    b"packet",
    b"manifest",
    b"meta",
    b"metadata",
];

/// The words of a name: `treeHash`, `tree_hash` and `tree-hash` have two.
fn words(name: &[u8]) -> impl Iterator<Item = &[u8]> {
    name.split(|b| !b.is_ascii_alphanumeric())
        .flat_map(|part| part.chunk_by(|a, b| !(a.is_ascii_lowercase() && b.is_ascii_uppercase())))
        .filter(|word| !word.is_empty())
}

/// Whether a JSON key names a digest of the document or of something that it has
/// one of: `packet_sha256`, `rootHash`, `previous`. A file's name is none.
pub(super) fn is_document_field(key: &[u8]) -> bool {
    let known = |list: &[&[u8]], word: &[u8]| list.contains(&word.to_ascii_lowercase().as_slice());
    !is_path_like(key)
        && words(key).all(|word| known(&SUBJECTS, word) || known(&DIGEST_WORDS, word))
        && words(key).any(|word| known(&SUBJECTS, word))
}

/// Whether a JSON key tells of the document. Files have such names seldom, and
/// in upper case: `VERSION`.
pub(super) fn is_metadata(key: &[u8]) -> bool {
    let known = |word: &[u8]| METADATA.contains(&word.to_ascii_lowercase().as_slice());
    key.first().is_some_and(u8::is_ascii_lowercase) && words(key).all(known)
}

/// Whether a name has the look of a path: a folder or an extension.
pub(super) fn is_path_like(name: &[u8]) -> bool {
    if memchr::memchr2(b'/', b'\\', name).is_some() {
        return true;
    }
    match memchr::memrchr(b'.', name).map(|dot| name.split_at(dot)) {
        Some((_, [_, extension @ ..])) => {
            extension.first().is_some_and(u8::is_ascii_alphabetic)
                && extension.len() <= 12
                && extension.iter().all(|b| b.is_ascii_alphanumeric() || *b == b'_')
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_names_are_known() {
        for name in ["path", "File", "file_name", "Relative-Path", "name"] {
            assert!(matches!(Field::of(name.as_bytes()), Some(Field::Path(_))), "{name}");
        }
        for name in ["sha256", "SHA-256", "sha256sum", "hash", "Digest", "file_sha256", "content_hash", "md5"]
        {
            assert!(matches!(Field::of(name.as_bytes()), Some(Field::Digest(_))), "{name}");
        }
        for name in ["size", "bytes", "length", "size_bytes", "Length"] {
            assert_eq!(Field::of(name.as_bytes()), Some(Field::Size), "{name}");
        }
        for name in ["role", "hash.txt", "a/path", "packet_sha256", "", "previous_sha256"] {
            assert_eq!(Field::of(name.as_bytes()), None, "{name}");
        }
    }

    #[test]
    fn digests_of_something_else() {
        for key in ["packet_sha256", "treeHash", "tree", "commit", "manifest_digest", "sha256_of_zip"] {
            assert!(is_digest_of_something(key.as_bytes()), "{key}");
        }
        for key in ["a.txt", "LICENSE", "docs/tree", "hash.bin"] {
            assert!(!is_digest_of_something(key.as_bytes()), "{key}");
        }
    }

    #[test]
    fn paths_look_like_paths() {
        for name in ["a.txt", "a/b", "a\\b", ".gitignore"] {
            assert!(is_path_like(name.as_bytes()), "{name}");
        }
        for name in ["Makefile", "1.0", "v1.2.3", "Generated.", "e.g. this"] {
            assert!(!is_path_like(name.as_bytes()), "{name}");
        }
    }
}
