//! Every file of a packet, for checks that look for what may stand nowhere.

use std::collections::BTreeSet;

use super::{Applied, Packet};
use crate::observe::State;
use crate::path::BytePath;
use crate::profile::Role;
use crate::source::Kind;

/// One file.
#[derive(Clone, Copy)]
pub(super) struct File<'a> {
    pub(super) path: &'a BytePath,
    pub(super) sealed: bool,
}

/// The files that are sealed, each once, then those that lie beside them.
pub(super) fn all<'a>(packet: &Packet<'a>) -> Vec<File<'a>> {
    let entries = packet.manifest.map_or(&[][..], |manifest| &manifest.entries);
    let mut seen = BTreeSet::new();
    let own = |state: &State| matches!(state, State::Itself | State::Repeated);
    let sealed = entries.iter().zip(packet.states).filter(|(_, state)| !own(state));
    let mut files: Vec<File<'a>> = sealed
        .filter(|(entry, _)| seen.insert(&entry.path))
        .map(|(entry, _)| File { path: &entry.path, sealed: true })
        .collect();
    let beside = packet.backward.unsealed.iter().chain(&packet.backward.left_out);
    let regular = beside.filter(|listed| listed.kind == Kind::File);
    files.extend(regular.map(|listed| File { path: &listed.path, sealed: false }));
    files
}

/// What any packet may have without being one of evidence.
pub(super) const PAGES: [Role; 6] =
    [Role::Readme, Role::Checkpoint, Role::PacketManifest, Role::Commands, Role::Rerun, Role::Validator];

/// Whether the packet has a document that some check on evidence reads.
pub(super) fn holds_evidence(packet: &Packet) -> bool {
    Role::ALL.iter().any(|role| !PAGES.contains(role) && packet.shelf.has(*role))
}

/// How a search ended that found nothing: good only when every file was read, and
/// only in a packet of evidence, since without evidence there is no such level.
pub(super) fn searched(packet: &Packet, what: String, unread: usize) -> Applied {
    if unread > 0 {
        return Applied::No(format!("{what}; {unread} could not be read as they were sealed"));
    }
    let asked = |id: &str| packet.policy.require.iter().any(|required| required == id);
    if holds_evidence(packet) || asked("secrets") || asked("tokens") || asked("claims") {
        return Applied::Yes(what);
    }
    Applied::No(format!("{what}; a packet without evidence has no such level"))
}
