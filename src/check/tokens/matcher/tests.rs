//! Reserved words in every disguise, and what only looks like one.

use super::super::tests::{own, word};
use super::*;
use crate::profile::builtin;

fn matcher() -> Matcher {
    Matcher::of(builtin("fix7").unwrap()).unwrap()
}

fn found(text: &str) -> Vec<String> {
    matcher().hits(text, false).into_iter().map(|hit| hit.token).collect()
}

#[test]
fn every_disguise_is_the_word() {
    let due = word(&["PRODUCTION", "PASS"]);
    for text in [
        "PRODUCTION_PASS",
        "production_pass",
        "PRODUCTION-PASS",
        "PRODUCTION PASS",
        "PRODUCTION\u{2011}PASS",
        "P R O D U C T I O N _ P A S S",
        "PRODUCTION\n_PASS",
        "PRODUC\nTION_PASS",
        "**PRODUCTION**_PASS",
        "PR\u{41e}DUCTI\u{41e}N_PASS",
        "\u{420}RODUCTION_P\u{391}SS",
        "PRODUCTION_P\u{200b}ASS",
        "PRODUCTION\u{ad}_PASS",
        "PRODUCTlON_PASS",
        "PR0DUCT10N_PASS",
        "\u{ff30}\u{ff32}\u{ff2f}DUCTION_PASS",
        "PRODUCTIO\u{301}N_PASS",
        "\u{1d40f}RODUCTION_PASS",
        "(PRODUCTION_PASS)",
    ] {
        assert_eq!(found(text), [due.as_str()], "{text:?}");
    }
}

#[test]
fn separators_part_words_or_sentences() {
    let (head, tail) = ("PRODUCTION", "PASS");
    for between in [".", ":", "/", "\\", "|", "\u{a8}", &"_".repeat(24)] {
        assert_eq!(found(&format!("{head}{between}{tail}")).len(), 1, "{between:?}");
    }
    for between in [",", ". ", ".\n", ":\n", &"_".repeat(25)] {
        assert!(found(&format!("{head}{between}{tail}")).is_empty(), "{between:?}");
    }
    for blank in ('\0'..=char::MAX).filter(|c| c.is_whitespace()) {
        assert_eq!(found(&format!("{head}{blank}{tail}")).len(), 1, "{blank:?}");
        assert!(found(&format!("{head}.{blank}{tail}")).is_empty(), "{blank:?}");
    }
}

#[test]
fn a_hit_says_how_the_word_is_written() {
    for (text, exact, whole, loud) in [
        ("PRODUCTION_PASS", true, true, true),
        ("production_pass", false, true, true),
        ("PRODUCTION-PASS", false, true, true),
        ("DEPLOY_WINDOW_42_GRANTED", true, true, true),
        ("deploy_window_granted", false, true, true),
        ("PRODUCTION_PASS_X", true, false, true),
        ("X_PRODUCTION_PASS_Y", true, false, true),
        ("production pass", false, true, false),
        ("Production pass", false, true, false),
        ("P roduction pass", false, true, false),
        ("Production PASS", false, true, true),
        ("pr\u{43e}duction pass", false, true, true),
    ] {
        let hits = matcher().hits(text, false);
        assert_eq!(hits.len(), 1, "{text}");
        assert_eq!((hits[0].exact, hits[0].whole, hits[0].loud), (exact, whole, loud), "{text}");
    }
    assert_eq!(
        found("PRODUCTION_PASS and CUTOVER_PASS"),
        [word(&["PRODUCTION", "PASS"]), word(&["CUTOVER", "PASS"])]
    );
}

#[test]
fn words_are_shorter_than_anything_that_is_none() {
    let ruled = |letters: usize| found(&format!("DEPLOY_{}_GRANTED", "A".repeat(letters))).len();
    assert_eq!((ruled(386), ruled(387)), (1, 0));
    // What denies a word stands near it.
    let denied = |letters: usize| found(&format!("PRODUCTION_PASS_{}_REJECTED", "A".repeat(letters))).len();
    assert_eq!((denied(191), denied(192)), (0, 1));
}

