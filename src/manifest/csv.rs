//! Delimited fields under a header: commas, tabs or semicolons, with the
//! quoting of RFC 4180.
//!
//! Each line is one record: a quoted field that runs over lines would let one
//! stray quotation mark swallow every entry behind it, so it is refused.

use csv::{ByteRecord, ReaderBuilder};

use super::lines::trim;
use super::table::Columns;
use super::token::longest_hex_run;

/// The header of a delimited file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Header {
    /// What separates fields.
    pub(super) delimiter: u8,
    /// Which field holds what.
    pub(super) columns: Columns,
}

impl Header {
    /// Reads a header line. `None` when it names no path or no digest.
    pub(super) fn read(line: &[u8]) -> Option<Self> {
        if longest_hex_run(line) >= 16 {
            return None;
        }
        [b',', b'\t', b';'].into_iter().find_map(|delimiter| {
            if !line.contains(&delimiter) {
                return None;
            }
            let record = record(line, delimiter)?;
            Some(Self { delimiter, columns: Columns::of(record.iter().map(trim))? })
        })
    }

    /// Whether a line is a record with something like a digest in it.
    pub(super) fn is_row_with_digest(&self, line: &[u8]) -> bool {
        line.contains(&self.delimiter) && longest_hex_run(line) >= 32
    }

    /// The fields of one line; `None` when its quotation marks do not pair.
    pub(super) fn fields(&self, line: &[u8]) -> Option<ByteRecord> {
        record(line, self.delimiter)
    }
}

fn record(line: &[u8], delimiter: u8) -> Option<ByteRecord> {
    if memchr::memchr_iter(b'"', line).count() % 2 == 1 {
        return None;
    }
    let mut reader = ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .buffer_capacity(line.len() + 1)
        .from_reader(line);
    let mut record = ByteRecord::new();
    let read = reader.read_byte_record(&mut record).ok()?;
    (read && reader.is_done() | (reader.position().byte() >= line.len() as u64)).then_some(record)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_in_every_delimiter() {
        for (line, delimiter) in
            [("path,sha256", b','), ("SHA256\tFile\tSize", b'\t'), ("\"name\";\"hash\"", b';')]
        {
            assert_eq!(Header::read(line.as_bytes()).unwrap().delimiter, delimiter, "{line}");
        }
        assert_eq!(Header::read(b"path;size,x"), None);
        assert_eq!(Header::read(b"path sha256"), None);
    }

    #[test]
    fn fields_keep_quoted_delimiters() {
        let header = Header::read(b"path,sha256").unwrap();
        let fields = header.fields(b"\"a,\"\"b\",ff").unwrap();
        assert_eq!(fields.iter().collect::<Vec<_>>(), [&b"a,\"b"[..], b"ff"]);
        assert_eq!(header.fields(b"\"a,ff"), None);
    }
}
