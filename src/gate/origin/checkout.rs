//! What a checkout makes of committed bytes: git's own conversions, done again
//! on the blob, so that their result can be compared with the bytes found.
//! Filters are named and never run.

use bstr::ByteSlice;

use crate::drift::Encoding;
use crate::finding::origin::Setting;
use crate::git::{AttributeState, Attributes, Oid, Scope, Settings};
use crate::text::quote;

/// What git goes by at one path.
#[derive(Clone, Copy)]
pub(super) struct Rules<'r> {
    pub(super) attributes: &'r Attributes,
    pub(super) settings: &'r Settings,
}

/// Bytes as a checkout writes them, and why they are not those of the blob.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Written {
    pub(super) bytes: Vec<u8>,
    /// The attributes and settings that took part.
    pub(super) by: Vec<Setting>,
    /// The attributes that have to be unset to prevent it.
    pub(super) unset: Vec<&'static str>,
}

impl Rules<'_> {
    /// What a checkout writes for a blob, in the ways that differ between
    /// systems; none when it writes the blob as it is.
    pub(super) fn written(&self, blob: &[u8], oid: &Oid) -> Vec<Written> {
        let mut plain = Written { bytes: blob.to_vec(), by: Vec::new(), unset: Vec::new() };
        if *self.attributes.state("ident") == AttributeState::Set
            && let Some(bytes) = ident(&plain.bytes, oid)
        {
            plain.change(bytes, [attribute("ident", "set")], "ident");
        }
        if let Some((auto, by)) = self.crlf()
            && let Some(bytes) = crlf(&plain.bytes, auto)
        {
            plain.change(bytes, by, "text");
        }
        let mut all = Vec::new();
        if let Some(name) = self.attributes.state("working-tree-encoding").value() {
            for encoding in encodings(name) {
                if let Some(bytes) = encoding.encode(&plain.bytes) {
                    let mut encoded = plain.clone();
                    let by = attribute("working-tree-encoding", &word(name));
                    encoded.change(bytes, [by], "working-tree-encoding");
                    all.push(encoded);
                }
            }
        }
        if !plain.by.is_empty() {
            all.push(plain);
        }
        all
    }

    /// A filter that would run: its attribute, and the setting that names its command.
    pub(super) fn filter(&self) -> Option<(&[u8], Vec<Setting>)> {
        let name = self.attributes.state("filter").value()?;
        let mut by = vec![attribute("filter", &word(name))];
        for part in ["process", "smudge"] {
            let key = [b"filter.", name, b".", part.as_bytes()].concat();
            if let Some(set) = self.settings.get(&key).filter(|set| !set.value.is_empty()) {
                by.push(Setting {
                    name: word(&key),
                    value: quote(&set.value),
                    from: set.scope.place().to_owned(),
                });
                return Some((name, by));
            }
        }
        // An attribute that names a filter nobody configured does nothing, but for Git LFS,
        // whose configuration is often elsewhere than where the packet is looked at.
        (name == b"lfs").then_some((name, by))
    }

    /// Whether LF becomes CRLF, only where a file looks like text, and by what.
    fn crlf(&self) -> Option<(bool, Vec<Setting>)> {
        let mut by = Vec::new();
        let mut state = ("text", self.attributes.state("text"));
        if *state.1 == AttributeState::Unspecified {
            // Its name before git 1.7.2, still read.
            state = ("crlf", self.attributes.state("crlf"));
        }
        let auto = match state.1 {
            AttributeState::Unset => return None,
            AttributeState::Value(value) if value == b"input" && state.0 == "crlf" => return None,
            AttributeState::Value(value) if value == b"auto" => Some(true),
            AttributeState::Set => Some(false),
            _ => None,
        };
        if let Some(auto) = auto {
            by.push(attribute(state.0, if auto { "auto" } else { "set" }));
        }
        match self.attributes.state("eol").value() {
            Some(b"lf") => return None,
            Some(b"crlf") => {
                by.push(attribute("eol", "crlf"));
                return Some((auto.unwrap_or(false), by));
            }
            _ => {}
        }
        let autocrlf = self.settings.get("core.autocrlf");
        if self.settings.truth("core.autocrlf") == Some(true) {
            by.extend(autocrlf.map(|set| setting("core.autocrlf", &set.value, set.scope)));
            return Some((auto.unwrap_or(true), by));
        }
        let auto = auto?;
        if autocrlf.is_some_and(|set| set.value.eq_ignore_ascii_case(b"input")) {
            return None;
        }
        match self.settings.get("core.eol") {
            Some(set) if set.value.eq_ignore_ascii_case(b"crlf") => {
                by.push(setting("core.eol", &set.value, set.scope));
            }
            Some(set) if !set.value.eq_ignore_ascii_case(b"native") => return None,
            _ if cfg!(windows) => {}
            _ => return None,
        }
        Some((auto, by))
    }
}

