//! One seal on its way through the run: what is compared, and what came of it.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::OnceLock;

use super::predecessor::Before;
use super::scan::{Scan, lexical, shown_path};
use super::{Options, profiles};
use crate::check::{Explained, Packet, Predecessor};
use crate::code::{Code, Concerns};
use crate::config::{PacketConfig, Unsealed};
use crate::digest::{Digest, Sha256};
use crate::drift::{self, Allowance, Diagnosis, Question};
use crate::evidence::Shelf;
use crate::finding::Finding;
use crate::finding::origin::{Origins, Subject};
use crate::git::Objects;
use crate::manifest::{self, Entry, Limits, Manifest};
use crate::observe::twins::{self, Twins};
use crate::observe::unsealed::{Backward, backward, below, covered};
use crate::observe::{Job, Progress, State};
use crate::packet::{Kind, Policy, Seal};
use crate::path::BytePath;
use crate::profile::{self, Profile};
use crate::source::{Folder, Refusal};

/// Documents that are longer are not read to recognize the profile of a packet.
const LONGEST_TELLING: u64 = 4 << 20;

/// One seal of one scan.
pub(super) struct Unit<'a> {
    pub(super) scan: &'a Scan,
    pub(super) seal: &'a Seal,
    pub(super) policy: Policy,
    pub(super) folder: Result<Box<dyn Folder + 'a>, Refusal>,
    /// The manifest that counts, and the bytes it was read from.
    pub(super) manifest: Option<Cow<'a, Manifest>>,
    pub(super) text: Cow<'a, [u8]>,
    pub(super) manifest_drift: Option<Diagnosis>,
    pub(super) sealed_tree: Option<Sha256>,
    pub(super) states: Vec<State>,
    pub(super) diagnoses: BTreeMap<usize, Explained>,
    /// Where damage came in.
    pub(super) origins: Origins,
    /// The repository that has their sealed bytes.
    pub(super) git: Option<Objects>,
    pub(super) twins: Twins,
    pub(super) backward: Backward,
    pub(super) unresolved: BTreeMap<usize, Vec<BytePath>>,
    pub(super) clues: BTreeMap<usize, String>,
    /// What its documents are judged by, once it is known what is sealed.
    pub(super) profile: OnceLock<Profile>,
    /// The packet that it follows.
    pub(super) before: Option<Before<'a>>,
    /// Where each name stands among the entries of the manifest.
    pub(super) places: OnceLock<HashMap<BytePath, Vec<usize>>>,
    /// Findings about the unit that no check makes: its configuration.
    pub(super) findings: Vec<Finding>,
}

/// Prepares every seal of a scan.
pub(super) fn units<'a>(scan: &'a Scan, options: &Options) -> Vec<Unit<'a>> {
    scan.wanted_seals().map(|seal| Unit::new(scan, seal, options)).collect()
}

impl<'a> Unit<'a> {
    fn new(scan: &'a Scan, seal: &'a Seal, options: &Options) -> Self {
        Self {
            scan,
            seal,
            policy: policy(scan, seal, options),
            folder: scan.tree.folder(&seal.root),
            manifest: seal.manifest.as_ref().ok().map(Cow::Borrowed),
            text: Cow::Borrowed(&seal.bytes),
            manifest_drift: None,
            sealed_tree: None,
            states: Vec::new(),
            diagnoses: BTreeMap::new(),
            origins: Origins::new(),
            git: None,
            twins: Twins::default(),
            backward: Backward::default(),
            unresolved: BTreeMap::new(),
            clues: BTreeMap::new(),
            profile: OnceLock::new(),
            before: None,
            places: OnceLock::new(),
            findings: unknown_profile(scan, options).into_iter().collect(),
        }
    }

