//! The mutations that were made, as each document records them.

use std::collections::BTreeSet;

use crate::check::{CheckError, Packet};
use crate::code::Code;
use crate::evidence::Value;
use crate::finding::Sink;
use crate::path::BytePath;
use crate::profile::Role;
use crate::text::quote;

/// One mutation.
pub(super) struct Made<'d> {
    pub(super) target: String,
    pub(super) at: Value<'d>,
}

/// Every mutation that the proof of rollbacks and the machine report record.
pub(super) fn all<'a>(packet: &Packet<'a>, out: &mut Sink) -> Result<Vec<Made<'a>>, CheckError> {
    let mut made = Vec::new();
    if let Some(proof) = packet.document(Role::RollbackProof, out)?
        && let Some(root) = proof.root().as_object()
        && let Some(rows) = root.get("entries").and_then(Value::as_list)
    {
        for row in rows.into_iter().filter_map(Value::as_object) {
            // An entry without a target is told by its surface: unnamed is out of scope.
            let named = row.get("target").or_else(|| row.get("surface")).or_else(|| row.get("id"));
            let Some(value) = named else { continue };
            if let Some(target) = value.word(out) {
                made.push(Made { target: target.trim().to_owned(), at: value });
            }
        }
    }
    if let Some(report) = packet.document(Role::MachineReport, out)?
        && let Some(root) = report.root().as_object()
        && let Some(list) = root.get("mutations").and_then(|value| value.list(out))
    {
        for item in list {
            let value = match item.as_object() {
                Some(object) => object.field("target").value(out),
                None => Some(item),
            };
            if let Some(value) = value
                && let Some(target) = value.word(out)
            {
                made.push(Made { target: target.trim().to_owned(), at: value });
            }
        }
    }
    Ok(made)
}

/// Every document that records mutations records the same ones, none of them twice.
pub(super) fn agree(made: &[Made<'_>], out: &mut Sink) {
    let of = |one: &Made<'_>| one.at.document().path().clone();
    let documents: BTreeSet<BytePath> = made.iter().map(of).collect();
    for document in &documents {
        let mut seen = BTreeSet::new();
        for one in made.iter().filter(|one| one.at.document().path() == document) {
            if !seen.insert(one.target.as_str()) {
                let message = format!("the mutation {} is recorded twice", quote(one.target.as_bytes()));
                out.push(one.at.finding(Code::MutationsDiffer, message, "again"));
            }
        }
        for one in made.iter().filter(|one| one.at.document().path() != document) {
            if !seen.contains(one.target.as_str()) {
                let message = format!(
                    "the mutation {} is recorded here and not in {}",
                    quote(one.target.as_bytes()),
                    quote(document.as_bytes())
                );
                out.push(one.at.finding(Code::MutationsDiffer, message, "in one document only"));
            }
        }
    }
}
