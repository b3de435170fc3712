//! Surfaces, flags and tools.

use serde_json::{Value, json};

use super::*;
use crate::check::bench::{Bench, Judged, pointers, with, without};
use crate::check::{Status, governance, samples};
use crate::config::{Known, parse_known};
use crate::profile::builtin;

const PROOF: &str = "forbidden-surface-proof.json";
const REPORT: &str = "machine-report.json";
const LOG: &str = "tool-call-log.json";

fn report() -> Value {
    samples::machine_report("lane", "delegation", "X_NOT_APPLIED", 3)
}

fn judge(proof: &Value, report: &Value, log: &Value) -> Judged {
    Bench::new("fix7").json(PROOF, proof).json(REPORT, report).json(LOG, log).judge(&SurfacesCheck)
}

fn documents() -> [Value; 3] {
    [governance::document(PROOF), report(), governance::document(LOG)]
}

#[test]
fn a_complete_proof_is_good_and_flags_alone_are_no_proof() {
    let [proof, report, log] = documents();
    judge(&proof, &report, &log).is_ok();
    Bench::new("fix7").judge(&SurfacesCheck).is(Status::NotApplied);
    Bench::new("fix7").json(REPORT, &report).json(LOG, &log).judge(&SurfacesCheck).is(Status::NotApplied);
    let touched = with(&report, "/cutover", json!(true));
    Bench::new("fix7").json(REPORT, &touched).judge(&SurfacesCheck).fails_with("surface_touched");
    let unsealed = Bench::new("fix7").json(REPORT, &report).unsealed(PROOF, proof.to_string());
    unsealed.judge(&SurfacesCheck).is(Status::NotApplied);
}

#[test]
fn each_rule_fails_with_its_code() {
    let [proof, report, log] = documents();
    for (document, code) in [
        (with(&proof, "/surfaces/0/status", json!("TOUCHED")), "surface_touched"),
        (with(&proof, "/surfaces/0/status", json!("untouched")), "surface_touched"),
        (with(&proof, "/surfaces/0/status", json!("")), "surface_touched"),
        (with(&proof, "/any_forbidden_surface_attempted", json!(true)), "surface_touched"),
        (without(&proof, "/surfaces/12"), "surface_missing"),
        (with(&proof, "/surfaces/3/surface", json!("something else")), "surface_missing"),
        (with(&proof, "/surfaces/3/surface", json!("Production-Database")), "surface_twice"),
        (with(&proof, "/surface_count", json!(14)), "surface_count_differs"),
        (with(&proof, "/surface_count", json!(12)), "surface_count_differs"),
        (with(&proof, "/surface_count", json!(13.0)), "evidence_wrong_type"),
        (with(&proof, "/surfaces", json!([])), "surface_missing"),
    ] {
        judge(&document, &report, &log).fails_with(code);
    }
    for flag in fix7_flags() {
        let pointer = format!("/{flag}");
        judge(&proof, &with(&report, &pointer, json!(true)), &log).fails_with("surface_touched");
        for value in [json!("NO"), json!(0), Value::Null] {
            judge(&proof, &with(&report, &pointer, value), &log).fails_with("evidence_wrong_type");
        }
        judge(&proof, &without(&report, &pointer), &log).fails_with("evidence_field_missing");
    }
    Bench::new("fix7").json(PROOF, &proof).judge(&SurfacesCheck).fails_with("surface_flags_missing");
    for (tool, path, code) in [
        ("query_pg", "staging/a", "tool_not_allowed"),
        ("Directus_update", "staging/a", "tool_not_allowed"),
        ("Upload_Document", "staging/a", "tool_not_allowed"),
        ("fetch", "staging/a", "tool_not_allowed"),
        ("upload_document", "production/a", "tool_path_not_allowed"),
        ("upload_document", "staging/../production/a", "tool_path_not_allowed"),
        ("upload_document", "/staging/a", "tool_path_not_allowed"),
    ] {
        let call = with(&with(&log, "/calls/1/tool", json!(tool)), "/calls/1/path", json!(path));
        judge(&proof, &report, &call).fails_with(code);
    }
    let mut counted = log.clone();
    counted["call_count"] = json!(3);
    judge(&proof, &report, &counted).fails_with("surface_count_differs");
}

fn fix7_flags() -> Vec<String> {
    builtin("fix7").unwrap().words(Key::FalseFlags)
}

