//! Digests of a document that no entry has taken. In a document with entries
//! each of them is reported: as an entry that was lost, or, where it is plainly
//! about something else, as a digest that belongs to no file.

use super::Reader;
use super::frame::{Frame, Slice};
use crate::code::Code;
use crate::json::Kind;
use crate::manifest::fields::{Field, is_digest_of_something, is_document_field, is_path_like};
use crate::manifest::shape::{Shape, read};
use crate::manifest::sink::shown;
use crate::manifest::token::{Rigour, Token, longest_hex_run};

/// What a string with a digest in it looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Likeness {
    /// A digest and nothing else.
    Digest,
    /// A digest and a name, like a line of a text manifest.
    Line,
    /// A text or an address that holds a digest.
    Text,
}

/// A string with a digest in it, in the container that it stands in.
#[derive(Clone, Copy)]
pub(super) struct Seen {
    key: Option<Slice>,
    value: Slice,
    likeness: Likeness,
}

/// What may belong to no entry.
#[derive(Clone, Copy)]
struct Stray {
    at: Slice,
    key: Option<Slice>,
    kind: Loss,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Loss {
    /// A digest where entries stand.
    Entry,
    /// A digest of something else.
    Other,
    /// An object with a path and without a digest.
    NoDigest,
}

/// All of them, and what was taken or reported already.
#[derive(Default)]
pub(super) struct Ledger {
    strays: Vec<Stray>,
    taken: Vec<u32>,
    covered: Vec<Slice>,
}

impl Ledger {
    /// An entry has this digest.
    pub(super) fn take(&mut self, digest: Slice) {
        self.taken.push(digest.start);
    }

    /// Everything in this range was reported.
    pub(super) fn cover(&mut self, range: Slice) {
        self.covered.push(range);
    }

    /// An object with a path and without a digest.
    pub(super) fn no_digest(&mut self, object: Slice) {
        self.strays.push(Stray { at: object, key: None, kind: Loss::NoDigest });
    }

    /// What nobody has taken or reported, in the order of the document.
    fn lost(mut self) -> Vec<Stray> {
        self.taken.sort_unstable();
        self.covered.sort_unstable_by_key(|range| range.start);
        self.strays.sort_unstable_by_key(|stray| stray.at.start);
        let mut covered = self.covered.into_iter().peekable();
        let mut until = 0;
        self.strays.retain(|stray| {
            while let Some(range) = covered.next_if(|range| range.start <= stray.at.start) {
                until = until.max(range.end);
            }
            stray.at.start >= until && self.taken.binary_search(&stray.at.start).is_err()
        });
        self.strays
    }
}

impl Reader<'_> {
    /// Looks at a value: whether it holds a digest.
    pub(super) fn look(&mut self, key: Option<Slice>, kind: Kind, value: Slice) {
        let likeness = if kind == Kind::String { self.likeness(key, value) } else { None };
        let Some(frame) = self.frames.last_mut() else { return };
        match likeness {
            Some(likeness) => frame.seen.push(Seen { key, value, likeness }),
            None => frame.texts = true,
        }
        // `"b.txt": "0f3a9"`: what is left of a digest.
        let digits = self.inner(value);
        let cut = kind == Kind::String && digits.len() >= 5 && digits.iter().all(u8::is_ascii_hexdigit);
        // A name with nothing for it: `"c.txt": null`, `"c.txt": ""`.
        let empty = kind == Kind::Null || (kind == Kind::String && digits.is_empty());
        let named = || key.is_some_and(|key| is_path_like(&self.name(key)));
        // A digit too few, too many or mistyped is a digest still, under whatever name.
        let almost = kind == Kind::String && is_almost_digest(digits);
        if likeness.is_none() && (almost || ((cut || empty) && named())) {
            self.loose.no_digest(value);
        }
    }

    /// A member's name that is itself a digest.
    pub(super) fn look_at_key(&mut self, key: Slice) {
        if self.likeness(None, key) == Some(Likeness::Digest)
            && let Some(frame) = self.frames.last_mut()
        {
            frame.seen.push(Seen { key: None, value: key, likeness: Likeness::Digest });
        }
    }

    fn likeness(&self, key: Option<Slice>, value: Slice) -> Option<Likeness> {
        if self.inner(value).len() < 32 {
            return None;
        }
        let text = self.string(value)?;
        let longest = longest_hex_run(&text);
        if longest < 32 {
            return None;
        }
        let digits = text.trim_ascii();
        let digits = digits.rsplit(|b| !b.is_ascii_alphanumeric()).next().unwrap_or_default();
        let is_digest = digits.iter().all(u8::is_ascii_hexdigit)
            && match digits.len() {
                64 | 96 | 128 => true,
                32 | 40 | 56 => key.is_some_and(|key| self.is_digest_like(key)),
                _ => false,
            };
        let before = text.trim_ascii();
        let before = before.get(..before.len().saturating_sub(digits.len())).unwrap_or_default();
        if is_digest && !before.iter().any(|b| matches!(b, b' ' | b'\t' | b'/' | b'@' | b'\n')) {
            // `b.txt: HEX` is a name with its digest, `sha256:HEX` a digest.
            let named = before.split_last().is_some_and(|(_, name)| is_path_like(name));
            return Some(if named { Likeness::Line } else { Likeness::Digest });
        }
        if text.split(|b| matches!(b, b'\n' | b'\r')).any(is_line) {
            return Some(Likeness::Line);
        }
        text.split(|b| !b.is_ascii_hexdigit())
            .any(|run| matches!(run.len(), 64 | 96 | 128))
            .then_some(Likeness::Text)
    }

