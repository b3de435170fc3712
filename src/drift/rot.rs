//! `bit_rot`: a damaged byte, or one or two flipped bits, repaired by trying.
//!
//! In text that is otherwise sound most changes of one character are edits, and
//! an edit is never called rot: there only a flipped bit is looked for, and never
//! one that exchanges two digits or the case of a letter.

use super::Question;
use super::family::Family;
use super::meter::{Meter, Spent};
use super::recipe::{Edit, Edits, EditsBuilder, Recipe, Step};
use crate::code::Code;
use crate::digest::Hasher;

/// More bytes that do not belong in text are no damage of a few bits.
const MOST_MISPLACED: usize = 8;
/// A damaged byte may stand so far from those that show it: in the same character.
const NEAR: usize = 3;
/// The part of what is left of the allowance that damage anywhere is looked for with.
const SHARE: u64 = 8;
/// What a candidate costs beside its bytes; see the meter.
const OVERHEAD: u64 = 256;

/// The family `bit_rot`.
pub(super) struct BitRot;

impl Family for BitRot {
    fn code(&self) -> Code {
        Code::BitRot
    }

    fn is_legal(&self, _: &[u8], edit: &Edit<'_>) -> bool {
        edit.found.len() == 1 && edit.sealed.len() == 1
    }

    fn are_legal(&self, found: &[u8], edits: &Edits) -> bool {
        let bits: u32 = edits
            .iter()
            .flat_map(|edit| edit.found.iter().zip(edit.sealed))
            .map(|(a, b)| (a ^ b).count_ones())
            .sum();
        edits.iter().all(|edit| self.is_legal(found, &edit)) && (edits.count() == 1 || bits <= 2)
    }
}

/// Damage where a byte does not belong in the text that it stands in.
pub(super) fn misplaced(question: &Question<'_>, meter: &mut Meter<'_>) -> Result<Option<Recipe>, Spent> {
    let Some(repair) = Repair::new(question) else { return Ok(None) };
    if repair.binary {
        // Little else befalls what is not text.
        return Ok(repair.anywhere(2, meter));
    }
    let places = places(repair.found);
    let any = |byte: u8| (0..=u8::MAX).filter(move |value| *value != byte).collect::<Vec<u8>>();
    if let Some(recipe) = repair.one(&places, &any, meter)? {
        return Ok(Some(recipe));
    }
    repair.two(&places, meter)
}

/// A flipped bit anywhere in sound text.
pub(super) fn anywhere(question: &Question<'_>, meter: &mut Meter<'_>) -> Option<Recipe> {
    Repair::new(question).filter(|repair| !repair.binary)?.anywhere(SHARE, meter)
}

/// The last places of a text of so many bytes that so many values each can be tried at.
fn affordable(len: usize, values: u64, budget: u64) -> Vec<usize> {
    let cost = |tail: u64| values.saturating_mul(tail.saturating_mul(tail / 2 + OVERHEAD));
    let (mut fits, mut over) = (0, len as u64 + 1);
    while fits + 1 < over {
        let middle = u64::midpoint(fits, over);
        if cost(middle) <= budget { fits = middle } else { over = middle }
    }
    (len - usize::try_from(fits).unwrap_or(len)..len).collect()
}

/// Whether a flipped bit in sound text is more likely damage than a typed character.
fn is_damage(found: u8, sealed: u8) -> bool {
    let digits = found.is_ascii_digit() && sealed.is_ascii_digit();
    let case = found.is_ascii_alphabetic() && found ^ sealed == 0x20;
    let control = sealed.is_ascii_control() && !sealed.is_ascii_whitespace();
    !digits && !case && !control && found.is_ascii() == sealed.is_ascii()
}

/// Bytes that do not belong in text and those beside them, when they are few:
/// control characters and what is not UTF-8.
fn places(found: &[u8]) -> Vec<usize> {
    let mut seen = Vec::new();
    let mut start = 0;
    for chunk in found.utf8_chunks() {
        let controls = chunk
            .valid()
            .bytes()
            .enumerate()
            .filter(|(_, b)| b.is_ascii_control() && !b.is_ascii_whitespace());
        seen.extend(controls.map(|(at, _)| start + at));
        start += chunk.valid().len();
        seen.extend(start..start + chunk.invalid().len());
        start += chunk.invalid().len();
        if seen.len() > MOST_MISPLACED {
            return Vec::new();
        }
    }
    let mut places: Vec<usize> =
        seen.iter().flat_map(|at| at.saturating_sub(NEAR)..(at + NEAR + 1).min(found.len())).collect();
    places.sort_unstable();
    places.dedup();
    places
}

