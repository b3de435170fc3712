//! The status against the evidence, the other documents and the self-check.

use serde_json::{Value, json};

use super::*;
use crate::check::bench::{Bench, Judged, with, without};
use crate::check::rollback::RollbackCheck;
use crate::check::{Selection, Status, samples};
use crate::finding::Finding;

mod denied;

const READY: &str = "FIX7_P0_PRODUCTION_REHEARSAL_ONLY_ROLLBACK_READY";
const NOT_APPLIED: &str = "FIX7_P0_PRODUCTION_SHAPED_CLONE_REHEARSAL_READY_NOT_APPLIED";
const LANE: &str = "shaped clone";
const DELEGATION: &str = "AUTHORIZE_PRODUCTION_SHAPED_CLONE_REHEARSAL_ONLY";

fn report(status: &str) -> Value {
    samples::machine_report(LANE, DELEGATION, status, 4)
}

/// A packet in which nothing was applied.
fn quiet() -> Bench {
    Bench::new("fix7")
        .json("rollback-recovery-proof.json", &samples::unavailable_proof())
        .json("clone-rollback-evidence.json", &samples::unavailable_clone_rollback())
        .json("machine-report.json", &report(NOT_APPLIED))
        .file("README.md", format!("2026-06-11 {DELEGATION}\nStatus: {NOT_APPLIED}\n"))
}

fn judge(bench: &Bench) -> Judged {
    bench.judge(&StatusCheck)
}

#[test]
fn a_status_that_says_that_nothing_was_applied_needs_that_throughout() {
    judge(&quiet()).is_ok();
    Bench::new("fix7").judge(&StatusCheck).is(Status::NotApplied);
    let (clone, proof) = (samples::unavailable_clone_rollback(), samples::unavailable_proof());
    let performed = with(&clone, "/performed", json!(true));
    judge(&quiet().json("clone-rollback-evidence.json", &performed)).fails_with("status_contradicted");
    for value in [json!("NO"), Value::Null, json!(0)] {
        let wrong = with(&clone, "/performed", value);
        judge(&quiet().json("clone-rollback-evidence.json", &wrong)).fails_with("evidence_wrong_type");
    }
    let silent = without(&clone, "/performed");
    judge(&quiet().json("clone-rollback-evidence.json", &silent)).fails_with("evidence_field_missing");
    for state in [json!("ABSENT"), json!(samples::digest("x"))] {
        let some = with(&proof, "/entries/0/before_hash", state);
        judge(&quiet().json("rollback-recovery-proof.json", &some)).fails_with("status_contradicted");
    }
    let proven = with(&proof, "/rollback_proof_status", json!("PROVEN_IN_STAGING"));
    judge(&quiet().json("rollback-recovery-proof.json", &proven)).fails_with("status_contradicted");
}

/// A packet with a status of its own profile: `APPLIED` claims the rollback, `READY`
/// the probes too, and any other ending nothing.
fn stating(status: &str) -> Bench {
    let text = format!(
        "[profile.own]\nvalues = {{ statuses = [\"{status}\"], claims = {{ APPLIED = [\"rollback\"], READY = [\"rollback\", \"probes\"] }} }}"
    );
    let config =
        crate::config::parse_known(text.as_bytes(), "seal.toml", &crate::config::Known::default()).unwrap();
    let profile = crate::profile::builtin("generic").unwrap().extended(&config.profiles[0]).unwrap();
    Bench::by(profile).json("machine-report.json", &report(status))
}

/// A check that ends as its test says.
struct Ends(&'static Meta, Status);

impl Check for Ends {
    fn meta(&self) -> &'static Meta {
        self.0
    }

    fn run(&self, _packet: &Packet, out: &mut Sink) -> Result<Applied, CheckError> {
        match self.1 {
            Status::Error => return Err(CheckError("unread".into())),
            Status::NotApplied => return Ok(Applied::No(String::new())),
            _ => out.push(Finding::new(Code::RollbackNotRestored, "not restored")),
        }
        Ok(Applied::Yes(String::new()))
    }
}

const fn other(level: Level) -> Meta {
    Meta { id: "other", level, summary: "", documents: &[], codes: &[] }
}

static OF_FILES: Meta = other(Level::L0);
static OF_EVIDENCE: Meta = other(Level::L2);

