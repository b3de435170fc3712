//! One probe: what it must end with, and what it did.

use super::classes::Suite;
use super::otherwise;
use crate::check::words::{says_nothing, says_undone};
use crate::code::Code;
use crate::evidence::{Object, Value};
use crate::finding::Sink;
use crate::profile::{Key, Profile};
use crate::text::alike::squeezed;
use crate::text::quote;

/// What must become of a probe's input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Expected {
    /// It is bad and must be refused.
    Rejected,
    /// It is a control and must be let through.
    Allowed,
}

/// One probe.
pub(super) struct Probe<'d> {
    pub(super) row: Object<'d>,
    pub(super) id: String,
    pub(super) class: Option<String>,
    pub(super) expected: Expected,
    exit: Option<u64>,
    code: Option<String>,
    emitted: bool,
    structured: bool,
    /// Where another field says that it was let through.
    through: Option<Value<'d>>,
}

impl<'d> Probe<'d> {
    /// Reads a probe; one that does not say what it is reported and left out.
    pub(super) fn read(
        row: Object<'d>,
        expected: Option<Expected>,
        profile: &Profile,
        out: &mut Sink,
    ) -> Option<Self> {
        let id = row.field("id").word(out)?.into_owned();
        let expected = match expected {
            Some(expected) => expected,
            None => must(row, profile, out)?,
        };
        let class = match expected {
            Expected::Rejected => Some(row.field("class").word(out)?.into_owned()),
            Expected::Allowed => row.get("class").and_then(Value::as_text).map(Into::into),
        };
        let exit = row.field("actual_exit").count(out);
        let due = row.get("expected_exit").and_then(|value| value.count(out).map(|due| (value, due)));
        if let (Some(exit), Some((_, due))) = (exit, due)
            && exit != due
        {
            let message =
                format!("the probe {} ended with {exit}, and {due} was expected", quote(id.as_bytes()));
            let at = row.get("actual_exit").unwrap_or_else(|| row.value());
            out.push(at.finding(Code::ProbeExitDiffers, message, "another exit status"));
        }
        let code = row.get("code").filter(|value| !value.is_null()).and_then(|value| value.text(out));
        let mut emitted = false;
        if expected == Expected::Rejected {
            for field in ["PASS_emitted", "SEAL_emitted"] {
                emitted |= row.field(field).flag(out) == Some(true);
            }
            emitted |= prints_a_pass(row, profile);
        }
        let word = |field: &str| row.get(field).and_then(Value::as_text);
        let structured = word("event_type").as_deref() == Some("REJECTION")
            && word("authority_effect").as_deref() == Some("NONE");
        let code = code.map(|code| code.trim().to_owned()).filter(|code| is_a_reason(code));
        let through = otherwise::through(row).filter(|_| expected == Expected::Rejected);
        Some(Self { row, id, class, expected, exit, code, emitted, structured, through })
    }

    /// Whether a control was let through.
    pub(super) fn was_allowed_rightly(&self) -> bool {
        self.expected == Expected::Allowed && self.exit == Some(0)
    }

    /// Whether bad input was not refused. A rejection that says so in its
    /// structure is one whatever its exit status.
    pub(super) fn is_open(&self) -> bool {
        let let_through = self.exit == Some(0) && !self.structured;
        self.expected == Expected::Rejected && (self.emitted || let_through || self.through.is_some())
    }

    pub(super) fn judge(&self, suite: Option<&Suite<'_>>, out: &mut Sink) {
        let id = quote(self.id.as_bytes());
        match self.expected {
            Expected::Rejected => self.judge_rejection(&id, suite, out),
            Expected::Allowed if self.exit.is_some_and(|exit| exit != 0) => {
                let message = format!("the control {id} was refused");
                out.push(self.at("actual_exit").finding(Code::ProbeNoControl, message, "must be 0"));
            }
            Expected::Allowed => {}
        }
    }

