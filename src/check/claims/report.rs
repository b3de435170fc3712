//! Claims in the packet's own reports: only code spans state something. Digits in
//! prose may be wrapped, cut or glued to a word, and are never taken for a digest.

use std::ops::Range;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::{Here, Stated, Target, is_file_name, names_a_revision};
use crate::check::reference::suspected;
use crate::code::Code;
use crate::evidence::place::Lines;
use crate::finding::{Finding, Sink};
use crate::path::BytePath;
use crate::text::quote;

/// A code span.
struct Span {
    text: String,
    at: Range<usize>,
}

/// Findings that are kept of one page.
const MOST: usize = 200;

/// Endings of scripts: who names one tells the reader to run it.
const SCRIPTS: [&str; 3] = [".sh", ".py", ".ps1"];

/// A page, and where its lines begin.
struct Page<'t> {
    path: &'t BytePath,
    text: &'t str,
    lines: Lines,
}

impl Page<'_> {
    fn place(&self, mut finding: Finding, span: &Span, label: &str) -> Finding {
        let text = self.text.as_bytes();
        finding = finding.path(self.path.clone());
        finding.location = Some(self.lines.location(text, &span.at));
        let name = String::from_utf8_lossy(self.path.as_bytes());
        finding.snippet = Some(self.lines.snippet(text, &span.at, &name, label));
        finding
    }
}

/// Judges every claim of a page; how many there are.
pub(super) fn judge(path: &BytePath, text: &str, here: &Here<'_>, out: &mut Sink) -> usize {
    let page = Page { path, text, lines: Lines::of(text.as_bytes()) };
    let mut claims = 0;
    let before = out.findings.len();
    for spans in groups(text) {
        if out.findings.len() - before >= MOST {
            return claims;
        }
        let spans: Vec<Span> = spans.into_iter().flat_map(listed).collect();
        claims += together(&page, &spans, here, out);
    }
    for link in links(text) {
        if out.findings.len() - before >= MOST {
            return claims;
        }
        claims += 1;
        leads(&page, &link, here, out);
    }
    claims
}

/// Judges the code spans of one row, item or line; how many claims they are.
fn together(page: &Page<'_>, spans: &[Span], here: &Here<'_>, out: &mut Sink) -> usize {
    let mut claims = 0;
    let (whole, other): (Vec<_>, Vec<_>) =
        digests(spans).partition(|(_, said)| matches!(said, Stated::Whole { .. }));
    let paths: Vec<&Span> = spans.iter().filter(|span| is_path(&span.text)).collect();
    let mut files = Vec::new();
    for (at, span) in paths.iter().enumerate() {
        claims += 1;
        match here.target(&span.text) {
            Target::File(path, fact) => files.push((at, path, fact)),
            Target::Nothing { path, sure } => {
                let message = format!("{} is named, and there is no such file", quote(path.as_bytes()));
                let finding = page.place(Finding::new(Code::ClaimDangling, message), span, "no such file");
                let script = SCRIPTS.iter().any(|ending| span.text.trim().ends_with(ending));
                let below = path.components().count() > 1;
                // A bare name may be any file of that name; a script is told to be run.
                let sure = sure && (script || below || !whole.is_empty()) && !names_a_revision(&span.text);
                out.push(if sure { finding } else { suspected(finding) });
            }
            Target::There | Target::Outside => {}
        }
    }
    // As many files as digests in a line, a row or an item speak of each other, in their order.
    for digests in [whole, other].iter().filter(|digests| digests.len() == paths.len()) {
        for (at, path, fact) in &files {
            let Some((span, said)) = digests.get(*at) else { continue };
            claims += 1;
            if let Some((code, message, label)) = said.wrong(path, fact.sha256) {
                out.push(page.place(Finding::new(code, message), span, label));
            }
        }
    }
    claims
}

