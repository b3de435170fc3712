//! What is not intact, and how the sealed bytes can be had: taken from units
//! after they were judged. Nothing is read, written or proven here.

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;

use super::Options;
use super::references;
use super::unit::Unit;
use crate::check::Explained;
use crate::code::Code;
use crate::digest::{Digest, Sha256};
use crate::drift::{Diagnosis, Grade, Recipe};
use crate::finding::origin::Subject;
use crate::git::{Objects, Oid};
use crate::manifest::Entry;
use crate::observe::twins::Twin;
use crate::observe::{Found, State};
use crate::packet::root::Rooted;
use crate::path::BytePath;
use crate::report::Report;
use crate::source::Refusal;

/// A judged run: its report, and everything in it that is not intact.
#[derive(Debug)]
pub struct Judged {
    /// What `seal verify` would say.
    pub report: Report,
    /// By packet; in a packet its manifest, its pin, then entries in path order.
    pub damages: Vec<Damage>,
}

/// One file of a seal that is not intact.
#[derive(Clone, Debug)]
pub struct Damage {
    /// Index into the report's packets.
    pub packet: usize,
    /// What it is in the seal.
    pub part: Part,
    /// The tree, resolved, that [`Self::target`] is relative to.
    pub base: PathBuf,
    /// Where the bytes belong.
    pub target: BytePath,
    /// The same as the packet's findings name it.
    pub path: BytePath,
    /// The sealed digest.
    pub sealed: Digest,
    /// The sealed length, where the manifest gives one.
    pub sealed_size: Option<u64>,
    /// What stands there.
    pub found: Option<Found>,
    /// What every seal that was judged says of this file, this one included.
    pub claims: Vec<Claim>,
    /// The causes proven by undoing them.
    pub causes: Vec<Code>,
    /// The comparison came to no result: the file could not be read to its end.
    pub unjudged: bool,
    /// How to get the sealed bytes, or why there is no way.
    pub remedy: Result<Remedy, String>,
}

/// A digest and perhaps a length that bytes must have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The digest.
    pub digest: Digest,
    /// The length.
    pub size: Option<u64>,
}

/// What a damaged file is in its seal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// The manifest.
    Manifest,
    /// The tree pin.
    Pin,
    /// A sealed file.
    Entry,
}

/// A proven way to the sealed bytes.
#[derive(Clone, Debug)]
pub enum Remedy {
    /// Undoing this on the bytes found gives them.
    Undo(Recipe),
    /// They are in another file.
    Copy {
        /// The tree, resolved, that `from` is relative to.
        base: PathBuf,
        /// The other file.
        from: BytePath,
        /// The file as it is shown.
        shown: BytePath,
        /// No entry names the other file.
        unsealed: bool,
    },
    /// They are in the object database of a git repository.
    Blob {
        /// The database.
        objects: Objects,
        /// The blob.
        blob: Oid,
        /// What holds it, in words: `commit 1a2b3c4d5e6f, "a.txt"`.
        from: String,
    },
    /// They are these: a pin that holds the right digest in another spelling.
    Exactly(Vec<u8>),
}

/// Claims about one file that are kept.
const CLAIMS: usize = 8;

/// Everything of the units that is not intact.
pub(super) fn damages(units: &[Unit], options: &Options) -> Vec<Damage> {
    let mut damages: Vec<Damage> =
        units.iter().enumerate().flat_map(|(packet, unit)| of_unit(packet, unit, options)).collect();
    let places: HashSet<PathBuf> = damages.iter().map(Damage::absolute).collect();
    let mut claims: HashMap<PathBuf, Vec<Claim>> = HashMap::new();
    let mut claim = |place: PathBuf, digest: &Digest, size: Option<u64>| {
        if places.contains(&place) {
            let all = claims.entry(place).or_default();
            let claim = Claim { digest: digest.clone(), size };
            // Two that differ are enough to refuse; a list may hold a million.
            if all.len() < CLAIMS && !all.contains(&claim) {
                all.push(claim);
            }
        }
    };
    for unit in units {
        let root = &unit.seal.root;
        for entry in unit.manifest.iter().flat_map(|manifest| &manifest.entries) {
            claim(unit.scan.tree.absolute(&root.join(&entry.path)), &entry.digest, entry.size);
        }
        if let Some(sealed) = unit.sealed_tree {
            let manifest = unit.scan.tree.absolute(&unit.seal.manifest_path);
            claim(manifest, &Digest::Sha256(sealed), None);
        }
    }
    for damage in &mut damages {
        let others = claims.get(&damage.absolute()).cloned().unwrap_or_default();
        let own = Claim { digest: damage.sealed.clone(), size: damage.sealed_size };
        damage.claims = others;
        if !damage.claims.contains(&own) {
            damage.claims.push(own);
        }
    }
    damages
}

impl Damage {
    /// Where the bytes belong, absolute.
    pub fn absolute(&self) -> PathBuf {
        self.base.join(self.target.to_os())
    }
}

