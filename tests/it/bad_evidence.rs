//! Evidence that is hostile to its reader: other encodings, endless files, deep
//! nesting, numbers of any length, things that are no files. Each is a clear
//! finding, and the run ends.

use serde_json::json;

use crate::packet::Place;
use crate::packets::{self, Sample, configuration};
use crate::program::Verified;

const PROOF: &str = "rollback-recovery-proof.json";

fn proof() -> Sample {
    packets::rehearsal().only(&["README.md", PROOF])
}

fn place(sample: &Sample) -> Place {
    let place = Place::new();
    sample.write(&place.at("packet"));
    place.write("seal.toml", configuration(&["packet"]));
    place
}

fn verify(place: &Place) -> Verified {
    place.verify(["--config", "seal.toml", "packet"])
}

/// The report on a packet whose proof is these bytes, sealed.
fn with(bytes: impl AsRef<[u8]>) -> Verified {
    let mut sample = proof();
    sample.file(PROOF, bytes);
    verify(&place(&sample))
}

fn text() -> String {
    String::from_utf8(proof().files[PROOF].clone()).unwrap()
}

/// The proof with a text in it replaced.
fn replaced(from: &str, to: &str) -> String {
    let text = text();
    assert!(text.contains(from), "no {from:?}");
    text.replacen(from, to, 1)
}

#[test]
fn evidence_in_utf_16_is_no_evidence() {
    for order in [u16::to_le_bytes, u16::to_be_bytes] {
        let units = |text: &str| text.encode_utf16().flat_map(order).collect::<Vec<u8>>();
        for bytes in [units(&text()), units(&format!("\u{feff}{}", text()))] {
            with(bytes).tells("evidence_encoding", &[PROOF, "UTF-16"]);
        }
    }
}

#[test]
fn a_byte_order_mark_is_told_as_one() {
    with(format!("\u{feff}{}", text())).tells("evidence_encoding", &["byte-order mark"]);
}

#[test]
fn nesting_ten_thousand_deep_is_refused_without_a_stack() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        let deep = format!("\"entries\": {}0{},\n  \"more\":", open.repeat(10_000), close.repeat(10_000));
        let report = with(replaced("\"entries\":", &deep));
        report.tells("evidence_too_large", &["deep"]);
        with(open.repeat(10_000)).tells("evidence_too_large", &["deep"]);
    }
}

#[test]
fn a_number_of_four_hundred_digits_is_no_count() {
    let report = with(replaced("\"before_rows\": 4711", &format!("\"before_rows\": {}", "7".repeat(400))));
    report.tells("evidence_unknown_value", &["/entries/0/before_rows"]);
    let report = with(replaced("\"before_rows\": 4711", &format!("\"before_rows\": 1.{}", "7".repeat(400))));
    report.tells("evidence_wrong_type", &["an integer"]);
    let report = with(replaced("\"before_rows\": 4711", &format!("\"before_rows\": -{}", "7".repeat(400))));
    report.tells("evidence_unknown_value", &["/entries/0/before_rows"]);
}

#[test]
fn what_is_no_number_is_no_json() {
    for word in ["NaN", "Infinity", "-Infinity", "0x10", "01", "+1", "1e", ".5"] {
        let report = with(replaced("\"before_rows\": 4711", &format!("\"before_rows\": {word}")));
        report.tells("evidence_syntax", &["is not strict JSON"]);
    }
}

#[test]
fn a_list_is_no_document() {
    with(format!("[{}]\n", text().trim_end())).tells("evidence_wrong_type", &["a list", "an object"]);
    with("\"PROVEN_IN_STAGING\"\n").tells("evidence_wrong_type", &["an object"]);
}

#[test]
fn an_empty_file_is_no_evidence() {
    with("").tells("evidence_syntax", &[PROOF, "is empty"]);
    with(" \n\t\n").tells("evidence_syntax", &["nothing but blanks"]);
    with("null\n").tells("evidence_wrong_type", &["null"]);
}

#[test]
fn a_folder_in_the_place_of_evidence_is_neither_drift_nor_evidence() {
    let place = place(&proof());
    place.remove(format!("packet/{PROOF}")).write(format!("packet/{PROOF}/inside"), "x");
    let report = verify(&place);
    assert_eq!(report.exit, 1);
    report.tells("not_a_regular_file", &[PROOF]).tells("check_error", &[PROOF]);
}

#[test]
fn two_hundred_megabytes_are_refused_and_not_read_as_evidence() {
    const SIZE: u64 = 200 << 20;
    let place = place(&proof());
    let file = std::fs::OpenOptions::new().append(true).open(place.at(format!("packet/{PROOF}"))).unwrap();
    // Blanks up to there are good JSON; a hole in the file is not, and as large.
    file.set_len(SIZE).unwrap();
    drop(file);
    place.seal(["create", "packet", "--config", "seal.toml", "--search-budget", "1MB"]).exits(0);
    let report = verify(&place);
    assert_ne!(report.exit, 0);
    report.tells("check_error", &[PROOF, "longer than"]);
}

#[test]
fn twenty_thousand_bad_entries_are_told_by_kind_and_counted() {
    let entries = vec![json!({}); 20_000];
    let mut sample = proof();
    sample.set(PROOF, "/entries", json!(entries));
    let report = verify(&place(&sample));
    let findings = report.json["findings"].as_array().unwrap().len();
    assert!((200..2_000).contains(&findings), "{findings}");
    let reasons = serde_json::to_string(report.at("/packets/0/checks")).unwrap();
    assert!(reasons.contains("more findings of the same kinds are left out"), "{reasons}");
}