    /// Decides which manifest counts: when the pin says that the manifest
    /// drifted and its sealed bytes can be proven, the sealed one.
    pub(super) fn settle_manifest(&mut self, options: &Options) {
        let pinned = self.seal.pin.as_ref().and_then(|pin| pin.digest);
        let sealed = pinned.or_else(|| self.policy.expect_tree.first().copied());
        if let (Some(sealed), Some(tree)) = (sealed, self.seal.tree)
            && sealed != tree
        {
            self.sealed_tree = Some(sealed);
            if options.explain {
                self.recover_manifest(sealed, options);
            }
        }
        if let (Some(only), Some(manifest)) = (&self.scan.only, &self.manifest) {
            let name = only.strip_prefix(&self.seal.root);
            let mut narrowed = Manifest::clone(manifest);
            narrowed.entries.retain(|entry| Some(&entry.path) == name.as_ref());
            self.manifest = Some(Cow::Owned(narrowed));
        }
    }

    fn recover_manifest(&mut self, sealed: Sha256, options: &Options) {
        let digest = Digest::Sha256(sealed);
        let question = Question {
            sealed: &digest,
            sealed_size: None,
            found: &self.seal.bytes,
            name: self.seal.manifest_path.file_name(),
        };
        let bytes = super::diagnose::share(self.scan, options, 16);
        let diagnosis = drift::explain(&question, &Allowance { bytes, deep: options.deep });
        let recovered = diagnosis.recipe.as_ref().and_then(|recipe| recipe.undo(&self.seal.bytes));
        if let Some(bytes) = recovered.filter(|bytes| Sha256::of(bytes) == sealed) {
            let file_name = self.seal.manifest_path.file_name();
            let parsed = manifest::parse(
                &bytes,
                &manifest::Options { file_name, format: options.format, limits: Limits::default() },
            );
            self.manifest = parsed.ok().map(Cow::Owned);
            self.text = Cow::Owned(bytes);
        }
        self.manifest_drift = Some(diagnosis);
    }

    /// Packet or list. A pin makes a packet, and so does whoever demands a tree
    /// of it or configures it as one: taking the pin away must not loosen the rules.
    pub(super) fn kind(&self) -> Kind {
        let demanded = !self.policy.expect_tree.is_empty() || self.policy.configured || self.policy.is_packet;
        if demanded { Kind::Packet } else { self.seal.kind }
    }

    /// Whether unlisted files fail.
    pub(super) fn denies_unsealed(&self) -> bool {
        let default = if self.kind() == Kind::Packet { Unsealed::Deny } else { Unsealed::Allow };
        self.scan.only.is_none() && self.policy.unsealed.unwrap_or(default) == Unsealed::Deny
    }

    /// Looks at the files that no entry names: to report them, and to find
    /// where missing entries went.
    pub(super) fn look_around(&mut self) {
        let (Some(manifest), Ok(folder)) = (&self.manifest, &self.folder) else { return };
        let missing = self.states.contains(&State::Missing);
        let scanned = self.kind() == Kind::Packet && self.scan.only.is_none();
        if !self.denies_unsealed() && !missing && !scanned {
            return;
        }
        let own;
        let listing = if self.seal.root.strip_prefix(&self.scan.under).is_some() && self.scan.only.is_none() {
            below(&self.scan.listing, &self.seal.root)
        } else {
            match self.scan.tree.list(&self.seal.root) {
                Ok(listing) => own = listing,
                Err(error) => {
                    let message = format!("the folder could not be listed whole: {error}");
                    self.findings.push(Finding::new(Code::PathUnreadable, message));
                    return;
                }
            }
            &own
        };
        let covered = covered(self.seal, manifest, &self.scan.seals);
        let around = backward(self.seal, manifest, listing, &covered, &self.policy.exclude);
        if missing {
            self.twins = twins::find(manifest, &self.states, &around.unsealed, &**folder);
        }
        if self.denies_unsealed() {
            self.backward = around;
        } else if scanned {
            // Allowed, and not counted as excluded: nobody asked for them to be named.
            let mut left_out = around.left_out;
            left_out.extend(around.unsealed);
            self.backward = Backward { left_out, ..Backward::default() };
        }
    }

