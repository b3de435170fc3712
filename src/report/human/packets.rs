//! One line for each packet or list: what it holds, and its tree.

use std::io;

use super::{and_more, counted, cut, number};
use crate::report::name;
use crate::report::style::{Ink, Line, Look, Screen, width};
use crate::report::{LevelState, Outcome, PacketReport, Report};

/// Passing packets listed one by one beside failing ones.
const INTACT: usize = 5;

/// Writes the lines; where some packets fail, those come first.
pub(super) fn render(screen: &mut Screen<'_>, report: &Report) -> io::Result<()> {
    let look = screen.look;
    let (failing, passing): (Vec<_>, Vec<_>) =
        report.packets.iter().partition(|packet| packet.outcome != Outcome::Pass);
    let column = report.packets.iter().map(|packet| width(&label(packet, &look))).max().unwrap_or(0).min(48);
    let (shown, left_out) = cut(&failing, 2 * super::SHOWN, &look);
    for packet in shown {
        screen.line(&line(packet, column, &look))?;
    }
    and_more(screen, 2, left_out)?;
    if failing.is_empty() || passing.len() <= INTACT || look.verbose() {
        for packet in passing {
            screen.line(&line(packet, column, &look))?;
        }
        return Ok(());
    }
    let count = u64::try_from(passing.len()).unwrap_or(u64::MAX);
    let text = format!("{} intact (-v lists them)", counted(count, "other packet or list", "other packets and lists"));
    screen.line(&Line::default().ink(Ink::Good, look.pick("\u{2713} ", "+ ")).ink(Ink::Dim, text))
}

/// What people call it: its root, or the manifest where the root says nothing.
pub(super) fn label(packet: &PacketReport, look: &Look) -> String {
    let named_by_root = packet.pinned && !packet.root.is_root();
    name::shown(if named_by_root { &packet.root } else { &packet.manifest }, look)
}

fn line(packet: &PacketReport, column: usize, look: &Look) -> Line {
    let (ink, mark) = match packet.outcome {
        Outcome::Pass => (Ink::Good, look.pick("\u{2713} ", "+ ")),
        Outcome::Fail => (Ink::Bad, look.pick("\u{2717} ", "x ")),
        Outcome::Error => (Ink::Bad, "! "),
    };
    let mut line =
        Line::default().ink(ink, mark).ink(Ink::Strong, label(packet, look)).pad(column + 2, 0, look);
    let counts = packet.counts;
    line = line.plain(format!("   {} sealed", number(counts.total)));
    if counts.total > 0 && counts.intact == counts.total {
        line = line.plain("   all intact");
    } else if counts.total > 0 {
        line = line.plain(format!("   {} intact", number(counts.intact)));
    }
    let states = [
        (counts.referenced, "referenced", Ink::Plain),
        (counts.drifted, "drifted", Ink::Bad),
        (counts.missing, "missing", Ink::Bad),
        (counts.unreadable, "unreadable", Ink::Bad),
        // Where extra files are allowed their number is no news.
        (if packet.outcome == Outcome::Pass && !look.verbose() { 0 } else { counts.unsealed }, "unsealed", Ink::Plain),
        (packet.excluded, "excluded", Ink::Plain),
    ];
    for (count, word, ink) in states.into_iter().filter(|(count, ..)| *count > 0) {
        line = line.ink(ink, format!("   {} {word}", number(count)));
    }
    if packet.outcome == Outcome::Pass {
        let judged = judged(packet);
        if !judged.is_empty() {
            line = line.ink(Ink::Good, format!("   {judged} ok"));
        }
    }
    match packet.tree.as_deref() {
        Some(tree) if packet.pinned => line.ink(Ink::Dim, format!("   tree {}", abbreviated(tree, look))),
        _ => line,
    }
}

/// `L0 L2`: the levels that hold.
fn judged(packet: &PacketReport) -> String {
    let names = ["L0", "L1", "L2", "L3"].into_iter().zip(packet.levels);
    let held: Vec<&str> =
        names.filter(|(_, state)| *state == LevelState::Ok).map(|(name, _)| name).collect();
    held.join(" ")
}

/// The first and last digits; all of them under `-v`.
fn abbreviated(digest: &str, look: &Look) -> String {
    match (digest.get(..8), digest.len().checked_sub(4).and_then(|at| digest.get(at..))) {
        (Some(head), Some(tail)) if !look.verbose() && digest.len() > 12 => format!("{head}..{tail}"),
        _ => digest.to_owned(),
    }
}
