//! `plan`: the steps stand in their order, nothing is published before the gate,
//! and what is forbidden was not attempted.

mod carried;
mod command;
mod order;
mod row;

use super::environment::is_forbidden_target;
use super::{Applied, Check, CheckError, Level, Meta, Packet, Sink};
use crate::code::Code;
use crate::evidence::{Document, Object, Value};
use crate::profile::{Key, Profile, Role};
use crate::text::quote;
use row::{Step, Told};

pub(super) struct PlanCheck;

static META: Meta = Meta {
    id: "plan",
    level: Level::L3,
    summary: "the steps are in order, the gate comes before any publishing, nothing forbidden was attempted",
    documents: &["plan", "rehearsal_plan"],
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
        let plans = packet.documents(Role::Plan, out)?;
        let rehearsals = packet.documents(Role::RehearsalPlan, out)?;
        let profile = packet.profile();
        let claimed = claims_a_plan(packet);
        let mut judged = 0;
        for document in &plans {
            judged += judge(profile, document, (Key::Steps, claimed), out);
        }
        for document in &rehearsals {
            judged += judge(profile, document, (Key::RehearsalSteps, false), out);
        }
        if plans.is_empty() && rehearsals.is_empty() {
            return Ok(Applied::No("no plan".into()));
        }
        if plans.is_empty() && profile.has(Key::Steps) && claimed {
            return Ok(Applied::No("the plan of a rehearsal is not that of an execution".into()));
        }
        Ok(Applied::Yes(format!("{judged} steps in order")))
    }
}

/// Whether the status of the packet is one that claims that a plan was carried out.
fn claims_a_plan(packet: &Packet) -> bool {
    // What is wrong with the report is told by other checks.
    let report = packet.document(Role::MachineReport, &mut Sink::default()).ok().flatten();
    let status = report.and_then(|report| report.root().as_object()?.get("final_status")?.as_text());
    status.is_some_and(|status| packet.profile().checks_claimed_by(&status).iter().any(|id| id == META.id))
}

/// Judges one plan by the steps that the profile has under the key, and by whether the
/// status claims that it was carried out; how many steps it has.
fn judge(profile: &Profile, document: &Document, (key, claimed): (Key, bool), out: &mut Sink) -> usize {
    let root = document.root();
    // A plan is a list of steps, or an object that has one.
    let (rows, holder) = match root.as_list() {
        Some(_) => (root.objects(out), None),
        None => match root.object(out) {
            Some(object) => (object.field("steps").objects(out), Some(object)),
            None => return 0,
        },
    };
    let forbidden = profile.words(Key::ForbiddenSteps);
    let rows = rows.unwrap_or_default();
    let steps: Vec<Step<'_>> =
        rows.into_iter().filter_map(|row| read(profile, row, &forbidden, out)).collect();
    if steps.is_empty() {
        out.push(root.finding(Code::StepMissing, "the plan has no step", "no step"));
    }
    let known = profile.rows(key);
    order::judge(profile, &known, root, &steps, out);
    if claimed {
        order::carried_out(&known, &steps, out);
    }
    let mut count = attempted(&steps, out);
    if let Some(list) = holder.and_then(|holder| holder.get("executed_steps")) {
        count += carried::judge((&known, claimed), &steps, list, out);
    }
    if let Some(holder) = holder {
        let rows = steps.iter().filter(|step| step.forbidden).map(|step| step.name.as_str());
        let names: Vec<&str> = rows.chain(forbidden.iter().map(String::as_str)).collect();
        count += carried::elsewhere(&names, holder, out);
        totals(holder, count, out);
    }
    steps.len()
}

fn read<'d>(profile: &Profile, row: Object<'d>, forbidden: &[String], out: &mut Sink) -> Option<Step<'d>> {
    let name = row.field("step").word(out)?.into_owned();
    for field in ["command", "expected_mutation", "rollback"] {
        row.field(field).word(out);
    }
    let target = row.field("target").word(out);
    let allowed = row.field("allowed").flag(out);
    let shown = quote(name.as_bytes());
    let never = forbidden.contains(&name);
    let at = |field: &str| row.get(field).unwrap_or_else(|| row.value());
    if never && allowed == Some(true) {
        let message = format!("the step {shown} is allowed, and the profile forbids it");
        out.push(at("allowed").finding(Code::ForbiddenStepAttempted, message, "must be false"));
    } else if allowed == Some(true)
        && let Some(target) = target.filter(|target| is_forbidden_target(profile, target))
    {
        let message = format!("the step {shown} is allowed on {}", quote(target.as_bytes()));
        out.push(at("target").finding(Code::ForbiddenStepAttempted, message, "a forbidden target"));
    }
    // What does not say that it is allowed is forbidden.
    let forbidden = never || allowed != Some(true);
    if !forbidden
        && let Some(value) = row.get("command")
        && let Some(text) = value.as_text().filter(|text| command::acts_on_forbidden(profile, text))
    {
        let message = format!("the step {shown} is allowed, and its command is {}", quote(text.as_bytes()));
        out.push(value.finding(Code::ForbiddenStepAttempted, message, "a forbidden target"));
    }
    let told = row::told(profile, row, forbidden, out);
    Some(Step { row, name, forbidden, told })
}

/// How many forbidden steps were attempted, by their own rows.
fn attempted(steps: &[Step<'_>], out: &mut Sink) -> u64 {
    let mut count = 0;
    for step in steps.iter().filter(|step| step.forbidden) {
        row::are_flags(step.row, out);
        let told = match step.told {
            Told::Done(value) | Told::Failed(value) => Some(value),
            Told::Nothing | Told::Undone => row::trace_of(step.row),
        };
        if let Some(value) = told {
            count += 1;
            tell(value, &step.name, out);
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
