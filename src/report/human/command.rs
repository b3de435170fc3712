//! Commands as they can be pasted into the current folder: the names that the
//! general words of the code table leave open, filled in.
//!
//! Open names: `FILE` the file concerned, `NEW` and `OLD` where its bytes are and
//! where they belong, `NAME` the file as its packet calls it, `DIR` the packet,
//! `PACKET/**` its pattern for git, `MANIFEST` its manifest.

use bstr::ByteSlice;

use super::file;
use crate::finding::Finding;
use crate::path::BytePath;
use crate::report::style::Look;
use crate::report::{PacketReport, Report, name};
use crate::text::is_deceptive;

/// Names that are listed one by one where a text has room for a list.
const LISTED: usize = 4;

/// `help` with its commands marked by backticks and the open names filled in.
/// Of several files the first one's command is given, and the others are counted.
pub(in crate::report) fn filled(help: &str, report: &Report, findings: &[&Finding], look: &Look) -> String {
    let names = Names::of(report, findings, look);
    let mut help = marked(help);
    let several = names.files > 1;
    if several
        && !names.roots
        && let Some(dir) = &names.dir
    {
        help = help.replace("`seal restore FILE --write`", &format!("`seal restore {dir} --write`"));
    }
    // No rule of git's reaches out of the folder that its file stands in.
    if names.outside {
        help = help
            .replace(".gitattributes in the current folder", ".gitattributes at the root of the repository");
    }
    let mut about_one = false;
    let mut behind = None;
    let mut out = String::with_capacity(help.len());
    // Odd parts stand between backticks.
    for (at, part) in help.split('`').enumerate() {
        if at > 0 {
            out.push('`');
        }
        if at % 2 == 1 {
            about_one = names.fill(part, &mut out);
        } else {
            if std::mem::take(&mut about_one) {
                behind = Some(out.len());
            }
            out.push_str(part);
        }
    }
    if let Some(behind) = behind.filter(|_| several) {
        let others =
            if names.files == 2 { String::new() } else { format!(" {}", super::number(names.files - 1)) };
        out.insert_str(behind, &format!(" (and so on for the other{others})"));
    }
    out
}

/// What the open names stand for; `None` where nothing is known.
struct Names {
    file: Option<String>,
    old: Option<String>,
    new: Option<String>,
    listed: Option<String>,
    dir: Option<String>,
    dir_text: Option<String>,
    pattern: Option<String>,
    manifest: Option<String>,
    /// Files concerned.
    files: u64,
    /// They are in several folders.
    roots: bool,
    /// The packet is not below the current folder.
    outside: bool,
}

impl Names {
    fn of(report: &Report, findings: &[&Finding], look: &Look) -> Self {
        let first = findings.first();
        let path = first.and_then(|finding| file::whole(report, finding));
        let packet = packet(report, findings);
        let roots = packet.is_some_and(|(_, several)| several);
        let packet = packet.map(|(packet, _)| packet);
        let of_first = first.and_then(|first| first.packet).and_then(|at| report.packets.get(at));
        let mut files: Vec<BytePath> =
            findings.iter().filter_map(|finding| file::whole(report, finding)).collect();
        files.sort();
        files.dedup();
        let other = first.and_then(|finding| Some((finding.packet, finding.others.first()?)));
        let argument = |path: &BytePath| name::as_argument(path, look);
        Self {
            file: path.as_ref().map(argument),
            old: path.as_ref().map(argument),
            new: other
                .map(|(_, path)| argument(&of_first.map_or(path.clone(), |packet| packet.root.join(path)))),
            listed: toml_names(findings),
            dir: packet.map(|packet| argument(&packet.root)),
            dir_text: packet.map(|packet| toml(&packet.root)),
            pattern: packet.map(|packet| name::as_pattern(&packet.root, look)),
            manifest: of_first.map(|packet| argument(&packet.manifest)),
            files: u64::try_from(files.len()).unwrap_or(u64::MAX),
            roots,
            outside: packet.is_some_and(|packet| packet.root.as_bytes().starts_with(b"..")),
        }
    }

    /// Appends `command` with what is known filled in; whether it is about one file of several.
    fn fill(&self, command: &str, out: &mut String) -> bool {
        let whole = [
            ("root = \"DIR\"", "root = ", &self.dir_text),
            ("exclude = [\"NAME\"]", "exclude = ", &self.listed),
        ];
        for (open, front, text) in whole {
            if let Some(text) = text.as_ref().filter(|_| command == open) {
                out.extend([front, text]);
                return false;
            }
        }
        let names = [
            ("PACKET/**", &self.pattern, self.roots),
            ("FILE", &self.file, true),
            ("NEW", &self.new, true),
            ("OLD", &self.old, true),
            ("DIR", &self.dir, self.roots),
            ("MANIFEST", &self.manifest, self.roots),
        ];
        let mut about_one = false;
        let mut rest = command;
        let mut in_word = false;
        while let Some(c) = rest.chars().next() {
            let here = names.iter().find(|(open, text, _)| {
                let after = rest.strip_prefix(open).map(|rest| rest.chars().next());
                !in_word && text.is_some() && after.is_some_and(|c| !c.is_some_and(is_word))
            });
            let (taken, text) = match here {
                Some((open, Some(text), one)) => {
                    about_one |= one;
                    (open.len(), text.as_str())
                }
                _ => (c.len_utf8(), rest.get(..c.len_utf8()).unwrap_or_default()),
            };
            out.push_str(text);
            in_word = is_word(c) && here.is_none();
            rest = rest.get(taken..).unwrap_or_default();
        }
        about_one
    }
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// The first packet of the findings, and whether they have more than its root.
fn packet<'a>(report: &'a Report, findings: &[&Finding]) -> Option<(&'a PacketReport, bool)> {
    let of = |finding: &&Finding| finding.packet.and_then(|at| report.packets.get(at));
    let first = findings.iter().find_map(of)?;
    let several = findings.iter().filter_map(of).any(|packet| packet.root != first.root);
    Some((first, several))
}

