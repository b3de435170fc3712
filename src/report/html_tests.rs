//! The page as a tokenizer of HTML reads it.

use std::collections::HashSet;

use html5gum::{Token, Tokenizer};

use super::*;
use crate::code::Code;
use crate::report::samples::{self, all_but_passing};

fn rendered(report: &Report) -> String {
    let mut out = Vec::new();
    render(report, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

const TAGS: &str = "html head meta title style body header div p h1 h2 h3 main section article ul li code svg rect \
    table caption thead tbody tr th td br span mark dl dt dd details summary footer strong";
const ATTRIBUTES: &str = "lang charset http-equiv content name class id aria-labelledby aria-label aria-hidden role \
    viewbox preserveaspectratio x width height scope rowspan";

/// The text of the page, and fails when something is in it that the template has not.
fn read(what: &str, text: &str) -> String {
    let (tags, attributes): (HashSet<&str>, HashSet<&str>) =
        (TAGS.split_whitespace().collect(), ATTRIBUTES.split_whitespace().collect());
    let mut words = String::new();
    let mut open: Vec<String> = Vec::new();
    for token in Tokenizer::new(text) {
        match token.unwrap() {
            Token::StartTag(tag) => {
                let name = String::from_utf8(tag.name.to_vec()).unwrap();
                assert!(tags.contains(name.as_str()), "{what}: <{name}> in\n{text}");
                for key in tag.attributes.keys() {
                    let key = String::from_utf8_lossy(key);
                    assert!(attributes.contains(&*key), "{what}: {key} of <{name}> in\n{text}");
                }
                if !tag.self_closing && !["meta", "br"].contains(&name.as_str()) {
                    open.push(name);
                }
            }
            Token::EndTag(tag) => {
                let name = String::from_utf8(tag.name.to_vec()).unwrap();
                assert_eq!(open.pop().as_deref(), Some(name.as_str()), "{what}: in\n{text}");
                words.push('\n');
            }
            Token::String(string) => {
                if open.last().is_some_and(|tag| tag != "style") {
                    words.push_str(&String::from_utf8_lossy(&string));
                }
            }
            Token::Error(error) => panic!("{what}: {error:?} in\n{text}"),
            Token::Comment(_) => panic!("{what}: a comment in\n{text}"),
            Token::Doctype(_) => {}
        }
    }
    assert!(open.is_empty(), "{what}: {open:?}");
    words
}

#[test]
fn every_sample_is_well_formed_and_holds_only_what_the_template_has() {
    for (name, report) in samples::all() {
        let text = rendered(&report);
        read(name, &text);
        assert_eq!(text, rendered(&report), "{name}");
        assert!(!text.chars().any(|c| c != '\n' && crate::text::is_deceptive(c)), "{name}");
        for loader in ["src=", "href=", "url(", "@import", "<script", "javascript:", "http:", "https:"] {
            assert!(!text.contains(loader), "{name}: {loader}");
        }
    }
}

#[test]
fn the_policy_allows_this_style_sheet_and_nothing_else() {
    let text = rendered(&samples::failing());
    let style = text.split_once("<style>").unwrap().1.split_once("</style>").unwrap().0;
    let hash = data_encoding::BASE64.encode(&Sha256::of(style.as_bytes()).0);
    assert!(text.contains(&format!(
        "content=\"default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'\""
    )));
    assert!(!text.contains(" style="));
}

#[test]
fn hostile_names_are_text() {
    for name in samples::HOSTILE_NAMES {
        let text = rendered(&samples::about(name));
        let words = read("hostile", &text);
        let look = crate::report::Look { unicode: true, ..crate::report::Look::PLAIN };
        let shown = crate::report::name::shown_bytes(&[b"packet/", *name].concat(), &look);
        assert!(words.contains(&shown), "{shown} in {words}");
    }
}

#[test]
fn what_a_person_needs_is_on_the_page_in_its_order() {
    let words = read("failing", &rendered(&samples::failing()));
    let mut at = 0;
    for wanted in [
        "Not as sealed",
        "3 of 21 files, 3 causes",
        "Line endings changed",
        "crlf_drift",
        "proven by hash",
        "packet/README.md",
        "<CR>",
        "seal restore packet --write",
        "<U+2014 EM DASH>",
        "Sealed file is missing",
        "Packets and lists",
        "18 intact",
        "L0",
        "failed",
        "FAIL",
    ] {
        let found = words[at..].find(wanted).unwrap_or_else(|| panic!("no {wanted} behind {at} in {words}"));
        at += found + wanted.len();
    }
    let words = read("many", &rendered(&samples::many()));
    assert!(words.contains("web/manifest.json") && words.contains("no entry in it has a digest"));
}

#[test]
fn every_title_of_a_finding_is_told() {
    let report = samples::every_code();
    let words = read("every code", &rendered(&report));
    for row in Code::table().iter().filter(|row| !crate::report::group::is_companion(row.code)) {
        assert!(words.contains(row.id), "{}", row.id);
    }
}

#[test]
fn the_word_of_a_good_run_is_its_last_line_and_nowhere_else() {
    let text = rendered(&samples::passing());
    assert_eq!(text.matches("PASS").count(), 1);
    let words = read("passing", &text);
    assert!(words.trim_end().ends_with("PASS\n 1 packet, 21 files, levels L0 L2"), "{words}");
    for (name, report) in all_but_passing() {
        let text = rendered(&report);
        // Data stands in code.
        let static_text: String = text
            .split("<code")
            .map(|part| part.split_once("</code>").map_or(part, |(_, rest)| rest))
            .collect();
        assert!(!static_text.contains("PASS"), "{name}: {static_text}");
    }
}

#[test]
fn a_bar_never_leaves_its_frame() {
    let mut report = samples::many();
    for (total, drifted, missing) in
        [(1, 1, 0), (1_000_000, 1, 1), (3, 1, 1), (u64::MAX, u64::MAX, 0), (0, 0, 0)]
    {
        let counts = &mut report.packets[0].counts;
        (counts.total, counts.drifted, counts.missing, counts.intact) =
            (total, drifted, missing, total - drifted - missing);
        let page = Page::of(&report, LIMITS);
        for (_, start, width) in page.packets.shown[0].bar() {
            assert!(start + width <= 1000 && width > 0, "{total}: {start} {width}");
        }
    }
}

#[test]
fn snapshots() {
    // The style sheet is looked at in a browser.
    let bare = |report: &Report| {
        let text = rendered(report);
        let (before, rest) = text.split_once("<style>").unwrap();
        let before = before.split("sha256-").next().unwrap();
        format!("{before}\n{}", rest.split_once("</style>").unwrap().1)
            .replace(env!("CARGO_PKG_VERSION"), "0.0.0")
    };
    insta::assert_snapshot!("failing", bare(&samples::failing()));
    insta::assert_snapshot!("nothing", bare(&samples::nothing()));
    insta::assert_snapshot!("passing", bare(&samples::passing()));
}
