//! Where damage came in, as a part of the finding about it: what to do there.

use crate::code::Code;
use crate::finding::origin::{Never, Place};
use crate::finding::{Finding, Origin};

/// Adds what git knows to the finding about a file.
pub(super) fn add(finding: &mut Finding, origin: &Origin) {
    if matches!(finding.code, Code::Moved | Code::Renamed | Code::ReferenceUnresolved) {
        return;
    }
    finding.recoverable |= origin.original.is_some();
    if let Some(help) = help(origin, finding) {
        finding.help = help.into();
    }
    finding.origin = Some(Box::new(origin.clone()));
}

/// What to do, where the origin says more than the code.
fn help(origin: &Origin, finding: &Finding) -> Option<String> {
    let restore = "`seal restore FILE --write`";
    let missing = finding.code == Code::MissingFile;
    let help = match &origin.place {
        Place::Checkout(_) => {
            let line = origin.prevented_by.as_ref()?;
            let file = crate::text::quote(line.file.as_bytes());
            let line = &line.line;
            format!(
                "add the line `{line}` at the end of {file} at the top of the repository, commit it, and put the \
                 sealed bytes back: {restore}"
            )
        }
        Place::NotFetched => "fetch the content: `git lfs pull`".to_owned(),
        Place::NotCheckedOut => {
            "check the file out: `git sparse-checkout disable`, or add its folder with `git \
            sparse-checkout add`"
                .to_owned()
        }
        Place::Unstaged | Place::Staged if origin.original.is_some() => {
            let meant = if missing { "its removal" } else { "the change" };
            format!("put the sealed bytes back, git has them: {restore}; or, if {meant} is meant, seal again")
        }
        Place::Committed(_) | Place::Removed(_) if origin.original.is_some() => format!(
            "put the sealed bytes back, git still has them: {restore}; or, if that commit is right, seal again"
        ),
        Place::Elsewhere(_) => format!(
            "put the sealed bytes back, git has them: {restore}; or, if what stands there is right, seal again"
        ),
        Place::Never(Never { sealed_as: Some(_), .. }) if finding.recoverable => {
            let line = "PACKET/** -text";
            format!(
                "either seal the bytes that are committed: `seal create DIR`; or commit the sealed ones: add the line \
                 `{line}` to .gitattributes in the current folder, then {restore} and `git add -- FILE`"
            )
        }
        Place::Ignored(_) => {
            "put the file back from where the packet was made, and commit it past the rule with \
            `git add -f -- FILE`"
                .to_owned()
        }
        Place::NotCommitted if missing => {
            "put the file back from where the packet was made, and commit it".to_owned()
        }
        _ => return None,
    };
    Some(help)
}
