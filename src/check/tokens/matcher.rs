//! Reserved words in a text, however they are written: as they are, and on a
//! skeleton that lookalikes, invisible characters, case and separators are
//! gone from. Knows nothing of files and decides no severity.

use std::collections::BTreeSet;
use std::ops::Range;

use super::skeleton::{Gap, Glyph, glyphs, squeezed};
use super::written::{raw, seen};
use crate::profile::{Key, Profile};

/// One reserved word that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Hit {
    /// Its bytes in the text.
    pub(crate) span: Range<usize>,
    /// The word as the profile spells it, or as it is written when a rule found it.
    pub(crate) token: String,
    /// It is written exactly so.
    pub(crate) exact: bool,
    /// It stands alone, and is no part of a longer word.
    pub(crate) whole: bool,
    /// It is more than small letters between blanks, which prose is full of.
    pub(crate) loud: bool,
}

/// A word and its skeleton.
struct Reserved {
    name: String,
    skeleton: String,
}

/// The reserved words of a profile.
pub(crate) struct Matcher {
    words: Vec<Reserved>,
    endings: BTreeSet<String>,
    subjects: Vec<String>,
    opposites: BTreeSet<String>,
    exempt: BTreeSet<String>,
    longest_exempt: usize,
}

/// What may stand between a denial and what it denies.
const FILLERS: [&str; 7] = ["YET", "BEEN", "BE", "A", "ANY", "THE", "IS"];
/// What denies only what follows it.
const NEGATORS: [&str; 5] = ["NO", "NOT", "NEVER", "WITHOUT", "NON"];

/// Text is looked at in windows, so that memory does not grow with it.
pub(super) const WINDOW: usize = 256 << 10;
/// What two windows share: more than the longest word with its separators.
pub(super) const SHARED: usize = 4 << 10;

