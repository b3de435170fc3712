//! What has to be known of a container before it is laid out: whether it has
//! room in one line.

use super::document::Document;
use super::layout::{Empty, Layout, Shape};
use crate::json::Kind;

/// What is known of a container.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Extent {
    /// Columns it takes in one line.
    pub(super) width: usize,
    /// How many containers stand inside one another, this one too.
    pub(super) height: usize,
    /// It cannot be in one line.
    pub(super) broken: bool,
    /// Numbers only, more than one.
    pub(super) numbers: bool,
    /// The index of its closing bracket.
    pub(super) end: usize,
}

/// What a container holds, while it is read.
#[derive(Clone, Copy, Debug, Default)]
struct Count {
    at: usize,
    /// Columns of everything in it.
    width: usize,
    elements: usize,
    members: usize,
    numbers: usize,
    /// Objects, and lists, with more than one element.
    full: [usize; 2],
    height: usize,
    broken: bool,
}

impl Count {
    fn add(&mut self, kind: Kind, width: usize) {
        self.width += width;
        match kind {
            Kind::Key => self.members += 1,
            Kind::Number => {
                self.numbers += 1;
                self.elements += 1;
            }
            _ => self.elements += 1,
        }
    }

    fn add_container(&mut self, extent: &Extent, inside: &Count, object: bool) {
        self.width += extent.width;
        self.elements += 1;
        self.height = self.height.max(extent.height);
        self.broken |= extent.broken;
        let [objects, lists] = &mut self.full;
        *(if object { objects } else { lists }) += usize::from(inside.elements > 1);
    }

    fn extent(&self, layout: &Layout, object: bool, end: usize) -> Extent {
        let (shape, pad) =
            if object { (layout.objects, layout.pads.0) } else { (layout.arrays, layout.pads.1) };
        let colon = 1 + usize::from(layout.colon.0) + usize::from(layout.colon.1);
        let commas = self.elements.saturating_sub(1) * (1 + usize::from(layout.comma));
        let blanks = match (self.elements, layout.empty) {
            (0, Empty::Blank) => 1,
            (0, _) => 0,
            _ => 2 * usize::from(pad),
        };
        let several = self.full.contains(&self.elements) && self.elements > 1;
        let breaks = match shape {
            Shape::Broken => self.elements > 0,
            Shape::Filled => several,
            _ => false,
        };
        Extent {
            width: 2 + self.width + self.members * colon + commas + blanks,
            height: self.height + 1,
            broken: self.broken || breaks,
            numbers: self.elements > 1 && self.numbers == self.elements,
            end,
        }
    }
}

/// The extent of each container, at the index of its opening bracket.
pub(super) fn extents(document: &Document<'_>, layout: &Layout, columns: &[usize]) -> Vec<Extent> {
    let mut out = vec![Extent::default(); document.tokens.len()];
    let mut open: Vec<Count> = Vec::new();
    for (i, token) in document.tokens.iter().enumerate() {
        if token.opens() {
            let object = token.kind == Kind::ObjectStart;
            let keeps = object && layout.objects == Shape::FitIfFound;
            let broken = keeps && document.has_line_behind(i);
            open.push(Count { at: i, broken, ..Count::default() });
        } else if token.closes() {
            let Some(count) = open.pop() else { continue };
            let object = token.kind == Kind::ObjectEnd;
            let extent = count.extent(layout, object, i);
            if let Some(parent) = open.last_mut() {
                parent.add_container(&extent, &count, object);
            }
            if let Some(slot) = out.get_mut(count.at) {
                *slot = extent;
            }
        } else if let Some(count) = open.last_mut() {
            count.add(token.kind, columns.get(i).copied().unwrap_or(0));
        }
    }
    out
}
