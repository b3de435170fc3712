//! Reserved words in every place, and what each makes of them.

use serde_json::{Value, json};

use super::*;
use crate::check::Status;
use crate::check::bench::{Bench, Judged};
use crate::config::{Known, parse_known};
use crate::profile::{Profile, builtin};

/// Words that must not stand in this file either.
pub(super) fn word(parts: &[&str]) -> String {
    parts.join("_")
}

/// A profile that reserves one word.
pub(super) fn own(token: &str) -> Profile {
    let text = format!("[profile.own]\nvalues = {{ reserved_tokens = [\"{token}\"] }}");
    let own = parse_known(text.as_bytes(), "seal.toml", &Known::default()).unwrap();
    builtin("generic").unwrap().extended(&own.profiles[0]).unwrap()
}

fn judge(name: &str, text: &str) -> Judged {
    let proof = json!({"note": "evidence"});
    Bench::new("fix7").json("rollback-recovery-proof.json", &proof).file(name, text).judge(&TokensCheck)
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
    // A line in quotation marks is a text, and its label counts.
    judge("status.txt", "\"Status: PRODUCTION_PASS\"\n").fails_with("reserved_token");
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

/// A comment, a tag and a terminal's sequence hid what they held from the check alone.
#[test]
fn a_word_in_a_comment_or_a_tag_was_passed_over() {
    let token = word(&["PRODUCTION", "PASS"]);
    let hidden = [
        format!("<!--{token}-->"),
        format!("<!-- --{token} -->"),
        format!("<a {token}>"),
        format!("<b title=\"{token}\">ok</b>"),
        format!("\u{1b}[{token}"),
        token.replace('_', "_\u{8}_"),
    ];
    for text in &hidden {
        for field in ["stdout", "result"] {
            judge("a.json", &json!({"steps": [{field: text}]}).to_string())
                .fails_at(&[&format!("reserved_token /steps/0/{field}")]);
        }
        let told = judge("run.log", &format!("ok {text} done\n"));
        told.fails_with("reserved_token").message();
    }
    for name in ["checkpoint.md", "a.html"] {
        judge(name, &format!("x\n<!-- {token} -->\n")).fails_with("reserved_token");
        judge(name, &format!("<!--\n{token}\n-->\n")).fails_with("reserved_token");
        // A sentence is one in a comment too.
        let judged = judge(name, &format!("<!-- no {token} leaked -->\n"));
        assert_eq!(judged.codes(), ["reserved_token"]);
        judged.is(Status::Ok);
        judge(name, "<!-- production_pass_from_clone is a class --> <b title=\"x\">ok</b>\n").is_ok();
    }
    // What is seen is told once, however it is marked up.
    judge("run.log", &format!("<b>{token}</b> <!-- {token} -->\n"))
        .is(Status::Failed)
        .found(&["reserved_token", "reserved_token"]);
    judge("run.log", "<b>NO_</b>PRODUCTION_PASS\n").is_ok();
}

/// A count of nothing found was a leak.
#[test]
fn a_word_that_was_found_nowhere_is_no_leak() {
    let token = word(&["PRODUCTION", "PASS"]);
    for good in [
        json!({"token_hits": {&token: 0}}),
        json!({"searched": [&token], "tokens_leaked": []}),
        json!({"matches": {&token: 0}, "tokens_searched": [&token]}),
        json!({"rows": [{"token": &token, "hits": 0}]}),
    ] {
        judge("a.json", &good.to_string()).is_ok();
    }
    for bad in [
        json!({"token_hits": {&token: 1}}),
        json!({"token_hits": {&token: true}}),
        json!({"rows": [{"token": &token, "hits": 2}]}),
        json!({"rows": [{"verdict": &token, "hits": 0}]}),
        json!({"rows": [{"note": &token, "hits": 0}]}),
        json!({"rows": [{"token": &token}]}),
    ] {
        judge("a.json", &bad.to_string()).fails_with("reserved_token");
    }
}
