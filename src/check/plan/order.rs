//! The order of steps: the profile's where it has one for that plan, else the one
//! that their numbers say.

use std::collections::BTreeSet;

use super::command;
use super::row::{Step, Told};
use crate::code::Code;
use crate::evidence::Value;
use crate::finding::Sink;
use crate::profile::{Profile, Row};
use crate::text::quote;

pub(super) fn judge(
    profile: &Profile,
    known: &[Row<'_>],
    root: Value<'_>,
    steps: &[Step<'_>],
    out: &mut Sink,
) {
    let mut seen = BTreeSet::new();
    for step in steps {
        if !seen.insert(step.name.as_str()) {
            let message = format!("the step {} stands in the plan twice", quote(step.name.as_bytes()));
            out.push(step.row.finding(Code::StepTwice, message, "again"));
        }
    }
    if known.is_empty() {
        by_number(root, steps, out);
    } else if !steps.is_empty() {
        by_profile(known, root, steps, out);
        ungated(profile, known, steps, out);
        withheld(known, steps, out);
        refused(known, steps, out);
    }
}

/// What the profile says of a step.
#[derive(Clone, Copy)]
pub(super) struct Kind {
    pub(super) gate: bool,
    pub(super) publishes: bool,
}

/// The kind of the step of that name; no kind where the profile does not know it.
pub(super) fn kind(known: &[Row<'_>], name: &str) -> Kind {
    let row = known.iter().find(|row| row.word("name") == Some(name));
    Kind {
        gate: row.is_some_and(|row| row.flag("gate")),
        publishes: row.is_some_and(|row| row.flag("publishes")),
    }
}

fn position(known: &[Row<'_>], name: &str) -> Option<usize> {
    known.iter().position(|row| row.word("name") == Some(name))
}

/// The very steps of the profile, in its order.
fn by_profile(known: &[Row<'_>], root: Value<'_>, steps: &[Step<'_>], out: &mut Sink) {
    let name = |row: &Row<'_>| row.word("name").unwrap_or_default().to_owned();
    for row in known {
        if !steps.iter().any(|step| Some(step.name.as_str()) == row.word("name")) {
            let message = format!(
                "the step {} ({}) is not planned",
                quote(name(row).as_bytes()),
                quote(row.word("summary").unwrap_or_default().as_bytes())
            );
            out.push(root.finding(Code::StepMissing, message, "lacks a step"));
        }
    }
    let has_gate = known.iter().any(|row| row.flag("gate"));
    let (mut highest, mut gated) = (None, false);
    for step in steps {
        let Some(at) = position(known, &step.name) else {
            if !step.forbidden {
                let message = format!("the step {} is none of the profile's", quote(step.name.as_bytes()));
                out.push(step.row.finding(Code::StepOutOfOrder, message, "not known"));
            }
            continue;
        };
        let kind = kind(known, &step.name);
        gated |= kind.gate && !step.forbidden;
        if kind.publishes && has_gate && !gated && !step.forbidden {
            let message = format!("the step {} publishes before the gate", quote(step.name.as_bytes()));
            out.push(step.row.finding(Code::PublishedBeforeGate, message, "before the gate"));
        }
        if highest.is_some_and(|highest| at < highest) {
            let before = highest.and_then(|at| known.get(at)).map(name).unwrap_or_default();
            let message = format!(
                "the step {} stands behind {}",
                quote(step.name.as_bytes()),
                quote(before.as_bytes())
            );
            out.push(step.row.finding(Code::StepOutOfOrder, message, "out of order"));
        }
        highest = highest.max(Some(at));
    }
}

/// Whatever a step before the gate is called, its command publishes nothing.
fn ungated(profile: &Profile, known: &[Row<'_>], steps: &[Step<'_>], out: &mut Sink) {
    let Some(gate) = steps.iter().position(|step| kind(known, &step.name).gate && !step.forbidden) else {
        return;
    };
    // One that is known to publish was told by its name; the gate itself is one of these.
    let before = steps.iter().take(gate.saturating_add(1));
    for step in before.filter(|step| !step.forbidden && !kind(known, &step.name).publishes) {
        let Some(value) = step.row.get("command") else { continue };
        if let Some(text) = value.as_text().filter(|text| command::publishes(profile, text)) {
            let message = format!(
                "the command of the step {}, which is not behind the gate, is {}",
                quote(step.name.as_bytes()),
                quote(text.as_bytes())
            );
            out.push(value.finding(Code::PublishedBeforeGate, message, "before the gate"));
        }
    }
}

/// A step of the profile that may not be carried out stops those behind it.
fn withheld(known: &[Row<'_>], steps: &[Step<'_>], out: &mut Sink) {
    let mut of_profile = steps.iter().filter(|step| position(known, &step.name).is_some());
    let Some(first) = of_profile.find(|step| step.forbidden) else { return };
    if let Some(behind) = of_profile.find(|step| !step.forbidden) {
        let message = format!(
            "the step {} is not allowed, and {} behind it is",
            quote(first.name.as_bytes()),
            quote(behind.name.as_bytes())
        );
        let at = first.row.get("allowed").unwrap_or_else(|| first.row.value());
        out.push(at.finding(Code::StepMissing, message, "not allowed"));
    }
}

/// The status claims that the plan was carried out: so was each step of the profile.
pub(super) fn carried_out(known: &[Row<'_>], steps: &[Step<'_>], out: &mut Sink) {
    for step in steps.iter().filter(|step| position(known, &step.name).is_some()) {
        let why = match step.told {
            _ if step.forbidden => "is not allowed",
            Told::Undone => "was not carried out",
            Told::Failed(_) => "did not end well",
            Told::Done(_) | Told::Nothing => continue,
        };
        let message = format!(
            "the status claims that the plan was carried out, and the step {} {why}",
            quote(step.name.as_bytes())
        );
        out.push(step.row.finding(Code::StepMissing, message, "not carried out"));
    }
}

/// A gate that did not let through, or that nobody passed, holds back every step
/// that publishes; such a step must say that it was not carried out.
fn refused(known: &[Row<'_>], steps: &[Step<'_>], out: &mut Sink) {
    let mut gates = steps.iter().filter(|step| kind(known, &step.name).gate);
    let Some(gate) = gates.find(|step| matches!(step.told, Told::Failed(_) | Told::Undone)) else { return };
    for step in steps.iter().filter(|step| !step.forbidden && kind(known, &step.name).publishes) {
        if matches!(step.told, Told::Undone) {
            continue;
        }
        let how = if matches!(gate.told, Told::Undone) { "was not carried out" } else { "did not end well" };
        let message = format!(
            "the step {} publishes, and the gate {} {how}",
            quote(step.name.as_bytes()),
            quote(gate.name.as_bytes())
        );
        out.push(step.row.finding(Code::PublishedBeforeGate, message, "nothing held it back"));
    }
}

/// Steps with one head and a number count up from the first by one. Those without
/// a number are forbidden ones, or out of order.
fn by_number(root: Value<'_>, steps: &[Step<'_>], out: &mut Sink) {
    let split = |name: &str| {
        let head = name.trim_end_matches(|c: char| c.is_ascii_digit()).to_owned();
        name.get(head.len()..).and_then(|digits| digits.parse::<u64>().ok()).map(|number| (head, number))
    };
    let mut last: Option<(String, u64)> = None;
    for step in steps {
        let Some((head, number)) = split(&step.name) else {
            if !step.forbidden {
                let message = format!("the step {} has no place in the order", quote(step.name.as_bytes()));
                out.push(step.row.finding(Code::StepOutOfOrder, message, "no number"));
            }
            continue;
        };
        match &last {
            None if number > 1 => {
                let message = format!("the plan begins with {}", quote(step.name.as_bytes()));
                out.push(step.row.finding(Code::StepMissing, message, "begins late"));
            }
            Some((before, past)) if head != *before || number <= *past => {
                let message = format!(
                    "the step {} stands behind {}",
                    quote(step.name.as_bytes()),
                    quote(format!("{before}{past}").as_bytes())
                );
                out.push(step.row.finding(Code::StepOutOfOrder, message, "out of order"));
            }
            Some((before, past)) if number > past.saturating_add(1) => {
                let message = format!(
                    "the step {} is not planned",
                    quote(format!("{before}{}", past.saturating_add(1)).as_bytes())
                );
                out.push(root.finding(Code::StepMissing, message, "lacks a step"));
            }
            _ => {}
        }
        last = Some((head, number));
    }
}
