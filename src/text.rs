//! Packet data made safe to show: names and bytes quoted and escaped.
//!
//! Every name and every byte of a packet that reaches a terminal, an annotation
//! or a message goes through here. No control character, escape sequence,
//! bidirectional override or newline passes.

pub(crate) mod alike;
pub mod names;

use bstr::ByteVec;
use unicode_normalization::UnicodeNormalization;

/// `name` between double quotes, with everything that could mislead escaped:
/// `\n`, `\t`, `\"`, `\\`, `\u{202e}`, `\xff`. The result is one line of
/// printable text.
pub fn quote(name: &[u8]) -> String {
    format!("\"{}\"", escape(name))
}

/// The inside of [`quote`], without the quotation marks.
pub fn escape(bytes: &[u8]) -> String {
    let mut out = Vec::new();
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            match c {
                '"' | '\\' => out.push_str([b'\\', c as u8]),
                c if is_deceptive(c) => out.push_str(c.escape_default().to_string()),
                c => out.push_char(c),
            }
        }
        for byte in chunk.invalid() {
            out.push_str(format!("\\x{byte:02x}"));
        }
    }
    out.into_string_lossy()
}

/// Characters that a terminal or a reader could take for something else:
/// controls, bidirectional and invisible format characters, separators other
/// than the ASCII space, private use and noncharacters.
pub fn is_deceptive(c: char) -> bool {
    c.is_control()
        || (c.is_whitespace() && c != ' ')
        || matches!(u32::from(c),
            0xAD | 0x34F | 0x61C | 0x115F..=0x1160 | 0x17B4..=0x17B5 | 0x180B..=0x180F
            | 0x200B..=0x200F | 0x202A..=0x202E | 0x2060..=0x206F | 0x3164 | 0xE000..=0xF8FF
            | 0xFE00..=0xFE0F | 0xFEFF | 0xFFA0 | 0xFFF0..=0xFFFB | 0xFFFE..=0xFFFF
            | 0x1D173..=0x1D17A | 0xE0000..=0x0010_FFFF)
}

/// Whether a name could be read as a verdict or as a grant, and so must never
/// stand bare in our own words.
pub(crate) fn holds_a_verdict(name: &str) -> bool {
    let upper = name.nfkc().collect::<String>().to_uppercase();
    ["PASS", "_AUTHORIZED", "_GRANTED", "_SEALED"].iter().any(|word| upper.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_names_become_inert() {
        let cases: &[(&[u8], &str)] = &[
            (b"plain.txt", "\"plain.txt\""),
            ("d\u{e9}j\u{e0} vu".as_bytes(), "\"d\u{e9}j\u{e0} vu\""),
            (b"a\nb\r\tc", r#""a\nb\r\tc""#),
            (b"\x1b[31mred", r#""\u{1b}[31mred""#),
            ("x\u{202e}txt.exe".as_bytes(), r#""x\u{202e}txt.exe""#),
            (b"quote\"back\\", r#""quote\"back\\""#),
            (b"\xff\xfea", r#""\xff\xfea""#),
            ("nb\u{a0}sp".as_bytes(), r#""nb\u{a0}sp""#),
        ];
        for (raw, want) in cases {
            assert_eq!(&quote(raw), want);
        }
    }
}
