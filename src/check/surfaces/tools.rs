//! The tools that were called: allowed ones, on allowed paths.

use crate::code::Code;
use crate::config::Globs;
use crate::evidence::{Document, Object};
use crate::finding::Sink;
use crate::path::{Backslash, BytePath};
use crate::profile::{Key, Profile};
use crate::text::quote;

/// What the profile says of tools.
struct Rules {
    allowed: Vec<String>,
    forbidden: Vec<String>,
    paths: Globs,
}

/// Judges every call of the log; how many there are.
pub(super) fn judge(log: &Document, profile: &Profile, out: &mut Sink) -> usize {
    let rules = Rules {
        allowed: profile.words(Key::AllowedTools),
        forbidden: profile.words(Key::ForbiddenTools),
        paths: profile.globs(Key::AllowedPaths),
    };
    let Some(root) = log.root().object(out) else { return 0 };
    let calls = root.field("calls").objects(out).unwrap_or_default();
    for call in &calls {
        tool(*call, &rules, out);
        path(*call, &rules, out);
    }
    super::count(root, "call_count", calls.len(), out);
    calls.len()
}

/// Whether a name is the pattern, or begins as the pattern does before its `*`.
pub(in crate::check) fn is_like(name: &str, pattern: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(head) => name.starts_with(head),
        None => name == pattern,
    }
}

fn tool(call: Object<'_>, rules: &Rules, out: &mut Sink) {
    let Some(value) = call.field("tool").value(out) else { return };
    let Some(name) = value.word(out) else { return };
    // However it is written: a forbidden tool in capitals is that tool.
    let lower = name.to_lowercase();
    let is_forbidden = rules.forbidden.iter().any(|tool| is_like(&lower, &tool.to_lowercase()));
    let is_allowed = rules.allowed.is_empty() || rules.allowed.iter().any(|tool| *tool == name);
    let shown = quote(name.as_bytes());
    let (message, label) = if is_forbidden {
        (format!("the tool {shown} is forbidden and was called"), "forbidden")
    } else if is_allowed {
        return;
    } else {
        (format!("the tool {shown} is not among the allowed ones and was called"), "not allowed")
    };
    out.push(value.finding(Code::ToolNotAllowed, message, label));
}

/// The path of a call, where the profile says which are allowed. What is no path
/// below a root, such as one with `..`, is none of them.
fn path(call: Object<'_>, rules: &Rules, out: &mut Sink) {
    if rules.paths.patterns().is_empty() {
        return;
    }
    let Some(value) = call.field("path").value(out) else { return };
    let Some(text) = value.word(out) else { return };
    let parsed = BytePath::parse(text.as_bytes(), Backslash::Refuse);
    if !parsed.is_ok_and(|path| rules.paths.matches(&path)) {
        let message = format!("a tool was called on {}, which is no allowed path", quote(text.as_bytes()));
        let help = format!("allowed: {}", rules.paths.patterns().join(", "));
        out.push(value.finding(Code::ToolPathNotAllowed, message, "not allowed").help(help));
    }
}
