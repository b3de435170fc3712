//! Sealing a folder: the manifest and the tree pin, from the bytes alone.
//!
//! The same bytes give the same seal on every machine: names sorted bytewise,
//! no times, no users, no absolute paths. Nothing is written before every file
//! was read, and never over a seal that changed meanwhile.

mod attributes;
mod changes;
mod converted;
mod hints;
mod lists;
mod reseal;

use std::path::{Path, PathBuf};

pub use changes::Changes;
pub use converted::over_checkout;
pub use reseal::over_drift;

use crate::atomic::{self, Expect};
use crate::code::Code;
use crate::config::{Config, Globs};
use crate::digest::Sha256;
use crate::finding::Finding;
use crate::finding::origin::AttributeLine;
use crate::gate::ConfigFrom;
use crate::manifest::write::{self, Item};
use crate::observe::{Progress, digests};
use crate::packet::names::{Promise, promise, signed};
use crate::packet::{MANIFEST_NAME, PIN_NAME};
use crate::path::{Backslash, BytePath};
use crate::source::{Kind, Listed, Refusal, Source, WorkTree};
use crate::text::quote;

/// A text format that can be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum TextFormat {
    /// `HEX␠␠path`, which every checksum tool reads.
    #[default]
    Sha256sum,
    /// `HEX␠LENGTH␠path`.
    Sized,
}

/// A seal that was computed and not yet written.
#[derive(Debug)]
pub struct Plan {
    folder: PathBuf,
    /// The manifest's digest.
    pub tree: Sha256,
    /// Sealed files.
    pub files: usize,
    /// Sealed bytes.
    pub bytes: u64,
    /// Files that the configuration or the profile leaves out.
    pub excluded: u64,
    /// What it says otherwise than the manifest there, when there is one.
    pub changes: Option<Changes>,
    /// Sealed files that the enclosing repository ignores and does not track.
    pub ignored: Vec<BytePath>,
    /// The line for a `.gitattributes` that the folder still needs.
    pub attributes: Option<AttributeLine>,
    /// Sealed files that the checkout wrote with CRLF where git holds LF.
    pub converted: Vec<BytePath>,
    /// Other lists in the folder that have another digest for a sealed file.
    pub outdated: Vec<BytePath>,
    /// What is written, in this order.
    parts: Vec<Part>,
}

/// A file of the seal.
#[derive(Debug)]
struct Part {
    name: &'static [u8],
    bytes: Vec<u8>,
    existing: Existing,
}

/// What a seal is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Form {
    /// How the manifest's lines are written.
    pub format: TextFormat,
    /// Also write `seal-hints.json`, which the manifest then lists.
    pub hints: bool,
}

/// What stands where a part of the seal goes.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Existing {
    Nothing,
    File(Sha256),
}

/// How the computed seal relates to the one that stands there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// There was none.
    New,
    /// It is the same, byte for byte.
    Same,
    /// It is another.
    Other,
}

