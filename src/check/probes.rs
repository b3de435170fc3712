//! `probes`: every class of bad input was tried and refused with the right
//! code, and a good input was let through.

mod classes;
mod otherwise;
mod record;

use std::collections::BTreeSet;

use super::{Applied, Check, CheckError, Level, Meta, Packet, Sink, claim};
use crate::code::Code;
use crate::evidence::{Object, Value};
use crate::profile::{Key, Profile, Role};
use crate::text::alike::squeezed;
use crate::text::quote;
pub(super) use classes::plain;
use record::{Expected, Probe};
pub(super) use record::{is_a_code, no_refusal, prints_a_pass};

pub(super) struct ProbesCheck;

static META: Meta = Meta {
    id: "probes",
    level: Level::L2,
    summary: "every class of bad input was refused with its code, and a control was let through",
    documents: &["probes"],
    codes: &[
        Code::ProbeFailOpen,
        Code::ProbeClassMissing,
        Code::ProbeClassUnknown,
        Code::ProbeWrongCode,
        Code::ProbeNoControl,
        Code::ProbeCountDiffers,
        Code::ProbeTwice,
        Code::ProbeExitDiffers,
    ],
};

impl Check for ProbesCheck {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn run(&self, packet: &Packet, out: &mut Sink) -> Result<Applied, CheckError> {
        let Some(document) = packet.document(Role::Probes, out)? else {
            return Ok(Applied::No("no record of probes".into()));
        };
        let Some(root) = document.root().object(out) else {
            return Ok(Applied::Yes("the record is no object".into()));
        };
        let profile = packet.profile();
        let mut probes = read(root, "probes", None, profile, out);
        if root.has("controls") {
            probes.extend(read(root, "controls", Some(Expected::Allowed), profile, out));
        }
        unique(&probes, out);
        let due = claim::status(packet).map(|status| profile.suites_of(&status)).unwrap_or_default();
        let suite = classes::suite(root, &probes, &due, profile, out);
        for probe in &probes {
            probe.judge(suite.as_ref(), out);
        }
        classes::compare(root, &probes, suite.as_ref(), out);
        let rejects = probes.iter().filter(|probe| probe.expected == Expected::Rejected).count();
        let controls = probes.len() - rejects;
        if !probes.iter().any(Probe::was_allowed_rightly) {
            let message = "no control was let through: what refuses everything proves nothing";
            out.push(root.finding(Code::ProbeNoControl, message, "no control"));
        }
        if rejects == 0 {
            let message = "no bad input was tried";
            out.push(root.finding(Code::ProbeClassMissing, message, "no probe"));
        }
        totals(root, &probes, out);
        otherwise::sums(root, &probes, out);
        root.field("verdict").one_of(&profile.words(Key::ProbeVerdict), out);
        Ok(Applied::Yes(format!("{rejects} bad inputs refused, {controls} controls let through")))
    }
}

fn read<'d>(
    root: Object<'d>,
    list: &str,
    expected: Option<Expected>,
    profile: &Profile,
    out: &mut Sink,
) -> Vec<Probe<'d>> {
    let rows = root.field(list).objects(out).unwrap_or_default();
    // Where any row says what was expected, each of them does.
    if rows.iter().any(|row| row.has("expected_exit")) {
        for row in &rows {
            row.field("expected_exit").value(out);
        }
    }
    rows.into_iter().filter_map(|row| Probe::read(row, expected, profile, out)).collect()
}

fn unique(probes: &[Probe<'_>], out: &mut Sink) {
    let mut seen = BTreeSet::new();
    for probe in probes {
        if !seen.insert(squeezed(&probe.id)) {
            let message = format!("the probe {} is listed twice", quote(probe.id.as_bytes()));
            out.push(probe.row.finding(Code::ProbeTwice, message, "again"));
        }
    }
}

/// What the document sums up, against what is counted here.
fn totals(root: Object<'_>, probes: &[Probe<'_>], out: &mut Sink) {
    let open = probes.iter().any(Probe::is_open);
    if let Some(value) = root.field("any_fail_open").value(out)
        && let Some(said) = value.flag(out)
    {
        if said {
            out.push(value.finding(
                Code::ProbeFailOpen,
                "a probe failed open, says the record",
                "must be false",
            ));
        } else if open {
            let message = "`any_fail_open` is false, and a probe failed open";
            out.push(value.finding(Code::ProbeFailOpen, message, "a probe did"));
        }
    }
    let rejects = probes.iter().filter(|probe| probe.expected == Expected::Rejected).count() as u64;
    let all = probes.len() as u64;
    // A total may count the controls or leave them out.
    let counted: [(&[&str], [u64; 2]); 3] = [
        (&["probe_count", "probes_total", "total", "total_probes"], [rejects, all]),
        (&["rejected_count", "rejected", "fail_closed_count", "probes_failed_closed"], [rejects, rejects]),
        (&["control_count", "controls_total", "controls_allowed"], [all - rejects; 2]),
    ];
    let holders = [Some(root), root.get("counts").and_then(Value::as_object)];
    for holder in holders.into_iter().flatten() {
        for (names, due) in counted {
            for value in names.iter().filter_map(|name| holder.get(name)) {
                let Some(said) = value.count(out) else { continue };
                if !due.contains(&said) {
                    let message = format!("{} is {said}, and the lists hold {}", value.shown(), due[0]);
                    out.push(value.finding(Code::ProbeCountDiffers, message, "another number"));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
