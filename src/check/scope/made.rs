//! The mutations that were made, as each document records them.

use std::collections::BTreeSet;

use crate::check::environment::is_forbidden_target;
use crate::check::words::{is, words};
use crate::check::{CheckError, Packet};
use crate::code::Code;
use crate::evidence::{Object, Value};
use crate::finding::Sink;
use crate::path::BytePath;
use crate::profile::{Key, Profile, Role};
use crate::text::alike::letters;
use crate::text::quote;

/// One mutation.
pub(super) struct Made<'d> {
    pub(super) target: String,
    pub(super) at: Value<'d>,
    /// The row about it, where it is more than a name.
    pub(super) row: Option<Object<'d>>,
}

/// Every mutation that the proof of rollbacks and the machine report record.
pub(super) fn all<'a>(packet: &Packet<'a>, out: &mut Sink) -> Result<Vec<Made<'a>>, CheckError> {
    let mut made = Vec::new();
    if let Some(proof) = packet.document(Role::RollbackProof, out)?
        && let Some(root) = proof.root().as_object()
        && let Some(rows) = root.get("entries").and_then(Value::as_list)
    {
        for row in rows.into_iter().filter_map(Value::as_object) {
            // An entry without a target is told by its surface: unnamed is out of scope.
            let named = row.get("target").or_else(|| row.get("surface")).or_else(|| row.get("id"));
            let Some(value) = named else { continue };
            if let Some(target) = value.word(out) {
                made.push(Made { target: target.trim().to_owned(), at: value, row: Some(row) });
            }
        }
    }
    if let Some(report) = packet.document(Role::MachineReport, out)?
        && let Some(root) = report.root().as_object()
        && let Some(list) = root.get("mutations").and_then(|value| value.list(out))
    {
        for item in list {
            let row = item.as_object();
            let value = match row {
                Some(object) => object.field("target").value(out),
                None => Some(item),
            };
            if let Some(value) = value
                && let Some(target) = value.word(out)
            {
                made.push(Made { target: target.trim().to_owned(), at: value, row });
            }
        }
    }
    Ok(made)
}

/// No mutation was made in a forbidden environment, or on a forbidden surface.
pub(super) fn on_forbidden(profile: &Profile, made: &[Made<'_>], out: &mut Sink) {
    let forbidden = Forbidden::of(profile);
    for one in made {
        for field in ["surface", "mutation_surface", "environment"] {
            let value = one.row.and_then(|row| row.get(field)).filter(|value| !value.is_null());
            let Some(value) = value else { continue };
            let text = match value.as_text() {
                Some(text) => text.into_owned(),
                None => match value.integer(out) {
                    Some(number) => number.to_string(),
                    None => continue,
                },
            };
            if is_forbidden_target(profile, &text) || (field != "environment" && forbidden.has(&text)) {
                let name = quote(one.target.as_bytes());
                let message = format!("{name} was changed on {}", quote(text.as_bytes()));
                out.push(value.finding(Code::MutationOutOfScope, message, "a forbidden surface"));
            }
        }
    }
}

/// The surfaces that the profile forbids, by number and by name. Where a mutation is
/// recorded a surface is described as well: what is none of them is no forbidden one.
struct Forbidden {
    numbers: Vec<String>,
    names: BTreeSet<String>,
}

impl Forbidden {
    fn of(profile: &Profile) -> Self {
        let numbers = [Key::SurfacesForbidden, Key::SurfacesExcluded].map(|key| profile.words(key));
        let groups = profile.groups(Key::Surfaces).into_iter();
        let names = groups.flat_map(|(name, spellings)| spellings.into_iter().chain([name]));
        Self { numbers: numbers.concat(), names: names.map(|name| letters(&name)).collect() }
    }

    /// `5`, `surface 5` and `mutation surface 05` are one.
    fn has(&self, text: &str) -> bool {
        let mut words = words(text);
        words.retain(|word| !is(word, "mutation surface number no nr"));
        let number = match words.as_slice() {
            [one] => one.trim_start_matches('0'),
            _ => "",
        };
        let is_numbered = |known: &String| known == number || letters(known) == letters(text);
        self.names.contains(&letters(text)) || self.numbers.iter().any(is_numbered)
    }
}

/// What may only be added was not there before, and is not there after the way back.
pub(super) fn add_only(profile: &Profile, made: &[Made<'_>], out: &mut Sink) {
    let additive = profile.words(Key::AdditiveMutations);
    for one in made.iter().filter(|one| additive.contains(&one.target)) {
        for (field, when) in [("before_hash", "before"), ("after_rollback_hash", "after the rollback")] {
            // What is no state at all is told by `rollback`.
            let value = one.row.and_then(|row| row.get(field)).filter(|value| value.as_digest().is_some());
            let Some(value) = value else { continue };
            let name = quote(one.target.as_bytes());
            let message = format!("{name} may only be added, and something was there {when}");
            let help = "an addition is `ABSENT`, the digest of what was added, and `ABSENT` again";
            out.push(value.finding(Code::MutationOutOfScope, message, "not absent").help(help));
        }
    }
}

/// Every document that records mutations records the same ones, none of them twice.
pub(super) fn agree(made: &[Made<'_>], out: &mut Sink) {
    let of = |one: &Made<'_>| one.at.document().path().clone();
    let documents: BTreeSet<BytePath> = made.iter().map(of).collect();
    for document in &documents {
        let mut seen = BTreeSet::new();
        for one in made.iter().filter(|one| one.at.document().path() == document) {
            if !seen.insert(one.target.as_str()) {
                let message = format!("the mutation {} is recorded twice", quote(one.target.as_bytes()));
                out.push(one.at.finding(Code::MutationsDiffer, message, "again"));
            }
        }
        for one in made.iter().filter(|one| one.at.document().path() != document) {
            if !seen.contains(one.target.as_str()) {
                let message = format!(
                    "the mutation {} is recorded here and not in {}",
                    quote(one.target.as_bytes()),
                    quote(document.as_bytes())
                );
                out.push(one.at.finding(Code::MutationsDiffer, message, "in one document only"));
            }
        }
    }
}
