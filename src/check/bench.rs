//! Packets in memory, for the unit tests of checks.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::Value;

use super::{Check, Outcome, Packet, Predecessor, Selection, Status, Verified, judge_by};
use crate::digest::{Digest, Sha256};
use crate::evidence::{Held, Shelf, Store, Withheld};
use crate::finding::Finding;
use crate::finding::origin::Origins;
use crate::manifest::{self, Entry, Manifest};
use crate::observe::twins::Twins;
use crate::observe::unsealed::Backward;
use crate::observe::{Found, State};
use crate::packet::pin::Pin;
use crate::packet::root::Rooted;
use crate::packet::{Kind, Policy, Seal};
use crate::path::{Backslash, BytePath};
use crate::profile::{Profile, builtin};
use crate::source::{Kind as FileKind, Listed};

/// A packet: its files, and what judges them.
#[derive(Clone)]
pub(crate) struct Bench {
    profile: Profile,
    sealed: BTreeMap<BytePath, Vec<u8>>,
    unsealed: BTreeMap<BytePath, Vec<u8>>,
    /// Names that are sealed and cannot be judged, with the reason.
    lost: BTreeMap<BytePath, String>,
    /// Names that were compared with their seal, and are too long to be read again.
    long: BTreeSet<BytePath>,
    pinned: bool,
    pub(crate) policy_require: Vec<String>,
    /// Files that the configuration says are kept elsewhere.
    pub(crate) references: Vec<crate::config::Reference>,
    /// The packet that it follows, or why that one is not verified.
    before: Option<Result<Box<Self>, String>>,
}

pub(crate) fn path(name: &str) -> BytePath {
    BytePath::parse(name.as_bytes(), Backslash::Refuse).unwrap()
}

impl Bench {
    /// An empty packet, judged by the profile of that name.
    pub(crate) fn new(profile: &str) -> Self {
        Self::by(builtin(profile).unwrap().clone())
    }

    /// An empty packet, judged by that profile.
    pub(crate) fn by(profile: Profile) -> Self {
        Self {
            profile,
            sealed: BTreeMap::new(),
            unsealed: BTreeMap::new(),
            lost: BTreeMap::new(),
            long: BTreeSet::new(),
            pinned: false,
            policy_require: Vec::new(),
            references: Vec::new(),
            before: None,
        }
    }

    /// The packet with a predecessor.
    pub(crate) fn after(mut self, before: &Self) -> Self {
        self.before = Some(Ok(Box::new(before.clone())));
        self
    }

    /// The packet with a predecessor that is not verified.
    pub(crate) fn after_unverified(mut self) -> Self {
        self.before = Some(Err("its seal does not hold".to_owned()));
        self
    }

    /// A sealed file.
    pub(crate) fn file(mut self, name: &str, content: impl AsRef<[u8]>) -> Self {
        self.sealed.insert(path(name), content.as_ref().to_vec());
        self
    }

    /// A sealed document.
    pub(crate) fn json(self, name: &str, content: &Value) -> Self {
        self.file(name, serde_json::to_string_pretty(content).unwrap() + "\n")
    }

    /// A file that no entry names.
    pub(crate) fn unsealed(mut self, name: &str, content: impl AsRef<[u8]>) -> Self {
        self.unsealed.insert(path(name), content.as_ref().to_vec());
        self
    }

    /// A sealed file that drifted beyond recovery.
    pub(crate) fn lost(mut self, name: &str) -> Self {
        self.lost.insert(path(name), "drifted, and its sealed bytes could not be recovered".to_owned());
        self
    }

    /// A sealed file that is as it was sealed, and too long to be read again.
    pub(crate) fn long(mut self, name: &str) -> Self {
        self.long.insert(path(name));
        self
    }

    /// The packet with a pin beside its manifest.
    pub(crate) fn pinned(mut self) -> Self {
        self.pinned = true;
        self
    }

    /// How the file of an entry was found: as it was sealed, unless it is lost.
    fn state(&self, entry: &Entry) -> State {
        if self.lost.contains_key(&entry.path) {
            return State::Drifted(Box::new(Found {
                digest: Digest::Sha256(Sha256::of(b"drifted")),
                size: 7,
            }));
        }
        State::Intact
    }

    fn seal(&self) -> Seal {
        let line = |(name, bytes): (&BytePath, &Vec<u8>)| {
            format!("{}  {}\n", Sha256::of(bytes), String::from_utf8_lossy(name.as_bytes()))
        };
        let mut text: String = self.sealed.iter().map(line).collect();
        if text.is_empty() {
            text = format!("{}  nothing\n", Sha256::of(b""));
        }
        let bytes = text.into_bytes();
        let tree = Sha256::of(&bytes);
        let options = manifest::Options {
            file_name: b"HASH_MANIFEST.txt",
            format: None,
            limits: manifest::Limits::default(),
        };
        Seal {
            manifest_path: path("HASH_MANIFEST.txt"),
            root: BytePath::root(),
            kind: Kind::Packet,
            tree: Some(tree),
            manifest: Ok(manifest::parse(&bytes, &options).unwrap()),
            bytes,
            pin: self.pinned.then(|| Pin::parse(path("packet_tree.sha256"), tree.to_string().as_bytes())),
            rooted: Rooted::Given,
            signatures: Vec::new(),
            siblings: Arc::from([]),
        }
    }

