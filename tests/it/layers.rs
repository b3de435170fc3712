//! `--from`: what the index and commits hold is verified as git holds it, by the
//! same comparison as the files on disk, and nothing that cannot be read there
//! counts as intact.

use std::path::Path;
use std::process::Command;

use crate::packet::{EVIDENCE, Packet, Place, sha256};
use crate::program::{self, Ran, Verified};
use crate::scenes::Scene;

/// A committed packet in a repository.
fn committed() -> Place {
    let place = Packet::new().build();
    place.init().git(["add", "."]).git(["commit", "-qm", "seal"]);
    place
}

/// A merge of two branches that both changed a file.
fn merging() -> Place {
    let place = committed();
    place.git(["checkout", "-qb", "other"]);
    place.edit("packet/README.md", |text| text.replace("wider", "wide")).git(["commit", "-qam", "a"]);
    place.git(["checkout", "-q", "main"]);
    place.edit("packet/README.md", |text| text.replace("wider", "big")).git(["commit", "-qam", "b"]);
    place.try_git(["merge", "-q", "other"]);
    place
}

/// A clone, in the folder `r`, that lacks a blob of the commit before the last.
fn partial_clone(origin: &Place) -> Place {
    origin.edit("packet/README.md", |text| text.replace("wider", "wide")).git(["commit", "-qam", "two"]);
    origin.git(["config", "uploadpack.allowFilter", "true"]);
    let clone = Place::new();
    let url = format!("file://{}", origin.path().display());
    clone.git(["clone", "-q", "--filter=blob:none", &url, "r"]);
    clone
}

/// A packet with a sealed file in a submodule.
fn with_submodule() -> Place {
    let inner = Place::new();
    inner.init().write("x", "inside").git(["add", "."]).git(["commit", "-qm", "x"]);
    let place = Packet::new().file("sub/x", "inside").build();
    std::fs::remove_dir_all(place.at("packet/sub")).unwrap();
    place.init();
    let url = inner.path().to_str().unwrap();
    place.git(["-c", "protocol.file.allow=always", "submodule", "--quiet", "add", url, "packet/sub"]);
    place.git(["add", "."]).git(["commit", "-qm", "all"]);
    place
}

/// A packet of which a folder is not checked out.
fn sparse() -> Place {
    let place = committed();
    place.git(["sparse-checkout", "set", "--no-cone", "/*", "!/packet/reports"]);
    place
}

/// One case for each code that only a repository can produce.
pub(crate) fn scenes() -> Vec<Scene> {
    let partial = partial_clone(&committed());
    vec![
        Scene::new("git_failed", Packet::new().build(), &["verify", "packet", "--from", "index"]),
        Scene::new("revision_not_found", committed(), &["verify", "packet", "--from", "nowhere"]),
        Scene::new("index_unmerged", merging(), &["verify", "packet", "--from", "index"]),
        Scene::new("git_object_missing", partial, &["verify", "r/packet", "--from", "main~1"]),
        Scene::new("submodule_not_covered", with_submodule(), &["verify", "packet", "--from", "HEAD"]),
        Scene::new("not_checked_out", sparse(), &["verify", "packet"]),
    ]
}

/// What a layer says of the packet, in one word each: exit status and findings.
#[track_caller]
fn from(place: &Place, layer: &str) -> Verified {
    place.verify(["packet", "--from", layer])
}

#[test]
fn a_checkout_that_converts_fails_and_what_git_holds_is_intact() {
    let origin = committed();
    let clone = Place::new();
    clone.git(["clone", "-q", "-c", "core.autocrlf=true", origin.path().to_str().unwrap(), "r"]);
    let at = clone.at("r");
    let worktree = program::verify(&at, ["packet"]);
    assert_eq!(worktree.exit, 1);
    worktree.finding("crlf_drift");
    for layer in ["index", "HEAD", "hook", "origin/main"] {
        program::verify(&at, ["packet", "--from", layer]).is(0, &[]);
    }
}

