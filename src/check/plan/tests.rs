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

fn rehearsed(plan: &Value) -> Judged {
    Bench::new("fix7").json("rehearsal-plan.json", plan).judge(&PlanCheck)
}

/// As the profile has no steps of its own, numbers say the order.
fn counted(plan: &Value) -> Judged {
    Bench::new("generic").json("rehearsal-plan.json", plan).judge(&PlanCheck)
}

const RX: [&str; 7] = ["RX-0", "RX-1", "RX-2", "RX-3", "RX-4", "RX-5", "RX-6"];
const CLAIM: &str = "FIX7_P0_NO_PRODUCTION_IMPLEMENTATION_EXECUTION_AND_REVIEW_APPLIED";
const ALL: [&str; 8] = ["S0", "S1", "S2", "S3", "S4", "S5", "S6", "S7"];

#[test]
fn steps_in_order_are_good_and_none_is_nothing_to_judge() {
    judge(&plan(&ALL)).is_ok().says("8 steps in order");
    rehearsed(&plan(&RX)).is_ok().says("7 steps in order");
    Bench::new("fix7").judge(&PlanCheck).is(Status::NotApplied);
    // Another project counts its own steps.
    let other = Bench::new("generic").json("rehearsal-plan.json", &plan(&["T1", "T2"]));
    other.judge(&PlanCheck).is_ok();
    // A bare list of rows is a plan too.
    rehearsed(&json!(RX.map(step))).is_ok();
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
        (&["s0", "s1", "s2", "s3", "s4", "s5", "s6", "s7"], "step_out_of_order"),
        (&[], "step_missing"),
    ] {
        judge(&plan(names)).fails_with(code);
    }
    for (names, code) in [
        (&["RX-0", "RX-2"][..], "step_missing"),
        (&["RX-1", "RX-0"], "step_out_of_order"),
        (&["RX-2", "RX-3"], "step_missing"),
        (&["RX-0", "RY-1"], "step_out_of_order"),
        (&["RX-0", "apply"], "step_out_of_order"),
        (&[], "step_missing"),
    ] {
        counted(&plan(names)).fails_with(code);
    }
}

/// The steps of a rehearsal in the plan of an execution had no gate to pass.
#[test]
fn each_plan_has_the_steps_of_its_kind() {
    let judged = judge(&plan(&RX));
    judged.fails_with("step_missing").fails_with("step_out_of_order");
    assert_eq!(judged.0.findings.len(), 15);
    rehearsed(&plan(&ALL)).fails_with("step_out_of_order");
    let more = [&RX[..], &["RX-7"]].concat();
    let judged = rehearsed(&plan(&more));
    judged.fails_with("step_out_of_order");
    assert_eq!(judged.0.findings[0].message, "the step \"RX-7\" is none of the profile's");
    assert_eq!(judged.0.findings[0].pointer.as_deref(), Some("/steps/7"));
    // A status that claims the plan of an execution is not met by a rehearsal's.
    let bench = Bench::new("fix7").json("rehearsal-plan.json", &plan(&RX));
    let claiming = |status: &str| bench.clone().json("machine-report.json", &json!({"final_status": status}));
    claiming(CLAIM).judge(&PlanCheck).is(Status::NotApplied);
    claiming("FIX7_P0_PRODUCTION_REHEARSAL_ONLY_ROLLBACK_READY").judge(&PlanCheck).is_ok();
}

#[test]
fn a_gate_that_is_not_passed_holds_back_what_publishes() {
    let good = plan(&ALL);
    let shut = |field: &str, value: Value| {
        let mut plan = good.clone();
        plan["steps"][3][field] = value;
        plan
    };
    let judged = judge(&shut("allowed", json!(false)));
    judged.fails_with("published_before_gate").fails_with("step_missing");
    assert!(judged.0.findings.iter().any(|finding| {
        finding.pointer.as_deref() == Some("/steps/3/allowed")
            && finding.message == "the step \"S3\" is not allowed, and \"S4\" behind it is"
    }));
    for (field, value, how) in [
        ("performed", json!(false), "was not carried out"),
        ("status", json!("SKIPPED"), "was not carried out"),
        ("actual_exit", json!(1), "did not end well"),
        ("result", json!("FAIL"), "did not end well"),
        ("outcome", json!("ended with errors"), "did not end well"),
        ("verdict", json!("rejected"), "did not end well"),
    ] {
        let bad = shut(field, value);
        let judged = judge(&bad);
        assert_eq!(judged.codes(), ["published_before_gate"]);
        assert_eq!(
            judged.0.findings[0].message,
            format!("the step \"S5\" publishes, and the gate \"S3\" {how}")
        );
        // What was not published either was held back.
        let held = with(&bad, "/steps/5", with_field(&bad["steps"][5], "performed", json!(false)));
        judge(&with(&held, "/steps/6", with_field(&bad["steps"][6], "performed", json!(false)))).is_ok();
    }
    judge(&shut("performed", json!(true))).is_ok();
    judge(&shut("status", json!("DONE"))).is_ok();
    judge(&shut("actual_exit", json!(0))).is_ok();
    let mut refused_well = shut("actual_exit", json!(3));
    refused_well["steps"][3]["expected_exit"] = json!(3);
    judge(&refused_well).is_ok();
    // The last step alone may be left for later.
    judge(&with(&good, "/steps/7/allowed", json!(false))).is_ok();
    judge(&with(&good, "/steps/2/allowed", json!(false))).fails_with("step_missing");
}

