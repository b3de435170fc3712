//! Sidecars: `NAME.sha256` that holds one digest and nothing else is an entry
//! for `NAME` in the same folder.

use std::borrow::Cow;

use super::lines::{Line, Lines, trim};
use super::shape::Shape;
use super::sink::{Found, Sink};
use super::token::{Named, Rigour, Token};
use super::{NotAManifest, comment, pgp};
use crate::digest::Algorithm;
use crate::path::Backslash;

/// A lone digest and the file it belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Sidecar<'t> {
    name: &'t [u8],
    token: Token<'t>,
    line: Line<'t>,
}

/// Recognises a sidecar: one line of content, which is a digest, under a name
/// that says whose.
pub(super) fn recognise<'t>(file_name: &'t [u8], text: &'t [u8]) -> Option<Sidecar<'t>> {
    let (name, named) = sealed_name(file_name)?;
    let mut content = Lines::content(text);
    let line = content.next()?;
    if content.next().is_some() {
        return None;
    }
    // `Rigour::Evidence` leaves prose out; the extension has said that a digest is meant.
    let token = Token::read(trim(line.bytes), Rigour::Evidence)?.or_named(Some(named));
    Some(Sidecar { name, token, line })
}

/// `NAME` and the algorithm of `NAME.sha256`, `NAME.sha512sum`, `NAME.sha256.txt`.
fn sealed_name(file_name: &[u8]) -> Option<(&[u8], Named)> {
    let stem = match file_name.len().checked_sub(4).and_then(|at| file_name.split_at_checked(at)) {
        Some((stem, extension)) if extension.eq_ignore_ascii_case(b".txt") => stem,
        _ => file_name,
    };
    let dot = memchr::memrchr(b'.', stem)?;
    let (name, extension) = stem.split_at_checked(dot)?;
    let extension = extension.get(1..)?.to_ascii_lowercase();
    let algorithm = match extension.strip_suffix(b"sum").unwrap_or(&extension) {
        b"sha256" => Algorithm::Sha256,
        b"sha384" => Algorithm::Sha384,
        b"sha512" => Algorithm::Sha512,
        b"sha224" => Algorithm::Sha224,
        b"sha1" => Algorithm::Sha1,
        b"md5" => Algorithm::Md5,
        _ => return None,
    };
    (!name.is_empty()).then_some((name, Named::Known(algorithm)))
}

impl Sidecar<'_> {
    /// Stores the one entry.
    pub(super) fn read(&self, sink: &mut Sink<'_>) -> Result<(), NotAManifest> {
        let comments = comment::Reader::new(Shape::Sha256sum, None);
        let mut message = pgp::Message::default();
        for line in Lines::new(&sink.text.bytes) {
            sink.at_line(&line);
            if !message.line(&line, sink) && line.is_comment() {
                comments.line(&line, sink);
            }
        }
        message.end(sink);
        sink.at_line(&self.line);
        sink.entry(&Found {
            whole: self.line.range(),
            name: Cow::Borrowed(self.name),
            name_at: self.line.range(),
            backslash: Backslash::Literal,
            token: self.token,
            digest_at: self.line.range_of(self.token.digits),
            size: None,
            by_reference: false,
        })
    }
}
