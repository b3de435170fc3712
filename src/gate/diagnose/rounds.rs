//! The rounds in which the drifted files of a run are looked into: a little for
//! every file, the rest for those it does not explain, with what the others
//! have shown.
//!
//! What a round may spend and what it knows is fixed before it begins, from the
//! results of the one before it in path order. Threads and timing change nothing.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::Ordering;

use super::{File, Options};
use crate::check::Explained;
use crate::drift::{Allowance, Answer, Knowledge, Search, Shape};
use crate::observe::Progress;
use crate::observe::queue::{self, Alone};

/// What the first round spends on a file of several, in bytes hashed.
const FIRST: u64 = 4 << 20;
/// Twice so many files are looked into further for all others.
const SCOUTS: usize = 4;
/// Shapes that are tried on the other files.
const MOST_SHAPES: usize = 8;
/// Files larger than this are looked into one after the other, so that only one
/// of them is in memory.
const LARGE: u64 = 4 << 20;

/// A file's answer so far.
#[derive(Default)]
struct Slot {
    answer: Option<Answer>,
    refused: Option<String>,
}

impl Slot {
    fn is_open(&self) -> bool {
        self.refused.is_none() && self.answer.as_ref().is_none_or(|answer| !answer.diagnosis.is_proven())
    }

    fn before(&self) -> Option<Search> {
        self.answer.as_ref().map(|answer| answer.diagnosis.search)
    }

    fn is_exhausted(&self) -> bool {
        self.before().is_some_and(|search| search.exhausted)
    }
}

/// An answer for each file. `share` is what each may spend, `most` what one
/// may spend that gets what others left.
pub(super) fn run(
    files: &[File<'_>],
    options: &Options,
    (share, most): (u64, u64),
    progress: &Progress,
) -> Vec<Option<Explained>> {
    let mut slots: Vec<Slot> = std::iter::repeat_with(Slot::default).take(files.len()).collect();
    let mut budget = share.saturating_mul(files.len() as u64);
    let mut run = Run { files, options, slots: &mut slots, budget: &mut budget, progress };
    if files.len() <= 1 {
        run.round(Round { bytes: share, shapes: &[], nothing_else: false }, |_| true);
        return slots.into_iter().map(Slot::explained).collect();
    }
    let first = FIRST.max(share / 8).min(share / 4);
    run.round(Round { bytes: first, shapes: &[], nothing_else: false }, |_| true);
    // Where a share is too small to show anything, a few files are looked into for all.
    let shapes = learned(run.slots);
    let scouts = run.scouts();
    if !scouts.is_empty() {
        let bytes = (*run.budget / 4 / scouts.len() as u64).min(most);
        run.round(Round { bytes, shapes: &shapes, nothing_else: false }, |index| scouts.contains(&index));
    }
    let shapes = learned(run.slots);
    // A quarter is kept for what this round shows.
    let bytes = shared(run.slots, *run.budget / 4 * 3, most, |slot| !slot.is_exhausted());
    run.round(Round { bytes, shapes: &shapes, nothing_else: false }, |_| true);
    let more: Vec<Shape> = learned(run.slots).into_iter().filter(|shape| !shapes.contains(shape)).collect();
    if !more.is_empty() {
        let bytes = shared(run.slots, *run.budget, most, |_| true);
        run.round(Round { bytes, shapes: &more, nothing_else: true }, |_| true);
    }
    slots.into_iter().map(Slot::explained).collect()
}

impl Slot {
    fn explained(self) -> Option<Explained> {
        if let Some(why) = self.refused {
            return Some(Explained::NotSearched(why));
        }
        self.answer.map(|answer| Explained::Diagnosis(Box::new(answer.diagnosis)))
    }
}

/// What every file of a round may spend and knows.
#[derive(Clone, Copy)]
struct Round<'r> {
    bytes: u64,
    shapes: &'r [Shape],
    nothing_else: bool,
}

/// The share of each open file.
fn shared(slots: &[Slot], budget: u64, most: u64, counts: impl Fn(&Slot) -> bool) -> u64 {
    let open = slots.iter().filter(|slot| slot.is_open() && counts(slot)).count().max(1) as u64;
    (budget / open).min(most)
}

