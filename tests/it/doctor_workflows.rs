//! `seal doctor` on workflows: one job that asks before it runs the gate, and all
//! that a repository has.

use serde_json::Value;

use crate::packet::{Packet, Place};
use crate::program::Ran;

const FIT: &str = "\
on: pull_request
permissions: { contents: read }
jobs:
  gate:
    steps:
      - uses: actions/checkout@0123456789012345678901234567890123456789
        with: { persist-credentials: false, fetch-depth: 0 }
      - run: seal verify packet
";

fn job(text: &str, name: &str) -> Ran {
    let place = Place::new();
    place.write("w.yml", text);
    place.seal(["doctor", "--workflow", "w.yml", "--job", name])
}

#[test]
fn a_fit_job_runs() {
    job(FIT, "gate").exits(0).says(&["fit the job \"gate\" of w.yml may run the gate"]);
}

#[test]
fn a_job_that_could_do_harm_is_refused_with_the_word_for_it() {
    let with = |line: &str| FIT.replace("    steps:", &format!("    {line}\n    steps:"));
    job(&with("environment: production"), "gate").exits(1).says(&["w.yml:5", "environment \"production\""]);
    job(&with("env: { A: '${{ secrets.DEPLOY }}' }"), "gate").exits(1).says(&["secret \"DEPLOY\""]);
    job(&with("secrets: inherit"), "gate").exits(1).says(&["every secret"]);
    job(&with("permissions: write-all"), "gate").exits(1).says(&["may write everything"]);
    job(&FIT.replace("contents: read", "id-token: write"), "gate").exits(1).says(&["may write \"id-token\""]);
    job(&FIT.replace("permissions: { contents: read }\n", ""), "gate")
        .exits(0)
        .says(&["does not say what its token may do", "permissions: { contents: read }"]);
    let token = with("env: { A: '${{ secrets.GITHUB_TOKEN }}' }");
    job(&token, "gate").exits(0);
    job(&token.replace("contents: read", "contents: write"), "gate").exits(1).says(&["secret GITHUB_TOKEN"]);
}

#[test]
fn what_cannot_be_read_is_neither_fit_nor_refused() {
    for text in ["", "- a\n", "jobs: [\n", "jobs:\n  gate: {}\n  gate: {}\n", "on: push\njobs: 3\n"] {
        job(text, "gate").exits(2);
    }
    let nested = format!("jobs: {}x{}\n", "[".repeat(20_000), "]".repeat(20_000));
    job(&nested, "gate").exits(2);
    job(&"x".repeat((1 << 20) + 1), "gate").exits(2).says(&["longer"]);
    let line = |n: usize| format!("x{n}: &x{n} [{}]\n", vec![format!("*x{}", n - 1); 9].join(", "));
    let bomb = "x0: &x0 [a, a, a]\n".to_owned() + &(1..40).map(line).collect::<String>();
    job(&format!("{bomb}jobs:\n  gate:\n    permissions: {{}}\n    steps: *x39\n"), "gate").exits(0);
    let place = Place::new();
    place.seal(["doctor", "--workflow", "none.yml", "--job", "gate"]).exits(2);
    place.seal(["doctor", "--workflow", "none.yml"]).exits(2);
    place.seal(["doctor", "--workflow", ".", "--job", "gate"]).exits(2);
}

#[cfg(unix)]
#[test]
fn a_pipe_is_not_waited_for() {
    let place = Place::new();
    assert!(std::process::Command::new("mkfifo").arg(place.at("w.yml")).status().unwrap().success());
    place.seal(["doctor", "--workflow", "w.yml", "--job", "gate"]).exits(2);
}

#[test]
fn no_name_in_a_workflow_is_more_than_data() {
    let text = "on: push\njobs:\n  \"\\e[31mPASS\\n\":\n    environment: \"\\u202ePASS\"\n    steps: []\n";
    let ran = job(text, "\u{1b}[31mPASS\n").exits(1);
    assert!(!ran.out.contains('\u{1b}') && !ran.out.contains('\u{202e}'), "{}", ran.out);
}

#[test]
fn the_workflows_of_a_repository_are_judged_where_they_run_the_gate() {
    let place = Packet::new().build();
    place.write(".gitattributes", "* -text\n").write(".github/workflows/ok.yml", FIT);
    let wrong = "on: [pull_request, pull_request_target]\njobs:\n  gate:\n    environment: x\n    permissions: write-all\n    \
        steps:\n      - uses: actions/checkout@v6\n      - uses: ./tools/gate\n        env: { A: '${{ secrets.A }}' }\n  \
        other:\n    environment: x\n    steps: []\n  loose:\n    steps: [{ run: seal verify }]\n";
    place.write(".github/workflows/wrong.yaml", wrong).write(".github/workflows/broken.yml", "jobs: [\n");
    place.write("tools/gate/action.yml", "runs: { steps: [{ run: action/run.sh }] }\n");
    place.init().git(["add", "--all"]);
    let ran = place.seal(["doctor", "--output", "json"]).exits(1);
    let json: Value = serde_json::from_str(&ran.out).unwrap();
    let one = |risk: &Value| {
        let file = risk["file"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
        format!("{} {file}:{}", risk["id"].as_str().unwrap(), risk["line"])
    };
    let found: Vec<String> = json["risks"].as_array().unwrap().iter().map(one).collect();
    assert_eq!(
        found,
        [
            "workflow_event wrong.yaml:1",
            "workflow_environment wrong.yaml:4",
            "workflow_secret wrong.yaml:9",
            "workflow_write wrong.yaml:5",
            "workflow_unreadable broken.yml:2",
            "workflow_permissions wrong.yaml:14",
            "workflow_unpinned wrong.yaml:7",
            "workflow_credentials wrong.yaml:7",
            "workflow_base wrong.yaml:7",
        ]
    );
}

/// A name that was misspelled let every workflow through; only where a workflow
/// calls another may the job stand elsewhere.
#[test]
fn a_misspelled_job_was_fit_to_run() {
    job(FIT, "gte").exits(2).says(&["has no job \"gte\"", "it has \"gate\""]);
    let calling = [FIT, "  call:\n    uses: ./.github/workflows/other.yml\n"].concat();
    job(&calling, "gte").exits(0).says(&["has no job \"gte\""]);
}
