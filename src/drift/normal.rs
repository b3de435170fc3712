//! `unicode_normalization`: composed and decomposed characters.

use bstr::ByteSlice;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::family::{Family, Text};
use super::recipe::Edit;
use super::sink::Sink;
use super::site::PairBuilder;
use crate::code::Code;

const CODE: Code = Code::UnicodeNormalization;

/// A normal form of a cluster.
type Form = fn(&str) -> String;

/// The family `unicode_normalization`.
pub(super) struct Normalization;

impl Family for Normalization {
    fn code(&self) -> Code {
        CODE
    }

    fn pairs(&self, text: Text<'_>, out: &mut Sink<'_, '_>) {
        lost_by_compatibility(text, out);
        if text.bytes.is_ascii() {
            return;
        }
        let forms: [Form; 2] = [|s| s.nfc().collect(), |s| s.nfd().collect()];
        for form in forms {
            let mut pair = PairBuilder::new(CODE, 30);
            clusters(text.bytes, &mut |at, cluster| {
                let sealed = form(cluster);
                if is_normalized_from(cluster, &sealed) {
                    pair.site(at, cluster.as_bytes(), sealed.as_bytes());
                }
            });
            out.extend(pair.finish());
        }
    }

    fn is_legal(&self, _: &[u8], edit: &Edit<'_>) -> bool {
        match (edit.found.to_str(), edit.sealed.to_str()) {
            (Ok(found), Ok(sealed)) => is_normalized_from(found, sealed),
            _ => false,
        }
    }
}

/// Whether normalizing the sealed text gives the text found. The compatibility
/// forms are never inverted: they are only tried forwards.
fn is_normalized_from(found: &str, sealed: &str) -> bool {
    let forms: [Form; 4] =
        [|s| s.nfc().collect(), |s| s.nfd().collect(), |s| s.nfkc().collect(), |s| s.nfkd().collect()];
    forms.iter().any(|form| form(sealed) == found)
}

/// Characters that the compatibility forms replace, and singletons that every
/// form does, in groups of those that one text has together.
const REPLACED: [(&str, u64); 9] = [
    // Longer ligatures first: they hold the shorter ones.
    ("\u{fb03}\u{fb04}\u{fb00}\u{fb01}\u{fb02}", 12),
    ("\u{2026}", 10),
    ("\u{2122}", 8),
    ("\u{b2}\u{b3}", 6),
    ("\u{bd}\u{bc}\u{be}", 6),
    ("\u{b5}", 4),
    ("\u{2126}\u{212b}\u{212a}", 4),
    ("\u{2116}\u{2103}\u{2109}", 4),
    ("\u{ff08}\u{ff09}\u{ff0c}\u{ff1a}\u{ff1b}\u{ff01}\u{ff1f}", 4),
];

/// Places of what the compatibility forms give, where the characters that they replace may have been.
fn lost_by_compatibility(text: Text<'_>, out: &mut Sink<'_, '_>) {
    for (group, weight) in REPLACED.into_iter().filter(|(_, weight)| *weight >= text.least) {
        let forms: [Form; 2] = [|s| s.nfkc().collect(), |s| s.nfkd().collect()];
        for (number, form) in forms.into_iter().enumerate() {
            let mut all = PairBuilder::new(CODE, weight);
            for c in group.chars() {
                let sealed = c.to_string();
                let found = form(&sealed);
                if number == 1 && found == sealed.nfkc().collect::<String>() {
                    continue;
                }
                let mut one = PairBuilder::new(CODE, weight);
                for at in memchr::memmem::find_iter(text.bytes, &found) {
                    all.site(at, found.as_bytes(), sealed.as_bytes());
                    one.site(at, found.as_bytes(), sealed.as_bytes());
                }
                out.extend(one.finish());
            }
            if group.chars().count() > 1 {
                out.extend(all.finish());
            }
        }
    }
}

/// Every character beyond ASCII with the combining marks after it, and every
/// ASCII character that has some.
fn clusters(text: &[u8], each: &mut dyn FnMut(usize, &str)) {
    let mut base = None;
    let mut marked = false;
    let mut flush = |from: Option<usize>, to: usize, marked: bool| {
        let cluster = from.and_then(|from| text.get(from..to)).and_then(|bytes| bytes.to_str().ok());
        if let (Some(from), Some(cluster)) = (from, cluster)
            && (marked || !cluster.is_ascii())
        {
            each(from, cluster);
        }
    };
    for (start, end, c) in text.char_indices() {
        let broken = c == char::REPLACEMENT_CHARACTER && end - start != 3;
        // Conjoining vowels and finals of Hangul belong to the consonant before them.
        let joins = !c.is_ascii() && is_combining_mark(c) || matches!(c, '\u{1160}'..='\u{11ff}');
        if joins && base.is_some() && !broken {
            marked = true;
        } else {
            flush(base, start, marked);
            base = (!broken).then_some(start);
            marked = false;
        }
    }
    flush(base, text.len(), marked);
}

#[cfg(test)]
mod tests {
    use super::super::sink::collect;
    use super::*;

    #[test]
    fn forms_are_changed_into_one_another() {
        for (found, want) in [
            ("cafe\u{301} x", "caf\u{e9} x"),
            ("caf\u{e9} x", "cafe\u{301} x"),
            ("fix", "\u{fb01}x"),
            ("office of fine affairs", "o\u{fb03}ce of \u{fb01}ne a\u{fb00}airs"),
            ("10 m2", "10 m\u{b2}"),
            ("1\u{2044}2", "\u{bd}"),
            ("5 \u{3bc}s", "5 \u{b5}s"),
            ("\u{1112}\u{1161}\u{11ab}", "\u{d55c}"),
        ] {
            let pairs = collect(&Normalization, found.as_bytes(), b"");
            let hit = pairs.iter().any(|pair| {
                let sealed = pair.edits(|_| true).unwrap().undo(found.as_bytes()).unwrap();
                sealed == want.as_bytes()
            });
            assert!(hit, "{found} -> {want}");
        }
    }

    #[test]
    fn only_equivalent_text_is_legal() {
        let legal = |found: &str, sealed: &str| {
            Normalization.is_legal(b"", &Edit { at: 0, found: found.as_bytes(), sealed: sealed.as_bytes() })
        };
        assert!(legal("\u{e9}", "e\u{301}"));
        assert!(!legal("\u{e9}", "e"));
        assert!(!legal("a", "b"));
        assert!(legal("fi", "\u{fb01}"));
        assert!(!legal("\u{fb01}", "fi"), "a compatibility form was inverted");
        assert!(!legal("\u{b2}", "2"), "a compatibility form was inverted");
    }
}
