//! `preflight`: what the packet builds on is computed from bytes, and it follows
//! the packet that it says it follows.

mod library;
mod otherwise;
mod pins;
pub(super) mod revision;
mod succession;

use super::predecessor::Verified;
use super::probes::plain;
use super::said::{Said, everywhere, says};
use super::{Applied, Check, CheckError, Level, Meta, Packet, Sink};
use crate::code::Code;
use crate::evidence::Object;
use crate::finding::Finding;
use crate::profile::{Key, Role};
use crate::text::alike::squeezed;
use crate::text::quote;
use pins::Tally;

pub(super) struct PreflightCheck;

static META: Meta = Meta {
    id: "preflight",
    level: Level::L3,
    summary: "pinned prior artifacts are computed from bytes, and the packet follows its predecessor",
    documents: &["preflight", "machine_report", "preconditions", "exit_codes", "ci_unknowns"],
    codes: &[
        Code::PinMismatch,
        Code::PinFromReportOnly,
        Code::PinUnverifiable,
        Code::FlagNotBacked,
        Code::RevisionDrifted,
        Code::PredecessorUnverified,
        Code::TimelineReversed,
        Code::ReportPublishedTwice,
    ],
};

impl Check for PreflightCheck {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn run(&self, packet: &Packet, out: &mut Sink) -> Result<Applied, CheckError> {
        let before = before(packet, out);
        let document = packet.document(Role::Preflight, out)?;
        let root = document.and_then(|document| document.root().object(out));
        let tally = match root {
            Some(root) => pins::judge(packet, before, root, out)?,
            None => Tally::default(),
        };
        let report = packet.document(Role::MachineReport, out)?;
        let report = report.and_then(|report| report.root().as_object());
        for holder in [root, report].into_iter().flatten() {
            flags(packet, holder, &tally, out);
        }
        revision::cited(packet, before, out)?;
        succession::within(packet, out)?;
        let followed = match before {
            Some(before) => Some(follows(packet, before, out)? || tally.computed > 0),
            None => None,
        };
        if followed == Some(false) {
            unrelated(packet, out);
        }
        Ok(match (document.is_some(), tally.computed, followed) {
            (true, 0, _) => Applied::No(match tally.pins {
                0 => "no prior artifact is pinned".into(),
                n => format!("none of {n} pins could be recomputed"),
            }),
            (true, n, None) => Applied::Yes(format!("{n} of {} pins recomputed", tally.pins)),
            (true, n, Some(_)) => {
                Applied::Yes(format!("{n} of {} pins recomputed, and the predecessor", tally.pins))
            }
            (false, _, Some(true)) => Applied::Yes("the dates and reports of the predecessor".into()),
            (false, _, Some(false)) => Applied::No("the predecessor has nothing to compare".into()),
            (false, _, None) => Applied::No("no prior artifact is pinned".into()),
        })
    }
}

/// The predecessor as evidence. One that is not verified is said to be so here,
/// for all checks that would have looked at it.
fn before<'a>(packet: &Packet<'a>, out: &mut Sink) -> Option<Verified<'a>> {
    packet.before().unwrap_or_else(|CheckError(reason)| {
        out.push(Finding::new(Code::PredecessorUnverified, reason));
        None
    })
}

/// Compares the packet with its predecessor; whether there was anything to compare.
fn follows(packet: &Packet, before: Verified<'_>, out: &mut Sink) -> Result<bool, CheckError> {
    let revisions = revision::between(packet, before, out);
    let mut compared = succession::between(packet, before, out)? || revisions;
    // Without a map of its own the packet drops every blocker of the predecessor.
    compared |= before.document(Role::Blockers)?.is_some();
    for role in [Role::DelegationLock, Role::Reservations] {
        compared |= packet.shelf.has(role) && before.document(role)?.is_some();
    }
    Ok(compared)
}

/// A predecessor that nothing was compared with was named for nothing.
fn unrelated(packet: &Packet, out: &mut Sink) {
    let Some(predecessor) = packet.predecessor else { return };
    let message = format!(
        "the predecessor {} is verified, and nothing in it can be compared with this packet",
        quote(predecessor.shown.as_bytes())
    );
    let help = "name the packet that this one follows: dates, reports, blockers, delegations, ranges, revisions \
                and pinned artifacts are compared";
    out.push(Finding::new(Code::PredecessorUnverified, message).help(help));
}

/// Flags that claim something are true only where a pin that backs them was
/// recomputed, wherever in the document they stand.
fn flags(packet: &Packet, holder: Object<'_>, tally: &Tally, out: &mut Sink) {
    let rows = packet.profile().rows(Key::BackedFlags);
    let known: Vec<(&str, String, Vec<String>)> = rows
        .iter()
        .filter_map(|row| row.word("name").map(|name| (name, squeezed(name), row.words("pins"))))
        .collect();
    everywhere(holder, &mut |name, value| {
        let letters = squeezed(name);
        let Some((flag, _, pins)) = known.iter().find(|(_, flag, _)| *flag == letters) else { return };
        let said = if name == *flag { value.flag(out) == Some(true) } else { says(value) == Said::Yes };
        if said && !pins.iter().any(|pin| tally.names.contains(&plain(pin))) {
            let pins: Vec<String> = pins.iter().map(|pin| quote(pin.as_bytes())).collect();
            let message = format!("{} is true, and nothing that would back it was recomputed", value.shown());
            let help = format!(
                "pin {} by a file of that name and have its bytes here, or write false",
                pins.join(" or ")
            );
            out.push(value.finding(Code::FlagNotBacked, message, "not backed").help(help));
        }
    });
}

#[cfg(test)]
mod tests;
