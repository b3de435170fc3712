//! `mirror`: the packet's own list of files and the seal name the same bytes,
//! and what is kept elsewhere is there.

use std::collections::BTreeMap;

use super::{Applied, Check, CheckError, Level, Meta, Packet, Sink};
use crate::code::Code;
use crate::evidence::{Object, Value};
use crate::finding::Finding;
use crate::manifest::Entry;
use crate::observe::State;
use crate::path::{Backslash, BytePath};
use crate::profile::{Key, Profile, Role};
use crate::text::alike::squeezed;
use crate::text::quote;

pub(super) struct MirrorCheck;

static META: Meta = Meta {
    id: "mirror",
    level: Level::L1,
    summary: "the packet's list of files is the seal's, and files kept elsewhere are found there",
    documents: &["packet_manifest"],
    codes: &[
        Code::MirrorExtra,
        Code::MirrorMissing,
        Code::MirrorDigestDiffers,
        Code::ReferenceUnresolved,
        Code::PacketClaimsAuthority,
    ],
};

impl Check for MirrorCheck {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn run(&self, packet: &Packet, out: &mut Sink) -> Result<Applied, CheckError> {
        // A file of that name may be anything; only one that speaks as a packet is judged.
        let mut quiet = Sink::default();
        let document = packet.document(Role::PacketManifest, &mut quiet)?;
        let Some(document) = document else {
            return Ok(not_json(quiet, out));
        };
        let Some(root) = document.root().as_object().filter(|root| speaks_as_a_packet(*root)) else {
            return Ok(Applied::No("no list of the packet's files".into()));
        };
        for finding in quiet.findings {
            out.push(finding);
        }
        if !document.is_sealed() {
            out.saw_unsealed(document.path());
        }
        authority(root, packet.profile(), out);
        let rows = root.field("files").objects(out).unwrap_or_default();
        let mut listed: BTreeMap<BytePath, Listed<'_>> = BTreeMap::new();
        for row in &rows {
            if let Some((path, row)) = Listed::read(*row, out)
                && let Some(twice) = listed.insert(path.clone(), row)
            {
                let message = format!("{} is listed twice", quote(path.as_bytes()));
                out.push(twice.at.finding(Code::MirrorExtra, message, "twice"));
            }
        }
        let own = [document.path().clone()];
        compare(packet, root, &listed, &own, out);
        let elsewhere = listed.values().filter(|row| row.by_reference).count();
        Ok(Applied::Yes(format!("{} files, {elsewhere} of them by reference", listed.len())))
    }
}

/// What is broken is only the check's business when the packet means it as evidence.
fn not_json(quiet: Sink, out: &mut Sink) -> Applied {
    let any = !quiet.findings.is_empty();
    for finding in quiet.findings {
        out.push(finding);
    }
    if any {
        Applied::Yes("the list is not JSON".into())
    } else {
        Applied::No("no list of the packet's files".into())
    }
}

fn speaks_as_a_packet(root: Object<'_>) -> bool {
    let of_files = root.has("packet") && (root.has("files") || root.has("authority"));
    of_files || speaks_of_authority(root)
}

/// Whether anything is said of what the packet may decide, however it is spelled.
fn speaks_of_authority(root: Object<'_>) -> bool {
    const FIELDS: [&str; 2] = ["maygate", "decisioneffect"];
    root.members().any(|(name, _)| FIELDS.contains(&squeezed(&name).as_str()))
        || (root.has("packet") && root.has("authority"))
}

/// A packet never gives itself the right to decide. A list of files need not speak
/// of it; one that does says all of it.
fn authority(root: Object<'_>, profile: &Profile, out: &mut Sink) {
    if !speaks_of_authority(root) {
        return;
    }
    let gates = "the packet says that it may gate";
    root.field("may_gate").must_be(false, Code::PacketClaimsAuthority, gates, out);
    if let Some(value) = root.field("decision_effect").value(out)
        && let Some(effect) = value.text(out)
        && effect != "NONE"
    {
        let message = format!("the packet gives itself the effect {}", quote(effect.as_bytes()));
        out.push(value.finding(Code::PacketClaimsAuthority, message, "must be NONE"));
    }
    let known = profile.words(Key::PacketAuthority);
    if let Some(value) = root.get("authority")
        && let Some(word) = value.word(out)
        && !known.iter().any(|none| squeezed(none) == squeezed(&word))
    {
        let message = format!("the packet gives itself the authority {}", quote(word.as_bytes()));
        let help = format!("known here: {}", known.join(", "));
        out.push(value.finding(Code::PacketClaimsAuthority, message, "must be none").help(help));
    }
}

