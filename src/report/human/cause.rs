//! One root cause: its heading, its files, and what to do about all of them.

use std::collections::BTreeSet;
use std::io;

use super::{and_more, counted, cut, file, number, remedy, snippet};
use crate::code::{Effect, Severity};
use crate::drift::Grade;
use crate::finding::Finding;
use crate::report::group::{files, leaders};
use crate::report::style::{Ink, Line, Look, Screen};
use crate::report::{Group, Report, origin};

/// Groups of up to this many files show every file in full.
const IN_FULL: usize = 3;
/// Marked lines of a manifest or document shown before the rest is listed.
const SNIPPETS: usize = 3;

/// Writes a group.
pub(super) fn render(screen: &mut Screen<'_>, report: &Report, group: &Group) -> io::Result<()> {
    let look = screen.look;
    let all: Vec<&Finding> = leaders(&report.findings, group).collect();
    let members = if look.verbose() { all } else { files(&all) };
    let Some(&first) = members.first() else {
        return Ok(());
    };
    heading(screen, group, first, &members)?;
    let full = members.len() <= IN_FULL || look.verbose();
    let shared = shared_message(&members);
    if let Some(message) = &shared {
        screen.wrapped(&Line::indent(4), &format!("each {message}"))?;
    }
    let (marked, listed): (Vec<&Finding>, Vec<&Finding>) =
        members.iter().copied().partition(|finding| finding.snippet.is_some());
    let (drawn, undrawn) = cut(&marked, SNIPPETS, &look);
    for finding in drawn {
        if let Some(excerpt) = &finding.snippet {
            screen.wrapped(&Line::indent(4).ink(ink(finding), mark(finding, &look)), &finding.message)?;
            screen.raw(&snippet::draw(report, finding, excerpt, &look))?;
            file::names(screen, finding)?;
            file::observations(screen, finding)?;
            remedy::of_one(screen, report, finding, group, members.len() > 1)?;
        }
    }
    and_more(screen, 4, undrawn)?;
    let (shown, left_out) = cut(&listed, super::SHOWN, &look);
    let column = file::column(report, shown, &look);
    for (at, finding) in shown.iter().enumerate() {
        file::row(screen, report, finding, column, shared.is_none())?;
        let alike = origin::of_one(finding).is_none_or(|own| group.origin.as_ref() == Some(&own));
        if full || at == 0 {
            file::details(screen, report, finding, alike)?;
        } else if !alike {
            file::came_in(screen, finding)?;
        }
        if full {
            remedy::of_one(screen, report, finding, group, members.len() > 1)?;
        }
    }
    and_more(screen, 4, left_out)?;
    remedy::of_all(screen, report, group, &members)
}

/// One line for a group: `error  Sealed file is missing: a.txt and 3 more`.
pub(super) fn one_line(screen: &mut Screen<'_>, report: &Report, group: &Group) -> io::Result<()> {
    let members: Vec<&Finding> = leaders(&report.findings, group).collect();
    let Some(&first) = members.first() else {
        return Ok(());
    };
    let ink = if first.severity == Severity::Error { Ink::Bad } else { Ink::Warn };
    let head = Line::default().ink(ink, format!("{:<7}", first.severity.name())).plain("  ");
    let place = file::label(report, first, &screen.look);
    let others = u64::try_from(members.len() - 1).unwrap_or(u64::MAX);
    let tail = match (place.is_empty(), others) {
        (_, 0) if first.path.is_none() && first.located_in.is_none() => format!(": {}", first.message),
        (true, 0) => format!(": {}", first.message),
        (true, _) => format!(": {}", counted(others + 1, "finding", "findings")),
        (false, 0) => format!("   {place}"),
        (false, _) => format!("   {place} and {} more", number(others)),
    };
    screen.wrapped(&head, &format!("{}{tail}", group.cause))
}

