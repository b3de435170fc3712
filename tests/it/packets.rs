//! Realistic packets: a rehearsal, an execution without production, and a
//! production-shaped clone with a gate. `testdata/packets/` holds them as files,
//! and `testdata/<check>/<code>/` what `cases` makes of them; a test compares both
//! with what is made here and, with `SEAL_WRITE_TESTDATA=1`, writes them anew.
//! Every `expect.toml` is written by a person.

mod cases;
pub(crate) mod documents;
pub(crate) mod governance;
mod governed;
pub(crate) mod lab;
mod sample;
mod self_checks;
mod truth;

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::json;

use crate::packet::{Place, sha256};
use crate::stored::{copy, testdata};
use documents as d;
pub(crate) use sample::Sample;

/// The configuration that the packets are judged with: the profile of their
/// family with the pin of a validator that can be had.
pub(crate) fn configuration(packets: &[&str]) -> String {
    let (digest, size) = (d::digest(d::VALIDATOR), d::VALIDATOR.len());
    let head = format!(
        "# The validator of these packets in the place of the pinned one, whose bytes are not here.\n\
         [profile.sample]\nextends = \"fix7\"\n\n[profile.sample.values]\n\
         pins = [\n    {{ name = \"hardened_validator\", sha256 = \"{digest}\", size = {size} }},\n]\n"
    );
    let reference = format!(
        "references = [\n    {{ path = \"hardened-validator.py\", sha256 = \"{digest}\", size = {size}, found_in = [\"rehearsal\"] }},\n]\n"
    );
    let tables = packets.iter().map(|packet| {
        let table = format!("\n[[packet]]\nroot = \"{packet}\"\nprofile = \"sample\"\n");
        if packet.ends_with("-mirror") { table + &reference } else { table }
    });
    std::iter::once(head).chain(tables).collect()
}

/// What every packet has: pages, scripts, results.
fn common(packet: &str, lane: &str, delegation: &str, status: &str, files: u64) -> Sample {
    let mut sample = Sample::default();
    let page = |what: &str| {
        format!(
            "# {packet}\n\n{what} \u{2014} 2026-06-11, lane {lane}, under {delegation}.\n\nStatus: {status}\n"
        )
    };
    sample
        .file("README.md", page("Evidence of this lane"))
        .file(
            "checkpoint.md",
            page("Where the work stands")
                + &format!(
                    "\nRun `RERUN.sh`; `exit_codes.json` says how each gate ended.\n\n\
                     | file | sha256 |\n|---|---|\n| `commands.sh` | `{}` |\n",
                    sha256(d::COMMANDS.as_bytes())
                ),
        )
        .json("machine-report.json", &d::machine_report(lane, delegation, status, files))
        .file("commands.sh", d::COMMANDS)
        .file("RERUN.sh", d::RERUN)
        .json("exit_codes.json", &d::exit_codes(packet))
        .file("hardened-validator.py", d::VALIDATOR);
    sample
}

/// Documents that only later checks read, in their shapes.
fn governance(sample: &mut Sample, names: &[&str]) {
    for name in names {
        sample.json(name, &governance::document(name));
    }
}

/// The decision packet says what it is about as the machine report does.
fn agreed(sample: &mut Sample) {
    let report = sample.document("machine-report.json");
    let mut decision = sample.document("decision-packet.json");
    for field in ["date", "lane", "delegation", "final_status"] {
        decision[field] = report[field].clone();
    }
    sample.json("decision-packet.json", &decision);
}

