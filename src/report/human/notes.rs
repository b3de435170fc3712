//! What changes nothing in the verdict: warnings, notes, candidates passed over.

use std::io;

use super::{and_more, cause, counted, cut};
use crate::code::{Code, Effect, Severity};
use crate::report::group::{group_where, leaders};
use crate::report::style::{Ink, Line, Screen};
use crate::report::{Outcome, Report, name, origin};

/// So many candidates that were passed over are named without being asked for.
const FEW: usize = 3;

/// Writes a line for each kind of warning, and the number of notes; all of them under `-v`.
pub(super) fn warnings(screen: &mut Screen<'_>, report: &Report) -> io::Result<()> {
    let silent = |severity: Severity| {
        group_where(&report.findings, move |finding| {
            finding.effect == Effect::None && finding.severity == severity
        })
    };
    let warnings = silent(Severity::Warning);
    let notes = silent(Severity::Note);
    if screen.look.verbose() {
        let begins = report.outcome == Outcome::Pass && report.groups.is_empty();
        if begins && !(warnings.is_empty() && notes.is_empty()) {
            screen.blank()?;
        }
        for (at, group) in warnings.iter().chain(&notes).enumerate() {
            if at > 0 {
                screen.blank()?;
            }
            cause::render(screen, report, group)?;
        }
        if report.outcome != Outcome::Pass && !(warnings.is_empty() && notes.is_empty()) {
            screen.blank()?;
        }
        return Ok(());
    }
    for group in &warnings {
        cause::one_line(screen, report, group)?;
    }
    // Which fields were read is of interest only to whoever asks.
    let told = report.findings.iter().filter(|finding| {
        finding.severity == Severity::Note
            && finding.effect == Effect::None
            && finding.code != Code::ManifestFields
    });
    let count = told.count();
    if count > 0 {
        let them = if count == 1 { "it" } else { "them" };
        let count = counted(u64::try_from(count).unwrap_or(u64::MAX), "note", "notes");
        screen.line(&Line::default().ink(Ink::Dim, format!("{count} (-v shows {them})")))?;
    }
    if report.outcome != Outcome::Pass && (count > 0 || !warnings.is_empty()) {
        screen.blank()?;
    }
    Ok(())
}

/// Writes what looked like a seal and was not verified.
pub(super) fn passed_over(screen: &mut Screen<'_>, report: &Report) -> io::Result<()> {
    let look = screen.look;
    if report.passed_over.is_empty() {
        return Ok(());
    }
    let count = u64::try_from(report.passed_over.len()).unwrap_or(u64::MAX);
    let count = counted(count, "candidate", "candidates");
    let seals = if report.passed_over.len() == 1 { "a seal" } else { "seals" };
    if !look.verbose() && report.passed_over.len() > FEW {
        let text = format!("{count} not verified as {seals} (`seal verify --list` names them)");
        return screen.wrapped(&Line::default(), &text);
    }
    screen.line(&Line::default().ink(Ink::Strong, format!("{count} not verified as {seals}")))?;
    let (shown, left_out) = cut(&report.passed_over, super::SHOWN, &look);
    for over in shown {
        let head = Line::indent(2).plain(name::shown(&over.path, &look)).plain("  ");
        screen.wrapped(&head, &over.reason)?;
    }
    and_more(screen, 2, left_out)
}

/// Says for which files it was not found out where the damage came in.
pub(super) fn not_looked_at(screen: &mut Screen<'_>, report: &Report) -> io::Result<()> {
    for (why, files) in origin::not_looked_at(&report.findings) {
        let files = counted(files, "file", "files");
        let head = Line::default().ink(Ink::Strong, "came in").plain(" ");
        screen.wrapped(&head, &format!("not looked at for {files}: {why}"))?;
    }
    Ok(())
}

/// Says where more about a code is to be read.
pub(super) fn explain_hint(screen: &mut Screen<'_>, report: &Report) -> io::Result<()> {
    let first = report.groups.first().and_then(|group| leaders(&report.findings, group).next());
    let Some(finding) = first else {
        return Ok(());
    };
    if screen.look.verbose() {
        return Ok(());
    }
    let code = finding.causes.first().map_or(finding.code, |cause| cause.code);
    let head = Line::default().ink(Ink::Strong, "more").plain("    ");
    screen.wrapped(&head, &format!("`seal explain {code}` says what a code means; -v shows everything"))
}
