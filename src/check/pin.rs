//! `pin`: the tree pin equals the digest of the manifest, and so does every
//! tree demanded from outside the packet.

use super::{Applied, Check, CheckError, Level, Meta, Packet, Sink, origin};
use crate::code::Code;
use crate::drift::Grade;
use crate::finding::origin::{Place, Subject};
use crate::finding::{Fact, Finding};
use crate::packet::Pin;
use crate::path::BytePath;
use crate::text::quote;

pub(super) struct PinCheck;

static META: Meta = Meta {
    id: "pin",
    level: Level::L0,
    summary: "the tree pin, and every tree demanded from outside, equals the digest of the manifest",
    documents: &["packet_tree.sha256"],
    codes: &[Code::TreePinMismatch, Code::PinMalformed, Code::ExpectedTreeMismatch],
};

impl Check for PinCheck {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn run(&self, packet: &Packet, out: &mut Sink) -> Result<Applied, CheckError> {
        let Some(tree) = packet.seal.tree else {
            return Ok(Applied::No("there is no manifest to compare with".into()));
        };
        if packet.seal.pin.is_none() && packet.policy.expect_tree.is_empty() {
            return Ok(Applied::No("no tree pin and no expected tree".into()));
        }
        let found = || Some(Fact { digest: tree.to_string(), size: Some(packet.seal.bytes.len() as u64) });
        if let Some(pin) = &packet.seal.pin {
            let path = relative(&pin.path, &packet.seal.root);
            if !pin.departures.is_empty() {
                let mut finding = malformed(&path, pin);
                if let Some(origin) = packet.origins.get(&Subject::Pin)
                    && matches!(origin.place, Place::Checkout(_))
                {
                    origin::add(&mut finding, origin);
                }
                out.push(finding);
            }
            if let Some(sealed) = pin.digest.filter(|sealed| *sealed != tree) {
                let manifest = quote(packet.seal.manifest_path.file_name());
                let mut finding = Finding::new(
                    Code::TreePinMismatch,
                    format!("{} pins another tree than the digest of {manifest}", quote(path.as_bytes())),
                )
                .path(path);
                finding.sealed = Some(Fact { digest: sealed.to_string(), size: None });
                finding.found = found();
                if packet.manifest_drift.is_some_and(|drift| drift.grade == Grade::ProvenByHash) {
                    finding.message.push_str("; the manifest drifted, and its sealed bytes are proven");
                    finding.help = "undo the drift of the manifest; the pin is right".into();
                } else {
                    finding.search = packet.manifest_drift.map(|drift| drift.search);
                    finding.origin = packet.origins.get(&Subject::Manifest).cloned().map(Box::new);
                }
                out.push(finding);
            }
        }
        for expected in packet.policy.expect_tree.iter().filter(|expected| **expected != tree) {
            let mut finding = Finding::new(
                Code::ExpectedTreeMismatch,
                format!("the tree is {tree}, and {expected} was demanded"),
            )
            .path(relative(&packet.seal.manifest_path, &packet.seal.root));
            finding.sealed = Some(Fact { digest: expected.to_string(), size: None });
            finding.found = found();
            out.push(finding);
        }
        Ok(Applied::Yes(match (&packet.seal.pin, packet.policy.expect_tree.len()) {
            (Some(_), 0) => "tree pin".into(),
            (None, _) => "expected tree".into(),
            (Some(_), _) => "tree pin and expected tree".into(),
        }))
    }
}

/// The digest that the pin holds is the authority: nobody is told to write another.
fn malformed(path: &BytePath, pin: &Pin) -> Finding {
    let name = quote(path.as_bytes());
    let departures = pin.departures.join(", ");
    let (read, help) = match pin.digest {
        Some(digest) => (
            "; the digest in it was read and compared",
            format!("write the digest that it holds, and nothing else, to {name}: {digest}"),
        ),
        None => (
            "",
            format!("get {name} again from where the packet came from; do not make it from the manifest"),
        ),
    };
    let message = format!("{name} is not 64 lower-case hexadecimal digits alone: {departures}{read}");
    Finding::new(Code::PinMalformed, message).help(help).path(path.clone())
}

/// A path of the source as the packet's own, where it lies below the root.
pub(super) fn relative(path: &BytePath, root: &BytePath) -> BytePath {
    path.strip_prefix(root).unwrap_or_else(|| path.clone())
}
