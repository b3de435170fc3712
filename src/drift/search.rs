//! The search: which hypotheses are tried on which reading of the bytes found,
//! and in which order.
//!
//! Likely and cheap ones first: whole-file variants, then each family on the
//! bytes as they are, then on their variants, then two families, then what is
//! dear. The order depends on the bytes and the allowance alone.

use super::encoding::Encoding;
use super::family::{FAMILIES, Text};
use super::json;
use super::meter::{Meter, Spent};
use super::recipe::{Edits, Recipe, Step};
use super::rot;
use super::sink::{self, Sink};
use super::site::Pair;
use super::special;
use super::subsets::{self, Stage};
use super::trial::Trial;
use super::walk::Walk;
use super::whole::{self, Source};
use super::{Allowance, Question};
use crate::code::Code;

/// Above this whole-file transforms are composed by twos, and rare substitutions not looked for.
const SMALL: usize = 8 << 20;
/// Above this only single whole-file transforms are tried.
const COMPOSED: usize = 64 << 20;
/// Above this nothing is tried.
const LARGEST: usize = 1 << 30;

/// What a plan may cost in each round: on the bytes as they are, on variants
/// of one step, on variants of two, and after another family. A cost of one
/// byte means all sites at once and nothing else.
const ROUNDS: [[u64; 4]; 5] = [
    [1 << 16, 1, 1, 1],
    [1 << 20, 1 << 18, 1 << 16, 1 << 16],
    [1 << 24, 1 << 21, 1 << 18, 1 << 18],
    [1 << 28, 1 << 24, 1 << 20, 1 << 21],
    [u64::MAX, 1 << 28, 1 << 24, 1 << 24],
];

/// Bytes of the texts of all bases together.
const HELD: usize = 128 << 20;

/// What looking for the places of all families costs, in bytes hashed per byte of text.
const SCANS: usize = 100;

/// The weight of a family's substitution that may come with another's.
const LIKELY: u64 = 15;

/// A reading of the bytes found that families are tried on.
struct Base {
    text: Vec<u8>,
    /// From the bytes found to the text.
    steps: Vec<Step>,
    /// The encoding that the text was sealed in.
    target: Option<Encoding>,
    /// Which of the columns of [`ROUNDS`] it goes by.
    column: usize,
    state: State,
}

/// How far the families have been tried on a base.
enum State {
    /// Not at all.
    New,
    /// All sites of every pair; the pairs are kept when they are small.
    Tried(Option<Vec<Pair>>),
    /// The plans up to some cost; those that are left.
    Planned(Vec<Pair>, std::iter::Peekable<std::vec::IntoIter<(u64, usize, Stage)>>),
    /// Nothing is left.
    Done,
}

/// Sites of all pairs of all bases that are kept from round to round.
const MOST_KEPT: usize = 1 << 20;

