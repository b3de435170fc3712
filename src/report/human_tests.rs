//! The screen: its shapes, and what may never stand on it.

use super::*;
use crate::code::Code;
use crate::finding::Finding;
use crate::report::samples::{self, all_but_passing};
use crate::report::{OutputFormat, PacketReport, json};

fn rendered(report: &Report, look: &Look) -> String {
    let mut out = Vec::new();
    render(report, &mut out, look).unwrap();
    String::from_utf8(out).unwrap()
}

fn looks() -> impl Iterator<Item = Look> {
    let verbosities = [Verbosity::Quiet, Verbosity::Normal, Verbosity::Verbose];
    verbosities.into_iter().flat_map(|verbosity| {
        [(false, false), (true, false), (true, true)].into_iter().flat_map(move |(unicode, color)| {
            [40, 80, 200].into_iter().map(move |width| Look { color, unicode, width, verbosity })
        })
    })
}

/// `output` without the places made for packet data: quoted names, the rows of
/// a diff, and the marked lines that miette draws.
fn static_text(output: &str) -> String {
    output
        .lines()
        .map(|line| without_quotes(&without_color(line)))
        .filter(|line| !is_data_row(line))
        .collect()
}

fn without_color(line: &str) -> String {
    let mut parts = line.split('\x1b');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| text + part.split_once('m').map_or("", |(_, rest)| rest))
}

fn without_quotes(line: &str) -> String {
    let mut out = String::new();
    let mut inside = false;
    let mut escaped = false;
    for c in line.chars() {
        match c {
            _ if escaped => escaped = false,
            '\\' if inside => escaped = true,
            '"' => inside = !inside,
            c if !inside => out.push(c),
            _ => {}
        }
    }
    out
}

fn is_data_row(line: &str) -> bool {
    let rest = line.trim_start().trim_start_matches(|c: char| c.is_ascii_digit());
    let numbered = rest.len() < line.trim_start().len();
    numbered && [" - ", " + ", " | ", " \u{2502} "].iter().any(|gutter| rest.starts_with(gutter))
}

fn json_without_data(report: &Report) -> String {
    fn walk(value: &serde_json::Value, out: &mut String) {
        match value {
            serde_json::Value::Object(map) => map.iter().for_each(|(key, value)| {
                out.push_str(key);
                walk(value, out);
            }),
            serde_json::Value::Array(items) => items.iter().for_each(|item| walk(item, out)),
            // A string field is itself the place made for data.
            _ => {}
        }
    }
    let mut text = Vec::new();
    json::render(report, &mut text).unwrap();
    let mut out = String::new();
    walk(&serde_json::from_slice(&text).unwrap(), &mut out);
    out
}

#[test]
fn the_word_stands_on_no_output_of_any_other_run() {
    for (name, report) in all_but_passing() {
        for look in looks() {
            let output = rendered(&report, &look);
            let text = static_text(&output);
            assert!(!text.contains("PASS"), "{name} {look:?}\n{output}");
        }
        assert!(!json_without_data(&report).contains("PASS"), "{name}");
    }
}

#[test]
fn the_filter_for_quotes_does_not_hide_our_own_words() {
    assert!(static_text("PASS  1 packet").contains("PASS"));
    assert!(static_text("\x1b[1mPASS\x1b[0m").contains("PASS"));
    assert!(static_text("x \"a\" PASS \"b\"").contains("PASS"));
    assert!(!static_text("x \"a \\\" PASS\" b").contains("PASS"));
    assert!(!static_text("     12 - PASS\n   3 | PASS").contains("PASS"));
}

