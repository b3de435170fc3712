//! Layouts made by hand, changed in part: one kind of container put into one
//! line or into several, blanks beside punctuation, indentation. Whatever is
//! not changed stays as it is.

use super::classes::Class;
use super::document::Document;
use super::structure::Container;
use crate::json::Kind;

/// What becomes of the containers of a class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Action {
    /// They stay.
    Keep,
    /// In one line, with or without a blank inside the brackets.
    Flat { pad: bool },
    /// A line for each element, unless there are lines already.
    Broken,
    /// The bracket stands beside that of the one element.
    Hug,
}

/// Where a gap without line end stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Colon,
    Comma,
    Object,
    List,
}

/// What stands at each place; nothing where it stays.
pub(super) type Spacing = [Option<&'static [u8]>; 4];

/// A layout by hand, changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Hand<'t> {
    pub(super) spacing: Spacing,
    /// The first class that a container belongs to counts.
    pub(super) shapes: Vec<(Class<'t>, Action)>,
    /// What a level is indented by, where lines begin.
    pub(super) indent: Option<&'static [u8]>,
    /// Empty lines go.
    pub(super) squeeze: bool,
}

impl Hand<'_> {
    /// The shapes in words; nothing when none changes.
    pub(super) fn name(&self) -> Option<String> {
        let shape = |(class, action): &(Class<'_>, Action)| {
            let how = match action {
                Action::Keep => return None,
                Action::Flat { pad: false } => "in one line",
                Action::Flat { pad: true } => "in one line, blanks inside their brackets",
                Action::Broken => "a line for each element",
                Action::Hug => "both brackets together",
            };
            Some(format!("{} {how}", class.name()))
        };
        let shapes: Vec<String> = self.shapes.iter().filter_map(shape).collect();
        (!shapes.is_empty()).then(|| format!("sealed with {}", shapes.join("; ")))
    }
}

/// A part of the text being written, or of the one read.
type Span = (usize, usize);

/// A container that is open.
#[derive(Clone, Copy)]
struct Frame {
    action: Action,
    object: bool,
    /// Its own lines end after the opening bracket.
    lines: bool,
    /// The indentation of the line where it begins, as it was.
    old: Span,
    /// The same as written.
    new: Span,
}

struct Run<'r, 't> {
    document: &'r Document<'t>,
    all: &'r [Container],
    hand: &'r Hand<'t>,
    out: &'r mut Vec<u8>,
    open: Vec<Frame>,
    /// The next container.
    next: usize,
    /// The indentation of this line, as it was and as written.
    line: (Span, Span),
    /// What a level is indented by where lines are new.
    unit: Vec<u8>,
    end: &'static [u8],
}

/// Writes a document with the changes.
pub(super) fn render(document: &Document<'_>, all: &[Container], hand: &Hand<'_>, out: &mut Vec<u8>) {
    out.clear();
    out.extend_from_slice(document.text.get(..document.mark()).unwrap_or_default());
    let end: &[u8] = if document.crlf() == Some(true) { b"\r\n" } else { b"\n" };
    let unit = hand.indent.map_or_else(|| unit(document), <[u8]>::to_vec);
    let line = ((0, 0), (0, 0));
    let mut run = Run { document, all, hand, out, open: Vec::new(), next: 0, line, unit, end };
    for i in 0..document.tokens.len() {
        run.token(i);
    }
    run.out.extend_from_slice(document.gap(document.tokens.len()));
}

/// What the first indented line is indented by; two blanks where there is none.
fn unit(document: &Document<'_>) -> Vec<u8> {
    let indented = document.gaps().find_map(|(_, gap)| {
        let at = memchr::memrchr(b'\n', gap)?;
        gap.get(at + 1..).filter(|indent| !indent.is_empty())
    });
    indented.unwrap_or(b"  ").to_vec()
}

