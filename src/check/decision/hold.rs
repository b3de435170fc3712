//! Words for a hold that is over, and for production that may go on: the default holds
//! for as long as nobody decided.

use crate::check::said::{Said, says};
use crate::check::words::{DENIALS, DUE, any, only, words};
use crate::code::Code;
use crate::evidence::Value;
use crate::finding::Sink;
use crate::text::alike::squeezed;

/// Words for a hold.
const HOLD: &str = "hold holds held holding";
/// Words that, beside one for a hold, say no more than that there is one.
const PLAIN: &str = "\
    a active default effect force hold holding holds held in is kept on place production remains status state \
    still stays the";
/// Words for the end of a hold.
const LIFTED: &str = "lifted released removed ended over cleared waived revoked withdrawn expired dropped";

/// Whether a field says that there is no hold any more: `hold: false`, `hold_lifted: true`.
pub(super) fn is_lifted(name: &[String], value: Value<'_>) -> bool {
    if !any(name, HOLD) || any(name, DUE) {
        return false;
    }
    let denied = any(name, DENIALS);
    if any(name, LIFTED) {
        let dated = || value.as_text().is_some_and(|text| text.bytes().any(|byte| byte.is_ascii_digit()));
        return match says(value) {
            Said::Yes => !denied,
            // An empty field is no answer.
            Said::No => denied && value.raw() == b"false",
            Said::Other => !denied && dated(),
        };
    }
    let over = match value.as_text() {
        Some(text) => {
            ["no", "false", "off"].contains(&squeezed(&text).as_str()) || only(&words(&text), LIFTED)
        }
        None => value.raw() == b"false",
    };
    over && only(name, PLAIN)
}

pub(super) fn tell(value: Value<'_>, out: &mut Sink) {
    let message = format!("{} says that production is not held", value.shown());
    out.push(value.finding(Code::DecisionNotHeld, message, "does not hold"));
}

/// Whether a field for going or not says to go: `go_no_go: "GO"`.
pub(super) fn goes(name: &[String], value: Value<'_>) -> bool {
    let joined = name.concat();
    let asks = joined.starts_with("gonogo") || joined.ends_with("gonogo") || joined == "go";
    let said = value.as_text().map(|text| words(&text)).unwrap_or_default();
    asks && (value.raw() == b"true"
        || (said.first().is_some_and(|word| word == "go")
            && only(&said, "go ahead live now for execution production")))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::check::bench::{Bench, Judged};
    use crate::check::decision::DecisionCheck;
    use crate::check::governance;

    fn decision(field: &str, value: Value) -> Judged {
        let mut decision = governance::document("decision-packet.json");
        decision[field] = value;
        let bench = ["delegation-lock.json", "blocker-map.json", "precondition-checklist.json"]
            .iter()
            .fold(Bench::new("fix7"), |bench, name| bench.json(name, &governance::document(name)));
        bench.json("decision-packet.json", &decision).judge(&DecisionCheck)
    }

    /// The default held, and a field beside it said that it was over.
    #[test]
    fn a_hold_was_lifted_beside_the_default() {
        for (field, value) in [
            ("hold", json!(false)),
            ("production_hold", json!("LIFTED")),
            ("isHeld", json!("no")),
            ("hold_lifted", json!(true)),
            ("hold_released_at", json!("2026-06-11")),
            ("hold_not_lifted", json!(false)),
        ] {
            decision(field, value).fails_at(&[&format!("decision_not_held /{field}")]);
        }
        decision("state", json!({"hold": false})).fails_at(&["decision_not_held /state/hold"]);
        for (field, value) in [
            ("hold", json!(true)),
            ("hold", json!("HOLD_PRODUCTION")),
            ("hold_lifted", json!(false)),
            ("hold_lifted", Value::Null),
            ("hold_lifted_at", json!("not yet")),
            ("hold_required", json!(false)),
            ("hold_must_be_lifted", json!(true)),
            ("restriction_lifted", json!(true)),
            ("hold_until", json!("the owner signs")),
            ("hold_not_lifted", json!(true)),
            ("hold_reason", json!("no")),
        ] {
            decision(field, value).is_ok();
        }
    }

    #[test]
    fn a_go_needs_the_grounds_of_execution() {
        for (field, value) in [
            ("go_no_go", json!("GO")),
            ("goNoGo", json!("go ahead")),
            ("go", json!(true)),
            ("go-nogo", json!("GO")),
            ("go_no_go_status", json!("GO")),
            ("production_go_no_go", json!("GO")),
        ] {
            decision(field, value).fails_with("execution_not_granted");
        }
        for value in ["NO-GO", "NO_GO", "no", "pending", "GO only when every blocker is closed", "HOLD"] {
            decision("go_no_go", json!(value)).is_ok();
        }
    }
}
