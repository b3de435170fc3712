//! Final statuses other than the packet's own: one that claims something is named
//! only as that of another packet, or to say that this one does not have it.

use super::{MOST, placed, places_of};
use crate::check::said::everywhere;
use crate::check::words::words;
use crate::code::Code;
use crate::evidence::{Object, Value, place::Lines};
use crate::finding::Sink;
use crate::path::BytePath;
use crate::profile::{Key, Profile};
use crate::text::alike::squeezed;
use crate::text::quote;

/// Words by which a sentence speaks of another packet, or denies.
const ELSEWHERE: [&str; 20] = [
    "predecessor",
    "predecessors",
    "previous",
    "previously",
    "prior",
    "earlier",
    "former",
    "follows",
    "followed",
    "after",
    "before",
    "next",
    "later",
    "not",
    "no",
    "never",
    "nor",
    "neither",
    "without",
    "unlike",
];

/// Known statuses beside the packet's own that claim something. What claims nothing
/// may be said: a packet may claim less than it proves.
fn claiming(profile: &Profile, own: &str) -> Vec<String> {
    let known = profile.words(Key::Statuses).into_iter();
    known.filter(|status| status != own && !profile.checks_claimed_by(status).is_empty()).collect()
}

/// Looks through a page, wherever in it a status stands.
pub(super) fn named(profile: &Profile, path: &BytePath, text: &str, own: &str, out: &mut Sink) {
    let lines = Lines::of(text.as_bytes());
    let mut told = 0;
    for other in claiming(profile, own) {
        for at in places_of(text, &other) {
            if is_of_another(text, at..at + other.len()) {
                continue;
            }
            told += 1;
            if told > MOST {
                return;
            }
            let message = format!(
                "{} names the status {}, and the machine report states {}",
                quote(path.as_bytes()),
                quote(other.as_bytes()),
                quote(own.as_bytes())
            );
            let help = "say which packet it is of, such as the predecessor, or take it out";
            out.push(placed(path, text, &lines, at..at + other.len(), message).help(help));
        }
    }
}

/// No longer part of a sentence is looked at, in bytes.
const FAR: usize = 600;
/// What is looked for the ends of a part in, on either side. A part that fills it is too long.
const AROUND: usize = 1200;

/// Whether the sentence, row or item around the place speaks of another packet.
/// What it costs does not depend on the length of the page.
fn is_of_another(text: &str, place: std::ops::Range<usize>) -> bool {
    let bounded = |at: usize| (at..=text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len());
    let near = bounded(place.start.saturating_sub(AROUND))..bounded(place.end.saturating_add(AROUND));
    let head = text.get(near.start..place.start).unwrap_or_default();
    let begins = ["\n\n", ". ", ".\n", "\n|", "\n- ", "\n* ", "\n#", "\n```"];
    let from = begins.iter().filter_map(|mark| head.rfind(mark).map(|at| at + mark.len())).max().unwrap_or(0);
    let tail = text.get(place.end..near.end).unwrap_or_default();
    let to = tail.find('\n').unwrap_or(tail.len());
    let around = [head.get(from..).unwrap_or_default(), tail.get(..to).unwrap_or_default()];
    around.iter().filter(|part| part.len() <= FAR).any(|part| {
        let words = part.split(|c: char| !c.is_alphanumeric() && c != '_');
        words.into_iter().any(|word| ELSEWHERE.contains(&word.to_lowercase().as_str()))
    })
}

/// Looks through the fields of a document that state a status, at any depth.
pub(super) fn stated(profile: &Profile, root: Object<'_>, own: &str, out: &mut Sink) {
    const FIELDS: [&str; 6] = ["finalstatus", "overallstatus", "status", "outcome", "verdict", "result"];
    let others = claiming(profile, own);
    everywhere(root, &mut |name, value| {
        if !FIELDS.contains(&squeezed(name).as_str()) {
            return;
        }
        let Some(text) = value.as_text().filter(|text| others.iter().any(|other| **other == **text)) else {
            return;
        };
        if is_elsewhere(value) {
            return;
        }
        let message = format!(
            "{} states the status {}, and the machine report {}",
            value.shown(),
            quote(text.as_bytes()),
            quote(own.as_bytes())
        );
        out.push(value.finding(Code::StatusDisagrees, message, "another status"));
    });
}

/// Whether a value stands under the name of another packet, or of a denial.
pub(in crate::check::status) fn is_elsewhere(value: Value<'_>) -> bool {
    words(&value.pointer()).iter().any(|part| ELSEWHERE.contains(&part.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_row_or_item_says_whose_status_it_is() {
        let place = |text: &str| {
            let at = text.find("X_READY").unwrap();
            is_of_another(text, at..at + 7)
        };
        for other in [
            "It follows the packet whose status\nwas X_READY.",
            "| predecessor | X_READY |",
            "- Prior status: `X_READY`",
            "This is not X_READY.",
        ] {
            assert!(place(other), "{other}");
        }
        let far = |word: &str| {
            format!("{word} {}X_READY {}{word}", "\u{2014} ".repeat(FAR), "\u{2014} ".repeat(FAR))
        };
        assert!(!place(&far("not")) && place(&format!("not {}X_READY", "\u{2014} ".repeat(100))));
        for own in [
            "It is not the first. The outcome is X_READY.",
            "| earlier | A |\n| outcome | X_READY |",
            "- previous\n- X_READY",
            "never\n\nX_READY",
            "Is it? no. X_READY",
            "no one asked.\nX_READY\nnot",
        ] {
            assert!(!place(own), "{own}");
        }
    }
}
