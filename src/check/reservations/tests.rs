//! Ranges, ceilings and the registry.

use serde_json::{Value, json};

use super::*;
use crate::check::bench::{Bench, Judged, pointers, with, without};
use crate::check::{Status, governance};
use crate::config::{Known, parse_known};
use crate::profile::builtin;

const NAME: &str = "reservation-addendum.json";

fn good() -> Value {
    governance::document(NAME)
}

fn bench(document: &Value) -> Bench {
    Bench::new("fix7").json(NAME, document)
}

fn judge(document: &Value) -> Judged {
    bench(document).judge(&ReservationsCheck)
}

fn ranges(rows: Value) -> Value {
    with(&good(), "/ranges", rows)
}

#[test]
fn the_range_after_the_ceiling_is_good_in_each_spelling() {
    judge(&good()).is_ok();
    for row in [
        json!({"range": "TKT-OBJ-495..TKT-OBJ-507"}),
        json!({"first": "TKT-OBJ-495", "last": "TKT-OBJ-507", "count": 13}),
        json!({"range": "TKT-OBJ-495..507", "APPLY_NOW": false, "status": "PROPOSED", "canonical_fold": false}),
    ] {
        judge(&ranges(json!([row]))).is_ok();
    }
    Bench::new("fix7").judge(&ReservationsCheck).is(Status::NotApplied);
    let none = with(&good(), "/ranges", json!([]));
    judge(&none).is(Status::NotApplied);
}

#[test]
fn each_rule_fails_with_its_code() {
    let range = |text: &str| ranges(json!([{"range": text}]));
    let two = |first: &str, second: &str| ranges(json!([{"range": first}, {"range": second}]));
    for (document, code) in [
        (range("TKT-OBJ-496..507"), "reservation_range_differs"),
        (range("TKT-OBJ-507..495"), "reservation_range_differs"),
        (range("TKT-OBJ-495..510"), "reservation_collision"),
        (range("TKT-OBJ-462..494"), "reservation_range_differs"),
        (range("TKT-OBJ-461..470"), "reservation_collision"),
        (range("TKT-OBJ-225..441"), "reservation_collision"),
        (two("TKT-OBJ-495..507", "TKT-OBJ-507..509"), "reservation_collision"),
        (two("TKT-OBJ-495..507", "TKT-OBJ-510..511"), "reservation_range_differs"),
        (range("495..507"), "evidence_unknown_value"),
        (range("OTHER-495..507"), "evidence_unknown_value"),
        (range("TKT-OBJ-0495..507"), "evidence_unknown_value"),
        (range("TKT-OBJ-495\u{2026}507"), "evidence_unknown_value"),
        (with(&good(), "/ranges/0/count", json!(12)), "reservation_range_differs"),
        (without(&good(), "/ranges/0/ids/4"), "reservation_range_differs"),
        (with(&good(), "/ranges/0/ids/4", json!("TKT-OBJ-495")), "reservation_range_differs"),
        (with(&good(), "/ranges/0/ids/4", json!("TKT-OBJ-508")), "reservation_range_differs"),
        (with(&good(), "/ranges/0/ids/4", json!("499")), "evidence_unknown_value"),
        (with(&good(), "/ranges/0/ids", json!([])), "reservation_range_differs"),
        (with(&good(), "/reservation_ceiling", json!(461)), "reservation_ceiling_differs"),
        (with(&good(), "/fold_maximum", json!(494)), "reservation_ceiling_differs"),
        (with(&good(), "/reservation_ceiling", json!("494")), "evidence_wrong_type"),
        (with(&good(), "/collisions", json!(1)), "reservation_collision"),
        (with(&good(), "/APPLY_NOW", json!("YES")), "reservation_applied"),
        (with(&good(), "/APPLY_NOW", json!("no")), "reservation_applied"),
        (with(&good(), "/APPLY_NOW", json!(true)), "reservation_applied"),
        (with(&good(), "/canonical_fold", json!(true)), "reservation_applied"),
        (with(&good(), "/status", json!("APPLIED")), "reservation_applied"),
        (with(&good(), "/standalone_addendum", json!(false)), "reservation_applied"),
        (with(&good(), "/registry_pins/0/after", json!("rev25")), "registry_changed"),
        (without(&good(), "/registry_pins/1"), "registry_changed"),
        (with(&good(), "/registry_pins/1/name", json!("JSON")), "registry_changed"),
        (with(&good(), "/registry_pins/2/after/revision", json!("rev117")), "registry_changed"),
    ] {
        judge(&document).fails_with(code);
    }
    let both = with(&good(), "/registry_pins/0/before", json!("rev25"));
    judge(&with(&both, "/registry_pins/0/after", json!("rev25"))).fails_with("registry_changed");
}

