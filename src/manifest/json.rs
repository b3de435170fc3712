//! JSON manifests: objects that carry a path and a digest, and maps from path
//! to digest, at any depth of the document.
//!
//! One pass over the tokens with a stack of open containers; what an object is
//! gets decided when it closes. Names of members are checked for duplicates in
//! every object, so that no reader can see another document than this one.

mod delegate;
mod entry;
mod frame;
mod loose;
mod map;
mod origin;

use frame::{Digits, Frame, Member, Slice};

use super::fields::Field;
use super::input::Text;
use super::locate::Locator;
use super::sink::Sink;
use super::token::{Rigour, Token as DigestToken};
use super::{Format, Manifest, NotAManifest, Options, parse};
use crate::json::{Kind, Token, Tokens, decode};

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
    /// Digests and objects that may turn out to belong to no entry.
    loose: loose::Ledger,
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
            loose: loose::Ledger::default(),
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
        self.look_at_key(key);
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
        let key = self.frames.last_mut().and_then(|frame| frame.pending.take());
        let digest = kind == Kind::String && DigestToken::read(self.inner(value), Rigour::Evidence).is_some();
        if !digest && self.delegates(key, kind, value) {
            return;
        }
        self.look(key, kind, value);
        let Some(key) = key else {
            if let Some(frame) = self.frames.last_mut() {
                frame.leave(value);
            }
            return;
        };
        let field = self.field(key);
        self.evidence += u64::from(digest);
        let Some(frame) = self.frames.last_mut() else { return };
        let member = Member { key, value };
        frame.digest_key |= matches!(field, Some(Field::Digest(_)));
        match field {
            Some(Field::Path(rank)) if kind == Kind::String => frame.offer_path(rank, member),
            Some(Field::Digest(named)) if kind == Kind::String => {
                frame.digests.push(Digits { member, named, evident: digest });
            }
            Some(Field::Digest(_)) if kind != Kind::Null => frame.misfits.push(member),
            Some(Field::Size) if !digest => {
                if kind != Kind::Null {
                    frame.sizes.push(member);
                }
            }
            Some(Field::ByReference) if !digest => frame.by_reference = kind == Kind::True,
            Some(Field::Algorithm) if !digest => frame.algorithm = Some(member),
            _ if digest => frame.candidates.push(frame::Candidate::plain(member)),
            _ => frame.others.push(member),
        }
    }

    /// Decides what a container was, once all of it is known.
    fn close(&mut self, mut frame: Frame) -> Result<(), NotAManifest> {
        let entry = frame.object && self.object(&mut frame)?;
        let mapped = frame.object && !entry && self.map(&mut frame)?;
        if frame.object {
            self.duplicate_keys(&mut frame, mapped);
        }
        self.left_out(&frame, entry, mapped);
        self.settle(&frame, entry, mapped);
        let inside = entry || mapped || frame.inside;
        let Some(parent) = self.frames.last_mut() else { return Ok(()) };
        parent.inside |= inside;
        parent.entries |= entry || (mapped && !parent.object);
        self.hand_up(&frame, inside);
        Ok(())
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
        self.report_loose();
        self.sink.entries.sort_by_key(|entry| entry.place.span.start);
        let found = if self.from_maps > self.from_lists { Format::JsonMap } else { Format::JsonList };
        parse::finish(forced.unwrap_or(found), self.sink)
    }
}

#[cfg(test)]
mod lost_tests;
#[cfg(test)]
mod tests;