impl Matcher {
    /// The words that the profile reserves; `None` when there are none.
    pub(crate) fn of(profile: &Profile) -> Option<Self> {
        let (endings, subjects) = (profile.words(Key::ReservedEndings), profile.words(Key::ReservedSubjects));
        let listed = profile.words(Key::ReservedTokens).into_iter().chain(profile.words(Key::Overclaims));
        let made = subjects
            .iter()
            .flat_map(|subject| endings.iter().map(move |ending| format!("{subject}_{ending}")));
        let mut seen = BTreeSet::new();
        let words: Vec<Reserved> = listed
            .chain(made)
            .map(|name| Reserved { skeleton: squeezed(&name), name })
            .filter(|word| !word.skeleton.is_empty() && seen.insert(word.skeleton.clone()))
            .collect();
        let class = |row: &crate::profile::Row<'_>| {
            let mut names = row.words("spellings");
            names.extend(row.word("name").map(str::to_owned));
            names
        };
        let classes = profile.rows(Key::ProbeClasses).iter().flat_map(class).collect::<Vec<_>>();
        let matcher = Self {
            words,
            endings: endings.iter().map(|word| squeezed(word)).collect(),
            subjects: subjects.iter().map(|word| parted(word)).collect(),
            opposites: profile.words(Key::OppositeWords).iter().map(|word| squeezed(word)).collect(),
            exempt: BTreeSet::new(),
            longest_exempt: 0,
        };
        (!matcher.words.is_empty()).then(|| matcher.exempting(classes))
    }

    /// Exempts names, such as those of classes of bad input.
    pub(crate) fn exempting(mut self, names: impl IntoIterator<Item = String>) -> Self {
        for name in names {
            let plain = class_form(&name);
            // A name that is nothing but a reserved word would exempt that word.
            let reserved = self.words.iter().any(|word| word.skeleton == squeezed(&name));
            if plain.contains('_') && !reserved {
                self.longest_exempt = self.longest_exempt.max(plain.split('_').count());
                self.exempt.insert(plain);
            }
        }
        self
    }

    /// Whether the text is one of the reserved words, exactly.
    pub(crate) fn is_reserved(&self, text: &str) -> bool {
        self.words.iter().any(|word| word.name == text)
    }

    /// The reserved words in a text, in its order. Names that are exempt hide what
    /// they hold unless `strictly`.
    pub(crate) fn hits(&self, text: &str, strictly: bool) -> Vec<Hit> {
        let mut all: Vec<Hit> = Vec::new();
        let mut from = 0;
        loop {
            let to = boundary(text, from + WINDOW);
            let window = text.get(from..to).unwrap_or_default();
            for mut hit in self.within(window, strictly) {
                // Where a window begins in the middle, the one before it saw more.
                if hit.span.start == 0 && from > 0 {
                    continue;
                }
                hit.span = hit.span.start + from..hit.span.end + from;
                if all.last().is_none_or(|last| last.span.end <= hit.span.start) {
                    all.push(hit);
                }
            }
            if to == text.len() {
                return all;
            }
            from = boundary(text, to.saturating_sub(SHARED));
        }
    }

    /// What is read, and what a comment, a tag or a terminal's sequence hides from
    /// a reader, and from no program that searches: each place once.
    fn within(&self, text: &str, strictly: bool) -> Vec<Hit> {
        let (read, unseen) = seen(text);
        let mut hits = self.among(text, &glyphs(read), strictly);
        if unseen.is_empty() {
            return hits;
        }
        let mut more = self.among(text, &glyphs(raw(text)), strictly);
        more.retain(|hit| {
            let known = hits.partition_point(|known| known.span.end <= hit.span.start);
            let hidden = unseen.partition_point(|hidden| hidden.end <= hit.span.start);
            let begins = |start: Option<usize>| start.is_some_and(|start| start < hit.span.end);
            begins(unseen.get(hidden).map(|hidden| hidden.start))
                && !begins(hits.get(known).map(|known| known.span.start))
        });
        hits.extend(more);
        hits.sort_by_key(|hit| hit.span.start);
        hits
    }

    fn among(&self, text: &str, glyphs: &[Glyph], strictly: bool) -> Vec<Hit> {
        let skeleton: String = glyphs.iter().map(|g| if g.c.is_ascii() { g.c } else { '\u{1}' }).collect();
        let hidden = if strictly { Vec::new() } else { self.hidden(text) };
        let mut found: Vec<(Range<usize>, Option<&Reserved>)> = Vec::new();
        for word in &self.words {
            let finder = memchr::memmem::find_iter(skeleton.as_bytes(), word.skeleton.as_bytes());
            found.extend(finder.map(|at| (at..at + word.skeleton.len(), Some(word))));
        }
        found.extend(self.by_rule(glyphs).into_iter().map(|span| (span, None)));
        found.retain(|(span, _)| is_one_piece(glyphs, span) && !self.says_the_opposite(glyphs, span));
        let mut hits: Vec<Hit> =
            found.iter().filter_map(|(span, word)| hit(text, glyphs, span, *word)).collect();
        hits.retain(|hit| {
            let at = hidden.partition_point(|name| name.start <= hit.span.start);
            let name = at.checked_sub(1).and_then(|at| hidden.get(at));
            name.is_none_or(|name| hit.span.end > name.end)
        });
        hits.sort_by_key(|hit| (hit.span.start, std::cmp::Reverse(hit.span.end)));
        let mut last = 0;
        hits.retain(|hit| {
            let new = hit.span.start >= last;
            last = last.max(hit.span.end);
            new
        });
        hits
    }

    /// Words that end as a grant does and speak of what must not be granted.
    fn by_rule(&self, glyphs: &[Glyph]) -> Vec<Range<usize>> {
        words(glyphs)
            .into_iter()
            .filter(|word| {
                let parts = parts(glyphs, word);
                let Some((ending, head)) = parts.split_last() else { return false };
                let head = format!("_{}_", head.join("_"));
                self.endings.contains(ending.as_str())
                    && self.subjects.iter().any(|subject| head.contains(subject.as_str()))
            })
            .collect()
    }

    /// Whether the longer word around it denies it: `NO_X_PASS`, `X_NOT_GRANTED`,
    /// `X_PASS_REJECTED`. Anywhere else in the word such a part denies something
    /// else: `X_PASS_NO_LIMITS`, `X_PASS_WITHOUT_RESERVATION`.
    fn says_the_opposite(&self, glyphs: &[Glyph], span: &Range<usize>) -> bool {
        let holder = words_around(glyphs, span);
        let (starts, parts): (Vec<usize>, Vec<String>) = parts_at(glyphs, &holder).into_iter().unzip();
        let first = starts.partition_point(|start| *start < span.start);
        let ending = starts.partition_point(|start| *start < span.end).saturating_sub(1);
        let part = |at: usize| parts.get(at).map_or("", String::as_str);
        let is_opposite = |at: usize| self.opposites.contains(part(at));
        // What is denied twice is not denied.
        let denies = |at: usize| is_opposite(at) && !at.checked_sub(1).is_some_and(is_opposite);
        let before = |at: usize| (0..at).rev().find(|at| !FILLERS.contains(&part(*at)));
        let last = parts.len().saturating_sub(1);
        let about = self.subjects_before(&parts, first);
        before(about).is_some_and(denies)
            || before(ending).is_some_and(|at| at >= first && denies(at))
            || (first..ending).any(|at| denies(at) && self.denies_the_subject(&parts, at, ending))
            || (last > ending && denies(last))
            || (denies(ending + 1) && !NEGATORS.contains(&part(ending + 1)))
    }

    /// Where what a word is about begins: `NO_PRODUCTION_` before `CUTOVER_PASS`.
    fn subjects_before(&self, parts: &[String], first: usize) -> usize {
        let mut head = format!("_{}_", parts.get(..first).unwrap_or_default().join("_"));
        while let Some(subject) = self.subjects.iter().find(|subject| head.ends_with(subject.as_str())) {
            head.truncate(head.len() + 1 - subject.len());
        }
        head.split('_').filter(|part| !part.is_empty()).count()
    }

    /// Whether what follows a denial within a word is what the word is about, and
    /// nothing else that it is about stands behind that.
    fn denies_the_subject(&self, parts: &[String], at: usize, ending: usize) -> bool {
        let after =
            (at + 1..ending).find(|at| parts.get(*at).is_none_or(|part| !FILLERS.contains(&part.as_str())));
        let after = after.and_then(|after| parts.get(after..ending)).unwrap_or_default();
        let mut rest = format!("_{}_", after.join("_"));
        let mut any = false;
        while let Some(subject) = self.subjects.iter().find(|subject| rest.starts_with(subject.as_str())) {
            any = true;
            rest = rest.split_off(subject.len() - 1);
        }
        any && !self.subjects.iter().any(|subject| rest.contains(subject.as_str()))
    }

    /// Where exempt names stand: as they are spelled, with any separator.
    fn hidden(&self, text: &str) -> Vec<Range<usize>> {
        if self.exempt.is_empty() {
            return Vec::new();
        }
        let mut starts: Vec<Range<usize>> = Vec::new();
        let mut at = 0;
        for piece in text.split_inclusive(|c: char| !c.is_ascii_alphanumeric()) {
            let word = piece.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
            if !word.is_empty() {
                starts.push(at..at + word.len());
            }
            at += piece.len();
        }
        let mut hidden: Vec<Range<usize>> = Vec::new();
        for (n, first) in starts.iter().enumerate() {
            let mut name = String::new();
            for word in starts.iter().skip(n).take(self.longest_exempt) {
                if word.start > first.start {
                    let previous = name.len();
                    name.push('_');
                    if previous > 400 {
                        break;
                    }
                }
                name.push_str(text.get(word.clone()).unwrap_or_default());
                // A grant in capitals throughout is no class.
                if name.bytes().any(|b| b.is_ascii_lowercase())
                    && self.exempt.contains(&name.to_ascii_lowercase())
                {
                    join(&mut hidden, first.start..word.end);
                }
            }
        }
        hidden
    }
}

