//! Two families, each at a part of its sites.
//!
//! The sites of both are walked as one list. Few are tried in every
//! combination; of many, every structure of the one with every structure of
//! the other. The sealed length is one linear equation over both.

use std::collections::BTreeMap;
use std::ops::Range;

use super::super::encoding::Encoding;
use super::super::meter::{Meter, Spent};
use super::super::recipe::{EditsBuilder, Step, signed};
use super::super::site::{Pair, Site};
use super::super::subsets::{self, Stage};
use super::super::walk::Walk;

/// Pairs that are combined.
const MOST_PAIRS: usize = 48;
/// Sites of which every combination is tried, without and with the sealed length.
const ALL_SUBSETS: (usize, usize) = (14, 20);
/// Sites of all structures of one pair.
const MOST_LISTED: usize = 1 << 20;

/// Two pairs as one, with their sites in order.
struct Both<'p> {
    pairs: [&'p Pair; 2],
    merged: Pair,
    /// Where the sites of each pair are in the merged one.
    places: [Vec<usize>; 2],
}

/// Steps that give the sealed bytes, where choices that cost so much find any
/// before less than `enough` of the allowance is left.
pub(super) fn search(
    mut pairs: Vec<Pair>,
    text: &[u8],
    (target, want): (Option<Encoding>, Option<i64>),
    (costs, enough): (Range<u64>, u64),
    meter: &mut Meter<'_>,
) -> Result<Option<Vec<Step>>, Spent> {
    pairs.sort_by_key(|pair| std::cmp::Reverse(pair.weight));
    pairs.truncate(MOST_PAIRS);
    for pair in &mut pairs {
        pair.annotate(text);
    }
    let structures: Vec<Vec<Vec<usize>>> = pairs.iter().map(|pair| structures(pair, text.len())).collect();
    let planned = if target.is_none() { want } else { None };
    let mut plans = Vec::new();
    for (i, one) in pairs.iter().enumerate() {
        for (j, two) in pairs.iter().enumerate().skip(i + 1) {
            let lists =
                [structures.get(i), structures.get(j)].map(|list| list.map_or(&[][..], Vec::as_slice));
            for (cost, all) in plan([one, two], lists, text.len(), planned) {
                if costs.contains(&cost) {
                    plans.push((cost, i, j, all));
                }
            }
        }
    }
    plans.sort_unstable();
    for (cost, i, j, all) in plans {
        if meter.left().saturating_sub(cost) < enough {
            meter.cut();
            break;
        }
        let (Some(one), Some(two)) = (pairs.get(i), pairs.get(j)) else { continue };
        let Some(both) = Both::new(one, two) else { continue };
        let mut walk = Walk::new(text, target, &both.merged, want);
        let hit = if all {
            subsets::run(&Stage::Subsets, &both.merged, &mut walk, meter)?
        } else {
            let lists =
                [structures.get(i), structures.get(j)].map(|list| list.map_or(&[][..], Vec::as_slice));
            both.combine(lists, &mut walk, meter)?
        };
        if hit {
            return Ok(Some(both.steps(walk.chosen())));
        }
    }
    Ok(None)
}

/// What trying two pairs costs: every subset, or every two structures.
fn plan(pairs: [&Pair; 2], lists: [&[Vec<usize>]; 2], len: usize, want: Option<i64>) -> Vec<(u64, bool)> {
    let sites = pairs.map(|pair| pair.sites.len());
    let first = pairs.iter().filter_map(|pair| pair.sites.first()).map(|site| site.at).min().unwrap_or(0);
    let last = pairs.iter().filter_map(|pair| pair.sites.last()).map(|site| site.at).max().unwrap_or(0);
    let (tail, span) = (len.saturating_sub(last) as u64 + 320, last.saturating_sub(first) as u64);
    let mut out = Vec::new();
    let n = sites.iter().sum::<usize>();
    if n <= if want.is_some() { ALL_SUBSETS.1 } else { ALL_SUBSETS.0 } {
        let thin = if want.is_some() { 4 } else { 1 };
        out.push((((1u64 << n) / thin).saturating_mul(tail + 2 * span / n.max(1) as u64), true));
    } else {
        let [one, two] = lists.map(|list| list.len() as u64);
        let thin = if want.is_some() { one.min(two).max(1) } else { 1 };
        out.push((one.saturating_mul(two).saturating_div(thin).saturating_mul(tail + span / 2), false));
    }
    out
}

