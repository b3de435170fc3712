//! The log of tools beside the mutations: every call of a tool that changes
//! something made one of them, and each of them was made by a call.

use std::collections::{BTreeMap, BTreeSet};

use super::made::Made;
use crate::check::environment::is_forbidden_target;
use crate::check::said::everywhere;
use crate::check::surfaces::is_like;
use crate::check::words::{is, last, words};
use crate::check::{CheckError, Packet};
use crate::code::Code;
use crate::evidence::{Object, Value};
use crate::finding::Sink;
use crate::profile::{Key, Profile, Role};
use crate::text::quote;

/// Fields by which a call says what it changes.
const TARGETS: [&str; 2] = ["target", "mutation"];
/// Fields by which a row of other documents says where its target lies.
const PATHS: [&str; 3] = ["path", "target_path", "document_path"];

/// Compares both, where the profile says which tools change something.
pub(super) fn compare(
    packet: &Packet,
    allowed: &BTreeMap<String, Object<'_>>,
    made: &[Made<'_>],
    out: &mut Sink,
) -> Result<(), CheckError> {
    let tools = packet.profile().words(Key::MutatingTools);
    let Some(log) = packet.document(Role::ToolCalls, out)?.filter(|_| !tools.is_empty()) else {
        return Ok(());
    };
    // What is wrong with the log itself is told by `surfaces`.
    let list = log.root().as_object().and_then(|root| root.get("calls")?.as_list()).unwrap_or_default();
    let changes = |call: &Object<'_>| {
        let tool = call.get("tool").and_then(Value::as_text).unwrap_or_default().to_lowercase();
        tools.iter().any(|known| is_like(&tool, &known.to_lowercase()))
    };
    let calls: Vec<Object<'_>> = list.into_iter().filter_map(Value::as_object).filter(changes).collect();
    let means = |call: &Object<'_>, one: &Made<'_>| {
        let rows = [one.row, allowed.get(&one.target).copied()];
        is_about(*call, &one.target) || rows.into_iter().flatten().any(|row| is_at(*call, row))
    };
    // Where one call is plainly the mutation's, another that only begins with its name is none.
    let plain: BTreeSet<&str> = made
        .iter()
        .filter(|one| calls.iter().any(|call| means(call, one)))
        .map(|one| one.target.as_str())
        .collect();
    let makes = |call: &Object<'_>, one: &Made<'_>| {
        means(call, one) || (!plain.contains(one.target.as_str()) && is_named_for(*call, &one.target))
    };
    for call in &calls {
        in_place(packet.profile(), *call, out);
        if !made.iter().any(|one| makes(call, one)) {
            let at = call.get("path").unwrap_or_else(|| call.value());
            let what = at.as_text().unwrap_or_default();
            let message = format!(
                "a tool that changes things was called on {}, which is no recorded mutation",
                quote(what.as_bytes())
            );
            out.push(at.finding(Code::MutationOutOfScope, message, "no recorded mutation"));
        }
    }
    for one in made.iter().filter(|one| !calls.iter().any(|call| makes(call, one))) {
        let message = format!(
            "the mutation {} is recorded here, and no call in {} made it",
            quote(one.target.as_bytes()),
            quote(log.path().as_bytes())
        );
        out.push(one.at.finding(Code::MutationsDiffer, message, "no call made it"));
    }
    Ok(())
}

fn text(object: Object<'_>, field: &str) -> Option<String> {
    let text = object.get(field)?.as_text()?;
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

/// Whether a call names the target, by itself or as the document of its path.
fn is_about(call: Object<'_>, target: &str) -> bool {
    TARGETS.iter().any(|field| text(call, field).as_deref() == Some(target))
        || text(call, "path").is_some_and(|path| is_document_of(&path, target))
}

/// Whether a part of its path begins with the target: `staging/M-1-index.md`,
/// `staging/M-1/page.md`, and not `staging/M-10.md`.
fn is_named_for(call: Object<'_>, target: &str) -> bool {
    let names =
        |part: &str| part.strip_prefix(target).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric));
    text(call, "path").is_some_and(|path| path.split('/').any(names))
}

/// Whether a path is that of the target's document: `M-1`, `staging/M-1.md`,
/// `staging/M-1-rev1.md`, `staging/M-1/rev1.md`, and not `staging/M-1-more.md` or
/// `staging/M-1/other.md`.
pub(in crate::check) fn is_document_of(path: &str, target: &str) -> bool {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let is_ending =
        |ending: &str| (1..=8).contains(&ending.len()) && ending.chars().all(|c| c.is_ascii_alphanumeric());
    let stems =
        [Some(name), name.rsplit_once('.').filter(|(_, ending)| is_ending(ending)).map(|(stem, _)| stem)];
    let in_its_folder = folder.rsplit('/').next() == Some(target);
    stems.into_iter().flatten().any(|stem| {
        let rest = stem.strip_prefix(target);
        rest.is_some_and(|rest| rest.is_empty() || (rest.starts_with(is_mark) && is_revision(rest)))
            || (in_its_folder && is_revision(stem))
    })
}

fn is_mark(c: char) -> bool {
    !c.is_alphanumeric() && c != '/'
}

/// Whether it says a revision and nothing else: `-rev1`, `@v2`, `_revision-3`.
fn is_revision(text: &str) -> bool {
    let bare = text.trim_matches(is_mark);
    let head = bare.trim_end_matches(|c: char| c.is_ascii_digit());
    let word = head.trim_end_matches(is_mark).to_lowercase();
    head.len() < bare.len() && ["rev", "r", "v", "revision", "version"].contains(&word.as_str())
}

/// No call goes to a forbidden environment, whatever its path is.
fn in_place(profile: &Profile, call: Object<'_>, out: &mut Sink) {
    const PLACES: &str = "environment env target destination dest surface host server";
    everywhere(call, &mut |name, value| {
        let Some(text) = value.as_text().filter(|_| is(last(&words(name)), PLACES)) else { return };
        if is_forbidden_target(profile, &text) {
            let message = format!("a tool that changes things was called on {}", quote(text.as_bytes()));
            out.push(value.finding(Code::MutationOutOfScope, message, "a forbidden environment"));
        }
    });
}

/// Whether a call goes to the path that a row has for its target.
fn is_at(call: Object<'_>, row: Object<'_>) -> bool {
    let path = text(call, "path");
    path.is_some() && PATHS.iter().any(|field| text(row, field) == path)
}
