//! `json_ensure_ascii_drift`: the same JSON strings, escaped by another rule.
//!
//! A profile says which characters a serializer escapes and how. Whole files
//! are re-escaped by profile, in place, so that hand formatting survives; and
//! characters that some tool escaped in part are sites.

use std::ops::ControlFlow;

use super::family::{Family, Text};
use super::json_text::{Unit, looks_like_json, units};
use super::recipe::{Edit, Edits, EditsBuilder};
use super::sink::Sink;
use super::site::PairBuilder;
use crate::code::Code;

const CODE: Code = Code::JsonEnsureAsciiDrift;

/// How a serializer writes strings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Profile {
    /// Whose rule it is; several where they agree.
    pub(super) name: &'static str,
    /// Everything beyond ASCII is escaped.
    ascii: bool,
    /// Other characters that are.
    also: &'static [char],
    upper: bool,
    /// The hexadecimal form also where a short escape exists, for these.
    long: &'static [char],
}

const fn profile(
    name: &'static str,
    ascii: bool,
    also: &'static [char],
    upper: bool,
    long: &'static [char],
) -> Profile {
    Profile { name, ascii, also, upper, long }
}

const SEPARATORS: &[char] = &['\u{2028}', '\u{2029}'];
const HTML: &[char] = &['<', '>', '&', '\u{2028}', '\u{2029}'];

/// The rules of the serializers in use, the frequent ones first.
pub(super) const PROFILES: &[Profile] = &[
    profile("none escaped: JavaScript, serde_json, Python ensure_ascii=False", false, &[], false, &[]),
    profile("Python", true, &['\u{7f}'], false, &[]),
    profile("non-ASCII, lower case", true, &[], false, &[]),
    profile("non-ASCII, upper case", true, &[], true, &[]),
    profile("Go", false, HTML, false, &[]),
    profile("Go before 1.22", false, HTML, false, &['\u{8}', '\u{c}']),
    profile("Go without HTML escaping", false, SEPARATORS, false, &[]),
    profile("jq", false, &['\u{7f}'], false, &[]),
    profile("PHP", true, &['/'], false, &[]),
    profile("PHP JSON_UNESCAPED_UNICODE", false, &['/', '\u{2028}', '\u{2029}'], false, &[]),
    profile("slashes only", false, &['/'], false, &[]),
    profile("PHP JSON_HEX_*", true, &['<', '>', '&', '\'', '"'], true, &['"']),
    profile("Gson", false, &['<', '>', '&', '\'', '=', '\u{2028}', '\u{2029}'], false, &[]),
    profile("System.Text.Json", true, &['"', '&', '\'', '+', '<', '>', '`', '\u{7f}'], true, &['"']),
    profile("Newtonsoft.Json", false, &['\u{2028}', '\u{2029}', '\u{85}'], false, &[]),
    profile("PowerShell 5.1", false, &['<', '>', '\'', '&', '\u{85}', '\u{2028}', '\u{2029}'], false, &[]),
    profile("Jackson", false, &[], true, &[]),
];

impl Profile {
    /// How it writes a character.
    pub(super) fn spell(&self, c: char, out: &mut Vec<u8>) {
        let short = match c {
            '"' => Some(b'"'),
            '\\' => Some(b'\\'),
            '\n' => Some(b'n'),
            '\r' => Some(b'r'),
            '\t' => Some(b't'),
            '\u{8}' => Some(b'b'),
            '\u{c}' => Some(b'f'),
            '/' if self.also.contains(&'/') => Some(b'/'),
            _ => None,
        };
        match short {
            Some(letter) if !self.long.contains(&c) => out.extend([b'\\', letter]),
            _ if c < ' ' || self.also.contains(&c) || (self.ascii && !c.is_ascii()) || short.is_some() => {
                escape(c, self.upper, out);
            }
            _ => out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }

    /// The replacements that give the strings of `text` as it writes them.
    pub(super) fn edits(&self, text: &[u8]) -> Option<Edits> {
        let mut edits = EditsBuilder::new(CODE);
        let mut sealed = Vec::new();
        for unit in units(text) {
            sealed.clear();
            match unit.value {
                Some(c) => self.spell(c, &mut sealed),
                None => continue,
            }
            edits.push(unit.at, unit.spelled, &sealed);
        }
        edits.finish()
    }
}

/// The hexadecimal escape of a character.
fn escape(c: char, upper: bool, out: &mut Vec<u8>) {
    for code in c.encode_utf16(&mut [0; 2]) {
        let hex = if upper { format!("\\u{code:04X}") } else { format!("\\u{code:04x}") };
        out.extend_from_slice(hex.as_bytes());
    }
}

/// The family `json_ensure_ascii_drift`.
pub(super) struct JsonEscapes;

impl Family for JsonEscapes {
    fn code(&self) -> Code {
        CODE
    }

