//! `truncated` and `zero_filled`: sealed bytes that are not there any more.
//!
//! Little of it can be undone: zeros that were added are taken away, and one or
//! two lost bytes at the end are found by trying. Otherwise what the bytes found
//! look like is said, and how sure that is.

use super::family::Family;
use super::meter::{Meter, Spent};
use super::recipe::{Edit, Recipe, Step};
use super::{Cause, Grade, Question};
use crate::code::Code;
use crate::digest::Hasher;

/// Shorter runs of zeros are left alone.
pub(crate) const SHORTEST_RUN: usize = 16;
/// What file systems write at once, in bytes.
const BLOCK: usize = 4096;
/// The least that any medium writes at once, in bytes.
const SECTOR: usize = 512;
/// Runs told in one sentence.
const TOLD: usize = 3;

/// The family `truncated`.
pub(super) struct Truncated;

impl Family for Truncated {
    fn code(&self) -> Code {
        Code::Truncated
    }

    fn is_legal(&self, found: &[u8], edit: &Edit<'_>) -> bool {
        let zeros = edit.sealed.iter().all(|byte| *byte == 0);
        edit.found.is_empty() && edit.at == found.len() && (edit.sealed.len() <= 2 || zeros)
    }
}

/// The family `zero_filled`.
pub(super) struct ZeroFilled;

impl Family for ZeroFilled {
    fn code(&self) -> Code {
        Code::ZeroFilled
    }

    fn is_legal(&self, found: &[u8], edit: &Edit<'_>) -> bool {
        edit.sealed.is_empty()
            && edit.at + edit.found.len() == found.len()
            && edit.found.iter().all(|byte| *byte == 0)
    }
}

/// What can be undone at the end of the file at little cost: zeros added there,
/// zeros lost, the last byte lost.
pub(super) fn at_the_end(question: &Question<'_>, meter: &mut Meter<'_>) -> Result<Option<Recipe>, Spent> {
    let found = question.found;
    let kept = found.len() - zero_tail(found);
    let size = question.sealed_size.map(usize::try_from).and_then(Result::ok);
    if kept < found.len() && size.is_none_or(|size| size == kept) {
        let body = found.get(..kept).unwrap_or_default();
        if meter.try_bytes(body)? {
            return Ok(one(Code::ZeroFilled, kept, found.get(kept..).unwrap_or_default(), b""));
        }
    }
    let Some(missing) = size.and_then(|size| size.checked_sub(found.len())) else { return Ok(None) };
    if missing == 0 {
        return Ok(None);
    }
    meter.charge(found.len())?;
    let mut state = meter.hasher();
    state.update(found);
    if missing <= found.len().max(BLOCK) {
        let zeros = vec![0; missing];
        meter.charge(missing)?;
        let mut state = state.clone();
        state.update(&zeros);
        if meter.hits(state) {
            return Ok(one(Code::Truncated, found.len(), b"", &zeros));
        }
    }
    if missing > 1 {
        return Ok(None);
    }
    last_byte(found, &state, b"", meter)
}

/// The last two bytes, where so many are missing. Sixty-five thousand candidates:
/// after everything that is likelier.
pub(super) fn last_two(question: &Question<'_>, meter: &mut Meter<'_>) -> Result<Option<Recipe>, Spent> {
    let found = question.found;
    if question.sealed_size != Some(found.len() as u64 + 2) {
        return Ok(None);
    }
    meter.charge(found.len())?;
    let mut state = meter.hasher();
    state.update(found);
    for first in 0..=u8::MAX {
        let mut state = state.clone();
        state.update(&[first]);
        if let Some(recipe) = last_byte(found, &state, &[first], meter)? {
            return Ok(Some(recipe));
        }
    }
    Ok(None)
}

/// The last byte, after those that `state` was given already.
fn last_byte(
    found: &[u8],
    state: &Hasher,
    before: &[u8],
    meter: &mut Meter<'_>,
) -> Result<Option<Recipe>, Spent> {
    for last in 0..=u8::MAX {
        let mut state = state.clone();
        state.update(&[last]);
        meter.work(0)?;
        if meter.hits(state) {
            return Ok(one(Code::Truncated, found.len(), b"", &[before, &[last]].concat()));
        }
    }
    Ok(None)
}

