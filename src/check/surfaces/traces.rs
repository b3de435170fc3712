//! What tells of a touch without having been asked: flags under other names, names
//! made of a surface and something done to it, and counts, lists and states beside
//! the due ones.

use std::collections::BTreeSet;

use crate::check::said::{Said, everywhere, says, tells};
use crate::check::scope::is_document_of;
use crate::check::words::{DENIALS, any, is, words};
use crate::code::Code;
use crate::evidence::{Object, Value};
use crate::finding::Sink;
use crate::profile::{Key, Profile};
use crate::text::alike::squeezed;
use crate::text::quote;

/// A flag that is said to be true under another name or further down is true.
pub(super) fn said_elsewhere(root: Object<'_>, due: &[String], out: &mut Sink) {
    const NEAR: usize = 2;
    let judged: Vec<usize> = due.iter().filter_map(|name| Some(root.get(name)?.span().start)).collect();
    let length = |name: &str| name.chars().count();
    let known: Vec<(&String, String)> = due.iter().map(|name| (name, squeezed(name))).collect();
    everywhere(root, &mut |name, value| {
        if says(value) != Said::Yes || judged.contains(&value.span().start) || name.len() > LONGEST {
            return;
        }
        let name = squeezed(name);
        // A short name is near too many others.
        let may_be = |flag: &str| flag.len() >= 8 && length(&name).abs_diff(length(flag)) <= NEAR;
        let is_like =
            |flag: &str| name == flag || (may_be(flag) && strsim::osa_distance(&name, flag) <= NEAR);
        if let Some((flag, _)) = known.iter().find(|(_, flag)| is_like(flag)) {
            let message = format!(
                "the machine report says at {} that {} is true",
                value.shown(),
                quote(flag.as_bytes())
            );
            out.push(value.finding(Code::SurfaceTouched, message, "must be false"));
        }
    });
}

/// No longer name is compared with that of a flag.
const LONGEST: usize = 80;

/// Words for what is done to a surface.
const DONE: &str = "\
    mutated mutation mutations changed change changes applied apply performed executed triggered rotated \
    written write writes touched touch contacted contact deployed deploy started run runs ran done occurred \
    attempted attempts activated deleted deletion inserted updated modified accessed repointed issued used";

/// Names in the report that are made of a surface, or of an environment in which nothing
/// may be changed, and of something done to it: `qt001_applied`, `production_writes`.
/// A name with any other word, such as `rehearsal`, `blockers` or `checked`, speaks of
/// something else.
pub(super) fn done_to(profile: &Profile, root: Object<'_>, out: &mut Sink) {
    const FILLERS: &str = "\
        was were is has have been any all the a an in on of to by live real count total number rows row \
        database db system data";
    let groups = profile.groups(Key::Surfaces).into_iter();
    let names = groups.flat_map(|(name, spellings)| spellings.into_iter().chain([name]));
    let surfaces: BTreeSet<Vec<String>> =
        names.chain(profile.words(Key::ForbiddenEnvironments)).map(|name| words(&name)).collect();
    let flags: Vec<String> = profile.words(Key::FalseFlags).iter().map(|flag| squeezed(flag)).collect();
    everywhere(root, &mut |name, value| {
        if says(value) != Said::Yes || flags.contains(&squeezed(name)) {
            return;
        }
        let name = words(name);
        let is_of = |surface: &&Vec<String>| surface.iter().all(|word| name.contains(word));
        let meant: BTreeSet<&String> = surfaces.iter().filter(is_of).flatten().collect();
        // What the surface is called with is not also what was done to it.
        let mut rest = name.iter().filter(|word| !meant.contains(word));
        if meant.is_empty() || !rest.clone().any(|word| is(word, DONE)) {
            return;
        }
        if rest.all(|word| is(word, DONE) || is(word, FILLERS)) {
            let message = format!("the machine report says at {} that a surface was touched", value.shown());
            out.push(value.finding(Code::SurfaceTouched, message, "tells of a touch"));
        }
    });
}

/// Words of a name that tell of a touch.
const TRACES: [&str; 16] = [
    "attempt",
    "attempts",
    "attempted",
    "touched",
    "accessed",
    "contacted",
    "mutated",
    "modified",
    "changed",
    "inserted",
    "deleted",
    "written",
    "wrote",
    "writes",
    "violated",
    "violations",
];
/// Words by which a name counts what was looked at.
const LOOKED: &str = "checked searched reviewed scanned counted examined inspected verified audited";

/// Beside the states nothing tells of an attempt: no flag, no count, no list, no state.
pub(super) fn beside(profile: &Profile, root: Object<'_>, rows: &[Object<'_>], out: &mut Sink) {
    // What these say is judged by itself.
    const JUDGED: [&str; 3] = ["any_forbidden_surface_attempted", "attempted", "touched"];
    let allowed = profile.words(Key::MutationsAllowed);
    let states: Vec<usize> = rows.iter().filter_map(|row| Some(row.get("status")?.span().start)).collect();
    everywhere(root, &mut |name, value: Value<'_>| {
        let told = !JUDGED.contains(&name) && tells(name, &TRACES) && !any(&words(name), LOOKED);
        let is_touch = (told && holds(value) && !is_of_allowed(value, &allowed))
            || (!states.contains(&value.span().start) && is_state(name) && is_touched(value));
        if is_touch {
            let message = format!("{} tells of a forbidden surface that was touched", value.shown());
            out.push(value.finding(Code::SurfaceTouched, message, "tells of a touch"));
        }
    });
}

/// Whether a value says yes, or is an object of which a member does, such as counts by surface.
fn holds(value: Value<'_>) -> bool {
    let counts = |(name, value): (std::borrow::Cow<'_, str>, Value<'_>)| {
        says(value) == Said::Yes && !any(&words(&name), LOOKED)
    };
    says(value) == Said::Yes || value.as_object().is_some_and(|object| object.members().any(counts))
}

/// Whether it lists nothing but what the profile allows to be changed.
fn is_of_allowed(value: Value<'_>, allowed: &[String]) -> bool {
    let is_one = |item: &Value<'_>| {
        let text = item.as_text().unwrap_or_default();
        allowed.iter().any(|target| is_document_of(text.trim(), target))
    };
    value.as_list().is_some_and(|items| items.iter().all(is_one))
}

/// Whether a name is one of how something stands or was found.
fn is_state(name: &str) -> bool {
    let name = words(name);
    any(&name, "status state actual after observed found result outcome verdict")
        && !any(&name, "expected known allowed forbidden possible if when")
}

/// Whether a short text says that something was touched, and does not deny it.
fn is_touched(value: Value<'_>) -> bool {
    const TOUCHES: &str = "touched accessed mutated modified changed written contacted attempted violated";
    const SHORT: usize = 4;
    let said = words(&value.as_text().unwrap_or_default());
    said.len() <= SHORT && any(&said, TOUCHES) && !any(&said, DENIALS) && !any(&said, "if non none nor")
}
