//! Every rule of the hardened validator, and mutations of good evidence.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::check::Status;
use crate::check::bench::{Bench, Judged, hex, pointers, with, without};
use crate::check::samples;

const PROOF: &str = "rollback-recovery-proof.json";
const CLONE: &str = "clone-rollback-evidence.json";

fn judge(proof: &Value) -> Judged {
    Bench::new("fix7").json(PROOF, proof).judge(&RollbackCheck)
}

#[test]
fn proven_rollbacks_are_good_together_and_alone() {
    let (proof, clone) = (samples::rollback_proof(), samples::clone_rollback());
    Bench::new("fix7").json(PROOF, &proof).json(CLONE, &clone).judge(&RollbackCheck).is_ok();
    judge(&proof).is_ok();
    judge(&samples::execution_proof()).is_ok();
    Bench::new("generic").json(CLONE, &clone).judge(&RollbackCheck).is_ok();
    Bench::new("generic").judge(&RollbackCheck).is(Status::NotApplied);
}

#[test]
fn each_rule_rejects_with_the_users_code() {
    let good = samples::rollback_proof();
    let other = json!(hex("something else"));
    let before = good.pointer("/entries/0/before_hash").unwrap().clone();
    let applied = good.pointer("/entries/0/after_apply_hash").unwrap().clone();
    let pinned = |pin: &Value, restored: &Value| {
        let mut proof = with(&good, "/entries/0/after_rollback_hash", restored.clone());
        proof["entries"][0]["expected_restored_hash"] = pin.clone();
        proof
    };
    for (proof, reject) in [
        (without(&good, "/entries/0/before_hash"), "ROLLBACK_HASH_MISSING:RB-CLONE-TXN"),
        (with(&good, "/entries/0/after_apply_hash", Value::Null), "ROLLBACK_HASH_MISSING:RB-CLONE-TXN"),
        (with(&good, "/entries/1/after_rollback_hash", json!(" ")), "ROLLBACK_HASH_MISSING:RB-CLONE-SNAP"),
        (
            with(&good, "/entries/0/after_apply_hash", before.clone()),
            "ROLLBACK_APPLY_DID_NOT_MUTATE:RB-CLONE-TXN",
        ),
        (with(&good, "/entries/0/after_rollback_hash", other.clone()), "ROLLBACK_NOT_RESTORED:RB-CLONE-TXN"),
        (
            with(&good, "/entries/0/after_rollback_hash", applied.clone()),
            "ROLLBACK_NOT_RESTORED:RB-CLONE-TXN",
        ),
        (pinned(&other, &before), "ROLLBACK_NOT_RESTORED_TO_PIN:RB-CLONE-TXN"),
        (pinned(&applied, &applied), "ROLLBACK_NOT_RESTORED:RB-CLONE-TXN"),
        (with(&good, "/entries/0/restored_match", json!(false)), "ROLLBACK_FLAG_DISAGREES:RB-CLONE-TXN"),
        (with(&good, "/entries/0/apply_mutated", json!(false)), "ROLLBACK_FLAG_DISAGREES:RB-CLONE-TXN"),
        (
            with(&good, "/entries/0/verify_after_rollback", json!(false)),
            "ROLLBACK_FLAG_DISAGREES:RB-CLONE-TXN",
        ),
        (with(&good, "/entries/0/after_rollback_rows", json!(1)), "ROLLBACK_ROWS_DISAGREE:RB-CLONE-TXN"),
        (with(&good, "/production_rollback_status", json!("PROVEN")), "PRODUCTION_ROLLBACK_CLAIMED"),
        (
            with(&good, "/staging_mutation_occurred", json!(false)),
            "ROLLBACK_FLAG_DISAGREES:staging_mutation_occurred",
        ),
    ] {
        let judged = judge(&proof);
        judged.is(Status::Failed);
        let codes: Vec<&str> = judged.0.findings.iter().filter_map(|f| f.reject_code.as_deref()).collect();
        assert!(codes.contains(&reject), "{reject}: {codes:?}");
        assert!(judged.0.findings.iter().all(|f| f.pointer.is_some()), "every finding has its place");
    }
    judge(&pinned(&before, &before)).is_ok();
}