/// The last place up to there where a character begins or the text ends.
fn boundary(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or_default()
}

/// Adds a range that begins no earlier than those before it.
fn join(ranges: &mut Vec<Range<usize>>, next: Range<usize>) {
    match ranges.last_mut() {
        Some(last) if next.start <= last.end => last.end = last.end.max(next.end),
        _ => ranges.push(next),
    }
}

/// A class name in small letters with every separator as `_`.
fn class_form(name: &str) -> String {
    let words = name.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("_").to_ascii_lowercase()
}

/// A subject between separators: `_REAL_RUN_`.
fn parted(word: &str) -> String {
    let parts: Vec<String> = word.split(['_', '-', ' ']).map(squeezed).collect();
    format!("_{}_", parts.join("_"))
}

/// Whether separators within the span are such as a word may have, and it neither
/// begins nor ends within another word's letters.
fn is_one_piece(glyphs: &[Glyph], span: &Range<usize>) -> bool {
    let inside = glyphs.get(span.start + 1..span.end).unwrap_or_default();
    let begins = span.start == 0 || glyphs.get(span.start).is_some_and(|g| g.gap != Gap::None);
    let ends = glyphs.get(span.end).is_none_or(|g| g.gap != Gap::None);
    begins && ends && inside.iter().all(|g| g.gap != Gap::Break)
}

