//! `runs`: what the packet recorded of its own gates agrees with what is
//! computed here. Nothing is run.

mod compare;
mod ending;
mod reach;
mod results;
mod scripts;

use std::collections::BTreeSet;

use super::{Applied, Check, CheckError, Level, Meta, Packet, Sink};
use crate::code::Code;
use crate::evidence::{Document, Object};
use crate::profile::{Key, Role};
use crate::text::quote;

pub(super) struct RunsCheck;

static META: Meta = Meta {
    id: "runs",
    level: Level::L1,
    summary: "recorded runs, trees and counts agree with what is computed here",
    documents: &["exit_codes", "commands", "rerun", "machine_report", "packet_manifest"],
    codes: &[
        Code::RecordedTreeDiffers,
        Code::RecordedCountDiffers,
        Code::RecordedExitDiffers,
        Code::RecordedRunFailed,
        Code::RecordedStepsDiffer,
        Code::RecordedScriptMissing,
        Code::RerunComparesNothing,
        Code::RecordedPacketDiffers,
    ],
};

impl Check for RunsCheck {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn run(&self, packet: &Packet, out: &mut Sink) -> Result<Applied, CheckError> {
        let exits = packet.document(Role::ExitCodes, out)?;
        let report = packet.document(Role::MachineReport, out)?;
        let mut judged = Vec::new();
        for document in [exits, report].into_iter().flatten() {
            if recorded(packet, document, out) {
                judged.push("recorded results".to_owned());
            }
        }
        if let Some(root) = exits.and_then(|exits| exits.root().object(out)) {
            let steps = steps(root, out);
            results::judge(root, steps.iter().map(|step| step.row), packet.profile(), out);
            results::is_of_this_packet(packet, root, out);
            scripts::declared(packet, root, &steps, out)?;
            judged.push(format!("{} recorded steps", steps.len()));
        }
        scripts::rerun(packet, out)?;
        judged.dedup();
        if judged.is_empty() {
            return Ok(Applied::No("no recorded runs".into()));
        }
        Ok(Applied::Yes(judged.join(", ")))
    }
}

/// One recorded step.
struct Step<'d> {
    row: Object<'d>,
    id: String,
}

fn steps<'d>(root: Object<'d>, out: &mut Sink) -> Vec<Step<'d>> {
    let rows = root.field("steps").objects(out).unwrap_or_default();
    let mut seen = BTreeSet::new();
    let mut steps = Vec::new();
    for row in rows {
        let Some(id) = row.field("id").word(out) else { continue };
        row.field("cmd").word(out);
        let expected = row.field("expected_exit").count(out);
        impossible(row, out);
        if let Some(value) = row.get("actual_exit")
            && let (Some(exit), Some(expected)) = (value.count(out), expected)
            && exit != expected
        {
            let message =
                format!("the step {} ended with {exit}, and {expected} is expected", quote(id.as_bytes()));
            out.push(value.finding(Code::RecordedExitDiffers, message, "another exit status"));
        }
        if !seen.insert(id.to_string()) {
            let message = format!("the step {} is recorded twice", quote(id.as_bytes()));
            out.push(row.finding(Code::RecordedStepsDiffer, message, "again"));
        }
        steps.push(Step { row, id: id.into_owned() });
    }
    if steps.is_empty() {
        out.push(root.finding(Code::RecordedStepsDiffer, "no step is recorded", "no step"));
    }
    steps
}

/// A step ends with one of 256 statuses, and nothing else was ever recorded by running it.
fn impossible(row: Object<'_>, out: &mut Sink) {
    for field in ["actual_exit", "expected_exit"] {
        if let Some(value) = row.get(field)
            && let Some(exit) = value.count(&mut Sink::default()).filter(|exit| *exit > u64::from(u8::MAX))
        {
            let message = format!("{} is {exit}, and no step ends with more than 255", value.shown());
            out.push(value.finding(Code::RecordedExitDiffers, message, "no exit status"));
            return;
        }
    }
}

/// Trees, counts and last lines that a document recorded; whether there were any.
fn recorded(packet: &Packet, document: &Document, out: &mut Sink) -> bool {
    let Some(root) = document.root().as_object() else { return false };
    let mut any = false;
    if let (Some(value), Some(tree)) = (root.get("packet_tree"), packet.seal.tree) {
        any = true;
        if let Some(recorded) = value.digest(out)
            && recorded != tree
        {
            let message = format!("the recorded tree is {recorded}, and the tree is {tree}");
            out.push(value.finding(Code::RecordedTreeDiffers, message, "another tree"));
        }
    }
    let sealed = packet.manifest.map_or(0, |manifest| manifest.entries.len() as u64);
    let with_seals = sealed + 1 + u64::from(packet.seal.pin.is_some());
    for (field, due) in [("file_count", with_seals), ("sealed_files", sealed), ("manifest_entries", sealed)] {
        let Some(value) = root.get(field) else { continue };
        any = true;
        if let Some(count) = value.integer(out)
            && count != due
        {
            let message = format!("`{field}` is {count}, and {due} are counted here");
            out.push(value.finding(Code::RecordedCountDiffers, message, "another number"));
        }
    }
    let good = packet.profile().words(Key::RunResults);
    for field in ["commands_sh", "rerun_sh"] {
        let Some(value) = root.get(field) else { continue };
        any = true;
        if let Some(said) = value.text(out)
            && !good.iter().any(|word| *word == said)
        {
            let message = format!("the recorded result of {field} is {}", quote(said.as_bytes()));
            out.push(value.finding(Code::RecordedRunFailed, message, "not a good result"));
        }
    }
    any
}

#[cfg(test)]
mod tests;
