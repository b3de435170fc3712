//! One file of a group: where it is, how much of it changed, and some of the
//! lines that did.

use std::io;

use super::{bytes, counted, number};
use crate::finding::Finding;
use crate::path::BytePath;
use crate::report::group::is_proven;
use crate::report::style::{Ink, Line, Look, Screen, width};
use crate::report::{Report, bytes as rows, name, origin};
use crate::text::quote;

/// The widest column that names are padded to.
const NAMES: usize = 40;
/// Columns of a line number and its sign.
const GUTTER: usize = 10;

/// The finding's file as the current folder names it.
pub(in crate::report) fn whole(report: &Report, finding: &Finding) -> Option<BytePath> {
    finding.path.as_ref().map(|path| from_here(report, finding, path))
}

/// A path of the finding's packet as the current folder names it.
pub(in crate::report) fn from_here(report: &Report, finding: &Finding, path: &BytePath) -> BytePath {
    let packet = finding.packet.and_then(|at| report.packets.get(at));
    packet.map_or_else(|| path.clone(), |packet| packet.root.join(path))
}

/// What the finding is about: a path with a position, or nothing.
pub(in crate::report) fn label(report: &Report, finding: &Finding, look: &Look) -> String {
    let packet = finding.packet.and_then(|at| report.packets.get(at));
    let Some(path) = finding.path.as_ref().or(finding.located_in.as_ref()) else {
        return packet.map(|packet| super::packets::label(packet, look)).unwrap_or_default();
    };
    let shown = name::shown(&from_here(report, finding, path), look);
    match finding.location {
        Some(at) if is_in(finding) => format!("{shown}:{}:{}", at.line, at.column),
        _ => shown,
    }
}

/// Whether the position is one in the file that the label names.
pub(in crate::report) fn is_in(finding: &Finding) -> bool {
    finding.path.is_none() || finding.located_in.is_none() || finding.located_in == finding.path
}

/// How far the names of these rows reach.
pub(super) fn column(report: &Report, findings: &[&Finding], look: &Look) -> usize {
    let names = findings.iter().map(|finding| {
        let label = Line::default().plain(label(report, finding, look));
        label.width(look)
    });
    names.filter(|width| *width <= NAMES).max().unwrap_or(0)
}

/// The finding's message without the name at its beginning.
fn message(finding: &Finding) -> &str {
    message_after_name(finding).unwrap_or(&finding.message)
}

/// What the finding's message says of the file that it begins with.
pub(in crate::report) fn message_after_name(finding: &Finding) -> Option<&str> {
    let name = quote(finding.path.as_ref()?.as_bytes());
    Some(finding.message.strip_prefix(&name)?.trim_start_matches([' ', ':']))
}

/// Writes the name and, beside it, what happened to the file.
pub(super) fn row(
    screen: &mut Screen<'_>,
    report: &Report,
    finding: &Finding,
    column: usize,
    with_message: bool,
) -> io::Result<()> {
    let look = screen.look;
    let label = label(report, finding, &look);
    let fits = width(&label) <= NAMES;
    let mut head = Line::indent(4);
    if !label.is_empty() {
        head = head.plain(label);
        if fits {
            head = head.pad(4 + column + 2, 2, &look);
        }
    }
    let mut text = if !finding.causes.is_empty() {
        scope(finding)
    } else if with_message {
        message(finding).to_owned()
    } else {
        String::new()
    };
    if is_recovered_manifest(report, finding) {
        text.push_str(", the manifest: files were judged by its sealed bytes");
    }
    others(report, finding, &mut text, &look);
    if let Some(sizes) = sizes(finding, &look) {
        text.push_str(if text.is_empty() { "" } else { "   " });
        text.push_str(&sizes);
    }
    if fits || text.is_empty() {
        return screen.wrapped(&head, text.trim_start());
    }
    screen.line(&head)?;
    screen.wrapped(&Line::indent(6), text.trim_start())
}

/// Whether it is a manifest whose sealed bytes are proven.
pub(in crate::report) fn is_recovered_manifest(report: &Report, finding: &Finding) -> bool {
    let packet = finding.packet.and_then(|at| report.packets.get(at));
    let is_manifest = packet.is_some_and(|packet| whole(report, finding).as_ref() == Some(&packet.manifest));
    is_manifest && !finding.causes.is_empty() && is_proven(finding.grade)
}

/// Names the other files concerned, each once: in the sentence where it stands there already.
fn others(report: &Report, finding: &Finding, text: &mut String, look: &Look) {
    let mut arrow = look.pick(" \u{2192}", " ->");
    for other in finding.others.iter().take(super::SHOWN) {
        let shown = name::shown(&from_here(report, finding, other), look);
        let quoted = quote(other.as_bytes());
        if text.contains(&quoted) {
            *text = text.replacen(&quoted, &shown, 1);
        } else {
            text.extend([arrow, " ", &shown]);
            arrow = ",";
        }
    }
}

/// `all 214 line ends`, of each cause.
pub(in crate::report) fn scope(finding: &Finding) -> String {
    let scopes = finding.causes.iter().map(|cause| cause.scope.as_str()).filter(|scope| !scope.is_empty());
    scopes.collect::<Vec<_>>().join(" + ")
}

