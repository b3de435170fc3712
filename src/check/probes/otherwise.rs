//! What a probe or the record says beside its due fields: that input was let through, or
//! that nothing was tried, counts under any name.

use super::record::Probe;
use crate::check::said::{Said, number, says};
use crate::check::words::{DENIALS, any, is, last, only, says_undone, words};
use crate::code::Code;
use crate::evidence::{Object, Value};
use crate::finding::Sink;

/// Words of a name that says how a probe ended.
const ENDS: &str = "status state result outcome verdict conclusion";
/// Words for input that was let through.
const THROUGH: &str = "accepted admitted allowed bypassed";

/// Where the row of a bad input says that it was let through.
pub(super) fn through(row: Object<'_>) -> Option<Value<'_>> {
    row.members()
        .map(|(name, value)| (words(&name), value))
        .find(|(name, value)| is_through(name, *value))
        .map(|found| found.1)
}

fn is_through(name: &[String], value: Value<'_>) -> bool {
    const NAMES: &str = "accepted admitted allowed bypassed fail failed fails input is it open the was";
    const REFUSED: &str = "closed fail failed fails input is it rejected refused the was";
    const GRANTS: &str = "pass seal sealed grant granted authorized approval approved";
    if let Some(text) = value.as_text() {
        let said = words(&text);
        let is_open = said
            .windows(2)
            .any(|two| matches!(two, [fail, open] if is(fail, "fail failed fails") && open == "open"))
            && !any(&said, DENIALS);
        return any(name, ENDS) && (is_open || only(&said, THROUGH));
    }
    if value.raw() == b"true" {
        return (only(name, NAMES) && any(name, "accepted admitted allowed bypassed open"))
            || (last(name) == "emitted" && any(name, GRANTS) && !any(name, DENIALS));
    }
    value.raw() == b"false" && only(name, REFUSED) && any(name, "closed rejected refused")
}

/// Where a row says that nothing was tried.
pub(super) fn untried(row: Object<'_>) -> Option<Value<'_>> {
    row.members()
        .map(|(name, value)| (words(&name), value))
        .find(|(name, value)| is_untried(name, *value))
        .map(|found| found.1)
}

fn is_untried(name: &[String], value: Value<'_>) -> bool {
    const DONE: &str = "attempted executed it performed ran run the tried was is not never";
    const BROKEN: &str = "aborted crashed is it skipped the timedout timeout was";
    if let Some(text) = value.as_text() {
        return any(name, ENDS) && says_undone(&text);
    }
    let denied = any(name, DENIALS);
    match value.raw() {
        b"true" => only(name, BROKEN) || name.concat() == "timedout" || (denied && only(name, DONE)),
        b"false" => !denied && only(name, DONE),
        _ => false,
    }
}

/// Judges what the record sums up under names that no other rule reads.
pub(super) fn sums(root: Object<'_>, probes: &[Probe<'_>], out: &mut Sink) {
    const OPEN: &str = "accepted all any bad count fail failed fails number of open probes the total";
    const CLOSED: &str = "all are closed every fail failed fails inputs probes refused rejected the were";
    let open = probes.iter().filter(|probe| probe.is_open()).count() as u64;
    for (name, value) in root.members().filter(|(name, _)| name != "any_fail_open") {
        let name = words(&name);
        let failed_open =
            only(&name, OPEN) && any(&name, "open accepted") && any(&name, "fail failed fails accepted");
        let said = number(value);
        if failed_open && said.is_some_and(|said| said != open) {
            let message = format!("{} is another number: {open} probes failed open", value.shown());
            out.push(value.finding(Code::ProbeCountDiffers, message, "another number"));
        } else if (failed_open && said.is_none() && says(value) == Said::Yes)
            || (only(&name, CLOSED) && any(&name, "all every") && is_a_no(value))
        {
            let message = format!("a probe failed open, says {}", value.shown());
            out.push(value.finding(Code::ProbeFailOpen, message, "fails open"));
        }
    }
}

fn is_a_no(value: Value<'_>) -> bool {
    value.raw() == b"false" || value.as_text().is_some_and(|text| is(&text.to_lowercase(), "no false"))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::check::bench::{Bench, Judged, with, without};
    use crate::check::probes::ProbesCheck;
    use crate::check::samples;

    fn judge(record: &Value) -> Judged {
        Bench::new("fix7").json("bad-input-probes.json", record).judge(&ProbesCheck)
    }

    fn row(at: usize, field: &str, value: Value) -> Judged {
        let mut record = samples::rehearsal_probes();
        record["probes"][at][field] = value;
        judge(&record)
    }

    fn root(field: &str, value: Value) -> Judged {
        let mut record = samples::rehearsal_probes();
        record[field] = value;
        judge(&record)
    }

    /// The row had the exit status and the code that are due, and told that it was let through.
    #[test]
    fn a_refused_probe_said_beside_that_it_was_accepted() {
        for (field, value) in [
            ("fail_open", json!(true)),
            ("accepted", json!(true)),
            ("wasAllowed", json!(true)),
            ("rejected", json!(false)),
            ("fail_closed", json!(false)),
            ("result", json!("FAIL_OPEN")),
            ("status", json!("accepted")),
            ("GRANT_emitted", json!(true)),
        ] {
            row(0, field, value).fails_with_at("probe_fail_open", &format!("/probes/0/{field}"));
        }
        for (field, value) in [
            ("fail_open", json!(false)),
            ("accepted", json!(false)),
            ("must_be_allowed", json!(false)),
            ("must_not_be_accepted", json!(true)),
            ("rejected", json!(true)),
            ("rejected_by_hand", json!(false)),
            ("result", json!("FAIL_CLOSED")),
            ("result", json!("did not fail open")),
            ("note", json!("would fail open without the check")),
            ("REJECTION_emitted", json!(true)),
        ] {
            row(0, field, value).is_ok();
        }
        let control = samples::rehearsal_probes()["probes"].as_array().unwrap().len() - 1;
        row(control, "accepted", json!(true)).is_ok();
    }

    #[test]
    fn a_probe_that_was_not_run_was_taken_for_refused() {
        for (field, value) in [
            ("skipped", json!(true)),
            ("timed_out", json!(true)),
            ("executed", json!(false)),
            ("not_run", json!(true)),
            ("status", json!("NOT_RUN")),
        ] {
            row(0, field, value).fails_at(&[&format!("probe_exit_differs /probes/0/{field}")]);
        }
        for code in ["NOT_RUN", "SKIPPED", "TODO", "UNKNOWN", "timed out", "OVERALL_RESULT: PASS"] {
            row(0, "code", json!(code)).fails_at(&["probe_wrong_code /probes/0/code"]);
        }
        for (field, value) in [
            ("skipped", json!(false)),
            ("executed", json!(true)),
            ("status", json!("REFUSED")),
            ("code", json!("UNKNOWN_TARGET")),
            ("code", json!("NOT_RUNNABLE")),
            ("run", json!(3)),
        ] {
            row(0, field, value).is_ok();
        }
    }

    #[test]
    fn a_crash_or_a_time_out_was_taken_for_a_refusal() {
        let ended = |exit: u64, more: Value| {
            let mut record = samples::rehearsal_probes();
            let row = record["probes"][0].as_object_mut().unwrap();
            row.insert("actual_exit".into(), json!(exit));
            row.insert("expected_exit".into(), json!(exit));
            row.extend(more.as_object().unwrap().clone());
            judge(&record)
        };
        let structured = json!({"event_type": "REJECTION", "authority_effect": "NONE"});
        for exit in [124, 126, 137, 139] {
            ended(exit, json!({})).fails_at(&["probe_exit_differs /probes/0/actual_exit"]);
        }
        for exit in [124, 139] {
            ended(exit, structured.clone()).is_ok();
        }
        for exit in [256, 65536] {
            ended(exit, structured.clone()).fails_at(&["probe_exit_differs /probes/0/actual_exit"]);
        }
        for exit in [1, 2, 64, 101, 128, 200, 255] {
            ended(exit, json!({})).is_ok();
        }
        let lacks = without(&samples::rehearsal_probes(), "/probes/0/expected_exit");
        judge(&lacks).fails_with("evidence_field_missing");
        let mut none = samples::rehearsal_probes();
        for row in none["probes"].as_array_mut().unwrap() {
            row.as_object_mut().unwrap().remove("expected_exit");
        }
        judge(&none).is_ok();
    }

    #[test]
    fn the_record_counted_probes_that_failed_open() {
        for (field, value, code) in [
            ("fail_open_count", json!(3), "probe_count_differs"),
            ("failed_open", json!(["P-01"]), "probe_count_differs"),
            ("failed_open", json!(true), "probe_fail_open"),
            ("all_rejected", json!(false), "probe_fail_open"),
            ("all_fail_closed", json!("NO"), "probe_fail_open"),
        ] {
            root(field, value).fails_at(&[&format!("{code} /{field}")]);
        }
        for (field, value) in [
            ("fail_open_count", json!(0)),
            ("failed_open", json!([])),
            ("all_rejected", json!(true)),
            ("all_fail_closed", json!(true)),
            ("open_questions", json!(2)),
            ("failed_probes", json!(10)),
            ("all_questions_closed", json!(false)),
        ] {
            root(field, value).is_ok();
        }
        let open = with(&samples::rehearsal_probes(), "/probes/0/actual_exit", json!(0));
        let mut open = with(&open, "/any_fail_open", json!(true));
        open["fail_open_count"] = json!(0);
        judge(&open).fails_with_at("probe_count_differs", "/fail_open_count");
    }
}