/// The rehearsal packet: 23 files with its seal.
pub(crate) fn rehearsal() -> Sample {
    let mut sample = common(
        "rehearsal-only",
        "rehearsal",
        "AUTHORIZE_PRODUCTION_REHEARSAL_ONLY",
        "FIX7_P0_PRODUCTION_REHEARSAL_ONLY_ROLLBACK_READY",
        23,
    );
    sample
        .json("rehearsal-target-lock.json", &d::target_lock())
        .json("rehearsal-execution-evidence.json", &d::rehearsal_evidence())
        .json("clone-rollback-evidence.json", &d::clone_rollback())
        .json("rollback-recovery-proof.json", &d::rollback_proof())
        .json("bad-input-probes.json", &d::rehearsal_probes())
        .json("validator-runs.json", &d::validator_runs("RB-CLONE-TXN"));
    governance(
        &mut sample,
        &[
            "forbidden-surface-proof.json",
            "blocker-map.json",
            "decision-packet.json",
            "rehearsal-plan.json",
            "precondition-checklist.json",
            "delegation-lock.json",
            "owner-decision-template.json",
        ],
    );
    agreed(&mut sample);
    sample.listed("rehearsal-only", &[]);
    sample
}

/// Good evidence of every kind that the classes of bad input are about.
pub(crate) fn good() -> Sample {
    let mut sample = rehearsal();
    sample.files.remove("manifest.json");
    sample
        .json("clone-provenance.json", &d::usable_clone_provenance())
        .json("schema-compatibility.json", &d::schema_compatibility(true))
        .set("machine-report.json", "/file_count", json!(25));
    sample.listed("rehearsal-only", &[]);
    sample
}

/// The execution packet: 22 files with its seal.
pub(crate) fn execution() -> Sample {
    let mut sample = common(
        "no-production-execution",
        "execution",
        "AUTHORIZE_IMPLEMENTATION_EXECUTION_NO_PRODUCTION",
        "FIX7_P0_NO_PRODUCTION_IMPLEMENTATION_EXECUTION_AND_REVIEW_APPLIED",
        22,
    );
    sample
        .json("rollback-recovery-proof.json", &d::execution_proof())
        .json("bad-input-probes.json", &d::execution_probes())
        .json("validator-runs.json", &d::validator_runs("RB-EXEC-1"));
    governance(
        &mut sample,
        &[
            "forbidden-surface-proof.json",
            "blocker-map.json",
            "decision-packet.json",
            "execution-plan.json",
            "scope-lock.json",
            "post-execution-review.json",
            "delegation-lock.json",
            "tool-call-log.json",
        ],
    );
    let delegation = json!("AUTHORIZE_IMPLEMENTATION_EXECUTION_NO_PRODUCTION");
    sample.set("delegation-lock.json", "/table_A/0/decision", delegation);
    sample.json("self-check.json", &self_checks::execution_self_check());
    let mut report = sample.document("machine-report.json");
    report["mutations"] = json!(["M-1", "M-2"]);
    sample.json("machine-report.json", &report);
    agreed(&mut sample);
    sample.listed("no-production-execution", &[]);
    sample
}

/// The packet of a production-shaped clone and a gate: 21 files with its seal.
pub(crate) fn clone_and_gate() -> Sample {
    let mut sample = common(
        "shaped-clone-and-gate",
        "shaped clone",
        "AUTHORIZE_PRODUCTION_SHAPED_CLONE_REHEARSAL_ONLY",
        "FIX7_P0_PRODUCTION_SHAPED_CLONE_REHEARSAL_READY_NOT_APPLIED",
        21,
    );
    sample
        .json("clone-provenance.json", &d::clone_provenance())
        .json("schema-compatibility.json", &d::schema_compatibility(false))
        .json("clone-rollback-evidence.json", &d::unavailable_clone_rollback())
        .json("rollback-recovery-proof.json", &d::unavailable_proof())
        .json("bad-input-probes.json", &d::clone_probes())
        .json("validator-runs.json", &d::validator_runs("RB-SHAPED-1"));
    governance(
        &mut sample,
        &["ci-gate-design.json", "ci-unknown-resolution.json", "blocker-map.json", "decision-packet.json"],
    );
    sample.json("self-check.json", &self_checks::clone_self_check());
    agreed(&mut sample);
    sample.listed("shaped-clone-and-gate", &["hardened-validator.py"]);
    sample
}

/// Every packet with the name of its folder.
pub(crate) fn all() -> Vec<(&'static str, Sample)> {
    let clone = clone_and_gate();
    let mirror = clone.mirror(&["hardened-validator.py"]);
    vec![
        ("rehearsal", rehearsal()),
        ("good", good()),
        ("execution", execution()),
        ("clone-and-gate", clone),
        ("clone-and-gate-mirror", mirror),
    ]
}

