//! Whether a row of the scope may allow what it allows.

use crate::check::environment;
use crate::check::probes::plain;
use crate::code::Code;
use crate::evidence::{Object, Value};
use crate::finding::Sink;
use crate::profile::{Key, Profile};
use crate::text::quote;

/// Words that stand for no way back.
const NOTHING: [&str; 9] = ["", "none", "no", "nothing", "n_a", "na", "tbd", "unknown", "not_applicable"];

/// Judges a row that allows its target.
pub(super) fn judge(profile: &Profile, row: Object<'_>, target: &str, out: &mut Sink) -> bool {
    let name = quote(target.as_bytes());
    let known = profile.words(Key::MutationsAllowed);
    if profile.has(Key::MutationsAllowed) && !known.iter().any(|known| known == target) {
        let message =
            format!("{name} is allowed, and the profile allows {}", quote(known.join(", ").as_bytes()));
        let at = row.get("target").unwrap_or_else(|| row.value());
        out.push(at.finding(Code::MutationOutOfScope, message, "not in the profile"));
        return false;
    }
    let in_place = is_in_place(profile, row, &name, out);
    let on_surface = ["mutation_surface", "surface"].map(|field| {
        // Both where there are both: readers take either.
        row.get(field).is_none_or(|value| is_on_surface(profile, value, &name, out))
    });
    is_of_kind(profile, row, &name, out);
    in_place && on_surface.into_iter().all(|good| good)
}

/// Its environment is none in which nothing may be changed.
fn is_in_place(profile: &Profile, row: Object<'_>, name: &str, out: &mut Sink) -> bool {
    let Some(value) = row.get("environment") else { return true };
    let Some(text) = value.as_text().filter(|text| environment::is_forbidden(profile, text)) else {
        return true;
    };
    let message = format!("{name} is allowed in {}", quote(text.as_bytes()));
    out.push(value.finding(Code::MutationOutOfScope, message, "a forbidden environment"));
    false
}

/// A surface is one that may be allowed; what the profile does not know is forbidden.
fn is_on_surface(profile: &Profile, value: Value<'_>, name: &str, out: &mut Sink) -> bool {
    let text = match value.as_text() {
        Some(text) => text.into_owned(),
        None => match value.integer(out) {
            Some(number) => number.to_string(),
            None => return false,
        },
    };
    let is_one = |key: Key| profile.words(key).iter().any(|word| word == text.trim());
    let forbidden = is_one(Key::SurfacesForbidden) || is_one(Key::SurfacesExcluded);
    let unknown = profile.has(Key::SurfacesAllowed) && !is_one(Key::SurfacesAllowed);
    if !forbidden && !unknown {
        return true;
    }
    let why = if forbidden { "which is forbidden" } else { "which the profile does not allow" };
    let message = format!("{name} is allowed on the surface {}, {why}", quote(text.as_bytes()));
    out.push(value.finding(Code::MutationOutOfScope, message, "a forbidden surface"));
    false
}

/// Its type and its risk are ones that may be allowed, and there is a way back.
fn is_of_kind(profile: &Profile, row: Object<'_>, name: &str, out: &mut Sink) {
    let text = |field: &str| row.get(field).and_then(|value| Some((value, value.as_text()?)));
    let types = profile.words(Key::MutationTypes);
    if let Some((value, text)) = text("mutation_type")
        && !types.is_empty()
        && !types.iter().any(|known| plain(known) == plain(&text))
    {
        value.unknown(&text, &types, out);
    }
    let risks = profile.words(Key::MutationRisks);
    if let Some((value, text)) = text("production_risk")
        && !risks.is_empty()
        && !text.trim().is_empty()
    {
        let lower = text.to_lowercase();
        let first = lower.split(|c: char| c.is_whitespace() || ",;:.(\u{2014}".contains(c)).next();
        if !risks.iter().any(|known| Some(known.as_str()) == first) {
            let message = format!("{name} is allowed with the risk {}", quote(text.as_bytes()));
            out.push(value.finding(Code::MutationOutOfScope, message, "a risk to production"));
        }
    }
    if let Some((value, text)) = text("rollback_method")
        && !text.trim().is_empty()
        && NOTHING.contains(&&*plain(&text))
    {
        let message = format!("{name} is allowed, and {} is no way back", quote(text.as_bytes()));
        out.push(value.finding(Code::MutationOutOfScope, message, "no way back"));
    }
}
