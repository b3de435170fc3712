//! What a map and a machine report sum up of the blockers: numbers, lists, states by
//! name and words for all of them follow from the rows.

use std::collections::BTreeMap;

use super::open;
use super::row::{Blocker, is_one};
use crate::check::said::{Said, everywhere, number, says};
use crate::check::words::{DENIALS, DUE, any, only, words};
use crate::code::Code;
use crate::evidence::{Object, Value};
use crate::finding::Sink;
use crate::profile::{Key, Profile};
use crate::text::quote;

/// Words that, beside those for a state, say no more than of how many.
const PLAIN: &str = "\
    all any are blocker blockers closed count counts currently every everything has id ids is items left list n no \
    none now number of open remain remaining resolved rows still the there total totals unresolved";
/// Words of a name that speaks of another time.
const THEN: &str = "newly new before previous previously prior after was were";

/// Judges the map. The number of open ones is due.
pub(super) fn of_map(root: Object<'_>, rows: &[Blocker<'_>], profile: &Profile, out: &mut Sink) {
    let mut judged = Vec::new();
    if let Some(value) = root.field("open_count").value(out) {
        is_count(value, open(rows), out);
        judged.push(value.span());
    }
    for (field, due) in [("blocker_count", rows.len()), ("closed_count", rows.len() - open(rows))] {
        if let Some(value) = root.field(field).optional() {
            is_count(value, due, out);
            judged.push(value.span());
        }
    }
    judged.extend(["blockers", "newly_closed"].iter().filter_map(|name| Some(root.get(name)?.span())));
    let nested = root.members().filter_map(|(_, value)| Some((value.span(), value.as_object()?)));
    let nested: Vec<Object<'_>> =
        nested.filter(|(span, _)| !judged.contains(span)).map(|(_, object)| object).collect();
    for holder in std::iter::once(root).chain(nested) {
        for (name, value) in holder.members().filter(|(_, value)| !judged.contains(&value.span())) {
            let name = words(&name);
            if only(&name, PLAIN) {
                sum(&name, value, rows, out);
            }
        }
    }
    by_id(root, &judged, rows, profile, out);
}

/// Judges the machine report or the decision: numbers and lists of blockers, whatever they are called.
pub(super) fn of_report(report: Object<'_>, rows: &[Blocker<'_>], profile: &Profile, out: &mut Sink) {
    let told = report.get("open_count");
    if let Some(value) = told {
        is_count(value, open(rows), out);
    }
    let told = told.map(Value::span);
    let nested = report.get("blockers").and_then(Value::as_object);
    let inner = nested.into_iter().flat_map(Object::members).map(|(name, value)| (words(&name), value));
    let outer = report.members().map(|(name, value)| (words(&name), value));
    let outer = outer.filter(|(name, _)| any(name, "blocker blockers"));
    for (name, value) in outer.chain(inner).filter(|(_, value)| Some(value.span()) != told) {
        sum(&name, value, rows, out);
    }
    by_id(report, &[], rows, profile, out);
}

fn is_count(value: Value<'_>, due: usize, out: &mut Sink) {
    if let Some(said) = value.count(out)
        && said != due as u64
    {
        let message = format!("{} is {said}, and {due} are counted here", value.shown());
        out.push(value.finding(Code::OpenCountDiffers, message, "another number"));
    }
}

/// A number, a list or a flag about the blockers that are open, or those that are closed.
fn sum(name: &[String], value: Value<'_>, rows: &[Blocker<'_>], out: &mut Sink) {
    if any(name, THEN) || any(name, DUE) {
        return;
    }
    let about_open = any(name, "open remaining unresolved");
    if !about_open && !any(name, "closed resolved") {
        return;
    }
    let n_open = open(rows);
    if is_said_to_be_clear(name, value, about_open) {
        if n_open > 0 {
            let message =
                format!("{} says that no blocker is open, and {n_open} are in the map", value.shown());
            out.push(value.finding(Code::OpenCountDiffers, message, "some are open"));
        }
        return;
    }
    if any(name, DENIALS) {
        return;
    }
    let due = if about_open { n_open } else { rows.len() - n_open };
    if value.as_list().is_some_and(|list| named(&list, about_open, rows, out)) {
        return;
    }
    let Some(said) = number(value) else { return };
    if said != due as u64 {
        let message = format!("{} has {said}, and {due} are counted in the map", value.shown());
        out.push(value.finding(Code::OpenCountDiffers, message, "another number"));
    }
}

/// `all_closed: true`, `none_open: true`, `any_open: false`.
fn is_said_to_be_clear(name: &[String], value: Value<'_>, about_open: bool) -> bool {
    let is_flag = value.as_flag().is_some() || value.as_text().is_some();
    let denied = any(name, DENIALS) || any(name, "none");
    match says(value) {
        _ if !is_flag => false,
        Said::Yes if about_open => denied,
        Said::Yes => !denied && any(name, "all every everything blockers"),
        Said::No if about_open => !denied && value.as_text().is_none_or(|text| !text.trim().is_empty()),
        Said::No | Said::Other => false,
    }
}

/// Whether a list names a blocker in another state than the list is for, which is told.
fn named(list: &[Value<'_>], as_open: bool, rows: &[Blocker<'_>], out: &mut Sink) -> bool {
    let closed: BTreeMap<&str, bool> = rows.iter().map(|row| (row.id.as_str(), row.closed)).collect();
    let mut any_wrong = false;
    for value in list {
        let Some(id) = value.as_text() else { continue };
        if closed.get(id.trim()) == Some(&as_open) {
            disagrees(*value, &id, as_open, out);
            any_wrong = true;
        }
    }
    any_wrong
}

