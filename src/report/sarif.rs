//! SARIF 2.1.0, for code scanning and editors.
//!
//! Rules come from the code table, all of them, whatever was found. Results have
//! relative, percent-encoded addresses, places that count from 1 in characters, and
//! a fingerprint of path and seal. A finding that is about no file is a notification
//! of the invocation, since a result without a place is refused by the readers there
//! are. At most [`MOST`] results are written; a notification says what was cut.

mod model;
mod place;
mod rules;

use std::io::{self, Write};

use model::{
    Automation, Description, Driver, Invocation, Log, Message, Notification, Properties, ReportingReference,
    Result as SarifResult, Run, Suppression, Tool,
};

use super::human::number;
use super::human::remedy;
use super::json::inert;
use super::place::Places;
use super::rank::Excuses;
use super::{Look, Outcome, Report, identity, origin};
use crate::code::{Effect, Severity};
use crate::finding::Finding;
use crate::text::quote;

/// Results of a run, at most: more are refused by code scanning.
pub const MOST: usize = 25_000;

/// Candidates that were passed over and are told of, at most.
const PASSED_OVER: usize = 100;

/// The key of our own fingerprint; its version is part of it.
const FINGERPRINT: &str = "sealedFile/v1";

/// Writes the log.
pub fn render(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let log = Log {
        schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        version: "2.1.0",
        runs: [run(report)],
    };
    inert::write(&log, out)
}

fn run(report: &Report) -> Run {
    let (results, cut) = results(report);
    Run {
        tool: Tool {
            driver: Driver {
                name: "seal",
                full_name: concat!("seal ", env!("CARGO_PKG_VERSION")),
                version: env!("CARGO_PKG_VERSION"),
                semantic_version: env!("CARGO_PKG_VERSION"),
                information_uri: rules::home(),
                rules: rules::all(),
            },
        },
        automation_details: Automation { id: "seal/" },
        column_kind: "unicodeCodePoints",
        original_uri_base_ids: model::Bases {
            root: Description { description: Message::text("The folder that seal was run in.") },
        },
        invocations: [invocation(report, cut)],
        results,
    }
}

fn invocation(report: &Report, cut: usize) -> Invocation {
    let mut told: Vec<Notification> = Vec::new();
    let placeless = report.findings.iter().filter(|finding| Places::of_none(finding));
    for finding in placeless.take(MOST) {
        told.push(Notification {
            descriptor: Some(ReportingReference { id: finding.code.id(), index: finding.code as usize }),
            level: finding.severity.name(),
            message: message(report, finding),
            locations: Vec::new(),
        });
    }
    if cut > 0 {
        let all = number(u64::try_from(MOST + cut).unwrap_or(u64::MAX));
        let cut = number(u64::try_from(cut).unwrap_or(u64::MAX));
        let text = format!("{cut} of {all} results are left out here: the JSON report has them.");
        told.push(Notification::of_run("warning", text));
    }
    for why in &report.partial_because {
        told.push(Notification::of_run("warning", format!("Not everything was judged: {why}.")));
    }
    for over in report.passed_over.iter().take(PASSED_OVER) {
        let name = quote(over.path.as_bytes());
        let text = format!("{name} is not verified as a seal: {}.", over.reason);
        let locations = vec![place::of_file(&over.path)];
        told.push(Notification { locations, ..Notification::of_run("note", text) });
    }
    Invocation {
        execution_successful: report.outcome != Outcome::Error,
        exit_code: report.exit_code,
        exit_code_description: match report.outcome {
            Outcome::Pass => "everything sealed is intact, and every check that applies holds",
            Outcome::Fail => "drift, or a check failed",
            Outcome::Error => "could not verify",
        },
        tool_execution_notifications: told,
    }
}

/// The results in the order of the report, and how many are left out: first notes,
/// then warnings.
fn results(report: &Report) -> (Vec<SarifResult>, usize) {
    let excuses = Excuses::of(report);
    let places = Places::of(report);
    let marks = identity::fingerprints(report);
    let mut all: Vec<(usize, &Finding)> =
        report.findings.iter().enumerate().filter(|(_, finding)| !Places::of_none(finding)).collect();
    let cut = all.len().saturating_sub(MOST);
    if cut > 0 {
        all.sort_by_key(|(at, finding)| (finding.effect == Effect::None, excuses.severity(finding), *at));
        all.truncate(MOST);
        all.sort_by_key(|(at, _)| *at);
    }
    // Where one result says whether it is suppressed, all must.
    let suppressed = all.iter().any(|(_, finding)| excuses.excuse(finding).is_some());
    let results = all.into_iter().filter_map(|(at, finding)| {
        let excuse = excuses.excuse(finding);
        let level = if excuse.is_some() { Severity::Note } else { finding.severity };
        Some(SarifResult {
            rule_id: finding.code.id(),
            rule_index: finding.code as usize,
            level: level.name(),
            message: message(report, finding),
            locations: [place::of_result(&places.primary(finding)?)],
            related_locations: place::related(places.related(finding)),
            partial_fingerprints: model::Fingerprints { ours: (FINGERPRINT, marks.get(at)?.clone()) },
            suppressions: suppressed.then(|| excuse.map(Suppression::of).into_iter().collect()),
            properties: Properties::of(finding),
        })
    });
    (results.collect(), cut)
}

/// What happened, how much of it, where it came in, and what to do.
fn message(report: &Report, finding: &Finding) -> Message {
    let mut text = sentence(&finding.message);
    for cause in &finding.causes {
        let told = [cause.direction.as_str(), cause.scope.as_str()];
        let told: Vec<&str> = told.into_iter().filter(|part| !part.is_empty()).collect();
        if !told.is_empty() {
            text.push(' ');
            text.push_str(&sentence(&told.join(", ")));
        }
    }
    if let Some(place) = origin::sentence(finding) {
        text.push(' ');
        text.push_str(&sentence(&format!("came in: {place}")));
    }
    let fix = remedy::for_one(report, finding, &Look { unicode: true, ..Look::PLAIN });
    if !fix.is_empty() {
        text.push(' ');
        text.push_str(&sentence(&fix));
    }
    // A reader makes a link of `[text](address)`; none of ours has that shape.
    Message::text(text.replace("](", "]\\("))
}

/// With a capital and a full stop.
fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    let mut out: String = chars.next().map(|first| first.to_uppercase().collect()).unwrap_or_default();
    out.push_str(chars.as_str());
    if !out.ends_with(['.', '?', '!']) {
        out.push('.');
    }
    out
}

#[cfg(test)]
#[path = "sarif_tests.rs"]
mod tests;
