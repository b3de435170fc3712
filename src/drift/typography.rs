//! `emdash_unicode_drift`: dashes, quotes, ellipses, spaces, invisible
//! characters and confusable letters, replaced by one another.

use bstr::ByteSlice;

use super::family::{Family, Text};
use super::recipe::Edit;
use super::sink::Sink;
use super::site::{Class, Pair, PairBuilder, first_char, last_char};
use crate::code::Code;

const CODE: Code = Code::EmdashUnicodeDrift;

/// Dashes other than the ASCII one, with how often they are what was sealed.
const DASHES: [(char, u64); 7] = [
    ('\u{2014}', 40),
    ('\u{2013}', 30),
    ('\u{2212}', 4),
    ('\u{2010}', 3),
    ('\u{2011}', 3),
    ('\u{2012}', 2),
    ('\u{2015}', 2),
];
/// What a dash is retyped as.
const HYPHENS: [(&str, u64); 3] = [("-", 40), ("--", 20), ("---", 5)];
/// Spaces other than the ASCII one.
const SPACES: [(char, u64); 13] = [
    ('\u{a0}', 40),
    ('\u{202f}', 15),
    ('\u{2009}', 6),
    ('\u{2003}', 3),
    ('\u{2002}', 3),
    ('\u{3000}', 3),
    ('\u{200a}', 2),
    ('\u{2007}', 2),
    ('\u{2008}', 1),
    ('\u{2004}', 1),
    ('\u{2005}', 1),
    ('\u{2006}', 1),
    ('\u{205f}', 1),
];
/// Characters that take no room.
const INVISIBLE: [char; 12] = [
    '\u{ad}', '\u{200b}', '\u{200c}', '\u{200d}', '\u{200e}', '\u{200f}', '\u{2060}', '\u{feff}', '\u{180e}',
    '\u{202a}', '\u{202c}', '\u{202e}',
];
const DOUBLE_QUOTES: [char; 7] =
    ['\u{201c}', '\u{201d}', '\u{201e}', '\u{201f}', '\u{ab}', '\u{bb}', '\u{2033}'];
const SINGLE_QUOTES: [char; 9] =
    ['\u{2018}', '\u{2019}', '\u{201a}', '\u{201b}', '\u{2039}', '\u{203a}', '\u{2032}', '\u{b4}', '`'];
/// Cyrillic and Greek letters, and the ASCII letter that each looks like.
const CONFUSABLE: [(char, &str); 48] = [
    ('\u{410}', "A"),
    ('\u{412}', "B"),
    ('\u{415}', "E"),
    ('\u{41a}', "K"),
    ('\u{41c}', "M"),
    ('\u{41d}', "H"),
    ('\u{41e}', "O"),
    ('\u{420}', "P"),
    ('\u{421}', "C"),
    ('\u{422}', "T"),
    ('\u{423}', "Y"),
    ('\u{425}', "X"),
    ('\u{406}', "I"),
    ('\u{408}', "J"),
    ('\u{405}', "S"),
    ('\u{430}', "a"),
    ('\u{435}', "e"),
    ('\u{43a}', "k"),
    ('\u{43c}', "m"),
    ('\u{43e}', "o"),
    ('\u{440}', "p"),
    ('\u{441}', "c"),
    ('\u{443}', "y"),
    ('\u{445}', "x"),
    ('\u{456}', "i"),
    ('\u{458}', "j"),
    ('\u{455}', "s"),
    ('\u{501}', "d"),
    ('\u{51b}', "q"),
    ('\u{51d}', "w"),
    ('\u{391}', "A"),
    ('\u{392}', "B"),
    ('\u{395}', "E"),
    ('\u{396}', "Z"),
    ('\u{397}', "H"),
    ('\u{399}', "I"),
    ('\u{39a}', "K"),
    ('\u{39c}', "M"),
    ('\u{39d}', "N"),
    ('\u{39f}', "O"),
    ('\u{3a1}', "P"),
    ('\u{3a4}', "T"),
    ('\u{3a5}', "Y"),
    ('\u{3a7}', "X"),
    ('\u{3bf}', "o"),
    ('\u{3bd}', "v"),
    ('\u{3b9}', "i"),
    ('\u{3c5}', "u"),
];

