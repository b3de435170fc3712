//! The delegation that the lane acted under: recorded, known, and used by this
//! lane alone.

use std::collections::{BTreeMap, BTreeSet};

use crate::check::predecessor::{Verified, quietly};
use crate::check::words::{DENIALS, any, words};
use crate::check::{CheckError, Packet};
use crate::code::Code;
use crate::evidence::{Object, Value};
use crate::finding::Sink;
use crate::profile::{Key, Profile, Role};
use crate::text::quote;

/// A delegation that was used, and where that stands.
struct Used<'d> {
    delegation: String,
    /// `None` where the record does not name the lane.
    lane: Option<String>,
    at: Value<'d>,
    /// It is a row of a lock, of which there is one for each delegation.
    in_lock: bool,
    /// The row itself names the lane.
    by_name: bool,
}

/// Judges the delegation lock and the machine report, and what the predecessor used.
pub(super) fn judge(packet: &Packet, lock: Option<Object<'_>>, out: &mut Sink) -> Result<(), CheckError> {
    let profile = packet.profile();
    // Findings about the report as a document are told by those who judge it.
    let report = packet.document(Role::MachineReport, &mut Sink::default())?;
    let report = report.and_then(|report| report.root().as_object());
    let acted = report.and_then(|report| of_report(report, profile, out));
    let lane = acted.as_ref().and_then(|acted| acted.lane.clone());
    let mut used = Vec::new();
    if let Some(lock) = lock {
        used = of_lock(lock, lane.as_ref(), profile, out);
    }
    if let (Some(lock), Some(acted)) = (lock, &acted)
        && !used.is_empty()
        && !used.iter().any(|used| used.delegation == acted.delegation)
    {
        let message = format!(
            "the lane acts under {}, which the delegation lock does not have as used",
            quote(acted.delegation.as_bytes())
        );
        out.push(lock.finding(Code::DelegationMissing, message, "lacks the delegation"));
    }
    if lock.is_none() && report.is_none() && profile.has(Key::Delegations) {
        let message = "neither a delegation lock nor a machine report records a delegation";
        out.push(crate::finding::Finding::new(Code::DelegationMissing, message));
    }
    if let (None, Some(report)) = (lock, report)
        && profile.has(Key::Delegations)
        && has_acted(report)
    {
        let message = "the lane changed something, and the packet has no delegation lock";
        out.push(report.finding(Code::DelegationMissing, message, "no delegation lock"));
    }
    one_delegation(&used, acted.as_ref(), out);
    used.extend(acted);
    one_lane(&used, out);
    if let Some(before) = packet.before()? {
        used_before(before, &used, out)?;
    }
    Ok(())
}

/// The delegation that the machine report names.
fn of_report<'d>(report: Object<'d>, profile: &Profile, out: &mut Sink) -> Option<Used<'d>> {
    let known = profile.words(Key::Delegations);
    let value = report.get("delegation").filter(|value| !value.is_null());
    let blank = value.and_then(Value::as_text).is_some_and(|text| text.trim().is_empty());
    let Some(at) = value.filter(|_| !blank) else {
        if !known.is_empty() {
            let message = "the machine report names no delegation";
            out.push(report.finding(Code::DelegationMissing, message, "no delegation"));
        }
        return None;
    };
    let delegation = if known.is_empty() { at.word(out) } else { at.one_of(&known, out) }?;
    let lane = report.field("lane").word(out).map(std::borrow::Cow::into_owned);
    Some(Used { delegation: delegation.into_owned(), lane, at, in_lock: false, by_name: true })
}

/// The delegations that a lock has as used.
fn of_lock<'d>(lock: Object<'d>, lane: Option<&String>, profile: &Profile, out: &mut Sink) -> Vec<Used<'d>> {
    let mut rows = lock.get("table_A").and_then(|table| table.objects(out)).unwrap_or_default();
    rows.extend(beside(lock));
    let (consumed, unconsumed) =
        (profile.words(Key::ConsumedVerdicts), profile.words(Key::UnconsumedVerdicts));
    let verdicts: Vec<&String> = consumed.iter().chain(&unconsumed).collect();
    let (delegations, options) = (profile.words(Key::Delegations), profile.words(Key::DecisionOptions));
    let mut used = Vec::new();
    for row in &rows {
        let at = row.field("decision").value(out);
        let verdict = row.field("verdict").one_of(&verdicts, out);
        row.field("source").word(out);
        let Some(at) = at else { continue };
        let is_consumed =
            verdict.is_none_or(|verdict| consumed.iter().any(|word| *word == verdict)) || says_used(*row);
        // What was not used may be any option; what was used is a delegation.
        let more: &[String] = if is_consumed { &[] } else { &options };
        let known: Vec<&String> = delegations.iter().chain(more).collect();
        let name = if delegations.is_empty() { at.word(out) } else { at.one_of(&known, out) };
        let Some(name) = name.filter(|_| is_consumed) else { continue };
        let own = row.get("lane").and_then(|lane| lane.word(out)).map(std::borrow::Cow::into_owned);
        let by_name = own.is_some();
        let lane = own.or_else(|| lane.cloned());
        used.push(Used { delegation: name.into_owned(), lane, at, in_lock: true, by_name });
    }
    if used.is_empty() {
        let message = "the delegation lock has no delegation that this lane used";
        out.push(lock.finding(Code::DelegationMissing, message, "no delegation"));
    }
    used
}

