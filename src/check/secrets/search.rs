//! One file, piece by piece: its rules, its runs, and where they stand. Memory
//! does not depend on the length of the file.

use super::entropy::is_suspect;
use super::rules::{PRIVATE_KEY, REACH, Rules, Said};
use crate::code::Code;

/// Something that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) code: Code,
    /// What it is, never what it says.
    pub(super) what: &'static str,
    pub(super) at: u64,
    pub(super) line: u64,
    pub(super) column: u64,
    /// Nothing but its randomness speaks for it.
    pub(super) suspected: bool,
}

/// As many inserted rows are a dump.
const ROWS: usize = 20;
/// Bytes that are looked at together.
const BLOCK: usize = 512 << 10;
/// Findings of a kind that are kept.
const MOST: usize = 20;

/// A search through one file.
pub(super) struct Search<'r> {
    rules: &'r Rules,
    buffer: Vec<u8>,
    /// Where the buffer begins in the file.
    base: u64,
    /// How far in the buffer lines are counted, how many ended before, and where the
    /// next one begins in the file.
    counted: usize,
    lines: u64,
    line_start: u64,
    rows: usize,
    binary: bool,
    /// The run before the one where the buffer begins is a blob, or names one.
    blob: bool,
    found: Vec<Found>,
}

/// What the line before a private key has at most.
const ARMOUR: usize = 80;

impl<'r> Search<'r> {
    pub(super) fn new(rules: &'r Rules) -> Self {
        Self {
            rules,
            buffer: Vec::new(),
            base: 0,
            counted: 0,
            lines: 0,
            line_start: 0,
            rows: 0,
            binary: false,
            blob: false,
            found: Vec::new(),
        }
    }

    /// Takes the next piece.
    pub(super) fn push(&mut self, piece: &[u8]) {
        for part in piece.chunks(BLOCK) {
            self.buffer.extend_from_slice(part);
            if self.buffer.len() >= BLOCK {
                // What begins near the end is looked at with what follows.
                let settled = self.buffer.len() - REACH;
                self.look(settled);
                self.forget(settled);
            }
        }
    }

    /// What was found in all of it, in its order.
    pub(super) fn finish(mut self) -> Vec<Found> {
        self.look(self.buffer.len());
        self.found.sort_by_key(|found| found.at);
        self.found
    }

    /// Tells what begins within the first `settled` bytes of the buffer.
    fn look(&mut self, settled: usize) {
        let mut said: Vec<(usize, Said)> = Vec::new();
        let head = self.base == 0;
        if let Some(what) = archive(&self.buffer).filter(|_| head) {
            let one = Said { at: 0, code: Code::ArchiveUnsearched, what, rows: 0, secret: 0..0 };
            said.push((0, one));
        }
        self.rules.search(&self.buffer, head, &mut |one| {
            // The armour of a key and its first line are one key.
            let is_told = said.last().is_some_and(|(at, last): &(usize, Said)| {
                one.what == PRIVATE_KEY && last.what == one.what && one.at.saturating_sub(*at) < ARMOUR
            });
            if !is_told {
                said.push((one.at, one));
            }
        });
        self.binary |= memchr::memchr(0, self.buffer.get(..settled).unwrap_or_default()).is_some();
        said.extend(if self.binary { self.wide() } else { self.unescaped() });
        // What begins later is looked at again, with what follows it.
        said.retain(|(at, _)| *at < settled);
        if !self.binary {
            let what = "a run of characters as random as a key";
            said.extend(
                self.runs(settled)
                    .into_iter()
                    .map(|at| (at, Said { at, code: Code::SecretMaterial, what, rows: 0, secret: at..at })),
            );
        }
        said.sort_by_key(|(at, _)| *at);
        for (at, one) in said {
            if one.rows > 0 {
                let before = self.rows;
                self.rows += one.rows;
                if before >= ROWS || self.rows < ROWS {
                    continue;
                }
            }
            self.note(at, &one);
        }
    }

    /// What stands there once escapes of a string are what they stand for. Rows were
    /// counted before.
    fn unescaped(&self) -> Vec<(usize, Said)> {
        let Some((plain, places)) = unescaped(&self.buffer) else { return Vec::new() };
        let mut said = Vec::new();
        self.rules.search(&plain, false, &mut |one| {
            if let Some(at) = places.get(one.at).filter(|_| one.code == Code::SecretMaterial) {
                said.push((*at, one));
            }
        });
        said
    }

    /// What stands there in text of two bytes for each character.
    fn wide(&self) -> Vec<(usize, Said)> {
        let mut narrow = Vec::with_capacity(self.buffer.len() / 2);
        let mut places = Vec::with_capacity(self.buffer.len() / 2);
        for (at, byte) in self.buffer.iter().enumerate().filter(|(_, byte)| **byte != 0) {
            narrow.push(*byte);
            places.push(at);
        }
        // Where few bytes are zero there is no such text.
        if narrow.len() * 3 > self.buffer.len() * 2 {
            return Vec::new();
        }
        let mut said = Vec::new();
        self.rules.search(&narrow, false, &mut |one| {
            if let Some(at) = places.get(one.at) {
                said.push((*at, one));
            }
        });
        said
    }

