//! `surfaces`: what must not be touched is accounted for and was not touched.

mod tools;

use std::collections::BTreeSet;

use super::probes::plain;
use super::said::{Said, everywhere, says, tells};
use super::{Applied, Check, CheckError, Level, Meta, Packet, Sink};
use crate::code::Code;
use crate::evidence::{Document, Object, Value};
use crate::profile::{Key, Profile, Role};
use crate::text::alike::squeezed;
use crate::text::quote;

pub(super) use tools::is_like;

pub(super) struct SurfacesCheck;

static META: Meta = Meta {
    id: "surfaces",
    level: Level::L3,
    summary: "every forbidden surface is accounted for and untouched, and only allowed tools were called",
    documents: &["forbidden_surfaces", "machine_report", "tool_calls"],
    codes: &[
        Code::SurfaceTouched,
        Code::SurfaceMissing,
        Code::SurfaceTwice,
        Code::SurfaceCountDiffers,
        Code::SurfaceFlagsMissing,
        Code::ToolNotAllowed,
        Code::ToolPathNotAllowed,
    ],
};

impl Check for SurfacesCheck {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn run(&self, packet: &Packet, out: &mut Sink) -> Result<Applied, CheckError> {
        let proof = packet.document(Role::ForbiddenSurfaces, out)?;
        let report = packet.document(Role::MachineReport, out)?;
        let log = packet.document(Role::ToolCalls, out)?;
        let flags = report.map_or(0, |report| flags(report, packet.profile(), out));
        let calls = log.map(|log| tools::judge(log, packet.profile(), out));
        let Some(proof) = proof else {
            // Flags and calls can show that something was touched, never that all else was not.
            return Ok(Applied::No("no proof of forbidden surfaces".into()));
        };
        let Some(root) = proof.root().object(out) else {
            return Ok(Applied::Yes("the proof is no object".into()));
        };
        let rows = root.field("surfaces").objects(out).unwrap_or_default();
        untouched(&rows, packet.profile(), out);
        traces(root, out);
        accounted_for(root, &rows, packet.profile(), out);
        count(root, "surface_count", rows.len(), out);
        let attempted = "a forbidden surface was attempted";
        root.field("any_forbidden_surface_attempted").must_be(false, Code::SurfaceTouched, attempted, out);
        if report.is_none() && packet.profile().has(Key::FalseFlags) {
            let message = "there is no machine report, whose flags must say that nothing was touched";
            out.push(root.finding(Code::SurfaceFlagsMissing, message, "no machine report"));
        }
        if rows.is_empty() {
            return Ok(Applied::No("the proof lists no surface".into()));
        }
        let calls = calls.map_or_else(String::new, |calls| format!(", {calls} calls of tools"));
        Ok(Applied::Yes(format!("{} surfaces, {flags} flags{calls}", rows.len())))
    }
}

/// Each flag is in the report and literally `false`; how many there are.
fn flags(report: &Document, profile: &Profile, out: &mut Sink) -> usize {
    let due = profile.words(Key::FalseFlags);
    let Some(root) = report.root().object(out) else { return 0 };
    for name in &due {
        let message = format!("the machine report says that {} is true", quote(name.as_bytes()));
        root.field(name).must_be(false, Code::SurfaceTouched, &message, out);
    }
    said_elsewhere(root, &due, out);
    due.len()
}

/// A flag that is said to be true under another name or further down is true.
fn said_elsewhere(root: Object<'_>, due: &[String], out: &mut Sink) {
    const NEAR: usize = 2;
    let judged: Vec<usize> = due.iter().filter_map(|name| Some(root.get(name)?.span().start)).collect();
    let length = |name: &str| name.chars().count();
    let known: Vec<(&String, String)> = due.iter().map(|name| (name, squeezed(name))).collect();
    everywhere(root, &mut |name, value| {
        if says(value) != Said::Yes || judged.contains(&value.span().start) || name.len() > LONGEST {
            return;
        }
        let name = squeezed(name);
        // A short name is near too many others.
        let may_be = |flag: &str| flag.len() >= 8 && length(&name).abs_diff(length(flag)) <= NEAR;
        let is_like =
            |flag: &str| name == flag || (may_be(flag) && strsim::osa_distance(&name, flag) <= NEAR);
        if let Some((flag, _)) = known.iter().find(|(_, flag)| is_like(flag)) {
            let message = format!(
                "the machine report says at {} that {} is true",
                value.shown(),
                quote(flag.as_bytes())
            );
            out.push(value.finding(Code::SurfaceTouched, message, "must be false"));
        }
    });
}

/// No longer name is compared with that of a flag.
const LONGEST: usize = 80;