fn of_unit(packet: usize, unit: &Unit, options: &Options) -> Vec<Damage> {
    let mut damages = Vec::new();
    // A run about one file is about that file.
    if unit.scan.only.is_none() {
        damages.extend(manifest(packet, unit));
        damages.extend(pin(packet, unit));
    }
    let Some(manifest) = &unit.manifest else { return damages };
    if matches!(unit.seal.rooted, Rooted::Ambiguous { .. }) {
        return damages;
    }
    let untrusted = untrusted(unit);
    let intact = intact(unit);
    let mut entries: Vec<Damage> = Vec::new();
    for (index, (entry, state)) in manifest.entries.iter().zip(&unit.states).enumerate() {
        let found = match state {
            State::Intact | State::Referenced(_) | State::Itself => continue,
            State::Drifted(found) => Some((**found).clone()),
            State::Missing | State::Refused(_) | State::Changed | State::Repeated => None,
        };
        let remedy = match untrusted {
            Some(why) => Err(why.to_owned()),
            None => remedy(unit, index, entry, state, &intact, options),
        };
        entries.push(Damage {
            packet,
            part: Part::Entry,
            base: unit.scan.tree.base().to_owned(),
            target: unit.seal.root.join(&entry.path),
            path: entry.path.clone(),
            sealed: entry.digest.clone(),
            sealed_size: entry.size,
            found,
            claims: Vec::new(),
            causes: causes(unit.diagnoses.get(&index)),
            unjudged: unjudged(state),
            remedy,
        });
    }
    entries.sort_by(|a, b| a.path.cmp(&b.path));
    damages.append(&mut entries);
    damages
}

/// Why the entries of a unit say nothing about sealed bytes: the manifest that
/// they stand in is not the one that was sealed.
fn untrusted(unit: &Unit) -> Option<&'static str> {
    let tree = Sha256::of(&unit.text);
    let demanded = &unit.policy.expect_tree;
    if demanded.iter().any(|expected| *expected != tree) {
        return Some("its manifest is not the one that is demanded");
    }
    match unit.seal.pin.as_ref().map(|pin| pin.digest) {
        Some(Some(pinned)) if pinned != tree => {
            Some("its manifest is not the one that the tree pin was made over")
        }
        Some(None) if demanded.is_empty() => Some("the tree pin of its manifest cannot be read"),
        _ => None,
    }
}

fn manifest(packet: usize, unit: &Unit) -> Option<Damage> {
    let sealed = unit.sealed_tree?;
    let path = &unit.seal.manifest_path;
    let remedy = match &unit.manifest_drift {
        Some(diagnosis) => undo(diagnosis),
        None => Err("no cause was looked for".to_owned()),
    };
    let remedy = remedy.or_else(|why| blob(unit, Subject::Manifest).ok_or(why));
    Some(Damage {
        packet,
        part: Part::Manifest,
        base: unit.scan.tree.base().to_owned(),
        target: path.clone(),
        path: path.strip_prefix(&unit.seal.root).unwrap_or_else(|| path.clone()),
        sealed: Digest::Sha256(sealed),
        sealed_size: None,
        found: unit
            .seal
            .tree
            .map(|tree| Found { digest: Digest::Sha256(tree), size: unit.seal.bytes.len() as u64 }),
        claims: Vec::new(),
        causes: unit.manifest_drift.as_ref().map(proven).unwrap_or_default(),
        unjudged: false,
        remedy,
    })
}

/// A pin in another spelling that holds the digest of the manifest: the
/// manifest proves what it must say.
fn pin(packet: usize, unit: &Unit) -> Option<Damage> {
    let pin = unit.seal.pin.as_ref().filter(|pin| !pin.departures.is_empty())?;
    let folder = unit.scan.tree.folder(&pin.path.parent()).ok()?;
    let name = BytePath::root().child(pin.path.file_name());
    let bytes = folder.read(&name, crate::source::Links::Refuse, 1 << 16).ok()?;
    let again = crate::packet::Pin::parse(pin.path.clone(), &bytes);
    let said = pin.digest.filter(|_| again == *pin)?;
    let right = format!("{said}\n").into_bytes();
    let remedy = if said == Sha256::of(&unit.text) {
        Ok(Remedy::Exactly(right.clone()))
    } else {
        Err("the digest in it is not that of the manifest".to_owned())
    };
    Some(Damage {
        packet,
        part: Part::Pin,
        base: unit.scan.tree.base().to_owned(),
        target: pin.path.clone(),
        path: pin.path.strip_prefix(&unit.seal.root).unwrap_or_else(|| pin.path.clone()),
        sealed: Digest::Sha256(Sha256::of(&right)),
        sealed_size: Some(right.len() as u64),
        found: Some(Found { digest: Digest::Sha256(Sha256::of(&bytes)), size: bytes.len() as u64 }),
        claims: Vec::new(),
        causes: Vec::new(),
        unjudged: false,
        remedy,
    })
}

