//! Opening beneath a folder on Unix: relative to its descriptor, without
//! following links and without blocking.

use std::fs::{File, FileType};
use std::io::{self, Read};
use std::os::fd::OwnedFd;
use std::os::unix::fs::FileTypeExt;
use std::path::{Path, PathBuf};

use rustix::fs::{AtFlags, FileType as Type, Mode, OFlags, Stat, fstat, openat, readlinkat, statat};
use rustix::io::Errno;

use super::{Blob, Folder, Links, Refusal, refusal, resolve_inside};
use crate::path::BytePath;

/// A folder, held open.
pub(super) struct Opened {
    descriptor: OwnedFd,
    path: PathBuf,
}

impl Opened {
    pub(super) fn new(path: &Path) -> Result<Self, Refusal> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let descriptor = rustix::fs::open(path, flags, Mode::empty()).map_err(from_errno)?;
        Ok(Self { descriptor, path: path.to_owned() })
    }

    fn link_target(&self, path: &BytePath) -> Option<Vec<u8>> {
        readlinkat(&self.descriptor, &*path.to_os(), Vec::new()).ok().map(std::ffi::CString::into_bytes)
    }

    fn open_plain(&self, path: &BytePath) -> Result<Box<dyn Blob>, Refusal> {
        let stat = statat(&self.descriptor, &*path.to_os(), AtFlags::SYMLINK_NOFOLLOW).map_err(from_errno)?;
        match Type::from_raw_mode(stat.st_mode) {
            Type::RegularFile => {}
            Type::Symlink => return Err(Refusal::Symlink { target: self.link_target(path) }),
            other => return Err(Refusal::NotRegular(kind_name(other))),
        }
        let descriptor = open_beneath(&self.descriptor, path).map_err(from_errno)?;
        let stat = fstat(&descriptor).map_err(from_errno)?;
        match Type::from_raw_mode(stat.st_mode) {
            Type::RegularFile => Ok(Box::new(OpenFile { file: descriptor.into(), stat })),
            other => Err(Refusal::NotRegular(kind_name(other))),
        }
    }
}

impl Folder for Opened {
    fn open(&self, path: &BytePath, links: Links) -> Result<Box<dyn Blob>, Refusal> {
        match (self.open_plain(path), links) {
            (Err(Refusal::Symlink { .. }), Links::FollowInside) => {
                self.open_plain(&resolve_inside(&self.path, path)?)
            }
            (result, _) => result,
        }
    }

    fn exists(&self, path: &BytePath) -> bool {
        statat(&self.descriptor, &*path.to_os(), AtFlags::SYMLINK_NOFOLLOW).is_ok()
    }
}

struct OpenFile {
    file: File,
    stat: Stat,
}

impl Read for OpenFile {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.file.read(buffer)
    }
}

impl Blob for OpenFile {
    fn size(&self) -> u64 {
        u64::try_from(self.stat.st_size).unwrap_or(0)
    }

    fn changed(&self) -> bool {
        let Ok(now) = fstat(&self.file) else { return true };
        (now.st_size, now.st_mtime, now.st_mtime_nsec, now.st_ctime, now.st_ctime_nsec)
            != (
                self.stat.st_size,
                self.stat.st_mtime,
                self.stat.st_mtime_nsec,
                self.stat.st_ctime,
                self.stat.st_ctime_nsec,
            )
    }
}

const FLAGS: OFlags = OFlags::RDONLY.union(OFlags::CLOEXEC).union(OFlags::NONBLOCK).union(OFlags::NOCTTY);

#[cfg(target_os = "linux")]
fn open_beneath(folder: &OwnedFd, path: &BytePath) -> Result<OwnedFd, Errno> {
    use rustix::fs::{ResolveFlags, openat2};
    let resolve = ResolveFlags::BENEATH | ResolveFlags::NO_SYMLINKS;
    match openat2(folder, &*path.to_os(), FLAGS, Mode::empty(), resolve) {
        // Kernels before 5.6, and sandboxes that filter unknown calls.
        Err(Errno::NOSYS | Errno::PERM) => open_by_component(folder, path),
        result => result,
    }
}

#[cfg(not(target_os = "linux"))]
fn open_beneath(folder: &OwnedFd, path: &BytePath) -> Result<OwnedFd, Errno> {
    open_by_component(folder, path)
}

fn open_by_component(folder: &OwnedFd, path: &BytePath) -> Result<OwnedFd, Errno> {
    use std::os::unix::ffi::OsStrExt;
    let mut at: Option<OwnedFd> = None;
    let mut components = path.components().peekable();
    while let Some(component) = components.next() {
        let kind = if components.peek().is_some() { OFlags::DIRECTORY } else { OFlags::empty() };
        let name = std::ffi::OsStr::from_bytes(component);
        let parent = at.as_ref().unwrap_or(folder);
        at = Some(openat(parent, name, FLAGS | OFlags::NOFOLLOW | kind, Mode::empty())?);
    }
    at.ok_or(Errno::ISDIR)
}

