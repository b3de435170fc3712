//! Names that entries may not have, and things that are not files.

use crate::packet::{Packet, Place, sha256};

/// A packet whose manifest has one more line.
fn with_line(line: &str) -> Place {
    let text = Packet::new().text();
    Packet::new().manifest(text + line).build()
}

#[test]
fn a_digest_of_63_or_65_digits() {
    for digits in [63, 65] {
        let packet = Packet::new();
        let text = packet.text();
        let line = text.lines().next().unwrap();
        let cut = if digits == 63 { line[1..].to_owned() } else { format!("0{line}") };
        let place = packet.manifest(text.replacen(line, &cut, 1)).build();
        let report = place.verify(["packet"]).is(1, &["malformed_digest README.md"]);
        let digits = digits.to_string();
        assert_eq!(report.finding("malformed_digest")["location"]["line"], 1);
        report.tells("malformed_digest", &[&digits]);
    }
}

#[test]
fn a_path_twice_with_the_same_and_with_another_digest() {
    let own = sha256(crate::packet::EVIDENCE[0].1.as_bytes());
    let other = sha256(b"other");
    for line in [
        format!("{own}  README.md\n"),
        format!("{own}  ./README.md\n"),
        format!("{other}  README.md\n"),
        format!("{other}  ./README.md\n"),
    ] {
        let report = with_line(&line).verify(["packet"]);
        let found: Vec<String> =
            report.findings().into_iter().filter(|finding| !finding.starts_with("manifest_")).collect();
        assert_eq!((report.exit, found), (1, vec!["duplicate_path README.md".to_owned()]), "{line}");
        assert_eq!(report.finding("duplicate_path")["location"]["line"], 5);
    }
}

#[test]
fn names_that_leave_the_root_are_refused_and_nothing_is_opened() {
    let digest = sha256(b"secret");
    for (name, code) in [
        ("../outside.txt", "path_traversal"),
        ("reports/../../outside.txt", "path_traversal"),
        ("/etc/hostname", "bad_path"),
        ("C:/outside.txt", "bad_path"),
        ("reports\\outside.txt", "bad_path"),
        ("//server/share/outside.txt", "bad_path"),
        ("reports//outside.txt", "bad_path"),
        ("reports/./outside.txt", "bad_path"),
    ] {
        let place = with_line(&format!("{digest}  {name}\n"));
        place.write("outside.txt", "secret");
        let report = place.verify(["packet"]);
        let codes: Vec<String> = report.findings();
        assert_eq!((report.exit, codes.len()), (1, 1), "{name}: {codes:?}");
        let got = report.json["findings"][0]["code"].as_str().unwrap();
        let absolute = name.starts_with('/') || name.starts_with('C');
        assert!(got == code || (absolute && ["path_traversal", "bad_path"].contains(&got)), "{name}: {got}");
        assert!(report.json["findings"][0].get("found").is_none(), "{name} was opened");
        assert_eq!(report.json["findings"][0]["location"]["line"], 5, "{name}");
    }
}

#[test]
fn a_tilde_is_a_name() {
    let place = Packet::new().file("~", "a file").file("~ina/notes.txt", "another").build();
    place.verify(["packet"]).is(0, &[]);
}

#[test]
fn moved_bytes_are_found() {
    let place = Packet::new().build();
    place.rename("packet/reports/summary.md", "packet/archive/old.md");
    let report = place.verify(["packet"]).is(1, &["moved reports/summary.md"]);
    assert_eq!(report.finding("moved")["others"][0]["path"], "archive/old.md");
    report.tells("moved", &["mv -- packet/archive/old.md packet/reports/summary.md"]);
}

#[test]
fn a_command_never_holds_a_name_that_a_shell_would_run() {
    for name in ["$(touch owned).md", "`touch owned`.md", "a;touch owned", "ALL_PASS.md", "two words.md"] {
        let place = Packet::new().build();
        place.rename("packet/reports/summary.md", format!("packet/{name}"));
        let help = place.verify(["packet"]).finding("moved")["help"].as_str().unwrap().to_owned();
        assert!(help.contains("reports/summary.md"), "{help}");
        // Quoted so that a shell reads bytes, and no word a verdict outside of quotes.
        assert!(!help.contains("$(") && !help.contains("`touch"), "{help}");
        let quoted = format!("\"packet/{name}\"");
        assert!(help.contains(&quoted) || help.contains("$'"), "{help}");
    }
}

#[test]
fn operating_system_litter_is_one_finding() {
    let place = Packet::new().build();
    place
        .write("packet/.DS_Store", "x")
        .write("packet/reports/.DS_Store", "x")
        .write("packet/Thumbs.db", "x");
    place
        .verify(["packet"])
        .is(1, &["unsealed_file .DS_Store"])
        .tells("unsealed_file", &["3 files", "delete them"]);
}

