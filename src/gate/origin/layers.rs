//! HEAD, index and working tree side by side: on which step the bytes changed.

use std::collections::HashMap;

use super::blobs::Candidate;
use super::checkout::Rules;
use super::{Asked, PARTIAL, Repository, asked, line};
use crate::digest::Algorithm;
use crate::drift;
use crate::finding::Origin;
use crate::finding::origin::{AttributeLine, Checkout, Holder, Original, Place};
use crate::gate::unit::Unit;
use crate::git::{Attributes, GitError, Oid, Paths, Settings};
use crate::path::BytePath;

/// Blobs longer than this are not put through a checkout's conversions, in bytes.
const LARGEST: u64 = 64 << 20;

/// Settles what can be told from HEAD, index and working tree alone.
pub(super) fn look(repository: &mut Repository, units: &[Unit]) -> Result<(), GitError> {
    read(repository)?;
    let blobs = |one: &Asked| [one.head.clone(), one.index.as_ref().map(|index| index.blob.clone())];
    let layered: Vec<_> = repository.asked.iter().map(blobs).collect();
    let candidates: Vec<Candidate> = repository
        .asked
        .iter()
        .zip(&layered)
        .flat_map(|(one, layers)| {
            let (algorithm, size) = (one.sealed.algorithm(), one.size);
            layers.iter().flatten().map(move |blob| Candidate { blob, algorithm, size })
        })
        .collect();
    repository.blobs.learn(&repository.git, &candidates)?;
    for one in &mut repository.asked {
        let has = |blob: Option<&Oid>| blob.is_some_and(|blob| repository.blobs.has(blob, &one.sealed));
        let held = (has(one.head.as_ref()), has(one.index.as_ref().map(|index| &index.blob)));
        one.origin = settle(one, held);
        let blobs = [one.head.as_ref(), one.index.as_ref().map(|index| &index.blob)];
        if blobs.into_iter().flatten().any(|blob| repository.blobs.lacks(blob)) {
            one.limits.insert(PARTIAL);
        }
    }
    let pointers = pointers(repository)?;
    converted(repository, units, &pointers)
}

/// What HEAD and the index hold.
fn read(repository: &mut Repository) -> Result<(), GitError> {
    let (paths, numbers) = asked::paths(repository.asked.iter());
    let wanted = Paths::new(&paths);
    let committed: HashMap<usize, Oid> = match &repository.head {
        Some(head) => repository.git.committed(head, &wanted)?.into_iter().collect(),
        None => HashMap::new(),
    };
    let indexed: HashMap<_, _> = repository.git.indexed(&wanted)?.into_iter().collect();
    let layers: Vec<_> = repository
        .asked
        .iter()
        .map(|one| {
            let number = numbers.get(&one.path).copied().unwrap_or(usize::MAX);
            (committed.get(&number).cloned(), indexed.get(&number).cloned())
        })
        .collect();
    for (one, (head, index)) in repository.asked.iter_mut().zip(layers) {
        (one.head, one.index) = (head, index);
    }
    Ok(())
}

/// The step that changed the bytes, when HEAD or the index holds the sealed
/// ones, or the index the file that is missing.
fn settle(one: &Asked, (in_head, in_index): (bool, bool)) -> Option<Origin> {
    let place = match (&one.found, &one.index) {
        (None, Some(index)) if index.skipped => Place::NotCheckedOut,
        (None, Some(_)) => Place::Unstaged,
        (None, None) if one.head.is_some() => Place::Staged,
        (Some(_), _) if in_index => Place::Unstaged,
        (Some(_), _) if in_head => Place::Staged,
        _ => return None,
    };
    let holder = match (in_head, in_index) {
        (true, _) => Some((Holder::Head, one.head.clone()?)),
        (false, true) => Some((Holder::Index, one.index.as_ref()?.blob.clone())),
        (false, false) => None,
    };
    let original = holder.map(|(holder, blob)| Original { blob, holder, path: Some(one.path.clone()) });
    Some(Origin { original, ..Origin::of(place) })
}

/// The entries whose committed blob is a Git LFS pointer, and its text.
fn pointers(repository: &Repository) -> Result<HashMap<usize, Vec<u8>>, GitError> {
    let objects = &repository.objects;
    let mut pointers = HashMap::new();
    for (at, one) in repository.asked.iter().enumerate() {
        let blob = one.index.as_ref().map(|index| &index.blob).or(one.head.as_ref());
        let Some(blob) = blob.filter(|_| one.found.is_some()) else { continue };
        let short = repository.blobs.size(blob).is_some_and(|size| size <= drift::LONGEST_POINTER);
        if short
            && let Some(text) = objects.read(blob, drift::LONGEST_POINTER)?
            && drift::pointed_to(&text).is_some()
        {
            pointers.insert(at, text);
        }
    }
    Ok(pointers)
}

