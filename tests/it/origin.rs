//! Where damage came in, in repositories made by real git.

use serde_json::Value;

use crate::packet::{Packet, Place, sha256};
use crate::program::Verified;

/// The evidence packet, sealed and committed.
fn sealed() -> Place {
    let place = Packet::new().build();
    place.init().commit("Seal the packet");
    place
}

/// The origin of a file's finding.
#[track_caller]
fn origin<'v>(report: &'v Verified, path: &str) -> &'v Value {
    let findings = report.json["findings"].as_array().unwrap();
    let of = findings.iter().find(|finding| finding["path"] == path && finding.get("origin").is_some());
    &of.unwrap_or_else(|| panic!("no origin for {path} in {findings:#?}"))["origin"]
}

#[track_caller]
fn kind(report: &Verified, path: &str) -> String {
    origin(report, path)["kind"].as_str().unwrap().to_owned()
}

/// Adds the recommended line, checks everything out again, and expects a complete good run.
#[track_caller]
fn heals(place: &Place, line: &Value) {
    let file = line["path"].as_str().unwrap();
    let before = std::fs::read_to_string(place.at(file)).unwrap_or_default();
    place.write(file, format!("{before}{}\n", line["line"].as_str().unwrap()));
    place.git(["add", "--", file]).git(["commit", "-qm", "Keep git from converting"]);
    place.git(["rm", "--quiet", "-r", "--cached", "."]).git(["reset", "--quiet", "--hard"]);
    place.verify(["packet"]).is(0, &[]);
}

#[test]
fn a_checkout_with_autocrlf_is_one_group_that_names_the_setting_and_the_line() {
    let clone = sealed().clone_with(&["-c", "core.autocrlf=true"]);
    let report = clone.verify(["packet"]);
    assert_eq!(report.exit, 1);
    let groups = report.json["groups"].as_array().unwrap();
    assert_eq!(groups.len(), 1, "{groups:#?}");
    let told = groups[0]["origin"].as_str().unwrap();
    assert!(told.contains("core.autocrlf=true (.git/config)"), "{told}");
    let own = origin(&report, "README.md");
    assert_eq!((&own["kind"], &own["repeated"]), (&"checkout".into(), &true.into()));
    assert_eq!(own["prevented_by"]["line"], "packet/** -text");
    assert_eq!(own["original"]["held_by"], "head");
    let line = own["prevented_by"].clone();
    clone
        .seal(["verify", "packet"])
        .exits(1)
        .says(&["came in at checkout, by core.autocrlf=true (.git/config)"]);
    heals(&clone, &line);
}

#[test]
fn attributes_that_convert_are_named_with_the_line_that_undoes_them() {
    let cases: [(&str, &str, &str, &[u8]); 4] = [
        ("*.md eol=crlf\n", "eol", "-text", b"one\ntwo\n"),
        ("*.md text eol=crlf\n", "eol", "-text", b"one\r\ntwo\n"),
        ("*.md ident\n", "ident", "-ident", b"version $Id$\n"),
        (
            "*.md working-tree-encoding=UTF-16LE-BOM\n",
            "working-tree-encoding",
            "-working-tree-encoding",
            b"one\n",
        ),
    ];
    for (attributes, name, unset, content) in cases {
        let place = Packet::empty().file("a.md", content).file("b.bin", b"\x00\n").build();
        place.init().commit("Seal the packet");
        place
            .write(".gitattributes", attributes)
            .git(["add", ".gitattributes"])
            .git(["commit", "-qm", "Convert"]);
        place.remove("packet/a.md").git(["checkout", "--", "packet/a.md"]);
        let report = place.verify(["packet"]);
        let own = origin(&report, "a.md");
        assert_eq!(
            (&own["kind"], &own["repeated"]),
            (&"checkout".into(), &true.into()),
            "{attributes} {own}"
        );
        assert!(own["by"].as_array().unwrap().iter().any(|set| set["name"] == name), "{own}");
        assert_eq!(own["prevented_by"]["line"], format!("packet/a.md {unset}"));
        heals(&place, &own["prevented_by"].clone());
    }
}

