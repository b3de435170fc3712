//! What is known of one tree before its risks are judged: the sealed files,
//! what git says of each, and what is in them. Everything is asked once.

use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};

use super::content::Content;
use super::cover::Cover;
use super::{Unseen, risk::Risk};
use crate::gate::SealedTree;
use crate::git::{Attributes, Git, GitError, IgnoreRule, Indexed, Paths, Settings};
use crate::path::BytePath;
use crate::source::{Folder, Links, Refusal, Source, WorkTree};
use crate::text::quote;

/// Bytes of one file, and of all files, that are looked through.
const ONE_FILE: u64 = 64 << 20;
const ALL_FILES: u64 = 1 << 30;
/// A longer file that tells a tool what to do is not read, in bytes.
pub(super) const TOOL_FILE: u64 = 1 << 20;

/// What git says.
pub(super) struct FromGit {
    /// The attributes of each sealed file.
    pub(super) attributes: Vec<Attributes>,
    /// The attributes of folders on the way to sealed files.
    pub(super) folders: Vec<(BytePath, Attributes)>,
    pub(super) settings: Settings,
    /// What the index lists, by the number of the file.
    pub(super) indexed: HashMap<usize, Indexed>,
    /// What is in the blobs of those that the working tree holds at another
    /// length: what the next checkout starts from.
    pub(super) held: HashMap<usize, Content>,
    /// The rules that ignore those it does not list.
    pub(super) ignored: HashMap<usize, IgnoreRule>,
}

/// A tree, and what is known of it.
pub(super) struct Tree<'t> {
    pub(super) sealed: &'t SealedTree<'t>,
    /// The sealed files, sorted.
    pub(super) files: Vec<BytePath>,
    pub(super) git: Option<FromGit>,
    source: &'t WorkTree,
    contents: OnceCell<Vec<Content>>,
    cover: OnceCell<Cover<'t>>,
}

impl<'t> Tree<'t> {
    pub(super) fn new(sealed: &'t SealedTree<'t>, source: &'t WorkTree, unseen: &mut Vec<Unseen>) -> Self {
        let files: Vec<BytePath> = sealed.files.iter().cloned().collect();
        let git = if sealed.is_repository() {
            match ask(sealed, &files) {
                Ok(git) => Some(git),
                Err(reason) => {
                    let what = "what git does to the files".to_owned();
                    unseen.push(Unseen { what, reason, counts: true });
                    None
                }
            }
        } else {
            let what = "git".to_owned();
            unseen.push(Unseen { what, reason: "the files are in no repository".to_owned(), counts: false });
            None
        };
        Self { sealed, files, git, source, contents: OnceCell::new(), cover: OnceCell::new() }
    }

    /// What is in each sealed file.
    pub(super) fn contents(&self) -> &[Content] {
        self.contents.get_or_init(|| {
            let mut left = ALL_FILES;
            let root = self.source.folder(&BytePath::root()).ok();
            self.files.iter().map(|path| content(root.as_deref(), path, &mut left)).collect()
        })
    }

    /// The fewest places that hold sealed files.
    pub(super) fn cover(&self) -> &Cover<'t> {
        self.cover.get_or_init(|| Cover::new(self.sealed))
    }

    /// A whole file of the tree; `None` when there is none.
    pub(super) fn read(&self, path: &BytePath) -> Result<Option<Vec<u8>>, Refusal> {
        match self.source.folder(&BytePath::root())?.read(path, Links::Refuse, TOOL_FILE) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(Refusal::Missing) => Ok(None),
            Err(refusal) => Err(refusal),
        }
    }

    /// The files directly in a folder.
    pub(super) fn folder(&self, path: &BytePath) -> Vec<crate::source::Listed> {
        self.source.list_folder(path).unwrap_or_default()
    }

    /// Whether a folder is the root of a repository of its own.
    pub(super) fn holds_repository(&self, folder: &BytePath) -> bool {
        holds_repository(self.sealed, folder)
    }

    /// A path as a person would write it.
    pub(super) fn shown(&self, path: &BytePath) -> BytePath {
        self.sealed.shown(path)
    }

    /// The folders on the way to a file, the nearest first, the base last.
    pub(super) fn above(path: &BytePath) -> impl Iterator<Item = BytePath> {
        let mut next = (!path.is_root()).then(|| path.parent());
        std::iter::from_fn(move || {
            let folder = next.take()?;
            next = (!folder.is_root()).then(|| folder.parent());
            Some(folder)
        })
    }

    /// Every folder on the way to some sealed file, the base first.
    pub(super) fn folders(&self) -> Vec<BytePath> {
        let mut folders: Vec<BytePath> = self.files.iter().flat_map(Self::above).collect();
        folders.sort();
        folders.dedup();
        folders
    }

    /// A risk for some of the sealed files, by their numbers.
    pub(super) fn concerning(&self, risk: Risk, numbers: &[usize]) -> Risk {
        let paths = numbers.iter().filter_map(|&at| self.files.get(at));
        risk.for_paths(paths.map(|path| self.shown(path)).collect())
    }
}

