//! One bad packet for each code of the checks on evidence. Each is a realistic
//! packet with one thing wrong, reduced to the documents that matter.

use serde_json::json;

use super::{Sample, clone_and_gate, configuration, documents as d, rehearsal, stored_is, truth};
use crate::packet::Place;
use crate::packets::governed;
use crate::stored::testdata;

const PROOF: &str = "rollback-recovery-proof.json";
const CLONE: &str = "clone-rollback-evidence.json";
const EVIDENCE: &str = "rehearsal-execution-evidence.json";
const LOCK: &str = "rehearsal-target-lock.json";
const PROBES: &str = "bad-input-probes.json";
const RUNS: &str = "validator-runs.json";
const EXITS: &str = "exit_codes.json";
const SCHEMA: &str = "schema-compatibility.json";
const CLONES: &str = "clone-provenance.json";
const LIST: &str = "manifest.json";
const README: &str = "README.md";

/// A bad packet: whose check and code it is for.
pub(super) struct Case {
    check: &'static str,
    code: &'static str,
    packet: Sample,
    /// The packet that it follows.
    before: Option<Sample>,
}

pub(super) fn case(
    check: &'static str,
    code: &'static str,
    mut packet: Sample,
    spoil: impl FnOnce(&mut Sample),
) -> Case {
    spoil(&mut packet);
    Case { check, code, packet, before: None }
}

impl Case {
    /// The case with the packet that its own follows.
    pub(super) fn after(self, before: Sample) -> Self {
        Self { before: Some(before), ..self }
    }
}

fn rollback() -> Vec<Case> {
    let proof = || rehearsal().only(&[README, PROOF]);
    let both = || rehearsal().only(&[README, PROOF, CLONE]);
    let of = |code, packet, spoil: fn(&mut Sample)| case("rollback", code, packet, spoil);
    let other = d::digest("something else");
    let mut all = vec![
        of("rollback_hash_missing", proof(), |p| {
            p.take(PROOF, "/entries/0/after_apply_hash");
        }),
        of("rollback_apply_did_not_mutate", proof(), |p| {
            let before = p.document(PROOF)["entries"][0]["before_hash"].clone();
            p.set(PROOF, "/entries/0/after_apply_hash", before)
                .set(PROOF, "/entries/0/after_apply_rows", json!(4711))
                .set(PROOF, "/entries/0/apply_mutated", json!(false));
        }),
        of("rollback_flag_disagrees", proof(), |p| {
            p.set(PROOF, "/entries/1/apply_mutated", json!(false));
        }),
        of("rollback_rows_disagree", proof(), |p| {
            p.set(PROOF, "/entries/1/after_rollback_rows", json!(4712));
        }),
        of("production_rollback_claimed", proof(), |p| {
            p.set(PROOF, "/production_rollback_status", json!("PROVEN"));
        }),
        of("rollback_no_entries", proof(), |p| {
            p.set(PROOF, "/entries", json!([])).set(PROOF, "/staging_mutation_occurred", json!(false));
        }),
        of("rollback_entry_twice", proof(), |p| {
            p.set(PROOF, "/entries/1/id", json!("RB-CLONE-TXN"));
        }),
        of("rollback_entries_differ", both(), |p| {
            p.set(CLONE, "/entries/1/after_apply_hash", json!(d::digest("another apply")));
        }),
        of("rollback_state_not_available", clone_and_gate().only(&[README, PROOF, CLONE]), |_| {}),
    ];
    let (restored, pinned) = (other.clone(), other);
    all.push(case("rollback", "rollback_not_restored", proof(), move |p| {
        p.set(PROOF, "/entries/0/after_rollback_hash", json!(restored))
            .set(PROOF, "/entries/0/restored_match", json!(false))
            .set(PROOF, "/entries/0/verify_after_rollback", json!(false));
    }));
    all.push(case("rollback", "rollback_not_restored_to_pin", proof(), move |p| {
        let mut document = p.document(PROOF);
        document["entries"][0]["expected_restored_hash"] = json!(pinned);
        document["entries"][0]["restored_match"] = json!(false);
        document["entries"][0]["verify_after_rollback"] = json!(false);
        p.json(PROOF, &document);
    }));
    all
}