#[test]
fn a_smudge_filter_is_named_and_never_run() {
    let place = sealed();
    let ran = place.at("ran");
    place.git(["config", "filter.shout.smudge", "sed s/wider/WIDER/"]);
    place.write(".gitattributes", "*.md filter=shout\n").git(["add", ".gitattributes"]);
    place.git(["commit", "-qm", "Shout"]).remove("packet/README.md").git([
        "checkout",
        "--",
        "packet/README.md",
    ]);
    place.git(["config", "filter.shout.smudge", &format!("touch {}", ran.display())]);
    place.git(["config", "filter.shout.clean", &format!("touch {}", ran.display())]);
    let report = place.verify(["packet"]);
    let own = origin(&report, "README.md");
    assert_eq!((&own["kind"], &own["repeated"]), (&"checkout".into(), &false.into()));
    assert_eq!(own["by"][1]["name"], "filter.shout.smudge");
    assert_eq!(own["prevented_by"]["line"], "packet/README.md -filter");
    assert!(!ran.exists(), "nothing of the repository's was run");
}

fn pointer(content: &[u8]) -> String {
    format!(
        "version https://git-lfs.github.com/spec/v1\noid sha256:{}\nsize {}\n",
        sha256(content),
        content.len()
    )
}

#[test]
fn a_pointer_in_the_place_of_its_content_was_not_fetched() {
    let content = vec![7; 5000];
    let place = Packet::new().file("rows.bin", &content).build();
    place.write("packet/rows.bin", pointer(&content)).write(".gitattributes", "*.bin filter=lfs -text\n");
    place.init().commit("Seal the packet");
    let report = place.verify(["packet"]);
    assert_eq!(kind(&report, "rows.bin"), "not_fetched");
    report.tells("git_lfs_pointer", &["git lfs pull"]);
}

#[test]
fn content_in_the_place_of_a_sealed_pointer_came_from_the_filter() {
    let content = vec![7; 5000];
    let place = Packet::new().file("rows.bin", pointer(&content)).build();
    place.init().commit("Seal the packet");
    place.write(".gitattributes", "*.bin filter=lfs -text\n").git(["add", ".gitattributes"]);
    place.git(["commit", "-qm", "Use LFS"]).write("packet/rows.bin", &content);
    let report = place.verify(["packet"]);
    let own = origin(&report, "rows.bin");
    assert_eq!((&own["kind"], &own["repeated"]), (&"checkout".into(), &true.into()), "{own}");
}

