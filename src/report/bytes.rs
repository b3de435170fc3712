//! One changed line as two rows of a diff: what cannot be seen is named, what
//! differs is marked, and the row is cut to the columns there are.
//!
//! Time and memory are linear in the length of the line, apart from a search
//! for the differing words that is bounded by a constant.

use super::inline::{Atom, atoms, marks};
use super::style::{Ink, Line, Look, char_width, width};
use crate::text::{is_deceptive, names::char_name};

/// Bytes of a line that are looked at; more is cut.
const WINDOW: usize = 4096;
/// Bytes kept before the first difference of a long line.
const LEAD: usize = 256;
/// Characters kept on both sides of a difference when a row is too long: the most that fits.
const CONTEXTS: [usize; 4] = [64, 48, 32, 24];
/// What is kept where nothing fits: the most that shows the first difference.
const LEAST: [usize; 4] = [16, 8, 4, 1];

/// The rows of the sealed and the found line, each at most `columns` wide.
pub(crate) fn rows(
    sealed: Option<&[u8]>,
    found: Option<&[u8]>,
    look: &Look,
    columns: usize,
) -> (Option<Line>, Option<Line>) {
    let (sealed_body, sealed_end) = sealed.map(split_end).unwrap_or_default();
    let (found_body, found_end) = found.map(split_end).unwrap_or_default();
    let (sealed_part, found_part) = window(sealed_body, found_body);
    let (sealed_atoms, found_atoms) = (atoms(sealed_part.bytes), atoms(found_part.bytes));
    let both = sealed.is_some() && found.is_some();
    let (sealed_marks, found_marks) = if both {
        marks(&sealed_atoms, &found_atoms)
    } else {
        (vec![false; sealed_atoms.len()], vec![false; found_atoms.len()])
    };
    let ends = match both {
        true if sealed_end == found_end => Ends::Hidden,
        true => Ends::Marked,
        false => Ends::Plain,
    };
    let context = Context {
        look,
        typographic: has_typography(&sealed_atoms, &sealed_marks)
            || has_typography(&found_atoms, &found_marks),
    };
    let side = |atoms: &[Atom], marks: &[bool], end| {
        let mut cells = context.cells(atoms, marks, ends);
        context.push_end(&mut cells, end, ends);
        cells
    };
    let left = sealed.map(|_| side(&sealed_atoms, &sealed_marks, sealed_end));
    let right = found.map(|_| side(&found_atoms, &found_marks, found_end));
    // Both rows are cut alike, so that they can be compared.
    let sealed_reach = left.iter().map(|cells| reach(cells, &sealed_part, columns));
    let found_reach = right.iter().map(|cells| reach(cells, &found_part, columns));
    let reach = sealed_reach.chain(found_reach).min().unwrap_or(Reach::All);
    let fit =
        |cells: Vec<Cell>, part: &Part<'_>, inks| context.line(&fit(cells, part, columns, reach, look), inks);
    (
        left.map(|cells| fit(cells, &sealed_part, (Ink::Sealed, Ink::SealedMark))),
        right.map(|cells| fit(cells, &found_part, (Ink::Found, Ink::FoundMark))),
    )
}

/// A line's body and its line end.
fn split_end(line: &[u8]) -> (&[u8], &[u8]) {
    let body = line.strip_suffix(b"\n").unwrap_or(line);
    let body = body.strip_suffix(b"\r").unwrap_or(body);
    line.split_at(body.len())
}

/// The part of a line that is looked at.
struct Part<'a> {
    bytes: &'a [u8],
    cut_before: bool,
    cut_after: bool,
}

/// Both lines without the long beginning that they share and what lies far behind it.
fn window<'a>(sealed: &'a [u8], found: &'a [u8]) -> (Part<'a>, Part<'a>) {
    let shared = sealed.iter().zip(found).take_while(|(a, b)| a == b).count();
    let mut start = if shared > WINDOW / 2 { shared - LEAD } else { 0 };
    // Both lines are equal up to here: a boundary in one is a boundary in the other.
    while start > 0 && sealed.get(start).is_some_and(|byte| byte & 0xC0 == 0x80) {
        start -= 1;
    }
    let part = |line: &'a [u8]| {
        let rest = line.get(start..).unwrap_or_default();
        let mut end = rest.len().min(WINDOW);
        while end > 0 && rest.get(end).is_some_and(|byte| byte & 0xC0 == 0x80) {
            end -= 1;
        }
        let bytes = rest.get(..end).unwrap_or_default();
        Part { bytes, cut_before: start > 0, cut_after: end < rest.len() }
    };
    (part(sealed), part(found))
}

