//! The git index, as far as it says which paths are tracked.
//!
//! Versions 2, 3 and 4, with digests of either length. Whatever is not
//! understood to the last byte is not known, so that no doubt hides a file.

use std::cmp::Ordering;

use crate::path::{BytePath, MAX_LEN};

const EXTENDED: u16 = 1 << 14;
/// In the flags that follow an extended entry: a sparse checkout leaves it out.
const SKIP_WORKTREE: u16 = 1 << 14;
const KIND: u32 = 0o170_000;
const FOLDER: u32 = 0o040_000;
const FILE: u32 = 0o100_000;
const LINK: u32 = 0o120_000;
const SUBMODULE: u32 = 0o160_000;

/// Which entries of an index are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Entries {
    /// All of them.
    Tracked,
    /// Those that a sparse checkout leaves out.
    LeftOut,
}

/// For each path, whether the index holds such an entry for it, or for a folder
/// above it that is not listed out: one left out of a sparse checkout, or a
/// submodule. `None` when the index is broken, split over two files, or of a
/// kind not known here.
pub(super) fn holds(index: &[u8], entries: Entries, paths: &[&BytePath]) -> Option<Vec<bool>> {
    // The length of a digest is said elsewhere; only one of the two fits.
    [20, 32].into_iter().find_map(|digest| read(index, digest, entries, paths))
}

fn read(index: &[u8], digest: usize, entries: Entries, paths: &[&BytePath]) -> Option<Vec<bool>> {
    let mut rest = Rest(index.get(..index.len().checked_sub(digest)?)?);
    if rest.take(4)? != b"DIRC" {
        return None;
    }
    let version = rest.number()?;
    if !(2..=4).contains(&version) {
        return None;
    }
    let mut marks = Marks::new(paths);
    let mut name = Vec::new();
    for _ in 0..rest.number()? {
        let before = rest.0.len();
        let kind = (Rest(rest.take(24 + 16)?.get(24..)?)).number()? & KIND;
        rest.take(digest)?;
        let flags = rest.short()?;
        let extended = if flags & EXTENDED == 0 { 0 } else { rest.short().filter(|_| version > 2)? };
        let next = if version == 4 { rest.compressed(&name)? } else { rest.until_nul()?.to_vec() };
        let sane = !next.is_empty() && next.len() <= MAX_LEN && next >= name;
        if !sane || !matches!(kind, FOLDER | FILE | LINK | SUBMODULE) {
            return None;
        }
        if version < 4 {
            // One NUL was taken with the name; up to seven more fill the entry up.
            let taken = before - rest.0.len() - 1;
            let fill = (taken + 8) / 8 * 8 - taken - 1;
            rest.take(fill)?.iter().all(|&byte| byte == 0).then_some(())?;
        }
        name = next;
        if entries == Entries::Tracked || extended & SKIP_WORKTREE != 0 {
            marks.mark(&name, kind);
        }
    }
    while !rest.0.is_empty() {
        let signature = rest.take(4)?;
        let length = usize::try_from(rest.number()?).ok()?;
        rest.take(length)?;
        // A lower-case extension must be understood. Of a sparse index it says nothing more.
        if !signature.first()?.is_ascii_uppercase() && signature != b"sdir" {
            return None;
        }
    }
    Some(marks.tracked)
}

/// What is left to read.
struct Rest<'a>(&'a [u8]);

impl<'a> Rest<'a> {
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    fn number(&mut self) -> Option<u32> {
        Some(u32::from_be_bytes(self.take(4)?.try_into().ok()?))
    }

    fn short(&mut self) -> Option<u16> {
        Some(u16::from_be_bytes(self.take(2)?.try_into().ok()?))
    }

    fn until_nul(&mut self) -> Option<&'a [u8]> {
        let taken = self.take(memchr::memchr(0, self.0)?)?;
        self.take(1)?;
        Some(taken)
    }

    /// A name that begins as `previous` does: how many bytes to drop from its
    /// end, and what follows the others.
    fn compressed(&mut self, previous: &[u8]) -> Option<Vec<u8>> {
        let mut drop = 0_usize;
        loop {
            let byte = *self.take(1)?.first()?;
            drop = drop.checked_mul(128)?.checked_add(usize::from(byte & 127))?;
            if byte & 128 == 0 {
                break;
            }
            drop = drop.checked_add(1)?;
        }
        let kept = previous.get(..previous.len().checked_sub(drop)?)?;
        Some([kept, self.until_nul()?].concat())
    }
}

/// The paths asked about, in the order of the index.
struct Marks<'a> {
    sorted: Vec<(&'a [u8], usize)>,
    next: usize,
    tracked: Vec<bool>,
    /// In the order of `sorted`.
    below: Vec<bool>,
}

impl<'a> Marks<'a> {
    fn new(paths: &[&'a BytePath]) -> Self {
        let mut sorted: Vec<_> = paths.iter().enumerate().map(|(at, path)| (path.as_bytes(), at)).collect();
        sorted.sort_unstable();
        let none = vec![false; paths.len()];
        Self { sorted, next: 0, tracked: none.clone(), below: none }
    }

    /// Names come in order, so that every path is passed once.
    fn mark(&mut self, name: &[u8], kind: u32) {
        while let Some((path, at)) = self.sorted.get(self.next) {
            match path.cmp(&name) {
                Ordering::Less => self.next += 1,
                Ordering::Equal => {
                    self.tracked.get_mut(*at).into_iter().for_each(|tracked| *tracked = true);
                    self.next += 1;
                }
                Ordering::Greater => break,
            }
        }
        if matches!(kind, FOLDER | SUBMODULE) {
            self.mark_below(name);
        }
    }

    fn mark_below(&mut self, name: &[u8]) {
        let folder = [name.strip_suffix(b"/").unwrap_or(name), b"/"].concat();
        let first = self.sorted.partition_point(|(path, _)| **path < *folder);
        let below = self.sorted.iter().zip(&mut self.below).skip(first);
        for ((_, at), below) in below.take_while(|((path, _), _)| path.starts_with(&folder)) {
            // Marked from a folder further up, as is everything that follows.
            if std::mem::replace(below, true) {
                break;
            }
            self.tracked.get_mut(*at).into_iter().for_each(|tracked| *tracked = true);
        }
    }
}

#[cfg(test)]
mod tests;
