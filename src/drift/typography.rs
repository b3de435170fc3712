//! `emdash_unicode_drift`: dashes, quotes, ellipses, spaces, invisible
//! characters and confusable letters, replaced by one another.

use std::collections::BTreeSet;

use bstr::ByteSlice;

use super::family::{Family, Text};
use super::recipe::{Edit, signed};
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
        let scan = Scan::of(text);
        scan.straightened(out);
        scan.dashes(out);
        scan.quotes(out);
        scan.ellipses(out);
        scan.spaces(out);
        scan.invisible(out);
        scan.confusables(out);
        for dash in ['\u{2014}', '\u{2013}'] {
            out.extend(scan.smart(dash));
        }
    }

    fn is_legal(&self, _: &[u8], edit: &Edit<'_>) -> bool {
        match (edit.found.to_str(), edit.sealed.to_str()) {
            (Ok(found), Ok(sealed)) => same_skeleton(found, sealed),
            _ => false,
        }
    }
}

/// A text and which characters it has.
struct Scan<'t> {
    text: Text<'t>,
    bytes: &'t [u8],
    present: BTreeSet<char>,
}

impl<'t> Scan<'t> {
    fn of(text: Text<'t>) -> Self {
        let mut ascii = [false; 128];
        let mut present = BTreeSet::new();
        for (_, _, c) in text.bytes.char_indices() {
            match usize::try_from(u32::from(c)).ok().and_then(|i| ascii.get_mut(i)) {
                Some(seen) => *seen = true,
                None => {
                    present.insert(c);
                }
            }
        }
        present.extend(('\0'..='\x7f').zip(ascii).filter(|(_, seen)| *seen).map(|(c, _)| c));
        Self { text, bytes: text.bytes, present }
    }

    /// Those of `list` that are there.
    fn any_of(&self, list: impl IntoIterator<Item = char>) -> Vec<char> {
        list.into_iter().filter(|c| self.present.contains(c)).collect()
    }

    /// Every occurrence of a needle becomes one of several sealed texts.
    fn each(&self, found: &str, sealed: &[(&str, u64)], out: &mut Sink<'_, '_>) {
        self.each_at(found, sealed, out, || self.bytes.find_iter(found));
    }

    /// The same with the occurrences given. Nothing is collected for a sealed
    /// text that cannot make the sealed length.
    fn each_at<I: Iterator<Item = usize>>(
        &self,
        found: &str,
        sealed: &[(&str, u64)],
        out: &mut Sink<'_, '_>,
        places: impl FnOnce() -> I,
    ) {
        let useful = |(text, weight): &&(&str, u64)| {
            *text != found && self.text.wants(*weight, signed(text.len()) - signed(found.len()))
        };
        let mut useful = sealed.iter().filter(useful).peekable();
        let Some((first, weight)) = useful.peek() else { return };
        let mut pair = PairBuilder::new(CODE, *weight);
        for at in places() {
            pair.site(at, found.as_bytes(), first.as_bytes());
        }
        let Some(pair) = pair.finish() else { return };
        for (sealed, weight) in useful {
            out.extend([pair.with_sealed(sealed.as_bytes(), *weight)]);
            if !out.is_open() {
                return;
            }
        }
    }

    /// Every one of several characters becomes its sealed text.
    fn each_of(
        &self,
        found: &[char],
        weight: u64,
        out: &mut Sink<'_, '_>,
        sealed: impl Fn(char) -> &'static str,
    ) {
        let mut pair = PairBuilder::new(CODE, weight);
        let mut buffer = [0; 4];
        for (at, _, c) in self.bytes.char_indices() {
            if found.contains(&c) {
                pair.site(at, c.encode_utf8(&mut buffer).as_bytes(), sealed(c).as_bytes());
            }
        }
        out.extend(pair.finish());
    }

    /// Everything typographic was ASCII when sealed.
    fn straightened(&self, out: &mut Sink<'_, '_>) {
        let singles = SINGLE_QUOTES.into_iter().filter(|c| *c != '`');
        let tables = DASHES.iter().chain(&SPACES).map(|(c, _)| *c);
        let there = self.any_of(tables.chain(DOUBLE_QUOTES).chain(singles).chain(['\u{2026}']));
        if there.len() > 1 {
            self.each_of(&there, 30, out, ascii);
        }
    }

    fn dashes(&self, out: &mut Sink<'_, '_>) {
        let texts = DASHES.map(|(c, weight)| (c.to_string(), weight));
        for (found, share) in HYPHENS {
            let sealed: Vec<(&str, u64)> =
                texts.iter().map(|(c, w)| (c.as_str(), (w * share / 40).max(1))).collect();
            self.each_at(found, &sealed, out, || {
                hyphen_runs(self.bytes).filter(|(_, run)| run.len() == found.len()).map(|(at, _)| at)
            });
        }
        // One with blanks on both sides is a dash, whatever the others are.
        for found in ["-", "--"] {
            self.each_at(found, &[("\u{2014}", 40), ("\u{2013}", 30)], out, || {
                let blank = |at: Option<usize>| at.and_then(|at| self.bytes.get(at)) == Some(&b' ');
                hyphen_runs(self.bytes)
                    .filter(move |(at, run)| {
                        run.len() == found.len() && blank(at.checked_sub(1)) && blank(Some(at + run.len()))
                    })
                    .map(|(at, _)| at)
            });
        }
        let others: Vec<(&str, u64)> = texts.iter().map(|(c, w)| (c.as_str(), w / 4 + 1)).collect();
        for found in self.any_of(DASHES.map(|(c, _)| c)) {
            let found = found.to_string();
            self.each(&found, &HYPHENS, out);
            self.each(&found, &others, out);
            // A dash with and without room around it.
            self.each(&found, &[(" - ", 4), (" -- ", 4)], out);
        }
        for found in [" - ", " -- "] {
            self.each(found, &[("\u{2014}", 4), ("\u{2013}", 4)], out);
        }
        for (tight, spaced) in [("\u{2014}", " \u{2014} "), ("\u{2013}", " \u{2013} ")] {
            self.each(spaced, &[(tight, 3)], out);
            self.each(tight, &[(spaced, 3)], out);
        }
    }

