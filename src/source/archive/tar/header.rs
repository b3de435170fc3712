//! One header block of a tar.

/// Everything in a tar is in blocks of this length.
pub(super) const BLOCK: usize = 512;

/// What a header says.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) name: Vec<u8>,
    pub(super) link: Vec<u8>,
    pub(super) size: u64,
    pub(super) kind: u8,
    /// GNU, of a sparse file: further blocks of the header follow.
    pub(super) continued: bool,
}

impl Header {
    /// Reads a block; `None` when its checksum or a number in it is not sound.
    pub(super) fn parse(block: &[u8; BLOCK]) -> Option<Self> {
        let field = |at: usize, length: usize| block.get(at..at + length);
        let said = octal(field(148, 8)?)?;
        let sum: u64 = block.iter().map(|byte| u64::from(*byte)).sum();
        let own: u64 = field(148, 8)?.iter().map(|byte| u64::from(*byte)).sum();
        // Summed as if the checksum itself were blanks.
        if said != sum - own + 8 * u64::from(b' ') {
            return None;
        }
        let text = |at, length| Some(until_nul(field(at, length)?).to_vec());
        let kind = *block.get(156)?;
        let mut name = text(0, 100)?;
        // GNU's own magic is another, and it has other fields in place of the prefix.
        if field(257, 6)? == b"ustar\0" {
            let prefix = text(345, 155)?;
            if !prefix.is_empty() {
                name = [&prefix[..], b"/", &name].concat();
            }
        }
        Some(Self {
            name,
            link: text(157, 100)?,
            size: number(field(124, 12)?)?,
            kind,
            continued: kind == b'S' && *block.get(482)? != 0,
        })
    }
}

pub(super) fn until_nul(field: &[u8]) -> &[u8] {
    field.split(|byte| *byte == 0).next().unwrap_or_default()
}

/// Octal digits between blanks, ended by a blank or a NUL. An empty field is zero.
fn octal(field: &[u8]) -> Option<u64> {
    let digits = field.trim_ascii_start();
    let end = digits.iter().position(|byte| matches!(byte, 0 | b' ')).unwrap_or(digits.len());
    let (digits, rest) = digits.split_at_checked(end)?;
    if rest.iter().any(|byte| !matches!(byte, 0 | b' ')) {
        return None;
    }
    digits.iter().try_fold(0_u64, |value, digit| match digit {
        b'0'..=b'7' => value.checked_mul(8)?.checked_add(u64::from(digit - b'0')),
        _ => None,
    })
}

/// Octal, or with the highest bit set a binary number of the other bits, the
/// largest first. A negative one is none.
fn number(field: &[u8]) -> Option<u64> {
    match field.split_first()? {
        (0x80, rest) => {
            let (high, low) = rest.split_at_checked(rest.len().checked_sub(8)?)?;
            let fits = high.iter().all(|byte| *byte == 0);
            let value = u64::from_be_bytes(low.try_into().ok()?);
            (fits && i64::try_from(value).is_ok()).then_some(value)
        }
        _ => octal(field),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_octal_or_binary_and_never_negative() {
        assert_eq!(number(b"00000000017\0"), Some(15));
        assert_eq!(number(b"  17 \0\0\0\0\0\0\0"), Some(15));
        assert_eq!(number(b"777777777777"), Some(0o777_777_777_777));
        assert_eq!(number(&[0; 12]), Some(0));
        assert_eq!(number(b"\x80\0\0\0\0\0\0\x01\0\0\0\x02"), Some((1 << 32) + 2));
        for none in [&b"00000000018\0"[..], b"-0000000001\0", b"1\x002\0\0\0\0\0\0\0\0\0", &[0xff; 12]] {
            assert_eq!(number(none), None, "{none:?}");
        }
        assert_eq!(number(b"\x80\0\0\0\x80\0\0\0\0\0\0\0"), None);
    }
}
