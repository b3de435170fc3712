//! The design of a gate, and what is unknown of continuous integration.

use serde_json::{Value, json};

use super::*;
use crate::check::bench::{Bench, Judged, pointers, with, without};
use crate::check::{Status, governance};

const GATE: &str = "ci-gate-design.json";
const UNKNOWN: &str = "ci-unknown-resolution.json";
const MAP: &str = "blocker-map.json";

fn judge(gate: &Value, unknowns: &Value, map: &Value) -> Judged {
    Bench::new("fix7").json(GATE, gate).json(UNKNOWN, unknowns).json(MAP, map).judge(&GateCheck)
}

fn documents() -> [Value; 3] {
    [GATE, UNKNOWN, MAP].map(governance::document)
}

#[test]
fn a_design_that_does_nothing_is_good() {
    let [gate, unknowns, map] = documents();
    judge(&gate, &unknowns, &map).is_ok();
    Bench::new("fix7").json(MAP, &map).judge(&GateCheck).is(Status::NotApplied);
    Bench::new("generic").json(GATE, &gate).judge(&GateCheck).is_ok();
    let none = with(&unknowns, &format!("/{UNKNOWNS}"), json!([]));
    Bench::new("fix7").json(UNKNOWN, &none).judge(&GateCheck).is(Status::NotApplied);
}

#[test]
fn each_rule_fails_with_its_code() {
    let [gate, unknowns, map] = documents();
    for (document, code) in [
        (with(&gate, "/wired_to_production", json!(true)), "gate_wired_to_production"),
        (with(&gate, "/triggered", json!(true)), "gate_triggered"),
        (with(&gate, "/resolves_blockers", json!(["FIX7-P0-PROD-CI-SCOPE-1"])), "gate_resolves_blocker"),
        (with(&gate, "/resolves_blockers", json!(true)), "gate_resolves_blocker"),
        (with(&gate, "/status", json!("WIRED")), "evidence_unknown_value"),
        (with(&gate, "/status", json!("designed")), "evidence_unknown_value"),
        (with(&gate, "/triggered", json!("NO")), "evidence_wrong_type"),
    ] {
        judge(&document, &unknowns, &map).fails_with(code);
    }
    let row = format!("/{UNKNOWNS}/0");
    let closed = with(&unknowns, &format!("{row}/blocker_status"), json!("CLOSED"));
    let performed = with(&closed, &format!("{row}/read_only_check_performed"), json!(true));
    let settled = with(&performed, &format!("{row}/result"), json!("the triggers are listed"));
    judge(&gate, &settled, &map).is_ok();
    for (document, code) in [
        (closed, "ci_unknown_closed"),
        (performed, "ci_unknown_closed"),
        (with(&unknowns, "/live_system_contact", json!(true)), "ci_read_live"),
        (with(&unknowns, &format!("{row}/blocker_status"), json!("PERHAPS")), "evidence_unknown_value"),
    ] {
        judge(&gate, &document, &map).fails_with(code);
    }
    let mut row = map["blockers"][1].clone();
    row["status"] = json!("CLOSED");
    row["evidence"] = json!("ci-gate-design.json@rev2");
    judge(&gate, &unknowns, &with(&map, "/blockers/1", row.clone())).fails_with("gate_resolves_blocker");
    row["evidence"] = json!(["ci-gate-design.json", "rollback-recovery-proof.json"]);
    judge(&gate, &unknowns, &with(&map, "/blockers/1", row)).is_ok();
}

#[test]
fn a_list_of_nothing_but_the_design_closes_no_blocker() {
    let [gate, unknowns, map] = documents();
    let closed = |evidence: Value| {
        let mut map = with(&map, "/blockers/1/status", json!("CLOSED"));
        map["blockers"][1]["evidence"] = evidence;
        judge(&gate, &unknowns, &map)
    };
    for evidence in [json!([GATE]), json!(["ci-gate-design.json@rev2", GATE])] {
        closed(evidence).tells_only(&[
            "gate_resolves_blocker /blockers/1/evidence: the blocker \"FIX7-P0-PROD-CI-SCOPE-1\" is closed on \
             nothing but the design \"ci-gate-design.json\"",
        ]);
    }
    closed(json!([])).is_ok();
}