impl Plan {
    /// Reads every file below `folder` and computes its seal, without what the profile
    /// lets lie unsealed: the one that is named, else the configured one. Nothing is
    /// written. Findings say why a folder cannot be sealed. `from` is where the
    /// configuration came from, which its paths are relative to.
    pub fn new(
        folder: &Path,
        form: Form,
        (config, from): (&Config, &ConfigFrom),
        profile: Option<&str>,
        threads: usize,
        progress: &Progress,
    ) -> Result<Self, Vec<Finding>> {
        let unreadable = |error: std::io::Error| vec![cannot_read(folder, &error.to_string())];
        let (work_tree, root) = crate::gate::tree_around(folder, from).map_err(unreadable)?;
        let real = work_tree.absolute(&root);
        if !real.is_dir() {
            return Err(vec![no_folder(folder)]);
        }
        let listed = work_tree.list(&root).map_err(|error| vec![cannot_read(folder, &error.to_string())])?;
        let allowed = allowed(&root, config, profile)?;
        let (mut paths, excluded) = to_seal(listed, &root, config, &allowed)?;
        if paths.is_empty() {
            return Err(vec![no_file(folder)]);
        }
        let opened =
            work_tree.folder(&root).map_err(|refusal| vec![cannot_read(folder, &refusal.to_string())])?;
        let mut parts = Vec::with_capacity(3);
        let mut part = |name: &'static [u8], bytes: Vec<u8>| {
            let existing = existing(&*opened, name)?;
            parts.push(Part { name, bytes, existing });
            Ok::<(), Vec<Finding>>(())
        };
        let own = BytePath::root().child(crate::hints::NAME);
        if form.hints {
            paths.retain(|path| *path != own);
        }
        let mut items = hash(&*opened, paths, threads, progress)?;
        if form.hints {
            let bytes = hints::document(&*opened, &items, threads)?;
            let digest = crate::digest::Digest::Sha256(Sha256::of(&bytes));
            items.push(Item { path: own, digest, size: bytes.len() as u64 });
            items.sort_by(|a, b| a.path.cmp(&b.path));
            part(crate::hints::NAME, bytes)?;
        }
        let manifest = written(form.format, &items);
        let changes = there(&*opened, MANIFEST_NAME)?.map(|old| Changes::between(&old, &items));
        let tree = Sha256::of(&manifest);
        part(MANIFEST_NAME, manifest)?;
        part(PIN_NAME, format!("{tree}\n").into_bytes())?;
        let own = parts.iter().map(|part| root.child(part.name));
        let paths: Vec<BytePath> = items.iter().map(|item| root.join(&item.path)).chain(own).collect();
        Ok(Self {
            folder: real,
            attributes: attributes::line(&work_tree, &root, &paths),
            converted: converted::files(&work_tree, &root, &*opened, &items),
            tree,
            files: items.len(),
            bytes: items.iter().map(|item| item.size).sum(),
            excluded,
            changes,
            ignored: ignored(&work_tree, &root, &items),
            outdated: lists::outdated(&*opened, &items),
            parts,
        })
    }

    /// How it relates to what stands there.
    pub fn change(&self) -> Change {
        let same = |part: &Part| part.existing == Existing::File(Sha256::of(&part.bytes));
        if self.parts.iter().all(|part| part.existing == Existing::Nothing) {
            Change::New
        } else if self.parts.iter().all(same) {
            Change::Same
        } else {
            Change::Other
        }
    }

    /// Writes the hints, the manifest, then the pin. Each appears whole or not at all; when
    /// a later one fails, it does not match, and verifying fails.
    pub fn write(&self) -> Result<(), Box<Finding>> {
        for Part { name, bytes, existing } in &self.parts {
            let expect = match existing {
                Existing::Nothing => Expect::Absent,
                Existing::File(digest) if *digest == Sha256::of(bytes) => continue,
                Existing::File(digest) => Expect::Sha256(*digest),
            };
            let path = self.folder.join(&*BytePath::root().child(name).to_os());
            atomic::write(&path, bytes, expect).map_err(|error| {
                Box::new(Finding::new(Code::NotWritten, error.to_string()).help(error.next_step()))
            })?;
        }
        Ok(())
    }
}

/// What the profile that is named lets lie unsealed, else the configured one.
fn allowed(root: &BytePath, config: &Config, profile: Option<&str>) -> Result<Globs, Vec<Finding>> {
    let configured =
        || config.packets_at(root).find_map(|packet| Some(packet.profile.as_ref()?.value.as_str()));
    match profile.or_else(configured) {
        Some(name) => crate::gate::allowed_unsealed(name, config),
        None => Ok(Globs::default()),
    }
}

fn written(format: TextFormat, items: &[Item]) -> Vec<u8> {
    match format {
        TextFormat::Sha256sum => write::sha256sum(items),
        TextFormat::Sized => write::sized(items),
    }
}

fn no_file(folder: &Path) -> Finding {
    let name = quote(folder.as_os_str().as_encoded_bytes());
    Finding::new(Code::ManifestEmpty, format!("{name} holds no file to seal"))
}

fn no_folder(folder: &Path) -> Finding {
    let name = quote(folder.as_os_str().as_encoded_bytes());
    let message = format!("{name} is not a folder");
    Finding::new(Code::UsageError, message).help("give the folder to seal: seal create FOLDER")
}

/// The files that the enclosing repository ignores and does not track.
fn ignored(tree: &WorkTree, root: &BytePath, items: &[Item]) -> Vec<BytePath> {
    let whole: Vec<BytePath> = items.iter().map(|item| root.join(&item.path)).collect();
    let ignored = items.iter().zip(tree.ignores(&whole)).filter(|(_, ignored)| *ignored);
    ignored.map(|(item, _)| item.path.clone()).collect()
}

