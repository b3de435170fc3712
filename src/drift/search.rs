//! The search: which hypotheses are tried on which reading of the bytes found,
//! and in which order.
//!
//! Likely and cheap ones first: whole-file variants, then each family on the
//! bytes as they are, then on their variants, then two families, then what is
//! dear. The order depends on the bytes and the allowance alone.

use std::ops::{ControlFlow, Range};

use super::encoding::Encoding;
use super::family::{FAMILIES, Family, Text};
use super::json_escape::JsonEscapes;
use super::meter::{Meter, Spent};
use super::recipe::{Edits, Recipe, Step};
use super::sink::Sink;
use super::special;
use super::subsets;
use super::walk::Walk;
use super::whole::{self, Source};
use super::{Allowance, Question};
use crate::code::Code;

/// Above this only single whole-file transforms are tried.
const COMPOSED: usize = 64 << 20;
/// Above this nothing is tried.
const LARGEST: usize = 1 << 30;

/// What a plan may cost in each round: on the bytes as they are, on variants
/// of one step, on variants of two, and after another family.
const ROUNDS: [[u64; 4]; 5] = [
    [1 << 17, 1, 1, 1],
    [1 << 20, 1 << 18, 1 << 16, 1 << 16],
    [1 << 24, 1 << 21, 1 << 18, 1 << 18],
    [1 << 28, 1 << 24, 1 << 20, 1 << 21],
    [u64::MAX, 1 << 28, 1 << 24, 1 << 24],
];

/// The weight of a family's substitution that may come with another's.
const LIKELY: u64 = 15;

/// A reading of the bytes found that families are tried on.
struct Base {
    text: Vec<u8>,
    /// From the bytes found to the text.
    steps: Vec<Step>,
    /// The encoding that the text was sealed in.
    target: Option<Encoding>,
}

impl Base {
    /// The whole recipe, with the replacements that lead on from the text.
    fn recipe(&self, edits: Option<Edits>) -> Recipe {
        let mut steps = self.steps.clone();
        steps.extend(edits.map(Step::Edits));
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

/// A recipe that may be the answer; the caller proves it.
pub(super) fn search<'q>(
    question: &Question<'q>,
    allowance: &Allowance,
    meter: &mut Meter<'q>,
) -> Option<Recipe> {
    if question.found.len() > LARGEST {
        meter.cut();
        return None;
    }
    let result = everything(question, allowance, meter);
    if result.is_err() {
        meter.cut();
    }
    result.ok().flatten()
}

fn everything<'q>(
    question: &Question<'q>,
    allowance: &Allowance,
    meter: &mut Meter<'q>,
) -> Result<Option<Recipe>, Spent> {
    let composed = question.found.len() <= COMPOSED;
    let sources = whole::sources(question.found);
    let most_steps = if composed { usize::MAX } else { 1 };
    if let Some(variant) = whole::search(&sources, question.sealed_size, most_steps, meter)? {
        let Some((text, steps)) = variant.build(&sources) else { return Ok(None) };
        return Ok(Some(Base { text, steps, target: variant.body.target }.recipe(None)));
    }
    if !composed {
        meter.cut();
        return Ok(None);
    }
    meter.allow(allowance.bytes);
    if let Some(recipe) = special::cheap(question, meter)? {
        return Ok(Some(recipe));
    }
    let mut tokens = Tokens { question, meter };
    let plain = Base { text: question.found.to_vec(), steps: Vec::new(), target: None };
    tokens.rounds(&plain, &sources)
}

/// The search for replacements on bases.
struct Tokens<'t, 'q> {
    question: &'t Question<'q>,
    meter: &'t mut Meter<'q>,
}

