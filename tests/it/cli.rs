//! The command line: outputs, listings, completions, the manual, wrong usage.

use crate::packet::{Packet, Place};
use crate::program::{self, Verified};

fn broken() -> Place {
    let place = Packet::new().build();
    place.edit("packet/README.md", |text| text.replace('\n', "\r\n"));
    place
}

#[test]
fn a_closed_standard_output_hides_no_failure() {
    for (place, status) in [(broken(), 1), (Place::new(), 2), (Packet::new().build(), 0)] {
        for output in ["human", "json"] {
            let mut command = program::seal(place.path());
            command.args(["verify", "-v", "--search-budget", "1MB", "--output", output]);
            assert_eq!(program::finish_unread(&mut command), status, "{output}");
        }
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_standard_output_is_an_error_of_a_good_run() {
    for (place, status) in [(broken(), 1), (Packet::new().build(), 2)] {
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let mut command = program::seal(place.path());
        let child = command.arg("verify").stdin(std::process::Stdio::null()).stdout(full);
        assert_eq!(child.stderr(std::process::Stdio::null()).status().unwrap().code(), Some(status));
    }
}

#[test]
fn a_report_goes_to_a_file_and_text_to_the_terminal() {
    let place = broken();
    let ran = place.seal(["verify", "packet", "--output", "json=report.json"]).exits(1).says(&["FAIL"]);
    let report: serde_json::Value = serde_json::from_slice(&place.read("report.json")).unwrap();
    assert_eq!(report["result"], "fail");
    let both = ["verify", "packet", "--output", "json=report.json", "--output", "human"];
    assert_eq!(place.seal(both).out, ran.out);
    let swapped =
        place.seal(["verify", "packet", "--output", "json", "--output", "human=report.txt"]).exits(1);
    assert_eq!(String::from_utf8(place.read("report.txt")).unwrap(), ran.out);
    assert_eq!(Verified::of(&swapped).json, report);
}

#[test]
fn two_formats_cannot_share_standard_output() {
    let place = Packet::new().build();
    for args in [["--output", "human", "--output", "json"], ["--output", "json", "--output", "json=-"]] {
        let ran = place.seal(["verify", "packet"].into_iter().chain(args)).exits(2);
        assert!((ran.out.clone() + &ran.err).contains("two formats"), "{ran:?}");
    }
}

#[test]
fn a_report_that_cannot_be_written_is_an_error_of_a_good_run() {
    let args = ["verify", "packet", "--output", "json=no/such/folder/report.json"];
    let ran = Packet::new().build().seal(args).exits(2);
    ran.says(&["no/such/folder", "not_written", "ERROR"]).never_says(&["PASS"]);
    broken().seal(args).exits(1);
}

#[test]
fn the_listing_names_seals_and_what_is_passed_over() {
    let place = broken();
    Packet::new().list("SHA256SUMS").root("plain").build_in(&place);
    place.write("app/manifest.json", "{\"name\": \"an app\"}\n");
    let ran = place.seal(["verify", "--list", "."]).exits(0);
    let ran = ran.says(&[
        "packet/HASH_MANIFEST.txt",
        "4 entries",
        "plain/SHA256SUMS",
        "app/manifest.json",
        "passed over",
    ]);
    // Nothing is compared, so nothing is said about drift.
    ran.never_says(&["PASS", "FAIL", "drift"]);
    Place::new().seal(["verify", "--list"]).exits(2);
    Place::new().seal(["verify", "--list", "--allow-empty"]).exits(0);
}

#[test]
fn completions_for_every_shell_and_a_manual_with_every_command() {
    let place = Place::new();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let ran = place.seal(["completions", shell]).exits(0);
        assert!(ran.out.len() > 500 && ran.out.contains("verify"), "{shell}");
    }
    place.seal(["completions", "tcsh"]).exits(2);
    let manual = place.seal(["man"]).exits(0);
    for command in ["verify", "create", "explain", "completions", "man"] {
        assert!(manual.out.contains(&format!("seal\\-{command}")), "{command}");
        place.seal([command, "--help"]).exits(0).says(&["Usage: seal"]);
    }
    place.seal(["--version"]).exits(0).says(&[env!("CARGO_PKG_VERSION")]);
}

#[test]
fn every_code_has_a_page() {
    let place = Place::new();
    let list = place.seal(["explain", "--list"]).exits(0);
    for row in seal::code::Code::table() {
        assert!(list.out.contains(row.id), "{}", row.id);
    }
    place.seal(["explain", "crlf_drift"]).exits(0).says(&["What it means", "Why it matters", "What to do"]);
    let ran = place.seal(["explain", "crlf_drit"]).exits(2);
    assert!((ran.out.clone() + &ran.err).contains("crlf_drift"), "{ran:?}");
}

#[test]
fn wrong_usage_ends_with_2() {
    let place = Packet::new().build();
    let cases: [&[&str]; 13] = [
        &["verify", "--no-such-flag"],
        &["verify", "packet", "--skip", "manifest"],
        &["verify", "packet", "--skip", "pin"],
        &["verify", "packet", "--skip", "no-such-check"],
        &["verify", "packet", "--only", "no-such-check"],
        &["verify", "packet", "--output", "yaml"],
        &["verify", "packet", "--threads", "0"],
        &["verify", "packet", "--search-budget", "much"],
        &["verify", "packet", "--expect-tree", "abc"],
        &["verify", "packet", "--manifest-format", "nonsense"],
        &["verify", "packet", "--deep", "--no-explain"],
        &["verify", "packet", "-q", "-v"],
        &["no-such-command"],
    ];
    for case in cases {
        place.seal(case).exits(2);
    }
    place.seal::<&str>([]).exits(2);
}

#[test]
fn color_follows_the_flag_and_the_environment() {
    let place = broken();
    let run = |flag: Option<&str>, variable: Option<(&str, &str)>| {
        let mut command = program::seal(place.path());
        command.args(["verify", "packet", "--search-budget", "1MB"]);
        command.args(flag.map(|when| format!("--color={when}")));
        command.envs(variable);
        program::finish(&mut command).exits(1).out.contains('\x1b')
    };
    assert!(!run(None, None), "no terminal, no color");
    assert!(run(Some("always"), None));
    assert!(run(None, Some(("CLICOLOR_FORCE", "1"))));
    assert!(run(None, Some(("FORCE_COLOR", "1"))));
    assert!(!run(None, Some(("FORCE_COLOR", "0"))));
    assert!(!run(Some("never"), Some(("FORCE_COLOR", "1"))));
    assert!(run(Some("always"), Some(("NO_COLOR", "1"))));
}

#[test]
fn the_locale_decides_between_ascii_and_more() {
    let place = broken();
    let run = |locale: &str| {
        let mut command = program::seal(place.path());
        command.args(["verify", "packet"]).env("LC_ALL", locale);
        program::finish(&mut command).exits(1).out
    };
    assert!(run("C").is_ascii());
    assert!(!run("C.UTF-8").is_ascii());
}

#[test]
fn verify_writes_nothing() {
    let place = broken();
    let before = tree(place.path());
    place.verify(["."]);
    place.seal(["verify", "packet", "-v"]).exits(1);
    place.seal(["create", "--check", "packet"]).exits(1);
    assert_eq!(tree(place.path()), before);
}

fn tree(folder: &std::path::Path) -> Vec<(std::path::PathBuf, Vec<u8>)> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(tree(&path));
        } else {
            let bytes = std::fs::read(&path).unwrap();
            all.push((path, bytes));
        }
    }
    all.sort();
    all
}

