//! Secrets of every format, put together here so that none stands in the source,
//! and what packets are full of and is none.

use serde_json::json;

use super::search::tests::search;
use super::*;
use crate::check::Status;
use crate::check::bench::{Bench, Judged, hex, path};

pub(super) fn judge(name: &str, content: impl AsRef<[u8]>) -> Judged {
    let bench = Bench::new("generic").json("rollback-recovery-proof.json", &json!({}));
    bench.file(name, content).judge(&SecretsCheck)
}

pub(super) fn key() -> String {
    ["-----BEGIN ", "RSA PRIVATE", " KEY-----\nMIIEow\n-----END RSA PRIVATE", " KEY-----\n"].concat()
}

pub(super) fn digits(seed: &str, length: usize) -> String {
    let wide = data_encoding::BASE64.encode(hex(seed).repeat(4).as_bytes());
    let mixed: String = wide.chars().rev().filter(char::is_ascii_alphanumeric).collect();
    mixed[..length].to_owned()
}

/// Whether a rule, and not mere randomness, finds something of that code.
fn is(code: Code, text: &str) -> bool {
    search(text).iter().any(|found| found.code == code && !found.suspected)
}

pub(super) fn github(length: usize) -> String {
    ["gh", "p_", &digits("one", length)].concat()
}

#[test]
fn formats_are_found_and_never_shown() {
    let random = digits("one", 36);
    let secrets = [
        key(),
        format!("{}{}", "AK", "IA") + &random.to_uppercase()[..16],
        format!("token {}{random}", ["gh", "p_"].concat()),
        format!("{}{}", ["gl", "pat-"].concat(), &random[..20]),
        format!("url = postgres:{}ledger:hunter2x@db.internal/x", "//"),
        format!("pass{} = \"k8D/2mQz-71pVw0Lx\"", "word"),
        format!("{{\"api_{}\": \"Zk3vB9qLw2Xr7TnP\"}}", "key"),
        [["ey", "J0eXAiOiJKV1Qi"].concat(), ["ey", "JzdWIiOiIxMjM0"].concat(), digits("sign", 30)].join("."),
    ];
    for secret in secrets {
        let judged = judge("notes.txt", format!("first\n  {secret}\n"));
        judged.fails_with("secret_material");
        let finding = &judged.0.findings[0];
        assert_eq!(finding.location.unwrap().line, 2, "{secret}");
        let shown = format!("{finding:?}");
        let value = secret.rsplit([' ', '=', '"', ':']).find(|part| part.len() > 8).unwrap_or(&secret);
        assert!(!shown.contains(value) && !shown.contains(&random), "{shown}");
    }
}

#[test]
fn a_token_has_its_length_and_alphabet_and_begins_a_word() {
    for (length, due) in [(35, false), (36, true), (255, true), (256, false)] {
        assert_eq!(is(Code::SecretMaterial, &github(length)), due, "{length}");
    }
    for (before, due) in
        [("", true), ("=", true), ("\"", true), ("x", false), ("7", false), ("_", false), ("-", false)]
    {
        assert_eq!(is(Code::SecretMaterial, &format!("{before}{}", github(36))), due, "{before}");
    }
    assert!(!is(Code::SecretMaterial, &github(36).replace("ghp", "GHP")), "spelled otherwise");
    assert!(!is(Code::SecretMaterial, &["gh", "p_example", &digits("one", 29)].concat()));
    let cloud = |body: String| ["\"AI", "za", &body, "\""].concat();
    assert!(is(Code::SecretMaterial, &cloud(digits("a", 16) + "_" + &digits("b", 17) + "-")));
    assert!(!is(Code::SecretMaterial, &cloud(digits("a", 34))));
    let chat = |body: &str| ["bot_", "token:", body].concat();
    for (body, due) in [("4718-293 ", true), ("471829365x", true), ("4718293 ", false)] {
        assert_eq!(is(Code::SecretMaterial, &chat(body)), due, "{body}");
    }
}

