//! The worked examples of `seal explain` are real runs: every one is run again
//! here, must produce its code, and must print the lines that the page shows.
//!
//! With `INSTA_UPDATE=new` the text as it should be is written beside the one that
//! is compared, as `examples.txt.new`.

use std::fmt::Write as _;
use std::path::Path;

use seal::code::{Code, Severity};

use crate::packet::Place;
use crate::scenes;
use crate::stored::{self, testdata};

/// A race, and what nothing reports yet.
const WITHOUT: [&str; 2] = ["changed_while_read", "check_error"];

/// A page is indented by two, and a screen has 80 columns.
const COLUMNS: &str = "78";
/// Lines of a report on a page.
const MOST: usize = 12;

struct Example {
    code: String,
    story: String,
    args: Vec<String>,
    place: Place,
}

/// The first case of each code: its own stored one, or a scene.
fn examples() -> Vec<Example> {
    let mut all: Vec<Example> = Vec::new();
    for case in stored::cases() {
        let file = testdata().join(&case.check).join(&case.code).join("expect.toml");
        let text = std::fs::read_to_string(file).unwrap();
        let story: Vec<&str> = text.lines().map_while(|line| line.strip_prefix("# ")).collect();
        all.push(Example {
            code: case.code.clone(),
            story: story.join("\n"),
            args: case.expect.args.clone(),
            place: case.place,
        });
    }
    for scene in scenes::all().into_iter().chain([scenes::not_written(), scenes::reseal_over_drift()]) {
        if Code::from_id(scene.name).is_some() {
            all.push(Example {
                code: scene.name.to_owned(),
                story: String::new(),
                args: scene.args.clone(),
                place: scene.place,
            });
        }
    }
    all
}

/// The part of a report that is about a code, without what to do about it, which
/// the page says itself.
fn excerpt(report: &str, code: &str) -> Option<String> {
    let is_about =
        |part: &&str| part.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).any(|word| word == code);
    let parts: Vec<&str> = report.split("\n\n").collect();
    let causes = parts.iter().map(|part| part.trim_start_matches('\n'));
    let causes = causes.filter(|part| part.starts_with(['\u{2717}', '!', '-']));
    let part = causes.clone().find(is_about).or_else(|| causes.clone().nth(1))?;
    let ends = ["    fix ", "    restore ", "    came in "];
    let lines: Vec<&str> =
        part.lines().take_while(|line| !ends.iter().any(|end| line.starts_with(end))).collect();
    let shown = lines.get(..lines.len().min(MOST)).unwrap_or_default().join("\n") + "\n";
    Some(if lines.len() > MOST { shown + "      \u{2026}\n" } else { shown })
}

fn run(example: &Example, verbose: bool) -> String {
    let mut command = crate::program::seal(example.place.path());
    command.env("COLUMNS", COLUMNS).args(&example.args);
    if verbose {
        command.arg("-v");
    }
    let out = crate::program::finish(&mut command).out;
    // `/proc/self` is a link to a folder with another name in each run.
    let words = out.split_inclusive([' ', '\n']);
    words
        .map(|word| if word.contains("proc/") && word.ends_with("mem ") { "/proc/self/mem " } else { word })
        .collect()
}

/// The check's line of the sample told less than the program does.
#[cfg(unix)]
#[test]
fn the_readme_shows_what_the_program_prints() {
    let place = Place::new();
    stored::copy(&testdata().join("packets/intact"), &place.at("packet"));
    place.edit("packet/decision.json", |text| text.replace('\u{2014}', "-"));
    place.edit("packet/README.md", |text| text.replace('\n', "\r\n"));
    place.remove("packet/data/schema_before.sql");
    let mut command = crate::program::seal(place.path());
    let out = crate::program::finish(command.env("COLUMNS", "100").args(["verify", "packet"])).out;
    let readme = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap();
    let (_, sample) = readme.split_once("$ seal verify packet\n").unwrap();
    let (sample, _) = sample.split_once("```").unwrap();
    assert_eq!(sample, out);
}

#[cfg(unix)]
#[test]
fn every_page_has_an_example_that_the_program_still_prints() {
    let examples = examples();
    let mut text = String::new();
    for row in Code::table().iter().filter(|row| !WITHOUT.contains(&row.id)) {
        let example = examples.iter().find(|example| example.code == row.id);
        let example =
            example.unwrap_or_else(|| panic!("{} has no stored case and no scene of its name", row.id));
        if example.args.first().is_some_and(|first| first == "verify") {
            let report =
                example.place.seal(example.args.iter().map(String::as_str).chain(["--output", "json"]));
            assert!(report.out.contains(&format!("\"code\": \"{}\"", row.id)), "{}: {}", row.id, report.out);
        }
        let plain = run(example, false);
        // What changes nothing in the verdict is only told to whoever asks.
        let told = plain.contains(row.id) || row.severity == Severity::Error;
        let (report, flag) = if told { (plain, "") } else { (run(example, true), " -v") };
        let lines = excerpt(&report, row.id).unwrap_or_else(|| panic!("{}: no part of\n{report}", row.id));
        let story = if example.story.is_empty() { String::new() } else { format!("{}\n", example.story) };
        writeln!(text, "== {}\n{story}$ seal {}{flag}\n{lines}", row.id, example.args.join(" ")).unwrap();
    }
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/explain/examples.txt");
    let before = std::fs::read_to_string(&file).unwrap();
    if text != before && std::env::var("INSTA_UPDATE").is_ok_and(|update| update == "new") {
        std::fs::write(file.with_extension("txt.new"), &text).unwrap();
    }
    let changed = text.lines().zip(before.lines()).find(|(now, then)| now != then);
    assert!(text == before, "src/explain/examples.txt is not what the program prints; first: {changed:?}");
}
