//! Repositories made to mislead or to run something when they are asked where
//! damage came in.

use serde_json::Value;

use crate::packet::{Packet, Place};
use crate::program::{self, Verified};

fn origin_of(report: &Verified, code: &str) -> Value {
    report.finding(code)["origin"].clone()
}

#[cfg(unix)]
#[test]
fn names_of_any_bytes_are_followed_through_git() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    let names: [&[u8]; 6] = [b"-rf", b"a\nb", b"quo\"te\\", b"two words", b"\xff\xfe", b":(top)x*[y]"];
    for name in names {
        let place = Place::new();
        let sealed = crate::packet::sha256(b"one\ntwo\n");
        let mut line = format!("{sealed}  ").into_bytes();
        // As checksum tools escape names.
        if name.contains(&b'\n') || name.contains(&b'\\') {
            line.insert(0, b'\\');
        }
        for byte in name {
            match byte {
                b'\n' => line.extend(b"\\n"),
                b'\\' => line.extend(b"\\\\"),
                other => line.push(*other),
            }
        }
        line.push(b'\n');
        place.write("packet/SHA256SUMS", &line);
        let file = std::path::Path::new("packet").join(OsStr::from_bytes(name));
        place.write(&file, "one\ntwo\n").init().commit("Seal").write(&file, "one\nTWO\n").commit("Break");
        let report = place.verify(["packet"]);
        let origin = origin_of(&report, "edited_content");
        assert_eq!(origin["kind"], "committed", "{}", name.escape_ascii());
        assert_eq!(origin["commit"]["subject"], "\"Break\"");
        place.seal(["restore", "packet", "--write"]).exits(0);
        place.verify(["packet"]).is(0, &[]);
        // And the line that is recommended means this file and works.
        place.commit("Back").write(".gitattributes", "* text eol=crlf\n").git(["add", ".gitattributes"]);
        place.git(["commit", "-qm", "Convert"]);
        std::fs::remove_file(place.at(&file)).unwrap();
        place.git(["-c", "core.safecrlf=false", "checkout", "--", "packet"]);
        let report = place.verify(["packet"]);
        let origin = origin_of(&report, "crlf_drift");
        let line = origin["prevented_by"]["line"].as_str().unwrap();
        assert!(line.is_ascii() && !line.contains(['\n', '`']), "{line}");
        place.write(".gitattributes", format!("* text eol=crlf\n*SUMS -text\n{line}\n"));
        place.git(["add", ".gitattributes"]).git(["commit", "-qm", "Keep"]);
        std::fs::remove_file(place.at(&file)).unwrap();
        place.git(["checkout", "--", "packet"]);
        assert_eq!(place.read(&file), b"one\ntwo\n", "{line}");
    }
}

#[cfg(unix)]
#[test]
fn nothing_that_a_repository_names_is_run() {
    let place = Packet::new().build();
    place.init().commit("Seal");
    place.edit("packet/README.md", |text| text.replace("wider", "other")).commit("Break");
    place.edit("packet/decision.json", |text| text.replace("HOLD", "GO"));
    place.remove("packet/scripts/run.sh");
    let ran = place.at("ran");
    let run = format!("touch {}", ran.display());
    for key in [
        "core.fsmonitor",
        "core.pager",
        "core.editor",
        "core.sshCommand",
        "core.alternateRefsCommand",
        "core.askPass",
        "diff.external",
        "diff.evil.command",
        "diff.evil.textconv",
        "filter.evil.smudge",
        "filter.evil.clean",
        "filter.evil.process",
        "credential.helper",
        "gpg.program",
        "uploadpack.packObjectsHook",
        "alias.rev-list",
        "alias.cat-file",
        "alias.ls-tree",
        "pager.log",
        "sequence.editor",
    ] {
        let run = if key.starts_with("alias.") { format!("!{run}") } else { run.clone() };
        place.git(["config", "--file", ".git/config", key, &run]);
    }
    for (key, value) in [
        ("core.hooksPath", ".git/evil"),
        ("core.attributesFile", ".git/evil-attributes"),
        ("core.worktree", "/"),
        ("remote.origin.url", "ext::sh -c touch% ran"),
        ("remote.origin.promisor", "true"),
        ("extensions.partialClone", "origin"),
        ("log.showSignature", "true"),
        ("diff.renames", "copies"),
        ("core.quotePath", "true"),
        ("status.showUntrackedFiles", "all"),
        ("include.path", "/dev/null"),
    ] {
        place.git(["config", "--file", ".git/config", key, value]);
    }
    place.write(".gitattributes", "* filter=evil diff=evil merge=evil\n");
    let report = place.verify(["packet"]);
    assert_eq!(report.exit, 1);
    let findings = report.json["findings"].as_array().unwrap();
    assert!(findings.iter().any(|finding| finding["origin"]["kind"] == "committed"), "{findings:#?}");
    assert!(!ran.exists());
}

#[test]
fn a_broken_object_database_changes_no_verdict() {
    let place = Packet::new().build();
    place.init().commit("Seal");
    place.edit("packet/README.md", |text| text.replace("wider", "other")).commit("Break");
    let objects = place.at(".git/objects");
    for folder in std::fs::read_dir(&objects).unwrap() {
        for object in std::fs::read_dir(folder.unwrap().path()).unwrap() {
            let path = object.unwrap().path();
            std::fs::remove_file(&path).unwrap();
            std::fs::write(&path, "broken").unwrap();
        }
    }
    let report = place.verify(["packet"]);
    assert_eq!(report.exit, 1);
    assert_eq!(origin_of(&report, "edited_content")["kind"], "not_looked_at");
}

#[test]
fn without_git_it_is_said() {
    let place = Packet::new().build();
    place.init().commit("Seal");
    place.edit("packet/README.md", |text| text.replace("wider", "other"));
    let mut command = program::seal(place.path());
    command
        .args(["verify", "packet", "--output", "json", "--search-budget", "4MB"])
        .env("PATH", place.at("packet"));
    let report = Verified::of(&program::finish(&mut command));
    let origin = origin_of(&report, "edited_content");
    assert_eq!((report.exit, &origin["why"]), (1, &"git is not installed".into()));
}
