//! Repositories made by real git, and what is read of them.

use std::fs;
use std::io::Read;
use std::process::Command;

use tempfile::TempDir;

use super::*;
use crate::path::BytePath;

fn git(folder: &Path, args: &[&str]) -> String {
    let ran = Command::new("git")
        .args(args)
        .current_dir(folder)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .envs([("GIT_AUTHOR_NAME", "A"), ("GIT_AUTHOR_EMAIL", "a@example.org")])
        .envs([("GIT_COMMITTER_NAME", "A"), ("GIT_COMMITTER_EMAIL", "a@example.org")])
        .output()
        .unwrap();
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    String::from_utf8(ran.stdout).unwrap().trim().to_owned()
}

fn repository(init: &[&str]) -> (TempDir, Git) {
    let dir = tempfile::tempdir().unwrap();
    git(dir.path(), &[&["init", "-q", "-b", "main"], init].concat());
    fs::write(dir.path().join("a"), "one\n").unwrap();
    fs::write(dir.path().join("large"), vec![b'x'; 300_000]).unwrap();
    git(dir.path(), &["add", "."]);
    git(dir.path(), &["commit", "-qm", "first"]);
    let opened = Git::open(dir.path()).unwrap();
    (dir, opened)
}

fn oid(dir: &TempDir, name: &str) -> Oid {
    Oid::parse(git(dir.path(), &["rev-parse", name]).as_bytes()).unwrap()
}

#[test]
fn ignored_paths_could_not_be_asked_for_and_have_their_rule() {
    let (dir, opened) = repository(&[]);
    fs::write(dir.path().join(".gitignore"), "\n*.md\n!keep.md\n").unwrap();
    let names = [":x.md", "d/*.md", "a", "keep.md", "two words.md"];
    let paths: Vec<BytePath> = names.iter().map(|name| BytePath::root().child(name.as_bytes())).collect();
    let rules = opened.ignored_by(&paths.iter().collect::<Vec<_>>()).unwrap();
    let lines: Vec<Option<u64>> = rules.iter().map(|rule| rule.as_ref().map(|rule| rule.line)).collect();
    assert_eq!(lines, [Some(2), Some(2), None, None, Some(2)]);
    assert_eq!(opened.ignored_by(&[&paths[2]]).unwrap(), [None]);
}

#[test]
fn objects_of_either_digest_are_read_whole_and_side_by_side() {
    for init in [&[][..], &["--object-format=sha256"]] {
        let (dir, opened) = repository(init);
        let objects = opened.objects();
        let (a, large) = (oid(&dir, "HEAD:a"), oid(&dir, "HEAD:large"));
        assert_eq!(objects.header(&a), Ok(Header { kind: ObjectKind::Blob, size: 4 }));
        let mut first = objects.open(&large).unwrap();
        let mut start = [0; 10];
        first.read_exact(&mut start).unwrap();
        assert_eq!(objects.read(&a, 100), Ok(Some(b"one\n".to_vec())), "while another is being read");
        let mut rest = Vec::new();
        first.read_to_end(&mut rest).unwrap();
        assert_eq!(rest.len(), 299_990);
        assert_eq!(objects.read(&large, 1000), Ok(None));
        assert_eq!(objects.read(&a, 4), Ok(Some(b"one\n".to_vec())), "after one was given up");
        assert_eq!(objects.header(&oid(&dir, "HEAD")).unwrap().kind, ObjectKind::Commit);
        assert!(objects.open(&oid(&dir, "HEAD")).is_err(), "a commit is no file");
        let absent = Oid::parse("a".repeat(a.as_str().len()).as_bytes()).unwrap();
        assert_eq!(objects.open(&absent).unwrap_err(), GitError::MissingObject(absent.clone()));
        assert_eq!(objects.read(&a, 4), Ok(Some(b"one\n".to_vec())), "after one that is missing");
    }
}

#[test]
fn an_empty_blob_is_read_and_the_next_one_too() {
    let (dir, opened) = repository(&[]);
    fs::write(dir.path().join("empty"), "").unwrap();
    git(dir.path(), &["add", "empty"]);
    let objects = opened.objects();
    for _ in 0..3 {
        assert_eq!(objects.read(&oid(&dir, ":empty"), 10), Ok(Some(Vec::new())));
        assert_eq!(objects.read(&oid(&dir, ":a"), 10), Ok(Some(b"one\n".to_vec())));
    }
}

