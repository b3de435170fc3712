//! What git's attributes do to sealed files, here and elsewhere, and the lines
//! that keep git's hands off them.

mod line_ends;
mod plan;
pub(super) mod quoting;
mod rules;
mod sources;

use std::collections::{BTreeMap, BTreeSet};

use line_ends::{Change, Machine};
pub use plan::Plan;
use rules::{Said, said};
use sources::Sources;

use super::Unseen;
use super::cover::Part;
use super::risk::{Place, Risk};
use super::table::Kind;
use super::tree::{FromGit, Tree};
use crate::git::AttributeState as State;
use crate::path::BytePath;
use crate::text::quote;

/// One way in which one file is touched.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Touch {
    kind: Kind,
    /// The attribute that has to be taken away.
    attribute: &'static str,
    place: Option<Place>,
    reason: String,
}

/// Every attribute that matters, and how it is taken away. `-` makes git refuse
/// an encoding, so that this one is made unspecified.
const TAKEN_AWAY: [(&str, &str); 7] = [
    ("text", "-text"),
    ("filter", "-filter"),
    ("ident", "-ident"),
    ("working-tree-encoding", "!working-tree-encoding"),
    ("export-subst", "-export-subst"),
    ("export-ignore", "-export-ignore"),
    ("merge", "-merge"),
];

/// The risks, and the change to `.gitattributes` that takes them away.
pub(super) fn risks(tree: &Tree<'_>, risks: &mut Vec<Risk>, unseen: &mut Vec<Unseen>) -> Option<Plan> {
    let git = tree.git.as_ref()?;
    let sources = Sources::read(tree, risks, unseen);
    let mut touched: BTreeMap<Touch, Vec<usize>> = BTreeMap::new();
    for (at, path) in tree.files.iter().enumerate() {
        for touch in touches(tree, git, &sources, at, path) {
            touched.entry(touch).or_default().push(at);
        }
    }
    let folders = folders_left_out(tree, git, &sources);
    let own: Vec<String> =
        folders.iter().map(|(folder, _)| quoting::folder(folder) + " -export-ignore").collect();
    let all = Plan::new(tree, &sources, &needed(tree, &touched, &|_, _| true), own.clone());
    // Lines that another file takes back would be added in vain.
    let prevents = |touch: &Touch, at: usize| all.winner(tree, &sources, touch, at).is_none();
    let plan = Plan::new(tree, &sources, &needed(tree, &touched, &prevents), own);
    risks.extend(folders.into_iter().filter_map(|(_, risk)| Some(plan.remedy_for(risk?))));
    for (touch, numbers) in touched {
        risks.extend(plan.resolve(&all, tree, &sources, &touch, &numbers));
    }
    plan.is_needed().then_some(plan)
}

/// What has to be taken away, and where.
fn needed(
    tree: &Tree<'_>,
    touched: &BTreeMap<Touch, Vec<usize>>,
    is_wanted: &dyn Fn(&Touch, usize) -> bool,
) -> BTreeMap<Part, BTreeSet<&'static str>> {
    let mut needed: BTreeMap<Part, BTreeSet<&'static str>> = BTreeMap::new();
    for (touch, numbers) in touched {
        let wanted = numbers.iter().filter(|&&at| is_wanted(touch, at));
        for part in tree.cover().parts(wanted.filter_map(|&at| tree.files.get(at))) {
            needed.entry(part).or_default().insert(touch.attribute);
        }
    }
    needed
}

/// Everything that git does to one file.
fn touches(tree: &Tree<'_>, git: &FromGit, sources: &Sources, at: usize, path: &BytePath) -> Vec<Touch> {
    let Some(attributes) = git.attributes.get(at) else { return Vec::new() };
    let all = said(&sources.all(), path);
    let mut found: Vec<Touch> = line_ends(tree, git, sources, at, path, &all).into_iter().collect();
    let content = tree.contents().get(at).copied().unwrap_or_default();
    let mut touch = |kind, attribute: &'static str, does: String| {
        let (place, by) = sources.place(&all, &[attribute]);
        found.push(Touch { kind, attribute, place, reason: format!("{by}{does}") });
    };
    if let State::Value(value) = attributes.state("filter") {
        if value == b"lfs" {
            touch(Kind::GitLfs, "filter", "keeps the bytes out of git, in LFS".to_owned());
        } else {
            let program = quote(value);
            touch(Kind::FilterAttribute, "filter", format!("sends the bytes through the filter {program}"));
        }
    }
    if *attributes.state("ident") == State::Set && content.ident {
        touch(Kind::IdentExpansion, "ident", "makes git fill in every $Id$".to_owned());
    }
    match attributes.state("working-tree-encoding") {
        State::Value(value)
            if ["utf-8", "utf8"].iter().all(|own| !value.eq_ignore_ascii_case(own.as_bytes())) =>
        {
            let does = format!("makes git write the file in the encoding {}", quote(value));
            touch(Kind::EncodingConversion, "working-tree-encoding", does);
        }
        State::Set | State::Unset => {
            let does = "names no encoding, so that git refuses to read or write the file".to_owned();
            touch(Kind::EncodingConversion, "working-tree-encoding", does);
        }
        _ => {}
    }
    if *attributes.state("export-subst") == State::Set && content.format {
        touch(Kind::ExportSubst, "export-subst", "makes git archive fill in every $Format:...$".to_owned());
    }
    if *attributes.state("export-ignore") == State::Set {
        touch(Kind::ExportIgnore, "export-ignore", "makes git archive leave the file out".to_owned());
    }
    if let State::Value(value) = attributes.state("merge")
        && value != b"text"
        && value != b"binary"
    {
        let does =
            format!("makes merges through the driver {} change the file without a conflict", quote(value));
        touch(Kind::MergeUnion, "merge", does);
    }
    found
}

