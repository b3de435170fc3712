//! Findings with one root cause, as one group each.
//!
//! Every finding that counts is in exactly one group; findings that change
//! nothing in the verdict are in none. The order of groups does not depend on
//! anything but the findings.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{Group, origin};
use crate::code::{Code, Concerns, Effect};
use crate::drift::Grade;
use crate::finding::Finding;
use crate::path::BytePath;

/// Groups the findings that count, most important first: what keeps the seal
/// itself from being read or trusted, what could not be verified, proven causes
/// by the number of files, then everything else.
pub fn group(findings: &[Finding]) -> Vec<Group> {
    group_where(findings, |finding| finding.effect != Effect::None)
}

/// Groups the findings that `wanted` says, as [`group`] does.
pub(crate) fn group_where(findings: &[Finding], wanted: impl Fn(&Finding) -> bool) -> Vec<Group> {
    let members: Vec<(usize, &Finding)> =
        findings.iter().enumerate().filter(|(_, finding)| wanted(finding)).collect();
    let primaries = primaries(&members);
    let trees = Trees::of(&members);
    let shared = origin::Shared::of(members.iter().map(|(_, finding)| *finding));
    let moved: HashMap<Place<'_>, &Finding> = moved(members.iter().map(|(_, finding)| *finding)).collect();
    let converted = converted(&members, &shared);
    let mut by_key: BTreeMap<(Key<'_>, origin::Key<'_>), Vec<usize>> = BTreeMap::new();
    for (index, finding) in &members {
        let leader = place(finding)
            .filter(|_| is_companion(finding.code))
            .and_then(|place| primaries.get(&place))
            .and_then(|&leader| findings.get(leader))
            .or_else(|| trees.explains(finding))
            .or_else(|| {
                converted
                    .get(&(finding.packet, origin::Key::of(finding, &shared)))
                    .copied()
                    .filter(|_| is_pin(finding))
            })
            .or_else(|| place(finding).filter(|_| is_new(finding)).and_then(|at| moved.get(&at)).copied())
            .unwrap_or(finding);
        by_key.entry((Key::of(leader), origin::Key::of(leader, &shared))).or_default().push(*index);
    }
    let mut groups: Vec<(Rank, Group)> = by_key
        .into_values()
        .filter_map(|indices| {
            let group = assemble(findings, indices)?;
            Some((Rank::of(findings, &group), group))
        })
        .collect();
    groups.sort_by_key(|(rank, _)| *rank);
    groups.into_iter().map(|(_, group)| group).collect()
}

/// By packet, the first file whose bytes one checkout converted: a pin that was
/// converted with it is no cause of its own.
fn converted<'a>(
    members: &[(usize, &'a Finding)],
    shared: &origin::Shared<'a>,
) -> BTreeMap<(Option<usize>, origin::Key<'a>), &'a Finding> {
    let mut first = BTreeMap::new();
    for (_, finding) in members.iter().filter(|(_, finding)| !finding.causes.is_empty()) {
        let key = origin::Key::of(finding, shared);
        if key.is_checkout() {
            first.entry((finding.packet, key)).or_insert(*finding);
        }
    }
    first
}

fn is_pin(finding: &Finding) -> bool {
    finding.code == Code::PinMalformed
}

/// Where moved files are now, each with the finding that says so.
fn moved<'a>(members: impl Iterator<Item = &'a Finding>) -> impl Iterator<Item = (Place<'a>, &'a Finding)> {
    let moved = members.filter(|finding| matches!(finding.code, Code::Moved | Code::Renamed));
    moved.flat_map(|finding| finding.others.iter().map(move |other| ((finding.packet, other), finding)))
}

/// A file that nobody listed; one that was moved there is no finding of its own.
fn is_new(finding: &Finding) -> bool {
    finding.code == Code::UnsealedFile && finding.others.is_empty()
}

/// Per packet and sealed tree: the manifest that drifted, or else the pin that says so.
///
/// A manifest whose bytes drifted breaks its pin, and the tree demanded from
/// outside. That is one cause and not three.
struct Trees<'a>(BTreeMap<(Option<usize>, &'a str), &'a Finding>);