/// Every row names a surface once, in a state that says it was not touched.
fn untouched(rows: &[Object<'_>], profile: &Profile, out: &mut Sink) {
    let good = profile.words(Key::SurfaceStates);
    let named = Named::of(profile);
    let mut seen = BTreeSet::new();
    for row in rows {
        if let Some(value) = row.field("surface").value(out)
            && let Some(name) = value.word(out)
            && !seen.insert(named.surfaces(&name))
        {
            let message = format!("the surface {} is listed twice", quote(name.as_bytes()));
            out.push(value.finding(Code::SurfaceTwice, message, "again"));
        }
        if let Some(value) = row.field("status").value(out)
            && let Some(state) = value.text(out)
            && !good.iter().any(|word| *word == state)
        {
            let name = row.get("surface").and_then(crate::evidence::Value::as_text).unwrap_or_default();
            let message = format!(
                "the surface {} is {}, which does not say that it was not touched",
                quote(name.as_bytes()),
                quote(state.as_bytes())
            );
            let help = format!("known states of an untouched surface: {}", good.join(", "));
            out.push(value.finding(Code::SurfaceTouched, message, "not untouched").help(help));
        }
        for flag in ["attempted", "touched"] {
            if row.has(flag) {
                let message = format!("`{flag}` is true of a forbidden surface");
                row.field(flag).must_be(false, Code::SurfaceTouched, &message, out);
            }
        }
    }
}

/// Beside the states nothing tells of an attempt: no flag, no count, no list.
fn traces(root: Object<'_>, out: &mut Sink) {
    const TRACES: [&str; 11] = [
        "attempt",
        "attempts",
        "attempted",
        "touched",
        "mutated",
        "modified",
        "changed",
        "written",
        "writes",
        "violated",
        "violations",
    ];
    // What these say is judged by itself.
    const JUDGED: [&str; 3] = ["any_forbidden_surface_attempted", "attempted", "touched"];
    everywhere(root, &mut |name, value: Value<'_>| {
        if says(value) == Said::Yes && !JUDGED.contains(&name) && tells(name, &TRACES) {
            let message = format!("{} tells of a forbidden surface that was touched", value.shown());
            out.push(value.finding(Code::SurfaceTouched, message, "tells of a touch"));
        }
    });
}

/// What the profile's surfaces are called.
struct Named(Vec<(String, BTreeSet<String>)>);

impl Named {
    fn of(profile: &Profile) -> Self {
        let groups = profile.groups(Key::Surfaces).into_iter();
        let names = groups.map(|(name, spellings)| {
            let all = spellings.iter().map(|spelling| squeezed(spelling)).chain([squeezed(&name)]).collect();
            (name, all)
        });
        Self(names.collect())
    }

    /// The surfaces that a name stands for; a name that is none of theirs is its own.
    fn surfaces(&self, name: &str) -> Vec<String> {
        let letters = squeezed(name);
        let meant = self.0.iter().filter(|(_, spellings)| spellings.contains(&letters));
        let meant: Vec<String> = meant.map(|(surface, _)| surface.clone()).collect();
        match (meant.is_empty(), letters.is_empty()) {
            (false, _) => meant,
            (true, false) => vec![letters],
            (true, true) => vec![name.to_owned()],
        }
    }
}

/// The surfaces that the profile demands are in the list, by any of their names.
fn accounted_for(root: Object<'_>, rows: &[Object<'_>], profile: &Profile, out: &mut Sink) {
    let names = rows.iter().filter_map(|row| row.get("surface")?.as_text());
    let listed: BTreeSet<String> = names.map(|name| plain(&name)).collect();
    for (name, spellings) in profile.groups(Key::Surfaces) {
        let mut known = spellings.iter().chain([&name]).map(|spelling| plain(spelling));
        if !known.any(|spelling| listed.contains(&spelling)) {
            let message = format!("the surface {} is not accounted for", quote(name.as_bytes()));
            let mut help = format!("list {}", quote(name.as_bytes()));
            for spelling in &spellings {
                help.extend([" or ", &quote(spelling.as_bytes())]);
            }
            out.push(root.finding(Code::SurfaceMissing, message, "lacks a surface").help(help));
        }
    }
}

/// A recorded number, where there is one, is the number of rows.
fn count(root: Object<'_>, field: &str, rows: usize, out: &mut Sink) {
    let Some(value) = root.field(field).optional() else { return };
    if let Some(said) = value.count(out)
        && said != rows as u64
    {
        let message = format!("{} is {said}, and the list holds {rows}", value.shown());
        out.push(value.finding(Code::SurfaceCountDiffers, message, "another number"));
    }
}

#[cfg(test)]
mod tests;