fn content(root: Option<&dyn Folder>, path: &BytePath, left: &mut u64) -> Content {
    let Some(Ok(blob)) = root.map(|root| root.open(path, Links::Refuse)) else { return Content::UNKNOWN };
    let size = blob.size();
    if size > ONE_FILE || size > *left {
        return Content::UNKNOWN;
    }
    *left -= size;
    Content::of(std::io::Read::take(blob, size)).unwrap_or(Content::UNKNOWN)
}

/// As git tells a repository below another, a submodule too: by the name alone.
fn holds_repository(sealed: &SealedTree<'_>, folder: &BytePath) -> bool {
    sealed.base().join(folder.child(b".git").to_os()).symlink_metadata().is_ok()
}

/// What git would wait for without end where it looks for its own files.
fn without_end(sealed: &SealedTree<'_>, folders: &[BytePath]) -> Option<String> {
    let names = [b".gitattributes".as_slice(), b".gitignore"];
    let paths = folders.iter().flat_map(|folder| names.map(|name| folder.child(name)));
    let special = |path: &BytePath| {
        let meta = std::fs::symlink_metadata(sealed.base().join(path.to_os()));
        meta.is_ok_and(|meta| !meta.is_file() && !meta.is_dir() && !meta.is_symlink())
    };
    let path = paths.into_iter().find(special)?;
    Some(format!("{} is no file, and git would wait for it", quote(sealed.shown(&path).as_bytes())))
}

fn ask(sealed: &SealedTree<'_>, files: &[BytePath]) -> Result<FromGit, String> {
    let mut folders: Vec<BytePath> = files.iter().flat_map(Tree::above).collect();
    folders.sort();
    folders.dedup();
    if let Some(reason) = without_end(sealed, &folders) {
        return Err(reason);
    }
    folders.retain(|folder| !folder.is_root());
    asked(sealed, files, folders).map_err(|error| error.to_string())
}

fn asked(sealed: &SealedTree<'_>, files: &[BytePath], folders: Vec<BytePath>) -> Result<FromGit, GitError> {
    let git = Git::open(sealed.base())?;
    let paths: Vec<&BytePath> = files.iter().collect();
    // A pattern that means folders alone matches a name with a slash behind it.
    let slashed: Vec<BytePath> =
        folders.iter().map(|folder| BytePath::root().child(&[folder.as_bytes(), b"/"].concat())).collect();
    let asked: Vec<&BytePath> = slashed.iter().collect();
    let of_folders = git.attributes(&asked)?;
    let indexed: HashMap<usize, Indexed> = git.indexed(&Paths::new(&paths))?.into_iter().collect();
    // git answers nothing at all when one of the paths lies in another repository.
    let others: HashSet<&BytePath> =
        folders.iter().filter(|folder| holds_repository(sealed, folder)).collect();
    let outside = |at: &usize| {
        let path = files.get(*at).filter(|_| !indexed.contains_key(at));
        path.is_some_and(|path| !Tree::above(path).any(|folder| others.contains(&folder)))
    };
    let outside: Vec<usize> = (0..files.len()).filter(outside).collect();
    let asked: Vec<&BytePath> = outside.iter().filter_map(|&at| files.get(at)).collect();
    let rules = git.ignored_by(&asked)?;
    let held = held(&git, sealed, files, &indexed)?;
    let ignored = outside.into_iter().zip(rules).filter_map(|(at, rule)| Some((at, rule?))).collect();
    Ok(FromGit {
        attributes: git.attributes(&paths)?,
        folders: folders.into_iter().zip(of_folders).collect(),
        settings: git.settings()?,
        indexed,
        held,
        ignored,
    })
}

/// What is in the blobs of files that are longer or shorter in the working tree.
fn held(
    git: &Git,
    sealed: &SealedTree<'_>,
    files: &[BytePath],
    indexed: &HashMap<usize, Indexed>,
) -> Result<HashMap<usize, Content>, GitError> {
    let mut numbers: Vec<usize> = indexed.keys().copied().collect();
    numbers.sort_unstable();
    let blobs: Vec<&crate::git::Oid> =
        numbers.iter().filter_map(|at| indexed.get(at)).map(|indexed| &indexed.blob).collect();
    let sizes = git.sizes(&blobs)?;
    let objects = git.objects();
    let mut left = ALL_FILES;
    let mut held = HashMap::new();
    for ((at, blob), size) in numbers.into_iter().zip(blobs).zip(sizes) {
        let Some(size) = size.filter(|size| *size <= ONE_FILE && *size <= left) else { continue };
        let Some(path) = files.get(at) else { continue };
        let here = std::fs::symlink_metadata(sealed.base().join(path.to_os()));
        if !here.is_ok_and(|meta| meta.is_file() && meta.len() != size) {
            continue;
        }
        left -= size;
        held.insert(at, Content::of(objects.open(blob)?).unwrap_or(Content::UNKNOWN));
    }
    Ok(held)
}
