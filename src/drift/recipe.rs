//! Recipes: how to get from the bytes found to the sealed bytes, and back.
//!
//! A recipe is made of steps; each is a list of replacements or a change of
//! the text's encoding. Both directions check every byte they replace, so that
//! a recipe applied to other bytes gives nothing instead of damage.

use std::collections::HashMap;

use super::encoding::Encoding;
use crate::code::Code;
use crate::text;

/// A replacement of bytes at one place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edit<'a> {
    /// Where, in the bytes that the step is undone on.
    pub at: usize,
    /// What stands there.
    pub found: &'a [u8],
    /// What was sealed there.
    pub sealed: &'a [u8],
}

/// What one kind of replacement turns into what.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Rule {
    /// What stands in the bytes found.
    pub found: Box<[u8]>,
    /// What was sealed.
    pub sealed: Box<[u8]>,
}

impl Rule {
    /// A rule from two texts.
    pub(super) fn new(found: impl AsRef<[u8]>, sealed: impl AsRef<[u8]>) -> Self {
        Self { found: found.as_ref().into(), sealed: sealed.as_ref().into() }
    }

    /// How many bytes longer the sealed text is.
    pub(super) fn delta(&self) -> i64 {
        signed(self.sealed.len()) - signed(self.found.len())
    }
}

/// A length as a signed number; lengths beyond `i64` do not occur in memory.
pub(super) fn signed(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

/// Replacements of one family, in order and not overlapping. Equal
/// replacements share one rule and every place is two variable-length numbers
/// (the unchanged bytes before it, the rule and whether the same follows
/// again), so that a million changed line ends take two or three megabytes and
/// no allocation each, and a million empty lines next to nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edits {
    code: Code,
    rules: Vec<Rule>,
    places: Vec<u8>,
    count: usize,
}

impl Edits {
    /// The code of the family.
    pub fn code(&self) -> Code {
        self.code
    }

    /// The different replacements made.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// How many places are changed.
    pub fn count(&self) -> usize {
        self.count
    }

    /// Every replacement, by offset.
    pub fn iter(&self) -> impl Iterator<Item = Edit<'_>> {
        self.gaps().scan(0usize, |at, (gap, rule)| {
            let here = *at + gap;
            *at = here + rule.found.len();
            Some(Edit { at: here, found: &rule.found, sealed: &rule.sealed })
        })
    }

    /// Unchanged bytes before each place, and its rule. The gaps are the same on both sides.
    fn gaps(&self) -> impl Iterator<Item = (usize, &Rule)> {
        let mut rest = self.places.as_slice();
        let mut again = (0, 0, None);
        std::iter::from_fn(move || {
            if again.0 == 0 {
                let gap = read_varint(&mut rest)?;
                let rule = read_varint(&mut rest)?;
                let times = if rule & 1 == 1 { read_varint(&mut rest)? } else { 1 };
                again = (times, gap, self.rules.get(rule >> 1));
            }
            again.0 -= 1;
            Some((again.1, again.2?))
        })
    }

    /// How many bytes longer the sealed side is.
    #[cfg(test)]
    pub(super) fn delta(&self) -> i64 {
        if let [rule] = self.rules.as_slice() {
            return rule.delta().saturating_mul(signed(self.count));
        }
        self.gaps().map(|(_, rule)| rule.delta()).sum()
    }

    /// The sealed side, when every replaced text stands where it should.
    pub fn undo(&self, found: &[u8]) -> Option<Vec<u8>> {
        self.apply(found, |rule| (&rule.found, &rule.sealed))
    }

    /// The side found, likewise.
    pub fn redo(&self, sealed: &[u8]) -> Option<Vec<u8>> {
        self.apply(sealed, |rule| (&rule.sealed, &rule.found))
    }

    /// Whether [`Self::redo`] on `sealed` gives `found`, without building it.
    pub(super) fn redoes(&self, sealed: &[u8], found: &[u8]) -> bool {
        let (mut then, mut now) = (sealed, found);
        for (gap, rule) in self.gaps() {
            let (Some((kept, after)), Some((same, rest))) =
                (then.split_at_checked(gap), now.split_at_checked(gap))
            else {
                return false;
            };
            let (Some(after), Some(rest)) =
                (after.strip_prefix(&*rule.sealed), rest.strip_prefix(&*rule.found))
            else {
                return false;
            };
            if kept != same {
                return false;
            }
            (then, now) = (after, rest);
        }
        then == now
    }

    fn apply<'r>(&'r self, from: &[u8], sides: impl Fn(&'r Rule) -> (&'r [u8], &'r [u8])) -> Option<Vec<u8>> {
        let grown = sides(self.rules.first()?);
        let more = self.count.saturating_mul(grown.1.len().saturating_sub(grown.0.len()));
        let mut out = Vec::with_capacity(from.len().saturating_add(more.min(from.len())));
        let mut rest = from;
        for (gap, rule) in self.gaps() {
            let (old, new) = sides(rule);
            let (kept, after) = rest.split_at_checked(gap)?;
            rest = after.strip_prefix(old)?;
            out.extend_from_slice(kept);
            out.extend_from_slice(new);
        }
        out.extend_from_slice(rest);
        Some(out)
    }
}

