//! Numbers and records of a zip, in their byte order.

use std::sync::Arc;

use super::broken;
use crate::source::archive::ArchiveError;
use crate::source::archive::packed::Packed;

/// What is left to read.
pub(super) struct Fields<'a>(pub(super) &'a [u8]);

impl<'a> Fields<'a> {
    pub(super) fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    pub(super) fn short(&mut self) -> Option<u16> {
        Some(u16::from_le_bytes(self.take(2)?.try_into().ok()?))
    }

    pub(super) fn long(&mut self) -> Option<u32> {
        Some(u32::from_le_bytes(self.take(4)?.try_into().ok()?))
    }

    pub(super) fn wide(&mut self) -> Option<u64> {
        Some(u64::from_le_bytes(self.take(8)?.try_into().ok()?))
    }
}

/// The extra fields of a header, as far as they are sound.
pub(super) fn extras(extra: &[u8]) -> impl Iterator<Item = (u16, &[u8])> {
    let mut fields = Fields(extra);
    std::iter::from_fn(move || {
        let kind = fields.short()?;
        let length = usize::from(fields.short()?);
        Some((kind, fields.take(length)?))
    })
}

const ZIP64: u16 = 1;

/// Lengths as their 32-bit fields say them, or the extra field where those say
/// that it does. What is not asked for is zero. `None` when that field is not
/// there, too short, or there twice.
pub(super) fn zip64(extra: &[u8], narrow: [Option<u32>; 3]) -> Option<[u64; 3]> {
    let mut found = extras(extra).filter(|(kind, _)| *kind == ZIP64);
    let mut wide = Fields(found.next().map(|(_, value)| value).unwrap_or_default());
    if found.next().is_some() {
        return None;
    }
    let mut out = [0; 3];
    for (out, narrow) in out.iter_mut().zip(narrow) {
        *out = match narrow {
            Some(u32::MAX) => wide.wide()?,
            Some(value) => u64::from(value),
            None => 0,
        };
    }
    Some(out)
}

const END: [u8; 4] = *b"PK\x05\x06";
const END_LENGTH: usize = 22;
const END64: [u8; 4] = *b"PK\x06\x06";
const LOCATOR: [u8; 4] = *b"PK\x06\x07";
const LOCATOR_LENGTH: usize = 20;
/// Of the record that a locator leads to, without what may follow.
const END64_LENGTH: usize = 56;

/// Where the directory is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct End {
    pub(super) entries: u64,
    pub(super) length: u64,
    pub(super) offset: u64,
}

impl End {
    /// Finds the end record: the one whose comment ends where the file does. With
    /// two of them nobody can say which directory is meant.
    pub(super) fn find(archive: &Arc<Packed>) -> Result<Self, ArchiveError> {
        let most = END_LENGTH + usize::from(u16::MAX) + LOCATOR_LENGTH;
        let length = usize::try_from(archive.length()).unwrap_or(usize::MAX).min(most);
        let tail = archive.bytes(archive.length() - length as u64, length)?;
        let ends = |at: &usize| {
            let comment = tail.get(at + END_LENGTH - 2..at + END_LENGTH);
            let comment = comment.and_then(|length| length.try_into().ok()).map(u16::from_le_bytes);
            comment.is_some_and(|comment| at + END_LENGTH + usize::from(comment) == tail.len())
        };
        let mut found = memchr::memmem::find_iter(&tail, &END).filter(ends);
        let at = found.next().ok_or_else(|| broken("it breaks off, or goes on behind its end"))?;
        if found.next().is_some() {
            return Err(broken("it has two ends"));
        }
        let start = archive.length() - (tail.len() - at) as u64;
        let mut fields = Fields(tail.get(at + 4..).unwrap_or_default());
        let narrow = Narrow::read(&mut fields).ok_or_else(|| broken("its end record is broken"))?;
        let locator = at.checked_sub(LOCATOR_LENGTH).and_then(|from| tail.get(from..at));
        let (end, stop) = match locator.filter(|locator| locator.starts_with(&LOCATOR)) {
            Some(locator) => {
                let stop = start - LOCATOR_LENGTH as u64;
                wide(archive, locator, &narrow, stop)?
            }
            None => (narrow.end(), start),
        };
        if end.offset.checked_add(end.length) == Some(stop) {
            Ok(end)
        } else {
            Err(broken("its directory does not end where its end record begins"))
        }
    }
}

/// The end record as archives of up to 4 GB have it.
struct Narrow {
    disks: [u16; 2],
    entries: [u16; 2],
    length: u32,
    offset: u32,
}

impl Narrow {
    fn read(fields: &mut Fields) -> Option<Self> {
        Some(Self {
            disks: [fields.short()?, fields.short()?],
            entries: [fields.short()?, fields.short()?],
            length: fields.long()?,
            offset: fields.long()?,
        })
        .filter(|narrow| narrow.entries[0] == narrow.entries[1])
        .filter(|narrow| narrow.disks.iter().all(|disk| matches!(disk, 0 | &u16::MAX)))
    }

    fn end(&self) -> End {
        End {
            entries: u64::from(self.entries[0]),
            length: u64::from(self.length),
            offset: u64::from(self.offset),
        }
    }
}

/// The end record of large archives, which must agree with the small one, and
/// where it begins.
fn wide(
    archive: &Arc<Packed>,
    locator: &[u8],
    narrow: &Narrow,
    stop: u64,
) -> Result<(End, u64), ArchiveError> {
    let contradicts = || broken("its two end records contradict each other");
    let read = (|| {
        let mut fields = Fields(locator.get(4..)?);
        let (disk, at, disks) = (fields.long()?, fields.wide()?, fields.long()?);
        let record = archive.bytes(at, END64_LENGTH).ok()?;
        let mut fields = Fields(&record);
        let sound = fields.take(4)? == END64 && disk == 0 && disks <= 1;
        let length = fields.wide()?;
        fields.take(4)?;
        let sound = sound && fields.long()? == 0 && fields.long()? == 0;
        let (here, entries) = (fields.wide()?, fields.wide()?);
        let end = End { entries, length: fields.wide()?, offset: fields.wide()? };
        let ends = at.checked_add(12)?.checked_add(length)? == stop;
        (sound && ends && here == entries).then_some((end, at))
    })();
    let (end, at) = read.ok_or_else(contradicts)?;
    let agrees = |narrow: u64, most: u64, wide: u64| narrow == most || narrow == wide;
    let same = agrees(u64::from(narrow.entries[0]), u64::from(u16::MAX), end.entries)
        && agrees(u64::from(narrow.length), u64::from(u32::MAX), end.length)
        && agrees(u64::from(narrow.offset), u64::from(u32::MAX), end.offset);
    if same { Ok((end, at)) } else { Err(contradicts()) }
}
