//! The SARIF log as readers of the format take it.

use std::collections::HashSet;

use serde_json::{Value, json};

use super::*;
use crate::code::Code;
use crate::report::samples::{self, all_but_passing};

fn rendered(report: &Report) -> String {
    let mut out = Vec::new();
    render(report, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn run_of(report: &Report) -> Value {
    let log: Value = serde_json::from_str(&rendered(report)).unwrap();
    assert_eq!(log["version"], "2.1.0");
    log["runs"][0].clone()
}

fn results_of(report: &Report) -> Vec<Value> {
    run_of(report)["results"].as_array().unwrap().clone()
}

#[test]
fn every_code_is_a_rule_with_everything_a_reader_shows() {
    let run = run_of(&samples::passing());
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    assert_eq!(rules.len(), Code::table().len());
    let mut names = HashSet::new();
    for (rule, row) in rules.iter().zip(Code::table()) {
        assert_eq!(rule["id"], row.id);
        assert!(!row.id.contains('/'));
        let name = rule["name"].as_str().unwrap();
        assert!(
            name.starts_with(|c: char| c.is_ascii_uppercase()) && name.chars().all(char::is_alphanumeric)
        );
        assert!(names.insert(name.to_owned()), "{name} twice");
        assert!(!name.eq_ignore_ascii_case(row.id), "{name}");
        for pointer in
            ["/shortDescription/text", "/fullDescription/text", "/help/text", "/help/markdown", "/helpUri"]
        {
            assert!(rule.pointer(pointer).unwrap().as_str().unwrap().len() > 3, "{name}: {pointer}");
        }
        assert_eq!(rule["defaultConfiguration"]["level"], row.severity.name());
    }
    assert_eq!(rules[Code::CrlfDrift as usize]["name"], "LineEndingsChanged");
    let driver = &run["tool"]["driver"];
    assert_eq!(
        (&driver["name"], &driver["semanticVersion"]),
        (&json!("seal"), &json!(env!("CARGO_PKG_VERSION")))
    );
    assert_eq!(run["automationDetails"]["id"], "seal/");
    assert_eq!(run["columnKind"], "unicodeCodePoints");
}

#[test]
fn every_result_names_its_rule_and_stands_somewhere() {
    let mut all = all_but_passing();
    all.extend([("every code", samples::every_code()), ("excused", samples::excused())]);
    for (name, report) in all {
        let run = run_of(&report);
        let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
        let results = run["results"].as_array().unwrap();
        let told = run["invocations"][0]["toolExecutionNotifications"].as_array().unwrap();
        let placeless = told.iter().filter(|told| told.get("associatedRule").is_some()).count();
        assert_eq!(results.len() + placeless, report.findings.len(), "{name}: nothing is lost");
        let mut marks = HashSet::new();
        for result in results {
            let rule = &rules[usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap()];
            assert_eq!(rule["id"], result["ruleId"], "{name}");
            let place = &result["locations"][0]["physicalLocation"];
            let uri = place["artifactLocation"]["uri"].as_str().unwrap();
            assert!(
                uri.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~/%".contains(&b)),
                "{name}: {uri}"
            );
            assert!(!uri.starts_with('/'), "{name}: {uri}");
            assert!(marks.insert(result["partialFingerprints"]["sealedFile/v1"].clone()), "{name}");
            let region = &place["region"];
            let at = |key: &str| region.get(key).map(|value| value.as_u64().unwrap());
            assert!(at("startLine") >= Some(1) && at("startColumn") >= Some(1), "{name}: {region}");
            assert!(at("endColumn").is_none_or(|end| Some(end) >= at("startColumn")), "{name}: {region}");
            assert_eq!(at("endColumn").is_some(), at("endLine").is_some(), "{name}: {region}");
        }
    }
}

#[test]
fn a_difference_inside_a_line_is_a_region_to_its_end() {
    let results = results_of(&samples::failing());
    let dash = results.iter().find(|result| result["ruleId"] == "emdash_unicode_drift").unwrap();
    let place = &dash["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"], json!({"uri": "packet/decision.json", "uriBaseId": "SRCROOT"}));
    // `  "default": "HOLD_PRODUCTION - recommended",` has 45 characters. The lines differ
    // 30 bytes from their start, at byte 301; column 30 is one before that.
    assert_eq!(
        place["region"],
        json!({"startLine": 12, "startColumn": 30, "endLine": 12, "endColumn": 46,
               "byteOffset": 300, "byteLength": 16, "snippet": {"text": " - recommended\","}})
    );
}

#[test]
fn a_difference_in_a_line_end_is_the_whole_line() {
    let results = results_of(&samples::failing());
    assert_eq!(results[0]["ruleId"], "crlf_drift");
    assert_eq!(
        results[0]["locations"][0]["physicalLocation"]["region"],
        json!({"startLine": 1, "startColumn": 1, "endLine": 1, "endColumn": 9,
               "byteOffset": 0, "byteLength": 8, "snippet": {"text": "# Packet"}})
    );
}

#[test]
fn a_marked_part_of_a_manifest_is_a_full_region() {
    let results = results_of(&samples::manifest_problems());
    let place = |at: usize| results[at]["locations"][0]["physicalLocation"].clone();
    assert_eq!(
        place(0),
        json!({"artifactLocation": {"uri": "hostile/HASH_MANIFEST.txt", "uriBaseId": "SRCROOT"},
               "region": {"startLine": 3, "startColumn": 1, "endLine": 3, "endColumn": 15,
                          "byteOffset": 240, "byteLength": 14, "snippet": {"text": "ALL FILES PASS"}}})
    );
    assert_eq!(place(2)["region"]["startColumn"], 67);
    assert_eq!(place(2)["region"]["endColumn"], 83);
    assert_eq!(place(3)["artifactLocation"]["uri"], "second%20PASS/caf%E9/%1B%5B31m.txt");
}

#[test]
fn the_line_that_seals_a_file_is_related_and_what_is_missing_stands_there() {
    let results = results_of(&samples::every_code());
    let of = |id: &str| results.iter().find(|result| result["ruleId"] == id).unwrap();
    let drifted = of("crlf_drift");
    assert_eq!(drifted["relatedLocations"][0]["message"]["text"], "the line that seals it");
    let related = &drifted["relatedLocations"][0]["physicalLocation"];
    assert_eq!(related["artifactLocation"]["uri"], "packet/HASH_MANIFEST.txt");
    let line = related["region"]["startLine"].as_u64().unwrap();
    assert_eq!(related["region"]["byteOffset"], (line - 1) * 100 + 66);
    let missing = of("missing_file");
    let place = &missing["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "packet/HASH_MANIFEST.txt");
    assert_eq!(missing["relatedLocations"][0]["message"]["text"], "the sealed file, which is not there");
}

#[test]
fn bytes_of_a_manifest_that_is_not_the_sealed_one_are_not_counted() {
    let mut report = samples::failing();
    let mut finding = report.findings[4].clone();
    finding.located_in = Some(samples::path(b"HASH_MANIFEST.txt"));
    finding.location = Some(crate::finding::Location { line: 5, column: 67, byte: 400, end_byte: Some(420) });
    report.findings[4] = finding;
    let results = results_of(&report);
    let region = &results[4]["locations"][0]["physicalLocation"]["region"];
    assert_eq!(region, &json!({"startLine": 5, "startColumn": 67}));
}

#[test]
fn the_invocation_tells_how_the_run_ended() {
    let of = |report: &Report| {
        let run = run_of(report);
        let invocation = &run["invocations"][0];
        (invocation["executionSuccessful"].as_bool().unwrap(), invocation["exitCode"].as_u64().unwrap())
    };
    assert_eq!(of(&samples::passing()), (true, 0));
    assert_eq!(of(&samples::failing()), (true, 1));
    assert_eq!(of(&samples::nothing()), (false, 2));
    let run = run_of(&samples::nothing());
    let told = &run["invocations"][0]["toolExecutionNotifications"][0];
    assert_eq!((&told["level"], &told["associatedRule"]["id"]), (&json!("error"), &json!("no_seal_found")));
}

#[test]
fn what_is_known_to_be_broken_is_suppressed_and_nothing_else() {
    let results = results_of(&samples::excused());
    let missing = results.iter().find(|result| result["ruleId"] == "missing_file").unwrap();
    assert_eq!(
        (&missing["level"], &missing["suppressions"][0]["kind"]),
        (&json!("note"), &json!("external"))
    );
    let known = results.iter().find(|result| result["ruleId"] == "known_broken").unwrap();
    assert_eq!(known["suppressions"], json!([]));
    assert!(results_of(&samples::failing())[0].get("suppressions").is_none());
}

#[test]
fn more_results_than_are_read_are_cut_and_counted() {
    let mut report = samples::failing();
    let template = report.findings[0].clone();
    report.findings = (0..MOST + 10)
        .map(|n| {
            let mut finding = template.clone();
            finding.path = Some(samples::path(format!("{n}").as_bytes()));
            if n < 4 { finding.downgraded(Severity::Note) } else { finding }
        })
        .collect();
    report.groups.clear();
    let run = run_of(&report);
    let results = run["results"].as_array().unwrap();
    assert_eq!(results.len(), MOST);
    assert!(results.iter().all(|result| result["level"] == "error"), "notes go first");
    let told = &run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"];
    assert_eq!(told, "10 of 25,010 results are left out here: the JSON report has them.");
}

#[test]
fn every_byte_of_a_name_is_in_its_address() {
    for name in samples::HOSTILE_NAMES {
        let report = samples::about(name);
        let text = rendered(&report);
        assert!(!text.chars().any(|c| c != '\n' && crate::text::is_deceptive(c)), "{text}");
        let results = results_of(&report);
        assert!(!results[0]["message"]["text"].as_str().unwrap().contains("]("), "a link: {}", results[0]);
        let uri = results[0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].clone();
        let back: Vec<u8> = percent_encoding::percent_decode_str(uri.as_str().unwrap()).collect();
        assert_eq!(back, [b"packet/", *name].concat());
    }
}

#[test]
fn snapshots() {
    // The rules are the code table, which has tests of its own.
    let results = |report: &Report| {
        let mut run = run_of(report);
        run["tool"]["driver"]["rules"].as_array_mut().unwrap().truncate(1);
        run["tool"]["driver"]["version"] = "0.0.0".into();
        run["tool"]["driver"]["semanticVersion"] = "0.0.0".into();
        run["tool"]["driver"]["fullName"] = "seal 0.0.0".into();
        serde_json::to_string_pretty(&run).unwrap()
    };
    insta::assert_snapshot!("failing", results(&samples::failing()));
    insta::assert_snapshot!("nothing", results(&samples::nothing()));
    insta::assert_snapshot!("passing", results(&samples::passing()));
}
