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
        if text.bytes.is_ascii() {
            return;
        }
        let forms: [(Form, u64); 4] = [
            (|s| s.nfc().collect(), 30),
            (|s| s.nfd().collect(), 30),
            (|s| s.nfkc().collect(), 10),
            (|s| s.nfkd().collect(), 5),
        ];
        for (form, weight) in forms.into_iter().filter(|(_, weight)| *weight >= text.least) {
            let mut pair = PairBuilder::new(CODE, weight);
            clusters(text.bytes, &mut |at, cluster| {
                pair.site(at, cluster.as_bytes(), form(cluster).as_bytes());
            });
            out.extend(pair.finish());
        }
    }

    fn is_legal(&self, _: &[u8], edit: &Edit<'_>) -> bool {
        match (edit.found.to_str(), edit.sealed.to_str()) {
            (Ok(found), Ok(sealed)) => found.nfkd().eq(sealed.nfkd()),
            _ => false,
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
            ("\u{fb01}x", "fix"),
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
    }
}
