//! Where damage came in, in words, and what has it in common.

use std::collections::{BTreeMap, BTreeSet};

use crate::code::Code;
use crate::finding::origin::{Checkout, Holder, Place, Setting};
use crate::finding::{Finding, Origin};

/// What files of one group have in common in where their damage came in.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key<'a>(&'static str, Vec<&'a str>);

/// The commits that concern several files: those make groups of their own.
#[derive(Debug)]
pub(super) struct Shared<'a>(BTreeSet<&'a str>);

impl<'a> Shared<'a> {
    pub(super) fn of(findings: impl Iterator<Item = &'a Finding>) -> Self {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for commit in findings.filter_map(|finding| finding.origin.as_ref()?.commit()) {
            *counts.entry(commit.oid.as_str()).or_default() += 1;
        }
        Self(counts.into_iter().filter(|(_, count)| *count > 1).map(|(oid, _)| oid).collect())
    }
}

impl<'a> Key<'a> {
    pub(super) fn of(finding: &'a Finding, shared: &Shared<'a>) -> Self {
        let Some(origin) = &finding.origin else { return Self("", Vec::new()) };
        let details = match &origin.place {
            Place::NotLookedAt(_) => return Self("", Vec::new()),
            Place::Checkout(Checkout { by, .. }) => {
                by.iter().flat_map(|set| [set.name.as_str(), set.value.as_str()]).collect()
            }
            Place::Committed(commit) | Place::Removed(commit) => {
                let oid = commit.oid.as_str();
                shared.0.get(oid).copied().into_iter().collect()
            }
            Place::Never(never) => never.sealed_as.as_deref().into_iter().collect(),
            Place::Ignored(rule) => vec![rule.file.as_str(), rule.pattern.as_str()],
            _ => Vec::new(),
        };
        Self(origin.kind(), details)
    }

    /// Whether a checkout did it.
    pub(super) fn is_checkout(&self) -> bool {
        self.0 == "checkout"
    }
}

/// What all have in common, as one sentence.
pub(super) fn of_all(members: &[&Finding]) -> Option<String> {
    let told: Vec<Option<String>> = members.iter().map(|finding| sentence(finding)).collect();
    let first = told.first()?.clone()?;
    if told.iter().all(|other| other.as_ref() == Some(&first)) {
        return Some(first);
    }
    let commits: BTreeSet<&str> =
        members.iter().filter_map(|f| Some(f.origin.as_ref()?.commit()?.oid.as_str())).collect();
    let several = commits.len() > 1 && members.iter().all(|finding| of_one(finding).is_some());
    several.then(|| format!("with {} commits, each named at its files", commits.len()))
}

/// The commit of one file, where files of a group have different ones.
pub(super) fn of_one(finding: &Finding) -> Option<String> {
    let origin = finding.origin.as_deref()?;
    matches!(origin.place, Place::Committed(_) | Place::Removed(_) | Place::Elsewhere(Some(_)))
        .then(|| sentence(finding))
        .flatten()
}

/// Where it came in, as the rest of a sentence that begins with `came in`.
pub(super) fn sentence(finding: &Finding) -> Option<String> {
    let origin = finding.origin.as_deref()?;
    let missing = finding.code == Code::MissingFile;
    let text = match &origin.place {
        Place::Checkout(checkout) => checkout_words(checkout),
        Place::NotFetched => {
            "at checkout: the pointer was written and its content was not fetched".to_owned()
        }
        Place::NotCheckedOut => "at checkout: the sparse checkout leaves it out".to_owned(),
        Place::Unstaged if missing => format!("removed from the working tree: {}", held(origin, "the index")),
        Place::Unstaged => format!("in the working tree: {}", held(origin, "the index")),
        Place::Staged if missing => format!("with a staged removal: {}", held(origin, "HEAD")),
        Place::Staged => format!("with a staged change: {}", held(origin, "HEAD")),
        Place::Committed(commit) => format!("with commit {}", commit.words()),
        Place::Removed(commit) => format!("removed by commit {}", commit.words()),
        Place::Elsewhere(Some(commit)) => format!(
            "the sealed bytes were never committed under this name; commit {} has them as {}",
            commit.words(),
            crate::text::quote(commit.path.as_bytes())
        ),
        Place::Elsewhere(None) => {
            "the sealed bytes are in git's object database, in no commit that was looked at".to_owned()
        }
        Place::Never(never) => {
            let how = never.sealed_as.as_ref().map_or_else(String::new, |how| format!(": {how}"));
            format!("before its first commit, no committed version has the sealed bytes{how}")
        }
        Place::NotCommitted => "no commit ever had the file".to_owned(),
        Place::Ignored(rule) => {
            format!("never committed: {} ignores it, line {} of {}", rule.pattern, rule.line, rule.file)
        }
        Place::NotLookedAt(_) => return None,
    };
    Some(text)
}

fn held(origin: &Origin, usual: &str) -> String {
    match origin.original.as_ref().map(|original| &original.holder) {
        Some(Holder::Head) => "HEAD has the sealed bytes".to_owned(),
        Some(Holder::Index) => "the index has the sealed bytes".to_owned(),
        Some(Holder::Commit(oid)) => format!("commit {} has the sealed bytes", oid.short()),
        Some(Holder::Nothing) => "the object database has the sealed bytes".to_owned(),
        None => format!("{usual} has the file, with other bytes than the sealed ones"),
    }
}

fn checkout_words(checkout: &Checkout) -> String {
    let by: Vec<String> = checkout.by.iter().map(setting_words).collect();
    let by = by.join(", ");
    if checkout.repeated {
        format!("at checkout, by {by}; HEAD and the index have the sealed bytes")
    } else {
        format!(
            "at checkout or after it: HEAD and the index have the sealed bytes, and a filter that is not run here stands between, {by}"
        )
    }
}

fn setting_words(set: &Setting) -> String {
    let value = match set.value.as_str() {
        "set" => set.name.clone(),
        value => format!("{}={value}", set.name),
    };
    if set.from.is_empty() { value } else { format!("{value} ({})", set.from) }
}

/// Why some files were not looked at, each reason once, with the number of files.
pub(super) fn not_looked_at(findings: &[Finding]) -> Vec<(&str, u64)> {
    let mut reasons: BTreeMap<&str, BTreeSet<_>> = BTreeMap::new();
    for finding in findings {
        if let Some(Place::NotLookedAt(why)) = finding.origin.as_ref().map(|origin| &origin.place) {
            // A file that two seals list is one.
            reasons.entry(why).or_default().insert(finding.whole_path.as_ref().or(finding.path.as_ref()));
        }
    }
    reasons.into_iter().map(|(why, files)| (why, files.len() as u64)).collect()
}
