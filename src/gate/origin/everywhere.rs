//! The sealed bytes among all blobs of a repository, and the last word on what
//! was not found anywhere.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::blobs::Candidate;
use super::past::git_path;
use super::{Asked, LONG, Repository, SPENT};
use crate::check::Explained;
use crate::digest::Algorithm;
use crate::drift::{self, Allowance, Diagnosis, Question};
use crate::finding::Origin;
use crate::finding::origin::{Commit, Holder, Never, Original, Place, Rule, Subject};
use crate::gate::unit::Unit;
use crate::git::{Change, GitError, History, IgnoreRule, Oid, Walk, Wanted};
use crate::path::BytePath;
use crate::text::quote;

/// Of the commits that are walked for some paths, so many are compared in all paths: one part in this.
const WHOLE: usize = 5;
/// Blobs that are looked through at most.
const BLOBS: usize = 2_000_000;
/// Longer first versions are not asked what was sealed instead of them, in bytes.
const LARGEST: u64 = 16 << 20;

/// Settles everything that is still open.
pub(super) fn search(repository: &mut Repository, units: &[Unit]) -> Result<(), GitError> {
    let wanted: Vec<usize> = (0..repository.asked.len())
        .filter(|at| {
            repository.asked.get(*at).is_some_and(|one| one.is_wanted() && proof(units, one).is_none())
        })
        .collect();
    if !wanted.is_empty() {
        let found = among_all(repository, &wanted)?;
        told(repository, found)?;
    }
    if repository.blobs.ended {
        for at in wanted {
            if let Some(one) = repository.asked.get_mut(at) {
                one.limits.insert(SPENT);
            }
        }
    }
    rest(repository, units)
}

/// The diagnosis of a file, when it proves the sealed bytes.
fn proof<'u>(units: &'u [Unit], one: &Asked) -> Option<&'u Diagnosis> {
    let unit = units.get(one.unit)?;
    let diagnosis = match one.subject {
        Subject::Manifest => unit.manifest_drift.as_ref()?,
        // What a pin must say is known from itself.
        Subject::Pin => return None,
        Subject::Entry(index) => match unit.diagnoses.get(&index)? {
            Explained::Diagnosis(diagnosis) => diagnosis,
            Explained::NotSearched(_) => return None,
        },
    };
    diagnosis.recipe.is_some().then_some(diagnosis)
}

/// The blobs that have the sealed bytes of some entries. Those nearest in length
/// to the bytes found are read first, since a part of them must be enough.
fn among_all(repository: &mut Repository, wanted: &[usize]) -> Result<Vec<(usize, Oid)>, GitError> {
    let every = repository.git.every_blob(BLOBS)?;
    if every.len() >= BLOBS {
        repository.limit(SPENT);
    }
    let asked: Vec<&Asked> = wanted.iter().filter_map(|at| repository.asked.get(*at)).collect();
    let mut exact: HashMap<u64, BTreeSet<Algorithm>> = HashMap::new();
    let (mut near, mut any): (Vec<u64>, BTreeSet<Algorithm>) = (Vec::new(), BTreeSet::new());
    for one in &asked {
        if let Some(size) = one.size {
            exact.entry(size).or_default().insert(one.sealed.algorithm());
        } else {
            near.push(one.found.as_ref().map_or(0, |found| found.size));
            any.insert(one.sealed.algorithm());
        }
    }
    near.sort_unstable();
    let distance = |size: u64| {
        let after = near.partition_point(|other| *other < size);
        let sides = [after.checked_sub(1).and_then(|at| near.get(at)), near.get(after)];
        sides.into_iter().flatten().map(|other| other.abs_diff(size)).min()
    };
    let mut ordered: Vec<(u64, &Oid, Algorithm)> = Vec::new();
    for (blob, size) in &every {
        let fits = exact.get(size).into_iter().flatten();
        ordered.extend(fits.map(|algorithm| (0, blob, *algorithm)));
        if let Some(distance) = distance(*size) {
            ordered.extend(any.iter().map(|algorithm| (distance, blob, *algorithm)));
        }
    }
    ordered.sort_unstable();
    let candidates: Vec<Candidate> = ordered
        .iter()
        .map(|(_, blob, algorithm)| Candidate { blob, algorithm: *algorithm, size: None })
        .collect();
    let Repository { blobs, git, .. } = repository;
    blobs.know(every.iter().cloned());
    blobs.learn(git, &candidates)?;
    let by_digest = blobs.by_digest();
    let found = wanted.iter().zip(asked).filter_map(|(at, one)| {
        let blob = by_digest.get(&one.sealed)?;
        Some((*at, (*blob).clone()))
    });
    Ok(found.collect())
}

