//! What the search costs: candidates and bytes hashed, against an allowance.

use super::Search;
use crate::digest::{Digest, Hasher};

/// The allowance is spent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Spent;

/// What a padding block and the bookkeeping of one candidate cost, in bytes
/// hashed. Counted against the allowance, not reported.
const OVERHEAD: u64 = 256;

/// What a choice costs that is dropped by its length.
const SKIPPED: u64 = 16;

/// Counts candidates and bytes, and ends the search when they are too many.
#[derive(Debug)]
pub(super) struct Meter<'q> {
    sealed: &'q Digest,
    limit: u64,
    spent: u64,
    hypotheses: u64,
    bytes: u64,
    cut: bool,
}

impl<'q> Meter<'q> {
    pub(super) fn new(sealed: &'q Digest) -> Self {
        Self { sealed, limit: u64::MAX, spent: 0, hypotheses: 0, bytes: 0, cut: false }
    }

    /// The same after an earlier search, whose cost it goes on counting.
    pub(super) fn after(mut self, before: Option<Search>) -> Self {
        if let Some(before) = before {
            (self.hypotheses, self.bytes) = (before.hypotheses, before.bytes);
        }
        self
    }

    /// From here on at most that many more bytes.
    pub(super) fn allow(&mut self, bytes: u64) {
        self.limit = bytes;
        self.spent = 0;
    }

    /// What is left of the allowance.
    pub(super) fn left(&self) -> u64 {
        self.limit.saturating_sub(self.spent)
    }

    /// Notes that something was not tried.
    pub(super) fn cut(&mut self) {
        self.cut = true;
    }

    /// Whether something was not tried.
    pub(super) fn is_cut(&self) -> bool {
        self.cut
    }

    /// Says whether something was not tried, where what was left out is not all there was to it.
    pub(super) fn set_cut(&mut self, cut: bool) {
        self.cut = cut;
    }

    /// A fresh state of the seal's algorithm.
    pub(super) fn hasher(&self) -> Hasher {
        Hasher::new(self.sealed.algorithm())
    }

    /// Notes bytes that are about to be hashed.
    pub(super) fn charge(&mut self, bytes: usize) -> Result<(), Spent> {
        let bytes = bytes as u64;
        if self.left() < bytes {
            self.cut = true;
            return Err(Spent);
        }
        self.spent = self.spent.saturating_add(bytes);
        self.bytes = self.bytes.saturating_add(bytes);
        Ok(())
    }

    /// Notes work that hashes nothing and takes as long as hashing so many bytes.
    pub(super) fn work(&mut self, bytes: usize) -> Result<(), Spent> {
        let bytes = bytes as u64;
        if self.left() < bytes {
            self.cut = true;
            return Err(Spent);
        }
        self.spent = self.spent.saturating_add(bytes);
        Ok(())
    }

    /// Notes a choice that was dropped by its length: no bytes, but some time.
    pub(super) fn skip(&mut self) -> Result<(), Spent> {
        self.spent = self.spent.saturating_add(SKIPPED);
        if self.left() == 0 {
            self.cut = true;
            return Err(Spent);
        }
        Ok(())
    }

    /// Whether a state holds the sealed bytes.
    pub(super) fn hits(&mut self, state: Hasher) -> bool {
        self.hypotheses += 1;
        self.spent = self.spent.saturating_add(OVERHEAD);
        state.finish() == *self.sealed
    }

    /// Hashes a whole candidate.
    pub(super) fn try_bytes(&mut self, bytes: &[u8]) -> Result<bool, Spent> {
        self.charge(bytes.len())?;
        let mut state = self.hasher();
        state.update(bytes);
        Ok(self.hits(state))
    }

    /// What was spent so far.
    pub(super) fn report(&self) -> Search {
        Search { hypotheses: self.hypotheses, bytes: self.bytes, exhausted: !self.cut }
    }
}
