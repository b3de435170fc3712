//! Which blobs have the sealed bytes: lengths and digests, each asked for once,
//! within a number of bytes that is fixed beforehand.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::ControlFlow;

use crate::digest::{Algorithm, Digest};
use crate::git::{Git, GitError, Oid};

/// What is known of the blobs of one repository.
#[derive(Debug)]
pub(super) struct Blobs {
    sizes: HashMap<Oid, Option<u64>>,
    digests: HashMap<Oid, Vec<Digest>>,
    /// Bytes that may still be read.
    left: u64,
    /// Something was not read because they were used up.
    pub(super) ended: bool,
}

/// A blob that may have the bytes that somebody looks for.
pub(super) struct Candidate<'o> {
    pub(super) blob: &'o Oid,
    pub(super) algorithm: Algorithm,
    /// The length that is looked for, where known.
    pub(super) size: Option<u64>,
}

impl Blobs {
    pub(super) fn new(allowed: u64) -> Self {
        Self { sizes: HashMap::new(), digests: HashMap::new(), left: allowed, ended: false }
    }

    /// Takes over lengths that are known already.
    pub(super) fn know(&mut self, sizes: impl IntoIterator<Item = (Oid, u64)>) {
        self.sizes.extend(sizes.into_iter().map(|(oid, size)| (oid, Some(size))));
    }

    /// The length of a blob that was learned of.
    pub(super) fn size(&self, blob: &Oid) -> Option<u64> {
        self.sizes.get(blob).copied().flatten()
    }

    /// Whether a blob that was asked for is not in this clone.
    pub(super) fn lacks(&self, blob: &Oid) -> bool {
        self.sizes.get(blob) == Some(&None)
    }

    /// Whether a blob that was learned of has a digest.
    pub(super) fn has(&self, blob: &Oid, digest: &Digest) -> bool {
        self.digests.get(blob).is_some_and(|all| all.contains(digest))
    }

    /// For every digest that was learned, the first blob in the order of names that has it.
    pub(super) fn by_digest(&self) -> HashMap<&Digest, &Oid> {
        let mut all: HashMap<&Digest, &Oid> = HashMap::new();
        for (blob, digest) in self.digests.iter().flat_map(|(blob, all)| all.iter().map(move |d| (blob, d))) {
            let first = all.entry(digest).or_insert(blob);
            *first = (*first).min(blob);
        }
        all
    }

    /// Reads the candidates whose length fits, in their order, each once.
    pub(super) fn learn(&mut self, git: &Git, candidates: &[Candidate<'_>]) -> Result<(), GitError> {
        let new: BTreeSet<&Oid> =
            candidates.iter().map(|c| c.blob).filter(|blob| !self.sizes.contains_key(*blob)).collect();
        let new: Vec<&Oid> = new.into_iter().collect();
        if !new.is_empty() {
            let sizes = git.sizes(&new)?;
            self.sizes.extend(new.into_iter().cloned().zip(sizes));
        }
        let mut wanted: BTreeMap<&Oid, (usize, BTreeSet<Algorithm>)> = BTreeMap::new();
        for (at, candidate) in candidates.iter().enumerate() {
            let Some(size) = self.size(candidate.blob) else { continue };
            let known = self.digests.get(candidate.blob);
            let known = known.is_some_and(|all| all.iter().any(|d| d.algorithm() == candidate.algorithm));
            if candidate.size.is_none_or(|wanted| wanted == size) && !known {
                wanted.entry(candidate.blob).or_insert((at, BTreeSet::new())).1.insert(candidate.algorithm);
            }
        }
        let mut ordered: Vec<(usize, &Oid, Vec<Algorithm>)> = wanted
            .into_iter()
            .map(|(blob, (at, algorithms))| (at, blob, algorithms.into_iter().collect()))
            .collect();
        ordered.sort_unstable_by_key(|(at, ..)| *at);
        ordered.retain(|(_, blob, _)| self.pay(blob));
        self.hash(git, &ordered)
    }

    /// Whether there is enough left to read a blob.
    fn pay(&mut self, blob: &Oid) -> bool {
        let size = self.size(blob).unwrap_or(0);
        let enough = !self.ended && size <= self.left;
        if enough {
            self.left -= size;
        } else {
            self.ended = true;
        }
        enough
    }

    fn hash(&mut self, git: &Git, ordered: &[(usize, &Oid, Vec<Algorithm>)]) -> Result<(), GitError> {
        if ordered.is_empty() {
            return Ok(());
        }
        let asked: Vec<(&Oid, &[Algorithm])> =
            ordered.iter().map(|(_, blob, algorithms)| (*blob, algorithms.as_slice())).collect();
        git.hash(&asked, &mut |number, hashed| {
            match (asked.get(number), hashed) {
                (Some((blob, _)), Some(hashed)) => {
                    self.digests.entry((*blob).clone()).or_default().extend(hashed.digests);
                }
                (Some((blob, _)), None) => {
                    self.sizes.insert((*blob).clone(), None);
                }
                (None, _) => {}
            }
            ControlFlow::Continue(())
        })
    }
}
