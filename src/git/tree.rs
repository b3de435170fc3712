//! The files of a commit, as `git ls-tree` lists them.

use std::ops::ControlFlow;

use super::{Git, GitError, Oid};

/// The mode of something that is tracked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// A regular file.
    File,
    /// A symbolic link.
    Symlink,
    /// A commit of another repository.
    Submodule,
}

impl Mode {
    /// Reads octal digits; `None` for a folder and for what git does not have.
    pub(super) fn parse(text: &[u8]) -> Option<Self> {
        match text {
            b"100644" | b"100755" | b"100664" => Some(Self::File),
            b"120000" => Some(Self::Symlink),
            b"160000" => Some(Self::Submodule),
            _ => None,
        }
    }
}

/// One path that git tracks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tracked {
    /// As git has it; whoever wrote the tree chose it.
    pub path: Vec<u8>,
    /// What it is.
    pub mode: Mode,
    /// Its blob, or the commit of a submodule.
    pub oid: Oid,
}

/// Paths read of one tree or index. A folder that holds another one many times,
/// and so on, could have more than there are atoms.
const MOST: usize = 2_000_000;

impl Git {
    /// Every path of a commit or tree, in git's order.
    pub fn tree(&self, commit: &Oid) -> Result<Vec<Tracked>, GitError> {
        let args = ["ls-tree", "-r", "-z", "--full-tree", commit.as_str()];
        self.records(&args, |record| {
            let (head, path) = split(record, b'\t')?;
            let (mode, rest) = split(head, b' ')?;
            let (_, oid) = split(rest, b' ')?;
            Some(Tracked { path: path.to_vec(), mode: Mode::parse(mode)?, oid: Oid::parse(oid)? })
        })
    }

    /// What a subcommand lists, each record ended by a NUL and read by `one`.
    pub(super) fn records<T>(
        &self,
        args: &[&str],
        one: impl Fn(&[u8]) -> Option<T>,
    ) -> Result<Vec<T>, GitError> {
        let (mut all, mut rest, mut sound) = (Vec::new(), Vec::new(), true);
        self.stream(args, &[], &mut |piece| {
            let mut parts = piece.split(|byte| *byte == 0).peekable();
            while let Some(part) = parts.next() {
                rest.extend_from_slice(part);
                // The last part is not ended yet.
                if parts.peek().is_some() {
                    let record = one(&std::mem::take(&mut rest));
                    sound &= record.is_some() && all.len() < MOST;
                    all.extend(record);
                }
            }
            sound &= rest.len() <= 2 * crate::path::MAX_LEN;
            if sound { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })?;
        let name = || args.first().copied().unwrap_or_default().to_owned();
        if sound && rest.is_empty() { Ok(all) } else { Err(GitError::NotUnderstood(name())) }
    }
}

/// What stands before and behind the first `separator`.
pub(super) fn split(text: &[u8], separator: u8) -> Option<(&[u8], &[u8])> {
    let at = memchr::memchr(separator, text)?;
    Some((text.get(..at)?, text.get(at + 1..)?))
}
