//! A packet of another team: a laboratory that moves its sample register, and
//! names everything in its own way. Its `seal.toml` holds the whole profile, so
//! that it can be copied and renamed; `testdata/packets/lab/` holds both.

use serde_json::{Value, json};

use super::documents::{self as d, digest};
use super::{Sample, stored_is};
use crate::packet::Place;
use crate::stored::testdata;

/// The laboratory's own program that judges a restore drill.
const CHECKER: &str = "\
#!/bin/sh
# Compares the register before a drill with the register after it.
set -eu
jq -e '.drills[] | select(.before == .changed)' restore-drill.json >/dev/null && exit 3
jq -e 'all(.drills[]; .before == .restored)' restore-drill.json >/dev/null
";

/// The profile of the laboratory.
pub(crate) fn configuration() -> String {
    let (sha256, size) = (digest(CHECKER), CHECKER.len());
    format!(
        r#"# How the laboratory's packets are judged. Nothing of another project is in it:
# copy it, and put your own names in the place of these.

[profile.lab]
extends = "generic"
allow_unsealed = ["scratch/**"]

# What its documents are called.
[profile.lab.documents]
machine_report = ["results.json"]
rollback_proof = ["restore-drill.json"]
target_lock = ["drill-target.json"]
probes = ["refusals.json"]
validator = ["check_drill.sh"]
validator_runs = ["checker-runs.json"]
schema_compatibility = ["register-tables.json"]
forbidden_surfaces = ["hands-off.json"]
blockers = ["open-questions.json"]

[profile.lab.values]
pins = [
    {{ name = "drill_checker", sha256 = "{sha256}", size = {size} }},
]
validator_pin = "drill_checker"
negative_control_code = "NOTHING_CHANGED"

target_kinds = ["COPY_OF_REGISTER"]
forbidden_contacts = ["instrument bus", "live register"]

# Bad inputs that the laboratory tries, and what must answer each.
probe_classes = [
    {{ suite = "drill", name = "live_register", document = "target_lock", pointer = "/target_kind", mutation = "the drill is held on the live register", check = "isolation", code = "target_not_isolated" }},
    {{ suite = "drill", name = "nothing_changed", document = "rollback_proof", pointer = "/drills/0/changed", mutation = "the drill changes nothing", check = "rollback", code = "rollback_apply_did_not_mutate" }},
    {{ suite = "drill", name = "not_restored", document = "rollback_proof", pointer = "/drills/0/restored", mutation = "the register is not what it was", check = "rollback", code = "rollback_not_restored" }},
    {{ suite = "drill", name = "table_forgotten", document = "schema_compatibility", pointer = "/tables/1", mutation = "a table is left out", check = "schema", code = "schema_entity_missing" }},
    {{ suite = "drill", name = "edited_results", document = "machine_report", pointer = "/", mutation = "the results are deleted", check = "manifest", code = "missing_file" }},
]

entities = [
    {{ name = "samples" }},
    {{ name = "freezers", spellings = ["storage places"] }},
    {{ name = "withdrawals" }},
]

false_flags = ["live_register_written", "instrument_moved"]
blockers = ["LAB-SIGNATURE", "LAB-SECOND-READER"]
statuses = ["DRILL_HELD_READY"]
reserved_tokens = ["REGISTER_MOVED_PASS"]
reserved_subjects = ["REGISTER", "INSTRUMENT"]

# How a self-test makes them.
[profile.lab.values.probe_injections]
"drill.live_register" = 'set "LIVE_REGISTER"'
"drill.nothing_changed" = "copy /drills/0/before"
"drill.not_restored" = "copy /drills/0/changed"
"drill.table_forgotten" = "remove"
"drill.edited_results" = "unsealed delete"

# What a status that ends so must have proven.
[profile.lab.values.claims]
READY = ["rollback", "probes", "validator", "isolation", "schema", "surfaces"]

# What must be proven untouched.
[profile.lab.values.surfaces]
live_register = ["live register"]
instrument_bus = ["instrument bus"]

# What the laboratory calls the fields.
[profile.lab.values.spellings]
id = ["drill", "question", "refusal"]
entries = ["drills"]
before_hash = ["before"]
after_apply_hash = ["changed"]
after_rollback_hash = ["restored"]
probes = ["refusals"]
class = ["case"]
code = ["answer"]
actual_exit = ["exit"]
final_status = ["outcome"]
lock_id = ["target"]
blockers = ["questions"]
table_B_schema_compatibility = ["tables"]
schema_entity = ["table"]
production_surface_expectation = ["holds"]

[[packet]]
root = "packet"
profile = "lab"
require = ["rollback", "probes", "validator", "isolation", "schema", "surfaces", "blockers", "status"]
"#
    )
}

