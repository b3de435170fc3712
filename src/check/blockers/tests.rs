//! Rows in three dialects, counts, and what changed since the predecessor.

use serde_json::{Value, json};

use super::*;
use crate::check::bench::{Bench, Judged, pointers, with, without};
use crate::check::{Status, governance};

const MAP: &str = "blocker-map.json";

fn map() -> Value {
    governance::document(MAP)
}

fn bench(map: &Value) -> Bench {
    Bench::new("fix7").json(MAP, map)
}

fn judge(map: &Value) -> Judged {
    bench(map).judge(&BlockersCheck)
}

/// The map with the first blocker closed by this lane, as it should be told.
fn one_closed() -> Value {
    let mut map = with(&map(), "/blockers/0/status", json!("CLOSED"));
    map["blockers"][0]["evidence"] = json!("the owner's letter of 12 June");
    let map = with(&map, "/open_count", json!(6));
    with(&map, "/newly_closed", json!(["FIX7-P0-DRYRUN-PROD-ROLLBACK-1"]))
}

fn dialects() -> [Value; 3] {
    let named = map();
    let rows = |row: &dyn Fn(&str) -> Value| {
        let ids = named["blockers"].as_array().unwrap().iter().map(|row| row["id"].as_str().unwrap());
        with(&named, "/blockers", ids.map(row).collect())
    };
    let evidence = rows(
        &|id| json!({"id": id, "item": "i", "evidence": "e.json", "actor_needed": "a", "next_action": "n", "blocks": "b"}),
    );
    let lane = rows(&|id| {
        json!({
            "blocker_id": id, "item": "i", "category": "c", "can_close_now": false,
            "closed_this_lane": false, "remaining_actor_input": "decide",
        })
    });
    [named.clone(), evidence, lane]
}

#[test]
fn a_map_is_good_in_each_of_its_dialects() {
    for dialect in dialects() {
        judge(&dialect).is_ok();
    }
    judge(&one_closed()).is_ok();
    for state in [
        "classified",
        "narrowed",
        "partially discharged",
        "OPEN_DESIGN_DELIVERED",
        "OPEN_PARTIALLY_DISCHARGED",
    ] {
        judge(&with(&map(), "/blockers/3/status", json!(state))).is_ok();
    }
    Bench::new("fix7").judge(&BlockersCheck).is(Status::NotApplied);
    let empty = json!({"blockers": [], "open_count": 0});
    Bench::new("generic").json(MAP, &empty).judge(&BlockersCheck).is(Status::NotApplied);
}

