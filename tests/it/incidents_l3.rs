//! What real packets suffered from, as far as the checks of governance tell it:
//! one test each, by its number in the list of requirements.

use serde_json::json;

use crate::packet::Place;
use crate::packets::{self, Sample, configuration, documents as d};
use crate::program::Verified;

const PAGE: &str = "checkpoint.md";
const REPORT: &str = "machine-report.json";

fn judged(sample: &Sample) -> Verified {
    let place = Place::new();
    sample.write(&place.at("packet"));
    place.write("seal.toml", configuration(&["packet"]));
    place.verify(["--config", "seal.toml", "packet"])
}

/// The rehearsal's page with a paragraph more, and what it is about.
fn paragraph(text: &str) -> Verified {
    let mut sample = packets::rehearsal();
    let page = String::from_utf8(sample.files[PAGE].clone()).unwrap();
    sample.file(PAGE, format!("{page}\n{text}\n")).listed("rehearsal-only", &[]);
    judged(&sample)
}

#[track_caller]
fn silent(report: &Verified, codes: &[&str]) {
    for code in codes {
        let said = report.findings().iter().any(|finding| finding.starts_with(code));
        assert!(!said, "{code}: {:#}", report.json["findings"]);
    }
}

#[track_caller]
fn is_check(id: &str) {
    assert!(seal::check::ids().any(|known| known == id), "there is no check `{id}`");
}

#[test]
fn incident_11_a_page_names_a_script_that_is_not_there() {
    let report = paragraph("Run it with `verify_everything.sh`.");
    assert_eq!(report.exit, 1);
    report.tells("claim_dangling", &["verify_everything.sh"]);
    silent(&paragraph("Run it with `RERUN.sh`."), &["claim_dangling"]);
}

#[test]
fn incident_12_a_document_is_another_after_it_was_pinned() {
    let pin = |of: &str| {
        let mut sample =
            packets::rehearsal().only(&["README.md", "hardened-validator.py", "validator-runs.json"]);
        sample.json(
            "preflight.json",
            &json!({"pins": [{"name": "the program", "path": "hardened-validator.py", "sha256": d::digest(of)}]}),
        );
        judged(&sample)
    };
    let later = pin("its first revision");
    assert_eq!(later.exit, 1);
    later.finding("pin_mismatch");
    silent(&pin(d::VALIDATOR), &["pin_mismatch"]);
}

#[test]
fn incident_13_a_status_that_says_the_opposite_is_no_leak() {
    is_check("tokens");
    let report =
        paragraph("The gate ended with PRODUCTION_SEAL_REJECTED, as it must; no PRODUCTION_PASS leaked.");
    assert_eq!(report.exit, 0, "{:#}", report.json["findings"]);
    // On a line of its own the word is what it says.
    let report = paragraph("PRODUCTION_PASS");
    assert_eq!(report.exit, 1);
    report.finding("reserved_token");
}

#[test]
fn incident_14_digits_in_a_hash_are_no_object() {
    let addendum = |registry: &str| {
        let mut sample = packets::rehearsal().only(&["README.md"]);
        sample.file("registry-objects.txt", registry).json(
            "reservation-addendum.json",
            &json!({
                "standalone_addendum": true, "status": "PROPOSED", "APPLY_NOW": "NO", "canonical_fold": false,
                "reservation_ceiling": 494, "fold_maximum": 461,
                "ranges": [{
                    "range": "TKT-OBJ-495..507", "count": 13,
                    "ids": (495..=507).map(|n| format!("TKT-OBJ-{n}")).collect::<Vec<_>>(),
                }],
                "collisions": 0,
                "registry_pins": [
                    {"name": "JSON", "before": "rev24", "after": "rev24"},
                    {"name": "MD", "before": "rev24", "after": "rev24"},
                    {"name": "index", "before": "rev116", "after": "rev116"},
                ],
            }),
        );
        judged(&sample)
    };
    let hash = d::digest("a registry").replacen(char::is_alphabetic, "495", 1);
    silent(&addendum(&format!("TKT-OBJ-441 {hash}\nTKT-OBJ-4950 x495x\n")), &["reservation_collision"]);
    addendum("TKT-OBJ-441\nTKT-OBJ-495\n").finding("reservation_collision");
}

#[test]
fn incident_15_a_hash_in_prose_is_no_claim() {
    is_check("claims");
    let hash = d::digest("something else");
    let (head, tail) = hash.split_at(30);
    // Wrapped with a blank inside, glued to a word, cut short: nothing that could be compared.
    for text in [
        format!("The digest of RERUN.sh is {head}\n {tail}, as reviewed."),
        format!("RERUN.sh, tree{hash}, was reviewed."),
        format!("RERUN.sh is {}\u{2026}{}.", &hash[..8], &hash[58..]),
        format!("RERUN.sh is {hash} in prose."),
    ] {
        silent(&paragraph(&text), &["claim_differs", "claim_dangling"]);
    }
    // In a code span beside its file it is one.
    paragraph(&format!("`RERUN.sh` is `{hash}`.")).finding("claim_differs");
}

#[test]
fn incident_17_one_report_published_twice_with_other_content() {
    let before = packets::rehearsal().only(&["README.md", REPORT]);
    let mut after = before.clone();
    after.set(REPORT, "/final_status", json!("FIX7_P0_PRODUCTION_READINESS_SURFACE_SCOPING_READY"));
    let place = Place::new();
    before.write(&place.at("before"));
    after.write(&place.at("packet"));
    place.write("seal.toml", configuration(&["packet", "before"]));
    let report = place.verify(["--config", "seal.toml", "packet", "--predecessor", "before"]);
    assert_eq!(report.exit, 1);
    report.finding("report_published_twice");
}
