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

/// The proof of one mutation with another state.
fn proof_with(pointer: &str, value: Value) -> Value {
    with(&samples::execution_proof(), pointer, value)
}

#[test]
fn an_addition_finds_nothing_and_leaves_nothing() {
    let good = lock(&["M-1", "M-2"]);
    for (field, when) in [("before_hash", "before"), ("after_rollback_hash", "after the rollback")] {
        let pointer = format!("/entries/1/{field}");
        let proof = proof_with(&pointer, json!(samples::digest("an earlier page")));
        let judged = bench(&good).json("rollback-recovery-proof.json", &proof).judge(&ScopeCheck);
        assert_eq!(judged.codes(), ["mutation_out_of_scope"]);
        assert_eq!(judged.0.findings[0].pointer.as_deref(), Some(&*pointer));
        assert_eq!(
            judged.0.findings[0].message,
            format!("\"M-2\" may only be added, and something was there {when}")
        );
    }
    // Another project may change what is there.
    let proof = with(&proof_with("/entries/0/target", json!("page A")), "/entries/1/target", json!("page B"));
    let proof = with(&proof, "/entries/0/before_hash", json!(samples::digest("an earlier page")));
    Bench::new("generic")
        .json("scope-lock.json", &lock(&["page A", "page B"]))
        .json("rollback-recovery-proof.json", &proof)
        .judge(&ScopeCheck)
        .is_ok();
}

#[test]
fn nothing_was_changed_on_production() {
    let good = lock(&["M-1", "M-2"]);
    let on = |surface: &str| {
        let proof = proof_with("/entries/1/surface", json!(surface));
        bench(&good).json("rollback-recovery-proof.json", &proof).judge(&ScopeCheck)
    };
    let judged = on("production database");
    assert_eq!(judged.codes(), ["mutation_out_of_scope"]);
    assert_eq!(judged.0.findings[0].pointer.as_deref(), Some("/entries/1/surface"));
    assert_eq!(judged.0.findings[0].message, "\"M-2\" was changed on \"production database\"");
    on("production-shaped clone").is_ok();
    let reported = json!({"mutations": ["M-1", {"target": "M-2", "surface": "production PG"}]});
    let judged = bench(&good).json("machine-report.json", &reported).judge(&ScopeCheck);
    assert_eq!(judged.codes(), ["mutation_out_of_scope"]);
    assert_eq!(judged.0.findings[0].pointer.as_deref(), Some("/mutations/1/surface"));
}

/// A mutation was recorded on a forbidden surface, and only the lock was asked for its own.
#[test]
fn a_mutation_was_recorded_on_a_forbidden_surface() {
    let good = lock(&["M-1", "M-2"]);
    let proof = |field: &str, value: Value| {
        let mut proof = samples::execution_proof();
        proof["entries"][0][field] = value;
        bench(&good).json("rollback-recovery-proof.json", &proof).judge(&ScopeCheck)
    };
    let report = |field: &str, value: Value| {
        let list = json!([{"target": "M-1", field: value}, "M-2"]);
        bench(&good).json("machine-report.json", &json!({"mutations": list})).judge(&ScopeCheck)
    };
    for value in ["5", "07", "surface 5", "Mutation surface 10", "Directus", "system_issues", "Registry Rows"]
    {
        for field in ["surface", "mutation_surface"] {
            proof(field, json!(value)).fails_with_at("mutation_out_of_scope", &format!("/entries/0/{field}"));
            report(field, json!(value))
                .fails_with_at("mutation_out_of_scope", &format!("/mutations/0/{field}"));
        }
    }
    proof("mutation_surface", json!(5)).fails_with_at("mutation_out_of_scope", "/entries/0/mutation_surface");
    report("surface", json!([5])).fails_with_at("evidence_wrong_type", "/mutations/0/surface");
    report("environment", json!("production"))
        .fails_with_at("mutation_out_of_scope", "/mutations/0/environment");
    proof("environment", json!("staging, then production"))
        .fails_with_at("mutation_out_of_scope", "/entries/0/environment");
    for value in [json!("2"), json!(2), json!("55"), json!("staging copy of the registry"), Value::Null] {
        proof("surface", value.clone()).is_ok();
        report("mutation_surface", value).is_ok();
    }
    for value in ["staging", "5", "no-production"] {
        report("environment", json!(value)).is_ok();
    }
}

