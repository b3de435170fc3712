//! The packet that another one follows: found, compared with its own seal like
//! any other, and handed to the checks only when that seal holds.

use std::path::PathBuf;

use super::Options;
use super::base::Base;
use super::scan::{self, Scan};
use super::unit::{self, Unit};
use crate::check::{self, ALWAYS, Predecessor, Selection, Status, Verified};
use crate::code::Code;
use crate::evidence::{Shelf, Store};
use crate::finding::Finding;
use crate::observe::Progress;
use crate::packet::{Kind, Seal};
use crate::path::BytePath;

/// That a packet follows another one, and where that one is said to be.
pub(super) struct Named {
    /// The scan and the manifest of the packet that follows.
    scan: usize,
    manifest: BytePath,
    /// The packet that is followed, as the user would write it.
    shown: BytePath,
    /// Where that packet was found, or why it was not.
    found: Result<Vec<Scan>, String>,
}

/// The predecessor of a unit.
pub(super) struct Before<'a> {
    shown: BytePath,
    /// Compared with its own seal, which holds; or a clause why it is no evidence.
    unit: Result<Box<Unit<'a>>, String>,
}

/// Finds the predecessors that the configuration and the command line name. A
/// name on the command line that no packet can answer is a finding of the run.
pub(super) fn named(scans: &[Scan], options: &Options, base: Option<&Base>) -> (Vec<Named>, Option<Finding>) {
    let configured =
        scans.iter().flat_map(|scan| &scan.config.packets).any(|table| table.predecessor.is_some());
    if options.predecessor.is_none() && !configured {
        return (Vec::new(), None);
    }
    let mut all = Vec::new();
    let mut packets: Vec<(usize, &Scan, &Seal)> = Vec::new();
    for (index, scan) in scans.iter().enumerate() {
        for unit in unit::units(scan, options) {
            if let Some(before) = &unit.policy.predecessor {
                all.push((index, unit.seal, scan.tree.absolute(before)));
            }
            if unit.kind() == Kind::Packet {
                packets.push((index, scan, unit.seal));
            }
        }
    }
    let mut refused = None;
    if let Some(path) = &options.predecessor {
        let of_folder = |(_, scan, seal): &(usize, &Scan, &Seal)| seal.root == scan.under;
        if packets.len() > 1 && packets.iter().any(of_folder) {
            packets.retain(of_folder);
        }
        match packets.as_slice() {
            [(index, _, seal)] => {
                // The command line says which one is meant; the configuration's is not looked at.
                all.retain(|(_, other, _)| other.manifest_path != seal.manifest_path);
                all.push((*index, seal, options.current_dir.join(path)));
            }
            others => {
                let n = others.len();
                let message = format!("a predecessor is named and {n} packets could be meant");
                let help = "give one packet as PATH, or write `predecessor` into its [[packet]] of seal.toml";
                refused = Some(Finding::new(Code::UsageError, message).help(help));
            }
        }
    }
    let find = |(scan, seal, path): (usize, &Seal, PathBuf)| Named {
        scan,
        manifest: seal.manifest_path.clone(),
        shown: scan::shown_from(&scan::lexical(&path), &options.current_dir),
        found: find(&path, options, base),
    };
    (all.into_iter().map(find).collect(), refused)
}

fn find(path: &std::path::Path, options: &Options, base: Option<&Base>) -> Result<Vec<Scan>, String> {
    let options = Options {
        paths: Vec::new(),
        manifest: None,
        root: None,
        format: None,
        expect_tree: Vec::new(),
        predecessor: None,
        ..options.clone()
    };
    scan::of_path(path, &options, base).map_err(|findings| {
        let first = findings.into_iter().next().map(|finding| finding.message);
        first.unwrap_or_else(|| "it cannot be read".to_owned())
    })
}

