//! The BSD format: `SHA256 (path) = HEX`, as `sha256sum --tag`, BSD `sha256` and
//! `openssl dgst` (`SHA2-256(path)= HEX`) write it.

use super::lines::{is_blank, trim, trim_end};
use super::shape::Reading;
use super::token::{Named, Rigour, Token};

/// Reads one tagged line.
pub(super) fn read(line: &[u8], rigour: Rigour) -> Option<Reading<'_>> {
    let (escaped, body) = match line {
        [b'\\', body @ ..] => (true, body),
        _ => (false, line),
    };
    let open = memchr::memchr(b'(', body)?;
    let (tag, rest) = body.split_at_checked(open)?;
    // Any other word before a bracket, a digest above all, is a part of something else.
    let named = tagged(tag)?;
    let rest = trim_end(rest.get(1..)?);
    let digest_at = rest.iter().rposition(|&b| is_blank(b) || b == b'=')? + 1;
    let (before, digits) = rest.split_at_checked(digest_at)?;
    let name = trim_end(trim_end(before).strip_suffix(b"=")?).strip_suffix(b")")?;
    let token = Token::read(digits, rigour)
        .or_else(|| (rigour == Rigour::InPlace).then_some(Token { digits, named: None }))?
        .or_named(Some(named));
    (!name.is_empty()).then_some(Reading { token, name, escaped, size: None, canonical: true })
}

/// Whether a line begins as a tagged one does: the name of an algorithm and `(`.
pub(super) fn is_begun(line: &[u8]) -> bool {
    let body = line.strip_prefix(b"\\").unwrap_or(line);
    memchr::memchr(b'(', body).and_then(|open| body.get(..open)).and_then(tagged).is_some()
}

fn tagged(tag: &[u8]) -> Option<Named> {
    let tag = trim(tag);
    if tag.iter().any(|&b| is_blank(b)) { None } else { Named::from_name(tag) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::digest::Algorithm;

    #[test]
    fn tags_of_every_tool() {
        let hex = "0123456789abcdef".repeat(4);
        for (line, name) in [
            (format!("SHA256 (a b) = {hex}"), "a b"),
            (format!("SHA2-256(a)= {hex}"), "a"),
            (format!("SHA256(a) = x) = {hex}"), "a) = x"),
            (format!("SHA256 ( a ) = {hex}"), " a "),
        ] {
            let reading = read(line.as_bytes(), Rigour::Evidence).unwrap();
            assert_eq!(reading.name, name.as_bytes(), "{line}");
            assert_eq!(reading.token.named, Some(Named::Known(Algorithm::Sha256)));
        }
        let other = format!("BLAKE3 (a) = {hex}");
        assert!(matches!(
            read(other.as_bytes(), Rigour::Evidence).unwrap().token.named,
            Some(Named::Other("BLAKE3"))
        ));
        for bad in [
            format!("SHA256 (a = {hex}"),
            format!("SHA256 () = {hex}"),
            format!("SHA256 (a) {hex}"),
            format!("FOO9 (a) = {hex}"),
            format!("{hex}  (a) = {hex}"),
        ] {
            assert_eq!(read(bad.as_bytes(), Rigour::Evidence), None, "{bad}");
        }
    }

    #[test]
    fn a_line_that_was_cut_is_begun() {
        for line in ["SHA256 (", "SHA256 (LICENSE) = 02", "SHA2-256(a", "\\MD5 (x"] {
            assert!(is_begun(line.as_bytes()), "{line}");
        }
        for line in ["SHA256", "Checksums (SHA256)", "SHA256 of all (files)", "(a)"] {
            assert!(!is_begun(line.as_bytes()), "{line}");
        }
    }
}
