//! Text encodings: strict decoding to UTF-8 and encoding from it.
//!
//! Both directions fail instead of replacing anything, so that every
//! successful pair of them is exact.

use std::borrow::Cow;

/// Text encodings that a file may have been sealed in or converted to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Encoding {
    /// UTF-8 without a byte-order mark.
    Utf8,
    /// UTF-16, little-endian; with a byte-order mark when `bom`.
    Utf16Le {
        /// Whether the file begins with FF FE.
        bom: bool,
    },
    /// UTF-16, big-endian; with a byte-order mark when `bom`.
    Utf16Be {
        /// Whether the file begins with FE FF.
        bom: bool,
    },
    /// windows-1252 as the WHATWG Encoding Standard defines it.
    Windows1252,
    /// ISO 8859-1: bytes are the first 256 code points.
    Latin1,
    /// IBM code page 437, the console of American DOS and Windows.
    Cp437,
    /// IBM code page 850, the console of Western European DOS and Windows.
    Cp850,
}

/// 0x80 to 0xFF of code page 437.
const CP437: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{a0}";
/// 0x80 to 0xFF of code page 850.
const CP850: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u{ad}±‗¾¶§÷¸°¨·¹³²■\u{a0}";

impl Encoding {
    /// Its usual name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Utf16Le { bom: true } => "UTF-16LE with a byte-order mark",
            Self::Utf16Le { bom: false } => "UTF-16LE",
            Self::Utf16Be { bom: true } => "UTF-16BE with a byte-order mark",
            Self::Utf16Be { bom: false } => "UTF-16BE",
            Self::Windows1252 => "windows-1252",
            Self::Latin1 => "ISO 8859-1",
            Self::Cp437 => "code page 437",
            Self::Cp850 => "code page 850",
        }
    }

    /// Whether ASCII bytes mean themselves in it.
    pub(super) fn is_ascii_superset(self) -> bool {
        !matches!(self, Self::Utf16Le { .. } | Self::Utf16Be { .. })
    }

    /// The same for a part of a text that is not its beginning.
    pub(super) fn without_mark(self) -> Self {
        match self {
            Self::Utf16Le { .. } => Self::Utf16Le { bom: false },
            Self::Utf16Be { .. } => Self::Utf16Be { bom: false },
            other => other,
        }
    }

    /// `bytes` in this encoding as UTF-8; `None` when they are not in it.
    pub(super) fn decode(self, bytes: &[u8]) -> Option<Cow<'_, [u8]>> {
        match self {
            Self::Utf8 => {
                std::str::from_utf8(bytes).ok()?;
                Some(Cow::Borrowed(bytes))
            }
            Self::Utf16Le { bom } => decode_utf16(bytes, bom.then_some([0xff, 0xfe]), u16::from_le_bytes),
            Self::Utf16Be { bom } => decode_utf16(bytes, bom.then_some([0xfe, 0xff]), u16::from_be_bytes),
            Self::Windows1252 => {
                let (text, _) = encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes);
                Some(Cow::Owned(text.into_owned().into_bytes()))
            }
            Self::Latin1 => {
                Some(Cow::Owned(bytes.iter().map(|&b| char::from(b)).collect::<String>().into_bytes()))
            }
            Self::Cp437 => Some(Cow::Owned(decode_page(bytes, CP437))),
            Self::Cp850 => Some(Cow::Owned(decode_page(bytes, CP850))),
        }
    }

    /// UTF-8 `text` in this encoding; `None` when a character is not in it.
    pub(crate) fn encode(self, text: &[u8]) -> Option<Vec<u8>> {
        let text = std::str::from_utf8(text).ok()?;
        let width = if self.is_ascii_superset() { 1 } else { 2 };
        let mut out = Vec::with_capacity(text.len().saturating_mul(width).saturating_add(2));
        match self {
            Self::Utf8 => out.extend_from_slice(text.as_bytes()),
            Self::Utf16Le { bom } => {
                if bom {
                    out.extend_from_slice(&[0xff, 0xfe]);
                }
                out.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
            }
            Self::Utf16Be { bom } => {
                if bom {
                    out.extend_from_slice(&[0xfe, 0xff]);
                }
                out.extend(text.encode_utf16().flat_map(u16::to_be_bytes));
            }
            Self::Windows1252 => {
                let (bytes, _, unmappable) = encoding_rs::WINDOWS_1252.encode(text);
                if unmappable {
                    return None;
                }
                out.extend_from_slice(&bytes);
            }
            Self::Latin1 => {
                for c in text.chars() {
                    out.push(u8::try_from(u32::from(c)).ok()?);
                }
            }
            Self::Cp437 => encode_page(text, CP437, &mut out)?,
            Self::Cp850 => encode_page(text, CP850, &mut out)?,
        }
        Some(out)
    }
}

