//! What the ending of a status needs of the states that are recorded.

use super::agree::others;
use crate::check::rollback::{Entry, entries};
use crate::check::said::{Said, everywhere, says};
use crate::check::{CheckError, Packet};
use crate::code::Code;
use crate::evidence::{Document, Value};
use crate::finding::Sink;
use crate::profile::{Key, Role};
use crate::text::quote;

/// Whether the status says that nothing was applied. `…_APPLIED` alone says the
/// opposite, and a status that begins with a good word is not better for it.
pub(super) fn says_not_applied(status: &str) -> bool {
    status == "NOT_APPLIED" || status.ends_with("_NOT_APPLIED")
}

/// Whether a status that does not say that says that something was applied.
pub(super) fn says_applied(status: &str) -> bool {
    status == "APPLIED" || status.ends_with("_APPLIED")
}

pub(super) fn judge(
    packet: &Packet,
    value: Value<'_>,
    status: &str,
    out: &mut Sink,
) -> Result<(), CheckError> {
    let proof = packet.document(Role::RollbackProof, out)?;
    let clone = packet.document(Role::CloneRollback, out)?;
    let evidence = packet.document(Role::RehearsalEvidence, out)?;
    let listed: Vec<(&Document, Vec<Entry<'_>>)> = [proof, clone, evidence]
        .into_iter()
        .flatten()
        .filter_map(|document| {
            let root = document.root().as_object().filter(|root| root.has("entries"))?;
            // What is wrong with an entry itself is told by the checks that judge it.
            Some((document, entries(root, packet.profile(), &mut Sink::default()).unwrap_or_default()))
        })
        .collect();
    if says_not_applied(status) {
        for document in [clone, evidence].into_iter().flatten() {
            not_performed(document, status, out);
        }
        for entry in listed.iter().flat_map(|(_, entries)| entries) {
            untouched(entry, status, out);
        }
        unproven(packet, proof, status, out);
        if clone.is_none() && evidence.is_none() && packet.document(Role::CloneProvenance, out)?.is_some() {
            let message = format!(
                "the status is {}, and no document of the rehearsal says that it was not performed",
                quote(status.as_bytes())
            );
            let help = "add the evidence of the clone's rollback, with `performed` false";
            out.push(value.finding(Code::StatusOverclaims, message, "nothing says so").help(help));
        }
        if let Some(report) = packet.document(Role::MachineReport, out)? {
            proven_elsewhere(packet, report, status, out);
        }
        return Ok(());
    }
    for (document, entries) in &listed {
        not_held(document, entries, out);
    }
    if says_applied(status) {
        let proven = |entry: &Entry<'_>| entry.mutated() && entry.is_restored();
        let any = proof.and_then(|proof| listed.iter().find(|(document, _)| std::ptr::eq(*document, proof)));
        if !any.is_some_and(|(_, entries)| entries.iter().any(proven)) {
            let message = format!(
                "the status is {}, and no entry proves a mutation and its way back",
                quote(status.as_bytes())
            );
            out.push(value.finding(Code::StatusOverclaims, message, "nothing is proven"));
        }
    }
    Ok(())
}

/// Where nothing was applied, an entry says so in each of its states and in its flags.
fn untouched(entry: &Entry<'_>, status: &str, out: &mut Sink) {
    let (shown, id) = (quote(status.as_bytes()), quote(entry.id().as_bytes()));
    if !entry.is_unavailable() {
        let what = if entry.has_a_state() { "has states" } else { "leaves states open" };
        let message = format!("the status is {shown}, and the entry {id} {what}");
        out.push(entry.row().finding(Code::StatusContradicted, message, "not `N/A` throughout"));
    }
    if let Some(value) = entry.claim() {
        let message = format!("the status is {shown}, and {} of the entry {id} is true", value.shown());
        out.push(value.finding(Code::StatusContradicted, message, "must be false"));
    }
}

/// A document of what was not performed shows no states.
fn not_held(document: &Document, entries: &[Entry<'_>], out: &mut Sink) {
    let performed = document.root().as_object().and_then(|root| root.get("performed"));
    let Some(value) = performed.filter(|value| value.raw() == b"false") else { return };
    if let Some(entry) = entries.iter().find(|entry| entry.has_a_state()) {
        let message =
            format!("`performed` is false, and the entry {} has states", quote(entry.id().as_bytes()));
        out.push(value.finding(Code::StatusContradicted, message, "something was performed"));
    }
}

/// The document of what was not applied says so literally.
fn not_performed(document: &Document, status: &str, out: &mut Sink) {
    let Some(root) = document.root().as_object() else { return };
    let Some(value) = root.field("performed").value(out) else { return };
    if value.flag(out) == Some(true) {
        let message = format!("the status is {}, and `performed` is true", quote(status.as_bytes()));
        out.push(value.finding(Code::StatusContradicted, message, "must be false"));
    }
}

/// The machine report claims a proof, wherever in it, where nothing was applied.
fn proven_elsewhere(packet: &Packet, report: &Document, status: &str, out: &mut Sink) {
    let proven = packet.profile().words(Key::ProvenStatus);
    let Some(root) = report.root().as_object() else { return };
    everywhere(root, &mut |_, value| {
        let Some(said) = value.as_text().filter(|said| proven.iter().any(|word| *word == **said)) else {
            return;
        };
        if !others::is_elsewhere(value) {
            let message = format!(
                "the status is {}, and {} is {}",
                quote(status.as_bytes()),
                value.shown(),
                quote(said.as_bytes())
            );
            out.push(value.finding(Code::StatusContradicted, message, "nothing was applied"));
        }
    });
}

/// A proof is claimed where nothing was applied.
fn unproven(packet: &Packet, proof: Option<&Document>, status: &str, out: &mut Sink) {
    let Some(root) = proof.and_then(|proof| proof.root().as_object()) else { return };
    if let Some(value) = root.get("staging_mutation_occurred").filter(|value| says(*value) == Said::Yes) {
        let message =
            format!("the status is {}, and `staging_mutation_occurred` is true", quote(status.as_bytes()));
        out.push(value.finding(Code::StatusContradicted, message, "must be false"));
    }
    let Some(value) = root.get("rollback_proof_status") else { return };
    let proven = packet.profile().words(Key::ProvenStatus);
    if let Some(said) = value.as_text().filter(|said| proven.iter().any(|word| *word == **said)) {
        let message = format!(
            "the status is {}, and the rollback is said to be {}",
            quote(status.as_bytes()),
            quote(said.as_bytes())
        );
        out.push(value.finding(Code::StatusContradicted, message, "nothing was applied"));
    }
}
