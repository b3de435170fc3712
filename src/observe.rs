//! Joining manifests and a source: every entry is opened, read once and hashed.
//!
//! One queue over all seals, shared by the threads; results go back by index,
//! so their order never depends on timing. Memory is one buffer per thread,
//! whatever the size of the files.

pub mod queue;
pub mod twins;
pub mod unsealed;

use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use crate::code::Code;
use crate::digest::{Algorithm, Digest, hash_reader};
use crate::manifest::{Entry, Manifest};
use crate::path::BytePath;
use crate::source::{Blob, Folder, Links, Refusal};
use queue::Alone;

/// What became of one entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// The digest, and the length where sealed, are the sealed ones.
    Intact,
    /// They are not.
    Drifted(Box<Found>),
    /// Nothing is there.
    Missing,
    /// It was not opened, or not to its end.
    Refused(Box<Refusal>),
    /// It was written to while it was read, and does not match.
    Changed,
    /// The entry is the manifest itself or its pin.
    Itself,
    /// An earlier entry has the same path and algorithm; the file was read for that one.
    Repeated,
    /// It is kept elsewhere: the bytes were found under this path of the source.
    Referenced(Box<BytePath>),
}

impl State {
    /// The text of the link that stands in the place of the entry, when that
    /// text is the bytes that were sealed: a checkout without links had it as a file.
    pub fn sealed_link(&self, entry: &Entry) -> Option<&[u8]> {
        let Self::Refused(refusal) = self else { return None };
        let (Refusal::Symlink { target } | Refusal::LeavesRoot { target }) = &**refusal else { return None };
        let text = target.as_deref()?;
        let sealed = entry.digest.same_of(text) == entry.digest
            && entry.size.is_none_or(|size| size == text.len() as u64);
        sealed.then_some(text)
    }
}

/// The bytes found, in short.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// By the sealed digest's algorithm.
    pub digest: Digest,
    /// In bytes.
    pub size: u64,
}

/// One seal to compare.
pub struct Job<'a> {
    /// Its root, opened.
    pub folder: Result<&'a dyn Folder, Refusal>,
    /// What is sealed.
    pub manifest: &'a Manifest,
    /// Whether links may be followed.
    pub links: Links,
    /// The manifest and its pin, relative to the root.
    pub itself: Vec<BytePath>,
}

/// How far the comparison has come; read by whoever shows it.
#[derive(Debug, Default)]
pub struct Progress {
    /// Entries compared.
    pub entries: AtomicU64,
    /// Bytes hashed.
    pub bytes: AtomicU64,
    /// Entries in all; set once, at the start.
    pub total: AtomicU64,
    /// Drifted files whose cause was looked for.
    pub explained: AtomicU64,
    /// Drifted files in all; set once, after the comparison.
    pub drifted: AtomicU64,
    /// What is counted are inputs of a self-test and no files.
    pub of_probes: AtomicBool,
}

/// A file from here on is worth a thread of its own, in bytes.
const LARGE: u64 = 1 << 20;

/// Compares every entry of every job with up to `threads` threads. The result
/// has one list per job, with one state per entry, in the order of the manifest.
pub fn compare(jobs: &[Job], threads: usize, progress: &Progress) -> Vec<Vec<State>> {
    let numbered: Vec<(usize, usize)> = jobs
        .iter()
        .scan(0, |total, job| {
            let start = *total;
            *total += job.manifest.entries.len();
            Some((start, *total))
        })
        .collect();
    let total = numbered.last().map_or(0, |(_, end)| *end);
    progress.total.store(total as u64, Ordering::Relaxed);
    let repeated: Vec<HashSet<usize>> = jobs.iter().map(|job| repeated(job.manifest)).collect();
    let states = queue::each(total, threads, |index, buffer, alone| {
        let at = numbered.partition_point(|(_, end)| *end <= index);
        let (start, _) = numbered.get(at)?;
        let job = jobs.get(at)?;
        if repeated.get(at)?.contains(&(index - start)) {
            return Some(State::Repeated);
        }
        entry(job, job.manifest.entries.get(index - start)?, buffer, alone, progress)
    });
    let lost = || State::Refused(Box::new(Refusal::Io("the comparison of this entry was lost".into())));
    let mut states = states.into_iter().map(|state| state.unwrap_or_else(lost));
    jobs.iter().map(|job| states.by_ref().take(job.manifest.entries.len()).collect()).collect()
}

