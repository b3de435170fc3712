//! Items of a review, and the evidence that they name.

use serde_json::{Value, json};

use super::*;
use crate::check::Status;
use crate::check::bench::{Bench, Judged, with, without};

fn review() -> Value {
    let item = |n: u32| json!({"id": format!("PER-{n}"), "result": "PASS", "evidence": "gate.txt"});
    json!({"items": (1..=10).map(item).collect::<Vec<_>>(), "passed_count": 10, "all_passed": true})
}

fn judge(review: &Value) -> Judged {
    let bench = Bench::new("fix7").file("gate.txt", "ended with 0\n").file("empty.txt", "");
    bench.unsealed("beside.txt", "x").json("post-execution-review.json", review).judge(&ReviewCheck)
}

#[test]
fn ten_items_with_evidence_are_good() {
    judge(&review()).is_ok();
    Bench::new("fix7").judge(&ReviewCheck).is(Status::NotApplied);
    for evidence in [json!(["gate.txt", "./gate.txt"]), json!("gate.txt@rev2"), json!("gate.txt#line")] {
        judge(&with(&review(), "/items/0/evidence", evidence)).is_ok();
    }
    // Another project has other items; the generic profile knows none.
    let other = json!([{"id": "A", "result": "OK", "evidence": "gate.txt"}]);
    let bench = Bench::new("generic").file("gate.txt", "0").json("post-execution-review.json", &other);
    bench.judge(&ReviewCheck).is_ok();
}

#[test]
fn each_rule_fails_with_its_code() {
    let good = without(&without(&review(), "/passed_count"), "/all_passed");
    for (bad, code) in [
        (without(&good, "/items/9"), "review_item_missing"),
        (with(&good, "/items/9/id", json!("PER-9")), "review_item_twice"),
        (with(&good, "/items/9/id", json!("per-10")), "review_item_missing"),
        (with(&good, "/items", json!([])), "review_item_missing"),
        (with(&good, "/items/2/result", json!("FAIL")), "review_item_not_passed"),
        (with(&good, "/items/2/result", json!("pass")), "review_item_not_passed"),
        (with(&good, "/items/2/result", json!("PASS_BUT_NOT_APPLIED")), "review_item_not_passed"),
        (with(&good, "/items/2/evidence", json!("never.txt")), "review_evidence_missing"),
        (with(&good, "/items/2/evidence", json!("empty.txt")), "review_evidence_missing"),
        (with(&good, "/items/2/evidence", json!("beside.txt")), "review_evidence_missing"),
        (with(&good, "/items/2/evidence", json!("../gate.txt")), "review_evidence_missing"),
        (with(&good, "/items/2/evidence", json!([])), "review_evidence_missing"),
        (with(&good, "/items/2/evidence", json!(["gate.txt", "never.txt"])), "review_evidence_missing"),
        (with(&review(), "/passed_count", json!(9)), "review_flag_disagrees"),
        (with(&review(), "/all_passed", json!(false)), "review_flag_disagrees"),
        (with(&review(), "/items/0/evidence", json!("never.txt")), "review_flag_disagrees"),
    ] {
        judge(&bad).fails_with(code);
    }
}

#[test]
fn what_is_wrong_with_evidence_and_sums_is_told() {
    let good = without(&without(&review(), "/passed_count"), "/all_passed");
    for (name, wrong) in
        [("empty.txt", "is empty"), ("beside.txt", "is not sealed"), ("never.txt", "is not in the packet")]
    {
        judge(&with(&good, "/items/2/evidence", json!(name))).tells_only(&[format!(
            "review_evidence_missing /items/2/evidence: the evidence \"{name}\" of the item \"PER-3\" {wrong}"
        )]);
    }
    let nine = with(&without(&review(), "/passed_count"), "/items/0/result", json!("FAIL"));
    judge(&nine).tells_only(&[
        "review_item_not_passed /items/0/result: the item \"PER-1\" of the review ended with \"FAIL\"",
        "review_flag_disagrees /all_passed: `all_passed` is true, and 9 of 10 items are passed with evidence",
    ]);
    judge(&with(&nine, "/all_passed", json!(false))).says("9 of 10 items passed");
    // None of none is not all.
    let none = |all: bool| {
        let review = json!({"items": [], "all_passed": all});
        Bench::new("generic").json("post-execution-review.json", &review).judge(&ReviewCheck)
    };
    let no_item = "review_item_missing: the review has no item";
    none(false).tells_only(&[no_item]);
    none(true).tells_only(&[
        no_item,
        "review_flag_disagrees /all_passed: `all_passed` is true, and 0 of 0 items are passed with evidence",
    ]);
}

