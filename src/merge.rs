//! Joining the reports of shards into the report of the whole set.
//!
//! Nothing is judged here: packets and findings are those of the shards, and the
//! verdict is asked for as for any run. What is decided is whether the reports are
//! one of each shard of one and the same set. Unless they are, the result says so
//! and is not good, whatever the shards found.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use crate::code::Code;
use crate::finding::Finding;
use crate::path::BytePath;
use crate::report::{self, EntryState, Outcome, PacketReport, Report, Shard, Stats};
use crate::text::quote;
use crate::verdict;

/// The report of one shard, as it was given.
pub(crate) struct Given {
    /// The file.
    pub(crate) path: BytePath,
    /// What it says, or why it cannot be used.
    pub(crate) read: Result<Report, Box<Finding>>,
}

/// A report that can be used.
struct Usable {
    path: BytePath,
    report: Report,
    shard: Shard,
    /// The findings of each packet, by their index.
    of_packet: Vec<Vec<usize>>,
}

impl Usable {
    fn of_run(&self) -> impl Iterator<Item = &Finding> {
        self.report.findings.iter().filter(|finding| finding.packet.is_none())
    }

    /// What a run says that is not about a packet, which all shards of a set say alike.
    fn of_the_set(&self) -> String {
        let findings: Vec<&Finding> = self.of_run().collect();
        format!("{:?}{findings:?}{:?}", self.report.base, self.report.passed_over)
    }

    fn name(&self) -> String {
        quote(self.path.as_bytes())
    }
}

/// Joins the reports; each is wanted once.
pub(crate) fn merge(given: Vec<Given>) -> Report {
    let mut problems = Vec::new();
    let mut usable = Vec::new();
    for Given { path, read } in given {
        match read {
            Ok(report) => usable.extend(shard_of(path, report)),
            Err(finding) => problems.push((*finding).path(path)),
        }
    }
    let strangers = strangers(&usable);
    let of_one_set = strangers.is_empty();
    problems.extend(strangers);
    if of_one_set {
        problems.extend(repeated(&mut usable));
        problems.extend(missing(&usable));
        problems.extend(left_out(&usable));
    } else {
        usable.clear();
    }
    joined(&usable, problems)
}

fn shard_of(path: BytePath, report: Report) -> Option<Usable> {
    let shard = report.shard.clone()?;
    let mut of_packet = vec![Vec::new(); report.packets.len()];
    for (at, finding) in report.findings.iter().enumerate() {
        if let Some(own) = finding.packet.and_then(|packet| of_packet.get_mut(packet)) {
            own.push(at);
        }
    }
    Some(Usable { path, report, shard, of_packet })
}

/// Reports that are not of the set that the first one is of.
fn strangers(usable: &[Usable]) -> Vec<Finding> {
    let Some((first, rest)) = usable.split_first() else { return Vec::new() };
    let set = first.of_the_set();
    let mut found = Vec::new();
    for other in rest {
        let (a, b) = (&first.shard, &other.shard);
        let what = if a.of != b.of {
            format!("one of {} shards, and {} is one of {}", b.of, first.name(), a.of)
        } else if a.whole != b.whole || a.seals != b.seals {
            format!("of another set of seals than {}, or was asked for in another way", first.name())
        } else if other.of_the_set() != set {
            format!("of the same seals as {}, and says other things of the run", first.name())
        } else {
            continue;
        };
        found.push(
            Finding::new(Code::ShardMismatch, format!("the report is {what}")).path(other.path.clone()),
        );
    }
    found
}

/// Takes out every report of a shard of which there is an earlier one.
fn repeated(usable: &mut Vec<Usable>) -> Vec<Finding> {
    let mut first: BTreeMap<u32, String> = BTreeMap::new();
    let mut found = Vec::new();
    usable.retain(|one| {
        let number = one.shard.number;
        let Some(earlier) = first.get(&number) else {
            first.insert(number, one.name());
            return true;
        };
        let message = format!("shard {number} of {} is reported by {earlier} already", one.shard.of);
        found.push(Finding::new(Code::ShardRepeated, message).path(one.path.clone()));
        false
    });
    found
}

/// The shards that nobody reports.
fn missing(usable: &[Usable]) -> Option<Finding> {
    let of = usable.first()?.shard.of;
    let there: BTreeSet<u32> = usable.iter().map(|one| one.shard.number).collect();
    let gone: Vec<u32> = (1..=of).filter(|number| !there.contains(number)).collect();
    let first = gone.first()?;
    let told: Vec<String> = gone.iter().take(10).map(u32::to_string).collect();
    let more = match gone.len().saturating_sub(told.len()) {
        0 => String::new(),
        n => format!(" and {n} more"),
    };
    let (noun, verb) = if gone.len() == 1 { ("shard", "is") } else { ("shards", "are") };
    let message = format!("no report of {noun} {}{more} of {of} {verb} there", told.join(", "));
    let help = format!(
        "run what is missing as the others were run: `seal verify --shard {first}/{of} --output json={first}.json`, with \
         the same paths and options; then give `seal merge` the report of every shard"
    );
    Some(Finding::new(Code::ShardMissing, message).help(help))
}

