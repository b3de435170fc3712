//! One job: what it could do if what it reads took it over.

use super::secrets::{Use, used};
use crate::doctor::risk::Risk;
use crate::doctor::table::Kind;
use crate::path::BytePath;
use crate::text::quote;
use crate::yaml::{Scalar, Value};

/// The line that gives a job what the gate needs.
const PERMISSIONS: &str = "permissions: { contents: read }";

/// A job of a workflow.
pub(super) struct Job<'w> {
    pub(super) file: &'w BytePath,
    pub(super) workflow: Value<'w>,
    pub(super) name: &'w str,
    pub(super) job: Value<'w>,
    pub(super) for_pull_requests: bool,
}

/// What the token of a job may do.
enum Rights {
    /// To read at most.
    Read,
    /// Nothing is said of it.
    Unset,
    /// To write, or what it says is not understood.
    Write { line: usize, what: String },
}

impl Job<'_> {
    pub(super) fn judge(&self) -> Vec<Risk> {
        let rights = self.rights();
        let mut risks: Vec<Risk> = self.environment().into_iter().collect();
        risks.extend(self.secrets(&rights));
        risks.extend(self.permissions(&rights));
        let steps = || self.job.get("steps").into_iter().flat_map(Value::items);
        risks.extend(self.job.get("uses").into_iter().filter_map(|uses| self.unpinned(uses)));
        risks.extend(steps().filter_map(|step| step.get("uses")).filter_map(|uses| self.unpinned(uses)));
        risks.extend(steps().flat_map(|step| self.checkout(step)));
        risks
    }

    fn risk(&self, kind: Kind, line: usize, reason: &str) -> Risk {
        let job = quote(self.name.as_bytes());
        Risk::new(kind, format!("the job {job} {reason}")).at(self.file, line as u64)
    }

    fn environment(&self) -> Option<Risk> {
        let environment = self.job.get("environment").filter(|value| !value.is_null())?;
        let name = environment.get("name").unwrap_or(environment).text();
        let name = name.map_or_else(String::new, |name| format!(" {}", quote(name.as_bytes())));
        let risk =
            self.risk(Kind::WorkflowEnvironment, environment.line(), &format!("has the environment{name}"));
        Some(risk.fix("remove `environment:` from the job, or run the gate in a job of its own"))
    }

    fn secrets(&self, rights: &Rights) -> Vec<Risk> {
        let risk = |line, reason: &str| {
            let fix = "run the gate in a job of its own that uses no secret";
            self.risk(Kind::WorkflowSecret, line, reason).fix(fix)
        };
        let mut risks = Vec::new();
        let handed = self.job.get("secrets").filter(|value| value.text().is_some() && !value.is_null());
        if let Some(handed) = handed {
            risks.push(risk(handed.line(), "hands on every secret (secrets: inherit)"));
        }
        let of_all = ["env", "defaults"].into_iter().filter_map(|name| self.workflow.get(name));
        let mut texts: Vec<Scalar<'_>> = of_all.flat_map(Value::scalars).collect();
        texts.extend(self.job.scalars());
        texts.sort_by_key(|text| text.line);
        let mut told = std::collections::BTreeSet::new();
        for text in texts {
            for usage in used(text.text, text.under == "if") {
                if told.contains(&usage) {
                    continue;
                }
                match (&usage, rights) {
                    (Use::Token, Rights::Read) => continue,
                    (Use::Token, _) => risks.push(
                        risk(text.line, "uses the secret GITHUB_TOKEN, which is not kept from writing")
                            .fix("give the job the right to read only")
                            .add([PERMISSIONS.to_owned()]),
                    ),
                    (Use::Named(name), _) => {
                        risks.push(risk(text.line, &format!("uses the secret {}", quote(name.as_bytes()))));
                    }
                    (Use::All, _) => {
                        risks
                            .push(risk(text.line, "uses secrets as a whole, or a secret by a computed name"));
                    }
                }
                told.insert(usage);
            }
        }
        risks
    }

    /// The job's own permissions replace those of the workflow as a whole.
    fn rights(&self) -> Rights {
        let said = |value: Value<'_>| value.get("permissions").is_some_and(|value| !value.is_null());
        let permissions = if said(self.job) { self.job } else { self.workflow }.get("permissions");
        let Some(permissions) = permissions.filter(|value| !value.is_null()) else { return Rights::Unset };
        let write = |line, what: String| Rights::Write { line, what };
        match permissions.text() {
            Some("read-all") => return Rights::Read,
            Some("write-all") => return write(permissions.line(), "may write everything".to_owned()),
            Some(other) => {
                let other = quote(other.as_bytes());
                return write(permissions.line(), format!("has permissions that may be to write: {other}"));
            }
            None if !permissions.is_mapping() => {
                return write(permissions.line(), "has permissions that may be to write".to_owned());
            }
            None => {}
        }
        let granting =
            permissions.entries().filter(|entry| !matches!(entry.value.text(), Some("read" | "none")));
        let granting: Vec<_> = granting.collect();
        let Some(first) = granting.first() else { return Rights::Read };
        let names: Vec<String> = granting.iter().map(|entry| quote(entry.name.as_bytes())).collect();
        write(first.line, format!("may write {}", names.join(", ")))
    }

    fn permissions(&self, rights: &Rights) -> Option<Risk> {
        let risk = match rights {
            Rights::Read => return None,
            Rights::Unset => {
                let reason = "does not say what its token may do, and the default may be to write";
                self.risk(Kind::WorkflowPermissions, self.job.line(), reason)
            }
            Rights::Write { line, what } => self.risk(Kind::WorkflowWrite, *line, what),
        };
        Some(risk.fix("give the job the right to read only").add([PERMISSIONS.to_owned()]))
    }

    fn unpinned(&self, uses: Value<'_>) -> Option<Risk> {
        let text = uses.text()?;
        if text.starts_with("./") || text.starts_with("$/") || is_pinned(text) {
            return None;
        }
        let reason = format!("uses {} without a commit or a digest", quote(text.as_bytes()));
        let fix = if text.starts_with("docker://") {
            "name the image by its digest: `docker://IMAGE@sha256:DIGEST`"
        } else {
            "name the commit in full: `uses: OWNER/NAME@COMMIT # VERSION`"
        };
        Some(self.risk(Kind::WorkflowUnpinned, uses.line(), &reason).fix(fix))
    }

    fn checkout(&self, step: Value<'_>) -> Vec<Risk> {
        let Some(uses) = step.get("uses") else { return Vec::new() };
        let action = uses.text().unwrap_or_default().split('@').next().unwrap_or_default();
        if !action.eq_ignore_ascii_case("actions/checkout") {
            return Vec::new();
        }
        let with = |name: &str| step.get("with").and_then(|with| with.get(name));
        let line = uses.line();
        let mut risks = Vec::new();
        if !with("persist-credentials").is_some_and(Value::is_false) {
            let reason = "leaves the token of its checkout in the repository";
            let risk = self.risk(Kind::WorkflowCredentials, line, reason);
            risks.push(
                risk.fix("add to the `with` of the checkout").add(["persist-credentials: false".to_owned()]),
            );
        }
        let depth = with("fetch-depth").and_then(Value::text).map(str::trim);
        if self.for_pull_requests && matches!(depth, None | Some("" | "1")) {
            let reason = "checks out one commit, and the base of a pull request is another";
            let risk = self.risk(Kind::WorkflowBase, line, reason);
            risks.push(risk.fix("add to the `with` of the checkout").add(["fetch-depth: 0".to_owned()]));
        }
        risks
    }
}

