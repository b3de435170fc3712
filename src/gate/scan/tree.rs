//! The tree that a path belongs to: a source, where on disk it stands, and which
//! layer of the files it holds.

use std::collections::BTreeMap;
use std::ops::Deref;
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use super::{shown_path, unreadable};
use crate::code::Code;
use crate::finding::Finding;
use crate::gate::base::Base;
use crate::gate::{Archives, ConfigFrom, FromLayer, Options};
use crate::git::{Git, GitError, Oid};
use crate::path::{BytePath, os_bytes};
use crate::source::archive::{Archive, ArchiveError};
use crate::source::memory::{Files, Overlay};
use crate::source::snapshot::{Conflict, Item};
use crate::source::tracked::{self, TrackedError, TrackedFiles};
use crate::source::worktree::{git_folder, relative, stands_in};
use crate::source::{Layer, Source, WorkTree};

/// A source, and where its paths are on disk.
#[derive(Clone)]
pub(in crate::gate) struct Tree {
    base: PathBuf,
    source: Arc<dyn Source>,
    layer: Layer,
}

impl Tree {
    /// Files as they lie on disk.
    pub(in crate::gate) fn work_tree(tree: WorkTree) -> Self {
        Self { base: tree.base().to_owned(), source: Arc::new(tree), layer: Layer::WorkTree }
    }

    /// The same tree with the folder `at` as `files` say, in memory.
    pub(in crate::gate) fn over(&self, at: &BytePath, files: &Files) -> Result<Self, Conflict> {
        let overlay = Overlay::new(Some(Arc::clone(&self.source)), at.clone(), files)?;
        Ok(Self { base: self.base.clone(), source: Arc::new(overlay), layer: self.layer.clone() })
    }

    /// Files in memory, told as if they lay below `base`.
    pub(in crate::gate) fn in_memory(base: PathBuf, files: &Files) -> Result<Self, Conflict> {
        let overlay = Overlay::new(None, BytePath::root(), files)?;
        Ok(Self { base, source: Arc::new(overlay), layer: Layer::WorkTree })
    }

    /// The absolute path of the base. Where it holds a repository, that is resolved.
    pub(in crate::gate) fn base(&self) -> &Path {
        &self.base
    }

    /// Which state of the files it holds.
    pub(in crate::gate) fn layer(&self) -> &Layer {
        &self.layer
    }

    /// Whether its files lie on disk under their paths.
    pub(in crate::gate) fn is_on_disk(&self) -> bool {
        self.layer == Layer::WorkTree
    }

    /// The absolute path of a relative one.
    pub(in crate::gate) fn absolute(&self, path: &BytePath) -> PathBuf {
        if path.is_root() { self.base.clone() } else { self.base.join(path.to_os()) }
    }

    /// `path` relative to the base, when it lies at or below it. No links are resolved.
    pub(in crate::gate) fn relative(&self, path: &Path) -> Option<BytePath> {
        relative(&self.base, path)
    }
}

impl Deref for Tree {
    type Target = dyn Source;

    fn deref(&self) -> &Self::Target {
        &*self.source
    }
}

/// What stands at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::gate) enum What {
    /// A folder.
    Folder,
    /// A regular file, or a link, which is judged as one.
    File,
    /// Nothing.
    Gone,
    /// Anything else.
    Other,
}

/// The trees of a run, each opened once: what is verified under one path is of
/// the same moment as what is verified under another.
pub(in crate::gate) struct Trees<'o> {
    pub(super) options: &'o Options,
    pub(super) base: Option<&'o Base>,
    opened: Mutex<BTreeMap<PathBuf, Opened>>,
}

/// The tracked files of one repository.
#[derive(Clone)]
struct Opened {
    files: Arc<TrackedFiles>,
    layer: Layer,
}

/// A path in the tracked files of a repository.
pub(in crate::gate) struct Place {
    pub(in crate::gate) tree: Tree,
    pub(in crate::gate) at: BytePath,
    pub(in crate::gate) what: What,
}

impl<'o> Trees<'o> {
    pub(in crate::gate) fn new(options: &'o Options, base: Option<&'o Base>) -> Self {
        Self { options, base, opened: Mutex::default() }
    }

