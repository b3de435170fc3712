//! What a person reads of a report in a document: verdict, packets, causes with
//! their files, checks, and what was passed over, laid out once for every document
//! format. Sentences are taken apart, names are printable, and every list has an
//! end: how much was left out is counted.

mod cause;

use super::human::verdict::{is_complete_pass, last_words};
use super::human::{checks, packets};
use super::name;
use super::prose::{Piece, pieces};
use super::style::clean;
use super::{CheckReport, Look, Outcome, PacketReport, Report};
use crate::check::Status;
use crate::code::{Effect, Severity};
use crate::report::group::group_where;
pub(super) use cause::{Cause, Diff, File, Mark};

/// A document shows every character.
const LOOK: Look = Look { unicode: true, ..Look::PLAIN };

/// How much a document shows.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    pub(super) packets: usize,
    pub(super) causes: usize,
    /// Files of a cause.
    pub(super) files: usize,
    /// Files of a cause that are shown with their lines.
    pub(super) in_full: usize,
    pub(super) passed_over: usize,
}

/// A document.
#[derive(Debug)]
pub(super) struct Page {
    pub(super) state: State,
    /// The word of the last line, which no other place may have.
    pub(super) last_word: &'static str,
    pub(super) verdict: String,
    /// Why not everything was judged.
    pub(super) partial: Vec<Vec<Piece>>,
    pub(super) exit_code: u8,
    pub(super) packets: Cut<Packet>,
    pub(super) causes: Cut<Cause>,
    /// Warnings and notes.
    pub(super) asides: Cut<Cause>,
    pub(super) passed_over: Cut<(String, Vec<Piece>)>,
}

/// The verdict as a reader takes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    Intact,
    Partial,
    Failed,
    Error,
}

/// The beginning of a list, and how many more there are.
#[derive(Debug)]
pub(super) struct Cut<T> {
    pub(super) shown: Vec<T>,
    pub(super) more: usize,
}

impl<T> Cut<T> {
    /// The first of `all` in another form, the rest counted.
    pub(super) fn of<S>(all: &[S], limit: usize, mut make: impl FnMut(&S) -> T) -> Self {
        Self { shown: all.iter().take(limit).map(&mut make).collect(), more: all.len().saturating_sub(limit) }
    }

    /// There is nothing to show.
    pub(super) fn is_empty(&self) -> bool {
        self.shown.is_empty() && self.more == 0
    }
}

/// One packet or list.
#[derive(Debug)]
pub(super) struct Packet {
    pub(super) name: String,
    pub(super) state: State,
    pub(super) tree: Option<String>,
    /// Entries by state, in words: those that there are.
    pub(super) counts: Vec<(u64, &'static str)>,
    pub(super) levels: Vec<Level>,
}

/// One level with its checks.
#[derive(Debug)]
pub(super) struct Level {
    pub(super) name: &'static str,
    pub(super) state: &'static str,
    pub(super) checks: Vec<Check>,
}

/// One check.
#[derive(Debug)]
pub(super) struct Check {
    pub(super) id: &'static str,
    pub(super) status: Status,
    pub(super) word: &'static str,
    pub(super) reason: Vec<Piece>,
}

impl Page {
    pub(super) fn of(report: &Report, limits: Limits) -> Self {
        let (last_word, verdict) = last_words(report);
        let silent = |severity| {
            let of = move |finding: &crate::finding::Finding| {
                finding.effect == Effect::None && finding.severity == severity
            };
            group_where(&report.findings, of)
        };
        let mut asides = silent(Severity::Warning);
        asides.extend(silent(Severity::Note));
        // Failing ones first; each part stays in path order.
        let mut packets: Vec<&PacketReport> = report.packets.iter().collect();
        packets.sort_by_key(|packet| packet.outcome == Outcome::Pass);
        Self {
            state: State::of(report),
            last_word,
            verdict: clean(&verdict, true),
            partial: report.partial_because.iter().map(|why| pieces(why)).collect(),
            exit_code: report.exit_code,
            packets: Cut::of(&packets, limits.packets, |packet| Packet::of(packet)),
            causes: Cut::of(&report.groups, limits.causes, |group| Cause::of(report, group, limits)),
            asides: Cut::of(&asides, limits.causes, |group| Cause::of(report, group, limits)),
            passed_over: Cut::of(&report.passed_over, limits.passed_over, |over| {
                (name::shown(&over.path, &LOOK), pieces(&over.reason))
            }),
        }
    }
}

impl State {
    fn of(report: &Report) -> Self {
        match report.outcome {
            Outcome::Pass if is_complete_pass(report) => Self::Intact,
            Outcome::Pass => Self::Partial,
            Outcome::Fail => Self::Failed,
            Outcome::Error => Self::Error,
        }
    }

    fn of_packet(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Pass => Self::Intact,
            Outcome::Fail => Self::Failed,
            Outcome::Error => Self::Error,
        }
    }
}

impl Packet {
    fn of(packet: &PacketReport) -> Self {
        let counts = packet.counts;
        let all = [
            (counts.total, "sealed"),
            (counts.intact, "intact"),
            (counts.referenced, "referenced"),
            (counts.drifted, "drifted"),
            (counts.missing, "missing"),
            (counts.unreadable, "unreadable"),
            (counts.unsealed, "unsealed"),
            (packet.excluded, "excluded"),
        ];
        let of_level = |level: crate::check::Level| {
            let on_it = |check: &&CheckReport| check.level == level;
            packet.checks.iter().filter(on_it).map(Check::of).collect::<Vec<_>>()
        };
        let levels = crate::check::Level::ALL.into_iter().zip(packet.levels).map(|(level, state)| Level {
            name: level.name(),
            state: state.name(),
            checks: of_level(level),
        });
        Self {
            name: packets::label(packet, &LOOK),
            state: State::of_packet(packet.outcome),
            tree: packet.tree.clone().filter(|_| packet.pinned),
            counts: all.into_iter().filter(|(count, word)| *count > 0 || *word == "sealed").collect(),
            // A level that no check of this program stands on is no news.
            levels: levels.filter(|level| !level.checks.is_empty()).collect(),
        }
    }
}

impl Check {
    fn of(check: &CheckReport) -> Self {
        let word = checks::words(check.status);
        Self { id: check.id, status: check.status, word, reason: pieces(&check.reason) }
    }
}
