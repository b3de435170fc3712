//! Decisions, their preconditions, and delegations.

use serde_json::{Value, json};

use super::*;
use crate::check::bench::{Bench, Judged, pointers, with, without};
use crate::check::{Status, governance, samples};

const DECISION: &str = "decision-packet.json";
const OWNER: &str = "owner-decision-template.json";
const LOCK: &str = "delegation-lock.json";
const CHECKLIST: &str = "precondition-checklist.json";
const MAP: &str = "blocker-map.json";
const REPORT: &str = "machine-report.json";
const NAMES: [&str; 5] = [DECISION, OWNER, LOCK, CHECKLIST, MAP];

fn report() -> Value {
    samples::machine_report("rehearsal", "AUTHORIZE_PRODUCTION_REHEARSAL_ONLY", "X_NOT_APPLIED", 3)
}

fn bench() -> Bench {
    let bench =
        NAMES.iter().fold(Bench::new("fix7"), |bench, name| bench.json(name, &governance::document(name)));
    bench.json(REPORT, &report())
}

fn judge(name: &str, document: &Value) -> Judged {
    bench().json(name, document).judge(&DecisionCheck)
}

/// The packet with every blocker closed and every precondition met.
fn all_closed() -> Bench {
    let mut map = governance::document(MAP);
    for row in map["blockers"].as_array_mut().unwrap() {
        row["status"] = json!("CLOSED");
    }
    let mut list = governance::document(CHECKLIST);
    for row in list["items"].as_array_mut().unwrap() {
        row["status"] = json!("PASS");
    }
    bench().json(MAP, &map).json(CHECKLIST, &list)
}

#[test]
fn a_decision_that_is_left_to_its_owner_is_good() {
    bench().judge(&DecisionCheck).is_ok();
    all_closed().judge(&DecisionCheck).is_ok();
    let decision = governance::document(DECISION);
    let packet = Bench::new("fix7").json(DECISION, &decision);
    packet.clone().json(REPORT, &report()).judge(&DecisionCheck).is_ok();
    packet.judge(&DecisionCheck).fails_with("delegation_missing");
    Bench::new("fix7").json(REPORT, &report()).judge(&DecisionCheck).is(Status::NotApplied);
    let held = with(&decision, "/default_decision", json!("HOLD_REAL_DATA"));
    let held = with(&held, "/options/0/option", json!("HOLD_REAL_DATA"));
    judge(DECISION, &held).is_ok();
}

#[test]
fn each_rule_on_the_decision_fails_with_its_code() {
    let good = governance::document(DECISION);
    let execute = json!("AUTHORIZE_PRODUCTION_EXECUTION");
    for (document, code) in [
        (with(&good, "/selected_option", json!("HOLD_PRODUCTION")), "decision_selected_itself"),
        (with(&good, "/selected_option", json!(false)), "decision_selected_itself"),
        (with(&good, "/selected_option", json!("")), "decision_selected_itself"),
        (with(&good, "/selected_option", json!([])), "decision_selected_itself"),
        (with(&good, "/selected_option", execute.clone()), "execution_not_granted"),
        (with(&good, "/default_decision", execute.clone()), "decision_not_held"),
        (with(&good, "/default_decision", json!("hold_production")), "decision_not_held"),
        (without(&good, "/options/2"), "decision_options_differ"),
        (with(&good, "/options", json!([])), "decision_options_differ"),
        (with(&good, "/options/2/option", execute), "decision_options_differ"),
        (with(&good, "/options/2/option", json!("AUTHORIZE_MORE")), "decision_options_differ"),
        (with(&good, "/options/2/is_default", json!(true)), "decision_options_differ"),
        (with(&good, "/options/0/is_default", json!(false)), "decision_options_differ"),
        (with(&good, "/owner_signature", json!("A. Owner")), "decision_signed"),
        (with(&good, "/owner_signature", json!("unsigned")), "decision_signed"),
    ] {
        judge(DECISION, &document).fails_with(code);
    }
    let chosen = with(&governance::document(OWNER), "/selected_option", json!("X"));
    judge(OWNER, &chosen).fails_with("decision_selected_itself");
    for field in ["selected", "chosen"] {
        let mut chosen = good.clone();
        chosen["options"][3][field] = json!(true);
        judge(DECISION, &chosen).fails_with("decision_selected_itself");
    }
    for pin in
        ["P7", "pin P7", "9ddb27c3", "P7 9ddb27c35a06ca11ee616e3b0399c705d0d97f5b8f284c12045c396f7c034550"]
    {
        judge(LOCK, &with(&governance::document(LOCK), "/table_A/0/source", json!(pin)))
            .fails_with("pin_is_no_authority");
    }
    judge(LOCK, &with(&governance::document(LOCK), "/table_A/0/source", json!("owner, by mail, P7"))).is_ok();
}

