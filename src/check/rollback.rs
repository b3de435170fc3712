//! `rollback`: every entry was changed by the apply and brought back by the
//! rollback, as its three states show; no flag is believed.

mod entry;

use std::collections::{BTreeMap, BTreeSet};

use super::words::identity;
use super::{Applied, Check, CheckError, Level, Meta, Packet, Sink, claim};
use crate::code::Code;
use crate::evidence::{Document, Object, Value};
use crate::finding::Finding;
use crate::profile::{Key, Profile, Role};
use crate::text::quote;

pub(super) use entry::Entry;

pub(super) struct RollbackCheck;

static META: Meta = Meta {
    id: "rollback",
    level: Level::L2,
    summary: "every rollback entry was changed and brought back, as its hashes show",
    documents: &["rollback_proof", "clone_rollback"],
    codes: &[
        Code::RollbackHashMissing,
        Code::RollbackApplyDidNotMutate,
        Code::RollbackNotRestored,
        Code::RollbackNotRestoredToPin,
        Code::RollbackFlagDisagrees,
        Code::RollbackRowsDisagree,
        Code::RollbackEntryTwice,
        Code::RollbackNoEntries,
        Code::RollbackEntriesDiffer,
        Code::RollbackStateNotAvailable,
        Code::ProductionRollbackClaimed,
    ],
};

impl Check for RollbackCheck {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn run(&self, packet: &Packet, out: &mut Sink) -> Result<Applied, CheckError> {
        let proof = packet.document(Role::RollbackProof, out)?;
        let clone = packet.document(Role::CloneRollback, out)?;
        let profile = packet.profile();
        let roots: Vec<Object<'_>> =
            [proof, clone].into_iter().flatten().filter_map(|document| document.root().object(out)).collect();
        if roots.is_empty() {
            return Ok(Applied::No("no rollback evidence".into()));
        }
        let claimed = proof.map_or_else(
            || !roots.iter().all(|root| says_not_performed(*root)),
            |proof| claims_a_proof(proof, profile, out),
        );
        if let Some(root) = proof.and_then(|proof| proof.root().as_object()) {
            production(root, profile, out);
        }
        let mut documents: Vec<Vec<Entry<'_>>> = Vec::new();
        for root in roots {
            if let Some(performed) = root.get("performed") {
                performed.flag(out);
            }
            if let Some(entries) = entries(root, profile, out) {
                documents.push(entries);
            }
        }
        let judged = judge(packet, claimed, &documents, out);
        if let Some(root) = proof.and_then(|proof| proof.root().as_object()) {
            // Where a state is one, it was told there.
            let is_told = documents.iter().flatten().any(Entry::has_unavailable);
            if !is_told && (claimed || !claim::nothing_was_applied(packet)) {
                not_available(root, profile, out);
            }
            // A document that claims no proof may leave it out, and not say what is not so.
            let field = root.field("staging_mutation_occurred");
            let said = if claimed { field.value(out) } else { field.optional() };
            if let Some(said) = said {
                staging(said, documents.first().map(Vec::as_slice).unwrap_or_default(), out);
            }
        }
        Ok(judged)
    }
}

