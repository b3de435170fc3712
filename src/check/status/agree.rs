//! The machine report, the pages and the decision packet speak of one date, lane,
//! delegation and status.

pub(super) mod others;

use std::ops::Range;

use crate::check::{CheckError, Packet};
use crate::code::Code;
use crate::config::Date;
use crate::evidence::{Object, place::Lines};
use crate::finding::{Finding, Sink};
use crate::path::BytePath;
use crate::profile::{Key, Role};
use crate::text::alike::squeezed;
use crate::text::quote;

/// Fields that agree everywhere.
const FIELDS: [&str; 4] = ["date", "lane", "delegation", "final_status"];

pub(super) fn judge(
    packet: &Packet,
    report: Object<'_>,
    status: &str,
    out: &mut Sink,
) -> Result<(), CheckError> {
    let text =
        |field: &str| report.get(field).and_then(|value| value.word(out)).map(std::borrow::Cow::into_owned);
    let mut said = Said { status: status.to_owned(), ..Said::default() };
    [said.date, said.lane, said.delegation] = ["date", "lane", "delegation"].map(text);
    for role in [Role::Decision, Role::OwnerDecision] {
        for document in packet.documents(role, out)? {
            let Some(root) = document.root().as_object() else { continue };
            fields(root, &said, out);
            others::stated(packet.profile(), root, status, out);
        }
    }
    others::stated(packet.profile(), report, status, out);
    for role in [Role::Readme, Role::Checkpoint] {
        // Whichever of two pages somebody reads, it says the same.
        for (path, held) in packet.shelf.files(role, out)? {
            page(packet, path, &String::from_utf8_lossy(&held.bytes), &said, out);
        }
    }
    Ok(())
}

/// The fields of a decision that the machine report has too, however they are spelled.
fn fields(root: Object<'_>, said: &Said, out: &mut Sink) {
    for (name, value) in root.members() {
        // In a decision, `status` may be the state of the decision itself.
        let letters = squeezed(&name);
        let field = FIELDS.into_iter().find(|field| squeezed(field) == letters);
        let field = field.or((letters == "overallstatus").then_some("final_status"));
        let Some((field, due)) = field.and_then(|field| Some((field, said.of(field)?))) else { continue };
        if !value.as_text().is_some_and(|text| is_same(field, &text, due)) {
            let message = format!("`{field}` is not {}, as in the machine report", quote(due.as_bytes()));
            out.push(value.finding(Code::StatusDisagrees, message, "differs"));
        }
    }
}

/// Whether both say the same. A lane is a name for people, who write it with capitals
/// where they stand; the others are compared as they are.
fn is_same(field: &str, said: &str, due: &str) -> bool {
    said == due || (field == "lane" && said.to_lowercase() == due.to_lowercase())
}

/// What the machine report says.
#[derive(Default)]
struct Said {
    date: Option<String>,
    lane: Option<String>,
    delegation: Option<String>,
    status: String,
}

impl Said {
    fn of(&self, field: &str) -> Option<&str> {
        match field {
            "date" => self.date.as_deref(),
            "lane" => self.lane.as_deref(),
            "delegation" => self.delegation.as_deref(),
            _ => Some(&self.status),
        }
    }
}

fn page(packet: &Packet, path: &BytePath, text: &str, said: &Said, out: &mut Sink) {
    let mut tell = |message: String| {
        out.push(Finding::new(Code::StatusDisagrees, message).path(path.clone()));
    };
    let name = quote(path.as_bytes());
    if !has_word(text, &said.status) {
        tell(format!("{name} does not state the status {}", quote(said.status.as_bytes())));
    }
    if let Some(delegation) = said.delegation.as_deref().filter(|due| !has_word(text, due)) {
        let known = packet.profile().words(Key::Delegations);
        if let Some(other) = known.iter().find(|other| *other != delegation && has_word(text, other)) {
            tell(format!(
                "{name} names the delegation {} and not {}",
                quote(other.as_bytes()),
                quote(delegation.as_bytes())
            ));
        }
    }
    if let Some(date) =
        said.date.as_deref().filter(|date| Date::parse(date).is_some() && !text.contains(date))
    {
        let words = text.split(|c: char| !(c.is_ascii_digit() || c == '-'));
        if let Some(other) = words.into_iter().find(|word| Date::parse(word).is_some()) {
            tell(format!(
                "{name} is of {}, and the machine report of {}",
                quote(other.as_bytes()),
                quote(date.as_bytes())
            ));
        }
    }
    labelled(path, text, said, out);
    others::named(packet.profile(), path, text, &said.status, out);
}

