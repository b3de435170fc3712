//! `reservations`: ranges of governance objects begin where they are due, collide
//! with nothing, and stay a proposal that leaves the registry as it is.

mod applied;
mod elsewhere;
mod fold;
mod id;
mod range;
mod registry;

use super::predecessor::quietly;
use super::{Applied, Check, CheckError, Level, Meta, Packet, Sink};
use crate::code::Code;
use crate::evidence::{Object, Value};
use crate::profile::{Key, Profile, Role};
use crate::text::quote;
use range::Range;

pub(super) struct ReservationsCheck;

static META: Meta = Meta {
    id: "reservations",
    level: Level::L3,
    summary: "reserved ranges begin after the ceiling, collide with nothing, and are proposals only",
    documents: &["reservations", "registry_objects"],
    codes: &[
        Code::ReservationCollision,
        Code::ReservationRangeDiffers,
        Code::ReservationCeilingDiffers,
        Code::ReservationApplied,
        Code::RegistryChanged,
    ],
};

impl Check for ReservationsCheck {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn run(&self, packet: &Packet, out: &mut Sink) -> Result<Applied, CheckError> {
        let Some(document) = packet.document(Role::Reservations, out)? else {
            return Ok(Applied::No("no reserved ranges".into()));
        };
        let Some(root) = document.root().object(out) else {
            return Ok(Applied::Yes("the document is no object".into()));
        };
        let profile = packet.profile();
        let apart = "the reservation is no addendum of its own";
        root.field("standalone_addendum").must_be(true, Code::ReservationApplied, apart, out);
        let ranges = range::read(root, profile, out);
        proposals(root, &ranges, profile, out);
        let before = before(packet)?;
        let ceiling = ceiling(profile, &before);
        numbers(root, ceiling, profile, out);
        range::in_order(&ranges, ceiling, out);
        range::disjoint(&ranges, &before, profile, out);
        elsewhere::judge(root, &ranges, ceiling, profile, out);
        let listed = id::listed(root, "existing_ids", profile, out);
        id::taken(&ranges, &listed, &objects(packet, out)?, out);
        none_stated(root, out);
        registry::unchanged(root, profile, out);
        if ranges.is_empty() {
            return Ok(Applied::No("no range is reserved".into()));
        }
        let n: u64 = ranges.iter().map(Range::count).fold(0, u64::saturating_add);
        Ok(Applied::Yes(format!("{} ranges of {n} objects", ranges.len())))
    }
}

/// What says that a reservation is a proposal, at each range or for all of them.
const PROPOSAL: [(&str, &str); 3] =
    [("status", "status"), ("APPLY_NOW", "apply now"), ("canonical_fold", "canonical fold")];

/// Fields with rules of their own.
const JUDGED: [&str; 5] = ["ranges", "registry_pins", "existing_ids", "standalone_addendum", "collisions"];

/// Each range is a proposal that nothing applies, and the document says nothing else.
fn proposals(root: Object<'_>, ranges: &[Range<'_>], profile: &Profile, out: &mut Sink) {
    for (field, _) in PROPOSAL {
        if ranges.iter().any(|range| !range.row.has(field)) {
            root.field(field).value(out);
        }
    }
    for holder in std::iter::once(root).chain(ranges.iter().map(|range| range.row)) {
        applied::judge(holder, &JUDGED, profile, out);
    }
}

fn is_proposal(field: &str, value: Value<'_>, profile: &Profile, out: &mut Sink) {
    let (key, what) = match field {
        "status" => (Key::ReservationStates, "the state of the reservation"),
        "APPLY_NOW" => (Key::ApplyNow, "whether to apply the reservation now"),
        _ => {
            if value.flag(out) == Some(true) {
                let fold = "the range is folded into the canon";
                out.push(value.finding(Code::ReservationApplied, fold, "must be false"));
            }
            return;
        }
    };
    // Where a word is due for "no", the boolean is as good.
    if key == Key::ApplyNow && value.as_flag() == Some(false) {
        return;
    }
    let known = profile.words(key);
    if !value.as_text().is_some_and(|text| known.iter().any(|word| *word == text)) {
        let said = value.as_text().map_or_else(|| value.what().to_owned(), |text| quote(text.as_bytes()));
        let message = format!("{what} is {said}");
        let help = format!("write {}", known.join(" or "));
        out.push(value.finding(Code::ReservationApplied, message, "more than proposed").help(help));
    }
}

