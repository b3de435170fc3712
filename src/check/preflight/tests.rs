//! Pins, revisions and the order of packets.

use serde_json::{Value, json};

use super::*;
use crate::check::bench::{Bench, Judged, hex, pointers, with, without};
use crate::check::{Status, governance, samples};
use crate::config::{Known, parse_known};
use crate::profile::builtin;

const NAME: &str = "preflight.json";
const REPORT: &str = "machine-report.json";
const FILE: &str = "hardened-validator.py";

fn bench(document: &Value) -> Bench {
    Bench::new("fix7").json(NAME, document).file(FILE, samples::VALIDATOR)
}

fn judge(document: &Value) -> Judged {
    bench(document).judge(&PreflightCheck)
}

fn report(lane: &str, date: &str) -> Value {
    with(&samples::machine_report(lane, "D", "X_NOT_APPLIED", 3), "/date", json!(date))
}

/// A pin of something that is nowhere here.
fn elsewhere() -> Value {
    let good = samples::preflight();
    let pin = json!({"name": "planning notes", "sha256": hex("notes")});
    with(&good, "/pins", json!([good["pins"][0], pin]))
}

#[test]
fn a_pin_is_good_when_its_bytes_are_here() {
    judge(&samples::preflight()).is_ok();
    judge(&without(&samples::preflight(), "/pins/0/path")).is_ok();
    Bench::new("fix7").judge(&PreflightCheck).is(Status::NotApplied);
    Bench::new("fix7").json(NAME, &samples::preflight()).judge(&PreflightCheck).is(Status::NotApplied);
    judge(&with(&samples::preflight(), "/pins", json!([]))).is(Status::NotApplied);
    let unsealed = Bench::new("fix7").json(NAME, &samples::preflight()).unsealed(FILE, samples::VALIDATOR);
    unsealed.judge(&PreflightCheck).is(Status::NotApplied);
    let lost = Bench::new("fix7").json(NAME, &samples::preflight()).file(FILE, "").lost(FILE);
    assert_ne!(lost.judge(&PreflightCheck).0.status, Status::Ok);
}

#[test]
fn each_rule_fails_with_its_code() {
    let good = samples::preflight();
    let pin = |field: &str, value: Value| {
        let mut document = good.clone();
        document["pins"][0][field] = value;
        document
    };
    for (document, code) in [
        (pin("sha256", json!(hex("other"))), "pin_mismatch"),
        (pin("size", json!(1)), "pin_mismatch"),
        (pin("recomputed_sha256", json!(hex("other"))), "pin_mismatch"),
        (pin("name", json!("hardened_validator")), "pin_mismatch"),
        (pin("sha256", json!("not a digest")), "evidence_digest_malformed"),
        (with(&good, "/pins", json!([good["pins"][0], good["pins"][0]])), "pin_mismatch"),
        (with(&good, "/operative_blueprint_bound", json!(true)), "flag_not_backed"),
        (with(&good, "/fold_through_461_applied", json!(true)), "flag_not_backed"),
        (with(&good, "/operative_blueprint_bound", json!("NO")), "evidence_wrong_type"),
    ] {
        judge(&document).fails_with(code);
    }
    let upper = pin("sha256", json!(hex(samples::VALIDATOR).to_uppercase()));
    assert!(!judge(&upper).codes().contains(&"pin_mismatch"));
    for source in ["report", "machine-report.json", "reports/README.md@rev2", "Prior Report"] {
        let mut document = elsewhere();
        document["pins"][1]["source"] = json!(source);
        judge(&document).fails_with("pin_from_report_only");
    }
    let mut document = elsewhere();
    document["pins"][1]["recomputed"] = json!(false);
    judge(&document).fails_with("pin_from_report_only");
}

#[test]
fn what_was_recomputed_is_counted() {
    judge(&samples::preflight()).is_ok().says("1 of 1 pins recomputed");
    judge(&elsewhere()).says("1 of 2 pins recomputed");
}

