//! `indentation` and `blank_lines`: what formatters do to the lines of a text.

use std::collections::BTreeSet;

use super::family::{Family, Text};
use super::recipe::{Edit, signed};
use super::sink::Sink;
use super::site::{Context, PairBuilder, first_char};
use super::trailing::{indent, is_blank, lines};
use crate::code::Code;

/// The widest indentation that is added or taken as such.
const WIDEST: usize = 8;

/// The family `indentation`.
pub(super) struct Indentation;

/// How the indentation of a line may have been another.
#[derive(Clone, Copy, Debug)]
enum Change {
    /// So many blanks more.
    Deeper(usize),
    /// So many blanks less.
    Shallower(usize),
    /// One tab more.
    DeeperByTab,
    /// One tab less.
    ShallowerByTab,
    /// Tabs where so many blanks stand.
    Tabs(usize),
    /// So many blanks where tabs stand.
    Blanks(usize),
    /// Levels of so many blanks where levels of so many stand.
    Levels(usize, usize),
}

impl Change {
    fn apply(self, now: &[u8]) -> Option<Vec<u8>> {
        match self {
            Self::Deeper(n) => Some([&vec![b' '; n][..], now].concat()),
            Self::Shallower(n) => {
                let (cut, rest) = now.split_at_checked(n)?;
                cut.iter().all(|b| *b == b' ').then(|| rest.to_vec())
            }
            Self::DeeperByTab => Some([b"\t", now].concat()),
            Self::ShallowerByTab => now.strip_prefix(b"\t").map(<[u8]>::to_vec),
            Self::Tabs(width) => {
                let blanks = now.iter().take_while(|b| **b == b' ').count();
                let tabs = vec![b'\t'; blanks / width];
                (blanks >= width)
                    .then(|| [&tabs[..], now.get(blanks / width * width..).unwrap_or_default()].concat())
            }
            Self::Blanks(width) => now
                .contains(&b'\t')
                .then(|| now.iter().flat_map(|b| vec![b' '; if *b == b'\t' { width } else { 1 }]).collect()),
            Self::Levels(found, sealed) => {
                let whole = now.iter().all(|b| *b == b' ') && now.len().is_multiple_of(found);
                (whole && !now.is_empty()).then(|| vec![b' '; now.len() / found * sealed])
            }
        }
    }

    fn weight(self) -> u64 {
        match self {
            Self::Levels(..) | Self::Tabs(2 | 4) | Self::Blanks(2 | 4) => 20,
            Self::Deeper(1 | 2 | 4) | Self::Shallower(1 | 2 | 4) => 15,
            _ => 5,
        }
    }

    /// The difference in length that each line makes, where all make the same.
    fn delta(self) -> Option<i64> {
        match self {
            Self::Deeper(n) => Some(signed(n)),
            Self::Shallower(n) => Some(-signed(n)),
            Self::DeeperByTab => Some(1),
            Self::ShallowerByTab => Some(-1),
            _ => None,
        }
    }
}

impl Family for Indentation {
    fn code(&self) -> Code {
        Code::Indentation
    }

    fn pairs(&self, text: Text<'_>, out: &mut Sink<'_, '_>) {
        if text.has_many_lines() {
            return;
        }
        let mut changes = vec![Change::DeeperByTab, Change::ShallowerByTab];
        for n in 1..=WIDEST {
            changes.extend([Change::Deeper(n), Change::Shallower(n)]);
        }
        for width in [1, 2, 3, 4, 8] {
            changes.extend([Change::Tabs(width), Change::Blanks(width)]);
            for other in [1, 2, 3, 4, 8] {
                if width != other {
                    changes.push(Change::Levels(width, other));
                }
            }
        }
        for change in changes {
            let reachable = change.delta().is_none_or(|delta| text.wants(change.weight(), delta));
            if !reachable || change.weight() < text.least {
                continue;
            }
            let mut pair = PairBuilder::new(Code::Indentation, change.weight());
            let (mut above, mut above_indent) = ('\0', 0);
            let mut last: Option<(&[u8], Option<Vec<u8>>)> = None;
            for (start, line) in lines(text.bytes) {
                let now = indent(line);
                let Some(body) = line.get(now.len()..).filter(|body| !body.is_empty()) else {
                    above = '\0';
                    continue;
                };
                let lead = first_char(body);
                if last.as_ref().is_none_or(|(found, _)| *found != now) {
                    last = Some((now, change.apply(now)));
                }
                if let Some((_, Some(sealed))) = &last {
                    // What matters is how the line begins and what it follows.
                    let depth = char::from(b'0'.saturating_add(u8::try_from(now.len().min(70)).unwrap_or(0)));
                    let context =
                        Context { prev: above, next: lead, lead: depth, code: now.len() > above_indent };
                    pair.site_in(start, now, sealed, context);
                }
                (above, above_indent) = (lead, now.len());
            }
            out.extend(pair.finish());
        }
    }

    fn is_legal(&self, found: &[u8], edit: &Edit<'_>) -> bool {
        let starts_line = match edit.at.checked_sub(1) {
            None => true,
            Some(before) => matches!(found.get(before), Some(b'\n' | b'\r')),
        };
        starts_line && edit.found.iter().chain(edit.sealed).all(|b| is_blank(*b))
    }
}

/// The family `blank_lines`.
pub(super) struct BlankLines;

impl Family for BlankLines {
    fn code(&self) -> Code {
        Code::BlankLines
    }