/// Something differs that has a name: dashes, quotes, spaces, look-alike letters.
fn has_typography(atoms: &[Atom], marks: &[bool]) -> bool {
    let named = |atom: &Atom| matches!(atom, Atom::Char(c) if !c.is_ascii() && char_name(*c).is_some());
    atoms.iter().zip(marks).any(|(atom, marked)| *marked && named(atom))
}

/// A piece of text that is never cut in two.
struct Cell {
    text: String,
    marked: bool,
}

/// How line ends are shown.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ends {
    /// They are the same on both sides.
    Hidden,
    /// They differ.
    Marked,
    /// There is one side only.
    Plain,
}

struct Context<'a> {
    look: &'a Look,
    typographic: bool,
}

impl Context<'_> {
    fn cells(&self, atoms: &[Atom], marks: &[bool], ends: Ends) -> Vec<Cell> {
        let blank = |atom: &&Atom| matches!(atom, Atom::Char(' ' | '\t'));
        let trailing = atoms.len() - atoms.iter().rev().take_while(blank).count();
        let mut cells = Vec::with_capacity(atoms.len());
        for (at, (atom, &marked)) in atoms.iter().zip(marks).enumerate() {
            let alone =
                marked && !(at > 0 && marks.get(at - 1) == Some(&true)) && marks.get(at + 1) != Some(&true);
            let text = match *atom {
                Atom::Byte(byte) => format!("<0x{byte:02X}>"),
                Atom::Char(' ') if at >= trailing && (marked || ends == Ends::Marked) => {
                    self.look.pick("\u{b7}", "<SP>").to_owned()
                }
                Atom::Char('<') if opens_a_marker(atoms.get(at + 1..).unwrap_or_default()) => code_point('<'),
                Atom::Char(c) => self.character(c, marked, alone),
            };
            cells.push(Cell { text, marked });
        }
        cells
    }

    fn character(&self, c: char, marked: bool, alone: bool) -> String {
        let ours = matches!(c, '\u{b7}' | '\u{240a}' | '\u{240d}' | '\u{21e5}' | '\u{2026}');
        match c {
            '\t' => self.look.pick("\u{21e5}", "<TAB>").to_owned(),
            '\r' => self.look.pick("\u{240d}", "<CR>").to_owned(),
            '\n' => self.look.pick("\u{240a}", "<LF>").to_owned(),
            '\u{feff}' => "<BOM>".to_owned(),
            c if is_deceptive(c) || (marked && char_width(c) == 0) => code_point(c),
            '-' | '\'' | '"' | '`' | ' ' if alone && self.typographic => code_point(c),
            c if c.is_ascii() => c.to_string(),
            c if !self.look.unicode => code_point(c),
            // In a passage of foreign text that was edited, naming each letter hides the text.
            c if marked && char_name(c).is_some() && (alone || !c.is_alphabetic()) => code_point(c),
            c if ours && !marked && c != '\u{2026}' => code_point(c),
            c => c.to_string(),
        }
    }

    fn push_end(&self, cells: &mut Vec<Cell>, end: &[u8], ends: Ends) {
        let marked = ends == Ends::Marked;
        // A line of its own that would otherwise be invisible.
        let show = marked || (ends == Ends::Plain && cells.is_empty());
        if !show {
            return;
        }
        let text = match end {
            b"" => "<no line end>".to_owned(),
            end => end.iter().map(|&byte| self.character(char::from(byte), false, false)).collect(),
        };
        cells.push(Cell { text, marked });
    }

    fn line(&self, cells: &[Cell], (plain, marked): (Ink, Ink)) -> Line {
        let mut line = Line::default();
        let mut run = String::new();
        let mut inside = false;
        for cell in cells {
            if cell.marked != inside && !run.is_empty() {
                line = line.ink(if inside { marked } else { plain }, std::mem::take(&mut run));
            }
            inside = cell.marked;
            run.push_str(&cell.text);
        }
        if !run.is_empty() {
            line = line.ink(if inside { marked } else { plain }, run);
        }
        debug_assert!(self.look.unicode || cells.iter().all(|cell| cell.text.is_ascii()));
        line
    }
}

