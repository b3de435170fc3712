//! Finding the seals in a listing: candidates by name, confirmed by content.
//!
//! Nothing that looks like a seal is dropped without a word: it becomes a
//! [`Seal`] (readable or not) or a [`PassedOver`] with its reason.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::names::{Promise, promise, signed};
use super::root::{self, Rooted};
use super::{Kind, MANIFEST_NAME, PIN_NAME, Pin, Seal, Unreadable};
use crate::config::Globs;
use crate::digest::Sha256;
use crate::manifest::{self, Format, Limits, Manifest, NotAManifest};
use crate::path::BytePath;
use crate::source::{Folder, Links, Listed, Refusal, Source};

/// Something that looked like a seal and is not verified.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PassedOver {
    /// Relative to the source's base.
    pub path: BytePath,
    /// Why, a few words.
    pub reason: String,
}

/// A seal that the user or the configuration names.
#[derive(Clone, Debug, Default)]
pub struct Named {
    /// The manifest, relative to the source's base.
    pub manifest: BytePath,
    /// Its root; chosen as for any seal when absent.
    pub root: Option<BytePath>,
    /// Its pin, when it is not where a packet has it.
    pub pin: Option<BytePath>,
}

/// What to look for.
pub struct Request<'a> {
    /// Where bytes come from.
    pub source: &'a dyn Source,
    /// The folder looked through, relative to the base.
    pub under: &'a BytePath,
    /// Everything below it.
    pub listing: &'a [Listed],
    /// Seals known by name.
    pub named: &'a [Named],
    /// Manifests that were seals before, with the root that each had: they must be
    /// manifests still, whatever their name promises, and speak of that root.
    pub known: &'a BTreeMap<BytePath, Option<BytePath>>,
    /// Seals to leave out, by their path relative to the base.
    pub ignore: &'a Globs,
    /// The format to read every manifest in.
    pub format: Option<Format>,
    /// How large a manifest may be.
    pub limits: Limits,
}

/// What there is.
#[derive(Debug, Default)]
pub struct Discovered {
    /// By manifest path.
    pub seals: Vec<Seal>,
    /// By path.
    pub passed_over: Vec<PassedOver>,
    /// Manifests and the manifests they name.
    pub delegations: Vec<(BytePath, BytePath)>,
}

/// Finds every seal of a listing, and the named ones.
pub fn discover(request: &Request) -> Discovered {
    let mut finder = Finder { request, out: Discovered::default(), seen: BTreeSet::new() };
    let candidates = finder.candidates();
    for named in request.named {
        finder.manifest(&named.manifest, Promise::Strong, Some(named), &candidates);
    }
    for (folder, names) in &candidates {
        for (name, promise) in names {
            match promise {
                Promise::Strong | Promise::Weak => {
                    finder.manifest(&folder.child(name), *promise, None, &candidates);
                }
                Promise::WeakDigests if !finder.seen.contains(&folder.child(name)) => {
                    let reason = "its digests are too short to protect anything (MD5, SHA-1)";
                    finder.pass_over(&folder.child(name), reason);
                }
                Promise::WeakDigests | Promise::Pin | Promise::Signature => {}
            }
        }
        // A pin whose manifest is gone is a seal that lost its manifest.
        let pinned = folder.child(MANIFEST_NAME);
        let passed = |path: &BytePath| finder.out.passed_over.iter().any(|passed| passed.path == *path);
        if names.values().any(|p| *p == Promise::Pin) && !finder.seen.contains(&pinned) && !passed(&pinned) {
            finder.manifest(&pinned, Promise::Strong, None, &candidates);
        }
    }
    let Discovered { mut seals, mut passed_over, delegations } = finder.out;
    seals.sort_by(|a, b| a.manifest_path.cmp(&b.manifest_path));
    passed_over.sort();
    introduce(&mut seals);
    Discovered { seals, passed_over, delegations }
}

/// Tells each seal which others speak of the same root: seals and their
/// signatures cannot all list one another.
fn introduce(seals: &mut [Seal]) {
    let mut by_root: BTreeMap<BytePath, BTreeSet<BytePath>> = BTreeMap::new();
    for seal in &*seals {
        let own = by_root.entry(seal.root.clone()).or_default();
        own.insert(seal.manifest_path.clone());
        own.extend(seal.pin.iter().map(|pin| pin.path.clone()));
        own.extend(seal.signatures.iter().cloned());
    }
    let by_root: BTreeMap<BytePath, Arc<[BytePath]>> =
        by_root.into_iter().map(|(root, own)| (root, own.into_iter().collect())).collect();
    for seal in seals {
        if let Some(own) = by_root.get(&seal.root) {
            seal.siblings = Arc::clone(own);
        }
    }
}