/// The entries whose path an earlier one has, by the same algorithm. They fail
/// by that alone, and a file is not read as often as it is listed.
fn repeated(manifest: &Manifest) -> HashSet<usize> {
    if !manifest.problems.iter().any(|problem| problem.code == Code::DuplicatePath) {
        return HashSet::new();
    }
    let mut seen = HashSet::new();
    let entries = manifest.entries.iter().enumerate();
    entries.filter(|(_, e)| !seen.insert((&e.path, e.digest.algorithm()))).map(|(index, _)| index).collect()
}

/// Hashes files with up to `threads` threads; digest and length in the order of `paths`.
pub fn digests(
    folder: &dyn Folder,
    paths: &[BytePath],
    threads: usize,
    progress: &Progress,
) -> Vec<Result<(Digest, u64), Refusal>> {
    progress.total.store(paths.len() as u64, Ordering::Relaxed);
    let hashed = queue::each(paths.len(), threads, |index, buffer, alone| {
        let opened = folder.open(paths.get(index)?, Links::Refuse);
        if alone == Alone::Yes && opened.as_ref().is_ok_and(|blob| blob.size() > LARGE) {
            return None;
        }
        let result = opened.and_then(|blob| {
            let mut counted = Counted { blob, bytes: &progress.bytes };
            let hashed = hash_reader(Algorithm::Sha256, &mut counted, buffer);
            let hashed = hashed.map_err(|error| Refusal::Io(error.to_string()))?;
            if counted.blob.changed() { Err(Refusal::Io(CHANGED.into())) } else { Ok(hashed) }
        });
        progress.entries.fetch_add(1, Ordering::Relaxed);
        Some(result)
    });
    let lost = || Err(Refusal::Io("the digest of this file was lost".into()));
    hashed.into_iter().map(|result| result.unwrap_or_else(lost)).collect()
}

const CHANGED: &str = "it was written to while it was read";

fn entry(job: &Job, entry: &Entry, buffer: &mut [u8], alone: Alone, progress: &Progress) -> Option<State> {
    if job.itself.contains(&entry.path) {
        return Some(State::Itself);
    }
    let opened = match &job.folder {
        Ok(folder) => folder.open(&entry.path, job.links),
        Err(refusal) => Err(refusal.clone()),
    };
    let state = match opened {
        Ok(blob) if alone == Alone::Yes && blob.size() > LARGE => return None,
        Ok(blob) => hash(blob, entry, buffer, progress),
        Err(Refusal::Missing) => State::Missing,
        Err(refusal) => State::Refused(Box::new(refusal)),
    };
    progress.entries.fetch_add(1, Ordering::Relaxed);
    Some(state)
}

fn hash(blob: Box<dyn Blob>, entry: &Entry, buffer: &mut [u8], progress: &Progress) -> State {
    let mut counted = Counted { blob, bytes: &progress.bytes };
    match hash_reader(entry.digest.algorithm(), &mut counted, buffer) {
        Ok((digest, size)) => {
            if digest == entry.digest && entry.size.is_none_or(|sealed| sealed == size) {
                State::Intact
            } else if counted.blob.changed() {
                State::Changed
            } else {
                State::Drifted(Box::new(Found { digest, size }))
            }
        }
        Err(error) => State::Refused(Box::new(Refusal::Io(error.to_string()))),
    }
}

/// Counts what is read, for whoever shows the progress.
struct Counted<'a> {
    blob: Box<dyn Blob>,
    bytes: &'a AtomicU64,
}

impl std::io::Read for Counted<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.blob.read(buffer)?;
        self.bytes.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}
