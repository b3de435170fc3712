//! Where damage came in, in the JSON report.

use serde::Serialize;

use super::PathOut;
use crate::finding::origin::{self, Holder, Place};

#[derive(Serialize)]
pub(super) struct Origin<'a> {
    kind: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    by: Vec<Setting<'a>>,
    /// Doing the conversion again gives the bytes found.
    #[serde(skip_serializing_if = "Option::is_none")]
    repeated: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    prevented_by: Option<Line<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    commit: Option<Commit<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sealed_as: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule: Option<Rule<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    original: Option<Original<'a>>,
}

#[derive(Serialize)]
struct Setting<'a> {
    name: &'a str,
    value: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    set_in: &'a str,
}

#[derive(Serialize)]
struct Line<'a> {
    #[serde(flatten)]
    file: PathOut,
    line: &'a str,
}

#[derive(Serialize)]
struct Commit<'a> {
    id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    author_date: Option<String>,
    subject: &'a str,
    #[serde(flatten)]
    path: PathOut,
}

#[derive(Serialize)]
struct Rule<'a> {
    file: &'a str,
    line: u64,
    pattern: &'a str,
}

#[derive(Serialize)]
struct Original<'a> {
    blob: &'a str,
    held_by: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    commit: Option<&'a str>,
    #[serde(flatten)]
    path: Option<PathOut>,
}

impl<'a> Origin<'a> {
    pub(super) fn of(origin: &'a origin::Origin) -> Self {
        let mut out = Self {
            kind: origin.kind(),
            by: Vec::new(),
            repeated: None,
            prevented_by: origin
                .prevented_by
                .as_ref()
                .map(|line| Line { file: PathOut::of(&line.file), line: &line.line }),
            commit: origin.commit().map(Commit::of),
            sealed_as: None,
            rule: None,
            why: None,
            original: origin.original.as_ref().map(Original::of),
        };
        match &origin.place {
            Place::Checkout(checkout) => {
                out.by = checkout.by.iter().map(Setting::of).collect();
                out.repeated = Some(checkout.repeated);
            }
            Place::Never(never) => out.sealed_as = never.sealed_as.as_deref(),
            Place::Ignored(rule) => {
                out.rule = Some(Rule { file: &rule.file, line: rule.line, pattern: &rule.pattern });
            }
            Place::NotLookedAt(why) => out.why = Some(why),
            _ => {}
        }
        out
    }
}

impl<'a> Setting<'a> {
    fn of(set: &'a origin::Setting) -> Self {
        Self { name: &set.name, value: &set.value, set_in: &set.from }
    }
}

impl<'a> Commit<'a> {
    fn of(commit: &'a origin::Commit) -> Self {
        Self {
            id: commit.oid.as_str(),
            author_date: commit.date.map(|date| date.to_string()),
            subject: &commit.subject,
            path: PathOut::of(&commit.path),
        }
    }
}

impl<'a> Original<'a> {
    fn of(original: &'a origin::Original) -> Self {
        let (held_by, commit) = match &original.holder {
            Holder::Head => ("head", None),
            Holder::Index => ("index", None),
            Holder::Commit(oid) => ("commit", Some(oid.as_str())),
            Holder::Nothing => ("object_database", None),
        };
        Self { blob: original.blob.as_str(), held_by, commit, path: original.path.as_ref().map(PathOut::of) }
    }
}
