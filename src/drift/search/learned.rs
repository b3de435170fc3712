//! What a proven recipe did, without where: tried first in the other files of
//! the same run.

use std::collections::BTreeSet;

use super::super::family::{FAMILIES, Text};
use super::super::meter::{Meter, Spent};
use super::super::recipe::{Recipe, Rule, Step};
use super::super::sink::{self, Sink};
use super::super::site::Pair;
use super::super::walk::Walk;
use super::super::whole::{self, Source};
use super::super::{Knowledge, Question, subsets};
use super::bases::{Base, State};
use super::tokens::Tokens;
use crate::code::Code;
use crate::drift::encoding::Encoding;

/// More rules than this are not told apart.
const MOST_RULES: usize = 16;
/// Steps of a shape that are carried over.
const MOST_STEPS: usize = 4;
/// Pairs of a family that are undone everywhere before the next step.
const MOST_FULL: usize = 8;

/// The kinds of steps of a proven recipe, in the order in which they are undone.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Shape {
    kinds: Vec<Kind>,
}

/// What one step did.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Kind {
    code: Code,
    /// From the encoding found to the sealed one, for changes of encoding.
    encodings: Option<(Encoding, Encoding)>,
    /// The replacements, as texts found and sealed; none where they depend on
    /// the file more than on the cause.
    rules: BTreeSet<Replaced>,
}

/// A text found and the sealed one.
type Replaced = (Box<[u8]>, Box<[u8]>);

impl Kind {
    fn of(step: &Step) -> Self {
        match step {
            Step::Transcode { code, sealed, found } => {
                Self { code: *code, encodings: Some((*found, *sealed)), rules: BTreeSet::new() }
            }
            Step::Edits(edits) => {
                let few = if edits.rules().len() <= MOST_RULES { edits.rules() } else { &[] };
                let rules = few.iter().map(|rule| (rule.found.clone(), rule.sealed.clone())).collect();
                Self { code: edits.code(), encodings: None, rules }
            }
        }
    }

    fn has(&self, rule: &Rule) -> bool {
        self.rules.iter().any(|(found, sealed)| *found == rule.found && *sealed == rule.sealed)
    }
}

impl Shape {
    /// That of a recipe; `None` where nothing can be carried over.
    pub(in super::super) fn of(recipe: &Recipe) -> Option<Self> {
        let kinds: Vec<Kind> = recipe.steps().iter().map(Kind::of).collect();
        let alone = |code| matches!(code, Code::BitRot | Code::Appended | Code::GitLfsPointer);
        let carries = kinds.len() <= MOST_STEPS && !kinds.iter().any(|kind| alone(kind.code));
        carries.then_some(Self { kinds })
    }

    /// The kinds that are left when a whole-file variant has done the others.
    fn after(&self, variant: &[Step], target: Option<Encoding>) -> Option<Vec<&Kind>> {
        let mut left: Vec<&Kind> = self.kinds.iter().collect();
        let mut take = |fits: &dyn Fn(&Kind) -> bool| {
            let at = left.iter().position(|kind| fits(kind))?;
            left.remove(at);
            Some(())
        };
        for step in variant {
            let done = Kind::of(step);
            take(&|kind| {
                kind.code == done.code
                    && match (kind.encodings, done.encodings) {
                        (Some(kind), Some(done)) => kind.0 == done.0,
                        (kind, done) => kind == done,
                    }
            })?;
        }
        // Decoding and encoding is one change in a recipe, with or without steps between.
        let decoded = variant.iter().any(|step| matches!(step, Step::Transcode { .. }));
        if let Some(target) = target {
            let encoded = take(&|kind| kind.encodings.is_some_and(|(_, sealed)| sealed == target));
            if encoded.is_none() && !decoded {
                return None;
            }
        }
        (!left.is_empty() && left.iter().all(|kind| kind.encodings.is_none())).then_some(left)
    }
}

/// What other files showed, on this one. Half of what is left of the allowance
/// is for the most frequent shape, half of the rest for the next.
pub(super) fn search<'q>(
    question: &Question<'q>,
    knowledge: &Knowledge<'_>,
    sources: &[Source<'_>],
    deep: bool,
    meter: &mut Meter<'q>,
) -> Option<Recipe> {
    let whole = meter.left();
    let mut left = if knowledge.nothing_else { whole } else { whole / 2 };
    let cut = meter.is_cut();
    let mut spent = 0u64;
    let mut result = None;
    for (index, shape) in knowledge.shapes.iter().enumerate() {
        let last = index + 1 == knowledge.shapes.len();
        meter.allow(if last { left } else { left / 2 });
        let before = meter.left();
        let mut one = One { tokens: Tokens::new(question, meter, deep), sources };
        let hit = one.shape(shape);
        let cost = before.saturating_sub(meter.left());
        spent = spent.saturating_add(cost);
        left = left.saturating_sub(cost);
        if let Ok(Some(recipe)) = hit {
            result = Some(recipe);
            break;
        }
    }
    // What was left out here is looked for again by the search that follows.
    meter.set_cut(cut || (knowledge.nothing_else && result.is_none()));
    meter.allow(whole.saturating_sub(spent));
    result
}

