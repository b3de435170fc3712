//! Strict reading, and what the typed views say.

use std::collections::BTreeMap;

use super::*;
use crate::code::Code;
use crate::finding::Sink;
use crate::path::{Backslash, BytePath};
use crate::profile::Spellings;

fn limited(bytes: &[u8], limits: Limits) -> Result<Document, Broken> {
    let path = BytePath::parse(b"a/doc.json", Backslash::Refuse).unwrap();
    let held = Held { bytes: bytes.to_vec(), sealed: true, recovered: false };
    let spellings = BTreeMap::from([("id".to_owned(), vec!["blocker_id".to_owned()])]);
    Document::read(path, held, Spellings::from_table(spellings), limits).map_err(|broken| broken.0)
}

fn read(text: &str) -> Result<Document, Broken> {
    limited(text.as_bytes(), Limits::default())
}

fn codes(out: &Sink) -> Vec<&'static str> {
    out.findings.iter().map(|finding| finding.code.id()).collect()
}

#[test]
fn what_is_no_strict_json_is_refused_with_its_place() {
    for (bytes, code) in [
        (&b""[..], Code::EvidenceSyntax),
        (b" \n", Code::EvidenceSyntax),
        (b"{", Code::EvidenceSyntax),
        (b"{} {}", Code::EvidenceSyntax),
        (b"{\"a\": NaN}", Code::EvidenceSyntax),
        (b"{\"a\": Infinity}", Code::EvidenceSyntax),
        (b"{\"a\": 01}", Code::EvidenceSyntax),
        (b"{\"a\": 1,}", Code::EvidenceSyntax),
        (b"{\"a\": 1} // note", Code::EvidenceSyntax),
        (b"{\"a\": \"\\ud800\"}", Code::EvidenceSyntax),
        (b"\xEF\xBB\xBF{}", Code::EvidenceEncoding),
        (b"\xFF\xFE{\0}\0", Code::EvidenceEncoding),
        (b"\0{\0}", Code::EvidenceEncoding),
        (b"{\0}\0", Code::EvidenceEncoding),
        (b"{\"a\": \"\xE9\"}", Code::EvidenceEncoding),
        (b"{\"a\": 1, \"a\": 1}", Code::EvidenceDuplicateKey),
        (b"{\"a\": 1, \"\\u0061\": 2}", Code::EvidenceDuplicateKey),
        (b"{\"x\": [{\"\": 1, \"\": 2}]}", Code::EvidenceDuplicateKey),
    ] {
        let broken = limited(bytes, Limits::default()).unwrap_err();
        assert_eq!(broken.code, code, "{}: {}", String::from_utf8_lossy(bytes), broken.message);
        assert!(broken.span.end <= bytes.len().max(1), "{broken:?}");
    }
    let twice = read("{\"x\": [0, {\"a\": 1,\n \"\\u0061\": 2}]}").unwrap_err();
    assert_eq!(twice.pointer.as_deref(), Some("/x/1"));
    assert!(twice.message.contains("first on line 1"), "{}", twice.message);
    let later = read("{\n\n\"a\": 1,\n\"a\": 2}").unwrap_err();
    assert!(later.message.contains("first on line 3"), "{}", later.message);
}

#[test]
fn the_same_name_in_two_objects_is_no_duplicate() {
    assert!(read("[{\"a\": {\"a\": 1}}, {\"a\": 1}]").is_ok());
}

#[test]
fn limits_hold_and_say_so() {
    let small = Limits { bytes: 1000, values: 10, depth: 4 };
    let too_long = limited(&[b' '; 2000], small).unwrap_err();
    let too_many = limited(b"[1,1,1,1,1,1,1,1,1,1,1,1]", small).unwrap_err();
    let too_deep = limited(b"[[[[[1]]]]]", small).unwrap_err();
    for (broken, says) in [(too_long, "2000 bytes"), (too_many, "10 values"), (too_deep, "4 deep")] {
        assert_eq!(broken.code, Code::EvidenceTooLarge);
        assert!(broken.message.contains(says), "{}", broken.message);
    }
    let deep = "[".repeat(10_000) + &"]".repeat(10_000);
    assert_eq!(read(&deep).unwrap_err().code, Code::EvidenceTooLarge);
    let many = "[".to_owned() + &"[],".repeat(600_000) + "[]]";
    assert_eq!(read(&many).unwrap_err().code, Code::EvidenceTooLarge);
}

