//! Every code of the table is produced by a case, and every check has cases.

use std::collections::{BTreeMap, BTreeSet};

use seal::check::CHECKS;
use seal::code::Code;

use crate::program::Verified;
use crate::scenes;
use crate::stored::{cases, testdata};

/// Findings by the code they have, and the checks that made them.
#[derive(Default)]
struct Seen {
    codes: BTreeSet<String>,
    by_check: BTreeMap<String, BTreeSet<String>>,
}

impl Seen {
    fn add(&mut self, report: &Verified) {
        let findings = report.json["findings"].as_array().unwrap();
        let code = |at: u64| findings[usize::try_from(at).unwrap()]["code"].as_str().unwrap().to_owned();
        self.codes.extend((0..findings.len() as u64).map(code));
        for packet in report.json["packets"].as_array().unwrap() {
            for check in packet["checks"].as_array().unwrap() {
                let made = check["findings"].as_array().unwrap().iter().map(|at| code(at.as_u64().unwrap()));
                self.by_check.entry(check["id"].as_str().unwrap().to_owned()).or_default().extend(made);
            }
        }
    }

    fn everything() -> Self {
        let mut seen = Self::default();
        for case in cases() {
            seen.add(&case.verify());
        }
        for scene in scenes::all() {
            seen.add(&scene.verify());
        }
        // `create` has no JSON report; people read the code.
        for (code, scene) in
            [("not_written", scenes::not_written()), ("reseal_over_drift", scenes::reseal_over_drift())]
        {
            let refused = scene.place.seal(&scene.args).exits(2);
            seen.codes.extend(refused.out.contains(code).then(|| code.to_owned()));
        }
        #[cfg(unix)]
        seen.add(&scenes::changed_while_read());
        seen
    }
}

#[cfg(unix)]
#[test]
fn every_code_is_produced_and_every_check_declares_its_own() {
    let seen = Seen::everything();
    let missing: Vec<&str> =
        Code::table().iter().map(|row| row.id).filter(|id| !seen.codes.contains(*id)).collect();
    assert!(missing.is_empty(), "no case produces {missing:?}");
    for check in CHECKS {
        let meta = check.meta();
        let declared: BTreeSet<String> = meta.codes.iter().map(|code| code.id().to_owned()).collect();
        let made = seen.by_check.get(meta.id).cloned().unwrap_or_default();
        // What is about any check, or about any document, is no check's own.
        let general = |code: &String| {
            let of_reader = Code::from_id(code).is_some_and(Code::is_of_the_reader);
            of_reader || ["check_not_applied", "check_error"].contains(&code.as_str())
        };
        let own: BTreeSet<String> = made.into_iter().filter(|code| !general(code)).collect();
        let quiet: Vec<&String> = declared.difference(&own).collect();
        assert!(own.is_subset(&declared), "{}: not declared: {:?}", meta.id, own.difference(&declared));
        assert!(quiet.is_empty(), "{}: declared and never reported: {quiet:?}", meta.id);
    }
}

#[test]
fn every_check_and_every_stored_case_has_its_place() {
    for check in CHECKS {
        let folder = testdata().join(check.meta().id);
        let any = std::fs::read_dir(&folder).is_ok_and(|mut entries| entries.next().is_some());
        assert!(any, "{} has no cases in {}", check.meta().id, folder.display());
    }
    let known: BTreeSet<&str> = CHECKS.iter().map(|check| check.meta().id).chain(["run"]).collect();
    for case in cases() {
        assert!(known.contains(case.check.as_str()), "testdata/{} is no check", case.check);
        assert!(Code::from_id(&case.code).is_some(), "testdata/{}/{} is no code", case.check, case.code);
    }
}