fn from_errno(errno: Errno) -> Refusal {
    match errno {
        Errno::LOOP | Errno::XDEV => Refusal::Symlink { target: None },
        Errno::NXIO => Refusal::NotRegular("socket"),
        errno => refusal(&errno.into()),
    }
}

fn kind_name(kind: Type) -> &'static str {
    match kind {
        Type::Directory => "folder",
        Type::Fifo => "FIFO",
        Type::Socket => "socket",
        Type::CharacterDevice | Type::BlockDevice => "device",
        _ => "special file",
    }
}

/// The word for a directory entry that is no file, folder or link.
pub(super) fn special(kind: FileType) -> &'static str {
    if kind.is_fifo() {
        "FIFO"
    } else if kind.is_socket() {
        "socket"
    } else {
        "device"
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::path::Backslash;
    use std::os::unix::fs::symlink;

    fn path(raw: &str) -> BytePath {
        BytePath::parse(raw.as_bytes(), Backslash::Refuse).unwrap()
    }

    fn tree() -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir(dir.path().join("in")).unwrap();
        std::fs::write(dir.path().join("in/file"), b"bytes").unwrap();
        std::fs::write(dir.path().join("secret"), b"out").unwrap();
        symlink("file", dir.path().join("in/link")).unwrap();
        symlink("../secret", dir.path().join("in/out")).unwrap();
        symlink(".", dir.path().join("in/self")).unwrap();
        symlink("loop", dir.path().join("in/loop")).unwrap();
        dir
    }

    fn refused(folder: &Opened, name: &str, links: Links) -> Refusal {
        folder.open(&path(name), links).err().unwrap()
    }

    #[test]
    fn links_are_refused_wherever_they_stand() {
        let dir = tree();
        let folder = Opened::new(&dir.path().join("in")).unwrap();
        assert_eq!(folder.read(&path("file"), Links::Refuse, 99).unwrap(), b"bytes");
        assert!(
            matches!(refused(&folder, "link", Links::Refuse), Refusal::Symlink { target: Some(t) } if t == b"file")
        );
        assert!(matches!(refused(&folder, "self/file", Links::Refuse), Refusal::Symlink { .. }));
        assert!(matches!(refused(&folder, "out", Links::Refuse), Refusal::Symlink { .. }));
        assert_eq!(refused(&folder, "none", Links::Refuse), Refusal::Missing);
        assert_eq!(refused(&folder, "file/below", Links::Refuse), Refusal::Missing);
        assert!(open_by_component(&folder.descriptor, &path("self/file")).is_err());
        assert!(open_by_component(&folder.descriptor, &path("file")).is_ok());
    }

    #[test]
    fn links_inside_may_be_followed_and_never_out() {
        let dir = tree();
        let folder = Opened::new(&dir.path().join("in")).unwrap();
        for name in ["link", "self/file", "self/self/link"] {
            assert_eq!(folder.read(&path(name), Links::FollowInside, 99).unwrap(), b"bytes");
        }
        assert!(
            matches!(refused(&folder, "out", Links::FollowInside), Refusal::LeavesRoot { target: Some(t) } if t == b"../secret")
        );
        assert!(folder.open(&path("loop"), Links::FollowInside).is_err());
    }

    #[test]
    fn a_fifo_a_socket_and_a_folder_are_never_opened() {
        let dir = tree();
        let fifo = dir.path().join("in/fifo");
        rustix::fs::mknodat(rustix::fs::CWD, &fifo, Type::Fifo, Mode::RUSR, 0).unwrap();
        let _socket = std::os::unix::net::UnixListener::bind(dir.path().join("in/sock")).unwrap();
        let folder = Opened::new(&dir.path().join("in")).unwrap();
        assert_eq!(refused(&folder, "fifo", Links::Refuse), Refusal::NotRegular("FIFO"));
        assert_eq!(refused(&folder, "sock", Links::Refuse), Refusal::NotRegular("socket"));
        let outer = Opened::new(dir.path()).unwrap();
        assert_eq!(refused(&outer, "in", Links::Refuse), Refusal::NotRegular("folder"));
    }

    #[test]
    fn a_read_over_the_limit_is_refused_and_a_write_is_noticed() {
        let dir = tree();
        let folder = Opened::new(&dir.path().join("in")).unwrap();
        assert!(matches!(folder.read(&path("file"), Links::Refuse, 4), Err(Refusal::Io(_))));
        let blob = folder.open(&path("file"), Links::Refuse).unwrap();
        assert!(!blob.changed());
        std::fs::write(dir.path().join("in/file"), b"other bytes").unwrap();
        assert!(blob.changed());
    }
}