/// Documents that cannot be taken for what they say.
fn evidence() -> Vec<Case> {
    let proof = || rehearsal().only(&[README, PROOF]);
    let both = || rehearsal().only(&[README, PROOF, CLONE]);
    let of = |code, packet, spoil: fn(&mut Sample)| case("rollback", code, packet, spoil);
    vec![
        of("evidence_syntax", proof(), |p| {
            p.replace(PROOF, "\n  ],", "\n  ], // all of them");
        }),
        of("evidence_encoding", proof(), |p| {
            let text = p.files[PROOF].clone();
            p.file(PROOF, [b"\xEF\xBB\xBF", text.as_slice()].concat());
        }),
        of("evidence_duplicate_key", proof(), |p| {
            p.replace(
                PROOF,
                "\"apply_mutated\": true",
                "\"apply_mutated\": true,\n      \"apply\\u005fmutated\": false",
            );
        }),
        of("evidence_too_large", proof(), |p| {
            let deep = format!("\"entries\": {}{},\n  \"more\":", "[".repeat(200), "]".repeat(200));
            p.replace(PROOF, "\"entries\":", &deep);
        }),
        of("evidence_field_missing", proof(), |p| {
            p.take(PROOF, "/entries/0/restored_match");
        }),
        of("evidence_wrong_type", proof(), |p| {
            p.set(PROOF, "/entries/0/restored_match", json!("YES"));
        }),
        of("evidence_unknown_value", proof(), |p| {
            p.set(PROOF, "/rollback_proof_status", json!("PROBABLY"));
        }),
        of("evidence_misnamed", both(), |p| {
            let clone = p.files.remove(CLONE).unwrap();
            p.file("Clone_Rollback-Evidence.json", clone);
        }),
        of("evidence_field_twice", proof(), |p| {
            p.replace(
                PROOF,
                "\"id\": \"RB-CLONE-TXN\"",
                "\"entry_id\": \"RB-CLONE-OLD\",\n      \"id\": \"RB-CLONE-TXN\"",
            );
        }),
        of("evidence_digest_malformed", proof(), |p| {
            p.set(PROOF, "/entries/0/after_apply_hash", json!("72b24b8a\u{2026}787bb2"));
        }),
        of("evidence_digest_case", proof(), |p| {
            let before = p.document(PROOF)["entries"][0]["before_hash"].as_str().unwrap().to_uppercase();
            p.set(PROOF, "/entries/0/after_rollback_hash", json!(before));
        }),
        of("evidence_unsealed", proof(), |p| {
            p.unseal(PROOF);
        }),
        of("check_error", both(), |_| {}),
    ]
}

fn rehearsals() -> Vec<Case> {
    let packet = || rehearsal().only(&[README, EVIDENCE, CLONE, LOCK]);
    let of = |code, spoil: fn(&mut Sample)| case("rehearsal", code, packet(), spoil);
    vec![
        of("entry_exit_differs", |p| {
            p.set(EVIDENCE, "/readonly_entry_exit_invariant/hash_out", json!(d::digest("clone at exit")))
                .set(EVIDENCE, "/readonly_entry_exit_invariant/entry_equals_exit", json!(false));
        }),
        of("executor_changed", |p| {
            p.set(
                EVIDENCE,
                "/canonical_executor_integrity/after_sha256",
                json!(d::digest("another executor")),
            )
            .set(EVIDENCE, "/canonical_executor_integrity/unchanged", json!(false));
        }),
        of("rehearsal_leg_missing", |p| {
            p.take(CLONE, "/entries/1");
        }),
        of("rehearsal_leg_not_proven", |p| {
            p.set(CLONE, "/entries/0/after_rollback_hash", json!(d::digest("half way")))
                .set(CLONE, "/entries/0/restored_match", json!(false))
                .set(CLONE, "/entries/0/verify_after_rollback", json!(false));
        }),
        of("rehearsal_flag_disagrees", |p| {
            p.set(EVIDENCE, "/canonical_executor_integrity/unchanged", json!(false));
        }),
        of("rehearsal_not_performed", |p| {
            p.set(EVIDENCE, "/performed", json!(false));
        }),
        of("lock_id_differs", |p| {
            p.set(LOCK, "/lock_id", json!("LOCK-2026-06-10-B"));
        }),
    ]
}

