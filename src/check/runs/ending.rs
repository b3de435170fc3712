//! What a script of gates says of its end, and which of its gates hold whatever they find:
//! read from its text, and a guess but where nothing else can come of it.

use std::collections::BTreeMap;

use super::compare::{acts_at_all, is_held, joined, without_comment};
use super::scripts::gates;
use crate::check::words::{any, is, words};

/// How a script cannot have ended with a good result as its last line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    /// It ends with a failure, and says nothing else.
    Fails,
    /// It says nowhere how it ended altogether.
    Unsaid,
    /// It goes on behind what it says of its end.
    GoesOn,
}

/// What is odd about the end of a script, where anything is.
pub(super) fn ending(text: &str) -> Option<Ending> {
    let joined = joined(text);
    let lines: Vec<&str> =
        joined.lines().map(without_comment).filter(|line| !line.trim().is_empty()).collect();
    let says: Vec<bool> = lines.iter().map(|line| any(&words(line), "overall")).collect();
    let Some(at) = says.iter().rposition(|says| *says) else { return Some(Ending::Unsaid) };
    let (said, behind) = (lines.get(at)?, lines.get(at + 1..)?);
    if behind.is_empty() && is_plain(said) && fails(said) && !elsewhere(lines.get(..at)?) {
        return Some(Ending::Fails);
    }
    // What ends a function, a loop or the script belongs to the end.
    let goes_on = |line: &&str| {
        let first = line.split_whitespace().next().unwrap_or_default().trim_end_matches(';');
        let is_end = is(first, "exit return fi done esac } ) ;; else elif trap [ [[ test");
        line.starts_with(|c: char| !c.is_whitespace()) && !is_end && acts_at_all(line)
    };
    (is_plain(said) && !fails(said) && behind.iter().any(goes_on)).then_some(Ending::GoesOn)
}

/// Whether nothing decides whether a line is printed, nor what is.
fn is_plain(line: &str) -> bool {
    let first = line.split_whitespace().next().unwrap_or_default();
    line.starts_with(|c: char| !c.is_whitespace())
        && is(first, "echo printf")
        && !line.contains(['$', '`', '|', '&', '%'])
}

fn fails(line: &str) -> bool {
    let words = words(line);
    any(&words, "fail failed failure") && !any(&words, "pass passed ok")
}

/// Whether a script may end, or say how it ended, before its last line.
fn elsewhere(lines: &[&str]) -> bool {
    lines.iter().any(|line| any(&words(line), "overall exit return exec"))
}

/// Gates with nothing but commands that are made to hold: `|| true`.
pub(super) fn idle_gates(text: &str) -> Vec<String> {
    let joined = joined(text);
    let mut held: BTreeMap<&str, bool> = BTreeMap::new();
    let mut gate = None;
    for line in joined.lines() {
        let line = without_comment(line).trim();
        let named = gates(line);
        match named.len() {
            0 => {}
            1 => gate = named.first().copied(),
            // A loop over gates, or a list of them.
            _ => gate = None,
        }
        if let Some(gate) = gate
            && acts_at_all(line)
        {
            *held.entry(gate).or_insert(true) &= is_held(line);
        }
    }
    held.into_iter().filter(|(_, held)| *held).map(|(gate, _)| gate.to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_script_is_what_it_says_last() {
        for (text, due) in [
            ("a\necho OVERALL PASS\n", None),
            ("a\necho \"OVERALL_RESULT: PASS\" # the end\n\n", None),
            ("a\necho OVERALL PASS\nexit 0\n", None),
            ("if a; then\n  echo OVERALL PASS\nelse\n  echo OVERALL FAIL\n  exit 1\nfi\n", None),
            ("a && { echo OVERALL PASS; exit 0; }\necho OVERALL FAIL\n", None),
            ("if sh gates.sh; then exit 0; fi\necho OVERALL FAIL\n", None),
            ("a\necho \"OVERALL_RESULT: $result\"\n", None),
            ("finish() {\n  echo OVERALL PASS\n}\na\nfinish\n", None),
            ("a\necho OVERALL PASS\necho bye\n", None),
            ("a\necho OVERALL FAIL\nrm -rf work\n", None),
            ("a\necho OVERALL PASS, no FAIL\n", None),
            ("a\necho OVERALL PASS\n[ -n \"$keep\" ] ||\n  rm -rf work\n", None),
            ("a\necho OVERALL FAIL\n", Some(Ending::Fails)),
            ("a\n", Some(Ending::Unsaid)),
            ("a\n# OVERALL PASS\n", Some(Ending::Unsaid)),
            ("a\necho OVERALL PASS\nrm -rf evidence\n", Some(Ending::GoesOn)),
        ] {
            assert_eq!(ending(text), due, "{text}");
        }
    }

    #[test]
    fn a_gate_that_is_made_to_hold_is_idle() {
        for (text, due) in [
            ("echo G0; a\necho G1; b || true\necho OVERALL PASS", "G1"),
            ("echo G0\na || :\necho G1\nb", "G0"),
            ("echo G0\nout=$(a) || true\ntest \"$out\" = x", ""),
            ("echo G0; a || fail=1\necho G1; b || { echo bad; exit 1; }", ""),
            ("# G0; a || true\necho G0\n", ""),
            ("for g in G0 G1; do run $g || true; done", ""),
        ] {
            assert_eq!(idle_gates(text).join(" "), due, "{text}");
        }
    }
}