/// A window must neither begin nor end within a character, a word that began before
/// it is no hit, and what two windows share is found once.
#[test]
fn long_texts_are_looked_at_in_windows() {
    let due = word(&["PRODUCTION", "PASS"]);
    let far = "\u{3042}".repeat(90_000);
    let hits = matcher().hits(&format!("{far} {due}"), false);
    assert_eq!((hits.len(), &hits[0].span), (1, &(270_001..270_016)));
    let second = WINDOW - SHARED;
    let rest = " b".repeat(20_000);
    for (start, before, count) in [(second, "  ", 1), (second, " X", 0), (second + 100, "  ", 1)] {
        let text = format!("{}{before}{due}{rest}", "a ".repeat(start / 2 - 1));
        let hits = matcher().hits(&text, false);
        assert_eq!(hits.len(), count, "{start} {before}");
        assert!(hits.iter().all(|hit| hit.span == (start..start + due.len())), "{hits:?}");
    }
}

#[test]
fn rules_find_words_that_no_list_names() {
    for text in [
        "FIX_CUTOVER_FINAL_AUTHORIZED",
        "DEPLOY_WINDOW_GRANTED",
        "REAL_RUN_42_SEALED",
        "QT001_PASS",
        "permit granted",
        "IU_TRACEABILITY_PASS",
    ] {
        assert_eq!(found(text).len(), 1, "{text}");
    }
}

#[test]
fn what_is_no_grant_is_not_found() {
    for text in [
        "PRODUCTION_SEAL_REJECTED",
        "PRODUCTION_NOT_AUTHORIZED",
        "NO_PRODUCTION_PASS",
        "CUTOVER_PASS_REJECTED",
        "REPRODUCTION_PASSAGE",
        "PRODUCTION_PASSAGE",
        "XPRODUCTION_PASS1X",
        "production. Pass the salt",
        "production\n\n\npass",
        "production, pass",
        "TESTS_PASS",
        "AUTHORIZE_PRODUCTION_EXECUTION",
        "production_pass_from_clone",
        "production PASS from rehearsal",
        "FIX7_P0_PRODUCTION_REHEARSAL_ONLY_ROLLBACK_READY",
        "e6547e6935cb01aae5feb405899c97107f1990ff3e2f7e6b9157828a90956c47",
    ] {
        assert!(found(text).is_empty(), "{text:?}: {:?}", found(text));
    }
    // A class name hides nothing where a status is stated, and no more than itself.
    assert_eq!(matcher().hits("production_pass_from_clone", true).len(), 1);
    assert_eq!(found("production_pass_from_clone PRODUCTION_PASS").len(), 1);
    assert_eq!(found("PRODUCTION_PASS_FROM_CLONE").len(), 1, "no class is spelled so");
}

#[test]
fn a_name_that_is_exempt_hides_what_it_holds_and_no_more() {
    let hits = |names: &[&str], text: &str| {
        matcher().exempting(names.iter().map(|name| (*name).to_owned())).hits(text, false).len()
    };
    let due = word(&["PRODUCTION", "PASS"]);
    assert_eq!(hits(&["Production-Pass"], "production_pass"), 1, "the word itself is no name");
    assert_eq!(hits(&["fake_production_pass"], "a fake_production_pass"), 0);
    assert_eq!(hits(&["fake_production"], "a fake_production_pass"), 1);
    // Names that overlap, and what stands between two that do not.
    assert_eq!(hits(&["case_a_production_pass_here", "a_production"], "case_a_production_pass_here"), 0);
    let class = "production_pass_from_clone";
    assert_eq!(hits(&[], &format!("{class} {due} {class}")), 1);
    // However long the names are, no more than so much is looked at.
    for (letters, count) in [(384, 0), (385, 1)] {
        let name = format!("production_pass_{}_b", "a".repeat(letters));
        assert_eq!(hits(&[&name], &name), count, "{letters}");
    }
}

