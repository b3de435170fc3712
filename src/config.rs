//! `seal.toml`: bytes to options.
//!
//! This room reads the text of a configuration and nothing else: it opens no
//! file, asks no clock and decides no verdict. A key or value that cannot be
//! carried out is a [`Code::ConfigInvalid`]
//! finding with its place; none is ever ignored. Which text is read, and
//! whether it has authority, is the caller's decision.
//!
//! Every path is relative to the *tree*: the folder that `seal.toml` stands in
//! (the root of its repository). `exclude` globs and `evidence` names are
//! relative to the packet's own root. In a glob `*` and `?` stop at `/`; `**`
//! does not.
//!
//! # A configuration inside a sealed root
//!
//! Whoever writes a packet writes the `seal.toml` in it, so that file may only
//! make the gate stricter. A key that weakens is
//! [`Code::ConfigInsidePacket`]; the
//! rule looks at keys, not at their effect on the packet at hand, so that it
//! gives the same answer before and after the packet changes. See
//! [`Config::weakening`] and [`tighten()`].
//!
//! | key | inside a sealed root | why |
//! |---|---|---|
//! | `discover.roots` | weakens | seals elsewhere are no longer looked for |
//! | `discover.ignore` | weakens | a seal that is found is not verified |
//! | `packet.root` | may stay | only says which packet the table is about |
//! | `packet.manifest` | weakens | another list takes the place of the one that was reviewed |
//! | `packet.pin` | weakens | another pin takes the place of the one that was reviewed |
//! | `packet.expect_tree` | may stay | adds a demand; a pin from outside stays in force, and a different one is an error |
//! | `packet.profile` | weakens | another profile may hold fewer rules |
//! | `packet.exclude` | weakens | unlisted files pass unnoticed |
//! | `packet.unsealed = "deny"` | may stay | unlisted files fail |
//! | `packet.unsealed = "allow"` | weakens | unlisted files pass |
//! | `packet.require` | may stay | a check that finds nothing to judge fails |
//! | `packet.predecessor` | weakens | the packet is compared with another one than the reviewed one |
//! | `packet.references` | weakens | a missing file counts as kept elsewhere |
//! | `packet.accept_reseal` | weakens | a changed seal is accepted |
//! | `packet.evidence` | weakens | a check reads another document than the reviewed one |
//! | `packet.values` | weakens | a check compares with another value |
//! | `profile` | weakens | another profile may hold fewer rules |
//! | `known_broken` | weakens | a broken seal does not fail the run |
//! | `search_budget` | weakens | less hides causes, more burns the time of whoever runs the gate |
//!
//! The same table, as data, is `config/keys.rs`; a test keeps the two equal.

mod date;
mod globs;
mod keys;
mod packet;
mod place;
mod profile;
mod read;
mod size;
#[cfg(test)]
mod tests;
mod tighten;
mod values;

use std::collections::BTreeMap;
use std::ops::Range;

use crate::code::Code;
use crate::digest::Sha256;
use crate::finding::Finding;
use crate::path::BytePath;
use crate::text::quote;

pub use date::Date;
pub use globs::Globs;
pub(crate) use keys::is_close;
pub use size::{SizeError, parse_size};
pub use tighten::{Weakening, tighten};

/// The longest configuration that is read, in bytes. A packet table with a
/// hundred references is under 20 kB.
pub const MAX_BYTES: usize = 256 << 10;

/// Profiles that need no documents of their own and are always known.
const BUILT_IN_PROFILES: &[&str] = &["generic"];

/// Checks that read the seal alone, for which `evidence` cannot name documents.
const CHECKS_WITHOUT_DOCUMENTS: &[&str] = &["manifest", "pin"];

/// What the rest of the program can carry out; anything else in a
/// configuration is refused.
#[derive(Clone, Copy, Debug, Default)]
pub struct Known<'a> {
    /// Check identifiers, for `require` and `evidence`.
    pub checks: &'a [&'a str],
    /// Names of documents that checks read, for `evidence`.
    pub documents: &'a [&'a str],
    /// Profile names, for `profile`.
    pub profiles: &'a [&'a str],
    /// Names of profile values, for `values`.
    pub values: &'a [&'a str],
}

/// A configuration that was read whole and can be carried out.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// `[discover]`.
    pub discover: Discover,
    /// `[[packet]]`, in the order of the file.
    pub packets: Vec<PacketConfig>,
    /// `[profile.NAME]`, in the order of the file.
    pub profiles: Vec<ProfileConfig>,
    /// `accept_reseal` of every packet table.
    pub accept_reseal: Vec<AcceptReseal>,
    /// `known_broken`.
    pub known_broken: Vec<KnownBroken>,
    /// `search_budget` in bytes.
    pub search_budget: Option<u64>,
    /// Keys of the top level, `[discover]` and `[[packet]]`, in the order of the file.
    uses: Vec<keys::Use>,
    /// For findings about values that only a later stage can judge.
    sources: place::Sources,
}

