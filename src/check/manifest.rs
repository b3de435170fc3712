//! `manifest`: every entry is intact, every line was read, nothing is unsealed.

mod entries;
mod problems;

use super::{Applied, Check, CheckError, Level, Meta, Packet, Sink, origin};
use crate::code::{Code, Effect, Severity};
use crate::drift::{Diagnosis, Grade};
use crate::finding::origin::Subject;
use crate::finding::{Fact, Finding};
use crate::observe::State;
use crate::observe::twins::Twin;
use crate::observe::unsealed::is_litter;
use crate::packet::root::Rooted;
use crate::packet::{Kind, Unreadable};
use crate::source::{Kind as FileKind, Listed};
use crate::text::quote;

use super::pin::relative;

pub(super) struct ManifestCheck;

static META: Meta = Meta {
    id: "manifest",
    level: Level::L0,
    summary: "every sealed byte is there, every line of the manifest was read, nothing is unsealed",
    documents: &[],
    codes: &[
        Code::EditedContent,
        Code::EmdashUnicodeDrift,
        Code::JsonEnsureAsciiDrift,
        Code::BomPrefix,
        Code::CrlfDrift,
        Code::MissingFile,
        Code::ByteLengthMismatch,
        Code::SameLengthHashMismatch,
        Code::FinalNewline,
        Code::TrailingWhitespace,
        Code::Transcoded,
        Code::JsonReformatted,
        Code::JsonKeyOrder,
        Code::JsonDuplicateKeys,
        Code::BlankLines,
        Code::Indentation,
        Code::MarkdownTable,
        Code::TextReflow,
        Code::UnicodeNormalization,
        Code::Mojibake,
        Code::LossyReplacement,
        Code::HtmlEntities,
        Code::GitLfsPointer,
        Code::GitIdent,
        Code::GitExportSubst,
        Code::SymlinkAsFile,
        Code::Truncated,
        Code::ZeroFilled,
        Code::Appended,
        Code::BitRot,
        Code::Moved,
        Code::Renamed,
        Code::UnsealedFile,
        Code::ReferenceUnresolved,
        Code::SymlinkEntry,
        Code::NotARegularFile,
        Code::SubmoduleNotCovered,
        Code::NotCheckedOut,
        Code::GitObjectMissing,
        Code::UnreadableFile,
        Code::ChangedWhileRead,
        Code::ManifestUnreadable,
        Code::ManifestEmpty,
        Code::ManifestMissing,
        Code::ManifestListsItself,
        Code::FormatAmbiguous,
        Code::MalformedLine,
        Code::MalformedDigest,
        Code::UnsupportedDigest,
        Code::WeakDigest,
        Code::DuplicatePath,
        Code::PathTraversal,
        Code::BadPath,
        Code::RootAmbiguous,
        Code::RootInferred,
        Code::RootNotFound,
        Code::SignatureNotChecked,
        Code::PortabilityCollision,
        Code::ManifestBom,
        Code::ManifestCrlf,
        Code::ManifestNotUtf8,
        Code::ManifestHeader,
        Code::ManifestCommentedEntry,
        Code::ManifestOtherDigest,
        Code::ManifestUppercase,
        Code::ManifestSeparator,
        Code::ManifestNoFinalNewline,
        Code::ManifestFields,
    ],
};

impl Check for ManifestCheck {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn run(&self, packet: &Packet, out: &mut Sink) -> Result<Applied, CheckError> {
        for signature in &packet.seal.signatures {
            out.push(
                Finding::new(
                    Code::SignatureNotChecked,
                    format!("{} is a signature, which is not checked here", quote(signature.file_name())),
                )
                .path(relative(signature, &packet.seal.root)),
            );
        }
        // One that is not proven says nothing that the pin's mismatch does not.
        if let Some(drift) = packet.manifest_drift.filter(|drift| drift.grade == Grade::ProvenByHash) {
            out.push(manifest_drift(packet, drift));
        }
        let Some(manifest) = packet.manifest else {
            out.push(unreadable(packet));
            return Ok(Applied::Yes("the manifest could not be used".into()));
        };
        problems::report(packet, manifest, out);
        if rooted(packet, out) {
            entries::report(packet, manifest, out);
            backward(packet, out);
        }
        let compared = packet.states.iter().any(|state| !matches!(state, State::Itself));
        let refused = manifest.problems.iter().any(|problem| problem.code.row().effect != Effect::None);
        if !compared && !refused && !matches!(packet.seal.rooted, Rooted::Ambiguous { .. }) {
            let name = quote(relative(&packet.seal.manifest_path, &packet.seal.root).as_bytes());
            out.push(Finding::new(
                Code::ManifestEmpty,
                format!("the manifest {name} names no file but itself"),
            ));
        }
        let intact = packet.states.iter().filter(|s| matches!(s, State::Intact)).count();
        Ok(Applied::Yes(format!("{intact} of {} entries intact", manifest.entries.len())))
    }
}

