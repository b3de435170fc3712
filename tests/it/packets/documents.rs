//! The documents of realistic packets, as values: what a rehearsal, an execution
//! without production and a production-shaped clone leave behind. Unit tests of
//! checks and the packets under `testdata/` are made of them.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// SHA-256 in hexadecimal, computed without the program.
pub(crate) fn digest(text: &str) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(text.as_bytes()))
}

/// The lock that all documents of the rehearsal speak of.
pub(crate) const LOCK: &str = "LOCK-2026-06-11-A";

/// The validator, which the sample profile pins.
pub(crate) const VALIDATOR: &str = "\
#!/usr/bin/env python3
\"\"\"Judges rollback evidence: three states for every entry \u{2014} and no flag is believed.\"\"\"
import json
import sys


def reject(code):
    print(code)
    sys.exit(2)


entries = json.load(open(sys.argv[1], encoding=\"utf-8\"))[\"entries\"]
for entry in entries:
    if entry[\"after_apply_hash\"] == entry[\"before_hash\"]:
        reject(\"ROLLBACK_APPLY_DID_NOT_MUTATE:\" + entry[\"id\"])
    if entry[\"after_rollback_hash\"] != entry[\"before_hash\"]:
        reject(\"ROLLBACK_NOT_RESTORED:\" + entry[\"id\"])
";

pub(crate) const COMMANDS: &str = "\
#!/bin/sh
set -eu
# Each gate stops the run \u{2014} the last line says how it ended.
echo G0; sha256sum -c HASH_MANIFEST.txt
echo G1; python3 hardened-validator.py rollback-recovery-proof.json
echo G2; test -s bad-input-probes.json
echo OVERALL PASS
";

pub(crate) const RERUN: &str = "\
#!/bin/sh
set -eu
copy=$(mktemp -d)
cp -R . \"$copy\"
cd \"$copy\"
test \"$(sha256sum HASH_MANIFEST.txt | cut -d' ' -f1)\" = \"$(cat packet_tree.sha256)\"
sh commands.sh
";

pub(crate) fn exit_codes(packet: &str) -> Value {
    json!({
        "packet": packet,
        "date": "2026-06-11",
        "host": "rehearsal host",
        "convention": "0 is good \u{2014} anything else stops",
        "commands_sh": "OVERALL PASS",
        "rerun_sh": "PASS (PACKET_TREE MATCH)",
        "steps": [
            {"id": "G0", "cmd": "sha256sum -c HASH_MANIFEST.txt", "expected_exit": 0, "actual_exit": 0, "meaning": "bytes intact"},
            {"id": "G1", "cmd": "python3 hardened-validator.py rollback-recovery-proof.json", "expected_exit": 0, "actual_exit": 0, "meaning": "states prove the way back"},
            {"id": "G2", "cmd": "test -s bad-input-probes.json", "expected_exit": 0, "actual_exit": 0, "meaning": "probes are recorded"},
        ],
    })
}

pub(crate) fn machine_report(lane: &str, delegation: &str, status: &str, files: u64) -> Value {
    json!({
        "date": "2026-06-11",
        "lane": lane,
        "delegation": delegation,
        "final_status": status,
        "file_count": files,
        "production_mutation": false,
        "real_run": false,
        "qt001": false,
        "cutover": false,
        "production_ci_deploy_triggered": false,
        "secrets_changed": false,
        "live_production_contact": false,
    })
}

/// Pins of what the packet builds on: the validator, whose bytes are here.
pub(crate) fn preflight() -> Value {
    json!({
        "pins": [
            {
                "name": "validator", "path": "hardened-validator.py", "sha256": digest(VALIDATOR),
                "size": VALIDATOR.len(), "domain": "raw", "source": "bytes", "revision": 3,
            },
        ],
        "operative_blueprint_bound": false,
        "fold_through_461_applied": false,
    })
}

pub(crate) fn target_lock() -> Value {
    json!({
        "lock_id": LOCK,
        "scope": "ISOLATED_CLONE_ONLY_NO_PRODUCTION_CONTACT",
        "target_kind": "LOCAL_TEMPORARY_CLONE",
        "clone_realpath": "/tmp/rehearsal-XXXXXX/clone.sqlite",
        "is_regular_file": true,
        "is_symlink": false,
        "hard_links": 1,
        "mode": "0600",
        "isolated": true,
        "production": false,
        "contacts": {
            "PG": false, "Directus": false, "system_issues": false,
            "registry": false, "VPS": false, "network": false,
        },
        "sha256": digest("clone at entry"),
    })
}

/// One rollback entry whose three states prove it.
pub(crate) fn entry(id: &str, surface: &str, method: &str, rows: [u64; 2]) -> Value {
    let before = digest(&format!("{id} before"));
    json!({
        "id": id,
        "surface": surface,
        "method": method,
        "before_hash": before,
        "after_apply_hash": digest(&format!("{id} applied")),
        "after_rollback_hash": before,
        "restored_match": true,
        "apply_mutated": true,
        "verify_after_rollback": true,
        "before_rows": rows[0],
        "after_apply_rows": rows[1],
        "after_rollback_rows": rows[0],
    })
}

fn legs() -> Vec<Value> {
    vec![
        entry("RB-CLONE-TXN", "clone ledger", "BEGIN, INSERT, ROLLBACK", [4711, 4723]),
        entry("RB-CLONE-SNAP", "clone ledger", "committed INSERT, snapshot restored", [4711, 4723]),
    ]
}

pub(crate) fn rehearsal_evidence() -> Value {
    json!({
        "lock_id": LOCK,
        "scope": "ISOLATED_CLONE_ONLY_NO_PRODUCTION_CONTACT",
        "performed": true,
        "readonly_entry_exit_invariant": {
            "hash_in": digest("clone at entry"),
            "hash_out": digest("clone at entry"),
            "entry_equals_exit": true,
        },
        "canonical_executor_integrity": {
            "before_sha256": digest("executor"),
            "after_sha256": digest("executor"),
            "unchanged": true,
        },
    })
}

pub(crate) fn clone_rollback() -> Value {
    json!({"lock_id": LOCK, "performed": true, "entries": legs()})
}

pub(crate) fn rollback_proof() -> Value {
    proof(&legs())
}

fn proof(entries: &[Value]) -> Value {
    json!({
        "rollback_proof_status": "PROVEN_IN_STAGING",
        "staging_mutation_occurred": true,
        "production_rollback_status": "NOT_APPLICABLE",
        "production_rollback_reason": "production was not touched, so there is nothing to take back",
        "entries": entries,
    })
}

/// Two additive documents: absent before, there after the apply, absent again.
pub(crate) fn execution_proof() -> Value {
    let additive = |id: &str, target: &str| {
        json!({
            "id": id,
            "target": target,
            "surface": "additive document",
            "method": "publish, withdraw",
            "before_hash": "ABSENT",
            "after_apply_hash": digest(&format!("{id} rev1")),
            "after_rollback_hash": "ABSENT",
            "restored_match": true,
            "apply_mutated": true,
        })
    };
    proof(&[additive("RB-EXEC-1", "M-1"), additive("RB-EXEC-2", "M-2")])
}

/// Nothing was applied, since there is no clone: no state was looked at.
pub(crate) fn unavailable_proof() -> Value {
    json!({
        "rollback_proof_status": "N/A_NO_CLONE",
        "staging_mutation_occurred": false,
        "production_rollback_status": "NOT_APPLICABLE",
        "production_rollback_reason": "no rehearsal was held",
        "entries": [unavailable_entry()],
    })
}

fn unavailable_entry() -> Value {
    json!({
        "id": "RB-SHAPED-1",
        "surface": "production-shaped clone",
        "method": "none",
        "before_hash": "N/A_NO_CLONE",
        "after_apply_hash": "N/A_NO_CLONE",
        "after_rollback_hash": "N/A_NO_CLONE",
        "restored_match": false,
        "apply_mutated": false,
    })
}

pub(crate) fn unavailable_clone_rollback() -> Value {
    json!({"performed": false, "entries": [unavailable_entry()]})
}

const REHEARSAL: [(&str, &str); 10] = [
    ("production target", "TARGET_IS_PRODUCTION"),
    ("REAL_RUN", "REAL_RUN_FORBIDDEN"),
    ("QT001/apply", "QT001_FORBIDDEN"),
    ("cutover", "CUTOVER_FORBIDDEN"),
    ("CI deploy", "CI_DEPLOY_FORBIDDEN"),
    ("secrets", "SECRETS_FORBIDDEN"),
    ("missing rollback proof", "ROLLBACK_HASH_MISSING:RB-CLONE-TXN"),
    ("fake no-mutation rollback", "ROLLBACK_APPLY_DID_NOT_MUTATE:RB-CLONE-TXN"),
    ("PASS without isolation", "ISOLATION_NOT_SHOWN"),
    ("production PASS from rehearsal", "PRODUCTION_CLAIM_FORBIDDEN"),
];

const CLONE: [(&str, &str); 10] = [
    ("clone_not_isolated", "CLONE_NOT_ISOLATED"),
    ("clone_points_to_production", "CLONE_IS_PRODUCTION"),
    ("clone_contains_secrets", "CLONE_HOLDS_SECRETS"),
    ("schema_mismatch_ignored", "SCHEMA_MISMATCH"),
    ("apply_did_not_mutate", "ROLLBACK_APPLY_DID_NOT_MUTATE:RB-SHAPED-1"),
    ("rollback_did_not_restore", "ROLLBACK_NOT_RESTORED:RB-SHAPED-1"),
    ("ci_seal_mismatch_passes", "SEAL_MISMATCH"),
    ("unicode_byte_drift_passes", "BYTE_DRIFT"),
    ("production_pass_from_clone", "PRODUCTION_CLAIM_FORBIDDEN"),
    ("realrun_qt001_cutover_token", "RESERVED_TOKEN"),
];

const EXECUTION: [(&str, &str); 15] = [
    ("production target", "TARGET_IS_PRODUCTION"),
    ("REAL_RUN", "REAL_RUN_FORBIDDEN"),
    ("QT001/apply", "QT001_FORBIDDEN"),
    ("permit/activation/repoint/cutover", "SURFACE_FORBIDDEN"),
    ("production PG", "SURFACE_FORBIDDEN"),
    ("production Directus", "SURFACE_FORBIDDEN"),
    ("production system_issues", "SURFACE_FORBIDDEN"),
    ("production CI/deploy", "CI_DEPLOY_FORBIDDEN"),
    ("secrets", "SECRETS_FORBIDDEN"),
    ("evidence deletion", "EVIDENCE_MISSING"),
    ("missing delegation", "DELEGATION_MISSING"),
    ("rollback no mutation", "ROLLBACK_FLAG_DISAGREES:RB-EXEC-1"),
    ("apply == before", "ROLLBACK_APPLY_DID_NOT_MUTATE:RB-EXEC-1"),
    ("missing rollback proof", "ROLLBACK_HASH_MISSING:RB-EXEC-1"),
    ("PASS while a forbidden surface is touched", "SURFACE_TOUCHED"),
];

fn probes_of(classes: &[(&str, &str)], class_field: &str) -> Value {
    let mut probes: Vec<Value> = Vec::new();
    for (number, (class, code)) in classes.iter().enumerate() {
        let mut probe = json!({
            "id": format!("P-{:02}", number + 1),
            "mutation": format!("good evidence, but for: {class}"),
            "must": "FAIL_CLOSED",
            "expected_exit": 2,
            "actual_exit": 2,
            "code": code,
            "PASS_emitted": false,
            "SEAL_emitted": false,
        });
        probe[class_field] = json!(class);
        probes.push(probe);
    }
    let mut control = json!({
        "id": "C-01", "mutation": "none", "must": "ALLOW", "expected_exit": 0, "actual_exit": 0,
        "code": null, "PASS_emitted": true, "SEAL_emitted": false,
    });
    control[class_field] = json!("control");
    probes.push(control);
    json!({
        "probes": probes,
        "any_fail_open": false,
        "rejected_count": classes.len(),
        "control_count": 1,
        "verdict": "ALL_FAIL_CLOSED",
    })
}

pub(crate) fn rehearsal_probes() -> Value {
    probes_of(&REHEARSAL, "class")
}

pub(crate) fn clone_probes() -> Value {
    probes_of(&CLONE, "category")
}

pub(crate) fn execution_probes() -> Value {
    probes_of(&EXECUTION, "class")
}

pub(crate) fn validator_runs(entry: &str) -> Value {
    json!({
        "validator_sha256": digest(VALIDATOR),
        "selftest": {"actual_exit": 0, "passed": true},
        "runs": [
            {"run": "frozen_good_evidence", "actual_exit": 0, "code": null},
            {"run": "own_evidence", "actual_exit": 0, "code": null},
            {"run": "no_mutation_variant", "actual_exit": 2, "code": format!("ROLLBACK_APPLY_DID_NOT_MUTATE:{entry}")},
        ],
    })
}

pub(crate) fn clone_provenance() -> Value {
    let row = |name: &str, source: &str, present: bool, note: &str| {
        json!({
            "candidate_clone": name, "source": source, "production_shaped": "REQUIRED",
            "isolated": "REQUIRED", "contains_secrets": "MUST_BE_NO",
            "allowed": false, "present": present, "note": note,
        })
    };
    json!({
        "table_A_clone_provenance": [
            row("synthetic sqlite clone", "generated", true, "local, but not production-shaped"),
            row("production dump", "production database", false, "would need contact \u{2014} not requested"),
        ],
        "verdict": "NO_SAFE_PRODUCTION_SHAPED_CLONE_AVAILABLE",
    })
}

/// The provenance of a packet that has a clone to rehearse on.
pub(crate) fn usable_clone_provenance() -> Value {
    json!({
        "table_A_clone_provenance": [{
            "candidate_clone": "shaped clone", "source": "sanitized dump", "production_shaped": true,
            "isolated": true, "contains_secrets": false, "allowed": true, "present": true, "note": "",
        }],
        "verdict": "SAFE_PRODUCTION_SHAPED_CLONE_AVAILABLE",
    })
}

pub(crate) fn schema_compatibility(clone: bool) -> Value {
    let entities = [
        "birth_registry",
        "registry row",
        "approval fields (os_proposal_approvals)",
        "Directus fields",
        "system_issues fields",
        "IDs/hashes/timestamps",
        "rollback/snapshot anchor",
    ];
    let rows: Vec<Value> = entities
        .iter()
        .map(|entity| {
            json!({
                "schema_entity": entity,
                "production_surface_expectation": format!("{entity}: as specified in the birth contract"),
                "clone_has": if clone { json!(true) } else { json!("n/a") },
                "mismatch": if clone { json!(false) } else { json!("n/a") },
                "impact": "a rehearsal without it shows nothing",
            })
        })
        .collect();
    let verdict =
        if clone { "SCHEMA_COMPATIBLE" } else { "CANNOT_BE_CHECKED_NO_CLONE_SPEC_PROVIDED_AS_REQUIREMENT" };
    json!({
        "table_B_schema_compatibility": rows,
        "live_schema_read": false,
        "clone_present": clone,
        "verdict": verdict,
    })
}
