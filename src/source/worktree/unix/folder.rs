//! The base of a tree and the folders beneath it, opened without following
//! links and always the same ones.

use std::ffi::OsStr;
use std::fs::File;
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use rustix::fs::{AtFlags, CWD, Dir, FileType as Type, Mode, OFlags, openat, statat};
use rustix::io::Errno;

use super::super::Kind;
use super::{held, kind_name};
use crate::path::BytePath;

const FOLDER: OFlags = OFlags::RDONLY.union(OFlags::CLOEXEC).union(OFlags::DIRECTORY);

/// A base need not be readable for what lies beneath it to be.
#[cfg(target_os = "linux")]
const BASE: OFlags = FOLDER.union(OFlags::PATH).union(OFlags::NOFOLLOW);
#[cfg(not(target_os = "linux"))]
const BASE: OFlags = FOLDER.union(OFlags::NOFOLLOW);

/// Which folder it is, wherever it is moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Identity(u64, u64);

fn identified(descriptor: OwnedFd) -> io::Result<(OwnedFd, Identity)> {
    let file = File::from(descriptor);
    let there = file.metadata()?;
    Ok((file.into(), Identity(there.dev(), there.ino())))
}

/// The descriptor, when it is of the folder that was opened first.
fn same(descriptor: OwnedFd, first: Identity) -> io::Result<OwnedFd> {
    let (descriptor, now) = identified(descriptor)?;
    if now == first { Ok(descriptor) } else { Err(io::Error::other("the folder was replaced meanwhile")) }
}

/// The folder that a tree hangs from.
#[derive(Debug)]
pub(in super::super) struct Base {
    path: PathBuf,
    number: u64,
    identity: Identity,
}

impl Base {
    /// `path` is absolute and resolved: a link in it was put there since.
    pub(in super::super) fn new(path: &Path) -> io::Result<Self> {
        let (descriptor, identity) = identified(open_base(path)?)?;
        let base = Self { path: path.to_owned(), number: held::number(), identity };
        held::keep(base.number, Rc::new(descriptor));
        Ok(base)
    }

    pub(in super::super) fn path(&self) -> &Path {
        &self.path
    }

    fn descriptor(&self) -> io::Result<Rc<OwnedFd>> {
        held::held(self.number, || same(open_base(&self.path)?, self.identity))
    }

    /// Opens a folder beneath.
    fn open(&self, at: &BytePath) -> io::Result<OwnedFd> {
        Ok(open_beneath(&*self.descriptor()?, at, FOLDER)?)
    }

    /// What is directly in a folder; folders have no kind. In no order.
    pub(in super::super) fn entries(&self, at: &BytePath) -> io::Result<Vec<(Vec<u8>, Option<Kind>)>> {
        let mut entries = Vec::new();
        let mut folder = Dir::new(self.open(at)?)?;
        while let Some(entry) = folder.read() {
            let entry = entry?;
            let name = entry.file_name();
            if matches!(name.to_bytes(), b"." | b"..") {
                continue;
            }
            let kind = match entry.file_type() {
                Type::Unknown => {
                    let there = statat(folder.fd()?, name, AtFlags::SYMLINK_NOFOLLOW)?;
                    Type::from_raw_mode(there.st_mode)
                }
                kind => kind,
            };
            let kind = match kind {
                Type::Directory => None,
                Type::RegularFile => Some(Kind::File),
                Type::Symlink => Some(Kind::Symlink),
                other => Some(Kind::Special(kind_name(other))),
            };
            entries.push((name.to_bytes().to_vec(), kind));
        }
        Ok(entries)
    }
}

impl Drop for Base {
    fn drop(&mut self) {
        held::release(self.number);
    }
}

/// One folder beneath a base.
pub(super) struct Beneath<'a> {
    base: &'a Base,
    at: BytePath,
    number: u64,
    identity: Identity,
}

impl<'a> Beneath<'a> {
    pub(super) fn new(base: &'a Base, at: &BytePath) -> io::Result<Self> {
        let (descriptor, identity) = identified(base.open(at)?)?;
        let folder = Self { base, at: at.clone(), number: held::number(), identity };
        held::keep(folder.number, Rc::new(descriptor));
        Ok(folder)
    }

    pub(super) fn path(&self) -> PathBuf {
        super::super::absolute(&self.base.path, &self.at)
    }

    pub(super) fn descriptor(&self) -> io::Result<Rc<OwnedFd>> {
        held::held(self.number, || same(self.base.open(&self.at)?, self.identity))
    }
}

impl Drop for Beneath<'_> {
    fn drop(&mut self) {
        held::release(self.number);
    }
}

#[cfg(target_os = "linux")]
fn open_base(path: &Path) -> Result<OwnedFd, Errno> {
    use rustix::fs::{ResolveFlags, openat2};
    match openat2(CWD, path, BASE, Mode::empty(), ResolveFlags::NO_SYMLINKS) {
        // Kernels before 5.6, and sandboxes that filter unknown calls.
        Err(Errno::NOSYS | Errno::PERM) => openat(CWD, path, BASE, Mode::empty()),
        result => result,
    }
}

#[cfg(not(target_os = "linux"))]
fn open_base(path: &Path) -> Result<OwnedFd, Errno> {
    openat(CWD, path, BASE, Mode::empty())
}

#[cfg(target_os = "linux")]
pub(super) fn open_beneath(folder: &OwnedFd, path: &BytePath, flags: OFlags) -> Result<OwnedFd, Errno> {
    use rustix::fs::{ResolveFlags, openat2};
    let resolve = ResolveFlags::BENEATH | ResolveFlags::NO_SYMLINKS;
    let own = Path::new(".");
    let os = path.to_os();
    let there: &Path = if path.is_root() { own } else { &os };
    match openat2(folder, there, flags, Mode::empty(), resolve) {
        Err(Errno::NOSYS | Errno::PERM) => open_by_component(folder, path, flags),
        result => result,
    }
}

#[cfg(not(target_os = "linux"))]
pub(super) fn open_beneath(folder: &OwnedFd, path: &BytePath, flags: OFlags) -> Result<OwnedFd, Errno> {
    open_by_component(folder, path, flags)
}

pub(super) fn open_by_component(folder: &OwnedFd, path: &BytePath, flags: OFlags) -> Result<OwnedFd, Errno> {
    if path.is_root() {
        return openat(folder, c".", flags, Mode::empty());
    }
    let mut at: Option<OwnedFd> = None;
    let mut components = path.components().peekable();
    while let Some(component) = components.next() {
        let flags = if components.peek().is_some() { FOLDER } else { flags };
        let name = OsStr::from_bytes(component);
        let parent = at.as_ref().unwrap_or(folder);
        let opened = openat(parent, name, flags | OFlags::NOFOLLOW, Mode::empty());
        at = Some(opened.map_err(|errno| match statat(parent, name, AtFlags::SYMLINK_NOFOLLOW) {
            // What a link is refused with when a folder is asked for differs among systems.
            Ok(there) if Type::from_raw_mode(there.st_mode) == Type::Symlink => Errno::LOOP,
            _ => errno,
        })?);
    }
    at.ok_or(Errno::ISDIR)
}