#[test]
fn each_rule_fails_with_its_code() {
    let (good, closed) = (map(), one_closed());
    let [_, _, lane] = dialects();
    let lane_closed = with(&lane, "/blockers/0/closed_this_lane", json!(true));
    for (document, code) in [
        (without(&good, "/blockers/0"), "blocker_dropped"),
        (with(&good, "/blockers/0/id", json!("fix7-p0-dryrun-prod-rollback-1")), "blocker_dropped"),
        (with(&good, "/blockers", json!([])), "blocker_dropped"),
        (with(&good, "/blockers/0/id", json!("FIX7-P0-PROD-OPT4-1")), "blocker_twice"),
        (with(&good, "/open_count", json!(6)), "open_count_differs"),
        (with(&good, "/open_count", json!(8)), "open_count_differs"),
        (with(&closed, "/open_count", json!(7)), "open_count_differs"),
        (with(&good, "/open_count", json!("7")), "evidence_wrong_type"),
        (with(&good, "/blockers/0/status", json!("Closed")), "evidence_unknown_value"),
        (with(&good, "/blockers/0/status", json!("done")), "evidence_unknown_value"),
        (with(&good, "/blockers/0/actor_needed", json!("")), "blocker_unassigned"),
        (with(&good, "/blockers/0/actor_needed", json!("N/A")), "blocker_unassigned"),
        (with(&good, "/blockers/0/next_action", Value::Null), "blocker_unassigned"),
        (with(&lane, "/blockers/0/remaining_actor_input", json!("none")), "blocker_unassigned"),
        (with(&closed, "/newly_closed", json!([])), "none"),
        (with(&good, "/newly_closed", json!(["FIX7-P0-PROD-OPT4-1"])), "newly_closed_differs"),
        (with(&good, "/newly_closed", json!(["X"])), "newly_closed_differs"),
        (with(&closed, "/newly_closed", json!([{"id": "FIX7-P0-PROD-OPT4-1"}])), "newly_closed_differs"),
        (with(&lane_closed, "/open_count", json!(6)), "newly_closed_differs"),
        (lane_closed, "blocker_state_disagrees"),
    ] {
        if code == "none" {
            judge(&document).is_ok();
        } else {
            judge(&document).fails_with(code);
        }
    }
    let twice = json!(["FIX7-P0-DRYRUN-PROD-ROLLBACK-1", "FIX7-P0-DRYRUN-PROD-ROLLBACK-1"]);
    judge(&with(&closed, "/newly_closed", twice)).fails_with("newly_closed_differs");
    let mut both = good.clone();
    both["blockers"][0]["closed_this_lane"] = json!(true);
    judge(&both).fails_with("blocker_state_disagrees");
    let report = json!({"open_count": 6});
    bench(&good).json("machine-report.json", &report).judge(&BlockersCheck).fails_with("open_count_differs");
}

#[test]
fn recorded_numbers_and_lanes_agree_with_the_rows() {
    let mut counted = one_closed();
    counted["blocker_count"] = json!(7);
    counted["closed_count"] = json!(1);
    counted["blockers"][0]["closed_this_lane"] = json!(true);
    counted["blockers"][1]["closed_this_lane"] = json!(false);
    judge(&counted).is_ok().says("7 blockers, 6 of them open");
    judge(&with(&counted, "/closed_count", json!(13)))
        .tells_only(&["open_count_differs /closed_count: \"/closed_count\" is 13, and 1 are counted here"]);
}

#[test]
fn no_field_can_be_left_out_nulled_or_retyped_unnoticed() {
    let optional = |pointer: &str| {
        ["/blocks", "/change_this_lane", "/category", "/newly_closed", "/can_close_now", "/evidence"]
            .iter()
            .any(|end| pointer.ends_with(end))
    };
    for good in dialects() {
        for pointer in pointers(&good).iter().filter(|pointer| !optional(pointer)) {
            assert_ne!(judge(&without(&good, pointer)).0.status, Status::Ok, "without {pointer}");
            for value in [Value::Null, json!([]), json!({}), json!(1)] {
                let judged = judge(&with(&good, pointer, value.clone()));
                assert_ne!(judged.0.status, Status::Ok, "{pointer} = {value}");
            }
        }
    }
}

#[test]
fn nothing_disappears_between_a_packet_and_its_predecessor() {
    let mut more = map();
    let mut row = more["blockers"][0].clone();
    row["id"] = json!("FIX7-P0-FOUND-LATER-1");
    more["blockers"].as_array_mut().unwrap().push(row);
    more["open_count"] = json!(8);
    let after = |now: &Value, before: &Value| bench(now).after(&bench(before)).judge(&BlockersCheck);
    after(&map(), &map()).is_ok();
    after(&more, &map()).is_ok();
    after(&map(), &more).fails_with("blocker_dropped");
    after(&one_closed(), &map()).is_ok();
    // It was closed before; opening it again hides nothing.
    after(&map(), &one_closed()).is_ok();
    after(&one_closed(), &one_closed()).fails_with("newly_closed_differs");
    let settled = with(&one_closed(), "/newly_closed", json!([]));
    after(&settled, &one_closed()).is_ok();
    after(&settled, &map()).fails_with("newly_closed_differs");
    let broken = with(&map(), "/blockers/0/status", json!("perhaps"));
    after(&map(), &broken).is(Status::Error);
    bench(&map()).after_unverified().judge(&BlockersCheck).is(Status::Error);
    bench(&map()).after(&Bench::new("fix7")).judge(&BlockersCheck).is_ok();
}

