//! Digest newtypes and the one place that computes digests.
//!
//! SHA-256 is the seal; SHA-384 and SHA-512 are verified too. Shorter digests
//! are recognised, so that they can be refused by name, and never computed.

use std::fmt;
use std::io::{self, Read};

use data_encoding::HEXLOWER;
use sha2::Digest as _;

/// A SHA-256 digest, 32 bytes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sha256(pub [u8; 32]);

impl Sha256 {
    /// The digest of `bytes`.
    pub fn of(bytes: &[u8]) -> Self {
        Self(sha2::Sha256::digest(bytes).into())
    }

    /// Reads exactly 64 hexadecimal digits of either case.
    pub fn from_hex(hex: &[u8]) -> Option<Self> {
        let bytes = data_encoding::HEXLOWER_PERMISSIVE.decode(hex).ok()?;
        Some(Self(bytes.try_into().ok()?))
    }
}

impl fmt::Display for Sha256 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&HEXLOWER.encode(&self.0))
    }
}

impl fmt::Debug for Sha256 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sha256({self})")
    }
}

/// A digest algorithm that a manifest may name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Algorithm {
    /// 8 hexadecimal digits; never verified.
    Crc32,
    /// 32 hexadecimal digits; never verified.
    Md5,
    /// 40 hexadecimal digits; never verified.
    Sha1,
    /// 56 hexadecimal digits; never verified.
    Sha224,
    /// 64 hexadecimal digits: the seal.
    Sha256,
    /// 96 hexadecimal digits.
    Sha384,
    /// 128 hexadecimal digits.
    Sha512,
}

impl Algorithm {
    /// The algorithm whose digest has that many hexadecimal digits.
    pub fn from_hex_len(digits: usize) -> Option<Self> {
        Some(match digits {
            8 => Self::Crc32,
            32 => Self::Md5,
            40 => Self::Sha1,
            56 => Self::Sha224,
            64 => Self::Sha256,
            96 => Self::Sha384,
            128 => Self::Sha512,
            _ => return None,
        })
    }

    /// How many hexadecimal digits its digest has.
    pub fn hex_len(self) -> usize {
        match self {
            Self::Crc32 => 8,
            Self::Md5 => 32,
            Self::Sha1 => 40,
            Self::Sha224 => 56,
            Self::Sha256 => 64,
            Self::Sha384 => 96,
            Self::Sha512 => 128,
        }
    }

    /// Whether `seal` verifies it: SHA-256 and longer.
    pub fn is_strong(self) -> bool {
        matches!(self, Self::Sha256 | Self::Sha384 | Self::Sha512)
    }

    /// Its usual name, as in `SHA-256`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Crc32 => "CRC-32",
            Self::Md5 => "MD5",
            Self::Sha1 => "SHA-1",
            Self::Sha224 => "SHA-224",
            Self::Sha256 => "SHA-256",
            Self::Sha384 => "SHA-384",
            Self::Sha512 => "SHA-512",
        }
    }
}

/// A digest that `seal` verifies. The longer ones are boxed: nearly every
/// entry of nearly every manifest is SHA-256, and manifests have a million.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Digest {
    /// The seal.
    Sha256(Sha256),
    /// 48 bytes.
    Sha384(Box<[u8; 48]>),
    /// 64 bytes.
    Sha512(Box<[u8; 64]>),
}

impl Digest {
    /// Reads 64, 96 or 128 hexadecimal digits of either case.
    pub fn from_hex(hex: &[u8]) -> Option<Self> {
        let bytes = data_encoding::HEXLOWER_PERMISSIVE.decode(hex).ok()?;
        match bytes.len() {
            32 => Some(Self::Sha256(Sha256(bytes.try_into().ok()?))),
            48 => Some(Self::Sha384(Box::new(bytes.try_into().ok()?))),
            64 => Some(Self::Sha512(Box::new(bytes.try_into().ok()?))),
            _ => None,
        }
    }