#[test]
fn how_other_checks_ended_counts_where_the_status_claims_something() {
    let judged = |status: &str, other: &Ends, skip: &str| {
        let selection = Selection { skip: [skip.to_owned()].into(), ..Selection::default() };
        let bench = stating(status).json("rollback-recovery-proof.json", &samples::execution_proof());
        let checks: [&dyn Check; 3] = [&RollbackCheck, other, &StatusCheck];
        Judged(bench.judge_selected(&checks, &selection).remove(2))
    };
    let overclaims = |judged: &Judged, why: &str| {
        judged.is(Status::Failed);
        let messages: Vec<&str> = judged.0.findings.iter().map(|one| one.message.as_str()).collect();
        assert_eq!(messages, [format!("the status \"X_APPLIED\" claims more than is proven: {why}")]);
    };
    let [failed, unread, idle] =
        [Status::Failed, Status::Error, Status::NotApplied].map(|status| Ends(&OF_EVIDENCE, status));
    judged("X_APPLIED", &idle, "").is_ok();
    overclaims(&judged("X_APPLIED", &failed, ""), "`other` is failed");
    overclaims(&judged("X_APPLIED", &idle, "rollback"), "`rollback` is skipped");
    let open = judged("X_APPLIED", &unread, "");
    open.is(Status::Error);
    assert_eq!(open.0.reason, "the status \"X_APPLIED\" rests on what could not be judged: `other`");
    // Whatever becomes of the files counts by itself.
    judged("X_APPLIED", &Ends(&OF_FILES, Status::Failed), "").is_ok();
    judged("X_APPLIED", &Ends(&OF_FILES, Status::Error), "").is_ok();
    for other in [&failed, &unread, &idle] {
        judged("X_DRAFT", other, "rollback").is_ok();
    }
}

#[test]
fn a_status_that_says_that_something_was_applied_needs_one_proof() {
    let (status, proof) = ("X_APPLIED", samples::execution_proof());
    let judged = |proof: &Value| judge(&stating(status).json("rollback-recovery-proof.json", proof));
    judged(&proof).is_ok();
    let kept = with(&proof["entries"][0], "/after_rollback_hash", json!(samples::digest("kept")));
    for unproven in [json!([kept]), json!([])] {
        let judged = judged(&with(&proof, "/entries", unproven));
        assert_eq!(judged.codes(), ["status_overclaims"]);
        let finding = &judged.0.findings[0];
        let due = "the status is \"X_APPLIED\", and no entry proves a mutation and its way back";
        assert_eq!((finding.message.as_str(), finding.pointer.as_deref()), (due, Some("/final_status")));
    }
    judged(&with(&proof, "/entries", json!([kept, proof["entries"][1]]))).is_ok();
    judge(&stating("X_DRAFT")).is_ok();
    judge(&stating(status)).fails_with("status_overclaims");
    for (status, applied) in
        [("APPLIED", true), ("X_APPLIED", true), ("UNAPPLIED", false), ("X_READY", false)]
    {
        assert_eq!(endings::says_applied(status), applied, "{status}");
    }
}

#[test]
fn a_status_claims_no_more_than_the_checks_prove() {
    let checks: [&dyn Check; 2] = [&RollbackCheck, &StatusCheck];
    let applied = "FIX7_P0_X_APPLIED";
    let own = |status: &str, proof: &Value| {
        let bench = stating(status).json("rollback-recovery-proof.json", proof);
        Judged(bench.judge_by(&checks).remove(1))
    };
    let proof = samples::execution_proof();
    own(applied, &proof).is_ok();
    let unmutated = with(&proof, "/entries/0/after_apply_hash", json!("ABSENT"));
    own(applied, &unmutated).fails_with("status_overclaims");
    own(applied, &with(&proof, "/entries", json!([]))).fails_with("status_overclaims");
    own(applied, &with(&proof, "/rollback_proof_status", json!("NOT_PROVEN")))
        .fails_with_at("status_overclaims", "/rollback_proof_status");
    // The probes are no check of this run, and so they did not hold.
    own("X_READY", &proof).fails_with("status_overclaims");
    own("X_DRAFT", &proof).is_ok();
    // A claimed check that finds nothing fails by itself.
    let bench = Bench::new("fix7").json("machine-report.json", &report(READY));
    let outcomes = bench.judge_by(&checks);
    assert_eq!(outcomes[0].status, Status::Failed, "{}", outcomes[0].reason);
    Judged(outcomes[1].clone()).fails_with("status_overclaims");
}