impl Tokens<'_, '_> {
    fn rounds(&mut self, plain: &Base, sources: &[Source<'_>]) -> Result<Option<Recipe>, Spent> {
        let variants = whole::bases(sources, 2);
        // What the dearest plan of each base costs: once that is behind, the base is done.
        let mut dearest: Vec<u64> = vec![u64::MAX; variants.len() + 1];
        let mut from = [0; 4];
        for most in ROUNDS {
            let costs: [Range<u64>; 4] =
                std::array::from_fn(|i| from.get(i).copied().unwrap_or(0)..most.get(i).copied().unwrap_or(0));
            let [on_plain, on_one, on_two, on_other] = costs;
            let (first, rest) = dearest.split_first_mut().ok_or(Spent)?;
            if let Some(recipe) = self.on(plain, on_plain, first)? {
                return Ok(Some(recipe));
            }
            for (variant, dearest) in variants.iter().zip(rest) {
                let costs = if variant.steps(sources) == 1 { &on_one } else { &on_two };
                if *dearest < costs.start {
                    continue;
                }
                let Some((text, done)) = variant.build(sources) else { continue };
                let base = Base { text, steps: done, target: variant.body.target };
                if let Some(recipe) = self.on(&base, costs.clone(), dearest)? {
                    return Ok(Some(recipe));
                }
            }
            if let Some(recipe) = self.two_families(plain, &on_other)? {
                return Ok(Some(recipe));
            }
            if from.contains(&1)
                && let Some(recipe) = special::bit_rot(self.question, self.meter)?
            {
                return Ok(Some(recipe));
            }
            from = most;
        }
        Ok(None)
    }

    /// Every family on one base, with plans of a cost in the range.
    fn on(&mut self, base: &Base, costs: Range<u64>, dearest: &mut u64) -> Result<Option<Recipe>, Spent> {
        let Ok(want) = whole::want(self.question.sealed_size, &base.text, base.target) else {
            return Ok(None);
        };
        let least = match base.steps.len() + usize::from(base.target.is_some()) {
            0 => 0,
            1 => 4,
            _ => 10,
        };
        let seen = if base.target.is_none() { want } else { None };
        let text = Text { bytes: &base.text, name: self.question.name, want: seen, least };
        if costs.start == 0
            && let Some(edits) = self.rewrites(text, base)?
        {
            return Ok(Some(base.recipe(Some(edits))));
        }
        let mut sink = Sink::new(&base.text, base.target, want, self.meter);
        sink.all = costs.start == 0;
        sink.most = costs.end;
        for family in FAMILIES {
            if sink.is_open() {
                family.pairs(text, &mut sink);
            }
        }
        let Sink { pairs, plans, hit, .. } = sink.finish()?;
        if hit.is_some() {
            return Ok(Some(base.recipe(hit)));
        }
        *dearest = if costs.end > 1 { plans.last().map_or(0, |(cost, _, _)| *cost) } else { u64::MAX };
        for (cost, index, stage) in plans {
            if !costs.contains(&cost) {
                continue;
            }
            let Some(pair) = pairs.get(index) else { continue };
            let mut walk = Walk::new(&base.text, base.target, pair, want);
            if subsets::run(&stage, pair, &mut walk, self.meter)? {
                let edits = pair.edits(|i| walk.chosen().get(i) == Some(&true));
                return Ok(Some(base.recipe(edits)));
            }
        }
        Ok(None)
    }

    /// Rewrites of the whole text.
    fn rewrites(&mut self, text: Text<'_>, base: &Base) -> Result<Option<Edits>, Spent> {
        let mut hit = None;
        let mut spent = Ok(());
        for family in FAMILIES {
            let mut take = |edits: Edits| {
                if base.target.is_none() && text.want.is_some_and(|want| want != edits.delta()) {
                    return ControlFlow::Continue(());
                }
                let Some(sealed) = edits.undo(text.bytes) else { return ControlFlow::Continue(()) };
                let bytes = base.target.map_or(Some(sealed.clone()), |target| target.encode(&sealed));
                match bytes.map(|bytes| self.meter.try_bytes(&bytes)) {
                    Some(Ok(true)) => hit = Some(edits),
                    Some(Err(error)) => spent = Err(error),
                    _ => return ControlFlow::Continue(()),
                }
                ControlFlow::Break(())
            };
            if family.rewrites(text, &mut take).is_break() {
                break;
            }
        }
        spent.map(|()| hit)
    }

    /// One likely family at all its sites, and then another.
    fn two_families(&mut self, plain: &Base, costs: &Range<u64>) -> Result<Option<Recipe>, Spent> {
        let text = Text { bytes: &plain.text, name: self.question.name, want: None, least: LIKELY };
        let mut first = Sink::new(&plain.text, None, None, self.meter);
        first.keep_all(LIKELY);
        for family in FAMILIES {
            family.pairs(text, &mut first);
        }
        let Sink { pairs, .. } = first.finish()?;
        let mut steps: Vec<Edits> = pairs.iter().filter_map(|pair| pair.edits(|_| true)).collect();
        drop(pairs);
        // Strings are escaped and laid out by the same tool.
        let _ = JsonEscapes.rewrites(text, &mut |edits| {
            steps.push(edits);
            ControlFlow::Continue(())
        });
        for edits in steps {
            let step = Step::Edits(edits);
            let Some(text) = step.undo(&plain.text) else { continue };
            let base = Base { text, steps: vec![step], target: None };
            if let Some(recipe) = self.on(&base, costs.clone(), &mut { u64::MAX })? {
                return Ok(Some(recipe));
            }
        }
        Ok(None)
    }
}
