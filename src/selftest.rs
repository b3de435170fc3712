//! The gate under test: bad inputs made in memory, each of which the gate must
//! refuse with the code that is due, and controls that it must let through.
//!
//! Two subjects. *The gate itself*, with good evidence and a sealed folder that
//! come with the program: the drift that it must tell, the validator's three runs,
//! and every class of bad input of a profile. *A packet*: the same on a copy of
//! it, every entry with every drift that applies to it, and every value of its
//! evidence changed in every way, with the seal as it was and sealed again.
//!
//! # Which changes must be refused
//!
//! With the seal as it was: all of them, by the bytes alone. Sealed again, so that
//! only a check can notice:
//!
//! - what the profile's table of classes says, with its code;
//! - a document that a check reads, cut in half;
//! - a value that a check asks for and reports as missing: taken out;
//! - a value that a check takes as one type: `null` where it is due, or another type;
//! - a digest or a word out of a fixed set: in other letters;
//!
//! Evidence may hold fields that nobody knows, so a change of what no check reads
//! is counted and means nothing. A value that is read, and whose other value is let
//! through (a flag turned round, a count one higher, two digests exchanged), is
//! told as one that may be another: nothing in the packet contradicts it.
//!
//! Nothing is written, no program is run, and the packet is read once.

mod classes;
mod drift;
mod edit;
mod frozen;
mod sweep;
mod trial;

use std::sync::atomic::Ordering;

pub(crate) use classes::classes;
use trial::{Baseline, Trial};

use crate::code::Code;
use crate::finding::Finding;
use crate::gate::{self, Options, Readings, Specimen};
use crate::observe::{Progress, queue};
use crate::path::BytePath;
use crate::profile::{BUILT_IN, Key, builtin};
use crate::report::selftest::{Probe, Selftest, Suite};
use crate::report::{Outcome, Report};
use crate::text::quote;

/// What a self-test may cost.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// Inputs that are tried.
    pub(crate) probes: usize,
    /// Bytes of a packet that are copied.
    pub(crate) packet: u64,
    /// Bytes that are hashed for the comparison.
    pub(crate) hashed: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { probes: 200_000, packet: 256 << 20, hashed: 256 << 30 }
    }
}

/// Bytes of a file up to which its drift is also explained.
const EXPLAINED: u64 = 64 << 10;
/// Bytes that the search for a cause may hash that must be found.
const SEARCH: u64 = 16 << 20;
/// And for one that need not be: whatever it is called, the file is refused.
const LOOK: u64 = 1 << 20;
/// Values that may be another one and are named.
const NAMED: usize = 200;

/// Probes of one kind, still to be made.
struct Plan<'s> {
    name: String,
    about: &'static str,
    specimen: &'s Specimen,
    baseline: &'s Baseline,
    trials: Vec<Trial>,
    /// Only what does not end as it must is told one by one.
    brief: bool,
}

/// What has been found so far.
struct Bench<'a> {
    options: Options,
    limits: Limits,
    threads: usize,
    progress: &'a Progress,
    found: Selftest,
    findings: Vec<Finding>,
    made: usize,
    hashed: u64,
}

/// The gate itself, by the classes of that profile.
pub(crate) fn of_the_gate(options: &Options, limits: Limits, progress: &Progress) -> Report {
    let mut bench = Bench::new(options, limits, progress);
    let Some(frozen) = frozen::Frozen::open(&options.current_dir) else {
        let message = "the good evidence of the program could not be read";
        return gate::refused(vec![Finding::new(Code::SelftestIncomplete, message)]);
    };
    let intact = Baseline::of(&frozen.intact, &bench.options);
    bench.run(Plan {
        name: "drift".into(),
        about: "the gate's own list, and the folder as it is",
        specimen: &frozen.intact,
        baseline: &intact,
        trials: drift::own(&frozen.intact),
        brief: false,
    });
    for (code, specimen) in &frozen.drifted {
        bench.run(Plan {
            name: "codes".into(),
            about: "a stored folder for every other code of bytes and manifests",
            specimen,
            baseline: &Baseline::default(),
            trials: vec![drift::stored(code)],
            brief: false,
        });
    }
    let good = Baseline::of(&frozen.good, &bench.options);
    for readings in frozen.good.read(&bench.options) {
        bench.evidence(&frozen.good, &good, &readings, "frozen_good_evidence");
    }
    bench.report(None)
}

