//! Whole questions: drift made in code and explained.

mod undone;

use super::*;
use crate::digest::{Digest, Sha256};

const ALLOWANCE: Allowance = Allowance { bytes: 128 << 20, deep: false };

fn ask(sealed: &[u8], found: &[u8], sized: bool) -> Diagnosis {
    ask_as(&Digest::Sha256(Sha256::of(sealed)), sealed.len(), found, sized)
}

fn ask_as(digest: &Digest, len: usize, found: &[u8], sized: bool) -> Diagnosis {
    ask_within(digest, len, found, sized, ALLOWANCE)
}

fn ask_within(digest: &Digest, len: usize, found: &[u8], sized: bool, allowance: Allowance) -> Diagnosis {
    let question =
        Question { sealed: digest, sealed_size: sized.then_some(len as u64), found, name: b"a.md" };
    explain(&question, &allowance)
}

/// The codes and words of the causes, after checking that the recipe restores the sealed bytes.
fn proven(sealed: &[u8], found: &[u8]) -> Vec<(Code, String, String)> {
    for sized in [true, false] {
        let diagnosis = ask(sealed, found, sized);
        let recipe = diagnosis.recipe.unwrap_or_else(|| panic!("not explained, sized: {sized}"));
        assert_eq!(recipe.undo(found).unwrap(), sealed);
        assert_eq!(recipe.redo(sealed).unwrap(), found);
        assert_eq!(recipe.describe().len(), diagnosis.causes.len());
        assert_eq!(diagnosis.grade, Grade::ProvenByHash);
        assert!(diagnosis.search.hypotheses > 0);
        if sized {
            return diagnosis.causes.into_iter().map(|c| (c.code, c.direction, c.scope)).collect();
        }
    }
    Vec::new()
}

fn one(sealed: &[u8], found: &[u8]) -> (Code, String, String) {
    let causes = proven(sealed, found);
    assert_eq!(causes.len(), 1, "{causes:?}");
    causes.into_iter().next().unwrap()
}

#[test]
fn whole_file_transforms_are_named() {
    let lf = b"one\ntwo\nthree\n";
    let crlf = b"one\r\ntwo\r\nthree\r\n";
    let (code, direction, scope) = one(lf, crlf);
    assert_eq!(
        (code, &*direction, &*scope),
        (Code::CrlfDrift, "sealed with LF, now CRLF", "all 3 line ends")
    );
    assert_eq!(one(crlf, lf).1, "sealed with CRLF, now LF");
    let (code, direction, _) = one(lf, &[&b"\xef\xbb\xbf"[..], lf].concat());
    assert_eq!((code, &*direction), (Code::BomPrefix, "sealed without a byte-order mark, now with one"));
    let (code, direction, _) = one(lf, b"one\ntwo\nthree");
    assert_eq!(
        (code, &*direction),
        (Code::FinalNewline, "sealed with one final newline, now no final newline")
    );
    // As many newlines as before were told as if nothing had changed.
    let (code, direction, _) = one(b"one\r\ntwo\r\n", b"one\r\ntwo\n");
    assert_eq!(
        (code, &*direction),
        (Code::FinalNewline, "sealed with one final newline (CRLF), now one final newline (LF)")
    );
    let (code, _, scope) = one(lf, b"one \ntwo\nthree\t\n");
    assert_eq!((code, &*scope), (Code::TrailingWhitespace, "2 lines: lines 1, 3"));
    let utf16 = Encoding::Utf16Le { bom: true }.encode("d\u{e9}j\u{e0}\n".as_bytes()).unwrap();
    let (code, direction, _) = one("d\u{e9}j\u{e0}\n".as_bytes(), &utf16);
    assert_eq!(
        (code, &*direction),
        (Code::Transcoded, "sealed in UTF-8, now UTF-16LE with a byte-order mark")
    );
    assert_eq!(one(&utf16, "d\u{e9}j\u{e0}\n".as_bytes()).0, Code::Transcoded);
    assert_eq!(one(b"d\xe9j\xe0 \x97\n", "d\u{e9}j\u{e0} \u{2014}\n".as_bytes()).0, Code::Transcoded);
}

#[test]
fn every_encoding_is_told_in_both_directions() {
    let text = "na\u{ef}ve caf\u{e9} \u{a7} 4\nand more\n";
    let all = [
        Encoding::Utf16Le { bom: true },
        Encoding::Utf16Le { bom: false },
        Encoding::Utf16Be { bom: true },
        Encoding::Utf16Be { bom: false },
        Encoding::Windows1252,
    ];
    for encoding in all {
        let other = encoding.encode(text.as_bytes()).unwrap();
        assert_eq!(one(text.as_bytes(), &other).0, Code::Transcoded, "{encoding:?}");
        assert_eq!(one(&other, text.as_bytes()).0, Code::Transcoded, "{encoding:?}");
    }
    let wide = Encoding::Utf16Be { bom: true }.encode(text.as_bytes()).unwrap();
    let narrow = Encoding::Latin1.encode(text.as_bytes()).unwrap();
    assert_eq!(one(&narrow, &wide).0, Code::Transcoded);
    let control = "a \u{85} b \u{e9}\n";
    let latin = Encoding::Latin1.encode(control.as_bytes()).unwrap();
    assert_eq!(one(control.as_bytes(), &latin).1, "sealed in UTF-8, now ISO 8859-1");
}

