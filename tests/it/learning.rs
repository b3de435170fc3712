//! A cause that is proven in one file is tried first in the others, and the
//! answers depend on nothing but the files.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::packet::{Place, sha256};

/// A long text whose dashes changed in a run in the middle, with CRLF on top:
/// too dear for its share alone, and cheap for whoever knows where to look.
fn hard(n: usize) -> (String, String) {
    let line =
        |i: usize| format!("file {n}, line {i} \u{2014} a well-known word (once) \"quoted\" it's so...\n");
    let sealed: String = (0..60).map(line).collect();
    let dash = |i: usize| (17..43).contains(&i);
    let found = (0..60).map(|i| if dash(i) { line(i).replace('\u{2014}', "-") } else { line(i) });
    (sealed, found.collect::<String>().replace('\n', "\r\n"))
}

fn easy(n: usize) -> (String, String) {
    let sealed = format!("note {n} \u{2014} short\nand \u{2014} done\n");
    let found = sealed.replace('\u{2014}', "-").replace('\n', "\r\n");
    (sealed, found)
}

/// A list over files, in the order given, and the files as they are found.
fn place(files: &[(String, (String, String))]) -> Place {
    let place = Place::new();
    let mut list = String::new();
    for (name, (sealed, found)) in files {
        writeln!(list, "{}  {name}", sha256(sealed.as_bytes())).unwrap();
        place.write(format!("packet/{name}"), found);
    }
    place.write("packet/SHA256SUMS", list);
    place
}

fn files() -> Vec<(String, (String, String))> {
    let mut files = vec![("a-hard.md".to_owned(), hard(1)), ("z-hard.md".to_owned(), hard(2))];
    files.extend((0..6).map(|n| (format!("m-easy-{n}.md"), easy(n))));
    files.push(("edited.md".to_owned(), ("the total is 41\n".into(), "the total is 42\n".into())));
    files
}

const BUDGET: &str = "20MB";

/// What was found and what it cost, by file.
fn answers(place: &Place, threads: &str, budget: &str) -> BTreeMap<String, String> {
    let report = place.verify(["packet", "--search-budget", budget, "--threads", threads]);
    let findings = report.at("/findings").as_array().unwrap();
    let about = |finding: &serde_json::Value| {
        let path = finding["path"].as_str().unwrap().to_owned();
        (path, format!("{} {} {}", finding["code"], finding["cause"], finding["search"]))
    };
    findings.iter().filter(|finding| finding["path"].is_string()).map(about).collect()
}

#[test]
fn what_one_file_shows_explains_another_beyond_its_share() {
    let all = files();
    let alone = place(&[all[0].clone(), all[8].clone()]);
    let report = answers(&alone, "2", BUDGET);
    assert!(report["a-hard.md"].contains("edited_content"), "too dear alone: {report:?}");
    let together = answers(&place(&all), "2", BUDGET);
    for name in ["a-hard.md", "z-hard.md"] {
        assert!(together[name].contains("emdash_unicode_drift"), "{}", together[name]);
        assert!(together[name].contains("crlf_drift"), "{}", together[name]);
    }
    assert!(together["edited.md"].contains("edited_content"), "{together:?}");
}

#[test]
fn neither_threads_nor_the_order_of_the_lines_change_an_answer() {
    let mut all = files();
    let want = answers(&place(&all), "1", BUDGET);
    assert_eq!(want.len(), all.len());
    for threads in ["2", "8"] {
        assert_eq!(answers(&place(&all), threads, BUDGET), want, "{threads} threads");
    }
    all.reverse();
    all.rotate_left(3);
    assert_eq!(answers(&place(&all), "2", BUDGET), want, "another order");
}

/// Every file's share was spent before any of them was explained, so that none
/// of five hundred was.
#[test]
fn many_files_with_one_cause_are_explained_though_no_share_is_enough() {
    let files: Vec<_> = (0..60).map(|n| (format!("file-{n:02}.md"), hard(n))).collect();
    let place = place(&files);
    let told = answers(&place, "2", "600MB");
    let explained = told.values().filter(|answer| answer.starts_with("\"emdash_unicode_drift\"")).count();
    assert_eq!(explained, files.len(), "{:?}", told.values().next());
}
