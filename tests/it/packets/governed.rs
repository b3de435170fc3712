//! One bad packet for each code of the checks on governance.

use serde_json::{Value, json};

use super::cases::{Case, case};
use super::{Sample, clone_and_gate, documents as d, governance};

const README: &str = "README.md";
const REPORT: &str = "machine-report.json";
const SURFACES: &str = "forbidden-surface-proof.json";
const LOG: &str = "tool-call-log.json";
const GATE: &str = "ci-gate-design.json";
const UNKNOWNS: &str = "ci-unknown-resolution.json";
const MAP: &str = "blocker-map.json";
const DECISION: &str = "decision-packet.json";
const OWNER: &str = "owner-decision-template.json";
const LOCK: &str = "delegation-lock.json";
const CHECKLIST: &str = "precondition-checklist.json";
const RESERVATIONS: &str = "reservation-addendum.json";
const PINS: &str = "preflight.json";
const VALIDATOR: &str = "hardened-validator.py";

/// A packet with every document of governance, reduced to these.
fn packet(names: &[&str]) -> Sample {
    let mut sample = clone_and_gate();
    for name in [SURFACES, LOG, OWNER, LOCK, CHECKLIST, RESERVATIONS] {
        sample.json(name, &governance::document(name));
    }
    let delegation = json!("AUTHORIZE_PRODUCTION_SHAPED_CLONE_REHEARSAL_ONLY");
    sample.set(LOCK, "/table_A/0/decision", delegation);
    sample.json(PINS, &d::preflight());
    // There are fewer files than the whole packet has.
    sample.take(REPORT, "/file_count");
    sample.only(names)
}

pub(super) fn cases() -> [Vec<Case>; 6] {
    [preflight(), surfaces(), gate(), blockers(), decision(), reservations()]
}

fn preflight() -> Vec<Case> {
    let pinned = || packet(&[README, PINS, VALIDATOR, "validator-runs.json"]);
    let of = |code, packet, spoil: fn(&mut Sample)| case("preflight", code, packet, spoil);
    let report = || packet(&[README, REPORT]);
    let earlier = |lane: &str, date: &str| {
        let mut before = packet(&[README, REPORT]);
        before.set(REPORT, "/lane", json!(lane)).set(REPORT, "/date", json!(date));
        before.set(REPORT, "/delegation", json!("AUTHORIZE_PRODUCTION_REHEARSAL_ONLY"));
        before
    };
    let more = |p: &mut Sample, pin: Value| {
        let mut document = p.document(PINS);
        document["pins"].as_array_mut().unwrap().push(pin);
        p.json(PINS, &document);
    };
    let notes = d::digest("planning notes");
    let reported = json!({"name": "planning notes", "sha256": notes, "source": "machine-report.json"});
    let mut from_report = pinned();
    more(&mut from_report, reported);
    let mut displayed = pinned();
    more(&mut displayed, json!({"name": "execution tree", "sha256": "72b24b8a\u{2026}787bb2"}));
    let mut republished = report();
    let mut corrected = republished.document(REPORT);
    corrected["note"] = json!("corrected");
    republished.json(REPORT, &corrected);
    vec![
        of("pin_mismatch", pinned(), |p| {
            p.set(PINS, "/pins/0/sha256", json!(d::digest("an earlier validator")));
        }),
        of("pin_from_report_only", from_report, |_| {}),
        of("pin_unverifiable", displayed, |_| {}),
        of("flag_not_backed", pinned(), |p| {
            p.set(PINS, "/operative_blueprint_bound", json!(true));
        }),
        of("revision_drifted", packet(&[README, REPORT, CHECKLIST, MAP]), |p| {
            let mut map = p.document(MAP);
            map["revision"] = json!(2);
            p.json(MAP, &map);
        }),
        of("predecessor_unverified", report(), |_| {}).after(earlier("rehearsal", "2026-06-10")),
        of("timeline_reversed", report(), |_| {}).after(earlier("rehearsal", "2026-06-12")),
        of("report_published_twice", republished, |_| {}).after(report()),
    ]
}

fn surfaces() -> Vec<Case> {
    let proof = || packet(&[README, REPORT, SURFACES]);
    let of = |code, packet, spoil: fn(&mut Sample)| case("surfaces", code, packet, spoil);
    vec![
        of("surface_touched", proof(), |p| {
            p.set(SURFACES, "/surfaces/1/status", json!("TOUCHED"));
        }),
        of("surface_missing", proof(), |p| {
            p.take(SURFACES, "/surfaces/12").set(SURFACES, "/surface_count", json!(12));
        }),
        of("surface_twice", proof(), |p| {
            let mut document = p.document(SURFACES);
            let again = document["surfaces"][4].clone();
            document["surfaces"].as_array_mut().unwrap().push(again);
            document["surface_count"] = json!(14);
            p.json(SURFACES, &document);
        }),
        of("surface_count_differs", proof(), |p| {
            p.set(SURFACES, "/surface_count", json!(16));
        }),
        of("surface_flags_missing", packet(&[README, SURFACES]), |_| {}),
        of("tool_not_allowed", packet(&[README, REPORT, SURFACES, LOG]), |p| {
            p.set(LOG, "/calls/1/tool", json!("query_pg"));
        }),
        of("tool_path_not_allowed", packet(&[README, REPORT, SURFACES, LOG]), |p| {
            p.set(LOG, "/calls/1/path", json!("staging/../production/M-2.md"));
        }),
    ]
}

