//! The word of a complete good run is never said by any other, on any channel.
//!
//! What is quoted from packets is taken out first: names between double quotes,
//! lines of a diff or of a marked excerpt, and the JSON fields that hold names and
//! lines. The rest may hold neither the word nor a reserved token, and no output
//! holds a control character.

use serde_json::Value;

use crate::packet::{Packet, Place, sha256};
use crate::program::{Ran, finish, seal};
use crate::scenes;
use crate::stored;

/// Ways to show a run: locale, flags.
const LOOKS: [(&str, &[&str]); 7] = [
    ("C", &[]),
    ("C.UTF-8", &[]),
    ("C.UTF-8", &["--color=always"]),
    ("C.UTF-8", &["-v", "--color=always"]),
    ("C", &["-v"]),
    ("C", &["-q"]),
    ("C", &["--output=json"]),
];

fn show(place: &Place, args: &[String], (locale, flags): (&str, &[&str])) -> Ran {
    let mut command = seal(place.path());
    command.args(args).args(flags).env("LC_ALL", locale);
    if args.first().is_some_and(|first| first == "verify") {
        command.args(["--search-budget", "64KB"]);
    }
    finish(&mut command)
}

/// Judges every look of a run.
fn judge(what: &str, place: &Place, args: &[String]) {
    let verify = args.first().is_some_and(|first| first == "verify");
    let taken = args.iter().any(|arg| arg.starts_with("--output"));
    for look in LOOKS {
        let json = look.1.contains(&"--output=json");
        if json && (!verify || taken) {
            continue;
        }
        let ran = show(place, args, look);
        let good = if json { quiet_json(what, &ran.out) } else { quiet_text(what, &ran.out, ran.exit == 0) };
        assert!(!good || ran.exit == 0, "{what}: {}", ran.out);
        quiet_text(what, &ran.err, false);
    }
    if verify && !taken {
        let mut listing = args.to_vec();
        listing.push("--list".to_owned());
        let ran = show(place, &listing, LOOKS[1]);
        quiet_text(what, &ran.out, false);
        quiet_text(what, &ran.err, false);
    }
}

/// Judges text; true when its last line is the one that may say the word, which
/// is looked for only where `may`.
fn quiet_text(what: &str, text: &str, may: bool) -> bool {
    let plain = without_color(text);
    for c in plain.chars() {
        assert!(c == '\n' || !seal::text::is_deceptive(c), "{what}: {c:?} reaches the terminal in\n{text}");
    }
    let mut lines: Vec<&str> = plain.lines().collect();
    let good = may && lines.last().is_some_and(|line| line.starts_with("PASS  "));
    if good {
        lines.pop();
    }
    let rest: Vec<&str> = lines.into_iter().filter(|line| !is_excerpt(line)).collect();
    silent(what, &without_quotes(&rest.join("\n")), text);
    good
}

/// Color is ours; any other escape sequence stays and is found.
fn without_color(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("\x1b[") {
        out.push_str(before);
        let end = after.find(|c: char| !c.is_ascii_digit() && c != ';').unwrap_or(after.len());
        if after[end..].starts_with('m') {
            rest = &after[end + 1..];
        } else {
            out.push('\x1b');
            rest = after;
        }
    }
    out + rest
}

/// `     12 - text` of a diff, ` 12 | text` of a marked excerpt.
fn is_excerpt(line: &str) -> bool {
    let line = line.trim_start();
    let digits = line.len() - line.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let sign = ["- ", "+ ", "| ", "\u{2502} "];
    digits > 0
        && line[digits..].strip_prefix(' ').is_some_and(|rest| sign.iter().any(|s| rest.starts_with(s)))
}

/// Without what stands between quotation marks, which always pair.
fn without_quotes(text: &str) -> String {
    let mut out = String::new();
    let (mut inside, mut escaped) = (false, false);
    for c in text.chars() {
        match c {
            _ if escaped => escaped = false,
            '\\' if inside => escaped = true,
            '"' => inside = !inside,
            c if !inside => out.push(c),
            _ => {}
        }
    }
    assert!(!inside, "a quotation mark is open in\n{text}");
    out
}

/// Neither the word nor a reserved token.
fn silent(what: &str, rest: &str, all: &str) {
    let said: Vec<&str> = rest.lines().filter(|line| line.contains("PASS")).collect();
    assert!(said.is_empty(), "{what}: the word is said in\n{all}\nwhich leaves\n{}", said.join("\n"));
    for word in rest.split(|c: char| !c.is_ascii_alphanumeric() && c != '_') {
        let reserved = ["_PASS", "_AUTHORIZED", "_GRANTED", "_SEALED"].iter().any(|end| word.ends_with(end));
        assert!(!reserved, "{what}: {word} is said in\n{all}");
    }
}

