//! The rules: the code table, every row of it.

use super::model::{Configuration, Message, Rule, RuleProperties};
use crate::code::{Code, Concerns, Row, Severity};

/// Every rule, in the order of the table.
pub(super) fn all() -> Vec<Rule> {
    Code::table().iter().map(rule).collect()
}

/// Where the program is described: its repository, where it has one.
pub(super) fn home() -> String {
    match env!("CARGO_PKG_REPOSITORY") {
        "" => "urn:seal".to_owned(),
        repository => repository.to_owned(),
    }
}

fn rule(row: &Row) -> Rule {
    let text = format!("{}\n\nWhy it matters: {}\n\nWhat to do: {}", row.means, row.why, row.fix);
    let markdown = format!(
        "{}\n\n**Why it matters:** {}\n\n**What to do:** {}\n\n`seal explain {}` says the same.",
        row.means, row.why, row.fix, row.id
    );
    Rule {
        id: row.id,
        name: pascal_case(row.title),
        short_description: Message::text(format!("{}.", row.title)),
        full_description: Message::text(row.means),
        help: Message { text, markdown: Some(markdown) },
        help_uri: help_uri(row.id),
        default_configuration: Configuration { level: row.severity.name() },
        properties: RuleProperties {
            tags: tags(row),
            precision: if row.severity == Severity::Error { "very-high" } else { "high" },
            problem_severity: match row.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Note => "recommendation",
            },
        },
    }
}

fn help_uri(id: &str) -> String {
    match env!("CARGO_PKG_REPOSITORY") {
        "" => format!("urn:seal:code:{id}"),
        repository => format!("{repository}#{id}"),
    }
}

fn tags(row: &Row) -> Vec<&'static str> {
    let mut tags = vec!["integrity"];
    tags.extend(Some(row.concerns.name()).filter(|_| row.concerns != Concerns::Other));
    tags
}

/// `Line endings changed` as `LineEndingsChanged`. Not the identifier in other letters,
/// which would say nothing more.
fn pascal_case(title: &str) -> String {
    title
        .split(|c: char| !c.is_ascii_alphanumeric())
        .flat_map(|word| {
            let (first, rest) = word.split_at_checked(1).unwrap_or((word, ""));
            [first.to_ascii_uppercase(), rest.to_owned()]
        })
        .collect()
}
