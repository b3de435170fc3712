//! What the files there say about digests in the manifest that cannot be read:
//! a digit lost, added or mistyped. It helps a person to mend the line; it
//! verifies nothing.

use std::collections::BTreeMap;

use super::unit::Unit;
use crate::code::Code;
use crate::digest::{Algorithm, hash_reader};
use crate::source::Links;

/// Lines looked into per manifest.
const MOST: usize = 8;
/// Larger files are not read for it, in bytes.
const LARGEST: u64 = 64 << 20;
/// The digits of a SHA-256.
const DIGITS: usize = 64;
/// Fewer digits in common say nothing.
const LEAST: usize = 16;

/// For problems of a unit's manifest, by index, what the file there says.
pub(super) fn of(unit: &Unit) -> BTreeMap<usize, String> {
    let Some(manifest) = &unit.manifest else { return BTreeMap::new() };
    let asked = manifest.problems.iter().enumerate().filter(|(_, p)| p.code == Code::MalformedDigest);
    asked
        .take(MOST)
        .filter_map(|(index, problem)| {
            let written = unit.text.get(problem.place.span.start..problem.place.span.end)?;
            let path = problem.path.as_ref()?;
            let mut blob =
                unit.folder.as_ref().ok()?.open(path, Links::Refuse).ok().filter(|b| b.size() <= LARGEST)?;
            let (digest, _) = hash_reader(Algorithm::Sha256, &mut blob, &mut vec![0; 1 << 16]).ok()?;
            Some((index, clue(&written.to_ascii_lowercase(), &digest.to_string())))
        })
        .collect()
}

/// One sentence part on how `written` relates to the digest of the file there.
fn clue(written: &[u8], there: &str) -> String {
    let digits = there.as_bytes();
    let same = written.iter().zip(digits).take_while(|(a, b)| a == b).count();
    let same_end = written.iter().rev().zip(digits.iter().rev()).take_while(|(a, b)| a == b).count();
    let given = format!("the digest of the file there is {there}");
    let missing = DIGITS.saturating_sub(written.len());
    match written.len() {
        0..DIGITS if same >= LEAST && same == written.len() => match missing {
            1 => format!("the digest lost its last digit: {given}"),
            n => format!("the digest lost its last {n} digits: {given}"),
        },
        0..DIGITS if same_end >= LEAST && same_end == written.len() => match missing {
            1 => format!("the digest lost its first digit: {given}"),
            n => format!("the digest lost its first {n} digits: {given}"),
        },
        0..DIGITS if same + same_end >= written.len() && written.len() >= LEAST => match missing {
            1 => format!("the digest lost its digit {}: {given}", same + 1),
            n => format!("the digest lost {n} digits from digit {} on: {given}", same + 1),
        },
        _ if written.len() > DIGITS && same + same_end >= DIGITS => {
            format!(
                "the digest has {} too many, from digit {} on: {given}",
                written.len() - DIGITS,
                same.min(DIGITS) + 1
            )
        }
        DIGITS if written.iter().zip(digits).filter(|(a, b)| a != b).count() <= 2 => {
            format!("all digits but those at {} are right: {given}", same + 1)
        }
        _ => format!("{given}, and that is another one"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_that_lost_a_digit_was_only_called_malformed() {
        let there: String = "0123456789abcdef".repeat(3) + "fedcba9876543210";
        let tell = |written: &str| clue(written.as_bytes(), &there);
        assert!(tell(&there[..63]).starts_with("the digest lost its last digit: "));
        assert!(tell(&there[..60]).starts_with("the digest lost its last 4 digits: "));
        assert!(tell(&there[1..]).starts_with("the digest lost its first digit: "));
        assert!(tell(&[&there[..20], &there[21..]].concat()).starts_with("the digest lost its digit 21: "));
        assert!(tell(&(there.clone() + "0")).starts_with("the digest has 1 too many, from digit 65 on: "));
        assert!(tell(&there.replacen('8', "o", 1)).starts_with("all digits but those at 9 are right: "));
        assert!(tell(&"7".repeat(63)).ends_with("and that is another one"));
        assert!(tell("").ends_with("and that is another one"));
    }
}
