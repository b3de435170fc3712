//! Target locks and clone tables.

use serde_json::{Value, json};

use super::*;
use crate::check::Status;
use crate::check::bench::{Bench, Judged, pointers, with, without};
use crate::check::samples;

fn lock(lock: &Value) -> Judged {
    Bench::new("fix7").json("rehearsal-target-lock.json", lock).judge(&IsolationCheck)
}

fn clones(table: &Value) -> Judged {
    Bench::new("fix7").json("clone-provenance.json", table).judge(&IsolationCheck)
}

#[test]
fn an_isolated_target_and_honest_tables_are_good() {
    lock(&samples::target_lock()).is_ok();
    clones(&samples::clone_provenance()).is_ok();
    clones(&samples::usable_clone_provenance()).is_ok();
    Bench::new("fix7").judge(&IsolationCheck).is(Status::NotApplied);
}

#[test]
fn whatever_opens_the_target_fails() {
    let good = samples::target_lock();
    for (pointer, value) in [
        ("/clone_realpath", json!("/srv/db/clone.sqlite")),
        ("/clone_realpath", json!("/tmp/../srv/clone.sqlite")),
        ("/clone_realpath", json!("/tmpfiles/clone.sqlite")),
        ("/clone_realpath", json!("/tmp/")),
        ("/hard_links", json!(2)),
        ("/mode", json!("0640")),
        ("/mode", json!("0601")),
        ("/mode", json!("rw")),
        ("/isolated", json!(false)),
        ("/is_symlink", json!(true)),
        ("/is_regular_file", json!(false)),
        ("/production", json!(true)),
        ("/contacts/PG", json!(true)),
        ("/target_kind", json!("postgres://db.example.org/prod")),
    ] {
        lock(&with(&good, pointer, value)).fails_with("target_not_isolated");
    }
    let mut more = good.clone();
    more["contacts"]["S3"] = json!(true);
    lock(&more).fails_with("target_not_isolated");
}

#[test]
fn kinds_contacts_and_addresses_are_each_told_once() {
    let good = samples::target_lock();
    lock(&with(&good, "/target_kind", json!("PRODUCTION_DATABASE"))).tells_only(&[
        "target_not_isolated /target_kind: the target is \"PRODUCTION_DATABASE\", and no temporary clone",
    ]);
    for name in ["PG", "S3"] {
        let mut bad = good.clone();
        bad["contacts"][name] = json!("no");
        let at = format!("/contacts/{name}");
        let told = format!("evidence_wrong_type {at}: \"{at}\" is a string, and true or false is due");
        lock(&bad).tells_only(&[told]);
    }
    let mut noted = good;
    noted["notes"] =
        json!([{"from": "postgres://db/prod"}, "file:///tmp/a.sqlite", "sqlite:///tmp/a.sqlite"]);
    lock(&noted).tells_only(&[
        "target_not_isolated /notes/0/from: the lock names the address \"postgres://db/prod\"",
    ]);
}

#[test]
fn no_field_of_the_lock_can_be_left_out_nulled_or_retyped_unnoticed() {
    let good = samples::target_lock();
    let optional = ["/lock_id", "/scope", "/target_kind", "/sha256"];
    for pointer in pointers(&good).iter().filter(|pointer| !optional.contains(&pointer.as_str())) {
        assert_ne!(lock(&without(&good, pointer)).0.status, Status::Ok, "without {pointer}");
        for value in [Value::Null, json!([]), json!("NO"), json!(7)] {
            assert_ne!(
                lock(&with(&good, pointer, value.clone())).0.status,
                Status::Ok,
                "{pointer} = {value}"
            );
        }
    }
}

#[test]
fn without_a_clone_no_rehearsal_was_held() {
    let judge = |performed: bool| {
        let evidence = with(&samples::rehearsal_evidence(), "/performed", json!(performed));
        Bench::new("fix7")
            .json("clone-provenance.json", &samples::clone_provenance())
            .json("rehearsal-execution-evidence.json", &evidence)
            .judge(&IsolationCheck)
    };
    judge(false).is_ok();
    judge(true).tells_only(&[
        "clone_verdict_differs /verdict: the verdict says that there is no clone, and the packet claims a \
         rehearsal on one",
    ]);
}