/// The likely choices among the sites of one pair: all, those of one context,
/// one site, all but one, one run.
fn structures(pair: &Pair, len: usize) -> Vec<Vec<usize>> {
    let n = pair.sites.len();
    let all: Vec<usize> = (0..n).collect();
    let mut out = vec![all.clone()];
    // Of a long text only few choices can be tried.
    let most = (MOST_LISTED / n.max(1)).min((1 << 26) / len.max(1)).max(1);
    for group in subsets::groups_of(pair) {
        if group.len() < n {
            let rest = all.iter().copied().filter(|site| group.binary_search(site).is_err()).collect();
            out.extend([group, rest]);
        }
    }
    if n <= 512 {
        out.extend((0..n).map(|site| vec![site]));
        out.extend((1..n).map(|cut| all.get(..cut).unwrap_or_default().to_vec()));
        out.extend((1..n).map(|cut| all.get(cut..).unwrap_or_default().to_vec()));
    }
    if n <= 32 {
        out.extend((0..n).map(|but| all.iter().copied().filter(|site| *site != but).collect()));
        for from in 1..n {
            out.extend((from + 2..n).map(|to| all.get(from..to).unwrap_or_default().to_vec()));
        }
    }
    let mut seen = std::collections::BTreeSet::new();
    out.retain(|choice| seen.insert(choice.clone()));
    out.truncate(most);
    out
}

impl<'p> Both<'p> {
    /// `None` when sites of the two overlap.
    fn new(one: &'p Pair, two: &'p Pair) -> Option<Self> {
        let mut merged = one.clone();
        let shift = one.rules.len();
        merged.rules.extend(two.rules.iter().cloned());
        merged.sites.extend(two.sites.iter().map(|site| Site { rule: site.rule + shift, ..*site }));
        // What is put in before a place comes before what stands there.
        let extent = |site: &Site| (site.at, merged.rules.get(site.rule).map_or(0, |rule| rule.found.len()));
        merged.sites.sort_by_key(extent);
        let apart = merged.sites.windows(2).all(|sites| match sites {
            [a, b] => {
                let ((a, len), b) = (extent(a), extent(b));
                a + len <= b.0 && (a, len) != b
            }
            _ => true,
        });
        let mut places = [Vec::new(), Vec::new()];
        for (index, site) in merged.sites.iter().enumerate() {
            let [first, second] = &mut places;
            if site.rule < shift { first.push(index) } else { second.push(index) }
        }
        apart.then_some(Self { pairs: [one, two], merged, places })
    }