/// Every packet that the options mean.
pub(crate) fn of_packets(options: &Options, limits: Limits, progress: &Progress) -> Report {
    let specimens = match gate::specimens(options, limits.packet) {
        Ok(specimens) => specimens,
        Err(findings) => return gate::refused(findings),
    };
    let mut bench = Bench::new(options, limits, progress);
    let mut whole: Option<Report> = None;
    for specimen in &specimens {
        let baseline = Baseline::of(specimen, &bench.options);
        let all = specimen.read(&bench.options);
        for readings in &all {
            bench.evidence(specimen, &baseline, readings, "own_evidence");
        }
        bench.run(Plan {
            name: "drift".into(),
            about: "every sealed file, every drift that applies to it",
            specimen,
            baseline: &baseline,
            trials: all.iter().flat_map(|readings| drift::of_entries(specimen, readings)).collect(),
            brief: true,
        });
        for readings in &all {
            for (sealed, name, about) in [
                (false, "evidence", "every value changed, and the seal as it was"),
                (true, "resealed", "every value changed, and sealed again"),
            ] {
                let trials = sweep::trials(specimen, readings, sealed);
                bench.run(Plan {
                    name: name.into(),
                    about,
                    specimen,
                    baseline: &baseline,
                    trials,
                    brief: true,
                });
            }
        }
        let own = specimen.judge(&specimen.files, &bench.options);
        whole = Some(whole.map_or(own.clone(), |_| own));
    }
    bench.report(whole.filter(|_| specimens.len() == 1))
}

impl<'a> Bench<'a> {
    fn new(options: &Options, limits: Limits, progress: &'a Progress) -> Self {
        progress.of_probes.store(true, Ordering::Relaxed);
        Self {
            options: options.for_copies(),
            limits,
            threads: options.threads,
            progress,
            found: Selftest::default(),
            findings: Vec::new(),
            made: 0,
            hashed: 0,
        }
    }

    /// The validator's runs and the classes of the profile, on good evidence.
    fn evidence(&mut self, specimen: &Specimen, baseline: &Baseline, readings: &Readings, own: &'static str) {
        let mut trials = vec![Trial::control(own, "none")];
        trials.extend(classes::without_mutation(readings));
        self.run(Plan {
            name: "validator".into(),
            about: "good evidence, and the same without a mutation",
            specimen,
            baseline,
            trials,
            brief: false,
        });
        for (suite, trials, missing) in classes::trials(specimen, readings) {
            if own == "frozen_good_evidence" {
                self.found.left_out.extend(missing);
            }
            let control = Trial::control("control", "none");
            let trials = if trials.is_empty() { trials } else { [vec![control], trials].concat() };
            self.run(Plan { name: suite, about: "", specimen, baseline, trials, brief: false });
        }
    }

    fn run(&mut self, mut plan: Plan<'_>) {
        if plan.trials.is_empty() {
            return;
        }
        let each: u64 = plan.specimen.files.values().map(trial::length).sum();
        let affordable =
            (self.limits.hashed.saturating_sub(self.hashed) / each.max(1)).min(u64::from(u32::MAX));
        let room = (self.limits.probes - self.made.min(self.limits.probes))
            .min(usize::try_from(affordable).unwrap_or(usize::MAX));
        let over = plan.trials.len().saturating_sub(room);
        if over > 0 {
            let all = plan.trials.len();
            self.found.left_out.push(format!(
                "{over} of {all} inputs of {}: more than the limit",
                quote(plan.name.as_bytes())
            ));
            plan.trials.truncate(room);
        }
        self.hashed = self.hashed.saturating_add(each.saturating_mul(plan.trials.len() as u64));
        let Plan { name, about, specimen, baseline, trials, brief } = plan;
        self.progress.total.fetch_add(trials.len() as u64, Ordering::Relaxed);
        let first = self.made;
        self.made += trials.len();
        let done = queue::each(trials.len(), self.threads, |at, _, _| {
            let result = trials.get(at).map(|trial| trial.run(specimen, baseline, &self.options));
            self.progress.entries.fetch_add(1, Ordering::Relaxed);
            result
        });
        let lost = done.iter().filter(|result| result.is_none()).count();
        if lost > 0 {
            self.found.left_out.push(format!("{lost} inputs whose judgement did not end"));
        }
        let mut suite = Suite { name, about, ..Suite::default() };
        for (number, (trial, result)) in trials.iter().zip(done).enumerate() {
            let Some(result) = result else { continue };
            self.settle(&mut suite, trial, &result, first + number + 1, brief);
        }
        match self.found.suites.iter_mut().find(|other| other.name == suite.name) {
            Some(other) => join(other, suite),
            None => self.found.suites.push(suite),
        }
    }

