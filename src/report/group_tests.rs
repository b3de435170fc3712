//! Which findings stand together, and in which order.

use super::*;
use crate::report::samples::{cause, crlf, drifted, em_dash, path};

fn finding(code: Code, name: &[u8]) -> Finding {
    let mut finding = Finding::new(code, "what happened");
    finding.packet = Some(0);
    finding.path = Some(path(name));
    finding
}

fn headings(findings: &[Finding]) -> Vec<(String, u64)> {
    group(findings).into_iter().map(|group| (group.cause, group.count)).collect()
}

#[test]
fn one_cause_in_many_files_is_one_group() {
    let findings: Vec<Finding> = (0..23).flat_map(|n| crlf(format!("f{n:02}").as_bytes(), n + 1)).collect();
    assert_eq!(findings.len(), 46);
    let groups = group(&findings);
    assert_eq!(groups.len(), 1);
    assert_eq!(groups[0].cause, "Line endings changed: sealed with LF, now CRLF");
    assert_eq!((groups[0].count, groups[0].findings.len()), (23, 46));
}

#[test]
fn another_direction_or_another_order_of_causes_is_another_group() {
    let back = cause(Code::CrlfDrift, "sealed with CRLF, now LF", "all", 1, 1);
    let bom = cause(Code::BomPrefix, "added", "", 0, 0);
    let mut both = drifted(b"c", Code::BomPrefix, bom, (1, 1));
    both[0].causes.push(back.clone());
    let findings = [crlf(b"a", 1), drifted(b"b", Code::CrlfDrift, back, (1, 1)), both].concat();
    let causes: Vec<String> = headings(&findings).into_iter().map(|(cause, _)| cause).collect();
    assert_eq!(causes.len(), 3, "{causes:?}");
    assert!(
        causes.contains(
            &"Byte-order mark added or removed: added + Line endings changed: sealed with CRLF, now LF"
                .to_owned()
        )
    );
}

#[test]
fn a_companion_follows_the_finding_about_the_bytes() {
    let length = finding(Code::ByteLengthMismatch, b"a");
    let listed_twice = finding(Code::DuplicatePath, b"a");
    let findings = [vec![length.clone(), listed_twice], crlf(b"a", 3)].concat();
    let groups = group(&findings);
    let of_crlf = groups.iter().find(|group| group.cause.starts_with("Line endings")).unwrap();
    assert_eq!(of_crlf.findings, [0, 2, 3]);
    assert_eq!(of_crlf.count, 1);
    // The same name in another packet is another file; and alone it is a group of its own.
    let mut elsewhere = length;
    elsewhere.packet = Some(1);
    let findings = [vec![elsewhere], crlf(b"a", 3)].concat();
    assert_eq!(headings(&findings).len(), 2);
}

#[test]
fn the_seal_comes_first_then_proven_causes_by_size_then_the_rest() {
    let findings = [
        vec![
            finding(Code::UnsealedFile, b"u"),
            finding(Code::MissingFile, b"m"),
            finding(Code::EditedContent, b"e"),
        ],
        em_dash(),
        crlf(b"a", 1),
        crlf(b"b", 1),
        vec![
            finding(Code::UnreadableFile, b"r"),
            finding(Code::MalformedLine, b"HASH_MANIFEST.txt"),
            finding(Code::ConfigInvalid, b"seal.toml"),
        ],
    ]
    .concat();
    let codes: Vec<Code> =
        group(&findings).iter().map(|group| leaders(&findings, group).next().unwrap().code).collect();
    assert_eq!(
        codes,
        [
            Code::MalformedLine,
            Code::ConfigInvalid,
            Code::UnreadableFile,
            Code::CrlfDrift,
            Code::EmdashUnicodeDrift,
            Code::EditedContent,
            Code::MissingFile,
            Code::UnsealedFile,
        ]
    );
}

#[test]
fn a_pin_that_broke_by_the_same_cause_stands_with_the_files() {
    let mut pin = finding(Code::TreePinMismatch, b"packet_tree.sha256");
    pin.causes = crlf(b"a", 1)[0].causes.clone();
    pin.grade = Grade::ProvenByHash;
    let groups = group(&[em_dash(), crlf(b"a", 1), vec![pin]].concat());
    assert_eq!(groups.len(), 2);
    assert_eq!((groups[0].count, groups[0].findings.len()), (2, 3));
}

/// A manifest that drifted, and the pin that says so.
fn manifest_and_pin(causes: bool) -> [Finding; 2] {
    let tree = Some(crate::finding::Fact { digest: "f".repeat(64), size: None });
    let mut pin = finding(Code::TreePinMismatch, b"packet_tree.sha256");
    pin.sealed.clone_from(&tree);
    let mut manifest = if causes {
        crlf(b"HASH_MANIFEST.txt", 21).swap_remove(0)
    } else {
        finding(Code::EditedContent, b"HASH_MANIFEST.txt")
    };
    manifest.sealed = tree;
    [pin, manifest]
}

#[test]
fn the_manifest_its_pin_and_files_with_one_cause_are_one_group_led_by_the_manifest() {
    let findings = [em_dash(), crlf(b"README.md", 3), manifest_and_pin(true).to_vec()].concat();
    let groups = group(&findings);
    assert_eq!(groups.len(), 2);
    assert_eq!(groups[0].cause, "Line endings changed: sealed with LF, now CRLF");
    let told: Vec<_> = leaders(&findings, &groups[0]).map(|f| f.path.clone().unwrap()).collect();
    assert_eq!(told, [path(b"HASH_MANIFEST.txt"), path(b"README.md")]);
    assert_eq!(groups[0].count, 2);
}

