//! The documents of one packet, by role.
//!
//! Only bytes that have just been verified against the seal are evidence. For a
//! document that drifted the sealed bytes are judged where they could be
//! recovered; where not, nothing is judged. A document that is not sealed is
//! read too, since what is wrong in it is wrong, and satisfies nothing.

use std::cell::OnceCell;

use super::read::{Broken, Document, Limits};
use crate::code::Code;
use crate::finding::{Finding, Sink};
use crate::path::BytePath;
use crate::profile::{Profile, Role};
use crate::text::quote;

/// The bytes of a file that evidence may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// The bytes.
    pub bytes: Vec<u8>,
    /// They are those of the seal.
    pub sealed: bool,
    /// What stands there drifted; these are the sealed bytes, recovered.
    pub recovered: bool,
}

/// Why there are no bytes to judge.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Withheld {
    /// No entry names it and nothing is there.
    #[error("there is no such file")]
    Absent,
    /// It is sealed or present and cannot be judged. A clause that follows its name.
    #[error("{0}")]
    Unjudged(String),
}

/// Where the bytes of a packet's files are had from.
pub trait Store {
    /// What the packet's documents are judged by.
    fn profile(&self) -> &Profile;

    /// The bytes under a name relative to the packet's root, of at most `limit`.
    /// Sealed bytes are compared with the seal once more.
    fn held(&self, path: &BytePath, limit: u64) -> Result<Held, Withheld>;

    /// Hands over the bytes that stand under a name, piece by piece, however many
    /// they are. Whether they are those of the seal is known at the end: an error
    /// may come after every piece.
    fn visit(&self, path: &BytePath, each: &mut dyn FnMut(&[u8])) -> Result<(), Withheld> {
        each(&self.held(path, u64::MAX)?.bytes);
        Ok(())
    }
}

/// A document was due to be judged and cannot be: the sentence says why.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unjudged(pub String);

/// What became of one name.
enum Read {
    Absent,
    Document(Box<Document>),
    Broken(Box<Finding>, bool),
    Unjudged(String),
}

struct Slot {
    role: Role,
    path: BytePath,
    read: OnceCell<Read>,
}

/// The documents of one packet. Each is read when it is first asked for, and once.
pub struct Shelf<'a> {
    store: &'a dyn Store,
    slots: OnceCell<Vec<Slot>>,
    limits: Limits,
}

/// The longest file that is no JSON document and is read as a whole.
const LARGEST: u64 = 64 << 20;

impl<'a> Shelf<'a> {
    /// The documents of the packet behind `store`.
    pub fn new(store: &'a dyn Store) -> Self {
        Self { store, slots: OnceCell::new(), limits: Limits::default() }
    }

