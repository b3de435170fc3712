//! Which file names are looked at as seals.
//!
//! The patterns come from the names that public repositories use most. A
//! **strong** name promises a manifest: when its content is none, that is an
//! error, since a truncated seal must not vanish. A **weak** name is common for
//! other things too, and its content decides.

use bstr::ByteSlice;

/// What a file name promises.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Promise {
    /// A manifest, whatever its content looks like.
    Strong,
    /// A manifest if its content is one.
    Weak,
    /// A tree pin.
    Pin,
    /// A detached signature over the named file.
    Signature,
    /// A list of digests too short to protect anything.
    WeakDigests,
}

/// Endings of detached signatures and timestamps.
const SIGNATURES: [&[u8]; 8] =
    [b".asc", b".sig", b".sign", b".gpg", b".minisig", b".sigstore", b".sigstore.json", b".ots"];

/// Endings of lists whose digests are too short.
const SHORT: [&[u8]; 4] = [b".md5", b".md5sum", b".sha1", b".sha1sum"];

/// Endings under which a strong stem still means a manifest; source code and
/// prose that merely speak of one are weak.
const TEXT: [&[u8]; 10] =
    [b".txt", b".sha256", b".sha384", b".sha512", b".json", b".csv", b".tsv", b".lst", b".list", b".sums"];

/// Stems that only manifests have.
const STRONG: [&[u8]; 7] = [
    b"hash_manifest",
    b"sha256sum",
    b"sha384sum",
    b"sha512sum",
    b"manifest-sha",
    b"manifest_sha",
    b"sha256_manifest",
];

/// Words in the stem of manifests, and of other files too.
const WEAK: [&[u8]; 8] =
    [b"manifest", b"checksum", b"sha256", b"sha384", b"sha512", b"hashes", b"digests", b"integrity"];

/// What the last component of a path promises, if anything. Letter case does not count.
pub fn promise(file_name: &[u8]) -> Option<Promise> {
    let name = file_name.to_ascii_lowercase();
    if name == super::PIN_NAME {
        return Some(Promise::Pin);
    }
    if let Some(signed) = SIGNATURES.iter().find_map(|ending| name.strip_suffix(*ending)) {
        return promise(signed).map(|_| Promise::Signature);
    }
    if [&b".sha256"[..], b".sha384", b".sha512", b".sha256sum", b".sha512sum"]
        .iter()
        .any(|e| name.ends_with(e))
    {
        return Some(Promise::Strong);
    }
    if SHORT.iter().any(|ending| name.ends_with(ending)) {
        return Some(Promise::WeakDigests);
    }
    let ending = TEXT.iter().find_map(|ending| name.strip_suffix(*ending));
    let stem = ending.unwrap_or(&name);
    if [&b"md5sum"[..], b"sha1sum"].iter().any(|short| stem.starts_with(short)) && !stem.contains(&b'.') {
        return Some(Promise::WeakDigests);
    }
    let plain = ending.is_some() || !stem.contains(&b'.');
    if plain && STRONG.iter().any(|strong| stem.starts_with(strong)) {
        return Some(Promise::Strong);
    }
    // Versions and variants follow and precede the word: `ROOT_SHA256_MANIFEST_v12.json`.
    let speaks = WEAK.iter().any(|word| stem.contains_str(word));
    (speaks && (plain || name.ends_with(b".md"))).then_some(Promise::Weak)
}

/// The signed file's name, for a signature's.
pub fn signed(file_name: &[u8]) -> Option<&[u8]> {
    let lower = file_name.to_ascii_lowercase();
    let ending =
        SIGNATURES.iter().filter(|ending| lower.ends_with(ending)).max_by_key(|ending| ending.len())?;
    file_name.get(..file_name.len() - ending.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_of_the_field() {
        let strong = [
            "HASH_MANIFEST.txt",
            "HASH_MANIFEST",
            "SHA256SUMS",
            "SHA256SUMS.txt",
            "sha256sums.txt",
            "SHA256SUM",
            "MANIFEST.sha256",
            "CHECKSUMS.sha256",
            "seal-manifest.sha256",
            "hash_manifest.sha256",
            "foo.tar.gz.sha256",
            "manifest-sha256.txt",
            "SHA256SUMS.json",
            "MANIFEST_SHA256.txt",
            "SHA512SUMS",
        ];
        for name in strong {
            assert_eq!(promise(name.as_bytes()), Some(Promise::Strong), "{name}");
        }
        let weak = [
            "manifest.json",
            "checksums.json",
            "checksums.txt",
            "hashes.txt",
            "RELEASE_MANIFEST.json",
            "PACKAGE_MANIFEST.json",
            "CHECKSUMS.txt",
            "SHA256.txt",
            "FILE_MANIFEST.json",
            "EVIDENCE_MANIFEST.json",
            "checksums.csv",
            "MANIFEST.txt",
            "HASH_MANIFEST.md",
            "app_checksums.txt",
            "CHECKSUMS",
            "ROOT_SHA256_MANIFEST_v12.json",
            "C2PA_manifest_full.json",
            "sha256.json",
            "HASHES_REGISTRY.md",
        ];
        for name in weak {
            assert_eq!(promise(name.as_bytes()), Some(Promise::Weak), "{name}");
        }
        for name in ["packet_tree.sha256", "PACKET_TREE.SHA256"] {
            assert_eq!(promise(name.as_bytes()), Some(Promise::Pin), "{name}");
        }
        for name in
            ["SHA256SUMS.asc", "SHA256SUMS.txt.sig", "x.sha256.minisig", "checksums.txt.sigstore.json"]
        {
            assert_eq!(promise(name.as_bytes()), Some(Promise::Signature), "{name}");
        }
        for name in ["MD5SUMS", "SHA1SUMS", "x.iso.md5", "sha1sums.txt"] {
            assert_eq!(promise(name.as_bytes()), Some(Promise::WeakDigests), "{name}");
        }
        let none = [
            "README.md",
            "sha256sum.py",
            "manifest.py",
            "main.rs",
            "document.asc",
            "package.json",
            "hash_manifest.rs",
            "AndroidManifest.xml",
            "checksums.go",
            "manifest.webmanifest",
        ];
        for name in none {
            assert_eq!(promise(name.as_bytes()), None, "{name}");
        }
    }

    #[test]
    fn a_signature_names_what_it_signs() {
        assert_eq!(signed(b"SHA256SUMS.asc"), Some(&b"SHA256SUMS"[..]));
        assert_eq!(signed(b"S.sigstore.json"), Some(&b"S"[..]));
        assert_eq!(signed(b"S.txt"), None);
    }
}
