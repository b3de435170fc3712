//! The steps that were carried out, as the plan lists them: planned ones, each
//! once, in the order of the plan, none left out before another, and the gate
//! before what it must hold back.

use std::collections::{BTreeMap, BTreeSet};

use super::order::kind;
use super::row::Step;
use super::tell;
use crate::code::Code;
use crate::evidence::Value;
use crate::finding::Sink;
use crate::profile::Row;
use crate::text::quote;

/// Judges the list; how many forbidden steps it names.
pub(super) fn judge(known: &[Row<'_>], steps: &[Step<'_>], list: Value<'_>, out: &mut Sink) -> u64 {
    let places: BTreeMap<&str, usize> =
        steps.iter().enumerate().map(|(at, step)| (step.name.as_str(), at)).collect();
    let has_gate = steps.iter().any(|step| kind(known, &step.name).gate);
    let mut done = BTreeSet::new();
    let (mut count, mut gated, mut last) = (0, false, None);
    for value in list.list(out).unwrap_or_default() {
        let Some(name) = value.word(out) else { continue };
        let shown = quote(name.as_bytes());
        let Some((at, step)) = places.get(&*name).and_then(|at| Some((*at, steps.get(*at)?))) else {
            let message = format!("the step {shown} was carried out and is not planned");
            out.push(value.finding(Code::StepOutOfOrder, message, "not planned"));
            continue;
        };
        if step.forbidden {
            count += 1;
            tell(value, &name, out);
        }
        let kind = kind(known, &name);
        gated |= kind.gate;
        if kind.publishes && has_gate && !gated {
            let message = format!("the step {shown} was carried out before the gate");
            out.push(value.finding(Code::PublishedBeforeGate, message, "before the gate"));
        }
        if !done.insert(at) {
            let message = format!("the step {shown} was carried out twice");
            out.push(value.finding(Code::StepTwice, message, "again"));
        } else if let Some(before) = last.filter(|last| at < *last).and_then(|last| steps.get(last)) {
            let before = quote(before.name.as_bytes());
            let message = format!("the step {shown} was carried out behind {before}");
            out.push(value.finding(Code::StepOutOfOrder, message, "out of order"));
        }
        last = last.max(Some(at));
    }
    // Only where the order is the profile's is every step of it due.
    if !known.is_empty() {
        let left_out = steps.iter().enumerate().take(last.unwrap_or_default());
        for (_, step) in left_out.filter(|(at, step)| !step.forbidden && !done.contains(at)) {
            let name = quote(step.name.as_bytes());
            let message = format!("the step {name} was left out, and one behind it was carried out");
            out.push(list.finding(Code::StepMissing, message, "lacks a step"));
        }
    }
    count
}
