//! One run in every format, as the program writes it: none changes the exit status,
//! all agree on the verdict, and what comes from a packet is data in each.

use serde_json::Value;

use crate::packet::{Packet, Place};
use crate::program::Ran;

const FORMATS: [&str; 10] =
    ["human", "json", "jsonl", "sarif", "junit", "github", "gitlab", "markdown", "html", "summary"];

/// Runs once, with every format in a file of its own.
#[track_caller]
fn every_format(place: &Place, paths: &[&str], exit: i32) -> Vec<(&'static str, String)> {
    let mut args: Vec<String> = vec!["verify".into()];
    args.extend(paths.iter().map(|&path| path.to_owned()));
    args.extend(FORMATS.map(|format| format!("--output={format}=out.{format}")));
    place.seal(&args).exits(exit);
    let read = |format| (format, String::from_utf8(place.read(format!("out.{format}"))).unwrap());
    FORMATS.map(read).into()
}

fn of<'a>(all: &'a [(&str, String)], format: &str) -> &'a str {
    all.iter().find(|(name, _)| *name == format).map(|(_, text)| text.as_str()).unwrap()
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn values(summary: &str) -> Vec<(&str, &str)> {
    summary.lines().map(|line| line.split_once('=').unwrap()).collect()
}

/// CRLF, an em dash, a file gone, a file too many.
fn drifted() -> Place {
    let place = Packet::new().build();
    place.edit("packet/README.md", |text| text.replace('\n', "\r\n"));
    place.edit("packet/decision.json", |text| text.replace('\u{2014}', "-"));
    place.remove("packet/scripts/run.sh");
    place.write("packet/notes.txt", "new\n");
    place
}

#[test]
fn all_agree_on_a_failing_run() {
    let place = drifted();
    let all = every_format(&place, &["packet"], 1);
    let report = json(of(&all, "json"));
    assert_eq!((&report["result"], &report["exit_code"]), (&"fail".into(), &1.into()));
    let findings = report["findings"].as_array().unwrap();
    let last = json(of(&all, "jsonl").lines().last().unwrap());
    assert_eq!(
        (&last["type"], &last["result"], &last["exit_code"]),
        (&"summary".into(), &"fail".into(), &1.into())
    );
    let run = &json(of(&all, "sarif"))["runs"][0];
    assert_eq!(run["results"].as_array().unwrap().len(), findings.len());
    assert_eq!(run["invocations"][0]["exitCode"], 1);
    assert_eq!(json(of(&all, "gitlab")).as_array().unwrap().len(), findings.len());
    let junit = roxmltree::Document::parse(of(&all, "junit")).unwrap();
    let count = |name: &str| junit.root_element().attribute(name).unwrap().parse::<u64>().unwrap();
    // Four entries, one file too many, the checks and the verdict; of these one
    // entry is good, and every check but the first.
    let checks = seal::check::ids().count() as u64;
    assert_eq!((count("tests"), count("failures"), count("errors")), (6 + checks, 6, 0));
    assert_eq!(of(&all, "github").lines().filter(|line| line.starts_with("::error ")).count(), 4);
    assert!(of(&all, "markdown").starts_with("## \u{274c} seal: FAIL\n"));
    assert!(of(&all, "html").contains("<h1>Not as sealed</h1>"));
    let tree = report["packets"][0]["tree"].as_str().unwrap();
    assert_eq!(
        values(of(&all, "summary"))[..4],
        [
            ("result", "fail"),
            ("exit_code", "1"),
            ("complete", "true"),
            ("findings", &*findings.len().to_string())
        ]
    );
    assert_eq!(values(of(&all, "summary"))[4..], [("checked", "4"), ("tree", tree), ("packets", "1")]);
}

#[test]
fn all_agree_on_a_good_run_and_only_texts_for_people_say_the_word() {
    let all = every_format(&Packet::new().build(), &["packet"], 0);
    assert_eq!(json(of(&all, "json"))["result"], "pass");
    assert_eq!(of(&all, "github"), "");
    assert_eq!(json(of(&all, "gitlab")), Value::Array(Vec::new()));
    assert_eq!(json(of(&all, "sarif"))["runs"][0]["results"], Value::Array(Vec::new()));
    assert!(
        of(&all, "summary").starts_with("result=pass\nexit_code=0\ncomplete=true\nfindings=0\nchecked=4\n")
    );
    let junit = roxmltree::Document::parse(of(&all, "junit")).unwrap();
    let cases = junit.descendants().filter(|node| node.has_tag_name("testcase"));
    let names: Vec<_> = cases.map(|case| case.attribute("name").unwrap()).collect();
    let entries = ["README.md", "decision.json", "reports/summary.md", "scripts/run.sh"];
    let checks = seal::check::CHECKS.iter().map(|check| check.meta());
    let checks = checks.map(|meta| format!("{} {}", meta.level.name(), meta.id));
    let wanted: Vec<String> =
        entries.map(str::to_owned).into_iter().chain(checks).chain(["verdict".to_owned()]).collect();
    assert_eq!(names, wanted, "intact entries are cases too");
    for (format, text) in &all {
        let people = ["human", "markdown", "html"].contains(format);
        assert_eq!(text.matches("PASS").count(), usize::from(people), "{format}: {text}");
    }
}

