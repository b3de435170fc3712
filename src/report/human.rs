//! The report for a person at a terminal.
//!
//! What failed comes first, by root cause; then the checks; last, and alone on
//! its line, the verdict. The word that stands for a complete passing run is
//! written by `verdict` and nowhere else.

pub(in crate::report) mod cause;
pub(in crate::report) mod checks;
pub(in crate::report) mod command;
pub(in crate::report) mod file;
mod notes;
pub(in crate::report) mod packets;
pub(in crate::report) mod remedy;
mod snippet;
pub(in crate::report) mod verdict;

use std::io::{self, Write};

use super::style::{Line, Screen};
use super::{Look, Outcome, Report, Verbosity};

/// Files, lines or packets shown before the rest is only counted.
const SHOWN: usize = 10;

/// Lines that a terminal shows at once, about. A longer failing report says its
/// verdict at both ends.
const SCREEN: usize = 40;

/// Writes `report` for a person.
pub fn render(report: &Report, out: &mut dyn Write, look: &Look) -> io::Result<()> {
    let mut body = Vec::new();
    write(report, &mut body, look)?;
    let lines = memchr::memchr_iter(b'\n', &body).count();
    if report.outcome != Outcome::Pass && look.verbosity != Verbosity::Quiet && lines > SCREEN {
        let screen = &mut Screen::new(out, look);
        verdict::render(screen, report)?;
        screen.blank()?;
    }
    out.write_all(&body)
}

fn write(report: &Report, out: &mut dyn Write, look: &Look) -> io::Result<()> {
    let screen = &mut Screen::new(out, look);
    if look.verbosity == Verbosity::Quiet {
        for group in &report.groups {
            cause::one_line(screen, report, group)?;
        }
        return verdict::render(screen, report);
    }
    packets::render(screen, report)?;
    if let Some(selftest) = &report.selftest {
        super::selftest::render(screen, selftest)?;
    }
    let failing = report.outcome != Outcome::Pass;
    // A packet that is known to be broken fails without failing the run.
    let began = !report.packets.is_empty() || report.selftest.is_some();
    if (failing || !report.groups.is_empty()) && began {
        screen.blank()?;
    }
    for group in &report.groups {
        cause::render(screen, report, group)?;
        screen.blank()?;
    }
    notes::warnings(screen, report)?;
    if !failing && look.verbose() && !report.packets.is_empty() && report.groups.is_empty() {
        screen.blank()?;
    }
    checks::render(screen, report)?;
    notes::passed_over(screen, report)?;
    if failing {
        notes::not_looked_at(screen, report)?;
        notes::explain_hint(screen, report)?;
    }
    if failing || look.verbose() {
        screen.blank()?;
    }
    verdict::render(screen, report)
}

/// `1 file`, `23 files`, `1,234 files`.
pub(in crate::report) fn counted(count: u64, one: &str, many: &str) -> String {
    format!("{} {}", number(count), if count == 1 { one } else { many })
}

/// A number with commas between groups of three digits.
pub(in crate::report) fn number(value: u64) -> String {
    let digits = value.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A length in bytes, in the largest unit that keeps it readable.
pub(in crate::report) fn bytes(value: u64) -> String {
    const UNITS: [(u64, &str); 3] = [(1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "kB")];
    for (unit, name) in UNITS {
        if value >= 10 * unit {
            return format!("{} {name}", number(value / unit));
        }
        if value >= unit {
            return format!("{}.{} {name}", value / unit, value % unit * 10 / unit);
        }
    }
    counted(value, "byte", "bytes")
}

/// `items` up to the limit for this look, and how many were left out.
pub(in crate::report) fn cut<'a, T>(items: &'a [T], limit: usize, look: &Look) -> (&'a [T], usize) {
    // One or two left out would take as much room as the line that says so.
    if look.verbose() || items.len() <= limit + 2 {
        return (items, 0);
    }
    items.split_at_checked(limit).map_or((items, 0), |(head, tail)| (head, tail.len()))
}

/// `… and 17 more (-v shows all)`.
pub(in crate::report) fn and_more(screen: &mut Screen<'_>, indent: usize, left_out: usize) -> io::Result<()> {
    if left_out == 0 {
        return Ok(());
    }
    let count = number(u64::try_from(left_out).unwrap_or(u64::MAX));
    let text = format!("{} and {count} more (-v shows all)", screen.look.pick("\u{2026}", "..."));
    screen.line(&Line::indent(indent).ink(super::style::Ink::Dim, text))
}

#[cfg(test)]
#[path = "human_tests.rs"]
mod tests;
