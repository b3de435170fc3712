//! Asking the drift engine about every drifted entry, with the budget shared
//! out beforehand, so that the answers never depend on timing.

use super::Options;
use super::scan::Scan;
use super::unit::{Unit, drifted};
use crate::check::Explained;
use crate::drift::{self, Allowance, Question};
use crate::observe::State;
use crate::observe::queue::{self, Alone};

/// Files larger than this are not read into memory to be explained.
const LARGEST: u64 = 256 << 20;

/// Bytes that the search may hash over the run.
fn budget(scan: &Scan, options: &Options) -> u64 {
    let asked = options.search_budget.or(scan.config.search_budget).unwrap_or(super::SEARCH_BUDGET);
    if options.deep && options.search_budget.is_none() { asked.saturating_mul(10) } else { asked }
}

/// The part of the budget that one of so many files may use. By default no
/// file takes more than a sixteenth: an edit that nothing explains is found to
/// be one in seconds, and `--deep` or a budget of one's own lifts that.
pub(super) fn share(scan: &Scan, options: &Options, files: usize) -> u64 {
    let budget = budget(scan, options);
    let chosen = options.deep || options.search_budget.is_some();
    budget / if chosen { files.max(1) as u64 } else { files.max(16) as u64 }
}

/// Diagnoses every drifted entry.
pub(super) fn diagnose(units: &mut [Unit], scans: &[Scan], options: &Options) {
    if !options.explain {
        return;
    }
    let work = drifted(units);
    let Some(share) = scans.iter().map(|scan| share(scan, options, work.len())).min() else { return };
    let shared: &[Unit] = units;
    let answers = queue::each(work.len(), options.threads, |at, _, alone| {
        // Every search is worth a thread.
        let (unit, entry) = work.get(at).filter(|_| alone == Alone::No || work.len() == 1)?;
        one(shared, *unit, *entry, share, options.deep)
    });
    for ((unit, entry), answer) in work.into_iter().zip(answers) {
        if let (Some(unit), Some(answer)) = (units.get_mut(unit), answer) {
            unit.diagnoses.insert(entry, answer);
        }
    }
}

fn one(units: &[Unit], unit: usize, entry: usize, bytes: u64, deep: bool) -> Option<Explained> {
    let unit = units.get(unit)?;
    let State::Drifted(found) = unit.states.get(entry)? else { return None };
    let entry = unit.manifest.as_ref()?.entries.get(entry)?;
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
    Some(Explained::Diagnosis(Box::new(drift::explain(&question, &Allowance { bytes, deep }))))
}
