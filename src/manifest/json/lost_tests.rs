//! Documents that lost an entry without a word: each ends in an entry, or in a
//! problem that fails.

use crate::code::{Code, Effect};
use crate::manifest::{Manifest, NotAManifest, Options, parse};

fn read(template: &str) -> Manifest {
    let hex = |n: u8| format!("\"{}\"", format!("{n:02x}").repeat(32));
    let line = format!("\"{}  b.txt\"", "0f".repeat(32));
    let text = template.replace("LINE", &line).replace('Z', &hex(0xfe)).replace('A', &hex(0xab));
    parse(text.as_bytes(), &Options::new(b"manifest.json")).unwrap_or_else(|e| panic!("{template}: {e}"))
}

fn failing(manifest: &Manifest) -> Vec<Code> {
    let failing =
        manifest.problems.iter().filter(|p| p.code.row().effect == Effect::Fails && !p.warning_only);
    failing.map(|p| p.code).collect()
}

/// One good entry, and so many problems that fail.
#[track_caller]
fn loses_nothing(template: &str, problems: usize) {
    let manifest = read(template);
    let names: Vec<_> = manifest.entries.iter().map(|e| e.path.as_bytes()).collect();
    assert_eq!((names, failing(&manifest).len()), (vec![&b"a.txt"[..]], problems), "{template}");
}

