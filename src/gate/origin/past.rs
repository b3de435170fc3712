//! The history of the files concerned: the commit that last had the sealed
//! bytes, and the one that changed them.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::blobs::Candidate;
use super::{LONG, PARTIAL, Repository, SPENT};
use crate::finding::Origin;
use crate::finding::origin::{Holder, Original, Place};
use crate::git::{Change, GitError, History, Oid, Paths, Walk, Wanted};
use crate::path::BytePath;

/// So many names that a file had before are followed.
const RENAMES: usize = 4;

/// What the history says of one entry, before its commits are told.
enum Answer {
    /// A commit changed the sealed bytes, or removed the file that had them.
    Broken { commit: Oid, path: BytePath, removed: bool },
    /// A commit outside of the history of HEAD has them.
    Elsewhere { commit: Oid, path: BytePath },
}

/// Settles what the history of these very paths can tell.
pub(super) fn look(repository: &mut Repository) -> Result<(), GitError> {
    // Paths under the names they had before, by the entries that ask about them.
    let mut names: BTreeMap<usize, BytePath> = repository
        .asked
        .iter()
        .enumerate()
        .filter(|(_, one)| one.is_open())
        .map(|(at, one)| (at, one.path.clone()))
        .collect();
    for round in 0..=RENAMES {
        let Some(head) = repository.head.clone().filter(|_| !names.is_empty()) else { break };
        let history = walk(repository, &names, &Walk::From(&head))?;
        let found = answers(repository, &names, &history, false);
        if round == 0 {
            removals(repository, &names, &history)?;
        }
        settle(repository, &mut names, found)?;
        names = before(repository, &names, &history)?;
    }
    let mut names: BTreeMap<usize, BytePath> = repository
        .asked
        .iter()
        .enumerate()
        .filter(|(_, one)| one.is_open())
        .map(|(at, one)| (at, one.path.clone()))
        .collect();
    if !names.is_empty() {
        let head = repository.head.clone();
        let history = walk(repository, &names, &Walk::OtherThan(head.as_ref()))?;
        let found = answers(repository, &names, &history, true);
        settle(repository, &mut names, found)?;
    }
    Ok(())
}

/// The changes of some paths, with the digests of every blob that they name.
fn walk(
    repository: &mut Repository,
    names: &BTreeMap<usize, BytePath>,
    walk: &Walk<'_>,
) -> Result<History, GitError> {
    let (paths, _) = numbered(names);
    let history = repository.git.history(walk, &Wanted::At(&Paths::new(&paths)), repository.most)?;
    if !history.complete {
        repository.limit(LONG);
    }
    let by_path = by_path(&history, paths.len());
    let (_, numbers) = numbered(names);
    let mut candidates = Vec::new();
    for (at, path) in names {
        let Some(one) = repository.asked.get(*at) else { continue };
        let changes = numbers.get(path).and_then(|number| by_path.get(*number)).into_iter().flatten();
        let (algorithm, size) = (one.sealed.algorithm(), one.size);
        let blobs = changes.flat_map(|change| [&change.after, &change.before]).flatten();
        candidates.extend(blobs.map(|blob| Candidate { blob, algorithm, size }));
    }
    repository.blobs.learn(&repository.git, &candidates)?;
    if repository.blobs.ended {
        repository.limit(SPENT);
    }
    for (at, path) in names {
        let changes = numbers.get(path).and_then(|number| by_path.get(*number)).into_iter().flatten();
        let mut blobs = changes.flat_map(|change| [&change.after, &change.before]).flatten();
        if blobs.any(|blob| repository.blobs.lacks(blob))
            && let Some(one) = repository.asked.get_mut(*at)
        {
            one.limits.insert(PARTIAL);
        }
    }
    Ok(history)
}

fn numbered(names: &BTreeMap<usize, BytePath>) -> (Vec<&BytePath>, HashMap<&BytePath, usize>) {
    let mut paths: Vec<&BytePath> = names.values().collect();
    paths.sort_unstable();
    paths.dedup();
    let numbers = paths.iter().enumerate().map(|(number, path)| (*path, number)).collect();
    (paths, numbers)
}

