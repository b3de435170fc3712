//! Names as patterns of `.gitattributes`: what a glob gives a meaning to is
//! escaped, and what ends a word is put in quotes, as C writes strings.

use crate::path::BytePath;

/// A pattern that matches this one file, relative to the attributes file.
pub(in crate::doctor) fn file(path: &BytePath) -> String {
    pattern(path, "")
}

/// A pattern that matches everything below a folder.
pub(in crate::doctor) fn below(folder: &BytePath) -> String {
    if folder.is_root() { "*".to_owned() } else { pattern(folder, "/**") }
}

/// A pattern that matches a folder itself.
pub(in crate::doctor) fn folder(path: &BytePath) -> String {
    pattern(path, "/")
}

/// A pattern of `.gitignore` for this one file, which knows no quotes; `None`
/// when no line can hold it.
pub(in crate::doctor) fn ignored(path: &BytePath) -> Option<String> {
    let glob = String::from_utf8(glob(path, "")).ok()?;
    let line = |c: char| !c.is_control() && !crate::text::is_deceptive(c);
    (glob.chars().all(line) && !glob.ends_with(' ')).then_some(glob)
}

fn pattern(path: &BytePath, tail: &str) -> String {
    let glob = glob(path, tail);
    let plain = |byte: &u8| byte.is_ascii_graphic() && !b"\"\\".contains(byte);
    let text = String::from_utf8_lossy(&glob);
    let bare = glob.iter().all(plain) && !glob.starts_with(b"#") && !glob.starts_with(b"[attr]");
    // No word of a name stands where it could be taken for ours.
    if bare && !crate::text::holds_a_verdict(&text) { text.into_owned() } else { quote(&glob) }
}

fn glob(path: &BytePath, tail: &str) -> Vec<u8> {
    let mut glob = Vec::new();
    // Without a slash inside, a pattern means a name in any folder.
    if !path.as_bytes().contains(&b'/') && !tail.contains("/*") {
        glob.push(b'/');
    }
    for &byte in path.as_bytes() {
        if b"*?[]\\!".contains(&byte) {
            glob.push(b'\\');
        }
        glob.push(byte);
    }
    glob.extend_from_slice(tail.as_bytes());
    glob
}

fn quote(bytes: &[u8]) -> String {
    let mut out = String::from("\"");
    for &byte in bytes {
        match byte {
            b'"' | b'\\' => out.extend(['\\', char::from(byte)]),
            b' '..=b'~' => out.push(char::from(byte)),
            _ => {
                out.push('\\');
                out.extend([byte >> 6, (byte >> 3) & 7, byte & 7].map(|digit| char::from(b'0' + digit)));
            }
        }
    }
    out.push('"');
    out
}

/// Reads a quoted word at the start of a line; gives it and what follows.
pub(super) fn unquote(line: &[u8]) -> Option<(Vec<u8>, &[u8])> {
    let mut rest = line.strip_prefix(b"\"")?;
    let mut out = Vec::new();
    loop {
        let (&byte, after) = rest.split_first()?;
        rest = after;
        match byte {
            b'"' => return Some((out, rest)),
            b'\\' => {
                let (&escape, after) = rest.split_first()?;
                rest = after;
                out.push(match escape {
                    b'a' => 7,
                    b'b' => 8,
                    b'f' => 12,
                    b'n' => b'\n',
                    b'r' => b'\r',
                    b't' => b'\t',
                    b'v' => 11,
                    b'"' | b'\\' => escape,
                    b'0'..=b'3' => {
                        let digit =
                            |at: usize| rest.get(at).filter(|d| (b'0'..=b'7').contains(d)).map(|d| d - b'0');
                        let value = ((escape - b'0') << 6) | (digit(0)? << 3) | digit(1)?;
                        rest = rest.get(2..)?;
                        value
                    }
                    _ => return None,
                });
            }
            _ => out.push(byte),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::path::Backslash;

    fn path(raw: &[u8]) -> BytePath {
        BytePath::parse(raw, Backslash::Literal).unwrap()
    }

    #[test]
    fn a_pattern_means_one_place() {
        assert_eq!(below(&path(b"packet")), "packet/**");
        assert_eq!(below(&BytePath::root()), "*");
        assert_eq!(file(&path(b"a.md")), "/a.md");
        assert_eq!(file(&path(b"p/a.md")), "p/a.md");
        assert_eq!(folder(&path(b"p")), "/p/");
        assert_eq!(below(&path(b"two words")), "\"two words/**\"");
        assert_eq!(file(&path(b"#a")), "/#a");
        assert_eq!(below(&path(b"#a")), "\"#a/**\"");
        assert_eq!(file(&path(b"p/[x]*")), r#""p/\\[x\\]\\*""#);
        assert_eq!(file(&path("p/\u{e9}\n".as_bytes())), r#""p/\303\251\012""#);
    }

    proptest::proptest! {
        #[test]
        fn what_is_quoted_is_read_back(bytes in proptest::collection::vec(1u8..=255, 0..20)) {
            let quoted = quote(&bytes);
            proptest::prop_assert!(quoted.is_ascii() && !quoted.contains('\n'));
            let line = format!("{quoted} -text");
            proptest::prop_assert_eq!(unquote(line.as_bytes()), Some((bytes, b" -text".as_slice())));
        }
    }
}
