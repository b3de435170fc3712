//! Asking the drift engine about every drifted entry, with the budget shared
//! out beforehand, so that the answers never depend on timing.

use std::collections::{BTreeMap, BTreeSet};

use super::Options;
use super::scan::Scan;
use super::unit::{Unit, drifted};
use crate::check::Explained;
use crate::drift::{self, Allowance, Diagnosis, Question};
use crate::hints::{self, FileHints, Hints};
use crate::observe::State;
use crate::observe::queue::{self, Alone};
use crate::path::BytePath;

/// Files larger than this are not read into memory to be explained.
pub(super) const LARGEST: u64 = 256 << 20;

/// Bytes that the search may hash over the run.
pub(super) fn budget(scan: &Scan, options: &Options) -> u64 {
    let asked = options.search_budget.or(scan.config.search_budget).unwrap_or(super::SEARCH_BUDGET);
    if options.deep && options.search_budget.is_none() { asked.saturating_mul(10) } else { asked }
}

/// The part of the budget that one of so many files may use. By default a run
/// uses two fifths of it and a file an eighth at most: an edit that nothing
/// explains is found to be one in seconds, and `--deep` or a budget of one's
/// own lifts that.
pub(super) fn share(scan: &Scan, options: &Options, files: usize) -> u64 {
    let budget = budget(scan, options);
    let files = files.max(1) as u64;
    let chosen = options.deep || options.search_budget.is_some();
    budget / if chosen { files } else { (files.saturating_mul(5) / 2).max(8) }
}

/// Diagnoses every drifted entry.
pub(super) fn diagnose(units: &mut [Unit], scans: &[Scan], options: &Options) {
    if !options.explain {
        return;
    }
    let work = drifted(units);
    let Some(share) = scans.iter().map(|scan| share(scan, options, work.len())).min() else { return };
    let shared: &[Unit] = units;
    let with_drift: BTreeSet<usize> = work.iter().map(|(unit, _)| *unit).collect();
    let hints: BTreeMap<usize, Hints> =
        with_drift.into_iter().filter_map(|unit| Some((unit, sealed_hints(shared.get(unit)?)?))).collect();
    let answers = queue::each(work.len(), options.threads, |at, _, alone| {
        // Every search is worth a thread.
        let (unit, entry) = work.get(at).filter(|_| alone == Alone::No || work.len() == 1)?;
        let allowance = Allowance { bytes: share, deep: options.deep };
        one(shared.get(*unit)?, *entry, hints.get(unit), allowance)
    });
    for ((unit, entry), answer) in work.into_iter().zip(answers) {
        if let (Some(unit), Some(answer)) = (units.get_mut(unit), answer) {
            unit.diagnoses.insert(entry, answer);
        }
    }
}

/// Compares drifted entries with their sealed bytes, which were found after the search for causes.
pub(super) fn compare(units: &mut [Unit], found: &[(usize, usize)], options: &Options) {
    let shared: &[Unit] = units;
    let answers = queue::each(found.len(), options.threads, |at, _, alone| {
        let (unit, entry) = found.get(at).filter(|_| alone == Alone::No || found.len() == 1)?;
        one(shared.get(*unit)?, *entry, None, Allowance { bytes: 0, deep: false })
    });
    for ((unit, entry), answer) in found.iter().zip(answers) {
        if let (Some(unit), Some(Explained::Diagnosis(again))) = (units.get_mut(*unit), answer) {
            unit.diagnoses.insert(*entry, Explained::Diagnosis(again));
        }
    }
}

fn one(unit: &Unit, index: usize, hints: Option<&Hints>, allowance: Allowance) -> Option<Explained> {
    let State::Drifted(found) = unit.states.get(index)? else { return None };
    let entry = unit.manifest.as_ref()?.entries.get(index)?;
    if found.size > LARGEST {
        let limit = LARGEST >> 20;
        return Some(Explained::NotSearched(format!(
            "it is larger than {limit} MiB, and no cause was looked for"
        )));
    }
    let folder = unit.folder.as_ref().ok()?;
    let again = match folder.read(&entry.path, unit.policy.links, LARGEST) {
        Ok(bytes) => bytes,
        Err(refusal) => {
            return Some(Explained::NotSearched(format!("it could not be read again: {refusal}")));
        }
    };
    // Never a proof from bytes other than those that were compared.
    if entry.digest.same_of(&again) != found.digest {
        return Some(Explained::NotSearched("it changed while it was looked into".into()));
    }
    let question = Question {
        sealed: &entry.digest,
        sealed_size: entry.size,
        found: &again,
        name: entry.path.file_name(),
    };
    if let Some(original) = unit.original(index, entry) {
        return Some(Explained::Diagnosis(Box::new(drift::compare(&question, &original, &allowance))));
    }
    let hints = hints.and_then(|hints| hints.about(&entry.path, &entry.digest));
    Some(Explained::Diagnosis(Box::new(explain(question, hints, allowance))))
}

/// Asks the drift engine, with the hinted length where the manifest gives none.
fn explain(question: Question<'_>, hints: Option<&FileHints>, allowance: Allowance) -> Diagnosis {
    let Some(hints) = hints else { return drift::explain(&question, &allowance) };
    let hinted = Question { sealed_size: question.sealed_size.or(Some(hints.size)), ..question };
    let mut diagnosis = drift::explain(&hinted, &allowance);
    if diagnosis.recipe.is_none() && hinted.sealed_size != question.sealed_size {
        // A wrong hint must not hide a cause. What is left of the allowance goes on without it.
        let bytes = allowance.bytes.saturating_sub(diagnosis.search.bytes);
        let spent = diagnosis.search;
        diagnosis = drift::explain(&question, &Allowance { bytes, ..allowance });
        diagnosis.search.hypotheses = diagnosis.search.hypotheses.saturating_add(spent.hypotheses);
        diagnosis.search.bytes = diagnosis.search.bytes.saturating_add(spent.bytes);
    }
    if diagnosis.recipe.is_none() {
        diagnosis.observations.extend(hints::differences(hints, question.found));
    }
    diagnosis
}

/// The hints of a seal, when they are sealed by it and intact.
fn sealed_hints(unit: &Unit) -> Option<Hints> {
    let name = BytePath::root().child(hints::NAME);
    // A run about one file has left the other entries out.
    let manifests = unit.manifest.as_deref().into_iter().chain(unit.seal.manifest.as_ref().ok());
    let entry = manifests.flat_map(|manifest| &manifest.entries).find(|entry| entry.path == name)?;
    let bytes = unit.folder.as_ref().ok()?.read(&name, unit.policy.links, hints::MAX_BYTES as u64).ok()?;
    if entry.digest.same_of(&bytes) != entry.digest {
        return None;
    }
    Hints::parse(&bytes).ok()
}
