//! The scripts that recorded runs speak of: read as text, never run.

use std::collections::BTreeSet;

use super::ending::{Ending, ending, idle_gates};
use super::{Step, compare};
use crate::check::reference::suspected;
use crate::check::words::{any, words};
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
            if let Some(wrong) = script.wrong(packet) {
                let message = format!("the step {} runs {wrong}", quote(step.id.as_bytes()));
                out.push(value.finding(Code::RecordedScriptMissing, message, "no such script"));
            }
        }
    }
    first_is_the_manifest(steps, out);
    let Some((path, held)) = packet.shelf.file(Role::Commands, out)? else { return Ok(()) };
    let text = String::from_utf8_lossy(&held.bytes);
    if steps.iter().any(|step| step.id == FIRST) && !compare::looks_at_the_manifest(&text) {
        let message = format!("{FIRST} is recorded, and {} compares no manifest", quote(path.as_bytes()));
        out.push(Finding::new(Code::RecordedStepsDiffer, message).path(path.clone()));
    }
    idle(root, path, &text, out);
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

/// Gates that cannot fail, and an end other than the one that is recorded.
fn idle(root: Object<'_>, path: &BytePath, text: &str, out: &mut Sink) {
    let name = quote(path.as_bytes());
    for gate in idle_gates(text) {
        let message = format!("the gate {} of {name} holds whatever it finds", quote(gate.as_bytes()));
        out.push(suspected(Finding::new(Code::RecordedStepsDiffer, message).path(path.clone())));
    }
    if let Some(why) = compare::checks_too_little(text) {
        let message = format!("{name} {why}");
        out.push(suspected(Finding::new(Code::RecordedStepsDiffer, message).path(path.clone())));
    }
    let result = root.get("commands_sh").and_then(|value| Some((value, value.as_text()?)));
    let Some((value, said)) = result.filter(|(_, said)| any(&words(said), "pass passed")) else { return };
    let why = match ending(text) {
        Some(Ending::Fails) => "can only end with a failure",
        Some(Ending::Unsaid) if any(&words(&said), "overall") => "says nowhere how it ended altogether",
        Some(Ending::GoesOn) => "goes on behind what it says of its end",
        Some(Ending::Unsaid) | None => return,
    };
    let message = format!("the recorded result is {}, and {name} {why}", quote(said.as_bytes()));
    let finding = value.finding(Code::RecordedRunFailed, message, "not its last line");
    out.push(if ending(text) == Some(Ending::Fails) { finding } else { suspected(finding) });
}

/// The gate that is always the manifest.
const FIRST: &str = "G0";

