//! A configuration inside a sealed root: what in it weakens, and how the rest
//! joins the configuration in force.

use std::ops::Range;

use super::{Config, Located, PacketConfig, Unsealed};
use crate::code::Code;
use crate::finding::Finding;
use crate::path::BytePath;

/// A key that would weaken the gate, written inside what it guards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Weakening {
    /// The key with its table, as in `packet.exclude`.
    pub key: String,
    /// What it would do, a clause without a full stop.
    pub why: &'static str,
    /// Its name's bytes in the configuration.
    pub span: Range<usize>,
}

impl Config {
    /// Every use of a key that weakens, in the order of the file. The rules are
    /// in the table at the head of this module.
    pub fn weakening(&self) -> Vec<Weakening> {
        let weakening = self.uses.iter().filter(|used| used.weakens);
        weakening
            .map(|used| Weakening { key: used.key.full_name(), why: used.key.why, span: used.span.clone() })
            .collect()
    }

    /// A finding for each of [`Self::weakening`].
    pub fn weakening_findings(&self) -> Vec<Finding> {
        let finding = |weakening: Weakening| {
            let Weakening { key, why, span } = weakening;
            let message = format!("`{key}` inside a sealed folder would weaken its own gate: {why}");
            let help = format!(
                "move `{key}` to a seal.toml outside the packet, where whoever reviews the gate decides"
            );
            self.sources.finding(Code::ConfigInsidePacket, &span, message, help, "weakens")
        };
        self.weakening().into_iter().map(finding).collect()
    }
}

/// Adds to `base` the demands of a configuration found `at` a sealed root.
/// Nothing of `base` is lost or relaxed.
///
/// # Errors
/// One [`Code::ConfigInsidePacket`] finding for each key of `inside` that
/// weakens, and for each tree it expects that `base` contradicts.
pub fn tighten(base: &Config, inside: &Config, at: &BytePath) -> Result<Config, Vec<Finding>> {
    let mut refused = inside.weakening_findings();
    let mut tightened = base.clone();
    let shift = tightened.sources.append(&inside.sources);
    for packet in &inside.packets {
        // A table without a root names a manifest, which was refused above.
        let Some(root) = &packet.root else { continue };
        let root = Located { value: at.join(&root.value), span: moved(&root.span, shift) };
        let mut met = false;
        for there in &mut tightened.packets {
            if there.root.as_ref().is_some_and(|named| named.value == root.value) {
                met = true;
                if let Some(conflict) = add_demands(there, packet, shift) {
                    refused.push(inside.contradicts(&conflict));
                }
            }
        }
        if !met {
            let span = moved(&packet.span, shift);
            let mut fresh = PacketConfig { root: Some(root), span, ..PacketConfig::default() };
            // A fresh table demands nothing yet, so nothing can contradict it.
            add_demands(&mut fresh, packet, shift);
            tightened.packets.push(fresh);
        }
    }
    if refused.is_empty() { Ok(tightened) } else { Err(refused) }
}

fn moved(span: &Range<usize>, shift: usize) -> Range<usize> {
    span.start + shift..span.end + shift
}

/// Joins demands; returns where `inside` expects another tree than `there`.
fn add_demands(there: &mut PacketConfig, inside: &PacketConfig, shift: usize) -> Option<Range<usize>> {
    there.require.extend(inside.require.iter().cloned());
    there.require.sort();
    there.require.dedup();
    if inside.unsealed == Some(Unsealed::Deny) {
        there.unsealed = Some(Unsealed::Deny);
    }
    match (&there.expect_tree, &inside.expect_tree) {
        (Some(outer), Some(inner)) if outer.value != inner.value => Some(inner.span.clone()),
        (None, Some(inner)) => {
            there.expect_tree = Some(Located { value: inner.value, span: moved(&inner.span, shift) });
            None
        }
        _ => None,
    }
}

impl Config {
    fn contradicts(&self, span: &Range<usize>) -> Finding {
        let message =
            "`packet.expect_tree` inside a sealed folder names another tree than the configuration outside";
        let help = "remove it; the tree that is expected from outside is the one that counts";
        self.sources.finding(Code::ConfigInsidePacket, span, message, help, "another tree outside")
    }
}