#[test]
fn the_configuration_pins_the_same_or_another() {
    let size = samples::VALIDATOR.len();
    let judge = |sha256: &str, configured: usize| {
        let text = format!(
            "[profile.own]\nvalues = {{ pins = [{{ name = \"validator\", sha256 = \"{sha256}\", size = {configured} }}] }}"
        );
        let config = parse_known(text.as_bytes(), "seal.toml", &Known::default()).unwrap();
        let own = builtin("fix7").unwrap().extended(&config.profiles[0]).unwrap();
        Bench::by(own).json(NAME, &samples::preflight()).file(FILE, samples::VALIDATOR).judge(&PreflightCheck)
    };
    let same = hex(samples::VALIDATOR);
    judge(&same, size).is_ok();
    judge(&hex("other"), size).tells_only(&[
        "pin_mismatch /pins/0/sha256: the configuration pins \"validator\" with another digest",
    ]);
    judge(&same, size + 1).tells_only(&[format!(
        "pin_mismatch /pins/0/size: the configuration pins \"validator\" with {} bytes",
        size + 1
    )]);
}

#[test]
fn a_file_that_is_not_read_again_is_what_it_was_compared_as() {
    bench(&samples::preflight()).long(FILE).judge(&PreflightCheck).is_ok();
    bench(&samples::preflight()).lost(FILE).judge(&PreflightCheck).is(Status::Error).says(
        "the pinned artifact \"hardened-validator.py\" drifted, and its sealed bytes could not be recovered",
    );
}

#[test]
fn what_cannot_be_recomputed_is_a_warning_and_never_good_alone() {
    let told = judge(&elsewhere());
    told.is(Status::Ok);
    assert_eq!(told.codes(), ["pin_unverifiable"]);
    let short = "e6547e69\u{2026}956c47";
    for digest in [short, "e6547e69..956c47", "e6547e69", "e6547e69..."] {
        let document = with(&samples::preflight(), "/pins/0/sha256", json!(digest));
        let told = judge(&document);
        told.is(Status::NotApplied);
        assert_eq!(told.codes(), ["pin_unverifiable"]);
    }
    let normalized = with(&samples::preflight(), "/pins/0/domain", json!("full normalized content"));
    judge(&normalized).is(Status::NotApplied);
}

#[test]
fn no_field_can_be_nulled_or_retyped_unnoticed() {
    let good = samples::preflight();
    for pointer in pointers(&good).iter().filter(|pointer| !pointer.ends_with("/source")) {
        for value in [Value::Null, json!([]), json!({}), json!("")] {
            let judged = judge(&with(&good, pointer, value.clone()));
            assert_ne!(judged.0.status, Status::Ok, "{pointer} = {value}");
        }
    }
    for pointer in ["/pins", "/pins/0/name", "/pins/0/sha256"] {
        assert_ne!(judge(&without(&good, pointer)).0.status, Status::Ok, "{pointer}");
    }
}

#[test]
fn a_revision_that_moved_on_after_it_was_pinned_is_told() {
    let mut list = governance::document("precondition-checklist.json");
    let map = |revision: Value| {
        let mut map = governance::document("blocker-map.json");
        map["revision"] = revision;
        map
    };
    let packet = |list: &Value, revision: Value| {
        bench(&samples::preflight())
            .json("precondition-checklist.json", list)
            .json("blocker-map.json", &map(revision))
    };
    for same in [json!(1), json!("1"), json!("rev1")] {
        packet(&list, same).judge(&PreflightCheck).is_ok();
    }
    for other in [json!(2), json!("rev2"), json!("rev10")] {
        packet(&list, other).judge(&PreflightCheck).fails_with("revision_drifted");
    }
    list["items"][0]["evidence_path"] = json!("blocker-map.json@rev2");
    packet(&list, json!(1)).judge(&PreflightCheck).fails_with("revision_drifted");
    let mut pinned = samples::preflight();
    pinned["pins"][0]["actual_revision"] = json!(4);
    judge(&pinned).fails_with("revision_drifted");
}

