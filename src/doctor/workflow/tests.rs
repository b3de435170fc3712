use super::*;
use crate::path::Backslash;

fn workflow(text: &str) -> Workflow {
    Workflow::parse(&BytePath::parse(b"w.yml", Backslash::Literal).unwrap(), text.as_bytes()).unwrap()
}

fn found(risks: &[Risk]) -> Vec<(&'static str, u64)> {
    risks.iter().map(|r| (r.kind.id(), r.place.as_ref().and_then(|place| place.line).unwrap_or(0))).collect()
}

fn job(text: &str) -> Vec<(&'static str, u64)> {
    found(&workflow(text).judge_job("gate").unwrap())
}

const FIT: &str = "\
on: [pull_request, push]
permissions: { contents: read }
jobs:
  gate:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@0123456789012345678901234567890123456789 # v6
        with: { persist-credentials: false, fetch-depth: 0 }
      - uses: example/seal@0123456789012345678901234567890123456789
        env: { GH_TOKEN: '${{ github.token }}' }
  deploy:
    environment: production
    permissions: write-all
    steps: [{ run: deploy, env: { KEY: '${{ secrets.KEY }}' } }]
";

#[test]
fn a_job_is_judged_by_itself() {
    assert_eq!(job(FIT), []);
    let all = workflow(FIT).judge_job("deploy").unwrap();
    assert_eq!(found(&all), [("workflow_environment", 12), ("workflow_secret", 14), ("workflow_write", 13)]);
    assert!(workflow(FIT).judge_job("absent").is_none());
    assert_eq!(found(&workflow(FIT).judge(&|_| false)), []);
}

#[test]
fn an_environment_is_refused_in_both_forms() {
    for (form, refused) in
        [("production", true), ("{ name: x, url: y }", true), ("'${{ inputs.e }}'", true), ("", false)]
    {
        let text = FIT.replace("    runs-on:", &format!("    environment: {form}\n    runs-on:"));
        let risks = workflow(&text).judge_job("gate").unwrap();
        assert_eq!(risks.len(), usize::from(refused), "{form}");
        assert!(risks.iter().all(|risk| risk.reason.contains("environment") && risk.kind.row().refuses));
    }
}

#[test]
fn secrets_are_refused_wherever_they_stand() {
    let in_env = format!("env:\n  A: ${{{{ secrets.PAT }}}}\n{FIT}");
    assert_eq!(job(&in_env), [("workflow_secret", 2)]);
    let in_if = FIT.replace("    runs-on:", "    if: secrets.PAT != ''\n    runs-on:");
    assert_eq!(job(&in_if), [("workflow_secret", 5)]);
    for handed in ["inherit", "'${{ secrets }}'"] {
        let text = FIT.replace("    runs-on:", &format!("    secrets: {handed}\n    runs-on:"));
        assert!(job(&text).contains(&("workflow_secret", 5)), "{handed}");
    }
    let two = FIT.replace("github.token", "secrets.A + secrets.B");
    assert_eq!(job(&two), [("workflow_secret", 10), ("workflow_secret", 10)]);
}

#[test]
fn the_right_to_write_is_refused_from_wherever_it_comes() {
    let with = |permissions: &str| FIT.replacen("{ contents: read }", permissions, 1);
    for write in [
        "write-all",
        "{ contents: write }",
        "{ id-token: write, contents: read }",
        "admin",
        "[read]",
        "{ contents: '${{ x }}' }",
    ] {
        let risks = workflow(&with(write)).judge_job("gate").unwrap();
        let refused: Vec<&Risk> = risks.iter().filter(|risk| risk.kind == Kind::WorkflowWrite).collect();
        assert!(refused.len() == 1 && refused[0].reason.contains("write"), "{write}");
        assert!(found(&risks).contains(&("workflow_secret", 10)), "a token that may write is a secret");
    }
    for read in ["read-all", "{}", "{ contents: read, actions: none }"] {
        assert_eq!(job(&with(read)), [], "{read}");
    }
    let own = with("write-all").replace("    runs-on:", "    permissions: { contents: read }\n    runs-on:");
    assert_eq!(job(&own), [], "the job's own permissions replace the workflow's");
    let unset = FIT.replace("permissions: { contents: read }\n", "").replace("github.token", "github.sha");
    assert_eq!(job(&unset), [("workflow_permissions", 4)]);
    assert!(!Kind::WorkflowPermissions.row().refuses);
}

#[test]
fn what_else_is_wired_badly_is_said() {
    let text = FIT.replace("        with: { persist-credentials: false, fetch-depth: 0 }\n", "");
    assert_eq!(job(&text), [("workflow_credentials", 7), ("workflow_base", 7)]);
    let tags = FIT.replace("checkout@0123456789012345678901234567890123456789 # v6", "checkout@v6");
    assert_eq!(job(&tags), [("workflow_unpinned", 7)]);
    let push = FIT.replace("on: [pull_request, push]", "on: push").replace(", fetch-depth: 0", "");
    assert_eq!(job(&push), []);
    for on in ["on:\n  pull_request_target:\n", "on: [push,\n  release]\n", "on:\n  - deployment\n"] {
        let text = FIT.replace("on: [pull_request, push]\n", on);
        assert_eq!(job(&text).first(), Some(&("workflow_event", 2)), "{on}");
    }
}

#[test]
fn an_alias_hides_nothing() {
    let text = "on: push\npermissions: {}\njobs:\n  other:\n    env: &env { A: '${{ secrets.A }}' }\n    steps: []\n  gate:\n    env: *env\n    steps: []\n";
    assert_eq!(job(text), [("workflow_secret", 5)]);
}

#[test]
fn only_jobs_that_run_the_gate_are_judged_in_a_repository() {
    for step in ["uses: example/seal@v1", "run: ./bin/seal verify packet", "uses: ./tools/gate"] {
        let text = format!(
            "on: release\njobs:\n  a:\n    steps:\n      - {step}\n  b:\n    environment: p\n    steps: []\n"
        );
        let risks = workflow(&text).judge(&|folder| folder == "tools/gate");
        assert!(found(&risks).contains(&("workflow_event", 1)), "{step}");
        assert!(!found(&risks).iter().any(|(id, _)| *id == "workflow_environment"), "{step}");
    }
    let other =
        workflow("on: release\njobs:\n  a:\n    steps: [{ run: 'echo seal it' }, { uses: ./tools/x }]\n");
    assert_eq!(found(&other.judge(&|_| false)), []);
}

#[test]
fn what_is_no_workflow_is_said() {
    for text in ["", "- a\n", "on: push\n", "jobs: x\n", "jobs:\n  a: x\n", "jobs:\n  a: {}\n  a: {}\n"] {
        assert!(Workflow::parse(&BytePath::root(), text.as_bytes()).is_err(), "{text:?}");
    }
}