#[test]
fn what_is_staged_counts_and_not_what_lies_on_disk() {
    let place = committed();
    let sealed = place.read("packet/README.md");
    place.edit("packet/README.md", |text| text.replace('\n', "\r\n")).git(["add", "packet"]);
    place.write("packet/README.md", &sealed);
    from(&place, "worktree").is(0, &[]);
    from(&place, "HEAD").is(0, &[]);
    for layer in ["index", "hook"] {
        let found = from(&place, layer).is(1, &["crlf_drift README.md"]);
        assert_eq!(found.json["packets"][0]["from"]["layer"], "index");
        let help = found.finding("crlf_drift")["help"].as_str().unwrap();
        assert!(help.contains("; then stage it: `git add -- packet/README.md`"), "{help}");
    }
    place.seal(["verify", "packet", "--from", "index"]).exits(1).says(&["1 cause, from the index"]);
}

#[test]
fn a_passing_run_names_the_layer() {
    let place = committed();
    place.seal(["verify", "--from", "index"]).exits(0).says(&["level L0, from the index"]);
    let ran = place.seal(["verify", "--from", "HEAD"]).exits(0);
    let commit = from(&place, "HEAD").json["packets"][0]["from"]["commit"].as_str().unwrap().to_owned();
    ran.says(&[&format!("from commit {}", &commit[..12])]);
    let report = from(&place, "main");
    assert_eq!(report.json["packets"][0]["from"]["revision"], "main");
    assert_eq!(from(&place, "worktree").json["packets"][0]["from"]["layer"], "worktree");
}

#[test]
fn a_folder_that_is_gone_from_disk_is_verified_where_it_is() {
    let place = committed();
    std::fs::remove_dir_all(place.at("packet")).unwrap();
    from(&place, "HEAD").is(0, &[]);
    place.verify(["packet/README.md", "--from", "HEAD"]).is(0, &[]);
    place.verify(["packet/HASH_MANIFEST.txt", "--from", "index"]).is(0, &[]);
    place
        .verify(["--manifest", "packet/HASH_MANIFEST.txt", "--root", "packet", "--from", "index"])
        .is(0, &[]);
    let tree = Packet::new().tree();
    place.verify(["--from", "HEAD", "--expect-tree", &format!("packet={tree}")]).is(0, &[]);
    place.verify(["nothing", "--from", "HEAD"]).is(2, &["path_unreadable"]);
    place.git(["rm", "-rq", "--cached", "packet"]);
    from(&place, "index").is(2, &["path_unreadable"]);
    place.verify([".", "--from", "index"]).is(2, &["no_seal_found"]);
}

#[test]
fn the_backward_side_is_what_is_tracked() {
    let place = committed();
    place.write("packet/new.txt", "new");
    from(&place, "worktree").is(1, &["unsealed_file new.txt"]);
    from(&place, "index").is(0, &[]);
    place.git(["add", "packet"]);
    from(&place, "index").is(1, &["unsealed_file new.txt"]);
    from(&place, "HEAD").is(0, &[]);
    place.git(["rm", "-q", "--cached", "packet/decision.json"]);
    let gone = from(&place, "index").is(1, &["missing_file decision.json", "unsealed_file new.txt"]);
    assert!(
        gone.finding("missing_file")["help"].as_str().unwrap().contains("git add -f -- packet/decision.json")
    );
}

/// `git add -N` puts an entry with the empty blob into the index, and no commit
/// would hold it.
#[test]
fn a_file_that_is_only_meant_to_be_added_was_an_intact_empty_file() {
    let place = Packet::new().file("empty", "").file("real", "").build();
    place.init().git(["add", "."]).git(["rm", "-q", "--cached", "packet/empty"]);
    place.git(["add", "-N", "packet/empty"]);
    from(&place, "index").is(1, &["missing_file empty"]);
    place.git(["add", "packet/empty"]);
    from(&place, "index").is(0, &[]);
}

