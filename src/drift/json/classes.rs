//! Classes of containers that tools and people lay out alike, and the changes
//! of hand-made layouts that are worth a try.

use super::document::Document;
use super::hand::{Action, Hand, Place, Spacing};
use super::structure::Container;
use super::words;
use crate::json::Kind;

/// Containers that are laid out alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class<'t> {
    Lists,
    /// Lists that hold no containers.
    PlainLists,
    /// Lists of objects alone.
    ObjectLists,
    /// Lists of one object.
    Lone,
    /// Lists of lists alone.
    Rows,
    Objects,
    /// Objects that hold no containers.
    PlainObjects,
    /// Objects that hold no containers but lists without any.
    FlatObjects,
    /// Objects that are elements of lists.
    Elements,
    /// The same of those without containers.
    PlainElements,
    /// Everything that stands in so many containers, or more.
    Deep(usize),
    /// The value of a member of that name.
    Of(&'t [u8]),
}

impl Class<'_> {
    /// What they are called.
    pub(super) fn name(&self) -> String {
        let name = match self {
            Self::Lists => "lists",
            Self::PlainLists => "lists of scalars",
            Self::ObjectLists => "lists of objects",
            Self::Lone => "lists of one object",
            Self::Rows => "lists of lists",
            Self::Objects => "objects",
            Self::PlainObjects => "objects of scalars",
            Self::FlatObjects => "objects of scalars and lists",
            Self::Elements => "objects in lists",
            Self::PlainElements => "objects of scalars in lists",
            Self::Deep(depth) => return format!("what stands in {depth} or more containers"),
            Self::Of(name) => return format!("values of {}", words::name(name)),
        };
        name.to_owned()
    }

    /// Whether a container is one of them. Empty ones are in no class.
    pub(super) fn holds(&self, document: &Document<'_>, all: &[Container], one: &Container) -> bool {
        let element = || one.parent.and_then(|i| all.get(i)).is_some_and(|parent| !parent.object);
        let objects = one.objects > 0 && one.objects == one.elements;
        one.elements > 0
            && match self {
                Self::Lists => !one.object,
                Self::PlainLists => !one.object && one.is_leaf(),
                Self::ObjectLists => !one.object && objects,
                Self::Lone => !one.object && objects && one.elements == 1,
                Self::Rows => !one.object && one.lists == one.elements,
                Self::Objects => one.object,
                Self::PlainObjects => one.object && one.is_leaf(),
                Self::FlatObjects => one.object && one.objects == 0 && one.nested == 0,
                Self::Elements => one.object && element(),
                Self::PlainElements => one.object && one.is_leaf() && element(),
                Self::Deep(depth) => one.depth >= *depth,
                Self::Of(name) => one.key.is_some_and(|key| document.between(key, key) == *name),
            }
    }
}

const CLASSES: [Class<'_>; 10] = [
    Class::PlainLists,
    Class::ObjectLists,
    Class::Lone,
    Class::Rows,
    Class::Lists,
    Class::PlainObjects,
    Class::FlatObjects,
    Class::Elements,
    Class::PlainElements,
    Class::Objects,
];
const FLAT: Action = Action::Flat { pad: false };
const PADDED: Action = Action::Flat { pad: true };

