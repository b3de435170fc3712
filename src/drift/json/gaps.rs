//! What stands between two tokens: punctuation and blanks.

/// A gap as a layout writes it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Gap {
    /// Blanks before the punctuation.
    pub(super) before: u8,
    /// A comma or a colon.
    pub(super) punctuation: Option<u8>,
    pub(super) newlines: u8,
    /// Blanks after the punctuation or the last newline.
    pub(super) blanks: usize,
}

/// What newlines and indentation are written with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Style {
    pub(super) crlf: bool,
    pub(super) tabs: bool,
}

impl Gap {
    /// How many bytes it takes.
    pub(super) fn len(&self, style: Style) -> usize {
        usize::from(self.before)
            + usize::from(self.punctuation.is_some())
            + usize::from(self.newlines) * if style.crlf { 2 } else { 1 }
            + self.blanks
    }

    /// Writes it.
    pub(super) fn write(&self, style: Style, out: &mut Vec<u8>) {
        let push = |out: &mut Vec<u8>, byte, times| out.resize(out.len() + times, byte);
        push(out, b' ', usize::from(self.before));
        out.extend(self.punctuation);
        for _ in 0..self.newlines {
            out.extend_from_slice(if style.crlf { b"\r\n" } else { b"\n" });
        }
        let fill = if style.tabs && self.newlines > 0 { b'\t' } else { b' ' };
        push(out, fill, self.blanks);
    }
}

/// Whether two texts are the same but for JSON's blanks, with at most one
/// comma or colon among them.
pub(super) fn same_gap(one: &[u8], other: &[u8]) -> bool {
    match (punctuation(one), punctuation(other)) {
        (Some(one), Some(other)) => one == other,
        _ => false,
    }
}

/// The punctuation in a gap; nothing when the text is no gap.
#[expect(clippy::option_option, reason = "no gap, and a gap without punctuation, are two things")]
fn punctuation(gap: &[u8]) -> Option<Option<u8>> {
    let mut found = None;
    for byte in gap {
        match byte {
            b' ' | b'\t' | b'\r' | b'\n' => {}
            b',' | b':' if found.is_none() => found = Some(*byte),
            _ => return None,
        }
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_are_the_same_when_their_punctuation_is() {
        assert!(same_gap(b",\n  ", b", "));
        assert!(same_gap(b"", b"\r\n\t"));
        assert!(same_gap(b" : ", b":"));
        assert!(!same_gap(b",", b":"));
        assert!(!same_gap(b",", b""));
        assert!(!same_gap(b",,", b","));
        assert!(!same_gap(b"1", b"1 "));
        assert!(!same_gap(b"\x0b", b""), "not one of JSON's blanks");
    }

    #[test]
    fn a_gap_is_as_long_as_it_is_written() {
        for (crlf, tabs) in [(false, false), (true, true)] {
            let style = Style { crlf, tabs };
            let gap = Gap { before: 1, punctuation: Some(b','), newlines: 2, blanks: 3 };
            let mut out = Vec::new();
            gap.write(style, &mut out);
            assert_eq!(out, if crlf { &b" ,\r\n\r\n\t\t\t"[..] } else { b" ,\n\n   " });
            assert_eq!(gap.len(style), out.len());
        }
    }
}
