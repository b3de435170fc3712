//! `lossy_replacement`: characters that an encoding could not hold, and the
//! marks that programs write in their place.
//!
//! The marks do not say what was lost; the seal does. One character for all
//! places comes first, then each place its own, the likely ones by what stands
//! around it.

mod guess;

use std::ops::ControlFlow;

use bstr::ByteSlice;

use super::family::{Family, Text};
use super::meter::Spent;
use super::recipe::{Edit, Edits, EditsBuilder, signed};
use super::sink::Sink;
use super::site::PairBuilder;
use super::trial::Trial;
use crate::code::Code;

const CODE: Code = Code::LossyReplacement;

/// What is lost most often, with a weight: typographic characters, then letters
/// by how often they occur in the languages that have them.
const LOST: [(char, u64); 92] = [
    ('\u{2014}', 30),
    ('\u{2019}', 30),
    ('\u{2013}', 25),
    ('\u{2026}', 20),
    ('\u{201c}', 15),
    ('\u{201d}', 15),
    ('\u{a0}', 15),
    ('\u{2018}', 12),
    ('\u{2022}', 12),
    ('\u{2192}', 12),
    ('\u{a9}', 10),
    ('\u{20ac}', 8),
    ('\u{ae}', 6),
    ('\u{2122}', 6),
    ('\u{b0}', 6),
    ('\u{2713}', 6),
    ('\u{d7}', 4),
    ('\u{b7}', 4),
    ('\u{2705}', 4),
    ('\u{2265}', 4),
    ('\u{2264}', 4),
    ('\u{a3}', 4),
    ('\u{a7}', 4),
    ('\u{b1}', 4),
    ('\u{2212}', 3),
    ('\u{2011}', 3),
    ('\u{202f}', 3),
    ('\u{200b}', 3),
    ('\u{ab}', 3),
    ('\u{bb}', 3),
    ('\u{201e}', 3),
    ('\u{2190}', 3),
    ('\u{b5}', 2),
    ('\u{bd}', 2),
    ('\u{b2}', 2),
    ('\u{2260}', 2),
    ('\u{2248}', 2),
    ('\u{feff}', 2),
    ('\u{274c}', 2),
    ('\u{26a0}', 2),
    ('\u{1f680}', 2),
    ('\u{1f389}', 2),
    ('\u{e9}', 10),
    ('\u{fc}', 8),
    ('\u{e4}', 8),
    ('\u{f6}', 8),
    ('\u{e8}', 5),
    ('\u{e0}', 5),
    ('\u{df}', 5),
    ('\u{f1}', 5),
    ('\u{e1}', 4),
    ('\u{ed}', 4),
    ('\u{f3}', 4),
    ('\u{e7}', 4),
    ('\u{e3}', 4),
    ('\u{ea}', 3),
    ('\u{e5}', 3),
    ('\u{f8}', 3),
    ('\u{c9}', 3),
    ('\u{dc}', 3),
    ('\u{c4}', 3),
    ('\u{d6}', 3),
    ('\u{fa}', 3),
    ('\u{e6}', 3),
    ('\u{f4}', 3),
    ('\u{ee}', 2),
    ('\u{e2}', 2),
    ('\u{eb}', 2),
    ('\u{ef}', 2),
    ('\u{f9}', 2),
    ('\u{fb}', 2),
    ('\u{f5}', 2),
    ('\u{f2}', 2),
    ('\u{ec}', 2),
    ('\u{f4}', 2),
    ('\u{fd}', 2),
    ('\u{c5}', 2),
    ('\u{142}', 2),
    ('\u{f3}', 2),
    ('\u{17c}', 2),
    ('\u{15b}', 2),
    ('\u{105}', 2),
    ('\u{119}', 2),
    ('\u{107}', 2),
    ('\u{144}', 2),
    ('\u{10d}', 2),
    ('\u{161}', 2),
    ('\u{17e}', 2),
    ('\u{159}', 2),
    ('\u{11b}', 2),
    ('\u{131}', 2),
    ('\u{15f}', 2),
];

/// A way to write that something is lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Style {
    /// One mark for a character.
    Character(char),
    /// One for each of its bytes in UTF-8.
    Byte(char),
    /// One for each of its halves in UTF-16.
    Unit(char),
}