/// Two classes at once: those that lists of objects are laid out by.
const PAIRS: [[(Class<'_>, Action); 2]; 14] = [
    [(Class::ObjectLists, Action::Broken), (Class::Elements, PADDED)],
    [(Class::ObjectLists, Action::Broken), (Class::Elements, FLAT)],
    [(Class::ObjectLists, Action::Broken), (Class::PlainElements, PADDED)],
    [(Class::ObjectLists, Action::Broken), (Class::PlainElements, FLAT)],
    [(Class::ObjectLists, Action::Broken), (Class::FlatObjects, PADDED)],
    [(Class::ObjectLists, Action::Broken), (Class::FlatObjects, FLAT)],
    [(Class::Lone, Action::Hug), (Class::Elements, Action::Broken)],
    [(Class::ObjectLists, FLAT), (Class::Elements, Action::Broken)],
    [(Class::ObjectLists, Action::Broken), (Class::Elements, Action::Broken)],
    [(Class::Lone, Action::Broken), (Class::Elements, PADDED)],
    [(Class::PlainLists, FLAT), (Class::PlainObjects, PADDED)],
    [(Class::PlainLists, FLAT), (Class::PlainObjects, FLAT)],
    [(Class::PlainLists, Action::Broken), (Class::PlainObjects, Action::Broken)],
    [(Class::Lists, Action::Broken), (Class::Objects, Action::Broken)],
];

/// Depths that are tried on their own.
const DEEPEST: usize = 8;
/// Names that are.
const MOST_NAMES: usize = 64;
/// Indentations in use.
const INDENTS: [&[u8]; 9] = [b"  ", b"    ", b"\t", b"   ", b" ", b"        ", b"      ", b"     ", b""];

/// Every change of a hand-made layout, the likely ones first.
pub(super) fn changes<'t>(document: &Document<'t>, all: &[Container]) -> Vec<Hand<'t>> {
    let mut out = spacings(document);
    // What is laid out like that already does not change.
    let changes = |one: &Container, action: Action| match action {
        Action::Keep => false,
        Action::Broken => !document.has_line_behind(one.open),
        Action::Flat { .. } | Action::Hug => document.has_line_behind(one.open),
    };
    let mut shape = |shapes: &[(Class<'t>, Action)]| {
        let every = shapes.iter().all(|(class, action)| {
            all.iter().any(|one| changes(one, *action) && class.holds(document, all, one))
        });
        if every {
            out.push(Hand { shapes: shapes.to_vec(), ..Hand::default() });
        }
    };
    for pair in &PAIRS {
        shape(pair);
    }
    shape(&[(Class::Lone, Action::Hug)]);
    for class in CLASSES {
        for action in [FLAT, Action::Broken, PADDED] {
            shape(&[(class, action)]);
        }
    }
    let deepest = all.iter().map(|one| one.depth).max().unwrap_or(0);
    for depth in 1..=deepest.min(DEEPEST) {
        for action in [FLAT, PADDED, Action::Broken] {
            shape(&[(Class::Deep(depth), action)]);
        }
    }
    for name in names(document, all) {
        for action in [FLAT, Action::Broken, PADDED] {
            shape(&[(Class::Of(name), action)]);
        }
    }
    let empty = document.gaps().any(|(_, gap)| memchr::memchr_iter(b'\n', gap).count() > 1);
    for squeeze in [false, true].into_iter().filter(|squeeze| !squeeze || empty) {
        out.extend(INDENTS.map(|unit| Hand { indent: Some(unit), squeeze, ..Hand::default() }));
    }
    if empty {
        out.push(Hand { squeeze: true, ..Hand::default() });
    }
    out
}

/// The names of members that hold containers, each once.
fn names<'t>(document: &Document<'t>, all: &[Container]) -> Vec<&'t [u8]> {
    let mut names: Vec<&[u8]> = all
        .iter()
        .filter(|one| one.elements > 0)
        .filter_map(|one| one.key)
        .map(|key| document.between(key, key))
        .collect();
    names.sort_unstable();
    names.dedup();
    names.truncate(MOST_NAMES);
    names
}

const PLACES: [Place; 4] = [Place::Colon, Place::Comma, Place::Object, Place::List];

/// What may stand at each place, the likely ones first.
fn spellings(place: Place) -> &'static [&'static [u8]] {
    match place {
        Place::Colon => &[b": ", b":", b" : "],
        Place::Comma => &[b", ", b","],
        Place::Object | Place::List => &[b"", b" "],
    }
}

/// Gaps without line ends that a spelling would change, by place.
fn differ(document: &Document<'_>, place: Place, spelling: &[u8]) -> bool {
    document.gaps().enumerate().any(|(i, (_, gap))| {
        gap != spelling && memchr::memchr(b'\n', gap).is_none() && self::place(document, i) == Some(place)
    })
}

/// Where a gap stands, if anywhere.
fn place(document: &Document<'_>, i: usize) -> Option<Place> {
    let before = document.tokens.get(i.checked_sub(1)?)?;
    let after = document.tokens.get(i)?;
    match (document.punctuation.get(i).copied().flatten(), before.kind, after.kind) {
        (Some(b':'), _, _) => Some(Place::Colon),
        (Some(_), _, _) => Some(Place::Comma),
        (_, Kind::ObjectStart, Kind::ObjectEnd) | (_, Kind::ArrayStart, Kind::ArrayEnd) => None,
        (_, Kind::ObjectStart, _) | (_, _, Kind::ObjectEnd) => Some(Place::Object),
        (_, Kind::ArrayStart, _) | (_, _, Kind::ArrayEnd) => Some(Place::List),
        _ => None,
    }
}

/// Every choice of blanks within lines that changes something, fewest places first.
fn spacings<'t>(document: &Document<'_>) -> Vec<Hand<'t>> {
    let options = PLACES.map(|place| {
        let differ = spellings(place).iter().copied().filter(|spelling| differ(document, place, spelling));
        [None].into_iter().chain(differ.map(Some)).collect::<Vec<_>>()
    });
    let [colons, commas, objects, lists] = &options;
    let mut out: Vec<Spacing> = Vec::new();
    for colon in colons {
        for comma in commas {
            for object in objects {
                out.extend(lists.iter().map(|list| [*colon, *comma, *object, *list]));
            }
        }
    }
    out.sort_by_key(|spacing| spacing.iter().flatten().count());
    let changed = out.into_iter().filter(|spacing| spacing.iter().any(Option::is_some));
    changed.map(|spacing| Hand { spacing, ..Hand::default() }).collect()
}