/// A link leads to something.
fn leads(page: &Page<'_>, link: &Span, here: &Here<'_>, out: &mut Sink) {
    let Some(path) = followed(page.path, &link.text) else { return };
    if let Target::Nothing { path, .. } = here.target(&path) {
        let message = format!("a link leads to {}, and there is no such file", quote(path.as_bytes()));
        let finding = page.place(Finding::new(Code::ClaimDangling, message), link, "no such file");
        // Raw output may be left out where the packet is read.
        let is_raw = here.packet.profile().allows().matches(&path);
        out.push(if is_raw { suspected(finding) } else { finding });
    }
}

/// The digests among code spans. Dots stand between two revisions too, and only an ellipsis
/// between two parts of a digest.
fn digests(spans: &[Span]) -> impl Iterator<Item = (&Span, Stated<'_>)> {
    let stated = spans.iter().filter_map(|span| Some((span, super::digest(&span.text)?)));
    stated.filter(|(span, said)| !matches!(said, Stated::Part(..)) || span.text.contains('\u{2026}'))
}

/// The relative paths of files that a page links to, each where its link stands.
fn links(text: &str) -> Vec<Span> {
    let mut links = Vec::new();
    for (event, at) in Parser::new_ext(text, Options::ENABLE_TABLES).into_offset_iter() {
        let Event::Start(Tag::Link { dest_url, .. }) = event else { continue };
        let path = dest_url.split(['#', '?']).next().unwrap_or_default();
        // An address, a path from the root of a site, and what is written with escapes.
        if !path.starts_with('/') && !path.contains([':', '%', '\\', '@']) && is_path(path) {
            links.push(Span { text: path.to_owned(), at });
        }
    }
    links
}

/// Where a link leads below the root of the packet; `None` where it leaves it.
fn followed(page: &BytePath, link: &str) -> Option<String> {
    let folder = page.parent();
    let folder = std::str::from_utf8(folder.as_bytes()).ok()?;
    let mut way: Vec<&str> = folder.split('/').filter(|name| !name.is_empty()).collect();
    for name in link.split('/') {
        match name {
            "" | "." => {}
            ".." => {
                way.pop()?;
            }
            name => way.push(name),
        }
    }
    Some(way.join("/"))
}

/// A code span that is a line of a list of digests is two: the digest and the path.
fn listed(span: Span) -> Vec<Span> {
    let Some((first, second)) = span.text.trim().split_once([' ', '\t']) else { return vec![span] };
    let path = second.trim_start().trim_start_matches('*').trim();
    if super::digest(first).is_none() || path.contains(char::is_whitespace) {
        return vec![span];
    }
    [first, path].map(|text| Span { text: text.to_owned(), at: span.at.clone() }).into()
}

/// Whether a code span is the path of a file and nothing more.
fn is_path(span: &str) -> bool {
    let span = super::without_revision(span);
    // `Value.field`, `1.2.3` and `e.g.` are no files.
    let known =
        ["md", "json", "sh", "py", "txt", "log", "sha256", "toml", "yml", "yaml", "csv", "sql", "ps1"];
    let ending = span.rsplit('.').next().unwrap_or_default();
    is_file_name(span) && (known.contains(&ending) || span.contains('/'))
}

/// The code spans of a page, those of one row, item or line together.
fn groups(text: &str) -> Vec<Vec<Span>> {
    let parser = Parser::new_ext(text, Options::ENABLE_TABLES);
    let mut groups: Vec<Vec<Span>> = vec![Vec::new()];
    let cut = |groups: &mut Vec<Vec<Span>>| {
        if groups.last().is_some_and(|group| !group.is_empty()) {
            groups.push(Vec::new());
        }
    };
    for (event, at) in parser.into_offset_iter() {
        match event {
            Event::Code(code) => {
                if let Some(group) = groups.last_mut() {
                    group.push(Span { text: code.into_string(), at });
                }
            }
            Event::SoftBreak
            | Event::HardBreak
            | Event::Start(Tag::TableRow | Tag::Item | Tag::Paragraph | Tag::TableHead)
            | Event::End(TagEnd::TableRow | TagEnd::Item | TagEnd::Paragraph | TagEnd::TableHead) => {
                cut(&mut groups);
            }
            _ => {}
        }
    }
    groups
}
