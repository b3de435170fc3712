//! Identifiers of objects: whole tokens. Digits inside of something longer, such
//! as a digest, are none.

use std::collections::BTreeSet;

use super::{fold, range::Range};
use crate::code::Code;
use crate::evidence::{Object, Value};
use crate::finding::{Finding, Sink};
use crate::profile::{Key, Profile};
use crate::text::quote;

/// Digits of the longest number.
const LONGEST: usize = 18;

/// The prefixes that objects of the profile have.
pub(super) fn prefixes(profile: &Profile) -> BTreeSet<String> {
    profile.rows(Key::Ranges).iter().filter_map(|row| row.word("prefix")).map(str::to_owned).collect()
}

/// Prefix and number of an identifier: a number without leading zeros at the end
/// of a name that itself does not end in a digit.
pub(super) fn parse(text: &str) -> Option<(&str, u64)> {
    let prefix = text.trim_end_matches(|c: char| c.is_ascii_digit());
    let digits = text.get(prefix.len()..)?;
    let plain = prefix.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    let sound = !prefix.is_empty() && plain && (1..=LONGEST).contains(&digits.len());
    if sound && (digits == "0" || !digits.starts_with('0')) {
        Some((prefix, digits.parse().ok()?))
    } else {
        None
    }
}

/// The objects with that prefix that a text names as whole tokens: the first and the last
/// of each range, which may be one. Both texts are folded.
pub(super) fn in_text<'t>(text: &'t str, prefix: &'t str) -> impl Iterator<Item = (u64, u64)> + 't {
    text.match_indices(prefix).filter_map(move |(at, _)| {
        let (before, rest) = (text.get(..at)?, text.get(at + prefix.len()..)?);
        let tail = rest.trim_start_matches(|c: char| c.is_ascii_digit());
        let digits = rest.get(..rest.len() - tail.len())?;
        let end = range_end(digits, tail, prefix).filter(|(_, tail)| !goes_on(tail));
        let whole = !before.ends_with(joins) && (end.is_some() || !goes_on(tail));
        let first: u64 = (whole && (1..=LONGEST).contains(&digits.len())).then(|| digits.parse().ok())??;
        Some((first, end.map_or(first, |(last, _)| last)))
    })
}

fn joins(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '-'
}

/// Whether a token goes on in what stands behind its digits. A dash that begins a word
/// belongs to it, one that ends a clause does not.
fn goes_on(tail: &str) -> bool {
    let mut after = tail.chars();
    match after.next() {
        Some('-') => after.next().is_some_and(char::is_alphanumeric),
        Some(c) => joins(c),
        None => false,
    }
}

/// The end of a range that goes on behind its first object, `..507` or ` to TKT-OBJ-507`, and
/// what follows it. Behind one hyphen it is a number of as many digits, and no earlier one.
fn range_end<'t>(first: &str, tail: &'t str, prefix: &str) -> Option<(u64, &'t str)> {
    let start = tail.trim_start_matches(' ');
    let marks = ["...", "..", "-", "TO ", "THROUGH ", "UNTIL ", "\u{2014}", "~"];
    let mark = marks.iter().find(|mark| start.starts_with(**mark))?;
    let behind = start.get(mark.len()..)?.trim_start_matches(' ');
    let named = behind.strip_prefix(prefix);
    let digits = named.unwrap_or(behind);
    let rest = digits.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = digits.get(..digits.len() - rest.len())?;
    let last: u64 = (1..=LONGEST).contains(&digits.len()).then(|| digits.parse().ok())??;
    let is_end = first.parse::<u64>().is_ok_and(|first| first <= last);
    let sure = named.is_some() || mark.starts_with("..") || digits.len() == first.len();
    (sure && is_end).then_some((last, rest))
}

/// The identifiers of a list, where the document has it.
pub(super) fn listed<'d>(
    root: Object<'d>,
    field: &str,
    profile: &Profile,
    out: &mut Sink,
) -> Vec<(Value<'d>, String, u64)> {
    let values = root.get(field).and_then(|list| list.list(out)).unwrap_or_default();
    let read = |value: Value<'d>| {
        let (prefix, number) = super::id_of(value, profile, out)?;
        Some((value, prefix, number))
    };
    values.into_iter().filter_map(read).collect()
}

