//! The lines of attributes files: which of them speaks of a path, and what it
//! says. git is asked what holds; this says where that stands, and what would
//! hold if a line were added or a file were not there.

use std::collections::{BTreeMap, HashMap};

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

use crate::git::AttributeState as State;
use crate::path::BytePath;

/// git passes over a longer line, in bytes.
pub(super) const LONGEST_LINE: usize = 2048;
/// More rules than any project has are not looked through.
const MOST: usize = 5_000;

/// An attribute, and the state that it gets.
type Word = (String, State);

/// What one line says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Rule {
    /// Its line, from 1.
    pub(super) line: u64,
    /// The line itself.
    pub(super) text: String,
    says: Vec<Word>,
}

/// One attributes file.
#[derive(Clone, Debug)]
pub(super) struct Rules {
    /// The folder that its patterns are relative to.
    folder: BytePath,
    rules: Vec<Rule>,
    set: GlobSet,
    macros: HashMap<String, Vec<Word>>,
    /// Lines too long for git, by number.
    pub(super) too_long: Vec<u64>,
}

impl Rules {
    /// Reads a file whose patterns are relative to `folder`; `None` when it has
    /// more rules than are looked through.
    pub(super) fn parse(folder: &BytePath, bytes: &[u8]) -> Option<Self> {
        let mut builder = GlobSetBuilder::new();
        let (mut rules, mut macros, mut too_long) = (Vec::new(), HashMap::new(), Vec::new());
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        for (number, line) in (1..).zip(bytes.split(|byte| *byte == b'\n')) {
            if line.len() >= LONGEST_LINE {
                too_long.push(number);
                continue;
            }
            let line = line.trim_ascii();
            if line.is_empty() || line.starts_with(b"#") {
                continue;
            }
            let Some((pattern, says)) = split(line) else { continue };
            if let Some(name) = pattern.strip_prefix(b"[attr]") {
                macros.insert(String::from_utf8_lossy(name).into_owned(), says);
                continue;
            }
            // A pattern that git refuses, or that means folders alone.
            let Some(glob) = glob(&pattern) else { continue };
            if rules.len() >= MOST {
                return None;
            }
            builder.add(glob);
            let text = crate::text::escape(line);
            rules.push(Rule { line: number, text, says });
        }
        let set = builder.build().ok()?;
        Some(Self { folder: folder.clone(), rules, set, macros, too_long })
    }
}

/// What holds for a path, and the rule that says so.
pub(super) type Said<'r> = BTreeMap<String, (State, usize, &'r Rule)>;

/// What files say of a path, the file that counts most first. The number of the
/// file stands with each state.
pub(super) fn said<'r>(files: &[&'r Rules], path: &BytePath) -> Said<'r> {
    let mut said = Said::new();
    let built_in = HashMap::from([(
        "binary".to_owned(),
        vec![
            ("diff".to_owned(), State::Unset),
            ("merge".to_owned(), State::Unset),
            ("text".to_owned(), State::Unset),
        ],
    )]);
    let macros = |name: &str| {
        files.iter().find_map(|file| file.macros.get(name)).or_else(|| built_in.get(name)).map(Vec::as_slice)
    };
    for (number, file) in files.iter().enumerate() {
        let Some(below) = path.strip_prefix(&file.folder) else { continue };
        let mut matched = file.set.matches(below.to_os());
        matched.sort_unstable();
        for rule in matched.into_iter().rev().filter_map(|at| file.rules.get(at)) {
            say(&rule.says, rule, number, &macros, &mut said);
        }
    }
    said
}

/// What was said first counts, and the last word of a line before the others.
fn say<'r, 'm>(
    says: &[Word],
    rule: &'r Rule,
    number: usize,
    macros: &dyn Fn(&str) -> Option<&'m [Word]>,
    said: &mut Said<'r>,
) {
    for (name, state) in says.iter().rev() {
        if said.contains_key(name) {
            continue;
        }
        said.insert(name.clone(), (state.clone(), number, rule));
        // Every name is set once, so that macros that name each other end.
        if *state == State::Set
            && let Some(inner) = macros(name)
        {
            say(inner, rule, number, macros, said);
        }
    }
}

/// A pattern, unquoted, and the attributes behind it.
fn split(line: &[u8]) -> Option<(Vec<u8>, Vec<Word>)> {
    let (pattern, rest) = if line.starts_with(b"\"") {
        super::quoting::unquote(line)?
    } else {
        let end = line.iter().position(u8::is_ascii_whitespace).unwrap_or(line.len());
        (line.get(..end)?.to_vec(), line.get(end..)?)
    };
    // `[attr] name` is no macro, and `[attr]` counts only bare.
    let says = rest.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty()).map(|word| {
        let text = |word: &[u8]| String::from_utf8_lossy(word).into_owned();
        match word {
            [b'-', name @ ..] => (text(name), State::Unset),
            [b'!', name @ ..] => (text(name), State::Unspecified),
            _ => match word.iter().position(|byte| *byte == b'=') {
                Some(at) => {
                    let (name, value) = word.split_at(at);
                    (text(name), State::Value(value.get(1..).unwrap_or_default().to_vec()))
                }
                None => (text(word), State::Set),
            },
        }
    });
    Some((pattern, says.collect()))
}