#[test]
fn a_packet_follows_its_predecessor() {
    let now = |date: &str| Bench::new("fix7").json(REPORT, &report("b", date));
    let before = |date: &str| Bench::new("fix7").json(REPORT, &report("a", date));
    let after = |now_on: &str, then: &str| now(now_on).after(&before(then)).judge(&PreflightCheck);
    after("2026-06-12", "2026-06-11").is_ok();
    after("2026-06-11", "2026-06-11").is_ok();
    after("2026-06-11T08:00:00Z", "2026-06-11").is_ok();
    after("2026-06-10", "2026-06-11").fails_with("timeline_reversed");
    after("2025-12-31", "2026-01-01").fails_with("timeline_reversed");
    after("tomorrow", "2026-06-11").fails_with("evidence_unknown_value");
    after("2026-06-12", "yesterday").is(Status::Error);
    let again = Bench::new("fix7").json(REPORT, &report("a", "2026-06-11"));
    let mut other = report("a", "2026-06-11");
    other["revision"] = json!(2);
    let told =
        "report_published_twice: the predecessor published this machine report before, and here it is again";
    let changed = again.clone().json(REPORT, &other).after(&again).judge(&PreflightCheck);
    changed.tells_only(&[format!("{told} with another content")]);
    again.clone().after(&again).judge(&PreflightCheck).tells_only(&[format!("{told} unchanged")]);
    again
        .clone()
        .json("copy/machine-report.json", &other)
        .judge(&PreflightCheck)
        .fails_with("report_published_twice");
    // A copy, another lane's report and a document of another name are none of this one.
    let none = "no prior artifact is pinned";
    let beside = |name: &str, document: &Value| again.clone().json(name, document).judge(&PreflightCheck);
    beside("copy/machine-report.json", &report("a", "2026-06-11")).is(Status::NotApplied).says(none);
    beside("copy/machine-report.json", &report("b", "2026-06-11")).is(Status::NotApplied).says(none);
    beside("copy/report.json", &other).is(Status::NotApplied).says(none);
    now("2026-06-12").after_unverified().judge(&PreflightCheck).is(Status::Error);
    let unverified = now("2026-06-12").after_unverified().judge(&PreflightCheck);
    assert_eq!(unverified.codes(), ["predecessor_unverified"]);
}

/// Without its date a packet had no place in the order, and nothing said so.
#[test]
fn what_the_predecessor_dates_its_successor_dates() {
    let before = Bench::new("fix7")
        .json(REPORT, &report("a", "2026-06-11"))
        .json("exit_codes.json", &json!({"date": "2026-06-11"}));
    let undated = without(&report("b", "2026-06-12"), "/date");
    let judged = Bench::new("fix7").json(REPORT, &undated).after(&before).judge(&PreflightCheck);
    assert_eq!(judged.codes(), ["evidence_field_missing"]);
    assert_eq!(
        judged.0.findings[0].message,
        "the document lacks \"date\", and the predecessor's is of 2026-06-11"
    );
    assert_eq!(judged.0.findings[0].path.as_ref().unwrap().as_bytes(), REPORT.as_bytes());
    // Without any of the documents too.
    let none = Bench::new("fix7").json("blocker-map.json", &json!({})).after(&before).judge(&PreflightCheck);
    assert_eq!(none.codes(), ["evidence_field_missing"]);
    assert!(none.0.findings[0].message.starts_with("nothing in this packet says when it was made"));
    // Another kind of document carries the day as well.
    let only = |date: &str| {
        let unknowns = json!({"date": date});
        Bench::new("fix7").json("ci-unknown-resolution.json", &unknowns).after(&before).judge(&PreflightCheck)
    };
    only("2026-06-11").is_ok();
    only("2026-06-10").fails_with("timeline_reversed");
    // One that lacks its own day is told so once, whatever the others say.
    let beside =
        Bench::new("fix7").json(REPORT, &undated).json("exit_codes.json", &json!({"date": "2026-06-10"}));
    let before_report = Bench::new("fix7").json(REPORT, &report("a", "2026-06-11"));
    let judged = beside.after(&before_report).judge(&PreflightCheck);
    assert_eq!(judged.codes(), ["evidence_field_missing"]);
    // What the predecessor does not date its successor need not.
    let earlier = Bench::new("fix7").json(REPORT, &without(&report("a", "2026-06-11"), "/date"));
    let judged = Bench::new("fix7").json(REPORT, &undated).after(&earlier).judge(&PreflightCheck);
    assert_eq!(judged.codes(), ["predecessor_unverified"]);
}