#[test]
fn a_value_stands_behind_its_name_and_stands_for_nothing_else() {
    let value = "k8D/2mQz-71pVw0Lx";
    for (text, due) in [
        (format!("PASSWORD = \"{value}\""), true),
        (format!("password_of_db: {value}"), true),
        (format!("secret{}={value}", "_".repeat(24)), true),
        (format!("secret{}={value}", "_".repeat(25)), false),
        (format!("password! {value}"), false),
        ("password: k8D/2mQz-71EXAMPLE".to_owned(), false),
        ("password: k8D{2mQz-71pVw0Lx".to_owned(), false),
    ] {
        assert_eq!(is(Code::SecretMaterial, &text), due, "{text}");
    }
    for (address, due) in [
        ("postgres://user:abc@host", true),
        ("postgres://user:ab@host", false),
        ("postgres://user:password@host", false),
        (" ://user:abcdef@host", false),
    ] {
        assert_eq!(is(Code::SecretMaterial, address), due, "{address}");
    }
}

#[test]
fn rows_of_a_dump_begin_a_line_in_any_case() {
    assert!(is(Code::DumpFile, &"insert into ledger values (1, 2);\n".repeat(20)));
    assert!(is(Code::DumpFile, "copy a.b (c) from stdin;\n"));
    assert!(!is(Code::DumpFile, &"#INSERT INTO ledger VALUES (1, 2);\n".repeat(20)));
    assert!(!is(Code::DumpFile, "x COPY a.b (c) FROM stdin;\n"));
}

#[test]
fn what_is_found_is_told_with_its_kind_and_place_and_what_was_read() {
    let told = |judged: &Judged| judged.0.findings[0].message.clone();
    let dump = judge("data.bin", b"PGDMP\x01");
    assert_eq!(told(&dump), "\"data.bin\" is or holds a dump of a database");
    let token = judge("notes.txt", format!("first\n  {}\n", github(36)));
    assert_eq!(told(&token), "\"notes.txt\" holds a token for a code host");
    let place = Location { line: 2, column: 3, byte: 8, end_byte: None };
    assert_eq!(token.0.findings[0].location, Some(place));
    let name = judge("id_rsa.bak", "nothing\n");
    assert_eq!(told(&name), "\"id_rsa.bak\" is a private SSH key by its name");
    assert_eq!(judge("notes.txt", "nothing\n").0.reason, "2 files");
}

#[test]
fn keys_are_found_in_binary_and_wide_text_and_across_pieces() {
    let binary = [b"\0\x01\xff".as_slice(), key().as_bytes(), b"\0"].concat();
    judge("image.bin", binary).fails_with("secret_material");
    let wide: Vec<u8> = key().encode_utf16().flat_map(u16::to_le_bytes).collect();
    judge("wide.txt", wide).fails_with("secret_material");
    let rules = rules::Rules::new().unwrap();
    let text = format!("{}\n{}{}", "ab ".repeat(400_000), key(), "cd ".repeat(400_000));
    for size in [1000, 4096, 300_001] {
        let mut search = Search::new(&rules);
        text.as_bytes().chunks(size).for_each(|piece| search.push(piece));
        let found = search.finish();
        assert_eq!(found.len(), 1, "{size}: {found:?}");
        assert_eq!((found[0].line, found[0].column, found[0].at), (2, 1, 1_200_001));
    }
}

#[test]
fn what_packets_are_full_of_is_no_secret() {
    let digest = hex("x");
    for text in [
        format!("{digest}  README.md\n"),
        digest.to_uppercase(),
        "123e4567-e89b-12d3-a456-426614174000".to_owned(),
        format!("{{\"sha256\": \"{digest}\", \"secret_sha256\": \"{digest}\"}}"),
        "password = ${DB_PASSWORD}\napi_key: <your key>\nsecret: REDACTED\n".to_owned(),
        "secrets_changed: false\n\"contains_secrets\": \"MUST_BE_NO\"\n".to_owned(),
        ["-----BEGIN ", "PUBLIC", " KEY-----\nMIIB\n"].concat(),
        "https://example.org/a@b:c and git@host:team/project.git\n".to_owned(),
        format!("integrity: sha256-{}=\n", digits("two", 43)),
        format!("<img src=\"data:image/png;base64,{}\">", digits("three", 100)),
        format!("SHA256:{}\n", digits("four", 43)),
        "a COPY of the file FROM stdin was made\nINSERT INTO is a statement\n".to_owned(),
        "FIX7_P0_NO_PRODUCTION_IMPLEMENTATION_EXECUTION_AND_REVIEW_APPLIED".to_owned(),
        "reports/2026-06-11/clone-rollback-evidence-RB-CLONE-TXN-0042.json".to_owned(),
    ] {
        judge("notes.txt", &text).is_ok();
    }
}

