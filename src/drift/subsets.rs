//! Which sites changed: structured choices among many, the likely ones first.
//!
//! Real partial drift is structured: all sites, one run of them, those in one
//! context, unions of contexts, a few. Each [`Stage`] is one such structure
//! with an estimate of what it costs; [`run`] tries all its choices. The
//! sealed length, where known, removes most of them before anything is hashed.

use std::collections::BTreeSet;

use super::meter::{Meter, Spent};
use super::site::{Class, Pair, Site};
use super::walk::Walk;

/// All subsets are tried up to that many sites, without and with the sealed length.
const ALL_SUBSETS: (usize, usize) = (16, 22);
/// Unions of that many context groups are tried.
const MOST_GROUPS: usize = 18;
/// Runs are tried among that many sites.
const MOST_IN_RUNS: usize = 4096;
/// A stage of more choices than this is never begun.
const MOST_CHOICES: f64 = 1e8;
/// The same for a deep search.
const DEEP_SUBSETS: (usize, usize) = (24, 32);
const DEEP_CHOICES: f64 = 4e9;

/// What a choice costs besides the bytes hashed.
const EACH: f64 = 256.0;

/// A structure of choices.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// Every site.
    All,
    /// The sites of one context, or all but those.
    Groups,
    /// Consecutive sites.
    Run,
    /// Every subset.
    Subsets,
    /// Exactly that many sites.
    Few(usize),
    /// All but that many.
    AllBut(usize),
    /// Unions of contexts, by the partition with that index.
    Unions(usize),
    /// Consecutive sites of one context, by the partition with that index.
    GroupRuns(usize),
    /// Two runs.
    TwoRuns,
}

impl Stage {
    /// By how much its cost counts for more or less than it is, from how often
    /// real drift has that structure for what it costs to try.
    pub(super) fn odds(&self) -> (u64, u64) {
        match self {
            Self::Groups | Self::AllBut(1) => (1, 4),
            Self::Few(1) => (1, 8),
            Self::Run => (1, 2),
            Self::TwoRuns => (4, 1),
            _ => (1, 1),
        }
    }
}

/// Whether some sites of a pair make the wanted difference in length.
pub(super) fn is_possible(pair: &Pair, want: Option<i64>) -> bool {
    let Some(want) = want else { return true };
    if let Some(delta) = pair.uniform_delta() {
        return if delta == 0 {
            want == 0
        } else {
            want % delta == 0
                && usize::try_from(want / delta).is_ok_and(|count| (1..=pair.sites.len()).contains(&count))
        };
    }
    let deltas = || pair.sites.iter().filter_map(|site| pair.rule(site)).map(super::recipe::Rule::delta);
    let (least, most) = (deltas().filter(|d| *d < 0).sum::<i64>(), deltas().filter(|d| *d > 0).sum::<i64>());
    (least..=most).contains(&want)
}

/// No choice of sites has the sealed length.
struct Impossible;

/// How many sites changed, where one length difference for all and the sealed
/// length say so.
fn changed(pair: &Pair, want: Option<i64>) -> Result<Option<usize>, Impossible> {
    if !is_possible(pair, want) {
        return Err(Impossible);
    }
    let (Some(want), Some(delta)) = (want, pair.uniform_delta().filter(|delta| *delta != 0)) else {
        return Ok(None);
    };
    usize::try_from(want / delta).map(Some).map_err(|_| Impossible)
}

