//! `seal create`.

use std::path::{Path, PathBuf};

use clap::{Parser, ValueEnum};

use super::{output, progress};
use crate::code::{Code, Concerns};
use crate::create::{self, Change, Form, Plan, TextFormat};
use crate::finding::Finding;
use crate::gate::{self, ConfigFrom, Options};
use crate::observe::Progress;
use crate::path::BytePath;
use crate::report::{Look, Verbosity, name};

/// Seal a folder: write the manifest and the tree pin
#[derive(Debug, Parser)]
#[command(after_help = "\
Examples:
  seal create packet/                           HASH_MANIFEST.txt and packet_tree.sha256
  seal create --manifest-format sized packet/   with lengths, so that drift is explained faster
  seal create --accept-drift crlf_drift packet/  seal line endings as they are now
  seal create --profile fix7 packet/            without the raw output under evidence/
  seal create --check packet/                   write nothing; 0 when the seal there is up to date")]
pub(super) struct Args {
    /// The folder
    #[arg(value_name = "DIR", default_value = ".")]
    folder: PathBuf,

    /// How lines are written
    #[arg(long, value_name = "FORMAT", default_value = "sha256sum")]
    manifest_format: TextFormatName,

    /// Also write seal-hints.json, which is sealed too: edits can then be located, and drift is found faster
    #[arg(long)]
    hints: bool,

    /// Seal again over this proven drift, by its code; several with commas or by repeating
    #[arg(long, value_name = "CODE", value_delimiter = ',', value_parser = drift_code)]
    accept_drift: Vec<Code>,

    /// Bytes to hash in search of drift before sealing again [default: 4GB, one file a quarter at most]
    #[arg(long, value_name = "SIZE", value_parser = super::seals::size)]
    search_budget: Option<u64>,

    /// Leave out what this profile lets lie unsealed: generic, fix7, or one that seal.toml defines
    #[arg(long, value_name = "NAME")]
    profile: Option<String>,

    /// Write nothing: exit 0 when the seal there is up to date, 1 when it is not
    #[arg(long)]
    check: bool,

    /// Read the configuration from this file
    #[arg(long, value_name = "FILE", conflicts_with = "isolated")]
    config: Option<PathBuf>,

    /// Read no configuration
    #[arg(long)]
    isolated: bool,

