//! The checks, by level: a line or two for each packet, or a line each.

use std::io;

use super::{and_more, counted, cut, packets};
use crate::check::{Level, Status};
use crate::report::style::{Ink, Line, Screen, width};
use crate::report::{CheckReport, LevelState, Outcome, PacketReport, Report};

const LEVELS: [Level; 4] = [Level::L0, Level::L1, Level::L2, Level::L3];

/// Writes the check tables: of failing packets, or of all under `-v`.
pub(super) fn render(screen: &mut Screen<'_>, report: &Report) -> io::Result<()> {
    let look = screen.look;
    let told: Vec<&PacketReport> = report
        .packets
        .iter()
        .filter(|packet| !packet.checks.is_empty())
        .filter(|packet| look.verbose() || packet.outcome != Outcome::Pass)
        .collect();
    let (shown, left_out) = cut(&told, super::SHOWN, &look);
    let column = shown.iter().map(|packet| width(&packets::label(packet, &look))).max().unwrap_or(0).min(40);
    for packet in shown {
        let mut head = Line::default().ink(Ink::Strong, "checks").plain("  ");
        if report.packets.len() > 1 {
            head = head.plain(packets::label(packet, &look)).pad(8 + column, 0, &look).plain("  ");
        }
        if look.verbose() {
            screen.line(&head)?;
            table(screen, packet)?;
        } else {
            let summary = summary(packet);
            if !summary.is_empty() {
                screen.wrapped(&head, &summary)?;
            }
        }
    }
    and_more(screen, 8, left_out)
}

/// `L0 manifest failed, pin ok   L1–L3 not judged: 12 ok, 1 failed`.
fn summary(packet: &PacketReport) -> String {
    let mut out: Vec<String> = Vec::new();
    let mut rest: Vec<(usize, LevelState)> = Vec::new();
    for (at, (level, state)) in LEVELS.into_iter().zip(packet.levels).enumerate() {
        match state {
            LevelState::Ok => out.push(format!("{} ok", level.name())),
            LevelState::Failed => out.push(failed(packet, level)),
            state => rest.push((at, state)),
        }
    }
    // Levels that no check of this program stands on are no news.
    rest.retain(|(at, _)| packet.checks.iter().any(|check| LEVELS.get(*at) == Some(&check.level)));
    for run in rest.chunk_by(|a, b| a.1 == b.1 && a.0 + 1 == b.0) {
        if let (Some(first), Some(last)) = (run.first(), run.last()) {
            out.push(not_counted(packet, first.0, last.0, first.1));
        }
    }
    out.join("   ")
}

/// Every check of a failing level that says something.
fn failed(packet: &PacketReport, level: Level) -> String {
    let checks = packet.checks.iter().filter(|check| check.level == level);
    let told: Vec<String> = checks
        .filter(|check| check.status != Status::NotApplied)
        .map(|check| format!("{} {}", check.id, words(check.status)))
        .collect();
    format!("{} {}", level.name(), told.join(", "))
}

fn not_counted(packet: &PacketReport, first: usize, last: usize, state: LevelState) -> String {
    let levels = LEVELS.get(first..=last).unwrap_or_default();
    let name = match levels {
        [] => String::new(),
        [one] => one.name().to_owned(),
        [from, .., to] => format!("{}\u{2013}{}", from.name(), to.name()),
    };
    if state == LevelState::NotApplied {
        return format!("{name} not applied");
    }
    let tally: Vec<String> = [Status::Ok, Status::Failed, Status::Error, Status::Skipped]
        .into_iter()
        .map(|status| {
            let of_status = |check: &&CheckReport| check.status == status && levels.contains(&check.level);
            (packet.checks.iter().filter(of_status).count(), words(status))
        })
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{count} {word}"))
        .collect();
    if tally.is_empty() {
        format!("{name} not judged")
    } else {
        format!("{name} not judged: {}", tally.join(", "))
    }
}

fn table(screen: &mut Screen<'_>, packet: &PacketReport) -> io::Result<()> {
    let look = screen.look;
    let column = packet.checks.iter().map(|check| check.id.len()).max().unwrap_or(0) + 8;
    for check in &packet.checks {
        let ink = match check.status {
            Status::Ok => Ink::Good,
            Status::Failed | Status::Error => Ink::Bad,
            Status::NotApplied => Ink::Dim,
            Status::Skipped => Ink::Warn,
        };
        let line = Line::default().ink(Ink::Dim, format!("  {}  ", check.level.name())).plain(check.id);
        let line = line.pad(column, 2, &look).ink(ink, words(check.status)).pad(column + 13, 2, &look);
        let reason = match check.findings.len() {
            0 => check.reason.clone(),
            count => {
                let count = counted(u64::try_from(count).unwrap_or(u64::MAX), "finding", "findings");
                if check.reason.is_empty() { count } else { format!("{} ({count})", check.reason) }
            }
        };
        screen.wrapped(&line, &reason)?;
    }
    Ok(())
}

pub(in crate::report) fn words(status: Status) -> &'static str {
    match status {
        Status::NotApplied => "not applied",
        status => status.name(),
    }
}