/// A state that stands anywhere beside the name of a blocker is its state.
fn by_id(
    root: Object<'_>,
    judged: &[std::ops::Range<usize>],
    rows: &[Blocker<'_>],
    profile: &Profile,
    out: &mut Sink,
) {
    let closed: BTreeMap<&str, bool> = rows.iter().map(|row| (row.id.as_str(), row.closed)).collect();
    let (open_words, closed_words) = (profile.words(Key::OpenStates), profile.words(Key::ClosedStates));
    everywhere(root, &mut |name, value| {
        let Some(is_closed) = closed.get(name.trim()) else { return };
        if judged.iter().any(|judged| judged.contains(&value.span().start)) {
            return;
        }
        let of_row = value.as_object().and_then(|row| row.get("status").or_else(|| row.get("state")));
        let value = of_row.unwrap_or(value);
        let Some(text) = value.as_text() else { return };
        let wrong = if *is_closed { &open_words } else { &closed_words };
        if is_one(&text, wrong) {
            disagrees(value, name, *is_closed, out);
        }
    });
}

fn disagrees(value: Value<'_>, id: &str, is_closed: bool, out: &mut Sink) {
    let is_now = if is_closed { "closed" } else { "open" };
    let message = format!("{} says otherwise, and {} is {is_now}", value.shown(), quote(id.as_bytes()));
    out.push(value.finding(Code::BlockerStateDisagrees, message, "says otherwise"));
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::check::bench::{Bench, Judged};
    use crate::check::blockers::BlockersCheck;
    use crate::check::governance;

    const ID: &str = "FIX7-P0-PROD-OPT4-1";

    fn map(field: &str, value: Value) -> Judged {
        let mut map = governance::document("blocker-map.json");
        map[field] = value;
        Bench::new("fix7").json("blocker-map.json", &map).judge(&BlockersCheck)
    }

    fn report(report: &Value) -> Judged {
        let bench = Bench::new("fix7").json("blocker-map.json", &governance::document("blocker-map.json"));
        bench.json("machine-report.json", report).judge(&BlockersCheck)
    }

    /// Every row was open, and the map said beside them that none was.
    #[test]
    fn a_map_summed_its_open_blockers_up_as_closed() {
        for (field, value) in [
            ("open_total", json!(0)),
            ("all_closed", json!(true)),
            ("allBlockersClosed", json!("yes")),
            ("no_open_blockers", json!(true)),
            ("any_open", json!(false)),
            ("any_open", json!("no")),
            ("open_blockers", json!([])),
            ("closed_total", json!(7)),
        ] {
            map(field, value).fails_at(&[&format!("open_count_differs /{field}")]);
        }
        map("summary", json!({"open": 0})).fails_at(&["open_count_differs /summary/open"]);
        map("closed_blockers", json!([ID])).fails_at(&["blocker_state_disagrees /closed_blockers/0"]);
        map("states", json!({ID: "CLOSED"})).fails_at(&[&format!("blocker_state_disagrees /states/{ID}")]);
        for (field, value) in [
            ("open_total", json!(7)),
            ("all_closed", json!(false)),
            ("any_open", json!(true)),
            ("any_open", json!("")),
            ("no_open_blockers", json!(false)),
            ("closed_blockers", json!([])),
            ("open_since_days", json!(12)),
            ("closed_before", json!(3)),
            ("all_closed_required", json!(true)),
            ("must_be_closed", json!([ID])),
            ("summary", json!({"open": 7, "closed": 0, "text": "7 open"})),
            ("states", json!({ID: "OPEN"})),
            ("closed_at", Value::Null),
        ] {
            map(field, value).is_ok();
        }
    }

    #[test]
    fn a_map_without_an_open_blocker_may_say_so() {
        let mut map = governance::document("blocker-map.json");
        for row in map["blockers"].as_array_mut().unwrap() {
            row["status"] = json!("CLOSED");
            row["evidence"] = json!("the owner's letter of 12 June");
        }
        map["open_count"] = json!(0);
        map["all_closed"] = json!(true);
        Bench::new("fix7").json("blocker-map.json", &map).judge(&BlockersCheck).is_ok();
    }

    #[test]
    fn a_report_said_that_all_blockers_were_closed() {
        for (bad, found) in [
            (json!({"all_blockers_closed": true}), "open_count_differs /all_blockers_closed".to_owned()),
            (json!({"blockers_open": false}), "open_count_differs /blockers_open".to_owned()),
            (json!({"blockers": {"any_open": false}}), "open_count_differs /blockers/any_open".to_owned()),
            (
                json!({"blocker_status": {ID: "CLOSED"}}),
                format!("blocker_state_disagrees /blocker_status/{ID}"),
            ),
            (json!({"x": {ID: {"state": "resolved"}}}), format!("blocker_state_disagrees /x/{ID}/state")),
        ] {
            report(&bad).fails_at(&[&found]);
            let map = governance::document("blocker-map.json");
            let bench = Bench::new("fix7").json("blocker-map.json", &map).json("decision-packet.json", &bad);
            bench.judge(&BlockersCheck).fails_at(&[&found]);
        }
        for good in [
            json!({"all_blockers_closed": false, "blockers_open": true}),
            json!({"blocker_status": {ID: "OPEN"}}),
            json!({"blockers_closed_required": true}),
            json!({"blocker_closed": true}),
            json!({"blocker_notes": {ID: "closed when the owner signs"}}),
        ] {
            report(&good).is_ok();
        }
    }
}
