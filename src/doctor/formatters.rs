//! Formatters that a repository is set up for, and whether they are kept from
//! what is sealed.

use ignore::gitignore::{Gitignore, GitignoreBuilder};

use super::attributes::quoting;
use super::cover::Part;
use super::kinds::{self, WEB};
use super::risk::Risk;
use super::table::Kind;
use super::tree::Tree;
use crate::path::BytePath;
use crate::text::quote;

/// A formatter whose settings name what it leaves alone.
struct Formatter {
    name: &'static str,
    settings: &'static [&'static [u8]],
    /// The line for places, each escaped as JSON.
    line: fn(&[String]) -> String,
}

static FORMATTERS: &[Formatter] = &[
    Formatter {
        name: "biome",
        settings: &[b"biome.json", b"biome.jsonc"],
        line: |places| {
            let taken_back: Vec<String> = places.iter().map(|place| format!("\"!{place}\"")).collect();
            format!("\"files\": {{ \"includes\": [\"**\", {}] }}", taken_back.join(", "))
        },
    },
    Formatter {
        name: "dprint",
        settings: &[b"dprint.json", b"dprint.jsonc", b".dprint.json", b".dprint.jsonc"],
        line: |places| {
            let left_out: Vec<String> = places.iter().map(|place| format!("\"{place}\"")).collect();
            format!("\"excludes\": [{}]", left_out.join(", "))
        },
    },
];

/// Files that set prettier up, by how their names begin.
const PRETTIER: [&[u8]; 2] = [b".prettierrc", b"prettier.config."];

pub(super) fn risks(tree: &Tree<'_>, risks: &mut Vec<Risk>) {
    let top = tree.folder(&BytePath::root());
    let names: Vec<&[u8]> = top.iter().map(|listed| listed.path.file_name()).collect();
    let rewritten: Vec<usize> = (0..tree.files.len()).filter(|&at| is_rewritten(tree, at)).collect();
    if rewritten.is_empty() {
        return;
    }
    prettier(tree, &names, &rewritten, risks);
    for formatter in FORMATTERS {
        let there = formatter.settings.iter().find(|name| names.contains(*name));
        if let Some(name) = there {
            by_settings(tree, formatter, name, &rewritten, risks);
        }
    }
}

fn is_rewritten(tree: &Tree<'_>, at: usize) -> bool {
    let (Some(path), Some(content)) = (tree.files.get(at), tree.contents().get(at)) else { return false };
    WEB.iter().any(|kind| kinds::is(path, content, kind))
}

fn prettier(tree: &Tree<'_>, names: &[&[u8]], rewritten: &[usize], risks: &mut Vec<Risk>) {
    let package = BytePath::root().child(b"package.json");
    let named = || {
        let text = tree.read(&package).ok().flatten().unwrap_or_default();
        memchr::memmem::find(&text, b"\"prettier\"").is_some()
    };
    let own = names.iter().find(|name| PRETTIER.iter().any(|front| name.starts_with(front)));
    let settings = match own {
        Some(name) => BytePath::root().child(name),
        None if names.contains(&b"package.json".as_slice()) && named() => package,
        None => return,
    };
    let ignore = BytePath::root().child(b".prettierignore");
    let rules = [rules(tree, &ignore), rules(tree, &BytePath::root().child(b".gitignore"))];
    let open: Vec<usize> = rewritten
        .iter()
        .copied()
        .filter(|&at| {
            let path = tree.files.get(at).map(BytePath::to_os);
            path.is_some_and(|path| {
                !rules.iter().any(|r| r.matched_path_or_any_parents(&path, false).is_ignore())
            })
        })
        .collect();
    if open.is_empty() {
        return;
    }
    let paths = open.iter().filter_map(|&at| tree.files.get(at));
    let line = |part: Part| match part {
        Part::Below(folder) if folder.is_root() => Some("*".to_owned()),
        Part::Below(folder) => quoting::ignored(&folder).map(|line| format!("{line}/")),
        Part::File(file) => quoting::ignored(&file),
    };
    let reason = "prettier is set up, and rewrites these files when it is run";
    let risk = Risk::new(Kind::FormatterRewrites, reason).at(&tree.shown(&settings), None);
    let risk = match tree.cover().few(paths) {
        Ok(parts) => {
            let to = quote(tree.shown(&ignore).as_bytes());
            risk.fix(format!("add to {to}")).add(parts.into_iter().filter_map(line))
        }
        Err(say) => risk.fix(say),
    };
    risks.push(tree.concerning(risk, &open));
}

fn rules(tree: &Tree<'_>, file: &BytePath) -> Gitignore {
    let mut builder = GitignoreBuilder::new("");
    let text = tree.read(file).ok().flatten().unwrap_or_default();
    for line in String::from_utf8_lossy(&text).lines() {
        // A broken line is a rule less.
        let _ = builder.add_line(None, line).is_ok();
    }
    builder.build().unwrap_or_else(|_| Gitignore::empty())
}

/// Settings in which a place is named are taken to leave it alone.
fn by_settings(
    tree: &Tree<'_>,
    formatter: &Formatter,
    name: &[u8],
    rewritten: &[usize],
    risks: &mut Vec<Risk>,
) {
    let settings = BytePath::root().child(name);
    let text = tree.read(&settings).ok().flatten().unwrap_or_default();
    let place = |part: &Part| {
        let (path, tail) = match part {
            Part::Below(folder) => (folder, if folder.is_root() { "**" } else { "/**" }),
            Part::File(file) => (file, ""),
        };
        let text = std::str::from_utf8(path.as_bytes()).ok()?;
        let quoted = serde_json::to_string(&format!("{text}{tail}")).ok()?;
        quoted.strip_prefix('"')?.strip_suffix('"').map(str::to_owned)
    };
    let named = |part: &Part| match part {
        Part::Below(path) | Part::File(path) => {
            !path.is_root() && memchr::memmem::find(&text, path.as_bytes()).is_some()
        }
    };
    let shown = tree.shown(&settings);
    let reason = format!("{} is set up, and rewrites these files when it is run", formatter.name);
    let risk = Risk::new(Kind::FormatterRewrites, reason).at(&shown, None);
    let mut open = match tree.cover().few(rewritten.iter().filter_map(|&at| tree.files.get(at))) {
        Ok(parts) => parts,
        Err(say) => return risks.push(tree.concerning(risk.fix(say), rewritten)),
    };
    open.retain(|part| !named(part));
    if open.is_empty() {
        return;
    }
    let is_open =
        |at: &usize| tree.files.get(*at).is_some_and(|path| open.contains(&tree.cover().part(path)));
    let numbers: Vec<usize> = rewritten.iter().copied().filter(is_open).collect();
    let places: Vec<String> = open.iter().filter_map(place).collect();
    let risk = risk.fix(format!("let {} say", quote(shown.as_bytes()))).add([(formatter.line)(&places)]);
    risks.push(tree.concerning(risk, &numbers));
}
