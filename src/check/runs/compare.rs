//! Whether a script, read as text, compares digests. Nothing is run: what is printed,
//! commented out, behind the end of the script, never reached or made to hold anyway shows
//! nothing.

use super::reach::Reach;

/// What computes a digest.
const DIGESTS: [&str; 15] = [
    "sha256sum",
    "sha512sum",
    "shasum",
    "sha256",
    "gsha256sum",
    "hashlib",
    "seal verify",
    "openssl dgst",
    "b3sum",
    "md5sum",
    "get-filehash",
    "certutil -hashfile",
    "rhash",
    "cksum",
    "hashdeep",
];
/// What lets a script end otherwise when two things differ.
const COMPARES: [&str; 14] = [
    " = ",
    " == ",
    "==",
    "!=",
    " -eq ",
    " -ne ",
    "diff ",
    "cmp ",
    "comm ",
    "grep ",
    "assert",
    "compare_digest",
    "seal verify",
    "compare-object",
];

/// Whether a script computes digests and compares something.
pub(super) fn compares(text: &str) -> bool {
    let commands = commands(text, true);
    let computes = commands.iter().filter(|command| DIGESTS.iter().any(|tool| command.contains(tool)));
    let mut any = false;
    for command in computes {
        any = true;
        if checks(command) && !reads_nothing(command) {
            return true;
        }
    }
    any && commands.iter().any(|command| COMPARES.iter().any(|word| command.contains(word)))
}

/// Whether a command that computes digests compares them with a list.
fn checks(command: &str) -> bool {
    command.split_whitespace().any(|word| matches!(word, "-c" | "--check" | "-ca256" | "-qc" | "-sc"))
}

/// Whether a list that a command compares has nothing in it. What goes into `/dev/null` is
/// only not shown.
fn reads_nothing(command: &str) -> bool {
    let words: Vec<&str> = command.split_whitespace().collect();
    let is_shown_there = |at: usize| {
        let before = at.checked_sub(1).and_then(|at| words.get(at));
        before.is_some_and(|word| word.ends_with(['>', '<']))
    };
    words.iter().enumerate().any(|(at, word)| *word == "/dev/null" && !is_shown_there(at))
}

/// Why a comparison of digests in a script says less than it seems to, a clause.
pub(super) fn checks_too_little(text: &str) -> Option<&'static str> {
    let commands = commands(text, false);
    let checking = commands
        .iter()
        .filter(|command| DIGESTS.iter().any(|tool| command.contains(tool)) && checks(command));
    checking.into_iter().find_map(|command| {
        if reads_nothing(command) {
            return Some("compares an empty list of digests");
        }
        let passes = command.split_whitespace().any(|word| word == "--ignore-missing");
        passes.then_some("passes over files that are missing")
    })
}

/// Whether any command looks at the manifest or at digests.
pub(super) fn looks_at_the_manifest(text: &str) -> bool {
    const WORDS: [&str; 11] = [
        "manifest", "sha256", "seal", "hash", "checksum", "digest", "shasum", "verify", "check", ".sh", ".py",
    ];
    // They show what it says and compare it with nothing.
    const SHOWS: [&str; 9] = ["cat", "ls", "head", "tail", "wc", "stat", "file", "less", "touch"];
    commands(text, false).iter().any(|command| {
        let first = command.split_whitespace().next().unwrap_or_default();
        let tests_only =
            matches!(first, "test" | "[" | "[[") && !COMPARES.iter().any(|word| command.contains(word));
        let idle = tests_only || (checks(command) && reads_nothing(command));
        !SHOWS.contains(&first) && !idle && WORDS.iter().any(|word| command.contains(word))
    })
}

/// The commands of a script that do something, in lower case; `deciding` are those that may
/// decide how it ends.
fn commands(text: &str, deciding: bool) -> Vec<String> {
    let joined = joined(text);
    let mut all = Vec::new();
    let mut reach = Reach::default();
    for line in joined.lines() {
        let code = without_comment(line).to_lowercase();
        let plain = code.trim();
        // Behind an end that nothing depends on, nothing is run.
        if line.starts_with(|c: char| !c.is_whitespace())
            && matches!(
                plain,
                "exit" | "exit 0" | "exit 0;" | "return 0" | "sys.exit()" | "sys.exit(0)" | "quit()"
            )
        {
            break;
        }
        let parts = reach.of_line(plain);
        if deciding && (is_held(plain) || plain.contains("|| echo")) {
            continue;
        }
        all.extend(parts.into_iter().filter_map(acts));
    }
    all
}

/// A script with its lines whole.
pub(super) fn joined(text: &str) -> String {
    text.replace("\\\r\n", " ").replace("\\\n", " ")
}

/// Whether a line lets whatever stands before its end hold: `|| true`.
pub(super) fn is_held(line: &str) -> bool {
    ["|| true", "||true", "|| :", "||:", "|| exit 0", "; true"].iter().any(|end| line.ends_with(end))
}

