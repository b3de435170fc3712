//! `mojibake` and `lossy_replacement`: text that was read in another encoding
//! than it was written in.

use bstr::ByteSlice;

use super::encoding::Encoding;
use super::family::{Family, Text};
use super::recipe::{Edit, Recipe, Step, signed};
use super::sink::Sink;
use super::site::PairBuilder;
use crate::code::Code;

/// Encodings that UTF-8 is misread in.
const MISREAD: [(Encoding, u64); 4] =
    [(Encoding::Windows1252, 30), (Encoding::Latin1, 20), (Encoding::Cp437, 10), (Encoding::Cp850, 10)];
/// Times that it is.
const MOST_LAYERS: usize = 3;

/// UTF-8 misread and saved as UTF-8, so many times.
fn garble(text: &[u8], encoding: Encoding, layers: usize) -> Option<Vec<u8>> {
    (0..layers).try_fold(text.to_vec(), |text, _| {
        std::str::from_utf8(&text).ok()?;
        encoding.decode(&text).map(std::borrow::Cow::into_owned)
    })
}

/// The text that gives this one when it is misread, so many times.
fn ungarble(text: &[u8], encoding: Encoding, layers: usize) -> Option<Vec<u8>> {
    (0..layers).try_fold(text.to_vec(), |text, _| {
        let bytes = encoding.encode(&text)?;
        std::str::from_utf8(&bytes).is_ok().then_some(bytes)
    })
}

/// Every run of characters beyond ASCII.
fn runs(text: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    let mut pos = 0;
    std::iter::from_fn(move || {
        let at = pos + text.get(pos..)?.iter().position(|b| !b.is_ascii())?;
        let rest = text.get(at..)?;
        let run = rest.get(..rest.iter().position(u8::is_ascii).unwrap_or(rest.len()))?;
        pos = at + run.len();
        Some((at, run))
    })
}

/// The family `mojibake`.
pub(super) struct Mojibake;

impl Family for Mojibake {
    fn code(&self) -> Code {
        Code::Mojibake
    }

    fn pairs(&self, text: Text<'_>, out: &mut Sink<'_, '_>) {
        if text.bytes.is_ascii() {
            return;
        }
        for (encoding, weight) in MISREAD {
            for layers in 1..=MOST_LAYERS {
                let weight = weight / layers as u64;
                if weight < text.least {
                    continue;
                }
                let mut garbled = PairBuilder::new(Code::Mojibake, weight);
                let mut sound = PairBuilder::new(Code::Mojibake, weight);
                for (at, run) in runs(text.bytes) {
                    if let Some(sealed) = ungarble(run, encoding, layers) {
                        garbled.site(at, run, &sealed);
                    }
                    if let Some(sealed) = garble(run, encoding, layers) {
                        sound.site(at, run, &sealed);
                    }
                }
                out.extend(garbled.finish());
                out.extend(sound.finish());
            }
        }
    }

    fn is_legal(&self, _: &[u8], edit: &Edit<'_>) -> bool {
        let gives = |from: &[u8], to: &[u8]| {
            MISREAD.iter().any(|(encoding, _)| {
                (1..=MOST_LAYERS).any(|layers| garble(from, *encoding, layers).is_some_and(|text| text == to))
            })
        };
        !edit.found.is_empty() && (gives(edit.sealed, edit.found) || gives(edit.found, edit.sealed))
    }
}

/// What a character that could not be written becomes.
const MARKS: [&str; 5] = ["?", "??", "???", "\u{fffd}", "\u{fffd}\u{fffd}\u{fffd}"];
/// What is most often lost, by language frequency.
const LOST: [(char, u64); 40] = [
    ('\u{2014}', 30),
    ('\u{2019}', 30),
    ('\u{2013}', 25),
    ('\u{201c}', 15),
    ('\u{201d}', 15),
    ('\u{2018}', 12),
    ('\u{2026}', 20),
    ('\u{a0}', 15),
    ('\u{2022}', 12),
    ('\u{2192}', 12),
    ('\u{a9}', 10),
    ('\u{ae}', 6),
    ('\u{2122}', 6),
    ('\u{20ac}', 8),
    ('\u{b0}', 6),
    ('\u{b7}', 4),
    ('\u{d7}', 4),
    ('\u{2713}', 6),
    ('\u{2705}', 4),
    ('\u{2265}', 4),
    ('\u{2264}', 4),
    ('\u{e9}', 10),
    ('\u{e8}', 5),
    ('\u{ea}', 3),
    ('\u{e0}', 5),
    ('\u{e7}', 4),
    ('\u{fc}', 8),
    ('\u{e4}', 8),
    ('\u{f6}', 8),
    ('\u{df}', 5),
    ('\u{dc}', 3),
    ('\u{c4}', 3),
    ('\u{d6}', 3),
    ('\u{f1}', 5),
    ('\u{f3}', 4),
    ('\u{ed}', 4),
    ('\u{e1}', 4),
    ('\u{e5}', 3),
    ('\u{f8}', 3),
    ('\u{c9}', 3),
];

/// The family `lossy_replacement`.
pub(super) struct Lossy;

impl Family for Lossy {
    fn code(&self) -> Code {
        Code::LossyReplacement
    }

