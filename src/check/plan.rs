//! `plan`: the steps stand in their order, nothing is published before the gate,
//! and what is forbidden was not attempted.

mod order;

use std::collections::BTreeMap;

use super::{Applied, Check, CheckError, Level, Meta, Packet, Sink};
use crate::code::Code;
use crate::evidence::{Document, Object, Value};
use crate::profile::{Key, Role};
use crate::text::quote;

pub(super) struct PlanCheck;

static META: Meta = Meta {
    id: "plan",
    level: Level::L3,
    summary: "the steps are in order, the gate comes before any publishing, nothing forbidden was attempted",
    documents: &["plan"],
    codes: &[
        Code::StepOutOfOrder,
        Code::StepMissing,
        Code::StepTwice,
        Code::PublishedBeforeGate,
        Code::ForbiddenStepAttempted,
    ],
};

impl Check for PlanCheck {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn run(&self, packet: &Packet, out: &mut Sink) -> Result<Applied, CheckError> {
        let documents = packet.documents(Role::Plan, out)?;
        let mut judged = 0;
        for document in &documents {
            judged += judge(packet, document, out);
        }
        if documents.is_empty() {
            return Ok(Applied::No("no plan".into()));
        }
        Ok(Applied::Yes(format!("{judged} steps in order")))
    }
}

/// One step of a plan.
struct Step<'d> {
    row: Object<'d>,
    name: String,
    forbidden: bool,
}

fn judge(packet: &Packet, document: &Document, out: &mut Sink) -> usize {
    let root = document.root();
    // A plan is a list of steps, or an object that has one.
    let (rows, holder) = match root.as_list() {
        Some(_) => (root.objects(out), None),
        None => match root.object(out) {
            Some(object) => (object.field("steps").objects(out), Some(object)),
            None => return 0,
        },
    };
    let forbidden = packet.profile().words(Key::ForbiddenSteps);
    let steps: Vec<Step<'_>> =
        rows.unwrap_or_default().into_iter().filter_map(|row| read(row, &forbidden, out)).collect();
    if steps.is_empty() {
        out.push(root.finding(Code::StepMissing, "the plan has no step", "no step"));
    }
    order::judge(packet.profile(), root, &steps, out);
    let attempted = attempted(&steps, holder, out);
    if let Some(holder) = holder {
        totals(holder, attempted, out);
    }
    steps.len()
}

fn read<'d>(row: Object<'d>, forbidden: &[String], out: &mut Sink) -> Option<Step<'d>> {
    let name = row.field("step").word(out)?.into_owned();
    for field in ["command", "target", "expected_mutation", "rollback"] {
        row.field(field).word(out);
    }
    let allowed = row.field("allowed").flag(out);
    let never = forbidden.contains(&name);
    if never && allowed == Some(true) {
        let message = format!("the step {} is allowed, and the profile forbids it", quote(name.as_bytes()));
        let at = row.get("allowed").unwrap_or_else(|| row.value());
        out.push(at.finding(Code::ForbiddenStepAttempted, message, "must be false"));
    }
    // What does not say that it is allowed is forbidden.
    Some(Step { row, name, forbidden: never || allowed != Some(true) })
}

/// Traces of a step that was taken.
const TRACES: [&str; 5] = ["attempted", "performed", "executed", "done", "mutation_occurred"];

/// How many forbidden steps were attempted, by their own rows and by the list of
/// what was carried out.
fn attempted(steps: &[Step<'_>], holder: Option<Object<'_>>, out: &mut Sink) -> u64 {
    let mut count = 0;
    for step in steps.iter().filter(|step| step.forbidden) {
        let traces = TRACES.iter().filter_map(|field| step.row.get(field));
        let flagged: Vec<Value<'_>> = traces.filter(|value| value.flag(out) != Some(false)).collect();
        let exit = step.row.get("actual_exit").filter(|value| !value.is_null());
        if let Some(value) = flagged.first().copied().or(exit) {
            count += 1;
            tell(value, &step.name, out);
        }
    }
    let by_name: BTreeMap<&str, &Step<'_>> = steps.iter().map(|step| (step.name.as_str(), step)).collect();
    let carried_out = holder.and_then(|holder| holder.get("executed_steps"));
    for value in carried_out.and_then(|value| value.list(out)).unwrap_or_default() {
        let Some(name) = value.word(out) else { continue };
        match by_name.get(&*name) {
            Some(step) if !step.forbidden => {}
            Some(_) => {
                count += 1;
                tell(value, &name, out);
            }
            None => {
                let message =
                    format!("the step {} was carried out and is not planned", quote(name.as_bytes()));
                out.push(value.finding(Code::StepOutOfOrder, message, "not planned"));
            }
        }
    }
    count
}

fn tell(value: Value<'_>, name: &str, out: &mut Sink) {
    let message = format!("the step {} is forbidden and was attempted", quote(name.as_bytes()));
    out.push(value.finding(Code::ForbiddenStepAttempted, message, "attempted"));
}

/// What the plan sums up. It may be a number, a list or a flag; none of them may
/// say that something forbidden was attempted, or less than the rows.
fn totals(root: Object<'_>, attempted: u64, out: &mut Sink) {
    if let Some(value) = root.field("forbidden_steps_attempted").value(out) {
        let said = match (value.as_list(), value.as_flag()) {
            (Some(list), _) => Some(list.len() as u64),
            (None, Some(flag)) => Some(u64::from(flag)),
            (None, None) => value.count(out),
        };
        if let Some(said) = said
            && (said > 0 || attempted > 0)
        {
            let message =
                format!("{said} forbidden steps were attempted, says the plan; the rows show {attempted}");
            out.push(value.finding(Code::ForbiddenStepAttempted, message, "must be none"));
        }
    }
    let message = "the plan says that production was changed";
    root.field("production_mutation").must_be(false, Code::ForbiddenStepAttempted, message, out);
}

#[cfg(test)]
mod tests;
