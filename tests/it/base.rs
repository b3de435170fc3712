//! `--base`: the seals and the configuration of a commit have authority over a
//! change, the honest ways pass, and where there is no base there is no pass.

use crate::packet::{Packet, Place, sha256};
use crate::program::{self, Verified};
use crate::scenes::Scene;

pub(crate) const GONE: &str = "packet_removed packet/HASH_MANIFEST.txt";
pub(crate) const ANEW: &str = "resealed packet/HASH_MANIFEST.txt";

/// A repository with one sealed packet, committed and tagged `base`.
pub(crate) fn sealed() -> Place {
    based(Packet::new().build())
}

pub(crate) fn based(place: Place) -> Place {
    place.init().commit("seal").git(["tag", "base"]);
    place
}

/// The packet of [`sealed`] with another README, sealed again.
pub(crate) fn edited() -> Packet {
    Packet::new().file("README.md", "# Rehearsal 0057\n\nEverything was fine.\n")
}

/// Fails unless every layer gives these findings.
#[track_caller]
pub(crate) fn everywhere(place: &Place, exit: i32, findings: &[&str]) -> Verified {
    place.commit("change");
    let of = |from: &str| place.verify([".", "--base", "base", "--from", from]).is(exit, findings);
    of("index");
    of("HEAD");
    of("worktree")
}

/// One case for each code that only a base can produce.
pub(crate) fn scenes() -> Vec<Scene> {
    let args = ["verify", ".", "--base", "base"];
    let anew = sealed();
    edited().build_in(&anew);
    let gone = sealed();
    std::fs::remove_dir_all(gone.at("packet")).unwrap();
    let new = sealed();
    Packet::new().root("second").build_in(&new);
    let loosened = sealed();
    loosened.write("seal.toml", "[[packet]]\nroot = \"packet\"\nunsealed = \"allow\"\n");
    vec![
        Scene::new("resealed", anew, &args),
        Scene::new("packet_removed", gone, &args),
        Scene::new("newly_sealed", new, &args),
        Scene::new("config_changed", loosened, &args),
    ]
}

#[test]
fn nothing_changed_is_good_and_the_report_names_the_base() {
    let place = sealed();
    let report = everywhere(&place, 0, &[]);
    assert!(report.complete());
    assert_eq!(report.at("/base/revision"), "base");
    let commit = place.git_says(["rev-parse", "base"]);
    assert_eq!(report.at("/base/commit"), commit.as_str());
    place.seal(["verify", "--base", "base"]).exits(0).says(&[&format!("against commit {}", &commit[..12])]);
    assert!(place.verify(["."]).json.get("base").is_none());
}

#[test]
fn the_configuration_of_the_base_stays_in_force() {
    let place = Packet::new().build();
    let rule = "[[packet]]\nroot = \"packet\"\n";
    place.write("seal.toml", format!("{rule}exclude = [\"*.log\"]\n"));
    let place = based(place);
    place.write("packet/run.log", "x").remove("seal.toml");
    everywhere(&place, 0, &["config_changed seal.toml"]).tells("config_changed", &["was removed"]);
    place.verify([".", "--base", "base", "--isolated"]).is(1, &["unsealed_file run.log"]);
    place.write("mine.toml", format!("{rule}unsealed = \"allow\"\n"));
    place.verify([".", "--base", "base", "--config", "mine.toml"]).is(0, &[]);
    place.write("seal.toml", "nonsense = 1\n");
    let report = place.verify([".", "--base", "base"]).is(0, &["config_changed seal.toml"]);
    report.tells("config_changed", &["was changed", "it is not valid"]);
    // A table about a packet that is gone refused the run.
    std::fs::remove_dir_all(place.at("packet")).unwrap();
    place.remove("seal.toml").remove("mine.toml").git(["checkout", "base", "--", "seal.toml"]);
    everywhere(&place, 1, &[GONE]);
}

