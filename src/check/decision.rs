//! `decision`: the packet lays options before somebody and chooses none, asks
//! for every blocker, and acts under one delegation that is its own.

mod delegation;
mod elsewhere;
mod execution;
mod hold;
mod options;
mod preconditions;
mod stray;
mod summed;

use super::blockers::{Blocker, read};
use super::{Applied, Check, CheckError, Level, Meta, Packet, Sink, words};
use crate::code::Code;
use crate::evidence::{Object, Value};
use crate::profile::{Key, Profile, Role};
use crate::text::alike::folded;
use crate::text::quote;

pub(super) struct DecisionCheck;

static META: Meta = Meta {
    id: "decision",
    level: Level::L3,
    summary: "the decision holds by default and is left to its owner, under one delegation of one lane",
    documents: &[
        "decision",
        "owner_decision",
        "delegation_lock",
        "preconditions",
        "blockers",
        "machine_report",
        "packet_manifest",
    ],
    codes: &[
        Code::DecisionSelectedItself,
        Code::DecisionNotHeld,
        Code::DecisionOptionsDiffer,
        Code::DecisionSigned,
        Code::ExecutionNotGranted,
        Code::PreconditionsDiffer,
        Code::DelegationMissing,
        Code::DelegationConsumedTwice,
        Code::PinIsNoAuthority,
    ],
};

impl Check for DecisionCheck {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn run(&self, packet: &Packet, out: &mut Sink) -> Result<Applied, CheckError> {
        let decision = packet.document(Role::Decision, out)?.and_then(|found| found.root().object(out));
        let owner = packet.document(Role::OwnerDecision, out)?.and_then(|found| found.root().object(out));
        let lock = packet.document(Role::DelegationLock, out)?.and_then(|found| found.root().object(out));
        let checklist = packet.document(Role::Preconditions, out)?.and_then(|found| found.root().object(out));
        let judged: Vec<&str> = [
            (decision, "the decision"),
            (owner, "the owner's form"),
            (lock, "the delegation"),
            (checklist, "the preconditions"),
        ]
        .into_iter()
        .filter_map(|(document, name)| document.map(|_| name))
        .collect();
        let mut opened = elsewhere::judge(packet, out);
        let blockers = blockers(packet)?;
        if judged.is_empty() {
            execution::grounds_of(opened, [None; 2], blockers.as_deref(), out);
            return Ok(Applied::No("no decision and no delegation".into()));
        }
        for root in [decision, owner].into_iter().flatten() {
            form(root, packet.profile(), out);
            unsigned(root, packet.profile(), out);
            opened.extend(stray::judge(root, packet.profile(), out));
        }
        execution::judge(packet, [decision, owner], opened, blockers.as_deref(), out);
        preconditions::judge(packet, checklist, [decision, owner], blockers.as_deref(), out)?;
        delegation::judge(packet, lock, out)?;
        authority(packet, [decision, owner], out);
        Ok(Applied::Yes(judged.join(", ")))
    }
}

/// The blockers of the packet's map. What is wrong with it is told by the check that judges it.
fn blockers<'a>(packet: &Packet<'a>) -> Result<Option<Vec<Blocker<'a>>>, CheckError> {
    let mut quiet = Sink::default();
    let Some(map) = packet.document(Role::Blockers, &mut quiet)? else { return Ok(None) };
    let Some(root) = map.root().as_object() else { return Ok(None) };
    Ok(Some(read(root, packet.profile(), &mut quiet)))
}

/// What holds of a decision and of the form of its owner alike.
fn form(root: Object<'_>, profile: &Profile, out: &mut Sink) {
    let defaults = profile.words(Key::DecisionDefaults);
    let default = root.field("default_decision").value(out).and_then(|value| Some((value, value.word(out)?)));
    if let Some((value, default)) = &default
        && !defaults.iter().any(|known| super::surfaces::is_like(default, known))
    {
        let message = format!("the default is {}, which does not hold", quote(default.as_bytes()));
        let help = format!("defaults that hold: {}", defaults.join(", "));
        out.push(value.finding(Code::DecisionNotHeld, message, "does not hold").help(help));
    }
    if let Some(value) = root.field("selected_option").value(out) {
        selected(value, out);
    }
    options::judge(root, default.as_ref().map(|(_, default)| &**default), profile, out);
}

