//! A JSON text as a tool may have written it before: other escapes, another
//! order of members, other numbers, another layout, and the likely
//! compositions of these.
//!
//! Whole texts are written and tried; which replacements lead there is told
//! only of the one that was sealed.

use std::ops::Range;

use super::super::family::Text;
use super::super::meter::Spent;
use super::super::recipe::{Edits, Step};
use super::super::trial::Trial;
use super::classes;
use super::document::{self, Document};
use super::duplicates;
use super::hand;
use super::lay;
use super::layout::{self, Layout};
use super::moves::moves;
use super::numbers::{self, NOTATIONS, Which};
use super::order::{self, COLLATIONS, REACHES, Reordered};
use super::policy;
use super::structure::{Container, containers};
use super::units::{self, units};
use crate::code::Code;

/// Layouts that are tried together with other changes.
const LIKELY_LAYOUTS: usize = 16;
/// The same where members were sorted, which formatters do.
const ORDERED_LAYOUTS: usize = 40;
/// Of texts of more bytes less is tried.
const LARGE: usize = 1 << 20;
/// Bytes that may be written to find members that moved.
const MOVED: usize = 24 << 20;
/// Names whose numbers are tried on their own.
const MOST_NAMES: usize = 32;

/// How much is tried on one text.
#[derive(Clone, Copy, Debug)]
struct Limits {
    /// Bytes that may be written.
    bytes: usize,
    layouts: usize,
    /// Changes of hand-made layouts, other orders and numbers, too.
    all: bool,
}

impl Limits {
    /// Everything on the bytes found, less on variants of them.
    fn of(text: Text<'_>) -> Self {
        match text.least {
            0 => Self { bytes: 10 << 20, layouts: usize::MAX, all: true },
            1..10 => Self { bytes: 1 << 20, layouts: LIKELY_LAYOUTS, all: false },
            _ => Self { bytes: 1 << 18, layouts: 4, all: false },
        }
    }
}

/// A text on the way to the sealed one.
struct Form {
    steps: Vec<Edits>,
    text: Vec<u8>,
}

impl Form {
    /// One step further.
    fn then(&self, edits: Edits) -> Option<Self> {
        let text = edits.undo(&self.text)?;
        let steps = self.steps.iter().cloned().chain([edits]).collect();
        Some(Self { steps, text })
    }

    /// The way to a text of the same tokens. A layout and the spelling of
    /// numbers are one step.
    fn laid_out(&self, document: &Document<'_>, sealed: &[u8]) -> Vec<Edits> {
        let mut steps = self.steps.clone();
        let merged = steps.last().filter(|last| last.code() == Code::JsonReformatted).and_then(|last| {
            let before = last.redo(&self.text)?;
            document::edits(&Document::read(&before)?, sealed)
        });
        if merged.is_some() {
            steps.pop();
        }
        steps.extend(merged.or_else(|| document::edits(document, sealed)));
        steps
    }
}

/// What was found, or that enough was tried.
enum Stop {
    Hit(Vec<Edits>),
    Enough,
    Spent,
}

impl From<Spent> for Stop {
    fn from(_: Spent) -> Self {
        Self::Spent
    }
}

/// The replacements that give the sealed text, in the order in which they are made.
pub(super) fn search(text: Text<'_>, trial: &mut Trial<'_, '_>) -> Result<Option<Vec<Edits>>, Spent> {
    let limits = Limits::of(text);
    let few = text.bytes.len().saturating_mul(if text.bytes.len() <= LARGE { 40 } else { 16 });
    let mut search = Search { trial, left: limits.bytes.max(few), limits };
    let plain = Form { steps: Vec::new(), text: text.bytes.to_vec() };
    match search.run(&plain) {
        Ok(()) => Ok(None),
        Err(Stop::Hit(steps)) => Ok(Some(steps)),
        Err(Stop::Spent) => Err(Spent),
        Err(Stop::Enough) => {
            search.trial.cut();
            Ok(None)
        }
    }
}

struct Search<'s, 't, 'q> {
    trial: &'s mut Trial<'t, 'q>,
    /// Bytes that may still be written.
    left: usize,
    limits: Limits,
}

