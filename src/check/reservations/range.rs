//! Ranges: read in any of their spellings, in order above the ceiling, disjoint
//! from everything.

use std::collections::BTreeSet;

use super::id;
use crate::code::Code;
use crate::evidence::{Object, Value};
use crate::finding::Sink;
use crate::profile::{Key, Profile};
use crate::text::quote;

/// Ranges of one document. Each is compared with every other and with every object.
const MOST: usize = 200;

/// A reserved range, both ends in it.
pub(super) struct Range<'d> {
    pub(super) row: Object<'d>,
    pub(super) prefix: String,
    pub(super) first: u64,
    pub(super) last: u64,
}

impl Range<'_> {
    pub(super) fn count(&self) -> u64 {
        (self.last - self.first).saturating_add(1)
    }

    pub(super) fn holds(&self, prefix: &str, number: u64) -> bool {
        self.prefix == prefix && (self.first..=self.last).contains(&number)
    }

    pub(super) fn meets(&self, prefix: &str, first: u64, last: u64) -> bool {
        self.prefix == prefix && self.first <= last && first <= self.last
    }

    fn shown(&self) -> String {
        quote(format!("{}{}..{}", self.prefix, self.first, self.last).as_bytes())
    }
}

/// The ranges of a document. What is none is reported and left out.
pub(super) fn read<'d>(root: Object<'d>, profile: &Profile, out: &mut Sink) -> Vec<Range<'d>> {
    let rows = root.field("ranges").objects(out).unwrap_or_default();
    if rows.len() > MOST {
        let message = format!("{} ranges are reserved at once, and at most {MOST} are judged", rows.len());
        out.push(root.finding(Code::ReservationRangeDiffers, message, "too many"));
    }
    rows.into_iter().take(MOST).filter_map(|row| one(row, profile, out)).collect()
}

fn one<'d>(row: Object<'d>, profile: &Profile, out: &mut Sink) -> Option<Range<'d>> {
    let (at, prefix, first, last) =
        if row.has("range") { text(row, profile, out)? } else { ends(row, profile, out)? };
    if last < first {
        out.push(at.finding(Code::ReservationRangeDiffers, "the range ends before it begins", "backwards"));
        return None;
    }
    let range = Range { row, prefix, first, last };
    if row.has("range") {
        ends_agree(&range, profile, out);
    }
    whole(&range, profile, out);
    Some(range)
}

/// `TKT-OBJ-495..507` or `TKT-OBJ-495..TKT-OBJ-507`.
fn text<'d>(row: Object<'d>, profile: &Profile, out: &mut Sink) -> Option<(Value<'d>, String, u64, u64)> {
    let value = row.field("range").value(out)?;
    let text = value.word(out)?;
    let parsed = parse(&text, &id::prefixes(profile));
    if parsed.is_none() {
        let message = format!("{} is no range of objects: {}", value.shown(), quote(text.as_bytes()));
        out.push(value.finding(Code::EvidenceUnknownValue, message, "no range"));
    }
    parsed.map(|(prefix, first, last)| (value, prefix, first, last))
}

/// A text that is a range of objects with one of the known prefixes; with any where none is known.
pub(super) fn parse(text: &str, known: &BTreeSet<String>) -> Option<(String, u64, u64)> {
    let (first, last) = text.split_once("..")?;
    let (prefix, first) = id::parse(first)?;
    let last = last.strip_prefix(prefix).unwrap_or(last);
    let (_, last) = id::parse(&format!("{prefix}{last}")).filter(|(whole, _)| *whole == prefix)?;
    (known.is_empty() || known.contains(prefix)).then(|| (prefix.to_owned(), first, last))
}

/// `first` and `last` beside a `range` are its ends.
fn ends_agree(range: &Range<'_>, profile: &Profile, out: &mut Sink) {
    for (field, due) in [("first", range.first), ("last", range.last)] {
        let Some(value) = range.row.get(field) else { continue };
        let said = match value.as_text() {
            Some(_) => super::id_of(value, profile, out),
            None => value.count(out).map(|number| (range.prefix.clone(), number)),
        };
        if said.is_some_and(|(prefix, number)| prefix != range.prefix || number != due) {
            let message = format!("{} is not where {} has it", value.shown(), range.shown());
            out.push(value.finding(Code::ReservationRangeDiffers, message, "another end"));
        }
    }
}