#[test]
fn integers_stay_integers_however_long() {
    let long = "9".repeat(400);
    let text = format!("[18446744073709551616, {long}, 18446744073709551615, -1, 0, -0, 1.0, 1e2, \"1\"]");
    let document = read(&text).unwrap();
    let mut out = Sink::default();
    let values = document.root().list(&mut out).unwrap();
    let shown: Vec<Option<String>> =
        values.iter().map(|value| value.integer(&mut out).map(|n| n.to_string())).collect();
    assert_eq!(shown[0].as_deref(), Some("18446744073709551616"));
    assert_eq!(shown[1].clone().unwrap(), format!("{}... (400 digits)", "9".repeat(40)));
    assert_eq!(shown[5].as_deref(), Some("0"));
    assert!(shown[6..].iter().all(Option::is_none));
    assert_eq!(codes(&out), ["evidence_wrong_type"; 3]);
    let mut out = Sink::default();
    let counts: Vec<Option<u64>> = values.iter().take(6).map(|value| value.count(&mut out)).collect();
    assert_eq!(counts, [None, None, Some(u64::MAX), None, Some(0), Some(0)]);
    assert!(values[2].integer(&mut out).unwrap() == u64::MAX);
    assert!(values[0].integer(&mut out).unwrap() != u64::MAX);
}

#[test]
fn forty_digits_are_shown_and_one_more_is_cut() {
    let (forty, more) = ("7".repeat(40), "7".repeat(41));
    let document = read(&format!("[{forty}, {more}]")).unwrap();
    let mut out = Sink::default();
    let values = document.root().list(&mut out).unwrap();
    let shown: Vec<String> =
        values.iter().map(|value| value.integer(&mut out).unwrap().to_string()).collect();
    assert_eq!(shown, [forty.clone(), format!("{forty}... (41 digits)")]);
}

#[test]
fn as_many_bytes_as_allowed_are_read_and_not_one_more() {
    let limits = |bytes| Limits { bytes, ..Limits::default() };
    assert!(limited(b"[1, 2]", limits(6)).is_ok());
    let broken = limited(b"[1, 2]", limits(5)).unwrap_err();
    assert_eq!(broken.code, Code::EvidenceTooLarge);
    assert!(broken.message.contains("has 6 bytes; evidence documents have at most 5"), "{}", broken.message);
}

#[test]
fn messages_say_what_stands_there_and_mark_no_more_than_its_beginning() {
    let document = read("{\"a\": [{\"b\": 1}, [], \"x\", 7, 7.5, true, null]}").unwrap();
    let mut out = Sink::default();
    for value in document.root().as_object().unwrap().get("a").unwrap().as_list().unwrap() {
        value.digest(&mut out);
        value.flag(&mut out);
    }
    document.root().list(&mut out);
    let said: Vec<(&str, &str)> = out
        .findings
        .iter()
        .filter(|finding| finding.message.contains("true or false") || finding.message.contains("a list is"))
        .map(|finding| {
            let snippet = finding.snippet.as_ref().unwrap();
            (finding.message.as_str(), &snippet.text[snippet.mark.clone()])
        })
        .collect();
    let due = "and true or false is due";
    let expected = [
        (format!("\"/a/0\" is an object, {due}"), "{"),
        (format!("\"/a/1\" is a list, {due}"), "["),
        (format!("\"/a/2\" is a string, {due}"), "\"x\""),
        (format!("\"/a/3\" is an integer, {due}"), "7"),
        (format!("\"/a/4\" is a number with a fraction or an exponent, {due}"), "7.5"),
        (format!("\"/a/6\" is null, {due}"), "null"),
        ("the document is an object, and a list is due".to_owned(), "{"),
    ];
    assert_eq!(said, expected.each_ref().map(|(message, mark)| (message.as_str(), *mark)));
    assert_eq!(out.findings[0].help, "write a string here, then seal the packet again");
}

