//! The legs of a rehearsal, and mutations of good evidence.

use serde_json::{Value, json};

use super::*;
use crate::check::Status;
use crate::check::bench::{Bench, Judged, hex, pointers, with, without};
use crate::check::samples;

const EVIDENCE: &str = "rehearsal-execution-evidence.json";
const CLONE: &str = "clone-rollback-evidence.json";
const LOCK: &str = "rehearsal-target-lock.json";

fn judge(evidence: &Value) -> Judged {
    judge_all(evidence, &samples::clone_rollback(), &samples::target_lock())
}

fn judge_all(evidence: &Value, clone: &Value, lock: &Value) -> Judged {
    Bench::new("fix7").json(EVIDENCE, evidence).json(CLONE, clone).json(LOCK, lock).judge(&RehearsalCheck)
}

#[test]
fn a_rehearsal_with_all_its_legs_is_good() {
    judge(&samples::rehearsal_evidence()).is_ok().says("4 of 4 legs hold");
    Bench::new("fix7").json(LOCK, &samples::target_lock()).judge(&RehearsalCheck).is(Status::NotApplied);
}

#[test]
fn each_leg_fails_with_its_code() {
    let good = samples::rehearsal_evidence();
    let other = json!(hex("other"));
    let (hash_out, after) =
        ("/readonly_entry_exit_invariant/hash_out", "/canonical_executor_integrity/after_sha256");
    judge(&with(&good, hash_out, other.clone())).fails_with("entry_exit_differs");
    judge(&with(&good, hash_out, other.clone())).fails_with("rehearsal_flag_disagrees");
    judge(&with(&good, after, other)).fails_with("executor_changed");
    judge(&without(&good, "/canonical_executor_integrity")).fails_with("rehearsal_leg_missing");
    let clone = samples::clone_rollback();
    let (lock, fewer) = (samples::target_lock(), without(&clone, "/entries/1"));
    judge_all(&good, &fewer, &lock).fails_with("rehearsal_leg_missing");
    let before = clone["entries"][0]["before_hash"].clone();
    let idle = with(&clone, "/entries/0/after_apply_hash", before);
    judge_all(&good, &idle, &lock).fails_with("rehearsal_leg_not_proven");
    judge_all(&good, &clone, &with(&lock, "/lock_id", json!("LOCK-B"))).fails_with("lock_id_differs");
}

#[test]
fn a_leg_that_does_not_hold_is_not_counted() {
    let (good, clone) = (samples::rehearsal_evidence(), samples::clone_rollback());
    let (hash_out, flag) =
        ("/readonly_entry_exit_invariant/hash_out", "/readonly_entry_exit_invariant/entry_equals_exit");
    judge(&with(&good, hash_out, json!(hex("other")))).says("3 of 4 legs hold");
    judge(&with(&good, flag, json!(false))).says("3 of 4 legs hold");
    let idle = with(&clone, "/entries/0/after_apply_hash", clone["entries"][0]["before_hash"].clone());
    let astray = with(&clone, "/entries/0/after_rollback_hash", json!(hex("other")));
    // It was not changed, and still became what is pinned.
    let mut pinned = with(&idle, "/entries/0/after_rollback_hash", json!(hex("other")));
    pinned["entries"][0]["expected_restored_hash"] = json!(hex("other"));
    for clone in [idle, astray, pinned] {
        judge_all(&good, &clone, &samples::target_lock()).says("3 of 4 legs hold").tells_only(&[
            "rehearsal_leg_not_proven /entries/0: the entry \"RB-CLONE-TXN\" does not show that the clone was \
             changed and brought back",
        ]);
    }
}

#[test]
fn one_that_was_not_performed_is_none_and_must_be_called_so() {
    let evidence = with(&samples::rehearsal_evidence(), "/performed", json!(false));
    judge(&evidence).fails_with("rehearsal_not_performed");
    let report = samples::machine_report("l", "d", "X_READY_NOT_APPLIED", 1);
    let bench = Bench::new("fix7").json(EVIDENCE, &evidence).json("machine-report.json", &report);
    bench.judge(&RehearsalCheck).is(Status::NotApplied);
}

#[test]
fn no_field_can_be_left_out_nulled_retyped_or_flipped_unnoticed() {
    let good = samples::rehearsal_evidence();
    // The lock is optional in each single document, and equal where it is.
    for pointer in
        pointers(&good).iter().filter(|pointer| !["/lock_id", "/performed"].contains(&pointer.as_str()))
    {
        assert_ne!(judge(&without(&good, pointer)).0.status, Status::Ok, "without {pointer}");
        for value in [Value::Null, json!([]), json!("NO"), json!(0)] {
            assert_ne!(
                judge(&with(&good, pointer, value.clone())).0.status,
                Status::Ok,
                "{pointer} = {value}"
            );
        }
        if let Some(flag) = good.pointer(pointer).unwrap().as_bool() {
            assert_ne!(judge(&with(&good, pointer, json!(!flag))).0.status, Status::Ok, "{pointer} flipped");
        }
    }
    for value in [Value::Null, json!("NO")] {
        assert_ne!(judge(&with(&good, "/performed", value)).0.status, Status::Ok);
    }
}

/// A document of the rehearsal did not say which clone it is of.
#[test]
fn one_document_left_the_lock_out() {
    let [evidence, clone, lock] =
        [samples::rehearsal_evidence(), samples::clone_rollback(), samples::target_lock()];
    let bare = |document: &Value| without(document, "/lock_id");
    for (evidence, clone, lock) in [
        (bare(&evidence), clone.clone(), lock.clone()),
        (evidence.clone(), bare(&clone), lock.clone()),
        (evidence.clone(), clone.clone(), bare(&lock)),
    ] {
        judge_all(&evidence, &clone, &lock).fails_with("evidence_field_missing");
    }
    judge_all(&bare(&evidence), &bare(&clone), &bare(&lock)).is_ok();
}