#[test]
fn the_days_of_one_kind_of_document_are_compared_and_else_the_last_ones() {
    let dated = |name: &str, date: &str| (name.to_owned(), json!({"date": date}));
    let packet = |documents: &[(String, Value)]| {
        documents.iter().fold(Bench::new("fix7"), |bench, (name, document)| bench.json(name, document))
    };
    let (exits, unknowns) = ("exit_codes.json", "ci-unknown-resolution.json");
    let before = packet(&[dated(REPORT, "2026-06-11")]);
    for (one, other) in [("2026-06-12", "2026-06-10"), ("2026-06-10", "2026-06-12")] {
        let now = packet(&[dated(exits, one), dated(unknowns, other)]);
        now.after(&before).judge(&PreflightCheck).is_ok();
    }
    let now = packet(&[dated(exits, "2026-06-10"), dated(unknowns, "2026-06-10")]);
    let judged = now.after(&before).judge(&PreflightCheck);
    judged.fails_with("timeline_reversed");
    assert_eq!(judged.0.findings[0].path.as_ref().unwrap().as_bytes(), exits.as_bytes());
    // A later day of another kind makes up for nothing, and is not missed either.
    packet(&[dated(REPORT, "2026-06-10"), dated(exits, "2026-06-12")])
        .after(&before)
        .judge(&PreflightCheck)
        .fails_with("timeline_reversed");
    let before = packet(&[dated(REPORT, "2026-06-11"), dated(exits, "2026-06-13")]);
    packet(&[dated(REPORT, "2026-06-12")]).after(&before).judge(&PreflightCheck).is_ok();
}

#[test]
fn a_predecessor_with_nothing_to_compare_is_told() {
    let before = Bench::new("fix7").file("notes.md", "notes");
    let judged =
        Bench::new("fix7").json(REPORT, &report("b", "2026-06-12")).after(&before).judge(&PreflightCheck);
    assert_eq!(judged.codes(), ["predecessor_unverified"]);
    assert_eq!(
        judged.0.findings[0].message,
        "the predecessor \"before\" is verified, and nothing in it can be compared with this packet"
    );
    judged.is(Status::Error);
    // Reports are compared where both say which ones they are, and locks where both have one.
    let bench = |report: Value| Bench::new("fix7").json(REPORT, &report);
    let (one, other, nameless) = (json!({"report_id": "1"}), json!({"report_id": "2"}), json!({"lane": "a"}));
    bench(one.clone()).after(&bench(other)).judge(&PreflightCheck).is_ok();
    for now in [
        bench(one),
        bench(json!({"lane": "b"}))
            .json("delegation-lock.json", &governance::document("delegation-lock.json")),
    ] {
        let judged = now.after(&bench(nameless.clone())).judge(&PreflightCheck);
        assert_eq!(judged.codes(), ["predecessor_unverified"]);
    }
    // A map that is called otherwise is none, and is not passed over either.
    let map = json!({"blockers": [], "newly_closed": []});
    for name in ["BLOCKER_MAP.json", "points.json"] {
        let renamed = Bench::new("fix7").json(REPORT, &report("a", "2026-06-11")).json(name, &map);
        let judged = Bench::new("fix7")
            .json(REPORT, &report("b", "2026-06-12"))
            .after(&renamed)
            .judge(&PreflightCheck);
        assert_eq!(judged.codes(), ["check_error"], "{name}");
        assert!(judged.0.reason.contains(&format!("the predecessor's \"{name}\" is read by nothing")));
    }
}