    /// Every structure of the one with every structure of the other.
    fn combine(
        &self,
        lists: [&[Vec<usize>]; 2],
        walk: &mut Walk<'_>,
        meter: &mut Meter<'_>,
    ) -> Result<bool, Spent> {
        let [ones, twos] = lists;
        let [first, second] = &self.places;
        let place = |places: &[usize], site: usize| places.get(site).copied().unwrap_or(0);
        let delta = |walk: &Walk<'_>, places: &[usize], choice: &[usize]| {
            choice.iter().map(|site| walk.delta_of(place(places, *site))).sum::<i64>()
        };
        let mut by_delta: BTreeMap<i64, Vec<&Vec<usize>>> = BTreeMap::new();
        for choice in twos {
            by_delta.entry(delta(walk, second, choice)).or_default().push(choice);
        }
        for one in ones {
            let own = delta(walk, first, one);
            meter.skip()?;
            let fitting: Vec<&Vec<usize>> = match walk.want() {
                Some(want) => by_delta.get(&(want - own)).cloned().unwrap_or_default(),
                None => twos.iter().collect(),
            };
            if fitting.is_empty() {
                continue;
            }
            let set = |walk: &mut Walk<'_>, places: &[usize], choice: &[usize], to| {
                for site in choice {
                    walk.set(place(places, *site), to);
                }
            };
            set(walk, first, one, true);
            for two in fitting {
                set(walk, second, two, true);
                if walk.test(meter)? {
                    return Ok(true);
                }
                set(walk, second, two, false);
            }
            set(walk, first, one, false);
        }
        Ok(false)
    }

    /// The chosen replacements, one step per family.
    fn steps(&self, chosen: &[bool]) -> Vec<Step> {
        let [one, two] = self.pairs;
        if one.code == two.code {
            let edits = self.merged.edits(|i| chosen.get(i) == Some(&true));
            return edits.map(Step::Edits).into_iter().collect();
        }
        let mut steps = [EditsBuilder::new(one.code), EditsBuilder::new(two.code)];
        let mut shift = 0i64;
        for (site, _) in self.merged.sites.iter().zip(chosen).filter(|(_, chosen)| **chosen) {
            let Some(rule) = self.merged.rule(site) else { continue };
            let [first, second] = &mut steps;
            if site.rule < one.rules.len() {
                first.push(site.at, &rule.found, &rule.sealed);
                shift += rule.delta();
            } else if let Ok(at) = usize::try_from(signed(site.at) + shift) {
                // The second step is undone on what the first has left.
                second.push(at, &rule.found, &rule.sealed);
            }
        }
        steps.into_iter().filter_map(EditsBuilder::finish).map(Step::Edits).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::meter::Meter;
    use super::super::super::site::PairBuilder;
    use super::*;
    use crate::code::Code;
    use crate::digest::{Digest, Sha256};

    fn pair(text: &str, code: Code, found: &str, sealed: &str) -> Pair {
        let mut builder = PairBuilder::new(code, 20);
        for (at, _) in text.match_indices(found) {
            builder.site(at, found.as_bytes(), sealed.as_bytes());
        }
        builder.finish().unwrap()
    }

    #[test]
    fn parts_of_two_families_are_found_with_and_without_the_length() {
        for repeat in [1, 12] {
            let text = "a - b, \"c\" and \"d\" - e\n \n".repeat(repeat);
            let blanks = pair(&text, Code::TrailingWhitespace, " \n", "\n");
            let dashes = pair(&text, Code::EmdashUnicodeDrift, "-", "\u{2014}");
            let quotes = pair(&text, Code::EmdashUnicodeDrift, "\"", "\u{201d}");
            for (one, two, steps) in [(&dashes, &quotes, 1), (&dashes, &blanks, 2), (&blanks, &quotes, 2)] {
                let both = Both::new(one, two).unwrap();
                let n = both.merged.sites.len();
                // A beginning of the one, the last of the other.
                let chosen: Vec<bool> = (0..n)
                    .map(|i| {
                        both.places[0].iter().take(both.places[0].len().div_ceil(2)).any(|p| *p == i)
                            || both.places[1].last() == Some(&i)
                    })
                    .collect();
                let made = both.steps(&chosen);
                assert_eq!(made.len(), steps);
                let sealed =
                    made.iter().fold(text.clone().into_bytes(), |text, step| step.undo(&text).unwrap());
                let digest = Digest::Sha256(Sha256::of(&sealed));
                let delta = signed(sealed.len()) - signed(text.len());
                for want in [None, Some(delta)] {
                    let mut meter = Meter::new(&digest);
                    let pairs = vec![one.clone(), two.clone()];
                    let hit = search(pairs, text.as_bytes(), (None, want), (0..u64::MAX, 0), &mut meter)
                        .unwrap()
                        .unwrap();
                    let got =
                        hit.iter().fold(text.clone().into_bytes(), |text, step| step.undo(&text).unwrap());
                    assert_eq!(got, sealed);
                }
            }
        }
    }

    #[test]
    fn overlapping_sites_are_not_combined() {
        let text = "a - b - c";
        let tight = pair(text, Code::EmdashUnicodeDrift, "-", "\u{2014}");
        let spaced = pair(text, Code::EmdashUnicodeDrift, " - ", "\u{2014}");
        assert!(Both::new(&tight, &spaced).is_none());
        let mut lines = PairBuilder::new(Code::BlankLines, 20);
        lines.site(2, b"", b"\n");
        let lines = lines.finish().unwrap();
        assert!(Both::new(&lines, &lines).is_none());
        // Both orders of the families: what is put in stays before what is replaced.
        for (one, two) in [(&lines, &tight), (&tight, &lines)] {
            let both = Both::new(one, two).unwrap();
            let steps = both.steps(&[true, true, false]);
            let sealed = steps.iter().fold(text.as_bytes().to_vec(), |text, step| step.undo(&text).unwrap());
            assert_eq!(sealed, "a \n\u{2014} b - c".as_bytes());
        }
    }
}