/// The files as a list of a configuration: all of a few, else the first.
fn toml_names(findings: &[&Finding]) -> Option<String> {
    let mut names: Vec<String> =
        findings.iter().filter_map(|finding| finding.path.as_ref()).take(LISTED + 1).map(toml).collect();
    names.dedup();
    let first = names.first()?.clone();
    let list = if names.len() > LISTED { format!("{first}, \u{2026}") } else { names.join(", ") };
    Some(format!("[{list}]"))
}

/// A path as a string of a configuration. Where a glob stands, `?` is any
/// character, so what cannot be typed is written so.
fn toml(path: &BytePath) -> String {
    if path.is_root() {
        return "\".\"".to_owned();
    }
    let odd = |c: char| is_deceptive(c) || "\"\\`*?[]{}".contains(c) || c == char::REPLACEMENT_CHARACTER;
    let text: String = path.as_bytes().to_str_lossy().chars().map(|c| if odd(c) { '?' } else { c }).collect();
    format!("\"{text}\"")
}

/// The programs that help texts run, each with what must follow it there.
const PROGRAMS: [&str; 13] = [
    "seal verify",
    "seal create",
    "seal restore",
    "seal explain",
    "git add ",
    "git checkout ",
    "git log ",
    "git diff ",
    "git mv ",
    "mv -- ",
    "sha256sum ",
    "--",
    "chmod ",
];

/// `help` with backticks around commands that stand in it bare.
fn marked(help: &str) -> String {
    let mut out = String::with_capacity(help.len() + 8);
    for (at, part) in help.split('`').enumerate() {
        if at > 0 {
            out.push('`');
        }
        if at % 2 == 1 {
            out.push_str(part);
        } else {
            mark_bare(part, &mut out);
        }
    }
    out
}

fn mark_bare(text: &str, out: &mut String) {
    let mut rest = text;
    let mut before = ' ';
    let mut quoted = false;
    while let Some(c) = rest.chars().next() {
        let begins = !quoted && (before == ' ' || before == '(');
        let option = |rest: &str| {
            rest.strip_prefix("--").is_none_or(|name| name.starts_with(|c: char| c.is_ascii_lowercase()))
        };
        let length = if begins && PROGRAMS.iter().any(|program| rest.starts_with(program)) && option(rest) {
            command_end(rest)
        } else {
            0
        };
        if length > 0 {
            let (command, tail) = rest.split_at_checked(length).unwrap_or((rest, ""));
            out.extend(["`", command, "`"]);
            before = command.chars().last().unwrap_or(' ');
            rest = tail;
            continue;
        }
        quoted ^= c == '"';
        out.push(c);
        before = c;
        rest = rest.get(c.len_utf8()..).unwrap_or_default();
    }
}

