//! Statements about files, true, forged and about nothing.

use serde_json::{Value, json};

use super::*;
use crate::check::Status;
use crate::check::bench::{Bench, Judged, hex};

const BODY: &str = "one\ntwo\n";

fn bench() -> Bench {
    Bench::new("generic").json("schema-compatibility.json", &json!({})).file("data/rows.txt", BODY)
}

fn stated(value: &Value) -> Judged {
    bench().json("scope-lock.json", value).judge(&ClaimsCheck)
}

fn page(text: &str) -> Judged {
    bench().file("README.md", text).judge(&ClaimsCheck)
}

#[test]
fn fields_beside_a_path_are_computed_again() {
    let good = json!({"path": "data/rows.txt", "sha256": hex(BODY), "size": 8, "lines": 2});
    stated(&good).is_ok();
    stated(&json!({"files": [good.clone(), good]})).is_ok();
    for (field, value) in [
        ("sha256", json!(hex("other"))),
        ("size", json!(9)),
        ("size", json!(18_446_744_073_709_551_615_u64)),
        ("lines", json!(1)),
        ("bytes", json!(7)),
    ] {
        let mut bad = json!({"path": "./data/rows.txt"});
        bad[field] = value;
        stated(&bad).fails_with("claim_differs");
    }
    // What is no digest states nothing.
    for other in [json!("to be computed"), json!("TBD..."), Value::Null, json!([hex("x")]), json!(1)] {
        stated(&json!({"path": "data/rows.txt", "sha256": other})).is_ok();
    }
}

#[test]
fn a_path_is_there_or_dangling_or_elsewhere() {
    for path in ["data/gone.txt", "gone.txt", "./gone/file.sh", "data/rows.txt/x.txt", "elsewhere/x.txt"] {
        stated(&json!({"path": path})).fails_with("claim_dangling");
    }
    for path in ["/srv/x.txt", "../x.txt", "https://example.org/x.txt"] {
        let judged = stated(&json!({"file": path}));
        assert_eq!(judged.codes(), ["claim_unverifiable"], "{path}");
        judged.is(Status::Ok);
    }
    for path in ["data/rows.txt@rev2", "data", "no file at all", "*.txt", "v1"] {
        stated(&json!({"path": path})).is_ok();
    }
    let judged = stated(&json!({"path": "plan.md@rev7"}));
    assert_eq!(judged.codes(), ["claim_dangling"]);
    judged.is(Status::Ok);
}

#[test]
fn counts_are_those_of_their_lists() {
    for (good, bad) in [
        (json!({"row_count": 2, "rows": [1, 2]}), json!({"row_count": 999, "rows": [1, 2]})),
        (json!({"entry_count": 0, "entries": []}), json!({"entry_count": 1, "entries": []})),
        (json!({"total_steps": 1, "steps": [{}]}), json!({"total_steps": 0, "steps": [{}]})),
        (json!({"row_count": "two", "rows": []}), json!({"row_count": -1, "rows": []})),
        (json!({"row_count": 5}), json!({"row_count": 3, "rows": [1, 2]})),
    ] {
        stated(&good).is_ok();
        stated(&bad).fails_with("claim_differs");
    }
}

#[test]
fn only_code_spans_of_pages_state_something() {
    let (digest, other) = (hex(BODY), hex("other"));
    page(&format!("`data/rows.txt` has `{digest}`\n")).is_ok();
    page(&format!("| `data/rows.txt` | `{digest}` |\n")).is_ok();
    for text in [
        format!("`data/rows.txt` has `{other}`\n"),
        format!("- `data/rows.txt`: `{other}`\n"),
        format!("| a | b |\n|---|---|\n| `data/rows.txt` | `{other}` |\n"),
    ] {
        page(&text).fails_with("claim_differs");
    }
    // Digits in prose, wrapped, cut, or glued to a word are no digest.
    let (head, tail) = other.split_at(32);
    for text in [
        format!("`data/rows.txt` has {other}\n"),
        format!("`data/rows.txt` has `{head} {tail}`\n"),
        format!("`data/rows.txt` is in tree{other}\n"),
        format!("`data/rows.txt` has `tree{other}`\n"),
        format!("`data/rows.txt` has `{}..`\n", &other[..8]),
        format!("`data/rows.txt` changed in `{}..{}`\n", &other[..8], &other[8..16]),
        format!("`data/rows.txt` is at `{}`\n", &other[..40]),
        format!("`data/rows.txt`\n`{other}`\n"),
        "see `Value.field`, `1.2.3` and `data/*.txt`\n".to_owned(),
        "see `/srv/elsewhere/x.json`\n".to_owned(),
    ] {
        page(&text).is_ok();
    }
    page("run `verify_all.sh`\n").fails_with("claim_dangling");
    page("see `data/gone.json`\n").fails_with("claim_dangling");
    for text in ["see `package.json`\n", "see `elsewhere/x.json`\n"] {
        let judged = page(text);
        assert_eq!(judged.codes(), ["claim_dangling"]);
        judged.is(Status::Ok);
    }
}