fn judge(packet: &Packet, claimed: bool, documents: &[Vec<Entry<'_>>], out: &mut Sink) -> Applied {
    let mut proven = 0usize;
    let all = documents.iter().flatten();
    let any_state = all.clone().any(Entry::has_a_state);
    for entry in all {
        if claimed || entry.has_a_state() {
            proven += usize::from(entry.judge(out));
        }
    }
    unavailable(packet, claimed, documents, out);
    agree(documents, out);
    if claimed || any_state {
        // No entry at all proves nothing.
        if documents.iter().all(Vec::is_empty) && !out.fails() {
            let message = "a rollback is claimed as proven, and no document lists an entry for it";
            out.push(Finding::new(Code::RollbackNoEntries, message));
        }
        let entries: usize = documents.iter().map(Vec::len).sum();
        return Applied::Yes(format!("{proven} of {entries} recorded entries changed and brought back"));
    }
    Applied::No("the packet says that no rollback was rehearsed".into())
}

/// The document of a rehearsal that was not held says so literally.
fn says_not_performed(root: Object<'_>) -> bool {
    root.get("performed").and_then(crate::evidence::Value::as_flag) == Some(false)
}

/// Whether the document claims that rollbacks are proven. What is unknown is a claim.
fn claims_a_proof(proof: &Document, profile: &Profile, out: &mut Sink) -> bool {
    let Some(root) = proof.root().as_object() else { return true };
    let (proven, unproven) = (profile.words(Key::ProvenStatus), profile.words(Key::UnprovenStatus));
    let known: Vec<&String> = proven.iter().chain(&unproven).collect();
    let status = root.field("rollback_proof_status").one_of(&known, out);
    status.is_none_or(|status| !unproven.iter().any(|word| *word == status))
}

/// A status of the proof that stands for nothing to look at is legal where states are.
fn not_available(root: Object<'_>, profile: &Profile, out: &mut Sink) {
    let Some(value) = root.get("rollback_proof_status") else { return };
    let known = profile.words(Key::NotAvailable);
    let Some(status) = value.as_text().filter(|status| known.iter().any(|word| *word == **status)) else {
        return;
    };
    let message = format!(
        "the status of the proof is {}, and the packet does not say that nothing was applied",
        quote(status.as_bytes())
    );
    out.push(value.finding(Code::RollbackStateNotAvailable, message, "proves nothing"));
}

/// Production has no rollback here, and the document says why.
fn production(root: Object<'_>, profile: &Profile, out: &mut Sink) {
    let allowed = profile.words(Key::ProductionRollback);
    if let Some(value) = root.field("production_rollback_status").value(out)
        && let Some(status) = value.text(out)
        && !allowed.iter().any(|word| *word == status)
    {
        let message = format!(
            "a rollback in production is claimed: the status is {}, and {} is due",
            quote(status.as_bytes()),
            quote(allowed.join(" or ").as_bytes())
        );
        let finding = value.finding(Code::ProductionRollbackClaimed, message, "claims production");
        out.push(finding.reject_code("PRODUCTION_ROLLBACK_CLAIMED"));
    }
    root.field("production_rollback_reason").word(out);
}

/// The flag that something was changed in staging agrees with the states.
fn staging(value: Value<'_>, entries: &[Entry<'_>], out: &mut Sink) {
    let Some(said) = value.flag(out) else { return };
    let mutated = entries.iter().any(Entry::mutated);
    if said != mutated {
        let message =
            format!("`staging_mutation_occurred` is {said}, and the states of the entries say {mutated}");
        let finding = value.finding(Code::RollbackFlagDisagrees, message, "the states say otherwise");
        out.push(finding.reject_code("ROLLBACK_FLAG_DISAGREES:staging_mutation_occurred"));
    }
}

/// The entries of a document, none of them twice.
pub(super) fn entries<'d>(root: Object<'d>, profile: &Profile, out: &mut Sink) -> Option<Vec<Entry<'d>>> {
    let not_available = profile.words(Key::NotAvailable);
    let rows = root.field("entries").objects(out)?;
    let read: Vec<Entry<'d>> =
        rows.into_iter().filter_map(|row| Entry::read(row, &not_available, out)).collect();
    let mut seen: BTreeSet<String> = BTreeSet::new();
    for entry in &read {
        if !seen.insert(identity(entry.id())) {
            let message = format!("the entry {} is listed twice", quote(entry.id().as_bytes()));
            out.push(entry.row().finding(Code::RollbackEntryTwice, message, "again"));
        }
    }
    Some(read)
}

/// A state that nobody could look at proves nothing, and is legal only where
/// the packet says that nothing was applied.
fn unavailable(packet: &Packet, claimed: bool, documents: &[Vec<Entry<'_>>], out: &mut Sink) {
    let legal = !claimed && claim::nothing_was_applied(packet);
    for entry in documents.iter().flatten().filter(|entry| !legal && entry.has_unavailable()) {
        let message = format!(
            "a state of {} stands for nothing to look at, and the packet does not say that nothing was applied",
            quote(entry.id().as_bytes())
        );
        out.push(entry.row().finding(Code::RollbackStateNotAvailable, message, "proves nothing"));
    }
}

/// Every document that lists entries lists the same ones with the same states.
fn agree(documents: &[Vec<Entry<'_>>], out: &mut Sink) {
    let [first, second] = documents else { return };
    let by_id: BTreeMap<&str, &Entry<'_>> = second.iter().map(|entry| (entry.id(), entry)).collect();
    for entry in first {
        match by_id.get(entry.id()) {
            None => differs(entry, "is in one document only", out),
            Some(other) if !entry.same_states(other) => {
                differs(entry, "has other states in two documents", out);
            }
            Some(_) => {}
        }
    }
    let known: BTreeSet<&str> = first.iter().map(Entry::id).collect();
    for entry in second.iter().filter(|entry| !known.contains(entry.id())) {
        differs(entry, "is in one document only", out);
    }
}

fn differs(entry: &Entry<'_>, how: &str, out: &mut Sink) {
    let message = format!("the entry {} {how}", quote(entry.id().as_bytes()));
    out.push(entry.row().finding(Code::RollbackEntriesDiffer, message, "differs"));
}

#[cfg(test)]
mod tests;