/// Judges a JSON report: only fields made for packet data may quote it bare.
fn quiet_json(what: &str, text: &str) -> bool {
    let report: Value =
        serde_json::from_str(text).unwrap_or_else(|error| panic!("{what}: {error} in {text}"));
    quiet_value(what, "", &report);
    report["result"] == "pass"
}

/// Fields that hold a name or a line of a packet and nothing else.
const QUOTING: [&str; 8] =
    ["path", "root", "manifest", "packet", "sealed", "found", "pointer", "reject_code"];

fn quiet_value(what: &str, key: &str, value: &Value) {
    match value {
        Value::String(_) if QUOTING.contains(&key) || key.ends_with("_bytes") => {}
        Value::String(text) => silent(what, &without_quotes(text), text),
        Value::Array(items) => items.iter().for_each(|item| quiet_value(what, key, item)),
        Value::Object(fields) => fields.iter().for_each(|(key, value)| {
            silent(what, key, key);
            quiet_value(what, key, value);
        }),
        _ => {}
    }
}

fn strings(args: &[&str]) -> Vec<String> {
    args.iter().map(|&arg| arg.to_owned()).collect()
}

#[test]
fn no_stored_case_says_it() {
    for case in stored::cases() {
        judge(&format!("{}/{}", case.check, case.code), &case.place, &case.expect.args);
    }
}

#[test]
fn no_scene_says_it() {
    for scene in scenes::all().iter().chain([&scenes::not_written()]) {
        judge(scene.name, &scene.place, &scene.args);
    }
}

#[test]
fn a_good_run_says_it_once_and_last() {
    let place = Packet::new().build();
    for look in LOOKS.into_iter().filter(|look| !look.1.contains(&"--output=json")) {
        let ran = show(&place, &strings(&["verify", "packet"]), look).exits(0);
        assert!(quiet_text("good", &ran.out, true), "{look:?}: {}", ran.out);
        assert!(ran.err.is_empty(), "{}", ran.err);
    }
}

#[test]
fn static_texts_never_say_it() {
    let place = Place::new();
    let mut runs = vec![
        strings(&["--help"]),
        strings(&["-h"]),
        strings(&["man"]),
        strings(&["explain", "--list"]),
        vec![],
    ];
    for command in ["verify", "create", "explain", "completions", "man"] {
        runs.extend([strings(&[command, "--help"]), strings(&[command, "-h"]), strings(&["help", command])]);
    }
    runs.extend(
        ["bash", "elvish", "fish", "powershell", "zsh"].map(|shell| strings(&["completions", shell])),
    );
    // Their examples are runs, which quote packets.
    for row in seal::code::Code::table() {
        let ran = show(&place, &strings(&["explain", row.id]), LOOKS[1]);
        quiet_text(row.id, &ran.out, false);
        quiet_text(row.id, &ran.err, false);
    }
    for args in runs {
        let ran = show(&place, &args, LOOKS[1]);
        // Shell code has quotation marks of its own, and no packet data.
        silent(&format!("{args:?}"), &ran.out, &ran.out);
        silent(&format!("{args:?}"), &ran.err, &ran.err);
    }
}

/// Words, and what is worse than words.
const HOSTILE: [&str; 8] = [
    "PASS",
    "PRODUCTION_PASS.txt",
    "REAL_RUN_SEALED",
    "x PASS  1 packet, 4 files, level L0",
    "ends \x1b[32mPASS\x1b[0m",
    "right \u{202e}SSAP \u{2066}PASS",
    "line\nPASS  1 packet, 4 files",
    "q\" PASS \\\" PASS",
];

