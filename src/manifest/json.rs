//! JSON manifests: objects that carry a path and a digest, and maps from path
//! to digest, at any depth of the document.
//!
//! One pass over the tokens with a stack of open containers; what an object is
//! gets decided when it closes. Names of members are checked for duplicates in
//! every object, so that no reader can see another document than this one.

mod frame;
mod map;
mod origin;

use frame::{Digits, Frame, Member, Slice};

use super::fields::Field;
use super::input::Text;
use super::locate::Locator;
use super::sink::{Found, Sink, shown};
use super::token::{Rigour, Token as DigestToken};
use super::{Format, Manifest, NotAManifest, Options, parse};
use crate::code::Code;
use crate::json::{Kind, Token, Tokens, decode};
use crate::path::{Backslash, BytePath};

/// Reads a document.
pub(super) fn read(text: &Text<'_>, options: &Options<'_>) -> Result<Manifest, NotAManifest> {
    let bytes: &[u8] = &text.bytes;
    if u32::try_from(bytes.len()).is_err() {
        return Err(NotAManifest::TooLarge("the document has more than 4 GiB of text".to_owned()));
    }
    let valid = std::str::from_utf8(bytes).map_err(|error| {
        let at = error.valid_up_to();
        text.broken(at..at + 1, "the JSON is not valid UTF-8")
    })?;
    let locator = Locator::new(valid);
    let mut sink = Sink::new(text, options.limits, 0);
    sink.by_offset(&locator);
    let mut reader = Reader::new(bytes, sink);
    for token in Tokens::with_depth(bytes, options.limits.depth) {
        let token = token.map_err(|error| {
            let end = (error.at + 1).min(bytes.len());
            text.broken(error.at..end, &format!("the JSON is broken: {error}"))
        })?;
        reader.token(token)?;
    }
    reader.finish(options.format)
}

/// The document so far.
struct Reader<'t> {
    bytes: &'t [u8],
    sink: Sink<'t>,
    frames: Vec<Frame>,
    origins: origin::Origins<'t>,
    keys: std::hash::RandomState,
    /// Members remembered in open objects.
    live: usize,
    /// Entries from objects, and from maps.
    from_lists: u64,
    from_maps: u64,
    /// Digests that cannot well be anything else.
    evidence: u64,
    /// Anything in it that is not an empty container.
    content: bool,
}

impl<'t> Reader<'t> {
    fn new(bytes: &'t [u8], sink: Sink<'t>) -> Self {
        Self {
            bytes,
            sink,
            frames: Vec::new(),
            origins: origin::Origins::default(),
            keys: std::hash::RandomState::new(),
            live: 0,
            from_lists: 0,
            from_maps: 0,
            evidence: 0,
            content: false,
        }
    }

