//! Layouts: where serializers and formatters put blanks and line ends.

use std::ops::Range;

use super::document::Document;
use super::gaps::Style;

/// How the inside of a container is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// In the line where it begins. What is inside may still be broken.
    Flat,
    /// A line for each element.
    Broken,
    /// In one line when at most so many containers stand inside one another.
    Shallow(usize),
    /// In one line when that has room.
    Fit,
    /// The same, unless there is a line end behind the opening bracket already.
    FitIfFound,
    /// Like `Fit`, but several objects or lists are broken and numbers are filled in.
    Filled,
}

/// What stands in a container without elements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Empty {
    /// Nothing.
    Tight,
    /// One blank.
    Blank,
    /// Two line ends in a list and one in an object.
    Lines,
    /// Two line ends.
    Hollow,
}

/// How a text is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Layout {
    pub(super) objects: Shape,
    pub(super) arrays: Shape,
    /// Tabs or blanks for each level.
    pub(super) indent: usize,
    /// Blanks before and after a colon.
    pub(super) colon: (u8, u8),
    /// Blanks after a comma that ends no line.
    pub(super) comma: u8,
    /// Blanks inside the brackets of an object and a list in one line.
    pub(super) pads: (u8, u8),
    pub(super) empty: Empty,
    /// What is inside is indented from its opening bracket.
    pub(super) hanging: bool,
    /// Columns in a line.
    pub(super) width: usize,
    pub(super) style: Style,
}

/// Everything in one line, without blanks.
pub(super) const COMPACT: Layout = Layout {
    objects: Shape::Flat,
    arrays: Shape::Flat,
    indent: 0,
    colon: (0, 0),
    comma: 0,
    pads: (0, 0),
    empty: Empty::Tight,
    hanging: false,
    width: 80,
    style: Style { crlf: false, tabs: false },
};
/// The same with a blank after commas and colons.
pub(super) const SPACED: Layout = Layout { colon: (0, 1), comma: 1, ..COMPACT };
/// A line for each element.
const PRETTY: Layout =
    Layout { objects: Shape::Broken, arrays: Shape::Broken, colon: (0, 1), comma: 1, indent: 2, ..COMPACT };

/// One line, with blanks inside brackets.
const ONE_LINE: [Layout; 5] = [
    Layout { pads: (1, 0), ..SPACED },
    Layout { pads: (1, 1), ..SPACED },
    Layout { pads: (1, 1), colon: (1, 1), empty: Empty::Blank, ..SPACED },
    Layout { colon: (0, 1), ..COMPACT },
    Layout { comma: 1, ..COMPACT },
];

impl Layout {
    /// Whether the layout depends on how long the strings are.
    pub(super) fn measures(&self) -> bool {
        let fits = |shape| matches!(shape, Shape::Fit | Shape::FitIfFound | Shape::Filled);
        self.hanging || fits(self.objects) || fits(self.arrays)
    }

    fn tabs(self) -> Self {
        Self { indent: 1, style: Style { tabs: true, ..self.style }, ..self }
    }
}

/// A line for each element, by indentation.
pub(super) fn pretty(indent: usize) -> Layout {
    Layout { indent, ..PRETTY }
}

/// The same with tabs.
pub(super) fn pretty_tabs() -> Layout {
    PRETTY.tabs()
}

/// Objects broken, lists in the lines where they begin.
pub(super) fn jackson() -> Layout {
    Layout { arrays: Shape::Flat, colon: (1, 1), pads: (1, 1), empty: Empty::Blank, ..PRETTY }
}

/// Empty lists and objects with line ends.
pub(super) fn ruby() -> Layout {
    Layout { empty: Empty::Lines, ..PRETTY }
}

/// What is inside indented from its bracket.
pub(super) fn power_shell() -> Layout {
    Layout { colon: (0, 2), empty: Empty::Hollow, hanging: true, indent: 4, ..PRETTY }
}

/// Indentation by three, and a blank before the colon.
pub(super) fn perl() -> Layout {
    Layout { indent: 3, colon: (1, 1), ..PRETTY }
}