impl Run<'_, '_> {
    fn token(&mut self, i: usize) {
        let Some(token) = self.document.tokens.get(i) else { return };
        self.gap(i);
        if token.closes() {
            self.open.pop();
        }
        self.out.extend_from_slice(self.document.of(token));
        if token.opens()
            && let Some(container) = self.all.get(self.next)
        {
            let known =
                self.hand.shapes.iter().find(|(class, _)| class.holds(self.document, self.all, container));
            self.next += 1;
            self.open.push(Frame {
                action: known.map_or(Action::Keep, |(_, action)| *action),
                object: container.object,
                lines: self.document.has_line_behind(i),
                old: self.line.0,
                new: self.line.1,
            });
        }
    }

    /// What comes before a token.
    fn gap(&mut self, i: usize) {
        let gap = self.document.gap(i);
        let line = memchr::memrchr(b'\n', gap);
        let before = i.checked_sub(1).and_then(|i| self.document.tokens.get(i));
        let (Some(frame), Some(before), Some(token)) =
            (self.open.last().copied(), before, self.document.tokens.get(i))
        else {
            self.out.extend_from_slice(gap);
            return;
        };
        let start = token.start();
        if let Some(at) = line {
            self.line.0 = (start - (gap.len() - at - 1), start);
        }
        if before.opens() && token.closes() {
            return self.keep(gap, line, frame, true);
        }
        let edge = before.opens() || token.closes();
        let comma: &[u8] = self.hand.spacing[1].unwrap_or(b", ");
        match (frame.action, line) {
            _ if before.kind == Kind::Key => self.inline(gap, line, Place::Colon),
            (Action::Hug, _) if edge => {}
            (Action::Flat { pad }, Some(_)) if edge => self.out.extend(pad.then_some(b' ')),
            (Action::Flat { .. }, Some(_)) => self.out.extend_from_slice(comma),
            (Action::Broken, None) if !frame.lines => self.break_line(gap, frame, token.closes()),
            (_, Some(_)) => self.keep(gap, line, frame, token.closes()),
            _ if edge => self.inline(gap, line, if frame.object { Place::Object } else { Place::List }),
            _ => self.inline(gap, line, Place::Comma),
        }
    }

    /// Within a line.
    fn inline(&mut self, gap: &[u8], line: Option<usize>, place: Place) {
        let written = self.hand.spacing.get(place as usize).copied().flatten();
        self.out.extend_from_slice(written.filter(|_| line.is_none()).unwrap_or(gap));
    }

    /// A new line.
    fn break_line(&mut self, gap: &[u8], frame: Frame, closes: bool) {
        self.out.extend(gap.iter().filter(|b| **b == b','));
        self.out.extend_from_slice(self.end);
        let start = self.out.len();
        self.out.extend_from_within(frame.new.0..frame.new.1);
        if !closes {
            self.out.extend_from_slice(&self.unit);
        }
        self.line.1 = (start, self.out.len());
    }

    /// A line that was there, as far from the one where the container begins as before.
    fn keep(&mut self, gap: &[u8], line: Option<usize>, frame: Frame, closes: bool) {
        let Some(at) = line else { return self.out.extend_from_slice(gap) };
        let (head, old) = gap.split_at(at + 1);
        if self.hand.squeeze {
            self.out.extend(head.iter().filter(|b| **b == b','));
            self.out.extend_from_slice(self.end);
        } else {
            self.out.extend_from_slice(head);
        }
        let start = self.out.len();
        let outer = self.document.text.get(frame.old.0..frame.old.1).unwrap_or_default();
        match (self.hand.indent, old.strip_prefix(outer)) {
            (Some(unit), _) => {
                self.out.extend_from_within(frame.new.0..frame.new.1);
                self.out.extend_from_slice(if closes { b"" } else { unit });
            }
            (None, Some(rest)) => {
                self.out.extend_from_within(frame.new.0..frame.new.1);
                self.out.extend_from_slice(rest);
            }
            (None, None) => self.out.extend_from_slice(old),
        }
        self.line.1 = (start, self.out.len());
    }
}
