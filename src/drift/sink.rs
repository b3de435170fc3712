//! Where families put their pairs: each is tried at all its sites at once, and
//! kept for the search among them when the sealed length allows.

use super::encoding::Encoding;
use super::meter::{Meter, Spent};
use super::recipe::Edits;
use super::site::Pair;
use super::subsets::{self, Stage};
use super::walk::Walk;

/// Sites of all pairs that are kept for one text.
const MOST_KEPT: usize = 1 << 20;

/// Takes pairs for one text.
pub(super) struct Sink<'s, 'q> {
    text: &'s [u8],
    target: Option<Encoding>,
    want: Option<i64>,
    meter: &'s mut Meter<'q>,
    kept: usize,
    /// Pairs of that weight are kept though there is nothing to choose, and not tried.
    keep: Option<u64>,
    spent: bool,
    /// Whether each pair is tried at all its sites at once.
    pub(super) all: bool,
    /// Plans are made up to that cost.
    pub(super) most: u64,
    /// The pairs whose sites are worth choosing among.
    pub(super) pairs: Vec<Pair>,
    /// What they can be tried with: estimated cost, pair, stage.
    pub(super) plans: Vec<(u64, usize, Stage)>,
    /// The replacements that gave the sealed bytes.
    pub(super) hit: Option<Edits>,
}

impl<'s, 'q> Sink<'s, 'q> {
    pub(super) fn new(
        text: &'s [u8],
        target: Option<Encoding>,
        want: Option<i64>,
        meter: &'s mut Meter<'q>,
    ) -> Self {
        Self {
            text,
            target,
            want,
            meter,
            kept: 0,
            keep: None,
            spent: false,
            all: true,
            most: u64::MAX,
            pairs: Vec::new(),
            plans: Vec::new(),
            hit: None,
        }
    }

    /// Keeps every pair of a weight, and tries none.
    pub(super) fn keep_all(&mut self, weight: u64) {
        self.keep = Some(weight);
    }

    /// Whether anything more is wanted.
    pub(super) fn is_open(&self) -> bool {
        self.hit.is_none() && !self.spent
    }

    /// The plans, cheapest first for what they promise; or that the allowance is spent.
    pub(super) fn finish(mut self) -> Result<Self, Spent> {
        if self.spent {
            return Err(Spent);
        }
        self.plans.sort_by_key(|(cost, pair, _)| (*cost, *pair));
        Ok(self)
    }

    fn take(&mut self, mut pair: Pair) -> Result<(), Spent> {
        if let Some(weight) = self.keep {
            if pair.weight >= weight && self.kept.saturating_add(pair.sites.len()) <= MOST_KEPT {
                self.kept += pair.sites.len();
                self.pairs.push(pair);
            }
            return Ok(());
        }
        // The stages reckon in bytes of the text; a target of other widths is pruned while walking.
        let want = if self.target.is_none() { self.want } else { None };
        if !subsets::is_possible(&pair, want) {
            return Ok(());
        }
        if self.all {
            let mut walk = Walk::new(self.text, self.target, &pair, self.want);
            walk.set_all(true);
            if walk.test(self.meter)? {
                self.hit = pair.edits(|_| true);
                return Ok(());
            }
        }
        if self.most <= 1 {
            return Ok(());
        }
        pair.annotate(self.text);
        let stages = subsets::stages(&pair, self.text.len(), want);
        let others: Vec<_> = stages.into_iter().filter(|(stage, _)| *stage != Stage::All).collect();
        if others.is_empty() {
            return Ok(());
        }
        if self.kept.saturating_add(pair.sites.len()) > MOST_KEPT {
            self.meter.cut();
            return Ok(());
        }
        self.kept += pair.sites.len();
        let index = self.pairs.len();
        for (stage, cost) in others {
            self.plans.push((cost.saturating_mul(40) / pair.weight.max(1), index, stage));
        }
        self.pairs.push(pair);
        Ok(())
    }
}

impl Extend<Pair> for Sink<'_, '_> {
    fn extend<T: IntoIterator<Item = Pair>>(&mut self, pairs: T) {
        for pair in pairs {
            if self.is_open() && self.take(pair).is_err() {
                self.spent = true;
            }
        }
    }
}

/// The pairs that a family finds in a text, for tests.
#[cfg(test)]
pub(super) fn collect(family: &dyn super::family::Family, text: &[u8], name: &[u8]) -> Vec<Pair> {
    let digest = crate::digest::Digest::from_hex("0".repeat(64).as_bytes()).unwrap();
    let mut meter = Meter::new(&digest);
    let mut sink = Sink::new(text, None, None, &mut meter);
    sink.keep_all(0);
    family.pairs(super::family::Text { bytes: text, name, want: None, least: 0 }, &mut sink);
    sink.pairs
}