fn gate() -> Vec<Case> {
    let design = || packet(&[README, GATE, UNKNOWNS]);
    let of = |code, packet, spoil: fn(&mut Sample)| case("gate", code, packet, spoil);
    vec![
        of("gate_wired_to_production", design(), |p| {
            p.set(GATE, "/wired_to_production", json!(true));
        }),
        of("gate_triggered", design(), |p| {
            p.set(GATE, "/triggered", json!(true));
        }),
        of("gate_resolves_blocker", design(), |p| {
            p.set(GATE, "/resolves_blockers", json!(["FIX7-P0-PROD-CI-SCOPE-1"]));
        }),
        of("ci_read_live", design(), |p| {
            p.set(UNKNOWNS, "/live_system_contact", json!(true));
        }),
        of("ci_unknown_closed", design(), |p| {
            p.set(UNKNOWNS, "/table_B_ci_unknown_resolution/0/blocker_status", json!("CLOSED"));
        }),
    ]
}

fn blockers() -> Vec<Case> {
    let map = || packet(&[README, MAP]);
    let of = |code, spoil: fn(&mut Sample)| case("blockers", code, map(), spoil);
    let mut before = map();
    let mut document = before.document(MAP);
    let mut found = document["blockers"][0].clone();
    found["id"] = json!("FIX7-P0-FOUND-LATER-1");
    document["blockers"].as_array_mut().unwrap().push(found);
    document["open_count"] = json!(8);
    before.json(MAP, &document);
    vec![
        of("blocker_dropped", |_| {}).after(before),
        of("open_count_differs", |p| {
            p.set(MAP, "/blockers/2/status", json!("OPEN_PARTIALLY_DISCHARGED")).set(
                MAP,
                "/open_count",
                json!(6),
            );
        }),
        of("blocker_twice", |p| {
            let mut document = p.document(MAP);
            let again = document["blockers"][3].clone();
            document["blockers"].as_array_mut().unwrap().push(again);
            document["open_count"] = json!(8);
            p.json(MAP, &document);
        }),
        of("blocker_unassigned", |p| {
            p.set(MAP, "/blockers/4/next_action", json!("n/a"));
        }),
        of("blocker_state_disagrees", |p| {
            let mut document = p.document(MAP);
            document["blockers"][5]["closed_this_lane"] = json!(true);
            document["newly_closed"] = json!([]);
            p.json(MAP, &document);
        }),
        of("blocker_closed_unproven", |p| {
            let mut document = p.document(MAP);
            document["blockers"][6]["status"] = json!("CLOSED");
            document["blockers"][6]["evidence"] = json!("operator-input.json");
            document["newly_closed"] = json!(["FIX7-P0-OPERATOR-INPUT-1"]);
            document["open_count"] = json!(6);
            p.json(MAP, &document);
        }),
        of("newly_closed_differs", |p| {
            p.set(MAP, "/newly_closed", json!(["FIX7-P0-PROD-OPT4-1"]));
        }),
    ]
}

fn decision() -> Vec<Case> {
    let form = || packet(&[README, REPORT, DECISION, OWNER]);
    let of = |code, packet, spoil: fn(&mut Sample)| case("decision", code, packet, spoil);
    let delegated = || packet(&[README, REPORT, LOCK]);
    let mut before = delegated();
    before.set(REPORT, "/lane", json!("an earlier lane")).set(REPORT, "/date", json!("2026-06-10"));
    vec![
        of("decision_selected_itself", form(), |p| {
            p.set(DECISION, "/selected_option", json!("AUTHORIZE_PRODUCTION_DRYRUN_ONLY"));
        }),
        of("decision_not_held", form(), |p| {
            let dry_run = json!("AUTHORIZE_PRODUCTION_DRYRUN_ONLY");
            p.set(DECISION, "/default_decision", dry_run)
                .set(DECISION, "/options/0/is_default", json!(false))
                .set(DECISION, "/options/1/is_default", json!(true));
        }),
        of("decision_options_differ", form(), |p| {
            p.take(DECISION, "/options/2");
        }),
        of("decision_signed", form(), |p| {
            p.set(OWNER, "/owner_signature", json!("signed on behalf of the owner"));
        }),
        of("execution_not_granted", packet(&[README, REPORT, DECISION, OWNER, MAP]), |p| {
            p.set(OWNER, "/execution_authorization_status", json!("AUTHORIZED"));
        }),
        of("preconditions_differ", packet(&[README, REPORT, CHECKLIST, MAP]), |p| {
            p.take(CHECKLIST, "/items/6");
        }),
        of("delegation_missing", delegated(), |p| {
            p.set(LOCK, "/table_A", json!([]));
        }),
        of("delegation_consumed_twice", delegated(), |_| {}).after(before),
        of("pin_is_no_authority", delegated(), |p| {
            p.set(LOCK, "/table_A/0/source", json!("pin P7"));
        }),
    ]
}

fn reservations() -> Vec<Case> {
    let range = || packet(&[README, RESERVATIONS]);
    let of = |code, spoil: fn(&mut Sample)| case("reservations", code, range(), spoil);
    vec![
        of("reservation_collision", |p| {
            // Digits inside of a digest are no object; the last line is one.
            let text = "TKT-OBJ-494\n7a9364c5TKT-OBJ-500b6\nTKT-OBJ-501\n";
            p.file("registry-objects.txt", text);
        }),
        of("reservation_range_differs", |p| {
            p.take(RESERVATIONS, "/ranges/0/ids/12");
        }),
        of("reservation_ceiling_differs", |p| {
            p.set(RESERVATIONS, "/reservation_ceiling", json!(461));
        }),
        of("reservation_applied", |p| {
            p.set(RESERVATIONS, "/APPLY_NOW", json!("YES"));
        }),
        of("registry_changed", |p| {
            p.set(RESERVATIONS, "/registry_pins/1/after", json!("rev25"));
        }),
    ]
}
