//! String literals of JSON text, found without a grammar: what stands between
//! quotation marks, escapes as they are spelled. Safe on broken, deep and huge
//! texts; works on bytes and keeps every offset.

use bstr::ByteSlice;

/// One character inside a string literal, as spelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Unit<'t> {
    pub(super) at: usize,
    pub(super) spelled: &'t [u8],
    /// The character; `None` for a lone surrogate or a broken escape.
    pub(super) value: Option<char>,
}

/// Every character of every string literal.
pub(super) fn units(text: &[u8]) -> impl Iterator<Item = Unit<'_>> {
    let mut pos = 0;
    let mut inside = false;
    std::iter::from_fn(move || {
        loop {
            if !inside {
                pos += memchr::memchr(b'"', text.get(pos..)?)? + 1;
                inside = true;
            }
            let unit = unit(text, pos)?;
            pos += unit.spelled.len();
            if unit.spelled == b"\"" {
                inside = false;
            } else {
                return Some(unit);
            }
        }
    })
}

/// The character at an offset inside a literal.
fn unit(text: &[u8], at: usize) -> Option<Unit<'_>> {
    let rest = text.get(at..)?;
    let (len, value) = match rest {
        [] => return None,
        [b'\\', b'u', ..] => match (hex(rest.get(2..6)), rest.get(6..8), hex(rest.get(8..12))) {
            (Some(high @ 0xd800..=0xdbff), Some(b"\\u"), Some(low @ 0xdc00..=0xdfff)) => {
                (12, char::from_u32(0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00)))
            }
            (Some(code), _, _) => (6, char::from_u32(code)),
            (None, _, _) => (2, None),
        },
        [b'\\', escaped, ..] => {
            let value = match escaped {
                b'n' => '\n',
                b'r' => '\r',
                b't' => '\t',
                b'b' => '\u{8}',
                b'f' => '\u{c}',
                b'"' | b'\\' | b'/' => char::from(*escaped),
                // Not JSON; the backslash stands alone.
                _ => return Some(Unit { at, spelled: rest.get(..1)?, value: None }),
            };
            (2, Some(value))
        }
        [b'\\'] => (1, None),
        [byte, ..] if byte.is_ascii() => (1, Some(char::from(*byte))),
        _ => {
            let (c, len) = bstr::decode_utf8(rest);
            (len, c)
        }
    };
    Some(Unit { at, spelled: rest.get(..len)?, value })
}

fn hex(digits: Option<&[u8]>) -> Option<u32> {
    digits?.iter().try_fold(0, |code, digit| Some(code << 4 | char::from(*digit).to_digit(16)?))
}

/// Whether a text may be JSON: by its first character that is no blank.
pub(super) fn looks_like_json(text: &[u8]) -> bool {
    let body = text.strip_prefix(super::edges::BOM).unwrap_or(text).trim_ascii();
    matches!(
        (body.first(), body.last()),
        (Some(b'{'), Some(b'}')) | (Some(b'['), Some(b']')) | (Some(b'"'), Some(b'"'))
    ) || body
        .lines()
        .next()
        .is_some_and(|line| line.starts_with(b"{") && line.trim_ascii_end().ends_with(b"}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spelled(text: &str) -> Vec<(String, Option<char>)> {
        units(text.as_bytes()).map(|u| (String::from_utf8_lossy(u.spelled).into_owned(), u.value)).collect()
    }

    #[test]
    fn escapes_are_read_as_spelled() {
        let all = spelled(r#"{"a\"": "\u2014\uD83D\uDE00\/\n\ud800x\q—"} outside"#);
        let values: Vec<_> = all.iter().map(|(_, value)| *value).collect();
        assert_eq!(
            values,
            [
                Some('a'),
                Some('"'),
                Some('\u{2014}'),
                Some('\u{1f600}'),
                Some('/'),
                Some('\n'),
                None,
                Some('x'),
                None,
                Some('q'),
                Some('\u{2014}')
            ]
        );
        assert_eq!(all.get(3).unwrap().0, r"\uD83D\uDE00");
    }

    #[test]
    fn broken_text_ends_somewhere() {
        for text in ["\"", "\"\\", "\"\\u", "\"\\u12", "\"a\\ud800\\u", "{\"a", "[[[[\"\u{7f}"] {
            let total: usize = units(text.as_bytes()).map(|u| u.spelled.len()).sum();
            assert!(total <= text.len(), "{text}");
        }
        assert_eq!(units(b"\"\xff\xfe\"").count(), 2);
        assert_eq!(units("[".repeat(10_000).as_bytes()).count(), 0);
    }
}
