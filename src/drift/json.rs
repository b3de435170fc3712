//! `json_ensure_ascii_drift`, `json_reformatted`, `json_key_order` and
//! `json_duplicate_keys`: JSON written again by a tool that escapes, lays out
//! or sorts in its own way.
//!
//! Everything here works on the bytes between and inside tokens; no value is
//! ever built, so that duplicate keys, the spelling of numbers and lone
//! surrogates stay as they are. Nothing recurses: documents may be as deep as
//! they like.

mod classes;
mod compose;
mod document;
mod duplicates;
mod extent;
mod gaps;
mod hand;
mod lay;
mod layout;
mod moves;
mod numbers;
mod order;
mod policy;
mod structure;
mod tools;
mod units;
mod words;

#[cfg(test)]
mod tests;

use super::edges::BOM;
use super::family::{Family, Text};
use super::meter::Spent;
use super::recipe::{Edit, Edits};
use super::sink::Sink;
use super::site::PairBuilder;
use super::trial::Trial;
use crate::code::Code;
use document::Document;
use units::{Spelling, Unit, Value, spell, spelling, units};

pub(super) use compose::escapes;
pub(super) use words::{Words, in_words};

/// File names that promise JSON.
const EXTENSIONS: [&str; 14] = [
    "json",
    "jsonl",
    "ndjson",
    "jsonc",
    "json5",
    "geojson",
    "topojson",
    "jsonld",
    "webmanifest",
    "ipynb",
    "har",
    "map",
    "sarif",
    "avsc",
];

/// Whether a text is worth reading as JSON.
fn is_json(text: Text<'_>) -> bool {
    let body = text.bytes.strip_prefix(BOM).unwrap_or(text.bytes);
    let first = body.iter().find(|b| !b.is_ascii_whitespace());
    matches!(first, Some(b'{' | b'[')) || (first.is_some() && text.has_extension(&EXTENSIONS))
}

/// The family `json_ensure_ascii_drift`.
pub(super) struct Escapes;

impl Family for Escapes {
    fn code(&self) -> Code {
        Code::JsonEnsureAsciiDrift
    }

    fn pairs(&self, text: Text<'_>, out: &mut Sink<'_, '_>) {
        if let Some(units) = units_of(text) {
            for change in CHANGES {
                change.pair(text, &units, out);
            }
        }
    }

    fn is_legal(&self, _: &[u8], edit: &Edit<'_>) -> bool {
        units::same_value(edit.found, edit.sealed)
    }

    fn are_legal(&self, found: &[u8], edits: &Edits) -> bool {
        units::are_units(found, edits) && edits.iter().all(|edit| self.is_legal(found, &edit))
    }
}

/// The units of a text that is worth reading as JSON, when it has any.
fn units_of(text: Text<'_>) -> Option<Vec<Unit>> {
    if !is_json(text) || !units::has_specials(text.bytes) {
        return None;
    }
    units(text.bytes).filter(|units| !units.is_empty())
}

/// A class of characters that tools escape together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Class {
    /// Outside ASCII.
    Wide,
    /// One of these.
    Listed(&'static str),
    /// Printable ASCII.
    Ascii,
    /// Whatever is spelled in hex.
    Any,
}

/// A substitution of one spelling by another.
#[derive(Clone, Copy, Debug)]
struct Change {
    class: Class,
    /// What stands in the text: characters, or escapes of any kind.
    raw: bool,
    sealed: Spelling,
    weight: u64,
}

const fn change(class: Class, raw: bool, sealed: Spelling, weight: u64) -> Change {
    Change { class, raw, sealed, weight }
}

const HTML: Class = Class::Listed("<>&");
const SEPARATORS: Class = Class::Listed("\u{2028}\u{2029}");

/// Every substitution, the likely ones first.
const CHANGES: &[Change] = &[
    change(Class::Wide, false, Spelling::Raw, 30),
    change(Class::Wide, true, Spelling::Lower, 30),
    change(Class::Wide, true, Spelling::Upper, 15),
    change(Class::Any, false, Spelling::Lower, 10),
    change(Class::Any, false, Spelling::Upper, 10),
    change(Class::Listed("/"), false, Spelling::Raw, 20),
    change(Class::Listed("/"), true, Spelling::Short, 20),
    change(Class::Ascii, false, Spelling::Raw, 15),
    change(HTML, true, Spelling::Lower, 15),
    change(HTML, true, Spelling::Upper, 8),
    change(Class::Listed("'"), true, Spelling::Lower, 8),
    change(Class::Listed("'"), true, Spelling::Upper, 5),
    change(Class::Listed("="), true, Spelling::Lower, 5),
    change(Class::Listed("+"), true, Spelling::Upper, 3),
    change(Class::Listed("`"), true, Spelling::Upper, 3),
    change(Class::Listed("\""), false, Spelling::Upper, 5),
    change(Class::Listed("\""), false, Spelling::Short, 5),
    change(Class::Listed("\u{7f}"), true, Spelling::Lower, 5),
    change(SEPARATORS, true, Spelling::Lower, 8),
    change(SEPARATORS, false, Spelling::Raw, 8),
    change(Class::Listed("\u{85}"), true, Spelling::Lower, 5),
    change(Class::Listed("\u{8}\u{c}"), false, Spelling::Lower, 5),
    change(Class::Listed("\u{8}\u{c}\n\r\t"), false, Spelling::Short, 5),
];

