//! One row of a plan, and what it says of whether its step was carried out.

use crate::check::said::{Said, everywhere, says, tells};
use crate::check::words::{DENIALS, any, is, says_failure, words};
use crate::evidence::{Object, Value};
use crate::finding::Sink;
use crate::profile::{Key, Profile};

/// One step of a plan.
pub(super) struct Step<'d> {
    pub(super) row: Object<'d>,
    pub(super) name: String,
    pub(super) forbidden: bool,
    pub(super) told: Told<'d>,
}

/// What a row says of whether its step was carried out.
#[derive(Clone, Copy)]
pub(super) enum Told<'d> {
    /// Nothing.
    Nothing,
    /// It was, at this value.
    Done(Value<'d>),
    /// It was, and did not end well.
    Failed(Value<'d>),
    /// It was not.
    Undone,
}

/// Words for a step that was taken, as a field's name has them.
const TRACES: [&str; 9] =
    ["attempted", "performed", "executed", "done", "completed", "applied", "started", "ran", "finished"];
const OCCURRED: &str = "mutation_occurred";
/// Fields that say in a word how a step stands.
const STATES: [&str; 4] = ["status", "state", "result", "outcome"];

/// Flags that say whether a step ended well.
const ENDS: [&str; 5] = ["passed", "succeeded", "success", "successful", "ok"];

/// What a field's name promises.
enum Trace {
    Flag,
    Time,
}

/// `was_executed` and `executed` are flags, `executed_at` is a time.
fn trace(name: &str) -> Option<Trace> {
    if name == OCCURRED {
        return Some(Trace::Flag);
    }
    let bare = name.strip_prefix("was_").or_else(|| name.strip_prefix("is_")).unwrap_or(name);
    let timed = bare.strip_suffix("_at").or_else(|| bare.strip_suffix("_on"));
    match timed {
        Some(stem) => TRACES.contains(&stem).then_some(Trace::Time),
        None => TRACES.contains(&bare).then_some(Trace::Flag),
    }
}

/// Reads every trace of a row; one that the step was taken outweighs the others,
/// and one that it failed outweighs that.
pub(super) fn told<'d>(profile: &Profile, row: Object<'d>, forbidden: bool, out: &mut Sink) -> Told<'d> {
    let (mut done, mut not, mut bad) = (None, false, None);
    for (name, value) in row.members().filter(|(_, value)| !value.is_null()) {
        match trace(&name) {
            Some(Trace::Flag) if value.as_flag() == Some(false) => not = true,
            Some(_) => done = done.or(Some(value)),
            None if STATES.contains(&&*name) => match state(profile, value) {
                Told::Failed(value) => return Told::Failed(value),
                Told::Undone => not = true,
                Told::Done(_) | Told::Nothing => done = done.or(Some(value)),
            },
            None if name == "verdict" => match verdict(profile, value, forbidden) {
                Told::Failed(value) => return Told::Failed(value),
                Told::Undone => not = true,
                Told::Done(_) => done = done.or(Some(value)),
                Told::Nothing => {}
            },
            None if ENDS.contains(&&*name) => {
                bad = bad.or(Some(value).filter(|value| value.flag(out) == Some(false)));
            }
            None => {}
        }
    }
    if let Some(value) = row.get("actual_exit").filter(|value| !value.is_null()) {
        let due = row.get("expected_exit").and_then(|due| due.count(out)).unwrap_or(0);
        if value.count(out) != Some(due) {
            return Told::Failed(value);
        }
        done = done.or(Some(value));
    }
    // What was not taken, or may not be, did not end well and says so rightly.
    match (done, bad) {
        (Some(_), Some(value)) => Told::Failed(value),
        (None, Some(value)) if !not && !forbidden => Told::Failed(value),
        (Some(value), None) => Told::Done(value),
        (None, _) if not => Told::Undone,
        (None, _) => Told::Nothing,
    }
}

/// How a word says that a step stands.
fn state<'d>(profile: &Profile, value: Value<'d>) -> Told<'d> {
    let is_one = |key: Key, text: &str| profile.words(key).iter().any(|word| word == text.trim());
    match value.as_text() {
        Some(text) if is_one(Key::UndoneStates, &text) => Told::Undone,
        Some(text) if is_one(Key::FailedResults, &text) || says_failure(&text) => Told::Failed(value),
        _ => Told::Done(value),
    }
}

/// What a verdict says of a step. That on a forbidden one may be that it was kept from
/// being taken, in words of its own.
fn verdict<'d>(profile: &Profile, value: Value<'d>, forbidden: bool) -> Told<'d> {
    const TAKEN: &str = "success succeeded successful done executed performed applied completed ran finished";
    const KEPT: &str = "refused rejected denied blocked prevented withheld held hold aborted skipped closed";
    let said = words(&value.as_text().unwrap_or_default());
    let is_taken = |(at, word): (usize, &String)| {
        let before = said.iter().take(at).rev().take(2);
        is(word, TAKEN) && !before.into_iter().any(|before| is(before, DENIALS))
    };
    match state(profile, value) {
        Told::Failed(_) if forbidden && any(&said, KEPT) => Told::Undone,
        Told::Done(_) if !said.iter().enumerate().any(is_taken) => Told::Nothing,
        told => told,
    }
}

/// Words of a name that tell of something done.
const DOING: [&str; 20] = [
    "attempt",
    "attempts",
    "attempted",
    "performed",
    "executed",
    "execution",
    "done",
    "completed",
    "applied",
    "started",
    "ran",
    "finished",
    "occurred",
    "changed",
    "written",
    "mutated",
    "inserted",
    "updated",
    "deleted",
    "modified",
];

/// Whether a name tells of something that was done, and not of what would be, may be,
/// was looked at or was kept from being done.
pub(super) fn tells_of_doing(name: &str) -> bool {
    const OTHERWISE: &str = "\
        expected planned allowed max maximum limit would if when until before after requires required needs \
        possible checked reviewed searched approved requested forbidden";
    tells(name, &DOING) && !any(&words(name), OTHERWISE)
}

/// What tells in a row, wherever in it, that its step was taken: a count, a list or a
/// flag under another name than the ones that are read.
pub(super) fn trace_of(row: Object<'_>) -> Option<Value<'_>> {
    let mut found = None;
    everywhere(row, &mut |name, value| {
        let timed =
            matches!(trace(name), Some(Trace::Time)) && value.as_text().is_some_and(|text| !text.is_empty());
        if found.is_none() && ((tells_of_doing(name) && says(value) == Said::Yes) || timed) {
            found = Some(value);
        }
    });
    found
}

/// What says of a forbidden step whether it was taken says it as `true` or `false`.
pub(super) fn are_flags(row: Object<'_>, out: &mut Sink) {
    for (name, value) in row.members() {
        if matches!(trace(&name), Some(Trace::Flag)) {
            value.flag(out);
        }
    }
}
