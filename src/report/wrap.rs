//! Wrapping of prose to a width, without breaking what a reader would copy.
//!
//! A part between double quotes (a quoted name) or backticks (a command) stays on
//! one line, even where that is longer than the width: a terminal joins what it
//! broke itself when it is copied, and nobody joins what we broke.

use super::style::{Ink, width};

/// A piece of a line with its ink.
type Piece = (Ink, String);

/// A word, and the blanks before it that count when it is not the first of a line.
struct Word {
    gap: usize,
    ink: Ink,
    text: String,
}

/// `text` as lines of at most `columns` columns. There is no newline in `text`:
/// it was cleaned before.
pub(crate) fn wrap(text: &str, columns: usize) -> Vec<Vec<Piece>> {
    let mut lines: Vec<Vec<Piece>> = Vec::new();
    let mut line: Vec<Piece> = Vec::new();
    let mut used = 0;
    for word in words(text) {
        let needed = width(&word.text);
        if used > 0 && used + word.gap + needed > columns {
            lines.push(std::mem::take(&mut line));
            used = 0;
        }
        if used > 0 {
            line.push((Ink::Plain, " ".repeat(word.gap)));
            used += word.gap;
        }
        used += needed;
        line.extend(word.pieces());
    }
    lines.push(line);
    lines
}

/// Splits at blanks outside quotes and backticks.
fn words(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut gap = 0;
    let mut inside: Option<char> = None;
    let mut escaped = false;
    for c in text.chars() {
        match inside {
            _ if escaped => escaped = false,
            Some('"') if c == '\\' => escaped = true,
            Some(end) if c == end => inside = None,
            None if c == '"' || c == '`' => inside = Some(c),
            None if c == ' ' => {
                if !word.is_empty() {
                    words.push(Word::new(std::mem::take(&mut gap), std::mem::take(&mut word)));
                }
                gap += 1;
                continue;
            }
            _ => {}
        }
        word.push(c);
    }
    if !word.is_empty() {
        let last = Word::new(gap, word);
        // An unpaired mark is ordinary text.
        words.extend(if inside.is_some() { last.broken() } else { vec![last] });
    }
    words
}

impl Word {
    fn new(gap: usize, text: String) -> Self {
        let ink = if text.starts_with('`') { Ink::Code } else { Ink::Plain };
        Self { gap, ink, text }
    }

    /// A command, and the full stop or comma behind it in ordinary ink.
    fn pieces(self) -> Vec<Piece> {
        let end = self.text.rfind('`').map_or(0, |at| at + 1);
        match self.text.split_at_checked(end) {
            Some((command, tail)) if self.ink == Ink::Code && !tail.is_empty() && end > 1 => {
                vec![(Ink::Code, command.to_owned()), (Ink::Plain, tail.to_owned())]
            }
            _ => vec![(self.ink, self.text)],
        }
    }

    /// The word as several ordinary ones.
    fn broken(self) -> Vec<Self> {
        let parts = self.text.split(' ').enumerate();
        parts
            .map(|(at, part)| Self {
                gap: if at == 0 { self.gap } else { 1 },
                ink: Ink::Plain,
                text: part.to_owned(),
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: &str, columns: usize) -> Vec<String> {
        wrap(text, columns).into_iter().map(|line| line.into_iter().map(|(_, word)| word).collect()).collect()
    }

    #[test]
    fn commands_and_names_stay_whole() {
        assert_eq!(
            plain("run `git checkout -- packet` for \"a long name\" now", 22),
            ["run", "`git checkout -- packet`", "for \"a long name\" now"]
        );
        assert_eq!(
            plain("run `git checkout -- packet` for it", 30),
            ["run `git checkout -- packet`", "for it"]
        );
    }

    #[test]
    fn a_command_too_long_for_a_line_is_still_one_to_paste() {
        assert_eq!(
            plain("see `git log -p -- \"two words.md\"`, or not", 16),
            ["see", "`git log -p -- \"two words.md\"`,", "or not"]
        );
    }

    #[test]
    fn punctuation_behind_a_command_is_not_part_of_it() {
        let lines = wrap("see `a b`, or c", 40);
        assert_eq!(lines[0][2], (Ink::Code, "`a b`".to_owned()));
        assert_eq!(lines[0][3], (Ink::Plain, ",".to_owned()));
    }

    #[test]
    fn an_escaped_or_unpaired_mark_does_not_swallow_the_rest() {
        assert_eq!(plain(r#"x "a\" b" c"#, 4), ["x", r#""a\" b""#, "c"]);
        assert_eq!(plain("it is 5\" wide and more", 8), ["it is 5\"", "wide and", "more"]);
    }

    #[test]
    fn blanks_inside_a_line_stay_and_wide_characters_count_twice() {
        assert_eq!(plain("\u{6f22}\u{5b57} \u{6f22}", 6), ["\u{6f22}\u{5b57}", "\u{6f22}"]);
        assert_eq!(plain("", 10), [""]);
        assert_eq!(plain("L0 ok   L1 ok", 20), ["L0 ok   L1 ok"]);
    }

    proptest::proptest! {
        #[test]
        fn no_word_is_lost(text in "[a-z `\"\\\\]{0,60}", columns in 1usize..30) {
            let joined: String = plain(&text, columns).join(" ");
            let bare = |s: &str| s.chars().filter(|c| *c != ' ').collect::<String>();
            proptest::prop_assert_eq!(bare(&joined), bare(&text));
        }
    }
}
