//! One root cause in a document: its files, their lines, and what to do.

use super::{Cut, LOOK, Limits, Piece, name, pieces};
use crate::code::{Effect, Severity};
use crate::finding::{Finding, Snippet};
use crate::report::group::{files, leaders};
use crate::report::human::cause::{codes, grade};
use crate::report::human::{bytes, counted, file, number, remedy};
use crate::report::style::{Ink, Line, clean};
use crate::report::{Group, Report, bytes as rows};

/// Columns of a row of a diff: a document breaks what does not fit, but has an end.
const COLUMNS: usize = 240;
/// Other files named beside one.
const OTHERS: usize = 5;

/// Findings with one root cause.
#[derive(Debug)]
pub(in crate::report) struct Cause {
    pub(in crate::report) severity: Severity,
    /// It keeps the run from verifying, rather than failing it.
    pub(in crate::report) stops: bool,
    pub(in crate::report) title: Vec<Piece>,
    /// `bom_prefix + crlf_drift`.
    pub(in crate::report) codes: String,
    /// `23 files`; empty when it is about no file.
    pub(in crate::report) count: String,
    /// How well it is supported, where that needs saying.
    pub(in crate::report) grade: Option<&'static str>,
    pub(in crate::report) files: Cut<File>,
    pub(in crate::report) origin: Option<String>,
    pub(in crate::report) fix: Vec<Piece>,
    pub(in crate::report) restore: Option<Vec<Piece>>,
}

/// One file, or one place of a file.
#[derive(Debug)]
pub(in crate::report) struct File {
    /// With line and column where the finding is about a line; empty when it is about no file.
    pub(in crate::report) name: String,
    /// What happened to it.
    pub(in crate::report) what: Vec<Piece>,
    /// Where other files concerned are.
    pub(in crate::report) others: Cut<String>,
    /// `10,240 -> 10,454 bytes`.
    pub(in crate::report) sizes: Option<String>,
    pub(in crate::report) excerpt: Option<Excerpt>,
    pub(in crate::report) diff: Vec<Diff>,
    /// Further facts, a sentence each.
    pub(in crate::report) facts: Vec<Vec<Piece>>,
}

/// One row of a diff.
#[derive(Debug)]
pub(in crate::report) struct Diff {
    pub(in crate::report) line: u64,
    pub(in crate::report) mark: Mark,
    /// Text, and whether it is what differs.
    pub(in crate::report) parts: Vec<(String, bool)>,
}

/// The side of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::report) enum Mark {
    Sealed,
    Found,
}

/// A line of a manifest or document with a part marked.
#[derive(Debug)]
pub(in crate::report) struct Excerpt {
    pub(in crate::report) line: u64,
    pub(in crate::report) before: String,
    pub(in crate::report) marked: String,
    pub(in crate::report) after: String,
    pub(in crate::report) label: Vec<Piece>,
}

impl Cause {
    pub(super) fn of(report: &Report, group: &Group, limits: Limits) -> Self {
        let members = files(&leaders(&report.findings, group).collect::<Vec<_>>());
        let first = members.first().copied();
        let (fix, restore) = remedy::for_all(report, group, &members, &LOOK);
        let proof_needed = first
            .is_some_and(|first| !first.causes.is_empty() || first.grade != crate::drift::Grade::Observed);
        let full = |at: usize| at < limits.in_full;
        let shown = members.iter().take(limits.files).enumerate();
        Self {
            severity: first.map_or(Severity::Error, |first| first.severity),
            stops: first.is_some_and(|first| first.effect == Effect::CannotVerify),
            title: pieces(&group.cause),
            codes: first.map(|first| codes(first, &LOOK)).unwrap_or_default(),
            count: count(group, &members),
            grade: first.filter(|_| proof_needed).map(|first| grade(first.grade)),
            files: Cut {
                shown: shown.map(|(at, finding)| File::of(report, finding, full(at))).collect(),
                more: members.len().saturating_sub(limits.files),
            },
            origin: group.origin.as_deref().map(|origin| clean(origin, true)),
            fix: pieces(&fix),
            restore: restore.map(|restore| pieces(&restore)),
        }
    }
}