    fn raw(&self, slice: Slice) -> &'t [u8] {
        self.bytes.get(slice.range()).unwrap_or_default()
    }

    /// The text between a string token's quotation marks, escapes resolved.
    fn string(&self, slice: Slice) -> Option<std::borrow::Cow<'t, [u8]>> {
        Some(match decode(self.raw(slice))? {
            std::borrow::Cow::Borrowed(text) => std::borrow::Cow::Borrowed(text.as_bytes()),
            std::borrow::Cow::Owned(text) => std::borrow::Cow::Owned(text.into_bytes()),
        })
    }

    /// The text between the quotation marks as it is written.
    fn inner(&self, slice: Slice) -> &'t [u8] {
        let raw = self.raw(slice);
        raw.strip_prefix(b"\"").and_then(|raw| raw.strip_suffix(b"\"")).unwrap_or(raw)
    }

    fn field(&self, key: Slice) -> Option<Field> {
        Field::of(&self.string(key)?)
    }

    fn token(&mut self, token: Token) -> Result<(), NotAManifest> {
        let slice = Slice::of(token);
        match token.kind {
            Kind::ObjectStart | Kind::ArrayStart => {
                let key = self.frames.last_mut().and_then(|frame| frame.pending.take());
                self.frames.push(Frame::new(token.kind == Kind::ObjectStart, key, slice.start));
            }
            Kind::Key => self.key(slice)?,
            Kind::ObjectEnd | Kind::ArrayEnd => {
                if let Some(mut frame) = self.frames.pop() {
                    frame.span.end = slice.end;
                    self.live = self.live.saturating_sub(frame.keys.len());
                    self.close(frame)?;
                }
            }
            kind => self.scalar(kind, slice),
        }
        Ok(())
    }

    fn key(&mut self, key: Slice) -> Result<(), NotAManifest> {
        use std::hash::BuildHasher;
        self.live += 1;
        if self.live > self.sink.limits.entries.saturating_mul(2) {
            return Err(NotAManifest::TooLarge(format!(
                "the document's objects have more than {} members",
                self.sink.limits.entries.saturating_mul(2)
            )));
        }
        let name = self.string(key);
        let hash = self.keys.hash_one(name.as_deref().unwrap_or_else(|| self.raw(key)));
        if let Some(frame) = self.frames.last_mut() {
            frame.keys.push((hash, key));
            frame.pending = Some(key);
        }
        Ok(())
    }

    /// A value that is no container.
    fn scalar(&mut self, kind: Kind, value: Slice) {
        self.content = true;
        let Some(key) = self.frames.last_mut().and_then(|frame| frame.pending.take()) else {
            if let Some(frame) = self.frames.last_mut() {
                frame.leave(value);
            }
            return;
        };
        let field = self.field(key);
        let digest = kind == Kind::String && DigestToken::read(self.inner(value), Rigour::Evidence).is_some();
        self.evidence += u64::from(digest);
        if kind == Kind::String && self.inner(key) == b"per_file_hashes" && !digest {
            self.delegate(value);
            return;
        }
        let Some(frame) = self.frames.last_mut() else { return };
        let member = Member { key, value };
        match field {
            Some(Field::Path(rank)) if kind == Kind::String => frame.offer_path(rank, member),
            Some(Field::Digest(named)) if kind == Kind::String => {
                frame.digests.push(Digits { member, named, evident: digest });
            }
            Some(Field::Size) if !digest => {
                if kind != Kind::Null {
                    frame.sizes.push(member);
                }
            }
            Some(Field::ByReference) if !digest => frame.by_reference = kind == Kind::True,
            Some(Field::Algorithm) if !digest => frame.algorithm = Some(value),
            _ if digest => frame.candidates.push(frame::Candidate::plain(member)),
            _ => frame.others.push(member),
        }
    }

    /// `per_file_hashes` names the text manifest that lists the files.
    fn delegate(&mut self, value: Slice) {
        let name = self.string(value).unwrap_or_else(|| self.inner(value).into());
        match BytePath::parse(&name, Backslash::Refuse) {
            Ok(path) => self.sink.delegates_to.push(path),
            Err(error) => {
                let code = if error.escapes() { Code::PathTraversal } else { Code::BadPath };
                self.sink.refuse(
                    code,
                    value.range(),
                    &name,
                    None,
                    || format!("the manifest {} that the document names is refused: {error}", shown(&name)),
                    || "name a manifest in the document's own folder or below it".to_owned(),
                );
            }
        }
    }

    /// Decides what a container was, once all of it is known.
    fn close(&mut self, mut frame: Frame) -> Result<(), NotAManifest> {
        let entry = frame.object && self.object(&mut frame)?;
        let mapped = frame.object && !entry && self.map(&mut frame)?;
        if frame.object {
            self.duplicate_keys(&mut frame, mapped);
        }
        self.left_out(&frame, mapped);
        let inside = entry || mapped || frame.inside;
        let Some(parent) = self.frames.last_mut() else { return Ok(()) };
        parent.inside |= inside;
        parent.entries |= entry;
        self.hand_up(&frame, inside);
        Ok(())
    }

    /// An object with a path and a digest of its own is an entry, or one for each algorithm.
    fn object(&mut self, frame: &mut Frame) -> Result<bool, NotAManifest> {
        let Some((_, path)) = frame.path else { return Ok(false) };
        frame.digests.retain(|digits| digits.evident || digits.named.is_some());
        if frame.digests.is_empty() {
            return Ok(false);
        }
        self.entries(frame, path.value, None)?;
        self.from_lists += 1;
        Ok(true)
    }

    /// Stores what an object says about one name.
    fn entries(&mut self, frame: &Frame, name: Slice, keyed: Option<Slice>) -> Result<(), NotAManifest> {
        let whole = keyed.map_or(frame.span, |key| Slice { start: key.start, end: frame.span.end });
        let size = self.size(frame);
        let algorithm = frame.algorithm.and_then(|value| super::token::Named::from_name(self.inner(value)));
        let mut stored: Vec<DigestToken<'_>> = Vec::new();
        for digits in &frame.digests {
            let value = digits.member.value;
            let token =
                DigestToken::split_prefix(self.inner(value)).or_named(digits.named).or_named(algorithm);
            if let Some(same) = stored.iter().find(|same| same.digits.len() == token.digits.len()) {
                if !same.digits.eq_ignore_ascii_case(token.digits) {
                    self.sink.problem(
                        Code::MalformedLine,
                        value.range(),
                        || "the object gives two digests of one length for one file".to_owned(),
                        || "leave one digest for each algorithm in the object".to_owned(),
                    );
                }
                continue;
            }
            stored.push(token);
            self.store(name, token, value, whole, size, frame.by_reference)?;
            self.origins.add(&origin::Source {
                container: self.container(),
                path: frame.path.filter(|_| keyed.is_none()).map(|(_, path)| self.inner(path.key)),
                digest: Some(self.inner(digits.member.key)),
                size: frame.sizes.first().map(|size| self.inner(size.key)),
            });
        }
        Ok(())
    }

    fn store(
        &mut self,
        name: Slice,
        token: DigestToken<'t>,
        digest_at: Slice,
        whole: Slice,
        size: Option<u64>,
        by_reference: bool,
    ) -> Result<(), NotAManifest> {
        let Some(decoded) = self.string(name) else {
            let raw = self.inner(name);
            self.sink.refuse(
                Code::BadPath,
                name.range(),
                raw,
                None,
                || format!("the name {} is refused: it holds half of a surrogate pair", shown(raw)),
                || "write the name as UTF-8".to_owned(),
            );
            return Ok(());
        };
        self.sink.entry(&Found {
            whole: whole.range(),
            name: decoded,
            name_at: name.range(),
            backslash: Backslash::Refuse,
            token,
            digest_at: digest_at.range(),
            size,
            by_reference,
        })
    }

    /// The length an object gives; one that is no number of bytes, or a second
    /// one that differs, is a problem.
    fn size(&mut self, frame: &Frame) -> Option<u64> {
        let mut size = None;
        for member in &frame.sizes {
            let read = super::text::length(self.inner(member.value))
                .filter(|_| !self.inner(member.value).is_empty());
            if read.is_none() || size.is_some_and(|size| Some(size) != read) {
                self.sink.problem(
                    Code::MalformedLine,
                    member.value.range(),
                    || "the object's length is not one whole number of bytes".to_owned(),
                    || "write the length in bytes as a plain number, once".to_owned(),
                );
            }
            size = size.or(read);
        }
        size
    }

    /// The name under which the open containers stand.
    fn container(&self) -> &'t [u8] {
        let key = self.frames.iter().rev().find_map(|frame| frame.key);
        key.map_or(b"", |key| self.inner(key))
    }

    fn finish(mut self, forced: Option<Format>) -> Result<Manifest, NotAManifest> {
        self.origins.report(&mut self.sink);
        if self.evidence == 0 && self.sink.delegates_to.is_empty() && self.sink.entries.is_empty() {
            return Err(if self.content {
                NotAManifest::NoEntries("it is a JSON document without paths and digests".to_owned())
            } else {
                NotAManifest::Empty
            });
        }
        self.sink.entries.sort_by_key(|entry| entry.place.span.start);
        let found = if self.from_maps > self.from_lists { Format::JsonMap } else { Format::JsonList };
        parse::finish(forced.unwrap_or(found), self.sink)
    }
}

#[cfg(test)]
mod tests;
