//! Names and fields that are nearly those of a document.

use serde_json::json;

use crate::check::bench::{Bench, Judged};
use crate::check::blockers::BlockersCheck;
use crate::check::surfaces::SurfacesCheck;
use crate::check::{Status, governance, samples};
use crate::code::Severity;

/// A packet of evidence that has no blocker map under its own name.
fn bench() -> Bench {
    Bench::new("fix7").json("rollback-recovery-proof.json", &samples::execution_proof())
}

fn map(name: &str) -> Bench {
    bench().json(name, &governance::document("blocker-map.json"))
}

fn judge(bench: &Bench) -> Judged {
    bench.judge(&BlockersCheck)
}

#[test]
fn a_document_under_nearly_its_name_is_told_and_fails() {
    judge(&map("blocker-map.json")).is_ok();
    judge(&bench()).is(Status::NotApplied);
    for name in [
        "Blocker-Map.json",
        "blocker_map.json",
        "blocker-map.JSON",
        "blockermap.json",
        "bl\u{43e}cker-map.json",
    ] {
        let judged = judge(&map(name));
        assert_eq!(judged.codes(), ["evidence_misnamed"], "{name}");
        judged.is(Status::Failed);
        let finding = &judged.0.findings[0];
        assert_eq!(finding.path.as_ref().unwrap().as_bytes(), name.as_bytes());
        assert!(
            finding.message.contains("nearly the name of the document `blockers`"),
            "{}",
            finding.message
        );
        assert!(finding.help.contains("call it \"blocker-map.json\""), "{}", finding.help);
        // Beside the document itself it may be anybody's.
        let both = map(name).json("blocker-map.json", &governance::document("blocker-map.json"));
        let judged = judge(&both);
        assert_eq!(judged.codes(), ["evidence_misnamed"], "{name}");
        assert_eq!(judged.0.findings[0].severity, Severity::Warning);
        judged.is(Status::Ok);
    }
}

#[test]
fn a_document_with_the_fields_of_one_is_told_and_fails() {
    for name in ["open-points.json", "blocker-map-v2.json"] {
        let judged = judge(&map(name));
        assert_eq!(judged.codes(), ["evidence_misnamed"], "{name}");
        assert!(judged.0.findings[0].message.contains("has the fields of the document `blockers`"));
    }
    let both = map("blocker-map.json").json("blocker-map-v2.json", &governance::document("blocker-map.json"));
    let judged = judge(&both);
    assert_eq!(judged.0.findings[0].severity, Severity::Warning);
    judged.is(Status::Ok);
    let earlier = map("blocker-map.json").json("earlier/blocker-map.json", &json!({}));
    judge(&earlier).is_ok();
    // Half of the fields, no object, no JSON and another folder are no such document.
    let others = bench()
        .json("a.json", &json!({"blockers": []}))
        .json("b.json", &json!([{"blockers": [], "newly_closed": []}]))
        .file("c.json", "{\"blockers\": [], \"newly_closed\": ")
        .json("raw/d.json", &governance::document("blocker-map.json"));
    judge(&others).is(Status::NotApplied);
    let proof = bench().json("proof.json", &governance::document("forbidden-surface-proof.json"));
    assert_eq!(proof.judge(&SurfacesCheck).codes(), ["evidence_misnamed"]);
    judge(&proof).is(Status::NotApplied);
}

/// A file is looked into for its fields up to a length.
#[test]
fn a_document_of_a_megabyte_is_not_guessed_at() {
    let map = serde_json::to_string(&governance::document("blocker-map.json")).unwrap();
    let padded =
        |length: usize| bench().file("open-points.json", map.clone() + &" ".repeat(length - map.len()));
    assert_eq!(judge(&padded(super::LONGEST)).codes(), ["evidence_misnamed"]);
    judge(&padded(super::LONGEST + 1)).is(Status::NotApplied);
}

/// Only so many files are looked into for their fields.
#[test]
fn files_of_other_kinds_do_not_crowd_out_a_document() {
    let images = (0..super::LOOKED_INTO).map(|at| format!("image-{at}.bin"));
    let crowded = images.fold(map("open-points.json"), |bench, name| bench.file(&name, "x"));
    assert_eq!(judge(&crowded).codes(), ["evidence_misnamed"]);
}

#[test]
fn a_copy_in_another_folder_and_a_packet_without_evidence_are_a_guess() {
    let judged = judge(&map("earlier/blocker-map.json"));
    assert_eq!(judged.codes(), ["evidence_misnamed"]);
    assert_eq!(judged.0.findings[0].severity, Severity::Warning);
    judged.is(Status::NotApplied);
    let plain = Bench::new("generic").json("Blocker-Map.json", &json!({"a": 1}));
    let judged = judge(&plain);
    assert_eq!(judged.0.findings[0].severity, Severity::Warning);
    judged.is(Status::NotApplied);
    // A packet inside of the packet is judged by its own seal.
    let nested = map("inner/blocker-map.json").file("inner/HASH_MANIFEST.txt", "");
    assert!(judge(&nested).codes().is_empty());
    let deeper = map("inner/more/Blocker-Map.json").file("inner/packet_tree.sha256", "");
    assert!(judge(&deeper).codes().is_empty());
    for beside in ["Blocker-Map.json", "inner-2/blocker-map.json"] {
        let beside = map(beside).file("inner/HASH_MANIFEST.txt", "");
        assert_eq!(judge(&beside).codes(), ["evidence_misnamed"]);
    }
    let plain = Bench::new("generic").json("open.json", &governance::document("blocker-map.json"));
    assert!(judge(&plain).codes().is_empty());
    let plain = Bench::new("generic").json("fixtures/blocker-map.json", &json!({}));
    assert!(judge(&plain).codes().is_empty());
}
