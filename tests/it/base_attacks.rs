//! Whoever edits a packet can edit its seal, its pin and the configuration with
//! it. Every test here is such a way past the gate that a base closes, in the
//! working tree, in the index and in the commit alike.

use crate::base::{ANEW, GONE, based, edited, everywhere, sealed};
use crate::packet::{EVIDENCE, Packet, sha256};

#[test]
fn an_edit_with_a_new_manifest_and_a_new_pin_was_intact() {
    let place = sealed();
    edited().build_in(&place);
    place.verify(["."]).is(0, &[]);
    let report = everywhere(&place, 1, &[ANEW]);
    let (old, new) = (Packet::new().tree(), edited().tree());
    let finding = report.finding("resealed");
    assert_eq!(
        (&finding["sealed"]["sha256"], &finding["found"]["sha256"]),
        (&old.clone().into(), &new.clone().into())
    );
    let says = [
        &old[..12],
        &new,
        "1 entry changed: \"README.md\"",
        "has no `accept_reseal` for it",
        "--accept-reseal",
    ];
    report.tells("resealed", &says);
}

#[test]
fn a_deleted_packet_could_not_fail() {
    let place = sealed();
    place.write("other", "x");
    std::fs::remove_dir_all(place.at("packet")).unwrap();
    everywhere(&place, 1, &[GONE]).tells("packet_removed", &["nothing is there"]);
    for path in ["packet", "packet/HASH_MANIFEST.txt", "packet/packet_tree.sha256"] {
        place.verify([path, "--base", "base"]).is(1, &[GONE]);
    }
    place.verify(["packet/README.md", "--base", "base"]).is(1, &[GONE]);
    place.verify([".", "--base", "base", "--allow-empty"]).is(1, &[GONE]);
    place.verify(["other", "--base", "base"]).is(2, &["no_entry_for_path"]);
}

#[test]
fn a_packet_without_its_pin_was_a_list_to_which_anything_may_be_added() {
    let place = sealed();
    place.remove("packet/packet_tree.sha256").write("packet/extra.md", "x");
    everywhere(&place, 1, &[GONE]).tells("packet_removed", &["packet_tree.sha256", "packet no more"]);
}

#[test]
fn a_packet_that_moved_is_named_with_its_new_place() {
    let place = sealed();
    place.rename("packet", "archive/packet");
    let found = [GONE, "newly_sealed archive/packet/HASH_MANIFEST.txt"];
    everywhere(&place, 1, &found).tells("packet_removed", &["archive/packet/HASH_MANIFEST.txt"]);
    let tree = Packet::new().tree();
    place.verify([".", "--base", "base", "--accept-reseal", &tree]).is(0, &found);
}

/// The edit with each of these as its own excuse.
#[test]
fn a_configuration_that_came_with_the_change_judged_it() {
    let tree = edited().tree();
    let root = "[[packet]]\nroot = \"packet\"\n";
    let broken = format!("root = \"packet\", tree = \"{tree}\", reason = \"known\", until = 2099-01-01");
    let cases = [
        (
            "packet.accept_reseal",
            format!("{root}accept_reseal = [{{ root = \"packet\", tree = \"{tree}\" }}]\n"),
        ),
        ("known_broken", format!("known_broken = [{{ {broken} }}]\n")),
        ("discover.ignore", "[discover]\nignore = [\"packet/**\"]\n".to_owned()),
        ("discover.roots", "[discover]\nroots = [\"elsewhere\"]\n".to_owned()),
        ("packet.manifest", format!("{root}manifest = \"packet/other.txt\"\n")),
    ];
    for (key, text) in cases {
        let place = sealed();
        edited().build_in(&place);
        place.write("seal.toml", text);
        let report = everywhere(&place, 1, &[ANEW, "config_changed seal.toml"]);
        report.tells("config_changed", &["is new", &format!("weakens by `{key}`")]);
    }
}