impl Search<'_, '_, '_> {
    fn run(&mut self, plain: &Form) -> Result<(), Stop> {
        let escaped = self.escaped(plain)?;
        let Some(document) = Document::read(&plain.text) else { return Ok(()) };
        self.layouts(plain, 0..LIKELY_LAYOUTS.min(self.limits.layouts))?;
        if !self.limits.all {
            return self.all_layouts(&escaped, LIKELY_LAYOUTS);
        }
        let all = containers(&document);
        let ordered = self.ordered(plain, &document, &all)?;
        self.layouts(plain, LIKELY_LAYOUTS..self.limits.layouts)?;
        self.by_hand(plain, &document, &all)?;
        self.moved(plain, &document, &all)?;
        let respelled = self.respelled(plain, &document)?;
        let single = self.without_duplicates(plain, &document, &all)?;
        self.all_layouts(&ordered, ORDERED_LAYOUTS)?;
        self.all_layouts(&escaped, LIKELY_LAYOUTS)?;
        self.all_layouts(&respelled, LIKELY_LAYOUTS)?;
        self.all_layouts(&single, LIKELY_LAYOUTS)?;
        for form in escaped.iter().chain(&respelled) {
            let Some(document) = Document::read(&form.text) else { continue };
            let both = self.ordered(form, &document, &containers(&document))?;
            self.all_layouts(&both, LIKELY_LAYOUTS)?;
        }
        Ok(())
    }

    /// Notes that so many bytes were written.
    fn wrote(&mut self, bytes: usize) -> Result<(), Stop> {
        self.left = self.left.checked_sub(bytes).ok_or(Stop::Enough)?;
        self.trial.work(bytes)?;
        Ok(())
    }

    /// Tries a form as it is.
    fn form(&mut self, from: &Form, edits: Option<Edits>, out: &mut Vec<Form>) -> Result<(), Stop> {
        let Some(form) = edits.and_then(|edits| from.then(edits)) else { return Ok(()) };
        self.wrote(form.text.len())?;
        if self.trial.hits(&form.text)? {
            return Err(Stop::Hit(form.steps));
        }
        if out.iter().all(|known| known.text != form.text) {
            out.push(form);
        }
        Ok(())
    }

    /// Every other way to escape the strings.
    fn escaped(&mut self, from: &Form) -> Result<Vec<Form>, Stop> {
        let mut out = Vec::new();
        if units::has_specials(&from.text)
            && let Some(units) = units(&from.text)
        {
            for policy in policy::distinct(&from.text, &units) {
                self.form(from, units::respell(&from.text, &units, policy), &mut out)?;
            }
        }
        Ok(out)
    }

    /// Every order that the members of objects are sorted in.
    fn ordered(
        &mut self,
        from: &Form,
        document: &Document<'_>,
        all: &[Container],
    ) -> Result<Vec<Form>, Stop> {
        let mut seen: Vec<Vec<Reordered>> = Vec::new();
        let mut out = Vec::new();
        for reach in REACHES {
            for collation in COLLATIONS {
                self.wrote(document.text.len())?;
                let changes = order::sorted(document, all, collation, reach);
                if changes.is_empty() || seen.contains(&changes) {
                    continue;
                }
                let edits = self.reordered(document, all, &changes)?;
                self.form(from, edits, &mut out)?;
                seen.push(changes);
            }
        }
        Ok(out)
    }

    fn reordered(
        &mut self,
        document: &Document<'_>,
        all: &[Container],
        changes: &[Reordered],
    ) -> Result<Option<Edits>, Stop> {
        let mut sealed = Vec::with_capacity(document.text.len());
        order::write(document, all, changes, &mut sealed);
        self.wrote(sealed.len())?;
        Ok(order::edits(document, all, changes, &sealed))
    }

    /// Members that stood elsewhere in their objects.
    fn moved(&mut self, from: &Form, document: &Document<'_>, all: &[Container]) -> Result<(), Stop> {
        if !self.trial.fits(document.text.len()) {
            return Ok(());
        }
        let mut sealed = Vec::with_capacity(document.text.len());
        let most = MOVED / document.text.len().max(1);
        for (tried, step) in moves(document, all).enumerate() {
            if tried >= most {
                self.trial.cut();
                break;
            }
            let changes = step.changes(document, all);
            if changes.is_empty() {
                continue;
            }
            order::write(document, all, &changes, &mut sealed);
            if self.trial.hits(&sealed)? {
                let last = order::edits(document, all, &changes, &sealed);
                return Err(Stop::Hit(from.steps.iter().cloned().chain(last).collect()));
            }
        }
        Ok(())
    }

    /// Every notation of numbers.
    fn respelled(&mut self, from: &Form, document: &Document<'_>) -> Result<Vec<Form>, Stop> {
        let names = numbers::integer_names(document, MOST_NAMES);
        let which = [Which::Fractions, Which::All].into_iter().chain(names.into_iter().map(Which::Of));
        let mut out = Vec::new();
        for which in which {
            // Integers of one name were doubles where they have a point, whoever wrote them.
            let known = if matches!(which, Which::Of(_)) { 1 } else { NOTATIONS.len() };
            for notation in NOTATIONS.iter().take(known) {
                self.form(from, numbers::respelled(document, notation, which), &mut out)?;
            }
        }
        Ok(out)
    }

    fn without_duplicates(
        &mut self,
        from: &Form,
        document: &Document<'_>,
        all: &[Container],
    ) -> Result<Vec<Form>, Stop> {
        let mut out = Vec::new();
        for edits in duplicates::removals(document, all) {
            self.form(from, Some(edits), &mut out)?;
        }
        Ok(out)
    }

    fn all_layouts(&mut self, forms: &[Form], most: usize) -> Result<(), Stop> {
        forms.iter().try_for_each(|form| self.layouts(form, 0..most.min(self.limits.layouts)))
    }

    /// The layouts of tools.
    fn layouts(&mut self, form: &Form, which: Range<usize>) -> Result<(), Stop> {
        let Some(document) = Document::read(&form.text) else { return Ok(()) };
        let mut sealed = Vec::with_capacity(form.text.len().saturating_mul(2));
        for layout in layout::candidates(&document, which) {
            self.wrote(form.text.len())?;
            if lay::render(&document, &layout, &mut sealed) {
                let body = sealed.len();
                self.wrote(body.saturating_sub(form.text.len()))?;
                self.ends(form, &document, &mut sealed, body, line_end(&layout))?;
            }
        }
        Ok(())
    }

    /// Changes of a layout by hand.
    fn by_hand(&mut self, form: &Form, document: &Document<'_>, all: &[Container]) -> Result<(), Stop> {
        let mut sealed = Vec::with_capacity(form.text.len().saturating_mul(2));
        let end: &[u8] = if document.crlf() == Some(true) { b"\r\n" } else { b"\n" };
        for hand in classes::changes(document, all) {
            hand::render(document, all, &hand, &mut sealed);
            self.wrote(sealed.len())?;
            if sealed != form.text {
                let body = sealed.trim_ascii_end().len();
                self.ends(form, document, &mut sealed, body, end)?;
            }
        }
        Ok(())
    }

    /// Tries a text with one newline at its end and with none.
    fn ends(
        &mut self,
        form: &Form,
        document: &Document<'_>,
        sealed: &mut Vec<u8>,
        body: usize,
        end: &[u8],
    ) -> Result<(), Stop> {
        for tail in [end, b""] {
            sealed.truncate(body);
            sealed.extend_from_slice(tail);
            if self.trial.hits(sealed)? {
                return Err(Stop::Hit(form.laid_out(document, sealed)));
            }
        }
        Ok(())
    }
}

fn line_end(layout: &Layout) -> &'static [u8] {
    if layout.style.crlf { b"\r\n" } else { b"\n" }
}

/// Every other way to escape the strings of a text, to be tried with other families.
pub(in super::super) fn escapes(text: Text<'_>) -> Vec<Step> {
    let Some(units) = super::units_of(text) else { return Vec::new() };
    let respelled = policy::distinct(text.bytes, &units)
        .into_iter()
        .filter_map(|policy| units::respell(text.bytes, &units, policy));
    respelled.map(Step::Edits).collect()
}