/// The family `emdash_unicode_drift`.
pub(super) struct Typography;

impl Family for Typography {
    fn code(&self) -> Code {
        CODE
    }

    fn pairs(&self, text: Text<'_>, out: &mut Sink<'_, '_>) {
        let present = Present::of(text.bytes);
        straightened(text.bytes, &present, out);
        dashes(text.bytes, &present, out);
        quotes(text.bytes, &present, out);
        ellipses(text.bytes, &present, out);
        spaces(text.bytes, &present, out);
        invisible(text.bytes, &present, out);
        confusables(text.bytes, &present, out);
        for dash in ['\u{2014}', '\u{2013}'] {
            out.extend(smart(text.bytes, dash));
        }
    }

    fn is_legal(&self, _: &[u8], edit: &Edit<'_>) -> bool {
        match (edit.found.to_str(), edit.sealed.to_str()) {
            (Ok(found), Ok(sealed)) => same_skeleton(found, sealed),
            _ => false,
        }
    }
}

/// Which characters a text has.
struct Present(std::collections::BTreeSet<char>);

impl Present {
    fn of(text: &[u8]) -> Self {
        let mut ascii = [false; 128];
        let mut set = std::collections::BTreeSet::new();
        for (_, _, c) in text.char_indices() {
            match usize::try_from(u32::from(c)).ok().and_then(|i| ascii.get_mut(i)) {
                Some(seen) => *seen = true,
                None => {
                    set.insert(c);
                }
            }
        }
        set.extend(('\0'..='\x7f').zip(ascii).filter(|(_, seen)| *seen).map(|(c, _)| c));
        Self(set)
    }

    fn has(&self, c: char) -> bool {
        self.0.contains(&c)
    }

    /// Those of `list` that are there.
    fn any_of(&self, list: &[char]) -> Vec<char> {
        list.iter().copied().filter(|c| self.has(*c)).collect()
    }
}

/// Every occurrence of a needle becomes the sealed text.
fn each(text: &[u8], found: &str, sealed: &str, weight: u64) -> Option<Pair> {
    let mut pair = PairBuilder::new(CODE, weight);
    for at in text.find_iter(found) {
        pair.site(at, found.as_bytes(), sealed.as_bytes());
    }
    pair.finish(text)
}

/// Every one of several characters becomes the sealed text.
fn each_of(text: &[u8], found: &[char], weight: u64, sealed: impl Fn(char) -> &'static str) -> Option<Pair> {
    let mut pair = PairBuilder::new(CODE, weight);
    let mut buffer = [0; 4];
    for (at, _, c) in text.char_indices() {
        if found.contains(&c) {
            pair.site(at, c.encode_utf8(&mut buffer).as_bytes(), sealed(c).as_bytes());
        }
    }
    pair.finish(text)
}

/// Everything typographic was ASCII when sealed.
fn straightened(text: &[u8], present: &Present, out: &mut Sink<'_, '_>) {
    let all: Vec<char> = DASHES
        .iter()
        .chain(&SPACES)
        .map(|(c, _)| *c)
        .chain(DOUBLE_QUOTES)
        .chain(SINGLE_QUOTES.into_iter().filter(|c| *c != '`'))
        .chain(['\u{2026}'])
        .collect();
    let there = present.any_of(&all);
    if there.len() > 1 {
        out.extend(each_of(text, &there, 30, ascii));
    }
}

/// The ASCII spelling of a typographic character.
fn ascii(c: char) -> &'static str {
    match c {
        '\u{2026}' => "...",
        c if DOUBLE_QUOTES.contains(&c) => "\"",
        c if SINGLE_QUOTES.contains(&c) => "'",
        c if SPACES.iter().any(|(space, _)| *space == c) => " ",
        c if DASHES.iter().any(|(dash, _)| *dash == c) => "-",
        c if INVISIBLE.contains(&c) => "",
        c => confusable(c).unwrap_or(""),
    }
}

