//! The packet's list of its own claims: each item is computed again from how the
//! check ended that it stands for.

use std::collections::BTreeSet;

use super::endings::says_not_applied;
use crate::check::words::{any, is, words};
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
    let results = Results::of(packet, &rows);
    let claiming = status.filter(|status| !packet.profile().checks_claimed_by(status).is_empty());
    if let Some(object) = root.as_object() {
        results.agree(object, out);
    }
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
        } else if let Some(status) = claiming.filter(|_| said == Said::Failed && is_failure(&result)) {
            let message = format!(
                "the item {} is {}, and the status is {}",
                quote(id.as_bytes()),
                quote(result.as_bytes()),
                quote(status.as_bytes())
            );
            out.push(value.finding(Code::SelfCheckDiffers, message, "failed"));
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
    /// Less than it could; nothing to hold against it where the status claims nothing.
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

/// Whether a result says that the item failed; one that is open or unknown does not.
fn is_failure(result: &str) -> bool {
    any(&words(result), "fail failed fails failing failure failures error errors")
}

/// How the items ended.
struct Results {
    passed: u64,
    failed: u64,
    all: u64,
}

impl Results {
    fn of(packet: &Packet, rows: &[Object<'_>]) -> Self {
        let mut results = Self { passed: 0, failed: 0, all: 0 };
        for row in rows {
            let said = row.get("result").and_then(|value| read(packet, &value.as_text()?));
            results.all += 1;
            results.passed += u64::from(said == Some(Said::Passed));
            results.failed += u64::from(said == Some(Said::Failed));
        }
        results
    }

    /// What the self-check sums up is what its items say.
    fn agree(&self, root: Object<'_>, out: &mut Sink) {
        const COUNTS: &str = "count total number items item checks passed failed pass fail of";
        for (name, value) in root.members() {
            let name = words(&name);
            let (passed, failed) = (any(&name, "pass passed"), any(&name, "fail failed"));
            let due = match (passed, failed) {
                (true, false) => self.passed,
                (false, true) => self.failed,
                _ => continue,
            };
            if passed && (name.len() == 1 || any(&name, "all every")) && is_flag(value) {
                // What is not available did not fail.
                let holds = value.as_flag() == Some(true);
                if (holds && self.failed > 0) || (!holds && self.passed == self.all) {
                    let message = format!(
                        "{} is {holds}, and {} of {} items passed",
                        value.shown(),
                        self.passed,
                        self.all
                    );
                    out.push(value.finding(Code::SelfCheckCountDiffers, message, "the items say otherwise"));
                }
            } else if name.iter().all(|word| is(word, COUNTS))
                && value.raw().first().is_some_and(u8::is_ascii_digit)
                && let Some(said) = value.count(out).filter(|said| *said != due)
            {
                let what = if passed { "passed" } else { "failed" };
                let message = format!("{} is {said}, and {due} items {what}", value.shown());
                out.push(value.finding(Code::SelfCheckCountDiffers, message, "another number"));
            }
        }
    }
}

fn is_flag(value: Value<'_>) -> bool {
    matches!(value.raw(), b"true" | b"false")
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