/// `<U+2014 EM DASH>`.
fn code_point(c: char) -> String {
    let number = u32::from(c);
    char_name(c).map_or_else(|| format!("<U+{number:04X}>"), |name| format!("<U+{number:04X} {name}>"))
}

/// Whether a `<` followed by `rest` would read like one of our own markers.
fn opens_a_marker(rest: &[Atom]) -> bool {
    let head: String = rest
        .iter()
        .take(7)
        .map_while(|atom| if let Atom::Char(c) = atom { Some(*c) } else { None })
        .collect();
    ["U+", "0x", "CR>", "LF>", "TAB>", "SP>", "BOM>", "no line"].iter().any(|marker| head.starts_with(marker))
}

/// Cells within `columns`: what is far from any difference goes first, then the end.
/// All of them where `reach` is [`Reach::All`].
fn fit(cells: Vec<Cell>, part: &Part<'_>, columns: usize, reach: Reach, look: &Look) -> Vec<Cell> {
    let ellipsis = || Cell { text: look.pick("\u{2026}", "...").to_owned(), marked: false };
    let Reach::Context(context) = reach else {
        return cells;
    };
    let any = cells.iter().any(|cell| cell.marked);
    let near = near_marks(&cells, context);
    let mut kept: Vec<Cell> = Vec::new();
    if part.cut_before {
        kept.push(ellipsis());
    }
    let mut used: usize = kept.iter().map(|cell| width(&cell.text)).sum();
    let room = columns.saturating_sub(3);
    let mut gap = false;
    let mut cut = part.cut_after;
    for (cell, near) in cells.into_iter().zip(near) {
        if any && !near {
            gap = true;
            continue;
        }
        if std::mem::take(&mut gap) && !part.cut_before | (kept.len() > 1) {
            kept.push(ellipsis());
            used += 3;
        }
        let needed = width(&cell.text);
        if used + needed > room {
            cut = true;
            break;
        }
        used += needed;
        kept.push(cell);
    }
    if cut || gap {
        kept.push(ellipsis());
    }
    kept
}

/// How much of a row is kept around what differs; the least comes first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Reach {
    /// So many characters on both sides.
    Context(usize),
    /// Everything.
    All,
}

/// The widest reach with which the cells fit.
fn reach(cells: &[Cell], part: &Part<'_>, columns: usize) -> Reach {
    let total: usize = cells.iter().map(|cell| width(&cell.text)).sum();
    if total <= columns && !part.cut_before && !part.cut_after {
        return Reach::All;
    }
    let fits = |context: &usize| {
        let near = near_marks(cells, *context);
        let kept = cells.iter().zip(&near).filter(|(_, near)| **near);
        let kept: usize = kept.map(|(cell, _)| width(&cell.text)).sum();
        // Each part that is left out takes an ellipsis, of three columns at most.
        let gaps = near.chunk_by(|a, b| a == b).filter(|run| run.first() == Some(&false)).count();
        kept + 3 * gaps <= columns.saturating_sub(3)
    };
    let shows = |context: &usize| {
        let near = near_marks(cells, *context);
        let first = cells.iter().position(|cell| cell.marked).map_or(0, |at| at + 1);
        let kept = cells.iter().zip(&near).take(first).filter(|(_, near)| **near);
        kept.map(|(cell, _)| width(&cell.text)).sum::<usize>() + 6 <= columns
    };
    let least = || LEAST.into_iter().find(shows).unwrap_or(1);
    Reach::Context(CONTEXTS.into_iter().find(fits).unwrap_or_else(least))
}

/// Which cells are marked or lie within `context` of a marked one.
fn near_marks(cells: &[Cell], context: usize) -> Vec<bool> {
    let mut near = vec![false; cells.len()];
    let reach = |near: &mut [bool], order: &mut dyn Iterator<Item = usize>| {
        let mut left = 0;
        for at in order {
            left = if cells.get(at).is_some_and(|cell| cell.marked) { context + 1 } else { left };
            if left > 0
                && let Some(flag) = near.get_mut(at)
            {
                *flag = true;
                left -= 1;
            }
        }
    };
    reach(&mut near, &mut (0..cells.len()));
    reach(&mut near, &mut (0..cells.len()).rev());
    near
}

#[cfg(test)]
#[path = "bytes_tests.rs"]
mod tests;