impl Config {
    /// The texts that it was read from.
    pub(crate) fn texts(&self) -> impl Iterator<Item = &str> {
        self.sources.texts()
    }
}

/// `[discover]`: where seals are looked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Discover {
    /// Folders to look in, relative to the tree; empty means all of it.
    pub roots: Vec<Located<BytePath>>,
    /// Seals whose path in the tree matches are counted and listed, not verified.
    pub ignore: Globs,
}

/// A value and the bytes of the configuration that it stands in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Located<T> {
    /// The value.
    pub value: T,
    /// Bytes of the configuration, for [`Config::invalid`].
    pub span: Range<usize>,
}

/// One `[[packet]]`. `root` or `manifest` is present.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PacketConfig {
    /// The folder that sealed names are relative to.
    pub root: Option<Located<BytePath>>,
    /// The manifest; found in `root` when absent.
    pub manifest: Option<Located<BytePath>>,
    /// The tree pin; found beside the manifest when absent.
    pub pin: Option<Located<BytePath>>,
    /// The tree that the packet must have.
    pub expect_tree: Option<Located<Sha256>>,
    /// The profile its documents are judged by.
    pub profile: Option<Located<String>>,
    /// Unlisted files that are counted instead of failing, relative to the packet's root.
    pub exclude: Globs,
    /// Whether unlisted files fail; the default depends on the kind of seal.
    pub unsealed: Option<Unsealed>,
    /// Checks that must apply, sorted, each once.
    pub require: Vec<String>,
    /// The packet that it follows, relative to the tree.
    pub predecessor: Option<Located<BytePath>>,
    /// Sealed files that are kept elsewhere.
    pub references: Vec<Reference>,
    /// Documents per check or per document's role, relative to the packet's root.
    pub evidence: BTreeMap<String, Vec<BytePath>>,
    /// Values that take the place of the profile's own.
    pub values: BTreeMap<String, Located<ProfileValue>>,
    /// The table's header, for findings about the table as a whole.
    pub span: Range<usize>,
}

/// One `[profile.NAME]`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProfileConfig {
    /// Its name.
    pub name: String,
    /// The profile whose values hold where this one says nothing.
    pub extends: Option<Located<String>>,
    /// What documents are called, by role, relative to a packet's root.
    pub documents: BTreeMap<String, Located<Vec<BytePath>>>,
    /// Files that may lie in a packet unsealed.
    pub allow_unsealed: Option<Globs>,
    /// Its values.
    pub values: BTreeMap<String, Located<ProfileValue>>,
    /// Its name's bytes in the configuration.
    pub span: Range<usize>,
}

/// `unsealed`: what an unlisted file means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unsealed {
    /// It fails.
    Deny,
    /// It is counted.
    Allow,
}

/// One sealed file that is kept elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// Its sealed name, relative to the packet's root.
    pub path: BytePath,
    /// The digest that the bytes found elsewhere must have.
    pub sha256: Sha256,
    /// Their length in bytes, where the configuration demands one.
    pub size: Option<u64>,
    /// Folders or packets to search, relative to the tree.
    pub found_in: Vec<BytePath>,
    /// Where it stands.
    pub span: Range<usize>,
}

/// A changed seal that was reviewed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AcceptReseal {
    /// The packet's root.
    pub root: BytePath,
    /// Its new tree.
    pub tree: Sha256,
    /// Where it stands.
    pub span: Range<usize>,
}

/// A seal that is known not to hold, for a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownBroken {
    /// The packet's root.
    pub root: BytePath,
    /// The tree it is broken at; another tree is not excused.
    pub tree: Sha256,
    /// Why, as somebody wrote it; quote it before showing it.
    pub reason: String,
    /// The first day on which it fails the run again.
    pub until: Date,
    /// Where it stands.
    pub span: Range<usize>,
}

impl PacketConfig {
    /// Whether the table speaks of the seal with that root and manifest: the
    /// manifest decides where the table names one, else the root. More than one
    /// table may; the demands of all of them hold.
    pub fn is_about(&self, root: &BytePath, manifest: &BytePath) -> bool {
        match (&self.manifest, &self.root) {
            (Some(named), _) => named.value == *manifest,
            (None, Some(named)) => named.value == *root,
            (None, None) => false,
        }
    }
}

