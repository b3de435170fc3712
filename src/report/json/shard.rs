//! What the report of a shard holds beside every other report: which part of which
//! set it is, what joining needs and people do not, and a digest over all of it.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use super::{Document, inert, text};
use crate::digest::{Algorithm, Hasher};
use crate::finding::Snippet;
use crate::report::{EntryState, PacketReport, Report, Shard};
use crate::source::Layer;

/// Stands where the digest goes while it is computed.
pub(super) const OPEN: &str = "0000000000000000000000000000000000000000000000000000000000000000";

#[derive(Serialize)]
pub(super) struct ShardOut<'a> {
    number: u32,
    of: u32,
    whole: String,
    seals: u64,
    packets: Vec<PacketOut<'a>>,
    findings: Vec<FindingOut<'a>>,
    digest: String,
}

/// What joining needs to know of a packet.
#[derive(Serialize)]
struct PacketOut<'a> {
    position: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    archive: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    archive_bytes: Option<String>,
    /// A letter per entry: intact, referenced, damaged, named twice.
    states: String,
    names: Vec<std::borrow::Cow<'a, str>>,
    /// Those that are no UTF-8, by their index, in base64.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    names_bytes: BTreeMap<usize, String>,
}

/// What joining needs to know of a finding: its help before names are filled in,
/// and the excerpt of the line it is about.
#[derive(Serialize)]
struct FindingOut<'a> {
    help: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    snippet: Option<SnippetOut<'a>>,
}

#[derive(Serialize)]
struct SnippetOut<'a> {
    name: &'a str,
    line: u64,
    text: &'a str,
    mark: [usize; 2],
    label: &'a str,
}

impl<'a> ShardOut<'a> {
    pub(super) fn of(shard: &Shard, report: &'a Report) -> Self {
        let packets = report.packets.iter().zip(&shard.positions);
        Self {
            number: shard.number,
            of: shard.of,
            whole: shard.whole.to_string(),
            seals: shard.seals,
            packets: packets.map(|(packet, &position)| PacketOut::of(packet, position)).collect(),
            findings: report
                .findings
                .iter()
                .map(|finding| FindingOut {
                    help: &finding.help,
                    snippet: finding.snippet.as_ref().map(SnippetOut::of),
                })
                .collect(),
            digest: OPEN.to_owned(),
        }
    }

    /// Puts the digest in.
    pub(super) fn close(&mut self, digest: String) {
        self.digest = digest;
    }
}

impl<'a> PacketOut<'a> {
    fn of(packet: &'a PacketReport, position: u64) -> Self {
        let archive = match &packet.layer {
            Layer::Archive { name, .. } => Some(text(name)),
            _ => None,
        };
        let (archive, archive_bytes) = archive.unzip();
        let mut names_bytes = BTreeMap::new();
        let mut names = Vec::with_capacity(packet.entries.len());
        for (at, (name, _)) in packet.entries.iter().enumerate() {
            names.push(String::from_utf8_lossy(name));
            names_bytes.extend(text(name).1.map(|bytes| (at, bytes)));
        }
        Self {
            position,
            archive,
            archive_bytes: archive_bytes.flatten(),
            states: packet.entries.iter().map(|(_, state)| EntryState::letter(state)).collect(),
            names,
            names_bytes,
        }
    }
}

impl<'a> SnippetOut<'a> {
    fn of(snippet: &'a Snippet) -> Self {
        let Snippet { name, line, text, mark, label } = snippet;
        Self { name, line: *line, text, mark: [mark.start, mark.end], label }
    }
}

/// The digest of a document as it is written while the digest in it is [`OPEN`].
pub(super) fn digest_of(document: &Document<'_>) -> io::Result<String> {
    let mut hashing = Hashing(Hasher::new(Algorithm::Sha256));
    inert::write(document, &mut hashing)?;
    Ok(hashing.0.finish().to_string())
}

struct Hashing(Hasher);

impl Write for Hashing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
