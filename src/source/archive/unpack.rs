//! Streams that gzip and Zstandard compressed.

use std::io::{self, BufRead, BufReader, Read};
use std::sync::Arc;

use flate2::bufread::MultiGzDecoder;
use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};

use super::Format;
use super::packed::{Packed, Region};
use super::tar::Forward;

/// What is read of the archive at once, in bytes.
const PIECE: usize = 1 << 16;
/// A frame that needs a longer memory of what came before is refused, in bytes.
const WINDOW: u64 = 128 << 20;

/// Whether a file begins as a compressed stream of this kind.
pub(super) fn begins(format: Format, head: &[u8]) -> bool {
    match format {
        Format::TarGz => head.starts_with(&[0x1f, 0x8b, 8]),
        Format::TarZst => {
            let skippable = matches!(head, [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..]);
            skippable || head.starts_with(&[0x28, 0xb5, 0x2f, 0xfd])
        }
        Format::Zip | Format::Tar => false,
    }
}

/// The first unpacked bytes, enough for a header.
pub(super) fn head(format: Format, packed: &Arc<Packed>) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    whole(format, packed)?.take(1024).read_to_end(&mut head)?;
    Ok(head)
}

/// Everything that is unpacked. What breaks off, fails its checksum or goes on
/// as something else is an error of reading.
pub(super) fn whole(format: Format, packed: &Arc<Packed>) -> io::Result<Box<dyn Read + Send>> {
    let bytes = BufReader::with_capacity(PIECE, packed.whole());
    match format {
        Format::TarGz => Ok(Box::new(MultiGzDecoder::new(bytes))),
        Format::TarZst => Ok(Box::new(Frames::new(bytes))),
        Format::Zip | Format::Tar => Err(io::Error::other("it is not compressed as a whole")),
    }
}

impl<R: Read> Forward for super::bounds::Limited<R> {}

/// Zstandard frames, one after the other; those that hold no data are skipped.
struct Frames {
    source: BufReader<Region>,
    decoder: FrameDecoder,
    inside: bool,
}

impl Frames {
    fn new(source: BufReader<Region>) -> Self {
        let mut decoder = FrameDecoder::new();
        decoder.set_max_window_size(WINDOW);
        Self { source, decoder, inside: false }
    }

    /// Begins the next frame; false at the end.
    fn next(&mut self) -> io::Result<bool> {
        while !self.source.fill_buf()?.is_empty() {
            match self.decoder.reset(&mut self.source) {
                Ok(()) => {
                    self.inside = true;
                    return Ok(true);
                }
                Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame {
                    length,
                    ..
                })) => {
                    let length = u64::from(length);
                    let skipped = io::copy(&mut (&mut self.source).take(length), &mut io::sink())?;
                    if skipped < length {
                        return Err(io::ErrorKind::UnexpectedEof.into());
                    }
                }
                Err(error) => return Err(io::Error::other(error)),
            }
        }
        Ok(false)
    }

    /// Compares the checksum behind a frame, where it has one.
    fn check(&mut self) -> io::Result<()> {
        self.inside = false;
        let said = self.decoder.get_checksum_from_data();
        if said.is_some() && said != self.decoder.get_calculated_checksum() {
            return Err(io::Error::other("the checksum of a Zstandard frame is another"));
        }
        Ok(())
    }
}

impl Read for Frames {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        loop {
            if !self.inside && !self.next()? {
                return Ok(0);
            }
            while self.decoder.can_collect() == 0 && !self.decoder.is_finished() {
                let one = BlockDecodingStrategy::UptoBlocks(1);
                self.decoder.decode_blocks(&mut self.source, one).map_err(io::Error::other)?;
            }
            let read = self.decoder.read(buffer)?;
            if read > 0 {
                return Ok(read);
            }
            self.check()?;
        }
    }
}
