//! What a pin or the document of pins says beside its due fields: that something was found
//! other than pinned counts under any name.

use crate::check::ended::{failures, fell};
use crate::check::words::{DENIALS, DUE, any, only, words};
use crate::code::Code;
use crate::digest::Sha256;
use crate::evidence::{Object, Value};
use crate::finding::Sink;
use crate::profile::Profile;

/// Words of what was seen, not of what was due.
const SEEN: &str = "actual calculated computed current found got measured observed recomputed";
/// Words of a flag that says that two things are the same.
const SAME: &str = "agree agrees equal equals identical match matched matches same unchanged";

/// Judges a row; whether nothing in it differs from the pin.
pub(super) fn row(
    row: Object<'_>,
    shown: &str,
    pinned: Sha256,
    size: Option<u64>,
    profile: &Profile,
    out: &mut Sink,
) -> bool {
    let judged: Vec<_> = ["sha256", "recomputed_sha256", "size"]
        .iter()
        .filter_map(|name| Some(row.get(name)?.span()))
        .collect();
    let mut agrees = true;
    for (name, value) in row.members().filter(|(_, value)| !judged.contains(&value.span())) {
        let parts = words(&name);
        let what = if any(&parts, SEEN) && value.as_digest().is_some_and(|seen| seen != pinned) {
            "to another digest than the pinned one"
        } else if is_size(&parts)
            && let Some(size) = size
            && value.integer(&mut Sink::default()).is_some_and(|seen| seen != size)
        {
            "to another length than the pinned one"
        } else if differs(&name, &parts, value, profile) {
            "and did not agree"
        } else {
            continue;
        };
        let message = format!("{shown} was computed {what}, says {}", value.shown());
        out.push(value.finding(Code::PinMismatch, message, "not what is pinned"));
        agrees = false;
    }
    agrees
}

/// Judges what stands beside the pins.
pub(super) fn document(root: Object<'_>, profile: &Profile, out: &mut Sink) {
    let pins = root.get("pins").map(Value::span);
    for (name, value) in root.members().filter(|(_, value)| Some(value.span()) != pins) {
        let parts = words(&name);
        // What else the document is about may have ended as it likes.
        let about =
            only(
                &parts,
                "all any are artifact artifacts count digest digests do every match matched matches \
                                  mismatch mismatched mismatches number of pin pins prior the",
            ) && any(&parts, "pin pins artifact artifacts digest digests mismatch mismatched mismatches all");
        if about && differs(&name, &parts, value, profile) {
            let message = format!("not every pin agreed, says {}", value.shown());
            out.push(value.finding(Code::PinMismatch, message, "some differ"));
        }
    }
}

fn is_size(name: &[String]) -> bool {
    any(name, SEEN) && any(name, "bytes length size") && only(name, &format!("{SEEN} bytes length size in"))
}

/// `match: false`, `mismatches: 2`, `status: "MISMATCH"`.
fn differs(name: &str, parts: &[String], value: Value<'_>, profile: &Profile) -> bool {
    let denied = any(parts, DENIALS) || any(parts, DUE);
    let same = any(parts, SAME);
    let other = any(parts, "mismatch mismatched mismatches differ differs different");
    match value.raw() {
        b"false" if same => !denied,
        b"true" if other => !denied,
        _ => failures(name, value).is_some_and(|number| number > 0) || (!same && fell(name, value, profile)),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::check::bench::{Bench, Judged, hex};
    use crate::check::preflight::PreflightCheck;

    fn judge(change: impl Fn(&mut Value)) -> Judged {
        let mut document = json!({
            "pins": [{"name": "canon.txt", "sha256": hex("canon"), "size": 5, "source": "bytes"}],
        });
        change(&mut document);
        Bench::new("generic")
            .file("canon.txt", "canon")
            .json("preflight.json", &document)
            .judge(&PreflightCheck)
    }

    fn row(field: &'static str, value: &Value) -> Judged {
        judge(|document| document["pins"][0][field] = value.clone())
    }

    /// The bytes agreed with the pin, and the row said of another time that they did not.
    #[test]
    fn a_pin_said_beside_its_digest_that_it_did_not_match() {
        for (field, value) in [
            ("match", json!(false)),
            ("digestMatches", json!(false)),
            ("mismatch", json!(true)),
            ("status", json!("MISMATCH")),
            ("result", json!("FAIL")),
            ("computed_sha256", json!(hex("other"))),
            ("sha256_of_found", json!(hex("other"))),
            ("found_size", json!(6)),
        ] {
            row(field, &value)
                .fails_at(&[&format!("pin_mismatch /pins/0/{field}")])
                .says("none of 1 pins could be recomputed");
        }
        for (field, value) in [
            ("match", json!(true)),
            ("mismatch", json!(false)),
            ("no_mismatch", json!(true)),
            ("status", json!("MATCH")),
            ("status", json!("UNKNOWN")),
            ("verified", json!(false)),
            ("status", json!("no mismatch")),
            ("computed_sha256", json!(hex("canon"))),
            ("previous_sha256", json!(hex("other"))),
            ("found_size", json!(5)),
            ("found_pages", json!(6)),
            ("found", json!(6)),
            ("match_required", json!(false)),
            ("expected_mismatch", json!(true)),
        ] {
            row(field, &value).is_ok();
        }
    }

    #[test]
    fn the_document_counted_pins_that_did_not_match() {
        for (field, value) in [
            ("all_pins_match", json!(false)),
            ("mismatches", json!(2)),
            ("any_mismatch", json!(true)),
            ("mismatched_pins", json!(["canon"])),
        ] {
            judge(|document| document[field] = value.clone()).fails_at(&[&format!("pin_mismatch /{field}")]);
        }
        for (field, value) in [
            ("all_pins_match", json!(true)),
            ("mismatches", json!(0)),
            ("mismatched_pins", json!([])),
            ("no_mismatch", json!(true)),
            ("production_matches_clone", json!(false)),
            ("digest_of_production_matches", json!(false)),
        ] {
            judge(|document| document[field] = value.clone()).is_ok();
        }
    }
}
