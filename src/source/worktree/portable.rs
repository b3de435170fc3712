//! Opening beneath a folder where descriptors cannot be opened relative to one
//! another: every component is looked at before the file is opened.

use std::fs::{File, Metadata};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::{Blob, Folder, Kind, Links, Refusal, absolute, refusal, resolve_inside};
use crate::path::{BytePath, os_bytes};
use crate::text::quote;

/// The folder that a tree hangs from.
#[derive(Debug)]
pub(super) struct Base {
    path: PathBuf,
}

impl Base {
    pub(super) fn new(path: &Path) -> io::Result<Self> {
        Ok(Self { path: path.to_owned() })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// What is directly in a folder; folders have no kind. In no order.
    pub(super) fn entries(&self, at: &BytePath) -> io::Result<Vec<(Vec<u8>, Option<Kind>)>> {
        if let Some(link) = first_link(&self.path, at)? {
            return Err(io::Error::other(format!("{} is a link", quote(link.as_bytes()))));
        }
        let mut entries = Vec::new();
        for entry in std::fs::read_dir(absolute(&self.path, at))? {
            let entry = entry?;
            let kind = entry.file_type()?;
            let kind = if kind.is_dir() {
                None
            } else if kind.is_file() {
                Some(Kind::File)
            } else if kind.is_symlink() {
                Some(Kind::Symlink)
            } else {
                Some(Kind::Special("special file"))
            };
            entries.push((os_bytes(&entry.file_name()).into_owned(), kind));
        }
        Ok(entries)
    }
}

/// The first component of `path` that is a link.
fn first_link(base: &Path, path: &BytePath) -> io::Result<Option<BytePath>> {
    let mut at = BytePath::root();
    for component in path.components() {
        at = at.child(component);
        if std::fs::symlink_metadata(base.join(at.to_os()))?.file_type().is_symlink() {
            return Ok(Some(at));
        }
    }
    Ok(None)
}

/// A folder, by its path.
pub(super) struct Opened {
    path: PathBuf,
}

impl Opened {
    pub(super) fn new(base: &Base, at: &BytePath) -> Result<Self, Refusal> {
        if first_link(&base.path, at).map_err(|error| refusal(&error))?.is_some() {
            return Err(Refusal::Symlink { target: None });
        }
        let path = absolute(&base.path, at);
        let meta = std::fs::metadata(&path).map_err(|error| refusal(&error))?;
        if meta.is_dir() { Ok(Self { path }) } else { Err(Refusal::Missing) }
    }

    fn open_plain(&self, path: &BytePath) -> Result<Box<dyn Blob>, Refusal> {
        if path.as_bytes().utf8_chunks().any(|chunk| !chunk.invalid().is_empty()) {
            return Err(Refusal::Missing);
        }
        let mut at = self.path.clone();
        for component in path.components() {
            at.push(String::from_utf8_lossy(component).as_ref());
            let kind = std::fs::symlink_metadata(&at).map_err(|error| refusal(&error))?;
            if kind.file_type().is_symlink() {
                let last = at == self.path.join(path.to_os());
                let text = std::fs::read_link(&at).ok().filter(|_| last);
                let target = text.map(|text| os_bytes(text.as_os_str()).into_owned());
                return Err(Refusal::Symlink { target });
            }
        }
        let file = File::open(&at).map_err(|error| refusal(&error))?;
        let meta = file.metadata().map_err(|error| refusal(&error))?;
        if meta.is_file() {
            Ok(Box::new(OpenFile { file, meta }))
        } else {
            Err(Refusal::NotRegular(if meta.is_dir() { "folder" } else { "special file" }))
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
        self.path.join(path.to_os()).symlink_metadata().is_ok()
    }
}

struct OpenFile {
    file: File,
    meta: Metadata,
}

impl Read for OpenFile {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.file.read(buffer)
    }
}

impl Blob for OpenFile {
    fn size(&self) -> u64 {
        self.meta.len()
    }

    fn changed(&self) -> bool {
        self.file.metadata().map_or(true, |now| {
            now.len() != self.meta.len() || now.modified().ok() != self.meta.modified().ok()
        })
    }
}