fn undo(diagnosis: &Diagnosis) -> Result<Remedy, String> {
    let why = match (&diagnosis.recipe, diagnosis.causes.first().map(|cause| cause.code)) {
        (Some(recipe), _) => return Ok(Remedy::Undo(recipe.clone())),
        (None, Some(Code::GitLfsPointer)) => "the content is not in the pointer: `git lfs pull` fetches it",
        (None, Some(Code::SymlinkAsFile)) => {
            "it holds the text of a symbolic link: `git config core.symlinks true` and a fresh checkout give the link"
        }
        (None, Some(Code::Truncated | Code::ZeroFilled)) => "the sealed bytes are not all there any more",
        (None, _) if diagnosis.search.exhausted => "no known drift explains it",
        (None, _) => "no known drift explains it, and the search was not finished",
    };
    Err(why.to_owned())
}

fn remedy(
    unit: &Unit,
    index: usize,
    entry: &Entry,
    state: &State,
    intact: &HashMap<&Digest, &BytePath>,
    options: &Options,
) -> Result<Remedy, String> {
    let copy = |path: BytePath, unsealed| {
        let base = unit.scan.tree.base().to_owned();
        Remedy::Copy { base, shown: unit.scan.shown(&path, options), from: path, unsealed }
    };
    let beside = |path: &BytePath| unit.seal.root.join(path);
    let elsewhere = || {
        let twin = intact.get(&entry.digest).map(|path| copy(beside(path), false));
        twin.or_else(|| references::copy_of(unit, entry).map(|path| copy(path, false)))
    };
    match state {
        State::Repeated => Err("another line of the manifest has the same path".to_owned()),
        State::Drifted(found) if found.digest == entry.digest => {
            Err("its digest is the sealed one and its length is not: the manifest contradicts itself"
                .to_owned())
        }
        State::Drifted(_) => {
            let undone = match unit.diagnoses.get(&index) {
                Some(Explained::Diagnosis(diagnosis)) => undo(diagnosis),
                Some(Explained::NotSearched(why)) => Err(why.clone()),
                None => Err("no cause was looked for".to_owned()),
            };
            undone.or_else(|why| blob(unit, Subject::Entry(index)).or_else(elsewhere).ok_or(why))
        }
        State::Missing => match unit.twins.found.get(&index) {
            Some(Twin::Renamed(path) | Twin::Moved(path)) => Ok(copy(beside(path), true)),
            None => blob(unit, Subject::Entry(index))
                .or_else(elsewhere)
                .ok_or_else(|| "it is not there, and its sealed bytes were not found".to_owned()),
        },
        state if state.sealed_link(entry).is_some() => Err(
            "a symbolic link stands there, which is never followed or replaced; its text is the sealed bytes: \
             `git config core.symlinks false` and a fresh checkout give the file"
                .to_owned(),
        ),
        State::Refused(refusal) => Err(match &**refusal {
            Refusal::Symlink { .. } | Refusal::LeavesRoot { .. } => {
                "a symbolic link stands there or on the way, which is never followed or replaced".to_owned()
            }
            other => other.to_string(),
        }),
        State::Changed => Err("it was written to while it was read".to_owned()),
        State::Intact | State::Referenced(_) | State::Itself => Err(String::new()),
    }
}

/// The blob that has sealed bytes.
fn blob(unit: &Unit, subject: Subject) -> Option<Remedy> {
    let original = unit.origins.get(&subject)?.original.as_ref()?;
    let objects = unit.git.clone()?;
    Some(Remedy::Blob { objects, blob: original.blob.clone(), from: original.words() })
}

/// The states for which a run ends with 2.
fn unjudged(state: &State) -> bool {
    match state {
        State::Changed => true,
        State::Refused(refusal) => matches!(
            **refusal,
            Refusal::Denied
                | Refusal::Io(_)
                | Refusal::Missing
                | Refusal::Submodule
                | Refusal::NotCheckedOut
                | Refusal::NotFetched(_)
        ),
        _ => false,
    }
}

/// Intact entries by digest, the first in path order of those with equal bytes.
fn intact<'u>(unit: &'u Unit) -> HashMap<&'u Digest, &'u BytePath> {
    let mut intact: HashMap<&Digest, &BytePath> = HashMap::new();
    let entries = unit.manifest.iter().flat_map(|manifest| &manifest.entries);
    for (entry, _) in entries.zip(&unit.states).filter(|(_, state)| **state == State::Intact) {
        let first = intact.entry(&entry.digest).or_insert(&entry.path);
        *first = (*first).min(&entry.path);
    }
    intact
}

fn causes(explained: Option<&Explained>) -> Vec<Code> {
    match explained {
        Some(Explained::Diagnosis(diagnosis)) => proven(diagnosis),
        _ => Vec::new(),
    }
}

/// The codes of causes that were proven.
fn proven(diagnosis: &Diagnosis) -> Vec<Code> {
    if matches!(diagnosis.grade, Grade::ProvenByHash | Grade::ProvenByOriginal) {
        diagnosis.causes.iter().map(|cause| cause.code).collect()
    } else {
        Vec::new()
    }
}
