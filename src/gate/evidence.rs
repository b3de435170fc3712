//! The bytes of a unit's documents, verified against the seal as they are read,
//! and the profile that they are judged by.

use std::collections::BTreeMap;
use std::io::Read;

use super::scan::Scan;
use super::unit::Unit;
use crate::check::Explained;
use crate::config::PacketConfig;
use crate::digest::{Digest, Hasher};
use crate::evidence::{Held, Store, Withheld};
use crate::manifest::Entry;
use crate::observe::State;
use crate::path::BytePath;
use crate::profile::{Profile, Role, builtin};
use crate::source::{Folder, Links, Refusal};

/// Files that drifted and are larger are not recovered to be judged.
const LARGEST_DRIFTED: u64 = 64 << 20;

impl Store for Unit<'_> {
    fn profile(&self) -> &Profile {
        self.profile.get_or_init(|| profile(self))
    }

    fn held(&self, path: &BytePath, limit: u64) -> Result<Held, Withheld> {
        let Ok(folder) = &self.folder else { return Err(Withheld::Unjudged("cannot be read".into())) };
        let mut named = self.entries_at(path);
        let Some((index, entry, state)) = named.next() else { return unsealed(&**folder, path, limit) };
        if named.any(|(_, other, _)| other.digest != entry.digest) {
            return Err(Withheld::Unjudged("is sealed with two digests".into()));
        }
        let links = self.policy.links;
        match state {
            State::Intact => verified(folder.read(path, links, limit), entry, false),
            State::Drifted(_) => recovered(self, index, folder.read(path, links, LARGEST_DRIFTED), entry),
            State::Referenced(elsewhere) => {
                let root = self.scan.tree.folder(&BytePath::root());
                let bytes = root.and_then(|root| root.read(elsewhere, Links::Refuse, limit));
                verified(bytes, entry, false)
            }
            State::Missing => match self.twins.found.get(&index) {
                Some(twin) => verified(folder.read(twin.path(), links, limit), entry, true),
                None => Err(Withheld::Unjudged("is sealed and missing".into())),
            },
            State::Refused(refusal) => Err(Withheld::Unjudged(format!("was not read: {refusal}"))),
            State::Changed => Err(Withheld::Unjudged("changed while it was read".into())),
            State::Itself | State::Repeated => Err(Withheld::Unjudged("is no evidence but a seal".into())),
        }
    }

    fn visit(&self, path: &BytePath, each: &mut dyn FnMut(&[u8])) -> Result<(), Withheld> {
        let Ok(folder) = &self.folder else { return Err(Withheld::Unjudged("cannot be read".into())) };
        let links = self.policy.links;
        match self.entries_at(path).map(|(_, entry, state)| (entry, state)).next() {
            None => pieces(&**folder, path, Links::Refuse, None, each),
            Some((entry, State::Intact)) => pieces(&**folder, path, links, Some(&entry.digest), each),
            // What stands there is looked at, and proves nothing.
            Some((_, State::Drifted(_))) => {
                pieces(&**folder, path, links, None, each)?;
                Err(Withheld::Unjudged("is not as it was sealed".into()))
            }
            Some((_, State::Referenced(elsewhere))) => {
                let held = self.held(path, LARGEST_DRIFTED);
                let held = held.map_err(|_| {
                    Withheld::Unjudged(format!(
                        "was not read in {}",
                        crate::text::quote(elsewhere.as_bytes())
                    ))
                })?;
                each(&held.bytes);
                Ok(())
            }
            Some(_) => Err(Withheld::Unjudged("is not there as it was sealed".into())),
        }
    }
}

/// Reads a file in pieces, and compares the whole with the digest that is due.
fn pieces(
    folder: &dyn Folder,
    path: &BytePath,
    links: Links,
    due: Option<&Digest>,
    each: &mut dyn FnMut(&[u8]),
) -> Result<(), Withheld> {
    const PIECE: usize = 256 << 10;
    let failed = |why: String| Withheld::Unjudged(format!("was not read: {why}"));
    let mut blob = match folder.open(path, links) {
        Ok(blob) => blob,
        Err(Refusal::Missing) => return Err(Withheld::Absent),
        Err(refusal) => return Err(failed(refusal.to_string())),
    };
    let mut hasher = due.map(|digest| Hasher::new(digest.algorithm()));
    let mut buffer = vec![0; PIECE];
    loop {
        let read = match blob.read(&mut buffer) {
            Ok(0) => break,
            Ok(read) => read,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(failed(error.to_string())),
        };
        let piece = buffer.get(..read).unwrap_or_default();
        if let Some(hasher) = &mut hasher {
            hasher.update(piece);
        }
        each(piece);
    }
    let found = hasher.map(Hasher::finish);
    if found.as_ref() == due {
        return Ok(());
    }
    Err(Withheld::Unjudged("changed after it was compared with the seal".into()))
}

