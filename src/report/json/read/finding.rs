//! Findings, read back.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::{path, raw, word};
use crate::code::{Code, Effect, Severity};
use crate::config::Date;
use crate::drift::{self, Grade};
use crate::finding::origin::{
    AttributeLine, Checkout, Commit, Holder, Never, Origin, Original, Place, Rule, Setting,
};
use crate::finding::{self, Fact, Snippet};
use crate::git::Oid;
use crate::report::PacketReport;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Finding {
    code: String,
    severity: String,
    #[serde(rename = "packet")]
    _packet: Option<String>,
    packet_index: Option<usize>,
    path: Option<String>,
    path_bytes: Option<String>,
    location: Option<Location>,
    located_in: Option<PathIn>,
    pointer: Option<String>,
    message: String,
    grade: String,
    #[serde(rename = "help")]
    _help: String,
    reject_code: Option<String>,
    sealed: Option<BTreeMap<String, Value>>,
    found: Option<BTreeMap<String, Value>>,
    cause: Vec<Cause>,
    recoverable: bool,
    first_difference: Option<FirstDifference>,
    #[serde(default)]
    diff: Vec<Change>,
    #[serde(default)]
    observations: Vec<String>,
    #[serde(default)]
    others: Vec<PathIn>,
    search: Option<Search>,
    origin: Option<OriginIn>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PathIn {
    path: String,
    path_bytes: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Location {
    line: u64,
    column: u64,
    byte: u64,
    end_byte: Option<u64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Cause {
    code: String,
    direction: String,
    scope: String,
    sites: Option<Sites>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sites {
    changed: u64,
    total: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FirstDifference {
    byte: u64,
    line: u64,
    column: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Change {
    line: u64,
    sealed: Option<String>,
    sealed_bytes: Option<String>,
    found: Option<String>,
    found_bytes: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Search {
    hypotheses: u64,
    bytes: u64,
    exhausted: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OriginIn {
    kind: String,
    #[serde(default)]
    by: Vec<SettingIn>,
    repeated: Option<bool>,
    prevented_by: Option<Line>,
    commit: Option<CommitIn>,
    sealed_as: Option<String>,
    rule: Option<RuleIn>,
    why: Option<String>,
    original: Option<OriginalIn>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SettingIn {
    name: String,
    value: String,
    #[serde(default)]
    set_in: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    path: String,
    path_bytes: Option<String>,
    line: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CommitIn {
    id: String,
    author_date: Option<String>,
    subject: String,
    path: String,
    path_bytes: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleIn {
    file: String,
    line: u64,
    pattern: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OriginalIn {
    blob: String,
    held_by: String,
    commit: Option<String>,
    path: Option<String>,
    path_bytes: Option<String>,
}

/// What the part about the shard says of a finding.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Extra {
    help: String,
    snippet: Option<SnippetIn>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SnippetIn {
    name: String,
    line: u64,
    text: String,
    mark: [usize; 2],
    label: String,
}

impl Finding {
    pub(super) fn finding(self, extra: Extra, packets: &[PacketReport]) -> Option<finding::Finding> {
        let code = Code::from_id(&self.code)?;
        let severity =
            word([Severity::Error, Severity::Warning, Severity::Note], Severity::name, &self.severity)?;
        // A finding that is shown more mildly than its row says does not count.
        let effect = if severity == code.row().severity { code.row().effect } else { Effect::None };
        let own = maybe(self.path.as_deref(), |text| path(text, self.path_bytes.as_deref()))?;
        let root = self.packet_index.and_then(|at| packets.get(at)).map(|packet| &packet.root);
        let grades = [Grade::ProvenByHash, Grade::ProvenByOriginal, Grade::Observed, Grade::Suspected];
        Some(finding::Finding {
            severity,
            effect,
            packet: self.packet_index,
            whole_path: root.zip(own.as_ref()).map(|(root, path)| root.join(path)),
            path: own,
            location: self.location.map(Location::read),
            located_in: maybe(self.located_in, PathIn::read)?,
            pointer: self.pointer,
            reject_code: self.reject_code,
            help: Cow::Owned(extra.help),
            grade: word(grades, Grade::name, &self.grade)?,
            sealed: maybe(self.sealed, fact)?,
            found: maybe(self.found, fact)?,
            causes: self.cause.into_iter().map(Cause::read).collect::<Option<_>>()?,
            recoverable: self.recoverable,
            first_difference: self.first_difference.map(FirstDifference::read),
            changed_lines: self.diff.into_iter().map(Change::read).collect::<Option<_>>()?,
            observations: self.observations,
            search: self.search.map(Search::read),
            origin: maybe(self.origin, OriginIn::read)?.map(Box::new),
            others: self.others.into_iter().map(PathIn::read).collect::<Option<_>>()?,
            snippet: maybe(extra.snippet, SnippetIn::read)?,
            ..finding::Finding::new(code, self.message)
        })
    }
}

/// `None` where there is something and it cannot be read.
#[expect(clippy::option_option, reason = "absent is one thing, and not to be read another")]
fn maybe<A, B>(value: Option<A>, read: impl FnOnce(A) -> Option<B>) -> Option<Option<B>> {
    match value {
        Some(value) => read(value).map(Some),
        None => Some(None),
    }
}

/// A digest under the name of its algorithm, and perhaps a size.
fn fact(mut map: BTreeMap<String, Value>) -> Option<Fact> {
    let size = maybe(map.remove("size"), |size| size.as_u64())?;
    let digest = map.pop_first()?.1.as_str()?.to_owned();
    map.is_empty().then_some(Fact { digest, size })
}

impl PathIn {
    fn read(self) -> Option<crate::path::BytePath> {
        path(&self.path, self.path_bytes.as_deref())
    }
}

impl Location {
    fn read(self) -> finding::Location {
        let Self { line, column, byte, end_byte } = self;
        finding::Location { line, column, byte, end_byte }
    }
}

impl Cause {
    fn read(self) -> Option<drift::Cause> {
        let sites = self.sites.map(|Sites { changed, total }| drift::Sites { changed, total });
        let code = Code::from_id(&self.code)?;
        Some(drift::Cause { code, direction: self.direction, scope: self.scope, sites })
    }
}

impl FirstDifference {
    fn read(self) -> drift::FirstDifference {
        let Self { byte, line, column } = self;
        drift::FirstDifference { byte, line, column }
    }
}

impl Change {
    fn read(self) -> Option<drift::LineChange> {
        let sealed = maybe(self.sealed, |text| raw(&text, self.sealed_bytes.as_deref()))?;
        let found = maybe(self.found, |text| raw(&text, self.found_bytes.as_deref()))?;
        Some(drift::LineChange { line: self.line, sealed, found })
    }
}

impl Search {
    fn read(self) -> drift::Search {
        let Self { hypotheses, bytes, exhausted } = self;
        drift::Search { hypotheses, bytes, exhausted }
    }
}

impl SnippetIn {
    fn read(self) -> Option<Snippet> {
        let Self { name, line, text, mark: [start, end], label } = self;
        // Renderers cut the text at the mark.
        text.get(start..end)?;
        Some(Snippet { name, line, text, mark: start..end, label })
    }
}

impl OriginIn {
    fn read(self) -> Option<Origin> {
        let commit = maybe(self.commit, CommitIn::read)?;
        let place = match self.kind.as_str() {
            "checkout" => Place::Checkout(Checkout {
                by: self.by.into_iter().map(SettingIn::read).collect(),
                repeated: self.repeated?,
            }),
            "not_fetched" => Place::NotFetched,
            "not_checked_out" => Place::NotCheckedOut,
            "unstaged" => Place::Unstaged,
            "staged" => Place::Staged,
            "committed" => Place::Committed(commit?),
            "removed" => Place::Removed(commit?),
            "elsewhere" => Place::Elsewhere(commit),
            "never" => Place::Never(Never { first: commit?, sealed_as: self.sealed_as }),
            "not_committed" => Place::NotCommitted,
            "ignored" => {
                let RuleIn { file, line, pattern } = self.rule?;
                Place::Ignored(Rule { file, line, pattern })
            }
            "not_looked_at" => Place::NotLookedAt(self.why?),
            _ => return None,
        };
        let line = |line: Line| {
            Some(AttributeLine { file: path(&line.path, line.path_bytes.as_deref())?, line: line.line })
        };
        Some(Origin {
            place,
            original: maybe(self.original, OriginalIn::read)?,
            prevented_by: maybe(self.prevented_by, line)?,
        })
    }
}

impl SettingIn {
    fn read(self) -> Setting {
        let Self { name, value, set_in: from } = self;
        Setting { name, value, from }
    }
}

impl CommitIn {
    fn read(self) -> Option<Commit> {
        Some(Commit {
            oid: Oid::parse(self.id.as_bytes())?,
            date: maybe(self.author_date, |text| Date::parse(&text))?,
            subject: self.subject,
            path: path(&self.path, self.path_bytes.as_deref())?,
        })
    }
}

impl OriginalIn {
    fn read(self) -> Option<Original> {
        let commit = maybe(self.commit, |oid| Oid::parse(oid.as_bytes()))?;
        let holder = match (self.held_by.as_str(), commit) {
            ("head", None) => Holder::Head,
            ("index", None) => Holder::Index,
            ("commit", Some(oid)) => Holder::Commit(oid),
            ("object_database", None) => Holder::Nothing,
            _ => return None,
        };
        Some(Original {
            blob: Oid::parse(self.blob.as_bytes())?,
            holder,
            path: maybe(self.path, |text| path(&text, self.path_bytes.as_deref()))?,
        })
    }
}