    fn pairs(&self, text: Text<'_>, out: &mut Sink<'_, '_>) {
        if !is_json(text) {
            return;
        }
        let escaped = |u: &Unit<'_>| u.spelled.starts_with(b"\\u");
        // Escapes that were characters, characters that were escapes, the other case of digits.
        let mut unescaped = PairBuilder::new(CODE, 30);
        let mut cased = PairBuilder::new(CODE, 10);
        let mut lower = PairBuilder::new(CODE, 30);
        let mut upper = PairBuilder::new(CODE, 15);
        let mut slashes = [PairBuilder::new(CODE, 10), PairBuilder::new(CODE, 5)];
        let mut buffer = Vec::new();
        for unit in units(text.bytes) {
            match unit.value {
                Some('/') => {
                    let (pair, sealed): (_, &[u8]) = match (&mut slashes, unit.spelled) {
                        ([with, _], b"\\/") => (with, b"/"),
                        ([_, without], _) => (without, b"\\/"),
                    };
                    pair.site(unit.at, unit.spelled, sealed);
                }
                Some(c) if escaped(&unit) => {
                    if c >= ' ' && c != '"' && c != '\\' {
                        unescaped.site(unit.at, unit.spelled, c.encode_utf8(&mut [0; 4]).as_bytes());
                    }
                    let is_upper = unit.spelled.iter().any(u8::is_ascii_uppercase);
                    buffer.clear();
                    escape(c, !is_upper, &mut buffer);
                    cased.site(unit.at, unit.spelled, &buffer);
                }
                Some(c) if !c.is_ascii() || c == '\u{7f}' => {
                    for (pair, case) in [(&mut lower, false), (&mut upper, true)] {
                        buffer.clear();
                        escape(c, case, &mut buffer);
                        pair.site(unit.at, unit.spelled, &buffer);
                    }
                }
                _ => {}
            }
        }
        let [with, without] = slashes;
        for pair in [unescaped, cased, lower, upper, with, without] {
            out.extend(pair.finish());
        }
    }

    fn rewrites(&self, text: Text<'_>, take: &mut dyn FnMut(Edits) -> ControlFlow<()>) -> ControlFlow<()> {
        if is_json(text) {
            for profile in PROFILES {
                if let Some(edits) = profile.edits(text.bytes) {
                    take(edits)?;
                }
            }
        }
        ControlFlow::Continue(())
    }

    fn is_legal(&self, _: &[u8], edit: &Edit<'_>) -> bool {
        match (value(edit.found), value(edit.sealed)) {
            (Some(found), Some(sealed)) => found == sealed,
            _ => false,
        }
    }
}

/// The one character that a spelling stands for inside a literal.
fn value(spelled: &[u8]) -> Option<char> {
    let literal = [b"\"", spelled, b"\""].concat();
    let mut all = units(&literal);
    let unit = all.next()?;
    (unit.spelled == spelled).then_some(unit.value)?
}

fn is_json(text: Text<'_>) -> bool {
    text.has_extension(&["json", "jsonl", "ndjson", "geojson", "webmanifest", "ipynb", "jsonc", "map"])
        || looks_like_json(text.bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn profiles_spell_as_their_tools_do() {
        let spell = |name: &str, text: &str| {
            let profile = PROFILES.iter().find(|p| p.name.starts_with(name)).unwrap();
            let mut out = Vec::new();
            for c in text.chars() {
                profile.spell(c, &mut out);
            }
            String::from_utf8(out).unwrap()
        };
        let text = "\u{2014}<&/\u{7f}\u{1f600}\n\u{1}'\"";
        assert_eq!(spell("Python", text), r#"\u2014<&/\u007f\ud83d\ude00\n\u0001'\""#);
        assert_eq!(spell("none", text), "\u{2014}<&/\u{7f}\u{1f600}\\n\\u0001'\\\"");
        assert_eq!(spell("PHP", text), "\\u2014<&\\/\u{7f}\\ud83d\\ude00\\n\\u0001'\\\"");
        assert_eq!(spell("System", text), r"\u2014\u003C\u0026/\u007F\uD83D\uDE00\n\u0001\u0027\u0022");
        assert_eq!(spell("Go before", "\u{8}<"), r"\u0008\u003c");
        assert_eq!(spell("Go", "\u{8}<"), r"\b\u003c");
    }

    #[test]
    fn re_escaping_is_undone_in_place() {
        let found = "{ \"a\" :  \"x \\u2014 y\\/z\" }".as_bytes();
        let all: Vec<_> =
            PROFILES.iter().filter_map(|p| p.edits(found)).map(|e| e.undo(found).unwrap()).collect();
        assert!(all.contains(&"{ \"a\" :  \"x \u{2014} y/z\" }".as_bytes().to_vec()));
        assert!(all.contains(&b"{ \"a\" :  \"x \\u2014 y/z\" }".to_vec()));
    }

    #[test]
    fn only_spellings_of_one_character_are_legal() {
        let legal = |found: &str, sealed: &str| {
            JsonEscapes.is_legal(b"", &Edit { at: 0, found: found.as_bytes(), sealed: sealed.as_bytes() })
        };
        assert!(legal(r"\u2014", "\u{2014}") && legal("\u{2014}", r"\u2014") && legal(r"\u00e9", r"\u00E9"));
        assert!(legal(r"\/", "/") && legal(r"\ud83d\ude00", "\u{1f600}") && legal(r"\u000a", r"\n"));
        assert!(
            !legal(r"\u2014", "\u{2013}") && !legal("a", "b") && !legal("\"", "") && !legal(r"\ud800", "x")
        );
    }
}
