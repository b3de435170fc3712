//! The packet that another one follows: evidence once it was verified against
//! its own seal, and an error otherwise.

use super::near::Near;
use super::{CheckError, Packet, Sink};
use crate::code::Effect;
use crate::digest::Sha256;
use crate::evidence::{Document, Shelf};
use crate::manifest::Manifest;
use crate::path::BytePath;
use crate::profile::Role;
use crate::text::quote;

/// The packet that the one at hand is said to follow.
pub struct Predecessor<'a> {
    /// Its root, as the user would write it.
    pub shown: BytePath,
    /// What it holds; a clause why not, where it was not verified.
    pub verified: Result<Verified<'a>, String>,
}

/// A packet whose every byte was verified against its own seal.
#[derive(Clone, Copy)]
pub struct Verified<'a> {
    /// Its documents.
    pub shelf: &'a Shelf<'a>,
    /// What it seals.
    pub manifest: &'a Manifest,
    /// The digest of its manifest.
    pub tree: Sha256,
}

impl<'a> Packet<'a> {
    /// The verified predecessor, when one is named. One that is not verified ends the check.
    pub(super) fn before(&self) -> Result<Option<Verified<'a>>, CheckError> {
        let Some(predecessor) = self.predecessor else { return Ok(None) };
        match &predecessor.verified {
            Ok(verified) => Ok(Some(*verified)),
            Err(reason) => {
                let name = quote(predecessor.shown.as_bytes());
                Err(CheckError(format!("the predecessor {name} is not verified: {reason}")))
            }
        }
    }
}

impl<'a> Verified<'a> {
    /// Its document of that role, when it has one. One that cannot be read ends the check.
    pub(super) fn document(self, role: Role) -> Result<Option<&'a Document>, CheckError> {
        let shelf: &'a Shelf<'a> = self.shelf;
        let found = quietly(role, |out| shelf.document(role, out))??.filter(|document| document.is_sealed());
        // One that is called otherwise would be as good as none, and nothing be compared with it.
        match found.is_none().then(|| Near::of(self.manifest, shelf).in_place_of(role)).flatten() {
            Some(misnamed) => Err(CheckError(format!("the predecessor's {misnamed}"))),
            None => Ok(found),
        }
    }
}

/// Reads something of the predecessor. Its faults are its own and are shown when
/// it is verified itself; here they end the check.
pub(super) fn quietly<T>(role: Role, read: impl FnOnce(&mut Sink) -> T) -> Result<T, CheckError> {
    let mut quiet = Sink::default();
    let result = read(&mut quiet);
    match quiet.findings.iter().find(|finding| finding.effect != Effect::None) {
        Some(finding) => Err(CheckError(format!(
            "the predecessor's `{}` cannot be judged: {}",
            role.id(),
            finding.message
        ))),
        None => Ok(result),
    }
}