#[test]
fn links_in_a_commit_are_links_and_never_lead_to_the_disk() {
    let place = committed();
    place.write("packet/aside", "x").write("secret", EVIDENCE[0].1);
    for (target, follow) in [
        ("aside", "edited_content README.md"),
        ("../secret", "symlink_entry README.md"),
        ("/etc/passwd", "symlink_entry README.md"),
    ] {
        let blob = place.write("target", target).git_says(["hash-object", "-w", "target"]);
        place.git(["add", "packet/aside", "secret"]);
        place.git(["update-index", "--cacheinfo", &format!("120000,{},packet/README.md", blob.trim())]);
        from(&place, "index").is(1, &["symlink_entry README.md", "unsealed_file aside"]);
        let followed = place.verify(["packet", "--from", "index", "--symlinks", "follow-inside"]);
        followed.is(1, &[follow, "unsealed_file aside"]);
    }
}

#[test]
fn the_configuration_is_of_the_layer_that_is_verified() {
    let place = committed();
    place.write("packet/extra.log", "x").git(["add", "."]).git(["commit", "-qm", "log"]);
    place.write("seal.toml", "[[packet]]\nroot = \"packet\"\nexclude = [\"*.log\"]\n");
    from(&place, "worktree").is(0, &[]);
    for layer in ["index", "HEAD"] {
        from(&place, layer).is(1, &["unsealed_file extra.log"]);
    }
    place.git(["add", "seal.toml"]);
    from(&place, "index").is(0, &[]);
    place.write("seal.toml", "nonsense = 1\n");
    from(&place, "index").is(0, &[]);
    from(&place, "worktree").is(2, &["config_invalid seal.toml"]);
    from(&place, "HEAD").is(1, &["unsealed_file extra.log"]);
}

/// In the repository's root stands a packet, and its configuration in the index weakens it.
#[test]
fn a_staged_configuration_inside_of_a_packet_cannot_weaken_it() {
    let place = Packet::new().root("").build();
    place.init().write("seal.toml", "[discover]\nignore = [\"**\"]\n").git(["add", "."]).remove("seal.toml");
    place.verify([".", "--from", "index"]).is(2, &["config_inside_packet seal.toml"]);
}

#[test]
fn an_index_in_the_middle_of_a_merge_is_no_answer() {
    let place = merging();
    from(&place, "index").is(2, &["index_unmerged"]).tells("index_unmerged", &["\"packet/README.md\""]);
    from(&place, "other").finding("edited_content");
}

#[test]
fn a_revision_that_is_not_there_names_the_fetch() {
    let origin = committed();
    from(&origin, "no-such-branch").is(2, &["revision_not_found"]);
    origin.verify(["packet", "--from=-x"]).is(2, &["revision_not_found"]);
    from(&origin, "HEAD:packet").is(2, &["revision_not_found"]);
    origin.write("other", "x").git(["add", "."]).git(["commit", "-qm", "two"]);
    let first = origin.git_says(["rev-parse", "HEAD~1"]);
    let clone = Place::new();
    let url = format!("file://{}", origin.path().display());
    clone.git(["clone", "-q", "--depth", "1", &url, "r"]);
    let absent = program::verify(&clone.at("r"), ["packet", "--from", first.trim()]);
    absent.is(2, &["revision_not_found"]).tells("revision_not_found", &["git fetch --unshallow"]);
    program::verify(&clone.at("r"), ["packet", "--from", "HEAD"]).is(0, &[]);
    let unborn = Place::new();
    Packet::new().build_in(&unborn);
    from(unborn.init(), "HEAD").is(2, &["revision_not_found"]);
    from(unborn.git(["add", "."]), "index").is(0, &[]);
}

/// A clone without the blobs of older commits; the fetch that the finding names brings them.
#[test]
fn an_object_that_was_left_out_of_the_clone_was_not_intact() {
    let origin = committed();
    let clone = partial_clone(&origin);
    let ask = || program::verify(&clone.at("r"), ["packet", "--from", "HEAD~1"]);
    let absent = ask().is(2, &["git_object_missing README.md"]);
    let help = absent.tells("git_object_missing", &["git fetch --refetch --no-filter"]);
    assert!(!help.json["complete"].as_bool().unwrap());
    clone.git(["-C", "r", "fetch", "-q", "--refetch", "--no-filter"]);
    ask().is(0, &[]);
}