#[test]
fn a_manifest_that_was_edited_stands_with_its_pin_and_not_with_other_edits() {
    let edited = finding(Code::EditedContent, b"README.md");
    let findings = [vec![edited], manifest_and_pin(false).to_vec()].concat();
    let groups = group(&findings);
    assert_eq!(groups[0].cause, Code::TreePinMismatch.row().title);
    assert_eq!((groups[0].findings.as_slice(), groups[1].findings.as_slice()), (&[1, 2][..], &[0][..]));
}

#[test]
fn a_tree_demanded_from_outside_follows_the_manifest_only_when_it_is_the_sealed_one() {
    let [_, manifest] = manifest_and_pin(true);
    let mut demanded = finding(Code::ExpectedTreeMismatch, b"HASH_MANIFEST.txt");
    demanded.sealed.clone_from(&manifest.sealed);
    assert_eq!(group(&[manifest.clone(), demanded.clone()]).len(), 1);
    demanded.sealed = Some(crate::finding::Fact { digest: "0".repeat(64), size: None });
    assert_eq!(group(&[manifest, demanded]).len(), 2);
}

#[test]
fn the_place_that_a_file_was_moved_to_is_no_cause_of_its_own() {
    let mut moved = finding(Code::Renamed, b"README.md");
    moved.others = vec![path(b"Readme.md")];
    let findings =
        [finding(Code::UnsealedFile, b"Readme.md"), moved, finding(Code::UnsealedFile, b"new.txt")];
    let groups = group(&findings);
    assert_eq!(groups.len(), 2);
    assert_eq!((groups[0].count, groups[0].findings.as_slice()), (1, &[0, 1][..]));
    assert_eq!(groups[1].findings, [2]);
}

#[test]
fn a_heading_tells_two_replacements_and_counts_the_others() {
    let way = |text: &str| cause(Code::EmdashUnicodeDrift, text, "all", 1, 1);
    let mut findings = drifted(b"a", Code::EmdashUnicodeDrift, way("em dash replaced"), (1, 1));
    findings[0].causes.extend([way("ellipsis replaced"), way("quote replaced"), way("space replaced")]);
    assert_eq!(
        group(&findings)[0].cause,
        "Typographic characters replaced: em dash replaced, ellipsis replaced, and 2 other replacements"
    );
    findings[0].causes.push(cause(Code::CrlfDrift, "sealed with LF, now CRLF", "all", 1, 1));
    assert_eq!(
        group(&findings)[0].cause,
        "Typographic characters replaced: em dash replaced, and 3 other replacements \
         + Line endings changed: sealed with LF, now CRLF"
    );
}

#[test]
fn a_suspicion_never_stands_with_a_proof() {
    let mut suspected = crlf(b"b", 1);
    suspected[0].grade = Grade::Suspected;
    assert_eq!(group(&[crlf(b"a", 1), suspected].concat()).len(), 2);
}

#[test]
fn findings_that_do_not_count_are_in_no_group() {
    let quiet = finding(Code::EditedContent, b"x").downgraded(crate::code::Severity::Warning);
    let note = finding(Code::RootInferred, b"y");
    assert!(group(&[quiet, note]).is_empty());
}

#[test]
fn help_is_shared_when_it_is_the_same_and_general_otherwise() {
    let mut findings = [crlf(b"a", 1), crlf(b"b", 1)].concat();
    findings[0].help = "do this".into();
    findings[2].help = "do this".into();
    assert_eq!(group(&findings)[0].help, "do this");
    findings[2].help = "do that".into();
    assert_eq!(group(&findings)[0].help, Code::CrlfDrift.row().fix);
}

fn any_finding() -> impl proptest::strategy::Strategy<Value = Finding> {
    use proptest::prelude::*;
    let code = (0..Code::table().len()).prop_map(|at| Code::table()[at].code);
    (code, proptest::option::of(0usize..2), proptest::option::of(0u8..4), 0u8..3, any::<bool>()).prop_map(
        |(code, packet, name, causes, silent)| {
            let mut finding = Finding::new(code, "message");
            finding.packet = packet;
            finding.path = name.map(|name| path(&[b'a' + name]));
            for n in 0..causes {
                finding.causes.push(cause(Code::CrlfDrift, &format!("way {n}"), "all", 1, 1));
            }
            if silent { finding.downgraded(crate::code::Severity::Note) } else { finding }
        },
    )
}

proptest::proptest! {
    #[test]
    fn every_finding_that_counts_is_in_exactly_one_group(
        findings in proptest::collection::vec(any_finding(), 0..40)
    ) {
        let groups = group(&findings);
        let mut grouped: Vec<usize> = groups.iter().flat_map(|group| group.findings.clone()).collect();
        grouped.sort_unstable();
        let counting: Vec<usize> =
            (0..findings.len()).filter(|&at| findings[at].effect != Effect::None).collect();
        proptest::prop_assert_eq!(grouped, counting);
        for group in &groups {
            proptest::prop_assert!(group.count > 0 && !group.cause.is_empty());
            proptest::prop_assert!(group.findings.is_sorted());
        }
    }
}