#[test]
fn an_edit_is_told_from_a_staged_one_and_a_committed_one() {
    let place = sealed();
    place.edit("packet/README.md", |text| text.replace("wider", "narrower"));
    let report = place.verify(["packet"]);
    assert_eq!(kind(&report, "README.md"), "unstaged");
    let finding = report.finding("edited_content");
    assert_eq!((&finding["grade"], &finding["recoverable"]), (&"proven_by_original".into(), &true.into()));
    assert_eq!(finding["cause"][0]["scope"], "1 line changed: line 3");
    assert_eq!(finding["search"]["exhausted"], true, "nothing is left to search for");
    place.git(["add", "."]);
    let report = place.verify(["packet"]);
    assert_eq!(kind(&report, "README.md"), "staged");
    place.commit("Narrow \"it\"\u{1b}[0m").write("other", "").commit("Something else");
    let report = place.verify(["packet"]);
    let own = origin(&report, "README.md");
    assert_eq!(own["kind"], "committed");
    assert_eq!(own["commit"]["id"], place.git_says(["rev-parse", "HEAD~1"]));
    assert_eq!(own["commit"]["author_date"], "2026-06-14");
    assert_eq!(own["commit"]["subject"], r#""Narrow \"it\"\u{1b}[0m""#);
    assert_eq!(own["original"]["commit"], place.git_says(["rev-parse", "HEAD~2"]));
    place.seal(["restore", "packet", "--write"]).exits(0).says(&["from commit"]);
    place.verify(["packet"]).is(0, &[]);
}

#[test]
fn line_ends_that_were_staged_are_so() {
    let place = sealed();
    place.edit("packet/README.md", |text| text.replace('\n', "\r\n")).git(["add", "."]);
    let report = place.verify(["packet"]).because("crlf_drift", "crlf_drift");
    assert_eq!(kind(&report, "README.md"), "staged");
}

/// A history of so many commits, and the packet changed in one of them.
fn long_history(commits: usize, broken: usize) -> Place {
    let place = sealed();
    place.git(["checkout", "-q", "-b", "work"]);
    let commit = |n: usize| {
        let message = format!("Commit {n}");
        let line = format!("{n}\n");
        let text = "# Rehearsal 0057\nrewritten by a tool\n";
        [
            "commit refs/heads/work\n".to_owned(),
            format!("committer Ina <ina@example.org> {} +0000\n", 1_790_000_000 + n),
            format!("data {}\n{message}\n", message.len()),
            if n == 0 { "from refs/heads/main\n" } else { "" }.to_owned(),
            format!("M 100644 inline work/file-{}.txt\ndata {}\n{line}\n", n % 40, line.len()),
            if n == broken {
                format!("M 100644 inline packet/README.md\ndata {}\n{text}\n", text.len())
            } else {
                String::new()
            },
        ]
    };
    let stream: String = (0..commits).flat_map(commit).collect();
    place.write("stream", stream);
    place.git(["-c", "alias.load=!git fast-import --quiet --force < stream", "load"]);
    place.remove("stream").git(["checkout", "-q", "work"]).git(["reset", "--quiet", "--hard"]);
    place
}

#[test]
fn a_change_many_commits_ago_is_attributed_to_its_commit() {
    let place = long_history(300, 250);
    let report = place.verify(["packet"]);
    let own = origin(&report, "README.md");
    assert_eq!((&own["kind"], &own["commit"]["subject"]), (&"committed".into(), &"\"Commit 250\"".into()));
    assert_eq!(own["commit"]["id"], place.git_says(["rev-parse", "HEAD~49"]));
    place.seal(["restore", "packet", "--write"]).exits(0);
    place.verify(["packet"]).is(0, &[]);
}

#[test]
fn a_merge_is_not_blamed_for_what_a_side_did() {
    let place = sealed();
    place
        .git(["checkout", "-q", "-b", "side"])
        .edit("packet/README.md", |text| text.replace("wider", "other"));
    place.commit("The side did it").git(["checkout", "-q", "main"]).write("main-only", "").commit("Go on");
    place.git(["merge", "-q", "--no-ff", "-m", "Merge the side", "side"]);
    let report = place.verify(["packet"]);
    assert_eq!(origin(&report, "README.md")["commit"]["subject"], "\"The side did it\"");
    // A merge that made bytes of its own is.
    let place = sealed();
    place.git(["checkout", "-q", "-b", "side"]).write("side-only", "").commit("Side");
    place.git(["checkout", "-q", "main"]).write("main-only", "").commit("Main");
    place.git(["merge", "-q", "--no-ff", "--no-commit", "side"]);
    place.edit("packet/README.md", |text| text.replace("wider", "merged"));
    place.commit("An evil merge");
    let report = place.verify(["packet"]);
    assert_eq!(origin(&report, "README.md")["commit"]["subject"], "\"An evil merge\"");
}

#[test]
fn a_seal_over_a_crlf_working_copy_has_two_honest_ways_out() {
    let crlf = |text: &str| text.replace('\n', "\r\n");
    let packet = crate::packet::EVIDENCE
        .iter()
        .fold(Packet::empty(), |packet, (name, content)| packet.file(name, crlf(content)));
    let place = packet.build();
    for (name, content) in crate::packet::EVIDENCE {
        place.write(format!("packet/{name}"), content);
    }
    place.init().commit("Commit what was sealed as CRLF");
    let report = place.verify(["packet"]);
    assert_eq!(report.json["groups"].as_array().unwrap().len(), 1);
    let own = origin(&report, "README.md");
    assert_eq!(
        (&own["kind"], &own["sealed_as"]),
        (&"never".into(), &"sealed with CRLF, in the commit LF".into())
    );
    let ran = place.seal(["verify", "packet"]).exits(1);
    ran.says(&["no committed version has the sealed bytes", "seal create packet", "packet/** -text"]);
}

#[test]
fn a_file_that_is_not_there_is_looked_for_in_every_layer() {
    let place = sealed();
    place.remove("packet/README.md");
    let report = place.verify(["packet"]);
    assert_eq!(kind(&report, "README.md"), "unstaged");
    place.git(["rm", "-q", "--cached", "packet/README.md"]);
    assert_eq!(kind(&place.verify(["packet"]), "README.md"), "staged");
    place.git(["commit", "-qm", "Remove it"]);
    let report = place.verify(["packet"]);
    let own = origin(&report, "README.md");
    assert_eq!((&own["kind"], &own["commit"]["subject"]), (&"removed".into(), &"\"Remove it\"".into()));
    assert_eq!(own["original"]["commit"], place.git_says(["rev-parse", "HEAD~1"]));
    place.seal(["restore", "packet", "--write"]).exits(0);
    place.verify(["packet"]).is(0, &[]);
}

#[test]
fn a_file_that_was_never_committed_is_so_and_the_rule_that_ignores_it_is_named() {
    let place = Packet::new().file("run.log", "x\n").file("out/rows.csv", "1\n").build();
    place.write(".gitignore", "# logs\n*.log\n").remove("packet/out/rows.csv");
    place.init().commit("Seal the packet");
    let clone = place.clone_with(&[]);
    let report = clone.verify(["packet"]);
    assert_eq!(kind(&report, "out/rows.csv"), "not_committed");
    let own = origin(&report, "run.log");
    assert_eq!(own["kind"], "ignored");
    assert_eq!(own["rule"], serde_json::json!({"file": "\".gitignore\"", "line": 2, "pattern": "\"*.log\""}));
}

#[test]
fn bytes_under_an_earlier_name_are_found() {
    let place = Packet::new().build();
    // Committed under another name, broken there, and then moved to where it is sealed.
    place.rename("packet/README.md", "draft.md").init().commit("Draft");
    place.edit("draft.md", |text| text.replace("wider", "other")).commit("Break the draft");
    place.rename("draft.md", "packet/README.md").commit("Move it");
    let report = place.verify(["packet"]);
    let own = origin(&report, "README.md");
    assert_eq!(
        (&own["kind"], &own["commit"]["subject"]),
        (&"committed".into(), &"\"Break the draft\"".into())
    );
    assert_eq!((&own["commit"]["path"], &own["original"]["path"]), (&"draft.md".into(), &"draft.md".into()));
    // Moved and changed at once: no name leads there, but the blob does.
    let place = Packet::new().build();
    place.rename("packet/README.md", "draft.md").init().commit("Draft");
    place.remove("draft.md").write("packet/README.md", "rewritten\n").commit("Move and rewrite");
    let report = place.verify(["packet"]);
    let own = origin(&report, "README.md");
    assert_eq!((&own["kind"], &own["original"]["path"]), (&"elsewhere".into(), &"draft.md".into()), "{own}");
    assert_eq!(report.finding("edited_content")["grade"], "proven_by_original");
    place.seal(["restore", "packet", "--write"]).exits(0);
    place.verify(["packet"]).is(0, &[]);
}

#[test]
fn another_branch_and_a_blob_of_no_commit_are_elsewhere() {
    let place = Packet::new().build();
    place.init().git(["checkout", "-q", "-b", "other"]).commit("Sealed there");
    place.git(["checkout", "-q", "--orphan", "main"]).write("packet/README.md", "rewritten\n").commit("Here");
    let report = place.verify(["packet"]);
    let own = origin(&report, "README.md");
    assert_eq!((&own["kind"], &own["commit"]["subject"]), (&"elsewhere".into(), &"\"Sealed there\"".into()));
    let place = Packet::new().build();
    place.init().git(["add", "."]).write("packet/README.md", "rewritten\n").commit("Only this");
    let report = place.verify(["packet"]);
    assert_eq!(origin(&report, "README.md")["original"]["held_by"], "object_database");
}

#[test]
fn one_commit_that_broke_many_files_is_one_group_and_others_are_told_apart() {
    let place = sealed();
    for name in ["README.md", "reports/summary.md"] {
        place.edit(&format!("packet/{name}"), |text| text.replace('e', "E"));
    }
    place.commit("Shout everywhere");
    place.edit("packet/decision.json", |text| text.replace("HOLD", "GO")).commit("Decide");
    place.edit("packet/scripts/run.sh", |text| text.replace("-eu", "-e")).commit("Relax");
    let report = place.verify(["packet"]);
    let groups = report.json["groups"].as_array().unwrap();
    let told: Vec<(u64, &str)> =
        groups.iter().map(|g| (g["count"].as_u64().unwrap(), g["origin"].as_str().unwrap())).collect();
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told.iter().any(|(n, text)| *n == 2 && text.contains("Shout everywhere")), "{told:?}");
    assert!(told.iter().any(|(n, text)| *n == 2 && text.contains("with 2 commits")), "{told:?}");
    place.seal(["verify", "packet"]).exits(1).says(&["\"Decide\"", "\"Relax\"", "\"Shout everywhere\""]);
}