/// Rows on delegations in any other table of the lock.
fn beside(lock: Object<'_>) -> Vec<Object<'_>> {
    let own = lock.get("table_A").map(Value::span);
    let lists =
        lock.members().filter(|(_, value)| Some(value.span()) != own).filter_map(|(_, v)| v.as_list());
    let rows = lists.flatten().filter_map(Value::as_object);
    rows.filter(|row| row.has("decision") && row.has("verdict")).collect()
}

/// Whether a flag of the row says that the delegation was used, whatever its verdict.
fn says_used(row: Object<'_>) -> bool {
    row.members().any(|(name, value)| {
        let name = words(&name);
        value.raw() == b"true" && any(&name, "used consumed") && !any(&name, DENIALS)
    })
}

/// Whether the report says that something was changed.
fn has_acted(report: Object<'_>) -> bool {
    let mutations = report.get("mutations").and_then(Value::as_list);
    let status = report.get("final_status").and_then(Value::as_text).unwrap_or_default();
    mutations.is_some_and(|list| !list.is_empty())
        || (status.ends_with("_APPLIED") && !status.ends_with("NOT_APPLIED"))
}

/// A lane acts under one delegation. A row that another lane used names that lane.
fn one_delegation(used: &[Used<'_>], acted: Option<&Used<'_>>, out: &mut Sink) {
    let lane = acted.and_then(|acted| acted.lane.as_ref());
    let own: Vec<&Used<'_>> =
        used.iter().filter(|used| !used.by_name || used.lane.as_ref() == lane).collect();
    let named = own.iter().find(|used| acted.is_some_and(|acted| acted.delegation == used.delegation));
    let Some(first) = named.or(own.first()) else { return };
    for one in own.iter().filter(|one| one.delegation != first.delegation) {
        let message = format!(
            "this lane used the delegation {} beside {}",
            quote(one.delegation.as_bytes()),
            quote(first.delegation.as_bytes())
        );
        let help = "a delegation that another lane used names it: add \"lane\" to the row";
        out.push(one.at.finding(Code::DelegationConsumedTwice, message, "a second one").help(help));
    }
}

/// Within the packet no delegation is used by two lanes, or twice in the lock.
fn one_lane(used: &[Used<'_>], out: &mut Sink) {
    let mut seen: BTreeMap<&str, &Used<'_>> = BTreeMap::new();
    for one in used {
        let Some(first) = seen.get(one.delegation.as_str()) else {
            seen.insert(&one.delegation, one);
            continue;
        };
        if (first.in_lock && one.in_lock) || first.lane != one.lane {
            let message = format!(
                "the delegation {} is used twice{}",
                quote(one.delegation.as_bytes()),
                lanes(first.lane.as_ref(), one.lane.as_ref())
            );
            out.push(one.at.finding(Code::DelegationConsumedTwice, message, "again"));
        }
    }
}

fn lanes(first: Option<&String>, second: Option<&String>) -> String {
    match (first, second) {
        (Some(first), Some(second)) if first != second => {
            format!(": by the lanes {} and {}", quote(first.as_bytes()), quote(second.as_bytes()))
        }
        _ => String::new(),
    }
}

/// Another lane of the predecessor did not use the same delegation.
fn used_before(before: Verified<'_>, used: &[Used<'_>], out: &mut Sink) -> Result<(), CheckError> {
    let profile = before.shelf.profile();
    let mut earlier = Vec::new();
    if let Some(report) = before.document(Role::MachineReport)? {
        let read = |out: &mut Sink| report.root().as_object().and_then(|root| of_report(root, profile, out));
        earlier.extend(quietly(Role::MachineReport, read)?);
    }
    if let Some(lock) = before.document(Role::DelegationLock)? {
        let lane = earlier.first().and_then(|used: &Used<'_>| used.lane.clone());
        let read = |out: &mut Sink| {
            lock.root().as_object().map(|root| of_lock(root, lane.as_ref(), profile, out)).unwrap_or_default()
        };
        earlier.extend(quietly(Role::DelegationLock, read)?);
    }
    let mut by_name: BTreeMap<&str, BTreeSet<Option<&String>>> = BTreeMap::new();
    for one in &earlier {
        by_name.entry(&one.delegation).or_default().insert(one.lane.as_ref());
    }
    for one in used {
        let earlier = by_name.get(one.delegation.as_str()).into_iter().flatten();
        if let Some(first) = earlier.copied().find(|lane| *lane != one.lane.as_ref()) {
            let message = format!(
                "the delegation {} was used by the predecessor{}",
                quote(one.delegation.as_bytes()),
                lanes(first, one.lane.as_ref())
            );
            out.push(one.at.finding(Code::DelegationConsumedTwice, message, "used before"));
        }
    }
    Ok(())
}
