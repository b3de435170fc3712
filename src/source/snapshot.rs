//! A source whose listing is fixed when it is opened: what git tracks, or what
//! an archive holds.
//!
//! Paths, kinds and handles are kept sorted; the store behind opens a handle.
//! Links are never resolved by anything outside of the listing.

use std::collections::VecDeque;
use std::io::Read;

use thiserror::Error;

use super::worktree::is_git_folder;
use super::{Blob, Folder, Kind, Links, ListError, Listed, Refusal, Source};
use crate::path::{BytePath, MAX_LEN};
use crate::text::quote;

/// What opens the handles of a snapshot.
pub trait Store: Send + Sync {
    /// What stands for the bytes of a file, or of a link's text.
    type Handle: Send + Sync;

    /// Opens the bytes.
    fn open(&self, handle: &Self::Handle) -> Result<Box<dyn Blob>, Refusal>;
}

/// What a path of a snapshot is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item<H> {
    /// A regular file.
    File(H),
    /// A symbolic link; its bytes are where it leads.
    Symlink(H),
    /// Something that cannot be sealed.
    Special(&'static str),
    /// A commit of another repository.
    Submodule,
}

impl<H> Item<H> {
    fn kind(&self) -> Kind {
        match self {
            Self::File(_) => Kind::File,
            Self::Symlink(_) => Kind::Symlink,
            Self::Special(what) => Kind::Special(what),
            Self::Submodule => Kind::Submodule,
        }
    }
}

/// A listing that contradicts itself.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Conflict {
    /// A path is there twice.
    #[error("{} is there twice", quote(.0.as_bytes()))]
    Duplicate(BytePath),
    /// A path is a file, and others lie below it.
    #[error("{} is a file and a folder", quote(.0.as_bytes()))]
    FileAndFolder(BytePath),
}

/// Links on the way to one file that are followed.
const LINKS: usize = 40;

/// What stands where in a snapshot, and what opens it.
#[derive(Debug)]
pub struct Snapshot<S: Store> {
    store: S,
    /// In byte order of the path.
    items: Vec<(BytePath, Item<S::Handle>)>,
    repository: bool,
}

impl<S: Store> Snapshot<S> {
    /// Takes a listing in any order. `repository` says whether its base is the
    /// root of a repository.
    pub fn new(
        store: S,
        mut items: Vec<(BytePath, Item<S::Handle>)>,
        repository: bool,
    ) -> Result<Self, Conflict> {
        items.sort_by(|a, b| a.0.cmp(&b.0));
        let mut last: Option<&BytePath> = None;
        for (path, _) in &items {
            if last == Some(path) {
                return Err(Conflict::Duplicate(path.clone()));
            }
            // What lies beside the last path lies below nothing new.
            if last.is_none_or(|last| last.parent() != path.parent())
                && let Some(above) = ancestors(path).find(|above| find(&items, above).is_some())
            {
                return Err(Conflict::FileAndFolder(above));
            }
            last = Some(path);
        }
        Ok(Self { store, items, repository })
    }

    /// What opens the handles.
    pub fn store(&self) -> &S {
        &self.store
    }

    /// What stands at `path`; `None` for nothing, and for a folder.
    pub fn get(&self, path: &BytePath) -> Option<&Item<S::Handle>> {
        find(&self.items, path)
    }

    /// Whether anything lies below `path`. The base always is a folder.
    pub fn is_folder(&self, path: &BytePath) -> bool {
        path.is_root() || !self.below(path).is_empty()
    }

    /// What lies below a folder, in byte order.
    pub fn below(&self, folder: &BytePath) -> &[(BytePath, Item<S::Handle>)] {
        if folder.is_root() {
            return &self.items;
        }
        let first = [folder.as_bytes(), b"/"].concat();
        let past = [folder.as_bytes(), b"0"].concat();
        let from = self.items.partition_point(|(path, _)| path.as_bytes() < first.as_slice());
        let to = self.items.partition_point(|(path, _)| path.as_bytes() < past.as_slice());
        self.items.get(from..to).unwrap_or_default()
    }

    /// Why there is no file at `path`: what stands there, or in its way.
    fn refusal(&self, path: &BytePath) -> Refusal {
        match self.get(path) {
            Some(Item::File(_)) => Refusal::Missing,
            Some(Item::Symlink(handle)) => Refusal::Symlink { target: self.target(handle).ok() },
            Some(Item::Special(what)) => Refusal::NotRegular(what),
            Some(Item::Submodule) => Refusal::Submodule,
            None if self.is_folder(path) => Refusal::NotRegular("folder"),
            None => match ancestors(path).find_map(|above| self.get(&above)) {
                Some(Item::Symlink(_)) => Refusal::Symlink { target: None },
                Some(Item::Submodule) => Refusal::Submodule,
                _ => Refusal::Missing,
            },
        }
    }

    /// The text of a link.
    fn target(&self, handle: &S::Handle) -> Result<Vec<u8>, Refusal> {
        let mut text = Vec::new();
        let mut blob = self.store.open(handle)?.take(MAX_LEN as u64 + 1);
        blob.read_to_end(&mut text).map_err(|error| Refusal::Io(error.to_string()))?;
        if text.len() > MAX_LEN { Err(Refusal::Io("the link's text is too long".into())) } else { Ok(text) }
    }