#[test]
fn every_claim_is_counted() {
    let file = json!({"path": "data/rows.txt", "sha256": hex(BODY), "size": 8, "lines": 2});
    stated(&file).is_ok().says("4 claims");
    stated(&json!({"row_count": 2, "rows": [1, 2]})).is_ok().says("1 claims");
    page(&format!("`data/rows.txt` has `{}`\n", hex(BODY))).is_ok().says("2 claims");
    page("[x](data/rows.txt)\n").is_ok().says("1 claims");
    stated(&json!({"data/rows.txt": hex(BODY)})).is_ok().says("1 claims");
    // Beside two paths it is not known which one a digest is of.
    let two = json!({"path": "data/rows.txt", "log": "data/rows.txt", "sha256": hex("other")});
    stated(&two).is_ok().says("2 claims");
    let both = bench().json("scope-lock.json", &file).file("README.md", "`data/rows.txt`\n");
    both.judge(&ClaimsCheck).is_ok().says("5 claims");
}

/// A hint that was wrong failed the packet, though it is never proof.
#[test]
fn hints_state_nothing() {
    let said = json!({"path": "data/rows.txt", "sha256": hex("other")});
    bench().json("seal-hints.json", &said).judge(&ClaimsCheck).is_ok().says("0 claims");
    bench().json("other.json", &said).judge(&ClaimsCheck).fails_at(&["claim_differs /sha256"]);
}

#[test]
fn pages_are_told_by_the_end_of_their_name() {
    for (name, claims) in
        [("a.md", 1), ("a.MD", 1), ("a.markdown", 1), ("A.Markdown", 1), ("a.txt", 0), ("markdown", 0)]
    {
        let page = bench().file(name, "`data/rows.txt`\n");
        page.judge(&ClaimsCheck).is_ok().says(&format!("{claims} claims"));
    }
}

#[test]
fn a_word_is_no_file_because_one_is_called_so() {
    let named = |name: &str| {
        let said = json!({"name": name, "size": 9, "review_file": name, "review_lines": 40});
        bench().file("review", BODY).json("scope-lock.json", &said).judge(&ClaimsCheck)
    };
    named("review").is_ok().says("0 claims");
    let digest = json!({"review": hex("other")});
    let stated = bench().file("review", BODY).json("scope-lock.json", &digest);
    stated.judge(&ClaimsCheck).is_ok().says("0 claims");
    named("data/rows.txt").fails_at(&["claim_differs /size", "claim_differs /review_lines"]);
}

#[test]
fn what_is_called_a_file_is_one() {
    for path in ["v1.2", "x.extension", "x.a_b", "@2", "a@b/c"] {
        stated(&json!({"path": path})).is_ok().says("0 claims");
    }
    for path in ["@types/index.json", "a@b/x.json", "@x.json"] {
        stated(&json!({"path": path}))
            .tells_only(&[format!("claim_dangling /path: \"{path}\" is stated, and there is no such file")]);
    }
    stated(&json!({"path": "~/x.txt"})).tells_only(&[
        "claim_unverifiable /path: \"~/x.txt\" is outside of the packet and was not looked at",
    ]);
    let long = |length: usize| format!("{}.txt", "a".repeat(length - 4));
    stated(&json!({"path": long(299)})).fails_with("claim_dangling").says("1 claims");
    stated(&json!({"path": long(300)})).is_ok().says("0 claims");
}

