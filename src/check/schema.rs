//! `schema`: the entities that production has are specified, and covered where
//! a clone is there.

use std::collections::BTreeMap;

use super::ended::{ended, failures, fell};
use super::isolation::has_usable_clone;
use super::words::{DENIALS, DUE, any, words};
use super::{Applied, Check, CheckError, Level, Meta, Packet, Sink};
use crate::code::Code;
use crate::evidence::Object;
use crate::profile::{Key, Profile, Role};
use crate::text::alike::squeezed;
use crate::text::quote;

pub(super) struct SchemaCheck;

static META: Meta = Meta {
    id: "schema",
    level: Level::L2,
    summary: "every required entity is specified, and the clone has it where there is one",
    documents: &["schema_compatibility", "clone_provenance"],
    codes: &[
        Code::SchemaEntityMissing,
        Code::SchemaEntityTwice,
        Code::SchemaMismatchIgnored,
        Code::SchemaVerdictDiffers,
        Code::SchemaReadLive,
    ],
};

const TABLE: &str = "table_B_schema_compatibility";

impl Check for SchemaCheck {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn run(&self, packet: &Packet, out: &mut Sink) -> Result<Applied, CheckError> {
        let Some(document) = packet.document(Role::SchemaCompatibility, out)? else {
            return Ok(Applied::No("no schema compatibility".into()));
        };
        let Some(root) = document.root().object(out) else {
            return Ok(Applied::Yes("the document is no object".into()));
        };
        let live = "the schema was read from a live system";
        root.field("live_schema_read").must_be(false, Code::SchemaReadLive, live, out);
        let present = root.field("clone_present").flag(out);
        let rows = root.field(TABLE).objects(out).unwrap_or_default();
        entities(root, &rows, packet.profile(), out);
        for row in &rows {
            covered(*row, present == Some(true), packet.profile(), out);
            ignored(*row, &["mismatch", "clone_has"], present == Some(true), packet.profile(), out);
        }
        let judged = [TABLE, "clone_present", "live_schema_read", "verdict"];
        ignored(root, &judged, present == Some(true), packet.profile(), out);
        if rows.is_empty() {
            let message = "no entity is specified";
            out.push(root.finding(Code::SchemaEntityMissing, message, "no entity"));
        }
        if let Some(present) = present {
            verdict(packet, root, present, out)?;
        }
        Ok(Applied::Yes(format!("{} entities specified", rows.len())))
    }
}

/// Each required entity once. More may be specified.
fn entities(root: Object<'_>, rows: &[Object<'_>], profile: &Profile, out: &mut Sink) {
    let mut named: BTreeMap<String, usize> = BTreeMap::new();
    for row in rows {
        let Some(value) = row.field("schema_entity").value(out) else { continue };
        let Some(name) = value.word(out) else { continue };
        let count = named.entry(canonical(&name, profile)).or_default();
        *count += 1;
        if *count > 1 {
            let message = format!("the entity {} is specified twice", quote(name.as_bytes()));
            out.push(value.finding(Code::SchemaEntityTwice, message, "again"));
        }
    }
    for entity in profile.rows(Key::Entities) {
        let name = entity.word("name").unwrap_or_default();
        if !named.contains_key(name) {
            let message = format!("the required entity {} is not specified", quote(name.as_bytes()));
            out.push(root.finding(Code::SchemaEntityMissing, message, "lacks an entity"));
        }
    }
}

/// The entity that a name stands for, however it is spelled.
fn canonical(name: &str, profile: &Profile) -> String {
    let letters = squeezed(name);
    let rows = profile.rows(Key::Entities);
    let means = |row: &&crate::profile::Row<'_>| {
        let spellings = row.words("spellings");
        spellings.iter().map(String::as_str).chain(row.word("name")).any(|known| squeezed(known) == letters)
    };
    let known = rows.iter().find(means).and_then(|row| row.word("name"));
    known.map_or(if letters.is_empty() { name.to_owned() } else { letters }, str::to_owned)
}

