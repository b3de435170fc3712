//! Recorded runs.

use serde_json::{Value, json};

use super::*;
use crate::check::Status;
use crate::check::bench::{Bench, Judged, hex, with, without};
use crate::check::samples;

fn bench(exits: &Value) -> Bench {
    Bench::new("fix7")
        .json("exit_codes.json", exits)
        .file("commands.sh", samples::COMMANDS)
        .file("RERUN.sh", samples::RERUN)
        .file("hardened-validator.py", samples::VALIDATOR)
}

fn judge(exits: &Value) -> Judged {
    bench(exits).judge(&RunsCheck)
}

#[test]
fn recorded_runs_that_agree_are_good() {
    judge(&samples::exit_codes("p")).is_ok();
    Bench::new("fix7").judge(&RunsCheck).is(Status::NotApplied);
}

#[test]
fn each_rule_fails_with_its_code() {
    let good = samples::exit_codes("p");
    let plus = |field: &str, value: Value| {
        let mut document = good.clone();
        document[field] = value;
        document
    };
    for (exits, code) in [
        (plus("packet_tree", json!(hex("other"))), "recorded_tree_differs"),
        (plus("packet_tree", json!("72b24b8a\u{2026}787bb2")), "evidence_digest_malformed"),
        (plus("file_count", json!(22)), "recorded_count_differs"),
        (plus("file_count", json!(5.0)), "evidence_wrong_type"),
        (with(&good, "/steps/1/actual_exit", json!(1)), "recorded_exit_differs"),
        (with(&good, "/commands_sh", json!("OVERALL_RESULT: FAIL")), "recorded_run_failed"),
        (with(&good, "/rerun_sh", Value::Null), "evidence_wrong_type"),
        (without(&good, "/steps/2"), "recorded_steps_differ"),
        (with(&good, "/steps/2/id", json!("G7")), "recorded_steps_differ"),
        (with(&good, "/steps/2/id", json!("G1")), "recorded_steps_differ"),
        (with(&good, "/steps", json!([])), "recorded_steps_differ"),
        (without(&good, "/steps/1/expected_exit"), "evidence_field_missing"),
        (with(&good, "/steps/1/cmd", json!("sh verify_all.sh")), "recorded_script_missing"),
    ] {
        judge(&exits).fails_with(code);
    }
    // Three files and the manifest: a bench has no pin.
    judge(&plus("file_count", json!(5))).is_ok();
    Bench::new("fix7").json("exit_codes.json", &good).judge(&RunsCheck).fails_with("recorded_script_missing");
}

#[test]
fn a_rerun_that_compares_no_digest_is_told() {
    let idle = "#!/bin/sh\n# sha256sum would be good\nsh commands.sh\n";
    let judged = bench(&samples::exit_codes("p")).file("RERUN.sh", idle).judge(&RunsCheck);
    assert_eq!(judged.is(Status::Ok).codes(), ["rerun_compares_nothing"]);
}