#[test]
fn no_field_can_be_left_out_nulled_or_retyped_unnoticed() {
    let [gate, unknowns, map] = documents();
    for pointer in pointers(&gate) {
        assert_ne!(judge(&without(&gate, &pointer), &unknowns, &map).0.status, Status::Ok, "{pointer}");
        for value in [Value::Null, json!({}), json!(1), json!("")] {
            let judged = judge(&with(&gate, &pointer, value.clone()), &unknowns, &map);
            assert_ne!(judged.0.status, Status::Ok, "{pointer} = {value}");
        }
    }
    let row = format!("/{UNKNOWNS}/0");
    for field in [
        "unknown_item",
        "read_only_check_performed",
        "result",
        "blocker_status",
        "actor_needed",
        "exact_input_needed",
    ] {
        let pointer = format!("{row}/{field}");
        assert_ne!(judge(&gate, &without(&unknowns, &pointer), &map).0.status, Status::Ok, "{pointer}");
        for value in [Value::Null, json!([]), json!(1)] {
            let judged = judge(&gate, &with(&unknowns, &pointer, value.clone()), &map);
            assert_ne!(judged.0.status, Status::Ok, "{pointer} = {value}");
        }
    }
}

/// The same document under another spelling of its path closed a blocker.
#[test]
fn a_design_is_no_more_under_another_spelling() {
    let [gate, unknowns, map] = documents();
    let mut row = map["blockers"][1].clone();
    row["status"] = json!("CLOSED");
    for evidence in
        ["./ci-gate-design.json", "ci-gate-design.json#/status", "././ci-gate-design.json@rev2#/status"]
    {
        row["evidence"] = json!(evidence);
        judge(&gate, &unknowns, &with(&map, "/blockers/1", row.clone()))
            .fails_at(&["gate_resolves_blocker /blockers/1/evidence"]);
    }
}

#[test]
fn what_is_still_unknown_is_open() {
    let [gate, unknowns, map] = documents();
    let row = format!("/{UNKNOWNS}/0");
    let closed = with(&unknowns, &format!("{row}/blocker_status"), json!("CLOSED"));
    let closed = with(&closed, &format!("{row}/read_only_check_performed"), json!(true));
    let place = format!("ci_unknown_closed {row}/blocker_status");
    for result in ["still unknown", "Unclear.", "not known yet", "to be determined", "pending", "n/a"] {
        judge(&gate, &with(&closed, &format!("{row}/result"), json!(result)), &map).fails_at(&[&place]);
    }
    let settled = with(&closed, &format!("{row}/result"), json!("nobody but the owner may start it"));
    judge(&gate, &settled, &map).is_ok();
    let impossible = with(&settled, &format!("{row}/read_only_check_possible"), json!(false));
    judge(&gate, &impossible, &map).fails_at(&[&place]);
}

/// Other words than the due ones said that the design was in force.
#[test]
fn a_design_said_more_beside_its_fields() {
    let [gate, unknowns, map] = documents();
    let said = |name: &str, value: Value| {
        let mut gate = gate.clone();
        gate[name] = value;
        judge(&gate, &unknowns, &map)
    };
    for (name, value, code) in [
        ("wired", json!(true), "gate_wired_to_production"),
        ("isEnabled", json!(true), "gate_wired_to_production"),
        ("run_count", json!(4), "gate_triggered"),
        ("was_triggered", json!("yes"), "gate_triggered"),
        ("closes_blockers", json!(["FIX7-P0-PROD-CI-SCOPE-1"]), "gate_resolves_blocker"),
        ("blockers_resolved", json!(2), "gate_resolves_blocker"),
    ] {
        said(name, value).fails_with_at(code, &format!("/{name}"));
    }
    for (name, value) in [
        ("wired", json!(false)),
        ("run_count", json!(0)),
        ("fail_closed_enabled", json!(true)),
        ("trigger_events", json!(["pull_request"])),
        ("trigger", json!(["pull_request"])),
        ("blockers", json!(["FIX7-P0-PROD-CI-SCOPE-1"])),
        ("count", json!(7)),
        ("closes_blockers", json!([])),
        ("blockers_narrowed", json!(["FIX7-P0-PROD-CI-SCOPE-1"])),
    ] {
        said(name, value).is_ok();
    }
}

