//! What doctor found, for a person: the risks by kind, the worst first, each
//! with the line that prevents it.
//!
//! The word of a complete passing run is not written here.

pub mod json;

use std::io::{self, Write};

use super::human::{and_more, counted, cut};
use super::name;
use super::style::{Ink, Line, Screen};
use super::{Look, Verbosity};
use crate::code::Severity;
use crate::doctor::{Examination, Kind, Place, Plan, Remedy, Risk, Scope};
use crate::text::is_deceptive;

/// Risks of a kind, and sealed files of a risk, shown before the rest is only counted.
const SHOWN: usize = 5;
/// Where text begins that says more of a risk.
const INDENT: usize = 4;

/// Writes `found` for a person.
pub fn render(found: &Examination, out: &mut dyn Write, look: &Look) -> io::Result<()> {
    let screen = &mut Screen::new(out, look);
    let brief = look.verbosity == Verbosity::Quiet;
    let mut told = Vec::new();
    for (at, group) in found.risks.chunk_by(|a, b| a.kind == b.kind && a.severity == b.severity).enumerate() {
        if at > 0 && !brief {
            screen.blank()?;
        }
        if let Some(first) = group.first() {
            heading(screen, first.severity, first.kind)?;
        }
        if !brief {
            risks(screen, group, &mut told)?;
        }
    }
    if !found.risks.is_empty() && !brief {
        screen.blank()?;
    }
    for unseen in &found.unseen {
        let head = Line::default().ink(Ink::Dim, "not looked at").plain("  ");
        screen.wrapped(&head, &format!("{}: {}", unseen.what, unseen.reason))?;
    }
    changes(screen, found, brief)?;
    summary(screen, found)
}

/// What was changed, or the patch that would change it.
fn changes(screen: &mut Screen<'_>, found: &Examination, brief: bool) -> io::Result<()> {
    let look = screen.look;
    for plan in found.made.iter().filter(|plan| !plan.lines().is_empty()) {
        let lines = counted(plan.lines().len() as u64, "line", "lines");
        let line = Line::default().ink(Ink::Good, "changed").plain("  ");
        let line = line.plain(format!("{}   {lines} added; commit it", name::shown(plan.shown(), &look)));
        screen.line(&line)?;
    }
    if !found.patched || brief {
        return Ok(());
    }
    for plan in &found.plans {
        patch(screen, plan)?;
    }
    let own: Vec<_> = found.plans.iter().map(Plan::shown).collect();
    let places = found.risks.iter().filter_map(|risk| Some(&risk.place.as_ref()?.file));
    let mut others: Vec<String> =
        places.filter(|file| !own.contains(file)).map(|file| name::shown(file, &look)).collect();
    others.sort();
    others.dedup();
    if !others.is_empty() {
        let head = Line::default().ink(Ink::Dim, "by hand").plain("  ");
        screen.wrapped(&head, &format!("see above for {}", others.join(", ")))?;
    }
    screen.blank()
}

/// A patch as `git apply` takes it, if no character in it could mislead a terminal.
fn patch(screen: &mut Screen<'_>, plan: &Plan) -> io::Result<()> {
    let patch = plan.patch();
    let misleads =
        |line: &str| line.strip_suffix('\r').unwrap_or(line).chars().any(|c| is_deceptive(c) && c != '\t');
    if !patch.split('\n').any(misleads) && (screen.look.unicode || patch.is_ascii()) {
        return screen.raw(&patch);
    }
    let text = "the patch is not shown, since the file holds characters that mislead a terminal; `seal doctor --fix --write` makes the change";
    screen.wrapped(&Line::default(), text)
}

fn heading(screen: &mut Screen<'_>, severity: Severity, kind: Kind) -> io::Result<()> {
    let row = kind.row();
    let (ink, word) = match severity {
        Severity::Error => (Ink::Bad, "error"),
        Severity::Warning => (Ink::Warn, "warning"),
        Severity::Note => (Ink::Dim, "note"),
    };
    let line = Line::default().ink(ink, word).pad(9, 2, &screen.look).ink(Ink::Strong, row.title);
    screen.line(&line.plain("  ").ink(Ink::Dim, row.id))
}

