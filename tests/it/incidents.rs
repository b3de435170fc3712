//! What real packets suffered from: one test each, by the number that the list of
//! requirements gives it. Those that need the checks of governance stand in a file
//! of their own.

use serde_json::json;

use crate::packet::{Packet, Place, sha256};
use crate::packets::{self, Sample, configuration};
use crate::program::Verified;

/// A list with lengths over one file of that content, which then is the other.
fn retyped(sealed: &str, found: &str) -> Verified {
    let place = Packet::empty().file("report.md", sealed).sized().build();
    place.write("packet/report.md", found);
    place.verify(["packet"])
}

fn judged(sample: &Sample) -> (Place, Verified) {
    let place = Place::new();
    sample.write(&place.at("packet"));
    place.write("seal.toml", configuration(&["packet"]));
    let report = place.verify(["--config", "seal.toml", "packet"]);
    (place, report)
}

#[test]
fn incident_01_a_model_retypes_characters_of_the_same_width() {
    // No normal form gives the one from the other, and both take three bytes.
    let sealed = "The way back is proven \u{2014} twice.\nNothing was left behind.\n";
    let found = sealed.replace('\u{2014}', "\u{2015}");
    assert_eq!(sealed.len(), found.len());
    retyped(sealed, &found).because("emdash_unicode_drift", "emdash_unicode_drift");
    // A letter that means something else is an edit, and never called drift.
    let report = retyped("The caf\u{e9} was closed.\n", "The caf\u{ea} was closed.\n");
    assert_eq!(report.exit, 1);
    assert_eq!(report.finding("same_length_hash_mismatch")["recoverable"], false);
}

#[test]
fn incident_02_a_layout_that_is_lost_is_not_guessed() {
    let sealed =
        "def test_a():\n    assert  run( 1 )==2\n\n\n\ndef test_b():\n\tassert run(2)  ==  3   # by hand\n";
    let found = "def test_a(): assert run(1) == 2\ndef test_b(): assert run(2) == 3\n";
    let report = retyped(sealed, found);
    assert_eq!(report.exit, 1);
    let finding = &report.json["findings"][0];
    assert_eq!(finding["recoverable"], false, "{finding:#}");
    assert_eq!(finding["cause"], json!([]));
}

#[test]
fn incident_03_quotes_doubled_in_transit_change_the_length() {
    let sealed = format!("{}{}\n", "'a' ".repeat(6), "'".to_owned() + &"x".repeat(143));
    let sealed = sealed.get(..168).unwrap().to_owned() + "\n";
    let found = sealed.replace('\'', "\\\"");
    assert_eq!((sealed.chars().count(), found.chars().count()), (169, 182));
    let report = retyped(&sealed, &found);
    assert_eq!(report.exit, 1);
    let finding = &report.json["findings"][0];
    assert_eq!(
        (&finding["sealed"]["size"], &finding["found"]["size"]),
        (&json!(169), &json!(182)),
        "{finding:#}"
    );
}

#[test]
fn incident_04_a_cyrillic_letter_in_an_english_word() {
    let report = retyped("The comment stands.\n", "The co\u{43c}ment stands.\n");
    let shown = serde_json::to_string(report.finding("emdash_unicode_drift")).unwrap();
    assert!(shown.contains("Cyrillic") || shown.contains("U+043C"), "{shown}");
    assert_eq!(report.exit, 1);
}

#[test]
fn incident_05_files_that_were_never_published() {
    for count in [6, 2, 7] {
        let gone = |number| format!("{}  reports/never-{number}.md\n", sha256(b"never"));
        let more: String = (0..count).map(gone).collect();
        let place = Packet::new().manifest(Packet::new().text() + &more).build();
        let report = place.verify(["packet"]);
        assert_eq!(report.exit, 1);
        let missing =
            report.findings().iter().filter(|f| f.starts_with("missing_file reports/never-")).count();
        assert_eq!(missing, count);
    }
}

#[test]
fn incident_06_a_path_twice_is_not_hidden_by_a_map() {
    let text = Packet::new().text();
    let twin = format!("{}  README.md\n", sha256(b"another page"));
    for text in [format!("{text}{twin}"), format!("{twin}{text}")] {
        let report = Packet::new().manifest(text).build().verify(["packet"]);
        assert_eq!(report.exit, 1);
        report.finding("duplicate_path");
    }
}

