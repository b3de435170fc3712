//! Content-defined chunks: where a file is cut depends on the bytes nearby, so
//! that an edit changes the chunks around it and no others.

use fastcdc::v2020::FastCDC;

use super::{Chunk, Hex};
use crate::digest::Sha256;

/// The aim for the length of a chunk.
const SMALLEST: usize = 1 << 10;
/// The same for the largest files, which get no more chunks for it.
const LARGEST: usize = 64 << 10;
/// About as many chunks a file has before they get longer.
const MANY: u64 = 4096;

/// The chunks of `bytes`, cut as for a sealed file of `sealed_size` bytes.
pub(super) fn of(bytes: &[u8], sealed_size: u64) -> impl Iterator<Item = Chunk> {
    let average = average(sealed_size);
    let mut rest = bytes;
    FastCDC::new(bytes, average / 4, average, average * 4).map_while(move |cut| {
        let (chunk, after) = rest.split_at_checked(cut.length)?;
        rest = after;
        Some(Chunk { len: chunk.len() as u64, sha256: Hex(Sha256::of(chunk)) })
    })
}

/// The aim for the length of a chunk in a file of that many bytes, a power of two.
fn average(size: u64) -> usize {
    let fair = usize::try_from(size / MANY).unwrap_or(LARGEST);
    fair.clamp(SMALLEST, LARGEST).next_power_of_two()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_get_longer_with_the_file_and_not_beyond_a_limit() {
        assert_eq!(average(0), 1 << 10);
        assert_eq!(average(4 << 20), 1 << 10);
        assert_eq!(average((4 << 20) + MANY), 2 << 10);
        assert_eq!(average(u64::MAX), 64 << 10);
    }
}