#[test]
fn every_call_that_changes_something_made_a_mutation() {
    let call = |path: &str| json!({"tool": "upload_document", "path": path});
    let logged = |calls: &[Value]| {
        bench(&lock(&["M-1", "M-2"])).json("tool-call-log.json", &json!({"calls": calls})).judge(&ScopeCheck)
    };
    let both = [call("staging/M-1.md"), call("staging/M-2/rev1.md")];
    logged(&both).is_ok();
    logged(&[json!({"tool": "upload_document", "path": "staging/a.md", "target": "M-1"}), call("M-2")])
        .is_ok();
    let more = [&both[..], &[call("staging/registry-cutover.md")]].concat();
    let judged = logged(&more);
    assert_eq!(judged.codes(), ["mutation_out_of_scope"]);
    assert_eq!(judged.0.findings[0].pointer.as_deref(), Some("/calls/2/path"));
    let judged = logged(&both[..1]);
    assert_eq!(judged.codes(), ["mutations_differ"]);
    assert_eq!(judged.0.findings[0].pointer.as_deref(), Some("/entries/1/target"));
    assert!(judged.0.findings[0].message.contains("no call in \"tool-call-log.json\" made it"));
    // Another number is another target, and another tool changes nothing.
    let other = [call("staging/M-1.md"), call("staging/M-20.md")];
    assert_eq!(logged(&other).codes(), ["mutation_out_of_scope", "mutations_differ"]);
    let reading = [&both[..], &[json!({"tool": "read_document", "path": "staging/x.md"})]].concat();
    logged(&reading).is_ok();
    // A path that the scope has for its target is as good as the name.
    let mut named = lock(&["M-1", "M-2"]);
    named["table_B"][0]["path"] = json!("staging/the-page.md");
    bench(&named)
        .json("tool-call-log.json", &json!({"calls": [call("staging/the-page.md"), call("staging/M-2.md")]}))
        .judge(&ScopeCheck)
        .is_ok();
}

/// A third call went to a name that begins as that of a mutation, or to production.
#[test]
fn a_call_went_beside_the_mutations() {
    for path in
        ["M-1", "staging/M-1", "staging/M-1.md", "a/M-1-rev1.md", "a/M-1_V2", "a/M-1@rev-3.json", "M-1/r2.md"]
    {
        assert!(is_document_of(path, "M-1"), "{path}");
    }
    for path in [
        "staging/M-1-evil.md",
        "staging/M-1/registry.json",
        "staging/M-1/M-2.md",
        "staging/M-10.md",
        "staging/M-1rev1.md",
        "staging/M-1.registry.json",
        "staging/M-1.attachments",
        "staging/M-1-rev.md",
        "M-1/staging/page.md",
        "staging/XM-1.md",
        "M-1/",
        "",
    ] {
        assert!(!is_document_of(path, "M-1"), "{path}");
    }
    let call = |path: &str| json!({"tool": "upload_document", "path": path});
    let logged = |change: &dyn Fn(&mut Value)| {
        let mut log = json!({"calls": [call("staging/M-1.md"), call("staging/M-2.md")]});
        change(&mut log["calls"]);
        bench(&lock(&["M-1", "M-2"])).json("tool-call-log.json", &log).judge(&ScopeCheck)
    };
    for path in ["staging/M-1-evil.md", "staging/M-1/registry.json"] {
        logged(&|calls| calls.as_array_mut().unwrap().push(call(path)))
            .fails_with_at("mutation_out_of_scope", "/calls/2/path");
    }
    // A longer name is the mutation's where no other call is.
    logged(&|calls| calls[0] = call("staging/M-1-index.md")).is_ok();
    logged(&|calls| calls[1] = call("staging/M-2/page.md")).is_ok();
    logged(&|calls| calls[1] = call("staging/M-20.md"))
        .fails_with_at("mutation_out_of_scope", "/calls/1/path");
    for field in ["environment", "target", "destination", "target_environment"] {
        logged(&|calls| calls[0][field] = json!("production"))
            .fails_with_at("mutation_out_of_scope", &format!("/calls/0/{field}"));
        logged(&|calls| calls[0][field] = json!("staging copy of production")).is_ok();
    }
    logged(&|calls| calls[1]["arguments"] = json!({"destination": "production/registry.json"}))
        .fails_with_at("mutation_out_of_scope", "/calls/1/arguments/destination");
    logged(&|calls| calls[1]["note"] = json!("production is not touched")).is_ok();
}

