//! Files of any length, in blocks: what is kept of each, where it stands, and runs that
//! are no blob.

use super::super::tests::{digits, github, judge, key};
use super::*;

/// What is found in a file.
pub(in crate::check::secrets) fn search(text: impl AsRef<[u8]>) -> Vec<Found> {
    let rules = Rules::new().unwrap();
    let mut search = Search::new(&rules);
    search.push(text.as_ref());
    search.finish()
}

/// Characters as random as a key.
fn run(length: usize) -> String {
    "ABCDEabcdefghijklmnopqrstuvw0123".chars().cycle().take(length).collect()
}

/// Where the first look at a file ends.
const EDGE: usize = BLOCK - REACH;

#[test]
fn of_each_kind_one_is_told_in_a_line() {
    let [a, b, c, d] = ["a", "b", "c", "d"].map(|seed| ["gh", "p_", &digits(seed, 36)].concat());
    let found = search(format!("{a} {b}\n{c}\n-- MySQL dump {d}\n"));
    let found: Vec<_> = found.iter().map(|one| (one.code, one.line, one.column)).collect();
    let (secret, dump) = (Code::SecretMaterial, Code::DumpFile);
    assert_eq!(found, [(secret, 1, 1), (secret, 2, 1), (dump, 3, 1), (secret, 3, 15)]);
}

/// Rows were counted against the limit of what is kept of a block, and hid a key
/// that followed.
#[test]
fn thousands_of_rows_hid_a_key() {
    let found = search("INSERT INTO t VALUES (1);\n".repeat(5000) + &key());
    let codes: Vec<Code> = found.iter().map(|one| one.code).collect();
    assert_eq!(codes, [Code::DumpFile, Code::SecretMaterial]);
    assert_eq!((found[0].line, found[1].line), (20, 5001));
}

#[test]
fn places_are_right_in_a_line_that_began_blocks_ago() {
    let found = search("a\n".repeat(300_000) + &"x ".repeat(400_000) + &key());
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!((found[0].line, found[0].column, found[0].at), (300_001, 800_001, 1_400_000));
}

#[test]
fn a_row_where_a_block_ends_is_counted_once() {
    let row = "INSERT INTO ledger VALUES (1, 2);\n";
    let narrow = |rows: usize, edge: usize| {
        "x\n".repeat((edge - 10 * row.len()) / 2) + &row.repeat(rows) + &"x\n".repeat(2000)
    };
    let wide = |rows| narrow(rows, EDGE / 2).encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    for (rows, due) in [(19, 0), (20, 1)] {
        assert_eq!(search(narrow(rows, EDGE)).len(), due, "{rows}");
        assert_eq!(search(wide(rows)).len(), due, "{rows} in two bytes each");
    }
}

/// A run that began a block was taken for the rest of one that began before it.
#[test]
fn a_random_run_where_a_block_ends_was_passed_over() {
    let at = |start: usize, run: &str| {
        let filler = "x ".repeat(start / 2);
        let found = search(filler + run + &" x".repeat(2000));
        found.iter().map(|one| (one.at, one.suspected)).collect::<Vec<_>>()
    };
    for start in [EDGE - 60, EDGE, EDGE + 60] {
        assert_eq!(at(start, &run(128)), [(start as u64, true)]);
    }
    assert_eq!(at(EDGE - 120, &run(200)), [], "the rest of a blob");
}

#[test]
fn a_random_run_is_none_within_a_blob() {
    let [short, almost, long, most, blob] = [40, 59, 60, 128, 129].map(run);
    for (text, lines) in [
        (short.clone(), vec![1]),
        (format!("base64\n{short}\n{short}"), vec![3]),
        (format!("SHA256:{short}\n{short}"), vec![2]),
        (format!("base64\n{almost}\n{short}"), vec![3]),
        (format!("base64\n{long}\n{short}"), vec![]),
        (format!("-----BEGIN CERTIFICATE-----\n{long}\n{long}\n-----END CERTIFICATE-----\n"), vec![]),
        (format!("{most}\n{short}"), vec![1, 2]),
        (format!("{blob}\n{short}"), vec![]),
    ] {
        let found: Vec<u64> = search(&text).iter().map(|one| one.line).collect();
        assert_eq!(found, lines, "{text}");
    }
    for shortest in [short, run(32)] {
        let found = search(format!("value {shortest}"));
        assert_eq!((found[0].line, found[0].column, found[0].at), (1, 7, 6));
    }
}

