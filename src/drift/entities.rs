//! `html_entities`: character references and the characters they stand for.

use bstr::ByteSlice;

use super::family::{Family, Text};
use super::recipe::Edit;
use super::sink::Sink;
use super::site::PairBuilder;
use crate::code::Code;

const CODE: Code = Code::HtmlEntities;

/// Names in use (HTML Living Standard, named character references).
const NAMES: [(&str, char); 44] = [
    ("amp", '&'),
    ("lt", '<'),
    ("gt", '>'),
    ("quot", '"'),
    ("apos", '\''),
    ("nbsp", '\u{a0}'),
    ("mdash", '\u{2014}'),
    ("ndash", '\u{2013}'),
    ("lsquo", '\u{2018}'),
    ("rsquo", '\u{2019}'),
    ("ldquo", '\u{201c}'),
    ("rdquo", '\u{201d}'),
    ("sbquo", '\u{201a}'),
    ("bdquo", '\u{201e}'),
    ("laquo", '\u{ab}'),
    ("raquo", '\u{bb}'),
    ("hellip", '\u{2026}'),
    ("copy", '\u{a9}'),
    ("reg", '\u{ae}'),
    ("trade", '\u{2122}'),
    ("euro", '\u{20ac}'),
    ("pound", '\u{a3}'),
    ("cent", '\u{a2}'),
    ("sect", '\u{a7}'),
    ("para", '\u{b6}'),
    ("bull", '\u{2022}'),
    ("middot", '\u{b7}'),
    ("deg", '\u{b0}'),
    ("times", '\u{d7}'),
    ("larr", '\u{2190}'),
    ("rarr", '\u{2192}'),
    ("shy", '\u{ad}'),
    ("auml", '\u{e4}'),
    ("ouml", '\u{f6}'),
    ("uuml", '\u{fc}'),
    ("Auml", '\u{c4}'),
    ("Ouml", '\u{d6}'),
    ("Uuml", '\u{dc}'),
    ("szlig", '\u{df}'),
    ("eacute", '\u{e9}'),
    ("egrave", '\u{e8}'),
    ("agrave", '\u{e0}'),
    ("ccedil", '\u{e7}'),
    ("ntilde", '\u{f1}'),
];

/// The character that a whole reference stands for.
fn decode(reference: &[u8]) -> Option<char> {
    let inner = reference.strip_prefix(b"&")?.strip_suffix(b";")?.to_str().ok()?;
    if let Some(number) = inner.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) if hex.len() <= 6 => u32::from_str_radix(hex, 16).ok()?,
            None if number.len() <= 7 => number.parse().ok()?,
            _ => return None,
        };
        return char::from_u32(code);
    }
    NAMES.iter().find(|(name, _)| *name == inner).map(|(_, c)| *c)
}

/// Every reference in a text.
fn references(text: &[u8]) -> impl Iterator<Item = (usize, &[u8], char)> {
    memchr::memchr_iter(b'&', text).filter_map(|at| {
        let rest = text.get(at..text.len().min(at + 12))?;
        let reference = rest.get(..=memchr::memchr(b';', rest)?)?;
        Some((at, reference, decode(reference)?))
    })
}

/// How a character is referred to.
#[derive(Clone, Copy)]
enum Style {
    Named,
    Decimal,
    Hex,
    LowerHex,
}

fn encode(c: char, style: Style) -> Option<String> {
    match style {
        Style::Named => NAMES.iter().find(|(_, named)| *named == c).map(|(name, _)| format!("&{name};")),
        Style::Decimal => Some(format!("&#{};", u32::from(c))),
        Style::Hex => Some(format!("&#x{:X};", u32::from(c))),
        Style::LowerHex => Some(format!("&#x{:x};", u32::from(c))),
    }
}

/// What libraries make of the characters of markup.
const MARKUP: [(&[(u8, &str)], u64); 5] = [
    (&[(b'&', "&amp;"), (b'<', "&lt;"), (b'>', "&gt;")], 15),
    // html.escape of Python, and most template engines.
    (&[(b'&', "&amp;"), (b'<', "&lt;"), (b'>', "&gt;"), (b'"', "&quot;"), (b'\'', "&#x27;")], 15),
    // htmlspecialchars of PHP, lodash, Go in decimal.
    (&[(b'&', "&amp;"), (b'<', "&lt;"), (b'>', "&gt;"), (b'"', "&quot;"), (b'\'', "&#39;")], 12),
    (&[(b'&', "&amp;"), (b'<', "&lt;"), (b'>', "&gt;"), (b'"', "&quot;")], 12),
    (&[(b'&', "&amp;"), (b'<', "&lt;"), (b'>', "&gt;"), (b'"', "&#34;"), (b'\'', "&#39;")], 8),
];

/// The family `html_entities`.
pub(super) struct Entities;