#[test]
fn a_configuration_that_came_with_the_change_let_files_in() {
    let root = "[[packet]]\nroot = \"packet\"\n";
    for (key, line) in
        [("packet.exclude", "exclude = [\"*.md\"]\n"), ("packet.unsealed", "unsealed = \"allow\"\n")]
    {
        let place = sealed();
        place.write("packet/extra.md", "x").write("seal.toml", format!("{root}{line}"));
        place.verify(["."]).is(0, &[]);
        let found = ["config_changed seal.toml", "unsealed_file extra.md"];
        everywhere(&place, 1, &found).tells("config_changed", &[key]);
    }
}

#[test]
fn a_manifest_under_another_name_is_another_seal() {
    let place = sealed();
    place.rename("packet/HASH_MANIFEST.txt", "packet/SHA256SUMS").remove("packet/packet_tree.sha256");
    let found = [GONE, "newly_sealed packet/SHA256SUMS"];
    everywhere(&place, 1, &found).tells("packet_removed", &["packet/SHA256SUMS"]);
    let tree = Packet::new().tree();
    place.verify([".", "--base", "base", "--accept-reseal", &tree]).is(1, &found);
}

#[test]
fn a_manifest_in_other_letters_is_another_seal() {
    let place = sealed();
    place.rename("packet/HASH_MANIFEST.txt", "packet/aside");
    place.rename("packet/aside", "packet/hash_manifest.txt").remove("packet/packet_tree.sha256");
    everywhere(&place, 1, &[GONE, "newly_sealed packet/hash_manifest.txt"]);
}

#[cfg(unix)]
#[test]
fn a_link_to_the_packet_is_no_packet() {
    let place = sealed();
    place.rename("packet", "elsewhere");
    std::os::unix::fs::symlink("elsewhere", place.at("packet")).unwrap();
    let found = [GONE, "newly_sealed elsewhere/HASH_MANIFEST.txt"];
    everywhere(&place, 1, &found);
    place.verify(["packet", "--base", "base"]).is(1, &found);
    // A link that was there before leads to seals that were there before.
    place.git(["tag", "--force", "base"]);
    place.verify(["packet", "--base", "base"]).is(0, &[]);
    edited().root("elsewhere").build_in(&place);
    place.verify(["packet", "--base", "base"]).is(1, &["resealed elsewhere/HASH_MANIFEST.txt"]);
}

#[cfg(unix)]
#[test]
fn a_link_to_the_manifest_is_no_manifest() {
    let place = based(Packet::new().list("checksums.txt").build());
    place.rename("packet/checksums.txt", "packet/aside");
    std::os::unix::fs::symlink("aside", place.at("packet/checksums.txt")).unwrap();
    let report = place.verify([".", "--base", "base"]);
    report.tells("packet_removed", &["symbolic link"]);
}

#[test]
fn an_archive_or_a_file_in_its_place_is_no_packet() {
    for name in ["packet", "packet.zip"] {
        let place = sealed();
        std::fs::remove_dir_all(place.at("packet")).unwrap();
        place.write(name, "PK");
        everywhere(&place, 1, &[GONE]);
    }
}

#[test]
fn another_repository_in_its_place_is_no_packet() {
    let place = sealed();
    place.git(["-C", "packet", "init", "--quiet"]);
    place.git(["-C", "packet", "add", "."]).git(["-C", "packet", "commit", "--quiet", "-m", "inner"]);
    place.verify([".", "--base", "base"]).tells("packet_removed", &["another repository"]);
    place.git(["rm", "-r", "--quiet", "--cached", "packet"]).git(["add", "packet"]);
    place
        .verify([".", "--base", "base", "--from", "index"])
        .is(1, &[GONE])
        .tells("packet_removed", &["submodule"]);
}

#[test]
fn a_manifest_with_weaker_digests_is_another_seal() {
    let place = sealed();
    let line = |(name, _): &(&str, &str)| format!("{}  {name}\n", "0".repeat(32));
    Packet::new().manifest(EVIDENCE.iter().map(line).collect::<String>()).build_in(&place);
    place.verify([".", "--base", "base"]).tells("resealed", &["4 entries"]);
}

