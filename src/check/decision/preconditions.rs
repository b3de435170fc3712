//! Preconditions: one at least for every blocker, in the state of its blocker.

use std::collections::{BTreeMap, BTreeSet};

use crate::check::Packet;
use crate::check::blockers::Blocker;
use crate::code::Code;
use crate::evidence::{Object, Value};
use crate::finding::Sink;
use crate::profile::{Key, Profile};
use crate::text::quote;

/// What the preconditions of one blocker say.
struct Said<'d> {
    at: Value<'d>,
    /// Whether each that is required and blocks execution is met; `None` where only the
    /// blocker is named.
    met: Option<Vec<bool>>,
}

/// Compares the checklist, and what the decision itself lists, with the blockers.
pub(super) fn judge<'d>(
    packet: &Packet,
    checklist: Option<Object<'d>>,
    decision: Option<Object<'d>>,
    blockers: Option<&[Blocker<'_>]>,
    out: &mut Sink,
) {
    if let Some(root) = checklist {
        let said = items(root, packet.profile(), out);
        if said.is_empty() {
            let message = "no precondition of a blocker is listed";
            out.push(root.finding(Code::PreconditionsDiffer, message, "no precondition"));
        }
        if let Some(blockers) = blockers.filter(|blockers| !blockers.is_empty()) {
            compare(root.value(), &said, blockers, out);
        }
    }
    if let Some(list) = decision.and_then(|root| root.get("preconditions")) {
        let mut said: BTreeMap<String, Said<'d>> = BTreeMap::new();
        for value in list.list(out).unwrap_or_default() {
            let at = value.as_object().map_or(Some(value), |row| row.field("blocker_id").value(out));
            let Some((at, id)) = at.and_then(|at| Some((at, at.word(out)?))) else { continue };
            if said.insert(id.to_string(), Said { at, met: None }).is_some() {
                let message = format!("the precondition {} is listed twice", quote(id.as_bytes()));
                out.push(at.finding(Code::PreconditionsDiffer, message, "again"));
            }
        }
        if let Some(blockers) = blockers.filter(|blockers| !blockers.is_empty()) {
            compare(list, &said, blockers, out);
        }
    }
}

/// The items of a checklist by blocker.
fn items<'d>(root: Object<'d>, profile: &Profile, out: &mut Sink) -> BTreeMap<String, Said<'d>> {
    let (met, unmet) = (profile.words(Key::MetStates), profile.words(Key::UnmetStates));
    let known: Vec<&String> = met.iter().chain(&unmet).collect();
    let mut ids = BTreeSet::new();
    let mut said: BTreeMap<String, Said<'d>> = BTreeMap::new();
    for row in root.field("items").objects(out).unwrap_or_default() {
        let id = row.field("id").word(out).unwrap_or_default();
        if !id.is_empty() && !ids.insert(id.to_string()) {
            let message = format!("the precondition {} is listed twice", quote(id.as_bytes()));
            out.push(row.finding(Code::PreconditionsDiffer, message, "again"));
        }
        row.field("precondition").word(out);
        let required = row.field("required").flag(out) != Some(false);
        let blocks = row.field("blocks_execution").flag(out) != Some(false);
        let state = row.field("status").one_of(&known, out);
        let is_met = state.is_some_and(|state| met.iter().any(|word| *word == state));
        let Some(at) = row.field("blocker_id").value(out) else { continue };
        if at.is_null() && is_met {
            // It was met before there was a blocker for it.
            continue;
        }
        let Some(blocker) = at.word(out) else { continue };
        let entry = said.entry(blocker.into_owned()).or_insert_with(|| Said { at, met: None });
        let met = entry.met.get_or_insert_default();
        if required && blocks {
            met.push(is_met);
        }
    }
    said
}

fn compare(list: Value<'_>, said: &BTreeMap<String, Said<'_>>, blockers: &[Blocker<'_>], out: &mut Sink) {
    let known: BTreeMap<&str, bool> = blockers.iter().map(|row| (row.id.as_str(), row.closed)).collect();
    for id in known.keys().filter(|id| !said.contains_key(**id)) {
        let message = format!("the blocker {} has no precondition", quote(id.as_bytes()));
        out.push(list.finding(Code::PreconditionsDiffer, message, "lacks a blocker"));
    }
    for (id, said) in said {
        let id_shown = quote(id.as_bytes());
        let wrong = match (known.get(id.as_str()), &said.met) {
            (None, _) => Some(format!("the precondition names {id_shown}, which is no blocker of the map")),
            (Some(true), Some(met)) if met.contains(&false) => {
                Some(format!("the blocker {id_shown} is closed, and its precondition is not met"))
            }
            (Some(false), Some(met)) if met.is_empty() => Some(format!(
                "the blocker {id_shown} is open, and none of its preconditions is required and blocks execution"
            )),
            (Some(false), Some(met)) if !met.contains(&false) => {
                Some(format!("the preconditions of {id_shown} are met, and the blocker is open"))
            }
            (Some(_), _) => None,
        };
        if let Some(message) = wrong {
            out.push(said.at.finding(Code::PreconditionsDiffer, message, "differs"));
        }
    }
}