#[test]
fn a_run_with_both_kinds_of_findings_ends_with_1_and_shows_both() {
    let place = broken();
    place.write("other/SHA256SUMS", "<html>not found</html>\n");
    place.verify(["."]).is(1, &["crlf_drift README.md", "manifest_unreadable SHA256SUMS"]);
    place.seal(["verify"]).exits(1).says(&["crlf_drift", "manifest_unreadable", "1 could not be verified"]);
}

#[test]
fn the_report_says_nothing_of_the_machine() {
    let place = broken();
    let here = place.verify(["packet"]).json;
    // The same packet, from above, by an absolute path, in another folder, later.
    let other = broken();
    std::fs::create_dir(other.at("elsewhere")).unwrap();
    let absolute = program::verify(&other.at("elsewhere"), [other.at("packet")]).json;
    let text = absolute.to_string();
    assert!(!text.contains(other.path().to_str().unwrap()), "{text}");
    assert_eq!(other.verify(["packet"]).json, here);
    assert_eq!(absolute["findings"][0]["path"], here["findings"][0]["path"]);
}

#[test]
fn leaving_a_check_out_makes_a_run_partial() {
    let place = Packet::new().build();
    // The indispensable checks run whatever is asked for.
    assert!(
        place.verify(["packet", "--only", "manifest"]).is(0, &[]).at("/packets/0/checks/1/status") == "ok"
    );
    place.write("packet/packet_tree.sha256", format!("{}\n", crate::packet::sha256(b"another")));
    let report = place.verify(["packet", "--only", "manifest"]);
    assert_eq!(report.exit, 1);
    report.finding("tree_pin_mismatch");
}

#[test]
fn a_named_format_is_used_for_every_manifest() {
    let text = Packet::new().sized().text().replace("  ", "\t").replace(' ', "\t");
    let place = Packet::new().list("SHA256SUMS").manifest(text).build();
    let report = place.verify(["packet"]).is(2, &["format_ambiguous SHA256SUMS"]);
    report.tells("format_ambiguous", &["--manifest-format sha256sum", "--manifest-format sized"]);
    let report =
        place.verify(["packet", "--manifest-format", "sized"]).is(0, &["manifest_separator SHA256SUMS"]);
    assert_eq!(*report.at("/packets/0/entries/intact"), 4);
}
