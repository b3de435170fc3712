//! Drift that is made on purpose: each kind as a function of a file's bytes.

use std::fmt::Write as _;
use std::sync::Arc;

use super::EXPLAINED;
use super::trial::{Change, Due, Trial, content};
use crate::gate::{Readings, Specimen};
use crate::path::BytePath;
use crate::source::snapshot::Item;

/// A kind of drift: the code that names it, what happens, and the bytes after it;
/// `None` where it does not apply.
struct Kind {
    code: &'static str,
    what: &'static str,
    make: fn(&[u8]) -> Option<Vec<u8>>,
}

const KINDS: &[Kind] = &[
    Kind { code: "emdash_unicode_drift", what: "dashes and quotation marks are retyped", make: retyped },
    Kind { code: "json_ensure_ascii_drift", what: "a tool escapes what is not ASCII", make: escaped },
    Kind { code: "unicode_normalization", what: "letters are taken apart", make: decomposed },
    Kind { code: "crlf_drift", what: "a checkout makes line ends CRLF", make: crlf },
    Kind { code: "bom_prefix", what: "an editor adds a byte-order mark", make: bom },
    Kind { code: "final_newline", what: "the last line end is taken away", make: unended },
    Kind { code: "byte_length_mismatch", what: "a sentence is added in the middle", make: longer },
    Kind { code: "same_length_hash_mismatch", what: "letters are exchanged for others", make: exchanged },
    Kind { code: "trailing_whitespace", what: "blanks are added to a line end", make: trailing },
    Kind { code: "mojibake", what: "the text is read in another encoding", make: mojibake },
    Kind { code: "truncated", what: "the second half is lost", make: halved },
    Kind { code: "zero_filled", what: "the second half is zeros", make: zeroed },
    Kind { code: "bit_rot", what: "a bit is another", make: flipped },
    Kind { code: "appended", what: "lines are added at the end", make: appended },
];

/// The gate's own list: on the page of a sealed folder, or on its JSON.
const OWN: &[(&str, &str)] = &[
    ("emdash_unicode_drift", "README.md"),
    ("json_ensure_ascii_drift", "decision.json"),
    ("crlf_drift", "README.md"),
    ("bom_prefix", "README.md"),
    ("final_newline", "README.md"),
    ("trailing_whitespace", "README.md"),
    ("byte_length_mismatch", "README.md"),
    ("same_length_hash_mismatch", "README.md"),
];

/// The gate's own list and its control, each with its code.
pub(super) fn own(specimen: &Specimen) -> Vec<Trial> {
    let mut all = vec![Trial::control("byte_identical", "none")];
    for (code, name) in OWN {
        let ending = format!("/{name}");
        let path = specimen.files.keys().find(|path| path.as_bytes().ends_with(ending.as_bytes()));
        let kind = KINDS.iter().find(|kind| kind.code == *code);
        if let (Some(path), Some(kind)) = (path, kind)
            && let Some(trial) = made(specimen, path, kind)
        {
            all.push(Trial { explain: true, ..trial.due(Due::of(given(code))) });
        }
    }
    all
}

/// A length that is not the sealed one is told as an edit with its lengths.
fn given(code: &str) -> &str {
    if code == "byte_length_mismatch" { "edited_content" } else { code }
}

/// A stored folder, in which nothing has to be changed to be refused.
pub(super) fn stored(code: &str) -> Trial {
    let must = super::trial::Must::Refuse;
    Trial { must, explain: true, ..Trial::control(code, "as stored").due(Due::of(code)) }
}

/// Every entry with every drift that applies, without it, and a file too many.
pub(super) fn of_entries(specimen: &Specimen, readings: &Readings) -> Vec<Trial> {
    let mut all = vec![Trial::control("byte_identical", "none")];
    for path in &readings.entries {
        if content(&specimen.files, path).is_none() {
            continue;
        }
        all.extend(KINDS.iter().filter_map(|kind| made(specimen, path, kind)));
        all.push(Trial::bad("missing_file", "the file is deleted", path, Change::Take(path.clone())));
        let link = Change::Put(path.clone(), Item::Symlink(Arc::from(&b"elsewhere"[..])));
        all.push(Trial::bad("symlink_entry", "a link takes its place", path, link));
        let pipe = Change::Put(path.clone(), Item::Special("FIFO"));
        all.push(Trial::bad("not_a_regular_file", "a pipe takes its place", path, pipe));
    }
    all
}

fn made(specimen: &Specimen, path: &BytePath, kind: &Kind) -> Option<Trial> {
    let bytes = content(&specimen.files, path)?;
    let drifted = (kind.make)(bytes).filter(|drifted| drifted != bytes)?;
    let explain = bytes.len() as u64 <= EXPLAINED;
    let change = Change::Put(path.clone(), Item::File(Arc::from(drifted)));
    Some(Trial { explain, ..Trial::bad(kind.code, kind.what, path, change) })
}

