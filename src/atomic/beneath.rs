//! Writing below a root that hostile hands may rearrange: every folder on the
//! way is opened without following a link, and made where it is missing.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use super::{Expect, Reason, WriteError, replace};
use crate::path::BytePath;

/// [`super::write_with`] for `path` below `root`. A link on the way below the
/// root is refused. Folders that are missing are made when nothing is expected
/// to stand at the destination.
///
/// On Linux the file is written through the open folder, so that a folder
/// swapped for a link meanwhile leads nowhere. Elsewhere the folder is looked
/// at once more just before the writing begins.
pub fn write_beneath(
    root: &Path,
    path: &BytePath,
    expect: Expect,
    fill: impl FnOnce(&mut File) -> io::Result<()>,
) -> Result<(), WriteError> {
    let error = |reason| WriteError { path: root.join(path.to_os()), reason };
    if path.is_root() {
        return Err(error(Reason::NoFileName));
    }
    let held = system::Held::open(root, &path.parent(), expect == Expect::Absent).map_err(error)?;
    let folder = held.path().map_err(error)?;
    let name = BytePath::root().child(path.file_name());
    replace(&folder.join(name.to_os()), expect, fill).map_err(error)
}

#[cfg(unix)]
mod system {
    //! Folders held open by their descriptors.

    use std::ffi::OsStr;
    use std::os::fd::{AsRawFd, OwnedFd};
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::MetadataExt;

    use rustix::fs::{AtFlags, FileType, Mode, OFlags, fsync, mkdirat, open, openat, statat};
    use rustix::io::Errno;

    use super::{BytePath, File, Path, PathBuf, Reason, io};

    const FLAGS: OFlags = OFlags::RDONLY.union(OFlags::DIRECTORY).union(OFlags::CLOEXEC);

    /// A folder below a root, held open.
    pub(super) struct Held {
        descriptor: OwnedFd,
        absolute: PathBuf,
    }

    impl Held {
        pub(super) fn open(root: &Path, folder: &BytePath, make: bool) -> Result<Self, Reason> {
            let failed = |errno: Errno| Reason::Folder(folder.as_bytes().to_vec(), errno.into());
            let mut at = open(root, FLAGS, Mode::empty()).map_err(failed)?;
            let mut reached = BytePath::root();
            for component in folder.components() {
                reached = reached.child(component);
                at = step(&at, OsStr::from_bytes(component), &reached, make)?;
            }
            Ok(Self { descriptor: at, absolute: root.join(folder.to_os()) })
        }

        /// A path that means this very folder.
        pub(super) fn path(&self) -> Result<PathBuf, Reason> {
            let held = PathBuf::from(format!("/proc/self/fd/{}", self.descriptor.as_raw_fd()));
            let own = self.descriptor.try_clone().and_then(|fd| File::from(fd).metadata());
            let is_this = |path: &Path| match (std::fs::metadata(path), &own) {
                (Ok(there), Ok(own)) => (there.dev(), there.ino()) == (own.dev(), own.ino()),
                _ => false,
            };
            if cfg!(target_os = "linux") && is_this(&held) {
                return Ok(held);
            }
            // Without that view of the process, as good as two looks are.
            if is_this(&self.absolute) {
                return Ok(self.absolute.clone());
            }
            Err(Reason::NotAFolder(self.absolute.as_os_str().as_bytes().to_vec()))
        }
    }

    /// Opens one component, and makes it where asked to.
    fn step(at: &OwnedFd, name: &OsStr, reached: &BytePath, make: bool) -> Result<OwnedFd, Reason> {
        let shown = || reached.as_bytes().to_vec();
        let open = || openat(at, name, FLAGS | OFlags::NOFOLLOW, Mode::empty());
        let opened = match open() {
            Err(Errno::NOENT) if make => match mkdirat(at, name, Mode::from_raw_mode(0o777)) {
                Ok(()) => {
                    // The new name goes to the disk like the file's own; where
                    // a file system cannot, the file's own writing says so.
                    let _ = fsync(at);
                    open()
                }
                Err(Errno::EXIST) => open(),
                Err(errno) => Err(errno),
            },
            opened => opened,
        };
        opened.map_err(|errno| {
            let there = statat(at, name, AtFlags::SYMLINK_NOFOLLOW);
            match there.map(|stat| FileType::from_raw_mode(stat.st_mode)) {
                Ok(kind) if kind != FileType::Directory => Reason::NotAFolder(shown()),
                Err(Errno::NOENT) => Reason::Vanished,
                _ => Reason::Folder(shown(), io::Error::from(errno)),
            }
        })
    }
}

