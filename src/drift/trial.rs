//! Trying whole texts: whether one of them is the sealed text, at what cost.

use std::ops::ControlFlow;

use super::encoding::Encoding;
use super::meter::{Meter, Spent};
use super::recipe::{Edits, signed};

/// Takes the texts that may have been sealed where one text stands now.
pub(super) struct Trial<'t, 'q> {
    meter: &'t mut Meter<'q>,
    /// The encoding that the text was sealed in.
    target: Option<Encoding>,
    /// The length of the sealed text, where it is known and the encoding leaves it as it is.
    len: Option<i64>,
}

impl<'t, 'q> Trial<'t, 'q> {
    /// For a text of `len` bytes; `want` is the sealed length less that, where known.
    pub(super) fn new(
        meter: &'t mut Meter<'q>,
        len: usize,
        target: Option<Encoding>,
        want: Option<i64>,
    ) -> Self {
        let want = if target.is_none() { want } else { None };
        Self { meter, target, len: want.map(|want| signed(len).saturating_add(want)) }
    }

    /// Whether a text of that length may be the sealed one.
    pub(super) fn fits(&self, len: usize) -> bool {
        self.len.is_none_or(|sealed| sealed == signed(len))
    }

    /// Whether a text is the sealed one.
    pub(super) fn hits(&mut self, text: &[u8]) -> Result<bool, Spent> {
        if !self.fits(text.len()) {
            self.meter.skip()?;
            return Ok(false);
        }
        match self.target {
            None => self.meter.try_bytes(text),
            Some(target) => target.encode(text).map_or(Ok(false), |bytes| self.meter.try_bytes(&bytes)),
        }
    }

    /// The first of the replacements in `text` that `each` hands over one after
    /// another and that give the sealed text.
    pub(super) fn first(
        &mut self,
        text: &[u8],
        each: impl FnOnce(&mut dyn FnMut(Edits) -> ControlFlow<()>) -> ControlFlow<()>,
    ) -> Result<Option<Vec<Edits>>, Spent> {
        let mut hit = Ok(None);
        let _ = each(&mut |edits| {
            let sealed = edits.undo(text);
            match sealed.map(|sealed| self.hits(&sealed)) {
                None | Some(Ok(false)) => return ControlFlow::Continue(()),
                Some(Ok(true)) => hit = Ok(Some(vec![edits])),
                Some(Err(spent)) => hit = Err(spent),
            }
            ControlFlow::Break(())
        });
        hit
    }

    /// Notes work that hashes nothing and takes as long as hashing so many bytes.
    pub(super) fn work(&mut self, bytes: usize) -> Result<(), Spent> {
        self.meter.work(bytes)
    }

    /// Notes that something was not tried.
    pub(super) fn cut(&mut self) {
        self.meter.cut();
    }
}
