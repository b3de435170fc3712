//! Claims in typed fields of JSON documents.

use std::collections::BTreeMap;

use super::{Here, Target, is_file_name, names_a_revision};
use crate::code::{Code, Severity};
use crate::drift::Grade;
use crate::evidence::{Document, Value};
use crate::finding::Sink;
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
/// Fields beside a path that state its digest, its length, its lines.
const DIGESTS: [&str; 3] = ["sha256", "digest", "file_sha256"];
const SIZES: [&str; 4] = ["size", "bytes", "byte_length", "size_bytes"];
const LINES: [&str; 2] = ["lines", "line_count"];

/// Judges every claim of a document; how many there are.
pub(super) fn judge(document: &Document, here: &Here<'_>, out: &mut Sink) -> usize {
    let mut claims = 0;
    walk(document.root(), here, &mut claims, out);
    claims
}

fn walk(value: Value<'_>, here: &Here<'_>, claims: &mut usize, out: &mut Sink) {
    if let Some(object) = value.as_object() {
        let members: Vec<(String, Value<'_>)> =
            object.members().map(|(name, member)| (name.into_owned(), member)).collect();
        about_a_file(&members, here, claims, out);
        counts(&members, claims, out);
        for (_, member) in members {
            walk(member, here, claims, out);
        }
    } else if let Some(list) = value.as_list() {
        for item in list {
            walk(item, here, claims, out);
        }
    }
}

fn named<'m, 'd>(members: &'m [(String, Value<'d>)], names: &[&str]) -> Vec<&'m Value<'d>> {
    members.iter().filter(|(name, _)| names.contains(&name.as_str())).map(|(_, value)| value).collect()
}

/// A path, and what stands beside it.
fn about_a_file(members: &[(String, Value<'_>)], here: &Here<'_>, claims: &mut usize, out: &mut Sink) {
    let digests = named(members, &DIGESTS);
    let stated = named(members, &PATHS).into_iter().filter_map(|value| Some((*value, value.as_text()?)));
    let paths: Vec<_> = stated.filter(|(_, text)| is_file_name(super::without_revision(text))).collect();
    let alone = paths.len() == 1;
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
            Target::File(path, fact) if alone => {
                let name = quote(path.as_bytes());
                for digest in &digests {
                    *claims += 1;
                    if let Some(said) = digest.as_digest().filter(|said| *said != fact.sha256) {
                        let message =
                            format!("the digest of {name} is stated as {said}, and it is {}", fact.sha256);
                        out.push(digest.finding(Code::ClaimDiffers, message, "another digest"));
                    }
                }
                for (names, due, what) in
                    [(&SIZES[..], fact.size, "bytes"), (&LINES[..], fact.lines, "lines")]
                {
                    for number in named(members, names) {
                        *claims += 1;
                        number_is(*number, due, &format!("{name} has {due} {what}"), out);
                    }
                }
            }
            Target::There | Target::File(..) => {}
        }
    }
}

fn suspected(finding: crate::finding::Finding) -> crate::finding::Finding {
    let mut finding = finding.downgraded(Severity::Warning);
    finding.grade = Grade::Suspected;
    finding
}

/// A stated number that is not the one counted. What is no integer is no claim.
fn number_is(value: Value<'_>, due: u64, counted: &str, out: &mut Sink) {
    let Some(said) = value.integer(&mut Sink::default()) else { return };
    if said != due {
        let message = format!("{} is {said}, and {counted}", value.shown());
        out.push(value.finding(Code::ClaimDiffers, message, "another number"));
    }
}

/// `X_count` beside the list `X`, in the singular or the plural.
fn counts(members: &[(String, Value<'_>)], claims: &mut usize, out: &mut Sink) {
    let mut by_name: Option<BTreeMap<&str, &Value<'_>>> = None;
    for (name, value) in members {
        let stem = ["_count", "_total"].iter().find_map(|end| name.strip_suffix(end));
        let stem =
            stem.or_else(|| ["total_", "count_of_", "num_"].iter().find_map(|head| name.strip_prefix(head)));
        let Some(stem) = stem.filter(|stem| !stem.is_empty()) else { continue };
        let plural = match stem.strip_suffix('y') {
            Some(head) => format!("{head}ies"),
            None => format!("{stem}s"),
        };
        // Made only where something is counted at all.
        let lists = by_name.get_or_insert_with(|| members.iter().map(|(n, v)| (n.as_str(), v)).collect());
        let named = [stem, plural.as_str()].into_iter().find_map(|n| Some((n.to_owned(), *lists.get(n)?)));
        let Some((list_name, list)) = named else { continue };
        let Some(items) = list.as_list() else { continue };
        *claims += 1;
        let counted = format!("the list {} has {}", quote(list_name.as_bytes()), items.len());
        number_is(*value, items.len() as u64, &counted, out);
    }
}
