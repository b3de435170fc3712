//! Findings: what checks report, in a form that every renderer can show.

pub(crate) mod excerpt;
pub mod origin;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

pub use origin::Origin;

use crate::code::{Code, Effect, Severity};
use crate::drift::{Cause, FirstDifference, Grade, LineChange, Search};
use crate::path::BytePath;

/// One fact about one place, with what to do about it.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The stable code.
    pub code: Code,
    /// As shown; the row's own, or `Warning` or `Note` where the finding is downgraded.
    pub severity: Severity,
    /// What it does to the verdict; `None` when downgraded.
    pub effect: Effect,
    /// Index into the report's packets.
    pub packet: Option<usize>,
    /// The file concerned, relative to the packet's root; to the scanned tree when there is no packet.
    pub path: Option<BytePath>,
    /// `path` below the packet's root as shown: what two seals of one file have in common.
    pub whole_path: Option<BytePath>,
    /// Where in `located_in`, or in `path` itself.
    pub location: Option<Location>,
    /// The manifest or document that `location` refers to, when it is not `path`,
    /// relative like `path`.
    pub located_in: Option<BytePath>,
    /// The value concerned, as a JSON pointer (RFC 6901) into the document.
    pub pointer: Option<String>,
    /// The code that the packet's own rules give this, spelled as they do, with
    /// the packet data that belongs to it: never shown unquoted.
    pub reject_code: Option<String>,
    /// One sentence. Packet data in it is quoted by [`crate::text::quote`].
    pub message: String,
    /// What to do.
    pub help: Cow<'static, str>,
    /// How well it is supported.
    pub grade: Grade,
    /// The sealed digest (hexadecimal) and length, where known.
    pub sealed: Option<Fact>,
    /// The digest and length found.
    pub found: Option<Fact>,
    /// Proven causes, in order; empty when none.
    pub causes: Vec<Cause>,
    /// The sealed bytes can be computed or were found.
    pub recoverable: bool,
    /// Where sealed and found bytes first differ.
    pub first_difference: Option<FirstDifference>,
    /// Some changed lines.
    pub changed_lines: Vec<LineChange>,
    /// Properties seen that prove nothing.
    pub observations: Vec<String>,
    /// What the search for a cause cost.
    pub search: Option<Search>,
    /// Where the damage came in.
    pub origin: Option<Box<Origin>>,
    /// Other paths concerned: the twin of a duplicate, where a moved file went.
    pub others: Vec<BytePath>,
    /// Text to show with the location marked.
    pub snippet: Option<Snippet>,
}

/// A digest and a length.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// Hexadecimal digits, lower case; the algorithm follows from their number.
    pub digest: String,
    /// Bytes.
    pub size: Option<u64>,
}

/// A place in a file. Lines and columns count from 1, bytes from 0; the end is exclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Location {
    /// Line.
    pub line: u64,
    /// Column, in characters.
    pub column: u64,
    /// First byte.
    pub byte: u64,
    /// One past the last byte, where a range is known.
    pub end_byte: Option<u64>,
}

/// One line of a text file, escaped, with the part that matters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snippet {
    /// The file's name as shown, already escaped.
    pub name: String,
    /// The line's number, from 1.
    pub line: u64,
    /// The line, escaped by [`crate::text::escape`] and cut to a sensible length.
    pub text: String,
    /// Byte range of `text` to mark.
    pub mark: std::ops::Range<usize>,
    /// What to write at the mark; a few words.
    pub label: String,
}

/// Where findings are put. Of one kind about values of documents so many are
/// kept: a document may hold a hundred thousand bad ones.
#[derive(Debug, Default)]
pub struct Sink {
    /// In the order of discovery; sorted later.
    pub findings: Vec<Finding>,
    /// How many about values there are of each kind.
    kinds: BTreeMap<(Code, Severity), usize>,
    /// Documents that were looked at and are not sealed.
    unsealed: BTreeSet<BytePath>,
}

/// Findings about values that are kept of one code and severity.
const MOST_OF_A_KIND: usize = 200;

impl Sink {
    /// Adds a finding.
    pub fn push(&mut self, finding: Finding) {
        if finding.pointer.is_some() {
            let count = self.kinds.entry((finding.code, finding.severity)).or_default();
            *count += 1;
            if *count > MOST_OF_A_KIND {
                return;
            }
        }
        self.findings.push(finding);
    }

    /// Notes that a document was looked at whose bytes are not sealed.
    pub fn saw_unsealed(&mut self, path: &BytePath) {
        self.unsealed.insert(path.clone());
    }

    /// The documents that were looked at and are not sealed.
    pub fn unsealed(&self) -> &BTreeSet<BytePath> {
        &self.unsealed
    }

    /// Whether something was found that fails.
    pub fn fails(&self) -> bool {
        self.findings.iter().any(|finding| finding.effect == Effect::Fails)
    }

    /// How many findings about values were more than are kept.
    pub fn left_out(&self) -> usize {
        self.kinds.values().map(|count| count.saturating_sub(MOST_OF_A_KIND)).sum()
    }
}

impl Finding {
    /// A finding with the severity and effect of its code's row, and nothing else known.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        let row = code.row();
        Self {
            code,
            severity: row.severity,
            effect: row.effect,
            packet: None,
            path: None,
            whole_path: None,
            location: None,
            located_in: None,
            pointer: None,
            reject_code: None,
            message: message.into(),
            help: Cow::Borrowed(row.fix),
            grade: Grade::Observed,
            sealed: None,
            found: None,
            causes: Vec::new(),
            recoverable: false,
            first_difference: None,
            changed_lines: Vec::new(),
            observations: Vec::new(),
            search: None,
            origin: None,
            others: Vec::new(),
            snippet: None,
        }
    }

    /// Says what to do, instead of the row's general words.
    #[must_use]
    pub fn help(mut self, help: impl Into<Cow<'static, str>>) -> Self {
        self.help = help.into();
        self
    }

    /// Names the file concerned.
    #[must_use]
    pub fn path(mut self, path: BytePath) -> Self {
        self.path = Some(path);
        self
    }

    /// Names the reject code of the packet's own rules.
    #[must_use]
    pub fn reject_code(mut self, code: impl Into<String>) -> Self {
        self.reject_code = Some(code.into());
        self
    }

    /// Shows the finding without letting it count.
    #[must_use]
    pub fn downgraded(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self.effect = Effect::None;
        self
    }
}