#[test]
fn tables_say_what_their_verdict_says() {
    let (none, some) = (samples::clone_provenance(), samples::usable_clone_provenance());
    let row = "/table_A_clone_provenance/0";
    for (table, code) in [
        (with(&some, &format!("{row}/isolated"), json!(false)), "target_not_isolated"),
        (with(&some, &format!("{row}/isolated"), json!("REQUIRED")), "target_not_isolated"),
        (with(&some, &format!("{row}/contains_secrets"), json!(true)), "clone_contains_secrets"),
        (with(&some, &format!("{row}/contains_secrets"), json!("n/a")), "clone_contains_secrets"),
        (with(&some, "/verdict", none["verdict"].clone()), "clone_verdict_differs"),
        (with(&none, "/verdict", some["verdict"].clone()), "clone_verdict_differs"),
        (with(&none, "/table_A_clone_provenance", json!([])), "clone_verdict_differs"),
        (with(&none, &format!("{row}/allowed"), json!(true)), "clone_verdict_differs"),
        (with(&none, &format!("{row}/isolated"), json!("MAYBE")), "evidence_unknown_value"),
        (with(&none, &format!("{row}/isolated"), Value::Null), "evidence_wrong_type"),
        (without(&none, &format!("{row}/present")), "evidence_field_missing"),
        (
            with(&none, "/table_A_clone_provenance/1", none["table_A_clone_provenance"][0].clone()),
            "clone_verdict_differs",
        ),
    ] {
        clones(&table).fails_with(code);
    }
    let claimed = Bench::new("fix7")
        .json("clone-provenance.json", &none)
        .json("rollback-recovery-proof.json", &samples::rollback_proof());
    claimed.judge(&IsolationCheck).fails_with("clone_verdict_differs");
}

/// A lock that did not say what its target is was good, and so was another scope.
#[test]
fn a_target_was_whatever_nobody_said_it_was() {
    let good = samples::target_lock();
    let neither = without(&without(&good, "/scope"), "/target_kind");
    lock(&neither).fails_with("evidence_field_missing");
    lock(&without(&good, "/scope")).is_ok();
    lock(&without(&good, "/target_kind")).is_ok();
    for (pointer, value) in [("/scope", json!("PRODUCTION")), ("/target_kind", json!("PRODUCTION"))] {
        lock(&with(&good, pointer, value)).fails_with_at("target_not_isolated", pointer);
    }
    let beside = |lock: &Value| {
        let bench = Bench::new("fix7").json("rehearsal-target-lock.json", lock);
        bench.json("rehearsal-execution-evidence.json", &samples::rehearsal_evidence()).judge(&IsolationCheck)
    };
    beside(&good).is_ok();
    beside(&without(&good, "/scope")).fails_with("evidence_field_missing");
    for mode in ["4600", "1600", "10600"] {
        lock(&with(&good, "/mode", json!(mode))).fails_with_at("target_not_isolated", "/mode");
    }
    lock(&with(&good, "/mode", json!("0o700"))).is_ok();
    for (target, bad) in [
        ("prod-db.internal:5432", true),
        ("10.0.0.5:5432", true),
        ("clone.sqlite", false),
        ("step 1.2: 34", false),
        ("a.b:", false),
        ("a.b:123456", false),
        ("ab:5432", false),
    ] {
        let mut named = good.clone();
        named["target"] = json!(target);
        if bad {
            lock(&named).fails_with_at("target_not_isolated", "/target");
        } else {
            lock(&named).is_ok();
        }
    }
}

/// A clone that is not shaped as production was one that is.
#[test]
fn a_clone_of_another_shape_was_used() {
    let some = samples::usable_clone_provenance();
    let pointer = "/table_A_clone_provenance/0/production_shaped";
    for value in [json!(false), json!("REQUIRED"), json!("n/a")] {
        clones(&with(&some, pointer, value)).fails_with_at("clone_verdict_differs", pointer);
    }
    let unused = with(&samples::clone_provenance(), pointer, json!(false));
    clones(&unused).is_ok();
}

/// A table of clones stood for the lock of the one that was rehearsed on.
#[test]
fn a_rehearsal_was_ready_without_a_lock() {
    let bench = |status: &str| {
        Bench::new("fix7")
            .json("clone-provenance.json", &samples::usable_clone_provenance())
            .json("machine-report.json", &samples::machine_report("lane", "d", status, 2))
    };
    let ready = bench("FIX7_P0_PRODUCTION_REHEARSAL_ONLY_ROLLBACK_READY");
    ready.judge(&IsolationCheck).tells_only(&[
        "target_not_isolated: the status claims that the target was isolated, and no lock of it is there",
    ]);
    ready.json("rehearsal-target-lock.json", &samples::target_lock()).judge(&IsolationCheck).is_ok();
    bench("FIX7_P0_PRODUCTION_SHAPED_CLONE_REHEARSAL_READY_NOT_APPLIED").judge(&IsolationCheck).is_ok();
    // It claims a rollback, and no target.
    bench("X_APPLIED").judge(&IsolationCheck).is_ok();
}
