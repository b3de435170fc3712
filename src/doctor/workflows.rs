//! The workflows of a repository that run the gate.

use super::Unseen;
use super::risk::Risk;
use super::table::Kind;
use super::tree::Tree;
use super::workflow::Workflow;
use crate::path::{Backslash, BytePath};
use crate::source::Kind as FileKind;

/// More workflows than any repository has are not looked through.
const MOST: usize = 500;

pub(super) fn risks(tree: &Tree<'_>, risks: &mut Vec<Risk>, unseen: &mut Vec<Unseen>) {
    let folder = BytePath::root().child(b".github").child(b"workflows");
    let mut files = tree.folder(&folder);
    files.retain(|file| {
        let name = file.path.file_name();
        file.kind == FileKind::File && (name.ends_with(b".yml") || name.ends_with(b".yaml"))
    });
    if files.len() > MOST {
        let reason = format!("there are more than {MOST}");
        unseen.push(Unseen { what: "workflows".to_owned(), reason, counts: true });
        files.truncate(MOST);
    }
    for file in files {
        let shown = tree.shown(&file.path);
        let parsed = match tree.read(&file.path) {
            Ok(Some(bytes)) => {
                Workflow::parse(&shown, &bytes).map_err(|error| (error.reason, Some(error.line as u64)))
            }
            Ok(None) => continue,
            Err(refusal) => Err((refusal.to_string(), None)),
        };
        match parsed {
            Ok(workflow) => risks.extend(workflow.judge(&|folder| is_gate(tree, folder))),
            Err((reason, line)) => {
                let risk = Risk::new(Kind::WorkflowUnreadable, reason).at(&shown, line);
                risks.push(risk.fix("mend the file"));
            }
        }
    }
}

/// Whether an action of this repository runs the gate, by what its file says.
fn is_gate(tree: &Tree<'_>, folder: &str) -> bool {
    let name = folder.trim_matches('/').as_bytes();
    let folder =
        if name.is_empty() { Some(BytePath::root()) } else { BytePath::parse(name, Backslash::Literal).ok() };
    let Some(folder) = folder else { return false };
    [b"action.yml".as_slice(), b"action.yaml"].iter().any(|name| {
        let text = tree.read(&folder.child(name)).ok().flatten().unwrap_or_default();
        [b"seal verify".as_slice(), b"action/run.sh"]
            .iter()
            .any(|mark| memchr::memmem::find(&text, mark).is_some())
    })
}