/// Short lists in one line; objects as they were.
pub(super) fn prettier(indent: usize, width: usize) -> Layout {
    let shapes = Layout { objects: Shape::FitIfFound, arrays: Shape::Filled, ..PRETTY };
    Layout { indent, width, pads: (1, 0), ..shapes }
}

/// Some of the layouts, the likely ones first, with both line ends where the
/// text has none.
pub(super) fn candidates(document: &Document<'_>, which: Range<usize>) -> Vec<Layout> {
    let base: Vec<Layout> = shapes().into_iter().take(which.end).skip(which.start).collect();
    with_ends(&base, document)
}

fn shapes() -> Vec<Layout> {
    let mut base =
        vec![COMPACT, SPACED, pretty(2), pretty(4), pretty_tabs(), jackson(), ruby(), power_shell()];
    base.extend([3, 1, 8, 6, 5, 7].map(pretty));
    base.push(perl());
    base.extend(ONE_LINE);
    for indent in [2, 4, 3] {
        base.push(Layout { arrays: Shape::Flat, ..pretty(indent) });
        base.push(Layout { colon: (1, 1), empty: Empty::Blank, ..pretty(indent) });
    }
    base.push(Layout { indent: 4, ..ruby() });
    base.push(Layout { arrays: Shape::Flat, ..PRETTY.tabs() });
    base.push(Layout { arrays: Shape::Flat, colon: (1, 1), pads: (1, 1), empty: Empty::Blank, ..pretty(4) });
    base.extend([pretty(0), Layout { colon: (1, 1), ..PRETTY }, Layout { colon: (0, 0), ..PRETTY }]);
    base.extend([Layout { colon: (0, 0), ..pretty(4) }, Layout { colon: (1, 1), ..pretty(4) }]);
    for width in [80, 100, 120] {
        base.extend([2, 4].map(|indent| prettier(indent, width)));
        base.push(prettier(1, width).tabs());
    }
    for indent in [2, 4] {
        for width in [80, 100, 120, usize::MAX] {
            let fit = Layout { indent, width, objects: Shape::Fit, arrays: Shape::Fit, ..PRETTY };
            base.extend([Layout { objects: Shape::Broken, ..fit }, fit, Layout { pads: (1, 0), ..fit }]);
        }
        for depth in [1, 2] {
            let leaves = Shape::Shallow(depth);
            let shallow = Layout { indent, objects: leaves, arrays: leaves, ..PRETTY };
            base.extend([Layout { objects: Shape::Broken, ..shallow }, shallow]);
            base.extend([Layout { pads: (1, 0), ..shallow }, Layout { pads: (1, 1), ..shallow }]);
        }
    }
    base
}

fn with_ends(base: &[Layout], document: &Document<'_>) -> Vec<Layout> {
    let ends: &[bool] = match document.crlf() {
        Some(true) => &[true],
        Some(false) => &[false],
        None if document.text.ends_with(b"\r\n") => &[true, false],
        None => &[false, true],
    };
    let style = |layout: &Layout, crlf| Layout { style: Style { crlf, ..layout.style }, ..*layout };
    ends.iter().flat_map(|crlf| base.iter().map(move |layout| style(layout, *crlf))).collect()
}

impl Layout {
    /// What the layout is called.
    pub(super) fn name(&self) -> String {
        if self.hanging {
            return "with hanging indentation".to_owned();
        }
        let within = match (self.objects, self.arrays) {
            (Shape::Flat, Shape::Flat) if self.comma == 0 && self.colon == (0, 0) => {
                return "compact".to_owned();
            }
            (Shape::Flat, Shape::Flat) => return "in one line with blanks".to_owned(),
            (Shape::Broken, Shape::Broken) => "",
            (_, Shape::Flat) => ", lists not broken",
            (Shape::Broken | Shape::FitIfFound, _) => ", short lists in one line",
            _ => ", short lists and objects in one line",
        };
        let indent = match (self.style.tabs, self.indent) {
            (true, _) => "with tabs".to_owned(),
            (false, n) => format!("with indent {n}"),
        };
        let colon = if self.colon.0 > 0 { ", a blank before colons" } else { "" };
        indent + colon + within
    }
}
