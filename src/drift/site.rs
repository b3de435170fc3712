//! Sites: places of a text that may have been different in the sealed bytes,
//! each with one other spelling, and what surrounds them.
//!
//! A [`Pair`] is one family's substitution of one spelling by another with all
//! its sites. The search chooses among them; it never looks into a family.

use std::collections::BTreeMap;

use bstr::ByteSlice;

use super::recipe::{Edits, EditsBuilder, Rule};
use crate::code::Code;

/// More sites than this are not chosen among.
pub(super) const MOST_SITES: usize = 1 << 20;

/// What kind of character stands beside a site.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Class {
    /// The edge of a line or of the text.
    Edge,
    Blank,
    Upper,
    Lower,
    Digit,
    Quote,
    Open,
    Close,
    Dash,
    Punctuation,
    Other,
}

impl Class {
    pub(super) fn of(c: char) -> Self {
        match c {
            '\n' | '\r' | '\0' => Self::Edge,
            '"' | '\'' | '`' | '\u{2018}'..='\u{201f}' => Self::Quote,
            '(' | '[' | '{' | '<' => Self::Open,
            ')' | ']' | '}' | '>' => Self::Close,
            '-' | '_' | '\u{2010}'..='\u{2015}' => Self::Dash,
            c if c.is_whitespace() => Self::Blank,
            c if c.is_ascii_punctuation() => Self::Punctuation,
            c if c.is_numeric() => Self::Digit,
            c if c.is_uppercase() => Self::Upper,
            c if c.is_alphabetic() => Self::Lower,
            _ => Self::Other,
        }
    }
}

/// What surrounds a site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Context {
    /// The character before; NUL at the start of the text.
    pub(super) prev: char,
    /// The character after; NUL at its end.
    pub(super) next: char,
    /// The first character of the line that is no blank.
    pub(super) lead: char,
    /// In a fenced block or between backticks.
    pub(super) code: bool,
}

/// One place with one other spelling.
#[derive(Clone, Copy, Debug)]
pub(super) struct Site {
    pub(super) at: usize,
    /// Index into the pair's rules.
    pub(super) rule: usize,
    pub(super) context: Context,
}

/// One substitution of a family with all its sites, by offset.
#[derive(Clone, Debug)]
pub(super) struct Pair {
    pub(super) code: Code,
    pub(super) rules: Vec<Rule>,
    pub(super) sites: Vec<Site>,
    /// How much more likely than others, from 1; see `plan`.
    pub(super) weight: u64,
    annotated: bool,
}

impl Pair {
    /// The text that a site's rule replaces.
    pub(super) fn rule(&self, site: &Site) -> Option<&Rule> {
        self.rules.get(site.rule)
    }

    /// The replacements at the chosen sites.
    pub(super) fn edits(&self, chosen: impl Fn(usize) -> bool) -> Option<Edits> {
        let mut edits = EditsBuilder::new(self.code);
        for (i, site) in self.sites.iter().enumerate() {
            if chosen(i) {
                let rule = self.rule(site)?;
                edits.push(site.at, &rule.found, &rule.sealed);
            }
        }
        edits.finish()
    }

    /// The same places with another sealed text for all of them.
    pub(super) fn with_sealed(&self, sealed: &[u8], weight: u64) -> Self {
        let mut other = self.clone();
        other.weight = weight;
        for rule in &mut other.rules {
            rule.sealed = sealed.into();
        }
        other
    }

    /// Fills in what surrounds each site, unless the family knows better.
    pub(super) fn annotate(&mut self, text: &[u8]) {
        if !self.annotated {
            annotate(text, self);
            self.annotated = true;
        }
    }

    /// The one length difference of all rules.
    pub(super) fn uniform_delta(&self) -> Option<i64> {
        let first = self.rules.first()?.delta();
        self.rules.iter().all(|rule| rule.delta() == first).then_some(first)
    }
}

/// Collects the sites of a pair.
pub(super) struct PairBuilder {
    pair: Pair,
    known: BTreeMap<(Vec<u8>, Vec<u8>), usize>,
    last: usize,
    full: bool,
}

impl PairBuilder {
    pub(super) fn new(code: Code, weight: u64) -> Self {
        Self {
            pair: Pair { code, rules: Vec::new(), sites: Vec::new(), weight, annotated: false },
            known: BTreeMap::new(),
            last: 0,
            full: false,
        }
    }

    /// Adds a place where `found` stands and `sealed` may have stood.
    pub(super) fn site(&mut self, at: usize, found: &[u8], sealed: &[u8]) {
        let context = Context { prev: '\0', next: '\0', lead: '\0', code: false };
        self.push(at, found, sealed, context);
    }

    /// The same with a context that the family knows better.
    pub(super) fn site_in(&mut self, at: usize, found: &[u8], sealed: &[u8], context: Context) {
        self.pair.annotated = true;
        self.push(at, found, sealed, context);
    }

