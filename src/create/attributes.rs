//! The line of a `.gitattributes` that keeps git from changing a folder that was sealed.

use std::collections::BTreeSet;

use crate::finding::origin::AttributeLine;
use crate::gate::attribute_line;
use crate::git::{AttributeState, Attributes, Git};
use crate::path::BytePath;
use crate::source::{Source, WorkTree};

/// The line that the folder at `root` needs, for the files at `paths` from the
/// root of the repository. `None` outside of one, and when none is needed.
pub(super) fn line(tree: &WorkTree, root: &BytePath, paths: &[BytePath]) -> Option<AttributeLine> {
    if !tree.is_repository() {
        return None;
    }
    let paths: Vec<&BytePath> = paths.iter().collect();
    let known = Git::open(tree.base()).and_then(|git| git.attributes(&paths));
    // What cannot be asked is as if nothing was said.
    let all = known.unwrap_or_else(|_| vec![Attributes::default()]);
    let unset: BTreeSet<&str> = all.iter().flat_map(converting).collect();
    // The order of the documentation: line ends first.
    let order = ["text", "ident", "working-tree-encoding"];
    let unset: Vec<&str> = order.into_iter().filter(|name| unset.contains(name)).collect();
    if unset.is_empty() { None } else { attribute_line(&BytePath::root(), root, true, &unset) }
}

/// The attributes of a file that let a checkout change it. A filter is somebody's choice.
fn converting(attributes: &Attributes) -> impl Iterator<Item = &'static str> {
    let text = *attributes.state("text") != AttributeState::Unset;
    let ident = *attributes.state("ident") == AttributeState::Set;
    let encoding = attributes.state("working-tree-encoding").value().is_some();
    let all = [(text, "text"), (ident, "ident"), (encoding, "working-tree-encoding")];
    all.into_iter().filter(|(converts, _)| *converts).map(|(_, name)| name)
}
