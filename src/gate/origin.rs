//! Where damage came in: for every drifted or missing entry of a seal in a git
//! repository, between which of history, HEAD, index and working tree its bytes
//! changed, and which blob still has the sealed ones.
//!
//! Nothing here changes a verdict. What cannot be looked at is said, and the
//! run goes on. Bytes are read within a part of the search budget.

mod asked;
mod blobs;
mod checkout;
mod everywhere;
mod layers;
mod line;
mod past;

use std::path::Path;

pub(crate) use line::line as attribute_line;

use asked::Asked;
use blobs::Blobs;

use super::Options;
use super::unit::Unit;
use crate::finding::Origin;
use crate::finding::origin::{Commit, Place, Subject};
use crate::git::{Git, GitError, Objects, Oid};
use crate::path::BytePath;
use crate::text::quote;

/// Commits that are walked at most; ten times as many with `--deep`.
const COMMITS: usize = 100_000;
/// Of the search budget one part in so many may be read from git.
const SHARE: u64 = 16;

/// A repository, and what is asked about its files.
pub(super) struct Repository {
    git: Git,
    objects: Objects,
    head: Option<Oid>,
    asked: Vec<Asked>,
    blobs: Blobs,
    /// Commits that are walked at most.
    most: usize,
    /// Why something that was not found may be there all the same.
    limits: Vec<&'static str>,
}

/// Looks at HEAD, the index and the history of the files concerned. What is
/// settled is noted in the units; the rest waits for [`search`].
pub(super) fn look(units: &mut [Unit], options: &Options) -> Vec<Repository> {
    let mut repositories = Vec::new();
    if !options.explain {
        return repositories;
    }
    for (base, asked) in asked::collect(units) {
        match Repository::open(&base, asked, units, options) {
            Ok(mut repository) => {
                if let Err(error) = repository.look(units) {
                    repository.give_up(&error);
                }
                repository.note(units);
                repositories.push(repository);
            }
            Err((why, asked)) => {
                for one in asked {
                    note(units, &one, &Origin::of(Place::NotLookedAt(why.clone())));
                }
            }
        }
    }
    repositories
}

/// Looks for the sealed bytes among all blobs, where neither a proof nor the
/// history has given them, and settles everything. Returns the entries, as
/// (unit, entry) indices, whose sealed bytes were found only now.
pub(super) fn search(units: &mut [Unit], repositories: Vec<Repository>) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    for mut repository in repositories {
        let open: Vec<bool> = repository.asked.iter().map(Asked::is_open).collect();
        if let Err(error) = everywhere::search(&mut repository, units) {
            repository.give_up(&error);
        }
        repository.note(units);
        found.extend(repository.asked.iter().zip(open).filter(|(_, open)| *open).filter_map(|(one, _)| {
            let Subject::Entry(entry) = one.subject else { return None };
            one.origin.as_ref()?.original.as_ref().map(|_| (one.unit, entry))
        }));
    }
    found
}

impl Repository {
    /// The repository at `base`; otherwise why not, with what was asked.
    fn open(
        base: &Path,
        asked: Vec<Asked>,
        units: &[Unit],
        options: &Options,
    ) -> Result<Self, (String, Vec<Asked>)> {
        let inside = asked.iter().filter_map(|one| units.get(one.unit)).all(Unit::is_in_a_repository);
        if !inside {
            return Err((GitError::NotARepository.to_string(), asked));
        }
        let git = match Git::open(base) {
            Ok(git) => git,
            Err(error) => return Err((error.to_string(), asked)),
        };
        let scans = asked.iter().filter_map(|one| units.get(one.unit));
        let budget = scans.map(|unit| super::diagnose::budget(unit.scan, options)).min().unwrap_or(0);
        let most = if options.deep { COMMITS * 10 } else { COMMITS };
        let head = git.commit("HEAD").ok();
        let limits = if git.is_shallow() { vec![SHALLOW] } else { Vec::new() };
        let objects = git.objects();
        Ok(Self { git, objects, head, asked, blobs: Blobs::new(budget / SHARE), most, limits })
    }

    fn look(&mut self, units: &mut [Unit]) -> Result<(), GitError> {
        layers::look(self, units)?;
        past::look(self)
    }

    /// Says of everything that is not settled that it was not found out.
    fn give_up(&mut self, error: &GitError) {
        for one in self.asked.iter_mut().filter(|one| one.origin.is_none()) {
            one.origin = Some(Origin::of(Place::NotLookedAt(error.to_string())));
        }
    }

    /// Notes in the units what is settled.
    fn note(&self, units: &mut [Unit]) {
        for one in &self.asked {
            if let Some(origin) = &one.origin {
                note(units, one, origin);
                if let Some(unit) = units.get_mut(one.unit) {
                    unit.git.get_or_insert_with(|| self.objects.clone());
                }
            }
        }
    }

    fn limit(&mut self, why: &'static str) {
        if !self.limits.contains(&why) {
            self.limits.push(why);
        }
    }

    /// Commits as people are told of them, with the path concerned in each.
    fn tell(&self, commits: &[(&Oid, &BytePath)]) -> Result<Vec<Commit>, GitError> {
        let ids: Vec<&Oid> = commits.iter().map(|(oid, _)| *oid).collect();
        let facts = self.objects.commit_facts(&ids)?;
        let told = commits.iter().zip(facts).map(|((oid, path), facts)| Commit {
            oid: (*oid).clone(),
            date: facts.as_ref().and_then(|facts| facts.date),
            subject: quote(facts.as_ref().map(|facts| facts.subject.as_slice()).unwrap_or_default()),
            path: (*path).clone(),
        });
        Ok(told.collect())
    }
}

const SHALLOW: &str = "the clone is shallow, older commits are not in it: `git fetch --unshallow`";
const LONG: &str = "the history is longer than is looked at without `--deep`";
const PARTIAL: &str = "the clone is partial, some blobs are not in it";
const SPENT: &str = "the search budget ended before every blob was read";

fn note(units: &mut [Unit], one: &Asked, origin: &Origin) {
    if let Some(unit) = units.get_mut(one.unit) {
        unit.origins.insert(one.subject, origin.clone());
    }
}
