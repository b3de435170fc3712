//! Folders held open: a few per thread, whatever their number.
//!
//! Threads share no descriptor, so there is nothing to lock, and a run over
//! thousands of seals needs no more descriptors than one over a few.

use std::cell::RefCell;
use std::os::fd::OwnedFd;
use std::rc::Rc;
use std::sync::atomic::{AtomicU64, Ordering};

/// A base, the folder looked into, one that it is compared with, and one more.
const KEPT: usize = 4;

thread_local! {
    /// The ones used last, by number, the last one at the end.
    static HELD: RefCell<Vec<(u64, Rc<OwnedFd>)>> = const { RefCell::new(Vec::new()) };
}

/// A number that no other folder has.
pub(super) fn number() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

/// The descriptor of the folder with this number, opened when this thread does
/// not hold it.
pub(super) fn held<E>(number: u64, open: impl FnOnce() -> Result<OwnedFd, E>) -> Result<Rc<OwnedFd>, E> {
    if let Some(there) = HELD.with_borrow_mut(|held| {
        let at = held.iter().position(|(other, _)| *other == number)?;
        let end = held.len();
        held.get_mut(at..end)?.rotate_left(1);
        held.last().map(|(_, descriptor)| Rc::clone(descriptor))
    }) {
        return Ok(there);
    }
    let opened = Rc::new(open()?);
    keep(number, Rc::clone(&opened));
    Ok(opened)
}

/// Holds a folder from now on.
pub(super) fn keep(number: u64, descriptor: Rc<OwnedFd>) {
    HELD.with_borrow_mut(|held| {
        if held.len() >= KEPT {
            held.remove(0);
        }
        held.push((number, descriptor));
    });
}

/// Closes what this thread holds of it. Other threads let go of it in time.
pub(super) fn release(number: u64) {
    // At the end of a thread everything is closed anyway.
    let _ = HELD.try_with(|held| {
        if let Ok(mut held) = held.try_borrow_mut() {
            held.retain(|(other, _)| *other != number);
        }
    });
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::fs::File;

    use super::*;

    #[test]
    fn a_thread_holds_a_few_and_opens_the_others_again() {
        let opened = Cell::new(0);
        let get = |number| {
            let open = || {
                opened.set(opened.get() + 1);
                File::open("/").map(OwnedFd::from)
            };
            held::<std::io::Error>(number, open).unwrap();
        };
        let numbers: Vec<u64> = (0..=KEPT).map(|_| number()).collect();
        numbers[..KEPT].iter().for_each(|n| get(*n));
        numbers[..KEPT].iter().for_each(|n| get(*n));
        assert_eq!(opened.get(), KEPT);
        get(numbers[KEPT]);
        get(numbers[1]);
        assert_eq!(opened.get(), KEPT + 1, "the one used last is kept");
        get(numbers[0]);
        assert_eq!(opened.get(), KEPT + 2, "the one used longest ago is not");
        release(numbers[0]);
        get(numbers[0]);
        assert_eq!(opened.get(), KEPT + 3);
        HELD.with_borrow(|held| assert!(held.len() <= KEPT));
    }
}
