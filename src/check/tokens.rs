//! `tokens`: no word that only an owner may say is said by the packet, however
//! it is spelled and wherever it stands.

pub(crate) mod matcher;
mod places;
mod skeleton;
mod written;

use super::{Applied, Check, CheckError, Level, Meta, Packet, Sink, files};
use crate::code::Code;
use crate::evidence::{Document, Limits, Withheld};
use crate::finding::Finding;
use crate::path::BytePath;
use crate::profile::{Key, Role, Spellings};
use crate::text::quote;
use matcher::{Hit, Matcher};
use places::{Place, Terms};

pub(super) struct TokensCheck;

static META: Meta = Meta {
    id: "tokens",
    level: Level::L3,
    summary: "no reserved word stands where it would grant something",
    documents: &[],
    codes: &[Code::ReservedToken],
};

impl Check for TokensCheck {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn run(&self, packet: &Packet, out: &mut Sink) -> Result<Applied, CheckError> {
        let Some(matcher) = Matcher::of(packet.profile()) else {
            return Ok(Applied::No("the profile reserves no words".into()));
        };
        let matcher = matcher.exempting(classes(packet));
        let terms = Terms::of(packet.profile());
        let (mut read, mut unread) = (0usize, 0);
        for file in files::all(packet) {
            let held = match packet.shelf.bytes_of(file.path) {
                Ok(held) => held,
                Err(Withheld::Absent | Withheld::Unjudged(_)) => {
                    unread += 1;
                    continue;
                }
            };
            read += 1;
            let output = !file.sealed || terms.is_output(file.path);
            if !output && memchr::memchr(0, &held.bytes).is_some() {
                binary(&matcher, file.path, &held.bytes, out);
                continue;
            }
            if !output && may_be_json(file.path, &held.bytes) {
                let spellings = Spellings::default();
                match Document::read(file.path.clone(), held, spellings, Limits::default()) {
                    Ok(document) => places::values(&document, &matcher, &terms, out),
                    Err(broken) => text(&matcher, &terms, file.path, &broken.1.bytes, output, out),
                }
            } else {
                text(&matcher, &terms, file.path, &held.bytes, output, out);
            }
        }
        Ok(files::searched(packet, format!("{read} files"), unread))
    }
}

/// Whether a file is a document by its name, or begins as one does. What is none
/// after all is looked through as a text.
fn may_be_json(path: &BytePath, bytes: &[u8]) -> bool {
    let name = path.file_name().to_ascii_lowercase();
    let first = bytes.iter().find(|byte| !byte.is_ascii_whitespace());
    name.ends_with(b".json") || matches!(first, Some(b'{' | b'['))
}

/// The classes that the packet's own probes are of.
fn classes(packet: &Packet) -> Vec<String> {
    let probes = packet.shelf.documents(Role::Probes, &mut Sink::default()).unwrap_or_default();
    let lists = probes.iter().filter_map(|document| document.root().as_object()?.get("probes")?.as_list());
    let rows = lists.flatten().filter_map(crate::evidence::Value::as_object);
    let known: std::collections::BTreeSet<String> = packet
        .profile()
        .rows(Key::ProbeClasses)
        .iter()
        .filter_map(|row| row.word("name").map(str::to_owned))
        .collect();
    // Where the profile names its classes, the packet cannot exempt others.
    rows.filter_map(|row| row.get("class")?.as_text())
        .map(std::borrow::Cow::into_owned)
        .filter(|class| known.is_empty() || class.bytes().any(|b| b.is_ascii_lowercase()))
        .collect()
}

/// Looks through what is no document.
fn text(matcher: &Matcher, terms: &Terms, path: &BytePath, bytes: &[u8], output: bool, out: &mut Sink) {
    let text = String::from_utf8_lossy(bytes);
    let lines = crate::evidence::place::Lines::of(text.as_bytes());
    for hit in matcher.hits(&text, false) {
        // Each hit has its line looked at, and one line may hold a million.
        if out.findings.len() >= MOST {
            return;
        }
        let place = if output { Place::Output } else { terms.of_line(&text, &hit) };
        let Some(mut finding) = finding(&hit, place, path) else { continue };
        let shown = String::from_utf8_lossy(path.as_bytes());
        finding.location = Some(lines.location(text.as_bytes(), &hit.span));
        finding.snippet = Some(lines.snippet(text.as_bytes(), &hit.span, &shown, place.label()));
        // The sink bounds what has a pointer; a log may hold the word in every line.
        finding.pointer = None;
        out.push(finding);
    }
}

/// Looks through a file with zero bytes, such as a text in UTF-16: places in it
/// have no lines, and a word in it has no sentence around it.
fn binary(matcher: &Matcher, path: &BytePath, bytes: &[u8], out: &mut Sink) {
    let letters: Vec<u8> = bytes.iter().copied().filter(|byte| *byte != 0).collect();
    for hit in matcher.hits(&String::from_utf8_lossy(&letters), false) {
        if out.findings.len() >= MOST {
            return;
        }
        if let Some(finding) = finding(&hit, Place::Output, path) {
            out.push(finding);
        }
    }
}

/// Findings that are kept of one packet.
const MOST: usize = 500;

/// The finding for a hit; `None` where it is no leak.
fn finding(hit: &Hit, place: Place, path: &BytePath) -> Option<Finding> {
    if place == Place::Searched || (place == Place::Prose && !(hit.loud && hit.whole)) {
        return None;
    }
    let how = if hit.exact { "stands" } else { "stands in other letters" };
    let message = format!("the reserved word {} {how} {}", quote(hit.token.as_bytes()), place.phrase());
    let finding = Finding::new(Code::ReservedToken, message).path(path.clone());
    Some(if place == Place::Prose {
        let mut finding = finding.downgraded(crate::code::Severity::Warning);
        finding.grade = crate::drift::Grade::Suspected;
        finding
    } else {
        finding
    })
}

#[cfg(test)]
mod tests;
