//! Workflows that run the gate: on which events, and with which rights.
//!
//! The gate reads what strangers wrote. A job that runs it has no environment,
//! no secret and no right to write; everything else is advice.

mod job;
mod secrets;

use super::risk::Risk;
use super::table::Kind;
use crate::code::Severity;
use crate::path::BytePath;
use crate::yaml::{Document, Value, YamlError};

/// The events on which the gate runs.
const EVENTS: [&str; 6] =
    ["pull_request", "push", "merge_group", "workflow_dispatch", "schedule", "workflow_call"];

/// A workflow file that was read.
#[derive(Debug)]
pub(super) struct Workflow {
    file: BytePath,
    document: Document,
}

/// An event that starts a workflow.
struct Event<'w> {
    name: &'w str,
    line: usize,
}

impl Workflow {
    /// Reads a workflow; `file` is how it is shown.
    pub(super) fn parse(file: &BytePath, bytes: &[u8]) -> Result<Self, YamlError> {
        let document = Document::parse(bytes)?;
        let refused = |line, reason: &str| YamlError { line, reason: reason.to_owned() };
        let root = document.root();
        if !root.is_mapping() {
            return Err(refused(root.line(), "a workflow is a mapping, and this is none"));
        }
        let jobs = root
            .get("jobs")
            .ok_or_else(|| refused(root.line(), "a workflow has `jobs`, and this has none"))?;
        if !jobs.is_mapping() {
            return Err(refused(jobs.line(), "`jobs` is a mapping, and this is none"));
        }
        if let Some(job) = jobs.entries().find(|job| !job.value.is_mapping()) {
            let name = crate::text::quote(job.name.as_bytes());
            return Err(refused(job.line, &format!("a job is a mapping, and {name} is none")));
        }
        Ok(Self { file: file.clone(), document })
    }

    /// What is wrong with the job of that name; `None` when there is no such job.
    pub(super) fn judge_job(&self, name: &str) -> Option<Vec<Risk>> {
        let job = self.jobs().find(|job| job.name == name)?;
        // The event that really starts it is judged when it does.
        let events = self.events_refused().map(|risk| Risk { severity: Severity::Warning, ..risk });
        Some(events.chain(self.rights(job.name, job.value)).collect())
    }

    /// What is wrong with the jobs that run the gate. `local` tells whether an
    /// action of this repository, named by its folder, is the gate.
    pub(super) fn judge(&self, local: &dyn Fn(&str) -> bool) -> Vec<Risk> {
        let mut jobs = self.jobs().filter(|job| job::runs_gate(job.value, local)).peekable();
        let mut risks: Vec<Risk> = Vec::new();
        if jobs.peek().is_some() {
            risks.extend(self.events_refused());
        }
        risks.extend(jobs.flat_map(|job| self.rights(job.name, job.value)));
        risks
    }

    /// Whether one of its jobs is a whole other workflow.
    pub(super) fn calls_another(&self) -> bool {
        self.jobs().any(|job| job.value.get("uses").is_some())
    }

    /// The names of its jobs.
    pub(super) fn job_names(&self) -> impl Iterator<Item = &str> {
        self.jobs().map(|job| job.name)
    }

    fn jobs(&self) -> impl Iterator<Item = crate::yaml::Entry<'_>> {
        self.document.root().get("jobs").into_iter().flat_map(Value::entries)
    }

    fn rights(&self, name: &str, job: Value<'_>) -> Vec<Risk> {
        let for_pull_requests = self.events().iter().any(|event| event.name.starts_with("pull_request"));
        job::Job { file: &self.file, workflow: self.document.root(), name, job, for_pull_requests }.judge()
    }

    fn events(&self) -> Vec<Event<'_>> {
        let Some(on) = self.document.root().get("on") else { return Vec::new() };
        let mut events = Vec::new();
        if let Some(name) = on.text() {
            events.push(Event { name, line: on.line() });
        }
        events.extend(on.items().filter_map(|item| Some(Event { name: item.text()?, line: item.line() })));
        events.extend(on.entries().map(|entry| Event { name: entry.name, line: entry.line }));
        events
    }

    fn events_refused(&self) -> impl Iterator<Item = Risk> {
        let refused = self.events().into_iter().filter(|event| !EVENTS.contains(&event.name));
        refused.map(|event| {
            let name = crate::text::quote(event.name.as_bytes());
            Risk::new(Kind::WorkflowEvent, format!("the gate refuses to run on the event {name}"))
                .at(&self.file, event.line as u64)
                .fix("run the gate in a workflow of its own")
                .add(["on: pull_request".to_owned()])
        })
    }
}

#[cfg(test)]
mod tests;