/// Collects replacements in order.
pub(super) struct EditsBuilder {
    edits: Edits,
    end: usize,
    known: HashMap<Vec<u8>, usize>,
    scratch: Vec<u8>,
    last: usize,
    /// A gap and a rule that were not written yet, and how often they follow one another.
    pending: Option<(usize, usize, usize)>,
}

impl EditsBuilder {
    pub(super) fn new(code: Code) -> Self {
        Self {
            edits: Edits { code, rules: Vec::new(), places: Vec::new(), count: 0 },
            end: 0,
            known: HashMap::new(),
            scratch: Vec::new(),
            last: 0,
            pending: None,
        }
    }

    /// Adds a replacement. One that begins before the end of the one before
    /// it, or that changes nothing, is not added.
    pub(super) fn push(&mut self, at: usize, found: &[u8], sealed: &[u8]) {
        let Some(gap) = at.checked_sub(self.end) else { return };
        if found == sealed {
            return;
        }
        let rule = self.rule(found, sealed);
        match &mut self.pending {
            Some((same, of, times)) if (*same, *of) == (gap, rule) => *times += 1,
            _ => {
                self.write_pending();
                self.pending = Some((gap, rule, 1));
            }
        }
        self.edits.count += 1;
        self.end = at + found.len();
    }

    fn write_pending(&mut self) {
        if let Some((gap, rule, times)) = self.pending.take() {
            let places = &mut self.edits.places;
            write_varint(places, gap);
            write_varint(places, rule << 1 | usize::from(times > 1));
            if times > 1 {
                write_varint(places, times);
            }
        }
    }

    fn rule(&mut self, found: &[u8], sealed: &[u8]) -> usize {
        if self
            .edits
            .rules
            .get(self.last)
            .is_some_and(|rule| *rule.found == *found && *rule.sealed == *sealed)
        {
            return self.last;
        }
        self.scratch.clear();
        write_varint(&mut self.scratch, found.len());
        self.scratch.extend_from_slice(found);
        self.scratch.extend_from_slice(sealed);
        self.last = if let Some(&rule) = self.known.get(&self.scratch) {
            rule
        } else {
            let rule = self.edits.rules.len();
            self.edits.rules.push(Rule::new(found, sealed));
            self.known.insert(self.scratch.clone(), rule);
            rule
        };
        self.last
    }

    /// The replacements; `None` when there are none.
    pub(super) fn finish(mut self) -> Option<Edits> {
        self.write_pending();
        (self.edits.count > 0).then_some(self.edits)
    }
}

