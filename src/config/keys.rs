//! Every key of `seal.toml`: the one list that the reader accepts from, that
//! misspellings are compared with, and that says what weakens inside a packet.

use std::ops::Range;

/// The kinds of table in a configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Section {
    /// The top level.
    Top,
    /// `[discover]`.
    Discover,
    /// `[[packet]]`.
    Packet,
    /// One of `[profile.NAME]`.
    Profile,
    /// One of `references`.
    Reference,
    /// One of `accept_reseal`.
    AcceptReseal,
    /// One of `known_broken`.
    KnownBroken,
}

impl Section {
    /// What findings call it.
    pub(super) fn shown(self) -> &'static str {
        match self {
            Self::Top => "the top level",
            Self::Discover => "[discover]",
            Self::Packet => "[[packet]]",
            Self::Profile => "[profile.NAME]",
            Self::Reference => "an entry of references",
            Self::AcceptReseal => "an entry of accept_reseal",
            Self::KnownBroken => "an entry of known_broken",
        }
    }

    /// What stands before the key's name in a list of keys.
    fn prefix(self) -> &'static str {
        match self {
            Self::Discover => "discover.",
            Self::Packet => "packet.",
            Self::Profile => "profile.",
            Self::Top | Self::Reference | Self::AcceptReseal | Self::KnownBroken => "",
        }
    }
}

/// What a key does in a configuration inside a sealed root.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Weakens {
    /// Its value makes the gate stricter or names what is meant.
    Never,
    /// Whatever its value.
    Always,
    /// Only with the value `"allow"`.
    WhenAllowed,
    /// It holds other keys, each with its own row, or is part of one that weakens.
    ByItsKeys,
}

/// One key.
#[derive(Debug)]
pub(super) struct Key {
    /// The table it stands in.
    pub(super) section: Section,
    /// Its name.
    pub(super) name: &'static str,
    /// What it does inside a sealed root.
    pub(super) weakens: Weakens,
    /// Why it weakens; empty where it does not.
    pub(super) why: &'static str,
}

impl Key {
    /// Its name with its table: `packet.exclude`.
    pub(super) fn full_name(&self) -> String {
        format!("{}{}", self.section.prefix(), self.name)
    }
}

/// One occurrence of a key in a configuration.
#[derive(Clone, Debug)]
pub(super) struct Use {
    /// The key.
    pub(super) key: &'static Key,
    /// Its name's bytes in the text.
    pub(super) span: Range<usize>,
    /// It weakens with the value it has.
    pub(super) weakens: bool,
}

const fn key(section: Section, name: &'static str, weakens: Weakens, why: &'static str) -> Key {
    Key { section, name, weakens, why }
}

/// Every key, in the order of the documentation.
pub(super) static KEYS: &[Key] = {
    use Section::{AcceptReseal, Discover, KnownBroken, Packet, Profile, Reference, Top};
    use Weakens::{Always, ByItsKeys, Never, WhenAllowed};
    &[
        key(Top, "discover", ByItsKeys, ""),
        key(Top, "packet", ByItsKeys, ""),
        key(Discover, "roots", Always, "seals elsewhere are no longer looked for"),
        key(Discover, "ignore", Always, "a seal that is found is not verified"),
        key(Packet, "root", Never, ""),
        key(Packet, "manifest", Always, "another list takes the place of the one that was reviewed"),
        key(Packet, "pin", Always, "another pin takes the place of the one that was reviewed"),
        key(Packet, "expect_tree", Never, ""),
        key(Packet, "profile", Always, "another profile may hold fewer rules"),
        key(Packet, "exclude", Always, "unlisted files pass unnoticed"),
        key(Packet, "unsealed", WhenAllowed, "unlisted files pass"),
        key(Packet, "require", Never, ""),
        key(Packet, "predecessor", Always, "the packet is compared with another one than the reviewed one"),
        key(Packet, "references", Always, "a missing file counts as kept elsewhere"),
        key(Packet, "accept_reseal", Always, "a changed seal is accepted"),
        key(Packet, "evidence", Always, "a check reads another document than the reviewed one"),
        key(Packet, "values", Always, "a check compares with another value"),
        key(Top, "profile", Always, "another profile may hold fewer rules"),
        key(Top, "known_broken", Always, "a broken seal does not fail the run"),
        key(Top, "search_budget", Always, "less hides causes, more burns the time of whoever runs the gate"),
        key(Profile, "extends", ByItsKeys, ""),
        key(Profile, "documents", ByItsKeys, ""),
        key(Profile, "allow_unsealed", ByItsKeys, ""),
        key(Profile, "values", ByItsKeys, ""),
        key(Reference, "path", ByItsKeys, ""),
        key(Reference, "sha256", ByItsKeys, ""),
        key(Reference, "size", ByItsKeys, ""),
        key(Reference, "found_in", ByItsKeys, ""),
        key(AcceptReseal, "root", ByItsKeys, ""),
        key(AcceptReseal, "tree", ByItsKeys, ""),
        key(KnownBroken, "root", ByItsKeys, ""),
        key(KnownBroken, "tree", ByItsKeys, ""),
        key(KnownBroken, "reason", ByItsKeys, ""),
        key(KnownBroken, "until", ByItsKeys, ""),
    ]
};

/// The key of that name in that table.
pub(super) fn find(section: Section, name: &str) -> Option<&'static Key> {
    KEYS.iter().find(|key| key.section == section && key.name == name)
}

/// The names that a table may hold.
pub(super) fn names(section: Section) -> Vec<&'static str> {
    KEYS.iter().filter(|key| key.section == section).map(|key| key.name).collect()
}

/// Another table that has a key of exactly that name.
pub(super) fn elsewhere(section: Section, name: &str) -> Option<Section> {
    KEYS.iter().find(|key| key.section != section && key.name == name).map(|key| key.section)
}

/// Whether `word` is `name` but for a slip of the keyboard.
pub(crate) fn is_close(word: &str, name: &str) -> bool {
    let head: String = word.chars().take(64).collect();
    strsim::osa_distance(&head, name) <= 1
}

/// Of `candidates` the one spelt most like `word`, when there is any.
pub(super) fn nearest<'a>(word: &str, candidates: &[&'a str]) -> Option<&'a str> {
    // Words longer than any name cannot be near one; the distance is quadratic in their length.
    let head: String = word.chars().take(64).collect();
    let score = |candidate: &str| strsim::jaro_winkler(candidate, &head.to_lowercase());
    candidates.iter().copied().max_by(|a, b| score(a).total_cmp(&score(b)))
}
