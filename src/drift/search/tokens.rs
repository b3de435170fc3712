//! Replacements on one reading of the bytes after another.

use super::super::damage;
use super::super::family::{FAMILIES, Family, Text};
use super::super::json;
use super::super::meter::{Meter, Spent};
use super::super::recipe::{Edits, Recipe, Step};
use super::super::rot;
use super::super::sink::{self, Sink};
use super::super::site::Pair;
use super::super::trial::Trial;
use super::super::walk::Walk;
use super::super::whole::{self, Source};
use super::super::{Question, subsets};
use super::bases::{Base, Bases, State};
use super::{SMALL, joint};
use crate::drift::encoding::Encoding;

/// What a plan may cost in each round: on the bytes as they are, on variants
/// of one step, on variants of two, after another family, after another family
/// on variants of one step, and after two other families. One byte means all
/// sites at once and nothing else; nothing means not yet.
const ROUNDS: [[u64; 6]; 7] = [
    [1 << 16, 1, 1, 1, 0, 0],
    [1 << 20, 1 << 18, 1 << 16, 1 << 16, 0, 0],
    [1 << 23, 1 << 20, 1 << 17, 1 << 18, 1 << 13, 1 << 13],
    [1 << 25, 1 << 21, 1 << 18, 1 << 20, 1 << 15, 1 << 15],
    [1 << 27, 1 << 23, 1 << 20, 1 << 21, 1 << 17, 1 << 17],
    [1 << 28, 1 << 25, 1 << 22, 1 << 23, 1 << 20, 1 << 19],
    [u64::MAX, 1 << 28, 1 << 24, 1 << 24, 1 << 22, 1 << 21],
];
/// The round before which compositions of three steps are made.
const COMPOSES: usize = 2;
/// The same for choices among two families at once.
const JOINT: [[u64; 2]; 7] =
    [[0; 2], [0; 2], [0; 2], [1 << 27, 1 << 22], [1 << 32, 1 << 28], [1 << 36, 1 << 32], [1 << 40, 1 << 36]];
/// The part of what is left that they may take in a round.
const JOINT_PART: u64 = 8;

/// What a deep search goes on with.
const DEEP: [[u64; 6]; 2] = [[u64::MAX, u64::MAX, 1 << 28, 1 << 28, 1 << 24, 1 << 24], [u64::MAX; 6]];

/// Readings at most.
const MOST_BASES: usize = 4096;
/// What looking for the places of all families costs, in bytes hashed per byte of text.
const SCANS: usize = 100;
/// The weight of a family's substitution that may come with another's.
const LIKELY: u64 = 15;
/// Sites of all pairs of all bases that are kept from round to round.
const MOST_KEPT: usize = 1 << 20;

/// The search for replacements on bases.
pub(super) struct Tokens<'t, 'q> {
    pub(super) question: &'t Question<'q>,
    pub(super) meter: &'t mut Meter<'q>,
    pub(super) deep: bool,
    /// Sites of the pairs kept for later rounds.
    kept: usize,
}

impl<'t, 'q> Tokens<'t, 'q> {
    pub(super) fn new(question: &'t Question<'q>, meter: &'t mut Meter<'q>, deep: bool) -> Self {
        Self { question, meter, deep, kept: 0 }
    }