#[test]
fn what_decides_is_there_and_of_its_type() {
    for field in ["id", "result", "evidence"] {
        let pointer = format!("/items/4/{field}");
        judge(&without(&review(), &pointer)).fails_with("evidence_field_missing");
        judge(&with(&review(), &pointer, Value::Null)).fails_with("evidence_wrong_type");
        judge(&with(&review(), &pointer, json!(true))).fails_with("evidence_wrong_type");
    }
    judge(&with(&review(), "/items", json!({}))).fails_with("evidence_wrong_type");
    judge(&json!(null)).fails_with("evidence_wrong_type");
}

fn item(field: &str, value: Value) -> Judged {
    let mut review = without(&without(&review(), "/passed_count"), "/all_passed");
    review["items"][4][field] = value;
    judge(&review)
}

/// Each item was its own evidence.
#[test]
fn evidence_is_another_document_at_a_place_and_a_revision_that_it_has() {
    let with_report = |evidence: &str| {
        let review = with(&review(), "/items/0/evidence", json!(evidence));
        let review = without(&without(&review, "/passed_count"), "/all_passed");
        let report = json!({"revision": 2, "steps": [{"exit": 0}], "a/b~c": 1, "none": null});
        Bench::new("fix7")
            .file("gate.txt", "ended with 0\n")
            .json("report.json", &report)
            .json("post-execution-review.json", &review)
            .judge(&ReviewCheck)
    };
    for (evidence, wrong) in [
        ("post-execution-review.json", "is the review itself"),
        ("./post-execution-review.json#/items/0", "is the review itself"),
        ("report.json#/nothing", "has nothing at that place"),
        ("report.json#/steps/1", "has nothing at that place"),
        ("report.json#/none", "has nothing at that place"),
        ("report.json#steps", "has nothing at that place"),
        ("report.json@rev99", "is of another revision"),
        ("report.json#/steps@rev1", "is of another revision"),
        ("gate.txt#/x", "is no JSON document and has no such place"),
        ("gate.txt#", "is no JSON document and has no such place"),
        ("#/items/0", "is not in the packet"),
    ] {
        with_report(evidence).fails_at(&["review_evidence_missing /items/0/evidence"]).mentions(wrong);
    }
    let plain = Bench::new("fix7").json("plain.json", &json!({})).file("gate.txt", "ended with 0\n");
    let review = with(&review(), "/items/0/evidence", json!("plain.json@rev9"));
    plain
        .json("post-execution-review.json", &review)
        .judge(&ReviewCheck)
        .found(&["review_evidence_missing /items/0/evidence"])
        .is(Status::Ok)
        .mentions("states no revision");
    for evidence in [
        "report.json@rev2",
        "report.json@2#/steps/0/exit",
        "report.json#/a~1b~0c",
        "report.json#",
        "gate.txt#line 1",
    ] {
        with_report(evidence).is_ok();
    }
}

#[test]
fn an_item_says_nothing_else_beside_its_result() {
    for (field, value) in [
        ("status", json!("FAIL")),
        ("verdict", json!("failed")),
        ("passed", json!(false)),
        ("isOk", json!(false)),
        ("failed", json!(true)),
        ("outcome", json!("OPEN")),
    ] {
        item(field, value).fails_at(&[&format!("review_item_not_passed /items/4/{field}")]).mentions("PER-5");
    }
    for (field, value) in [
        ("status", json!("REVIEWED")),
        ("passed", json!(true)),
        ("failed", json!(false)),
        ("not_passed", json!(false)),
        ("note", json!("FAIL")),
        ("status", json!("no errors")),
    ] {
        item(field, value).is_ok();
    }
}

