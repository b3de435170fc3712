//! Annotations of GitHub Actions: workflow commands on standard output.
//!
//! A step shows at most ten errors, ten warnings and ten notices and drops the
//! rest in silence, so the most important come first, one per file and cause, and
//! the last of a class that was cut says how many more there are.
//!
//! Names are chosen by attackers, and a line of standard output that begins with
//! `::` is a command. Every text is first made printable, then `%`, CR and LF are
//! escaped everywhere, and `:` and `,` in properties besides.

use std::io::{self, Write};

use super::human::verdict::last_words;
use super::human::{file, number, remedy};
use super::place::{Places, text};
use super::rank::{Excuses, ranked};
use super::style::clean;
use super::{Look, Outcome, Report, origin};
use crate::code::Severity;
use crate::finding::Finding;

/// So many annotations of a class are shown by a step.
const SHOWN: usize = 10;

/// Characters of one text, at most: a step shows no more.
const LONGEST: usize = 4096;

/// Writes the annotations; nothing for a complete good run without warnings.
pub fn render(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let excuses = Excuses::of(report);
    let places = Places::of(report);
    let all = ranked(report);
    for severity in [Severity::Error, Severity::Warning, Severity::Note] {
        let of_class: Vec<&Finding> =
            all.iter().copied().filter(|finding| excuses.severity(finding) == severity).collect();
        let shown = if of_class.len() > SHOWN { SHOWN - 1 } else { of_class.len() };
        let (head, rest) = of_class.split_at_checked(shown).unwrap_or((&of_class, &[]));
        for finding in head {
            annotation(report, &places, severity, finding, excuses.excuse(finding)).write(out)?;
        }
        if !rest.is_empty() {
            let count = number(u64::try_from(rest.len()).unwrap_or(u64::MAX));
            Command::new(severity, "seal", format!("{count} more in the report")).write(out)?;
        }
        // What cannot be tied to a finding must not be silent either.
        if severity == Severity::Error && of_class.is_empty() && report.outcome != Outcome::Pass {
            let (_, why) = last_words(report);
            Command::new(severity, "seal", why).write(out)?;
        }
    }
    if report.outcome == Outcome::Pass && !report.complete {
        let (_, why) = last_words(report);
        Command::new(Severity::Note, "seal: partial", why).write(out)?;
    }
    Ok(())
}

fn annotation(
    report: &Report,
    places: &Places<'_>,
    severity: Severity,
    finding: &Finding,
    excuse: Option<&str>,
) -> Command {
    let code = finding.causes.first().map_or(finding.code, |cause| cause.code);
    let mut command =
        Command::new(severity, &format!("{}: {}", code.id(), code.row().title), message(report, finding));
    if let Some(excuse) = excuse {
        command.data.push('\n');
        command.data.push_str(&clean(excuse, true));
    }
    if let Some(place) = places.primary(finding) {
        command.properties.push(("file", text(&place.path)));
        if let Some(region) = place.region {
            command.properties.push(("line", region.line.to_string()));
            command.properties.push(("col", region.column.to_string()));
            if let Some(end) = region.end_column.filter(|end| *end > region.column) {
                command.properties.push(("endColumn", end.to_string()));
            }
        }
    }
    command
}

/// What happened, how much of it, where it came in, and what to do: a line each.
fn message(report: &Report, finding: &Finding) -> String {
    let mut lines = vec![clean(&finding.message, true)];
    let directions = finding.causes.iter().map(|cause| cause.direction.as_str());
    let directions: Vec<&str> = directions.filter(|direction| !direction.is_empty()).collect();
    for told in [directions.join(" + "), file::scope(finding)] {
        if !told.is_empty() {
            lines.push(clean(&told, true));
        }
    }
    if let Some(place) = origin::sentence(finding) {
        lines.push(format!("came in: {}", clean(&place, true)));
    }
    let fix = remedy::for_one(report, finding, &Look { unicode: true, ..Look::PLAIN });
    if !fix.is_empty() {
        lines.push(format!("fix: {}", clean(&fix, true)));
    }
    lines.join("\n")
}

/// One workflow command.
struct Command {
    name: &'static str,
    properties: Vec<(&'static str, String)>,
    data: String,
}

impl Command {
    fn new(severity: Severity, title: &str, data: String) -> Self {
        let name = match severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "notice",
        };
        Self { name, properties: vec![("title", title.to_owned())], data }
    }

    fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        write!(out, "::{} ", self.name)?;
        for (at, (key, value)) in self.properties.iter().enumerate() {
            let comma = if at > 0 { "," } else { "" };
            write!(out, "{comma}{key}={}", property(value))?;
        }
        writeln!(out, "::{}", data(&self.data))
    }
}

/// The part after the second `::`.
fn data(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (at, c) in text.chars().enumerate() {
        match c {
            _ if at == LONGEST => {
                out.push('\u{2026}');
                break;
            }
            '%' => out.push_str("%25"),
            '\r' => out.push_str("%0D"),
            '\n' => out.push_str("%0A"),
            c => out.push(c),
        }
    }
    out
}

/// A value before it.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
#[path = "github_tests.rs"]
mod tests;
