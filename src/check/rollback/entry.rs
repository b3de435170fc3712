//! One entry of a rollback: three states, and what follows from them.

use crate::check::said::{Said, says};
use crate::code::Code;
use crate::evidence::{Object, State, Value};
use crate::finding::{Finding, Sink};
use crate::text::quote;

/// An entry with the states that could be read.
pub(in crate::check) struct Entry<'d> {
    row: Object<'d>,
    id: String,
    before: Read,
    applied: Read,
    restored: Read,
    pinned: Option<State>,
}

/// What stands where a state is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Read {
    State(State),
    /// Nothing, `null` or an empty text.
    Missing,
    /// Something that is no state, and was reported.
    Bad,
}

impl Read {
    fn of(row: Object<'_>, field: &str, not_available: &[String], out: &mut Sink) -> Self {
        let Some(value) = row.get(field) else { return Self::Missing };
        if value.is_null() || value.as_text().is_some_and(|text| text.trim().is_empty()) {
            return Self::Missing;
        }
        value.state(not_available, out).map_or(Self::Bad, Self::State)
    }

    fn known(self) -> Option<State> {
        match self {
            Self::State(state) if state != State::NotAvailable => Some(state),
            _ => None,
        }
    }
}

const STATES: [&str; 3] = ["before_hash", "after_apply_hash", "after_rollback_hash"];

impl<'d> Entry<'d> {
    /// Reads an entry; one without an identifier is reported and left out.
    pub(in crate::check) fn read(row: Object<'d>, not_available: &[String], out: &mut Sink) -> Option<Self> {
        let id = row.field("id").word(out)?.into_owned();
        let [before, applied, restored] = STATES.map(|field| Read::of(row, field, not_available, out));
        let pinned = row.get("expected_restored_hash").filter(|value| !value.is_null());
        let pinned = pinned.and_then(|value| value.state(not_available, out));
        Some(Self { row, id, before, applied, restored, pinned })
    }

    pub(in crate::check) fn id(&self) -> &str {
        &self.id
    }

