//! What is an entry in a JSON document, and what is not.

use crate::code::Code;
use crate::manifest::{Format, Manifest, NotAManifest, Options, parse};

fn hex(n: u8) -> String {
    format!("{n:02x}").repeat(32)
}

fn text(template: &str) -> String {
    template.replace("H1", &hex(1)).replace("H2", &hex(2)).replace("H3", &hex(3))
}

fn read(template: &str) -> Manifest {
    parse(text(template).as_bytes(), &Options::new(b"manifest.json"))
        .unwrap_or_else(|e| panic!("{template}: {e}"))
}

fn names(manifest: &Manifest) -> Vec<String> {
    manifest.entries.iter().map(|e| String::from_utf8_lossy(e.path.as_bytes()).into_owned()).collect()
}

fn codes(manifest: &Manifest) -> Vec<Code> {
    manifest.problems.iter().map(|p| p.code).filter(|code| *code != Code::ManifestFields).collect()
}

#[test]
fn lists_of_objects_in_any_field_names() {
    for template in [
        r#"{"packet": "p", "files": [{"path": "a/b", "sha256": "H1", "size": 3}, {"path": "c", "sha256": "sha256:H2"}]}"#,
        r#"[{"file": "a/b", "hash": "H1"}, {"file": "c", "hash": "H2"}]"#,
        r#"{"x": {"y": [{"name": "a/b", "role": "r", "digest": {"sha256": "H1"}}, {"name": "c", "SHA-256": "H2"}]}}"#,
        r#"{"items": {"one": {"path": "a/b", "checksum": "H1"}, "two": {"path": "c", "checksum": "H2"}}}"#,
        r#"{"files": [{"relative_path": "a/b", "name": "b", "sha256": "H1"}, {"filename": "c", "sha256": "H2"}]}"#,
    ] {
        let manifest = read(template);
        assert_eq!(
            (manifest.format, names(&manifest)),
            (Format::JsonList, vec!["a/b".to_owned(), "c".to_owned()])
        );
        assert_eq!(codes(&manifest), [], "{template}");
        assert!(manifest.problems.iter().any(|p| p.code == Code::ManifestFields));
    }
}

#[test]
fn maps_from_path_to_digest() {
    for template in [
        r#"{"a/b": "H1", "c": "H2"}"#,
        r#"{"generated": "today", "files": {"a/b": "sha256:H1", "c": "H2"}}"#,
        r#"{"hashes": {"a/b": {"sha256": "H1", "size": 1}, "c": {"sha256": "H2"}}}"#,
        r#"{"tree_sha256": "H3", "a/b": "H1", "c": "H2"}"#,
        r#"{"sha256": {"a/b": "H1", "c": "H2"}}"#,
    ] {
        let manifest = read(template);
        assert_eq!(manifest.format, Format::JsonMap, "{template}");
        assert_eq!(names(&manifest), ["a/b", "c"], "{template}");
        let beside = u32::from(template.contains("tree_sha256"));
        let told: Vec<_> = (0..beside).map(|_| Code::ManifestOtherDigest).collect();
        assert_eq!(codes(&manifest), told, "{template}");
    }
}

