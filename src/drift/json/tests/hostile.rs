//! Texts that are deep, long, broken or no text.

use super::*;

#[test]
fn deep_long_and_broken_texts_are_survived() {
    let deep = "[".repeat(10_000) + &"]".repeat(10_000);
    let texts = [
        deep.clone(),
        "{\"b\":1,\"a\":".repeat(10_000) + "0" + &"}".repeat(10_000),
        deep.replace("[]", "[\"\\u2014\"]"),
        "[".repeat(50_000),
        format!("[{}1]", "\"\\u2014/\",".repeat(20_000)),
        format!("[{}1]", "1.5e3,".repeat(50_000)),
        format!("{{{}\"k\":1}}", "\"k\":1,".repeat(20_000)),
        "{\"a\":\"".to_owned() + &"\\".repeat(50_001),
        "\"".repeat(50_000),
        "{\"a\": \"x\ny\", 'b': undefined}".to_owned(),
        "{\"b\":1,\"a\":1}\n".repeat(20_000),
    ];
    let digest = Digest::Sha256(Sha256::of(b"nothing like it"));
    for found in texts.iter().map(String::as_bytes) {
        for sealed_size in [None, Some(found.len() as u64)] {
            let question = Question { sealed: &digest, sealed_size, found, name: b"a.json" };
            let diagnosis = explain(&question, &Allowance { bytes: 4 << 20, deep: false });
            assert!(diagnosis.recipe.is_none());
        }
    }
}

#[test]
fn deep_and_long_texts_are_explained() {
    let sealed = format!("[{}1]", "\"\\u2014/\",".repeat(20_000));
    assert_eq!(one(&sealed, sealed.replace("\\u2014", "\u{2014}")).2, "all 20000 escapes");
    let deep = "[".repeat(10_000) + " 1" + &"]".repeat(10_000);
    assert_eq!(one(deep.replace(' ', ""), deep).0, Code::JsonReformatted);
    let found = "{\"b\":1,\"a\":".repeat(3_000) + "0" + &"}".repeat(3_000);
    let sealed = "{\"a\":".repeat(3_000) + "0" + &",\"b\":1}".repeat(3_000);
    assert_eq!(one(sealed, found).2, "all 3000 objects");
}

#[test]
fn names_that_are_no_text_are_survived() {
    let found = r#"{"\udc00": 1, "\ud800": 2, "a": 3}"#;
    assert_eq!(one(r#"{"\ud800": 2, "\udc00": 1, "a": 3}"#, found).0, Code::JsonKeyOrder);
    let invalid = b"{\"b\": \"\xff\", \"a\": \"\\u2014\"}";
    let told = ask(b"nothing like it", invalid, false).observations;
    assert!(told.iter().any(|told| told.starts_with("it is not UTF-8 from byte")), "{told:?}");
}

#[test]
fn json_in_utf_16_is_explained() {
    let units = KEPT.encode_utf16().flat_map(u16::to_le_bytes);
    let wide: Vec<u8> = [0xff, 0xfe].into_iter().chain(units).collect();
    assert_eq!(one(KEPT, &wide).0, Code::Transcoded);
    let codes = |causes: Vec<super::super::super::Cause>| causes.iter().map(|c| c.code).collect::<Vec<_>>();
    let causes = ask(ESCAPED.as_bytes(), &wide, true).causes;
    assert_eq!(codes(causes), [Code::JsonEnsureAsciiDrift, Code::Transcoded]);
    let compact = KEPT.replace('\n', "").replace("  ", "").replace(": ", ":");
    assert_eq!(codes(ask(compact.as_bytes(), &wide, true).causes), [Code::JsonReformatted, Code::Transcoded]);
}

#[test]
fn other_texts_cost_nothing() {
    let text = "He said \"\\u2014 \u{2014}\".".as_bytes();
    assert!(!is_json(Text { bytes: text, name: b"a.md", want: None, least: 0 }));
    assert!(super::super::super::sink::collect(&Escapes, text, b"a.md").is_empty());
}