fn with_field(object: &Value, field: &str, value: Value) -> Value {
    let mut object = object.clone();
    object[field] = value;
    object
}

#[test]
fn what_was_carried_out_follows_the_plan() {
    let ran = |names: &[&str]| {
        let mut plan = plan(&ALL);
        plan["executed_steps"] = json!(names);
        judge(&plan)
    };
    ran(&ALL).is_ok();
    ran(&["S0", "S1", "S2", "S3"]).is_ok();
    ran(&[]).is_ok();
    for (names, codes) in [
        (&["S0", "S2", "S1"][..], &["step_out_of_order"][..]),
        (&["S0", "S1", "S1"], &["step_twice"]),
        (&["S0", "S1", "S3"], &["step_missing"]),
        (&["S0", "S1", "S2", "S4", "S5"], &["published_before_gate", "step_missing"]),
        (&["S0", "S9"], &["step_out_of_order"]),
    ] {
        let judged = ran(names);
        assert_eq!(judged.codes(), codes, "{names:?}");
        assert_eq!(judged.0.status, Status::Failed);
    }
    let judged = ran(&["S0", "S1", "S3"]);
    assert_eq!(judged.0.findings[0].pointer.as_deref(), Some("/executed_steps"));
    assert!(judged.0.findings[0].message.starts_with("the step \"S2\" was left out"));
    // Another project may leave steps out, and not turn them round.
    let mut own = plan(&["T1", "T2", "T3"]);
    own["executed_steps"] = json!(["T1", "T3"]);
    counted(&own).is_ok();
    own["executed_steps"] = json!(["T3", "T1"]);
    counted(&own).fails_with("step_out_of_order");
}

#[test]
fn a_status_that_claims_the_plan_claims_each_of_its_steps() {
    let claiming = |plan: &Value, status: &str| {
        Bench::new("fix7")
            .json("execution-plan.json", plan)
            .json("machine-report.json", &json!({"final_status": status}))
            .judge(&PlanCheck)
    };
    let good = plan(&ALL);
    claiming(&good, CLAIM).is_ok();
    let mut none = good.clone();
    none["steps"].as_array_mut().unwrap().iter_mut().for_each(|step| step["allowed"] = json!(false));
    let judged = claiming(&none, CLAIM);
    assert_eq!((judged.codes(), judged.0.findings.len()), (vec!["step_missing"], 8));
    assert_eq!(
        judged.0.findings[7].message,
        "the status claims that the plan was carried out, and the step \"S7\" is not allowed"
    );
    claiming(&none, "X_NOT_APPLIED").is_ok();
    for (field, value, why) in
        [("performed", json!(false), "was not carried out"), ("result", json!("FAIL"), "did not end well")]
    {
        let mut bad = good.clone();
        bad["steps"][7][field] = value;
        judge(&bad).is_ok();
        let judged = claiming(&bad, CLAIM);
        assert_eq!(judged.codes(), ["step_missing"]);
        assert!(judged.0.findings[0].message.ends_with(&format!("the step \"S7\" {why}")));
    }
}

#[test]
fn no_step_is_allowed_on_production() {
    let good = plan(&RX);
    for target in ["production", "the Live database", "pr\u{43e}duction"] {
        let judged = rehearsed(&with(&good, "/steps/3/target", json!(target)));
        assert_eq!(judged.codes(), ["forbidden_step_attempted"], "{target}");
        assert_eq!(judged.0.findings[0].pointer.as_deref(), Some("/steps/3/target"));
    }
    for target in ["production-shaped clone", "no-production staging", "copy of production"] {
        rehearsed(&with(&good, "/steps/3/target", json!(target))).is_ok();
    }
}