#[test]
fn digests_of_something_else_are_no_entries() {
    for template in [
        r#"{"packet_sha256": "H1", "version": "1"}"#,
        r#"{"sha256": "H1"}"#,
        r#"{"commit": "H1", "build": {"image": {"digest": "H2"}}}"#,
        r#"{"name": "x", "version": "2"}"#,
        r#"{"name": "icon", "hash": "deadbeef"}"#,
    ] {
        let got = parse(text(template).as_bytes(), &Options::new(b"manifest.json"));
        assert!(matches!(got, Err(NotAManifest::NoEntries(_))), "{template}: {got:?}");
    }
    let manifest = read(r#"{"packet_sha256": "H1", "files": [{"path": "a", "sha256": "H2"}]}"#);
    assert_eq!(names(&manifest), ["a"]);
}

#[test]
fn no_element_of_a_list_is_lost() {
    let manifest =
        read(r#"{"files": [{"path": "a", "sha256": "H1"}, {"path": "b"}, {"sha256": "H2"}, "c", {}]}"#);
    assert_eq!(names(&manifest), ["a"]);
    assert_eq!(codes(&manifest), [Code::MalformedLine; 4]);
    let manifest = read(r#"{"files": {"a.txt": "H1", "b.txt": null, "c": {"note": 1}, "_remark": "x"}}"#);
    assert_eq!(codes(&manifest), [Code::MalformedLine; 2]);
}

#[test]
fn bad_digests_are_entries_that_could_not_be_read() {
    let manifest = read(
        r#"[{"path": "a", "sha256": "H1"}, {"path": "b", "sha256": "H20"}, {"path": "c", "sha256": "no"}]"#,
    );
    assert_eq!(codes(&manifest), [Code::MalformedDigest; 2]);
    assert_eq!(manifest.problems[1].name.as_deref(), Some(&b"b"[..]));
    let manifest = read(r#"{"files": {"a.txt": "H1", "b.txt": "H20"}}"#);
    assert_eq!(codes(&manifest), [Code::MalformedDigest]);
    let manifest =
        read(r#"[{"path": "a", "hash": "H1", "algorithm": "BLAKE3"}, {"path": "b", "sha3-256": "H1"}]"#);
    assert_eq!(codes(&manifest), [Code::UnsupportedDigest; 2]);
}

#[test]
fn duplicate_members_are_found_through_escapes() {
    let manifest = read(r#"{"a.txt": "H1", "a.tx\u0074": "H1"}"#);
    assert_eq!(manifest.entries.len(), 2);
    assert_eq!(codes(&manifest), [Code::DuplicatePath]);
    let manifest = read(r#"[{"path": "a", "sha256": "H1", "sha25\u0036": "H2"}]"#);
    assert!(codes(&manifest).contains(&Code::MalformedLine));
    let manifest = read(r#"[{"path": "a", "path": "b", "sha256": "H1"}]"#);
    assert_eq!(codes(&manifest), [Code::MalformedLine]);
    let manifest = read(r#"{"a.txt": "H1", "b.txt": "H2", "b.txt": 1}"#);
    assert_eq!(codes(&manifest), [Code::MalformedLine, Code::MalformedLine]);
}

#[test]
fn several_digests_of_one_file() {
    let long = "ab".repeat(64);
    let manifest =
        read(&format!(r#"{{"files": {{"a.txt": {{"sha256": "H1", "sha512": "{long}", "size": 7}}}}}}"#));
    assert_eq!((names(&manifest), codes(&manifest)), (vec!["a.txt".to_owned(); 2], vec![]));
    assert_eq!(manifest.entries[1].size, Some(7));
    let manifest = read(r#"[{"path": "a", "sha256": "H1", "hash": "sha256:H1"}]"#);
    assert_eq!((manifest.entries.len(), codes(&manifest)), (1, vec![]));
    let manifest = read(r#"{"files": {"a.txt": {"sha256": "H1", "hash": "H2"}}}"#);
    assert_eq!((manifest.entries.len(), codes(&manifest)), (1, vec![Code::MalformedLine]));
}

#[test]
fn references_and_delegation() {
    let manifest = read(
        r#"{"files": [{"path": "a", "sha256": "H1", "by_reference": true}, {"path": "b", "sha256": "H1"}]}"#,
    );
    assert_eq!(manifest.entries.iter().map(|e| e.by_reference).collect::<Vec<_>>(), [true, false]);
    let manifest = read(r#"{"packet": "p", "per_file_hashes": "HASH_MANIFEST.txt"}"#);
    assert_eq!(manifest.delegates_to[0].as_bytes(), b"HASH_MANIFEST.txt");
    let manifest = read(r#"{"per_file_hashes": "../x", "files": [{"path": "a", "sha256": "H1"}]}"#);
    assert_eq!(codes(&manifest), [Code::PathTraversal]);
}

#[test]
fn places_are_objects_and_members() {
    let body = text(
        "{\n  \"files\": [\n    {\"path\": \"\u{e9}\", \"sha256\": \"H1\"},\n  {\"path\": \"../b\", \"sha256\": \"H2\"}]}",
    );
    for (prefix, skipped) in [("", 0), ("\u{feff}", 3)] {
        let file = format!("{prefix}{body}");
        let manifest = parse(file.as_bytes(), &Options::new(b"manifest.json")).unwrap();
        let place = manifest.entries[0].place;
        assert_eq!((place.line, place.column), (3, 5));
        assert!(file[place.span.start..place.span.end].starts_with("{\"path\": \"\u{e9}\""));
        let bad = manifest.problems.iter().find(|p| p.code == Code::PathTraversal).unwrap();
        assert_eq!((bad.place.line, bad.place.column), (4, 12));
        assert_eq!(&file[bad.place.span.start..bad.place.span.end], "\"../b\"");
        assert!(skipped == 0 || manifest.problems.iter().any(|p| p.code == Code::ManifestBom));
    }
}

#[test]
fn broken_documents_name_the_place() {
    let got = parse(b"{\"files\": [\n {\"path\": }]}", &Options::new(b"manifest.json"));
    let Err(NotAManifest::Broken { place, .. }) = got else { panic!("{got:?}") };
    assert_eq!((place.line, place.column, place.span.start), (2, 11, 22));
    assert_eq!(parse(b"{\"files\": []}", &Options::new(b"m")), Err(NotAManifest::Empty));
    let lengths =
        read(r#"[{"path": "a", "sha256": "H1", "size": 1.5}, {"path": "b", "sha256": "H2", "size": 4}]"#);
    assert_eq!(codes(&lengths), [Code::MalformedLine]);
    assert_eq!(lengths.entries[1].size, Some(4));
}