#[test]
fn a_second_map_beside_the_entries_was_lost() {
    loses_nothing(r#"{"files":{"a.txt":A},"docs":{"LICENSE":Z,"Makefile":Z}}"#, 2);
    loses_nothing(r#"{"files":{"a.txt":A},"docs":{"LICENSE":{"sha256":Z}}}"#, 1);
    loses_nothing(r#"{"files":{"a.txt":A},"docs":{"hash":Z}}"#, 1);
    loses_nothing(r#"{"files":[{"path":"a.txt","sha256":A}],"LICENSE":{"sha256":Z}}"#, 1);
}

#[test]
fn maps_in_a_list_hid_what_stood_beside_them() {
    loses_nothing(r#"[{"a.txt":A},{"b.txt":"short"},"Z  LICENSE"]"#.replace("\"Z  ", "\"x").as_str(), 2);
    loses_nothing(r#"[{"a.txt":A},{"b.txt":"short"},LINE]"#, 2);
}

#[test]
fn an_entry_without_its_digest_was_lost_in_a_map_of_entries() {
    loses_nothing(r#"{"files":{"x":{"name":"a.txt","sha256":A},"y":{"name":"b.txt","sha256":null}}}"#, 1);
    loses_nothing(r#"{"files":{"x":{"name":"a.txt","sha256":A},"y":{"name":"b.txt"},"z":null,"w":{}}}"#, 3);
    loses_nothing(r#"{"x":{"name":"a.txt","sha256":A},"y":{"name":"b.txt","sha256":null}}"#, 1);
}

#[test]
fn files_that_are_called_like_a_digest_are_entries() {
    let manifest = read(r#"{"files":{"a.txt":A,"hash":Z,"sum":Z,"checksum":Z}}"#);
    assert_eq!((manifest.entries.len(), failing(&manifest)), (4, vec![]));
    let manifest = read(r#"{"files":{"a.txt":A,"hash":"short"}}"#);
    assert_eq!(failing(&manifest), [Code::MalformedDigest]);
    let manifest = read(r#"{"a.txt":A,"api-key":Z}"#);
    assert_eq!((manifest.entries.len(), failing(&manifest)), (2, vec![]));
}

#[test]
fn a_second_file_inside_of_an_entry_was_lost() {
    loses_nothing(r#"{"file":"a.txt","sha256":A,"b.txt":Z}"#, 1);
    loses_nothing(r#"{"file":"a.txt","sha256":A,"LICENSE":Z}"#, 1);
}

#[test]
fn members_of_a_map_that_hold_no_digest_were_lost() {
    for value in ["null", "\"\"", "{}", "[]", "12", "\"pending\"", "true"] {
        loses_nothing(&format!(r#"{{"a.txt":A,"LICENSE":{value}}}"#), 1);
        loses_nothing(&format!(r#"{{"files":{{"a.txt":A,"name":{value}}}}}"#), 1);
        loses_nothing(&format!(r#"{{"files":{{"a.txt":A,"size":{value}}}}}"#), usize::from(value != "null"));
    }
    loses_nothing(r#"{"version":"1","generated_at":"today","_note":"x","a.txt":A}"#, 0);
}

#[test]
fn a_second_list_beside_the_entries_was_lost() {
    for more in [
        r#"[["b.txt",Z]]"#,
        "[LINE]",
        "LINE",
        r#"[{"path":"b.txt"}]"#,
        r#"{"path":"b.txt"}"#,
        "[Z]",
        "{Z:\"b.txt\"}",
        r#"{"b":{"c":[Z]}}"#,
    ] {
        loses_nothing(&format!(r#"{{"files":[{{"path":"a.txt","sha256":A}}],"more":{more}}}"#), 1);
    }
}

#[test]
fn what_is_left_of_a_digest_under_a_path_is_told() {
    for member in [r#""b.txt":{"sha256":"short"}"#, r#""b.txt":{"sha256":null}"#, r#""b.txt":"0f3a9""#] {
        loses_nothing(&format!(r#"{{"files":[{{"path":"a.txt","sha256":A}}],{member}}}"#), 1);
        loses_nothing(&format!(r#"{{"a.txt":A,{member}}}"#), 1);
    }
}

#[test]
fn fields_of_an_entry_with_other_values_were_passed_over() {
    for (field, value) in
        [("sha512", "12"), ("sha512", "[1]"), ("size", "[9]"), ("size", "{}"), ("hash", "true")]
    {
        loses_nothing(&format!(r#"{{"files":[{{"path":"a.txt","sha256":A,"{field}":{value}}}]}}"#), 1);
    }
    loses_nothing(r#"{"files":[{"path":"a.txt","sha256":A,"md5":null,"size":null}]}"#, 0);
}

#[test]
fn digests_of_something_else_are_a_visible_warning() {
    for beside in [
        r#""packet_sha256":Z"#,
        r#""tree":Z"#,
        r#""manifest_sha256":Z"#,
        r#""rootHash":Z"#,
        r#""previous":Z"#,
        r#""previous":{"sha256":Z}"#,
        r#""parents":[Z]"#,
        r#""sha256":Z"#,
        r#""run":{"config_hash":Z}"#,
    ] {
        let manifest = read(&format!(r#"{{"files":[{{"path":"a.txt","sha256":A}}],{beside}}}"#));
        assert_eq!(failing(&manifest), [], "{beside}");
        assert!(manifest.problems.iter().any(|p| p.code == Code::ManifestOtherDigest), "{beside}");
    }
    let manifest = read(r#"{"a.txt":A,"tree_sha256":Z,"packet":Z}"#);
    let told = manifest.problems.iter().find(|p| p.code == Code::ManifestOtherDigest).unwrap();
    assert!(told.message.starts_with("2 digests belong to no file"), "{}", told.message);
}

#[test]
fn two_digests_conflict_only_when_their_algorithm_is_one() {
    let manifest = read(r#"[{"path":"a.txt","sha256":A,"blake3":Z}]"#);
    let problems: Vec<_> = manifest.problems.iter().map(|p| (p.code, p.warning_only)).collect();
    assert_eq!(problems, [(Code::ManifestFields, false), (Code::UnsupportedDigest, true)]);
    let manifest = read(r#"[{"path":"a.txt","sha256":A,"hash":Z}]"#);
    assert_eq!(failing(&manifest), [Code::MalformedLine]);
}

#[test]
fn lists_and_escaped_keys_delegate_too() {
    for (value, names) in [
        (r#"{"per_file_hashes":["X","d/Y"]}"#, vec!["X", "d/Y"]),
        (r#"{"per_file_h\u0061shes":"X"}"#, vec!["X"]),
        (r#"{"per_file_h\u0061shes":["X"]}"#, vec!["X"]),
    ] {
        let manifest = read(value);
        let got: Vec<_> = manifest.delegates_to.iter().map(crate::path::BytePath::as_bytes).collect();
        assert_eq!(got, names.iter().map(|name| name.as_bytes()).collect::<Vec<_>>(), "{value}");
        assert_eq!(manifest.problems, []);
    }
    assert_eq!(
        failing(&read(r#"{"per_file_hashes":["X",12,"../Y"]}"#)),
        [Code::MalformedLine, Code::PathTraversal]
    );
}

#[test]
fn documents_without_entries_are_left_alone() {
    let hex = "ab".repeat(64);
    let lock = format!(
        r#"{{"name":"x","lockfileVersion":3,"packages":{{"node_modules/y":{{"version":"1","integrity":"sha512-{hex}"}}}}}}"#
    );
    let got = parse(lock.as_bytes(), &Options::new(b"package-lock.json"));
    assert!(matches!(got, Err(NotAManifest::NoEntries(_))), "{got:?}");
}

#[test]
fn a_mistyped_digest_in_another_container_was_lost() {
    let good = "a".repeat(64);
    for bad in
        ["b".repeat(63), "b".repeat(65), format!("{}z", "b".repeat(63)), format!("sha256:{}", "b".repeat(63))]
    {
        let text = format!("{{\"files\":{{\"a\":\"{good}\"}},\"extra\":{{\"c\":\"{bad}\"}}}}");
        let manifest = parse(text.as_bytes(), &Options::new(b"SHA256SUMS.json")).unwrap();
        assert!(manifest.problems.iter().any(|p| p.code.row().effect != Effect::None), "{bad}");
    }
    let text = format!("{{\"files\":{{\"a\":\"{good}\"}},\"extra\":{{\"sub/c.txt\":null}}}}");
    let manifest = parse(text.as_bytes(), &Options::new(b"SHA256SUMS.json")).unwrap();
    assert!(manifest.problems.iter().any(|p| p.code.row().effect != Effect::None));
}
