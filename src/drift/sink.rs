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
    /// Pairs of that weight are kept though there is nothing to choose, and not tried.
    keep: Option<u64>,
    spent: bool,
    /// Whether each pair is tried at all its sites at once.
    all: bool,
    /// Sites of the pairs kept.
    pub(super) kept: usize,
    /// The pairs whose sites are worth choosing among.
    pub(super) pairs: Vec<Pair>,
    /// The replacements that gave the sealed bytes.
    pub(super) hit: Option<Edits>,
}

impl<'s, 'q> Sink<'s, 'q> {
    /// For a text with the sealed length less its own, encoded. `all` says
    /// whether each pair is tried at all its sites at once.
    pub(super) fn new(
        text: &'s [u8],
        target: Option<Encoding>,
        want: Option<i64>,
        all: bool,
        meter: &'s mut Meter<'q>,
    ) -> Self {
        Self {
            text,
            target,
            want,
            meter,
            keep: None,
            spent: false,
            all,
            kept: 0,
            pairs: Vec::new(),
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

    /// Itself; or that the allowance is spent.
    pub(super) fn finish(self) -> Result<Self, Spent> {
        if self.spent { Err(Spent) } else { Ok(self) }
    }

    fn take(&mut self, pair: Pair) -> Result<(), Spent> {
        if pair.sites.is_empty() {
            self.meter.cut();
            return Ok(());
        }
        if let Some(weight) = self.keep {
            if pair.weight >= weight && self.kept.saturating_add(pair.sites.len()) <= MOST_KEPT {
                self.kept += pair.sites.len();
                self.pairs.push(pair);
            }
            return Ok(());
        }
        // The stages reckon in bytes of the text; a target of other widths is pruned while walking.
        if !subsets::is_possible(&pair, if self.target.is_none() { self.want } else { None }) {
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
        if pair.sites.len() == 1 {
            return Ok(());
        }
        if self.kept.saturating_add(pair.sites.len()) > MOST_KEPT {
            self.meter.cut();
            return Ok(());
        }
        self.kept += pair.sites.len();
        self.pairs.push(pair);
        Ok(())
    }
}

/// What the pairs of a text can be tried with: estimated cost, pair, stage;
/// the cheapest first for what they promise.
pub(super) fn plan(
    pairs: &mut [Pair],
    text: &[u8],
    want: Option<i64>,
    deep: bool,
) -> Vec<(u64, usize, Stage)> {
    let mut plans = Vec::new();
    for (index, pair) in pairs.iter_mut().enumerate() {
        pair.annotate(text);
        for (stage, cost) in subsets::stages(pair, text.len(), want, deep) {
            if stage != Stage::All {
                let (times, part) = stage.odds();
                let cost = cost.saturating_mul(times) / part;
                plans.push((cost.saturating_mul(40) / pair.weight.max(1), index, stage));
            }
        }
    }
    plans.sort_by_key(|(cost, pair, _)| (*cost, *pair));
    plans
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
    let mut sink = Sink::new(text, None, None, false, &mut meter);
    sink.keep_all(0);
    family.pairs(super::family::Text { bytes: text, name, want: None, least: 0 }, &mut sink);
    sink.pairs
}
