//! The JSON form of what doctor found, version 1 (`seal.doctor/v1`).
//!
//! Like the report's: frozen structures, filled field by field; the schema is
//! `schema/seal.doctor.v1.json`.

use std::io::{self, Write};

use serde::Serialize;

use crate::doctor::{self, Examination, Plan, Scope};
use crate::path::BytePath;
use crate::report::json::{PathOut, Tool, shown_path};

/// The document's version, as the field `schema` spells it.
pub const SCHEMA: &str = "seal.doctor/v1";

/// Writes `found` as JSON, indented by two blanks, with a final newline.
pub fn render(found: &Examination, out: &mut dyn Write) -> io::Result<()> {
    let document = Document {
        schema: SCHEMA,
        tool: Tool::THIS,
        exit_code: found.exit_code(),
        scope: ScopeOut::of(&found.scope),
        risks: found.risks.iter().map(RiskOut::of).collect(),
        not_looked_at: found.unseen.iter().map(Unseen::of).collect(),
        patch: found.patched.then(|| found.plans.iter().map(Plan::patch).collect()),
        changed: found.made.iter().map(Changed::of).collect(),
    };
    crate::report::json::inert::write(&document, out)
}

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    tool: Tool,
    exit_code: u8,
    scope: ScopeOut<'a>,
    risks: Vec<RiskOut<'a>>,
    not_looked_at: Vec<Unseen<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    patch: Option<String>,
    changed: Vec<Changed<'a>>,
}

#[derive(Serialize)]
struct Changed<'a> {
    #[serde(flatten)]
    path: PathOut,
    added: &'a [String],
}

#[derive(Serialize)]
#[serde(untagged)]
enum ScopeOut<'a> {
    Seals { seals: usize, files: usize },
    Job { workflow: String, job: &'a str, known: bool },
}

#[derive(Serialize)]
struct RiskOut<'a> {
    id: &'static str,
    severity: &'static str,
    refuses: bool,
    title: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u64>,
    message: &'a str,
    fix: &'a str,
    add: &'a [String],
    sealed: Vec<PathOut>,
}

#[derive(Serialize)]
struct Unseen<'a> {
    what: &'a str,
    reason: &'a str,
    counts: bool,
}

impl<'a> ScopeOut<'a> {
    fn of(scope: &'a Scope) -> Self {
        match scope {
            Scope::Seals { seals, files } => Self::Seals { seals: *seals, files: *files },
            Scope::Job { file, job, known } => Self::Job { workflow: shown_path(file).0, job, known: *known },
        }
    }
}

impl<'a> RiskOut<'a> {
    fn of(risk: &'a doctor::Risk) -> Self {
        let row = risk.kind.row();
        let file = |file: &BytePath| shown_path(file).0;
        Self {
            id: row.id,
            severity: risk.severity.name(),
            refuses: row.refuses,
            title: row.title,
            file: risk.place.as_ref().map(|place| file(&place.file)),
            line: risk.place.as_ref().and_then(|place| place.line),
            message: &risk.reason,
            fix: &risk.remedy.say,
            add: &risk.remedy.lines,
            sealed: risk.paths.iter().map(PathOut::of).collect(),
        }
    }
}

impl<'a> Changed<'a> {
    fn of(plan: &'a Plan) -> Self {
        Self { path: PathOut::of(plan.shown()), added: plan.lines() }
    }
}

impl<'a> Unseen<'a> {
    fn of(unseen: &'a doctor::Unseen) -> Self {
        Self { what: &unseen.what, reason: &unseen.reason, counts: unseen.counts }
    }
}
