//! The code table: every code that a finding can carry, with its severity, its
//! effect on the verdict and its documentation.
//!
//! One row per code, in `table`. `seal explain`, the rules of machine formats
//! and the reference page are all made from it. Codes are contracts: a code is
//! never renamed and never reused for another meaning.

mod table;

pub use table::Code;

/// How a finding is shown, and whether it counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The run cannot pass.
    Error,
    /// Worth acting on; changes nothing in the verdict.
    Warning,
    /// A fact that a reader should know.
    Note,
}

impl Severity {
    /// The word used in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

/// What a finding with this code does to the verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Effect {
    /// Nothing.
    None,
    /// The run fails: exit status 1.
    Fails,
    /// The run could not verify: exit status 2, unless something else fails.
    CannotVerify,
}

/// The state that a code puts an entry into.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Concerns {
    /// The bytes are there and are not the sealed ones.
    Drifted,
    /// There is no file under the sealed name.
    Missing,
    /// The entry could not be compared: refused, unreadable, or not a file.
    Unreadable,
    /// A file that no entry names.
    Unsealed,
    /// Not an entry: the manifest, the pin, the packet or the run.
    Other,
}

impl Concerns {
    /// The word used in reports; empty where no entry is concerned.
    pub fn name(self) -> &'static str {
        match self {
            Self::Drifted => "drifted",
            Self::Missing => "missing",
            Self::Unreadable => "unreadable",
            Self::Unsealed => "unsealed",
            Self::Other => "",
        }
    }
}

/// One row of the code table.
#[derive(Debug)]
pub struct Row {
    /// The code itself.
    pub code: Code,
    /// Its stable spelling in `lower_snake_case`.
    pub id: &'static str,
    /// How it is shown.
    pub severity: Severity,
    /// What it does to the verdict.
    pub effect: Effect,
    /// The entry state it stands for.
    pub concerns: Concerns,
    /// A heading of a few words, without a full stop.
    pub title: &'static str,
    /// What it means.
    pub means: &'static str,
    /// Why it matters.
    pub why: &'static str,
    /// How to fix it, with the exact command where there is one.
    pub fix: &'static str,
}

impl Code {
    /// Its row.
    pub fn row(self) -> &'static Row {
        // The table is made by the same macro as the enum, in the same order.
        #[expect(clippy::indexing_slicing, reason = "the macro makes one row per variant, in order")]
        &Self::table()[self as usize]
    }

    /// Its stable spelling.
    pub fn id(self) -> &'static str {
        self.row().id
    }

    /// Whether it is about how evidence is written: any check that reads a
    /// document may report it.
    pub fn is_of_the_reader(self) -> bool {
        self.id().starts_with("evidence_")
    }

    /// The code with that spelling.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::table().iter().find(|row| row.id == id).map(|row| row.code)
    }

    /// The known code that `id` is most likely a misspelling of.
    pub fn nearest(id: &str) -> Option<Self> {
        Self::table()
            .iter()
            .map(|row| (strsim::jaro_winkler(row.id, id), row.code))
            .filter(|(score, _)| *score > 0.75)
            .max_by(|a, b| a.0.total_cmp(&b.0))
            .map(|(_, code)| code)
    }
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.id())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_unique_snake_case_and_find_their_row() {
        let mut seen = std::collections::HashSet::new();
        for row in Code::table() {
            assert!(seen.insert(row.id), "{} twice", row.id);
            assert!(row.id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_'));
            assert_eq!(Code::from_id(row.id), Some(row.code));
            assert_eq!(row.code.row().id, row.id);
        }
    }

    #[test]
    fn every_row_is_documented_and_consistent() {
        for row in Code::table() {
            for text in [row.title, row.means, row.why, row.fix] {
                assert!(!text.trim().is_empty(), "{}", row.id);
                assert!(!text.contains("PASS"), "{}: static text never holds the word", row.id);
            }
            assert!(row.title.split(' ').count() <= 6, "{}: {}", row.id, row.title);
            assert_eq!(row.severity == Severity::Error, row.effect != Effect::None, "{}", row.id);
        }
    }

    #[test]
    fn a_misspelling_finds_its_neighbour() {
        assert_eq!(Code::nearest("crlf_drit"), Some(Code::CrlfDrift));
        assert_eq!(Code::nearest("zzz"), None);
    }
}
