//! Names of files as people see them: bare when harmless, quoted otherwise.

use bstr::ByteSlice;

use super::style::Look;
use crate::path::BytePath;
use crate::text::{holds_a_verdict, is_deceptive, quote};

/// `path` as shown; the root itself is `.`.
pub(crate) fn shown(path: &BytePath, look: &Look) -> String {
    if path.is_root() { ".".to_owned() } else { shown_bytes(path.as_bytes(), look) }
}

/// A name's bytes as shown.
pub(crate) fn shown_bytes(name: &[u8], look: &Look) -> String {
    match name.to_str() {
        Ok(text) if is_harmless(text) && (look.unicode || text.is_ascii()) => text.to_owned(),
        _ => quote(name),
    }
}

/// Text that was escaped by [`crate::text::escape`] or [`quote`] before, as shown.
pub(crate) fn shown_escaped(name: &str, look: &Look) -> String {
    let quoted = name.starts_with('"') && name.ends_with('"') && name.len() > 1;
    if quoted || (is_harmless(name) && (look.unicode || name.is_ascii())) {
        name.to_owned()
    } else {
        format!("\"{name}\"")
    }
}

/// `path` as one word of a shell command: bare, between double quotes, or with
/// every unusual byte written as `$'\xHH'`. No backtick, line end or expansion is
/// ever in it, and no word that could be taken for a verdict stands outside quotes.
pub(crate) fn as_argument(path: &BytePath, look: &Look) -> String {
    if path.is_root() {
        return ".".to_owned();
    }
    let bytes = path.as_bytes();
    let front = if bytes.starts_with(b"-") { "./" } else { "" };
    match bytes.to_str().ok().filter(|text| look.unicode || text.is_ascii()) {
        Some(text) if is_harmless(text) => format!("{front}{text}"),
        Some(text) if !text.chars().any(|c| is_deceptive(c) || "\"$`\\!%".contains(c)) => {
            format!("\"{front}{text}\"")
        }
        _ => ansi_c(front, bytes),
    }
}

/// As bash, zsh and ksh read it. Capitals are escaped too: they could spell a verdict.
fn ansi_c(front: &str, bytes: &[u8]) -> String {
    let mut out = format!("$'{front}");
    for &byte in bytes {
        if byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"._/@+- ".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str("\\x");
            out.extend(
                [byte >> 4, byte & 15].map(|digit| char::from_digit(u32::from(digit), 16).unwrap_or('0')),
            );
        }
    }
    out.push('\'');
    out
}

/// The pattern of `.gitattributes` for everything below `root`. A folder that is
/// not below the current one is named by its last component, wherever it is.
pub(crate) fn as_pattern(root: &BytePath, look: &Look) -> String {
    let outside = root.as_bytes().starts_with(b"..");
    let (front, bytes) = if outside { ("**/", root.file_name()) } else { ("", root.as_bytes()) };
    let text = bytes.to_str().ok().filter(|text| *text != ".." && (look.unicode || text.is_ascii()));
    match text {
        _ if root.is_root() => "*".to_owned(),
        Some(text) if is_harmless(text) => format!("{front}{text}/**"),
        // In quotes git reads blanks; what a pattern gives a meaning to is left to `*`.
        Some(text) if !text.chars().any(|c| is_deceptive(c) || "\"\\`*?[]!".contains(c)) => {
            format!("\"{front}{text}/**\"")
        }
        _ => "**".to_owned(),
    }
}