/// The row with more fields, in a map that counts and tells it rightly.
fn row(closed: bool, more: &Value) -> Judged {
    let mut map = if closed { one_closed() } else { map() };
    map["blockers"][0].as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    bench(&map)
        .file("proof.json", "{\"revision\": 2, \"x\": null}")
        .file("empty.json", "")
        .judge(&BlockersCheck)
}

/// Every blocker was closed by the lane, and none of them newly.
#[test]
fn a_change_that_closes_is_seen() {
    let mut all = map();
    for row in all["blockers"].as_array_mut().unwrap() {
        row["status"] = json!("CLOSED");
        row["change_this_lane"] = json!("closed");
        row["evidence"] = json!("the owner's letter");
    }
    all["open_count"] = json!(0);
    let judged = judge(&all);
    judged.fails_with("newly_closed_differs").mentions("is not in `newly_closed`");
    assert_eq!(judged.0.findings.len(), 7);
    for said in ["closed", "Resolved by this lane", "CLOSED"] {
        row(false, &json!({"change_this_lane": said}))
            .fails_at(&["blocker_state_disagrees /blockers/0/change_this_lane"]);
    }
    for said in ["not closed", "partially resolved", "classified", "none"] {
        row(false, &json!({"change_this_lane": said})).is_ok();
    }
    row(true, &json!({"change_this_lane": "closed"})).is_ok();
}

#[test]
fn other_fields_of_a_row_say_the_same() {
    for more in [
        json!({"closed": true}),
        json!({"resolved": true}),
        json!({"isClosed": true}),
        json!({"state": "Closed"}),
        json!({"open": false}),
        json!({"closure": "CLOSED"}),
        json!({"closed_at": "2026-06-11"}),
        json!({"closedOn": 20_260_611}),
        json!({"waived": true}),
        json!({"result": "RESOLVED"}),
    ] {
        let field = more.as_object().unwrap().keys().next().unwrap().clone();
        row(false, &more)
            .fails_at(&[&format!("blocker_state_disagrees /blockers/0/{field}")])
            .mentions("is open");
    }
    for more in [json!({"closed": false}), json!({"is_open": true}), json!({"state": "OPEN"})] {
        let field = more.as_object().unwrap().keys().next().unwrap().clone();
        row(true, &more)
            .fails_at(&[&format!("blocker_state_disagrees /blockers/0/{field}")])
            .mentions("is closed");
        row(false, &more).is_ok();
    }
    // By one or another not closed, and what is not about closing is no state.
    for more in [
        json!({"resolved_by_owner": false}),
        json!({"note": "OPEN"}),
        json!({"escalated": false}),
        json!({"is_urgent": false}),
    ] {
        row(true, &more).is_ok();
    }
    for more in [
        json!({"not_closed": true}),
        json!({"can_be_closed": true}),
        json!({"partially_resolved": true}),
        json!({"closed_by": "nobody"}),
        json!({"state": "waiting"}),
        json!({"closed_at": null}),
        json!({"closed_at": "not yet"}),
        json!({"closed_at": "when the owner signs"}),
        json!({"expected_closed_at": "2026-07-01"}),
        json!({"waived": false}),
        json!({"closure": "when the owner signs"}),
        json!({"evidence": "closed by nobody yet"}),
    ] {
        row(false, &more).is_ok();
    }
}

/// In the dialect without a state the evidence itself said that it was closed.
#[test]
fn an_open_row_had_a_state_for_its_evidence() {
    let [_, evidence, _] = dialects();
    judge(&with(&evidence, "/blockers/0/evidence", json!("CLOSED")))
        .fails_at(&["blocker_state_disagrees /blockers/0/evidence"]);
    judge(&with(&evidence, "/blockers/0/evidence", json!("open"))).is_ok();
}

