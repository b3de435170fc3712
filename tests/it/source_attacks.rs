//! Trees made to lead the program elsewhere, to hide a seal, to run a command
//! or to stop the run: each test says what once happened.

#![cfg(unix)]

use std::os::unix::fs::{PermissionsExt, symlink};
use std::process::Command;

use crate::packet::{Packet, Place, sha256};
use crate::program::{self, Verified};

/// A repository with a sealed folder `p` and an ignored, tracked list in `gone`
/// that fails when it is looked at.
fn tracked_and_ignored() -> Place {
    let place = Packet::new().list("SHA256SUMS").root("p").build();
    place.init().write("gone/SHA256SUMS", format!("{}  gone.txt\n", sha256(b"gone")));
    place.write(".gitignore", "gone\nlost\n").write("lost/SHA256SUMS", "no list");
    place.git(["add", "--force", "p", "gone", ".gitignore"]).git(["commit", "--quiet", "-m", "Record"]);
    place
}

/// Fails unless the list in `gone` is verified and the one in `lost` passed over.
#[track_caller]
fn tells_them_apart(place: &Place) {
    let report = place.verify(["."]);
    assert!(report.findings().contains(&"root_not_found SHA256SUMS".to_owned()), "{}", report.json);
    let passed = report.at("/passed_over").as_array().unwrap();
    assert_eq!((report.exit, passed.len(), &passed[0]["path"]), (1, 1, &"lost/SHA256SUMS".into()));
}

#[test]
fn a_command_in_the_configuration_of_the_repository_was_run() {
    let place = Place::new();
    place.init().write("d/f", "1\n").write("p/a", "a\n");
    place.write("p/SHA256SUMS", format!("{}  a\n", sha256(b"a\n")));
    place.write("SHA256SUMS", format!("{}  p/a\n", sha256(b"a\n"))).write(".gitignore", "p\nd\n");
    place.git(["add", "--force", "."]).git(["commit", "--quiet", "-m", "Record"]);
    place.git(["config", "index.sparse", "true"]);
    place.git(["sparse-checkout", "set", "--cone", "--sparse-index", "p"]);
    let tree = program::finish(Command::new("git").args(["rev-parse", "HEAD:d"]).current_dir(place.path()));
    let tree = tree.exits(0).out;
    place.remove(format!(".git/objects/{}/{}", &tree[..2], tree[2..].trim()));
    let (script, proof) = (place.at(".git/evil.sh"), place.at("proof"));
    place.write(".git/evil.sh", format!("#!/bin/sh\ntouch {}\nexit 1\n", proof.display()));
    std::fs::set_permissions(&script, std::fs::Permissions::from_mode(0o755)).unwrap();
    let own = place.path().to_str().unwrap();
    for (key, value) in [
        ("core.repositoryformatversion", "1"),
        ("extensions.partialClone", "origin"),
        ("remote.origin.promisor", "true"),
        ("remote.origin.url", own),
        ("remote.origin.uploadpack", script.to_str().unwrap()),
    ] {
        place.git(["config", key, value]);
    }
    let report = place.verify(["."]).is(0, &[]);
    assert_eq!(report.at("/packets").as_array().unwrap().len(), 2, "both are tracked");
    assert!(!proof.exists(), "a command ran");
}

#[test]
fn a_tracked_seal_vanished_without_git() {
    let place = tracked_and_ignored();
    let mut without = program::seal(place.path());
    without.env("PATH", "/nonexistent").args(["verify", "--output", "json", "."]);
    let report = Verified::of(&program::finish(&mut without));
    assert_eq!(report.exit, 1, "{}", report.json);
    tells_them_apart(&place);
}

#[test]
fn every_index_that_git_writes_tells_tracked_from_ignored() {
    for version in ["2", "3", "4"] {
        let place = tracked_and_ignored();
        // Only an entry with a further flag makes it version 3.
        place.write("later", "x").git(["add", "--intent-to-add", "later"]);
        place.git(["update-index", "--index-version", version]);
        let wanted = if version == "4" { 4 } else { 3 };
        assert_eq!(place.read(".git/index")[7], wanted);
        tells_them_apart(&place);
    }
    let place = tracked_and_ignored();
    assert_eq!(place.read(".git/index")[7], 2);
    place.git(["-c", "index.threads=4", "-c", "index.skipHash=true", "update-index", "--force-write-index"]);
    tells_them_apart(&place);
    // One in two files is not read: everything may be tracked.
    place.git(["update-index", "--split-index"]);
    let report = place.verify(["."]);
    assert_eq!(report.at("/passed_over").as_array().unwrap().len(), 0, "{}", report.json);
}