#[test]
fn incident_07_everything_edited_and_hashed_anew_shows_only_from_outside() {
    let reviewed = packets::rehearsal().only(&["README.md", "rollback-recovery-proof.json"]);
    let place = Place::new();
    reviewed.write(&place.at("packet"));
    let tree = String::from_utf8(place.read("packet/packet_tree.sha256")).unwrap();
    let mut forged = reviewed;
    forged.replace("README.md", "Evidence of this lane", "Evidence of another lane");
    forged.write(&place.at("packet"));
    // By itself it is as good as before: its own rerun would say so too.
    assert_eq!(place.verify(["--profile", "generic", "packet"]).exit, 0);
    let report = place.verify(["--profile", "generic", "packet", "--expect-tree", tree.trim()]);
    assert_eq!(report.exit, 1);
    report.finding("expected_tree_mismatch");
}

#[test]
fn incident_08_a_rerun_that_compares_no_hash() {
    let mut sample = packets::rehearsal();
    sample.files.remove("manifest.json");
    sample.file("RERUN.sh", "#!/bin/sh\nset -eu\nsh commands.sh\necho PACKET_TREE MATCH\n");
    let (_, report) = judged(&sample);
    assert_eq!(report.exit, 1);
    report.tells("rerun_compares_nothing", &["RERUN.sh"]);
}

#[test]
fn incident_09_a_forged_number_where_no_literal_is_looked_for() {
    // Wherever it stands, the bytes say it; sealed again, what is counted here says it.
    let place = Packet::new().build();
    place.edit("packet/reports/summary.md", |text| format!("{text}\n999 rows were compared.\n"));
    assert_eq!(place.verify(["packet"]).exit, 1);
    let mut sample = packets::rehearsal();
    sample.files.remove("manifest.json");
    sample.set("machine-report.json", "/file_count", json!(999));
    let (_, report) = judged(&sample);
    report.tells("recorded_count_differs", &["999"]);
}

#[test]
fn incident_10_a_missing_file_never_exits_with_zero() {
    let place = Packet::new().build();
    place.remove("packet/README.md");
    place.verify(["packet"]).is(1, &["missing_file README.md"]);
    // Also when nothing at all is left of what was sealed, and when its pin says the old constant.
    for name in ["decision.json", "reports/summary.md", "scripts/run.sh"] {
        place.remove(format!("packet/{name}"));
    }
    assert_eq!(place.verify(["packet"]).exit, 1);
}

#[test]
fn incident_11_a_declared_script_that_is_not_there() {
    let mut sample = packets::rehearsal();
    sample.files.remove("manifest.json");
    sample.set("exit_codes.json", "/steps/1/cmd", json!("python3 scripts/never_written.py"));
    let (_, report) = judged(&sample);
    assert_eq!(report.exit, 1);
    report.tells("recorded_script_missing", &["scripts/never_written.py"]);
}

#[test]
fn incident_16_a_tool_escapes_the_dashes_of_a_document() {
    let sealed = "{\n  \"note\": \"proven \u{2014} twice\"\n}\n";
    let found = sealed.replace('\u{2014}', "\\u2014");
    let place = Packet::empty().file("note.json", sealed).build();
    place.write("packet/note.json", found);
    let report = place.verify(["packet"]);
    assert_eq!(report.exit, 1);
    report.because("json_ensure_ascii_drift", "json_ensure_ascii_drift");
}

#[test]
fn incident_17_one_report_in_two_revisions() {
    let mut sample = packets::rehearsal();
    sample.files.remove("manifest.json");
    let mut again = sample.document("machine-report.json");
    again["revision"] = json!(2);
    sample.json("machine-report-rev2.json", &again).set("machine-report.json", "/file_count", json!(23));
    let place = Place::new();
    sample.write(&place.at("packet"));
    let both =
        "\n[packet.evidence]\nmachine_report = [\"machine-report.json\", \"machine-report-rev2.json\"]\n";
    place.write("seal.toml", configuration(&["packet"]) + both);
    let report = place.verify(["--config", "seal.toml", "packet"]);
    assert_eq!(report.exit, 1);
    report.tells("evidence_twice", &["machine-report.json", "machine-report-rev2.json"]);
}
