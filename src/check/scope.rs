//! `scope`: what was changed is what may be changed, no more and no less. A
//! surface that nobody names, or that is named twice, is forbidden.

mod made;

use std::collections::{BTreeMap, BTreeSet};

use super::{Applied, Check, CheckError, Level, Meta, Packet, Sink};
use crate::code::Code;
use crate::evidence::{Object, Value};
use crate::profile::{Key, Profile, Role};
use crate::text::quote;
use made::Made;

pub(super) struct ScopeCheck;

static META: Meta = Meta {
    id: "scope",
    level: Level::L3,
    summary: "the mutations made are the mutations allowed",
    documents: &["scope_lock", "rollback_proof", "machine_report"],
    codes: &[
        Code::MutationOutOfScope,
        Code::MutationNotMade,
        Code::MutationsDiffer,
        Code::ScopeNotProven,
        Code::ScopeAmbiguous,
    ],
};

impl Check for ScopeCheck {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn run(&self, packet: &Packet, out: &mut Sink) -> Result<Applied, CheckError> {
        let Some(document) = packet.document(Role::ScopeLock, out)? else {
            return Ok(Applied::No("no lock of the scope".into()));
        };
        let Some(root) = document.root().object(out) else {
            return Ok(Applied::Yes("the lock is no object".into()));
        };
        let message = "the lock does not prove that production is out of scope";
        root.field("no_production_scope_proven").must_be(true, Code::ScopeNotProven, message, out);
        root.field("isolation_basis").word(out);
        let rows = root.field("table_B").objects(out).unwrap_or_default();
        let allowed = allowed(packet.profile(), root, &rows, out);
        let made = made::all(packet, out)?;
        compare(root, &allowed, &made, out);
        made::agree(&made, out);
        let names: BTreeSet<&str> = made.iter().map(|made| made.target.as_str()).collect();
        Ok(Applied::Yes(format!("{} of {} allowed mutations made", names.len(), allowed.len())))
    }
}

/// The targets that may be changed, with the row of each.
fn allowed<'d>(
    profile: &Profile,
    root: Object<'d>,
    rows: &[Object<'d>],
    out: &mut Sink,
) -> BTreeMap<String, Object<'d>> {
    let mut seen: BTreeMap<String, Object<'d>> = BTreeMap::new();
    let mut allowed = BTreeMap::new();
    let mut ambiguous = BTreeSet::new();
    for row in rows {
        let target = row.field("target").word(out);
        for field in ["mutation_type", "production_risk", "rollback_method"] {
            row.field(field).word(out);
        }
        let environment = row.field("environment").word(out);
        let may = row.field("allowed").flag(out);
        let Some(target) = target.map(|target| target.trim().to_owned()) else { continue };
        if seen.insert(target.clone(), *row).is_some() {
            let message = format!("the target {} is listed twice", quote(target.as_bytes()));
            out.push(row.finding(Code::ScopeAmbiguous, message, "again"));
            ambiguous.insert(target.clone());
        }
        if may == Some(true) && lawful(profile, *row, &target, environment.as_deref(), out) {
            allowed.insert(target, *row);
        }
    }
    if rows.is_empty() && root.has("table_B") {
        out.push(root.finding(Code::ScopeAmbiguous, "the lock names no target", "no target"));
    }
    allowed.retain(|target, _| !ambiguous.contains(target));
    allowed
}

/// Whether a row may allow what it allows.
fn lawful(
    profile: &Profile,
    row: Object<'_>,
    target: &str,
    environment: Option<&str>,
    out: &mut Sink,
) -> bool {
    let name = quote(target.as_bytes());
    let mut tell = |at: Value<'_>, message: String, label: &str| {
        out.push(at.finding(Code::MutationOutOfScope, message, label));
        false
    };
    let at = |field: &str| row.get(field).unwrap_or_else(|| row.value());
    let known = profile.words(Key::MutationsAllowed);
    if profile.has(Key::MutationsAllowed) && !known.iter().any(|known| known == target) {
        let message =
            format!("{name} is allowed, and the profile allows {}", quote(known.join(", ").as_bytes()));
        return tell(at("target"), message, "not in the profile");
    }
    if let Some(environment) = environment.filter(|environment| forbids(profile, environment)) {
        let message = format!("{name} is allowed in {}", quote(environment.as_bytes()));
        return tell(at("environment"), message, "a forbidden environment");
    }
    let surfaces = [Key::SurfacesForbidden, Key::SurfacesExcluded].map(|key| profile.words(key)).concat();
    if let Some(value) = row.get("mutation_surface").or_else(|| row.get("surface")) {
        let text =
            value.as_text().map_or_else(|| String::from_utf8_lossy(value.raw()).into_owned(), Into::into);
        if surfaces.iter().any(|surface| *surface == text.trim()) {
            let message =
                format!("{name} is allowed on the surface {}, which is forbidden", quote(text.as_bytes()));
            return tell(value, message, "a forbidden surface");
        }
    }
    true
}

/// Whether an environment is a forbidden one, by its words; `no-production` is not.
fn forbids(profile: &Profile, environment: &str) -> bool {
    let lower = environment.to_lowercase();
    let words: Vec<&str> =
        lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let denied = |at: usize| {
        at.checked_sub(1).and_then(|at| words.get(at)).is_some_and(|word| ["no", "non", "not"].contains(word))
    };
    let forbidden = profile.words(Key::ForbiddenEnvironments);
    words
        .iter()
        .enumerate()
        .any(|(at, word)| forbidden.iter().any(|name| name.to_lowercase() == *word) && !denied(at))
}

fn compare(root: Object<'_>, allowed: &BTreeMap<String, Object<'_>>, made: &[Made<'_>], out: &mut Sink) {
    for one in made.iter().filter(|one| !allowed.contains_key(&one.target)) {
        let message =
            format!("{} was changed, and the scope does not allow it", quote(one.target.as_bytes()));
        out.push(one.at.finding(Code::MutationOutOfScope, message, "out of scope"));
    }
    let names: BTreeSet<&str> = made.iter().map(|one| one.target.as_str()).collect();
    for (target, row) in allowed {
        if !names.contains(target.as_str()) {
            let message =
                format!("{} may be changed, and no change of it is recorded", quote(target.as_bytes()));
            let at = row.get("target").unwrap_or_else(|| root.value());
            out.push(at.finding(Code::MutationNotMade, message, "not made"));
        }
    }
}

#[cfg(test)]
mod tests;
