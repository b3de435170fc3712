//! Claims in typed fields of JSON documents.

use std::collections::BTreeMap;

use super::{Fact, Here, Target, is_file_name, names_a_revision};
use crate::check::reference::suspected;
use crate::check::words::{any, words};
use crate::code::Code;
use crate::digest::Sha256;
use crate::evidence::{Document, Value};
use crate::finding::Sink;
use crate::path::BytePath;
use crate::text::quote;

/// Fields that name a file.
const PATHS: [&str; 9] = [
    "path",
    "file",
    "evidence_path",
    "evidence_file",
    "script",
    "document_path",
    "artifact",
    "evidence",
    "log",
];
/// Fields that name a file where there is one of that name.
const NAMES: [&str; 6] = ["name", "filename", "file name", "document", "doc", "file path"];
/// Fields beside a path that state its digest, its length, its lines; names in words.
const DIGESTS: [&str; 11] = [
    "sha256",
    "digest",
    "file sha256",
    "sha 256",
    "sha256 digest",
    "sha256 hex",
    "sha256sum",
    "checksum",
    "hash",
    "file hash",
    "content sha256",
];
const SIZES: [&str; 11] = [
    "size",
    "bytes",
    "byte length",
    "size bytes",
    "bytes size",
    "byte size",
    "file size",
    "byte count",
    "bytes count",
    "size in bytes",
    "length bytes",
];
const LINES: [&str; 4] = ["lines", "line count", "lines count", "num lines"];

/// Judges every claim of a document; how many there are.
pub(super) fn judge(document: &Document, here: &Here<'_>, out: &mut Sink) -> usize {
    let mut claims = 0;
    walk(document.root(), false, here, &mut claims, out);
    claims
}

/// Words of a name that speaks of another time or another place.
const BEFORE: &str = "\
    before prior previous predecessor old original upstream expected parent source was superseded";

fn walk(value: Value<'_>, before: bool, here: &Here<'_>, claims: &mut usize, out: &mut Sink) {
    if let Some(object) = value.as_object() {
        let members: Vec<(String, Value<'_>)> =
            object.members().map(|(name, member)| (name.into_owned(), member)).collect();
        about_a_file(&members, here, claims, out);
        if !before {
            by_name(&members, here, claims, out);
        }
        counts(&members, claims, out);
        for (name, member) in members {
            walk(member, before || any(&words(&name), BEFORE), here, claims, out);
        }
    } else if let Some(list) = value.as_list() {
        for item in list {
            walk(item, before, here, claims, out);
        }
    }
}

fn named<'m, 'd>(members: &'m [(String, Value<'d>)], names: &[&str]) -> Vec<&'m Value<'d>> {
    members
        .iter()
        .filter(|(name, _)| names.contains(&words(name).join(" ").as_str()))
        .map(|(_, v)| v)
        .collect()
}

/// The members of an object that are about the file that `stem` stands for: `report_sha256`
/// beside `report_path`.
fn of_stem<'d>(members: &[(String, Value<'d>)], stem: &str) -> Vec<(String, Value<'d>)> {
    let own = members.iter().filter_map(|(name, value)| {
        let rest = name.strip_prefix(stem)?.strip_prefix('_')?;
        Some((rest.to_owned(), *value))
    });
    own.collect()
}

