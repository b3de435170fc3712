//! What to do: where the damage came in, the fix, and the command that puts the
//! sealed bytes back, with the names at hand filled in.

use std::io;

use crate::finding::Finding;
use crate::report::style::{Ink, Line, Screen};
use crate::report::{Group, Report, name};

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
    if !several || finding.help == group.help || finding.help.is_empty() {
        return Ok(());
    }
    screen.wrapped(&labeled(6, "fix"), &filled(&finding.help, report, &[finding]))
}

/// Writes what to do about all of a group.
pub(super) fn of_all(
    screen: &mut Screen<'_>,
    report: &Report,
    group: &Group,
    members: &[&Finding],
) -> io::Result<()> {
    if let Some(origin) = &group.origin {
        screen.wrapped(&labeled(4, "came in"), origin)?;
    }
    let help = filled(&group.help, report, members);
    if !help.is_empty() {
        screen.wrapped(&labeled(4, "fix"), &help)?;
    }
    let recoverable: Vec<&Finding> =
        members.iter().copied().filter(|finding| finding.recoverable && finding.path.is_some()).collect();
    if recoverable.is_empty() {
        return Ok(());
    }
    let targets = [file(report, &recoverable), folder(report, &recoverable)];
    let mut commands = targets.into_iter().flatten().map(|target| format!("seal restore {target} --write"));
    // The fix may have said it already, for the file or for its whole packet.
    if commands.clone().any(|command| help.contains(&format!("`{command}`"))) {
        return Ok(());
    }
    let command = commands.next().unwrap_or_else(|| "seal restore --write".to_owned());
    let mut line = labeled(4, "restore").ink(Ink::Code, command);
    if recoverable.len() < members.len() {
        line = line.ink(Ink::Dim, format!("   ({} of {})", recoverable.len(), members.len()));
    }
    screen.line(&line)
}

fn labeled(indent: usize, label: &str) -> Line {
    Line::indent(indent)
        .ink(Ink::Strong, label.to_owned())
        .plain(" ".repeat(LABEL.saturating_sub(label.len())))
}

/// The only file of the findings, as an argument.
fn file(report: &Report, findings: &[&Finding]) -> Option<String> {
    let [finding] = findings else {
        return None;
    };
    let path = finding.path.as_ref()?;
    match finding.packet.and_then(|at| report.packets.get(at)) {
        Some(packet) => name::as_argument(&packet.root.join(path)),
        None => name::as_argument(path),
    }
}

/// The root of the only packet of the findings, as an argument.
fn folder(report: &Report, findings: &[&Finding]) -> Option<String> {
    let first = findings.first()?.packet?;
    let same = findings.iter().all(|finding| finding.packet == Some(first));
    let packet = report.packets.get(first).filter(|_| same)?;
    name::as_argument(&packet.root)
}

/// `help` with the names that the general words of the code table leave open,
/// where all the findings agree on them.
fn filled(help: &str, report: &Report, findings: &[&Finding]) -> String {
    let file = file(report, findings);
    let folder = folder(report, findings);
    // The pattern of an attribute cannot begin with `./`.
    let pattern = folder.clone().filter(|folder| !folder.starts_with('.'));
    let names = [("FILE", &file), ("DIR", &folder), ("PACKET", &pattern)];
    let mut out = String::with_capacity(help.len());
    // Odd parts stand between backticks.
    for (at, part) in help.split('`').enumerate() {
        if at > 0 {
            out.push('`');
        }
        let words = part.split_inclusive(|c: char| !c.is_ascii_alphanumeric());
        for word in words {
            let bare = word.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
            let known = names.iter().find(|(open, _)| at % 2 == 1 && *open == bare);
            match known.and_then(|(_, name)| name.as_ref()) {
                Some(name) => {
                    out.push_str(name);
                    out.push_str(word.strip_prefix(bare).unwrap_or_default());
                }
                None => out.push_str(word),
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::samples;

    #[test]
    fn open_names_are_filled_in_inside_commands_only() {
        let report = samples::failing();
        let readme = &report.findings[0];
        let both = [readme, &report.findings[2]];
        let text = "FILE: `git log -- FILE`, `PACKET/** -text`, `seal create DIR`, `PROFILE`";
        assert_eq!(
            filled(text, &report, &[readme]),
            "FILE: `git log -- packet/README.md`, `packet/** -text`, `seal create packet`, `PROFILE`"
        );
        assert_eq!(
            filled(text, &report, &both),
            "FILE: `git log -- FILE`, `packet/** -text`, `seal create packet`, `PROFILE`"
        );
        assert_eq!(filled("`a` b `", &report, &both), "`a` b `");
    }

    #[test]
    fn a_hostile_name_is_never_put_into_a_command() {
        let report = samples::hostile();
        let text = "`rm FILE DIR`";
        assert_eq!(filled(text, &report, &[&report.findings[0]]), text);
    }
}
