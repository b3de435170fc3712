//! The classes of bad input, by suite: the set that was tried is the set of
//! the profile.

use std::collections::{BTreeMap, BTreeSet};

use super::record::{Expected, Probe};
use crate::code::Code;
use crate::evidence::{Object, Value};
use crate::finding::Sink;
use crate::profile::{Key, Profile, Row};
use crate::text::quote;

/// One suite of the profile.
pub(super) struct Suite<'p> {
    name: &'p str,
    /// By plain spelling: the class.
    classes: BTreeMap<String, Row<'p>>,
}

/// A name without what people vary: letter case and separators.
pub(in crate::check) fn plain(class: &str) -> String {
    let letters = class.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { ' ' });
    letters.collect::<String>().split_whitespace().collect::<Vec<_>>().join("_")
}

impl Suite<'_> {
    fn class(&self, name: &str) -> Option<Row<'_>> {
        self.classes.get(&plain(name)).copied()
    }

    /// The users' codes that refuse a class; none when any will do.
    pub(super) fn reject_codes(&self, class: Option<&str>) -> Vec<String> {
        class.and_then(|class| self.class(class)).map(|row| row.words("reject_codes")).unwrap_or_default()
    }
}

fn suites(profile: &Profile) -> Vec<Suite<'_>> {
    let mut suites: Vec<Suite<'_>> = Vec::new();
    for row in profile.rows(Key::ProbeClasses) {
        let (Some(suite), Some(name)) = (row.word("suite"), row.word("name")) else { continue };
        let at = suites.iter().position(|known| known.name == suite).unwrap_or_else(|| {
            suites.push(Suite { name: suite, classes: BTreeMap::new() });
            suites.len() - 1
        });
        if let Some(known) = suites.get_mut(at) {
            for spelling in row.words("spellings").iter().map(String::as_str).chain([name]) {
                known.classes.insert(plain(spelling), row);
            }
        }
    }
    suites
}

fn tried<'a>(probes: &'a [Probe<'_>]) -> impl Iterator<Item = (&'a str, &'a Probe<'a>)> {
    let rejects = probes.iter().filter(|probe| probe.expected == Expected::Rejected);
    rejects.filter_map(|probe| Some((probe.class.as_deref()?, probe)))
}

/// The suite that is due by the packet's status, else the one that the document
/// names, else the one whose classes it is nearest to.
pub(super) fn suite<'p>(
    root: Object<'_>,
    probes: &[Probe<'_>],
    due: &[String],
    profile: &'p Profile,
    out: &mut Sink,
) -> Option<Suite<'p>> {
    let named = root.get("suite").filter(|value| value.as_text().is_some());
    let is_named = |suite: &Suite<'_>| {
        named.and_then(Value::as_text).is_some_and(|name| plain(suite.name) == plain(&name))
    };
    let mut suites = suites(profile);
    if suites.iter().any(|suite| due.iter().any(|due| due == suite.name)) {
        if let Some(value) = named.filter(|_| {
            suites.iter().any(|suite| is_named(suite) && !due.iter().any(|due| due == suite.name))
        }) {
            let message = format!(
                "the suite {} was tried, and the status is due for {}",
                quote(value.as_text().unwrap_or_default().as_bytes()),
                quote(due.join(" or ").as_bytes())
            );
            out.push(value.finding(Code::ProbeClassMissing, message, "another suite"));
        }
        suites.retain(|suite| due.iter().any(|due| due == suite.name));
    }
    if let Some(at) = suites.iter().position(is_named) {
        return Some(suites.swap_remove(at));
    }
    let classes: BTreeSet<String> = tried(probes).map(|(class, _)| plain(class)).collect();
    let distance = |suite: &Suite<'_>| {
        let names: BTreeSet<&str> = suite.classes.values().filter_map(|row| row.word("name")).collect();
        let met: BTreeSet<&str> =
            classes.iter().filter_map(|class| suite.classes.get(class)?.word("name")).collect();
        (names.len() - met.len()) + classes.iter().filter(|class| !suite.classes.contains_key(*class)).count()
    };
    suites.into_iter().min_by_key(distance)
}

/// Reports classes that were not tried, and tried ones that are none.
pub(super) fn compare(root: Object<'_>, probes: &[Probe<'_>], suite: Option<&Suite<'_>>, out: &mut Sink) {
    let Some(suite) = suite else { return };
    let mut met: BTreeSet<&str> = BTreeSet::new();
    for (class, probe) in tried(probes) {
        if let Some(row) = suite.class(class) {
            met.extend(row.word("name"));
        } else {
            let message = format!(
                "the probe {} is of the class {}, which the suite {} does not have",
                quote(probe.id.as_bytes()),
                quote(class.as_bytes()),
                quote(suite.name.as_bytes())
            );
            let at = probe.row.get("class").unwrap_or_else(|| probe.row.value());
            out.push(at.finding(Code::ProbeClassUnknown, message, "unknown class"));
        }
    }
    for probe in probes.iter().filter(|probe| probe.expected != Expected::Rejected) {
        if let Some(class) = probe.class.as_deref().filter(|class| suite.class(class).is_some()) {
            let message = format!(
                "the probe {} is of the class {} and was let through as a control",
                quote(probe.id.as_bytes()),
                quote(class.as_bytes())
            );
            let at = probe.row.get("class").unwrap_or_else(|| probe.row.value());
            out.push(at.finding(Code::ProbeFailOpen, message, "a bad input"));
        }
    }
    let due: BTreeSet<&str> = suite.classes.values().filter_map(|row| row.word("name")).collect();
    for name in due.difference(&met) {
        let message = format!(
            "no probe is of the class {} of the suite {}",
            quote(name.as_bytes()),
            quote(suite.name.as_bytes())
        );
        out.push(root.finding(Code::ProbeClassMissing, message, "lacks a class"));
    }
}
