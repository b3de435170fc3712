//! Checks: the trait, the table, and what a check hands back.
//!
//! A check reads one compared packet and reports findings. It knows no command
//! line, prints nothing and never decides the verdict.

/// The level a check sits on. A level counts only when every lower one holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Files: bytes, pin, unsealed files.
    L0,
    /// Reconstruction: mirror, references, recorded runs.
    L1,
    /// Fail-closed evidence: rehearsal, rollback, probes.
    L2,
    /// Governance.
    L3,
}

impl Level {
    /// `L0` to `L3`.
    pub fn name(self) -> &'static str {
        match self {
            Self::L0 => "L0",
            Self::L1 => "L1",
            Self::L2 => "L2",
            Self::L3 => "L3",
        }
    }
}

/// How a check ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// It holds.
    Ok,
    /// It does not.
    Failed,
    /// Nothing in this packet for it.
    NotApplied,
    /// The user said not to run it.
    Skipped,
    /// It could not be judged.
    Error,
}

impl Status {
    /// The word used in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Failed => "failed",
            Self::NotApplied => "not_applied",
            Self::Skipped => "skipped",
            Self::Error => "error",
        }
    }
}
