//! `text_reflow`: prose wrapped at another width, and blanks doubled or joined
//! inside of lines, as formatters do.

use super::family::{Family, Text};
use super::line_ends::Counts;
use super::recipe::{Edit, signed};
use super::sink::Sink;
use super::site::PairBuilder;
use super::trailing::{indent, is_blank, lines};
use crate::code::Code;

const CODE: Code = Code::TextReflow;

/// Widths that prose is wrapped at, the usual ones first; the last is not at all.
const WIDTHS: [usize; 12] = [80, 100, 72, 79, 120, 99, 76, 78, 88, 90, 110, usize::MAX];
/// A line is not broken before this column.
const LEAST_COLUMN: usize = 32;
/// Lines and paragraphs longer than this are not prose.
const LONGEST: usize = 1 << 14;

/// The family `text_reflow`.
pub(super) struct Reflow;

impl Family for Reflow {
    fn code(&self) -> Code {
        CODE
    }

    fn pairs(&self, text: Text<'_>, out: &mut Sink<'_, '_>) {
        if text.least > 10 || text.has_many_lines() {
            return;
        }
        let newline = Counts::of(text.bytes).main().bytes();
        let all: Vec<(usize, &[u8])> = lines(text.bytes).collect();
        joined(text, &all, out);
        split(text, &all, newline, out);
        doubled(text, &all, out);
        if text.wants(10, 0) || newline.len() > 1 || text.want.is_some() {
            for width in WIDTHS {
                filled(text, &all, newline, width, out);
                if !out.is_open() {
                    return;
                }
            }
        }
    }

    fn is_legal(&self, _: &[u8], edit: &Edit<'_>) -> bool {
        let words = |text: &'_ [u8]| {
            let words: Vec<Vec<u8>> = split_words(text).map(<[u8]>::to_vec).collect();
            words
        };
        let blank = |b: &u8| is_blank(*b) || matches!(b, b'\r' | b'\n');
        // Room stays room: nothing is joined that was apart, and nothing parted.
        let edges = |text: &[u8]| (text.first().is_some_and(blank), text.last().is_some_and(blank));
        !has_empty_line(edit.found)
            && !has_empty_line(edit.sealed)
            && !edit.found.is_empty()
            && !edit.sealed.is_empty()
            && edges(edit.found) == edges(edit.sealed)
            && words(edit.found) == words(edit.sealed)
    }
}

/// The words of a text, whatever room is between them.
fn split_words(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.split(|b| is_blank(*b) || matches!(b, b'\r' | b'\n')).filter(|word| !word.is_empty())
}

fn has_empty_line(text: &[u8]) -> bool {
    let ends = memchr::memchr2_iter(b'\n', b'\r', text).count();
    ends > 1
        && lines(text)
            .skip(1)
            .any(|(start, line)| indent(line).len() == line.len() && start + line.len() < text.len())
}

/// Whether a line may be a part of a paragraph that goes on.
fn is_prose(line: &[u8]) -> bool {
    let body = line.get(indent(line).len()..).unwrap_or_default();
    !body.is_empty()
        && line.len() <= LONGEST
        && !matches!(body.first(), Some(b'#' | b'|'))
        && !body.starts_with(b"```")
        && !body.starts_with(b"~~~")
}

/// Whether a line begins something of its own.
fn begins(line: &[u8]) -> bool {
    let body = line.get(indent(line).len()..).unwrap_or_default();
    let digits = body.iter().take_while(|b| b.is_ascii_digit()).count();
    let numbered =
        digits > 0 && matches!(body.get(digits), Some(b'.' | b')')) && body.get(digits + 1) == Some(&b' ');
    numbered || matches!(body, [b'-' | b'*' | b'+', b' ', ..] | [b'>' | b'<', ..])
}

/// How much deeper than its mark the text of a list's item stands.
fn of_item(line: &[u8]) -> &'static [u8] {
    if begins(line) { b"  " } else { b"" }
}