/// `Status: X`, and its like for the others: such a line states it for the page.
fn labelled(path: &BytePath, text: &str, said: &Said, out: &mut Sink) {
    let lines = Lines::of(text.as_bytes());
    let (mut at, mut told) = (0, 0);
    for line in text.split_inclusive('\n') {
        let from = at;
        at += line.len();
        let Some((label, value)) = line.split_once(':') else { continue };
        let label = label.trim_matches(is_markup).to_lowercase().replace(' ', "_");
        let field = match label.as_str() {
            "status" | "final_status" => "final_status",
            "date" | "lane" | "delegation" => label.as_str(),
            _ => continue,
        };
        let Some(due) = said.of(field) else { continue };
        let value = stated(value, due);
        if is_same(field, value, due) || value.is_empty() {
            continue;
        }
        let message = format!(
            "{} states the {} {}, and the machine report {}",
            quote(path.as_bytes()),
            label.replace('_', " "),
            quote(value.as_bytes()),
            quote(due.as_bytes())
        );
        out.push(placed(path, text, &lines, from..from + line.trim_end().len(), message));
        told += 1;
        if told == MOST {
            return;
        }
    }
}

/// A finding at a place of a page.
fn placed(path: &BytePath, text: &str, lines: &Lines, span: Range<usize>, message: String) -> Finding {
    let mut finding = Finding::new(Code::StatusDisagrees, message).path(path.clone());
    finding.location = Some(lines.location(text.as_bytes(), &span));
    let name = String::from_utf8_lossy(path.as_bytes());
    finding.snippet = Some(lines.snippet(text.as_bytes(), &span, &name, "differs"));
    finding
}

fn is_markup(c: char) -> bool {
    c.is_whitespace() || "#>*-_`|\"".contains(c)
}

/// What stands behind a label: a code span, else as many words as are due.
fn stated<'t>(behind: &'t str, due: &str) -> &'t str {
    let start = behind.trim_start_matches(|c| is_markup(c) && c != '`');
    if let Some((code, _)) = start.strip_prefix('`').and_then(|rest| rest.split_once('`')) {
        return code.trim();
    }
    let all = behind.trim_matches(is_markup);
    let words =
        if due.contains(char::is_whitespace) { all } else { all.split_whitespace().next().unwrap_or("") };
    words.trim_end_matches(['.', ',', ';']).trim_matches(is_markup)
}

/// Findings that are kept of one page.
const MOST: usize = 20;

/// Whether the text has it as a whole word.
fn has_word(text: &str, word: &str) -> bool {
    places_of(text, word).next().is_some()
}

/// Where the text has it as a whole word.
fn places_of<'t>(text: &'t str, word: &'t str) -> impl Iterator<Item = usize> + 't {
    let edge = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric() && c != '_');
    let found = text.match_indices(word).filter(move |(at, _)| {
        let before = text.get(..*at).and_then(|head| head.chars().next_back());
        let after = text.get(at + word.len()..).and_then(|tail| tail.chars().next());
        edge(before) && edge(after)
    });
    found.map(|(at, _)| at).filter(|_| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_whole() {
        for (text, has) in [
            ("A_READY", true),
            ("so A_READY.", true),
            ("A_READY_NOT A_READY", true),
            ("A_READYX", false),
            (" A_READYX", false),
            ("XA_READY", false),
            ("_A_READY", false),
            ("B_READY", false),
        ] {
            assert_eq!(has_word(text, "A_READY"), has, "{text}");
        }
        assert!(!has_word("x", ""));
    }

    /// The rest of the sentence was taken for a part of the status.
    #[test]
    fn a_label_is_followed_by_a_code_span_or_by_words() {
        for (behind, due, read) in [
            (" `A_READY`, on 2026-06-18.", "A_READY", "A_READY"),
            (" A_READY, on 2026-06-18.", "A_READY", "A_READY"),
            ("** | A_READY |", "A_READY", "A_READY"),
            (" rehearsal of June.", "rehearsal of June", "rehearsal of June"),
            (" `B_READY` (not `A_READY`)", "A_READY", "B_READY"),
            (" `rehearsal of June` and more", "rehearsal of May", "rehearsal of June"),
            (" ``", "A_READY", ""),
            ("", "A_READY", ""),
        ] {
            assert_eq!(stated(behind, due), read, "{behind}");
        }
    }
}
