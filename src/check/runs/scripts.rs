//! The scripts that recorded runs speak of: read as text, never run.

use std::collections::BTreeSet;

use super::Step;
use crate::check::{CheckError, Packet};
use crate::code::Code;
use crate::evidence::Object;
use crate::finding::{Finding, Sink};
use crate::path::{Backslash, BytePath};
use crate::profile::Role;
use crate::text::quote;

/// Scripts that steps and results name are there, and `commands.sh` has the
/// gates that are recorded.
pub(super) fn declared(
    packet: &Packet,
    root: Object<'_>,
    steps: &[Step<'_>],
    out: &mut Sink,
) -> Result<(), CheckError> {
    for (field, role) in [("commands_sh", Role::Commands), ("rerun_sh", Role::Rerun)] {
        if let Some(value) = root.get(field)
            && !packet.shelf.has(role)
        {
            let message = format!("a result of {field} is recorded, and the packet has no such script");
            out.push(value.finding(Code::RecordedScriptMissing, message, "no such script"));
        }
    }
    for step in steps {
        let Some(value) = step.row.get("cmd") else { continue };
        for script in scripts(&value.as_text().unwrap_or_default()) {
            if packet.entry(&script).is_none() {
                let message = format!(
                    "the step {} runs {}, which is not sealed in the packet",
                    quote(step.id.as_bytes()),
                    quote(script.as_bytes())
                );
                out.push(value.finding(Code::RecordedScriptMissing, message, "no such script"));
            }
        }
    }
    let Some((_, held)) = packet.shelf.file(Role::Commands, out)? else { return Ok(()) };
    let text = String::from_utf8_lossy(&held.bytes);
    let (recorded, written) = (steps.iter().filter(|step| is_gate(&step.id)), gates(&text));
    let recorded: BTreeSet<&str> = recorded.map(|step| step.id.as_str()).collect();
    if recorded.is_empty() || written.is_empty() {
        return Ok(());
    }
    for step in steps.iter().filter(|step| is_gate(&step.id) && !written.contains(step.id.as_str())) {
        let message =
            format!("the step {} is recorded, and the commands have no such gate", quote(step.id.as_bytes()));
        out.push(step.row.finding(Code::RecordedStepsDiffer, message, "not in the commands"));
    }
    for gate in written.difference(&recorded) {
        let message = format!("the commands have the gate {}, which is not recorded", quote(gate.as_bytes()));
        out.push(root.finding(Code::RecordedStepsDiffer, message, "lacks a step"));
    }
    Ok(())
}

/// A script that runs everything again and compares no digest shows nothing.
pub(super) fn rerun(packet: &Packet, out: &mut Sink) -> Result<(), CheckError> {
    const COMPARES: [&str; 7] =
        ["sha256sum", "shasum", "sha256", "hashlib", "seal verify", "openssl dgst", "b3sum"];
    let Some((path, held)) = packet.shelf.file(Role::Rerun, out)? else { return Ok(()) };
    let text = String::from_utf8_lossy(&held.bytes);
    let code: String =
        text.lines().filter(|line| !line.trim_start().starts_with('#')).collect::<Vec<_>>().join("\n");
    if !COMPARES.iter().any(|word| code.contains(word)) {
        let message =
            format!("{} computes no digest: it would end well over changed files", quote(path.as_bytes()));
        out.push(Finding::new(Code::RerunComparesNothing, message).path(path.clone()));
    }
    Ok(())
}

/// Names of scripts in a command, relative to the packet: whole words only.
fn scripts(command: &str) -> Vec<BytePath> {
    let words = command.split(|c: char| c.is_whitespace() || ";|&()<>\"'`".contains(c));
    words
        .filter(|word| [".sh", ".py"].iter().any(|end| word.ends_with(end)))
        .filter(|word| !word.contains(['$', '*', '?', '{']))
        .filter_map(|word| BytePath::parse(word.as_bytes(), Backslash::Refuse).ok())
        .collect()
}

/// `G0`, `G12`.
fn is_gate(word: &str) -> bool {
    word.strip_prefix('G').is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()))
}

/// The gates that a script names, as whole words.
fn gates(text: &str) -> BTreeSet<&str> {
    text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').filter(|word| is_gate(word)).collect()
}
