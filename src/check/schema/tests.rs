//! Entities, and what their verdict follows from.

use serde_json::{Value, json};

use super::*;
use crate::check::Status;
use crate::check::bench::{Bench, Judged, pointers, with, without};
use crate::check::samples;

fn judge(document: &Value) -> Judged {
    Bench::new("fix7").json("schema-compatibility.json", document).judge(&SchemaCheck)
}

#[test]
fn a_specification_is_good_with_a_clone_and_without() {
    for clone in [true, false] {
        judge(&samples::schema_compatibility(clone)).is_ok();
    }
    Bench::new("fix7").judge(&SchemaCheck).is(Status::NotApplied);
}

#[test]
fn each_rule_fails_with_its_code() {
    let (none, some) = (samples::schema_compatibility(false), samples::schema_compatibility(true));
    let table = "/table_B_schema_compatibility";
    for (document, code) in [
        (without(&none, &format!("{table}/3")), "schema_entity_missing"),
        (with(&none, table, json!([])), "schema_entity_missing"),
        (with(&none, &format!("{table}/3/schema_entity"), json!("birth_registry")), "schema_entity_twice"),
        (with(&some, &format!("{table}/3/clone_has"), json!(false)), "schema_mismatch_ignored"),
        (with(&some, &format!("{table}/3/mismatch"), json!(true)), "schema_mismatch_ignored"),
        (with(&none, &format!("{table}/3/clone_has"), json!(true)), "schema_mismatch_ignored"),
        (with(&none, "/verdict", some["verdict"].clone()), "schema_verdict_differs"),
        (with(&some, "/verdict", none["verdict"].clone()), "schema_verdict_differs"),
        (with(&none, "/live_schema_read", json!(true)), "schema_read_live"),
        (with(&none, "/live_schema_read", json!("NO")), "evidence_wrong_type"),
        (with(&some, &format!("{table}/3/clone_has"), json!("n/a")), "evidence_wrong_type"),
    ] {
        judge(&document).fails_with(code);
    }
    let both = Bench::new("fix7")
        .json("schema-compatibility.json", &some)
        .json("clone-provenance.json", &samples::clone_provenance());
    both.judge(&SchemaCheck).fails_with("schema_verdict_differs");
}

#[test]
fn a_cell_says_nothing_of_a_clone_that_is_not_there() {
    let cell = |clone: bool, field: &str, value: bool| {
        let pointer = format!("/table_B_schema_compatibility/3/{field}");
        judge(&with(&samples::schema_compatibility(clone), &pointer, json!(value)))
    };
    for field in ["clone_has", "mismatch"] {
        cell(false, field, false).is_ok();
    }
    for (clone, field, value, message) in [
        (false, "clone_has", true, "there is no clone, and it is said to have an entity"),
        (true, "clone_has", false, "the clone lacks an entity that production has"),
        (false, "mismatch", true, "there is no clone, and it is said not to match"),
        (true, "mismatch", true, "the clone's schema does not match, and it was used"),
    ] {
        let at = format!("/table_B_schema_compatibility/3/{field}");
        cell(clone, field, value).tells_only(&[format!("schema_mismatch_ignored {at}: {message}")]);
    }
}

#[test]
fn no_field_can_be_left_out_nulled_or_retyped_unnoticed() {
    let good = samples::schema_compatibility(true);
    for pointer in pointers(&good).iter().filter(|pointer| !pointer.ends_with("/impact")) {
        assert_ne!(judge(&without(&good, pointer)).0.status, Status::Ok, "without {pointer}");
        for value in [Value::Null, json!([]), json!({}), json!(1)] {
            assert_ne!(
                judge(&with(&good, pointer, value.clone())).0.status,
                Status::Ok,
                "{pointer} = {value}"
            );
        }
    }
}

/// An entity in other letters was another entity.
#[test]
fn an_entity_is_one_however_it_is_spelled() {
    let good = samples::schema_compatibility(true);
    let more = |name: &str| {
        let mut document = good.clone();
        let mut row = document["table_B_schema_compatibility"][0].clone();
        row["schema_entity"] = json!(name);
        document["table_B_schema_compatibility"].as_array_mut().unwrap().push(row);
        judge(&document)
    };
    for again in ["Birth_Registry", "birth registry", "SYSTEM_ISSUES", "Registry-Row"] {
        more(again).fails_with_at("schema_entity_twice", "/table_B_schema_compatibility/7/schema_entity");
    }
    more("another entity").is_ok();
    more("\u{43c}").is_ok();
    let pointer = "/table_B_schema_compatibility/2/production_surface_expectation";
    for nothing in ["n/a", "-", "TBD"] {
        judge(&with(&good, pointer, json!(nothing))).fails_with_at("schema_entity_missing", pointer);
    }
}

/// The due fields said that the clone has everything, and others that it does not match.
#[test]
fn a_mismatch_was_passed_over_under_another_name() {
    let more = |clone: bool, at: &str, field: &str, value: Value| {
        let mut document = samples::schema_compatibility(clone);
        document.pointer_mut(at).unwrap()[field] = value;
        judge(&document)
    };
    let row = "/table_B_schema_compatibility/2";
    for (at, field, value) in [
        (row, "status", json!("MISMATCH")),
        (row, "mismatches", json!(["a"])),
        (row, "result", json!("FAIL")),
        (row, "compatible", json!(false)),
        ("", "any_mismatch", json!(true)),
        ("", "mismatch_count", json!(1)),
    ] {
        more(true, at, field, value).fails_at(&[&format!("schema_mismatch_ignored {at}/{field}")]);
    }
    for (at, field, value) in [
        (row, "status", json!("MATCH")),
        (row, "mismatches", json!([])),
        (row, "no_mismatch", json!(true)),
        (row, "mismatch_checked", json!(true)),
        (row, "compatible", json!(true)),
        (row, "note", json!("a mismatch would matter")),
        ("", "any_mismatch", json!(false)),
        ("", "mismatch_count", json!(0)),
        ("", "mismatch_impact", json!("high")),
    ] {
        more(true, at, field, value).is_ok();
    }
    // Without a clone nobody knows.
    for (at, field) in [(row, "status"), ("", "overall_state")] {
        more(false, at, field, json!("UNKNOWN")).is_ok();
        more(true, at, field, json!("UNKNOWN")).fails_at(&[&format!("schema_mismatch_ignored {at}/{field}")]);
    }
}