/// Every stage that makes sense for a pair, with the bytes it is likely to hash.
pub(super) fn stages(pair: &Pair, text_len: usize, want: Option<i64>, deep: bool) -> Vec<(Stage, u64)> {
    let (most_free, most_sized) = if deep { DEEP_SUBSETS } else { ALL_SUBSETS };
    let most_choices = if deep { DEEP_CHOICES } else { MOST_CHOICES };
    let n = pair.sites.len();
    let uniform = pair.uniform_delta().filter(|d| *d != 0);
    let Ok(count) = changed(pair, want) else { return Vec::new() };
    if count == Some(n) || n == 1 {
        return vec![(Stage::All, text_len as u64)];
    }
    // Without one, only a part of the choices has the sealed length.
    let thin = if want.is_some() && uniform.is_none() && pair.uniform_delta().is_none() { 6.0 } else { 1.0 };
    let (Some(first), Some(last)) = (pair.sites.first(), pair.sites.last()) else { return Vec::new() };
    let tail = real(text_len.saturating_sub(last.at)) + 64.0;
    let span = real(last.at - first.at);
    let mut out = Vec::new();
    let mut add = |stage, choices: f64, bytes_each: f64| {
        if choices >= 1.0 && choices / thin <= most_choices {
            out.push((stage, whole(choices / thin * (bytes_each + EACH))));
        }
    };
    if count.is_none() {
        add(Stage::All, 1.0, tail + span);
    }
    add(Stage::Groups, if count.is_some() { 12.0 } else { 60.0 }, tail + span);
    if n <= MOST_IN_RUNS || count.is_some() {
        let runs = count.map_or(real(n) * real(n) / 2.0, |k| real(n - k + 1));
        add(Stage::Run, runs, tail + span / 2.0);
    }
    if n <= if want.is_some() { most_sized } else { most_free } {
        let subsets = count.map_or_else(|| real(n).exp2(), |k| choose(n, k));
        add(Stage::Subsets, subsets, tail + 2.0 * span / real(n));
    }
    for k in 1..=6.min(n - 1) {
        if count.map_or(k <= 3, |count| count == k) {
            add(Stage::Few(k), choose(n, k), tail + span / real(k + 1));
        }
        if count.map_or(k <= 2, |count| count == n - k) && n > 2 * k {
            add(Stage::AllBut(k), choose(n, k), tail + span / real(k + 1));
        }
    }
    for (index, key) in PARTITIONS.iter().enumerate() {
        let groups = count_groups(pair, *key);
        if (2..=MOST_GROUPS).contains(&groups) {
            let unions = real(groups).exp2() / if count.is_some() { real(2 * groups) } else { 1.0 };
            add(Stage::Unions(index), unions, tail + span);
        }
        if groups >= 2 && n <= MOST_IN_RUNS {
            let within = real(n) / real(groups);
            let runs = if count.is_some() { real(n) } else { real(groups) * within * within / 2.0 };
            add(Stage::GroupRuns(index), runs, tail + span / 2.0);
        }
    }
    let n4 = real(n) * real(n) * real(n) / 6.0;
    add(Stage::TwoRuns, if count.is_some() { n4 } else { n4 * real(n) / 4.0 }, tail + span / 3.0);
    out
}

/// Tries every choice of a stage; true when the walk holds the sealed text.
pub(super) fn run(
    stage: &Stage,
    pair: &Pair,
    walk: &mut Walk<'_>,
    meter: &mut Meter<'_>,
) -> Result<bool, Spent> {
    let n = walk.sites();
    walk.set_all(false);
    match stage {
        Stage::All => {
            walk.set_all(true);
            walk.test(meter)
        }
        Stage::Groups => groups(pair, walk, meter),
        Stage::Run => runs(walk, &(0..n).collect::<Vec<_>>(), meter),
        Stage::Subsets => subsets(walk, 0, &reach(walk), meter),
        Stage::Few(k) => few(walk, 0, *k, true, meter),
        Stage::AllBut(k) => {
            walk.set_all(true);
            few(walk, 0, *k, false, meter)
        }
        Stage::Unions(index) => match PARTITIONS.get(*index) {
            Some(key) => unions(&partition(pair, *key), walk, meter),
            None => Ok(false),
        },
        Stage::GroupRuns(index) => {
            for group in PARTITIONS.get(*index).map(|key| partition(pair, *key)).unwrap_or_default() {
                walk.set_all(false);
                if runs(walk, &group, meter)? {
                    return Ok(true);
                }
            }
            Ok(false)
        }
        Stage::TwoRuns => two_runs(walk, meter),
    }
}