#[test]
fn objects_that_exist_collide_and_digits_in_digests_do_not() {
    let mut document = good();
    document["existing_ids"] = json!(["TKT-OBJ-494", "TKT-OBJ-508"]);
    judge(&document).is_ok();
    document["existing_ids"] = json!(["TKT-OBJ-494", "TKT-OBJ-500"]);
    judge(&document).fails_with("reservation_collision");
    let free = "TKT-OBJ-494 sha256 0495TKT-OBJ-495e6547e69 TKT-OBJ-5001\n";
    bench(&good()).file("registry-objects.txt", free).judge(&ReservationsCheck).is_ok();
    let taken = "TKT-OBJ-494\nTKT-OBJ-500\n";
    bench(&good())
        .file("registry-objects.txt", taken)
        .judge(&ReservationsCheck)
        .fails_with("reservation_collision");
}

#[test]
fn a_range_of_the_predecessor_is_not_reserved_again() {
    let before = bench(&good());
    bench(&good()).after(&before).judge(&ReservationsCheck).fails_with("reservation_collision");
    let next = ranges(json!([{"range": "TKT-OBJ-508..510"}]));
    let next = with(&next, "/reservation_ceiling", json!(507));
    bench(&next).after(&before).judge(&ReservationsCheck).is_ok();
    judge(&next).fails_with("reservation_ceiling_differs");
    let gap = with(&next, "/ranges/0/range", json!("TKT-OBJ-509..510"));
    bench(&gap).after(&before).judge(&ReservationsCheck).fails_with("reservation_range_differs");
    bench(&next).after_unverified().judge(&ReservationsCheck).is(Status::Error);
}

#[test]
fn a_number_that_is_the_other_one_is_told_so() {
    let ceiling = "the reservation ceiling is recorded as";
    let fold = "the fold maximum is recorded as";
    for (pointer, said, message) in [
        ("/reservation_ceiling", 461, format!("{ceiling} 461, which is the fold maximum, and it is 494")),
        ("/reservation_ceiling", 460, format!("{ceiling} 460, and it is 494")),
        ("/fold_maximum", 494, format!("{fold} 494, which is the reservation ceiling, and it is 461")),
        ("/fold_maximum", 493, format!("{fold} 493, and it is 461")),
    ] {
        let told = format!("reservation_ceiling_differs {pointer}: {message}");
        judge(&with(&good(), pointer, json!(said))).tells_only(&[told]);
    }
    judge(&ranges(json!([{"range": "TKT-OBJ-496..507"}])))
        .tells("reservation_range_differs /ranges/0: \"TKT-OBJ-496..507\" does not begin at 495");
    judge(&with(&good(), "/collisions", json!([]))).is_ok();
    judge(&with(&good(), "/collisions", json!(["TKT-OBJ-495"])))
        .tells_only(&["reservation_collision /collisions: the document itself records collisions"]);
}

/// Ranges of a project that counts on from nine and has no registry.
fn adr(ranges: &[String]) -> Value {
    let rows: Vec<Value> = ranges.iter().map(|range| json!({"range": range})).collect();
    json!({
        "standalone_addendum": true, "status": "PROPOSED", "APPLY_NOW": "NO", "canonical_fold": false,
        "reservation_ceiling": 9, "ranges": rows,
    })
}

fn judge_adr(document: &Value) -> Judged {
    let text = "[profile.own.values]\nreservation_ceiling = 9\nranges = [\n\
        { name = \"taken\", prefix = \"ADR-\", first = 1, last = 9, state = \"DONE\" },\n]\n";
    let config = parse_known(text.as_bytes(), "seal.toml", &Known::default()).unwrap();
    let own = builtin("generic").unwrap().extended(&config.profiles[0]).unwrap();
    Bench::by(own).json(NAME, document).judge(&ReservationsCheck)
}

#[test]
fn a_range_meets_the_one_that_reaches_furthest() {
    for (ranges, others) in [
        (["ADR-10..20", "ADR-12..13", "ADR-15..16"], ["ADR-10..20", "ADR-10..20"]),
        (["ADR-10..12", "ADR-12..20", "ADR-15..16"], ["ADR-10..12", "ADR-12..20"]),
        (["ADR-10..20", "ADR-12..20", "ADR-15..16"], ["ADR-10..20", "ADR-10..20"]),
    ] {
        let mut told = judge_adr(&adr(&ranges.map(str::to_owned))).lines();
        told.retain(|line| line.starts_with("reservation_collision"));
        let due = [1, 2].map(|at| {
            let (range, other) = (ranges[at], others[at - 1]);
            format!("reservation_collision /ranges/{at}: \"{range}\" meets \"{other}\"")
        });
        assert_eq!(told, due);
    }
}

