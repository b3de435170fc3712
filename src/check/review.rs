//! `review`: every item of the review is there once, is passed, and has evidence
//! that exists.

use std::collections::BTreeMap;

use super::{Applied, Check, CheckError, Level, Meta, Packet, Sink};
use crate::code::Code;
use crate::evidence::{Object, Value, Withheld};
use crate::path::{Backslash, BytePath};
use crate::profile::{Key, Role};
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
        let mut known = Known::new();
        for row in &rows {
            item(packet, *row, &passed, (&mut items, &mut known), out)?;
        }
        complete(packet, root, &items, out);
        let good = items.values().filter(|good| **good).count();
        if let Some(holder) = holder {
            totals(holder, rows.len(), good, out);
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
    (items, known): (&mut BTreeMap<String, bool>, &mut Known),
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
    if let Some(value) = row.field("evidence").value(out) {
        good &= evidence(packet, value, &name, known, out)?;
    } else {
        good = false;
    }
    if items.contains_key(&*id) {
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
            let wrong = judged(packet, &text)?;
            known.insert(text.to_string(), wrong);
            wrong
        };
        let Some(wrong) = wrong else { continue };
        all = false;
        let message = format!("the evidence {} of the item {item} {wrong}", quote(text.as_bytes()));
        out.push(name.finding(Code::ReviewEvidenceMissing, message, wrong));
    }
    Ok(all)
}

/// What is wrong with a file as evidence: `None` when it is sealed and holds something.
fn judged(packet: &Packet, text: &str) -> Result<Option<&'static str>, CheckError> {
    // `path@rev`, `path#/pointer`.
    let plain = text.split(['#', '@']).next().unwrap_or_default().trim();
    let plain = plain.strip_prefix("./").unwrap_or(plain);
    let held = match BytePath::parse(plain.as_bytes(), Backslash::Refuse) {
        Ok(path) => packet.shelf.bytes_of(&path),
        Err(_) => Err(Withheld::Absent),
    };
    match held {
        Ok(held) if held.sealed && !held.bytes.is_empty() => Ok(None),
        Ok(held) if held.sealed => Ok(Some("is empty")),
        Ok(_) => Ok(Some("is not sealed")),
        Err(Withheld::Absent) => Ok(Some("is not in the packet")),
        Err(Withheld::Unjudged(reason)) => Err(CheckError(format!("{} {reason}", quote(plain.as_bytes())))),
    }
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
fn totals(root: Object<'_>, rows: usize, good: usize, out: &mut Sink) {
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
}

#[cfg(test)]
mod tests;
