//! What a self-test found, in the JSON report.

use serde::Serialize;

use super::shown_path;
use crate::report::selftest;

#[derive(Serialize)]
pub(in crate::report) struct Selftest<'a> {
    probe_count: u64,
    fail_closed_count: u64,
    any_fail_open: bool,
    control_allowed: bool,
    forbidden_token_leaked: bool,
    verdict: &'static str,
    left_out: &'a [String],
    suites: Vec<Suite<'a>>,
}

#[derive(Serialize)]
struct Suite<'a> {
    suite: &'a str,
    probe_count: u64,
    fail_closed_count: u64,
    control_count: u64,
    control_allowed_count: u64,
    survived_count: u64,
    unread_count: u64,
    probes: Vec<Probe<'a>>,
}

#[derive(Serialize)]
struct Probe<'a> {
    id: &'a str,
    class: &'a str,
    mutation: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pointer: Option<&'a str>,
    must: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    expected_code: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expected_check: Option<&'a str>,
    expected_exit: u8,
    actual_exit: u8,
    code: Option<&'a str>,
    #[serde(rename = "PASS_emitted")]
    says_pass: bool,
    /// A self-test writes no seal.
    #[serde(rename = "SEAL_emitted")]
    says_seal: bool,
    held: bool,
}

impl<'a> Selftest<'a> {
    pub(in crate::report) fn of(found: &'a selftest::Selftest) -> Self {
        Self {
            probe_count: found.probe_count(),
            fail_closed_count: found.fail_closed_count(),
            any_fail_open: found.any_fail_open(),
            control_allowed: found.control_allowed(),
            forbidden_token_leaked: found.token_leaked,
            verdict: found.verdict(),
            left_out: &found.left_out,
            suites: found.suites.iter().map(Suite::of).collect(),
        }
    }
}

impl<'a> Suite<'a> {
    fn of(suite: &'a selftest::Suite) -> Self {
        Self {
            suite: &suite.name,
            probe_count: suite.bad,
            fail_closed_count: suite.closed,
            control_count: suite.controls,
            control_allowed_count: suite.allowed,
            survived_count: suite.survived,
            unread_count: suite.unread,
            probes: suite.probes.iter().map(Probe::of).collect(),
        }
    }
}

impl<'a> Probe<'a> {
    fn of(probe: &'a selftest::Probe) -> Self {
        Self {
            id: &probe.id,
            class: &probe.class,
            mutation: &probe.mutation,
            path: probe.path.as_ref().map(|path| shown_path(path).0),
            pointer: probe.pointer.as_deref(),
            must: if probe.is_bad { "FAIL_CLOSED" } else { "ALLOW" },
            expected_code: probe.due.as_ref().map(|(_, code)| code.as_str()),
            expected_check: probe.due.as_ref().map(|(check, _)| check.as_str()),
            expected_exit: probe.expected_exit,
            actual_exit: probe.actual_exit,
            code: probe.code.as_deref(),
            says_pass: probe.says_pass,
            says_seal: false,
            held: probe.held,
        }
    }
}