#[test]
fn a_blocker_is_closed_on_evidence_that_is_there() {
    for evidence in [
        json!("none"),
        json!("N/A"),
        json!("gone.json"),
        json!("empty.json"),
        json!("blocker-map.json"),
        json!("./blocker-map.json#/blockers/0"),
        json!("#/blockers/0"),
        json!("proof.json@rev1"),
        json!("proof.json#/x"),
        json!("proof.json#/y"),
    ] {
        row(true, &json!({"evidence": evidence})).fails_at(&["blocker_closed_unproven /blockers/0/evidence"]);
    }
    for evidence in [json!(null), json!([]), json!(true)] {
        row(true, &json!({"evidence": evidence})).fails_at(&["blocker_closed_unproven /blockers/0/evidence"]);
    }
    row(true, &json!({"evidence": ["proof.json", "gone.json"]}))
        .fails_at(&["blocker_closed_unproven /blockers/0/evidence/1"]);
    for evidence in ["proof.json", "proof.json@rev2", "./proof.json#/revision", "the owner's letter"] {
        row(true, &json!({"evidence": evidence})).is_ok();
        row(true, &json!({"closing_proof": evidence})).is_ok();
    }
    // Kept elsewhere by its revision; or not named at all, which is seen and does not count.
    row(true, &json!({"evidence": "letter.md@rev3"}))
        .found(&["blocker_closed_unproven /blockers/0/evidence"])
        .is(Status::Ok);
    let bare = without(&one_closed(), "/blockers/0/evidence");
    judge(&bare).found(&["blocker_closed_unproven /blockers/0"]).is(Status::Ok);
    judge(&with(&bare, "/newly_closed", json!([]))).is_ok();
    // An open one may name whatever it likes.
    row(false, &json!({"evidence": "gone.json"})).is_ok();
}

#[test]
fn nobody_and_nothing_are_named_in_many_ways() {
    for nothing in ["no action", "None", "n/a", "to be decided", "\u{2014}", "no further action needed"] {
        row(false, &json!({"next_action": nothing}))
            .fails_at(&["blocker_unassigned /blockers/0/next_action"]);
    }
    row(false, &json!({"actor_needed": "no one"})).fails_at(&["blocker_unassigned /blockers/0/actor_needed"]);
    row(false, &json!({"next_action": "no deploy until the owner signs"})).is_ok();
}

#[test]
fn one_identifier_is_not_two_by_its_spelling() {
    for id in ["FIX7-P0-PROD-OPT4-1 ", "fix7-p0-prod-opt4-1", "FIX7\u{2011}P0-PROD_OPT4-1"] {
        let mut map = map();
        let mut row = map["blockers"][3].clone();
        row["id"] = json!(id);
        map["blockers"].as_array_mut().unwrap().push(row);
        map["open_count"] = json!(8);
        judge(&map).fails_at(&["blocker_twice /blockers/7"]);
    }
}

#[test]
fn the_machine_report_counts_the_same_blockers() {
    let report = |report: Value| bench(&map()).json("machine-report.json", &report).judge(&BlockersCheck);
    for (bad, pointer) in [
        (json!({"open_blockers": 0}), "/open_blockers"),
        (json!({"remaining_blockers": 0}), "/remaining_blockers"),
        (json!({"openBlockers": []}), "/openBlockers"),
        (json!({"blockers": {"open_count": 6}}), "/blockers/open_count"),
        (json!({"closed_blockers": 7}), "/closed_blockers"),
    ] {
        report(bad).fails_at(&[&format!("open_count_differs {pointer}")]);
    }
    for good in [
        json!({"open_blockers": 7, "closed_blockers": 0}),
        json!({"blockers": {"open": 7}, "newly_closed_blockers": 3}),
        json!({"open_blockers": "see the map", "blockers": "blocker-map.json", "blocker_count": 9}),
    ] {
        report(good).is_ok();
    }
}
