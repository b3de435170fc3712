//! Markdown as a parser reads it, and what may never be in it.

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

use super::*;
use crate::report::Look;
use crate::report::samples::{self, all_but_passing};

fn rendered(report: &Report) -> String {
    let mut out = Vec::new();
    render(report, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn events(text: &str) -> Vec<Event<'_>> {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
    Parser::new_ext(text, options | Options::ENABLE_FOOTNOTES | Options::ENABLE_MATH | Options::ENABLE_GFM)
        .collect()
}

/// The text that is neither in a span nor in a block of code.
fn words(text: &str) -> String {
    let mut out = String::new();
    let mut inside = false;
    for event in events(text) {
        match event {
            Event::Start(Tag::CodeBlock(_)) => inside = true,
            Event::End(TagEnd::CodeBlock) => inside = false,
            Event::Text(text) if !inside => out.push_str(&text),
            Event::SoftBreak | Event::HardBreak | Event::End(_) => out.push('\n'),
            _ => {}
        }
    }
    out
}

/// Fails when the document holds what only a packet could have brought in.
fn assert_inert(what: &str, text: &str) {
    for event in events(text) {
        match &event {
            Event::Start(Tag::Link { .. } | Tag::Image { .. } | Tag::FootnoteDefinition(_)) => {
                panic!("{what}: {event:?} in\n{text}")
            }
            Event::InlineHtml(html) | Event::Html(html) => {
                let ours = ["<details>", "</details>", "<summary>", "</summary>"];
                let rest = ours.iter().fold(html.to_string(), |rest, tag| rest.replace(tag, ""));
                assert!(!rest.contains('<'), "{what}: {html} in\n{text}");
            }
            Event::Start(Tag::CodeBlock(kind)) => {
                let CodeBlockKind::Fenced(language) = kind else {
                    panic!("{what}: an indented block in\n{text}")
                };
                assert!(["diff", "text"].contains(&&**language), "{what}: {language} in\n{text}");
            }
            _ => {}
        }
    }
    let words = words(text);
    for sign in ["@", "://", "www.", "::", "##["] {
        assert!(!words.contains(sign), "{what}: {sign} stands bare in\n{words}");
    }
    assert!(!words.split(' ').any(|word| word.starts_with('#')), "{what}: {words}");
    assert!(
        !text.chars().any(|c| c != '\n' && c != '\u{fe0f}' && crate::text::is_deceptive(c)),
        "{what}: {text}"
    );
}

#[test]
fn every_sample_is_inert_and_well_formed() {
    let mut all = all_but_passing();
    all.extend([
        ("passing", samples::passing()),
        ("every code", samples::every_code()),
        ("excused", samples::excused()),
    ]);
    for (name, report) in all {
        let text = rendered(&report);
        assert_inert(name, &text);
        assert_eq!(text, rendered(&report), "{name}");
        assert!(text.starts_with("## ") && text.ends_with('\n'), "{name}");
    }
}

#[test]
fn hostile_names_stay_in_their_spans() {
    let plain = events(&rendered(&samples::about(b"plain.txt"))).len();
    for name in samples::HOSTILE_NAMES {
        let text = rendered(&samples::about(name));
        assert_inert("hostile", &text);
        let shown = crate::report::name::shown_bytes(
            &[b"packet/", *name].concat(),
            &Look { unicode: true, ..Look::PLAIN },
        );
        let shown = shown.replace('`', "\\x60").replace('|', "\\x7c");
        let spans: Vec<String> = events(&text)
            .into_iter()
            .filter_map(|e| if let Event::Code(c) = e { Some(c.to_string()) } else { None })
            .collect();
        assert!(spans.iter().any(|span| span.trim() == shown.trim()), "{shown} in {spans:?}\n{text}");
        // Nothing of the name became an element of its own.
        assert_eq!(events(&text).len(), plain, "{text}");
    }
}

#[test]
fn lines_of_files_stay_in_their_blocks() {
    let mut report = samples::failing();
    let change = samples::change(1, b"```\n", b"~~~ ```` </details> @a #1\n");
    report.findings[2].changed_lines = vec![change];
    let text = rendered(&report);
    assert_inert("fences", &text);
    assert!(
        text.contains("  `````diff\n  -    1  ```\n  +    1  ~~~ ```` </details> @a #1\n  `````\n"),
        "{text}"
    );
}

#[test]
fn the_word_of_a_good_run_is_its_last_line_and_nowhere_else() {
    let text = rendered(&samples::passing());
    assert!(text.ends_with("**PASS** 1 packet, 21 files, levels L0 L2\n"), "{text}");
    assert_eq!(text.matches("PASS").count(), 1);
    for (name, report) in all_but_passing() {
        assert!(!words(&rendered(&report)).contains("PASS"), "{name}: {}", rendered(&report));
    }
}

#[test]
fn it_never_outgrows_a_step_summary() {
    let mut report = samples::every_code();
    let long = "x".repeat(3000);
    let line = format!("{long}\u{2014}{long}\n").into_bytes();
    let template = report.findings.clone();
    for round in 0..40 {
        for finding in &template {
            let mut finding = finding.clone();
            finding.path = Some(samples::path(format!("{round}/{long}").as_bytes()));
            finding.changed_lines = vec![samples::change(2, &line, long.as_bytes()); 3];
            report.findings.push(finding);
        }
    }
    report.groups = crate::report::group(&report.findings);
    for _ in 0..2000 {
        report.packets.push(samples::packet(&long.as_bytes()[..200], 3));
    }
    let text = rendered(&report);
    assert!(text.len() <= MOST, "{}", text.len());
    assert!(text.contains("left out here") || text.contains(" more "), "nothing says what was cut");
    assert!(text.ends_with("causes\n") || text.ends_with("verified\n"), "{}", &text[text.len() - 200..]);
}

#[test]
fn a_document_too_long_says_what_is_left_out() {
    let mut report = samples::failing();
    let template = report.findings[0].clone();
    report.findings = (0..90)
        .map(|n| {
            let mut finding = template.clone();
            finding.path = Some(samples::path(format!("{n}").as_bytes()));
            finding.causes[0].direction = format!("{n} {}", "long ".repeat(60));
            finding.observations = vec!["word ".repeat(70); 40];
            finding
        })
        .collect();
    report.groups = crate::report::group(&report.findings);
    let text = rendered(&report);
    assert!(text.len() <= MOST, "{}", text.len());
    assert!(text.contains(" more causes are left out here: the JSON report has all."), "{}", text.len());
}

#[test]
fn snapshots() {
    insta::assert_snapshot!("failing", rendered(&samples::failing()));
    insta::assert_snapshot!("manifest_problems", rendered(&samples::manifest_problems()));
    insta::assert_snapshot!("passing", rendered(&samples::passing()));
    insta::assert_snapshot!("nothing", rendered(&samples::nothing()));
    insta::assert_snapshot!("hostile", rendered(&samples::hostile()));
}