    /// Runs checks over the packet.
    pub(crate) fn judge_by(&self, checks: &[&dyn Check]) -> Vec<Outcome> {
        self.judge_selected(checks, &Selection::default())
    }

    /// Runs those of the checks that the user wants.
    pub(crate) fn judge_selected(&self, checks: &[&dyn Check], selection: &Selection) -> Vec<Outcome> {
        let seal = self.seal();
        let policy = Policy {
            require: self.policy_require.clone(),
            references: self.references.clone(),
            ..Policy::default()
        };
        let manifest: &Manifest = seal.manifest.as_ref().unwrap();
        let states: Vec<State> = manifest.entries.iter().map(|entry| self.state(entry)).collect();
        let shelf = Shelf::new(self);
        let before = self.before.clone();
        let before_seal = before.as_ref().and_then(|before| before.as_ref().ok()).map(|before| before.seal());
        let before_shelf =
            before.as_ref().and_then(|before| before.as_ref().ok()).map(|before| Shelf::new(&**before));
        let predecessor = before.as_ref().map(|before| Predecessor {
            shown: path("before"),
            verified: before.as_ref().map_err(Clone::clone).map(|_| {
                let seal = before_seal.as_ref().unwrap();
                Verified {
                    shelf: before_shelf.as_ref().unwrap(),
                    manifest: seal.manifest.as_ref().unwrap(),
                    tree: seal.tree.unwrap(),
                }
            }),
        });
        let listed = |path: &BytePath| Listed { path: path.clone(), kind: FileKind::File };
        let left_out = self.unsealed.keys().map(listed).collect();
        let backward = Backward { left_out, ..Backward::default() };
        let packet = Packet {
            seal: &seal,
            shelf: &shelf,
            narrowed: false,
            compared: true,
            kind: Kind::Packet,
            policy: &policy,
            manifest: Some(manifest),
            text: &seal.bytes,
            manifest_drift: None,
            sealed_tree: None,
            states: &states,
            diagnoses: &BTreeMap::new(),
            twins: &Twins::default(),
            backward: &backward,
            unresolved: &BTreeMap::new(),
            clues: &BTreeMap::new(),
            origins: &Origins::default(),
            predecessor: predecessor.as_ref(),
        };
        judge_by(checks, &packet, selection)
    }

    /// Runs one check over the packet.
    pub(crate) fn judge(&self, check: &dyn Check) -> Judged {
        Judged(self.judge_by(&[check]).remove(0))
    }
}

impl Store for Bench {
    fn profile(&self) -> &Profile {
        &self.profile
    }

    fn held(&self, path: &BytePath, limit: u64) -> Result<Held, Withheld> {
        if let Some(reason) = self.lost.get(path) {
            return Err(Withheld::Unjudged(reason.clone()));
        }
        if self.long.contains(path) {
            return Err(Withheld::Unjudged("is too long".into()));
        }
        let held = |bytes: &Vec<u8>, sealed| Held { bytes: bytes.clone(), sealed, recovered: false };
        let sealed = self.sealed.get(path).map(|bytes| held(bytes, true));
        let found = sealed.or_else(|| self.unsealed.get(path).map(|bytes| held(bytes, false)));
        match found {
            Some(held) if held.bytes.len() as u64 > limit => Err(Withheld::Unjudged("is too long".into())),
            found => found.ok_or(Withheld::Absent),
        }
    }
}

/// How a check ended.
pub(crate) struct Judged(pub(crate) Outcome);