#[test]
fn bytes_of_the_predecessor_answer_for_pins() {
    let before = Bench::new("fix7").file("notes.md", "notes");
    let packet =
        Bench::new("fix7").json(NAME, &json!({"pins": [{"name": "planning notes", "sha256": hex("notes")}]}));
    packet.clone().judge(&PreflightCheck).is(Status::NotApplied);
    packet.after(&before).judge(&PreflightCheck).is_ok();
    let wrong = json!({"pins": [{"name": "n", "path": "notes.md", "sha256": hex("other")}]});
    Bench::new("fix7").json(NAME, &wrong).after(&before).judge(&PreflightCheck).fails_with("pin_mismatch");
    // By its kind a pin is of the tree, whatever stands under its path.
    let kind = |kind: &str| {
        let pin = json!({"name": "n", "kind": kind, "path": "notes.md", "sha256": hex("notes")});
        Bench::new("fix7").json(NAME, &json!({"pins": [pin]})).after(&before).judge(&PreflightCheck)
    };
    kind("file").is_ok();
    kind("Tree").fails_with("pin_mismatch");
    let tree = json!({"pins": [{"name": "predecessor tree", "sha256": hex("other")}]});
    Bench::new("fix7").json(NAME, &tree).after(&before).judge(&PreflightCheck).fails_with("pin_mismatch");
}

#[test]
fn no_document_has_other_bytes_under_its_revision() {
    let packet = |revision: u64, text: &str| {
        Bench::new("fix7")
            .json(REPORT, &report(text, "2026-06-11"))
            .json("a.json", &json!({"document_id": "A", "revision": revision, "t": text}))
    };
    packet(2, "x").after(&packet(1, "y")).judge(&PreflightCheck).is_ok();
    packet(1, "x").after(&packet(1, "y")).judge(&PreflightCheck).tells_only(&[
        "revision_drifted: \"a.json\" has other bytes than in the predecessor under revision \"1\"",
    ]);
    packet(1, "x")
        .after(&packet(2, "y"))
        .judge(&PreflightCheck)
        .tells_only(&["revision_drifted: \"a.json\" went back from revision 2 to 1"]);
    // One that is another document, or does not say which one it is, is not compared.
    let named = |lane: &str, document: Value| packet(1, lane).json("a.json", &document);
    for (now, then) in [
        (json!({"document_id": "A", "revision": 1}), json!({"document_id": "B", "revision": 1})),
        (json!({"revision": 1, "t": "x"}), json!({"revision": 1, "t": "y"})),
    ] {
        named("x", now).after(&named("y", then)).judge(&PreflightCheck).is_ok();
    }
}