    /// What the documents are judged by.
    pub fn profile(&self) -> &'a Profile {
        self.store.profile()
    }

    fn slots(&self) -> &[Slot] {
        self.slots.get_or_init(|| {
            let profile = self.profile();
            let names = |role: &Role| {
                let role = *role;
                profile.documents(role).iter().map(move |path| (role, path.clone()))
            };
            let slot = |(role, path)| Slot { role, path, read: OnceCell::new() };
            Role::ALL.iter().flat_map(names).map(slot).collect()
        })
    }

    fn read(&self, slot: &'_ Slot) -> Read {
        let limit = self.limits.bytes as u64;
        match self.store.held(&slot.path, limit) {
            Err(Withheld::Absent) => Read::Absent,
            Err(Withheld::Unjudged(reason)) => Read::Unjudged(reason),
            Ok(held) => {
                let spellings = self.profile().spellings(slot.role);
                match Document::read(slot.path.clone(), held, spellings, self.limits) {
                    Ok(document) => Read::Document(Box::new(document)),
                    Err(broken) => {
                        let (broken, held) = *broken;
                        Read::Broken(Box::new(finding(&slot.path, &broken, &held.bytes)), held.sealed)
                    }
                }
            }
        }
    }

    /// Reports the fields that were asked for since the last time and have two values.
    pub(crate) fn tell_twice(&self, out: &mut Sink) {
        for slot in self.slots.get().into_iter().flatten() {
            if let Some(Read::Document(document)) = slot.read.get() {
                document.tell_twice(out);
            }
        }
    }

    /// Every document that was asked for and could be read, with its role.
    pub(crate) fn into_documents(self) -> Vec<(Role, Document)> {
        let slots = self.slots.into_inner().unwrap_or_default();
        let read = slots.into_iter().filter_map(|slot| match slot.read.into_inner() {
            Some(Read::Document(document)) => Some((slot.role, *document)),
            _ => None,
        });
        read.collect()
    }

    /// Every document of the role that is there and is JSON. What is there and
    /// is none is reported; what cannot be judged ends the check.
    pub fn documents(&self, role: Role, out: &mut Sink) -> Result<Vec<&Document>, Unjudged> {
        let mut found = Vec::new();
        for slot in self.slots().iter().filter(|slot| slot.role == role) {
            match slot.read.get_or_init(|| self.read(slot)) {
                Read::Absent => {}
                Read::Unjudged(reason) => {
                    return Err(Unjudged(format!("{} {reason}", quote(slot.path.as_bytes()))));
                }
                Read::Broken(finding, sealed) => {
                    note(&slot.path, *sealed, out);
                    out.push((**finding).clone());
                }
                Read::Document(document) => {
                    note(&slot.path, document.is_sealed(), out);
                    found.push(&**document);
                }
            }
        }
        Ok(found)
    }

    /// The document of the role, when there is one and it is JSON. A second one
    /// is reported: nobody could say which of the two was reviewed.
    pub fn document(&self, role: Role, out: &mut Sink) -> Result<Option<&Document>, Unjudged> {
        let found = self.documents(role, out)?;
        if let [first, second, ..] = found.as_slice() {
            twice(role, first.path(), second.path(), out);
        }
        Ok(found.first().copied())
    }

    /// Whether something is there under a name of the role, whatever it is.
    pub fn has(&self, role: Role) -> bool {
        let mut slots = self.slots().iter().filter(|slot| slot.role == role);
        slots.any(|slot| !matches!(slot.read.get_or_init(|| self.read(slot)), Read::Absent))
    }

    /// The bytes of every document of the role, which need not be JSON, each with
    /// its name.
    pub fn files(&self, role: Role, out: &mut Sink) -> Result<Vec<(&'a BytePath, Held)>, Unjudged> {
        let mut found = Vec::new();
        for path in self.profile().documents(role) {
            match self.bytes_of(path) {
                Err(Withheld::Absent) => {}
                Err(Withheld::Unjudged(reason)) => {
                    return Err(Unjudged(format!("{} {reason}", quote(path.as_bytes()))));
                }
                Ok(held) => {
                    note(path, held.sealed, out);
                    found.push((path, held));
                }
            }
        }
        Ok(found)
    }

    /// The bytes of the document of the role, which need not be JSON, and its name.
    /// A second one with other bytes is reported.
    pub fn file(&self, role: Role, out: &mut Sink) -> Result<Option<(&'a BytePath, Held)>, Unjudged> {
        let found = self.files(role, out)?;
        if let Some((first, held)) = found.first()
            && let Some((second, _)) = found.iter().find(|(_, other)| other.bytes != held.bytes)
        {
            twice(role, first, second, out);
        }
        Ok(found.into_iter().next())
    }

    /// The bytes of any file of the packet, for what documents refer to.
    pub fn bytes_of(&self, path: &BytePath) -> Result<Held, Withheld> {
        self.store.held(path, LARGEST)
    }

    /// The bytes of a file of any length, in pieces; see [`Store::visit`].
    pub fn visit(&self, path: &BytePath, each: &mut dyn FnMut(&[u8])) -> Result<(), Withheld> {
        self.store.visit(path, each)
    }
}

/// Two documents are what one must be.
fn twice(role: Role, first: &BytePath, second: &BytePath, out: &mut Sink) {
    let message =
        format!("{} and {} are both {}", quote(first.as_bytes()), quote(second.as_bytes()), role.summary());
    let mut finding = Finding::new(Code::EvidenceTwice, message).path(second.clone());
    finding.others.push(first.clone());
    out.push(finding);
}

/// Keeps in mind that what is read is not sealed, and says so.
fn note(path: &BytePath, sealed: bool, out: &mut Sink) {
    if !sealed && !out.unsealed().contains(path) {
        out.saw_unsealed(path);
        let message = format!("{} is not sealed; what it shows proves nothing", quote(path.as_bytes()));
        out.push(Finding::new(Code::EvidenceUnsealed, message).path(path.clone()));
    }
}

fn finding(path: &BytePath, broken: &Broken, bytes: &[u8]) -> Finding {
    let name = quote(path.as_bytes());
    let mut finding = Finding::new(broken.code, format!("{name} {}", broken.message)).path(path.clone());
    let lines = super::place::Lines::of(bytes);
    // In what is no UTF-8 text there are no lines to show.
    if broken.code == Code::EvidenceSyntax || broken.code == Code::EvidenceDuplicateKey {
        finding.location = Some(lines.location(bytes, &broken.span));
        let shown = String::from_utf8_lossy(path.as_bytes());
        finding.snippet = Some(lines.snippet(bytes, &broken.span, &shown, "here"));
    }
    finding.pointer.clone_from(&broken.pointer);
    finding
}