#[test]
fn garbled_text_of_one_to_three_layers_is_recovered() {
    let text = "The way back \u{2014} \u{201c}caf\u{e9}\u{201d} \u{20ac} 5.\nPlain line.\n";
    for encoding in [Encoding::Windows1252, Encoding::Latin1, Encoding::Cp437, Encoding::Cp850] {
        let mut found = text.as_bytes().to_vec();
        for layers in 1..=3 {
            found = encoding.decode(&found).unwrap().into_owned();
            let causes = proven(text.as_bytes(), &found);
            assert!(causes.iter().all(|c| c.0 == Code::Mojibake), "{encoding:?} {layers}: {causes:?}");
            assert!(proven(&found, text.as_bytes()).iter().all(|c| c.0 == Code::Mojibake));
        }
    }
}

#[test]
fn characters_lost_in_different_ways_are_recovered() {
    let text = "It\u{2019}s \u{201c}done\u{201d} \u{2014} the caf\u{e9} costs 5 \u{20ac}. Is it?\n";
    let lose = |mark: &dyn Fn(char) -> String| -> String {
        text.chars().map(|c| if c.is_ascii() { c.to_string() } else { mark(c) }).collect()
    };
    for found in [
        lose(&|_| "?".to_owned()),
        lose(&|c| "?".repeat(c.len_utf8())),
        lose(&|_| "\u{fffd}".to_owned()),
        lose(&|c| "\u{fffd}".repeat(c.len_utf8())),
    ] {
        let diagnosis = ask(text.as_bytes(), found.as_bytes(), true);
        assert_eq!(diagnosis.causes.first().map(|c| c.code), Some(Code::LossyReplacement), "{found}");
        assert_eq!(diagnosis.recipe.unwrap().undo(found.as_bytes()).unwrap(), text.as_bytes());
    }
    let dashes = "a \u{2014} b \u{2019} c\n";
    assert_eq!(one(dashes.as_bytes(), b"a \x14 b \x19 c\n").0, Code::LossyReplacement);
}

#[test]
fn normal_forms_of_some_places_are_taken_back() {
    let sealed = "caf\u{e9} one\ncaf\u{e9} two\ncaf\u{e9} three\ncaf\u{e9} four\n";
    let found = sealed.replacen('\u{e9}', "e\u{301}", 2);
    let (code, _, scope) = one(sealed.as_bytes(), found.as_bytes());
    assert_eq!((code, &*scope), (Code::UnicodeNormalization, "2 places: lines 1, 2"));
    assert_eq!(one(found.as_bytes(), sealed.as_bytes()).0, Code::UnicodeNormalization);
    let ligatures = "an o\u{fb03}ce, \u{fb01}ve \u{fb02}ats\n";
    assert_eq!(one(ligatures.as_bytes(), b"an office, five flats\n").0, Code::UnicodeNormalization);
}

#[test]
fn keywords_of_git_are_taken_back_both_ways() {
    let collapsed = b"# $Id$\necho done\n";
    // `git hash-object` of the collapsed text.
    let expanded = b"# $Id: d4d478d5b5273a9123b09cf994db983f38da2fd7 $\necho done\n";
    assert_eq!(one(collapsed, expanded).0, Code::GitIdent);
    assert_eq!(one(expanded, collapsed).0, Code::GitIdent);
    let crlf = b"# $Id$\r\necho done\r\n";
    let causes = proven(expanded, crlf);
    assert!(causes.iter().any(|c| c.0 == Code::GitIdent), "{causes:?}");
}

#[test]
fn entities_and_markup_are_taken_back_both_ways() {
    let plain = "a \u{2014} b & c < d \u{e9}\n";
    for entities in [
        "a &mdash; b & c < d &eacute;\n",
        "a &#8212; b & c < d &#233;\n",
        "a &#x2014; b & c < d &#xe9;\n",
        "a &#x2014; b & c < d &#xE9;\n",
        "a \u{2014} b &amp; c &lt; d \u{e9}\n",
    ] {
        assert_eq!(one(plain.as_bytes(), entities.as_bytes()).0, Code::HtmlEntities, "{entities}");
        assert_eq!(one(entities.as_bytes(), plain.as_bytes()).0, Code::HtmlEntities, "{entities}");
    }
    let some = "a &mdash; b \u{2014} c \u{2014} d\n";
    let (code, _, scope) = one(some.replace("&mdash;", "\u{2014}").as_bytes(), some.as_bytes());
    assert_eq!((code, &*scope), (Code::HtmlEntities, "1 place: line 1"));
}

