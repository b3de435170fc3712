//! Layouts and the serializers that write them, in words.
//!
//! Many serializers write the same bytes: what is told is the class of them all.

use super::classes;
use super::document::Document;
use super::hand;
use super::lay::is_like;
use super::layout::{self, Layout};
use super::policy::{POLICIES, Policy};
use super::structure::containers;
use super::units::{self, Spelling, Value, spelling, units};

/// Above this many bytes a layout is not compared with all that are known.
const LARGE: usize = 8 << 20;

/// A serializer: how it lays out, what it escapes.
struct Tool {
    layout: Layout,
    /// Whether it ends the last line.
    ends: bool,
    /// The policy's tool.
    name: &'static str,
}

/// Every pairing of a policy's tools with the layouts that they print.
fn tools() -> Vec<Tool> {
    let mut out = Vec::new();
    let mut add = |policies: &[&'static str], layouts: &[(Layout, bool)]| {
        for policy in policies {
            out.extend(layouts.iter().map(|(layout, ends)| Tool {
                layout: *layout,
                ends: *ends,
                name: policy,
            }));
        }
    };
    let compact = layout::COMPACT;
    let two = layout::pretty(2);
    let four = layout::pretty(4);
    let tabs = layout::pretty_tabs();
    let open = |layout| (layout, false);
    let ended = |layout| (layout, true);
    add(&["JavaScript"], &[compact, two, four, tabs].map(open));
    let python = [layout::SPACED, compact, two, four, layout::pretty(1), tabs].map(open);
    add(&["Python", "Python ensure_ascii=False"], &python);
    add(&["Python"], &[ended(four)]);
    add(&["serde_json"], &[compact, two].map(open));
    add(&["jq"], &[two, compact, tabs].map(ended));
    let go = ["Go", "Go before 1.22", "Go without HTML escaping", "Go before 1.22 without HTML escaping"];
    add(&go, &[compact, two, four, tabs].map(open));
    add(&go, &[compact, two, four, tabs].map(ended));
    let php = ["PHP", "PHP JSON_UNESCAPED_SLASHES", "PHP JSON_UNESCAPED_UNICODE"];
    add(&php, &[compact, four].map(open));
    add(&["PHP JSON_UNESCAPED_UNICODE and _SLASHES"], &[compact, four].map(open));
    add(&["Ruby", "Ruby ascii_only"], &[compact, two, layout::ruby()].map(open));
    add(&["Jackson", "Jackson ESCAPE_NON_ASCII"], &[compact, layout::jackson()].map(open));
    add(&["Gson", "Newtonsoft.Json", "System.Text.Json"], &[compact, two].map(open));
    add(&["System.Text.Json for all Unicode", "Newtonsoft.Json EscapeHtml"], &[compact, two].map(open));
    add(&["Perl ascii"], &[open(compact), ended(layout::perl())]);
    add(&["PowerShell 5.1"], &[compact, layout::power_shell()].map(open));
    add(&["nlohmann", "RapidJSON", "RapidJSON ASCII"], &[compact, four].map(open));
    add(&["prettier"], &[ended(layout::prettier(2, 80)), ended(layout::prettier(4, 80))]);
    out
}

/// From which layout to which a text was changed, with the tools that print the sealed one.
pub(super) fn layouts_in_words(found: &[u8], sealed: &[u8]) -> String {
    let (then, now) = (Known::of(sealed), Known::of(found));
    let (Some(name), tools) = (&then.name, &then.tools) else {
        return match &now.name {
            Some(name) => format!("sealed laid out by hand, now {name}{}", listed(&now.tools)),
            None => by_hand(found, sealed),
        };
    };
    let escapes = then.escapes.map(|escapes| format!(", {escapes}")).unwrap_or_default();
    let now = match &now.name {
        Some(now) if now != name => now.as_str(),
        _ => "with other blanks",
    };
    format!("sealed {name}{escapes}{}, now {now}", listed(tools))
}

