//! Archives made here, byte by byte: whole, hostile and broken.

mod make;
mod tars;
mod zips;

use std::io::Write as _;

use super::*;
use crate::source::{Kind, Links, Refusal, Source as _};

/// Lists these bytes as an archive of this name.
fn list_as(name: &str, bytes: &[u8], limit: Option<u64>) -> Result<Option<ArchiveFiles>, ArchiveError> {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(name);
    std::fs::File::create(&path).unwrap().write_all(bytes).unwrap();
    Archive::recognize(&path, limit)?.map(Archive::list).transpose()
}

fn list(bytes: &[u8]) -> Result<ArchiveFiles, ArchiveError> {
    list_as("a", bytes, None).map(|files| files.expect("it is recognized"))
}

/// `name kind` of everything in it.
fn listed(bytes: &[u8]) -> Vec<String> {
    let all = list(bytes).unwrap().list(&BytePath::root()).unwrap();
    let kind = |kind: Kind| match kind {
        Kind::File => "file",
        Kind::Symlink => "link",
        Kind::Special(what) => what,
        Kind::Submodule => "submodule",
    };
    all.iter().map(|l| format!("{} {}", String::from_utf8_lossy(l.path.as_bytes()), kind(l.kind))).collect()
}

fn read(files: &ArchiveFiles, name: &str) -> Result<Vec<u8>, Refusal> {
    let path = BytePath::parse(name.as_bytes(), Backslash::Refuse).unwrap();
    files.folder(&BytePath::root())?.read(&path, Links::Refuse, 1 << 20)
}

/// Why it is refused, as people read it.
#[track_caller]
fn refused(bytes: &[u8]) -> String {
    match list_as("a.zip", bytes, None) {
        Err(error) => error.to_string(),
        Ok(_) => panic!("it was listed"),
    }
}

#[test]
fn recognized_by_content_first_and_by_name_where_that_says_more() {
    assert!(list_as("a", b"no archive", None).unwrap().is_none());
    assert!(list_as("a.gz", &make::gzip(b"a text"), None).unwrap().is_none(), "gzip of no tar");
    assert!(list_as("a", b"", None).unwrap().is_none());
    for name in ["a.zip", "A.TAR.GZ", "a.tgz", "a.tar", "a.tar.zst"] {
        let error = list_as(name, b"<html>not found</html>", None).unwrap_err();
        assert!(error.to_string().contains("its name ends in"), "{error}");
    }
    let error = list_as("a.tar.xz", b"\xfd7zXZ\0\0\0\0", None).unwrap_err();
    assert!(error.to_string().contains("compressed by xz"), "{error}");
    let zip = make::Zip::new().file("a", b"bytes").build();
    assert_eq!(read(&list_as("report.pdf", &zip, None).unwrap().unwrap(), "a").unwrap(), b"bytes");
}

#[test]
fn what_an_archive_may_unpack_to_is_bounded() {
    let zeros = vec![0; 100_000];
    let archives = [
        make::Zip::new().deflated("a", &zeros).build(),
        make::Tar::new().file("a", &zeros).build(),
        make::gzip(&make::Tar::new().file("a", &zeros).build()),
        make::zstd(&make::Tar::new().file("a", &zeros).build()),
    ];
    for (at, bytes) in archives.iter().enumerate() {
        assert!(list_as("a", bytes, Some(200_000)).is_ok());
        // A plain tar is as long as it says it is: nothing comes out of it.
        let bomb = list_as("a", bytes, Some(99_999));
        assert_eq!(matches!(bomb, Err(ArchiveError::TooLarge(_))), at != 1, "{at}");
    }
    let mut bounds = Bounds::new(1_000, None);
    assert!(bounds.unpacks_to(256 << 20).is_ok() && bounds.unpacks_to(1).is_err());
    assert!(Bounds::new(1 << 40, None).unpacks_to((16 << 30) + 1).is_err());
    for _ in 0..1_000_000 {
        bounds.entry(0).unwrap();
    }
    assert!(matches!(bounds.entry(0), Err(ArchiveError::TooLarge(_))));
}

#[test]
fn an_archive_that_was_written_to_meanwhile_is_noticed() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.tar.gz");
    let pack = |text: &[u8]| make::gzip(&make::Tar::new().file("a", text).build());
    std::fs::write(&path, pack(b"one")).unwrap();
    let files = Archive::recognize(&path, None).unwrap().unwrap().list().unwrap();
    std::fs::write(&path, pack(b"another, and a longer one")).unwrap();
    assert!(matches!(read(&files, "a"), Err(Refusal::Io(why)) if why.contains("written to")));
}