fn write_varint(out: &mut Vec<u8>, mut n: usize) {
    loop {
        let low = u8::try_from(n & 0x7f).unwrap_or(0);
        n >>= 7;
        if n == 0 {
            out.push(low);
            return;
        }
        out.push(low | 0x80);
    }
}

fn read_varint(rest: &mut &[u8]) -> Option<usize> {
    let mut n = 0usize;
    let mut shift = 0;
    loop {
        let (&byte, after) = rest.split_first()?;
        *rest = after;
        n |= usize::from(byte & 0x7f).checked_shl(shift)?;
        if byte & 0x80 == 0 {
            return Some(n);
        }
        shift += 7;
    }
}

/// One step of a recipe: how to get from the bytes after it to the bytes before it, and back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Some bytes were replaced.
    Edits(Edits),
    /// The whole text was read in one encoding and written in another.
    Transcode {
        /// `transcoded`, or `mojibake` when the text was not in the encoding it was read in.
        code: Code,
        /// The encoding it was read in.
        sealed: Encoding,
        /// The encoding it was written in.
        found: Encoding,
    },
}

impl Step {
    /// The code of its family.
    pub fn code(&self) -> Code {
        match self {
            Self::Edits(edits) => edits.code,
            Self::Transcode { code, .. } => *code,
        }
    }

    /// The bytes before the step, from those after it.
    pub fn undo(&self, found: &[u8]) -> Option<Vec<u8>> {
        match self {
            Self::Edits(edits) => edits.undo(found),
            Self::Transcode { sealed, found: now, .. } => sealed.encode(&now.decode(found)?),
        }
    }

    /// The bytes after the step, from those before it.
    pub fn redo(&self, sealed: &[u8]) -> Option<Vec<u8>> {
        match self {
            Self::Edits(edits) => edits.redo(sealed),
            Self::Transcode { sealed: then, found, .. } => found.encode(&then.decode(sealed)?),
        }
    }

    /// Whether [`Self::redo`] on `sealed` gives `found`.
    pub(super) fn redoes(&self, sealed: &[u8], found: &[u8]) -> bool {
        match self {
            Self::Edits(edits) => edits.redoes(sealed, found),
            Self::Transcode { .. } => self.redo(sealed).is_some_and(|bytes| bytes == found),
        }
    }

    /// One line for a restore plan, such as `crlf_drift: 214 × "\r\n" becomes "\n"`.
    pub fn describe(&self) -> String {
        match self {
            Self::Transcode { code, sealed, found } => {
                format!("{code}: {} becomes {}", found.name(), sealed.name())
            }
            Self::Edits(edits) => match edits.rules() {
                [rule] if rule.found.len().max(rule.sealed.len()) <= 80 => format!(
                    "{}: {} × {} becomes {}",
                    edits.code,
                    edits.count,
                    text::quote(&rule.found),
                    text::quote(&rule.sealed)
                ),
                rules => {
                    format!("{}: {} places, {} different replacements", edits.code, edits.count, rules.len())
                }
            },
        }
    }
}

/// Steps to undo, the last to befall the bytes first. Undoing all of them on
/// the bytes found gives the sealed bytes; [`Recipe::redo`] gives them back.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Recipe {
    steps: Vec<Step>,
}

impl Recipe {
    pub(super) fn new(steps: Vec<Step>) -> Self {
        Self { steps }
    }

    /// The steps, in the order in which they are undone.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// The steps, to be called by other names; what they do stays.
    pub(super) fn steps_mut(&mut self) -> impl Iterator<Item = &mut Step> {
        self.steps.iter_mut()
    }

    /// The sealed bytes, when every step fits.
    pub fn undo(&self, found: &[u8]) -> Option<Vec<u8>> {
        let mut steps = self.steps.iter();
        let Some(first) = steps.next() else { return Some(found.to_vec()) };
        let first = first.undo(found)?;
        steps.try_fold(first, |bytes, step| step.undo(&bytes))
    }

