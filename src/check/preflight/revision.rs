//! Revisions: what is cited at a revision has that revision, and no document
//! has other bytes under the revision that it had before.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use crate::check::predecessor::Verified;
use crate::check::{CheckError, Packet};
use crate::code::Code;
use crate::digest::Sha256;
use crate::evidence::{Document, Held, Limits, Object, Shelf, Value};
use crate::finding::{Finding, Sink};
use crate::path::{Backslash, BytePath};
use crate::profile::{Role, Spellings};
use crate::text::quote;

/// A revision without the letters before its number.
pub(in crate::check) fn number(text: &str) -> &str {
    let text = text.trim();
    let digits = text.trim_start_matches(|c: char| c.is_ascii_alphabetic());
    let letters = text.get(..text.len() - digits.len()).unwrap_or_default();
    let known = ["", "rev", "r", "v", "revision"].iter().any(|word| letters.eq_ignore_ascii_case(word));
    let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    if known && plain { digits } else { text }
}

/// A revision as a value writes it: `1`, `"1"`, `"rev1"`.
pub(in crate::check) fn of_value(value: Value<'_>) -> Option<String> {
    match value.as_text() {
        Some(text) if text.trim().is_empty() => None,
        Some(text) => Some(number(&text).to_owned()),
        None => value.integer(&mut Sink::default()).map(|integer| integer.to_string()),
    }
}

/// The revision that a file's content states, where it is JSON and states one.
fn stated(path: &BytePath, held: Held) -> Option<String> {
    identified(path, held).map(|(_, revision)| revision)
}

/// The identifier that a document gives itself, if any, and its revision.
fn identified(path: &BytePath, held: Held) -> Option<(Option<String>, String)> {
    let read = Document::read(path.clone(), held, Spellings::default(), Limits::default()).ok()?;
    let root = read.root().as_object()?;
    let id = root.get("document_id").and_then(Value::as_text).map(std::borrow::Cow::into_owned);
    Some((id, of_value(root.get("revision")?)?))
}

/// The revisions that documents state, each read once.
struct Revisions<'a> {
    shelves: [Option<&'a Shelf<'a>>; 2],
    known: BTreeMap<BytePath, Option<String>>,
}

impl<'a> Revisions<'a> {
    fn new(packet: &Packet<'a>, before: Option<Verified<'a>>) -> Self {
        Self { shelves: [Some(packet.shelf), before.map(|before| before.shelf)], known: BTreeMap::new() }
    }

    /// The revision of a sealed document, of the packet or else of its predecessor.
    fn of(&mut self, path: BytePath) -> Option<&str> {
        let shelves = self.shelves;
        let read = |path: &BytePath| {
            let mut held = shelves.into_iter().flatten().filter_map(|shelf| shelf.bytes_of(path).ok());
            stated(path, held.find(|held| held.sealed)?)
        };
        read_once(&mut self.known, path, read)
    }
}

fn read_once(
    known: &mut BTreeMap<BytePath, Option<String>>,
    path: BytePath,
    read: impl FnOnce(&BytePath) -> Option<String>,
) -> Option<&str> {
    let stated = match known.entry(path) {
        Entry::Occupied(known) => known.into_mut(),
        Entry::Vacant(new) => {
            let stated = read(new.key());
            new.insert(stated)
        }
    };
    stated.as_deref()
}

