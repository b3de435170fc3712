//! Readings of the bytes found: as they are, variants of the whole file, and
//! what is left when a likely family is undone everywhere.

use std::borrow::Cow;

use super::super::encoding::Encoding;
use super::super::recipe::{Recipe, Step};
use super::super::site::Pair;
use super::super::subsets::Stage;
use crate::code::Code;

/// Bytes of the texts of all bases that are held; others are made again when they are needed.
const HELD: usize = 16 << 20;

/// A reading of the bytes found that families are tried on.
pub(super) struct Base<'f> {
    /// Absent where it is made when it is needed.
    pub(super) text: Option<Cow<'f, [u8]>>,
    /// From the bytes found to the text.
    pub(super) steps: Vec<Step>,
    /// The encoding that the text was sealed in.
    pub(super) target: Option<Encoding>,
    /// Which of the columns of the rounds it goes by.
    pub(super) column: usize,
    pub(super) state: State,
}

/// How far the families have been tried on a base.
pub(super) enum State {
    /// Not at all.
    New,
    /// All sites of every pair; the pairs are kept when they are small.
    Tried(Option<Vec<Pair>>),
    /// The plans up to some cost; those that are left.
    Planned(Vec<Pair>, std::iter::Peekable<std::vec::IntoIter<(u64, usize, Stage)>>),
    /// Nothing is left.
    Done,
}

impl Base<'_> {
    /// The whole recipe, with the steps that lead on from the text.
    pub(super) fn recipe(&self, more: Vec<Step>) -> Recipe {
        let mut steps = self.steps.clone();
        steps.extend(more);
        if let Some(sealed) = self.target {
            // Two changes of encoding with nothing between them are one.
            match steps.last_mut() {
                Some(Step::Transcode { code: Code::Transcoded, sealed: Encoding::Utf8, found }) => {
                    let found = *found;
                    steps.pop();
                    steps.push(Step::Transcode { code: Code::Transcoded, sealed, found });
                }
                _ => steps.push(Step::Transcode { code: Code::Transcoded, sealed, found: Encoding::Utf8 }),
            }
        }
        Recipe::new(steps)
    }
}

/// Every base, in the order in which they are tried.
pub(super) struct Bases<'f> {
    found: &'f [u8],
    pub(super) list: Vec<Base<'f>>,
    held: usize,
}

impl<'f> Bases<'f> {
    /// The bytes found, as they are.
    pub(super) fn new(found: &'f [u8]) -> Self {
        let text = Some(Cow::Borrowed(found));
        let plain = Base { text, steps: Vec::new(), target: None, column: 0, state: State::New };
        Self { found, list: vec![plain], held: 0 }
    }

    /// Adds a text with the steps that made it.
    pub(super) fn push(&mut self, text: Vec<u8>, steps: Vec<Step>, target: Option<Encoding>, column: usize) {
        let hold = self.held.saturating_add(text.len()) <= HELD;
        self.held += if hold { text.len() } else { 0 };
        let text = hold.then_some(Cow::Owned(text));
        self.list.push(Base { text, steps, target, column, state: State::New });
    }

    /// Takes the text of a base out of it; `true` when it is to be given back.
    pub(super) fn text_of(&mut self, index: usize) -> Option<(Cow<'f, [u8]>, bool)> {
        let base = self.list.get_mut(index)?;
        if let Some(text) = base.text.take() {
            return Some((text, true));
        }
        let mut steps = base.steps.iter();
        let first = steps.next()?.undo(self.found)?;
        let text = steps.try_fold(first, |text, step| step.undo(&text))?;
        Some((Cow::Owned(text), false))
    }

    /// Gives a text back that was taken.
    pub(super) fn give_back(&mut self, index: usize, (text, held): (Cow<'f, [u8]>, bool)) {
        if let Some(base) = self.list.get_mut(index).filter(|_| held) {
            base.text = Some(text);
        }
    }
}
