//! What changed from one manifest to another: counts, and a few names.

use std::collections::{BTreeMap, BTreeSet};

use crate::digest::Digest;
use crate::manifest::Manifest;
use crate::packet::Seal;
use crate::path::BytePath;
use crate::text::quote;

/// Names that a message gives.
const NAMED: usize = 3;

/// What a seal said of each name.
type Said<'a> = BTreeMap<&'a BytePath, BTreeSet<(&'a Digest, Option<u64>, bool)>>;

/// `1 entry removed, 2 changed: "a", "b" and "c"`.
pub(super) fn between(before: &Seal, now: &Seal) -> String {
    let (before, now) = match (&before.manifest, &now.manifest) {
        (Ok(before), Ok(now)) => (said(before), said(now)),
        (Err(_), _) => return "what it sealed in the base cannot be read".to_owned(),
        (_, Err(_)) => return "what it seals now cannot be read".to_owned(),
    };
    let removed = before.keys().filter(|path| !now.contains_key(*path)).copied();
    let changed = before.iter().filter(|(path, said)| now.get(*path).is_some_and(|now| now != *said));
    let added = now.keys().filter(|path| !before.contains_key(*path)).copied();
    let kinds: [(&str, Vec<&BytePath>); 3] = [
        ("removed", removed.collect()),
        ("changed", changed.map(|(path, _)| *path).collect()),
        ("added", added.collect()),
    ];
    let counts = kinds.iter().filter(|(_, paths)| !paths.is_empty());
    let counts: Vec<String> = counts
        .enumerate()
        .map(|(at, (word, paths))| match (at, paths.len()) {
            (0, 1) => format!("1 entry {word}"),
            (0, n) => format!("{n} entries {word}"),
            (_, n) => format!("{n} {word}"),
        })
        .collect();
    if counts.is_empty() {
        return "the same entries, written otherwise".to_owned();
    }
    let all: Vec<&BytePath> = kinds.into_iter().flat_map(|(_, paths)| paths).collect();
    format!("{}: {}", counts.join(", "), names(&all))
}

fn said(manifest: &Manifest) -> Said<'_> {
    let mut said = Said::new();
    for entry in &manifest.entries {
        said.entry(&entry.path).or_default().insert((&entry.digest, entry.size, entry.by_reference));
    }
    said
}

fn names(paths: &[&BytePath]) -> String {
    let shown: Vec<String> = paths.iter().take(NAMED).map(|path| quote(path.as_bytes())).collect();
    match (paths.len().saturating_sub(NAMED), shown.as_slice()) {
        (0, [head @ .., last]) if !head.is_empty() => format!("{} and {last}", head.join(", ")),
        (0, _) => shown.join(", "),
        (more, _) => format!("{} and {more} more", shown.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::path::Backslash;

    #[test]
    fn a_few_names_are_given_and_the_rest_counted() {
        let paths: Vec<BytePath> = ["a", "b", "c", "d", "e"]
            .map(|name| BytePath::parse(name.as_bytes(), Backslash::Refuse).unwrap())
            .into();
        let said = |n: usize| names(&paths[..n].iter().collect::<Vec<_>>());
        assert_eq!(said(1), "\"a\"");
        assert_eq!(said(2), "\"a\" and \"b\"");
        assert_eq!(said(3), "\"a\", \"b\" and \"c\"");
        assert_eq!(said(5), "\"a\", \"b\", \"c\" and 2 more");
    }
}
