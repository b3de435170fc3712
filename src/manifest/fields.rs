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
