//! The canonical registry: each of its documents is pinned, the same before and
//! after.

use std::collections::BTreeSet;

use crate::code::Code;
use crate::evidence::{Object, Value};
use crate::finding::Sink;
use crate::profile::{Key, Profile};
use crate::text::quote;

/// Judges the pins of the registry.
pub(super) fn unchanged(root: Object<'_>, profile: &Profile, out: &mut Sink) {
    let due = profile.rows(Key::Registry);
    if due.is_empty() && !root.has("registry_pins") {
        return;
    }
    let rows = root.field("registry_pins").objects(out).unwrap_or_default();
    let mut seen = BTreeSet::new();
    for row in &rows {
        let Some(name) = row.field("name").word(out) else { continue };
        let shown = quote(name.as_bytes());
        if !seen.insert(name.to_string()) {
            let message = format!("the registry's {shown} is pinned twice");
            out.push(row.finding(Code::RegistryChanged, message, "again"));
        }
        let (before, after) = (row.field("before").value(out), row.field("after").value(out));
        let before = before.and_then(|value| Pin::read(value, out));
        let Some((value, after)) = after.and_then(|value| Some((value, Pin::read(value, out)?))) else {
            continue;
        };
        let Some(before) = before else { continue };
        if before != after {
            let message = format!("the registry's {shown} is not the same before and after");
            out.push(value.finding(Code::RegistryChanged, message, "changed"));
        }
        let known =
            due.iter().find(|row| row.word("name") == Some(&*name)).and_then(|row| row.word("revision"));
        if let Some(known) = known.filter(|known| *known != after.revision && before == after) {
            let message = format!("the registry's {shown} is pinned, and not at {}", quote(known.as_bytes()));
            out.push(value.finding(Code::RegistryChanged, message, "another revision"));
        }
    }
    for name in due.iter().filter_map(|row| row.word("name")).filter(|name| !seen.contains(*name)) {
        let message = format!("the registry's {} is not pinned", quote(name.as_bytes()));
        let at = root.get("registry_pins").unwrap_or_else(|| root.value());
        out.push(at.finding(Code::RegistryChanged, message, "lacks a pin"));
    }
    if rows.is_empty() && due.is_empty() {
        out.push(root.finding(Code::RegistryChanged, "the registry is not pinned", "lacks a pin"));
    }
}

/// A revision, with a digest where there is one.
#[derive(PartialEq, Eq)]
struct Pin {
    revision: String,
    digest: Option<crate::digest::Sha256>,
}

impl Pin {
    fn read(value: Value<'_>, out: &mut Sink) -> Option<Self> {
        let Some(row) = value.as_object() else {
            return Some(Self { revision: value.word(out)?.into_owned(), digest: None });
        };
        let digest = row.get("sha256").map(|digest| digest.digest(out));
        let revision = row.field("revision").word(out)?.into_owned();
        // A digest that cannot be read was reported.
        Some(Self { revision, digest: digest.flatten() })
    }
}
