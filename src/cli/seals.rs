//! The arguments that say which seals are meant and how they are judged, shared
//! by every command that judges seals.

use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

use clap::ValueEnum;

use crate::check::Selection;
use crate::code::Code;
use crate::config::{Date, parse_size};
use crate::digest::Sha256;
use crate::finding::Finding;
use crate::gate::{Archives, ConfigFrom, ExpectTree, FromLayer, Options};
use crate::manifest::Format;
use crate::source::Links;

/// Which seals, and how they are judged.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct SealArgs {
    /// Folders to look through, manifests, or single files [default: .]
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,

    /// Use this manifest, whatever it is called
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

    /// Whether a sealed name may be a symbolic link
    #[arg(long, value_name = "RULE", default_value = "refuse")]
    symlinks: LinkRule,

    /// Read the configuration from this file instead of seal.toml at the repository's root
    #[arg(long, value_name = "FILE", conflicts_with = "isolated")]
    config: Option<PathBuf>,

    /// Read no configuration
    #[arg(long)]
    isolated: bool,

    /// Bytes to hash in search of causes, over the whole run [default: 4GB, one file a quarter at most]
    #[arg(long, value_name = "SIZE", value_parser = size)]
    search_budget: Option<u64>,

    /// Search further for causes: ten times the budget, rare characters and more places in every combination, three steps on longer files
    #[arg(long)]
    deep: bool,

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

impl SealArgs {
    /// The options of a run over these seals with every check, looking for causes.
    pub(super) fn options(&self) -> Result<Options, Box<Finding>> {
        let mut paths = self.paths.clone();
        if paths.is_empty() && self.manifest.is_none() {
            paths.push(PathBuf::from("."));
        }
        let defaults = defaults()?;
        Ok(Options {
            paths,
            manifest: self.manifest.clone(),
            root: self.root.clone(),
            format: self.manifest_format,
            expect_tree: self.expect_tree.clone(),
            config: config_from(self.config.as_ref(), self.isolated),
            search_budget: self.search_budget,
            deep: self.deep,
            links: match self.symlinks {
                LinkRule::Refuse => Links::Refuse,
                LinkRule::FollowInside => Links::FollowInside,
            },
            threads: self.threads.unwrap_or(defaults.threads),
            ..defaults
        })
    }
}

/// The options of a run to which nothing was said: no path, every check,
/// looking for causes, links refused.
pub(super) fn defaults() -> Result<Options, Box<Finding>> {
    let current_dir =
        std::env::current_dir().and_then(std::path::absolute).and_then(|dir| dir.canonicalize());
    let current_dir = current_dir.map_err(|error| {
        let message = format!("the current folder cannot be read: {error}");
        Box::new(Finding::new(Code::PathUnreadable, message))
    })?;
    Ok(Options {
        paths: Vec::new(),
        from: FromLayer::WorkTree,
        base: None,
        archives: Archives::Refuse,
        manifest: None,
        root: None,
        format: None,
        expect_tree: Vec::new(),
        predecessor: None,
        profile: None,
        checks: Selection::default(),
        config: ConfigFrom::Repository,
        search_budget: None,
        deep: false,
        explain: true,
        links: Links::Refuse,
        threads: cores(),
        allow_empty: false,
        entries: false,
        shard: None,
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
pub(super) fn today() -> Date {
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
    Ok(ExpectTree { root, tree: tree(hex)? })
}

/// 64 hexadecimal digits.
pub(super) fn tree(hex: &str) -> Result<Sha256, String> {
    Sha256::from_hex(hex.as_bytes()).ok_or_else(|| {
        format!("a tree is 64 hexadecimal digits, and this has {} characters", hex.chars().count())
    })
}

/// A number of bytes with a unit.
pub(super) fn size(text: &str) -> Result<u64, String> {
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

    #[test]
    fn a_tree_is_demanded_of_a_root_or_of_the_only_one() {
        let hex = "ab".repeat(32);
        assert_eq!(expect_tree(&hex).unwrap().root, None);
        let rooted = expect_tree(&format!("a=b={hex}")).unwrap();
        assert_eq!(rooted.root, Some(PathBuf::from("a=b")));
        assert!(expect_tree(&hex[1..]).unwrap_err().contains("63"));
        assert!(expect_tree("x=").is_err());
    }
}
