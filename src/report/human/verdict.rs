//! The last line. The only place that writes the word for a complete passing run.

use std::io;

use super::{counted, number};
use crate::code::Effect;
use crate::report::style::{Ink, Line, Screen};
use crate::report::{Counts, LevelState, Outcome, Report};
use crate::source::Layer;

/// Writes the verdict, with the exit status at the right edge when it is not a pass.
pub(super) fn render(screen: &mut Screen<'_>, report: &Report) -> io::Result<()> {
    if report.selftest.is_some() && report.outcome == Outcome::Pass {
        let (word, text) = last_words(report);
        return screen.wrapped(&Line::default().ink(Ink::Good, word).plain("  "), &text);
    }
    if report.outcome == Outcome::Fail && !report.partial_because.is_empty() {
        let why = format!("not everything was judged: {}", because(report));
        screen.wrapped(&Line::default().ink(Ink::Warn, "partial").plain("  "), &why)?;
    }
    let (word, text) = last_words(report);
    match report.outcome {
        Outcome::Pass if is_complete_pass(report) => {
            screen.line(&Line::default().ink(Ink::Good, word).plain(format!("  {text}")))
        }
        Outcome::Pass => {
            let head = Line::default().ink(Ink::Warn, word).plain("  ");
            if head.width(&screen.look) + text.len() + 8 > screen.look.columns() {
                screen.wrapped(&head, &text)?;
                return with_exit(screen, Line::default(), report);
            }
            with_exit(screen, head.plain(text), report)
        }
        Outcome::Fail | Outcome::Error => {
            let head = Line::default().ink(Ink::Bad, word).plain(format!("  {text}"));
            with_exit(screen, head, report)
        }
    }
}

/// The verdict in a word, and what it rests on. The word of a complete passing run
/// is for the last line of a text and for nothing before it.
pub(in crate::report) fn last_words(report: &Report) -> (&'static str, String) {
    if let Some(selftest) = &report.selftest {
        let words = super::super::selftest::last_words(selftest);
        return match report.outcome {
            Outcome::Pass => (selftest.verdict(), words),
            Outcome::Fail => ("FAIL", words),
            Outcome::Error => ("ERROR", words),
        };
    }
    match report.outcome {
        Outcome::Pass if is_complete_pass(report) => ("PASS", passed(report)),
        Outcome::Pass => {
            let from = elsewhere(report).map(|from| format!(" ({from})")).unwrap_or_default();
            ("partial", format!("good as far as judged: {}{from}", because(report)))
        }
        Outcome::Fail => ("FAIL", failed(report)),
        Outcome::Error => {
            let problems = effects(report, Effect::CannotVerify).max(1);
            let from = elsewhere(report).map(|from| format!(", {from}")).unwrap_or_default();
            // Without a packet nothing says that verifying was what was asked for.
            let what = if report.packets.is_empty() { "could not go on" } else { "could not verify" };
            ("ERROR", format!("{what}: {}{from}", counted(problems, "problem", "problems")))
        }
    }
}

/// Nothing but everything: no packet, no entry or one finding that counts, and it is none.
pub(in crate::report) fn is_complete_pass(report: &Report) -> bool {
    report.complete
        && report.selftest.is_none()
        && report.exit_code == 0
        && !report.packets.is_empty()
        && report.packets.iter().all(|packet| packet.outcome == Outcome::Pass)
        && report.findings.iter().all(|finding| finding.effect == Effect::None)
        && totals(report).total > 0
}

fn because(report: &Report) -> String {
    if !report.partial_because.is_empty() {
        return report.partial_because.join("; ");
    }
    let empty = totals(report).total == 0;
    if empty { "nothing sealed was found" } else { "not everything was judged" }.to_owned()
}

/// `1 packet, 21 files`, and the levels that were judged.
fn passed(report: &Report) -> String {
    let pinned = report.packets.iter().filter(|packet| packet.pinned || packet.profile.is_some());
    let packets = u64::try_from(pinned.count()).unwrap_or(u64::MAX);
    let all = u64::try_from(report.packets.len()).unwrap_or(u64::MAX);
    let mut parts = Vec::new();
    if packets > 0 {
        parts.push(counted(packets, "packet", "packets"));
    }
    if all > packets {
        parts.push(counted(all - packets, "list", "lists"));
    }
    parts.push(counted(sealed(report), "file", "files"));
    parts.push(levels(report));
    parts.extend(elsewhere(report));
    parts.extend(against(report));
    parts.join(", ")
}

