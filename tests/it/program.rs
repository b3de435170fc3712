//! Running the program: scrubbed environment, bounded time, and its reports read.

use std::ffi::{OsStr, OsString};
use std::io::Read;
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

/// Nothing here takes a second; a run that hangs must not hang the tests.
const PATIENCE: Duration = Duration::from_secs(60);

/// What a run did.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) exit: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ran {
    /// Fails with everything that was said when the status is another.
    #[track_caller]
    pub(crate) fn exits(self, status: i32) -> Self {
        assert_eq!(self.exit, status, "\n{}{}", self.out, self.err);
        self
    }

    /// Fails when standard output lacks one of `texts`. White space is not compared,
    /// since lines are broken to the width.
    #[track_caller]
    pub(crate) fn says(self, texts: &[&str]) -> Self {
        for text in texts {
            assert!(flat(&self.out).contains(&flat(text)), "no {text:?} in\n{}{}", self.out, self.err);
        }
        self
    }

    /// Fails when standard output or error holds one of `texts`.
    #[track_caller]
    pub(crate) fn never_says(self, texts: &[&str]) -> Self {
        for text in texts {
            assert!(
                !self.out.contains(text) && !self.err.contains(text),
                "{text:?} in\n{}{}",
                self.out,
                self.err
            );
        }
        self
    }
}

/// `text` with every run of white space as one blank.
pub(crate) fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The program, to be run in `folder`.
pub(crate) fn seal(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_seal"));
    scrub(&mut command, folder);
    command.current_dir(folder);
    command
}

/// Leaves nothing of the caller's environment but the search path.
pub(crate) fn scrub(command: &mut Command, home: &Path) {
    let path = std::env::var_os("PATH").unwrap_or_default();
    command.env_clear().env("PATH", path).env("HOME", home).env("TZ", "UTC").env("LC_ALL", "C.UTF-8");
    // What this machine's git is told must not change what is reported.
    command.env("GIT_CONFIG_NOSYSTEM", "1");
    // Without it a Windows process cannot start.
    if let Some(root) = std::env::var_os("SystemRoot") {
        command.env("SystemRoot", root);
    }
}

/// Runs `seal` with `arguments` in `folder`.
#[track_caller]
pub(crate) fn run<A: AsRef<OsStr>>(folder: &Path, arguments: impl IntoIterator<Item = A>) -> Ran {
    finish(seal(folder).args(frugal(arguments)))
}

/// `verify` with a budget that suits an unoptimised build, unless one is given.
fn frugal<A: AsRef<OsStr>>(arguments: impl IntoIterator<Item = A>) -> Vec<OsString> {
    let mut arguments: Vec<OsString> = arguments.into_iter().map(|a| a.as_ref().to_owned()).collect();
    let budget = ["--search-budget", "--deep", "--no-explain"];
    let verify = arguments.first().is_some_and(|first| first == "verify");
    if verify && !arguments.iter().any(|a| budget.iter().any(|b| a == b)) {
        arguments.splice(1..1, ["--search-budget".into(), "4MB".into()]);
    }
    arguments
}

/// Runs a command to its end, or fails when that takes too long.
#[track_caller]
pub(crate) fn finish(command: &mut Command) -> Ran {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let (mut out, mut err) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
    let out = std::thread::spawn(move || read(&mut out));
    let err = std::thread::spawn(move || read(&mut err));
    let status = wait(&mut child, command);
    let exit = status.code().unwrap_or(-1);
    Ran { exit, out: out.join().unwrap(), err: err.join().unwrap() }
}

#[track_caller]
fn wait(child: &mut std::process::Child, command: &Command) -> ExitStatus {
    let start = Instant::now();
    let mut pause = Duration::from_millis(1);
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return status;
        }
        if start.elapsed() > PATIENCE {
            child.kill().unwrap();
            panic!("still running after {PATIENCE:?}: {command:?}");
        }
        std::thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(20));
    }
}

