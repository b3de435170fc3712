//! Texts that readers take for one another: letter case, marks, invisible
//! characters and lookalike letters of other alphabets are folded (UTS #39).
//!
//! For comparing only: what comes out is no text to show.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use unicode_security::confusable_detection::skeleton;

/// The text without what readers do not see a difference in.
pub(crate) fn folded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.nfkd().filter(|c| !is_combining_mark(*c)) {
        if c.is_ascii() {
            out.push(c.to_ascii_lowercase());
            continue;
        }
        // Letters that are alike in one case only are meant in either.
        let small = like(&c.to_string());
        let large = like(&c.to_uppercase().to_string());
        out.push_str(if small.is_ascii() { &small } else { &large });
    }
    out
}

/// What one character is like, in small letters; what is invisible is like nothing.
fn like(c: &str) -> String {
    skeleton(c).filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).collect()
}

/// The folded letters and digits of a name, without what separates them.
pub(crate) fn letters(name: &str) -> String {
    squeezed(&folded(name))
}

/// The letters and digits of a name, small, without what separates them.
pub(crate) fn plain(name: &str) -> impl Iterator<Item = char> {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase)
}

/// The same as a text.
pub(crate) fn squeezed(name: &str) -> String {
    plain(name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_squeezed_to_its_letters() {
        assert_eq!(squeezed("Final-Status_1"), "finalstatus1");
        assert_eq!(squeezed("pr\u{43e}d"), "pr\u{43e}d", "a lookalike is another letter here");
    }

    #[test]
    fn what_looks_alike_is_alike() {
        for other in
            ["Production", "PRODUCTION", "pr\u{43e}duction", "pro\u{200b}duction", "\u{ff50}roduction"]
        {
            assert_eq!(folded(other), folded("production"), "{other:?}");
        }
        assert_ne!(folded("product"), folded("production"));
        assert_eq!(folded("\u{41c}-1 \u{43c}"), "m-1 m", "large and small Cyrillic em");
        assert_eq!(folded("\u{434}\u{430}"), "\u{434}a", "what is like nothing else stays");
        assert_eq!(letters("Blocker_Map.JSON"), letters("blocker-map.json"));
        assert_eq!(letters("bl\u{43e}cker map.json"), letters("blocker-map.json"));
        assert_ne!(letters("blocker-maps.json"), letters("blocker-map.json"));
    }
}