impl Judged {
    /// The codes it reported, sorted, each once.
    pub(crate) fn codes(&self) -> Vec<&'static str> {
        let mut codes: Vec<&str> = self.0.findings.iter().map(|finding| finding.code.id()).collect();
        codes.sort_unstable();
        codes.dedup();
        codes
    }

    /// Fails unless the check ended so.
    #[track_caller]
    pub(crate) fn is(&self, status: Status) -> &Self {
        assert_eq!(self.0.status, status, "{}\n{}", self.0.reason, self.told());
        self
    }

    /// Fails unless it ended well and found nothing.
    #[track_caller]
    pub(crate) fn is_ok(&self) -> &Self {
        assert!(self.0.findings.is_empty(), "{}", self.told());
        self.is(Status::Ok)
    }

    /// Fails unless the check ended with this reason.
    #[track_caller]
    pub(crate) fn says(&self, reason: &str) -> &Self {
        assert_eq!(self.0.reason, reason, "{}", self.told());
        self
    }

    /// Fails unless it failed with this code, perhaps among others.
    #[track_caller]
    pub(crate) fn fails_with(&self, code: &str) -> &Self {
        assert!(self.codes().contains(&code), "no {code} in {:?}\n{}", self.codes(), self.told());
        self.is(Status::Failed)
    }

    /// Fails unless it failed with this code at that place, perhaps among others.
    #[track_caller]
    pub(crate) fn fails_with_at(&self, code: &str, pointer: &str) -> &Self {
        let is_it =
            |finding: &Finding| finding.code.id() == code && finding.pointer.as_deref() == Some(pointer);
        assert!(self.0.findings.iter().any(is_it), "no {code} at {pointer}\n{}", self.told());
        self.is(Status::Failed)
    }

    /// The message of its only finding.
    #[track_caller]
    pub(crate) fn message(&self) -> &str {
        assert_eq!(self.0.findings.len(), 1, "{}", self.told());
        &self.0.findings[0].message
    }

    /// Fails unless it failed with exactly these findings, each as `code pointer`.
    #[track_caller]
    pub(crate) fn fails_at(&self, places: &[&str]) -> &Self {
        self.found(places).is(Status::Failed)
    }

    /// Fails unless it has exactly these findings, each as `code pointer`, in any order.
    #[track_caller]
    pub(crate) fn found(&self, places: &[&str]) -> &Self {
        let at = |finding: &Finding| {
            format!("{} {}", finding.code, finding.pointer.as_deref().unwrap_or_default())
                .trim_end()
                .to_owned()
        };
        let mut found: Vec<String> = self.0.findings.iter().map(at).collect();
        found.sort_unstable();
        let mut due = places.to_vec();
        due.sort_unstable();
        assert_eq!(found, due, "{}", self.told());
        self
    }

    /// Fails unless a message of a finding has these words.
    #[track_caller]
    pub(crate) fn mentions(&self, words: &str) -> &Self {
        assert!(self.0.findings.iter().any(|finding| finding.message.contains(words)), "{}", self.told());
        self
    }

    /// What it found, each as `code pointer: message`, the root without its pointer.
    pub(crate) fn lines(&self) -> Vec<String> {
        let one = |finding: &Finding| match finding.pointer.as_deref() {
            None | Some("") => format!("{}: {}", finding.code, finding.message),
            Some(pointer) => format!("{} {pointer}: {}", finding.code, finding.message),
        };
        self.0.findings.iter().map(one).collect()
    }

    /// Fails unless this is among what it found.
    #[track_caller]
    pub(crate) fn tells(&self, line: &str) -> &Self {
        assert!(self.lines().iter().any(|told| told == line), "no {line} in\n{}", self.told());
        self
    }

    /// Fails unless this is all that it found, in any order.
    #[track_caller]
    pub(crate) fn tells_only<S: AsRef<str>>(&self, lines: &[S]) -> &Self {
        let mut told = self.lines();
        told.sort_unstable();
        let mut due: Vec<&str> = lines.iter().map(AsRef::as_ref).collect();
        due.sort_unstable();
        assert_eq!(told, due);
        self
    }

    fn told(&self) -> String {
        self.lines().join("\n")
    }
}

/// A document with the value at `pointer` replaced.
#[track_caller]
pub(crate) fn with(document: &Value, pointer: &str, value: Value) -> Value {
    let mut document = document.clone();
    *document.pointer_mut(pointer).unwrap_or_else(|| panic!("no {pointer}")) = value;
    document
}

/// A document without the member or item at `pointer`.
#[track_caller]
pub(crate) fn without(document: &Value, pointer: &str) -> Value {
    let mut document = document.clone();
    let (holder, name) = pointer.rsplit_once('/').unwrap();
    match document.pointer_mut(holder).unwrap() {
        Value::Object(map) => drop(map.remove(name).unwrap()),
        Value::Array(items) => drop(items.remove(name.parse().unwrap())),
        other => panic!("{other} holds nothing"),
    }
    document
}

/// Every pointer into a document, the root left out.
pub(crate) fn pointers(document: &Value) -> Vec<String> {
    fn walk(value: &Value, at: &str, all: &mut Vec<String>) {
        let members: Vec<(String, &Value)> = match value {
            Value::Object(map) => map.iter().map(|(key, value)| (key.clone(), value)).collect(),
            Value::Array(items) => items.iter().enumerate().map(|(n, item)| (n.to_string(), item)).collect(),
            _ => return,
        };
        for (name, value) in members {
            let name = name.replace('~', "~0").replace('/', "~1");
            let pointer = format!("{at}/{name}");
            all.push(pointer.clone());
            walk(value, &pointer, all);
        }
    }
    let mut all = Vec::new();
    walk(document, "", &mut all);
    all
}

/// The digest of a text, as evidence writes it.
pub(crate) fn hex(text: &str) -> String {
    Digest::Sha256(Sha256::of(text.as_bytes())).to_string()
}
