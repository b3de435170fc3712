//! One line for each packet or list: what it holds, and its tree.

use std::collections::BTreeMap;
use std::io;

use super::{and_more, counted, cut, number};
use crate::code::{Code, Concerns};
use crate::report::group::is_proven;
use crate::report::name;
use crate::report::style::{Ink, Line, Look, Screen, width};
use crate::report::{EntryState, LevelState, Outcome, PacketReport, Report};

/// Passing packets listed one by one beside failing ones.
const INTACT: usize = 5;

/// Writes the lines; where some packets fail, those come first.
pub(super) fn render(screen: &mut Screen<'_>, report: &Report) -> io::Result<()> {
    let look = screen.look;
    let causes = main_causes(report);
    let (failing, passing): (Vec<_>, Vec<_>) =
        report.packets.iter().zip(&causes).partition(|(packet, _)| packet.outcome != Outcome::Pass);
    let column = report.packets.iter().map(|packet| width(&label(packet, &look))).max().unwrap_or(0).min(48);
    let (shown, left_out) = cut(&failing, 2 * super::SHOWN, &look);
    for (packet, cause) in shown {
        write(screen, packet, cause, column)?;
    }
    and_more(screen, 2, left_out)?;
    if failing.is_empty() || passing.len() <= INTACT || look.verbose() {
        for (packet, cause) in passing {
            write(screen, packet, cause, column)?;
        }
        return Ok(());
    }
    let count = u64::try_from(passing.len()).unwrap_or(u64::MAX);
    let text = format!(
        "{} intact (-v lists them)",
        counted(count, "other packet or list", "other packets and lists")
    );
    screen.line(&Line::default().ink(Ink::Good, look.pick("\u{2713} ", "+ ")).ink(Ink::Dim, text))
}

fn write(screen: &mut Screen<'_>, packet: &PacketReport, cause: &str, column: usize) -> io::Result<()> {
    let look = screen.look;
    lines(packet, cause, column, &look).iter().try_for_each(|line| screen.line(line))?;
    if !look.verbose() {
        return Ok(());
    }
    let mark = look.pick("\u{2713} ", "+ ");
    let intact = packet.entries.iter().filter(|(_, state)| *state == EntryState::Intact);
    let mut paths: Vec<&[u8]> = intact.map(|(path, _)| path).collect();
    paths.sort_unstable();
    paths.into_iter().try_for_each(|path| {
        screen.line(&Line::indent(4).ink(Ink::Good, mark).plain(name::shown_bytes(path, &look)))
    })
}

/// What people call it: its root, or the manifest where the root says nothing.
pub(in crate::report) fn label(packet: &PacketReport, look: &Look) -> String {
    let named_by_root = packet.pinned && !packet.root.is_root();
    name::shown(if named_by_root { &packet.root } else { &packet.manifest }, look)
}

/// The line, continued below its first column where the terminal is narrow.
fn lines(packet: &PacketReport, cause: &str, column: usize, look: &Look) -> Vec<Line> {
    let (ink, mark) = match packet.outcome {
        Outcome::Pass => (Ink::Good, look.pick("\u{2713} ", "+ ")),
        Outcome::Fail => (Ink::Bad, look.pick("\u{2717} ", "x ")),
        Outcome::Error => (Ink::Bad, "! "),
    };
    let head = Line::default().ink(ink, mark).ink(Ink::Strong, label(packet, look));
    let mut lines = vec![head.pad(column + 2, 0, look)];
    for (ink, text) in facts(packet, cause, look) {
        let part = Line::default().ink(ink, text);
        let room = look.columns().saturating_sub(part.width(look) + 3);
        match lines.pop() {
            Some(line) if line.width(look) <= room => lines.push(line.plain("   ").append(part)),
            Some(line) => lines.extend([line, Line::indent(4).append(part)]),
            None => {}
        }
    }
    lines
}