#[test]
fn of_recovered_bytes_findings_say_so() {
    let mut said = Vec::new();
    for recovered in [false, true] {
        let path = BytePath::parse(b"doc.json", Backslash::Refuse).unwrap();
        let held = Held { bytes: b"[]".to_vec(), sealed: true, recovered };
        let document = Document::read(path, held, Spellings::default(), Limits::default()).unwrap();
        assert_eq!(document.is_recovered(), recovered);
        said.push(document.root().finding(Code::EvidenceWrongType, "x", "y").observations);
    }
    assert_eq!(said[0], [""; 0]);
    assert_eq!(said[1], ["the place is one in the sealed bytes, which were recovered"]);
}

#[test]
fn what_a_value_was_taken_for_is_kept() {
    let document = read("{\"flag\": true, \"count\": 1}").unwrap();
    let mut out = Sink::default();
    let root = document.root().object(&mut out).unwrap();
    assert_eq!(root.get("flag").unwrap().marks(), Marks::default());
    root.field("flag").flag(&mut out);
    root.get("count").unwrap().count(&mut out);
    assert_eq!(root.get("flag").unwrap().key_span(), Some(1..7));
    assert_eq!(document.root().key_span(), None);
    let marks = |name: &str| root.get(name).unwrap().marks();
    assert_eq!(marks("flag"), Marks::DUE.with(Marks::TYPED).with(Marks::FLAG));
    assert_eq!(marks("count"), Marks::TYPED.with(Marks::COUNT));
    assert_eq!(document.root().marks(), Marks::TYPED);
}

#[test]
fn a_name_that_is_nearly_the_due_one_is_named() {
    let help = |there: &str, due: &str| {
        let document = read(&format!("{{\"{there}\": 1}}")).unwrap();
        let mut out = Sink::default();
        document.root().as_object().unwrap().field(due).value(&mut out);
        out.findings.remove(0).help
    };
    assert_eq!(help("STATUS", "status"), "add \"status\"; \"STATUS\" is another name");
    assert_eq!(help("sttaus_", "status"), "add \"status\"; \"sttaus_\" is another name");
    assert_eq!(help("result", "status"), "add \"status\"");
    let long = |n: usize| ["A".repeat(n), "a".repeat(n)];
    let [there, due] = long(79);
    assert!(help(&there, &due).ends_with("is another name"));
    let [there, due] = long(80);
    assert_eq!(help(&there, &due), format!("add \"{due}\""), "too long to be read");
}

#[test]
fn null_is_neither_missing_nor_false() {
    let document = read("{\"flag\": null}").unwrap();
    let mut out = Sink::default();
    let root = document.root().object(&mut out).unwrap();
    assert!(root.has("flag") && root.get("flag").unwrap().is_null());
    assert_eq!(root.field("flag").flag(&mut out), None);
    assert_eq!(root.field("other").flag(&mut out), None);
    assert_eq!(codes(&out), ["evidence_wrong_type", "evidence_field_missing"]);
}

#[test]
fn booleans_are_literal_and_a_list_is_no_object() {
    let document = read("[\"NO\", 0, [], {}]").unwrap();
    let mut out = Sink::default();
    for value in document.root().list(&mut out).unwrap() {
        assert_eq!(value.flag(&mut out), None);
    }
    assert!(document.root().object(&mut out).is_none());
    assert_eq!(codes(&out), ["evidence_wrong_type"; 5]);
}

#[test]
fn findings_point_at_the_value() {
    let document = read("{\n  \"a~/b\": [\n    {\"\u{2014}\": 7, \"hash\": \"X\"}\n  ]\n}").unwrap();
    let mut out = Sink::default();
    let root = document.root().object(&mut out).unwrap();
    let row = root.field("a~/b").objects(&mut out).unwrap()[0];
    assert!(row.field("hash").digest(&mut out).is_none());
    let finding = &out.findings[0];
    assert_eq!(finding.code, Code::EvidenceDigestMalformed);
    assert_eq!(finding.pointer.as_deref(), Some("/a~0~1b/0/hash"));
    let place = finding.location.unwrap();
    assert_eq!((place.line, place.column), (3, 22));
    let [start, end] = [place.byte, place.end_byte.unwrap()].map(|at| usize::try_from(at).unwrap());
    assert_eq!(&document.bytes()[start..end], b"\"X\"");
    let snippet = finding.snippet.as_ref().unwrap();
    assert_eq!(&snippet.text[snippet.mark.clone()], "\"X\"");
    assert_eq!((snippet.line, snippet.name.as_str()), (3, "a/doc.json"));
}