/// Words of letters, digits, `_` and `-`, as ranges of glyphs.
fn words(glyphs: &[Glyph]) -> Vec<Range<usize>> {
    let mut words = Vec::new();
    let mut from = 0;
    for (at, glyph) in glyphs.iter().enumerate().skip(1) {
        if !matches!(glyph.gap, Gap::None | Gap::Tight) {
            words.push(from..at);
            from = at;
        }
    }
    words.push(from..glyphs.len());
    // Nothing longer is a word.
    words.retain(|word| word.len() < 400);
    words
}

/// The span with what its first and last word go on with.
fn words_around(glyphs: &[Glyph], span: &Range<usize>) -> Range<usize> {
    const FAR: usize = 200;
    let joined = |at: &usize| glyphs.get(*at).is_some_and(|g| matches!(g.gap, Gap::None | Gap::Tight));
    let from = (span.start.saturating_sub(FAR)..=span.start).rev().find(|at| *at == 0 || !joined(at));
    let to = (span.end..span.end + FAR).find(|at| !joined(at));
    from.unwrap_or(span.start)..to.unwrap_or(span.end).min(glyphs.len())
}

fn parts(glyphs: &[Glyph], word: &Range<usize>) -> Vec<String> {
    parts_at(glyphs, word).into_iter().map(|(_, part)| part).collect()
}

/// The parts of a word, each with where it begins.
fn parts_at(glyphs: &[Glyph], word: &Range<usize>) -> Vec<(usize, String)> {
    let mut parts: Vec<(usize, String)> = Vec::new();
    for (at, glyph) in glyphs.get(word.clone()).unwrap_or_default().iter().enumerate() {
        match parts.last_mut() {
            Some((_, part)) if glyph.gap == Gap::None => part.push(glyph.c),
            _ => parts.push((word.start + at, glyph.c.to_string())),
        }
    }
    parts
}

fn hit(text: &str, glyphs: &[Glyph], span: &Range<usize>, word: Option<&Reserved>) -> Option<Hit> {
    let (first, last) = (glyphs.get(span.start)?, glyphs.get(span.end.checked_sub(1)?)?);
    let written = text.get(first.start..last.end)?;
    let tight = |at: usize| glyphs.get(at).is_some_and(|g| matches!(g.gap, Gap::None | Gap::Tight));
    let whole = (span.start == 0 || !tight(span.start)) && !tight(span.end);
    let exact = word.is_none_or(|word| word.name == written)
        && written.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_');
    let spaced = written.contains(char::is_whitespace);
    let loud = !spaced || !written.is_ascii() || written.split_whitespace().any(is_in_capitals);
    let token = word.map_or_else(|| written.to_owned(), |word| word.name.clone());
    Some(Hit { span: first.start..last.end, token, exact, whole, loud })
}

fn is_in_capitals(word: &str) -> bool {
    word.len() > 1 && word.chars().all(|c| !c.is_lowercase()) && word.chars().any(char::is_uppercase)
}

#[cfg(test)]
mod tests;
