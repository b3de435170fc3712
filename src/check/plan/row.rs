//! One row of a plan, and what it says of whether its step was carried out.

use crate::check::words::says_failure;
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
pub(super) fn told<'d>(profile: &Profile, row: Object<'d>, out: &mut Sink) -> Told<'d> {
    let undone = profile.words(Key::UndoneStates);
    let failed = profile.words(Key::FailedResults);
    let is_one = |words: &[String], text: &str| words.iter().any(|word| word == text);
    let (mut done, mut not) = (None, false);
    for (name, value) in row.members() {
        if value.is_null() {
            continue;
        }
        match trace(&name) {
            Some(Trace::Flag) if value.as_flag() == Some(false) => not = true,
            Some(_) => done = done.or(Some(value)),
            None if STATES.contains(&&*name) => match value.as_text() {
                Some(text) if is_one(&undone, text.trim()) => not = true,
                Some(text) if is_one(&failed, text.trim()) || says_failure(&text) => {
                    return Told::Failed(value);
                }
                _ => done = done.or(Some(value)),
            },
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
    match done {
        Some(value) => Told::Done(value),
        None if not => Told::Undone,
        None => Told::Nothing,
    }
}

/// What says of a forbidden step whether it was taken says it as `true` or `false`.
pub(super) fn are_flags(row: Object<'_>, out: &mut Sink) {
    for (name, value) in row.members() {
        if matches!(trace(&name), Some(Trace::Flag)) {
            value.flag(out);
        }
    }
}
