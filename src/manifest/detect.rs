//! Which shape the lines of a text manifest have: decided once per file, from
//! all of its lines.
//!
//! A canonical reading (exactly what the format's tool writes) that fits every
//! entry line wins. Otherwise the shape that explains most lines; two shapes
//! that explain equally many are an error, unless one is the more specific.

use super::lines::Lines;
use super::shape::{Shape, read};
use super::table::{Columns, is_labelled_digest, is_labelled_path, is_row_with_digest};
use super::token::{Rigour, longest_hex_run};
use super::{Format, NotAManifest, csv};

/// What the lines of a file say about their shape.
#[derive(Debug)]
pub(super) struct Evidence {
    /// Lines that at least one shape explains.
    explained: u64,
    /// Lines of the list form that name a file; without one there are no records.
    named: u64,
    counts: [Count; Shape::ALL.len()],
    /// The header of delimited fields, when the first line is one.
    pub(super) csv: Option<csv::Header>,
    /// Lines that are neither blank nor comments.
    pub(super) content: u64,
    /// The longest run of hexadecimal digits in a line that no shape explains.
    pub(super) longest_run: usize,
}

/// The lines that one shape explains.
#[derive(Clone, Copy, Debug, Default)]
struct Count {
    loose: u64,
    canonical: u64,
    first: u32,
    last: u32,
}

/// The shape decided on, and the lines between which only entries may stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Decision {
    pub(super) shape: Shape,
    /// The number of the first line that the shape explains.
    pub(super) first: u32,
    /// The number of the last one.
    pub(super) last: u32,
    /// How many there are.
    pub(super) lines: u64,
}

impl Evidence {
    /// Looks at every line. `forced` is the format that will be decided on, when it is known.
    pub(super) fn gather(text: &[u8], forced: Option<Format>) -> Self {
        let may_be_usual = forced.is_none_or(|format| format == Format::Sha256sum);
        if may_be_usual && let Some(evidence) = Self::all_canonical(text) {
            return evidence;
        }
        let mut evidence = Self {
            explained: 0,
            named: 0,
            counts: Default::default(),
            csv: None,
            content: 0,
            longest_run: 0,
        };
        for line in Lines::content(text) {
            evidence.content += 1;
            if evidence.content == 1 {
                evidence.csv = csv::Header::read(line.bytes);
                if evidence.csv.is_some() {
                    continue;
                }
            }
            evidence.weigh(line.number, line.bytes);
        }
        evidence
    }

    /// The usual manifest, recognised with one look at each line: `None` as soon
    /// as a line is no canonical one of `sha256sum`.
    fn all_canonical(text: &[u8]) -> Option<Self> {
        let mut count = Count::default();
        for line in Lines::content(text) {
            read(Shape::Sha256sum, line.bytes, Rigour::Evidence).filter(|reading| reading.canonical)?;
            count.first = if count.loose == 0 { line.number } else { count.first };
            count.last = line.number;
            count.loose += 1;
        }
        count.canonical = count.loose;
        let mut counts: [Count; Shape::ALL.len()] = Default::default();
        *counts.get_mut(Shape::Sha256sum as usize)? = count;
        let content = count.loose;
        (content > 0).then_some(Self {
            explained: content,
            named: 0,
            counts,
            csv: None,
            content,
            longest_run: 0,
        })
    }

    fn weigh(&mut self, number: u32, line: &[u8]) {
        let mut explained = false;
        let mut add = |counts: &mut [Count; Shape::ALL.len()], shape: Shape, canonical: bool| {
            explained = true;
            if let Some(count) = counts.get_mut(shape as usize) {
                if count.loose == 0 {
                    count.first = number;
                }
                count.last = number;
                count.loose += 1;
                count.canonical += u64::from(canonical);
            }
        };
        self.named += u64::from(is_labelled_path(line));
        let run = longest_hex_run(line);
        if run >= 8 {
            for shape in [
                Shape::Sha256sum,
                Shape::Sized,
                Shape::Bsd,
                Shape::HashTable,
                Shape::NameFirst,
                Shape::NameColumns,
            ] {
                if let Some(reading) = read(shape, line, Rigour::Evidence) {
                    add(&mut self.counts, shape, reading.canonical);
                }
            }
            if line.contains(&b'|') && is_row_with_digest(line) {
                add(&mut self.counts, Shape::Markdown, true);
            }
            if is_labelled_digest(line) {
                add(&mut self.counts, Shape::HashList, true);
            }
            if self.csv.as_ref().is_some_and(|header| header.is_row_with_digest(line)) {
                add(&mut self.counts, Shape::Csv, true);
            }
        }
        if explained {
            self.explained += 1;
        } else {
            self.longest_run = self.longest_run.max(run);
        }
    }

    /// The file is a header of delimited fields and nothing else.
    pub(super) fn only_header(&self) -> bool {
        self.csv.is_some() && self.content == 1
    }

