//! What to do: where the damage came in, the fix, and the command that puts the
//! sealed bytes back.

use std::io;

use super::{command, counted};
use crate::code::Code;
use crate::finding::Finding;
use crate::finding::origin::Place;
use crate::report::group::files;
use crate::report::style::{Ink, Line, Look, Screen};
use crate::report::{Group, Report};

/// Where the text behind `fix` begins.
const LABEL: usize = 9;

/// Writes a finding's help, where it is not the group's.
pub(super) fn of_one(
    screen: &mut Screen<'_>,
    report: &Report,
    finding: &Finding,
    group: &Group,
    several: bool,
) -> io::Result<()> {
    if !several || finding.help == group.help || finding.help.is_empty() || is_moved(finding) {
        return Ok(());
    }
    let look = screen.look;
    screen.wrapped(&labeled(6, "fix"), &for_one(report, finding, &look))
}

/// Writes what to do about all of a group.
pub(super) fn of_all(
    screen: &mut Screen<'_>,
    report: &Report,
    group: &Group,
    members: &[&Finding],
) -> io::Result<()> {
    if let Some(origin) = &group.origin {
        let intact = intact(report, members).unwrap_or_default();
        screen.wrapped(&labeled(4, "came in"), &format!("{origin}{intact}"))?;
    }
    let (help, restore) = for_all(report, group, members, &screen.look);
    if !help.is_empty() {
        screen.wrapped(&labeled(4, "fix"), &help)?;
    }
    restore.map_or(Ok(()), |restore| screen.wrapped(&labeled(4, "restore"), &restore))
}

/// What to do about all of a group, and the command that puts sealed bytes back
/// where that is not part of it.
pub(in crate::report) fn for_all(
    report: &Report,
    group: &Group,
    members: &[&Finding],
    look: &Look,
) -> (String, Option<String>) {
    let help = members.first().map_or(group.help.as_str(), |first| or_general(&group.help, first));
    let help = command::filled(help, report, members, look);
    let recoverable: Vec<&Finding> = members
        .iter()
        .copied()
        .filter(|finding| finding.recoverable && finding.path.is_some() && !is_moved(finding))
        .collect();
    // The fix may have said it already.
    if recoverable.is_empty() || help.contains("seal restore ") {
        return (help, None);
    }
    let restore = command::filled("`seal restore FILE --write`", report, &recoverable, look);
    let restore = if members.len() == recoverable.len() {
        restore
    } else {
        format!("{restore} ({} of {})", files(&recoverable).len(), members.len())
    };
    (help, Some(restore))
}

/// What to do about one finding, where a group does not say it.
pub(in crate::report) fn for_one(report: &Report, finding: &Finding, look: &Look) -> String {
    command::filled(or_general(&finding.help, finding), report, &[finding], look)
}

/// How many files a checkout left as they are, beside those that it changed.
fn intact(report: &Report, members: &[&Finding]) -> Option<String> {
    let first = members.first()?;
    let by_checkout = matches!(first.origin.as_ref()?.place, Place::Checkout(_));
    let alone = members.iter().all(|finding| finding.packet == first.packet);
    let count = report.packets.get(first.packet?)?.counts.intact;
    let files = counted(count, "other file is", "other files are");
    (by_checkout && alone && count > 0).then(|| format!("; the {files} intact"))
}

/// `help`, or the words of the table where those can be filled in and `help` cannot:
/// a check knows names relative to its packet only, and not the folder that is meant.
fn or_general<'a>(help: &'a str, finding: &Finding) -> &'a str {
    if is_moved(finding) || help.contains("FOLDER") { finding.code.row().fix } else { help }
}

fn is_moved(finding: &Finding) -> bool {
    matches!(finding.code, Code::Moved | Code::Renamed) && !finding.others.is_empty()
}

fn labeled(indent: usize, label: &str) -> Line {
    Line::indent(indent)
        .ink(Ink::Strong, label.to_owned())
        .plain(" ".repeat(LABEL.saturating_sub(label.len())))
}
