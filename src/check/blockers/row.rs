//! One row of a blocker map, in any of the three dialects that there are.

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

/// Words that stand for nobody and nothing.
const NOTHING: [&str; 7] = ["", "-", "none", "nobody", "n/a", "tbd", "unknown"];

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
        let closed_here = matches!(by_lane, Some((_, Some(true))));
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
            let says =
                text.as_ref().is_some_and(|text| !NOTHING.contains(&text.trim().to_lowercase().as_str()));
            if !says {
                let message = format!("the blocker {id} is open, and its `{field}` names nothing");
                let at = value.unwrap_or_else(|| self.at.value());
                out.push(at.finding(Code::BlockerUnassigned, message, "names nothing"));
            }
        }
    }
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
