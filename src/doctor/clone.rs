//! Whether a clone has the sealed files at all: tracked, not ignored, in this
//! repository, not left out, no links.

use std::collections::HashMap;

use super::attributes::quoting;
use super::risk::Risk;
use super::table::Kind;
use super::tree::Tree;
use crate::path::BytePath;
use crate::text::quote;

pub(super) fn risks(tree: &Tree<'_>, risks: &mut Vec<Risk>) {
    let Some(git) = &tree.git else { return };
    let mut elsewhere: HashMap<BytePath, Vec<usize>> = HashMap::new();
    let mut untracked = Vec::new();
    let mut known: HashMap<BytePath, bool> = HashMap::new();
    for (at, path) in tree.files.iter().enumerate() {
        if git.indexed.contains_key(&at) || !tree.sealed.listed.contains(path) {
            continue;
        }
        let mut other = Tree::above(path).filter(|folder| !folder.is_root());
        let inner = other
            .find(|folder| *known.entry(folder.clone()).or_insert_with(|| tree.holds_repository(folder)));
        match (inner, git.ignored.get(&at)) {
            (Some(folder), _) => elsewhere.entry(folder).or_default().push(at),
            (None, Some(rule)) => risks.push(ignored(tree, at, rule)),
            (None, None) => untracked.push(at),
        }
    }
    if !untracked.is_empty() {
        let risk = Risk::new(Kind::UntrackedFile, "no clone has these files, since git does not track them");
        risks.push(tree.concerning(risk.fix("`git add` them and commit them with their seal"), &untracked));
    }
    for (folder, numbers) in elsewhere {
        let name = quote(tree.shown(&folder).as_bytes());
        let reason =
            format!("the folder {name} is a repository of its own, which a plain clone leaves empty");
        let risk = Risk::new(Kind::SubmoduleFile, reason);
        let fix = "clone with `--recurse-submodules` where the seal is verified, or seal the folder in its own repository";
        risks.push(tree.concerning(risk.fix(fix), &numbers));
    }
    let sparse: Vec<usize> =
        (0..tree.files.len()).filter(|at| git.indexed.get(at).is_some_and(|file| file.skipped)).collect();
    if !sparse.is_empty() {
        let risk = Risk::new(Kind::SparseCheckout, "the sparse checkout leaves these files out");
        risks.push(tree.concerning(risk.fix("`git sparse-checkout add` their folder"), &sparse));
    }
    let links: Vec<usize> = (0..tree.files.len())
        .filter(|&at| tree.files.get(at).is_some_and(|path| is_link(tree, path)))
        .collect();
    if !links.is_empty() {
        let reason = "links: a system without them gets a file with the name of the target";
        let risk = Risk::new(Kind::LinkedFile, reason);
        risks.push(tree.concerning(risk.fix("put the file itself in its place and seal again"), &links));
    }
}

fn is_link(tree: &Tree<'_>, path: &BytePath) -> bool {
    std::fs::symlink_metadata(tree.sealed.base().join(path.to_os())).is_ok_and(|meta| meta.is_symlink())
}

fn ignored(tree: &Tree<'_>, at: usize, rule: &crate::git::IgnoreRule) -> Risk {
    let pattern = quote(&rule.pattern);
    let risk =
        Risk::new(Kind::IgnoredFile, format!("{pattern} makes git ignore the file, so that no clone has it"));
    let file = BytePath::root().child(&rule.file);
    let file = if rule.file.starts_with(b"/") { file } else { tree.shown(&file) };
    let Some(path) = tree.files.get(at) else { return risk };
    // A rule of the user's own is not the repository's to change.
    let name = quoting::ignored(path);
    let risk = risk.at(&file, rule.line).fix("`git add --force` it, or add behind that line");
    tree.concerning(risk.add(name.map(|name| format!("!{name}"))), &[at])
}
