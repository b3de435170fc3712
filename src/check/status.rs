//! `status`: the final status follows from the evidence. It is judged last, from
//! how the other checks ended. A packet may claim less than it proves, never more.

mod agree;
mod denied;
mod endings;
mod self_check;

use super::{Applied, Check, CheckError, Demand, Level, Meta, Outcome, Packet, Sink, Status, claim};
use crate::code::Code;
use crate::evidence::Value;
use crate::profile::{Key, Role};
use crate::text::quote;

pub(super) struct StatusCheck;

static META: Meta = Meta {
    id: "status",
    level: Level::L3,
    summary: "the final status follows from the evidence, and every document states the same one",
    documents: &["machine_report", "readme", "checkpoint", "decision", "self_check"],
    codes: &[
        Code::StatusOverclaims,
        Code::StatusUnknown,
        Code::StatusContradicted,
        Code::StatusDisagrees,
        Code::SelfCheckDiffers,
        Code::SelfCheckCountDiffers,
        Code::SelfCheckUnverifiable,
    ],
};

impl Check for StatusCheck {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn run(&self, packet: &Packet, out: &mut Sink) -> Result<Applied, CheckError> {
        self.conclude(packet, &[], out)
    }

    fn conclude(&self, packet: &Packet, earlier: &[Outcome], out: &mut Sink) -> Result<Applied, CheckError> {
        let Some(report) = packet.document(Role::MachineReport, out)? else {
            self_check::judge(packet, None, earlier, out)?;
            return Ok(Applied::No("no machine report that states a status".into()));
        };
        let Some(root) = report.root().object(out) else {
            return Ok(Applied::Yes("the machine report is no object".into()));
        };
        let Some(value) = root.field("final_status").value(out) else {
            return Ok(Applied::Yes("no status".into()));
        };
        let Some(status) = value.word(out) else { return Ok(Applied::Yes("no status".into())) };
        known(packet, value, &status, out);
        overclaims(packet, value, &status, earlier, out)?;
        endings::judge(packet, value, &status, out)?;
        denied::judge(packet, &status, out)?;
        agree::judge(packet, root, &status, out)?;
        self_check::judge(packet, Some(&status), earlier, out)?;
        Ok(Applied::Yes(format!("the status is {}", quote(status.as_bytes()))))
    }

    /// A status makes the checks required that would have to hold for it.
    fn demands(&self, packet: &Packet) -> Vec<Demand> {
        let Some(status) = claim::status(packet) else { return Vec::new() };
        let checks = packet.profile().checks_claimed_by(&status).into_iter();
        let because = format!("the status {} claims it", quote(status.as_bytes()));
        checks.map(|check| Demand { check, because: because.clone() }).collect()
    }
}

/// Where the profile knows statuses, this is one of them.
fn known(packet: &Packet, value: Value<'_>, status: &str, out: &mut Sink) {
    let known = packet.profile().words(Key::Statuses);
    if known.is_empty() || known.iter().any(|known| known == status) {
        return;
    }
    let message = format!("the status {} is not known", quote(status.as_bytes()));
    let near = known
        .iter()
        .max_by(|a, b| strsim::jaro_winkler(a, status).total_cmp(&strsim::jaro_winkler(b, status)));
    let near = near.map(|near| quote(near.as_bytes())).unwrap_or_default();
    let help = format!("the nearest known status is {near}; the profile names all of them");
    out.push(value.finding(Code::StatusUnknown, message, "unknown").help(help));
}

/// Every check that the status claims has held, and where it claims anything no
/// check on evidence has failed.
///
/// What could not be judged leaves the claim open: no failure, and no success.
fn overclaims(
    packet: &Packet,
    value: Value<'_>,
    status: &str,
    earlier: &[Outcome],
    out: &mut Sink,
) -> Result<(), CheckError> {
    let claimed = packet.profile().checks_claimed_by(status);
    let (mut bad, mut unjudged): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
    for outcome in earlier.iter().filter(|outcome| outcome.meta.level > Level::L0) {
        let id = outcome.meta.id;
        let due = claimed.iter().any(|claimed| claimed == id);
        let counts = !claimed.is_empty();
        match outcome.status {
            Status::Error if counts => unjudged.push(format!("`{id}`")),
            Status::Failed if counts => bad.push(format!("`{id}` is failed")),
            Status::NotApplied | Status::Skipped if due => {
                bad.push(format!("`{id}` is {}", outcome.status.name().replace('_', " ")));
            }
            _ => {}
        }
    }
    let ran = |id: &String| earlier.iter().any(|outcome| outcome.meta.id == *id);
    bad.extend(
        claimed
            .iter()
            .filter(|id| !earlier.is_empty() && !ran(id))
            .map(|id| format!("{} is no check", quote(id.as_bytes()))),
    );
    if !bad.is_empty() {
        let message =
            format!("the status {} claims more than is proven: {}", quote(status.as_bytes()), bad.join(", "));
        out.push(value.finding(Code::StatusOverclaims, message, "claims more"));
        return Ok(());
    }
    match unjudged.as_slice() {
        [] => Ok(()),
        _ => Err(CheckError(format!(
            "the status {} rests on what could not be judged: {}",
            quote(status.as_bytes()),
            unjudged.join(", ")
        ))),
    }
}

#[cfg(test)]
mod tests;