    /// Its algorithm.
    pub fn algorithm(&self) -> Algorithm {
        match self {
            Self::Sha256(_) => Algorithm::Sha256,
            Self::Sha384(_) => Algorithm::Sha384,
            Self::Sha512(_) => Algorithm::Sha512,
        }
    }

    /// Its raw bytes.
    pub fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Sha256(digest) => &digest.0,
            Self::Sha384(digest) => &**digest,
            Self::Sha512(digest) => &**digest,
        }
    }

    /// The digest of `bytes` by the same algorithm.
    #[must_use]
    pub fn same_of(&self, bytes: &[u8]) -> Self {
        let mut hasher = Hasher::new(self.algorithm());
        hasher.update(bytes);
        hasher.finish()
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&HEXLOWER.encode(self.as_bytes()))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}({self})", self.algorithm().name())
    }
}

/// A running digest. Cloning one keeps the state of the common prefix.
#[derive(Clone)]
pub enum Hasher {
    /// SHA-256.
    Sha256(sha2::Sha256),
    /// SHA-384.
    Sha384(sha2::Sha384),
    /// SHA-512.
    Sha512(sha2::Sha512),
}

impl Hasher {
    /// A fresh state. Algorithms that are not verified hash as SHA-256, which
    /// nothing compares with: the parser never makes an entry of them.
    pub fn new(algorithm: Algorithm) -> Self {
        match algorithm {
            Algorithm::Sha384 => Self::Sha384(sha2::Sha384::new()),
            Algorithm::Sha512 => Self::Sha512(sha2::Sha512::new()),
            _ => Self::Sha256(sha2::Sha256::new()),
        }
    }

    /// Adds bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        match self {
            Self::Sha256(state) => state.update(bytes),
            Self::Sha384(state) => state.update(bytes),
            Self::Sha512(state) => state.update(bytes),
        }
    }

    /// The digest of everything added.
    pub fn finish(self) -> Digest {
        match self {
            Self::Sha256(state) => Digest::Sha256(Sha256(state.finalize().into())),
            Self::Sha384(state) => Digest::Sha384(Box::new(state.finalize().into())),
            Self::Sha512(state) => Digest::Sha512(Box::new(state.finalize().into())),
        }
    }
}

/// Hashes a stream to its end through `buffer`; returns the digest and the
/// number of bytes that went into it.
pub fn hash_reader(
    algorithm: Algorithm,
    reader: &mut dyn Read,
    buffer: &mut [u8],
) -> io::Result<(Digest, u64)> {
    let mut hasher = Hasher::new(algorithm);
    let mut total = 0u64;
    loop {
        match reader.read(buffer) {
            Ok(0) => return Ok((hasher.finish(), total)),
            Ok(n) => {
                hasher.update(buffer.get(..n).unwrap_or_default());
                total += n as u64;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // FIPS 180-4 example values for the message "abc".
    const ABC: [&str; 3] = [
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7",
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
    ];

    #[test]
    fn agrees_with_the_standard() {
        for hex in ABC {
            let digest = Digest::from_hex(hex.as_bytes()).unwrap();
            assert_eq!(digest.same_of(b"abc"), digest);
            assert_eq!(digest.to_string(), hex);
            assert_eq!(Digest::from_hex(hex.to_uppercase().as_bytes()).unwrap(), digest);
            let (streamed, n) = hash_reader(digest.algorithm(), &mut &b"abc"[..], &mut [0; 2]).unwrap();
            assert_eq!((streamed, n), (digest, 3));
        }
    }

    #[test]
    fn refuses_other_lengths_and_digits() {
        let hex = ABC[0];
        for bad in [&hex[..63], &format!("{hex}0"), &format!("{}g", &hex[..63]), ""] {
            assert_eq!(Digest::from_hex(bad.as_bytes()), None, "{bad}");
            assert_eq!(Sha256::from_hex(bad.as_bytes()), None, "{bad}");
        }
    }
}
