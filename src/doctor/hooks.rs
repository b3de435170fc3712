//! Hooks in `.pre-commit-config.yaml` that rewrite files, and which sealed ones
//! they get.

mod known;

use std::collections::BTreeMap;

use known::{Hook, hook};
use regex_automata::meta::Regex;
use regex_automata::util::syntax;

use super::Unseen;
use super::cover::Part;
use super::kinds;
use super::risk::{Remedy, Risk};
use super::table::Kind;
use super::tree::Tree;
use crate::path::BytePath;
use crate::text::quote;
use crate::yaml::{Document, Value};

const NAMES: [&[u8]; 2] = [b".pre-commit-config.yaml", b".pre-commit-config.yml"];
/// A larger automaton is not built for a pattern, in bytes.
const AUTOMATON: usize = 1 << 20;

/// One hook with the whole configuration around it.
struct Wired<'c> {
    root: Value<'c>,
    hook: Value<'c>,
    known: &'static Hook,
    name: &'c str,
}

/// A filter of paths; absent where nothing is said.
struct Filter(Option<Regex>);

impl Filter {
    /// `None` for a pattern that is not understood.
    fn of(value: Option<Value<'_>>) -> Option<Self> {
        let Some(pattern) = value.and_then(Value::text) else { return Some(Self(None)) };
        let config = Regex::config().nfa_size_limit(Some(AUTOMATON)).utf8_empty(false);
        let syntax = syntax::Config::new().unicode(false).utf8(false);
        let built = Regex::builder().configure(config).syntax(syntax).build(pattern).ok()?;
        Some(Self(Some(built)))
    }

    fn matches(&self, path: &BytePath) -> Option<bool> {
        self.0.as_ref().map(|regex| regex.is_match(path.as_bytes()))
    }
}

pub(super) fn risks(tree: &Tree<'_>, risks: &mut Vec<Risk>, unseen: &mut Vec<Unseen>) {
    for name in NAMES {
        let path = BytePath::root().child(name);
        let shown = tree.shown(&path);
        let refused = |reason: String, line: Option<u64>| {
            Risk::new(Kind::ToolFileUnreadable, reason).at(&shown, line).fix("mend the file")
        };
        match tree.read(&path) {
            Ok(None) => {}
            Ok(Some(bytes)) => match Document::parse(&bytes) {
                Ok(document) => of_file(tree, document.root(), &shown, risks, unseen),
                Err(error) => risks.push(refused(error.reason, Some(error.line as u64))),
            },
            Err(refusal) => risks.push(refused(refusal.to_string(), None)),
        }
    }
}