    pub(in crate::check) fn row(&self) -> Object<'d> {
        self.row
    }

    fn states(&self) -> [Read; 3] {
        [self.before, self.applied, self.restored]
    }

    /// Whether it says anything of a state, so that it can be judged.
    pub(in crate::check) fn has_a_state(&self) -> bool {
        self.states().iter().any(|state| state.known().is_some() || *state == Read::Bad)
    }

    /// Whether a state stands for nothing to look at.
    pub(super) fn has_unavailable(&self) -> bool {
        self.states().contains(&Read::State(State::NotAvailable))
    }

    /// Whether each state stands for nothing to look at.
    pub(in crate::check) fn is_unavailable(&self) -> bool {
        self.states().iter().all(|state| *state == Read::State(State::NotAvailable))
    }

    /// What it says of a change or of a way back although there are no states: a
    /// flag that is `true`.
    pub(in crate::check) fn claim(&self) -> Option<Value<'d>> {
        const CLAIMS: [&str; 3] = ["apply_mutated", "restored_match", "verify_after_rollback"];
        CLAIMS.iter().filter_map(|field| self.row.get(field)).find(|value| says(*value) == Said::Yes)
    }

    pub(super) fn same_states(&self, other: &Self) -> bool {
        self.states() == other.states()
    }

    /// Whether the apply changed something.
    pub(in crate::check) fn mutated(&self) -> bool {
        matches!((self.before.known(), self.applied.known()), (Some(before), Some(after)) if before != after)
    }

    /// Whether the rollback brought back what was there, or what is pinned, and
    /// did not merely leave what the apply made.
    pub(in crate::check) fn is_restored(&self) -> bool {
        let Some(restored) = self.restored.known() else { return false };
        let due = self.pinned.or(self.before.known());
        due == Some(restored) && self.applied.known() != Some(restored)
    }

    fn told(&self, code: Code, reject: &str, field: &str, message: String, label: &str) -> Finding {
        let at = self.row.get(field).unwrap_or_else(|| self.row.value());
        at.finding(code, message, label).reject_code(format!("{reject}:{}", self.id))
    }

    /// Judges the states and what is said of them; `true` when they prove a rollback.
    pub(super) fn judge(&self, out: &mut Sink) -> bool {
        let id = quote(self.id.as_bytes());
        for (field, state) in STATES.into_iter().zip(self.states()) {
            if state == Read::Missing {
                let message = format!("the entry {id} lacks `{field}`");
                let code = Code::RollbackHashMissing;
                out.push(self.told(code, "ROLLBACK_HASH_MISSING", field, message, "missing"));
            }
        }
        let [before, applied, restored] = self.states().map(Read::known);
        if let (Some(before), Some(applied)) = (before, applied)
            && before == applied
        {
            let message =
                format!("the apply of {id} changed nothing: the state after it is the state before");
            let (code, reject) = (Code::RollbackApplyDidNotMutate, "ROLLBACK_APPLY_DID_NOT_MUTATE");
            out.push(self.told(code, reject, STATES[1], message, "the state before"));
        }
        if restored.is_some() && !self.is_restored() && self.mutated() {
            let (code, reject, what) = match self.pinned {
                Some(pinned) if restored != Some(pinned) => (
                    Code::RollbackNotRestoredToPin,
                    "ROLLBACK_NOT_RESTORED_TO_PIN",
                    "the state that is pinned",
                ),
                _ => (Code::RollbackNotRestored, "ROLLBACK_NOT_RESTORED", "the state before"),
            };
            let message = format!("the rollback of {id} did not bring back {what}");
            out.push(self.told(code, reject, STATES[2], message, "another state"));
        }
        self.flags(&id, out);
        self.rows(&id, out);
        self.mutated() && self.is_restored()
    }

    /// `apply_mutated` and `restored_match` agree with the states.
    fn flags(&self, id: &str, out: &mut Sink) {
        let states = self.states().map(Read::known);
        let due = [("apply_mutated", self.mutated()), ("restored_match", self.is_matched())];
        for (field, due) in due {
            let Some(said) = self.row.field(field).flag(out) else { continue };
            if said != due && states.iter().all(Option::is_some) {
                self.disagrees(id, field, said, out);
            }
        }
        if let Some(value) = self.row.get("verify_after_rollback")
            && let Some(said) = value.flag(out)
            && said != self.is_matched()
        {
            self.disagrees(id, "verify_after_rollback", said, out);
        }
    }

    /// Whether the last state is the one that is due, whatever the apply did.
    fn is_matched(&self) -> bool {
        self.restored.known().is_some() && self.restored.known() == self.pinned.or(self.before.known())
    }

    fn disagrees(&self, id: &str, field: &str, said: bool, out: &mut Sink) {
        let message = format!("`{field}` of {id} is {said}, and the states say {}", !said);
        let code = Code::RollbackFlagDisagrees;
        out.push(self.told(code, "ROLLBACK_FLAG_DISAGREES", field, message, "the states say otherwise"));
    }

    /// Counts of rows agree with the states: equal states have equal rows, and
    /// what is absent has none.
    fn rows(&self, id: &str, out: &mut Sink) {
        const ROWS: [&str; 3] = ["before_rows", "after_apply_rows", "after_rollback_rows"];
        if !ROWS.iter().any(|field| self.row.has(field)) {
            return;
        }
        let counts = ROWS.map(|field| self.row.field(field).count(out));
        let states = self.states().map(Read::known);
        let told = |field: &str, message: String| {
            self.told(Code::RollbackRowsDisagree, "ROLLBACK_ROWS_DISAGREE", field, message, "disagrees")
        };
        for (field, (count, state)) in ROWS.into_iter().zip(counts.into_iter().zip(states)) {
            if state == Some(State::Absent) && count.is_some_and(|count| count > 0) {
                out.push(told(field, format!("`{field}` of {id} counts rows of what is absent")));
            }
        }
        for (one, other) in [(0, 2), (0, 1), (1, 2)] {
            let pair =
                |at: usize| Some((states.get(at).copied()??, counts.get(at).copied()??, ROWS.get(at)?));
            if let (Some(one), Some(other)) = (pair(one), pair(other))
                && one.0 == other.0
                && one.1 != other.1
            {
                let message =
                    format!("`{}` and `{}` of {id} differ, and the states are equal", one.2, other.2);
                out.push(told(other.2, message));
            }
        }
    }
}