fn one(code: Code, at: usize, found: &[u8], sealed: &[u8]) -> Option<Recipe> {
    let mut edits = super::recipe::EditsBuilder::new(code);
    edits.push(at, found, sealed);
    Some(Recipe::new(vec![Step::Edits(edits.finish()?)]))
}

fn zero_tail(bytes: &[u8]) -> usize {
    bytes.iter().rev().take_while(|byte| **byte == 0).count()
}

/// Runs of zeros of at least so many bytes, as (offset, length).
pub(crate) fn zero_runs(bytes: &[u8], least: usize) -> impl Iterator<Item = (usize, usize)> {
    let mut pos = 0;
    std::iter::from_fn(move || {
        loop {
            let at = pos + memchr::memchr(0, bytes.get(pos..)?)?;
            let len = bytes.get(at..)?.iter().take_while(|byte| **byte == 0).count();
            pos = at + len;
            if len >= least {
                return Some((at, len));
            }
        }
    })
}

/// What the bytes found look like when nothing is proven, and how sure that is:
/// a property of theirs is observed, what it often means is suspected.
pub(super) fn seen(question: &Question<'_>) -> Option<(Cause, Grade)> {
    let found = question.found;
    if found.is_empty() {
        return Some((
            truncated("sealed with content, now empty", "the whole file".to_owned()),
            Grade::Observed,
        ));
    }
    if let Some(cause) = zeros_in_text(found) {
        return Some((cause, Grade::Observed));
    }
    if found.contains(&0) {
        let runs: Vec<_> = zero_runs(found, BLOCK).filter(|(at, _)| at.is_multiple_of(BLOCK)).collect();
        return (!runs.is_empty()).then(|| (zero_filled(&runs), Grade::Suspected));
    }
    let missing = question.sealed_size.map(|size| size.saturating_sub(found.len() as u64));
    if missing == Some(0) {
        return None;
    }
    let error = std::str::from_utf8(found).err();
    if error.is_some_and(|error| error.error_len().is_none()) {
        let scope = format!("it ends inside a character{}", lost(missing));
        return Some((truncated(CUT, scope), Grade::Observed));
    }
    missing?;
    let ends_in_line =
        found.contains(&b'\n') && !found.ends_with(b"\n") && !found.trim_ascii_end().ends_with_any(b"}])>");
    let scope = if ends_in_line {
        format!("it ends inside a line{}", lost(missing))
    } else if found.len().is_multiple_of(SECTOR) {
        format!("its length is a multiple of {SECTOR}{}", lost(missing))
    } else {
        return None;
    };
    Some((truncated(CUT, scope), Grade::Suspected))
}

/// What is said of a file that was cut off.
pub(crate) const CUT: &str = "sealed whole, now cut off";
/// What is said of a file with zeros in the place of its bytes.
pub(crate) const ZEROS: &str = "sealed other bytes, now zeros";

trait EndsWithAny {
    fn ends_with_any(&self, ends: &[u8]) -> bool;
}

impl EndsWithAny for [u8] {
    fn ends_with_any(&self, ends: &[u8]) -> bool {
        self.last().is_some_and(|last| ends.contains(last))
    }
}

fn lost(missing: Option<u64>) -> String {
    match missing {
        None => String::new(),
        Some(1) => ", and 1 sealed byte is missing".to_owned(),
        Some(n) => format!(", and {n} sealed bytes are missing"),
    }
}

fn truncated(direction: &str, scope: String) -> Cause {
    Cause { code: Code::Truncated, direction: direction.to_owned(), scope, sites: None }
}

fn zero_filled(runs: &[(usize, usize)]) -> Cause {
    Cause { code: Code::ZeroFilled, direction: ZEROS.to_owned(), scope: places(runs), sites: None }
}

/// `16 bytes from byte 4096 on, 512 bytes from byte 8192 on`.
pub(crate) fn places(runs: &[(usize, usize)]) -> String {
    let told: Vec<String> =
        runs.iter().take(TOLD).map(|(at, len)| format!("{len} bytes from byte {at} on")).collect();
    match runs.len().saturating_sub(TOLD) {
        0 => told.join(", "),
        n => format!("{}, and {n} more runs", told.join(", ")),
    }
}