fn dashes(text: &[u8], present: &Present, out: &mut Sink<'_, '_>) {
    let mut buffer = [0; 4];
    let mut other = [0; 4];
    for (sealed, weight) in DASHES {
        let sealed = &*sealed.encode_utf8(&mut buffer);
        for (found, share) in HYPHENS {
            out.extend(hyphens(text, found.len(), sealed, weight * share / 40));
        }
    }
    for (found, _) in DASHES.iter().filter(|(c, _)| present.has(*c)) {
        let found = &*found.encode_utf8(&mut buffer);
        for (sealed, weight) in HYPHENS {
            out.extend(each(text, found, sealed, weight));
        }
        for (sealed, weight) in DASHES {
            out.extend(each(text, found, sealed.encode_utf8(&mut other), weight / 4 + 1));
        }
        // A dash with and without room around it.
        for sealed in [" - ", " -- "] {
            out.extend(each(text, found, sealed, 4));
        }
    }
    for sealed in ["\u{2014}", "\u{2013}"] {
        for found in [" - ", " -- "] {
            out.extend(each(text, found, sealed, 4));
        }
        let spaced = format!(" {sealed} ");
        out.extend(each(text, &spaced, sealed, 3));
        out.extend(each(text, sealed, &spaced, 3));
    }
}

/// Runs of exactly `len` hyphens.
fn hyphens(text: &[u8], len: usize, sealed: &str, weight: u64) -> Option<Pair> {
    let mut pair = PairBuilder::new(CODE, weight.max(1));
    for (at, run) in hyphen_runs(text) {
        if run.len() == len {
            pair.site(at, run, sealed.as_bytes());
        }
    }
    pair.finish(text)
}

/// Every run of hyphens.
fn hyphen_runs(text: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    let mut pos = 0;
    std::iter::from_fn(move || {
        let at = pos + memchr::memchr(b'-', text.get(pos..)?)?;
        let rest = text.get(at..)?;
        let run = rest.get(..rest.iter().position(|b| *b != b'-').unwrap_or(rest.len()))?;
        pos = at + run.len();
        Some((at, run))
    })
}

fn quotes(text: &[u8], present: &Present, out: &mut Sink<'_, '_>) {
    for (kind, straight) in [(&DOUBLE_QUOTES[..], "\""), (&SINGLE_QUOTES[..], "'")] {
        let there: Vec<char> = present.any_of(kind).into_iter().filter(|c| *c != '`').collect();
        if there.len() > 1 {
            out.extend(each_of(text, &there, 40, |_| straight));
        }
        for c in present.any_of(kind) {
            out.extend(each(text, c.encode_utf8(&mut [0; 4]), straight, if c == '`' { 2 } else { 20 }));
        }
    }
    for (straight, pairs) in [
        (b'"', [("\u{201c}", "\u{201d}"), ("\u{201e}", "\u{201c}"), ("\u{ab}", "\u{bb}")]),
        (b'\'', [("\u{2018}", "\u{2019}"), ("\u{2019}", "\u{2019}"), ("`", "\u{b4}")]),
    ] {
        for ((open, close), weight) in pairs.into_iter().zip([30, 6, 3]) {
            let mut pair = PairBuilder::new(CODE, weight);
            for at in memchr::memchr_iter(straight, text) {
                let sealed = if opens(text, at) { open } else { close };
                pair.site(at, &[straight], sealed.as_bytes());
            }
            out.extend(pair.finish(text));
        }
    }
    // One quotation mark for both sides, or the wrong one of the two.
    for (found, sealed) in [
        ("\"", "\u{201c}"),
        ("\"", "\u{201d}"),
        ("\u{201c}", "\u{201d}"),
        ("\u{201d}", "\u{201c}"),
        ("\u{2018}", "\u{2019}"),
        ("\u{2019}", "\u{2018}"),
    ] {
        out.extend(each(text, found, sealed, 4));
    }
}