#[test]
fn an_allowed_row_is_of_a_known_kind() {
    let good = lock(&["M-1", "M-2"]);
    for (field, value, code) in [
        ("mutation_type", "DELETE FROM birth_registry", "evidence_unknown_value"),
        ("production_risk", "total", "mutation_out_of_scope"),
        ("rollback_method", "none", "mutation_out_of_scope"),
        ("rollback_method", "N/A", "mutation_out_of_scope"),
        ("environment", "pr\u{43e}duction", "mutation_out_of_scope"),
        ("environment", "no: production", "mutation_out_of_scope"),
    ] {
        let pointer = format!("/table_B/0/{field}");
        let judged = judge(&with(&good, &pointer, json!(value)));
        judged.fails_with(code);
        let told = judged.0.findings.iter().find(|finding| finding.code.id() == code).unwrap();
        assert!(judged.0.findings.iter().any(|f| f.pointer.as_deref() == Some(&*pointer)), "{told:?}");
        // What is not allowed anyway may be of any kind.
        let mut third = with(&good, &pointer, good["table_B"][0][field].clone());
        let mut row = row("M-3");
        row["allowed"] = json!(false);
        row[field] = json!(value);
        third["table_B"].as_array_mut().unwrap().push(row);
        judge(&third).is_ok();
    }
    for (field, value) in [
        ("mutation_type", "Additive_Document"),
        ("production_risk", "None: staging only"),
        ("rollback_method", "none is needed beyond withdrawing it"),
        ("environment", "no-production"),
    ] {
        judge(&with(&good, &format!("/table_B/0/{field}"), json!(value))).is_ok();
    }
}

#[test]
fn a_surface_that_the_profile_does_not_name_is_forbidden() {
    let good = lock(&["M-1", "M-2"]);
    let on = |field: &str, value: Value| {
        let mut lock = good.clone();
        lock["table_B"][0][field] = value;
        judge(&lock)
    };
    for (value, code) in [
        (json!("99"), "mutation_out_of_scope"),
        (json!("surface 5"), "mutation_out_of_scope"),
        (json!("05"), "mutation_out_of_scope"),
        (json!([5]), "evidence_wrong_type"),
        (json!(5.0), "evidence_wrong_type"),
        (Value::Null, "evidence_wrong_type"),
        (json!({"number": 2}), "evidence_wrong_type"),
    ] {
        for field in ["mutation_surface", "surface"] {
            on(field, value.clone()).fails_with(code);
        }
    }
    for value in [json!("2"), json!(2), json!("additive document")] {
        on("mutation_surface", value).is_ok();
    }
    let mut both = good.clone();
    both["table_B"][0]["mutation_surface"] = json!("2");
    both["table_B"][0]["surface"] = json!("5");
    judge(&both).fails_with("mutation_out_of_scope");
    // Readers take a lookalike for the row that they know.
    let mut alike = good.clone();
    let mut row = row("\u{41c}-1");
    row["allowed"] = json!(false);
    alike["table_B"].as_array_mut().unwrap().push(row);
    judge(&alike).fails_with("scope_ambiguous");
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
    // What is allowed where nothing may be is not allowed at all.
    judge(&with(&good, "/table_B/0/environment", json!("production"))).fails_at(&[
        "mutation_out_of_scope /entries/0/target",
        "mutation_out_of_scope /table_B/0/environment",
    ]);
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
