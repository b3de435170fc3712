//! Opening beneath a folder on Unix: relative to its descriptor, without
//! following links and without blocking.

mod folder;
mod held;

use std::fs::File;
use std::io::{self, Read};

use rustix::fs::{AtFlags, FileType as Type, OFlags, Stat, fstat, readlinkat, statat};
use rustix::io::Errno;

use super::{Blob, Folder, Links, Refusal, refusal, resolve_inside};
use crate::path::BytePath;
pub(super) use folder::Base;
use folder::{Beneath, open_beneath};

/// A folder beneath a base. It is opened when it is made, and again in every
/// thread that opens a file of it.
pub(super) struct Opened<'a>(Beneath<'a>);

impl<'a> Opened<'a> {
    pub(super) fn new(base: &'a Base, at: &BytePath) -> Result<Self, Refusal> {
        Beneath::new(base, at).map(Self).map_err(|error| from_io(&error))
    }

    fn open_plain(&self, path: &BytePath) -> Result<Box<dyn Blob>, Refusal> {
        let folder = self.0.descriptor().map_err(|error| from_io(&error))?;
        let stat = statat(&*folder, &*path.to_os(), AtFlags::SYMLINK_NOFOLLOW).map_err(from_errno)?;
        match Type::from_raw_mode(stat.st_mode) {
            Type::RegularFile => {}
            Type::Symlink => {
                let target = readlinkat(&*folder, &*path.to_os(), Vec::new());
                return Err(Refusal::Symlink { target: target.ok().map(std::ffi::CString::into_bytes) });
            }
            other => return Err(Refusal::NotRegular(kind_name(other))),
        }
        let descriptor = open_beneath(&folder, path, FLAGS).map_err(from_errno)?;
        let stat = fstat(&descriptor).map_err(from_errno)?;
        match Type::from_raw_mode(stat.st_mode) {
            Type::RegularFile => Ok(Box::new(OpenFile { file: descriptor.into(), stat })),
            other => Err(Refusal::NotRegular(kind_name(other))),
        }
    }
}

