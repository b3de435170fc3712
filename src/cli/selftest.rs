//! `seal selftest`.

use std::path::PathBuf;

use clap::Parser;

use super::output::{self, Output};
use super::progress;
use crate::finding::Finding;
use crate::gate::{self, Archives, Options};
use crate::observe::Progress;
use crate::report::{Look, Verbosity};
use crate::selftest::{self, Limits};

/// Give the gate bad inputs: it must refuse every one, and let good ones through
#[derive(Debug, Parser)]
#[command(after_help = "\
Exit status:
  0  every bad input was refused with the code that is due, every control let through
  1  something bad was let through, or something good refused
  2  not everything could be tried

Everything happens in memory: nothing is written, no program is run.

Examples:
  seal selftest                       the gate itself, with evidence that comes with the program
  seal selftest packet/               the same with a copy of a packet: every file and every value
  seal selftest --list                the classes of bad input, and what must answer each
  seal selftest --output json         a record of every probe
  seal selftest --output summary      probe_count, fail_closed_count, any_fail_open, ...")]
pub(super) struct Args {
    /// A packet, or an archive of one, that is copied into memory and put to the test
    #[arg(value_name = "PACKET", conflicts_with = "list")]
    packet: Option<PathBuf>,

    /// Print the table of classes: document, value, what is done to it, check and code
    #[arg(long)]
    list: bool,

    /// Judge by this profile: generic, fix7, or one that seal.toml defines
    #[arg(long, value_name = "NAME")]
    profile: Option<String>,

    /// Inputs that are tried at most; what is left out is told and fails
    #[arg(long, value_name = "N")]
    limit: Option<usize>,

    /// Read the configuration from this file instead of seal.toml at the repository's root
    #[arg(long, value_name = "FILE", conflicts_with = "isolated")]
    config: Option<PathBuf>,

    /// Read no configuration
    #[arg(long)]
    isolated: bool,

    /// Threads at most [default: one per core]
    #[arg(long, value_name = "N", value_parser = super::seals::threads)]
    threads: Option<usize>,

    /// Write a report to a file or to standard output; may be repeated. Formats: those of verify
    #[arg(long, value_name = "FORMAT[=PATH]", value_parser = output::parse)]
    output: Vec<Output>,
}

pub(super) fn run(args: &Args, look: &Look) -> u8 {
    let options = match options(args) {
        Ok(options) => options,
        Err(finding) => return output::deliver(&gate::refused(vec![*finding]), &args.output, look),
    };
    if args.list {
        return list(args, &options, look);
    }
    if let Some(name) = &args.profile
        && let Err(findings) = gate::profile_named(name, &options)
    {
        return output::deliver(&gate::refused(findings), &args.output, look);
    }
    let limits = Limits { probes: args.limit.unwrap_or(Limits::default().probes), ..Limits::default() };
    let progress = Progress::default();
    let show = look.verbosity != Verbosity::Quiet;
    let report = progress::shown(show, &progress, || {
        if args.packet.is_some() {
            selftest::of_packets(&options, limits, &progress)
        } else {
            selftest::of_the_gate(&options, limits, &progress)
        }
    });
    output::deliver(&report, &args.output, look)
}

fn options(args: &Args) -> Result<Options, Box<Finding>> {
    output::one_to_stdout(&args.output)?;
    let defaults = super::seals::defaults()?;
    Ok(Options {
        paths: args.packet.iter().cloned().collect(),
        archives: Archives::Open(None),
        profile: args.profile.clone(),
        config: super::seals::config_from(args.config.as_ref(), args.isolated),
        threads: args.threads.unwrap_or(defaults.threads),
        ..defaults
    })
}

fn list(args: &Args, options: &Options, look: &Look) -> u8 {
    let name = args.profile.as_deref().unwrap_or("fix7");
    match gate::profile_named(name, options) {
        Ok(profile) => {
            let mut text = Vec::new();
            let written = crate::report::selftest::listing(&selftest::classes(&profile), &mut text, look);
            let printed = output::print(&text);
            if written.is_ok() { printed } else { 2 }
        }
        Err(findings) => output::deliver(&gate::refused(findings), &args.output, look),
    }
}