    fn is_digest_like(&self, key: Slice) -> bool {
        let name = self.name(key);
        let lower = name.to_ascii_lowercase();
        matches!(Field::of(&name), Some(Field::Digest(_)))
            || [&b"hash"[..], b"digest", b"checksum", b"sha1", b"sha256", b"sha384", b"sha512", b"md5"]
                .iter()
                .any(|word| memchr::memmem::find(&lower, word).is_some())
    }

    /// Decides what the digests of a closed container are, should no entry take them.
    pub(super) fn settle(&mut self, frame: &Frame, entry: bool, mapped: bool) {
        for seen in &frame.seen {
            let other = match seen.likeness {
                Likeness::Line => false,
                Likeness::Text => true,
                Likeness::Digest => self.is_other(seen, frame, entry, mapped),
            };
            let kind = if other { Loss::Other } else { Loss::Entry };
            let key = seen.key.or(frame.key);
            self.loose.strays.push(Stray { at: seen.value, key, kind });
        }
    }

    /// Whether a digest is plainly about something else than a file of the list.
    fn is_other(&self, seen: &Seen, frame: &Frame, entry: bool, mapped: bool) -> bool {
        let outermost = self.frames.is_empty();
        let container = || frame.key.or_else(|| self.frames.iter().rev().find_map(|frame| frame.key));
        let Some(key) = seen.key else {
            // Names beside digests make pairs of them.
            let name = container().filter(|_| !frame.texts && !frame.object).map(|key| self.name(key));
            return name.is_some_and(|name| !is_path_like(&name) && is_document_field(&name));
        };
        let name = self.name(key);
        let bare = matches!(Field::of(&name), Some(Field::Digest(_)));
        if is_path_like(&name) || seen.value == key {
            false
        } else if mapped {
            outermost && !bare && is_document_field(&name)
        } else if bare {
            outermost || container().is_some_and(|key| is_document_field(&self.name(key)))
        } else {
            is_document_field(&name)
                || (is_digest_of_something(&name) && (!entry || self.is_digest_like(key)))
        }
    }

    /// Reports what no entry has taken, when the document has entries.
    pub(super) fn report_loose(&mut self) {
        let ledger = std::mem::take(&mut self.loose);
        if self.sink.entries.is_empty() && self.sink.unverified.is_empty() && self.sink.refused == 0 {
            return;
        }
        let mut others: Vec<Stray> = Vec::new();
        let mut count = 0u64;
        for stray in ledger.lost() {
            match stray.kind {
                Loss::NoDigest => self.no_entry(stray.at),
                Loss::Entry => self.lost_entry(&stray),
                Loss::Other => {
                    count += 1;
                    if others.len() < 4 {
                        others.push(stray);
                    }
                }
            }
        }
        if let Some(first) = others.first() {
            let mut names: Vec<String> =
                others.iter().filter_map(|stray| stray.key).map(|key| shown(&self.name(key))).collect();
            names.dedup();
            let under = if names.is_empty() { String::new() } else { format!(": {}", names.join(", ")) };
            let more = if count > others.len() as u64 { ", \u{2026}" } else { "" };
            let what =
                if count == 1 { "1 digest belongs".to_owned() } else { format!("{count} digests belong") };
            self.sink.problem(
                Code::ManifestOtherDigest,
                first.at.range(),
                || format!("{what} to no file of the list, and nothing was compared with it{under}{more}"),
                || {
                    "nothing, if no file is meant; otherwise give the file an entry with its path and SHA-256"
                        .to_owned()
                },
            );
        }
    }

    fn lost_entry(&mut self, stray: &Stray) {
        let under = stray.key.map_or(String::new(), |key| format!(" under {}", shown(&self.name(key))));
        self.sink.problem(
            Code::MalformedLine,
            stray.at.range(),
            || format!("the digest{under} stands beside the entries and belongs to none of them"),
            || "give the file an entry like the others, with its path and its SHA-256, or leave the digest out".to_owned(),
        );
    }
}

/// Whether a text reads like a line of a manifest.
fn is_line(line: &[u8]) -> bool {
    let starts = [Shape::Sha256sum, Shape::Sized, Shape::Bsd, Shape::HashTable];
    starts.into_iter().any(|shape| read(shape, line, Rigour::Evidence).is_some())
        || [Shape::NameFirst, Shape::NameColumns].into_iter().any(|shape| {
            read(shape, line, Rigour::Evidence)
                .is_some_and(|reading| is_path_like(reading.name) || !reading.name.contains(&b' '))
        })
        || Token::read(line, Rigour::Evidence).is_some_and(|token| token.digits.len() > 128)
}
/// Whether the text is a SHA-256 but for a few digits: too short, too long, or
/// with up to two that are none.
fn is_almost_digest(text: &[u8]) -> bool {
    let digits = text.rsplit(|&b| b == b':').next().unwrap_or_default();
    let wrong = digits.iter().filter(|b| !b.is_ascii_hexdigit()).count();
    (58..=70).contains(&digits.len()) && wrong <= 2 && (digits.len() != 64 || wrong > 0)
}