#[test]
fn what_is_too_long_or_judged_elsewhere_states_nothing() {
    let calls = json!({"calls": [{"tool": "put", "path": "elsewhere/x.txt"}]});
    bench().json("tool-call-log.json", &calls).judge(&ClaimsCheck).is_ok().says("0 claims");
    let list = json!({"packet": "p", "files": [{"path": "data/rows.txt", "sha256": hex("other")}]});
    bench().json("manifest.json", &list).judge(&ClaimsCheck).is_ok().says("0 claims");
    let padded = |length: usize| {
        let mut text = "{\"path\": \"gone.txt\"}".to_owned();
        text.push_str(&"\n".repeat(length - text.len()));
        bench().file("scope-lock.json", text).judge(&ClaimsCheck)
    };
    padded(LARGEST).fails_with("claim_dangling");
    padded(LARGEST + 1).is_ok().says("0 claims");
}

#[test]
fn so_many_findings_are_kept_of_each_page() {
    let pages = |first: usize, second: usize| {
        let text = |page: &str, n: usize| {
            let lines: Vec<String> = (0..n).map(|at| format!("`{page}-{at}.sh`\n")).collect();
            lines.concat()
        };
        let pages = bench().file("A.md", text("a", first)).file("B.md", text("b", second));
        pages.judge(&ClaimsCheck).0.findings.len()
    };
    assert_eq!(pages(150, 3), 153);
    assert_eq!(pages(250, 250), 400);
    let links: Vec<String> = (0..3).map(|at| format!("[x](b-{at}.md)\n")).collect();
    let spans: Vec<String> = (0..150).map(|at| format!("`a-{at}.sh`\n")).collect();
    let pages = bench().file("A.md", spans.concat()).file("B.md", links.concat());
    assert_eq!(pages.judge(&ClaimsCheck).0.findings.len(), 153);
}

#[test]
fn a_search_that_is_asked_for_counts_without_evidence() {
    let plain = Bench::new("generic").file("a.txt", "x").file("README.md", "`a.txt`");
    for asked in ["claims", "secrets", "tokens"] {
        let mut bench = plain.clone();
        bench.policy_require = vec![asked.to_owned()];
        bench.judge(&ClaimsCheck).is_ok().says("1 claims");
    }
    let mut bench = plain;
    bench.policy_require = vec!["rollback".to_owned()];
    bench
        .judge(&ClaimsCheck)
        .is(Status::NotApplied)
        .says("1 claims; a packet without evidence has no such level");
}

#[test]
fn a_packet_without_evidence_can_only_fail() {
    let plain = Bench::new("generic").file("a.txt", "x");
    plain.clone().file("README.md", "`a.txt`").judge(&ClaimsCheck).is(Status::NotApplied);
    plain.file("README.md", "run `gone.sh`").judge(&ClaimsCheck).fails_with("claim_dangling");
    bench().file("README.md", "x").lost("README.md").judge(&ClaimsCheck).is(Status::NotApplied);
}

#[test]
fn a_digest_is_compared_under_its_other_names() {
    let (digest, other) = (hex(BODY), hex("other"));
    for (bad, pointer) in [
        (json!({"path": "data/rows.txt", "checksum": other}), "/checksum"),
        (json!({"path": "data/rows.txt", "sha256": format!("sha256:{other}")}), "/sha256"),
        (json!({"path": "data/rows.txt", "fileSha256": other.to_uppercase()}), "/fileSha256"),
        (json!({"path": "data/rows.txt", "file_size": 9}), "/file_size"),
        (json!({"path": "data/rows.txt", "size": "9"}), "/size"),
        (json!({"filename": "data/rows.txt", "sha256": other}), "/sha256"),
        (json!({"name": "data/rows.txt", "bytes": 9}), "/bytes"),
        (json!({"rows_path": "data/rows.txt", "rows_sha256": other}), "/rows_sha256"),
        (json!({"rows_file": "data/rows.txt", "rows_size": 7}), "/rows_size"),
        (json!({"data/rows.txt": other}), "/data~1rows.txt"),
        (json!({"rowCount": 3, "rows": []}), "/rowCount"),
        (json!({"number_of_rows": 3, "rows": []}), "/number_of_rows"),
        (json!({"rows_total": "3", "rows": []}), "/rows_total"),
    ] {
        stated(&bad).fails_at(&[&format!("claim_differs {pointer}")]);
    }
    for good in [
        json!({"path": "data/rows.txt", "checksum": digest, "file_size": 8, "size": "8"}),
        json!({"filename": "data/rows.txt", "sha256": format!("sha256:{digest}")}),
        json!({"rows_path": "data/rows.txt", "rows_sha256": digest, "other_sha256": other}),
        json!({"name": "no-such.txt", "sha256": other}),
        json!({"a_path": "data/rows.txt", "sha256": other}),
        json!({"data/rows.txt": digest, "no-such.txt": other}),
        json!({"before": {"data/rows.txt": other}}),
        json!({"rowCount": 2, "rows": [1, 2], "total": 9}),
    ] {
        stated(&good).is_ok();
    }
}