#[test]
fn every_trace_of_a_forbidden_step_fails() {
    let judge = rehearsed;
    let mut good = plan(&[&RX[..], &["PROD-APPLY"]].concat());
    judge(&good).fails_with("forbidden_step_attempted");
    good["steps"][7]["allowed"] = json!(false);
    judge(&good).is_ok();
    let told = |field: &str, value: Value| {
        let mut plan = good.clone();
        plan["steps"][7][field] = value;
        plan
    };
    for (field, value) in [
        ("attempted", json!(false)),
        ("actual_exit", Value::Null),
        ("executed_at", Value::Null),
        ("status", json!("NOT_ATTEMPTED")),
        ("result", json!("N/A")),
        ("irreversible", json!(true)),
        ("verdict", json!("rejected")),
        ("passed", json!(true)),
    ] {
        judge(&told(field, value)).is_ok();
    }
    for (field, value) in [
        ("attempted", json!(true)),
        ("was_executed", json!(true)),
        ("performed", json!(true)),
        ("executed_at", json!("2026-06-11")),
        ("actual_exit", json!(0)),
        ("exit_code", json!(1)),
        ("status", json!("EXECUTED")),
        ("state", json!("DONE")),
        ("outcome", json!("FAIL")),
        ("verdict", json!("FAILED")),
        ("result", json!({"rows": 3})),
    ] {
        let judged = judge(&told(field, value));
        assert!(judged.codes().contains(&"forbidden_step_attempted"), "{field}");
        let pointer = format!("/steps/7/{field}");
        assert!(
            judged.0.findings.iter().any(|finding| finding.pointer.as_deref() == Some(&pointer)),
            "{field}"
        );
    }
    judge(&told("attempted", json!("NO"))).fails_with("evidence_wrong_type");
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
    ran["executed_steps"] = json!(["RX-0", "RX-9"]);
    judge(&ran).fails_with("step_out_of_order");
}

