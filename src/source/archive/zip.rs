//! The directory of a zip, read strictly.
//!
//! The central directory says what is there; every local header must say the
//! same. Entries must follow one another without gap and overlap from the first
//! byte to the directory, and the directory must end where the end record
//! begins, which ends the file: a program that reads the archive from its front
//! then finds exactly what one that reads it from its end does.
//!
//! Source: PKWARE APPNOTE.TXT 6.3.10.

mod fields;

use std::sync::Arc;

use super::bounds::Bounds;
use super::packed::Packed;
use super::store::{Extent, Handle};
use super::{ArchiveError, Entries, entry_path};
use crate::source::snapshot::Item;

use fields::{End, Fields, zip64};

/// The directory at most, in bytes.
const DIRECTORY: u64 = 256 << 20;

const CENTRAL: [u8; 4] = *b"PK\x01\x02";
const LOCAL: [u8; 4] = *b"PK\x03\x04";
const DESCRIPTOR: [u8; 4] = *b"PK\x07\x08";
/// Length of a local header without its name and extra fields.
const LOCAL_LENGTH: u64 = 30;

/// Flags: encrypted, lengths behind the data, patch data, strong encryption, masked headers.
const ENCRYPTED: u16 = 1 | 1 << 6 | 1 << 13;
const BEHIND: u16 = 1 << 3;
const PATCH: u16 = 1 << 5;
/// The name is UTF-8.
const UTF8: u16 = 1 << 11;

const STORED: u16 = 0;
const DEFLATED: u16 = 8;
/// Extra field with a name in another encoding.
const UNICODE_PATH: u16 = 0x7075;

/// What the directory says of one entry.
#[derive(Debug)]
struct Central {
    name: Vec<u8>,
    flags: u16,
    method: u16,
    crc: u32,
    packed: u64,
    size: u64,
    /// Type bits of a Unix mode; zero where they are not said.
    kind: u16,
    offset: u64,
}

/// Lists a zip.
pub(super) fn list(archive: &Arc<Packed>, bounds: &mut Bounds) -> Result<Entries, ArchiveError> {
    let end = End::find(archive)?;
    if end.length > DIRECTORY {
        return Err(ArchiveError::TooLarge(format!("its directory is longer than {DIRECTORY} bytes")));
    }
    let directory = archive.bytes(end.offset, usize::try_from(end.length).unwrap_or(usize::MAX))?;
    let mut fields = Fields(&directory);
    let mut all = Vec::new();
    while !fields.0.is_empty() {
        let central = central(&mut fields).ok_or_else(|| broken("its directory is broken"))??;
        bounds.entry(central.name.len())?;
        bounds.unpacks_to(central.size)?;
        all.push(central);
    }
    if all.len() as u64 != end.entries {
        return Err(broken("its directory has another number of entries than the end record says"));
    }
    all.sort_by_key(|central| central.offset);
    let mut at = 0;
    let mut entries = Vec::with_capacity(all.len());
    for central in all {
        if central.offset != at {
            let why =
                if central.offset < at { "overlaps another one" } else { "comes after bytes of no entry" };
            return Err(ArchiveError::refused(&central.name, why));
        }
        let start = local(archive, &central)?;
        let packed_end = start.checked_add(central.packed).filter(|past| *past <= end.offset);
        let past =
            packed_end.ok_or_else(|| ArchiveError::refused(&central.name, "reaches into the directory"))?;
        at = if central.flags & BEHIND == 0 { past } else { descriptor(archive, &central, past)? };
        entries.extend(entry(&central, start)?);
    }
    if at == end.offset {
        Ok(entries)
    } else {
        Err(broken("it has bytes before its directory that belong to no entry"))
    }
}

fn broken(what: &str) -> ArchiveError {
    ArchiveError::Unreadable(what.to_owned())
}

/// One record of the directory. `None` when it breaks off.
fn central(fields: &mut Fields) -> Option<Result<Central, ArchiveError>> {
    if fields.take(4)? != CENTRAL {
        return None;
    }
    fields.take(4)?;
    let (flags, method) = (fields.short()?, fields.short()?);
    fields.take(4)?;
    let (crc, packed, size) = (fields.long()?, fields.long()?, fields.long()?);
    let lengths = [fields.short()?, fields.short()?, fields.short()?];
    let [name, extra, comment] = lengths.map(usize::from);
    let disk = fields.short()?;
    fields.take(2)?;
    let mode = fields.long()? >> 16;
    let offset = fields.long()?;
    let name = fields.take(name)?.to_vec();
    let extra = fields.take(extra)?;
    fields.take(comment)?;
    let wide = zip64(extra, [Some(size), Some(packed), Some(offset)]);
    let Some([size, packed, offset]) = wide else {
        return Some(Err(ArchiveError::refused(&name, "has no sound lengths")));
    };
    if disk != 0 {
        return Some(Err(ArchiveError::refused(&name, "is on another disk")));
    }
    if fields::extras(extra).any(|(kind, value)| kind == UNICODE_PATH && value.get(5..) != Some(&name)) {
        return Some(Err(ArchiveError::refused(&name, "has two names")));
    }
    let kind = u16::try_from(mode & 0o170_000).unwrap_or_default();
    Some(Ok(Central { name, flags, method, crc, packed, size, kind, offset }))
}