#[test]
fn options_are_judged_one_by_one() {
    let good = governance::document(DECISION);
    let mut more = good.clone();
    more["options"].as_array_mut().unwrap().push(json!({"option": "AUTHORIZE_MORE", "is_default": false}));
    judge(DECISION, &more).tells_only(&[
        "decision_options_differ /options/4/option: \"AUTHORIZE_MORE\" is no option of this decision",
    ]);
    let moved = with(&good, "/options/0/is_default", json!(false));
    judge(DECISION, &with(&moved, "/options/1/is_default", json!(true))).tells_only(&[
        "decision_options_differ /options/1/option: an option other than the default is marked as the default",
    ]);
    let mut marked = good;
    marked["options"][1]["selected"] = json!(false);
    marked["options"][1]["chosen"] = Value::Null;
    judge(DECISION, &marked).is_ok();
    marked["options"][1]["chosen"] = json!(true);
    judge(DECISION, &marked).tells_only(&[
        "decision_selected_itself /options/1/chosen: \"/options/1/chosen\" says that something was chosen, and the packet must not choose",
    ]);
}

#[test]
fn a_pin_is_known_by_six_digits_of_its_digest() {
    let source =
        |text: &str| judge(LOCK, &with(&governance::document(LOCK), "/table_A/0/source", json!(text)));
    let told = "pin_is_no_authority /table_A/0/source: \"/table_A/0/source\" names nothing but \"9ddb27\"";
    source("9ddb27").tells_only(&[told]);
    for other in ["9ddb2", "P", "abcdef1"] {
        source(other).is_ok();
    }
}

#[test]
fn execution_needs_every_blocker_closed_and_a_grant_for_each_action() {
    let owner = with(&governance::document(OWNER), "/execution_authorization_status", json!("AUTHORIZED"));
    judge(OWNER, &owner).fails_with("execution_not_granted");
    all_closed().json(OWNER, &owner).judge(&DecisionCheck).fails_with("execution_not_granted");
    let mut granted = owner;
    granted["irreversible_actions"] = json!([
        {"action": "migrate", "grant": "owner, 2026-06-12, no. 1"},
        {"action": "switch", "grant": "owner, 2026-06-12, no. 2"},
    ]);
    all_closed().json(OWNER, &granted).judge(&DecisionCheck).is_ok();
    for grant in [Value::Null, json!(""), json!("owner, 2026-06-12, no. 1"), json!(true)] {
        let lacking = with(&granted, "/irreversible_actions/1/grant", grant);
        all_closed().json(OWNER, &lacking).judge(&DecisionCheck).fails_with("execution_not_granted");
    }
    let by_pin = with(&granted, "/irreversible_actions/1/grant", json!("P7"));
    all_closed().json(OWNER, &by_pin).judge(&DecisionCheck).fails_with("pin_is_no_authority");
    judge(OWNER, &granted).fails_with("execution_not_granted");
    let unknown = with(&granted, "/execution_authorization_status", json!("PERHAPS"));
    all_closed().json(OWNER, &unknown).judge(&DecisionCheck).fails_with("evidence_unknown_value");
    let mut open = governance::document(DECISION);
    open["options"][3]["available"] = json!(true);
    judge(DECISION, &open).fails_with("execution_not_granted");
}