#[test]
fn a_repository_with_longer_digests_and_a_worktree_are_read_too() {
    let place = Packet::new().list("SHA256SUMS").root("p").build();
    place.git(["init", "--quiet", "--object-format=sha256"]);
    place.write("gone/SHA256SUMS", format!("{}  gone.txt\n", sha256(b"gone")));
    place.write(".gitignore", "gone\nlost\n").write("lost/SHA256SUMS", "no list");
    place.git(["add", "--force", "p", "gone", ".gitignore"]).git(["commit", "--quiet", "-m", "Record"]);
    tells_them_apart(&place);
    let beside = Place::new();
    place.git(["worktree", "add", "--quiet", "-b", "beside", beside.at("").to_str().unwrap()]);
    assert!(beside.at(".git").is_file());
    beside.write("lost/SHA256SUMS", "no list");
    tells_them_apart(&beside);
    std::fs::rename(place.at(".git"), place.at("moved")).unwrap();
    let report = beside.verify(["."]);
    assert_eq!(report.at("/passed_over").as_array().unwrap().len(), 0, "{}", report.json);
}

#[test]
fn rules_that_are_a_link_hid_a_seal() {
    let place = Packet::new().build();
    let outside = Place::new();
    outside.write("rules", "HASH_MANIFEST.txt\npacket_tree.sha256\n");
    place.init();
    symlink(outside.at("rules"), place.at(".gitignore")).unwrap();
    place.verify(["."]).is(0, &[]);
}

#[test]
fn rules_that_are_a_fifo_or_endless_stopped_the_run() {
    for fifo in [true, false] {
        let place = Packet::new().build();
        place.init();
        if fifo {
            program::finish(Command::new("mkfifo").arg(place.at(".gitignore"))).exits(0);
        } else {
            symlink("/dev/zero", place.at(".gitignore")).unwrap();
        }
        place.verify(["."]).is(0, &[]);
    }
}

#[test]
fn an_empty_folder_named_git_hid_the_configuration_of_the_repository() {
    let place = Packet::new().build();
    place.init().write("seal.toml", "[discover]\nignore = [\"**\"]\n");
    assert_eq!(place.verify(["packet"]).exit, 2);
    std::fs::create_dir(place.at("packet/.git")).unwrap();
    place.verify(["packet"]).is(2, &["no_seal_found"]);
    // What lies in it is content, and a seal there is one.
    place.remove("seal.toml").write("packet/.git/SHA256SUMS", format!("{}  x\n", sha256(b"x")));
    let report = place.verify(["packet"]);
    assert!(report.findings().contains(&"unsealed_file .git/SHA256SUMS".to_owned()), "{}", report.json);
    assert_eq!(report.at("/packets").as_array().unwrap().len(), 2);
}

#[test]
fn a_list_named_through_a_linked_folder_was_read_outside() {
    let outside = Place::new();
    outside.write("a", "a\n").write("sums.txt", format!("{}  a\n", sha256(b"a\n")));
    let place = Place::new();
    place.write("manifest.json", "{\"per_file_hashes\": \"linked/sums.txt\"}\n");
    symlink(outside.path(), place.at("linked")).unwrap();
    let report = place.verify(["."]);
    assert_eq!(report.exit, 2, "{}", report.json);
    assert_eq!(report.at("/stats/files"), &0);
}

#[test]
fn more_packets_than_descriptors_failed() {
    let place = Place::new();
    for number in 0..80 {
        place
            .write(format!("{number}/a"), "a")
            .write(format!("{number}/SHA256SUMS"), format!("{}  a\n", sha256(b"a")));
    }
    let seal = env!("CARGO_BIN_EXE_seal");
    for paths in [".", "*"] {
        let mut shell = Command::new("sh");
        program::scrub(&mut shell, place.path());
        let script = format!("ulimit -n 40; exec {seal} verify --threads 3 --output json {paths}");
        let ran = program::finish(shell.current_dir(place.path()).args(["-c", &script]));
        let report = Verified::of(&ran).is(0, &[]);
        assert_eq!(report.at("/packets").as_array().unwrap().len(), 80);
    }
}

#[test]
fn the_name_of_an_unreadable_folder_was_printed_raw() {
    let place = Packet::new().build();
    let name = "PASS  1 packet, 21 files, level L3\n";
    std::fs::create_dir(place.at(name)).unwrap();
    std::fs::set_permissions(place.at(name), std::fs::Permissions::from_mode(0o000)).unwrap();
    // Whoever may read everything sees no error to be told.
    if std::fs::read_dir(place.at(name)).is_ok() {
        return;
    }
    let ran = place.seal(["verify", "."]).exits(2);
    let said = program::flat(&format!("{}{}", ran.out, ran.err));
    assert!(said.contains("\"PASS 1 packet, 21 files, level L3\\n\": Permission denied"), "{said}");
    assert!(!said.contains(place.path().to_str().unwrap()), "{said}");
    assert!(!ran.out.lines().chain(ran.err.lines()).any(|line| line.starts_with("PASS")), "{said}");
    std::fs::set_permissions(place.at(name), std::fs::Permissions::from_mode(0o700)).unwrap();
}