/// What changed between two layouts that no tool writes.
fn by_hand(found: &[u8], sealed: &[u8]) -> String {
    let lines = |text: &[u8]| memchr::memchr_iter(b'\n', text).count() + usize::from(!text.ends_with(b"\n"));
    let (then, now) = (lines(sealed), lines(found));
    let unindented = |text: &[u8]| -> Vec<u8> {
        let lines = text.split(|b| *b == b'\n').map(<[u8]>::trim_ascii_start);
        lines.collect::<Vec<_>>().join(&b'\n')
    };
    if then != now {
        match changed(found, sealed) {
            Some(change) => format!("{change}, now in {now} lines for {then}"),
            None => format!("sealed in {then} lines, now in {now}"),
        }
    } else if unindented(found) == unindented(sealed) {
        "sealed with other indentation".to_owned()
    } else {
        "sealed with other blanks within lines".to_owned()
    }
}

/// The change of containers of some class that gives the sealed layout.
fn changed(found: &[u8], sealed: &[u8]) -> Option<String> {
    if found.len() > LARGE / 8 {
        return None;
    }
    let document = Document::read(found)?;
    let all = containers(&document);
    let body = sealed.trim_ascii_end();
    let mut written = Vec::new();
    classes::changes(&document, &all)
        .into_iter()
        .find(|hand| {
            hand::render(&document, &all, hand, &mut written);
            written.trim_ascii_end() == body
        })
        .and_then(|hand| hand.name())
}

/// The tools of a class in brackets, not too many of them.
fn listed(tools: &[&str]) -> String {
    match tools {
        [] => String::new(),
        [shown @ .., _, _] if shown.len() > 2 => {
            let shown = shown.get(..3).unwrap_or(shown);
            format!(" ({} and {} others)", shown.join(", "), tools.len() - shown.len())
        }
        _ => format!(" ({})", tools.join(", ")),
    }
}

/// What is known of how a text is written.
struct Known {
    name: Option<String>,
    escapes: Option<&'static str>,
    tools: Vec<&'static str>,
}

impl Known {
    fn of(bytes: &[u8]) -> Self {
        let nothing = Self { name: None, escapes: None, tools: Vec::new() };
        let Some(document) = Document::read(bytes) else { return nothing };
        let most = if bytes.len() > LARGE { 8 } else { usize::MAX };
        let layouts = layout::candidates(&document, 0..most);
        let Some(layout) = layouts.iter().find(|layout| is_like(&document, layout)) else { return nothing };
        let units = units(bytes).unwrap_or_default();
        let crlf = memchr::memmem::find(bytes, b"\r\n").is_some();
        let ends = bytes.ends_with(b"\n");
        let mut tools = Vec::new();
        for tool in tools_of(&units, bytes) {
            let mut layout = tool.layout;
            layout.style.crlf = crlf;
            if tool.ends == ends && !tools.contains(&tool.name) && is_like(&document, &layout) {
                tools.push(tool.name);
            }
        }
        Self { name: Some(layout.name()), escapes: escapes_of(bytes, &units), tools }
    }
}

/// The tools whose policy spells the strings as they are.
fn tools_of(units: &[units::Unit], text: &[u8]) -> Vec<Tool> {
    let fitting: Vec<&Policy> = POLICIES.iter().filter(|policy| policy.spells(text, units)).collect();
    let mut out = tools();
    out.retain(|tool| fitting.iter().any(|policy| policy.tools.contains(&tool.name)));
    out
}

/// What became of the characters outside ASCII; nothing when there are none.
fn escapes_of(text: &[u8], units: &[units::Unit]) -> Option<&'static str> {
    let wide = units.iter().filter(|unit| matches!(unit.value, Value::Char(c) if !c.is_ascii()));
    let mut raw = wide.map(|unit| spelling(unit.of(text)) == Spelling::Raw);
    let first = raw.next()?;
    Some(match (first, raw.all(|raw| raw == first)) {
        (true, true) => "non-ASCII kept",
        (false, true) => "non-ASCII escaped",
        _ => "some non-ASCII escaped",
    })
}
