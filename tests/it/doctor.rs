//! `seal doctor`: what git, editors, hooks and other systems would do to sealed
//! files, seen in real repositories; and the change that prevents it.

use serde_json::Value;

use crate::packet::{Packet, Place};
use crate::program::Ran;

/// Runs `doctor --output json` here, with the schema checked.
#[track_caller]
fn doctor(place: &Place, arguments: &[&str]) -> Value {
    let ran = place.seal([&["doctor", "--output", "json"], arguments].concat());
    let json: Value = serde_json::from_str(&ran.out).unwrap_or_else(|_| panic!("{}{}", ran.out, ran.err));
    assert_eq!(json["exit_code"], ran.exit, "{json:#}");
    fits_the_schema(&json);
    json
}

fn fits_the_schema(value: &Value) {
    let schema: Value = serde_json::from_str(include_str!("../../schema/seal.doctor.v1.json")).unwrap();
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    let errors: Vec<String> =
        validator.iter_errors(value).map(|e| format!("{e} at {}", e.instance_path())).collect();
    assert!(errors.is_empty(), "{errors:#?}\n{value:#}");
}

/// `id file:line sealed,sealed` of every risk, sorted.
fn risks(json: &Value) -> Vec<String> {
    let one = |risk: &Value| {
        let sealed: Vec<&str> =
            risk["sealed"].as_array().unwrap().iter().map(|path| path["path"].as_str().unwrap()).collect();
        let file = risk["file"].as_str().unwrap_or("-");
        let line = risk["line"].as_u64().map_or_else(String::new, |line| format!(":{line}"));
        format!("{} {file}{line} {}", risk["id"].as_str().unwrap(), sealed.join(","))
    };
    let mut all: Vec<String> = json["risks"].as_array().unwrap().iter().map(one).collect();
    all.sort();
    all
}

fn ids(json: &Value) -> Vec<String> {
    let mut ids: Vec<String> = json["risks"]
        .as_array()
        .unwrap()
        .iter()
        .map(|risk| risk["id"].as_str().unwrap().to_owned())
        .collect();
    ids.dedup();
    ids
}

/// The lines to add for the first risk of that kind.
#[track_caller]
fn lines(json: &Value, id: &str) -> Vec<String> {
    let risk = json["risks"].as_array().unwrap().iter().find(|risk| risk["id"] == id);
    let risk = risk.unwrap_or_else(|| panic!("no {id} in {json:#}"));
    risk["add"].as_array().unwrap().iter().map(|line| line.as_str().unwrap().to_owned()).collect()
}

fn small() -> Packet {
    Packet::empty().file("a.md", "one\ntwo\n").file("b.bin", b"\0\r\n\n")
}

/// A repository in which everything is committed.
fn committed(packet: &Packet, more: &[(&str, &str)]) -> Place {
    let place = packet.build();
    for (name, content) in more {
        place.write(name, content);
    }
    place.init().git(["add", "--all"]).git(["commit", "--quiet", "--message", "sealed"]);
    place
}

#[test]
fn a_packet_out_of_gits_hands_has_no_risk() {
    let place = committed(&small(), &[(".gitattributes", "packet/** -text\n")]);
    let json = doctor(&place, &[]);
    assert_eq!(risks(&json), [] as [&str; 0]);
    assert_eq!(json["scope"], serde_json::json!({ "seals": 1, "files": 4 }));
    place.seal(["doctor"]).exits(0).says(&["nothing found that would break 4 sealed files of 1 seal"]);
}

#[test]
fn line_ends_that_only_other_machines_convert_are_a_warning() {
    let place = committed(&small(), &[]);
    let json = doctor(&place, &[]);
    let sealed = "packet/HASH_MANIFEST.txt,packet/a.md,packet/packet_tree.sha256";
    assert_eq!(risks(&json), [format!("line_ends_may_convert - {sealed}")], "not the binary file");
    assert_eq!(lines(&json, "line_ends_may_convert"), ["packet/** -text"]);
    place.seal(["doctor"]).exits(1).says(&[
        "warning",
        "core.autocrlf=true",
        "packet/** -text",
        "exit status 1",
    ]);
}

