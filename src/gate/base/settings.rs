//! The tree's own `seal.toml`, which has no say, against the one of the base.

use std::collections::BTreeSet;

use super::Base;
use crate::check;
use crate::code::Code;
use crate::config;
use crate::finding::Finding;
use crate::gate::scan::{CONFIG_NAME, Tree};
use crate::gate::{ConfigFrom, Options};
use crate::path::BytePath;
use crate::source::{Links, Refusal};
use crate::text::quote;

impl Base {
    /// That the configuration of the tree is another one, and what in it weakens.
    pub(super) fn changed_config(&self, tree: &Tree, options: &Options) -> Option<Finding> {
        if options.config != ConfigFrom::Repository {
            return None;
        }
        let (before, now) = (text(&self.scan.tree), text(tree));
        if before == now {
            return None;
        }
        let done = match (&before, &now) {
            (Err(Refusal::Missing), _) => "is new",
            (_, Err(Refusal::Missing)) => "was removed",
            _ => "was changed",
        };
        let effect = match now {
            Ok(text) => weakens(&text),
            Err(Refusal::Missing) => String::new(),
            Err(other) => format!("; it cannot be read: {other}"),
        };
        let commit = self.commit.short();
        let path = self.scan.shown(&BytePath::root().child(CONFIG_NAME.as_bytes()), options);
        let name = quote(path.as_bytes());
        let message = format!("{name} {done} against commit {commit} and is not in force here{effect}");
        Some(Finding::new(Code::ConfigChanged, message).path(path))
    }
}

fn text(tree: &Tree) -> Result<Vec<u8>, Refusal> {
    let path = BytePath::root().child(CONFIG_NAME.as_bytes());
    tree.folder(&BytePath::root())?.read(&path, Links::Refuse, config::MAX_BYTES as u64)
}

/// The keys of a configuration that make the gate less strict.
fn weakens(text: &[u8]) -> String {
    let checks: Vec<&str> = check::ids().collect();
    match config::parse(text, CONFIG_NAME, &checks) {
        Err(finding) => format!("; it is not valid: {}", finding.message),
        Ok(config) => {
            let keys: BTreeSet<String> =
                config.weakening().into_iter().map(|weakening| format!("`{}`", weakening.key)).collect();
            let keys: Vec<String> = keys.into_iter().collect();
            if keys.is_empty() { String::new() } else { format!("; it weakens by {}", keys.join(", ")) }
        }
    }
}
