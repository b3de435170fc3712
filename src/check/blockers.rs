//! `blockers`: what keeps production closed is all there, in a state that
//! follows, with somebody who is due to act.

mod closing;
mod row;
mod sums;

use std::collections::{BTreeMap, BTreeSet};

use super::predecessor::quietly;
use super::{Applied, Check, CheckError, Level, Meta, Packet, Sink};
use crate::code::Code;
use crate::evidence::Object;
use crate::finding::Finding;
use crate::profile::{Key, Role};
use crate::text::quote;

pub(super) use row::{Blocker, read};

pub(super) struct BlockersCheck;

static META: Meta = Meta {
    id: "blockers",
    level: Level::L3,
    summary: "no blocker is dropped, open ones are counted and assigned, and closing one is seen",
    documents: &["blockers", "machine_report"],
    codes: &[
        Code::BlockerDropped,
        Code::OpenCountDiffers,
        Code::BlockerTwice,
        Code::BlockerUnassigned,
        Code::BlockerStateDisagrees,
        Code::NewlyClosedDiffers,
        Code::BlockerClosedUnproven,
    ],
};

impl Check for BlockersCheck {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn run(&self, packet: &Packet, out: &mut Sink) -> Result<Applied, CheckError> {
        let report = packet.document(Role::MachineReport, out)?;
        let Some(document) = packet.document(Role::Blockers, out)? else {
            return Ok(vanished(packet, out));
        };
        let Some(root) = document.root().object(out) else {
            return Ok(Applied::Yes("the map is no object".into()));
        };
        let rows = read(root, packet.profile(), out);
        once(&rows, out);
        let due = packet.profile().words(Key::Blockers);
        let listed: BTreeSet<&str> = rows.iter().map(|row| row.id.as_str()).collect();
        for id in due.iter().filter(|id| !listed.contains(id.as_str())) {
            dropped(root, id, "which the configuration names", out);
        }
        for row in rows.iter().filter(|row| !row.closed) {
            row.is_assigned(out);
        }
        sums::of_map(root, &rows, packet.profile(), out);
        // What is wrong with the decision as a document is told by the check that judges it.
        let decision = packet.document(Role::Decision, &mut Sink::default()).ok().flatten();
        for report in [report, decision].into_iter().flatten().filter_map(|found| found.root().as_object()) {
            sums::of_report(report, &rows, packet.profile(), out);
        }
        let before = before(packet)?;
        if let Some(before) = &before {
            for id in before.keys().filter(|id| !listed.contains(id.as_str())) {
                dropped(root, id, "which the predecessor lists", out);
            }
        }
        let closed_now = newly_closed(root, &rows, before.as_ref(), out);
        for row in rows.iter().filter(|row| row.closed) {
            closing::judge(packet, document, row, closed_now.contains(row.id.as_str()), out)?;
        }
        if rows.is_empty() {
            return Ok(Applied::No("the map lists no blocker".into()));
        }
        Ok(Applied::Yes(format!("{} blockers, {} of them open", rows.len(), open(&rows))))
    }
}

/// Without a map every blocker of the predecessor is gone. A predecessor that is
/// no evidence was told of, and stops the run.
fn vanished(packet: &Packet, out: &mut Sink) -> Applied {
    let before = before(packet).unwrap_or_default().unwrap_or_default();
    if before.is_empty() {
        return Applied::No("no blocker map".into());
    }
    for id in before.keys() {
        let message = format!(
            "the blocker {}, which the predecessor lists, is gone: the packet has no blocker map",
            quote(id.as_bytes())
        );
        out.push(Finding::new(Code::BlockerDropped, message));
    }
    Applied::Yes("the predecessor's map is gone".into())
}

fn open(rows: &[Blocker<'_>]) -> usize {
    rows.iter().filter(|row| !row.closed).count()
}

fn dropped(root: Object<'_>, id: &str, why: &str, out: &mut Sink) {
    let message = format!("the blocker {}, {why}, is not in the map", quote(id.as_bytes()));
    out.push(root.finding(Code::BlockerDropped, message, "lacks a blocker"));
}

fn once(rows: &[Blocker<'_>], out: &mut Sink) {
    let mut seen = BTreeSet::new();
    for row in rows {
        // One that differs in case, blanks or dashes only is read as the same.
        let folded: String =
            row.id.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
        if !seen.insert(folded) {
            let message = format!("the blocker {} is listed twice", quote(row.id.as_bytes()));
            out.push(row.at.finding(Code::BlockerTwice, message, "again"));
        }
    }
}

/// The blockers of the predecessor, each with whether it was closed.
fn before(packet: &Packet) -> Result<Option<BTreeMap<String, bool>>, CheckError> {
    let Some(before) = packet.before()? else { return Ok(None) };
    let Some(document) = before.document(Role::Blockers)? else { return Ok(None) };
    let rows = quietly(Role::Blockers, |out| {
        let root = document.root().object(out);
        root.map(|root| read(root, before.shelf.profile(), out)).unwrap_or_default()
    })?;
    Ok(Some(rows.into_iter().map(|row| (row.id, row.closed)).collect()))
}

/// What is said to be newly closed is closed, was open before, and is all of it.
/// Gives whatever was closed since, said or not.
fn newly_closed(
    root: Object<'_>,
    rows: &[Blocker<'_>],
    before: Option<&BTreeMap<String, bool>>,
    out: &mut Sink,
) -> BTreeSet<String> {
    let now: BTreeMap<&str, bool> = rows.iter().map(|row| (row.id.as_str(), row.closed)).collect();
    let mut said = BTreeSet::new();
    let values = root.get("newly_closed").and_then(|value| value.list(out)).unwrap_or_default();
    for value in values {
        // An identifier, or a row with one.
        let id = match value.as_object() {
            Some(row) => row.field("id").word(out),
            None => value.word(out),
        };
        let Some(id) = id else { continue };
        let wrong = if !said.insert(id.to_string()) {
            Some("is listed as newly closed twice")
        } else if now.get(&*id) != Some(&true) {
            Some("is said to be newly closed, and the map does not have it closed")
        } else {
            match before.map(|before| before.get(&*id)) {
                Some(Some(true)) => Some("is said to be newly closed, and was closed in the predecessor"),
                Some(None) => Some("is said to be newly closed, and the predecessor does not know it"),
                Some(Some(false)) | None => None,
            }
        };
        if let Some(wrong) = wrong {
            let message = format!("the blocker {} {wrong}", quote(id.as_bytes()));
            out.push(value.finding(Code::NewlyClosedDiffers, message, "does not follow"));
        }
    }
    let unsaid: Vec<&Blocker<'_>> = rows.iter().filter(|row| row.closed && !said.contains(&row.id)).collect();
    for row in unsaid {
        let was_open = before.is_some_and(|before| before.get(&row.id) != Some(&true));
        if row.closed_here || was_open {
            let message =
                format!("the blocker {} was closed and is not in `newly_closed`", quote(row.id.as_bytes()));
            out.push(row.at.finding(Code::NewlyClosedDiffers, message, "closed unseen"));
            said.insert(row.id.clone());
        }
    }
    said
}

#[cfg(test)]
mod tests;