#[test]
fn forbidden_steps_are_counted_by_their_rows_and_by_what_was_carried_out() {
    let mut plan = plan(&["RX-0", "RX-1", "PROD-APPLY"]);
    plan["steps"][1]["allowed"] = json!(false);
    plan["steps"][2]["allowed"] = json!(false);
    counted(&plan).is_ok().says("3 steps in order");
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
    counted(&attempted).tells_only(&[row, &sum(1)]);
    let mut listed = plan.clone();
    listed["attempted_steps"] = json!(["PROD-APPLY"]);
    let there = ran.replace("executed_steps/1", "attempted_steps/0");
    counted(&listed).tells_only(&[&there, &sum(1)]);
    plan["executed_steps"] = json!(["RX-0", "PROD-APPLY"]);
    counted(&plan).tells_only(&[ran, &sum(1)]);
    attempted["executed_steps"] = plan["executed_steps"].clone();
    counted(&attempted).tells_only(&[row, ran, &sum(2)]);
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

/// Nothing was carried out, or all but the last step, under a status that claims all.
#[test]
fn steps_were_left_out_of_what_was_carried_out() {
    let ran = |names: &[&str], status: &str| {
        let mut plan = plan(&ALL);
        plan["executed_steps"] = json!(names);
        Bench::new("fix7")
            .json("execution-plan.json", &plan)
            .json("machine-report.json", &json!({"final_status": status}))
            .judge(&PlanCheck)
    };
    for names in [&[][..], &ALL[..7]] {
        ran(names, CLAIM).fails_with_at("step_missing", "/executed_steps");
        ran(names, "X_DRAFT").is_ok();
    }
    ran(&ALL, CLAIM).is_ok();
    let judged = ran(&["S0", "S2"], CLAIM);
    let why: Vec<&str> = judged.0.findings.iter().map(|finding| finding.message.as_str()).collect();
    assert_eq!(why[0], "the step \"S1\" was left out, and one behind it was carried out");
    assert_eq!(why[1], "the step \"S3\" was left out, and the status claims that the plan was carried out");
}

/// The gate had failed in a field that nobody read.
#[test]
fn a_gate_failed_in_another_field() {
    let gate = |field: &str, value: Value| {
        let mut plan = plan(&ALL);
        plan["steps"][3][field] = value;
        judge(&plan)
    };
    for (field, value) in [
        ("verdict", json!("FAIL")),
        ("verdict", json!("NOT_RUN")),
        ("passed", json!(false)),
        ("ok", json!(false)),
    ] {
        assert_eq!(gate(field, value).codes(), ["published_before_gate"], "{field}");
    }
    gate("passed", json!("NO")).fails_with("evidence_wrong_type");
    for (field, value) in
        [("verdict", json!("PASS")), ("verdict", json!("ALL_FAIL_CLOSED")), ("passed", json!(true))]
    {
        gate(field, value).is_ok();
    }
}

/// A forbidden step had been taken, under names that nobody read.
#[test]
fn a_forbidden_step_left_other_traces() {
    let mut good = plan(&[&RX[..], &["PROD-APPLY"]].concat());
    good["steps"][7]["allowed"] = json!(false);
    let row = |field: &str, value: Value| {
        let mut plan = good.clone();
        plan["steps"][7][field] = value;
        rehearsed(&plan)
    };
    for (field, value, at) in [
        ("attempts", json!(1), ""),
        ("attempt_count", json!(1), ""),
        ("mutation_applied", json!(true), ""),
        ("rows_changed", json!(3), ""),
        ("verdict", json!("SUCCESS"), ""),
        ("execution", json!({"performed": true}), "/performed"),
        ("run", json!({"executed_at": "2026-06-11"}), "/executed_at"),
    ] {
        row(field, value).fails_with_at("forbidden_step_attempted", &format!("/steps/7/{field}{at}"));
    }
    for (field, value) in [
        ("attempts", json!(0)),
        ("max_attempts", json!(1)),
        ("expected_rows_changed", json!(3)),
        ("requires_completed_gate", json!(true)),
        ("never_executed", json!(true)),
        ("verdict", json!("BLOCKED_BY_GATE")),
        ("verdict", json!("REJECTED")),
        ("verdict", json!("not yet executed")),
        ("passed", json!(false)),
        ("execution", json!({"performed": false, "executed_at": null})),
    ] {
        row(field, value).is_ok();
    }
    // What may be taken may leave such traces.
    let mut taken = good.clone();
    taken["steps"][3]["rows_changed"] = json!(3);
    rehearsed(&taken).is_ok();
    let root = |name: &str, value: Value| {
        let mut plan = good.clone();
        plan[name] = value;
        rehearsed(&plan)
    };
    root("attempted_steps", json!(["PROD-APPLY"]))
        .fails_with_at("forbidden_step_attempted", "/attempted_steps/0");
    root("stepsPerformed", json!([{"step": "PROD-APPLY"}]))
        .fails_with_at("forbidden_step_attempted", "/stepsPerformed/0");
    for (name, value) in [
        ("attempted_steps", json!(["RX-0"])),
        ("not_attempted_steps", json!(["PROD-APPLY"])),
        ("forbidden_steps", json!(["PROD-APPLY"])),
        ("attempted_steps", json!([])),
    ] {
        root(name, value).is_ok();
    }
}

/// A step was harmless by its name and its target, and not by its command.
#[test]
fn a_command_did_what_its_step_may_not() {
    let command = |at: usize, text: &str| {
        let mut plan = plan(&ALL);
        plan["steps"][at]["command"] = json!(text);
        judge(&plan)
    };
    for at in [1, 3] {
        command(at, "publish M-1").tells_only(&[format!(
            "published_before_gate /steps/{at}/command: the command of the step \"S{at}\", which is not behind \
             the gate, is \"publish M-1\""
        )]);
    }
    command(5, "upload to production").tells_only(&[
        "forbidden_step_attempted /steps/5/command: the step \"S5\" is allowed, and its command is \"upload to \
         production\"",
    ]);
    for (at, text) in [
        (1, "check that nothing is published"),
        (2, "publish M-1 to staging, hash it, withdraw it"),
        (5, "publish M-1"),
        (5, "upload M-1 to no-production"),
        (7, "verify that production is untouched"),
    ] {
        command(at, text).is_ok();
    }
    // What may not be carried out publishes nothing.
    let mut held = plan(&ALL);
    held["steps"][1]["command"] = json!("publish M-1");
    held["steps"][1]["allowed"] = json!(false);
    assert!(!judge(&held).codes().contains(&"published_before_gate"));
    // What may not be taken may be described.
    let mut plan = plan(&[&RX[..], &["PROD-APPLY"]].concat());
    plan["steps"][7]["allowed"] = json!(false);
    plan["steps"][7]["command"] = json!("apply to production");
    rehearsed(&plan).is_ok();
    plan["steps"][4]["command"] = json!("apply to production");
    rehearsed(&plan).fails_with_at("forbidden_step_attempted", "/steps/4/command");
}
