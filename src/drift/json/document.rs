//! A JSON text as its tokens and what stands between them.
//!
//! One value, or several one after another (JSON Lines). Anything else is
//! left alone.

use super::super::edges::BOM;
use super::super::recipe::{Edits, EditsBuilder};
use crate::code::Code;
use crate::json::{Error, Kind, Reason, Token, Tokens};

/// More tokens than that are not laid out.
const MOST_TOKENS: usize = 1 << 22;

/// A token without what can be told from its neighbours.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tok {
    pub(super) kind: Kind,
    start: u32,
    end: u32,
}

impl Tok {
    pub(super) fn start(&self) -> usize {
        self.start as usize
    }

    pub(super) fn end(&self) -> usize {
        self.end as usize
    }

    pub(super) fn opens(&self) -> bool {
        matches!(self.kind, Kind::ObjectStart | Kind::ArrayStart)
    }

    pub(super) fn closes(&self) -> bool {
        matches!(self.kind, Kind::ObjectEnd | Kind::ArrayEnd)
    }
}

/// The tokens of a text.
#[derive(Clone, Debug)]
pub(super) struct Document<'t> {
    pub(super) text: &'t [u8],
    pub(super) tokens: Vec<Tok>,
    /// The punctuation before each token, and at the end none.
    pub(super) punctuation: Vec<Option<u8>>,
}

/// The tokens of every value in a text; nothing when it is not JSON.
fn tokens(text: &[u8]) -> Option<Vec<Tok>> {
    let mut out = Vec::new();
    let mut from = if text.starts_with(BOM) { BOM.len() } else { 0 };
    u32::try_from(text.len()).ok()?;
    loop {
        let mut again = None;
        let rest = text.get(from..)?;
        if rest.iter().all(u8::is_ascii_whitespace) {
            return Some(out);
        }
        for token in Tokens::with_depth(rest, usize::MAX) {
            match token {
                Ok(Token { kind, start, end }) => {
                    if out.len() >= MOST_TOKENS {
                        return None;
                    }
                    let (start, end) = (u32::try_from(from + start).ok()?, u32::try_from(from + end).ok()?);
                    out.push(Tok { kind, start, end });
                }
                Err(Error { reason: Reason::Trailing, at }) => again = Some(at),
                Err(_) => return None,
            }
        }
        match again {
            Some(at) if at > 0 => from += at,
            _ => return Some(out),
        }
    }
}

impl<'t> Document<'t> {
    /// Reads a text; nothing when it is not JSON or holds nothing to lay out.
    pub(super) fn read(text: &'t [u8]) -> Option<Self> {
        let tokens = tokens(text)?;
        if !tokens.iter().any(Tok::opens) {
            return None;
        }
        let mut punctuation = Vec::with_capacity(tokens.len() + 1);
        let mut at = 0;
        for end in tokens.iter().map(Tok::start).chain([text.len()]) {
            let gap = text.get(at..end).unwrap_or_default();
            punctuation.push(gap.iter().copied().find(|b| matches!(b, b',' | b':')));
            at = tokens.get(punctuation.len() - 1).map_or(text.len(), Tok::end);
        }
        Some(Self { text, tokens, punctuation })
    }

    /// The bytes between each token and the one before it, and those after the last.
    pub(super) fn gaps(&self) -> impl Iterator<Item = (usize, &'t [u8])> + '_ {
        let starts = [self.mark()].into_iter().chain(self.tokens.iter().map(Tok::end));
        let ends = self.tokens.iter().map(Tok::start).chain([self.text.len()]);
        starts.zip(ends).map(|(start, end)| (start, self.text.get(start..end).unwrap_or_default()))
    }

    /// The bytes of a token.
    pub(super) fn of(&self, token: &Tok) -> &'t [u8] {
        self.text.get(token.start()..token.end()).unwrap_or_default()
    }

    /// The bytes between a token and the one before it.
    pub(super) fn gap(&self, i: usize) -> &'t [u8] {
        let start = i.checked_sub(1).and_then(|i| self.tokens.get(i)).map_or(self.mark(), Tok::end);
        let end = self.tokens.get(i).map_or(self.text.len(), Tok::start);
        self.text.get(start..end).unwrap_or_default()
    }

    pub(super) fn mark(&self) -> usize {
        if self.text.starts_with(BOM) { BOM.len() } else { 0 }
    }

    /// The bytes from one token to another, both included.
    pub(super) fn between(&self, first: usize, last: usize) -> &'t [u8] {
        let start = self.tokens.get(first).map_or(self.text.len(), Tok::start);
        let end = self.tokens.get(last).map_or(start, Tok::end);
        self.text.get(start..end).unwrap_or_default()
    }

    /// The line that a token begins in, from 1.
    pub(super) fn line_of(&self, token: usize) -> usize {
        let start = self.tokens.get(token).map_or(self.text.len(), Tok::start);
        memchr::memchr_iter(b'\n', self.text.get(..start).unwrap_or_default()).count() + 1
    }

    /// Whether a line ends between a token and the one after it.
    pub(super) fn has_line_behind(&self, i: usize) -> bool {
        let start = self.tokens.get(i).map_or(0, Tok::end);
        let end = self.tokens.get(i + 1).map_or(self.text.len(), Tok::start);
        memchr::memchr(b'\n', self.text.get(start..end).unwrap_or_default()).is_some()
    }

    /// Whether the first line that ends before the last token ends in CRLF;
    /// nothing when none does.
    pub(super) fn crlf(&self) -> Option<bool> {
        let end = self.tokens.last().map_or(0, Tok::end);
        let line = memchr::memchr(b'\n', self.text.get(..end).unwrap_or_default())?;
        Some(self.text.get(..line).is_some_and(|line| line.ends_with(b"\r")))
    }
}

/// The replacements of blanks and numbers that make one text of another of the
/// same tokens: strings byte for byte, numbers by value.
pub(super) fn edits(found: &Document<'_>, sealed: &[u8]) -> Option<Edits> {
    let sealed = Document::read(sealed)?;
    if found.tokens.len() != sealed.tokens.len() {
        return None;
    }
    let mut edits = EditsBuilder::new(Code::JsonReformatted);
    let mut gaps = found.gaps().zip(sealed.gaps());
    for (ours, theirs) in found.tokens.iter().zip(&sealed.tokens) {
        let ((at, old), (_, new)) = gaps.next()?;
        edits.push(at, old, new);
        let (old, new) = (found.of(ours), sealed.of(theirs));
        if ours.kind != theirs.kind || (old != new && ours.kind != Kind::Number) {
            return None;
        }
        edits.push(ours.start(), old, new);
    }
    let ((at, old), (_, new)) = gaps.next()?;
    edits.push(at, old, new);
    edits.finish()
}
