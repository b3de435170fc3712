//! The archive's own file: read at any place by any thread, and watched.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;
use std::time::SystemTime;

use super::tar::Forward;

/// Enough for the first header of any archive, in bytes.
const HEAD: usize = 1024;

/// An open archive.
#[derive(Debug)]
pub(super) struct Packed {
    file: File,
    length: u64,
    modified: Option<SystemTime>,
}

impl Packed {
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        Self::of(File::open(path)?)
    }

    pub(super) fn of(file: File) -> io::Result<Self> {
        let meta = file.metadata()?;
        if !meta.is_file() {
            return Err(io::Error::other("it is not a regular file"));
        }
        Ok(Self { length: meta.len(), modified: meta.modified().ok(), file })
    }

    /// Its length when it was opened, in bytes.
    pub(super) fn length(&self) -> u64 {
        self.length
    }

    /// Whether it was written to since, as far as its metadata tells.
    pub(super) fn changed(&self) -> bool {
        let now = self.file.metadata();
        now.map_or(true, |now| now.len() != self.length || now.modified().ok() != self.modified)
    }

    /// The first bytes.
    pub(super) fn head(self: &Arc<Self>) -> io::Result<Vec<u8>> {
        let mut head = Vec::new();
        self.whole().take(HEAD as u64).read_to_end(&mut head)?;
        Ok(head)
    }

    /// All of it.
    pub(super) fn whole(self: &Arc<Self>) -> Region {
        self.region(0, self.length)
    }

    /// A part of it; reading ends early where the file does.
    pub(super) fn region(self: &Arc<Self>, start: u64, length: u64) -> Region {
        Region { packed: Arc::clone(self), at: start, end: start.saturating_add(length) }
    }

    /// Exactly so many bytes from a place on.
    pub(super) fn bytes(self: &Arc<Self>, start: u64, length: usize) -> io::Result<Vec<u8>> {
        // Asked of the file first, so that no length that it claims reserves memory.
        if start.saturating_add(length as u64) > self.length {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let mut bytes = vec![0; length];
        self.region(start, length as u64).read_exact(&mut bytes)?;
        Ok(bytes)
    }

    #[cfg(unix)]
    fn read_at(&self, buffer: &mut [u8], at: u64) -> io::Result<usize> {
        std::os::unix::fs::FileExt::read_at(&self.file, buffer, at)
    }

    #[cfg(windows)]
    fn read_at(&self, buffer: &mut [u8], at: u64) -> io::Result<usize> {
        std::os::windows::fs::FileExt::seek_read(&self.file, buffer, at)
    }
}

/// A part of the archive, read from its start to its end.
#[derive(Debug)]
pub(super) struct Region {
    packed: Arc<Packed>,
    at: u64,
    end: u64,
}

impl Read for Region {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.end.saturating_sub(self.at)).unwrap_or(usize::MAX);
        let room = left.min(buffer.len());
        let Some(part) = buffer.get_mut(..room).filter(|part| !part.is_empty()) else { return Ok(0) };
        let read = self.packed.read_at(part, self.at)?;
        self.at += read as u64;
        Ok(read)
    }
}

impl Forward for Region {
    fn skip(&mut self, bytes: u64) -> io::Result<()> {
        let at = self.at.saturating_add(bytes);
        if at > self.end.min(self.packed.length) {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.at = at;
        Ok(())
    }
}
