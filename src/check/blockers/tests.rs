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
    let map = with(&map(), "/blockers/0/status", json!("CLOSED"));
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