    /// Entries that are not there because a sparse checkout leaves them out were
    /// not deleted: nothing can be said about them.
    pub(super) fn excuse_sparse(&mut self) {
        let Some(manifest) = &self.manifest else { return };
        let gone = |(_, state): &(_, &mut State)| **state == State::Missing;
        let entries = manifest.entries.iter().map(|entry| self.seal.root.join(&entry.path));
        let (paths, states): (Vec<BytePath>, Vec<&mut State>) =
            entries.zip(&mut self.states).filter(gone).unzip();
        if paths.is_empty() {
            return;
        }
        for (state, left_out) in states.into_iter().zip(self.scan.tree.left_out(&paths)) {
            if left_out {
                *state = State::Refused(Box::new(Refusal::NotCheckedOut));
            }
        }
    }

    /// The sealed bytes of an entry, where git has them: read, and hashed again.
    pub(super) fn original(&self, index: usize, entry: &Entry) -> Option<Vec<u8>> {
        let original = self.origins.get(&Subject::Entry(index))?.original.as_ref()?;
        let bytes = self.git.as_ref()?.read(&original.blob, super::diagnose::LARGEST).ok()??;
        (entry.digest.same_of(&bytes) == entry.digest).then_some(bytes)
    }

    /// Whether its tree is that of a git repository.
    pub(super) fn is_in_a_repository(&self) -> bool {
        self.scan.tree.is_repository()
    }

    /// The entries with that path, with their states. The manifest must be settled.
    pub(super) fn entries_at(&self, path: &BytePath) -> impl Iterator<Item = (usize, &Entry, &State)> {
        let places = self.places.get_or_init(|| {
            let mut places: HashMap<BytePath, Vec<usize>> = HashMap::new();
            for (at, entry) in self.manifest.iter().flat_map(|manifest| &manifest.entries).enumerate() {
                places.entry(entry.path.clone()).or_default().push(at);
            }
            places
        });
        let entries = self.manifest.as_ref().map_or(&[][..], |manifest| &manifest.entries);
        let found = places.get(path).map_or(&[][..], Vec::as_slice);
        found.iter().filter_map(|at| Some((*at, entries.get(*at)?, self.states.get(*at)?)))
    }

    /// Whether the manifest lists a file, relative to the root.
    pub(super) fn lists(&self, path: &BytePath) -> bool {
        let entries = self.manifest.iter().flat_map(|manifest| &manifest.entries);
        entries.into_iter().any(|entry| entry.path == *path)
    }

    /// Settles the profile of a packet for which none was chosen: the one that
    /// its documents speak for.
    pub(super) fn recognize(&mut self) {
        if self.policy.profile.is_none() && self.kind() == Kind::Packet {
            let folder = self.folder.as_deref().ok();
            let links = self.policy.links;
            let read = |path: &BytePath| folder?.read(path, links, LONGEST_TELLING).ok();
            let recognized =
                self.manifest.as_deref().and_then(|manifest| profile::recognized(manifest, read));
            self.policy.profile = recognized.map(|profile| profile.name().to_owned());
        }
    }

    /// The view that checks have of it.
    pub(super) fn packet<'v>(
        &'v self,
        shelf: &'v Shelf<'v>,
        predecessor: Option<&'v Predecessor<'v>>,
    ) -> Packet<'v> {
        let ambiguous = matches!(self.seal.rooted, crate::packet::root::Rooted::Ambiguous { .. });
        Packet {
            shelf,
            narrowed: self.scan.only.is_some(),
            compared: self.manifest.is_some() && !ambiguous && self.folder.is_ok(),
            seal: self.seal,
            kind: self.kind(),
            policy: &self.policy,
            manifest: self.manifest.as_deref(),
            text: &self.text,
            manifest_drift: self.manifest_drift.as_ref(),
            sealed_tree: self.sealed_tree,
            states: &self.states,
            diagnoses: &self.diagnoses,
            origins: &self.origins,
            twins: &self.twins,
            backward: &self.backward,
            unresolved: &self.unresolved,
            clues: &self.clues,
            predecessor,
        }
    }
}

