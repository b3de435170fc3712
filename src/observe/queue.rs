//! One queue of numbered work, shared by the threads.
//!
//! Results go back by number, so their order never depends on timing, and a
//! thread that is lost loses results, never their places.

use std::sync::atomic::{AtomicUsize, Ordering};

/// What a thread reads at a time.
pub const BUFFER: usize = 128 << 10;
/// More items than this are worth threads from the start.
const MANY: usize = 64;
/// Items that a thread takes from the queue at a time.
const CHUNK: usize = 16;

/// Whether an item may ask for threads before it is worked on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alone {
    /// One thread works, and more could be started: a large item may refuse.
    Yes,
    /// It must be worked on now.
    No,
}

/// Works on items `0..total` with up to `threads` threads. `work` gets the
/// item's number and a buffer of [`BUFFER`] bytes; it may return `None` when it
/// is [`Alone::Yes`], and is then called again once there are more threads.
/// Few small items are done before a thread would have started.
pub fn each<R: Send>(
    total: usize,
    threads: usize,
    work: impl Fn(usize, &mut [u8], Alone) -> Option<R> + Sync,
) -> Vec<Option<R>> {
    let next = AtomicUsize::new(0);
    let helpers = threads.saturating_sub(1).min(total.saturating_sub(1));
    let chunk = if total <= MANY { 1 } else { CHUNK };
    let run = |alone: Alone| {
        let mut results = Vec::new();
        let mut buffer = vec![0; BUFFER];
        loop {
            let first = next.fetch_add(chunk, Ordering::Relaxed);
            if first >= total {
                return results;
            }
            for index in first..(first + chunk).min(total) {
                match work(index, &mut buffer, alone) {
                    Some(result) => results.push((index, result)),
                    // Only one thread runs, and it takes one item at a time.
                    None if alone == Alone::Yes => {
                        next.store(index, Ordering::Relaxed);
                        return results;
                    }
                    None => {}
                }
            }
        }
    };
    let mut results = Vec::new();
    if helpers == 0 {
        results = run(Alone::No);
    } else if total <= MANY {
        results = run(Alone::Yes);
    }
    if next.load(Ordering::Relaxed) < total {
        std::thread::scope(|scope| {
            let running: Vec<_> = (0..helpers).map(|_| scope.spawn(|| run(Alone::No))).collect();
            results.extend(run(Alone::No));
            for thread in running {
                results.extend(thread.join().unwrap_or_default());
            }
        });
    }
    let mut slots: Vec<Option<R>> = std::iter::repeat_with(|| None).take(total).collect();
    for (index, result) in results {
        if let Some(slot) = slots.get_mut(index) {
            *slot = Some(result);
        }
    }
    slots
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_item_is_worked_on_once_whatever_the_threads() {
        for threads in [1, 2, 7] {
            for total in [0, 1, 2, MANY, MANY + 1, 1000] {
                let got = each(total, threads, |index, _, _| Some(index * 2));
                let want: Vec<Option<usize>> = (0..total).map(|index| Some(index * 2)).collect();
                assert_eq!(got, want, "{threads} threads, {total} items");
            }
        }
    }

    #[test]
    fn an_item_that_asks_for_threads_gets_them_and_is_not_lost() {
        let calls = AtomicUsize::new(0);
        let got = each(5, 2, |index, _, alone| {
            calls.fetch_add(1, Ordering::Relaxed);
            (index != 3 || alone == Alone::No).then_some(index)
        });
        assert_eq!(got, (0..5).map(Some).collect::<Vec<_>>());
        assert_eq!(calls.load(Ordering::Relaxed), 6);
    }
}