#[test]
fn what_a_clone_does_not_have_is_said() {
    let place = sealed();
    place.edit("packet/README.md", |text| text.replace("wider", "other")).commit("Break it");
    let shallow = place.clone_with(&["--depth", "1"]);
    let report = shallow.verify(["packet"]);
    let own = origin(&report, "README.md");
    assert_eq!(own["kind"], "not_looked_at");
    assert!(own["why"].as_str().unwrap().contains("shallow"), "{own}");
    shallow
        .seal(["verify", "packet"])
        .exits(1)
        .says(&["came in not looked at for 1 file: the clone is shallow"]);
    place.git(["config", "uploadpack.allowFilter", "true"]);
    let partial = place.clone_with(&["--filter", "blob:none", "--no-checkout"]);
    partial.git(["checkout", "-q", "main"]).git(["remote", "set-url", "origin", "file:///nowhere"]);
    let report = partial.verify(["packet"]);
    let own = origin(&report, "README.md");
    assert_eq!(own["kind"], "not_looked_at");
    assert!(own["why"].as_str().unwrap().contains("partial"), "{own}");
}

#[test]
fn a_sparse_checkout_leaves_files_out() {
    let place = sealed();
    place.git(["sparse-checkout", "set", "--no-cone", "/*", "!/packet/README.md"]);
    let report = place.verify(["packet"]);
    let report = report.is(2, &["not_checked_out README.md"]);
    assert!(report.json["findings"][0]["help"].as_str().unwrap().contains("git sparse-checkout add"));
}

