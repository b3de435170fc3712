//! `rehearsal`: the four legs of a rehearsal are recorded, and what they
//! recorded shows what they claim.

use super::rollback::{Entry, entries};
use super::{Applied, Check, CheckError, Level, Meta, Packet, Sink, claim};
use crate::code::Code;
use crate::evidence::{Document, Object, Value};
use crate::profile::{Key, Role, Row};
use crate::text::quote;

pub(super) struct RehearsalCheck;

static META: Meta = Meta {
    id: "rehearsal",
    level: Level::L2,
    summary: "the read-only, transaction, snapshot and executor legs hold, on one locked clone",
    documents: &["rehearsal_evidence", "target_lock", "clone_rollback"],
    codes: &[
        Code::EntryExitDiffers,
        Code::ExecutorChanged,
        Code::RehearsalLegMissing,
        Code::RehearsalLegNotProven,
        Code::RehearsalFlagDisagrees,
        Code::RehearsalNotPerformed,
        Code::LockIdDiffers,
    ],
};

impl Check for RehearsalCheck {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn run(&self, packet: &Packet, out: &mut Sink) -> Result<Applied, CheckError> {
        let evidence = packet.document(Role::RehearsalEvidence, out)?;
        let lock = packet.document(Role::TargetLock, out)?;
        let rollback = packet.document(Role::CloneRollback, out)?;
        let Some(evidence) = evidence else {
            return Ok(Applied::No("no rehearsal evidence".into()));
        };
        let Some(root) = evidence.root().object(out) else {
            return Ok(Applied::Yes("the evidence is no object".into()));
        };
        if let Some(performed) = root.get("performed")
            && performed.flag(out) == Some(false)
        {
            return Ok(not_performed(packet, performed, out));
        }
        root.field("scope").one_of(&packet.profile().words(Key::RehearsalScope), out);
        let mut locked: Vec<&Document> = [lock, Some(evidence), rollback].into_iter().flatten().collect();
        all_locked(&locked, out);
        for role in [
            Role::RollbackProof,
            Role::Probes,
            Role::MachineReport,
            Role::ForbiddenSurfaces,
            Role::Plan,
            Role::RehearsalPlan,
        ] {
            // What is wrong with them is told by their own checks.
            locked.extend(packet.documents(role, &mut Sink::default()).unwrap_or_default());
        }
        same_lock(locked, out);
        let listed = [Some(evidence), rollback].into_iter().flatten();
        let mut rows: Vec<Entry<'_>> = Vec::new();
        for holder in listed.filter_map(|document| document.root().as_object()) {
            if holder.has("entries") {
                rows.extend(entries(holder, packet.profile(), &mut Sink::default()).unwrap_or_default());
            }
        }
        let legs = packet.profile().rows(Key::RehearsalLegs);
        let mut held = 0;
        for leg in &legs {
            held += usize::from(judge(*leg, root, &rows, out));
        }
        if legs.is_empty() {
            return Ok(Applied::No("the profile names no legs".into()));
        }
        Ok(Applied::Yes(format!("{held} of {} legs hold", legs.len())))
    }
}

/// A rehearsal that was not held is none, and the packet must say so throughout.
fn not_performed(packet: &Packet, performed: Value<'_>, out: &mut Sink) -> Applied {
    if !claim::nothing_was_applied(packet) {
        let message = "the rehearsal was not performed, and the packet does not say that nothing was applied";
        out.push(performed.finding(Code::RehearsalNotPerformed, message, "not performed"));
    }
    Applied::No("the packet says that no rehearsal was held".into())
}

/// Where one document of the rehearsal names the lock, each does.
fn all_locked(documents: &[&Document], out: &mut Sink) {
    let roots: Vec<Object<'_>> =
        documents.iter().filter_map(|document| document.root().as_object()).collect();
    if roots.iter().any(|root| root.has("lock_id")) {
        for root in roots.iter().filter(|root| !root.has("lock_id")) {
            root.field("lock_id").value(out);
        }
    }
}

