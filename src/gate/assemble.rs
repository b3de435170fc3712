//! From judged units to the report: findings sorted and numbered, entries
//! counted, the verdict asked for.

use std::collections::BTreeSet;

use super::Options;
use super::scan::Scan;
use super::unit::{Unit, distinct_files, files_and_bytes, refused_lines};
use crate::check::{self, Outcome as Checked};
use crate::code::{Code, Severity};
use crate::evidence::Shelf;
use crate::finding::Finding;
use crate::observe::{Progress, State};
use crate::path::BytePath;
use crate::report::name::as_argument;
use crate::report::{
    self, CheckReport, Counts, Entries, EntryState, Look, Outcome, PacketReport, PassedOver, Report,
    Selftest, Stats,
};
use crate::source::Layer;
use crate::text::quote;
use crate::verdict;

/// A finding and the number of the check that made it.
struct Tagged {
    finding: Finding,
    check: Option<usize>,
}

impl Tagged {
    fn of_run(finding: Finding) -> Self {
        Self { finding, check: None }
    }
}

/// The report of a run that could not begin.
pub(super) fn refused(findings: Vec<Finding>) -> Report {
    let findings = findings.into_iter().map(Tagged::of_run).collect();
    finish(Vec::new(), findings, Vec::new(), Stats::default(), &BTreeSet::new(), &[], false)
}

/// The report with one more finding of the run; those that are numbered keep their numbers.
pub(super) fn amended(report: &Report, finding: Finding) -> Report {
    let mut report = report.clone();
    let verdict = verdict::with(report.outcome, &finding);
    report.outcome = verdict.outcome;
    report.exit_code = verdict.exit_code;
    report.complete &= verdict.outcome != Outcome::Error;
    report.findings.push(finding);
    report.groups = report::group(&report.findings);
    report
}

/// The report with what a self-test has to say beside it. What the copy was found
/// to be counts through the self-test's own findings.
pub(super) fn tested(mut report: Report, selftest: Selftest, findings: Vec<Finding>) -> Report {
    let verdict = findings.iter().fold(report.outcome, |verdict, one| verdict::with(verdict, one).outcome);
    report.findings.extend(findings);
    report.groups = report::group(&report.findings);
    report.outcome = verdict;
    report.exit_code = verdict::exit_code(verdict);
    report.partial_because.clone_from(&selftest.left_out);
    report.complete = verdict != Outcome::Error && selftest.left_out.is_empty();
    report.selftest = Some(selftest);
    report
}

/// The report of a run.
pub(super) fn report(
    units: &[Unit],
    scans: &[Scan],
    run_findings: Vec<Finding>,
    options: &Options,
    progress: &Progress,
) -> Report {
    let notes = scans.iter().flat_map(|scan| super::scan::ignored_configs(scan, options));
    let mut findings: Vec<Tagged> = run_findings.into_iter().chain(notes).map(Tagged::of_run).collect();
    let mut packets = Vec::with_capacity(units.len());
    let mut partial = BTreeSet::new();
    let mut counting = Vec::with_capacity(units.len());
    for (index, unit) in units.iter().enumerate() {
        let (packet, own, counts_in) = packet(index, unit, options, &mut partial);
        counting.push(counts_in.then_some(packet.outcome));
        findings.extend(own);
        packets.push(packet);
    }
    partial.extend(options.shard.map(super::shard::Part::why));
    let passed_over = passed_over(scans, options);
    for (scan, path) in scans.iter().filter(|scan| scan.is_empty).map(|scan| (scan, &scan.under)) {
        if options.allow_empty {
            partial.insert("no seal was found".to_owned());
        } else {
            let shown = scan.shown(path, options);
            findings.push(Tagged::of_run(no_seal(scan, &shown)));
        }
    }
    let (files, bytes) = files_and_bytes(units, progress);
    let (sealed, damaged) = distinct_files(units);
    let stats = Stats { packets: packets.len() as u64, files, bytes, sealed, damaged };
    let counting: Vec<Outcome> = counting.into_iter().flatten().collect();
    // A part of a set may be empty where the set is not; what all parts amount to is judged when they are joined.
    let elsewhere = options.shard.is_some() && scans.iter().any(|scan| scan.wanted_seals().next().is_some());
    let empty_is_good = units.is_empty() && (options.allow_empty || elsewhere);
    finish(packets, findings, passed_over, stats, &partial, &counting, empty_is_good)
}