/// A run on its way from round to round.
struct Run<'r, 'f> {
    files: &'r [File<'f>],
    options: &'r Options,
    slots: &'r mut [Slot],
    budget: &'r mut u64,
    progress: &'r Progress,
}

impl Run<'_, '_> {
    fn size(&self, index: usize) -> u64 {
        self.files.get(index).map_or(0, |file| file.found.size)
    }

    /// Of many files that are not explained: the smallest, which cost least, and
    /// some from all over the list.
    fn scouts(&self) -> BTreeSet<usize> {
        let slots = self.slots.iter().enumerate();
        let mut open: Vec<usize> = slots
            .filter(|(_, slot)| slot.is_open() && !slot.is_exhausted())
            .map(|(index, _)| index)
            .collect();
        if open.len() <= 2 * SCOUTS {
            return BTreeSet::new();
        }
        let spread = (0..SCOUTS).filter_map(|n| open.get(n * open.len() / SCOUTS)).copied();
        let mut scouts: BTreeSet<usize> = spread.collect();
        open.sort_by_key(|index| (self.size(*index), *index));
        scouts.extend(open.into_iter().take(SCOUTS));
        scouts
    }

    fn round(&mut self, round: Round<'_>, which: impl Fn(usize) -> bool) {
        // One that was searched to its end is tried with what others showed only.
        let wanted = |slot: &Slot| slot.is_open() && (!slot.is_exhausted() || !round.shapes.is_empty());
        let slots = self.slots.iter().enumerate();
        let open = slots.filter(|(index, slot)| wanted(slot) && which(*index)).map(|(index, _)| index);
        let (small, large): (Vec<usize>, Vec<usize>) = open.partition(|index| self.size(*index) <= LARGE);
        for (list, threads) in [(small, self.options.threads), (large, 1)] {
            let answers = self.ask(&list, threads, round);
            for (index, answer) in list.into_iter().zip(answers) {
                let Some(slot) = self.slots.get_mut(index) else { continue };
                match answer {
                    Some(Ok(mut answer)) => {
                        let spent = round.bytes.saturating_sub(answer.left);
                        *self.budget = self.budget.saturating_sub(spent);
                        answer.diagnosis.search.exhausted |= slot.is_exhausted();
                        slot.answer = Some(answer);
                    }
                    Some(Err(why)) => slot.refused = Some(why),
                    None => {}
                }
            }
        }
        let closed = self.slots.iter().filter(|slot| !slot.is_open()).count();
        self.progress.explained.store(closed as u64, Ordering::Relaxed);
    }

    fn ask(&self, list: &[usize], threads: usize, round: Round<'_>) -> Vec<Option<Result<Answer, String>>> {
        queue::each(list.len(), threads, |at, _, alone| {
            // Every search is worth a thread.
            let index = list.get(at).filter(|_| alone == Alone::No || list.len() == 1)?;
            let (file, slot) = (self.files.get(*index)?, self.slots.get(*index)?);
            let allowance = Allowance { bytes: round.bytes, deep: self.options.deep };
            let nothing_else = round.nothing_else || slot.is_exhausted();
            let knowledge = Knowledge { shapes: round.shapes, before: slot.before(), nothing_else };
            Some(file.read().map(|bytes| file.ask(&bytes, allowance, &knowledge)))
        })
    }
}

/// The shapes of what is explained, the most frequent first, then in path order.
fn learned(slots: &[Slot]) -> Vec<Shape> {
    let mut seen: BTreeMap<&Shape, (Reverse<usize>, usize)> = BTreeMap::new();
    let shapes = slots.iter().filter_map(|slot| slot.answer.as_ref()?.shape.as_ref());
    for (index, shape) in shapes.enumerate() {
        seen.entry(shape).or_insert((Reverse(0), index)).0.0 += 1;
    }
    let mut sorted: Vec<_> = seen.into_iter().collect();
    sorted.sort_by_key(|(_, rank)| *rank);
    sorted.into_iter().take(MOST_SHAPES).map(|(shape, _)| shape.clone()).collect()
}
