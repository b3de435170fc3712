//! The order of an object's members: as serializers sort them, and written
//! with other members in the same places, byte for byte.

use std::borrow::Cow;
use std::cmp::Ordering;

use super::super::recipe::{Edits, EditsBuilder};
use super::document::Document;
use super::structure::{Container, Member, containers};
use crate::code::Code;
use crate::json;

/// How names are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Collation {
    /// By code point, which is by byte of UTF-8: Python, Go, jq, Rust.
    CodePoint,
    /// By UTF-16 unit: JavaScript, Java, .NET.
    Utf16,
    /// Without regard to case, then by code point.
    Caseless,
    /// Numbers in names by value.
    Natural,
    /// Names that are integers first, by value; the others as they were: JavaScript.
    IntegersFirst,
    /// The same, the others by UTF-16 unit.
    SortedIntegersFirst,
    /// From the last to the first.
    Descending,
}

/// Every way to compare, the likely ones first.
pub(super) const COLLATIONS: [Collation; 7] = [
    Collation::CodePoint,
    Collation::Utf16,
    Collation::Caseless,
    Collation::IntegersFirst,
    Collation::SortedIntegersFirst,
    Collation::Natural,
    Collation::Descending,
];

/// Which objects are sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    All,
    /// Those that stand in no other container.
    Outer,
    /// All others.
    Inner,
}

/// Every reach, the likely ones first.
pub(super) const REACHES: [Reach; 3] = [Reach::All, Reach::Outer, Reach::Inner];

impl Reach {
    fn holds(self, container: &Container) -> bool {
        match self {
            Self::All => true,
            Self::Outer => container.depth == 0,
            Self::Inner => container.depth > 0,
        }
    }
}

/// The text of a name, a surrogate that stands alone included: however it is
/// spelled, it has one place in an order.
fn name<'t>(document: &Document<'t>, key: usize) -> Cow<'t, [u8]> {
    let raw = document.between(key, key);
    match json::decode(raw) {
        Some(Cow::Borrowed(text)) => Cow::Borrowed(text.as_bytes()),
        Some(Cow::Owned(text)) => Cow::Owned(text.into_bytes()),
        None => json::decode_bytes(raw).map_or(Cow::Borrowed(raw), Cow::Owned),
    }
}

/// The names of an object's members.
pub(super) fn names<'t>(document: &Document<'t>, container: &Container) -> Vec<Cow<'t, [u8]>> {
    container.members.iter().map(|member| name(document, member.key)).collect()
}

/// An array index as JavaScript has it.
fn integer(name: &[u8]) -> Option<u32> {
    let canonical = matches!(name, [b'0'] | [b'1'..=b'9', ..]) && name.iter().all(u8::is_ascii_digit);
    let number: u32 = canonical.then(|| std::str::from_utf8(name).ok()?.parse().ok())??;
    (number < u32::MAX).then_some(number)
}

fn utf16(name: &[u8]) -> Vec<u16> {
    String::from_utf8_lossy(name).encode_utf16().collect()
}

fn lower(name: &[u8]) -> String {
    String::from_utf8_lossy(name).to_lowercase()
}

/// A name in runs of digits, by value, and of other bytes.
fn natural(name: &[u8]) -> Vec<(u64, Vec<u8>)> {
    let text = lower(name).into_bytes();
    text.chunk_by(|a, b| a.is_ascii_digit() == b.is_ascii_digit())
        .map(|run| match std::str::from_utf8(run).ok().and_then(|run| run.parse().ok()) {
            Some(number) => (number, Vec::new()),
            None => (u64::MAX, run.to_vec()),
        })
        .collect()
}

fn integers_first(a: &[u8], b: &[u8], others: impl Fn() -> Ordering) -> Ordering {
    match (integer(a), integer(b)) {
        (Some(a), Some(b)) => a.cmp(&b),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => others(),
    }
}

impl Collation {
    fn compare(self, a: &[u8], b: &[u8]) -> Ordering {
        match self {
            Self::CodePoint => a.cmp(b),
            Self::Utf16 => utf16(a).cmp(&utf16(b)),
            Self::Caseless => lower(a).cmp(&lower(b)).then_with(|| a.cmp(b)),
            Self::Natural => natural(a).cmp(&natural(b)).then_with(|| a.cmp(b)),
            Self::IntegersFirst => integers_first(a, b, || Ordering::Equal),
            Self::SortedIntegersFirst => integers_first(a, b, || utf16(a).cmp(&utf16(b))),
            Self::Descending => b.cmp(a),
        }
    }

