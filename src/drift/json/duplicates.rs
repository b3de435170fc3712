//! Names that stand more than once in one object.
//!
//! A parser keeps one of them and says nothing. The bytes found may hold a
//! member too many; which of them were sealed is proven by taking the others out.

use std::collections::HashMap;

use super::super::recipe::{Edits, EditsBuilder};
use super::document::Document;
use super::order;
use super::structure::{Container, Member};
use crate::code::Code;
use crate::text;

/// Members that are taken out one by one.
const MOST_SINGLES: usize = 256;
/// Names told of in an observation.
const MOST_TOLD: usize = 3;

/// Members of one name in one object, by their place among its members.
struct Group {
    container: usize,
    members: Vec<usize>,
}

/// Every name that stands more than once in its object.
fn groups(document: &Document<'_>, all: &[Container]) -> Vec<Group> {
    let mut out = Vec::new();
    for (container, object) in all.iter().enumerate().filter(|(_, c)| c.members.len() > 1) {
        let names = order::names(document, object);
        let mut places: HashMap<&[u8], Vec<usize>> = HashMap::with_capacity(names.len());
        for (i, name) in names.iter().enumerate() {
            places.entry(name.as_ref()).or_default().push(i);
        }
        let mut several: Vec<Vec<usize>> = places.into_values().filter(|places| places.len() > 1).collect();
        several.sort();
        out.extend(several.into_iter().map(|members| Group { container, members }));
    }
    out
}

/// Ways to have each name once, the likely ones first: the last of a name
/// kept, the first, each single member out.
pub(super) fn removals(document: &Document<'_>, all: &[Container]) -> Vec<Edits> {
    let groups = groups(document, all);
    let without = |out: &dyn Fn(&Group) -> Vec<usize>| {
        let mut gone: Vec<(usize, usize)> =
            groups.iter().flat_map(|group| out(group).into_iter().map(|i| (group.container, i))).collect();
        gone.sort_unstable();
        edits(document, all, &gone)
    };
    let mut out = Vec::new();
    out.extend(without(&|group| group.members.iter().rev().skip(1).copied().collect()));
    out.extend(without(&|group| group.members.iter().skip(1).copied().collect()));
    let singles = groups.iter().flat_map(|group| group.members.iter().map(|i| (group.container, *i)));
    let singles = singles.take(MOST_SINGLES).filter_map(|one| edits(document, all, &[one]));
    out.extend(singles);
    out
}

/// Takes members out, with what stands between them and the member before, or
/// after where they are the first. `gone` is sorted.
fn edits(document: &Document<'_>, all: &[Container], gone: &[(usize, usize)]) -> Option<Edits> {
    let mut spans: Vec<(usize, usize)> = Vec::with_capacity(gone.len());
    // The member before, and whether all before it go, too.
    let mut before: Option<(usize, usize, bool)> = None;
    for (container, i) in gone {
        let members = &all.get(*container)?.members;
        let member = members.get(*i)?;
        let end = |member: &Member| document.tokens.get(member.last).map(super::document::Tok::end);
        let start = |member: &Member| document.tokens.get(member.key).map(super::document::Tok::start);
        // The first ones of an object take the gap behind them.
        let follows =
            before.is_some_and(|(object, last, leads)| leads && object == *container && last + 1 == *i);
        let leading = *i == 0 || follows;
        before = Some((*container, *i, leading));
        spans.push(match i.checked_sub(1).and_then(|before| members.get(before)) {
            Some(before) if !leading => (end(before)?, end(member)?),
            _ => (start(member)?, start(members.get(i + 1)?)?),
        });
    }
    spans.sort_unstable();
    let mut edits = EditsBuilder::new(Code::JsonDuplicateKeys);
    let mut last = 0;
    for (start, end) in spans {
        // What stands inside a member that goes, goes with it.
        if start >= last {
            edits.push(start, document.text.get(start..end)?, b"");
            last = end;
        }
    }
    edits.finish()
}

/// Whether replacements take out members whose names stand in their objects
/// once more, and nothing else.
pub(super) fn are_removals(document: &Document<'_>, all: &[Container], edits: &Edits) -> bool {
    removals(document, all).contains(edits)
}

/// The names that stand more than once, with their lines, in a sentence.
pub(super) fn observation(document: &Document<'_>, all: &[Container]) -> Option<String> {
    let groups = groups(document, all);
    let mut told = Vec::new();
    for group in groups.iter().take(MOST_TOLD) {
        let object = all.get(group.container)?;
        let key = |i: &usize| object.members.get(*i).map(|member| member.key);
        let raw = document.between(key(group.members.first()?)?, key(group.members.first()?)?);
        let lines: Vec<String> = group
            .members
            .iter()
            .take(4)
            .filter_map(|i| Some(document.line_of(key(i)?).to_string()))
            .collect();
        let more = if group.members.len() > lines.len() { " and more" } else { "" };
        let name =
            crate::json::decode(raw).map_or_else(|| text::quote(raw), |name| text::quote(name.as_bytes()));
        told.push(format!("{name} in lines {}{more}", lines.join(", ")));
    }
    if told.is_empty() {
        return None;
    }
    let more = groups.len() - told.len();
    let more = if more > 0 { format!("; and {more} more names") } else { String::new() };
    Some(format!("one object holds a name more than once: {}{more}", told.join("; ")))
}
