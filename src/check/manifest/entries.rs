//! Entries that are not intact, as findings.

use super::{by_kind, count};
use crate::check::pin::relative;
use crate::check::{Explained, Packet, Sink, origin};
use crate::code::Code;
use crate::drift::{self, Diagnosis, Grade};
use crate::finding::origin::Subject;
use crate::finding::{Fact, Finding};
use crate::manifest::{Entry, Manifest};
use crate::observe::twins::{Twin, difference};
use crate::observe::{Found, State};
use crate::packet::Kind;
use crate::source::Refusal;
use crate::text::quote;

use super::problems::location;

/// Reports every entry that is not intact.
pub(super) fn report(packet: &Packet, manifest: &Manifest, out: &mut Sink) {
    for (index, (entry, state)) in manifest.entries.iter().zip(packet.states).enumerate() {
        let mut findings = match state {
            // The problem that names both lines says it.
            State::Intact | State::Referenced(_) | State::Repeated => continue,
            State::Drifted(found) => drifted(packet, index, entry, found),
            State::Missing => vec![missing(packet, index, entry)],
            state if state.sealed_link(entry).is_some() => vec![link(entry, state.sealed_link(entry))],
            State::Refused(refusal) => vec![refused(entry, refusal)],
            State::Changed => vec![Finding::new(
                Code::ChangedWhileRead,
                format!("{} was written to while it was read", quote(entry.path.as_bytes())),
            )],
            State::Itself => vec![itself(packet, entry)],
        };
        if let (Some(origin), Some(first)) =
            (packet.origins.get(&Subject::Entry(index)), findings.first_mut())
        {
            origin::add(first, origin);
        }
        for finding in &mut findings {
            finding.path = Some(entry.path.clone());
            finding.located_in = Some(relative(&packet.seal.manifest_path, &packet.seal.root));
            finding.location = Some(location(entry.place));
            finding.sealed = Some(Fact { digest: entry.digest.to_string(), size: entry.size });
        }
        out.findings.append(&mut findings);
    }
}

fn drifted(packet: &Packet, index: usize, entry: &Entry, found: &Found) -> Vec<Finding> {
    let name = quote(entry.path.as_bytes());
    let fact = Fact { digest: found.digest.to_string(), size: Some(found.size) };
    if found.digest == entry.digest {
        let sealed = entry.size.unwrap_or_default();
        let length = count_bytes(found.size);
        let mut finding = Finding::new(
            Code::ByteLengthMismatch,
            format!("{name} has the sealed digest and {length}, and the manifest says {sealed}: it contradicts itself"),
        )
        .help("the bytes are the sealed ones; correct the length in the manifest and seal again");
        finding.found = Some(fact);
        return vec![finding];
    }
    let mut findings = vec![match packet.diagnoses.get(&index) {
        Some(Explained::Diagnosis(diagnosis)) => explained(&name, diagnosis),
        Some(Explained::NotSearched(why)) => not_searched(&name, why),
        None => not_searched(&name, "no cause was looked for"),
    }];
    match entry.size {
        Some(sealed) if sealed != found.size => findings.push(Finding::new(
            Code::ByteLengthMismatch,
            format!("{name} has {}, and {sealed} were sealed", count_bytes(found.size)),
        )),
        Some(sealed) => findings.push(Finding::new(
            Code::SameLengthHashMismatch,
            format!("{name} has the sealed length of {} and other bytes", count_bytes(sealed)),
        )),
        None => {}
    }
    if packet.kind == Kind::List
        && let Some(first) = findings.first_mut().filter(|finding| finding.causes.is_empty())
    {
        let list = quote(relative(&packet.seal.manifest_path, &packet.seal.root).as_bytes());
        let (line, digest) = (entry.place.line, &found.digest);
        first.help = format!(
            "see what changed, and put the sealed version back; if the change is meant, write {digest} in line {line} of {list}"
        )
        .into();
    }
    for finding in &mut findings {
        finding.found = Some(fact.clone());
    }
    findings
}

fn count_bytes(n: u64) -> String {
    count(usize::try_from(n).unwrap_or(usize::MAX), "byte")
}

fn explained(name: &str, diagnosis: &Diagnosis) -> Finding {
    let Some(first) = diagnosis.causes.first() else {
        let message = if diagnosis.search.exhausted {
            format!("{name} was edited: no known drift explains it")
        } else {
            format!("{name} was edited: no known drift explains it so far, and the search was not finished")
        };
        let mut finding = Finding::new(Code::EditedContent, message);
        fill(&mut finding, diagnosis);
        return finding;
    };
    let titles: Vec<&str> = diagnosis.causes.iter().map(|cause| cause.code.row().title).collect();
    let mut finding = Finding::new(first.code, format!("{name}: {}", lower(&titles.join(" + "))));
    fill(&mut finding, diagnosis);
    if diagnosis.causes.iter().any(|cause| cause.code == Code::CrlfDrift) {
        // What git converts once it converts at every checkout.
        finding.help = Code::CrlfDrift.row().fix.into();
    }
    if first.code == Code::SymlinkAsFile {
        finding.help =
            "put the sealed bytes there with `seal restore FILE --write`; or get the link itself with \
            `git config core.symlinks true` and a fresh checkout, and verify with `--symlinks follow-inside`"
                .into();
    }
    finding
}

fn count_of(n: u64, noun: &str) -> String {
    count(usize::try_from(n).unwrap_or(usize::MAX), noun)
}

