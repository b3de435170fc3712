//! What the record of the validator's runs says beside its due fields: an end that was not
//! good, and another validator, count under any name.

use super::Pin;
use crate::check::ended::{ended, failures};
use crate::check::probes::{no_refusal, prints_a_pass};
use crate::check::said::number;
use crate::check::words::{DENIALS, any, last, only, words};
use crate::code::Code;
use crate::evidence::{Object, Value};
use crate::finding::Sink;
use crate::profile::Profile;

/// Every digest of the validator that the record has is the pinned one, or else the first.
pub(super) fn one_validator(root: Object<'_>, pin: Option<&Pin>, out: &mut Sink) {
    let runs = root.get("runs").and_then(Value::as_list).unwrap_or_default();
    let runs = runs.into_iter().filter_map(Value::as_object);
    let holders = std::iter::once(root).chain(root.get("selftest").and_then(Value::as_object)).chain(runs);
    let mut due = pin.map(|pin| pin.sha256);
    for value in holders.filter_map(|holder| holder.get("validator_sha256")) {
        let Some(recorded) = value.digest(out) else { continue };
        if *due.get_or_insert(recorded) != recorded {
            let message = match pin {
                Some(_) => "the runs were made with a validator other than the pinned one",
                None => "the runs were made with two validators",
            };
            out.push(value.finding(Code::ValidatorNotPinned, message, "another validator"));
        }
    }
}

/// Nothing in a run that is due to end well says that it did not.
pub(super) fn held(run: Object<'_>, what: &str, profile: &Profile, out: &mut Sink) {
    for (name, value) in run.members() {
        let judged = ["actual_exit", "expected_exit", "code", "passed"]
            .iter()
            .any(|field| run.get(field).is_some_and(|judged| judged.span() == value.span()));
        if judged && !(name == "passed" && what != SELFTEST) {
            continue;
        }
        let fell = ended(&name, value, profile) == Some(false)
            || failures(&name, value).is_some_and(|number| number > 0)
            || is_empty(&words(&name), value);
        if fell {
            let message = format!("{what} did not end well, says {}", value.shown());
            out.push(value.finding(Code::ValidatorSelftestFailed, message, "did not end well"));
        }
    }
}

/// How messages call the self-test.
pub(super) const SELFTEST: &str = "the validator's self-test";

/// `cases: 0`: nothing was tried.
fn is_empty(name: &[String], value: Value<'_>) -> bool {
    only(name, "all case cases check checks count n number of run ran test tests total")
        && any(name, "case cases check checks test tests")
        && number(value) == Some(0)
}

/// A negative control ran to its end, and printed nothing that grants something.
pub(super) fn refused(run: Object<'_>, exit: Value<'_>, status: u64, profile: &Profile, out: &mut Sink) {
    if let Some(why) = no_refusal(status, false) {
        let message = format!("the negative control ended with {status}: {why}");
        out.push(exit.finding(Code::NegativeControlWrongCode, message, "no refusal"));
    }
    let emitted = run.members().find(|(name, value)| {
        let name = words(name);
        value.raw() == b"true"
            && last(&name) == "emitted"
            && any(&name, "pass seal grant")
            && !any(&name, DENIALS)
    });
    if let Some((_, value)) = emitted {
        let message = format!("the negative control was let through, says {}", value.shown());
        out.push(value.finding(Code::NegativeControlPassed, message, "must be false"));
    } else if prints_a_pass(run, profile) {
        let message = "the negative control printed that it ended well";
        out.push(run.finding(Code::NegativeControlPassed, message, "let through"));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::check::bench::{Bench, Judged, hex, with};
    use crate::check::samples;
    use crate::check::validator::ValidatorCheck;

    fn judge(runs: &Value) -> Judged {
        Bench::new("generic").json("validator-runs.json", runs).judge(&ValidatorCheck)
    }

    fn more(holder: &str, field: &str, value: Value) -> Judged {
        let mut runs = samples::validator_runs("RB-CLONE-TXN");
        runs.pointer_mut(holder).unwrap()[field] = value;
        judge(&runs)
    }

    /// The exit status was good, and what stood beside it told of failures.
    #[test]
    fn a_run_ended_with_nothing_and_counted_failures() {
        for holder in ["/selftest", "/runs/0"] {
            for (field, value) in [
                ("failures", json!(3)),
                ("failed_cases", json!(["a"])),
                ("result", json!("FAIL")),
                ("isOk", json!(false)),
                ("cases", json!(0)),
            ] {
                more(holder, field, value)
                    .fails_at(&[&format!("validator_selftest_failed {holder}/{field}")]);
            }
            for (field, value) in [
                ("failures", json!(0)),
                ("failed_cases", json!([])),
                ("expected_failures", json!(3)),
                ("rejected_inputs", json!(9)),
                ("result", json!("PASS")),
                ("cases", json!(12)),
                ("passed", json!(true)),
                ("note", json!("one case must FAIL")),
            ] {
                more(holder, field, value).is_ok();
            }
        }
        for holder in ["/selftest", "/runs/1"] {
            more(holder, "passed", json!(false))
                .fails_at(&[&format!("validator_selftest_failed {holder}/passed")]);
        }
        more("/runs/2", "result", json!("FAIL")).is_ok();
    }

    #[test]
    fn a_negative_control_crashed_or_printed_a_pass() {
        let good = samples::validator_runs("RB-CLONE-TXN");
        for exit in [124, 126, 127, 137, 139, 256] {
            judge(&with(&good, "/runs/2/actual_exit", json!(exit)))
                .fails_at(&["negative_control_wrong_code /runs/2/actual_exit"]);
        }
        for exit in [1, 3, 255] {
            judge(&with(&good, "/runs/2/actual_exit", json!(exit))).is_ok();
        }
        more("/runs/2", "PASS_emitted", json!(true))
            .fails_at(&["negative_control_passed /runs/2/PASS_emitted"]);
        more("/runs/2", "stdout", json!("x\nOVERALL PASS\n")).fails_at(&["negative_control_passed /runs/2"]);
        more("/runs/2", "PASS_emitted", json!(false)).is_ok();
        more("/runs/2", "stdout", json!("no OVERALL PASS here")).is_ok();
        more("/runs/0", "PASS_emitted", json!(true)).is_ok();
    }

    #[test]
    fn a_run_was_made_with_another_validator() {
        let other = || json!(hex("another validator"));
        for holder in ["/runs/0", "/runs/2", "/selftest"] {
            more(holder, "validator_sha256", other())
                .fails_at(&[&format!("validator_not_pinned {holder}/validator_sha256")]);
            let same = samples::validator_runs("RB-CLONE-TXN")["validator_sha256"].clone();
            more(holder, "validator_sha256", same).is_ok();
        }
    }
}
