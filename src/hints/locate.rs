//! Where a file differs from the sealed one, told from the sealed chunks.

use std::collections::HashMap;
use std::ops::Range;

use super::{Chunk, FileHints, Hex, chunks};
use crate::digest::Sha256;

/// A part of the bytes found that is not as sealed, and how many sealed bytes
/// were in its place.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Gap {
    found: Range<usize>,
    sealed: u64,
}

/// Places told in one sentence.
const TOLD: usize = 3;

/// One sentence on where `found` differs, without a full stop. `None` when the
/// chunks say nothing.
pub fn differences(hints: &FileHints, found: &[u8]) -> Option<String> {
    let gaps = gaps(&hints.chunks, hints.size, found);
    let [first, ..] = gaps.as_slice() else { return None };
    if first.found == (0..found.len()) && first.sealed == hints.size {
        return None;
    }
    let binary = found.contains(&0);
    let mut line = Lines { found, at: 0, line: 1 };
    let told: Vec<String> = gaps.iter().take(TOLD).map(|gap| place(gap, binary, &mut line)).collect();
    let more = match gaps.len().saturating_sub(TOLD) {
        0 => String::new(),
        1 => ", and one more place".to_owned(),
        n => format!(", and {n} more places"),
    };
    Some(format!("by the sealed hints, {}{more}; everything else is as sealed", told.join(", ")))
}

fn place(gap: &Gap, binary: bool, lines: &mut Lines) -> String {
    let Range { start, end } = gap.found;
    if start == end {
        let missing = format!("{} sealed bytes are missing", gap.sealed);
        return match (binary, start) {
            (_, 0) => format!("{missing} at the beginning"),
            (true, _) => format!("{missing} at byte {start}"),
            (false, _) => format!("{missing} after line {}", lines.of(start - 1)),
        };
    }
    let what = if gap.sealed == 0 { "added" } else { "different" };
    if binary {
        return format!("bytes {start}\u{2013}{} are {what}", end - 1);
    }
    let (first, last) = (lines.of(start), lines.of(end - 1));
    if first == last {
        format!("line {first} is {what}")
    } else {
        format!("lines {first}\u{2013}{last} are {what}")
    }
}

/// Line numbers of rising offsets, each byte counted once.
struct Lines<'f> {
    found: &'f [u8],
    at: usize,
    line: u64,
}

impl Lines<'_> {
    /// The line that the byte at `offset` is in.
    fn of(&mut self, offset: usize) -> u64 {
        let passed = self.found.get(self.at..offset).unwrap_or_default();
        self.line += memchr::memchr_iter(b'\n', passed).count() as u64;
        self.at = self.at.max(offset);
        self.line
    }
}

/// What is not as sealed, in order. Whole chunks are compared, first from both
/// ends, then what lies between.
fn gaps(sealed: &[Chunk], size: u64, found: &[u8]) -> Vec<Gap> {
    let mut start = 0;
    let head = sealed.iter().take_while(|chunk| match slice(found, start, chunk) {
        Some(bytes) if chunk.sha256 == Hex(Sha256::of(bytes)) => {
            start += bytes.len();
            true
        }
        _ => false,
    });
    let head = head.count();
    let sealed = sealed.get(head..).unwrap_or_default();
    let mut end = found.len();
    let tail = sealed.iter().rev().take_while(|chunk| {
        let from = usize::try_from(chunk.len)
            .ok()
            .and_then(|len| end.checked_sub(len))
            .filter(|from| *from >= start);
        match from.and_then(|from| found.get(from..end)) {
            Some(bytes) if chunk.sha256 == Hex(Sha256::of(bytes)) => {
                end -= bytes.len();
                true
            }
            _ => false,
        }
    });
    let tail = tail.count();
    let sealed = sealed.get(..sealed.len() - tail).unwrap_or_default();
    let middle = found.get(start..end).unwrap_or_default();
    between(sealed, &chunks::of(middle, size).collect::<Vec<_>>(), start)
}

fn slice<'f>(found: &'f [u8], start: usize, chunk: &Chunk) -> Option<&'f [u8]> {
    let end = start.checked_add(usize::try_from(chunk.len).ok()?)?;
    found.get(start..end)
}

/// The gaps between chunks that both sides have, in the same order on both.
fn between(sealed: &[Chunk], found: &[Chunk], start: usize) -> Vec<Gap> {
    let mut gaps = Vec::new();
    let (mut at_sealed, mut at_found, mut offset) = (0, 0, start);
    let end = (sealed.len(), found.len());
    for (next_sealed, next_found) in common(sealed, found).into_iter().chain([end]) {
        let missing = sealed.get(at_sealed..next_sealed).unwrap_or_default();
        let there = found.get(at_found..next_found).unwrap_or_default();
        let to = offset + usize::try_from(length(there)).unwrap_or(0);
        if !missing.is_empty() || to > offset {
            gaps.push(Gap { found: offset..to, sealed: length(missing) });
        }
        let shared = found.get(next_found).map_or(0, |chunk| chunk.len);
        offset = to + usize::try_from(shared).unwrap_or(0);
        (at_sealed, at_found) = (next_sealed + 1, next_found + 1);
    }
    gaps
}

/// Bytes in the chunks; a hostile document may say more than there can be.
fn length(chunks: &[Chunk]) -> u64 {
    chunks.iter().fold(0, |sum, chunk| sum.saturating_add(chunk.len))
}

