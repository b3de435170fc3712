//! Manifests: raw bytes to entries with spans.
//!
//! One file per format below; this file holds the types they share and the
//! decision which format a file is in, made once per file. A manifest knows
//! names, digests and its own text, and nothing of packets, files or reports.
//! No line is ever skipped: it is an entry, a blank, a comment, recognised
//! decoration, or a [`Problem`].

mod audit;
mod bsd;
mod comment;
mod csv;
mod decoration;
mod detect;
mod fields;
mod gnu;
mod input;
mod json;
mod lines;
mod list;
mod locate;
mod name_first;
mod parse;
mod pgp;
mod shape;
mod sidecar;
mod sink;
mod table;
mod text;
mod token;
pub mod write;

pub use parse::{Limits, Options, parse};

use crate::code::Code;
use crate::digest::Digest;
use crate::path::BytePath;

/// A half-open range of bytes in the manifest file as it lies on disk (also
/// when it was decoded from UTF-16 to be read).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    /// The first byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

/// Where something stands in a text file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The line, counted from 1.
    pub line: u32,
    /// The column in characters (scalar values; an invalid byte counts as one), from 1.
    pub column: u32,
    /// The bytes.
    pub span: Span,
}

/// A manifest format. Its spelling on the command line is [`Format::name`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// `HEX␠␠path`, `HEX␠*path`, GNU escapes behind a leading backslash.
    Sha256sum,
    /// `HEX␠LENGTH␠path`.
    Sized,
    /// `SHA256 (path) = HEX`.
    Bsd,
    /// JSON objects that carry a path and a digest.
    JsonList,
    /// JSON maps from path to digest.
    JsonMap,
    /// `name: HEX` or `name=HEX`.
    NameFirst,
    /// Comma- or tab-separated columns under a header.
    Csv,
    /// Columns: Markdown tables, `Get-FileHash` tables and lists, name-first columns.
    Table,
    /// A lone digest in `NAME.sha256`: an entry for `NAME`.
    Sidecar,
}

impl Format {
    /// Every format, in the order of the documentation.
    pub const ALL: [Self; 9] = [
        Self::Sha256sum,
        Self::Sized,
        Self::Bsd,
        Self::JsonList,
        Self::JsonMap,
        Self::NameFirst,
        Self::Csv,
        Self::Table,
        Self::Sidecar,
    ];

    /// Its stable spelling.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sha256sum => "sha256sum",
            Self::Sized => "sized",
            Self::Bsd => "bsd",
            Self::JsonList => "json-list",
            Self::JsonMap => "json-map",
            Self::NameFirst => "name-first",
            Self::Csv => "csv",
            Self::Table => "table",
            Self::Sidecar => "sidecar",
        }
    }

    /// The format with that spelling.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }
}

/// One sealed file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its name, relative to the root.
    pub path: BytePath,
    /// The sealed digest.
    pub digest: Digest,
    /// The sealed length in bytes, where the manifest gives one.
    pub size: Option<u64>,
    /// The manifest says that the file is kept elsewhere.
    pub by_reference: bool,
    /// Where the entry stands: its line, or its object in JSON.
    pub place: Place,
}

/// Something about the manifest's own text. Its code's row says whether it
/// fails; a problem whose row concerns an unreadable entry *is* an entry that
/// could not be read as one, and is counted with them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What kind.
    pub code: Code,
    /// Downgraded to a warning although the code's row fails: a weak digest
    /// beside a strong one.
    pub warning_only: bool,
    /// Where.
    pub place: Place,
    /// One sentence. Packet data in it is quoted and escaped by [`crate::text::quote`].
    pub message: String,
    /// What to do, with the exact line or command where there is one.
    pub help: String,
    /// The raw name concerned, when the line gives one.
    pub name: Option<Vec<u8>>,
    /// The name as a path, when it is a usable one.
    pub path: Option<BytePath>,
    /// How many problems it stands for: 1, except for the one that sums up those
    /// that were too many to list.
    pub count: u64,
}

impl Problem {
    /// A problem of the text, with no name.
    pub(crate) fn new(code: Code, place: Place, message: String, help: String) -> Self {
        Self { code, warning_only: false, place, message, help, name: None, path: None, count: 1 }
    }
}

/// A manifest that was read whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manifest {
    /// The format all its lines were read in.
    pub format: Format,
    /// Entries in the order of the file, duplicates included.
    pub entries: Vec<Entry>,
    /// Everything to report about the text, in the order of the file.
    pub problems: Vec<Problem>,
    /// Text manifests named by a structured one (`per_file_hashes`), as written.
    pub delegates_to: Vec<BytePath>,
}

/// Why a file is no manifest.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAManifest {
    /// Nothing in it looks like an entry. The text says what it looks like instead.
    #[error("{0}")]
    NoEntries(String),
    /// It is a manifest as to its shape (only comments, an empty list, an empty file) but names no file.
    #[error("the manifest names no file")]
    Empty,
    /// Two formats explain every line equally well.
    #[error("the formats {} and {} explain it equally well", .0.name(), .1.name())]
    Ambiguous(Format, Format),
    /// Its encoding or syntax is broken at a place.
    #[error("{message}")]
    Broken {
        /// What is wrong there, one sentence.
        message: String,
        /// Where.
        place: Place,
    },
    /// Over the limit of bytes, entries or line length. The text names the limit.
    #[error("{0}")]
    TooLarge(String),
}

#[cfg(test)]
mod lost_tests;
#[cfg(test)]
mod tests;

impl NotAManifest {
    /// Something is wrong with the file itself, which says nothing of what it was.
    pub fn is_damage(&self) -> bool {
        matches!(self, Self::Broken { .. } | Self::TooLarge(_))
    }
}