fn heading(screen: &mut Screen<'_>, group: &Group, first: &Finding, members: &[&Finding]) -> io::Result<()> {
    let look = screen.look;
    let (ink, mark) = (ink(first), mark(first, &look));
    let head = Line::default().ink(ink, mark).ink(Ink::Strong, group.cause.clone());
    let facts = facts(group, first, members, &look);
    let column = look.columns().saturating_sub(Line::default().plain(facts.clone()).width(&look));
    if head.width(&look) + 2 <= column {
        return screen.line(&head.pad(column, 2, &look).ink(Ink::Dim, facts));
    }
    if head.width(&look) <= look.columns() {
        screen.line(&head)?;
    } else {
        screen.wrapped(&Line::default().ink(ink, mark), &group.cause)?;
    }
    screen.line(&Line::indent(2).ink(Ink::Dim, facts))
}

fn ink(finding: &Finding) -> Ink {
    match finding.severity {
        Severity::Error => Ink::Bad,
        Severity::Warning => Ink::Warn,
        Severity::Note => Ink::Dim,
    }
}

fn mark(finding: &Finding, look: &Look) -> &'static str {
    match finding.severity {
        Severity::Error if finding.effect == Effect::CannotVerify => "! ",
        Severity::Error => look.pick("\u{2717} ", "x "),
        Severity::Warning => "! ",
        Severity::Note => "- ",
    }
}

/// `crlf_drift, 23 files, proven by hash`.
fn facts(group: &Group, first: &Finding, members: &[&Finding], look: &Look) -> String {
    let mut facts = vec![codes(first, look)];
    let places = u64::try_from(members.len()).unwrap_or(u64::MAX);
    if members.iter().all(|finding| finding.path.is_some()) && group.count == places {
        facts.push(counted(group.count, "file", "files"));
    } else if places > 1 {
        facts.push(counted(places, "place", "places"));
    }
    let grades: BTreeSet<Grade> = members.iter().map(|finding| finding.grade).collect();
    // That something was seen goes without saying where nothing needed proof.
    if !(first.causes.is_empty() && grades.iter().all(|grade| *grade == Grade::Observed)) {
        let grades: Vec<&str> = grades.into_iter().map(grade).collect();
        facts.push(grades.join(" or "));
    }
    facts.join(look.pick(" \u{b7} ", ", "))
}

/// `bom_prefix + emdash_unicode_drift x2`.
pub(in crate::report) fn codes(first: &Finding, look: &Look) -> String {
    if first.causes.is_empty() {
        return first.code.id().to_owned();
    }
    let mut codes: Vec<(&str, usize)> = Vec::new();
    for cause in &first.causes {
        match codes.iter_mut().find(|(id, _)| *id == cause.code.id()) {
            Some((_, count)) => *count += 1,
            None => codes.push((cause.code.id(), 1)),
        }
    }
    let times = look.pick("\u{d7}", "x");
    let shown = codes.iter().map(|(id, count)| match count {
        1 => (*id).to_owned(),
        count => format!("{id} {times}{count}"),
    });
    shown.collect::<Vec<_>>().join(" + ")
}

pub(in crate::report) fn grade(grade: Grade) -> &'static str {
    match grade {
        Grade::ProvenByHash => "proven by hash",
        Grade::ProvenByOriginal => "proven by original",
        Grade::Observed => "observed",
        Grade::Suspected => "suspected",
    }
}

/// What all members say alike, apart from their names.
fn shared_message(members: &[&Finding]) -> Option<String> {
    let (first, rest) = members.split_first()?;
    let bare = |finding: &Finding| {
        let plain = finding.causes.is_empty() && finding.snippet.is_none();
        file::message_after_name(finding).filter(|_| plain).map(str::to_owned)
    };
    let message = bare(first)?;
    let alike = !rest.is_empty() && rest.iter().all(|finding| bare(finding).as_ref() == Some(&message));
    alike.then_some(message)
}
