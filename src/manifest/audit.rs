//! What can be judged only when all entries are known: paths listed twice,
//! weak digests with and without a strong one beside them, and names that
//! other file systems cannot tell apart.
//!
//! Entries are grouped by a hash of their folded name and compared within the
//! group, so that nothing is hidden by a map and the time stays near linear.

use std::cmp::Ordering;
use std::hash::{BuildHasher, Hasher, RandomState};

use unicode_normalization::UnicodeNormalization;

use super::sink::{Sink, shown};
use super::{Place, Problem};
use crate::code::Code;
use crate::path::BytePath;

/// An index into the entries, or behind them into the unverified ones.
type Index = u32;

/// Two entries: the first of its kind, and a later one.
type Pair = (Index, Index);

/// What the comparison found.
#[derive(Default)]
struct Groups {
    duplicates: Vec<Pair>,
    collisions: Vec<Pair>,
    /// For each unverified one: a strong digest stands beside it.
    beside_strong: Vec<bool>,
}

/// Judges all entries and stores the problems.
pub(super) fn judge(sink: &mut Sink<'_>) {
    let mut groups = group(sink);
    groups.duplicates.sort_unstable_by_key(|pair| pair.1);
    groups.collisions.sort_unstable_by_key(|pair| pair.1);
    for &pair in &groups.duplicates {
        duplicate(pair, sink);
    }
    for &pair in &groups.collisions {
        collision(pair, sink);
    }
    for (unverified, beside) in std::mem::take(&mut sink.unverified).into_iter().zip(groups.beside_strong) {
        let code = if unverified.unsupported { Code::UnsupportedDigest } else { Code::WeakDigest };
        if !beside {
            sink.refused += 1;
        }
        if !sink.problems.admit(code, beside, unverified.place) {
            continue;
        }
        let name = unverified.path.as_bytes().to_vec();
        let algorithm = unverified.algorithm;
        let message = match (unverified.unsupported, beside) {
            (_, true) => {
                format!("the {algorithm} digest of {} is not verified; a strong one is", shown(&name))
            }
            (true, false) => {
                format!("the only digest of {} is {algorithm}, which is not verified", shown(&name))
            }
            (false, false) => {
                format!("the only digest of {} is {algorithm}, which proves nothing", shown(&name))
            }
        };
        let help = if beside {
            "leave the line out, or keep it for other tools"
        } else {
            "seal the file with SHA-256: 64 hexadecimal digits, two blanks and the name"
        };
        let problem = Problem::new(code, unverified.place, message, help.to_owned());
        sink.problems.push(Problem {
            warning_only: beside,
            name: Some(name),
            path: Some(unverified.path),
            ..problem
        });
    }
}

fn group(sink: &Sink<'_>) -> Groups {
    let total = sink.entries.len() + sink.unverified.len();
    let mut groups = Groups { beside_strong: vec![false; sink.unverified.len()], ..Groups::default() };
    let state = RandomState::new();
    let count = Index::try_from(total).unwrap_or(Index::MAX);
    let mut keys: Vec<(u64, Index)> =
        (0..count).filter_map(|index| Some((folded_hash(&state, path_of(sink, index)?), index))).collect();
    keys.sort_unstable();
    for same in keys.chunk_by_mut(|a, b| a.0 == b.0) {
        if same.len() > 1 {
            compare(sink, same, &mut groups);
        }
    }
    groups
}

/// Compares the entries of one group, which is sorted by its second field.
fn compare(sink: &Sink<'_>, same: &mut [(u64, Index)], groups: &mut Groups) {
    let key = |index: Index| Some((path_of(sink, index)?, algorithm_of(sink, index)?));
    same.sort_unstable_by(|a, b| key(a.1).cmp(&key(b.1)).then(a.1.cmp(&b.1)));
    let mut firsts: Vec<Index> = Vec::new();
    for one_path in same.chunk_by(|a, b| path_of(sink, a.1) == path_of(sink, b.1)) {
        let strong = one_path.iter().any(|&(_, index)| (index as usize) < sink.entries.len());
        for one_algorithm in one_path.chunk_by(|a, b| algorithm_of(sink, a.1) == algorithm_of(sink, b.1)) {
            if let [(_, first), later @ ..] = one_algorithm {
                groups.duplicates.extend(later.iter().map(|&(_, index)| (*first, index)));
            }
        }
        for &(_, index) in one_path {
            let unverified = (index as usize).checked_sub(sink.entries.len());
            if let Some(flag) = unverified.and_then(|at| groups.beside_strong.get_mut(at)) {
                *flag = strong;
            }
        }
        firsts.extend(one_path.iter().map(|&(_, index)| index).min());
    }
    firsts.sort_unstable();
    if let [first, later @ ..] = firsts.as_slice() {
        let folds_alike = |index: &&Index| match (path_of(sink, *first), path_of(sink, **index)) {
            (Some(a), Some(b)) => folded_cmp(a, b) == Ordering::Equal,
            _ => false,
        };
        groups.collisions.extend(later.iter().filter(folds_alike).map(|&index| (*first, index)));
    }
}

