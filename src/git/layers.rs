//! What a commit and the index hold at given paths.

use std::ops::ControlFlow;

use super::paths::{Fields, Paths};
use super::{Git, GitError, Oid};

/// A file that the index lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Indexed {
    /// Its blob.
    pub blob: Oid,
    /// It is listed and left out of the working tree: a sparse checkout.
    pub skipped: bool,
}

impl Git {
    /// The blobs that a commit holds at these paths, by the paths' numbers.
    pub fn committed(&self, commit: &Oid, paths: &Paths<'_>) -> Result<Vec<(usize, Oid)>, GitError> {
        let mut found = Vec::new();
        self.fields(&paths.after(&["ls-tree", "-r", "-z", "--full-tree", commit.as_str()]), &[], |field| {
            // MODE TYPE OID TAB PATH
            let (facts, path) = split_at_byte(field, b'\t')?;
            let Some(number) = paths.number(path) else { return Some(()) };
            let mut words = facts.split(|byte| *byte == b' ');
            let (_, kind, oid) = (words.next()?, words.next()?, words.next()?);
            if kind == b"blob" {
                found.push((number, Oid::parse(oid)?));
            }
            Some(())
        })?;
        Ok(found)
    }

    /// What the index lists at these paths, by the paths' numbers. A path with
    /// a merge in it that is not resolved is left out.
    pub fn indexed(&self, paths: &Paths<'_>) -> Result<Vec<(usize, Indexed)>, GitError> {
        let mut found = Vec::new();
        self.fields(&paths.after(&["ls-files", "-s", "-t", "-z", "--full-name"]), &[], |field| {
            // TAG MODE OID STAGE TAB PATH
            let (facts, path) = split_at_byte(field, b'\t')?;
            let Some(number) = paths.number(path) else { return Some(()) };
            let mut words = facts.split(|byte| *byte == b' ');
            let (tag, mode) = (words.next()?, words.next()?);
            let (oid, stage) = (words.next()?, words.next()?);
            if stage == b"0" && mode != b"160000" {
                found.push((number, Indexed { blob: Oid::parse(oid)?, skipped: tag == b"S" }));
            }
            Some(())
        })?;
        Ok(found)
    }

    /// Runs a subcommand whose answer is fields that end with NUL, and gives
    /// each to `take`, which says `None` when it does not understand one.
    pub(super) fn fields<A: AsRef<std::ffi::OsStr>>(
        &self,
        args: &[A],
        input: &[u8],
        mut take: impl FnMut(&[u8]) -> Option<()>,
    ) -> Result<(), GitError> {
        let mut fields = Fields::default();
        let mut understood = true;
        self.stream(args, input, &mut |piece| {
            let fed = fields.feed(piece, |field| understood = understood && take(field).is_some());
            if fed && understood { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })?;
        if understood && fields.is_whole() {
            Ok(())
        } else {
            Err(GitError::NotUnderstood(super::process::name(args)))
        }
    }
}

/// The bytes before and after the first `byte`.
pub(super) fn split_at_byte(text: &[u8], byte: u8) -> Option<(&[u8], &[u8])> {
    let at = memchr::memchr(byte, text)?;
    Some((text.get(..at)?, text.get(at + 1..)?))
}