#[test]
fn one_file_is_compared_through_its_seal() {
    let place = sealed();
    edited().file("more.md", "more").build_in(&place);
    for path in
        ["packet/README.md", "packet/more.md", "packet/decision.json", "packet", "packet/HASH_MANIFEST.txt"]
    {
        place.verify([path, "--base", "base"]).is(1, &[ANEW]);
    }
    place
        .verify(["--manifest", "packet/HASH_MANIFEST.txt", "--root", "packet", "--base", "base"])
        .is(1, &[ANEW]);
    let place = based(Packet::new().list("sums.lst").build());
    edited().list("sums.lst").build_in(&place);
    place.verify(["packet/sums.lst", "--base", "base"]).is(1, &["resealed packet/sums.lst"]);
    place.write("packet/sums.lst", "nothing\n");
    place.verify(["packet/sums.lst", "--base", "base"]).is(1, &["packet_removed packet/sums.lst"]);
}

#[test]
fn paths_are_shown_from_the_current_folder() {
    let place = sealed();
    edited().build_in(&place);
    place.write("seal.toml", "[discover]\nignore = [\"**\"]\n");
    let report = program::verify(&place.at("packet"), ["--base", "base"]);
    report.is(1, &["config_changed ../seal.toml", "resealed HASH_MANIFEST.txt"]);
}

#[test]
fn a_bare_repository_has_a_base_as_well() {
    let place = sealed();
    edited().build_in(&place);
    place.commit("change");
    let bare = place.clone_with(&["--bare"]);
    bare.verify([".", "--from", "HEAD", "--base", "base"]).is(1, &[ANEW]);
    bare.verify([".", "--from", "base", "--base", "base"]).is(0, &[]);
}

#[test]
fn what_is_newly_sealed_is_noted() {
    let place = sealed();
    Packet::new().root("second").build_in(&place);
    everywhere(&place, 0, &["newly_sealed second/HASH_MANIFEST.txt"]);
    place.verify(["second", "--base", "base"]).is(0, &["newly_sealed second/HASH_MANIFEST.txt"]);
    // The PATH restricts both sides.
    std::fs::remove_dir_all(place.at("packet")).unwrap();
    place.verify(["second", "--base", "base"]).is(0, &["newly_sealed second/HASH_MANIFEST.txt"]);
}

#[test]
fn a_reviewed_seal_is_accepted_by_the_base_or_by_the_flag() {
    let tree = edited().tree();
    let rule = |root: &str, tree: &str| {
        format!(
            "[[packet]]\nroot = \"packet\"\naccept_reseal = [{{ root = \"{root}\", tree = \"{tree}\" }}]\n"
        )
    };
    let place = Packet::new().build();
    place.write("seal.toml", rule("packet", &tree));
    let place = based(place);
    edited().build_in(&place);
    let report =
        everywhere(&place, 0, &[ANEW]).tells("resealed", &["accepted by `accept_reseal` in seal.toml"]);
    assert_eq!(report.finding("resealed")["severity"], "note");

    let place = sealed();
    edited().build_in(&place);
    let other = sha256(b"other");
    let args = [".", "--base", "base", "--accept-reseal", &other, "--accept-reseal"];
    place
        .verify(args.iter().copied().chain([tree.as_str()]))
        .is(0, &[ANEW])
        .tells("resealed", &["accepted by `--accept-reseal`"]);
    place.verify(args.iter().copied().chain([sha256(b"x").as_str()])).is(1, &[ANEW]);
    place.seal(["verify", "--accept-reseal", &tree]).exits(2);

    let place = Packet::new().build();
    place.write("seal.toml", rule("packet", &other));
    let place = based(place);
    edited().build_in(&place);
    place
        .verify([".", "--base", "base"])
        .is(1, &[ANEW])
        .tells("resealed", &["accepts the tree", &other[..12]]);
}

