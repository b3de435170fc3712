//! `seal create`.

use std::path::PathBuf;

use clap::{Parser, ValueEnum};

use super::{output, progress};
use crate::create::{Change, Plan, TextFormat};
use crate::finding::Finding;
use crate::gate::{self, ConfigFrom};
use crate::observe::Progress;
use crate::report::{Look, Verbosity, name};

/// Seal a folder: write the manifest and the tree pin
#[derive(Debug, Parser)]
#[command(after_help = "\
Examples:
  seal create packet/                           HASH_MANIFEST.txt and packet_tree.sha256
  seal create --manifest-format sized packet/   with lengths, so that drift is explained faster
  seal create --check packet/                   write nothing; 0 when the seal there is up to date")]
pub(super) struct Args {
    /// The folder
    #[arg(value_name = "DIR", default_value = ".")]
    folder: PathBuf,

    /// How lines are written
    #[arg(long, value_name = "FORMAT", default_value = "sha256sum")]
    manifest_format: TextFormatName,

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
    #[arg(long, value_name = "N", value_parser = super::verify::threads)]
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
    let from = super::verify::config_from(args.config.as_ref(), args.isolated);
    match seal(args, format, &from, look) {
        Ok((text, status)) => {
            let printed = if look.verbosity == Verbosity::Quiet { 0 } else { output::print(text.as_bytes()) };
            status.max(printed)
        }
        Err(findings) => output::deliver(&gate::refused(findings), &[], look),
    }
}

fn seal(
    args: &Args,
    format: TextFormat,
    from: &ConfigFrom,
    look: &Look,
) -> Result<(String, u8), Vec<Finding>> {
    let config = gate::configuration_at(&args.folder, from)?;
    let threads = args.threads.unwrap_or_else(super::verify::cores);
    let progress = Progress::default();
    let show = look.verbosity != Verbosity::Quiet;
    let plan =
        progress::shown(show, &progress, || Plan::new(&args.folder, format, &config, threads, &progress))?;
    let bytes = args.folder.as_os_str().as_encoded_bytes();
    let folder = name::shown_bytes(bytes, look);
    // Into a command goes only a name that a shell reads as it stands.
    let argument = if folder.as_bytes() == bytes && !bytes.starts_with(b"-") { &folder } else { "FOLDER" };
    let excluded = match plan.excluded {
        0 => String::new(),
        n => format!(", {n} excluded by the configuration"),
    };
    let files = if plan.files == 1 { "1 file".to_owned() } else { format!("{} files", plan.files) };
    let what = format!("{folder}   {files}, {} bytes{excluded}   tree {}", plan.bytes, plan.tree);
    if args.check {
        return Ok(match plan.change() {
            Change::Same => (format!("up to date   {what}\n"), 0),
            Change::New => (format!("not sealed   {what}\n  seal it: seal create {argument}\n"), 1),
            Change::Other => (format!("out of date   {what}\n  see why: seal verify {argument}\n"), 1),
        });
    }
    plan.write().map_err(|finding| vec![*finding])?;
    let word = match plan.change() {
        Change::New => "sealed",
        Change::Same => "up to date",
        Change::Other => "resealed",
    };
    Ok((format!("{word}   {what}\n"), 0))
}
