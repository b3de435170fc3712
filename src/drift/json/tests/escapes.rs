//! `json_ensure_ascii_drift`.

use super::super::super::recipe::EditsBuilder;
use super::*;

#[test]
fn escapes_are_proven_in_both_directions() {
    let words = |sealed: &str, found: &str| {
        let (code, direction, scope) = one(sealed, found);
        assert_eq!(code, Code::JsonEnsureAsciiDrift);
        (direction, scope)
    };
    let both = |direction: &str, scope: &str| (direction.to_owned(), scope.to_owned());
    assert_eq!(
        words(ESCAPED, KEPT),
        both("sealed with non-ASCII characters as \\u with lower-case hex, now as they are", "all 2 escapes")
    );
    assert_eq!(
        words(KEPT, ESCAPED),
        both("sealed with non-ASCII characters as they are, now as \\u with lower-case hex", "all 2 escapes")
    );
    assert_eq!(
        words("[\"\\u2014\"]", "[\"\u{2014}\"]"),
        both("sealed \\u2014, now U+2014 EM DASH", "the only escape: line 1")
    );
    let php = KEPT.replace('/', "\\/");
    assert_eq!(words(&php, KEPT), both("sealed \\/, now /", "all 3 escapes"));
    words(KEPT, &php);
    words(&ESCAPED.replace('/', "\\/"), KEPT);
    let go = KEPT.replace('<', "\\u003c").replace('>', "\\u003e");
    words(&go, KEPT);
    words(KEPT, &go);
    words(&ESCAPED.replace("00e9", "00E9"), ESCAPED);
    let dotnet = "{\"a\":\"\\u0022\\u2014 \\u0026 \\u002B \\u007F \\uD83D\\uDE00 C:\\\\\"}";
    words(dotnet, "{\"a\":\"\\\"\u{2014} & + \u{7f} \u{1f600} C:\\\\\"}");
    words("[\"\\u0008\\u000c\"]", "[\"\\b\\f\"]");
    words("[\"\\b\\f\"]", "[\"\\u0008\\u000c\"]");
    assert_eq!(
        words("[\"\\u001f\\u2014\\u007f\\u007f\"]", "[\"\\u001f\u{2014}\u{7f}\u{7f}\"]").1,
        "all 3 escapes"
    );
    words("[\"a\u{2028}\\u00e9\"]", "[\"a\\u2028\\u00e9\"]");
}

#[test]
fn a_part_of_the_escapes_is_named() {
    let mut lines: Vec<String> = (0..30).map(|i| format!("{{\"n\": {i}, \"t\": \"a \\u2014 b\"}}")).collect();
    let sealed = lines.join("\n") + "\n";
    for i in [3, 4, 5] {
        lines[i] = lines[i].replace("\\u2014", "\u{2014}");
    }
    let (code, direction, scope) = one(&sealed, lines.join("\n") + "\n");
    assert_eq!(code, Code::JsonEnsureAsciiDrift);
    assert_eq!(direction, "sealed \\u2014, now U+2014 EM DASH");
    assert_eq!(scope, "3 of 30 escapes: lines 4, 5, 6");
}

#[test]
fn what_is_not_an_escape_stays() {
    // A lone surrogate, a duplicate key, a comment, a byte that is no UTF-8.
    let sealed = b"{\"k\": \"\\ud800 \\u2014\", \"k\": \"\xff\"} // \"\\u2014\n";
    let found = b"{\"k\": \"\\ud800 \xe2\x80\x94\", \"k\": \"\xff\"} // \"\\u2014\n";
    assert_eq!(one(sealed, found).0, Code::JsonEnsureAsciiDrift);
    for policy in policy::POLICIES {
        let text = b"[\"\\ud800\"]";
        let units = units(text).unwrap();
        let edits = units::respell(text, &units, policy);
        let other = edits.map_or(text.to_vec(), |edits| edits.undo(text).unwrap());
        assert!(other.eq_ignore_ascii_case(text), "{policy:?}");
    }
}

#[test]
fn only_the_same_value_is_legal() {
    let found = b"{\"a\": \"\\u2014\\u0022\"} \\u2014 ";
    let legal = |at: usize, sealed: &str| {
        let old = &found[at..at + 6];
        let mut edits = EditsBuilder::new(Code::JsonEnsureAsciiDrift);
        edits.push(at, old, sealed.as_bytes());
        super::super::super::family::are_legal(found, &edits.finish().unwrap())
    };
    assert!(legal(7, "\u{2014}"));
    assert!(!legal(7, "\u{2013}") && !legal(7, "-") && !legal(7, "") && !legal(7, "\u{2014} "));
    assert!(legal(13, "\\\""));
    assert!(!legal(13, "\""), "it would end the string");
    assert!(!legal(22, "\u{2014}"), "outside a string");
    let reformatted = |found: &[u8], at: usize, old: &[u8], new: &[u8]| {
        let mut edits = EditsBuilder::new(Code::JsonReformatted);
        edits.push(at, old, new);
        super::super::super::family::are_legal(found, &edits.finish().unwrap())
    };
    assert!(reformatted(b"[1, 2]", 2, b", ", b",\n"));
    assert!(!reformatted(b"[1, 2]", 2, b", ", b" "), "the comma");
    assert!(reformatted(b"[1, 2]", 1, b"1", b"1.0"), "the same double");
    assert!(!reformatted(b"[1, 2]", 1, b"1", b"3"), "another number");
    assert!(!reformatted(b"[\"a b\"]", 3, b" ", b"  "), "inside a string");
    assert!(!reformatted(b"[\"a , b\"]", 3, b" , ", b","), "inside a string");
    assert!(!reformatted(b"a, b", 1, b", ", b","), "no JSON");
    assert!(!reformatted(b"[\"\\u0061\"]", 2, b"\\u0061", b"a"), "an escape is of another family");
    assert!(!reformatted(b"[\"\\u0061\"]", 2, b"\\u0061", b"b"));
}
