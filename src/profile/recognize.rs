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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest::{Options, parse};

    fn profile(names: impl IntoIterator<Item = String>) -> Option<&'static str> {
        let digest = "0123456789abcdef".repeat(4);
        let lines: Vec<String> = names.into_iter().map(|name| format!("{digest}  {name}\n")).collect();
        recognized(&parse(lines.concat().as_bytes(), &Options::new(b"HASH_MANIFEST.txt")).unwrap())
            .map(Profile::name)
    }

    /// Ten thousand other names before them hid the telling ones.
    #[test]
    fn telling_names_behind_many_others_were_not_seen() {
        let telling = ["rollback-recovery-proof.json", "rehearsal-target-lock.json"].map(str::to_owned);
        assert_eq!(profile(telling.clone()), Some("fix7"));
        let others = (0..10_050).map(|number| format!("a/{number}"));
        assert_eq!(profile(others.chain(telling.clone())), Some("fix7"));
        assert_eq!(profile(telling.into_iter().take(1)), None, "one alone may be anybody's");
        assert_eq!(profile(["a.json".to_owned(), "b.json".to_owned()]), None);
    }
}
