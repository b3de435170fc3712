//! Whether a text names an environment in which nothing may be changed.

use super::words::{DENIALS as NONE, is};
use crate::profile::{Key, Profile};
use crate::text::alike::folded;

/// Words before a name that deny it, and words behind it that make another thing of it.
const DENIALS: [&str; 5] = ["no", "non", "not", "never", "without"];
const LIKENESSES: [&str; 3] = ["shaped", "like", "free"];

/// Words for what is made of an environment and is not that one.
const COPIES: &str = "clone clones copy replica staging sandbox scratch rehearsal";

/// What parts a text into places that are named side by side, and words that do.
const BETWEEN: &[char] =
    &[',', ';', '(', ')', '[', ']', '{', '}', '+', '&', '|', '>', '\\', '\n', '\u{2192}'];
const TURNS: &str = "then and or plus also nor";
/// How a part begins that says what the one before is made of.
const ORIGINS: &str = "of from made taken derived based like";

/// Whether the text names a forbidden environment by its words, however they are
/// written; `no-production` and `production-shaped` do not.
pub(super) fn is_forbidden(profile: &Profile, text: &str) -> bool {
    !named(&names(profile), &words(&folded(text))).is_empty()
}

/// The same of what a step works on, where a copy of an environment is not that one.
/// Each of several places counts by itself.
pub(super) fn is_forbidden_target(profile: &Profile, text: &str) -> bool {
    parts(profile, text).iter().any(|part| !part.forbidden.is_empty())
}

/// A place of several that a text names.
pub(super) struct Part {
    /// Its words, folded.
    pub(super) words: Vec<String>,
    /// Which of them name a forbidden environment; none where it is a copy.
    pub(super) forbidden: Vec<usize>,
    /// Whether it is a copy of an environment.
    pub(super) is_copy: bool,
}

/// The places that a text names, each by itself.
pub(super) fn parts(profile: &Profile, text: &str) -> Vec<Part> {
    let names = names(profile);
    let is_one = is_temporary(profile, text);
    let text = folded(text);
    let mut parts: Vec<Part> = Vec::new();
    for piece in text.split(|c: char| BETWEEN.contains(&c) || (c == '/' && !is_one)) {
        let all = words(piece);
        for words in all.split(|(_, word)| is(word, TURNS)).filter(|words| !words.is_empty()) {
            let is_copy = (0..words.len()).any(|at| is_a_copy(words, at));
            let continues = words.first().is_some_and(|(_, word)| is(word, ORIGINS));
            let of_a_copy = is_copy || (continues && parts.last().is_some_and(|before| before.is_copy));
            let mut forbidden = if of_a_copy { Vec::new() } else { named(&names, words) };
            forbidden.retain(|at| !is_kept_away(words, *at));
            let words = words.iter().map(|(_, word)| (*word).to_owned()).collect();
            parts.push(Part { words, forbidden, is_copy: of_a_copy });
        }
    }
    parts
}

/// What is below a folder for temporary files is one place, whatever its folders are called.
fn is_temporary(profile: &Profile, text: &str) -> bool {
    let roots = profile.words(Key::TemporaryRoots);
    let is_below = |root: &String| text.strip_prefix(root.as_str()).is_some_and(|rest| rest.starts_with('/'));
    !text.contains("..") && !text.contains(char::is_whitespace) && roots.iter().any(is_below)
}

/// What the profile calls environments in which nothing may be changed.
fn names(profile: &Profile) -> Vec<String> {
    profile.words(Key::ForbiddenEnvironments).iter().map(|name| folded(name)).collect()
}

/// Where such a name stands and means the environment.
fn named(names: &[String], words: &[(bool, &str)]) -> Vec<usize> {
    let is_one_of = |at: Option<usize>, known: &[&str]| {
        at.and_then(|at| words.get(at)).is_some_and(|(_, word)| known.contains(word))
    };
    let means_it = |(at, (joined, word)): (usize, &(bool, &str))| {
        let denied = *joined && is_one_of(at.checked_sub(1), &DENIALS);
        let next = words.get(at + 1).is_some_and(|(joined, _)| *joined);
        let likeness = next && is_one_of(Some(at + 1), &LIKENESSES);
        (names.iter().any(|name| name == word) && !denied && !likeness).then_some(at)
    };
    words.iter().enumerate().filter_map(means_it).collect()
}

/// Whether the word there is one for a copy, which is not denied.
fn is_a_copy(words: &[(bool, &str)], at: usize) -> bool {
    let word = |at: usize| words.get(at).map_or("", |(_, word)| *word);
    let before = (0..at).rev().map(word).find(|word| !is(word, "a an any the of"));
    is(word(at), COPIES) && !before.is_some_and(|before| is(before, NONE) || is(before, "non than unlike"))
}

/// Whether the words around a name keep it away: `no access to the …`, `isolated from …`,
/// `… untouched`.
fn is_kept_away(words: &[(bool, &str)], at: usize) -> bool {
    const FILLERS: &str = "\
        a an any the in on to at with access contact connection link write writes change changes touch \
        touching use system systems data";
    const AWAY: &str = "no not never without outside excluding except";
    const APART: &str = "isolated separate separated disconnected detached away apart";
    const UNTOUCHED: &str = "untouched unchanged unaffected intact excluded forbidden prohibited";
    if words.iter().skip(at).any(|(_, word)| is(word, UNTOUCHED)) {
        return true;
    }
    let mut before = words.get(..at).unwrap_or_default().iter().rev().map(|(_, word)| *word);
    let first = before.by_ref().find(|word| !is(word, FILLERS)).unwrap_or_default();
    match first {
        "from" => before.next().is_some_and(|word| is(word, APART)),
        "of" => before.next().is_some_and(|word| is(word, "instead outside")),
        word => is(word, AWAY),
    }
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

    /// One word for a copy, anywhere in the text, cleared the environment beside it.
    #[test]
    fn a_copy_stood_beside_the_environment() {
        let generic = builtin("generic").unwrap();
        for text in [
            "staging, then production",
            "staging then production",
            "staging and production",
            "clone/production",
            "production (not a clone)",
            "production not the replica",
            "live production, not the replica",
            "production; no staging",
            "production (from the clone)",
            "staging \u{2192} production",
            "/tmp/clone/x, production",
            "/tmp/clone/../production",
            "staging/production/M-1.md",
            "the table of production",
        ] {
            assert!(is_forbidden_target(generic, text), "{text}");
        }
        for text in [
            "no-production staging",
            "clone of production",
            "production-shaped clone",
            "staging copy of the production database",
            "isolated clone (of production)",
            "clone, made from a production dump",
            "staging, without any access to production",
            "staging; not in production",
            "clone only, production untouched",
            "clone (isolated from production)",
            "staging instead of production",
            "staging/M-1.md",
            "/tmp/clone-1/production.sqlite",
        ] {
            assert!(!is_forbidden_target(generic, text), "{text}");
        }
    }
}