/// A title inside a sentence.
fn lower(title: &str) -> String {
    let mut chars = title.chars();
    match (chars.next(), chars.clone().next()) {
        (Some(first), Some(second)) if second.is_lowercase() => {
            first.to_lowercase().collect::<String>() + chars.as_str()
        }
        _ => title.to_owned(),
    }
}

fn not_searched(name: &str, why: &str) -> Finding {
    Finding::new(Code::EditedContent, format!("{name} is not the file that was sealed; {why}"))
}

/// Copies what the diagnosis knows into the finding.
pub(super) fn fill(finding: &mut Finding, diagnosis: &Diagnosis) {
    finding.grade = diagnosis.grade;
    finding.causes.clone_from(&diagnosis.causes);
    finding.recoverable = diagnosis.recipe.is_some();
    finding.first_difference = diagnosis.first_difference;
    finding.changed_lines.clone_from(&diagnosis.changed_lines);
    finding.observations.clone_from(&diagnosis.observations);
    finding.search = Some(diagnosis.search);
}

fn missing(packet: &Packet, index: usize, entry: &Entry) -> Finding {
    let name = quote(entry.path.as_bytes());
    if let Some(looked) = packet.unresolved.get(&index) {
        let places: Vec<String> = looked.iter().map(|path| quote(path.as_bytes())).collect();
        let where_looked =
            if places.is_empty() { "no folder is configured".into() } else { places.join(", ") };
        return Finding::new(
            Code::ReferenceUnresolved,
            format!("{name} is kept elsewhere, and its sealed bytes were not found ({where_looked})"),
        );
    }
    let (code, to, message) = match packet.twins.found.get(&index) {
        Some(Twin::Renamed(to)) => {
            let how = difference(&entry.path, to);
            let message = format!("{name} is there as {}, which differs in {how}", quote(to.as_bytes()));
            (Code::Renamed, to, message)
        }
        Some(Twin::Moved(to)) => (
            Code::Moved,
            to,
            format!("{name} is not there; its sealed bytes are in {}", quote(to.as_bytes())),
        ),
        None => {
            let mut finding = Finding::new(Code::MissingFile, format!("{name} is sealed and not there"));
            if packet.twins.not_compared > 0 {
                let n = count_of(packet.twins.not_compared, "unsealed file");
                finding.observations.push(format!("not compared in search of the moved bytes: {n}"));
            }
            return finding;
        }
    };
    let mut finding = Finding::new(code, message);
    finding.grade = Grade::ProvenByOriginal;
    finding.recoverable = true;
    finding.others = vec![to.clone()];
    finding
}

fn refused(entry: &Entry, refusal: &Refusal) -> Finding {
    let name = quote(entry.path.as_bytes());
    let points =
        |target: &Option<Vec<u8>>| target.as_ref().map_or(String::new(), |t| format!(" to {}", quote(t)));
    match refusal {
        Refusal::Symlink { target: None } => Finding::new(
            Code::SymlinkEntry,
            format!("{name} is reached through a symbolic link, and the seal is for a file here"),
        ),
        Refusal::Symlink { target } => Finding::new(
            Code::SymlinkEntry,
            format!("{name} is a symbolic link{}, and the seal is for a file", points(target)),
        ),
        Refusal::LeavesRoot { target } => Finding::new(
            Code::SymlinkEntry,
            format!("{name} is a symbolic link{}, which leads out of the root", points(target)),
        ),
        Refusal::NotRegular(kind) => {
            Finding::new(Code::NotARegularFile, format!("{name} is a {kind}, and the seal is for a file"))
        }
        Refusal::Submodule => Finding::new(
            Code::SubmoduleNotCovered,
            format!("{name} lies in a submodule, and its bytes are in another repository"),
        ),
        Refusal::NotCheckedOut => Finding::new(
            Code::NotCheckedOut,
            format!("{name} is tracked and not there: the sparse checkout leaves it out"),
        ),
        Refusal::NotFetched(oid) => Finding::new(
            Code::GitObjectMissing,
            format!("{name} cannot be read: its git object {} is not in this clone", oid.short()),
        ),
        other => Finding::new(Code::UnreadableFile, format!("{name} cannot be read: {other}")),
    }
}

/// A link whose text was sealed as a file: nothing was followed to know it.
fn link(entry: &Entry, text: Option<&[u8]>) -> Finding {
    let name = quote(entry.path.as_bytes());
    let title = lower(Code::SymlinkAsFile.row().title);
    let mut finding = Finding::new(Code::SymlinkAsFile, format!("{name}: {title}")).help(
        "seal and checkout differ in symbolic links: `git config core.symlinks false`, delete the link and \
         `git checkout -- FILE` give the file that was sealed; or put the files that links lead to in the \
         place of the links, and seal again",
    );
    finding.grade = Grade::ProvenByHash;
    finding.causes = text.map(drift::link_found).into_iter().collect();
    finding
}

fn itself(packet: &Packet, entry: &Entry) -> Finding {
    let manifest = relative(&packet.seal.manifest_path, &packet.seal.root);
    let name = quote(entry.path.as_bytes());
    let what = if entry.path == manifest { "itself" } else { "its own pin" };
    let finding = Finding::new(
        Code::ManifestListsItself,
        format!("the manifest lists {what}, {name}: such an entry can never match"),
    );
    by_kind(finding, packet.kind)
}
