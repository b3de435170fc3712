//! Packets and their checks, read back.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{path, raw, word};
use crate::check::{CHECKS, Level, Status};
use crate::git::Oid;
use crate::manifest::Format;
use crate::path::BytePath;
use crate::report::{CheckReport, Counts, Entries, EntryState, LevelState, Outcome, PacketReport};
use crate::source::{Layer, archive};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Packet {
    root: String,
    root_bytes: Option<String>,
    manifest: String,
    manifest_bytes: Option<String>,
    format: Option<String>,
    tree: Option<String>,
    pinned: bool,
    profile: Option<String>,
    from: From,
    result: String,
    entries: EntriesIn,
    excluded: u64,
    levels: Levels,
    checks: Vec<Check>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct From {
    layer: String,
    revision: Option<String>,
    commit: Option<String>,
    archive: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EntriesIn {
    total: u64,
    intact: u64,
    drifted: u64,
    missing: u64,
    unreadable: u64,
    unsealed: u64,
    referenced: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Levels {
    #[serde(rename = "L0")]
    l0: String,
    #[serde(rename = "L1")]
    l1: String,
    #[serde(rename = "L2")]
    l2: String,
    #[serde(rename = "L3")]
    l3: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Check {
    id: String,
    level: String,
    status: String,
    reason: String,
    findings: Vec<usize>,
}

/// What the part about the shard says of a packet.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Extra {
    position: u64,
    archive: Option<String>,
    archive_bytes: Option<String>,
    states: String,
    names: Vec<String>,
    #[serde(default)]
    names_bytes: BTreeMap<usize, String>,
}

impl Extra {
    pub(super) fn position(&self) -> u64 {
        self.position
    }

    fn entries(&self) -> Option<Entries> {
        let mut entries = Entries::default();
        let mut letters = self.states.chars();
        for (at, name) in self.names.iter().enumerate() {
            let letter = letters.next()?;
            let state = EntryState::ALL.into_iter().find(|state| state.letter() == letter)?;
            let name = raw(name, self.names_bytes.get(&at).map(String::as_str))?;
            entries.push(&BytePath::root().child(&name), state);
        }
        letters.next().is_none().then_some(entries)
    }
}

impl Packet {
    pub(super) fn report(self, extra: Extra) -> Option<PacketReport> {
        let EntriesIn { total, intact, drifted, missing, unreadable, unsealed, referenced } = self.entries;
        let Levels { l0, l1, l2, l3 } = &self.levels;
        Some(PacketReport {
            root: path(&self.root, self.root_bytes.as_deref())?,
            manifest: path(&self.manifest, self.manifest_bytes.as_deref())?,
            format: optional(self.format.as_deref(), Format::from_name)?,
            tree: self.tree,
            pinned: self.pinned,
            profile: self.profile,
            outcome: word([Outcome::Pass, Outcome::Fail, Outcome::Error], Outcome::name, &self.result)?,
            counts: Counts { total, intact, drifted, missing, unreadable, unsealed, referenced },
            entries: extra.entries()?,
            layer: self.from.layer(extra)?,
            excluded: self.excluded,
            levels: [level(l0)?, level(l1)?, level(l2)?, level(l3)?],
            checks: self.checks.into_iter().map(Check::report).collect::<Option<_>>()?,
        })
    }
}

/// `None` where there is a word and it stands for nothing.
#[expect(clippy::option_option, reason = "absent is one thing, and not known another")]
fn optional<T>(word: Option<&str>, read: impl Fn(&str) -> Option<T>) -> Option<Option<T>> {
    match word {
        Some(word) => read(word).map(Some),
        None => Some(None),
    }
}

fn level(text: &str) -> Option<LevelState> {
    let all = [LevelState::Ok, LevelState::Failed, LevelState::NotJudged, LevelState::NotApplied];
    word(all, LevelState::name, text)
}

impl From {
    fn layer(self, extra: Extra) -> Option<Layer> {
        match (self.layer.as_str(), self.revision, self.commit, self.archive) {
            ("worktree", None, None, None) => Some(Layer::WorkTree),
            ("index", None, None, None) => Some(Layer::Index),
            ("commit", Some(name), Some(commit), None) => {
                Some(Layer::Revision { name, commit: Oid::parse(commit.as_bytes())? })
            }
            ("archive", None, None, Some(format)) => {
                use archive::Format::{Tar, TarGz, TarZst, Zip};
                let name = raw(&extra.archive?, extra.archive_bytes.as_deref())?;
                let format = word([Zip, Tar, TarGz, TarZst], archive::Format::name, &format)?;
                Some(Layer::Archive { name, format })
            }
            _ => None,
        }
    }
}

impl Check {
    fn report(self) -> Option<CheckReport> {
        let all = [Status::Ok, Status::Failed, Status::NotApplied, Status::Skipped, Status::Error];
        Some(CheckReport {
            id: CHECKS.iter().map(|check| check.meta().id).find(|id| *id == self.id)?,
            level: word(Level::ALL, Level::name, &self.level)?,
            status: word(all, Status::name, &self.status)?,
            reason: self.reason,
            findings: self.findings,
        })
    }
}