/// Compares the local header with the directory. Returns where the data begins.
fn local(archive: &Arc<Packed>, central: &Central) -> Result<u64, ArchiveError> {
    let refused = |why: &str| ArchiveError::refused(&central.name, why);
    let head = archive.bytes(central.offset, usize::try_from(LOCAL_LENGTH).unwrap_or_default())?;
    let mut fields = Fields(&head);
    let read = (|| {
        let signature = fields.take(4)?;
        fields.take(2)?;
        let (flags, method) = (fields.short()?, fields.short()?);
        fields.take(4)?;
        let sizes = (fields.long()?, fields.long()?, fields.long()?);
        Some((signature == LOCAL, flags, method, sizes, fields.short()?, fields.short()?))
    })();
    let Some((true, flags, method, (crc, packed, size), name, extra)) = read else {
        return Err(refused("has no local header where the directory says"));
    };
    let (name, extra) = (usize::from(name), usize::from(extra));
    let tail = archive.bytes(central.offset + LOCAL_LENGTH, name + extra)?;
    let (name, extra) = tail.split_at_checked(name).unwrap_or_default();
    if name != central.name {
        return Err(refused("has another name in its local header"));
    }
    let meant = ENCRYPTED | BEHIND | PATCH | UTF8;
    if flags & meant != central.flags & meant || method != central.method {
        return Err(refused("is stored in another way by its local header"));
    }
    let start = central.offset + LOCAL_LENGTH + tail.len() as u64;
    let Some([local_size, local_packed, _]) = zip64(extra, [Some(size), Some(packed), None]) else {
        return Err(refused("has no sound lengths in its local header"));
    };
    // What stands behind the data may be left empty here.
    let behind = flags & BEHIND != 0;
    let same = |here: u64, there: u64| here == there || (behind && here == 0);
    let sums = same(u64::from(crc), u64::from(central.crc));
    if sums && same(local_size, central.size) && same(local_packed, central.packed) {
        Ok(start)
    } else {
        Err(refused("has other lengths or another checksum in its local header"))
    }
}

/// Compares the record behind the data with the directory. Returns where it ends.
fn descriptor(archive: &Arc<Packed>, central: &Central, at: u64) -> Result<u64, ArchiveError> {
    let wide = |value: u64| value.to_le_bytes().to_vec();
    let narrow = |value: u64| u32::try_from(value).ok().map(|value| value.to_le_bytes().to_vec());
    let crc = central.crc.to_le_bytes();
    let lengths = [
        narrow(central.packed).zip(narrow(central.size)).map(|(packed, size)| [packed, size].concat()),
        Some([wide(central.packed), wide(central.size)].concat()),
    ];
    for lengths in lengths.into_iter().flatten() {
        for signature in [&DESCRIPTOR[..], &[]] {
            let record = [signature, &crc, &lengths].concat();
            let there = archive.bytes(at, record.len());
            let next = at + record.len() as u64;
            // What follows tells a record with short lengths from the start of a long one.
            let follows = archive.bytes(next, 2).is_ok_and(|follows| follows == *b"PK");
            if follows && there.is_ok_and(|there| there == record) {
                return Ok(next);
            }
        }
    }
    Err(ArchiveError::refused(&central.name, "has other lengths or another checksum behind its data"))
}

fn entry(
    central: &Central,
    start: u64,
) -> Result<Option<(crate::path::BytePath, Item<Handle>)>, ArchiveError> {
    let refused = |why: String| ArchiveError::refused(&central.name, why);
    if central.flags & ENCRYPTED != 0 {
        return Err(refused("is encrypted".into()));
    }
    if central.flags & PATCH != 0 {
        return Err(refused("is patch data".into()));
    }
    if !matches!(central.method, STORED | DEFLATED) {
        return Err(refused(format!("is compressed by {}, which is not read here", method(central.method))));
    }
    if central.method == STORED && central.packed != central.size {
        return Err(refused("is stored and has two lengths".into()));
    }
    let Some(path) = entry_path(&central.name)? else { return Ok(None) };
    let slash = central.name.ends_with(b"/");
    let extent = Extent {
        start,
        packed: central.packed,
        size: central.size,
        deflated: central.method == DEFLATED,
        crc: Some(central.crc),
    };
    let item = match central.kind {
        0 | 0o040_000 if slash && central.size == 0 => return Ok(None),
        _ if slash => return Err(refused("is a folder with content".into())),
        0o040_000 => return Err(refused("is a folder by its mode and a file by its name".into())),
        0 | 0o100_000 => Item::File(Handle::Extent(extent)),
        0o120_000 => Item::Symlink(Handle::Extent(extent)),
        0o010_000 => Item::Special("FIFO"),
        0o020_000 | 0o060_000 => Item::Special("device"),
        0o140_000 => Item::Special("socket"),
        _ => Item::Special("special file"),
    };
    Ok(Some((path, item)))
}

/// The name of a compression method.
fn method(number: u16) -> String {
    let name = match number {
        1 => "Shrink",
        2..=5 => "Reduce",
        6 => "Implode",
        9 => "Deflate64",
        12 => "bzip2",
        14 => "LZMA",
        93 | 20 => "Zstandard",
        95 => "xz",
        98 => "PPMd",
        99 => "AES encryption",
        other => return format!("method {other}"),
    };
    name.to_owned()
}
