//! Extended headers: what they say of the entry that follows them.

use super::Member;
use super::header::{Header, until_nul};

/// What extended headers say of the next entry; later ones win.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Extended {
    path: Option<Vec<u8>>,
    link: Option<Vec<u8>>,
    size: Option<u64>,
    sparse: bool,
    /// The name under `path` is made up then.
    sparse_name: Option<Vec<u8>>,
    gnu_name: Option<Vec<u8>>,
    gnu_link: Option<Vec<u8>>,
}

impl Extended {
    /// Takes in a header of the pax kind; `None` when it is broken.
    pub(super) fn pax(&mut self, text: &[u8]) -> Option<()> {
        for record in records(text) {
            let (key, value) = record?;
            match key {
                b"path" => self.path = Some(value.to_vec()),
                b"linkpath" => self.link = Some(value.to_vec()),
                b"size" => self.size = Some(decimal(value)?),
                _ if key.starts_with(b"GNU.sparse.") => {
                    self.sparse = true;
                    if key == b"GNU.sparse.name" {
                        self.sparse_name = Some(value.to_vec());
                    }
                }
                _ => {}
            }
        }
        Some(())
    }

    /// Takes in a long name of the GNU kind.
    pub(super) fn long_name(&mut self, text: &[u8]) {
        self.gnu_name = Some(until_nul(text).to_vec());
    }

    /// Takes in a long link of the GNU kind.
    pub(super) fn long_link(&mut self, text: &[u8]) {
        self.gnu_link = Some(until_nul(text).to_vec());
    }

    /// Whether nothing was said.
    pub(super) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The entry with its own header and what was said before it.
    pub(super) fn apply(self, header: Header) -> Member {
        Member {
            name: self.sparse_name.or(self.path).or(self.gnu_name).unwrap_or(header.name),
            link: self.link.or(self.gnu_link).unwrap_or(header.link),
            size: self.size.unwrap_or(header.size),
            kind: header.kind,
            sparse: self.sparse,
            continued: header.continued,
        }
    }
}

/// Whether a header about every following entry is sound and says nothing of
/// their names, lengths and content.
pub(super) fn is_harmless(text: &[u8]) -> bool {
    let about =
        |key: &[u8]| matches!(key, b"path" | b"linkpath" | b"size") || key.starts_with(b"GNU.sparse.");
    records(text).all(|record| record.is_some_and(|(key, _)| !about(key)))
}

/// The records `LENGTH KEY=VALUE\n` of a pax header; a broken one ends them.
fn records(text: &[u8]) -> impl Iterator<Item = Option<(&[u8], &[u8])>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let one = record(&mut rest);
        if one.is_none() {
            rest = &[];
        }
        Some(one)
    })
}

fn record<'a>(rest: &mut &'a [u8]) -> Option<(&'a [u8], &'a [u8])> {
    let blank = memchr::memchr(b' ', rest)?;
    let length = usize::try_from(decimal(rest.get(..blank)?)?).ok()?;
    let (record, after) = rest.split_at_checked(length)?;
    *rest = after;
    let body = record.get(blank + 1..)?.strip_suffix(b"\n")?;
    let equals = memchr::memchr(b'=', body)?;
    Some((body.get(..equals)?, body.get(equals + 1..)?))
}

fn decimal(text: &[u8]) -> Option<u64> {
    if text.is_empty() || text.len() > 20 || !text.iter().all(u8::is_ascii_digit) {
        return None;
    }
    std::str::from_utf8(text).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_are_read_to_the_last_byte() {
        let read = |text: &[u8]| {
            let mut extended = Extended::default();
            extended.pax(text).map(|()| extended)
        };
        let said = read(b"12 path=a\nb\n13 size=1234\n20 SCHILY.xattr=a=b\n").unwrap();
        assert_eq!((said.path.as_deref(), said.size), (Some(&b"a\nb"[..]), Some(1234)));
        for broken in [
            &b"11 path=a"[..],
            b"8 path=a\n",
            b"11 path=a\n",
            b"x path=abc\n",
            b"6 abcd\n",
            b"7 abcd\n",
            b" path=a\n",
            b"999999999999999999999 path=a\n",
            b"13 size=-234\n",
            b"0 \n",
            b"1 \n",
        ] {
            assert_eq!(read(broken), None, "{:?}", String::from_utf8_lossy(broken));
        }
        assert!(is_harmless(b"20 comment=abcdefgh\n") && !is_harmless(b"9 path=a\n") && !is_harmless(b"x"));
    }
}
