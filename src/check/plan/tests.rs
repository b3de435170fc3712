//! The order of steps, and every trace of a forbidden one.

use serde_json::{Value, json};

use super::*;
use crate::check::Status;
use crate::check::bench::{Bench, Judged, with, without};

fn step(name: &str) -> Value {
    json!({"step": name, "command": "do it", "target": "clone", "expected_mutation": "none", "rollback": "none", "allowed": true})
}

fn plan(names: &[&str]) -> Value {
    let steps: Vec<Value> = names.iter().map(|name| step(name)).collect();
    json!({"steps": steps, "forbidden_steps_attempted": 0, "production_mutation": false})
}

fn judge(plan: &Value) -> Judged {
    Bench::new("fix7").json("execution-plan.json", plan).judge(&PlanCheck)
}

const ALL: [&str; 8] = ["S0", "S1", "S2", "S3", "S4", "S5", "S6", "S7"];

#[test]
fn steps_in_order_are_good_and_none_is_nothing_to_judge() {
    judge(&plan(&ALL)).is_ok();
    judge(&plan(&["RX-0", "RX-1", "RX-2"])).is_ok();
    Bench::new("fix7").judge(&PlanCheck).is(Status::NotApplied);
    // Another project counts its own steps.
    let other = Bench::new("generic").json("rehearsal-plan.json", &plan(&["T1", "T2"]));
    other.judge(&PlanCheck).is_ok();
    // A bare list of rows is a plan too.
    judge(&json!([step("RX-0"), step("RX-1")])).is_ok();
}

#[test]
fn another_order_fails_with_its_code() {
    for (names, code) in [
        (&["S0", "S2", "S1", "S3", "S4", "S5", "S6", "S7"][..], "step_out_of_order"),
        (&["S0", "S1", "S2", "S3", "S4", "S5", "S6"], "step_missing"),
        (&["S0", "S1", "S2", "S3", "S4", "S5", "S6", "S7", "S7"], "step_twice"),
        (&["S0", "S1", "S2", "S5", "S3", "S4", "S6", "S7"], "published_before_gate"),
        (&["S0", "S1", "S2", "S3", "S4", "S5", "S6", "S7", "S8"], "step_out_of_order"),
        (&["S0", "S1", "S2", "S3", "S4", "S5", "S6", "S7", "s3"], "step_out_of_order"),
        (&["RX-0", "RX-2"], "step_missing"),
        (&["RX-1", "RX-0"], "step_out_of_order"),
        (&["RX-2", "RX-3"], "step_missing"),
        (&["RX-0", "RY-1"], "step_out_of_order"),
        (&["RX-0", "apply"], "step_out_of_order"),
        (&[], "step_missing"),
    ] {
        judge(&plan(names)).fails_with(code);
    }
}

#[test]
fn every_trace_of_a_forbidden_step_fails() {
    let mut good = plan(&["RX-0", "RX-1", "PROD-APPLY"]);
    judge(&good).fails_with("forbidden_step_attempted");
    good["steps"][2]["allowed"] = json!(false);
    judge(&good).is_ok();
    let mut not_attempted = good.clone();
    not_attempted["steps"][2]["attempted"] = json!(false);
    not_attempted["steps"][2]["actual_exit"] = Value::Null;
    judge(&not_attempted).is_ok();
    for (field, value) in [("attempted", json!(true)), ("performed", json!(true)), ("actual_exit", json!(0))]
    {
        let mut bad = good.clone();
        bad["steps"][2][field] = value;
        judge(&bad).fails_with("forbidden_step_attempted");
    }
    for value in [json!(1), json!(["PROD-APPLY"]), json!(true)] {
        judge(&with(&good, "/forbidden_steps_attempted", value)).fails_with("forbidden_step_attempted");
    }
    for value in [json!([]), json!(false)] {
        judge(&with(&good, "/forbidden_steps_attempted", value)).is_ok();
    }
    judge(&with(&good, "/production_mutation", json!(true))).fails_with("forbidden_step_attempted");
    let mut ran = good.clone();
    ran["executed_steps"] = json!(["RX-0", "PROD-APPLY"]);
    judge(&ran).fails_with("forbidden_step_attempted");
    ran["executed_steps"] = json!(["RX-0", "RX-7"]);
    judge(&ran).fails_with("step_out_of_order");
}

#[test]
fn forbidden_steps_are_counted_by_their_rows_and_by_what_was_carried_out() {
    let mut plan = plan(&["RX-0", "RX-1", "PROD-APPLY"]);
    plan["steps"][1]["allowed"] = json!(false);
    plan["steps"][2]["allowed"] = json!(false);
    judge(&plan).is_ok().says("3 steps in order");
    let row = "forbidden_step_attempted /steps/1/attempted: the step \"RX-1\" is forbidden and was attempted";
    let ran =
        "forbidden_step_attempted /executed_steps/1: the step \"PROD-APPLY\" is forbidden and was attempted";
    let sum = |n: u64| {
        format!(
            "forbidden_step_attempted /forbidden_steps_attempted: 0 forbidden steps were attempted, says the \
             plan; the rows show {n}"
        )
    };
    let mut attempted = plan.clone();
    attempted["steps"][1]["attempted"] = json!(true);
    judge(&attempted).tells_only(&[row, &sum(1)]);
    plan["executed_steps"] = json!(["RX-0", "PROD-APPLY"]);
    judge(&plan).tells_only(&[ran, &sum(1)]);
    attempted["executed_steps"] = plan["executed_steps"].clone();
    judge(&attempted).tells_only(&[row, ran, &sum(2)]);
}

#[test]
fn a_step_that_stands_there_twice_is_not_out_of_order() {
    let twice = ["S0", "S1", "S2", "S3", "S4", "S5", "S6", "S7", "S7"];
    judge(&plan(&twice)).tells_only(&["step_twice /steps/8: the step \"S7\" stands in the plan twice"]);
}

#[test]
fn what_decides_is_there_and_of_its_type() {
    let good = plan(&ALL);
    for field in ["step", "command", "target", "expected_mutation", "rollback", "allowed"] {
        judge(&without(&good, &format!("/steps/3/{field}"))).is(Status::Failed);
        judge(&with(&good, &format!("/steps/3/{field}"), Value::Null)).fails_with("evidence_wrong_type");
    }
    for (pointer, value) in [
        ("/steps", json!({})),
        ("/steps/0", json!("S0")),
        ("/steps/0/allowed", json!("YES")),
        ("/forbidden_steps_attempted", json!("none")),
        ("/forbidden_steps_attempted", Value::Null),
        ("/production_mutation", json!("NO")),
        ("/production_mutation", json!(0)),
    ] {
        judge(&with(&good, pointer, value)).fails_with("evidence_wrong_type");
    }
    judge(&without(&good, "/production_mutation")).fails_with("evidence_field_missing");
    judge(&without(&good, "/forbidden_steps_attempted")).fails_with("evidence_field_missing");
    judge(&json!("a plan")).fails_with("evidence_wrong_type");
}
