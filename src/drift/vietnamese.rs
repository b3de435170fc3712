//! `emdash_unicode_drift` in Vietnamese: tone marks that were put on the other
//! vowel, and letters that look like đ. All are of equal width, and no normal
//! form gives the sealed bytes back.

use super::family::{Family, Text};
use super::recipe::Edit;
use super::sink::Sink;
use super::site::{PairBuilder, first_char, last_char};
use crate::code::Code;

const CODE: Code = Code::EmdashUnicodeDrift;

/// Rhymes with the tone on the first vowel, as it was spelled before, and on
/// the second: `hòa` and `hoà`.
const RHYMES: [(&str, &str); 30] = [
    ("òa", "oà"),
    ("óa", "oá"),
    ("ỏa", "oả"),
    ("õa", "oã"),
    ("ọa", "oạ"),
    ("òe", "oè"),
    ("óe", "oé"),
    ("ỏe", "oẻ"),
    ("õe", "oẽ"),
    ("ọe", "oẹ"),
    ("ùy", "uỳ"),
    ("úy", "uý"),
    ("ủy", "uỷ"),
    ("ũy", "uỹ"),
    ("ụy", "uỵ"),
    ("ÒA", "OÀ"),
    ("ÓA", "OÁ"),
    ("ỎA", "OẢ"),
    ("ÕA", "OÃ"),
    ("ỌA", "OẠ"),
    ("ÒE", "OÈ"),
    ("ÓE", "OÉ"),
    ("ỎE", "OẺ"),
    ("ÕE", "OẼ"),
    ("ỌE", "OẸ"),
    ("ÙY", "UỲ"),
    ("ÚY", "UÝ"),
    ("ỦY", "UỶ"),
    ("ŨY", "UỸ"),
    ("ỤY", "UỴ"),
];

/// Letters of equal width that look the same: đ and eth, and African d.
const LETTERS: [&[&str]; 2] = [&["đ", "ð", "ɖ"], &["Đ", "Ð", "Ɖ"]];

/// The family of Vietnamese spellings.
pub(super) struct Vietnamese;

impl Family for Vietnamese {
    fn code(&self) -> Code {
        CODE
    }

    fn pairs(&self, text: Text<'_>, out: &mut Sink<'_, '_>) {
        if text.bytes.is_ascii() || !text.wants(20, 0) {
            return;
        }
        let old = RHYMES.map(|(old, new)| (old, new));
        let new = RHYMES.map(|(old, new)| (new, old));
        for rhymes in [old, new] {
            let mut pair = PairBuilder::new(CODE, 20);
            for (found, sealed) in rhymes {
                for at in memchr::memmem::find_iter(text.bytes, found) {
                    let before = last_char(text.bytes.get(..at).unwrap_or_default());
                    let after = first_char(text.bytes.get(at + found.len()..).unwrap_or_default());
                    // A syllable with an end has its tone in one place only, and so has `quý`.
                    if !after.is_alphabetic() && !matches!(before, 'q' | 'Q') {
                        pair.site(at, found.as_bytes(), sealed.as_bytes());
                    }
                }
            }
            out.extend(pair.finish());
        }
        for letters in LETTERS {
            for found in letters {
                for sealed in letters.iter().filter(|sealed| *sealed != found) {
                    let mut pair = PairBuilder::new(CODE, 20);
                    for at in memchr::memmem::find_iter(text.bytes, found) {
                        pair.site(at, found.as_bytes(), sealed.as_bytes());
                    }
                    out.extend(pair.finish());
                }
            }
        }
    }

    fn is_legal(&self, _: &[u8], edit: &Edit<'_>) -> bool {
        let is = |text: &str, bytes: &[u8]| text.as_bytes() == bytes;
        let rhymes = RHYMES.iter().any(|(old, new)| {
            is(old, edit.found) && is(new, edit.sealed) || is(new, edit.found) && is(old, edit.sealed)
        });
        let one_of = |letters: &&[&str], bytes: &[u8]| letters.iter().any(|letter| is(letter, bytes));
        rhymes || LETTERS.iter().any(|letters| one_of(letters, edit.found) && one_of(letters, edit.sealed))
    }
}

#[cfg(test)]
mod tests {
    use super::super::sink::collect;
    use super::*;

    fn sealed(text: &str) -> Vec<String> {
        let pairs = collect(&Vietnamese, text.as_bytes(), b"");
        for rule in pairs.iter().flat_map(|pair| &pair.rules) {
            assert_eq!(rule.found.len(), rule.sealed.len());
            let edit = Edit { at: 0, found: &rule.found, sealed: &rule.sealed };
            assert!(Vietnamese.is_legal(b"", &edit), "{rule:?}");
        }
        let all = pairs.iter().map(|pair| pair.edits(|_| true).unwrap().undo(text.as_bytes()).unwrap());
        all.map(|text| String::from_utf8(text).unwrap()).collect()
    }

    #[test]
    fn tones_move_to_the_other_vowel_of_an_open_syllable() {
        assert!(sealed("hòa bình, thủy, hoàn, quý").contains(&"hoà bình, thuỷ, hoàn, quý".to_owned()));
        assert!(sealed("hoà bình, thuỷ").contains(&"hòa bình, thủy".to_owned()));
        assert!(sealed("đi").contains(&"ði".to_owned()));
        assert!(sealed("hoàn quý").is_empty());
    }

    #[test]
    fn another_tone_is_another_word() {
        let legal = |a: &str, b: &str| {
            Vietnamese.is_legal(b"", &Edit { at: 0, found: a.as_bytes(), sealed: b.as_bytes() })
        };
        assert!(legal("òa", "oà"));
        assert!(!legal("òa", "oá") && !legal("đ", "d") && !legal("òa", "òa "));
    }
}
