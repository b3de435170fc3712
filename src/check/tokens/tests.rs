//! Reserved words in every disguise and place, and what only looks like one.

use serde_json::{Value, json};

use super::matcher::Matcher;
use super::*;
use crate::check::Status;
use crate::check::bench::{Bench, Judged};
use crate::config::{Known, parse_known};
use crate::profile::{Profile, builtin};

/// Words that must not stand in this file either.
fn word(parts: &[&str]) -> String {
    parts.join("_")
}

fn matcher() -> Matcher {
    Matcher::of(builtin("fix7").unwrap()).unwrap()
}

fn found(text: &str) -> Vec<String> {
    matcher().hits(text, false).into_iter().map(|hit| hit.token).collect()
}

/// A profile that reserves one word.
fn own(token: &str) -> Profile {
    let text = format!("[profile.own]\nvalues = {{ reserved_tokens = [\"{token}\"] }}");
    let own = parse_known(text.as_bytes(), "seal.toml", &Known::default()).unwrap();
    builtin("generic").unwrap().extended(&own.profiles[0]).unwrap()
}

fn judge(name: &str, text: &str) -> Judged {
    let proof = json!({"note": "evidence"});
    Bench::new("fix7").json("rollback-recovery-proof.json", &proof).file(name, text).judge(&TokensCheck)
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
    let second = matcher::WINDOW - matcher::SHARED;
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

/// A class in capitals is exempt only where the profile names no classes itself.
#[test]
fn classes_of_the_probes_are_exempt() {
    let judged = |profile: Profile, class: &str, printed: &str| {
        let probes = json!({"probes": [{"class": class}]});
        Bench::by(profile).json("probes.json", &probes).file("run.log", printed).judge(&TokensCheck)
    };
    let line = "go_live_too_early: refused\n";
    judged(own("GO_LIVE"), "GO_LIVE_TOO_EARLY", line).is_ok();
    judged(own("GO_LIVE"), "go_live_too_early", line).is_ok();
    judged(own("GO_LIVE"), "go_live_too_late", line).fails_with("reserved_token");
    let fix7 = || builtin("fix7").unwrap().clone();
    let line = "cutover_pass_as_fallback: refused\n";
    judged(fix7(), "cutover_pass_as_fallback", line).is_ok();
    judged(fix7(), "CUTOVER_PASS_AS_FALLBACK", line).fails_with("reserved_token");
}

#[test]
fn the_place_is_told() {
    let (token, small) = (word(&["CUTOVER", "PASS"]), word(&["cutover", "pass"]));
    for (name, text, told, label) in [
        ("a.md", format!("Status: {token}\n"), "stands where a decision or a status is stated", "reserved"),
        ("run.log", format!("say {token}\n"), "stands in recorded output", "reserved"),
        ("a.md", format!("{token}\n"), "stands alone", "reserved"),
        ("a.md", format!("{small}\n"), "stands in other letters alone", "reserved"),
        ("a.md", format!("say {token}\n"), "stands in a text", "reserved, in a text"),
        ("a.json", json!([format!("say {token}")]).to_string(), "stands in a text", "reserved, in a text"),
    ] {
        let judged = judge(name, &text);
        assert_eq!(judged.0.findings.len(), 1, "{text}");
        let finding = &judged.0.findings[0];
        assert_eq!(finding.message, format!("the reserved word \"{token}\" {told}"));
        assert_eq!(finding.snippet.as_ref().unwrap().label, label, "{text}");
    }
    assert_eq!(judge("a.md", "nothing\n").0.reason, "2 files");
}

#[test]
fn only_few_words_before_a_sign_are_a_label() {
    let token = word(&["CUTOVER", "PASS"]);
    judge("a.md", &format!("our last status: {token}\n")).fails_with("reserved_token");
    for text in [
        format!("our very last status: {token}\n"),
        format!("Note: {token}, a word\n"),
        format!("verdict {token} said\n"),
        format!("{token} was not said\n\nmore\n"),
        format!("more\n\nso it is {token}\n"),
    ] {
        let judged = judge("a.md", &text);
        assert_eq!(judged.codes(), ["reserved_token"], "{text}");
        judged.is(Status::Ok);
    }
}

#[test]
fn fields_decide_in_documents() {
    let token = word(&["CUTOVER", "PASS"]);
    let class = "production_pass_from_clone";
    let judged = |document: serde_json::Value| judge("a.json", &document.to_string());
    judged(json!({"stdout": {"first": format!("exit 2 {token}")}})).fails_with("reserved_token");
    judged(json!({"verdict": class})).fails_with("reserved_token");
    judged(json!({"note": class})).is_ok();
    judged(json!({"tokens_searched": {&token: false}})).is_ok();
    for document in [
        json!({"note": format!("no {token} leaked")}),
        json!({"note": {&token: false}}),
        json!({"tokens_searched": format!("no {token} leaked")}),
    ] {
        let judged = judged(document);
        assert_eq!(judged.codes(), ["reserved_token"]);
        judged.is(Status::Ok);
    }
    // Recorded output is no document, whatever it is called.
    let list = json!({"tokens_searched": [token]}).to_string();
    let bench = Bench::new("fix7").json("rollback-recovery-proof.json", &json!({}));
    bench.unsealed("evidence/a.json", list).judge(&TokensCheck).fails_with("reserved_token");
}

#[test]
fn places_decide() {
    let token = word(&["CUTOVER", "PASS"]);
    for (name, text) in [
        ("notes.md", format!("All is well.\n\n{token}\n")),
        ("notes.md", format!("**Status:** {token}\n")),
        ("notes.md", format!("- Final verdict: `{token}`\n")),
        ("run.log", format!("no {token} leaked\n")),
        ("a.json", json!({"final_status": token}).to_string()),
        ("a.json", json!({"x": {"verdict": format!("it is {token} now")}}).to_string()),
        ("a.json", json!({"runs": [{"stdout": format!("exit 2 {token}")}]}).to_string()),
        ("a.json", json!({"note": token}).to_string()),
        ("a.json", json!({token.to_lowercase(): true}).to_string()),
        ("broken.json", format!("{{\n{token}\n")),
        ("a.json", json!({"tokens_searched": ["cutover-pass"]}).to_string()),
    ] {
        judge(name, &text).fails_with("reserved_token");
    }
    for text in [
        format!("There is no {token} here.\n"),
        format!("| class | {token} | refused |\n"),
        format!("grep -q {token} run.log && exit 2\n"),
        format!("Status: no {token} was said\n"),
    ] {
        let judged = judge("notes.md", &text);
        assert_eq!(judged.codes(), ["reserved_token"], "{text}");
        judged.is(Status::Ok);
    }
    judge("notes.md", "the production pass of the review\n").is_ok();
    judge("a.json", &json!({"tokens_searched": [token]}).to_string()).is_ok();
    judge("a.json", &json!({"token_scan": {"searched_for": [{"token": token, "hits": 0}]}}).to_string())
        .is_ok();
}

#[test]
fn raw_output_leaks_whatever_it_is_sealed_as() {
    let token = word(&["REAL", "RUN", "PASS"]);
    let bench = Bench::new("fix7").json("rollback-recovery-proof.json", &json!({}));
    let line = format!("input refused\n{token} is not granted\nexit 2\n");
    bench.clone().unsealed("evidence/run.txt", &line).judge(&TokensCheck).fails_with("reserved_token");
    bench.clone().file("evidence/run.txt", &line).judge(&TokensCheck).fails_with("reserved_token");
    let class = "probe production_pass_from_clone: refused\n";
    bench.clone().file("evidence/run.txt", class).judge(&TokensCheck).is_ok();
    let far = format!("{}\n{token}\n{}", "x\u{e9} ".repeat(200_000), "y ".repeat(300_000));
    let judged = bench.file("long.log", far).judge(&TokensCheck);
    assert_eq!(judged.0.findings.len(), 1);
    assert_eq!(judged.0.findings[0].location.unwrap().line, 2);
}

#[test]
fn only_what_was_read_is_good_and_only_reserved_words_are_searched() {
    Bench::new("generic")
        .file("a.md", word(&["PRODUCTION", "PASS"]))
        .judge(&TokensCheck)
        .is(Status::NotApplied);
    let lost = Bench::new("fix7").json("rollback-recovery-proof.json", &json!({})).lost("README.md");
    lost.file("README.md", "x").judge(&TokensCheck).is(Status::NotApplied);
    let bench = Bench::by(own("GO_LIVE")).json("blocker-map.json", &json!({"status": "go-live"}));
    bench.judge(&TokensCheck).fails_with("reserved_token");
    let none = Bench::by(own("--")).json("blocker-map.json", &json!({"status": "--"})).judge(&TokensCheck);
    none.is(Status::NotApplied);
    assert_eq!(none.0.reason, "the profile reserves no words");
}

/// One zero byte made the whole file a binary one, which nobody searched.
#[test]
fn a_word_behind_a_zero_byte_or_in_utf_16_was_passed_over() {
    let due = word(&["PRODUCTION", "PASS"]);
    judge("verdict.txt", &format!("\0\n{due}\n")).fails_with("reserved_token");
    let wide: String = due.chars().flat_map(|c| [c, '\0']).collect();
    judge("verdict.md", &wide).fails_with("reserved_token");
    judge("pixel.bin", "\0\u{1}\u{2}nothing").is_ok();
}

/// Every hit had the whole line looked at, again and again.
#[test]
fn a_line_of_a_million_words_ends() {
    let line = (word(&["PRODUCTION", "PASS"]) + " ").repeat(60_000);
    let judged = judge("README.md", &line);
    assert!((1..=MOST).contains(&judged.0.findings.len()), "{}", judged.0.findings.len());
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
    ] {
        assert!(found(text).is_empty(), "{text}: {:?}", found(text));
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
    for text in ["<td>PRODUCTION</td><td>PASS</td>", "PRODUCTION, PASS", "PRODUCTION &lt; PASS"] {
        assert!(found(text).is_empty(), "{text}");
    }
}

/// A document under another name was read as a text, with its escapes unread.
#[test]
fn documents_are_told_by_what_they_are() {
    let escaped = r#"{"verdict": "\u0050RODUCTION_PASS"}"#;
    for name in ["a.json", "a.JSON", "a.sarif", "a.jsonl", "a"] {
        judge(name, escaped).fails_with("reserved_token");
    }
    judge("a.json", &format!("{escaped},")).fails_with("reserved_token");
    judge("a.json", &format!("{escaped},").replace("verdict", "note")).is(Status::Ok);
    judge("a.sarif", escaped).fails_with_at("reserved_token", "/verdict");
    judge("a.yaml", "verdict: \"\\x50RODUCTION_PASS\"\n").fails_with("reserved_token");
}

/// A table of two cells and an element are labels too.
#[test]
fn a_cell_or_an_element_states_a_decision() {
    let token = word(&["CUTOVER", "PASS"]);
    for text in [
        format!("| Verdict | {token} |"),
        format!("| **Final status** | `{token}` |"),
        format!("<verdict>{token}</verdict>"),
        format!("{{'a': 1, 'final_status': '{token}', }}"),
        format!("  <status kind=\"x\">{token}</status>"),
    ] {
        judge("notes.md", &text).fails_with("reserved_token");
    }
    for text in [
        format!("| verdict | {token} | was not printed |"),
        format!("| class | {token} |"),
        format!("<p>{token} is reserved</p>"),
        format!("<note>{token}</note>"),
    ] {
        judge("notes.md", &text).is(Status::Ok);
    }
}

/// A name said it, and its value was anything but `true`.
#[test]
fn a_name_claims_what_its_value_grants() {
    let token = word(&["CUTOVER", "PASS"]);
    for value in [
        json!("GRANTED"),
        json!("2026-06-11"),
        json!(1),
        json!(["owner"]),
        json!({"granted": true}),
        json!({"by": [{"value": 1}]}),
    ] {
        judge("a.json", &json!({"x": {&token: value}}).to_string())
            .fails_with_at("reserved_token", &format!("/x/{token}"));
    }
    for value in [
        json!(false),
        Value::Null,
        json!(0),
        json!("no"),
        json!("NOT_GRANTED"),
        json!("absent"),
        json!("never printed by any run"),
        json!({"hits": 3, "granted": false}),
        json!({}),
    ] {
        let judged = judge("a.json", &json!({&token: value}).to_string());
        assert_eq!(judged.codes(), ["reserved_token"]);
        judged.is(Status::Ok);
    }
    judge("a.json", &json!({"tokens_searched": {&token: 3}}).to_string()).is_ok();
    judge("a.json", &json!({"tokens_searched": {&token: true}}).to_string()).fails_with("reserved_token");
    // Beside the words, such a list says what any document says.
    let beside = json!({"tokens_searched": {"verdict": token}});
    judge("a.json", &beside.to_string()).fails_with_at("reserved_token", "/tokens_searched/verdict");
}

/// Output under a longer name for it was a text.
#[test]
fn a_part_of_the_output_is_output() {
    let token = word(&["REAL", "RUN", "PASS"]);
    for name in ["stdout_tail", "lastOutput", "output_text", "gate_stderr"] {
        let text = json!({"steps": [{name: format!("done, {token} emitted")}]}).to_string();
        judge("a.json", &text).fails_with_at("reserved_token", &format!("/steps/0/{name}"));
    }
    judge("a.json", &json!({"outputs_note": format!("done, {token} emitted")}).to_string()).is(Status::Ok);
}
