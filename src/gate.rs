//! The gate: conducts a verification from options to the report.
//!
//! Every stage is elsewhere; this room only passes the results of one to the
//! next, in the order that the crate documentation draws.

mod assemble;
mod base;
mod clues;
mod copy;
mod damage;
mod diagnose;
mod evidence;
mod origin;
mod predecessor;
mod profiles;
mod references;
mod scan;
mod sealed;
mod shard;
mod unit;

use std::path::{Path, PathBuf};

pub(crate) use copy::{Readings, Specimen, specimens};
pub(crate) use origin::attribute_line;

pub use damage::{Claim, Damage, Judged, Part, Remedy};
pub use sealed::{SealedRoot, SealedTree, sealed};
pub use shard::Part as ShardPart;

use crate::check::Selection;
use crate::config::{Config, Date, Globs};
use crate::digest::Sha256;
use crate::finding::Finding;
use crate::manifest::Format;
use crate::observe::Progress;
use crate::profile::Profile;
use crate::report::listing::Listing;
use crate::report::{Report, Selftest};
use crate::source::{Links, WorkTree};

/// What a run is asked to do.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own on the command line")]
pub struct Options {
    /// Folders to look through, manifests, or single files.
    pub paths: Vec<PathBuf>,
    /// Which state of the files is verified.
    pub from: FromLayer,
    /// The commit whose seals and configuration have authority over that state.
    pub base: Option<BaseCommit>,
    /// Whether a PATH that is an archive is looked into, and how many bytes it
    /// may unpack to.
    pub archives: Archives,
    /// A manifest by name, whatever it is called.
    pub manifest: Option<PathBuf>,
    /// The root that the names of the one manifest refer to.
    pub root: Option<PathBuf>,
    /// The format of every manifest, instead of recognising it.
    pub format: Option<Format>,
    /// Trees demanded from outside.
    pub expect_tree: Vec<ExpectTree>,
    /// The packet that the one packet follows, instead of the configured one.
    pub predecessor: Option<PathBuf>,
    /// The profile that documents are judged by, instead of the configured one.
    pub profile: Option<String>,
    /// Which checks to run.
    pub checks: Selection,
    /// Where the configuration comes from.
    pub config: ConfigFrom,
    /// Bytes to hash in search of causes, over the whole run, all of them; by
    /// default a part of [`SEARCH_BUDGET`].
    pub search_budget: Option<u64>,
    /// Search further: ten times the default budget, and what is hardly ever the cause.
    pub deep: bool,
    /// Look for causes at all.
    pub explain: bool,
    /// Whether links may be followed.
    pub links: Links,
    /// Threads at most.
    pub threads: usize,
    /// Finding no seal is good.
    pub allow_empty: bool,
    /// List every entry in the report, the intact ones too.
    pub entries: bool,
    /// Judge only this part of the seals.
    pub shard: Option<ShardPart>,
    /// The day on which dated exceptions are judged.
    pub today: Date,
    /// The folder that shown paths are relative to, resolved.
    pub current_dir: PathBuf,
}

/// Which state of the files is verified.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub enum FromLayer {
    /// As they lie on disk.
    #[default]
    WorkTree,
    /// As they are staged in the git index.
    Index,
    /// As a commit holds them, by any name that git knows it by.
    Revision(String),
}

/// A commit whose seals must still be there, unchanged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaseCommit {
    /// By any name that git knows it by.
    pub revision: String,
    /// New trees of seals that changed and were reviewed, beside those that its
    /// configuration accepts.
    pub accept_reseal: Vec<Sha256>,
}

/// What is done with archives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Archives {
    /// They are looked into. With a number of bytes they may unpack to, in place
    /// of the default.
    Open(Option<u64>),
    /// They are refused: nothing is written into one.
    Refuse,
}

/// A tree demanded on the command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExpectTree {
    /// The packet it is demanded of; the only one there is when absent.
    pub root: Option<PathBuf>,
    /// The SHA-256 of its manifest.
    pub tree: Sha256,
}

/// Where the configuration comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConfigFrom {
    /// `seal.toml` at the root of the enclosing repository, when there is one; with
    /// a base the one of that commit.
    Repository,
    /// This file.
    File(PathBuf),
    /// Nowhere: the built-in defaults.
    Nowhere,
}

/// The default for [`Options::search_budget`], in bytes.
pub const SEARCH_BUDGET: u64 = 4_000_000_000;

