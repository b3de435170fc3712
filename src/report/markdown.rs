//! Markdown for a step summary or a comment of a pull request.
//!
//! Packet data stands only in code spans and fenced blocks, where no renderer looks
//! for links, mentions or references; in spans `` ` `` and `|` are written as
//! `\x60` and `\x7c`, and a fence is longer than every run of its own character in
//! the block. Words of ours have every character of the syntax escaped.
//!
//! The document has at most [`MOST`] bytes: causes that would not fit are counted.

use std::fmt::Write as _;
use std::io::{self, Write};

use super::Report;
use super::human::number;
use super::page::{Cause, Cut, Diff, File, Limits, Mark, Packet, Page, State};
use super::prose::Piece;
use crate::code::Severity;

/// Bytes of a document, at most: a step summary may have 1 MiB, others included.
pub const MOST: usize = 1_000_000;

/// Kept for what stands behind the causes.
const RESERVE: usize = 200_000;

const LIMITS: Limits = Limits { packets: 50, causes: 100, files: 30, in_full: 3, passed_over: 20 };

/// Characters of a name or a sentence's part, at most.
const LONGEST: usize = 400;

/// Writes the document.
pub fn render(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let page = Page::of(report, LIMITS);
    let mut text = heading(&page);
    let mut cut = 0;
    for (at, cause) in page.causes.shown.iter().enumerate() {
        let section = of_cause(cause, "###");
        if text.len() + section.len() + RESERVE > MOST {
            cut = page.causes.shown.len() - at;
            break;
        }
        text.push_str(&section);
    }
    let left = cut + page.causes.more;
    if left > 0 {
        let _ = writeln!(text, "*{} more causes are left out here: the JSON report has all.*\n", count(left));
    }
    for part in [asides(&page), checks(&page), passed_over(&page)] {
        if text.len() + part.len() + RESERVE / 10 <= MOST {
            text.push_str(&part);
        } else {
            text.push_str("*A section is left out here: the JSON report has it.*\n\n");
        }
    }
    text.push_str(&last_line(&page));
    out.write_all(text.as_bytes())
}

/// The verdict, what it is about, and the packets.
fn heading(page: &Page) -> String {
    let (mark, words) = match page.state {
        State::Intact => ("\u{2705}", "everything sealed is intact"),
        State::Partial => ("\u{26a0}\u{fe0f}", "partial"),
        State::Failed => ("\u{274c}", "FAIL"),
        State::Error => ("\u{1f6d1}", "ERROR"),
    };
    let mut text = format!("## {mark} seal: {words}\n\n");
    if page.state != State::Intact {
        let _ = writeln!(text, "**{}** (exit status {})\n", words_of(&page.verdict), page.exit_code);
    }
    for why in page.partial.iter().filter(|_| page.state == State::Failed) {
        let _ = writeln!(text, "*Not everything was judged: {}*\n", line(why));
    }
    if !page.packets.is_empty() {
        text.push_str("| | packet | entries | tree |\n|---|---|---|---|\n");
        for packet in &page.packets.shown {
            text.push_str(&row(packet));
        }
        text.push('\n');
        text.push_str(&more(&page.packets, "packet", "packets"));
    }
    text
}

fn row(packet: &Packet) -> String {
    let mark = mark(packet.state);
    let counts: Vec<String> = packet
        .counts
        .iter()
        .map(|(count, word)| {
            let bad = !matches!(*word, "sealed" | "intact" | "referenced" | "excluded");
            if bad { format!("**{} {word}**", number(*count)) } else { format!("{} {word}", number(*count)) }
        })
        .collect();
    let tree = packet.tree.as_deref().map(code).unwrap_or_default();
    format!("| {mark} | {} | {} | {tree} |\n", code(&packet.name), counts.join(", "))
}

fn mark(state: State) -> &'static str {
    match state {
        State::Intact => "\u{2705}",
        State::Partial => "\u{26a0}\u{fe0f}",
        State::Failed => "\u{274c}",
        State::Error => "\u{1f6d1}",
    }
}