const NAMES: [&str; 5] = ["rehearsal", "good", "execution", "clone-and-gate", "clone-and-gate-mirror"];

/// Everything below a folder, by path.
pub(crate) fn contents(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    fn walk(folder: &Path, at: &str, all: &mut BTreeMap<String, Vec<u8>>) {
        let Ok(entries) = std::fs::read_dir(folder) else { return };
        for entry in entries.map(Result::unwrap) {
            let name = format!("{at}/{}", entry.file_name().to_str().unwrap());
            if entry.file_type().unwrap().is_dir() {
                walk(&entry.path(), &name, all);
            } else {
                all.insert(name, std::fs::read(entry.path()).unwrap());
            }
        }
    }
    let mut all = BTreeMap::new();
    walk(folder, "", &mut all);
    all
}

/// Compares a stored folder with what is made here, or writes it anew.
fn stored_is(made: &Path, stored: &Path) {
    if std::env::var_os("SEAL_WRITE_TESTDATA").is_some() {
        if stored.exists() {
            std::fs::remove_dir_all(stored).unwrap();
        }
        copy(made, stored);
    }
    let (made, kept) = (contents(made), contents(stored));
    let differ: Vec<&String> =
        made.keys().chain(kept.keys()).filter(|name| made.get(*name) != kept.get(*name)).collect();
    assert!(
        differ.is_empty(),
        "{} is not what is made: {differ:?}; SEAL_WRITE_TESTDATA=1 writes it anew",
        stored.display()
    );
}

#[test]
fn the_stored_packets_are_what_is_made_here() {
    let place = Place::new();
    for (name, sample) in all() {
        sample.write(&place.at(name));
        stored_is(&place.at(name), &testdata().join("packets").join(name));
    }
    let path = testdata().join("packets/seal.toml");
    if std::env::var_os("SEAL_WRITE_TESTDATA").is_some() {
        std::fs::write(&path, configuration(&NAMES)).unwrap();
    }
    assert_eq!(std::fs::read_to_string(&path).unwrap(), configuration(&NAMES));
}

#[test]
fn the_packets_have_as_many_files_as_their_kind() {
    let place = Place::new();
    let counts: Vec<usize> = all()
        .iter()
        .map(|(name, sample)| {
            sample.write(&place.at(name));
            contents(&place.at(name)).len()
        })
        .collect();
    assert_eq!(counts, [23, 25, 22, 21, 20]);
}

/// What a packet without a rehearsal of its own has nothing for.
const SHAPED: [&str; 8] =
    ["rehearsal", "rollback", "preflight", "surfaces", "reservations", "plan", "scope", "review"];

#[test]
fn complete_packets_are_good_on_every_level() {
    let place = Place::new();
    for (name, sample) in all() {
        sample.write(&place.at(name));
    }
    place.write("seal.toml", configuration(&NAMES));
    for (name, not_applied) in [
        ("rehearsal", &["schema", "preflight", "gate", "reservations", "scope", "review"][..]),
        ("good", &["preflight", "gate", "reservations", "scope", "review"]),
        ("execution", &["rehearsal", "isolation", "schema", "preflight", "gate", "reservations"]),
        ("clone-and-gate", &SHAPED),
        ("clone-and-gate-mirror", &SHAPED),
    ] {
        let report = place.verify(["--config", "seal.toml", name]);
        // The list beside a mirror's seal did not know where its file is kept.
        assert_eq!(report.exit, 0, "{name}: {:#}", report.json["findings"]);
        for check in [
            "manifest",
            "pin",
            "mirror",
            "runs",
            "rehearsal",
            "rollback",
            "probes",
            "validator",
            "isolation",
            "schema",
            "preflight",
            "surfaces",
            "gate",
            "blockers",
            "decision",
            "reservations",
            "plan",
            "scope",
            "review",
            "claims",
            "tokens",
            "secrets",
            "status",
        ] {
            let checks = report.at("/packets/0/checks").as_array().unwrap();
            let status = &checks.iter().find(|c| c["id"] == check).unwrap()["status"];
            let due = if not_applied.contains(&check) { "not_applied" } else { "ok" };
            assert_eq!(status, due, "{name}: {check}: {:#}", report.json["findings"]);
        }
        for level in ["L0", "L1", "L2", "L3"] {
            assert_eq!(report.at("/packets/0/levels")[level], "ok", "{name}");
        }
    }
}

