//! Archives: the files in a zip, a tar, or a compressed tar, without unpacking
//! them to disk.
//!
//! An archive is hostile. Whatever two programs could read differently in it is
//! refused as a whole, with the entry's name: a path twice, a path that leaves
//! the archive, a directory that contradicts the entries, bytes that belong to
//! none. Nothing is believed of a length before it was counted.
//!
//! A compressed tar is listed in one pass. Only when a file of it is opened is
//! it unpacked, once, into a temporary file that has no name.

mod bounds;
mod packed;
mod store;
mod tar;
mod unpack;
mod zip;

use std::fmt;
use std::io;
use std::path::Path;
use std::sync::Arc;

use thiserror::Error;

use super::snapshot::{Conflict, Snapshot};
use crate::path::{Backslash, BytePath};
use crate::text::quote;

use bounds::Bounds;
use packed::Packed;
use store::{Data, Stored};

/// Files by where they are in an archive.
pub type ArchiveFiles = Snapshot<Stored>;

/// What kind of archive a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// PKZIP and its descendants.
    Zip,
    /// A plain tar.
    Tar,
    /// A tar compressed by gzip.
    TarGz,
    /// A tar compressed by Zstandard.
    TarZst,
}

impl Format {
    /// Its usual ending, without the first dot.
    pub fn name(self) -> &'static str {
        match self {
            Self::Zip => "zip",
            Self::Tar => "tar",
            Self::TarGz => "tar.gz",
            Self::TarZst => "tar.zst",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Why an archive cannot be read.
#[derive(Debug, Error)]
pub enum ArchiveError {
    /// It is broken, breaks off, goes on behind its end, or is of a kind not read here.
    #[error("{0}")]
    Unreadable(String),
    /// An entry of it may mean several things, or something that is not allowed.
    #[error("the entry {} {why}", quote(name))]
    Refused {
        /// As the archive has it.
        name: Vec<u8>,
        /// What is wrong with it, as the end of a sentence.
        why: String,
    },
    /// It has more entries, or unpacks to more bytes, than are read.
    #[error("{0}")]
    TooLarge(String),
}

impl ArchiveError {
    fn refused(name: &[u8], why: impl Into<String>) -> Self {
        Self::Refused { name: name.to_vec(), why: why.into() }
    }
}

impl From<io::Error> for ArchiveError {
    fn from(error: io::Error) -> Self {
        if bounds::is_too_large(&error) {
            return Self::TooLarge(error.to_string());
        }
        Self::Unreadable(match error.kind() {
            io::ErrorKind::UnexpectedEof => "it breaks off".to_owned(),
            _ => format!("it cannot be read: {error}"),
        })
    }
}

impl From<Conflict> for ArchiveError {
    fn from(conflict: Conflict) -> Self {
        match conflict {
            Conflict::Duplicate(path) => Self::refused(path.as_bytes(), "is there twice"),
            Conflict::FileAndFolder(path) => Self::refused(path.as_bytes(), "is a file and a folder"),
        }
    }
}

/// Endings that promise an archive. What they are written for is known even
/// where the content is none.
const ENDINGS: [&str; 7] = [".zip", ".tar", ".tar.gz", ".tgz", ".tar.zst", ".tzst", ".tar.zstd"];

/// First bytes of archives that are not read here.
const OTHERS: [(&[u8], &str); 5] = [
    (b"\xfd7zXZ\0", "it is compressed by xz"),
    (b"BZh", "it is compressed by bzip2"),
    (b"7z\xbc\xaf\x27\x1c", "it is a 7z archive"),
    (b"Rar!\x1a\x07", "it is a RAR archive"),
    (b"LZIP", "it is compressed by lzip"),
];

/// An archive that was recognized and not listed yet.
#[derive(Debug)]
pub struct Archive {
    packed: Arc<Packed>,
    format: Format,
    bounds: Bounds,
}

impl Archive {
    /// Recognizes a regular file by its first bytes; `None` when it is no archive
    /// and its name does not say that it is one. `limit` is how many bytes it may
    /// unpack to, in place of the default.
    pub fn recognize(path: &Path, limit: Option<u64>) -> Result<Option<Self>, ArchiveError> {
        let packed = Arc::new(Packed::open(path)?);
        let head = packed.head()?;
        let bounds = Bounds::new(packed.length(), limit);
        let format = if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
            Some(Format::Zip)
        } else if tar::begins(&head) {
            Some(Format::Tar)
        } else {
            [Format::TarGz, Format::TarZst].into_iter().find(|format| {
                unpack::begins(*format, &head)
                    && unpack::head(*format, &packed).is_ok_and(|head| tar::begins(&head))
            })
        };
        if let Some(format) = format {
            return Ok(Some(Self { packed, format, bounds }));
        }
        let name = path.file_name().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
        let other = OTHERS.iter().find(|(magic, _)| head.starts_with(magic));
        match (other, ENDINGS.iter().find(|ending| name.ends_with(**ending))) {
            (Some((_, what)), _) => {
                Err(ArchiveError::Unreadable(format!("{what}, which is not read here; unpack it first")))
            }
            (None, Some(ending)) => Err(ArchiveError::Unreadable(format!(
                "its name ends in {ending}, and its content is no such archive"
            ))),
            (None, None) => Ok(None),
        }
    }

    /// What kind it is.
    pub fn format(&self) -> Format {
        self.format
    }

    /// Lists it, and checks whatever can be checked without unpacking.
    pub fn list(self) -> Result<ArchiveFiles, ArchiveError> {
        let Self { packed, format, mut bounds } = self;
        let (entries, data) = match format {
            Format::Zip => (zip::list(&packed, &mut bounds)?, Data::packed(packed)),
            Format::Tar => {
                let mut bytes = packed.whole();
                (tar::list(&mut bytes, &mut bounds)?, Data::packed(packed))
            }
            Format::TarGz | Format::TarZst => {
                let mut bytes = bounds.limited(unpack::whole(format, &packed)?);
                let entries = tar::list(&mut bytes, &mut bounds)?;
                let length = bytes.count();
                (entries, Data::compressed(packed, format, length))
            }
        };
        Ok(Snapshot::new(Stored::new(data), entries, false)?)
    }
}

/// Names and contents as the listers hand them over.
type Entries = Vec<(BytePath, super::snapshot::Item<store::Handle>)>;

/// The name of an entry as a path; `None` for the archive's own top folder.
fn entry_path(raw: &[u8]) -> Result<Option<BytePath>, ArchiveError> {
    let name = raw.strip_suffix(b"/").unwrap_or(raw);
    if matches!(name, b"." | b"./") || raw == b"./" {
        return Ok(None);
    }
    match BytePath::parse(name, Backslash::Refuse) {
        Ok(path) => Ok(Some(path)),
        Err(error) => Err(ArchiveError::refused(raw, format!("is refused: {error}"))),
    }
}

#[cfg(test)]
mod tests;