/// Nothing in it could be taken for our own words, for a verdict, or for the
/// end of the name.
fn is_harmless(name: &str) -> bool {
    !name.is_empty()
        && name.chars().all(|c| c.is_alphanumeric() || "._/@+-".contains(c))
        && !holds_a_verdict(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::path::Backslash;

    #[test]
    fn only_harmless_names_are_bare() {
        let look = Look { unicode: true, ..Look::PLAIN };
        let cases: &[(&[u8], &str)] = &[
            (b"docs/a_b-c.d@2+1.md", "docs/a_b-c.d@2+1.md"),
            ("d\u{e9}j\u{e0}.txt".as_bytes(), "d\u{e9}j\u{e0}.txt"),
            (b"two words", "\"two words\""),
            (b"ALL_PASS.txt", "\"ALL_PASS.txt\""),
            (b"compass", "\"compass\""),
            ("\u{ff30}\u{ff21}\u{ff33}\u{ff33}".as_bytes(), "\"\u{ff30}\u{ff21}\u{ff33}\u{ff33}\""),
            (b"CUTOVER_GRANTED", "\"CUTOVER_GRANTED\""),
            (b"a\xff", "\"a\\xff\""),
            (b"a\x1b[0m", "\"a\\u{1b}[0m\""),
            (b"`id`", "\"`id`\""),
        ];
        for (raw, want) in cases {
            assert_eq!(&shown_bytes(raw, &look), want);
        }
        assert_eq!(shown_bytes("\u{e9}".as_bytes(), &Look::PLAIN), "\"\u{e9}\"");
        assert_eq!(shown(&BytePath::root(), &look), ".");
    }

    #[test]
    fn text_that_was_escaped_is_not_escaped_again() {
        assert_eq!(shown_escaped(r"a\u{1b}b", &Look::PLAIN), "\"a\\u{1b}b\"");
        assert_eq!(shown_escaped("\"a b\"", &Look::PLAIN), "\"a b\"");
        assert_eq!(shown_escaped("a.txt", &Look::PLAIN), "a.txt");
    }

    #[test]
    fn an_argument_is_never_an_option_nor_an_expansion_nor_a_verdict() {
        let argument =
            |raw: &[u8]| as_argument(&BytePath::parse(raw, Backslash::Literal).unwrap(), &Look::PLAIN);
        let cases: &[(&[u8], &str)] = &[
            (b"-rf", "./-rf"),
            (b"a/b.txt", "a/b.txt"),
            (b"a b", "\"a b\""),
            (b"-a b", "\"./-a b\""),
            (b"ALL_PASS.txt", "\"ALL_PASS.txt\""),
            (b"$(id)", r"$'\x24\x28id\x29'"),
            (b"`PASS`", r"$'\x60\x50\x41\x53\x53\x60'"),
            (b"it's \"x\"", r"$'it\x27s \x22x\x22'"),
            ("\u{e9}".as_bytes(), r"$'\xc3\xa9'"),
        ];
        for (raw, want) in cases {
            assert_eq!(&argument(raw), want);
        }
        assert_eq!(as_argument(&BytePath::root(), &Look::PLAIN), ".");
    }

    #[test]
    fn an_attribute_pattern_at_the_top_has_no_dot_before_it() {
        let pattern =
            |raw: &[u8]| as_pattern(&BytePath::parse(raw, Backslash::Literal).unwrap(), &Look::PLAIN);
        assert_eq!(as_pattern(&BytePath::root(), &Look::PLAIN), "*");
        assert_eq!(pattern(b"a/packet"), "a/packet/**");
        assert_eq!(pattern(b"two words"), "\"two words/**\"");
        assert_eq!(pattern(b"[x]"), "**");
    }

    proptest::proptest! {
        #[cfg(unix)]
        #[test]
        fn a_shell_reads_every_argument_as_the_name(raw in proptest::collection::vec(1u8..=255, 1..24)) {
            let Ok(path) = BytePath::parse(&raw, Backslash::Literal) else { return Ok(()) };
            let word = as_argument(&path, &Look::PLAIN);
            proptest::prop_assert!(word.is_ascii() && !word.contains(['`', '\n']));
            proptest::prop_assert!(!static_words(&word).contains("PASS"));
            proptest::prop_assert_eq!(unquoted(&word), raw, "{}", word);
        }
    }

    fn static_words(word: &str) -> String {
        word.split('"').step_by(2).collect()
    }

    /// What a shell makes of the three forms.
    fn unquoted(word: &str) -> Vec<u8> {
        let inner = word.strip_prefix("$'").and_then(|rest| rest.strip_suffix('\'')).unwrap_or(word);
        let inner = inner.trim_matches('"');
        let mut rest = inner.strip_prefix("./").unwrap_or(inner);
        let mut out = Vec::new();
        while let Some((before, after)) = rest.split_once("\\x") {
            out.extend(before.bytes());
            out.push(u8::from_str_radix(&after[..2], 16).unwrap());
            rest = &after[2..];
        }
        out.extend(rest.bytes());
        out
    }
}
