//! `scope`: what was changed is what may be changed, no more and no less. A
//! surface that nobody names, or that is named twice, is forbidden.

mod calls;
mod lawful;
mod made;

use std::collections::{BTreeMap, BTreeSet};

use super::{Applied, Check, CheckError, Level, Meta, Packet, Sink};
use crate::code::Code;
use crate::evidence::Object;
use crate::profile::{Profile, Role};
use crate::text::alike::folded;
use crate::text::quote;
pub(super) use calls::is_document_of;
use made::Made;

pub(super) struct ScopeCheck;

static META: Meta = Meta {
    id: "scope",
    level: Level::L3,
    summary: "the mutations made are the mutations allowed",
    documents: &["scope_lock", "rollback_proof", "machine_report", "tool_calls"],
    codes: &[
        Code::MutationOutOfScope,
        Code::MutationNotMade,
        Code::MutationsDiffer,
        Code::ScopeNotProven,
        Code::ScopeAmbiguous,
    ],
};

impl Check for ScopeCheck {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn run(&self, packet: &Packet, out: &mut Sink) -> Result<Applied, CheckError> {
        let Some(document) = packet.document(Role::ScopeLock, out)? else {
            return Ok(Applied::No("no lock of the scope".into()));
        };
        let Some(root) = document.root().object(out) else {
            return Ok(Applied::Yes("the lock is no object".into()));
        };
        let message = "the lock does not prove that production is out of scope";
        root.field("no_production_scope_proven").must_be(true, Code::ScopeNotProven, message, out);
        root.field("isolation_basis").word(out);
        let rows = root.field("table_B").objects(out).unwrap_or_default();
        let allowed = allowed(packet.profile(), root, &rows, out);
        let made = made::all(packet, out)?;
        compare(root, &allowed, &made, out);
        made::agree(&made, out);
        made::add_only(packet.profile(), &made, out);
        made::on_forbidden(packet.profile(), &made, out);
        calls::compare(packet, &allowed, &made, out)?;
        let names: BTreeSet<&str> = made.iter().map(|made| made.target.as_str()).collect();
        Ok(Applied::Yes(format!("{} of {} allowed mutations made", names.len(), allowed.len())))
    }
}

/// The targets that may be changed, with the row of each.
fn allowed<'d>(
    profile: &Profile,
    root: Object<'d>,
    rows: &[Object<'d>],
    out: &mut Sink,
) -> BTreeMap<String, Object<'d>> {
    let mut seen = BTreeSet::new();
    let mut allowed = BTreeMap::new();
    let mut ambiguous = BTreeSet::new();
    for row in rows {
        let target = row.field("target").word(out);
        for field in ["environment", "mutation_type", "production_risk", "rollback_method"] {
            row.field(field).word(out);
        }
        let may = row.field("allowed").flag(out);
        let Some(target) = target.map(|target| target.trim().to_owned()) else { continue };
        // Two names that readers take for one are one.
        let alike = folded(&target);
        if !seen.insert(alike.clone()) {
            let message = format!("the target {} is listed twice", quote(target.as_bytes()));
            out.push(row.finding(Code::ScopeAmbiguous, message, "again"));
            ambiguous.insert(alike);
        }
        if may == Some(true) && lawful::judge(profile, *row, &target, out) {
            allowed.insert(target, *row);
        }
    }
    if rows.is_empty() && root.has("table_B") {
        out.push(root.finding(Code::ScopeAmbiguous, "the lock names no target", "no target"));
    }
    allowed.retain(|target, _| !ambiguous.contains(&folded(target)));
    allowed
}

fn compare(root: Object<'_>, allowed: &BTreeMap<String, Object<'_>>, made: &[Made<'_>], out: &mut Sink) {
    for one in made.iter().filter(|one| !allowed.contains_key(&one.target)) {
        let message =
            format!("{} was changed, and the scope does not allow it", quote(one.target.as_bytes()));
        out.push(one.at.finding(Code::MutationOutOfScope, message, "out of scope"));
    }
    let names: BTreeSet<&str> = made.iter().map(|one| one.target.as_str()).collect();
    for (target, row) in allowed {
        if !names.contains(target.as_str()) {
            let message =
                format!("{} may be changed, and no change of it is recorded", quote(target.as_bytes()));
            let at = row.get("target").unwrap_or_else(|| root.value());
            out.push(at.finding(Code::MutationNotMade, message, "not made"));
        }
    }
}

#[cfg(test)]
mod tests;
