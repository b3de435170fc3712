//! Digest tokens: the run of characters in a line or field that stands where a
//! digest stands, with the algorithm that its tag, prefix or field names.

use crate::digest::{Algorithm, Digest};

/// An algorithm as a manifest names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Named {
    /// One that `seal` knows by the number of digits.
    Known(Algorithm),
    /// One that `seal` does not verify, whatever its length.
    Other(&'static str),
}

impl Named {
    /// The algorithm with that name, in any of its usual spellings.
    pub(super) fn from_name(name: &[u8]) -> Option<Self> {
        let mut letters = [0u8; 16];
        let mut used = 0;
        for &byte in name {
            if !matches!(byte, b'-' | b'_' | b'/' | b' ') {
                *letters.get_mut(used)? = byte.to_ascii_lowercase();
                used += 1;
            }
        }
        let known = match letters.get(..used)? {
            b"sha256" | b"sha2256" => Algorithm::Sha256,
            b"sha384" | b"sha2384" => Algorithm::Sha384,
            b"sha512" | b"sha2512" => Algorithm::Sha512,
            b"sha224" | b"sha2224" => Algorithm::Sha224,
            b"sha1" | b"sha" => Algorithm::Sha1,
            b"md5" => Algorithm::Md5,
            b"crc32" | b"crc32b" | b"crc" => Algorithm::Crc32,
            other => return unverified(other).map(Self::Other),
        };
        Some(Self::Known(known))
    }
}

fn unverified(name: &[u8]) -> Option<&'static str> {
    Some(match name {
        b"sha512256" | b"sha2512256" | b"sha512t256" => "SHA-512/256",
        b"sha512224" | b"sha2512224" | b"sha512t224" => "SHA-512/224",
        b"sha3224" => "SHA3-224",
        b"sha3256" | b"sha3" => "SHA3-256",
        b"sha3384" => "SHA3-384",
        b"sha3512" => "SHA3-512",
        b"keccak256" | b"keccak" | b"keccak512" => "Keccak",
        b"shake128" | b"shake256" => "SHAKE",
        b"blake2b" | b"blake2b256" | b"blake2b512" | b"b2" | b"blake2" => "BLAKE2b",
        b"blake2s" | b"blake2s256" => "BLAKE2s",
        b"blake3" | b"b3" => "BLAKE3",
        b"rmd160" | b"ripemd160" | b"ripemd" => "RIPEMD-160",
        b"whirlpool" => "Whirlpool",
        b"sm3" => "SM3",
        b"tiger" | b"tiger192" => "Tiger",
        b"streebog256" | b"streebog512" | b"gost" => "Streebog",
        b"md2" => "MD2",
        b"md4" => "MD4",
        b"crc32c" => "CRC-32C",
        b"adler32" => "Adler-32",
        b"xxh32" | b"xxh64" | b"xxh3" | b"xxh128" | b"xxhash" => "xxHash",
        _ => return None,
    })
}

/// A digest as it is written, before it is judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token<'l> {
    /// The digits, without a prefix.
    pub(super) digits: &'l [u8],
    /// What the tag, prefix, column or field says that it is.
    pub(super) named: Option<Named>,
}

/// What a token turns out to be.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Judged {
    /// A digest that is verified.
    Strong(Digest),
    /// One that is too short to protect anything.
    Weak(&'static str),
    /// One of an algorithm that is not verified.
    Unsupported(&'static str),
    /// Not a digest; the text says why, to stand after "the digest".
    Malformed(String),
}

/// How readily a token is taken for a digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rigour {
    /// As evidence of a format: it cannot well be anything else.
    Evidence,
    /// In a file whose format is known: it stands where a digest stands.
    InPlace,
}

impl<'l> Token<'l> {
    /// Reads a token such as `HEX` or `sha256:HEX`. `None` when it does not look like a digest.
    pub(super) fn read(raw: &'l [u8], rigour: Rigour) -> Option<Self> {
        let token = Self::split_prefix(raw);
        let (digits, named) = (token.digits, token.named);
        let hex = digits.iter().filter(|b| b.is_ascii_hexdigit()).count();
        if digits.iter().any(|&b| super::lines::is_blank(b)) {
            return None;
        }
        let all = hex == digits.len();
        let nearly = hex >= 56 && digits.len() <= 160 && hex * 10 >= digits.len() * 9;
        let looks = match rigour {
            Rigour::Evidence => (all && hex >= 32) || nearly || (all && hex >= 8 && named.is_some()),
            Rigour::InPlace => (all && hex >= 6) || nearly || (named.is_some() && !digits.is_empty()),
        };
        looks.then_some(token)
    }

    /// Takes the algorithm's prefix off, if there is one.
    pub(super) fn split_prefix(raw: &'l [u8]) -> Self {
        if let Some(colon) = memchr::memchr(b':', raw)
            && let (name, [_, digits @ ..]) = raw.split_at(colon)
            && let Some(named) = Named::from_name(name)
        {
            return Self { digits, named: Some(named) };
        }
        Self { digits: raw, named: None }
    }

    /// Adds what a tag or field says; a prefix that says otherwise stays, and
    /// the digits are then judged by it.
    pub(super) fn or_named(mut self, named: Option<Named>) -> Self {
        self.named = self.named.or(named);
        self
    }

