//! The documents of governance, as values: what later checks read.

use serde_json::{Value, json};

/// A document of governance, by its file name.
pub(crate) fn document(name: &str) -> Value {
    match name {
        "forbidden-surface-proof.json" => surfaces(),
        "blocker-map.json" => blockers(),
        "decision-packet.json" => decision(),
        "owner-decision-template.json" => json!({
            "default_decision": "HOLD_PRODUCTION",
            "execution_authorization_status": "NOT_REQUESTED",
            "selected_option": null,
            "owner_signature": "UNSIGNED",
            "options": options(),
        }),
        "delegation-lock.json" => json!({
            "table_A": [{
                "decision": "AUTHORIZE_PRODUCTION_REHEARSAL_ONLY", "allowed": "this lane", "forbidden": "production",
                "source": "owner", "verdict": "CONSUMED_BY_THIS_LANE",
            }],
        }),
        "precondition-checklist.json" => preconditions(),
        "reservation-addendum.json" => json!({
            "standalone_addendum": true,
            "status": "PROPOSED",
            "APPLY_NOW": "NO",
            "canonical_fold": false,
            "reservation_ceiling": 494,
            "fold_maximum": 461,
            "ranges": [{
                "range": "TKT-OBJ-495..507", "count": 13,
                "ids": (495..=507).map(|n| format!("TKT-OBJ-{n}")).collect::<Vec<_>>(),
            }],
            "collisions": 0,
            "registry_pins": [
                {"name": "JSON", "before": "rev24", "after": "rev24"},
                {"name": "MD", "before": "rev24", "after": "rev24"},
                {"name": "index", "before": {"revision": "rev116"}, "after": {"revision": "rev116"}},
            ],
        }),
        "scope-lock.json" => json!({
            "no_production_scope_proven": true,
            "isolation_basis": "additive documents only",
            "table_B": [
                {"target": "M-1", "environment": "staging", "mutation_type": "additive document", "production_risk": "none", "allowed": true, "rollback_method": "withdraw"},
                {"target": "M-2", "environment": "staging", "mutation_type": "additive document", "production_risk": "none", "allowed": true, "rollback_method": "withdraw"},
            ],
        }),
        "tool-call-log.json" => json!({
            "calls": [
                {"tool": "upload_document", "path": "staging/M-1.md"},
                {"tool": "upload_document", "path": "staging/M-2.md"},
            ],
        }),
        "post-execution-review.json" => {
            let evidence =
                ["exit_codes.json", "rollback-recovery-proof.json", "scope-lock.json", "execution-plan.json"];
            let item =
                |n: usize| json!({"id": format!("PER-{n}"), "result": "PASS", "evidence": evidence[n % 4]});
            json!({"items": (1..=10).map(item).collect::<Vec<_>>(), "passed_count": 10})
        }
        "execution-plan.json" => plan(
            "S",
            &[
                "preflight",
                "seal recheck",
                "staging rollback proof",
                "mandatory gate",
                "probes",
                "publish M-1",
                "publish M-2",
                "review",
            ],
        ),
        "rehearsal-plan.json" => {
            let mut plan = plan(
                "RX-",
                &["lock", "entry hash", "read-only", "transaction", "snapshot", "exit hash", "review"],
            );
            let never = json!({
                "step": "PROD-APPLY", "command": "apply to production", "target": "production",
                "expected_mutation": "every row", "rollback": "none", "allowed": false, "note": "never in this lane",
            });
            plan["steps"].as_array_mut().unwrap().push(never);
            plan
        }
        "ci-gate-design.json" => json!({
            "status": "DESIGNED", "wired_to_production": false, "triggered": false, "resolves_blockers": [],
        }),
        "ci-unknown-resolution.json" => json!({
            "doc": "ci-unknown-resolution", "date": "2026-06-11", "method": "files only", "live_system_contact": false,
            "table_B_ci_unknown_resolution": [{
                "unknown_item": "deploy trigger", "source": "workflow files", "what_is_unknown": "who may start it",
                "read_only_check_possible": true, "read_only_check_performed": false, "result": "UNKNOWN",
                "blocker_status": "OPEN", "actor_needed": "operator", "exact_input_needed": "the list of triggers",
                "affects_clone_rehearsal_safety": false, "blocks": "production",
            }],
            "other_ci_surfaces_classification": [],
        }),
        other => panic!("no document {other}"),
    }
}

fn plan(prefix: &str, steps: &[&str]) -> Value {
    let step = |(number, what): (usize, &&str)| {
        json!({
            "step": format!("{prefix}{number}"), "command": what, "target": "isolated clone",
            "expected_mutation": "none", "rollback": "none", "allowed": true,
        })
    };
    json!({
        "steps": steps.iter().enumerate().map(step).collect::<Vec<_>>(),
        "forbidden_steps_attempted": 0,
        "production_mutation": false,
    })
}

fn surfaces() -> Value {
    let names = [
        "production database",
        "Directus",
        "system_issues",
        "registry rows",
        "REAL_RUN",
        "QT001/apply",
        "permit",
        "activation",
        "repoint",
        "cutover",
        "CI/deploy",
        "secrets",
        "evidence deletion",
    ];
    let row = |name: &&str| json!({"surface": name, "status": "UNTOUCHED"});
    json!({
        "surfaces": names.iter().map(row).collect::<Vec<_>>(),
        "surface_count": names.len(),
        "any_forbidden_surface_attempted": false,
    })
}

const BLOCKERS: [&str; 7] = [
    "DRYRUN-PROD-ROLLBACK-1",
    "PROD-CI-SCOPE-1",
    "PROD-BIRTH-SURFACE-1",
    "PROD-OPT4-1",
    "PLAN-REALRUN-1",
    "PLAN-SEPARATE-AUTH-1",
    "OPERATOR-INPUT-1",
];

/// One precondition for each blocker, none of them met.
fn preconditions() -> Value {
    let row = |(number, name): (usize, &&str)| {
        json!({
            "id": format!("PRE-{}", number + 1), "precondition": "the blocker is closed", "required": true,
            "status": if number == 0 { "FAIL" } else { "UNKNOWN" },
            "evidence_path": "blocker-map.json@rev1",
            "blocker_id": format!("FIX7-P0-{name}"), "blocks_execution": true,
        })
    };
    json!({"items": BLOCKERS.iter().enumerate().map(row).collect::<Vec<_>>()})
}

fn blockers() -> Value {
    let row = |name: &&str| {
        json!({
            "id": format!("FIX7-P0-{name}"), "item": "what keeps production closed", "status": "OPEN",
            "change_this_lane": "classified", "actor_needed": "owner", "next_action": "decide", "blocks": "production",
        })
    };
    json!({
        "blockers": BLOCKERS.iter().map(row).collect::<Vec<_>>(),
        "open_count": BLOCKERS.len(),
        "newly_closed": [],
    })
}

fn options() -> Value {
    let names = [
        "HOLD_PRODUCTION",
        "AUTHORIZE_PRODUCTION_DRYRUN_ONLY",
        "AUTHORIZE_PRODUCTION_REALRUN_PRECHECK_ONLY",
        "AUTHORIZE_PRODUCTION_EXECUTION",
    ];
    let row = |name: &&str| {
        json!({
            "option": name, "meaning": "as named", "consequence": "as named",
            "is_default": *name == "HOLD_PRODUCTION",
        })
    };
    json!(names.iter().map(row).collect::<Vec<_>>())
}

fn decision() -> Value {
    json!({
        "default_decision": "HOLD_PRODUCTION",
        "selected_option": null,
        "owner_signature": "UNSIGNED",
        "options": options(),
    })
}
