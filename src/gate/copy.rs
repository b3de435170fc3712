//! Judging a copy of a packet that is held in memory, as often as somebody
//! changes it: nothing is written, and the packet itself is not looked at again.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use super::scan::{Scan, Tree, Trees, copied_scan};
use super::{ConfigFrom, Options, assemble, judge};
use crate::check;
use crate::code::Code;
use crate::config::{Config, Known, parse_known};
use crate::evidence::{Document, Shelf};
use crate::finding::{Finding, Sink};
use crate::observe::Progress;
use crate::packet::{Kind, Seal};
use crate::path::BytePath;
use crate::profile::{BUILT_IN, Key, Profile, Role};
use crate::report::Report;
use crate::source::memory::Files;
use crate::source::snapshot::Item;
use crate::source::{self, Links};
use crate::text::quote;

/// A packet that is copied into memory.
pub(crate) struct Specimen {
    tree: Tree,
    config: Config,
    /// Its root in the tree.
    pub(crate) root: BytePath,
    /// The manifests that are judged, in the tree.
    wanted: BTreeSet<BytePath>,
    /// Its files as they were, by their path in the tree.
    pub(crate) files: Files,
}

/// What the checks made of the evidence of a copy.
pub(crate) struct Readings {
    /// The packet's root in the tree.
    pub(crate) root: BytePath,
    /// What its documents are judged by.
    pub(crate) profile: Profile,
    /// Its entries, in the tree.
    pub(crate) entries: Vec<BytePath>,
    /// Its documents by role, with marks at what the checks read.
    pub(crate) documents: Vec<(Role, Document)>,
}

/// A copy of every packet or list that the options mean, of at most `limit` bytes each.
pub(crate) fn specimens(options: &Options, limit: u64) -> Result<Vec<Specimen>, Vec<Finding>> {
    let scans = super::scan::scan(options, None)?;
    let mut specimens = Vec::new();
    for scan in &scans {
        if let Some(only) = &scan.only {
            let message =
                format!("{} is a file of a seal, and a self-test needs all of it", quote(only.as_bytes()));
            let help = "give the packet's folder: `seal selftest DIR`";
            return Err(vec![Finding::new(Code::UsageError, message).help(help)]);
        }
        let roots: BTreeSet<&BytePath> = scan.wanted_seals().map(|seal| &seal.root).collect();
        for root in roots {
            specimens.push(Specimen::of(scan, root, limit).map_err(|finding| vec![*finding])?);
        }
    }
    if specimens.is_empty() {
        return Err(vec![Finding::new(Code::NoSealFound, "no seal found to test the gate with")]);
    }
    Ok(specimens)
}

impl Specimen {
    fn of(scan: &Scan, root: &BytePath, limit: u64) -> Result<Self, Box<Finding>> {
        let failed = |path: &BytePath, why: &str| {
            let message = format!("{} was not copied: {why}", quote(path.as_bytes()));
            Box::new(Finding::new(Code::SelftestIncomplete, message).path(path.clone()))
        };
        let listed = scan.tree.list(root).map_err(|error| failed(root, &error.to_string()))?;
        let folder = scan.tree.folder(root).map_err(|refusal| failed(root, &refusal.to_string()))?;
        let mut files = Files::new();
        let mut left = limit;
        for one in listed {
            let Some(name) = one.path.strip_prefix(root) else { continue };
            let item = match one.kind {
                source::Kind::File => {
                    let bytes = folder.read(&name, Links::Refuse, left);
                    let bytes = bytes.map_err(|refusal| failed(&one.path, &refusal.to_string()))?;
                    left = left.saturating_sub(bytes.len() as u64);
                    Item::File(Arc::from(bytes))
                }
                source::Kind::Symlink => Item::Special("symbolic link"),
                source::Kind::Special(what) => Item::Special(what),
                source::Kind::Submodule => Item::Submodule,
            };
            files.insert(one.path, item);
        }
        let of_root = |seal: &&Seal| seal.root == *root;
        let wanted = scan.wanted_seals().filter(of_root).map(|seal| seal.manifest_path.clone()).collect();
        let mut config = scan.config.clone();
        // What is known to be broken is no good input.
        config.known_broken.clear();
        Ok(Self { tree: scan.tree.clone(), config, root: root.clone(), wanted, files })
    }

