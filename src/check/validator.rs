//! `validator`: the validator has the pinned bytes, its self-test held, and its
//! negative control was refused with the code that is due.

mod otherwise;

use std::collections::BTreeSet;

use super::probes::is_a_code;
use super::rollback::entries;
use super::{Applied, Check, CheckError, Level, Meta, Packet, Sink};
use crate::code::Code;
use crate::digest::Sha256;
use crate::evidence::{Object, Value};
use crate::finding::{Fact, Finding};
use crate::manifest::Entry;
use crate::observe::State;
use crate::path::BytePath;
use crate::profile::{Key, Profile, Role};
use crate::text::quote;

pub(super) struct ValidatorCheck;

static META: Meta = Meta {
    id: "validator",
    level: Level::L2,
    summary: "the validator has its pinned bytes, and its own runs ended as they must",
    documents: &["validator", "validator_runs", "rollback_proof"],
    codes: &[
        Code::ValidatorNotPinned,
        Code::ValidatorSelftestFailed,
        Code::ValidatorRunMissing,
        Code::NegativeControlPassed,
        Code::NegativeControlWrongCode,
    ],
};

/// The validator's bytes as the profile pins them.
struct Pin {
    sha256: Sha256,
    size: Option<u64>,
}

impl Check for ValidatorCheck {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn run(&self, packet: &Packet, out: &mut Sink) -> Result<Applied, CheckError> {
        let pin = pin(packet);
        let file = bytes(packet, pin.as_ref(), out)?;
        let runs = packet.document(Role::ValidatorRuns, out)?;
        let Some(runs) = runs else {
            return Ok(match (file, pin) {
                (None, _) => Applied::No("no validator and no record of its runs".into()),
                (Some(_), None) => Applied::No("the profile pins no validator".into()),
                (Some(name), Some(_)) => {
                    let message =
                        format!("{} is the validator, and no run of it is recorded", quote(name.as_bytes()));
                    out.push(Finding::new(Code::ValidatorRunMissing, message).path(name));
                    Applied::Yes("no run is recorded".into())
                }
            });
        };
        let Some(root) = runs.root().object(out) else {
            return Ok(Applied::Yes("the record of runs is no object".into()));
        };
        if file.is_none() && pin.is_some() {
            let message = "runs of a validator are recorded, and its bytes are neither here nor referred to";
            out.push(root.finding(Code::ValidatorNotPinned, message, "no validator"));
        }
        otherwise::one_validator(root, pin.as_ref(), out);
        selftest(root, packet.profile(), out);
        let judged = controls(packet, root, out)?;
        let pinned = if file.is_some() && pin.is_some() { "pinned bytes, " } else { "" };
        Ok(Applied::Yes(format!("{pinned}self-test and {judged} runs")))
    }
}

fn pin(packet: &Packet) -> Option<Pin> {
    let profile = packet.profile();
    let row = profile.row(Key::Pins, profile.word(Key::ValidatorPin)?)?;
    Some(Pin { sha256: row.digest("sha256")?, size: row.count("size") })
}

/// The validator in the packet, by its name or by its pinned digest, and
/// whether its bytes are the pinned ones.
fn bytes(packet: &Packet, pin: Option<&Pin>, out: &mut Sink) -> Result<Option<BytePath>, CheckError> {
    let named = packet.profile().documents(Role::Validator);
    let entries = packet.manifest.iter().flat_map(|manifest| &manifest.entries).zip(packet.states);
    let holds = |entry: &Entry| pin.is_some_and(|pin| entry.digest.as_bytes() == pin.sha256.0);
    let mut found = None;
    for (entry, state) in entries {
        let is_named = named.contains(&entry.path);
        if !is_named && !holds(entry) {
            continue;
        }
        if let Some(pin) = pin
            && !holds(entry)
        {
            let mut finding = Finding::new(
                Code::ValidatorNotPinned,
                format!("{} does not have the digest that the profile pins", quote(entry.path.as_bytes())),
            )
            .path(entry.path.clone());
            finding.sealed = Some(Fact { digest: pin.sha256.to_string(), size: pin.size });
            finding.found = Some(Fact { digest: entry.digest.to_string(), size: entry.size });
            out.push(finding);
        } else {
            judged(packet, entry, state, pin, out)?;
        }
        found.get_or_insert_with(|| entry.path.clone());
    }
    if found.is_none() {
        let held = packet.shelf.file(Role::Validator, out)?;
        found = held.map(|(path, _)| path.clone());
    }
    Ok(found)
}

/// A sealed digest is no proof before its bytes were seen.
fn judged(
    packet: &Packet,
    entry: &Entry,
    state: &State,
    pin: Option<&Pin>,
    out: &mut Sink,
) -> Result<(), CheckError> {
    let name = quote(entry.path.as_bytes());
    if matches!(state, State::Repeated) {
        return Ok(());
    }
    let held = packet.shelf.bytes_of(&entry.path).map_err(|why| CheckError(format!("{name} {why}")))?;
    if let Some(size) = pin.and_then(|pin| pin.size)
        && size != held.bytes.len() as u64
    {
        let message = format!("{name} has {} bytes, and {size} are pinned", held.bytes.len());
        out.push(Finding::new(Code::ValidatorNotPinned, message).path(entry.path.clone()));
    }
    Ok(())
}

