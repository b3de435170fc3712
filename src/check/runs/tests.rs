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
    written("#!/bin/sh\nsha256sum -c HASH_MANIFEST.txt\necho OVERALL PASS\n").is_ok();
    let named = ["bytes", "states", "probes"]
        .iter()
        .enumerate()
        .fold(good.clone(), |exits, (at, name)| with(&exits, &format!("/steps/{at}/id"), json!(name)));
    judge(&named).is_ok();
    // Without the first gate in the record the commands need not have it.
    bench(&named).file("commands.sh", "#!/bin/sh\ntrue\necho OVERALL PASS\n").judge(&RunsCheck).is_ok();
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

fn with_cmd(cmd: &str) -> Judged {
    judge(&with(&samples::exit_codes("p"), "/steps/1/cmd", json!(cmd)))
}

/// A script with another ending, or in another folder, was not looked for.
#[test]
fn every_script_of_a_step_is_sealed() {
    for cmd in [
        "python3 ../gone/validator.py x",
        "python3 /opt/validator.py",
        "bash gone.bash",
        "node gone.js",
        "sh ./gone.sh",
        "./gone",
        "sh gates/gone",
        "python3 $PWD/gone.py",
        "python3 \"$HOME/gone.py\"",
        "X=1 env bash gone",
        "true && PYTHON=x ./run.SH",
    ] {
        with_cmd(cmd).fails_at(&["recorded_script_missing /steps/1/cmd"]);
    }
    for cmd in [
        "python3 hardened-validator.py x.json",
        "python3 ./hardened-validator.py",
        "python3 \"$copy/hardened-validator.py\"",
        "python3 -m json.tool x.json",
        "sh -c 'exit 0'",
        "sh commands.sh",
        "test -s x.json",
        "ls *.sh",
        "which python3",
    ] {
        with_cmd(cmd).found(&[]);
    }
}

#[test]
fn the_first_gate_is_the_manifest() {
    let good = samples::exit_codes("p");
    for cmd in [
        "true",
        ":",
        "echo sha256sum -c HASH_MANIFEST.txt",
        "cat HASH_MANIFEST.txt",
        "sha256sum -c /dev/null",
    ] {
        judge(&with(&good, "/steps/0/cmd", json!(cmd))).fails_at(&["recorded_steps_differ /steps/0/cmd"]);
    }
    for cmd in
        ["seal verify .", "sha512sum -c HASH_MANIFEST.txt", "shasum -a 256 -c HASH_MANIFEST.txt || exit 1"]
    {
        judge(&with(&good, "/steps/0/cmd", json!(cmd))).is_ok();
    }
    let expected = with(&good, "/steps/0/expected_exit", json!(1));
    judge(&with(&expected, "/steps/0/actual_exit", json!(1)))
        .fails_at(&["recorded_steps_differ /steps/0/expected_exit"]);
    let idle = "#!/bin/sh\necho G0; true\necho G1; true\necho G2\necho OVERALL PASS\n";
    bench(&good)
        .file("commands.sh", idle)
        .judge(&RunsCheck)
        .fails_at(&["recorded_steps_differ"])
        .mentions("no manifest");
}

#[test]
fn a_rerun_compares_what_it_computes() {
    let rerun = |text: &str| bench(&samples::exit_codes("p")).file("RERUN.sh", text).judge(&RunsCheck);
    for idle in [
        "echo sha256sum; exit 0\n",
        "sha256sum HASH_MANIFEST.txt\nsh commands.sh\n",
        "exit 0\nsha256sum -c M\n",
        "false && sha256sum -c M\nsh commands.sh\n",
        "if false; then\nsha256sum -c M\nfi\nsh commands.sh\n",
    ] {
        rerun(idle).found(&["rerun_compares_nothing"]).is(Status::Ok).mentions("compares no digest");
    }
    rerun("sha256sum -c HASH_MANIFEST.txt\n").is_ok();
}

#[test]
fn a_result_counts_under_any_name() {
    let good = samples::exit_codes("p");
    let more = |field: &str, value: Value| {
        let mut document = good.clone();
        document[field] = value;
        judge(&document)
    };
    for (field, value) in [
        ("commands_result", json!("OVERALL FAIL")),
        ("commands_result", json!("fine")),
        ("rerun_status", json!("")),
        ("overall", json!("FAILED")),
        ("verdict", json!("3 errors")),
        ("all_passed", json!(false)),
        ("ok", json!(false)),
        ("failed", json!(true)),
        ("failed_steps", json!(2)),
        ("overall_exit", json!(1)),
    ] {
        more(field, value).fails_at(&[&format!("recorded_run_failed /{field}")]);
    }
    for (field, value) in [
        ("commands_result", json!("OVERALL PASS")),
        ("overall", json!("PASS")),
        ("verdict", json!("ALL_FAIL_CLOSED")),
        ("all_passed", json!(true)),
        ("failed_steps", json!(0)),
        ("overall_exit", json!(0)),
        ("exit_paths", json!(2)),
        ("overall_count", json!(5)),
        ("dry_run", json!(false)),
        ("not_ok", json!(false)),
        ("commands_file", json!("commands.sh")),
        ("status_note", json!("0 is good and everything else is a failure of the run")),
    ] {
        more(field, value).is_ok();
    }
    for (field, value) in [
        ("result", json!("FAIL")),
        ("passed", json!(false)),
        ("status", json!("error")),
        ("skipped", json!(true)),
    ] {
        let mut document = good.clone();
        document["steps"][1][field] = value;
        judge(&document).fails_at(&[&format!("recorded_run_failed /steps/1/{field}")]);
        // It was expected to.
        document["steps"][1]["expected_exit"] = json!(3);
        document["steps"][1]["actual_exit"] = json!(3);
        judge(&document).is_ok();
    }
}

