//! The seals of the base against those that are there now.

use std::collections::{BTreeMap, BTreeSet};

use super::{Base, changes, demands};
use crate::code::{Code, Severity};
use crate::digest::Sha256;
use crate::finding::{Fact, Finding};
use crate::gate::scan::Scan;
use crate::gate::{BaseCommit, ConfigFrom, Options};
use crate::packet::{Seal, Unreadable};
use crate::path::BytePath;
use crate::report::Look;
use crate::report::name::as_argument;
use crate::source::worktree::stands_in;
use crate::source::{Links, Refusal};
use crate::text::quote;

/// A seal that is there now, and the scan that found it.
type Now<'a> = (&'a Scan, &'a Seal);

/// What there is now, and how it is told.
struct Comparison<'a> {
    base: &'a Base,
    scans: &'a [Scan],
    now: BTreeMap<&'a BytePath, Now<'a>>,
    options: &'a Options,
    accepted: &'a BaseCommit,
}

impl Base {
    /// A finding for each seal that is gone, changed or new, and for another configuration.
    pub(in crate::gate) fn compare(&self, scans: &mut [Scan], options: &Options) -> Vec<Finding> {
        let Some(accepted) = &options.base else { return Vec::new() };
        let mut demanded: BTreeSet<BytePath> = self.demanded.values().flatten().cloned().collect();
        for scan in scans.iter_mut() {
            let below = demands::below(&scan.under, &self.scan);
            // What was there is told as removed; to say that nothing was found tells less.
            scan.is_empty &= below.is_empty();
            // A PATH may lead through a link to a folder that it did not lead to in the base.
            demanded.extend(below.into_iter().filter(|_| scan.whole));
        }
        let seals = scans.iter().flat_map(|scan| scan.wanted_seals().map(move |seal| (scan, seal)));
        let now = seals.map(|(scan, seal)| (&seal.manifest_path, (scan, seal))).collect();
        let comparison = Comparison { base: self, scans, now, options, accepted };
        let mut findings: Vec<Finding> =
            scans.first().and_then(|scan| self.changed_config(&scan.tree, options)).into_iter().collect();
        for seal in self.seals() {
            let there = comparison.now.contains_key(&seal.manifest_path);
            if there || demanded.contains(&seal.manifest_path) {
                findings.extend(comparison.of(seal));
            }
        }
        let new = comparison.now.values().filter(|(_, seal)| !self.known.contains_key(&seal.manifest_path));
        findings.extend(new.map(|now| comparison.newly_sealed(*now)));
        findings
    }
}

/// The tree that a seal claims: its pin's, and its manifest's where it has none.
fn claimed(seal: &Seal) -> Option<Sha256> {
    seal.pin.as_ref().and_then(|pin| pin.digest).or(seal.tree)
}

