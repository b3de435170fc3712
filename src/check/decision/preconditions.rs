//! Preconditions: one at least for every blocker, in the state of its blocker.

use std::collections::{BTreeMap, BTreeSet};

use super::summed;
use crate::check::blockers::Blocker;
use crate::check::reference::{Reference, suspected, texts};
use crate::check::{CheckError, Packet, claims, words};
use crate::code::Code;
use crate::evidence::{Object, Value};
use crate::finding::Sink;
use crate::profile::Key;
use crate::text::quote;

/// What the preconditions of one blocker say.
struct Said<'d> {
    at: Value<'d>,
    /// Whether each that is required and blocks execution is met; `None` where only the
    /// blocker is named.
    met: Option<Vec<bool>>,
}

/// A checklist as it follows from its rows.
#[derive(Default)]
struct List<'d> {
    /// The rows on a blocker, by its name.
    said: BTreeMap<String, Said<'d>>,
    /// How many rows are met.
    met: u64,
    /// A row that is required is not met.
    lacks: bool,
}

/// Compares the checklist, and what the decision itself lists, with the blockers.
pub(super) fn judge<'d>(
    packet: &Packet,
    checklist: Option<Object<'d>>,
    forms: [Option<Object<'d>>; 2],
    blockers: Option<&[Blocker<'_>]>,
    out: &mut Sink,
) -> Result<(), CheckError> {
    let blockers = blockers.filter(|blockers| !blockers.is_empty());
    let mut lacks = blockers.is_some_and(|blockers| blockers.iter().any(|row| !row.closed));
    if let Some(root) = checklist {
        let list = items(packet, root, out)?;
        if list.said.is_empty() {
            let message = "no precondition of a blocker is listed";
            out.push(root.finding(Code::PreconditionsDiffer, message, "no precondition"));
        }
        if let Some(blockers) = blockers {
            compare(root.value(), &list.said, blockers, out);
        }
        lacks |= list.lacks;
        summed::of_list(root, list.met, list.lacks, out);
    }
    for form in forms.into_iter().flatten() {
        summed::of_form(form, lacks, out);
    }
    let [decision, _] = forms;
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
        if let Some(blockers) = blockers {
            compare(list, &said, blockers, out);
        }
    }
    Ok(())
}

/// The items of a checklist by blocker.
fn items<'d>(packet: &Packet, root: Object<'d>, out: &mut Sink) -> Result<List<'d>, CheckError> {
    let profile = packet.profile();
    let (met, unmet) = (profile.words(Key::MetStates), profile.words(Key::UnmetStates));
    let known: Vec<&String> = met.iter().chain(&unmet).collect();
    let mut ids = BTreeSet::new();
    let mut list = List::default();
    for row in root.field("items").objects(out).unwrap_or_default() {
        let id = row.field("id").word(out).unwrap_or_default();
        if !id.is_empty() && !ids.insert(words::identity(&id)) {
            let message = format!("the precondition {} is listed twice", quote(id.as_bytes()));
            out.push(row.finding(Code::PreconditionsDiffer, message, "again"));
        }
        row.field("precondition").word(out);
        let required = row.field("required").flag(out) != Some(false);
        let blocks = row.field("blocks_execution").flag(out) != Some(false);
        let state = row.field("status").one_of(&known, out);
        let is_met = state.is_some_and(|state| met.iter().any(|word| *word == state));
        list.met += u64::from(is_met);
        list.lacks |= required && !is_met;
        if is_met {
            evidence(packet, row, &id, out)?;
        }
        let Some(at) = row.field("blocker_id").value(out) else { continue };
        if at.is_null() && (is_met || !required) {
            // It was met before there was a blocker for it, or nothing waits for it.
            continue;
        }
        let Some(blocker) = at.word(out) else { continue };
        let entry = list.said.entry(blocker.into_owned()).or_insert_with(|| Said { at, met: None });
        let met = entry.met.get_or_insert_default();
        if required && blocks {
            met.push(is_met);
        }
    }
    Ok(list)
}

/// What a met precondition names as its evidence is there.
fn evidence(packet: &Packet, row: Object<'_>, id: &str, out: &mut Sink) -> Result<(), CheckError> {
    let Some(value) = row.get("evidence_path") else { return Ok(()) };
    let id = quote(id.as_bytes());
    if value.is_null() || value.as_text().is_some_and(|text| words::says_nothing(&text)) {
        let message = format!("the precondition {id} is met, and {} names no evidence", value.shown());
        out.push(value.finding(Code::PreconditionsDiffer, message, "names nothing"));
        return Ok(());
    }
    for (at, text) in texts(value, out) {
        let reference = Reference::of(&text);
        let Some(path) = reference.path() else { continue };
        if !claims::is_file_name(&String::from_utf8_lossy(path.as_bytes())) {
            continue;
        }
        let wrong = reference.wrong(packet);
        let wrong = wrong.map_err(|withheld| CheckError(format!("{} {withheld}", quote(path.as_bytes()))))?;
        // Revisions and places are judged where they are cited.
        let Some(wrong) = wrong.filter(|wrong| ABSENT.contains(wrong)) else { continue };
        let message = format!(
            "the evidence {} of the precondition {id}, which is met, {wrong}",
            quote(text.as_bytes())
        );
        let finding = at.finding(Code::PreconditionsDiffer, message, wrong);
        // What lies in another folder and is kept by revision may be kept elsewhere.
        let elsewhere = reference.has_revision() && !path.parent().is_root();
        out.push(if elsewhere { suspected(finding) } else { finding });
    }
    Ok(())
}

/// What a file that is no evidence is called.
const ABSENT: [&str; 3] = ["is not in the packet", "is not sealed", "is empty"];

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