#[test]
fn a_deeper_git_folder_is_content() {
    let place = Packet::new().build();
    place.write("packet/vendor/.git/config", "[core]\n");
    place.verify(["packet"]).is(1, &["unsealed_file vendor/.git/config"]);
    let place = Packet::new().root("").build();
    place.init();
    place.verify(["."]).is(0, &[]);
}

#[cfg(unix)]
mod unix {
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::symlink;

    use super::{Packet, sha256};
    use crate::scenes::fifo;

    #[test]
    fn a_link_that_leaves_the_root() {
        for follow in [false, true] {
            let place = Packet::new().build();
            place.rename("packet/README.md", "outside.md");
            symlink("../outside.md", place.at("packet/README.md")).unwrap();
            let mut args = vec!["packet"];
            args.extend(follow.then_some("--symlinks=follow-inside"));
            place.verify(args).is(1, &["symlink_entry README.md"]).tells("symlink_entry", &["../outside.md"]);
        }
    }

    #[test]
    fn a_folder_that_is_a_link_out_of_the_root() {
        for follow in [false, true] {
            let place = Packet::new().build();
            place.rename("packet/reports", "elsewhere");
            symlink("../elsewhere", place.at("packet/reports")).unwrap();
            let mut args = vec!["packet"];
            args.extend(follow.then_some("--symlinks=follow-inside"));
            let report = place.verify(args);
            let found = report.findings();
            assert_eq!(report.exit, 1);
            assert!(found.contains(&"symlink_entry reports/summary.md".to_owned()), "{found:?}");
            assert!(
                found.iter().all(|f| f.starts_with("symlink_entry") || f == "unsealed_file reports"),
                "{found:?}"
            );
        }
    }

    #[test]
    fn a_link_inside_is_a_finding_unless_asked_to_follow() {
        let place = Packet::new().build();
        place.rename("packet/README.md", "packet/reports/README.md");
        symlink("reports/README.md", place.at("packet/README.md")).unwrap();
        let report = place.verify(["packet"]);
        assert_eq!(report.exit, 1);
        assert!(report.findings().contains(&"symlink_entry README.md".to_owned()), "{:?}", report.findings());
        let follow = ["packet", "--symlinks", "follow-inside"];
        place.verify(follow).is(1, &["unsealed_file reports/README.md"]);
    }

    #[test]
    fn pipes_and_folders_are_never_opened() {
        let place = Packet::new().build();
        place.remove("packet/README.md");
        fifo(&place.at("packet/README.md"));
        place.verify(["packet"]).is(1, &["not_a_regular_file README.md"]);
        // One that no entry names is still there.
        let place = Packet::new().build();
        fifo(&place.at("packet/pipe"));
        place.verify(["packet"]).is(1, &["unsealed_file pipe"]);
        // And one that has the name of a seal.
        let place = Packet::new().list("SHA256SUMS").build();
        fifo(&place.at("packet/HASH_MANIFEST.txt"));
        let report = place.verify(["packet"]);
        assert_eq!(report.exit, 2, "{:?}", report.findings());
        let place = Packet::new().build();
        place.remove("packet/packet_tree.sha256");
        fifo(&place.at("packet/packet_tree.sha256"));
        place.verify(["packet"]).is(1, &["pin_malformed packet_tree.sha256"]);
    }

    #[test]
    fn names_that_differ_only_in_normalisation_or_case() {
        let (nfc, nfd) = ("r\u{e9}sum\u{e9}.txt", "re\u{301}sume\u{301}.txt");
        for (sealed, found, how) in [(nfc, nfd, "NFD"), (nfd, nfc, "NFC"), ("README.md", "ReadMe.md", "case")]
        {
            let place = Packet::empty().file(sealed, "one\n").file("b", "two\n").build();
            let packet = place.at("packet");
            // On a file system that keeps only one spelling there is nothing to find.
            std::fs::rename(packet.join(sealed), packet.join(found)).unwrap();
            if packet.join(sealed).exists() {
                continue;
            }
            let report = place.verify(["packet"]).is(1, &[&format!("renamed {sealed}")]);
            assert_eq!(report.finding("renamed")["grade"], "proven_by_original");
            let message = report.finding("renamed")["message"].as_str().unwrap().to_owned();
            assert!(
                message.contains(how) || message.contains("normali") || message.contains("Unicode"),
                "{message}"
            );
        }
    }

