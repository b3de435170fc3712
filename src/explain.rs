//! `seal explain`: the code table as pages for people.

mod examples;

use std::io::{self, Write};

use crate::code::{Code, Effect, Row, Severity};
use crate::doctor::{self, table::TABLE as RISKS};
use crate::report::Look;
use crate::report::style::{Ink, Line, Screen, clean};

/// Writes the page of the code spelled `id`. `false` when there is no such
/// code; then the nearest known one is named instead.
pub fn page(id: &str, out: &mut dyn Write, look: &Look) -> io::Result<bool> {
    let screen = &mut Screen::new(out, look);
    // However it was typed: `CRLF_DRIFT`, `crlf-drift`.
    let spelled = id.trim().to_ascii_lowercase().replace('-', "_");
    match (Code::from_id(&spelled), doctor::Kind::from_id(&spelled)) {
        (Some(code), _) => write_page(screen, &Page::of_code(code.row())).map(|()| true),
        (None, Some(kind)) => write_page(screen, &Page::of_risk(kind.row())).map(|()| true),
        (None, None) => unknown(screen, id).map(|()| false),
    }
}

/// What a page says, whatever it is about.
struct Page {
    id: &'static str,
    title: &'static str,
    severity: Severity,
    effect: String,
    parts: [(&'static str, &'static str); 3],
}

impl Page {
    fn of_code(row: &Row) -> Self {
        Self {
            id: row.id,
            title: row.title,
            severity: row.severity,
            effect: effect(row),
            parts: parts(row.means, row.why, row.fix),
        }
    }

    fn of_risk(row: &doctor::table::Row) -> Self {
        let job = if row.refuses { "; a job that has it is refused" } else { "" };
        Self {
            id: row.id,
            title: row.title,
            severity: row.severity,
            effect: format!("a risk that seal doctor reports, which changes no verdict{job}"),
            parts: parts(row.means, row.why, row.fix),
        }
    }
}

fn parts(means: &'static str, why: &'static str, fix: &'static str) -> [(&'static str, &'static str); 3] {
    [("What it means", means), ("Why it matters", why), ("What to do", fix)]
}

/// Writes one line for every code, then one for every risk.
pub fn list(out: &mut dyn Write, look: &Look) -> io::Result<()> {
    let screen = &mut Screen::new(out, look);
    let column = Code::table().iter().map(|row| row.id.len()).max().unwrap_or(0) + 2;
    let head = Line::default().ink(Ink::Strong, "code").pad(column, 2, look);
    let head = head.ink(Ink::Strong, "severity").pad(column + 10, 2, look);
    let head = head.ink(Ink::Strong, "exit").pad(column + 16, 2, look);
    screen.line(&head.ink(Ink::Strong, "title"))?;
    for row in Code::table() {
        let line = Line::default().ink(Ink::Code, row.id).pad(column, 2, look);
        let line = line.ink(ink(row.severity), row.severity.name()).pad(column + 10, 2, look);
        let line = line.plain(exit(row.effect)).pad(column + 16, 2, look);
        screen.wrapped(&line, row.title)?;
    }
    screen.blank()?;
    screen.line(&Line::default().ink(Ink::Strong, "risks that seal doctor reports"))?;
    for row in RISKS {
        let line = Line::default().ink(Ink::Code, row.id).pad(column, 2, look);
        let line = line.ink(ink(row.severity), row.severity.name()).pad(column + 16, 2, look);
        screen.wrapped(&line, row.title)?;
    }
    Ok(())
}

fn write_page(screen: &mut Screen<'_>, page: &Page) -> io::Result<()> {
    screen.wrapped(&Line::default().ink(Ink::Strong, page.id).plain("   "), page.title)?;
    let line = Line::default().ink(ink(page.severity), page.severity.name()).plain("  ");
    screen.wrapped(&line, &page.effect)?;
    for (title, text) in page.parts {
        screen.blank()?;
        screen.line(&Line::default().ink(Ink::Strong, title))?;
        screen.wrapped(&Line::indent(2), text)?;
    }
    match examples::of(page.id) {
        Some(example) => write_example(screen, &example),
        None => Ok(()),
    }
}

