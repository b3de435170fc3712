//! `mojibake`: text that was read in another encoding than it was written in.

use super::encoding::Encoding;
use super::family::{Family, Text};
use super::recipe::{Edit, Recipe, Step};
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

/// The characters of a run that were garbled each on its own, beside others that
/// were not: typed in later, or lost in part.
fn parts(at: usize, run: &[u8], encoding: Encoding, layers: usize, out: &mut PairBuilder) {
    let Ok(text) = std::str::from_utf8(run) else { return };
    if run.len() > LONGEST_MIXED {
        return;
    }
    let starts: Vec<usize> = text.char_indices().map(|(start, _)| start).chain([text.len()]).collect();
    let mut from = 0;
    while let Some(&start) = starts.get(from) {
        let ends = starts.iter().enumerate().skip(from + 2).take(LONGEST_GARBLED);
        let whole = ends.filter_map(|(to, &end)| {
            let part = text.get(start..end)?.as_bytes();
            let sealed = ungarble(part, encoding, layers)?;
            (std::str::from_utf8(&sealed).ok()?.chars().count() == 1).then_some((to, part, sealed))
        });
        from = match { whole }.next() {
            Some((to, part, sealed)) => {
                out.site(at + start, part, &sealed);
                to
            }
            None => from + 1,
        };
    }
}

/// Runs longer than this, in bytes, are garbled whole or not at all.
const LONGEST_MIXED: usize = 256;
/// Characters that one character becomes in three layers, at most.
const LONGEST_GARBLED: usize = 24;

/// Characters whose last byte windows-1252 has no character for, or a blank that
/// was exchanged after: garbled and then lost in part.
const BROKEN: [(&str, &str); 6] = [
    ("\u{e2}\u{20ac}\u{fffd}", "\u{201d}"),
    ("\u{e2}\u{20ac}?", "\u{201d}"),
    ("\u{c3}\u{fffd}", "\u{c1}"),
    ("\u{c3}?", "\u{c1}"),
    ("\u{c3} ", "\u{e0}"),
    ("\u{c2} ", "\u{a0}"),
];

/// Adds the places of [`BROKEN`].
fn broken(text: &[u8], out: &mut PairBuilder) {
    for (found, sealed) in BROKEN {
        for at in memchr::memmem::find_iter(text, found) {
            out.site(at, found.as_bytes(), sealed.as_bytes());
        }
    }
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
                if layers == 1 && encoding == Encoding::Windows1252 {
                    broken(text.bytes, &mut garbled);
                }
                for (at, run) in runs(text.bytes) {
                    match ungarble(run, encoding, layers) {
                        Some(sealed) => garbled.site(at, run, &sealed),
                        None => parts(at, run, encoding, layers, &mut garbled),
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
        let broken = || {
            let mut all = BROKEN.iter();
            all.any(|(found, sealed)| found.as_bytes() == edit.found && sealed.as_bytes() == edit.sealed)
        };
        !edit.found.is_empty()
            && (gives(edit.sealed, edit.found) || gives(edit.found, edit.sealed) || broken())
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
    fn three_layers_of_every_encoding_come_off_and_no_fourth() {
        let text = "a \u{2014} \u{201c}caf\u{e9}\u{201d} \u{20ac} b";
        for (encoding, _) in MISREAD {
            let layers: Vec<String> = (0..=4)
                .map(|layers| String::from_utf8(garble(text.as_bytes(), encoding, layers).unwrap()).unwrap())
                .collect();
            for found in &layers[1..4] {
                assert!(sealed(&Mojibake, found).iter().any(|s| s == text), "{encoding:?}: {found}");
            }
            assert!(!sealed(&Mojibake, &layers[4]).iter().any(|s| s == text), "{encoding:?}");
            for sealed_text in &layers[1..4] {
                assert!(sealed(&Mojibake, text).iter().any(|s| s == sealed_text), "{encoding:?}");
            }
        }
    }

    #[test]
    fn layers_are_taken_off_and_put_on() {
        for (found, want) in [
            ("a \u{e2}\u{20ac}\u{201d} b", "a \u{2014} b"),
            ("caf\u{c3}\u{a9}", "caf\u{e9}"),
            ("caf\u{c3}\u{192}\u{c2}\u{a9}", "caf\u{e9}"),
            ("caf\u{e9}", "caf\u{c3}\u{a9}"),
            ("a \u{393}\u{c7}\u{f6} b", "a \u{2014} b"),
            // The undefined byte 0x9D as the control character that browsers read.
            ("\u{e2}\u{20ac}\u{153}so\u{e2}\u{20ac}\u{9d}", "\u{201c}so\u{201d}"),
            // The same byte lost on the way.
            ("\u{e2}\u{20ac}\u{153}so\u{e2}\u{20ac}\u{fffd}", "\u{201c}so\u{201d}"),
            ("\u{c3}  la carte, caf\u{c3}\u{a9}", "\u{e0} la carte, caf\u{e9}"),
            // A dash that was typed in later, right behind a garbled letter.
            ("caf\u{c3}\u{a9}\u{2013}bar", "caf\u{e9}\u{2013}bar"),
        ] {
            assert!(sealed(&Mojibake, found).iter().any(|s| s == want), "{found} -> {want}");
        }
        assert!(!Mojibake.is_legal(b"", &Edit { at: 0, found: "\u{e9}".as_bytes(), sealed: b"e" }));
    }
}
