//! `surfaces`: what must not be touched is accounted for and was not touched.

mod tools;
mod traces;

use std::collections::BTreeSet;

use super::probes::plain;
use super::{Applied, Check, CheckError, Level, Meta, Packet, Sink};
use crate::code::Code;
use crate::evidence::{Document, Object};
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
        traces::beside(packet.profile(), root, &rows, out);
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
    traces::said_elsewhere(root, &due, out);
    if !due.is_empty() {
        traces::done_to(profile, root, out);
    }
    due.len()
}

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
