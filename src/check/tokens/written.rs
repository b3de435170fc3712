//! What a reader sees of a text that is written with escapes, entities or markup:
//! JSON's `\u0050`, HTML's `&#80;` and `<b>`, `%5F` of an address, a terminal's
//! colors. Each character keeps the place where it is written, and what is not seen
//! at all, such as a comment, is kept too.

use std::ops::Range;

/// One character that is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Seen {
    pub(super) c: char,
    /// The bytes of the text that it is written with.
    pub(super) start: usize,
    pub(super) end: usize,
}

/// The longest way to write one character, or to mark up a text, that is read.
const LONGEST: usize = 160;

/// The characters of a text as they are seen, and where it has what is not seen.
pub(super) fn seen(text: &str) -> (Vec<Seen>, Vec<Range<usize>>) {
    let mut seen = Vec::with_capacity(text.len());
    let mut unseen = Vec::new();
    let mut at = 0;
    while let Some(c) = text.get(at..).and_then(|rest| rest.chars().next()) {
        let rest = text.get(at..).unwrap_or_default();
        match written(c, rest) {
            Some((Shown::Char(c), length)) => {
                // An escaped escape: what starts a terminal's sequence is seen in no other way.
                let after = rest.get(length..).unwrap_or_default();
                let more = if c == '\u{1b}' { color(after) } else { 0 };
                if c == '\u{1b}' {
                    unseen.push(at..at + length + more);
                } else {
                    seen.push(Seen { c, start: at, end: at + length });
                }
                at += length + more;
            }
            Some((Shown::Nothing, length)) => {
                unseen.push(at..at + length);
                at += length;
            }
            None => {
                seen.push(Seen { c, start: at, end: at + c.len_utf8() });
                at += c.len_utf8();
            }
        }
    }
    (seen, unseen)
}

/// The characters of a text as they are written.
pub(super) fn raw(text: &str) -> Vec<Seen> {
    text.char_indices().map(|(at, c)| Seen { c, start: at, end: at + c.len_utf8() }).collect()
}

/// What is seen of something that is written in another way.
enum Shown {
    Char(char),
    Nothing,
}

/// What begins here in another way than as itself, and how many bytes it takes.
fn written(c: char, rest: &str) -> Option<(Shown, usize)> {
    if !matches!(c, '\\' | '&' | '%' | '<' | '\u{1b}') {
        return None;
    }
    let end = rest.char_indices().nth(LONGEST).map_or(rest.len(), |(end, _)| end);
    let head = rest.get(..end).unwrap_or_default();
    match c {
        '\\' => escape(head).map(|(c, length)| (Shown::Char(c), length)),
        '&' => entity(head).map(|(c, length)| (Shown::Char(c), length)),
        '%' => {
            let code =
                u8::from_str_radix(head.get(1..3)?, 16).ok().filter(|code| (0x20..0x7f).contains(code))?;
            Some((Shown::Char(char::from(code)), 3))
        }
        '<' => tag(head),
        '\u{1b}' => Some((Shown::Nothing, 1 + color(head.get(1..).unwrap_or_default()))),
        _ => None,
    }
}

fn hexadecimal(digits: &str) -> Option<char> {
    let all = !digits.is_empty() && digits.len() <= 8 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    all.then(|| u32::from_str_radix(digits, 16).ok()).flatten().and_then(char::from_u32)
}

/// `\u0050`, `\u{50}`, `\U00000050`, `\x50`, `\n`, `\t`, `\r`.
fn escape(head: &str) -> Option<(char, usize)> {
    let kind = head.chars().nth(1)?;
    match kind {
        'u' if head.get(2..3) == Some("{") => {
            let end = head.find('}')?;
            Some((hexadecimal(head.get(3..end)?)?, end + 1))
        }
        'u' => Some((hexadecimal(head.get(2..6)?)?, 6)),
        'U' => Some((hexadecimal(head.get(2..10)?)?, 10)),
        'x' => Some((hexadecimal(head.get(2..4)?)?, 4)),
        'n' | 'r' => Some(('\n', 2)),
        't' => Some(('\t', 2)),
        _ => None,
    }
}

