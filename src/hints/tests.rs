//! Writing, reading, and what is refused.

use super::*;
use crate::path::Backslash;
use proptest::prelude::*;

fn path(name: &str) -> BytePath {
    BytePath::parse(name.as_bytes(), Backslash::Refuse).unwrap()
}

fn document(bytes: &[u8]) -> String {
    let files = BTreeMap::from([("a.md".to_owned(), FileHints::of(bytes))]);
    String::from_utf8(Hints::write(files).unwrap()).unwrap()
}

#[test]
fn what_is_counted() {
    let bytes = "\u{feff}a\u{2014}b \u{2014}\r\nc\rd\n\u{201c}e\u{201d}\r\n\n".as_bytes();
    let hints = FileHints::of(bytes);
    assert_eq!((hints.crlf, hints.lf, hints.cr), (2, 2, 1));
    assert!(hints.bom);
    assert_eq!(hints.final_newlines, 2);
    let counts: Vec<(&str, u64)> = hints.typographic.iter().map(|(c, n)| (c.as_str(), *n)).collect();
    assert_eq!(counts, [("U+2014", 2), ("U+201C", 1), ("U+201D", 1), ("U+FEFF", 1)]);
    assert_eq!(hints.size, bytes.len() as u64);
    let empty = FileHints::of(b"");
    assert!(empty.chunks.is_empty() && empty.final_newlines == 0);
}

#[test]
fn the_same_bytes_give_the_same_document_and_it_reads_back() {
    let bytes = "a line of text\n".repeat(2000);
    let text = document(bytes.as_bytes());
    assert_eq!(text, document(bytes.as_bytes()));
    assert!(text.starts_with("{\"schema\":\"seal.hints/v1\",\"files\":{\"a.md\":{\"sha256\":\""), "{text}");
    let hints = Hints::parse(text.as_bytes()).unwrap();
    let sealed = Digest::Sha256(Sha256::of(bytes.as_bytes()));
    assert_eq!(hints.about(&path("a.md"), &sealed), Some(&FileHints::of(bytes.as_bytes())));
    assert_eq!(hints.about(&path("b.md"), &sealed), None);
    assert_eq!(hints.about(&path("a.md"), &Digest::Sha256(Sha256::of(b"another seal"))), None);
}

#[test]
fn whatever_else_a_document_holds_is_refused() {
    let good = document(b"text\n");
    assert!(Hints::parse(good.as_bytes()).is_ok());
    let file = good.split_once("\"a.md\":").unwrap().1.trim_end().strip_suffix("}}").unwrap();
    let bad = [
        String::new(),
        "[]".to_owned(),
        "[".repeat(100_000),
        good.replace("v1", "v2"),
        good.replace("\"size\":5", "\"size\":6"),
        good.replace("\"size\":5", "\"size\":-5"),
        good.replace("\"size\":5", "\"size\":5,\"size\":5"),
        good.replace("\"bom\":false", "\"bom\":false,\"more\":1"),
        good.replace("\"bom\":false,", ""),
        good.replace("\"len\":5", "\"len\":5.0"),
        good.replace("\"sha256\":\"", "\"sha256\":\"A"),
        good.replace("{\"a.md\":", &format!("{{\"a.md\":{file},\"a.md\":")),
        good.replace("\"chunks\":[", "\"chunks\":[{\"len\":0,\"sha256\":\"SHA\"},")
            .replace("SHA", &"a".repeat(64)),
        good.replace("\"chunks\":[", "\"chunks\":[{\"len\":18446744073709551615,\"sha256\":\"SHA\"},")
            .replace("SHA", &"a".repeat(64)),
        good.clone() + "{}",
    ];
    for text in &bad {
        assert!(Hints::parse(text.as_bytes()).is_err(), "{}", text.get(..200.min(text.len())).unwrap());
    }
    assert!(matches!(Hints::parse(&vec![b' '; MAX_BYTES + 1]), Err(BadHints::TooLong)));
}

proptest! {
    #[test]
    fn chunks_are_the_bytes_in_order(bytes in proptest::collection::vec(any::<u8>(), 0..20_000)) {
        let hints = FileHints::of(&bytes);
        let mut rest = bytes.as_slice();
        for chunk in &hints.chunks {
            let (now, after) = rest.split_at(usize::try_from(chunk.len).unwrap());
            prop_assert_eq!(chunk.sha256, Hex(Sha256::of(now)));
            rest = after;
        }
        prop_assert!(rest.is_empty());
    }

    #[test]
    fn any_bytes_are_read_without_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = Hints::parse(&bytes);
    }

    #[test]
    fn what_is_told_never_panics(
        sealed in proptest::collection::vec(any::<u8>(), 0..9000),
        cut in any::<prop::sample::Index>(),
        extra in proptest::collection::vec(any::<u8>(), 0..2000),
    ) {
        let mut found = sealed.clone();
        let at = cut.index(found.len() + 1);
        found.splice(at..at, extra.iter().copied());
        let told = differences(&FileHints::of(&sealed), &found);
        prop_assert!(told.is_none() || found != sealed);
    }
}
