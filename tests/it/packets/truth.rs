//! One bad packet for each code of the checks on what a packet plans, changes,
//! reviews and says of itself.

use serde_json::json;

use super::cases::{Case, case};
use super::{Sample, clone_and_gate, documents as d, execution, rehearsal};

const README: &str = "README.md";
const CHECKPOINT: &str = "checkpoint.md";
const REPORT: &str = "machine-report.json";
const PROOF: &str = "rollback-recovery-proof.json";
const CLONE: &str = "clone-rollback-evidence.json";
const PLAN: &str = "execution-plan.json";
const SCOPE: &str = "scope-lock.json";
const REVIEW: &str = "post-execution-review.json";
const NOT_APPLIED: &str = "FIX7_P0_PRODUCTION_SHAPED_CLONE_REHEARSAL_READY_NOT_APPLIED";
const SELF: &str = "self-check.json";

/// Every case.
pub(super) fn all() -> Vec<Case> {
    [plan(), scope(), review(), claims(), tokens_and_secrets(), status()].into_iter().flatten().collect()
}

fn plan() -> Vec<Case> {
    let packet = || execution().only(&[README, PLAN]);
    let of = |code, spoil: fn(&mut Sample)| case("plan", code, packet(), spoil);
    vec![
        of("step_out_of_order", |p| {
            p.set(PLAN, "/steps/1/step", json!("S2")).set(PLAN, "/steps/2/step", json!("S1"));
        }),
        of("step_missing", |p| {
            p.take(PLAN, "/steps/4");
        }),
        of("step_twice", |p| {
            let mut plan = p.document(PLAN);
            let again = plan["steps"][7].clone();
            plan["steps"].as_array_mut().unwrap().push(again);
            p.json(PLAN, &plan);
        }),
        of("published_before_gate", |p| {
            let mut plan = p.document(PLAN);
            let steps = plan["steps"].as_array_mut().unwrap();
            let publish = steps.remove(5);
            steps.insert(3, publish);
            p.json(PLAN, &plan);
        }),
        case("plan", "forbidden_step_attempted", rehearsal().only(&[README, "rehearsal-plan.json"]), |p| {
            let mut plan = p.document("rehearsal-plan.json");
            plan["steps"][7]["actual_exit"] = json!(1);
            p.json("rehearsal-plan.json", &plan);
        }),
    ]
}

fn scope() -> Vec<Case> {
    let packet = || execution().only(&[README, SCOPE, PROOF]);
    let of = |code, spoil: fn(&mut Sample)| case("scope", code, packet(), spoil);
    vec![
        of("mutation_out_of_scope", |p| {
            p.set(PROOF, "/entries/1/target", json!("M-3"));
            let mut scope = p.document(SCOPE);
            scope["table_B"].as_array_mut().unwrap().remove(1);
            p.json(SCOPE, &scope);
        }),
        of("mutation_not_made", |p| {
            p.take(PROOF, "/entries/1");
        }),
        of("mutations_differ", |p| {
            let mut proof = p.document(PROOF);
            proof["entries"][1]["target"] = json!("M-1");
            let mut scope = p.document(SCOPE);
            scope["table_B"].as_array_mut().unwrap().remove(1);
            p.json(PROOF, &proof).json(SCOPE, &scope);
        }),
        of("scope_not_proven", |p| {
            p.set(SCOPE, "/no_production_scope_proven", json!(false));
        }),
        of("scope_ambiguous", |p| {
            let mut scope = p.document(SCOPE);
            let again = scope["table_B"][0].clone();
            scope["table_B"].as_array_mut().unwrap().push(again);
            p.json(SCOPE, &scope);
        }),
    ]
}

fn review() -> Vec<Case> {
    let packet = || {
        execution().only(&[
            README,
            REVIEW,
            PROOF,
            "exit_codes.json",
            "commands.sh",
            "RERUN.sh",
            SCOPE,
            PLAN,
            "hardened-validator.py",
            "bad-input-probes.json",
            "validator-runs.json",
        ])
    };
    let of = |code, spoil: fn(&mut Sample)| case("review", code, packet(), spoil);
    vec![
        of("review_item_missing", |p| {
            p.take(REVIEW, "/items/9").set(REVIEW, "/passed_count", json!(9));
        }),
        of("review_item_twice", |p| {
            let mut review = p.document(REVIEW);
            let again = review["items"][3].clone();
            review["items"].as_array_mut().unwrap().push(again);
            review["passed_count"] = json!(9);
            p.json(REVIEW, &review);
        }),
        of("review_item_not_passed", |p| {
            p.set(REVIEW, "/items/2/result", json!("UNKNOWN")).set(REVIEW, "/passed_count", json!(9));
        }),
        of("review_evidence_missing", |p| {
            p.set(REVIEW, "/items/4/evidence", json!("reports/gate-output.txt")).set(
                REVIEW,
                "/passed_count",
                json!(9),
            );
        }),
        of("review_flag_disagrees", |p| {
            p.set(REVIEW, "/passed_count", json!(11));
        }),
    ]
}