    fn push(&mut self, at: usize, found: &[u8], sealed: &[u8], context: Context) {
        if found == sealed || self.full {
            return;
        }
        if self.pair.sites.len() >= MOST_SITES {
            self.full = true;
            return;
        }
        let same = |rule: &Rule| *rule.found == *found && *rule.sealed == *sealed;
        if !self.pair.rules.get(self.last).is_some_and(same) {
            self.last = *self.known.entry((found.to_vec(), sealed.to_vec())).or_insert_with(|| {
                self.pair.rules.push(Rule::new(found, sealed));
                self.pair.rules.len() - 1
            });
        }
        let rule = self.last;
        self.pair.sites.push(Site { at, rule, context });
    }

    /// The pair with its sites sorted; `None` without sites. Where there were
    /// too many it has none, so that the search can say what it left out.
    pub(super) fn finish(mut self) -> Option<Pair> {
        if self.full {
            self.pair.sites = Vec::new();
            return Some(self.pair);
        }
        if self.pair.sites.is_empty() {
            return None;
        }
        if !self.pair.sites.is_sorted_by_key(|site| site.at) {
            self.pair.sites.sort_by_key(|site| site.at);
        }
        let rules = &self.pair.rules;
        let mut end = 0;
        let mut last = None;
        self.pair.sites.retain(|site| {
            let len = rules.get(site.rule).map_or(0, |rule| rule.found.len());
            let fits = site.at >= end && last != Some(site.at);
            if fits {
                end = site.at + len;
                last = Some(site.at);
            }
            fits
        });
        Some(self.pair)
    }
}

/// Fills in what surrounds each site, in one pass over the text.
fn annotate(text: &[u8], pair: &mut Pair) {
    let rules = &pair.rules;
    let mut sites = pair.sites.iter_mut().peekable();
    let mut start = 0;
    let mut fenced = false;
    for line in text.lines_with_terminator() {
        let body = line.trim_ascii_start();
        let fence = body.starts_with(b"```") || body.starts_with(b"~~~");
        fenced ^= fence;
        let lead = first_char(body);
        let end = start + line.len();
        let mut ticks = (start, false);
        while let Some(site) = sites.next_if(|site| site.at < end || end == text.len()) {
            let before = text.get(ticks.0..site.at).unwrap_or_default();
            let odd = memchr::memchr_iter(b'`', before).count() % 2 == 1;
            ticks = (site.at, ticks.1 ^ odd);
            let len = rules.get(site.rule).map_or(0, |rule| rule.found.len());
            site.context = Context {
                prev: last_char(text.get(..site.at).unwrap_or_default()),
                next: first_char(text.get(site.at + len..).unwrap_or_default()),
                lead,
                code: fenced || fence || ticks.1,
            };
        }
        start = end;
    }
}

/// The first character of `text`, NUL when there is none.
pub(super) fn first_char(text: &[u8]) -> char {
    let (c, size) = bstr::decode_utf8(text);
    if size == 0 { '\0' } else { c.unwrap_or('\u{fffd}') }
}

/// The last character of `text`, NUL when there is none.
pub(super) fn last_char(text: &[u8]) -> char {
    let (c, size) = bstr::decode_last_utf8(text);
    if size == 0 { '\0' } else { c.unwrap_or('\u{fffd}') }
}

/// The sealed length less the length of a text with some sites already chosen.
#[cfg(test)]
mod tests {
    use super::*;

    fn pair(text: &str, found: &str, sealed: &str) -> Pair {
        let mut builder = PairBuilder::new(Code::EmdashUnicodeDrift, 1);
        for (at, _) in text.match_indices(found) {
            builder.site(at, found.as_bytes(), sealed.as_bytes());
        }
        let mut pair = builder.finish().unwrap();
        pair.annotate(text.as_bytes());
        pair
    }

    #[test]
    fn contexts_are_those_of_the_text() {
        let pair = pair("# a-b\n```\n- x\n```\nc `-d` e- `f`\n-", "-", "\u{2014}");
        let seen: Vec<_> = pair
            .sites
            .iter()
            .map(|s| (s.context.prev, s.context.next, s.context.lead, s.context.code))
            .collect();
        assert_eq!(
            seen,
            [
                ('a', 'b', '#', false),
                ('\n', ' ', '-', true),
                ('`', 'd', 'c', true),
                ('e', ' ', 'c', false),
                ('\n', '\0', '-', false)
            ]
        );
        assert_eq!(pair.uniform_delta(), Some(2));
    }

    #[test]
    fn sites_at_the_end_of_the_text_have_a_context() {
        let mut builder = PairBuilder::new(Code::TrailingWhitespace, 1);
        builder.site(3, b"", b" ");
        let mut pair = builder.finish().unwrap();
        pair.annotate(b"a\nb");
        assert_eq!(pair.sites.first().unwrap().context.prev, 'b');
    }
}