fn selftest(root: Object<'_>, profile: &Profile, out: &mut Sink) {
    let Some(selftest) = root.field("selftest").object(out) else { return };
    otherwise::held(selftest, otherwise::SELFTEST, profile, out);
    let exit = selftest.field("actual_exit").value(out).and_then(|value| Some((value, value.count(out)?)));
    if let Some((value, exit)) = exit
        && exit != 0
    {
        let message = format!("the validator's self-test ended with {exit}");
        out.push(value.finding(Code::ValidatorSelftestFailed, message, "must be 0"));
    }
    if let Some(value) = selftest.get("passed")
        && value.flag(out) == Some(false)
    {
        let message = "the validator's self-test did not hold";
        out.push(value.finding(Code::ValidatorSelftestFailed, message, "must be true"));
    }
}

/// The runs of the gate driver: good evidence is let through, and a variant of
/// this packet's own evidence without a mutation is refused with its code.
fn controls(packet: &Packet, root: Object<'_>, out: &mut Sink) -> Result<usize, CheckError> {
    let due = packet.profile().groups(Key::ValidatorRuns);
    let runs = root.field("runs").objects(out).unwrap_or_default();
    let mut met = BTreeSet::new();
    let mut refused = false;
    for run in &runs {
        let Some(name) = run.field("run").word(out) else { continue };
        let Some(exit) = run.field("actual_exit").value(out) else { continue };
        let Some(status) = exit.count(out) else { continue };
        let must_fail = match due.get(&*name) {
            Some(ends) => ends.iter().any(|end| end == "fail"),
            None if due.is_empty() => run.field("must_fail").flag(out).unwrap_or(true),
            None => {
                let known: Vec<&String> = due.keys().collect();
                run.field("run").one_of(&known, out);
                continue;
            }
        };
        met.insert(name.to_string());
        if must_fail {
            refused = true;
            negative(packet, *run, exit, status, out)?;
        } else {
            positive(*run, exit, status, (&name, packet.profile()), out);
        }
    }
    for name in due.keys().filter(|name| !met.contains(*name)) {
        let message = format!("the run {} is not recorded", quote(name.as_bytes()));
        out.push(root.finding(Code::ValidatorRunMissing, message, "lacks a run"));
    }
    if due.is_empty() && !refused {
        let message = "no negative control is recorded";
        out.push(root.finding(Code::ValidatorRunMissing, message, "lacks a negative control"));
    }
    Ok(runs.len())
}

/// A run on good evidence ended well and refused nothing.
fn positive(
    run: Object<'_>,
    exit: Value<'_>,
    status: u64,
    (name, profile): (&str, &Profile),
    out: &mut Sink,
) {
    let shown = quote(name.as_bytes());
    otherwise::held(run, &format!("the run {shown}"), profile, out);
    if status != 0 {
        let message = format!("the run {shown} ended with {status}");
        out.push(exit.finding(Code::ValidatorSelftestFailed, message, "must be 0"));
    }
    if let Some(value) = run.get("code").filter(|value| !value.is_null())
        && let Some(code) = value.text(out)
        && is_a_code(&code)
    {
        let message =
            format!("the run {shown} is due to end well, and was refused with {}", quote(code.as_bytes()));
        out.push(value.finding(Code::ValidatorSelftestFailed, message, "refuses"));
    }
}

fn negative(
    packet: &Packet,
    run: Object<'_>,
    exit: Value<'_>,
    status: u64,
    out: &mut Sink,
) -> Result<(), CheckError> {
    if status == 0 {
        let message = "the negative control was let through";
        out.push(exit.finding(Code::NegativeControlPassed, message, "must not be 0"));
    }
    otherwise::refused(run, exit, status, packet.profile(), out);
    let Some(value) = run.field("code").value(out) else { return Ok(()) };
    let Some(code) = value.text(out) else { return Ok(()) };
    let Some(due) = packet.profile().word(Key::NegativeControlCode) else { return Ok(()) };
    let known = ids(packet)?;
    let about = code.strip_prefix(due).and_then(|rest| rest.strip_prefix(':'));
    let good =
        about.is_some_and(|id| !id.is_empty() && known.as_ref().is_none_or(|known| known.contains(id)));
    if !good {
        let message = format!(
            "the negative control was refused with {}, and {} with an entry of this packet is due",
            quote(code.as_bytes()),
            quote(due.as_bytes())
        );
        out.push(value.finding(Code::NegativeControlWrongCode, message, "another code"));
    }
    Ok(())
}

/// The rollback entries of this packet, when it lists any.
fn ids(packet: &Packet) -> Result<Option<BTreeSet<String>>, CheckError> {
    let mut quiet = Sink::default();
    let proof = packet.document(Role::RollbackProof, &mut quiet)?;
    let root = proof.and_then(|proof| proof.root().as_object());
    let listed = root.and_then(|root| entries(root, packet.profile(), &mut quiet));
    Ok(listed.map(|entries| entries.iter().map(|entry| entry.id().to_owned()).collect()))
}

#[cfg(test)]
mod tests;
