//! Ways past the gate that once worked: each test says what happened.

use crate::packet::{Packet, Place, sha256};

/// A plain list `SHA256SUMS` in `folder` over one intact file.
fn good_list(place: &Place, folder: &str) {
    place.write(format!("{folder}/o"), "o\n");
    place.write(format!("{folder}/SHA256SUMS"), format!("{}  o\n", sha256(b"o\n")));
}

#[test]
fn a_path_without_a_seal_was_hidden_by_one_with_a_seal() {
    let place = Place::new();
    good_list(&place, "a");
    place.write("b/x", "tampered\n");
    place.verify(["a", "b"]).is(2, &["no_seal_found"]);
    place.verify(["a", "b", "--allow-empty"]).is(0, &[]);
}

#[test]
fn taking_the_pin_away_let_strangers_in_although_the_tree_was_demanded() {
    let packet = Packet::new();
    let place = packet.build();
    place.remove("packet/packet_tree.sha256").write("packet/evil.sh", "evil\n");
    place.verify(["packet", "--expect-tree", &packet.tree()]).is(1, &["unsealed_file evil.sh"]);
}

#[test]
fn the_true_packet_moved_further_down_answered_for_the_forged_list() {
    let packet = Packet::new().root("packet/old");
    let place = packet.build();
    good_list(&place, "packet");
    let report = place.verify(["packet", "--expect-tree", &packet.tree()]);
    assert_eq!(report.exit, 1);
    report.finding("expected_tree_mismatch");
}

#[test]
fn a_configuration_in_a_packet_ignored_the_packet_s_own_pin() {
    let place =
        Packet::new().root("").file("seal.toml", "[discover]\nignore = [\"packet_tree.sha256\"]\n").build();
    place.init().write("evil.sh", "evil\n");
    place.verify(["."]).is(2, &["config_inside_packet seal.toml"]);
}

#[test]
fn a_pin_in_other_letters_shadowed_the_real_one() {
    let packet = Packet::new();
    let place = packet.build();
    place.write("packet/packet_tree.sha256", "garbage");
    place.write("packet/PACKET_TREE.SHA256", format!("{}\n", packet.tree()));
    let report = place.verify(["packet"]);
    assert_eq!(report.exit, 1);
    report.finding("pin_malformed");
}

#[test]
fn a_folder_in_the_place_of_the_pin_made_the_packet_a_list() {
    let place = Packet::new().build();
    place.remove("packet/packet_tree.sha256").write("packet/packet_tree.sha256/x", "");
    place.write("packet/evil.sh", "evil\n");
    let report = place.verify(["packet"]);
    assert_eq!(report.exit, 1);
    report.finding("pin_malformed");
}

#[test]
fn what_a_named_manifest_delegates_to_was_not_verified() {
    let place = Place::new();
    let list = format!("{}  b.txt\n", sha256(b"the sealed b"));
    let json = format!(
        "{{\"files\":[{{\"path\":\"a.txt\",\"sha256\":\"{}\"}}],\"per_file_hashes\":\"list.dat\"}}",
        sha256(b"a")
    );
    place.write("a.txt", "a").write("b.txt", "edited").write("list.dat", list).write("SHA256SUMS.json", json);
    for path in [".", "SHA256SUMS.json"] {
        let report = place.verify([path]);
        assert_eq!(report.exit, 1, "{path}: {}", report.json);
        report.finding("edited_content");
    }
}

#[test]
fn one_byte_made_a_list_with_a_weak_name_vanish() {
    let place = Place::new();
    good_list(&place, "a");
    place.write("z", "BAD\n").write("checksums.txt", format!("{}  z\n\0", sha256(b"z\n")));
    let report = place.verify(["."]);
    assert_ne!(report.exit, 0, "{}", report.json);
}

#[test]
fn a_root_was_ignored_where_no_manifest_was_named() {
    let place = Packet::new().build();
    place.verify(["packet", "--root", "no-such-folder"]).is(2, &["usage_error"]);
    place.verify(["packet", "--root", "packet"]).is(2, &["usage_error"]);
}

#[test]
fn a_list_that_lists_only_itself_passed_beside_a_good_one() {
    let place = Place::new();
    good_list(&place, "a");
    place.write("q/SHA256SUMS", format!("{}  SHA256SUMS\n", "0".repeat(64)));
    let report = place.verify(["."]);
    assert_eq!(report.exit, 2, "{}", report.json);
    report.finding("manifest_empty");
}

#[test]
fn an_inner_packet_given_first_made_the_outer_one_fail() {
    let place = Packet::new().root("outer/inner").build();
    let inner = |name: &str| place.read(format!("outer/inner/{name}"));
    let manifest = format!("{}  inner/HASH_MANIFEST.txt\n", sha256(&inner("HASH_MANIFEST.txt")));
    place.write("outer/HASH_MANIFEST.txt", &manifest);
    place.write("outer/packet_tree.sha256", sha256(manifest.as_bytes()));
    for paths in [["outer", "outer/inner"], ["outer/inner", "outer"]] {
        place.verify(paths).is(0, &[]);
    }
    place.verify(["outer/HASH_MANIFEST.txt"]).is(0, &[]);
}

#[cfg(unix)]
#[test]
fn a_link_in_the_place_of_a_configured_packet_took_the_demand_away() {
    let place = Place::new();
    good_list(&place, "q");
    place
        .init()
        .write("seal.toml", format!("[[packet]]\nroot = \"p\"\nexpect_tree = \"{}\"\n", "a".repeat(64)));
    std::os::unix::fs::symlink("q", place.at("p")).unwrap();
    for path in ["p", "p/SHA256SUMS", "."] {
        place.verify([path]).is(2, &["config_invalid seal.toml"]);
    }
}