#[test]
fn compositions_are_ordered_lists() {
    let codes =
        |sealed: &[u8], found: &[u8]| proven(sealed, found).into_iter().map(|c| c.0).collect::<Vec<_>>();
    let lf = b"one\ntwo\n";
    assert_eq!(codes(lf, b"\xef\xbb\xbfone\r\ntwo\r\n"), [Code::BomPrefix, Code::CrlfDrift]);
    assert_eq!(codes(lf, b"\xef\xbb\xbfone\r\ntwo"), [Code::BomPrefix, Code::FinalNewline, Code::CrlfDrift]);
    assert_eq!(
        codes("a \u{2014} b\nc\n".as_bytes(), b"a - b\r\nc\r\n"),
        [Code::EmdashUnicodeDrift, Code::CrlfDrift]
    );
}

#[test]
fn partial_typographic_drift_names_its_sites() {
    let lines = (0..20).map(|i| format!("line {i} has a well-known \u{2014} dash\n"));
    let sealed: String = lines.collect();
    let found: Vec<String> = sealed
        .lines()
        .enumerate()
        .map(
            |(i, line)| {
                if [11, 12, 13].contains(&i) { line.replace('\u{2014}', "-") } else { line.to_owned() }
            },
        )
        .collect();
    let found = found.join("\n") + "\n";
    let digest = Digest::Sha256(Sha256::of(sealed.as_bytes()));
    let diagnosis = ask_as(&digest, sealed.len(), found.as_bytes(), false);
    let cause = diagnosis.causes.first().unwrap();
    assert_eq!(cause.code, Code::EmdashUnicodeDrift);
    assert_eq!(cause.direction, "sealed U+2014 EM DASH, now U+002D HYPHEN-MINUS");
    assert_eq!(cause.scope, "3 of 20 em dashes: lines 12, 13, 14");
    assert_eq!(cause.sites, Some(Sites { changed: 3, total: 20 }));
    assert_eq!(diagnosis.changed_lines.len(), 3);
    assert_eq!(diagnosis.first_difference.map(|d| d.line), Some(12));
}

#[test]
fn longer_digests_are_searched_too() {
    for digits in [96, 128] {
        let digest = Digest::from_hex("0".repeat(digits).as_bytes()).unwrap().same_of(b"a \xe2\x80\x94 b\n");
        let diagnosis = ask_as(&digest, 8, b"a - b\r\n", false);
        assert_eq!(diagnosis.causes.len(), 2, "{digits}");
    }
}

#[test]
fn an_edit_is_not_drift() {
    let diagnosis = ask(b"the total is 41\n", b"the total is 42\n", true);
    assert!(diagnosis.causes.is_empty() && diagnosis.recipe.is_none());
    assert_eq!(diagnosis.grade, Grade::Observed);
    assert!(diagnosis.search.exhausted);
}

#[test]
fn a_small_allowance_is_kept_and_said() {
    let sealed = "nothing like it".repeat(40);
    let found = "a - b \u{201c}c\u{201d} d... \n".repeat(400);
    let question_digest = Digest::Sha256(Sha256::of(sealed.as_bytes()));
    let question =
        Question { sealed: &question_digest, sealed_size: None, found: found.as_bytes(), name: b"a" };
    let whole = explain(&question, &Allowance { bytes: 0, deep: false }).search;
    let more = explain(&question, &Allowance { bytes: 1 << 20, deep: false }).search;
    assert!(!whole.exhausted && !more.exhausted);
    assert!(more.bytes - whole.bytes <= 1 << 20, "{more:?} {whole:?}");
    assert!(more.hypotheses > whole.hypotheses);
}

#[test]
fn hostile_bytes_are_survived() {
    let cases: [Vec<u8>; 8] = [
        Vec::new(),
        vec![0; 4096],
        vec![b'-'; 5000],
        vec![b'\r'; 3000],
        b"\xff\xfe\x00".to_vec(),
        b"\xef\xbb".to_vec(),
        (0..=255).cycle().take(3000).collect(),
        b"\"\\u{\"\\ud800\"".repeat(50),
    ];
    for found in &cases {
        for size in [None, Some(0), Some(u64::MAX), Some(found.len() as u64 + 1)] {
            let digest = Digest::Sha256(Sha256([7; 32]));
            let question = Question { sealed: &digest, sealed_size: size, found, name: b"x.json" };
            let diagnosis = explain(&question, &Allowance { bytes: 1 << 20, deep: true });
            assert!(diagnosis.recipe.is_none());
        }
    }
}