/// Tells a checkout's conversion from an edit: where the index holds the sealed
/// bytes, and where it holds a pointer to them.
fn converted(
    repository: &mut Repository,
    units: &[Unit],
    pointers: &HashMap<usize, Vec<u8>>,
) -> Result<(), GitError> {
    let asked = repository.asked.iter().enumerate();
    let concerned: Vec<usize> = asked
        .filter(|(at, one)| {
            let unstaged = one.origin.as_ref().is_some_and(|origin| origin.place == Place::Unstaged);
            let points = pointers.get(at).and_then(|text| drift::pointed_to(text));
            one.found.is_some() && (unstaged || points.as_ref() == Some(&one.sealed))
        })
        .map(|(at, _)| at)
        .collect();
    if concerned.is_empty() {
        return Ok(());
    }
    let at_once: Vec<&Asked> = concerned.iter().filter_map(|at| repository.asked.get(*at)).collect();
    let paths: Vec<&BytePath> = at_once.iter().map(|one| &one.path).collect();
    let attributes = repository.git.attributes(&paths)?;
    let settings = repository.git.settings()?;
    let objects = &repository.objects;
    let mut answers = Vec::new();
    for ((at, one), attributes) in concerned.iter().zip(at_once).zip(&attributes) {
        let blob = one.index.as_ref().map(|index| &index.blob).or(one.head.as_ref());
        let short = blob.filter(|blob| repository.blobs.size(blob).is_some_and(|size| size <= LARGEST));
        let bytes = match short {
            Some(blob) => objects.read(blob, LARGEST)?,
            None => None,
        };
        let pointer = pointers.get(at).map(Vec::as_slice);
        let Some((blob, bytes)) = blob.zip(bytes) else { continue };
        if let Some((place, unset)) = conversion(one, blob, &bytes, pointer, attributes, &settings) {
            answers.push((*at, place, unset));
        }
    }
    note(repository, units, answers);
    Ok(())
}

/// What a checkout did to a blob, when that explains the bytes found.
fn conversion(
    one: &Asked,
    blob: &Oid,
    bytes: &[u8],
    pointer: Option<&[u8]>,
    attributes: &Attributes,
    settings: &Settings,
) -> Option<(Place, Vec<&'static str>)> {
    let found = one.found.as_ref()?;
    let rules = Rules { attributes, settings };
    let points_to = pointer.and_then(drift::pointed_to);
    if points_to.as_ref() == Some(&one.sealed) {
        let pointer_stands = one.sealed.same_of(bytes) == found.digest;
        return Some((if pointer_stands { Place::NotFetched } else { Place::Unstaged }, Vec::new()));
    }
    for written in rules.written(bytes, blob) {
        if one.sealed.same_of(&written.bytes) == found.digest {
            let checkout = Checkout { by: written.by, repeated: true };
            return Some((Place::Checkout(checkout), written.unset));
        }
    }
    let (name, by) = rules.filter()?;
    // The content of a pointer can be told without running anything.
    let content = one.sealed.algorithm() == Algorithm::Sha256 && points_to.as_ref() == Some(&found.digest);
    let says_nothing = name == b"lfs" && by.len() == 1 && !content;
    let checkout = Checkout { by, repeated: content };
    (!says_nothing).then_some((Place::Checkout(checkout), vec!["filter"]))
}

/// Notes the answers, with one line for a whole packet where several of its files are concerned.
fn note(repository: &mut Repository, units: &[Unit], answers: Vec<(usize, Place, Vec<&'static str>)>) {
    let mut concerned: HashMap<(usize, Vec<&'static str>), usize> = HashMap::new();
    for (at, _, unset) in &answers {
        if let Some(one) = repository.asked.get(*at) {
            *concerned.entry((one.unit, unset.clone())).or_default() += 1;
        }
    }
    let mut lines: HashMap<(usize, Vec<&'static str>), Option<AttributeLine>> = HashMap::new();
    for (at, place, unset) in answers {
        let Some(one) = repository.asked.get_mut(at) else { continue };
        let key = (one.unit, unset.clone());
        let several = concerned.get(&key).is_some_and(|count| *count > 1);
        let line = || {
            let unit = units.get(one.unit).filter(|_| !unset.is_empty())?;
            attribute_line(unit, &one.path, several, &unset)
        };
        let prevented_by = lines.entry(key).or_insert_with(line).clone();
        let original = one.origin.take().and_then(|origin| origin.original);
        one.origin = Some(Origin { place, original, prevented_by });
    }
}

/// The line, in the nearest `.gitattributes` at or above the packet that is not
/// sealed itself; a farther one could be overruled.
fn attribute_line(unit: &Unit, path: &BytePath, several: bool, unset: &[&str]) -> Option<AttributeLine> {
    let path = if several { &unit.seal.root } else { path };
    let mut folder = unit.seal.root.clone();
    loop {
        if folder.is_root() {
            return line::line(&folder, path, several, unset);
        }
        let file = folder.child(b".gitattributes");
        let sealed = file.strip_prefix(&unit.seal.root).is_some_and(|file| unit.lists(&file));
        if !sealed && unit.scan.tree.absolute(&file).is_file() {
            return line::line(&folder, path, several, unset);
        }
        folder = folder.parent();
    }
}