fn of_file(
    tree: &Tree<'_>,
    root: Value<'_>,
    shown: &BytePath,
    risks: &mut Vec<Risk>,
    unseen: &mut Vec<Unseen>,
) {
    let mut found: BTreeMap<usize, (Vec<usize>, Wired<'_>)> = BTreeMap::new();
    let repos = root.get("repos").into_iter().flat_map(Value::items);
    for entry in repos.flat_map(|repo| repo.get("hooks").into_iter().flat_map(Value::items)) {
        let Some(name) = entry.get("id").and_then(Value::text) else { continue };
        let command = entry.get("entry").and_then(Value::text).unwrap_or_default();
        let command = command.split_whitespace().next().and_then(|word| word.rsplit('/').next());
        let Some(known) = hook(name).or_else(|| hook(command?)) else { continue };
        let wired = Wired { root, hook: entry, known, name };
        match wired.gets(tree) {
            Some(numbers) if numbers.is_empty() => {}
            Some(numbers) => {
                found.insert(entry.line(), (numbers, wired));
            }
            None => unseen.push(Unseen {
                what: format!("the hook {}", quote(name.as_bytes())),
                reason: "its patterns are more than is understood here".to_owned(),
                counts: false,
            }),
        }
    }
    for (line, (numbers, wired)) in found {
        let name = quote(wired.name.as_bytes());
        let mut risk = Risk::new(Kind::HookRewrites, format!("the hook {name} rewrites these files"));
        risk.remedy = wired.remedy(tree, shown, &numbers);
        risks.push(tree.concerning(risk.at(shown, line as u64), &numbers));
    }
}

impl Wired<'_> {
    /// The sealed files that the hook gets and changes; `None` when its patterns
    /// are not understood.
    fn gets(&self, tree: &Tree<'_>) -> Option<Vec<usize>> {
        let filter = |value: Value<'_>, name: &str| Filter::of(value.get(name));
        let files = [filter(self.root, "files")?, filter(self.hook, "files")?];
        let excludes = [filter(self.root, "exclude")?, filter(self.hook, "exclude")?];
        let arguments = self.hook.get("args").into_iter().flat_map(Value::items).filter_map(Value::text);
        let arguments: Vec<&str> = arguments.collect();
        let mut gets = Vec::new();
        for (at, path) in tree.files.iter().enumerate() {
            let content = tree.contents().get(at)?;
            let wanted = files.iter().all(|filter| filter.matches(path).unwrap_or(true))
                && !excludes.iter().any(|filter| filter.matches(path).unwrap_or(false));
            let of_kind = |kind: &str| !kinds::is_known(kind) || kinds::is(path, content, kind);
            let named =
                |name: &str| self.hook.get(name).into_iter().flat_map(Value::items).filter_map(Value::text);
            let said = self.hook.get("types").is_some() || self.hook.get("types_or").is_some();
            let by_kind = if said {
                named("types").all(of_kind)
                    && (named("types_or").next().is_none() || named("types_or").any(of_kind))
            } else {
                self.known.kinds.iter().any(|kind| kinds::is(path, content, kind))
            };
            let left_out = named("exclude_types").any(|kind| kinds::is(path, content, kind));
            if wanted && by_kind && !left_out && (self.known.changes)(content, &arguments) {
                gets.push(at);
            }
        }
        Some(gets)
    }

    /// The line that keeps the hook away from what is sealed.
    fn remedy(&self, tree: &Tree<'_>, shown: &BytePath, numbers: &[usize]) -> Remedy {
        let paths = numbers.iter().filter_map(|&at| tree.files.get(at));
        let parts = match tree.cover().few(paths) {
            Ok(parts) => parts,
            Err(say) => return Remedy { say, lines: Vec::new() },
        };
        let parts: Vec<String> = parts.iter().filter_map(pattern).collect();
        let alternatives = parts.join("|");
        let all = if parts.len() == 1 { format!("^{alternatives}") } else { format!("^(?:{alternatives})") };
        let quoted = |pattern: &str| format!("exclude: '{}'", pattern.replace('\'', "''"));
        let file = quote(shown.as_bytes());
        let name = quote(self.name.as_bytes());
        let (say, line) = match (self.root.get("exclude").and_then(Value::text), self.hook.get("exclude")) {
            (None, _) => (format!("add at the top of {file}"), quoted(&all)),
            (Some(_), None) => (format!("add to the hook {name}"), quoted(&all)),
            (Some(_), Some(own)) => {
                let own = own.text().filter(|own| !own.contains('\n'));
                let line = own.map_or_else(|| format!("|{all}"), |own| quoted(&format!("(?:{own})|{all}")));
                (format!("let `exclude` of the hook {name} be"), line)
            }
        };
        let line = if line.chars().any(crate::text::is_deceptive) { Vec::new() } else { vec![line] };
        Remedy { say, lines: line }
    }
}

/// A regular expression for a part, without the `^` before it.
fn pattern(part: &Part) -> Option<String> {
    let (path, tail) = match part {
        Part::Below(folder) if folder.is_root() => return Some(String::new()),
        Part::Below(folder) => (folder, "/"),
        Part::File(file) => (file, "$"),
    };
    let text = std::str::from_utf8(path.as_bytes()).ok()?;
    let mut out = String::new();
    for c in text.chars() {
        if r"\.+*?()|[]{}^$#&-~".contains(c) && !"-#&~".contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
    Some(out + tail)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::path::Backslash;

    #[test]
    fn a_pattern_matches_what_it_is_for() {
        for name in ["packet", "a.b", "x (1)+", "[a]{b}|c^$", "\u{e9}"] {
            let path = BytePath::parse(name.as_bytes(), Backslash::Literal).unwrap();
            let text = format!("- '^{}'\n", pattern(&Part::File(path.clone())).unwrap());
            let document = Document::parse(text.as_bytes()).unwrap();
            let filter = Filter::of(document.root().items().next()).unwrap();
            assert_eq!(filter.matches(&path), Some(true), "{text}");
            assert_eq!(filter.matches(&path.child(b"x")), Some(false), "{text}");
        }
    }

    #[test]
    fn a_pattern_that_is_too_large_or_looks_around_is_not_understood() {
        for text in ["- '(?=x)'\n", "- '('\n", "- '(a{1000}){1000}'\n"] {
            let document = Document::parse(text.as_bytes()).unwrap();
            assert!(Filter::of(document.root().items().next()).is_none(), "{text}");
        }
    }
}