fn policy(scan: &Scan, seal: &Seal, options: &Options) -> Policy {
    let mut policy = Policy { links: options.links, ..Policy::default() };
    // A table that names only a root means the packet there, not the plain lists beside it.
    let is_packet = |other: &&Seal| other.root == seal.root && other.kind == Kind::Packet;
    let beside = seal.kind == Kind::List && scan.seals.iter().any(|other| is_packet(&other));
    let about = |table: &&PacketConfig| table.is_about(&seal.root, &seal.manifest_path);
    for table in scan.config.packets.iter().filter(about) {
        // Where a file is kept is the same for every list of the folder.
        policy.references.extend(table.references.iter().cloned());
        if table.manifest.is_none() && beside {
            continue;
        }
        policy.configured |= table.manifest.is_none();
        // Of two tables, the stricter word on unlisted files holds.
        if policy.unsealed != Some(Unsealed::Deny) {
            policy.unsealed = table.unsealed.or(policy.unsealed);
        }
        // What one table leaves out, another about the same seal does not put back.
        if policy.exclude.patterns().is_empty() {
            policy.exclude = table.exclude.clone();
        }
        policy.require.extend(table.require.iter().cloned());
        policy.predecessor =
            table.predecessor.as_ref().map(|before| before.value.clone()).or(policy.predecessor);
        policy.expect_tree.extend(table.expect_tree.iter().map(|tree| tree.value));
        policy.is_packet |= table.profile.is_some();
        policy.profile = table.profile.as_ref().map(|profile| profile.value.clone()).or(policy.profile);
    }
    if let Some(name) = options.profile.clone().filter(|_| !beside) {
        policy.is_packet = true;
        policy.profile = Some(name);
    }
    if let Some(name) = &policy.profile {
        policy.exclude = policy.exclude.joined(&profiles::allowed_by(name, &scan.config));
    }
    if let Some(tree) = seal.tree {
        policy.known_broken =
            scan.config.known_broken_at(&seal.root, &tree, options.today).map(|known| known.reason.clone());
    }
    policy
}

/// A profile of the command line that there is not.
fn unknown_profile(scan: &Scan, options: &Options) -> Option<Finding> {
    let name = options.profile.as_ref().filter(|name| !profiles::is_profile(name, &scan.config))?;
    Some(profiles::unknown(name, &scan.config))
}

/// Hands the trees of the command line to the packets they are demanded of.
/// One that no packet can answer is a finding of the run.
pub(super) fn demand_trees(units: &mut [Unit], options: &Options) -> Vec<Finding> {
    let mut findings = Vec::new();
    for expected in &options.expect_tree {
        let mut answers: Vec<&mut Unit> = match &expected.root {
            Some(root) => {
                // A folder of another layer need not be on disk.
                let written = lexical(&options.current_dir.join(root));
                let real = root.canonicalize().unwrap_or_else(|_| written.clone());
                let is_root = |unit: &&mut Unit<'_>| {
                    let there = unit.scan.tree.absolute(&unit.seal.root);
                    there == real || (!unit.scan.tree.is_on_disk() && there == written)
                };
                units.iter_mut().filter(is_root).collect()
            }
            None => units.iter_mut().collect(),
        };
        // Of several seals: the one of the folder that was given, and of several
        // manifests over one root the pinned one. Never one further down, which
        // the true packet could have been moved to.
        let of_folder = |unit: &&mut Unit<'_>| unit.seal.root == unit.scan.under;
        if answers.len() > 1 && expected.root.is_none() && answers.iter().any(of_folder) {
            answers.retain(of_folder);
        }
        if answers.len() > 1 && answers.iter().filter(|unit| unit.seal.kind == Kind::Packet).count() == 1 {
            answers.retain(|unit| unit.seal.kind == Kind::Packet);
        }
        match answers.as_mut_slice() {
            [unit] => unit.policy.expect_tree.push(expected.tree),
            [] => {
                let root =
                    expected.root.as_ref().map_or_else(String::new, |r| format!(" in {}", shown_path(r)));
                let message = format!("the tree {} is demanded and no seal was found{root}", expected.tree);
                findings.push(Finding::new(Code::UsageError, message));
            }
            several => {
                let n = several.len();
                let message = format!("the tree {} is demanded and {n} seals could be meant", expected.tree);
                findings.push(
                    Finding::new(Code::UsageError, message).help("say which: --expect-tree FOLDER=HEX"),
                );
            }
        }
    }
    findings
}

