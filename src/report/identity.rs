//! What stays the same of a finding from one run to the next, as a digest.
//!
//! It is made of the code, the file and the digest that was sealed: not of line
//! numbers, of the text of a line or of the bytes found, which all move while the
//! finding remains. Findings that these do not tell apart are numbered.

use std::collections::HashMap;

use super::Report;
use super::human::file::{from_here, whole};
use crate::digest::Sha256;
use crate::path::BytePath;

/// The version of the recipe. Another recipe is another version.
const VERSION: &str = "seal.finding/v1";

/// One fingerprint per finding of the report, in its order, all different.
pub(super) fn fingerprints(report: &Report) -> Vec<String> {
    let mut seen: HashMap<Sha256, u64> = HashMap::new();
    let mut all = Vec::with_capacity(report.findings.len());
    for finding in &report.findings {
        let file = whole(report, finding);
        let document = finding.located_in.as_ref().map(|path| from_here(report, finding, path));
        let manifest = finding.packet.and_then(|at| report.packets.get(at)).map(|packet| &packet.manifest);
        let same = digest(&[
            VERSION.as_bytes(),
            finding.code.id().as_bytes(),
            manifest.map(BytePath::as_bytes).unwrap_or_default(),
            document.as_ref().map(BytePath::as_bytes).unwrap_or_default(),
            file.as_ref().map(BytePath::as_bytes).unwrap_or_default(),
            finding.sealed.as_ref().map(|fact| fact.digest.as_bytes()).unwrap_or_default(),
        ]);
        let number = seen.entry(same).or_default();
        let own =
            if *number == 0 { same } else { digest(&[same.to_string().as_bytes(), &number.to_be_bytes()]) };
        *number += 1;
        all.push(own.to_string());
    }
    all
}

/// The digest of a list, so that no two lists have one.
fn digest(parts: &[&[u8]]) -> Sha256 {
    let mut bytes = Vec::new();
    for part in parts {
        bytes.extend_from_slice(&(part.len() as u64).to_be_bytes());
        bytes.extend_from_slice(part);
    }
    Sha256::of(&bytes)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::report::samples;

    #[test]
    fn all_are_different_and_none_depends_on_lines_or_words() {
        for (name, report) in samples::all_but_passing() {
            let all = fingerprints(&report);
            assert_eq!(all.len(), report.findings.len());
            assert_eq!(all.iter().collect::<HashSet<_>>().len(), all.len(), "{name}");
            let mut moved = report.clone();
            for finding in &mut moved.findings {
                finding.message = "other words".into();
                finding.found = None;
                finding.snippet = None;
                if let Some(at) = &mut finding.location {
                    at.line += 1;
                }
            }
            assert_eq!(all, fingerprints(&moved), "{name}");
        }
    }

    #[test]
    fn another_file_and_another_seal_are_other_findings() {
        let report = samples::failing();
        let mut other = report.clone();
        other.findings[0].path = Some(samples::path(b"other"));
        other.findings[2].sealed.as_mut().unwrap().digest = "9".repeat(64);
        let (before, after) = (fingerprints(&report), fingerprints(&other));
        assert_ne!(before[0], after[0]);
        assert_ne!(before[2], after[2]);
        assert_eq!(before[3..], after[3..]);
    }

    #[test]
    fn the_recipe_does_not_change_within_a_version() {
        insta::assert_snapshot!(fingerprints(&samples::failing()).join("\n"));
    }
}