#[test]
fn no_field_can_be_left_out_nulled_or_retyped_unnoticed() {
    let [proof, report, log] = documents();
    for pointer in pointers(&proof).iter().filter(|pointer| !pointer.contains("surface_count")) {
        assert_ne!(judge(&without(&proof, pointer), &report, &log).0.status, Status::Ok, "without {pointer}");
    }
    for pointer in pointers(&proof) {
        for value in [Value::Null, json!([]), json!({}), json!(1), json!(true)] {
            let judged = judge(&with(&proof, &pointer, value.clone()), &report, &log);
            assert_ne!(judged.0.status, Status::Ok, "{pointer} = {value}");
        }
    }
    for pointer in pointers(&log) {
        for value in [Value::Null, json!({}), json!(1)] {
            let judged = judge(&proof, &report, &with(&log, &pointer, value.clone()));
            assert_ne!(judged.0.status, Status::Ok, "{pointer} = {value}");
        }
    }
}

#[test]
fn another_team_names_its_own_surfaces_and_tools() {
    let text = "[profile.own]\n[profile.own.documents]\nforbidden_surfaces = [\"limits.json\"]\n\
        tool_calls = [\"calls.json\"]\n[profile.own.values]\nfalse_flags = []\nallowed_tools = [\"put\"]\n\
        allowed_paths = [\"draft/*\"]\nsurface_states = [\"CLEAN\"]\n[profile.own.values.surfaces]\n\
        billing = [\"Billing API\"]\n";
    let config = parse_known(text.as_bytes(), "seal.toml", &Known::default()).unwrap();
    let own = builtin("generic").unwrap().extended(&config.profiles[0]).unwrap();
    let proof = json!({
        "surfaces": [{"surface": "billing api", "state": "CLEAN"}], "any_forbidden_surface_attempted": false,
    });
    let log = json!({"calls": [{"tool": "put", "path": "draft/a"}]});
    let bench = Bench::by(own).json("limits.json", &proof);
    bench.clone().json("calls.json", &log).judge(&SurfacesCheck).is_ok();
    bench
        .clone()
        .json("limits.json", &with(&proof, "/surfaces/0/state", json!("UNTOUCHED")))
        .judge(&SurfacesCheck)
        .fails_with("surface_touched");
    bench
        .json("calls.json", &with(&log, "/calls/0/path", json!("draft/a/b")))
        .judge(&SurfacesCheck)
        .fails_with("tool_path_not_allowed");
}

/// A flag further down, in other letters or with a letter more was read by nobody.
#[test]
fn a_flag_was_true_where_nobody_looked() {
    let [proof, report, log] = documents();
    let said = |value: Value| {
        let mut report = report.clone();
        report["summary"] = json!({"rows": [value]});
        judge(&proof, &report, &log)
    };
    for (name, value) in [
        ("production_mutation", json!(true)),
        ("productionMutation", json!("yes")),
        ("Production-Mutations", json!(4)),
        ("real_run", json!(["R-1"])),
        ("qt001", json!(1)),
        ("secret_changed", json!(true)),
    ] {
        said(json!({name: value})).fails_with_at("surface_touched", &format!("/summary/rows/0/{name}"));
    }
    for (name, value) in [
        ("production_mutation", json!(false)),
        ("production_mutations", json!(0)),
        ("cutover", json!("not a part of this lane")),
        ("real_run", json!([])),
        ("qt002", json!(true)),
        ("live_production_contacts_list", json!(true)),
    ] {
        said(json!({name: value})).is_ok();
    }
    let long = |length: usize| format!("{}production_mutation", "_".repeat(length - 19));
    said(json!({long(80): true})).fails_with_at("surface_touched", &format!("/summary/rows/0/{}", long(80)));
    said(json!({long(81): true})).is_ok();
    let mut twice = report.clone();
    twice["Production_Mutation"] = json!(true);
    judge(&proof, &twice, &log).fails_with_at("surface_touched", "/Production_Mutation");
    twice["Production_Mutation"] = json!(false);
    judge(&proof, &twice, &log).is_ok();
}

/// Beside good states stood a list of what was attempted.
#[test]
fn the_proof_told_of_an_attempt_beside_its_states() {
    let [proof, report, log] = documents();
    let root = |name: &str, value: Value| {
        let mut proof = proof.clone();
        proof[name] = value;
        judge(&proof, &report, &log)
    };
    let row = |name: &str, value: Value| {
        let mut proof = proof.clone();
        proof["surfaces"][2][name] = value;
        judge(&proof, &report, &log)
    };
    root("attempted_surfaces", json!(["Directus"])).fails_with_at("surface_touched", "/attempted_surfaces");
    root("surfacesTouched", json!(1)).fails_with_at("surface_touched", "/surfacesTouched");
    root("attempted_surfaces", json!([])).is_ok();
    root("untouched_count", json!(13)).is_ok();
    root("not_attempted", json!(["Directus"])).is_ok();
    row("was_touched", json!(true)).fails_with_at("surface_touched", "/surfaces/2/was_touched");
    row("writes", json!(3)).fails_with_at("surface_touched", "/surfaces/2/writes");
    row("Status", json!("TOUCHED")).fails_with_at("evidence_field_twice", "/surfaces/2/Status");
    row("Status", json!("UNTOUCHED")).is_ok();
    row("writes", json!(0)).is_ok();
    row("note", json!("never touched")).is_ok();
}

