//! `seal.toml`: from the root of the repository or from `--config`, and from
//! nowhere else; inside a packet it may only tighten.

use crate::packet::{Packet, Place};

/// A repository with a packet, one file too many, and this configuration.
fn repository(config: &str) -> Place {
    let place = Packet::new().build();
    place.init().write("packet/evidence/run.log", "raw output\n").write("seal.toml", config);
    place
}

#[test]
fn excluded_files_are_counted_and_do_not_fail() {
    let place = repository("[[packet]]\nroot = \"packet\"\nexclude = [\"evidence/**\"]\n");
    let report = place.verify(["packet"]).is(0, &[]);
    assert_eq!((report.at("/packets/0/excluded"), report.complete()), (&1.into(), true));
    // Sealed files cannot be excluded away.
    let place = repository("[[packet]]\nroot = \"packet\"\nexclude = [\"**\"]\n");
    place.remove("packet/README.md");
    place.verify(["packet"]).is(1, &["missing_file README.md"]);
}

#[test]
fn unlisted_files_are_allowed_or_denied() {
    let unlisted = "unsealed_file evidence/run.log";
    let place = repository("");
    place.verify(["packet"]).is(1, &[unlisted]);
    let place = repository("[[packet]]\nroot = \"packet\"\nunsealed = \"allow\"\n");
    place.verify(["packet"]).is(0, &[]);
    place.verify(["packet", "--isolated"]).is(1, &[unlisted]);
    let place = Packet::new().list("SHA256SUMS").build();
    place.init().write("packet/evidence/run.log", "raw output\n");
    place.verify(["packet"]).is(0, &[]);
    place.write("seal.toml", "[[packet]]\nmanifest = \"packet/SHA256SUMS\"\nunsealed = \"deny\"\n");
    place.verify(["packet"]).is(1, &[unlisted]);
}

#[test]
fn a_seal_known_to_be_broken() {
    let tree = Packet::new().tree();
    for (until, exit) in [("2999-12-31", 0), ("2020-01-31", 1)] {
        let place = Packet::new().build();
        place.init().edit("packet/README.md", |text| text.replace('\n', "\r\n"));
        let config = format!(
            "[[known_broken]]\nroot = \"packet\"\ntree = \"{tree}\"\nreason = \"an old checkout\"\nuntil = {until}\n"
        );
        place.write("seal.toml", config);
        let report = place.verify(["packet"]);
        assert_eq!(report.exit, exit, "{:?}", report.findings());
        report.finding("crlf_drift");
        let known = report.findings().contains(&"known_broken".to_owned());
        assert_eq!((known, report.complete()), (exit == 0, exit == 1));
        let ran = place.seal(["verify", "packet"]).exits(exit).never_says(&["PASS"]);
        if exit == 0 {
            ran.says(&["partial", "a seal is known to be broken"]);
            report.tells("known_broken", &["an old checkout"]);
        }
    }
}

#[test]
fn a_broken_seal_that_is_intact_passes_whole() {
    let config = format!(
        "[[known_broken]]\nroot = \"packet\"\ntree = \"{}\"\nreason = \"x\"\nuntil = 2999-12-31\n",
        Packet::new().tree()
    );
    let place = Packet::new().build();
    place.init().write("seal.toml", config);
    assert!(place.verify(["packet"]).is(0, &[]).complete());
}

#[test]
fn unknown_keys_and_values_are_errors_with_the_nearest_known_one() {
    for (text, told) in [
        ("[[packet]]\nroot = \"packet\"\nexlude = [\"x\"]\n", "exclude"),
        ("[[packet]]\nroot = \"packet\"\nunsealed = \"alow\"\n", "allow"),
        ("[[packet]]\nroot = \"packet\"\nrequire = [\"pinn\"]\n", "pin"),
        ("[discover]\nignored = [\"x\"]\n", "ignore"),
        ("search_budget = \"much\"\n", "search_budget"),
        ("[[packet]]\nexclude = [\"x\"]\n", "root"),
        ("[[packet\n", "TOML"),
    ] {
        let report = repository(text).verify(["packet"]).is(2, &["config_invalid seal.toml"]);
        report.tells("config_invalid", &[told]);
    }
}

#[test]
fn a_configuration_inside_a_packet_may_only_tighten() {
    let weak = "[[packet]]\nroot = \".\"\nunsealed = \"allow\"\n";
    let place = Packet::new().root("").file("seal.toml", weak).build();
    place.init().write("notes.txt", "slipped in\n");
    let report = place.verify(["."]);
    assert_ne!(report.exit, 0);
    report.finding("config_inside_packet");
    let strict = "[[packet]]\nroot = \".\"\nunsealed = \"deny\"\nrequire = [\"pin\"]\n";
    let place = Packet::new().root("").file("seal.toml", strict).build();
    place.init();
    place.verify(["."]).is(0, &[]);
    // Outside of a repository it is not read at all; it is a file like any other.
    let place = Packet::new().file("seal.toml", weak).build();
    place.verify(["packet"]).is(0, &["config_ignored seal.toml"]);
    place.write("packet/notes.txt", "slipped in\n");
    place.verify(["packet"]).is(1, &["config_ignored seal.toml", "unsealed_file notes.txt"]);
}