/// Compares each predecessor with its own seal and gives it to the packet that follows.
pub(super) fn attach<'a>(units: &mut [Unit<'a>], scans: &'a [Scan], named: &'a [Named], options: &Options) {
    for one in named {
        let Some(scan) = scans.get(one.scan) else { continue };
        let unit = units
            .iter_mut()
            .find(|unit| std::ptr::eq(unit.scan, scan) && unit.seal.manifest_path == one.manifest);
        let Some(unit) = unit else { continue };
        let found = one.found.as_ref().map_err(Clone::clone);
        let before = found.and_then(|scans| packet(scans, options)).and_then(|before| {
            let same = before.seal.tree == unit.seal.tree;
            if same { Err("it is this very packet".to_owned()) } else { Ok(before) }
        });
        // Named otherwise, its documents would not be found, and nothing be compared.
        if let Ok(before) = &before
            && before.policy.profile.is_none()
        {
            let _ = before.profile.set(Store::profile(&*unit).clone());
        }
        let unit_before = before.and_then(|before| verified(before, options));
        unit.before = Some(Before { shown: one.shown.clone(), unit: unit_before.map(Box::new) });
    }
}

/// The one packet that a path holds.
fn packet<'a>(scans: &'a [Scan], options: &Options) -> Result<Unit<'a>, String> {
    let mut units: Vec<Unit<'a>> = scans.iter().flat_map(|scan| unit::units(scan, options)).collect();
    units.retain(|unit| unit.kind() == Kind::Packet && unit.scan.only.is_none());
    if units.len() > 1 {
        units.retain(|unit| unit.seal.root == unit.scan.under);
    }
    match (units.pop(), units.len()) {
        (Some(unit), 0) => Ok(unit),
        (Some(_), more) => Err(format!("{} packets are there", more + 1)),
        (None, _) => Err("no packet with a tree pin is there".to_owned()),
    }
}

/// The unit, when every byte of it is as its own seal says, and its seal as its pin.
fn verified<'a>(mut unit: Unit<'a>, options: &Options) -> Result<Unit<'a>, String> {
    unit.settle_manifest(options);
    unit.recognize();
    unit::compare(std::slice::from_mut(&mut unit), options.threads, &Progress::default());
    super::references::resolve(&mut unit);
    unit.excuse_sparse();
    unit.look_around();
    let bytes_only = Selection { only: Some(std::collections::BTreeSet::new()), ..Selection::default() };
    let outcomes = {
        let shelf = Shelf::new(&unit);
        check::judge(&unit.packet(&shelf, None), &bytes_only)
    };
    for id in ALWAYS {
        let outcome = outcomes.iter().find(|outcome| outcome.meta.id == id);
        match outcome.map(|outcome| outcome.status) {
            Some(Status::Ok) => {}
            Some(Status::NotApplied) => return Err("no tree pin vouches for its seal".to_owned()),
            _ => {
                let first = outcome.and_then(|outcome| outcome.findings.first());
                let why = first.map_or("it does not hold", |finding| finding.message.as_str());
                return Err(format!("its own seal does not hold ({why})"));
            }
        }
    }
    match unit.findings.first() {
        None => Ok(unit),
        Some(finding) => Err(finding.message.clone()),
    }
}

impl Before<'_> {
    /// The documents of the predecessor, when it is evidence.
    pub(super) fn shelf(&self) -> Option<Shelf<'_>> {
        self.unit.as_ref().ok().map(|unit| Shelf::new(&**unit))
    }

    /// What checks see of it, with its documents.
    pub(super) fn predecessor<'v>(&'v self, shelf: Option<&'v Shelf<'v>>) -> Predecessor<'v> {
        let verified = self.unit.as_ref().map_err(Clone::clone).and_then(|unit| {
            let unread = || "its seal cannot be read".to_owned();
            Ok(Verified {
                shelf: shelf.ok_or_else(unread)?,
                manifest: unit.manifest.as_deref().ok_or_else(unread)?,
                tree: unit.seal.tree.ok_or_else(unread)?,
            })
        });
        Predecessor { shown: self.shown.clone(), verified }
    }
}
