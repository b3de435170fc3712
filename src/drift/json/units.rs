//! The units of JSON string tokens that may be spelled in more than one way.
//!
//! A lenient scan: it survives comments, several values, stray quotation marks
//! and invalid UTF-8, and sees nothing outside string tokens. It reports
//! spans and never builds a value.

use memchr::memchr;

use super::super::recipe::{Edits, EditsBuilder};
use super::policy::Policy;
use crate::code::Code;

/// More units than that are not looked at.
const MOST_UNITS: usize = 1 << 22;

/// What a unit stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Value {
    Char(char),
    /// Half of a surrogate pair without the other: it has no spelling but an escape.
    Lone(u16),
}

/// How a unit is spelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Spelling {
    /// As the character itself.
    Raw,
    /// A backslash and one character.
    Short,
    /// `\u` with lower-case hex digits, or with digits alone.
    Lower,
    /// `\u` with an upper-case hex digit.
    Upper,
}

/// One character of a string token, or half a surrogate pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Unit {
    at: u32,
    pub(super) len: u8,
    pub(super) value: Value,
}

impl Unit {
    pub(super) fn at(&self) -> usize {
        self.at as usize
    }

    pub(super) fn end(&self) -> usize {
        self.at() + usize::from(self.len)
    }

    /// The bytes of the unit in the text it was found in.
    pub(super) fn of<'t>(&self, text: &'t [u8]) -> &'t [u8] {
        text.get(self.at()..self.end()).unwrap_or_default()
    }
}

/// Whether a byte of a string token may have another spelling.
fn is_special(byte: u8) -> bool {
    matches!(byte, b'\\' | b'/' | b'<' | b'>' | b'&' | b'\'' | b'=' | b'+' | b'`' | 0x7f..)
}

/// The spans between the quotation marks of every string token.
struct Strings<'t> {
    text: &'t [u8],
    at: usize,
}

impl Iterator for Strings<'_> {
    type Item = (usize, usize);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let rest = self.text.get(self.at..)?;
            let skip = rest.iter().position(|b| matches!(b, b'"' | b'/'))?;
            let start = self.at + skip + 1;
            match (rest.get(skip), rest.get(skip + 1)) {
                (Some(b'/'), Some(b'/')) => self.skip_past(start, b"\n"),
                (Some(b'/'), Some(b'*')) => self.skip_past(start + 1, b"*/"),
                (Some(b'/'), _) => self.at = start,
                _ => match end_of_string(self.text, start) {
                    Ok(end) => {
                        self.at = end + 1;
                        return Some((start, end));
                    }
                    // A quotation mark without another on its line begins no token.
                    Err(stop) => self.at = stop,
                },
            }
        }
    }
}

impl Strings<'_> {
    fn skip_past(&mut self, from: usize, what: &[u8]) {
        let rest = self.text.get(from..).unwrap_or_default();
        self.at = memchr::memmem::find(rest, what).map_or(self.text.len(), |i| from + i + what.len());
    }
}

/// The closing quotation mark of a string that begins at `start`, or where the line ends.
fn end_of_string(text: &[u8], start: usize) -> Result<usize, usize> {
    let mut at = start;
    loop {
        let rest = text.get(at..).unwrap_or_default();
        let Some(skip) = rest.iter().position(|b| matches!(b, b'"' | b'\\' | b'\n')) else {
            return Err(text.len());
        };
        at += skip;
        match rest.get(skip) {
            Some(b'"') => return Ok(at),
            Some(b'\\') if rest.get(skip + 1) != Some(&b'\n') => at = (at + 2).min(text.len()),
            Some(b'\\') => at += 1,
            _ => return Err(at),
        }
    }
}

/// Every unit that may have another spelling, by offset. `None` when there are too many.
pub(super) fn units(text: &[u8]) -> Option<Vec<Unit>> {
    let mut out = Vec::new();
    u32::try_from(text.len()).ok()?;
    for (start, end) in (Strings { text, at: 0 }) {
        let mut at = start;
        while let Some(rest) = text.get(at..end) {
            let Some(skip) = rest.iter().position(|b| is_special(*b)) else { break };
            let (len, value) = read(rest.get(skip..).unwrap_or_default());
            if let (Some(value), Ok(at)) = (value, u32::try_from(at + skip)) {
                if out.len() >= MOST_UNITS {
                    return None;
                }
                out.push(Unit { at, len, value });
            }
            at += skip + usize::from(len.max(1));
        }
    }
    Some(out)
}