#[test]
fn a_status_is_a_known_word() {
    let named = |status: Value| {
        let mut document = report(NOT_APPLIED);
        document["final_status"] = status;
        quiet().json("machine-report.json", &document)
    };
    for unknown in ["FIX7_P0_DONE", "fix7_p0_production_shaped_clone_rehearsal_ready_not_applied"] {
        judge(&named(json!(unknown))).fails_with("status_unknown");
    }
    for wrong in [Value::Null, json!([NOT_APPLIED]), json!(true)] {
        judge(&named(wrong)).fails_with("evidence_wrong_type");
    }
    judge(&named(json!(""))).fails_with("evidence_unknown_value");
    let silent = without(&report(NOT_APPLIED), "/final_status");
    judge(&quiet().json("machine-report.json", &silent)).fails_with("evidence_field_missing");
    assert!(endings::says_not_applied("PASS_VALIDATOR_READY_REHEARSAL_NOT_APPLIED"));
    assert!(!endings::says_not_applied("ALREADY_APPLIED"));
}

#[test]
fn every_document_states_the_same() {
    for page in [
        format!("2026-06-12\nStatus: {NOT_APPLIED}\n"),
        format!("2026-06-11\nStatus: {READY}\n"),
        format!("2026-06-11 AUTHORIZE_PRODUCTION_REHEARSAL_ONLY\nStatus: {NOT_APPLIED}\n"),
        format!("**Lane:** another\n\nStatus: {NOT_APPLIED}\n"),
        format!("Status: {NOT_APPLIED}\n\n| Final status: | {READY} |\n"),
        format!("Status: SOMETHING_ELSE\n\nIt is {NOT_APPLIED}.\n"),
        format!("Final status: SOMETHING_ELSE\n\nIt is {NOT_APPLIED}.\n"),
        format!("X_{NOT_APPLIED}\n"),
        "nothing\n".to_owned(),
    ] {
        judge(&quiet().file("README.md", &page)).fails_with("status_disagrees");
        judge(&quiet().file("checkpoint.md", &page)).fails_with("status_disagrees");
    }
    let good =
        json!({"date": "2026-06-11", "lane": LANE, "delegation": DELEGATION, "final_status": NOT_APPLIED});
    judge(&quiet().json("decision-packet.json", &good)).is_ok();
    for field in ["date", "lane", "delegation", "final_status"] {
        for value in [json!("another"), Value::Null, json!([good[field]])] {
            let bad = with(&good, &format!("/{field}"), value);
            judge(&quiet().json("decision-packet.json", &bad)).fails_with("status_disagrees");
        }
    }
}

#[test]
fn a_page_is_told_what_it_states_and_where() {
    let head = format!("# Page\n2026-06-11 {DELEGATION} {NOT_APPLIED}\n");
    let messages = |judged: &Judged| -> Vec<String> {
        judged.0.findings.iter().map(|finding| finding.message.clone()).collect()
    };
    let judged = judge(&quiet().file("README.md", format!("{head}  Lane: another lane \nend\n")));
    let due = "\"README.md\" states the lane \"another lane\", and the machine report \"shaped clone\"";
    assert_eq!(messages(&judged), [due]);
    let place = judged.0.findings[0].location.unwrap();
    let (from, to) = (head.len() as u64, (head.len() + "  Lane: another lane".len()) as u64);
    assert_eq!((place.line, place.column, place.byte, place.end_byte), (3, 1, from, Some(to)));
    // Of one page some lines are enough.
    let lines = (0..25).map(|n| format!("Lane: lane {n}\n")).collect::<Vec<_>>().concat();
    assert_eq!(messages(&judge(&quiet().file("README.md", head.clone() + &lines))).len(), 20);
    // A page that names no delegation at all names no other one.
    judge(&quiet().file("README.md", head.replace(DELEGATION, "x"))).is_ok();
    let other = "AUTHORIZE_PRODUCTION_REHEARSAL_ONLY";
    let judged = judge(&quiet().file("README.md", head.replace(DELEGATION, other)));
    let due = format!("\"README.md\" names the delegation \"{other}\" and not \"{DELEGATION}\"");
    assert_eq!(messages(&judged), [due]);
}

#[test]
fn an_item_stands_for_the_check_that_it_names() {
    let item = |id: &str, check: &str| json!({"id": id, "item": id, "check": check, "result": "PASS"});
    let items = json!({"items": [item("A", "rollback"), item("B", "other"), item("C", "nobody")]});
    let bench = stating("X_DRAFT")
        .json("rollback-recovery-proof.json", &samples::execution_proof())
        .json("self-check.json", &items);
    let checks: [&dyn Check; 3] = [&RollbackCheck, &Ends(&OF_EVIDENCE, Status::NotApplied), &StatusCheck];
    let outcome = bench.judge_by(&checks).remove(2);
    let told: Vec<(Option<&str>, &str)> =
        outcome.findings.iter().map(|one| (one.pointer.as_deref(), one.message.as_str())).collect();
    let b = "the item \"B\" is said to hold, and the check \"other\" is not applied";
    let c = "the item \"C\" is said to hold, and the check \"nobody\" is no check before this one";
    assert_eq!(told, [(Some("/items/1/result"), b), (Some("/items/2/result"), c)]);
}