/// All documents speak of one locked clone.
fn same_lock(documents: Vec<&Document>, out: &mut Sink) {
    let ids = documents.into_iter().filter_map(|document| {
        let value = document.root().as_object()?.get("lock_id")?;
        Some((value, value.as_text()))
    });
    let mut first: Option<Value<'_>> = None;
    for (value, text) in ids {
        let Some(text) = text.filter(|text| !text.trim().is_empty()) else {
            value.word(out);
            continue;
        };
        match first {
            None => first = Some(value),
            Some(other) if other.as_text().as_deref() == Some(&*text) => {}
            Some(other) => {
                let message = format!(
                    "the lock is {} here and {} in {}",
                    quote(text.as_bytes()),
                    quote(other.as_text().unwrap_or_default().as_bytes()),
                    quote(other.document().path().as_bytes())
                );
                out.push(value.finding(Code::LockIdDiffers, message, "another lock"));
            }
        }
    }
}

/// Judges one leg; `true` when it holds.
fn judge(leg: Row<'_>, root: Object<'_>, rows: &[Entry<'_>], out: &mut Sink) -> bool {
    match leg.word("kind") {
        Some("invariant") => {
            let fields = ["hash_in", "hash_out", "entry_equals_exit"];
            pair(
                leg,
                root,
                fields,
                Code::EntryExitDiffers,
                "the clone after reading is not the clone before",
                out,
            )
        }
        Some("executor") => {
            let fields = ["before_sha256", "after_sha256", "unchanged"];
            pair(
                leg,
                root,
                fields,
                Code::ExecutorChanged,
                "the executor after the rehearsal has other bytes",
                out,
            )
        }
        _ => entry(leg, root, rows, out),
    }
}

fn missing(leg: Row<'_>, root: Object<'_>, what: &str, out: &mut Sink) -> bool {
    let name = leg.word("name").unwrap_or_default();
    let message = format!("the {name} leg is not recorded: there is no {}", quote(what.as_bytes()));
    out.push(root.finding(Code::RehearsalLegMissing, message, "lacks a leg"));
    false
}

/// Two digests that must be equal, and a flag that must say so.
fn pair(
    leg: Row<'_>,
    root: Object<'_>,
    [before, after, flag]: [&str; 3],
    code: Code,
    differs: &str,
    out: &mut Sink,
) -> bool {
    let names = leg.words("fields");
    let Some(value) = names.iter().find_map(|name| root.get(name)) else {
        return missing(leg, root, names.first().map_or("", String::as_str), out);
    };
    let Some(object) = value.object(out) else { return false };
    let digests = (object.field(before).digest(out), object.field(after).digest(out));
    let said = object.field(flag).flag(out);
    let (Some(one), Some(other)) = digests else { return false };
    if one != other {
        let at = object.get(after).unwrap_or(value);
        out.push(at.finding(code, format!("{differs}: {one} became {other}"), "differs"));
    }
    if said.is_some_and(|said| said != (one == other)) {
        let message = format!("`{flag}` is {}, and the digests say {}", one != other, one == other);
        let at = object.get(flag).unwrap_or(value);
        out.push(at.finding(Code::RehearsalFlagDisagrees, message, "the digests say otherwise"));
    }
    one == other && said == Some(true)
}

/// A leg that changes the clone has its entry, and the entry proves it.
fn entry(leg: Row<'_>, root: Object<'_>, rows: &[Entry<'_>], out: &mut Sink) -> bool {
    let id = leg.word("entry").unwrap_or_default();
    let of_leg: Vec<&Entry<'_>> = rows.iter().filter(|row| row.id() == id).collect();
    if of_leg.is_empty() {
        return missing(leg, root, id, out);
    }
    let bad = of_leg.iter().find(|row| !(row.mutated() && row.is_restored()));
    if let Some(bad) = bad {
        let message = format!(
            "the entry {} does not show that the clone was changed and brought back",
            quote(id.as_bytes())
        );
        out.push(bad.row().finding(Code::RehearsalLegNotProven, message, "proves nothing"));
    }
    bad.is_none()
}

#[cfg(test)]
mod tests;
