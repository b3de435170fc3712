//! The stages of the subset search on small pairs.

use super::super::site::PairBuilder;
use super::*;
use crate::code::Code;
use crate::digest::{Digest, Sha256};

fn pair(text: &str) -> Pair {
    let mut builder = PairBuilder::new(Code::EmdashUnicodeDrift, 1);
    for (at, _) in text.match_indices('-') {
        builder.site(at, b"-", "\u{2014}".as_bytes());
    }
    let mut pair = builder.finish().unwrap();
    pair.annotate(text.as_bytes());
    pair
}

/// Whether `stage` finds exactly the sites in `goal`, and how many candidates it hashed.
fn finds(stage: &Stage, text: &str, goal: &[usize], sized: bool) -> (bool, u64) {
    let pair = pair(text);
    let sealed = pair.edits(|i| goal.contains(&i)).unwrap().undo(text.as_bytes()).unwrap();
    let digest = Digest::Sha256(Sha256::of(&sealed));
    let mut meter = Meter::new(&digest);
    let signed = super::super::recipe::signed;
    let want = sized.then(|| signed(sealed.len()) - signed(text.len()));
    let mut walk = Walk::new(text.as_bytes(), None, &pair, want);
    let hit = run(stage, &pair, &mut walk, &mut meter).unwrap();
    if hit {
        let chosen: Vec<_> = (0..walk.sites()).filter(|i| walk.chosen()[*i]).collect();
        assert_eq!(chosen, goal);
    }
    (hit, meter.report().hypotheses)
}

const TEXT: &str = "a-b c - d e-f - g - h i-j k-l - m";

#[test]
fn each_stage_finds_its_structure() {
    let cases: &[(Stage, &[usize])] = &[
        (Stage::All, &[0, 1, 2, 3, 4, 5, 6, 7]),
        (Stage::Groups, &[1, 3, 4, 7]),
        (Stage::Groups, &[0, 2, 5, 6]),
        (Stage::Run, &[2, 3, 4]),
        (Stage::Run, &[7]),
        (Stage::Subsets, &[0, 3, 5]),
        (Stage::Few(2), &[1, 6]),
        (Stage::AllBut(1), &[0, 1, 2, 4, 5, 6, 7]),
        (Stage::GroupRuns(2), &[3, 4]),
        (Stage::TwoRuns, &[0, 1, 4, 5]),
        (Stage::Unions(2), &[1, 3, 4, 7]),
    ];
    for (stage, goal) in cases {
        let (hit, free) = finds(stage, TEXT, goal, false);
        assert!(hit, "{stage:?} {goal:?}");
        let (hit, sized) = finds(stage, TEXT, goal, true);
        assert!(hit, "{stage:?} {goal:?} with the length");
        assert!(sized <= free, "{stage:?}: {sized} > {free}");
    }
}

#[test]
fn a_stage_does_not_find_what_it_does_not_cover() {
    assert!(!finds(&Stage::Run, TEXT, &[0, 2], false).0);
    assert!(!finds(&Stage::Few(2), TEXT, &[0, 1, 2], false).0);
}

#[test]
fn the_length_removes_stages() {
    let pair = pair(TEXT);
    assert!(stages(&pair, TEXT.len(), Some(3), false).is_empty(), "no multiple of two");
    assert!(stages(&pair, TEXT.len(), Some(-2), false).is_empty());
    assert!(stages(&pair, TEXT.len(), Some(18), false).is_empty(), "more than there are");
    assert_eq!(stages(&pair, TEXT.len(), Some(16), false).len(), 1);
    assert!(stages(&pair, TEXT.len(), Some(2), false).iter().any(|(s, _)| *s == Stage::Few(1)));
}

#[test]
fn a_long_list_of_sites_is_planned_without_overflow() {
    let text = "-a".repeat(200_000);
    let pair = pair(&text);
    let planned = stages(&pair, text.len(), None, false);
    assert!(planned.iter().any(|(s, _)| *s == Stage::All));
    assert!(!planned.iter().any(|(s, _)| matches!(s, Stage::Subsets | Stage::Run)));
}
