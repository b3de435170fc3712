//! Listings, refusals and links of a snapshot over bytes in memory.

use std::io::Cursor;

use super::*;
use crate::path::Backslash;

struct Memory;

struct Bytes(Cursor<Vec<u8>>);

impl Read for Bytes {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        self.0.read(buffer)
    }
}

impl Blob for Bytes {
    fn size(&self) -> u64 {
        self.0.get_ref().len() as u64
    }

    fn changed(&self) -> bool {
        false
    }
}

impl Store for Memory {
    type Handle = &'static str;

    fn open(&self, handle: &&'static str) -> Result<Box<dyn Blob>, Refusal> {
        Ok(Box::new(Bytes(Cursor::new(handle.as_bytes().to_vec()))))
    }
}

fn path(raw: &str) -> BytePath {
    if raw.is_empty() {
        BytePath::root()
    } else {
        BytePath::parse(raw.as_bytes(), Backslash::Refuse).unwrap()
    }
}

type Items = Vec<(BytePath, Item<&'static str>)>;

fn files(names: &[&'static str]) -> Items {
    names.iter().map(|name| (path(name), Item::File(*name))).collect()
}

fn snapshot() -> Snapshot<Memory> {
    let mut items = files(&["secret", "in/file", "in/deep/file", "in-other"]);
    for (link, target) in [
        ("in/link", "file"),
        ("in/out", "../secret"),
        ("in/back", "../in/./deep//file"),
        ("in/self", "."),
        ("in/loop", "loop"),
        ("in/absolute", "/in/file"),
        ("in/up", "../../in/file"),
        ("in/through", "file/../file"),
        ("in/gone", "none"),
        ("in/module", "../sub/x"),
        ("also", "in"),
    ] {
        items.push((path(link), Item::Symlink(target)));
    }
    items.push((path("in/fifo"), Item::Special("FIFO")));
    items.push((path("sub"), Item::Submodule));
    Snapshot::new(Memory, items, true).unwrap()
}

fn read(at: &str, name: &str, links: Links) -> Result<Vec<u8>, Refusal> {
    snapshot().folder(&path(at))?.read(&path(name), links, 99)
}

#[test]
fn a_listing_that_contradicts_itself_is_refused() {
    let conflict = |names: &[&'static str]| Snapshot::new(Memory, files(names), false).err();
    assert_eq!(conflict(&["a", "b/c", "a"]), Some(Conflict::Duplicate(path("a"))));
    assert_eq!(conflict(&["a", "a-b", "a/b/c"]), Some(Conflict::FileAndFolder(path("a"))));
    assert_eq!(conflict(&["a/b/c/d", "a/b", "a/b/c/e"]), Some(Conflict::FileAndFolder(path("a/b"))));
    assert_eq!(conflict(&["a/x", "a/y", "a-b", "a.b/c"]), None);
}

#[test]
fn lists_what_is_below_in_order_and_nothing_else() {
    let names = |listed: Vec<Listed>| -> Vec<String> {
        listed.iter().map(|l| String::from_utf8_lossy(l.path.as_bytes()).into_owned()).collect()
    };
    let snapshot = snapshot();
    assert_eq!(names(snapshot.list(&path("in/deep")).unwrap()), ["in/deep/file"]);
    assert_eq!(names(snapshot.list_folder(&path("")).unwrap()), ["also", "in-other", "secret", "sub"]);
    assert!(snapshot.list(&path("")).unwrap().is_sorted());
    for none in ["none", "secret", "i", "in/file"] {
        snapshot.list(&path(none)).unwrap_err();
    }
}

#[test]
fn links_are_refused_unless_they_stay_inside() {
    assert_eq!(read("in", "file", Links::Refuse).unwrap(), b"in/file");
    for links in ["link", "out", "loop", "absolute"] {
        assert!(
            matches!(read("in", links, Links::Refuse), Err(Refusal::Symlink { target: Some(_) })),
            "{links}"
        );
    }
    assert_eq!(read("in", "self/file", Links::Refuse), Err(Refusal::Symlink { target: None }));
    for (name, bytes) in [("link", "in/file"), ("self/self/link", "in/file"), ("back", "in/deep/file")] {
        assert_eq!(read("in", name, Links::FollowInside).unwrap(), bytes.as_bytes(), "{name}");
    }
    for name in ["out", "absolute", "up"] {
        assert!(
            matches!(read("in", name, Links::FollowInside), Err(Refusal::LeavesRoot { target: Some(_) })),
            "{name}"
        );
    }
    assert!(matches!(read("in", "loop", Links::FollowInside), Err(Refusal::Io(_))));
    for (name, refusal) in
        [("gone", Refusal::Missing), ("through", Refusal::Missing), ("module", Refusal::Submodule)]
    {
        assert_eq!(read("in", name, Links::FollowInside), Err(refusal), "{name}");
    }
    assert_eq!(read("", "also/file", Links::FollowInside).unwrap(), b"in/file");
}

#[test]
fn what_is_no_file_is_named() {
    let refused = |at: &str, name: &str| read(at, name, Links::Refuse).unwrap_err();
    assert_eq!(refused("in", "fifo"), Refusal::NotRegular("FIFO"));
    assert_eq!(refused("in", "deep"), Refusal::NotRegular("folder"));
    assert_eq!(refused("in", "none"), Refusal::Missing);
    assert_eq!(refused("in", "file/below"), Refusal::Missing);
    assert_eq!(refused("", "sub"), Refusal::Submodule);
    assert_eq!(refused("", "sub/x/y"), Refusal::Submodule);
    for (at, refusal) in [
        ("also", Refusal::Symlink { target: Some(b"in".to_vec()) }),
        ("also/deep", Refusal::Symlink { target: None }),
        ("secret", Refusal::Missing),
        ("none", Refusal::Missing),
        ("sub/x", Refusal::Submodule),
    ] {
        assert_eq!(snapshot().folder(&path(at)).err(), Some(refusal), "{at}");
    }
    assert!(snapshot().folder(&path("in")).unwrap().exists(&path("deep")));
    assert!(!snapshot().folder(&path("in")).unwrap().exists(&path("dee")));
}
