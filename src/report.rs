//! The report: one value that holds all a run has to say, and one renderer per
//! format, each a pure function of it to a writer.
//!
//! Renderers know no file system and no command line. Output types are frozen
//! per version; nothing of the domain is serialized directly.

mod bytes;
mod entries;
pub mod examination;
pub mod github;
pub mod gitlab;
pub mod group;
pub mod html;
pub mod human;
mod identity;
mod inline;
pub mod json;
pub mod jsonl;
pub mod junit;
pub mod listing;
pub mod markdown;
pub(crate) mod name;
mod origin;
mod page;
mod place;
mod prose;
mod rank;
pub mod restoration;
pub mod sarif;
pub mod selftest;
pub(crate) mod shard;
pub(crate) mod style;
pub mod summary;
mod wrap;

use std::io::{self, Write};

pub use entries::{Entries, EntryState};
pub use group::group;
pub use selftest::Selftest;
pub use shard::Shard;
pub use style::{Look, Verbosity};

use crate::check::{Level, Status};
use crate::finding::Finding;
use crate::git::Oid;
use crate::manifest::Format;
use crate::path::BytePath;
use crate::source::Layer;

/// The verdict on the run or on one packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// Everything sealed is intact and every check that applies holds.
    Pass,
    /// Drift, or a check failed.
    Fail,
    /// It could not be verified.
    Error,
}

impl Outcome {
    /// The word used in machine formats.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Error => "error",
        }
    }
}

/// Everything a run has to say.
#[derive(Clone, Debug)]
pub struct Report {
    /// The verdict.
    pub outcome: Outcome,
    /// Nothing was skipped, narrowed or left to another shard.
    pub complete: bool,
    /// Why it is not complete, a few words each.
    pub partial_because: Vec<String>,
    /// 0, 1 or 2.
    pub exit_code: u8,
    /// The commit that the seals were compared with.
    pub base: Option<Base>,
    /// What the gate was found to refuse, when it was itself under test.
    pub selftest: Option<Selftest>,
    /// The packets and lists verified, in path order.
    pub packets: Vec<PacketReport>,
    /// All findings, sorted.
    pub findings: Vec<Finding>,
    /// Findings with one root cause, most important first. Every finding that
    /// counts is in exactly one group.
    pub groups: Vec<Group>,
    /// Candidates that are no manifest, and seals that were ignored.
    pub passed_over: Vec<PassedOver>,
    /// Totals.
    pub stats: Stats,
    /// The part of a larger set that it is about, when it is about one.
    pub shard: Option<Shard>,
}

/// The commit that the seals were compared with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Base {
    /// As the user named it.
    pub revision: String,
    /// The commit.
    pub commit: Oid,
}

/// One packet or checksum list.
#[derive(Clone, Debug)]
pub struct PacketReport {
    /// Its root as the user would write it, relative to the current folder; `.` when they are the same.
    pub root: BytePath,
    /// Its manifest, relative to the scanned tree; shown with the packet.
    pub manifest: BytePath,
    /// The manifest's format, when it could be read.
    pub format: Option<Format>,
    /// The SHA-256 of the manifest's bytes (hexadecimal): the packet's tree.
    pub tree: Option<String>,
    /// It has a tree pin.
    pub pinned: bool,
    /// The profile that its documents are judged by.
    pub profile: Option<String>,
    /// Where its files and its manifest were read.
    pub layer: Layer,
    /// The verdict on it.
    pub outcome: Outcome,
    /// Entries by state.
    pub counts: Counts,
    /// Every entry, where a format was asked for that names the intact ones too.
    pub entries: Entries,
    /// Files that configuration excluded from the unsealed rule.
    pub excluded: u64,
    /// Levels L0 to L3.
    pub levels: [LevelState; 4],
    /// Every check of the table, in its order.
    pub checks: Vec<CheckReport>,
}

/// Entries by state. `total` is the sum of all but `unsealed`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Entries in the manifest.
    pub total: u64,
    /// Bytes equal the seal.
    pub intact: u64,
    /// Bytes differ.
    pub drifted: u64,
    /// No file there.
    pub missing: u64,
    /// Refused, unreadable, or not a regular file.
    pub unreadable: u64,
    /// Files that no entry names.
    pub unsealed: u64,
    /// Kept elsewhere and found there with the sealed digest.
    pub referenced: u64,
}

