//! Objects: their kinds, lengths and bytes, streamed.
//!
//! One `git cat-file --batch` answers many questions. Every reader takes one of
//! its own and gives it back when the object was read to its end, so that
//! threads read side by side and memory stays at one piece each.

use std::io::{self, Read};
use std::sync::{Arc, Mutex, PoisonError};

use super::process::Process;
use super::{Git, GitError, Oid};

/// What an object is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ObjectKind {
    /// The bytes of a file.
    Blob,
    /// A folder.
    Tree,
    /// A commit.
    Commit,
    /// An annotated tag.
    Tag,
}

/// What is known of an object before its bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// What it is.
    pub kind: ObjectKind,
    /// Its length, in bytes.
    pub size: u64,
}

/// The object database of one repository.
#[derive(Clone, Debug)]
pub struct Objects {
    git: Arc<Git>,
    headers: Arc<Mutex<Vec<Process>>>,
    contents: Arc<Mutex<Vec<Process>>>,
}

impl Objects {
    pub(super) fn new(git: Git) -> Self {
        Self { git: Arc::new(git), headers: Arc::default(), contents: Arc::default() }
    }

    /// What an object is and how long.
    pub fn header(&self, oid: &Oid) -> Result<Header, GitError> {
        let mut process = self.process(&self.headers, "--batch-check")?;
        let header = ask(&mut process, oid)?;
        give_back(&self.headers, process);
        Ok(header)
    }

    /// Opens a blob to be read.
    pub fn open(&self, oid: &Oid) -> Result<BlobReader, GitError> {
        self.open_kind(oid, ObjectKind::Blob)
    }

    fn open_kind(&self, oid: &Oid, kind: ObjectKind) -> Result<BlobReader, GitError> {
        let mut process = self.process(&self.contents, "--batch")?;
        let header = match ask(&mut process, oid) {
            Err(error @ GitError::MissingObject(_)) => {
                give_back(&self.contents, process);
                return Err(error);
            }
            other => other?,
        };
        if header.kind != kind {
            return Err(GitError::NotUnderstood("cat-file".into()));
        }
        Ok(BlobReader {
            process: Some(process),
            left: header.size,
            size: header.size,
            pool: Arc::clone(&self.contents),
        })
    }

    /// The whole of a blob of at most `limit` bytes; `None` when it is longer.
    pub fn read(&self, oid: &Oid, limit: u64) -> Result<Option<Vec<u8>>, GitError> {
        self.read_kind(oid, ObjectKind::Blob, limit)
    }

    /// The whole text of a commit of at most `limit` bytes; `None` when it is longer.
    pub fn read_commit(&self, oid: &Oid, limit: u64) -> Result<Option<Vec<u8>>, GitError> {
        self.read_kind(oid, ObjectKind::Commit, limit)
    }

    fn read_kind(&self, oid: &Oid, kind: ObjectKind, limit: u64) -> Result<Option<Vec<u8>>, GitError> {
        let mut blob = self.open_kind(oid, kind)?;
        if blob.size > limit {
            return Ok(None);
        }
        let mut bytes = Vec::with_capacity(usize::try_from(blob.size).unwrap_or(0));
        match blob.read_to_end(&mut bytes) {
            Ok(_) => Ok(Some(bytes)),
            Err(_) => Err(GitError::NotUnderstood("cat-file".into())),
        }
    }

    fn process(&self, pool: &Mutex<Vec<Process>>, how: &str) -> Result<Process, GitError> {
        let idle = pool.lock().unwrap_or_else(PoisonError::into_inner).pop();
        idle.map_or_else(|| Process::start(&self.git, &["cat-file", how]), Ok)
    }
}

fn give_back(pool: &Mutex<Vec<Process>>, process: Process) {
    pool.lock().unwrap_or_else(PoisonError::into_inner).push(process);
}

fn ask(process: &mut Process, oid: &Oid) -> Result<Header, GitError> {
    process.ask(&format!("{oid}\n"))?;
    let Some(line) = process.line()? else { return Err(process.failure()) };
    let mut words = line.split(|byte| *byte == b' ');
    if words.next() != Some(oid.as_str().as_bytes()) {
        return Err(process.not_understood());
    }
    let kind = match words.next() {
        Some(b"blob") => ObjectKind::Blob,
        Some(b"tree") => ObjectKind::Tree,
        Some(b"commit") => ObjectKind::Commit,
        Some(b"tag") => ObjectKind::Tag,
        Some(b"missing") => return Err(GitError::MissingObject(oid.clone())),
        _ => return Err(process.not_understood()),
    };
    let size = words.next().and_then(|word| std::str::from_utf8(word).ok()?.parse().ok());
    size.map(|size| Header { kind, size }).ok_or_else(|| process.not_understood())
}

/// A blob that is being read. An error, and an end before its length, is an error.
#[derive(Debug)]
pub struct BlobReader {
    process: Option<Process>,
    left: u64,
    size: u64,
    pool: Arc<Mutex<Vec<Process>>>,
}

impl BlobReader {
    /// Its length, in bytes.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Reads the line end after the object, and gives the process back.
    fn end(&mut self) -> Result<(), GitError> {
        if let Some(mut process) = self.process.take() {
            let mut end = [0];
            if process.take(&mut end)? != 1 || end != *b"\n" {
                return Err(process.not_understood());
            }
            give_back(&self.pool, process);
        }
        Ok(())
    }
}

impl Read for BlobReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let room = usize::try_from(self.left).unwrap_or(usize::MAX).min(buffer.len());
        let (Some(process), Some(part)) = (&mut self.process, buffer.get_mut(..room)) else { return Ok(0) };
        let read = if self.left == 0 { 0 } else { process.take(part).map_err(io::Error::other)? };
        if read == 0 && room > 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.left = self.left.saturating_sub(read as u64);
        if self.left == 0 {
            self.end().map_err(io::Error::other)?;
        }
        Ok(read)
    }
}
