//! `isolation`: what was recorded of the clone shows one of its own, local and
//! temporary, never production. The clone itself is gone.

mod otherwise;
mod provenance;

use super::{Applied, Check, CheckError, Level, Meta, Packet, Sink, claim};
use crate::code::Code;
use crate::evidence::{Object, Value};
use crate::profile::{Key, Profile, Role};
use crate::text::quote;

pub(super) use provenance::has_usable_clone;

pub(super) struct IsolationCheck;

static META: Meta = Meta {
    id: "isolation",
    level: Level::L2,
    summary: "the rehearsal's target was an isolated local clone, and clones are what they are said to be",
    documents: &["target_lock", "clone_provenance"],
    codes: &[Code::TargetNotIsolated, Code::CloneContainsSecrets, Code::CloneVerdictDiffers],
};

impl Check for IsolationCheck {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn run(&self, packet: &Packet, out: &mut Sink) -> Result<Applied, CheckError> {
        let lock = packet.document(Role::TargetLock, out)?;
        let clones = packet.document(Role::CloneProvenance, out)?;
        let mut judged = Vec::new();
        if let Some(root) = lock.and_then(|lock| lock.root().object(out)) {
            target(root, packet.profile(), out);
            scoped(packet, root, out);
            judged.push("the target lock".to_owned());
        }
        if let Some(root) = clones.and_then(|clones| clones.root().object(out)) {
            if lock.is_none()
                && claim::status(packet).is_some_and(|status| claims_it(packet.profile(), &status))
            {
                let message = "the status claims that the target was isolated, and no lock of it is there";
                out.push(root.finding(Code::TargetNotIsolated, message, "a table of clones is no lock"));
            }
            let candidates = provenance::judge(packet, root, out)?;
            judged.push(format!("{candidates} clone candidates"));
        }
        if judged.is_empty() {
            return Ok(Applied::No("no target lock and no clone provenance".into()));
        }
        Ok(Applied::Yes(judged.join(" and ")))
    }
}

/// Whether the status is one that claims this check.
fn claims_it(profile: &Profile, status: &str) -> bool {
    profile.checks_claimed_by(status).iter().any(|check| check == META.id)
}

fn told(value: Value<'_>, message: String, label: &str, out: &mut Sink) {
    out.push(value.finding(Code::TargetNotIsolated, message, label));
}

/// Judges a target lock.
fn target(root: Object<'_>, profile: &Profile, out: &mut Sink) {
    place(root, profile, out);
    for (field, due) in
        [("isolated", true), ("is_regular_file", true), ("is_symlink", false), ("production", false)]
    {
        let message = format!("the target is not isolated: {} is due to be {due}", quote(field.as_bytes()));
        root.field(field).must_be(due, Code::TargetNotIsolated, &message, out);
    }
    if let Some(value) = root.field("hard_links").value(out)
        && let Some(links) = value.count(out)
        && links != 1
    {
        told(value, format!("the clone has {links} hard links: it is also somewhere else"), "must be 1", out);
    }
    if let Some(value) = root.field("mode").value(out)
        && let Some(mode) = value.text(out)
    {
        let bits = u32::from_str_radix(mode.trim_start_matches("0o"), 8);
        if !bits.is_ok_and(|bits| bits <= 0o777 && bits.trailing_zeros() >= 6) {
            let message = format!("the clone's mode {} lets others in", quote(mode.as_bytes()));
            told(value, message, "not owner-only", out);
        }
    }
    kind(root, profile, out);
    contacts(root, profile, out);
    otherwise::lock(root, profile, out);
    let mut addresses = Vec::new();
    texts(root.value(), &mut addresses);
    for (value, text) in addresses {
        told(value, format!("the lock names the address {}", quote(text.as_bytes())), "an address", out);
    }
}

/// What the lock calls the target is a temporary clone and nothing else. By its
/// kind or by its scope, it says which.
fn kind(root: Object<'_>, profile: &Profile, out: &mut Sink) {
    if !root.has("target_kind") && !root.has("scope") {
        root.field("target_kind").value(out);
    }
    for (field, key) in [("target_kind", Key::TargetKinds), ("scope", Key::RehearsalScope)] {
        let Some(value) = root.get(field) else { continue };
        let Some(said) = value.word(out) else { continue };
        let known = profile.words(key);
        if !known.iter().any(|word| *word == said) {
            let message = format!("the target is {}, and no temporary clone", quote(said.as_bytes()));
            told(value, message, "not a temporary clone", out);
        }
    }
}

/// A lock beside a rehearsal that states its scope states it too.
fn scoped(packet: &Packet, root: Object<'_>, out: &mut Sink) {
    // What is wrong with the evidence is told by the check that judges it.
    let evidence = packet.document(Role::RehearsalEvidence, &mut Sink::default()).ok().flatten();
    if evidence.and_then(|evidence| evidence.root().as_object()).is_some_and(|evidence| evidence.has("scope"))
    {
        root.field("scope").value(out);
    }
}

/// The clone's path, links resolved, lies below a temporary folder.
fn place(root: Object<'_>, profile: &Profile, out: &mut Sink) {
    let Some(value) = root.field("clone_realpath").value(out) else { return };
    let Some(path) = value.word(out) else { return };
    let roots = profile.words(Key::TemporaryRoots);
    let below = |root: &String| {
        path.strip_prefix(root.as_str()).is_some_and(|rest| rest.len() > 1 && rest.starts_with('/'))
    };
    let plain = !path.split('/').any(|part| part == ".." || part == ".");
    if !plain || !roots.iter().any(below) {
        let message = format!("the clone {} is in no temporary folder", quote(path.as_bytes()));
        told(value, message, "not temporary", out);
    }
}

/// Every contact that must not be is there, literally `false`, each of them.
fn contacts(root: Object<'_>, profile: &Profile, out: &mut Sink) {
    let due = profile.words(Key::ForbiddenContacts);
    let Some(contacts) = root.field("contacts").object(out) else { return };
    for name in &due {
        contacts.field(name).flag(out);
    }
    if contacts.members().next().is_none() {
        told(contacts.value(), "the lock names no contact that there was not".to_owned(), "empty", out);
    }
    for (name, value) in contacts.members() {
        match value.as_flag() {
            Some(true) => {
                let message = format!("there was contact with {}", quote(name.as_bytes()));
                told(value, message, "must be false", out);
            }
            Some(false) => {}
            None if due.iter().any(|known| *known == name) => {}
            None => drop(value.flag(out)),
        }
    }
}

/// Texts anywhere in a value that name an address of a network.
fn texts<'d>(value: Value<'d>, found: &mut Vec<(Value<'d>, String)>) {
    let mut work = vec![value];
    while let Some(value) = work.pop() {
        if let Some(text) = value.as_text() {
            let local = ["file://", "sqlite://"].iter().any(|scheme| text.starts_with(scheme));
            if (text.contains("://") && !local) || is_host_and_port(&text) {
                found.push((value, text.into_owned()));
            }
        } else if let Some(object) = value.as_object() {
            work.extend(object.members().map(|(_, value)| value));
        } else if let Some(list) = value.as_list() {
            work.extend(list);
        }
    }
}

/// `db.internal:5432`.
fn is_host_and_port(text: &str) -> bool {
    let Some((host, port)) = text.trim().rsplit_once(':') else { return false };
    let named = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.';
    let digits = (1..=5).contains(&port.len()) && port.bytes().all(|byte| byte.is_ascii_digit());
    digits && host.contains('.') && host.chars().all(named) && host.chars().any(|c| c.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests;