/// The example as it was printed; its lines are never broken.
fn write_example(screen: &mut Screen<'_>, example: &examples::Example) -> io::Result<()> {
    let look = screen.look;
    screen.blank()?;
    screen.line(&Line::default().ink(Ink::Strong, "Example"))?;
    if !example.story.is_empty() {
        screen.wrapped(&Line::indent(2), &example.story)?;
    }
    screen.line(&Line::indent(2).ink(Ink::Code, format!("$ {}", example.command)))?;
    for line in &example.lines {
        screen.line(
            &Line::indent(2).ink(Ink::Dim, clean(&examples::drawn(line, look.unicode), look.unicode)),
        )?;
    }
    Ok(())
}

fn unknown(screen: &mut Screen<'_>, id: &str) -> io::Result<()> {
    let quoted = crate::text::quote(id.as_bytes());
    let text = match Code::nearest(id).map(Code::id).or_else(|| doctor::Kind::nearest(id)) {
        Some(near) => format!("There is no code {quoted}. Did you mean `{near}`?"),
        None => format!("There is no code {quoted}."),
    };
    screen.wrapped(&Line::default(), &text)?;
    screen.wrapped(&Line::default(), "See all of them with `seal explain --list`.")
}

fn effect(row: &Row) -> String {
    let effect = match row.effect {
        Effect::None => "changes nothing in the verdict",
        Effect::Fails => "the run fails, exit status 1",
        Effect::CannotVerify => "the run cannot verify, exit status 2 (1 when something else fails)",
    };
    match row.concerns.name() {
        "" => effect.to_owned(),
        state => format!("{effect}; the entry counts as {state}"),
    }
}

/// The exit status that a run with only this code has.
fn exit(effect: Effect) -> &'static str {
    match effect {
        Effect::None => "0",
        Effect::Fails => "1",
        Effect::CannotVerify => "2",
    }
}

fn ink(severity: Severity) -> Ink {
    match severity {
        Severity::Error => Ink::Bad,
        Severity::Warning => Ink::Warn,
        Severity::Note => Ink::Dim,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page_of(id: &str, look: &Look) -> (bool, String) {
        let mut out = Vec::new();
        let known = page(id, &mut out, look).unwrap();
        (known, String::from_utf8(out).unwrap())
    }

    #[test]
    fn a_page_says_everything_within_its_width() {
        insta::assert_snapshot!(page_of("crlf_drift", &Look::PLAIN).1);
        let risks = RISKS.iter().map(|row| row.id);
        for id in Code::table().iter().map(|row| row.id).chain(risks) {
            for width in [60, 300] {
                let (known, text) = page_of(id, &Look { width, ..Look::PLAIN });
                assert!(known && text.contains("What to do"), "{text}");
                // A command is never broken.
                let (text, example) = text.split_once("\nExample\n").unwrap_or((&text, ""));
                let mut shown = example.lines().filter(|line| !line.starts_with("  $ "));
                assert!(shown.all(|line| line.chars().count() <= 100), "{example}");
                let prose = text.lines().filter(|line| !line.trim_start().starts_with('`'));
                assert!(prose.into_iter().all(|line| line.len() <= width.min(100)), "{text}");
                assert!(!text.contains("PASS"), "{text}");
            }
        }
    }

    #[test]
    fn a_misspelled_code_gets_the_nearest_one() {
        let (known, text) = page_of("crlf_drit", &Look::PLAIN);
        assert!(!known);
        assert_eq!(
            text,
            "There is no code \"crlf_drit\". Did you mean `crlf_drift`?\n\
             See all of them with `seal explain --list`.\n"
        );
        let (_, text) = page_of("\x1b[31m", &Look::PLAIN);
        assert!(text.starts_with("There is no code \"\\u{1b}[31m\".\n"), "{text}");
    }

    #[test]
    fn a_code_typed_in_capitals_is_found() {
        for typed in ["CRLF_DRIFT", "crlf-drift", " Crlf_Drift "] {
            let (known, text) = page_of(typed, &Look::PLAIN);
            assert!(known && text.starts_with("crlf_drift "), "{typed}: {text}");
        }
    }

    #[test]
    fn the_list_has_a_line_for_every_code() {
        let mut out = Vec::new();
        list(&mut out, &Look::PLAIN).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert_eq!(text.lines().count(), Code::table().len() + RISKS.len() + 3);
        let line = text.lines().find(|line| line.starts_with("crlf_drift ")).unwrap();
        let columns: Vec<&str> = line.split("  ").map(str::trim).filter(|part| !part.is_empty()).collect();
        assert_eq!(columns, ["crlf_drift", "error", "1", "Line endings changed"]);
        assert!(text.lines().all(|line| line.len() <= 100), "{text}");
    }
}