/// One packet's report, its findings, and whether its outcome counts in the run's.
fn packet(
    index: usize,
    unit: &Unit,
    options: &Options,
    partial: &mut BTreeSet<String>,
) -> (PacketReport, Vec<Tagged>, bool) {
    let shelf = Shelf::new(unit);
    let before = unit.before.as_ref();
    let shelf_before = before.and_then(super::predecessor::Before::shelf);
    let predecessor = before.map(|before| before.predecessor(shelf_before.as_ref()));
    let mut checks = check::judge(&unit.packet(&shelf, predecessor.as_ref()), &options.checks);
    // A configuration that weakens from inside is the manifest check's to fail.
    if let Some(first) = checks.first_mut()
        && !unit.findings.is_empty()
    {
        first.findings.extend(unit.findings.iter().cloned());
        first.status = check::Status::Error;
    }
    let outcome = verdict::of_packet(&checks);
    let levels = verdict::levels(&checks);
    let tag = |(check, checked): (usize, &mut Checked)| {
        let findings = std::mem::take(&mut checked.findings);
        findings.into_iter().map(move |finding| Tagged { finding, check: Some(check) })
    };
    let mut own: Vec<Tagged> = checks.iter_mut().enumerate().flat_map(tag).collect();
    let excused = unit.policy.known_broken.as_ref().filter(|_| outcome == Outcome::Fail);
    if let Some(reason) = excused {
        partial.insert("a seal is known to be broken".to_owned());
        let reason = quote(reason.as_bytes());
        let message = format!("the failures of this seal are known and do not fail the run: {reason}");
        own.push(Tagged { finding: Finding::new(Code::KnownBroken, message), check: None });
    }
    left_out(unit, &checks, partial);
    let root = unit.scan.shown(&unit.seal.root, options);
    for Tagged { finding, .. } in &mut own {
        if let Some(help) = root_help(unit, finding.code, options).or_else(|| layer_help(unit, finding)) {
            finding.help = help.into();
        }
        finding.packet = Some(index);
        finding.whole_path = finding.path.as_ref().map(|path| root.join(path));
    }
    let report = PacketReport {
        root,
        manifest: unit.scan.shown(&unit.seal.manifest_path, options),
        format: unit.manifest.as_ref().map(|read| read.format),
        tree: unit.seal.tree.map(|tree| tree.to_string()),
        pinned: unit.seal.pin.is_some(),
        profile: unit.policy.profile.clone(),
        layer: unit.scan.tree.layer().clone(),
        outcome,
        counts: counts(unit),
        entries: if options.entries { entries(unit) } else { Entries::default() },
        excluded: unit.backward.excluded,
        levels,
        checks: checks.iter().map(check_report).collect(),
    };
    (report, own, excused.is_none())
}

/// Why less than everything was judged.
fn left_out(unit: &Unit, checks: &[Checked], partial: &mut BTreeSet<String>) {
    if unit.scan.only.is_some() {
        partial.insert("only some files of the seal were judged".to_owned());
        return;
    }
    for check in checks.iter().filter(|check| check.status == check::Status::Skipped) {
        partial.insert(format!("the check {} was left out", check.meta.id));
    }
}

