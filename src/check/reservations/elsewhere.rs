//! Ranges that a document names outside of its list of ranges: one that reaches past
//! the ceiling is reserved in the list, or was reserved unseen.

use std::collections::BTreeSet;

use super::{id, range, range::Range};
use crate::code::Code;
use crate::evidence::{Object, Value};
use crate::finding::Sink;
use crate::profile::Profile;
use crate::text::quote;

/// Fields that name objects and reserve none.
const OTHERS: [&str; 3] = ["ranges", "existing_ids", "registry_pins"];

struct Reader<'r, 'd> {
    ranges: &'r [Range<'d>],
    ceiling: u64,
    known: BTreeSet<String>,
}

/// Judges every range outside of the list. Without a ceiling nothing can be told from
/// what was reserved before.
pub(super) fn judge(
    root: Object<'_>,
    ranges: &[Range<'_>],
    ceiling: Option<u64>,
    profile: &Profile,
    out: &mut Sink,
) {
    let own = root.get("reservation_ceiling").and_then(|value| value.count(&mut Sink::default()));
    let Some(ceiling) = ceiling.or(own) else { return };
    let reader = Reader { ranges, ceiling, known: id::prefixes(profile) };
    let others: Vec<_> = OTHERS.iter().filter_map(|name| Some(root.get(name)?.span())).collect();
    for (_, value) in root.members().filter(|(_, value)| !others.contains(&value.span())) {
        reader.walk(value, false, out);
    }
}

impl Reader<'_, '_> {
    fn walk(&self, value: Value<'_>, in_list: bool, out: &mut Sink) {
        if let Some(object) = value.as_object() {
            if let Some((prefix, first, last)) = self.ends(object) {
                self.is_reserved(value, &prefix, first, last, out);
                return;
            }
            for (_, member) in object.members() {
                self.walk(member, in_list, out);
            }
        } else if let Some(list) = value.as_list() {
            for item in list {
                self.walk(item, true, out);
            }
        } else if let Some(text) = value.as_text() {
            if let Some((prefix, first, last)) = range::parse(text.trim(), &self.known) {
                self.is_reserved(value, &prefix, first, last, out);
            } else if in_list
                && self.ranges.is_empty()
                && let Some((prefix, number)) =
                    id::parse(text.trim()).filter(|(p, _)| self.known.contains(*p))
            {
                self.is_reserved(value, prefix, number, number, out);
            }
        }
    }

    /// The ends of a row that has both, as identifiers or as bare numbers.
    fn ends(&self, row: Object<'_>) -> Option<(String, u64, u64)> {
        let (first, last) = (row.get("first")?, row.get("last")?);
        let read = |value: Value<'_>| {
            let Some(text) = value.as_text() else {
                let prefix = self.known.iter().next().cloned().unwrap_or_default();
                return Some((prefix, value.integer(&mut Sink::default())?.to_u64()?));
            };
            let (prefix, number) = id::parse(text.trim())?;
            let known = self.known.is_empty() || self.known.contains(prefix);
            known.then(|| (prefix.to_owned(), number))
        };
        let ((prefix, first), (_, last)) = (read(first)?, read(last)?);
        Some((prefix, first, last))
    }

    fn is_reserved(&self, value: Value<'_>, prefix: &str, first: u64, last: u64, out: &mut Sink) {
        let covers = |range: &Range<'_>| range.holds(prefix, first) && range.holds(prefix, last);
        if first.max(last) > self.ceiling && !self.ranges.iter().any(covers) {
            let range = quote(format!("{prefix}{first}..{last}").as_bytes());
            let message = format!("{range} reaches past {}, and `ranges` does not reserve it", self.ceiling);
            out.push(value.finding(Code::ReservationRangeDiffers, message, "not in the list"));
        }
    }
}
