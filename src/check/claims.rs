//! `claims`: what the packet says of its own files is so. Paths, digests, lengths
//! and counts in typed fields and in code spans of its reports are computed again
//! where the thing is there.

mod fields;
mod report;

use std::cell::RefCell;
use std::collections::BTreeMap;

use super::{Applied, Check, CheckError, Level, Meta, Packet, Sink, files};
use crate::code::Code;
use crate::digest::Sha256;
use crate::evidence::{Document, Limits};
use crate::path::{Backslash, BytePath};
use crate::profile::{Role, Spellings};

pub(super) struct ClaimsCheck;

static META: Meta = Meta {
    id: "claims",
    level: Level::L3,
    summary: "digests, paths, lengths and counts that the packet states of its files are so",
    documents: &["readme", "checkpoint"],
    codes: &[Code::ClaimDiffers, Code::ClaimDangling, Code::ClaimUnverifiable],
};

/// Longer documents and pages are data, and state nothing.
const LARGEST: usize = 16 << 20;

impl Check for ClaimsCheck {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn run(&self, packet: &Packet, out: &mut Sink) -> Result<Applied, CheckError> {
        let here = Here::new(packet);
        let (mut claims, mut unread) = (0usize, 0);
        for file in files::all(packet).into_iter().filter(|file| file.sealed) {
            let name = file.path.file_name().to_ascii_lowercase();
            let json = name.ends_with(b".json");
            if !json && !name.ends_with(b".md") && !name.ends_with(b".markdown") {
                continue;
            }
            if own_check(packet, file.path) {
                continue;
            }
            let Ok(held) = packet.shelf.bytes_of(file.path) else {
                unread += 1;
                continue;
            };
            if held.bytes.len() > LARGEST {
                continue;
            }
            if json {
                // What is no JSON is told by the check that it is evidence for.
                let read = Document::read(file.path.clone(), held, Spellings::default(), Limits::default());
                if let Ok(document) = read {
                    claims += fields::judge(&document, &here, out);
                }
            } else if let Ok(text) = std::str::from_utf8(&held.bytes) {
                claims += report::judge(file.path, text, &here, out);
            }
        }
        Ok(files::searched(packet, format!("{claims} claims"), unread))
    }
}

/// Documents whose paths and counts another check judges, or whose paths are
/// names in another system.
fn own_check(packet: &Packet, path: &BytePath) -> bool {
    const ROLES: [Role; 6] = [
        Role::PacketManifest,
        Role::ToolCalls,
        Role::Probes,
        Role::Blockers,
        Role::ForbiddenSurfaces,
        Role::Preflight,
    ];
    ROLES.iter().any(|role| packet.profile().documents(*role).contains(path))
}

/// The files that claims are about.
struct Here<'p> {
    packet: &'p Packet<'p>,
    names: Vec<BytePath>,
    known: RefCell<BTreeMap<BytePath, Option<Fact>>>,
}

/// What is computed of one file.
#[derive(Clone, Copy)]
struct Fact {
    sha256: Sha256,
    size: u64,
    lines: u64,
}

/// Where a stated path leads.
enum Target {
    /// To a file of the packet, and what is computed of it.
    File(BytePath, Fact),
    /// To a folder of the packet, or to a file that cannot be judged.
    There,
    /// Below the root, where nothing is. `sure` when its first folder is there, so
    /// that it is no path of another folder.
    Nothing { path: BytePath, sure: bool },
    /// Elsewhere: nothing is known of it.
    Outside,
}

impl<'p> Here<'p> {
    fn new(packet: &'p Packet<'p>) -> Self {
        Self { packet, names: names(packet), known: RefCell::new(BTreeMap::new()) }
    }