/// Any file of the packet backed a flag when its pin had the right name.
#[test]
fn a_flag_was_backed_by_a_file_of_another_name() {
    let good = samples::preflight();
    let bound = |name: &str, file: &str| {
        let pin = json!({"name": name, "path": file, "sha256": hex("plan")});
        let document = with(&with(&good, "/pins", json!([pin])), "/operative_blueprint_bound", json!(true));
        Bench::new("fix7").json(NAME, &document).file(file, "plan").judge(&PreflightCheck)
    };
    bound("operative_blueprint", "operative-blueprint.md").is_ok();
    bound("operative_blueprint", "docs/Operative_Blueprint-rev3.md").is_ok();
    bound("operative_blueprint", "notes.md").fails_with_at("flag_not_backed", "/operative_blueprint_bound");
    bound("operative_blueprint", "operative-blueprints.md").fails_with("flag_not_backed");
    bound("blueprint", "operative-blueprint.md").fails_with("flag_not_backed");
    // Found by its digest, it is known by its name too.
    let by_digest = json!({
        "pins": [{"name": "operative_blueprint", "sha256": hex("plan")}], "operative_blueprint_bound": true,
    });
    let bench = |file: &str| Bench::new("fix7").json(NAME, &by_digest).file(file, "plan");
    bench("operative-blueprint.md").judge(&PreflightCheck).is_ok();
    bench("notes.md").judge(&PreflightCheck).fails_with("flag_not_backed");
    // What the configuration pins is the very thing, whatever its file is called.
    let pinned = |name: &str| {
        let sha256 = hex("plan");
        let text = format!(
            "[profile.own]\nvalues = {{ pins = [{{ name = \"{name}\", sha256 = \"{sha256}\", size = 4 }}] }}"
        );
        let config = parse_known(text.as_bytes(), "seal.toml", &Known::default()).unwrap();
        let own = builtin("fix7").unwrap().extended(&config.profiles[0]).unwrap();
        Bench::by(own).json(NAME, &by_digest).file("notes.md", "plan").judge(&PreflightCheck)
    };
    pinned("Operative Blueprint").is_ok();
    pinned("another").fails_with("flag_not_backed");
}

/// Further down or in other letters, a flag was read by nobody.
#[test]
fn a_flag_that_was_said_elsewhere_backed_itself() {
    let good = samples::preflight();
    let said = |name: &str, value: Value| {
        let mut document = good.clone();
        document["state"] = json!({"inner": [{name: value}]});
        judge(&document)
    };
    said("operative_blueprint_bound", json!(true))
        .fails_with_at("flag_not_backed", "/state/inner/0/operative_blueprint_bound");
    said("operativeBlueprintBound", json!("YES")).fails_with("flag_not_backed");
    said("operative_blueprint_bound", json!("NO")).fails_with("evidence_wrong_type");
    said("operative_blueprint_bound", json!(false)).is_ok();
    said("OperativeBlueprintBound", json!("see the notes")).is_ok();
    said("operative_blueprint", json!(true)).is_ok();
    let report = with(&report("a", "2026-06-11"), "/lane", json!("a"));
    let mut nested = report.clone();
    nested["flags"] = json!({"fold_through_461_applied": true});
    bench(&good)
        .json(REPORT, &nested)
        .judge(&PreflightCheck)
        .fails_with_at("flag_not_backed", "/flags/fold_through_461_applied");
    bench(&good).json(REPORT, &report).judge(&PreflightCheck).is_ok();
}

#[test]
fn a_revision_that_was_found_is_the_actual_one() {
    for name in ["actual_revision", "found_revision", "observed_revision", "current_revision"] {
        let mut pinned = samples::preflight();
        pinned["pins"][0][name] = json!(3);
        judge(&pinned).is_ok();
        pinned["pins"][0][name] = json!(4);
        judge(&pinned).fails_with_at("revision_drifted", &format!("/pins/0/{name}"));
        pinned["pins"][0][name] = Value::Null;
        judge(&pinned).fails_with("revision_drifted");
    }
}

#[test]
fn a_report_is_one_within_a_sentence_and_a_pinned_name_in_any_letters() {
    for source in ["copied from README.md", "see the machine report of May", "reports/checkpoint.md, line 4"]
    {
        let mut document = elsewhere();
        document["pins"][1]["source"] = json!(source);
        judge(&document).fails_with_at("pin_from_report_only", "/pins/1/source");
    }
    for source in ["the vault", "reporting tool", "README.txt"] {
        let mut document = elsewhere();
        document["pins"][1]["source"] = json!(source);
        assert_eq!(judge(&document).codes(), ["pin_unverifiable"], "{source}");
    }
    let named = with(&elsewhere(), "/pins/1/name", json!("n-7"));
    judge(&named).fails_with_at("pin_mismatch", "/pins/1/sha256");
}
