//! The canonical registry: each of its documents is pinned, the same before and
//! after.

use std::collections::BTreeSet;

use crate::check::said::{Said, says};
use crate::check::words::{any, identity, only, words};
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
    let (mut seen, mut met) = (BTreeSet::new(), BTreeSet::new());
    for row in &rows {
        let Some(name) = row.field("name").word(out) else { continue };
        let shown = quote(name.as_bytes());
        seen.insert(name.to_string());
        if !met.insert(identity(&name)) {
            let message = format!("the registry's {shown} is pinned twice");
            out.push(row.finding(Code::RegistryChanged, message, "again"));
        }
        sides(*row, &shown, out);
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
    for (_, value) in root.members().filter(|(name, value)| {
        let name = words(name);
        any(&name, "registry canon") && says_changed(&name, *value)
    }) {
        let message = format!("the registry was changed, says {}", value.shown());
        out.push(value.finding(Code::RegistryChanged, message, "changed"));
    }
    if rows.is_empty() && due.is_empty() {
        out.push(root.finding(Code::RegistryChanged, "the registry is not pinned", "lacks a pin"));
    }
}

/// What a pin has of before it has of after, and no flag of it says otherwise.
fn sides(row: Object<'_>, shown: &str, out: &mut Sink) {
    let members: Vec<(Vec<String>, Value<'_>)> =
        row.members().map(|(name, value)| (words(&name), value)).collect();
    for (name, value) in &members {
        let side = |word: &String| if word == "before" { "after".to_owned() } else { word.clone() };
        let other: Vec<String> = name.iter().map(side).collect();
        let beside = members.iter().find(|(name, _)| other.len() > 1 && any(name, "after") && *name == other);
        let differs = any(name, "before") && beside.is_some_and(|(_, after)| !is_same(*value, *after));
        if differs || says_changed(name, *value) {
            let message = format!("the registry's {shown} is not the same, says {}", value.shown());
            out.push(value.finding(Code::RegistryChanged, message, "changed"));
        }
    }
}

fn is_same(one: Value<'_>, other: Value<'_>) -> bool {
    match (one.as_digest(), other.as_digest()) {
        (Some(one), Some(other)) => one == other,
        _ => one.is_same_text(other),
    }
}

/// `unchanged: false`, `changed: true`; a note in words says nothing here.
fn says_changed(name: &[String], value: Value<'_>) -> bool {
    const PLAIN: &str = "\
        after any are before canon canonical changed changes equal identical is modified pin pins registry revision same \
        the unchanged unmodified was were";
    let said = match (value.raw(), value.as_text()) {
        (b"true", _) => true,
        (b"false", _) => false,
        (_, Some(_)) if says(value) == Said::Yes => true,
        (_, Some(text)) if says(value) == Said::No && !text.trim().is_empty() => false,
        _ => return false,
    };
    let stays = any(name, "unchanged unmodified same identical equal");
    let moves = any(name, "changed modified changes");
    only(name, PLAIN) && ((stays && !said) || (moves && said))
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

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::check::bench::{Bench, Judged, hex};
    use crate::check::governance;
    use crate::check::reservations::ReservationsCheck;

    const NAME: &str = "reservation-addendum.json";

    fn judge(change: impl Fn(&mut Value)) -> Judged {
        let mut document = governance::document(NAME);
        change(&mut document);
        Bench::new("fix7").json(NAME, &document).judge(&ReservationsCheck)
    }

    /// The revisions were the same, and the digests beside them were not.
    #[test]
    fn a_registry_changed_within_its_revision() {
        let pin = |field: &'static str, value: Value| {
            judge(|document| document["registry_pins"][0][field] = value.clone())
        };
        judge(|document| {
            document["registry_pins"][0]["before_sha256"] = json!(hex("a"));
            document["registry_pins"][0]["after_sha256"] = json!(hex("b"));
        })
        .fails_at(&["registry_changed /registry_pins/0/before_sha256"]);
        judge(|document| {
            document["registry_pins"][0]["sha256_before"] = json!(hex("a"));
            document["registry_pins"][0]["sha256_after"] = json!(hex("a").to_uppercase());
        })
        .is_ok();
        pin("after", json!("rev25")).fails_at(&["registry_changed /registry_pins/0/after"]);
        for no in [json!(false), json!("no")] {
            pin("unchanged", no).fails_at(&["registry_changed /registry_pins/0/unchanged"]);
        }
        pin("changed", json!("yes")).fails_at(&["registry_changed /registry_pins/0/changed"]);
        for (field, value) in [
            ("unchanged", json!(true)),
            ("unchanged", json!("see the log")),
            ("unchanged", json!("")),
            ("changed", json!(false)),
            ("changed", Value::Null),
            ("changed", json!("see the log")),
            ("checked_before", json!("2026-06-11")),
            ("note", json!("not the same file as last year")),
        ] {
            pin(field, value).is_ok();
        }
        let root = |field: &'static str, value: Value| judge(|document| document[field] = value.clone());
        root("registry_changed", json!(true)).fails_at(&["registry_changed /registry_changed"]);
        root("registry_pins_unchanged", json!(false))
            .fails_at(&["registry_changed /registry_pins_unchanged"]);
        root("registry_unchanged", json!(true)).is_ok();
        root("addendum_changed", json!(true)).is_ok();
        judge(|document| {
            let mut again = document["registry_pins"][0].clone();
            again["name"] = json!("json ");
            document["registry_pins"].as_array_mut().unwrap().push(again);
        })
        .fails_at(&["registry_changed /registry_pins/3"]);
    }
}