/// One drill: a table of the copy is changed and brought back.
fn drill(name: &str) -> Value {
    let before = digest(&format!("{name} before"));
    json!({
        "drill": name, "surface": "copy of the register", "method": "change, restore from the snapshot",
        "before": before, "changed": digest(&format!("{name} changed")), "restored": before,
        "restored_match": true, "apply_mutated": true,
    })
}

fn refusals() -> Value {
    let classes = ["live_register", "nothing_changed", "not_restored", "table_forgotten", "edited_results"];
    let refusal = |(number, class): (usize, &&str)| {
        json!({
            "refusal": format!("R{number}"), "case": class, "must": "REFUSE", "expected_exit": 3, "exit": 3,
            "answer": class.to_uppercase(), "PASS_emitted": false, "SEAL_emitted": false,
        })
    };
    let mut all: Vec<Value> = classes.iter().enumerate().map(refusal).collect();
    for one in &mut all {
        one["must"] = json!("REJECT");
    }
    all.push(json!({
        "refusal": "C0", "case": "control", "must": "ALLOW", "expected_exit": 0, "exit": 0,
        "answer": null, "PASS_emitted": true, "SEAL_emitted": false,
    }));
    json!({
        "refusals": all, "any_fail_open": false, "rejected_count": classes.len(), "control_count": 1,
        "verdict": "ALL_FAIL_CLOSED",
    })
}

fn tables() -> Value {
    let table = |name: &str| {
        json!({
            "table": name, "holds": format!("every row of {name}"), "clone_has": true, "mismatch": false,
            "impact": "a drill without it shows nothing",
        })
    };
    json!({
        "tables": [table("samples"), table("storage places"), table("withdrawals")],
        "live_schema_read": false, "clone_present": true, "verdict": "SCHEMA_COMPATIBLE",
    })
}

/// The laboratory's packet.
pub(crate) fn lab() -> Sample {
    let surface = |name: &str| json!({"surface": name, "status": "UNTOUCHED"});
    let question = |name: &str, action: &str| {
        json!({
            "question": name, "item": "what keeps the register where it is", "status": "open",
            "change_this_lane": "none", "actor_needed": "head of the laboratory", "next_action": action,
            "blocks": "the move",
        })
    };
    let mut sample = Sample::default();
    sample
        .file(
            "README.md",
            "# Restore drill\n\nThe register was copied, changed and brought back \u{2014} twice.\n\nStatus: `DRILL_HELD_READY`, on 2026-06-18.\n",
        )
        .file("check_drill.sh", CHECKER)
        .json(
            "results.json",
            &json!({
                "date": "2026-06-18", "outcome": "DRILL_HELD_READY",
                "live_register_written": false, "instrument_moved": false,
            }),
        )
        .json(
            "restore-drill.json",
            &json!({
                "rollback_proof_status": "PROVEN_IN_STAGING", "staging_mutation_occurred": true,
                "production_rollback_status": "NOT_APPLICABLE",
                "production_rollback_reason": "the live register was never written",
                "drills": [drill("samples"), drill("withdrawals")],
            }),
        )
        .json(
            "drill-target.json",
            &json!({
                "target": "DRILL-7", "target_kind": "COPY_OF_REGISTER",
                "clone_realpath": "/var/tmp/drill-7/register.sqlite", "is_regular_file": true,
                "is_symlink": false, "hard_links": 1, "mode": "0600", "isolated": true, "production": false,
                "contacts": {"instrument bus": false, "live register": false},
            }),
        )
        .json("refusals.json", &refusals())
        .json(
            "checker-runs.json",
            &json!({
                "validator_sha256": d::digest(CHECKER), "selftest": {"exit": 0, "passed": true},
                "runs": [
                    {"run": "frozen_good_evidence", "exit": 0, "answer": null},
                    {"run": "own_evidence", "exit": 0, "answer": null},
                    {"run": "no_mutation_variant", "exit": 3, "answer": "NOTHING_CHANGED:samples"},
                ],
            }),
        )
        .json("register-tables.json", &tables())
        .json(
            "hands-off.json",
            &json!({
                "surfaces": [surface("live register"), surface("instrument bus")],
                "surface_count": 2, "any_forbidden_surface_attempted": false,
            }),
        )
        .json(
            "open-questions.json",
            &json!({
                "questions": [
                    question("LAB-SIGNATURE", "sign or refuse"),
                    question("LAB-SECOND-READER", "read the drill's protocol"),
                ],
                "open_count": 2, "newly_closed": [],
            }),
        );
    sample
}