#[test]
fn all_agree_on_a_run_that_could_not_verify() {
    let place = Place::new();
    place.write("docs/readme.txt", "nothing sealed here\n");
    let all = every_format(&place, &["docs"], 2);
    assert_eq!(json(of(&all, "json"))["result"], "error");
    assert_eq!(json(of(&all, "sarif"))["runs"][0]["invocations"][0]["executionSuccessful"], false);
    assert!(of(&all, "github").starts_with("::error title=no_seal_found%3A"));
    assert_eq!(json(of(&all, "gitlab"))[0]["severity"], "blocker");
    assert!(of(&all, "junit").contains("<error "));
    assert!(of(&all, "summary").starts_with("result=error\nexit_code=2\ncomplete=false\nfindings=1\n"));
    assert!(of(&all, "html").contains("<h1>Could not verify</h1>"));
}

#[test]
fn places_are_those_of_the_file() {
    let place = drifted();
    let all = every_format(&place, &["packet"], 1);
    let text = String::from_utf8(place.read("packet/decision.json")).unwrap();
    // The first dash that became a hyphen, counted by hand: `  "note": "It proves the way back - it`.
    let (line, column) = (3, 35);
    let offset = text.find("back - it").unwrap() + "back ".len();
    let before = &text[..offset];
    assert_eq!(before.matches('\n').count() + 1, line);
    assert_eq!(before.rsplit('\n').next().unwrap().chars().count() + 1, column);
    let results = json(of(&all, "sarif"))["runs"][0]["results"].clone();
    let results = results.as_array().unwrap();
    let dash = results.iter().find(|result| result["ruleId"] == "emdash_unicode_drift").unwrap();
    let region = &dash["locations"][0]["physicalLocation"]["region"];
    assert_eq!((&region["startLine"], &region["startColumn"]), (&line.into(), &column.into()), "{region}");
    assert_eq!(region["byteOffset"], offset, "{region}");
    let rest = text[offset..].split('\n').next().unwrap();
    assert_eq!(region["snippet"]["text"], rest, "{region}");
    assert_eq!(region["endColumn"], column + rest.chars().count(), "{region}");
    let sealed = &dash["relatedLocations"][0]["physicalLocation"];
    let manifest = String::from_utf8(place.read("packet/HASH_MANIFEST.txt")).unwrap();
    let start = sealed["region"]["byteOffset"].as_u64().unwrap();
    let length = sealed["region"]["byteLength"].as_u64().unwrap();
    let span = &manifest[usize::try_from(start).unwrap()..usize::try_from(start + length).unwrap()];
    assert!(span.contains("decision.json"), "{span}");
    assert!(of(&all, "github").contains("file=packet/decision.json,line=3,col=35"), "{}", of(&all, "github"));
    let issues = json(of(&all, "gitlab"));
    let issue = issues
        .as_array()
        .unwrap()
        .iter()
        .find(|issue| issue["check_name"] == "emdash_unicode_drift")
        .unwrap();
    assert_eq!(issue["location"]["lines"]["begin"], 3);
    // What is not there is told at the line that seals it.
    let missing = results.iter().find(|result| result["ruleId"] == "missing_file").unwrap();
    let place = &missing["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "packet/HASH_MANIFEST.txt");
    assert_eq!(place["region"]["startLine"], 4);
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let place = drifted();
    let first = every_format(&place, &["packet"], 1);
    // Reports of the first run stand beside the packet, not in it.
    assert_eq!(first, every_format(&place, &["packet"], 1));
    let elsewhere = every_format(&drifted(), &["packet"], 1);
    assert_eq!(first, elsewhere, "no time and no absolute path");
}

#[test]
fn a_report_that_cannot_be_written_fails_a_good_run_in_every_format() {
    let place = Packet::new().build();
    for format in FORMATS {
        let output = format!("--output={format}=no/such/folder/out");
        let ran: Ran = place.seal(["verify", "packet", &output]).exits(2);
        assert!(
            ran.out.contains("not_written") || ran.out.contains("no/such/folder"),
            "{format}: {}",
            ran.out
        );
    }
}

#[cfg(unix)]
#[test]
fn hostile_names_of_a_real_packet_are_data_in_every_format() {
    let names = [
        "a\n::error::x",
        "b%0A::error::x",
        "##[error]c",
        "<script>d",
        "`e` | f",
        "\x1b[31mg",
        "@h #1",
        "PASS i",
    ];
    let mut packet = Packet::new();
    for name in names {
        packet = packet.file(name, format!("{name}\n"));
    }
    let place = packet.list("SHA256SUMS").manifest("# to be written\n").build();
    place.remove("packet/SHA256SUMS").seal(["create", "packet"]).exits(0);
    for name in names {
        place.write(std::path::Path::new("packet").join(name), format!("\u{feff}{name}\n::error::y\n"));
    }
    let all = every_format(&place, &["packet"], 1);
    for (format, text) in &all {
        let bare: Vec<char> =
            text.chars().filter(|&c| c != '\n' && c != '\u{fe0f}' && seal::text::is_deceptive(c)).collect();
        assert!(bare.is_empty(), "{format}: {bare:?} in {text}");
        assert!(!text.contains("\n::error::") && !text.contains("\n##["), "{format}: {text}");
    }
    assert!(of(&all, "github").lines().all(|line| line.starts_with("::error title=")));
    assert!(!of(&all, "html").contains("<script"));
    assert_eq!(values(of(&all, "summary")).len(), 7);
    json(of(&all, "sarif"));
    json(of(&all, "gitlab"));
    roxmltree::Document::parse(of(&all, "junit")).unwrap();
}