    /// Every round on every reading.
    pub(super) fn rounds(&mut self, sources: &[Source<'_>]) -> Result<Option<Recipe>, Spent> {
        let mut bases = Bases::new(self.question.found);
        for variant in whole::bases(sources, 2) {
            if let Some((text, steps)) = variant.build(sources) {
                bases.push(text, steps, variant.body.target, variant.steps(sources));
            }
        }
        let mut composed = false;
        let deeper = if self.deep { &DEEP[..] } else { &[] };
        for (round, most) in ROUNDS.iter().chain(deeper).enumerate() {
            if !composed && round >= COMPOSES {
                let plain = bases.list.len();
                composed = self.compose(&mut bases, if round + 1 < ROUNDS.len() { 8 } else { 1 })?;
                for index in plain..bases.list.len() {
                    if let Some(recipe) = self.on_base(&mut bases, index, 1)? {
                        return Ok(Some(recipe));
                    }
                }
            }
            if round == COMPOSES {
                if let Some(recipe) = damage::last_two(self.question, self.meter)? {
                    return Ok(Some(recipe));
                }
                if let Some(recipe) = rot::anywhere(self.question, self.meter) {
                    return Ok(Some(recipe));
                }
            }
            if let Some(recipe) = self.joint(&mut bases, round)? {
                return Ok(Some(recipe));
            }
            for index in 0..bases.list.len() {
                let column = bases.list.get(index).map_or(0, |base| base.column);
                let most = most.get(column).copied().unwrap_or(0);
                if most > 0
                    && let Some(recipe) = self.on_base(&mut bases, index, most)?
                {
                    return Ok(Some(recipe));
                }
            }
            if round == 0 {
                self.families_on(&mut bases, 0, LIKELY, 3)?;
                for index in 0..bases.list.len() {
                    if bases.list.get(index).is_some_and(|base| base.column == 3)
                        && let Some(recipe) = self.on_base(&mut bases, index, 1)?
                    {
                        return Ok(Some(recipe));
                    }
                }
                if let Some(recipe) = rot::misplaced(self.question, self.meter)? {
                    return Ok(Some(recipe));
                }
            }
        }
        if !composed {
            self.meter.cut();
        }
        Ok(None)
    }

    /// Parts of two families on the bytes as they are and on their variants of one step.
    fn joint(&mut self, bases: &mut Bases<'q>, round: usize) -> Result<Option<Recipe>, Spent> {
        let enough = self.meter.left() - self.meter.left() / JOINT_PART;
        for index in 0..bases.list.len() {
            let column = bases.list.get(index).map_or(usize::MAX, |base| base.column);
            let costs =
                |round: usize| JOINT.get(round).and_then(|most| most.get(column)).copied().unwrap_or(0);
            let (least, most) = (round.checked_sub(1).map_or(0, costs), costs(round));
            if most <= least {
                continue;
            }
            let Some(text) = bases.text_of(index) else { continue };
            let Some(base) = bases.list.get(index) else { continue };
            let hit = match whole::want(self.question.sealed_size, &text.0, base.target) {
                Ok(want) => {
                    self.meter.work(text.0.len().saturating_mul(SCANS))?;
                    let (pairs, _) = self.likely(&text.0, LIKELY / 3 * 2)?;
                    joint::search(pairs, &text.0, (base.target, want), (least..most, enough), self.meter)?
                }
                Err(Spent) => None,
            };
            if let Some(steps) = hit {
                return Ok(Some(base.recipe(steps)));
            }
            bases.give_back(index, text);
        }
        Ok(None)
    }

    /// Adds compositions of three steps: another family after a variant or a
    /// family. Not where looking at all of them takes more than a part of what is left.
    fn compose(&mut self, bases: &mut Bases<'q>, part: u64) -> Result<bool, Spent> {
        let deep = self.deep;
        let least = if deep { LIKELY - 11 } else { LIKELY };
        let likely = self.likely(self.question.found, least)?.0.len();
        let of =
            bases.list.iter().filter(|base| matches!(base.column, 1 | 3) || deep && base.column == 2).count();
        let each = self.question.found.len().saturating_mul(SCANS) as u64;
        if each.saturating_mul((of * likely) as u64) > self.meter.left() / part {
            return Ok(false);
        }
        for index in 1..bases.list.len() {
            let column = match bases.list.get(index).map(|base| base.column) {
                Some(1) => 4,
                Some(2) if deep => 4,
                Some(3) => 5,
                _ => continue,
            };
            // What makes every text is scanned again is dear: only where it is small change.
            self.meter.work(self.question.found.len().saturating_mul(SCANS / 10))?;
            self.families_on(bases, index, least, column)?;
        }
        Ok(true)
    }

    fn on_base(&mut self, bases: &mut Bases<'q>, index: usize, most: u64) -> Result<Option<Recipe>, Spent> {
        let Some(base) = bases.list.get(index) else { return Ok(None) };
        if matches!(base.state, State::Done) {
            return Ok(None);
        }
        let Some(text) = bases.text_of(index) else { return Ok(None) };
        let Some(base) = bases.list.get_mut(index) else { return Ok(None) };
        let result = self.on(base, &text.0, most);
        bases.give_back(index, text);
        result
    }

    /// Every family on one base, with plans up to a cost.
    fn on(&mut self, base: &mut Base<'q>, text: &[u8], most: u64) -> Result<Option<Recipe>, Spent> {
        let Ok(want) = whole::want(self.question.sealed_size, text, base.target) else {
            base.state = State::Done;
            return Ok(None);
        };
        let planned = if base.target.is_none() { want } else { None };
        let state = std::mem::replace(&mut base.state, State::Done);
        let (mut pairs, mut plans) = match state {
            State::Done => return Ok(None),
            State::Planned(pairs, plans) => (pairs, plans),
            State::New => {
                let (pairs, hit) = self.collect(base, text, want, true)?;
                if let Some(edits) = hit {
                    return Ok(Some(base.recipe(edits.into_iter().map(Step::Edits).collect())));
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
            State::Tried(None) => {
                (self.collect(base, text, want, false)?.0, Vec::new().into_iter().peekable())
            }
        };
        if plans.peek().is_none() {
            self.meter.work(text.len().saturating_mul(SCANS))?;
            plans = sink::plan(&mut pairs, text, planned, self.deep).into_iter().peekable();
        }
        while let Some((_, index, stage)) = plans.next_if(|(cost, _, _)| *cost <= most) {
            let Some(pair) = pairs.get(index) else { continue };
            let mut walk = Walk::new(text, base.target, pair, want);
            if subsets::run(&stage, pair, &mut walk, self.meter)? {
                let edits = pair.edits(|i| walk.chosen().get(i) == Some(&true));
                return Ok(Some(base.recipe(edits.map(Step::Edits).into_iter().collect())));
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

    /// What families look for in a text.
    fn text<'x>(&self, bytes: &'x [u8], target: Option<Encoding>, want: Option<i64>, least: u64) -> Text<'x>
    where
        'q: 'x,
    {
        Text { bytes, name: self.question.name, want: if target.is_none() { want } else { None }, least }
    }

    /// The pairs of all families, or the replacements that are the answer.
    fn collect(
        &mut self,
        base: &Base<'_>,
        bytes: &[u8],
        want: Option<i64>,
        all: bool,
    ) -> Result<(Vec<Pair>, Option<Vec<Edits>>), Spent> {
        // The bytes as they are are looked at whatever the allowance; they are few enough.
        if base.column > 0 || !all {
            self.meter.work(bytes.len().saturating_mul(SCANS))?;
        }
        let least = match (base.column, bytes.len()) {
            (_, SMALL..) => LIKELY + 5,
            (0, _) => 0,
            (1, _) => 4,
            _ if self.deep => 4,
            _ => 10,
        };
        let text = self.text(
            bytes,
            base.target,
            want,
            if self.deep && bytes.len() < SMALL { least.min(2) } else { least },
        );
        if all && let Some(edits) = self.rewrites(text, base.target)? {
            return Ok((Vec::new(), Some(edits)));
        }
        let mut sink = Sink::new(bytes, base.target, want, all, self.meter);
        for family in FAMILIES {
            if sink.is_open() {
                family.pairs(text, &mut sink);
            }
        }
        let Sink { pairs, hit, .. } = sink.finish()?;
        Ok((pairs, hit.map(|edits| vec![edits])))
    }

    /// Rewrites of the whole text.
    fn rewrites(&mut self, text: Text<'_>, target: Option<Encoding>) -> Result<Option<Vec<Edits>>, Spent> {
        for family in FAMILIES {
            let hit = self.rewrites_of(*family, text, target)?;
            if hit.is_some() {
                return Ok(hit);
            }
        }
        Ok(None)
    }

    /// Those of one family.
    pub(super) fn rewrites_of(
        &mut self,
        family: &dyn Family,
        text: Text<'_>,
        target: Option<Encoding>,
    ) -> Result<Option<Vec<Edits>>, Spent> {
        family.rewrites(text, &mut Trial::new(self.meter, text.bytes.len(), target, text.want))
    }

    /// The text of a base after one likely family at all its sites, to be tried with another.
    fn families_on(
        &mut self,
        bases: &mut Bases<'q>,
        index: usize,
        least: u64,
        column: usize,
    ) -> Result<(), Spent> {
        let Some(plain) = bases.text_of(index) else { return Ok(()) };
        let (pairs, rewrites) = self.likely(&plain.0, least)?;
        let everywhere = pairs.iter().filter_map(|pair| pair.edits(|_| true)).map(Step::Edits);
        let mut steps: Vec<Step> = everywhere.chain(rewrites).collect();
        drop(pairs);
        steps.truncate(MOST_BASES.saturating_sub(bases.list.len()));
        let (before, target) =
            bases.list.get(index).map(|base| (base.steps.clone(), base.target)).unwrap_or_default();
        for step in steps {
            if let Some(text) = step.undo(&plain.0) {
                let steps = before.iter().cloned().chain([step]).collect();
                bases.push(text, steps, target, column);
            }
        }
        bases.give_back(index, plain);
        Ok(())
    }

    /// What likely families may do, in part or everywhere.
    fn likely(&mut self, bytes: &[u8], least: u64) -> Result<(Vec<Pair>, Vec<Step>), Spent> {
        let text = self.text(bytes, None, None, least);
        let mut first = Sink::new(bytes, None, None, false, self.meter);
        first.keep_all(least);
        for family in FAMILIES {
            family.pairs(text, &mut first);
        }
        let Sink { pairs, .. } = first.finish()?;
        // Strings are escaped and laid out by the same tool.
        Ok((pairs, json::escapes(text)))
    }
}
