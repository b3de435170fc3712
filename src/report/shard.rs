//! Which part of a larger set of seals a report is about, and what tells that set
//! from every other one.

use crate::digest::Sha256;

/// One part of a set of seals that several runs judge, each its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shard {
    /// Which part, from 1.
    pub number: u32,
    /// Of how many.
    pub of: u32,
    /// The digest of everything that all parts must have in common: the program,
    /// what was asked, the configuration, the commits, and every seal of the set.
    pub whole: Sha256,
    /// How many seals the set has.
    pub seals: u64,
    /// For each packet of the report its place in the set, from 0.
    pub positions: Vec<u64>,
}

impl Shard {
    /// Why a report about it is partial, in a few words.
    pub fn why(&self) -> String {
        why(self.number, self.of)
    }
}

/// Why a run over one part is partial.
pub(crate) fn why(number: u32, of: u32) -> String {
    format!("only shard {number} of {of} was judged")
}