/// What the registry's documents hold, as texts in which identifiers can be looked for.
fn objects(packet: &Packet, out: &mut Sink) -> Result<Vec<String>, CheckError> {
    let mut texts = Vec::new();
    // The first is reported where it is not sealed; what another one has is taken as well.
    let first = packet.shelf.file(Role::RegistryObjects, out)?;
    let read = first.as_ref().map(|(path, _)| (*path).clone());
    texts.extend(first.map(|(_, held)| fold::text(&held.bytes)));
    for path in packet.profile().documents(Role::RegistryObjects) {
        if Some(path) != read.as_ref()
            && let Ok(held) = packet.shelf.bytes_of(path)
        {
            texts.push(fold::text(&held.bytes));
        }
    }
    Ok(texts)
}

/// The ranges that the predecessor reserved.
fn before(packet: &Packet) -> Result<Vec<(String, u64, u64)>, CheckError> {
    let Some(before) = packet.before()? else { return Ok(Vec::new()) };
    let Some(document) = before.document(Role::Reservations)? else { return Ok(Vec::new()) };
    let ranges = quietly(Role::Reservations, |out| {
        let root = document.root().object(out);
        root.map(|root| range::read(root, before.shelf.profile(), out)).unwrap_or_default()
    })?;
    Ok(ranges.into_iter().map(|range| (range.prefix, range.first, range.last)).collect())
}

/// The last object that is reserved: by the configuration, or by the predecessor.
fn ceiling(profile: &Profile, before: &[(String, u64, u64)]) -> Option<u64> {
    before.iter().map(|(_, _, last)| *last).chain(profile.count(Key::ReservationCeiling)).max()
}

/// The recorded ceiling and fold maximum, which are two numbers.
fn numbers(root: Object<'_>, ceiling: Option<u64>, profile: &Profile, out: &mut Sink) {
    let fold = profile.count(Key::FoldMaximum);
    if let Some(value) = root.field("reservation_ceiling").value(out)
        && let (Some(said), Some(due)) = (value.count(out), ceiling)
        && said != due
    {
        let hint = if Some(said) == fold { ", which is the fold maximum" } else { "" };
        let message = format!("the reservation ceiling is recorded as {said}{hint}, and it is {due}");
        out.push(value.finding(Code::ReservationCeilingDiffers, message, "another number"));
    }
    if let Some(value) = root.get("fold_maximum")
        && let (Some(said), Some(due)) = (value.count(out), fold)
        && said != due
    {
        let hint = if Some(said) == ceiling { ", which is the reservation ceiling" } else { "" };
        let message = format!("the fold maximum is recorded as {said}{hint}, and it is {due}");
        out.push(value.finding(Code::ReservationCeilingDiffers, message, "another number"));
    }
}

/// The document itself records no collision. That there is none is computed.
fn none_stated(root: Object<'_>, out: &mut Sink) {
    let Some(value) = root.get("collisions") else { return };
    let some = match value.as_list() {
        Some(list) => !list.is_empty(),
        None => value.count(out).is_some_and(|count| count > 0),
    };
    if some {
        let message = "the document itself records collisions";
        out.push(value.finding(Code::ReservationCollision, message, "must be none"));
    }
}

/// A value as an identifier; another text is reported.
fn id_of(value: Value<'_>, profile: &Profile, out: &mut Sink) -> Option<(String, u64)> {
    let text = value.word(out)?;
    let known = id::prefixes(profile);
    let id = id::parse(&text).filter(|(prefix, _)| known.is_empty() || known.contains(*prefix));
    if id.is_none() {
        let message = format!("{} is no object: {}", value.shown(), quote(text.as_bytes()));
        out.push(value.finding(Code::EvidenceUnknownValue, message, "no object"));
    }
    id.map(|(prefix, number)| (prefix.to_owned(), number))
}

#[cfg(test)]
mod tests;