#[test]
fn randomness_alone_is_only_suspected() {
    let judged = judge("notes.txt", format!("value {}\n", "qX7vT2mZ9kLp4RwB8nYc3HdJ6sGf5AeU1oViKyDt"));
    assert_eq!(judged.codes(), ["secret_material"]);
    judged.is(Status::Ok);
}

#[test]
fn names_tell_what_is_kept_in_a_file() {
    let settings = Some("a file of environment settings");
    for (name, due) in [
        ("id_rsa.bak", Some("a private SSH key by its name")),
        ("id_card.png", None),
        (".env", settings),
        ("prod.env", settings),
        ("example.env", None),
        ("a/prod-example.env", None),
        ("a.kdbx", Some("a key store by its name")),
        (".kdbx", None),
        ("a/.aws/credentials", Some("a file of credentials")),
        (".docker/config.json", Some("a file of credentials by its place")),
        ("docker/config.json", None),
    ] {
        assert_eq!(names::credentials(&path(name)), due, "{name}");
    }
}

#[test]
fn names_and_dumps_are_told() {
    for name in [
        ".env",
        "a/.env.production",
        "keys/id_rsa",
        ".pgpass",
        ".netrc",
        "kubeconfig",
        "x.P12",
        ".aws/credentials",
        "prod.env",
        "id_rsa.bak",
        "server.key",
        "secrets.yaml",
        ".kube/config",
    ] {
        judge(name, "nothing\n").fails_with("credential_file");
    }
    for name in [".env.example", "environment.md", "id_rsa.pub", "config", "p12", "docs/netrc.md"] {
        judge(name, "nothing\n").is_ok();
    }
    let rows = "INSERT INTO ledger VALUES (1, 2);\n";
    for content in [
        b"SQLite format 3\0rest".to_vec(),
        b"PGDMP\x01".to_vec(),
        b"--\n-- PostgreSQL database dump\n".to_vec(),
        b"x\nCOPY a.b (c) FROM stdin;\n1\n\\.\n".to_vec(),
        rows.repeat(20).into_bytes(),
    ] {
        judge("data.bin", content).fails_with("dump_file");
    }
    judge("few.sql", rows.repeat(19)).is_ok();
    judge("late.bin", b"x PGDMP SQLite format 3\0").is_ok();
}

#[test]
fn only_packets_of_evidence_have_the_level_and_all_must_be_read() {
    Bench::new("generic").file("a.txt", "x").judge(&SecretsCheck).is(Status::NotApplied);
    Bench::new("generic").file("a.txt", key()).judge(&SecretsCheck).fails_with("secret_material");
    Bench::new("generic").unsealed("a.txt", key()).judge(&SecretsCheck).fails_with("secret_material");
    let lost = Bench::new("generic").json("probes.json", &json!({})).file("a.txt", "x").lost("a.txt");
    lost.judge(&SecretsCheck).is(Status::NotApplied);
}

/// The reason why a check ended so repeated a secret that its findings did not show.
#[test]
fn a_reason_showed_a_secret() {
    let secret = [["gh", "p_"].concat(), digits("one", 36)].concat();
    let mut report = crate::check::samples::machine_report("lane", "D", &secret, 2);
    report["final_status"] = json!(secret);
    let judged =
        Bench::new("fix7").json("machine-report.json", &report).judge(&crate::check::status::StatusCheck);
    assert!(judged.0.reason.contains("***") && !judged.0.reason.contains(&secret), "{}", judged.0.reason);
}

