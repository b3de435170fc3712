//! Writing files so that a reader, a crash or a full disk sees the old bytes or
//! the new ones and never a half.
//!
//! The bytes go to a temporary file in the same folder, to the disk, and then
//! under their name by a rename; at last the folder goes to the disk. This room
//! decides neither what is written nor whether it may be: the caller says what
//! must stand at the destination, and anything else there is left alone.
//!
//! A process that is killed leaves at most a file named `.seal-XXXXXX.tmp`
//! beside the destination. It holds new bytes, no one reads it, and it may be
//! deleted.

mod beneath;

use std::fs::{self, File, Metadata};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

pub use beneath::write_beneath;

use tempfile::{Builder, NamedTempFile};
use thiserror::Error;

use crate::digest::{Algorithm, Digest, Sha256, hash_reader};

/// What must stand at the destination for a write to happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expect {
    /// Nothing. Holds until the very rename: a file that appears meanwhile is not replaced.
    Absent,
    /// A regular file with that digest. It is read after the new bytes are on
    /// the disk, as the last thing before the rename.
    Sha256(Sha256),
    /// Nothing, or a regular file with whatever bytes.
    Anything,
}

/// Why a file was not written. The destination holds what it held before,
/// except for [`Reason::FolderNotSynced`].
#[derive(Debug, Error)]
#[error("cannot write {}: {reason}", crate::text::quote(.path.as_os_str().as_encoded_bytes()))]
pub struct WriteError {
    /// The destination.
    pub path: PathBuf,
    /// What was in the way.
    #[source]
    pub reason: Reason,
}

