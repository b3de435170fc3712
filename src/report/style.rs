//! How text for people is laid out: what the terminal can show, the colors, and
//! lines made of styled spans.
//!
//! This is the one place where text reaches the writer. Whatever a span holds,
//! no control character, escape sequence or bidirectional override in it gets
//! through, and an ASCII terminal receives ASCII.

use std::io::{self, Write};

use anstyle::{AnsiColor, Color, Style};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::text::is_deceptive;

/// How much to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Verbosity {
    /// The verdict, and one line for each cause that counts.
    Quiet,
    /// What a person needs to act.
    #[default]
    Normal,
    /// Everything, nothing cut.
    Verbose,
}

/// What the place that text goes to can show, and how much of it is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// Write ANSI color codes.
    pub color: bool,
    /// Write characters other than ASCII.
    pub unicode: bool,
    /// Columns of the terminal.
    pub width: usize,
    /// How much to say.
    pub verbosity: Verbosity,
}

impl Look {
    /// For a file or a pipe: no color, ASCII, 100 columns.
    pub const PLAIN: Self = Self { color: false, unicode: false, width: 100, verbosity: Verbosity::Normal };

    /// The columns to lay text out in: lines of more than 100 are hard to read,
    /// and under 40 nothing fits.
    pub(crate) fn columns(&self) -> usize {
        self.width.clamp(40, 100)
    }

    /// Whether everything was asked for.
    pub(crate) fn verbose(&self) -> bool {
        self.verbosity == Verbosity::Verbose
    }

    /// `unicode` where the terminal can show it, else `ascii`.
    pub(crate) fn pick(&self, unicode: &'static str, ascii: &'static str) -> &'static str {
        if self.unicode { unicode } else { ascii }
    }
}

/// What a span is, which decides its color.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ink {
    /// Ordinary text.
    Plain,
    /// A heading.
    Strong,
    /// Secondary text.
    Dim,
    /// Something good.
    Good,
    /// Something that fails.
    Bad,
    /// Something to look at.
    Warn,
    /// A command or a line to type.
    Code,
    /// A sealed line of a diff.
    Sealed,
    /// A found line of a diff.
    Found,
    /// What differs in a sealed line.
    SealedMark,
    /// What differs in a found line.
    FoundMark,
}

impl Ink {
    fn style(self) -> Style {
        let color = |color: AnsiColor| Style::new().fg_color(Some(Color::Ansi(color)));
        match self {
            Self::Plain => Style::new(),
            Self::Strong => Style::new().bold(),
            Self::Dim => Style::new().dimmed(),
            Self::Good => color(AnsiColor::Green).bold(),
            Self::Bad => color(AnsiColor::Red).bold(),
            Self::Warn => color(AnsiColor::Yellow).bold(),
            Self::Code => color(AnsiColor::Cyan),
            Self::Sealed => color(AnsiColor::Red),
            Self::Found => color(AnsiColor::Green),
            Self::SealedMark => color(AnsiColor::Red).bold().invert(),
            Self::FoundMark => color(AnsiColor::Green).bold().invert(),
        }
    }
}

/// `text` as this terminal may receive it.
pub(crate) fn clean(text: &str, unicode: bool) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            c if is_deceptive(c) => out.extend(c.escape_default()),
            c if unicode || c.is_ascii() => out.push(c),
            '\u{2026}' => out.push_str("..."),
            '\u{2013}' => out.push('-'),
            c => out.extend(c.escape_default()),
        }
    }
    out
}

/// Columns that `text` takes.
pub(crate) fn width(text: &str) -> usize {
    UnicodeWidthStr::width(text)
}

/// Columns that `c` takes.
pub(crate) fn char_width(c: char) -> usize {
    UnicodeWidthChar::width(c).unwrap_or(0)
}

/// Where a digest or a command begins that gets a line of its own.
const WHOLE: usize = 4;

/// Whether there are 64 hexadecimal digits in a row.
fn holds_a_digest(text: &str) -> bool {
    text.split(|c: char| !c.is_ascii_hexdigit()).any(|run| run.len() >= 64)
}

/// A line under construction.
#[derive(Clone, Debug, Default)]
pub(crate) struct Line {
    spans: Vec<(Ink, String)>,
}

impl Line {
    /// A line that begins with `columns` blanks.
    pub(crate) fn indent(columns: usize) -> Self {
        Self::default().plain(" ".repeat(columns))
    }

    /// Appends text in an ink.
    #[must_use]
    pub(crate) fn ink(mut self, ink: Ink, text: impl Into<String>) -> Self {
        self.spans.push((ink, text.into()));
        self
    }

    /// Appends ordinary text.
    #[must_use]
    pub(crate) fn plain(self, text: impl Into<String>) -> Self {
        self.ink(Ink::Plain, text)
    }

    /// Appends blanks up to `column`, and at least `gap` of them.
    #[must_use]
    pub(crate) fn pad(self, column: usize, gap: usize, look: &Look) -> Self {
        let blanks = column.saturating_sub(self.width(look)).max(gap);
        self.plain(" ".repeat(blanks))
    }