/// The packet and its configuration in a place of their own.
fn place() -> Place {
    let place = Place::new();
    lab().write(&place.at("packet"));
    place.write("seal.toml", configuration());
    place
}

#[test]
fn the_stored_packet_of_another_team_is_what_is_made_here() {
    stored_is(place().path(), &testdata().join("packets/lab"));
}

#[test]
fn the_whole_profile_of_another_team_is_a_configuration() {
    let report = place().verify(["--config", "seal.toml", "packet"]);
    assert_eq!(report.exit, 0, "{:#}", report.json["findings"]);
    for check in ["rollback", "probes", "validator", "isolation", "schema", "surfaces", "blockers", "status"]
    {
        let checks = report.at("/packets/0/checks").as_array().unwrap();
        let one = checks.iter().find(|one| one["id"] == check).unwrap();
        assert_eq!(one["status"], "ok", "{one:#}");
    }
    assert_eq!(report.at("/packets/0/profile"), "lab");
}

#[test]
fn the_names_of_another_team_decide() {
    let of = |spoil: fn(&mut Sample)| {
        let place = place();
        let mut sample = lab();
        spoil(&mut sample);
        sample.write(&place.at("packet"));
        place.verify(["--config", "seal.toml", "packet"])
    };
    let tells = |code: &str, spoil: fn(&mut Sample)| drop(of(spoil).tells(code, &[]));
    tells("target_not_isolated", |sample| {
        sample.set("drill-target.json", "/contacts/live register", json!(true));
    });
    tells("rollback_apply_did_not_mutate", |sample| {
        let before = sample.document("restore-drill.json")["drills"][0]["before"].clone();
        sample.set("restore-drill.json", "/drills/0/changed", before);
    });
    tells("schema_entity_missing", |sample| {
        sample.take("register-tables.json", "/tables/1");
    });
    tells("probe_class_missing", |sample| {
        sample.take("refusals.json", "/refusals/2").set("refusals.json", "/rejected_count", json!(4));
    });
    tells("surface_touched", |sample| {
        sample.set("hands-off.json", "/surfaces/1/status", json!("TOUCHED"));
    });
    tells("blocker_dropped", |sample| {
        sample.take("open-questions.json", "/questions/1").set(
            "open-questions.json",
            "/open_count",
            json!(1),
        );
    });
    tells("status_overclaims", |sample| {
        sample.set("restore-drill.json", "/drills/0/restored_match", json!(false));
    });
    tells("reserved_token", |sample| {
        sample.set("results.json", "/outcome", json!("REGISTER_MOVED_PASS"));
    });
    tells("validator_not_pinned", |sample| {
        sample.replace("check_drill.sh", "exit 3", "exit 0");
    });
    tells("negative_control_wrong_code", |sample| {
        sample.set("checker-runs.json", "/runs/2/answer", json!("NOTHING_CHANGED:freezers"));
    });
}

#[test]
fn another_team_tests_the_gate_with_its_own_classes() {
    let ran =
        place().seal(["selftest", "--config", "seal.toml", "packet", "--limit", "12", "--output", "json"]);
    let report: Value = serde_json::from_str(&ran.out).unwrap();
    let suites = report["selftest"]["suites"].as_array().unwrap();
    let own = suites.iter().find(|suite| suite["suite"] == "drill").unwrap();
    assert_eq!((&own["probe_count"], &own["fail_closed_count"]), (&json!(5), &json!(5)), "{own:#}");
    assert_eq!(own["control_allowed_count"], 1);
    place().seal(["selftest", "--list", "--profile", "lab", "--config", "seal.toml"]).exits(0).says(&[
        "drill 5 classes",
        "live_register isolation target_not_isolated",
        "the drill changes nothing",
    ]);
}