/// For each packet `: CRLF`, `: 23 CRLF`: the proven cause of most files that drifted.
fn main_causes(report: &Report) -> Vec<String> {
    let mut tallies: Vec<BTreeMap<&str, u64>> = vec![BTreeMap::new(); report.packets.len()];
    for finding in &report.findings {
        let Some(index) = finding.packet else { continue };
        let (Some(packet), Some(tally)) = (report.packets.get(index), tallies.get_mut(index)) else {
            continue;
        };
        let manifest = packet.manifest.strip_prefix(&packet.root);
        let of_a_file = finding.path.is_some() && finding.path != manifest && is_proven(finding.grade);
        if let [cause] = finding.causes.as_slice()
            && of_a_file
            && finding.code.row().concerns == Concerns::Drifted
            && let Some(word) = in_a_word(cause.code)
        {
            *tally.entry(word).or_default() += 1;
        }
    }
    let told = |(packet, tally): (&PacketReport, BTreeMap<&str, u64>)| {
        let most = tally.into_iter().max_by_key(|(_, count)| *count);
        match (packet.counts.drifted, most) {
            (all, Some((word, count))) if count >= all => format!(": {word}"),
            (all, Some((word, count))) if count * 2 > all => format!(": {} {word}", number(count)),
            _ => String::new(),
        }
    };
    report.packets.iter().zip(tallies).map(told).collect()
}

/// A cause as people call it.
fn in_a_word(code: Code) -> Option<&'static str> {
    match code {
        Code::CrlfDrift => Some("CRLF"),
        Code::EmdashUnicodeDrift => Some("typography"),
        Code::JsonEnsureAsciiDrift => Some("JSON escapes"),
        Code::BomPrefix => Some("byte-order mark"),
        Code::FinalNewline => Some("final newline"),
        Code::TrailingWhitespace => Some("trailing blanks"),
        Code::Transcoded => Some("encoding"),
        _ => None,
    }
}

/// Entries by state, the levels that hold, and the tree.
fn facts(packet: &PacketReport, cause: &str, look: &Look) -> Vec<(Ink, String)> {
    let counts = packet.counts;
    let good = packet.outcome == Outcome::Pass;
    let mut facts = vec![(Ink::Plain, format!("{} sealed", number(counts.total)))];
    if counts.total > 0 && counts.intact == counts.total {
        facts.push((Ink::Plain, "all intact".to_owned()));
    } else if counts.total > 0 {
        facts.push((Ink::Plain, format!("{} intact", number(counts.intact))));
    }
    // Where extra files are allowed their number is no news.
    let unsealed = if good && !look.verbose() { 0 } else { counts.unsealed };
    let states = [
        (counts.referenced, "referenced", Ink::Plain),
        (counts.drifted, "drifted", Ink::Bad),
        (counts.missing, "missing", Ink::Bad),
        (counts.unreadable, "unreadable", Ink::Bad),
        (unsealed, "unsealed", if good { Ink::Plain } else { Ink::Bad }),
        (packet.excluded, "excluded", Ink::Plain),
    ];
    let present = states.into_iter().filter(|(count, ..)| *count > 0);
    facts.extend(present.map(|(count, word, ink)| {
        let cause = if word == "drifted" { cause } else { "" };
        (ink, format!("{} {word}{cause}", number(count)))
    }));
    let judged = judged(packet);
    if good && !judged.is_empty() {
        facts.push((Ink::Good, format!("{judged} ok")));
    }
    if let Some(tree) = packet.tree.as_deref().filter(|_| packet.pinned) {
        facts.push((Ink::Dim, format!("tree {}", abbreviated(tree, look))));
    }
    facts
}

/// `L0 L2`: the levels that hold.
fn judged(packet: &PacketReport) -> String {
    let names = ["L0", "L1", "L2", "L3"].into_iter().zip(packet.levels);
    let held: Vec<&str> = names.filter(|(_, state)| *state == LevelState::Ok).map(|(name, _)| name).collect();
    held.join(" ")
}

/// The first and last digits; all of them under `-v`.
fn abbreviated(digest: &str, look: &Look) -> String {
    match (digest.get(..8), digest.len().checked_sub(4).and_then(|at| digest.get(at..))) {
        (Some(head), Some(tail)) if !look.verbose() && digest.len() > 12 => format!("{head}..{tail}"),
        _ => digest.to_owned(),
    }
}
