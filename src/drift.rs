//! The diagnosis: why the bytes found are not the sealed ones, with proof.
//!
//! A cause is proven by undoing it: a [`Recipe`] turns the bytes found into
//! bytes whose digest is the seal, and turns those back into the bytes found.
//! One file per family below. This room never reads a file and never decides a
//! verdict; a proven cause is explained, never excused.

pub(crate) mod damage;
mod describe;
mod edges;
mod encoding;
mod entities;
mod family;
mod json;
mod keywords;
mod layout;
mod line_ends;
mod link;
mod lossy;
mod meter;
mod mojibake;
mod names;
mod normal;
mod observe;
mod original;
mod prove;
mod recipe;
mod reflow;
mod rot;
mod search;
mod sink;
mod site;
mod special;
mod stream;
mod subsets;
mod table;
#[cfg(test)]
mod tests;
mod trailing;
mod trial;
mod typography;
mod vietnamese;
mod walk;
mod whole;

pub use encoding::Encoding;
pub use link::{leads_to, link_found, text_found};
pub use names::char_name;
pub(crate) use original::compare;
pub use recipe::{Edit, Edits, Recipe, Rule, Step};
pub use search::Shape;
pub(crate) use special::pointed_to;

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

/// A Git LFS pointer is never longer, in bytes.
pub(crate) const LONGEST_POINTER: u64 = 1024;

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
    /// The causes as far as [`Self::grade`] says: proven, or seen without proof.
    /// Empty when nothing explains the difference.
    pub causes: Vec<Cause>,
    /// The support for [`Self::causes`], or for [`Self::observations`] when there are none:
    /// `Observed` and `Suspected` causes restore nothing and are never the whole story.
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

impl Diagnosis {
    /// Whether the causes are proven.
    pub fn is_proven(&self) -> bool {
        !self.causes.is_empty() && matches!(self.grade, Grade::ProvenByHash | Grade::ProvenByOriginal)
    }
}

/// What the search for one file may cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allowance {
    /// Bytes that may be hashed beyond the whole-file variants.
    pub bytes: u64,
    /// Tries what is hardly ever the cause, too: rare replacements on variants
    /// and after other families, three steps after two whole-file ones, every
    /// subset of more places, and rounds without a limit to what one plan costs.
    pub deep: bool,
}

/// What a run knows of a file before it searches for its cause.
#[derive(Clone, Copy, Debug, Default)]
pub struct Knowledge<'k> {
    /// What befell other files, the most likely first: tried before everything else.
    pub shapes: &'k [Shape],
    /// What an earlier search for the same file cost that proved nothing.
    pub before: Option<Search>,
    /// Tries the shapes alone.
    pub nothing_else: bool,
}

/// A diagnosis, and what it means for the rest of the run.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The answer for the file.
    pub diagnosis: Diagnosis,
    /// What befell it, to be tried on other files.
    pub shape: Option<Shape>,
    /// What is left of the allowance, in bytes.
    pub left: u64,
}

/// Why the bytes found are not the sealed ones. Depends on its arguments
/// alone: the same question and allowance give the same answer everywhere.
pub fn explain(question: &Question<'_>, allowance: &Allowance) -> Diagnosis {
    explain_knowing(question, allowance, &Knowledge::default()).diagnosis
}

/// The same with what the run knows already.
pub fn explain_knowing(question: &Question<'_>, allowance: &Allowance, knowledge: &Knowledge<'_>) -> Answer {
    let mut meter = meter::Meter::new(question.sealed).after(knowledge.before);
    if special::is_pointer_to(question.found, question.sealed, question.sealed_size) {
        return Answer { diagnosis: pointer(meter.report()), shape: None, left: allowance.bytes };
    }
    let recipe = search::search(question, allowance, knowledge, &mut meter);
    let proof = recipe.and_then(|recipe| {
        let texts = prove::prove(question, &recipe)?;
        Some((recipe, texts))
    });
    let (search, left) = (meter.report(), meter.left().min(allowance.bytes));
    let Some((recipe, texts)) = proof else {
        let (causes, grade) = match damage::seen(question) {
            Some((cause, grade)) => (vec![cause], grade),
            None => (Vec::new(), Grade::Observed),
        };
        let observations = if causes.is_empty() { observe::observations(question.found) } else { Vec::new() };
        let diagnosis = Diagnosis { causes, grade, ..unexplained(search, observations) };
        return Answer { diagnosis, shape: None, left };
    };
    let shape = Shape::of(&recipe);
    let recipe = mojibake::named(recipe, &texts);
    let sealed = texts.last().map(AsRef::as_ref).unwrap_or_default();
    let diagnosis = Diagnosis {
        causes: describe::causes(&recipe, &texts),
        grade: Grade::ProvenByHash,
        first_difference: describe::first_difference(question.found, sealed),
        changed_lines: describe::changed_lines(question.found, sealed),
        observations: Vec::new(),
        search,
        recipe: Some(recipe),
    };
    Answer { diagnosis, shape, left }
}

fn unexplained(search: Search, observations: Vec<String>) -> Diagnosis {
    Diagnosis {
        causes: Vec::new(),
        grade: Grade::Observed,
        recipe: None,
        first_difference: None,
        changed_lines: Vec::new(),
        observations,
        search,
    }
}

/// The answer for a pointer that stands where the content was sealed: the
/// pointer names the sealed digest, and does not hold the bytes.
fn pointer(search: Search) -> Diagnosis {
    Diagnosis {
        causes: vec![Cause {
            code: Code::GitLfsPointer,
            direction: "sealed the content, now a Git LFS pointer to it".to_owned(),
            scope: "the whole file".to_owned(),
            sites: None,
        }],
        grade: Grade::ProvenByHash,
        recipe: None,
        first_difference: None,
        changed_lines: Vec::new(),
        observations: Vec::new(),
        search: Search { exhausted: true, ..search },
    }
}