    /// Where `path` leads when every link on the way is followed, as a path of
    /// the snapshot. Nothing is asked but the snapshot.
    fn resolve(&self, root: &BytePath, path: &BytePath) -> Result<BytePath, Refusal> {
        let leaves = || {
            let target = match self.get(&root.join(path)) {
                Some(Item::Symlink(handle)) => self.target(handle).ok(),
                _ => None,
            };
            Refusal::LeavesRoot { target }
        };
        let mut to_go: VecDeque<Vec<u8>> = path.components().map(<[u8]>::to_vec).collect();
        let mut at = root.clone();
        let mut links = 0;
        while let Some(component) = to_go.pop_front() {
            match component.as_slice() {
                b"" | b"." => continue,
                b".." if at.is_root() => return Err(leaves()),
                b".." => {
                    at = at.parent();
                    continue;
                }
                _ => {}
            }
            let next = at.child(&component);
            if let Some(Item::Symlink(handle)) = self.get(&next) {
                links += 1;
                let target = self.target(handle)?;
                if target.starts_with(b"/") {
                    return Err(leaves());
                }
                if links > LINKS || next.as_bytes().len() > MAX_LEN {
                    return Err(Refusal::Io("too many links lead to one another".into()));
                }
                for part in target.split(|&byte| byte == b'/').rev() {
                    to_go.push_front(part.to_vec());
                }
                continue;
            }
            if !to_go.is_empty() && !self.is_folder(&next) {
                return Err(match self.refusal(&next) {
                    Refusal::Submodule => Refusal::Submodule,
                    _ => Refusal::Missing,
                });
            }
            at = next;
        }
        if at.strip_prefix(root).is_some() { Ok(at) } else { Err(leaves()) }
    }
}

fn find<'a, H>(items: &'a [(BytePath, Item<H>)], path: &BytePath) -> Option<&'a Item<H>> {
    let at = items.binary_search_by(|(other, _)| other.cmp(path)).ok()?;
    items.get(at).map(|(_, item)| item)
}

/// The folders that `path` lies in, the nearest first, without the base.
fn ancestors(path: &BytePath) -> impl Iterator<Item = BytePath> {
    std::iter::successors(Some(path.parent()), |folder| Some(folder.parent())).take_while(|f| !f.is_root())
}

impl<S: Store> Source for Snapshot<S> {
    fn list(&self, under: &BytePath) -> Result<Vec<Listed>, ListError> {
        if !self.is_folder(under) {
            return Err(ListError { path: under.clone(), reason: "there is no such folder".into() });
        }
        let below = self.below(under).iter();
        Ok(below.map(|(path, item)| Listed { path: path.clone(), kind: item.kind() }).collect())
    }

    fn list_folder(&self, folder: &BytePath) -> Result<Vec<Listed>, ListError> {
        let mut listed = self.list(folder)?;
        listed.retain(|listed| listed.path.parent() == *folder);
        Ok(listed)
    }

    fn folder(&self, at: &BytePath) -> Result<Box<dyn Folder + '_>, Refusal> {
        if self.is_folder(at) {
            return Ok(Box::new(Opened { snapshot: self, at: at.clone() }));
        }
        Err(match self.refusal(at) {
            Refusal::NotRegular(_) => Refusal::Missing,
            other => other,
        })
    }

    /// What is tracked is not ignored, and in an archive there is nothing to ask.
    fn ignored(&self, paths: &[BytePath], _: &BytePath) -> Vec<bool> {
        vec![false; paths.len()]
    }

    fn is_repository(&self) -> bool {
        self.repository
    }

    fn holds_repository(&self, folder: &BytePath) -> bool {
        self.folder(&folder.child(b".git")).is_ok_and(|git| is_git_folder(&*git))
    }
}

/// A folder of a snapshot.
struct Opened<'a, S: Store> {
    snapshot: &'a Snapshot<S>,
    at: BytePath,
}

impl<S: Store> Opened<'_, S> {
    fn open_plain(&self, path: &BytePath) -> Result<Box<dyn Blob>, Refusal> {
        match self.snapshot.get(path) {
            Some(Item::File(handle)) => self.snapshot.store.open(handle),
            _ => Err(self.snapshot.refusal(path)),
        }
    }
}

impl<S: Store> Folder for Opened<'_, S> {
    fn open(&self, path: &BytePath, links: Links) -> Result<Box<dyn Blob>, Refusal> {
        match (self.open_plain(&self.at.join(path)), links) {
            (Err(Refusal::Symlink { .. }), Links::FollowInside) => {
                self.open_plain(&self.snapshot.resolve(&self.at, path)?)
            }
            (result, _) => result,
        }
    }

    fn exists(&self, path: &BytePath) -> bool {
        let path = self.at.join(path);
        self.snapshot.get(&path).is_some() || self.snapshot.is_folder(&path)
    }
}

#[cfg(test)]
mod tests;
