//! How much of an archive is read: entries, names, and bytes that come out of it.

use std::io::{self, Read};

use super::ArchiveError;

/// Entries at most.
const ENTRIES: usize = 1_000_000;
/// Bytes of all names together, at most.
const NAMES: usize = 128 << 20;
/// Bytes unpacked at most, unless the user says another number.
const UNPACKED: u64 = 16 << 30;
/// So many times its own length an archive may unpack to, ...
const RATIO: u64 = 200;
/// ... and to this many bytes in any case.
const FLOOR: u64 = 256 << 20;

/// What is left of the limits of one archive.
#[derive(Debug)]
pub(super) struct Bounds {
    entries: usize,
    names: usize,
    unpacked: u64,
    left: u64,
}

/// Marks the error of an archive that is too large.
#[derive(Debug, thiserror::Error)]
#[error("it unpacks to more than {0} bytes")]
struct TooLarge(u64);

/// Whether an error of reading is the limit's.
pub(super) fn is_too_large(error: &io::Error) -> bool {
    error.get_ref().and_then(|inner| inner.downcast_ref::<TooLarge>()).is_some()
}

impl Bounds {
    /// For an archive of so many bytes.
    pub(super) fn new(length: u64, limit: Option<u64>) -> Self {
        let default = length.saturating_mul(RATIO).clamp(FLOOR, UNPACKED);
        let unpacked = limit.unwrap_or(default);
        Self { entries: ENTRIES, names: NAMES, unpacked, left: unpacked }
    }

    /// Counts one entry with a name of so many bytes.
    pub(super) fn entry(&mut self, name: usize) -> Result<(), ArchiveError> {
        let less = self.entries.checked_sub(1).zip(self.names.checked_sub(name));
        let Some((entries, names)) = less else {
            return Err(ArchiveError::TooLarge(format!(
                "it has more than {ENTRIES} entries, or more than {NAMES} bytes of names"
            )));
        };
        (self.entries, self.names) = (entries, names);
        Ok(())
    }

    /// Counts bytes that an entry says it unpacks to.
    pub(super) fn unpacks_to(&mut self, bytes: u64) -> Result<(), ArchiveError> {
        let left = self.left.checked_sub(bytes);
        self.left = left.ok_or_else(|| ArchiveError::TooLarge(TooLarge(self.unpacked).to_string()))?;
        Ok(())
    }

    /// A reader that ends with an error at the limit.
    pub(super) fn limited<R: Read>(&self, inner: R) -> Limited<R> {
        Limited { inner, limit: self.unpacked, count: 0 }
    }
}

/// Counts what it reads, up to a limit.
pub(super) struct Limited<R> {
    inner: R,
    limit: u64,
    count: u64,
}

impl<R> Limited<R> {
    /// Bytes read so far.
    pub(super) fn count(&self) -> u64 {
        self.count
    }
}

impl<R: Read> Read for Limited<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.count = self.count.saturating_add(read as u64);
        if self.count > self.limit { Err(io::Error::other(TooLarge(self.limit))) } else { Ok(read) }
    }
}