/// What production expects is said; with a clone, the clone has it.
fn covered(row: Object<'_>, present: bool, profile: &Profile, out: &mut Sink) {
    if let Some(value) = row.field("production_surface_expectation").value(out)
        && let Some(text) = value.word(out)
        && ["", "na", "none", "tbd", "unknown"].contains(&squeezed(&text).as_str())
    {
        let message = format!("{} says {}, which specifies nothing", value.shown(), quote(text.as_bytes()));
        out.push(value.finding(Code::SchemaEntityMissing, message, "not specified"));
    }
    let stands = profile.words(Key::CloneValues);
    let mut cell = |field: &str| {
        let value = row.field(field).value(out)?;
        if value.as_text().is_some() && !present {
            value.one_of(&stands, out);
            return None;
        }
        Some((value, value.flag(out)?))
    };
    let (has, mismatch) = (cell("clone_has"), cell("mismatch"));
    let mut told = |value: crate::evidence::Value<'_>, message: &str, label: &str| {
        out.push(value.finding(Code::SchemaMismatchIgnored, message, label));
    };
    match has {
        Some((value, false)) if present => {
            told(value, "the clone lacks an entity that production has", "must be true");
        }
        Some((value, true)) if !present => {
            told(value, "there is no clone, and it is said to have an entity", "no clone");
        }
        _ => {}
    }
    match mismatch {
        Some((value, true)) if present => {
            told(value, "the clone's schema does not match, and it was used", "must be false");
        }
        Some((value, true)) => told(value, "there is no clone, and it is said not to match", "no clone"),
        _ => {}
    }
}

/// A mismatch is one under any name: `status: "MISMATCH"`, `mismatches: ["a"]`, `any_mismatch: true`.
/// Without a clone nobody can know.
fn ignored(holder: Object<'_>, judged: &[&str], present: bool, profile: &Profile, out: &mut Sink) {
    let judged: Vec<_> = judged.iter().filter_map(|name| Some(holder.get(name)?.span())).collect();
    for (name, value) in holder.members().filter(|(_, value)| !judged.contains(&value.span())) {
        let parts = words(&name);
        let denied = any(&parts, DENIALS) || any(&parts, DUE);
        let same = any(&parts, "compatible covered match matched matches");
        let other = any(&parts, "incompatible mismatch mismatched mismatches");
        let differs = match value.raw() {
            b"true" if other => !denied,
            b"false" if same => !denied,
            _ => {
                failures(&name, value).is_some_and(|number| number > 0)
                    || fell(&name, value, profile)
                    || (present && ended(&name, value, profile) == Some(false))
            }
        };
        if differs {
            let message = format!("the schema does not match, says {}", value.shown());
            out.push(value.finding(Code::SchemaMismatchIgnored, message, "a mismatch"));
        }
    }
}

/// The verdict is one that is due with or without a clone, and other documents agree.
fn verdict(packet: &Packet, root: Object<'_>, present: bool, out: &mut Sink) -> Result<(), CheckError> {
    let profile = packet.profile();
    let (without, with) = (profile.words(Key::NoCloneSchemaVerdicts), profile.words(Key::SchemaVerdicts));
    let known: Vec<&String> = without.iter().chain(&with).collect();
    if let Some(value) = root.field("verdict").value(out)
        && let Some(verdict) = value.one_of(&known, out)
        && without.iter().any(|word| *word == verdict) == present
    {
        let what = if present { "there is a clone" } else { "there is no clone" };
        let message = format!("{what}, and the verdict is {}", quote(verdict.as_bytes()));
        out.push(value.finding(Code::SchemaVerdictDiffers, message, "differs"));
    }
    if let Some(usable) = has_usable_clone(packet)?
        && usable != present
        && let Some(value) = root.get("clone_present")
    {
        let message = format!("`clone_present` is {present}, and the clone provenance says {usable}");
        out.push(value.finding(Code::SchemaVerdictDiffers, message, "differs"));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