/// The glob for a pattern of git's; `None` where it matches no file.
fn glob(pattern: &[u8]) -> Option<globset::Glob> {
    let pattern = std::str::from_utf8(pattern).ok()?;
    if pattern.starts_with('!') || pattern.ends_with('/') {
        return None;
    }
    let anchored = pattern.trim_start_matches('/');
    let mut text = if pattern.contains('/') { String::new() } else { "**/".to_owned() };
    // Braces mean nothing to git.
    let mut escaped = false;
    for c in anchored.chars() {
        match c {
            '{' | '}' if !escaped => text.extend(['[', c, ']']),
            _ => text.push(c),
        }
        escaped = c == '\\' && !escaped;
    }
    GlobBuilder::new(&text).literal_separator(true).backslash_escape(true).build().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::path::Backslash;

    fn path(raw: &str) -> BytePath {
        BytePath::parse(raw.as_bytes(), Backslash::Literal).unwrap()
    }

    fn states(files: &[(&str, &str)], of: &str) -> BTreeMap<String, State> {
        let root = |folder: &str| if folder.is_empty() { BytePath::root() } else { path(folder) };
        let files: Vec<Rules> = files
            .iter()
            .map(|(folder, text)| Rules::parse(&root(folder), text.as_bytes()).unwrap())
            .collect();
        let files: Vec<&Rules> = files.iter().collect();
        said(&files, &path(of)).into_iter().map(|(name, (state, ..))| (name, state)).collect()
    }

    #[test]
    fn the_last_line_of_the_nearest_file_counts() {
        let files = [("p", "*.md text"), ("", "*.md -text eol=lf\n*.md eol=crlf\n")];
        let said = states(&files, "p/a.md");
        assert_eq!(said.get("text"), Some(&State::Set));
        assert_eq!(said.get("eol"), Some(&State::Value(b"crlf".to_vec())));
        assert_eq!(states(&files, "b/a.md").get("text"), Some(&State::Unset));
    }

    #[test]
    fn macros_are_expanded_and_loops_end() {
        let said = states(&[("", "[attr]a b -x\n[attr]b a text\n*.a a\n*.b binary\n")], "f.a");
        assert_eq!((said.get("text"), said.get("x")), (Some(&State::Set), Some(&State::Unset)));
        let said = states(&[("", "*.b binary\n")], "d/f.b");
        assert_eq!(said.get("text"), Some(&State::Unset));
        let said = states(&[("", "* text binary\n")], "f");
        assert_eq!(said.get("text"), Some(&State::Unset), "the last word of a line counts");
    }

    #[test]
    fn patterns_mean_what_they_mean_to_git() {
        let matches = |pattern: &str, of: &str| !states(&[("", &format!("{pattern} x"))], of).is_empty();
        for (pattern, of) in [
            ("*.md", "a/b.md"),
            ("/a.md", "a.md"),
            ("p/**", "p/a/b"),
            ("**/b", "a/b"),
            ("a/**/b", "a/b"),
            ("\"two words\"", "two words"),
            ("[ab]", "p/a"),
            ("{x}", "{x}"),
            ("\\*", "*"),
            ("\"\\303\\251\"", "\u{e9}"),
        ] {
            assert!(matches(pattern, of), "{pattern} {of}");
        }
        for (pattern, of) in [
            ("/a.md", "b/a.md"),
            ("p/*", "p/a/b"),
            ("p/", "p/a"),
            ("!a", "a"),
            ("# a", "a"),
            ("{a,b}", "a"),
            ("a", "a/b"),
        ] {
            assert!(!matches(pattern, of), "{pattern} {of}");
        }
    }

    #[test]
    fn what_git_passes_over_is_passed_over() {
        let long = format!("*.md text {}\n*.md -text", "x".repeat(LONGEST_LINE));
        let rules = Rules::parse(&BytePath::root(), long.as_bytes()).unwrap();
        assert_eq!(rules.too_long, [1]);
        assert!(Rules::parse(&BytePath::root(), "a b\n".repeat(MOST + 1).as_bytes()).is_none());
        assert!(Rules::parse(&BytePath::root(), b"\xff\xfe text\n[ x\n\"open x\n").is_some());
    }
}
