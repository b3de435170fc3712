//! Globs over paths: one compiled set, with the patterns as they were written.

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use thiserror::Error;

use crate::path::{BytePath, MAX_LEN};

/// The most that the globs of one list have in all. Compiled, a byte of a glob
/// takes up to a hundred times as much.
const MAX_LIST_BYTES: usize = 32 << 10;

/// A set of globs over whole paths. `*` and `?` do not match `/`, and a class
/// that would is refused; `**` as a component matches any number of components. Case matters. Names that
/// are no UTF-8 are matched byte by byte.
#[derive(Clone, Debug, Default)]
pub struct Globs {
    patterns: Vec<String>,
    set: Option<GlobSet>,
}

/// Why a glob is refused: it is not well-formed, or can never match.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub(super) enum GlobError {
    #[error("the glob is empty and matches nothing")]
    Empty,
    #[error("the glob is longer than 4096 bytes")]
    TooLong,
    #[error("the globs of one list have more than 32 KiB")]
    TooMany,
    #[error("the glob is absolute; paths are matched relative to their root")]
    Absolute,
    #[error("the glob ends in `/` and matches no file; `/**` matches everything below a folder")]
    TrailingSlash,
    #[error("the glob has an empty, `.` or `..` component, which no path has")]
    Component,
    #[error("the glob has a NUL or a line break, which no path here has")]
    Control,
    #[error("the glob has a class that matches `/`: one that begins with `!` or `^`, or a range across it")]
    Class,
    #[error("the glob is not valid: {0}")]
    Syntax(String),
}

impl GlobError {
    /// What to write instead.
    pub(super) fn help(&self) -> &'static str {
        match self {
            Self::Empty => "remove it, or write what it should match, as in \"evidence/**\"",
            Self::TrailingSlash => "write \"folder/**\" for everything below a folder",
            Self::Absolute | Self::Component => {
                "write the path as the seal would, without a leading `/` or `./`: \"logs/*.txt\""
            }
            Self::Class => "list the characters, as in `[abc]` or `[0-9]`, or write `?`",
            Self::TooLong | Self::TooMany | Self::Control | Self::Syntax(_) => {
                "`*` matches within one component, `**` across them, `?` one character, `[ab]` one of several, `{a,b}` either; a backslash makes the next character literal"
            }
        }
    }
}

impl Globs {
    /// Checks one pattern without keeping it.
    pub(super) fn check(pattern: &str) -> Result<(), GlobError> {
        if pattern.is_empty() {
            return Err(GlobError::Empty);
        }
        if pattern.len() > MAX_LEN {
            return Err(GlobError::TooLong);
        }
        if pattern.contains(['\0', '\n', '\r']) {
            return Err(GlobError::Control);
        }
        if pattern.starts_with('/') {
            return Err(GlobError::Absolute);
        }
        if pattern.ends_with('/') {
            return Err(GlobError::TrailingSlash);
        }
        if pattern.split('/').any(|part| matches!(part, "" | "." | "..")) {
            return Err(GlobError::Component);
        }
        build(pattern)?;
        if has_class_across_components(pattern) { Err(GlobError::Class) } else { Ok(()) }
    }

    /// Compiles patterns that [`Self::check`] accepted; fails when the set is too large.
    pub(super) fn compile(patterns: Vec<String>) -> Result<Self, GlobError> {
        if patterns.is_empty() {
            return Ok(Self::default());
        }
        if patterns.iter().map(String::len).sum::<usize>() > MAX_LIST_BYTES {
            return Err(GlobError::TooMany);
        }
        let mut builder = GlobSetBuilder::new();
        for pattern in &patterns {
            builder.add(build(pattern)?);
        }
        let set = builder.build().map_err(|error| syntax(&error))?;
        Ok(Self { patterns, set: Some(set) })
    }

    /// From patterns, when each of them is one.
    pub(crate) fn of(patterns: Vec<String>) -> Option<Self> {
        patterns.iter().all(|pattern| Self::check(pattern).is_ok()).then(|| Self::compile(patterns).ok())?
    }

    /// What either of the two matches.
    #[must_use]
    pub fn joined(&self, other: &Self) -> Self {
        let mut patterns = self.patterns.clone();
        patterns.extend(other.patterns.iter().filter(|glob| !self.patterns.contains(glob)).cloned());
        // Both were compiled before; together they may be too many, and then the first stand alone.
        Self::compile(patterns).unwrap_or_else(|_| self.clone())
    }

    /// Whether any of the globs matches the whole path.
    pub fn matches(&self, path: &BytePath) -> bool {
        self.set.as_ref().is_some_and(|set| set.is_match(path.to_os()))
    }

    /// The patterns as they were written.
    pub fn patterns(&self) -> &[String] {
        &self.patterns
    }
}

impl PartialEq for Globs {
    fn eq(&self, other: &Self) -> bool {
        self.patterns == other.patterns
    }
}

impl Eq for Globs {}

