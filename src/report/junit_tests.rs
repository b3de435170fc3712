//! JUnit as an XML parser reads it.

use roxmltree::{Document, Node};

use super::*;
use crate::check::Status;
use crate::report::samples::{self, all_but_passing};
use crate::report::{Entries, EntryState, Outcome as Verdict};

fn rendered(report: &Report) -> String {
    let mut out = Vec::new();
    render(report, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn named<'a>(node: Node<'a, 'a>, name: &'a str) -> Vec<Node<'a, 'a>> {
    node.descendants().filter(|node| node.has_tag_name(name)).collect()
}

fn assert_counts(what: &str, node: Node<'_, '_>) {
    let cases = node.descendants().filter(|node| node.has_tag_name("testcase"));
    let count =
        |name: &str| cases.clone().filter(|case| case.children().any(|c| c.has_tag_name(name))).count();
    let said = |name: &str| node.attribute(name).unwrap().parse::<usize>().unwrap();
    assert_eq!(said("tests"), cases.clone().count(), "{what}");
    for (attribute, child) in [("failures", "failure"), ("errors", "error"), ("skipped", "skipped")] {
        assert_eq!(said(attribute), count(child), "{what}: {attribute}");
    }
}

#[test]
fn counts_equal_the_cases_and_no_case_is_there_twice() {
    for (name, report) in samples::all() {
        let text = rendered(&report);
        let document = Document::parse(&text).unwrap();
        assert_counts(name, document.root_element());
        for suite in named(document.root_element(), "testsuite") {
            assert_counts(name, suite);
        }
        let mut seen = std::collections::HashSet::new();
        for case in named(document.root_element(), "testcase") {
            assert!(seen.insert((case.attribute("classname"), case.attribute("name"))), "{name}: {case:?}");
            assert_eq!(case.attribute("time"), None);
        }
        assert_eq!(text, rendered(&report));
    }
}

#[test]
fn no_bad_run_has_only_good_cases() {
    for (name, mut report) in all_but_passing().into_iter().filter(|(_, report)| report.exit_code != 0) {
        for _ in 0..2 {
            let text = rendered(&report);
            let document = Document::parse(&text).unwrap();
            let bad = named(document.root_element(), "failure").len()
                + named(document.root_element(), "error").len();
            assert!(bad > 0, "{name}: {text}");
            report.findings.clear();
            report.packets.clear();
        }
    }
    let text = rendered(&samples::passing());
    assert!(!text.contains("<failure") && !text.contains("<error"), "{text}");
}

#[test]
fn every_entry_and_every_check_is_a_case() {
    let text = rendered(&samples::about(b"bad.txt"));
    let document = Document::parse(&text).unwrap();
    let names: Vec<_> = named(document.root_element(), "testcase")
        .iter()
        .map(|case| {
            (case.attribute("classname").unwrap().to_owned(), case.attribute("name").unwrap().to_owned())
        })
        .collect();
    let pair = |class: &str, name: &str| (class.to_owned(), name.to_owned());
    assert_eq!(
        names,
        [
            pair("packet/HASH_MANIFEST.txt", "intact.txt"),
            pair("packet/HASH_MANIFEST.txt", "bad.txt"),
            pair("packet/HASH_MANIFEST.txt checks", "L0 manifest"),
            pair("packet/HASH_MANIFEST.txt checks", "L0 pin"),
            pair("packet/HASH_MANIFEST.txt checks", "L1 mirror"),
            pair("packet/HASH_MANIFEST.txt checks", "L2 rollback"),
            pair("packet/HASH_MANIFEST.txt checks", "L3 decision"),
            pair("seal", "verdict"),
        ]
    );
    let failure = named(document.root_element(), "failure")[0];
    assert_eq!(failure.attribute("type"), Some("edited_content"));
    assert_eq!(failure.attribute("message"), Some("\"bad.txt\" does not have the sealed bytes"));
    assert!(failure.text().unwrap().contains("\nfix: "), "{text}");
}

#[test]
fn effects_and_statuses_are_told_apart() {
    let text = rendered(&samples::manifest_problems());
    let document = Document::parse(&text).unwrap();
    let of = |tag: &'static str| -> Vec<String> {
        let nodes = document.root_element().descendants().filter(|node| node.has_tag_name(tag));
        nodes.map(|node| node.attribute("type").unwrap_or_default().to_owned()).collect()
    };
    assert_eq!(of("error"), ["unreadable_file", "unreadable_file"], "the file and its check: {text}");
    assert!(of("failure").contains(&"malformed_line".to_owned()), "{text}");
    assert_eq!(of("skipped").len(), 6, "two checks of each packet do not apply");
    let mut report = samples::passing();
    report.packets[0].checks[1].status = Status::Skipped;
    assert!(
        rendered(&report).contains("<skipped message=\"skipped: the pin equals the manifest's digest\"/>")
            || rendered(&report)
                .contains("<skipped message=\"skipped: the pin equals the manifest&apos;s digest\"/>")
    );
}

#[test]
fn a_damaged_entry_is_never_good_and_what_is_known_is_skipped() {
    let mut report = samples::passing();
    report.packets[0].entries.push(&samples::path(b"a"), EntryState::Damaged);
    assert!(rendered(&report).contains("<failure message=\"the entry is not as sealed\" type=\"damaged\">"));
    let text = rendered(&samples::excused());
    assert!(!text.contains("<failure") && !text.contains("<error"), "{text}");
    assert!(text.contains("do not fail the run"), "{text}");
    assert_eq!(samples::excused().outcome, Verdict::Pass);
}

#[test]
fn names_are_text_whatever_they_are() {
    for name in samples::HOSTILE_NAMES {
        let text = rendered(&samples::about(name));
        let document = Document::parse(&text).unwrap();
        assert_eq!(named(document.root_element(), "testcase").len(), 8, "{text}");
        assert!(!text.chars().any(|c| c != '\n' && crate::text::is_deceptive(c)), "{text}");
        let shown = crate::report::place::plain(name);
        let cases = named(document.root_element(), "testcase");
        assert!(cases.iter().any(|case| case.attribute("name") == Some(shown.as_str())), "{shown} in {text}");
        let tags = ["testsuites", "testsuite", "testcase", "failure", "error", "skipped"];
        let elements = document.root().descendants().filter(Node::is_element);
        assert!(elements.into_iter().all(|node| tags.contains(&node.tag_name().name())), "{text}");
    }
}

#[test]
fn a_packet_of_many_entries_is_written_once_over() {
    let mut report = samples::passing();
    let mut entries = Entries::default();
    for n in 0..20_000 {
        entries.push(&samples::path(format!("folder/{n}.txt").as_bytes()), EntryState::Intact);
    }
    report.packets[0].entries = entries;
    let text = rendered(&report);
    assert!(text.starts_with(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"seal\" tests=\"20006\""
    ));
    assert_eq!(text.matches("<testcase ").count(), 20_006);
}

#[test]
fn snapshots() {
    let mut failing = samples::failing();
    for name in ["README.md", "intact.txt", "decision.json", "run_validator.py"] {
        let state = if name == "intact.txt" { EntryState::Intact } else { EntryState::Damaged };
        failing.packets[0].entries.push(&samples::path(name.as_bytes()), state);
    }
    insta::assert_snapshot!("failing", rendered(&failing));
    insta::assert_snapshot!("passing", rendered(&samples::passing()));
    insta::assert_snapshot!("nothing", rendered(&samples::nothing()));
}