#[cfg(not(unix))]
mod system {
    //! Folders by their paths, looked at one by one.

    use super::{BytePath, Path, PathBuf, Reason, io};

    /// A folder below a root.
    pub(super) struct Held {
        absolute: PathBuf,
    }

    impl Held {
        pub(super) fn open(root: &Path, folder: &BytePath, make: bool) -> Result<Self, Reason> {
            let mut absolute = root.to_owned();
            let mut reached = BytePath::root();
            for component in folder.components() {
                reached = reached.child(component);
                absolute = root.join(reached.to_os());
                let shown = || reached.as_bytes().to_vec();
                match std::fs::symlink_metadata(&absolute) {
                    Ok(meta) if meta.is_dir() => {}
                    Ok(_) => return Err(Reason::NotAFolder(shown())),
                    Err(error) if error.kind() == io::ErrorKind::NotFound && make => {
                        std::fs::create_dir(&absolute).map_err(|error| Reason::Folder(shown(), error))?;
                    }
                    Err(error) => return Err(Reason::Folder(shown(), error)),
                }
            }
            Ok(Self { absolute })
        }

        pub(super) fn path(&self) -> Result<PathBuf, Reason> {
            Ok(self.absolute.clone())
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::io::Write;

    use super::*;
    use crate::digest::Sha256;
    use crate::path::Backslash;

    fn at(path: &str) -> BytePath {
        BytePath::parse(path.as_bytes(), Backslash::Refuse).unwrap()
    }

    fn write(root: &Path, path: &str, expect: Expect) -> Result<(), Reason> {
        write_beneath(root, &at(path), expect, |file| file.write_all(b"new")).map_err(|error| {
            assert_eq!(error.path, root.join(path));
            assert!(!error.next_step().is_empty());
            error.reason
        })
    }

    #[test]
    fn missing_folders_are_made_only_for_a_new_file() {
        let dir = tempfile::tempdir().unwrap();
        let absent = Expect::Sha256(Sha256::of(b"old"));
        assert!(matches!(write(dir.path(), "a/b/c", absent), Err(Reason::Vanished)));
        assert!(!dir.path().join("a").exists());
        write(dir.path(), "a/b/c", Expect::Absent).unwrap();
        assert_eq!(fs::read(dir.path().join("a/b/c")).unwrap(), b"new");
        assert_eq!(fs::read_dir(dir.path().join("a/b")).unwrap().count(), 1, "no temporary file is left");
        assert!(matches!(write(dir.path(), "a/b/c", Expect::Absent), Err(Reason::Exists)));
        assert!(
            matches!(write(dir.path(), "a/b/c/d", Expect::Absent), Err(Reason::NotAFolder(name)) if name == b"a/b/c")
        );
    }

    #[test]
    fn the_root_itself_is_no_file() {
        let dir = tempfile::tempdir().unwrap();
        let error = write_beneath(dir.path(), &BytePath::root(), Expect::Anything, |_| Ok(())).unwrap_err();
        assert!(matches!(error.reason, Reason::NoFileName));
    }

    #[test]
    #[cfg(unix)]
    fn a_link_on_the_way_or_in_place_is_not_followed() {
        let dir = tempfile::tempdir().unwrap();
        let outside = tempfile::tempdir().unwrap();
        fs::write(outside.path().join("file"), b"old").unwrap();
        std::os::unix::fs::symlink(outside.path(), dir.path().join("link")).unwrap();
        std::os::unix::fs::symlink(outside.path().join("file"), dir.path().join("file")).unwrap();
        let old = Expect::Sha256(Sha256::of(b"old"));
        for expect in [Expect::Absent, Expect::Anything, old] {
            assert!(matches!(write(dir.path(), "link/file", expect), Err(Reason::NotAFolder(_))));
            assert!(matches!(write(dir.path(), "file", expect), Err(Reason::Symlink)));
        }
        assert_eq!(fs::read(outside.path().join("file")).unwrap(), b"old");
        assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 1);
    }

    /// The folder is swapped for a link after it was opened, while the bytes are made.
    #[test]
    #[cfg(target_os = "linux")]
    fn a_folder_swapped_meanwhile_leads_nowhere() {
        let dir = tempfile::tempdir().unwrap();
        let outside = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("in")).unwrap();
        write_beneath(dir.path(), &at("in/file"), Expect::Absent, |file| {
            fs::rename(dir.path().join("in"), dir.path().join("was"))?;
            std::os::unix::fs::symlink(outside.path(), dir.path().join("in"))?;
            file.write_all(b"new")
        })
        .unwrap();
        assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 0);
        assert_eq!(fs::read(dir.path().join("was/file")).unwrap(), b"new");
    }
}
