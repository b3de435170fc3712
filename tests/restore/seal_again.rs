//! `seal create` over a folder that has a seal, and what hints are good for.

use std::fs;

use serde_json::Value;

use super::{DASHES, Packet, crlf, status, text};

#[test]
fn a_crlf_checkout_is_not_sealed_again_by_accident() {
    let packet = Packet::new();
    for name in ["README.md", "reports/summary.md", "HASH_MANIFEST.txt", "packet_tree.sha256"] {
        packet.write(name, &crlf(&packet.read(name)));
    }
    packet.write("new.md", b"added by hand");
    let before = packet.snapshot();
    let out = packet.seal(&["create", "packet"]);
    let text_of = text(&out);
    assert_eq!(status(&out), 2, "{text_of}");
    assert_eq!(packet.snapshot(), before, "nothing is written");
    for part in [
        "reseal_over_drift",
        "3 files differ",
        "crlf_drift",
        "README.md",
        "HASH_MANIFEST.txt",
        "seal restore packet --write",
        "seal create packet",
        "--accept-drift crlf_drift",
    ] {
        assert!(text_of.contains(part), "{part}: {text_of}");
    }
    assert!(!text_of.contains("PASS"));
    assert_eq!(status(&packet.seal(&["create", "packet", "--accept-drift", "bom_prefix"])), 2);
    let out = packet.seal(&["create", "packet", "--accept-drift", "bom_prefix,crlf_drift"]);
    assert_eq!(status(&out), 0, "{}", text(&out));
    assert!(packet.verifies());
    assert_eq!(status(&packet.seal(&["create", "packet", "--accept-drift", "edited_content"])), 2);
}

#[test]
fn restoring_first_is_the_other_way_out() {
    let packet = Packet::new();
    packet.write("README.md", &crlf(DASHES.as_bytes()));
    packet.write("data.json", b"{\"edited\": \"by hand\"}\n");
    let create = ["create", "packet", "--search-budget", "1MB"];
    assert_eq!(status(&packet.seal(&create)), 2);
    assert_eq!(packet.restore(&["--write"]).1, 1, "the edit is no drift");
    assert_eq!(status(&packet.seal(&create)), 0);
    assert!(packet.verifies());
}

#[test]
fn edited_added_removed_and_moved_files_are_sealed_again() {
    let packet = Packet::new();
    packet.write("README.md", b"edited on purpose\n");
    packet.write("added.md", b"added\n");
    fs::remove_file(packet.path("blob.bin")).unwrap();
    fs::rename(packet.path("reports/summary.md"), packet.path("summary.md")).unwrap();
    let out = packet.seal(&["create", "packet", "--search-budget", "1MB"]);
    assert_eq!(status(&out), 0, "{}", text(&out));
    assert!(packet.verifies());
}

#[test]
fn hints_are_sealed_deterministic_and_locate_an_edit() {
    let lines: Vec<String> = (1..=1000).map(|n| format!("{n}: {}\n", n * 7919 % 100_003)).collect();
    let lines = lines.concat();
    let packet = Packet::with(&[("long.md", lines.as_bytes()), ("blob.bin", b"\x00\xff")]);
    assert_eq!(status(&packet.seal(&["create", "packet", "--hints"])), 0);
    assert!(packet.verifies());
    let hints = packet.read("seal-hints.json");
    let manifest = String::from_utf8(packet.read("HASH_MANIFEST.txt")).unwrap();
    assert!(manifest.contains("  seal-hints.json\n"));
    assert_eq!(status(&packet.seal(&["create", "packet", "--hints", "--check", "--threads", "3"])), 0);
    let value: Value = serde_json::from_slice(&hints).unwrap();
    assert_eq!(value["schema"], "seal.hints/v1");
    assert_eq!(
        (&value["files"]["long.md"]["lf"], &value["files"]["blob.bin"]["size"]),
        (&1000.into(), &2.into())
    );
    packet.write("long.md", lines.replace("\n220: ", "\n220 edited: ").as_bytes());
    let seen = |packet: &Packet| text(&packet.seal(&["verify", "packet", "--search-budget", "1MB"]));
    let located = seen(&packet);
    assert!(located.contains("everything else is as sealed"), "{located}");
    // Hints that are not the sealed ones say nothing, and neither do malformed ones.
    packet.write("seal-hints.json", &[&hints[..], b" "].concat());
    assert!(!seen(&packet).contains("sealed hints"));
    packet.write("long.md", lines.as_bytes());
    packet.write("seal-hints.json", b"{\"schema\":\"seal.hints/v1\",\"files\":{\"long.md\":{}}}");
    assert_eq!(status(&packet.seal(&["create", "packet", "--search-budget", "1MB"])), 0);
    packet.write("long.md", lines.replace("\n220: ", "\n220 edited: ").as_bytes());
    assert!(!seen(&packet).contains("sealed hints"));
}

#[test]
fn a_wrong_hint_hides_no_proof_and_proves_nothing() {
    let packet = Packet::with(&[("a.md", DASHES.as_bytes())]);
    assert_eq!(status(&packet.seal(&["create", "packet", "--hints"])), 0);
    let hints = String::from_utf8(packet.read("seal-hints.json")).unwrap();
    // The chunks are made to add up to another length than was sealed.
    let size = DASHES.len();
    let wrong = hints.replace(&format!(":{size},"), &format!(":{},", size + 1));
    assert_ne!(wrong, hints);
    packet.write("seal-hints.json", wrong.as_bytes());
    assert_eq!(status(&packet.seal(&["create", "packet", "--search-budget", "1MB"])), 0);
    let sealed = packet.snapshot();
    packet.write("a.md", &crlf(DASHES.as_bytes()));
    packet.comes_back(&sealed);
    packet.write("a.md", b"edited");
    let out = text(&packet.seal(&["verify", "packet", "--search-budget", "1MB"]));
    assert!(out.contains("edited_content"), "{out}");
}
