//! Where a reserved word stands, which decides whether it grants something.

use super::finding;
use super::matcher::{Hit, Matcher};
use crate::check::said::{Said, everywhere, says, tells};
use crate::check::words::{any, is, last, words};
use crate::evidence::{Document, Object, Value};
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
    opposites: Vec<String>,
    raw: crate::config::Globs,
}

impl Terms {
    pub(super) fn of(profile: &Profile) -> Self {
        Self {
            decisions: profile.words(Key::DecisionFields),
            outputs: profile.words(Key::OutputFields),
            searched: profile.words(Key::SearchedFields),
            opposites: profile.words(Key::OppositeWords).iter().map(|word| word.to_lowercase()).collect(),
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

    /// Whether a field holds what was printed: `stdout`, `stdout_tail`, `lastOutput`.
    fn prints(&self, name: &str) -> bool {
        let words = format!("_{}_", words(name).join("_"));
        self.outputs.iter().any(|known| words.contains(&format!("_{}_", known.to_lowercase())))
    }

    /// Whether the value of a name claims what the name grants.
    fn claims(&self, value: Value<'_>) -> bool {
        const GRANTS: [&str; 10] = [
            "granted",
            "authorized",
            "sealed",
            "passed",
            "pass",
            "given",
            "value",
            "emitted",
            "printed",
            "approved",
        ];
        const NOT_SO: [&str; 7] = ["absent", "unset", "missing", "reserved", "unused", "searched", "non"];
        if let Some(text) = value.as_text() {
            // A sentence about the word claims nothing by itself.
            let said = words(&text);
            let denied = said.first().is_none_or(|word| {
                NOT_SO.contains(&word.as_str()) || self.opposites.iter().any(|opposite| opposite == word)
            });
            return says(value) == Said::Yes
                || (says(value) == Said::Other && !denied && text.split_whitespace().count() == 1);
        }
        if let Some(object) = value.as_object() {
            let mut any = false;
            everywhere(object, &mut |name, value| any |= tells(name, &GRANTS) && says(value) == Said::Yes);
            return any;
        }
        says(value) == Said::Yes
    }

    /// The place of a hit in a text.
    pub(super) fn of_line(&self, text: &str, hit: &Hit) -> Place {
        let (before, behind) = (text.get(..hit.span.start), text.get(hit.span.end..));
        let head = before.and_then(|before| before.rsplit('\n').next()).unwrap_or_default();
        let tail = behind.and_then(|behind| behind.split('\n').next()).unwrap_or_default();
        let is_markup = |c: char| c.is_whitespace() || "#<>*-_+`~\"'.!:=|".contains(c);
        if head.chars().all(is_markup) && tail.chars().all(is_markup) {
            return Place::Alone;
        }
        if self.is_in_decision(head, tail, &is_markup) {
            return Place::Decision;
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

impl Terms {
    /// `| Status | X |`, `"status": "X"`, `<verdict>X</verdict>`: nothing but the label
    /// and the word.
    fn is_in_decision(&self, head: &str, tail: &str, is_markup: &dyn Fn(char) -> bool) -> bool {
        if let Some((before, own)) = head.rsplit_once('|')
            && own.chars().all(is_markup)
            && tail.chars().all(|c| c == '|' || is_markup(c))
        {
            let label = before.rsplit('|').next().unwrap_or_default().trim_matches(is_markup);
            return label.split_whitespace().count() <= 3 && self.decides(label);
        }
        // `"verdict": "X"` of what is no document after all.
        let value = head.trim_end_matches(|c: char| c.is_whitespace() || c == '"' || c == '\'');
        let named =
            value.strip_suffix(':').map(str::trim_end).and_then(|head| head.strip_suffix(['"', '\'']));
        if named.and_then(|head| head.rsplit(['"', '\'']).next()).is_some_and(|name| self.decides(name)) {
            return true;
        }
        let opened = head.trim_end().strip_suffix('>').and_then(|head| head.rsplit_once('<'));
        let name = opened.and_then(|(_, tag)| tag.split_whitespace().next()).unwrap_or_default();
        tail.trim_start().starts_with("</") && self.decides(name)
    }
}

/// Looks through the names and values of a document.
pub(super) fn values(document: &Document, matcher: &Matcher, terms: &Terms, out: &mut Sink) {
    walk(document.root(), "", Place::Prose, matcher, terms, out);
}

fn walk(value: Value<'_>, key: &str, above: Place, matcher: &Matcher, terms: &Terms, out: &mut Sink) {
    let above = match above {
        _ if terms.searched.iter().any(|name| name == key) => Place::Searched,
        // What a list of words says beside them is no word of it.
        _ if terms.prints(key) => Place::Output,
        _ if terms.decides(key) => Place::Decision,
        Place::Searched => Place::Searched,
        // Lists and objects below a decision are told by their own names.
        Place::Output => Place::Output,
        _ => Place::Prose,
    };
    if let Some(object) = value.as_object() {
        let unfound = found_nothing(object);
        for (name, member) in object.members() {
            // What is counted is a word that was searched for, and nothing that is claimed.
            let counts = Place::Searched != above && counts_hits(key) && is_zero(member);
            let place = if counts { Place::Searched } else { above };
            named(&name, member, place, matcher, terms, out);
            let place = if unfound && is_word(&name) { Place::Searched } else { above };
            walk(member, &name, place, matcher, terms, out);
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

/// Whether a name counts how often something was found: `token_hits`, `occurrences`.
fn counts_hits(name: &str) -> bool {
    any(&words(name), "hit hits occurrence occurrences match matches")
}

/// Whether a name is that of a word which is looked for.
fn is_word(name: &str) -> bool {
    is(last(&words(name)), "token word pattern term needle string")
}

fn is_zero(value: Value<'_>) -> bool {
    value.integer(&mut Sink::default()).is_some_and(|number| number == 0_u64)
}

/// Whether a row says that its word was found nowhere: `{"token": …, "hits": 0}`.
fn found_nothing(row: Object<'_>) -> bool {
    let mut counts = row.members().filter(|(name, _)| counts_hits(name)).peekable();
    counts.peek().is_some() && counts.all(|(_, count)| is_zero(count))
}

/// A reserved word as a name claims what its value grants.
fn named(name: &str, member: Value<'_>, above: Place, matcher: &Matcher, terms: &Terms, out: &mut Sink) {
    for hit in matcher.hits(name, false).into_iter().filter(|hit| hit.whole) {
        // Beside a word that was searched for stands how often it was found.
        let place = match above {
            Place::Searched if member.raw() != b"true" => Place::Searched,
            _ if terms.claims(member) => Place::Decision,
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