/// Seals that no shard judged, or two did, although every shard is there.
fn left_out(usable: &[Usable]) -> Option<Finding> {
    let first = usable.first()?;
    let seals = first.shard.seals;
    let mut judged = HashSet::new();
    let all = usable.iter().flat_map(|one| one.shard.positions.iter().map(move |at| (*at, one)));
    for (at, one) in all {
        if at >= seals || !judged.insert(at) {
            let message = "the report has a seal that is none of this shard's";
            return Some(Finding::new(Code::ShardMismatch, message).path(one.path.clone()));
        }
    }
    let complete = usable.len() == usize::try_from(first.shard.of).unwrap_or(usize::MAX);
    let gone = seals.saturating_sub(judged.len() as u64);
    (complete && gone > 0).then(|| {
        Finding::new(
            Code::ShardMismatch,
            format!("{gone} of {seals} seals are in no report, and every shard is there"),
        )
    })
}

/// One report of what the shards say, and of what is wrong with them.
fn joined(usable: &[Usable], problems: Vec<Finding>) -> Report {
    let mut findings: Vec<Finding> = usable.first().into_iter().flat_map(Usable::of_run).cloned().collect();
    findings.extend(problems);
    let mut places: BTreeMap<u64, (&Usable, usize)> = BTreeMap::new();
    for one in usable {
        let own = one.shard.positions.iter().enumerate();
        places.extend(own.map(|(index, &position)| (position, (one, index))));
    }
    let mut packets = Vec::with_capacity(places.len());
    for (one, index) in places.into_values() {
        if let Some(packet) = moved(one, index, packets.len(), &mut findings) {
            packets.push(packet);
        }
    }
    let partial = partial_because(usable);
    let nothing = !usable.is_empty() && usable.iter().all(|one| one.shard.seals == 0);
    let compared = packets.iter().map(|packet: &PacketReport| packet.counts.total).sum();
    let outcomes: Vec<Outcome> =
        usable.iter().map(|one| one.report.outcome).chain(counting(&packets, &findings)).collect();
    let verdict = verdict::of_run(&outcomes, &findings, compared, nothing);
    Report {
        outcome: verdict.outcome,
        complete: partial.is_empty() && verdict.outcome != Outcome::Error,
        partial_because: partial,
        exit_code: verdict.exit_code,
        base: usable.first().and_then(|one| one.report.base.clone()),
        groups: report::group(&findings),
        passed_over: usable.first().map(|one| one.report.passed_over.clone()).unwrap_or_default(),
        stats: stats(usable, &packets),
        shard: None,
        selftest: None,
        packets,
        findings,
    }
}

/// A packet in its new place, and its findings behind those that are there.
fn moved(one: &Usable, index: usize, place: usize, findings: &mut Vec<Finding>) -> Option<PacketReport> {
    let mut packet = one.report.packets.get(index)?.clone();
    let mut numbers = BTreeMap::new();
    for &at in one.of_packet.get(index)? {
        let finding = one.report.findings.get(at)?.clone();
        numbers.insert(at, findings.len());
        findings.push(Finding { packet: Some(place), ..finding });
    }
    for check in &mut packet.checks {
        let renumbered = check.findings.iter().filter_map(|at| numbers.get(at).copied());
        check.findings = renumbered.collect();
    }
    Some(packet)
}

/// The outcomes of the packets whose failure is not excused.
fn counting<'a>(
    packets: &'a [PacketReport],
    findings: &[Finding],
) -> impl Iterator<Item = Outcome> + use<'a> {
    let excused: BTreeSet<Option<usize>> =
        findings.iter().filter(|finding| finding.code == Code::KnownBroken).map(|f| f.packet).collect();
    let counts = move |at: usize| !excused.contains(&Some(at));
    packets.iter().enumerate().filter(move |(at, _)| counts(*at)).map(|(_, packet)| packet.outcome)
}

/// Why the whole is partial: what shards say beside that they are shards.
fn partial_because(usable: &[Usable]) -> Vec<String> {
    let mut all = BTreeSet::new();
    for one in usable {
        let own = one.shard.why();
        all.extend(one.report.partial_because.iter().filter(|why| **why != own).cloned());
    }
    all.into_iter().collect()
}

/// The totals. A file that seals of two shards list is one.
fn stats(usable: &[Usable], packets: &[PacketReport]) -> Stats {
    let sum =
        |of: fn(&Stats) -> u64| usable.iter().map(|one| of(&one.report.stats)).fold(0, u64::saturating_add);
    let (mut sealed, mut damaged, mut refused) = (HashSet::new(), HashSet::new(), 0u64);
    for packet in packets {
        refused = refused.saturating_add(packet.counts.total.saturating_sub(packet.entries.len() as u64));
        for (name, state) in packet.entries.iter() {
            let file = packet.root.child(name);
            match state {
                EntryState::Repeated => continue,
                EntryState::Damaged => drop(damaged.insert(file.clone())),
                EntryState::Intact | EntryState::Referenced => {}
            }
            sealed.insert(file);
        }
    }
    Stats {
        packets: packets.len() as u64,
        files: sum(|stats| stats.files),
        bytes: sum(|stats| stats.bytes),
        sealed: (sealed.len() as u64).saturating_add(refused),
        damaged: (damaged.len() as u64).saturating_add(refused),
    }
}

#[cfg(test)]
mod tests;
