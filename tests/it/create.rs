//! `seal create`: deterministic, readable by every checksum tool, and never over
//! something that was not looked at.

use std::path::Path;
use std::process::Command;

use proptest::prelude::{ProptestConfig, Strategy, prop_assert_eq};

use crate::packet::{EVIDENCE, Packet, Place, sha256};
use crate::program;

/// The evidence without any seal.
fn unsealed() -> Place {
    let place = Place::new();
    for (name, content) in EVIDENCE {
        place.write(format!("packet/{name}"), content);
    }
    place
}

#[test]
fn it_writes_what_packets_of_the_field_hold() {
    let place = unsealed();
    place.seal(["create", "packet"]).exits(0).says(&["sealed packet 4 files", &Packet::new().tree()]);
    assert_eq!(String::from_utf8(place.read("packet/HASH_MANIFEST.txt")).unwrap(), Packet::new().text());
    assert_eq!(place.read("packet/packet_tree.sha256"), format!("{}\n", Packet::new().tree()).into_bytes());
    place.verify(["packet"]).is(0, &[]);
}

#[test]
fn what_a_profile_lets_lie_unsealed_is_left_out() {
    let place = unsealed();
    place.write("packet/evidence/run.log", "raw output\n").write("packet/evidence/deep/more.log", "more\n");
    place.seal(["create", "packet", "--profile", "fix7"]).exits(0).says(&["4 files", "2 left out"]);
    assert_eq!(String::from_utf8(place.read("packet/HASH_MANIFEST.txt")).unwrap(), Packet::new().text());
    place.verify(["packet", "--profile", "fix7"]).is(0, &[]);
    // Without the profile the same files were forgotten.
    assert_eq!(place.verify(["packet"]).exit, 1);
    place.seal(["create", "packet", "--profile", "fix7", "--check"]).exits(0);
    place.seal(["create", "packet", "--check"]).exits(1);
    place.seal(["create", "packet", "--profile", "fix8"]).exits(2).says(&["fix8", "generic, fix7"]);
    // The profile that is configured for the packet counts as well.
    place.write("seal.toml", "[[packet]]\nroot = \"packet\"\nprofile = \"fix7\"\n").init();
    place.seal(["create", "packet", "--check"]).exits(0);
}

#[test]
fn another_list_that_no_longer_agrees_is_told() {
    let place = unsealed();
    let (name, content) = EVIDENCE[0];
    place.write("packet/SHA256SUMS", format!("{}  {name}\n", sha256(content.as_bytes())));
    let told = "another list has other digests for files that are sealed here: SHA256SUMS";
    let out = place.seal(["create", "packet"]).exits(0);
    assert!(!out.out.contains("other digests"), "{}", out.out);
    place.verify(["packet"]).is(0, &[]);
    place.write(format!("packet/{name}"), "edited\n");
    place.seal(["create", "packet"]).exits(0).says(&[told, "renew it and seal again"]);
    assert_eq!(place.verify(["packet"]).exit, 1);
    // In a folder of its own it may tell from there or from the root.
    place.write("packet/SHA256SUMS", format!("{}  {name}\n", sha256(b"edited\n")));
    place.write("packet/lists/SHA256SUMS", format!("{}  {name}\n", sha256(content.as_bytes())));
    place.write("packet/lists/notes_manifest.txt", "this is no list\n");
    place
        .seal(["create", "packet"])
        .exits(0)
        .says(&["another list has other digests for files that are sealed here: lists/SHA256SUMS"]);
}

#[test]
fn the_same_files_give_the_same_seal() {
    let (one, two) = (unsealed(), Place::new());
    // Made in another order, at another time, in another place.
    for (name, content) in EVIDENCE.iter().rev() {
        two.write(format!("elsewhere/deep/{name}"), content);
    }
    one.seal(["create", "packet"]).exits(0);
    program::run(&two.at("elsewhere/deep"), ["create"]).exits(0);
    for name in ["HASH_MANIFEST.txt", "packet_tree.sha256"] {
        assert_eq!(one.read(format!("packet/{name}")), two.read(format!("elsewhere/deep/{name}")));
    }
    one.seal(["create", "packet"]).exits(0).says(&["up to date"]);
}

