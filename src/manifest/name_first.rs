//! Names before digests: `name: HEX`, `name=HEX`, `- name: HEX`, with optional
//! quotes, backticks and algorithm prefixes; and plain columns `name␠␠HEX`.

use super::bsd;
use super::fields::Field;
use super::lines::{is_blank, trim};
use super::shape::{Reading, trailing_digest, unquote};
use super::token::Rigour;

/// Reads `name: HEX` or `name=HEX`.
pub(super) fn read(line: &[u8], rigour: Rigour) -> Option<Reading<'_>> {
    let (token, before) = trailing_digest(line, rigour)?;
    let before = trim(before);
    let name = before.strip_suffix(b":").or_else(|| before.strip_suffix(b"="))?;
    let name = plain_name(name)?;
    // `sha256: HEX` is a field of something, and `SHA256 (a) = HEX` is tagged.
    if Field::of(name).is_some() || bsd::read(line, rigour).is_some() {
        return None;
    }
    Some(Reading { token, name, escaped: false, size: None, canonical: true })
}

/// Reads `name␠␠HEX`.
pub(super) fn read_columns(line: &[u8], rigour: Rigour) -> Option<Reading<'_>> {
    let (token, before) = trailing_digest(line, rigour)?;
    if !before.last().is_some_and(|&b| is_blank(b)) {
        return None;
    }
    let name = trim(before);
    if matches!(name.last(), Some(b':' | b'=' | b'|')) || Field::of(name).is_some() {
        return None;
    }
    let name = plain_name(name)?;
    Some(Reading { token, name, escaped: false, size: None, canonical: false })
}

/// The name without its bullet and quotes.
fn plain_name(name: &[u8]) -> Option<&[u8]> {
    let name = trim(name);
    let name = match name {
        [b'-' | b'*' | b'+', b' ' | b'\t', rest @ ..] => trim(rest),
        _ => name,
    };
    Some(unquote(name)).filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_with_every_decoration() {
        let hex = "0123456789abcdef".repeat(4);
        for (line, name) in [
            (format!("a.txt: {hex}"), "a.txt"),
            (format!("a.txt:{hex}"), "a.txt"),
            (format!("a.txt={hex}"), "a.txt"),
            (format!("a b = {hex}"), "a b"),
            (format!("- a.txt: sha256:{hex}"), "a.txt"),
            (format!("  \"a.txt\": \"{hex}\","), "a.txt"),
            (format!("* `a.txt` : `{hex}`"), "a.txt"),
            (format!("a=b: {hex}"), "a=b"),
            (format!("'a' = 'sha256:{hex}'"), "a"),
        ] {
            let reading = read(line.as_bytes(), Rigour::Evidence).unwrap_or_else(|| panic!("{line}"));
            assert_eq!(reading.name, name.as_bytes(), "{line}");
            assert_eq!(reading.token.digits, hex.as_bytes());
            assert_eq!(read_columns(line.as_bytes(), Rigour::Evidence), None, "{line}");
        }
        for line in [format!("sha256: {hex}"), format!("sha256:{hex}"), format!(": {hex}"), hex.clone()] {
            assert_eq!(read(line.as_bytes(), Rigour::Evidence), None, "{line}");
        }
    }

    #[test]
    fn columns() {
        let hex = "0123456789abcdef".repeat(4);
        for (line, name) in [(format!("a b.txt   {hex}"), "a b.txt"), (format!("`a`\tsha256:{hex}"), "a")] {
            let reading = read_columns(line.as_bytes(), Rigour::Evidence).unwrap();
            assert_eq!(reading.name, name.as_bytes());
            assert_eq!(read(line.as_bytes(), Rigour::Evidence), None);
        }
        assert_eq!(read_columns(format!("SHA256 {hex}").as_bytes(), Rigour::Evidence), None);
    }
}