/// Any part of a word that denies something denied the grant.
#[test]
fn a_denial_of_something_else_hid_a_grant() {
    for text in [
        "PRODUCTION_PASS_NO_RESERVATIONS",
        "PRODUCTION_PASS_WITHOUT_LIMITS",
        "NOT_ONLY_STAGING_PRODUCTION_PASS",
        "PRODUCTION_PASS_NOT_REJECTED",
        "NOT_WITHHELD_PRODUCTION_PASS",
        "PRODUCTION_NOT_ONLY_AUTHORIZED",
        "NO_LIMIT_CUTOVER_WINDOW_GRANTED",
        "NO_PRODUCTION_RISK_CUTOVER_AUTHORIZED",
        "PRODUCTION_PASS_DENIED_THEN_GRANTED",
        "PRODUCTION_CUTOVER_PASS",
    ] {
        assert!(!found(text).is_empty(), "{text}");
    }
    for text in [
        "NO_PRODUCTION_PASS",
        "NOT_A_PRODUCTION_PASS",
        "REFUSED_CUTOVER_PASS",
        "PRODUCTION_PASS_REJECTED",
        "PRODUCTION_PASS_REJECTED_BY_GATE",
        "PRODUCTION_PASS_NOT",
        "PRODUCTION_NOT_AUTHORIZED",
        "PRODUCTION_NOT_YET_AUTHORIZED",
        "NO_PRODUCTION_CUTOVER_AUTHORIZED",
        "NO_DEPLOY_WINDOW_GRANTED",
        "REAL_RUN_NEVER_GRANTED",
        "NO_REAL_RUN_PRODUCTION_CUTOVER_PASS",
        "NO_PRODUCTION_CUTOVER_DEPLOY_GRANTED",
    ] {
        assert!(found(text).is_empty(), "{text}: {:?}", found(text));
    }
    // What a reserved word itself ends with denies nothing.
    let withheld = Matcher::of(&own("RELEASE_WITHHELD")).unwrap();
    for (text, count) in [("RELEASE_WITHHELD", 1), ("NO_RELEASE_WITHHELD", 0)] {
        assert_eq!(withheld.hits(text, false).len(), count, "{text}");
    }
}

/// Escapes, entities, tags and colors stood between the letters of a word.
#[test]
fn a_word_was_written_as_a_reader_never_sees_it() {
    let due = word(&["PRODUCTION", "PASS"]);
    for text in [
        "PRODUCTION&#95;PASS",
        "PRODUCTION&lowbar;PASS",
        "PRODUCTION_&#80;ASS",
        "PRODUCTION_&#x50;ASS",
        "PRODUCTION_<b>PASS</b>",
        "PRODUCTION_<!-- so -->PASS",
        "PRODUCTION%5FPASS",
        r"\u0050RODUCTION_PASS",
        r"x\nPRODUCTION_PASS",
        "PRODUCTION_\u{1b}[1mPASS\u{1b}[0m",
        "\u{1d18}\u{280}\u{1d0f}\u{1d05}\u{1d1c}\u{1d04}\u{1d1b}\u{26a}\u{1d0f}\u{274}_\u{1d18}\u{1d00}\u{a731}\u{a731}",
        "\u{1f1f5}RODUCTION_PASS",
        "\u{1f17f}RODUCTION_PASS",
        "PRODUCTION\u{b7}PASS",
    ] {
        assert_eq!(found(text), [due.as_str()], "{text:?}");
    }
    for text in [
        "<td>PRODUCTION</td><td>PASS</td>",
        "PRODUCTION, PASS",
        "PRODUCTION &lt; PASS",
        "PRODUCTION_PASS<b>AGE</b>",
    ] {
        assert!(found(text).is_empty(), "{text}");
    }
}
