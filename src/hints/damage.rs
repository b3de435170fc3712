//! Damage told from the sealed chunks: a file that was cut off, zeros in the
//! place of bytes. The digests say which parts are as sealed, not what was lost.

use super::{FileHints, Hex};
use crate::code::Code;
use crate::digest::Sha256;
use crate::drift::{Cause, damage};

/// What happened to the bytes of the file, when its chunks and the bytes found show it.
pub fn damage(hints: &FileHints, found: &[u8]) -> Option<Cause> {
    truncated(hints, found).or_else(|| zeros(hints, found))
}

/// Every chunk that fits into the bytes found is there, and they end too early.
fn truncated(hints: &FileHints, found: &[u8]) -> Option<Cause> {
    let len = found.len() as u64;
    let missing = hints.size.checked_sub(len).filter(|missing| *missing > 0)?;
    let mut rest = found;
    for chunk in &hints.chunks {
        let Some((bytes, after)) = usize::try_from(chunk.len).ok().and_then(|len| rest.split_at_checked(len))
        else {
            break;
        };
        if chunk.sha256 != Hex(Sha256::of(bytes)) {
            return None;
        }
        rest = after;
    }
    let checked = len - rest.len() as u64;
    if checked == 0 {
        return None;
    }
    let open = match rest.len() {
        0 => String::new(),
        n => format!(" (of the last {n} that is likely, and not checked)"),
    };
    Some(Cause {
        code: Code::Truncated,
        direction: damage::CUT.to_owned(),
        scope: format!(
            "its {len} bytes are the first of {}{open}, and {missing} are missing, by the sealed hints",
            hints.size
        ),
        sites: None,
    })
}

/// Of equal length, and every part that is not as sealed holds a run of zeros.
fn zeros(hints: &FileHints, found: &[u8]) -> Option<Cause> {
    if hints.size != found.len() as u64 {
        return None;
    }
    let runs: Vec<(usize, usize)> = damage::zero_runs(found, damage::SHORTEST_RUN).collect();
    let mut at = 0usize;
    let mut bad: Vec<(usize, usize)> = Vec::new();
    for chunk in &hints.chunks {
        let end = at.checked_add(usize::try_from(chunk.len).ok()?)?;
        if chunk.sha256 != Hex(Sha256::of(found.get(at..end)?)) {
            let next = runs.partition_point(|(start, len)| start + len <= at);
            runs.get(next).filter(|(start, _)| *start < end)?;
            bad.push((at, end));
        }
        at = end;
    }
    let (first, last) = (bad.first()?.0, bad.last()?.1);
    let from = runs.partition_point(|(start, len)| start + len <= first);
    let to = runs.partition_point(|(start, _)| *start < last);
    let zeros = damage::places(runs.get(from..to)?);
    Some(Cause {
        code: Code::ZeroFilled,
        direction: damage::ZEROS.to_owned(),
        scope: format!(
            "{zeros}; by the sealed hints all is as sealed before byte {first} and from byte {last} on"
        ),
        sites: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes() -> Vec<u8> {
        (0u32..2_000).flat_map(|n| Sha256::of(&n.to_le_bytes()).0).collect()
    }

    #[test]
    fn a_file_that_was_cut_off_is_told_wherever_it_was_cut() {
        let sealed = bytes();
        let hints = FileHints::of(&sealed);
        for cut in [hints.chunks[0].len, 5_000, 63_999] {
            let found = &sealed[..usize::try_from(cut).unwrap()];
            let cause = damage(&hints, found).unwrap();
            assert_eq!(cause.code, Code::Truncated);
            assert!(cause.scope.contains(&format!("{} are missing", 64_000 - cut)), "{}", cause.scope);
            assert_eq!(cause.scope.contains("not checked"), cut != hints.chunks[0].len, "{}", cause.scope);
        }
        let mut edited = sealed[..32_000].to_vec();
        edited[5] ^= 1;
        assert!(damage(&hints, &edited).is_none(), "an edit is no cut");
        assert!(damage(&hints, b"").is_none() && damage(&hints, &sealed).is_none());
    }

    #[test]
    fn zeros_in_the_place_of_bytes_are_told_and_edits_are_not() {
        let sealed = bytes();
        let hints = FileHints::of(&sealed);
        let mut found = sealed.clone();
        found[8_192..12_288].fill(0);
        let cause = damage(&hints, &found).unwrap();
        assert_eq!(cause.code, Code::ZeroFilled);
        assert!(
            cause.scope.starts_with("4096 bytes from byte 8192 on; by the sealed hints"),
            "{}",
            cause.scope
        );
        found[40_000] ^= 1;
        assert!(damage(&hints, &found).is_none(), "an edit elsewhere is no zero");
    }

    proptest::proptest! {
        #[test]
        fn hostile_chunks_end(lens in proptest::collection::vec(proptest::prelude::any::<u64>(), 0..5), size: u64) {
            let found = vec![0; 3000];
            let mut hints = FileHints::of(&found);
            hints.size = size;
            hints.chunks = lens.iter().map(|len| super::super::Chunk { len: *len, sha256: Hex(Sha256::of(b"")) }).collect();
            let _ = damage(&hints, &found);
            hints.size = 3000;
            let _ = damage(&hints, &found);
        }
    }
}