    fn pairs(&self, text: Text<'_>, out: &mut Sink<'_, '_>) {
        if text.has_many_lines() {
            return;
        }
        let newline = super::line_ends::Counts::of(text.bytes).main().bytes();
        let mut added = PairBuilder::new(Code::BlankLines, 20);
        let mut removed = PairBuilder::new(Code::BlankLines, 20);
        let mut doubled = PairBuilder::new(Code::BlankLines, 5);
        let all: Vec<(usize, &[u8])> = lines(text.bytes).collect();
        let lead = |index: Option<usize>| {
            let line = index.and_then(|i| all.get(i)).map(|(_, line)| *line).unwrap_or_default();
            first_char(line.get(indent(line).len()..).unwrap_or_default())
        };
        let (mut fenced, mut empty) = (false, 0usize);
        for (i, (start, line)) in all.iter().enumerate() {
            let body = line.trim_ascii_start();
            let fence = body.starts_with(b"```") || body.starts_with(b"~~~");
            fenced ^= fence;
            let next = all.get(i + 1).map_or(text.bytes.len(), |(next, _)| *next);
            let context = Context {
                prev: lead(i.checked_sub(1)),
                next: lead(Some(i)),
                lead: lead(i.checked_sub(2)),
                code: fenced,
            };
            if line.is_empty() {
                empty += 1;
                let below = Context { next: lead(Some(i + 1)), ..context };
                let end = text.bytes.get(*start..next).unwrap_or_default();
                added.site_in(*start, end, b"", below);
                if empty == 1 {
                    doubled.site_in(*start, b"", newline, below);
                }
            } else {
                if i > 0 && empty == 0 {
                    removed.site_in(*start, b"", newline, context);
                }
                empty = 0;
            }
        }
        if text.wants(20, -signed(newline.len())) {
            out.extend(added.finish());
        }
        if text.wants(20, signed(newline.len())) {
            out.extend(removed.finish());
            out.extend(doubled.finish());
        }
        repeated(text, &all, newline, out);
    }

    fn is_legal(&self, found: &[u8], edit: &Edit<'_>) -> bool {
        let starts_line = match edit.at.checked_sub(1) {
            None => true,
            Some(before) => matches!(found.get(before), Some(b'\n' | b'\r')),
        };
        starts_line && edit.found.iter().chain(edit.sealed).all(|b| matches!(b, b'\n' | b'\r'))
    }
}

/// Several empty lines in a row that were another number of them.
fn repeated(text: Text<'_>, all: &[(usize, &[u8])], newline: &[u8], out: &mut Sink<'_, '_>) {
    let mut runs = Vec::new();
    let mut start = None;
    for (at, line) in all {
        match (line.is_empty(), start) {
            (true, None) => start = Some(*at),
            (false, Some(from)) => {
                runs.push((from, *at));
                start = None;
            }
            _ => {}
        }
    }
    let lengths: BTreeSet<usize> = runs.iter().map(|(from, to)| to - from).collect();
    for sealed in 1..=2usize {
        if lengths.len() < 2 && lengths.first().is_none_or(|len| *len <= newline.len() * sealed) {
            continue;
        }
        let mut pair = PairBuilder::new(Code::BlankLines, 15);
        for (from, to) in &runs {
            pair.site(*from, text.bytes.get(*from..*to).unwrap_or_default(), &newline.repeat(sealed));
        }
        out.extend(pair.finish());
    }
}

#[cfg(test)]
mod tests {
    use super::super::sink::collect;
    use super::*;

    fn sealed(family: &dyn Family, text: &str) -> Vec<String> {
        collect(family, text.as_bytes(), b"")
            .iter()
            .map(|pair| {
                String::from_utf8(pair.edits(|_| true).unwrap().undo(text.as_bytes()).unwrap()).unwrap()
            })
            .collect()
    }

    #[test]
    fn indentation_changes_in_every_way() {
        for (found, want) in [
            ("a\n  b\n    c\n", "a\n    b\n        c\n"),
            ("a\n    b\n", "a\n  b\n"),
            ("a\n\tb\n", "a\n    b\n"),
            ("a\n    b\n", "a\n\tb\n"),
            ("a\n\n b\n", " a\n\n  b\n"),
            ("  a\n  b\n", "a\nb\n"),
        ] {
            assert!(sealed(&Indentation, found).iter().any(|s| s == want), "{found:?} -> {want:?}");
        }
    }

    #[test]
    fn blank_lines_come_and_go() {
        for (found, want) in [
            ("a\n\nb\n\n\nc\n", "a\nb\nc\n"),
            ("a\nb\nc\n", "a\n\nb\n\nc\n"),
            ("a\r\nb\r\n", "a\r\n\r\nb\r\n"),
            ("a\n\n\nb\n\nc\n", "a\n\nb\n\nc\n"),
            ("a\n\nb\n", "a\n\n\nb\n"),
        ] {
            assert!(sealed(&BlankLines, found).iter().any(|s| s == want), "{found:?} -> {want:?}");
        }
    }

    #[test]
    fn only_blanks_at_line_starts_are_indentation() {
        let legal =
            |found: &[u8], at, old, new| Indentation.is_legal(found, &Edit { at, found: old, sealed: new });
        assert!(legal(b"a\n  b", 2, b"  ", b"\t"));
        assert!(!legal(b"a  b", 1, b"  ", b" "));
        assert!(!legal(b"a\nb", 2, b"b", b""));
        let legal =
            |found: &[u8], at, old, new| BlankLines.is_legal(found, &Edit { at, found: old, sealed: new });
        assert!(legal(b"a\n\nb", 2, b"\n", b""));
        assert!(!legal(b"a\nb", 1, b"\n", b""), "two lines are not one");
    }
}
