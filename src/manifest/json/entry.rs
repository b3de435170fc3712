//! Objects that are entries: a path, its digests and its length.

use super::Reader;
use super::frame::{Frame, Slice};
use super::origin::Source;
use crate::code::Code;
use crate::digest::Algorithm;
use crate::manifest::NotAManifest;
use crate::manifest::sink::{Found, shown};
use crate::manifest::text::length;
use crate::manifest::token::{Named, Token as DigestToken};
use crate::path::Backslash;

impl<'t> Reader<'t> {
    /// An object with a path and a digest of its own is an entry, or one for each algorithm.
    pub(super) fn object(&mut self, frame: &mut Frame) -> Result<bool, NotAManifest> {
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
    pub(super) fn entries(
        &mut self,
        frame: &Frame,
        name: Slice,
        keyed: Option<Slice>,
    ) -> Result<(), NotAManifest> {
        let whole = keyed.map_or(frame.span, |key| Slice { start: key.start, end: frame.span.end });
        let size = self.size(frame);
        let algorithm = frame.algorithm.and_then(|member| Named::from_name(self.inner(member.value)));
        let mut stored: Vec<DigestToken<'_>> = Vec::new();
        for digits in &frame.digests {
            let value = digits.member.value;
            let token =
                DigestToken::split_prefix(self.inner(value)).or_named(digits.named).or_named(algorithm);
            self.loose.take(value);
            if let Some(same) = stored.iter().find(|same| algorithm_of(same) == algorithm_of(&token)) {
                if !same.digits.eq_ignore_ascii_case(token.digits) {
                    self.sink.problem(
                        Code::MalformedLine,
                        value.range(),
                        || "the object gives two digests of one algorithm for one file".to_owned(),
                        || "leave one digest for each algorithm in the object".to_owned(),
                    );
                }
                continue;
            }
            stored.push(token);
            self.store(name, token, value, whole, size, frame.by_reference)?;
            self.origins.add(&Source {
                container: self.container(),
                path: frame.path.filter(|_| keyed.is_none()).map(|(_, path)| self.inner(path.key)),
                digest: Some(self.inner(digits.member.key)),
                size: frame.sizes.first().map(|size| self.inner(size.key)),
            });
        }
        Ok(())
    }

    pub(super) fn store(
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
            let read = length(self.inner(member.value)).filter(|_| !self.inner(member.value).is_empty());
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
}

/// What two digests of one file must differ in: the algorithm, and without a
/// known one the number of digits.
fn algorithm_of(token: &DigestToken<'_>) -> (&'static str, usize) {
    match (token.named, Algorithm::from_hex_len(token.digits.len())) {
        (Some(Named::Other(name)), _) => (name, 0),
        (Some(Named::Known(algorithm)), _) | (None, Some(algorithm)) => (algorithm.name(), 0),
        (None, None) => ("", token.digits.len()),
    }
}
