//! Changes of JSON in words: from what to what, how much of it, in which lines.

use std::collections::BTreeSet;

use super::super::names::named;
use super::super::recipe::{Edits, Rule};
use super::document::Document;
use super::numbers;
use super::order::{self, COLLATIONS, Collation, REACHES, Reach};
use super::structure::{Container, containers};
use super::tools::layouts_in_words;
use super::units::{self, Spelling, Value, read, spelling, units};
use crate::code::Code;
use crate::text;

/// A change in words.
#[derive(Clone, Debug)]
pub(in super::super) struct Words {
    pub(in super::super) direction: String,
    /// What is counted: one of them, several.
    pub(in super::super) noun: (&'static str, &'static str),
    pub(in super::super) changed: usize,
    /// How many there are in the sealed text.
    pub(in super::super) total: Option<usize>,
    /// The lines of the text to look in, where the replacements do not tell.
    pub(in super::super) lines: Option<Vec<usize>>,
}

/// A change of this room's codes in words; nothing for those of others.
pub(in super::super) fn in_words(edits: &Edits, found: &[u8], sealed: &[u8]) -> Option<Words> {
    match edits.code() {
        Code::JsonEnsureAsciiDrift => {
            let (direction, total) = escapes_in_words(edits, sealed);
            let total = Some(total);
            Some(Words { direction, noun: ("escape", "escapes"), changed: edits.count(), total, lines: None })
        }
        Code::JsonReformatted => Some(reformatted(edits, found, sealed)),
        Code::JsonKeyOrder => Some(reordered(found, sealed)),
        Code::JsonDuplicateKeys => Some(duplicated(edits, found)),
        _ => None,
    }
}

/// A group of characters that is spoken of together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Group {
    Wide,
    Slash,
    Ascii,
    Delete,
    Control,
    Lone,
}

impl Group {
    fn of(value: Value) -> Self {
        match value {
            Value::Lone(_) => Self::Lone,
            Value::Char('/') => Self::Slash,
            Value::Char('\u{7f}') => Self::Delete,
            Value::Char(c) if c.is_ascii_control() => Self::Control,
            Value::Char(c) if c.is_ascii() => Self::Ascii,
            Value::Char(_) => Self::Wide,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Wide => "non-ASCII characters",
            Self::Slash => "slashes",
            Self::Ascii => "ASCII characters",
            Self::Delete => "U+007F DELETE",
            Self::Control => "control characters",
            Self::Lone => "lone surrogates",
        }
    }
}

fn manner(spelling: Spelling) -> &'static str {
    match spelling {
        Spelling::Raw => "as they are",
        Spelling::Short => "with a backslash",
        Spelling::Lower => "as \\u with lower-case hex",
        Spelling::Upper => "as \\u with upper-case hex",
    }
}

/// What kind of change a rule is: characters, as sealed, as found.
fn kind(rule: &Rule) -> Option<(Group, Spelling, Spelling)> {
    let (_, value) = read(&rule.sealed);
    Some((Group::of(value?), spelling(&rule.sealed), spelling(&rule.found)))
}

/// From what to what escapes were changed, and how many like those changed the
/// sealed text has.
fn escapes_in_words(edits: &Edits, sealed: &[u8]) -> (String, usize) {
    let kinds: BTreeSet<_> = edits.rules().iter().filter_map(kind).collect();
    let units = units(sealed).unwrap_or_default();
    let like_those = |unit: &&units::Unit| {
        let own = spelling(unit.of(sealed));
        kinds.iter().any(|(group, then, _)| *group == Group::of(unit.value) && *then == own)
    };
    let total = units.iter().filter(like_those).count();
    let direction = if let [rule] = edits.rules() {
        format!("sealed {}, now {}", spell(&rule.sealed), spell(&rule.found))
    } else {
        let mut parts: Vec<String> = kinds
            .iter()
            .take(3)
            .map(|(group, then, now)| {
                format!("sealed with {} {}, now {}", group.name(), manner(*then), manner(*now))
            })
            .collect();
        if kinds.len() > parts.len() {
            parts.push(format!("and {} other changes", kinds.len() - parts.len()));
        }
        parts.join("; ")
    };
    (direction, total)
}

/// A character by its name, an escape as it is written.
fn spell(unit: &[u8]) -> String {
    match (read(unit).1, spelling(unit)) {
        (Some(Value::Char(c)), Spelling::Raw) if !c.is_ascii_graphic() => named(c),
        _ => String::from_utf8(unit.to_vec()).unwrap_or_else(|_| text::quote(unit)),
    }
}