    #[test]
    fn names_that_are_no_utf8_are_reported_in_base64() {
        let name = std::ffi::OsStr::from_bytes(b"caf\xe9.txt");
        let place = Packet::new().build();
        if std::fs::write(place.at("packet").join(name), "x").is_err() {
            return;
        }
        let report = place.verify(["packet"]);
        let finding = report.finding("unsealed_file");
        assert_eq!((report.exit, &finding["path"]), (1, &"caf\u{fffd}.txt".into()));
        assert_eq!(finding["path_bytes"], data_encoding::BASE64.encode(b"caf\xe9.txt"));
        let mut manifest = format!("{}  ", sha256(b"x")).into_bytes();
        manifest.extend(b"caf\xe9.txt\n");
        place.write("packet/HASH_MANIFEST.txt", [Packet::new().text().as_bytes(), &manifest].concat());
        place.remove("packet/packet_tree.sha256");
        place.verify(["packet"]).is(0, &[]);
    }
}

/// What people read of a file that is not the sealed one.
#[test]
fn messages_count_bytes_and_name_the_line_to_correct() {
    let text = Packet::new().sized().text();
    let packet = || Packet::new().sized().manifest(&text);
    let place = packet().build();
    place.write("packet/scripts/run.sh", "x");
    let length = text.lines().find(|line| line.ends_with("run.sh")).unwrap().split(' ').nth(1).unwrap();
    let due = format!("\"scripts/run.sh\" has 1 byte, and {length} were sealed");
    place.verify(["packet"]).tells("byte_length_mismatch", &[&due]);
    place.write("packet/scripts/run.sh", "x".repeat(length.parse().unwrap()));
    let due = format!("\"scripts/run.sh\" has the sealed length of {length} bytes and other bytes");
    place.verify(["packet"]).tells("same_length_hash_mismatch", &[&due]);

    // A list that nobody pinned may be corrected; what a cause is proven for is put back.
    let place = Packet::new().list("SHA256SUMS").build();
    place.write("packet/scripts/run.sh", "x");
    let digest = sha256(b"x");
    place
        .verify(["packet"])
        .tells("edited_content", &[&format!("write {digest} in line 4 of \"SHA256SUMS\"")]);
    place.edit("packet/README.md", |text| text.replace('\n', "\r\n"));
    let report = place.verify(["packet"]);
    let drift = report.finding("crlf_drift");
    assert_eq!(drift["message"], "\"README.md\": line endings changed");
    assert!(!drift["help"].as_str().unwrap().contains("SHA256SUMS"), "{drift}");
}

/// A manifest whose only entry was refused is not called empty as well.
#[test]
fn one_refused_entry_is_not_no_entry() {
    let line = format!("{}  ../a\n", sha256(b"x"));
    let report = Packet::empty().manifest(&line).build().verify(["packet"]);
    assert_eq!(report.findings().len(), 1, "{:?}", report.findings());
    assert!(!report.finding("path_traversal")["help"].as_str().unwrap().is_empty());
    let itself = Packet::empty().manifest(line.replace("../a", "HASH_MANIFEST.txt")).build();
    let report = itself.verify(["packet"]);
    report.finding("manifest_empty");
    report.finding("manifest_lists_itself");
}

/// The line that is refused is shown.
#[test]
fn a_refused_line_is_shown_with_its_place() {
    let place = with_line(&format!("{}  ../a\n", sha256(b"x")));
    let shown = format!("{}  ../a", sha256(b"x"));
    place.seal(["verify", "packet"]).exits(1).says(&["HASH_MANIFEST.txt:5:", &shown]);
}

/// A title that begins with a name of its own keeps its capital.
#[test]
fn a_title_in_a_sentence_begins_small_unless_it_is_a_name() {
    let place = Packet::new().build();
    place.edit("packet/decision.json", |text| text.replace('\u{2014}', "\\u2014"));
    let report = place.verify(["packet"]);
    let message = report.finding("json_ensure_ascii_drift")["message"].as_str().unwrap().to_owned();
    assert!(message.starts_with("\"decision.json\": JSON "), "{message}");
}

/// A file too long to be hashed in search of moved bytes is told of.
#[cfg(unix)]
#[test]
fn what_was_not_compared_in_search_of_a_missing_file_is_counted() {
    let place = Packet::new().build();
    place.remove("packet/scripts/run.sh");
    let report = place.verify(["packet"]);
    assert!(
        report.finding("missing_file").get("observations").is_none_or(|all| all == &serde_json::json!([]))
    );
    std::fs::File::create(place.at("packet/huge")).unwrap().set_len((1 << 30) + 1).unwrap();
    let report = place.verify(["packet"]);
    let said = serde_json::json!(["not compared in search of the moved bytes: 1 unsealed file"]);
    assert_eq!(report.finding("missing_file")["observations"], said);
}

#[test]
fn the_manifest_and_its_pin_are_told_apart_where_the_manifest_lists_them() {
    for (name, what) in [("HASH_MANIFEST.txt", "itself"), ("packet_tree.sha256", "its own pin")] {
        let place = with_line(&format!("{}  {name}\n", sha256(b"x")));
        let due = format!("the manifest lists {what}, \"{name}\": such an entry can never match");
        place.verify(["packet"]).tells("manifest_lists_itself", &[&due]);
    }
}
