//! GitLab Code Quality: a JSON array of issues.
//!
//! Every finding is an issue. What is
//! about no file stands at the manifest, or at the folder that seal was run in.

use std::io::{self, Write};

use serde::Serialize;

use super::json::inert;
use super::place::{Places, text};
use super::rank::Excuses;
use super::{Report, identity, origin};
use crate::code::{Effect, Severity};
use crate::finding::Finding;
use crate::path::BytePath;

/// Writes the array.
pub fn render(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let excuses = Excuses::of(report);
    let places = Places::of(report);
    let marks = identity::fingerprints(report);
    let all = report.findings.iter().zip(marks);
    let issues: Vec<Issue> = all
        .map(|(finding, fingerprint)| Issue {
            description: description(finding),
            check_name: finding.code.id(),
            fingerprint,
            severity: severity(finding, excuses.excuse(finding).is_some()),
            location: location(&places, finding),
        })
        .collect();
    inert::write(&issues, out)
}

#[derive(Serialize)]
struct Issue {
    description: String,
    check_name: &'static str,
    fingerprint: String,
    severity: &'static str,
    location: Location,
}

#[derive(Serialize)]
struct Location {
    path: String,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: u64,
}

fn description(finding: &Finding) -> String {
    let told = finding.causes.iter().map(|cause| match (cause.direction.as_str(), cause.scope.as_str()) {
        (direction, "") => direction.to_owned(),
        ("", scope) => scope.to_owned(),
        (direction, scope) => format!("{direction}, {scope}"),
    });
    let place = origin::sentence(finding).map(|place| format!("came in: {place}"));
    let told: Vec<String> = told.filter(|text| !text.is_empty()).chain(place).collect();
    if told.is_empty() {
        finding.message.clone()
    } else {
        format!("{} ({})", finding.message, told.join("; "))
    }
}

/// What keeps a run from verifying blocks; what fails it is critical.
fn severity(finding: &Finding, excused: bool) -> &'static str {
    match (finding.effect, finding.severity) {
        _ if excused => "minor",
        (Effect::CannotVerify, _) => "blocker",
        (Effect::Fails, _) => "critical",
        (Effect::None, Severity::Error) => "major",
        (Effect::None, Severity::Warning) => "minor",
        (Effect::None, Severity::Note) => "info",
    }
}

fn location(places: &Places<'_>, finding: &Finding) -> Location {
    let place = places.primary(finding);
    let begin = place.as_ref().and_then(|place| place.region.as_ref()).map_or(1, |region| region.line);
    let path = place.map_or_else(BytePath::root, |place| place.path);
    Location { path: text(&path), lines: Lines { begin } }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use serde_json::{Value, json};

    use super::*;
    use crate::report::samples::{self, all_but_passing};

    fn rendered(report: &Report) -> String {
        let mut out = Vec::new();
        render(report, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    fn issues(report: &Report) -> Vec<Value> {
        let value: Value = serde_json::from_str(&rendered(report)).unwrap();
        value.as_array().unwrap().clone()
    }

    #[test]
    fn every_finding_is_an_issue_with_what_gitlab_asks_for() {
        let mut all = all_but_passing();
        all.extend([("every code", samples::every_code()), ("excused", samples::excused())]);
        for (name, report) in all {
            let issues = issues(&report);
            assert_eq!(issues.len(), report.findings.len(), "{name}");
            let known = ["info", "minor", "major", "critical", "blocker"];
            let mut marks = HashSet::new();
            for issue in &issues {
                assert!(known.contains(&issue["severity"].as_str().unwrap()), "{name}: {issue}");
                assert!(!issue["description"].as_str().unwrap().is_empty(), "{name}: {issue}");
                assert!(!issue["location"]["path"].as_str().unwrap().is_empty(), "{name}: {issue}");
                assert!(issue["location"]["lines"]["begin"].as_u64().unwrap() >= 1, "{name}: {issue}");
                assert!(marks.insert(issue["fingerprint"].clone()), "{name}: {issue} twice");
            }
        }
        assert_eq!(rendered(&samples::passing()), "[]\n");
    }

    #[test]
    fn places_and_severities_are_those_of_the_finding() {
        let all = issues(&samples::failing());
        assert_eq!(all[2]["location"], json!({"path": "packet/decision.json", "lines": {"begin": 12}}));
        assert_eq!(
            (&all[2]["check_name"], &all[2]["severity"]),
            (&json!("emdash_unicode_drift"), &json!("critical"))
        );
        assert_eq!(
            all[2]["description"],
            "\"decision.json\" differs from its seal (em dash replaced by hyphen, 3 of 20 em dashes: lines 12, 40, 41)"
        );
        assert_eq!(issues(&samples::nothing())[0]["severity"], "blocker");
        assert_eq!(issues(&samples::nothing())[0]["location"]["path"], ".");
        assert_eq!(issues(&samples::excused())[0]["severity"], "minor");
        let manifest = issues(&samples::manifest_problems());
        assert_eq!(
            manifest[2]["location"],
            json!({"path": "hostile/HASH_MANIFEST.txt", "lines": {"begin": 9}})
        );
    }

    #[test]
    fn a_hostile_name_is_a_string_and_printable() {
        for name in samples::HOSTILE_NAMES {
            let report = samples::about(name);
            let text = rendered(&report);
            assert!(!text.chars().any(|c| c != '\n' && crate::text::is_deceptive(c)), "{text}");
            let shown = crate::report::place::plain(&[b"packet/", *name].concat());
            assert_eq!(issues(&report)[0]["location"]["path"], shown);
        }
    }

    #[test]
    fn snapshots() {
        insta::assert_snapshot!("failing", rendered(&samples::failing()));
        insta::assert_snapshot!("nothing", rendered(&samples::nothing()));
    }
}