#[test]
fn a_repository_of_the_longer_digest_is_read_alike() {
    let place = Packet::new().build();
    place
        .git(["init", "--quiet", "--initial-branch=main", "--object-format=sha256"])
        .commit("Seal the packet");
    place.edit("packet/README.md", |text| text.replace("wider", "other")).commit("Break it");
    let report = place.verify(["packet"]);
    let own = origin(&report, "README.md");
    assert_eq!((&own["kind"], own["commit"]["id"].as_str().unwrap().len()), (&"committed".into(), 64));
    place.seal(["restore", "packet", "--write"]).exits(0);
    place.verify(["packet"]).is(0, &[]);
}

#[test]
fn without_a_repository_or_without_looking_the_verdict_is_the_same() {
    let place = Packet::new().build();
    place.edit("packet/README.md", |text| text.replace("wider", "other"));
    let report = place.verify(["packet"]);
    let own = origin(&report, "README.md");
    assert_eq!(
        (&own["kind"], &own["why"]),
        (&"not_looked_at".into(), &"this is not a git repository".into())
    );
    place.init();
    let report = place.verify(["packet"]);
    assert_eq!((report.exit, kind(&report, "README.md").as_str()), (1, "not_committed"));
    let report = place.verify(["packet", "--no-explain"]);
    assert_eq!(report.exit, 1);
    assert!(report.finding("edited_content").get("origin").is_none());
}
