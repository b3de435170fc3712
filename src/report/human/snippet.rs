//! A line of a manifest, a configuration or a document with a part of it
//! marked, drawn by miette.
//!
//! miette sees text that was escaped before, never file bytes: it misplaces
//! marks behind invalid UTF-8.

use std::fmt;

use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents,
    SourceCode, SourceSpan, SpanContents, ThemeCharacters, ThemeStyles,
};

use super::file;
use crate::code::Severity;
use crate::finding::{Finding, Snippet};
use crate::report::style::{Look, char_width, clean};
use crate::report::{Report, name};

/// The marked line, each row indented by two blanks. The message above it is for
/// the caller to write: it may need more than one line.
pub(super) fn draw(report: &Report, finding: &Finding, snippet: &Snippet, look: &Look) -> String {
    let excerpt = Excerpt::of(report, finding, snippet, look);
    let theme = GraphicalTheme {
        characters: if look.unicode { ThemeCharacters::unicode() } else { ThemeCharacters::ascii() },
        styles: if look.color { ThemeStyles::ansi() } else { ThemeStyles::none() },
    };
    let handler = GraphicalReportHandler::new_themed(theme)
        .with_links(false)
        .with_wrap_lines(false)
        .with_width(look.columns())
        .without_cause_chain()
        .without_primary_span_start();
    let mut drawn = String::new();
    if handler.render_report(&mut drawn, &excerpt).is_err() {
        // Only the writer can fail, and a string does not.
        drawn.clear();
    }
    // The first line is the message, which is left empty.
    drawn.lines().skip(1).flat_map(|line| ["  ", line.trim_end(), "\n"]).collect()
}

/// One line, as miette wants to see it.
#[derive(Debug)]
struct Excerpt {
    severity: Severity,
    name: String,
    /// From 0.
    line: usize,
    text: String,
    mark: std::ops::Range<usize>,
    label: String,
}

impl Excerpt {
    fn of(report: &Report, finding: &Finding, snippet: &Snippet, look: &Look) -> Self {
        // The gutter with the line number takes up to fourteen columns.
        let (text, mark) = fit(&snippet.text, &snippet.mark, look.columns().saturating_sub(18), look);
        let column = finding.location.map_or(1, |location| location.column);
        let document = finding.located_in.as_ref().or(finding.path.as_ref());
        let document = document.filter(|_| finding.packet.is_some());
        let name = match document {
            Some(path) => name::shown(&file::from_here(report, finding, path), look),
            None => name::shown_escaped(&snippet.name, look),
        };
        // The heading above has said it.
        let label = if snippet.label == finding.code.row().title { "" } else { snippet.label.as_str() };
        Self {
            severity: finding.severity,
            name: clean(&format!("{name}:{}:{column}", snippet.line), look.unicode),
            line: usize::try_from(snippet.line.saturating_sub(1)).unwrap_or(0),
            text,
            mark,
            label: clean(label, look.unicode),
        }
    }
}

/// The part of `text` around `mark` that fits into `columns`, and the mark in it.
fn fit(
    text: &str,
    mark: &std::ops::Range<usize>,
    columns: usize,
    look: &Look,
) -> (String, std::ops::Range<usize>) {
    let ellipsis = look.pick("\u{2026}", "...");
    let lead = columns / 3;
    let before: usize = text.char_indices().take_while(|(at, _)| *at < mark.start).count();
    let marked: usize = text.get(mark.clone()).map_or(0, |part| part.chars().count());
    let skip = if before + marked > columns { before.saturating_sub(lead) } else { 0 };
    let mut out = if skip > 0 { ellipsis.to_owned() } else { String::new() };
    let mut used = out.chars().count();
    let (mut start, mut end) = (None, 0);
    for (at, c) in text.char_indices().skip(skip) {
        let shown = clean(c.encode_utf8(&mut [0; 4]), look.unicode);
        used += shown.chars().map(char_width).sum::<usize>();
        if used > columns {
            out.push_str(ellipsis);
            break;
        }
        if at >= mark.start && start.is_none() {
            start = Some(out.len());
        }
        out.push_str(&shown);
        if at < mark.end {
            end = out.len();
        }
    }
    let start = start.unwrap_or(out.len());
    (out, start..end.max(start))
}

impl fmt::Display for Excerpt {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }
}

impl std::error::Error for Excerpt {}

impl Diagnostic for Excerpt {
    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
            Severity::Note => miette::Severity::Advice,
        })
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let label = Some(self.label.clone()).filter(|label| !label.is_empty());
        let span = LabeledSpan::new(label, self.mark.start, self.mark.len());
        Some(Box::new(std::iter::once(span)))
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(self)
    }
}

impl SourceCode for Excerpt {
    fn read_span<'a>(
        &'a self,
        _span: &SourceSpan,
        _before: usize,
        _after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let all = SourceSpan::from(0..self.text.len());
        let contents =
            MietteSpanContents::new_named(self.name.clone(), self.text.as_bytes(), all, self.line, 0, 1);
        Ok(Box::new(contents))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::code::Code;
    use crate::report::samples;

    fn finding(text: &str, mark: std::ops::Range<usize>) -> Finding {
        let mut finding = Finding::new(Code::MalformedLine, "the line is no entry");
        finding.snippet = Some(Snippet {
            name: "HASH_MANIFEST.txt".into(),
            line: 12,
            text: text.into(),
            mark,
            label: "not 64 digits".into(),
        });
        finding
    }

    fn drawn(finding: &Finding, look: &Look) -> String {
        draw(&samples::passing(), finding, finding.snippet.as_ref().unwrap(), look)
    }

    #[test]
    fn a_marked_line_keeps_its_number_and_its_mark() {
        let text = drawn(&finding("abc123  a.txt", 0..6), &Look::PLAIN);
        assert!(text.contains("HASH_MANIFEST.txt:12:1"), "{text}");
        assert!(text.contains("12 | abc123  a.txt"), "{text}");
        assert!(text.contains("not 64 digits"), "{text}");
        assert!(text.is_ascii(), "{text}");
    }

    #[test]
    fn a_long_line_is_cut_around_its_mark() {
        let long = format!("{}HERE{}", "a".repeat(500), "b".repeat(500));
        let text = drawn(&finding(&long, 500..504), &Look::PLAIN);
        assert!(text.contains("HERE"), "{text}");
        assert!(text.lines().all(|line| line.len() <= 100), "{text}");
    }

    proptest::proptest! {
        #[test]
        fn no_text_and_no_mark_breaks_it(text in "\\PC{0,200}", a in 0usize..220, b in 0usize..220, unicode: bool) {
            let look = Look { unicode, ..Look::PLAIN };
            let text = drawn(&finding(&text, a.min(b)..a.max(b)), &look);
            proptest::prop_assert!(text.contains("HASH_MANIFEST.txt:12:1"));
            proptest::prop_assert!(unicode || text.is_ascii());
        }
    }
}
