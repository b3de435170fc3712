//! Delimited fields under a header: commas, tabs or semicolons, with the
//! quoting of RFC 4180.
//!
//! Each line is one record: a quoted field that runs over lines would let one
//! stray quotation mark swallow every entry behind it, so it is refused.

use std::io::{self, Read};

use csv::{ByteRecord, Reader, ReaderBuilder};

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
            let mut splitter = Splitter::new(delimiter);
            let record = splitter.fields(line)?;
            Some(Self { delimiter, columns: Columns::of(record.iter().map(trim))? })
        })
    }

    /// Whether a line is a record with something like a digest in it.
    pub(super) fn is_row_with_digest(&self, line: &[u8]) -> bool {
        line.contains(&self.delimiter) && longest_hex_run(line) >= 32
    }
}

/// Splits lines into fields, one at a time, with one reader for all of them.
pub(super) struct Splitter {
    reader: Reader<Feed>,
    record: ByteRecord,
    delimiter: u8,
}

impl Splitter {
    /// For lines with that delimiter.
    pub(super) fn new(delimiter: u8) -> Self {
        Self { reader: reader(delimiter), record: ByteRecord::new(), delimiter }
    }

    /// The fields of one line; `None` when a quoted field does not end in it.
    pub(super) fn fields(&mut self, line: &[u8]) -> Option<&ByteRecord> {
        self.reader.get_mut().fill(line);
        let read = self.reader.read_byte_record(&mut self.record);
        if self.reader.get_ref().starved {
            self.reader = reader(self.delimiter);
            return None;
        }
        read.ok()?.then_some(&self.record)
    }
}

fn reader(delimiter: u8) -> Reader<Feed> {
    ReaderBuilder::new().delimiter(delimiter).has_headers(false).flexible(true).from_reader(Feed::default())
}

/// Hands a reader one line at a time, and notes when it asks for more.
#[derive(Default)]
struct Feed {
    line: Vec<u8>,
    at: usize,
    starved: bool,
}

impl Feed {
    fn fill(&mut self, line: &[u8]) {
        self.line.clear();
        self.line.extend_from_slice(line);
        self.line.push(b'\n');
        self.at = 0;
    }
}

impl Read for Feed {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut rest = self.line.get(self.at..).unwrap_or_default();
        self.starved |= rest.is_empty();
        let read = rest.read(buffer)?;
        self.at += read;
        Ok(read)
    }
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
        let mut splitter = Splitter::new(b',');
        let mut fields = |line: &str| {
            let record = splitter.fields(line.as_bytes())?;
            Some(record.iter().map(|f| String::from_utf8(f.to_vec()).unwrap()).collect::<Vec<_>>())
        };
        assert_eq!(fields("\"a,\"\"b\",ff").unwrap(), ["a,\"b", "ff"]);
        // A field that does not end takes nothing from the lines behind it.
        for open in ["\"a,ff", "a\"b,\"c", "\""] {
            assert_eq!(fields(open), None, "{open}");
            assert_eq!(fields("a,b").unwrap(), ["a", "b"]);
        }
        let long = "x".repeat(20_000);
        assert_eq!(fields(&format!("{long},{long}")).unwrap(), [long.clone(), long]);
    }
}
