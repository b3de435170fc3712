//! `review`: every item of the review is there once, is passed, and has evidence
//! that exists.

use std::collections::{BTreeMap, BTreeSet};

use super::ended::{FELL, HELD, ended};
use super::reference::{Reference, UNSTATED, suspected};
use super::said::number;
use super::words::{DENIALS, DUE, any, identity, only, words};
use super::{Applied, Check, CheckError, Level, Meta, Packet, Sink};
use crate::code::Code;
use crate::evidence::{Object, Value};
use crate::path::BytePath;
use crate::profile::{Key, Profile, Role};
use crate::text::quote;

pub(super) struct ReviewCheck;

static META: Meta = Meta {
    id: "review",
    level: Level::L3,
    summary: "every item of the review is there once, passed, with evidence that exists",
    documents: &["review"],
    codes: &[
        Code::ReviewItemMissing,
        Code::ReviewItemTwice,
        Code::ReviewItemNotPassed,
        Code::ReviewEvidenceMissing,
        Code::ReviewFlagDisagrees,
    ],
};

impl Check for ReviewCheck {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn run(&self, packet: &Packet, out: &mut Sink) -> Result<Applied, CheckError> {
        let Some(document) = packet.document(Role::Review, out)? else {
            return Ok(Applied::No("no review".into()));
        };
        let root = document.root();
        let (rows, holder) = match root.as_list() {
            Some(_) => (root.objects(out), None),
            None => match root.object(out) {
                Some(object) => (object.field("items").objects(out), Some(object)),
                None => return Ok(Applied::Yes("the review is no object".into())),
            },
        };
        let rows = rows.unwrap_or_default();
        let passed = packet.profile().words(Key::PassedResults);
        let mut items: BTreeMap<String, bool> = BTreeMap::new();
        let (mut seen, mut known) = (BTreeSet::new(), Known::new());
        for row in &rows {
            item(packet, *row, &passed, (&mut items, &mut seen, &mut known), out)?;
        }
        complete(packet, root, &items, out);
        let good = items.values().filter(|good| **good).count();
        if let Some(holder) = holder {
            totals(holder, rows.len(), good, packet.profile(), out);
        }
        Ok(Applied::Yes(format!("{good} of {} items passed", items.len())))
    }
}

/// What was found of each file that items name.
type Known = BTreeMap<String, Option<&'static str>>;

/// Reads one item and keeps whether it is passed.
fn item(
    packet: &Packet,
    row: Object<'_>,
    passed: &[String],
    (items, seen, known): (&mut BTreeMap<String, bool>, &mut BTreeSet<String>, &mut Known),
    out: &mut Sink,
) -> Result<(), CheckError> {
    let Some(id) = row.field("id").word(out) else { return Ok(()) };
    let name = quote(id.as_bytes());
    let mut good = false;
    if let Some(value) = row.field("result").value(out)
        && let Some(result) = value.word(out)
    {
        good = passed.iter().any(|word| *word == result);
        if !good {
            let message = format!("the item {name} of the review ended with {}", quote(result.as_bytes()));
            out.push(value.finding(Code::ReviewItemNotPassed, message, "not passed"));
        }
    }
    let result = row.get("result").map(Value::span);
    for (field, value) in row.members().filter(|(_, value)| Some(value.span()) != result) {
        if ended(&field, value, packet.profile()) == Some(false) {
            let message = format!("the item {name} of the review has {} beside its result", value.shown());
            out.push(value.finding(Code::ReviewItemNotPassed, message, "not passed"));
            good = false;
        }
    }
    if let Some(value) = row.field("evidence").value(out) {
        good &= evidence(packet, value, &name, known, out)?;
    } else {
        good = false;
    }
    if !seen.insert(identity(&id)) {
        let message = format!("the item {name} stands in the review twice");
        out.push(row.finding(Code::ReviewItemTwice, message, "again"));
        good = false;
    }
    items.insert(id.into_owned(), good);
    Ok(())
}

/// Whether the evidence, one name or a list of them, is sealed in the packet.
fn evidence(
    packet: &Packet,
    value: Value<'_>,
    item: &str,
    known: &mut Known,
    out: &mut Sink,
) -> Result<bool, CheckError> {
    let names = match value.as_list() {
        Some(list) => list,
        None => vec![value],
    };
    let mut all = !names.is_empty();
    if names.is_empty() {
        let message = format!("the item {item} names no evidence");
        out.push(value.finding(Code::ReviewEvidenceMissing, message, "no evidence"));
    }
    for name in names {
        let Some(text) = name.word(out) else {
            all = false;
            continue;
        };
        let wrong = if let Some(wrong) = known.get(&*text) {
            *wrong
        } else {
            let wrong = judged(packet, value.document().path(), &text)?;
            known.insert(text.to_string(), wrong);
            wrong
        };
        let Some(wrong) = wrong else { continue };
        let message = format!("the evidence {} of the item {item} {wrong}", quote(text.as_bytes()));
        let finding = name.finding(Code::ReviewEvidenceMissing, message, wrong);
        all &= wrong == UNSTATED;
        out.push(if wrong == UNSTATED { suspected(finding) } else { finding });
    }
    Ok(all)
}

