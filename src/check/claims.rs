//! `claims`: what the packet says of its own files is so. Paths, digests, lengths
//! and counts in typed fields and in code spans of its reports are computed again
//! where the thing is there.

mod counts;
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
use crate::text::quote;

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
            // Hints prove nothing, and who reads them compares them first.
            if name == crate::hints::NAME {
                continue;
            }
            let judged = judged_elsewhere(packet, file.path);
            if judged == Judged::Wholly {
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
                    claims += fields::judge(&document, judged, &here, out);
                }
            } else if let Ok(text) = std::str::from_utf8(&held.bytes) {
                claims += report::judge(file.path, text, &here, out);
            }
        }
        Ok(files::searched(packet, format!("{claims} claims"), unread))
    }
}

/// What of a document other checks judge, or is named in another system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Judged {
    Nothing,
    /// Paths and counts; not what is stated of a file that is here.
    PathsAndCounts,
    Wholly,
}

fn judged_elsewhere(packet: &Packet, path: &BytePath) -> Judged {
    const WHOLLY: [Role; 2] = [Role::PacketManifest, Role::Preflight];
    const IN_PART: [Role; 4] = [Role::ToolCalls, Role::Probes, Role::Blockers, Role::ForbiddenSurfaces];
    let is = |roles: &[Role]| roles.iter().any(|role| packet.profile().documents(*role).contains(path));
    match (is(&WHOLLY), is(&IN_PART)) {
        (true, _) => Judged::Wholly,
        (false, true) => Judged::PathsAndCounts,
        (false, false) => Judged::Nothing,
    }
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

    /// How many files the packet has: those that are sealed, and those with its seals.
    fn counts(&self) -> [u64; 2] {
        let sealed = self.packet.manifest.map_or(0, |manifest| manifest.entries.len() as u64);
        [sealed, sealed + 1 + u64::from(self.packet.seal.pin.is_some())]
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

/// What is stated where a digest is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stated<'t> {
    /// All of it, in this case of letters.
    Whole { digest: Sha256, lower: bool },
    /// Its first digits and its last, for display.
    Part(&'t str, &'t str),
    /// Nearly as many digits as it has, which is no other digest either.
    Broken,
}

/// A digest with or without the name of its algorithm; `None` for anything else.
fn digest(text: &str) -> Option<Stated<'_>> {
    let text = text.trim();
    let plain = ["sha256:", "sha256-", "SHA256:", "SHA-256:"].iter().find_map(|head| text.strip_prefix(head));
    let plain = plain.unwrap_or(text).trim();
    if let Some(digest) = Sha256::from_hex(plain.as_bytes()) {
        return Some(Stated::Whole { digest, lower: !plain.bytes().any(|byte| byte.is_ascii_uppercase()) });
    }
    let is_hex = |text: &str| text.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_hex(plain) && (60..=68).contains(&plain.len()) {
        return Some(Stated::Broken);
    }
    let (head, tail) = ["\u{2026}", "...", ".."].iter().find_map(|mark| plain.split_once(mark))?;
    (head.len() >= 4 && head.len() + tail.len() < 64 && is_hex(head) && is_hex(tail))
        .then_some(Stated::Part(head, tail))
}

impl Stated<'_> {
    /// What is wrong with it as the digest of that file: a code, a message and a label.
    fn wrong(self, path: &BytePath, due: Sha256) -> Option<(Code, String, &'static str)> {
        let name = quote(path.as_bytes());
        let differs = |said: &str| {
            let message = format!("the digest of {name} is stated as {said}, and it is {due}");
            Some((Code::ClaimDiffers, message, "another digest"))
        };
        match self {
            Self::Whole { digest, .. } if digest != due => differs(&digest.to_string()),
            Self::Whole { lower: true, .. } => None,
            Self::Whole { lower: false, .. } => {
                let message = format!("the digest of {name} is not in lower case");
                Some((Code::EvidenceDigestCase, message, "upper-case digits"))
            }
            Self::Part(head, tail) => {
                let (digits, lower) = (due.to_string(), str::to_ascii_lowercase);
                let agrees = digits.starts_with(&lower(head)) && digits.ends_with(&lower(tail));
                if !agrees {
                    return differs(&format!("{head}\u{2026}{tail}"));
                }
                let message = format!("the digest of {name} is abbreviated, which proves nothing");
                Some((Code::ClaimUnverifiable, message, "abbreviated"))
            }
            Self::Broken => {
                let message = format!("what is stated as the digest of {name} has not 64 digits");
                Some((Code::EvidenceDigestMalformed, message, "not 64 digits"))
            }
        }
    }
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
