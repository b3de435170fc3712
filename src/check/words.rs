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

/// Whether there are words, and each of them is one of these.
pub(super) fn only(words: &[String], of: &str) -> bool {
    !words.is_empty() && words.iter().all(|word| is(word, of))
}

/// The last word.
pub(super) fn last(words: &[String]) -> &str {
    words.last().map_or("", String::as_str)
}

/// An identifier without what a reader does not see in it: letter case, blanks, what is
/// invisible, lookalike letters. Hyphens part numbers and stay.
pub(super) fn identity(id: &str) -> String {
    crate::text::alike::folded(id).chars().filter(|c| !c.is_whitespace()).collect()
}

/// Words that turn round what follows.
pub(super) const DENIALS: &str = "no not never without zero 0 nothing neither";

/// Words of a name that speaks of what is due, possible or looked for, and not of what is.
pub(super) const DUE: &str = "\
    required requires requiring require need needs needed must should would could can may expected planned \
    pending awaiting missing if until unless when how who whose forbidden rejected refused denied excluded \
    prevented blocked proposed possible recommended checked tested searched scanned examined reviewed looked \
    allowed permitted policy rule limit max maximum";

/// Words of an end that was not good.
const FAILURES: &str = "\
    fail failed fails failing failure failures error errors rejected refused aborted unknown unresolved \
    incomplete skipped mismatch mismatched mismatches";

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

/// Whether a short value says that something did not take place: `NOT_RUN`, `skipped`.
pub(super) fn says_undone(text: &str) -> bool {
    const DONE: &str = "run ran executed performed attempted done tested tried started evaluated applicable";
    const UNDONE: &str = "\
        skipped skip todo tba tbc tbd unknown pending planned untested notrun unexecuted timeout timedout \
        crashed crash aborted deferred";
    let words = words(text);
    let said: Vec<&str> = words.iter().map(String::as_str).collect();
    match said.as_slice() {
        [one] => is(one, UNDONE),
        ["not" | "never", done] | ["not", "yet", done] => is(done, DONE),
        ["timed", "out"] | ["to", "do"] => true,
        _ => false,
    }
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
            "MISMATCH",
        ] {
            assert!(says_failure(bad), "{bad}");
        }
        assert!(says_failure("the end of it was fail"), "six words");
        assert!(!says_failure("the end of it all was fail"), "seven are a sentence");
        let sentence = "0 is good and every other end of a step is an error";
        for good in [
            "PASS",
            "ALL_FAIL_CLOSED",
            "no errors",
            "0 failed",
            "no mismatch",
            "OK",
            "",
            "failsafe",
            sentence,
        ] {
            assert!(!says_failure(good), "{good}");
        }
    }

    #[test]
    fn what_did_not_take_place_says_so_in_so_many_words() {
        for undone in ["NOT_RUN", "skipped", "TODO", "Unknown", "timed out", "never executed", "not yet run"]
        {
            assert!(says_undone(undone), "{undone}");
        }
        for done in
            ["", "RUN", "REFUSED", "NOT_RESTORED", "UNKNOWN_SUITE", "not run by the owner", "SKIPPED_ROW"]
        {
            assert!(!says_undone(done), "{done}");
        }
        let of = |text: &str| only(&words(text), "all met");
        assert!(of("all_met") && of("met") && !of("all_met_now") && !of(""));
    }

    #[test]
    fn an_identifier_is_what_a_reader_sees() {
        for other in ["per-1", " PER-1", "PER\u{200b}-1", "\u{420}ER-1", "PER -1"] {
            assert_eq!(identity(other), identity("PER-1"), "{other:?}");
        }
        for other in ["PER-11", "PER1", "PER-1-1", "PER_1"] {
            assert_ne!(identity(other), identity("PER-1"), "{other:?}");
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
