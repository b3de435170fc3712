//! The suites, and mutations of good records.

use serde_json::{Value, json};

use super::*;
use crate::check::Status;
use crate::check::bench::{Bench, Judged, pointers, with, without};
use crate::check::samples;
use crate::config::{Known, parse_known};
use crate::profile::builtin;

fn judge(record: &Value) -> Judged {
    Bench::new("fix7").json("bad-input-probes.json", record).judge(&ProbesCheck)
}

#[test]
fn the_three_suites_are_good_in_both_dialects() {
    for record in [samples::rehearsal_probes(), samples::clone_probes(), samples::execution_probes()] {
        judge(&record).is_ok();
    }
    Bench::new("generic").json("probes.json", &samples::clone_probes()).judge(&ProbesCheck).is_ok();
    Bench::new("fix7").judge(&ProbesCheck).is(Status::NotApplied);
}

#[test]
fn each_rule_fails_with_its_code() {
    let good = samples::rehearsal_probes();
    let last = good["probes"].as_array().unwrap().len() - 1;
    for (record, code) in [
        (with(&good, "/probes/0/actual_exit", json!(0)), "probe_fail_open"),
        (with(&good, "/probes/3/PASS_emitted", json!(true)), "probe_fail_open"),
        (with(&good, "/probes/3/SEAL_emitted", json!(true)), "probe_fail_open"),
        (with(&good, "/any_fail_open", json!(true)), "probe_fail_open"),
        (without(&good, "/probes/2"), "probe_class_missing"),
        (with(&good, "/probes/2/class", json!("another")), "probe_class_unknown"),
        (with(&good, "/probes/2/code", json!("")), "probe_wrong_code"),
        (with(&good, "/probes/2/code", Value::Null), "probe_wrong_code"),
        (with(&good, "/probes/7/code", json!("ROLLBACK_NOT_RESTORED:RB-CLONE-TXN")), "probe_wrong_code"),
        (with(&good, "/probes/7/code", json!("ROLLBACK_APPLY_DID_NOT_MUTATE:")), "probe_wrong_code"),
        (without(&good, &format!("/probes/{last}")), "probe_no_control"),
        (with(&good, &format!("/probes/{last}/actual_exit"), json!(1)), "probe_no_control"),
        (with(&good, "/rejected_count", json!(11)), "probe_count_differs"),
        (with(&good, "/probes/1/id", json!("P-01")), "probe_twice"),
        (with(&good, "/probes/1/actual_exit", json!(101)), "probe_exit_differs"),
        (with(&good, "/verdict", json!("ALL_GOOD")), "evidence_unknown_value"),
        (with(&good, "/probes/1/must", json!("PERHAPS")), "evidence_unknown_value"),
        (with(&good, "/probes", json!([])), "probe_class_missing"),
    ] {
        judge(&record).fails_with(code);
    }
}

#[test]
fn what_was_counted_and_let_through_is_told() {
    let good = samples::rehearsal_probes();
    judge(&good).is_ok().says("10 bad inputs refused, 1 controls let through");
    for count in [0, 2, 21] {
        judge(&with(&good, "/control_count", json!(count))).tells_only(&[format!(
            "probe_count_differs /control_count: \"/control_count\" is {count}, and the lists hold 1"
        )]);
    }
    judge(&with(&good, "/probes/10/actual_exit", json!(1))).tells_only(&[
        "probe_exit_differs /probes/10/actual_exit: the probe \"C-01\" ended with 1, and 0 was expected",
        "probe_no_control /probes/10/actual_exit: the control \"C-01\" was refused",
        "probe_no_control: no control was let through: what refuses everything proves nothing",
    ]);
}

#[test]
fn the_suite_is_the_one_that_is_named_or_the_nearest() {
    let good = samples::rehearsal_probes();
    let named = |name: &str| {
        let mut record = good.clone();
        record["suite"] = json!(name);
        judge(&record)
    };
    named("rehearsal").is_ok();
    named("no such suite").is_ok();
    named("execution").tells(
        "probe_class_missing: no probe is of the class \"evidence_deletion\" of the suite \"execution\"",
    );
    // Every class of both was tried: the nearer one is that with fewer strangers.
    let mut both = samples::execution_probes();
    for probe in good["probes"].as_array().unwrap().iter().take(10) {
        let mut probe = probe.clone();
        probe["id"] = json!(format!("R-{}", probe["id"].as_str().unwrap()));
        both["probes"].as_array_mut().unwrap().push(probe);
    }
    let lines = judge(&both).lines();
    let strangers = lines.iter().filter(|line| line.ends_with("which the suite \"execution\" does not have"));
    assert_eq!(strangers.count(), 5, "{lines:#?}");
}

#[test]
fn a_structured_rejection_is_safe_whatever_its_exit_status() {
    let mut record = with(&samples::rehearsal_probes(), "/probes/0/actual_exit", json!(0));
    record["probes"][0]["expected_exit"] = json!(0);
    judge(&record).fails_with("probe_fail_open");
    record["probes"][0]["event_type"] = json!("REJECTION");
    record["probes"][0]["authority_effect"] = json!("NONE");
    judge(&record).is_ok();
    record["probes"][0]["authority_effect"] = json!("SOME");
    judge(&record).fails_with("probe_fail_open");
}