/// Names with a promise, by folder.
type Candidates = BTreeMap<BytePath, BTreeMap<Vec<u8>, Promise>>;

struct Finder<'a> {
    request: &'a Request<'a>,
    out: Discovered,
    seen: BTreeSet<BytePath>,
}

impl Finder<'_> {
    fn pass_over(&mut self, path: &BytePath, reason: impl Into<String>) {
        self.out.passed_over.push(PassedOver { path: path.clone(), reason: reason.into() });
    }

    /// Whether a path lies in what a repository keeps for itself. Anything else
    /// named `.git` is content.
    fn inside_git(&self, path: &BytePath) -> bool {
        let mut folder = BytePath::root();
        path.components().any(|component| {
            let inside = component == b".git" && self.request.source.holds_repository(&folder);
            folder = folder.child(component);
            inside
        })
    }

    fn candidates(&mut self) -> Candidates {
        let mut paths = Vec::new();
        for listed in self.request.listing {
            if let Some(promise) = promise(listed.path.file_name())
                && !self.inside_git(&listed.path)
            {
                paths.push((listed.path.clone(), promise));
            }
        }
        let asked: Vec<BytePath> = paths.iter().map(|(path, _)| path.clone()).collect();
        let ignored = self.request.source.ignored(&asked, self.request.under);
        let mut candidates = Candidates::new();
        for ((path, promise), ignored) in paths.into_iter().zip(ignored) {
            let configured = self.request.ignore.matches(&path);
            // A pin follows its manifest: leaving out the pin alone would make
            // a packet a list, to which strangers may add files.
            if (ignored || configured) && promise != Promise::Pin {
                if promise != Promise::Signature {
                    let by = if ignored { ".gitignore" } else { "the configuration" };
                    self.pass_over(&path, format!("ignored by {by}"));
                }
                continue;
            }
            candidates.entry(path.parent()).or_default().insert(path.file_name().to_vec(), promise);
        }
        candidates
    }

    fn manifest(&mut self, path: &BytePath, promise: Promise, named: Option<&Named>, all: &Candidates) {
        if !self.seen.insert(path.clone()) {
            return;
        }
        let promise = if self.request.known.contains_key(path) { Promise::Strong } else { promise };
        let folder = match self.request.source.folder(&path.parent()) {
            Ok(folder) => folder,
            Err(refusal) => return self.unreadable(path, Unreadable::Refused(refusal), named, all),
        };
        let name = BytePath::root().child(path.file_name());
        let bytes = match folder.read(&name, Links::Refuse, self.request.limits.bytes as u64) {
            Ok(bytes) => bytes,
            Err(Refusal::Missing) => return self.unreadable(path, Unreadable::Missing, named, all),
            // What was not fetched may well be a manifest.
            Err(refusal) if promise == Promise::Weak && !matches!(refusal, Refusal::NotFetched(_)) => {
                return self.pass_over(path, refusal.to_string());
            }
            Err(refusal) => return self.unreadable(path, Unreadable::Refused(refusal), named, all),
        };
        let options = manifest::Options {
            file_name: path.file_name(),
            format: self.request.format,
            limits: self.request.limits,
        };
        match manifest::parse(&bytes, &options) {
            Ok(read)
                if read.entries.is_empty() && read.problems.is_empty() && !read.delegates_to.is_empty() =>
            {
                self.pass_over(path, "names another manifest and no files");
                self.delegates(&read, path, all);
            }
            Ok(read) => {
                self.delegates(&read, path, all);
                self.seal(path, bytes, Ok(read), named, all, &*folder);
            }
            Err(reason @ NotAManifest::Ambiguous(..)) => {
                self.seal(path, bytes, Err(Unreadable::NotAManifest(reason)), named, all, &*folder);
            }
            // What breaks off in the middle of its digests was a manifest.
            Err(reason) if promise == Promise::Weak && !(reason.is_damage() && holds_digest(&bytes)) => {
                self.pass_over(path, reason.to_string());
            }
            Err(reason) => {
                self.seal(path, bytes, Err(Unreadable::NotAManifest(reason)), named, all, &*folder);
            }
        }
    }

    /// Text manifests that a structured one names, whatever they are called.
    fn delegates(&mut self, read: &Manifest, path: &BytePath, all: &Candidates) {
        for target in &read.delegates_to {
            let target = path.parent().join(target);
            self.out.delegations.push((path.clone(), target.clone()));
            self.manifest(&target, Promise::Strong, None, all);
        }
    }

    fn unreadable(&mut self, path: &BytePath, why: Unreadable, named: Option<&Named>, all: &Candidates) {
        let pin = self.pin(path, named, all);
        let kind = if pin.is_some() { Kind::Packet } else { Kind::List };
        self.out.seals.push(Seal {
            manifest_path: path.clone(),
            root: named.and_then(|n| n.root.clone()).unwrap_or_else(|| path.parent()),
            kind,
            bytes: Vec::new(),
            tree: None,
            manifest: Err(why),
            pin,
            rooted: Rooted::Given,
            signatures: Vec::new(),
            siblings: Arc::default(),
        });
    }

    fn seal(
        &mut self,
        path: &BytePath,
        bytes: Vec<u8>,
        read: Result<Manifest, Unreadable>,
        named: Option<&Named>,
        all: &Candidates,
        here: &dyn Folder,
    ) {
        let pin = self.pin(path, named, all);
        let known = || self.request.known.get(path)?.clone();
        let given = named.and_then(|n| n.root.clone()).or_else(known);
        let kind = if pin.is_some() { Kind::Packet } else { Kind::List };
        let rooted = match &read {
            Ok(read) if kind == Kind::List && given.is_none() => self.root(read, path, here),
            _ => Rooted::Given,
        };
        let root = given.unwrap_or_else(|| root::path(&rooted, path));
        let beside = all.get(&path.parent()).into_iter().flatten();
        let signatures = beside
            .filter(|(name, promise)| {
                **promise == Promise::Signature && signed(name) == Some(path.file_name())
            })
            .map(|(name, _)| path.parent().child(name))
            .collect();
        let tree = Some(Sha256::of(&bytes));
        let manifest_path = path.clone();
        let (manifest, siblings) = (read, Arc::default());
        let seal =
            Seal { manifest_path, root, kind, bytes, tree, manifest, pin, rooted, signatures, siblings };
        self.out.seals.push(seal);
    }

    fn root(&self, read: &Manifest, path: &BytePath, here: &dyn Folder) -> Rooted {
        let source = self.request.source;
        let two = source.is_repository() && !path.parent().is_root();
        let there = if two { source.folder(&BytePath::root()).ok() } else { None };
        root::choose(read, here, there.as_deref())
    }

    fn pin(&self, path: &BytePath, named: Option<&Named>, all: &Candidates) -> Option<Pin> {
        let beside = || {
            let names = all.get(&path.parent())?;
            let mut pins =
                names.iter().filter(|(_, promise)| **promise == Promise::Pin).map(|(name, _)| name);
            // The exact name first: a variant in other letters must not shadow it.
            let exact = names.get_key_value(PIN_NAME).map(|(name, _)| name);
            let name = exact.or_else(|| pins.next())?;
            (path.file_name() == MANIFEST_NAME).then(|| path.parent().child(name))
        };
        // A listing holds no folders: one in the pin's place is a pin that cannot be read.
        let folder = || {
            let parent = path.parent();
            let stands = self.request.source.folder(&parent).is_ok_and(|folder| folder.exists(&pin_name()));
            (path.file_name() == MANIFEST_NAME && stands).then(|| parent.child(PIN_NAME))
        };
        let pin = named.and_then(|n| n.pin.clone()).or_else(beside).or_else(folder)?;
        let name = BytePath::root().child(pin.file_name());
        let read = self
            .request
            .source
            .folder(&pin.parent())
            .and_then(|folder| folder.read(&name, Links::Refuse, PIN_LIMIT));
        Some(match read {
            Ok(bytes) => Pin::parse(pin, &bytes),
            Err(refusal) => Pin::refused(pin, &refusal),
        })
    }
}

fn pin_name() -> BytePath {
    BytePath::root().child(PIN_NAME)
}

/// Whether 64 hexadecimal digits in a row stand anywhere.
fn holds_digest(bytes: &[u8]) -> bool {
    let text: Vec<u8> = bytes.iter().copied().filter(|b| *b != 0).collect();
    text.split(|b| !b.is_ascii_hexdigit()).any(|run| run.len() >= 64)
}

/// A pin is 65 bytes; anything much longer is none.
const PIN_LIMIT: u64 = 4096;