pub(in crate::report) fn sizes(finding: &Finding, look: &Look) -> Option<String> {
    let sealed = finding.sealed.as_ref()?.size?;
    let found = finding.found.as_ref()?.size?;
    let arrow = look.pick("\u{2192}", "->");
    (sealed != found).then(|| format!("{} {arrow} {} bytes", number(sealed), number(found)))
}

/// Writes the value's place in its document, and the reject code of the packet's own rules.
pub(super) fn names(screen: &mut Screen<'_>, finding: &Finding) -> io::Result<()> {
    for (label, name) in [("value   ", &finding.pointer), ("rejects ", &finding.reject_code)] {
        // The pointer of a whole document is empty.
        if let Some(name) = name.as_ref().filter(|name| !name.is_empty()) {
            screen.wrapped(&Line::indent(6).ink(Ink::Dim, label), &quote(name.as_bytes()))?;
        }
    }
    Ok(())
}

/// Writes the changed lines, the first difference, and what was tried in vain.
///
/// `with_group`: the group says where it came in.
pub(super) fn details(
    screen: &mut Screen<'_>,
    report: &Report,
    finding: &Finding,
    with_group: bool,
) -> io::Result<()> {
    names(screen, finding)?;
    let look = screen.look;
    let columns = look.columns().saturating_sub(GUTTER);
    for change in &finding.changed_lines {
        let (sealed, found) = rows::rows(change.sealed.as_deref(), change.found.as_deref(), &look, columns);
        for (row, sign, ink) in [(sealed, '-', Ink::Sealed), (found, '+', Ink::Found)] {
            if let Some(row) = row {
                let gutter = Line::default()
                    .ink(Ink::Dim, format!("{:>7}", change.line))
                    .ink(ink, format!(" {sign} "));
                screen.line(&gutter.append(row))?;
            }
        }
    }
    if let Some(at) = finding.first_difference {
        let text = format!(
            "first difference at line {}, column {} (byte {})",
            number(at.line),
            number(at.column),
            number(at.byte)
        );
        screen.line(&Line::indent(6).ink(Ink::Dim, text))?;
    }
    if look.verbose() {
        facts(screen, report, finding)?;
    }
    if !with_group {
        came_in(screen, finding)?;
    }
    observations(screen, finding)?;
    unexplained(screen, finding)
}

/// Writes what was seen and proves nothing.
pub(super) fn observations(screen: &mut Screen<'_>, finding: &Finding) -> io::Result<()> {
    let mut seen = finding.observations.iter();
    seen.try_for_each(|text| screen.wrapped(&Line::indent(6).ink(Ink::Dim, "seen: "), text))
}

/// The commit that the damage came in with.
pub(super) fn came_in(screen: &mut Screen<'_>, finding: &Finding) -> io::Result<()> {
    match origin::of_one(finding) {
        Some(text) => screen.wrapped(&Line::indent(6).ink(Ink::Dim, "came in: "), &text),
        None => Ok(()),
    }
}

/// Digests, and where the manifest says so.
fn facts(screen: &mut Screen<'_>, report: &Report, finding: &Finding) -> io::Result<()> {
    for (label, fact) in [("sealed", &finding.sealed), ("found ", &finding.found)] {
        if let Some(fact) = fact {
            let size = fact.size.map(|size| counted(size, "byte", "bytes")).unwrap_or_default();
            let line = Line::indent(6).ink(Ink::Dim, format!("{label}  {}  {size}", fact.digest));
            if line.width(&screen.look) <= screen.look.columns() {
                screen.line(&line)?;
            } else {
                screen.line(&Line::indent(6).ink(Ink::Dim, format!("{label}  {size}")))?;
                screen.line(&Line::indent(4).ink(Ink::Dim, fact.digest.clone()))?;
            }
        }
    }
    if let (Some(manifest), Some(at)) = (&finding.located_in, finding.location)
        && !is_in(finding)
    {
        let name = name::shown(&from_here(report, finding, manifest), &screen.look);
        screen.line(&Line::indent(6).ink(Ink::Dim, format!("listed  {name}:{}:{}", at.line, at.column)))?;
    }
    Ok(())
}

/// That a search proved nothing; what it has cost, under `-v`.
fn unexplained(screen: &mut Screen<'_>, finding: &Finding) -> io::Result<()> {
    let Some(search) = finding.search else {
        return Ok(());
    };
    let verbose = screen.look.verbose();
    let proven = !finding.causes.is_empty() && is_proven(finding.grade);
    if proven && !verbose {
        return Ok(());
    }
    let not = if finding.causes.is_empty() { "not explained" } else { "not proven" };
    let hypotheses = counted(search.hypotheses, "hypothesis", "hypotheses");
    let tried =
        if verbose { format!("{hypotheses}, {} hashed; ", bytes(search.bytes)) } else { String::new() };
    let text = match (proven, search.exhausted) {
        (false, true) => format!("{not}: {tried}every known cause was tried"),
        (false, false) if verbose => {
            format!("{not}: {tried}the budget ended the search, `--deep` searches further")
        }
        (false, false) => format!("{not}: the budget ended the search"),
        (true, _) => format!("tried: {}", tried.trim_end_matches("; ")),
    };
    screen.wrapped(&Line::indent(6), &text)
}
