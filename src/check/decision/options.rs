//! The options of a decision: those that there are, each once, none of them chosen.

use std::collections::BTreeSet;

use crate::code::Code;
use crate::evidence::{Object, Value};
use crate::finding::Sink;
use crate::profile::{Key, Profile};
use crate::text::quote;

/// Judges the options of a form with that default.
pub(super) fn judge(root: Object<'_>, default: Option<&str>, profile: &Profile, out: &mut Sink) {
    let Some(list) = root.field("options").list(out) else { return };
    let mut named = BTreeSet::new();
    let mut marked = Vec::new();
    let mut any_mark = false;
    for value in &list {
        let option = match value.as_object() {
            Some(row) => {
                let option = row.field("option").value(out);
                if let (Some(mark), Some(option)) = (row.get("is_default"), option) {
                    any_mark = true;
                    marked.extend((mark.flag(out) == Some(true)).then_some(option));
                }
                option
            }
            None => Some(*value),
        };
        let Some((at, option)) = option.and_then(|at| Some((at, at.word(out)?))) else { continue };
        if !is_known(&option, profile) {
            let message = format!("{} is no option of this decision", quote(option.as_bytes()));
            out.push(at.finding(Code::DecisionOptionsDiffer, message, "unknown option"));
        }
        if !named.insert(option.to_string()) {
            let message = format!("the option {} is listed twice", quote(option.as_bytes()));
            out.push(at.finding(Code::DecisionOptionsDiffer, message, "again"));
        }
    }
    complete(root, &named, default, profile, out);
    if any_mark {
        marks(root, &marked, default, out);
    }
}

fn is_known(option: &str, profile: &Profile) -> bool {
    let options = profile.words(Key::DecisionOptions);
    let defaults = profile.words(Key::DecisionDefaults);
    options.is_empty() || options.iter().chain(&defaults).any(|known| known == option)
}

/// Every option is listed, and the default among them. Holding is one option,
/// whichever of its names is the default.
fn complete(
    root: Object<'_>,
    named: &BTreeSet<String>,
    default: Option<&str>,
    profile: &Profile,
    out: &mut Sink,
) {
    let at = root.get("options").unwrap_or_else(|| root.value());
    let mut missing = |what: &str, option: &str| {
        let message = format!("{what} {} is not among the options", quote(option.as_bytes()));
        out.push(at.finding(Code::DecisionOptionsDiffer, message, "lacks an option"));
    };
    let defaults = profile.words(Key::DecisionDefaults);
    let holds = defaults.iter().any(|hold| named.contains(hold));
    let due = profile.words(Key::DecisionOptions);
    for option in due.iter().filter(|option| !named.contains(*option)) {
        if !(holds && defaults.contains(option)) {
            missing("the option", option);
        }
    }
    if let Some(default) = default.filter(|default| !named.contains(*default)) {
        missing("the default", default);
    }
    if named.is_empty() {
        let message = "there is no option to choose from";
        out.push(at.finding(Code::DecisionOptionsDiffer, message, "no option"));
    }
}

/// Exactly the default is marked as the default.
fn marks(root: Object<'_>, marked: &[Value<'_>], default: Option<&str>, out: &mut Sink) {
    let wrong = match marked {
        [one] if one.as_text().as_deref() == default => return,
        [one] => (*one, "an option other than the default is marked as the default"),
        [] => (root.value(), "no option is marked as the default"),
        [_, second, ..] => (*second, "more than one option is marked as the default"),
    };
    out.push(wrong.0.finding(Code::DecisionOptionsDiffer, wrong.1, "marked wrongly"));
}
