//! Names of files as people see them: bare when harmless, quoted otherwise.

use bstr::ByteSlice;

use super::style::Look;
use crate::path::BytePath;
use crate::text::{holds_a_verdict, quote};

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

/// `path` as one word of a shell command, when it can be written as one plainly.
pub(crate) fn as_argument(path: &BytePath) -> Option<String> {
    if path.is_root() {
        return Some(".".to_owned());
    }
    let text = path.as_bytes().to_str().ok().filter(|text| text.is_ascii() && is_harmless(text))?;
    Some(if text.starts_with('-') { format!("./{text}") } else { text.to_owned() })
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
    fn an_argument_is_never_an_option_nor_an_expansion() {
        let argument = |raw: &[u8]| as_argument(&BytePath::parse(raw, Backslash::Literal).unwrap());
        assert_eq!(argument(b"-rf").as_deref(), Some("./-rf"));
        assert_eq!(argument(b"a/b.txt").as_deref(), Some("a/b.txt"));
        assert_eq!(argument(b"$(id)"), None);
        assert_eq!(argument(b"a b"), None);
        assert_eq!(as_argument(&BytePath::root()).as_deref(), Some("."));
    }
}