/// What is wrong with a file as evidence: `None` when it is sealed, holds something, and is
/// not the review itself.
fn judged(packet: &Packet, review: &BytePath, text: &str) -> Result<Option<&'static str>, CheckError> {
    let reference = Reference::of(text);
    if reference.path().as_ref() == Some(review) {
        return Ok(Some("is the review itself"));
    }
    let shown = || quote(text.as_bytes());
    reference.wrong(packet).map_err(|withheld| CheckError(format!("{} {withheld}", shown())))
}

/// The items are those of the profile; a review without any is none.
fn complete(packet: &Packet, root: Value<'_>, items: &BTreeMap<String, bool>, out: &mut Sink) {
    let due = packet.profile().words(Key::ReviewItems);
    for item in due.iter().filter(|item| !items.contains_key(*item)) {
        let message = format!("the review lacks the item {}", quote(item.as_bytes()));
        out.push(root.finding(Code::ReviewItemMissing, message, "lacks an item"));
    }
    if items.is_empty() && due.is_empty() {
        out.push(root.finding(Code::ReviewItemMissing, "the review has no item", "no item"));
    }
}

/// What the review sums up, against what is computed here.
fn totals(root: Object<'_>, rows: usize, good: usize, profile: &Profile, out: &mut Sink) {
    let all_good = rows > 0 && good == rows;
    for field in ["all_passed", "all_pass"] {
        if let Some(value) = root.get(field)
            && let Some(said) = value.flag(out)
            && said != all_good
        {
            let message = format!("`{field}` is {said}, and {good} of {rows} items are passed with evidence");
            out.push(value.finding(Code::ReviewFlagDisagrees, message, "the items say otherwise"));
        }
    }
    for (field, due) in [("passed_count", good), ("total", rows)] {
        if let Some(value) = root.get(field)
            && let Some(said) = value.count(out)
            && said != due as u64
        {
            let message = format!("`{field}` is {said}, and {due} are counted here");
            out.push(value.finding(Code::ReviewFlagDisagrees, message, "another number"));
        }
    }
    others(root, rows, good, profile, out);
}

/// What else says how the review ended, whatever it is called.
fn others(root: Object<'_>, rows: usize, good: usize, profile: &Profile, out: &mut Sink) {
    let all_good = rows > 0 && good == rows;
    let judged = ["all_passed", "all_pass", "passed_count", "total", "items"];
    for (name, value) in root.members().filter(|(name, _)| !judged.contains(&&**name)) {
        let number = number(value).filter(|_| value.as_list().is_none() || is_of_items(&words(&name)));
        let wrong = match number {
            Some(said) => counted(&words(&name), rows, good).is_some_and(|due| said != due as u64),
            None => ended(&name, value, profile).is_some_and(|well| well != all_good),
        };
        if wrong {
            let message =
                format!("{} does not follow: {good} of {rows} items are passed with evidence", value.shown());
            out.push(value.finding(Code::ReviewFlagDisagrees, message, "the items say otherwise"));
        }
    }
}

/// Words for what a review found wrong.
const FINDINGS: &str = "finding findings issue issues defect defects objection objections problem problems";

/// Whether a list is of items of the review, or of what it found wrong.
fn is_of_items(name: &[String]) -> bool {
    only(name, "fail failed failing id ids item items list not passed") || any(name, FINDINGS)
}

/// The number that a name of a count stands for.
fn counted(name: &[String], rows: usize, good: usize) -> Option<usize> {
    const OPEN: &str = "open unresolved remaining outstanding blocking count number of total list ids still";
    if any(name, DENIALS) || any(name, DUE) {
        return None;
    }
    // Whatever a review leaves open, it did not pass.
    if any(name, FINDINGS) {
        let is_open = any(name, "open unresolved remaining outstanding blocking");
        let left = name.iter().filter(|word| !super::words::is(word, FINDINGS)).cloned().collect::<Vec<_>>();
        return (is_open && only(&left, OPEN)).then_some(0);
    }
    if any(name, FELL) {
        return Some(rows - good);
    }
    if any(name, HELD) {
        return Some(good);
    }
    (any(name, "item items") && any(name, "total count")).then_some(rows)
}

#[cfg(test)]
mod tests;