    /// Files of our own below `root`, judged by the text of a configuration; told as
    /// if they lay below `base`.
    pub(crate) fn made(base: PathBuf, root: BytePath, files: Files, config: &[u8]) -> Option<Self> {
        let checks: Vec<&str> = check::ids().collect();
        let documents: Vec<&str> = Role::ALL.iter().map(|role| role.id()).collect();
        let known =
            Known { checks: &checks, documents: &documents, profiles: &BUILT_IN, values: &Key::ids() };
        let config = parse_known(config, "selftest", &known).ok()?;
        let tree = Tree::in_memory(base, &files).ok()?;
        Some(Self { tree, config, root, wanted: BTreeSet::new(), files })
    }

    /// Whether the file is a seal itself, which the bytes alone judge.
    pub(crate) fn is_seal(&self, path: &BytePath) -> bool {
        self.wanted.contains(path) || crate::packet::names::promise(path.file_name()).is_some()
    }

    fn scan(&self, files: &Files, options: &Options) -> Result<Scan, Vec<Finding>> {
        let tree = self.tree.over(&self.root, files).map_err(|conflict| {
            vec![Finding::new(Code::SelftestIncomplete, format!("the copy is none: {conflict}"))]
        })?;
        let trees = Trees::new(options, None);
        let mut scan = copied_scan(tree, self.config.clone(), self.root.clone(), &trees)?;
        if !self.wanted.is_empty() {
            scan.wanted.retain(|manifest| self.wanted.contains(manifest));
        }
        scan.is_empty = scan.wanted.is_empty();
        Ok(scan)
    }

    /// The gate over the copy with these files.
    pub(crate) fn judge(&self, files: &Files, options: &Options) -> Report {
        match self.scan(files, options) {
            Ok(scan) => {
                judge(options, &[scan], None, Vec::new(), &Progress::default(), |_| {}, assemble::report)
            }
            Err(findings) => assemble::refused(findings),
        }
    }

    /// What the checks read of the copy as it was.
    pub(crate) fn read(&self, options: &Options) -> Vec<Readings> {
        let Ok(scan) = self.scan(&self.files, options) else { return Vec::new() };
        judge(
            options,
            &[scan],
            None,
            Vec::new(),
            &Progress::default(),
            |_| {},
            |units, _, _, options, _| {
                let mut all = Vec::new();
                // A list beside the packet's own manifest tells of the same documents.
                let is_packet = |unit: &&super::unit::Unit<'_>| unit.kind() == Kind::Packet;
                let any = units.iter().any(|unit| is_packet(&unit));
                for unit in units.iter().filter(|unit| !any || is_packet(unit)) {
                    let shelf = Shelf::new(unit);
                    check::judge(&unit.packet(&shelf, None), &options.checks);
                    let entries = unit.manifest.iter().flat_map(|manifest| &manifest.entries);
                    let entries = entries.map(|entry| unit.seal.root.join(&entry.path)).collect();
                    let profile = shelf.profile().clone();
                    for role in Role::ALL {
                        // Also those that no check asked for; what is none was reported.
                        let _ = shelf.documents(*role, &mut Sink::default());
                    }
                    all.push(Readings {
                        root: unit.seal.root.clone(),
                        profile,
                        entries,
                        documents: shelf.into_documents(),
                    });
                }
                all
            },
        )
    }
}

impl Options {
    /// The same judgement for a copy: quick, since it is asked for thousands of times.
    pub(crate) fn for_copies(&self) -> Self {
        Self {
            config: ConfigFrom::Nowhere,
            threads: 1,
            explain: false,
            entries: false,
            base: None,
            predecessor: None,
            shard: None,
            ..self.clone()
        }
    }
}
