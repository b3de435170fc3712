//! The tokenizer against `serde_json`, and the spans it gives.

use proptest::prelude::*;
use serde::de::IgnoredAny;

use super::*;

fn accepts(bytes: &[u8]) -> bool {
    Tokens::new(bytes).all(|token| token.is_ok())
}

/// What `serde_json` accepts, and UTF-8, which it does not check in strings that it ignores.
fn reference(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_ok() && serde_json::from_slice::<IgnoredAny>(bytes).is_ok()
}

fn kinds(text: &str) -> Vec<(Kind, &str)> {
    let bytes = text.as_bytes();
    Tokens::new(bytes)
        .map(|t| t.unwrap())
        .map(|t| (t.kind, std::str::from_utf8(t.of(bytes)).unwrap()))
        .collect()
}

#[test]
fn tokens_have_exact_spans() {
    let text = " {\"a\\u0062\" : [1.50e+3, \"\u{e9}\", null ],\"\":{ } } ";
    let want = [
        (Kind::ObjectStart, "{"),
        (Kind::Key, "\"a\\u0062\""),
        (Kind::ArrayStart, "["),
        (Kind::Number, "1.50e+3"),
        (Kind::String, "\"\u{e9}\""),
        (Kind::Null, "null"),
        (Kind::ArrayEnd, "]"),
        (Kind::Key, "\"\""),
        (Kind::ObjectStart, "{"),
        (Kind::ObjectEnd, "}"),
        (Kind::ObjectEnd, "}"),
    ];
    assert_eq!(kinds(text), want);
}

#[test]
fn errors_name_their_place() {
    for (text, reason, at) in [
        ("", Reason::Incomplete, 0),
        ("[1,]", Reason::ExpectedValue, 3),
        ("[1 2]", Reason::ExpectedCommaOrEnd, 3),
        ("{\"a\" 1}", Reason::ExpectedColon, 5),
        ("{\"a\":1,}", Reason::ExpectedKey, 7),
        ("{a:1}", Reason::ExpectedKey, 1),
        ("1 2", Reason::Trailing, 2),
        ("01", Reason::BadNumber, 1),
        ("[-]", Reason::BadNumber, 2),
        ("\"\t\"", Reason::ControlCharacter, 1),
        ("\"\\x\"", Reason::BadEscape, 2),
        ("[nul]", Reason::ExpectedValue, 4),
        ("\u{feff}1", Reason::ExpectedValue, 0),
        ("[}", Reason::ExpectedValue, 1),
        ("\"abc", Reason::Incomplete, 4),
    ] {
        let error = Tokens::new(text.as_bytes()).find_map(Result::err);
        assert_eq!(error, Some(Error { reason, at }), "{text:?}");
    }
    let error = Tokens::new(b"\"a\xc3\x28\"").find_map(Result::err);
    assert_eq!(error, Some(Error { reason: Reason::NotUtf8, at: 2 }));
}

#[test]
fn nesting_is_bounded_and_never_recursive() {
    let deep = "[".repeat(1_000_000);
    let error = Tokens::new(deep.as_bytes()).find_map(Result::err).unwrap();
    assert_eq!((error.reason, error.at), (Reason::TooDeep, DEFAULT_DEPTH));
    let closed = format!("{deep}{}", "]".repeat(1_000_000));
    assert_eq!(Tokens::with_depth(closed.as_bytes(), 1_000_000).flatten().count(), 2_000_000);
}

#[test]
fn strings_decode_on_demand() {
    assert!(matches!(decode(b"\"plain\""), Some(Cow::Borrowed("plain"))));
    assert_eq!(decode(b"\"\\ud83d\\ude00\\/\"").as_deref(), Some("\u{1f600}/"));
    assert_eq!(decode(b"\"\\ud83d\""), None);
    assert_eq!(decode_bytes(b"\"\\u2014\\ud83d\"").as_deref(), Some(&b"\xe2\x80\x94\xed\xa0\xbd"[..]));
    assert_eq!(decode_bytes(b"\"a\\n\"").as_deref(), Some(&b"a\n"[..]));
    assert_eq!(decode_bytes(b"plain"), None);
    assert_eq!(decode(b"plain"), None);
    assert_eq!(decode(b"\""), None);
}

/// Pieces of JSON, right and wrong, that random bytes would seldom form.
fn pieces() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        proptest::sample::select(
            &[
                "{",
                "}",
                "[",
                "]",
                ",",
                ":",
                "\"",
                "\\",
                "\"a\"",
                "\"\\u00e9\"",
                "\\u12",
                "0",
                "-1",
                "1.5",
                "1e5",
                "00",
                ".",
                "e",
                "+",
                "true",
                "false",
                "null",
                " ",
                "\n",
                "\t",
                "\r",
                "\u{e9}",
                "\u{feff}",
                "\u{1}"
            ][..]
        )
        .prop_map(|piece| piece.as_bytes().to_vec()),
        proptest::collection::vec(any::<u8>(), 1..3),
    ];
    proptest::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

fn value() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        any::<f64>().prop_map(Into::into),
        any::<String>().prop_map(Into::into),
    ];
    leaf.prop_recursive(4, 32, 6, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..6).prop_map(Into::into),
            proptest::collection::btree_map(any::<String>(), inner, 0..6)
                .prop_map(|map| serde_json::Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]
    #[test]
    fn accepts_what_serde_json_accepts(bytes in pieces()) {
        prop_assert_eq!(accepts(&bytes), reference(&bytes), "{:?}", String::from_utf8_lossy(&bytes));
    }
}

proptest! {
    #[test]
    fn strings_of_valid_documents_decode(value in value(), pretty in any::<bool>(), cut in any::<proptest::sample::Index>()) {
        let text = if pretty { serde_json::to_string_pretty(&value) } else { serde_json::to_string(&value) }.unwrap();
        let bytes = text.as_bytes();
        for token in Tokens::new(bytes) {
            let token = token.unwrap();
            if matches!(token.kind, Kind::Key | Kind::String) {
                let want: String = serde_json::from_slice(token.of(bytes)).unwrap();
                prop_assert_eq!(decode(token.of(bytes)).unwrap(), want);
            }
        }
        let head = &bytes[..cut.index(bytes.len())];
        prop_assert_eq!(accepts(head), reference(head));
    }
}