/// How a level ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LevelState {
    /// Every check on it that applies holds.
    Ok,
    /// One failed or could not be judged.
    Failed,
    /// A lower level failed.
    NotJudged,
    /// No check on it applies.
    NotApplied,
}

impl LevelState {
    /// The word used in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Failed => "failed",
            Self::NotJudged => "not_judged",
            Self::NotApplied => "not_applied",
        }
    }
}

/// How one check ended on one packet.
#[derive(Clone, Debug)]
pub struct CheckReport {
    /// The check's identifier.
    pub id: &'static str,
    /// Its level.
    pub level: Level,
    /// How it ended.
    pub status: Status,
    /// Why, in a few words: `18 of 21 entries intact`, `no tree pin`.
    pub reason: String,
    /// Indices into the report's findings.
    pub findings: Vec<usize>,
}

/// Findings that share a root cause.
#[derive(Clone, Debug)]
pub struct Group {
    /// What they share, as a heading: `CRLF line ends where LF was sealed`.
    pub cause: String,
    /// Where it came in, where known.
    pub origin: Option<String>,
    /// How many files.
    pub count: u64,
    /// What to do about all of them.
    pub help: String,
    /// Indices into the report's findings.
    pub findings: Vec<usize>,
}

/// Something that looked like a seal and was not verified.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PassedOver {
    /// Relative to the scanned tree.
    pub path: BytePath,
    /// Why.
    pub reason: String,
}

/// Totals of the run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    /// Packets and lists.
    pub packets: u64,
    /// Files hashed.
    pub files: u64,
    /// Bytes hashed for the comparison, without the search for causes.
    pub bytes: u64,
    /// Distinct files that the seals of the run list: one that two of them list counts once.
    pub sealed: u64,
    /// Those of `sealed` that are not intact.
    pub damaged: u64,
}

/// A format that a report can be written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OutputFormat {
    /// Text for a person at a terminal.
    Human,
    /// The JSON report; see [`json`].
    Json,
    /// The JSON report in lines; see [`jsonl`].
    Jsonl,
    /// SARIF 2.1.0; see [`sarif`].
    Sarif,
    /// JUnit XML; see [`junit`].
    Junit,
    /// Annotations of GitHub Actions; see [`github`].
    Github,
    /// GitLab Code Quality; see [`gitlab`].
    Gitlab,
    /// Markdown for a step summary or a comment; see [`markdown`].
    Markdown,
    /// A page for a browser; see [`html`].
    Html,
    /// A few values for a script; see [`summary`].
    Summary,
}

/// One row of the table of formats.
struct FormatRow {
    format: OutputFormat,
    /// Its name on the command line, then its aliases.
    names: &'static [&'static str],
    /// Whether it names intact entries, which a report holds only when asked to.
    entries: bool,
    render: fn(&Report, &mut dyn Write, &Look) -> io::Result<()>,
}

/// A row of a format that does not depend on a terminal.
const fn row(
    format: OutputFormat,
    names: &'static [&'static str],
    render: fn(&Report, &mut dyn Write, &Look) -> io::Result<()>,
) -> FormatRow {
    FormatRow { format, names, entries: false, render }
}

/// Every format. A further one is a variant and a row here.
static FORMATS: &[FormatRow] = &[
    row(OutputFormat::Human, &["human"], human::render),
    row(OutputFormat::Json, &["json", "json-v1"], |report, out, _| json::render(report, out)),
    row(OutputFormat::Jsonl, &["jsonl"], |report, out, _| jsonl::render(report, out)),
    row(OutputFormat::Sarif, &["sarif"], |report, out, _| sarif::render(report, out)),
    FormatRow {
        entries: true,
        ..row(OutputFormat::Junit, &["junit"], |report, out, _| junit::render(report, out))
    },
    row(OutputFormat::Github, &["github"], |report, out, _| github::render(report, out)),
    row(OutputFormat::Gitlab, &["gitlab"], |report, out, _| gitlab::render(report, out)),
    row(OutputFormat::Markdown, &["markdown"], |report, out, _| markdown::render(report, out)),
    row(OutputFormat::Html, &["html"], |report, out, _| html::render(report, out)),
    row(OutputFormat::Summary, &["summary"], |report, out, _| summary::render(report, out)),
];

impl OutputFormat {
    /// Every format, in the order of the documentation.
    pub fn all() -> impl Iterator<Item = Self> {
        FORMATS.iter().map(|row| row.format)
    }

