//! `seal selftest`: the gate refuses what is bad with the code that is due, lets
//! the controls through, and touches nothing.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;

use crate::packet::{Packet, Place};
use crate::packets;
use crate::program::Verified;
use crate::scenes::Scene;
use crate::stored::{copy, testdata};

/// A profile with one class, whose bad input is refused with another code than the table has.
const WRONG: &str = "\
[profile.own]
extends = \"generic\"

[profile.own.values]
probe_classes = [
    { suite = \"own\", name = \"page_deleted\", document = \"readme\", pointer = \"/\", mutation = \"the page is deleted\", check = \"manifest\", code = \"edited_content\" },
]

[profile.own.values.probe_injections]
\"own.page_deleted\" = \"unsealed delete\"

[[packet]]
root = \"packet\"
profile = \"own\"
";

/// Runs that produce the codes of self-tests; most of what could be tried is left out.
pub(crate) fn scenes() -> Vec<Scene> {
    let open = Packet::new().build();
    open.write("seal.toml", WRONG);
    let drifted = Packet::new().build();
    drifted.edit("packet/README.md", |text| text.replace('\n', "\r\n"));
    vec![
        Scene::new(
            "selftest_fail_open",
            open,
            &["selftest", "packet", "--config", "seal.toml", "--limit", "4"],
        ),
        Scene::new("selftest_incomplete", Packet::new().build(), &["selftest", "packet", "--limit", "2"]),
        Scene::new("selftest_control_refused", drifted, &["selftest", "packet", "--limit", "2"]),
        Scene::new(
            "selftest_survived",
            survivor(),
            &["selftest", "packet", "--isolated", "--profile", "generic"],
        ),
    ]
}

/// A flag that the checks read and that nothing contradicts.
fn survivor() -> Place {
    let place = Place::new();
    let (before, changed) = ("1".repeat(64), "2".repeat(64));
    let mut sample = packets::Sample::default();
    // How many rows the apply left, nothing says but the count itself.
    sample.json(
        "rollback-recovery-proof.json",
        &serde_json::json!({
            "rollback_proof_status": "PROVEN_IN_STAGING", "staging_mutation_occurred": true,
            "production_rollback_status": "NOT_APPLICABLE", "production_rollback_reason": "untouched",
            "entries": [{
                "id": "A", "before_hash": before, "after_apply_hash": changed, "after_rollback_hash": before,
                "restored_match": true, "apply_mutated": true,
                "before_rows": 1, "after_apply_rows": 2, "after_rollback_rows": 1,
            }],
        }),
    );
    sample.write(&place.at("packet"));
    place
}

fn json(place: &Place, arguments: &[&str]) -> Value {
    let ran = place.seal(["selftest", "--output", "json"].iter().chain(arguments));
    Verified::of(&ran).json
}

fn probes(report: &Value) -> Vec<&Value> {
    let suites = report["selftest"]["suites"].as_array().unwrap();
    suites.iter().flat_map(|suite| suite["probes"].as_array().unwrap()).collect()
}

/// Whether the program has a check of that name.
fn is_check(id: &Value) -> bool {
    seal::check::ids().any(|known| id == known)
}

#[test]
fn the_gate_refuses_every_class_whose_check_it_has() {
    let report = json(&Place::new(), &[]);
    let all = probes(&report);
    let open: Vec<String> = all
        .iter()
        .filter(|probe| probe["held"] == false && is_check(&probe["expected_check"]))
        .map(|probe| format!("{} {}: {}", probe["id"], probe["class"], probe["code"]))
        .collect();
    assert!(open.is_empty(), "{open:#?}");
    let whole = all.iter().all(|probe| probe["must"] == "ALLOW" || is_check(&probe["expected_check"]));
    let selftest = &report["selftest"];
    assert_eq!(selftest["control_allowed"], true, "{selftest:#}");
    assert_eq!(selftest["forbidden_token_leaked"], false);
    assert_eq!(selftest["any_fail_open"], !whole);
    assert_eq!(selftest["verdict"], if whole { "ALL_FAIL_CLOSED" } else { "FAIL_OPEN" });
    assert_eq!(report["exit_code"], i32::from(!whole));
    let count = |suite: &str| {
        let suites = selftest["suites"].as_array().unwrap();
        suites.iter().find(|one| one["suite"] == suite).unwrap()["probe_count"].as_u64().unwrap()
    };
    assert_eq!([count("rehearsal"), count("clone_and_ci"), count("execution")], [10, 10, 15]);
    assert_eq!(count("drift"), 8);
    assert!(count("codes") > 40);
    for class in ["byte_identical", "frozen_good_evidence", "same_length_hash_mismatch", "crlf_drift"] {
        assert!(all.iter().any(|probe| probe["class"] == class && probe["held"] == true), "{class}");
    }
    for probe in all.iter().filter(|probe| probe["must"] == "FAIL_CLOSED" && probe["held"] == true) {
        assert_eq!(probe["code"], probe["expected_code"], "{probe}");
        assert_ne!(probe["actual_exit"], 0, "{probe}");
        assert_eq!((&probe["PASS_emitted"], &probe["SEAL_emitted"]), (&false.into(), &false.into()));
    }
}

#[test]
fn the_table_of_classes_is_printed_from_the_profile() {
    let ran = Place::new().seal(["selftest", "--list"]).exits(0);
    ran.says(&[
        "rehearsal 10 classes",
        "clone_and_ci 10 classes",
        "execution 15 classes",
        "fake_no_mutation_rollback rollback rollback_apply_did_not_mutate",
        "rollback_proof /entries/0/after_apply_hash the state after apply is the state before",
    ]);
    Place::new().seal(["selftest", "--list", "--profile", "generic"]).exits(0).says(&["no table of classes"]);
    Place::new().seal(["selftest", "--list", "--profile", "fix8"]).exits(2).says(&["fix8", "generic, fix7"]);
}

#[test]
fn a_packet_is_put_to_the_test_and_left_as_it_is() {
    let place = Place::new();
    let sample = packets::rehearsal().only(&["README.md", "rollback-recovery-proof.json"]);
    sample.write(&place.at("packet"));
    let before = packets::contents(place.path());
    let report = json(&place, &["packet", "--isolated", "--profile", "generic"]);
    assert_eq!(report["exit_code"], 0, "{:#}", report["findings"]);
    let selftest = &report["selftest"];
    assert_eq!(selftest["verdict"], "ALL_FAIL_CLOSED");
    assert_eq!(selftest["probe_count"], selftest["fail_closed_count"]);
    assert!(selftest["probe_count"].as_u64().unwrap() > 200, "{}", selftest["probe_count"]);
    assert_eq!(packets::contents(place.path()), before);
    let suites = selftest["suites"].as_array().unwrap();
    let names: Vec<&str> = suites.iter().map(|suite| suite["suite"].as_str().unwrap()).collect();
    assert_eq!(names, ["validator", "drift", "evidence", "resealed"]);
}

#[test]
fn what_is_left_out_fails_and_is_told() {
    let place = Packet::new().build();
    let report = json(&place, &["packet", "--limit", "2"]);
    assert_eq!((&report["exit_code"], &report["complete"]), (&2.into(), &false.into()));
    assert_eq!(report["selftest"]["verdict"], "INCOMPLETE");
    assert!(!report["selftest"]["left_out"].as_array().unwrap().is_empty());
    let ran = place.seal(["selftest", "packet", "--limit", "2", "--output", "summary"]).exits(2);
    ran.says(&["probe_count=", "fail_closed_count=", "any_fail_open=false", "control_allowed=true"]);
    place.seal(["selftest", "nowhere"]).exits(2);
    place.seal(["selftest", "packet/README.md"]).exits(2).says(&["a self-test needs all of it"]);
}

#[test]
fn a_packet_that_is_not_good_is_no_control() {
    let place = Packet::new().build();
    place.edit("packet/README.md", |text| text.replace('\n', "\r\n"));
    let report = json(&place, &["packet", "--limit", "2"]);
    assert_eq!(report["exit_code"], 1);
    assert_eq!(report["selftest"]["control_allowed"], false);
}

/// Everything that comes with the program to be tested with, as it is packed.
fn packed() -> Vec<u8> {
    let mut all: Vec<(String, Vec<u8>)> = Vec::new();
    let mut add = |folder: &std::path::Path, name: &str| {
        let files = packets::contents(folder).into_iter();
        all.extend(files.map(|(path, bytes)| (format!("{name}{path}"), bytes)));
    };
    add(&testdata().join("packets/good"), "good");
    add(&testdata().join("packets/intact"), "intact");
    for entry in std::fs::read_dir(testdata().join("manifest")).unwrap() {
        let case = entry.unwrap().path();
        let expect = std::fs::read_to_string(case.join("expect.toml")).unwrap();
        let line = |head: &str| expect.lines().any(|line| line.starts_with(head));
        let plain = !line("args") && !line("repository") && !case.join("seal.toml").exists();
        if plain && !line("exit = 0") {
            let code = case.file_name().unwrap().to_str().unwrap();
            add(&case.join("packet"), &format!("drift/{code}"));
        }
    }
    all.sort();
    let configuration = packets::configuration(&["packet"]);
    all.insert(0, ("good.toml".to_owned(), configuration.into_bytes()));
    let mut bytes = Vec::new();
    for (name, content) in all {
        bytes.extend_from_slice(format!("{} {name}\n", content.len()).as_bytes());
        bytes.extend_from_slice(&content);
    }
    bytes
}

#[test]
fn what_comes_with_the_program_is_what_is_stored() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/selftest/frozen.gz");
    let made = packed();
    if std::env::var_os("SEAL_WRITE_TESTDATA").is_some() {
        let mut file = GzEncoder::new(Vec::new(), Compression::best());
        file.write_all(&made).unwrap();
        std::fs::write(&path, file.finish().unwrap()).unwrap();
    }
    let mut kept = Vec::new();
    let file = std::fs::File::open(&path).unwrap();
    std::io::Read::read_to_end(&mut flate2::read::GzDecoder::new(file), &mut kept).unwrap();
    assert!(kept == made, "SEAL_WRITE_TESTDATA=1 packs it anew");
    assert!(std::fs::metadata(&path).unwrap().len() < 64 << 10, "it is a part of the program");
}