#[test]
fn a_seal_that_is_known_to_be_broken_is_so_by_the_base_alone() {
    let tree = Packet::new().tree();
    let known = format!(
        "known_broken = [{{ root = \"packet\", tree = \"{tree}\", reason = \"see 12\", until = 2099-01-01 }}]\n"
    );
    let broken = Packet::new().build();
    broken.write("packet/README.md", "other\n");
    broken.write("seal.toml", &known);
    let place = based(broken);
    everywhere(&place, 0, &["edited_content README.md", "known_broken"]);
    edited().build_in(&place);
    everywhere(&place, 1, &[ANEW]);
}

#[test]
fn nothing_sealed_on_either_side_is_no_pass() {
    let place = Place::new();
    let place = based({
        place.write("x", "x");
        place
    });
    place.verify([".", "--base", "base"]).is(2, &["no_seal_found"]);
    place.verify([".", "--base", "base", "--allow-empty"]).is(0, &[]);
    place.verify(["nothing", "--base", "base"]).is(2, &["path_unreadable"]);
}

#[test]
fn a_base_that_is_not_there_names_the_fetch() {
    let origin = sealed();
    let first = origin.git_says(["rev-parse", "HEAD"]);
    origin.write("other", "x").commit("two");
    let clone = origin.clone_with(&["--depth", "1"]);
    let fetch = format!("git fetch --depth=1 origin {first}");
    clone
        .verify([".", "--base", &first])
        .is(2, &["revision_not_found"])
        .tells("revision_not_found", &[&fetch]);
    clone.git(["fetch", "--quiet", "--depth=1", "origin", &first]);
    clone.verify([".", "--base", &first]).is(0, &[]);
    for nowhere in ["no-such", "-x", "HEAD:packet", &"0".repeat(40)] {
        clone.verify([".".to_owned(), format!("--base={nowhere}")]).is(2, &["revision_not_found"]);
    }
    clone.seal(["verify", "--base", ""]).exits(2);
}

#[test]
fn an_object_of_the_base_that_was_not_fetched_was_no_seal() {
    let origin = based(Packet::new().list("checksums.txt").build());
    origin.edit("packet/checksums.txt", |text| text.replace('\n', "\r\n")).commit("two");
    origin.git(["config", "uploadpack.allowFilter", "true"]);
    let clone = origin.clone_with(&["--filter=blob:none"]);
    let report = clone.verify([".", "--base", "base"]);
    assert_eq!(report.exit, 2, "{}", report.json);
    report.tells("git_object_missing", &["checksums.txt"]);
}

#[test]
fn a_packet_that_a_sparse_checkout_leaves_out_is_not_gone() {
    let place = sealed();
    place.write("other", "x").commit("other");
    place.git(["sparse-checkout", "set", "--no-cone", "/*", "!/packet"]);
    place.verify([".", "--base", "base"]).is(2, &["not_checked_out packet/HASH_MANIFEST.txt"]);
    place.verify([".", "--base", "base", "--from", "index"]).is(0, &[]);
}

#[test]
fn outside_of_a_repository_and_in_archives_there_is_no_base() {
    let place = Packet::new().build();
    place.verify([".", "--base", "HEAD"]).is(2, &["git_failed"]).tells("git_failed", &["no git repository"]);
    let (one, two) = (sealed(), sealed());
    let other = two.at("packet");
    let found = one.verify(["packet", other.to_str().unwrap(), "--base", "base"]).is(2, &["usage_error"]);
    found.tells("usage_error", &["another repository"]);
    one.write("packet.zip", crate::archives::zip(&[("x".to_owned(), b"x".to_vec())]));
    one.verify(["packet.zip", "--base", "base"])
        .is(2, &["usage_error"])
        .tells("usage_error", &["is an archive"]);
}

#[test]
fn the_list_is_made_by_the_rules_of_the_base() {
    let place = sealed();
    place.write("seal.toml", "[discover]\nignore = [\"**\"]\n");
    program::run(place.path(), ["verify", "--list", "--base", "base"]).exits(0).says(&["packet"]);
}
