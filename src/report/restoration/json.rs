//! The JSON form of a restore plan or its result, version 1 (`seal.restore/v1`).
//!
//! Like the report's: frozen structures, filled field by field; the schema is
//! `schema/seal.restore.v1.json`.

use std::io::{self, Write};

use serde::Serialize;

use crate::finding::{self, Finding};
use crate::report::json::{Fact, PathOut, Tool, shown_path};
use crate::restore::{self, Restoration};

/// The document's version, as the field `schema` spells it.
pub const SCHEMA: &str = "seal.restore/v1";

/// Writes `restoration` as JSON, indented by two blanks, with a final newline.
pub fn render(restoration: &Restoration, out: &mut dyn Write) -> io::Result<()> {
    let facts: Vec<Facts> = restoration.items.iter().map(Facts::of).collect();
    let items = restoration.items.iter().zip(&facts);
    let document = Document {
        schema: SCHEMA,
        tool: Tool::THIS,
        written: restoration.written,
        exit_code: restoration.exit_code(),
        items: items.map(|(item, facts)| Item::of(item, facts, restoration)).collect(),
        remaining: restoration.remaining.iter().map(|finding| Remaining::of(finding, restoration)).collect(),
    };
    crate::report::json::inert::write(&document, out)
}

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    tool: Tool,
    written: bool,
    exit_code: u8,
    items: Vec<Item<'a>>,
    remaining: Vec<Remaining<'a>>,
}

#[derive(Serialize)]
struct Item<'a> {
    packet: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    packet_bytes: Option<String>,
    #[serde(flatten)]
    path: PathOut,
    action: &'static str,
    recipe: &'a [String],
    found: Option<Fact<'a>>,
    sealed: Fact<'a>,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    leaves: Option<String>,
}

#[derive(Serialize)]
struct Remaining<'a> {
    packet: Option<String>,
    #[serde(flatten)]
    path: Option<PathOut>,
    code: &'static str,
    message: &'a str,
    help: &'a str,
}

/// Digests and lengths before and after.
struct Facts {
    found: Option<finding::Fact>,
    sealed: finding::Fact,
}

impl Facts {
    fn of(item: &restore::Item) -> Self {
        let found = item.damage.found.as_ref();
        Self {
            found: found.map(|f| finding::Fact { digest: f.digest.to_string(), size: Some(f.size) }),
            sealed: finding::Fact { digest: item.damage.sealed.to_string(), size: item.sealed_size },
        }
    }
}

impl<'a> Item<'a> {
    fn of(item: &'a restore::Item, facts: &'a Facts, restoration: &Restoration) -> Self {
        let packet = super::packet_of(restoration, item).map(shown_path);
        let (packet, packet_bytes) = packet.unwrap_or_default();
        Self {
            packet,
            packet_bytes,
            path: PathOut::of(&item.damage.path),
            action: item.action.name(),
            recipe: &item.recipe,
            found: facts.found.as_ref().map(Fact),
            sealed: Fact(&facts.sealed),
            status: item.status.name(),
            reason: item.reason.as_deref(),
            leaves: item.leaves.as_ref().map(|path| shown_path(path).0),
        }
    }
}

impl<'a> Remaining<'a> {
    fn of(finding: &'a Finding, restoration: &Restoration) -> Self {
        let packet = finding.packet.and_then(|at| restoration.packets.get(at));
        Self {
            packet: packet.map(|packet| shown_path(&packet.root).0),
            path: finding.path.as_ref().map(PathOut::of),
            code: finding.code.id(),
            message: &finding.message,
            help: &finding.help,
        }
    }
}
