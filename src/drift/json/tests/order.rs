//! `json_key_order` and `json_duplicate_keys`.

use super::super::super::recipe::EditsBuilder;
use super::*;

fn codes(sealed: &str, found: &str) -> Vec<Code> {
    ask(sealed.as_bytes(), found.as_bytes(), false).causes.iter().map(|cause| cause.code).collect()
}

#[test]
fn sorted_members_are_proven() {
    let sealed = r#"{
  "a": {"x":  1, "y": [ {"p": 1, "q": 2} ]},
  "b": [1,2],
  "c": null
}
"#;
    let found = r#"{
  "c": null,
  "a": {"y":  [ {"q": 2, "p": 1} ], "x": 1},
  "b": [1,2]
}
"#;
    let sealed = sealed.replace(r#""x":  1, "y": ["#, r#""x": 1, "y":  ["#);
    let (code, direction, scope) = one(&sealed, found);
    assert_eq!((code, &*scope), (Code::JsonKeyOrder, "all 3 objects"));
    assert_eq!(direction, "sealed with keys sorted, now in another order");
    // U+10000 comes before U+FFFF by UTF-16 unit, and after it by code point.
    let units = "{\"\u{ffff}\": 2, \"\u{10000}\": 1, \"a\": 3, \"b\": 4}";
    let by_unit = "{\"a\": 3, \"b\": 4, \"\u{10000}\": 1, \"\u{ffff}\": 2}";
    assert!(one(by_unit, units).1.contains("UTF-16"));
    assert_eq!(
        one(r#"{"2": 0, "10": 0, "b": 0, "a": 0}"#, r#"{"b": 0, "10": 0, "a": 0, "2": 0}"#).1,
        "sealed with keys that are integers first, as JavaScript writes them, now in another order"
    );
}

#[test]
fn order_comes_with_other_changes() {
    let pretty = "{\n  \"a\": 1,\n  \"b\": {\n    \"c\": \"\\u2014\",\n    \"d\": 2\n  }\n}";
    assert_eq!(
        codes(pretty, r#"{"b":{"d":2,"c":"\u2014"},"a":1}"#),
        [Code::JsonReformatted, Code::JsonKeyOrder]
    );
    assert_eq!(
        codes(pretty, "{\"b\":{\"d\":2,\"c\":\"\u{2014}\"},\"a\":1}"),
        [Code::JsonReformatted, Code::JsonKeyOrder, Code::JsonEnsureAsciiDrift]
    );
    assert_eq!(
        codes(r#"{"a": [1.0, 2], "b": 0.5}"#, "{\n  \"b\": 0.5,\n  \"a\": [\n    1.0,\n    2\n  ]\n}"),
        [Code::JsonReformatted, Code::JsonKeyOrder]
    );
}

#[test]
fn one_member_that_moved_is_proven() {
    let sealed = "{\n  \"version\": 2,\n  \"updates\": [\n    1\n  ],\n  \"about\": {}\n}\n";
    let found = "{\n  \"updates\": [\n    1\n  ],\n  \"about\": {},\n  \"version\": 2\n}\n";
    let (code, direction, scope) = one(sealed, found);
    assert_eq!((code, &*scope), (Code::JsonKeyOrder, "the only object: line 1"));
    assert_eq!(direction, "sealed with \"version\" first, now last");
    assert_eq!(one(found, sealed).1, "sealed with \"version\" last, now first");
    let rule = r#"[{"b": 1, "a": 2, "z": 0}, {"z": 1, "b": 1, "a": 2}, {"b": 1}]"#;
    one(rule, rule.replace(r#""b": 1, "a": 2"#, r#""a": 2, "b": 1"#));
}

#[test]
fn members_too_many_are_proven_and_told_of() {
    let sealed = "{\n  \"a\": 1,\n  \"b\": {\"c\": 2}\n}\n";
    for found in [
        "{\n  \"a\": 1,\n  \"b\": {\"c\": 2},\n  \"\\u0061\": 3\n}\n",
        "{\n  \"\\u0061\": 3,\n  \"a\": 1,\n  \"b\": {\"c\": 2}\n}\n",
        "{\n  \"a\": 1,\n  \"a\": 3,\n  \"b\": {\"c\": 2}\n}\n",
        "{\n  \"a\": 1,\n  \"b\": {\"c\": 9},\n  \"b\": {\"c\": 2}\n}\n",
        "{\n  \"a\": 1,\n  \"b\": {\"c\": 0, \"c\": 1, \"c\": 2}\n}\n",
    ] {
        let (code, direction, _) = one(sealed, found);
        assert_eq!(code, Code::JsonDuplicateKeys, "{found}");
        assert!(direction.ends_with("once in its object, now more than once"), "{direction}");
    }
    let found = b"{\n  \"a\": 1,\n  \"\\u0061\": 3\n}\n";
    let told = ask(b"nothing like it", found, false).observations;
    let expected = "one object holds a name more than once: \"a\" in lines 2, 3";
    assert!(told.iter().any(|told| told == expected), "{told:?}");
}

#[test]
fn only_what_stands_twice_may_go_and_values_may_not_move() {
    let legal = |code, found: &[u8], at: usize, old: &[u8], new: &[u8]| {
        let mut edits = EditsBuilder::new(code);
        edits.push(at, old, new);
        super::super::super::family::are_legal(found, &edits.finish().unwrap())
    };
    let once = |found, old| legal(Code::JsonDuplicateKeys, found, 1, old, b"");
    assert!(once(br#"{"a":1,"a":2}"#, br#""a":1,"#));
    assert!(!once(br#"{"a":1,"b":2}"#, br#""a":1,"#));
    assert!(!once(br#"{"a":1,"a":2,"b":3}"#, br#""a":1,"a":2,"#));
    let order = |found, old, new| legal(Code::JsonKeyOrder, found, 1, old, new);
    assert!(order(br#"{"a":1,"b":2}"#, br#""a":1,"b":2"#, br#""b":2,"a":1"#));
    assert!(!order(br#"{"a":1,"b":2}"#, br#""a":1,"b":2"#, br#""b":1,"a":2"#));
    assert!(!order(br#"{"a":1,"a":2}"#, br#""a":1,"a":2"#, br#""a":2,"a":1"#), "the last one counts");
    assert!(!order(br#"["a",1,"b",2]"#, br#""a",1,"b",2"#, br#""b",2,"a",1"#), "lists are in order");
}

/// Half of a pair has no text, and its escapes took part in the order.
#[test]
fn half_a_surrogate_pair_stood_elsewhere_in_another_spelling() {
    let order = |text: &str| {
        let document = Document::read(text.as_bytes()).unwrap();
        let all = super::super::structure::containers(&document);
        let names = super::super::order::names(&document, all.first().unwrap());
        names.iter().map(|name| name.to_vec()).collect::<Vec<_>>()
    };
    let escaped = order("{\"\\u2014\\ud800\": 1, \"\\ud800\": 2}");
    assert_eq!(escaped, order("{\"\u{2014}\\ud800\": 1, \"\\uD800\": 2}"));
    assert!(escaped.is_sorted(), "{escaped:?}");
}