#[test]
fn the_review_sums_up_what_its_items_show() {
    let sum = |field: &str, value: Value| {
        let mut review = review();
        review[field] = value;
        judge(&review)
    };
    for (field, value) in [
        ("verdict", json!("FAIL")),
        ("failed_count", json!(3)),
        ("items_passed", json!(9)),
        ("item_count", json!(11)),
        ("failed", json!(true)),
        ("failed_items", json!(["PER-3"])),
        ("open_findings", json!(3)),
        ("unresolved_issues", json!(["the clone"])),
    ] {
        sum(field, value).fails_at(&[&format!("review_flag_disagrees /{field}")]);
    }
    sum("allPassed", json!(false))
        .fails_at(&["evidence_field_twice /allPassed", "review_flag_disagrees /allPassed"]);
    for (field, value) in [
        ("verdict", json!("PASS")),
        ("allPassed", json!(true)),
        ("failed_count", json!(0)),
        ("items_passed", json!(10)),
        ("item_count", json!(10)),
        ("failed", json!(false)),
        ("revision", json!(3)),
        ("word_count", json!(99)),
        ("archived", json!(true)),
        ("archived", json!(false)),
        ("failed_items", json!([])),
        ("open_findings", json!(0)),
        ("findings", json!(["a note"])),
        ("resolved_findings", json!(3)),
        ("no_open_findings", json!(true)),
        ("accepted_risks", json!(["r"])),
        ("items_reviewed", json!(["PER-1"])),
    ] {
        sum(field, value).is_ok();
    }
    // Nothing passed where there is nothing.
    let mut none = with(&review(), "/items", json!([]));
    none["verdict"] = json!("PASS");
    judge(&none).fails_with_at("review_flag_disagrees", "/verdict");
    // Where an item fell, only a sum that says so agrees.
    let mut fallen = without(&without(&review(), "/passed_count"), "/all_passed");
    fallen["items"][0]["result"] = json!("FAIL");
    fallen["verdict"] = json!("FAIL");
    fallen["failed_count"] = json!(1);
    judge(&fallen).fails_at(&["review_item_not_passed /items/0/result"]);
    judge(&with(&fallen, "/verdict", json!("PASS")))
        .fails_at(&["review_flag_disagrees /verdict", "review_item_not_passed /items/0/result"]);
    let mut told = fallen.clone();
    told["outcome"] = json!("REVIEWED");
    judge(&told).fails_at(&["review_item_not_passed /items/0/result"]);
    fallen["passed"] = json!(true);
    judge(&fallen).fails_at(&["review_flag_disagrees /passed", "review_item_not_passed /items/0/result"]);
}

/// One item stood twice, the second time in other letters and with another end.
#[test]
fn an_item_is_the_same_in_other_letters() {
    for id in ["per-1", "PER-1 ", "P\u{415}R-1", "PER\u{200b}-1"] {
        let mut review = review();
        review["items"]
            .as_array_mut()
            .unwrap()
            .push(json!({"id": id, "result": "PASS", "evidence": "gate.txt"}));
        assert!(
            judge(&review).0.findings.iter().any(|found| found.code.id() == "review_item_twice"),
            "{id:?}"
        );
    }
    let mut other = without(&without(&review(), "/passed_count"), "/all_passed");
    other["items"]
        .as_array_mut()
        .unwrap()
        .push(json!({"id": "PER-11", "result": "PASS", "evidence": "gate.txt"}));
    judge(&other).is_ok();
}

#[test]
fn a_name_counts_what_it_says_and_nothing_that_is_due_or_denied() {
    for (name, due) in [
        ("passed", Some(9)),
        ("items_not_passed", None),
        ("required_passed", None),
        ("failed", Some(1)),
        ("item_count", Some(10)),
        ("open_findings", Some(0)),
        ("findings_count", None),
        ("open_findings_resolved", None),
    ] {
        assert_eq!(counted(&words(name), 10, 9), due, "{name}");
    }
}
