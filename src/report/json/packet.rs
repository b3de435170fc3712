//! Packets and their checks in the JSON report.

use serde::Serialize;

use super::shown_path;
use crate::report::{CheckReport, Counts, PacketReport};
use crate::source::Layer;

#[derive(Serialize)]
pub(in crate::report) struct Packet<'a> {
    root: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    root_bytes: Option<String>,
    manifest: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    manifest_bytes: Option<String>,
    format: Option<&'static str>,
    tree: Option<&'a str>,
    pinned: bool,
    profile: Option<&'a str>,
    from: From<'a>,
    result: &'static str,
    entries: Entries,
    excluded: u64,
    levels: Levels,
    checks: Vec<Check<'a>>,
}

/// Where the files were read.
#[derive(Serialize)]
struct From<'a> {
    layer: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    revision: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    commit: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    archive: Option<&'static str>,
}

#[derive(Serialize)]
struct Entries {
    total: u64,
    intact: u64,
    drifted: u64,
    missing: u64,
    unreadable: u64,
    unsealed: u64,
    referenced: u64,
}

#[derive(Serialize)]
struct Levels {
    #[serde(rename = "L0")]
    l0: &'static str,
    #[serde(rename = "L1")]
    l1: &'static str,
    #[serde(rename = "L2")]
    l2: &'static str,
    #[serde(rename = "L3")]
    l3: &'static str,
}

#[derive(Serialize)]
struct Check<'a> {
    id: &'static str,
    level: &'static str,
    status: &'static str,
    reason: &'a str,
    findings: &'a [usize],
}

impl<'a> Packet<'a> {
    pub(in crate::report) fn of(packet: &'a PacketReport) -> Self {
        let (root, root_bytes) = shown_path(&packet.root);
        let (manifest, manifest_bytes) = shown_path(&packet.manifest);
        let [l0, l1, l2, l3] = packet.levels.map(crate::report::LevelState::name);
        Self {
            root,
            root_bytes,
            manifest,
            manifest_bytes,
            format: packet.format.map(crate::manifest::Format::name),
            tree: packet.tree.as_deref(),
            pinned: packet.pinned,
            profile: packet.profile.as_deref(),
            from: From::of(&packet.layer),
            result: packet.outcome.name(),
            entries: Entries::of(packet.counts),
            excluded: packet.excluded,
            levels: Levels { l0, l1, l2, l3 },
            checks: packet.checks.iter().map(Check::of).collect(),
        }
    }
}

impl<'a> From<'a> {
    fn of(layer: &'a Layer) -> Self {
        let plain = |layer| Self { layer, revision: None, commit: None, archive: None };
        match layer {
            Layer::WorkTree => plain("worktree"),
            Layer::Index => plain("index"),
            Layer::Revision { name, commit } => {
                Self { revision: Some(name), commit: Some(commit.as_str()), ..plain("commit") }
            }
            Layer::Archive { format, .. } => Self { archive: Some(format.name()), ..plain("archive") },
        }
    }
}

impl Entries {
    fn of(counts: Counts) -> Self {
        let Counts { total, intact, drifted, missing, unreadable, unsealed, referenced } = counts;
        Self { total, intact, drifted, missing, unreadable, unsealed, referenced }
    }
}

impl<'a> Check<'a> {
    fn of(check: &'a CheckReport) -> Self {
        Self {
            id: check.id,
            level: check.level.name(),
            status: check.status.name(),
            reason: &check.reason,
            findings: &check.findings,
        }
    }
}
