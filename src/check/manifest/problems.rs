//! Problems of the manifest's own text as findings, with the line shown.

use crate::check::pin::relative;
use crate::check::{Packet, Sink};
use crate::code::{Code, Severity};
use crate::finding::{Finding, Location, Snippet};
use crate::manifest::{Manifest, NotAManifest, Place, Problem};
use crate::text::{escape, quote};

/// Reports every problem of a manifest that could be read.
pub(super) fn report(packet: &Packet, manifest: &Manifest, out: &mut Sink) {
    let manifest_path = relative(&packet.seal.manifest_path, &packet.seal.root);
    for problem in &manifest.problems {
        let mut finding = Finding::new(problem.code, problem.message.clone());
        if !problem.help.is_empty() {
            finding.help = problem.help.clone().into();
        }
        if problem.warning_only {
            finding = finding.downgraded(Severity::Warning);
        }
        finding.path = Some(problem.path.clone().unwrap_or_else(|| manifest_path.clone()));
        finding.located_in = Some(manifest_path.clone());
        finding.location = Some(location(problem.place));
        finding.snippet = snippet(packet.text, problem, manifest_path.as_bytes());
        out.push(finding);
    }
}

/// A file that is no manifest.
pub(super) fn not_a_manifest(path: &[u8], reason: &NotAManifest, bytes: &[u8]) -> Finding {
    let name = quote(path);
    match reason {
        NotAManifest::Empty => {
            Finding::new(Code::ManifestEmpty, format!("the manifest {name} names no file"))
        }
        NotAManifest::Ambiguous(a, b) => Finding::new(
            Code::FormatAmbiguous,
            format!("the manifest {name} reads equally well as {} and as {}", a.name(), b.name()),
        )
        .help(format!(
            "say which it is: --manifest-format {} or --manifest-format {}",
            a.name(),
            b.name()
        )),
        NotAManifest::Broken { message, place } => {
            let mut finding =
                Finding::new(Code::ManifestUnreadable, format!("the manifest {name} is broken: {message}"));
            finding.location = Some(location(*place));
            finding.snippet = line_snippet(bytes, *place, path, "here");
            finding
        }
        NotAManifest::NoEntries(reason) | NotAManifest::TooLarge(reason) => {
            Finding::new(Code::ManifestUnreadable, format!("the manifest {name} cannot be used: {reason}"))
        }
    }
}

/// A place in the manifest as a location.
pub(super) fn location(place: Place) -> Location {
    Location {
        line: u64::from(place.line),
        column: u64::from(place.column),
        byte: place.span.start as u64,
        end_byte: Some(place.span.end as u64),
    }
}

fn snippet(text: &[u8], problem: &Problem, name: &[u8]) -> Option<Snippet> {
    line_snippet(text, problem.place, name, problem.code.row().title)
}

/// Bytes of a line shown before and after the marked part, at most.
const CONTEXT: usize = 120;

/// The first line of `place`, cut around it and escaped, with it marked.
fn line_snippet(text: &[u8], place: Place, name: &[u8], label: &str) -> Option<Snippet> {
    let start = place.span.start.min(text.len());
    // Looked at no further than is shown: a line may be as long as the file.
    let near = text.get(start.saturating_sub(CONTEXT)..start)?;
    let from = start - near.iter().rev().position(|&b| b == b'\n').unwrap_or(near.len());
    let tail = text.get(start..)?;
    let tail = tail.get(..2 * CONTEXT).unwrap_or(tail);
    let line_end = start + tail.iter().position(|&b| b == b'\n').unwrap_or(tail.len());
    let end = place.span.end.clamp(start, line_end).min(start.saturating_add(CONTEXT));
    let to = line_end.min(end.saturating_add(CONTEXT));
    let before = escape(text.get(from..start)?);
    let marked = escape(text.get(start..end)?);
    let after = escape(text.get(end..to)?);
    let mark = before.len()..before.len() + marked.len();
    let name = escape(name);
    let line = u64::from(place.line);
    Some(Snippet { name, line, text: format!("{before}{marked}{after}"), mark, label: label.to_owned() })
}
