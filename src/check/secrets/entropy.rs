//! How random a run of characters is.

/// Shannon entropy of the bytes, in bits for each.
pub(super) fn bits(run: &[u8]) -> f64 {
    let mut counts = [0u32; 256];
    for byte in run {
        if let Some(count) = counts.get_mut(usize::from(*byte)) {
            *count += 1;
        }
    }
    #[expect(clippy::cast_precision_loss, reason = "runs are short")]
    let length = run.len() as f64;
    let share = |count: &u32| f64::from(*count) / length;
    counts.iter().filter(|count| **count > 0).map(share).map(|p| -p * p.log2()).sum()
}

/// Whether a run looks drawn at random: long enough, of several kinds of
/// characters, and none of what packets are full of: digests, UUIDs, numbers, words.
pub(super) fn is_random(run: &[u8], least: usize, most_common: f64) -> bool {
    let digits = run.iter().filter(|byte| byte.is_ascii_digit()).count();
    let upper = run.iter().filter(|byte| byte.is_ascii_uppercase()).count();
    let lower = run.iter().filter(|byte| byte.is_ascii_lowercase()).count();
    let kinds = [digits, upper, lower].iter().filter(|count| **count > 0).count();
    run.len() >= least && kinds >= 2 && digits >= 2 && !is_declared(run) && bits(run) >= most_common
}

/// Digests, UUIDs and dates are hexadecimal or decimal with separators; a run with
/// a known algorithm before it is a digest in base64.
fn is_declared(run: &[u8]) -> bool {
    let hexadecimal = run.iter().all(|byte| byte.is_ascii_hexdigit() || b"-:._".contains(byte));
    let named = ["sha256-", "sha384-", "sha512-", "sha1-", "SHA256:", "SHA512:", "md5-"];
    hexadecimal || named.iter().any(|name| run.starts_with(name.as_bytes()))
}

/// A run in base64 or its like that could be a key: long, of all kinds of
/// characters, and not so long that it is a blob.
pub(super) fn is_suspect(run: &[u8]) -> bool {
    let has = |kind: fn(&u8) -> bool| run.iter().filter(|byte| kind(byte)).count();
    let upper = has(u8::is_ascii_uppercase);
    let lower = has(u8::is_ascii_lowercase);
    let digits = has(u8::is_ascii_digit);
    let words = run.iter().filter(|byte| b"_-/".contains(byte)).count();
    (32..=128).contains(&run.len())
        && upper >= 5
        && lower >= 5
        && digits >= 4
        && words <= run.len() / 16
        && !is_declared(run)
        && bits(run) >= 4.5
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_random_is_long_of_several_kinds_and_with_digits() {
        for (run, random) in [
            ("aB1cD2eF3gH4iJ5k", true),
            ("aB1cD2eF3gH4iJ5", false),
            ("aB1cDdeFfgHhiJjk", false),
            ("1+2/3=4!5@6#7&8?9|0", false),
            ("aB1cD2aB1cD2aB1cD2", false),
            ("a1b2c3d4e5f60718-293a4b5c6d7e8f9", false),
            ("sha256-aB1cD2eF3gH4iJ5k", false),
        ] {
            assert_eq!(is_random(run.as_bytes(), 16, 3.5), random, "{run}");
        }
    }

    #[test]
    fn a_suspect_has_enough_of_every_kind_and_is_no_blob() {
        let key = "ABCDEabcdefghijklmnopqrstuvw0123";
        for (run, suspect) in [
            (key.to_owned(), true),
            (key.repeat(4), true),
            (key.repeat(4) + "A", false),
            (key.replace('w', ""), false),
            (key.replace('E', "x"), false),
            (key.replace('3', "x"), false),
            ("abcdeABCDEFGHIJKLMNOPQRSTUVW0123".to_owned(), true),
            ("abcdXABCDEFGHIJKLMNOPQRSTUVW0123".to_owned(), false),
            (key.replace("vw", "_-"), true),
            (key.replace("uvw", "_-/"), false),
            ("ABCDEabcde0123".repeat(4), false),
        ] {
            assert_eq!(is_suspect(run.as_bytes()), suspect, "{run}");
        }
    }
}
