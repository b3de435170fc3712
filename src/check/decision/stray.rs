//! A choice, a signature or a grant that a form states under any other name, at
//! any depth: what the form itself must leave open stays open everywhere in it.

use std::collections::BTreeSet;
use std::ops::Range;

use super::hold;
use crate::check::words::{any, is, last, says_nothing, words};
use crate::code::Code;
use crate::evidence::{Object, Value};
use crate::finding::Sink;
use crate::profile::{Key, Profile};
use crate::text::alike::squeezed;
use crate::text::quote;

/// Fields of a form that are judged by their own rules.
const JUDGED: [&str; 6] = [
    "default_decision",
    "selected_option",
    "owner_signature",
    "execution_authorization_status",
    "execution_allowed",
    "may_execute",
];

/// Words of a name that speaks of what is due, possible or denied, and not of what is.
const DUE: &str = "\
    no not never without required requires requiring require need needs needed must should would could can \
    pending awaiting missing lacks if until before unless when how who whose forbidden rejected refused \
    denied excluded recommended recommendation suggested proposed possible";
/// Words of a name that speaks of less than production.
const LESS: &str = "rehearsal dryrun dry clone staging precheck lane delegation delegations";

/// Where a value stands in the form.
#[derive(Clone, Copy, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own, and any of them may hold")]
struct Place {
    /// In the list of options.
    options: bool,
    /// In any list.
    row: bool,
    /// Below a field that is named for a choice.
    choice: bool,
    /// Among irreversible actions, whose grants have their own rule.
    actions: bool,
}

struct Reader<'p, 'd> {
    profile: &'p Profile,
    /// What may be chosen and is not to hold, folded.
    options: BTreeSet<String>,
    judged: Vec<Range<usize>>,
    /// Where execution is said to be granted.
    opened: Vec<Value<'d>>,
}

/// Judges everything in a form that no other rule reads. What says that something is
/// authorized is handed back: it needs its grounds.
pub(super) fn judge<'d>(root: Object<'d>, profile: &Profile, out: &mut Sink) -> Vec<Value<'d>> {
    let judged = JUDGED.iter().filter_map(|name| Some(root.get(name)?.span())).collect();
    let mut reader = Reader { profile, options: options(root, profile), judged, opened: Vec::new() };
    reader.members(root, Place::default(), true, out);
    reader.opened
}

/// The options that do not hold: of the profile, else of the form.
fn options(root: Object<'_>, profile: &Profile) -> BTreeSet<String> {
    let mut named = profile.words(Key::DecisionOptions);
    if named.is_empty() {
        let list = root.get("options").and_then(Value::as_list).unwrap_or_default();
        let name = |value: Value<'_>| match value.as_object() {
            Some(row) => row.get("option")?.as_text().map(std::borrow::Cow::into_owned),
            None => value.as_text().map(std::borrow::Cow::into_owned),
        };
        named = list.into_iter().filter_map(name).collect();
    }
    named.iter().filter(|name| !holds(name, profile)).map(|name| squeezed(name)).collect()
}

/// Whether a word leaves everything as it is.
fn holds(word: &str, profile: &Profile) -> bool {
    let defaults = profile.words(Key::DecisionDefaults);
    defaults.iter().any(|known| crate::check::surfaces::is_like(word, known))
}