#[test]
fn no_field_can_be_left_out_nulled_retyped_or_flipped_unnoticed() {
    let good = samples::rehearsal_probes();
    let optional = |pointer: &str| {
        let field = pointer.rsplit('/').next().unwrap();
        ["mutation", "expected_exit", "rejected_count", "control_count"].contains(&field)
            || pointer.starts_with("/probes/10")
    };
    for pointer in pointers(&good).iter().filter(|pointer| !optional(pointer)) {
        assert_ne!(judge(&without(&good, pointer)).0.status, Status::Ok, "without {pointer}");
        for value in [Value::Null, json!([]), json!({})] {
            assert_ne!(
                judge(&with(&good, pointer, value.clone())).0.status,
                Status::Ok,
                "{pointer} = {value}"
            );
        }
        if let Some(flag) = good.pointer(pointer).unwrap().as_bool() {
            assert_ne!(judge(&with(&good, pointer, json!(!flag))).0.status, Status::Ok, "{pointer} flipped");
        }
    }
}

/// A bad input was let through under the name of a control, and a record chose
/// the code that it was refused with.
#[test]
fn a_known_bad_input_was_a_control_and_any_code_was_due() {
    let good = samples::rehearsal_probes();
    let mut record = good.clone();
    let mut control = good["probes"].as_array().unwrap().last().unwrap().clone();
    control["id"] = json!("P-99");
    let class = if good["probes"][0].get("class").is_some() { "class" } else { "category" };
    control[class] = good["probes"][0][class].clone();
    record["probes"].as_array_mut().unwrap().push(control);
    assert!(judge(&record).0.findings.iter().any(|finding| finding.code.id() == "probe_fail_open"));
    let mut record = with(&good, "/probes/7/code", json!("WHATEVER"));
    record["probes"][7]["expected_code"] = json!("WHATEVER");
    judge(&record).fails_with("probe_wrong_code");
}

/// A packet tried the suite of another kind of packet, or said that it did.
#[test]
fn the_suite_is_the_one_that_the_status_is_due_for() {
    let judge = |record: &Value, status: &str| {
        let report = samples::machine_report("lane", "delegation", status, 3);
        let bench = Bench::new("fix7").json("bad-input-probes.json", record);
        bench.json("machine-report.json", &report).judge(&ProbesCheck)
    };
    let ready = "FIX7_P0_PRODUCTION_REHEARSAL_ONLY_ROLLBACK_READY";
    let applied = "FIX7_P0_NO_PRODUCTION_IMPLEMENTATION_EXECUTION_AND_REVIEW_APPLIED";
    let shaped = "FIX7_P0_PRODUCTION_SHAPED_CLONE_REHEARSAL_READY_NOT_APPLIED";
    for (record, status) in [
        (samples::rehearsal_probes(), ready),
        (samples::execution_probes(), applied),
        (samples::clone_probes(), shaped),
        (samples::clone_probes(), "FIX7_P0_PRODUCTION_READINESS_SURFACE_SCOPING_READY"),
    ] {
        judge(&record, status).is_ok();
    }
    let short = judge(&samples::rehearsal_probes(), applied);
    short.fails_with("probe_class_missing").fails_with("probe_class_unknown");
    let mut named = samples::rehearsal_probes();
    named["suite"] = json!("Rehearsal");
    judge(&named, ready).is_ok();
    judge(&named, applied).fails_with_at("probe_class_missing", "/suite");
    // A suite of which the profile has no class leaves the nearest one due.
    let text = "[profile.own]\nvalues = { probe_suites = { NOT_APPLIED = [\"other\"] } }";
    let config = parse_known(text.as_bytes(), "seal.toml", &Known::default()).unwrap();
    let own = builtin("fix7").unwrap().extended(&config.profiles[0]).unwrap();
    let short = without(&samples::rehearsal_probes(), "/probes/0");
    Bench::by(own)
        .json("bad-input-probes.json", &short)
        .json("machine-report.json", &samples::machine_report("lane", "delegation", "X_NOT_APPLIED", 3))
        .judge(&ProbesCheck)
        .fails_with("probe_class_missing");
}

/// A word for none, or for the opposite, was a code.
#[test]
fn a_code_is_one_and_a_refusal_ran() {
    let good = samples::rehearsal_probes();
    for none in ["NONE", "ok", "n/a", "Accepted", "2", "--", "OVERALL PASS"] {
        judge(&with(&good, "/probes/0/code", json!(none)))
            .fails_with_at("probe_wrong_code", "/probes/0/code");
    }
    judge(&with(&good, "/probes/0/code", json!("NONE_OF_THE_TARGETS_ALLOWED"))).is_ok();
    let ended = |exit: u64| {
        let record = with(&good, "/probes/0/actual_exit", json!(exit));
        judge(&with(&record, "/probes/0/expected_exit", json!(exit)))
    };
    ended(126).fails_with_at("probe_exit_differs", "/probes/0/actual_exit");
    ended(127).fails_with_at("probe_exit_differs", "/probes/0/actual_exit");
    ended(125).is_ok();
    ended(128).is_ok();
    let mut record = good.clone();
    record["probes"][1]["id"] = json!("p-01");
    judge(&record).fails_with("probe_twice");
}

/// Two names for one flag said two things, and what was printed a third.
#[test]
fn what_a_probe_printed_was_not_looked_at() {
    let said = |name: &str, value: Value| {
        let mut record = samples::rehearsal_probes();
        record["probes"][0][name] = value;
        judge(&record)
    };
    said("pass_emitted", json!(true)).fails_with_at("evidence_field_twice", "/probes/0/pass_emitted");
    said("pass_emitted", json!(false)).is_ok();
    said("exit", json!(0)).fails_with("evidence_field_twice");
    said("stdout", json!("checking\n OVERALL PASS\n")).is(Status::Failed).tells(
        "probe_fail_open /probes/0/PASS_emitted: the probe \"P-01\" failed open: a word that grants something was printed",
    );
    said("stdout", json!("no OVERALL PASS is printed")).is_ok();
}