#[test]
fn check_writes_nothing_and_says_whether_the_seal_is_up_to_date() {
    let place = unsealed();
    place.seal(["create", "--check", "packet"]).exits(1).says(&["not sealed"]);
    assert!(!place.at("packet/HASH_MANIFEST.txt").exists());
    place.seal(["create", "packet"]).exits(0);
    place.seal(["create", "--check", "packet"]).exits(0).says(&["up to date"]);
    place.edit("packet/README.md", |text| text.replace("0057", "0058"));
    let before = place.read("packet/HASH_MANIFEST.txt");
    place.seal(["create", "--check", "packet"]).exits(1).says(&["out of date"]);
    assert_eq!(place.read("packet/HASH_MANIFEST.txt"), before);
    place.seal(["create", "packet"]).exits(0).says(&["resealed"]);
    place.seal(["create", "--check", "packet"]).exits(0);
}

#[test]
fn lengths_survive_a_round_trip() {
    let place = unsealed();
    place.seal(["create", "--manifest-format", "sized", "packet"]).exits(0);
    let text = Packet::new().sized().text();
    assert_eq!(String::from_utf8(place.read("packet/HASH_MANIFEST.txt")).unwrap(), text);
    let report = place.verify(["packet"]).is(0, &[]);
    assert_eq!(*report.at("/packets/0/format"), "sized");
}

#[test]
fn nothing_and_the_unknown_are_refused() {
    let place = Place::new();
    std::fs::create_dir(place.at("empty")).unwrap();
    place.seal(["create", "empty"]).exits(2).says(&["no file to seal"]);
    place.seal(["create", "no-such"]).exits(2);
    place.write("file", "x");
    place.seal(["create", "file"]).exits(2).says(&["not a folder"]);
    assert!(!place.at("empty/HASH_MANIFEST.txt").exists());
}

#[test]
fn what_stands_in_the_way_is_left_alone() {
    let place = unsealed();
    place.write("packet/HASH_MANIFEST.txt/file", "in the way");
    place.seal(["create", "packet"]).exits(2).says(&["stands in the way"]);
    assert_eq!(place.read("packet/HASH_MANIFEST.txt/file"), b"in the way");
    assert!(!place.at("packet/packet_tree.sha256").exists());
}

