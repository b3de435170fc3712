//! Files held in memory, in the place of a folder of another source.
//!
//! What is asked of that folder is answered from memory and never touches a
//! disk; everything beside it is the other source's to answer.

use std::collections::BTreeMap;
use std::io::{self, Cursor, Read};
use std::sync::Arc;

use super::snapshot::{Conflict, Item, Snapshot, Store};
use super::{Blob, Folder, Links, ListError, Listed, Refusal, Source};
use crate::path::BytePath;

/// Files by their path.
pub(crate) type Files = BTreeMap<BytePath, Item<Arc<[u8]>>>;

/// Handles are the bytes themselves.
#[derive(Debug)]
pub(crate) struct Memory;

struct Held(Cursor<Arc<[u8]>>);

impl Read for Held {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer)
    }
}

impl Blob for Held {
    fn size(&self) -> u64 {
        self.0.get_ref().len() as u64
    }

    fn changed(&self) -> bool {
        false
    }
}

impl Store for Memory {
    type Handle = Arc<[u8]>;

    fn open(&self, handle: &Self::Handle) -> Result<Box<dyn Blob>, Refusal> {
        Ok(Box::new(Held(Cursor::new(Arc::clone(handle)))))
    }
}

/// A folder in memory, and what lies around it.
pub(crate) struct Overlay {
    around: Option<Arc<dyn Source>>,
    at: BytePath,
    files: Snapshot<Memory>,
}

impl Overlay {
    /// The folder `at` as `files` say, whose paths begin with it.
    pub(crate) fn new(
        around: Option<Arc<dyn Source>>,
        at: BytePath,
        files: &Files,
    ) -> Result<Self, Conflict> {
        let items = files.iter().map(|(path, item)| (path.clone(), item.clone())).collect();
        Ok(Self { around, at, files: Snapshot::new(Memory, items, false)? })
    }

    fn holds(&self, path: &BytePath) -> bool {
        path.strip_prefix(&self.at).is_some()
    }

    fn outside(&self, path: &BytePath) -> Option<&Arc<dyn Source>> {
        self.around.as_ref().filter(|_| !self.holds(path))
    }
}

impl Source for Overlay {
    fn list(&self, under: &BytePath) -> Result<Vec<Listed>, ListError> {
        let Some(around) = self.outside(under) else { return self.files.list(under) };
        let mut listed = around.list(under)?;
        if self.at.strip_prefix(under).is_some() {
            listed.retain(|listed| !self.holds(&listed.path));
            listed.extend(self.files.list(&BytePath::root())?);
            listed.sort();
        }
        Ok(listed)
    }

    fn list_folder(&self, folder: &BytePath) -> Result<Vec<Listed>, ListError> {
        self.outside(folder)
            .map_or_else(|| self.files.list_folder(folder), |around| around.list_folder(folder))
    }

    fn folder(&self, at: &BytePath) -> Result<Box<dyn Folder + '_>, Refusal> {
        match self.outside(at) {
            None => self.files.folder(at),
            Some(around) => {
                let held = self.files.folder(&BytePath::root())?;
                Ok(Box::new(Around { overlay: self, at: at.clone(), outside: around.folder(at)?, held }))
            }
        }
    }

    fn ignored(&self, paths: &[BytePath], _: &BytePath) -> Vec<bool> {
        vec![false; paths.len()]
    }

    /// What lies in memory is in no repository: nothing is asked of git about it.
    fn is_repository(&self) -> bool {
        false
    }

    fn holds_repository(&self, _: &BytePath) -> bool {
        false
    }
}

/// A folder of the other source that the one in memory may lie in.
struct Around<'a> {
    overlay: &'a Overlay,
    at: BytePath,
    outside: Box<dyn Folder + 'a>,
    held: Box<dyn Folder + 'a>,
}

impl Folder for Around<'_> {
    fn open(&self, path: &BytePath, links: Links) -> Result<Box<dyn Blob>, Refusal> {
        let whole = self.at.join(path);
        if self.overlay.holds(&whole) {
            self.held.open(&whole, links)
        } else {
            self.outside.open(path, links)
        }
    }

    fn exists(&self, path: &BytePath) -> bool {
        let whole = self.at.join(path);
        if self.overlay.holds(&whole) { self.held.exists(&whole) } else { self.outside.exists(path) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(name: &str) -> BytePath {
        BytePath::parse(name.as_bytes(), crate::path::Backslash::Refuse).unwrap()
    }

    fn files(names: &[&str]) -> Files {
        names.iter().map(|name| (path(name), Item::File(Arc::from(name.as_bytes())))).collect()
    }

    #[test]
    fn the_folder_is_answered_from_memory_and_the_rest_by_the_other_source() {
        let around = Overlay::new(None, BytePath::root(), &files(&["a/old", "b/kept"])).unwrap();
        let overlay = Overlay::new(Some(Arc::new(around)), path("a"), &files(&["a/new"])).unwrap();
        let names = |under: &BytePath| -> Vec<String> {
            let listed = overlay.list(under).unwrap();
            listed.iter().map(|l| String::from_utf8_lossy(l.path.as_bytes()).into_owned()).collect()
        };
        assert_eq!(names(&BytePath::root()), ["a/new", "b/kept"]);
        assert_eq!(names(&path("a")), ["a/new"]);
        let root = overlay.folder(&BytePath::root()).unwrap();
        assert_eq!(root.read(&path("a/new"), Links::Refuse, 99).unwrap(), b"a/new");
        assert_eq!(root.read(&path("b/kept"), Links::Refuse, 99).unwrap(), b"b/kept");
        assert_eq!(root.read(&path("a/old"), Links::Refuse, 99), Err(Refusal::Missing));
        assert!(!root.exists(&path("a/old")) && root.exists(&path("b/kept")));
    }
}
