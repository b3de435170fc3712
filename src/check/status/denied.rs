//! What the packet says itself against a status that claims something: a proof that
//! is said not to be one, and a machine report that says how badly it ended.

use super::agree::others::is_elsewhere;
use super::endings::{says_applied, says_not_applied};
use crate::check::said::everywhere;
use crate::check::words::{any, is, last, says_failure, words};
use crate::check::{CheckError, Packet};
use crate::code::Code;
use crate::evidence::{Document, Object, Value};
use crate::finding::Sink;
use crate::profile::{Key, Profile, Role};
use crate::text::alike::squeezed;
use crate::text::quote;

/// Judges both, where the status claims what they deny.
pub(super) fn judge(packet: &Packet, status: &str, out: &mut Sink) -> Result<(), CheckError> {
    let profile = packet.profile();
    let claimed = profile.checks_claimed_by(status);
    let report = packet.document(Role::MachineReport, out)?;
    let report = report.and_then(|report| report.root().as_object());
    let applied = says_applied(status) && !says_not_applied(status);
    if applied || claimed.iter().any(|check| check == "rollback") {
        let proof = packet.document(Role::RollbackProof, out)?.map(Document::root);
        let stated = proof.and_then(|root| root.as_object()?.get("rollback_proof_status"));
        unproven(profile, stated, status, out);
        if let Some(report) = report {
            reported(profile, report, status, out);
        }
    }
    if let Some(report) = report.filter(|_| !claimed.is_empty()) {
        ended_badly(profile, report, status, out);
    }
    Ok(())
}

/// The state of a proof is none that says that nothing is proven.
fn unproven(profile: &Profile, value: Option<Value<'_>>, status: &str, out: &mut Sink) {
    let words = profile.words(Key::UnprovenStatus);
    let Some((value, said)) = value.and_then(|value| Some((value, value.as_text()?))) else { return };
    if words.iter().any(|word| word == said.trim()) {
        tell(value, &said, status, "not proven", out);
    }
}

/// The same of what the report says of the proof, wherever in it.
fn reported(profile: &Profile, report: Object<'_>, status: &str, out: &mut Sink) {
    const NAMES: [&str; 4] = ["rollbackproofstatus", "rollbackproof", "rollbackstatus", "rollback"];
    everywhere(report, &mut |name, value| {
        if NAMES.contains(&squeezed(name).as_str()) && !is_elsewhere(value) {
            unproven(profile, Some(value), status, out);
        }
    });
}

/// How the report says that the whole packet ended. What is further down is the end of
/// a part, which may be one that had to fail.
fn ended_badly(profile: &Profile, report: Object<'_>, status: &str, out: &mut Sink) {
    const WHOLE: &str = "overall final packet lane verdict result outcome";
    // A packet whose bad inputs were rejected ended well.
    const REFUSALS: &str = "rejected refused";
    let failed = profile.words(Key::FailedResults);
    for (name, value) in report.members() {
        let name = words(&name);
        if !is(last(&name), "verdict result outcome") || !name.iter().all(|word| is(word, WHOLE)) {
            continue;
        }
        let Some(said) = value.as_text() else { continue };
        let is_bad = says_failure(&said) && !any(&words(&said), REFUSALS);
        if is_bad || failed.iter().any(|word| word == said.trim()) {
            tell(value, &said, status, "ended badly", out);
        }
    }
}

fn tell(value: Value<'_>, said: &str, status: &str, label: &str, out: &mut Sink) {
    let message = format!(
        "the status is {}, and {} is {}",
        quote(status.as_bytes()),
        value.shown(),
        quote(said.as_bytes())
    );
    out.push(value.finding(Code::StatusOverclaims, message, label));
}