#[test]
fn a_configuration_deeper_in_a_repository_weakens_nothing() {
    let place = Packet::new().file("seal.toml", "[[packet]]\nroot = \".\"\nunsealed = \"allow\"\n").build();
    place.init().write("packet/notes.txt", "slipped in\n");
    let report = place.verify(["packet"]);
    assert_ne!(report.exit, 0, "{:?}", report.findings());
}

#[test]
fn a_configuration_by_name_and_none_at_all() {
    let place = repository("nonsense = 1\n");
    let allow = "[[packet]]\nroot = \"packet\"\nunsealed = \"allow\"\n";
    place.write("other.toml", allow);
    place.verify(["packet", "--config", "other.toml"]).is(0, &[]);
    place.verify(["packet", "--isolated"]).is(1, &["unsealed_file evidence/run.log"]);
    place
        .verify(["packet", "--config", "no-such.toml"])
        .is(2, &["config_invalid"])
        .tells("config_invalid", &["no-such.toml"]);
    place.seal(["verify", "packet", "--config", "other.toml", "--isolated"]).exits(2);
}

#[test]
fn references_are_believed_only_when_found() {
    let validator = "print('ok')\n";
    let digest = crate::packet::sha256(validator.as_bytes());
    let place = Packet::new().file("validator/run.py", validator).build();
    place.init().rename("packet/validator/run.py", "tools/run.py");
    let config = format!(
        "[[packet]]\nroot = \"packet\"\nreferences = [{{ path = \"validator/run.py\", sha256 = \"{digest}\", found_in = [\"tools\"] }}]\n"
    );
    place.write("seal.toml", config);
    let report = place.verify(["packet"]).is(0, &[]);
    assert_eq!(*report.at("/packets/0/entries/referenced"), 1);
    place.edit("tools/run.py", |text| text.replace("ok", "no"));
    place
        .verify(["packet"])
        .is(1, &["reference_unresolved validator/run.py"])
        .tells("reference_unresolved", &["tools"]);
}

#[test]
fn seals_may_be_ignored_and_are_then_listed() {
    let place = repository("[discover]\nignore = [\"packet/**\"]\n");
    Packet::new().root("good").build_in(&place);
    let report = place.verify(["."]).is(0, &[]);
    assert_eq!(*report.at("/passed_over/0/path"), "packet/HASH_MANIFEST.txt");
    assert_eq!(report.at("/packets").as_array().unwrap().len(), 1);
}

/// What a profile names and nothing is would be a rule that never applies.
#[test]
fn a_profile_that_names_what_is_not_there_is_refused() {
    let class = "{ suite = \"s\", name = \"a\", document = \"plan\", pointer = \"/x\", mutation = \"m\", \
                 check = \"plan\", code = \"step_missing\" }";
    let with_class = |line: &str| format!("[profile.own.values]\nprobe_classes = [{class}]\n{line}\n");
    let values = |line: &str| format!("[profile.own.values]\n{line}\n");
    for (text, told) in [
        ("[profile.own]\nextends = \"fix8\"\n".to_owned(), "the nearest known name is `fix7`"),
        (values("claims = { READY = [\"rolback\"] }"), "the nearest known name is `rollback`"),
        (values("spellings = { \"blokers.id\" = [\"key\"] }"), "the nearest known name is `blockers`"),
        (values("spellings = { befor_hash = [\"before\"] }"), "did you mean `before_hash`?"),
        (values("self_checks = [{ name = \"x\", check = \"plans\" }]"), "the nearest known name is `plan`"),
        (values("validator_pin = \"mine\""), "none is known here"),
        (values("validator_runs = { own_evidence = [\"passes\"] }"), "`[\"fail\"]`"),
        (
            values("rehearsal_legs = [{ name = \"x\", kind = \"entri\" }]"),
            "the nearest known name is `entry`",
        ),
        (values("rehearsal_legs = [{ name = \"x\", kind = \"entry\" }]"), "lacks `entry`"),
        (
            values("ranges = [{ name = \"x\", prefix = \"T\", first = 2, last = 1, state = \"FOLDED\" }]"),
            "ends before it begins",
        ),
        (with_class("probe_injections = { \"s.b\" = \"remove\" }"), "the nearest known name is `s.a`"),
        (with_class("probe_injections = { \"s.a\" = \"sett 1\" }"), "begins with no known verb"),
        (with_class("probe_injections = { \"s.a\" = \"set TOUCHED\" }"), "`set` takes a JSON value"),
        (
            "[[packet]]\nroot = \"packet\"\nvalues = { claims = { READY = [\"x\"] } }\n".to_owned(),
            "names the check \"x\", which is none",
        ),
    ] {
        repository(&text)
            .verify(["packet"])
            .is(2, &["config_invalid seal.toml"])
            .tells("config_invalid", &[told]);
    }
    let good =
        with_class("probe_injections = { \"s.a\" = \"unsealed delete\" }\nspellings = { key = [\"k\"] }");
    repository(&good).verify(["packet"]).is(1, &["unsealed_file evidence/run.log"]);
    // Each profile is named once.
    let report = repository("[[packet]]\nroot = \"packet\"\nprofile = \"fix8\"\n").verify(["packet"]);
    report.tells("config_invalid", &["known: generic, fix7"]);
}