impl<'a> Trees<'a> {
    fn of(members: &[(usize, &'a Finding)]) -> Self {
        let mut best: BTreeMap<(Option<usize>, &'a str), (u8, &'a Finding)> = BTreeMap::new();
        let pinned: BTreeSet<_> = members
            .iter()
            .filter(|(_, finding)| is_about_the_tree(finding.code))
            .filter_map(|(_, finding)| tree(finding))
            .collect();
        for (_, finding) in members {
            let Some(tree) = tree(finding).filter(|tree| pinned.contains(tree)) else { continue };
            let rank = match finding.code {
                _ if !finding.causes.is_empty() && is_proven(finding.grade) => 0,
                Code::TreePinMismatch => 1,
                Code::ExpectedTreeMismatch => 2,
                _ => continue,
            };
            let held = best.entry(tree).or_insert((rank, finding));
            if rank < held.0 {
                *held = (rank, finding);
            }
        }
        Self(best.into_iter().map(|(tree, (_, finding))| (tree, finding)).collect())
    }

    /// The finding that this one stands with.
    fn explains(&self, finding: &Finding) -> Option<&'a Finding> {
        let bytes = finding.code.row().concerns == Concerns::Drifted;
        let asked = is_about_the_tree(finding.code) || bytes;
        tree(finding).filter(|_| asked).and_then(|tree| self.0.get(&tree)).copied()
    }
}

fn is_about_the_tree(code: Code) -> bool {
    matches!(code, Code::TreePinMismatch | Code::ExpectedTreeMismatch)
}

/// The sealed tree that a finding is about, if it is about one: a manifest has
/// no sealed length.
fn tree(finding: &Finding) -> Option<(Option<usize>, &str)> {
    let fact = finding.sealed.as_ref().filter(|fact| fact.size.is_none())?;
    Some((finding.packet, fact.digest.as_str()))
}

/// Says something about a finding of the same file rather than of its own.
pub(crate) fn is_companion(code: Code) -> bool {
    matches!(code, Code::ByteLengthMismatch | Code::SameLengthHashMismatch)
}

/// The findings of a group that stand for a file, without their companions: the
/// manifest first, since what happened to it explains the others.
pub(crate) fn leaders<'a>(
    findings: &'a [Finding],
    group: &Group,
) -> impl Iterator<Item = &'a Finding> + Clone + use<'a> {
    let members: Vec<&Finding> = group.findings.iter().filter_map(|&index| findings.get(index)).collect();
    let led: BTreeSet<_> =
        members.iter().filter(|finding| !is_companion(finding.code)).filter_map(|f| place(f)).collect();
    let pinned: BTreeSet<_> =
        members.iter().filter(|f| is_about_the_tree(f.code)).filter_map(|f| tree(f)).collect();
    let heads = |finding: &Finding| {
        !is_about_the_tree(finding.code) && tree(finding).is_some_and(|tree| pinned.contains(&tree))
    };
    let drifted: BTreeSet<_> = members
        .iter()
        .filter(|finding| heads(finding) && is_proven(finding.grade))
        .filter_map(|finding| tree(finding))
        .collect();
    let arrived: BTreeSet<Place<'_>> = moved(members.iter().copied()).map(|(place, _)| place).collect();
    let kept = |finding: &&Finding| {
        let follows_move = is_new(finding) && place(finding).is_some_and(|place| arrived.contains(&place));
        let follows_file =
            is_companion(finding.code) && place(finding).is_some_and(|place| led.contains(&place));
        let follows_manifest =
            is_about_the_tree(finding.code) && tree(finding).is_some_and(|tree| drifted.contains(&tree));
        !(follows_file || follows_manifest || follows_move)
    };
    let mut kept: Vec<&Finding> = members.iter().copied().filter(kept).collect();
    // The pin that cannot be explained comes before the manifest that it disowns.
    kept.sort_by_key(|finding| match finding.code {
        code if is_about_the_tree(code) && finding.causes.is_empty() => 0,
        _ if heads(finding) => 1,
        _ => 2,
    });
    kept.into_iter()
}