impl Folder for Opened<'_> {
    fn open(&self, path: &BytePath, links: Links) -> Result<Box<dyn Blob>, Refusal> {
        match (self.open_plain(path), links) {
            (Err(Refusal::Symlink { .. }), Links::FollowInside) => {
                self.open_plain(&resolve_inside(&self.0.path(), path)?)
            }
            (result, _) => result,
        }
    }

    fn exists(&self, path: &BytePath) -> bool {
        let Ok(folder) = self.0.descriptor() else { return false };
        statat(&*folder, &*path.to_os(), AtFlags::SYMLINK_NOFOLLOW).is_ok()
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

fn from_errno(errno: Errno) -> Refusal {
    match errno {
        Errno::LOOP | Errno::XDEV => Refusal::Symlink { target: None },
        Errno::NXIO => Refusal::NotRegular("socket"),
        errno => refusal(&errno.into()),
    }
}

fn from_io(error: &io::Error) -> Refusal {
    Errno::from_io_error(error).map_or_else(|| refusal(error), from_errno)
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

#[cfg(test)]
mod tests {
    use super::folder::open_by_component;
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

    fn base(path: &std::path::Path) -> Base {
        Base::new(&path.canonicalize().unwrap()).unwrap()
    }

    fn root(base: &Base) -> Opened<'_> {
        Opened::new(base, &BytePath::root()).unwrap()
    }

    fn refused(folder: &Opened, name: &str, links: Links) -> Refusal {
        folder.open(&path(name), links).err().unwrap()
    }

    #[test]
    fn links_are_refused_wherever_they_stand() {
        let dir = tree();
        let base = base(dir.path());
        let folder = Opened::new(&base, &path("in")).unwrap();
        assert_eq!(folder.read(&path("file"), Links::Refuse, 99).unwrap(), b"bytes");
        assert!(
            matches!(refused(&folder, "link", Links::Refuse), Refusal::Symlink { target: Some(t) } if t == b"file")
        );
        assert!(matches!(refused(&folder, "self/file", Links::Refuse), Refusal::Symlink { .. }));
        assert!(matches!(refused(&folder, "out", Links::Refuse), Refusal::Symlink { .. }));
        assert_eq!(refused(&folder, "none", Links::Refuse), Refusal::Missing);
        assert_eq!(refused(&folder, "file/below", Links::Refuse), Refusal::Missing);
        let held = folder.0.descriptor().unwrap();
        assert_eq!(open_by_component(&held, &path("self/file"), FLAGS).err(), Some(Errno::LOOP));
        assert_eq!(open_by_component(&held, &path("file/below"), FLAGS).err(), Some(Errno::NOTDIR));
        assert!(open_by_component(&held, &path("file"), FLAGS).is_ok());
        assert!(open_by_component(&held, &BytePath::root(), OFlags::RDONLY).is_ok());
    }

    #[test]
    fn links_inside_may_be_followed_and_never_out() {
        let dir = tree();
        let base = base(dir.path());
        let folder = Opened::new(&base, &path("in")).unwrap();
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
        rustix::fs::mknodat(rustix::fs::CWD, &fifo, Type::Fifo, rustix::fs::Mode::RUSR, 0).unwrap();
        let _socket = std::os::unix::net::UnixListener::bind(dir.path().join("in/sock")).unwrap();
        let base = base(dir.path());
        let folder = Opened::new(&base, &path("in")).unwrap();
        assert_eq!(refused(&folder, "fifo", Links::Refuse), Refusal::NotRegular("FIFO"));
        assert_eq!(refused(&folder, "sock", Links::Refuse), Refusal::NotRegular("socket"));
        assert_eq!(refused(&root(&base), "in", Links::Refuse), Refusal::NotRegular("folder"));
    }

    #[test]
    fn a_read_over_the_limit_is_refused_and_a_write_is_noticed() {
        let dir = tree();
        let base = base(dir.path());
        let folder = Opened::new(&base, &path("in")).unwrap();
        assert!(matches!(folder.read(&path("file"), Links::Refuse, 4), Err(Refusal::Io(_))));
        let blob = folder.open(&path("file"), Links::Refuse).unwrap();
        assert!(!blob.changed());
        std::fs::write(dir.path().join("in/file"), b"other bytes").unwrap();
        assert!(blob.changed());
    }

    #[test]
    fn a_folder_behind_a_link_was_opened_outside() {
        let dir = tree();
        symlink("in", dir.path().join("also")).unwrap();
        std::fs::create_dir(dir.path().join("in/deep")).unwrap();
        let base = base(dir.path());
        for name in ["also", "also/deep", "in/self/deep"] {
            let refused = Opened::new(&base, &path(name)).err().unwrap();
            assert!(matches!(refused, Refusal::Symlink { .. }), "{name}: {refused:?}");
            assert!(base.entries(&path(name)).is_err(), "{name}");
        }
        assert!(Opened::new(&base, &path("in/deep")).is_ok());
        assert_eq!(Opened::new(&base, &path("none")).err(), Some(Refusal::Missing));
        assert_eq!(Opened::new(&base, &path("secret")).err(), Some(Refusal::Missing));
    }

    /// Each thread opens for itself: what it opens is what was opened first.
    #[test]
    fn a_folder_swapped_during_the_run_was_judged_in_its_place() {
        let dir = tree();
        let foreign = tempfile::tempdir().unwrap();
        std::fs::write(foreign.path().join("file"), b"other").unwrap();
        let base = base(dir.path());
        let folder = Opened::new(&base, &path("in")).unwrap();
        let elsewhere = |links| {
            std::thread::scope(|scope| scope.spawn(|| folder.read(&path("file"), links, 99)).join().unwrap())
        };
        assert_eq!(elsewhere(Links::Refuse).unwrap(), b"bytes");
        std::fs::rename(dir.path().join("in"), dir.path().join("was")).unwrap();
        symlink(foreign.path(), dir.path().join("in")).unwrap();
        for links in [Links::Refuse, Links::FollowInside] {
            elsewhere(links).unwrap_err();
        }
        std::fs::remove_file(dir.path().join("in")).unwrap();
        std::fs::create_dir(dir.path().join("in")).unwrap();
        std::fs::write(dir.path().join("in/file"), b"other").unwrap();
        assert!(matches!(elsewhere(Links::Refuse), Err(Refusal::Io(why)) if why.contains("replaced")));
        assert_eq!(folder.read(&path("file"), Links::Refuse, 99).unwrap(), b"bytes", "still held here");
    }

    #[test]
    fn a_base_swapped_for_a_link_was_followed() {
        let dir = tree();
        let base = base(&dir.path().join("in"));
        let folder = root(&base);
        std::fs::rename(dir.path().join("in"), dir.path().join("was")).unwrap();
        symlink("was", dir.path().join("in")).unwrap();
        std::thread::scope(|scope| {
            scope.spawn(|| folder.read(&path("file"), Links::Refuse, 99).unwrap_err()).join().unwrap()
        });
        assert!(Base::new(&base.path().canonicalize().unwrap()).is_ok());
        assert!(Base::new(base.path()).is_err());
    }
}