fn line_ends(
    tree: &Tree<'_>,
    git: &FromGit,
    sources: &Sources,
    at: usize,
    path: &BytePath,
    all: &Said<'_>,
) -> Option<Touch> {
    let attributes = git.attributes.get(at)?;
    let content = tree.contents().get(at)?;
    let tracked = git.indexed.contains_key(&at);
    let shared = said(&sources.shared(), path);
    let elsewhere = |name: &str| shared.get(name).map_or(State::Unspecified, |(state, ..)| state.clone());
    let here = |name: &str| attributes.state(name).clone();
    let changes = |change| match change {
        Change::Checkout => "LF becomes CRLF on the next checkout",
        Change::Add => "CRLF becomes LF when git next takes the file in",
    };
    let (place, by) = sources.place(all, &["eol", "text", "crlf"]);
    let touch = |kind, place, reason| Some(Touch { kind, attribute: "text", place, reason });
    // What is here, and what git writes next time where that is something else.
    let change = |machine: Machine, state: &dyn Fn(&str) -> State| {
        let held = || git.held.get(&at).and_then(|held| machine.change(state, held, true));
        machine.change(state, content, tracked).or_else(held)
    };
    if let Some(change) = change(Machine::of(&git.settings), &here) {
        let settings = settings(git);
        let reason = match (by.is_empty(), settings.is_empty()) {
            (true, _) => format!("{settings}: {}", changes(change)),
            (false, true) => format!("{by}makes git convert line ends: {}", changes(change)),
            (false, false) => format!("{by}and {settings} make git convert line ends: {}", changes(change)),
        };
        return touch(Kind::LineEndsConverted, place, reason);
    }
    if let Some(change) = change(Machine::WINDOWS, &here) {
        let reason = if by.is_empty() {
            format!(
                "no attribute keeps a machine with core.autocrlf=true from converting: {}",
                changes(change)
            )
        } else {
            format!("{by}makes a machine with core.autocrlf=true convert line ends: {}", changes(change))
        };
        return touch(Kind::LineEndsMayConvert, place, reason);
    }
    let change = change(Machine::WINDOWS, &elsewhere)?;
    let reason =
        format!("{by}keeps git from converting, on this machine only; elsewhere {}", changes(change));
    touch(Kind::AttributesNotShared, place, reason)
}

/// The settings of this machine that convert line ends, with where they stand.
fn settings(git: &FromGit) -> String {
    let one = |name: &str| {
        let set = git.settings.get(name)?;
        let value = crate::text::escape(&set.value);
        Some(format!("{name}={value} in {}", set.scope.place()))
    };
    let all: Vec<String> = ["core.autocrlf", "core.eol"].into_iter().filter_map(one).collect();
    all.join(" and ")
}

/// Folders on the way to sealed files that `git archive` leaves out as a whole.
/// What lies in such a folder is told of with the highest one.
fn folders_left_out(tree: &Tree<'_>, git: &FromGit, sources: &Sources) -> Vec<(BytePath, Option<Risk>)> {
    let left_out_here = git.folders.iter().filter(|(_, says)| *says.state("export-ignore") == State::Set);
    let folders: BTreeSet<BytePath> = left_out_here.map(|(folder, _)| folder.clone()).collect();
    let one = |folder: &BytePath| {
        let inside = Tree::above(folder).any(|above| folders.contains(&above));
        (folder.clone(), (!inside).then(|| left_out(tree, sources, folder)))
    };
    folders.iter().map(one).collect()
}

fn left_out(tree: &Tree<'_>, sources: &Sources, folder: &BytePath) -> Risk {
    // What lies below a folder stands together.
    let inside = folder.child(b"\0");
    let start = tree.files.partition_point(|path| *path < inside);
    let below = tree.files.iter().skip(start).take_while(|path| path.strip_prefix(folder).is_some());
    let numbers: Vec<usize> = (start..start + below.count()).collect();
    let all = said(&sources.all(), folder);
    let (place, by) = sources.place(&all, &["export-ignore"]);
    let by = if by.is_empty() { "an attribute " } else { &by };
    let name = quote(tree.shown(folder).as_bytes());
    let mut risk =
        Risk::new(Kind::ExportIgnore, format!("{by}makes git archive leave out the folder {name}"));
    risk.place = place;
    tree.concerning(risk, &numbers)
}
