//! What a reservation says of itself beside its due fields: that it was applied, is no
//! addendum of its own, or met something, under any name and at any depth.

use super::{PROPOSAL, is_proposal};
use crate::check::said::{Said, says};
use crate::check::words::{DENIALS, DUE, any, is, last, only, words};
use crate::code::Code;
use crate::evidence::{Object, Value};
use crate::finding::Sink;
use crate::profile::Profile;

/// Words for what is only proposed and was done.
const DONE: &str = "applied folded committed minted merged activated registered";
/// Those of them that no count is of what was done before.
const COUNTED: &str = "applied minted merged activated committed";

/// What an object says of its being a proposal, under any spelling, with what it holds
/// and no other rule reads.
pub(super) fn judge(holder: Object<'_>, others: &[&str], profile: &Profile, out: &mut Sink) {
    let mut judged = Vec::new();
    for (field, _) in PROPOSAL {
        if let Some(value) = holder.get(field) {
            judged.push(value.span());
            is_proposal(field, value, profile, out);
        }
    }
    judged.extend(others.iter().filter_map(|name| Some(holder.get(name)?.span())));
    let mut work: Vec<(Vec<String>, Value<'_>)> =
        holder.members().map(|(name, value)| (words(&name), value)).collect();
    while let Some((name, value)) = work.pop() {
        if judged.contains(&value.span()) {
            continue;
        }
        let joined = name.join(" ");
        if let Some((field, _)) = PROPOSAL.iter().find(|(_, like)| *like == joined) {
            is_proposal(field, value, profile, out);
        } else if is_done(&name, value) {
            let message = format!("{} says that the reservation was applied", value.shown());
            out.push(value.finding(Code::ReservationApplied, message, "more than proposed"));
        } else if is_no_addendum(&name, value) {
            let message = format!("{} says that the reservation is no addendum of its own", value.shown());
            out.push(value.finding(Code::ReservationApplied, message, "must be true"));
        } else if is_collision(&name, value) {
            let message = format!("the document itself records collisions at {}", value.shown());
            out.push(value.finding(Code::ReservationCollision, message, "must be none"));
        } else if let Some(object) = value.as_object() {
            // A name below another one is read behind it.
            let below = |own: &str| name.iter().cloned().chain(words(own)).collect();
            work.extend(object.members().map(|(own, value)| (below(&own), value)));
        }
    }
}

/// Whether a field says that what is only proposed was done.
fn is_done(name: &[String], value: Value<'_>) -> bool {
    const EARLIER: &str = "before ceiling earlier existing history known old previous prior";
    if any(name, DENIALS) || any(name, DUE) || any(name, EARLIER) {
        return false;
    }
    let about = is(last(name), "state status");
    let done = |text: &str| matches!(words(text).as_slice(), [one] if is(one, DONE));
    if let Some(text) = value.as_text() {
        let is_time = is(last(name), "at on date time")
            && only(name, &format!("{COUNTED} folded fold at on date time utc"))
            && text.bytes().any(|byte| byte.is_ascii_digit());
        return (about && done(&text)) || is_time || (says(value) == Said::Yes && any(name, DONE));
    }
    let counted = || {
        says(value) == Said::Yes
            && any(name, COUNTED)
            && only(name, &format!("{COUNTED} count ids n now number objects of total"))
    };
    (value.raw() == b"true" && any(name, DONE)) || counted()
}

/// `standalone: false`.
fn is_no_addendum(name: &[String], value: Value<'_>) -> bool {
    let no = value.raw() == b"false" || (value.as_text().is_some() && says(value) == Said::No);
    no && any(name, "standalone addendum") && only(name, "a addendum alone an is its of own standalone")
}

/// `collision_count: 2`; how many were looked at is something else.
fn is_collision(name: &[String], value: Value<'_>) -> bool {
    says(value) == Said::Yes
        && any(name, "collision collisions collides")
        && only(
            name,
            "any collides collision collisions count detected found has ids is list n number of present the total",
        )
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::check::bench::{Bench, Judged};
    use crate::check::governance;
    use crate::check::reservations::ReservationsCheck;

    const NAME: &str = "reservation-addendum.json";

    fn more(holder: &str, field: &str, value: Value) -> Judged {
        let mut document = governance::document(NAME);
        document.pointer_mut(holder).unwrap()[field] = value;
        Bench::new("fix7").json(NAME, &document).judge(&ReservationsCheck)
    }

    /// A proposal said beside its status that it had been applied.
    #[test]
    fn a_proposal_was_applied_under_another_name() {
        for (field, value) in [
            ("applied_at", json!("2026-06-11")),
            ("fold_applied", json!("YES")),
            ("applied_count", json!(3)),
            ("minted_ids", json!(["TKT-OBJ-495"])),
            ("standalone", json!(false)),
            ("standalone", json!("no")),
        ] {
            more("", field, value).fails_at(&[&format!("reservation_applied /{field}")]);
        }
        more("", "canonical", json!({"fold": true})).fails_at(&["reservation_applied /canonical/fold"]);
        more("/ranges/0", "folded_on", json!("2026-06-11"))
            .fails_at(&["reservation_applied /ranges/0/folded_on"]);
        for (field, value) in [
            ("applied_at", Value::Null),
            ("applied_at", json!("not yet")),
            ("not_applied", json!(true)),
            ("applied_count", json!(0)),
            ("folded_through", json!(461)),
            ("folded_ranges", json!(["TKT-OBJ-225..441"])),
            ("registered_objects", json!(494)),
            ("canonical", json!({"fold": false, "registry": "unchanged"})),
            ("to_be_applied_on", json!("2026-07-01")),
            ("applied_when", json!("the owner signs")),
            ("apply_requires", json!("YES")),
            ("standalone", json!(true)),
            ("standalone", json!("yes")),
            ("previous_range", json!({"status": "FOLDED", "applied": true})),
        ] {
            more("", field, value).is_ok();
        }
    }

    #[test]
    fn collisions_were_recorded_beside_none() {
        for (field, value) in [
            ("collision_count", json!(2)),
            ("collisions_found", json!(["TKT-OBJ-495"])),
            ("has_collisions", json!(true)),
        ] {
            more("", field, value).fails_at(&[&format!("reservation_collision /{field}")]);
        }
        for (field, value) in [
            ("collision_count", json!(0)),
            ("no_collisions", json!(true)),
            ("collisions_checked", json!(494)),
            ("collision_rule", json!(["disjoint"])),
        ] {
            more("", field, value).is_ok();
        }
    }
}