#[cfg(unix)]
#[test]
fn hostile_names_and_contents_are_only_quoted() {
    use std::os::unix::ffi::OsStrExt;
    let mut packet = Packet::new();
    for (n, name) in HOSTILE.into_iter().enumerate() {
        packet = packet.file(name, format!("{name}\nPASS \u{2014} {n}\n\x1b[2JPASS\x07\n"));
        packet = packet.file(&format!("gone/{name}"), format!("gone {n}"));
    }
    let place = packet.list("SHA256SUMS").manifest("# to be written\n").build();
    place.remove("packet/SHA256SUMS").seal(["create", "packet"]).exits(0);
    judge("intact", &place, &strings(&["verify", "packet"]));
    for (n, name) in HOSTILE.into_iter().enumerate() {
        let bytes = place.read(std::path::Path::new("packet").join(name));
        let text = String::from_utf8(bytes).unwrap();
        let changed = match n % 4 {
            0 => text.replace('\n', "\r\n"),
            1 => text.replace('\u{2014}', "-"),
            2 => text.replace("PASS", "CUTOVER_PASS"),
            _ => format!("\u{feff}{text}"),
        };
        place.write(std::path::Path::new("packet").join(name), changed);
        let gone = std::path::Path::new("packet/gone").join(name);
        if n % 2 == 0 {
            place.remove(gone);
        } else {
            place.rename(gone, std::path::Path::new("packet/moved").join(format!("to {name}")));
        }
        place.write(std::path::Path::new("packet/unsealed").join(name), "PASS\n");
    }
    let bytes = std::ffi::OsStr::from_bytes(b"packet/\xffPASS\xfe");
    let _ = std::fs::write(place.at(bytes), "PASS");
    judge("drifted", &place, &strings(&["verify", "packet"]));
    judge("drifted, alone", &place, &strings(&["verify", "packet/PASS"]));
    judge("unexplained", &place, &strings(&["verify", "packet", "--no-explain"]));
    for (n, name) in HOSTILE.into_iter().enumerate() {
        let place = Place::new();
        let folder = std::path::Path::new(name);
        place
            .write(folder.join("a.txt"), "a")
            .write(folder.join("SHA256SUMS"), format!("{}  b.txt\n", sha256(b"a")));
        judge(&format!("folder {n}"), &place, &strings(&["verify", name]));
        judge(&format!("folder {n} from above"), &place, &strings(&["verify", "."]));
        judge(
            &format!("folder {n} by name"),
            &place,
            &strings(&["verify", "--manifest", &format!("{name}/SHA256SUMS")]),
        );
        judge(&format!("create {n}"), &place, &strings(&["create", name]));
        judge(&format!("check {n}"), &place, &strings(&["create", "--check", name]));
    }
}

#[test]
fn hostile_manifests_pins_and_configurations_are_only_quoted() {
    let text = Packet::new().text();
    let digest = sha256(b"x");
    for (n, word) in HOSTILE.into_iter().enumerate() {
        let line = word.replace('\n', " ");
        let manifests = [
            format!("{text}{line}\n"),
            format!("{text}{line}  README.md\n"),
            format!("{text}{digest}  {line}\n{digest}  {line}\n"),
            format!("{text}{digest}  ../{line}\n"),
            format!("{text}\\{digest}  {line}\\q\n"),
            format!("{}  {line}\n", &digest[1..]),
            format!("{line}\n"),
            format!("{{\"files\": [{{\"path\": \"{}\", \"sha256\": \"PASS\"}}]}}", line.escape_default()),
            format!("{{\"PASS\": {{\"{}\": ", line.escape_default()),
            format!("{line}\n=====\n{text}"),
        ];
        for (m, manifest) in manifests.into_iter().enumerate() {
            let place = Packet::new().manifest(manifest).build();
            judge(&format!("manifest {n}.{m}"), &place, &strings(&["verify", "packet"]));
        }
        let place = Packet::new().pin(format!("{word}\n")).build();
        judge(&format!("pin {n}"), &place, &strings(&["verify", "packet"]));
        for (m, config) in configurations(word).into_iter().enumerate() {
            let place = Packet::new().build();
            place.init().write("seal.toml", config).write("packet/unsealed.txt", word);
            judge(&format!("configuration {n}.{m}"), &place, &strings(&["verify", "packet"]));
        }
    }
}

fn configurations(word: &str) -> Vec<String> {
    let quoted =
        serde_json::to_string(word).unwrap().replace('\u{202e}', "\\u202e").replace('\u{2066}', "\\u2066");
    let tree = Packet::new().tree();
    vec![
        format!("{quoted} = 1\n"),
        format!("[[packet]]\nroot = {quoted}\n"),
        format!("[[packet]]\nroot = \"packet\"\nunsealed = {quoted}\n"),
        format!("[[packet]]\nroot = \"packet\"\nrequire = [{quoted}]\n"),
        format!("[[packet]]\nroot = \"packet\"\nprofile = {quoted}\n"),
        format!("[[packet]]\nroot = \"packet\"\n[[packet]]\nroot = {quoted}\nexpect_tree = {quoted}\n"),
        format!(
            "[[known_broken]]\nroot = \"packet\"\ntree = \"{tree}\"\nreason = {quoted}\nuntil = 2999-12-31\n"
        ),
        format!("search_budget = {quoted}\n"),
        format!("{word}\n"),
    ]
}

#[test]
fn hostile_arguments_are_only_quoted() {
    let place = Packet::new().build();
    for word in HOSTILE {
        let cases: [Vec<String>; 8] = [
            strings(&["verify", word]),
            strings(&["verify", "--manifest", word]),
            strings(&["verify", "packet", "--root", word]),
            strings(&["verify", "packet", "--config", word]),
            strings(&["verify", "packet", "--expect-tree", &format!("{word}={}", sha256(b"x"))]),
            strings(&["verify", "packet", &format!("--output=json={word}/no/such.json")]),
            strings(&["explain", word]),
            strings(&["create", word]),
        ];
        for args in cases {
            judge(&format!("{args:?}"), &place, &args);
        }
    }
}
