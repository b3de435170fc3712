//! Classes of bad input: the profile's table, and how each is made.

use std::ops::Range;
use std::sync::Arc;

use super::edit::removal;
use super::trial::{Change, Due, Trial, content};
use crate::check::CHECKS;
use crate::evidence::{Document, Value};
use crate::gate::{Readings, Specimen};
use crate::path::BytePath;
use crate::profile::{Injection, Key, Profile, Role, Row, Verb};
use crate::report::selftest::Class;
use crate::source::snapshot::Item;
use crate::text::quote;

/// A row of the table, and how its bad input is made.
struct Made {
    class: Class,
    reject: Option<String>,
    injection: Option<String>,
}

/// The table of a profile.
pub(crate) fn classes(profile: &Profile) -> Vec<Class> {
    made(profile).into_iter().map(|made| made.class).collect()
}

fn made(profile: &Profile) -> Vec<Made> {
    let injections = profile.texts(Key::ProbeInjections);
    let of = |row: Row<'_>| {
        let word = |column: &str| row.word(column).unwrap_or_default().to_owned();
        let (suite, name, check) = (word("suite"), word("name"), word("check"));
        Made {
            injection: injections.get(&format!("{suite}.{name}")).cloned(),
            reject: row.words("reject_codes").into_iter().next(),
            class: Class {
                is_judged: CHECKS.iter().any(|known| known.meta().id == check),
                document: word("document"),
                pointer: word("pointer"),
                mutation: word("mutation"),
                code: word("code"),
                suite,
                name,
                check,
            },
        }
    };
    profile.rows(Key::ProbeClasses).into_iter().map(of).collect()
}

/// By suite, the classes that apply to the evidence, and those that do not.
pub(super) fn trials(specimen: &Specimen, readings: &Readings) -> Vec<(String, Vec<Trial>, Vec<String>)> {
    let mut suites: Vec<(String, Vec<Trial>, Vec<String>)> = Vec::new();
    for made in made(&readings.profile) {
        let class = &made.class;
        let known = suites.iter().position(|(name, ..)| *name == class.suite);
        let at = known.unwrap_or(suites.len());
        if known.is_none() {
            suites.push((class.suite.clone(), Vec::new(), Vec::new()));
        }
        let Some((_, trials, missing)) = suites.get_mut(at) else { continue };
        match made.trial(specimen, readings) {
            Some(trial) => trials.push(trial),
            None => missing.push(format!(
                "the class {} of {}: its document has no such value",
                quote(class.name.as_bytes()),
                quote(class.suite.as_bytes())
            )),
        }
    }
    suites
}

impl Made {
    fn trial(&self, specimen: &Specimen, readings: &Readings) -> Option<Trial> {
        let role = Role::from_id(&self.class.document)?;
        // A line that says nothing was refused when the profile was read.
        let Injection { sealed, verb } =
            Injection::parse(self.injection.as_deref().unwrap_or("remove")).ok()?;
        let (path, change) = match &verb {
            Verb::Delete | Verb::Retype => {
                let names = readings.profile.documents(role).iter().map(|name| specimen.root.join(name));
                let path = names.into_iter().find(|path| specimen.files.contains_key(path))?;
                let change =
                    if verb == Verb::Delete { Change::Take(path.clone()) } else { retyped(specimen, &path)? };
                (path, change)
            }
            _ => {
                let document = document(readings, role)?;
                let path = specimen.root.join(document.path());
                let value = find(document, &self.class.pointer)?;
                let edits = match &verb {
                    Verb::Set(json) => vec![(value.span(), json.as_bytes().to_vec())],
                    Verb::Copy(from) => vec![(value.span(), find(document, from)?.raw().to_vec())],
                    Verb::Merge(members) => merged(document, &self.class.pointer, members)?,
                    // Nothing is lost with what stands for nothing.
                    _ if stands_for_nothing(value, &readings.profile) => return None,
                    _ => vec![(removal(document.bytes(), value), Vec::new())],
                };
                if edits.iter().all(|(range, new)| document.bytes().get(range.clone()) == Some(&**new)) {
                    return None;
                }
                (path.clone(), Change::Edit(path, edits))
            }
        };
        let due = Due {
            check: self.class.check.clone(),
            code: self.class.code.clone(),
            reject: self.reject.clone(),
        };
        let trial = Trial::bad(&self.class.name, &self.class.mutation, &path, change).due(due);
        let pointer = (self.class.pointer != "/").then(|| self.class.pointer.clone());
        Some(Trial { sealed, pointer, explain: !sealed, ..trial })
    }
}

/// Replaces members of the object that the value is in.
fn merged(
    document: &Document,
    pointer: &str,
    members: &serde_json::Map<String, serde_json::Value>,
) -> Option<Vec<(Range<usize>, Vec<u8>)>> {
    let (object, _) = pointer.rsplit_once('/')?;
    let edit = |(name, new): (&String, &serde_json::Value)| {
        let old = find(document, &format!("{object}/{name}"))?;
        Some((old.span(), new.to_string().into_bytes()))
    };
    let mut edits: Vec<_> = members.iter().map(edit).collect::<Option<_>>()?;
    edits.sort_by_key(|(range, _)| range.start);
    Some(edits)
}

fn stands_for_nothing(value: Value<'_>, profile: &Profile) -> bool {
    let words = profile.words(Key::NotAvailable);
    value.as_text().is_some_and(|text| words.iter().any(|word| *word == text))
}

fn retyped(specimen: &Specimen, path: &BytePath) -> Option<Change> {
    let text = std::str::from_utf8(content(&specimen.files, path)?).ok()?;
    let plain = text.replace('\u{2014}', "-");
    (plain != text).then(|| Change::Put(path.clone(), Item::File(Arc::from(plain.into_bytes()))))
}

fn document(readings: &Readings, role: Role) -> Option<&Document> {
    readings.documents.iter().find(|(of, _)| *of == role).map(|(_, document)| document)
}

fn find<'d>(document: &'d Document, pointer: &str) -> Option<Value<'d>> {
    document.values().find(|value| value.pointer() == pointer)
}

/// The validator's negative control: for each entry of the rollback proof, the same
/// evidence in which its apply changed nothing, in every document that lists it.
pub(super) fn without_mutation(readings: &Readings) -> Vec<Trial> {
    let Some(proof) = document(readings, Role::RollbackProof) else { return Vec::new() };
    let mut all = Vec::new();
    for at in 0.. {
        let Some(entry) = find(proof, &format!("/entries/{at}")).and_then(Value::as_object) else { break };
        let (Some(before), Some(after)) = (entry.get("before_hash"), entry.get("after_apply_hash")) else {
            continue;
        };
        let id = entry.get("id").and_then(Value::as_text).unwrap_or_default();
        if before.is_same_text(after) {
            continue;
        }
        let path = proof.path();
        let change =
            |root: &BytePath| Change::Edit(root.join(path), vec![(after.span(), before.raw().to_vec())]);
        let due = Due {
            check: "rollback".to_owned(),
            code: "rollback_apply_did_not_mutate".to_owned(),
            reject: Some(format!("ROLLBACK_APPLY_DID_NOT_MUTATE:{id}")),
        };
        let path = readings.root.join(path);
        let trial = Trial::bad(
            "no_mutation_variant",
            "the state after the apply is the state before",
            &path,
            change(&readings.root),
        );
        all.push(Trial { sealed: true, pointer: Some(after.pointer()), ..trial.due(due) });
    }
    all
}