#[test]
fn line_ends_that_this_machine_converts_are_an_error() {
    let place = committed(
        &small(),
        &[(".gitattributes", "# notes\n*.md text eol=crlf\npacket/HASH* -text\npacket/packet* -text\n")],
    );
    let json = doctor(&place, &[]);
    assert_eq!(risks(&json), ["line_ends_converted .gitattributes:2 packet/a.md"]);
    let place = committed(&small(), &[]);
    place.git(["config", "core.autocrlf", "true"]);
    let json = doctor(&place, &[]);
    assert_eq!(ids(&json), ["line_ends_converted"]);
    let message = json["risks"][0]["message"].as_str().unwrap();
    assert!(message.contains("core.autocrlf=true in .git/config"), "{message}");
}

#[test]
fn the_written_line_holds_in_a_clone_that_converts() {
    let place = committed(&small(), &[(".gitattributes", "* text=auto\r\n*.txt\ttext")]);
    let clone = |name: &str| {
        place.git(["clone", "--quiet", "--config", "core.autocrlf=true", ".", name]);
        place.seal(["verify", "--no-explain", &format!("{name}/packet")])
    };
    clone("before").exits(1);
    let ran = place.seal(["doctor", "--fix", "packet"]);
    let patch = "--- a/.gitattributes\n+++ b/.gitattributes\n@@ -1,2 +1,3 @@\n";
    assert!(ran.out.contains(patch) && ran.out.contains("+packet/** -text"), "{}", ran.out);
    assert_eq!(place.read(".gitattributes"), b"* text=auto\r\n*.txt\ttext", "a patch writes nothing");
    place
        .seal(["doctor", "--fix", "--write", "packet"])
        .exits(0)
        .says(&["changed .gitattributes 1 line added"]);
    assert_eq!(place.read(".gitattributes"), b"* text=auto\r\n*.txt\ttext\r\npacket/** -text\r\n");
    assert_eq!(ids(&doctor(&place, &["packet"])), [] as [&str; 0]);
    place.git(["commit", "--quiet", "--all", "--message", "keep it"]);
    clone("after").exits(0);
}

#[test]
fn the_patch_applies() {
    let place = committed(&small(), &[]);
    let ran = place.seal(["doctor", "--fix"]);
    place.write("fix.patch", &ran.out);
    place.git(["apply", "fix.patch"]);
    assert_eq!(place.read(".gitattributes"), b"packet/** -text\n");
    assert_eq!(doctor(&place, &["--fix"])["patch"], "");
}

#[test]
fn every_attribute_that_changes_bytes_is_taken_away_by_one_line() {
    let attributes = "a.md filter=tidy ident export-subst export-ignore merge=union\n\
        b.md filter=lfs\nc.md working-tree-encoding=UTF-16\npacket/** -text\n";
    let packet = Packet::empty().file("a.md", "$Id$ $Format:%H$\n").file("b.md", "x\n");
    let place = committed(&packet, &[]);
    place.write(".gitattributes", attributes).write("packet/c.md", "c\n");
    let json = doctor(&place, &["--isolated"]);
    assert_eq!(
        risks(&json),
        [
            "export_ignore .gitattributes:1 packet/a.md",
            "export_subst .gitattributes:1 packet/a.md",
            "filter_attribute .gitattributes:1 packet/a.md",
            "git_lfs .gitattributes:2 packet/b.md",
            "ident_expansion .gitattributes:1 packet/a.md",
            "merge_union .gitattributes:1 packet/a.md",
        ]
    );
    assert_eq!(lines(&json, "git_lfs"), ["packet/** -filter -ident -export-subst -export-ignore -merge"]);
    place.seal(["doctor", "--fix", "--write"]).exits(0);
}

