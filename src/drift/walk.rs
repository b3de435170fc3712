//! Hashing one choice of sites after another without building the texts.
//!
//! The states before some sites are kept; a new choice is hashed from the last
//! state before the first site that changed. Choices that vary late sites
//! fastest therefore cost the tail of the text, not the text.

use super::encoding::Encoding;
use super::meter::{Meter, Spent};
use super::site::Pair;
use crate::digest::Hasher;

/// At most that many states are kept.
const MOST_STATES: usize = 8192;

/// A choice among the sites of a pair, and the digest state on the way to it.
pub(super) struct Walk<'w> {
    text: &'w [u8],
    target: Option<Encoding>,
    pair: &'w Pair,
    deltas: Vec<i64>,
    chosen: Vec<bool>,
    /// How much longer the chosen text is than the text.
    delta: i64,
    /// What `delta` must be, when the sealed length is known.
    want: Option<i64>,
    /// Sites before this one are hashed as chosen.
    clean: usize,
    /// The state before every `stride`-th site.
    states: Vec<Hasher>,
    stride: usize,
}

impl<'w> Walk<'w> {
    /// Nothing chosen. `want` is the sealed length less that of the text, encoded.
    pub(super) fn new(text: &'w [u8], target: Option<Encoding>, pair: &'w Pair, want: Option<i64>) -> Self {
        let n = pair.sites.len();
        let span = match (pair.sites.first(), pair.sites.last()) {
            (Some(first), Some(last)) => last.at - first.at,
            _ => 0,
        };
        let gap = (span / n.max(1)).max(1);
        let deltas = pair.rules.iter().map(|rule| encoded_delta(rule, target)).collect();
        Self {
            text,
            target,
            pair,
            deltas,
            chosen: vec![false; n],
            delta: 0,
            want,
            clean: 0,
            states: Vec::new(),
            stride: (128 / gap).max(n / MOST_STATES).max(1),
        }
    }

    pub(super) fn sites(&self) -> usize {
        self.chosen.len()
    }

    /// How much longer changing a site makes the text.
    pub(super) fn delta_of(&self, site: usize) -> i64 {
        self.pair.sites.get(site).and_then(|s| self.deltas.get(s.rule)).copied().unwrap_or(0)
    }

    /// The difference that all sites have in common.
    pub(super) fn uniform(&self) -> Option<i64> {
        let first = *self.deltas.first()?;
        self.deltas.iter().all(|d| *d == first).then_some(first)
    }

    pub(super) fn want(&self) -> Option<i64> {
        self.want
    }

    pub(super) fn delta(&self) -> i64 {
        self.delta
    }

    /// Changes a site, or not.
    pub(super) fn set(&mut self, site: usize, to: bool) {
        let delta = self.delta_of(site);
        if let Some(now) = self.chosen.get_mut(site)
            && *now != to
        {
            *now = to;
            self.delta += if to { delta } else { -delta };
            self.clean = self.clean.min(site);
        }
    }

    /// Changes all sites, or none.
    pub(super) fn set_all(&mut self, to: bool) {
        for site in 0..self.chosen.len() {
            self.set(site, to);
        }
    }

    /// The choice that was hashed last.
    pub(super) fn chosen(&self) -> &[bool] {
        &self.chosen
    }

    /// Whether the chosen text is the sealed one. Nothing is hashed when its
    /// length is not.
    pub(super) fn test(&mut self, meter: &mut Meter<'_>) -> Result<bool, Spent> {
        if self.want.is_some_and(|want| want != self.delta) {
            meter.skip()?;
            return Ok(false);
        }
        self.states.truncate(self.clean / self.stride + 1);
        if self.states.is_empty() {
            let mut state = meter.hasher();
            state.update(match self.target {
                Some(Encoding::Utf16Le { bom: true }) => b"\xff\xfe",
                Some(Encoding::Utf16Be { bom: true }) => b"\xfe\xff",
                _ => b"",
            });
            self.states.push(state);
        }
        match self.hash_from_last_state(meter)? {
            Some(state) => Ok(meter.hits(state)),
            None => Ok(false),
        }
    }

