//! What is left of a text when case, lookalikes, marks, invisible characters and
//! separators are gone (UTS #39, with the case folded).

use super::written::{Seen, seen};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use unicode_security::confusable_detection::skeleton;

/// What stands between two letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Gap {
    /// Nothing that can be seen.
    None,
    /// `_` or `-`: one word goes on.
    Tight,
    /// What a word may be broken by: blanks, one line end, marks of emphasis.
    Loose,
    /// Another sentence, another value.
    Break,
}

/// One letter or digit of the skeleton.
#[derive(Clone, Copy, Debug)]
pub(super) struct Glyph {
    pub(super) c: char,
    /// What stands before it.
    pub(super) gap: Gap,
    /// The bytes of the text that it comes from.
    pub(super) start: usize,
    pub(super) end: usize,
}

/// Letters that fonts draw alike.
fn class(c: char) -> char {
    match c.to_ascii_uppercase() {
        'L' | '1' | '|' => 'I',
        '0' => 'O',
        c => c,
    }
}

/// What one character is on the skeleton.
fn fold(c: char, out: &mut Vec<char>) {
    out.clear();
    if c.is_ascii() {
        out.push(class(c));
        return;
    }
    if let Some(letter) = drawn(c) {
        out.push(class(letter));
        return;
    }
    let mut buffer = [0; 4];
    let plain: String = c.encode_utf8(&mut buffer).nfkd().filter(|c| !is_combining_mark(*c)).collect();
    // Leaves out what is invisible by default.
    for like in skeleton(&plain).filter(|c| !is_combining_mark(*c)) {
        out.extend(like.to_uppercase().map(class));
    }
}

/// The letters and digits of what is read of a text, with what stands between them.
pub(super) fn glyphs(read: Vec<Seen>) -> Vec<Glyph> {
    let mut glyphs = Vec::with_capacity(read.len());
    let mut folded = Vec::new();
    let mut between = Between::default();
    for Seen { c, start, end } in read {
        fold(c, &mut folded);
        for like in &folded {
            // An ASCII bar is a separator; only drawn as a letter it stands for one.
            if like.is_alphanumeric() && c != '|' {
                let gap = between.gap();
                glyphs.push(Glyph { c: *like, gap, start, end });
                between = Between::default();
            } else {
                between.add(if c.is_ascii() { c } else { *like });
            }
        }
    }
    glyphs
}

/// The letter that a symbol draws which no table of lookalikes has: small capitals
/// of phonetic alphabets, regional indicators, letters in boxes and discs.
fn drawn(c: char) -> Option<char> {
    const SMALL: [(char, char); 26] = [
        ('\u{1d00}', 'A'),
        ('\u{299}', 'B'),
        ('\u{1d04}', 'C'),
        ('\u{1d05}', 'D'),
        ('\u{1d07}', 'E'),
        ('\u{a730}', 'F'),
        ('\u{262}', 'G'),
        ('\u{29c}', 'H'),
        ('\u{26a}', 'I'),
        ('\u{1d0a}', 'J'),
        ('\u{1d0b}', 'K'),
        ('\u{29f}', 'L'),
        ('\u{1d0d}', 'M'),
        ('\u{274}', 'N'),
        ('\u{1d0f}', 'O'),
        ('\u{1d18}', 'P'),
        ('\u{a7af}', 'Q'),
        ('\u{280}', 'R'),
        ('\u{a731}', 'S'),
        ('\u{1d1b}', 'T'),
        ('\u{1d1c}', 'U'),
        ('\u{1d20}', 'V'),
        ('\u{1d21}', 'W'),
        ('\u{28f}', 'Y'),
        ('\u{1d22}', 'Z'),
        ('\u{1d19}', 'R'),
    ];
    const ROWS: [u32; 4] = [0x1_f1e6, 0x1_f130, 0x1_f150, 0x1_f170];
    let code = u32::from(c);
    // Of the 36 digits the last 26 are the letters.
    let letter = ROWS.iter().find_map(|first| char::from_digit(code.checked_sub(*first)? + 10, 36));
    let small = || SMALL.iter().find(|(small, _)| *small == c).map(|(_, letter)| *letter);
    letter.map(|letter| letter.to_ascii_uppercase()).or_else(small)
}

/// The skeleton of a text without anything between its letters.
pub(super) fn squeezed(text: &str) -> String {
    glyphs(seen(text).0).iter().map(|glyph| glyph.c).collect()
}

/// The characters between two letters.
#[derive(Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own, and any of them may hold")]
struct Between {
    any: bool,
    not_tight: bool,
    blank: bool,
    dot: bool,
    lines: u32,
    count: u32,
    breaks: bool,
}

impl Between {
    fn add(&mut self, c: char) {
        // A bell or a backspace is seen nowhere.
        if c.is_control() && !c.is_whitespace() {
            return;
        }
        self.any = true;
        self.count += 1;
        match c {
            '_' | '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' => {}
            '\n' => {
                self.lines += 1;
                self.not_tight = true;
            }
            '.' | ':' | '/' | '\\' | '|' | '\u{b7}' | '\u{2022}' | '\u{2027}' | '\u{30fb}' => {
                self.dot = true;
                self.not_tight = true;
            }
            '*' | '`' | '~' | '+' | '>' | '#' => self.not_tight = true,
            _ if c.is_whitespace() => {
                self.blank = true;
                self.not_tight = true;
            }
            _ => self.breaks = true,
        }
    }

    fn gap(&self) -> Gap {
        const MOST: u32 = 24;
        if !self.any {
            Gap::None
        } else if !self.not_tight && !self.breaks && self.count <= 2 {
            Gap::Tight
        } else if self.breaks
            || self.lines > 1
            || self.count > MOST
            || (self.dot && (self.blank || self.lines > 0))
        {
            Gap::Break
        } else {
            Gap::Loose
        }
    }
}
