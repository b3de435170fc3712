//! Names that another system cannot hold, or spells another way.

use std::collections::BTreeMap;

use bstr::ByteSlice;
use unicode_normalization::{UnicodeNormalization, is_nfc};

use super::risk::Risk;
use super::table::Kind;
use super::tree::Tree;
use crate::path::BytePath;
use crate::text::quote;

/// What is left of Windows' 260 for a path in a repository, in UTF-16 units: a
/// checkout stands below a folder of some length itself.
const LONGEST: usize = 200;

/// Names of devices, whatever follows a period.
const DEVICES: [&str; 4] = ["CON", "PRN", "AUX", "NUL"];

pub(super) fn risks(tree: &Tree<'_>, risks: &mut Vec<Risk>) {
    collisions(tree, risks);
    let of = |wanted: &dyn Fn(&str) -> bool| -> Vec<usize> {
        let text = |path: &BytePath| path.as_bytes().to_str().is_ok_and(wanted);
        tree.files.iter().enumerate().filter(|(_, path)| text(path)).map(|(at, _)| at).collect()
    };
    let mut push = |kind, reason: &str, numbers: Vec<usize>| {
        if !numbers.is_empty() {
            risks.push(
                tree.concerning(Risk::new(kind, reason).fix("rename the files and seal again"), &numbers),
            );
        }
    };
    let impossible = |path: &str| path.split('/').any(is_impossible);
    push(Kind::WindowsName, "no checkout on Windows can hold these names", of(&impossible));
    let not_text = tree.files.iter().enumerate().filter(|(_, path)| path.as_bytes().to_str().is_err());
    let not_text: Vec<usize> = not_text.map(|(at, _)| at).collect();
    push(
        Kind::WindowsName,
        "these names are no UTF-8, and no checkout on macOS or Windows can hold them",
        not_text,
    );
    let long = |path: &str| path.encode_utf16().count() > LONGEST;
    push(Kind::LongPath, "Windows allows 260 characters for a path with the folders above it", of(&long));
    let decomposed = |path: &str| !is_nfc(path) && !tree_has_composed(tree, path);
    push(
        Kind::NameForm,
        "these names write letters with separate marks (NFD), and some systems compose them",
        of(&decomposed),
    );
}

/// Two names for one file were told of already.
fn tree_has_composed(tree: &Tree<'_>, path: &str) -> bool {
    let composed: String = path.nfc().collect();
    tree.sealed.listed.contains(&BytePath::root().child(composed.as_bytes()))
}

/// Names that a system with its own idea of equal names takes for one.
fn collisions(tree: &Tree<'_>, risks: &mut Vec<Risk>) {
    let mut by_name: BTreeMap<String, Vec<&BytePath>> = BTreeMap::new();
    for path in tree.sealed.listed.union(&tree.sealed.files) {
        if let Ok(text) = path.as_bytes().to_str() {
            by_name.entry(text.nfc().collect::<String>().to_lowercase()).or_default().push(path);
        }
    }
    for paths in by_name.into_values().filter(|paths| paths.len() > 1) {
        let sealed: Vec<usize> =
            paths.iter().filter_map(|path| tree.files.binary_search(path).ok()).collect();
        if sealed.is_empty() {
            continue;
        }
        let names: Vec<String> = paths.iter().map(|path| quote(tree.shown(path).as_bytes())).collect();
        let (shown, more) = names.split_at_checked(3).unwrap_or((&names, &[]));
        let more = if more.is_empty() { String::new() } else { format!(" and {} more", more.len()) };
        let reason = format!("{}{more} are one name on macOS and Windows", shown.join(", "));
        let risk = Risk::new(Kind::CaseCollision, reason).fix("rename one of them and seal again");
        risks.push(tree.concerning(risk, &sealed));
    }
}

fn is_impossible(name: &str) -> bool {
    let bad = |c: char| c < ' ' || "<>:\"|?*\\".contains(c);
    let stem = name.split('.').next().unwrap_or_default().trim_end().to_ascii_uppercase();
    let port = |front: &str| {
        let number = stem.strip_prefix(front).unwrap_or_default();
        number.len() == 1 && number.bytes().all(|b| (b'1'..=b'9').contains(&b))
    };
    name.chars().any(bad)
        || name.ends_with(['.', ' '])
        || DEVICES.contains(&stem.as_str())
        || port("COM")
        || port("LPT")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_windows_refuses_are_known() {
        for name in
            ["a:b", "con", "NUL.txt", "aux.tar.gz", "com1", "LPT9.md", "a.", "a ", "a\\b", "a\nb", "what?"]
        {
            assert!(is_impossible(name), "{name}");
        }
        for name in ["console", "com", "com10", "a.b", "nul_", ".con", "a b", "COM0"] {
            assert!(!is_impossible(name), "{name}");
        }
    }
}
