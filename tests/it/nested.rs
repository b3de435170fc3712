//! Several seals: over one folder, and inside one another.

use crate::packet::{Packet, Place, sha256};

#[test]
fn several_manifests_over_one_folder_are_verified_separately() {
    let place = Packet::new().build();
    let text = Packet::new().text();
    place.write("packet/SHA256SUMS", text.lines().next().unwrap().to_owned() + "\n");
    place.write("packet/checksums.txt", format!("{}  README.md\n", sha256(b"an older one")));
    let report = place.verify(["packet"]).is(1, &["edited_content README.md"]);
    let packets = report.at("/packets").as_array().unwrap();
    let results: Vec<(&str, &str)> = packets
        .iter()
        .map(|packet| (packet["manifest"].as_str().unwrap(), packet["result"].as_str().unwrap()))
        .collect();
    assert_eq!(
        results,
        [
            ("packet/HASH_MANIFEST.txt", "pass"),
            ("packet/SHA256SUMS", "pass"),
            ("packet/checksums.txt", "fail")
        ]
    );
    assert_eq!(report.finding("edited_content")["packet_index"], 2);
}

/// A packet in `packet` around one in `packet/inner`.
fn nested(listed: bool) -> Place {
    let place = Place::new();
    Packet::new().root("packet/inner").build_in(&place);
    let inner = place.read("packet/inner/HASH_MANIFEST.txt");
    let mut outer = format!("{}  cover.md\n", sha256(b"cover\n"));
    if listed {
        outer.extend([sha256(&inner).as_str(), "  inner/HASH_MANIFEST.txt\n"]);
    }
    Packet::empty().file("cover.md", "cover\n").manifest(outer).build_in(&place);
    place
}

#[test]
fn an_inner_packet_covers_its_files_when_the_outer_lists_its_manifest() {
    let place = nested(true);
    let report = place.verify(["packet"]).is(0, &[]);
    assert_eq!(report.at("/packets").as_array().unwrap().len(), 2);
    place.write("packet/inner/left.txt", "x");
    let report = place.verify(["packet"]);
    assert_eq!(report.exit, 1);
    let found = report.findings();
    assert!(found.contains(&"unsealed_file inner/left.txt".to_owned()), "{found:?}");
    assert!(found.contains(&"unsealed_file left.txt".to_owned()), "{found:?}");
}

#[test]
fn an_inner_packet_that_is_not_listed_is_unsealed_content() {
    let report = nested(false).verify(["packet"]);
    let found = report.findings();
    assert_eq!(report.exit, 1);
    for name in ["HASH_MANIFEST.txt", "README.md", "packet_tree.sha256"] {
        assert!(found.contains(&format!("unsealed_file inner/{name}")), "{name}: {found:?}");
    }
}

#[test]
fn drift_inside_the_inner_packet_fails_it_alone() {
    let place = nested(true);
    place.edit("packet/inner/README.md", |text| text.replace('\n', "\r\n"));
    let report = place.verify(["packet"]).is(1, &["crlf_drift README.md"]);
    assert_eq!(report.finding("crlf_drift")["packet"], "packet/inner");
    assert_eq!(*report.at("/packets/0/result"), "pass");
}

#[test]
fn a_seal_under_two_paths_is_verified_once() {
    let place = Packet::new().build();
    let report = place.verify(["packet", "packet/HASH_MANIFEST.txt", "."]).is(0, &[]);
    assert_eq!(*report.at("/stats/packets"), 1);
}

#[test]
fn a_signature_is_reported_and_not_checked() {
    let place = Packet::new().build();
    place.write("packet/HASH_MANIFEST.txt.asc", "-----BEGIN PGP SIGNATURE-----\n");
    let report = place.verify(["packet"]).is(0, &["signature_not_checked HASH_MANIFEST.txt.asc"]);
    assert_eq!(report.finding("signature_not_checked")["severity"], "note");
}