/// Tries some places.
type Attempt<'a> = dyn FnMut(&[usize], &mut Meter<'_>) -> Result<Option<Recipe>, Spent> + 'a;

/// The bytes found, when damage is possible at all.
struct Repair<'q> {
    found: &'q [u8],
    binary: bool,
}

impl<'q> Repair<'q> {
    fn new(question: &Question<'q>) -> Option<Self> {
        let found = question.found;
        if question.sealed_size.is_some_and(|size| size != found.len() as u64) {
            return None;
        }
        let binary = found.contains(&0) && found.utf8_chunks().any(|chunk| !chunk.invalid().is_empty());
        Some(Self { found, binary })
    }

    /// Damage anywhere, as far as a part of what is left of the allowance reaches:
    /// the end of a long file, where a candidate costs least.
    fn anywhere(&self, share: u64, meter: &mut Meter<'_>) -> Option<Recipe> {
        let floor = meter.left() - meter.left() / share;
        let mut bounded = |values: u64, run: &mut Attempt<'_>| {
            let places = affordable(self.found.len(), values, meter.left().saturating_sub(floor));
            if places.len() < self.found.len() {
                meter.cut();
            }
            run(&places, meter).ok().flatten()
        };
        let flips = |byte: u8| {
            let flipped = (0..8).map(|bit| byte ^ 1 << bit);
            flipped.filter(|value| self.binary || is_damage(byte, *value)).collect::<Vec<u8>>()
        };
        if let Some(recipe) = bounded(8, &mut |places, meter| self.one(places, &flips, meter)) {
            return Some(recipe);
        }
        if !self.binary {
            return None;
        }
        let others =
            |byte: u8| (0..=u8::MAX).filter(|value| (value ^ byte).count_ones() > 1).collect::<Vec<u8>>();
        if let Some(recipe) = bounded(247, &mut |places, meter| self.one(places, &others, meter)) {
            return Some(recipe);
        }
        // A pair costs what a single flip does for each of the flips before it.
        let pairs = 64 * self.found.len() as u64 / 2;
        bounded(pairs, &mut |places, meter| self.two(places, meter))
    }

    /// One byte with each of some values, at each of some places in order.
    fn one(
        &self,
        places: &[usize],
        values: &dyn Fn(u8) -> Vec<u8>,
        meter: &mut Meter<'_>,
    ) -> Result<Option<Recipe>, Spent> {
        let mut run = Run { found: self.found, state: meter.hasher(), hashed: 0 };
        for &at in places {
            let Some(byte) = run.reach(at, meter)? else { continue };
            for value in values(byte) {
                let state = run.with(value, meter)?;
                if meter.hits(state) {
                    return Ok(recipe(&[(at, byte, value)]));
                }
            }
        }
        Ok(None)
    }

    /// Two flipped bits at two of some places.
    fn two(&self, places: &[usize], meter: &mut Meter<'_>) -> Result<Option<Recipe>, Spent> {
        let mut run = Run { found: self.found, state: meter.hasher(), hashed: 0 };
        for (number, &first) in places.iter().enumerate() {
            let Some(byte) = run.reach(first, meter)? else { continue };
            for bit in 0..8 {
                let one = byte ^ 1 << bit;
                let mut flipped = run.clone();
                flipped.state.update(&[one]);
                flipped.hashed = first + 1;
                for &second in places.get(number + 1..).unwrap_or_default() {
                    let Some(other) = flipped.reach(second, meter)? else { continue };
                    for bit in 0..8 {
                        let two = other ^ 1 << bit;
                        let state = flipped.with(two, meter)?;
                        if meter.hits(state) {
                            return Ok(recipe(&[(first, byte, one), (second, other, two)]));
                        }
                    }
                }
            }
        }
        Ok(None)
    }
}

/// A state of the hash on its way through the bytes found.
#[derive(Clone)]
struct Run<'q> {
    found: &'q [u8],
    state: Hasher,
    hashed: usize,
}

impl Run<'_> {
    /// Hashes up to a place; the byte that stands there.
    fn reach(&mut self, at: usize, meter: &mut Meter<'_>) -> Result<Option<u8>, Spent> {
        let (Some(before), Some(byte)) = (self.found.get(self.hashed..at), self.found.get(at)) else {
            return Ok(None);
        };
        meter.charge(before.len())?;
        self.state.update(before);
        self.hashed = at;
        Ok(Some(*byte))
    }

    /// The state after the whole text with another byte at the place reached.
    fn with(&self, value: u8, meter: &mut Meter<'_>) -> Result<Hasher, Spent> {
        let after = self.found.get(self.hashed + 1..).unwrap_or_default();
        meter.charge(after.len() + 1)?;
        let mut state = self.state.clone();
        state.update(&[value]);
        state.update(after);
        Ok(state)
    }
}