impl Change {
    fn pair(&self, text: Text<'_>, units: &[Unit], out: &mut Sink<'_, '_>) {
        if self.weight < text.least {
            return;
        }
        let mut pair = PairBuilder::new(Code::JsonEnsureAsciiDrift, self.weight);
        let mut sealed = Vec::new();
        for unit in units {
            let found = unit.of(text.bytes);
            if self.befalls(unit.value, spelling(found)) {
                sealed.clear();
                spell(unit.value, self.sealed, &mut sealed);
                if !sealed.is_empty() {
                    pair.site(unit.at(), found, &sealed);
                }
            }
        }
        out.extend(pair.finish());
    }

    fn befalls(&self, value: Value, found: Spelling) -> bool {
        let is_hex = matches!(found, Spelling::Lower | Spelling::Upper);
        let Value::Char(c) = value else { return self.class == Class::Any && is_hex };
        if self.raw != (found == Spelling::Raw) {
            return false;
        }
        match self.class {
            Class::Wide => !c.is_ascii(),
            Class::Listed(list) => list.contains(c),
            // A quotation mark or a backslash has no place in a string as it is.
            Class::Ascii => matches!(c, ' '..='\u{7f}') && !matches!(c, '"' | '\\'),
            Class::Any => is_hex,
        }
    }
}

/// The family `json_reformatted`, which tries those of all four together.
pub(super) struct Reformatted;

impl Family for Reformatted {
    fn code(&self) -> Code {
        Code::JsonReformatted
    }

    fn rewrites(&self, text: Text<'_>, trial: &mut Trial<'_, '_>) -> Result<Option<Vec<Edits>>, Spent> {
        if is_json(text) { compose::search(text, trial) } else { Ok(None) }
    }

    fn is_legal(&self, _: &[u8], edit: &Edit<'_>) -> bool {
        gaps::same_gap(edit.found, edit.sealed) || numbers::same_number(edit.found, edit.sealed)
    }

    fn are_legal(&self, found: &[u8], edits: &Edits) -> bool {
        let sealed = edits.undo(found);
        let document = Document::read(found);
        // Told again from both texts, no replacement but those of gaps and numbers is left.
        let own = document.zip(sealed).and_then(|(document, sealed)| document::edits(&document, &sealed));
        own.is_some_and(|own| own.iter().all(|edit| self.is_legal(found, &edit)))
    }
}

/// The family `json_key_order`.
pub(super) struct KeyOrder;

impl Family for KeyOrder {
    fn code(&self) -> Code {
        Code::JsonKeyOrder
    }

    fn is_legal(&self, _: &[u8], edit: &Edit<'_>) -> bool {
        edit.found.len() == edit.sealed.len()
    }

    fn are_legal(&self, found: &[u8], edits: &Edits) -> bool {
        edits.iter().all(|edit| self.is_legal(found, &edit))
            && edits.undo(found).is_some_and(|sealed| order::same_members(found, &sealed))
    }
}

/// The family `json_duplicate_keys`.
pub(super) struct DuplicateKeys;

impl Family for DuplicateKeys {
    fn code(&self) -> Code {
        Code::JsonDuplicateKeys
    }

    fn is_legal(&self, _: &[u8], edit: &Edit<'_>) -> bool {
        edit.sealed.is_empty()
    }

    fn are_legal(&self, found: &[u8], edits: &Edits) -> bool {
        Document::read(found).is_some_and(|document| {
            duplicates::are_removals(&document, &structure::containers(&document), edits)
        })
    }
}

/// Names that stand more than once in one object of the bytes found, in a sentence.
pub(super) fn duplicates(found: &[u8]) -> Option<String> {
    if !is_json(Text { bytes: found, name: b"", want: None, least: 0 }) {
        return None;
    }
    let document = Document::read(found)?;
    duplicates::observation(&document, &structure::containers(&document))
}
