//! The program itself never prints a reserved word that it does not quote, on any
//! stream, in any format, whatever the packet says: its output is searched by the
//! check that searches packets. Its streams are searched together too, since a
//! word may be cut between them.

use crate::packet::Place;
use crate::packets::{clone_and_gate, configuration};
use crate::program::{finish, seal};
use crate::stored::cases;

/// Every format that writes to standard output.
const FORMATS: [&str; 10] =
    ["human", "json", "jsonl", "sarif", "junit", "github", "gitlab", "markdown", "html", "summary"];

/// Runs the program on what it printed, as a recorded run of a packet of evidence.
fn leaks(printed: &str) -> Vec<String> {
    let place = Place::new();
    let mut sample = clone_and_gate().only(&["README.md"]);
    sample.file("evidence/run.log", printed);
    sample.write(&place.at("packet"));
    place.write("seal.toml", configuration(&["packet"]));
    let report = place.verify(["packet", "--config", "seal.toml", "--only", "tokens"]);
    let findings = report.json["findings"].as_array().unwrap().clone();
    findings.iter().filter(|f| f["code"] == "reserved_token").map(|f| f["message"].to_string()).collect()
}

/// What stands between quotation marks is the packet's.
fn unquoted(text: &str) -> String {
    let mut out = String::new();
    let (mut inside, mut escaped) = (false, false);
    for c in text.chars() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => inside = !inside,
            c if !inside || c == '\n' => out.push(c),
            _ => {}
        }
    }
    out
}

#[test]
fn the_search_sees_what_is_printed() {
    let word = ["CUTOVER", "PASS"].join("_");
    assert_eq!(leaks(&format!("refused\n{word}\n")).len(), 1);
    assert!(leaks("refused\n").is_empty());
}

#[test]
fn failing_packets_make_the_program_say_no_reserved_word() {
    let mut printed = String::new();
    // The word that the case about such words quotes is the packet's.
    let ours = |case: &crate::stored::Case| case.check != "manifest" && case.check != "tokens";
    for case in cases().into_iter().filter(|case| case.expect.exit != 0 && ours(case)) {
        for format in FORMATS {
            let mut command = seal(case.place.path());
            command.args(&case.expect.args).args(["--output", format, "--search-budget", "64KB"]);
            let ran = finish(&mut command);
            // Formats that another run refuses print nothing but why.
            for stream in [&ran.out, &ran.err] {
                printed.push_str(&unquoted(stream));
            }
            printed.push('\n');
        }
        if printed.len() > 4 << 20 {
            assert_eq!(leaks(&printed), Vec::<String>::new());
            printed.clear();
        }
    }
    assert_eq!(leaks(&printed), Vec::<String>::new());
}
