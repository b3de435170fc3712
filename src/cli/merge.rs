//! `seal merge`.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use clap::Parser;

use super::output::{self, Output};
use crate::code::Code;
use crate::finding::Finding;
use crate::merge::{self, Given};
use crate::path::BytePath;
use crate::report::json::read::{Unusable, read};
use crate::report::{Look, Report};

/// A report may have so many bytes.
const LARGEST: u64 = 512 << 20;

/// Join the reports of shards into one verdict; a missing shard is a failure
#[derive(Debug, Parser)]
#[command(after_help = "\
Each shard is judged by a run of its own, on any machine, over the same bytes:

  seal verify packets --shard 1/3 --output json=1.json
  seal verify packets --shard 2/3 --output json=2.json
  seal verify packets --shard 3/3 --output json=3.json

Examples:
  seal merge 1.json 2.json 3.json                          one verdict over all of them
  seal merge *.json --output human --output junit=all.xml  and a report of any format

The report of every shard is wanted once, as seal wrote it. One that is missing, there twice,
changed, or of other seals, options, commits or another version makes the whole unverified (2).
A digest in each report shows accidents. It is no signature: keep the reports where only the
jobs that made them can write.")]
pub(super) struct Args {
    /// The JSON report of every shard
    #[arg(value_name = "REPORT", required = true)]
    reports: Vec<PathBuf>,

    /// Write a report to a file or to standard output; may be repeated. Formats: human, json,
    /// jsonl, sarif, junit, github, gitlab, markdown, html, summary
    #[arg(long, value_name = "FORMAT[=PATH]", value_parser = output::parse)]
    output: Vec<Output>,
}

pub(super) fn run(args: &Args, look: &Look) -> u8 {
    if let Err(finding) = output::one_to_stdout(&args.output) {
        return output::deliver(&crate::gate::refused(vec![*finding]), &args.output, look);
    }
    let given = args.reports.iter().map(|path| Given { path: BytePath::from_os(path), read: report(path) });
    output::deliver(&merge::merge(given.collect()), &args.output, look)
}

/// The report in a file, or why it cannot be used.
fn report(path: &Path) -> Result<Report, Box<Finding>> {
    let mut bytes = Vec::new();
    let opened = File::open(path).and_then(|file| file.take(LARGEST + 1).read_to_end(&mut bytes));
    if let Err(error) = opened {
        let help = "check the name: `seal merge` takes the files that `--output json=1.json` wrote";
        return Err(Box::new(unusable(&error).help(help)));
    }
    if bytes.len() as u64 > LARGEST {
        let finding = unusable(&format_args!("it has more than {LARGEST} bytes"));
        let help = "split the seals into more shards, so that each report is smaller";
        return Err(Box::new(finding.help(help)));
    }
    read(&bytes).map_err(|error| {
        let finding = unusable(&error);
        Box::new(match error {
            Unusable::OtherVersion(_) => finding.help(
                "let the same version of seal judge every shard and join them: `seal --version` on each machine",
            ),
            Unusable::NoShard => finding.help(
                "give it the reports of `seal verify --shard K/N --output json=K.json`; when the run could not begin, \
                 the report says why",
            ),
            _ => finding,
        })
    })
}

fn unusable(why: &dyn std::fmt::Display) -> Finding {
    Finding::new(Code::ShardUnreadable, format!("the report cannot be used: {why}"))
}
