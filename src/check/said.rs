//! What a document says without having been asked: fields of near names, and fields
//! beside the due ones that say that something was done. Decides nothing.

use std::borrow::Cow;

use crate::evidence::{Object, Value};
use crate::finding::Sink;
use crate::text::alike::squeezed;

/// What a value says where a yes would tell of something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Said {
    /// `true`, a number other than zero, a list that is not empty, or a word for yes.
    Yes,
    /// `false`, `null`, zero, an empty list, or a word for no.
    No,
    /// A text that only a person can judge, or an object, whose members speak for it.
    Other,
}

const YES: [&str; 3] = ["yes", "true", "y"];
const NO: [&str; 8] = ["", "no", "none", "nothing", "never", "false", "na", "0"];

/// What the value says.
pub(super) fn says(value: Value<'_>) -> Said {
    if let Some(text) = value.as_text() {
        let word = squeezed(&text);
        return if YES.contains(&word.as_str()) {
            Said::Yes
        } else if NO.contains(&word.as_str()) {
            Said::No
        } else {
            Said::Other
        };
    }
    match value.raw() {
        b"true" => Said::Yes,
        [b'[', ..] if value.as_list().is_some_and(|list| list.is_empty()) => Said::No,
        [b'[', ..] => Said::Yes,
        [b'{', ..] => Said::Other,
        number if number.iter().any(|byte| matches!(byte, b'1'..=b'9')) => Said::Yes,
        // `false`, `null` and zero.
        _ => Said::No,
    }
}

/// How many a value says that there are: an integer, or the length of a list.
pub(super) fn number(value: Value<'_>) -> Option<u64> {
    if let Some(list) = value.as_list() {
        return Some(list.len() as u64);
    }
    let number = value.integer(&mut Sink::default())?;
    Some(number.to_u64().unwrap_or(u64::MAX))
}

/// Every member of the object and of what it holds, at any depth.
pub(super) fn everywhere<'d>(root: Object<'d>, each: &mut dyn FnMut(&str, Value<'d>)) {
    let mut work: Vec<(Cow<'d, str>, Value<'d>)> = root.members().collect();
    work.reverse();
    while let Some((name, value)) = work.pop() {
        each(&name, value);
        let from = work.len();
        if let Some(object) = value.as_object() {
            work.extend(object.members());
        } else if let Some(list) = value.as_list() {
            // Items have the name of their list.
            work.extend(list.into_iter().map(|item| (name.clone(), item)));
        }
        if let Some(new) = work.get_mut(from..) {
            new.reverse();
        }
    }
}

/// Whether a name has one of the words, and none that denies it.
pub(super) fn tells(name: &str, words: &[&str]) -> bool {
    const DENY: [&str; 6] = ["no", "not", "non", "never", "without", "un"];
    let said = super::words::words(name);
    said.iter().any(|word| words.contains(&word.as_str()))
        && !said.iter().any(|word| DENY.contains(&word.as_str()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::check::bench::path;
    use crate::evidence::{Document, Held, Limits};
    use crate::profile::Spellings;

    #[test]
    fn values_say_yes_or_no_and_prose_says_neither() {
        let all = json!({
            "yes": [true, 1, -2, 0.5, [0], "YES", "true"],
            "no": [false, null, 0, 0.0, [], "", "No", "n/a", "NONE"],
            "other": [{}, {"a": 1}, "see the log", "TOUCHED"],
        });
        let held = Held { bytes: all.to_string().into_bytes(), sealed: true, recovered: false };
        let document = Document::read(path("a.json"), held, Spellings::default(), Limits::default());
        let document = document.map_err(|_| "broken").unwrap();
        let root = document.root().as_object().unwrap();
        for (name, due) in [("yes", Said::Yes), ("no", Said::No), ("other", Said::Other)] {
            for value in root.get(name).unwrap().as_list().unwrap() {
                assert_eq!(says(value), due, "{value:?}");
            }
        }
        let mut met = Vec::new();
        everywhere(root, &mut |name, _| met.push(name.to_owned()));
        met.dedup();
        assert_eq!(met, ["no", "other", "a", "other", "yes"]);
    }

    #[test]
    fn names_are_read_by_their_words() {
        assert!(tells("touched_surfaces", &["touched"]) && tells("wasTouched", &["touched"]));
        assert!(!tells("untouched", &["touched"]) && !tells("not_touched", &["touched"]));
    }
}