#[test]
fn every_item_of_the_self_check_is_computed_again() {
    let list = |count: usize, change: &dyn Fn(&mut Value)| {
        let item = |n: usize| json!({"id": format!("SC-{n}"), "item": "bytes", "check": "rollback", "result": "N/A_NO_CLONE"});
        let mut list = json!({"items": (1..=count).map(item).collect::<Vec<_>>()});
        change(&mut list);
        judge(&quiet().json("self-check.json", &list))
    };
    list(14, &|_| {}).is_ok();
    list(15, &|_| {}).is_ok();
    for wrong in [0, 13, 16] {
        list(wrong, &|_| {}).fails_with("self_check_count_differs");
    }
    list(14, &|l| l["items"][3]["id"] = json!("SC-1")).fails_with("self_check_count_differs");
    // No other check ran before: whatever is said to hold does not.
    list(14, &|l| l["items"][3]["result"] = json!("PASS")).fails_with("self_check_differs");
    list(14, &|l| l["items"][3]["result"] = json!("FAIL")).is_ok();
    list(14, &|l| l["items"][3]["result"] = json!("PASS_VALIDATOR_READY_REHEARSAL_NOT_APPLIED")).is_ok();
    list(14, &|l| l["items"][3]["result"] = json!("PERHAPS")).fails_with("evidence_unknown_value");
    for value in [Value::Null, json!(true), json!(["PASS"])] {
        list(14, &|l| l["items"][3]["result"] = value.clone()).fails_with("evidence_wrong_type");
    }
    let unverifiable = list(14, &|l| l["items"][3] = json!({"id": "SC-4", "item": "x", "result": "PASS"}));
    assert_eq!(unverifiable.codes(), ["self_check_unverifiable"]);
    unverifiable.is(Status::Ok);
    // What is not available is legal only where nothing was applied.
    let item = |n: usize| json!({"id": format!("SC-{n}"), "item": "bytes", "result": "N/A_NO_CLONE"});
    let items = json!({"items": (1..=14).map(item).collect::<Vec<_>>()});
    let bench =
        Bench::new("fix7").json("self-check.json", &items).json("machine-report.json", &report(READY));
    judge(&bench).fails_with("self_check_differs");
}

/// States that nobody could look at stood beside flags that were true, or were left out.
#[test]
fn what_was_not_applied_claimed_a_change() {
    let (clone, proof) = (samples::unavailable_clone_rollback(), samples::unavailable_proof());
    for flag in ["apply_mutated", "restored_match", "verify_after_rollback"] {
        let mut said = proof.clone();
        said["entries"][0][flag] = json!(true);
        judge(&quiet().json("rollback-recovery-proof.json", &said))
            .fails_with_at("status_contradicted", &format!("/entries/0/{flag}"));
        said["entries"][0][flag] = json!("N/A");
        judge(&quiet().json("rollback-recovery-proof.json", &said)).is_ok();
    }
    for open in [Value::Null, json!("")] {
        let said = with(&clone, "/entries/0/after_apply_hash", open);
        judge(&quiet().json("clone-rollback-evidence.json", &said))
            .fails_with_at("status_contradicted", "/entries/0");
    }
    let staged = with(&proof, "/staging_mutation_occurred", json!(true));
    judge(&quiet().json("rollback-recovery-proof.json", &staged))
        .fails_with_at("status_contradicted", "/staging_mutation_occurred");
}

/// A rehearsal that was not performed had entries that prove it.
#[test]
fn what_was_not_performed_had_states() {
    let bench = |performed: bool| {
        let clone = with(&samples::clone_rollback(), "/performed", json!(performed));
        let page = format!("2026-06-11 {DELEGATION}\nStatus: {READY}\n");
        Bench::new("fix7")
            .json("rollback-recovery-proof.json", &samples::rollback_proof())
            .json("clone-rollback-evidence.json", &clone)
            .json("machine-report.json", &report(READY))
            .file("README.md", page)
    };
    judge(&bench(false)).fails_with_at("status_contradicted", "/performed");
    judge(&bench(true)).is_ok();
}