#[test]
fn the_case_of_a_digest_is_a_finding_and_no_difference() {
    let hex = "e6547e6935cb01aae5feb405899c97107f1990ff3e2f7e6b9157828a90956c47";
    let document = read(&format!("[\"{hex}\", \"{}\", \"e6547e69..\"]", hex.to_uppercase())).unwrap();
    let mut out = Sink::default();
    let values = document.root().list(&mut out).unwrap();
    let digests: Vec<_> = values.iter().map(|value| value.digest(&mut out)).collect();
    assert!(digests[0].is_some() && digests[0] == digests[1] && digests[2].is_none());
    assert_eq!(codes(&out), ["evidence_digest_case", "evidence_digest_malformed"]);
}

#[test]
fn states_are_digests_absent_or_not_available() {
    let document = read("[\"ABSENT\", \"N/A_NO_CLONE\", \"N/A\", \"absent\"]").unwrap();
    let mut out = Sink::default();
    let known = ["N/A_NO_CLONE".to_owned()];
    let values = document.root().list(&mut out).unwrap();
    let states: Vec<_> = values.iter().map(|value| value.state(&known, &mut out)).collect();
    assert_eq!(states, [Some(State::Absent), Some(State::NotAvailable), None, None]);
    assert_eq!(out.findings.len(), 2);
}

#[test]
fn other_spellings_of_a_field_are_accepted_and_must_agree() {
    let document =
        read("[{\"blocker_id\": \"B\"}, {\"id\": \"A\", \"blocker_id\": \"B\"}, {\"Id\": 1}]").unwrap();
    let mut out = Sink::default();
    let rows = document.root().objects(&mut out).unwrap();
    assert_eq!(rows[0].field("id").text(&mut out).unwrap(), "B");
    assert!(out.findings.is_empty());
    assert_eq!(rows[1].field("id").text(&mut out).unwrap(), "A");
    assert_eq!(rows[2].field("id").text(&mut out), None);
    document.tell_twice(&mut out);
    assert_eq!(codes(&out), ["evidence_field_missing", "evidence_field_twice"]);
    assert!(out.findings[0].help.contains("\"blocker_id\"") && out.findings[0].help.contains("\"Id\""));
}

#[test]
fn unknown_values_are_refused_and_unknown_fields_are_not() {
    let document = read("{\"status\": \"OPENED\", \"extra\": 1}").unwrap();
    let mut out = Sink::default();
    let root = document.root().object(&mut out).unwrap();
    assert_eq!(root.field("status").one_of(&["OPEN", "CLOSED"], &mut out), None);
    assert_eq!(codes(&out), ["evidence_unknown_value"]);
    assert!(out.findings[0].help.contains("\"OPEN\""));
}

#[test]
fn of_a_hundred_thousand_bad_values_some_are_kept() {
    let text = format!("[{}1]", "1,".repeat(100_000));
    let document = read(&text).unwrap();
    let mut out = Sink::default();
    for value in document.root().list(&mut out).unwrap() {
        value.flag(&mut out);
    }
    assert_eq!(out.findings.len(), 200);
    assert_eq!(out.left_out(), 100_001 - 200);
    assert!(out.fails());
}

proptest::proptest! {
    #[test]
    fn no_bytes_panic_and_what_is_read_serde_reads(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..60)) {
        if limited(&bytes, Limits::default()).is_ok() {
            proptest::prop_assert!(serde_json::from_slice::<serde::de::IgnoredAny>(&bytes).is_ok());
        }
    }

    #[test]
    fn pointers_lead_to_their_value(tree in tree()) {
        let text = serde_json::to_string(&tree).unwrap();
        let document = read(&text).unwrap();
        let mut work = vec![document.root()];
        while let Some(value) = work.pop() {
            let there = tree.pointer(&value.pointer()).unwrap();
            let here: serde_json::Value = serde_json::from_slice(value.raw()).unwrap();
            proptest::prop_assert_eq!(there, &here);
            work.extend(value.children());
        }
    }
}