/// Nothing but `null` leaves the choice to somebody else.
fn selected(value: Value<'_>, out: &mut Sink) {
    if !value.is_null() {
        let message = format!("{} holds {}, and the packet must not choose", value.shown(), value.what());
        out.push(value.finding(Code::DecisionSelectedItself, message, "must be null"));
    }
}

fn unsigned(root: Object<'_>, profile: &Profile, out: &mut Sink) {
    let Some(value) = root.field("owner_signature").value(out) else { return };
    let Some(text) = value.text(out) else { return };
    if !profile.words(Key::UnsignedStates).iter().any(|word| *word == text) {
        let message = format!("the owner's signature is {}", quote(text.as_bytes()));
        out.push(value.finding(Code::DecisionSigned, message, "must be unsigned"));
    }
}

/// Whether a field says where a right comes from.
fn is_authority(name: &str) -> bool {
    const WORDS: &str = "\
        authority authorization authorized authorised approved delegated grant granted permission";
    name == "source" || words::any(&words::words(name), WORDS)
}

/// No right comes from a pin alone.
fn authority(packet: &Packet, forms: [Option<Object<'_>>; 2], out: &mut Sink) {
    let mut quiet = Sink::default();
    let mut holders: Vec<Object<'_>> = forms.into_iter().flatten().collect();
    for role in [Role::DelegationLock, Role::MachineReport, Role::PacketManifest] {
        let document = packet.document(role, &mut quiet).ok().flatten();
        holders.extend(document.and_then(|document| document.root().as_object()));
    }
    let rows = ["table_A", "irreversible_actions"];
    let mut all = holders.clone();
    for holder in holders {
        let lists = rows.iter().filter_map(|name| holder.get(name)?.as_list());
        all.extend(lists.flatten().filter_map(Value::as_object));
    }
    let pins = pins(packet.profile());
    let members = all.iter().flat_map(|holder| holder.members());
    for (_, value) in members.filter(|(name, _)| is_authority(name)) {
        let Some(text) = value.as_text() else { continue };
        if names_only_pins(&text, &pins) {
            let message = format!("{} names nothing but {}", value.shown(), quote(text.as_bytes()));
            out.push(value.finding(Code::PinIsNoAuthority, message, "a pin alone"));
        }
    }
}

/// What pins that are no authority are called, and their digests, folded.
fn pins(profile: &Profile) -> Vec<String> {
    let names = profile.words(Key::NoAuthority);
    let digest = |name: &String| Some(profile.row(Key::Pins, name)?.digest("sha256")?.to_string());
    let digests: Vec<String> = names.iter().filter_map(digest).collect();
    names.iter().map(|name| folded(name)).chain(digests).collect()
}

/// Words that name nobody: what joins words, and what a pin or a right is called.
const FILLERS: &str = "\
    a according alone and approval as at authorisation authority authorization authorized based basis by \
    delegation digest for from given grant granted grants hash holds in is it its itself of on only or per \
    permission pin pinned pins ref reference rev revision see sha sha256 source sufficient that the this \
    through to tree under valid via which with document file";

/// Whether a text is made of such pins, and of words that say only what they are.
fn names_only_pins(text: &str, pins: &[String]) -> bool {
    // In lookalike letters it is the same name to a reader.
    let folded = folded(text);
    let words = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let is_pin = |word: &str| {
        // The head of a digest stands for it where it is displayed.
        pins.iter().any(|pin| pin == word || (word.len() >= 6 && pin.len() == 64 && pin.starts_with(word)))
    };
    // Other digits of a digest name nobody either.
    let is_digest = |word: &str| {
        word.len() >= 6
            && word.bytes().all(|byte| byte.is_ascii_hexdigit())
            && word.bytes().any(|byte| byte.is_ascii_digit())
    };
    let mut met = false;
    for word in words {
        if is_pin(word) {
            met = true;
        } else if !words::is(word, FILLERS)
            && !is_digest(word)
            && !word.bytes().all(|byte| byte.is_ascii_digit())
        {
            return false;
        }
    }
    met
}

#[cfg(test)]
mod tests;
