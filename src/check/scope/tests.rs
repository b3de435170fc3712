//! Mutations made and allowed, and rows that may not allow what they allow.

use serde_json::{Value, json};

use super::*;
use crate::check::Status;
use crate::check::bench::{Bench, Judged, with, without};
use crate::check::samples;

fn row(target: &str) -> Value {
    json!({"target": target, "environment": "staging", "mutation_type": "additive", "production_risk": "none",
        "allowed": true, "rollback_method": "withdraw"})
}

fn lock(targets: &[&str]) -> Value {
    let rows: Vec<Value> = targets.iter().map(|target| row(target)).collect();
    json!({"no_production_scope_proven": true, "isolation_basis": "documents only", "table_B": rows})
}

fn bench(lock: &Value) -> Bench {
    Bench::new("fix7")
        .json("scope-lock.json", lock)
        .json("rollback-recovery-proof.json", &samples::execution_proof())
}

fn judge(lock: &Value) -> Judged {
    bench(lock).judge(&ScopeCheck)
}

#[test]
fn what_was_made_is_what_was_allowed() {
    let good = lock(&["M-1", "M-2"]);
    judge(&good).is_ok();
    Bench::new("fix7").judge(&ScopeCheck).is(Status::NotApplied);
    judge(&lock(&["M-1"])).fails_with("mutation_out_of_scope");
    judge(&lock(&["M-1", "m-2"])).fails_with("mutation_out_of_scope");
    judge(&lock(&["M-1", "M-2", "M-2"])).fails_with("scope_ambiguous");
    judge(&lock(&[])).fails_with("scope_ambiguous");
    let proof = without(&samples::execution_proof(), "/entries/1");
    bench(&good)
        .json("rollback-recovery-proof.json", &proof)
        .judge(&ScopeCheck)
        .fails_with("mutation_not_made");
    let recorded = |list: Value| {
        bench(&good).json("machine-report.json", &json!({"mutations": list})).judge(&ScopeCheck)
    };
    recorded(json!(["M-1", "M-2"])).is_ok().says("2 of 2 allowed mutations made");
    // A report without any mutation leaves the proof to speak.
    recorded(json!([])).is_ok();
    recorded(json!(["M-1"])).tells_only(&[
        "mutations_differ /entries/1/target: the mutation \"M-2\" is recorded here and not in \
         \"machine-report.json\"",
    ]);
    recorded(json!(["M-1", "M-2", "M-2"]))
        .tells_only(&["mutations_differ /mutations/2: the mutation \"M-2\" is recorded twice"]);
    let objects = json!({"mutations": [{"target": "M-1"}, {"target": "M-2"}]});
    bench(&good).json("machine-report.json", &objects).judge(&ScopeCheck).is_ok();
}

#[test]
fn another_projects_targets_are_its_own() {
    let proof = with(&samples::execution_proof(), "/entries/0/target", json!("page A"));
    let proof = with(&proof, "/entries/1/target", json!("page B"));
    let bench = Bench::new("generic")
        .json("scope-lock.json", &lock(&["page A", "page B"]))
        .json("rollback-recovery-proof.json", &proof);
    bench.judge(&ScopeCheck).is_ok();
}

#[test]
fn a_row_cannot_allow_what_is_forbidden() {
    let good = lock(&["M-1", "M-2"]);
    for (pointer, value, code) in [
        ("/table_B/0/allowed", json!(false), "mutation_out_of_scope"),
        ("/table_B/0/target", json!("M-9"), "mutation_out_of_scope"),
        ("/table_B/0/environment", json!("production"), "mutation_out_of_scope"),
        ("/table_B/0/environment", json!("Live system"), "mutation_out_of_scope"),
        ("/no_production_scope_proven", json!(false), "scope_not_proven"),
    ] {
        judge(&with(&good, pointer, value)).fails_with(code);
    }
    judge(&with(&good, "/table_B/0/environment", json!("no-production staging"))).is_ok();
    for surface in [json!("7"), json!(7), json!("1")] {
        let mut bad = good.clone();
        bad["table_B"][0]["mutation_surface"] = surface;
        judge(&bad).fails_with("mutation_out_of_scope");
    }
}

#[test]
fn a_row_is_told_what_it_must_not_allow() {
    let good = lock(&["M-1", "M-2"]);
    judge(&with(&good, "/table_B/0/target", json!("M-9"))).tells(
        "mutation_out_of_scope /table_B/0/target: \"M-9\" is allowed, and the profile allows \"M-1, M-2\"",
    );
    let surface = |surface: &str| {
        let mut lock = good.clone();
        lock["table_B"][0]["mutation_surface"] = json!(surface);
        judge(&lock)
    };
    surface("2").is_ok();
    surface("7").tells(
        "mutation_out_of_scope /table_B/0/mutation_surface: \"M-1\" is allowed on the surface \"7\", which is \
         forbidden",
    );
}

#[test]
fn what_decides_is_there_and_of_its_type() {
    let good = lock(&["M-1", "M-2"]);
    for field in ["target", "environment", "mutation_type", "production_risk", "allowed", "rollback_method"] {
        let pointer = format!("/table_B/1/{field}");
        judge(&without(&good, &pointer)).fails_with("evidence_field_missing");
        judge(&with(&good, &pointer, Value::Null)).fails_with("evidence_wrong_type");
        judge(&with(&good, &pointer, json!([true]))).fails_with("evidence_wrong_type");
    }
    for (pointer, value) in [
        ("/no_production_scope_proven", json!("YES")),
        ("/no_production_scope_proven", Value::Null),
        ("/isolation_basis", json!(1)),
        ("/table_B", json!({})),
        ("/table_B/0", json!(["M-1"])),
    ] {
        judge(&with(&good, pointer, value)).fails_with("evidence_wrong_type");
    }
    judge(&json!([])).fails_with("evidence_wrong_type");
    judge(&with(&good, "/isolation_basis", json!(" "))).fails_with("evidence_unknown_value");
}
