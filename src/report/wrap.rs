//! Wrapping of prose to a width, without breaking what a reader would copy.
//!
//! A part between double quotes (a quoted name) or backticks (a command) stays
//! on one line as long as a line can hold it.

use super::style::{Ink, char_width, width};

/// A word with its ink. Words are joined by one blank.
type Word = (Ink, String);

/// `text` as lines of at most `columns` columns. A newline in `text` ends a line.
pub(crate) fn wrap(text: &str, columns: usize) -> Vec<Vec<Word>> {
    text.split('\n').flat_map(|line| wrap_line(line, columns.max(1))).collect()
}

fn wrap_line(text: &str, columns: usize) -> Vec<Vec<Word>> {
    let mut lines: Vec<Vec<Word>> = vec![Vec::new()];
    let mut used = 0;
    for (ink, word) in words(text).into_iter().flat_map(|word| fit(word, columns)) {
        let needed = width(&word);
        if used > 0 && used + 1 + needed > columns {
            lines.push(Vec::new());
            used = 0;
        }
        if let Some(line) = lines.last_mut() {
            if used > 0 {
                line.push((Ink::Plain, " ".to_owned()));
                used += 1;
            }
            used += needed;
            line.push((ink, word));
        }
    }
    lines
}

/// Splits at blanks outside quotes and backticks.
fn words(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut word = String::new();
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
                    words.push((ink_of(&word), std::mem::take(&mut word)));
                }
                continue;
            }
            _ => {}
        }
        word.push(c);
    }
    if !word.is_empty() {
        // An unpaired mark is ordinary text.
        match inside {
            Some(_) => words.extend(word.split(' ').map(|part| (Ink::Plain, part.to_owned()))),
            None => words.push((ink_of(&word), word)),
        }
    }
    words
}

fn ink_of(word: &str) -> Ink {
    if word.starts_with('`') { Ink::Code } else { Ink::Plain }
}

/// A command that no line can hold is broken at blanks; a quoted name or a
/// single long word is left whole, since a break in it would be taken for part of it.
fn fit((ink, word): Word, columns: usize) -> Vec<Word> {
    let too_long = word.chars().map(char_width).sum::<usize>() > columns;
    if too_long && ink == Ink::Code {
        word.split(' ').map(|part| (ink, part.to_owned())).collect()
    } else {
        vec![(ink, word)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: &str, columns: usize) -> Vec<String> {
        wrap(text, columns)
            .into_iter()
            .map(|line| line.into_iter().map(|(_, word)| word).collect())
            .collect()
    }

    #[test]
    fn commands_and_names_stay_whole() {
        assert_eq!(
            plain("run `git checkout -- packet` for \"a long name\" now", 22),
            ["run", "`git checkout --", "packet` for", "\"a long name\" now"]
        );
        assert_eq!(
            plain("run `git checkout -- packet` for it", 30),
            ["run `git checkout -- packet`", "for it"]
        );
    }

    #[test]
    fn an_escaped_or_unpaired_mark_does_not_swallow_the_rest() {
        assert_eq!(plain(r#"x "a\" b" c"#, 4), ["x", r#""a\" b""#, "c"]);
        assert_eq!(plain("it is 5\" wide and more", 8), ["it is 5\"", "wide and", "more"]);
    }

    #[test]
    fn a_newline_ends_a_line_and_wide_characters_count_twice() {
        assert_eq!(plain("a b\nc", 80), ["a b", "c"]);
        assert_eq!(plain("\u{6f22}\u{5b57} \u{6f22}", 6), ["\u{6f22}\u{5b57}", "\u{6f22}"]);
        assert_eq!(plain("", 10), [""]);
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