/// Escapes of a string stood within a key.
#[test]
fn a_secret_was_written_with_escapes() {
    let random = digits("one", 36);
    for text in [
        format!("{{\"k\": \"\\u0067{}{random}\"}}", ["hp", "_"].concat()),
        format!("{{\"k\": \"\\x41{}{}\"}}", ["KI", "A"].concat(), &random.to_uppercase()[..16]),
        format!("{{\"k\": \"\\u002d\\u002D---{}", &key()[5..]),
        format!("{{\"u\": \"postgres:\\/\\/ledger:{}@db\\/x\"}}", "hunter2x"),
        format!("{{\"inner\": \"{{\\\"pass{}\\\": \\\"k8D/2mQz-71pVw0Lx\\\"}}\"}}", "word"),
    ] {
        let judged = judge("notes.json", format!("\n  {text}\n"));
        judged.fails_with("secret_material");
        let finding = &judged.0.findings[0];
        assert_eq!(finding.location.unwrap().line, 2, "{text}");
        assert!(!format!("{finding:?}").contains(&random));
    }
    judge("notes.json", r#"{"a": "C:\\users\\x", "b": "\u0041\/b", "c": "\u00"}"#).is_ok();
}

/// A `$` or a `%` made a password a variable.
#[test]
fn a_password_with_a_sign_was_a_variable() {
    for secret in ["aB3$kd93Kd02kdKsl2Qz", "aB3%kd93Kd02kdKsl2Qz", "Kd02*kdKsl2QzaB3kd93"] {
        judge("a.yaml", format!("pass{}: {secret}\n", "word")).fails_with("secret_material");
    }
    for password in ["Tr0ub$4dor", "Tr0ub%214dor", "Tr0000ub4dor"] {
        judge("a.yaml", format!("u: postgres:{}admin:{password}@db:5432/x\n", "//"))
            .fails_with("secret_material");
    }
    for variable in [
        "$DATABASE_PASSWORD_2026",
        "%DATABASE_PASSWORD_26%",
        "${A1b2C3d4E5f6G7h8}",
        "%s",
        "xxxxxxxxxxxxxxxxxxx1A2",
    ] {
        judge("a.yaml", format!("pass{}: {variable}\n", "word")).is_ok();
        judge("a.yaml", format!("u: postgres:{}admin:{variable}@db:5432/x\n", "//")).is_ok();
    }
}

#[test]
fn keys_in_base64_and_in_hexadecimal_are_keys() {
    let encoded = data_encoding::BASE64.encode(key().as_bytes());
    judge("a.txt", &encoded).fails_with("secret_material");
    let lines: Vec<String> =
        encoded.as_bytes().chunks(20).map(|line| String::from_utf8_lossy(line).into()).collect();
    judge("a.txt", lines.join("\n")).fails_with("secret_material");
    let public =
        data_encoding::BASE64.encode(["-----BEGIN ", "PUBLIC", " KEY-----\nMIIB\n"].concat().as_bytes());
    judge("a.txt", &public).is_ok();
    let blob = ["b3BlbnNzaC1rZXktdjEA", "AAAA"].concat();
    judge("a.txt", &blob).fails_with("secret_material");
    // With its armour it is one key, and two are two.
    let armoured = ["-----BEGIN OPENSSH ", "PRIVATE", " KEY-----\n", &blob, "\n"].concat();
    let told = |text: &str| {
        let judged = judge("a.txt", text);
        judged.0.findings.iter().map(|finding| finding.location.map_or(0, |at| at.line)).collect::<Vec<_>>()
    };
    assert_eq!(told(&armoured), [1]);
    assert_eq!(told(&[&armoured, "\n".repeat(80).as_str(), &armoured].concat()), [1, 83]);
    let digest = hex("x");
    for name in ["SECRET_KEY=", "api_key: ", "\"access_token\": \"", "secret = "] {
        judge("a.txt", format!("{name}{digest}\"\n")).fails_with("secret_material");
    }
    judge("a.txt", "access_token: 3f0c6b0e-1111-4222-8333-94d1b2c3d4e5\n").fails_with("secret_material");
    for name in ["secret_sha256: ", "password_policy_digest=", "api_key_id: ", "token: ", "secrets_report: "]
    {
        judge("a.txt", format!("{name}{digest}\n")).is_ok();
    }
    judge("a.txt", format!("Authorization: Bearer {}\n", digits("two", 40))).fails_with("secret_material");
    judge("a.txt", "the bearer of this letter, Bearer ${TOKEN}\n").is_ok();
    judge("a.env", "x").fails_with("credential_file");
    judge("a.txt", format!("DIRECTUS_TOKEN={}\n", digits("three", 32))).fails_with("secret_material");
}

#[test]
fn rows_of_every_form_make_a_dump() {
    let tuples = |n: usize| (0..n).map(|n| format!("({n}, 'u{n}')")).collect::<Vec<_>>();
    for dump in [
        format!("INSERT INTO t VALUES\n{};\n", tuples(20).join(",\n")),
        format!("insert into t (a, b)\nvalues {};\n", tuples(20).join(" , ")),
        "  INSERT INTO t VALUES (1, 2);\n".repeat(20),
        "INSERT INTO t VALUES (1, 2);\r".repeat(20),
        "COPY a.b (c) FROM stdin WITH (FORMAT csv);\n1\n".to_owned(),
        "x\rCOPY a.b (c) FROM stdin;\r1\r".to_owned(),
    ] {
        judge("a.txt", &dump).fails_with("dump_file");
    }
    for few in [
        format!("INSERT INTO t VALUES\n{};\n", tuples(19).join(",\n")),
        format!("INSERT INTO t VALUES (1);\nSELECT {};\n", tuples(30).join(",")),
        "call f(INSERT INTO t VALUES (1));\n".repeat(20),
        "COPY a.b (c) FROM stdin is read\n".to_owned(),
    ] {
        judge("a.txt", &few).is_ok();
    }
    for name in ["ledger.dump", "a/ledger.sql.gz", "production-dump.sql", "backup_2026.SQL"] {
        let judged = judge(name, "select 1;\n");
        judged.fails_with("dump_file");
        assert!(judged.message().ends_with("is a dump of a database by its name"));
    }
    for name in ["schema.sql", "dump.md", "dumpling.sql", "dump"] {
        judge(name, "select 1;\n").is_ok();
    }
}

/// A key in an archive was nowhere.
#[test]
fn an_archive_is_named_since_nobody_looked_into_it() {
    for (magic, what) in [
        (&b"PK\x03\x04rest"[..], "is a ZIP archive"),
        (b"\x1f\x8b\x08rest", "is packed with gzip"),
        (b"7z\xbc\xaf\x27\x1crest", "is a 7z archive"),
    ] {
        let judged = judge("a.bin", magic);
        assert_eq!(judged.codes(), ["archive_unsearched"]);
        judged.is(Status::Ok);
        assert!(judged.message().contains(what), "{}", judged.message());
    }
    judge("a.zip", "x PK\x03\x04").is_ok();
    judge("a.txt", "PK\x03").is_ok();
}

/// What is not the password of a database was none.
#[test]
fn a_login_in_base64_and_a_dump_of_memory_were_passed_over() {
    let encoded = |login: &str| data_encoding::BASE64.encode(login.as_bytes());
    let login = encoded("admin:S3cretPassw0rd9");
    for text in [
        format!("Authorization: {}ic {login}\n", "Bas"),
        format!("{{\"auths\": {{\"r\": {{\"{}\": \"{login}\"}}}}}}\n", "auth"),
        format!("pass{} = \"k8D/2mQz-71pVw0Lx\"\n", "phrase"),
    ] {
        let judged = judge("a.txt", &text);
        judged.fails_with("secret_material");
        assert!(!format!("{:?}", judged.0.findings).contains(&login));
    }
    for text in [
        "Basic authentication is off, basic information follows, basic verification too\n".to_owned(),
        format!("Authorization: Basic {}\n", encoded("user:password")),
        format!("Authorization: Basic {}\n", encoded("a word of prose")),
        "Authorization: Basic ${LOGIN}\n\"auth\": \"required\"\n\"auth\": true\n".to_owned(),
        "passphrase: ask the operator\n".to_owned(),
    ] {
        judge("a.txt", &text).is_ok();
    }
    for name in [".dockerconfigjson", "etc/shadow", "gshadow"] {
        judge(name, "nothing\n").fails_with("credential_file");
    }
    for name in ["core.1234", "mem.dmp", "heap.hprof"] {
        judge(name, "nothing\n").fails_with("dump_file").mentions("is a dump of memory by its name");
    }
    for name in ["core.py", "core.1", "core", "score.1234", "shadow.css", "foreshadow", "dmp"] {
        judge(name, "nothing\n").is_ok();
    }
}
