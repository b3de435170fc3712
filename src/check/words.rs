//! Names of fields and short values as words, so that a rule holds under every
//! name that says the same: `isSelected`, `is_selected`, `Selected-Option`.

/// The words of a name or a value, in lower case: parted where anything stands
/// that is no letter or digit, and where capitals begin.
pub(super) fn words(text: &str) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    let mut word = String::new();
    let mut chars = text.chars().peekable();
    let mut before: Option<char> = None;
    while let Some(c) = chars.next() {
        let turns = before.is_some_and(|before| {
            c.is_uppercase()
                && (before.is_lowercase()
                    || (before.is_uppercase() && chars.peek().is_some_and(|c| c.is_lowercase())))
        });
        if (turns || !c.is_alphanumeric()) && !word.is_empty() {
            all.push(std::mem::take(&mut word));
        }
        if c.is_alphanumeric() {
            word.extend(c.to_lowercase());
        }
        before = Some(c);
    }
    if !word.is_empty() {
        all.push(word);
    }
    all
}

/// Whether a word is one of these, which stand in one text.
pub(super) fn is(word: &str, of: &str) -> bool {
    of.split_ascii_whitespace().any(|one| one == word)
}

/// Whether any of the words is one of these.
pub(super) fn any(words: &[String], of: &str) -> bool {
    words.iter().any(|word| is(word, of))
}

/// The last word.
pub(super) fn last(words: &[String]) -> &str {
    words.last().map_or("", String::as_str)
}

/// Words that turn round what follows.
pub(super) const DENIALS: &str = "no not never without zero 0 nothing neither";

/// Words of an end that was not good.
const FAILURES: &str = "\
    fail failed fails failing failure failures error errors rejected refused aborted unknown unresolved \
    incomplete skipped";

/// Words of a short value; more of them are a sentence, which no rule can judge.
const SHORT: usize = 6;

/// Whether a short value says that something did not end well: `OVERALL FAIL`,
/// and neither `FAIL_CLOSED` nor `no errors`.
pub(super) fn says_failure(text: &str) -> bool {
    let words = words(text);
    if words.len() > SHORT {
        return false;
    }
    words.iter().enumerate().any(|(at, word)| {
        let before = at.checked_sub(1).and_then(|at| words.get(at)).map(String::as_str);
        let after = words.get(at + 1).map(String::as_str);
        is(word, FAILURES)
            && !before.is_some_and(|before| is(before, DENIALS))
            && !matches!(after, Some("closed" | "safe"))
    })
}

/// Whether a text says nothing: `-`, `n/a`, `none needed`, `to be decided`.
pub(super) fn says_nothing(text: &str) -> bool {
    const EMPTY: &str = "\
        action actions actor actors announced any anybody anyone applicable apply are as assigned at \
        available be body confirmed decided defined determined do done due for further input is it known \
        moment more necessary need needed next now of one open present required specified step the there \
        this time to yet";
    const NOBODY: &str = "\
        no none nobody noone not nothing nil null na unknown unassigned undefined undecided tba tbc tbd todo";
    let words = words(text);
    let said: Vec<&str> = words.iter().map(String::as_str).collect();
    match said.as_slice() {
        [] | ["n", "a"] => true,
        ["to", "be", rest @ ..] => rest.iter().all(|word| is(word, EMPTY)),
        said => {
            said.iter().any(|word| is(word, NOBODY))
                && said.iter().all(|word| is(word, EMPTY) || is(word, NOBODY))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_parted_where_a_reader_would() {
        for (name, parts) in [
            ("selected_option", "selected option"),
            ("isSelected", "is selected"),
            ("APPLY_NOW", "apply now"),
            ("allPASSed", "all pas sed"),
            ("JSONFile2", "json file2"),
            ("exit-code", "exit code"),
            ("anyTouched_Surface-count 2", "any touched surface count 2"),
            ("QT001_APPLY", "qt001 apply"),
            ("", ""),
            ("--", ""),
        ] {
            assert_eq!(words(name).join(" "), parts, "{name}");
        }
    }

    #[test]
    fn a_failure_is_a_word_that_nothing_turns_round() {
        for bad in [
            "FAIL",
            "OVERALL FAIL",
            "Failed",
            "3 errors",
            "OVERALL_RESULT: FAIL",
            "unknown",
            "not ok, error",
            "SKIPPED",
        ] {
            assert!(says_failure(bad), "{bad}");
        }
        assert!(says_failure("the end of it was fail"), "six words");
        assert!(!says_failure("the end of it all was fail"), "seven are a sentence");
        let sentence = "0 is good and every other end of a step is an error";
        for good in ["PASS", "ALL_FAIL_CLOSED", "no errors", "0 failed", "OK", "", "failsafe", sentence] {
            assert!(!says_failure(good), "{good}");
        }
    }

    #[test]
    fn nothing_is_said_in_many_ways() {
        for nothing in [
            "",
            " ",
            "-",
            "\u{2014}",
            "...",
            "?",
            "none",
            "N/A",
            "no action",
            "No further action needed.",
            "nobody",
            "TBD",
        ] {
            assert!(says_nothing(nothing), "{nothing}");
        }
        for something in
            ["owner", "decide", "sign or refuse", "no deploy before the owner signs", "a", "action", "a1"]
        {
            assert!(!says_nothing(something), "{something}");
        }
    }
}