/// No object that exists lies in a reserved range.
pub(super) fn taken(
    ranges: &[Range<'_>],
    listed: &[(Value<'_>, String, u64)],
    texts: &[String],
    out: &mut Sink,
) {
    let holder = |prefix: &str, number: u64| ranges.iter().find(|range| range.holds(prefix, number));
    for (value, prefix, number) in listed {
        if holder(prefix, *number).is_some() {
            let id = quote(format!("{prefix}{number}").as_bytes());
            let message = format!("{id} exists and lies in a reserved range");
            out.push(value.finding(Code::ReservationCollision, message, "exists"));
        }
    }
    let prefixes: BTreeSet<&str> = ranges.iter().map(|range| range.prefix.as_str()).collect();
    for prefix in prefixes {
        let folded = fold::word(prefix);
        let meets = |(first, last): (u64, u64)| ranges.iter().find(|range| range.meets(prefix, first, last));
        let found = texts.iter().flat_map(|text| in_text(text, &folded));
        let taken: BTreeSet<(u64, u64)> = found.filter(|found| meets(*found).is_some()).collect();
        if let Some(((first, last), range)) = taken.first().and_then(|found| Some((*found, meets(*found)?))) {
            let end = if first == last { String::new() } else { format!("..{last}") };
            let id = quote(format!("{prefix}{first}{end}").as_bytes());
            let more = match taken.len() {
                1 => String::new(),
                n => format!(", and {} more", n - 1),
            };
            let message = format!("the registry has {id}, which lies in a reserved range{more}");
            let finding: Finding = range.row.finding(Code::ReservationCollision, message, "not free");
            out.push(finding);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_inside_of_a_digest_are_no_identifier() {
        let hash = "0aTKT-OBJ-49544e6547e6935cb01aae5feb405899c97107f1990ff3e2f7e6b9157828a90956c47";
        for text in
            [hash, "TKT-OBJ-495f00", "XTKT-OBJ-495", "TKT-OBJ-495_a", "TKT-OBJ-495-a", "4951 495", "TKT-OBJ-"]
        {
            assert_eq!(in_text(text, "TKT-OBJ-").count(), 0, "{text}");
        }
        let text = "TKT-OBJ-495..TKT-OBJ-507, \"TKT-OBJ-1\": (TKT-OBJ-2) TKT-OBJ-3- TKT-OBJ-4.";
        let numbers = |text: &str| in_text(text, "TKT-OBJ-").collect::<Vec<_>>();
        assert_eq!(numbers(text), [(495, 507), (507, 507), (1, 1), (2, 2), (3, 4), (4, 4)]);
        for range in ["TKT-OBJ-495...507", "TKT-OBJ-495 .. 507", "TKT-OBJ-495-507", "TKT-OBJ-495 TO 507 "] {
            assert_eq!(numbers(range), [(495, 507)], "{range}");
        }
        assert_eq!(numbers("TKT-OBJ-495 - TKT-OBJ-9999"), [(495, 9999), (9999, 9999)]);
        // A year, an earlier number and half of a digest end no range.
        assert_eq!(numbers("TKT-OBJ-495 - 2026"), [(495, 495)]);
        assert_eq!(numbers("TKT-OBJ-495 .. 494"), [(495, 495)]);
        assert_eq!(numbers("TKT-OBJ-495..507ab"), [(495, 495)]);
    }

    /// The second number was taken for a part of a longer token.
    #[test]
    fn a_range_of_one_object_named_none() {
        for range in ["TKT-OBJ-495-495", "TKT-OBJ-495..495", "TKT-OBJ-495 TO 495"] {
            assert_eq!(in_text(range, "TKT-OBJ-").collect::<Vec<_>>(), [(495, 495)], "{range}");
        }
        assert_eq!(in_text("TKT-OBJ-495-494", "TKT-OBJ-").count(), 0);
    }

    #[test]
    fn an_identifier_is_a_prefix_and_a_number() {
        assert_eq!(parse("TKT-OBJ-495"), Some(("TKT-OBJ-", 495)));
        for text in [
            "495",
            "TKT-OBJ-",
            "TKT-OBJ-0495",
            "TKT OBJ-1",
            "",
            "TKT-OBJ-9999999999999999999",
            "TKT-OBJ-4\u{664}5x",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