fn by_path(history: &History, paths: usize) -> Vec<Vec<&Change>> {
    let mut all = vec![Vec::new(); paths];
    for change in &history.changes {
        if let Some(changes) = all.get_mut(change.path) {
            changes.push(change);
        }
    }
    all
}

/// For every entry whose sealed bytes a history has: where they are, and what became of them.
fn answers(
    repository: &Repository,
    names: &BTreeMap<usize, BytePath>,
    history: &History,
    elsewhere: bool,
) -> Vec<(usize, Answer, Original)> {
    let (paths, numbers) = numbered(names);
    let by_path = by_path(history, paths.len());
    let mut found = Vec::new();
    for (at, path) in names {
        let changes = numbers.get(path).and_then(|number| by_path.get(*number));
        let (Some(one), Some(changes)) = (repository.asked.get(*at), changes) else { continue };
        let has =
            |blob: &Option<Oid>| blob.as_ref().is_some_and(|blob| repository.blobs.has(blob, &one.sealed));
        let broken = changes.iter().filter(|change| has(&change.before) && !has(&change.after));
        // A merge repeats what a commit of one side did, unless it made something of its own.
        let own = broken.clone().find(|change| is_own(history, changes, change));
        if let Some(change) = own.or_else(|| broken.clone().next()) {
            found.extend(of_change(history, change, *at, path, elsewhere));
        } else if let Some(change) = changes.iter().find(|change| has(&change.after)).filter(|_| elsewhere) {
            let commit = history.commits.get(change.commit).map(|commit| commit.oid.clone());
            if let Some((commit, blob)) = commit.zip(change.after.clone()) {
                let holder = Holder::Commit(commit.clone());
                let original = Original { blob, holder, path: Some(path.clone()) };
                found.push((*at, Answer::Elsewhere { commit, path: path.clone() }, original));
            }
        }
    }
    found
}

fn of_change(
    history: &History,
    change: &Change,
    at: usize,
    path: &BytePath,
    elsewhere: bool,
) -> Option<(usize, Answer, Original)> {
    let commit = history.commits.get(change.commit)?;
    let last = commit.parents.first().unwrap_or(&commit.oid).clone();
    let holder = Holder::Commit(last.clone());
    let original = Original { blob: change.before.clone()?, holder, path: Some(path.clone()) };
    let answer = if elsewhere {
        Answer::Elsewhere { commit: last, path: path.clone() }
    } else {
        Answer::Broken { commit: commit.oid.clone(), path: path.clone(), removed: change.after.is_none() }
    };
    Some((at, answer, original))
}

/// Whether a commit made the change itself: it has one parent, or differs from all.
fn is_own(history: &History, changes: &[&Change], change: &Change) -> bool {
    let parents = history.commits.get(change.commit).map_or(0, |commit| commit.parents.len());
    parents <= 1 || changes.iter().filter(|other| other.commit == change.commit).count() >= parents
}

/// Notes the first commit of every file, and for a missing one which removed it.
fn removals(
    repository: &mut Repository,
    names: &BTreeMap<usize, BytePath>,
    history: &History,
) -> Result<(), GitError> {
    let (paths, numbers) = numbered(names);
    let by_path = by_path(history, paths.len());
    let mut removed: Vec<(usize, Oid)> = Vec::new();
    for (at, path) in names {
        let changes = numbers.get(path).and_then(|number| by_path.get(*number));
        let (Some(one), Some(changes)) = (repository.asked.get_mut(*at), changes) else { continue };
        let id = |change: &Change| history.commits.get(change.commit).map(|commit| commit.oid.clone());
        if let Some(first) = changes.last() {
            one.first = id(first).zip(first.after.clone());
        }
        let own = changes.iter().find(|change| change.after.is_none() && is_own(history, changes, change));
        let gone = own.or_else(|| changes.first().filter(|change| change.after.is_none()));
        if one.found.is_none()
            && one.origin.is_none()
            && one.head.is_none()
            && let Some(commit) = gone.and_then(|change| id(change))
        {
            removed.push((*at, commit));
        }
    }
    let asked: Vec<(&Oid, &BytePath)> =
        removed.iter().filter_map(|(at, commit)| Some((commit, &repository.asked.get(*at)?.path))).collect();
    let told = repository.tell(&asked)?;
    for ((at, _), commit) in removed.iter().zip(told) {
        if let Some(one) = repository.asked.get_mut(*at) {
            one.origin = Some(Origin::of(Place::Removed(commit)));
        }
    }
    Ok(())
}

