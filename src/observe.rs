//! Joining manifests and a source: every entry is opened, read once and hashed.
//!
//! One queue over all seals, shared by the threads; results go back by index,
//! so their order never depends on timing. Memory is one buffer per thread,
//! whatever the size of the files.

pub mod twins;
pub mod unsealed;

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use crate::digest::{Digest, hash_reader};
use crate::manifest::{Entry, Manifest};
use crate::path::BytePath;
use crate::source::{Blob, Folder, Links, Refusal};

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
    /// It is kept elsewhere: the bytes were found under this path of the source.
    Referenced(Box<BytePath>),
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
}

/// A file from here on is worth a thread of its own.
const LARGE: u64 = 1 << 20;
/// More entries than this are worth threads.
const MANY: usize = 64;
/// What a thread reads at a time.
const BUFFER: usize = 128 << 10;
/// Entries that a thread takes from the queue at a time.
const CHUNK: usize = 16;

/// Compares every entry of every job with up to `threads` threads. The result
/// has one list per job, with one state per entry, in the order of the manifest.
pub fn compare(jobs: &[Job], threads: usize, progress: &Progress) -> Vec<Vec<State>> {
    let queue = Queue::new(jobs, progress);
    let mut results = Vec::new();
    let helpers = threads.saturating_sub(1).min(queue.total);
    // Few small files are done before a thread would have started.
    if helpers == 0 || queue.total <= MANY {
        queue.work(&mut results, helpers > 0);
    }
    if queue.remaining() {
        std::thread::scope(|scope| {
            let running: Vec<_> = (0..helpers)
                .map(|_| {
                    scope.spawn(|| {
                        let mut results = Vec::new();
                        queue.work(&mut results, false);
                        results
                    })
                })
                .collect();
            queue.work(&mut results, false);
            for thread in running {
                // A thread that panicked loses its results, and the entries stay refused.
                results.extend(thread.join().unwrap_or_default());
            }
        });
    }
    queue.sort(results)
}

struct Queue<'a> {
    jobs: &'a [Job<'a>],
    /// The first index of each job in the numbering of all entries.
    starts: Vec<usize>,
    total: usize,
    next: AtomicUsize,
    progress: &'a Progress,
}

impl<'a> Queue<'a> {
    fn new(jobs: &'a [Job<'a>], progress: &'a Progress) -> Self {
        let mut total = 0;
        let mut starts = Vec::with_capacity(jobs.len());
        for job in jobs {
            starts.push(total);
            total += job.manifest.entries.len();
        }
        progress.total.store(total as u64, Ordering::Relaxed);
        Self { jobs, starts, total, next: AtomicUsize::new(0), progress }
    }

    fn remaining(&self) -> bool {
        self.next.load(Ordering::Relaxed) < self.total
    }

    fn at(&self, index: usize) -> Option<(&Job<'a>, &Entry)> {
        let job = self.starts.partition_point(|start| *start <= index).checked_sub(1)?;
        // An empty job shares its start with the next one; the last of them holds the index.
        let offset = index - self.starts.get(job)?;
        let job = self.jobs.get(job)?;
        Some((job, job.manifest.entries.get(offset)?))
    }

    /// Takes entries until none is left; with `hesitate`, stops before a large
    /// file, so that other threads can be started for the rest.
    fn work(&self, results: &mut Vec<(usize, State)>, hesitate: bool) {
        let mut buffer = vec![0; BUFFER];
        let chunk = if self.total <= MANY { 1 } else { CHUNK };
        loop {
            let first = self.next.fetch_add(chunk, Ordering::Relaxed);
            if first >= self.total {
                return;
            }
            for index in first..(first + chunk).min(self.total) {
                let Some((job, entry)) = self.at(index) else { continue };
                let hesitate = hesitate && index + 1 < self.total;
                match self.entry(job, entry, &mut buffer, hesitate) {
                    Some(state) => results.push((index, state)),
                    None => {
                        self.next.store(index, Ordering::Relaxed);
                        return;
                    }
                }
            }
        }
    }

    fn entry(&self, job: &Job, entry: &Entry, buffer: &mut [u8], hesitate: bool) -> Option<State> {
        if job.itself.contains(&entry.path) {
            return Some(State::Itself);
        }
        let opened = match &job.folder {
            Ok(folder) => folder.open(&entry.path, job.links),
            Err(refusal) => Err(refusal.clone()),
        };
        let state = match opened {
            Ok(blob) if hesitate && blob.size() > LARGE => return None,
            Ok(blob) => self.hash(blob, entry, buffer),
            Err(Refusal::Missing) => State::Missing,
            Err(refusal) => State::Refused(Box::new(refusal)),
        };
        self.progress.entries.fetch_add(1, Ordering::Relaxed);
        Some(state)
    }

    fn hash(&self, blob: Box<dyn Blob>, entry: &Entry, buffer: &mut [u8]) -> State {
        let mut counted = Counted { blob, bytes: &self.progress.bytes };
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

    fn sort(&self, results: Vec<(usize, State)>) -> Vec<Vec<State>> {
        let lost = || State::Refused(Box::new(Refusal::Io("the comparison of this entry was lost".into())));
        let mut states: Vec<Vec<State>> =
            self.jobs.iter().map(|job| vec![lost(); job.manifest.entries.len()]).collect();
        for (index, state) in results {
            let Some(job) = self.starts.partition_point(|start| *start <= index).checked_sub(1) else { continue };
            let Some(start) = self.starts.get(job) else { continue };
            if let Some(slot) = states.get_mut(job).and_then(|job| job.get_mut(index - start)) {
                *slot = state;
            }
        }
        states
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