impl<'d> Reader<'_, 'd> {
    fn members(&mut self, object: Object<'d>, place: Place, is_root: bool, out: &mut Sink) {
        for (name, value) in object.members() {
            if is_root && self.judged.contains(&value.span()) {
                continue;
            }
            let words = words(&name);
            let place = Place {
                options: place.options || (is_root && name == "options"),
                choice: place.choice || is_choice(&words),
                actions: place.actions || (is_root && name == "irreversible_actions"),
                ..place
            };
            if place.options {
                self.walk(value, &words, place, out);
            } else if hold::is_lifted(&words, value) {
                hold::tell(value, out);
            } else if hold::goes(&words, value) {
                self.opened.push(value);
            } else {
                self.walk(value, &words, place, out);
            }
        }
    }

    fn walk(&mut self, value: Value<'d>, name: &[String], place: Place, out: &mut Sink) {
        if let Some(object) = value.as_object() {
            self.members(object, place, false, out);
        } else if let Some(list) = value.as_list() {
            for item in list {
                self.walk(item, name, Place { row: true, ..place }, out);
            }
        } else if !value.is_null() && value.raw() != b"false" {
            match value.as_text() {
                Some(text) => self.text(value, &text, name, place, out),
                None => self.bare(value, name, place, out),
            }
        } else if value.raw() == b"false" && any(name, "unsigned") {
            out.push(value.finding(
                Code::DecisionSigned,
                "the form is said not to be unsigned",
                "must be unsigned",
            ));
        }
    }

    /// `true`, or a number.
    fn bare(&mut self, value: Value<'d>, name: &[String], place: Place, out: &mut Sink) {
        if any(name, DUE) {
            return;
        }
        let is_true = value.raw() == b"true";
        if is_choice(name) || place.choice {
            chosen(value, out);
        } else if is_signature(name) {
            signed(value, out);
        } else if is_true && grants(name) && !place.actions {
            self.opened.push(value);
        }
    }

    fn text(&mut self, value: Value<'d>, text: &str, name: &[String], place: Place, out: &mut Sink) {
        if any(name, DUE) {
            return;
        }
        if is_choice(name) {
            return chosen(value, out);
        }
        if is_signature(name) {
            let unsigned = self.profile.words(Key::UnsignedStates);
            if !says_nothing(text) && !unsigned.iter().any(|word| word == text) {
                signed(value, out);
            }
            return;
        }
        // Rows and lists are about options; anywhere else the name of one is a choice.
        let is_subject = place.options
            || (place.row
                && (any(name, "options alternatives") || is(last(name), "option name id decision")));
        if self.options.contains(&squeezed(text)) && !is_subject {
            let message =
                format!("{} names the option {}, which nobody chose", value.shown(), quote(text.as_bytes()));
            out.push(value.finding(Code::DecisionSelectedItself, message, "names an option"));
            return;
        }
        match squeezed(text).as_str() {
            "selected" | "chosen" | "picked" | "decided" => return chosen(value, out),
            "signed" | "cosigned" | "countersigned" => return signed(value, out),
            word => {
                let open = self.profile.words(Key::AuthorizedStates);
                let is_open = word == "approved" || open.iter().any(|known| squeezed(known) == word);
                if is_open && !place.actions && !any(name, LESS) {
                    self.opened.push(value);
                    return;
                }
            }
        }
        if last(name) == "decision" && !place.row && !place.options {
            self.decided(value, text, out);
        }
    }

    /// A field that is called the decision says that there is none. A sentence there says
    /// what is to be decided, which no rule can judge.
    fn decided(&self, value: Value<'_>, text: &str, out: &mut Sink) {
        const SENTENCE: usize = 3;
        let open = ["PENDING", "UNDECIDED", "OPEN", "DEFERRED", "NOT_MADE", "NO_DECISION"];
        let shut = self.profile.words(Key::UnauthorizedStates);
        let known = open.iter().copied().chain(shut.iter().map(String::as_str));
        let mut known: Vec<&str> = known.collect();
        if text.split_whitespace().count() >= SENTENCE
            || says_nothing(text)
            || holds(text, self.profile)
            || known.iter().any(|word| squeezed(word) == squeezed(text))
        {
            return;
        }
        let defaults = self.profile.words(Key::DecisionDefaults);
        known.extend(defaults.iter().map(String::as_str));
        value.unknown(text, &known, out);
    }
}

/// Whether a field is named for what was chosen.
fn is_choice(name: &[String]) -> bool {
    let is = any(name, "selected chosen picked elected") || is(last(name), "selection choice choose");
    is && !any(name, DUE)
}

/// Whether a field is named for a signature that was given.
fn is_signature(name: &[String]) -> bool {
    let given = "date at by on time value hex sha256 status state signature signatures";
    any(name, "signed cosigned countersigned") || (any(name, "signature signatures") && is(last(name), given))
}

/// Whether a field that is `true` opens production.
fn grants(name: &[String]) -> bool {
    let granted = any(name, "authorized authorised approved granted ratified");
    let executes = any(name, "execution execute") && any(name, "allowed may open enabled go");
    (granted || executes || last(name) == "executed") && !any(name, LESS)
}

pub(super) fn chosen(value: Value<'_>, out: &mut Sink) {
    let message = format!("{} says that something was chosen, and the packet must not choose", value.shown());
    out.push(value.finding(Code::DecisionSelectedItself, message, "must be null or false"));
}

pub(super) fn signed(value: Value<'_>, out: &mut Sink) {
    let message = format!("{} says that the form is signed", value.shown());
    out.push(value.finding(Code::DecisionSigned, message, "must be unsigned"));
}