/// Writes answers into the entries, and takes them from those that are open.
fn settle(
    repository: &mut Repository,
    names: &mut BTreeMap<usize, BytePath>,
    answers: Vec<(usize, Answer, Original)>,
) -> Result<(), GitError> {
    let commits: Vec<(&Oid, &BytePath)> = answers
        .iter()
        .map(|(_, answer, _)| match answer {
            Answer::Broken { commit, path, .. } | Answer::Elsewhere { commit, path } => (commit, path),
        })
        .collect();
    let told = repository.tell(&commits)?;
    for ((at, answer, original), commit) in answers.into_iter().zip(told) {
        let Some(one) = repository.asked.get_mut(at) else { continue };
        names.remove(&at);
        // A file that is not there went where that was settled; here come only its bytes.
        let place = match (one.origin.take(), answer) {
            (Some(settled), _) => settled.place,
            (None, Answer::Broken { removed: true, .. }) => Place::Removed(commit),
            (None, Answer::Broken { .. }) => Place::Committed(commit),
            (None, Answer::Elsewhere { .. }) => Place::Elsewhere(Some(commit)),
        };
        one.origin = Some(Origin { original: Some(original), ..Origin::of(place) });
    }
    Ok(())
}

/// The names that files had before the commit that gave them their present
/// one: of the files that the same commit removed, the one with the same blob.
fn before(
    repository: &Repository,
    names: &BTreeMap<usize, BytePath>,
    history: &History,
) -> Result<BTreeMap<usize, BytePath>, GitError> {
    let (paths, numbers) = numbered(names);
    let by_path = by_path(history, paths.len());
    let mut added: BTreeMap<usize, (&Oid, &Oid)> = BTreeMap::new();
    for (at, path) in names {
        let changes = numbers.get(path).and_then(|number| by_path.get(*number));
        let first = changes.and_then(|changes| changes.last()).filter(|change| change.before.is_none());
        let first =
            first.and_then(|change| Some((&history.commits.get(change.commit)?.oid, change.after.as_ref()?)));
        if let Some(first) = first {
            added.insert(*at, first);
        }
    }
    if added.is_empty() {
        return Ok(BTreeMap::new());
    }
    let blobs: HashSet<&Oid> = added.values().map(|(_, blob)| *blob).collect();
    let mut commits: Vec<&Oid> = added.values().map(|(commit, _)| *commit).collect();
    commits.sort_unstable();
    commits.dedup();
    let wanted = |before: Option<&Oid>, after: Option<&Oid>| {
        after.is_none() && before.is_some_and(|blob| blobs.contains(blob))
    };
    let moves = repository.git.history(&Walk::These(&commits), &Wanted::Where(&wanted), repository.most)?;
    let mut was: HashMap<(&Oid, &Oid), &[u8]> = HashMap::new();
    for change in &moves.changes {
        if let (Some(commit), Some(blob), Some(path)) =
            (moves.commits.get(change.commit), &change.before, moves.paths.get(change.path))
        {
            was.entry((&commit.oid, blob)).or_insert(path);
        }
    }
    let named = added.into_iter().filter_map(|(at, key)| Some((at, git_path(was.get(&key)?))));
    Ok(named.collect())
}

/// A path as git spells it.
pub(super) fn git_path(path: &[u8]) -> BytePath {
    path.split(|byte| *byte == b'/').fold(BytePath::root(), |path, part| path.child(part))
}
