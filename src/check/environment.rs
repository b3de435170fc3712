//! Whether a text names an environment in which nothing may be changed.

use crate::profile::{Key, Profile};
use crate::text::alike::folded;

/// Words before a name that deny it, and words behind it that make another thing of it.
const DENIALS: [&str; 5] = ["no", "non", "not", "never", "without"];
const LIKENESSES: [&str; 3] = ["shaped", "like", "free"];

/// Words for what is made of an environment and is not that one.
const COPIES: [&str; 8] =
    ["clone", "clones", "copy", "replica", "staging", "sandbox", "scratch", "rehearsal"];

/// Whether the text names a forbidden environment by its words, however they are
/// written; `no-production` and `production-shaped` do not.
pub(super) fn is_forbidden(profile: &Profile, text: &str) -> bool {
    let text = folded(text);
    let words = words(&text);
    let forbidden: Vec<String> =
        profile.words(Key::ForbiddenEnvironments).iter().map(|name| folded(name)).collect();
    let is_one_of = |at: Option<usize>, known: &[&str]| {
        at.and_then(|at| words.get(at)).is_some_and(|(_, word)| known.contains(&&**word))
    };
    words.iter().enumerate().any(|(at, (joined, word))| {
        let denied = *joined && is_one_of(at.checked_sub(1), &DENIALS);
        let next = words.get(at + 1).is_some_and(|(joined, _)| *joined);
        let likeness = next && is_one_of(Some(at + 1), &LIKENESSES);
        forbidden.iter().any(|name| name == word) && !denied && !likeness
    })
}

/// The same of what a step works on, where a copy of an environment is not that one.
pub(super) fn is_forbidden_target(profile: &Profile, text: &str) -> bool {
    let own = folded(text);
    let of_a_copy = words(&own).iter().any(|(_, word)| COPIES.contains(word));
    is_forbidden(profile, text) && !of_a_copy
}

/// The words, each with whether only a blank or a hyphen parts it from the one before.
fn words(text: &str) -> Vec<(bool, &str)> {
    let mut words = Vec::new();
    let (mut start, mut joined) = (None, true);
    for (at, c) in text.char_indices() {
        if c.is_alphanumeric() {
            start.get_or_insert(at);
            continue;
        }
        if let Some(begun) = start.take() {
            words.push((joined, text.get(begun..at).unwrap_or_default()));
            joined = true;
        }
        joined &= matches!(c, ' ' | '-' | '_');
    }
    if let Some(begun) = start {
        words.push((joined, text.get(begun..).unwrap_or_default()));
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::builtin;

    #[test]
    fn a_denied_name_and_a_likeness_are_not_the_environment() {
        let generic = builtin("generic").unwrap();
        for text in [
            "production",
            "PRD cluster",
            "Live system",
            "pr\u{43e}duction",
            "no: production",
            "staging, then production",
            "production (shaped)",
            "no staging production",
        ] {
            assert!(is_forbidden(generic, text), "{text}");
        }
        for text in [
            "staging",
            "no-production staging",
            "non_production",
            "production-shaped clone",
            "production like",
            "products",
            "",
        ] {
            assert!(!is_forbidden(generic, text), "{text}");
        }
        assert!(is_forbidden_target(generic, "production database"));
        for text in ["clone of production", "isolated clone", "no production"] {
            assert!(!is_forbidden_target(generic, text), "{text}");
        }
    }
}