/// `&#80;`, `&#x50;`, and the names of what may stand in a word.
fn entity(head: &str) -> Option<(char, usize)> {
    const NAMES: [(&str, char); 10] = [
        ("lowbar", '_'),
        ("UnderBar", '_'),
        ("hyphen", '-'),
        ("dash", '-'),
        ("ndash", '-'),
        ("mdash", '-'),
        ("nbsp", ' '),
        ("shy", '\u{ad}'),
        ("zwj", '\u{200d}'),
        ("zwnj", '\u{200c}'),
    ];
    let end = head.bytes().take(16).position(|byte| byte == b';')?;
    let name = head.get(1..end)?;
    let c = match name.strip_prefix('#') {
        Some(number) => match number.strip_prefix(['x', 'X']) {
            Some(digits) => hexadecimal(digits)?,
            None => char::from_u32(number.parse().ok()?)?,
        },
        None => NAMES.iter().find(|(known, _)| *known == name).map(|(_, c)| *c)?,
    };
    Some((c, end + 1))
}

/// A tag within a line, which is not seen, or a comment. Another tag separates what
/// it stands between.
fn tag(head: &str) -> Option<(Shown, usize)> {
    const WITHIN: [&str; 31] = [
        "a", "abbr", "b", "bdi", "bdo", "big", "code", "del", "dfn", "em", "font", "i", "ins", "kbd",
        "label", "mark", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "tt", "tspan",
        "u", "var", "wbr", "o",
    ];
    if head.starts_with("<!--") {
        return head.find("-->").map(|end| (Shown::Nothing, end + 3));
    }
    let end = head.find('>')?;
    let inner = head.get(1..end)?;
    let name = inner.trim_start_matches('/');
    let name =
        name.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default().to_ascii_lowercase();
    WITHIN.contains(&name.as_str()).then_some((Shown::Nothing, end + 1))
}

/// How many bytes of a terminal's sequence follow its first character.
fn color(rest: &str) -> usize {
    let Some(body) = rest.strip_prefix('[') else { return 0 };
    let end = body.bytes().take(32).position(|byte| (0x40..0x7f).contains(&byte));
    end.map_or(0, |end| end + 2)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> String {
        seen(text).0.iter().map(|one| one.c).collect()
    }

    #[test]
    fn up_to_eight_hexadecimal_digits_are_a_character() {
        assert_eq!(super::hexadecimal("50"), Some('P'));
        assert_eq!(super::hexadecimal("00000050"), Some('P'));
        for none in ["", "000000050", "5g", "d800"] {
            assert_eq!(super::hexadecimal(none), None, "{none}");
        }
    }

    #[test]
    fn what_is_written_otherwise_is_seen_as_it_is_meant() {
        for (text, due) in [
            (r"\u0050ASS", "PASS"),
            (r"\u{50}ASS \U00000050 \x50", "PASS P P"),
            (r"a\nb\tc", "a\nb\tc"),
            ("&#80;A&#x53;S&lowbar;", "PASS_"),
            ("%50A%5f%0a", "PA_%0a"),
            ("P<b>A</b><!-- x -->S<span class=\"y\">S</span>", "PASS"),
            ("P\u{1b}[1;31mA\u{1b}[0mS", "PAS"),
            (r"P\u001b[1mA", "PA"),
            (r"\u00", r"\u00"),
            ("& &x; &#; < a <br> <td> 5 % \u{1b}", "& &x; &#; < a <br> <td> 5 % "),
            ("\\\u{e9} %\u{e9} &\u{e9};", "\\\u{e9} %\u{e9} &\u{e9};"),
        ] {
            assert_eq!(read(text), due, "{text:?}");
        }
    }

    #[test]
    fn what_is_not_seen_is_kept() {
        for (text, due) in [
            ("a<!-- x -->b", &["<!-- x -->"][..]),
            ("<b title=\"x\">ok</b>", &["<b title=\"x\">", "</b>"]),
            ("\u{1b}[Px", &["\u{1b}[P"]),
            (r"\u001b[Px", &[r"\u001b[P"]),
            ("a &#80; < b", &[]),
        ] {
            let unseen: Vec<&str> = seen(text).1.into_iter().map(|range| &text[range]).collect();
            assert_eq!(unseen, due, "{text:?}");
        }
        let written: Vec<_> = raw("<\u{e9}").iter().map(|one| (one.c, one.start, one.end)).collect();
        assert_eq!(written, [('<', 0, 1), ('\u{e9}', 1, 3)]);
    }

    proptest! {
        #[test]
        fn places_are_those_of_the_text(text in "[\\\\&<%;#ux>/0-9a-f\u{e9}\u{1b}\\[{}]{0,40}") {
            let mut last = 0;
            for one in seen(&text).0 {
                prop_assert!(one.start >= last && one.end > one.start);
                prop_assert!(text.get(one.start..one.end).is_some());
                last = one.end;
            }
        }
    }
}