    fn quotes(&self, out: &mut Sink<'_, '_>) {
        for (kind, straight) in [(&DOUBLE_QUOTES[..], "\""), (&SINGLE_QUOTES[..], "'")] {
            let there = self.any_of(kind.iter().copied().filter(|c| *c != '`'));
            if there.len() > 1 {
                self.each_of(&there, 40, out, |_| straight);
            }
            for c in self.any_of(kind.iter().copied()) {
                self.each(&c.to_string(), &[(straight, if c == '`' { 2 } else { 20 })], out);
            }
        }
        for (straight, pairs) in [
            (b'"', [("\u{201c}", "\u{201d}"), ("\u{201e}", "\u{201c}"), ("\u{ab}", "\u{bb}")]),
            (b'\'', [("\u{2018}", "\u{2019}"), ("\u{2019}", "\u{2019}"), ("`", "\u{b4}")]),
        ] {
            for ((open, close), weight) in pairs.into_iter().zip([30, 6, 3]) {
                if open.len() == close.len() && !self.text.wants(weight, signed(open.len()) - 1) {
                    continue;
                }
                let mut pair = PairBuilder::new(CODE, weight);
                for at in memchr::memchr_iter(straight, self.bytes) {
                    let sealed = if opens(self.bytes, at) { open } else { close };
                    pair.site(at, &[straight], sealed.as_bytes());
                }
                out.extend(pair.finish());
            }
        }
        // One quotation mark for both sides, or the wrong one of the two.
        self.each("\"", &[("\u{201c}", 4), ("\u{201d}", 4)], out);
        for (one, other) in [("\u{201c}", "\u{201d}"), ("\u{2018}", "\u{2019}")] {
            self.each(one, &[(other, 4)], out);
            self.each(other, &[(one, 4)], out);
        }
    }

    fn ellipses(&self, out: &mut Sink<'_, '_>) {
        self.each_at("...", &[("\u{2026}", 30)], out, || {
            self.bytes.find_iter("...").filter(|at| {
                let dot = |at: Option<usize>| at.and_then(|at| self.bytes.get(at)) == Some(&b'.');
                !dot(at.checked_sub(1)) && !dot(at.checked_add(3))
            })
        });
        self.each("\u{2026}", &[("...", 40), (". . .", 3)], out);
    }

    fn spaces(&self, out: &mut Sink<'_, '_>) {
        let there = self.any_of(SPACES.map(|(c, _)| c));
        if there.len() > 1 {
            self.each_of(&there, 30, out, |_| " ");
        }
        for c in there {
            self.each(&c.to_string(), &[(" ", 40), ("\u{a0}", 5), ("\u{202f}", 3)], out);
        }
        let texts = SPACES.map(|(c, weight)| (c.to_string(), weight / 4 + 1));
        let sealed: Vec<(&str, u64)> = texts.iter().map(|(c, weight)| (c.as_str(), *weight)).collect();
        self.each(" ", &sealed, out);
    }

    fn invisible(&self, out: &mut Sink<'_, '_>) {
        let there = self.any_of(INVISIBLE);
        if there.len() > 1 {
            self.each_of(&there, 30, out, |_| "");
        }
        for c in there {
            self.each(&c.to_string(), &[("", 30)], out);
        }
    }

    fn confusables(&self, out: &mut Sink<'_, '_>) {
        let there = self.any_of(CONFUSABLE.map(|(c, _)| c));
        if !there.is_empty() {
            self.each_of(&there, 10, out, |c| confusable(c).unwrap_or(""));
        }
        for (c, letter) in CONFUSABLE {
            self.each(letter, &[(&c.to_string(), 3)], out);
        }
    }

    /// Everything that a word processor would have made typographic, with one kind of dash.
    fn smart(&self, dash: char) -> Option<Pair> {
        let dash = dash.to_string();
        let mut pair = PairBuilder::new(CODE, 20);
        let mut kinds = [false; 4];
        for (at, run) in hyphen_runs(self.bytes).filter(|(_, run)| run.len() <= 3) {
            pair.site(at, run, dash.as_bytes());
            *kinds.get_mut(0)? = true;
        }
        for at in memchr::memchr2_iter(b'"', b'\'', self.bytes) {
            let (found, open, close, kind) = match self.bytes.get(at) {
                Some(b'"') => (b"\"", "\u{201c}", "\u{201d}", 1),
                _ => (b"'", "\u{2018}", "\u{2019}", 2),
            };
            *kinds.get_mut(kind)? = true;
            pair.site(at, found, if opens(self.bytes, at) { open } else { close }.as_bytes());
        }
        for at in self.bytes.find_iter("...") {
            *kinds.get_mut(3)? = true;
            pair.site(at, b"...", "\u{2026}".as_bytes());
        }
        // One kind alone has its own pairs.
        (kinds.iter().filter(|kind| **kind).count() > 1).then(|| pair.finish()).flatten()
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

/// The ASCII letter that a letter looks like.
fn confusable(c: char) -> Option<&'static str> {
    CONFUSABLE.iter().find(|(other, _)| *other == c).map(|(_, letter)| *letter)
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
