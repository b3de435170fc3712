//! What in a file's bytes a tool could change: line ends, blanks, marks. Read
//! once, in pieces, so that a risk is told only where bytes would change.

use std::io::Read;

/// What a file's bytes have that tools change.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own, and any of them may hold")]
pub(super) struct Content {
    /// A line feed without a carriage return before it.
    pub(super) lone_lf: bool,
    /// A carriage return and a line feed.
    pub(super) crlf: bool,
    /// A carriage return without a line feed after it.
    pub(super) lone_cr: bool,
    /// It begins with a byte-order mark of UTF-8.
    pub(super) mark: bool,
    /// A blank or a tab before a line end, or at the very end.
    pub(super) blanks: bool,
    /// Bytes that are no UTF-8.
    pub(super) not_utf8: bool,
    /// A `$Id` somewhere.
    pub(super) ident: bool,
    /// A `$Format:` somewhere.
    pub(super) format: bool,
    /// How many line ends it ends in, two at most; none for an empty file.
    pub(super) final_newlines: u8,
    /// No byte at all.
    pub(super) empty: bool,
    /// git takes it for binary where it is left to guess.
    pub(super) binary: bool,
    /// A NUL: every tool takes it for binary.
    pub(super) nul: bool,
}

impl Content {
    /// What is assumed of a file that is not there or too long to be read:
    /// a text in which everything could be changed but what is rare.
    pub(super) const UNKNOWN: Self = Self {
        lone_lf: true,
        crlf: false,
        lone_cr: false,
        mark: false,
        blanks: true,
        not_utf8: false,
        ident: true,
        format: true,
        final_newlines: 0,
        empty: false,
        binary: false,
        nul: false,
    };

    /// Reads to the end.
    pub(super) fn of(mut from: impl Read) -> std::io::Result<Self> {
        let mut content = Self { empty: true, ..Self::default() };
        let mut reader = Reader::default();
        let mut piece = vec![0; 1 << 16];
        loop {
            match from.read(&mut piece)? {
                0 => break,
                read => {
                    let piece = piece.get(..read).unwrap_or_default();
                    content.ident |= memchr::memmem::find(piece, b"$Id").is_some();
                    content.format |= memchr::memmem::find(piece, b"$Format:").is_some();
                    reader.take(piece, &mut content);
                }
            }
        }
        reader.finish(&mut content);
        Ok(content)
    }
}

/// What has to be remembered from one piece to the next.
#[derive(Default)]
struct Reader {
    last: Option<u8>,
    before: Option<u8>,
    length: u64,
    printable: u64,
    other: u64,
    newlines: u8,
    /// Bytes of a UTF-8 sequence that the last piece cut.
    cut: Vec<u8>,
}

impl Reader {
    fn take(&mut self, piece: &[u8], content: &mut Content) {
        content.empty &= piece.is_empty();
        if self.length == 0 {
            content.mark = piece.starts_with(b"\xef\xbb\xbf");
        }
        self.length += piece.len() as u64;
        for &byte in piece {
            self.byte(byte, content);
        }
        if !content.not_utf8 {
            self.utf8(piece, content);
        }
    }

    fn byte(&mut self, byte: u8, content: &mut Content) {
        match byte {
            b'\n' => {
                let crlf = self.last == Some(b'\r');
                content.crlf |= crlf;
                content.lone_lf |= !crlf;
                let before = if crlf { self.before } else { self.last };
                content.blanks |= matches!(before, Some(b' ' | b'\t'));
                self.newlines = self.newlines.saturating_add(1).min(2);
            }
            b'\r' => {}
            _ => self.newlines = 0,
        }
        content.lone_cr |= self.last == Some(b'\r') && byte != b'\n';
        match byte {
            b'\n' | b'\r' => {}
            0 => {
                content.nul = true;
                self.other += 1;
            }
            0x08 | 0x09 | 0x0c | 0x1b => self.printable += 1,
            0x01..=0x1f | 0x7f => self.other += 1,
            _ => self.printable += 1,
        }
        self.before = self.last;
        self.last = Some(byte);
    }

    fn utf8(&mut self, piece: &[u8], content: &mut Content) {
        let joined;
        let piece = if self.cut.is_empty() {
            piece
        } else {
            joined = [self.cut.as_slice(), piece].concat();
            &joined
        };
        let rest = match std::str::from_utf8(piece) {
            Ok(_) => Vec::new(),
            Err(bad) if bad.error_len().is_none() => {
                piece.get(bad.valid_up_to()..).unwrap_or_default().to_vec()
            }
            Err(_) => {
                content.not_utf8 = true;
                Vec::new()
            }
        };
        self.cut = rest;
    }

    fn finish(self, content: &mut Content) {
        content.lone_cr |= self.last == Some(b'\r');
        content.blanks |= matches!(self.last, Some(b' ' | b'\t'));
        content.not_utf8 |= !self.cut.is_empty();
        content.final_newlines = self.newlines;
        // A control character that ends a text on DOS does not count.
        let other = self.other - u64::from(self.last == Some(0x1a));
        content.binary = content.nul || content.lone_cr || (self.printable >> 7) < other;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(bytes: &[u8]) -> Content {
        Content::of(bytes).unwrap()
    }

    #[test]
    fn everything_that_tools_change_is_seen() {
        let text = of(b"a\nb\r\n");
        assert!(text.lone_lf && text.crlf && !text.lone_cr && !text.binary && !text.blanks);
        assert_eq!(
            (text.final_newlines, of(b"a").final_newlines, of(b"a\n\r\n\n").final_newlines),
            (1, 0, 2)
        );
        assert!(of(b"a \n").blanks && of(b"a\t\r\n").blanks && of(b"a ").blanks && !of(b" a\n").blanks);
        assert!(of(b"\xef\xbb\xbfa").mark && !of(b"a\xef\xbb\xbf").mark);
        assert!(of(b"a\rb").lone_cr && of(b"a\r").lone_cr && of(b"a\rb").binary);
        assert!(of(b"a\0b\n").nul && of(b"\x01\x02\n").binary && !of("\u{e9}\n".as_bytes()).binary);
        assert!(of(b"\xff").not_utf8 && of(b"a\xc3").not_utf8 && !of("\u{20ac}".as_bytes()).not_utf8);
        assert!(of(b"").empty && of(b"x $Id$").ident);
    }

    proptest::proptest! {
        #[test]
        fn pieces_make_no_difference(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..200), cut in 1usize..20) {
            struct Cut<'a>(&'a [u8], usize);
            impl Read for Cut<'_> {
                fn read(&mut self, to: &mut [u8]) -> std::io::Result<usize> {
                    let n = self.1.min(to.len());
                    self.0.take(n as u64).read(to).inspect(|read| self.0 = &self.0[*read..])
                }
            }
            let mut whole = of(&bytes);
            let mut cut = Content::of(Cut(&bytes, cut)).unwrap();
            // Marks are looked for piece by piece; real pieces are large.
            (whole.ident, whole.format) = (false, false);
            (cut.ident, cut.format) = (false, false);
            proptest::prop_assert_eq!(whole, cut);
            proptest::prop_assert_eq!(whole.not_utf8, std::str::from_utf8(&bytes).is_err());
        }
    }
}
