//! Joining, on reports that no run writes.

use super::*;
use crate::digest::Sha256;
use crate::report::samples;

fn shard(number: u32, of: u32, seals: u64, positions: &[u64]) -> Shard {
    Shard { number, of, whole: Sha256::of(b"set"), seals, positions: positions.to_vec() }
}

fn given(name: &str, shard: Shard, mut report: Report) -> Given {
    report.complete = false;
    report.partial_because = vec![shard.why()];
    report.shard = Some(shard);
    Given { path: samples::path(name.as_bytes()), read: Ok(report) }
}

fn codes(report: &Report) -> Vec<&'static str> {
    let own = report.findings.iter().filter(|finding| finding.packet.is_none());
    own.map(|finding| finding.code.id()).collect()
}

#[test]
fn seals_that_no_shard_judged_are_missed() {
    let all = vec![
        given("1.json", shard(1, 2, 3, &[0]), samples::passing()),
        given("2.json", shard(2, 2, 3, &[2]), samples::passing()),
    ];
    let report = merge(all);
    assert_eq!((codes(&report), report.exit_code), (vec!["shard_mismatch"], 2));
}

#[test]
fn a_seal_that_two_shards_claim_is_no_part_of_either() {
    for position in [0, 9] {
        let all = vec![
            given("1.json", shard(1, 2, 2, &[0]), samples::passing()),
            given("2.json", shard(2, 2, 2, &[position]), samples::passing()),
        ];
        let report = merge(all);
        assert_eq!((codes(&report), report.exit_code), (vec!["shard_mismatch"], 2), "{position}");
    }
}

#[test]
fn shards_that_are_all_empty_are_not_good() {
    let mut empty = samples::passing();
    empty.packets.clear();
    let all = |seals| {
        vec![
            given("1.json", shard(1, 2, seals, &[]), empty.clone()),
            given("2.json", shard(2, 2, seals, &[]), empty.clone()),
        ]
    };
    assert_eq!(merge(all(2)).exit_code, 2);
    assert_eq!(merge(Vec::new()).exit_code, 2);
}

#[test]
fn a_packet_that_fails_fails_the_whole_whatever_its_shard_says() {
    let mut failing = samples::failing();
    failing.outcome = Outcome::Pass;
    failing.exit_code = 0;
    failing.packets[0].outcome = Outcome::Fail;
    let report = merge(vec![given("1.json", shard(1, 1, 1, &[0]), failing)]);
    assert_eq!((report.outcome, report.exit_code), (Outcome::Fail, 1));
}

#[test]
fn findings_keep_to_their_packets_and_checks() {
    let mut failing = samples::failing();
    failing.packets[0].checks[0].findings = vec![0];
    let message = failing.findings[0].message.clone();
    let all = vec![
        given("2.json", shard(2, 2, 2, &[0]), samples::passing()),
        given("1.json", shard(1, 2, 2, &[1]), failing),
    ];
    let report = merge(all);
    assert_eq!(report.packets.len(), 2);
    let [at] = report.packets[1].checks[0].findings[..] else { panic!() };
    assert_eq!((report.findings[at].packet, &report.findings[at].message), (Some(1), &message));
    assert!(report.findings.iter().all(|finding| finding.packet == Some(1)));
    assert!(report.complete && report.shard.is_none());
}