/// Notes what was found, with the commits that have it.
fn told(repository: &mut Repository, found: Vec<(usize, Oid)>) -> Result<(), GitError> {
    if found.is_empty() {
        return Ok(());
    }
    let blobs: HashSet<&Oid> = found.iter().map(|(_, blob)| blob).collect();
    let wanted = |_: Option<&Oid>, after: Option<&Oid>| after.is_some_and(|blob| blobs.contains(blob));
    let mut at: HashMap<Oid, (Oid, BytePath)> = HashMap::new();
    let head = repository.head.clone();
    let walks = [head.as_ref().map(Walk::From), Some(Walk::OtherThan(head.as_ref()))];
    for walk in walks.iter().flatten() {
        if blobs.iter().all(|blob| at.contains_key(*blob)) {
            break;
        }
        let history = repository.git.history(walk, &Wanted::Where(&wanted), repository.most / WHOLE)?;
        if !history.complete {
            repository.limit(LONG);
        }
        for change in &history.changes {
            if let Some((blob, place)) = place_of(&history, change) {
                at.entry(blob).or_insert(place);
            }
        }
    }
    let known: Vec<(&Oid, &BytePath)> = at.values().map(|(commit, path)| (commit, path)).collect();
    let commits: HashMap<(Oid, BytePath), Commit> = known
        .iter()
        .map(|(commit, path)| ((*commit).clone(), (*path).clone()))
        .zip(repository.tell(&known)?)
        .collect();
    for (index, blob) in found {
        let Some(one) = repository.asked.get_mut(index) else { continue };
        let place = at.get(&blob).cloned();
        let commit = place.as_ref().and_then(|place| commits.get(place)).cloned();
        let holder = place.as_ref().map_or(Holder::Nothing, |(commit, _)| Holder::Commit(commit.clone()));
        let original = Original { blob, holder, path: place.map(|(_, path)| path) };
        let place = one.origin.take().map_or(Place::Elsewhere(commit), |settled| settled.place);
        one.origin = Some(Origin { original: Some(original), ..Origin::of(place) });
    }
    Ok(())
}

fn place_of(history: &History, change: &Change) -> Option<(Oid, (Oid, BytePath))> {
    let commit = history.commits.get(change.commit)?.oid.clone();
    let path = git_path(history.paths.get(change.path)?);
    Some((change.after.clone()?, (commit, path)))
}

/// What is left: never committed, ignored, never true, or not found out.
fn rest(repository: &mut Repository, units: &[Unit]) -> Result<(), GitError> {
    let open: Vec<usize> = (0..repository.asked.len())
        .filter(|at| repository.asked.get(*at).is_some_and(|one| one.origin.is_none()))
        .collect();
    let asked: Vec<&Asked> = open.iter().filter_map(|at| repository.asked.get(*at)).collect();
    let new = |one: &&&Asked| one.first.is_none() && one.head.is_none();
    let paths: Vec<&BytePath> = asked.iter().filter(new).map(|one| &one.path).collect();
    // git refuses to say it of a path behind a link or in a submodule; the rest is true all the same.
    let mut rules = repository.git.ignored_by(&paths).unwrap_or_default().into_iter();
    let firsts: Vec<(&Oid, &BytePath)> =
        asked.iter().filter_map(|one| Some((&one.first.as_ref()?.0, &one.path))).collect();
    let mut firsts = repository.tell(&firsts)?.into_iter();
    let mut answers = Vec::with_capacity(open.len());
    for one in asked {
        let rule = if new(&&one) { rules.next().flatten() } else { None };
        let first = one.first.as_ref().and_then(|_| firsts.next());
        let place = if let Some(rule) = rule {
            Place::Ignored(words(&rule))
        } else if !repository.limits.is_empty() || !one.limits.is_empty() {
            let limits: BTreeSet<&str> = repository.limits.iter().chain(&one.limits).copied().collect();
            Place::NotLookedAt(limits.into_iter().collect::<Vec<_>>().join("; "))
        } else if let Some(first) = first.filter(|_| one.found.is_some()) {
            Place::Never(Never { first, sealed_as: sealed_as(repository, units, one)? })
        } else {
            Place::NotCommitted
        };
        answers.push(place);
    }
    for (at, place) in open.into_iter().zip(answers) {
        if let Some(one) = repository.asked.get_mut(at) {
            one.origin = Some(Origin::of(place));
        }
    }
    Ok(())
}

/// The rule that ignores a file, in words.
fn words(rule: &IgnoreRule) -> Rule {
    // A file of the user's own is on no other machine.
    let own = rule.file.starts_with(b"/") || rule.file.get(1) == Some(&b':');
    let file = if own { "the user's own ignore file".to_owned() } else { quote(&rule.file) };
    Rule { file, line: rule.line, pattern: quote(&rule.pattern) }
}

/// How the committed version differs from the sealed bytes, when one conversion
/// of the whole file explains it: the present one, where its bytes were found, else the first.
fn sealed_as(repository: &Repository, units: &[Unit], one: &Asked) -> Result<Option<String>, GitError> {
    let present = one.head.as_ref().zip(one.found.as_ref()).zip(proof(units, one));
    if let Some(((blob, found), diagnosis)) = present
        && let Some(bytes) = repository.objects.read(blob, LARGEST)?
        && one.sealed.same_of(&bytes) == found.digest
    {
        return Ok(Some(directions(diagnosis)));
    }
    let Some((_, blob)) = &one.first else { return Ok(None) };
    let Some(bytes) = repository.objects.read(blob, LARGEST)? else { return Ok(None) };
    let same = one.found.as_ref().is_some_and(|found| one.sealed.same_of(&bytes) == found.digest);
    let own;
    let diagnosis = match proof(units, one).filter(|_| same) {
        Some(diagnosis) => diagnosis,
        // It was looked into, and nothing explains it.
        None if same => return Ok(None),
        None => {
            let question = Question {
                sealed: &one.sealed,
                sealed_size: one.size,
                found: &bytes,
                name: one.path.file_name(),
            };
            own = drift::explain(&question, &Allowance { bytes: 0, deep: false });
            &own
        }
    };
    Ok(diagnosis.recipe.as_ref().map(|_| directions(diagnosis)))
}

/// What was sealed, and what is committed instead.
fn directions(diagnosis: &Diagnosis) -> String {
    let all = diagnosis.causes.iter().map(|cause| cause.direction.replace(", now ", ", in the commit "));
    all.collect::<Vec<_>>().join("; ")
}