fn is_pinned(uses: &str) -> bool {
    let Some((_, version)) = uses.rsplit_once('@') else { return false };
    let digest = version.strip_prefix("sha256:").unwrap_or(version);
    matches!(digest.len(), 40 | 64) && digest.bytes().all(|b| b.is_ascii_hexdigit())
}

/// Whether a job runs the gate: its action, or the program itself.
pub(super) fn runs_gate(job: Value<'_>, local: &dyn Fn(&str) -> bool) -> bool {
    let action = |uses: &str| {
        if let Some(folder) = uses.strip_prefix("./") {
            return local(folder);
        }
        let path = uses.split('@').next().unwrap_or_default();
        path.rsplit('/').take(2).any(|part| NAMES.iter().any(|name| part.eq_ignore_ascii_case(name)))
    };
    let program = |run: &str| {
        let mut words = run.split_whitespace().peekable();
        std::iter::from_fn(|| words.next().map(|word| (word, words.peek().copied().unwrap_or_default())))
            .any(|(word, next)| word.rsplit('/').next() == Some("seal") && COMMANDS.contains(&next))
    };
    job.get("steps").into_iter().flat_map(Value::items).any(|step| {
        step.get("uses").and_then(Value::text).is_some_and(action)
            || step.get("run").and_then(Value::text).is_some_and(program)
    })
}

/// What the gate's action is called, as a repository or a folder in one.
const NAMES: [&str; 4] = ["seal", "seal-action", "seal-vs-bytes", "action-seal"];
/// What the program is told when it is the gate.
const COMMANDS: [&str; 3] = ["verify", "compare", "merge"];