/// `first` and `last`, each an identifier.
fn ends<'d>(row: Object<'d>, profile: &Profile, out: &mut Sink) -> Option<(Value<'d>, String, u64, u64)> {
    let (first_at, last_at) = (row.field("first").value(out)?, row.field("last").value(out)?);
    let (prefix, first) = super::id_of(first_at, profile, out)?;
    let (other, last) = super::id_of(last_at, profile, out)?;
    if prefix != other {
        let message = "the range begins and ends with objects of different kinds";
        out.push(last_at.finding(Code::ReservationRangeDiffers, message, "another kind"));
        return None;
    }
    Some((first_at, prefix, first, last))
}

/// The objects that a row lists and counts are those of its range.
fn whole(range: &Range<'_>, profile: &Profile, out: &mut Sink) {
    if let Some(value) = range.row.get("count")
        && let Some(said) = value.count(out)
        && said != range.count()
    {
        let message = format!("{said} objects are recorded, and {} has {}", range.shown(), range.count());
        out.push(value.finding(Code::ReservationRangeDiffers, message, "another number"));
    }
    if !range.row.has("ids") {
        return;
    }
    let mut seen = BTreeSet::new();
    for (value, prefix, number) in id::listed(range.row, "ids", profile, out) {
        let id = quote(format!("{prefix}{number}").as_bytes());
        if !range.holds(&prefix, number) {
            let message = format!("{id} is not in the range {}", range.shown());
            out.push(value.finding(Code::ReservationRangeDiffers, message, "outside"));
        } else if !seen.insert(number) {
            let message = format!("{id} is listed twice");
            out.push(value.finding(Code::ReservationRangeDiffers, message, "again"));
        }
    }
    if seen.len() as u64 != range.count()
        && let Some(list) = range.row.get("ids")
    {
        let message =
            format!("{} of the {} objects of {} are listed", seen.len(), range.count(), range.shown());
        out.push(list.finding(Code::ReservationRangeDiffers, message, "not all"));
    }
}

/// The first range begins right after the ceiling, each other one after the one before.
pub(super) fn in_order(ranges: &[Range<'_>], ceiling: Option<u64>, out: &mut Sink) {
    let mut sorted: Vec<&Range<'_>> = ranges.iter().collect();
    sorted.sort_by_key(|range| (range.first, range.last));
    let mut due = ceiling;
    for range in sorted {
        if let Some(last) = due
            && range.first != last.saturating_add(1)
        {
            let message = format!("{} does not begin at {}", range.shown(), last.saturating_add(1));
            out.push(range.row.finding(Code::ReservationRangeDiffers, message, "begins elsewhere"));
        }
        due = Some(due.map_or(range.last, |due| due.max(range.last)));
    }
}

/// No range meets another one: of the document, the configuration or the predecessor.
pub(super) fn disjoint(
    ranges: &[Range<'_>],
    before: &[(String, u64, u64)],
    profile: &Profile,
    out: &mut Sink,
) {
    let told = |range: &Range<'_>, other: String, out: &mut Sink| {
        let message = format!("{} meets {other}", range.shown());
        out.push(range.row.finding(Code::ReservationCollision, message, "not free"));
    };
    let mut sorted: Vec<&Range<'_>> = ranges.iter().collect();
    sorted.sort_by(|a, b| (&a.prefix, a.first, a.last).cmp(&(&b.prefix, b.first, b.last)));
    let mut widest: Option<&Range<'_>> = None;
    for range in sorted {
        match widest.filter(|widest| widest.meets(&range.prefix, range.first, range.last)) {
            Some(other) => told(range, other.shown(), out),
            None => widest = None,
        }
        if widest.is_none_or(|widest| widest.last < range.last) {
            widest = Some(range);
        }
    }
    let states = profile.words(Key::ReservationStates);
    for range in ranges {
        for row in profile.rows(Key::Ranges) {
            let (Some(prefix), Some(first), Some(last)) =
                (row.word("prefix"), row.count("first"), row.count("last"))
            else {
                continue;
            };
            // The configuration knows this very proposal.
            let same = (range.prefix.as_str(), range.first, range.last) == (prefix, first, last);
            let is_proposal = row.word("state").is_some_and(|state| states.iter().any(|word| word == state));
            if range.meets(prefix, first, last) && !(same && is_proposal) {
                let name = quote(row.word("name").unwrap_or_default().as_bytes());
                told(range, format!("the range {name} of the configuration"), out);
            }
        }
        if before.iter().any(|(prefix, first, last)| range.meets(prefix, *first, *last)) {
            told(range, "a range that the predecessor reserved".to_owned(), out);
        }
    }
}