#[test]
fn an_encoding_is_made_unspecified_since_git_refuses_to_have_it_unset() {
    let place = committed(&small(), &[]);
    place.write(".gitattributes", "*.md working-tree-encoding=UTF-16LE\n* -text\n");
    let json = doctor(&place, &[]);
    assert_eq!(risks(&json), ["encoding_conversion .gitattributes:1 packet/a.md"]);
    place.seal(["doctor", "--fix", "--write"]).exits(0);
    place.git(["add", "--all"]);
}

#[test]
fn a_folder_that_archives_leave_out_is_found() {
    let place = committed(&small(), &[(".gitattributes", "packet/ export-ignore\n* -text\n")]);
    let json = doctor(&place, &[]);
    let all = "packet/HASH_MANIFEST.txt,packet/a.md,packet/b.bin,packet/packet_tree.sha256";
    assert_eq!(risks(&json), [format!("export_ignore - {all}")]);
    assert_eq!(lines(&json, "export_ignore"), ["/packet/ -export-ignore"]);
    place.seal(["doctor", "--fix", "--write"]).exits(0);
}

#[test]
fn a_file_that_counts_more_than_the_roots_is_named() {
    let place = committed(&small(), &[("packet/.gitattributes", "\n*.md text\n")]);
    let json = doctor(&place, &[]);
    let risk = json["risks"]
        .as_array()
        .unwrap()
        .iter()
        .find(|risk| risk["file"] == "packet/.gitattributes")
        .unwrap();
    assert_eq!((risk["id"].as_str(), risk["line"].as_u64()), (Some("line_ends_may_convert"), Some(2)));
    assert!(risk["fix"].as_str().unwrap().contains("line 2 of \"packet/.gitattributes\""), "{risk:#}");
    let left = place.seal(["doctor", "--fix", "--write"]).exits(1);
    left.says(&["packet/.gitattributes:2"]);
}

#[test]
fn protection_that_only_this_machine_has_is_said() {
    let place = committed(&small(), &[]);
    place.write(".git/info/attributes", "* -text\n");
    assert_eq!(ids(&doctor(&place, &[])), ["attributes_not_shared"]);
    assert_eq!(doctor(&place, &[])["risks"][0]["file"], ".git/info/attributes");
    place.remove(".git/info/attributes");
    place.write("own", "* -text\n").git(["config", "core.attributesFile", place.at("own").to_str().unwrap()]);
    assert_eq!(ids(&doctor(&place, &[])), ["attributes_not_shared"]);
    place.seal(["doctor", "--fix", "--write"]).exits(0);
}

#[test]
fn files_that_no_clone_has_are_found() {
    let place = committed(&Packet::new(), &[(".gitattributes", "* -text\n"), (".gitignore", "*.md\n")]);
    let json = doctor(&place, &[]);
    assert_eq!(
        risks(&json),
        ["ignored_file .gitignore:1 packet/README.md", "ignored_file .gitignore:1 packet/reports/summary.md"]
    );
    assert_eq!(lines(&json, "ignored_file"), ["!packet/README.md"]);
    place.git(["add", "--force", "packet"]).git(["rm", "--quiet", "--cached", "packet/decision.json"]);
    assert_eq!(risks(&doctor(&place, &[])), ["untracked_file - packet/decision.json"]);
}

#[test]
fn a_submodule_and_a_sparse_checkout_are_found() {
    let inner = Place::new();
    inner.write("inner.txt", "x\n").init().git(["add", "."]).git(["commit", "--quiet", "--message", "x"]);
    let place = Place::new();
    place.init();
    let from = inner.path().to_str().unwrap();
    place.git(["-c", "protocol.file.allow=always", "submodule", "--quiet", "add", from, "packet/sub"]);
    small().file("sub/inner.txt", "x\n").build_in(&place);
    place.write(".gitattributes", "* -text\n").git(["add", "--all"]).git([
        "commit",
        "--quiet",
        "--message",
        "x",
    ]);
    let json = doctor(&place, &[]);
    assert_eq!(risks(&json), ["submodule_file - packet/sub/inner.txt"]);

    let place =
        committed(&small().file("deep/x.md", "x\n"), &[(".gitattributes", "* -text\n"), ("keep/x", "")]);
    place.git(["sparse-checkout", "set", "--no-cone", "/*", "!packet/deep/"]);
    assert_eq!(risks(&doctor(&place, &[])), ["sparse_checkout - packet/deep/x.md"]);
}

