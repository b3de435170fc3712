//! Many blobs at once: their lengths and their digests, in one pass each.

use std::ops::ControlFlow;

use super::{Git, GitError, Oid};
use crate::digest::{Algorithm, Digest, Hasher};

/// A header line is never longer, in bytes.
const HEADER: usize = 256;

/// A blob whose bytes were hashed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hashed {
    /// In bytes.
    pub size: u64,
    /// One for each algorithm that was asked for, in that order.
    pub digests: Vec<Digest>,
}

impl Git {
    /// The lengths of blobs; `None` for one that is not in this clone, or is none.
    pub fn sizes(&self, blobs: &[&Oid]) -> Result<Vec<Option<u64>>, GitError> {
        let input: Vec<u8> = blobs.iter().flat_map(|oid| oid.as_str().bytes().chain([b'\n'])).collect();
        let answer = self.output(&["cat-file", "--batch-check", "--buffer"], &input)?;
        let not_understood = || GitError::NotUnderstood("cat-file".into());
        let mut lines = answer.split(|byte| *byte == b'\n');
        let mut sizes = Vec::with_capacity(blobs.len());
        for oid in blobs {
            let line = lines.next().ok_or_else(not_understood)?;
            let (_, size) = header(line, oid).ok_or_else(not_understood)?;
            sizes.push(size);
        }
        Ok(sizes)
    }

    /// Every blob there is, whether a commit holds it or not, with its length,
    /// in the order of their names; at most so many.
    pub fn every_blob(&self, most: usize) -> Result<Vec<(Oid, u64)>, GitError> {
        let args = ["cat-file", "--batch-all-objects", "--batch-check", "--buffer"];
        let mut blobs = Vec::new();
        let mut line: Vec<u8> = Vec::new();
        let mut understood = true;
        self.stream(&args, &[], &mut |piece| {
            for part in piece.split_inclusive(|byte| *byte == b'\n') {
                line.extend_from_slice(part);
                if line.last() != Some(&b'\n') {
                    continue;
                }
                let mut words = line.trim_ascii_end().split(|byte| *byte == b' ');
                let oid = words.next().and_then(Oid::parse);
                let kind = words.next();
                let size = words.next().and_then(|word| std::str::from_utf8(word).ok()?.parse().ok());
                match (oid, kind, size) {
                    (Some(oid), Some(b"blob"), Some(size)) => blobs.push((oid, size)),
                    (Some(_), Some(_), _) => {}
                    _ => understood = false,
                }
                line.clear();
            }
            let enough = blobs.len() >= most || line.len() > HEADER || !understood;
            if enough { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })?;
        if !understood || line.len() > HEADER {
            return Err(GitError::NotUnderstood("cat-file".into()));
        }
        blobs.truncate(most);
        Ok(blobs)
    }

    /// Hashes blobs one after another, and hands each over by its number for
    /// as long as `take` wants more. One that is not in this clone is `None`.
    pub fn hash(
        &self,
        blobs: &[(&Oid, &[Algorithm])],
        take: &mut dyn FnMut(usize, Option<Hashed>) -> ControlFlow<()>,
    ) -> Result<(), GitError> {
        let input: Vec<u8> = blobs.iter().flat_map(|(oid, _)| oid.as_str().bytes().chain([b'\n'])).collect();
        let mut reader = Reader { blobs, at: 0, line: Vec::new(), open: None, understood: true };
        let mut ended = false;
        self.stream(&["cat-file", "--batch", "--buffer"], &input, &mut |piece| {
            let wants = reader.feed(piece, take);
            ended = wants.is_break();
            wants
        })?;
        if reader.understood && (ended || reader.at == blobs.len()) {
            Ok(())
        } else {
            Err(GitError::NotUnderstood("cat-file".into()))
        }
    }
}

/// The name on a header line, when it is `oid`, and the length when it is a blob.
fn header<'l>(line: &'l [u8], oid: &Oid) -> Option<(&'l [u8], Option<u64>)> {
    let mut words = line.split(|byte| *byte == b' ');
    let name = words.next().filter(|name| *name == oid.as_str().as_bytes())?;
    match words.next()? {
        b"missing" => Some((name, None)),
        b"blob" => {
            let size = std::str::from_utf8(words.next()?).ok()?.parse().ok()?;
            Some((name, Some(size)))
        }
        _ => words.next().map(|_| (name, None)),
    }
}

/// Reads the answer of a batch.
struct Reader<'b> {
    blobs: &'b [(&'b Oid, &'b [Algorithm])],
    at: usize,
    line: Vec<u8>,
    open: Option<Open>,
    understood: bool,
}

/// An object that is being read, and how much of it is left.
struct Open {
    hashers: Vec<Hasher>,
    size: u64,
    left: u64,
}

impl Reader<'_> {
    fn feed(
        &mut self,
        mut piece: &[u8],
        take: &mut dyn FnMut(usize, Option<Hashed>) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        while !piece.is_empty() {
            piece = match self.open.take() {
                Some(open) => self.content(open, piece, take)?,
                None => self.header(piece, take)?,
            };
        }
        ControlFlow::Continue(())
    }

    fn header<'p>(
        &mut self,
        piece: &'p [u8],
        take: &mut dyn FnMut(usize, Option<Hashed>) -> ControlFlow<()>,
    ) -> ControlFlow<(), &'p [u8]> {
        let end = memchr::memchr(b'\n', piece);
        let (part, rest) =
            piece.split_at_checked(end.map_or(piece.len(), |end| end + 1)).unwrap_or((piece, b""));
        self.line.extend_from_slice(part);
        if end.is_none() {
            self.understood &= self.line.len() <= HEADER;
            return if self.understood { ControlFlow::Continue(rest) } else { ControlFlow::Break(()) };
        }
        let asked = self.blobs.get(self.at);
        let read = asked.and_then(|(oid, _)| header(self.line.trim_ascii_end(), oid));
        let missing = self.line.trim_ascii_end().ends_with(b" missing");
        match (asked, read) {
            (Some((_, algorithms)), Some((_, Some(size)))) => {
                let hashers = algorithms.iter().map(|algorithm| Hasher::new(*algorithm)).collect();
                self.open = Some(Open { hashers, size, left: size });
            }
            (Some(_), Some((_, None))) if missing => {
                take(self.at, None)?;
                self.at += 1;
            }
            // Another kind of object is never asked for.
            _ => {
                self.understood = false;
                return ControlFlow::Break(());
            }
        }
        self.line.clear();
        ControlFlow::Continue(rest)
    }

    fn content<'p>(
        &mut self,
        mut open: Open,
        piece: &'p [u8],
        take: &mut dyn FnMut(usize, Option<Hashed>) -> ControlFlow<()>,
    ) -> ControlFlow<(), &'p [u8]> {
        let room = usize::try_from(open.left).unwrap_or(usize::MAX).min(piece.len());
        let (part, rest) = piece.split_at_checked(room).unwrap_or((piece, b""));
        for hasher in &mut open.hashers {
            hasher.update(part);
        }
        open.left -= part.len() as u64;
        if open.left > 0 {
            self.open = Some(open);
            return ControlFlow::Continue(rest);
        }
        // The line end after the object.
        let Some((end, rest)) = rest.split_first() else {
            self.open = Some(open);
            return ControlFlow::Continue(rest);
        };
        if *end != b'\n' {
            self.understood = false;
            return ControlFlow::Break(());
        }
        let digests = open.hashers.into_iter().map(Hasher::finish).collect();
        let number = self.at;
        self.at += 1;
        take(number, Some(Hashed { size: open.size, digests }))?;
        ControlFlow::Continue(rest)
    }
}
