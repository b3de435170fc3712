//! Writes that succeed, are refused, or fail half-way.

use super::*;

const OLD: &[u8] = b"old bytes\n";
const NEW: &[u8] = b"new bytes, more of them\n";

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn with_old() -> (Self, PathBuf) {
        let folder = Self::new();
        let path = folder.file();
        fs::write(&path, OLD).unwrap();
        (folder, path)
    }

    fn file(&self) -> PathBuf {
        self.0.path().join("file")
    }

    fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(self.0.path())
            .unwrap()
            .map(|e| e.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }
}

/// The reason of a refusal that must have changed nothing.
fn refused(path: &Path, expect: Expect) -> Reason {
    let before = fs::read(path).ok();
    let error = write(path, NEW, expect).unwrap_err();
    assert_eq!(fs::read(path).ok(), before);
    assert_eq!(error.path, path);
    assert!(!error.next_step().is_empty() && error.to_string().starts_with("cannot write \""), "{error}");
    error.reason
}

#[test]
fn a_new_file_holds_the_bytes_and_nothing_else_is_left() {
    for expect in [Expect::Absent, Expect::Anything] {
        let folder = Folder::new();
        write(&folder.file(), NEW, expect).unwrap();
        assert_eq!(fs::read(folder.file()).unwrap(), NEW);
        assert_eq!(folder.names(), ["file"]);
    }
}

#[test]
fn two_writes_leave_the_second() {
    let folder = Folder::new();
    let path = folder.file();
    write(&path, OLD, Expect::Absent).unwrap();
    write(&path, NEW, Expect::Sha256(Sha256::of(OLD))).unwrap();
    assert_eq!(fs::read(&path).unwrap(), NEW);
    assert!(matches!(refused(&path, Expect::Absent), Reason::Exists));
    write(&path, b"", Expect::Anything).unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"");
    assert_eq!(folder.names(), ["file"]);
}

#[test]
fn only_the_file_that_was_checked_is_replaced() {
    let (folder, path) = Folder::with_old();
    let checked = Sha256::of(b"what was there when it was checked");
    let Reason::Changed { expected, found } = refused(&path, Expect::Sha256(checked)) else {
        panic!("another reason")
    };
    assert_eq!((expected, found), (checked, Sha256::of(OLD)));
    fs::remove_file(&path).unwrap();
    assert!(matches!(refused(&path, Expect::Sha256(checked)), Reason::Vanished));
    assert!(folder.names().is_empty());
}

#[test]
fn what_changes_while_the_bytes_are_made_is_not_replaced() {
    let (folder, path) = Folder::with_old();
    let other = |_: &mut File| fs::write(&path, b"somebody else's");
    let error = write_with(&path, Expect::Sha256(Sha256::of(OLD)), other).unwrap_err();
    assert!(matches!(error.reason, Reason::Changed { .. }), "{error}");
    assert_eq!(fs::read(&path).unwrap(), b"somebody else's");

    fs::remove_file(&path).unwrap();
    let error = write_with(&path, Expect::Absent, other).unwrap_err();
    assert!(matches!(error.reason, Reason::Exists), "{error}");
    assert_eq!(fs::read(&path).unwrap(), b"somebody else's");
    assert_eq!(folder.names(), ["file"]);
}

#[test]
fn a_write_that_fails_half_way_leaves_the_old_bytes_and_no_temporary_file() {
    let (folder, path) = Folder::with_old();
    let error = write_with(&path, Expect::Anything, |file| {
        file.write_all(&NEW[..5])?;
        Err(io::ErrorKind::StorageFull.into())
    })
    .unwrap_err();
    assert!(matches!(error.reason, Reason::Fill(_)), "{error}");
    assert!(error.next_step().contains("free some space"));
    assert_eq!(fs::read(&path).unwrap(), OLD);
    assert_eq!(folder.names(), ["file"]);
}

#[test]
fn the_name_shown_is_inert() {
    let error = write(Path::new("/nonexistent/a\u{1b}[31m\n"), NEW, Expect::Anything).unwrap_err();
    assert!(error.to_string().contains(r"a\u{1b}[31m\n") && !error.to_string().contains('\n'), "{error}");
    assert!(matches!(error.reason, Reason::Create(_)));
    assert_eq!(error.next_step(), "make the folder first");
}

#[test]
fn a_path_that_names_no_file_is_refused() {
    for path in ["", "/", "..", "a/.."] {
        assert!(matches!(refused(Path::new(path), Expect::Anything), Reason::NoFileName), "{path}");
    }
}

#[cfg(unix)]
mod unix {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
    use std::process::Command;

    use super::*;

    #[test]
    fn a_link_at_the_destination_is_neither_followed_nor_replaced() {
        for expect in [Expect::Absent, Expect::Anything, Expect::Sha256(Sha256::of(OLD))] {
            let (folder, target) = Folder::with_old();
            let link = folder.0.path().join("link");
            symlink(&target, &link).unwrap();
            assert!(matches!(refused(&link, expect), Reason::Symlink), "{expect:?}");
            let dangling = folder.0.path().join("dangling");
            symlink("nowhere", &dangling).unwrap();
            assert!(matches!(refused(&dangling, expect), Reason::Symlink), "{expect:?}");
            assert_eq!(fs::read(&target).unwrap(), OLD);
            assert_eq!(folder.names(), ["dangling", "file", "link"]);
        }
    }