    /// Where a path stands in what git tracks. The path need not exist on disk:
    /// first it is taken as it is written, since a link that lies in the working
    /// tree today says nothing about the index; then as the disk resolves it.
    pub(in crate::gate) fn tracked(&self, path: &Path) -> Result<Place, Vec<Finding>> {
        let written = lexical(&self.options.current_dir.join(path));
        let mut first = None;
        for (base, at) in candidates(&written) {
            let Opened { files, layer } = self.open(&base)?;
            let what = match files.get(&at) {
                Some(Item::File(_) | Item::Symlink(_)) => What::File,
                Some(Item::Special(_) | Item::Submodule) => What::Other,
                None if files.is_folder(&at) => What::Folder,
                None => What::Gone,
            };
            let place = Place { tree: Tree { base, source: files, layer }, at, what };
            if what != What::Gone {
                return Ok(place);
            }
            first.get_or_insert(place);
        }
        first.ok_or_else(|| {
            let message = format!("{} lies in no git repository", shown_path(path));
            let help = "`--from` and `--base` are about repositories; verify the files as they lie on disk without them";
            vec![Finding::new(Code::GitFailed, message).help(help)]
        })
    }

    fn open(&self, base: &Path) -> Result<Opened, Vec<Finding>> {
        let mut opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(there) = opened.get(base) {
            return Ok(there.clone());
        }
        let git = Git::open(base).map_err(|error| vec![failed(base, &error)])?;
        let fresh = match &self.options.from {
            FromLayer::Revision(name) => revision(&git, base, name)?,
            FromLayer::Index | FromLayer::WorkTree => {
                let bare = git_folder(base).is_some_and(|(_, bare)| bare);
                if bare {
                    let message = format!("{} is a bare repository, which has no index", shown_path(base));
                    let finding = Finding::new(Code::UsageError, message);
                    return Err(vec![finding.help("verify a commit: `seal verify --from HEAD`")]);
                }
                let files = tracked::index(&git).map_err(|error| vec![untold(&git, base, &error)])?;
                Opened { files: Arc::new(files), layer: Layer::Index }
            }
        };
        opened.insert(base.to_owned(), fresh.clone());
        Ok(fresh)
    }
}

fn revision(git: &Git, base: &Path, name: &str) -> Result<Opened, Vec<Finding>> {
    let commit = git.commit(name).map_err(|error| {
        let GitError::NoCommit(shown) = &error else { return vec![failed(base, &error)] };
        let finding = Finding::new(Code::RevisionNotFound, format!("{shown} names no commit in this clone"));
        let full = Oid::parse(name.as_bytes()).filter(|oid| !oid.is_zero());
        let shallow = git.is_shallow().then_some("this clone is shallow, ");
        let whole = shallow.map_or("", |_| "; or the whole history: `git fetch --unshallow`");
        let plain = name.chars().all(|c| c.is_ascii_alphanumeric() || "._/-".contains(c));
        let branch = name.strip_prefix("origin/").filter(|_| plain && !name.contains(".."));
        vec![match (full, shallow) {
            // A clone of one branch has no other, however deep it is.
            (None, _) if let Some(branch) = branch => finding.help(format!(
                "fetch that branch: `git fetch origin {branch}:refs/remotes/origin/{branch}`{whole}"
            )),
            (Some(oid), _) => finding.help(format!(
                "{}fetch that commit: `git fetch --depth=1 origin {oid}`{whole}",
                shallow.unwrap_or_default()
            )),
            (None, Some(shallow)) => finding.help(format!(
                "{shallow}fetch the commit by its full name: `git fetch --depth=1 origin SHA`{whole}"
            )),
            (None, None) => finding,
        }]
    })?;
    let files = tracked::revision(git, &commit).map_err(|error| vec![untold(git, base, &error)])?;
    Ok(Opened { files: Arc::new(files), layer: Layer::Revision { name: name.to_owned(), commit } })
}

/// Why git could not be asked.
fn failed(base: &Path, error: &GitError) -> Finding {
    match error {
        GitError::NotInstalled => Finding::new(Code::GitFailed, error.to_string()).help(
            "install git, or put its folder into `PATH`; files as they lie on disk are verified without it",
        ),
        other => Finding::new(Code::GitFailed, format!("{}: {other}", shown_path(base))),
    }
}

/// Why the tracked files are not known.
fn untold(git: &Git, base: &Path, error: &TrackedError) -> Finding {
    match error {
        TrackedError::Unmerged(_) => Finding::new(Code::IndexUnmerged, error.to_string()),
        TrackedError::Git(error @ GitError::MissingObject(_)) => {
            Finding::new(Code::GitObjectMissing, error.to_string())
        }
        // Folders may have been left out of the clone as well.
        TrackedError::Git(error @ GitError::Failed { .. }) if git.is_partial() => {
            Finding::new(Code::GitObjectMissing, format!("{}: {error}", shown_path(base)))
        }
        TrackedError::Git(error) => failed(base, error),
        other => Finding::new(Code::GitFailed, other.to_string()),
    }
}

