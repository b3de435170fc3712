//! `markdown_table`: the rule under a table's header re-spaced by a formatter.

use super::family::{Family, Text};
use super::recipe::Edit;
use super::sink::Sink;
use super::site::PairBuilder;
use super::trailing::{indent, lines};
use crate::code::Code;

const CODE: Code = Code::MarkdownTable;

/// How a rule's cells are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Style {
    /// `|---|`, the dashes as they are.
    Tight,
    /// `| --- |`, the dashes as they are.
    Spaced,
    /// `|-----|`, dashes in the place of blanks.
    Filled,
    /// `| --- |`, blanks in the place of the outermost dashes.
    Hollow,
    /// `|---|` with exactly three dashes.
    Short,
    /// `| --- |` with exactly three dashes.
    ShortSpaced,
}

const STYLES: [Style; 6] =
    [Style::Tight, Style::Spaced, Style::Filled, Style::Hollow, Style::ShortSpaced, Style::Short];

/// The cells of a rule line without its outer bars; `None` when it is none.
fn cells(rule: &[u8]) -> Option<Vec<&[u8]>> {
    let inner = rule.strip_prefix(b"|")?.strip_suffix(b"|")?;
    let cells: Vec<&[u8]> = inner.split(|b| *b == b'|').collect();
    let is_cell = |cell: &&[u8]| {
        let core = cell.trim_ascii();
        let core = core.strip_prefix(b":").unwrap_or(core);
        let core = core.strip_suffix(b":").unwrap_or(core);
        !core.is_empty() && core.iter().all(|b| *b == b'-')
    };
    cells.iter().all(is_cell).then_some(cells)
}

/// A rule line in a style; `None` when it cannot be written so.
fn restyled(rule: &[u8], style: Style) -> Option<Vec<u8>> {
    let mut out = vec![b'|'];
    for cell in cells(rule)? {
        let core = cell.trim_ascii();
        let (left, right) = (core.starts_with(b":"), core.ends_with(b":"));
        let marks = usize::from(left) + usize::from(right);
        let dashes = match style {
            Style::Tight | Style::Spaced => core.len() - marks,
            Style::Filled => cell.len() - marks,
            Style::Hollow => cell.len().checked_sub(2 + marks).filter(|n| *n > 0)?,
            Style::Short | Style::ShortSpaced => 3,
        };
        let room: &[u8] =
            if matches!(style, Style::Spaced | Style::Hollow | Style::ShortSpaced) { b" " } else { b"" };
        out.extend_from_slice(room);
        out.extend(left.then_some(b':'));
        out.extend(std::iter::repeat_n(b'-', dashes));
        out.extend(right.then_some(b':'));
        out.extend_from_slice(room);
        out.push(b'|');
    }
    Some(out)
}

/// The family `markdown_table`.
pub(super) struct Tables;

impl Family for Tables {
    fn code(&self) -> Code {
        CODE
    }

    fn pairs(&self, text: Text<'_>, out: &mut Sink<'_, '_>) {
        let mut rules = Vec::new();
        for (start, line) in lines(text.bytes) {
            let lead = indent(line).len();
            let body = line.get(lead..).unwrap_or_default().trim_ascii_end();
            if body.starts_with(b"|") && cells(body).is_some() {
                rules.push((start + lead, body));
            }
        }
        for style in STYLES {
            let mut pair = PairBuilder::new(CODE, 20);
            for (at, rule) in &rules {
                if let Some(sealed) = restyled(rule, style) {
                    pair.site(*at, rule, &sealed);
                }
            }
            out.extend(pair.finish());
        }
    }

    fn is_legal(&self, _: &[u8], edit: &Edit<'_>) -> bool {
        match (restyled(edit.found, Style::Short), restyled(edit.sealed, Style::Short)) {
            (Some(found), Some(sealed)) => found == sealed,
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_written_in_every_style() {
        let write =
            |rule: &str, style| restyled(rule.as_bytes(), style).map(|r| String::from_utf8(r).unwrap());
        let rule = "| --- | :-----: |";
        assert_eq!(write(rule, Style::Tight).unwrap(), "|---|:-----:|");
        assert_eq!(write("|---|:-----:|", Style::Spaced).unwrap(), rule);
        assert_eq!(write(rule, Style::Filled).unwrap(), "|-----|:-------:|");
        assert_eq!(write("|-----|:-------:|", Style::Hollow).unwrap(), rule);
        assert_eq!(write(rule, Style::Short).unwrap(), "|---|:---:|");
        assert_eq!(write("|-|", Style::Hollow), None);
        for other in ["| a |", "|", "||", "---", "|:|"] {
            assert_eq!(write(other, Style::Tight), None, "{other}");
        }
    }

    #[test]
    fn only_rules_of_the_same_columns_are_legal() {
        let legal = |found: &str, sealed: &str| {
            Tables.is_legal(b"", &Edit { at: 0, found: found.as_bytes(), sealed: sealed.as_bytes() })
        };
        assert!(legal("|---|---|", "| ---- | - |"));
        assert!(!legal("|---|---|", "|---|"));
        assert!(!legal("|---|", "|:--|"));
        assert!(!legal("|a|", "|b|"));
    }
}