impl Written {
    fn change(&mut self, bytes: Vec<u8>, by: impl IntoIterator<Item = Setting>, unset: &'static str) {
        self.bytes = bytes;
        self.by.extend(by);
        self.unset.push(unset);
    }
}

fn attribute(name: &str, value: &str) -> Setting {
    Setting { name: name.to_owned(), value: value.to_owned(), from: String::new() }
}

fn setting(name: &str, value: &[u8], scope: Scope) -> Setting {
    Setting { name: name.to_owned(), value: word(value), from: scope.place().to_owned() }
}

/// A plain word as it is, anything else quoted.
fn word(text: &[u8]) -> String {
    let plain = |c: &u8| c.is_ascii_alphanumeric() || b"-._".contains(c);
    match std::str::from_utf8(text) {
        Ok(text)
            if !text.is_empty() && text.bytes().all(|c| plain(&c)) && !crate::text::holds_a_verdict(text) =>
        {
            text.to_owned()
        }
        _ => quote(text),
    }
}

/// LF as CRLF, as git does it: never a second CR, and when it has to guess,
/// nothing in a file that holds a CR already. `None` when nothing changes.
fn crlf(text: &[u8], auto: bool) -> Option<Vec<u8>> {
    if auto && (text.contains(&b'\r') || text.contains(&0)) {
        return None;
    }
    let mut out = Vec::with_capacity(text.len() + text.len() / 32);
    let mut last = 0;
    for &byte in text {
        if byte == b'\n' && last != b'\r' {
            out.push(b'\r');
        }
        out.push(byte);
        last = byte;
    }
    (out.len() > text.len()).then_some(out)
}

/// `$Id$` as `$Id: BLOB $`. What another version control system expanded, which
/// has blanks inside, is left alone. `None` when nothing changes.
fn ident(text: &[u8], oid: &Oid) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(b"$Id") {
        let (before, tail) = rest.split_at_checked(at)?;
        out.extend_from_slice(before);
        let inside = tail.get(3..)?;
        let length = match inside.first() {
            Some(b'$') => Some(4),
            Some(b':') => {
                inside.find_byteset(b"$\n").filter(|end| inside.get(*end) == Some(&b'$')).and_then(|end| {
                    let words = inside.get(2..end.saturating_sub(1)).unwrap_or_default();
                    (!words.contains(&b' ')).then_some(3 + end + 1)
                })
            }
            _ => None,
        };
        if let Some(length) = length {
            out.extend_from_slice(format!("$Id: {oid} $").as_bytes());
            rest = tail.get(length..)?;
        } else {
            out.extend_from_slice(b"$Id");
            rest = inside;
        }
    }
    out.extend_from_slice(rest);
    (out != text).then_some(out)
}

/// The encodings that a name may mean, depending on the system's converter.
fn encodings(name: &[u8]) -> Vec<Encoding> {
    match name.to_ascii_uppercase().as_slice() {
        b"UTF-16" => vec![Encoding::Utf16Le { bom: true }, Encoding::Utf16Be { bom: true }],
        b"UTF-16LE-BOM" => vec![Encoding::Utf16Le { bom: true }],
        b"UTF-16LE" => vec![Encoding::Utf16Le { bom: false }],
        b"UTF-16BE" => vec![Encoding::Utf16Be { bom: false }],
        b"WINDOWS-1252" | b"CP1252" => vec![Encoding::Windows1252],
        b"ISO-8859-1" | b"LATIN1" | b"LATIN-1" => vec![Encoding::Latin1],
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(bytes: Option<Vec<u8>>) -> Option<String> {
        bytes.map(|bytes| String::from_utf8(bytes).unwrap())
    }

    #[test]
    fn line_ends_are_converted_as_git_does() {
        assert_eq!(text(crlf(b"a\nb\n", true)).as_deref(), Some("a\r\nb\r\n"));
        assert_eq!(crlf(b"a\r\nb\n", true), None, "a guess leaves mixed files alone");
        assert_eq!(crlf(b"a\n\0", true), None, "and binary ones");
        assert_eq!(text(crlf(b"a\r\nb\n", false)).as_deref(), Some("a\r\nb\r\n"));
        assert_eq!(crlf(b"a", false), None);
    }

    #[test]
    fn keywords_are_expanded_as_git_does() {
        let oid = Oid::parse("ab".repeat(20).as_bytes()).unwrap();
        let id = format!("$Id: {oid} $");
        let expanded = |from: &str| text(ident(from.as_bytes(), &oid));
        assert_eq!(expanded("x $Id$ y $Id$"), Some(format!("x {id} y {id}")));
        assert_eq!(expanded("$Id: 0123 $\n"), Some(format!("{id}\n")));
        assert_eq!(expanded("$Id:$"), Some(id.clone()));
        for same in ["$Id: a.c,v 1.2 ina Exp $", "$Id: open\n$", "$Identity$", "$Id", "no", &id] {
            assert_eq!(expanded(same), None, "{same}");
        }
    }
}
