//! The JSON report in lines, for programs that read while another writes, and for
//! reports too large to be held: one object a line.
//!
//! Every line has a field `type`. The first is `run` and names the version of the
//! lines (`schema`) and the tool; then come `packet`, `finding`, `group` and
//! `passed_over`; the last is `summary` with the verdict. Text without a summary was
//! cut off. Objects are those of `seal.report/v1` with `type` and, where other
//! lines refer to them, `index` before their fields. The schema is
//! `schema/seal.report-lines.v1.json`.

use std::io::{self, Write};

use serde::Serialize;

use super::Report;
use super::json::{Finding, GroupOut, Packet, PassedOverOut, StatsOut, Tool, inert};

/// The version of the lines, as the field `schema` of the first spells it.
pub const SCHEMA: &str = "seal.report-lines/v1";

/// Writes the lines.
pub fn render(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    inert::write_line(&Line::Run { schema: SCHEMA, tool: Tool::THIS }, out)?;
    for (index, packet) in report.packets.iter().enumerate() {
        inert::write_line(&Line::Packet { index, packet: Box::new(Packet::of(packet)) }, out)?;
    }
    for (index, finding) in report.findings.iter().enumerate() {
        inert::write_line(&Line::Finding { index, finding: Box::new(Finding::of(finding, report)) }, out)?;
    }
    for (index, group) in report.groups.iter().enumerate() {
        inert::write_line(&Line::Group { index, group: GroupOut::of(group, report) }, out)?;
    }
    for over in &report.passed_over {
        inert::write_line(&Line::PassedOver { over: PassedOverOut::of(over) }, out)?;
    }
    let summary = Line::Summary {
        result: report.outcome.name(),
        complete: report.complete,
        partial_because: &report.partial_because,
        exit_code: report.exit_code,
        packets: report.packets.len(),
        findings: report.findings.len(),
        groups: report.groups.len(),
        stats: StatsOut::of(report.stats),
    };
    inert::write_line(&summary, out)
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Line<'a> {
    Run {
        schema: &'static str,
        tool: Tool,
    },
    Packet {
        index: usize,
        #[serde(flatten)]
        packet: Box<Packet<'a>>,
    },
    Finding {
        index: usize,
        #[serde(flatten)]
        finding: Box<Finding<'a>>,
    },
    Group {
        index: usize,
        #[serde(flatten)]
        group: GroupOut<'a>,
    },
    PassedOver {
        #[serde(flatten)]
        over: PassedOverOut<'a>,
    },
    Summary {
        result: &'static str,
        complete: bool,
        #[serde(skip_serializing_if = "<[String]>::is_empty")]
        partial_because: &'a [String],
        exit_code: u8,
        packets: usize,
        findings: usize,
        groups: usize,
        stats: StatsOut,
    },
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::report::samples::{self, all_but_passing};

    fn rendered(report: &Report) -> String {
        let mut out = Vec::new();
        render(report, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    fn lines(report: &Report) -> Vec<Value> {
        rendered(report).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    fn samples() -> Vec<(&'static str, Report)> {
        let mut all = all_but_passing();
        all.extend([("passing", samples::passing()), ("every code", samples::every_code())]);
        all
    }

    fn validator() -> jsonschema::Validator {
        let read = |text: &str| -> Value { serde_json::from_str(text).unwrap() };
        let report = read(include_str!("../../schema/seal.report.v1.json"));
        let lines = read(include_str!("../../schema/seal.report-lines.v1.json"));
        let registry = jsonschema::Registry::new()
            .add("urn:seal:report:v1", jsonschema::Resource::from_contents(report))
            .unwrap()
            .prepare()
            .unwrap();
        jsonschema::options().with_registry(&registry).build(&lines).unwrap()
    }

    #[test]
    fn every_line_fits_the_schema() {
        let validator = validator();
        for (name, report) in samples() {
            for line in lines(&report) {
                let errors: Vec<String> =
                    validator.iter_errors(&line).map(|error| error.to_string()).collect();
                assert!(errors.is_empty(), "{name}: {errors:?} in {line}");
            }
        }
        for bad in [json!({}), json!({"type": "verdict"}), json!({"type": "finding", "index": 0}), json!([])]
        {
            assert!(!validator.is_valid(&bad), "{bad}");
        }
    }

    #[test]
    fn the_lines_are_the_report_in_pieces() {
        for (name, report) in samples() {
            let mut whole = Vec::new();
            crate::report::json::render(&report, &mut whole).unwrap();
            let whole: Value = serde_json::from_slice(&whole).unwrap();
            let lines = lines(&report);
            let of = |kind: &str| -> Vec<Value> {
                let of_kind = lines.iter().filter(|line| line["type"] == kind);
                of_kind
                    .enumerate()
                    .map(|(at, line)| {
                        let mut line = line.clone();
                        let fields = line.as_object_mut().unwrap();
                        fields.remove("type");
                        if let Some(index) = fields.remove("index") {
                            assert_eq!(index, at, "{name}");
                        }
                        line
                    })
                    .collect()
            };
            for (kind, key) in [
                ("packet", "packets"),
                ("finding", "findings"),
                ("group", "groups"),
                ("passed_over", "passed_over"),
            ] {
                assert_eq!(json!(of(kind)), whole[key], "{name}: {kind}");
            }
            assert_eq!(lines[0]["type"], "run", "{name}");
            let last = lines.last().unwrap();
            assert_eq!(last["type"], "summary", "{name}");
            for key in ["result", "complete", "exit_code", "stats"] {
                assert_eq!(last[key], whole[key], "{name}: {key}");
            }
            assert_eq!(last["findings"], report.findings.len(), "{name}");
        }
    }

    #[test]
    fn no_name_ends_its_line_or_reaches_a_terminal_raw() {
        for name in samples::HOSTILE_NAMES {
            let text = rendered(&samples::about(name));
            assert!(!text.chars().any(|c| c != '\n' && crate::text::is_deceptive(c)), "{text}");
            let lines = lines(&samples::about(name));
            assert_eq!(lines.len(), 5, "run, packet, finding, group, summary");
            let path = lines[2]["path"].as_str().unwrap();
            assert_eq!(path, String::from_utf8_lossy(name));
        }
    }

    #[test]
    fn snapshots() {
        let rendered = |report: &Report| rendered(report).replace(env!("CARGO_PKG_VERSION"), "0.0.0");
        insta::assert_snapshot!("failing", rendered(&samples::failing()));
        insta::assert_snapshot!("nothing", rendered(&samples::nothing()));
        insta::assert_snapshot!("passing", rendered(&samples::passing()));
    }
}
