//! Objects that are maps from path to digest, and what a container leaves out.

use std::borrow::Cow;

use super::frame::{Candidate, Frame, Inner, Member, Slice};
use super::{Reader, origin};
use crate::code::Code;
use crate::manifest::NotAManifest;
use crate::manifest::fields::{Field, is_digest_of_something, is_document_field, is_metadata, is_path_like};
use crate::manifest::sink::shown;
use crate::manifest::token::{Named, Rigour, Token};

/// Words in a member's name which say that a map of digests stands under it.
const CONTAINERS: [&[u8]; 9] =
    [b"file", b"hash", b"digest", b"checksum", b"sha256", b"sha512", b"artifact", b"entries", b"manifest"];

impl Reader<'_> {
    /// Decides whether an object is a map from path to digest, and stores its entries.
    pub(super) fn map(&mut self, frame: &mut Frame) -> Result<bool, NotAManifest> {
        self.path_that_is_a_digest(frame);
        if !self.is_map(frame) {
            return Ok(false);
        }
        let outermost = self.frames.is_empty();
        // In a map of entries `hash` and `sum` are files like any other.
        let digests = frame.digests.drain(..).map(|digits| Candidate::plain(digits.member));
        frame.candidates.extend(digests);
        frame.candidates.sort_by_key(|candidate| candidate.key.start);
        if frame.candidates.len() <= self.sink.limits.entries {
            self.sink.entries.reserve_exact(frame.candidates.len());
        }
        for candidate in &frame.candidates {
            let name = self.name(candidate.key);
            if outermost && !is_path_like(&name) && is_document_field(&name) {
                continue;
            }
            self.candidate(candidate, frame)?;
        }
        Ok(true)
    }

    /// `{"file": HEX, "other": HEX}`: the first is an entry for a file called `file`.
    fn path_that_is_a_digest(&self, frame: &mut Frame) {
        if let Some((_, member)) = frame.path
            && frame.digests.is_empty()
            && Token::read(self.inner(member.value), Rigour::Evidence).is_some()
        {
            frame.path = None;
            frame.candidates.push(Candidate::plain(member));
        }
    }

    pub(super) fn name(&self, key: Slice) -> Cow<'_, [u8]> {
        self.string(key).unwrap_or_else(|| Cow::Borrowed(self.inner(key)))
    }

    fn is_map(&self, frame: &Frame) -> bool {
        let all = frame.candidates.len();
        let (mut path_like, mut of_something) = (0, 0);
        for candidate in &frame.candidates {
            let name = self.name(candidate.key);
            path_like += usize::from(is_path_like(&name));
            of_something += usize::from(is_digest_of_something(&name));
        }
        if path_like > 0 && path_like * 2 >= all - of_something.min(all) {
            return true;
        }
        if self.frames.is_empty() {
            return all > 0 && all == frame.keys.len() && of_something == 0;
        }
        let lower = frame.key.map(|key| self.name(key).to_ascii_lowercase()).unwrap_or_default();
        let says_so = CONTAINERS.iter().any(|word| lower.windows(word.len()).any(|window| window == *word));
        all > 0 && of_something * 2 <= all && says_so
    }

    fn candidate(&mut self, candidate: &Candidate, frame: &Frame) -> Result<(), NotAManifest> {
        self.from_maps += 1;
        let whole = Slice { start: candidate.key.start, end: candidate.value.end };
        let container = match frame.key {
            Some(key) => self.inner(key),
            None => self.container(),
        };
        let Some(inner) = &candidate.inner else {
            self.loose.take(candidate.value);
            let token = Token::split_prefix(self.inner(candidate.value));
            let named = frame.key.and_then(|key| match self.field(key) {
                Some(Field::Digest(named)) => named,
                _ => None,
            });
            self.store(candidate.key, token.or_named(named), candidate.value, whole, None, false)?;
            self.origins.add(&origin::Source { container, path: None, digest: None, size: None });
            return Ok(());
        };
        let mut single = Frame::new(true, None, candidate.value.start);
        single.span = candidate.value;
        single.digests.clone_from(&inner.digits);
        single.sizes.clone_from(&inner.sizes);
        single.algorithm = inner.algorithm;
        single.by_reference = inner.by_reference;
        self.entries(&single, candidate.key, Some(candidate.key))
    }

    /// Tells the parent what a closed container was, when it was no entry.
    pub(super) fn hand_up(&mut self, frame: &Frame, inside: bool) {
        let evident = frame.digests.iter().any(|digits| digits.evident);
        let container_of_digests = frame.key.and_then(|key| self.string(key)).is_some_and(|key| {
            matches!(key.as_ref(), b"hashes" | b"digests" | b"checksums" | b"digest" | b"hash" | b"checksum")
        });
        let field = frame.key.and_then(|key| self.field(key));
        let nested = self.frames.len() > 1;
        let file = frame.digest_key && !evident && frame.key.is_some_and(|key| is_path_like(&self.name(key)));
        if !inside && (file || frame.path.is_some_and(|(rank, _)| rank <= 2 || frame.digest_key)) {
            self.loose.no_digest(frame.span);
        }
        let Some(parent) = self.frames.last_mut() else { return };
        parent.texts = true;
        if inside {
            return;
        }
        match (frame.key, evident) {
            (Some(_), true) if frame.object && container_of_digests && frame.path.is_none() => {
                parent.digests.extend(frame.digests.iter().filter(|digits| digits.evident));
            }
            (Some(key), true) if frame.object && frame.path.is_none() => {
                self.member_with_digests(frame, key);
            }
            (Some(key), _) => {
                let member = Member { key, value: frame.span };
                let misfit = matches!(field, Some(Field::Digest(_) | Field::Size));
                if misfit && parent.object {
                    parent.misfits.push(member);
                } else if frame.path.is_some_and(|(rank, _)| rank <= 2 || frame.digest_key || nested) {
                    parent.leave(frame.span);
                } else {
                    parent.others.push(member);
                }
            }
            (None, _) => parent.leave(frame.span),
        }
    }

    /// `"path": {"sha256": HEX, "sha512": HEX, "size": 1}`.
    fn member_with_digests(&mut self, frame: &Frame, key: Slice) {
        let Some(parent) = self.frames.last_mut() else { return };
        let inner = Inner {
            digits: frame
                .digests
                .iter()
                .filter(|digits| digits.evident || digits.named.is_some())
                .copied()
                .collect(),
            sizes: frame.sizes.clone(),
            algorithm: frame.algorithm,
            by_reference: frame.by_reference,
        };
        parent.candidates.push(Candidate { key, value: frame.span, inner: Some(Box::new(inner)) });
    }

    /// Reports names that an object has twice. Two entries of a map are left to
    /// the comparison of all paths.
    pub(super) fn duplicate_keys(&mut self, frame: &mut Frame, mapped: bool) {
        frame.keys.sort_unstable_by_key(|(hash, key)| (*hash, key.start));
        let mut twice: Vec<(Slice, Slice)> = Vec::new();
        for same in frame.keys.chunk_by(|a, b| a.0 == b.0) {
            if let [(_, first), later @ ..] = same {
                let alike = later.iter().filter(|(_, key)| self.name(*first) == self.name(*key));
                twice.extend(alike.map(|(_, key)| (*first, *key)));
            }
        }
        twice.sort_unstable_by_key(|pair| pair.1.start);
        let is_entry = |frame: &Frame, key: Slice| {
            mapped && frame.candidates.binary_search_by_key(&key.start, |c| c.key.start).is_ok()
        };
        for (first, later) in twice {
            if is_entry(frame, first) && is_entry(frame, later) {
                continue;
            }
            let line = self.sink.place(first.range()).line;
            let name = self.name(later).into_owned();
            self.sink.problem(
                Code::MalformedLine,
                later.range(),
                || format!("the object has the member {} twice, first on line {line}", shown(&name)),
                || "keep one of the two: programs differ in which one they read".to_owned(),
            );
        }
    }

    /// Reports what stands beside entries and is none.
    pub(super) fn left_out(&mut self, frame: &Frame, entry: bool, mapped: bool) {
        if frame.entries {
            for &value in &frame.bare {
                self.no_entry(value);
            }
            // More than are remembered are more than are listed.
            self.sink.problems.only_count(Code::MalformedLine, frame.bare_count - frame.bare.len() as u64);
        }
        if entry {
            for member in &frame.misfits {
                self.misfit(*member);
            }
        }
        if mapped {
            let outermost = self.frames.is_empty();
            let fields =
                frame.path.iter().map(|(_, member)| member).chain(&frame.sizes).chain(&frame.misfits);
            for member in frame.others.iter().chain(fields) {
                if !self.may_be_in_map(*member, outermost) {
                    self.no_digest(*member);
                }
            }
            let named = |member: &&Member| Named::from_name(self.inner(member.value)).is_none();
            if let Some(member) = frame.algorithm.as_ref().filter(named) {
                self.no_digest(*member);
            }
        } else if frame.entries && frame.object && !self.frames.is_empty() {
            for member in &frame.others {
                let value = self.inner(member.value);
                if self.is_nothing(member.value) || value.starts_with(b"{") || is_path_like(value) {
                    self.no_digest(*member);
                }
            }
        }
    }

    /// Whether a map of entries may have a member that is none: a remark, or in
    /// the document itself a field that tells of the document.
    fn may_be_in_map(&self, member: Member, outermost: bool) -> bool {
        let name = self.name(member.key);
        if is_path_like(&name) || self.is_nothing(member.value) {
            return false;
        }
        let remark = name.first().is_some_and(|b| matches!(b, b'_' | b'$' | b'#' | b'@'));
        remark || (outermost && is_metadata(&name))
    }

    /// `null`, or an empty string or container.
    fn is_nothing(&self, value: Slice) -> bool {
        let raw = self.raw(value);
        let inner = raw.get(1..raw.len().saturating_sub(1)).unwrap_or_default();
        raw == b"null" || (!raw.first().is_some_and(u8::is_ascii_digit) && inner.trim_ascii().is_empty())
    }

    fn no_digest(&mut self, member: Member) {
        let whole = Slice { start: member.key.start, end: member.value.end };
        self.loose.cover(whole);
        let name = self.name(member.key).into_owned();
        self.sink.problem(
            Code::MalformedLine,
            whole.range(),
            || format!("the member {} has no digest, though others beside it have", shown(&name)),
            || "write the file's SHA-256 as 64 hexadecimal digits, or leave the member out".to_owned(),
        );
    }

    fn misfit(&mut self, member: Member) {
        let whole = Slice { start: member.key.start, end: member.value.end };
        self.loose.cover(whole);
        let name = self.name(member.key).into_owned();
        self.sink.problem(
            Code::MalformedLine,
            whole.range(),
            || format!("the member {} of an entry is neither a digest nor a length", shown(&name)),
            || "write a digest as a string of hexadecimal digits, and a length as a plain number".to_owned(),
        );
    }

    pub(super) fn no_entry(&mut self, value: Slice) {
        self.loose.cover(value);
        self.sink.problem(
            Code::MalformedLine,
            value.range(),
            || "this element has no path or no digest, though others in the list have both".to_owned(),
            || "give it a path and the file's SHA-256 as 64 hexadecimal digits, or leave it out".to_owned(),
        );
    }
}
