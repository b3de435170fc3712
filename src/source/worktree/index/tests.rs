//! Indices built here, whole and broken.

use proptest::prelude::*;

use super::*;
use crate::path::Backslash;

fn paths(names: &[&str]) -> Vec<BytePath> {
    names.iter().map(|name| BytePath::parse(name.as_bytes(), Backslash::Refuse).unwrap()).collect()
}

fn ask(index: &[u8], names: &[&str]) -> Option<Vec<bool>> {
    let paths = paths(names);
    holds(index, Entries::Tracked, &paths.iter().collect::<Vec<_>>())
}

/// An index as git writes it, with digests of `digest` bytes.
fn build(version: u32, digest: usize, entries: &[(&str, u32)], extensions: &[u8]) -> Vec<u8> {
    let count = u32::try_from(entries.len()).unwrap();
    let mut index = [&b"DIRC"[..], &version.to_be_bytes(), &count.to_be_bytes()].concat();
    let mut previous = "";
    for (name, kind) in entries {
        let start = index.len();
        index.extend([0x41; 24]);
        index.extend(kind.to_be_bytes());
        index.extend([0x42; 12]);
        index.extend(vec![0x43; digest]);
        // Every entry of version 3 has the further flags of one left out of a sparse checkout.
        let extended = if version == 3 { EXTENDED } else { 0 };
        index.extend((u16::try_from(name.len().min(0xfff)).unwrap() | extended).to_be_bytes());
        if version == 3 {
            index.extend([0x40, 0]);
        }
        if version == 4 {
            let same = name.bytes().zip(previous.bytes()).take_while(|(a, b)| a == b).count();
            index.extend(varint(previous.len() - same));
            index.extend(&name.as_bytes()[same..]);
            index.push(0);
        } else {
            index.extend(name.as_bytes());
            index.resize(start + (index.len() - start + 8) / 8 * 8, 0);
        }
        previous = name;
    }
    index.extend(extensions);
    index.extend(vec![0x44; digest]);
    index
}

/// As a pack stores the distance to a base.
fn varint(mut value: usize) -> Vec<u8> {
    let mut bytes = vec![u8::try_from(value & 127).unwrap()];
    while value >> 7 != 0 {
        value = (value >> 7) - 1;
        bytes.push(u8::try_from(value & 127).unwrap() | 128);
    }
    bytes.reverse();
    bytes
}

const TREE: &[u8] = b"TREE\0\0\0\x03abc";

#[test]
fn every_version_and_digest_is_read() {
    let long = format!("{}/end", "deep/".repeat(80).trim_end_matches('/'));
    let mut names = ["a", "a.txt", "a/b", "a/bc", "a0", "z/link", &long];
    names.sort_unstable();
    let kinds = |name: &str| if name == "z/link" { LINK | 0o777 } else { FILE | 0o644 };
    let entries: Vec<(&str, u32)> = names.iter().map(|name| (*name, kinds(name))).collect();
    for version in 2..=4 {
        for digest in [20, 32] {
            let index = build(version, digest, &entries, TREE);
            let got = ask(&index, &["a/bc", "a/c", "z", &long, "a", "zz", "z/link"]);
            assert_eq!(got.unwrap(), [true, false, false, true, true, false, true], "{version} {digest}");
        }
    }
    assert_eq!(ask(&build(2, 20, &[], b""), &["a"]), Some(vec![false]));
}

#[test]
fn what_lies_below_a_folder_that_is_not_listed_out_may_be_tracked() {
    for kind in [FOLDER, SUBMODULE] {
        let name = if kind == FOLDER { "d/" } else { "d" };
        let entries = [("b", FILE), (name, kind), ("d0", FILE)];
        let got = ask(&build(2, 20, &entries, b"sdir\0\0\0\0"), &["d/x", "c", "d/y/z", "d0", "d1", "d"]);
        assert_eq!(got.unwrap(), [true, false, true, true, false, kind == SUBMODULE], "{kind:o}");
    }
    let nested = [("d", SUBMODULE), ("d/e", SUBMODULE), ("d/e/f", SUBMODULE)];
    assert_eq!(ask(&build(2, 20, &nested, b""), &["d/e/x", "d/e/f", "d/e/f/y", "d/z"]), Some(vec![true; 4]));
}

#[test]
fn what_is_not_understood_is_not_known() {
    let one = [("a", FILE)];
    assert_eq!(ask(&build(2, 20, &one, b""), &["a"]), Some(vec![true]));
    for extension in [&b"link\0\0\0\0"[..], b"what\0\0\0\0", b"TREE\0\0\0\x09abc", b"TR"] {
        assert_eq!(ask(&build(2, 20, &one, extension), &["a"]), None, "{extension:?}");
    }
    for version in [0, 1, 5] {
        assert_eq!(ask(&build(version, 20, &one, b""), &["a"]), None, "{version}");
    }
    assert_eq!(ask(&build(2, 20, &[("b", FILE), ("a", FILE)], b""), &["a"]), None, "out of order");
    assert_eq!(ask(&build(2, 20, &[("a", 0)], b""), &["a"]), None, "no kind");
    assert_eq!(ask(&build(2, 20, &[("", FILE)], b""), &["a"]), None, "no name");
    let long = "a".repeat(MAX_LEN + 1);
    assert_eq!(ask(&build(4, 20, &[(&long, FILE)], b""), &["a"]), None, "too long");
    assert_eq!(ask(b"", &["a"]), None);
    let huge = [&b"DIRC\0\0\0\x02\xff\xff\xff\xff"[..], &[0; 20]].concat();
    assert_eq!(ask(&huge, &["a"]), None, "entries that are not there");
}

#[test]
fn a_part_of_an_index_is_not_known() {
    for version in 2..=4 {
        let whole = build(version, 20, &[("a/b", FILE), ("a/c", FILE)], b"");
        for length in 0..whole.len() {
            assert_eq!(ask(&whole[..length], &["a/b"]), None, "{version}, {length} bytes");
        }
    }
}

proptest! {
    #[test]
    fn distances_are_read_as_they_are_written(dropped in 0_usize..70_000) {
        let bytes = [varint(dropped), b"x\0".to_vec()].concat();
        let previous = vec![b'a'; dropped];
        let mut rest = Rest(&bytes);
        prop_assert_eq!(rest.compressed(&previous), Some(b"x".to_vec()));
        prop_assert!(rest.0.is_empty());
        if let Some(short) = previous.get(1..) {
            prop_assert_eq!(Rest(&bytes).compressed(short), None);
        }
    }

    #[test]
    fn a_changed_byte_never_panics(at in 0_usize..200, byte: u8, version in 2_u32..=4) {
        let mut index = build(version, 20, &[("a/b", FILE), ("a/c", SUBMODULE), ("d", FILE)], TREE);
        if let Some(there) = index.get_mut(at) {
            *there = byte;
        }
        let _ = ask(&index, &["a/b", "a/c/d"]);
    }
}

#[test]
fn entries_left_out_of_a_sparse_checkout_are_told_from_the_others() {
    let left_out = |version, kind| {
        let index = build(version, 20, &[("a/", kind), ("b", FILE)], b"");
        let paths = paths(&["a/x", "b", "c"]);
        holds(&index, Entries::LeftOut, &paths.iter().collect::<Vec<_>>()).unwrap()
    };
    assert_eq!(left_out(3, FOLDER), [true, true, false]);
    assert_eq!(left_out(2, FOLDER), [false, false, false]);
    assert_eq!(left_out(4, SUBMODULE), [false, false, false]);
}