/// Names of files with what is stated of each: `"README.md": "<digest>"`. Below a name that
/// speaks of another time it is another file's.
fn by_name(members: &[(String, Value<'_>)], here: &Here<'_>, claims: &mut usize, out: &mut Sink) {
    for (name, value) in members {
        let Some(said) = value.as_text().and_then(|text| super::digest(&text)) else { continue };
        if !is_file_name(name) {
            continue;
        }
        if let Target::File(path, fact) = here.target(name) {
            *claims += 1;
            is_digest(*value, said, &path, fact, out);
        }
    }
}

fn is_digest(value: Value<'_>, said: Sha256, path: &BytePath, fact: Fact, out: &mut Sink) {
    if said != fact.sha256 {
        let name = quote(path.as_bytes());
        let message = format!("the digest of {name} is stated as {said}, and it is {}", fact.sha256);
        out.push(value.finding(Code::ClaimDiffers, message, "another digest"));
    }
}

/// Compares what is stated of a file with the file.
fn compare(members: &[(String, Value<'_>)], path: &BytePath, fact: Fact, claims: &mut usize, out: &mut Sink) {
    let name = quote(path.as_bytes());
    for digest in named(members, &DIGESTS) {
        *claims += 1;
        if let Some(said) = digest.as_text().and_then(|text| super::digest(&text)) {
            is_digest(*digest, said, path, fact, out);
        }
    }
    for (names, due, what) in [(&SIZES[..], fact.size, "bytes"), (&LINES[..], fact.lines, "lines")] {
        for number in named(members, names) {
            *claims += 1;
            number_is(*number, due, &format!("{name} has {due} {what}"), out);
        }
    }
}

/// A path, and what stands beside it.
fn about_a_file(members: &[(String, Value<'_>)], here: &Here<'_>, claims: &mut usize, out: &mut Sink) {
    let stated = named(members, &PATHS).into_iter().filter_map(|value| Some((*value, value.as_text()?)));
    let paths: Vec<_> = stated.filter(|(_, text)| is_file_name(super::without_revision(text))).collect();
    let alone = paths.len() == 1;
    if paths.is_empty() {
        about_a_name(members, here, claims, out);
    }
    for (value, text) in paths {
        *claims += 1;
        match here.target(&text) {
            Target::Outside => {
                let message =
                    format!("{} is outside of the packet and was not looked at", quote(text.as_bytes()));
                out.push(value.finding(Code::ClaimUnverifiable, message, "outside"));
            }
            Target::Nothing { path, .. } => {
                let message = format!("{} is stated, and there is no such file", quote(path.as_bytes()));
                let finding = value.finding(Code::ClaimDangling, message, "no such file");
                // What is kept by revision is kept elsewhere, perhaps under another name.
                let elsewhere = names_a_revision(&text);
                out.push(if elsewhere { suspected(finding) } else { finding });
            }
            Target::File(path, fact) if alone => compare(members, &path, fact, claims, out),
            Target::There | Target::File(..) => {}
        }
    }
}

/// What stands beside the name of a file, which is a name of anything where there is none.
fn about_a_name(members: &[(String, Value<'_>)], here: &Here<'_>, claims: &mut usize, out: &mut Sink) {
    let target = |text: &str| match here.target(text) {
        Target::File(path, fact) if is_file_name(super::without_revision(text)) => Some((path, fact)),
        _ => None,
    };
    let names = named(members, &NAMES);
    let files: Vec<_> = names.iter().filter_map(|name| target(&name.as_text()?)).collect();
    if let [(path, fact)] = files.as_slice() {
        compare(members, path, *fact, claims, out);
    }
    for (name, value) in members {
        let stem =
            ["_path", "_file"].iter().find_map(|end| name.strip_suffix(end)).filter(|stem| !stem.is_empty());
        if let Some((path, fact)) = stem.and_then(|_| target(&value.as_text()?)) {
            compare(&of_stem(members, stem.unwrap_or_default()), &path, fact, claims, out);
        }
    }
}

/// A stated number that is not the one counted. What is no integer is no claim.
fn number_is(value: Value<'_>, due: u64, counted: &str, out: &mut Sink) {
    // Digits in quotation marks are a number too.
    let (said, is_due) = match (value.integer(&mut Sink::default()), value.as_text()) {
        (Some(said), _) => (said.to_string(), said == due),
        (None, Some(text)) if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) => {
            let is_due = text.parse() == Ok(due);
            (quote(text.as_bytes()), is_due)
        }
        _ => return,
    };
    if !is_due {
        let message = format!("{} is {said}, and {counted}", value.shown());
        out.push(value.finding(Code::ClaimDiffers, message, "another number"));
    }
}

/// What a name counts, in words with `_` between them: `row` of `row_count`, `rowCount`,
/// `number_of_row`.
fn counted(name: &str) -> Option<String> {
    let words = words(name);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let stem: &[&str] = match words.as_slice() {
        [stem @ .., "count" | "total"] => stem,
        ["number" | "count" | "total", "of", stem @ ..] | ["total" | "num" | "n" | "count", stem @ ..] => {
            stem
        }
        _ => return None,
    };
    (!stem.is_empty()).then(|| stem.join("_"))
}

/// `X_count` beside the list `X`, in the singular or the plural.
fn counts(members: &[(String, Value<'_>)], claims: &mut usize, out: &mut Sink) {
    let mut by_name: Option<BTreeMap<String, &Value<'_>>> = None;
    for (name, value) in members {
        let Some(stem) = counted(name) else { continue };
        let stem = stem.as_str();
        let plural = match stem.strip_suffix('y') {
            Some(head) => format!("{head}ies"),
            None => format!("{stem}s"),
        };
        // Made only where something is counted at all.
        let lists =
            by_name.get_or_insert_with(|| members.iter().map(|(n, v)| (words(n).join("_"), v)).collect());
        let named = [stem, plural.as_str()].into_iter().find_map(|n| Some((n.to_owned(), *lists.get(n)?)));
        let Some((list_name, list)) = named else { continue };
        let Some(items) = list.as_list() else { continue };
        *claims += 1;
        let counted = format!("the list {} has {}", quote(list_name.as_bytes()), items.len());
        number_is(*value, items.len() as u64, &counted, out);
    }
}