fn path_of<'s>(sink: &'s Sink<'_>, index: Index) -> Option<&'s BytePath> {
    let index = index as usize;
    match sink.entries.get(index) {
        Some(entry) => Some(&entry.path),
        None => sink.unverified.get(index - sink.entries.len()).map(|unverified| &unverified.path),
    }
}

fn algorithm_of<'s>(sink: &'s Sink<'_>, index: Index) -> Option<&'s str> {
    let index = index as usize;
    match sink.entries.get(index) {
        Some(entry) => Some(entry.digest.algorithm().name()),
        None => sink.unverified.get(index - sink.entries.len()).map(|unverified| unverified.algorithm),
    }
}

fn place_of(sink: &Sink<'_>, index: Index) -> Option<Place> {
    let index = index as usize;
    match sink.entries.get(index) {
        Some(entry) => Some(entry.place),
        None => sink.unverified.get(index - sink.entries.len()).map(|unverified| unverified.place),
    }
}

fn duplicate((first, later): Pair, sink: &mut Sink<'_>) {
    let (Some(before), Some(place)) = (place_of(sink, first), place_of(sink, later)) else { return };
    if !sink.problems.admit(Code::DuplicatePath, false, place) {
        return;
    }
    let Some(path) = path_of(sink, later).cloned() else { return };
    let digest = |index: Index| sink.entries.get(index as usize).map(|entry| &entry.digest);
    let alike = if digest(first) == digest(later) { "" } else { " with another digest" };
    let message = format!(
        "{} is listed on line {} and again on line {}{alike}",
        shown(path.as_bytes()),
        before.line,
        place.line
    );
    let help = format!("keep one of the two: remove line {} or line {}", before.line, place.line);
    let problem = Problem::new(Code::DuplicatePath, place, message, help);
    sink.problems.push(Problem { name: Some(path.as_bytes().to_vec()), path: Some(path), ..problem });
}

fn collision((first, later): Pair, sink: &mut Sink<'_>) {
    let (Some(before), Some(place)) = (place_of(sink, first), place_of(sink, later)) else { return };
    if !sink.problems.admit(Code::PortabilityCollision, false, place) {
        return;
    }
    let (Some(one), Some(path)) = (path_of(sink, first), path_of(sink, later).cloned()) else { return };
    let message = format!(
        "{} and {} (line {}) are one name where case or normalisation does not count",
        shown(path.as_bytes()),
        shown(one.as_bytes()),
        before.line
    );
    let help = "rename one of the two files, so that both can be checked out on every system".to_owned();
    let problem = Problem::new(Code::PortabilityCollision, place, message, help);
    sink.problems.push(Problem { name: Some(path.as_bytes().to_vec()), path: Some(path), ..problem });
}

/// The characters of a name as a case-insensitive, normalising file system compares them.
fn folded(text: &str) -> impl Iterator<Item = char> {
    text.nfd().flat_map(char::to_lowercase).nfc()
}

fn folded_hash(state: &RandomState, path: &BytePath) -> u64 {
    let mut hasher = state.build_hasher();
    let bytes = path.as_bytes();
    match std::str::from_utf8(bytes) {
        Ok(text) if !bytes.is_ascii() => hasher.write(folded(text).collect::<String>().as_bytes()),
        _ => {
            let mut small = [0u8; 256];
            if let Some(lower) = small.get_mut(..bytes.len()) {
                lower.copy_from_slice(bytes);
                lower.make_ascii_lowercase();
                hasher.write(lower);
            } else {
                hasher.write(&bytes.to_ascii_lowercase());
            }
        }
    }
    hasher.finish()
}

fn folded_cmp(a: &BytePath, b: &BytePath) -> Ordering {
    if let (Ok(a), Ok(b)) = (std::str::from_utf8(a.as_bytes()), std::str::from_utf8(b.as_bytes())) {
        return folded(a).cmp(folded(b));
    }
    let lower = |path: &BytePath| path.as_bytes().to_ascii_lowercase();
    lower(a).cmp(&lower(b))
}