/// A page stated the status once, and another one in its table.
#[test]
fn another_status_stood_elsewhere_in_a_page() {
    let page = |text: &str| {
        let text = format!("2026-06-11 {DELEGATION}\n\nStatus: {NOT_APPLIED}\n\n{text}\n");
        judge(&quiet().file("README.md", text))
    };
    for text in [
        format!("| Outcome | {READY} |"),
        format!("Final outcome: `{READY}`"),
        format!("Status \u{2014} {READY}"),
        format!("## {READY}"),
        format!("The rehearsal was held.\nIt is {READY}."),
        format!("It is not the first. This one is {READY}."),
    ] {
        let judged = page(&text);
        judged.fails_with("status_disagrees");
        assert!(judged.message().contains(READY), "{text}");
        assert!(judged.0.findings[0].location.unwrap().line >= 5, "{text}");
    }
    for text in [
        format!("It follows a packet whose status was\n{READY}."),
        format!("{READY} was that of the predecessor."),
        format!("| predecessor | {READY} |"),
        format!("This packet is not {READY}."),
        format!("X_{READY} and {READY}_SOON"),
        "The self-check says PASS_VALIDATOR_READY_REHEARSAL_NOT_APPLIED.".to_owned(),
    ] {
        page(&text).is_ok();
    }
    // Where it stands, and of one page some places are enough.
    let judged = page(&format!("## {READY} at last"));
    let (from, place) = (judged.0.findings[0].location.unwrap(), &judged.0.findings[0].snippet);
    assert_eq!(
        (from.line, from.column, from.end_byte),
        (5, 4, Some(from.byte + READY.len() as u64)),
        "{place:?}"
    );
    assert_eq!(page(&format!("# {READY}\n").repeat(25)).0.findings.len(), 20);
    let second = quiet().file("checkpoint.md", format!("Status: {NOT_APPLIED}\n"));
    judge(&second).is_ok();
    judge(&second.file("CHECKPOINT.md", format!("Status: {READY}\n"))).fails_with("status_disagrees");
}

/// A document of the packet stated another status further down or in other letters.
#[test]
fn another_status_stood_elsewhere_in_a_document() {
    let decision = |value: Value| judge(&quiet().json("decision-packet.json", &value));
    for name in ["overall_status", "Final_Status", "finalStatus"] {
        decision(json!({name: READY})).fails_with_at("status_disagrees", &format!("/{name}"));
        decision(json!({name: NOT_APPLIED})).is_ok();
    }
    decision(json!({"status": "HOLD"})).is_ok();
    decision(json!({"lane_state": {"verdict": [READY]}}))
        .fails_with_at("status_disagrees", "/lane_state/verdict/0");
    decision(json!({"predecessor": {"status": READY}})).is_ok();
    decision(json!({"known": [READY]})).is_ok();
    let mut nested = report(NOT_APPLIED);
    nested["summary"] = json!({"outcome": READY});
    judge(&quiet().json("machine-report.json", &nested))
        .fails_with_at("status_disagrees", "/summary/outcome");
    nested["summary"] = json!({"rollback": "PROVEN_IN_STAGING"});
    judge(&quiet().json("machine-report.json", &nested))
        .fails_with_at("status_contradicted", "/summary/rollback");
    nested["summary"] = json!({"predecessor": {"rollback": "PROVEN_IN_STAGING"}});
    judge(&quiet().json("machine-report.json", &nested)).is_ok();
}

/// An item on the rollback named a check that always holds.
#[test]
fn an_item_named_another_check_than_it_speaks_of() {
    let items = |item: &str, check: &str| {
        let row = |n: usize| json!({"id": format!("SC-{n}"), "item": "x", "result": "N/A_NO_CLONE"});
        let mut items: Vec<Value> = (1..=14).map(row).collect();
        items[0] = json!({"id": "SC-1", "item": item, "check": check, "result": "PASS"});
        let bench = quiet().json("self-check.json", &json!({"items": items}));
        let checks: [&dyn Check; 3] = [&RollbackCheck, &crate::check::secrets::SecretsCheck, &StatusCheck];
        Judged(bench.judge_by(&checks).remove(2))
    };
    let passed = items("the rollback is proven", "secrets");
    passed.fails_with_at("self_check_differs", "/items/0/check");
    assert!(passed.message().contains("rollback"), "{}", passed.message());
    items("the Rollback is proven", "rollback").fails_with_at("self_check_differs", "/items/0/result");
    items("no secret is in the packet", "secrets").is_ok();
    items("no rollback was held in production", "secrets").is_ok();
    items("the secrets are kept out", "secrets").is_ok();
}