/// A line break was a blank.
fn joined(text: Text<'_>, all: &[(usize, &[u8])], out: &mut Sink<'_, '_>) {
    let mut pair = PairBuilder::new(CODE, 15);
    for lines in all.windows(2) {
        let [(start, line), (next, below)] = lines else { continue };
        if is_prose(line) && is_prose(below) && !begins(below) && !line.last().is_none_or(|b| is_blank(*b)) {
            let from = start + line.len();
            let found = text.bytes.get(from..next + indent(below).len()).unwrap_or_default();
            pair.site(from, found, b" ");
        }
    }
    out.extend(pair.finish());
}

/// A blank was a line break, with the indentation of its line, of a list item's
/// text, or of one blank.
fn split(text: Text<'_>, all: &[(usize, &[u8])], newline: &[u8], out: &mut Sink<'_, '_>) {
    for kind in 0..2 {
        let mut pair = PairBuilder::new(CODE, if kind == 0 { 15 } else { 8 });
        for (start, line) in all.iter().filter(|(_, line)| is_prose(line)) {
            let lead = match kind {
                0 => [indent(line), of_item(line)].concat(),
                _ => b" ".to_vec(),
            };
            let sealed = [newline, &lead].concat();
            if text.want.is_some_and(|want| want < signed(sealed.len()) - 1) {
                continue;
            }
            for column in memchr::memchr_iter(b' ', line).filter(|column| *column >= LEAST_COLUMN) {
                let apart = |at: Option<usize>| at.and_then(|at| line.get(at)).is_some_and(|b| !is_blank(*b));
                if apart(column.checked_sub(1)) && apart(Some(column + 1)) {
                    pair.site(start + column, b" ", &sealed);
                }
            }
        }
        out.extend(pair.finish());
    }
}

/// Several blanks inside of a line were one, or one after a sentence was two.
fn doubled(text: Text<'_>, all: &[(usize, &[u8])], out: &mut Sink<'_, '_>) {
    let mut fewer = PairBuilder::new(CODE, 15);
    let mut more = PairBuilder::new(CODE, 10);
    for (start, line) in all {
        let mut at = indent(line).len();
        while let Some(from) = line.get(at..).and_then(|rest| memchr::memchr(b' ', rest)).map(|gap| at + gap)
        {
            let blanks = line.get(from..).unwrap_or_default().iter().take_while(|b| **b == b' ').count();
            at = from + blanks;
            let run = line.get(from..at).unwrap_or_default();
            if at >= line.len() {
                break;
            }
            if blanks > 1 {
                fewer.site(start + from, run, b" ");
            } else if from
                .checked_sub(1)
                .and_then(|before| line.get(before))
                .is_some_and(|b| matches!(b, b'.' | b'!' | b'?' | b':'))
            {
                more.site(start + from, run, b"  ");
            }
        }
    }
    out.extend(fewer.finish());
    if text.wants(10, 1) {
        out.extend(more.finish());
    }
}

/// Paragraphs were wrapped at a width.
fn filled(text: Text<'_>, all: &[(usize, &[u8])], newline: &[u8], width: usize, out: &mut Sink<'_, '_>) {
    let mut pair = PairBuilder::new(CODE, 10);
    let mut rest = all;
    let mut fenced = false;
    while let Some(((start, first), after)) = rest.split_first() {
        let body = first.get(indent(first).len()..).unwrap_or_default();
        fenced ^= body.starts_with(b"```") || body.starts_with(b"~~~");
        if fenced || !is_prose(first) {
            rest = after;
            continue;
        }
        let more = after.iter().take_while(|(_, line)| is_prose(line) && !begins(line)).count();
        let last = more.checked_sub(1).and_then(|last| after.get(last)).copied().unwrap_or((*start, first));
        let found = text.bytes.get(*start..last.0 + last.1.len()).unwrap_or_default();
        if found.len() <= LONGEST {
            let hanging = match after.first().filter(|_| more > 0) {
                Some((_, line)) => indent(line).to_vec(),
                None => [indent(first), of_item(first)].concat(),
            };
            pair.site(*start, found, &fill(found, indent(first), &hanging, newline, width));
        }
        rest = after.get(more..).unwrap_or_default();
    }
    out.extend(pair.finish());
}