impl Base {
    /// The whole recipe, with the replacements that lead on from the text.
    fn recipe(&self, edits: impl IntoIterator<Item = Edits>) -> Recipe {
        let mut steps = self.steps.clone();
        steps.extend(edits.into_iter().map(Step::Edits));
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
    let most_steps = match question.found.len() {
        0..=SMALL => usize::MAX,
        _ if composed => 2,
        _ => 1,
    };
    if let Some(variant) = whole::search(&sources, question.sealed_size, most_steps, meter)? {
        let Some((text, steps)) = variant.build(&sources) else { return Ok(None) };
        return Ok(Some(
            Base { text, steps, target: variant.body.target, column: 0, state: State::Done }.recipe(None),
        ));
    }
    if !composed {
        meter.cut();
        return Ok(None);
    }
    meter.allow(allowance.bytes);
    if let Some(recipe) = special::cheap(question, meter)? {
        return Ok(Some(recipe));
    }
    let mut tokens = Tokens { question, meter, kept: 0 };
    tokens.rounds(&sources)
}

/// The search for replacements on bases.
struct Tokens<'t, 'q> {
    question: &'t Question<'q>,
    meter: &'t mut Meter<'q>,
    /// Sites of the pairs kept for later rounds.
    kept: usize,
}

impl Tokens<'_, '_> {
    fn rounds(&mut self, sources: &[Source<'_>]) -> Result<Option<Recipe>, Spent> {
        let found = self.question.found;
        let mut bases = vec![Base {
            text: found.to_vec(),
            steps: Vec::new(),
            target: None,
            column: 0,
            state: State::New,
        }];
        for variant in whole::bases(sources, 2) {
            // Texts are held for all rounds where that is no burden, else the first few of them.
            if bases.len().saturating_mul(found.len()) > HELD {
                self.meter.cut();
                break;
            }
            let Some((text, steps)) = variant.build(sources) else { continue };
            let (target, column) = (variant.body.target, variant.steps(sources));
            bases.push(Base { text, steps, target, column, state: State::New });
        }
        for (round, most) in ROUNDS.iter().enumerate() {
            if round == 2
                && let Some(recipe) = rot::anywhere(self.question, self.meter)
            {
                return Ok(Some(recipe));
            }
            for base in &mut bases {
                let most = most.get(base.column).copied().unwrap_or(0);
                if let Some(recipe) = self.on(base, most)? {
                    return Ok(Some(recipe));
                }
            }
            if round == 0 {
                let composed = self.two_families(bases.first().ok_or(Spent)?)?;
                bases.extend(composed);
                for base in bases.iter_mut().filter(|base| base.column == 3) {
                    if let Some(recipe) = self.on(base, 1)? {
                        return Ok(Some(recipe));
                    }
                }
                if let Some(recipe) = rot::misplaced(self.question, self.meter)? {
                    return Ok(Some(recipe));
                }
            }
        }
        Ok(None)
    }

    /// Every family on one base, with plans up to a cost.
    fn on(&mut self, base: &mut Base, most: u64) -> Result<Option<Recipe>, Spent> {
        let Ok(want) = whole::want(self.question.sealed_size, &base.text, base.target) else {
            return Ok(None);
        };
        let planned = if base.target.is_none() { want } else { None };
        let state = std::mem::replace(&mut base.state, State::Done);
        let (mut pairs, mut plans) = match state {
            State::Done => return Ok(None),
            State::Planned(pairs, plans) => (pairs, plans),
            State::New => {
                let (pairs, hit) = self.collect(base, want, true)?;
                if let Some(edits) = hit {
                    return Ok(Some(base.recipe(edits)));
                }
                if most <= 1 {
                    let sites = pairs.iter().map(|pair| pair.sites.len()).sum::<usize>();
                    let keeps = self.kept.saturating_add(sites) <= MOST_KEPT;
                    self.kept += if keeps { sites } else { 0 };
                    base.state =
                        if pairs.is_empty() { State::Done } else { State::Tried(keeps.then_some(pairs)) };
                    return Ok(None);
                }
                (pairs, Vec::new().into_iter().peekable())
            }
            State::Tried(Some(pairs)) => (pairs, Vec::new().into_iter().peekable()),
            State::Tried(None) => (self.collect(base, want, false)?.0, Vec::new().into_iter().peekable()),
        };
        if plans.peek().is_none() {
            self.meter.work(base.text.len().saturating_mul(SCANS))?;
            plans = sink::plan(&mut pairs, &base.text, planned).into_iter().peekable();
        }
        while let Some((_, index, stage)) = plans.next_if(|(cost, _, _)| *cost <= most) {
            let Some(pair) = pairs.get(index) else { continue };
            let mut walk = Walk::new(&base.text, base.target, pair, want);
            if subsets::run(&stage, pair, &mut walk, self.meter)? {
                let edits = pair.edits(|i| walk.chosen().get(i) == Some(&true));
                return Ok(Some(base.recipe(edits)));
            }
        }
        if plans.peek().is_some() {
            let sites = pairs.iter().map(|pair| pair.sites.len()).sum::<usize>();
            if base.column == 0 || sites <= MOST_KEPT / 64 {
                base.state = State::Planned(pairs, plans);
            } else {
                self.meter.cut();
            }
        }
        Ok(None)
    }

    /// The pairs of all families, or the replacements that are the answer.
    fn collect(
        &mut self,
        base: &Base,
        want: Option<i64>,
        all: bool,
    ) -> Result<(Vec<Pair>, Option<Vec<Edits>>), Spent> {
        // The bytes as they are are looked at whatever the allowance; they are few enough.
        if base.column > 0 || !all {
            self.meter.work(base.text.len().saturating_mul(SCANS))?;
        }
        let least = match (base.column, base.text.len()) {
            (_, SMALL..) => LIKELY + 5,
            (0, _) => 0,
            (1, _) => 4,
            _ => 10,
        };
        let seen = if base.target.is_none() { want } else { None };
        let text = Text { bytes: &base.text, name: self.question.name, want: seen, least };
        if all && let Some(edits) = self.rewrites(text, base)? {
            return Ok((Vec::new(), Some(edits)));
        }
        let mut sink = Sink::new(&base.text, base.target, want, all, self.meter);
        for family in FAMILIES {
            if sink.is_open() {
                family.pairs(text, &mut sink);
            }
        }
        let Sink { pairs, hit, .. } = sink.finish()?;
        Ok((pairs, hit.map(|edits| vec![edits])))
    }

    /// Rewrites of the whole text.
    fn rewrites(&mut self, text: Text<'_>, base: &Base) -> Result<Option<Vec<Edits>>, Spent> {
        let mut trial = Trial::new(self.meter, text.bytes.len(), base.target, text.want);
        for family in FAMILIES {
            if let Some(edits) = family.rewrites(text, &mut trial)? {
                return Ok(Some(edits));
            }
        }
        Ok(None)
    }

    /// The bytes found after one likely family at all its sites, to be tried with another.
    fn two_families(&mut self, plain: &Base) -> Result<Vec<Base>, Spent> {
        let text = Text { bytes: &plain.text, name: self.question.name, want: None, least: LIKELY };
        let mut first = Sink::new(&plain.text, None, None, false, self.meter);
        first.keep_all(LIKELY);
        for family in FAMILIES {
            family.pairs(text, &mut first);
        }
        let Sink { pairs, .. } = first.finish()?;
        let mut steps: Vec<Step> =
            pairs.iter().filter_map(|pair| pair.edits(|_| true)).map(Step::Edits).collect();
        drop(pairs);
        steps.extend(json::escapes(text));
        steps.truncate(HELD / plain.text.len().max(1));
        let mut out = Vec::new();
        for step in steps {
            if let Some(text) = step.undo(&plain.text) {
                out.push(Base { text, steps: vec![step], target: None, column: 3, state: State::New });
            }
        }
        Ok(out)
    }
}