/// The unit at the start of the inside of a string: its length and what it
/// stands for, if that is anything.
pub(super) fn read(inner: &[u8]) -> (u8, Option<Value>) {
    match inner {
        [] => (0, None),
        [b'\\', b'u', rest @ ..] => match (hex(rest), inner.get(6..)) {
            (Some(high @ 0xd800..=0xdbff), Some([b'\\', b'u', rest @ ..])) => match hex(rest) {
                Some(low @ 0xdc00..=0xdfff) => {
                    let c = char::decode_utf16([high, low]).next().and_then(Result::ok);
                    (12, c.map(Value::Char))
                }
                _ => (6, Some(Value::Lone(high))),
            },
            (Some(unit), _) => {
                (6, Some(char::from_u32(u32::from(unit)).map_or(Value::Lone(unit), Value::Char)))
            }
            (None, _) => (2, None),
        },
        [b'\\', short, ..] => (2, unescape(*short).map(Value::Char)),
        [b'\\'] => (1, None),
        [byte, ..] if byte.is_ascii() => (1, Some(Value::Char(char::from(*byte)))),
        _ => {
            let (c, len) = bstr::decode_utf8(inner);
            (u8::try_from(len).unwrap_or(1), c.map(Value::Char))
        }
    }
}

fn hex(digits: &[u8]) -> Option<u16> {
    let digits = digits.get(..4)?;
    if !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    u16::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

const SHORT: [(u8, char); 8] = [
    (b'"', '"'),
    (b'\\', '\\'),
    (b'/', '/'),
    (b'b', '\u{8}'),
    (b'f', '\u{c}'),
    (b'n', '\n'),
    (b'r', '\r'),
    (b't', '\t'),
];

fn unescape(letter: u8) -> Option<char> {
    SHORT.iter().find(|(short, _)| *short == letter).map(|(_, c)| *c)
}

/// How a unit is spelled.
pub(super) fn spelling(bytes: &[u8]) -> Spelling {
    match bytes {
        [b'\\', b'u', rest @ ..] => {
            let digits = |byte: &u8| byte.is_ascii_uppercase();
            if rest.iter().any(digits) { Spelling::Upper } else { Spelling::Lower }
        }
        [b'\\', ..] => Spelling::Short,
        _ => Spelling::Raw,
    }
}

/// Writes a unit in a spelling; nothing when it has no such spelling.
pub(super) fn spell(value: Value, spelling: Spelling, out: &mut Vec<u8>) {
    match (spelling, value) {
        (Spelling::Raw, Value::Char(c)) => out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
        (Spelling::Short, Value::Char(c)) => {
            if let Some((letter, _)) = SHORT.iter().find(|(_, known)| *known == c) {
                out.extend([b'\\', *letter]);
            }
        }
        (Spelling::Lower | Spelling::Upper, Value::Char(c)) => {
            for unit in c.encode_utf16(&mut [0; 2]) {
                push_hex(*unit, spelling == Spelling::Upper, out);
            }
        }
        (_, Value::Lone(unit)) => push_hex(unit, spelling == Spelling::Upper, out),
    }
}

fn push_hex(unit: u16, upper: bool, out: &mut Vec<u8>) {
    let digits: &[u8; 16] = if upper { b"0123456789ABCDEF" } else { b"0123456789abcdef" };
    out.extend_from_slice(b"\\u");
    for shift in [12, 8, 4, 0] {
        out.extend(digits.get(usize::from(unit >> shift & 0xf)));
    }
}

/// The units of a text as a policy spells them.
pub(super) fn respell(text: &[u8], units: &[Unit], policy: &Policy) -> Option<Edits> {
    let mut edits = EditsBuilder::new(Code::JsonEnsureAsciiDrift);
    let mut sealed = Vec::new();
    for unit in units {
        sealed.clear();
        policy.spell(unit.value, &mut sealed);
        edits.push(unit.at(), unit.of(text), &sealed);
    }
    edits.finish()
}

/// Whether two spellings, neither empty, stand for the same units.
pub(super) fn same_value(mut one: &[u8], mut other: &[u8]) -> bool {
    if one.is_empty() || other.is_empty() {
        return false;
    }
    while !one.is_empty() || !other.is_empty() {
        let ((skip, value), (other_skip, other_value)) = (read(one), read(other));
        if value.is_none() || value != other_value || is_bare(one) || is_bare(other) {
            return false;
        }
        one = one.get(usize::from(skip)..).unwrap_or_default();
        other = other.get(usize::from(other_skip)..).unwrap_or_default();
    }
    true
}

/// A byte that ends a string or may not stand in one.
fn is_bare(inner: &[u8]) -> bool {
    inner.first().is_some_and(|b| *b == b'"' || *b < 0x20)
}

/// Whether every replacement takes exactly one unit of a string token.
pub(super) fn are_units(text: &[u8], edits: &Edits) -> bool {
    let Some(units) = units(text) else { return false };
    let mut units = units.iter();
    edits.iter().all(|edit| units.any(|unit| unit.at() == edit.at && unit.of(text) == edit.found))
}

/// Whether the text has a string token with something to spell in another way.
pub(super) fn has_specials(text: &[u8]) -> bool {
    memchr(b'"', text).is_some() && text.iter().any(|b| is_special(*b))
}
