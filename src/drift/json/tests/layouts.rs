//! `json_reformatted`.

use super::super::numbers::NOTATIONS;
use super::*;

/// The same document as several tools write it.
const FORMS: [&str; 10] = [
    "{\"a\":[1,{\"b\":[]}],\"c\":{},\"d\":\"x\"}",
    "{\"a\": [1, {\"b\": []}], \"c\": {}, \"d\": \"x\"}",
    "{\n  \"a\": [\n    1,\n    {\n      \"b\": []\n    }\n  ],\n  \"c\": {},\n  \"d\": \"x\"\n}",
    "{\n\t\"a\": [\n\t\t1,\n\t\t{\n\t\t\t\"b\": []\n\t\t}\n\t],\n\t\"c\": {},\n\t\"d\": \"x\"\n}\n",
    "{\n  \"a\" : [ 1, {\n    \"b\" : [ ]\n  } ],\n  \"c\" : { },\n  \"d\" : \"x\"\n}",
    "{\n  \"a\": [\n    1,\n    {\n      \"b\": [\n\n      ]\n    }\n  ],\n  \"c\": {\n  },\n  \"d\": \"x\"\n}",
    "{\n   \"a\" : [\n      1,\n      {\n         \"b\" : []\n      }\n   ],\n   \"c\" : {},\n   \"d\" : \"x\"\n}\n",
    "{\r\n    \"a\":  [\r\n              1,\r\n              {\r\n                  \"b\":  [\r\n\r\n                        ]\r\n              }\r\n          ],\r\n    \"c\":  {\r\n\r\n          },\r\n    \"d\":  \"x\"\r\n}",
    "{\n  \"a\": [1, {\n    \"b\": []\n  }],\n  \"c\": {},\n  \"d\": \"x\"\n}\n",
    "{ \"a\": [1, { \"b\": [] }], \"c\": {}, \"d\": \"x\" }\n",
];

#[test]
fn every_form_is_proven_from_compact_and_from_indented() {
    for found in [FORMS[0], FORMS[2]] {
        for sealed in FORMS {
            // Hollow containers and CRLF are both undone from LF only in two steps.
            if sealed != found && !(sealed.contains('\r') && found.contains('\n')) {
                let (code, direction, _) = one(sealed, found);
                assert_eq!(code, Code::JsonReformatted, "{sealed}: {direction}");
            }
        }
    }
}

#[test]
fn every_form_is_undone() {
    for found in &FORMS[3..] {
        for sealed in [FORMS[0], FORMS[2]] {
            let diagnosis = ask(sealed.as_bytes(), found.as_bytes(), true);
            let last = diagnosis.causes.iter().any(|cause| cause.code == Code::JsonReformatted);
            assert!(last, "{found}");
        }
    }
}

#[test]
fn layouts_are_named_with_the_tools_that_write_them() {
    let compact = |text: &str| text.replace('\n', "").replace("  ", "").replace(": ", ":");
    assert_eq!(
        one(KEPT, compact(KEPT)),
        (
            Code::JsonReformatted,
            "sealed with indent 2, non-ASCII kept (JavaScript, Python ensure_ascii=False, serde_json and 4 others), now compact".to_owned(),
            "10 of 13 gaps between tokens: lines 1, 2, 3, 4, 5, 6 and 1 more".to_owned()
        )
    );
    assert_eq!(
        one(FORMS[4], FORMS[0]).1,
        "sealed with indent 2, a blank before colons, lists not broken (Jackson, Jackson ESCAPE_NON_ASCII), now compact"
    );
    let hand_made = "{\n  \"a\": [1, 2],\n \"b\": 2}";
    assert_eq!(one(hand_made, hand_made.replace(": ", ":")).1, "sealed with other blanks within lines");
    let causes = |sealed: &str, found: String| -> Vec<Code> {
        ask(sealed.as_bytes(), found.as_bytes(), true).causes.iter().map(|cause| cause.code).collect()
    };
    let both = [Code::JsonReformatted, Code::JsonEnsureAsciiDrift];
    assert_eq!(causes(ESCAPED, compact(KEPT)), both);
}

#[test]
fn hand_made_layouts_are_proven_where_a_class_of_containers_changed() {
    let rows = r#"{
    "a": [
        { "f": ["x","y"], "e": ["z"] }
    ],
    "n":  {"k": [1]},
    "c": [
        { "f": ["x"], "e": [] }
    ]
}
"#;
    let hugged = r#"{
    "a": [{
        "f": ["x","y"],
        "e": ["z"]
    }],
    "n":  {"k": [1]},
    "c": [{
        "f": ["x"],
        "e": []
    }]
}
"#;
    assert_eq!(
        one(rows, hugged).1,
        "sealed with lists of objects a line for each element; objects in lists in one line, \
         blanks inside their brackets, now in 11 lines for 9"
    );
    one(hugged, rows);
    let mixed = "{\n  \"a\": [1, 2],\n  \"b\":   [\n    3,\n    4\n  ],\n  \"c\": {\"d\":  [5]}\n}\n";
    one(mixed, mixed.replace("[\n    3,\n    4\n  ]", "[3, 4]"));
    one(mixed, mixed.replace("[1, 2]", "[\n    1,\n    2\n  ]"));
    one(mixed.replace("\n    ", "\n\t\t").replace("\n  ", "\n\t"), mixed);
    one(mixed, mixed.replace("\n    ", "\n\t\t").replace("\n  ", "\n\t"));
}