/// What was in the way of a write.
#[derive(Debug, Error)]
pub enum Reason {
    /// The path has no last component, or ends in `..`.
    #[error("the path names no file")]
    NoFileName,
    /// A symbolic link stands there. It is neither followed nor replaced.
    #[error("a symbolic link stands there")]
    Symlink,
    /// A folder, FIFO, socket or device stands there.
    #[error("something other than a regular file stands there")]
    NotAFile,
    /// A folder on the way is a symbolic link or no folder. It is neither followed nor replaced.
    #[error("{} on the way to it is not a folder of its own", crate::text::quote(.0))]
    NotAFolder(Vec<u8>),
    /// A folder on the way could not be opened or made.
    #[error("the folder {} on the way to it cannot be used: {}", crate::text::quote(.0), .1)]
    Folder(Vec<u8>, #[source] io::Error),
    /// A file stands there and none was expected.
    #[error("a file stands there already")]
    Exists,
    /// Nothing stands there and a file was expected.
    #[error("the file that was checked is not there any more")]
    Vanished,
    /// The file there is not the one that was checked.
    #[error("the file there has the SHA-256 {found}, not {expected} as when it was checked")]
    Changed {
        /// What was checked.
        expected: Sha256,
        /// What is there now.
        found: Sha256,
    },
    /// The destination could not be examined.
    #[error("what stands there cannot be read: {0}")]
    Examine(#[source] io::Error),
    /// No temporary file could be made in the folder.
    #[error("no file can be made in its folder: {0}")]
    Create(#[source] io::Error),
    /// The temporary file could not be filled.
    #[error("the bytes could not be written: {0}")]
    Fill(#[source] io::Error),
    /// The rename failed.
    #[error("the finished file could not be moved into place: {0}")]
    Rename(#[source] io::Error),
    /// The new bytes are in place; whether they survive a power cut is not known.
    #[error("the new bytes are in place, but the folder could not be brought to the disk: {0}")]
    FolderNotSynced(#[source] io::Error),
}

impl WriteError {
    /// What to do next, a sentence without a full stop.
    pub fn next_step(&self) -> &'static str {
        match &self.reason {
            Reason::NoFileName => "name a file",
            Reason::Symlink => "name the file that the link points to, or remove the link",
            Reason::NotAFile => "choose another name",
            Reason::NotAFolder(_) => "put a folder in its place",
            Reason::Exists => "move the file away, or name it where a command asks what it may replace",
            Reason::Vanished | Reason::Changed { .. } => {
                "something else writes here: stop it, look at the file, and run the command again"
            }
            Reason::Examine(_) => "make the file readable for this user and run the command again",
            Reason::Folder(_, error)
            | Reason::Create(error)
            | Reason::Fill(error)
            | Reason::Rename(error) => next_step(error.kind()),
            Reason::FolderNotSynced(_) => "run the command again before relying on the file",
        }
    }
}

fn next_step(kind: io::ErrorKind) -> &'static str {
    use io::ErrorKind::{NotFound, PermissionDenied, QuotaExceeded, ReadOnlyFilesystem, StorageFull};
    match kind {
        NotFound => "make the folder first",
        PermissionDenied => "allow this user to write to the folder, or choose another one",
        ReadOnlyFilesystem => "choose a folder on a file system that can be written",
        StorageFull | QuotaExceeded => "free some space and run the command again",
        _ => "see whether the disk is in order and run the command again",
    }
}

/// Puts `bytes` under `path`, whole or not at all.
///
/// A replaced file's permissions stay, without set-user-ID and set-group-ID;
/// its owner and group stay where this user may set them. A new file gets the
/// permissions that any new file gets. Other hard links to a replaced file
/// keep the old bytes.
pub fn write(path: &Path, bytes: &[u8], expect: Expect) -> Result<(), WriteError> {
    write_with(path, expect, |file| file.write_all(bytes))
}

/// [`write()`] for bytes that are made while they are written.
pub fn write_with(
    path: &Path,
    expect: Expect,
    fill: impl FnOnce(&mut File) -> io::Result<()>,
) -> Result<(), WriteError> {
    replace(path, expect, fill).map_err(|reason| WriteError { path: path.to_owned(), reason })
}

fn replace(
    path: &Path,
    expect: Expect,
    fill: impl FnOnce(&mut File) -> io::Result<()>,
) -> Result<(), Reason> {
    if path.file_name().is_none() {
        return Err(Reason::NoFileName);
    }
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    // What is plainly in the way is said before anything is written.
    let there = examine(path, expect)?;
    let mut temporary = temporary_in(folder).map_err(Reason::Create)?;
    fill(temporary.as_file_mut()).map_err(Reason::Fill)?;
    if let Some(there) = &there {
        keep_permissions(temporary.as_file(), there).map_err(Reason::Fill)?;
    }
    temporary.as_file().sync_all().map_err(Reason::Fill)?;
    examine(path, expect)?;
    if let Expect::Sha256(expected) = expect {
        let found = digest_of(path).map_err(Reason::Examine)?;
        if found != expected {
            return Err(Reason::Changed { expected, found });
        }
    }
    move_into_place(temporary, path, expect)?;
    sync_folder(folder).map_err(Reason::FolderNotSynced)
}

/// What stands at the destination, as far as it need not be read to be refused.
fn examine(path: &Path, expect: Expect) -> Result<Option<Metadata>, Reason> {
    let there = match fs::symlink_metadata(path) {
        Ok(there) => there,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return if matches!(expect, Expect::Sha256(_)) { Err(Reason::Vanished) } else { Ok(None) };
        }
        Err(error) => return Err(Reason::Examine(error)),
    };
    if there.is_symlink() {
        Err(Reason::Symlink)
    } else if !there.is_file() {
        Err(Reason::NotAFile)
    } else if expect == Expect::Absent {
        Err(Reason::Exists)
    } else {
        Ok(Some(there))
    }
}

fn temporary_in(folder: &Path) -> io::Result<NamedTempFile> {
    let mut builder = Builder::new();
    builder.prefix(".seal-").suffix(".tmp");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // As for any new file: the process's mask takes away what it takes away.
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    builder.tempfile_in(folder)
}

#[cfg(unix)]
fn keep_permissions(file: &File, there: &Metadata) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    let mut mode = there.mode() & 0o777;
    let now = file.metadata()?;
    if (now.uid(), now.gid()) != (there.uid(), there.gid())
        && std::os::unix::fs::fchown(file, Some(there.uid()), Some(there.gid())).is_err()
        && now.gid() != there.gid()
        && std::os::unix::fs::fchown(file, None, Some(there.gid())).is_err()
    {
        // Another group now: it gets no more than everybody has.
        mode = (mode & 0o707) | ((mode & 0o007) << 3);
    }
    file.set_permissions(fs::Permissions::from_mode(mode))
}

#[cfg(not(unix))]
fn keep_permissions(file: &File, there: &Metadata) -> io::Result<()> {
    file.set_permissions(there.permissions())
}

/// The digest of a regular file; a link put there meanwhile is not followed,
/// and a FIFO not waited for.
fn digest_of(path: &Path) -> io::Result<Sha256> {
    let mut file = open_without_following(path)?;
    if !file.metadata()?.is_file() {
        return Err(io::Error::other("not a regular file"));
    }
    match hash_reader(Algorithm::Sha256, &mut file, &mut vec![0; 64 << 10])? {
        (Digest::Sha256(digest), _) => Ok(digest),
        (other, _) => Err(io::Error::other(format!("{} instead of SHA-256", other.algorithm().name()))),
    }
}

#[cfg(unix)]
fn open_without_following(path: &Path) -> io::Result<File> {
    use rustix::fs::{Mode, OFlags};
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC | OFlags::NOCTTY;
    Ok(File::from(rustix::fs::open(path, flags, Mode::empty())?))
}

#[cfg(not(unix))]
fn open_without_following(path: &Path) -> io::Result<File> {
    File::open(path)
}

fn move_into_place(temporary: NamedTempFile, path: &Path, expect: Expect) -> Result<(), Reason> {
    let moved = match expect {
        Expect::Absent => temporary.persist_noclobber(path),
        Expect::Sha256(_) | Expect::Anything => temporary.persist(path),
    };
    match moved {
        Ok(_) => Ok(()),
        Err(failed) if expect == Expect::Absent && failed.error.kind() == io::ErrorKind::AlreadyExists => {
            Err(Reason::Exists)
        }
        Err(failed) => Err(Reason::Rename(failed.error)),
    }
}

#[cfg(unix)]
fn sync_folder(folder: &Path) -> io::Result<()> {
    match File::open(folder)?.sync_all() {
        // Some file systems have no such operation on folders, and say so.
        Err(error) if matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported) => {
            Ok(())
        }
        done => done,
    }
}

#[cfg(not(unix))]
fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests;
