//! Every value of a packet's evidence, changed in every way.

use std::collections::HashSet;
use std::ops::Range;

use super::edit::removal;
use super::trial::{Change, Must, Trial, content};
use crate::evidence::{Document, Marks, Value};
use crate::gate::{Readings, Specimen};
use crate::path::BytePath;
use crate::profile::{Key, Profile};

/// The changes of every document, to be judged with the seal as it was or sealed again.
pub(super) fn trials(specimen: &Specimen, readings: &Readings, sealed: bool) -> Vec<Trial> {
    let mut all = vec![Trial { bytes_only: !sealed, ..Trial::control("evidence", "none") }];
    let known = known(&readings.profile);
    for (_, document) in &readings.documents {
        let path = specimen.root.join(document.path());
        // What is not sealed proves nothing and what drifted is no good input.
        let same = content(&specimen.files, &path).is_some_and(|bytes| bytes == document.bytes());
        if document.is_sealed() && same {
            all.extend(of_document(document, &path, sealed, &known));
        }
    }
    all
}

/// Every word that the profile knows: another spelling that it lists is no bad input.
fn known(profile: &Profile) -> HashSet<String> {
    Key::ALL.iter().flat_map(|key| profile.words(*key)).collect()
}

/// One change of a value.
struct Made {
    class: &'static str,
    edits: Vec<(Range<usize>, Vec<u8>)>,
    /// What a reader must have taken it for, so that it must refuse the change; one of them.
    refused: &'static [Marks],
    /// What a reader must have taken it for, so that letting it through is told.
    told: &'static [Marks],
}

const DUE: Marks = Marks::DUE;
const TYPED: Marks = Marks::TYPED;
const DUE_AND_TYPED: Marks = Marks::DUE.with(Marks::TYPED);

fn of_document(document: &Document, path: &BytePath, sealed: bool, known: &HashSet<String>) -> Vec<Trial> {
    let read = document.values().any(|value| value.marks().any());
    let half = document.bytes().len() / 2;
    let cut = Change::Edit(path.clone(), vec![(half..document.bytes().len(), Vec::new())]);
    let cut = Trial::bad("truncated", "the second half is cut off", path, cut);
    let must = if read || !sealed { Must::Refuse } else { Must::Ignore };
    let mut all = vec![Trial { must, sealed, bytes_only: !sealed, ..cut }];
    let digests: Vec<Value<'_>> = document.values().filter(|value| digest(*value).is_some()).collect();
    for value in document.values() {
        for made in changes(document, value, &digests, known) {
            let marks = value.marks();
            let any = |wanted: &[Marks]| wanted.iter().any(|one| marks.has(*one));
            let must = match sealed {
                false => Must::Refuse,
                true if any(made.refused) => Must::Refuse,
                true if any(made.told) => Must::Tell,
                true => Must::Ignore,
            };
            all.push(Trial {
                pointer: Some(value.pointer()),
                must,
                sealed,
                bytes_only: !sealed,
                ..Trial::bad(made.class, told(made.class), path, Change::Edit(path.clone(), made.edits))
            });
        }
    }
    all
}

/// What became of the value, a clause.
fn told(class: &str) -> &'static str {
    match class {
        "deleted" => "taken out",
        "nulled" => "made null",
        "flipped" => "turned round",
        "retyped" => "made a value of another type",
        "case_changed" => "in letters of the other case",
        "incremented" => "made one more",
        _ => "exchanged with another digest",
    }
}

fn changes(
    document: &Document,
    value: Value<'_>,
    digests: &[Value<'_>],
    known: &HashSet<String>,
) -> Vec<Made> {
    let span = value.span();
    let raw = value.raw();
    let mut all = Vec::new();
    let mut put = |class, text: &str, refused, told| {
        let edits = vec![(span.clone(), text.as_bytes().to_vec())];
        all.push(Made { class, edits, refused, told });
    };
    if raw != b"null" {
        put("nulled", "null", &[DUE_AND_TYPED], &[TYPED]);
    }
    put("retyped", other_type(raw), &[TYPED], &[Marks::FLAG, Marks::DIGEST]);
    match raw {
        b"true" => put("flipped", "false", &[], &[Marks::FLAG]),
        b"false" => put("flipped", "true", &[], &[Marks::FLAG]),
        _ => {}
    }
    if let Some(more) = std::str::from_utf8(raw).ok().and_then(|raw| raw.parse::<i64>().ok()?.checked_add(1))
    {
        put("incremented", &more.to_string(), &[], &[Marks::COUNT]);
    }
    if let Some(other) = other_case(raw).filter(|other| !known.contains(other.trim_matches('"'))) {
        put("case_changed", &other, &[Marks::DIGEST, Marks::WORD], &[]);
    }
    // The whole document has no place that it could be taken from.
    if !value.pointer().is_empty() {
        let range = removal(document.bytes(), value);
        all.push(Made {
            class: "deleted",
            edits: vec![(range, Vec::new())],
            refused: &[DUE],
            told: &[TYPED],
        });
    }
    if let Some(own) = digest(value)
        && let Some(other) =
            digests.iter().find(|other| digest(**other) != Some(own) && other.span().start > span.start)
    {
        let edits = vec![(span, other.raw().to_vec()), (other.span(), raw.to_vec())];
        all.push(Made { class: "swapped", edits, refused: &[], told: &[Marks::DIGEST] });
    }
    all
}

fn digest(value: Value<'_>) -> Option<&[u8]> {
    let inner = value.raw().strip_prefix(b"\"")?.strip_suffix(b"\"")?;
    (inner.len() == 64 && inner.iter().all(u8::is_ascii_hexdigit)).then_some(inner)
}

/// A value that says something like it in another type.
fn other_type(raw: &[u8]) -> &'static str {
    match raw.first() {
        Some(b'{') => "[]",
        Some(b'[' | b'n') => "{}",
        Some(b't' | b'f') => "\"YES\"",
        Some(b'"') => "7",
        _ => "\"7\"",
    }
}

/// A string in letters of the other case; `None` without any, and where escapes are.
fn other_case(raw: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(raw).ok().filter(|text| text.starts_with('"') && !text.contains('\\'))?;
    let swap = |c: char| if c.is_ascii_lowercase() { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() };
    let other: String = text.chars().map(swap).collect();
    (other != text).then_some(other)
}