    fn settle(
        &mut self,
        suite: &mut Suite,
        trial: &Trial,
        result: &trial::Answer,
        number: usize,
        brief: bool,
    ) {
        self.found.token_leaked |= result.leaks;
        if result.unsealed_again {
            self.found.left_out.push(format!(
                "{} of {}: the copy could not be sealed again",
                trial.mutation,
                quote(trial.path.as_ref().map(BytePath::as_bytes).unwrap_or_default())
            ));
            return;
        }
        let probe = trial.probe(format!("{}-{number:04}", suite.name), result);
        match trial.must {
            trial::Must::Allow => {
                suite.controls += 1;
                suite.allowed += u64::from(probe.held);
            }
            trial::Must::Refuse => {
                suite.bad += 1;
                suite.closed += u64::from(probe.held);
            }
            // What was refused although it need not be is one more that was refused.
            trial::Must::Tell if probe.held => {
                suite.bad += 1;
                suite.closed += 1;
            }
            trial::Must::Tell => {
                suite.survived += 1;
                if suite.survived <= NAMED as u64 {
                    self.findings.push(survived(trial));
                }
                return;
            }
            trial::Must::Ignore => {
                suite.unread += 1;
                return;
            }
        }
        if !probe.held {
            self.findings.push(failed(suite, trial, &probe, result));
        }
        if !brief || !probe.held {
            suite.probes.push(probe);
        }
    }

    fn report(mut self, of: Option<Report>) -> Report {
        self.found.left_out.sort();
        self.found.left_out.dedup();
        self.findings.extend(
            self.found
                .left_out
                .iter()
                .map(|reason| Finding::new(Code::SelftestIncomplete, format!("not tried: {reason}"))),
        );
        let report = of.unwrap_or_else(|| Report {
            outcome: Outcome::Pass,
            exit_code: 0,
            ..gate::refused(Vec::new())
        });
        let mut report = gate::tested(report, self.found, self.findings);
        let bad = report.selftest.as_ref().is_some_and(|found| !found.holds());
        if bad && report.outcome == Outcome::Pass {
            let finding = Finding::new(Code::SelftestFailOpen, "the self-test does not hold");
            report = gate::amended(&report, finding);
        }
        report
    }
}

/// Adds what a suite of the same name found.
fn join(suite: &mut Suite, other: Suite) {
    suite.bad += other.bad;
    suite.closed += other.closed;
    suite.controls += other.controls;
    suite.allowed += other.allowed;
    suite.survived += other.survived;
    suite.unread += other.unread;
    suite.probes.extend(other.probes);
}

/// Where a probe was made, as a part of a finding.
fn at(mut finding: Finding, trial: &Trial) -> Finding {
    finding.path.clone_from(&trial.path);
    finding.pointer.clone_from(&trial.pointer);
    finding
}

fn survived(trial: &Trial) -> Finding {
    let pointer = quote(trial.pointer.as_deref().unwrap_or_default().as_bytes());
    let message = format!("a check reads {pointer}, and lets it through {}", trial.mutation);
    at(Finding::new(Code::SelftestSurvived, message), trial)
}

fn failed(suite: &Suite, trial: &Trial, probe: &Probe, result: &trial::Answer) -> Finding {
    let what = format!("{} of {}", quote(trial.class.as_bytes()), quote(suite.name.as_bytes()));
    if !probe.is_bad {
        let why = result.said.as_deref().unwrap_or("no reason is told");
        let message = format!("the control {what} was refused: {why}");
        return at(Finding::new(Code::SelftestControlRefused, message), trial);
    }
    let answer = match &probe.code {
        Some(code) => format!("refused with `{code}`"),
        None => "let through".to_owned(),
    };
    let due = match &trial.due {
        Some(due) if due.exists() => format!("; `{}` of the check `{}` is due", due.code, due.check),
        Some(due) => format!("; there is no check `{}`, of which `{}` is due", due.check, due.code),
        None => String::new(),
    };
    let message = format!("the bad input {what} ({}) was {answer}{due}", trial.mutation);
    at(Finding::new(Code::SelftestFailOpen, message), trial)
}

/// The words that no verdict on a bad input may hold.
fn reserved() -> Vec<String> {
    let mut words: Vec<String> = BUILT_IN
        .into_iter()
        .filter_map(builtin)
        .flat_map(|profile| profile.words(Key::ReservedTokens))
        .collect();
    words.push("PASS".to_owned());
    words
}
