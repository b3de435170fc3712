//! The search: which hypotheses are tried on which reading of the bytes found,
//! and in which order.
//!
//! Likely and cheap ones first: whole-file variants, then what other files of
//! the run showed, then each family on the bytes as they are, on their
//! variants, after another family, then what is dear. The order depends on the
//! arguments alone.

mod bases;
mod joint;
mod learned;
mod tokens;

use super::meter::{Meter, Spent};
use super::recipe::Recipe;
use super::special;
use super::whole;
use super::{Allowance, Knowledge, Question};
use bases::{Base, State};
pub use learned::Shape;
use tokens::Tokens;

/// Above this whole-file transforms are composed by twos, and rare substitutions not looked for.
const SMALL: usize = 8 << 20;
/// Above this only whole-file transforms are tried, and what was appended is cut off.
const COMPOSED: usize = 16 << 20;
/// Above this nothing is tried.
const LARGEST: usize = 1 << 30;

/// A recipe that may be the answer; the caller proves it.
pub(super) fn search<'q>(
    question: &Question<'q>,
    allowance: &Allowance,
    knowledge: &Knowledge<'_>,
    meter: &mut Meter<'q>,
) -> Option<Recipe> {
    if question.found.len() > LARGEST {
        meter.cut();
        return None;
    }
    let result = everything(question, allowance, knowledge, meter);
    if result.is_err() {
        meter.cut();
    }
    result.ok().flatten()
}

fn everything<'q>(
    question: &Question<'q>,
    allowance: &Allowance,
    knowledge: &Knowledge<'_>,
    meter: &mut Meter<'q>,
) -> Result<Option<Recipe>, Spent> {
    let composed = question.found.len() <= COMPOSED;
    let sources = whole::sources(question.found);
    // The first search of a file has tried them all.
    if knowledge.before.is_none() {
        let most_steps = if question.found.len() <= SMALL { usize::MAX } else { 2 };
        if let Some(variant) = whole::search(&sources, question.sealed_size, most_steps, meter)? {
            let Some((text, steps)) = variant.build(&sources) else { return Ok(None) };
            drop(text);
            let base = Base { text: None, steps, target: variant.body.target, column: 0, state: State::Done };
            return Ok(Some(base.recipe(Vec::new())));
        }
    }
    meter.allow(allowance.bytes);
    if !composed {
        meter.cut();
        return special::cheap(question, meter);
    }
    if !knowledge.shapes.is_empty() {
        let recipe = learned::search(question, knowledge, &sources, allowance.deep, meter);
        if recipe.is_some() || knowledge.nothing_else {
            return Ok(recipe);
        }
    }
    if let Some(recipe) = special::cheap(question, meter)? {
        return Ok(Some(recipe));
    }
    Tokens::new(question, meter, allowance.deep).rounds(&sources)
}