#[test]
fn a_code_span_may_hold_a_line_of_a_list() {
    let (digest, other) = (hex(BODY), hex("other"));
    for bad in [
        format!("`{other}  data/rows.txt`\n"),
        format!("`{other} *data/rows.txt`\n"),
        format!("`data/rows.txt` `{}`\n", other.to_uppercase()),
        format!("`data/rows.txt` `sha256:{other}`\n"),
        format!("`data/rows.txt` `{digest}`, `./data/rows.txt` `{other}`\n"),
    ] {
        assert_eq!(page(&bad).codes(), ["claim_differs"], "{bad}");
        page(&bad).is(Status::Failed);
    }
    for good in [
        format!("`{digest}  data/rows.txt`\n"),
        format!("`data/rows.txt` `./data/rows.txt` `{other}`\n"),
        format!("`{other} two words.txt`\n"),
    ] {
        page(&good).is_ok();
    }
    // A command is no line of such a list.
    page("`sh gone.sh`\n").is_ok().says("0 claims");
    let judged = bench().file("NOTES.MD", format!("`{other}  data/rows.txt`")).judge(&ClaimsCheck);
    judged.fails_with("claim_differs");
}

/// Any case was taken for the digest, and a part or a broken one for none.
#[test]
fn a_digest_is_written_whole_and_in_lower_case() {
    let digest = hex(BODY);
    let field = |said: &str| stated(&json!({"path": "data/rows.txt", "sha256": said}));
    let span = |said: &str| page(&format!("| `data/rows.txt` | `{said}` |\n"));
    for judge in [&field as &dyn Fn(&str) -> Judged, &span] {
        judge(&digest.to_uppercase()).fails_with("evidence_digest_case");
        judge(&digest[..63]).fails_with("evidence_digest_malformed");
        judge(&format!("{digest}0")).fails_with("evidence_digest_malformed");
        judge("deadbeef\u{2026}000000").fails_with("claim_differs");
        let part = judge(&format!("{}\u{2026}{}", &digest[..8], &digest[58..]));
        part.is(Status::Ok).mentions("is abbreviated, which proves nothing");
        assert_eq!(part.codes(), ["claim_unverifiable"]);
    }
    field(&format!("{}...{}", &digest[..8], &digest[50..56])).fails_with("claim_differs");
    // A part beside it does not part a file from its whole digest.
    page(&format!("`data/rows.txt` `{}\u{2026}` `{}`\n", &digest[..8], hex("other")))
        .fails_with("claim_differs");
}

#[test]
fn a_part_of_a_digest_has_some_digits_and_fewer_than_all() {
    let digits = hex(BODY);
    for (head, tail, due) in
        [(8, 8, true), (4, 0, true), (3, 3, false), (32, 31, true), (32, 32, false), (40, 40, false)]
    {
        let (head, tail) = (&digits[..head], &digits[..tail]);
        let said = format!("{head}\u{2026}{tail}");
        assert_eq!(digest(&said), due.then_some(Stated::Part(head, tail)), "{said}");
    }
    for words in ["wait\u{2026}what", "dead\u{2026}line", "headed\u{2026}beef"] {
        assert_eq!(digest(words), None, "{words}");
    }
}