/// Zeros in what is text without them. No text has any.
fn zeros_in_text(found: &[u8]) -> Option<Cause> {
    let runs: Vec<_> = zero_runs(found, SHORTEST_RUN).collect();
    if runs.is_empty() {
        return None;
    }
    if runs == [(0, found.len())] {
        let scope = "the whole file".to_owned();
        return Some(Cause { code: Code::ZeroFilled, direction: ZEROS.to_owned(), scope, sites: None });
    }
    // A run may cut characters at its edges, no more of them than there are edges.
    let nuls = memchr::memchr_iter(0, found).count();
    let broken = found.utf8_chunks().filter(|chunk| !chunk.invalid().is_empty()).count();
    let text = nuls == runs.iter().map(|(_, len)| len).sum::<usize>() && broken <= 4 * runs.len();
    text.then(|| zero_filled(&runs))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::digest::{Digest, Sha256};

    fn undone(sealed: &[u8], found: &[u8], sized: bool) -> Option<(Code, Vec<u8>)> {
        let digest = Digest::Sha256(Sha256::of(sealed));
        let size = sized.then_some(sealed.len() as u64);
        let question = Question { sealed: &digest, sealed_size: size, found, name: b"a" };
        let meter = &mut Meter::new(&digest);
        let recipe = match at_the_end(&question, meter).unwrap() {
            None => last_two(&question, meter).unwrap()?,
            Some(recipe) => recipe,
        };
        let step = recipe.steps().first()?;
        let (Step::Edits(edits), code) = (step, step.code()) else { return None };
        let family: &dyn Family = if code == Code::Truncated { &Truncated } else { &ZeroFilled };
        assert!(family.are_legal(found, edits));
        Some((code, recipe.undo(found)?))
    }

    fn looks(found: &[u8], size: Option<u64>) -> Option<(Code, Grade)> {
        let digest = Digest::Sha256(Sha256::of(b"what was sealed"));
        let question = Question { sealed: &digest, sealed_size: size, found, name: b"a" };
        seen(&question).map(|(cause, grade)| (cause.code, grade))
    }

    #[test]
    fn zeros_that_were_added_or_lost_and_lost_last_bytes_are_undone() {
        let zeros = [&b"a\n"[..], &[0; 100]].concat();
        for sized in [true, false] {
            assert_eq!(undone(b"a\n", &zeros, sized), Some((Code::ZeroFilled, b"a\n".to_vec())));
        }
        assert_eq!(undone(&zeros, b"a\n", true), Some((Code::Truncated, zeros.clone())));
        for cut in 1..=2 {
            let sealed = b"{\"a\": 1}\r";
            let found = &sealed[..sealed.len() - cut];
            assert_eq!(undone(sealed, found, true), Some((Code::Truncated, sealed.to_vec())), "{cut}");
        }
        assert_eq!(undone(b"abcdef", b"abc", true), None);
        assert_eq!(undone(b"abcd", b"abc", false), None);
    }

    #[test]
    fn what_is_not_proven_is_observed_or_suspected() {
        use Grade::{Observed, Suspected};
        assert_eq!(looks(b"", None), Some((Code::Truncated, Observed)));
        assert_eq!(looks(b"a\nb\xe2\x80", Some(99)), Some((Code::Truncated, Observed)));
        assert_eq!(looks(b"a\nb\xe2\x80", None), Some((Code::Truncated, Observed)));
        assert_eq!(looks(b"a\nb", Some(99)), Some((Code::Truncated, Suspected)));
        assert_eq!(looks(&[b'x'; 512], Some(999)), Some((Code::Truncated, Suspected)));
        assert_eq!(looks(&[0; 20], None), Some((Code::ZeroFilled, Observed)));
        assert_eq!(looks(&[&b"ab"[..], &[0; 20], b"c\n"].concat(), None), Some((Code::ZeroFilled, Observed)));
        let block = [&[1; 4096][..], &[0; 4096], &[2; 9], &[0; 1]].concat();
        assert_eq!(looks(&block, None), Some((Code::ZeroFilled, Suspected)));
    }

    #[test]
    fn an_edit_is_not_suspected_to_be_damage() {
        for (found, size) in [
            (&b"a\nb\n"[..], Some(99)),
            (b"a\nb", Some(3)),
            (b"a\nb", Some(2)),
            (b"a\nb", None),
            (b"{\n  \"a\": 1\n}", Some(99)),
            (b"\x7fELF\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\xff\0\xfe\0\xff\0\xc0\0", None),
        ] {
            assert_eq!(looks(found, size), None, "{found:?}");
        }
    }
}