#[test]
fn a_table_about_a_place_that_is_not_there_is_told_whatever_is_verified() {
    let table = |root: &str| format!("[[packet]]\nroot = \"{root}\"\nunsealed = \"allow\"\n");
    let place = repository(&(table("packet") + &table("pakcet")));
    for path in ["packet", "packet/HASH_MANIFEST.txt"] {
        place
            .verify([path])
            .is(2, &["config_invalid seal.toml"])
            .tells("config_invalid", &["no seal is at \"pakcet\"", "[[packet]]"]);
    }
    place.write("pakcet/README.md", "to be sealed\n");
    place.verify(["packet"]).finding("config_invalid");
    // A seal that is there is another path's business.
    place.write("pakcet/HASH_MANIFEST.txt", "not read\n");
    place.verify(["packet"]).is(0, &[]);
    let place = repository(&(table("packet") + "[[packet]]\nmanifest = \"lists/SHA256SUMS\"\n"));
    place.verify(["packet"]).tells("config_invalid", &["lists/SHA256SUMS"]);
    place.write("lists/SHA256SUMS", "");
    place.verify(["packet"]).is(0, &[]);
}

#[test]
fn a_configuration_beside_or_inside_that_is_not_read_is_named() {
    let allow = "[[packet]]\nroot = \"packet\"\nunsealed = \"allow\"\n";
    let place = Packet::new().build();
    place.write("seal.toml", allow);
    for path in ["packet", "packet/HASH_MANIFEST.txt"] {
        let report = place.verify([path]).is(0, &["config_ignored"]);
        report.tells("config_ignored", &["\"seal.toml\" was not read"]);
    }
    place.verify(["packet", "--isolated"]).is(0, &[]);
    place.verify(["packet", "--config", "seal.toml"]).is(0, &[]);
    // In a repository the one at its root is in force, and no other.
    let place = Packet::new().root("a/packet").file("notes/seal.toml", allow).build();
    place.init().write("seal.toml", "").write("a/seal.toml", allow);
    let report = place.verify(["a/packet"]);
    assert_eq!(report.exit, 0, "{:?}", report.findings());
    let told: Vec<String> =
        report.findings().into_iter().filter(|finding| finding.starts_with("config_ignored")).collect();
    assert_eq!(told.len(), 2, "{told:?}");
}

/// Outside of a repository the folder was taken for the root of everything, and no
/// table was about it.
#[test]
fn create_seals_with_the_configuration_that_was_named() {
    let config = "[profile.own]\nallow_unsealed = [\"evidence/**\"]\n\n\
                  [[packet]]\nroot = \"packet\"\nprofile = \"own\"\nexclude = [\"more/**\"]\n";
    let place = crate::packet::Place::new();
    place.write("packet/README.md", "# A\n").write("packet/evidence/run.log", "raw\n");
    place.write("packet/more/notes.txt", "notes\n").write("seal.toml", config);
    place.seal(["create", "packet", "--config", "seal.toml"]).exits(0).says(&["1 file", "2 left out"]);
    place.verify(["packet", "--config", "seal.toml"]).is(0, &[]);
    place.seal(["create", "packet", "--config", "seal.toml", "--check"]).exits(0);
    place.seal(["create", "packet", "--isolated", "--check"]).exits(1);
}

#[test]
fn required_checks_must_find_something() {
    let place = Packet::new().list("SHA256SUMS").build();
    place.verify(["packet", "--require", "pin"]).is(1, &["check_not_applied"]);
    place.verify(["packet", "--require", "manifest"]).is(0, &[]);
    Packet::new().build().verify(["packet", "--require", "pin"]).is(0, &[]);
}
