//! A choice, a signature or an authorization in the packet's other documents, under the
//! very names that the decision has for them.

use crate::check::Packet;
use crate::check::words::{DENIALS, DUE, is, says_nothing, words};
use crate::evidence::Value;
use crate::finding::Sink;
use crate::profile::{Key, Profile, Role};
use crate::text::alike::squeezed;

use super::execution;
use super::stray::{chosen, signed};

/// Documents that decide nothing and may say so.
const ROLES: [Role; 22] = [
    Role::MachineReport,
    Role::PacketManifest,
    Role::ExitCodes,
    Role::TargetLock,
    Role::RehearsalEvidence,
    Role::CloneRollback,
    Role::RollbackProof,
    Role::Probes,
    Role::ValidatorRuns,
    Role::CloneProvenance,
    Role::SchemaCompatibility,
    Role::Preflight,
    Role::ForbiddenSurfaces,
    Role::Gate,
    Role::CiUnknowns,
    Role::Blockers,
    Role::DelegationLock,
    Role::Preconditions,
    Role::Reservations,
    Role::Plan,
    Role::RehearsalPlan,
    Role::ScopeLock,
];
const LAST: [Role; 2] = [Role::Review, Role::SelfCheck];

/// Judges every other document. What says that execution is authorized is handed back:
/// it needs its grounds.
pub(super) fn judge<'a>(packet: &Packet<'a>, out: &mut Sink) -> Vec<Value<'a>> {
    let mut opened = Vec::new();
    for role in ROLES.into_iter().chain(LAST) {
        // What is wrong with a document as such is told by the check that judges it.
        for document in packet.documents(role, &mut Sink::default()).unwrap_or_default() {
            walk(document.root(), packet.profile(), &mut opened, out);
        }
    }
    opened
}

fn walk<'d>(root: Value<'d>, profile: &Profile, opened: &mut Vec<Value<'d>>, out: &mut Sink) {
    let mut work = vec![root];
    while let Some(value) = work.pop() {
        if let Some(list) = value.as_list() {
            work.extend(list);
        }
        let Some(object) = value.as_object() else { continue };
        for (name, value) in object.members() {
            match squeezed(&name).as_str() {
                "selectedoption" if !value.is_null() => chosen(value, out),
                "ownersignature" if is_signed(value, profile) => signed(value, out),
                "executionauthorizationstatus" if !is_open_to_none(value) => {
                    opened.extend((!execution::is_closed(value, profile, out)).then_some(value));
                }
                _ => work.push(value),
            }
        }
    }
}

/// Whether anything is signed: neither an unsigned state nor a word that says what is due.
fn is_signed(value: Value<'_>, profile: &Profile) -> bool {
    let Some(text) = value.as_text() else {
        return value.raw() == b"true" || value.as_object().is_some();
    };
    let unsigned = profile.words(Key::UnsignedStates);
    let words = words(&text);
    let first = words.first().map_or("", String::as_str);
    !says_nothing(&text)
        && !unsigned.iter().any(|word| squeezed(word) == squeezed(&text))
        && ![DENIALS, DUE, "unsigned to"].iter().any(|of| is(first, of))
}

fn is_open_to_none(value: Value<'_>) -> bool {
    value.is_null() || value.as_text().is_some_and(|text| says_nothing(&text))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::check::bench::{Bench, Judged};
    use crate::check::decision::DecisionCheck;
    use crate::check::{Status, governance};

    const DECISION: &str = "decision-packet.json";
    const LOCK: &str = "delegation-lock.json";
    const MAP: &str = "blocker-map.json";

    fn beside(name: &str, document: &Value) -> Judged {
        let bench = [DECISION, LOCK, MAP]
            .iter()
            .fold(Bench::new("fix7"), |bench, name| bench.json(name, &governance::document(name)));
        bench.json(name, document).judge(&DecisionCheck)
    }

    /// The decision was left open, and the report beside it had taken it.
    #[test]
    fn what_the_decision_left_open_was_decided_in_another_document() {
        let execute = json!("AUTHORIZE_PRODUCTION_EXECUTION");
        for name in ["self-check.json", "post-execution-review.json", "execution-plan.json", "manifest.json"]
        {
            beside(name, &json!({"selected_option": execute}))
                .fails_at(&["decision_selected_itself /selected_option"]);
            beside(name, &json!({"owner": [{"owner_signature": "SIGNED 2026-06-11"}]}))
                .fails_at(&["decision_signed /owner/0/owner_signature"]);
            for signature in [json!(true), json!({"by": "the owner"})] {
                beside(name, &json!({"owner_signature": signature}))
                    .fails_at(&["decision_signed /owner_signature"]);
            }
            beside(name, &json!({"execution_authorization_status": "AUTHORIZED"}))
                .fails_with("execution_not_granted");
            beside(name, &json!({"execution_authorization_status": "perhaps"}))
                .fails_with("evidence_unknown_value");
        }
        let mut map = governance::document(MAP);
        map["blockers"][0]["selectedOption"] = execute.clone();
        beside(MAP, &map).fails_at(&["decision_selected_itself /blockers/0/selectedOption"]);
        let alone = Bench::new("fix7").json("scope-lock.json", &json!({"selected_option": execute}));
        alone.judge(&DecisionCheck).fails_at(&["decision_selected_itself /selected_option"]);
        let alone =
            Bench::new("fix7").json("scope-lock.json", &json!({"execution_authorization_status": "GRANTED"}));
        alone.judge(&DecisionCheck).fails_with("execution_not_granted").mentions("no blocker map");
    }

    #[test]
    fn another_document_may_say_that_nothing_was_decided() {
        for document in [
            json!({"selected_option": null, "owner_signature": "UNSIGNED"}),
            json!({"owner_signature": "required"}),
            json!({"owner_signature": "not signed"}),
            json!({"owner_signature": "pending"}),
            json!({"owner_signature": "n/a"}),
            json!({"owner_signature": null}),
            json!({"owner_signature": false}),
            json!({"execution_authorization_status": "NOT_REQUESTED"}),
            json!({"execution_authorization_status": "n/a"}),
            json!({"execution_authorization_status": null}),
            json!({"item": "selected_option is null", "note": "owner_signature: UNSIGNED"}),
        ] {
            beside("self-check.json", &document).is_ok();
        }
        let alone = Bench::new("fix7").json("scope-lock.json", &json!({"selected_option": null}));
        alone.judge(&DecisionCheck).is(Status::NotApplied);
    }
}