/// One file of the list.
struct Listed<'d> {
    at: Object<'d>,
    digest: Option<(Value<'d>, crate::digest::Sha256)>,
    by_reference: bool,
}

impl<'d> Listed<'d> {
    fn read(row: Object<'d>, out: &mut Sink) -> Option<(BytePath, Self)> {
        let name = row.field("path").value(out)?;
        let text = name.word(out)?;
        let digest = row.field("sha256").value(out).and_then(|value| Some((value, value.digest(out)?)));
        let by_reference = row.get("by_reference").is_some_and(|value| value.flag(out) == Some(true));
        match BytePath::parse(text.as_bytes(), Backslash::Refuse) {
            Ok(path) => Some((path, Self { at: row, digest, by_reference })),
            Err(error) => {
                let message = format!("{} is no path in the packet: {error}", quote(text.as_bytes()));
                out.push(name.finding(Code::MirrorExtra, message, "not a path"));
                None
            }
        }
    }
}

/// Both lists name the same files with the same digests.
fn compare(
    packet: &Packet,
    root: Object<'_>,
    listed: &BTreeMap<BytePath, Listed<'_>>,
    own: &[BytePath],
    out: &mut Sink,
) {
    let entries = packet.manifest.iter().flat_map(|manifest| &manifest.entries).zip(packet.states);
    let sealed: BTreeMap<&BytePath, (&Entry, &State)> =
        entries.map(|(entry, state)| (&entry.path, (entry, state))).collect();
    for (path, row) in listed {
        let name = quote(path.as_bytes());
        match sealed.get(path) {
            None if row.by_reference => {
                let message =
                    format!("{name} is kept elsewhere by the packet's list, and is not sealed here");
                out.push(row.at.finding(Code::ReferenceUnresolved, message, "not sealed"));
            }
            None => {
                let message = format!("{name} is in the packet's list and not sealed");
                out.push(row.at.finding(Code::MirrorExtra, message, "not sealed"));
            }
            Some((entry, state)) => {
                if let Some((value, digest)) = row.digest
                    && entry.digest.as_bytes() != digest.0
                {
                    let message = format!("the packet's list has another digest of {name} than the seal");
                    let help = format!(
                        "write {} here, and the file's length where the row gives one; then seal the packet again",
                        entry.digest
                    );
                    out.push(
                        value.finding(Code::MirrorDigestDiffers, message, "not the sealed digest").help(help),
                    );
                }
                if row.by_reference && elsewhere(packet, path) && lies_here(state) {
                    let message = format!("{name} is kept elsewhere, and lies in the mirror as well");
                    out.push(row.at.finding(Code::MirrorExtra, message, "here too"));
                }
                if row.by_reference && matches!(state, State::Missing) {
                    let message =
                        format!("{name} is kept elsewhere, and was found in none of the places named");
                    let mut finding = Finding::new(Code::ReferenceUnresolved, message).path(path.clone());
                    finding.located_in = Some(row.at.value().document().path().clone());
                    out.push(finding);
                }
            }
        }
    }
    unlisted(packet, root, listed, &sealed, own, out);
}

/// Every sealed file is in the list, but for seals and the list itself.
fn unlisted(
    packet: &Packet,
    root: Object<'_>,
    listed: &BTreeMap<BytePath, Listed<'_>>,
    sealed: &BTreeMap<&BytePath, (&Entry, &State)>,
    own: &[BytePath],
    out: &mut Sink,
) {
    let seals =
        |path: &BytePath| packet.seal.siblings.contains(&packet.seal.root.join(path)) || own.contains(path);
    for path in sealed.keys().filter(|path| !listed.contains_key(**path) && !seals(path)) {
        let message = format!("{} is sealed and not in the packet's list", quote(path.as_bytes()));
        out.push(root.finding(Code::MirrorMissing, message, "lacks a file"));
    }
}

/// Whether the configuration says where else the file is kept. The packet's list alone does
/// not: the packet that is mirrored has the same one.
fn elsewhere(packet: &Packet, path: &BytePath) -> bool {
    packet.policy.references.iter().any(|reference| reference.path == *path)
}

fn lies_here(state: &State) -> bool {
    matches!(state, State::Intact | State::Drifted(_) | State::Changed | State::Refused(_))
}

#[cfg(test)]
mod tests;