fn count(group: &Group, members: &[&Finding]) -> String {
    let places = u64::try_from(members.len()).unwrap_or(u64::MAX);
    if members.iter().all(|finding| finding.path.is_some()) && group.count == places {
        counted(group.count, "file", "files")
    } else if places > 1 {
        counted(places, "place", "places")
    } else {
        String::new()
    }
}

impl File {
    fn of(report: &Report, finding: &Finding, full: bool) -> Self {
        let mut what = if finding.causes.is_empty() {
            file::message_after_name(finding).unwrap_or(&finding.message).to_owned()
        } else {
            file::scope(finding)
        };
        if file::is_recovered_manifest(report, finding) {
            what.push_str(", the manifest: files were judged by its sealed bytes");
        }
        let others: Vec<String> = finding
            .others
            .iter()
            .filter(|other| !what.contains(&crate::text::quote(other.as_bytes())))
            .map(|other| name::shown(&file::from_here(report, finding, other), &LOOK))
            .collect();
        Self {
            name: clean(&file::label(report, finding, &LOOK), true),
            what: pieces(&what),
            others: Cut::of(&others, OTHERS, Clone::clone),
            sizes: file::sizes(finding, &LOOK),
            excerpt: finding.snippet.as_ref().filter(|_| full).map(|snippet| Excerpt::of(finding, snippet)),
            diff: if full { diff(finding) } else { Vec::new() },
            facts: if full { facts(finding) } else { Vec::new() },
        }
    }
}

fn diff(finding: &Finding) -> Vec<Diff> {
    let mut all = Vec::new();
    for change in &finding.changed_lines {
        let (sealed, found) = rows::rows(change.sealed.as_deref(), change.found.as_deref(), &LOOK, COLUMNS);
        let row = |mark, row: Line| Diff {
            line: change.line,
            mark,
            parts: row
                .spans()
                .map(|(ink, text)| (named(&text), matches!(ink, Ink::SealedMark | Ink::FoundMark)))
                .collect(),
        };
        all.extend(sealed.map(|line| row(Mark::Sealed, line)));
        all.extend(found.map(|line| row(Mark::Found, line)));
    }
    all
}

/// Signs for line ends and tabs by name: a browser may have no picture of them.
fn named(text: &str) -> String {
    text.replace('\u{240a}', "<LF>").replace('\u{240d}', "<CR>").replace('\u{21e5}', "<TAB>")
}

/// Where it first differs, what was seen, and what was tried in vain.
fn facts(finding: &Finding) -> Vec<Vec<Piece>> {
    let mut facts = Vec::new();
    if let Some(at) = finding.first_difference {
        facts.push(pieces(&format!(
            "first difference at line {}, column {} (byte {})",
            number(at.line),
            number(at.column),
            number(at.byte)
        )));
    }
    facts.extend(finding.observations.iter().map(|seen| pieces(&format!("seen: {seen}"))));
    if let Some(search) = finding.search.filter(|_| finding.causes.is_empty()) {
        let tried = counted(search.hypotheses, "hypothesis", "hypotheses");
        let end = if search.exhausted {
            "every known cause was tried"
        } else {
            "the budget ended the search, `--deep` searches further"
        };
        facts.push(pieces(&format!("not explained: {tried}, {} hashed; {end}", bytes(search.bytes))));
    }
    facts
}

impl Excerpt {
    fn of(finding: &Finding, snippet: &Snippet) -> Self {
        let part = |range: std::ops::Range<usize>| clean(snippet.text.get(range).unwrap_or_default(), true);
        let said = snippet.label == finding.code.row().title;
        Self {
            line: snippet.line,
            before: part(0..snippet.mark.start),
            marked: part(snippet.mark.clone()),
            after: part(snippet.mark.end..snippet.text.len()),
            label: if said { Vec::new() } else { pieces(&snippet.label) },
        }
    }
}
