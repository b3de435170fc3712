//! `seal doctor`.

use std::path::PathBuf;

use clap::Parser;

use super::output::{self, Output};
use crate::doctor::{self, Examination};
use crate::finding::Finding;
use crate::gate;
use crate::report::{Look, OutputFormat, examination};

/// Say what would break these seals later, and the line that prevents it
#[derive(Debug, Parser)]
#[command(after_help = "\
Exit status:
  0  nothing found; with --job: the job may run the gate
  1  risks found; with --job: the job is refused
  2  something could not be looked at

Examples:
  seal doctor                             every seal under the current folder
  seal doctor packet/                     one packet
  seal doctor --fix                       also the change to .gitattributes, as a patch
  seal doctor --fix --write               make that change
  seal doctor --output json               the same for a program
  seal doctor --workflow .github/workflows/seal.yml --job gate
                                          whether that job may run the gate")]
pub(super) struct Args {
    /// Judge a job of this workflow file, and look at nothing else
    #[arg(long, value_name = "FILE", requires = "job")]
    workflow: Option<PathBuf>,

    /// The job that is judged, by its name in the file
    #[arg(long, value_name = "ID", requires = "workflow")]
    job: Option<String>,

    /// Write the result as human or json, to a file or to standard output; may be repeated
    #[arg(long, value_name = "FORMAT[=PATH]", value_parser = super::restore::format)]
    output: Vec<Output>,
}

pub(super) fn run(args: &Args, look: &Look) -> u8 {
    match examine(args) {
        Ok(found) => output::deliver_as(found.exit_code(), &args.output, look, |format, text, look| {
            if format == OutputFormat::Json {
                examination::json::render(&found, text)
            } else {
                examination::render(&found, text, look)
            }
        }),
        Err(findings) => output::deliver(&gate::refused(findings), &args.output, look),
    }
}

fn examine(args: &Args) -> Result<Examination, Vec<Finding>> {
    output::one_to_stdout(&args.output).map_err(|finding| vec![*finding])?;
    match (&args.workflow, &args.job) {
        (Some(file), Some(job)) => doctor::job(file, job),
        _ => Err(Vec::new()),
    }
}
