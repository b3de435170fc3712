//! The entries of a tar: POSIX ustar and pax, GNU, and what came before them.
//!
//! Read strictly from front to end: every header has its checksum, the archive
//! ends with two empty blocks and nothing but zeros behind them. Extended headers
//! are bounded. A hard link is the file that it names, when that is an earlier
//! entry, and refused otherwise.
//!
//! Source: POSIX.1-2017 pax; GNU tar manual, "Basic Tar Format".

mod header;
mod pax;

use std::collections::HashMap;
use std::io::{self, Read};

use super::bounds::Bounds;
use super::store::{Extent, Handle};
use super::{ArchiveError, Entries, entry_path};
use crate::path::BytePath;
use crate::source::snapshot::Item;

use header::{BLOCK, Header};
use pax::Extended;

/// The text of one extended header at most, in bytes.
const EXTENDED: u64 = 1 << 20;

/// A reader that can leave bytes out.
pub(super) trait Forward: Read {
    /// Leaves out so many bytes, all of which must be there.
    fn skip(&mut self, bytes: u64) -> io::Result<()> {
        let skipped = io::copy(&mut self.take(bytes), &mut io::sink())?;
        if skipped == bytes { Ok(()) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
    }
}

/// Whether these bytes begin as a tar does.
pub(super) fn begins(head: &[u8]) -> bool {
    let block = head.get(..BLOCK).and_then(|block| <&[u8; BLOCK]>::try_from(block).ok());
    block.is_some_and(|block| Header::parse(block).is_some())
}

/// Lists a tar to its end.
pub(super) fn list(bytes: &mut impl Forward, bounds: &mut Bounds) -> Result<Entries, ArchiveError> {
    let mut reader = Reader { bytes, at: 0 };
    let mut files: HashMap<BytePath, Handle> = HashMap::new();
    let mut entries = Entries::new();
    let mut extended = Extended::default();
    while let Some(header) = reader.header()? {
        match header.kind {
            b'x' => {
                let text = reader.text(&header)?;
                extended
                    .pax(&text)
                    .ok_or_else(|| refused(&header, "is an extended header that is broken"))?;
                continue;
            }
            b'g' => {
                let text = reader.text(&header)?;
                if !pax::is_harmless(&text) {
                    return Err(refused(&header, "names or measures every following entry"));
                }
                continue;
            }
            b'L' => {
                extended.long_name(&reader.text(&header)?);
                continue;
            }
            b'K' => {
                extended.long_link(&reader.text(&header)?);
                continue;
            }
            // The label of a volume.
            b'V' => {
                reader.skip_data(header.size)?;
                continue;
            }
            _ => {}
        }
        let member = std::mem::take(&mut extended).apply(header);
        bounds.entry(member.name.len())?;
        let Some((path, item)) = entry(&mut reader, &member, &files)? else { continue };
        if let Item::File(handle) = &item {
            files.insert(path.clone(), handle.clone());
        }
        entries.push((path, item));
    }
    if extended.is_empty() { Ok(entries) } else { Err(broken("an extended header stands at its end")) }
}

/// An entry with everything that extended headers say of it.
struct Member {
    name: Vec<u8>,
    link: Vec<u8>,
    size: u64,
    kind: u8,
    /// Only parts of the content are stored.
    sparse: bool,
    /// GNU: further blocks of the header follow.
    continued: bool,
}

fn refused(header: &Header, why: &str) -> ArchiveError {
    ArchiveError::refused(&header.name, why)
}

fn broken(what: &str) -> ArchiveError {
    ArchiveError::Unreadable(what.to_owned())
}

/// One member as an entry, its data left out.
fn entry<R: Forward>(
    reader: &mut Reader<R>,
    member: &Member,
    files: &HashMap<BytePath, Handle>,
) -> Result<Option<(BytePath, Item<Handle>)>, ArchiveError> {
    let refused = |why: &str| ArchiveError::refused(&member.name, why);
    let mut more = member.continued;
    while more {
        more = reader.block()?.get(504).is_some_and(|flag| *flag != 0);
    }
    let start = reader.at;
    // Kinds without data say a length all the same, and none follows.
    let has_data = matches!(member.kind, b'0' | 0 | b'7' | b'S');
    if has_data {
        reader.skip_data(member.size)?;
    }
    let path = entry_path(&member.name)?;
    let slash = member.name.ends_with(b"/");
    let (Some(path), false) = (path, member.kind == b'5') else { return Ok(None) };
    let item = match member.kind {
        b'0' | 0 | b'7' if slash && member.size > 0 => return Err(refused("is a folder with content")),
        b'0' | 0 | b'7' if slash => return Ok(None),
        b'S' => Item::Special("sparse file"),
        b'0' | 0 | b'7' if member.sparse => Item::Special("sparse file"),
        b'0' | 0 | b'7' => Item::File(Handle::Extent(Extent {
            start,
            packed: member.size,
            size: member.size,
            deflated: false,
            crc: None,
        })),
        b'1' => {
            let target = entry_path(&member.link)?.and_then(|target| files.get(&target).cloned());
            Item::File(target.ok_or_else(|| refused("is a hard link to no earlier file of the archive"))?)
        }
        b'2' => Item::Symlink(Handle::Text(member.link.clone().into())),
        b'3' | b'4' => Item::Special("device"),
        b'6' => Item::Special("FIFO"),
        _ => return Err(refused("is of a kind that is not known here")),
    };
    Ok(Some((path, item)))
}

/// Where in the archive reading is.
struct Reader<'a, R> {
    bytes: &'a mut R,
    at: u64,
}

impl<R: Forward> Reader<'_, R> {
    fn block(&mut self) -> Result<[u8; BLOCK], ArchiveError> {
        let mut block = [0; BLOCK];
        self.bytes.read_exact(&mut block)?;
        self.at += BLOCK as u64;
        Ok(block)
    }

    /// The next header; none at the end of the archive, which is read to its last byte.
    fn header(&mut self) -> Result<Option<Header>, ArchiveError> {
        let block = self.block()?;
        if block.iter().any(|byte| *byte != 0) {
            let header = Header::parse(&block);
            return Ok(Some(header.ok_or_else(|| broken("a header in it is broken"))?));
        }
        let mut rest = self.block()?.to_vec();
        loop {
            if rest.iter().any(|byte| *byte != 0) {
                return Err(broken("it goes on behind its end"));
            }
            rest.resize(1 << 16, 0);
            match self.bytes.read(&mut rest) {
                Ok(0) => return Ok(None),
                Ok(read) => rest.truncate(read),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => rest.clear(),
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// The data of an extended header.
    fn text(&mut self, header: &Header) -> Result<Vec<u8>, ArchiveError> {
        if header.size > EXTENDED {
            return Err(refused(header, "is an extended header that is too long"));
        }
        let mut text = vec![0; usize::try_from(header.size).unwrap_or_default()];
        self.bytes.read_exact(&mut text)?;
        self.at += header.size;
        self.pad(header.size)?;
        Ok(text)
    }

    fn skip_data(&mut self, size: u64) -> Result<(), ArchiveError> {
        self.bytes.skip(size)?;
        self.at = self.at.saturating_add(size);
        self.pad(size)
    }

    /// Data is filled up to whole blocks.
    fn pad(&mut self, size: u64) -> Result<(), ArchiveError> {
        let fill = size.next_multiple_of(BLOCK as u64) - size;
        self.bytes.skip(fill)?;
        self.at += fill;
        Ok(())
    }
}
