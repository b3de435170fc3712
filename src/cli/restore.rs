//! `seal restore`.

use clap::Parser;

use super::output::{self, Output};
use super::progress;
use super::seals::SealArgs;
use crate::finding::Finding;
use crate::gate;
use crate::observe::Progress;
use crate::report::{Look, OutputFormat, Verbosity, restoration};
use crate::restore::Restoration;

/// Put back sealed bytes that are proven; prints the plan unless told to write
#[derive(Debug, Parser)]
#[command(after_help = "\
Exit status:
  0  everything that is not intact can be restored, or was (--write)
  1  something cannot be restored
  2  it could not be verified, or not be written

Examples:
  seal restore                          the plan for every seal under the current folder
  seal restore packet/ --write          put the sealed bytes back
  seal restore packet/README.md         the plan for one file
  seal restore --output json packet/    the plan for a program")]
pub(super) struct Args {
    #[command(flatten)]
    seals: SealArgs,

    /// Write what the plan says, each file whole or not at all
    #[arg(long)]
    write: bool,

    /// Write the plan or its result as human or json, to a file or to standard output; may be repeated
    #[arg(long, value_name = "FORMAT[=PATH]", value_parser = format)]
    output: Vec<Output>,
}

pub(super) fn run(args: &Args, look: &Look) -> u8 {
    let restoration = restoration(args, look).unwrap_or_else(Restoration::refused);
    output::deliver_as(restoration.exit_code(), &args.output, look, |format, text, look| {
        if format == OutputFormat::Json {
            restoration::json::render(&restoration, text)
        } else {
            restoration::render(&restoration, text, look)
        }
    })
}

fn restoration(args: &Args, look: &Look) -> Result<Restoration, Vec<Finding>> {
    let one = |finding: Box<Finding>| vec![*finding];
    output::one_to_stdout(&args.output).map_err(one)?;
    let options = args.seals.options().map_err(one)?;
    let progress = Progress::default();
    let show = look.verbosity != Verbosity::Quiet;
    let judged = progress::shown(show, &progress, || gate::judged(&options, &progress))?;
    let mut restoration = Restoration::plan(judged);
    if args.write {
        restoration.write();
    }
    Ok(restoration)
}

/// One of the two formats that what is no report is shown in.
pub(super) fn format(text: &str) -> Result<Output, String> {
    let output = output::parse(text)?;
    if matches!(output.format, OutputFormat::Human | OutputFormat::Json) {
        Ok(output)
    } else {
        Err("known are human, json".to_owned())
    }
}