fn probes() -> Vec<Case> {
    let packet = || rehearsal().only(&[README, PROBES]);
    let of = |code, spoil: fn(&mut Sample)| case("probes", code, packet(), spoil);
    vec![
        of("probe_fail_open", |p| {
            p.set(PROBES, "/probes/0/actual_exit", json!(0)).set(PROBES, "/probes/0/expected_exit", json!(0));
        }),
        of("probe_class_missing", |p| {
            p.take(PROBES, "/probes/3").set(PROBES, "/rejected_count", json!(9));
        }),
        of("probe_class_unknown", |p| {
            let mut document = p.document(PROBES);
            let mut more = document["probes"][0].clone();
            more["id"] = json!("P-99");
            more["class"] = json!("weather");
            document["probes"].as_array_mut().unwrap().push(more);
            document["rejected_count"] = json!(11);
            p.json(PROBES, &document);
        }),
        of("probe_wrong_code", |p| {
            p.set(PROBES, "/probes/7/code", json!("SYNTAX_ERROR"));
        }),
        of("probe_no_control", |p| {
            p.take(PROBES, "/probes/10").set(PROBES, "/control_count", json!(0));
        }),
        of("probe_count_differs", |p| {
            p.set(PROBES, "/rejected_count", json!(12));
        }),
        of("probe_twice", |p| {
            p.set(PROBES, "/probes/1/id", json!("P-01"));
        }),
        of("probe_exit_differs", |p| {
            p.set(PROBES, "/probes/5/actual_exit", json!(101));
        }),
        of("evidence_twice", |p| {
            let document = p.document(PROBES);
            p.json("probes.json", &document);
        }),
    ]
}

fn validator() -> Vec<Case> {
    let packet = || rehearsal().only(&[README, PROOF, RUNS, "hardened-validator.py"]);
    let of = |code, spoil: fn(&mut Sample)| case("validator", code, packet(), spoil);
    vec![
        of("validator_not_pinned", |p| {
            p.replace("hardened-validator.py", "sys.exit(2)", "sys.exit(0)");
        }),
        of("validator_selftest_failed", |p| {
            p.set(RUNS, "/selftest/actual_exit", json!(1));
        }),
        of("validator_run_missing", |p| {
            p.take(RUNS, "/runs/0");
        }),
        of("negative_control_passed", |p| {
            p.set(RUNS, "/runs/2/actual_exit", json!(0));
        }),
        of("negative_control_wrong_code", |p| {
            p.set(RUNS, "/runs/2/code", json!("ROLLBACK_HASH_MISSING:RB-CLONE-TXN"));
        }),
    ]
}

fn isolation_and_schema() -> Vec<Case> {
    let clones = || clone_and_gate().only(&[README, CLONES, SCHEMA]);
    vec![
        case("isolation", "target_not_isolated", rehearsal().only(&[README, LOCK]), |p| {
            p.set(LOCK, "/clone_realpath", json!("/srv/production/clone.sqlite"));
        }),
        case("isolation", "clone_contains_secrets", clones(), |p| {
            let mut table = d::usable_clone_provenance();
            table["table_A_clone_provenance"][0]["contains_secrets"] = json!(true);
            p.json(CLONES, &table).json(SCHEMA, &d::schema_compatibility(true));
        }),
        case("isolation", "clone_verdict_differs", clones(), |p| {
            p.set(CLONES, "/verdict", json!("SAFE_PRODUCTION_SHAPED_CLONE_AVAILABLE"));
        }),
        case("schema", "schema_entity_missing", clones(), |p| {
            p.take(SCHEMA, "/table_B_schema_compatibility/2");
        }),
        case("schema", "schema_entity_twice", clones(), |p| {
            let mut document = p.document(SCHEMA);
            let again = document["table_B_schema_compatibility"][2].clone();
            document["table_B_schema_compatibility"].as_array_mut().unwrap().push(again);
            p.json(SCHEMA, &document);
        }),
        case("schema", "schema_mismatch_ignored", clones(), |p| {
            p.json(CLONES, &d::usable_clone_provenance()).json(SCHEMA, &d::schema_compatibility(true));
            p.set(SCHEMA, "/table_B_schema_compatibility/4/mismatch", json!(true));
        }),
        case("schema", "schema_verdict_differs", clones(), |p| {
            p.set(SCHEMA, "/verdict", json!("SCHEMA_COMPATIBLE"));
        }),
        case("schema", "schema_read_live", clones(), |p| {
            p.set(SCHEMA, "/live_schema_read", json!(true));
        }),
    ]
}