/// Compares all units at once.
pub(super) fn compare(units: &mut [Unit], threads: usize, progress: &Progress) {
    let nothing = Manifest {
        format: manifest::Format::Sha256sum,
        entries: Vec::new(),
        problems: Vec::new(),
        delegates_to: Vec::new(),
    };
    let jobs: Vec<Job> = units
        .iter()
        .map(|unit| {
            let own = [Some(&unit.seal.manifest_path), unit.seal.pin.as_ref().map(|pin| &pin.path)];
            // An ambiguous root is no root: nothing is compared under a guess.
            let ambiguous = matches!(unit.seal.rooted, crate::packet::root::Rooted::Ambiguous { .. });
            Job {
                folder: unit.folder.as_deref().map_err(Clone::clone),
                manifest: unit.manifest.as_deref().filter(|_| !ambiguous).unwrap_or(&nothing),
                links: unit.policy.links,
                itself: own.into_iter().flatten().filter_map(|p| p.strip_prefix(&unit.seal.root)).collect(),
            }
        })
        .collect();
    let states = crate::observe::compare(&jobs, threads, progress);
    drop(jobs);
    for (unit, states) in units.iter_mut().zip(states) {
        unit.states = states;
    }
}

/// The drifted entries of all units, in path order, as (unit, entry) indices.
pub(super) fn drifted(units: &[Unit]) -> Vec<(usize, usize)> {
    let mut drifted: Vec<(usize, usize)> = Vec::new();
    for (u, unit) in units.iter().enumerate() {
        let entries = unit.states.iter().enumerate();
        drifted.extend(entries.filter(|(_, s)| matches!(s, State::Drifted(_))).map(|(e, _)| (u, e)));
    }
    drifted
}

/// Entries whose bytes were read, and the bytes hashed for the comparison.
pub(super) fn files_and_bytes(units: &[Unit], progress: &Progress) -> (u64, u64) {
    let read = |state: &&State| matches!(state, State::Intact | State::Drifted(_) | State::Referenced(_));
    let files = units.iter().flat_map(|unit| &unit.states).filter(read).count() as u64;
    (files, progress.bytes.load(std::sync::atomic::Ordering::Relaxed))
}

/// Files that are sealed, and those of them that are not intact. A file that
/// several seals name is one.
pub(super) fn distinct_files(units: &[Unit]) -> (u64, u64) {
    let bad = |state: &State| !matches!(state, State::Intact | State::Referenced(_));
    let counted = |state: &State| !matches!(state, State::Itself | State::Repeated);
    let refused: u64 = units.iter().map(refused_lines).sum();
    if let [unit] = units {
        let own = unit.states.iter().filter(|state| counted(state));
        let damaged = own.clone().filter(|state| bad(state)).count() as u64;
        return (own.count() as u64 + refused, damaged + refused);
    }
    let (mut sealed, mut damaged) = (HashSet::new(), HashSet::new());
    for unit in units {
        let entries = unit.manifest.iter().flat_map(|manifest| &manifest.entries);
        for (entry, state) in entries.zip(&unit.states).filter(|(_, state)| counted(state)) {
            let file = (unit.scan.tree.base(), unit.seal.root.join(&entry.path));
            if bad(state) {
                damaged.insert(file.clone());
            }
            sealed.insert(file);
        }
    }
    (sealed.len() as u64 + refused, damaged.len() as u64 + refused)
}

/// Lines that name a file and could not be read as entries.
pub(super) fn refused_lines(unit: &Unit) -> u64 {
    let problems = unit.manifest.iter().flat_map(|read| &read.problems);
    let refused = problems.filter(|p| p.code.row().concerns == Concerns::Unreadable && !p.warning_only);
    refused.map(|problem| problem.count).sum()
}