/// Whether a line does something that decides how it ends.
pub(super) fn acts_at_all(line: &str) -> bool {
    !commands(line, false).is_empty()
}

/// A command without what only prints; what is printed into another command stays.
fn acts(command: &str) -> Option<String> {
    const IDLE: [&str; 7] = ["echo", "printf", "true", ":", "print", "write-host", "write-output"];
    let first = command.split(|c: char| c.is_whitespace() || c == '(').next().unwrap_or_default();
    if command.is_empty() {
        return None;
    }
    if !IDLE.contains(&first) {
        return Some(command.to_owned());
    }
    let (_, behind) = unquoted(command).split_once('|').map(|(a, b)| (a.to_owned(), b.trim().to_owned()))?;
    (!behind.is_empty()).then_some(behind)
}

/// A line without a comment: `#` at its beginning or behind a blank.
pub(super) fn without_comment(line: &str) -> &str {
    let mut quote = None;
    let mut before = ' ';
    for (at, c) in line.char_indices() {
        match (quote, c) {
            (None, '#') if before.is_whitespace() => return line.get(..at).unwrap_or_default(),
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), c) if open == c => quote = None,
            _ => {}
        }
        before = c;
    }
    line
}

/// A command without what stands in quotation marks.
fn unquoted(command: &str) -> String {
    let mut quote = None;
    let mut plain = String::with_capacity(command.len());
    for c in command.chars() {
        match (quote, c) {
            (None, '"' | '\'') => quote = Some(c),
            (None, c) => plain.push(c),
            (Some(open), c) if open == c => quote = None,
            (Some(_), _) => {}
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_can_end_badly_compares() {
        for good in [
            "sha256sum -c HASH_MANIFEST.txt",
            "sha256sum --check --quiet M",
            "set -eu # strict\ntest \"$(sha256sum M | cut -d' ' -f1)\" = \"$(cat t)\"\nsh commands.sh",
            "actual=$(shasum -a 256 M)\nif [ \"$actual\" != \"$want\" ]; then exit 1; fi",
            "sha256sum * > now.txt\ndiff now.txt M",
            "echo \"$want  M\" | sha256sum -c -",
            "import hashlib\nassert hashlib.sha256(b).hexdigest() == due",
            "sha256sum \\\n  -c M",
            "seal verify .",
            "cd x && sha256sum -c M && echo good",
            "false || sha256sum -c M",
            "if false; then\n  true\nelse\n  sha256sum -c M\nfi",
            "if false; then true; fi\nsha256sum -c M > /dev/null 2>/dev/null",
        ] {
            assert!(compares(good), "{good}");
        }
        for idle in [
            "",
            "sh commands.sh",
            "# sha256sum -c M",
            "echo sha256sum -c M; exit 0",
            "echo 'a | sha256sum -c M'",
            "printf \"sha256sum == good\\n\"",
            "sha256sum M",
            "sha256sum -c M || true",
            "sha256sum -c M || echo differs",
            "exit 0\nsha256sum -c M",
            "true # sha256sum -c M",
            "false && sha256sum -c M",
            "true || sha256sum -c M",
            "if false; then\n  sha256sum -c M\nfi",
            "sha256sum -c /dev/null",
            "test -d . && diff a b",
        ] {
            assert!(!compares(idle), "{idle}");
        }
    }

    #[test]
    fn a_comment_begins_behind_a_blank_and_not_in_quotation_marks() {
        for (line, code) in [
            ("# all", ""),
            ("a # b", "a "),
            ("a#b", "a#b"),
            ("a '# b' # c", "a '# b' "),
            ("a \"it's # b\" # c", "a \"it's # b\" "),
            ("a 'b' # c", "a 'b' "),
        ] {
            assert_eq!(without_comment(line), code, "{line}");
        }
    }

    #[test]
    fn a_comparison_may_say_little() {
        for (text, why) in [
            ("sha256sum -c M", None),
            ("sha256sum -c M > /dev/null", None),
            ("sha256sum -c M >/dev/null 2> /dev/null </dev/null", None),
            ("# sha256sum -c /dev/null", None),
            ("sort --check --ignore-missing", None),
            ("sha256sum -c /dev/null", Some("compares an empty list of digests")),
            ("echo G0; sha256sum --ignore-missing -c M", Some("passes over files that are missing")),
        ] {
            assert_eq!(checks_too_little(text), why, "{text}");
        }
    }

    #[test]
    fn the_manifest_is_looked_at_by_what_is_not_only_shown() {
        for good in [
            "sha256sum -c HASH_MANIFEST.txt",
            "python3 check_manifest.py",
            "seal verify",
            "sh g0.sh",
            "sha256sum -c M || echo differs",
        ] {
            assert!(looks_at_the_manifest(good), "{good}");
        }
        for idle in [
            "true",
            ":",
            "",
            "sha256sum -c /dev/null",
            "echo manifest",
            "cat HASH_MANIFEST.txt",
            "test -s HASH_MANIFEST.txt",
            "make",
        ] {
            assert!(!looks_at_the_manifest(idle), "{idle}");
        }
    }
}
