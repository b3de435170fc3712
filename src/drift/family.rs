//! What a drift family is, and the table of all of them.
//!
//! A family knows its spellings and nothing of the search: it names the places
//! where something else may have been sealed, or rewrites the whole text in
//! the ways its tools do, and judges whether a replacement is one of its own.

use super::meter::Spent;
use super::recipe::{Edit, Edits};
use super::sink::Sink;
use super::trial::Trial;
use crate::code::Code;

/// A text that sealed spellings are looked for in.
#[derive(Clone, Copy, Debug)]
pub(super) struct Text<'t> {
    pub(super) bytes: &'t [u8],
    /// The file's name, for families that depend on its kind.
    pub(super) name: &'t [u8],
    /// The sealed length less that of the text, where known.
    pub(super) want: Option<i64>,
    /// Substitutions of less weight are not looked for: rare ones are tried on
    /// the bytes as they are, not on their variants.
    pub(super) least: u64,
}

impl Text<'_> {
    /// Whether some places of that length difference make the sealed length,
    /// and substitutions of that weight are looked for.
    pub(super) fn wants(&self, weight: u64, delta: i64) -> bool {
        weight >= self.least
            && match self.want {
                None => true,
                Some(want) if delta == 0 => want == 0,
                Some(want) => want % delta == 0 && want / delta > 0,
            }
    }

    /// Whether there are too many lines to choose among.
    pub(super) fn has_many_lines(&self) -> bool {
        memchr::memchr_iter(b'\n', self.bytes).count() >= super::site::MOST_SITES
    }

    /// Whether the name ends like that, in any case.
    pub(super) fn has_extension(&self, extensions: &[&str]) -> bool {
        let name = self.name.to_ascii_lowercase();
        extensions.iter().any(|e| name.strip_suffix(e.as_bytes()).is_some_and(|stem| stem.ends_with(b".")))
    }
}

/// One family of drift.
pub(super) trait Family: Sync {
    /// The code that its replacements carry.
    fn code(&self) -> Code;

    /// Substitutions that may have befallen some or all of their sites.
    fn pairs(&self, _text: Text<'_>, _out: &mut Sink<'_, '_>) {}

    /// Ways to rewrite the whole text in one step or several, of this family
    /// or its relatives, tried one by one: the replacements that give the sealed
    /// text, in the order in which they are undone.
    fn rewrites(&self, _text: Text<'_>, _trial: &mut Trial<'_, '_>) -> Result<Option<Vec<Edits>>, Spent> {
        Ok(None)
    }

    /// Whether a replacement in `found` is one that this family makes.
    fn is_legal(&self, found: &[u8], edit: &Edit<'_>) -> bool;

    /// Whether all of a list are.
    fn are_legal(&self, found: &[u8], edits: &Edits) -> bool {
        edits.iter().all(|edit| self.is_legal(found, &edit))
    }
}

/// Every family, in the order in which they are asked.
pub(super) static FAMILIES: &[&dyn Family] = &[
    &super::edges::Bom,
    &super::edges::FinalNewline,
    &super::trailing::Trailing,
    &super::line_ends::LineEnds,
    &super::typography::Typography,
    &super::vietnamese::Vietnamese,
    &super::json::Escapes,
    &super::json::Reformatted,
    &super::json::KeyOrder,
    &super::json::DuplicateKeys,
    &super::table::Tables,
    &super::layout::Indentation,
    &super::layout::BlankLines,
    &super::reflow::Reflow,
    &super::mojibake::Mojibake,
    &super::lossy::Lossy,
    &super::entities::Entities,
    &super::normal::Normalization,
    &super::keywords::Ident,
    &super::keywords::ExportSubst,
    &super::special::LfsPointer,
    &super::damage::Truncated,
    &super::damage::ZeroFilled,
    &super::special::Appended,
    &super::rot::BitRot,
];

/// Whether every replacement in `found` is one that its family makes.
pub(super) fn are_legal(found: &[u8], edits: &Edits) -> bool {
    FAMILIES.iter().any(|family| family.code() == edits.code() && family.are_legal(found, edits))
}
