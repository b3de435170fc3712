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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::origin::{AttributeLine, Checkout, Commit, Holder, Original, Rule};
    use crate::git::Oid;
    use crate::path::{Backslash, BytePath};

    fn path(name: &str) -> BytePath {
        BytePath::parse(name.as_bytes(), Backslash::Refuse).unwrap()
    }

    fn oid() -> Oid {
        Oid::parse("0123456789".repeat(4).as_bytes()).unwrap()
    }

    fn commit() -> Commit {
        Commit { oid: oid(), date: None, subject: "\"x\"".to_owned(), path: path("a") }
    }

    fn checkout() -> Place {
        Place::Checkout(Checkout { by: Vec::new(), repeated: true })
    }

    fn never(sealed_as: Option<&str>) -> Place {
        Place::Never(Never { first: commit(), sealed_as: sealed_as.map(str::to_owned) })
    }

    fn told(code: Code, recoverable: bool, origin: &Origin) -> Finding {
        let mut finding = Finding::new(code, "x");
        finding.recoverable = recoverable;
        finding.help = "OWN".into();
        add(&mut finding, origin);
        finding
    }

    fn held(place: Place) -> Origin {
        let original = Original { blob: oid(), holder: Holder::Head, path: None };
        Origin { original: Some(original), ..Origin::of(place) }
    }

    fn helps(code: Code, recoverable: bool, origin: &Origin) -> String {
        told(code, recoverable, origin).help.into_owned()
    }

    #[test]
    fn where_damage_came_in_says_what_to_do() {
        let line = AttributeLine { file: path(".gitattributes"), line: "a -text".to_owned() };
        let mut prevented = held(checkout());
        prevented.prevented_by = Some(line);
        let rule = Rule { file: ".gitignore".to_owned(), line: 1, pattern: "a".to_owned() };
        let (drift, gone) = (Code::CrlfDrift, Code::MissingFile);
        for (code, origin, beginning) in [
            (drift, prevented, "add the line `a -text` at the end of \".gitattributes\""),
            (drift, Origin::of(Place::NotFetched), "fetch the content: `git lfs pull`"),
            (gone, Origin::of(Place::NotCheckedOut), "check the file out: `git sparse-checkout disable`"),
            (
                drift,
                held(Place::Unstaged),
                "put the sealed bytes back, git has them: `seal restore FILE --write`; or, if the change is meant",
            ),
            (
                gone,
                held(Place::Staged),
                "put the sealed bytes back, git has them: `seal restore FILE --write`; or, if its removal is meant",
            ),
            (drift, held(Place::Committed(commit())), "put the sealed bytes back, git still has them"),
            (gone, held(Place::Removed(commit())), "put the sealed bytes back, git still has them"),
            (
                drift,
                held(Place::Elsewhere(None)),
                "put the sealed bytes back, git has them: `seal restore FILE --write`; or, if what stands there",
            ),
            (
                gone,
                Origin::of(Place::Ignored(rule)),
                "put the file back from where the packet was made, and commit it past the rule",
            ),
            (
                gone,
                Origin::of(Place::NotCommitted),
                "put the file back from where the packet was made, and commit it",
            ),
        ] {
            let help = helps(code, false, &origin);
            assert!(help.starts_with(beginning), "{help}");
        }
        let help = helps(drift, true, &Origin::of(never(Some("sealed with CRLF"))));
        assert!(help.starts_with("either seal the bytes that are committed"), "{help}");
    }

    #[test]
    fn without_the_sealed_bytes_the_own_help_stays() {
        let drift = Code::CrlfDrift;
        for place in [
            checkout(),
            Place::Unstaged,
            Place::Staged,
            Place::Committed(commit()),
            Place::Removed(commit()),
            never(None),
            never(Some("sealed with CRLF")),
            Place::NotCommitted,
            Place::NotLookedAt("x".to_owned()),
        ] {
            assert_eq!(helps(drift, false, &Origin::of(place.clone())), "OWN", "{place:?}");
        }
    }

    #[test]
    fn what_git_holds_is_recoverable_and_what_moved_is_not_told_of() {
        let finding = told(Code::CrlfDrift, false, &held(Place::Unstaged));
        assert!(finding.recoverable && finding.origin.is_some());
        assert!(!told(Code::CrlfDrift, false, &Origin::of(Place::Unstaged)).recoverable);
        assert!(told(Code::CrlfDrift, true, &Origin::of(Place::Unstaged)).recoverable);
        for code in [Code::Moved, Code::Renamed, Code::ReferenceUnresolved] {
            let finding = told(code, false, &held(Place::Unstaged));
            assert!(!finding.recoverable && finding.origin.is_none());
            assert_eq!(finding.help, "OWN");
        }
    }
}