    fn fact(&self, path: &BytePath) -> Option<Fact> {
        if let Some(known) = self.known.borrow().get(path) {
            return *known;
        }
        let fact = self.packet.shelf.bytes_of(path).ok().map(|held| Fact {
            sha256: Sha256::of(&held.bytes),
            size: held.bytes.len() as u64,
            lines: held.bytes.split_inclusive(|byte| *byte == b'\n').count() as u64,
        });
        self.known.borrow_mut().insert(path.clone(), fact);
        fact
    }

    /// Where a path leads that the packet states.
    fn target(&self, stated: &str) -> Target {
        let stated = without_revision(stated);
        let plain = stated.strip_prefix("./").unwrap_or(stated);
        // Addresses, absolute paths and those of other systems are none below the root.
        let path = BytePath::parse(plain.trim_end_matches('/').as_bytes(), Backslash::Refuse);
        let Some(path) = path.ok().filter(|_| !plain.starts_with('~')) else { return Target::Outside };
        if let Some(fact) = self.fact(&path) {
            return Target::File(path, fact);
        }
        if self.holds(&path) {
            return Target::There;
        }
        let first = path.components().next().and_then(|name| BytePath::parse(name, Backslash::Refuse).ok());
        let alone = path.components().count() == 1;
        let sure = alone || stated.starts_with("./") || first.is_some_and(|first| self.holds(&first));
        Target::Nothing { path, sure }
    }

    /// Whether a file stands there that cannot be read now, or a folder with files.
    fn holds(&self, path: &BytePath) -> bool {
        let below = [path.as_bytes(), b"/"].concat();
        let from = self.names.partition_point(|name| name.as_bytes() < below.as_slice());
        let is_folder = self.names.get(from).is_some_and(|name| name.as_bytes().starts_with(&below));
        is_folder || self.names.binary_search(path).is_ok()
    }
}

/// Every name that is there, in byte order; those of the seal too.
fn names(packet: &Packet) -> Vec<BytePath> {
    let entries = packet.manifest.map_or(&[][..], |manifest| &manifest.entries);
    let beside = packet.backward.unsealed.iter().chain(&packet.backward.left_out);
    let seals = [Some(&packet.seal.manifest_path), packet.seal.pin.as_ref().map(|pin| &pin.path)];
    let own = seals.into_iter().flatten().filter_map(|seal| seal.strip_prefix(&packet.seal.root));
    let listed = entries.iter().map(|entry| &entry.path).chain(beside.map(|listed| &listed.path));
    let mut names: Vec<BytePath> = listed.cloned().chain(own).collect();
    names.sort_unstable();
    names
}

/// A whole digest, in any case, with or without the name of its algorithm.
fn digest(text: &str) -> Option<Sha256> {
    let text = text.trim();
    let plain = ["sha256:", "sha256-", "SHA256:", "SHA-256:"].iter().find_map(|head| text.strip_prefix(head));
    Sha256::from_hex(plain.unwrap_or(text).trim().as_bytes())
}

/// `path@rev2` without its revision.
fn without_revision(stated: &str) -> &str {
    let stated = stated.trim();
    match stated.rsplit_once('@') {
        Some((path, revision)) if !path.is_empty() && !revision.contains('/') => path,
        _ => stated,
    }
}

/// Whether a word looks like the name of a file: no blanks, no wildcard, and an
/// ending of a few letters.
pub(super) fn is_file_name(word: &str) -> bool {
    let name = word.rsplit('/').next().unwrap_or(word);
    let ending = name.rsplit_once('.');
    let written = !word.contains(|c: char| c.is_whitespace() || "*?<>{}$|\"'`;,()=".contains(c));
    written
        && word.len() < 300
        && ending.is_some_and(|(_, ending)| {
            (1..=6).contains(&ending.len())
                && ending.bytes().all(|b| b.is_ascii_alphanumeric())
                && ending.bytes().any(|b| b.is_ascii_alphabetic())
        })
}

/// A revision, where a path is stated with one, is another system's.
fn names_a_revision(stated: &str) -> bool {
    without_revision(stated).len() < stated.trim().len()
}

#[cfg(test)]
mod tests;