fn build(pattern: &str) -> Result<globset::Glob, GlobError> {
    GlobBuilder::new(pattern)
        .literal_separator(true)
        .backslash_escape(true)
        .build()
        .map_err(|error| syntax(&error))
}

/// Whether a character class of a well-formed glob matches `/`. The matcher
/// lets classes cross components even where wildcards may not.
fn has_class_across_components(pattern: &str) -> bool {
    let mut chars = pattern.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' => {
                chars.next();
            }
            '[' => {
                if chars.next_if(|&c| c == '!' || c == '^').is_some() {
                    return true;
                }
                // A `]` that comes first is a member of the class.
                let mut members: Vec<char> = chars.next().into_iter().collect();
                members.extend(chars.by_ref().take_while(|&c| c != ']'));
                let range = |w: &[char]| matches!(*w, [low, '-', high] if (low..=high).contains(&'/'));
                if members.contains(&'/') || members.windows(3).any(range) {
                    return true;
                }
            }
            _ => {}
        }
    }
    false
}

fn syntax(error: &globset::Error) -> GlobError {
    GlobError::Syntax(crate::text::escape(error.kind().to_string().as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::path::Backslash;

    fn globs(patterns: &[&str]) -> Globs {
        for pattern in patterns {
            Globs::check(pattern).unwrap();
        }
        Globs::compile(patterns.iter().map(|&pattern| pattern.to_owned()).collect()).unwrap()
    }

    fn path(name: &str) -> BytePath {
        BytePath::parse(name.as_bytes(), Backslash::Refuse).unwrap()
    }

    #[test]
    fn a_star_stays_within_its_component() {
        let cases: &[(&str, &[&str], &[&str])] = &[
            ("*.log", &["a.log", ".log"], &["x/a.log", "a.LOG", "a.log.txt"]),
            ("**/*.log", &["a.log", "x/a.log", "x/y/a.log"], &["a.logs"]),
            ("evidence/**", &["evidence/a", "evidence/a/b"], &["evidence", "x/evidence/a", "evidences/a"]),
            ("evidence/*", &["evidence/a"], &["evidence/a/b"]),
            ("a?c", &["abc"], &["a/c", "ac"]),
            ("a[b-d]c", &["abc"], &["a/c", "axc"]),
            ("a[]x]c", &["a]c", "axc"], &["abc"]),
            ("a\\[!x]", &["a[!x]"], &["a\u{e9}"]),
            ("{a,b}/c", &["a/c", "b/c"], &["c"]),
            ("a\\*", &["a*"], &["ab"]),
        ];
        for (pattern, yes, no) in cases {
            let set = globs(&[pattern]);
            for name in *yes {
                assert!(set.matches(&path(name)), "{pattern} should match {name}");
            }
            for name in *no {
                assert!(!set.matches(&path(name)), "{pattern} should not match {name}");
            }
        }
    }

    #[test]
    fn any_of_several_is_enough_and_none_matches_nothing() {
        let set = globs(&["a", "b/*"]);
        assert!(set.matches(&path("a")) && set.matches(&path("b/c")) && !set.matches(&path("c")));
        assert_eq!(set.patterns(), ["a", "b/*"]);
        assert!(!Globs::default().matches(&path("a")));
        assert!(!Globs::default().matches(&BytePath::root()));
    }

    #[test]
    fn a_name_that_is_no_utf_8_can_be_matched() {
        let name = BytePath::parse(b"dir/\xff\xfe.bin", Backslash::Refuse).unwrap();
        assert!(globs(&["dir/*.bin"]).matches(&name));
        assert!(!globs(&["*.bin"]).matches(&name));
    }

    #[test]
    fn a_list_is_bounded() {
        let many = |count: usize| Globs::compile(vec!["a".repeat(1024); count]);
        assert!(many(32).is_ok());
        assert_eq!(many(33), Err(GlobError::TooMany));
    }

    #[test]
    fn what_can_never_match_is_refused() {
        use GlobError::{Absolute, Component, Control, Empty, TooLong, TrailingSlash};
        let cases = [
            ("", Empty),
            ("/a", Absolute),
            ("/", Absolute),
            ("a/", TrailingSlash),
            ("./a", Component),
            ("../a", Component),
            ("a/../b", Component),
            ("a//b", Component),
            ("a\nb", Control),
            ("a\0", Control),
        ];
        for (pattern, want) in cases {
            assert_eq!(Globs::check(pattern), Err(want), "{pattern:?}");
        }
        assert_eq!(Globs::check(&"a".repeat(MAX_LEN + 1)), Err(TooLong));
        for pattern in ["[!a]", "[^a]", "x[]!-9]", "[+-9]", "[a/]", "[!-~]", "a[b][!c]"] {
            assert_eq!(Globs::check(pattern), Err(GlobError::Class), "{pattern:?}");
        }
        for pattern in ["[", "[a", "{a", "a}", "[z-a]", "a\\"] {
            assert!(matches!(Globs::check(pattern), Err(GlobError::Syntax(_))), "{pattern:?}");
        }
    }
}
