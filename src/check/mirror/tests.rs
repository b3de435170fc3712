//! The packet's own list against the seal.

use serde_json::{Value, json};

use super::*;
use crate::check::Status;
use crate::check::bench::{Bench, Judged, hex, with, without};

fn list() -> Value {
    json!({
        "packet": "p",
        "authority": "none",
        "may_gate": false,
        "decision_effect": "NONE",
        "files": [
            {"path": "a.txt", "sha256": hex("a"), "role": "support", "by_reference": false},
            {"path": "v.py", "sha256": hex("v"), "role": "validator", "by_reference": true},
        ],
    })
}

fn judge(list: &Value) -> Judged {
    Bench::new("generic").json("manifest.json", list).file("a.txt", "a").file("v.py", "v").judge(&MirrorCheck)
}

#[test]
fn equal_lists_are_good_and_a_stranger_of_that_name_is_none() {
    judge(&list()).is_ok();
    for other in [json!([1]), json!({"name": "an app"}), json!({"files": []})] {
        judge(&other).is(Status::NotApplied);
    }
    Bench::new("generic").judge(&MirrorCheck).is(Status::NotApplied);
}

#[test]
fn one_word_of_a_packet_beside_its_name_makes_it_one() {
    let files = json!({"packet": "p", "files": list()["files"]});
    judge(&files).is_ok().says("2 files, 1 of them by reference");
    judge(&json!({"packet": "p", "may_gate": true})).fails_with("packet_claims_authority");
    judge(&json!({"packet": "p", "authority": "none"})).fails_with("evidence_field_missing");
    judge(&json!({"packet": "p"})).is(Status::NotApplied);
}

#[test]
fn each_rule_fails_with_its_code() {
    let good = list();
    let mut more = good.clone();
    more["files"][1]["path"] = json!("gone.py");
    for (list, code) in [
        (with(&good, "/files/0/path", json!("other.txt")), "mirror_extra"),
        (with(&good, "/files/0/path", json!("v.py")), "mirror_extra"),
        (with(&good, "/files/0/path", json!("../a.txt")), "mirror_extra"),
        (without(&good, "/files/0"), "mirror_missing"),
        (with(&good, "/files/0/sha256", json!(hex("b"))), "mirror_digest_differs"),
        (with(&good, "/files/0/sha256", json!(hex("a").to_uppercase())), "evidence_digest_case"),
        (more, "reference_unresolved"),
        (with(&good, "/may_gate", json!(true)), "packet_claims_authority"),
        (with(&good, "/may_gate", json!("NO")), "evidence_wrong_type"),
        (with(&good, "/decision_effect", json!("GATES")), "packet_claims_authority"),
        (with(&good, "/files", json!({})), "evidence_wrong_type"),
    ] {
        judge(&list).fails_with(code);
    }
}

/// What was left out denied nothing, and another name for it claimed everything.
#[test]
fn a_list_that_speaks_of_authority_says_all_of_it() {
    let good = list();
    for field in ["/may_gate", "/decision_effect"] {
        judge(&without(&good, field)).fails_with("evidence_field_missing");
    }
    for authority in ["EXECUTE_PRODUCTION", "owner", "not none"] {
        judge(&with(&good, "/authority", json!(authority)))
            .fails_with_at("packet_claims_authority", "/authority");
    }
    judge(&with(&good, "/authority", json!(true))).fails_with("evidence_wrong_type");
    for none in ["NONE", "No authority", "EVIDENCE_ONLY", "n/a"] {
        judge(&with(&good, "/authority", json!(none))).is_ok();
    }
    let bare = without(&without(&without(&good, "/may_gate"), "/decision_effect"), "/authority");
    judge(&bare).is_ok();
    let mut other = bare.clone();
    other["mayGate"] = json!(true);
    judge(&other).fails_with("evidence_field_missing");
    let anonymous = with(&without(&good, "/packet"), "/may_gate", json!(true));
    judge(&anonymous).fails_with_at("packet_claims_authority", "/may_gate");
    let mut both = good.clone();
    both["mayGate"] = json!(true);
    judge(&both).fails_with("evidence_field_twice");
}

/// The file that was kept elsewhere lay in the mirror too, which was not disjoint then.
#[test]
fn a_referenced_file_lay_in_the_mirror_as_well() {
    let bench = |list: &Value, referenced: &str| {
        let mut bench =
            Bench::new("generic").json("manifest.json", list).file("a.txt", "a").file("v.py", "v");
        bench.references = vec![crate::config::Reference {
            path: crate::check::bench::path(referenced),
            sha256: crate::digest::Sha256::of(b"v"),
            size: None,
            found_in: Vec::new(),
            span: 0..0,
        }];
        bench.judge(&MirrorCheck)
    };
    bench(&list(), "v.py").fails_at(&["mirror_extra /files/1"]).mentions("as well");
    // The packet that is mirrored has the same list, and all of its files.
    bench(&list(), "other.py").is_ok();
    // What the list does not say is kept elsewhere may have a copy there.
    bench(&with(&list(), "/files/1/by_reference", json!(false)), "v.py").is_ok();
}

#[test]
fn what_is_missing_lies_nowhere_in_the_mirror() {
    assert!(lies_here(&State::Intact) && lies_here(&State::Changed));
    assert!(!lies_here(&State::Missing));
}