#[test]
fn a_range_may_hold_one_object_and_a_document_so_many_ranges() {
    let single = |n: usize| (10..10 + n).map(|at| format!("ADR-{at}..{at}")).collect::<Vec<_>>();
    judge_adr(&adr(&single(1))).is_ok().says("1 ranges of 1 objects");
    judge_adr(&adr(&single(200))).is_ok().says("200 ranges of 200 objects");
    judge_adr(&adr(&single(201))).tells_only(&[
        "reservation_range_differs: 201 ranges are reserved at once, and at most 200 are judged",
    ]);
}

#[test]
fn a_registry_is_pinned_where_there_is_one() {
    let mut document = adr(&["ADR-10..12".to_owned()]);
    document["registry_pins"] = json!([{"name": "index", "before": "r1", "after": "r1"}]);
    judge_adr(&document).is_ok();
    document["registry_pins"] = json!([]);
    judge_adr(&document).tells_only(&["registry_changed: the registry is not pinned"]);
    judge(&with(&good(), "/registry_pins", json!([]))).tells_only(
        &["JSON", "MD", "index"]
            .map(|name| format!("registry_changed /registry_pins: the registry's \"{name}\" is not pinned")),
    );
}

#[test]
fn no_field_can_be_left_out_nulled_or_retyped_unnoticed() {
    let optional = |pointer: &str| {
        ["/fold_maximum", "/collisions", "/count", "/ids"].iter().any(|end| pointer.ends_with(end))
    };
    for pointer in pointers(&good()).iter().filter(|pointer| !optional(pointer)) {
        assert_ne!(judge(&without(&good(), pointer)).0.status, Status::Ok, "without {pointer}");
        for value in [Value::Null, json!([]), json!({}), json!(1)] {
            assert_ne!(
                judge(&with(&good(), pointer, value.clone())).0.status,
                Status::Ok,
                "{pointer} = {value}"
            );
        }
    }
}

#[test]
fn another_team_reserves_other_objects() {
    let text = "[profile.own.values]\nreservation_ceiling = 9\nranges = [\n\
        { name = \"taken\", prefix = \"ADR-\", first = 1, last = 9, state = \"DONE\" },\n]\n";
    let config = parse_known(text.as_bytes(), "seal.toml", &Known::default()).unwrap();
    let own = builtin("generic").unwrap().extended(&config.profiles[0]).unwrap();
    let document = json!({
        "standalone_addendum": true, "status": "PROPOSED", "APPLY_NOW": "NO", "canonical_fold": false,
        "reservation_ceiling": 9, "ranges": [{"range": "ADR-10..12"}],
    });
    Bench::by(own.clone()).json(NAME, &document).judge(&ReservationsCheck).is_ok();
    let taken = with(&document, "/ranges/0/range", json!("ADR-9..12"));
    Bench::by(own).json(NAME, &taken).judge(&ReservationsCheck).fails_with("reservation_collision");
}

fn more(field: &str, value: Value) -> Judged {
    let mut document = good();
    document[field] = value;
    judge(&document)
}

/// The document said one thing for all ranges, and each range another.
#[test]
fn the_document_and_its_ranges_are_proposals_alike() {
    let row = json!([{"range": "TKT-OBJ-495..507", "APPLY_NOW": "NO", "status": "PROPOSED", "canonical_fold": false}]);
    for (field, value) in
        [("APPLY_NOW", json!("YES")), ("status", json!("APPLIED")), ("canonical_fold", json!(true))]
    {
        let document = with(&ranges(row.clone()), &format!("/{field}"), value.clone());
        judge(&document).fails_at(&[&format!("reservation_applied /{field}")]);
        let none = with(&document, "/ranges", json!([]));
        judge(&none).fails_at(&[&format!("reservation_applied /{field}")]);
        let inner = with(&ranges(row.clone()), &format!("/ranges/0/{field}"), value);
        judge(&inner).fails_at(&[&format!("reservation_applied /ranges/0/{field}")]);
        judge(&without(&ranges(row.clone()), &format!("/{field}"))).is_ok();
    }
    for (field, value) in
        [("applied", json!(true)), ("objects_minted", json!(true)), ("registry_state", json!("folded"))]
    {
        more(field, value).fails_at(&[&format!("reservation_applied /{field}")]);
    }
    // Beside the due name another one is a contradiction as well.
    for (field, value) in [("applyNow", json!("YES")), ("Status", json!("DONE"))] {
        let [twice, applied] =
            ["evidence_field_twice", "reservation_applied"].map(|code| format!("{code} /{field}"));
        more(field, value).fails_at(&[&twice, &applied]);
    }
    for (field, value) in [
        ("applied", json!(false)),
        ("not_applied", json!(true)),
        ("registry_state", json!("unchanged")),
        ("note", json!("applied")),
    ] {
        more(field, value).is_ok();
    }
}

