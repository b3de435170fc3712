//! Which folder names refer to, and what a PATH means.

use crate::packet::{Packet, Place, sha256};

/// A repository with a list in `release/` that was written from the root.
fn written_from_the_root() -> Place {
    let place = Packet::new().list("SHA256SUMS").root("").build();
    place.init().rename("SHA256SUMS", "release/SHA256SUMS");
    place
}

#[test]
fn a_list_written_from_the_repository_root() {
    let place = written_from_the_root();
    for path in [".", "release", "release/SHA256SUMS"] {
        let report = place.verify([path]);
        assert_eq!((report.exit, report.findings().len()), (0, 1), "{path}: {:?}", report.findings());
        assert_eq!(report.finding("root_inferred")["severity"], "note");
        assert_eq!(*report.at("/packets/0/root"), ".");
        assert_eq!(*report.at("/packets/0/entries/intact"), 4);
    }
    place.seal(["verify", "release", "-v"]).exits(0).says(&["4 exist there, 0 beside the manifest"]);
}

#[test]
fn the_folder_of_the_list_wins_a_tie() {
    let place = written_from_the_root();
    for (name, content) in crate::packet::EVIDENCE {
        place.write(format!("release/{name}"), content);
    }
    let report = place.verify(["release"]).is(0, &[]);
    assert_eq!(*report.at("/packets/0/root"), "release");
}

#[test]
fn two_roots_that_fit_in_part_are_refused() {
    let place = written_from_the_root();
    place.rename("README.md", "release/README.md");
    let report = place.verify(["."]);
    assert_eq!((report.exit, report.findings().len()), (2, 1), "{:?}", report.findings());
    let report = report.tells(
        "root_ambiguous",
        &["only beside the manifest: 1, only under the repository root: 3", "--root"],
    );
    assert_eq!(report.at("/packets/0/entries/intact"), &0);
    // The command that the help gives, with the folder filled in, settles it.
    let help = report.finding("root_ambiguous")["help"].as_str().unwrap().replace('"', "");
    assert!(help.contains("--manifest release/SHA256SUMS --root"), "{help}");
    let given = place.verify(["--manifest", "release/SHA256SUMS", "--root", "."]);
    given.is(1, &["renamed README.md"].map(|_| "moved README.md"));
    let given = place.verify(["--manifest", "release/SHA256SUMS", "--root", "release"]);
    assert_eq!((given.exit, given.at("/packets/0/entries/intact")), (1, &1.into()));
}

#[test]
fn no_third_folder_is_ever_guessed() {
    let place = written_from_the_root();
    place.write("sibling/only.txt", "x");
    place.write("release/other/SHA256SUMS", format!("{}  only.txt\n", sha256(b"x")));
    let report = place.verify(["release/other"]);
    let found = report.findings();
    assert!(found.contains(&"root_not_found SHA256SUMS".to_owned()), "{found:?}");
    assert_ne!(report.exit, 0);
}

#[test]
fn a_packet_always_means_its_own_folder() {
    let place = Packet::new().root("").build();
    place.init().rename("HASH_MANIFEST.txt", "sealed/HASH_MANIFEST.txt");
    place.rename("packet_tree.sha256", "sealed/packet_tree.sha256");
    let report = place.verify(["sealed"]);
    assert_eq!(
        (report.exit, report.at("/packets/0/entries/missing")),
        (1, &4.into()),
        "{:?}",
        report.findings()
    );
}

#[test]
fn without_a_repository_there_is_one_root() {
    let place = Packet::new().list("SHA256SUMS").root("").build();
    place.rename("SHA256SUMS", "release/SHA256SUMS");
    let report = place.verify(["."]);
    assert_ne!(report.exit, 0, "{:?}", report.findings());
    assert!(report.findings().contains(&"root_not_found SHA256SUMS".to_owned()));
    let report = place.verify(["--manifest", "release/SHA256SUMS", "--root", "."]).is(0, &[]);
    assert_eq!(*report.at("/packets/0/entries/intact"), 4);
}

#[test]
fn a_plain_file_is_judged_alone_and_partially() {
    for packet in [Packet::new(), Packet::new().list("SHA256SUMS")] {
        let place = packet.build();
        // A repository bounds how far up seals are looked for.
        place.init().write("packet/notes.txt", "not listed\n");
        place.write("packet/decision.json", "{}\n");
        let report = place.verify(["packet/reports/summary.md"]).is(0, &[]);
        assert!(!report.complete());
        assert_eq!(
            (report.at("/packets/0/entries/total"), report.at("/stats/files")),
            (&1.into(), &1.into())
        );
        let ran = place.seal(["verify", "packet/reports/summary.md"]).exits(0);
        ran.says(&["partial"]).never_says(&["PASS"]);
        let report = place.verify(["packet/decision.json"]).is(1, &["edited_content decision.json"]);
        assert!(!report.complete());
        place
            .verify(["packet/notes.txt"])
            .is(2, &["no_entry_for_path"])
            .tells("no_entry_for_path", &["--manifest FILE"]);
    }
}

#[test]
fn a_sidecar_is_an_entry_for_its_file() {
    let place = Place::new();
    place.write("tool.tar.gz", "bytes").write("tool.tar.gz.sha256", format!("{}\n", sha256(b"bytes")));
    for path in [".", "tool.tar.gz.sha256"] {
        let report = place.verify([path]).is(0, &[]);
        assert_eq!(*report.at("/packets/0/format"), "sidecar");
    }
    assert!(!place.verify(["tool.tar.gz"]).is(0, &[]).complete());
    place.write("tool.tar.gz", "other");
    place.verify(["."]).is(1, &["edited_content tool.tar.gz"]);
}

#[test]
fn nothing_to_verify_is_an_error_unless_it_is_allowed() {
    let place = Place::new();
    place.write("a.txt", "a");
    place.verify(["."]).is(2, &["no_seal_found"]).tells("no_seal_found", &["seal create", "--allow-empty"]);
    let report = place.verify([".", "--allow-empty"]).is(0, &[]);
    assert!(!report.complete());
    place.seal(["verify", "--allow-empty"]).exits(0).never_says(&["PASS"]);
    place.verify(["no/such"]).is(2, &["path_unreadable"]);
}

#[test]
fn ignored_seals_are_passed_over_and_tracked_ones_verified() {
    let place = Packet::new().root("").build();
    for folder in ["node_modules/dep", "target/x"] {
        place.write(format!("{folder}/SHA256SUMS"), format!("{}  gone.txt\n", sha256(b"gone")));
    }
    place.init().write(".gitignore", "node_modules/\ntarget/\n");
    place.git(["add", "--force", "target/x/SHA256SUMS"]).git(["commit", "--quiet", "-m", "Record"]);
    let report = place.verify(["."]);
    let lists: Vec<&str> =
        report.at("/packets").as_array().unwrap().iter().map(|p| p["manifest"].as_str().unwrap()).collect();
    assert_eq!(lists, ["HASH_MANIFEST.txt", "target/x/SHA256SUMS"]);
    assert_eq!(*report.at("/passed_over/0/path"), "node_modules/dep/SHA256SUMS");
    assert!(report.at("/passed_over/0/reason").as_str().unwrap().contains(".gitignore"));
    // The comparison ignores nothing: an ignored file is still unsealed.
    assert!(report.findings().contains(&"unsealed_file node_modules/dep/SHA256SUMS".to_owned()));
}