impl Comparison<'_> {
    /// What became of a seal of the base.
    fn of(&self, before: &Seal) -> Option<Finding> {
        if let Err(Unreadable::Refused(Refusal::NotFetched(oid))) = &before.manifest {
            let message = format!(
                "{} cannot be read in commit {}: its git object {oid} is not in this clone",
                self.shown(before),
                self.base.commit.short()
            );
            return Some(self.about(before, Finding::new(Code::GitObjectMissing, message)));
        }
        let there = self.now.get(&before.manifest_path);
        // A pin alone stands for its manifest, which may have been moved.
        let absent = |now: &&Now| before.tree.is_some() && matches!(now.1.manifest, Err(Unreadable::Missing));
        let Some((scan, now)) = there.filter(|now| !absent(now)) else {
            return Some(self.gone(before));
        };
        if let Some(reason) = Self::lost(scan, before, now) {
            return Some(self.removed(before, &reason));
        }
        let root = self.base.known.get(&before.manifest_path).and_then(Option::as_ref);
        let same = claimed(before) == claimed(now) && root.is_none_or(|root| *root == now.root);
        if same { None } else { Some(self.resealed(before, now)) }
    }

    /// Why a seal that is found at its place is none any more.
    fn lost(scan: &Scan, before: &Seal, now: &Seal) -> Option<String> {
        if let (Some(_), None, Err(reason)) = (before.tree, now.tree, &now.manifest) {
            return Some(reason.to_string());
        }
        if let (Some(pin), None) = (&before.pin, &now.pin) {
            let pin = quote(pin.path.as_bytes());
            return Some(format!("its tree pin {pin} is gone, so it is a packet no more"));
        }
        let mut folder = now.manifest_path.clone();
        while !folder.is_root() {
            folder = folder.parent();
            if scan.tree.is_on_disk() && !folder.is_root() && stands_in(&scan.tree.absolute(&folder)) {
                let folder = quote(folder.as_bytes());
                return Some(format!("{folder} is another repository now"));
            }
        }
        None
    }

    /// A seal that is not at its place.
    fn gone(&self, before: &Seal) -> Finding {
        let same = |now: &&Now| {
            let new = !self.base.known.contains_key(&now.1.manifest_path);
            new && before.tree.is_some() && claimed(now.1) == claimed(before)
        };
        let Some((_, moved)) = self.now.values().find(same) else {
            return self.left_out(before).unwrap_or_else(|| self.removed(before, &self.what_stands(before)));
        };
        let to = quote(moved.manifest_path.as_bytes());
        let finding = self.removed(before, &format!("the same seal is at {to} now"));
        // A seal under another name, or without its pin, is not the one that was reviewed.
        let whole = moved.manifest_path.file_name() == before.manifest_path.file_name()
            && before.pin.is_some() == moved.pin.is_some();
        let by = claimed(moved).filter(|_| whole && moved.root != before.root);
        match by.map(|tree| self.acceptance(&moved.root, &tree)) {
            Some(Ok(by)) => {
                let message = format!("{}; accepted by {by}", finding.message);
                Finding { message, ..finding }.downgraded(Severity::Note)
            }
            Some(Err(_)) => finding.help(self.accept(before, moved, true)),
            None => finding,
        }
    }

    /// A manifest that is tracked and that a sparse checkout leaves out is not gone;
    /// nothing can be said about it.
    fn left_out(&self, before: &Seal) -> Option<Finding> {
        let tree = &self.scans.first()?.tree;
        let left_out = tree.left_out(std::slice::from_ref(&before.manifest_path));
        left_out.first().filter(|left_out| **left_out)?;
        let message = format!("{} is not there: {}", self.shown(before), Refusal::NotCheckedOut);
        Some(self.about(before, Finding::new(Code::NotCheckedOut, message)))
    }

    /// What is where the manifest was.
    fn what_stands(&self, before: &Seal) -> String {
        let path = &before.manifest_path;
        let passed = self.scans.iter().flat_map(|scan| &scan.passed_over).find(|passed| passed.path == *path);
        if let Some(passed) = passed {
            return format!("its manifest is passed over: {}", passed.reason);
        }
        let Some(scan) = self.scans.first() else { return "nothing is there".to_owned() };
        let opened = scan.tree.folder(&path.parent()).and_then(|folder| {
            folder.open(&BytePath::root().child(path.file_name()), Links::Refuse).map(|_| ())
        });
        match opened {
            Ok(()) => "the file is there, and the PATH leads to no seal in it".to_owned(),
            Err(Refusal::Missing) => "nothing is there".to_owned(),
            Err(refusal) => refusal.to_string(),
        }
    }

    fn removed(&self, before: &Seal, reason: &str) -> Finding {
        let message = format!(
            "{} was a seal in commit {} and is gone: {reason}",
            self.shown(before),
            self.base.commit.short()
        );
        let mut finding = self.about(before, Finding::new(Code::PacketRemoved, message));
        finding.sealed = fact(claimed(before));
        finding.help(format!(
            "{}; to retire a seal on purpose, first merge its manifest under `ignore` of `[discover]` into the base",
            self.put_back(before)
        ))
    }

    fn resealed(&self, before: &Seal, now: &Seal) -> Finding {
        let tree = |seal| claimed(seal).map_or_else(|| "unreadable".to_owned(), |tree| short(&tree));
        let acceptance = match claimed(now) {
            Some(new) => self.acceptance(&now.root, &new),
            None => Err("no tree can be accepted".to_owned()),
        };
        let (accepted, because) = match acceptance {
            Ok(by) => (true, format!("accepted by {by}")),
            Err(reason) => (false, reason),
        };
        let message = format!(
            "{} was sealed anew: tree {} in commit {}, {} now; {}; {because}",
            self.shown(before),
            tree(before),
            self.base.commit.short(),
            tree(now),
            changes::between(before, now),
        );
        let mut finding = self.about(before, Finding::new(Code::Resealed, message));
        finding.sealed = fact(claimed(before));
        finding.found = fact(claimed(now));
        if accepted {
            finding.downgraded(Severity::Note)
        } else {
            finding.help(self.accept(before, now, false))
        }
    }

    fn newly_sealed(&self, (scan, seal): Now) -> Finding {
        let manifest = quote(scan.shown(&seal.manifest_path, self.options).as_bytes());
        let message = format!("{manifest} is a seal that commit {} does not have", self.base.commit.short());
        self.about(seal, Finding::new(Code::NewlySealed, message))
    }

    /// What accepts a tree as the new one of a root, or why nothing does.
    fn acceptance(&self, root: &BytePath, tree: &Sha256) -> Result<String, String> {
        let config = match self.options.config {
            ConfigFrom::File(_) => "the given configuration".to_owned(),
            ConfigFrom::Nowhere => "no configuration".to_owned(),
            ConfigFrom::Repository => format!("seal.toml of commit {}", self.base.commit.short()),
        };
        if self.accepted.accept_reseal.contains(tree) {
            return Ok("`--accept-reseal`".to_owned());
        }
        // Of an explicit configuration the tree's scans have their own reading.
        let scan = self.scans.first().unwrap_or(&self.base.scan);
        if scan.config.accepts_reseal(root, tree) {
            return Ok(format!("`accept_reseal` in {config}"));
        }
        let other = scan.config.accept_reseal.iter().find(|accepted| accepted.root == *root);
        Err(match other {
            Some(other) => format!("{config} accepts the tree {} there and not this one", short(&other.tree)),
            None => format!("{config} has no `accept_reseal` for it"),
        })
    }

    /// How a reviewed change is let through.
    fn accept(&self, before: &Seal, now: &Seal, moved: bool) -> String {
        let Some(tree) = claimed(now) else { return Code::Resealed.row().fix.to_owned() };
        let back = self.put_back(before);
        let once = format!("when it was reviewed, `--accept-reseal {tree}` accepts it once");
        if moved {
            // A table about a root where nothing is yet would stop every other run.
            return format!("{back}; {once}");
        }
        let root = if now.root.is_root() { quote(b".") } else { quote(now.root.as_bytes()) };
        format!(
            "{back}; {once}, and `accept_reseal = [{{ tree = \"{tree}\" }}]` in the [[packet]] of {root} for \
             everybody, when that seal.toml is merged into the base beforehand"
        )
    }

    /// How what the base has comes back. The root of a repository holds more than a seal.
    fn put_back(&self, before: &Seal) -> String {
        let back = "when nobody meant this, put the files of the base back";
        if before.root.is_root() {
            return back.to_owned();
        }
        let root = as_argument(&self.base.scan.shown(&before.root, self.options), &Look::PLAIN);
        format!("{back}: `git checkout {} -- {root}`", self.base.commit.short())
    }

    /// The manifest of a seal as one would write it.
    fn shown(&self, seal: &Seal) -> String {
        quote(self.base.scan.shown(&seal.manifest_path, self.options).as_bytes())
    }

    fn about(&self, seal: &Seal, finding: Finding) -> Finding {
        finding.path(self.base.scan.shown(&seal.manifest_path, self.options))
    }
}

/// The first digits of a tree: enough to tell it from another one in a sentence.
fn short(tree: &Sha256) -> String {
    let digits = tree.to_string();
    digits.get(..12).map_or_else(|| digits.clone(), str::to_owned)
}

fn fact(tree: Option<Sha256>) -> Option<Fact> {
    tree.map(|tree| Fact { digest: tree.to_string(), size: None })
}