#[test]
fn a_revision_is_a_commit_or_an_error_and_never_an_option() {
    let (dir, opened) = repository(&[]);
    assert_eq!(opened.commit("HEAD"), Ok(oid(&dir, "HEAD")));
    for revision in ["nowhere", "HEAD:a", "--help", "-h", "", "HEAD\n", "--output=x"] {
        assert!(matches!(opened.commit(revision), Err(GitError::NoCommit(_))), "{revision:?}");
    }
    assert!(!opened.is_shallow());
}

#[test]
fn failing_says_what_git_said() {
    let (_dir, opened) = repository(&[]);
    let error = opened.output(&["cat-file", "-p", "nowhere"], &[]).unwrap_err();
    assert!(error.to_string().starts_with("git cat-file failed: \"Not a valid object name"), "{error}");
}

#[test]
fn replaced_objects_are_not_followed() {
    let (dir, opened) = repository(&[]);
    git(
        dir.path(),
        &[
            "replace",
            &git(dir.path(), &["rev-parse", "HEAD:a"]),
            &git(dir.path(), &["rev-parse", "HEAD:large"]),
        ],
    );
    assert_eq!(opened.objects().read(&oid(&dir, "HEAD:a"), 10), Ok(Some(b"one\n".to_vec())));
}

#[test]
fn a_long_input_and_a_long_output_do_not_wait_for_each_other() {
    let (dir, opened) = repository(&[]);
    let input = format!("{}\n", oid(&dir, "HEAD:a")).repeat(50_000);
    let output = opened.output(&["cat-file", "--batch-check"], input.as_bytes()).unwrap();
    assert_eq!(memchr::memchr_iter(b'\n', &output).count(), 50_000);
    let mut seen = 0;
    opened
        .stream(&["cat-file", "--batch-check"], input.as_bytes(), &mut |piece| {
            seen += piece.len();
            std::ops::ControlFlow::Break(())
        })
        .unwrap();
    assert!(seen < output.len(), "it ends when nobody wants more");
}

#[test]
fn a_bare_repository_and_a_linked_worktree_are_opened() {
    let (dir, _) = repository(&[]);
    let bare = tempfile::tempdir().unwrap();
    let source = dir.path().to_str().unwrap();
    git(bare.path(), &["clone", "-q", "--bare", source, "bare.git"]);
    let opened = Git::open(&bare.path().join("bare.git")).unwrap();
    assert_eq!(opened.commit("main"), Ok(oid(&dir, "HEAD")));
    let linked = bare.path().join("linked");
    git(dir.path(), &["worktree", "add", "-q", linked.to_str().unwrap()]);
    assert_eq!(Git::open(&linked).unwrap().commit("HEAD"), Ok(oid(&dir, "HEAD")));
    assert_eq!(Git::open(bare.path()).unwrap_err(), GitError::NotARepository);
}

#[cfg(unix)]
#[test]
fn the_configuration_of_a_repository_runs_nothing() {
    let (dir, opened) = repository(&[]);
    let trace = dir.path().join("ran");
    let run = format!("touch {}", trace.display());
    for (key, value) in [
        ("core.fsmonitor", run.as_str()),
        ("core.pager", &run),
        ("core.sshCommand", &run),
        ("core.alternateRefsCommand", &run),
        ("diff.external", &run),
        ("gpg.program", &run),
        ("filter.evil.smudge", &run),
        ("filter.evil.clean", &run),
        ("diff.evil.textconv", &run),
        ("diff.evil.command", &run),
        ("remote.origin.url", "ssh://localhost/x"),
        ("remote.origin.promisor", "true"),
        ("remote.origin.partialclonefilter", "blob:none"),
        ("remote.origin.uploadpack", &run),
        ("extensions.partialClone", "origin"),
        ("core.worktree", "/"),
    ] {
        git(dir.path(), &["config", "--file", ".git/config", key, value]);
    }
    fs::write(dir.path().join(".gitattributes"), "* filter=evil diff=evil\n").unwrap();
    let absent = Oid::parse("0123456789".repeat(4).as_bytes()).unwrap();
    assert!(opened.objects().open(&absent).is_err());
    assert!(opened.objects().header(&absent).is_err());
    opened.output(&["ls-files", "-s", "-z"], &[]).unwrap();
    opened.output(&["ls-tree", "-r", "-z", "HEAD"], &[]).unwrap();
    opened.output(&["check-attr", "-z", "--stdin", "--all"], b"a\0").unwrap();
    opened.output(&["diff-tree", "-r", "-z", "--root", "HEAD"], &[]).unwrap();
    opened.output(&["rev-list", "--all", "--objects"], &[]).unwrap();
    assert!(!trace.exists());
}