/// Words on lines of at most so many characters, as many on each as fit.
fn fill(text: &[u8], lead: &[u8], hanging: &[u8], newline: &[u8], width: usize) -> Vec<u8> {
    let chars = |bytes: &[u8]| bytes.iter().filter(|b| **b & 0xc0 != 0x80).count();
    let mut out = lead.to_vec();
    let mut column = chars(lead);
    let mut begun = false;
    for word in split_words(text) {
        let len = chars(word);
        if begun && column.saturating_add(1 + len) > width {
            out.extend_from_slice(newline);
            out.extend_from_slice(hanging);
            column = chars(hanging);
        } else if begun {
            out.push(b' ');
            column += 1;
        }
        out.extend_from_slice(word);
        column += len;
        begun = true;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::sink::collect;
    use super::*;

    /// Whether changing some one site of some pair gives a text.
    fn reaches(found: &str, want: &str) -> bool {
        collect(&Reflow, found.as_bytes(), b"").iter().any(|pair| {
            let all = pair.edits(|_| true).unwrap().undo(found.as_bytes()).unwrap();
            let one = |i| pair.edits(|site| site == i).unwrap().undo(found.as_bytes()).unwrap();
            all == want.as_bytes() || (0..pair.sites.len()).any(|i| one(i) == want.as_bytes())
        })
    }

    #[test]
    fn breaks_move_and_blanks_come_and_go() {
        let long = "one two three four five six seven eight nine";
        for (found, want) in [
            (format!("{long}, see\n[it](there).\n"), format!("{long}, see [it](there).\n")),
            (format!("{long}, see [it](there).\n"), format!("{long}, see\n[it](there).\n")),
            (format!("- {long} ten\n"), format!("- {long}\n  ten\n")),
            (format!("{long} [ten]\r\nx\r\n"), format!("{long}\r\n [ten]\r\nx\r\n")),
            ("it returns  the\n".to_owned(), "it returns the\n".to_owned()),
            ("It is. So\n".to_owned(), "It is.  So\n".to_owned()),
        ] {
            assert!(reaches(&found, &want), "{found:?} -> {want:?}");
        }
    }

    #[test]
    fn paragraphs_are_filled_at_a_width() {
        let words: Vec<String> = (0..40).map(|i| format!("word{i}")).collect();
        let at = |width| String::from_utf8(fill(words.join(" ").as_bytes(), b"", b"", b"\n", width)).unwrap();
        let page = |width| format!("# Title\n\n{}\n\n```\na  b\nc\n```\n", at(width));
        assert!(at(80).lines().all(|line| line.len() <= 80) && at(80).lines().count() > 3);
        assert!(reaches(&page(80), &page(100)) && reaches(&page(100), &page(usize::MAX)));
        assert!(reaches(&page(usize::MAX), &page(72)));
    }

    #[test]
    fn every_site_is_legal_and_words_are_not_touched() {
        let text = "# T\n\nA line of prose.  It goes on and on until\nit is here: broken, see [this].\n\n- item one, and\n  more of it that is long enough\n";
        for pair in collect(&Reflow, text.as_bytes(), b"") {
            for rule in &pair.rules {
                assert!(
                    Reflow.is_legal(b"", &Edit { at: 0, found: &rule.found, sealed: &rule.sealed }),
                    "{rule:?}"
                );
            }
        }
        let legal = |a: &str, b: &str| {
            Reflow.is_legal(b"", &Edit { at: 0, found: a.as_bytes(), sealed: b.as_bytes() })
        };
        assert!(legal(" ", "\n  ") && legal("a b\nc", "a\nb c"));
        assert!(!legal(" ", "") && !legal("\n", "\n\n") && !legal("a b", "ab") && !legal("a\nb", "b\na"));
    }
}
