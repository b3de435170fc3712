//! Tables: rows of `Get-FileHash`, its list form, and Markdown tables.

use super::fields::Field;
use super::lines::{is_blank, split_token, trim};
use super::shape::{Reading, leading_digest, unquote};
use super::token::{Named, Rigour, Token};

/// Reads `ALGORITHM HEX path`.
pub(super) fn read_hash_row(line: &[u8], rigour: Rigour) -> Option<Reading<'_>> {
    let (algorithm, rest) = split_token(trim(line));
    let named = Named::from_name(algorithm)?;
    let (token, rest) = leading_digest(rest, rigour)?;
    let name = trim(rest);
    let token = token.or_named(Some(named));
    (!name.is_empty()).then_some(Reading { token, name, escaped: false, size: None, canonical: true })
}

/// Whether a table cut the name off to fit its column.
pub(super) fn is_cut(name: &[u8]) -> bool {
    name.ends_with(b"...") || name.ends_with("\u{2026}".as_bytes())
}

/// A line of the list form: `Hash      : HEX`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Labelled<'l> {
    /// What the label says.
    pub(super) field: Field,
    /// The value without blanks and quotes.
    pub(super) value: &'l [u8],
}

/// Reads `label : value` or `label=value` when the label is a known field.
pub(super) fn labelled(line: &[u8]) -> Option<Labelled<'_>> {
    let colon = memchr::memchr2(b':', b'=', line)?;
    let (label, value) = line.split_at_checked(colon)?;
    let field = Field::of(trim(label))?;
    Some(Labelled { field, value: unquote(trim(value.get(1..)?)) })
}

/// Whether a line of the list form holds a digest.
pub(super) fn is_labelled_digest(line: &[u8]) -> bool {
    labelled(line).is_some_and(|line| {
        matches!(line.field, Field::Digest(_)) && Token::read(line.value, Rigour::Evidence).is_some()
    })
}

/// Whether a line of the list form names a file.
pub(super) fn is_labelled_path(line: &[u8]) -> bool {
    labelled(line).is_some_and(|line| matches!(line.field, Field::Path(_)))
}

/// The cells of a Markdown row, trimmed; none when the line is no row.
pub(super) fn cells(line: &[u8]) -> impl Iterator<Item = &[u8]> {
    let line = trim(line);
    let row = line.strip_prefix(b"|").map(|row| row.strip_suffix(b"|").unwrap_or(row));
    let mut rest = row;
    std::iter::from_fn(move || {
        let row = rest?;
        let bar = row
            .iter()
            .enumerate()
            .position(|(at, &b)| b == b'|' && at.checked_sub(1).and_then(|i| row.get(i)) != Some(&b'\\'));
        let cell = row.get(..bar.unwrap_or(row.len()))?;
        rest = bar.and_then(|bar| row.get(bar + 1..));
        Some(trim(cell))
    })
}

/// A cell's value without backticks and emphasis.
pub(super) fn plain_cell(cell: &[u8]) -> &[u8] {
    let cell = cell.strip_prefix(b"**").and_then(|c| c.strip_suffix(b"**")).unwrap_or(cell);
    unquote(trim(cell))
}

/// Whether a Markdown row holds a digest.
pub(super) fn is_row_with_digest(line: &[u8]) -> bool {
    cells(line).any(|cell| Token::read(plain_cell(cell), Rigour::Evidence).is_some())
}

/// How many columns of digests a table may have.
const MOST_DIGESTS: usize = 8;

/// Which column holds what.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Columns {
    /// The name's column.
    pub(super) path: usize,
    /// The columns of digests, and what their headings say.
    pub(super) digests: Vec<(usize, Option<Named>)>,
    /// The length's column.
    pub(super) size: Option<usize>,
    /// The column that names the algorithm.
    pub(super) algorithm: Option<usize>,
    /// How many columns there are.
    pub(super) count: usize,
}

impl Columns {
    /// Reads a header. `None` when it names no path or no digest.
    pub(super) fn of<'c>(headings: impl Iterator<Item = &'c [u8]>) -> Option<Self> {
        let mut columns = Self::default();
        let mut best = None;
        for (at, heading) in headings.enumerate() {
            columns.count += 1;
            match Field::of(plain_cell(heading)) {
                Some(Field::Path(rank)) if best.is_none_or(|best| rank < best) => {
                    best = Some(rank);
                    columns.path = at;
                }
                Some(Field::Digest(named)) => columns.digests.push((at, named)),
                Some(Field::Size) if columns.size.is_none() => columns.size = Some(at),
                Some(Field::Algorithm) => columns.algorithm = Some(at),
                _ => {}
            }
        }
        // More would let one name be stored once for each of thousands of columns.
        (best.is_some() && (1..=MOST_DIGESTS).contains(&columns.digests.len())).then_some(columns)
    }

    /// Without a header: of two columns, the one that is no digest is the name.
    pub(super) fn guess<'c>(cells: impl Iterator<Item = &'c [u8]>) -> Option<Self> {
        let digests: Vec<bool> =
            cells.map(|cell| Token::read(plain_cell(cell), Rigour::Evidence).is_some()).collect();
        let (path, digest) = match digests.as_slice() {
            [false, true] => (0, 1),
            [true, false] => (1, 0),
            _ => return None,
        };
        Some(Self { path, digests: vec![(digest, None)], size: None, algorithm: None, count: 2 })
    }
}

/// Whether a line is wrapped from the one before it: it begins deep inside.
pub(super) fn is_continuation(line: &[u8]) -> bool {
    line.iter().take_while(|&&b| is_blank(b)).count() >= 8 && !trim(line).is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hash_rows() {
        let hex = "0123456789ABCDEF".repeat(4);
        let row = format!("SHA256          {hex}       C:\\a b\\c.txt   ");
        let reading = read_hash_row(row.as_bytes(), Rigour::Evidence).unwrap();
        assert_eq!(reading.name, b"C:\\a b\\c.txt");
        assert_eq!(read_hash_row(format!("path {hex} x").as_bytes(), Rigour::Evidence), None);
        assert!(is_cut(b"C:\\a...") && !is_cut(b"a.txt"));
    }

    #[test]
    fn markdown_cells() {
        let row: Vec<_> = cells(b"| `a\\|b` |  | c |").collect();
        assert_eq!(row, [&b"`a\\|b`"[..], b"", b"c"]);
        assert_eq!(cells(b"a | b").count(), 0);
        assert_eq!(plain_cell(b"**`x`**"), b"x");
    }

    #[test]
    fn headers_name_columns() {
        let columns = Columns::of([&b"Size"[..], b"File", b"Path", b"SHA-256", b"MD5"].into_iter()).unwrap();
        assert_eq!((columns.path, columns.size, columns.digests.len(), columns.count), (2, Some(0), 2, 5));
        assert_eq!(Columns::of([&b"a"[..], b"sha256"].into_iter()), None);
    }

    #[test]
    fn labelled_lines() {
        let line = labelled(b"Path      : C:\\a = b").unwrap();
        assert_eq!(line, Labelled { field: Field::Path(0), value: b"C:\\a = b" });
        assert_eq!(labelled(b"Other : x"), None);
        assert!(is_labelled_digest(format!("Hash : {}", "A".repeat(64)).as_bytes()));
    }
}