fn recipe(bytes: &[(usize, u8, u8)]) -> Option<Recipe> {
    let mut edits = EditsBuilder::new(Code::BitRot);
    for (at, found, sealed) in bytes {
        edits.push(*at, &[*found], &[*sealed]);
    }
    Some(Recipe::new(vec![Step::Edits(edits.finish()?)]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::digest::{Digest, Sha256};

    fn repaired(sealed: &[u8], found: &[u8], allowance: u64) -> bool {
        let digest = Digest::Sha256(Sha256::of(sealed));
        let mut meter = Meter::new(&digest);
        meter.allow(allowance);
        let question =
            Question { sealed: &digest, sealed_size: Some(sealed.len() as u64), found, name: b"a" };
        let near = misplaced(&question, &mut meter).unwrap();
        let recipe = near.or_else(|| anywhere(&question, &mut meter));
        let Some(recipe) = recipe else { return false };
        assert_eq!(recipe.undo(found).unwrap(), sealed);
        assert!(recipe.steps().iter().all(|step| match step {
            Step::Edits(edits) => BitRot.are_legal(found, edits),
            Step::Transcode { .. } => false,
        }));
        true
    }

    fn with(bytes: &[u8], changes: &[(usize, u8)]) -> Vec<u8> {
        let mut bytes = bytes.to_vec();
        for (at, mask) in changes {
            bytes[*at] ^= mask;
        }
        bytes
    }

    #[test]
    fn any_byte_of_a_binary_file_is_repaired() {
        let sealed: Vec<u8> = (0..600u32).map(|n| n.wrapping_mul(7).to_le_bytes()[0]).collect();
        for at in [0, 1, 299, 599] {
            for mask in [1, 0x80, 0x55, 0xff] {
                assert!(repaired(&sealed, &with(&sealed, &[(at, mask)]), 1 << 32), "{at} {mask}");
            }
        }
    }

    #[test]
    fn two_flipped_bits_are_repaired_where_that_is_cheap() {
        let sealed = b"\0\xff\x01\x02 a small binary \xfe record";
        assert!(repaired(sealed, &with(sealed, &[(2, 1), (20, 0x10)]), 1 << 32));
        assert!(!repaired(sealed, &with(sealed, &[(2, 3), (20, 0x10)]), 1 << 32), "three bits");
        let text = "a caf\u{e9} \u{2014} and more text".as_bytes();
        assert!(repaired(text, &with(text, &[(6, 0x80), (9, 0x40)]), 1 << 30));
    }

    #[test]
    fn a_flipped_bit_in_text_is_repaired_and_an_edit_is_not() {
        let text = "Each run used a clone \u{2014} total 41.\n".as_bytes();
        for (at, mask) in [(2, 0x01), (10, 0x08), (0, 0x04), (22, 0x20), (24, 0x40), (30, 0x80)] {
            assert!(repaired(text, &with(text, &[(at, mask)]), 1 << 32), "{at} {mask}");
        }
        let edited = String::from_utf8(text.to_vec()).unwrap();
        for other in
            [edited.replace("41", "43"), edited.replace("Each", "each"), edited.replace("run", "job")]
        {
            assert!(!repaired(text, other.as_bytes(), 1 << 32), "{other}");
        }
    }

    #[test]
    fn a_long_file_is_repaired_at_its_end_and_the_allowance_is_kept() {
        let sealed: Vec<u8> =
            (0..1u32 << 18).map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes()[3]).collect();
        let digest = Digest::Sha256(Sha256::of(&sealed));
        let found = with(&sealed, &[(5, 1)]);
        let mut meter = Meter::new(&digest);
        meter.allow(64 << 20);
        let question = Question { sealed: &digest, sealed_size: None, found: &found, name: b"a" };
        assert!(misplaced(&question, &mut meter).unwrap().is_none());
        assert!(meter.left() >= 31 << 20, "{}", meter.left());
        assert!(!meter.report().exhausted);
        assert!(repaired(&sealed, &with(&sealed, &[(sealed.len() - 500, 4)]), 64 << 20));
    }

    #[test]
    fn places_are_few_or_none() {
        assert_eq!(places(b"abcdefgh\x07abcdefgh"), [5, 6, 7, 8, 9, 10, 11]);
        assert!(places(&[7; 100]).is_empty() && places(b"sound text\n").is_empty());
        assert_eq!(affordable(10, 8, 0), Vec::<usize>::new());
        assert_eq!(affordable(3, 8, u64::MAX), [0, 1, 2]);
    }
}
