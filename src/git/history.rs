//! What commits did to paths: one walk over the commits, one comparison of
//! their trees, both streamed, for all paths at once.

use std::collections::HashMap;

use super::paths::Paths;
use super::{Git, GitError, Oid};

/// Changes that are kept of one walk; a path that changes in every commit of a
/// long history has many.
const CHANGES: usize = 4 << 20;

/// Which commits are walked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Walk<'c> {
    /// A commit and what came before it.
    From(&'c Oid),
    /// Everything that a branch, a tag or another ref reaches, and that this
    /// commit does not.
    OtherThan(Option<&'c Oid>),
    /// These very commits.
    These(&'c [&'c Oid]),
}

/// A commit that was walked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Walked {
    /// Its name.
    pub oid: Oid,
    /// The commits before it, as far as this clone has them.
    pub parents: Vec<Oid>,
}

/// What one commit made of one path, compared with one of its parents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Index into [`History::commits`].
    pub commit: usize,
    /// The path's number; for a walk over all paths, index into [`History::paths`].
    pub path: usize,
    /// The blob before; none when there was no file.
    pub before: Option<Oid>,
    /// The blob after; none when there is no file.
    pub after: Option<Oid>,
}

/// Commits, newest first, and what they changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    /// Children before parents, else by date.
    pub commits: Vec<Walked>,
    /// In the order of the commits.
    pub changes: Vec<Change>,
    /// The paths of a walk over all paths; empty otherwise.
    pub paths: Vec<Vec<u8>>,
    /// Nothing was left out for being too much.
    pub complete: bool,
}

/// Which changes are wanted.
pub enum Wanted<'w> {
    /// Those of these paths.
    At(&'w Paths<'w>),
    /// Those of any path that `want` says: the blob before, the blob after.
    Where(&'w dyn Fn(Option<&Oid>, Option<&Oid>) -> bool),
}

impl Git {
    /// What commits changed, over at most `most` commits.
    pub fn history(&self, walk: &Walk<'_>, wanted: &Wanted<'_>, most: usize) -> Result<History, GitError> {
        let mut history = History { complete: true, ..History::default() };
        history.commits = self.walk(walk, most.saturating_add(1))?;
        if history.commits.len() > most {
            history.commits.truncate(most);
            history.complete = false;
        }
        if history.commits.is_empty() {
            return Ok(history);
        }
        let ids = history.commits.iter().flat_map(|commit| commit.oid.as_str().bytes().chain([b'\n']));
        let input: Vec<u8> = ids.collect();
        let args =
            ["diff-tree", "--stdin", "-r", "-z", "--root", "-m", "--raw", "--no-renames", "--no-abbrev"];
        let args = match wanted {
            Wanted::At(paths) => paths.after(&args),
            Wanted::Where(_) => args.iter().map(Into::into).collect(),
        };
        let mut reader = Reader { wanted, history: &mut history, at: 0, raw: None, numbers: HashMap::new() };
        self.fields(&args, &input, |field| reader.field(field))?;
        Ok(history)
    }

    /// The commits, newest first; children always before their parents.
    fn walk(&self, walk: &Walk<'_>, most: usize) -> Result<Vec<Walked>, GitError> {
        let count = format!("--max-count={most}");
        let mut args = vec!["rev-list", "--date-order", "--parents", &count];
        match walk {
            Walk::From(commit) => args.push(commit.as_str()),
            Walk::OtherThan(commit) => {
                args.push("--all");
                if let Some(commit) = commit {
                    args.extend(["--not", commit.as_str()]);
                }
            }
            Walk::These(_) => args.extend(["--no-walk=unsorted", "--stdin"]),
        }
        let input: Vec<u8> = match walk {
            Walk::These(commits) => {
                commits.iter().flat_map(|oid| oid.as_str().bytes().chain([b'\n'])).collect()
            }
            _ => Vec::new(),
        };
        let answer = self.output(&args, &input)?;
        let lines = answer.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
        let read = lines.map(|line| {
            let mut words = line.split(|byte| *byte == b' ').map(Oid::parse);
            Some(Walked { oid: words.next()??, parents: words.collect::<Option<_>>()? })
        });
        read.collect::<Option<_>>().ok_or_else(|| GitError::NotUnderstood("rev-list".into()))
    }
}

/// Reads the answer of `diff-tree`: a commit, then pairs of facts and path.
struct Reader<'r> {
    wanted: &'r Wanted<'r>,
    history: &'r mut History,
    /// The commit that changes belong to.
    at: usize,
    /// The facts whose path comes next.
    raw: Option<(Option<Oid>, Option<Oid>)>,
    numbers: HashMap<Vec<u8>, usize>,
}

impl Reader<'_> {
    fn field(&mut self, field: &[u8]) -> Option<()> {
        if let Some((before, after)) = self.raw.take() {
            self.change(field, before, after);
            return Some(());
        }
        match field.strip_prefix(b":") {
            Some(facts) => self.raw = Some(facts_of(facts)?),
            None => self.commit(field)?,
        }
        Some(())
    }

    /// Commits come in the order in which they were asked for; those without a change not at all.
    fn commit(&mut self, field: &[u8]) -> Option<()> {
        let ahead = self.history.commits.get(self.at..)?;
        let skipped = ahead.iter().position(|commit| commit.oid.as_str().as_bytes() == field)?;
        self.at += skipped;
        Some(())
    }

    fn change(&mut self, path: &[u8], before: Option<Oid>, after: Option<Oid>) {
        let path = match self.wanted {
            Wanted::At(paths) => paths.number(path),
            Wanted::Where(want) if want(before.as_ref(), after.as_ref()) => Some(self.number(path)),
            Wanted::Where(_) => None,
        };
        let Some(path) = path.filter(|_| before != after) else { return };
        if self.history.changes.len() < CHANGES {
            self.history.changes.push(Change { commit: self.at, path, before, after });
        } else {
            self.history.complete = false;
        }
    }

    fn number(&mut self, path: &[u8]) -> usize {
        if let Some(number) = self.numbers.get(path) {
            return *number;
        }
        let number = self.history.paths.len();
        self.history.paths.push(path.to_vec());
        self.numbers.insert(path.to_vec(), number);
        number
    }
}

/// `MODE MODE OID OID STATUS`: the blobs before and after. What is no file is none.
fn facts_of(facts: &[u8]) -> Option<(Option<Oid>, Option<Oid>)> {
    let mut words = facts.split(|byte| *byte == b' ');
    let (old_mode, new_mode) = (words.next()?, words.next()?);
    let mut blob = |mode: &[u8]| {
        let oid = Oid::parse(words.next()?)?;
        Some((mode != b"160000" && !oid.is_zero()).then_some(oid))
    };
    Some((blob(old_mode)?, blob(new_mode)?))
}
