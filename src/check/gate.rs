//! `gate`: a gate that is described as designed is wired to nothing, was not
//! triggered, and resolves no blocker; what is unknown of continuous integration
//! stays open.

mod beside;

use super::blockers::read;
use super::reference::Reference;
use super::words::{any, says_nothing, words};
use super::{Applied, Check, CheckError, Level, Meta, Packet, Sink};
use crate::code::Code;
use crate::evidence::{Document, Object, Value};
use crate::profile::{Key, Profile, Role};
use crate::text::quote;

pub(super) struct GateCheck;

static META: Meta = Meta {
    id: "gate",
    level: Level::L3,
    summary: "a designed gate is not wired, not triggered and resolves no blocker by itself",
    documents: &["gate", "ci_unknowns", "blockers"],
    codes: &[
        Code::GateWiredToProduction,
        Code::GateTriggered,
        Code::GateResolvesBlocker,
        Code::CiReadLive,
        Code::CiUnknownClosed,
    ],
};

const UNKNOWNS: &str = "table_B_ci_unknown_resolution";
const OTHERS: &str = "other_ci_surfaces_classification";

impl Check for GateCheck {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn run(&self, packet: &Packet, out: &mut Sink) -> Result<Applied, CheckError> {
        let gate = packet.document(Role::Gate, out)?;
        let unknowns = packet.document(Role::CiUnknowns, out)?;
        let mut judged = Vec::new();
        if let Some(gate) = gate
            && let Some(root) = gate.root().object(out)
        {
            designed(root, packet.profile(), out);
            resolves_nothing(packet, gate, out)?;
            judged.push("a designed gate".to_owned());
        }
        if let Some(root) = unknowns.and_then(|unknowns| unknowns.root().object(out)) {
            let live = "a live system was contacted";
            root.field("live_system_contact").must_be(false, Code::CiReadLive, live, out);
            let rows = root.field(UNKNOWNS).objects(out).unwrap_or_default();
            for row in &rows {
                unknown(*row, packet.profile(), out);
            }
            for row in root.get(OTHERS).and_then(|rows| rows.objects(out)).unwrap_or_default() {
                row.field("surface").word(out);
                if let Some(value) = row.field("status").value(out) {
                    beside::surface(value, out);
                }
            }
            if !rows.is_empty() {
                judged.push(format!("{} unknowns", rows.len()));
            }
        }
        if judged.is_empty() {
            return Ok(Applied::No("no design of a gate and no list of unknowns".into()));
        }
        Ok(Applied::Yes(judged.join(" and ")))
    }
}

/// The design itself says that it is no more than one.
fn designed(root: Object<'_>, profile: &Profile, out: &mut Sink) {
    root.field("status").one_of(&profile.words(Key::GateStates), out);
    let wired = "the gate is described as designed and is wired to production";
    root.field("wired_to_production").must_be(false, Code::GateWiredToProduction, wired, out);
    let triggered = "the gate is described as designed and was triggered";
    root.field("triggered").must_be(false, Code::GateTriggered, triggered, out);
    beside::judge(root, out);
    let Some(value) = root.field("resolves_blockers").value(out) else { return };
    // A list of those it resolves, or whether it does.
    let resolves = match value.as_flag() {
        Some(flag) => flag,
        None => value.list(out).is_some_and(|list| !list.is_empty()),
    };
    if resolves {
        let message = "the design of a gate is said to resolve blockers";
        out.push(value.finding(Code::GateResolvesBlocker, message, "resolves none"));
    }
}

/// No blocker is closed on the evidence of the design alone.
fn resolves_nothing(packet: &Packet, gate: &Document, out: &mut Sink) -> Result<(), CheckError> {
    let Some(map) = packet.document(Role::Blockers, out)? else { return Ok(()) };
    let Some(root) = map.root().as_object() else { return Ok(()) };
    // What is wrong with the map is told by the check that judges it.
    for row in read(root, packet.profile(), &mut Sink::default()).iter().filter(|row| row.closed) {
        for field in ["evidence", "closed_by"] {
            let Some(value) = row.at.get(field) else { continue };
            if names_only(value, gate) {
                let message = format!(
                    "the blocker {} is closed on nothing but the design {}",
                    quote(row.id.as_bytes()),
                    quote(gate.path().as_bytes())
                );
                out.push(value.finding(Code::GateResolvesBlocker, message, "a design"));
            }
        }
    }
    Ok(())
}

/// Whether a text, or every text of a list, is the document's name, with or
/// without a revision or a place behind it.
fn names_only(value: Value<'_>, document: &Document) -> bool {
    let is_it = |value: Value<'_>| {
        value.as_text().is_some_and(|text| Reference::of(&text).path().as_ref() == Some(document.path()))
    };
    match value.as_list() {
        Some(list) => !list.is_empty() && list.into_iter().all(is_it),
        None => is_it(value),
    }
}

/// What is unknown, or was not looked at, is open and says whose input it needs.
fn unknown(row: Object<'_>, profile: &Profile, out: &mut Sink) {
    let name = row.field("unknown_item").word(out).unwrap_or_default();
    let possible = row.field("read_only_check_possible").flag(out);
    let performed = row.field("read_only_check_performed").flag(out);
    let result = row.field("result").word(out);
    let (open, closed) = (profile.words(Key::OpenStates), profile.words(Key::ClosedStates));
    let known: Vec<&String> = open.iter().chain(&closed).collect();
    let Some(value) = row.field("blocker_status").value(out) else { return };
    let Some(said) = value.one_of(&known, out) else { return };
    let unsettled = possible != Some(true)
        || performed != Some(true)
        || result.is_none_or(|result| is_unsettled(&result));
    if closed.iter().any(|word| *word == said) {
        if unsettled {
            let message = format!(
                "{} is unknown or was not looked at, and its blocker is {}",
                quote(name.as_bytes()),
                quote(said.as_bytes())
            );
            out.push(value.finding(Code::CiUnknownClosed, message, "must be open"));
        }
    } else {
        row.field("actor_needed").word(out);
        row.field("exact_input_needed").word(out);
    }
}

/// Whether a result says that something is not known. Who found out says what it is
/// without such a word, or that it is so no longer.
fn is_unsettled(result: &str) -> bool {
    const UNSETTLED: &str = "\
        unknown unclear undetermined unresolved unverified unconfirmed uncertain undecided pending \
        inconclusive tbd tbc";
    let said = words(result);
    let pair = |one: &str, others: &[&str]| {
        said.windows(2).any(|pair| matches!(pair, [a, b] if a == one && others.contains(&&**b)))
    };
    says_nothing(result)
        || any(&said, UNSETTLED) && !pair("no", &["longer"])
        || pair("not", &["known", "checked", "clear", "determined"])
}

#[cfg(test)]
mod tests;