/// One file and what it is tried with.
struct One<'o, 'q> {
    tokens: Tokens<'o, 'q>,
    sources: &'o [Source<'o>],
}

impl One<'_, '_> {
    fn shape(&mut self, shape: &Shape) -> Result<Option<Recipe>, Spent> {
        let plain = [None];
        let variants = whole::bases(self.sources, MOST_STEPS - 1);
        for variant in plain.into_iter().chain(variants.into_iter().map(Some)) {
            let codes = variant.as_ref().map(|variant| variant.codes(self.sources)).unwrap_or_default();
            // Nothing is built for a variant that is not in the shape.
            if !codes.iter().all(|code| shape.kinds.iter().any(|kind| kind.code == *code)) {
                continue;
            }
            let (text, steps, target) = match variant {
                None => (self.tokens.question.found.to_vec(), Vec::new(), None),
                Some(variant) => match variant.build(self.sources) {
                    Some((text, steps)) => (text, steps, variant.body.target),
                    None => continue,
                },
            };
            let Some(kinds) = shape.after(&steps, target) else { continue };
            let base = Base { text: None, steps, target, column: 0, state: State::Done };
            if let Some(steps) = self.kinds(&text, target, &kinds)? {
                return Ok(Some(base.recipe(steps)));
            }
        }
        Ok(None)
    }

    /// Kinds in their order: all but the last everywhere, the last wherever it may be.
    fn kinds(
        &mut self,
        text: &[u8],
        target: Option<Encoding>,
        kinds: &[&Kind],
    ) -> Result<Option<Vec<Step>>, Spent> {
        let Some((kind, rest)) = kinds.split_first() else { return Ok(None) };
        if rest.is_empty() {
            return self.last(text, target, kind);
        }
        for pair in self.pairs(text, kind, None)?.into_iter().take(MOST_FULL) {
            let Some(step) = pair.edits(|_| true).map(Step::Edits) else { continue };
            let Some(before) = step.undo(text) else { continue };
            self.tokens.meter.work(text.len())?;
            if let Some(mut steps) = self.kinds(&before, target, rest)? {
                steps.insert(0, step);
                return Ok(Some(steps));
            }
        }
        Ok(None)
    }

    fn last(
        &mut self,
        text: &[u8],
        target: Option<Encoding>,
        kind: &Kind,
    ) -> Result<Option<Vec<Step>>, Spent> {
        let Ok(want) = whole::want(self.tokens.question.sealed_size, text, target) else { return Ok(None) };
        let planned = if target.is_none() { want } else { None };
        let seen = Text { bytes: text, name: self.tokens.question.name, want: planned, least: 0 };
        for family in FAMILIES.iter().filter(|family| family.code() == kind.code) {
            if let Some(edits) = self.tokens.rewrites_of(*family, seen, target)? {
                return Ok(Some(edits.into_iter().map(Step::Edits).collect()));
            }
        }
        let mut pairs = self.pairs(text, kind, planned)?;
        for pair in &pairs {
            let mut walk = Walk::new(text, target, pair, want);
            walk.set_all(true);
            if walk.test(self.tokens.meter)? {
                return Ok(Some(pair.edits(|_| true).map(Step::Edits).into_iter().collect()));
            }
        }
        for (_, index, stage) in sink::plan(&mut pairs, text, planned, self.tokens.deep) {
            let Some(pair) = pairs.get(index) else { continue };
            let mut walk = Walk::new(text, target, pair, want);
            if subsets::run(&stage, pair, &mut walk, self.tokens.meter)? {
                let edits = pair.edits(|i| walk.chosen().get(i) == Some(&true));
                return Ok(Some(edits.map(Step::Edits).into_iter().collect()));
            }
        }
        Ok(None)
    }

    /// The pairs of a family that make replacements like those of a kind; those
    /// that make most of them first.
    fn pairs(&mut self, text: &[u8], kind: &Kind, want: Option<i64>) -> Result<Vec<Pair>, Spent> {
        self.tokens.meter.work(text.len().saturating_mul(8))?;
        let seen = Text { bytes: text, name: self.tokens.question.name, want, least: 0 };
        let mut sink = Sink::new(text, None, None, false, self.tokens.meter);
        sink.keep_all(0);
        for family in FAMILIES.iter().filter(|family| family.code() == kind.code) {
            family.pairs(seen, &mut sink);
        }
        let Sink { mut pairs, .. } = sink.finish()?;
        pairs.retain(|pair| subsets::is_possible(pair, want));
        let shared = |pair: &Pair| pair.rules.iter().filter(|rule| kind.has(rule)).count();
        if !kind.rules.is_empty() && pairs.iter().any(|pair| shared(pair) > 0) {
            pairs.retain(|pair| shared(pair) > 0);
            pairs.sort_by_key(|pair| (std::cmp::Reverse(shared(pair)), pair.rules.len()));
        }
        Ok(pairs)
    }
}