/// The lines to type when the root is in question, from the current folder.
fn root_help(unit: &Unit, code: Code, options: &Options) -> Option<String> {
    if !matches!(code, Code::RootAmbiguous | Code::RootNotFound) {
        return None;
    }
    // Without a terminal's abilities in mind: the text also goes into machine formats.
    let argument = |path: &BytePath| as_argument(&unit.scan.shown(path, options), &Look::PLAIN);
    let manifest = argument(&unit.seal.manifest_path);
    let here = argument(&unit.seal.manifest_path.parent());
    let there = argument(&BytePath::root());
    let looked = if here == there { here.clone() } else { format!("{here} and {there}") };
    match code {
        Code::RootAmbiguous => Some(format!(
            "say which is meant: `seal verify --manifest {manifest} --root {here}` or \
             `seal verify --manifest {manifest} --root {there}`"
        )),
        Code::RootNotFound => Some(format!(
            "looked in {looked}; if the files are elsewhere, add `--root` and the folder where their names start \
             to `seal verify --manifest {manifest}`"
        )),
        _ => None,
    }
}

/// What to do where the files that were verified are not those on disk: what
/// mends the working tree alone mends nothing there.
fn layer_help(unit: &Unit, finding: &Finding) -> Option<String> {
    let help = &finding.help;
    match (unit.scan.tree.layer(), finding.code) {
        (Layer::Index, Code::MissingFile) => Some(
            "When the file is in the working tree, stage it: `git add -f -- FILE`. When its deletion was \
             staged, `git checkout HEAD -- FILE` brings it back."
                .into(),
        ),
        (Layer::Index, _) if help.contains("`seal restore ") => {
            Some(format!("{}; then stage it: `git add -- FILE`", help.trim_end_matches('.')))
        }
        (Layer::Revision { .. }, _) if help.contains("`seal restore ") => Some(format!(
            "{}; that is done in the working tree, so commit the result: a commit never changes",
            help.trim_end_matches('.')
        )),
        (Layer::Archive { .. }, _) if help.contains("`seal restore ") => Some(
            "Nothing is written into an archive. Get it again from where it came from; or unpack it, put the \
             sealed bytes back there with seal restore, and pack it anew."
                .into(),
        ),
        (Layer::Archive { .. }, Code::MissingFile) => Some(
            "Get the archive again from where it came from; or unpack it, put the file back from where the \
             packet was made, and pack it anew."
                .into(),
        ),
        (Layer::Archive { .. }, Code::UnsealedFile) => Some(
            "Find out who put the file into the archive. If it belongs there, unpack it, seal the folder \
             anew with seal create, and pack that."
                .into(),
        ),
        _ => None,
    }
}

fn check_report(check: &Checked) -> CheckReport {
    CheckReport {
        id: check.meta.id,
        level: check.meta.level,
        status: check.status,
        reason: check.reason.clone(),
        findings: Vec::new(),
    }
}

fn counts(unit: &Unit) -> Counts {
    let mut counts = Counts { unsealed: unit.backward.unsealed.len() as u64, ..Counts::default() };
    let entries = unit.manifest.iter().flat_map(|manifest| &manifest.entries);
    for (state, entry) in unit.states.iter().zip(entries) {
        match state {
            State::Intact => counts.intact += 1,
            State::Drifted(_) => counts.drifted += 1,
            state if state.sealed_link(entry).is_some() => counts.drifted += 1,
            State::Missing => counts.missing += 1,
            State::Refused(_) | State::Changed | State::Repeated => counts.unreadable += 1,
            State::Referenced(_) => counts.referenced += 1,
            State::Itself => {}
        }
    }
    counts.unreadable += refused_lines(unit);
    counts.total = counts.intact + counts.drifted + counts.missing + counts.unreadable + counts.referenced;
    counts
}

/// Every entry that is compared, in the order of the manifest.
fn entries(unit: &Unit) -> Entries {
    let mut all = Entries::default();
    let sealed = unit.manifest.iter().flat_map(|manifest| &manifest.entries);
    for (entry, state) in sealed.zip(&unit.states) {
        let state = match state {
            State::Intact => EntryState::Intact,
            State::Referenced(_) => EntryState::Referenced,
            State::Itself => continue,
            State::Repeated => EntryState::Repeated,
            State::Drifted(_) | State::Missing | State::Refused(_) | State::Changed => EntryState::Damaged,
        };
        all.push(&entry.path, state);
    }
    all
}

