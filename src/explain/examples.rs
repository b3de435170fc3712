//! The worked examples of the pages: real runs over the stored cases, made anew by
//! a test that fails when a line of them is no longer what the program prints.
//!
//! `examples.txt` holds one section per code: a line `== code`, why the case is as
//! it is, the command behind `$`, and the lines of its report that matter.

use std::borrow::Cow;

/// All sections.
static TEXT: &str = include_str!("examples.txt");

/// A worked example.
#[derive(Debug)]
pub(super) struct Example {
    /// Why the packet of the example is as it is.
    pub(super) story: String,
    /// What was typed.
    pub(super) command: &'static str,
    /// What was printed about it.
    pub(super) lines: Vec<&'static str>,
}

/// The example of a code.
pub(super) fn of(id: &str) -> Option<Example> {
    let section = TEXT.split("== ").find_map(|section| section.strip_prefix(id)?.strip_prefix('\n'))?;
    let mut lines = section.trim_end().lines();
    let mut story = Vec::new();
    let command = loop {
        let line = lines.next()?;
        match line.strip_prefix("$ ") {
            Some(command) => break command,
            None => story.push(line),
        }
    };
    Some(Example { story: story.join(" "), command, lines: lines.collect() })
}

/// What reports draw with, and how they draw it where there is ASCII only.
const DRAWN: [(&str, &str); 14] = [
    (" \u{b7} ", ", "),
    ("\u{b7}", "<SP>"),
    ("\u{2717}", "x"),
    ("\u{2713}", "+"),
    ("\u{240a}", "<LF>"),
    ("\u{240d}", "<CR>"),
    ("\u{21e5}", "<TAB>"),
    ("\u{2192}", "->"),
    ("\u{25b2}", "^"),
    ("\u{2502}", "|"),
    ("\u{256d}", ","),
    ("\u{2570}", "`"),
    ("\u{252c}", "|"),
    ("\u{2500}", "-"),
];

/// A line of a report as it is drawn where the terminal shows other characters or not.
pub(super) fn drawn(line: &str, unicode: bool) -> Cow<'_, str> {
    if unicode || line.is_ascii() {
        return Cow::Borrowed(line);
    }
    Cow::Owned(DRAWN.iter().fold(line.to_owned(), |line, (drawn, plain)| line.replace(drawn, plain)))
}