/// The risks of one kind. What one remedy prevents is said once, below them.
fn risks<'r>(screen: &mut Screen<'_>, group: &'r [Risk], told: &mut Vec<&'r Remedy>) -> io::Result<()> {
    let look = screen.look;
    let (shown, left_out) = cut(group, SHOWN, &look);
    for (at, risk) in shown.iter().enumerate() {
        let head = Line::indent(INDENT);
        let head = match &risk.place {
            Some(place) => head.ink(Ink::Plain, self::place(place, &look)).plain("  "),
            None => head,
        };
        screen.wrapped(&head, &risk.reason)?;
        if !risk.paths.is_empty() {
            files(screen, risk)?;
        }
        if shown.get(at + 1).is_none_or(|next| next.remedy != risk.remedy) {
            if told.contains(&&risk.remedy) {
                screen.line(&labeled("fix").plain("the same lines as above"))?;
            } else {
                remedy(screen, risk)?;
            }
            // Words alone are short enough to be said again.
            told.extend((!risk.remedy.lines.is_empty()).then_some(&risk.remedy));
        }
    }
    and_more(screen, INDENT, left_out)
}

fn files(screen: &mut Screen<'_>, risk: &Risk) -> io::Result<()> {
    let look = screen.look;
    let (shown, left_out) = cut(&risk.paths, SHOWN, &look);
    let names: Vec<String> = shown.iter().map(|path| name::shown(path, &look)).collect();
    let more = if left_out > 0 { format!(" and {left_out} more") } else { String::new() };
    screen.wrapped(&labeled("sealed"), &format!("{}{more}", names.join(", ")))
}

fn remedy(screen: &mut Screen<'_>, risk: &Risk) -> io::Result<()> {
    let look = screen.look;
    if !risk.remedy.say.is_empty() {
        let colon = if risk.remedy.lines.is_empty() { "" } else { ":" };
        screen.wrapped(&labeled("fix"), &format!("{}{colon}", risk.remedy.say))?;
    }
    let (shown, left_out) = cut(&risk.remedy.lines, 4 * SHOWN, &look);
    for line in shown {
        screen.line(&Line::indent(INDENT + 10).ink(Ink::Code, line.as_str()))?;
    }
    and_more(screen, INDENT + 10, left_out)
}

fn labeled(label: &str) -> Line {
    Line::indent(INDENT).ink(Ink::Dim, format!("{label:<8}"))
}

/// `FILE:LINE`.
fn place(place: &Place, look: &Look) -> String {
    let file = name::shown(&place.file, look);
    place.line.map_or(file.clone(), |line| format!("{file}:{line}"))
}

fn summary(screen: &mut Screen<'_>, found: &Examination) -> io::Result<()> {
    let look = screen.look;
    let status = found.exit_code();
    let ink = if status == 0 { Ink::Good } else { Ink::Bad };
    let of = |severity: Severity| found.risks.iter().filter(|risk| risk.severity == severity).count() as u64;
    let (errors, warnings) = (of(Severity::Error), of(Severity::Warning));
    let mut parts = Vec::new();
    if errors > 0 {
        parts.push(counted(errors, "error", "errors"));
    }
    if warnings > 0 {
        parts.push(counted(warnings, "warning", "warnings"));
    }
    let (word, text) = match &found.scope {
        Scope::Job { file, job, known } => {
            let job = crate::text::quote(job.as_bytes());
            let file = name::shown(file, &look);
            match (known, status) {
                (false, _) => (
                    "unknown",
                    format!("{file} has no job {job}: it stands in a workflow that this one calls"),
                ),
                (true, 0) => ("fit", with(format!("the job {job} of {file} may run the gate"), &parts)),
                (true, _) => ("refused", format!("the job {job} of {file} may not run the gate")),
            }
        }
        Scope::Seals { seals, files } => {
            let scope = format!(
                "{} of {}",
                counted(*files as u64, "sealed file", "sealed files"),
                counted(*seals as u64, "seal", "seals")
            );
            let text = match (parts.is_empty(), status) {
                (false, _) => format!("{}; {scope} looked at", parts.join(", ")),
                (true, 0) => format!(
                    "nothing found that would break {scope}; `seal verify` says whether they are intact now"
                ),
                (true, _) => format!("nothing found, but not everything of {scope} could be looked at"),
            };
            ("doctor", text)
        }
    };
    let line = Line::default().ink(ink, word).plain("  ");
    let exit = if status == 0 { String::new() } else { format!("   exit status {status}") };
    screen.wrapped(&line, &format!("{text}{exit}"))
}

fn with(text: String, parts: &[String]) -> String {
    if parts.is_empty() { text } else { format!("{text}; {} to look at", parts.join(", ")) }
}
