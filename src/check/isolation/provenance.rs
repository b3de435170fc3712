//! Where clones come from, and which of them may be used.

use std::collections::BTreeSet;

use super::otherwise;
use crate::check::{CheckError, Packet};
use crate::code::Code;
use crate::evidence::{Object, Value};
use crate::finding::Sink;
use crate::profile::{Key, Role};
use crate::text::quote;

const TABLE: &str = "table_A_clone_provenance";

/// A cell that is a boolean or one of the words that may stand for one.
fn cell(row: Object<'_>, field: &str, words: &[String], out: &mut Sink) -> Option<bool> {
    let value = row.field(field).value(out)?;
    if let Some(flag) = value.as_flag() {
        return Some(flag);
    }
    if value.as_text().is_some() {
        value.one_of(words, out);
    } else {
        value.flag(out);
    }
    None
}

fn is_usable(row: Object<'_>) -> bool {
    let flag = |field: &str| row.get(field).and_then(Value::as_flag) == Some(true);
    flag("present") && flag("allowed")
}

/// Whether the packet lists a clone that is there and may be used; `None` when
/// it lists none at all.
pub(in crate::check) fn has_usable_clone(packet: &Packet) -> Result<Option<bool>, CheckError> {
    let mut quiet = Sink::default();
    let document = packet.document(Role::CloneProvenance, &mut quiet)?;
    let rows = document.and_then(|document| document.root().as_object()?.get(TABLE)?.as_list());
    Ok(rows.map(|rows| rows.iter().filter_map(|row| row.as_object()).any(is_usable)))
}

/// Judges the table of candidates; returns how many there are.
pub(super) fn judge(packet: &Packet, root: Object<'_>, out: &mut Sink) -> Result<usize, CheckError> {
    let words = packet.profile().words(Key::CloneValues);
    let rows = root.field(TABLE).objects(out).unwrap_or_default();
    let mut names = BTreeSet::new();
    for row in &rows {
        let Some(name) = row.field("candidate_clone").word(out) else { continue };
        row.field("source").word(out);
        let shown = quote(name.as_bytes());
        if !names.insert(name.to_string()) {
            let message = format!("the candidate {shown} is listed twice");
            out.push(row.finding(Code::CloneVerdictDiffers, message, "again"));
        }
        let shaped = cell(*row, "production_shaped", &words, out);
        let isolated = cell(*row, "isolated", &words, out);
        let secrets = cell(*row, "contains_secrets", &words, out);
        let allowed = cell(*row, "allowed", &words, out);
        let present = cell(*row, "present", &words, out);
        if allowed == Some(true) && present == Some(true) {
            if shaped != Some(true) {
                let message =
                    format!("the clone {shown} is there and allowed, and not shown to be production-shaped");
                let at = row.get("production_shaped").unwrap_or_else(|| row.value());
                out.push(at.finding(Code::CloneVerdictDiffers, message, "must be true"));
            }
            otherwise::row(*row, &shown, packet.profile(), out);
            if isolated != Some(true) {
                let message = format!("the clone {shown} is there and allowed, and not shown to be isolated");
                let at = row.get("isolated").unwrap_or_else(|| row.value());
                out.push(at.finding(Code::TargetNotIsolated, message, "must be true"));
            }
            if secrets != Some(false) {
                let message =
                    format!("the clone {shown} is there and allowed, and not shown to be free of secrets");
                let at = row.get("contains_secrets").unwrap_or_else(|| row.value());
                out.push(at.finding(Code::CloneContainsSecrets, message, "must be false"));
            }
        }
    }
    if rows.is_empty() {
        let message = "no candidate is listed";
        out.push(root.finding(Code::CloneVerdictDiffers, message, "no candidate"));
    }
    let usable = rows.iter().any(|row| is_usable(*row));
    if usable {
        otherwise::table(root, TABLE, out);
    }
    verdict(packet, root, usable, out)?;
    Ok(rows.len())
}

/// The verdict says what the table says, and no rehearsal is claimed without a clone.
fn verdict(packet: &Packet, root: Object<'_>, usable: bool, out: &mut Sink) -> Result<(), CheckError> {
    let profile = packet.profile();
    let (none, some) = (profile.words(Key::NoCloneVerdicts), profile.words(Key::CloneVerdicts));
    let known: Vec<&String> = none.iter().chain(&some).collect();
    let Some(value) = root.field("verdict").value(out) else { return Ok(()) };
    let Some(verdict) = value.one_of(&known, out) else { return Ok(()) };
    let says_none = none.iter().any(|word| *word == verdict);
    let mut told = |message: &str| out.push(value.finding(Code::CloneVerdictDiffers, message, "differs"));
    if says_none && usable {
        told("the verdict says that there is no clone, and the table has one that is there and allowed");
    }
    if !says_none && !usable {
        told("the verdict says that a clone may be used, and the table has none that is there and allowed");
    }
    if says_none && rehearsal_is_claimed(packet)? {
        told("the verdict says that there is no clone, and the packet claims a rehearsal on one");
    }
    Ok(())
}

fn rehearsal_is_claimed(packet: &Packet) -> Result<bool, CheckError> {
    let mut quiet = Sink::default();
    let evidence = packet.document(Role::RehearsalEvidence, &mut quiet)?;
    let performed = evidence.map(|document| {
        let root = document.root().as_object();
        root.and_then(|root| root.get("performed")).and_then(Value::as_flag) != Some(false)
    });
    let proof = packet.document(Role::RollbackProof, &mut quiet)?;
    let status = proof.and_then(|proof| proof.root().as_object()?.get("rollback_proof_status")?.as_text());
    let proven = status
        .is_some_and(|status| packet.profile().words(Key::ProvenStatus).iter().any(|word| *word == status));
    Ok(performed.unwrap_or(false) || proven)
}
