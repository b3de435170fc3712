//! Reports of shards that go through, and what is turned away.

use super::*;
use crate::report::json::render;
use crate::report::samples;
use proptest::prelude::*;

/// The report as that of a shard of its own.
fn sharded(mut report: Report) -> Report {
    // Samples have checks that no table has.
    for packet in &mut report.packets {
        packet.checks.retain(|check| crate::check::ids().any(|id| id == check.id));
    }
    let positions: Vec<u64> = (0..report.packets.len() as u64).map(|at| at * 3).collect();
    let shard = Shard { number: 2, of: 3, whole: Sha256::of(b"the set"), seals: 100, positions };
    report.complete = false;
    report.exit_code = crate::verdict::exit_code(report.outcome);
    report.partial_because.push(shard.why());
    report.shard = Some(shard);
    report
}

fn written(report: &Report) -> Vec<u8> {
    let mut out = Vec::new();
    render(report, &mut out).unwrap();
    out
}

fn all() -> Vec<(&'static str, Report)> {
    let mut all = samples::all_but_passing();
    all.extend([("passing", samples::passing()), ("every code", samples::every_code())]);
    all.into_iter().map(|(name, report)| (name, sharded(report))).collect()
}

#[test]
fn what_is_read_is_what_was_written() {
    for (name, report) in all() {
        let bytes = written(&report);
        let back = read(&bytes).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(back.shard, report.shard, "{name}");
        let help = |report: &Report| report.findings.iter().map(|f| f.help.clone()).collect::<Vec<_>>();
        assert_eq!(help(&back), help(&report), "{name}");
        let snippets =
            |report: &Report| report.findings.iter().map(|f| f.snippet.clone()).collect::<Vec<_>>();
        assert_eq!(snippets(&back), snippets(&report), "{name}");
        let effects = |report: &Report| report.findings.iter().map(|f| f.effect).collect::<Vec<_>>();
        assert_eq!(effects(&back), effects(&report), "{name}");
        for (one, other) in back.packets.iter().zip(&report.packets) {
            assert_eq!(one.entries, other.entries, "{name}");
            assert_eq!(one.layer, other.layer, "{name}");
        }
    }
}

#[test]
fn no_byte_of_a_report_can_be_changed_left_out_or_added() {
    let bytes = written(&sharded(samples::failing()));
    assert!(read(&bytes).is_ok());
    for at in (0..bytes.len()).step_by(7) {
        let mut changed = bytes.clone();
        changed[at] ^= 1;
        assert!(read(&changed).is_err(), "byte {at}");
        assert!(read(&bytes[..at]).is_err(), "cut at {at}");
    }
    for tail in [" ", "\n", "{}"] {
        assert!(read(&[&bytes, tail.as_bytes()].concat()).is_err(), "{tail:?} added");
    }
    let crlf = String::from_utf8(bytes).unwrap().replace('\n', "\r\n");
    assert!(matches!(read(crlf.as_bytes()), Err(Unusable::Changed)));
}

/// The document with a change, and the digest of what it is then.
fn forged(report: &Report, from: &str, to: &str) -> Vec<u8> {
    let text = String::from_utf8(written(report)).unwrap();
    assert!(text.contains(from), "{from}");
    let text = text.replacen(from, to, 1);
    let at = text.len() - b"\"\n  }\n}\n".len() - shard::OPEN.len();
    let tail = text[at + shard::OPEN.len()..].to_owned();
    let open = format!("{}{}{tail}", &text[..at], shard::OPEN);
    format!("{}{}{tail}", &text[..at], Sha256::of(open.as_bytes())).into_bytes()
}

#[test]
fn a_digest_made_anew_does_not_make_any_text_a_report() {
    let report = sharded(samples::failing());
    assert!(
        read(&forged(&report, "\"number\": 2", "\"number\": 2")).is_ok(),
        "only what is forged is turned away"
    );
    assert!(read(&forged(&report, "\"number\": 2", "\"number\": 1")).is_err(), "the reason names the shard");
    for (from, to) in [
        ("\"result\": \"fail\"", "\"result\": \"pass\""),
        ("\"exit_code\": 1", "\"exit_code\": 0"),
        ("\"complete\": false", "\"complete\": true"),
        ("\"severity\": \"error\"", "\"severity\": \"fatal\""),
        ("\"packet_index\": 0", "\"packet_index\": 7"),
        ("\"number\": 2", "\"number\": 4"),
        ("\"stats\"", "\"extra\": 1, \"stats\""),
        ("\"groups\"", "\"group\""),
    ] {
        let forged = forged(&report, from, to);
        assert!(matches!(read(&forged), Err(Unusable::Contradicts(_))), "{from}: {:?}", read(&forged));
    }
}

#[test]
fn what_is_no_report_of_a_shard_is_told_apart() {
    let report = sharded(samples::passing());
    assert!(matches!(read(&written(&samples::passing())), Err(Unusable::NoShard)));
    assert!(matches!(read(b""), Err(Unusable::NotJson { .. })));
    assert!(matches!(read(b"{\"schema\": \"seal.rep"), Err(Unusable::NotJson { .. })));
    for none in ["{}", "[]", "null", "7", "{\"schema\": 1}", "{\"schema\": \"seal.report/v2\", \"tool\": {}}"]
    {
        assert!(matches!(read(none.as_bytes()), Err(Unusable::NoReport)), "{none}");
    }
    let version = format!("\"version\": \"{}\"", Tool::THIS.version);
    let other = forged(&report, &version, "\"version\": \"0.0.1\"");
    assert!(matches!(read(&other), Err(Unusable::OtherVersion(version)) if version == "0.0.1"));
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes: Vec<u8>, at: prop::sample::Index, byte: u8) {
        let _ = read(&bytes);
        let mut report = written(&sharded(samples::passing()));
        let at = at.index(report.len());
        let same = report[at] == byte;
        report[at] = byte;
        prop_assert_eq!(read(&report).is_ok(), same);
    }
}
