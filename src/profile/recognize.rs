//! Which profile a packet is of, by the names of its documents.

use std::collections::HashSet;

use super::{BUILT_IN, Key, Profile, builtin};
use crate::manifest::Manifest;

/// The built-in profile that the sealed names of a packet speak for, when it is
/// not the generic one. It extends that one, so that recognition only adds rules.
pub fn recognized(manifest: &Manifest) -> Option<&'static Profile> {
    // Names in the root only. All of them: behind ten thousand others they told nothing.
    let of_root = |path: &&[u8]| path.ends_with(b".json") && !path.contains(&b'/');
    let names: HashSet<&[u8]> =
        manifest.entries.iter().map(|entry| entry.path.as_bytes()).filter(of_root).collect();
    let known = BUILT_IN.into_iter().filter_map(builtin);
    known.filter(|profile| profile.has(Key::RecognizedBy)).find(|profile| {
        let telling = profile.words(Key::RecognizedBy);
        let met = telling.iter().filter(|name| names.contains(name.as_bytes())).count();
        met >= ENOUGH
    })
}

/// Telling names that make a profile: one alone may be anybody's.
const ENOUGH: usize = 2;
