//! Lays the tokens of a document out: which gap comes between which two.

use super::document::{Document, Tok};
use super::extent::{Extent, extents};
use super::gaps::Gap;
use super::layout::{Empty, Layout, Shape};
use crate::json::Kind;

/// A layout that makes a text so many times longer is not that of the sealed one.
const MOST_GROWTH: usize = 24;
/// Texts may always grow to that length.
const SMALL: usize = 1 << 16;

/// A container that is open.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "they are independent")]
struct Frame {
    broken: bool,
    /// Everything inside is in the same line.
    flat: bool,
    /// Numbers are put into a line until it is full.
    filled: bool,
    object: bool,
    /// Blanks or tabs before the closing bracket, when that begins a line.
    outer: usize,
    /// The same for what is inside.
    inner: usize,
}

/// Writes the text as the layout has it, without blanks at its end. `false`
/// when the text would get far too long.
pub(super) fn render(document: &Document<'_>, layout: &Layout, out: &mut Vec<u8>) -> bool {
    out.clear();
    out.extend_from_slice(document.text.get(..document.mark()).unwrap_or_default());
    let most = document.text.len().saturating_mul(MOST_GROWTH).max(SMALL);
    let mut run = Run::new(document, layout);
    for (i, token) in document.tokens.iter().enumerate() {
        let gap = run.before(i);
        if out.len() + gap.len(layout.style) > most {
            return false;
        }
        gap.write(layout.style, out);
        out.extend_from_slice(document.of(token));
    }
    true
}

/// Whether a text is laid out like that, but for what stands at its end.
pub(super) fn is_like(document: &Document<'_>, layout: &Layout) -> bool {
    let mut run = Run::new(document, layout);
    let mut written = Vec::new();
    document.gaps().take(document.tokens.len()).enumerate().all(|(i, (_, gap))| {
        written.clear();
        run.before(i).write(layout.style, &mut written);
        written == gap
    })
}

struct Run<'r> {
    document: &'r Document<'r>,
    layout: &'r Layout,
    columns: Vec<usize>,
    extents: Vec<Extent>,
    open: Vec<Frame>,
    column: usize,
}

impl<'r> Run<'r> {
    fn new(document: &'r Document<'r>, layout: &'r Layout) -> Self {
        let columns = if layout.measures() { columns(document) } else { Vec::new() };
        let needed = layout.measures()
            || matches!(layout.objects, Shape::Shallow(_))
            || matches!(layout.arrays, Shape::Shallow(_));
        let extents = if needed { extents(document, layout, &columns) } else { Vec::new() };
        Self { document, layout, columns, extents, open: Vec::new(), column: 0 }
    }

    /// The gap before a token; then the token counts as written.
    fn before(&mut self, i: usize) -> Gap {
        let Some(token) = self.document.tokens.get(i) else { return Gap::default() };
        let gap = self.gap(i, token);
        let tab = if self.layout.style.tabs { 2 } else { 1 };
        self.column =
            if gap.newlines > 0 { gap.blanks * tab } else { self.column + gap.len(self.layout.style) };
        if token.opens() {
            self.enter(i, token);
        }
        self.column += self.columns.get(i).copied().unwrap_or(0);
        if token.closes() {
            self.open.pop();
        }
        gap
    }

    fn gap(&self, i: usize, token: &Tok) -> Gap {
        let layout = self.layout;
        let punctuation = self.document.punctuation.get(i).copied().flatten();
        let Some(before) = i.checked_sub(1).and_then(|i| self.document.tokens.get(i)) else {
            return Gap::default();
        };
        let Some(frame) = self.open.last() else { return Gap { newlines: 1, ..Gap::default() } };
        if before.kind == Kind::Key {
            let (left, right) = layout.colon;
            return Gap { before: left, punctuation, newlines: 0, blanks: usize::from(right) };
        }
        if before.opens() && token.closes() {
            return self.empty(frame);
        }
        let line = |blanks| Gap { punctuation, newlines: 1, blanks, before: 0 };
        let pad = usize::from(if frame.object { layout.pads.0 } else { layout.pads.1 });
        if token.closes() {
            return if frame.broken { line(frame.outer) } else { Gap { blanks: pad, ..Gap::default() } };
        }
        if before.opens() {
            return if frame.broken { line(frame.inner) } else { Gap { blanks: pad, ..Gap::default() } };
        }
        let inline = Gap { punctuation, blanks: usize::from(layout.comma), ..Gap::default() };
        if !frame.broken || (frame.filled && self.has_room(i)) {
            return inline;
        }
        line(frame.inner)
    }

    /// Whether a number and the comma after it have room in the line.
    fn has_room(&self, i: usize) -> bool {
        let width = self.columns.get(i).copied().unwrap_or(0);
        let comma = usize::from(self.document.punctuation.get(i + 1) == Some(&Some(b',')));
        self.column + 1 + usize::from(self.layout.comma) + width + comma <= self.layout.width
    }

    fn empty(&self, frame: &Frame) -> Gap {
        let newlines = match self.layout.empty {
            Empty::Tight => return Gap::default(),
            Empty::Blank => return Gap { blanks: 1, ..Gap::default() },
            Empty::Lines if frame.object => 1,
            Empty::Lines | Empty::Hollow => 2,
        };
        Gap { newlines, blanks: frame.outer, ..Gap::default() }
    }

    fn enter(&mut self, i: usize, token: &Tok) {
        let object = token.kind == Kind::ObjectStart;
        let extent = self.extents.get(i).copied().unwrap_or_default();
        let parent = self.open.last();
        let flat = parent.is_some_and(|parent| parent.flat);
        let shape = if object { self.layout.objects } else { self.layout.arrays };
        // A comma may follow.
        let end = self.column + extent.width + usize::from(self.is_followed(i));
        let (broken, within) = match shape {
            Shape::Flat => (false, false),
            Shape::Broken => (true, false),
            Shape::Shallow(most) => (extent.height > most, true),
            Shape::Fit | Shape::FitIfFound | Shape::Filled => {
                (extent.broken || end > self.layout.width, true)
            }
        };
        let broken = broken && !flat;
        let outer = match parent {
            _ if self.layout.hanging => self.column,
            Some(parent) if parent.broken => parent.inner,
            Some(parent) => parent.outer,
            None => 0,
        };
        let inner = outer + if broken { self.layout.indent } else { 0 };
        let filled = shape == Shape::Filled && extent.numbers;
        self.open.push(Frame { broken, flat: flat || (within && !broken), filled, object, outer, inner });
    }

    /// Whether a comma stands behind the container that opens there.
    fn is_followed(&self, i: usize) -> bool {
        let end = self.extents.get(i).map_or(0, |extent| extent.end);
        self.document.punctuation.get(end + 1) == Some(&Some(b','))
    }
}

/// How many columns each token takes.
fn columns(document: &Document<'_>) -> Vec<usize> {
    let columns = |bytes: &[u8]| bytes.iter().filter(|b| **b & 0xc0 != 0x80).count();
    document.tokens.iter().map(|token| columns(document.of(token))).collect()
}