    /// The sorted order of names; nothing when they stand in it already.
    /// Equal names keep their order.
    fn sorted(self, names: &[Cow<'_, [u8]>]) -> Option<Vec<usize>> {
        if names.is_sorted_by(|a, b| self.compare(a, b) != Ordering::Greater) {
            return None;
        }
        let mut out: Vec<usize> = (0..names.len()).collect();
        let get = |i: &usize| names.get(*i).map(AsRef::as_ref).unwrap_or_default();
        out.sort_by(|a, b| self.compare(get(a), get(b)));
        Some(out)
    }

    /// In words, of keys.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::CodePoint => "sorted",
            Self::Utf16 => "sorted by UTF-16 unit",
            Self::Caseless => "sorted without regard to case",
            Self::Natural => "sorted with numbers by value",
            Self::IntegersFirst => "that are integers first, as JavaScript writes them",
            Self::SortedIntegersFirst => "sorted, integers first",
            Self::Descending => "sorted from last to first",
        }
    }
}

/// One object with its members in another order: which member stands at each place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reordered {
    /// The object, by its index among the containers.
    pub(super) container: usize,
    pub(super) order: Vec<usize>,
}

/// The objects that a sort changes.
pub(super) fn sorted(
    document: &Document<'_>,
    all: &[Container],
    collation: Collation,
    reach: Reach,
) -> Vec<Reordered> {
    let several = all.iter().enumerate().filter(|(_, c)| c.members.len() > 1 && reach.holds(c));
    several
        .filter_map(|(container, c)| {
            let order = collation.sorted(&names(document, c))?;
            Some(Reordered { container, order })
        })
        .collect()
}

/// What is still to be written.
enum Work {
    /// From one token to another.
    Tokens(usize, usize),
    /// What stands before a token.
    Gap(usize),
}

/// Writes a document with some objects in another order. What stands between
/// members stays where it is, so that the text keeps its length.
/// `changes` are by container.
pub(super) fn write(document: &Document<'_>, all: &[Container], changes: &[Reordered], out: &mut Vec<u8>) {
    out.clear();
    let Some(last) = document.tokens.len().checked_sub(1) else { return };
    let mut work = vec![Work::Gap(last + 1), Work::Tokens(0, last), Work::Gap(0)];
    out.extend_from_slice(document.text.get(..document.mark()).unwrap_or_default());
    while let Some(next) = work.pop() {
        let (first, last) = match next {
            Work::Gap(i) => {
                out.extend_from_slice(document.gap(i));
                continue;
            }
            Work::Tokens(first, last) => (first, last),
        };
        let open = |change: &Reordered| all.get(change.container).map_or(0, |c| c.open);
        let next = changes.get(changes.partition_point(|change| open(change) < first));
        let Some((change, object)) = next
            .and_then(|change| Some((change, all.get(change.container)?)))
            .filter(|(_, object)| object.close <= last)
        else {
            out.extend_from_slice(document.between(first, last));
            continue;
        };
        out.extend_from_slice(document.between(first, object.open));
        work.push(Work::Tokens(object.close, last));
        work.push(Work::Gap(object.close));
        for (place, from) in object.members.iter().zip(&change.order).rev() {
            if let Some(Member { key, last }) = object.members.get(*from) {
                work.push(Work::Tokens(*key, *last));
            }
            work.push(Work::Gap(place.key));
        }
    }
}

/// The replacements that give the order; each takes an object that stands in no other that changes.
pub(super) fn edits(
    document: &Document<'_>,
    all: &[Container],
    changes: &[Reordered],
    sealed: &[u8],
) -> Option<Edits> {
    let mut edits = EditsBuilder::new(Code::JsonKeyOrder);
    let mut end = 0;
    for object in changes.iter().filter_map(|change| all.get(change.container)) {
        let old = document.between(object.open, object.close);
        let at = document.tokens.get(object.open)?.start();
        if at < end {
            continue;
        }
        end = at + old.len();
        let new = sealed.get(at..end)?;
        let common = old.iter().zip(new).take_while(|(a, b)| a == b).count();
        let (old_rest, new_rest) = (old.get(common..)?, new.get(common..)?);
        let tail = old_rest.iter().rev().zip(new_rest.iter().rev()).take_while(|(a, b)| a == b).count();
        let len = old_rest.len() - tail;
        edits.push(at + common, old_rest.get(..len)?, new_rest.get(..len)?);
    }
    edits.finish()
}

/// Whether two texts are the same values with the members of objects in
/// another order. Members of one name keep theirs.
pub(super) fn same_members(one: &[u8], other: &[u8]) -> bool {
    let sorted = |text: &[u8]| {
        let document = Document::read(text)?;
        let all = containers(&document);
        let mut out = Vec::new();
        write(&document, &all, &sorted(&document, &all, Collation::CodePoint, Reach::All), &mut out);
        Some(out)
    };
    let (Some(one), Some(other)) = (sorted(one), sorted(other)) else { return false };
    match (Document::read(&one), Document::read(&other)) {
        (Some(one), Some(other)) => {
            one.tokens.len() == other.tokens.len()
                && one.tokens.iter().zip(&other.tokens).all(|(a, b)| one.of(a) == other.of(b))
        }
        _ => false,
    }
}
