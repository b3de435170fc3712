//! What editors do to sealed files when they save them, by `.editorconfig`.
//!
//! As editorconfig.org specifies it. A setting that would change no byte of a
//! file is no risk for it; how far a tool indents new lines changes none.

use std::collections::{BTreeMap, BTreeSet};

use globset::{GlobBuilder, GlobMatcher};

use super::Unseen;
use super::content::Content;
use super::cover::Part;
use super::risk::Risk;
use super::table::Kind;
use super::tree::Tree;
use crate::path::BytePath;
use crate::text::quote;

const NAME: &[u8] = b".editorconfig";
/// More sections than any project has are not followed.
const MOST: usize = 1_000;

/// What an editor may be told to change in bytes that are there, or to write differently.
const PROPERTIES: [&str; 7] = [
    "end_of_line",
    "insert_final_newline",
    "trim_trailing_whitespace",
    "charset",
    "indent_style",
    "indent_size",
    "tab_width",
];

/// One file.
struct File {
    folder: BytePath,
    shown: BytePath,
    is_root: bool,
    sections: Vec<Section>,
}

struct Section {
    glob: GlobMatcher,
    /// Name, value in small letters, line.
    says: Vec<(String, String, u64)>,
}

/// What holds for one file: by property the value, and where it stands.
type Said<'f> = BTreeMap<&'static str, (&'f str, &'f File, u64)>;

pub(super) fn risks(tree: &Tree<'_>, risks: &mut Vec<Risk>, unseen: &mut Vec<Unseen>) {
    let files = read(tree, risks, unseen);
    if files.is_empty() {
        return;
    }
    // By the file, line and text that say it: for whom, and the folder of the file that takes it back.
    let mut found: BTreeMap<(BytePath, u64, String), (Vec<usize>, BytePath)> = BTreeMap::new();
    let mut nearest: BTreeMap<BytePath, (Vec<usize>, BTreeSet<&'static str>)> = BTreeMap::new();
    for (at, path) in tree.files.iter().enumerate() {
        let said = said(&files, path);
        let content = tree.contents().get(at).copied().unwrap_or_default();
        let changing = said.iter().filter(|(name, (value, ..))| changes(name, value, &content));
        let changing: Vec<_> = changing.collect();
        let Some(last) =
            said.values().map(|(_, file, _)| file).max_by_key(|file| file.folder.components().count())
        else {
            continue;
        };
        for (name, (value, file, line)) in &changing {
            let key = (file.shown.clone(), *line, format!("{name} = {value}"));
            found.entry(key).or_insert_with(|| (Vec::new(), last.folder.clone())).0.push(at);
        }
        if !changing.is_empty() {
            let (numbers, names) = nearest.entry(last.folder.clone()).or_default();
            numbers.push(at);
            names.extend(said.keys());
        }
    }
    for ((shown, line, said), (numbers, folder)) in found {
        let what = quote(said.as_bytes());
        let risk = Risk::new(
            Kind::EditorconfigRewrites,
            format!("{what} changes bytes when an editor saves the file"),
        );
        let (all, names) = nearest.get(&folder).cloned().unwrap_or_default();
        let paths = all.iter().filter_map(|&at| tree.files.get(at));
        let risk = risk.at(&shown, line);
        let risk = match tree.cover().few(paths) {
            Err(say) => risk.fix(say),
            Ok(parts) => {
                let unset = names.iter().map(|name| format!("{name} = unset"));
                let of = |part| Some([section(&part, &folder)?].into_iter().chain(unset.clone()));
                let to = quote(tree.shown(&folder.child(NAME)).as_bytes());
                risk.fix(format!("add at the end of {to}")).add(parts.into_iter().filter_map(of).flatten())
            }
        };
        risks.push(tree.concerning(risk, &numbers));
    }
}

fn read(tree: &Tree<'_>, risks: &mut Vec<Risk>, unseen: &mut Vec<Unseen>) -> Vec<File> {
    let mut files = Vec::new();
    for folder in tree.folders() {
        let path = folder.child(NAME);
        let shown = tree.shown(&path);
        match tree.read(&path) {
            Ok(None) => {}
            Ok(Some(bytes)) => match File::parse(folder, shown.clone(), &bytes) {
                Some(file) => files.push(file),
                None => unseen.push(Unseen {
                    what: quote(shown.as_bytes()),
                    reason: format!("it has more than {MOST} sections"),
                    counts: false,
                }),
            },
            Err(refusal) => {
                let risk = Risk::new(Kind::ToolFileUnreadable, refusal.to_string());
                risks.push(risk.at(&shown, None).fix("put a regular file in its place"));
            }
        }
    }
    files
}

impl File {
    fn parse(folder: BytePath, shown: BytePath, bytes: &[u8]) -> Option<Self> {
        let text = String::from_utf8_lossy(bytes);
        let mut file = Self { folder, shown, is_root: false, sections: Vec::new() };
        let mut inside = Some(false);
        for (number, line) in (1..).zip(text.trim_start_matches('\u{feff}').lines()) {
            let line = line.trim();
            if line.is_empty() || line.starts_with(['#', ';']) {
                continue;
            }
            if let Some(name) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
                if file.sections.len() >= MOST {
                    return None;
                }
                // A section whose name means nothing speaks of no file.
                inside = glob(name).map(|glob| {
                    file.sections.push(Section { glob, says: Vec::new() });
                    true
                });
                continue;
            }
            let Some((name, value)) = line.split_once('=') else { continue };
            let (name, value) = (name.trim().to_ascii_lowercase(), value.trim().to_ascii_lowercase());
            match (inside, file.sections.last_mut()) {
                (Some(true), Some(section)) => section.says.push((name, value, number)),
                (Some(false), _) if name == "root" => file.is_root = value == "true",
                _ => {}
            }
        }
        Some(file)
    }
}