fn claims() -> Vec<Case> {
    let packet = || {
        clone_and_gate().only(&[
            CHECKPOINT,
            "commands.sh",
            "RERUN.sh",
            "exit_codes.json",
            PROOF,
            CLONE,
            REPORT,
            README,
            "hardened-validator.py",
            "bad-input-probes.json",
            "validator-runs.json",
        ])
    };
    let of = |code, spoil: fn(&mut Sample)| {
        case("claims", code, packet(), |p| {
            p.take(REPORT, "/file_count");
            spoil(p);
        })
    };
    vec![
        of("claim_differs", |p| {
            let due = d::digest(d::COMMANDS);
            let forged = format!("999{}", &due[3..]);
            p.replace(CHECKPOINT, &due, &forged);
        }),
        of("claim_dangling", |p| {
            p.replace(CHECKPOINT, "`RERUN.sh`", "`verify_all.sh`");
        }),
        of("claim_unverifiable", |p| {
            let mut report = p.document(REPORT);
            report["source"] = json!({"path": "/srv/archive/ledger-2026-06.json"});
            p.json(REPORT, &report);
        }),
    ]
}

fn tokens_and_secrets() -> Vec<Case> {
    let packet = || clone_and_gate().only(&[README, PROOF, CLONE, REPORT]);
    let of = |check, code, spoil: fn(&mut Sample)| {
        case(check, code, packet(), |p| {
            p.take(REPORT, "/file_count");
            spoil(p);
        })
    };
    vec![
        of("tokens", "reserved_token", |p| {
            // Four letters are of another alphabet.
            p.file("evidence/gate.log", "input refused\nPR\u{41e}DUCTI\u{41e}N_\u{420}\u{410}SS\nexit 2\n")
                .unseal("evidence/gate.log");
        }),
        of("secrets", "credential_file", |p| {
            p.file("deploy/.pgpass", "# kept by the operator\n");
        }),
        of("secrets", "archive_unsearched", |p| {
            p.file("evidence.zip", b"PK\x03\x04\x14\0\0\0\x08\0");
        }),
        of("secrets", "dump_file", |p| {
            p.file(
                "ledger.txt",
                "--\n-- PostgreSQL database dump\n--\n\nCOPY public.ledger (id, amount) FROM stdin;\n1\t4711\n\\.\n",
            );
        }),
    ]
}

fn status() -> Vec<Case> {
    let reduced = || clone_and_gate().only(&[README, REPORT, PROOF, CLONE]);
    let of = |code, spoil: fn(&mut Sample)| {
        case("status", code, reduced(), |p| {
            p.take(REPORT, "/file_count");
            spoil(p);
        })
    };
    let whole = |code, spoil: fn(&mut Sample)| {
        case("status", code, clone_and_gate(), |p| {
            spoil(p);
            p.files.remove("manifest.json");
            p.listed("shaped-clone-and-gate", &[]);
        })
    };
    vec![
        of("status_unknown", |p| {
            let other = "FIX7_P0_EVERYTHING_CONSIDERED_NOT_APPLIED";
            p.set(REPORT, "/final_status", json!(other)).replace(README, NOT_APPLIED, other);
        }),
        of("status_contradicted", |p| {
            p.set(CLONE, "/performed", json!(true));
        }),
        of("status_disagrees", |p| {
            p.replace(README, "2026-06-11", "2026-06-12");
        }),
        case(
            "status",
            "status_overclaims",
            rehearsal().only(&[
                README,
                REPORT,
                PROOF,
                CLONE,
                "rehearsal-execution-evidence.json",
                "rehearsal-target-lock.json",
                "bad-input-probes.json",
                "validator-runs.json",
                "hardened-validator.py",
            ]),
            |p| {
                p.take(REPORT, "/file_count");
                p.set("bad-input-probes.json", "/verdict", json!("MOSTLY_FAIL_CLOSED"));
            },
        ),
        whole("self_check_differs", |p| {
            p.set(SELF, "/items/13/result", json!("PASS"));
        }),
        whole("self_check_count_differs", |p| {
            p.take(SELF, "/items/12").set(SELF, "/item_count", json!(13));
        }),
        whole("self_check_unverifiable", |p| {
            p.take(SELF, "/items/9/check");
        }),
    ]
}