/// The findings without those that say the same of a file as an earlier one,
/// by another seal over it. A finding about a line of its own is never the same.
pub(crate) fn files<'a>(members: &[&'a Finding]) -> Vec<&'a Finding> {
    let mut seen = BTreeSet::new();
    let mut files = members.to_vec();
    files.retain(|finding: &&'a Finding| {
        let place = finding.whole_path.as_ref().filter(|_| finding.snippet.is_none());
        // Places in the file itself are each one of their own: three secrets are three.
        let at = finding.location.filter(|_| finding.located_in.is_none()).map(|at| at.byte);
        place.is_none_or(|path| seen.insert((path, finding.code, at)))
    });
    files
}

/// How many files they concern. What has none counts for itself.
fn concerned(members: &[&Finding]) -> usize {
    let path = |finding: &&Finding| finding.whole_path.as_ref().or(finding.path.as_ref()).cloned();
    let paths: Vec<Option<BytePath>> = members.iter().map(path).collect();
    let distinct: BTreeSet<&BytePath> = paths.iter().flatten().collect();
    distinct.len() + paths.iter().filter(|path| path.is_none()).count()
}

type Place<'a> = (Option<usize>, &'a BytePath);

fn place(finding: &Finding) -> Option<Place<'_>> {
    finding.path.as_ref().map(|path| (finding.packet, path))
}

/// For each file the finding that its companions follow: one about its bytes
/// before any other.
fn primaries<'a>(members: &[(usize, &'a Finding)]) -> HashMap<Place<'a>, usize> {
    let mut found: HashMap<Place<'a>, (bool, usize)> = HashMap::new();
    for (index, finding) in members {
        if is_companion(finding.code) {
            continue;
        }
        if let Some(place) = place(finding) {
            let candidate = (!is_about_bytes(finding), *index);
            let best = found.entry(place).or_insert(candidate);
            *best = candidate.min(*best);
        }
    }
    found.into_iter().map(|(place, (_, index))| (place, index)).collect()
}

fn is_about_bytes(finding: &Finding) -> bool {
    finding.code.row().concerns == Concerns::Drifted || !finding.causes.is_empty()
}