fn read(from: &mut impl Read) -> String {
    let mut bytes = Vec::new();
    from.read_to_end(&mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

/// Runs a command whose standard output nobody reads.
#[track_caller]
pub(crate) fn finish_unread(command: &mut Command) -> i32 {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    drop(child.stdout.take());
    wait(&mut child, command).code().unwrap_or(-1)
}

/// A JSON report, and the exit status it came with.
#[derive(Debug)]
pub(crate) struct Verified {
    pub(crate) exit: i32,
    pub(crate) json: Value,
}

/// Runs `verify` with `arguments` and reads its JSON report.
#[track_caller]
pub(crate) fn verify<A: AsRef<OsStr>>(folder: &Path, arguments: impl IntoIterator<Item = A>) -> Verified {
    let mut all: Vec<OsString> = vec!["verify".into(), "--output".into(), "json".into()];
    all.extend(arguments.into_iter().map(|a| a.as_ref().to_owned()));
    Verified::of(&run(folder, all))
}

impl Verified {
    #[track_caller]
    pub(crate) fn of(ran: &Ran) -> Self {
        let json = serde_json::from_str(&ran.out);
        let json: Value = json.unwrap_or_else(|error| panic!("{error} in\n{}{}", ran.out, ran.err));
        assert_eq!(json["exit_code"], ran.exit, "the report and the process disagree");
        Self { exit: ran.exit, json }
    }

    /// `code path` of every finding, sorted.
    pub(crate) fn findings(&self) -> Vec<String> {
        let one = |finding: &Value| {
            let text = |key: &str| finding[key].as_str().unwrap_or_default().to_owned();
            format!("{} {}", text("code"), text("path")).trim_end().to_owned()
        };
        let mut all: Vec<String> = self.json["findings"].as_array().unwrap().iter().map(one).collect();
        all.sort();
        all
    }

    /// Fails unless the exit status and exactly these findings are given.
    #[track_caller]
    pub(crate) fn is(self, exit: i32, findings: &[&str]) -> Self {
        let mut wanted: Vec<&str> = findings.to_vec();
        wanted.sort_unstable();
        let shown = serde_json::to_string_pretty(&self.json).unwrap();
        assert_eq!(
            (self.exit, self.findings()),
            (exit, wanted.iter().map(|&f| f.to_owned()).collect()),
            "{shown}"
        );
        self
    }

    /// The first finding with this code.
    #[track_caller]
    pub(crate) fn finding(&self, code: &str) -> &Value {
        let all = self.json["findings"].as_array().unwrap();
        all.iter().find(|finding| finding["code"] == code).unwrap_or_else(|| panic!("no {code} in {all:?}"))
    }

    /// Fails unless the first finding with this code says `text` as its message or help.
    #[track_caller]
    pub(crate) fn tells(self, code: &str, texts: &[&str]) -> Self {
        let finding = self.finding(code);
        let said = format!("{} {}", finding["message"].as_str().unwrap(), finding["help"].as_str().unwrap());
        for text in texts {
            assert!(said.contains(text), "no {text:?} in {said}");
        }
        self
    }

    /// Fails unless the first finding with this code has these causes, joined by ` + `.
    #[track_caller]
    pub(crate) fn because(self, code: &str, causes: &str) -> Self {
        self.graded(code, causes, "proven_by_hash")
    }

    /// The same with another grade.
    #[track_caller]
    pub(crate) fn graded(self, code: &str, causes: &str, grade: &str) -> Self {
        let found = self.finding(code)["cause"].as_array().unwrap().clone();
        let found: Vec<&str> = found.iter().map(|cause| cause["code"].as_str().unwrap()).collect();
        assert_eq!(found.join(" + "), causes);
        assert_eq!(self.finding(code)["grade"], grade);
        self
    }

    /// A value by JSON pointer.
    #[track_caller]
    pub(crate) fn at(&self, pointer: &str) -> &Value {
        self.json.pointer(pointer).unwrap_or_else(|| panic!("no {pointer} in {}", self.json))
    }

    /// Whether the run judged everything.
    pub(crate) fn complete(&self) -> bool {
        self.json["complete"] == true
    }
}