/// The folders' files come in the order of their paths, so that a deeper one is later.
fn said<'f>(files: &'f [File], path: &BytePath) -> Said<'f> {
    let above: Vec<&File> = files.iter().filter(|file| path.strip_prefix(&file.folder).is_some()).collect();
    let from = above.iter().rposition(|file| file.is_root).unwrap_or(0);
    let mut said = Said::new();
    for file in above.into_iter().skip(from) {
        let Some(below) = path.strip_prefix(&file.folder) else { continue };
        for section in file.sections.iter().filter(|section| section.glob.is_match(below.to_os())) {
            for (name, value, line) in &section.says {
                let Some(known) = PROPERTIES.into_iter().find(|known| known == name) else { continue };
                if value == "unset" {
                    said.remove(known);
                } else {
                    said.insert(known, (value, file, *line));
                }
            }
        }
    }
    said
}

/// Whether a setting changes a byte of such a file.
fn changes(name: &str, value: &str, content: &Content) -> bool {
    if content.nul || content.empty {
        return false;
    }
    match (name, value) {
        ("end_of_line", "lf") => content.crlf || content.lone_cr,
        ("end_of_line", "crlf") => content.lone_lf || content.lone_cr,
        ("end_of_line", "cr") => content.lone_lf || content.crlf,
        ("insert_final_newline", "true") => content.final_newlines == 0,
        ("insert_final_newline", "false") => content.final_newlines > 0,
        ("trim_trailing_whitespace", "true") => content.blanks,
        ("charset", "utf-8") => content.mark || content.not_utf8,
        ("charset", "utf-8-bom") => !content.mark,
        ("charset", _) => true,
        _ => false,
    }
}

/// The glob for the name of a section.
fn glob(name: &str) -> Option<GlobMatcher> {
    let anchored = name.trim_start_matches('/');
    let mut text = if name.contains('/') { String::new() } else { "**/".to_owned() };
    let mut rest = anchored;
    while let Some(c) = rest.chars().next() {
        rest = rest.get(c.len_utf8()..).unwrap_or_default();
        match c {
            '\\' => {
                text.push('\\');
                text.extend(rest.chars().next());
                rest = rest.get(rest.chars().next().map_or(0, char::len_utf8)..).unwrap_or_default();
            }
            '{' => match rest.split_once('}') {
                // A range of numbers: more than it are taken for it.
                Some((range, after)) if range.contains("..") && !range.contains(['{', ',']) => {
                    text.push('*');
                    rest = after;
                }
                Some((inner, _)) if inner.contains(',') || inner.contains('{') => text.push('{'),
                Some((one, after)) => {
                    text.extend(["[{]", one, "[}]"]);
                    rest = after;
                }
                None => text.push_str("[{]"),
            },
            _ => text.push(c),
        }
    }
    let glob = GlobBuilder::new(&text).literal_separator(true).backslash_escape(true).build().ok()?;
    Some(glob.compile_matcher())
}