    #[test]
    fn a_link_that_appears_meanwhile_is_not_followed() {
        let (folder, target) = Folder::with_old();
        let link = folder.0.path().join("link");
        let error = write_with(&link, Expect::Anything, |_| symlink(&target, &link)).unwrap_err();
        assert!(matches!(error.reason, Reason::Symlink), "{error}");
        assert_eq!(fs::read(&target).unwrap(), OLD);
    }

    #[test]
    fn a_folder_or_a_fifo_is_left_alone() {
        let folder = Folder::new();
        let inner = folder.0.path().join("inner");
        fs::create_dir(&inner).unwrap();
        assert!(matches!(refused(&inner, Expect::Anything), Reason::NotAFile));
        let fifo = folder.0.path().join("fifo");
        assert!(Command::new("mkfifo").arg(&fifo).status().unwrap().success());
        let error = write(&fifo, NEW, Expect::Sha256(Sha256::of(OLD))).unwrap_err();
        assert!(matches!(error.reason, Reason::NotAFile), "{error}");
        assert_eq!(folder.names(), ["fifo", "inner"]);
    }

    #[test]
    fn permissions_stay_without_set_user_id() {
        for (mode, kept) in [(0o644, 0o644), (0o600, 0o600), (0o755, 0o755), (0o4755, 0o755), (0o444, 0o444)]
        {
            let (_folder, path) = Folder::with_old();
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            let owner = fs::metadata(&path).unwrap();
            write(&path, NEW, Expect::Anything).unwrap();
            let now = fs::metadata(&path).unwrap();
            assert_eq!(now.mode() & 0o7777, kept, "{mode:o}");
            assert_eq!((now.uid(), now.gid()), (owner.uid(), owner.gid()));
        }
    }

    #[test]
    fn a_new_file_is_like_any_other_new_file() {
        let folder = Folder::new();
        let other = folder.0.path().join("other");
        fs::write(&other, NEW).unwrap();
        write(&folder.file(), NEW, Expect::Absent).unwrap();
        assert_eq!(fs::metadata(folder.file()).unwrap().mode(), fs::metadata(other).unwrap().mode());
    }

    #[test]
    fn another_hard_link_keeps_the_old_bytes() {
        let (folder, path) = Folder::with_old();
        let twin = folder.0.path().join("twin");
        fs::hard_link(&path, &twin).unwrap();
        write(&path, NEW, Expect::Anything).unwrap();
        assert_eq!((fs::read(path).unwrap(), fs::read(twin).unwrap()), (NEW.to_vec(), OLD.to_vec()));
    }

    #[test]
    fn a_folder_that_takes_no_files_changes_nothing() {
        let (folder, path) = Folder::with_old();
        fs::set_permissions(folder.0.path(), fs::Permissions::from_mode(0o555)).unwrap();
        let written = write(&path, NEW, Expect::Anything);
        let bytes = fs::read(&path).unwrap();
        fs::set_permissions(folder.0.path(), fs::Permissions::from_mode(0o755)).unwrap();
        match written {
            // Permissions do not bind the superuser, who gets a whole write.
            Ok(()) => assert_eq!(bytes, NEW),
            Err(error) => {
                assert!(matches!(error.reason, Reason::Create(_)), "{error}");
                assert!(error.next_step().contains("allow this user"));
                assert_eq!(bytes, OLD);
            }
        }
        assert_eq!(folder.names(), ["file"]);
    }

    /// No one, whoever runs the test, can make a file there.
    #[test]
    #[cfg(target_os = "linux")]
    fn a_kernel_folder_takes_no_files_from_anyone() {
        let error = write(Path::new("/proc/seal-test"), NEW, Expect::Absent).unwrap_err();
        assert!(matches!(error.reason, Reason::Create(_)), "{error}");
    }

    /// On a disk that is really full where the user may mount one; elsewhere
    /// with the error that a full disk gives.
    #[test]
    #[cfg(target_os = "linux")]
    fn a_full_disk_leaves_the_old_bytes() {
        let (folder, path) = Folder::with_old();
        let disk = folder.0.path().join("disk");
        fs::create_dir(&disk).unwrap();
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=64k", "tmpfs"])
            .arg(&disk)
            .output()
            .is_ok_and(|done| done.status.success());
        let path = if mounted { disk.join("file") } else { path };
        fs::write(&path, OLD).unwrap();
        let error = write_with(&path, Expect::Sha256(Sha256::of(OLD)), |file| {
            if mounted { file.write_all(&vec![7; 1 << 20]) } else { Err(rustix::io::Errno::NOSPC.into()) }
        });
        let bytes = fs::read(&path);
        let left = fs::read_dir(&disk).unwrap().count();
        if mounted {
            assert!(Command::new("umount").arg(&disk).status().unwrap().success());
        }
        let error = error.unwrap_err();
        assert!(matches!(error.reason, Reason::Fill(_)), "{error}");
        assert!(error.next_step().contains("free some space"), "{error}");
        assert_eq!(bytes.unwrap(), OLD);
        assert_eq!(left, usize::from(mounted));
    }
}