#[test]
fn numbers_are_spelled_as_serializers_print_them() {
    let all = |raw: &str| -> Vec<String> {
        NOTATIONS.iter().map(|n| String::from_utf8(n.spell(raw.as_bytes()).unwrap()).unwrap()).collect()
    };
    assert_eq!(all("1.0"), ["1.0", "1", "1.0", "1.0", "1", "1.0", "1.0", "1.0", "1.0"]);
    assert_eq!(
        all("1e16"),
        [
            "1e+16",
            "10000000000000000",
            "1e16",
            "1.0E16",
            "1E+16",
            "1E+16",
            "10000000000000000.0",
            "1.0e+16",
            "1e+16"
        ]
    );
    assert_eq!(
        all("0.0000001"),
        ["1e-07", "1e-7", "1e-7", "1.0E-7", "1E-07", "1E-07", "1.0e-7", "1.0e-07", "1e-07"]
    );
    assert_eq!(
        all("-123.456e5").get(..4).unwrap(),
        ["-12345600.0", "-12345600", "-12345600.0", "-1.23456E7"]
    );
    assert_eq!(all("0.00012").first().unwrap(), "0.00012");
    let sealed = "{\"a\": [1.0, 2.5, 1e-07, 3], \"b\": 1e+16}";
    assert_eq!(one(sealed, "{\"a\": [1.0, 2.5, 1e-7, 3], \"b\": 1e16}").0, Code::JsonReformatted);
    let (_, direction, scope) = one("{\"a\": [1.0, 2.5, 3.0], \"n\": 1}", "{\"a\": [1, 2.5, 3], \"n\": 1}");
    assert!(direction.starts_with("sealed with numbers spelled in another way (Python"), "{direction}");
    assert_eq!(scope, "2 of 4 numbers: line 1");
    let (_, direction, _) = one("[1,2.5]", "[1.0,2.5]");
    assert_eq!(direction, "sealed 1 (JavaScript or Go, System.Text.Json), now 1.0");
    let causes = ask(b"[1,2.5]", b"[1.0, 2.5]", false).causes;
    assert_eq!(causes.iter().map(|c| c.code).collect::<Vec<_>>(), [Code::JsonReformatted]);
}

#[test]
fn only_spellings_of_one_double_are_legal() {
    let legal = |one: &str, other: &str| numbers::same_number(one.as_bytes(), other.as_bytes());
    assert!(legal("1", "1.0") && legal("1e-7", "1e-07") && legal("0.1", "0.10000000000000001"));
    assert!(!legal("1", "2") && !legal("0", "-0.0") && !legal("-0", "0.0"));
    assert!(!legal("9007199254740993", "9007199254740992.0"), "beyond what a double tells apart");
    assert!(!legal("1.10", "1.100"), "no serializer prints either");
    assert!(!legal("1e999", "2e999"));
}

#[test]
fn line_ends_are_a_cause_of_their_own() {
    let causes = |sealed: &str, found: &str| -> Vec<Code> {
        ask(sealed.as_bytes(), found.as_bytes(), false).causes.iter().map(|cause| cause.code).collect()
    };
    let crlf = KEPT.replace('\n', "\r\n");
    assert_eq!(causes(&crlf, ESCAPED), [Code::JsonEnsureAsciiDrift, Code::CrlfDrift]);
    assert_eq!(causes(ESCAPED, &crlf), [Code::JsonEnsureAsciiDrift, Code::CrlfDrift]);
    assert_eq!(causes(&crlf, &KEPT.replace('\n', "").replace("  ", "")), [Code::JsonReformatted]);
}

#[test]
fn lines_of_values_are_laid_out_each() {
    let compact = "{\"a\":1,\"b\":[2]}\n{\"a\":3,\"b\":[]}\n";
    let spaced = "{\"a\": 1, \"b\": [2]}\n{\"a\": 3, \"b\": []}\n";
    assert_eq!(one(compact, spaced).0, Code::JsonReformatted);
    assert_eq!(one(spaced, compact).0, Code::JsonReformatted);
}

#[test]
fn blanks_within_lines_of_a_hand_made_layout() {
    let found = "{\n  \"a\":   [ 1,2 ],\n\n  \"b\":{\"c\":1}\n}\n";
    let sealed = "{\n  \"a\": [1, 2],\n\n  \"b\": {\"c\": 1}\n}\n";
    assert_eq!(one(sealed, found).0, Code::JsonReformatted);
}