/// Pairs of equal chunks that rise on both sides: the longest such chain among
/// the chunks that occur once on each side.
fn common(sealed: &[Chunk], found: &[Chunk]) -> Vec<(usize, usize)> {
    let once = |chunks: &[Chunk]| {
        let mut once: HashMap<[u8; 32], Option<usize>> = HashMap::new();
        for (at, chunk) in chunks.iter().enumerate() {
            once.entry(chunk.sha256.0.0).and_modify(|seen| *seen = None).or_insert(Some(at));
        }
        once
    };
    let (in_sealed, in_found) = (once(sealed), once(found));
    let pairs: Vec<(usize, usize)> = found
        .iter()
        .enumerate()
        .filter_map(|(at, chunk)| {
            let digest = &chunk.sha256.0.0;
            in_found.get(digest).copied().flatten()?;
            let other = in_sealed.get(digest).copied().flatten()?;
            sealed.get(other).filter(|sealed| sealed.len == chunk.len)?;
            Some((other, at))
        })
        .collect();
    rising(&pairs)
}

/// The longest chain of pairs whose first numbers rise; their second ones do already.
fn rising(pairs: &[(usize, usize)]) -> Vec<(usize, usize)> {
    // For each length the pair that ends a chain of it lowest, and each pair's predecessor.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(pairs.len());
    let first = |at: &usize| pairs.get(*at).map_or(0, |pair| pair.0);
    for (at, pair) in pairs.iter().enumerate() {
        let length = ends.partition_point(|end| first(end) < pair.0);
        before.push(length.checked_sub(1).and_then(|shorter| ends.get(shorter).copied()));
        match ends.get_mut(length) {
            Some(end) => *end = at,
            None => ends.push(at),
        }
    }
    let mut chain = Vec::with_capacity(ends.len());
    let mut at = ends.last().copied();
    while let Some(pair) = at {
        chain.extend(pairs.get(pair).copied());
        at = before.get(pair).copied().flatten();
    }
    chain.reverse();
    chain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(lines: std::ops::Range<usize>) -> String {
        let lines: Vec<String> =
            lines.map(|n| format!("line {n}: {}\n", Sha256::of(&n.to_le_bytes()))).collect();
        lines.concat()
    }

    fn told(sealed: &str, found: &str) -> Option<String> {
        differences(&FileHints::of(sealed.as_bytes()), found.as_bytes())
    }

    /// The ranges of lines in a sentence.
    fn ranges(told: &str) -> Vec<(u64, u64)> {
        let words = told.split(|c: char| !(c.is_ascii_digit() || c == '\u{2013}'));
        let ranges = words.filter_map(|word| word.split_once('\u{2013}'));
        ranges.map(|(a, b)| (a.parse().unwrap(), b.parse().unwrap())).collect()
    }

    #[test]
    fn an_edit_is_located_to_a_few_lines() {
        let sealed = text(1..1001);
        for edited in [1, 2, 220, 500, 999, 1000] {
            let found = sealed.replace(&format!("line {edited}: "), &format!("line {edited} edited: "));
            let told = told(&sealed, &found).unwrap();
            let ranges = ranges(&told);
            assert_eq!(ranges.len(), 1, "{told}");
            let (first, last) = ranges[0];
            assert!(first <= edited && edited <= last && last - first < 120, "{edited}: {told}");
            assert!(told.ends_with("are different; everything else is as sealed"), "{told}");
        }
    }

    #[test]
    fn two_edits_are_two_places_and_moved_text_is_not_as_sealed() {
        let sealed = text(1..2001);
        let found = sealed.replace("line 300: ", "line 300 ").replace("line 1500: ", "line 1500 ");
        let told_of_two = told(&sealed, &found).unwrap();
        assert_eq!(ranges(&told_of_two).len(), 2, "{told_of_two}");
        let swapped = [text(1001..2001), text(1..1001)].concat();
        let told = told(&sealed, &swapped).unwrap();
        assert!(!ranges(&told).is_empty() || told.contains("missing"), "{told}");
    }

    #[test]
    fn added_and_missing_text_is_told() {
        let sealed = text(1..1001);
        let appended = sealed.clone() + &text(1..10);
        let (added, _) = ranges(&told(&sealed, &appended).unwrap())[0];
        assert!((950..=1001).contains(&added));
        let cut = &sealed[..sealed.len() / 2];
        assert!(told(&sealed, cut).unwrap().contains("line"));
        assert!(told(&sealed, "").is_none(), "nothing at all is no place");
    }

    #[test]
    fn other_bytes_altogether_and_equal_bytes_say_nothing() {
        assert_eq!(told(&text(1..500), &text(5000..5500)), None);
        assert_eq!(told(&text(1..500), &text(1..500)), None);
        assert_eq!(told("", ""), None);
    }

    #[test]
    fn bytes_that_are_no_text_are_counted_as_bytes() {
        let sealed: Vec<u8> = (0u32..20_000).flat_map(|n| Sha256::of(&n.to_le_bytes()).0).collect();
        let mut found = sealed.clone();
        found[300_000] ^= 1;
        let told = differences(&FileHints::of(&sealed), &found).unwrap();
        let (first, last) = ranges(&told)[0];
        assert!(first <= 300_000 && 300_000 <= last, "{told}");
        assert!(told.contains("bytes "), "{told}");
    }

    #[test]
    fn hostile_chunks_end_and_say_nothing_wrong() {
        let found = text(1..100);
        let mut hints = FileHints::of(found.as_bytes());
        for len in [0, 1, u64::MAX / 2, u64::MAX] {
            hints.chunks.iter_mut().for_each(|chunk| chunk.len = len);
            hints.size = len;
            let _ = differences(&hints, found.as_bytes());
        }
    }

    #[test]
    fn the_longest_rising_chain() {
        assert_eq!(rising(&[(5, 0), (1, 1), (2, 2), (9, 3), (3, 4)]), [(1, 1), (2, 2), (3, 4)]);
        assert_eq!(rising(&[]), []);
    }
}
