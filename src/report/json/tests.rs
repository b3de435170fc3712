//! The JSON report against its schema, and against the fields that other
//! programs rely on.

use serde_json::{Value, json};

use super::*;
use crate::report::samples;

fn rendered(report: &Report) -> (String, Value) {
    let mut out = Vec::new();
    render(report, &mut out).unwrap();
    let text = String::from_utf8(out).unwrap();
    let value = serde_json::from_str(&text).unwrap();
    (text, value)
}

fn validator() -> jsonschema::Validator {
    let schema: Value = serde_json::from_str(include_str!("../../../schema/seal.report.v1.json")).unwrap();
    assert!(jsonschema::draft202012::meta::is_valid(&schema));
    jsonschema::draft202012::new(&schema).unwrap()
}

fn samples() -> Vec<(&'static str, Report)> {
    let mut all = samples::all_but_passing();
    all.push(("passing", samples::passing()));
    all
}

#[test]
fn every_report_fits_the_schema() {
    let validator = validator();
    for (name, report) in samples() {
        let (_, value) = rendered(&report);
        let errors: Vec<String> = validator
            .iter_errors(&value)
            .map(|error| format!("{} at {}", error, error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{name}: {errors:#?}");
    }
}

#[test]
fn the_base_is_named_where_there_is_one_and_fits_the_schema() {
    let mut report = samples::passing();
    assert!(rendered(&report).1.get("base").is_none());
    let commit = crate::git::Oid::parse("4f2c1aa0".repeat(5).as_bytes()).unwrap();
    let want = json!({"revision": "origin/main", "commit": commit.as_str()});
    report.base = Some(crate::report::Base { revision: "origin/main".into(), commit });
    let (_, value) = rendered(&report);
    assert_eq!(value["base"], want);
    assert!(validator().is_valid(&value));
}

#[test]
fn every_layer_is_named_and_fits_the_schema() {
    use crate::git::Oid;
    use crate::source::Layer;
    use crate::source::archive::Format;
    let commit = Oid::parse("4f2c1aa0".repeat(5).as_bytes()).unwrap();
    let archive = |format| Layer::Archive { name: b"p".to_vec(), format };
    let layers = [
        (Layer::WorkTree, json!({"layer": "worktree"})),
        (Layer::Index, json!({"layer": "index"})),
        (
            Layer::Revision { name: "HEAD~1".into(), commit: commit.clone() },
            json!({"layer": "commit", "revision": "HEAD~1", "commit": commit.as_str()}),
        ),
        (archive(Format::Zip), json!({"layer": "archive", "archive": "zip"})),
        (archive(Format::Tar), json!({"layer": "archive", "archive": "tar"})),
        (archive(Format::TarGz), json!({"layer": "archive", "archive": "tar.gz"})),
        (archive(Format::TarZst), json!({"layer": "archive", "archive": "tar.zst"})),
    ];
    for (layer, want) in layers {
        let mut report = samples::passing();
        report.packets.iter_mut().for_each(|packet| packet.layer = layer.clone());
        let (_, value) = rendered(&report);
        assert_eq!(value["packets"][0]["from"], want);
        assert!(validator().is_valid(&value), "{want}");
    }
}

#[test]
fn a_broken_report_does_not_fit() {
    let validator = validator();
    let (_, good) = rendered(&samples::failing());
    let broken: [(&str, Value); 14] = [
        ("/schema", json!("seal.report/v2")),
        ("/result", json!("ok")),
        ("/result", json!("error")),
        ("/exit_code", json!(3)),
        ("/exit_code", json!(0)),
        ("/complete", json!("yes")),
        ("/packets/0/levels/L1", json!("skipped")),
        ("/packets/0/entries/total", json!(-1)),
        ("/packets/0/checks/0/status", json!("PASS")),
        ("/findings/0/severity", json!("fatal")),
        ("/findings/0/path", json!("/etc/passwd")),
        ("/findings/0/sealed", json!({"sha256": "abc"})),
        ("/findings/0/location", json!({"line": 0, "column": 1, "byte": 0})),
        ("/groups/0/findings", json!([])),
    ];
    for (pointer, value) in broken {
        let mut bad = good.clone();
        if let Some(place) = bad.pointer_mut(pointer) {
            *place = value;
        } else {
            let (parent, key) = pointer.rsplit_once('/').unwrap();
            bad.pointer_mut(parent).unwrap()[key] = value;
        }
        assert!(!validator.is_valid(&bad), "{pointer}");
    }
    for key in ["tool", "packets", "findings", "groups", "passed_over", "stats", "exit_code"] {
        let mut bad = good.clone();
        bad.as_object_mut().unwrap().remove(key);
        assert!(!validator.is_valid(&bad), "without {key}");
    }
    let mut more = good.clone();
    more["findings"][0]["a_later_field"] = json!(1);
    assert!(validator.is_valid(&more), "within a version fields may be added");
    more["packets"][0]["entries"]["sealed"] = json!(1);
    assert!(!validator.is_valid(&more), "but not where the set is complete");
}

#[test]
fn the_fields_of_the_contract_are_where_they_belong() {
    let (_, value) = rendered(&samples::failing());
    let at = |pointer: &str| value.pointer(pointer).unwrap_or(&Value::Null).clone();
    assert_eq!(at("/schema"), json!("seal.report/v1"));
    assert_eq!(at("/tool"), json!({"name": "seal", "version": env!("CARGO_PKG_VERSION")}));
    assert_eq!((at("/result"), at("/complete"), at("/exit_code")), (json!("fail"), json!(true), json!(1)));
    assert_eq!(at("/packets/0/root"), json!("packet"));
    assert_eq!(
        at("/packets/0/entries"),
        json!({"total": 21, "intact": 18, "drifted": 2, "missing": 1,
               "unreadable": 0, "unsealed": 0, "referenced": 0})
    );
    assert_eq!(at("/packets/0/levels/L1"), json!("not_judged"));
    assert_eq!(at("/packets/0/checks/1/findings"), json!([5]));
    assert_eq!(at("/findings/0/code"), json!("crlf_drift"));
    assert_eq!(at("/findings/0/packet"), json!("packet"));
    assert_eq!(at("/findings/0/path"), json!("README.md"));
    assert_eq!(at("/findings/0/sealed"), json!({"sha256": "a".repeat(64), "size": 10240}));
    assert_eq!(
        at("/findings/0/cause"),
        json!([{"code": "crlf_drift", "direction": "sealed with LF, now CRLF",
                "scope": "all 214 line ends", "sites": {"changed": 214, "total": 214}}])
    );
    assert_eq!(at("/findings/0/diff/0"), json!({"line": 1, "sealed": "# Packet\n", "found": "# Packet\r\n"}));
    assert_eq!(at("/findings/0/search"), json!({"hypotheses": 30, "bytes": 4711, "exhausted": false}));
    assert_eq!(at("/findings/4/cause"), json!([]));
    assert_eq!(at("/findings/4/code"), json!("missing_file"));
    assert_eq!(at("/stats"), json!({"packets": 1, "files": 21, "bytes": 210_000, "sealed": 0, "damaged": 0}));
    for group in value["groups"].as_array().unwrap() {
        assert!(group.get("origin").is_some() && group["count"].as_u64() > Some(0));
    }
}

#[test]
fn bytes_that_are_no_text_are_kept() {
    let (text, value) = rendered(&samples::hostile());
    assert!(!text.contains('\x1b'), "JSON escapes control characters");
    let path = &value["findings"][0];
    assert_eq!(path["path"], "a\u{1b}]0;title\u{7}\n\u{fffd} PASS.md");
    let bytes = data_encoding::BASE64.decode(path["path_bytes"].as_str().unwrap().as_bytes()).unwrap();
    assert_eq!(bytes, b"a\x1b]0;title\x07\n\xff PASS.md");
    let change = &path["diff"][0];
    assert!(change["sealed_bytes"].is_string() && change["found_bytes"].is_string());
    assert_eq!(path["diff"][2]["found"], Value::Null);
    assert!(value["packets"][0]["root_bytes"].is_string());
}

#[test]
fn the_text_is_indented_ends_in_a_newline_and_never_differs() {
    let (text, _) = rendered(&samples::many());
    assert!(text.starts_with("{\n  \"schema\": \"seal.report/v1\",\n") && text.ends_with("}\n"));
    assert_eq!(text, rendered(&samples::many()).0);
    insta::assert_snapshot!(rendered(&samples::failing()).0);
}
