//! The fields of an object, by name and by the other spellings of the name.

use std::borrow::Cow;

use super::{Integer, Marks, Value};
use crate::code::Code;
use crate::digest::Sha256;
use crate::finding::{Finding, Sink};
use crate::text::alike::plain;
use crate::text::quote;

/// An object of a document.
#[derive(Clone, Copy, Debug)]
pub struct Object<'d> {
    value: Value<'d>,
}

impl<'d> Object<'d> {
    pub(super) fn new(value: Value<'d>) -> Self {
        Self { value }
    }

    /// The object as a value: for findings about it as a whole.
    pub fn value(self) -> Value<'d> {
        self.value
    }

    /// A finding at the object.
    pub fn finding(self, code: Code, message: impl Into<String>, label: &str) -> Finding {
        self.value.finding(code, message, label)
    }

    /// Its members in the order of the document.
    pub fn members(self) -> impl Iterator<Item = (Cow<'d, str>, Value<'d>)> {
        self.value.children().map(|value| (value.key(), value))
    }

    /// The value of the field, under this name or another spelling of it. Two
    /// spellings that differ are reported when the check has ended; so is a name
    /// that is one of them but for letter case and separators.
    pub fn get(self, name: &str) -> Option<Value<'d>> {
        let mut found = self.spelled(name);
        let first = found.next()?;
        if let Some(second) = found.chain(self.nearly(name)).find(|second| !second.is_same_text(first)) {
            first.note_twice(second);
        }
        Some(first)
    }

    /// Whether the field is there, `null` or not.
    pub fn has(self, name: &str) -> bool {
        self.spelled(name).next().is_some()
    }

    /// The field, to be taken for what it must be.
    pub fn field<'n>(self, name: &'n str) -> Field<'d, 'n> {
        Field { object: self, name }
    }

    /// Every member that the name or another spelling of it means.
    fn spelled(self, name: &str) -> impl Iterator<Item = Value<'d>> {
        let others = self.value.document().spellings.of(name);
        let means = move |key: &str| key == name || others.iter().any(|other| other == key);
        let mut found: Vec<Value<'d>> =
            self.members().filter(|(key, _)| means(key)).map(|(_, v)| v).collect();
        // The name itself before its other spellings.
        found.sort_by_key(|value| value.key() != name);
        found.into_iter()
    }

    /// Every member whose name differs from a spelling only in letter case and
    /// separators. None is the field; beside it, each is another value of it to a
    /// reader that is less strict.
    fn nearly(self, name: &str) -> impl Iterator<Item = Value<'d>> {
        let others = self.value.document().spellings.of(name);
        self.members().filter_map(move |(key, value)| {
            let spellings = || others.iter().map(String::as_str).chain([name]);
            let near = spellings().any(|known| is_nearly(&key, known));
            (near && spellings().all(|known| *key != *known)).then_some(value)
        })
    }
}

/// Whether two names are one but for letter case and separators.
fn is_nearly(one: &str, other: &str) -> bool {
    plain(one).eq(plain(other))
}

/// A field that must be there: each accessor reports when it is missing or is
/// something else, and gives `None` then.
#[derive(Clone, Copy, Debug)]
pub struct Field<'d, 'n> {
    object: Object<'d>,
    name: &'n str,
}

macro_rules! delegate {
    ($($(#[$doc:meta])* $name:ident -> $result:ty;)*) => {$(
        $(#[$doc])*
        pub fn $name(self, out: &mut Sink) -> Option<$result> {
            self.value(out)?.$name(out)
        }
    )*};
}

impl<'d> Field<'d, '_> {
    /// Its value, whatever it is.
    pub fn value(self, out: &mut Sink) -> Option<Value<'d>> {
        let Some(value) = self.object.get(self.name) else {
            out.push(self.missing());
            return None;
        };
        value.mark(Marks::DUE);
        Some(value)
    }

    /// Its value where it is there.
    pub fn optional(self) -> Option<Value<'d>> {
        self.object.get(self.name)
    }

    fn missing(self) -> Finding {
        let name = quote(self.name.as_bytes());
        let others = self.object.value().document().spellings.of(self.name);
        let message = format!("{} lacks the field {name}", self.object.value().shown());
        let near = self.object.members().map(|(key, _)| key).find(|key| {
            key.len() < 80
                && (key.eq_ignore_ascii_case(self.name) || strsim::osa_distance(key, self.name) <= 2)
        });
        let mut help = format!("add {name}");
        for other in others {
            help.extend([" or ", &quote(other.as_bytes())]);
        }
        if let Some(near) = near {
            help.extend(["; ", &quote(near.as_bytes()), " is another name"]);
        }
        self.object.finding(Code::EvidenceFieldMissing, message, "lacks a field").help(help)
    }

    delegate! {
        /// An object.
        object -> Object<'d>;
        /// A list.
        list -> Vec<Value<'d>>;
        /// A list of objects.
        objects -> Vec<Object<'d>>;
        /// A string.
        text -> Cow<'d, str>;
        /// A string that says something.
        word -> Cow<'d, str>;
        /// `true` or `false`.
        flag -> bool;
        /// An integer of any length.
        integer -> Integer<'d>;
        /// A count.
        count -> u64;
        /// A SHA-256.
        digest -> Sha256;
    }

    /// One of the words that are known here.
    pub fn one_of<S: AsRef<str>>(self, known: &[S], out: &mut Sink) -> Option<Cow<'d, str>> {
        self.value(out)?.one_of(known, out)
    }

    /// A flag that must have this value; reports `code` when it has the other.
    pub fn must_be(self, due: bool, code: Code, message: &str, out: &mut Sink) -> Option<()> {
        let value = self.value(out)?;
        if value.flag(out)? != due {
            out.push(value.finding(code, message, if due { "must be true" } else { "must be false" }));
        }
        Some(())
    }
}
