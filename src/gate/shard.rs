//! Splitting a set of seals among several runs: which seals one part judges, and
//! the digest that tells whether two parts are of one set.
//!
//! The split depends on nothing but the seals: not on the order of the paths, the
//! number of threads or the machine.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::path::Path;

use super::scan::Scan;
use super::unit::Unit;
use super::{FromLayer, Options};
use crate::digest::Sha256;
use crate::git::Git;
use crate::path::BytePath;
use crate::report::Shard;

/// Which part of the seals is judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    number: u32,
    of: u32,
}

impl Part {
    /// As many parts at most.
    pub const MOST: u32 = 1_000;

    /// The part with that number, from 1, of so many.
    pub fn new(number: u32, of: u32) -> Option<Self> {
        (1..=of).contains(&number).then_some(Self { number, of }).filter(|_| of <= Self::MOST)
    }

    /// Why a run over it is partial.
    pub(super) fn why(self) -> String {
        crate::report::shard::why(self.number, self.of)
    }
}

/// Keeps the units of one part, and says what they are part of.
pub(super) fn keep(units: &mut Vec<Unit>, scans: &[Scan], part: Part, options: &Options) -> Shard {
    let mut order: Vec<usize> = (0..units.len()).collect();
    let names: Vec<Name> = units.iter().map(|unit| Name::of(unit, options)).collect();
    order.sort_by(|&a, &b| names.get(a).cmp(&names.get(b)));
    let ordered = || order.iter().filter_map(|&at| units.get(at));
    let whole = whole(ordered(), scans, part, options);
    let weights: Vec<u64> = ordered().map(weight).collect();
    let mut places = BTreeMap::new();
    for (position, (&unit, number)) in (0u64..).zip(order.iter().zip(split(&weights, part.of))) {
        if number == part.number {
            places.insert(unit, position);
        }
    }
    let seals = units.len() as u64;
    let mut at = 0..;
    units.retain(|_| at.next().is_some_and(|at| places.contains_key(&at)));
    Shard { number: part.number, of: part.of, whole, seals, positions: places.into_values().collect() }
}

/// What a seal is called in the set, whatever order the paths were given in.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Name {
    manifest: BytePath,
    root: BytePath,
    only: Option<BytePath>,
}

impl Name {
    fn of(unit: &Unit, options: &Options) -> Self {
        let shown = |path: &BytePath| unit.scan.shown(path, options);
        Self {
            manifest: shown(&unit.seal.manifest_path),
            root: shown(&unit.seal.root),
            only: unit.scan.only.as_ref().map(shown),
        }
    }
}

/// What a seal costs: its entries, and one for the seal itself. Lengths would be
/// better and most seals do not give them; those of the files are no fact of the seal.
fn weight(unit: &Unit) -> u64 {
    1 + unit.manifest.as_ref().map_or(0, |manifest| manifest.entries.len() as u64)
}

/// The part of each seal, from 1: the heaviest first, each to the part that has
/// the least so far, the first of them when several have.
fn split(weights: &[u64], of: u32) -> Vec<u32> {
    let mut order: Vec<usize> = (0..weights.len()).collect();
    let weight = |at: usize| weights.get(at).copied().unwrap_or_default();
    order.sort_by_key(|&at| (Reverse(weight(at)), at));
    let mut loads: std::collections::BinaryHeap<Reverse<(u64, u32)>> =
        (1..=of).map(|number| Reverse((0, number))).collect();
    let mut parts = vec![1; weights.len()];
    for at in order {
        if let (Some(Reverse((load, number))), Some(part)) = (loads.pop(), parts.get_mut(at)) {
            *part = number;
            loads.push(Reverse((load.saturating_add(weight(at)), number)));
        }
    }
    parts
}

/// Fields to be digested, none of which can run into the next.
#[derive(Default)]
struct Fields(Vec<u8>);

impl Fields {
    fn add(&mut self, name: &str, value: impl AsRef<[u8]>) {
        let value = value.as_ref();
        self.0.extend_from_slice(format!("{name} {}\n", value.len()).as_bytes());
        self.0.extend_from_slice(value);
    }

    fn each(&mut self, name: &str, values: impl IntoIterator<Item = impl AsRef<[u8]>>) {
        for value in values {
            self.add(name, value);
        }
    }

    fn number(&mut self, name: &str, value: u64) {
        self.add(name, value.to_string());
    }
}