fn decode_utf16(bytes: &[u8], bom: Option<[u8; 2]>, read: fn([u8; 2]) -> u16) -> Option<Cow<'_, [u8]>> {
    let body = match bom {
        Some(mark) => bytes.strip_prefix(&mark)?,
        None => bytes,
    };
    let (pairs, rest) = body.as_chunks::<2>();
    if !rest.is_empty() {
        return None;
    }
    let mut text = String::with_capacity(body.len());
    for c in char::decode_utf16(pairs.iter().copied().map(read)) {
        text.push(c.ok()?);
    }
    Some(Cow::Owned(text.into_bytes()))
}

fn decode_page(bytes: &[u8], upper: &str) -> Vec<u8> {
    let mut out = String::with_capacity(bytes.len());
    for &byte in bytes {
        match byte.checked_sub(0x80) {
            None => out.push(char::from(byte)),
            Some(index) => out.extend(upper.chars().nth(usize::from(index))),
        }
    }
    out.into_bytes()
}

fn encode_page(text: &str, upper: &str, out: &mut Vec<u8>) -> Option<()> {
    for c in text.chars() {
        let byte = if c.is_ascii() {
            u8::try_from(u32::from(c)).ok()?
        } else {
            u8::try_from(upper.chars().position(|other| other == c)? + 0x80).ok()?
        };
        out.push(byte);
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ALL: [Encoding; 9] = [
        Encoding::Utf8,
        Encoding::Utf16Le { bom: true },
        Encoding::Utf16Le { bom: false },
        Encoding::Utf16Be { bom: true },
        Encoding::Utf16Be { bom: false },
        Encoding::Windows1252,
        Encoding::Latin1,
        Encoding::Cp437,
        Encoding::Cp850,
    ];

    #[test]
    fn known_bytes() {
        assert_eq!(Encoding::Utf16Le { bom: true }.encode("é".as_bytes()).unwrap(), [0xff, 0xfe, 0xe9, 0]);
        assert_eq!(Encoding::Utf16Be { bom: false }.encode("é".as_bytes()).unwrap(), [0, 0xe9]);
        assert_eq!(Encoding::Windows1252.encode("—".as_bytes()).unwrap(), [0x97]);
        assert_eq!(Encoding::Cp437.encode("é█".as_bytes()).unwrap(), [0x82, 0xdb]);
        assert_eq!(Encoding::Cp850.encode("©ı".as_bytes()).unwrap(), [0xb8, 0xd5]);
        assert_eq!(Encoding::Latin1.encode("—".as_bytes()), None);
        assert_eq!(Encoding::Windows1252.encode("ж".as_bytes()), None);
    }

    #[test]
    fn broken_text_is_refused() {
        assert_eq!(Encoding::Utf8.decode(b"\xff"), None);
        assert_eq!(Encoding::Utf16Le { bom: false }.decode(b"a"), None);
        assert_eq!(Encoding::Utf16Le { bom: false }.decode(&[0, 0xd8]), None);
        assert_eq!(Encoding::Utf16Le { bom: true }.decode(b"ab"), None);
    }

    #[test]
    fn pages_have_every_byte_once() {
        for page in [CP437, CP850] {
            let set: std::collections::BTreeSet<char> = page.chars().collect();
            assert_eq!((page.chars().count(), set.len()), (128, 128));
        }
    }

    proptest! {
        #[test]
        fn decoding_gives_back_what_was_encoded(text in any::<String>()) {
            for encoding in ALL {
                if let Some(bytes) = encoding.encode(text.as_bytes()) {
                    let back = encoding.decode(&bytes).unwrap();
                    prop_assert_eq!(&*back, text.as_bytes(), "{:?}", encoding);
                }
            }
        }

        #[test]
        fn encoding_gives_back_what_was_decoded(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
            for encoding in ALL {
                if let Some(text) = encoding.decode(&bytes) {
                    prop_assert_eq!(encoding.encode(&text).unwrap(), bytes.clone(), "{:?}", encoding);
                }
            }
        }
    }
}