/// Bytes that are the sealed ones, as they were read just now.
fn verified(read: Result<Vec<u8>, Refusal>, entry: &Entry, recovered: bool) -> Result<Held, Withheld> {
    let bytes = read.map_err(|refusal| Withheld::Unjudged(format!("was not read: {refusal}")))?;
    if !is_sealed(&bytes, entry) {
        return Err(Withheld::Unjudged("changed after it was compared with the seal".into()));
    }
    Ok(Held { bytes, sealed: true, recovered })
}

fn is_sealed(bytes: &[u8], entry: &Entry) -> bool {
    let digest: Digest = entry.digest.same_of(bytes);
    digest == entry.digest && entry.size.is_none_or(|size| size == bytes.len() as u64)
}

/// The sealed bytes of a drifted document, where the drift could be undone.
fn recovered(
    unit: &Unit,
    index: usize,
    read: Result<Vec<u8>, Refusal>,
    entry: &Entry,
) -> Result<Held, Withheld> {
    let lost = || Withheld::Unjudged("drifted, and its sealed bytes could not be recovered".into());
    if let Some(copy) = super::references::copy_of(unit, entry) {
        let root = unit.scan.tree.folder(&BytePath::root());
        let bytes = root.and_then(|root| root.read(&copy, Links::Refuse, LARGEST_DRIFTED));
        return verified(bytes, entry, true);
    }
    let Some(Explained::Diagnosis(diagnosis)) = unit.diagnoses.get(&index) else { return Err(lost()) };
    let found = read.map_err(|refusal| Withheld::Unjudged(format!("was not read: {refusal}")))?;
    let bytes = diagnosis.recipe.as_ref().and_then(|recipe| recipe.undo(&found)).ok_or_else(lost)?;
    if is_sealed(&bytes, entry) { Ok(Held { bytes, sealed: true, recovered: true }) } else { Err(lost()) }
}

fn unsealed(folder: &dyn Folder, path: &BytePath, limit: u64) -> Result<Held, Withheld> {
    match folder.read(path, Links::Refuse, limit) {
        Ok(bytes) => Ok(Held { bytes, sealed: false, recovered: false }),
        Err(Refusal::Missing) => Err(Withheld::Absent),
        Err(refusal) => Err(Withheld::Unjudged(format!("is not sealed and was not read: {refusal}"))),
    }
}

/// The profile of a unit: the one chosen, else the one that its documents speak
/// for, with what the configuration says about this packet.
fn profile(unit: &Unit) -> Profile {
    let chosen =
        unit.policy.profile.as_deref().and_then(|name| super::profiles::named(name, &unit.scan.config));
    let generic = || builtin("generic").cloned();
    let mut profile = chosen.or_else(generic).unwrap_or_default();
    for table in tables(unit.scan, unit) {
        // Values that do not fit were refused when the configuration was read.
        profile = profile.adapted(table).unwrap_or(profile);
        name_documents(&mut profile, table);
    }
    profile
}

fn tables<'c>(scan: &'c Scan, unit: &'c Unit) -> impl Iterator<Item = &'c PacketConfig> {
    let about = |table: &&PacketConfig| table.is_about(&unit.seal.root, &unit.seal.manifest_path);
    scan.config.packets.iter().filter(about)
}

/// Documents named under a role take the place of the profile's. Those named
/// under a check are handed to the roles that it reads: by file name where one
/// is usual for a role, else to the first.
fn name_documents(profile: &mut Profile, table: &PacketConfig) {
    for (name, files) in &table.evidence {
        if let Some(role) = Role::from_id(name) {
            profile.name_documents(role, files.clone());
            continue;
        }
        let Some(check) = crate::check::CHECKS.iter().find(|check| check.meta().id == name) else { continue };
        let roles: Vec<Role> = check.meta().documents.iter().filter_map(|id| Role::from_id(id)).collect();
        let mut by_role: BTreeMap<Role, Vec<BytePath>> = BTreeMap::new();
        for file in files {
            let usual = |role: &&Role| {
                profile.documents(**role).iter().any(|usual| usual.file_name() == file.file_name())
            };
            if let Some(role) = roles.iter().find(usual).or(roles.first()) {
                by_role.entry(*role).or_default().push(file.clone());
            }
        }
        for (role, files) in by_role {
            profile.name_documents(role, files);
        }
    }
}
