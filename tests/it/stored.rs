//! The cases of `testdata/<check>/<code>/`: a packet, and in `expect.toml` what a
//! run over it must end with. Each is copied away before it is run, so that this
//! repository has no say in it.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::packet::Place;
use crate::program::{Verified, flat};

/// What a run must end with.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Expect {
    #[serde(default = "verify_the_packet")]
    pub(crate) args: Vec<String>,
    pub(crate) exit: i32,
    /// Whether the case is the root of a repository.
    #[serde(default)]
    repository: bool,
    /// Whether everything was judged; a run that could not verify never did.
    complete: Option<bool>,
    /// `code path`, all of them.
    findings: Vec<String>,
    /// The causes of the finding with this code, joined by ` + `.
    cause: Option<String>,
    /// How well that is supported; proven by hash when it is not said.
    grade: Option<String>,
    /// What a person must read.
    #[serde(default)]
    shows: Vec<String>,
}

fn verify_the_packet() -> Vec<String> {
    vec!["verify".to_owned(), "packet".to_owned()]
}

/// A stored case, copied.
pub(crate) struct Case {
    pub(crate) check: String,
    pub(crate) code: String,
    pub(crate) expect: Expect,
    pub(crate) place: Place,
}

/// Where the cases are.
pub(crate) fn testdata() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata")
}

/// Every stored case.
pub(crate) fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for check in folders(&testdata()).filter(|folder| !folder.ends_with("packets")) {
        for folder in folders(&check) {
            let text = std::fs::read_to_string(folder.join("expect.toml"));
            let text = text.unwrap_or_else(|error| panic!("{}: expect.toml: {error}", folder.display()));
            let expect: Expect =
                toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
            let name = |path: &Path| path.file_name().unwrap().to_str().unwrap().to_owned();
            let place = Place::new();
            copy(&folder, place.path());
            if expect.repository {
                place.init();
            }
            cases.push(Case { check: name(&check), code: name(&folder), expect, place });
        }
    }
    assert!(!cases.is_empty());
    cases
}

fn folders(at: &Path) -> impl Iterator<Item = PathBuf> {
    let mut all: Vec<PathBuf> = std::fs::read_dir(at).unwrap().map(|entry| entry.unwrap().path()).collect();
    all.sort();
    all.into_iter().filter(|path| path.is_dir())
}

/// Copies a folder's files.
pub(crate) fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

impl Case {
    /// Runs it for its JSON report.
    pub(crate) fn verify(&self) -> Verified {
        let report = ["--output".to_owned(), "json".to_owned()];
        Verified::of(&self.place.seal(self.expect.args.iter().cloned().chain(report)))
    }

    fn judge(&self) {
        let Self { code, expect, .. } = self;
        let wanted: Vec<&str> = expect.findings.iter().map(String::as_str).collect();
        let mut report = self.verify().is(expect.exit, &wanted);
        if let Some(cause) = &expect.cause {
            report = report.graded(code, cause, expect.grade.as_deref().unwrap_or("proven_by_hash"));
        }
        assert_eq!(report.complete(), expect.complete.unwrap_or(expect.exit != 2));
        assert!(
            report.findings().iter().any(|f| f.split(' ').next() == Some(code)),
            "{code} is not produced"
        );
        let ran = self.place.seal(&expect.args).exits(expect.exit);
        for text in &expect.shows {
            assert!(flat(&ran.out).contains(text), "no {text:?} in\n{}", ran.out);
        }
    }
}

#[test]
fn every_stored_case_ends_as_it_says() {
    let bad = |case: &Case| std::panic::catch_unwind(|| case.judge()).is_err();
    let bad: Vec<String> =
        cases().iter().filter(|case| bad(case)).map(|case| format!("{}/{}", case.check, case.code)).collect();
    assert!(bad.is_empty(), "see above for {bad:#?}");
}

#[test]
fn the_sample_packet_is_intact() {
    let place = Place::new();
    copy(&testdata().join("packets/intact"), &place.at("intact"));
    // It holds a JSON list of its own files too.
    place.verify(["intact"]).is(0, &["manifest_fields manifest.json"]);
    place.seal(["verify", "intact"]).exits(0).says(&["PASS 1 packet, 1 list, 12 files, levels L0 L1"]);
}
