//! A seal is never made over proven drift by accident: before a folder is
//! sealed again it is compared with the seal it has.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::code::Code;
use crate::finding::Finding;
use crate::gate::{self, ConfigFrom, Damage, Options, Part};
use crate::observe::Progress;
use crate::packet::MANIFEST_NAME;
use crate::path::BytePath;
use crate::text::quote;

/// Findings that refuse to seal `folder` again: one for each drift that is
/// proven in it and not `accepted`, with the files concerned. Edited, added and
/// removed files are no matter here; they are what sealing again is for.
///
/// `options` say how far the comparison looks; which seal, is said here. No
/// configuration can narrow it.
pub fn over_drift(
    folder: &Path,
    shown: &str,
    options: Options,
    accepted: &[Code],
    progress: &Progress,
) -> Result<(), Vec<Finding>> {
    let manifest = folder.join(&*BytePath::root().child(MANIFEST_NAME).to_os());
    if manifest.symlink_metadata().is_err() {
        return Ok(());
    }
    let options = Options {
        paths: Vec::new(),
        manifest: Some(manifest),
        root: Some(folder.to_owned()),
        explain: true,
        config: ConfigFrom::Nowhere,
        ..options
    };
    let judged = gate::judged(&options, progress)?;
    let mut drifts: BTreeMap<&[Code], Vec<&Damage>> = BTreeMap::new();
    for damage in &judged.damages {
        let refused = damage.causes.iter().any(|code| !is_editing(*code) && !accepted.contains(code));
        if damage.part != Part::Pin && refused {
            drifts.entry(&damage.causes).or_default().push(damage);
        }
    }
    let codes = drifts.keys().flat_map(|codes| codes.iter()).filter(|code| !is_editing(**code));
    let ids: BTreeSet<&str> = codes.map(|code| code.id()).collect();
    let accept = ids.into_iter().collect::<Vec<_>>().join(",");
    let findings: Vec<Finding> =
        drifts.into_iter().filter_map(|(codes, files)| refusal(shown, codes, &files, &accept)).collect();
    if findings.is_empty() { Ok(()) } else { Err(findings) }
}

/// What people do to files on purpose, proven or not.
pub(super) fn is_editing(code: Code) -> bool {
    matches!(code, Code::EditedContent | Code::Appended)
}

/// `accept` names every drift found, so that one command accepts them all.
fn refusal(folder: &str, codes: &[Code], files: &[&Damage], accept: &str) -> Option<Finding> {
    let first = files.first()?;
    let ids: Vec<&str> = codes.iter().map(|code| code.id()).collect();
    let what = match files.len() {
        1 => format!("{} differs", quote(first.path.as_bytes())),
        n => format!("{n} files differ"),
    };
    let message = format!("{what} from the seal there by nothing but a proven drift: {}", ids.join(" + "));
    let mut finding = Finding::new(Code::ResealOverDrift, message)
        .help(format!(
            "put the sealed bytes back: `seal restore {folder} --write`; or, if these bytes are the ones you want, \
             seal them: `seal create {folder} --accept-drift {accept}`"
        ))
        .path(first.path.clone());
    finding.others = files.iter().skip(1).map(|damage| damage.path.clone()).collect();
    Some(finding)
}
