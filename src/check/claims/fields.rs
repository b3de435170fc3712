//! Claims in typed fields of JSON documents.

use super::counts::{counts, number_is};
use super::{Fact, Here, Judged, Stated, Target, is_file_name, names_a_revision};
use crate::check::reference::suspected;
use crate::check::words::{any, words};
use crate::code::Code;
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

/// Judges every claim of a document that no other check judges; how many there are.
pub(super) fn judge(document: &Document, judged: Judged, here: &Here<'_>, out: &mut Sink) -> usize {
    let mut claims = 0;
    let all = judged == Judged::Nothing;
    walk(document.root(), Under { before: false, all }, here, &mut claims, out);
    claims
}

/// What an object or a list stands in.
#[derive(Clone, Copy)]
struct Under {
    /// Something that speaks of another time or another place.
    before: bool,
    /// A document whose every claim is judged here.
    all: bool,
}

/// Words of a name that speaks of another time or another place.
const BEFORE: &str = "\
    before prior previous predecessor old original upstream expected parent source was superseded";

/// Words of a field that only rows have which tell of calls and of changed copies.
const ELSEWHERE: &str = "tool mutation class category";

fn walk(value: Value<'_>, under: Under, here: &Here<'_>, claims: &mut usize, out: &mut Sink) {
    if let Some(object) = value.as_object() {
        let members: Vec<(String, Value<'_>)> =
            object.members().map(|(name, member)| (name.into_owned(), member)).collect();
        if !under.all && members.iter().any(|(name, _)| any(&words(name), ELSEWHERE)) {
            return;
        }
        about_a_file(&members, under.all, here, claims, out);
        if !under.before {
            by_name(&members, here, claims, out);
        }
        if under.all {
            counts(&members, here, claims, out);
        }
        for (name, member) in members {
            let before = under.before || any(&words(&name), BEFORE);
            walk(member, Under { before, ..under }, here, claims, out);
        }
    } else if let Some(list) = value.as_list() {
        if let [name, digest] = list.as_slice()
            && !under.before
            && let Some(name) = name.as_text()
        {
            by_name(&[(name.into_owned(), *digest)], here, claims, out);
        }
        for item in list {
            walk(item, under, here, claims, out);
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

/// Names of files with what is stated of each: `"README.md": "<digest>"`, or an object with
/// the digest, or `"README.md_sha256"`. Below a name that speaks of another time it is another
/// file's.
fn by_name(members: &[(String, Value<'_>)], here: &Here<'_>, claims: &mut usize, out: &mut Sink) {
    let file = |name: &str| match here.target(name) {
        Target::File(path, fact) if is_file_name(name) => Some((path, fact)),
        _ => None,
    };
    for (name, value) in members {
        if let Some(text) = value.as_text() {
            let Some(stated) = super::digest(&text) else { continue };
            // `README.md_sha256`: the file, and which of its digests.
            let cut = name.rfind('.').and_then(|dot| Some(dot + name.get(dot..)?.find('_')?));
            let parts = cut.and_then(|cut| name.split_at_checked(cut));
            let named = parts.filter(|(_, field)| DIGESTS.contains(&words(field).join(" ").as_str()));
            if let Some((path, fact)) = file(name).or_else(|| file(named?.0)) {
                *claims += 1;
                is_digest(*value, stated, &path, fact, out);
            }
        } else if let Some(object) = value.as_object() {
            let about: Vec<(String, Value<'_>)> =
                object.members().map(|(name, member)| (name.into_owned(), member)).collect();
            let has_path = !named(&about, &PATHS).is_empty() || !named(&about, &NAMES).is_empty();
            if !has_path
                && !named(&about, &DIGESTS).is_empty()
                && let Some((path, fact)) = file(name)
            {
                compare(&about, &path, fact, claims, out);
            }
        }
    }
}

fn is_digest(value: Value<'_>, said: Stated<'_>, path: &BytePath, fact: Fact, out: &mut Sink) {
    if let Some((code, message, label)) = said.wrong(path, fact.sha256) {
        out.push(value.finding(code, message, label));
    }
}

/// Compares what is stated of a file with the file.
fn compare(members: &[(String, Value<'_>)], path: &BytePath, fact: Fact, claims: &mut usize, out: &mut Sink) {
    let name = quote(path.as_bytes());
    for digest in named(members, &DIGESTS) {
        *claims += 1;
        if let Some(text) = digest.as_text()
            && let Some(said) = super::digest(&text)
        {
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
fn about_a_file(
    members: &[(String, Value<'_>)],
    all: bool,
    here: &Here<'_>,
    claims: &mut usize,
    out: &mut Sink,
) {
    let stated = named(members, &PATHS).into_iter().filter_map(|value| Some((*value, value.as_text()?)));
    let paths: Vec<_> = stated.filter(|(_, text)| is_file_name(super::without_revision(text))).collect();
    let alone = paths.len() == 1;
    if paths.is_empty() {
        about_a_name(members, here, claims, out);
    }
    for (value, text) in paths {
        *claims += 1;
        match here.target(&text) {
            Target::Outside | Target::Nothing { .. } if !all => {}
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
