//! Which profile a packet is of, by the names of its documents and by the words
//! that they state.
//!
//! One document alone may be anybody's; two of them tell. A name tells in any
//! letter case and with any separators, and so does a document that states a word
//! of the profile's own, whatever it is called: renaming a document takes no
//! packet out of its rules.

use std::collections::{BTreeSet, HashSet};

use super::{BUILT_IN, Key, Profile, Role, builtin};
use crate::json::{self, Kind, Tokens};
use crate::manifest::Manifest;
use crate::path::BytePath;
use crate::text::alike::letters;

/// Telling documents that make a profile: one alone may be anybody's.
const ENOUGH: usize = 2;

/// Documents that no role names are read up to this number.
const OTHERS: usize = 32;

/// The built-in profile that the sealed documents of a packet speak for, when it is
/// not the generic one. It extends that one, so that recognition only adds rules.
///
/// `read` gives the bytes of a file below the root; they need not be the sealed
/// ones, since nothing but rules comes of them.
pub fn recognized(
    manifest: &Manifest,
    read: impl Fn(&BytePath) -> Option<Vec<u8>>,
) -> Option<&'static Profile> {
    // In the root only. All of them: behind ten thousand others they told nothing.
    let in_root = |path: &&BytePath| !path.as_bytes().contains(&b'/') && is_read(path);
    let names: Vec<&BytePath> = manifest
        .entries
        .iter()
        .map(|entry| &entry.path)
        .filter(in_root)
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect();
    let known = BUILT_IN.into_iter().filter_map(builtin);
    known.filter(|profile| profile.has(Key::RecognizedBy)).find(|profile| {
        let telling: HashSet<String> =
            profile.words(Key::RecognizedBy).iter().map(|name| letters(name)).collect();
        let (by_name, others): (Vec<&BytePath>, Vec<&BytePath>) =
            names.iter().partition(|path| telling.contains(&name_of(path)));
        let met = by_name.len();
        met >= ENOUGH || met + by_words(profile, &others, &read, ENOUGH - met) >= ENOUGH
    })
}

/// Whether a file is one that may tell.
fn is_read(path: &BytePath) -> bool {
    let name = path.as_bytes().to_ascii_lowercase();
    name.ends_with(b".json") || name.ends_with(b".md")
}

fn name_of(path: &BytePath) -> String {
    letters(&String::from_utf8_lossy(path.as_bytes()))
}

/// How many documents, up to `most`, state a word of the profile's own. All pages
/// together are one, since what people write may be about anything.
fn by_words(
    profile: &Profile,
    names: &[&BytePath],
    read: &impl Fn(&BytePath) -> Option<Vec<u8>>,
    most: usize,
) -> usize {
    let words = profile.words(Key::RecognizedWords);
    if words.is_empty() {
        return 0;
    }
    let usual: HashSet<String> =
        Role::ALL.iter().flat_map(|role| profile.documents(*role)).map(name_of).collect();
    let (documents, others): (Vec<&BytePath>, Vec<&BytePath>) =
        names.iter().partition(|path| usual.contains(&name_of(path)));
    let (mut met, mut page) = (0, false);
    for path in documents.into_iter().chain(others.into_iter().take(OTHERS)) {
        if met >= most {
            break;
        }
        let Some(bytes) = read(path) else { continue };
        if path.as_bytes().to_ascii_lowercase().ends_with(b".md") {
            if !page && states(&String::from_utf8_lossy(&bytes), &words) {
                page = true;
                met += 1;
            }
        } else if values(&bytes).any(|text| text.split_whitespace().count() == 1 && states(&text, &words)) {
            met += 1;
        }
    }
    met
}

/// The strings of a JSON text, as far as it is one; names of fields are none.
fn values(bytes: &[u8]) -> impl Iterator<Item = String> {
    let strings = Tokens::new(bytes).map_while(Result::ok).filter(|token| token.kind == Kind::String);
    strings.filter_map(|token| json::decode(token.of(bytes)).map(std::borrow::Cow::into_owned))
}

/// Whether a word of the text is one of the words, or begins as one does before its `*`.
fn states(text: &str, words: &[String]) -> bool {
    let parts = text.split(|c: char| !c.is_alphanumeric() && c != '_' && c != '-');
    parts.filter(|part| !part.is_empty()).any(|part| {
        words.iter().any(|word| match word.strip_suffix('*') {
            Some(head) => part.starts_with(head),
            None => part == word,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest::{Options, parse};

    fn by_content(files: &[(&str, &str)]) -> Option<&'static str> {
        let digest = "0123456789abcdef".repeat(4);
        let lines: Vec<String> = files.iter().map(|(name, _)| format!("{digest}  {name}\n")).collect();
        let manifest = parse(lines.concat().as_bytes(), &Options::new(b"HASH_MANIFEST.txt")).unwrap();
        let read = |path: &BytePath| {
            let found = files.iter().find(|(name, _)| name.as_bytes() == path.as_bytes());
            found.map(|(_, text)| text.as_bytes().to_vec())
        };
        recognized(&manifest, read).map(Profile::name)
    }

    fn profile(names: impl IntoIterator<Item = String>) -> Option<&'static str> {
        let names: Vec<String> = names.into_iter().collect();
        let files: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "")).collect();
        by_content(&files)
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
        let alike = ["Rollback_Recovery-Proof.JSON", "rehearsal target lock.json"].map(str::to_owned);
        assert_eq!(profile(alike), Some("fix7"));
        let below = ["a/rollback-recovery-proof.json", "a/rehearsal-target-lock.json"].map(str::to_owned);
        assert_eq!(profile(below), None, "a packet inside of the packet has its own seal");
    }

    /// Where one of two documents was renamed, the rules of the profile were gone.
    #[test]
    fn a_document_tells_by_the_words_that_it_states() {
        let named = ("rollback-recovery-proof.json", "{}");
        let status = "{\"final_status\": \"FIX7_P0_PRODUCTION_READINESS_SURFACE_SCOPING_READY\"}";
        let blockers = "{\"blockers\": [{\"id\": \"\\u0046IX7-P0-PROD-OPT4-1\"}]}";
        assert_eq!(by_content(&[named, ("machine-report.json", status)]), Some("fix7"));
        assert_eq!(by_content(&[("a.json", status), ("b.json", blockers)]), Some("fix7"));
        assert_eq!(by_content(&[named, ("README.md", "Status: `FIX7_P0_X`\n")]), Some("fix7"));
        for files in [
            &[("a.json", status)][..],
            // Prose in a document and several pages are one mention of it.
            &[named, ("a.json", "{\"note\": \"follows FIX7_P0_X of June\"}")],
            &[named, ("a.json", "{\"FIX7_P0_X\": true}")],
            &[("README.md", "FIX7_P0_X"), ("b.md", "FIX7_P0_X")],
            &[named, ("a.json", "{\"a\": \"XFIX7_P0_X\"}")],
            &[named, ("a/b.json", status)],
            &[named, ("a.txt", status)],
        ] {
            assert_eq!(by_content(files), None, "{files:?}");
        }
    }
}