#[test]
fn a_name_states_its_digest_in_every_form() {
    let (digest, other) = (hex(BODY), hex("other"));
    for (bad, pointer) in [
        (json!({"data/rows.txt": {"sha256": other}}), "/data~1rows.txt/sha256"),
        (json!({"data/rows.txt": {"sha256": digest, "bytes": 3}}), "/data~1rows.txt/bytes"),
        (json!({"files": [["data/rows.txt", other]]}), "/files/0/1"),
        (json!({"data/rows.txt_sha256": other}), "/data~1rows.txt_sha256"),
    ] {
        stated(&bad).fails_at(&[&format!("claim_differs {pointer}")]);
    }
    for good in [
        json!({"data/rows.txt": {"sha256": digest, "bytes": 8}}),
        json!({"data/rows.txt": {"lines": 3}}),
        json!({"data/rows.txt": {"path": "data", "sha256": other}}),
        json!({"before": {"data/rows.txt": {"sha256": other}, "files": [["data/rows.txt", other]]}}),
        json!({"files": [["data/rows.txt", digest], ["data/rows.txt", "words"], ["no.txt", other]]}),
        json!({"data/rows.txt_sha256": digest, "data/rows.txt_before": other, "no.txt_sha256": other}),
    ] {
        stated(&good).is_ok();
    }
}

/// No check compared a digest in a document whose paths another check judges.
#[test]
fn digests_are_compared_where_only_paths_are_judged_elsewhere() {
    for name in
        ["bad-input-probes.json", "blocker-map.json", "tool-call-log.json", "forbidden-surface-proof.json"]
    {
        let judged = |value: Value| bench().json(name, &value).judge(&ClaimsCheck);
        judged(json!({"sources": [{"path": "data/rows.txt", "sha256": hex("other")}]}))
            .fails_at(&["claim_differs /sources/0/sha256"]);
        judged(json!({"sources": [{"path": "elsewhere/x.txt", "sha256": hex("other")}]})).is_ok();
        judged(json!({"row_count": 3, "rows": []})).is_ok();
        // What a probe changed, and what a call wrote elsewhere, is another file.
        let row = json!({"path": "data/rows.txt", "sha256": hex("other"), "mutation": "one byte"});
        judged(json!({"probes": [row]})).is_ok();
        let row = json!({"path": "data/rows.txt", "sha256": hex("other"), "tool": "upload_document"});
        judged(json!({"calls": [row]})).is_ok();
    }
}

#[test]
fn a_link_to_nothing_dangles() {
    for text in ["[x](nowhere.md)", "[x](data/gone.txt#top)", "see [the log](./elsewhere/x.json \"t\")"] {
        page(text).fails_with("claim_dangling").mentions("a link leads to");
    }
    for text in [
        "[x](data/rows.txt)",
        "[x](./data/rows.txt#l1)",
        "[x](../elsewhere.md)",
        "[x](https://example.org/x.md)",
        "[x](#top)",
        "[x](mailto:a@b.md)",
        "[x](/x.md)",
        "[x](LICENSE)",
        "[x](data)",
        "`[x](nowhere.md)`",
    ] {
        page(text).is_ok();
    }
    let nested = |text: &str| bench().file("docs/a.md", text).judge(&ClaimsCheck);
    nested("[x](../data/rows.txt)").is_ok();
    nested("[x](data/rows.txt)").fails_with("claim_dangling");
    let raw =
        Bench::new("fix7").json("scope-lock.json", &json!({})).file("README.md", "[x](evidence/run.log)");
    raw.judge(&ClaimsCheck).found(&["claim_dangling"]).is(Status::Ok);
}

/// The names of some files stood beside how many the packet has.
#[test]
fn a_list_of_names_is_not_what_every_number_counts() {
    // Three sealed files, and the manifest with them.
    let names = json!(["data/rows.txt"]);
    for (count, good) in [(3, true), (4, true), (1, true), (2, false), (5, false)] {
        let judged = stated(&json!({"file_count": count, "files": names}));
        assert_eq!(judged.0.findings.is_empty(), good, "{count}");
    }
    for (count, good) in [(5, true), (4, false)] {
        let value = json!({"file_count": count, "files": names});
        let judged = bench().pinned().json("scope-lock.json", &value).judge(&ClaimsCheck);
        assert_eq!(judged.0.findings.is_empty(), good, "{count} with a pin");
    }
    stated(&json!({"probe_count": 15, "probes": names})).is_ok();
    for bad in [
        json!({"evidence_count": 2, "evidence": names}),
        json!({"probe_count": 15, "probes": ["P-1"]}),
        json!({"probe_count": 15, "probes": ["no-such.json"]}),
        json!({"probe_count": 15, "probes": []}),
    ] {
        stated(&bad).fails_with("claim_differs");
    }
}
