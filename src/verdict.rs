//! The verdict: the only place that decides a result and an exit status.
//!
//! Fail closed: a run passes only when something was compared, nothing failed,
//! and nothing was left untold. The exit statuses are documented in the README.

use crate::check::{Level, Outcome as Checked, Status};
use crate::code::Effect;
use crate::finding::Finding;
use crate::report::{LevelState, Outcome};

/// The result of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Pass, fail or error.
    pub outcome: Outcome,
    /// 0, 1 or 2.
    pub exit_code: u8,
}

/// What findings amount to: failing outranks not being able to tell.
pub fn of_findings<'a>(findings: impl Iterator<Item = &'a Finding>) -> Outcome {
    let mut outcome = Outcome::Pass;
    for finding in findings {
        match finding.effect {
            Effect::Fails => return Outcome::Fail,
            Effect::CannotVerify => outcome = Outcome::Error,
            Effect::None => {}
        }
    }
    outcome
}

/// The verdict on one packet. A packet in which nothing was judged is an error.
pub fn of_packet(checks: &[Checked]) -> Outcome {
    let by_findings = of_findings(checks.iter().flat_map(|check| &check.findings));
    let failed = checks.iter().any(|check| check.status == Status::Failed);
    let error = checks.iter().any(|check| check.status == Status::Error);
    let judged = checks.iter().any(|check| check.status == Status::Ok);
    match by_findings {
        Outcome::Fail => Outcome::Fail,
        _ if failed => Outcome::Fail,
        Outcome::Error => Outcome::Error,
        Outcome::Pass if error || !judged => Outcome::Error,
        Outcome::Pass => Outcome::Pass,
    }
}

/// The verdict on a run: `packets` are those whose failure counts, `findings`
/// those of no packet. Nothing compared is only good where `empty_is_good`.
pub fn of_run(packets: &[Outcome], findings: &[Finding], compared: u64, empty_is_good: bool) -> Verdict {
    let run = of_findings(findings.iter().filter(|finding| finding.packet.is_none()));
    let all = || packets.iter().copied().chain([run]);
    let outcome = if all().any(|outcome| outcome == Outcome::Fail) {
        Outcome::Fail
    } else if all().any(|outcome| outcome == Outcome::Error) || (compared == 0 && !empty_is_good) {
        Outcome::Error
    } else {
        Outcome::Pass
    };
    Verdict { outcome, exit_code: exit_code(outcome) }
}

/// A run's verdict when one more of its findings becomes known.
pub fn with(verdict: Outcome, finding: &Finding) -> Verdict {
    let outcome = match (verdict, of_findings(std::iter::once(finding))) {
        (Outcome::Fail, _) | (_, Outcome::Fail) => Outcome::Fail,
        (Outcome::Error, _) | (_, Outcome::Error) => Outcome::Error,
        (Outcome::Pass, Outcome::Pass) => Outcome::Pass,
    };
    Verdict { outcome, exit_code: exit_code(outcome) }
}

/// The exit status of a verdict.
pub(crate) fn exit_code(outcome: Outcome) -> u8 {
    match outcome {
        Outcome::Pass => 0,
        Outcome::Fail => 1,
        Outcome::Error => 2,
    }
}

/// How each level ended: a level counts only when every lower one holds.
pub fn levels(checks: &[Checked]) -> [LevelState; 4] {
    let mut lower_holds = true;
    Level::ALL.map(|level| {
        let mut on_it = checks.iter().filter(|check| check.meta.level == level).peekable();
        let bad = on_it.clone().any(|check| matches!(check.status, Status::Failed | Status::Error));
        let good = on_it.any(|check| check.status == Status::Ok);
        match (lower_holds, bad, good) {
            (false, _, _) => LevelState::NotJudged,
            (true, true, _) => {
                lower_holds = false;
                LevelState::Failed
            }
            (true, false, true) => LevelState::Ok,
            (true, false, false) => LevelState::NotApplied,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::code::Code;

    fn finding(code: Code) -> Finding {
        Finding::new(code, "x")
    }

    #[test]
    fn failing_outranks_not_being_able_to_tell() {
        let (fails, cannot) = (finding(Code::MissingFile), finding(Code::ManifestUnreadable));
        assert_eq!(of_findings([&cannot, &fails].into_iter()), Outcome::Fail);
        assert_eq!(of_findings([&cannot].into_iter()), Outcome::Error);
        let note = finding(Code::MissingFile).downgraded(crate::code::Severity::Note);
        assert_eq!(of_findings([&note].into_iter()), Outcome::Pass);
    }

    #[test]
    fn a_run_passes_only_when_something_was_compared_and_all_is_good() {
        use Outcome::{Error, Fail, Pass};
        let exit = |packets: &[Outcome], findings: &[Finding], compared, empty| {
            of_run(packets, findings, compared, empty).exit_code
        };
        assert_eq!(exit(&[Pass], &[], 1, false), 0);
        assert_eq!(exit(&[Pass], &[], 0, false), 2);
        assert_eq!(exit(&[], &[], 0, false), 2);
        assert_eq!(exit(&[], &[], 0, true), 0);
        assert_eq!(exit(&[Pass, Fail], &[], 1, false), 1);
        assert_eq!(exit(&[Error, Fail], &[], 1, true), 1);
        assert_eq!(exit(&[Pass, Error], &[], 1, true), 2);
        assert_eq!(exit(&[Pass], &[finding(Code::UsageError)], 1, false), 2);
        let mut of_packet = finding(Code::MissingFile);
        of_packet.packet = Some(0);
        assert_eq!(exit(&[Pass], &[of_packet], 1, false), 0, "a packet's findings count in its own outcome");
    }
}