    /// Its name on the command line.
    pub fn name(self) -> &'static str {
        let row = FORMATS.iter().find(|row| row.format == self);
        row.and_then(|row| row.names.first()).copied().unwrap_or_default()
    }

    /// Whether it names intact entries too, so that the report must hold them.
    pub fn names_entries(self) -> bool {
        FORMATS.iter().any(|row| row.format == self && row.entries)
    }

    /// The format with that name or alias.
    pub fn from_name(name: &str) -> Option<Self> {
        FORMATS.iter().find(|row| row.names.contains(&name)).map(|row| row.format)
    }
}

/// Whether the report holds the word of a complete passing run.
pub(crate) fn says_pass(report: &Report) -> bool {
    human::verdict::is_complete_pass(report)
}

/// The verdict as people read it.
pub(crate) fn last_line(report: &Report) -> String {
    let (word, text) = human::verdict::last_words(report);
    format!("{word}  {text}")
}

/// Writes `report` in `format`. `look` matters only to formats for people.
pub fn render(format: OutputFormat, report: &Report, out: &mut dyn Write, look: &Look) -> io::Result<()> {
    FORMATS.iter().find(|row| row.format == format).map_or(Ok(()), |row| (row.render)(report, out, look))
}

#[cfg(test)]
pub(crate) mod samples;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_format_has_one_row_and_is_found_by_every_name() {
        for row in FORMATS {
            assert_eq!(FORMATS.iter().filter(|other| other.format == row.format).count(), 1);
            for name in row.names {
                assert_eq!(OutputFormat::from_name(name), Some(row.format), "{name}");
            }
            assert_eq!(OutputFormat::from_name(row.format.name()), Some(row.format));
        }
        assert_eq!(OutputFormat::from_name("json-v1"), Some(OutputFormat::Json));
        assert_eq!(OutputFormat::from_name("JSON"), None);
        assert_eq!(OutputFormat::all().count(), FORMATS.len());
    }

    fn rendered(format: OutputFormat, report: &Report) -> String {
        let mut out = Vec::new();
        let look = Look { verbosity: Verbosity::Verbose, ..Look::PLAIN };
        render(format, report, &mut out, &look).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_finding_of_every_code_reaches_every_format() {
        let report = samples::every_code();
        for format in OutputFormat::all() {
            let text = rendered(format, &report);
            assert_eq!(text, rendered(format, &report), "{}", format.name());
            let told = crate::code::Code::table().iter().filter(|row| text.contains(row.id)).count();
            match format {
                OutputFormat::Summary => assert_eq!(told, 0),
                // Ten of a kind at most.
                OutputFormat::Github => {
                    for class in ["::error ", "::warning ", "::notice "] {
                        let lines = text.lines().filter(|line| line.starts_with(class)).count();
                        assert!((1..=10).contains(&lines), "{class}: {lines}");
                    }
                }
                // What does not count fails no case.
                OutputFormat::Junit => {
                    let counting =
                        report.findings.iter().filter(|finding| finding.effect != crate::code::Effect::None);
                    for finding in counting {
                        assert!(text.contains(finding.code.id()), "{}", finding.code);
                    }
                }
                // A page for people has room for a hundred causes.
                OutputFormat::Markdown => assert!((80..=125).contains(&told), "{told}"),
                _ => {
                    for row in crate::code::Code::table() {
                        assert!(text.contains(row.id), "{}: {}", format.name(), row.id);
                    }
                }
            }
        }
    }

    #[test]
    fn formats_for_machines_never_say_the_word_of_a_good_run() {
        use OutputFormat::{Github, Gitlab, Junit, Sarif, Summary};
        let quiet = [
            ("passing", samples::passing()),
            ("failing", samples::failing()),
            ("partial", samples::partial()),
            ("nothing", samples::nothing()),
            ("empty allowed", samples::empty_allowed()),
            ("excused", samples::excused()),
            ("every code", samples::every_code()),
        ];
        for (name, report) in quiet {
            for format in [Github, Gitlab, Junit, Sarif, Summary] {
                assert!(!rendered(format, &report).contains("PASS"), "{name} as {}", format.name());
            }
        }
        for format in [OutputFormat::Json, OutputFormat::Jsonl] {
            assert!(!rendered(format, &samples::passing()).contains("PASS"), "{}", format.name());
        }
    }
}