    /// The bytes found, from the sealed ones, when every step fits.
    pub fn redo(&self, sealed: &[u8]) -> Option<Vec<u8>> {
        let mut steps = self.steps.iter().rev();
        let Some(first) = steps.next() else { return Some(sealed.to_vec()) };
        let first = first.redo(sealed)?;
        steps.try_fold(first, |bytes, step| step.redo(&bytes))
    }

    /// One line per step, in the order in which they are undone.
    pub fn describe(&self) -> Vec<String> {
        self.steps.iter().map(Step::describe).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn edits(list: &[(usize, &[u8], &[u8])]) -> Edits {
        let mut builder = EditsBuilder::new(Code::EditedContent);
        for (at, found, sealed) in list {
            builder.push(*at, found, sealed);
        }
        builder.finish().unwrap()
    }

    #[test]
    fn undoes_and_redoes_and_refuses_other_bytes() {
        let edits = edits(&[(1, b"\r\n", b"\n"), (4, b"\r\n", b"\n"), (6, b"", b"!")]);
        assert_eq!(edits.rules().len(), 2);
        assert_eq!(edits.undo(b"a\r\nb\r\n").unwrap(), b"a\nb\n!");
        assert_eq!(edits.redo(b"a\nb\n!").unwrap(), b"a\r\nb\r\n");
        assert_eq!(edits.delta(), -1);
        assert_eq!(edits.undo(b"a\nb\n!"), None);
        assert_eq!(edits.undo(b"a"), None);
        let at: Vec<_> = edits.iter().map(|e| e.at).collect();
        assert_eq!(at, [1, 4, 6]);
    }

    #[test]
    fn overlapping_and_empty_replacements_are_not_taken() {
        let edits = edits(&[(2, b"ab", b"c"), (3, b"b", b"d"), (5, b"x", b"x")]);
        assert_eq!(edits.count(), 1);
    }

    #[test]
    fn a_million_line_ends_stay_small() {
        let mut builder = EditsBuilder::new(Code::CrlfDrift);
        for line in 0..1_000_000 {
            builder.push(line * 64 + line % 2, b"\n", b"\r\n");
        }
        let edits = builder.finish().unwrap();
        assert_eq!(edits.rules().len(), 1);
        assert!(edits.places.len() <= 2_000_010);
        let mut builder = EditsBuilder::new(Code::CrlfDrift);
        (0..1_000_000).for_each(|line| builder.push(line, b"\n", b"\r\n"));
        let edits = builder.finish().unwrap();
        assert_eq!((edits.count(), edits.iter().count()), (1_000_000, 1_000_000));
        assert!(edits.places.len() < 20);
    }

    #[test]
    fn steps_are_described() {
        let step = Step::Edits(edits(&[(1, b"\r\n", b"\n")]));
        assert_eq!(step.describe(), r#"edited_content: 1 × "\r\n" becomes "\n""#);
    }

    proptest! {
        #[test]
        fn redo_is_the_inverse_of_undo(
            text in proptest::collection::vec(any::<u8>(), 0..200),
            cuts in proptest::collection::vec((0usize..200, 0usize..5, proptest::collection::vec(any::<u8>(), 0..4)), 0..20),
        ) {
            let mut cuts = cuts;
            cuts.sort();
            let mut builder = EditsBuilder::new(Code::EditedContent);
            for (at, len, sealed) in &cuts {
                if let Some(found) = text.get(*at..*at + *len) {
                    builder.push(*at, found, sealed);
                }
            }
            if let Some(edits) = builder.finish() {
                let sealed = edits.undo(&text).unwrap();
                prop_assert_eq!(signed(sealed.len()), signed(text.len()) + edits.delta());
                prop_assert!(edits.redoes(&sealed, &text));
                prop_assert!(!edits.redoes(&sealed, &[&text[..], b"x"].concat()));
                prop_assert_eq!(edits.redo(&sealed).unwrap(), text);
            }
        }
    }
}
