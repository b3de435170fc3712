//! Which profile a packet is of, by the names of its documents.

use super::{BUILT_IN, Key, Profile, builtin};
use crate::manifest::Manifest;
use crate::path::BytePath;

/// The built-in profile that the sealed names of a packet speak for, when it is
/// not the generic one. It extends that one, so that recognition only adds rules.
pub fn recognized(manifest: &Manifest) -> Option<&'static Profile> {
    // Names in the root only, and no more than a packet has: a list may hold a million.
    let of_root = |path: &&BytePath| !path.as_bytes().contains(&b'/');
    let names: Vec<&BytePath> =
        manifest.entries.iter().take(MOST).map(|entry| &entry.path).filter(of_root).collect();
    if !names.iter().any(|name| has_extension(name, b".json")) {
        return None;
    }
    let known = BUILT_IN.into_iter().filter_map(builtin);
    known.filter(|profile| profile.has(Key::RecognizedBy)).find(|profile| {
        let telling = profile.words(Key::RecognizedBy);
        let met = telling.iter().filter(|t| names.iter().any(|name| name.as_bytes() == t.as_bytes())).count();
        met >= ENOUGH
    })
}

/// Entries that are looked at.
const MOST: usize = 10_000;
/// Telling names that make a profile: one alone may be anybody's.
const ENOUGH: usize = 2;

fn has_extension(path: &BytePath, extension: &[u8]) -> bool {
    path.as_bytes().ends_with(extension)
}