const STYLES: [Style; 5] = [
    Style::Character('?'),
    Style::Byte('?'),
    Style::Unit('?'),
    Style::Character(char::REPLACEMENT_CHARACTER),
    Style::Byte(char::REPLACEMENT_CHARACTER),
];

impl Style {
    /// What stands for `c`; `None` where another style says the same.
    fn mark(self, c: char) -> Option<String> {
        match self {
            Self::Character(mark) => Some(mark.to_string()),
            Self::Byte(mark) => (c.len_utf8() > 1).then(|| mark.to_string().repeat(c.len_utf8())),
            Self::Unit(mark) => (c.len_utf16() > 1).then(|| mark.to_string().repeat(c.len_utf16())),
        }
    }
}

/// The low byte of a character, where it is a control character that text does not hold.
fn low_byte(c: char) -> Option<u8> {
    let byte = u8::try_from(u32::from(c) & 0xff).ok()?;
    (u32::from(c) > 0xff && byte < 0x20 && !matches!(byte, 0 | b'\t' | b'\n' | b'\r')).then_some(byte)
}

/// Whether `mark` is what some program writes when it loses `c`.
fn is_mark_of(c: char, mark: &[u8]) -> bool {
    !c.is_ascii()
        && (STYLES.iter().any(|style| style.mark(c).is_some_and(|text| text.as_bytes() == mark))
            || low_byte(c).is_some_and(|byte| mark == [byte]))
}

/// The family `lossy_replacement`.
pub(super) struct Lossy;

impl Lossy {
    /// What may have been sealed, the likely first, until `take` breaks.
    fn candidates(text: Text<'_>, take: &mut dyn FnMut(Edits) -> ControlFlow<()>) -> ControlFlow<()> {
        let share = match text.least {
            0 => 1,
            1..=4 => 16,
            _ => return ControlFlow::Continue(()),
        };
        for style in STYLES {
            let sites = guess::sites(text.bytes, style);
            let tries = guess::tries(text.bytes.len()) / share;
            guess::each(&sites, text.want, tries, &mut |chosen| {
                let mut edits = EditsBuilder::new(CODE);
                for (site, choice) in sites.iter().zip(chosen) {
                    if let Some((c, mark)) = site.choice(*choice) {
                        edits.push(site.at, mark.as_bytes(), c.to_string().as_bytes());
                    }
                }
                edits.finish().map_or(ControlFlow::Continue(()), &mut *take)
            })?;
        }
        ControlFlow::Continue(())
    }
}

impl Family for Lossy {
    fn code(&self) -> Code {
        CODE
    }

    fn pairs(&self, text: Text<'_>, out: &mut Sink<'_, '_>) {
        let mut marks: Vec<String> =
            LOST.iter().flat_map(|(c, _)| STYLES.iter().filter_map(|style| style.mark(*c))).collect();
        marks.sort_unstable();
        marks.dedup();
        for mark in marks {
            let places: Vec<usize> = whole_runs(text.bytes, &mark).collect();
            if places.is_empty() {
                continue;
            }
            for (c, weight) in LOST.iter().filter(|(c, _)| is_mark_of(*c, mark.as_bytes())) {
                let sealed = c.to_string();
                if !text.wants(*weight, signed(sealed.len()) - signed(mark.len())) {
                    continue;
                }
                let mut pair = PairBuilder::new(CODE, *weight);
                for at in &places {
                    pair.site(*at, mark.as_bytes(), sealed.as_bytes());
                }
                out.extend(pair.finish());
            }
        }
        low_bytes(text, out);
        lost_when_sealed(text, out);
    }

    fn rewrites(&self, text: Text<'_>, trial: &mut Trial<'_, '_>) -> Result<Option<Vec<Edits>>, Spent> {
        trial.first(text.bytes, |take| Self::candidates(text, take))
    }

    fn is_legal(&self, _: &[u8], edit: &Edit<'_>) -> bool {
        let one = |text: &[u8]| {
            let mut chars = text.to_str().ok()?.chars();
            chars.next().filter(|_| chars.next().is_none())
        };
        one(edit.sealed).is_some_and(|c| is_mark_of(c, edit.found))
            || one(edit.found).is_some_and(|c| is_mark_of(c, edit.sealed))
    }
}