#[test]
fn entries_and_files_that_come_or_go_together_were_intact() {
    let place = sealed();
    Packet::new().file("more.md", "more").build_in(&place);
    everywhere(&place, 1, &[ANEW]).tells("resealed", &["1 entry added: \"more.md\""]);

    let place = sealed();
    let line = Packet::new().text();
    let dropped = line.split_inclusive('\n').filter(|line| !line.contains("README")).collect::<String>();
    Packet::new().manifest(dropped).build_in(&place);
    place.remove("packet/README.md");
    everywhere(&place, 1, &[ANEW]).tells("resealed", &["1 entry removed: \"README.md\""]);

    let place = sealed();
    let first = line.split_inclusive('\n').next().unwrap();
    Packet::new().manifest(first).build_in(&place);
    let report = place.verify([".", "--base", "base"]);
    report.tells("resealed", &["3 entries removed", "and \"scripts/run.sh\""]);
}

#[test]
fn a_pin_that_was_bent_to_a_drifted_manifest_is_a_new_seal() {
    let place = sealed();
    place
        .edit("packet/HASH_MANIFEST.txt", |text| text.replace('\n', "\r\n"))
        .commit("drift")
        .git(["tag", "-f", "base"]);
    let drifted = sha256(&place.read("packet/HASH_MANIFEST.txt"));
    place.write("packet/packet_tree.sha256", format!("{drifted}\n"));
    place
        .verify([".", "--base", "base"])
        .tells("resealed", &["the same entries, written otherwise", &drifted[..12]]);
    // To put the sealed manifest back is no new seal.
    Packet::new().build_in(&place);
    everywhere(&place, 0, &[]);
}

#[test]
fn a_list_that_is_none_any_more_was_passed_over() {
    let place = based(Packet::new().list("checksums.txt").build());
    place.write("packet/checksums.txt", "see the other place\n");
    let found = ["manifest_unreadable checksums.txt", "resealed packet/checksums.txt"];
    place.verify(["."]).is(2, &["no_seal_found"]);
    everywhere(&place, 1, &found);
}

#[test]
fn an_ignored_packet_was_passed_over() {
    let place = sealed();
    edited().build_in(&place);
    place.write(".gitignore", "packet\n").git(["rm", "-r", "--quiet", "--cached", "packet"]).commit("hide");
    place.verify([".", "--base", "base"]).is(1, &[GONE]).tells("packet_removed", &["ignored by .gitignore"]);
    place.verify([".", "--base", "base", "--from", "index"]).is(1, &[GONE]);
}

/// The names of a list are looked for under its own folder and under the root.
#[test]
fn copies_of_the_sealed_files_beside_the_list_took_their_place() {
    let place = Packet::new().list("SHA256SUMS").root("").build();
    place.init().rename("SHA256SUMS", "release/SHA256SUMS");
    let place = based(place);
    for (name, content) in EVIDENCE {
        place.write(format!("release/{name}"), content).remove(name);
    }
    let moved: Vec<String> = EVIDENCE.iter().map(|(name, _)| format!("moved {name}")).collect();
    let found: Vec<&str> = moved.iter().map(String::as_str).collect();
    place.verify(["."]).is(0, &[]);
    place.verify([".", "--base", "base"]).is(1, &found);
}

/// A configuration that looks elsewhere does not make a seal new that a PATH names.
#[test]
fn a_seal_where_the_configuration_does_not_look_was_new() {
    let place = Packet::new().build();
    place.write("seal.toml", "[discover]\nroots = [\"releases\"]\n");
    let place = based(place);
    edited().build_in(&place);
    place.verify(["packet/HASH_MANIFEST.txt", "--base", "base"]).is(1, &[ANEW]);
    place.verify(["packet/README.md", "--base", "base"]).is(1, &[ANEW]);
}

/// A list without a telling name is a seal as long as another one names it.
#[test]
fn a_list_that_nothing_names_any_more_was_no_seal() {
    let place = Packet::new().list("list.dat").build();
    place.write("packet/manifest.json", "{\"per_file_hashes\": \"list.dat\"}\n");
    let place = based(place);
    place.verify([".", "--base", "base"]).is(0, &[]);
    place.remove("packet/manifest.json");
    let found = everywhere(&place, 1, &["packet_removed packet/list.dat"]);
    found.tells("packet_removed", &["the file is there"]);
}