#[test]
fn a_form_opens_execution_by_its_flag() {
    let mut form = governance::document(DECISION);
    form["may_execute"] = json!(false);
    judge(DECISION, &form).is_ok();
    form["may_execute"] = json!(true);
    judge(DECISION, &form).tells_only(&[
        "execution_not_granted /may_execute: execution is open while 7 blockers are: \
         \"FIX7-P0-DRYRUN-PROD-ROLLBACK-1\"",
        "execution_not_granted /may_execute: execution is open, and no irreversible action is listed with its \
         grant",
    ]);
}

#[test]
fn a_decision_may_list_its_preconditions_without_a_state() {
    let map = governance::document(MAP);
    let ids: Vec<Value> = map["blockers"].as_array().unwrap().iter().map(|row| row["id"].clone()).collect();
    let mut listed = governance::document(DECISION);
    listed["preconditions"] = json!(ids);
    judge(DECISION, &listed).is_ok();
    all_closed().json(DECISION, &listed).judge(&DecisionCheck).is_ok();
}

#[test]
fn preconditions_are_the_blockers() {
    let good = governance::document(CHECKLIST);
    let mut more = good.clone();
    more["items"].as_array_mut().unwrap().push(json!({
        "id": "PRE-8", "precondition": "p", "required": true, "status": "PASS",
        "evidence_path": "blocker-map.json@rev1", "blocker_id": null, "blocks_execution": false,
    }));
    judge(CHECKLIST, &more).is_ok();
    for (document, code) in [
        (without(&good, "/items/6"), "preconditions_differ"),
        (with(&good, "/items", json!([])), "preconditions_differ"),
        (with(&good, "/items/6/blocker_id", json!("FIX7-P0-OTHER-1")), "preconditions_differ"),
        (with(&good, "/items/6/status", json!("PASS")), "preconditions_differ"),
        (with(&good, "/items/6/id", json!("PRE-1")), "preconditions_differ"),
        (with(&good, "/items/6/status", json!("pass")), "evidence_unknown_value"),
        (with(&good, "/items/6/required", json!("yes")), "evidence_wrong_type"),
        (with(&more, "/items/7/status", json!("UNKNOWN")), "evidence_wrong_type"),
    ] {
        judge(CHECKLIST, &document).fails_with(code);
    }
    all_closed().json(CHECKLIST, &good).judge(&DecisionCheck).fails_with("preconditions_differ");
    let mut listed = governance::document(DECISION);
    listed["preconditions"] = json!(["FIX7-P0-PROD-OPT4-1"]);
    judge(DECISION, &listed).fails_with("preconditions_differ");
}

#[test]
fn a_delegation_is_recorded_and_used_by_one_lane() {
    let lock = governance::document(LOCK);
    for (document, code) in [
        (without(&lock, "/table_A"), "delegation_missing"),
        (with(&lock, "/table_A", json!([])), "delegation_missing"),
        (with(&lock, "/table_A", Value::Null), "delegation_missing"),
        (with(&lock, "/table_A", json!({})), "delegation_missing"),
        (with(&lock, "/table_A/0/verdict", json!("NOT_CONSUMED")), "delegation_missing"),
        (
            with(&lock, "/table_A/0/decision", json!("AUTHORIZE_IMPLEMENTATION_EXECUTION_NO_PRODUCTION")),
            "delegation_missing",
        ),
        (
            with(&lock, "/table_A/0/decision", json!("AUTHORIZE_PRODUCTION_EXECUTION")),
            "evidence_unknown_value",
        ),
        (with(&lock, "/table_A/0/verdict", json!("consumed")), "evidence_unknown_value"),
        (
            with(&lock, "/table_A", json!([lock["table_A"][0], lock["table_A"][0]])),
            "delegation_consumed_twice",
        ),
    ] {
        judge(LOCK, &document).fails_with(code);
    }
    let mut other = lock.clone();
    other["table_A"][0]["lane"] = json!("execution");
    judge(LOCK, &other).fails_with("delegation_consumed_twice");
    for (document, code) in [
        (without(&report(), "/delegation"), "delegation_missing"),
        (with(&report(), "/delegation", Value::Null), "delegation_missing"),
        (with(&report(), "/delegation", json!(" ")), "delegation_missing"),
        (with(&report(), "/delegation", json!("AUTHORIZE_PRODUCTION_EXECUTION")), "execution_not_granted"),
        (
            with(&report(), "/delegation", json!("authorize_production_rehearsal_only")),
            "evidence_unknown_value",
        ),
    ] {
        judge(REPORT, &document).fails_with(code);
    }
    let before = bench().json(REPORT, &with(&report(), "/lane", json!("an earlier lane")));
    bench().after(&before).judge(&DecisionCheck).fails_with("delegation_consumed_twice");
    bench().after(&bench()).judge(&DecisionCheck).is_ok();
    bench().after_unverified().judge(&DecisionCheck).is(Status::Error);
}

