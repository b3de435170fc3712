//! `symlink_as_file`: a link's text in the place of the file, or the reverse.
//!
//! A checkout without symbolic links (`core.symlinks` off, as on Windows) leaves
//! files that hold nothing but where the link leads. Where a text leads is
//! reckoned here from names alone; whoever looks there follows no link.

use bstr::ByteSlice;

use super::{Cause, Diagnosis, Grade, Search};
use crate::code::Code;
use crate::path::{Backslash, BytePath};
use crate::text;

/// The longest text that a link can have where links are made (`PATH_MAX` on Linux).
const LONGEST: usize = 4096;

/// Where a link at `at` with the text `found` leads, when that is another path
/// of the same root. Never one outside of it.
pub fn leads_to(found: &[u8], at: &BytePath) -> Option<BytePath> {
    if !reads_like_a_link(found) {
        return None;
    }
    let mut steps: Vec<&[u8]> = Vec::new();
    let folder = at.parent();
    for step in folder.components().chain(found.split(|byte| *byte == b'/')) {
        match step {
            b"" | b"." => {}
            b".." => {
                steps.pop()?;
            }
            step => steps.push(step),
        }
    }
    // Names are judged where they are used: a path is read from no other bytes.
    let path = BytePath::parse(&steps.join(&b'/'), Backslash::Literal).ok()?;
    (path != *at).then_some(path)
}

/// Whether a whole file may be the text of a link: one line of a name, and no newline.
pub(super) fn reads_like_a_link(found: &[u8]) -> bool {
    !found.is_empty()
        && found.len() <= LONGEST
        && !found.starts_with(b"/")
        && found.trim_ascii().len() == found.len()
        && !found.iter().any(u8::is_ascii_control)
        && found.is_utf8()
}

/// The answer for a file that holds the text of a link to the sealed bytes.
pub fn text_found(found: &[u8]) -> Diagnosis {
    let direction = "sealed the content, now the text of a symbolic link to it";
    answer(direction, format!("the whole file, which reads {}", quoted(found)), Grade::ProvenByOriginal)
}

/// The cause of a link that stands where its text was sealed as a file.
pub fn link_found(target: &[u8]) -> Cause {
    Cause {
        code: Code::SymlinkAsFile,
        direction: "sealed the text of a symbolic link, now the link itself".to_owned(),
        scope: format!("a link to {}", quoted(target)),
        sites: None,
    }
}

fn answer(direction: &str, scope: String, grade: Grade) -> Diagnosis {
    Diagnosis {
        causes: vec![Cause {
            code: Code::SymlinkAsFile,
            direction: direction.to_owned(),
            scope,
            sites: None,
        }],
        grade,
        recipe: None,
        first_difference: None,
        changed_lines: Vec::new(),
        observations: Vec::new(),
        search: Search { exhausted: true, ..Search::default() },
    }
}

fn quoted(target: &[u8]) -> String {
    match target.get(..200) {
        Some(start) if start.len() < target.len() => format!("{}\u{2026}", text::quote(start)),
        _ => text::quote(target),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(name: &str) -> BytePath {
        BytePath::parse(name.as_bytes(), Backslash::Refuse).unwrap()
    }

    #[test]
    fn a_text_leads_within_the_root_or_nowhere() {
        let lead =
            |text: &str, at: &str| leads_to(text.as_bytes(), &path(at)).map(|path| format!("{path:?}"));
        let to = |name: &str| Some(format!("{:?}", path(name)));
        assert_eq!(lead("b.md", "a.md"), to("b.md"));
        assert_eq!(lead("../shared/log.txt", "reports/log.txt"), to("shared/log.txt"));
        assert_eq!(lead("./x/../y", "d/a"), to("d/y"));
        for (text, at) in [
            ("../b.md", "a.md"),
            ("../../x", "d/a"),
            ("/etc/passwd", "a"),
            ("a.md", "a.md"),
            ("d/..", "a"),
            ("b.md\n", "a.md"),
            ("two\nlines", "a.md"),
            ("", "a.md"),
            (" b.md", "a.md"),
        ] {
            assert_eq!(lead(text, at), None, "{text:?} at {at}");
        }
        assert_eq!(leads_to(&[b'x'; LONGEST + 1], &path("a")), None);
    }

    proptest::proptest! {
        #[test]
        fn no_text_leads_out(text in "[./a-c]{0,40}", at in "[a-c](/[a-c]){0,3}") {
            if let Some(to) = leads_to(text.as_bytes(), &path(&at)) {
                proptest::prop_assert!(to.components().all(|step| step != b".." && step != b"."));
                proptest::prop_assert!(!to.is_root());
            }
        }
    }
}