    /// Has at least one digit in upper case.
    pub(super) fn is_upper(&self) -> bool {
        self.digits.iter().any(u8::is_ascii_uppercase)
    }

    /// Decides what it is.
    pub(super) fn judge(&self) -> Judged {
        let digits = self.digits;
        if digits.is_empty() {
            return Judged::Malformed("is missing".to_owned());
        }
        if let Some(at) = digits.iter().position(|b| !b.is_ascii_hexdigit()) {
            let what = match digits.get(at) {
                Some(b) if b.is_ascii_graphic() => format!("{:?}", char::from(*b)),
                Some(b) => format!("the byte 0x{b:02x}"),
                None => "a character".to_owned(),
            };
            return Judged::Malformed(format!("has {what} at position {}", at + 1));
        }
        match self.named {
            Some(Named::Other(name)) if digits.len() >= 64 => Judged::Unsupported(name),
            Some(Named::Other(name)) => Judged::Weak(name),
            Some(Named::Known(algorithm)) if algorithm.hex_len() != digits.len() => {
                Judged::Malformed(format!(
                    "has {} hexadecimal digits where {} has {}",
                    digits.len(),
                    algorithm.name(),
                    algorithm.hex_len()
                ))
            }
            _ => by_length(digits),
        }
    }
}

fn by_length(digits: &[u8]) -> Judged {
    match Algorithm::from_hex_len(digits.len()) {
        Some(algorithm) if !algorithm.is_strong() => Judged::Weak(algorithm.name()),
        _ => match Digest::from_hex(digits) {
            Some(digest) => Judged::Strong(digest),
            None => {
                Judged::Malformed(format!("has {} hexadecimal digits where SHA-256 has 64", digits.len()))
            }
        },
    }
}

/// The length of the longest run of hexadecimal digits.
pub(super) fn longest_hex_run(bytes: &[u8]) -> usize {
    let mut longest = 0;
    let mut run = 0;
    for byte in bytes {
        run = if byte.is_ascii_hexdigit() { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    longest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judge(raw: &str) -> Judged {
        Token::read(raw.as_bytes(), Rigour::InPlace).unwrap().judge()
    }

    #[test]
    fn strong_digests_by_length_and_prefix() {
        for digits in [64, 96, 128] {
            assert!(matches!(judge(&"aB".repeat(digits / 2)), Judged::Strong(_)));
        }
        assert!(matches!(judge(&format!("SHA-256:{}", "a".repeat(64))), Judged::Strong(_)));
        assert!(matches!(judge(&format!("sha512:{}", "a".repeat(64))), Judged::Malformed(_)));
    }

    #[test]
    fn weak_unsupported_and_malformed() {
        for (digits, name) in [(8, "CRC-32"), (32, "MD5"), (40, "SHA-1"), (56, "SHA-224")] {
            assert_eq!(judge(&"a".repeat(digits)), Judged::Weak(name));
        }
        assert_eq!(judge(&format!("blake3:{}", "a".repeat(64))), Judged::Unsupported("BLAKE3"));
        assert_eq!(judge(&format!("rmd160:{}", "a".repeat(40))), Judged::Weak("RIPEMD-160"));
        for digits in [63, 65] {
            let why = format!("has {digits} hexadecimal digits where SHA-256 has 64");
            assert_eq!(judge(&"a".repeat(digits)), Judged::Malformed(why));
        }
        let why = "has 'g' at position 6".to_owned();
        assert_eq!(judge(&format!("aaaaag{}", "a".repeat(58))), Judged::Malformed(why));
    }

    #[test]
    fn evidence_is_stricter_than_a_digest_in_its_place() {
        for (raw, evidence, in_place) in [
            ("a".repeat(32), true, true),
            ("a".repeat(31), false, true),
            (format!("{}  b", "a".repeat(64)), false, false),
            ("decade".to_owned(), false, true),
            (format!("{}zz", "a".repeat(62)), true, true),
            ("a.txt".to_owned(), false, false),
            ("zzzzzzzz".to_owned(), false, false),
            ("sha256:dead".to_owned(), false, true),
            ("C:deadbeefdeadbeef".to_owned(), false, false),
        ] {
            assert_eq!(Token::read(raw.as_bytes(), Rigour::Evidence).is_some(), evidence, "{raw}");
            assert_eq!(Token::read(raw.as_bytes(), Rigour::InPlace).is_some(), in_place, "{raw}");
        }
    }

    #[test]
    fn names_of_algorithms() {
        for (name, want) in [
            ("SHA2-256", "SHA-256"),
            ("sha256", "SHA-256"),
            ("SHA512/256", "SHA-512/256"),
            ("SHA3-256", "SHA3-256"),
            ("BLAKE2b-256", "BLAKE2b"),
        ] {
            let got = match Named::from_name(name.as_bytes()).unwrap() {
                Named::Known(algorithm) => algorithm.name(),
                Named::Other(name) => name,
            };
            assert_eq!(got, want);
        }
        assert_eq!(Named::from_name(b"path"), None);
        assert_eq!(Named::from_name(b"a very long name indeed, too long"), None);
    }
}