/// `from the index`: where the files were read, unless all of them as they lie on disk.
fn elsewhere(report: &Report) -> Option<String> {
    let mut layers: Vec<String> = Vec::new();
    for packet in &report.packets {
        let layer = packet.layer.to_string();
        if !layers.contains(&layer) {
            layers.push(layer);
        }
    }
    let on_disk = report.packets.iter().all(|packet| packet.layer == Layer::WorkTree);
    match layers.as_slice() {
        _ if on_disk => None,
        [one] => Some(format!("from {one}")),
        [one, two] => Some(format!("from {one} and {two}")),
        [one, rest @ ..] => Some(format!("from {one} and {} others", rest.len())),
        [] => None,
    }
}

/// `against commit 4f2c1aa8d0e3`: what the seals were compared with.
fn against(report: &Report) -> Option<String> {
    report.base.as_ref().map(|base| format!("against commit {}", base.commit.short()))
}

/// `levels L0 L2`: those on which at least one check held.
fn levels(report: &Report) -> String {
    let names = ["L0", "L1", "L2", "L3"];
    let judged: Vec<&str> = names
        .into_iter()
        .enumerate()
        .filter(|(at, _)| report.packets.iter().any(|packet| packet.levels.get(*at) == Some(&LevelState::Ok)))
        .map(|(_, name)| name)
        .collect();
    format!("{} {}", if judged.len() == 1 { "level" } else { "levels" }, judged.join(" "))
}

/// `3 of 21 files, 3 causes`.
fn failed(report: &Report) -> String {
    let counts = totals(report);
    let bad = counts.drifted + counts.missing + counts.unreadable;
    let mut parts = Vec::new();
    let sealed = sealed(report);
    // Distinct files, where they were counted; a file in two lists is one.
    let bad = if report.stats.sealed > 0 { report.stats.damaged } else { bad };
    if bad > 0 {
        parts.push(format!("{} of {}", number(bad), counted(sealed, "file", "files")));
    } else if sealed > 0 {
        parts.push(format!("{} intact", counted(sealed, "file", "files")));
    }
    if counts.unsealed > 0 {
        parts.push(counted(counts.unsealed, "unsealed file", "unsealed files"));
    }
    let causes = u64::try_from(report.groups.len()).unwrap_or(u64::MAX);
    parts.push(counted(causes, "cause", "causes"));
    match effects(report, Effect::CannotVerify) {
        0 => {}
        errors => parts.push(format!("{} could not be verified", number(errors))),
    }
    parts.extend(elsewhere(report));
    parts.extend(against(report));
    parts.join(", ")
}

fn effects(report: &Report, effect: Effect) -> u64 {
    let count = report.findings.iter().filter(|finding| finding.effect == effect).count();
    u64::try_from(count).unwrap_or(u64::MAX)
}

/// Distinct sealed files; entries where those were not counted.
pub(in crate::report) fn sealed(report: &Report) -> u64 {
    match report.stats.sealed {
        0 => totals(report).total,
        sealed => sealed,
    }
}

/// Entries of all packets together.
fn totals(report: &Report) -> Counts {
    report.packets.iter().fold(Counts::default(), |sum, packet| Counts {
        total: sum.total + packet.counts.total,
        intact: sum.intact + packet.counts.intact,
        drifted: sum.drifted + packet.counts.drifted,
        missing: sum.missing + packet.counts.missing,
        unreadable: sum.unreadable + packet.counts.unreadable,
        unsealed: sum.unsealed + packet.counts.unsealed,
        referenced: sum.referenced + packet.counts.referenced,
    })
}

fn with_exit(screen: &mut Screen<'_>, line: Line, report: &Report) -> io::Result<()> {
    let exit = format!("exit {}", report.exit_code);
    let column = screen.look.columns().saturating_sub(exit.len());
    let look = screen.look;
    screen.line(&line.pad(column, 2, &look).ink(Ink::Dim, exit))
}
