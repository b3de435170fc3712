//! The steps that were carried out, as the plan lists them: planned ones, each
//! once, in the order of the plan, none left out before another, and the gate
//! before what it must hold back.

use std::collections::{BTreeMap, BTreeSet};

use super::order::kind;
use super::row::{Step, tells_of_doing};
use super::tell;
use crate::check::words::{any, words};
use crate::code::Code;
use crate::evidence::{Object, Value};
use crate::finding::Sink;
use crate::profile::Row;
use crate::text::quote;

/// Judges the list, by whether the status claims that the plan was carried out; how
/// many forbidden steps it names.
pub(super) fn judge(
    (known, claimed): (&[Row<'_>], bool),
    steps: &[Step<'_>],
    list: Value<'_>,
    out: &mut Sink,
) -> u64 {
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
        let due = if claimed { steps.len() } else { last.unwrap_or_default() };
        let left_out = |(at, step): &(usize, &Step<'_>)| !step.forbidden && !done.contains(at);
        for (at, step) in steps.iter().enumerate().take(due).filter(left_out) {
            let name = quote(step.name.as_bytes());
            let why = if Some(at) < last {
                "one behind it was carried out"
            } else {
                "the status claims that the plan was carried out"
            };
            let message = format!("the step {name} was left out, and {why}");
            out.push(list.finding(Code::StepMissing, message, "lacks a step"));
        }
    }
    count
}

/// What the plan lists under another name as attempted or carried out; how many
/// forbidden steps it names there.
pub(super) fn elsewhere(forbidden: &[&str], root: Object<'_>, out: &mut Sink) -> u64 {
    // These are judged by themselves.
    const JUDGED: [&str; 3] = ["steps", "executed_steps", "forbidden_steps_attempted"];
    let mut count = 0;
    for (name, list) in root.members() {
        if JUDGED.contains(&&*name) || !any(&words(&name), "step steps") || !tells_of_doing(&name) {
            continue;
        }
        let items = list.as_list().unwrap_or_else(|| vec![list]);
        let text = |item: Value<'_>| {
            item.as_object()
                .map_or(Some(item), |row| row.get("step"))?
                .as_text()
                .map(std::borrow::Cow::into_owned)
        };
        for (item, name) in items.into_iter().filter_map(|item| Some((item, text(item)?))) {
            if forbidden.contains(&name.trim()) {
                count += 1;
                tell(item, &name, out);
            }
        }
    }
    count
}
