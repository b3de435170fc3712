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
fn gates_are_whole_words_and_compared_where_both_sides_name_some() {
    let good = samples::exit_codes("p");
    let written = |text: &str| bench(&good).file("commands.sh", text).judge(&RunsCheck);
    written(&format!("{}echo Gate G Gx\n", samples::COMMANDS)).is_ok();
    written(&format!("{}echo G3\n", samples::COMMANDS))
        .tells_only(&["recorded_steps_differ: the commands have the gate \"G3\", which is not recorded"]);
    written("#!/bin/sh\nsha256sum -c HASH_MANIFEST.txt\n").is_ok();
    let named = ["bytes", "states", "probes"]
        .iter()
        .enumerate()
        .fold(good.clone(), |exits, (at, name)| with(&exits, &format!("/steps/{at}/id"), json!(name)));
    judge(&named).is_ok();
}

#[test]
fn scripts_are_words_of_a_command() {
    let good = samples::exit_codes("p");
    let runs = |command: &str| judge(&with(&good, "/steps/1/cmd", json!(command)));
    runs("sh commands.sh").is_ok();
    runs("(sh RERUN.sh;sh verify_all.sh)").tells_only(&[
        "recorded_script_missing /steps/1/cmd: the step \"G1\" runs \"verify_all.sh\", which is not sealed in \
         the packet",
    ]);
}

#[test]
fn a_pin_is_counted_with_the_files() {
    let counted = |count: u64| {
        let mut exits = samples::exit_codes("p");
        exits["file_count"] = json!(count);
        bench(&exits).pinned().judge(&RunsCheck)
    };
    counted(6).is_ok();
    counted(5).tells_only(&["recorded_count_differs /file_count: `file_count` is 5, and 6 are counted here"]);
}

#[test]
fn a_rerun_that_compares_no_digest_is_told() {
    let idle = "#!/bin/sh\n# sha256sum would be good\nsh commands.sh\n";
    let judged = bench(&samples::exit_codes("p")).file("RERUN.sh", idle).judge(&RunsCheck);
    assert_eq!(judged.is(Status::Ok).codes(), ["rerun_compares_nothing"]);
}