fn of_cause(cause: &Cause, level: &str) -> String {
    let mark = match cause.severity {
        Severity::Error if cause.stops => "\u{1f6d1}",
        Severity::Error => "\u{274c}",
        Severity::Warning => "\u{26a0}\u{fe0f}",
        Severity::Note => "\u{2139}\u{fe0f}",
    };
    let mut text = format!("{level} {mark} {}\n\n", line(&cause.title));
    let mut facts = vec![code(&cause.codes)];
    facts.extend([cause.count.as_str(), cause.grade.unwrap_or_default()].map(str::to_owned));
    facts.retain(|fact| !fact.is_empty() && fact != "``");
    let _ = writeln!(text, "{}\n", facts.join(" \u{b7} "));
    for file in &cause.files.shown {
        text.push_str(&of_file(file));
    }
    if !text.ends_with("\n\n") {
        text.push('\n');
    }
    text.push_str(&more(&cause.files, "place", "places"));
    let paragraphs = [
        ("Came in", cause.origin.as_deref().map(words_of)),
        ("Fix", (!cause.fix.is_empty()).then(|| line(&cause.fix))),
        ("Restore", cause.restore.as_deref().map(line)),
    ];
    for (label, said) in paragraphs {
        if let Some(said) = said {
            let _ = writeln!(text, "**{label}:** {said}\n");
        }
    }
    text
}

fn of_file(file: &File) -> String {
    let mut head: Vec<String> = Vec::new();
    if !file.name.is_empty() {
        head.push(code(&file.name));
    }
    if !file.what.is_empty() {
        head.push(line(&file.what));
    }
    if !file.others.is_empty() {
        let names: Vec<String> = file.others.shown.iter().map(|name| code(name)).collect();
        let rest = match file.others.more {
            0 => String::new(),
            more => format!(" and {} more", count(more)),
        };
        head.push(format!("\u{2192} {}{rest}", names.join(", ")));
    }
    if let Some(sizes) = &file.sizes {
        head.push(format!("({})", words_of(sizes)));
    }
    let mut text = format!("- {}\n", head.join(" "));
    for fact in &file.facts {
        let _ = writeln!(text, "  - {}", line(fact));
    }
    let mut block = String::new();
    if let Some(excerpt) = &file.excerpt {
        let number = format!("{:>5} | ", excerpt.line);
        let _ = writeln!(block, "{number}{}{}{}", excerpt.before, excerpt.marked, excerpt.after);
        let blanks: String = std::iter::repeat_n(' ', number.len() + columns(&excerpt.before)).collect();
        let carets: String = std::iter::repeat_n('^', columns(&excerpt.marked).max(1)).collect();
        let label: String = excerpt.label.iter().map(Piece::text).collect();
        let _ = writeln!(block, "{}", format!("{blanks}{carets} {label}").trim_end());
        text.push_str(&fenced("text", &block));
        block.clear();
    }
    for row in &file.diff {
        block.push_str(&of_row(row));
    }
    if !block.is_empty() {
        text.push_str(&fenced("diff", &block));
    }
    text
}

fn columns(text: &str) -> usize {
    super::style::width(text)
}

/// `-    12  text`: the sign comes first, so that renderers color the row.
fn of_row(row: &Diff) -> String {
    let sign = if row.mark == Mark::Sealed { '-' } else { '+' };
    let text: String = row.parts.iter().map(|(text, _)| text.as_str()).collect();
    format!("{sign}{:>5}  {text}\n", row.line)
}

/// A block that nothing in it can end.
fn fenced(language: &str, block: &str) -> String {
    let longest = block.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    format!("\n  {fence}{language}\n{}  {fence}\n\n", indented(block))
}

/// Every line below its list item.
fn indented(block: &str) -> String {
    block.lines().fold(String::new(), |mut out, line| {
        let _ = writeln!(out, "  {line}");
        out
    })
}

fn asides(page: &Page) -> String {
    let count = page.asides.shown.len() + page.asides.more;
    if count == 0 {
        return String::new();
    }
    let mut text = format!("<details><summary>Warnings and notes ({count})</summary>\n\n");
    for cause in &page.asides.shown {
        text.push_str(&of_cause(cause, "####"));
    }
    text.push_str(&more(&page.asides, "kind", "kinds"));
    text.push_str("</details>\n\n");
    text
}