fn reformatted(edits: &Edits, found: &[u8], sealed: &[u8]) -> Words {
    let is_number = |raw: &[u8]| raw.iter().any(u8::is_ascii_digit);
    let respelled = edits.iter().filter(|edit| is_number(edit.found)).count();
    let gaps = edits.count() - respelled;
    if gaps > 0 {
        let mut direction = layouts_in_words(found, sealed);
        if respelled > 0 {
            direction = format!("{direction}; {}", numbers_in_words(edits));
        }
        let total = Document::read(sealed).map(|document| document.tokens.len() + 1);
        return Words {
            direction,
            noun: ("gap between tokens", "gaps between tokens"),
            changed: gaps,
            total,
            lines: None,
        };
    }
    let numbers = |document: Document<'_>| {
        document.tokens.iter().filter(|t| t.kind == crate::json::Kind::Number).count()
    };
    Words {
        direction: numbers_in_words(edits),
        noun: ("number", "numbers"),
        changed: respelled,
        total: Document::read(sealed).map(numbers),
        lines: None,
    }
}

fn numbers_in_words(edits: &Edits) -> String {
    let rules: Vec<&Rule> =
        edits.rules().iter().filter(|rule| rule.sealed.iter().any(u8::is_ascii_digit)).collect();
    let own = |rule: &&Rule, notation: &numbers::Notation| {
        notation.spell(&rule.sealed).is_some_and(|spelled| *spelled == *rule.sealed)
    };
    let tools: Vec<&str> = numbers::NOTATIONS
        .iter()
        .filter(|notation| rules.iter().all(|rule| own(rule, notation)))
        .map(|notation| notation.tools)
        .collect();
    let tools = if tools.is_empty() { String::new() } else { format!(" ({})", tools.join(", ")) };
    let example = rules.first().map_or_else(String::new, |rule| {
        let raw = |bytes: &[u8]| text::escape(bytes.get(..40).unwrap_or(bytes));
        format!("{}, now {}", raw(&rule.sealed), raw(&rule.found))
    });
    match rules.len() {
        0 | 1 => format!("sealed {}", example.replace(", now", &format!("{tools}, now"))),
        n => format!("sealed with numbers spelled in another way{tools}: {example}, and {} more", n - 1),
    }
}

fn reordered(found: &[u8], sealed: &[u8]) -> Words {
    let nothing = Words {
        direction: "sealed with the members of objects in another order".to_owned(),
        noun: ("object", "objects"),
        changed: 1,
        total: None,
        lines: None,
    };
    let (Some(now), Some(then)) = (Document::read(found), Document::read(sealed)) else { return nothing };
    let (all_now, all_then) = (containers(&now), containers(&then));
    let several = |c: &&Container| c.members.len() > 1;
    let shuffled: Vec<&Container> = shuffled(&then, &all_then, &now, &all_now);
    let lines = shuffled.iter().take(64).map(|c| then.line_of(c.open)).collect();
    Words {
        direction: order_in_words(&then, &all_then, &now, &all_now, &shuffled),
        changed: shuffled.len().max(1),
        total: Some(all_then.iter().filter(several).count()),
        lines: Some(lines),
        ..nothing
    }
}

/// Sealed objects without one of the same members in the same order among those found.
fn shuffled<'c>(
    then: &Document<'_>,
    all_then: &'c [Container],
    now: &Document<'_>,
    all_now: &[Container],
) -> Vec<&'c Container> {
    let keys = |document: &Document<'_>, c: &Container| -> Vec<Vec<u8>> {
        c.members.iter().map(|m| document.between(m.key, m.key).to_vec()).collect()
    };
    let mut known = std::collections::HashMap::new();
    for c in all_now.iter().filter(|c| c.members.len() > 1) {
        *known.entry(keys(now, c)).or_insert(0usize) += 1;
    }
    let mut out = Vec::new();
    for c in all_then.iter().filter(|c| c.members.len() > 1) {
        match known.get_mut(&keys(then, c)) {
            Some(left) if *left > 0 => *left -= 1,
            _ => out.push(c),
        }
    }
    out
}

