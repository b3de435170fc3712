//! The validator's bytes and its runs.

use serde_json::{Value, json};

use super::*;
use crate::check::Status;
use crate::check::bench::{Bench, Judged, hex, pointers, with, without};
use crate::check::samples;
use crate::config::{Known, parse_known};
use crate::profile::{Profile, builtin};

/// The profile of the family, with the pin of a validator that can be had.
fn profile() -> Profile {
    let text = format!(
        "[profile.own]\nvalues = {{ pins = [{{ name = \"hardened_validator\", sha256 = \"{}\", size = {} }}] }}",
        samples::digest(samples::VALIDATOR),
        samples::VALIDATOR.len()
    );
    let config = parse_known(text.as_bytes(), "seal.toml", &Known::default()).unwrap();
    builtin("fix7").unwrap().extended(&config.profiles[0]).unwrap()
}

fn bench(runs: &Value) -> Bench {
    Bench::by(profile())
        .file("hardened-validator.py", samples::VALIDATOR)
        .json("rollback-recovery-proof.json", &samples::rollback_proof())
        .json("validator-runs.json", runs)
}

fn judge(runs: &Value) -> Judged {
    bench(runs).judge(&ValidatorCheck)
}

#[test]
fn a_pinned_validator_with_its_three_runs_is_good() {
    judge(&samples::validator_runs("RB-CLONE-TXN")).is_ok();
    Bench::new("fix7").judge(&ValidatorCheck).is(Status::NotApplied);
    let alone = Bench::new("generic").file("validator.py", "x").judge(&ValidatorCheck);
    alone.is(Status::NotApplied);
}

#[test]
fn other_bytes_fail_under_any_name_and_the_pinned_ones_may_have_another() {
    let runs = samples::validator_runs("RB-CLONE-TXN");
    bench(&runs)
        .file("hardened-validator.py", "other")
        .judge(&ValidatorCheck)
        .fails_with("validator_not_pinned");
    let renamed = Bench::by(profile()).file("tools/v.py", samples::VALIDATOR);
    renamed.json("validator-runs.json", &runs).judge(&ValidatorCheck).is_ok();
    bench(&runs).lost("hardened-validator.py").judge(&ValidatorCheck).is(Status::Error);
}

#[test]
fn each_rule_fails_with_its_code() {
    let good = samples::validator_runs("RB-CLONE-TXN");
    for (runs, code) in [
        (with(&good, "/validator_sha256", json!(hex("other"))), "validator_not_pinned"),
        (with(&good, "/selftest/actual_exit", json!(1)), "validator_selftest_failed"),
        (with(&good, "/selftest/passed", json!(false)), "validator_selftest_failed"),
        (with(&good, "/runs/0/actual_exit", json!(1)), "validator_selftest_failed"),
        (without(&good, "/runs/1"), "validator_run_missing"),
        (with(&good, "/runs/2/actual_exit", json!(0)), "negative_control_passed"),
        (
            with(&good, "/runs/2/code", json!("ROLLBACK_NOT_RESTORED:RB-CLONE-TXN")),
            "negative_control_wrong_code",
        ),
        (with(&good, "/runs/2/code", json!("ROLLBACK_APPLY_DID_NOT_MUTATE")), "negative_control_wrong_code"),
        (
            with(&good, "/runs/2/code", json!("ROLLBACK_APPLY_DID_NOT_MUTATE:RB-OTHER")),
            "negative_control_wrong_code",
        ),
        (with(&good, "/runs/2/run", json!("another")), "evidence_unknown_value"),
    ] {
        judge(&runs).fails_with(code);
    }
    let silent = Bench::by(profile()).file("hardened-validator.py", samples::VALIDATOR);
    silent.judge(&ValidatorCheck).fails_with("validator_run_missing");
}