fn passed_over(scans: &[Scan], options: &Options) -> Vec<PassedOver> {
    let mut all: Vec<PassedOver> = scans
        .iter()
        .flat_map(|scan| {
            scan.passed_over.iter().map(|passed| PassedOver {
                path: scan.shown(&passed.path, options),
                reason: passed.reason.clone(),
            })
        })
        .collect();
    all.sort();
    all.dedup();
    all
}

fn no_seal(scan: &Scan, shown: &BytePath) -> Finding {
    let place = if shown.is_root() { "\".\"".to_owned() } else { quote(shown.as_bytes()) };
    let looked = match scan.listing.len() {
        1 => "1 file".to_owned(),
        n => format!("{n} files"),
    };
    let passed = match scan.passed_over.len() {
        0 => String::new(),
        1 => "; 1 candidate was passed over".to_owned(),
        n => format!("; {n} candidates were passed over"),
    };
    let above: Vec<String> = super::scan::seals_above(scan).into_iter().take(2).collect();
    let above =
        if above.is_empty() { String::new() } else { format!("; above it there is {}", above.join(", ")) };
    let above = match scan.tree.layer() {
        Layer::Archive { .. } => "; no list beside the archive names it".to_owned(),
        _ => above,
    };
    Finding::new(Code::NoSealFound, format!("no seal found under {place} among {looked}{passed}{above}")).help(
        "looked for HASH_MANIFEST*, SHA256SUMS*, *.sha256, *manifest*, *checksum* and the like: \
         name one with `seal verify --manifest FILE`, make one with `seal create`, or accept none with --allow-empty",
    )
}

/// Sorts and numbers the findings, groups them and asks for the verdict.
fn finish(
    mut packets: Vec<PacketReport>,
    mut tagged: Vec<Tagged>,
    passed_over: Vec<PassedOver>,
    stats: Stats,
    partial: &BTreeSet<String>,
    counting: &[Outcome],
    empty_is_good: bool,
) -> Report {
    tagged.sort_by(|a, b| key(&a.finding).cmp(&key(&b.finding)));
    let mut findings = Vec::with_capacity(tagged.len());
    for Tagged { mut finding, check } in tagged {
        crate::check::mask(&mut finding);
        // Checks that read one document tell what is wrong with it once, all together.
        let again = findings.last().is_some_and(|last| is_same(last, &finding));
        let at = findings.len() - usize::from(again);
        let packet = finding.packet.and_then(|index| packets.get_mut(index));
        if let Some(check) = packet.zip(check).and_then(|(packet, check)| packet.checks.get_mut(check)) {
            check.findings.push(at);
        }
        if !again {
            findings.push(finding);
        }
    }
    let compared = packets.iter().map(|packet| packet.counts.total).sum();
    let verdict = verdict::of_run(counting, &findings, compared, empty_is_good);
    let groups = report::group(&findings);
    Report {
        outcome: verdict.outcome,
        complete: partial.is_empty() && verdict.outcome != Outcome::Error,
        partial_because: partial.iter().cloned().collect(),
        exit_code: verdict.exit_code,
        base: None,
        selftest: None,
        packets,
        findings,
        groups,
        passed_over,
        stats,
        shard: None,
    }
}

/// Whether two findings say the same of one value or document.
fn is_same(one: &Finding, other: &Finding) -> bool {
    one.code == other.code
        && one.code.is_of_the_reader()
        && one.packet == other.packet
        && one.path == other.path
        && one.pointer == other.pointer
        && one.location == other.location
        && one.message == other.message
}

/// Findings in the order of packets, then errors first, then paths and places.
fn key(finding: &Finding) -> impl Ord + '_ {
    (
        finding.packet.map_or(0, |packet| packet + 1),
        finding.path.as_ref(),
        finding.location.map(|location| (location.line, location.column)),
        finding.severity as u8 == Severity::Note as u8,
        finding.code,
        &finding.message,
    )
}