#[cfg(unix)]
#[test]
fn names_that_other_systems_cannot_hold_are_found() {
    let long = format!("{}/x.md", "folder/".repeat(30));
    let packet = Packet::empty()
        .file("README.md", "a\n")
        .file("Readme.md", "b\n")
        .file("aux.txt", "c\n")
        .file("what?.md", "d\n")
        .file("e\u{301}.md", "e\n")
        .file(&long.replace("//", "/"), "f\n");
    let place = committed(&packet, &[(".gitattributes", "* -text\n")]);
    std::os::unix::fs::symlink("README.md", place.at("packet/link.md")).unwrap();
    let json = doctor(&place, &[]);
    let found = risks(&json);
    assert!(found.contains(&"case_collision - packet/README.md,packet/Readme.md".to_owned()), "{found:#?}");
    assert!(found.contains(&"windows_name - packet/aux.txt,packet/what?.md".to_owned()), "{found:#?}");
    assert!(found.contains(&"name_form - packet/e\u{301}.md".to_owned()), "{found:#?}");
    assert!(found.iter().any(|risk| risk.starts_with("long_path - packet/folder")), "{found:#?}");
}

#[cfg(unix)]
#[test]
fn a_sealed_link_is_found() {
    let place = small().file("link.md", "one\ntwo\n").build();
    place.remove("packet/link.md").write(".gitattributes", "* -text\n");
    std::os::unix::fs::symlink("a.md", place.at("packet/link.md")).unwrap();
    place.init().git(["add", "--all"]);
    assert_eq!(risks(&doctor(&place, &[])), ["linked_file - packet/link.md"]);
}

#[test]
fn editors_that_would_change_a_byte_are_found() {
    let editorconfig = "root = true\n[*]\nindent_style = space\ntrim_trailing_whitespace = true\n\
        end_of_line = lf\n[*.md]\ninsert_final_newline = true\n";
    let packet = Packet::empty().file("a.md", "no end").file("b.txt", "blanks \n").file("c.txt", "c\n");
    let more = [(".gitattributes", "* -text\n"), (".editorconfig", editorconfig)];
    let place = committed(&packet, &more);
    let json = doctor(&place, &[]);
    assert_eq!(
        risks(&json),
        [
            "editorconfig_rewrites .editorconfig:4 packet/b.txt",
            "editorconfig_rewrites .editorconfig:7 packet/a.md"
        ]
    );
    let lines = lines(&json, "editorconfig_rewrites");
    assert_eq!(lines[0], "[packet/**]");
    assert!(lines.contains(&"trim_trailing_whitespace = unset".to_owned()), "{lines:?}");
    place.write(".editorconfig", format!("{editorconfig}\n{}\n", lines.join("\n")));
    assert_eq!(ids(&doctor(&place, &[])), [] as [&str; 0]);
}

