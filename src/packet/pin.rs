//! The tree pin: the SHA-256 of the manifest's raw bytes, and nothing else.

use bstr::ByteSlice;

use crate::digest::Sha256;
use crate::path::BytePath;
use crate::source::Refusal;

/// A pin that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pin {
    /// Relative to the source's base.
    pub path: BytePath,
    /// The digest it gives, where one can be read out of it.
    pub digest: Option<Sha256>,
    /// How it departs from 64 lower-case hexadecimal digits with at most one
    /// final newline; empty when it does not. A few words each.
    pub departures: Vec<String>,
}

impl Pin {
    /// Reads a pin's bytes. Other spellings of the field are read, so that they
    /// can be compared, and each departure is named.
    pub fn parse(path: BytePath, bytes: &[u8]) -> Self {
        let mut departures = Vec::new();
        let mut text = std::borrow::Cow::Borrowed(bytes);
        if let Some(decoded) = decode_utf16(bytes) {
            departures.push("it is UTF-16 text".to_owned());
            text = std::borrow::Cow::Owned(decoded);
        }
        let mut rest: &[u8] = &text;
        if let Some(tail) = rest.strip_prefix(b"\xef\xbb\xbf") {
            departures.push("it begins with a byte-order mark".to_owned());
            rest = tail;
        }
        if rest.contains(&b'\r') {
            departures.push("it has CRLF line ends".to_owned());
        }
        let stripped = rest.trim_end_with(|c| c == '\n' || c == '\r');
        if rest.len() - stripped.len() > 1 && !rest.contains(&b'\r') {
            departures.push("it has more than one final newline".to_owned());
        }
        let line = stripped.trim();
        if line.len() != stripped.len() {
            departures.push("it has blanks around the digest".to_owned());
        }
        let (hex, tail) =
            line.split_at(line.iter().position(|b| !b.is_ascii_hexdigit()).unwrap_or(line.len()));
        let digest = Sha256::from_hex(hex);
        if digest.is_none() {
            departures.push(format!("it holds {} hexadecimal digits where 64 are due", hex.len()));
        } else if hex.iter().any(u8::is_ascii_uppercase) {
            departures.push("the digest is in upper case".to_owned());
        }
        // `HEX  HASH_MANIFEST.txt`, as a checksum tool prints it.
        if !tail.is_empty() {
            departures.push("more than the digest stands in it".to_owned());
        }
        let one_line = tail.iter().all(|&b| b != b'\n') && (tail.is_empty() || tail.starts_with(b" "));
        Self { path, digest: digest.filter(|_| one_line), departures }
    }

    /// A pin file that was there and could not be read.
    pub fn refused(path: BytePath, refusal: &Refusal) -> Self {
        Self { path, digest: None, departures: vec![refusal.to_string()] }
    }
}

/// UTF-16 with a byte-order mark, as some shells redirect text.
fn decode_utf16(bytes: &[u8]) -> Option<Vec<u8>> {
    let (encoding, _) = encoding_rs::Encoding::for_bom(bytes)?;
    if encoding == encoding_rs::UTF_8 {
        return None;
    }
    let (text, _, broken) = encoding.decode(bytes);
    (!broken).then(|| text.into_owned().into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEX: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    fn pin(bytes: &[u8]) -> (bool, usize) {
        let pin = Pin::parse(BytePath::root(), bytes);
        (pin.digest == Sha256::from_hex(HEX.as_bytes()), pin.departures.len())
    }

    #[test]
    fn exactly_64_digits_and_at_most_one_newline() {
        assert_eq!(pin(HEX.as_bytes()), (true, 0));
        assert_eq!(pin(format!("{HEX}\n").as_bytes()), (true, 0));
    }

    #[test]
    fn other_spellings_are_read_and_each_departure_is_named() {
        let utf16: Vec<u8> =
            std::iter::once(0xFEFF).chain(HEX.encode_utf16()).flat_map(u16::to_le_bytes).collect();
        let upper = HEX.to_uppercase();
        let cases: &[(&[u8], usize)] = &[
            (upper.as_bytes(), 1),
            (&format!("{HEX}\r\n").into_bytes(), 1),
            (&format!("\u{feff}{HEX}").into_bytes(), 1),
            (&format!("{HEX}  HASH_MANIFEST.txt\n").into_bytes(), 1),
            (&format!("{HEX}\n\n").into_bytes(), 1),
            (&format!(" {HEX}").into_bytes(), 1),
            (&utf16, 1),
            (&format!("\u{feff}{upper} *HASH_MANIFEST.txt\r\n").into_bytes(), 4),
        ];
        for (bytes, departures) in cases {
            assert_eq!(pin(bytes), (true, *departures), "{}", bytes.as_bstr());
        }
    }

    #[test]
    fn what_gives_no_single_digest_gives_none() {
        let two = format!("{HEX}\n{HEX}\n");
        let long = format!("{HEX}0");
        for bytes in [&b""[..], b"\n", &HEX.as_bytes()[..63], two.as_bytes(), long.as_bytes(), b"see README"]
        {
            let pin = Pin::parse(BytePath::root(), bytes);
            assert_eq!(pin.digest, None, "{}", bytes.as_bstr());
            assert!(!pin.departures.is_empty());
        }
    }
}