    /// Where runs begin that are as random as a key. A run in a data address, a
    /// certificate or a long block is a blob and none.
    fn runs(&mut self, settled: usize) -> Vec<usize> {
        let is_run = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/=_-".contains(byte);
        let mut at = 0;
        let mut starts = Vec::new();
        for run in self.buffer.split(|byte| !is_run(byte)) {
            if at > settled {
                break;
            }
            // What stands first in a later block was seen whole in the one before, and
            // nothing stands within a CRLF.
            let begun = at == 0 && self.base > 0;
            let in_end = at.checked_sub(1).and_then(|from| self.buffer.get(from..=at)) == Some(b"\r\n");
            if !begun && !in_end {
                if !self.blob && is_suspect(run) {
                    starts.push(at);
                }
                self.blob = is_blob(run, self.blob);
            }
            at += run.len() + 1;
        }
        starts
    }

    /// Keeps what was found: one in its line, by the rule that knows it best, and a
    /// dump once, however many of its marks it shows.
    fn note(&mut self, at: usize, one: &Said) {
        self.count_to(at);
        let at = self.base + at as u64;
        let found = Found {
            code: one.code,
            what: one.what,
            at,
            line: self.lines + 1,
            column: at.saturating_sub(self.line_start) + 1,
            suspected: one.what.starts_with("a run"),
        };
        let is_dump = found.code == Code::DumpFile;
        let mut kept = self.found.iter_mut().filter(|kept| kept.code == found.code);
        if let Some(kept) = kept.find(|kept| is_dump || kept.line == found.line) {
            if kept.suspected && !found.suspected {
                *kept = found;
            }
            return;
        }
        // Many of a kind, and guesses most of all, hide none of another.
        let kind = |found: &Found| (found.code, found.suspected);
        if self.found.iter().filter(|kept| kind(kept) == kind(&found)).count() < MOST {
            self.found.push(found);
        }
    }

    /// Counts the lines up to there, which is no earlier than where they are counted.
    fn count_to(&mut self, at: usize) {
        let passed = self.buffer.get(self.counted..at).unwrap_or_default();
        self.lines += memchr::memchr_iter(b'\n', passed).count() as u64;
        if let Some(n) = memchr::memrchr(b'\n', passed) {
            self.line_start = self.base + (self.counted + n) as u64 + 1;
        }
        self.counted = at;
    }

    fn forget(&mut self, settled: usize) {
        self.count_to(settled);
        self.counted = 0;
        self.base += settled as u64;
        self.buffer.drain(..settled);
    }
}

/// Whether what follows a run is a part of a blob: `;base64,` and `-----BEGIN
/// CERTIFICATE-----` come before one, `SHA256:` before a digest, and lines of one length make a block.
fn is_blob(run: &[u8], in_blob: bool) -> bool {
    const NAMED: [&[u8]; 8] =
        [b"base64", b"sha1", b"sha256", b"sha384", b"sha512", b"md5", b"blake3", b"certificate-----"];
    NAMED.iter().any(|name| run.eq_ignore_ascii_case(name)) || (in_blob && run.len() >= 60) || run.len() > 128
}

/// What a file is by its first bytes when other files are packed into it.
fn archive(bytes: &[u8]) -> Option<&'static str> {
    const KINDS: [(&[u8], &str); 9] = [
        (b"PK\x03\x04", "a ZIP archive"),
        (b"\x1f\x8b\x08", "packed with gzip"),
        (b"BZh", "packed with bzip2"),
        (b"\xfd7zXZ\0", "packed with xz"),
        (b"\x28\xb5\x2f\xfd", "packed with Zstandard"),
        (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
        (b"Rar!\x1a\x07", "a RAR archive"),
        (b"\x04\x22\x4d\x18", "packed with LZ4"),
        (b"Salted__", "encrypted"),
    ];
    KINDS.iter().find(|(magic, _)| bytes.starts_with(magic)).map(|(_, what)| *what)
}

/// A text with the escapes of a string resolved, and where each byte of it stands;
/// `None` where it has none.
fn unescaped(bytes: &[u8]) -> Option<(Vec<u8>, Vec<usize>)> {
    let any =
        memchr::memchr_iter(b'\\', bytes).any(|at| resolved(bytes.get(at..).unwrap_or_default()).is_some());
    if !any {
        return None;
    }
    let (mut plain, mut places) = (Vec::with_capacity(bytes.len()), Vec::with_capacity(bytes.len()));
    let mut at = 0;
    while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
        let (byte, length) = resolved(rest).or_else(|| Some((*rest.first()?, 1)))?;
        plain.push(byte);
        places.push(at);
        at += length;
    }
    Some((plain, places))
}

/// The byte that an escape stands for, and how long it is: `\u0067`, `\x67`, `\/`, `\"`.
fn resolved(rest: &[u8]) -> Option<(u8, usize)> {
    let digits = match rest {
        [b'\\', b'u', b'0', b'0', digits @ ..] | [b'\\', b'x', digits @ ..] => digits,
        [b'\\', byte @ (b'/' | b'"' | b'\\'), ..] => return Some((*byte, 2)),
        _ => return None,
    };
    let [high, low] = *digits.first_chunk::<2>()?;
    let digit = |byte: u8| char::from(byte).to_digit(16);
    let byte = u8::try_from(digit(high)? * 16 + digit(low)?).ok().filter(u8::is_ascii)?;
    Some((byte, if rest.get(1) == Some(&b'u') { 6 } else { 4 }))
}

#[cfg(test)]
pub(super) mod tests;
