//! The packet that another one follows: it must hold its own seal before it is
//! compared with anything.

use serde_json::{Value, json};

use crate::packet::Place;
use crate::packets::{configuration, execution, lab, rehearsal};

/// The rehearsal's packet as `before`, and the execution's as `packet`.
fn two(seal_toml: &str) -> Place {
    let place = Place::new();
    rehearsal().write(&place.at("before"));
    execution().write(&place.at("packet"));
    place.write("seal.toml", configuration(&["packet", "before"]) + seal_toml);
    place
}

const ARGS: [&str; 3] = ["packet", "--config", "seal.toml"];

fn after(place: &Place, before: &str) -> crate::program::Verified {
    place.verify(ARGS.into_iter().chain(["--predecessor", before]))
}

fn status(report: &crate::program::Verified, id: &str) -> Value {
    let checks = report.at("/packets/0/checks").as_array().unwrap();
    checks.iter().find(|check| check["id"] == id).unwrap()["status"].clone()
}

#[test]
fn a_packet_that_follows_a_good_one_is_good() {
    let place = two("");
    let report = after(&place, "before");
    assert_eq!(report.exit, 0, "{}", report.json["findings"]);
    // Without pins, the dates and reports of the two are what there was to judge.
    assert_eq!(status(&report, "preflight"), "ok");
    let roots =
        report.at("/packets").as_array().unwrap().iter().map(|packet| packet["root"].as_str().unwrap());
    // It is compared with, and not verified for itself.
    assert!(roots.into_iter().all(|root| root.starts_with("packet")), "{}", report.json["packets"]);
}

#[test]
fn a_predecessor_that_is_no_evidence_is_an_error() {
    let place = two("");
    for name in ["nowhere", "packet", "before/README.md"] {
        let report = after(&place, name);
        assert_eq!(report.exit, 2, "{name}: {}", report.json["findings"]);
        report.tells("predecessor_unverified", &[name]);
    }
    // Nothing is dropped between the two, but who says so was edited.
    place.edit("before/blocker-map.json", |text| text.replace("OPEN", "CLOSED"));
    let report = after(&place, "before");
    assert_eq!(report.exit, 2);
    for check in ["preflight", "blockers", "decision"] {
        assert_eq!(status(&report, check), "error");
    }
    report.tells("predecessor_unverified", &["before", "does not hold"]);
}

#[test]
fn whoever_reseals_the_predecessor_needs_its_pin() {
    let place = two("");
    place.remove("before/packet_tree.sha256");
    after(&place, "before").tells("predecessor_unverified", &["before"]);
    let place = two("");
    place.write("before/packet_tree.sha256", format!("{}\n", "0".repeat(64)));
    after(&place, "before").tells("predecessor_unverified", &["before"]);
    let place = two("");
    place.write("before/more.md", "not sealed\n");
    after(&place, "before").tells("predecessor_unverified", &["more.md"]);
}

#[test]
fn the_configuration_names_the_predecessor() {
    let place = Place::new();
    let mut before = rehearsal();
    before.set("machine-report.json", "/date", json!("2026-06-12"));
    before.files.remove("manifest.json");
    before.write(&place.at("packets/before"));
    execution().write(&place.at("packets/now"));
    let head = configuration(&["packets/now"]);
    place.write("seal.toml", head + "predecessor = \"packets/before\"\n");
    let report = place.verify(["packets/now", "--config", "seal.toml"]);
    report.tells("timeline_reversed", &["2026-06-11", "2026-06-12"]);
    // The command line has the last word.
    let report = place.verify(["packets/now", "--config", "seal.toml", "--predecessor", "packets/none"]);
    report.tells("predecessor_unverified", &["packets/none"]);
    let inside = "[[packet]]\nroot = \".\"\npredecessor = \"packets/before\"\n";
    place.write("packets/now/seal.toml", inside);
    place
        .verify(["packets/now", "--config", "packets/now/seal.toml"])
        .tells("config_inside_packet", &["predecessor"]);
}

#[test]
fn a_predecessor_is_named_for_one_packet() {
    let place = two("");
    let report = place.verify([".", "--config", "seal.toml", "--predecessor", "before"]);
    assert_eq!(report.exit, 2);
    report.tells("usage_error", &["2 packets"]);
    let list = Place::new();
    list.write("SHA256SUMS", format!("{}  a\n", crate::packet::sha256(b"a"))).write("a", "a");
    list.verify([".", "--predecessor", "nowhere"]).tells("usage_error", &["0 packets"]);
}

/// Where the map itself was gone, nothing was compared.
#[test]
fn a_packet_without_a_blocker_map_followed_one_that_has_it() {
    let place = two("");
    place.remove("packet/blocker-map.json");
    place.seal(["create", "packet", "--config", "seal.toml"]);
    after(&place, "before").finding("blocker_dropped");
}

/// A predecessor that no configuration gave a profile was read by the generic
/// one: its documents had other names, and nothing was compared.
#[test]
fn a_predecessor_is_read_with_the_profile_of_the_packet() {
    let place = Place::new();
    let mut before = lab::lab();
    let mut map = before.document("open-questions.json");
    let mut third = map["questions"][0].clone();
    third["question"] = json!("LAB-THIRD");
    map["questions"].as_array_mut().unwrap().push(third);
    map["open_count"] = json!(3);
    before.json("open-questions.json", &map).write(&place.at("before"));
    lab::lab().write(&place.at("packet"));
    place.write("seal.toml", lab::configuration());
    place.verify(ARGS).is(0, &[]);
    after(&place, "before").finding("blocker_dropped");
}