#[test]
fn an_existing_seal_is_replaced_whole_and_nothing_is_left_behind() {
    let place = unsealed();
    place.write("packet/HASH_MANIFEST.txt", "an old seal\n").write("packet/packet_tree.sha256", "old\n");
    place.seal(["create", "packet"]).exits(0).says(&["resealed"]);
    place.verify(["packet"]).is(0, &[]);
    let mut names: Vec<_> =
        std::fs::read_dir(place.at("packet")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(
        names,
        ["HASH_MANIFEST.txt", "README.md", "decision.json", "packet_tree.sha256", "reports", "scripts"]
    );
}

#[test]
fn nested_seals_are_sealed_like_any_file() {
    let place = unsealed();
    Packet::new().root("packet/inner").build_in(&place);
    place.seal(["create", "packet"]).exits(0);
    let text = String::from_utf8(place.read("packet/HASH_MANIFEST.txt")).unwrap();
    assert!(
        text.contains("  inner/HASH_MANIFEST.txt\n") && text.contains("  inner/packet_tree.sha256\n"),
        "{text}"
    );
    place.verify(["packet"]).is(0, &[]);
}

/// Whether `sha256sum` is GNU's, whose escapes are the ones written.
fn has_sha256sum() -> bool {
    let version = Command::new("sha256sum").arg("--version").output();
    version.is_ok_and(|output| String::from_utf8_lossy(&output.stdout).contains("GNU coreutils"))
}

#[cfg(unix)]
mod unix {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::symlink;

    use super::{Command, Packet, Place, has_sha256sum, program, unsealed};
    use crate::scenes::fifo;

    #[test]
    fn links_and_pipes_cannot_be_sealed() {
        let place = unsealed();
        symlink("README.md", place.at("packet/link")).unwrap();
        place.seal(["create", "packet"]).exits(1).says(&["symlink_entry"]);
        std::fs::remove_file(place.at("packet/link")).unwrap();
        fifo(&place.at("packet/pipe"));
        place.seal(["create", "packet"]).exits(1).says(&["not_a_regular_file"]);
        assert!(!place.at("packet/HASH_MANIFEST.txt").exists());
    }

    /// Names that people and programs trip over.
    const ODD: [&[u8]; 16] = [
        b"new\nline",
        b"carriage\rreturn",
        b"back\\slash",
        b" leading",
        b"trailing ",
        b"*star",
        b"#comment",
        b"2024 report.pdf",
        b"12",
        b"-dash",
        b"caf\xe9",
        "\u{2014}".as_bytes(),
        b"sub/\\n",
        b"sub/a b/c",
        b"\x1b[31mred",
        "\u{202e}txt".as_bytes(),
    ];

    fn odd() -> Place {
        let place = Place::new();
        for (n, name) in ODD.into_iter().enumerate() {
            place.write(
                std::path::Path::new("packet").join(OsStr::from_bytes(name)),
                format!("content {n}\n"),
            );
        }
        place
    }

    #[test]
    fn odd_names_survive_a_round_trip() {
        for format in ["sha256sum", "sized"] {
            let place = odd();
            place.seal(["create", "--manifest-format", format, "packet"]).exits(0);
            let report = place.verify(["packet"]).is(0, &[]);
            assert_eq!(*report.at("/packets/0/entries/intact"), ODD.len());
            // Two-way: one of them gone is one missing.
            place.remove("packet/#comment");
            place.verify(["packet"]).is(1, &["missing_file #comment"]);
        }
    }

    #[test]
    fn it_equals_what_the_shell_writes_and_sha256sum_accepts_it() {
        if !has_sha256sum() {
            return;
        }
        for place in [odd(), Packet::new().build()] {
            place.seal(["create", "packet"]).exits(0);
            let script = "find . -type f ! -path ./HASH_MANIFEST.txt ! -path ./packet_tree.sha256 -print0 \
                          | cut -zc3- | LC_ALL=C sort -z | xargs -0 sha256sum --";
            let mut shell = Command::new("sh");
            program::scrub(&mut shell, place.path());
            let output = shell.current_dir(place.at("packet")).args(["-c", script]).output().unwrap();
            assert!(output.status.success());
            let manifest = place.read("packet/HASH_MANIFEST.txt");
            assert_eq!(String::from_utf8_lossy(&manifest), String::from_utf8_lossy(&output.stdout));
            assert_eq!(manifest, output.stdout);
            let mut check = Command::new("sha256sum");
            program::scrub(&mut check, place.path());
            let output = check
                .current_dir(place.at("packet"))
                .args(["--check", "--strict", "--quiet", "HASH_MANIFEST.txt"])
                .output()
                .unwrap();
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        }
    }
}

/// A component of a name, and some content.
fn file() -> impl Strategy<Value = (String, Vec<u8>)> {
    let name = if cfg!(unix) { "[^/\\x00]{1,12}" } else { "[a-z0-9 _.-]{1,11}[a-z]" };
    let content = proptest::collection::vec(proptest::num::u8::ANY, 0..64);
    let is_usable = |name: &String| {
        let drive =
            name.as_bytes().get(1) == Some(&b':') && name.starts_with(|c: char| c.is_ascii_alphabetic());
        !drive && !name.starts_with("\\\\") && name != "." && name != ".."
    };
    (name.prop_filter("a name that may be sealed", is_usable), content)
}

proptest::proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever the names and contents are, what was just sealed verifies.
    #[test]
    fn what_was_created_verifies(files in proptest::collection::vec(file(), 1..6), deep: bool, sized: bool) {
        let place = Place::new();
        let folder = Path::new("packet").join(if deep { "a/b c" } else { "" });
        for (name, content) in &files {
            place.write(folder.join(name), content);
        }
        let format = if sized { "sized" } else { "sha256sum" };
        place.seal(["create", "--manifest-format", format, "packet"]).exits(0);
        let before = place.read("packet/HASH_MANIFEST.txt");
        prop_assert_eq!(place.read("packet/packet_tree.sha256"), format!("{}\n", sha256(&before)).into_bytes());
        // A name may itself be that of a seal; what it holds then is no concern of this packet.
        let report = place.verify(["--manifest", "packet/HASH_MANIFEST.txt"]);
        let failing: Vec<_> = report.json["findings"].as_array().unwrap().iter().filter(|f| f["severity"] == "error").collect();
        prop_assert_eq!((report.exit, failing), (0, vec![]));
        place.seal(["create", "--check", "--manifest-format", format, "packet"]).exits(0);
    }
}

