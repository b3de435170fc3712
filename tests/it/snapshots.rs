//! Whole reports, each read by a person before it was taken in.

use serde_json::Value;

use crate::packet::{Packet, Place};

/// The drifts that meet most often, in one packet.
fn mixed() -> Place {
    let place = Packet::new().file("pixel.bin", [0, 159, 146, 150]).build();
    place.edit("packet/README.md", |text| text.replace('\n', "\r\n"));
    place.edit("packet/decision.json", |text| text.replace('\u{2014}', "-"));
    place.remove("packet/scripts/run.sh");
    place
}

#[test]
fn an_intact_packet() {
    let ran = Packet::new().build().seal(["verify", "packet"]).exits(0);
    insta::assert_snapshot!("intact", ran.out);
}

#[test]
fn line_ends_dashes_and_a_missing_file() {
    insta::assert_snapshot!("mixed", mixed().seal(["verify", "packet"]).exits(1).out);
}

#[test]
fn a_malformed_manifest() {
    let change = |text: String| {
        let lines: Vec<&str> = text.lines().collect();
        format!("{}\nsee the wiki\n{}\n{}\n{}\n", &lines[0][1..], lines[1], lines[2], lines[3]).into_bytes()
    };
    let place = Packet::new().manifest_from(change).build();
    insta::assert_snapshot!("malformed", place.seal(["verify", "packet"]).exits(1).out);
}

#[test]
fn the_json_of_a_failing_packet() {
    let report = mixed().verify(["packet"]).json;
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/schema/seal.report.v1.json");
    let schema: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<String> = validator.iter_errors(&report).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}");
    // A version of the program is no change of the report.
    let mut report = report;
    report["tool"]["version"] = "0.0.0".into();
    insta::assert_snapshot!("json", serde_json::to_string_pretty(&report).unwrap());
}