/// The manifest is there and cannot be used, or is not there at all.
fn unreadable(packet: &Packet) -> Finding {
    let seal = packet.seal;
    let path = relative(&seal.manifest_path, &seal.root);
    let name = quote(path.as_bytes());
    let reason = match &seal.manifest {
        Err(reason) => reason.clone(),
        Ok(_) => Unreadable::Missing,
    };
    let finding = match reason {
        Unreadable::Missing => {
            let pin = seal.pin.as_ref().map(|pin| quote(pin.path.file_name()));
            let pinned = pin.map_or_else(String::new, |pin| format!(", which {pin} pins,"));
            Finding::new(Code::ManifestMissing, format!("the manifest {name}{pinned} is not there"))
        }
        Unreadable::Refused(refusal) => {
            Finding::new(Code::ManifestUnreadable, format!("the manifest {name} cannot be read: {refusal}"))
        }
        Unreadable::NotAManifest(reason) => problems::not_a_manifest(path.as_bytes(), &reason, &seal.bytes),
    };
    finding.path(path)
}

/// The manifest's own bytes are not those that the pin was made over, and why is proven.
fn manifest_drift(packet: &Packet, drift: &Diagnosis) -> Finding {
    let seal = packet.seal;
    let path = relative(&seal.manifest_path, &seal.root);
    let name = quote(path.as_bytes());
    let code = drift.causes.first().map_or(Code::EditedContent, |cause| cause.code);
    let message = format!(
        "{name}: the manifest itself drifted; files were compared with its sealed bytes, which are proven"
    );
    let mut finding = Finding::new(code, message).path(path);
    finding.sealed = packet.sealed_tree.map(|tree| Fact { digest: tree.to_string(), size: None });
    finding.found =
        seal.tree.map(|tree| Fact { digest: tree.to_string(), size: Some(seal.bytes.len() as u64) });
    entries::fill(&mut finding, drift);
    if let Some(origin) = packet.origins.get(&Subject::Manifest) {
        origin::add(&mut finding, origin);
    }
    finding
}

/// Reports how the root was chosen; false when there is none to compare with.
fn rooted(packet: &Packet, out: &mut Sink) -> bool {
    let path = relative(&packet.seal.manifest_path, &packet.seal.root);
    let name = quote(path.as_bytes());
    match &packet.seal.rooted {
        Rooted::Given => true,
        Rooted::Repository { there, here } => {
            out.push(
                Finding::new(
                    Code::RootInferred,
                    format!(
                        "{name} names files from the repository root: {there} exist there, {here} beside the manifest"
                    ),
                )
                .path(path),
            );
            true
        }
        Rooted::Ambiguous { only_here, only_there } => {
            out.push(
                Finding::new(
                    Code::RootAmbiguous,
                    format!(
                        "{name} fits two roots in part; names that exist only beside the manifest: {only_here}, \
                         only under the repository root: {only_there}"
                    ),
                )
                .path(path),
            );
            false
        }
        Rooted::Nowhere => {
            out.push(
                Finding::new(
                    Code::RootNotFound,
                    format!("not one file that {name} names exists beside it or under the repository root"),
                )
                .path(path),
            );
            true
        }
    }
}

/// Files that no entry names.
fn backward(packet: &Packet, out: &mut Sink) {
    // The file that a missing entry moved to is told of there: it holds the only sealed bytes.
    let twins: Vec<_> = packet.twins.found.values().map(Twin::path).collect();
    let unsealed = packet.backward.unsealed.iter().filter(|listed| !twins.contains(&&listed.path));
    let (litter, files): (Vec<&Listed>, Vec<&Listed>) = unsealed.partition(|listed| is_litter(&listed.path));
    for listed in files {
        let name = quote(listed.path.as_bytes());
        let finding = match listed.kind {
            FileKind::File => {
                Finding::new(Code::UnsealedFile, format!("{name} is in the folder and not in the seal"))
            }
            FileKind::Symlink => Finding::new(
                Code::UnsealedFile,
                format!("{name} is a symbolic link that the seal does not name"),
            ),
            FileKind::Special(kind) => {
                Finding::new(Code::UnsealedFile, format!("{name} is a {kind} that the seal does not name"))
            }
            FileKind::Submodule => Finding::new(
                Code::SubmoduleNotCovered,
                format!("{name} is a submodule: whether its files are sealed cannot be told from here"),
            ),
        };
        out.push(finding.path(listed.path.clone()));
    }
    if let Some(first) = litter.first() {
        let mut finding = Finding::new(
            Code::UnsealedFile,
            format!("{} left behind by the operating system", count(litter.len(), "file")),
        )
        .help("delete them; they are no part of the packet")
        .path(first.path.clone());
        finding.others = litter.iter().skip(1).map(|listed| listed.path.clone()).collect();
        out.push(finding);
    }
}

/// `1 file`, `2 files`.
fn count(n: usize, noun: &str) -> String {
    if n == 1 { format!("1 {noun}") } else { format!("{n} {noun}s") }
}

/// In a packet a self-reference fails; in a plain list it is a warning.
fn by_kind(finding: Finding, kind: Kind) -> Finding {
    if kind == Kind::Packet { finding } else { finding.downgraded(Severity::Warning) }
}