#[test]
fn an_absent_thing_that_was_made_and_taken_away_is_proven() {
    let good = samples::execution_proof();
    judge(&good).is_ok();
    judge(&with(&good, "/entries/0/after_rollback_hash", json!("absent"))).is(Status::Failed);
    let mut rows = good.clone();
    for (field, count) in [("before_rows", 3), ("after_apply_rows", 4), ("after_rollback_rows", 3)] {
        rows["entries"][0][field] = json!(count);
    }
    judge(&rows).fails_with("rollback_rows_disagree");
    for (field, count) in [("before_rows", 0), ("after_apply_rows", 4), ("after_rollback_rows", 0)] {
        rows["entries"][0][field] = json!(count);
    }
    judge(&rows).is_ok();
}

#[test]
fn only_entries_that_prove_it_are_counted_and_each_fault_is_told_once() {
    let good = samples::execution_proof();
    let says = |proof: &Value, n: usize, lines: &[&str]| {
        judge(proof).says(&format!("{n} of 2 recorded entries changed and brought back")).tells_only(lines);
    };
    says(&good, 2, &[]);
    let at = |field: &str, value: Value| with(&good, &format!("/entries/0/{field}"), value);
    says(
        &at("after_rollback_hash", json!(hex("other"))),
        1,
        &[
            "rollback_not_restored /entries/0/after_rollback_hash: the rollback of \"RB-EXEC-1\" did not bring \
             back the state before",
            "rollback_flag_disagrees /entries/0/restored_match: `restored_match` of \"RB-EXEC-1\" is true, and \
             the states say false",
        ],
    );
    says(
        &at("after_apply_hash", json!("ABSENT")),
        1,
        &[
            "rollback_apply_did_not_mutate /entries/0/after_apply_hash: the apply of \"RB-EXEC-1\" changed \
             nothing: the state after it is the state before",
            "rollback_flag_disagrees /entries/0/apply_mutated: `apply_mutated` of \"RB-EXEC-1\" is true, and \
             the states say false",
        ],
    );
    says(
        &at("after_rollback_hash", Value::Null),
        1,
        &["rollback_hash_missing /entries/0/after_rollback_hash: the entry \"RB-EXEC-1\" lacks \
           `after_rollback_hash`"],
    );
    // An entry of a proof is judged though it has no state at all.
    let fields = ["before_hash", "after_apply_hash", "after_rollback_hash"];
    let stateless =
        fields.iter().fold(good.clone(), |proof, field| without(&proof, &format!("/entries/0/{field}")));
    let lacks = fields
        .map(|field| format!("rollback_hash_missing /entries/0: the entry \"RB-EXEC-1\" lacks `{field}`"));
    says(&stateless, 1, &lacks.each_ref().map(String::as_str));
}

#[test]
fn a_rehearsal_without_entries_is_one_only_when_it_says_that_it_was_held() {
    let judge = |clone: &Value| Bench::new("fix7").json(CLONE, clone).judge(&RollbackCheck);
    judge(&json!({"performed": false, "entries": []}))
        .is(Status::NotApplied)
        .says("the packet says that no rollback was rehearsed");
    for held in [json!({"performed": true, "entries": []}), json!({"entries": []})] {
        judge(&held).tells_only(&[
            "rollback_no_entries: a rollback is claimed as proven, and no document lists an entry for it",
        ]);
    }
}

#[test]
fn letter_case_makes_no_other_state_and_is_told() {
    let good = samples::rollback_proof();
    let upper = good.pointer("/entries/0/after_rollback_hash").unwrap().as_str().unwrap().to_uppercase();
    let judged = judge(&with(&good, "/entries/0/after_rollback_hash", json!(upper)));
    assert_eq!(judged.codes(), ["evidence_digest_case"]);
    let judged = judge(&with(&good, "/entries/0/after_apply_hash", json!(upper)));
    judged.fails_with("rollback_apply_did_not_mutate");
}

