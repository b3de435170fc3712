//! A proven recipe in words: causes, first difference, changed lines.

use std::borrow::Cow;

use bstr::ByteSlice;
use memchr::memmem;

use super::edges::BOM;
use super::json;
use super::line_ends::{self, End};
use super::names::{char_name, named};
use super::recipe::{Edits, Recipe, Rule, Step};
use super::{Cause, FirstDifference, LineChange, Sites};
use crate::code::Code;
use crate::text;

/// Lines named in a scope.
const MOST_LINES: usize = 6;
/// Changed lines kept.
const MOST_CHANGES: usize = 3;
/// Of a changed line longer than this only the part that differs is kept.
const LONGEST_LINE: usize = 2048;

/// The causes in the order in which they befell the sealed bytes. `texts` are
/// the bytes found and those after each step undone.
pub(super) fn causes(recipe: &Recipe, texts: &[Cow<'_, [u8]>]) -> Vec<Cause> {
    let mut out: Vec<Cause> = Vec::new();
    for (step, sides) in recipe.steps().iter().zip(texts.windows(2)) {
        let [found, sealed] = sides else { continue };
        out.push(match step {
            Step::Edits(edits) => edited(edits, found, sealed),
            Step::Transcode { code, sealed: then, found: now } => Cause {
                code: *code,
                direction: match code {
                    Code::Transcoded => format!("sealed in {}, now {}", then.name(), now.name()),
                    _ => format!("{} read as {} and saved as {}", now.name(), then.name(), now.name()),
                },
                scope: "the whole file".to_owned(),
                sites: None,
            },
        });
    }
    out.reverse();
    out
}

fn edited(edits: &Edits, found: &[u8], sealed: &[u8]) -> Cause {
    let (direction, noun, total) = match edits.code() {
        Code::CrlfDrift => {
            let total = line_ends::ends(sealed, false).count();
            (line_end_direction(edits.rules()), Noun::new("line end"), Some(total))
        }
        Code::BomPrefix => {
            let direction = if found.starts_with(BOM) {
                "sealed without a byte-order mark, now with one"
            } else {
                "sealed with a byte-order mark, now without"
            };
            let scope = "the first three bytes".to_owned();
            return Cause { code: edits.code(), direction: direction.to_owned(), scope, sites: None };
        }
        Code::FinalNewline => return final_newline(found, sealed),
        Code::EmdashUnicodeDrift => {
            let total = edits
                .rules()
                .iter()
                .all(|rule| !rule.sealed.is_empty())
                .then(|| occurrences(edits.rules(), sealed));
            (substitution(edits.rules()), character_noun(edits.rules()), total)
        }
        Code::TrailingWhitespace => {
            let added = edits.rules().iter().all(|rule| rule.sealed.is_empty());
            let stripped = edits.rules().iter().all(|rule| rule.found.is_empty());
            let direction = match (added, stripped) {
                (true, _) => "sealed without these trailing blanks, now with them",
                (_, true) => "sealed with trailing blanks, now without",
                _ => "sealed with other trailing blanks",
            };
            (direction.to_owned(), Noun::new("line"), None)
        }
        _ => match json::in_words(edits, found, sealed) {
            Some(words) => return json_cause(edits, words, found, sealed),
            None => (substitution(edits.rules()), Noun::new("place"), None),
        },
    };
    let lines = lines_of(edits, found, sealed);
    let changed = edits.count();
    Cause {
        code: edits.code(),
        direction,
        scope: scope(changed, total.map(|total| total.max(changed)), &noun, &lines),
        sites: total.map(|total| Sites { changed: changed as u64, total: total.max(changed) as u64 }),
    }
}

fn json_cause(edits: &Edits, words: json::Words, found: &[u8], sealed: &[u8]) -> Cause {
    let lines = match words.lines {
        Some(mut lines) => {
            lines.dedup();
            let all = lines.len();
            lines.truncate(MOST_LINES);
            (lines, all)
        }
        None => lines_of(edits, found, sealed),
    };
    let (changed, total) = (words.changed, words.total.map(|total| total.max(words.changed)));
    Cause {
        code: edits.code(),
        direction: words.direction,
        scope: scope(
            changed,
            total,
            &Noun { one: words.noun.0.to_owned(), many: words.noun.1.to_owned() },
            &lines,
        ),
        sites: total.map(|total| Sites { changed: changed as u64, total: total as u64 }),
    }
}

struct Noun {
    one: String,
    many: String,
}

impl Noun {
    fn new(one: &str) -> Self {
        let many = match one.strip_suffix("sh") {
            Some(_) => format!("{one}es"),
            None => match one.strip_suffix("ellipsis") {
                Some(stem) => format!("{stem}ellipses"),
                None => format!("{one}s"),
            },
        };
        Self { one: one.to_owned(), many }
    }
}

/// `all 214 line ends`, `3 of 20 em dashes: lines 12, 40, 41`.
fn scope(changed: usize, total: Option<usize>, noun: &Noun, lines: &(Vec<usize>, usize)) -> String {
    let where_ = || {
        let (listed, all) = lines;
        let list: Vec<String> = listed.iter().map(usize::to_string).collect();
        let word = if listed.len() == 1 && *all == 1 { "line" } else { "lines" };
        let more = all - listed.len();
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        format!("{word} {}{more}", list.join(", "))
    };
    match total {
        Some(1) => format!("the only {}: {}", noun.one, where_()),
        Some(total) if total == changed => format!("all {total} {}", noun.many),
        Some(total) => format!("{changed} of {total} {}: {}", noun.many, where_()),
        None if changed == 1 => format!("1 {}: {}", noun.one, where_()).replace("1 line: line", "line"),
        None => format!("{changed} {}: {}", noun.many, where_()),
    }
}

/// The first lines of the sealed side that a step changed, and how many there are.
fn lines_of(edits: &Edits, found: &[u8], sealed: &[u8]) -> (Vec<usize>, usize) {
    let mut listed: Vec<usize> = Vec::new();
    let (mut line, mut last, mut count) = (1, 0, 0);
    let (mut pos, mut sealed_pos) = (0, 0);
    for edit in edits.iter() {
        let kept = edit.at - pos;
        line += newlines(sealed.get(sealed_pos..sealed_pos + kept).unwrap_or_default());
        if line != last {
            last = line;
            count += 1;
            if listed.len() < MOST_LINES {
                listed.push(line);
            }
        }
        line += newlines(edit.sealed);
        pos = edit.at + edit.found.len();
        sealed_pos += kept + edit.sealed.len();
    }
    debug_assert!(pos <= found.len(), "edits lie within the text");
    (listed, count)
}

fn newlines(text: &[u8]) -> usize {
    memchr::memchr_iter(b'\n', text).count()
}

fn line_end_direction(rules: &[Rule]) -> String {
    let names = |side: fn(&Rule) -> &[u8]| {
        let mut ends: Vec<_> = rules.iter().filter_map(|rule| End::of(side(rule))).collect();
        ends.sort_unstable();
        ends.dedup();
        ends.iter().map(|end| end.name()).collect::<Vec<_>>().join(" and ")
    };
    format!("sealed with {}, now {}", names(|rule| &rule.sealed), names(|rule| &rule.found))
}

fn final_newline(found: &[u8], sealed: &[u8]) -> Cause {
    let tail = |text: &[u8]| -> Vec<End> {
        let tail = text.get(super::edges::without_final_newlines(text).len()..).unwrap_or_default();
        line_ends::ends(tail, false).map(|(_, end)| end).collect()
    };
    let (was, is) = (tail(sealed), tail(found));
    // As many as before: only what they are tells them apart.
    let alike = was.len() == is.len();
    let said = |ends: &[End]| {
        let count = match ends.len() {
            0 => "no final newline".to_owned(),
            1 => "one final newline".to_owned(),
            n => format!("{n} final newlines"),
        };
        if !alike {
            return count;
        }
        let names: Vec<&str> = ends.iter().map(|end| end.name()).collect();
        format!("{count} ({})", names.join(" "))
    };
    Cause {
        code: Code::FinalNewline,
        direction: format!("sealed with {}, now {}", said(&was), said(&is)),
        scope: "the end of the file".to_owned(),
        sites: None,
    }
}

/// `sealed U+2014 EM DASH, now U+002D HYPHEN-MINUS`, for a few rules.
fn substitution(rules: &[Rule]) -> String {
    let mut parts: Vec<String> = rules
        .iter()
        .take(3)
        .map(|rule| match (&*rule.found, &*rule.sealed) {
            (found, b"") => format!("sealed without {}", spell(found)),
            (b"", sealed) => format!("sealed with {}, now without", spell(sealed)),
            (found, sealed) => format!("sealed {}, now {}", spell(sealed), spell(found)),
        })
        .collect();
    if rules.len() > 3 {
        parts.push(format!("and {} other replacements", rules.len() - 3));
    }
    parts.join("; ")
}

/// One character by its name, several as quoted text.
fn spell(bytes: &[u8]) -> String {
    if let ([byte], Err(_)) = (bytes, std::str::from_utf8(bytes)) {
        return format!("the byte 0x{byte:02X}");
    }
    let short = bytes.get(..40).unwrap_or(bytes);
    let mut chars = short.chars();
    match (chars.next(), chars.next()) {
        (Some(c), None) if !c.is_alphanumeric() || !c.is_ascii() => named(c),
        _ if short.len() < bytes.len() => format!("{}\u{2026}", text::quote(short)),
        _ => text::quote(bytes),
    }
}

/// What the sealed characters are called, when they are all the same.
fn character_noun(rules: &[Rule]) -> Noun {
    let side = if rules.iter().all(|rule| rule.sealed.is_empty()) {
        |r: &Rule| r.found.clone()
    } else {
        |r: &Rule| r.sealed.clone()
    };
    let mut texts: Vec<_> = rules.iter().map(side).collect();
    texts.dedup();
    let name = match texts.as_slice() {
        [one] => {
            let mut chars = one.chars();
            chars.next().filter(|_| chars.next().is_none()).and_then(char_name).map(str::to_lowercase)
        }
        _ => None,
    };
    Noun::new(name.as_deref().unwrap_or("typographic character"))
}

/// How often the sealed texts of the rules stand in the sealed bytes.
fn occurrences(rules: &[Rule], sealed: &[u8]) -> usize {
    let mut texts: Vec<&[u8]> = rules.iter().map(|rule| &*rule.sealed).collect();
    texts.sort_unstable();
    texts.dedup();
    texts.iter().take(16).map(|text| memmem::find_iter(sealed, text).count()).sum()
}

/// Where the two first differ.
pub(super) fn first_difference(found: &[u8], sealed: &[u8]) -> Option<FirstDifference> {
    if found == sealed {
        return None;
    }
    let byte = found.iter().zip(sealed).take_while(|(a, b)| a == b).count();
    let before = found.get(..byte).unwrap_or_default();
    let start = before.rfind_byte(b'\n').map_or(0, |at| at + 1);
    // A difference inside a character is one of the whole character.
    let column =
        found.get(start..).unwrap_or_default().char_indices().take_while(|(_, end, _)| start + end <= byte);
    Some(FirstDifference {
        byte: byte as u64,
        line: (newlines(before) + 1) as u64,
        column: (column.count() + 1) as u64,
    })
}

/// The first lines that differ. Lines are put side by side again after one
/// that was added or removed.
pub(super) fn changed_lines(found: &[u8], sealed: &[u8]) -> Vec<LineChange> {
    let mut out = Vec::new();
    let (mut new, mut old) =
        (found.lines_with_terminator().peekable(), sealed.lines_with_terminator().peekable());
    let mut line = 1;
    while out.len() < MOST_CHANGES {
        let change = match (old.next(), new.next()) {
            (None, None) => break,
            (Some(a), Some(b)) if a == b => None,
            (Some(a), Some(b)) if new.peek() == Some(&a) && old.peek() != Some(&b) => {
                out.push(LineChange { line, sealed: None, found: Some(clip(b, a)) });
                new.next();
                None
            }
            (Some(a), Some(b)) if old.peek() == Some(&b) && new.peek() != Some(&a) => {
                out.push(LineChange { line, sealed: Some(clip(a, b)), found: None });
                line += 1;
                old.next();
                None
            }
            (a, b) => {
                let (left, right) = (a.unwrap_or_default(), b.unwrap_or_default());
                Some(LineChange { line, sealed: a.map(|a| clip(a, right)), found: b.map(|b| clip(b, left)) })
            }
        };
        out.extend(change);
        line += 1;
    }
    out.truncate(MOST_CHANGES);
    out
}

/// A line, or of a very long one the part around its first difference from another.
pub(super) fn clip(line: &[u8], other: &[u8]) -> Vec<u8> {
    if line.len() <= LONGEST_LINE {
        return line.to_vec();
    }
    let differ = line.iter().zip(other).take_while(|(a, b)| a == b).count();
    let mut start = differ.saturating_sub(LONGEST_LINE / 4);
    while start > 0 && line.get(start).is_some_and(|b| b & 0xc0 == 0x80) {
        start -= 1;
    }
    line.get(start..line.len().min(start + LONGEST_LINE)).unwrap_or_default().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(line: u64, sealed: Option<&str>, found: Option<&str>) -> LineChange {
        let bytes = |text: &str| text.as_bytes().to_vec();
        LineChange { line, sealed: sealed.map(bytes), found: found.map(bytes) }
    }

    #[test]
    fn the_first_difference_has_a_line_and_a_column() {
        let at = |found: &str, sealed: &str| {
            first_difference(found.as_bytes(), sealed.as_bytes()).map(|d| (d.byte, d.line, d.column))
        };
        assert_eq!(at("a\nb\u{e9}\u{2014}c", "a\nb\u{e9}-c"), Some((5, 2, 3)));
        assert_eq!(at("a\nb\u{e9}-c", "a\nb\u{e9}\u{2014}c"), Some((5, 2, 3)));
        assert_eq!(at("\u{2014}", "\u{2013}"), Some((2, 1, 1)), "inside a character");
        assert_eq!(at("a", "a\n"), Some((1, 1, 2)));
        assert_eq!(at("a\n", "a"), Some((1, 1, 2)));
        assert_eq!(at("a", "a"), None);
    }

    #[test]
    fn changed_lines_are_paired() {
        let lines = |found: &str, sealed: &str| changed_lines(found.as_bytes(), sealed.as_bytes());
        assert_eq!(lines("a\nB\nc\n", "a\nb\nc\n"), [change(2, Some("b\n"), Some("B\n"))]);
        assert_eq!(lines("a\nx\nb\n", "a\nb\n"), [change(2, None, Some("x\n"))]);
        assert_eq!(lines("a\nb\n", "a\nx\nb\n"), [change(2, Some("x\n"), None)]);
        assert_eq!(lines("a\n\n", "a\n"), [change(2, None, Some("\n"))]);
        assert_eq!(lines("a\r\nb\r\nc\r\nd\r\n", "a\nb\nc\nd\n").len(), 3);
    }

    #[test]
    fn very_long_lines_are_clipped() {
        let sealed = "x".repeat(10_000) + "\u{2014}" + &"y".repeat(10_000);
        let found = sealed.replace('\u{2014}', "-");
        let lines = changed_lines(found.as_bytes(), sealed.as_bytes());
        let kept = lines.first().unwrap().sealed.as_ref().unwrap();
        assert!(kept.len() <= LONGEST_LINE + 4 && kept.find("\u{2014}").is_some());
    }
}
