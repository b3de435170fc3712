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
    /// Folders to look through, manifests, or single files [default: .]
    #[arg(value_name = "PATH", conflicts_with_all = ["workflow", "job"])]
    paths: Vec<PathBuf>,

    /// Also print the change to .gitattributes as a patch
    #[arg(long, conflicts_with_all = ["workflow", "job"])]
    fix: bool,

    /// Make that change
    #[arg(long, requires = "fix")]
    write: bool,

    /// Read the configuration from this file instead of seal.toml at the repository's root
    #[arg(long, value_name = "FILE", conflicts_with = "isolated")]
    config: Option<PathBuf>,

    /// Read no configuration
    #[arg(long)]
    isolated: bool,

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
    if let (Some(file), Some(job)) = (&args.workflow, &args.job) {
        return doctor::job(file, job);
    }
    let mut options = super::seals::defaults().map_err(|finding| vec![*finding])?;
    options.paths.clone_from(&args.paths);
    if options.paths.is_empty() {
        options.paths.push(PathBuf::from("."));
    }
    options.config = super::seals::config_from(args.config.as_ref(), args.isolated);
    let found = if args.write { doctor::mended(&options)? } else { doctor::seals(&options)? };
    Ok(Examination { patched: args.fix && !args.write, ..found })
}
