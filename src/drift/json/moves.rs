//! Members that stand at another place of their object than before, by hand
//! or by a tool that knows the order of some names.

use std::collections::BTreeMap;

use super::document::Document;
use super::order::Reordered;
use super::structure::Container;

/// Names that are looked at.
const MOST_NAMES: usize = 256;

/// A guess at where members stood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Move<'t> {
    /// A name stood first in every object that has it.
    First(&'t [u8]),
    /// A name stood last in every object that has it.
    Last(&'t [u8]),
    /// Two names that follow each other stood the other way round, everywhere.
    Swapped(&'t [u8], &'t [u8]),
    /// One member of one object stood at another place.
    One { container: usize, from: usize, to: usize },
}

/// Every guess, the likely ones first.
pub(super) fn moves<'t>(
    document: &Document<'t>,
    all: &[Container],
) -> impl Iterator<Item = Move<'t>> + use<'t> {
    let mut lone: BTreeMap<&[u8], usize> = BTreeMap::new();
    let mut pairs: BTreeMap<(&[u8], &[u8]), usize> = BTreeMap::new();
    let mut sizes: Vec<(usize, usize)> = Vec::new();
    for (i, container) in all.iter().enumerate().filter(|(_, c)| c.members.len() > 1) {
        sizes.push((i, container.members.len()));
        let keys: Vec<&[u8]> = container.members.iter().map(|m| document.between(m.key, m.key)).collect();
        for key in &keys {
            *lone.entry(key).or_default() += 1;
        }
        for pair in keys.windows(2) {
            if let [a, b] = pair {
                *pairs.entry((a, b)).or_default() += 1;
            }
        }
    }
    // What stands once is a move of one member.
    let lone: Vec<&[u8]> = lone.into_iter().filter(|(_, n)| *n > 1).map(|(key, _)| key).collect();
    let pairs: Vec<(&[u8], &[u8])> = pairs.into_iter().filter(|(_, n)| *n > 1).map(|(key, _)| key).collect();
    let edges = lone.into_iter().take(MOST_NAMES).flat_map(|key| [Move::First(key), Move::Last(key)]);
    let pairs = pairs.into_iter().take(MOST_NAMES).map(|(a, b)| Move::Swapped(a, b));
    edges.chain(pairs).chain(singles(sizes))
}

/// One member to another place: to the ends of its object, to the next place, elsewhere.
/// One place down is the same as the next one up.
fn singles<'t>(sizes: Vec<(usize, usize)>) -> impl Iterator<Item = Move<'t>> {
    let one = |container| move |(from, to)| Move::One { container, from, to };
    let ends = sizes.clone().into_iter().flat_map(move |(container, n)| {
        let second = (n > 2).then_some((0, 1));
        let first = (2..n).map(|from| (from, 0));
        let last = (0..n - 1).map(move |from| (from, n - 1));
        second.into_iter().chain(first).chain(last).map(one(container))
    });
    let next = sizes.clone().into_iter().flat_map(move |(container, n)| {
        (1..n.saturating_sub(2)).map(|from| (from, from + 1)).map(one(container))
    });
    let others = sizes.into_iter().flat_map(move |(container, n)| {
        let all = (0..n).flat_map(move |from| (1..n - 1).map(move |to| (from, to)));
        let far = |(from, to): &(usize, usize)| from.abs_diff(*to) > 1;
        all.filter(far).map(one(container))
    });
    ends.chain(next).chain(others)
}

impl Move<'_> {
    /// The objects that it changes.
    pub(super) fn changes(&self, document: &Document<'_>, all: &[Container]) -> Vec<Reordered> {
        if let Self::One { container, from, to } = self {
            let order = all.get(*container).and_then(|c| moved(c.members.len(), *from, *to));
            return order.map(|order| Reordered { container: *container, order }).into_iter().collect();
        }
        let several = all.iter().enumerate().filter(|(_, c)| c.members.len() > 1);
        several
            .filter_map(|(container, c)| {
                let at = |key: &[u8]| c.members.iter().position(|m| document.between(m.key, m.key) == key);
                let (from, to) = match self {
                    Self::First(key) => (at(key)?, 0),
                    Self::Last(key) => (at(key)?, c.members.len() - 1),
                    Self::Swapped(a, b) => (at(a)?, at(b).filter(|to| Some(*to) == at(a).map(|i| i + 1))?),
                    Self::One { .. } => return None,
                };
                Some(Reordered { container, order: moved(c.members.len(), from, to)? })
            })
            .collect()
    }
}

/// An order in which one of `n` goes to another place.
fn moved(n: usize, from: usize, to: usize) -> Option<Vec<usize>> {
    if from == to || from >= n || to >= n {
        return None;
    }
    let mut order: Vec<usize> = (0..n).collect();
    let taken = order.remove(from);
    order.insert(to, taken);
    Some(order)
}
