//! `seal verify`.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

use clap::{Parser, ValueEnum};

use super::output::{self, Output};
use super::progress;
use crate::check::{self, ALWAYS, Selection};
use crate::code::Code;
use crate::config::{Date, parse_size};
use crate::digest::Sha256;
use crate::finding::Finding;
use crate::gate::{self, ConfigFrom, ExpectTree, Options};
use crate::manifest::Format;
use crate::observe::Progress;
use crate::report::{Look, Verbosity};
use crate::source::Links;

/// Verify every sealed byte; explain what drifted
#[derive(Debug, Parser)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
#[command(after_help = "\
Examples:
  seal verify                                 every seal under the current folder
  seal verify packet/ --expect-tree 2fa3...   a packet, pinned from outside
  seal verify SHA256SUMS                      one list
  seal verify release.tar.gz                  one file, by the list beside it
  seal verify --manifest sums.txt --root .    a list with any name, and where its names start
  seal verify --output json=report.json       text here, the JSON report in a file
  seal verify --list                          what would be verified, and what is passed over")]
pub(super) struct Args {
    /// Folders to look through, manifests, or single files [default: .]
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,

    /// Verify this manifest, whatever it is called
    #[arg(long, value_name = "FILE")]
    manifest: Option<PathBuf>,

    /// The folder that the manifest's names are relative to
    #[arg(long, value_name = "DIR")]
    root: Option<PathBuf>,

    /// Read every manifest in this format instead of recognizing it
    #[arg(long, value_name = "FORMAT", value_parser = format)]
    manifest_format: Option<Format>,

    /// Demand this tree (the SHA-256 of the manifest), of ROOT where there are several packets
    #[arg(long, value_name = "[ROOT=]HEX", value_parser = expect_tree)]
    expect_tree: Vec<ExpectTree>,

    /// Run only this check, beside `manifest` and `pin`
    #[arg(long, value_name = "CHECK", value_parser = check_id, conflicts_with = "skip")]
    only: Vec<String>,

    /// Leave this check out; the run is partial then
    #[arg(long, value_name = "CHECK", value_parser = optional_check_id)]
    skip: Vec<String>,

    /// Fail when this check finds nothing to judge
    #[arg(long, value_name = "CHECK", value_parser = check_id)]
    require: Vec<String>,

    /// Whether a sealed name may be a symbolic link
    #[arg(long, value_name = "RULE", default_value = "refuse")]
    symlinks: LinkRule,

    /// Finding no seal is good (exit status 0)
    #[arg(long)]
    allow_empty: bool,

    /// Show what would be verified and what is passed over; compare nothing
    #[arg(long)]
    list: bool,

    /// Write a report as human or json, to a file or to standard output; may be repeated
    #[arg(long, value_name = "FORMAT[=PATH]", value_parser = output::parse)]
    output: Vec<Output>,

    /// Read the configuration from this file instead of seal.toml at the repository's root
    #[arg(long, value_name = "FILE", conflicts_with = "isolated")]
    config: Option<PathBuf>,

    /// Read no configuration
    #[arg(long)]
    isolated: bool,

    /// Bytes to hash in search of causes, over the whole run [default: 4GB]
    #[arg(long, value_name = "SIZE", value_parser = size)]
    search_budget: Option<u64>,

    /// Search for causes ten times as far
    #[arg(long, conflicts_with = "no_explain")]
    deep: bool,

    /// Do not look for causes
    #[arg(long)]
    no_explain: bool,

