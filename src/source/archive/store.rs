//! Opening what is in an archive.

use std::fs::File;
use std::io::{self, BufReader, Cursor, Read};
use std::sync::{Arc, Mutex, PoisonError};

use flate2::Crc;
use flate2::bufread::DeflateDecoder;

use super::packed::{Packed, Region};
use super::{Format, unpack};
use crate::source::snapshot::Store;
use crate::source::{Blob, Refusal};

/// Where the bytes of an entry are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Handle {
    /// Here: where a link leads.
    Text(Arc<[u8]>),
    /// In the archive, or in what it unpacks to as a whole.
    Extent(Extent),
}

/// A part of the archive, and what comes out of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Extent {
    /// The first byte.
    pub(super) start: u64,
    /// Bytes there.
    pub(super) packed: u64,
    /// Bytes that come out.
    pub(super) size: u64,
    /// They are compressed by DEFLATE.
    pub(super) deflated: bool,
    /// Their CRC-32, where the archive says it.
    pub(super) crc: Option<u32>,
}

/// What extents are parts of.
#[derive(Debug)]
pub(super) struct Data {
    packed: Arc<Packed>,
    /// Of a tar that is compressed as a whole: by what, and its length.
    compressed: Option<(Format, u64)>,
    /// What that was unpacked to, once something of it was asked for.
    spooled: Mutex<Option<Result<Arc<Packed>, Refusal>>>,
}

impl Data {
    pub(super) fn packed(packed: Arc<Packed>) -> Self {
        Self { packed, compressed: None, spooled: Mutex::default() }
    }

    pub(super) fn compressed(packed: Arc<Packed>, format: Format, length: u64) -> Self {
        Self { packed, compressed: Some((format, length)), spooled: Mutex::default() }
    }

    /// The bytes that extents are parts of.
    fn bytes(&self) -> Result<Arc<Packed>, Refusal> {
        let Some((format, length)) = self.compressed else { return Ok(Arc::clone(&self.packed)) };
        let mut spooled = self.spooled.lock().unwrap_or_else(PoisonError::into_inner);
        spooled.get_or_insert_with(|| self.spool(format, length)).clone()
    }

    /// Unpacks everything into a file without a name, which is gone with this process.
    fn spool(&self, format: Format, length: u64) -> Result<Arc<Packed>, Refusal> {
        let unpacked = || -> io::Result<Option<Packed>> {
            let mut file: File = tempfile::tempfile()?;
            let mut bytes = unpack::whole(format, &self.packed)?.take(length.saturating_add(1));
            let written = io::copy(&mut bytes, &mut file)?;
            if written == length { Packed::of(file).map(Some) } else { Ok(None) }
        };
        match unpacked() {
            Ok(Some(file)) if !self.packed.changed() => Ok(Arc::new(file)),
            Err(error) if !self.packed.changed() => {
                Err(Refusal::Io(format!("the archive cannot be unpacked: {error}")))
            }
            _ => Err(Refusal::Io("the archive was written to while it was read".into())),
        }
    }
}

/// What opens the entries of an archive.
#[derive(Debug)]
pub struct Stored(Data);

impl Stored {
    pub(super) fn new(data: Data) -> Self {
        Self(data)
    }
}

impl Store for Stored {
    type Handle = Handle;

    fn open(&self, handle: &Handle) -> Result<Box<dyn Blob>, Refusal> {
        let (bytes, size, crc) = match handle {
            Handle::Text(text) => (Bytes::Text(Cursor::new(Arc::clone(text))), text.len() as u64, None),
            Handle::Extent(extent) => {
                let region = self.0.bytes()?.region(extent.start, extent.packed);
                let bytes = if extent.deflated {
                    Bytes::Deflated(Box::new(DeflateDecoder::new(BufReader::new(region))))
                } else {
                    Bytes::Plain(region)
                };
                (bytes, extent.size, extent.crc.map(|crc| (crc, Crc::new())))
            }
        };
        let archive = Arc::clone(&self.0.packed);
        Ok(Box::new(Entry { bytes, size, left: size, crc, archive, ended: false }))
    }
}

enum Bytes {
    Text(Cursor<Arc<[u8]>>),
    Plain(Region),
    Deflated(Box<DeflateDecoder<BufReader<Region>>>),
}

impl Bytes {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Text(text) => text.read(buffer),
            Self::Plain(region) => region.read(buffer),
            Self::Deflated(stream) => stream.read(buffer),
        }
    }

    /// Whether nothing of the packed bytes is left over.
    fn is_used_up(&mut self) -> io::Result<bool> {
        match self {
            Self::Deflated(stream) => Ok(stream.get_mut().read(&mut [0])? == 0),
            Self::Text(_) | Self::Plain(_) => Ok(true),
        }
    }
}

/// An open entry. Fewer or more bytes than the archive says, or other ones, are
/// an error of reading.
struct Entry {
    bytes: Bytes,
    size: u64,
    left: u64,
    crc: Option<(u32, Crc)>,
    archive: Arc<Packed>,
    ended: bool,
}

impl Entry {
    fn end(&mut self) -> io::Result<()> {
        if std::mem::replace(&mut self.ended, true) {
            return Ok(());
        }
        if self.bytes.read(&mut [0])? != 0 || !self.bytes.is_used_up()? {
            return Err(io::Error::other("the entry is longer than the archive says"));
        }
        match &self.crc {
            Some((said, counted)) if *said != counted.sum() => {
                Err(io::Error::other("the archive's checksum of the entry is another"))
            }
            _ => Ok(()),
        }
    }
}

impl Read for Entry {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let room = usize::try_from(self.left).unwrap_or(usize::MAX).min(buffer.len());
        let Some(part) = buffer.get_mut(..room) else { return Ok(0) };
        if self.left == 0 {
            self.end()?;
            return Ok(0);
        }
        let read = self.bytes.read(part)?;
        if read == 0 && room > 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        if let Some((_, crc)) = &mut self.crc {
            crc.update(part.get(..read).unwrap_or_default());
        }
        self.left = self.left.saturating_sub(read as u64);
        Ok(read)
    }
}

impl Blob for Entry {
    fn size(&self) -> u64 {
        self.size
    }

    fn changed(&self) -> bool {
        self.archive.changed()
    }
}
