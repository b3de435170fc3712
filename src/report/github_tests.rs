//! Workflow commands as the runner reads them.

use super::*;
use crate::code::Code;
use crate::report::samples::{self, all_but_passing};

fn rendered(report: &Report) -> String {
    let mut out = Vec::new();
    render(report, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// Name, properties and data of a command, unescaped as the runner does it.
fn read(line: &str) -> (String, Vec<(String, String)>, String) {
    let rest = line.strip_prefix("::").unwrap_or_else(|| panic!("no command: {line}"));
    let (head, data) = rest.split_once("::").unwrap();
    let (name, properties) = head.split_once(' ').unwrap();
    let undo = |text: &str| text.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%");
    let undone = |text: &str| {
        text.replace("%0D", "\r")
            .replace("%0A", "\n")
            .replace("%3A", ":")
            .replace("%2C", ",")
            .replace("%25", "%")
    };
    let pair = |pair: &str| {
        let (key, value) = pair.split_once('=').unwrap();
        (key.to_owned(), undone(value))
    };
    (name.to_owned(), properties.split(',').map(pair).collect(), undo(data))
}

fn value<'a>(properties: &'a [(String, String)], key: &str) -> Option<&'a str> {
    properties.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str())
}

#[test]
fn every_line_is_one_command_of_a_known_kind() {
    let mut all = all_but_passing();
    all.push(("passing", samples::passing()));
    all.push(("every code", samples::every_code()));
    for (name, report) in all {
        for line in rendered(&report).lines() {
            let (kind, properties, data) = read(line);
            assert!(["error", "warning", "notice"].contains(&kind.as_str()), "{name}: {line}");
            let keys: Vec<&str> = properties.iter().map(|(key, _)| key.as_str()).collect();
            let known = ["title", "file", "line", "col", "endColumn"];
            assert!(keys.iter().all(|key| known.contains(key)), "{name}: {line}");
            assert!(!data.is_empty(), "{name}: {line}");
        }
    }
}

#[test]
fn a_good_run_has_nothing_to_annotate() {
    assert_eq!(rendered(&samples::passing()), "");
    assert!(rendered(&samples::partial()).contains("::notice title=seal%3A partial::good as far as judged"));
}

#[test]
fn no_bad_run_is_silent() {
    for (name, report) in all_but_passing().into_iter().filter(|(_, report)| report.exit_code != 0) {
        assert!(rendered(&report).starts_with("::error "), "{name}");
    }
    let mut bare = samples::failing();
    bare.findings.clear();
    bare.groups.clear();
    bare.outcome = Outcome::Error;
    assert_eq!(rendered(&bare), "::error title=seal::could not verify: 1 problem\n");
}

#[test]
fn places_are_those_of_the_finding() {
    let text = rendered(&samples::failing());
    let lines: Vec<_> = text.lines().map(read).collect();
    let dash = lines.iter().find(|(_, p, _)| value(p, "file") == Some("packet/decision.json")).unwrap();
    assert_eq!((value(&dash.1, "line"), value(&dash.1, "col")), (Some("12"), Some("30")));
    assert_eq!(value(&dash.1, "title"), Some("emdash_unicode_drift: Typographic characters replaced"));
    assert!(dash.2.contains("\n3 of 20 em dashes: lines 12, 40, 41\nfix: "), "{}", dash.2);
    let text = rendered(&samples::manifest_problems());
    assert!(
        text.contains("file=hostile/HASH_MANIFEST.txt,line=3,col=1,endColumn=15::line 3 is not"),
        "{text}"
    );
    assert!(text.contains(r"file=second PASS/caf\xe9/\u{1b}[31m.txt::"), "{text}");
}

#[test]
fn a_class_that_is_cut_says_how_much() {
    let text = rendered(&samples::many());
    let errors: Vec<&str> = text.lines().filter(|line| line.starts_with("::error ")).collect();
    assert_eq!(errors.len(), 10, "{text}");
    // 23 files with CRLF, 3 unsealed, 1 edited, 1 moved: 28 less the 9 shown.
    assert_eq!(errors[9], "::error title=seal::19 more in the report");
    assert!(errors[..9].iter().all(|line| line.contains("crlf_drift")), "{text}");
    let mut ten = samples::many();
    ten.findings.retain(|finding| finding.code == Code::CrlfDrift);
    ten.findings.truncate(10);
    ten.groups = crate::report::group(&ten.findings);
    assert_eq!(rendered(&ten).lines().filter(|line| line.contains("crlf_drift")).count(), 10);
}

#[test]
fn what_is_known_to_be_broken_is_no_error() {
    let text = rendered(&samples::excused());
    assert!(!text.contains("::error "), "{text}");
    assert!(text.contains("::warning title=missing_file%3A"), "{text}");
}

#[test]
fn no_name_ends_its_property_or_begins_a_command() {
    for name in samples::HOSTILE_NAMES {
        let report = samples::about(name);
        let text = rendered(&report);
        let commands: Vec<_> = text.lines().map(read).collect();
        assert_eq!(commands.len(), 1, "{text}");
        let (kind, properties, _) = &commands[0];
        assert_eq!(kind, "error");
        assert_eq!(properties.len(), 2, "{text}");
        let shown = crate::report::place::plain(&[b"packet/", *name].concat());
        assert_eq!(value(properties, "file"), Some(shown.as_str()), "{text}");
        assert!(!text.chars().any(|c| c != '\n' && crate::text::is_deceptive(c)), "{text}");
        assert!(!text.contains("\n##[") && !text.contains("\n::set"), "{text}");
    }
}

#[test]
fn snapshots() {
    insta::assert_snapshot!("failing", rendered(&samples::failing()));
    insta::assert_snapshot!("nothing", rendered(&samples::nothing()));
}
