//! The frame of a clear-signed message (RFC 9580, section 7): which lines are
//! the frame, which are the signed text, and which are the signature.
//!
//! Only lines that cannot be entries belong to the frame. Anything else between
//! its marks is text, and is read or reported like any other line.

use super::lines::{Line, trim, trim_end};
use super::sink::Sink;
use super::text::malformed;
use super::token::{Named, longest_hex_run};
use crate::code::Code;

/// What a line is in a clear-signed message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// Text, inside a message or outside of one.
    Text,
    /// Signed text behind the dash escape `- `.
    Escaped,
    /// The mark that begins the message.
    Begin,
    /// A header, or a line of the signature, or its end.
    Frame,
    /// The mark that begins the signature.
    Signature,
    /// The mark that ends the signature, and the message with it.
    End,
}

impl Part {
    /// Whether the line belongs to the frame.
    pub(super) fn is_frame(self) -> bool {
        !matches!(self, Self::Text | Self::Escaped)
    }
}

/// How far a message was read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Armor {
    /// Before or behind a message.
    #[default]
    Outside,
    /// In its headers.
    Headers,
    /// In the signed text.
    Body,
    /// In the signature.
    Signature,
}

impl Armor {
    /// Reads the next line.
    pub(super) fn part(&mut self, line: &[u8]) -> Part {
        match self {
            Self::Outside => {
                self.enter(line, b"-----BEGIN PGP SIGNED MESSAGE-----", Self::Headers, Part::Begin)
            }
            Self::Headers => {
                if is_hash_header(line) {
                    return Part::Frame;
                }
                *self = Self::Body;
                if trim(line).is_empty() { Part::Frame } else { self.part(line) }
            }
            Self::Body => match line {
                [b'-', b' ', ..] => Part::Escaped,
                _ => self.enter(line, b"-----BEGIN PGP SIGNATURE-----", Self::Signature, Part::Signature),
            },
            Self::Signature if is_signature(line) => Part::Frame,
            Self::Signature => self.enter(line, b"-----END PGP SIGNATURE-----", Self::Outside, Part::End),
        }
    }

    fn enter(&mut self, line: &[u8], mark: &[u8], next: Self, part: Part) -> Part {
        if !line.starts_with(b"-----") || trim_end(line) != mark {
            return Part::Text;
        }
        *self = next;
        part
    }
}

/// `Hash: SHA256, SHA512`: algorithms and nothing else, least of all a digest.
fn is_hash_header(line: &[u8]) -> bool {
    let Some(names) = line.strip_prefix(b"Hash: ") else { return false };
    names.split(|&b| b == b',').all(|name| Named::from_name(trim(name)).is_some())
}

/// A line of a signature: a header that holds no digest, Base64, or its checksum.
fn is_signature(line: &[u8]) -> bool {
    let line = trim_end(line);
    if line.is_empty() {
        return true;
    }
    for header in [&b"Version: "[..], b"Comment: ", b"Hash: ", b"Charset: ", b"MessageID: "] {
        if let Some(value) = line.strip_prefix(header) {
            return longest_hex_run(value) < 16;
        }
    }
    let digits = line.strip_prefix(b"=").unwrap_or(line);
    let padding = digits.iter().rev().take_while(|&&b| b == b'=').count();
    let data = digits.split_at(digits.len() - padding).0;
    let base64 = data.iter().all(|&b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/'));
    base64 && !data.is_empty() && padding <= 2 && line.len() <= 76
}

/// The message that is open while a manifest is read.
#[derive(Default)]
pub(super) struct Message<'t> {
    open: Option<Line<'t>>,
}

impl<'t> Message<'t> {
    /// Takes a line of the frame in; false when the line is text.
    pub(super) fn line(&mut self, line: &Line<'t>, sink: &mut Sink<'_>) -> bool {
        match line.part {
            Part::Text | Part::Escaped => return false,
            Part::Begin => self.open = Some(*line),
            Part::End => self.open = None,
            Part::Frame => {}
            Part::Signature => sink.problem(
                Code::SignatureNotChecked,
                line.range(),
                || "the list is signed with OpenPGP, and the signature is not checked here".to_owned(),
                || "check it with `gpg --verify MANIFEST`".to_owned(),
            ),
        }
        if !trim(line.bytes).is_empty() {
            sink.decoration(line.range());
        }
        true
    }

    /// Reports a message that does not end: what is missing may have held entries.
    pub(super) fn end(&self, sink: &mut Sink<'_>) {
        if let Some(line) = &self.open {
            sink.at_line(line);
            malformed(
                line,
                "the signed message that begins there has no end, so that the list may be cut",
                sink,
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(lines: &[&str]) -> Vec<Part> {
        let mut armor = Armor::default();
        lines.iter().map(|line| armor.part(line.as_bytes())).collect()
    }

    #[test]
    fn a_message_has_a_frame_around_its_text() {
        let lines = [
            "text",
            "-----BEGIN PGP SIGNED MESSAGE-----",
            "Hash: SHA256, SHA512",
            "",
            "text",
            "- -dashes",
            "-----BEGIN PGP SIGNATURE-----",
            "Version: 1",
            "",
            "iQEzBAEBCAAdFiEE+/==",
            "=aBcD",
            "-----END PGP SIGNATURE-----",
            "- text",
        ];
        let (text, frame) = (Part::Text, Part::Frame);
        let want = [
            text,
            Part::Begin,
            frame,
            frame,
            text,
            Part::Escaped,
            Part::Signature,
            frame,
            frame,
            frame,
            frame,
            Part::End,
            text,
        ];
        assert_eq!(parts(&lines), want);
    }

    #[test]
    fn nothing_in_the_frame_can_be_an_entry() {
        let hex = "0123456789abcdef".repeat(4);
        let begin = "-----BEGIN PGP SIGNED MESSAGE-----";
        assert_eq!(parts(&[begin, &format!("Hash: {hex}")]).last(), Some(&Part::Text));
        assert_eq!(parts(&[begin, &format!("{hex}  a")]).last(), Some(&Part::Text));
        for line in [
            format!("{hex}  a"),
            format!("a={hex}"),
            format!("Comment: {hex}"),
            format!("SHA256 (a) = {hex}"),
        ] {
            let lines = [begin, "", "-----BEGIN PGP SIGNATURE-----", &line];
            assert_eq!(parts(&lines).last(), Some(&Part::Text), "{line}");
        }
    }
}
