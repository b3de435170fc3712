//! What a blocker was closed on: evidence that is there, and not the map itself.

use super::row::Blocker;
use crate::check::reference::{Reference, UNSTATED, suspected, texts};
use crate::check::words::{any, says_nothing, words};
use crate::check::{CheckError, Packet, claims};
use crate::code::Code;
use crate::evidence::{Document, Value};
use crate::finding::Sink;
use crate::text::quote;

/// Judges what a closed row names as its evidence. A sentence there is no rule's to judge.
pub(super) fn judge(
    packet: &Packet,
    map: &Document,
    row: &Blocker<'_>,
    is_new: bool,
    out: &mut Sink,
) -> Result<(), CheckError> {
    let id = quote(row.id.as_bytes());
    let mut any_evidence = false;
    let members: Vec<Value<'_>> =
        row.at.members().filter(|(name, _)| any(&words(name), "evidence proof")).map(|(_, v)| v).collect();
    for value in members {
        any_evidence = true;
        if value.as_text().is_none() && value.as_list().is_none_or(|list| list.is_empty()) {
            let message = format!("the blocker {id} is closed, and {} is {}", value.shown(), value.what());
            out.push(value.finding(Code::BlockerClosedUnproven, message, "no evidence"));
            continue;
        }
        for (at, text) in texts(value, out) {
            let Some((wrong, counts)) = wrong(packet, map, &text)? else { continue };
            let message = format!("the evidence {} that closes {id} {wrong}", quote(text.as_bytes()));
            let finding = at.finding(Code::BlockerClosedUnproven, message, wrong);
            out.push(if counts { finding } else { suspected(finding) });
        }
    }
    if is_new && !any_evidence && !row.at.has("closed_by") {
        let message = format!("the blocker {id} was closed, and its row names no evidence");
        out.push(suspected(row.at.finding(Code::BlockerClosedUnproven, message, "names no evidence")));
    }
    Ok(())
}

/// What is wrong with the evidence, and whether that counts.
fn wrong(packet: &Packet, map: &Document, text: &str) -> Result<Option<(&'static str, bool)>, CheckError> {
    if says_nothing(text) {
        return Ok(Some(("is nothing", true)));
    }
    let reference = Reference::of(text);
    let Some(path) = reference.path() else {
        let is_place = text.trim_start().starts_with('#');
        return Ok(is_place.then_some(("is a place in the map itself", true)));
    };
    if path == *map.path() {
        return Ok(Some(("is the map itself", true)));
    }
    if !claims::is_file_name(&String::from_utf8_lossy(path.as_bytes())) {
        return Ok(None);
    }
    let wrong = reference.wrong(packet);
    let wrong = wrong.map_err(|withheld| CheckError(format!("{} {withheld}", quote(path.as_bytes()))))?;
    // What is kept by revision may be kept elsewhere.
    let elsewhere = |wrong| reference.has_revision() && wrong == "is not in the packet";
    Ok(wrong.map(|wrong| (wrong, wrong != UNSTATED && !elsewhere(wrong))))
}