#[test]
fn hooks_that_would_change_a_byte_are_found() {
    let hooks = "repos:\n  - repo: https://example.org/hooks\n    rev: v1\n    hooks:\n      - id: end-of-file-fixer\n      \
        - id: black\n      - id: prettier\n        types_or: [markdown]\n      - id: trailing-whitespace\n        \
        exclude: ^packet/\n";
    let packet = Packet::empty().file("a.md", "blanks \nno end").file("b.txt", "b\n");
    let more = [(".gitattributes", "* -text\n"), (".pre-commit-config.yaml", hooks)];
    let place = committed(&packet, &more);
    let json = doctor(&place, &[]);
    assert_eq!(
        risks(&json),
        [
            "hook_rewrites .pre-commit-config.yaml:5 packet/a.md",
            "hook_rewrites .pre-commit-config.yaml:7 packet/a.md",
        ]
    );
    assert_eq!(lines(&json, "hook_rewrites"), ["exclude: '^packet/'"]);
    place.write(".pre-commit-config.yaml", format!("exclude: '^packet/'\n{hooks}"));
    assert_eq!(ids(&doctor(&place, &[])), [] as [&str; 0]);
    place.write(".pre-commit-config.yaml", format!("exclude: ^none$\n{hooks}"));
    assert_eq!(lines(&doctor(&place, &[]), "hook_rewrites"), ["exclude: '^packet/'"]);
    place.write(".pre-commit-config.yaml", "a: 1\na: 2\n");
    assert_eq!(risks(&doctor(&place, &[])), ["tool_file_unreadable .pre-commit-config.yaml:2 "]);
}