fn order_in_words(
    then: &Document<'_>,
    all_then: &[Container],
    now: &Document<'_>,
    all_now: &[Container],
    shuffled: &[&Container],
) -> String {
    let known = || REACHES.into_iter().flat_map(|reach| COLLATIONS.map(|by| (by, reach)));
    // Of one object with a few members any order is a sorted one from last to first.
    let telling = |(by, _): &(Collation, Reach)| *by != Collation::Descending || shuffled.len() > 1;
    let is = |document: &Document<'_>, all: &[Container], (by, reach): (Collation, Reach)| {
        order::sorted(document, all, by, reach).is_empty()
    };
    let tell = |(by, reach): (Collation, Reach)| match reach {
        Reach::All => by.words().to_owned(),
        Reach::Outer => format!("{} in the outermost object", by.words()),
        Reach::Inner => format!("{} in inner objects", by.words()),
    };
    let differ = |one: (&Document<'_>, &[Container]), other: (&Document<'_>, &[Container])| {
        known().filter(telling).find(|way| is(one.0, one.1, *way) && !is(other.0, other.1, *way))
    };
    if let Some(way) = differ((then, all_then), (now, all_now)) {
        return format!("sealed with keys {}, now in another order", tell(way));
    }
    if let Some(told) = one_move(then, now, all_now, shuffled) {
        return told;
    }
    match differ((now, all_now), (then, all_then)) {
        Some(way) => format!("sealed with keys in an order of their own, now {}", tell(way)),
        None => "sealed with keys in another order".to_owned(),
    }
}

/// The one member that stands elsewhere in the one object that changed.
fn one_move(
    then: &Document<'_>,
    now: &Document<'_>,
    all_now: &[Container],
    shuffled: &[&Container],
) -> Option<String> {
    let [object] = shuffled else { return None };
    let old = order::names(then, object);
    let mut wanted = old.clone();
    wanted.sort();
    let new = all_now.iter().filter(|c| c.members.len() == old.len()).map(|c| order::names(now, c));
    let new = new.into_iter().find(|names| {
        let mut sorted = names.clone();
        sorted.sort();
        sorted == wanted && *names != old
    })?;
    let from = old.iter().zip(&new).position(|(a, b)| a != b)?;
    let rest = |names: &[std::borrow::Cow<'_, [u8]>], name: &[u8]| -> Vec<Vec<u8>> {
        names.iter().filter(|n| n.as_ref() != name).map(|n| n.to_vec()).collect()
    };
    let name = [old.get(from)?, new.get(from)?]
        .into_iter()
        .find(|name| rest(&old, name.as_ref()) == rest(&new, name.as_ref()))?;
    let place = |names: &[std::borrow::Cow<'_, [u8]>]| -> Option<String> {
        let at = names.iter().position(|n| n == name)?;
        Some(match at.checked_sub(1).and_then(|before| names.get(before)) {
            None => "first".to_owned(),
            Some(_) if at + 1 == names.len() => "last".to_owned(),
            Some(before) => format!("after {}", text::quote(before)),
        })
    };
    Some(format!("sealed with {} {}, now {}", text::quote(name), place(&old)?, place(&new)?))
}

fn duplicated(edits: &Edits, found: &[u8]) -> Words {
    let document = Document::read(found);
    let key = |at: usize| {
        let document = document.as_ref()?;
        let i = document.tokens.partition_point(|token| token.start() < at);
        let rest = document.tokens.get(i..)?.iter().position(|token| token.kind == crate::json::Kind::Key)?;
        Some(i + rest)
    };
    let keys: Vec<usize> = edits.iter().filter_map(|edit| key(edit.at)).collect();
    let name = |key: &usize| document.as_ref().map_or_else(String::new, |d| name(d.between(*key, *key)));
    let names: BTreeSet<String> = keys.iter().map(name).collect();
    let direction = match names.iter().collect::<Vec<_>>().as_slice() {
        [one] => format!("sealed with {one} once in its object, now more than once"),
        all => format!("sealed with each name once in its object, now {} names more than once", all.len()),
    };
    let lines = keys.iter().take(64).filter_map(|key| Some(document.as_ref()?.line_of(*key))).collect();
    Words {
        direction,
        noun: ("member too many", "members too many"),
        changed: edits.count(),
        total: None,
        lines: Some(lines),
    }
}

/// A name as it is shown.
pub(super) fn name(raw: &[u8]) -> String {
    crate::json::decode(raw).map_or_else(|| text::quote(raw), |name| text::quote(name.as_bytes()))
}