fn tree() -> impl proptest::strategy::Strategy<Value = serde_json::Value> {
    use proptest::prelude::*;
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        "\\PC{0,6}".prop_map(Into::into)
    ];
    leaf.prop_recursive(4, 40, 5, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..5).prop_map(Into::into),
            proptest::collection::btree_map("[a~/\u{e9}\"]{0,3}", inner, 0..5)
                .prop_map(|map| serde_json::Value::Object(map.into_iter().collect())),
        ]
    })
}

/// A name in other letters said something else to a reader that is less strict.
#[test]
fn a_field_in_other_letters_had_another_value() {
    for (text, told) in [
        (r#"{"id": "a", "ID": "b"}"#, true),
        (r#"{"id": "a", "Blocker-Id": "b"}"#, true),
        (r#"{"blocker_id": "a", "blockerId": "b"}"#, true),
        (r#"{"id": "a", "Id": "a"}"#, false),
        (r#"{"id": "a", "ids": "b"}"#, false),
    ] {
        let document = read(text).unwrap();
        let root = document.root().as_object().unwrap();
        let mut due = Sink::default();
        assert_eq!(root.field("id").word(&mut due).as_deref(), Some("a"), "{text}");
        document.tell_twice(&mut due);
        let mut optional = Sink::default();
        assert_eq!(root.get("id").unwrap().as_text().as_deref(), Some("a"));
        document.tell_twice(&mut optional);
        for out in [due, optional] {
            assert_eq!(codes(&out), if told { vec!["evidence_field_twice"] } else { Vec::new() }, "{text}");
        }
    }
    // Alone, it is not the field.
    let document = read(r#"{"Id": "a"}"#).unwrap();
    let mut out = Sink::default();
    assert!(document.root().as_object().unwrap().field("id").word(&mut out).is_none());
    assert_eq!(codes(&out), ["evidence_field_missing"]);
    assert!(document.root().as_object().unwrap().get("id").is_none());
}

/// Of two pages for one purpose only the first was read.
#[test]
fn a_second_text_document_was_never_read() {
    use crate::check::bench::Bench;
    use crate::profile::Role;

    let (one, other) = ("registry-objects.txt", "registry-objects.json");
    let told = |bench: &Bench| {
        let shelf = Shelf::new(bench);
        let mut out = Sink::default();
        let files = shelf.files(Role::RegistryObjects, &mut out).unwrap();
        let first = shelf.file(Role::RegistryObjects, &mut out).unwrap();
        assert_eq!(first.map(|(path, _)| path), files.first().map(|(path, _)| *path));
        (files.len(), codes(&out))
    };
    let bench = Bench::new("fix7");
    assert_eq!(told(&bench), (0, vec![]));
    let bench = bench.file(one, "[]");
    assert_eq!(told(&bench), (1, vec![]));
    assert_eq!(told(&bench.clone().file(other, "[]")), (2, vec![]));
    assert_eq!(told(&bench.file(other, "[1]")), (2, vec!["evidence_twice"]));
}

#[test]
fn what_was_read_is_handed_over_with_its_role() {
    use crate::check::bench::Bench;
    use crate::profile::Role;

    let bench = Bench::new("fix7")
        .file("machine-report.json", "{\"a\": 1}")
        .file("decision-packet.json", "{}")
        .file("blocker-map.json", "{");
    let shelf = Shelf::new(&bench);
    for role in [Role::MachineReport, Role::Blockers, Role::RollbackProof] {
        let _ = shelf.documents(role, &mut Sink::default());
    }
    // The one that nobody asked for, the broken one and the absent one are not there.
    let read = shelf.into_documents();
    let read: Vec<_> = read.iter().map(|(role, document)| (*role, document.bytes())).collect();
    assert_eq!(read, [(Role::MachineReport, &b"{\"a\": 1}"[..])]);
}
