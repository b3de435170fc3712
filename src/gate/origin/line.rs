//! The line of a `.gitattributes` that keeps git from changing files, and the
//! file it belongs in.

use crate::finding::origin::AttributeLine;
use crate::path::BytePath;
use crate::text::holds_a_verdict;

/// The line that unsets attributes for one file, or for everything below a
/// folder, in the `.gitattributes` of `folder`. `None` when the path is not below it.
pub(crate) fn line(folder: &BytePath, path: &BytePath, below: bool, unset: &[&str]) -> Option<AttributeLine> {
    let path = path.strip_prefix(folder)?;
    let pattern = match (path.is_root(), below) {
        (true, false) => return None,
        (true, true) => "*".to_owned(),
        (false, true) => pattern(&path, "/**"),
        (false, false) => pattern(&path, ""),
    };
    let attributes: String = unset.iter().flat_map(|name| [" -", name]).collect();
    Some(AttributeLine { file: folder.child(b".gitattributes"), line: format!("{pattern}{attributes}") })
}

/// A pattern for this very path: bare, or in quotes as C writes strings, with
/// what patterns give a meaning to taken literally. It is ASCII and has no
/// backtick, whatever the path.
fn pattern(path: &BytePath, tail: &str) -> String {
    let bytes = path.as_bytes();
    // Without a slash it would mean every file of that name.
    let anchor = if bytes.contains(&b'/') || !tail.is_empty() { "" } else { "/" };
    let bare = |b: &u8| b.is_ascii_alphanumeric() || b"._/@+-".contains(b);
    if let Ok(text) = std::str::from_utf8(bytes)
        && bytes.iter().all(bare)
        && !holds_a_verdict(text)
    {
        return format!("{anchor}{text}{tail}");
    }
    let mut out = format!("\"{anchor}");
    for (at, &byte) in bytes.iter().enumerate() {
        match byte {
            b'*' | b'?' | b'[' | b']' => out.extend(["\\\\", &char::from(byte).to_string()]),
            b'\\' => out.push_str("\\\\\\\\"),
            b'"' => out.push_str("\\\""),
            // At the start it would take the pattern back, which attributes do not allow.
            b'!' | b'#' if at == 0 && anchor.is_empty() => {
                out.extend(["\\\\", &char::from(byte).to_string()]);
            }
            b'`' | 0..=0x1f | 0x7f.. => out.extend(["\\".to_owned(), format!("{byte:03o}")]),
            _ => out.push(char::from(byte)),
        }
    }
    out + tail + "\""
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(name: &[u8]) -> BytePath {
        name.split(|b| *b == b'/').fold(BytePath::root(), |path, part| path.child(part))
    }

    fn made(folder: &[u8], name: &[u8], below: bool) -> String {
        let folder = if folder.is_empty() { BytePath::root() } else { path(folder) };
        line(&folder, &path(name), below, &["text"]).unwrap().line
    }

    #[test]
    fn a_pattern_means_one_file_or_everything_below_a_folder() {
        assert_eq!(made(b"", b"a.txt", false), "/a.txt -text");
        assert_eq!(made(b"", b"packet/a.txt", false), "packet/a.txt -text");
        assert_eq!(made(b"", b"packet", true), "packet/** -text");
        assert_eq!(made(b"packet", b"packet", true), "* -text");
        assert_eq!(made(b"packet", b"packet/sub/a", false), "sub/a -text");
        assert_eq!(line(&path(b"other"), &path(b"packet/a"), false, &["text"]), None);
        let both = line(&BytePath::root(), &path(b"a"), false, &["text", "ident"]).unwrap();
        assert_eq!(
            (both.line.as_str(), both.file.as_bytes()),
            ("/a -text -ident", b".gitattributes".as_slice())
        );
    }

    #[test]
    fn no_name_means_anything_but_itself() {
        assert_eq!(made(b"", b"d/two words", false), "\"d/two words\" -text");
        assert_eq!(made(b"", b"d/a*[b]?", false), r#""d/a\\*\\[b\\]\\?" -text"#);
        assert_eq!(made(b"", b"!d/a\"b\\c", false), r#""\\!d/a\"b\\\\c" -text"#);
        assert_eq!(made(b"", b"#a", false), "\"/#a\" -text");
        assert_eq!(made(b"", b"d/a\n\xff`", false), r#""d/a\012\377\140" -text"#);
        assert_eq!(made(b"", b"ALL_PASS", true), "\"ALL_PASS/**\" -text");
    }
}