    /// Decides among the shapes of `format`, or among all of them.
    pub(super) fn decide(&self, format: Option<Format>) -> Result<Option<Decision>, NotAManifest> {
        let candidates = || {
            let wanted = move |shape: &Shape| format.is_none_or(|format| shape.format() == format);
            Shape::ALL.into_iter().filter(wanted).filter_map(|shape| {
                let count = self.counts.get(shape as usize).copied()?;
                let whole = shape != Shape::HashList || self.named > 0;
                (count.loose > 0 && whole).then_some((shape, count))
            })
        };
        // What `sha256sum` itself writes is read as it reads it, whatever the names in it look like.
        let usual = candidates().find(|(shape, _)| *shape == Shape::Sha256sum && self.csv.is_none());
        if let Some((shape, count)) =
            usual.into_iter().chain(candidates()).find(|(_, count)| count.canonical == self.explained)
        {
            return Ok(Some(Decision::new(shape, count)));
        }
        let Some(most) = candidates().map(|(_, count)| count.loose).max() else { return Ok(None) };
        let mut best = candidates().filter(|(_, count)| count.loose == most);
        let Some((shape, count)) = best.next() else { return Ok(None) };
        match best.next() {
            Some((other, _)) if !shape.is_specific() && other.format() != shape.format() => {
                Err(NotAManifest::Ambiguous(shape.format(), other.format()))
            }
            _ => Ok(Some(Decision::new(shape, count))),
        }
    }
}

impl Decision {
    fn new(shape: Shape, count: Count) -> Self {
        Self { shape, first: count.first, last: count.last, lines: count.loose }
    }
}

/// The columns of the first Markdown row that names them.
pub(super) fn markdown_columns(text: &[u8]) -> Option<Columns> {
    Lines::content(text)
        .filter(|line| line.bytes.contains(&b'|'))
        .find_map(|line| Columns::of(super::table::cells(line.bytes)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decide(lines: &[&str]) -> Result<Option<Shape>, NotAManifest> {
        let hex = "0123456789abcdef".repeat(4);
        let text: String = lines.iter().map(|line| line.replace("HEX", &hex) + "\n").collect();
        Evidence::gather(text.as_bytes(), None).decide(None).map(|decision| decision.map(|d| d.shape))
    }

    #[test]
    fn canonical_readings_win() {
        assert_eq!(decide(&["HEX  2024 a.pdf", "HEX *2025 b.pdf"]), Ok(Some(Shape::Sha256sum)));
        assert_eq!(decide(&["HEX 2024 a.pdf", "HEX 12 b"]), Ok(Some(Shape::Sized)));
        assert_eq!(decide(&["HEX  HEX", "HEX  a: HEX"]), Ok(Some(Shape::Sha256sum)));
        assert_eq!(decide(&["SHA256 (a) = HEX"]), Ok(Some(Shape::Bsd)));
    }

    #[test]
    fn sized_only_when_every_entry_line_is() {
        assert_eq!(decide(&["HEX 2024 a.pdf", "HEX b.pdf"]), Ok(Some(Shape::Sha256sum)));
        assert_eq!(decide(&["HEX 12 a", "garbage", "HEX 13 b"]), Ok(Some(Shape::Sized)));
    }

    #[test]
    fn equal_explanations_are_an_error() {
        let ambiguous = Err(NotAManifest::Ambiguous(Format::Sha256sum, Format::Sized));
        assert_eq!(decide(&["HEX\t2024\treport.pdf", "HEX\t2025\treport.pdf"]), ambiguous);
        assert_eq!(decide(&["HEX  2024 a", "HEX 2024 b"]), ambiguous);
        assert_eq!(decide(&["HEX\tHEX"]), Err(NotAManifest::Ambiguous(Format::Sha256sum, Format::Table)));
    }

    #[test]
    fn most_lines_decide_in_a_broken_file() {
        assert_eq!(decide(&["HEX  a", "HEX  b", "c: HEX"]), Ok(Some(Shape::Sha256sum)));
        assert_eq!(decide(&["c: HEX", "d: HEX", "HEX  b"]), Ok(Some(Shape::NameFirst)));
        assert_eq!(decide(&["no digest here"]), Ok(None));
    }

    #[test]
    fn tables() {
        assert_eq!(decide(&["Algorithm Hash Path", "SHA256 HEX a"]), Ok(Some(Shape::HashTable)));
        assert_eq!(decide(&["Algorithm : SHA256", "Hash : HEX", "Path : a"]), Ok(Some(Shape::HashList)));
        assert_eq!(decide(&["| File | SHA-256 |", "|--|--|", "| a | HEX |"]), Ok(Some(Shape::Markdown)));
        assert_eq!(decide(&["path,sha256", "a,HEX"]), Ok(Some(Shape::Csv)));
        assert_eq!(decide(&["a.txt   HEX", "b   HEX"]), Ok(Some(Shape::NameColumns)));
        assert_eq!(decide(&["sha256\tpath", "HEX\ta"]), Ok(Some(Shape::Csv)));
    }
}