#[test]
fn what_was_judged_is_told() {
    let runs = samples::validator_runs("RB-CLONE-TXN");
    judge(&runs).is_ok().says("pinned bytes, self-test and 3 runs");
    judge(&without(&runs, "/runs/2"))
        .says("pinned bytes, self-test and 2 runs")
        .tells_only(&["validator_run_missing: the run \"no_mutation_variant\" is not recorded"]);
    let unpinned = Bench::new("generic").file("validator.py", "x");
    unpinned.json("validator-runs.json", &runs).judge(&ValidatorCheck).is_ok().says("self-test and 3 runs");
    let without_bytes = Bench::by(profile()).json("validator-runs.json", &runs).judge(&ValidatorCheck);
    without_bytes.says("self-test and 3 runs").tells_only(&[
        "validator_not_pinned: runs of a validator are recorded, and its bytes are neither here nor referred to",
    ]);
}

#[test]
fn where_no_run_is_named_each_says_whether_it_must_fail() {
    let text = "[profile.own]\nvalues = { validator_runs = {} }";
    let config = parse_known(text.as_bytes(), "seal.toml", &Known::default()).unwrap();
    let own = builtin("generic").unwrap().extended(&config.profiles[0]).unwrap();
    let judge =
        |runs: &Value| Bench::by(own.clone()).json("validator-runs.json", runs).judge(&ValidatorCheck);
    let mut good = samples::validator_runs("RB-CLONE-TXN");
    for (at, must_fail) in [false, false, true].into_iter().enumerate() {
        good["runs"][at]["run"] = json!(format!("run {at}"));
        good["runs"][at]["must_fail"] = json!(must_fail);
    }
    judge(&good).is_ok().says("self-test and 3 runs");
    let none = "validator_run_missing: no negative control is recorded";
    judge(&without(&good, "/runs/2")).tells_only(&[none]);
    judge(&with(&good, "/runs/2/must_fail", json!(false))).tells_only(&[
        none,
        "validator_selftest_failed /runs/2/actual_exit: the run \"run 2\" ended with 2",
        "validator_selftest_failed /runs/2/code: the run \"run 2\" is due to end well, and was refused with \
             \"ROLLBACK_APPLY_DID_NOT_MUTATE:RB-CLONE-TXN\"",
    ]);
}

#[test]
fn no_field_can_be_left_out_nulled_or_retyped_unnoticed() {
    let good = samples::validator_runs("RB-CLONE-TXN");
    let optional = ["/validator_sha256", "/selftest/passed", "/runs/0/code", "/runs/1/code"];
    for pointer in pointers(&good).iter().filter(|pointer| !optional.contains(&pointer.as_str())) {
        assert_ne!(judge(&without(&good, pointer)).0.status, Status::Ok, "without {pointer}");
        for value in [Value::Null, json!([]), json!({}), json!("NO")] {
            assert_ne!(
                judge(&with(&good, pointer, value.clone())).0.status,
                Status::Ok,
                "{pointer} = {value}"
            );
        }
    }
}

/// Recorded runs of a program that nobody could look at were good.
#[test]
fn runs_without_the_bytes_of_the_validator_were_good() {
    Bench::by(profile())
        .json("rollback-recovery-proof.json", &samples::rollback_proof())
        .json("validator-runs.json", &samples::validator_runs("RB-CLONE-TXN"))
        .judge(&ValidatorCheck)
        .fails_with("validator_not_pinned");
}

/// A run on good evidence ended with 0 and a reason for which it was refused.
#[test]
fn a_good_run_was_refused_with_a_code() {
    let good = samples::validator_runs("RB-CLONE-TXN");
    let refused = with(&good, "/runs/1/code", json!("ROLLBACK_NOT_RESTORED:RB-CLONE-TXN"));
    judge(&refused).fails_with_at("validator_selftest_failed", "/runs/1/code");
    judge(&with(&good, "/runs/1/code", json!("NONE"))).is_ok();
    judge(&with(&good, "/runs/1/code", json!(""))).is_ok();
}