/// Whether a quotation mark at `at` opens a quotation.
fn opens(text: &[u8], at: usize) -> bool {
    let before = last_char(text.get(..at).unwrap_or_default());
    matches!(Class::of(before), Class::Edge | Class::Blank | Class::Open | Class::Dash)
        || (Class::of(before) == Class::Quote
            && !matches!(
                Class::of(first_char(text.get(at + 1..).unwrap_or_default())),
                Class::Edge | Class::Blank | Class::Punctuation | Class::Close
            ))
}

fn ellipses(text: &[u8], present: &Present, out: &mut Sink<'_, '_>) {
    if present.has('.') {
        let mut pair = PairBuilder::new(CODE, 30);
        for at in text.find_iter("...") {
            let dot = |at: Option<usize>| at.and_then(|at| text.get(at)) == Some(&b'.');
            if !dot(at.checked_sub(1)) && !dot(at.checked_add(3)) {
                pair.site(at, b"...", "\u{2026}".as_bytes());
            }
        }
        out.extend(pair.finish(text));
    }
    if present.has('\u{2026}') {
        out.extend(each(text, "\u{2026}", "...", 40));
        out.extend(each(text, "\u{2026}", ". . .", 3));
    }
}

fn spaces(text: &[u8], present: &Present, out: &mut Sink<'_, '_>) {
    let kinds: Vec<char> = SPACES.iter().map(|(c, _)| *c).collect();
    let there = present.any_of(&kinds);
    if there.len() > 1 {
        out.extend(each_of(text, &there, 30, |_| " "));
    }
    let mut buffer = [0; 4];
    for c in &there {
        let found = &*c.encode_utf8(&mut buffer);
        out.extend(each(text, found, " ", 40));
        out.extend(each(text, found, "\u{a0}", 5));
        out.extend(each(text, found, "\u{202f}", 3));
    }
    for (sealed, weight) in SPACES {
        out.extend(each(text, " ", sealed.encode_utf8(&mut buffer), weight / 4 + 1));
    }
}

fn invisible(text: &[u8], present: &Present, out: &mut Sink<'_, '_>) {
    let there = present.any_of(&INVISIBLE);
    if there.len() > 1 {
        out.extend(each_of(text, &there, 30, |_| ""));
    }
    for c in there {
        out.extend(each(text, c.encode_utf8(&mut [0; 4]), "", 30));
    }
}

/// The ASCII letter that a letter looks like.
fn confusable(c: char) -> Option<&'static str> {
    CONFUSABLE.iter().find(|(other, _)| *other == c).map(|(_, letter)| *letter)
}

fn confusables(text: &[u8], present: &Present, out: &mut Sink<'_, '_>) {
    let there: Vec<char> = CONFUSABLE.iter().map(|(c, _)| *c).filter(|c| present.has(*c)).collect();
    if !there.is_empty() {
        out.extend(each_of(text, &there, 10, |c| confusable(c).unwrap_or("")));
    }
    for (c, letter) in CONFUSABLE {
        if present.has(first_char(letter.as_bytes())) {
            out.extend(each(text, letter, c.encode_utf8(&mut [0; 4]), 1));
        }
    }
}

/// Everything that a word processor would have made typographic, with one kind of dash.
fn smart(text: &[u8], dash: char) -> Option<Pair> {
    let mut buffer = [0; 4];
    let dash = &*dash.encode_utf8(&mut buffer);
    let mut pair = PairBuilder::new(CODE, 20);
    let mut kinds = [false; 4];
    for (at, run) in hyphen_runs(text) {
        if run.len() <= 3 {
            pair.site(at, run, dash.as_bytes());
            *kinds.get_mut(0)? = true;
        }
    }
    for (at, byte) in text.iter().enumerate() {
        let (open, close) = match byte {
            b'"' => ("\u{201c}", "\u{201d}"),
            b'\'' => ("\u{2018}", "\u{2019}"),
            _ => continue,
        };
        let sealed = if opens(text, at) { open } else { close };
        *kinds.get_mut(if *byte == b'"' { 1 } else { 2 })? = true;
        pair.site(at, &[*byte], sealed.as_bytes());
    }
    for at in text.find_iter("...") {
        *kinds.get_mut(3)? = true;
        pair.site(at, b"...", "\u{2026}".as_bytes());
    }
    // One kind alone has its own pairs.
    (kinds.iter().filter(|kind| **kind).count() > 1).then(|| pair.finish(text)).flatten()
}