    fn hash_from_last_state(&mut self, meter: &mut Meter<'_>) -> Result<Option<Hasher>, Spent> {
        let from = (self.states.len() - 1) * self.stride;
        let Some(mut state) = self.states.last().cloned() else { return Ok(None) };
        let mut pos = from.checked_sub(1).map_or(0, |before| self.end_of(before));
        meter.charge(self.text.len().saturating_sub(pos))?;
        for (i, site) in self.pair.sites.iter().enumerate().skip(from) {
            if i % self.stride == 0 && i > from {
                // Between the site before and this one nothing is pending but unchanged text.
                let end = self.end_of(i - 1);
                if !feed(&mut state, self.target, self.text.get(pos..end).unwrap_or_default()) {
                    return Ok(self.fail());
                }
                pos = end;
                self.states.push(state.clone());
            }
            if self.chosen.get(i) == Some(&true)
                && let Some(rule) = self.pair.rule(site)
            {
                let kept = self.text.get(pos..site.at).unwrap_or_default();
                if !feed(&mut state, self.target, kept) || !feed(&mut state, self.target, &rule.sealed) {
                    return Ok(self.fail());
                }
                pos = site.at + rule.found.len();
            }
        }
        if !feed(&mut state, self.target, self.text.get(pos..).unwrap_or_default()) {
            return Ok(self.fail());
        }
        self.clean = self.chosen.len();
        Ok(Some(state))
    }

    /// A text that is not in the target encoding: no state past the first is good.
    fn fail(&mut self) -> Option<Hasher> {
        self.states.truncate(1);
        self.clean = 0;
        None
    }

    fn end_of(&self, site: usize) -> usize {
        self.pair.sites.get(site).map_or(0, |s| s.at + self.pair.rule(s).map_or(0, |rule| rule.found.len()))
    }
}

/// How much longer the encoded sealed side of a rule is.
pub(super) fn encoded_delta(rule: &super::recipe::Rule, target: Option<Encoding>) -> i64 {
    let len =
        |text: &[u8]| target.map_or(Some(text.len()), |t| t.without_mark().encode(text).map(|b| b.len()));
    match (len(&rule.sealed), len(&rule.found)) {
        (Some(sealed), Some(found)) => super::recipe::signed(sealed) - super::recipe::signed(found),
        _ => rule.delta(),
    }
}

fn feed(state: &mut Hasher, target: Option<Encoding>, text: &[u8]) -> bool {
    match target {
        None => {
            state.update(text);
            true
        }
        Some(target) => match target.without_mark().encode(text) {
            Some(bytes) => {
                state.update(&bytes);
                true
            }
            None => false,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::super::site::PairBuilder;
    use super::*;
    use crate::code::Code;
    use crate::digest::{Algorithm, Digest, Sha256};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn any_order_of_choices_hashes_the_chosen_text(
            text in "[a-z -]{0,400}",
            flips in proptest::collection::vec(any::<prop::sample::Index>(), 1..40),
            goal in 0usize..40,
        ) {
            let mut builder = PairBuilder::new(Code::EmdashUnicodeDrift, 1);
            for (at, _) in text.match_indices('-') {
                builder.site(at, b"-", "\u{2014}".as_bytes());
            }
            if let Some(pair) = builder.finish() {
                let n = pair.sites.len();
                for target in [None, Some(Encoding::Utf16Le { bom: true }), Some(Encoding::Windows1252)] {
                    let mut chosen = vec![false; n];
                    for flip in flips.iter().take(goal + 1) {
                        let i = flip.index(n);
                        chosen[i] = !chosen[i];
                    }
                    let goal_text = pair.edits(|i| chosen[i]).map_or(text.clone().into_bytes(), |e| e.undo(text.as_bytes()).unwrap());
                    let goal_bytes = target.map_or(goal_text.clone(), |t| t.encode(&goal_text).unwrap());
                    let digest = Digest::Sha256(Sha256::of(&goal_bytes));
                    prop_assert_eq!(digest.algorithm(), Algorithm::Sha256);
                    let mut meter = Meter::new(&digest);
                    let mut walk = Walk::new(text.as_bytes(), target, &pair, None);
                    for (k, flip) in flips.iter().enumerate() {
                        let i = flip.index(n);
                        let to = !walk.chosen()[i];
                        walk.set(i, to);
                        let hit = walk.test(&mut meter).unwrap();
                        prop_assert_eq!(hit, walk.chosen() == chosen.as_slice());
                        if k == goal {
                            prop_assert!(hit);
                        }
                    }
                }
            }
        }
    }
}