#[test]
fn a_submodule_is_not_covered_by_what_git_holds_of_it() {
    let place = with_submodule();
    let both = &["submodule_not_covered sub", "submodule_not_covered sub/x"];
    for layer in ["index", "HEAD"] {
        from(&place, layer).is(2, both);
    }
    // On disk its files are compared as they lie there.
    from(&place, "worktree").is(1, &["unsealed_file sub/.git"]);
}

#[test]
fn files_that_a_sparse_checkout_leaves_out_are_not_missing() {
    let place = sparse();
    assert!(!place.at("packet/reports/summary.md").exists());
    from(&place, "worktree").is(2, &["not_checked_out reports/summary.md"]);
    from(&place, "index").is(0, &[]);
    place.remove("packet/README.md");
    from(&place, "worktree").is(1, &["missing_file README.md", "not_checked_out reports/summary.md"]);
}

#[test]
fn bare_repositories_linked_worktrees_and_long_digests() {
    let origin = committed();
    let place = Place::new();
    place.git(["clone", "-q", "--bare", origin.path().to_str().unwrap(), "bare.git"]);
    place.verify(["bare.git", "--from", "HEAD"]).is(0, &[]);
    place.verify(["bare.git/packet", "--from", "main"]).is(0, &[]);
    place.verify(["bare.git", "--from", "index"]).is(2, &["usage_error"]);
    place.git(["-C", "bare.git", "worktree", "add", "-q", "../linked", "main"]);
    place.write("linked/packet/README.md", "other").git(["-C", "linked", "add", "."]);
    place.verify(["linked", "--from", "index"]).finding("edited_content");
    place.verify(["linked/packet", "--from", "HEAD"]).is(0, &[]);
    let long = Place::new();
    long.git(["init", "-q", "--object-format=sha256", "."]);
    Packet::new().file("empty", "").build_in(&long);
    long.git(["add", "."]).git(["commit", "-qm", "x"]);
    for layer in ["index", "HEAD"] {
        from(&long, layer).is(0, &[]);
    }
}

#[test]
fn outside_of_a_repository_and_without_git_there_is_no_layer() {
    let place = Packet::new().build();
    from(&place, "index").is(2, &["git_failed"]);
    from(&place, "worktree").is(0, &[]);
    place.init().git(["add", "."]);
    let mut command = program::seal(place.path());
    command
        .env("PATH", place.at("nowhere"))
        .args(["verify", "packet", "--from", "index", "--output", "json"]);
    let ran = program::finish(&mut command);
    Verified::of(&ran).is(2, &["git_failed"]).tells("git_failed", &["not installed"]);
}

/// Git tells a hook which index will be committed; with a path that is another
/// one than the repository's.
#[cfg(unix)]
#[test]
fn a_hook_sees_what_is_about_to_be_committed() {
    use std::os::unix::fs::PermissionsExt;
    let place = committed();
    let seal = env!("CARGO_BIN_EXE_seal");
    for (at, line) in [("packet", "cd packet && "), (".", "")] {
        let hook = format!("#!/bin/sh\n{line}exec '{seal}' verify --from hook '{at}/..' --no-explain\n");
        place.write(".git/hooks/pre-commit", hook.replace("'./..'", "."));
        let path = place.at(".git/hooks/pre-commit");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
        let sealed = place.read("packet/README.md");
        place.write("packet/README.md", "damaged").write("packet/decision.json", "damaged too");
        for commit in [&["commit", "-qam", "x"][..], &["commit", "-qm", "x", "packet/README.md"]] {
            let ran = place.try_git(commit.iter().copied());
            assert_eq!(ran.exit, 1, "{}{}", ran.out, ran.err);
            assert!(ran.out.contains("README.md") || ran.err.contains("README.md"), "{}{}", ran.out, ran.err);
        }
        place.write("packet/README.md", sealed).write("packet/decision.json", EVIDENCE[1].1);
        place.write("free.txt", at).git(["add", "free.txt"]).git(["commit", "-qm", "free"]);
    }
}