/// The keys that one `[profile.NAME]` may hold, for the test of their documentation.
#[cfg(test)]
pub(crate) fn profile_keys() -> Vec<&'static str> {
    keys::names(keys::Section::Profile)
}

impl KnownBroken {
    /// Whether it still keeps the run from failing on that day: strictly before `until`.
    pub fn holds_on(&self, today: Date) -> bool {
        today < self.until
    }
}

/// A value of `values`. What it means is the profile's business.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProfileValue {
    /// A string.
    Text(String),
    /// An integer.
    Integer(i64),
    /// A boolean.
    Flag(bool),
    /// An array.
    List(Vec<ProfileValue>),
    /// A table.
    Table(BTreeMap<String, ProfileValue>),
}

/// Reads a configuration. `name_shown` is what findings call the file, as the
/// user would write it; `known_checks` are the identifiers of all checks.
///
/// Profiles other than the built-in one and all `values` are refused; a caller
/// that can carry them out says so with [`parse_known`].
pub fn parse(text: &[u8], name_shown: &str, known_checks: &[&str]) -> Result<Config, Box<Finding>> {
    parse_known(text, name_shown, &Known { checks: known_checks, ..Known::default() })
}

/// [`parse`] for a caller that can carry out more profiles and values.
pub fn parse_known(text: &[u8], name_shown: &str, known: &Known<'_>) -> Result<Config, Box<Finding>> {
    let source = place::Source::new(name_shown, text)?;
    read::config(source, known)
}

impl Config {
    /// A finding about a value that was read here and that a later stage cannot
    /// carry out: a root with no seal in it, a reference to a folder that is not there.
    pub fn invalid(
        &self,
        span: &Range<usize>,
        message: impl Into<String>,
        help: impl Into<String>,
        label: &str,
    ) -> Finding {
        self.sources.finding(Code::ConfigInvalid, span, message, help, label)
    }

    /// The tables about that root: no more than one unless each names its own manifest.
    pub fn packets_at<'c>(&'c self, root: &'c BytePath) -> impl Iterator<Item = &'c PacketConfig> {
        self.packets.iter().filter(move |packet| packet.root.as_ref().is_some_and(|at| at.value == *root))
    }

    /// A finding for each table at or below `under` that is about none of
    /// `seals`, given as root and manifest. What such a table demands would
    /// otherwise go unheard: one mistyped root would switch a gate off.
    pub fn without_seal(&self, under: &BytePath, seals: &[(&BytePath, &BytePath)]) -> Vec<Finding> {
        let alone =
            |packet: &&PacketConfig| !seals.iter().any(|(root, manifest)| packet.is_about(root, manifest));
        let finding = |packet: &PacketConfig| {
            let named = packet.manifest.as_ref().or(packet.root.as_ref())?;
            named.value.strip_prefix(under)?;
            let at = if named.value.is_root() { b"." } else { named.value.as_bytes() };
            let message = format!("no seal was found at {}, which a [[packet]] is about", quote(at));
            let help = "correct the path, or remove the table; `seal verify --list` shows every seal";
            Some(self.invalid(&named.span, message, help, "no seal here"))
        };
        self.packets.iter().filter(alone).filter_map(finding).collect()
    }

    /// A finding for each table that is not about `under` or what is below it, and for
    /// which there is no seal either: where only a part of the tree is looked through,
    /// a mistyped root would leave the packet that was meant without its rules.
    pub fn without_place(&self, under: &BytePath, is_there: impl Fn(&PacketConfig) -> bool) -> Vec<Finding> {
        let finding = |packet: &PacketConfig| {
            let named = packet.manifest.as_ref().or(packet.root.as_ref())?;
            if named.value.strip_prefix(under).is_some() || is_there(packet) {
                return None;
            }
            let message =
                format!("no seal is at {}, which a [[packet]] is about", quote(named.value.as_bytes()));
            let help = "correct the path, or remove the table; `seal verify --list` shows every seal";
            Some(self.invalid(&named.span, message, help, "no seal here"))
        };
        self.packets.iter().filter_map(finding).collect()
    }

    /// Whether a seal that changed to `tree` was reviewed.
    pub fn accepts_reseal(&self, root: &BytePath, tree: &Sha256) -> bool {
        self.accept_reseal.iter().any(|accepted| accepted.root == *root && accepted.tree == *tree)
    }

    /// The entry that excuses a broken seal on that day.
    pub fn known_broken_at(&self, root: &BytePath, tree: &Sha256, today: Date) -> Option<&KnownBroken> {
        self.known_broken
            .iter()
            .find(|broken| broken.root == *root && broken.tree == *tree && broken.holds_on(today))
    }
}
