//! Asking the drift engine about every drifted entry, with the budget shared
//! out beforehand, so that the answers never depend on timing.

mod rounds;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::atomic::Ordering;

use super::Options;
use super::scan::Scan;
use super::unit::{Unit, drifted};
use crate::check::Explained;
use crate::digest::hash_reader;
use crate::drift::{self, Allowance, Answer, Grade, Knowledge, Question};
use crate::hints::{self, FileHints, Hints};
use crate::manifest::Entry;
use crate::observe::queue::{self, Alone};
use crate::observe::{Found, Progress, State};
use crate::path::BytePath;
use crate::source::Links;

/// Files larger than this are not read into memory to be explained.
pub(super) const LARGEST: u64 = 256 << 20;

/// Bytes that the search may hash over the run.
pub(super) fn budget(scan: &Scan, options: &Options) -> u64 {
    let asked = options.search_budget.or(scan.config.search_budget).unwrap_or(super::SEARCH_BUDGET);
    if options.deep && options.search_budget.is_none() { asked.saturating_mul(10) } else { asked }
}

/// The part of the budget that one of so many files may use. By default a file
/// uses a quarter at most: an edit that nothing explains is found to be one in
/// a second or two, and `--deep` or a budget of one's own lifts that.
pub(super) fn share(scan: &Scan, options: &Options, files: usize) -> u64 {
    let budget = budget(scan, options);
    let files = files.max(1) as u64;
    let chosen = options.deep || options.search_budget.is_some();
    budget / if chosen { files } else { files.max(4) }
}

/// Diagnoses every drifted entry.
pub(super) fn diagnose(units: &mut [Unit], scans: &[Scan], options: &Options, progress: &Progress) {
    if !options.explain {
        return;
    }
    let work = drifted(units);
    progress.drifted.store(work.len() as u64, Ordering::Relaxed);
    let least = |files| scans.iter().map(|scan| share(scan, options, files)).min();
    let (Some(each), Some(most)) = (least(work.len()), least(1)) else { return };
    let shared: &[Unit] = units;
    let with_drift: BTreeSet<usize> = work.iter().map(|(unit, _)| *unit).collect();
    let hints: BTreeMap<usize, Hints> =
        with_drift.into_iter().filter_map(|unit| Some((unit, sealed_hints(shared.get(unit)?)?))).collect();
    let mut files: Vec<File<'_>> =
        work.iter().filter_map(|(unit, entry)| File::new(shared, *unit, *entry, hints.get(unit))).collect();
    // The order in which shapes are learned is that of the paths, not of the lines of a manifest.
    files.sort_by(|a, b| a.place.cmp(&b.place));
    let answers = rounds::run(&files, options, (each, most), progress);
    let answers: Vec<(usize, usize, Explained)> = files
        .iter()
        .zip(answers)
        .filter_map(|(file, answer)| Some((file.unit, file.entry, answer?)))
        .collect();
    for (unit, entry, answer) in answers {
        if let Some(unit) = units.get_mut(unit) {
            unit.diagnoses.insert(entry, answer);
        }
    }
}

/// Compares drifted entries with their sealed bytes, which were found after the search for causes.
pub(super) fn compare(units: &mut [Unit], found: &[(usize, usize)], options: &Options) {
    let shared: &[Unit] = units;
    let answers = queue::each(found.len(), options.threads, |at, _, alone| {
        let (unit, entry) = found.get(at).filter(|_| alone == Alone::No || found.len() == 1)?;
        let file = File::new(shared, *unit, *entry, None)?;
        let bytes = file.read().ok()?;
        let allowance = Allowance { bytes: 0, deep: false };
        Some(file.ask(&bytes, allowance, &Knowledge::default()).diagnosis)
    });
    for ((unit, entry), answer) in found.iter().zip(answers) {
        if let (Some(unit), Some(diagnosis)) = (units.get_mut(*unit), answer) {
            unit.diagnoses.insert(*entry, Explained::Diagnosis(Box::new(diagnosis)));
        }
    }
}

/// A drifted file and what is known of it.
struct File<'f> {
    unit: usize,
    entry: usize,
    place: (&'f Path, BytePath, &'f BytePath),
    of: &'f Unit<'f>,
    sealed: &'f Entry,
    found: &'f Found,
    hints: Option<&'f FileHints>,
}

