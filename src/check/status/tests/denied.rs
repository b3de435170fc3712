//! What the packet says itself against its status, and sums that no item bears out.

use super::*;

/// A rehearsal that is ready, as its documents say.
fn ready(proof: &Value, report: &Value) -> Judged {
    let page = format!("2026-06-11 {DELEGATION}\nStatus: {READY}\n");
    judge(
        &Bench::new("fix7")
            .json("rollback-recovery-proof.json", proof)
            .json("machine-report.json", report)
            .file("README.md", page),
    )
}

/// The proof said that it is none, and the status rested on it.
#[test]
fn a_status_rested_on_a_proof_that_was_said_not_to_be_one() {
    let (proof, own) = (samples::rollback_proof(), report(READY));
    ready(&proof, &own).is_ok();
    for state in ["NOT_PROVEN", "N/A_NO_CLONE", "NOT_APPLIED"] {
        let open = with(&proof, "/rollback_proof_status", json!(state));
        ready(&open, &own).fails_with_at("status_overclaims", "/rollback_proof_status");
        let mut said = own.clone();
        said["summary"] = json!({"Rollback-Proof-Status": state});
        ready(&proof, &said).fails_with_at("status_overclaims", "/summary/Rollback-Proof-Status");
        said["summary"] = json!({"predecessor": {"rollback_proof_status": state}});
        ready(&proof, &said).is_ok();
        said["summary"] = json!({"production_rollback_status": state, "rollback_note": state});
        ready(&proof, &said).is_ok();
    }
    // Where nothing was applied nothing is proven.
    let mut quietly = report(NOT_APPLIED);
    quietly["rollback_proof_status"] = json!("N/A_NO_CLONE");
    judge(&quiet().json("machine-report.json", &quietly)).is_ok();
}

/// A status that rests on other checks claims no proof.
#[test]
fn only_what_is_claimed_is_held_against_a_status() {
    let text = "[profile.own]\nvalues = { statuses = [\"X_DONE\", \"X_PROVEN\"], claims = { DONE = [\"plan\"], PROVEN = [\"rollback\"] } }";
    let config =
        crate::config::parse_known(text.as_bytes(), "seal.toml", &crate::config::Known::default()).unwrap();
    let profile = crate::profile::builtin("fix7").unwrap().extended(&config.profiles[0]).unwrap();
    let proof = with(&samples::rollback_proof(), "/rollback_proof_status", json!("NOT_PROVEN"));
    let own = |status: &str| {
        judge(
            &Bench::by(profile.clone())
                .json("rollback-recovery-proof.json", &proof)
                .json("machine-report.json", &report(status))
                .file("README.md", format!("2026-06-11 {DELEGATION}\nStatus: {status}\n")),
        )
    };
    own("X_PROVEN").fails_with_at("status_overclaims", "/rollback_proof_status");
    let lines = own("X_DONE").lines();
    assert!(!lines.iter().any(|line| line.contains("/rollback_proof_status")), "{lines:#?}");
}

/// The report said that it failed, under a status that claims success.
#[test]
fn a_report_ended_badly_under_a_good_status() {
    let proof = samples::rollback_proof();
    let said = |name: &str, value: Value| {
        let mut own = report(READY);
        own[name] = value;
        ready(&proof, &own)
    };
    for (name, value) in [("verdict", "FAIL"), ("overall_result", "OVERALL FAIL"), ("Outcome", "2 errors")] {
        said(name, json!(value)).fails_with_at("status_overclaims", &format!("/{name}"));
    }
    for (name, value) in [
        ("verdict", json!("PASS")),
        ("verdict", json!("ALL_FAIL_CLOSED")),
        ("outcome", json!("every bad input rejected")),
        ("result", json!("0 failed")),
        ("negative_control_result", json!("FAIL")),
        ("controls", json!({"verdict": "FAIL"})),
    ] {
        said(name, value).is_ok();
    }
    let mut less = report(NOT_APPLIED);
    less["verdict"] = json!("UNKNOWN");
    judge(&quiet().json("machine-report.json", &less)).is_ok();
}

/// `Lane: Execution` was another lane than `execution`.
#[test]
fn a_lane_is_written_with_capitals() {
    let page = |lane: &str| {
        let text = format!("2026-06-11 {DELEGATION}\nLane: {lane}\n\nstatus: {NOT_APPLIED}\n");
        judge(&quiet().file("README.md", text))
    };
    page("Shaped Clone").is_ok();
    page("Shaped Clones").fails_with("status_disagrees");
    judge(&quiet().json("decision-packet.json", &json!({"lane": "SHAPED clone"}))).is_ok();
    for field in ["delegation", "final_status"] {
        let lower = if field == "delegation" { DELEGATION } else { NOT_APPLIED }.to_lowercase();
        judge(&quiet().json("decision-packet.json", &json!({field: lower}))).fails_with("status_disagrees");
    }
}

/// An item that failed, and sums that no item bears out, went with a good status.
#[test]
fn a_self_check_summed_up_what_it_does_not_hold() {
    let items = |result: &str, status: &str, sums: Value| {
        let mut document = sums;
        let row = |n: usize| json!({"id": format!("SC-{n}"), "item": "x", "result": "PASS"});
        document["items"] = (1..=14).map(row).collect();
        document["items"][3]["result"] = json!(result);
        judge(&stating(status).json("self-check.json", &document))
    };
    let told = |judged: &Judged| judged.codes().contains(&"self_check_differs");
    assert!(told(&items("FAIL", "X_READY", json!({}))) && told(&items("FAILED", "X_READY", json!({}))));
    assert!(!told(&items("FAIL", "X_DRAFT", json!({}))) && !told(&items("OPEN", "X_READY", json!({}))));
    let sums = |result: &str, sums: Value| items(result, "X_DRAFT", sums);
    for (result, bad, at) in [
        ("PASS", json!({"all_passed": false}), "/all_passed"),
        ("FAIL", json!({"allPassed": true}), "/allPassed"),
        ("FAIL", json!({"passed_count": 14}), "/passed_count"),
        ("PASS", json!({"items_passed": 13}), "/items_passed"),
        ("PASS", json!({"failed": 1}), "/failed"),
        ("PASS", json!({"passed": false}), "/passed"),
    ] {
        sums(result, bad).fails_with_at("self_check_count_differs", at);
    }
    for (result, good) in [
        ("PASS", json!({"all_passed": true, "passed_count": 14, "failed_count": 0, "item_count": 14})),
        ("FAIL", json!({"all_passed": false, "passed_count": 13, "failed": 1})),
        ("PASS", json!({"passed": 14, "failed": false, "first_item_passed": false})),
        ("OPEN", json!({"passed": 13, "pass_rate": 92, "passed_before": 2, "failed_items": []})),
    ] {
        sums(result, good).is(Status::Ok);
    }
}

/// A clone was spoken of, and nothing said that no rehearsal was held on it.
#[test]
fn nothing_said_that_nothing_was_performed() {
    let bare = Bench::new("fix7")
        .json("machine-report.json", &report(NOT_APPLIED))
        .file("README.md", format!("2026-06-11 {DELEGATION}\nStatus: {NOT_APPLIED}\n"));
    judge(&bare).is_ok();
    let bench = bare.json("clone-provenance.json", &samples::clone_provenance());
    judge(&bench).fails_with_at("status_overclaims", "/final_status");
    judge(&bench.json("clone-rollback-evidence.json", &samples::unavailable_clone_rollback())).is_ok();
}
