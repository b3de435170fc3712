//! The exit status, what counts as answered, and proofs that do not hold.

use std::io;

use super::Status::{NotRecoverable, Planned, Refused, Written};
use super::*;
use crate::digest::{Digest, Sha256};
use crate::gate::Claim;
use crate::observe::Found;

fn claim(bytes: &[u8], size: Option<u64>) -> Claim {
    Claim { digest: Digest::Sha256(Sha256::of(bytes)), size }
}

fn damage(base: &std::path::Path, found: &[u8], sealed: &[u8], remedy: Result<Remedy, String>) -> Damage {
    let path = BytePath::root().child(b"file");
    Damage {
        packet: 0,
        part: Part::Entry,
        base: base.to_owned(),
        target: path.clone(),
        path,
        sealed: Digest::Sha256(Sha256::of(sealed)),
        sealed_size: None,
        found: Some(Found { digest: Digest::Sha256(Sha256::of(found)), size: found.len() as u64 }),
        claims: vec![claim(sealed, None)],
        causes: Vec::new(),
        unjudged: false,
        remedy,
    }
}

fn folder(found: &[u8]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("file"), found).unwrap();
    dir
}

#[test]
fn bytes_that_are_not_what_every_seal_says_are_no_plan() {
    let dir = folder(b"found");
    let exactly = || Ok(Remedy::Exactly(b"sealed".to_vec()));
    let good = prove::item(damage(dir.path(), b"found", b"sealed", exactly()));
    assert_eq!((good.status, good.sealed_size, good.action), (Status::Planned, Some(6), Action::Respell));
    let bad = |damage: Damage| {
        let item = prove::item(damage);
        assert_eq!((item.status, item.action), (Status::NotRecoverable, Action::Nothing));
        assert!(item.recipe.is_empty());
        item.reason.unwrap()
    };
    assert!(bad(damage(dir.path(), b"found", b"other", exactly())).contains("sealed digest"));
    assert!(bad(damage(dir.path(), b"other", b"sealed", exactly())).contains("changed after"));
    let mut two = damage(dir.path(), b"found", b"sealed", exactly());
    two.claims.push(claim(b"another seal", None));
    assert!(bad(two).contains("disagree"));
    let mut long = damage(dir.path(), b"found", b"sealed", exactly());
    long.claims = vec![claim(b"sealed", Some(7))];
    assert!(bad(long).contains("length"));
    let mut none = damage(dir.path(), b"found", b"sealed", exactly());
    none.claims.clear();
    assert!(bad(none).contains("sealed digest"), "nothing said is nothing proven");
    assert_eq!(std::fs::read(dir.path().join("file")).unwrap(), b"found");
}

#[test]
fn what_changes_between_plan_and_write_is_refused_and_kept() {
    let dir = folder(b"found");
    let item = prove::item(damage(dir.path(), b"found", b"sealed", Ok(Remedy::Exactly(b"sealed".to_vec()))));
    let mut run =
        Restoration { written: false, packets: Vec::new(), items: vec![item], remaining: Vec::new() };
    assert_eq!(run.exit_code(), 0);
    std::fs::write(dir.path().join("file"), b"newer").unwrap();
    run.write();
    assert_eq!(run.items[0].status, Status::Refused);
    assert!(run.items[0].reason.as_ref().unwrap().contains("changed after"));
    assert_eq!(run.exit_code(), 2);
    assert_eq!(std::fs::read(dir.path().join("file")).unwrap(), b"newer");
}

#[test]
fn what_is_back_already_is_not_written_again() {
    let dir = folder(b"found");
    let item = prove::item(damage(dir.path(), b"found", b"sealed", Ok(Remedy::Exactly(b"sealed".to_vec()))));
    std::fs::write(dir.path().join("file"), b"sealed").unwrap();
    let mut run =
        Restoration { written: false, packets: Vec::new(), items: vec![item], remaining: Vec::new() };
    run.write();
    assert_eq!(run.items[0].status, Status::Written);
}

#[test]
fn the_exit_status() {
    let dir = folder(b"found");
    let item = |status, unjudged| {
        let mut item = prove::item(damage(dir.path(), b"found", b"sealed", Err("no".to_owned())));
        (item.status, item.damage.unjudged) = (status, unjudged);
        item
    };
    let exit = |items: Vec<Item>, codes: &[Code]| {
        let remaining = codes.iter().map(|code| Finding::new(*code, "x")).collect();
        Restoration { written: true, packets: Vec::new(), items, remaining }.exit_code()
    };
    assert_eq!(exit(vec![item(Written, false), item(Planned, false)], &[]), 0);
    assert_eq!(exit(vec![item(NotRecoverable, false)], &[]), 1);
    assert_eq!(exit(vec![item(Refused, false)], &[]), 2);
    assert_eq!(exit(vec![item(Refused, false), item(NotRecoverable, false)], &[]), 1);
    assert_eq!(exit(vec![item(NotRecoverable, true)], &[]), 2);
    assert_eq!(exit(vec![], &[Code::UnsealedFile]), 0, "what was never sealed cannot be put back");
    assert_eq!(exit(vec![], &[Code::MalformedLine]), 1);
    assert_eq!(exit(vec![], &[Code::NoSealFound]), 2);
    assert_eq!(exit(vec![], &[Code::NoSealFound, Code::DuplicatePath]), 1);
}

#[test]
fn a_pump_stops_at_what_is_not_sealed() {
    let mut to = Vec::new();
    assert_eq!(prove::pump(&mut &b"abc"[..], &mut to, &[claim(b"abc", Some(3))]).unwrap(), 3);
    assert_eq!(to, b"abc");
    for wrong in [claim(b"abd", None), claim(b"abc", Some(2))] {
        assert!(prove::pump(&mut &b"abc"[..], &mut io::sink(), &[wrong]).is_err());
    }
    assert!(prove::pump(&mut &b"abc"[..], &mut io::sink(), &[]).is_err());
}