#[test]
fn formatters_that_are_set_up_are_found_until_they_are_kept_out() {
    let more = [
        (".gitattributes", "* -text\n"),
        (".prettierrc", "{}\n"),
        ("biome.json", "{}\n"),
        ("dprint.json", "{}\n"),
    ];
    let place = committed(&small(), &more);
    let json = doctor(&place, &[]);
    assert_eq!(
        risks(&json),
        [
            "formatter_rewrites .prettierrc packet/a.md",
            "formatter_rewrites biome.json packet/a.md",
            "formatter_rewrites dprint.json packet/a.md",
        ]
    );
    place.write(".prettierignore", "packet/\n").write("dprint.json", r#"{ "excludes": ["packet/**"] }"#);
    place.write("biome.json", r#"{ "files": { "includes": ["**", "!packet/**"] } }"#);
    assert_eq!(ids(&doctor(&place, &[])), [] as [&str; 0]);
}

#[test]
fn a_list_among_other_files_is_not_taken_for_the_whole_folder() {
    let packet = Packet::empty().root("").list("SHA256SUMS").file("dist/a.txt", "a\n").file("b.txt", "b\n");
    let place = committed(&packet, &[("src/main.c", "int main;\n")]);
    let json = doctor(&place, &[]);
    assert_eq!(lines(&json, "line_ends_may_convert"), ["dist/** -text", "/SHA256SUMS -text", "/b.txt -text"]);
    place.seal(["doctor", "--fix", "--write"]).exits(0);
}

#[cfg(unix)]
#[test]
fn hostile_names_are_quoted_for_git() {
    let packet = Packet::empty().root("").list("SHA256SUMS");
    let names = ["two words.md", "quo\"te.md", "gl*b[x].md", "#a.md", "!b.md", "\u{e9}.md", "-c.md"];
    let packet = names.iter().fold(packet, |packet, name| packet.file(name, "x\n"));
    let place = committed(&packet, &[("other", "x\n")]);
    place.seal(["doctor", "--fix", "--write"]);
    let json = doctor(&place, &[]);
    assert!(!ids(&json).iter().any(|id| id.starts_with("line_ends")), "{json:#}");
    place.git(["clone", "--quiet", "--config", "core.autocrlf=true", ".", "in"]);
}

#[cfg(unix)]
#[test]
fn hostile_attributes_neither_hang_nor_fall() {
    let place = committed(&small(), &[]);
    place.write(".gitattributes", b"\xff\xfe text\n\"open\n[ x\n[attr]\n* -text\n".as_slice());
    assert_eq!(ids(&doctor(&place, &[])), [] as [&str; 0]);
    let long = format!("{} text\n* -text\n", "x".repeat(3000));
    place.write(".gitattributes", long);
    assert_eq!(risks(&doctor(&place, &[])), ["attributes_unreadable .gitattributes:1 "]);
    let file = std::fs::File::create(place.at(".gitattributes")).unwrap();
    file.set_len(101 << 20).unwrap();
    let json = doctor(&place, &[]);
    assert_eq!(ids(&json), ["attributes_unreadable", "line_ends_may_convert"], "{json:#}");
    place.remove(".gitattributes");
    let made = std::process::Command::new("mkfifo").arg(place.at(".gitattributes")).status().unwrap();
    assert!(made.success());
    let json = doctor(&place, &[]);
    assert_eq!(json["not_looked_at"][0]["counts"], true, "{json:#}");
    place.seal(["doctor", "--fix", "--write"]).exits(2);
}

#[test]
fn without_a_repository_the_rest_is_looked_at() {
    let place = small().file("aux.md", "x\n").build();
    let json = doctor(&place, &["packet"]);
    assert_eq!(ids(&json), ["windows_name"]);
    assert_eq!(json["not_looked_at"][0]["reason"], "the files are in no repository");
    let place = small().build();
    place.seal(["doctor"]).exits(0).says(&["not looked at git: the files are in no repository"]);
    Place::new().seal(["doctor"]).exits(2).says(&["no_seal_found"]);
}

#[test]
fn without_git_what_it_does_is_not_known() {
    let place = committed(&small(), &[]);
    let mut command = crate::program::seal(place.path());
    let ran: Ran = crate::program::finish(command.env("PATH", "").arg("doctor"));
    ran.exits(2)
        .says(&["git is not installed", "not everything of 4 sealed files of 1 seal could be looked at"]);
}

#[test]
fn nothing_is_written_unless_told() {
    let place = committed(&small(), &[]);
    let before = crate::program::run(place.path(), ["verify", "--output", "json"]).out;
    place.seal(["doctor"]).exits(1);
    place.seal(["doctor", "--fix"]).exits(1);
    place.seal(["doctor", "--write"]).exits(2);
    assert!(!place.at(".gitattributes").exists());
    assert_eq!(crate::program::run(place.path(), ["verify", "--output", "json"]).out, before);
}

#[test]
fn names_are_given_from_the_current_folder() {
    let place = committed(&small(), &[(".gitattributes", "*.md text\n")]);
    let mut command = crate::program::seal(&place.at("packet"));
    let ran = crate::program::finish(command.env("HOME", place.path()).args(["doctor", "--output", "json"]));
    let json: Value = serde_json::from_str(&ran.out).unwrap();
    assert!(risks(&json).contains(&"line_ends_may_convert ../.gitattributes:1 a.md".to_owned()), "{json:#}");
}

#[test]
fn creating_a_seal_in_a_repository_says_how_to_keep_it() {
    let place = Place::new();
    place.init().write("two words/a.md", "a\n");
    place.seal(["create", "two words"]).exits(0).says(&["two words/**", "-text", "seal doctor DIR"]);
    place.seal(["create", "two words"]).exits(0).never_says(&["-text"]);
    let place = Place::new();
    place.write("p/a.md", "a\n").seal(["create", "p"]).exits(0).never_says(&["-text"]);
}

#[test]
fn every_risk_is_found_by_a_test_and_explained() {
    let tests = [include_str!("doctor.rs"), include_str!("doctor_workflows.rs")].concat();
    let place = Place::new();
    for row in seal::doctor::table::TABLE {
        assert!(tests.contains(&format!("\"{}", row.id)), "no test finds {}", row.id);
        place.seal(["explain", row.id]).exits(0).says(&[row.title, row.means, row.fix]);
    }
}

/// Files that a checkout had converted looked as if no other could convert them.
#[test]
fn doctor_found_nothing_in_a_clone_that_was_converted() {
    let place = committed(&small(), &[]);
    let clone = place.clone_with(&["-c", "core.autocrlf=true"]);
    let json = doctor(&clone, &[]);
    let sealed = "packet/HASH_MANIFEST.txt,packet/a.md,packet/packet_tree.sha256";
    assert_eq!(risks(&json), [format!("line_ends_converted - {sealed}")]);
    assert_eq!(lines(&json, "line_ends_converted"), ["packet/** -text"]);
    clone.git(["config", "core.autocrlf", "false"]);
    assert_eq!(ids(&doctor(&clone, &[])), ["line_ends_may_convert"]);
}
