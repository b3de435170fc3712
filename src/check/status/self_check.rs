//! The packet's list of its own claims: each item is computed again from how the
//! check ended that it stands for.

use std::collections::BTreeSet;

use super::endings::says_not_applied;
use crate::check::words::words;
use crate::check::{CheckError, Level, Outcome, Packet, Status};
use crate::code::{Code, Severity};
use crate::drift::Grade;
use crate::evidence::{Object, Value};
use crate::finding::Sink;
use crate::profile::{Key, Role};
use crate::text::quote;

pub(super) fn judge(
    packet: &Packet,
    status: Option<&str>,
    earlier: &[Outcome],
    out: &mut Sink,
) -> Result<(), CheckError> {
    let Some(document) = packet.document(Role::SelfCheck, out)? else { return Ok(()) };
    let root = document.root();
    let rows = match root.as_list() {
        Some(_) => root.objects(out),
        None => root.object(out).and_then(|object| object.field("items").objects(out)),
    };
    let rows = rows.unwrap_or_default();
    count(packet, root, rows.len(), out);
    let mut seen = BTreeSet::new();
    for row in rows {
        let Some(id) = row.field("id").word(out) else { continue };
        if !seen.insert(id.clone()) {
            let message = format!("the item {} stands in the self-check twice", quote(id.as_bytes()));
            out.push(row.finding(Code::SelfCheckCountDiffers, message, "again"));
        }
        let item = row.field("item").word(out).unwrap_or_default();
        let Some(value) = row.field("result").value(out) else { continue };
        let Some(result) = value.word(out) else { continue };
        let Some(said) = read(packet, &result) else {
            value.unknown(&result, &packet.profile().words(Key::PassedResults), out);
            continue;
        };
        if said == Said::NotAvailable && !status.is_some_and(says_not_applied) {
            let message = format!(
                "the item {} is {}, and the status does not say that nothing was applied",
                quote(id.as_bytes()),
                quote(result.as_bytes())
            );
            out.push(value.finding(Code::SelfCheckDiffers, message, "not available"));
        } else if said == Said::Passed {
            let name = if item.is_empty() { id } else { item };
            recompute(packet, row, value, &name, earlier, out);
        }
    }
    Ok(())
}

/// What an item says of itself.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Said {
    Passed,
    /// Less than it could; nothing to hold against it.
    Failed,
    NotAvailable,
}

fn read(packet: &Packet, result: &str) -> Option<Said> {
    if packet.profile().words(Key::PassedResults).iter().any(|word| word == result) {
        return Some(Said::Passed);
    }
    // However good such a word begins, its end says that nothing was done.
    if result.starts_with("N/A") || says_not_applied(result) {
        return Some(Said::NotAvailable);
    }
    let failed = packet.profile().words(Key::FailedResults);
    failed.iter().any(|word| word == result).then_some(Said::Failed)
}

/// How many items there are is told by the kind of packet.
fn count(packet: &Packet, root: Value<'_>, items: usize, out: &mut Sink) {
    let rows = packet.profile().rows(Key::SelfCheckItems);
    let due: Vec<&str> = rows.iter().filter_map(|row| row.word("revision")).collect();
    let known = due.iter().any(|due| due.parse() == Ok(items));
    if items == 0 || (!due.is_empty() && !known) {
        let message = match due.as_slice() {
            [] => "the self-check has no item".to_owned(),
            due => format!(
                "the self-check has {items} items, and {} are due",
                quote(due.join(" or ").as_bytes())
            ),
        };
        out.push(root.finding(Code::SelfCheckCountDiffers, message, "another number"));
    }
}

/// The check on what fails closed that an item speaks of and passes by: it names
/// another one, and that check did not hold. What is denied is not spoken of.
fn passed_by<'o>(item: &str, own: &str, earlier: &'o [Outcome]) -> Option<&'o Outcome> {
    const DENY: [&str; 6] = ["no", "not", "never", "without", "none", "nothing"];
    let words = words(item);
    if words.iter().any(|word| DENY.contains(&word.as_str())) {
        return None;
    }
    let named = |outcome: &&Outcome| {
        outcome.meta.level == Level::L2 && words.iter().any(|word| word == outcome.meta.id)
    };
    let named: Vec<&Outcome> = earlier.iter().filter(named).collect();
    if named.iter().any(|outcome| outcome.meta.id == own) {
        return None;
    }
    named.into_iter().find(|outcome| outcome.status != Status::Ok)
}

/// An item that is said to hold: the check that it stands for has held.
fn recompute(
    packet: &Packet,
    row: Object<'_>,
    value: Value<'_>,
    name: &str,
    earlier: &[Outcome],
    out: &mut Sink,
) {
    let by_profile = packet.profile().row(Key::SelfChecks, name).and_then(|row| row.word("check"));
    let own = row.get("check").and_then(|value| value.word(out));
    if by_profile.is_none()
        && let Some(at) = row.get("check")
        && let Some(due) = passed_by(name, own.as_deref().unwrap_or_default(), earlier)
    {
        let message = format!(
            "the item {} speaks of {}, which is {}, and names another check",
            quote(name.as_bytes()),
            quote(due.meta.id.as_bytes()),
            due.status.name().replace('_', " ")
        );
        out.push(at.finding(Code::SelfCheckDiffers, message, "another check"));
        return;
    }
    let Some(check) = by_profile.or(own.as_deref()) else {
        let message = format!("the item {} names no check and could not be computed", quote(name.as_bytes()));
        let mut finding = value.finding(Code::SelfCheckUnverifiable, message, "not computed");
        finding = finding.downgraded(Severity::Warning);
        finding.grade = Grade::Suspected;
        out.push(finding);
        return;
    };
    let outcome = earlier.iter().find(|outcome| outcome.meta.id == check);
    if outcome.is_some_and(|outcome| outcome.status == Status::Ok) {
        return;
    }
    let how = outcome.map_or("is no check before this one".to_owned(), |outcome| {
        format!("is {}", outcome.status.name().replace('_', " "))
    });
    let message = format!(
        "the item {} is said to hold, and the check {} {how}",
        quote(name.as_bytes()),
        quote(check.as_bytes())
    );
    out.push(value.finding(Code::SelfCheckDiffers, message, "the check says otherwise"));
}
