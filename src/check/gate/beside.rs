//! What the design of a gate says beside the fields that are due, under whatever name:
//! that the gate is in force, was triggered, or resolves blockers.

use crate::check::said::{Said, says};
use crate::check::words::{DENIALS, any, is, words};
use crate::code::Code;
use crate::evidence::{Object, Value};
use crate::finding::Sink;

/// Something that a design is not.
struct Kind {
    code: Code,
    known: &'static str,
    what: &'static str,
}

const KINDS: [Kind; 3] = [
    Kind {
        code: Code::GateWiredToProduction,
        known: "wired enabled active deployed live",
        what: "is described as designed and is in force",
    },
    Kind {
        code: Code::GateTriggered,
        known: "triggered trigger run runs",
        what: "is described as designed and was triggered",
    },
    Kind {
        code: Code::GateResolvesBlocker,
        known: "resolves resolved closes closed discharges discharged",
        what: "resolves blockers",
    },
];

/// Words that may stand beside one of a kind in a name that says nothing else.
const FILL: &str = "is was gate ci production in to into ever any by count times blocker blockers";
/// Words of a name whose value is how the gate stands.
const STATES: &str = "state status mode phase condition deployment wiring";
/// Words of a text that speaks of a plan, of a condition or of another time.
const PLANNED: &str = "\
    after before design designed draft future if later only plan planned proposed required requires should \
    unless until when will would must once may might could can to";

/// Fields beside the due ones say no more: a name of nothing but such words.
pub(super) fn judge(root: Object<'_>, out: &mut Sink) {
    const JUDGED: [&str; 3] = ["wired_to_production", "triggered", "resolves_blockers"];
    let mut work: Vec<(Vec<String>, Value<'_>)> = Vec::new();
    for (name, value) in root.members() {
        // A field that is due is judged already, whatever the profile calls it.
        let is = |field: &&str| root.get(field).is_some_and(|due| due.span() == value.span());
        if !JUDGED.iter().chain(&["status"]).any(is) {
            work.push((words(&name), value));
        }
    }
    work.reverse();
    while let Some((name, value)) = work.pop() {
        if let Some(kind) = KINDS.iter().find(|kind| kind.is_said(&name, value)) {
            let message = format!("{} says that the gate {}", value.shown(), kind.what);
            out.push(value.finding(kind.code, message, "says so"));
        }
        // What an object is about is said by its name: `"ci": {"triggered": true}`.
        if name.iter().all(|word| is(word, FILL) || is(word, STATES))
            && let Some(object) = value.as_object()
        {
            let mut members: Vec<_> = object
                .members()
                .map(|(own, member)| (name.iter().cloned().chain(words(&own)).collect(), member))
                .collect();
            members.reverse();
            work.extend(members);
        }
    }
}

impl Kind {
    /// Whether a field says that it is so.
    fn is_said(&self, name: &[String], value: Value<'_>) -> bool {
        let known = |word: &String| is(word, self.known);
        if let Some(text) = value.as_text().filter(|_| says(value) == Said::Other) {
            return self.is_told(name, &words(&text));
        }
        // What may trigger it is a list, and so is what it would run.
        let is_list = value.as_list().is_some() && self.code != Code::GateResolvesBlocker;
        says(value) == Said::Yes
            && !is_list
            && name.iter().any(known)
            && name.iter().all(|word| known(word) || is(word, FILL))
    }

    /// Whether a text says so: `"wired_to": "production"`, `"state": "WIRED"`.
    fn is_told(&self, name: &[String], said: &[String]) -> bool {
        const MOST: usize = 4;
        if said.len() > MOST || any(said, DENIALS) || any(said, PLANNED) || any(said, "un non none") {
            return false;
        }
        let known = |word: &String| is(word, self.known);
        let wires = self.code == Code::GateWiredToProduction
            && any(name, "wired")
            && name.iter().all(|word| known(word) || is(word, FILL))
            && any(said, "production prod live main");
        let stands = name.iter().any(|word| is(word, STATES))
            && name.iter().all(|word| is(word, STATES) || is(word, FILL) || is(word, "current"))
            && self.code != Code::GateResolvesBlocker
            && said.iter().any(|word| known(word) && !is(word, "run runs trigger"));
        wires || stands
    }
}

/// No other surface of continuous integration was set off: a status of nothing but such
/// words. How one may be set off is no status.
pub(super) fn surface(status: Value<'_>, out: &mut Sink) {
    const DONE: &str = "triggered touched run ran executed deployed changed modified";
    const FILL: &str =
        "and already been by ci deploy has in is it lane once production surface this was were";
    let Some(said) = status.word(out) else { return };
    let said = words(&said);
    if any(&said, DONE) && said.iter().all(|word| is(word, DONE) || is(word, FILL)) {
        let message = "another surface of continuous integration is said to have been set off";
        out.push(status.finding(Code::GateTriggered, message, "set off"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_text_tells_what_its_name_asks_for() {
        let [wired, triggered, resolves] = &KINDS;
        for (kind, name, said, due) in [
            (wired, "wired", "live in production ci", true),
            (wired, "wired", "a copy of the production", false),
            (wired, "owner", "the team", false),
            (wired, "wired_by_the_owner", "the team", false),
            (wired, "gate", "production", false),
            (wired, "current_state", "WIRED", true),
            (wired, "state", "open", false),
            (wired, "owner", "deployed", false),
            (wired, "owner_state", "WIRED", false),
            (triggered, "state", "triggered", true),
            (triggered, "state", "run", false),
            (triggered, "wired", "production", false),
            (resolves, "state", "resolved", false),
        ] {
            assert_eq!(kind.is_told(&words(name), &words(said)), due, "{name}: {said}");
        }
    }
}