/// The digest of all that the parts of one set have in common.
fn whole<'u, 's: 'u>(
    units: impl Iterator<Item = &'u Unit<'s>>,
    scans: &[Scan],
    part: Part,
    options: &Options,
) -> Sha256 {
    let mut fields = Fields::default();
    fields.add("version", env!("CARGO_PKG_VERSION"));
    fields.number("parts", u64::from(part.of));
    asked(&mut fields, options);
    let mut heads = BTreeMap::new();
    for scan in scans {
        fields.add("under", scan.shown(&scan.under, options).as_bytes());
        fields.add("layer", format!("{:?}", scan.tree.layer()));
        fields.each("configuration", scan.config.texts());
        heads.entry(scan.tree.base()).or_insert_with(|| head(scan));
    }
    fields.each("head", heads.into_values());
    for unit in units {
        let Name { manifest, root, only } = Name::of(unit, options);
        fields.add("manifest", manifest.as_bytes());
        fields.add("root", root.as_bytes());
        fields.add("only", only.as_ref().map(BytePath::as_bytes).unwrap_or_default());
        fields.add("tree", Sha256::of(&unit.seal.bytes).to_string());
        let pin = unit.seal.pin.as_ref();
        fields.add("pin", pin.and_then(|pin| pin.digest).map(|pin| pin.to_string()).unwrap_or_default());
        fields.each("demanded", unit.policy.expect_tree.iter().map(ToString::to_string));
        fields.add("excused", unit.policy.known_broken.as_deref().unwrap_or_default());
    }
    Sha256::of(&fields.0)
}

/// What the command line says about how seals are judged.
fn asked(fields: &mut Fields, options: &Options) {
    let layer = match &options.from {
        FromLayer::WorkTree => "worktree",
        FromLayer::Index => "index",
        FromLayer::Revision(name) => name,
    };
    fields.add("from", layer);
    if let Some(base) = &options.base {
        fields.add("base", &base.revision);
        fields.each("accepted", base.accept_reseal.iter().map(ToString::to_string));
    }
    fields.add("format", options.format.map(crate::manifest::Format::name).unwrap_or_default());
    fields.add("profile", options.profile.as_deref().unwrap_or_default());
    let checks = &options.checks;
    fields.each("only check", checks.only.iter().flatten());
    fields.each("skipped check", &checks.skip);
    fields.each("required check", &checks.require);
    fields.add("budget", options.search_budget.map(|bytes| bytes.to_string()).unwrap_or_default());
    let switches = [options.deep, options.explain, options.allow_empty];
    fields.add("switches", switches.map(u8::from));
    fields.add("links", format!("{:?}", options.links));
}

/// The commit that is checked out around a tree, where git can say it.
fn head(scan: &Scan) -> String {
    let oid = |base: &Path| Git::open(base).ok()?.commit("HEAD").ok();
    let repository = scan.tree.is_repository();
    repository.then(|| oid(scan.tree.base())).flatten().map_or_else(String::new, |oid| oid.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_has_a_number_up_to_how_many_there_are() {
        assert!(Part::new(1, 1).is_some());
        assert!(Part::new(4, 4).is_some());
        for (number, of) in [(0, 1), (2, 1), (1, 0), (1, Part::MOST + 1)] {
            assert_eq!(Part::new(number, of), None, "{number}/{of}");
        }
    }

    #[test]
    fn every_seal_is_in_one_part_and_the_parts_weigh_alike() {
        let weights = [1, 1, 1, 90, 30, 30, 30, 1, 1];
        let parts = split(&weights, 2);
        let load = |number| -> u64 {
            weights.iter().zip(&parts).filter(|(_, part)| **part == number).map(|(weight, _)| weight).sum()
        };
        assert_eq!((load(1), load(2)), (93, 92));
        assert_eq!(split(&weights, 1), [1; 9]);
    }

    #[test]
    fn more_parts_than_seals_leave_parts_empty() {
        assert_eq!(split(&[5, 5], 4), [1, 2]);
        assert_eq!(split(&[], 3), Vec::<u32>::new());
    }

    #[test]
    fn fields_do_not_run_into_each_other() {
        let digest = |fields: &[(&str, &str)]| {
            let mut all = Fields::default();
            for (name, value) in fields {
                all.add(name, value);
            }
            Sha256::of(&all.0)
        };
        assert_ne!(digest(&[("a", "x"), ("b", "")]), digest(&[("a", "x\nb 0\n")]));
        assert_ne!(digest(&[("a", "xy")]), digest(&[("a", "x"), ("a", "y")]));
    }
}
