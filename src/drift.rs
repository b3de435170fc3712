//! The diagnosis: why the bytes found are not the sealed ones, with proof.
//!
//! A cause is proven by undoing it: a [`Recipe`] turns the bytes found into
//! bytes whose digest is the seal, and turns those back into the bytes found.
//! One file per family below. This room never reads a file and never decides a
//! verdict; a proven cause is explained, never excused.

use crate::code::Code;
use crate::digest::Digest;

/// How well a statement about a file is supported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Grade {
    /// An inverse transform of the bytes found hashes to the seal.
    ProvenByHash,
    /// The sealed bytes themselves were found and compared.
    ProvenByOriginal,
    /// A property of the bytes found that alone does not restore the seal.
    Observed,
    /// A heuristic; never used for the verdict.
    Suspected,
}

impl Grade {
    /// The word used in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::ProvenByHash => "proven_by_hash",
            Self::ProvenByOriginal => "proven_by_original",
            Self::Observed => "observed",
            Self::Suspected => "suspected",
        }
    }
}

/// What is known of one drifted file.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// The sealed digest.
    pub sealed: &'a Digest,
    /// The sealed length in bytes, where the manifest gives one.
    pub sealed_size: Option<u64>,
    /// The bytes found: exactly those whose digest differed.
    pub found: &'a [u8],
    /// The file's name, for families that depend on its kind (JSON).
    pub name: &'a [u8],
}

/// One cause of a composition, in the order in which it befell the sealed bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cause {
    /// Its code.
    pub code: Code,
    /// From what to what: `sealed with LF, now CRLF`.
    pub direction: String,
    /// How much of the file: `all 214 line ends`, `3 of 20 em dashes: lines 12, 40, 41`.
    pub scope: String,
    /// Sites changed and sites there are, where the family has sites.
    pub sites: Option<Sites>,
}

/// How many of a family's sites changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sites {
    /// Changed.
    pub changed: u64,
    /// There are that many in the sealed bytes.
    pub total: u64,
}

/// One line that differs, for the report. Only some are kept; see [`Diagnosis::changed_lines`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineChange {
    /// The line number in the sealed bytes, from 1.
    pub line: u64,
    /// The sealed line with its line end; `None` when it was added.
    pub sealed: Option<Vec<u8>>,
    /// The line found with its line end; `None` when it was removed.
    pub found: Option<Vec<u8>>,
}

/// The first place where the bytes found differ from the sealed ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FirstDifference {
    /// Offset in bytes, the same in both.
    pub byte: u64,
    /// Line in the bytes found, from 1.
    pub line: u64,
    /// Column in characters, from 1.
    pub column: u64,
}

/// What the search cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Search {
    /// Candidates hashed.
    pub hypotheses: u64,
    /// Bytes hashed.
    pub bytes: u64,
    /// Every hypothesis this engine knows for the file was tried; `false`
    /// when the budget or a size limit ended the search.
    pub exhausted: bool,
}

/// The answer for one file.
#[derive(Clone, Debug)]
pub struct Diagnosis {
    /// Proven causes; empty when the difference is not explained.
    pub causes: Vec<Cause>,
    /// The support for [`Self::causes`], or for [`Self::observations`] when there are none.
    pub grade: Grade,
    /// Gives the sealed bytes from the bytes found; only when proven.
    pub recipe: Option<Recipe>,
    /// Where the two first differ; only when proven.
    pub first_difference: Option<FirstDifference>,
    /// Up to three changed lines; only when proven.
    pub changed_lines: Vec<LineChange>,
    /// Properties of the bytes found that may help when nothing is proven: a
    /// BOM, mixed line ends, U+FFFD. Sentences without a full stop.
    pub observations: Vec<String>,
    /// What it cost.
    pub search: Search,
}

/// A replacement of bytes, as offsets into the bytes found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// Where in the bytes found.
    pub at: usize,
    /// What stands there.
    pub found: Vec<u8>,
    /// What was sealed there.
    pub sealed: Vec<u8>,
}

/// Text encodings that a file may have been sealed in or converted to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Encoding {
    /// UTF-8 without a byte-order mark.
    Utf8,
    /// UTF-16, little-endian; with a byte-order mark when `bom`.
    Utf16Le {
        /// Whether the file begins with FF FE.
        bom: bool,
    },
    /// UTF-16, big-endian; with a byte-order mark when `bom`.
    Utf16Be {
        /// Whether the file begins with FE FF.
        bom: bool,
    },
    /// windows-1252 as the WHATWG Encoding Standard defines it.
    Windows1252,
    /// ISO 8859-1: bytes are the first 256 code points.
    Latin1,
}

/// One step of a recipe: how to get from the bytes after it to the bytes before it, and back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Replacements, sorted by offset and not overlapping; offsets count in the
    /// bytes that this step is undone on.
    Edits(Code, Vec<Edit>),
    /// The whole text was decoded and encoded again.
    Transcode {
        /// The encoding of the bytes before this step.
        sealed: Encoding,
        /// The encoding of the bytes after it.
        found: Encoding,
    },
}

/// Steps to undo, the last to befall the bytes first. Applying all of them to
/// the bytes found gives the sealed bytes; [`Recipe::redo`] gives them back.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Recipe {
    /// In the order in which they are undone.
    pub steps: Vec<Step>,
}