/// Judges every place that names a document and the revision it was reviewed at.
pub(super) fn cited<'a>(
    packet: &Packet<'a>,
    before: Option<Verified<'a>>,
    out: &mut Sink,
) -> Result<(), CheckError> {
    let mut revisions = Revisions::new(packet, before);
    let checklist = packet.document(Role::Preconditions, out)?.and_then(|found| found.root().as_object());
    let pins = packet.document(Role::Preflight, out)?.and_then(|found| found.root().as_object());
    for row in rows(checklist, "items") {
        let Some(value) = row.get("evidence_path") else { continue };
        let Some(text) = value.as_text() else { continue };
        if let Some((name, revision)) = text.rsplit_once('@') {
            is_at(&mut revisions, value, name, number(revision), out);
        }
    }
    for row in rows(pins, "pins") {
        let expected = row.get("expected_revision").or_else(|| row.get("revision"));
        let Some(value) = expected else { continue };
        let Some(revision) = of_value(value) else {
            value.word(out);
            continue;
        };
        if let Some(actual) = row.get("actual_revision")
            && of_value(actual).as_ref() != Some(&revision)
        {
            let message =
                format!("revision {} is pinned, and another one was found", quote(revision.as_bytes()));
            out.push(actual.finding(Code::RevisionDrifted, message, "another revision"));
        }
        if let Some(path) = row.get("path").and_then(Value::as_text) {
            is_at(&mut revisions, value, &path, &revision, out);
        }
    }
    Ok(())
}

fn rows<'d>(root: Option<Object<'d>>, list: &str) -> Vec<Object<'d>> {
    let list = root.and_then(|root| root.get(list)?.as_list()).unwrap_or_default();
    list.into_iter().filter_map(Value::as_object).collect()
}

/// Compares the revision that a place cites with the one that the document states.
fn is_at(revisions: &mut Revisions<'_>, value: Value<'_>, name: &str, revision: &str, out: &mut Sink) {
    let Ok(path) = BytePath::parse(name.trim().as_bytes(), Backslash::Refuse) else { return };
    let shown = quote(path.as_bytes());
    if let Some(stated) = revisions.of(path)
        && stated != revision
    {
        let message = format!(
            "{shown} is cited at revision {}, and states {}",
            quote(revision.as_bytes()),
            quote(stated.as_bytes())
        );
        out.push(value.finding(Code::RevisionDrifted, message, "another revision"));
    }
}

/// Documents that both packets have, by their own identifier: other bytes have a later
/// revision. Whether there is such a document.
pub(super) fn between(packet: &Packet, before: Verified<'_>, out: &mut Sink) -> bool {
    let mut compared = false;
    let then: BTreeSet<&BytePath> = before.manifest.entries.iter().map(|entry| &entry.path).collect();
    let entries = packet.manifest.iter().flat_map(|manifest| &manifest.entries);
    let in_both = entries.filter(|entry| then.contains(&entry.path));
    for entry in in_both.filter(|entry| entry.path.as_bytes().ends_with(b".json")) {
        let name = quote(entry.path.as_bytes());
        // What cannot be read is told where it is compared with its seal.
        let (Ok(now), Ok(then)) = (packet.shelf.bytes_of(&entry.path), before.shelf.bytes_of(&entry.path))
        else {
            continue;
        };
        if Sha256::of(&now.bytes) == Sha256::of(&then.bytes) {
            continue;
        }
        let read = |held| identified(&entry.path, held);
        let (Some((id, now)), Some((id_then, then))) = (read(now), read(then)) else { continue };
        // Each packet has documents of its own under the same names.
        if id.is_none() || id != id_then {
            continue;
        }
        compared = true;
        let wrong = match (now.parse::<u64>(), then.parse::<u64>()) {
            (Ok(now), Ok(then)) if now < then => Some(format!("went back from revision {then} to {now}")),
            _ if now == then => Some(format!(
                "has other bytes than in the predecessor under revision {}",
                quote(now.as_bytes())
            )),
            _ => None,
        };
        if let Some(wrong) = wrong {
            out.push(Finding::new(Code::RevisionDrifted, format!("{name} {wrong}")).path(entry.path.clone()));
        }
    }
    compared
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn a_revision_is_its_number_however_it_is_written() {
        for text in ["1", "rev1", "REV1", "r1", "v1", " 1 ", "revision1"] {
            assert_eq!(number(text), "1", "{text}");
        }
        for other in ["beta1", "rev", "1a", "rev1.2"] {
            assert_eq!(number(other), other);
        }
    }
}
