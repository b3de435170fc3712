//! One row of a blocker map, in any of the three dialects that there are.

use std::ops::Range;

use crate::check::words::{DENIALS, any, is, last, only, says_nothing, words};
use crate::code::Code;
use crate::evidence::{Object, Value};
use crate::finding::Sink;
use crate::profile::{Key, Profile};
use crate::text::quote;

/// A blocker with its state as it follows from the row.
pub(in crate::check) struct Blocker<'d> {
    pub(in crate::check) at: Object<'d>,
    pub(in crate::check) id: String,
    /// Whatever is not known to be closed is open.
    pub(in crate::check) closed: bool,
    /// The row itself says that this lane closed it.
    pub(super) closed_here: bool,
}

/// The blockers of a map. A row without an identifier is reported and left out.
pub(in crate::check) fn read<'d>(root: Object<'d>, profile: &Profile, out: &mut Sink) -> Vec<Blocker<'d>> {
    let rows = root.field("blockers").objects(out).unwrap_or_default();
    rows.into_iter().filter_map(|row| Blocker::read(row, profile, out)).collect()
}

impl<'d> Blocker<'d> {
    fn read(at: Object<'d>, profile: &Profile, out: &mut Sink) -> Option<Self> {
        let id = at.field("id").word(out)?.into_owned();
        at.field("item").word(out);
        let by_status = status(at, profile, out);
        let by_lane = at.get("closed_this_lane").map(|value| (value, value.flag(out)));
        if let Some(value) = at.get("can_close_now")
            && value.flag(out) == Some(false)
            && matches!(by_lane, Some((_, Some(true))))
        {
            let message = format!("{} cannot be closed now and was closed", quote(id.as_bytes()));
            out.push(value.finding(Code::BlockerStateDisagrees, message, "and closed"));
        }
        let changed = changed_to_closed(at, profile);
        let closed_here = matches!(by_lane, Some((_, Some(true)))) || changed.is_some();
        let closed = match (by_status, by_lane) {
            (Some(closed), Some((value, Some(here)))) => {
                // Closed earlier is closed and not by this lane; open and closed by it is a contradiction.
                if here && !closed {
                    let message =
                        format!("{} was closed by this lane, and its status is open", quote(id.as_bytes()));
                    out.push(value.finding(Code::BlockerStateDisagrees, message, "status says open"));
                }
                closed
            }
            (Some(closed), _) => closed,
            (None, Some((_, here))) => here == Some(true),
            (None, None) => {
                // The dialect without a state lists what is open, with its evidence.
                let field = if at.has("evidence") { "evidence" } else { "status" };
                at.field(field).word(out);
                false
            }
        };
        if let Some(value) = changed.filter(|_| !closed) {
            let message =
                format!("{} is said to have been closed by this lane, and it is open", quote(id.as_bytes()));
            out.push(value.finding(Code::BlockerStateDisagrees, message, "and open"));
        }
        agrees(at, &id, closed, profile, out);
        Some(Self { at, id, closed, closed_here })
    }

    /// Somebody is due to do something about it.
    pub(super) fn is_assigned(&self, out: &mut Sink) {
        let id = quote(self.id.as_bytes());
        // One dialect says both in one field.
        let fields: &[&str] = if self.at.has("remaining_actor_input") {
            &["remaining_actor_input"]
        } else {
            &["actor_needed", "next_action"]
        };
        for field in fields {
            let value = self.at.get(field);
            let text = value.and_then(Value::as_text);
            if text.is_none_or(|text| says_nothing(&text)) {
                let message = format!("the blocker {id} is open, and its `{field}` names nothing");
                let at = value.unwrap_or_else(|| self.at.value());
                out.push(at.finding(Code::BlockerUnassigned, message, "names nothing"));
            }
        }
    }
}

/// Where the row says that this lane's change was to close the blocker.
fn changed_to_closed<'d>(at: Object<'d>, profile: &Profile) -> Option<Value<'d>> {
    const PARTLY: &str = "partially partly half cannot still un";
    let value = at.get("change_this_lane")?;
    let said = words(&value.as_text()?);
    let closed = profile.words(Key::ClosedStates);
    let is_closed = said.iter().any(|word| closed.iter().any(|known| known.eq_ignore_ascii_case(word)));
    (is_closed && !any(&said, DENIALS) && !any(&said, PARTLY)).then_some(value)
}

/// Words of a name that speaks of closing and not of a blocker that is closed.
const NOT_NOW: &str = "\
    can may be will should must when if after before previously partially partly to needs newly by once";

/// What other fields of the row say of its state, by their names and values, is that state.
fn agrees(at: Object<'_>, id: &str, closed: bool, profile: &Profile, out: &mut Sink) {
    let judged = ["status", "closed_this_lane", "change_this_lane", "can_close_now"];
    let judged: Vec<Range<usize>> = judged.iter().filter_map(|name| Some(at.get(name)?.span())).collect();
    let (open_words, closed_words) = (profile.words(Key::OpenStates), profile.words(Key::ClosedStates));
    for (name, value) in at.members().filter(|(_, value)| !judged.contains(&value.span())) {
        let name = words(&name);
        let about_closing = any(&name, "closed resolved discharged cleared waived lifted")
            && !any(&name, DENIALS)
            && !any(&name, NOT_NOW);
        let about_open = matches!(name.as_slice(), [one] | [_, one] if one == "open");
        let about_state = is(last(&name), "state status resolution closure")
            || only(&name, "outcome result disposition evidence");
        let said = match (value.raw(), value.as_text()) {
            (b"true", _) if about_closing => Some(true),
            _ if is_time_of_closing(&name, value) => Some(true),
            (b"true", _) if about_open => Some(false),
            (b"false", _) if about_open => Some(true),
            // Not closed by something says nothing of what else closed it.
            (b"false", _) if about_closing && (name.len() == 1 || any(&name, "is")) => Some(false),
            (_, Some(text)) if about_state && is_one(&text, &closed_words) => Some(true),
            (_, Some(text)) if about_state && is_one(&text, &open_words) => Some(false),
            _ => None,
        };
        if said.is_some_and(|said| said != closed) {
            let is_now = if closed { "closed" } else { "open" };
            let message =
                format!("{} says otherwise, and {} is {is_now}", value.shown(), quote(id.as_bytes()));
            out.push(value.finding(Code::BlockerStateDisagrees, message, "says otherwise"));
        }
    }
}

/// Whether a text is one of the words, in whatever case.
pub(super) fn is_one(text: &str, known: &[String]) -> bool {
    known.iter().any(|word| word.eq_ignore_ascii_case(text.trim()))
}

/// Whether a field gives the time at which a blocker was closed.
fn is_time_of_closing(name: &[String], value: Value<'_>) -> bool {
    let is_time = match value.as_text() {
        Some(text) => text.bytes().any(|byte| byte.is_ascii_digit()),
        None => value.integer(&mut Sink::default()).is_some_and(|number| number != 0_u64),
    };
    is_time
        && any(name, "closed resolved waived")
        && any(name, "at on date time")
        && only(name, "closed resolved waived at on date time utc")
}

/// Whether the row's status says that the blocker is closed; an unknown one is
/// reported, and does not.
fn status(at: Object<'_>, profile: &Profile, out: &mut Sink) -> Option<bool> {
    let value = at.get("status")?;
    let (open, closed) = (profile.words(Key::OpenStates), profile.words(Key::ClosedStates));
    let known: Vec<&String> = open.iter().chain(&closed).collect();
    let said = value.one_of(&known, out);
    Some(said.is_some_and(|said| closed.iter().any(|word| *word == said)))
}