fn cannot_read(folder: &Path, reason: &str) -> Finding {
    let name = quote(folder.as_os_str().as_encoded_bytes());
    Finding::new(Code::PathUnreadable, format!("{name} cannot be read: {reason}"))
}

/// The files to seal, relative to the root and in byte order, and how many the
/// configuration or the profile leaves out. What cannot be sealed refuses the whole folder.
fn to_seal(
    listed: Vec<Listed>,
    root: &BytePath,
    config: &Config,
    allowed: &Globs,
) -> Result<(Vec<BytePath>, u64), Vec<Finding>> {
    let excludes: Vec<_> = config.packets_at(root).map(|packet| &packet.exclude).chain([allowed]).collect();
    let (mut paths, mut excluded, mut refused) = (Vec::new(), 0, Vec::new());
    for Listed { path, kind } in listed {
        let Some(path) = path.strip_prefix(root) else { continue };
        if is_seal(&path) {
            continue;
        }
        if excludes.iter().any(|globs| globs.matches(&path)) {
            excluded += 1;
            continue;
        }
        let name = quote(path.as_bytes());
        match kind {
            Kind::File => match BytePath::parse(path.as_bytes(), Backslash::Literal) {
                Ok(path) => paths.push(path),
                Err(error) => refused.push(
                    Finding::new(Code::BadPath, format!("{name} cannot be sealed: {error}"))
                        .help("rename the file: a manifest may not hold that name")
                        .path(path),
                ),
            },
            Kind::Symlink => refused.push(
                Finding::new(
                    Code::SymlinkEntry,
                    format!("{name} is a symbolic link, which cannot be sealed"),
                )
                .help("replace it by the file it points to, or exclude it in seal.toml")
                .path(path),
            ),
            Kind::Special(_) | Kind::Submodule => {
                let what = if let Kind::Special(kind) = kind { kind } else { "submodule" };
                refused.push(
                    Finding::new(
                        Code::NotARegularFile,
                        format!("{name} is a {what}, which cannot be sealed"),
                    )
                    .help("remove it, or exclude it in seal.toml")
                    .path(path),
                );
            }
        }
    }
    if refused.is_empty() { Ok((paths, excluded)) } else { Err(refused) }
}

/// The manifest and pin of this very folder, and what signs them.
fn is_seal(path: &BytePath) -> bool {
    let name = path.as_bytes();
    let own = [MANIFEST_NAME, PIN_NAME];
    own.contains(&name)
        || (promise(name) == Some(Promise::Signature)
            && signed(name).is_some_and(|signed| own.contains(&signed)))
}

fn hash(
    folder: &dyn crate::source::Folder,
    paths: Vec<BytePath>,
    threads: usize,
    progress: &Progress,
) -> Result<Vec<Item>, Vec<Finding>> {
    let hashed = digests(folder, &paths, threads, progress);
    let (mut items, mut refused) = (Vec::with_capacity(paths.len()), Vec::new());
    for (path, hashed) in paths.into_iter().zip(hashed) {
        match hashed {
            Ok((digest, size)) => items.push(Item { path, digest, size }),
            Err(refusal) => {
                let message = format!("{} cannot be read: {refusal}", quote(path.as_bytes()));
                refused.push(Finding::new(Code::UnreadableFile, message).path(path));
            }
        }
    }
    if refused.is_empty() { Ok(items) } else { Err(refused) }
}

fn existing(folder: &dyn crate::source::Folder, name: &[u8]) -> Result<Existing, Vec<Finding>> {
    Ok(there(folder, name)?.map_or(Existing::Nothing, |bytes| Existing::File(Sha256::of(&bytes))))
}

/// The bytes of a part of the seal that stands there, if one does.
fn there(folder: &dyn crate::source::Folder, name: &[u8]) -> Result<Option<Vec<u8>>, Vec<Finding>> {
    let path = BytePath::root().child(name);
    match folder.read(&path, crate::source::Links::Refuse, crate::manifest::Limits::default().bytes as u64) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(Refusal::Missing) => Ok(None),
        Err(refusal) => {
            let message = format!("{} stands in the way: {refusal}", quote(name));
            Err(vec![Finding::new(Code::NotWritten, message).path(path)])
        }
    }
}