#[test]
fn lanes_are_named_where_two_of_them_are_known() {
    let told = |at: &str, how: &str| {
        let name = "\"AUTHORIZE_PRODUCTION_REHEARSAL_ONLY\"";
        format!("delegation_consumed_twice {at}: the delegation {name} {how}")
    };
    let mut lock = governance::document(LOCK);
    let twice = with(&lock, "/table_A", json!([lock["table_A"][0], lock["table_A"][0]]));
    judge(LOCK, &twice).tells_only(&[told("/table_A/1/decision", "is used twice")]);
    lock["table_A"][0]["lane"] = json!("execution");
    judge(LOCK, &lock)
        .tells_only(&[told("/delegation", "is used twice: by the lanes \"execution\" and \"rehearsal\"")]);
    let before = bench().json(REPORT, &with(&report(), "/lane", json!("an earlier lane")));
    let how = "was used by the predecessor: by the lanes \"an earlier lane\" and \"rehearsal\"";
    bench()
        .after(&before)
        .judge(&DecisionCheck)
        .tells_only(&[told("/table_A/0/decision", how), told("/delegation", how)]);
}

#[test]
fn no_field_can_be_left_out_nulled_or_retyped_unnoticed() {
    let shown = ["/meaning", "/consequence", "/is_default", "/allowed", "/forbidden"];
    for name in [DECISION, OWNER, LOCK, CHECKLIST] {
        let good = governance::document(name);
        let deciding = |pointer: &String| {
            !shown.iter().any(|end| pointer.ends_with(end)) && !pointer.ends_with("/evidence_path")
        };
        for pointer in pointers(&good).into_iter().filter(deciding) {
            assert_ne!(
                judge(name, &without(&good, &pointer)).0.status,
                Status::Ok,
                "{name} without {pointer}"
            );
            for value in [json!([]), json!({}), json!(1)] {
                let judged = judge(name, &with(&good, &pointer, value.clone()));
                assert_ne!(judged.0.status, Status::Ok, "{name}{pointer} = {value}");
            }
        }
    }
}

fn more(name: &str, field: &str, value: Value) -> Judged {
    let mut document = governance::document(name);
    document[field] = value;
    judge(name, &document)
}