#[test]
fn a_hook_at_a_push_is_about_the_commit_that_is_pushed() {
    let place = committed();
    let good = place.git_says(["rev-parse", "HEAD"]);
    place.edit("packet/README.md", |text| text.replace("wider", "wide")).git(["add", "."]);
    let run = |commit: &str| -> Ran {
        let mut command = program::seal(place.path());
        command.env("PRE_COMMIT_TO_REF", commit).args(["verify", "--from", "hook", "--output", "json"]);
        program::finish(&mut command)
    };
    let pushed = Verified::of(&run(good.trim())).is(0, &[]);
    assert_eq!(pushed.json["packets"][0]["from"]["layer"], "commit");
    Verified::of(&run("")).finding("edited_content");
}

/// A folder of the index that looks like a bare repository is content: what it
/// holds in that other repository is nobody's seal.
#[test]
fn a_bare_repository_inside_of_a_packet_was_asked_in_place_of_the_own() {
    let stranger = Packet::empty().root("packet").file("README.md", "stranger's").build();
    stranger.init().git(["add", "."]).git(["commit", "-qm", "x"]);
    let place = Packet::new().root("sub/packet").build();
    place.git(["clone", "-q", "--bare", stranger.path().to_str().unwrap(), "sub2"]);
    crate::stored::copy(&place.at("sub2"), &place.at("sub"));
    std::fs::remove_dir_all(place.at("sub2")).unwrap();
    place.init().git(["add", "."]).git(["commit", "-qm", "x"]);
    let report = place.verify(["sub/packet", "--from", "HEAD"]).is(0, &[]);
    assert_eq!(report.json["stats"]["files"], EVIDENCE.len() as u64);
}

/// A tree that no git would check out, as an attacker writes it.
#[test]
fn a_commit_with_names_that_leave_it_is_refused() {
    let place = committed();
    let blob = place.write("x", "x").git_says(["hash-object", "-w", "x"]);
    for name in ["..", ".", "a/b"] {
        let raw: Vec<u8> = (0..blob.trim().len())
            .step_by(2)
            .map(|at| u8::from_str_radix(&blob[at..at + 2], 16).unwrap())
            .collect();
        let tree = [format!("100644 {name}\0").as_bytes(), &raw].concat();
        place.write("tree", tree);
        let tree = place.git_says(["hash-object", "-t", "tree", "--literally", "-w", "tree"]);
        let commit = place.git_says(["commit-tree", tree.trim(), "-m", "x"]);
        let report = place.verify([".", "--from", commit.trim()]);
        assert_eq!(report.exit, 2, "{name}: {:?}", report.findings());
        assert_ne!(report.findings(), Vec::<String>::new());
    }
}

#[test]
fn listing_says_what_the_layer_holds() {
    let place = committed();
    std::fs::remove_dir_all(place.at("packet")).unwrap();
    place
        .seal(["verify", "--list", "--from", "HEAD"])
        .exits(0)
        .says(&["packet/HASH_MANIFEST.txt", "4 entries"]);
    place.seal(["verify", "--list"]).exits(2);
}

#[test]
fn equal_bytes_give_equal_findings_in_every_layer() {
    let place = Packet::new().sized().build();
    place.edit("packet/README.md", |text| text.replace('\u{2014}', "-"));
    place.remove("packet/decision.json").write("packet/extra", sha256(b"x"));
    place.init().git(["add", "."]).git(["commit", "-qm", "x"]);
    let plain = |layer: &str| {
        let mut findings = from(&place, layer).json["findings"].clone();
        for finding in findings.as_array_mut().unwrap() {
            finding.as_object_mut().unwrap().remove("help");
        }
        findings
    };
    let on_disk = plain("worktree");
    assert!(on_disk.as_array().unwrap().len() >= 3);
    assert_eq!(plain("index"), on_disk);
    assert_eq!(plain("HEAD"), on_disk);
}

impl Place {
    /// Runs git here, however it ends.
    #[track_caller]
    fn try_git<'a>(&self, arguments: impl IntoIterator<Item = &'a str>) -> Ran {
        let mut command = Command::new("git");
        self.isolate(&mut command);
        program::finish(command.current_dir(self.path() as &Path).args(arguments))
    }
}