#[test]
fn the_ends_of_a_range_are_those_of_its_text() {
    let row = |more: Value| {
        let mut row = json!({"range": "TKT-OBJ-495..507"});
        row.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        judge(&ranges(json!([row])))
    };
    row(json!({"first": "TKT-OBJ-495", "last": "TKT-OBJ-507"})).is_ok();
    row(json!({"start": 495, "end": 507})).is_ok();
    for (field, value) in [
        ("first", json!("TKT-OBJ-496")),
        ("last", json!("TKT-OBJ-600")),
        ("end", json!(600)),
        ("start", json!(1)),
    ] {
        row(json!({field: value})).fails_at(&[&format!("reservation_range_differs /ranges/0/{field}")]);
    }
}

/// A list of proposals stood beside an empty list of ranges.
#[test]
fn a_range_outside_of_the_list_is_not_reserved_unseen() {
    let hidden = [
        (json!([{"range": "TKT-OBJ-495..600"}]), "/proposals/0/range"),
        (json!([{"first": "TKT-OBJ-508", "last": "TKT-OBJ-509"}]), "/proposals/0"),
        (json!({"later": ["TKT-OBJ-508..TKT-OBJ-510"]}), "/proposals/later/0"),
        (json!([{"first": 508, "last": 509}]), "/proposals/0"),
    ];
    for (value, pointer) in hidden {
        more("proposals", value.clone()).fails_at(&[&format!("reservation_range_differs {pointer}")]);
        let mut none = with(&good(), "/ranges", json!([]));
        none["proposals"] = value;
        judge(&none).fails_at(&[&format!("reservation_range_differs {pointer}")]);
    }
    let mut none = with(&good(), "/ranges", json!([]));
    none["proposals"] = json!([{"object": "TKT-OBJ-495"}]);
    judge(&none).fails_at(&["reservation_range_differs /proposals/0/object"]);
    for value in [
        json!("TKT-OBJ-495..507"),
        json!(["TKT-OBJ-225..441", "TKT-OBJ-442..494"]),
        json!([{"first": "TKT-OBJ-500", "last": "TKT-OBJ-501"}]),
        json!(["TKT-OBJ-508"]),
        json!("the next are TKT-OBJ-508..510"),
    ] {
        more("also", value).is_ok();
    }
}

#[test]
fn objects_of_the_registry_are_found_however_they_are_written() {
    let held = |name: &str, bytes: &[u8]| bench(&good()).file(name, bytes).judge(&ReservationsCheck);
    let utf16: Vec<u8> = "TKT-OBJ-501\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    for taken in [
        b"TKT-OBJ-490..500".as_slice(),
        b"TKT-OBJ-100 .. TKT-OBJ-2000",
        b"tkt-obj-501",
        "TKT\u{2011}OBJ\u{2011}501".as_bytes(),
        "TKT-OBJ-490\u{2013}TKT-OBJ-496".as_bytes(),
        &utf16,
    ] {
        held("registry-objects.txt", taken)
            .fails_at(&["reservation_collision /ranges/0"])
            .mentions("which lies in a reserved range");
    }
    held("registry-objects.json", br#"["TKT\u002dOBJ\u002d501"]"#)
        .fails_at(&["reservation_collision /ranges/0"]);
    held("registry-objects.json", br#""a\nTKT-OBJ-501\n""#).fails_at(&["reservation_collision /ranges/0"]);
    for free in [b"TKT-OBJ-442..494".as_slice(), b"TKT-OBJ-508..600", b"XTKT-OBJ-501", b"TKT-OBJ-490-2026"] {
        held("registry-objects.txt", free).is_ok();
    }
    for (registry, told) in [
        ("TKT-OBJ-494\nTKT-OBJ-500\n", "\"TKT-OBJ-500\", which lies in a reserved range"),
        ("TKT-OBJ-500..508\n", "\"TKT-OBJ-500..508\", which lies in a reserved range"),
        ("TKT-OBJ-502, TKT-OBJ-501\n", "\"TKT-OBJ-501\", which lies in a reserved range, and 1 more"),
    ] {
        let told = format!("reservation_collision /ranges/0: the registry has {told}");
        held("registry-objects.txt", registry.as_bytes()).tells_only(&[told]);
    }
    // The second document of the registry is read as well.
    let two = bench(&good())
        .file("registry-objects.txt", "TKT-OBJ-1")
        .file("registry-objects.json", "[\"TKT-OBJ-507\"]");
    two.judge(&ReservationsCheck)
        .fails_at(&["evidence_twice", "reservation_collision /ranges/0"])
        .mentions("TKT-OBJ-507");
}