    fn at(&self, field: &str) -> Value<'d> {
        self.row.get(field).unwrap_or_else(|| self.row.value())
    }

    fn judge_rejection(&self, id: &str, suite: Option<&Suite<'_>>, out: &mut Sink) {
        if self.is_open() {
            let (at, what) = match self.through {
                _ if self.emitted => (self.at("PASS_emitted"), "a word that grants something was printed"),
                Some(at) => (at, "it was let through"),
                None => (self.at("actual_exit"), "it ended with 0"),
            };
            let message = format!("the probe {id} failed open: {what}");
            out.push(at.finding(Code::ProbeFailOpen, message, "fails open"));
        }
        let due = suite.map(|suite| suite.reject_codes(self.class.as_deref())).unwrap_or_default();
        let own = self.row.get("expected_code").and_then(Value::as_text);
        // What the profile demands, the record cannot demand otherwise.
        let own = own.as_deref().filter(|_| due.is_empty());
        let expected: Vec<&str> = due.iter().map(String::as_str).chain(own).collect();
        if let Some((exit, why)) = self.exit.and_then(|exit| Some((exit, no_refusal(exit, self.structured)?)))
        {
            let message = format!("the probe {id} ended with {exit}: {why}");
            out.push(self.at("actual_exit").finding(Code::ProbeExitDiffers, message, "no refusal"));
        }
        if let Some(at) = otherwise::untried(self.row) {
            let message = format!("the probe {id} was not tried, says {}", at.shown());
            out.push(at.finding(Code::ProbeExitDiffers, message, "not tried"));
        }
        let Some(code) = &self.code else {
            let message = format!("the probe {id} was refused without a code");
            out.push(self.at("code").finding(Code::ProbeWrongCode, message, "no code"));
            return;
        };
        if !expected.is_empty() && !expected.iter().any(|expected| is_code(code, expected)) {
            let message = format!(
                "the probe {id} was refused with {}, and {} is due",
                quote(code.as_bytes()),
                quote(expected.join(" or ").as_bytes())
            );
            out.push(self.at("code").finding(Code::ProbeWrongCode, message, "another code"));
        }
    }
}

/// Why an exit status is none of a program that refused something, as a clause. What says
/// in its structure that it refused may have been ended afterwards.
pub(in crate::check) fn no_refusal(exit: u64, structured: bool) -> Option<&'static str> {
    match exit {
        // What a shell ends with that cannot run the program or does not find it.
        126 | 127 => Some("nothing ran that could refuse it"),
        256.. => Some("no exit status is above 255"),
        _ if structured => None,
        124 => Some("that is the status of a time-out"),
        129..=192 => Some("that is the status of a program that a signal ended"),
        _ => None,
    }
}

/// Whether a text is a code, and no word for what was not tried.
fn is_a_reason(text: &str) -> bool {
    is_a_code(text) && !says_undone(text) && !says_nothing(text)
}

/// Whether a text is a code that something was refused with, and no word for none
/// or for the opposite.
pub(in crate::check) fn is_a_code(text: &str) -> bool {
    const NONE: [&str; 19] = [
        "none",
        "null",
        "nil",
        "na",
        "no",
        "nocode",
        "ok",
        "okay",
        "overallpass",
        "overallresultpass",
        "pass",
        "passed",
        "accept",
        "accepted",
        "allow",
        "allowed",
        "success",
        "true",
        "false",
    ];
    let word = squeezed(text);
    word.chars().any(char::is_alphabetic) && !NONE.contains(&word.as_str())
}

/// Whether what was printed has a line that ends a good run.
pub(in crate::check) fn prints_a_pass(row: Object<'_>, profile: &Profile) -> bool {
    let ends = profile.words(Key::RunResults);
    let fields = profile.words(Key::OutputFields);
    let printed = fields.iter().filter_map(|field| row.get(field)?.as_text());
    printed.into_iter().any(|text| text.lines().any(|line| ends.iter().any(|end| line.trim() == end)))
}

/// Whether a code is the one that is due, with or without what it is about.
fn is_code(code: &str, due: &str) -> bool {
    code == due || code.strip_prefix(due).is_some_and(|rest| rest.starts_with(':') && rest.len() > 1)
}

fn must(row: Object<'_>, profile: &Profile, out: &mut Sink) -> Option<Expected> {
    let (rejects, allows) = (profile.words(Key::ProbeRejects), profile.words(Key::ProbeAllows));
    let known: Vec<&String> = rejects.iter().chain(&allows).collect();
    let word = row.field("must").one_of(&known, out)?;
    Some(if allows.iter().any(|allow| *allow == word) { Expected::Allowed } else { Expected::Rejected })
}