/// The selection stood under a name that no rule read, and passed.
#[test]
fn a_choice_counts_under_any_name() {
    let execute = "AUTHORIZE_PRODUCTION_EXECUTION";
    for (field, value, pointer) in [
        ("decision", json!(execute), "/decision"),
        ("chosen_option", json!(execute), "/chosen_option"),
        ("chosenOption", json!("anything"), "/chosenOption"),
        ("outcome", json!("authorize production execution"), "/outcome"),
        ("is_selected", json!(true), "/is_selected"),
        ("selected_index", json!(3), "/selected_index"),
        ("choice", json!([execute]), "/choice/0"),
        ("owner_decision", json!({"selected_option": execute}), "/owner_decision/selected_option"),
        ("owner_decision", json!({"taken": execute}), "/owner_decision/taken"),
        ("selection", json!({"number": 3}), "/selection/number"),
        ("state", json!("SELECTED"), "/state"),
        ("results", json!([{"value": execute}]), "/results/0/value"),
    ] {
        more(DECISION, field, value).fails_at(&[&format!("decision_selected_itself {pointer}")]);
    }
    let mut marked = governance::document(DECISION);
    // What is said of an option may name another one.
    marked["options"][3]["differs_from"] = json!("AUTHORIZE_PRODUCTION_DRYRUN_ONLY");
    judge(DECISION, &marked).is_ok();
    marked["options"][3]["state"] = json!("chosen");
    judge(DECISION, &marked).fails_at(&["decision_selected_itself /options/3/state"]);
    for (field, value) in [
        ("chosen_option", Value::Null),
        ("is_selected", json!(false)),
        ("choice", json!([])),
        ("decision", json!("HOLD_PRODUCTION")),
        ("decision", json!("not made")),
        ("decision", json!("whether production is opened")),
        ("decision_owner", json!("the board")),
        ("required_selection", json!("exactly one")),
        ("rejected_options", json!([execute])),
        ("recommended_option", json!("AUTHORIZE_PRODUCTION_DRYRUN_ONLY")),
        ("consequences", json!([{"option": execute, "text": "cannot be taken back"}])),
        ("selection_rule", json!("one at most")),
        ("note", json!("nothing was SELECTED here")),
        ("options_shown", json!([execute])),
    ] {
        more(DECISION, field, value.clone()).found(&[]).is(Status::Ok);
    }
    more(DECISION, "decision", json!("GO")).fails_at(&["evidence_unknown_value /decision"]);
    // Without options of the profile those of the form are what may be chosen.
    let own = |field: &str| {
        let mut document = json!({
            "default_decision": "HOLD", "selected_option": null, "owner_signature": "UNSIGNED",
            "options": ["HOLD", "MOVE"],
        });
        document[field] = json!("move");
        Bench::new("generic").json(DECISION, &document).judge(&DecisionCheck)
    };
    own("taken").fails_at(&["decision_selected_itself /taken"]);
}

#[test]
fn a_signature_counts_under_any_name() {
    for (field, value) in [
        ("signed", json!(true)),
        ("signed_by", json!("A. Owner")),
        ("signedAt", json!(1)),
        ("signature_date", json!("2026-06-12")),
        ("board_signature", json!("A. B.")),
        ("state", json!("Signed")),
        ("is_unsigned", json!(false)),
    ] {
        more(OWNER, field, value).fails_at(&[&format!("decision_signed /{field}")]);
    }
    let nested = json!({"owner": {"signature": "x"}});
    more(OWNER, "parties", nested).fails_at(&["decision_signed /parties/owner/signature"]);
    for (field, value) in [
        ("signed", json!(false)),
        ("signed_by", Value::Null),
        ("signed_by", json!("none")),
        ("board_signature", json!("UNSIGNED")),
        ("signature_required", json!(true)),
        ("must_be_signed_by", json!("the owner")),
        ("signature_format", json!("ink")),
        ("is_unsigned", json!(true)),
    ] {
        more(OWNER, field, value).found(&[]).is(Status::Ok);
    }
}

#[test]
fn a_grant_under_any_name_needs_its_grounds() {
    for (field, value) in [
        ("execution_authorized", json!(true)),
        ("approved", json!(true)),
        ("execution_may_go", json!(true)),
        ("executed", json!(true)),
        ("authorization", json!("granted")),
        ("state", json!("Approved")),
    ] {
        more(OWNER, field, value).fails_with("execution_not_granted").mentions("blockers are");
    }
    for (field, value) in [
        ("execution_authorized", json!(false)),
        ("not_authorized", json!(true)),
        ("approval_required", json!(true)),
        ("rehearsal_authorized", json!(true)),
        ("delegation_state", json!("GRANTED")),
        ("authorization", json!("NOT_GRANTED")),
        ("execution_described", json!(true)),
        ("may_wait", json!(true)),
        // What an action was granted opens it, and not the form.
        ("irreversible_actions", json!([{"action": "migrate", "grant": "owner, no. 1", "approved": true}])),
    ] {
        more(OWNER, field, value).found(&[]).is(Status::Ok);
    }
}

