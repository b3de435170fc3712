//! `seal verify`.

use std::collections::BTreeSet;
use std::path::PathBuf;

use clap::Parser;

use super::output::{self, Output};
use super::progress;
use super::seals::SealArgs;
use crate::check::{self, ALWAYS, Selection};
use crate::digest::Sha256;
use crate::finding::Finding;
use crate::gate::{self, Archives, BaseCommit, FromLayer, Options, ShardPart};
use crate::observe::Progress;
use crate::report::{Look, Verbosity};

/// Verify every sealed byte; explain what drifted
#[derive(Debug, Parser)]
#[command(after_help = "\
Examples:
  seal verify                                 every seal under the current folder
  seal verify packet/ --expect-tree 2fa3...   a packet, pinned from outside
  seal verify SHA256SUMS                      one list
  seal verify release.tar.gz                  one file, by the list beside it
  seal verify packet.zip                      the seals inside of an archive
  seal verify --manifest sums.txt --root .    a list with any name, and where its names start
  seal verify --output json=report.json       text here, the JSON report in a file
  seal verify --from index                    what the next commit would hold
  seal verify --from origin/main packet/      what a commit holds
  seal verify --base origin/main              a pull request: no seal may be gone or changed
  seal verify --shard 1/4 --output json=1.json     one part of four, for seal merge
  seal verify packet/ --predecessor earlier/  nothing dropped since the packet before
  seal verify --list                          what would be verified, and what is passed over")]
pub(super) struct Args {
    #[command(flatten)]
    seals: SealArgs,

    /// Verify the files on disk (worktree), as staged (index), as a git hook needs them (hook), or of a commit (REV)
    #[arg(long, value_name = "worktree|index|hook|REV", default_value = "worktree", value_parser = from)]
    from: FromLayer,

    /// Take seals and configuration from this commit as the authority: none may be gone or changed
    #[arg(long, value_name = "REV", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    base: Option<String>,

    /// Accept a seal that changed against the base and has this tree now; may be repeated
    #[arg(long, value_name = "HEX", requires = "base", value_parser = super::seals::tree)]
    accept_reseal: Vec<Sha256>,

    /// Bytes that an archive may unpack to [default: 200 times its length, 256MB at least, 16GB at most]
    #[arg(long, value_name = "SIZE", value_parser = super::seals::size)]
    archive_limit: Option<u64>,

    /// Run only this check, beside `manifest` and `pin`
    #[arg(long, value_name = "CHECK", value_parser = check_id, conflicts_with = "skip")]
    only: Vec<String>,

    /// Leave this check out; the run is partial then
    #[arg(long, value_name = "CHECK", value_parser = optional_check_id)]
    skip: Vec<String>,

    /// Fail when this check finds nothing to judge
    #[arg(long, value_name = "CHECK", value_parser = check_id)]
    require: Vec<String>,

    /// Judge documents by this profile: generic, fix7, or one that seal.toml defines
    #[arg(long, value_name = "NAME")]
    profile: Option<String>,

    /// Judge part K of N of the seals; `seal merge` joins the JSON reports of all parts
    #[arg(long, value_name = "K/N", value_parser = shard, conflicts_with = "list")]
    shard: Option<ShardPart>,

    /// Compare the packet with the one that it follows, which must hold its own seal
    #[arg(long, value_name = "DIR")]
    predecessor: Option<PathBuf>,

    /// Finding no seal is good (exit status 0)
    #[arg(long)]
    allow_empty: bool,

    /// Show what would be verified and what is passed over; compare nothing
    #[arg(long)]
    list: bool,

    /// Write a report to a file or to standard output; may be repeated. Formats: human, json,
    /// jsonl, sarif, junit, github, gitlab, markdown, html, summary
    #[arg(long, value_name = "FORMAT[=PATH]", value_parser = output::parse)]
    output: Vec<Output>,

    /// Do not look for causes
    #[arg(long, conflicts_with = "deep")]
    no_explain: bool,
}

pub(super) fn run(args: &Args, look: &Look) -> u8 {
    let options = match options(args) {
        Ok(options) => Options { entries: options.entries || look.verbose(), ..options },
        Err(finding) => return output::deliver(&gate::refused(vec![*finding]), &args.output, look),
    };
    if args.list {
        return list(args, &options, look);
    }
    let progress = Progress::default();
    let show = look.verbosity != Verbosity::Quiet;
    let report = progress::shown(show, &progress, || gate::verify(&options, &progress));
    output::deliver(&report, &args.output, look)
}

fn list(args: &Args, options: &Options, look: &Look) -> u8 {
    match gate::list(options) {
        Ok(listing) => {
            let none = listing.iter().all(|line| line.seal.is_err());
            let mut text = Vec::new();
            let written = crate::report::listing::render(&listing, &mut text, look);
            let printed = output::print(&text);
            match (written, none && !options.allow_empty) {
                (Ok(()), false) => printed,
                _ => 2,
            }
        }
        Err(findings) => output::deliver(&gate::refused(findings), &args.output, look),
    }
}

