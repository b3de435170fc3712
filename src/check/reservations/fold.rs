//! The text of a registry's document, however it is written: what an identifier looks
//! like to a reader is what is compared.

use encoding_rs::{Encoding, UTF_16BE, UTF_16LE};
use unicode_normalization::UnicodeNormalization;
use unicode_security::confusable_detection::skeleton;

/// The text with its escapes undone, in capitals, with plain hyphens and letters.
pub(super) fn text(bytes: &[u8]) -> String {
    word(&unescaped(&decoded(bytes)))
}

/// A word folded in the same way.
pub(super) fn word(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let mut buffer = [0; 4];
    for c in text.chars() {
        if c.is_ascii() {
            folded.push(c.to_ascii_uppercase());
            continue;
        }
        for plain in c.encode_utf8(&mut buffer).nfkc() {
            match plain {
                plain if plain.is_ascii() => folded.push(plain.to_ascii_uppercase()),
                // An em dash parts clauses; the others are hyphens to a reader.
                '\u{2010}'..='\u{2013}' | '\u{2212}' | '\u{2043}' => folded.push('-'),
                '\u{2014}' | '\u{2015}' => folded.push(plain),
                plain => {
                    // Leaves out what is invisible by default.
                    let mut buffer = [0; 4];
                    folded.extend(skeleton(plain.encode_utf8(&mut buffer)).flat_map(char::to_uppercase));
                }
            }
        }
    }
    folded
}

/// UTF-16 by its mark or by its zero bytes, else UTF-8.
fn decoded(bytes: &[u8]) -> String {
    const HEAD: usize = 64;
    let head = bytes.get(..HEAD.min(bytes.len())).unwrap_or_default();
    let zero_at = |odd: usize| head.iter().skip(odd).step_by(2).any(|byte| *byte == 0);
    let encoding = match Encoding::for_bom(bytes) {
        Some((encoding, _)) => encoding,
        None if zero_at(1) => UTF_16LE,
        None if zero_at(0) => UTF_16BE,
        None => encoding_rs::UTF_8,
    };
    encoding.decode(bytes).0.into_owned()
}

/// `\u2011` and its like undone, as in JSON; a pair of surrogates is no identifier's.
fn unescaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((head, tail)) = rest.split_once('\\') {
        plain.push_str(head);
        let code = tail.strip_prefix('u').and_then(|tail| u32::from_str_radix(tail.get(..4)?, 16).ok());
        if let Some(c) = code.and_then(char::from_u32) {
            plain.push(c);
            rest = tail.get(5..).unwrap_or_default();
        } else {
            // The end of a line, a quotation mark: what they part are two words.
            plain.push(' ');
            rest = tail.strip_prefix(['n', 'r', 't', 'b', 'f']).unwrap_or(tail);
        }
    }
    plain.push_str(rest);
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identifier_is_read_however_it_is_written() {
        let utf16: Vec<u8> = "TKT-OBJ-501\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let bare: Vec<u8> = "TKT-OBJ-501\n".encode_utf16().flat_map(u16::to_be_bytes).collect();
        let marked: Vec<u8> = "\u{feff}TKT-OBJ-501\n".encode_utf16().flat_map(u16::to_be_bytes).collect();
        for bytes in [
            b"TKT-OBJ-501".as_slice(),
            b"tkt-obj-501",
            "TKT\u{2011}OBJ\u{2013}501".as_bytes(),
            "\u{feff}T\u{200b}KT-OBJ-501".as_bytes(),
            "\u{422}KT-OBJ-\u{ff15}01".as_bytes(),
            "TKT-OBJ-\u{ff15}\u{ff10}\u{ff11}".as_bytes(),
            br"\u0054KT\u002dOBJ-5\u00301",
            &utf16,
            &bare,
            &marked,
        ] {
            let read = text(bytes);
            assert_eq!(read.trim_matches(['\n', '\u{feff}']), "TKT-OBJ-501", "{bytes:?}");
        }
        assert_eq!(text(br#"a \u00zz b\u 1\n2\"3"#), "A  U00ZZ B U 1 2 \"3");
        assert_eq!(text("A\u{2014}B".as_bytes()), "A\u{2014}B");
    }
}