/// Consecutive sites of a list.
fn runs(walk: &mut Walk<'_>, list: &[usize], meter: &mut Meter<'_>) -> Result<bool, Spent> {
    if let (Some(want), Some(delta)) = (walk.want(), walk.uniform().filter(|d| *d != 0)) {
        let Ok(len) = usize::try_from(want / delta) else { return Ok(false) };
        for window in list.windows(len.max(1)) {
            for site in window.iter().take(1).chain(window.last()) {
                walk.set(*site, true);
            }
            // The first window is set whole; later ones gain their last site only.
            if walk.delta() != want {
                for site in window {
                    walk.set(*site, true);
                }
            }
            if walk.test(meter)? {
                return Ok(true);
            }
            if let Some(first) = window.first() {
                walk.set(*first, false);
            }
        }
        return Ok(false);
    }
    for (i, _) in list.iter().enumerate() {
        let rest = list.get(i..).unwrap_or_default();
        for site in rest {
            walk.set(*site, true);
            if walk.test(meter)? {
                return Ok(true);
            }
        }
        for site in rest {
            walk.set(*site, false);
        }
    }
    Ok(false)
}

/// The least and the greatest difference that the sites from each on can make.
fn reach(walk: &Walk<'_>) -> Vec<(i64, i64)> {
    let mut reach = vec![(0, 0)];
    let (mut least, mut most) = (0i64, 0i64);
    for site in (0..walk.sites()).rev() {
        let delta = walk.delta_of(site);
        least += delta.min(0);
        most += delta.max(0);
        reach.push((least, most));
    }
    reach.reverse();
    reach
}