fn options(args: &Args) -> Result<Options, Box<Finding>> {
    output::one_to_stdout(&args.output)?;
    let set = |ids: &[String]| ids.iter().cloned().collect::<BTreeSet<String>>();
    Ok(Options {
        checks: Selection {
            only: (!args.only.is_empty()).then(|| set(&args.only)),
            skip: set(&args.skip),
            require: set(&args.require),
        },
        predecessor: args.predecessor.clone(),
        profile: args.profile.clone(),
        explain: !args.no_explain,
        allow_empty: args.allow_empty,
        from: args.from.clone(),
        base: args
            .base
            .clone()
            .map(|revision| BaseCommit { revision, accept_reseal: args.accept_reseal.clone() }),
        archives: Archives::Open(args.archive_limit),
        // The report of a shard names every entry, so that all formats can be made of what they join to.
        entries: args.shard.is_some() || args.output.iter().any(|output| output.format.names_entries()),
        shard: args.shard,
        ..args.seals.options()?
    })
}

/// The layer that a word stands for. A branch with the name of a layer is
/// reached by its full name, `refs/heads/index`.
fn from(word: &str) -> Result<FromLayer, String> {
    match word {
        "worktree" => Ok(FromLayer::WorkTree),
        "index" => Ok(FromLayer::Index),
        "hook" => Ok(of_a_hook(std::env::var_os(PUSHED))),
        "" => Err("worktree, index, hook, or the name of a commit".to_owned()),
        revision => Ok(FromLayer::Revision(revision.to_owned())),
    }
}

/// What hook runners put the commit into that is pushed or was checked out.
const PUSHED: &str = "PRE_COMMIT_TO_REF";

/// The index, unless the hook runner says that the hook is about a commit.
fn of_a_hook(pushed: Option<std::ffi::OsString>) -> FromLayer {
    match pushed {
        Some(commit) if !commit.is_empty() => FromLayer::Revision(commit.to_string_lossy().into_owned()),
        _ => FromLayer::Index,
    }
}

/// Part K of N, as decimal numbers without signs or blanks.
fn shard(text: &str) -> Result<ShardPart, String> {
    let number = |text: &str| {
        let plain = !text.starts_with(['0', '+']);
        text.parse().ok().filter(|_| plain)
    };
    let part = text.split_once('/').and_then(|(k, n)| ShardPart::new(number(k)?, number(n)?));
    part.ok_or_else(|| {
        format!("two numbers K/N with K from 1 to N, such as 1/4, and N at most {}", ShardPart::MOST)
    })
}

fn check_id(id: &str) -> Result<String, String> {
    if check::ids().any(|known| known == id) {
        return Ok(id.to_owned());
    }
    let known: Vec<&str> = check::ids().collect();
    Err(format!("known checks are {}", known.join(", ")))
}

fn optional_check_id(id: &str) -> Result<String, String> {
    if ALWAYS.contains(&id) {
        return Err("this check can never be left out".to_owned());
    }
    check_id(id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::OutputFormat;

    #[test]
    fn help_names_every_output_format() {
        let help = <Args as clap::CommandFactory>::command().render_long_help().to_string();
        for format in OutputFormat::all() {
            assert!(help.contains(format.name()), "{}", format.name());
        }
    }

    #[test]
    fn a_hook_is_about_the_index_or_the_commit_that_is_pushed() {
        assert_eq!(of_a_hook(None), FromLayer::Index);
        assert_eq!(of_a_hook(Some("".into())), FromLayer::Index);
        assert_eq!(of_a_hook(Some("4f2c1aa".into())), FromLayer::Revision("4f2c1aa".into()));
        assert_eq!(from("refs/heads/index"), Ok(FromLayer::Revision("refs/heads/index".into())));
        assert!(from("").is_err());
    }

    #[test]
    fn a_shard_is_one_of_so_many() {
        assert_eq!(shard("2/4"), Ok(ShardPart::new(2, 4).unwrap()));
        for text in [
            "",
            "1",
            "/",
            "0/2",
            "3/2",
            "1/0",
            "-1/2",
            "+1/2",
            "1/2/3",
            "1 /2",
            "01/2",
            "1/1001",
            "1/99999999999",
        ] {
            assert!(shard(text).is_err(), "{text}");
        }
    }

    #[test]
    fn the_indispensable_checks_cannot_be_left_out() {
        assert!(optional_check_id("manifest").is_err());
        assert!(optional_check_id("pin").is_err());
        assert!(check_id("nonsense").unwrap_err().contains("manifest"));
    }
}