#[test]
fn a_complete_passing_run_is_a_line_a_packet_and_the_verdict() {
    let text = rendered(&samples::passing(), &Look::PLAIN);
    assert_eq!(
        text,
        "+ packet   21 sealed   all intact   L0 L2 ok   tree 2fa3d54e..46da\n\
         PASS  1 packet, 21 files, levels L0 L2\n"
    );
    let quiet = rendered(&samples::passing(), &Look { verbosity: Verbosity::Quiet, ..Look::PLAIN });
    assert_eq!(quiet, "PASS  1 packet, 21 files, levels L0 L2\n");
    for look in looks() {
        let text = rendered(&samples::passing(), &look);
        let last = without_color(text.lines().last().unwrap());
        assert!(last.starts_with("PASS  "), "{text}");
        assert_eq!(text.matches("PASS").count(), 1, "{text}");
    }
}

#[test]
fn a_report_that_contradicts_itself_is_no_pass() {
    let spoiled: [fn(&mut Report); 6] = [
        |report| report.exit_code = 1,
        |report| report.complete = false,
        |report| report.packets.clear(),
        |report| report.packets[0].outcome = Outcome::Fail,
        |report| report.packets[0].counts.total = 0,
        |report| report.findings.push(Finding::new(Code::MissingFile, "gone")),
    ];
    for spoil in spoiled {
        let mut report = samples::passing();
        spoil(&mut report);
        for look in looks() {
            assert!(!rendered(&report, &look).contains("PASS"));
        }
    }
}

#[test]
fn nothing_dangerous_reaches_the_terminal() {
    for (name, report) in all_but_passing() {
        for look in looks() {
            let text = rendered(&report, &look);
            let bare =
                if look.color { text.lines().map(without_color).collect() } else { text.replace('\n', "") };
            assert!(!bare.chars().any(crate::text::is_deceptive), "{name} {look:?}\n{text:?}");
            assert!(look.color || !text.contains('\x1b'), "{name}");
            assert!(look.unicode || text.is_ascii(), "{name}\n{text}");
        }
    }
}

#[test]
fn prose_keeps_to_the_width() {
    let look = Look { width: 72, unicode: true, ..Look::PLAIN };
    for (name, report) in [("failing", samples::failing()), ("many", samples::many())] {
        let text = rendered(&report, &look);
        // A command is never broken; one that is too long has a line of its own.
        for line in text.lines().filter(|line| !line.trim_start().starts_with('`')) {
            assert!(super::super::style::width(line) <= 72, "{name}: {line}");
        }
    }
}

#[test]
fn quiet_is_a_line_for_each_cause_and_the_verdict() {
    let look = Look { verbosity: Verbosity::Quiet, ..Look::PLAIN };
    let report = samples::failing();
    let text = rendered(&report, &look);
    assert_eq!(text.lines().count(), report.groups.len() + 1, "{text}");
    assert!(text.lines().last().unwrap().starts_with("FAIL  3 of 21 files, 3 causes"), "{text}");
}

#[test]
fn long_groups_are_cut_and_verbose_shows_all() {
    let report = samples::many();
    let normal = rendered(&report, &Look::PLAIN);
    assert!(normal.contains("... and 13 more (-v shows all)"), "{normal}");
    assert!(!normal.contains("part-22.md"));
    let verbose = rendered(&report, &Look { verbosity: Verbosity::Verbose, ..Look::PLAIN });
    assert!(verbose.contains("part-22.md") && verbose.contains("web/manifest.json"), "{verbose}");
    assert!(!verbose.contains("more (-v"), "{verbose}");
}

#[test]
fn many_packets_do_not_push_the_failing_one_off_the_screen() {
    let mut report = samples::failing();
    for n in 0..300 {
        report.packets.push(samples::packet(format!("p{n:03}").as_bytes(), 2));
    }
    let text = rendered(&report, &Look::PLAIN);
    assert!(text.starts_with("FAIL  3 of 621 files, 3 causes"), "{text}");
    assert!(text.contains("\n\nx packet"), "{text}");
    assert!(text.contains("+ 300 other packets and lists intact (-v lists them)"), "{text}");
    assert!(text.lines().count() < 50, "{text}");
}

