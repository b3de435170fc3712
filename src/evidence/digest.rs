//! Digests and states as evidence writes them.

use crate::digest::Sha256;

/// How a text stands to the form of a SHA-256: 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// It is one.
    Digest(Sha256),
    /// It is one but for upper-case digits.
    OtherCase(Sha256),
    /// It is a part of one, for display only.
    Abbreviated,
    /// It is none.
    No,
}

pub(super) fn form(text: &str) -> Form {
    if let Some(digest) = Sha256::from_hex(text.as_bytes()) {
        let lower = !text.bytes().any(|byte| byte.is_ascii_uppercase());
        return if lower { Form::Digest(digest) } else { Form::OtherCase(digest) };
    }
    let shortened = ["\u{2026}", "..."].iter().chain(&[".."]).any(|mark| {
        text.split_once(mark).is_some_and(|(head, tail)| is_hex(head) && (is_hex(tail) || tail.is_empty()))
    });
    let prefix = (6..64).contains(&text.len()) && is_hex(text);
    if shortened || prefix { Form::Abbreviated } else { Form::No }
}

fn is_hex(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// A SHA-256 written with 64 lower-case hexadecimal digits.
pub fn hex64(text: &str) -> Option<Sha256> {
    match form(text) {
        Form::Digest(digest) => Some(digest),
        _ => None,
    }
}

/// The state of a surface before, during or after a rehearsal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// The digest of what was there.
    Digest(Sha256),
    /// `ABSENT`: the artifact did not exist.
    Absent,
    /// `N/A_NO_CLONE` and its like: there was nothing to look at. Proves nothing.
    NotAvailable,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_all_64_lower_case_digits_are_a_digest() {
        let hex = "e6547e6935cb01aae5feb405899c97107f1990ff3e2f7e6b9157828a90956c47";
        assert!(hex64(hex).is_some());
        assert!(matches!(form(&hex.to_uppercase()), Form::OtherCase(_)));
        for short in ["e6547e69\u{2026}956c47", "e6547e69..956c47", "e6547e69...", "e6547e69", &hex[..63]] {
            assert_eq!(form(short), Form::Abbreviated, "{short}");
        }
        let broken = format!("{} {}", &hex[..32], &hex[32..]);
        for no in [
            "",
            "ABSENT",
            "sha256",
            "tree7a93",
            "and so on...",
            "e6547e69..tree",
            "tree..956c47",
            &format!("{hex}0"),
            &format!(" {hex}"),
            &broken,
        ] {
            assert_eq!(form(no), Form::No, "{no}");
        }
    }
}