/// Every subset of the sites from `site` on; at most some twenty of them.
fn subsets(
    walk: &mut Walk<'_>,
    site: usize,
    reach: &[(i64, i64)],
    meter: &mut Meter<'_>,
) -> Result<bool, Spent> {
    if let (Some(want), Some((least, most))) = (walk.want(), reach.get(site))
        && !(*least..=*most).contains(&(want - walk.delta()))
    {
        return Ok(false);
    }
    if site >= walk.sites() {
        return walk.test(meter);
    }
    for to in [true, false] {
        walk.set(site, to);
        if subsets(walk, site + 1, reach, meter)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Every way to set exactly `k` sites from `from` on to `to`.
fn few(walk: &mut Walk<'_>, from: usize, k: usize, to: bool, meter: &mut Meter<'_>) -> Result<bool, Spent> {
    if k == 0 {
        return walk.test(meter);
    }
    for site in from..=walk.sites().saturating_sub(k) {
        walk.set(site, to);
        if few(walk, site + 1, k - 1, to, meter)? {
            return Ok(true);
        }
        walk.set(site, !to);
    }
    Ok(false)
}

/// Every group of every partition but that of all sites, each once.
pub(super) fn groups_of(pair: &Pair) -> Vec<Vec<usize>> {
    let mut seen = BTreeSet::new();
    let groups = PARTITIONS.iter().chain(FINE).flat_map(|key| partition(pair, *key));
    groups.filter(|group| group.len() < pair.sites.len() && seen.insert(group.clone())).collect()
}

/// One context, and everything but it.
fn groups(pair: &Pair, walk: &mut Walk<'_>, meter: &mut Meter<'_>) -> Result<bool, Spent> {
    let n = walk.sites();
    let total: i64 = (0..n).map(|site| walk.delta_of(site)).sum();
    for group in groups_of(pair) {
        let delta: i64 = group.iter().map(|site| walk.delta_of(*site)).sum();
        for (inside, delta) in [(true, delta), (false, total - delta)] {
            if walk.want().is_some_and(|want| want != delta) {
                continue;
            }
            walk.set_all(!inside);
            for site in &group {
                walk.set(*site, inside);
            }
            if walk.test(meter)? {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

/// Every union of at most [`MOST_GROUPS`] groups.
fn unions(groups: &[Vec<usize>], walk: &mut Walk<'_>, meter: &mut Meter<'_>) -> Result<bool, Spent> {
    let deltas: Vec<i64> = groups.iter().map(|g| g.iter().map(|site| walk.delta_of(*site)).sum()).collect();
    let mut now = 0u32;
    for mask in 1..1u32 << groups.len().min(MOST_GROUPS) {
        let in_mask = |mask: u32, group: usize| mask >> group & 1 == 1;
        if let Some(want) = walk.want() {
            let delta: i64 =
                deltas.iter().enumerate().filter(|(g, _)| in_mask(mask, *g)).map(|(_, d)| d).sum();
            if delta != want {
                continue;
            }
        }
        for (group, sites) in groups.iter().enumerate() {
            if in_mask(mask ^ now, group) {
                for site in sites {
                    walk.set(*site, in_mask(mask, group));
                }
            }
        }
        now = mask;
        if walk.test(meter)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Two runs with a gap between them.
fn two_runs(walk: &mut Walk<'_>, meter: &mut Meter<'_>) -> Result<bool, Spent> {
    let n = walk.sites();
    for start in 0..n {
        for end in start + 1..n {
            walk.set(end - 1, true);
            for second in end + 1..n {
                for site in second..n {
                    walk.set(site, true);
                    if walk.test(meter)? {
                        return Ok(true);
                    }
                }
                for site in second..n {
                    walk.set(site, false);
                }
            }
        }
        for site in start..n {
            walk.set(site, false);
        }
    }
    Ok(false)
}

/// What sites of one group have in common.
pub(super) type Key = fn(&Site) -> [u32; 4];

/// Partitions by the kinds of things beside a site, finest first; all their unions are tried.
const PARTITIONS: &[Key] = &[
    |s| [number(s.rule), class(s.context.prev), class(s.context.next), u32::from(s.context.code)],
    |s| [number(s.rule), class(s.context.prev), class(s.context.next), 0],
    |s| [0, class(s.context.prev), class(s.context.next), 0],
    |s| [number(s.rule), coarse(s.context.prev), coarse(s.context.next), 0],
    |s| [number(s.rule), 0, 0, u32::from(s.context.code)],
    |s| [class(s.context.lead), 0, 0, u32::from(s.context.code)],
];

/// Partitions of which only single groups are tried.
const FINE: &[Key] = &[
    |s| [class(s.context.prev), 0, 0, 0],
    |s| [0, class(s.context.next), 0, 0],
    |s| [u32::from(s.context.prev), 0, 0, 0],
    |s| [0, u32::from(s.context.next), 0, 0],
    |s| [u32::from(s.context.prev), u32::from(s.context.next), 0, 0],
    |s| [number(s.rule), 0, 0, 0],
    |s| [number(s.rule), 0, u32::from(s.context.next), 0],
    |s| [number(s.rule), u32::from(s.context.prev), 0, 0],
    |s| [u32::from(s.context.lead), 0, 0, 0],
    |s| [0, 0, 0, u32::from(s.context.code)],
    |s| [0, class(s.context.prev), class(s.context.next), u32::from(s.context.code)],
];

fn partition(pair: &Pair, key: Key) -> Vec<Vec<usize>> {
    let mut keyed: Vec<([u32; 4], usize)> =
        pair.sites.iter().enumerate().map(|(i, site)| (key(site), i)).collect();
    keyed.sort_unstable();
    keyed.chunk_by(|a, b| a.0 == b.0).map(|group| group.iter().map(|(_, site)| *site).collect()).collect()
}

/// How many groups a partition has; counted up to one more than are of use.
fn count_groups(pair: &Pair, key: Key) -> usize {
    let mut seen: Vec<[u32; 4]> = Vec::new();
    for site in &pair.sites {
        let key = key(site);
        if !seen.contains(&key) {
            seen.push(key);
            if seen.len() > MOST_GROUPS {
                break;
            }
        }
    }
    seen.len()
}

fn number(rule: usize) -> u32 {
    u32::try_from(rule).unwrap_or(u32::MAX)
}

fn class(c: char) -> u32 {
    Class::of(c) as u32
}

/// Word, number, edge, blank or mark.
fn coarse(c: char) -> u32 {
    match Class::of(c) {
        Class::Edge => 0,
        Class::Blank => 1,
        Class::Upper | Class::Lower | Class::Other => 2,
        Class::Digit => 3,
        Class::Quote | Class::Open | Class::Close | Class::Dash | Class::Punctuation => 4,
    }
}

/// Binomial coefficient, approximately.
fn choose(n: usize, k: usize) -> f64 {
    (0..k.min(n - k.min(n))).fold(1.0, |acc, i| acc * real(n - i) / real(i + 1))
}

#[expect(clippy::cast_precision_loss, reason = "an estimate")]
fn real(n: usize) -> f64 {
    n as f64
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "an estimate; the cast saturates"
)]
fn whole(n: f64) -> u64 {
    n as u64
}

#[cfg(test)]
mod tests;
