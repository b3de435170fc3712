//! Pins of prior artifacts: each is computed from bytes that were verified in
//! this run, of the packet, of what it refers to, or of its predecessor.

use std::collections::BTreeSet;

use super::library::{Facts, Library};
use super::otherwise;
use crate::check::predecessor::Verified;
use crate::check::probes::plain;
use crate::check::words::identity;
use crate::check::{CheckError, Packet};
use crate::code::Code;
use crate::digest::Sha256;
use crate::evidence::{Object, Value};
use crate::finding::Sink;
use crate::path::{Backslash, BytePath};
use crate::profile::{Key, Profile, Role};
use crate::text::alike::squeezed;
use crate::text::quote;

/// What came of the pins.
#[derive(Debug, Default)]
pub(super) struct Tally {
    /// How many there are.
    pub(super) pins: usize,
    /// How many agree with bytes.
    pub(super) computed: usize,
    /// Names of those whose bytes are the artifact of that name, plainly spelled.
    pub(super) names: BTreeSet<String>,
}

/// Judges every pin of the document.
pub(super) fn judge<'a>(
    packet: &Packet<'a>,
    before: Option<Verified<'a>>,
    root: Object<'_>,
    out: &mut Sink,
) -> Result<Tally, CheckError> {
    let mut tally = Tally::default();
    let mut library = Library::new(packet, before);
    let rows = root.field("pins").objects(out).unwrap_or_default();
    otherwise::document(root, packet.profile(), out);
    let mut seen = BTreeSet::new();
    for row in &rows {
        let Some(name) = row.field("name").word(out) else { continue };
        tally.pins += 1;
        if !seen.insert(identity(&name)) {
            let message = format!("{} is pinned twice", quote(name.as_bytes()));
            out.push(row.finding(Code::PinMismatch, message, "again"));
            continue;
        }
        if let Some(bytes) = one(packet, &mut library, *row, &name, out)? {
            tally.computed += 1;
            if bytes.is_it(&name) || is_configured(packet.profile(), &name) {
                tally.names.insert(plain(&name));
            }
        }
    }
    Ok(tally)
}

/// What bytes agreed with a pin.
enum Bytes {
    /// The predecessor's manifest.
    Tree,
    /// Those of a file, by its path.
    File(BytePath),
}

impl Bytes {
    /// Whether they are the artifact of that name and not those of any file: the
    /// file is called so.
    fn is_it(&self, name: &str) -> bool {
        match self {
            Self::Tree => true,
            Self::File(path) => {
                let file = format!("_{}_", plain(&String::from_utf8_lossy(path.file_name())));
                file.contains(&format!("_{}_", plain(name)))
            }
        }
    }
}

/// Whether the configuration pins something of that name; what agreed with a pin of
/// it is then the very thing.
fn is_configured(profile: &Profile, name: &str) -> bool {
    let rows = [Key::Pins, Key::Trees].into_iter().flat_map(|key| profile.rows(key));
    rows.into_iter().any(|row| row.word("name").is_some_and(|known| squeezed(known) == squeezed(name)))
}

/// Judges one pin; tells the bytes that agree with it.
fn one(
    packet: &Packet,
    library: &mut Library<'_>,
    row: Object<'_>,
    name: &str,
    out: &mut Sink,
) -> Result<Option<Bytes>, CheckError> {
    let shown = quote(name.as_bytes());
    let Some(value) = row.field("sha256").value(out) else { return Ok(None) };
    let size = row.get("size").and_then(|size| Some((size, size.count(out)?)));
    if value.is_abbreviated() {
        unverifiable(value, format!("the digest of {shown} is abbreviated, for display only"), out);
        return Ok(None);
    }
    let Some(pinned) = value.digest(out) else { return Ok(None) };
    if let Some(domain) = row.get("domain")
        && let Some(word) = domain.word(out)
        && !packet.profile().words(Key::RawDomains).iter().any(|raw| *raw == word)
    {
        let message = format!(
            "the digest of {shown} is one of {}, and only raw bytes are known here",
            quote(word.as_bytes())
        );
        unverifiable(domain, message, out);
        return Ok(None);
    }
    let mut agrees = configured(packet.profile(), value, size, name, pinned, out);
    if let Some(recorded) = row.get("recomputed_sha256").filter(|recorded| !recorded.is_null())
        && recorded.digest(out).is_some_and(|recorded| recorded != pinned)
    {
        let message = format!("{shown} was recomputed to another digest than the pinned one");
        out.push(recorded.finding(Code::PinMismatch, message, "not the pinned digest"));
        agrees = false;
    }
    let length = size.map(|(_, size)| size);
    agrees &= otherwise::row(row, &shown, pinned, length, packet.profile(), out);
    let Some(((found, length), bytes)) = look(library, row, name, pinned, out)? else {
        not_here(packet, row, value, &shown, out);
        return Ok(None);
    };
    if found != pinned {
        let message = format!("{shown} is pinned as {pinned}, and its bytes have {found}");
        out.push(value.finding(Code::PinMismatch, message, "other bytes"));
        agrees = false;
    }
    if let (Some((value, size)), Some(length)) = (size, length)
        && size != length
    {
        let message = format!("{shown} is pinned with {size} bytes, and has {length}");
        out.push(value.finding(Code::PinMismatch, message, "another length"));
        agrees = false;
    }
    Ok(agrees.then_some(bytes))
}

