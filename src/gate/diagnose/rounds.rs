//! The rounds in which the drifted files of a run are looked into: a little for
//! every file, the rest for those it does not explain, with what the others
//! have shown.
//!
//! What a round may spend and what it knows is fixed before it begins, from the
//! results of the one before it in path order. Threads and timing change nothing.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::atomic::Ordering;

use super::{File, Options};
use crate::check::Explained;
use crate::drift::{Allowance, Answer, Knowledge, Search, Shape};
use crate::observe::Progress;
use crate::observe::queue::{self, Alone};

/// What the first round spends on a file of several, in bytes hashed.
const FIRST: u64 = 4 << 20;
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
    let several = files.len() > 1;
    let first = if several { share.min(FIRST.max(share / 8)) } else { share };
    round(files, &mut slots, options, &mut budget, Round { bytes: first, shapes: &[], nothing_else: false });
    let seen = |slots: &[Slot]| {
        let done = slots.iter().filter(|slot| !slot.is_open()).count();
        progress.explained.store(done as u64, Ordering::Relaxed);
    };
    seen(&slots);
    if several {
        let shapes = learned(&slots);
        // A quarter is kept for what this round shows.
        let bytes = shared(&slots, budget / 4 * 3, most, |slot| !slot.is_exhausted());
        round(files, &mut slots, options, &mut budget, Round { bytes, shapes: &shapes, nothing_else: false });
        let more: Vec<Shape> = learned(&slots).into_iter().filter(|shape| !shapes.contains(shape)).collect();
        if !more.is_empty() {
            let bytes = shared(&slots, budget, most, |_| true);
            round(
                files,
                &mut slots,
                options,
                &mut budget,
                Round { bytes, shapes: &more, nothing_else: true },
            );
        }
    }
    progress.explained.store(slots.len() as u64, Ordering::Relaxed);
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

fn round(files: &[File<'_>], slots: &mut [Slot], options: &Options, budget: &mut u64, round: Round<'_>) {
    // One that was searched to its end is tried with what others showed only.
    let wanted = |slot: &Slot| slot.is_open() && (!slot.is_exhausted() || !round.shapes.is_empty());
    let open = slots.iter().enumerate().filter(|(_, slot)| wanted(slot)).map(|(index, _)| index);
    let size = |index: &usize| files.get(*index).map_or(0, |file| file.found.size);
    let (small, large): (Vec<usize>, Vec<usize>) = open.partition(|index| size(index) <= LARGE);
    for (list, threads) in [(small, options.threads), (large, 1)] {
        let before: Vec<(Option<Search>, bool)> = list
            .iter()
            .map(|index| slots.get(*index).map_or((None, false), |slot| (slot.before(), slot.is_exhausted())))
            .collect();
        let answers = queue::each(list.len(), threads, |at, _, alone| {
            // Every search is worth a thread.
            let index = list.get(at).filter(|_| alone == Alone::No || list.len() == 1)?;
            let (file, (before, exhausted)) = (files.get(*index)?, before.get(at)?);
            let allowance = Allowance { bytes: round.bytes, deep: options.deep };
            let nothing_else = round.nothing_else || *exhausted;
            let knowledge = Knowledge { shapes: round.shapes, before: *before, nothing_else };
            Some(file.read().map(|bytes| file.ask(&bytes, allowance, &knowledge)))
        });
        for (index, answer) in list.into_iter().zip(answers) {
            let Some(slot) = slots.get_mut(index) else { continue };
            match answer {
                Some(Ok(mut answer)) => {
                    *budget = budget.saturating_sub(round.bytes.saturating_sub(answer.left));
                    let search = &mut answer.diagnosis.search;
                    search.exhausted |= slot.is_exhausted();
                    slot.answer = Some(answer);
                }
                Some(Err(why)) => slot.refused = Some(why),
                None => {}
            }
        }
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