#[test]
fn sealing_again_did_not_say_what_changed() {
    let place = unsealed();
    place.seal(["create", "packet"]).exits(0);
    place.edit("packet/README.md", |text| text.replace("0057", "0058"));
    place.write("packet/new.txt", "new\n").remove("packet/scripts/run.sh");
    let told = ["changed 1 README.md", "added 1 new.txt", "removed 1 scripts/run.sh"];
    place.seal(["create", "--check", "packet"]).exits(1).says(&told);
    place.seal(["create", "packet"]).exits(0).says(&["resealed"]).says(&told);
    let again = place.seal(["create", "--manifest-format", "sized", "packet"]).exits(0);
    again.says(&["the same files with the same digests"]).never_says(&["changed "]);
    for number in 0..9 {
        place.write(format!("packet/more-{number}.txt"), "more\n");
    }
    place.seal(["create", "packet"]).exits(0).says(&["added 9 more-0.txt, more-1.txt", "and 4 more"]);
}

#[test]
fn files_that_git_ignores_were_sealed_without_a_word() {
    let place = unsealed();
    place
        .init()
        .write(".gitignore", "*.log\n")
        .write("packet/run.log", "done\n")
        .write("packet/kept.log", "x\n");
    place.git(["add", "-f", "packet/kept.log"]);
    let sealed = place.seal(["create", "packet"]).exits(0);
    sealed
        .says(&["1 sealed file is ignored by git, and missing in every clone: run.log", "git add -f"])
        .never_says(&["kept.log"]);
}

/// git had the sealed bytes, which made every edit a proven one.
#[test]
fn an_edit_in_a_repository_was_refused_a_new_seal() {
    let place = unsealed();
    place.seal(["create", "packet"]).exits(0);
    place.init().commit("Seal the packet");
    place.edit("packet/README.md", |text| text.replace("0057", "0058") + "One line more.\n");
    place.seal(["create", "packet"]).exits(0).says(&["resealed", "changed 1 README.md"]);
    place.edit("packet/README.md", |text| text.to_owned() + "And one.\n");
    place.seal(["create", "packet"]).exits(0).says(&["resealed"]);
    place.commit("Edit");
    place.edit("packet/README.md", |text| text.replace('\n', "\r\n"));
    place.seal(["create", "packet"]).exits(2).says(&["reseal_over_drift", "--accept-drift crlf_drift"]);
}

/// The seal of a converted checkout fits no other checkout.
#[test]
fn a_converted_checkout_was_sealed_without_a_word() {
    let place = unsealed();
    place.init().commit("Write it");
    let clone = place.clone_with(&["-c", "core.autocrlf=true"]);
    let before = clone.read("packet/README.md");
    assert!(before.windows(2).any(|pair| pair == b"\r\n"));
    let refused = clone.seal(["create", "packet"]).exits(2);
    refused.says(&["reseal_over_drift", "packet/** -text", "git checkout -- packet"]);
    assert!(!clone.at("packet/HASH_MANIFEST.txt").exists());
    clone.seal(["create", "packet", "--accept-drift", "crlf_drift"]).exits(0);
    // What the message says leads to a seal that every checkout fits.
    clone.remove("packet/HASH_MANIFEST.txt").remove("packet/packet_tree.sha256");
    clone.write(".gitattributes", "packet/** -text\n");
    for (name, _) in EVIDENCE {
        clone.remove(format!("packet/{name}"));
    }
    clone.git(["checkout", "--", "packet"]);
    clone.seal(["create", "packet"]).exits(0).says(&["sealed", &Packet::new().tree()]);
    // What an attribute converts, it converts everywhere.
    place.write(".gitattributes", "*.md eol=crlf\n").commit("Ask for CRLF");
    let clone = place.clone_with(&[]);
    assert!(clone.read("packet/README.md").windows(2).any(|pair| pair == b"\r\n"));
    clone.seal(["create", "packet"]).exits(0).says(&["sealed"]);
}