impl<'f> File<'f> {
    fn new(units: &'f [Unit<'f>], unit: usize, entry: usize, hints: Option<&'f Hints>) -> Option<Self> {
        let of = units.get(unit)?;
        let State::Drifted(found) = of.states.get(entry)? else { return None };
        let sealed = of.manifest.as_ref()?.entries.get(entry)?;
        let path = of.seal.root.join(&sealed.path);
        let place = (of.scan.tree.base(), path, &of.seal.manifest_path);
        let hints = hints.and_then(|hints| hints.about(&sealed.path, &sealed.digest));
        Some(Self { unit, entry, place, of, sealed, found, hints })
    }

    /// Its bytes, when they are those that were compared; or why they are not.
    fn read(&self) -> Result<Vec<u8>, String> {
        if self.found.size > LARGEST {
            let limit = LARGEST >> 20;
            return Err(format!("it is larger than {limit} MiB, and no cause was looked for"));
        }
        let folder =
            self.of.folder.as_ref().map_err(|refusal| format!("it could not be read again: {refusal}"))?;
        let again = folder
            .read(&self.sealed.path, self.of.policy.links, LARGEST)
            .map_err(|refusal| format!("it could not be read again: {refusal}"))?;
        // Never a proof from bytes other than those that were compared.
        if self.sealed.digest.same_of(&again) != self.found.digest {
            return Err("it changed while it was looked into".into());
        }
        Ok(again)
    }

    /// Asks the drift engine, with the hinted length where the manifest gives none.
    fn ask(&self, found: &[u8], allowance: Allowance, knowledge: &Knowledge<'_>) -> Answer {
        if self.holds_link_to_sealed(found) {
            return Answer { diagnosis: drift::text_found(found), shape: None, left: allowance.bytes };
        }
        let question = Question {
            sealed: &self.sealed.digest,
            sealed_size: self.sealed.size,
            found,
            name: self.sealed.path.file_name(),
        };
        if let Some(original) = self.of.original(self.entry, self.sealed) {
            let diagnosis = drift::compare(&question, &original, &allowance);
            return Answer { diagnosis, shape: None, left: allowance.bytes };
        }
        let Some(hints) = self.hints else { return drift::explain_knowing(&question, &allowance, knowledge) };
        let hinted = Question { sealed_size: question.sealed_size.or(Some(hints.size)), ..question };
        let mut answer = drift::explain_knowing(&hinted, &allowance, knowledge);
        if answer.diagnosis.recipe.is_none() && hinted.sealed_size != question.sealed_size {
            // A wrong hint must not hide a cause. What is left of the allowance goes on without it.
            let allowance = Allowance { bytes: answer.left, ..allowance };
            let spent = answer.diagnosis.search;
            answer = drift::explain_knowing(&question, &allowance, knowledge);
            let before = knowledge.before.unwrap_or_default();
            let search = &mut answer.diagnosis.search;
            search.hypotheses += spent.hypotheses.saturating_sub(before.hypotheses);
            search.bytes += spent.bytes.saturating_sub(before.bytes);
        }
        let diagnosis = &mut answer.diagnosis;
        if !diagnosis.is_proven() {
            if let Some(cause) = hints::damage(hints, found) {
                diagnosis.causes = vec![cause];
                diagnosis.grade = Grade::Observed;
                diagnosis.observations.clear();
            } else {
                diagnosis.observations.extend(hints::differences(hints, found));
            }
        }
        answer
    }

    /// Whether it holds the text of a link, and the file that it leads to below
    /// the same root has the sealed bytes.
    fn holds_link_to_sealed(&self, found: &[u8]) -> bool {
        let Some(target) = drift::leads_to(found, &self.sealed.path) else { return false };
        let Ok(folder) = &self.of.folder else { return false };
        let Ok(mut blob) = folder.open(&target, Links::Refuse) else { return false };
        if blob.size() > LARGEST || self.sealed.size.is_some_and(|size| size != blob.size()) {
            return false;
        }
        let hashed = hash_reader(self.sealed.digest.algorithm(), &mut blob, &mut vec![0; 1 << 16]);
        hashed.is_ok_and(|(digest, _)| digest == self.sealed.digest)
    }
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