    /// Threads at most [default: one per core]
    #[arg(long, value_name = "N", value_parser = threads)]
    threads: Option<usize>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum LinkRule {
    /// A link is a finding
    Refuse,
    /// A link that resolves to a file inside the root is that file
    FollowInside,
}

pub(super) fn run(args: &Args, look: &Look) -> u8 {
    let options = match options(args) {
        Ok(options) => options,
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
    let to_stdout = args.output.iter().filter(|output| output.path.is_none()).count();
    if to_stdout > 1 {
        let finding = Finding::new(Code::UsageError, "two formats would go to standard output at once");
        return Err(Box::new(finding.help("give all but one of them a path: --output json=report.json")));
    }
    let current_dir =
        std::env::current_dir().and_then(std::path::absolute).and_then(|dir| dir.canonicalize());
    let current_dir = current_dir.map_err(|error| {
        let message = format!("the current folder cannot be read: {error}");
        Box::new(Finding::new(Code::PathUnreadable, message))
    })?;
    let mut paths = args.paths.clone();
    if paths.is_empty() && args.manifest.is_none() {
        paths.push(PathBuf::from("."));
    }
    let set = |ids: &[String]| ids.iter().cloned().collect::<BTreeSet<String>>();
    Ok(Options {
        paths,
        manifest: args.manifest.clone(),
        root: args.root.clone(),
        format: args.manifest_format,
        expect_tree: args.expect_tree.clone(),
        checks: Selection {
            only: (!args.only.is_empty()).then(|| set(&args.only)),
            skip: set(&args.skip),
            require: set(&args.require),
        },
        config: config_from(args.config.as_ref(), args.isolated),
        search_budget: args.search_budget,
        deep: args.deep,
        explain: !args.no_explain,
        links: match args.symlinks {
            LinkRule::Refuse => Links::Refuse,
            LinkRule::FollowInside => Links::FollowInside,
        },
        threads: args.threads.unwrap_or_else(cores),
        allow_empty: args.allow_empty,
        today: today(),
        current_dir,
    })
}

/// Where `--config` and `--isolated` say that the configuration comes from.
pub(super) fn config_from(file: Option<&PathBuf>, isolated: bool) -> ConfigFrom {
    match (file, isolated) {
        (Some(path), _) => ConfigFrom::File(path.clone()),
        (None, true) => ConfigFrom::Nowhere,
        (None, false) => ConfigFrom::Repository,
    }
}

/// One thread per core that this process may use.
pub(super) fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// The day, by the machine's clock in UTC. A clock before 1970 or past every
/// calendar counts as the last day, so that dated exceptions have ended.
fn today() -> Date {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(u64::MAX, |since| since.as_secs());
    Date::from_unix_seconds(seconds).unwrap_or(Date::LAST)
}

fn format(name: &str) -> Result<Format, String> {
    Format::from_name(name).ok_or_else(|| {
        let known: Vec<&str> = Format::ALL.into_iter().map(Format::name).collect();
        format!("known are {}", known.join(", "))
    })
}

fn expect_tree(text: &str) -> Result<ExpectTree, String> {
    let (root, hex) = match text.rsplit_once('=') {
        Some((root, hex)) => (Some(PathBuf::from(root)), hex),
        None => (None, text),
    };
    let tree = Sha256::from_hex(hex.as_bytes()).ok_or_else(|| {
        format!("a tree is 64 hexadecimal digits, and this has {} characters", hex.chars().count())
    })?;
    Ok(ExpectTree { root, tree })
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

fn size(text: &str) -> Result<u64, String> {
    parse_size(text).map_err(|error| error.to_string())
}

/// A number of threads from 1 to 256.
pub(super) fn threads(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(n @ 1..=256) => Ok(n),
        _ => Err("a number from 1 to 256".to_owned()),
    }
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
    fn a_tree_is_demanded_of_a_root_or_of_the_only_one() {
        let hex = "ab".repeat(32);
        assert_eq!(expect_tree(&hex).unwrap().root, None);
        let rooted = expect_tree(&format!("a=b={hex}")).unwrap();
        assert_eq!(rooted.root, Some(PathBuf::from("a=b")));
        assert!(expect_tree(&hex[1..]).unwrap_err().contains("63"));
        assert!(expect_tree("x=").is_err());
    }

    #[test]
    fn the_indispensable_checks_cannot_be_left_out() {
        assert!(optional_check_id("manifest").is_err());
        assert!(optional_check_id("pin").is_err());
        assert!(check_id("nonsense").unwrap_err().contains("manifest"));
    }
}