fn recorded_runs() -> Vec<Case> {
    let runs = || {
        rehearsal().only(&[README, EXITS, "commands.sh", "RERUN.sh", "hardened-validator.py", RUNS, PROOF])
    };
    let of = |code, spoil: fn(&mut Sample)| case("runs", code, runs(), spoil);
    vec![
        of("recorded_tree_differs", |p| {
            let mut document = p.document(EXITS);
            document["packet_tree"] = json!(d::digest("an earlier manifest"));
            p.json(EXITS, &document);
        }),
        of("recorded_count_differs", |p| {
            let mut document = p.document(EXITS);
            document["file_count"] = json!(10);
            p.json(EXITS, &document);
        }),
        of("recorded_exit_differs", |p| {
            p.set(EXITS, "/steps/1/actual_exit", json!(2));
        }),
        of("recorded_run_failed", |p| {
            p.set(EXITS, "/commands_sh", json!("OVERALL FAIL"));
        }),
        of("recorded_steps_differ", |p| {
            p.take(EXITS, "/steps/2");
        }),
        of("recorded_packet_differs", |p| {
            p.listed("an-earlier-rehearsal", &[]);
        }),
        of("recorded_script_missing", |p| {
            p.set(EXITS, "/steps/1/cmd", json!("sh verify_everything.sh"));
        }),
        of("rerun_compares_nothing", |p| {
            p.file("RERUN.sh", "#!/bin/sh\nset -eu\nsh commands.sh\n");
        }),
    ]
}

fn mirrors() -> Vec<Case> {
    let listed = || {
        let mut packet = rehearsal().only(&[README, PROOF, RUNS, "hardened-validator.py"]);
        packet.listed("short", &["hardened-validator.py"]);
        packet
    };
    let list = |code, spoil: fn(&mut Sample)| case("mirror", code, listed(), spoil);
    vec![
        list("mirror_extra", |p| {
            let mut document = p.document(LIST);
            let mut more = document["files"][0].clone();
            more["path"] = json!("reports/never-written.md");
            document["files"].as_array_mut().unwrap().push(more);
            p.json(LIST, &document);
        }),
        list("mirror_missing", |p| {
            p.take(LIST, "/files/0");
        }),
        list("mirror_digest_differs", |p| {
            p.set(LIST, "/files/0/sha256", json!(d::digest("an earlier page")));
        }),
        list("reference_unresolved", |p| {
            p.files.remove("hardened-validator.py");
        }),
        list("packet_claims_authority", |p| {
            p.set(LIST, "/may_gate", json!(true));
        }),
    ]
}

#[test]
fn every_stored_case_on_evidence_is_what_is_made_here() {
    let all = [
        rollback(),
        evidence(),
        rehearsals(),
        probes(),
        validator(),
        isolation_and_schema(),
        recorded_runs(),
        mirrors(),
        truth::all(),
    ];
    let all = all.into_iter().chain(governed::cases());
    for case in all.flatten() {
        let place = Place::new();
        case.packet.write(&place.at("packet"));
        if case.code == "check_error" {
            // Edited after it was sealed, beyond what any drift explains.
            place.edit(&format!("packet/{PROOF}"), |text| text.replace("PROVEN_IN_STAGING", "PROVEN"));
        }
        let folder = testdata().join(case.check).join(case.code);
        stored_is(&place.at("packet"), &folder.join("packet"));
        let unsealed = if case.code == "evidence_unsealed" { "unsealed = \"allow\"\n" } else { "" };
        let mut packets = vec!["packet"];
        if let Some(before) = &case.before {
            before.write(&place.at("before"));
            if case.code == "predecessor_unverified" {
                place.edit("before/README.md", |text| format!("{text}One more line.\n"));
            }
            stored_is(&place.at("before"), &folder.join("before"));
            packets.push("before");
        }
        let text = configuration(&packets) + unsealed;
        if std::env::var_os("SEAL_WRITE_TESTDATA").is_some() {
            std::fs::write(folder.join("seal.toml"), &text).unwrap();
        }
        assert_eq!(std::fs::read_to_string(folder.join("seal.toml")).unwrap(), text, "{}", case.code);
    }
}
