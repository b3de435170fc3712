//! Texts that readers take for one another: letter case, marks, invisible
//! characters and lookalike letters of other alphabets are folded (UTS #39).
//!
//! For comparing only: what comes out is no text to show.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use unicode_security::confusable_detection::skeleton;

/// The text without what readers do not see a difference in.
pub(crate) fn folded(text: &str) -> String {
    let plain: String = text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).collect();
    skeleton(&plain).flat_map(char::to_lowercase).filter(|c| !is_combining_mark(*c)).collect()
}

/// The folded letters and digits of a name, without what separates them.
pub(crate) fn letters(name: &str) -> String {
    folded(name).chars().filter(|c| c.is_alphanumeric()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_alike_is_alike() {
        for other in
            ["Production", "PRODUCTION", "pr\u{43e}duction", "pro\u{200b}duction", "\u{ff50}roduction"]
        {
            assert_eq!(folded(other), folded("production"), "{other:?}");
        }
        assert_ne!(folded("product"), folded("production"));
        assert_eq!(letters("Blocker_Map.JSON"), letters("blocker-map.json"));
        assert_eq!(letters("bl\u{43e}cker map.json"), letters("blocker-map.json"));
        assert_ne!(letters("blocker-maps.json"), letters("blocker-map.json"));
    }
}