/// Verifies everything the options ask for.
pub fn verify(options: &Options, progress: &Progress) -> Report {
    let base = match base::open(options) {
        Ok(base) => base,
        Err(findings) => return assemble::refused(findings),
    };
    let base = base.as_ref();
    let mut shard = None;
    let report = match scan::scan(options, base) {
        Ok(mut scans) => {
            let compared = base.map(|base| base.compare(&mut scans, options)).unwrap_or_default();
            let narrow = |units: &mut Vec<unit::Unit>| {
                shard = options.shard.map(|part| shard::keep(units, &scans, part, options));
            };
            judge(options, &scans, base, compared, progress, narrow, assemble::report)
        }
        Err(findings) => assemble::refused(findings),
    };
    Report { base: base.map(base::Base::told), shard, ..report }
}

/// Verifies the same, and says for everything that is not intact how its sealed
/// bytes can be had.
pub fn judged(options: &Options, progress: &Progress) -> Result<Judged, Vec<Finding>> {
    let scans = scan::scan(options, None)?;
    let conclude =
        |units: &[unit::Unit], scans: &[_], expected, options: &Options, progress: &Progress| Judged {
            damages: damage::damages(units, options),
            report: assemble::report(units, scans, expected, options, progress),
        };
    Ok(judge(options, &scans, None, Vec::new(), progress, |_| {}, conclude))
}

/// What would be verified, and what was passed over, without comparing anything.
pub fn list(options: &Options) -> Result<Vec<Listing>, Vec<Finding>> {
    let base = base::open(options)?;
    Ok(scan::scan(options, base.as_ref())?.iter().flat_map(|scan| scan.listings(options)).collect())
}

/// The report of a run that could not begin.
pub fn refused(findings: Vec<Finding>) -> Report {
    assemble::refused(findings)
}

/// The report with a finding that came to light while it was delivered.
pub fn amended(report: &Report, finding: Finding) -> Report {
    assemble::amended(report, finding)
}

/// The report with what a self-test has to say beside it.
pub(crate) fn tested(report: Report, selftest: Selftest, findings: Vec<Finding>) -> Report {
    assemble::tested(report, selftest, findings)
}

/// What the profile of that name lets lie unsealed.
pub(crate) fn allowed_unsealed(name: &str, config: &Config) -> Result<Globs, Vec<Finding>> {
    Ok(known_profile(name, config)?.allows().clone())
}

/// The profile of that name, in the configuration in force for the current folder.
pub(crate) fn profile_named(name: &str, options: &Options) -> Result<Profile, Vec<Finding>> {
    known_profile(name, &configuration_at(&options.current_dir, &options.config)?)
}

fn known_profile(name: &str, config: &Config) -> Result<Profile, Vec<Finding>> {
    profiles::named(name, config).ok_or_else(|| vec![profiles::unknown(name, config)])
}

/// The configuration in force for a folder.
pub fn configuration_at(folder: &Path, from: &ConfigFrom) -> Result<Config, Vec<Finding>> {
    let (tree, _) = WorkTree::around(folder).map_err(|error| vec![scan::unreadable(folder, &error)])?;
    scan::read_configuration(&scan::Tree::work_tree(tree), from, Path::new(""))
}

/// The tree that the paths of a configuration about a folder are relative to, and
/// where the folder stands in it.
pub(crate) fn tree_around(
    folder: &Path,
    from: &ConfigFrom,
) -> std::io::Result<(WorkTree, crate::path::BytePath)> {
    scan::around(folder, from)
}

/// Brings every seal that `narrow` leaves through the stages, and gives the judged units to
/// `conclude`, with the findings of the run: those known before, and what comes to light.
fn judge<R>(
    options: &Options,
    scans: &[scan::Scan],
    base: Option<&base::Base>,
    known: Vec<Finding>,
    progress: &Progress,
    narrow: impl FnOnce(&mut Vec<unit::Unit>),
    conclude: impl FnOnce(&[unit::Unit], &[scan::Scan], Vec<Finding>, &Options, &Progress) -> R,
) -> R {
    let (named, refused) = predecessor::named(scans, options, base);
    let mut units: Vec<unit::Unit> = scans.iter().flat_map(|scan| unit::units(scan, options)).collect();
    let mut of_run = known;
    of_run.extend(refused);
    of_run.extend(unit::demand_trees(&mut units, options));
    narrow(&mut units);
    for unit in &mut units {
        unit.settle_manifest(options);
        unit.recognize();
    }
    unit::compare(&mut units, options.threads, progress);
    for unit in &mut units {
        references::resolve(unit);
        unit.excuse_sparse();
        unit.look_around();
    }
    let repositories = origin::look(&mut units, options);
    diagnose::diagnose(&mut units, scans, options, progress);
    let found = origin::search(&mut units, repositories);
    diagnose::compare(&mut units, &found, options);
    for unit in &mut units {
        unit.clues = clues::of(unit);
    }
    predecessor::attach(&mut units, scans, &named, options);
    conclude(&units, scans, of_run, options, progress)
}