/// What the findings of one group have in common.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Key<'a> {
    /// The same causes, in the same order and direction, proven or not.
    Causes(bool, Vec<(Code, &'a str)>),
    /// Nothing but the code.
    Code(Code),
}

impl<'a> Key<'a> {
    fn of(finding: &'a Finding) -> Self {
        if finding.causes.is_empty() {
            return Self::Code(finding.code);
        }
        let causes = finding.causes.iter().map(|cause| (cause.code, cause.direction.as_str()));
        Self::Causes(is_proven(finding.grade), causes.collect())
    }
}

/// Whether bytes with the sealed digest were in hand.
pub(crate) fn is_proven(grade: Grade) -> bool {
    matches!(grade, Grade::ProvenByHash | Grade::ProvenByOriginal)
}

fn assemble(findings: &[Finding], indices: Vec<usize>) -> Option<Group> {
    let mut group =
        Group { cause: String::new(), origin: None, count: 0, help: String::new(), findings: indices };
    let members: Vec<&Finding> = leaders(findings, &group).collect();
    let first = *members.first()?;
    let count = u64::try_from(concerned(&members)).unwrap_or(u64::MAX);
    let cause = heading(first);
    let help = shared_help(&members, first);
    let origin = origin::of_all(&members);
    group = Group { cause, origin, count, help, ..group };
    Some(group)
}

/// `Line endings changed: sealed with LF, now CRLF`. Of many causes the first are
/// named, those with one code together.
fn heading(finding: &Finding) -> String {
    if finding.causes.is_empty() {
        return finding.code.row().title.to_owned();
    }
    let mut parts: Vec<(Code, Vec<&str>)> = Vec::new();
    for cause in &finding.causes {
        let at = parts.iter().position(|(code, _)| *code == cause.code);
        match at.and_then(|at| parts.get_mut(at)) {
            Some((_, directions)) => directions.push(&cause.direction),
            None => parts.push((cause.code, vec![&cause.direction])),
        }
    }
    // Two lines are read; directions of a third cause would not be.
    let named = if parts.len() > 2 { 0 } else { DIRECTIONS / parts.len().max(1) };
    let parts = parts.iter().map(|(code, directions)| part(*code, directions, named));
    parts.collect::<Vec<_>>().join(" + ")
}

/// So many directions are told in a heading.
const DIRECTIONS: usize = 2;

/// `Typographic characters replaced: em dash replaced by hyphen, and 2 other replacements`.
fn part(code: Code, directions: &[&str], named: usize) -> String {
    let title = code.row().title;
    let told: Vec<&str> = directions.iter().copied().filter(|text| !text.is_empty()).collect();
    let (shown, others) = told.split_at_checked(named).unwrap_or((&told, &[]));
    if shown.is_empty() {
        return title.to_owned();
    }
    let rest = match others.len() {
        0 => String::new(),
        1 => ", and 1 other replacement".to_owned(),
        n => format!(", and {n} other replacements"),
    };
    format!("{title}: {}{rest}", shown.join(", "))
}

/// The help that all have, else the general words for what they have in common.
fn shared_help(members: &[&Finding], first: &Finding) -> String {
    if members.iter().all(|finding| finding.help == first.help) {
        return first.help.clone().into_owned();
    }
    let code = first.causes.last().map_or(first.code, |cause| cause.code);
    code.row().fix.to_owned()
}

/// Smaller comes first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    /// 0 the seal itself, 1 what could not be verified, 2 proven causes, 3 the rest.
    tier: u8,
    /// Proven causes: by number of files, most first. Otherwise 0.
    rarity: u64,
    concerns: Concerns,
    code: Code,
    /// Ends every tie.
    first: usize,
}

impl Rank {
    fn of(findings: &[Finding], group: &Group) -> Self {
        let members = || group.findings.iter().filter_map(|&index| findings.get(index));
        let stops = || members().filter(|finding| finding.effect == Effect::CannotVerify);
        let tier = if members().any(|finding| is_about_the_seal(finding.code))
            || stops().any(|finding| finding.code.row().concerns == Concerns::Other)
        {
            0
        } else if stops().next().is_some() {
            1
        } else if members().any(|finding| !finding.causes.is_empty() && is_proven(finding.grade)) {
            2
        } else {
            3
        };
        let code = leaders(findings, group).map(|finding| finding.code).min();
        let code = code.unwrap_or(Code::EditedContent);
        Self {
            tier,
            rarity: if tier == 2 { u64::MAX - group.count } else { 0 },
            concerns: if tier == 0 { Concerns::Other } else { code.row().concerns },
            code,
            first: group.findings.first().copied().unwrap_or_default(),
        }
    }
}

/// The manifest, its pin or the configuration: until it is right, nothing
/// else can be relied on.
fn is_about_the_seal(code: Code) -> bool {
    matches!(
        code,
        Code::ManifestMissing
            | Code::ManifestListsItself
            | Code::MalformedLine
            | Code::MalformedDigest
            | Code::UnsupportedDigest
            | Code::WeakDigest
            | Code::DuplicatePath
            | Code::PathTraversal
            | Code::BadPath
            | Code::TreePinMismatch
            | Code::PinMalformed
            | Code::ExpectedTreeMismatch
    )
}

#[cfg(test)]
#[path = "group_tests.rs"]
mod tests;