    /// Threads at most [default: one per core]
    #[arg(long, value_name = "N", value_parser = super::seals::threads)]
    threads: Option<usize>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum TextFormatName {
    /// HEX, two blanks, name: what every checksum tool reads
    Sha256sum,
    /// HEX, length in bytes, name
    Sized,
}

pub(super) fn run(args: &Args, look: &Look) -> u8 {
    let format = match args.manifest_format {
        TextFormatName::Sha256sum => TextFormat::Sha256sum,
        TextFormatName::Sized => TextFormat::Sized,
    };
    let from = super::seals::config_from(args.config.as_ref(), args.isolated);
    match seal(args, Form { format, hints: args.hints }, &from, look) {
        Ok((text, status)) => {
            let printed = if look.verbosity == Verbosity::Quiet { 0 } else { output::print(text.as_bytes()) };
            status.max(printed)
        }
        Err(findings) => output::deliver(&gate::refused(findings), &[], look),
    }
}

fn seal(args: &Args, form: Form, from: &ConfigFrom, look: &Look) -> Result<(String, u8), Vec<Finding>> {
    let config = gate::configuration_at(&args.folder, from)?;
    let threads = args.threads.unwrap_or_else(super::seals::cores);
    let progress = Progress::default();
    let show = look.verbosity != Verbosity::Quiet;
    let plan = progress::shown(show, &progress, || {
        Plan::new(&args.folder, form, (&config, from), args.profile.as_deref(), threads, &progress)
    })?;
    let folder = name::shown_bytes(args.folder.as_os_str().as_encoded_bytes(), look);
    let typed = argument(&args.folder);
    let excluded = match plan.excluded {
        0 => String::new(),
        n => format!(", {n} left out"),
    };
    let files = if plan.files == 1 { "1 file".to_owned() } else { format!("{} files", plan.files) };
    let what = format!("{folder}   {files}, {} bytes{excluded}   tree {}", plan.bytes, plan.tree);
    if args.check {
        return Ok(match plan.change() {
            Change::Same => (format!("up to date   {what}\n"), 0),
            Change::New => (format!("not sealed   {what}\n  seal it: seal create {typed}\n"), 1),
            Change::Other => {
                let changed = changes(&plan, look);
                (format!("out of date   {what}\n{changed}  see why: seal verify {typed}\n"), 1)
            }
        });
    }
    if plan.change() == Change::Other {
        let options = Options {
            threads,
            search_budget: args.search_budget.or(config.search_budget),
            ..super::seals::defaults().map_err(|finding| vec![*finding])?
        };
        let again = Progress::default();
        let compare = || create::over_drift(&args.folder, &typed, options, &args.accept_drift, &again);
        progress::shown(show, &again, compare)?;
    }
    create::over_checkout(&plan, &typed, &args.accept_drift)?;
    plan.write().map_err(|finding| vec![*finding])?;
    let word = match plan.change() {
        Change::New => "sealed",
        Change::Same => "up to date",
        Change::Other => "resealed",
    };
    let changed = if plan.change() == Change::Other { changes(&plan, look) } else { String::new() };
    let advice = if plan.change() == Change::Same { String::new() } else { advice(&plan, &typed) };
    Ok((format!("{word}   {what}\n{changed}{}{}{advice}", outdated(&plan, look), ignored(&plan, look)), 0))
}

/// Names told of each kind.
const NAMED: usize = 5;

/// What the seal says otherwise than the one there, one line per kind.
fn changes(plan: &Plan, look: &Look) -> String {
    let Some(changes) = &plan.changes else { return String::new() };
    if changes.unreadable {
        return "  the manifest there could not be read as one\n".to_owned();
    }
    if changes.is_empty() {
        return "  the same files with the same digests; the seal is written in another way\n".to_owned();
    }
    let kinds = [("changed", &changes.changed), ("added", &changes.added), ("removed", &changes.removed)];
    let told = kinds.into_iter().filter(|(_, paths)| !paths.is_empty());
    let lines =
        told.map(|(word, paths)| format!("  {word:<8} {:>4}   {}\n", paths.len(), names(paths, look)));
    lines.collect::<Vec<_>>().concat()
}

/// A warning about lists that the seal does not replace and that do not agree with it.
fn outdated(plan: &Plan, look: &Look) -> String {
    let (lists, them) = match plan.outdated.len() {
        0 => return String::new(),
        1 => ("another list has", "it"),
        _ => ("other lists have", "them"),
    };
    format!(
        "  warning  {lists} other digests for files that are sealed here: {}\n           \
         renew {them} and seal again, or `seal verify` will fail by {them}\n",
        names(&plan.outdated, look)
    )
}

/// A warning about files that will not reach whoever clones the repository.
fn ignored(plan: &Plan, look: &Look) -> String {
    let (files, them) = match plan.ignored.len() {
        0 => return String::new(),
        1 => ("1 sealed file is".to_owned(), "it"),
        n => (format!("{n} sealed files are"), "them"),
    };
    format!(
        "  warning  {files} ignored by git, and missing in every clone: {}\n           \
         commit {them} with `git add -f`, or exclude {them} in seal.toml\n",
        names(&plan.ignored, look)
    )
}

/// The first names, and how many there are more.
fn names(paths: &[BytePath], look: &Look) -> String {
    let named: Vec<String> = paths.iter().take(NAMED).map(|path| name::shown(path, look)).collect();
    match paths.len().saturating_sub(NAMED) {
        0 => named.join(", "),
        n => format!("{} and {n} more", named.join(", ")),
    }
}

/// What keeps git from changing the folder that was sealed; nothing when it does not.
fn advice(plan: &Plan, typed: &str) -> String {
    plan.attributes.as_ref().map_or_else(String::new, |line| {
        let file = crate::text::quote(line.file.as_bytes());
        format!(
            "  so that no checkout changes it, add to {file}: {}\n  \
             what else could change it: seal doctor {typed}\n",
            line.line
        )
    })
}

/// A folder as a word of a command; `DIR` when it cannot be typed plainly.
fn argument(folder: &Path) -> String {
    let plain = |name: &&str| {
        let typed = |c: char| c.is_ascii_alphanumeric() || "._/@+-".contains(c);
        !name.is_empty() && !name.starts_with('-') && name.chars().all(typed)
    };
    folder.to_str().filter(plain).unwrap_or("DIR").to_owned()
}

/// The code of a drift that can be proven.
fn drift_code(id: &str) -> Result<Code, String> {
    let drift = |code: &Code| code.row().concerns == Concerns::Drifted && *code != Code::EditedContent;
    Code::from_id(id).filter(drift).ok_or_else(|| {
        let near = Code::nearest(id).filter(drift);
        let near = near.map_or_else(String::new, |code| format!("; did you mean {}", code.id()));
        format!("it is not the code of a drift{near}; see them all with seal explain --list")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hostile_folder_is_never_put_into_a_command() {
        assert_eq!(argument(Path::new("/a/b-c.d")), "/a/b-c.d");
        for name in ["$(id)", "-rf", "a b", "a\nb", "`id`", ""] {
            assert_eq!(argument(Path::new(name)), "DIR");
        }
    }

    #[test]
    fn only_drifts_can_be_accepted() {
        assert_eq!(drift_code("crlf_drift"), Ok(Code::CrlfDrift));
        for id in ["edited_content", "missing_file", "no_seal_found", "nonsense"] {
            assert!(drift_code(id).is_err(), "{id}");
        }
        assert!(drift_code("crlf_drit").unwrap_err().contains("crlf_drift"));
    }
}
