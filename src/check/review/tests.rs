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
    for evidence in [json!(["gate.txt", "./gate.txt"]), json!("gate.txt@rev2"), json!("gate.txt#/x")] {
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