#[test]
fn a_pin_with_joining_words_is_a_pin_alone() {
    let lock = governance::document(LOCK);
    for source in ["per P7", "see P7 (sha256 9ddb27c35a06), rev 3", "\u{420}7", "P7 (1ac027c3\u{2026})"] {
        judge(LOCK, &with(&lock, "/table_A/0/source", json!(source)))
            .fails_at(&["pin_is_no_authority /table_A/0/source"]);
    }
    for source in ["per the owner", "owner per P7", "letter12 per P7", "director, P7", "P70"] {
        judge(LOCK, &with(&lock, "/table_A/0/source", json!(source))).is_ok();
    }
    more(OWNER, "approved_by", json!("P7")).fails_at(&["pin_is_no_authority /approved_by"]);
    // A field that is about no right may name a pin.
    more(OWNER, "artifact", json!("P7")).is_ok();
}

/// A list on which nothing was required agreed with every map.
#[test]
fn an_open_blocker_has_a_precondition_that_is_required() {
    for field in ["required", "blocks_execution"] {
        let mut list = governance::document(CHECKLIST);
        for row in list["items"].as_array_mut().unwrap() {
            row[field] = json!(false);
        }
        let judged = judge(CHECKLIST, &list);
        judged.fails_with("preconditions_differ").mentions("none of its preconditions is required");
        assert_eq!(judged.0.findings.len(), 7);
        let mut one = governance::document(CHECKLIST);
        one["items"][2][field] = json!(false);
        judge(CHECKLIST, &one).fails_at(&["preconditions_differ /items/2/blocker_id"]);
        let mut beside = one["items"][2].clone();
        beside[field] = json!(true);
        beside["id"] = json!("PRE-8");
        one["items"].as_array_mut().unwrap().push(beside);
        judge(CHECKLIST, &one).is_ok();
        // What is closed needs none.
        let mut closed = governance::document(MAP);
        closed["blockers"][2]["status"] = json!("CLOSED");
        bench().json(MAP, &closed).json(CHECKLIST, &without(&one, "/items/7")).judge(&DecisionCheck).is_ok();
    }
}

#[test]
fn a_lane_uses_one_delegation() {
    let lock = governance::document(LOCK);
    let two = |more: Value| {
        let mut row = lock["table_A"][0].clone();
        row["decision"] = json!("AUTHORIZE_IMPLEMENTATION_EXECUTION_NO_PRODUCTION");
        row.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        with(&lock, "/table_A", json!([lock["table_A"][0], row]))
    };
    let second = ["delegation_consumed_twice /table_A/1/decision"];
    judge(LOCK, &two(json!({}))).fails_at(&second).mentions("beside");
    judge(LOCK, &two(json!({"lane": "rehearsal"}))).fails_at(&second);
    judge(LOCK, &two(json!({"verdict": "NOT_CONSUMED", "used": true}))).fails_at(&second);
    judge(LOCK, &two(json!({"lane": "execution"}))).is_ok();
    // In another table it is used as well.
    let mut apart = lock.clone();
    apart["table_B"] = two(json!({}))["table_A"].clone();
    apart["table_B"].as_array_mut().unwrap().remove(0);
    judge(LOCK, &apart).fails_at(&["delegation_consumed_twice /table_B/0/decision"]);
    judge(LOCK, &two(json!({"verdict": "NOT_CONSUMED"}))).is_ok();
    for flag in ["not_used", "expired"] {
        judge(LOCK, &two(json!({"verdict": "NOT_CONSUMED", flag: true}))).is_ok();
    }
    // Rows of other tables are not about delegations.
    for row in [json!({"verdict": "reviewed"}), json!({"decision": "keep the clone"})] {
        more(LOCK, "notes", json!([row])).is_ok();
    }
}

/// Whoever deletes the lock had no delegation to show.
#[test]
fn what_was_changed_was_delegated_in_a_lock() {
    let decision = governance::document(DECISION);
    let packet = |report: &Value| Bench::new("fix7").json(DECISION, &decision).json(REPORT, report);
    let mut acted = report();
    acted["mutations"] = json!(["M-1"]);
    let applied = with(&report(), "/final_status", json!("X_APPLIED"));
    for report in [&acted, &applied] {
        packet(report).judge(&DecisionCheck).fails_at(&["delegation_missing"]).mentions("no delegation lock");
        packet(report).json(LOCK, &governance::document(LOCK)).judge(&DecisionCheck).is_ok();
    }
    acted["mutations"] = json!([]);
    packet(&acted).judge(&DecisionCheck).is_ok();
}