/// The name of a section for a part, in the file of that folder.
fn section(part: &Part, folder: &BytePath) -> Option<String> {
    let (path, tail) = match part {
        Part::Below(below) => (below, "/**"),
        Part::File(file) => (file, ""),
    };
    let Some(below) = path.strip_prefix(folder).filter(|below| !below.is_root()) else {
        return Some("[*]".to_owned());
    };
    let text = std::str::from_utf8(below.as_bytes()).ok()?;
    if text.chars().any(crate::text::is_deceptive) {
        return None;
    }
    let mut name = String::new();
    if !text.contains('/') && tail.is_empty() {
        name.push('/');
    }
    for c in text.chars() {
        if "*?[]{},!\\".contains(c) {
            name.push('\\');
        }
        name.push(c);
    }
    Some(format!("[{name}{tail}]"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::path::Backslash;

    fn path(raw: &str) -> BytePath {
        BytePath::parse(raw.as_bytes(), Backslash::Literal).unwrap()
    }

    fn file(folder: &str, text: &str) -> File {
        let folder = if folder.is_empty() { BytePath::root() } else { path(folder) };
        File::parse(folder.clone(), folder, text.as_bytes()).unwrap()
    }

    fn value(files: &[File], of: &str, name: &str) -> Option<String> {
        said(files, &path(of)).get(name).map(|(value, ..)| (*value).to_owned())
    }

    #[test]
    fn nearer_files_and_later_sections_count_until_a_root() {
        let files = [
            file(
                "",
                "root = true\n[*]\nend_of_line = crlf\ncharset = utf-8\n[*.md]\nend_of_line = LF ; no\n",
            ),
            file("p", "[*.md]\nend_of_line = cr\n[a.md]\ncharset = unset\n"),
        ];
        assert_eq!(value(&files, "x.txt", "end_of_line").as_deref(), Some("crlf"));
        assert_eq!(value(&files, "x.md", "end_of_line").as_deref(), Some("lf ; no"));
        assert_eq!(value(&files, "p/a.md", "end_of_line").as_deref(), Some("cr"));
        assert_eq!(value(&files, "p/a.md", "charset"), None);
        let files = [file("", "[*]\ncharset = utf-8\n"), file("p", "root = true\n")];
        assert_eq!(value(&files, "p/a", "charset"), None);
    }

    #[test]
    fn globs_mean_what_they_mean_to_editors() {
        let matches = |name: &str, of: &str| glob(name).is_some_and(|glob| glob.is_match(of));
        for (name, of) in [
            ("*", "a/b"),
            ("*.md", "a/b.md"),
            ("*.{md,txt}", "a.txt"),
            ("{README}", "{README}"),
            ("/a", "a"),
            ("p/**", "p/a/b"),
            ("file{1..3}", "file2"),
            ("[ab].md", "x/a.md"),
            ("[!ab].md", "c.md"),
            ("\\*", "*"),
        ] {
            assert!(matches(name, of), "{name} {of}");
        }
        for (name, of) in
            [("*.md", "a.txt"), ("/a", "b/a"), ("p/*", "p/a/b"), ("[!ab].md", "a.md"), ("{", "a")]
        {
            assert!(!matches(name, of), "{name} {of}");
        }
    }

    #[test]
    fn only_what_changes_a_byte_is_a_risk() {
        let content = Content::of(b"a\nb \n".as_slice()).unwrap();
        for (name, value) in [
            ("end_of_line", "crlf"),
            ("trim_trailing_whitespace", "true"),
            ("insert_final_newline", "false"),
            ("charset", "utf-8-bom"),
        ] {
            assert!(changes(name, value, &content), "{name}");
        }
        for (name, value) in [
            ("end_of_line", "lf"),
            ("insert_final_newline", "true"),
            ("charset", "utf-8"),
            ("indent_style", "tab"),
        ] {
            assert!(!changes(name, value, &content), "{name}");
        }
        assert!(!changes("end_of_line", "crlf", &Content::of(b"\0\n".as_slice()).unwrap()));
    }

    #[test]
    fn a_section_that_is_added_matches_what_it_is_for() {
        for name in ["a.md", "p/[x]{y},z*", "p/a!b"] {
            let text = section(&Part::File(path(name)), &BytePath::root()).unwrap();
            let inner = text.trim_start_matches('[').strip_suffix(']').unwrap();
            assert!(glob(inner).unwrap().is_match(name), "{text}");
        }
        assert_eq!(section(&Part::Below(path("p")), &path("p")).as_deref(), Some("[*]"));
        assert_eq!(section(&Part::Below(path("p/q")), &path("p")).as_deref(), Some("[q/**]"));
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_fall(text in "[a-c{}\\[\\]*?!\\\\,./=\n \u{e9}]{0,40}") {
            let files = [file("", &format!("[{text}]\ncharset=x\n{text}"))];
            let _ = said(&files, &path("a/b"));
        }
    }
}