    /// Appends another line's spans.
    #[must_use]
    pub(crate) fn append(mut self, other: Self) -> Self {
        self.spans.extend(other.spans);
        self
    }

    /// Its parts, as a place may receive them that shows every character.
    pub(crate) fn spans(&self) -> impl Iterator<Item = (Ink, String)> {
        self.spans.iter().map(|(ink, text)| (*ink, clean(text, true)))
    }

    /// Columns that the line takes.
    pub(crate) fn width(&self, look: &Look) -> usize {
        self.spans.iter().map(|(_, text)| width(&clean(text, look.unicode))).sum()
    }
}

/// The writer with the look it is written for.
pub(crate) struct Screen<'a> {
    out: &'a mut dyn Write,
    /// What the terminal can show.
    pub(crate) look: Look,
}

impl<'a> Screen<'a> {
    /// A screen that writes to `out`.
    pub(crate) fn new(out: &'a mut dyn Write, look: &Look) -> Self {
        Self { out, look: *look }
    }

    /// Writes a line, without blanks at its end.
    pub(crate) fn line(&mut self, line: &Line) -> io::Result<()> {
        let mut spans: Vec<(Ink, String)> =
            line.spans.iter().map(|(ink, text)| (*ink, clean(text, self.look.unicode))).collect();
        while let Some((_, text)) = spans.last_mut() {
            text.truncate(text.trim_end_matches(' ').len());
            if !text.is_empty() {
                break;
            }
            spans.pop();
        }
        for (ink, text) in &spans {
            let style = if self.look.color { ink.style() } else { Style::new() };
            write!(self.out, "{style}{text}{style:#}")?;
        }
        writeln!(self.out)
    }

    /// Writes an empty line.
    pub(crate) fn blank(&mut self) -> io::Result<()> {
        writeln!(self.out)
    }

    /// Writes text that another renderer laid out for this look from text that was clean.
    pub(crate) fn raw(&mut self, text: &str) -> io::Result<()> {
        self.out.write_all(text.as_bytes())
    }

    /// Writes `head`, then `text` wrapped to the columns left, each further line
    /// indented as far as `head` reaches.
    pub(crate) fn wrapped(&mut self, head: &Line, text: &str) -> io::Result<()> {
        let indent = head.width(&self.look);
        let room = self.look.columns().saturating_sub(indent).max(20);
        let text = clean(text, self.look.unicode);
        let lines = super::wrap::wrap(&text, room);
        for (number, spans) in lines.into_iter().enumerate() {
            let mut line = if number == 0 { head.clone() } else { Line::indent(indent) };
            // What must not be broken gets all the room there is.
            let long = room < spans.iter().map(|(_, text)| width(text)).sum();
            let whole = spans.iter().any(|(ink, text)| *ink == Ink::Code || holds_a_digest(text));
            if long && whole && indent > WHOLE {
                if number == 0 {
                    self.line(&line)?;
                }
                line = Line::indent(WHOLE);
            }
            line.spans.extend(spans);
            self.line(&line)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(line: &Line, look: &Look) -> String {
        let mut out = Vec::new();
        Screen::new(&mut out, look).line(line).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn nothing_that_moves_a_cursor_gets_through() {
        let line = Line::default().plain("a\x1b[2J\u{202e}\u{200b}b\r\n").ink(Ink::Bad, "\u{9b}1m  ");
        let look = Look { unicode: true, ..Look::PLAIN };
        assert_eq!(shown(&line, &look), "a\\u{1b}[2J\\u{202e}\\u{200b}b\\r\\n\\u{9b}1m\n");
    }

    #[test]
    fn an_ascii_terminal_receives_ascii() {
        let line = Line::default().plain("\u{e9}\u{2026}L1\u{2013}L3");
        assert_eq!(shown(&line, &Look::PLAIN), "\\u{e9}...L1-L3\n");
    }

    #[test]
    fn a_digest_that_does_not_fit_stands_on_a_line_of_its_own() {
        let digest = "0a".repeat(32);
        let mut out = Vec::new();
        let look = Look { width: 80, ..Look::PLAIN };
        let head = Line::indent(4).plain("packet/HASH_MANIFEST.txt  ");
        let text = format!("the tree is {digest}, and {digest} was demanded");
        Screen::new(&mut out, &look).wrapped(&head, &text).unwrap();
        let lines: Vec<String> = String::from_utf8(out).unwrap().lines().map(str::to_owned).collect();
        assert_eq!(lines[0], "    packet/HASH_MANIFEST.txt  the tree is");
        assert_eq!(lines[1], format!("    {digest},"));
        assert_eq!(lines[2].trim_start(), "and");
        assert_eq!(lines[3], format!("    {digest}"));
        assert_eq!(lines[4].trim_start(), "was demanded");
    }

    #[test]
    fn color_is_written_only_when_asked_for() {
        let line = Line::default().ink(Ink::Bad, "x").plain("  ");
        assert_eq!(shown(&line, &Look::PLAIN), "x\n");
        let color = shown(&line, &Look { color: true, ..Look::PLAIN });
        assert!(color.starts_with("\x1b[") && color.ends_with("\x1b[0m\n"), "{color:?}");
    }
}
