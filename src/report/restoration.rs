//! A restore plan, or what came of it, for a person.
//!
//! Packet by packet: what can be put back and how, what cannot and why, what
//! stays as it is. The word of a complete passing run is not written here.

pub mod json;

use std::collections::HashSet;
use std::io::{self, Write};

use super::human::{and_more, counted, cut};
use super::name;
use super::style::{Ink, Line, Screen};
use super::{Look, Verbosity};
use crate::code::Code;
use crate::finding::{Fact, Finding};
use crate::path::BytePath;
use crate::restore::{Item, Restoration, Status};

/// Files of a packet shown before the rest is only counted.
const SHOWN: usize = 20;

/// Writes `restoration` for a person.
pub fn render(restoration: &Restoration, out: &mut dyn Write, look: &Look) -> io::Result<()> {
    let screen = &mut Screen::new(out, look);
    let brief = look.verbosity == Verbosity::Quiet;
    let wanted = |item: &&Item| !brief || matches!(item.status, Status::Refused | Status::NotRecoverable);
    let mut seen = HashSet::new();
    for (at, packet) in restoration.packets.iter().enumerate() {
        let own = restoration.items.iter().filter(|item| item.damage.packet == at).filter(wanted);
        let (items, again): (Vec<&Item>, Vec<&Item>) =
            own.partition(|item| seen.insert(item.damage.absolute()));
        if items.is_empty() && again.is_empty() {
            continue;
        }
        let heading = if packet.pinned { &packet.root } else { &packet.manifest };
        screen.line(&Line::default().ink(Ink::Strong, name::shown(heading, look)))?;
        let (shown, left_out) = cut(&items, SHOWN, look);
        for item in shown {
            one(screen, item, brief)?;
        }
        and_more(screen, 2, left_out)?;
        if !again.is_empty() {
            let files = counted(again.len() as u64, "file that is named above", "files that are named above");
            screen.line(&Line::indent(2).ink(Ink::Dim, files))?;
        }
        screen.blank()?;
    }
    if !restoration.remaining.is_empty() && !brief {
        let began = !restoration.packets.is_empty();
        let title =
            if began { "left as it is, and still reported by seal verify" } else { "could not be judged" };
        screen.line(&Line::default().ink(Ink::Strong, title))?;
        remaining(screen, &restoration.remaining)?;
    }
    summary(screen, restoration)
}

fn one(screen: &mut Screen<'_>, item: &Item, brief: bool) -> io::Result<()> {
    let look = screen.look;
    let (ink, word) = match item.status {
        Status::Planned => (Ink::Good, "can be restored"),
        Status::Written => (Ink::Good, "restored"),
        Status::Refused => (Ink::Bad, "not written"),
        Status::NotRecoverable => (Ink::Warn, "cannot be restored"),
    };
    let head = Line::indent(2).ink(Ink::Strong, name::shown(&item.damage.path, &look)).plain("   ");
    screen.line(&head.ink(ink, word))?;
    if let Some(reason) = &item.reason {
        screen.wrapped(&labeled("reason"), reason)?;
    }
    if brief {
        return Ok(());
    }
    for step in &item.recipe {
        screen.wrapped(&labeled("recipe"), step)?;
    }
    let found = item.damage.found.as_ref();
    let found = found.map(|found| Fact { digest: found.digest.to_string(), size: Some(found.size) });
    let sealed = Fact { digest: item.damage.sealed.to_string(), size: item.sealed_size };
    match found {
        Some(found) => fact(screen, "found", &found)?,
        None => screen.line(&labeled("found").ink(Ink::Dim, "nothing that could be read"))?,
    }
    fact(screen, "sealed", &sealed)
}

fn fact(screen: &mut Screen<'_>, label: &str, fact: &Fact) -> io::Result<()> {
    let size = fact.size.map_or_else(String::new, |size| format!("   {}", counted(size, "byte", "bytes")));
    let line = labeled(label).ink(Ink::Dim, format!("{}{size}", fact.digest));
    if line.width(&screen.look) <= screen.look.columns() {
        return screen.line(&line);
    }
    screen.line(&labeled(label).ink(Ink::Dim, fact.digest.clone()))?;
    screen.line(&labeled("").ink(Ink::Dim, size.trim_start().to_owned()))
}

fn labeled(label: &str) -> Line {
    Line::indent(4).plain(format!("{label:<8}"))
}

/// What is no sealed file, and stays as it is.
fn remaining(screen: &mut Screen<'_>, findings: &[Finding]) -> io::Result<()> {
    let look = screen.look;
    let (shown, left_out) = cut(findings, SHOWN, &look);
    for finding in shown {
        let ink = if finding.code == Code::UnsealedFile { Ink::Warn } else { Ink::Bad };
        let head = Line::indent(2).ink(ink, finding.code.id()).plain("  ");
        screen.wrapped(&head, &finding.message)?;
        if finding.code != Code::UnsealedFile && !finding.help.is_empty() {
            screen.wrapped(&labeled("fix"), &finding.help)?;
        }
    }
    and_more(screen, 2, left_out)?;
    screen.blank()
}

fn summary(screen: &mut Screen<'_>, restoration: &Restoration) -> io::Result<()> {
    // Two seals may name one file.
    let of = |status: Status| {
        let items = restoration.items.iter().filter(|item| item.status == status);
        items.map(|item| item.damage.absolute()).collect::<HashSet<_>>().len() as u64
    };
    let files = |n: u64| counted(n, "file", "files");
    let (planned, written) = (of(Status::Planned), of(Status::Written));
    let (refused, lost) = (of(Status::Refused), of(Status::NotRecoverable));
    let mut parts = Vec::new();
    if restoration.written && written + refused > 0 {
        parts.push(format!("{} restored", files(written)));
    } else if planned > 0 {
        parts.push(format!("{} can be restored", files(planned)));
    }
    if refused > 0 {
        parts.push(format!("{} not written", files(refused)));
    }
    if lost > 0 {
        parts.push(format!("{} cannot be restored", files(lost)));
    }
    if parts.is_empty() {
        let told = restoration.remaining.is_empty() || !restoration.packets.is_empty();
        parts.push(if told { "nothing to restore" } else { "nothing could be compared" }.to_owned());
    }
    let status = restoration.exit_code();
    let ink = if status == 0 { Ink::Good } else { Ink::Bad };
    let word = if restoration.written { "restore" } else { "plan" };
    let line = Line::default().ink(ink, word).plain(format!("  {}", parts.join(", ")));
    let line = if status == 0 { line } else { line.ink(Ink::Dim, format!("   exit status {status}")) };
    screen.line(&line)?;
    if planned > 0 {
        let hint = "nothing was written; run the same command with `--write` to write it";
        screen.wrapped(&Line::indent(6), hint)?;
    }
    Ok(())
}

/// The folder that an item's packet is shown as.
fn packet_of<'a>(restoration: &'a Restoration, item: &Item) -> Option<&'a BytePath> {
    restoration.packets.get(item.damage.packet).map(|packet| &packet.root)
}