fn unverifiable(value: Value<'_>, message: String, out: &mut Sink) {
    out.push(value.finding(Code::PinUnverifiable, message, "unverifiable"));
}

/// Whether the configuration, where it pins something of that name, pins the same.
fn configured(
    profile: &Profile,
    value: Value<'_>,
    size: Option<(Value<'_>, u64)>,
    name: &str,
    pinned: Sha256,
    out: &mut Sink,
) -> bool {
    let rows = [Key::Pins, Key::Trees].into_iter().flat_map(|key| profile.rows(key));
    let mut agrees = true;
    for row in rows.filter(|row| row.word("name").is_some_and(|known| squeezed(known) == squeezed(name))) {
        let shown = quote(name.as_bytes());
        if row.digest("sha256").is_some_and(|known| known != pinned) {
            let message = format!("the configuration pins {shown} with another digest");
            out.push(value.finding(Code::PinMismatch, message, "not the configured digest"));
            agrees = false;
        }
        if let (Some(known), Some((value, size))) = (row.count("size"), size)
            && known != size
        {
            let message = format!("the configuration pins {shown} with {known} bytes");
            out.push(value.finding(Code::PinMismatch, message, "not the configured length"));
            agrees = false;
        }
    }
    agrees
}

/// What the bytes that a pin is about are: under its path, as the predecessor's
/// tree, or whatever sealed file has the pinned digest.
fn look(
    library: &mut Library<'_>,
    row: Object<'_>,
    name: &str,
    pinned: Sha256,
    out: &mut Sink,
) -> Result<Option<(Facts, Bytes)>, CheckError> {
    let is_tree = row.get("kind").and_then(Value::as_text).is_some_and(|kind| plain(&kind) == "tree")
        || ["predecessor_tree", "packet_tree"].contains(&plain(name).as_str());
    if is_tree {
        return Ok(library.tree().map(|facts| (facts, Bytes::Tree)));
    }
    let named = row.get("path").and_then(|path| path.word(out));
    let text = named.as_deref().unwrap_or(name);
    if let Ok(path) = BytePath::parse(text.as_bytes(), Backslash::Refuse)
        && let Some(facts) = library.at(&path)?
    {
        return Ok(Some((facts, Bytes::File(path))));
    }
    let found = library.with(pinned)?;
    Ok(found.map(|(facts, path)| (facts, path.map_or(Bytes::Tree, |path| Bytes::File(path.clone())))))
}

/// A pin without bytes: copied from a report, or not known at all.
fn not_here(packet: &Packet, row: Object<'_>, value: Value<'_>, shown: &str, out: &mut Sink) {
    let source = ["source", "method"].iter().find_map(|field| row.get(field));
    let from_report = source.filter(|source| is_report(packet, *source));
    let flags = ["recomputed_from_bytes", "recomputed"].iter().filter_map(|field| row.get(field));
    let not_computed = flags.into_iter().find(|flag| flag.flag(out) == Some(false));
    match from_report.or(not_computed) {
        Some(at) => {
            let message = format!("the pin of {shown} was not computed from bytes, and none are here");
            out.push(at.finding(Code::PinFromReportOnly, message, "no bytes"));
        }
        None => unverifiable(value, format!("{shown} is not here, so that its pin says nothing"), out),
    }
}

/// Whether a source is a report: by the words for one, or by the name of a page or
/// machine report, alone or in a sentence.
fn is_report(packet: &Packet, source: Value<'_>) -> bool {
    let Some(text) = source.as_text() else { return false };
    let pages = [Role::MachineReport, Role::Readme, Role::Checkpoint];
    let profile = packet.profile();
    let pages: Vec<&BytePath> = pages.iter().flat_map(|role| profile.documents(*role)).collect();
    let names_a_page = text.split_whitespace().any(|word| {
        let name = word.split_once('@').map_or(word, |(name, _)| name);
        let name = name.trim_matches(|c: char| !c.is_alphanumeric());
        let file = name.rsplit('/').next().unwrap_or(name);
        pages.iter().any(|page| page.file_name() == file.as_bytes())
    });
    let words = format!("_{}_", plain(&text));
    let known = profile.words(Key::ReportSources);
    names_a_page || known.iter().any(|word| words.contains(&format!("_{}_", plain(word))))
}