/// The design under a longer name for it closed a blocker.
#[test]
fn a_place_in_the_design_is_the_design() {
    let [gate, unknowns, map] = documents();
    let closed = |evidence: &str| {
        let mut map = with(&map, "/blockers/0/status", json!("CLOSED"));
        map["blockers"][0]["evidence"] = json!(evidence);
        judge(&gate, &unknowns, &map)
    };
    for design in
        [GATE, "./ci-gate-design.json", "ci-gate-design.json#/status", "./ci-gate-design.json@rev2#/a"]
    {
        closed(design).fails_with_at("gate_resolves_blocker", "/blockers/0/evidence");
    }
    closed("ci-gate-design.json.txt").is_ok();
    closed("exit_codes.json#/steps/0").is_ok();
}

/// What was still unknown was closed with a word more.
#[test]
fn a_result_that_is_still_unknown_closes_nothing() {
    let [gate, unknowns, map] = documents();
    let row = format!("/{UNKNOWNS}/0");
    let closed = |possible: bool, result: &str| {
        let mut document = unknowns.clone();
        for (field, value) in [
            ("blocker_status", json!("CLOSED")),
            ("read_only_check_possible", json!(possible)),
            ("read_only_check_performed", json!(true)),
            ("result", json!(result)),
        ] {
            document = with(&document, &format!("{row}/{field}"), value);
        }
        judge(&gate, &document, &map)
    };
    for (possible, result) in [(true, "still unknown"), (true, "UNKNOWN_YET"), (false, "two triggers")] {
        closed(possible, result).fails_with_at("ci_unknown_closed", &format!("{row}/blocker_status"));
    }
    closed(true, "two triggers").is_ok();
    closed(true, "no longer unknown: two triggers").is_ok();
}

/// The same words one level deeper, or as a state, were not read.
#[test]
fn a_design_in_force_was_told_in_an_object_or_a_state() {
    let [gate, unknowns, map] = documents();
    let said = |name: &str, value: Value| {
        let mut gate = gate.clone();
        gate[name] = value;
        judge(&gate, &unknowns, &map)
    };
    for (name, value, told) in [
        ("ci", json!({"triggered": true}), "gate_triggered /ci/triggered"),
        ("production", json!({"wired": true}), "gate_wired_to_production /production/wired"),
        ("ci", json!({"production": {"live": "yes"}}), "gate_wired_to_production /ci/production/live"),
        ("wired_to", json!("production"), "gate_wired_to_production /wired_to"),
        ("wired_to_ci", json!(true), "gate_wired_to_production /wired_to_ci"),
        ("wired", json!("production CI"), "gate_wired_to_production /wired"),
        ("state", json!("WIRED"), "gate_wired_to_production /state"),
        ("deployment_status", json!("DEPLOYED"), "gate_wired_to_production /deployment_status"),
        ("ci", json!({"status": "TRIGGERED"}), "gate_triggered /ci/status"),
    ] {
        said(name, value).fails_at(&[told]);
    }
    for (name, value) in [
        ("ci", json!({"triggered": false, "events": ["push"]})),
        ("ci", json!({"trigger": ["push"], "state": "NOT_TRIGGERED"})),
        ("production", json!({"wired": false, "wired_to": "none"})),
        ("probes", json!({"run": 10})),
        ("fail_closed", json!({"enabled": true})),
        ("wired_to", json!("nothing")),
        ("wired_to", json!("the staging pipeline")),
        ("wired_to", json!("not production")),
        ("wired_to", json!("production, once the owner signs")),
        ("state", json!("DESIGNED_NOT_WIRED")),
        ("state", json!("UNWIRED")),
        ("state", json!("to be wired later")),
        ("mode", json!("dry run")),
        ("target", json!("production")),
    ] {
        said(name, value).is_ok();
    }
}

/// A status of another surface was never read.
#[test]
fn another_surface_was_triggered() {
    let [gate, unknowns, map] = documents();
    let said = |status: &str| {
        let row = json!({"surface": "deploy", "status": status, "production_risk": "HIGH", "note": ""});
        judge(&gate, &with(&unknowns, &format!("/{OTHERS}"), json!([row])), &map)
    };
    for status in ["TRIGGERED", "TOUCHED", "was triggered", "DEPLOYED"] {
        said(status).fails_at(&[&format!("gate_triggered /{OTHERS}/0/status")]);
    }
    for status in [
        "UNTOUCHED",
        "NOT_TRIGGERED",
        "never touched",
        "NOT_REQUESTED",
        "MANUALLY_TRIGGERED",
        "triggered by a push to main",
        "0 runs",
        "KNOWN",
    ] {
        said(status).is_ok();
    }
}