/// Whether two texts are the same when typography is taken out of them. Room
/// may come and go around a dash only.
fn same_skeleton(found: &str, sealed: &str) -> bool {
    let (a, b) = (skeleton(found), skeleton(sealed));
    a == b || (a.trim() == "-" && b.trim() == "-") || (dots(&a) == "..." && dots(&b) == "...")
}

fn dots(skeleton: &str) -> String {
    skeleton.replace(' ', "")
}

/// Typography replaced by ASCII, runs of hyphens by one.
fn skeleton(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        let plain = ascii(c);
        if c == '-' || plain == "-" {
            if !out.ends_with('-') {
                out.push('-');
            }
        } else if plain.is_empty() && !INVISIBLE.contains(&c) {
            out.push(c);
        } else {
            out.push_str(plain);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(text: &str) -> Vec<Pair> {
        super::super::sink::collect(&Typography, text.as_bytes(), b"")
    }

    /// All texts that changing every site of one pair gives.
    fn sealed(text: &str) -> Vec<String> {
        pairs(text)
            .iter()
            .map(|pair| {
                String::from_utf8(pair.edits(|_| true).unwrap().undo(text.as_bytes()).unwrap()).unwrap()
            })
            .collect()
    }

    #[test]
    fn each_kind_is_there_in_both_directions() {
        for (found, want) in [
            ("a - b", "a \u{2014} b"),
            ("a -- b", "a \u{2013} b"),
            ("a \u{2014} b", "a -- b"),
            ("a\u{2014}b", "a - b"),
            ("say \"so\"", "say \u{201c}so\u{201d}"),
            ("say \u{201c}so\u{201d}", "say \"so\""),
            ("don't", "don\u{2019}t"),
            ("('tis)", "(\u{2018}tis)"),
            ("wait...", "wait\u{2026}"),
            ("wait\u{2026}", "wait..."),
            ("5\u{a0}km", "5 km"),
            ("5 km", "5\u{202f}km"),
            ("a\u{200b}b", "ab"),
            ("\u{43c}an", "man"),
            ("\u{201c}a\u{201d} \u{2014} b\u{2026}", "\"a\" - b..."),
            ("\"a\" - b...", "\u{201c}a\u{201d} \u{2014} b\u{2026}"),
        ] {
            assert!(sealed(found).iter().any(|s| s == want), "{found} -> {want}");
        }
        assert!(!sealed("a....b").iter().any(|s| s.contains('\u{2026}')), "four dots are no ellipsis");
    }

    #[test]
    fn every_site_is_legal() {
        let text = "\"a\" - b -- c... d\u{a0}e \u{2014} 'f' \u{201c}g\u{201d}\u{2019}\u{200b}\u{43c}x \u{ab}h\u{bb}`";
        let all = pairs(text);
        assert!(all.len() > 40);
        for pair in &all {
            for rule in &pair.rules {
                let edit = Edit { at: 0, found: &rule.found, sealed: &rule.sealed };
                assert!(Typography.is_legal(b"", &edit), "{rule:?}");
            }
        }
    }

    #[test]
    fn other_replacements_are_not_legal() {
        for (found, sealed) in
            [("a", "b"), (" ", ""), ("-", ""), ("1", "I"), ("\u{2014}", " "), ("e", "\u{e9}")]
        {
            let edit = Edit { at: 0, found: found.as_bytes(), sealed: sealed.as_bytes() };
            assert!(!Typography.is_legal(b"", &edit), "{found:?} {sealed:?}");
        }
    }
}
