//! Where a reserved word stands, which decides whether it grants something.

use super::finding;
use super::matcher::{Hit, Matcher};
use crate::evidence::{Document, Value};
use crate::finding::Sink;
use crate::path::BytePath;
use crate::profile::{Key, Profile};

/// A place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// A field or line that states a decision or a status.
    Decision,
    /// What a command printed.
    Output,
    /// Nothing else stands in the line or value.
    Alone,
    /// A sentence, a table, a script.
    Prose,
    /// The list of words that were searched for.
    Searched,
}

impl Place {
    pub(super) fn phrase(self) -> &'static str {
        match self {
            Self::Decision => "where a decision or a status is stated",
            Self::Output => "in recorded output",
            Self::Alone => "alone",
            Self::Prose => "in a text",
            Self::Searched => "in a list of words that were searched for",
        }
    }

    pub(super) fn label(self) -> &'static str {
        match self {
            Self::Prose => "reserved, in a text",
            _ => "reserved",
        }
    }
}

/// The names by which the profile tells places.
pub(super) struct Terms {
    decisions: Vec<String>,
    outputs: Vec<String>,
    searched: Vec<String>,
    raw: crate::config::Globs,
}

impl Terms {
    pub(super) fn of(profile: &Profile) -> Self {
        Self {
            decisions: profile.words(Key::DecisionFields),
            outputs: profile.words(Key::OutputFields),
            searched: profile.words(Key::SearchedFields),
            raw: profile.allows().clone(),
        }
    }

    /// Whether the file is recorded output: raw, or a log by its name.
    pub(super) fn is_output(&self, path: &BytePath) -> bool {
        const ENDS: [&[u8]; 6] = [b".log", b".out", b".err", b".stdout", b".stderr", b".jsonl"];
        let name = path.file_name().to_ascii_lowercase();
        self.raw.matches(path) || ENDS.iter().any(|end| name.ends_with(end))
    }

    fn decides(&self, name: &str) -> bool {
        let name = name.trim().to_lowercase().replace([' ', '-'], "_");
        self.decisions.iter().any(|known| {
            name == *known || name.strip_suffix(known.as_str()).is_some_and(|head| head.ends_with('_'))
        })
    }

    /// The place of a hit in a text.
    pub(super) fn of_line(&self, text: &str, hit: &Hit) -> Place {
        let (before, behind) = (text.get(..hit.span.start), text.get(hit.span.end..));
        let head = before.and_then(|before| before.rsplit('\n').next()).unwrap_or_default();
        let tail = behind.and_then(|behind| behind.split('\n').next()).unwrap_or_default();
        let is_markup = |c: char| c.is_whitespace() || "#>*-_+`~\"'.!:=|".contains(c);
        if head.chars().all(is_markup) && tail.chars().all(is_markup) {
            return Place::Alone;
        }
        // `Status: X`, `**Verdict** = X`.
        let label = head.split([':', '=']).next().unwrap_or_default();
        let label = label.trim_matches(is_markup);
        let stated = head.contains([':', '=']) && label.split_whitespace().count() <= 3;
        let negated =
            head.split([':', '=']).nth(1).is_some_and(|said| said.trim().chars().any(char::is_alphanumeric));
        if stated && !negated && self.decides(label) { Place::Decision } else { Place::Prose }
    }
}

/// Looks through the names and values of a document.
pub(super) fn values(document: &Document, matcher: &Matcher, terms: &Terms, out: &mut Sink) {
    walk(document.root(), "", Place::Prose, matcher, terms, out);
}

fn walk(value: Value<'_>, key: &str, above: Place, matcher: &Matcher, terms: &Terms, out: &mut Sink) {
    let above = match above {
        Place::Searched => Place::Searched,
        _ if terms.searched.iter().any(|name| name == key) => Place::Searched,
        _ if terms.outputs.iter().any(|name| name == key) => Place::Output,
        _ if terms.decides(key) => Place::Decision,
        // Lists and objects below a decision are told by their own names.
        Place::Output => Place::Output,
        _ => Place::Prose,
    };
    if let Some(object) = value.as_object() {
        for (name, member) in object.members() {
            named(&name, member, above, matcher, out);
            walk(member, &name, above, matcher, terms, out);
        }
    } else if let Some(list) = value.as_list() {
        for item in list {
            walk(item, key, above, matcher, terms, out);
        }
    } else if let Some(text) = value.as_text() {
        for hit in matcher.hits(&text, above == Place::Decision) {
            let alone = text.trim().len() == hit.span.len();
            let place = match above {
                // Only what is in fact such a word is a name in the list.
                Place::Searched if alone && matcher.is_reserved(text.trim()) => Place::Searched,
                Place::Prose | Place::Searched if alone => Place::Alone,
                Place::Searched => Place::Prose,
                place => place,
            };
            tell(value, &hit, place, out);
        }
    }
}

/// A reserved word as a name claims what its value grants.
fn named(name: &str, member: Value<'_>, above: Place, matcher: &Matcher, out: &mut Sink) {
    for hit in matcher.hits(name, false).into_iter().filter(|hit| hit.whole) {
        let place = match member.as_flag() {
            Some(true) => Place::Decision,
            _ if above == Place::Searched => Place::Searched,
            _ => Place::Prose,
        };
        tell(member, &hit, place, out);
    }
}

fn tell(value: Value<'_>, hit: &Hit, place: Place, out: &mut Sink) {
    let document = value.document();
    let Some(finding) = finding(hit, place, document.path()) else { return };
    let mut placed = value.finding(finding.code, finding.message, place.label());
    (placed.severity, placed.effect, placed.grade) = (finding.severity, finding.effect, finding.grade);
    out.push(placed);
}