#[test]
fn what_was_not_available_proves_nothing() {
    let (proof, clone) = (samples::unavailable_proof(), samples::unavailable_clone_rollback());
    let bench = Bench::new("fix7").json(PROOF, &proof).json(CLONE, &clone);
    bench.judge(&RollbackCheck).fails_with("rollback_state_not_available");
    let report = |status: &str| samples::machine_report("lane", "d", status, 1);
    let consistent = bench.clone().json("machine-report.json", &report("X_READY_NOT_APPLIED"));
    consistent.judge(&RollbackCheck).is(Status::NotApplied);
    let claims = bench.json("machine-report.json", &report("X_READY"));
    claims.judge(&RollbackCheck).fails_with("rollback_state_not_available");
    let mut claimed = with(&proof, "/rollback_proof_status", json!("PROVEN_IN_STAGING"));
    judge(&claimed).fails_with("rollback_state_not_available");
    claimed["entries"] = json!([]);
    judge(&with(&claimed, "/staging_mutation_occurred", json!(false))).fails_with("rollback_no_entries");
}

#[test]
fn documents_that_list_entries_list_the_same() {
    let (proof, clone) = (samples::rollback_proof(), samples::clone_rollback());
    let both =
        |clone: &Value| Bench::new("fix7").json(PROOF, &proof).json(CLONE, clone).judge(&RollbackCheck);
    both(&without(&clone, "/entries/1")).fails_with("rollback_entries_differ");
    let other = with(&clone, "/entries/1/after_apply_hash", json!(hex("other")));
    both(&other).fails_with("rollback_entries_differ");
    let twice = with(&clone, "/entries/1", clone["entries"][0].clone());
    both(&twice).fails_with("rollback_entry_twice");
    // To a reader it is the same entry in other letters.
    let alike = with(&twice, "/entries/1/id", json!("rb\u{200b}-clone-txn"));
    both(&alike).fails_with_at("rollback_entry_twice", "/entries/1");
}

#[test]
fn unsealed_documents_fail_and_never_satisfy() {
    let good = serde_json::to_string(&samples::rollback_proof()).unwrap();
    Bench::new("fix7").unsealed(PROOF, &good).judge(&RollbackCheck).is(Status::NotApplied);
    let bad = good.replace("\"restored_match\":true", "\"restored_match\":false");
    Bench::new("fix7").unsealed(PROOF, bad).judge(&RollbackCheck).fails_with("rollback_flag_disagrees");
    let mut required = Bench::new("fix7").unsealed(PROOF, &good);
    required.policy_require = vec!["rollback".to_owned()];
    required.judge(&RollbackCheck).fails_with("check_not_applied");
}

#[test]
fn a_document_that_cannot_be_judged_is_an_error() {
    let lost = Bench::new("fix7").file("a", "").lost(PROOF).judge(&RollbackCheck);
    lost.is(Status::Error);
    assert_eq!(lost.codes(), ["check_error"]);
    Bench::new("fix7").file(PROOF, "[]").judge(&RollbackCheck).fails_with("evidence_wrong_type");
    Bench::new("fix7").file(PROOF, "").judge(&RollbackCheck).fails_with("evidence_syntax");
    // Only of what is text a line can be shown.
    for (bytes, code, is_shown) in [
        (&b"{\"a\": 1,}"[..], "evidence_syntax", true),
        (b"{\"a\": 1, \"a\": 2}", "evidence_duplicate_key", true),
        (b"\xEF\xBB\xBF{}", "evidence_encoding", false),
    ] {
        let judged = Bench::new("fix7").file(PROOF, bytes).judge(&RollbackCheck);
        judged.fails_with(code);
        let finding = judged.0.findings.iter().find(|finding| finding.code.id() == code).unwrap();
        assert_eq!((finding.location.is_some(), finding.snippet.is_some()), (is_shown, is_shown), "{code}");
    }
}

/// Fields that decide nothing: without them the evidence is as good.
const WITHOUT_EFFECT: [&str; 2] = ["surface", "method"];

fn decides(pointer: &str) -> bool {
    let field = pointer.rsplit('/').next().unwrap();
    !WITHOUT_EFFECT.contains(&field)
}

#[test]
fn no_field_can_be_left_out_nulled_or_retyped_unnoticed() {
    let good = samples::rollback_proof();
    let optional = ["verify_after_rollback"];
    for pointer in pointers(&good).iter().filter(|pointer| decides(pointer)) {
        let field = pointer.rsplit('/').next().unwrap();
        // A list that is shorter by one entry is another list.
        let is_item = field.parse::<usize>().is_ok();
        if !is_item && !optional.contains(&field) {
            assert_ne!(judge(&without(&good, pointer)).0.status, Status::Ok, "without {pointer}");
        }
        for value in [Value::Null, json!([]), json!({}), json!(1.5), json!("NO")] {
            let judged = judge(&with(&good, pointer, value.clone()));
            let is_reason = field == "production_rollback_reason" || field == "id";
            let fine = is_reason && value == json!("NO");
            assert_eq!(judged.0.status == Status::Ok, fine, "{pointer} = {value}");
        }
        if let Some(flag) = good.pointer(pointer).unwrap().as_bool() {
            assert_ne!(judge(&with(&good, pointer, json!(!flag))).0.status, Status::Ok, "{pointer} flipped");
        }
    }
}