/// The repositories that an absolute path may belong to, and where it stands in
/// each: as written, as the disk resolves it, and last a bare one. A folder in a
/// working tree that looks like a bare repository is content before it is that.
fn candidates(written: &Path) -> Vec<(PathBuf, BytePath)> {
    let mut found: Vec<(PathBuf, BytePath)> = Vec::new();
    let mut add = |path: &Path, is_base: &dyn Fn(&Path) -> bool| {
        let enclosing = path.ancestors().find_map(|folder| {
            let base = folder.canonicalize().ok().filter(|base| is_base(base))?;
            Some((base, relative(folder, path)?))
        });
        if let Some(place) = enclosing.filter(|place| !found.contains(place)) {
            found.push(place);
        }
    };
    add(written, &stands_in);
    let resolved = resolved(written);
    add(&resolved, &stands_in);
    add(&resolved, &|folder| git_folder(folder).is_some_and(|(_, bare)| bare));
    found
}

/// The path with what exists of it resolved.
fn resolved(path: &Path) -> PathBuf {
    let there = path.ancestors().find_map(|folder| Some((folder.canonicalize().ok()?, folder)));
    match there.and_then(|(real, folder)| Some((real, path.strip_prefix(folder).ok()?))) {
        Some((real, rest)) if rest.as_os_str().is_empty() => real,
        Some((real, rest)) => real.join(rest),
        None => path.to_owned(),
    }
}

/// An absolute path without `.` and `..`, by its text alone.
pub(in crate::gate) fn lexical(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                out.pop();
            }
            other => out.push(other),
        }
    }
    out
}

/// The files of an archive as a tree; `None` when the file at `path` is none.
pub(super) fn archive(path: &Path, options: &Options) -> Result<Option<Tree>, Vec<Finding>> {
    let failed = |error: ArchiveError| vec![unusable(path, &error)];
    let limit = if let Archives::Open(limit) = options.archives { limit } else { None };
    let Some(archive) = Archive::recognize(path, limit).map_err(failed)? else { return Ok(None) };
    if options.base.is_some() {
        let message = format!("{} is an archive, and no base is known for what is in it", shown_path(path));
        let finding = Finding::new(Code::UsageError, message);
        return Err(vec![finding.help("unpack it in a repository that has the base, or leave out `--base`")]);
    }
    if options.archives == Archives::Refuse {
        let message = format!("{} is an archive, and nothing is written into one", shown_path(path));
        let finding = Finding::new(Code::UsageError, message);
        return Err(vec![finding.help("unpack it, and give the folder as PATH")]);
    }
    let format = archive.format();
    let files = archive.list().map_err(failed)?;
    let failed = |error: std::io::Error| vec![unreadable(path, &error)];
    let name = path.file_name().unwrap_or_default();
    let parent = lexical(&options.current_dir.join(path)).parent().map(Path::to_owned).unwrap_or_default();
    let base = parent.canonicalize().map_err(failed)?.join(name);
    let layer = Layer::Archive { name: os_bytes(name).into_owned(), format };
    Ok(Some(Tree { base, source: Arc::new(files), layer }))
}

/// Why an archive cannot be verified.
fn unusable(path: &Path, error: &ArchiveError) -> Finding {
    let code = match error {
        ArchiveError::Unreadable(_) => Code::ArchiveUnreadable,
        ArchiveError::Refused { .. } => Code::ArchiveEntryRefused,
        ArchiveError::TooLarge(_) => Code::ArchiveTooLarge,
    };
    Finding::new(code, format!("the archive {} cannot be used: {error}", shown_path(path)))
}

/// The tree that a path on disk belongs to, and where it stands there: the
/// enclosing repository; outside one the folder of the configuration that was
/// given, when it encloses the path, since its paths are relative to that; else
/// the path's own.
pub(in crate::gate) fn around(path: &Path, config: &ConfigFrom) -> std::io::Result<(WorkTree, BytePath)> {
    let (tree, at) = WorkTree::around(path)?;
    let ConfigFrom::File(config) = config else { return Ok((tree, at)) };
    let folder = config.canonicalize().ok().and_then(|file| Some(file.parent()?.to_owned()));
    let Some(folder) = folder.filter(|_| !tree.is_repository()) else { return Ok((tree, at)) };
    let absolute = tree.absolute(&at);
    let wider = WorkTree::at(&folder)?;
    Ok(match wider.relative(&absolute) {
        Some(at) => (wider, at),
        None => (tree, at),
    })
}

/// [`around`] as a tree of the run.
pub(super) fn on_disk(path: &Path, options: &Options) -> Result<(Tree, BytePath), Vec<Finding>> {
    let (tree, at) = around(path, &options.config).map_err(|error| vec![unreadable(path, &error)])?;
    Ok((Tree::work_tree(tree), at))
}