#[test]
fn text_of_two_bytes_has_a_zero_for_every_other_letter() {
    let wide: Vec<u8> = key().encode_utf16().flat_map(u16::to_le_bytes).collect();
    let found = |more: usize| search([wide.clone(), vec![b' '; more]].concat()).len();
    let a_third_is_zero = key().len();
    assert_eq!([found(0), found(a_third_is_zero), found(a_third_is_zero + 1)], [1, 1, 0]);
}

/// As many finds as are kept stood before another one, and the check passed.
#[test]
fn many_finds_hid_another() {
    let codes = |text: String| search(text).iter().map(|one| (one.code, one.suspected)).collect::<Vec<_>>();
    let (secret, dump) = ((Code::SecretMaterial, false), (Code::DumpFile, false));
    let guess = (Code::SecretMaterial, true);
    let mark = "-- MySQL dump\n";
    assert_eq!(codes(format!("{}\n{mark}", (github(36) + " ").repeat(64))), [secret, dump]);
    assert_eq!(codes(mark.repeat(64) + &key()), [dump, secret]);
    for (before, kept) in [(MOST - 1, MOST - 1), (MOST, MOST), (MOST + 1, MOST)] {
        let guesses = format!("{}\n", run(40)).repeat(before);
        let due = [vec![guess; kept], vec![secret]].concat();
        assert_eq!(codes(guesses.clone() + &key()), due);
        let due = [vec![guess; kept], vec![secret; MOST], vec![dump]].concat();
        let tokens = format!("{}\n", github(36)).repeat(MOST + 1);
        assert_eq!(codes(guesses + &tokens + mark), due);
    }
    judge("notes.txt", format!("{}\n", run(40)).repeat(64) + &key()).fails_with("secret_material");
}

#[test]
fn what_is_sure_of_a_line_is_told_before_a_guess() {
    let (guess, token) = (run(40), github(36));
    let found = search(format!("{guess} {guess}\n{guess} {token} {guess} {token}\n"));
    let found: Vec<_> = found.iter().map(|one| (one.line, one.column, one.suspected)).collect();
    assert_eq!(found, [(1, 1, true), (2, 42, false)]);
}

#[test]
fn the_armour_of_a_key_is_near_its_first_line() {
    let armour = ["-----BEGIN OPENSSH ", "PRIVATE", " KEY-----"].concat();
    let blob = ["b3BlbnNzaC1rZXktdjEA", "AAAA"].concat();
    for (distance, lines) in [(ARMOUR - 1, vec![1]), (ARMOUR, vec![1, 2])] {
        let found = search(format!("{armour}{}\n{blob}\n", " ".repeat(distance - armour.len() - 1)));
        assert_eq!(found.iter().map(|one| one.line).collect::<Vec<_>>(), lines, "{distance}");
    }
}

/// The empty run between the two bytes of a line's end, and the end of a block, made
/// every line of a blob one of its own.
#[test]
fn lines_of_a_blob_were_told_one_by_one() {
    let line = run(76);
    for end in ["\n", "\r\n", "\r"] {
        let blob = |lines: usize| format!("base64{end}{}", format!("{line}{end}").repeat(lines));
        assert_eq!(search(blob(5)), [], "{end:?}");
        assert_eq!(search(blob(2 * BLOCK / line.len())), [], "{end:?}");
        // Whatever the block ends with: a line, the first byte of its end, or the second.
        for shift in 0..=line.len() + 1 {
            let text = format!("{}\n{}", "x".repeat(shift), blob(BLOCK / line.len()));
            assert_eq!(search(text), [], "{end:?} {shift}");
        }
        // An empty line ends it.
        let before = blob(5) + end;
        let found = search(format!("{before}{line}"));
        assert_eq!(found.iter().map(|one| one.at).collect::<Vec<_>>(), [before.len() as u64], "{end:?}");
    }
}

/// A run that goes on behind the block was cut there, and so short enough for a key.
#[test]
fn a_run_is_judged_whole() {
    let cut = |length: usize| format!("y{}{} x", "x ".repeat((BLOCK - 100) / 2), run(length));
    assert_eq!(search(cut(200) + &"x ".repeat(2000)), []);
    assert_eq!(search(cut(128) + &"x ".repeat(2000)).len(), 1);
}