#[test]
fn a_finding_and_its_fix_name_the_same_path() {
    let text = rendered(&samples::failing(), &Look::PLAIN);
    assert!(text.contains("    packet/decision.json  3 of 20"), "{text}");
    assert!(text.contains("`seal restore packet/decision.json --write`"), "{text}");
    let text = rendered(&samples::manifest_problems(), &Look::PLAIN);
    assert!(text.contains("[hostile/HASH_MANIFEST.txt:3:1]"), "{text}");
}

#[test]
fn where_a_file_went_is_said_once() {
    let mut report = samples::many();
    let renamed = report.findings.iter_mut().find(|finding| finding.code == Code::Moved).unwrap();
    renamed.message = "\"old/name.txt\" is there as \"new/name.txt\", which differs in letter case".into();
    let text = rendered(&report, &Look::PLAIN);
    assert!(
        text.contains("old/name.txt  is there as new/name.txt, which differs in letter case\n"),
        "{text}"
    );
}

#[test]
fn figures_of_the_search_are_for_those_who_ask() {
    let mut report = samples::many();
    let search = report.findings.iter_mut().find_map(|f| f.search.as_mut().filter(|s| s.hypotheses > 1_000));
    search.unwrap().exhausted = false;
    let normal = rendered(&report, &Look::PLAIN);
    assert!(normal.contains("not explained: the budget ended the search\n"), "{normal}");
    assert!(!normal.contains("hypothes") && !normal.contains("--deep"), "{normal}");
    let verbose = rendered(&report, &Look { verbosity: Verbosity::Verbose, ..Look::PLAIN });
    assert!(
        verbose.contains("1,657 hypotheses, 12 MB hashed; ") && verbose.contains("`--deep`"),
        "{verbose}"
    );
}

#[test]
fn the_heading_is_not_repeated_under_the_marked_line() {
    let mut report = samples::manifest_problems();
    let title = Code::MalformedLine.row().title;
    report.findings[0].snippet.as_mut().unwrap().label = title.into();
    assert_eq!(rendered(&report, &Look::PLAIN).matches(title).count(), 1);
}

#[test]
fn an_error_is_not_called_partial() {
    let mut report = samples::nothing();
    report.complete = false;
    let text = rendered(&report, &Look::PLAIN);
    assert!(!text.contains("partial") && text.lines().last().unwrap().starts_with("ERROR"), "{text}");
    let mut report = samples::failing();
    report.complete = false;
    assert!(!rendered(&report, &Look::PLAIN).contains("not everything was judged"));
}

#[test]
fn levels_without_a_check_are_not_called_unjudged() {
    let mut report = samples::failing();
    report.packets[0].checks.retain(|check| check.level == crate::check::Level::L0);
    let text = rendered(&report, &Look::PLAIN);
    assert!(text.contains("checks  L0 manifest failed, pin failed\n"), "{text}");
}

#[test]
fn few_candidates_that_were_passed_over_are_named_and_many_counted() {
    let mut report = samples::many();
    let text = rendered(&report, &Look::PLAIN);
    assert!(text.contains("1 candidate not verified as a seal\n  web/manifest.json  no entry"), "{text}");
    report.passed_over = vec![report.passed_over[0].clone(); 4];
    let text = rendered(&report, &Look::PLAIN);
    assert!(text.contains("4 candidates not verified as seals (`seal verify --list` names them)"), "{text}");
    assert!(!text.contains("web/manifest.json"), "{text}");
}

#[test]
fn fields_that_were_taken_are_no_news() {
    let mut report = samples::passing();
    report.findings = vec![Finding::new(Code::ManifestFields, "fields")];
    assert!(!rendered(&report, &Look::PLAIN).contains("note"));
    report.findings.push(Finding::new(Code::RootInferred, "root"));
    assert!(rendered(&report, &Look::PLAIN).contains("1 note (-v shows it)\n"));
}

#[test]
fn the_packet_carries_the_cause_of_most_files() {
    let text = rendered(&samples::many(), &Look::PLAIN);
    assert!(text.contains("   24 drifted: 23 CRLF   "), "{text}");
    assert!(!rendered(&samples::failing(), &Look::PLAIN).contains("2 drifted:"), "none is the main one");
}

