//! How something ended, by the words of a field: a result, a flag or a number of failures
//! under any name. Decides nothing.

use super::said::number;
use super::words::{DENIALS, any, only, says_failure, words};
use crate::evidence::Value;
use crate::profile::{Key, Profile};

/// Words of a name that says how something ended.
const ENDS: &str = "status verdict outcome result results conclusion state overall decision";
/// Words of a flag that says that something held, and that it did not.
pub(super) const HELD: &str = "passed pass ok success succeeded approved accepted";
pub(super) const FELL: &str = "failed fail rejected failing";

/// Whether a field says how something ended: `Some(true)` well.
pub(super) fn ended(name: &str, value: Value<'_>, profile: &Profile) -> Option<bool> {
    let name = words(name);
    let denied = any(&name, DENIALS);
    let flag = match value.raw() {
        b"true" => Some(true),
        b"false" => Some(false),
        _ => None,
    };
    match (flag, value.as_text()) {
        (Some(flag), _) if any(&name, HELD) => Some(flag != denied),
        (Some(flag), _) if any(&name, FELL) => Some(flag == denied),
        (None, Some(text)) if any(&name, ENDS) => {
            let failed = profile.words(Key::FailedResults);
            let bad = says_failure(&text) || failed.iter().any(|word| word.eq_ignore_ascii_case(text.trim()));
            let passed = profile.words(Key::PassedResults);
            if bad { Some(false) } else { passed.iter().any(|word| *word == text).then_some(true) }
        }
        _ => None,
    }
}

/// Whether a field says that something did not hold, and not only that nobody knows.
pub(super) fn fell(name: &str, value: Value<'_>, profile: &Profile) -> bool {
    const UNSURE: &str = "unknown unresolved incomplete skipped open";
    ended(name, value, profile) == Some(false)
        && !value.as_text().is_some_and(|text| any(&words(&text), UNSURE))
}

/// How many things a field says to have failed: `failures: 3`, `failed_cases: ["a"]`.
pub(super) fn failures(name: &str, value: Value<'_>) -> Option<u64> {
    const FAILED: &str =
        "failed failures failure failing fail errors error errored mismatch mismatches mismatched";
    const PLAIN: &str = "\
        all case cases check checks count entities entity error errored errors fail failed failing failure failures ids \
        items list mismatch mismatched mismatches n names number of pins row rows runs test tests total";
    let name = words(name);
    if !any(&name, FAILED) || !only(&name, PLAIN) {
        return None;
    }
    number(value)
}
