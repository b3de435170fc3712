//! Changing bytes and sealing the copy again, as somebody would who wants the
//! change to go unnoticed: wherever the old digest of a changed file is written,
//! the new one takes its place, in manifests, pins and the packet's own lists.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use memchr::memmem;

use super::trial::content;
use crate::digest::Sha256;
use crate::evidence::Value;
use crate::packet::names::promise;
use crate::path::BytePath;
use crate::source::memory::Files;
use crate::source::snapshot::Item;

/// `bytes` with parts replaced, given in their order.
pub(super) fn edited(bytes: &[u8], edits: &[(Range<usize>, Vec<u8>)]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    for (range, new) in edits {
        out.extend_from_slice(bytes.get(at..range.start).unwrap_or_default());
        out.extend_from_slice(new);
        at = range.end;
    }
    out.extend_from_slice(bytes.get(at..).unwrap_or_default());
    out
}

/// The bytes of a member or item with the comma that goes with it.
pub(super) fn removal(bytes: &[u8], value: Value<'_>) -> Range<usize> {
    let span = value.span();
    let start = value.key_span().map_or(span.start, |key| key.start);
    let blanks = |bytes: &[u8]| bytes.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
    let behind = bytes.get(span.end..).unwrap_or_default();
    let gap = blanks(behind);
    if behind.get(gap) == Some(&b',') {
        let after = behind.get(gap + 1..).unwrap_or_default();
        return start..span.end + gap + 1 + blanks(after);
    }
    let before = bytes.get(..start).unwrap_or_default();
    let lead = before.iter().rev().take_while(|byte| byte.is_ascii_whitespace()).count();
    match before.len().checked_sub(lead + 1).filter(|&at| before.get(at) == Some(&b',')) {
        Some(comma) => comma..span.end,
        None => start..span.end,
    }
}

/// The changed copy with its seals made to agree with it again.
pub(super) fn sealed_again(before: &Files, mut after: Files, changed: &BytePath) -> Files {
    let mut work = vec![changed.clone()];
    // What the lists say of each file at the moment.
    let mut written: BTreeMap<BytePath, (String, usize)> = BTreeMap::new();
    // No list holds its own digest, so this comes to an end; hostile ones may not.
    let mut left = 8 * after.len();
    while let Some(path) = work.pop() {
        let Some(new) = content(&after, &path).map(fact) else { continue };
        let known = written.get(&path).cloned().or_else(|| content(before, &path).map(fact));
        let Some(old) = known.filter(|old| *old != new && left > 0) else { continue };
        left -= 1;
        let names: Vec<BytePath> = after.keys().filter(|other| **other != path).cloned().collect();
        for name in names {
            let Some(text) = content(&after, &name) else { continue };
            if let Some(renewed) = renewed(text, &old, &new, promise(name.file_name()).is_some()) {
                after.insert(name.clone(), Item::File(Arc::from(renewed)));
                work.push(name);
            }
        }
        written.insert(path, new);
    }
    after
}

fn fact(bytes: &[u8]) -> (String, usize) {
    (Sha256::of(bytes).to_string(), bytes.len())
}

/// The text with a digest renewed, in either case of its digits, and in a seal also
/// the length on its line or in its object; `None` where it is not listed.
fn renewed(text: &[u8], old: &(String, usize), new: &(String, usize), is_seal: bool) -> Option<Vec<u8>> {
    let mut out: Option<Vec<u8>> = None;
    for (from, to) in
        [(old.0.clone(), new.0.clone()), (old.0.to_ascii_uppercase(), new.0.to_ascii_uppercase())]
    {
        while let Some(at) = memmem::find(out.as_deref().unwrap_or(text), from.as_bytes()) {
            let mut now =
                edited(out.as_deref().unwrap_or(text), &[(at..at + from.len(), to.clone().into_bytes())]);
            if is_seal && old.1 != new.1 {
                now = with_length(&now, at, (old.1, new.1));
            }
            out = Some(now);
        }
    }
    out
}

/// Puts the new length in the place of the old one beside a digest.
fn with_length(text: &[u8], digest: usize, (old, new): (usize, usize)) -> Vec<u8> {
    let json = text.iter().find(|byte| !byte.is_ascii_whitespace()).is_some_and(|byte| b"{[".contains(byte));
    let ends: (&[u8], &[u8]) = if json { (b"{", b"}") } else { (b"\n", b"\n") };
    let start = text.get(..digest).and_then(|head| head.iter().rposition(|b| ends.0.contains(b)));
    let start = start.map_or(0, |at| at + 1);
    let end = text.get(digest..).and_then(|tail| tail.iter().position(|b| ends.1.contains(b)));
    let end = end.map_or(text.len(), |at| digest + at);
    let old = old.to_string();
    let word =
        |byte: Option<&u8>| byte.is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'.' || *b == b'_');
    let window = text.get(start..end).unwrap_or_default();
    let found = memmem::find_iter(window, old.as_bytes()).map(|at| start + at).find(|&at| {
        let before = at.checked_sub(1).and_then(|at| text.get(at));
        !word(before) && !word(text.get(at + old.len()))
    });
    match found {
        Some(at) => edited(text, &[(at..at + old.len(), new.to_string().into_bytes())]),
        None => text.to_vec(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::path::Backslash;

    fn path(name: &str) -> BytePath {
        BytePath::parse(name.as_bytes(), Backslash::Refuse).unwrap()
    }

    fn files(all: &[(&str, String)]) -> Files {
        all.iter().map(|(name, text)| (path(name), Item::File(Arc::from(text.as_bytes())))).collect()
    }

    fn sha(text: &str) -> String {
        Sha256::of(text.as_bytes()).to_string()
    }

    #[test]
    fn a_change_is_carried_through_every_list_to_the_pin() {
        let list = |of: &str| format!("{{\"files\": [\"{}\"]}}\n", sha(of));
        let manifest =
            |a: &str, l: &str| format!("{} {} a.json\n{} {} list.json\n", sha(a), a.len(), sha(l), l.len());
        let whole = |a: &str| {
            let (l, m) = (list(a), manifest(a, &list(a)));
            let pin = format!("{}\n", sha(&m));
            files(&[
                ("a.json", a.into()),
                ("list.json", l),
                ("HASH_MANIFEST.txt", m),
                ("packet_tree.sha256", pin),
            ])
        };
        let (old, new) = (whole("one"), whole("another"));
        let mut changed = old.clone();
        changed.insert(path("a.json"), new[&path("a.json")].clone());
        assert_eq!(sealed_again(&old, changed, &path("a.json")), new);
    }

    #[test]
    fn a_member_goes_with_its_comma() {
        for (text, pointer, left) in [
            (r#"{"a": 1, "b": 2}"#, "/a", r#"{"b": 2}"#),
            (r#"{"a": 1, "b": 2}"#, "/b", r#"{"a": 1}"#),
            (r#"{"a": 1}"#, "/a", "{}"),
            ("[1 , 2]", "/0", "[2]"),
            ("[1, [2]]", "/1", "[1]"),
        ] {
            let held = crate::evidence::Held { bytes: text.into(), sealed: true, recovered: false };
            let limits = crate::evidence::Limits::default();
            let document = crate::evidence::Document::read(
                path("x"),
                held,
                crate::profile::Spellings::default(),
                limits,
            );
            let document = document.unwrap();
            let value = document.values().find(|value| value.pointer() == pointer).unwrap();
            let range = removal(text.as_bytes(), value);
            assert_eq!(edited(text.as_bytes(), &[(range, Vec::new())]), left.as_bytes(), "{text} {pointer}");
        }
    }
}