/// One surface stood in the list under two of its names, in two states.
#[test]
fn a_surface_under_two_names_was_two_surfaces() {
    let [proof, report, log] = documents();
    let more = |name: &str| {
        let mut proof = proof.clone();
        proof["surfaces"].as_array_mut().unwrap().push(json!({"surface": name, "status": "NOT_REQUESTED"}));
        proof["surface_count"] = json!(14);
        judge(&proof, &report, &log)
    };
    for again in ["production PG", "PG", "production-database", "Registry", "ci deploy"] {
        more(again).fails_with_at("surface_twice", "/surfaces/13/surface");
    }
    more("billing").is_ok();
    more("permit/activation/repoint/cutover").is_ok();
}

/// A surface and something done to it were one name that no flag is like.
#[test]
fn a_name_told_what_was_done_to_a_surface() {
    let [proof, report, log] = documents();
    let said = |name: &str, value: Value| {
        let mut report = report.clone();
        report["summary"] = json!({name: value});
        judge(&proof, &report, &log)
    };
    for (name, value) in [
        ("production_mutated", json!(true)),
        ("qt001_applied", json!(true)),
        ("realRunPerformed", json!("yes")),
        ("real_run_performed", json!(true)),
        ("cutover_performed", json!(true)),
        ("ci_deploy_triggered", json!(true)),
        ("secrets_rotated", json!(true)),
        ("production_writes", json!(4)),
        ("registry_rows_were_changed", json!(2)),
        ("system_issues_written", json!(["SI-1"])),
    ] {
        said(name, value).fails_with_at("surface_touched", &format!("/summary/{name}"));
        said(name, json!(false)).is_ok();
        said(name, json!(0)).is_ok();
    }
    for name in [
        "production_rehearsal_performed",
        "production_shaped_clone_changed",
        "production_blockers_changed",
        "no_production_writes",
        "production_untouched",
        "qt001_apply_forbidden",
        "secrets_checked",
        "registry_rows",
        "cutover_approval_required",
        "runs_performed",
    ] {
        said(name, json!(true)).is_ok();
    }
}

/// The state of a surface stood in another field than the one that was read.
#[test]
fn a_row_was_touched_by_another_field() {
    let [proof, report, log] = documents();
    let row = |name: &str, value: Value| {
        let mut proof = proof.clone();
        proof["surfaces"][4][name] = value;
        judge(&proof, &report, &log)
    };
    for (name, value) in
        [("actual", json!("TOUCHED")), ("status_after", json!("was modified")), ("accessed", json!(true))]
    {
        row(name, value).fails_with_at("surface_touched", &format!("/surfaces/4/{name}"));
    }
    for (name, value) in [
        ("actual", json!("UNTOUCHED")),
        ("status_after", json!("not touched")),
        ("outcome", json!("NONE_TOUCHED")),
        ("forbidden_states", json!(["TOUCHED"])),
        ("status_if_changed", json!("TOUCHED")),
        ("found_by", json!("the search that is held before anything is touched")),
        ("accessed", json!(false)),
    ] {
        row(name, value).is_ok();
    }
}

/// Counts of what was looked at, and lists of what may be changed, were taken for touches.
#[test]
fn what_was_looked_at_and_what_is_allowed_are_no_touch() {
    let [proof, report, log] = documents();
    let root = |name: &str, value: Value| {
        let mut proof = proof.clone();
        proof[name] = value;
        judge(&proof, &report, &log)
    };
    for (name, value) in [
        ("changed_documents", json!(["M-1", "M-2"])),
        ("changed_files", json!(["staging/M-1.md", "staging/M-2-rev1.md"])),
        ("attempts_checked", json!(16)),
        ("touched_surfaces", json!({"PG": 0, "checked": 13})),
    ] {
        root(name, value).is_ok();
    }
    for (name, value) in [
        ("changed_documents", json!(["M-1", "registry"])),
        ("attempts_blocked", json!(2)),
        ("touched_surfaces", json!({"PG": 1})),
    ] {
        root(name, value).fails_with_at("surface_touched", &format!("/{name}"));
    }
}