proptest! {
    #[test]
    fn only_states_that_prove_it_are_ok(states in proptest::array::uniform3(0u8..4), flags: [bool; 2]) {
        let name = |state: u8| match state {
            0 => json!("ABSENT"),
            3 => json!("N/A_NO_CLONE"),
            n => json!(hex(&n.to_string())),
        };
        let mut proof = samples::execution_proof();
        proof["entries"].as_array_mut().unwrap().truncate(1);
        let [before, applied, restored] = states.map(name);
        proof["entries"][0]["before_hash"] = before;
        proof["entries"][0]["after_apply_hash"] = applied;
        proof["entries"][0]["after_rollback_hash"] = restored;
        proof["entries"][0]["apply_mutated"] = json!(flags[0]);
        proof["entries"][0]["restored_match"] = json!(flags[1]);
        let proven = states[0] != states[1] && states[0] == states[2] && !states.contains(&3) && flags == [true, true];
        let ok = judge(&proof).0.status == Status::Ok;
        prop_assert_eq!(ok, proven);
    }
}

/// The first spelling of a field was read, and another beside it was not looked at.
#[test]
fn a_state_was_written_twice_under_two_spellings() {
    for (name, value) in [("after_rollback_sha256", json!(hex("x"))), ("hash_after_apply", json!("ABSENT"))] {
        let mut proof = samples::rollback_proof();
        proof["entries"][0][name] = value;
        judge(&proof).fails_with("evidence_field_twice");
    }
    // The same under both names is one statement.
    let mut proof = samples::rollback_proof();
    proof["entries"][0]["hash_before"] = proof["entries"][0]["before_hash"].clone();
    judge(&proof).is_ok();
}

/// A flag in words was no flag, and nobody said so.
#[test]
fn a_flag_was_prose() {
    for value in [json!("FAILED"), json!("NO"), json!("true"), Value::Null, json!(0), json!([])] {
        let proof = with(&samples::rollback_proof(), "/entries/0/verify_after_rollback", value.clone());
        judge(&proof).fails_with_at("evidence_wrong_type", "/entries/0/verify_after_rollback");
        let clone = with(&samples::clone_rollback(), "/performed", value);
        let judged = Bench::new("fix7").json(CLONE, &clone).judge(&RollbackCheck);
        judged.fails_with_at("evidence_wrong_type", "/performed");
    }
    judge(&without(&samples::rollback_proof(), "/entries/0/verify_after_rollback")).is_ok();
    let clone = without(&samples::clone_rollback(), "/performed");
    Bench::new("fix7").json(CLONE, &clone).judge(&RollbackCheck).is_ok();
}

/// A proof that was said not to be one was not asked what it changed.
#[test]
fn a_proof_without_claim_denied_what_its_states_show() {
    let judge = |proof: &Value, status: &str| {
        let report = samples::machine_report("lane", "d", status, 1);
        Bench::new("fix7").json(PROOF, proof).json("machine-report.json", &report).judge(&RollbackCheck)
    };
    let open = with(&samples::rollback_proof(), "/rollback_proof_status", json!("NOT_PROVEN"));
    judge(&open, "X_DRAFT").is_ok();
    judge(&without(&open, "/staging_mutation_occurred"), "X_DRAFT").is_ok();
    for value in [json!(false), json!("NO")] {
        judge(&with(&open, "/staging_mutation_occurred", value), "X_DRAFT").is(Status::Failed);
    }
    let gone = with(&open, "/rollback_proof_status", json!("N/A_NO_CLONE"));
    judge(&gone, "X_READY").fails_with_at("rollback_state_not_available", "/rollback_proof_status");
    judge(&gone, "X_NOT_APPLIED").is_ok();
    judge(&samples::unavailable_proof(), "X_NOT_APPLIED").is(Status::NotApplied);
}