fn checks(page: &Page) -> String {
    if page.packets.shown.iter().all(|packet| packet.levels.is_empty()) {
        return String::new();
    }
    let mut text = String::from("<details><summary>Checks by level</summary>\n\n");
    text.push_str("| packet | level | check | result | |\n|---|---|---|---|---|\n");
    for packet in &page.packets.shown {
        for level in &packet.levels {
            for check in &level.checks {
                let _ = writeln!(
                    text,
                    "| {} | {} {} | {} | {} | {} |",
                    code(&packet.name),
                    level.name,
                    words_of(&level.state.replace('_', " ")),
                    words_of(check.id),
                    check.word,
                    line(&check.reason)
                );
            }
        }
    }
    text.push_str("\n</details>\n\n");
    text
}

fn passed_over(page: &Page) -> String {
    if page.passed_over.is_empty() {
        return String::new();
    }
    let count = page.passed_over.shown.len() + page.passed_over.more;
    let mut text = format!("<details><summary>Not verified as seals ({count})</summary>\n\n");
    for (name, reason) in &page.passed_over.shown {
        let _ = writeln!(text, "- {} {}", code(name), line(reason));
    }
    text.push('\n');
    text.push_str(&more(&page.passed_over, "candidate", "candidates"));
    text.push_str("</details>\n\n");
    text
}

/// The verdict again, alone: the one place for the word of a complete good run.
fn last_line(page: &Page) -> String {
    format!("**{}** {}\n", page.last_word, words_of(&page.verdict))
}

fn more<T>(list: &Cut<T>, one: &str, many: &str) -> String {
    match list.more {
        0 => String::new(),
        1 => format!("\u{2026} and 1 more {one}\n\n"),
        more => format!("\u{2026} and {} more {many}\n\n", count(more)),
    }
}

fn count(items: usize) -> String {
    number(u64::try_from(items).unwrap_or(u64::MAX))
}

/// A sentence: words escaped, names and commands in code spans.
fn line(pieces: &[Piece]) -> String {
    let mut out = String::new();
    for piece in pieces {
        match piece {
            Piece::Words(text) => out.push_str(&words_of(text)),
            Piece::Quoted(text) | Piece::Command(text) => out.push_str(&code(text)),
        }
    }
    out
}

/// Data in a code span that it cannot leave, in a table neither.
fn code(text: &str) -> String {
    if text.is_empty() {
        return String::new();
    }
    let mut inner = String::with_capacity(text.len());
    for c in shortened(text).chars() {
        match c {
            '`' => inner.push_str("\\x60"),
            '|' => inner.push_str("\\x7c"),
            c => inner.push(c),
        }
    }
    // One blank on each side is taken off again, and keeps those of the name.
    let blank = if inner.starts_with(' ') || inner.ends_with(' ') { " " } else { "" };
    format!("`{blank}{inner}{blank}`")
}

/// Words of ours. A word with a character by which renderers find mentions,
/// references and addresses goes into a code span.
fn words_of(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for (at, word) in shortened(text).split(' ').enumerate() {
        if at > 0 {
            out.push(' ');
        }
        if word.contains(['@', '#', '<', '>', '&']) || word.contains("://") || word.contains("www.") {
            out.push_str(&code(word));
        } else {
            escape(word, &mut out);
        }
    }
    out
}

/// Every character that could begin some syntax gets a backslash.
fn escape(word: &str, out: &mut String) {
    for c in word.chars() {
        if "\\`*_{}[]()#+-.!|~=$:\"'^".contains(c)
            && !matches!(c, '(' | ')' | '.' | '-' | ':' | '"' | '\'' | '+' | '=')
        {
            out.push('\\');
        }
        out.push(c);
    }
}

/// The beginning of what is too long to be read.
fn shortened(text: &str) -> std::borrow::Cow<'_, str> {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}\u{2026}", text.get(..end).unwrap_or_default()).into(),
        None => text.into(),
    }
}

#[cfg(test)]
#[path = "markdown_tests.rs"]
mod tests;
