//! The lines that are added to the root's `.gitattributes`, and what they do not
//! reach because another file counts more.

use std::collections::{BTreeMap, BTreeSet};

use super::rules::{LONGEST_LINE, Rules, said};
use super::sources::{NAME, Sources};
use super::{TAKEN_AWAY, Touch, quoting};
use crate::atomic::{self, Expect};
use crate::code::Code;
use crate::digest::Sha256;
use crate::doctor::cover::Part;
use crate::doctor::risk::{Remedy, Risk};
use crate::doctor::tree::Tree;
use crate::finding::Finding;
use crate::git::AttributeState as State;
use crate::path::BytePath;
use crate::text::quote;

/// More lines are no remedy.
const MOST: usize = 500;

/// A change to the root's `.gitattributes`.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Where it stands.
    path: std::path::PathBuf,
    /// How it is shown.
    shown: BytePath,
    /// What is there; nothing when there is no such file.
    before: Option<Vec<u8>>,
    /// The lines that are added.
    lines: Vec<String>,
    /// Why it cannot be changed.
    refused: Option<String>,
    /// What the file says with the lines; nothing where it cannot be followed.
    rules: Option<Rules>,
}

impl Plan {
    pub(super) fn new(
        tree: &Tree<'_>,
        sources: &Sources,
        needed: &BTreeMap<Part, BTreeSet<&'static str>>,
        own: Vec<String>,
    ) -> Self {
        let line = |(part, attributes): (&Part, &BTreeSet<&'static str>)| {
            let pattern = match part {
                Part::Below(folder) => quoting::below(folder),
                Part::File(file) => quoting::file(file),
            };
            let words = TAKEN_AWAY.iter().filter(|(name, _)| attributes.contains(name));
            words.fold(pattern, |line, (_, word)| format!("{line} {word}"))
        };
        let mut lines: Vec<String> = needed.iter().map(line).chain(own).collect();
        lines.retain(|line| line.len() < LONGEST_LINE);
        let path = BytePath::root().child(NAME);
        let many = lines.len() > MOST;
        let refused = match &sources.root {
            Err(reason) => Some(reason.clone()),
            Ok(_) if many => Some(format!("it would take {} lines", lines.len())),
            Ok(_) => None,
        };
        let mut plan = Self {
            path: tree.sealed.base().join(path.to_os()),
            shown: tree.shown(&path),
            before: sources.root.clone().unwrap_or_default(),
            lines: if many { Vec::new() } else { lines },
            refused,
            rules: None,
        };
        plan.rules = Rules::parse(&BytePath::root(), &plan.after());
        plan
    }

    pub(super) fn is_needed(&self) -> bool {
        !self.lines.is_empty() || self.refused.is_some()
    }

    fn remedy(&self) -> Remedy {
        let shown = quote(self.shown.as_bytes());
        let say = match &self.refused {
            Some(reason) => format!("no line can be added to {shown}: {reason}"),
            None => format!("add at the end of {shown}"),
        };
        Remedy { say, lines: self.lines.clone() }
    }

    pub(super) fn remedy_for(&self, risk: Risk) -> Risk {
        Risk { remedy: self.remedy(), ..risk }
    }

    /// The file and the line that count more than the lines, for one file.
    pub(super) fn winner(
        &self,
        tree: &Tree<'_>,
        sources: &Sources,
        touch: &Touch,
        at: usize,
    ) -> Option<(usize, u64)> {
        let files = sources.with_root(self.rules.as_ref()?);
        let said = said(&files, tree.files.get(at)?);
        let (state, number, rule) = said.get(touch.attribute)?;
        let gone = match touch.attribute {
            "working-tree-encoding" => *state == State::Unspecified,
            _ => *state == State::Unset,
        };
        (!gone).then_some((*number, rule.line))
    }

    /// The risks for one touch of some files: those that the lines prevent, and
    /// those where another file counts more than `all` lines there could be.
    pub(super) fn resolve(
        &self,
        all: &Self,
        tree: &Tree<'_>,
        sources: &Sources,
        touch: &Touch,
        numbers: &[usize],
    ) -> Vec<Risk> {
        let mut by_winner: BTreeMap<Option<(usize, u64)>, Vec<usize>> = BTreeMap::new();
        for &at in numbers {
            by_winner.entry(all.winner(tree, sources, touch, at)).or_default().push(at);
        }
        let one = |(winner, numbers): (Option<(usize, u64)>, Vec<usize>)| {
            let mut risk = Risk::new(touch.kind, touch.reason.clone());
            risk.place.clone_from(&touch.place);
            risk.remedy = match winner.and_then(|(number, line)| Some((sources.shown(number)?, line))) {
                None => self.remedy(),
                Some((file, line)) => Remedy {
                    say: format!(
                        "take `{}` out of line {line} of {}, which counts more than the root's file; \
                         where that file is sealed, seal again",
                        touch.attribute,
                        quote(file.as_bytes())
                    ),
                    lines: Vec::new(),
                },
            };
            tree.concerning(risk, &numbers)
        };
        by_winner.into_iter().map(one).collect()
    }

    /// The bytes with the lines added, whatever stood there kept.
    fn after(&self) -> Vec<u8> {
        let mut after = self.before.clone().unwrap_or_default();
        let end: &[u8] = match memchr::memchr(b'\n', &after) {
            Some(at) if at > 0 && after.get(at - 1) == Some(&b'\r') => b"\r\n",
            _ => b"\n",
        };
        if !after.is_empty() && !after.ends_with(b"\n") {
            after.extend_from_slice(end);
        }
        for line in &self.lines {
            after.extend_from_slice(line.as_bytes());
            after.extend_from_slice(end);
        }
        after
    }

    /// The change as a unified patch; empty when there is none.
    pub fn patch(&self) -> String {
        if self.refused.is_some() || self.lines.is_empty() {
            return String::new();
        }
        let before = self.before.as_deref().unwrap_or_default();
        let after = self.after();
        let (old, new) = (String::from_utf8_lossy(before), String::from_utf8_lossy(&after));
        let from = if self.before.is_some() { "a/.gitattributes" } else { "/dev/null" };
        let diff = similar::TextDiff::from_lines(old.as_ref(), new.as_ref());
        diff.unified_diff().context_radius(3).header(from, "b/.gitattributes").to_string()
    }

    /// How the file is shown.
    pub fn shown(&self) -> &BytePath {
        &self.shown
    }

    /// The lines that are added.
    pub fn lines(&self) -> &[String] {
        if self.refused.is_some() { &[] } else { &self.lines }
    }

    /// Makes the change, if the file is still what it was.
    pub(in crate::doctor) fn write(&self) -> Result<(), Box<Finding>> {
        if let Some(reason) = &self.refused {
            let message = format!("{} cannot be changed: {reason}", quote(self.shown.as_bytes()));
            return Err(Box::new(
                Finding::new(Code::NotWritten, message).help("make it a regular file first"),
            ));
        }
        if self.lines.is_empty() {
            return Ok(());
        }
        let expect = self.before.as_ref().map_or(Expect::Absent, |bytes| Expect::Sha256(Sha256::of(bytes)));
        atomic::write(&self.path, &self.after(), expect).map_err(|error| {
            Box::new(Finding::new(Code::NotWritten, error.to_string()).help(error.next_step()))
        })
    }
}
