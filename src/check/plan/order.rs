//! The order of steps: the profile's where they are the profile's, else the one
//! that their numbers say.

use std::collections::BTreeSet;

use super::Step;
use crate::code::Code;
use crate::evidence::Value;
use crate::finding::Sink;
use crate::profile::{Key, Profile, Row};
use crate::text::quote;

pub(super) fn judge(profile: &Profile, root: Value<'_>, steps: &[Step<'_>], out: &mut Sink) {
    let mut seen = BTreeSet::new();
    for step in steps {
        if !seen.insert(step.name.as_str()) {
            let message = format!("the step {} stands in the plan twice", quote(step.name.as_bytes()));
            out.push(step.row.finding(Code::StepTwice, message, "again"));
        }
    }
    let known = profile.rows(Key::Steps);
    let position = |name: &str| known.iter().position(|row| row.word("name") == Some(name));
    if steps.iter().any(|step| position(&step.name).is_some()) {
        by_profile(&known, root, steps, out);
    } else {
        by_number(root, steps, out);
    }
}

/// The very steps of the profile, in its order.
fn by_profile(known: &[Row<'_>], root: Value<'_>, steps: &[Step<'_>], out: &mut Sink) {
    let name = |row: &Row<'_>| row.word("name").unwrap_or_default().to_owned();
    let position =
        |step: &Step<'_>| known.iter().position(|row| row.word("name") == Some(step.name.as_str()));
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
    let gate = known.iter().position(|row| row.flag("gate"));
    let (mut highest, mut gated) = (None, false);
    for step in steps {
        let Some(at) = position(step) else {
            if !step.forbidden {
                let message = format!("the step {} is none of the profile's", quote(step.name.as_bytes()));
                out.push(step.row.finding(Code::StepOutOfOrder, message, "not known"));
            }
            continue;
        };
        gated |= Some(at) == gate;
        let publishes = known.get(at).is_some_and(|row| row.flag("publishes"));
        if publishes && gate.is_some() && !gated {
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