#[test]
fn the_runs_are_of_this_packet() {
    let good = samples::exit_codes("p");
    let manifest = |name: &str| bench(&good).json("manifest.json", &json!({"packet": name}));
    manifest("p").judge(&RunsCheck).is_ok();
    manifest("q").judge(&RunsCheck).fails_at(&["recorded_packet_differs /packet"]).mentions("and this is");
    let report = |date: &str| bench(&good).json("machine-report.json", &json!({"date": date}));
    report("2026-06-11").judge(&RunsCheck).is_ok();
    report("2026-06-12").judge(&RunsCheck).found(&["recorded_packet_differs /date"]).is(Status::Ok);
    for date in ["2026-06-10", "June"] {
        report(date).judge(&RunsCheck).fails_at(&["recorded_packet_differs /date"]);
    }
}

/// Nothing could come of a gate but a good end, and the record said that it held.
#[test]
fn a_gate_held_whatever_it_found() {
    let good = samples::exit_codes("p");
    let changed = |from: &str, to: &str| {
        let text = samples::COMMANDS.replacen(from, to, 1);
        assert_ne!(text, samples::COMMANDS, "{from}");
        bench(&good).file("commands.sh", text).judge(&RunsCheck)
    };
    let end = "rollback-recovery-proof.json\n";
    for idle in [" || true\n", " || :\n"] {
        let judged = changed(end, &end.replace('\n', idle));
        judged.found(&["recorded_steps_differ"]).is(Status::Ok);
        judged.mentions("the gate \"G1\" of \"commands.sh\" holds whatever it finds");
    }
    changed("HASH_MANIFEST.txt", "/dev/null").mentions("compares an empty list").is(Status::Ok);
    changed("sha256sum -c", "sha256sum --ignore-missing -c").found(&["recorded_steps_differ"]).is(Status::Ok);
    for kept in [" || exit 1\n", " > /dev/null\n", " 2>/dev/null || { echo FAIL; exit 2; }\n"] {
        changed(end, &end.replace('\n', kept)).is_ok();
    }
    let first = |cmd: &str| judge(&with(&good, "/steps/0/cmd", json!(cmd)));
    for cmd in ["sha256sum -c HASH_MANIFEST.txt || true", "sha256sum -c --ignore-missing HASH_MANIFEST.txt"] {
        first(cmd).found(&["recorded_steps_differ /steps/0/cmd"]).is(Status::Ok);
    }
    first("sha256sum -c HASH_MANIFEST.txt > /dev/null").is_ok();
}

/// The last line of the commands was another than the recorded one.
#[test]
fn the_commands_end_as_it_is_recorded() {
    let good = samples::exit_codes("p");
    let changed = |to: &str| {
        let text = samples::COMMANDS.replace("echo OVERALL PASS\n", to);
        bench(&good).file("commands.sh", text).judge(&RunsCheck)
    };
    changed("echo OVERALL FAIL\n").fails_at(&["recorded_run_failed /commands_sh"]);
    for odd in ["", "echo OVERALL PASS\nrm -rf evidence\n"] {
        changed(odd).found(&["recorded_run_failed /commands_sh"]).is(Status::Ok);
    }
    // A result that speaks of no overall end is due nowhere.
    let plain = samples::COMMANDS.replace("echo OVERALL PASS\n", "");
    let exits = with(&good, "/commands_sh", json!("PASS"));
    bench(&exits).file("commands.sh", plain).judge(&RunsCheck).is_ok();
    for same in [
        "echo \"OVERALL_RESULT: PASS\"\n",
        "if [ $bad = 0 ]; then\n  echo OVERALL PASS\nelse\n  echo OVERALL FAIL\n  exit 1\nfi\n",
        "echo \"OVERALL $result\"\n",
    ] {
        changed(same).is_ok();
    }
}

/// Both were 256, and so they were equal.
#[test]
fn no_exit_status_is_above_255() {
    let exits = |status: u64| {
        let exits = with(&samples::exit_codes("p"), "/steps/1/expected_exit", json!(status));
        judge(&with(&exits, "/steps/1/actual_exit", json!(status)))
    };
    exits(255).is_ok();
    exits(256).fails_at(&["recorded_exit_differs /steps/1/actual_exit"]);
}