#[test]
fn a_copied_packet_of_the_field_is_its_own_control() {
    let place = Place::new();
    copy(&testdata().join("packets/intact"), &place.at("intact"));
    let report = json(&place, &["intact", "--limit", "40"]);
    assert_eq!(report["selftest"]["any_fail_open"], false, "{:#}", report["findings"]);
    assert_eq!(report["selftest"]["control_allowed"], true);
}

/// A profile that there is not was judged by as if it were one.
#[test]
fn a_profile_that_is_none_was_tested_with() {
    let place = Packet::new().build();
    place.seal(["selftest", "packet", "--profile", "nope"]).exits(2).says(&["there is no profile \"nope\""]);
    place.write(
        "seal.toml",
        "[profile.own]\nextends = \"generic\"\n[profile.own.values]\nprobe_classes = [{ suite = \"s\", name = \"n\", \
         document = \"undo\", pointer = \"/x\", mutation = \"m\", check = \"rollback\", code = \"missing_file\" }]\n",
    );
    place
        .seal(["verify", "packet", "--config", "seal.toml"])
        .exits(2)
        .says(&["the class \"n\" of bad input names the document \"undo\", which is none"]);
}

/// A flag of a proof that claims nothing was read as if it were due, and its absence passed.
#[test]
fn a_flag_that_may_be_left_out_was_expected() {
    let place = Place::new();
    let sample =
        packets::clone_and_gate().only(&["README.md", "rollback-recovery-proof.json", "machine-report.json"]);
    sample.write(&place.at("packet"));
    let report = json(&place, &["packet", "--isolated", "--profile", "generic"]);
    assert_eq!(report["selftest"]["any_fail_open"], false, "{:#}", report["findings"]);
}