/// The first gate compares the manifest, and is expected to hold.
fn first_is_the_manifest(steps: &[Step<'_>], out: &mut Sink) {
    for step in steps.iter().filter(|step| step.id == FIRST) {
        if let Some(value) = step.row.get("cmd")
            && let Some(command) = value.as_text()
            && !compare::looks_at_the_manifest(&command)
        {
            let message = format!("{FIRST} is the manifest, and the step runs {}", quote(command.as_bytes()));
            out.push(value.finding(Code::RecordedStepsDiffer, message, "not the manifest"));
        } else if let Some(value) = step.row.get("cmd")
            && let Some(command) = value.as_text()
            && (compare::is_held(command.trim()) || compare::checks_too_little(&command).is_some())
        {
            let message =
                format!("{FIRST} is the manifest, and {} holds over changes", quote(command.as_bytes()));
            out.push(suspected(value.finding(Code::RecordedStepsDiffer, message, "compares too little")));
        }
        if let Some(value) = step.row.get("expected_exit")
            && value.count(&mut Sink::default()).is_some_and(|exit| exit != 0)
        {
            let message = format!("{FIRST} is the manifest, and it is expected not to hold");
            out.push(value.finding(Code::RecordedStepsDiffer, message, "must be 0"));
        }
    }
}

/// A script that runs everything again and compares no digest shows nothing.
pub(super) fn rerun(packet: &Packet, out: &mut Sink) -> Result<(), CheckError> {
    let Some((path, held)) = packet.shelf.file(Role::Rerun, out)? else { return Ok(()) };
    let text = String::from_utf8_lossy(&held.bytes);
    if !compare::compares(&text) {
        let message =
            format!("{} compares no digest: it would end well over changed files", quote(path.as_bytes()));
        out.push(Finding::new(Code::RerunComparesNothing, message).path(path.clone()));
    }
    Ok(())
}

/// A script that a command runs.
enum Script {
    /// Below the packet's root.
    Here(BytePath),
    /// Outside of it.
    Outside(String),
    /// In a folder that only the shell knows: its name.
    Somewhere(String),
}

impl Script {
    /// What is wrong with it, a clause: it is not sealed in the packet.
    fn wrong(&self, packet: &Packet) -> Option<String> {
        match self {
            Self::Here(path) if packet.entry(path).is_none() => {
                Some(format!("{}, which is not sealed in the packet", quote(path.as_bytes())))
            }
            Self::Outside(word) => {
                Some(format!("{}, which is outside of the packet", quote(word.as_bytes())))
            }
            Self::Somewhere(name) => {
                let entries = packet.manifest.map_or(&[][..], |manifest| &manifest.entries);
                let known = entries.iter().any(|entry| entry.path.file_name() == name.as_bytes());
                (!known).then(|| format!("{}, and no file of that name is sealed", quote(name.as_bytes())))
            }
            Self::Here(_) => None,
        }
    }
}

/// Endings of programs that an interpreter runs.
const ENDINGS: [&str; 17] = [
    ".sh", ".bash", ".zsh", ".ksh", ".fish", ".py", ".ps1", ".psm1", ".pl", ".rb", ".js", ".mjs", ".cjs",
    ".ts", ".php", ".bat", ".cmd",
];
/// Programs whose first argument is a script.
const INTERPRETERS: [&str; 16] = [
    "sh",
    "bash",
    "dash",
    "zsh",
    "ksh",
    "fish",
    "python",
    "python3",
    "perl",
    "ruby",
    "node",
    "deno",
    "pwsh",
    "powershell",
    "source",
    ".",
];

/// The scripts that a command names: by their endings, or by what runs them.
fn scripts(command: &str) -> Vec<Script> {
    let mut found = Vec::new();
    for part in command.split([';', '|', '&', '(', ')', '<', '>', '`', '\n']) {
        let words: Vec<&str> = part.split_whitespace().map(|word| word.trim_matches(['"', '\''])).collect();
        let mut run = None;
        let ends_so = |word: &str| {
            let lower = word.to_ascii_lowercase();
            ENDINGS.iter().any(|end| lower.ends_with(end) && lower.len() > end.len())
        };
        let starts = words.iter().position(|word| !is_before_a_command(word)).unwrap_or(words.len());
        if let Some((first, rest)) = words.get(starts..).and_then(<[&str]>::split_first) {
            if INTERPRETERS.contains(first) {
                // The flags of a shell take no values.
                let flags = if first.ends_with("sh") {
                    rest.iter().take_while(|w| w.starts_with('-')).count()
                } else {
                    0
                };
                let inline = rest.iter().any(|word| matches!(*word, "-c" | "-m" | "-e" | "-s" | "-"));
                run = rest.get(flags).filter(|word| !inline && !word.starts_with('-')).copied();
            } else if first.contains('/') && !first.starts_with('/') && !first.contains('$') {
                run = Some(*first);
            }
        }
        let named: Vec<&str> = words.iter().copied().filter(|word| ends_so(word)).collect();
        let unnamed = run.filter(|_| named.is_empty());
        found.extend(named.into_iter().chain(unnamed).filter_map(script));
    }
    found
}

/// `NAME=value`, `env`, `sudo` and their like.
fn is_before_a_command(word: &str) -> bool {
    let assigns = word.split_once('=').is_some_and(|(name, _)| {
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    });
    assigns || ["env", "sudo", "time", "exec", "nice", "nohup", "command", "!", "if", "then"].contains(&word)
}

/// Where a word leads; one with a wildcard names no script.
fn script(word: &str) -> Option<Script> {
    if word.contains(['*', '?']) || word.is_empty() {
        return None;
    }
    let mut plain = word;
    for head in ["${PWD}/", "$PWD/", "$(pwd)/"] {
        plain = plain.strip_prefix(head).unwrap_or(plain);
    }
    while let Some(rest) = plain.strip_prefix("./") {
        plain = rest;
    }
    if plain.contains(['$', '{', '%']) {
        let name = plain.rsplit('/').next().unwrap_or_default();
        return (!name.contains(['$', '{', '%']) && !name.is_empty())
            .then(|| Script::Somewhere(name.to_owned()));
    }
    Some(match BytePath::parse(plain.as_bytes(), Backslash::Refuse) {
        Ok(path) => Script::Here(path),
        Err(_) => Script::Outside(word.to_owned()),
    })
}

/// `G0`, `G12`.
fn is_gate(word: &str) -> bool {
    word.strip_prefix('G').is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()))
}

/// The gates that a script names, as whole words.
pub(super) fn gates(text: &str) -> BTreeSet<&str> {
    text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').filter(|word| is_gate(word)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_has_a_name_before_its_ending() {
        assert!(matches!(scripts("cat a.sh").as_slice(), [Script::Here(path)] if path.as_bytes() == b"a.sh"));
        assert!(scripts("cat .sh").is_empty());
    }

    #[test]
    fn what_stands_before_a_command_is_an_assignment_or_runs_another() {
        for word in ["A_1=x", "A=", "env", "sudo"] {
            assert!(is_before_a_command(word), "{word}");
        }
        for word in ["=x", "a-b=x", "make", "a.sh"] {
            assert!(!is_before_a_command(word), "{word}");
        }
    }

    #[test]
    fn a_variable_may_hide_the_folder_and_not_the_name() {
        assert!(matches!(script("$A/x.sh"), Some(Script::Somewhere(name)) if name == "x.sh"));
        for word in ["$A/$B", "$A/", "*.sh", ""] {
            assert!(script(word).is_none(), "{word}");
        }
        assert!(matches!(script("$PWD/./x.sh"), Some(Script::Here(path)) if path.as_bytes() == b"x.sh"));
    }
}
