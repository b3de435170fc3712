//! Execution: said to be open, it needs every blocker closed and a grant for
//! each action that cannot be taken back.

use std::collections::BTreeSet;

use crate::check::Packet;
use crate::check::blockers::Blocker;
use crate::code::Code;
use crate::evidence::{Object, Value};
use crate::finding::Sink;
use crate::profile::{Key, Profile, Role};
use crate::text::quote;

/// Places that are told to open execution.
const PLACES: usize = 10;

/// Judges what the decision and the owner's form say of execution. `opened` are the
/// places in them that say under another name that it is authorized.
pub(super) fn judge<'d>(
    packet: &Packet,
    [decision, owner]: [Option<Object<'d>>; 2],
    mut opened: Vec<Value<'d>>,
    blockers: Option<&[Blocker<'_>]>,
    out: &mut Sink,
) {
    let profile = packet.profile();
    for root in [decision, owner].into_iter().flatten() {
        let is_form = owner.is_some_and(|owner| owner.value().pointer() == root.value().pointer())
            && owner.map(|owner| owner.value().document().path()) == Some(root.value().document().path());
        let status = root.field("execution_authorization_status");
        let status = if is_form { status.value(out) } else { status.optional() };
        opened.extend(status.filter(|status| !is_closed(*status, profile, out)));
        opened.extend(opened_by_option(root, profile, out));
    }
    grounds_of(opened, [decision, owner], blockers, out);
    let report = packet.document(Role::MachineReport, &mut Sink::default()).ok().flatten();
    let acted = report.and_then(|report| report.root().as_object()?.get("delegation"));
    if let Some(at) = acted
        && is_execution(at, profile)
    {
        grounds(at, [decision, owner], blockers, out);
    }
}

/// Whatever says that execution is authorized needs its grounds. A packet may say so in as
/// many places as it likes; a few of them are enough.
pub(super) fn grounds_of(
    opened: Vec<Value<'_>>,
    roots: [Option<Object<'_>>; 2],
    blockers: Option<&[Blocker<'_>]>,
    out: &mut Sink,
) {
    for at in opened.into_iter().take(PLACES) {
        grounds(at, roots, blockers, out);
    }
}

/// Whether a status says that nobody authorized execution. An unknown one does not.
pub(super) fn is_closed(status: Value<'_>, profile: &Profile, out: &mut Sink) -> bool {
    let (shut, open) = (profile.words(Key::UnauthorizedStates), profile.words(Key::AuthorizedStates));
    let known: Vec<&String> = shut.iter().chain(&open).collect();
    status.one_of(&known, out).is_some_and(|said| shut.iter().any(|word| *word == said))
}

fn is_execution(value: Value<'_>, profile: &Profile) -> bool {
    profile.word(Key::ExecutionOption).is_some_and(|option| value.as_text().as_deref() == Some(option))
}

/// Where the option to execute is selected or said to be open.
fn opened_by_option<'d>(root: Object<'d>, profile: &Profile, out: &mut Sink) -> Vec<Value<'d>> {
    let mut opened: Vec<Value<'d>> = Vec::new();
    opened.extend(root.get("selected_option").filter(|value| is_execution(*value, profile)));
    let flags = ["execution_allowed", "may_execute"];
    opened
        .extend(flags.iter().filter_map(|name| root.get(name)).filter(|flag| flag.flag(out) != Some(false)));
    let rows = root.get("options").and_then(Value::as_list).unwrap_or_default();
    for row in rows.into_iter().filter_map(Value::as_object) {
        if row.get("option").is_some_and(|option| is_execution(option, profile)) {
            let flags = ["available", "selectable", "can_execute"];
            let flags = flags.iter().filter_map(|name| row.get(name));
            opened.extend(flags.filter(|flag| flag.flag(out) != Some(false)));
        }
    }
    opened
}

/// Everything that execution needs is there.
fn grounds(at: Value<'_>, roots: [Option<Object<'_>>; 2], blockers: Option<&[Blocker<'_>]>, out: &mut Sink) {
    let mut lacks = |message: String| {
        out.push(at.finding(Code::ExecutionNotGranted, message, "not granted"));
    };
    match blockers {
        None | Some([]) => lacks("execution is open, and there is no blocker map".to_owned()),
        Some(rows) => {
            let open: Vec<&str> = rows.iter().filter(|row| !row.closed).map(|row| row.id.as_str()).collect();
            if let Some(first) = open.first() {
                let n = open.len();
                lacks(format!("execution is open while {n} blockers are: {}", quote(first.as_bytes())));
            }
        }
    }
    let lists = roots.into_iter().flatten().filter_map(|root| root.get("irreversible_actions")?.as_list());
    let actions: Vec<Object<'_>> = lists.flatten().filter_map(Value::as_object).collect();
    if actions.is_empty() {
        lacks("execution is open, and no irreversible action is listed with its grant".to_owned());
    }
    let mut grants = BTreeSet::new();
    for action in actions {
        let name = action.get("action").and_then(Value::as_text).unwrap_or_default();
        let grant = action.get("grant").and_then(Value::as_text).filter(|grant| !grant.trim().is_empty());
        match grant {
            None => lacks(format!("the irreversible action {} has no grant", quote(name.as_bytes()))),
            Some(grant) if !grants.insert(grant.trim().to_owned()) => {
                lacks(format!("the grant of {} is that of another action", quote(name.as_bytes())));
            }
            Some(_) => {}
        }
    }
}