    fn pairs(&self, text: Text<'_>, out: &mut Sink<'_, '_>) {
        for mark in MARKS {
            let places: Vec<usize> = whole_runs(text.bytes, mark).collect();
            if places.is_empty() {
                continue;
            }
            for (c, weight) in LOST {
                let sealed = c.to_string();
                if !text.wants(weight, signed(sealed.len()) - signed(mark.len())) {
                    continue;
                }
                let mut pair = PairBuilder::new(Code::LossyReplacement, weight);
                for at in &places {
                    pair.site(*at, mark.as_bytes(), sealed.as_bytes());
                }
                out.extend(pair.finish());
            }
        }
        low_bytes(text, out);
        lost_when_sealed(text, out);
    }

    fn is_legal(&self, _: &[u8], edit: &Edit<'_>) -> bool {
        let one = |text: &[u8]| {
            let mut chars = text.to_str().ok()?.chars();
            chars.next().filter(|c| !c.is_ascii() && chars.next().is_none())
        };
        let lossy = |c: char, text: &[u8]| {
            MARKS.iter().any(|mark| mark.as_bytes() == text) || [low_byte(c).unwrap_or(0)] == *text
        };
        one(edit.sealed).is_some_and(|c| lossy(c, edit.found))
            || one(edit.found).is_some_and(|c| lossy(c, edit.sealed))
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

/// The low byte of a character, where it is a control character that text does not hold.
fn low_byte(c: char) -> Option<u8> {
    let byte = u8::try_from(u32::from(c) & 0xff).ok()?;
    (u32::from(c) > 0xff && byte < 0x20 && !matches!(byte, 0 | b'\t' | b'\n' | b'\r')).then_some(byte)
}

/// Control characters that are what is left of typographic ones.
fn low_bytes(text: Text<'_>, out: &mut Sink<'_, '_>) {
    let mut pair = PairBuilder::new(Code::LossyReplacement, 20);
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
    for style in 0..3 {
        let mut pair = PairBuilder::new(Code::LossyReplacement, 10);
        for (start, end, c) in text.bytes.char_indices() {
            let Some(found) =
                text.bytes.get(start..end).filter(|_| !c.is_ascii() && c != char::REPLACEMENT_CHARACTER)
            else {
                continue;
            };
            let sealed = match style {
                0 => "?",
                1 => "???".get(..found.len().min(3)).unwrap_or("?"),
                _ => "\u{fffd}",
            };
            pair.site(start, found, sealed.as_bytes());
        }
        out.extend(pair.finish());
    }
}

/// The recipe with every change of encoding that garbled UTF-8 called by its
/// name: read as an encoding of single bytes and saved again, which is not the
/// same as text that was sealed in that encoding. `texts` are the bytes between
/// the steps, the bytes found first.
pub(super) fn named(mut recipe: Recipe, texts: &[std::borrow::Cow<'_, [u8]>]) -> Recipe {
    for (step, before) in recipe.steps_mut().zip(texts.iter().skip(1)) {
        let sound = std::str::from_utf8(before).is_ok_and(|text| !text.is_ascii());
        if let Step::Transcode { code, sealed, found: Encoding::Utf8 } = step
            && sound
            && matches!(sealed, Encoding::Windows1252 | Encoding::Latin1 | Encoding::Cp437 | Encoding::Cp850)
        {
            *code = Code::Mojibake;
        }
    }
    recipe
}

#[cfg(test)]
mod tests {
    use super::super::sink::collect;
    use super::*;

    fn sealed(family: &dyn Family, text: &str) -> Vec<String> {
        let pairs = collect(family, text.as_bytes(), b"");
        for rule in pairs.iter().flat_map(|pair| &pair.rules) {
            assert!(
                family.is_legal(b"", &Edit { at: 0, found: &rule.found, sealed: &rule.sealed }),
                "{rule:?}"
            );
        }
        pairs
            .iter()
            .map(|pair| {
                String::from_utf8(pair.edits(|_| true).unwrap().undo(text.as_bytes()).unwrap()).unwrap()
            })
            .collect()
    }

    #[test]
    fn layers_are_taken_off_and_put_on() {
        for (found, want) in [
            ("a \u{e2}\u{20ac}\u{201d} b", "a \u{2014} b"),
            ("caf\u{c3}\u{a9}", "caf\u{e9}"),
            ("caf\u{c3}\u{192}\u{c2}\u{a9}", "caf\u{e9}"),
            ("caf\u{e9}", "caf\u{c3}\u{a9}"),
            ("a \u{393}\u{c7}\u{f6} b", "a \u{2014} b"),
        ] {
            assert!(sealed(&Mojibake, found).iter().any(|s| s == want), "{found} -> {want}");
        }
        assert!(!Mojibake.is_legal(b"", &Edit { at: 0, found: "\u{e9}".as_bytes(), sealed: b"e" }));
    }

    #[test]
    fn marks_become_what_was_lost() {
        for (found, want) in [
            ("a ??? b", "a \u{2014} b"),
            ("it?s", "it\u{2019}s"),
            ("caf\u{fffd}", "caf\u{e9}"),
            ("a \u{14} b", "a \u{2014} b"),
            ("a \u{2014} b", "a ? b"),
        ] {
            assert!(sealed(&Lossy, found).iter().any(|s| s == want), "{found} -> {want}");
        }
        assert!(!sealed(&Lossy, "a ???? b").iter().any(|s| s.contains('\u{2014}')));
        assert!(!Lossy.is_legal(b"", &Edit { at: 0, found: b"x", sealed: "\u{2014}".as_bytes() }));
    }
}