#[test]
fn a_long_failing_report_begins_with_its_verdict() {
    let text = rendered(&samples::many(), &Look::PLAIN);
    assert!(text.lines().count() > SCREEN && text.starts_with("FAIL  25 of 60 files"), "{text}");
    assert_eq!(text.lines().next(), text.lines().last());
    let short = rendered(&samples::nothing(), &Look::PLAIN);
    assert!(!short.starts_with("ERROR"), "{short}");
}

#[test]
fn a_file_in_two_seals_is_one_file_of_the_verdict() {
    let mut report = samples::passing();
    report.packets.push(PacketReport { pinned: false, ..samples::packet(b"packet", 21) });
    report.stats.sealed = 21;
    let text = rendered(&report, &Look::PLAIN);
    assert!(text.ends_with("PASS  1 packet, 1 list, 21 files, levels L0 L2\n"), "{text}");
    let mut report = samples::failing();
    (report.stats.sealed, report.stats.damaged) = (12, 1);
    let text = rendered(&report, &Look::PLAIN);
    assert!(text.lines().last().unwrap().starts_with("FAIL  1 of 12 files, 3 causes"), "{text}");
}

#[test]
fn no_digest_is_broken_by_an_eighty_column_terminal() {
    let look = Look { width: 80, verbosity: Verbosity::Verbose, ..Look::PLAIN };
    let text = rendered(&samples::failing(), &look);
    assert!(text.contains(&format!("found   10,454 bytes\n    {}\n", "b".repeat(64))), "{text}");
    assert!(text.lines().filter(|line| line.contains(&"b".repeat(64))).all(|line| line.len() <= 80));
}

#[test]
fn numbers_are_easy_to_read() {
    let cases = [(0, "0"), (999, "999"), (1_000, "1,000"), (1_234_567, "1,234,567")];
    for (value, want) in cases {
        assert_eq!(number(value), want);
    }
    assert_eq!(bytes(1), "1 byte");
    assert_eq!(bytes(999), "999 bytes");
    assert_eq!(bytes(1_500), "1.5 kB");
    assert_eq!(bytes(12_400_000), "12 MB");
    assert_eq!(bytes(9_940_000_000), "9.9 GB");
}

#[test]
fn screens() {
    let plain = Look::PLAIN;
    let unicode = Look { unicode: true, ..plain };
    let color = Look { color: true, ..unicode };
    let verbose = Look { verbosity: Verbosity::Verbose, ..unicode };
    insta::assert_snapshot!("failing_ascii", rendered(&samples::failing(), &plain));
    insta::assert_snapshot!("failing_unicode", rendered(&samples::failing(), &unicode));
    insta::assert_snapshot!(
        "failing_color",
        rendered(&samples::failing(), &color).replace('\x1b', "\u{241b}")
    );
    insta::assert_snapshot!("failing_verbose", rendered(&samples::failing(), &verbose));
    insta::assert_snapshot!("many_unicode", rendered(&samples::many(), &unicode));
    insta::assert_snapshot!("manifest_problems_unicode", rendered(&samples::manifest_problems(), &unicode));
    insta::assert_snapshot!("hostile_ascii", rendered(&samples::hostile(), &plain));
    insta::assert_snapshot!("partial_ascii", rendered(&samples::partial(), &plain));
    insta::assert_snapshot!("passing_verbose", rendered(&samples::passing(), &verbose));
    insta::assert_snapshot!("nothing_ascii", rendered(&samples::nothing(), &plain));
}

#[test]
fn the_table_of_formats_reaches_every_renderer() {
    for format in OutputFormat::all() {
        let mut out = Vec::new();
        crate::report::render(format, &samples::failing(), &mut out, &Look::PLAIN).unwrap();
        assert!(!out.is_empty(), "{}", format.name());
    }
}
