//! Opening beneath a folder where descriptors cannot be opened relative to one
//! another: every component is looked at before the file is opened.

use std::fs::{File, FileType, Metadata};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::{Blob, Folder, Links, Refusal, refusal, resolve_inside};
use crate::path::{BytePath, os_bytes};

/// A folder, by its path.
pub(super) struct Opened {
    path: PathBuf,
}

impl Opened {
    pub(super) fn new(path: &Path) -> Result<Self, Refusal> {
        let meta = std::fs::metadata(path).map_err(|error| refusal(&error))?;
        if meta.is_dir() { Ok(Self { path: path.to_owned() }) } else { Err(Refusal::NotRegular("file")) }
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
                let target = std::fs::read_link(&at).ok().map(|t| os_bytes(t.as_os_str()).into_owned());
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

/// The word for a directory entry that is no file, folder or link.
pub(super) fn special(_kind: FileType) -> &'static str {
    "special file"
}
