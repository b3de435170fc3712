//! `seal doctor`: what would break these seals later, and the line that
//! prevents it.
//!
//! Data goes one way: the seals as the gate finds them, what git and other
//! tools would do to every sealed file, the risks in that. Nothing is judged
//! and nothing is written but `.gitattributes`, where that is asked for.

mod attributes;
mod clone;
mod content;
mod cover;
mod editorconfig;
mod formatters;
mod hooks;
mod kinds;
mod names;
mod risk;
pub mod table;
mod tree;
mod workflow;
mod workflows;

use std::path::Path;

pub use attributes::Plan;
pub use risk::{Place, Remedy, Risk};
pub use table::Kind;

use crate::code::{Code, Severity};
use crate::finding::Finding;
use crate::gate::{self, Options};
use crate::path::BytePath;
use crate::source::{Links, Refusal, Source, WorkTree};
use crate::text::quote;
use tree::Tree;

/// What was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Every seal below the paths.
    Seals {
        /// Seals.
        seals: usize,
        /// Sealed files, each once, with manifests and pins.
        files: usize,
    },
    /// One job of a workflow.
    Job {
        /// The workflow file as it was given.
        file: BytePath,
        /// The name of the job.
        job: String,
        /// Whether the file has such a job.
        known: bool,
    },
}

/// Something that could not be looked at.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unseen {
    /// What, a few words.
    pub what: String,
    /// Why not.
    pub reason: String,
    /// Whether it should have been there to be looked at.
    pub counts: bool,
}

/// What doctor found.
#[derive(Clone, Debug)]
pub struct Examination {
    /// What was looked at.
    pub scope: Scope,
    /// The risks, sorted.
    pub risks: Vec<Risk>,
    /// What was not looked at, sorted.
    pub unseen: Vec<Unseen>,
    /// The changes to `.gitattributes` that prevent what they can.
    pub plans: Vec<Plan>,
    /// Those changes are shown as patches.
    pub patched: bool,
    /// The changes that were made before.
    pub made: Vec<Plan>,
}

impl Examination {
    /// 0 for nothing found, or a job that is fit; 1 for risks, or a job that is
    /// refused; 2 when something could not be looked at and nothing else was found.
    pub fn exit_code(&self) -> u8 {
        let refused = match self.scope {
            Scope::Job { .. } => self.risks.iter().any(|risk| risk.kind.row().refuses),
            Scope::Seals { .. } => self.risks.iter().any(|risk| risk.severity != Severity::Note),
        };
        match refused {
            true => 1,
            false if self.unseen.iter().any(|unseen| unseen.counts) => 2,
            false => 0,
        }
    }

    fn of(scope: Scope) -> Self {
        let (risks, unseen, plans, made) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        Self { scope, risks, unseen, plans, patched: false, made }
    }

    fn sort(&mut self) {
        let key = |risk: &Risk| (risk.severity, risk.kind, risk.place.clone(), risk.paths.first().cloned());
        self.risks.sort_by_cached_key(key);
        self.unseen.sort();
        self.unseen.dedup();
    }
}

/// Looks at every seal that a verification with these options would judge.
pub fn seals(options: &Options) -> Result<Examination, Vec<Finding>> {
    let trees = gate::sealed(options)?;
    let seals = trees.iter().map(|tree| tree.seals.len()).sum();
    if seals == 0 && !options.allow_empty {
        let finding = Finding::new(Code::NoSealFound, "no seal was found");
        return Err(vec![finding.help("give the folder that holds the seals, or seal one: seal create DIR")]);
    }
    let files = trees.iter().map(|tree| tree.files.len()).sum();
    let mut found = Examination::of(Scope::Seals { seals, files });
    for sealed in &trees {
        let source = WorkTree::at(sealed.base()).map_err(|error| {
            let name = quote(sealed.base().as_os_str().as_encoded_bytes());
            vec![Finding::new(Code::PathUnreadable, format!("{name} cannot be read: {error}"))]
        })?;
        let tree = Tree::new(sealed, &source, &mut found.unseen);
        let Examination { risks, unseen, plans, .. } = &mut found;
        plans.extend(attributes::risks(&tree, risks, unseen));
        clone::risks(&tree, risks);
        names::risks(&tree, risks);
        editorconfig::risks(&tree, risks, unseen);
        hooks::risks(&tree, risks, unseen);
        formatters::risks(&tree, risks);
        workflows::risks(&tree, risks, unseen);
    }
    found.sort();
    Ok(found)
}

/// Makes the changes to `.gitattributes`, each whole or not at all, and looks
/// again at what is left.
pub fn mended(options: &Options) -> Result<Examination, Vec<Finding>> {
    let made = seals(options)?.plans;
    let failed: Vec<Finding> = made.iter().filter_map(|plan| Some(*plan.write().err()?)).collect();
    if failed.is_empty() { Ok(Examination { made, ..seals(options)? }) } else { Err(failed) }
}

/// Judges one job of a workflow file and reads nothing else. A job that is not
/// in the file may stand in another that this one calls; where it calls none,
/// there is no such job.
pub fn job(file: &Path, job: &str) -> Result<Examination, Vec<Finding>> {
    let refused = |message: String| {
        let finding = Finding::new(Code::PathUnreadable, message);
        vec![finding.help("give a workflow file that git and the forge can read")]
    };
    let shown = BytePath::root().child(&crate::path::os_bytes(file.as_os_str()));
    let name = quote(file.as_os_str().as_encoded_bytes());
    let bytes = read(file).map_err(|why| refused(format!("the workflow {name} cannot be read: {why}")))?;
    let workflow = workflow::Workflow::parse(&shown, &bytes)
        .map_err(|why| refused(format!("the workflow {name} is not understood: {why}")))?;
    let risks = workflow.judge_job(job);
    if risks.is_none() && !workflow.calls_another() {
        let message = format!("the workflow {name} has no job {}", quote(job.as_bytes()));
        let jobs: Vec<String> = workflow.job_names().map(|name| quote(name.as_bytes())).collect();
        let help =
            if jobs.is_empty() { "it has none".to_owned() } else { format!("it has {}", jobs.join(", ")) };
        return Err(vec![Finding::new(Code::UsageError, message).help(help)]);
    }
    let scope = Scope::Job { file: shown, job: job.to_owned(), known: risks.is_some() };
    let mut examination = Examination { risks: risks.unwrap_or_default(), ..Examination::of(scope) };
    examination.sort();
    Ok(examination)
}

/// A whole regular file that the user named.
fn read(file: &Path) -> Result<Vec<u8>, String> {
    let (tree, at) = WorkTree::around(file).map_err(|error| error.to_string())?;
    let refusal = |refusal: Refusal| refusal.to_string();
    let folder = tree.folder(&BytePath::root()).map_err(refusal)?;
    folder.read(&at, Links::Refuse, crate::yaml::LONGEST as u64).map_err(refusal)
}