fn text(bytes: &[u8]) -> Option<&str> {
    std::str::from_utf8(bytes).ok()
}

fn retyped(bytes: &[u8]) -> Option<Vec<u8>> {
    let text = text(bytes)?;
    let plain = text.replace(['\u{2014}', '\u{2013}'], "-").replace(['\u{201c}', '\u{201d}'], "\"");
    Some(plain.replace('\u{2026}', "...").into_bytes())
}

fn escaped(bytes: &[u8]) -> Option<Vec<u8>> {
    serde_json::from_slice::<serde::de::IgnoredAny>(bytes).ok()?;
    let mut out = String::new();
    for c in text(bytes)?.chars() {
        if c.is_ascii() {
            out.push(c);
        } else {
            for unit in c.encode_utf16(&mut [0; 2]) {
                // Writing to a string does not fail.
                let _ = write!(out, "\\u{unit:04x}");
            }
        }
    }
    Some(out.into_bytes())
}

fn decomposed(bytes: &[u8]) -> Option<Vec<u8>> {
    use unicode_normalization::UnicodeNormalization;
    Some(text(bytes)?.nfd().collect::<String>().into_bytes())
}

fn crlf(bytes: &[u8]) -> Option<Vec<u8>> {
    if bytes.contains(&b'\r') || bytes.contains(&0) {
        return None;
    }
    Some(text(bytes)?.replace('\n', "\r\n").into_bytes())
}

fn bom(bytes: &[u8]) -> Option<Vec<u8>> {
    text(bytes).map(|text| format!("\u{feff}{text}").into_bytes())
}

fn unended(bytes: &[u8]) -> Option<Vec<u8>> {
    bytes.strip_suffix(b"\n").map(<[u8]>::to_vec)
}

/// Into the middle, at the end of a word.
fn longer(bytes: &[u8]) -> Option<Vec<u8>> {
    let at = text(bytes)?.char_indices().map(|(at, _)| at).find(|at| *at * 2 >= bytes.len())?;
    let (head, tail) = bytes.split_at_checked(at)?;
    Some([head, b" and somebody adds what was never reviewed ", tail].concat())
}

/// Every seventh letter of ASCII is the one after it.
fn exchanged(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut letters = 0;
    let next = |byte: &u8| {
        let letter = matches!(byte, b'a'..=b'y');
        letters += usize::from(letter);
        if letter && letters % 7 == 0 { byte + 1 } else { *byte }
    };
    let made: Vec<u8> = bytes.iter().map(next).collect();
    (made != bytes).then_some(made)
}

fn trailing(bytes: &[u8]) -> Option<Vec<u8>> {
    let at = memchr::memchr(b'\n', bytes)?;
    let (head, tail) = bytes.split_at_checked(at)?;
    text(bytes).map(|_| [head, b"  ", tail].concat())
}

fn mojibake(bytes: &[u8]) -> Option<Vec<u8>> {
    text(bytes)?;
    Some(bytes.iter().map(|byte| char::from(*byte)).collect::<String>().into_bytes())
}

fn halved(bytes: &[u8]) -> Option<Vec<u8>> {
    bytes.get(..bytes.len() / 2).map(<[u8]>::to_vec)
}

fn zeroed(bytes: &[u8]) -> Option<Vec<u8>> {
    let head = bytes.get(..bytes.len() / 2)?;
    Some([head, &vec![0; bytes.len() - head.len()]].concat())
}

fn flipped(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut out = bytes.to_vec();
    *out.get_mut(bytes.len() / 2)? ^= 1;
    Some(out)
}

fn appended(bytes: &[u8]) -> Option<Vec<u8>> {
    text(bytes).map(|text| format!("{text}one more line\n").into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_changes_what_it_applies_to_and_has_a_code() {
        let text = "a \u{2014} b \u{201c}c\u{201d} caf\u{e9}\nsome more letters in a second line\n";
        let json = "{\"a\": \"\u{2014}\"}\n";
        for kind in KINDS {
            assert!(crate::code::Code::from_id(kind.code).is_some(), "{}", kind.code);
            let changes =
                |text: &str| (kind.make)(text.as_bytes()).is_some_and(|made| made != text.as_bytes());
            assert!(changes(text) || changes(json), "{}", kind.code);
        }
        assert_eq!(escaped(json.as_bytes()).unwrap(), b"{\"a\": \"\\u2014\"}\n");
        assert_eq!(escaped(b"no json"), None);
        assert!(KINDS.iter().all(|kind| {
            (kind.make)(b"")
                .is_none_or(|made| kind.code == "bom_prefix" || kind.code == "appended" || made.is_empty())
        }));
        assert_eq!(exchanged(text.as_bytes()).unwrap().len(), text.len());
        assert_eq!(exchanged(b"123\n"), None);
    }
}