#[test]
fn the_packets_are_recognized_by_their_documents() {
    for (name, sample) in all().into_iter().take(4) {
        let place = Place::new();
        sample.write(&place.at("p"));
        let report = place.verify(["p"]);
        assert_eq!(report.at("/packets/0/profile"), "fix7", "{name}");
        // Their validator is not the pinned one, and only recognition says so.
        report.tells("validator_not_pinned", &["hardened-validator.py"]);
    }
}

/// Two names told the profile, so that renaming one of them took every rule away.
#[test]
fn a_packet_is_recognized_whatever_its_documents_are_called() {
    let mut sample = execution();
    for (name, other) in
        [("rollback-recovery-proof.json", "way-back.json"), ("forbidden-surface-proof.json", "surfaces.json")]
    {
        let bytes = sample.files.remove(name).unwrap();
        sample.file(other, bytes);
    }
    sample.listed("no-production-execution", &[]);
    let place = Place::new();
    sample.write(&place.at("p"));
    let report = place.verify(["p"]);
    assert_eq!(report.at("/packets/0/profile"), "fix7");
    let told: Vec<String> =
        report.findings().into_iter().filter(|finding| finding.starts_with("evidence_misnamed")).collect();
    assert_eq!(told, ["evidence_misnamed surfaces.json", "evidence_misnamed way-back.json"]);
    assert_eq!(report.exit, 1);
}

#[test]
fn a_level_above_a_failing_one_is_not_judged_and_is_shown() {
    let place = Place::new();
    let mut sample = rehearsal();
    sample.set("rollback-recovery-proof.json", "/entries/0/restored_match", json!(false));
    sample.set("exit_codes.json", "/rerun_sh", json!("FAIL"));
    sample.listed("rehearsal-only", &[]);
    sample.write(&place.at("rehearsal"));
    place.write("seal.toml", configuration(&["rehearsal"]));
    let report = place.verify(["--config", "seal.toml", "rehearsal"]);
    assert_eq!(report.at("/packets/0/levels/L1"), "failed");
    assert_eq!(report.at("/packets/0/levels/L2"), "not_judged");
    report.tells("recorded_run_failed", &["FAIL"]).tells("rollback_flag_disagrees", &["restored_match"]);
}

#[test]
fn a_profile_of_the_command_line_must_be_one() {
    let place = Place::new();
    rehearsal().write(&place.at("p"));
    place.verify(["--profile", "fix8", "p"]).tells("usage_error", &["fix8", "generic, fix7"]);
    let report = place.verify(["--profile", "generic", "p"]);
    assert_eq!(report.at("/packets/0/profile"), "generic");
    assert_eq!(report.exit, 0, "{}", report.json["findings"]);
}

#[test]
fn a_drifted_document_is_judged_by_its_sealed_bytes_when_they_are_recovered() {
    let place = Place::new();
    rehearsal().write(&place.at("p"));
    place.edit("p/rollback-recovery-proof.json", |text| text.replace('\n', "\r\n"));
    let report = place.verify(["--profile", "generic", "p"]);
    let checks = report.at("/packets/0/checks").as_array().unwrap();
    let rollback = checks.iter().find(|check| check["id"] == "rollback").unwrap();
    assert_eq!(rollback["status"], "ok", "{rollback:#}");
    place.edit("p/rollback-recovery-proof.json", |text| text.replace("PROVEN_IN_STAGING", "PROVEN"));
    let report = place.verify(["--profile", "generic", "p"]);
    report.tells("check_error", &["rollback-recovery-proof.json", "could not be recovered"]);
}