impl Family for Entities {
    fn code(&self) -> Code {
        CODE
    }

    fn pairs(&self, text: Text<'_>, out: &mut Sink<'_, '_>) {
        let mut all = PairBuilder::new(CODE, 20);
        let mut beyond_ascii = PairBuilder::new(CODE, 20);
        for (at, reference, c) in references(text.bytes) {
            let sealed = c.to_string();
            all.site(at, reference, sealed.as_bytes());
            if !c.is_ascii() {
                beyond_ascii.site(at, reference, sealed.as_bytes());
            }
        }
        out.extend(all.finish());
        out.extend(beyond_ascii.finish());
        for (style, weight) in
            [(Style::Named, 15), (Style::Decimal, 8), (Style::Hex, 5), (Style::LowerHex, 5)]
        {
            if weight < text.least {
                continue;
            }
            let mut escaped = PairBuilder::new(CODE, weight);
            for (start, end, c) in text.bytes.char_indices() {
                let beyond = !c.is_ascii() && c != char::REPLACEMENT_CHARACTER;
                if let (Some(found), Some(sealed)) =
                    (text.bytes.get(start..end).filter(|_| beyond), encode(c, style))
                {
                    escaped.site(start, found, sealed.as_bytes());
                }
            }
            out.extend(escaped.finish());
        }
        for (escapes, weight) in MARKUP.into_iter().filter(|(_, weight)| *weight >= text.least) {
            let mut markup = PairBuilder::new(CODE, weight);
            for (at, byte) in text.bytes.iter().enumerate() {
                if let Some((_, sealed)) = escapes.iter().find(|(c, _)| c == byte) {
                    markup.site(at, &[*byte], sealed.as_bytes());
                }
            }
            out.extend(markup.finish());
        }
    }

    fn is_legal(&self, _: &[u8], edit: &Edit<'_>) -> bool {
        let is = |reference: &[u8], text: &[u8]| {
            decode(reference).is_some_and(|c| c.to_string().as_bytes() == text)
        };
        is(edit.found, edit.sealed) || is(edit.sealed, edit.found)
    }
}

#[cfg(test)]
mod tests {
    use super::super::sink::collect;
    use super::*;

    #[test]
    fn references_are_read_and_written() {
        for (reference, c) in
            [("&mdash;", '\u{2014}'), ("&#8212;", '\u{2014}'), ("&#x2014;", '\u{2014}'), ("&amp;", '&')]
        {
            assert_eq!(decode(reference.as_bytes()), Some(c));
        }
        for other in ["&;", "&#;", "&nothing;", "mdash;", "&#xd800;", "&#99999999999;"] {
            assert_eq!(decode(other.as_bytes()), None, "{other}");
        }
        for (name, c) in NAMES {
            assert_eq!(encode(c, Style::Named).unwrap(), format!("&{name};"));
        }
    }

    #[test]
    fn markup_is_escaped_as_libraries_do() {
        let text = "<a href=\"x\">it's & so</a>";
        let pairs = collect(&Entities, text.as_bytes(), b"");
        let sealed: Vec<Vec<u8>> =
            pairs.iter().map(|pair| pair.edits(|_| true).unwrap().undo(text.as_bytes()).unwrap()).collect();
        for want in [
            "&lt;a href=\"x\"&gt;it's &amp; so&lt;/a&gt;",
            "&lt;a href=&quot;x&quot;&gt;it&#x27;s &amp; so&lt;/a&gt;",
            "&lt;a href=&#34;x&#34;&gt;it&#39;s &amp; so&lt;/a&gt;",
        ] {
            assert!(sealed.iter().any(|s| s == want.as_bytes()), "{want}");
        }
    }

    #[test]
    fn both_directions_are_offered_and_legal() {
        let text = "a &mdash; b \u{2014} c & d";
        let pairs = collect(&Entities, text.as_bytes(), b"");
        let sealed: Vec<String> = pairs
            .iter()
            .map(|pair| {
                String::from_utf8(pair.edits(|_| true).unwrap().undo(text.as_bytes()).unwrap()).unwrap()
            })
            .collect();
        assert!(sealed.iter().any(|s| s == "a \u{2014} b \u{2014} c & d"));
        for want in [
            "a &mdash; b &mdash; c & d",
            "a &mdash; b &#8212; c & d",
            "a &mdash; b &#x2014; c & d",
            "a &amp;mdash; b \u{2014} c &amp; d",
        ] {
            assert!(sealed.iter().any(|s| s == want), "{want}");
        }
        for rule in pairs.iter().flat_map(|pair| &pair.rules) {
            assert!(
                Entities.is_legal(b"", &Edit { at: 0, found: &rule.found, sealed: &rule.sealed }),
                "{rule:?}"
            );
        }
        assert!(!Entities.is_legal(b"", &Edit { at: 0, found: b"&mdash;", sealed: b"-" }));
    }
}
