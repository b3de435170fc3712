//! Seals: where they are, which root they speak of, and what pins them.
//!
//! A [`Seal`] is a manifest that was found and read, before anything is
//! compared with it. A seal with a tree pin is a packet; one without is a
//! plain checksum list.

pub mod discover;
pub mod names;
pub mod pin;
pub mod root;

use std::sync::Arc;

use crate::config::{Globs, Unsealed};
use crate::digest::Sha256;
use crate::manifest::{Manifest, NotAManifest};
use crate::path::BytePath;

pub use pin::Pin;

/// The name of a packet's manifest.
pub const MANIFEST_NAME: &[u8] = b"HASH_MANIFEST.txt";
/// The name of a packet's tree pin.
pub const PIN_NAME: &[u8] = b"packet_tree.sha256";

/// A packet or a plain list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// It has a tree pin, or the configuration says what it is.
    Packet,
    /// A manifest alone.
    List,
}

/// What the configuration says of one root; the defaults where it says nothing.
#[derive(Debug, Default)]
pub struct Policy {
    /// Whether files that no entry names fail; by kind when absent.
    pub unsealed: Option<Unsealed>,
    /// Files left out of the unsealed rule, relative to the root.
    pub exclude: Globs,
    /// Whether links may be followed.
    pub links: crate::source::Links,
    /// Checks that must apply.
    pub require: Vec<String>,
    /// The packet that it follows, relative to the tree.
    pub predecessor: Option<BytePath>,
    /// Files sealed here and kept elsewhere.
    pub references: Vec<crate::config::Reference>,
    /// The configuration has a table about this root: it is a packet, pinned or not.
    pub configured: bool,
    /// Somebody chose a profile for it: it is a packet, pinned or not.
    pub is_packet: bool,
    /// Trees demanded from outside the packet.
    pub expect_tree: Vec<Sha256>,
    /// The profile its documents are judged by.
    pub profile: Option<String>,
    /// Why a failure of this tree is known, when it is.
    pub known_broken: Option<String>,
}

/// A manifest that was found, read and given a root.
#[derive(Debug)]
pub struct Seal {
    /// The manifest, relative to the source's base.
    pub manifest_path: BytePath,
    /// The folder that its names are relative to, relative to the source's base.
    pub root: BytePath,
    /// Packet or list.
    pub kind: Kind,
    /// The manifest's bytes as found.
    pub bytes: Vec<u8>,
    /// Their SHA-256: the packet's tree.
    pub tree: Option<Sha256>,
    /// What they say.
    pub manifest: Result<Manifest, Unreadable>,
    /// The pin, when there is one.
    pub pin: Option<Pin>,
    /// How the root was chosen.
    pub rooted: root::Rooted,
    /// Signature files beside the manifest, relative to the source's base.
    pub signatures: Vec<BytePath>,
    /// Every seal of this same root, this one included: manifests, pins and
    /// signatures, sorted, which need not be listed.
    pub siblings: Arc<[BytePath]>,
}

/// Why a seal's manifest could not be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// It is pinned or configured, and not there.
    #[error("it is not there")]
    Missing,
    /// The file could not be read.
    #[error("{0}")]
    Refused(crate::source::Refusal),
    /// Its content is no manifest.
    #[error("{0}")]
    NotAManifest(NotAManifest),
}