/// Where a mark stands and is not part of a longer one.
fn whole_runs<'t>(text: &'t [u8], mark: &'t str) -> impl Iterator<Item = usize> + 't {
    let unit = mark.chars().next().map_or(1, char::len_utf8);
    let first = mark.as_bytes().get(..unit).unwrap_or_default();
    text.find_iter(mark).filter(move |at| {
        let before = text.get(..*at).is_some_and(|before| before.ends_with(first));
        let after = text.get(at + mark.len()..).is_some_and(|after| after.starts_with(first));
        !before && !after
    })
}

/// Control characters that are what is left of typographic ones.
fn low_bytes(text: Text<'_>, out: &mut Sink<'_, '_>) {
    let mut pair = PairBuilder::new(CODE, 20);
    for (at, byte) in text.bytes.iter().enumerate().filter(|(_, byte)| **byte < 0x20) {
        if let Some((c, _)) = LOST.iter().find(|(c, _)| low_byte(*c) == Some(*byte)) {
            pair.site(at, &[*byte], c.to_string().as_bytes());
        }
    }
    out.extend(pair.finish());
}

/// Characters that were already lost when the text was sealed.
fn lost_when_sealed(text: Text<'_>, out: &mut Sink<'_, '_>) {
    if text.bytes.is_ascii() || text.least > 10 {
        return;
    }
    let low = |c: char| low_byte(c).map(|byte| char::from(byte).to_string());
    let styles = STYLES.iter().map(|style| -> Box<dyn Fn(char) -> Option<String>> {
        Box::new(|c| {
            style.mark(c).or_else(|| Some('?'.to_string()).filter(|_| matches!(style, Style::Unit(_))))
        })
    });
    for mark in styles.chain([Box::new(low) as Box<dyn Fn(char) -> Option<String>>]) {
        let mut pair = PairBuilder::new(CODE, 10);
        for (start, end, c) in text.bytes.char_indices() {
            let found = text.bytes.get(start..end);
            let lost = !c.is_ascii() && c != char::REPLACEMENT_CHARACTER;
            if let (Some(found), Some(sealed)) = (found.filter(|_| lost), mark(c)) {
                pair.site(start, found, sealed.as_bytes());
            }
        }
        out.extend(pair.finish());
    }
}

#[cfg(test)]
mod tests {
    use super::super::sink::collect;
    use super::*;

    fn sealed(text: &str) -> Vec<String> {
        let pairs = collect(&Lossy, text.as_bytes(), b"");
        for rule in pairs.iter().flat_map(|pair| &pair.rules) {
            let edit = Edit { at: 0, found: &rule.found, sealed: &rule.sealed };
            assert!(Lossy.is_legal(b"", &edit), "{rule:?}");
        }
        let all = pairs.iter().map(|pair| pair.edits(|_| true).unwrap().undo(text.as_bytes()).unwrap());
        all.map(|text| String::from_utf8(text).unwrap()).collect()
    }

    #[test]
    fn marks_become_what_was_lost() {
        for (found, want) in [
            ("a ??? b", "a \u{2014} b"),
            ("it?s", "it\u{2019}s"),
            ("caf??", "caf\u{e9}"),
            ("caf\u{fffd}", "caf\u{e9}"),
            ("caf\u{fffd}\u{fffd}", "caf\u{e9}"),
            ("a \u{fffd}\u{fffd}\u{fffd} b", "a \u{2014} b"),
            ("go ????!", "go \u{1f680}!"),
            ("go ??!", "go \u{1f680}!"),
            ("a \u{14} b", "a \u{2014} b"),
            ("a \u{2014} b", "a ? b"),
            ("a \u{2014} b", "a ??? b"),
            ("a \u{2014} b", "a \u{14} b"),
            ("a \u{2014} b", "a \u{fffd}\u{fffd}\u{fffd} b"),
        ] {
            assert!(sealed(found).iter().any(|s| s == want), "{found} -> {want}");
        }
        assert!(!sealed("a ???? b").iter().any(|s| s.contains('\u{2014}')));
    }

    #[test]
    fn only_marks_of_a_lost_character_are_legal() {
        let legal = |found: &str, sealed: &str| {
            Lossy.is_legal(b"", &Edit { at: 0, found: found.as_bytes(), sealed: sealed.as_bytes() })
        };
        assert!(legal("?", "\u{2014}") && legal("???", "\u{2014}") && legal("\u{14}", "\u{2014}"));
        assert!(
            !legal("x", "\u{2014}")
                && !legal("??", "\u{2014}")
                && !legal("?", "x")
                && !legal("???", "\u{e9}")
        );
    }
}
