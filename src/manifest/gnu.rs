//! The formats `sha256sum` (`HEX␠␠path`, `HEX␠*path`) and sized
//! (`HEX␠LENGTH␠path`), both with the GNU escape: a backslash at the start of
//! the line says that `\\`, `\n` and `\r` in the name stand for one character.

use std::borrow::Cow;

use super::lines::is_blank;
use super::shape::{Reading, leading_digest};
use super::token::Rigour;

/// Reads `HEX␠␠path` or `HEX␠*path`; with other blanks between, not canonical.
pub(super) fn read(line: &[u8], rigour: Rigour) -> Option<Reading<'_>> {
    let (escaped, body) = marker(line);
    let (token, rest) = leading_digest(body, rigour)?;
    let indented = body.first().is_some_and(|&b| is_blank(b));
    let (name, canonical) = match rest {
        [b' ', b' ' | b'*', name @ ..] => (name, !indented),
        _ => (after_blanks(rest), false),
    };
    (!name.is_empty()).then_some(Reading { token, name, escaped, size: None, canonical })
}

/// Reads `HEX␠LENGTH␠path`; canonical with single blanks and a name that does
/// not begin with one.
pub(super) fn read_sized(line: &[u8], rigour: Rigour) -> Option<Reading<'_>> {
    let (escaped, body) = marker(line);
    let (token, rest) = leading_digest(body, rigour)?;
    let indented = body.first().is_some_and(|&b| is_blank(b));
    let size_on = after_blanks(rest);
    let digits = size_on.iter().take_while(|b| b.is_ascii_digit()).count();
    let (size, tail) = size_on.split_at_checked(digits)?;
    if size.is_empty() || !tail.first().is_some_and(|&b| is_blank(b)) {
        return None;
    }
    let name = after_blanks(tail);
    let single =
        matches!(rest, [b' ', b'0'..=b'9', ..]) && matches!(tail, [b' ', after, ..] if !is_blank(*after));
    let canonical = single && !indented;
    (!name.is_empty()).then_some(Reading { token, name, escaped, size: Some(size), canonical })
}

fn marker(line: &[u8]) -> (bool, &[u8]) {
    match line {
        [b'\\', body @ ..] => (true, body),
        _ => (false, line),
    }
}

fn after_blanks(bytes: &[u8]) -> &[u8] {
    let start = bytes.iter().position(|&b| !is_blank(b)).unwrap_or(bytes.len());
    bytes.get(start..).unwrap_or_default()
}

/// Resolves the GNU escapes; `None` when one is none of the three.
pub(super) fn unescape(name: &[u8]) -> Option<Cow<'_, [u8]>> {
    if memchr::memchr(b'\\', name).is_none() {
        return Some(Cow::Borrowed(name));
    }
    let mut out = Vec::with_capacity(name.len());
    let mut bytes = name.iter();
    while let Some(&byte) = bytes.next() {
        out.push(match byte {
            b'\\' => match bytes.next()? {
                b'\\' => b'\\',
                b'n' => b'\n',
                b'r' => b'\r',
                _ => return None,
            },
            byte => byte,
        });
    }
    Some(Cow::Owned(out))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex() -> String {
        "0123456789abcdef".repeat(4)
    }

    fn parts(line: &str, sized: bool) -> Option<(String, Option<String>, bool, bool)> {
        let text = |b: &[u8]| String::from_utf8(b.to_vec()).unwrap();
        let read = if sized { read_sized } else { read };
        let reading = read(line.as_bytes(), Rigour::Evidence)?;
        Some((text(reading.name), reading.size.map(text), reading.escaped, reading.canonical))
    }

    #[test]
    fn sha256sum_lines() {
        let hex = hex();
        for (tail, name, canonical) in [
            ("  a b", "a b", true),
            (" *a", "a", true),
            ("   lead", " lead", true),
            (" **star", "*star", true),
            ("  2024 report.pdf", "2024 report.pdf", true),
            (" a", "a", false),
            ("\ta", "a", false),
            (" \t a", "a", false),
        ] {
            let want = Some((name.to_owned(), None, false, canonical));
            assert_eq!(parts(&format!("{hex}{tail}"), false), want, "{tail:?}");
        }
        assert!(parts(&format!("\\{hex}  a\\nb"), false).unwrap().2);
        assert!(!parts(&format!("  {hex}  a"), false).unwrap().3);
        assert_eq!(parts(&format!("{hex}  "), false), None);
        assert_eq!(parts(&hex, false), None);
    }

    #[test]
    fn sized_lines() {
        let hex = hex();
        for (tail, name, canonical) in [
            (" 12 a b", "a b", true),
            (" 12 12 12", "12 12", true),
            ("  12 a", "a", false),
            (" 12  a", "a", false),
        ] {
            let want = Some((name.to_owned(), Some("12".to_owned()), false, canonical));
            assert_eq!(parts(&format!("{hex}{tail}"), true), want, "{tail:?}");
        }
        for tail in [" 12", " 12 ", " a 12", " 12a b"] {
            assert_eq!(parts(&format!("{hex}{tail}"), true), None, "{tail:?}");
        }
    }

    #[test]
    fn only_three_escapes_exist() {
        assert_eq!(unescape(b"a\\\\b\\n\\r").unwrap().as_ref(), b"a\\b\n\r");
        assert_eq!(unescape(b"a\\t"), None);
        assert_eq!(unescape(b"a\\"), None);
    }
}
