//! `--base`: whoever edits a packet can edit its seal, its pin and the
//! configuration with it. Every test named after a way past the gate says how it
//! is found, in the working tree, in the index and in the commit alike.

use crate::packet::{EVIDENCE, Packet, Place, sha256};
use crate::program::{self, Verified};
use crate::scenes::Scene;

const GONE: &str = "packet_removed packet/HASH_MANIFEST.txt";
const ANEW: &str = "resealed packet/HASH_MANIFEST.txt";

/// A repository with one sealed packet, committed and tagged `base`.
fn sealed() -> Place {
    based(Packet::new().build())
}

fn based(place: Place) -> Place {
    place.init().commit("seal").git(["tag", "base"]);
    place
}

/// The packet of [`sealed`] with another README, sealed again.
fn edited() -> Packet {
    Packet::new().file("README.md", "# Rehearsal 0057\n\nEverything was fine.\n")
}

/// Fails unless every layer gives these findings.
#[track_caller]
fn everywhere(place: &Place, exit: i32, findings: &[&str]) -> Verified {
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
fn an_edit_with_a_new_manifest_and_a_new_pin_was_intact() {
    let place = sealed();
    edited().build_in(&place);
    place.verify(["."]).is(0, &[]);
    let report = everywhere(&place, 1, &[ANEW]);
    let (old, new) = (Packet::new().tree(), edited().tree());
    let finding = report.finding("resealed");
    assert_eq!(
        (&finding["sealed"]["sha256"], &finding["found"]["sha256"]),
        (&old.clone().into(), &new.clone().into())
    );
    let says = [
        &old[..12],
        &new,
        "1 entry changed: \"README.md\"",
        "has no `accept_reseal` for it",
        "--accept-reseal",
    ];
    report.tells("resealed", &says);
}

#[test]
fn a_deleted_packet_could_not_fail() {
    let place = sealed();
    place.write("other", "x");
    std::fs::remove_dir_all(place.at("packet")).unwrap();
    everywhere(&place, 1, &[GONE]).tells("packet_removed", &["nothing is there"]);
    for path in ["packet", "packet/HASH_MANIFEST.txt", "packet/packet_tree.sha256"] {
        place.verify([path, "--base", "base"]).is(1, &[GONE]);
    }
    place.verify(["packet/README.md", "--base", "base"]).is(1, &[GONE]);
    place.verify([".", "--base", "base", "--allow-empty"]).is(1, &[GONE]);
    place.verify(["other", "--base", "base"]).is(2, &["no_entry_for_path"]);
}

#[test]
fn a_packet_without_its_pin_was_a_list_to_which_anything_may_be_added() {
    let place = sealed();
    place.remove("packet/packet_tree.sha256").write("packet/extra.md", "x");
    everywhere(&place, 1, &[GONE]).tells("packet_removed", &["packet_tree.sha256", "packet no more"]);
}

#[test]
fn a_packet_that_moved_is_named_with_its_new_place() {
    let place = sealed();
    place.rename("packet", "archive/packet");
    let found = [GONE, "newly_sealed archive/packet/HASH_MANIFEST.txt"];
    everywhere(&place, 1, &found).tells("packet_removed", &["archive/packet/HASH_MANIFEST.txt"]);
    let tree = Packet::new().tree();
    place.verify([".", "--base", "base", "--accept-reseal", &tree]).is(0, &found);
}

/// The edit with each of these as its own excuse.
#[test]
fn a_configuration_that_came_with_the_change_judged_it() {
    let tree = edited().tree();
    let root = "[[packet]]\nroot = \"packet\"\n";
    let broken = format!("root = \"packet\", tree = \"{tree}\", reason = \"known\", until = 2099-01-01");
    let cases = [
        (
            "packet.accept_reseal",
            format!("{root}accept_reseal = [{{ root = \"packet\", tree = \"{tree}\" }}]\n"),
        ),
        ("known_broken", format!("known_broken = [{{ {broken} }}]\n")),
        ("discover.ignore", "[discover]\nignore = [\"packet/**\"]\n".to_owned()),
        ("discover.roots", "[discover]\nroots = [\"elsewhere\"]\n".to_owned()),
        ("packet.manifest", format!("{root}manifest = \"packet/other.txt\"\n")),
    ];
    for (key, text) in cases {
        let place = sealed();
        edited().build_in(&place);
        place.write("seal.toml", text);
        let report = everywhere(&place, 1, &[ANEW, "config_changed seal.toml"]);
        report.tells("config_changed", &["is new", &format!("weakens by `{key}`")]);
    }
}

#[test]
fn a_configuration_that_came_with_the_change_let_files_in() {
    let root = "[[packet]]\nroot = \"packet\"\n";
    for (key, line) in
        [("packet.exclude", "exclude = [\"*.md\"]\n"), ("packet.unsealed", "unsealed = \"allow\"\n")]
    {
        let place = sealed();
        place.write("packet/extra.md", "x").write("seal.toml", format!("{root}{line}"));
        place.verify(["."]).is(0, &[]);
        let found = ["config_changed seal.toml", "unsealed_file extra.md"];
        everywhere(&place, 1, &found).tells("config_changed", &[key]);
    }
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
fn a_manifest_under_another_name_is_another_seal() {
    let place = sealed();
    place.rename("packet/HASH_MANIFEST.txt", "packet/SHA256SUMS").remove("packet/packet_tree.sha256");
    let found = [GONE, "newly_sealed packet/SHA256SUMS"];
    everywhere(&place, 1, &found).tells("packet_removed", &["packet/SHA256SUMS"]);
    let tree = Packet::new().tree();
    place.verify([".", "--base", "base", "--accept-reseal", &tree]).is(1, &found);
}

#[test]
fn a_manifest_in_other_letters_is_another_seal() {
    let place = sealed();
    place.rename("packet/HASH_MANIFEST.txt", "packet/aside");
    place.rename("packet/aside", "packet/hash_manifest.txt").remove("packet/packet_tree.sha256");
    everywhere(&place, 1, &[GONE, "newly_sealed packet/hash_manifest.txt"]);
}

#[cfg(unix)]
#[test]
fn a_link_to_the_packet_is_no_packet() {
    let place = sealed();
    place.rename("packet", "elsewhere");
    std::os::unix::fs::symlink("elsewhere", place.at("packet")).unwrap();
    let found = [GONE, "newly_sealed elsewhere/HASH_MANIFEST.txt"];
    everywhere(&place, 1, &found);
    place.verify(["packet", "--base", "base"]).is(1, &found);
    // A link that was there before leads to seals that were there before.
    place.git(["tag", "--force", "base"]);
    place.verify(["packet", "--base", "base"]).is(0, &[]);
    edited().root("elsewhere").build_in(&place);
    place.verify(["packet", "--base", "base"]).is(1, &["resealed elsewhere/HASH_MANIFEST.txt"]);
}

#[cfg(unix)]
#[test]
fn a_link_to_the_manifest_is_no_manifest() {
    let place = based(Packet::new().list("checksums.txt").build());
    place.rename("packet/checksums.txt", "packet/aside");
    std::os::unix::fs::symlink("aside", place.at("packet/checksums.txt")).unwrap();
    let report = place.verify([".", "--base", "base"]);
    report.tells("packet_removed", &["symbolic link"]);
}

#[test]
fn an_archive_or_a_file_in_its_place_is_no_packet() {
    for name in ["packet", "packet.zip"] {
        let place = sealed();
        std::fs::remove_dir_all(place.at("packet")).unwrap();
        place.write(name, "PK");
        everywhere(&place, 1, &[GONE]);
    }
}

#[test]
fn another_repository_in_its_place_is_no_packet() {
    let place = sealed();
    place.git(["-C", "packet", "init", "--quiet"]);
    place.git(["-C", "packet", "add", "."]).git(["-C", "packet", "commit", "--quiet", "-m", "inner"]);
    place.verify([".", "--base", "base"]).tells("packet_removed", &["another repository"]);
    place.git(["rm", "-r", "--quiet", "--cached", "packet"]).git(["add", "packet"]);
    place
        .verify([".", "--base", "base", "--from", "index"])
        .is(1, &[GONE])
        .tells("packet_removed", &["submodule"]);
}

#[test]
fn a_manifest_with_weaker_digests_is_another_seal() {
    let place = sealed();
    let line = |(name, _): &(&str, &str)| format!("{}  {name}\n", "0".repeat(32));
    Packet::new().manifest(EVIDENCE.iter().map(line).collect::<String>()).build_in(&place);
    place.verify([".", "--base", "base"]).tells("resealed", &["4 entries"]);
}

#[test]
fn entries_and_files_that_come_or_go_together_were_intact() {
    let place = sealed();
    Packet::new().file("more.md", "more").build_in(&place);
    everywhere(&place, 1, &[ANEW]).tells("resealed", &["1 entry added: \"more.md\""]);

    let place = sealed();
    let line = Packet::new().text();
    let dropped = line.split_inclusive('\n').filter(|line| !line.contains("README")).collect::<String>();
    Packet::new().manifest(dropped).build_in(&place);
    place.remove("packet/README.md");
    everywhere(&place, 1, &[ANEW]).tells("resealed", &["1 entry removed: \"README.md\""]);

    let place = sealed();
    let first = line.split_inclusive('\n').next().unwrap();
    Packet::new().manifest(first).build_in(&place);
    let report = place.verify([".", "--base", "base"]);
    report.tells("resealed", &["3 entries removed", "and \"scripts/run.sh\""]);
}

#[test]
fn a_pin_that_was_bent_to_a_drifted_manifest_is_a_new_seal() {
    let place = sealed();
    place
        .edit("packet/HASH_MANIFEST.txt", |text| text.replace('\n', "\r\n"))
        .commit("drift")
        .git(["tag", "-f", "base"]);
    let drifted = sha256(&place.read("packet/HASH_MANIFEST.txt"));
    place.write("packet/packet_tree.sha256", format!("{drifted}\n"));
    place
        .verify([".", "--base", "base"])
        .tells("resealed", &["the same entries, written otherwise", &drifted[..12]]);
    // To put the sealed manifest back is no new seal.
    Packet::new().build_in(&place);
    everywhere(&place, 0, &[]);
}

#[test]
fn a_list_that_is_none_any_more_was_passed_over() {
    let place = based(Packet::new().list("checksums.txt").build());
    place.write("packet/checksums.txt", "see the other place\n");
    let found = ["manifest_unreadable checksums.txt", "resealed packet/checksums.txt"];
    place.verify(["."]).is(2, &["no_seal_found"]);
    everywhere(&place, 1, &found);
}

#[test]
fn an_ignored_packet_was_passed_over() {
    let place = sealed();
    edited().build_in(&place);
    place.write(".gitignore", "packet\n").git(["rm", "-r", "--quiet", "--cached", "packet"]).commit("hide");
    place.verify([".", "--base", "base"]).is(1, &[GONE]).tells("packet_removed", &["ignored by .gitignore"]);
    place.verify([".", "--base", "base", "--from", "index"]).is(1, &[GONE]);
}

/// The names of a list are looked for under its own folder and under the root.
#[test]
fn copies_of_the_sealed_files_beside_the_list_took_their_place() {
    let place = Packet::new().list("SHA256SUMS").root("").build();
    place.init().rename("SHA256SUMS", "release/SHA256SUMS");
    let place = based(place);
    for (name, content) in EVIDENCE {
        place.write(format!("release/{name}"), content).remove(name);
    }
    let moved: Vec<String> = EVIDENCE.iter().map(|(name, _)| format!("moved {name}")).collect();
    let found: Vec<&str> = moved.iter().map(String::as_str).collect();
    place.verify(["."]).is(0, &[]);
    place.verify([".", "--base", "base"]).is(1, &found);
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

/// A configuration that looks elsewhere does not make a seal new that a PATH names.
#[test]
fn a_seal_where_the_configuration_does_not_look_was_new() {
    let place = Packet::new().build();
    place.write("seal.toml", "[discover]\nroots = [\"releases\"]\n");
    let place = based(place);
    edited().build_in(&place);
    place.verify(["packet/HASH_MANIFEST.txt", "--base", "base"]).is(1, &[ANEW]);
    place.verify(["packet/README.md", "--base", "base"]).is(1, &[ANEW]);
}

/// A list without a telling name is a seal as long as another one names it.
#[test]
fn a_list_that_nothing_names_any_more_was_no_seal() {
    let place = Packet::new().list("list.dat").build();
    place.write("packet/manifest.json", "{\"per_file_hashes\": \"list.dat\"}\n");
    let place = based(place);
    place.verify([".", "--base", "base"]).is(0, &[]);
    place.remove("packet/manifest.json");
    let found = everywhere(&place, 1, &["packet_removed packet/list.dat"]);
    found.tells("packet_removed", &["the file is there"]);
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
