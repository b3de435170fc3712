//! Where a finding is, for formats that point into files: one primary place,
//! and what it is related to.
//!
//! Lines and columns count characters from 1. What is not known is left out:
//! no end, no bytes, no text is ever guessed.

use bstr::ByteSlice;

use super::Report;
use super::human::file::{from_here, is_in, is_recovered_manifest};
use crate::code::Concerns;
use crate::drift::FirstDifference;
use crate::finding::{Finding, Location};
use crate::path::BytePath;
use crate::text::{escape, is_deceptive};

/// A file as the current folder names it, and perhaps a part of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) path: BytePath,
    pub(super) region: Option<Region>,
}

/// A part of one line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Region {
    pub(super) line: u64,
    pub(super) column: u64,
    /// One past the last column.
    pub(super) end_column: Option<u64>,
    /// Offset and length in bytes.
    pub(super) bytes: Option<(u64, Option<u64>)>,
    /// The characters of the part.
    pub(super) text: Option<String>,
}

/// The places of one report's findings.
pub(super) struct Places<'a> {
    report: &'a Report,
    /// Packets whose files were judged by a manifest whose bytes are not those there.
    recovered: Vec<bool>,
}

impl<'a> Places<'a> {
    pub(super) fn of(report: &'a Report) -> Self {
        let mut recovered = vec![false; report.packets.len()];
        for finding in &report.findings {
            if let Some(flag) = finding.packet.and_then(|at| recovered.get_mut(at)) {
                *flag |= is_recovered_manifest(report, finding);
            }
        }
        Self { report, recovered }
    }

    /// Whether a finding has no place at all.
    pub(super) fn of_none(finding: &Finding) -> bool {
        finding.path.is_none() && finding.located_in.is_none() && finding.packet.is_none()
    }

    /// Where a finding is first looked at: the file that is not as sealed, where it
    /// is there; the line that names it, where it is not; else the manifest.
    pub(super) fn primary(&self, finding: &Finding) -> Option<Place> {
        let path = finding.path.as_ref();
        match finding.location {
            Some(at) if is_in(finding) => {
                let path = finding.located_in.as_ref().or(path)?;
                Some(self.place(finding, path, Some(self.marked(finding, at))))
            }
            Some(at) if is_absent(finding) => {
                let manifest = finding.located_in.as_ref()?;
                Some(self.place(finding, manifest, Some(self.marked(finding, at))))
            }
            _ => {
                if let Some(path) = path.or(finding.located_in.as_ref()) {
                    return Some(self.place(finding, path, difference(finding)));
                }
                let packet = self.report.packets.get(finding.packet?)?;
                Some(Place { path: packet.manifest.clone(), region: None })
            }
        }
    }

    /// Other places concerned, each with what it is.
    pub(super) fn related(&self, finding: &Finding) -> Vec<(Place, &'static str)> {
        let mut all = Vec::new();
        if let (Some(at), Some(manifest), Some(path)) = (finding.location, &finding.located_in, &finding.path)
            && !is_in(finding)
        {
            all.push(if is_absent(finding) {
                (self.place(finding, path, None), "the sealed file, which is not there")
            } else {
                let region = self.marked(finding, at);
                (self.place(finding, manifest, Some(region)), "the line that seals it")
            });
        }
        let others = finding.others.iter().map(|path| self.place(finding, path, None));
        all.extend(others.map(|place| (place, "another file concerned")));
        all
    }

    fn place(&self, finding: &Finding, path: &BytePath, region: Option<Region>) -> Place {
        Place { path: from_here(self.report, finding, path), region }
    }

    /// A location with what the marked excerpt tells of its end.
    fn marked(&self, finding: &Finding, at: Location) -> Region {
        let text = finding.snippet.as_ref().and_then(|snippet| {
            let mark = snippet.text.get(snippet.mark.clone())?;
            // What was escaped or cut has other lengths than the file.
            (snippet.line == at.line && !mark.is_empty() && !mark.contains('\\')).then(|| mark.to_owned())
        });
        let length = at.end_byte.map(|end| end.saturating_sub(at.byte));
        let text = text.filter(|text| length.is_none_or(|length| length == text.len() as u64));
        // The sealed manifest's bytes are not at the offsets of those that are there.
        let exact = finding.packet.and_then(|at| self.recovered.get(at)) != Some(&true);
        Region {
            line: at.line,
            column: at.column,
            end_column: text.as_ref().map(|text| at.column + characters(text)),
            bytes: exact.then_some((at.byte, length)),
            text,
        }
    }
}

/// There is no file that a place could be in.
fn is_absent(finding: &Finding) -> bool {
    finding.code.row().concerns == Concerns::Missing
}

/// Lines as long as this may have been cut.
const CUT: usize = 2048;

/// The line from its first difference on; the whole of it where only its end differs.
fn difference(finding: &Finding) -> Option<Region> {
    let at = finding.first_difference?;
    let bare = Region { line: at.line, column: at.column, ..Region::default() };
    Some(in_line(finding, at).unwrap_or(bare))
}

fn in_line(finding: &Finding, at: FirstDifference) -> Option<Region> {
    let change = finding.changed_lines.first().filter(|change| change.line == at.line)?;
    let found = change.found.as_deref().filter(|line| line.len() < CUT)?;
    let line = found.to_str().ok()?.trim_end_matches(['\r', '\n']);
    let skipped = usize::try_from(at.column.checked_sub(1)?).ok()?;
    let (column, start) = match line.char_indices().nth(skipped) {
        Some((start, _)) => (at.column, start),
        None => (1, 0),
    };
    let text = line.get(start..)?;
    let sealed = change.sealed.as_deref().filter(|line| line.len() < CUT);
    // Where the first byte that differs is in the line; it may be inside a character.
    let within = sealed.map(|sealed| found.iter().zip(sealed).take_while(|(a, b)| a == b).count() as u64);
    let byte = within.and_then(|within| at.byte.checked_sub(within)).map(|line| line + start as u64);
    Some(Region {
        line: at.line,
        column,
        end_column: Some(column + characters(text)),
        bytes: byte.map(|byte| (byte, Some(text.len() as u64))),
        text: Some(text.to_owned()),
    })
}

fn characters(text: &str) -> u64 {
    text.chars().count() as u64
}

/// A path as text that names the file to other programs where it can: escaped only
/// when it is no text, or holds what could mislead.
pub(super) fn text(path: &BytePath) -> String {
    plain(path.as_bytes())
}

/// [`text`] of a name's bytes.
pub(super) fn plain(name: &[u8]) -> String {
    match name.to_str() {
        Ok("") => ".".to_owned(),
        Ok(text) if !text.chars().any(is_deceptive) => text.to_owned(),
        _ => escape(name),
    }
}