/// Where a command ends: before a comma, a semicolon, a bracket, a conjunction or the end.
fn command_end(text: &str) -> usize {
    let mut quoted = false;
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            ',' | ';' | '(' | ')' if !quoted => {
                return text.get(..at).map_or(at, |head| head.trim_end().len());
            }
            ' ' | '.' if !quoted => {
                let rest = text.get(at..).unwrap_or_default();
                let ends =
                    [" or ", " and ", " when ", " to ", " if ", ". "].iter().any(|end| rest.starts_with(end));
                if ends || rest == "." {
                    return at;
                }
            }
            _ => {}
        }
    }
    text.trim_end().len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::code::Code;
    use crate::report::samples;

    const TEXT: &str =
        "FILE: `git log -- FILE`, `PACKET/** -text`, `seal create DIR`, `cat MANIFEST`, `PROFILE`";

    #[test]
    fn open_names_are_filled_in_inside_commands_only() {
        let report = samples::failing();
        let readme = &report.findings[0];
        assert_eq!(
            filled(TEXT, &report, &[readme], &Look::PLAIN),
            "FILE: `git log -- packet/README.md`, `packet/** -text`, `seal create packet`, \
             `cat packet/HASH_MANIFEST.txt`, `PROFILE`"
        );
        assert_eq!(filled("`a` b `", &report, &[readme], &Look::PLAIN), "`a` b `");
    }

    #[test]
    fn a_pattern_for_git_led_out_of_the_folder_of_its_file() {
        let mut report = samples::failing();
        report.packets[0].root = BytePath::from_os(std::path::Path::new("../../evidence/packet"));
        let help = filled(Code::CrlfDrift.row().fix, &report, &[&report.findings[0]], &Look::PLAIN);
        assert!(
            help.contains("`**/packet/** -text` to .gitattributes at the root of the repository"),
            "{help}"
        );
    }

    #[test]
    fn a_packet_in_the_current_folder_is_named_by_a_dot_and_its_pattern_by_a_star() {
        let mut report = samples::failing();
        report.packets[0].root = BytePath::root();
        report.packets[0].manifest = samples::path(b"HASH_MANIFEST.txt");
        assert_eq!(
            filled(TEXT, &report, &[&report.findings[0]], &Look::PLAIN),
            "FILE: `git log -- README.md`, `* -text`, `seal create .`, `cat HASH_MANIFEST.txt`, `PROFILE`"
        );
    }

    #[test]
    fn of_several_files_the_first_command_is_given_and_the_others_are_counted() {
        let report = samples::failing();
        let two = [&report.findings[0], &report.findings[2]];
        assert_eq!(
            filled("`git log -- FILE`", &report, &two, &Look::PLAIN),
            "`git log -- packet/README.md` (and so on for the other)"
        );
        assert_eq!(
            filled("`seal restore FILE --write`.", &report, &two, &Look::PLAIN),
            "`seal restore packet --write`."
        );
        let report = samples::many();
        let all: Vec<&Finding> = report.findings.iter().filter(|f| f.code == Code::CrlfDrift).collect();
        let text = filled("`git log -- FILE`", &report, &all, &Look::PLAIN);
        assert_eq!(text, "`git log -- reports/part-00.md` (and so on for the other 22)");
    }

    #[test]
    fn files_of_several_packets_leave_no_open_name() {
        let mut report = samples::failing();
        report.packets.push(samples::packet(b"second", 2));
        let mut other = report.findings[0].clone();
        other.packet = Some(1);
        let both = [&report.findings[0], &other];
        assert_eq!(
            filled("Then `seal restore DIR --write`.", &report, &both, &Look::PLAIN),
            "Then `seal restore packet --write` (and so on for the other)."
        );
    }

    #[test]
    fn no_command_of_the_table_keeps_an_open_name() {
        let report = samples::failing();
        for row in Code::table() {
            let mut finding = report.findings[0].clone();
            finding.others = vec![samples::path(b"other name.md")];
            let text = filled(row.fix, &report, &[&finding], &Look::PLAIN);
            for command in text.split('`').skip(1).step_by(2) {
                let open = ["FILE", "DIR", "PACKET", "NEW", "OLD", "NAME", "FOLDER", "COMMIT"];
                let words = command.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
                assert!(words.into_iter().all(|word| !open.contains(&word)), "{}: {command}", row.id);
            }
        }
    }

    #[test]
    fn a_move_back_names_both_places_from_the_current_folder() {
        let report = samples::many();
        let moved = report.findings.iter().find(|finding| finding.code == Code::Moved).unwrap();
        assert!(
            filled(Code::Moved.row().fix, &report, &[moved], &Look::PLAIN)
                .contains("`mv -- new/name.txt old/name.txt`")
        );
    }

    #[test]
    fn the_lines_that_exclude_a_file_are_given_literally() {
        let report = samples::failing();
        let text = filled(Code::UnsealedFile.row().fix, &report, &[&report.findings[0]], &Look::PLAIN);
        assert!(text.ends_with("`[[packet]]`, `root = \"packet\"` (the folder as it is named from there), `exclude = [\"README.md\"]`."), "{text}");
    }

    #[test]
    fn a_hostile_name_cannot_leave_its_word_of_a_command() {
        let report = samples::hostile();
        let text = filled("`rm FILE DIR`", &report, &[&report.findings[0]], &Look::PLAIN);
        assert!(text.starts_with(r"`rm $'./-rf \xf0\x9f \x50\x41\x53\x53/a\x1b\x5d0"), "{text}");
        assert_eq!(text.matches('`').count(), 2);
    }

    #[test]
    fn bare_commands_are_marked_like_the_others() {
        let cases = [
            (
                "say which it is: --manifest-format a or --manifest-format b",
                "say which it is: `--manifest-format a` or `--manifest-format b`",
            ),
            ("move it back: mv -- \"a, b\" c", "move it back: `mv -- \"a, b\" c`"),
            (
                "run seal verify --manifest x (or `root` in seal.toml)",
                "run `seal verify --manifest x` (or `root` in seal.toml)",
            ),
            ("seal the folder again; --x, and so on", "seal the folder again; `--x`, and so on"),
            ("a -- b --", "a -- b --"),
            ("quoted \"seal create x\" stays", "quoted \"seal create x\" stays"),
        ];
        for (bare, want) in cases {
            assert_eq!(marked(bare), want);
        }
    }
}
