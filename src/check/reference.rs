//! Files as evidence refers to them: `path`, `path@rev2`, `path#/pointer`.

use super::preflight::revision;
use super::{Packet, Sink};
use crate::code::Severity;
use crate::drift::Grade;
use crate::evidence::{Document, Held, Limits, Value, Withheld};
use crate::finding::Finding;
use crate::path::{Backslash, BytePath};
use crate::profile::Spellings;

/// A revision that can be neither confirmed nor refuted: what is wrong counts for nothing.
pub(super) const UNSTATED: &str = "states no revision";

/// What a text refers to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Reference<'t> {
    path: &'t str,
    revision: Option<&'t str>,
    pointer: Option<&'t str>,
}

impl<'t> Reference<'t> {
    /// Takes a text apart. A revision may stand before a pointer or after it.
    pub(super) fn of(text: &'t str) -> Self {
        let (plain, pointer) = match text.split_once('#') {
            Some((plain, pointer)) => (plain, Some(pointer)),
            None => (text, None),
        };
        let (path, mut revision) = at(plain);
        let pointer = pointer.map(|pointer| {
            let (pointer, behind) = at(pointer);
            revision = revision.or(behind);
            pointer.trim()
        });
        let mut path = path.trim();
        while let Some(rest) = path.strip_prefix("./") {
            path = rest.trim_start_matches('/');
        }
        Self { path, revision, pointer }
    }

    /// The file, when the text is a path below the packet's root.
    pub(super) fn path(self) -> Option<BytePath> {
        BytePath::parse(self.path.as_bytes(), Backslash::Refuse).ok().filter(|path| !path.is_root())
    }

    /// Whether it names a revision.
    pub(super) fn has_revision(self) -> bool {
        self.revision.is_some()
    }

    /// What is wrong with it as evidence, a clause: `Ok(None)` when it leads to something
    /// that is sealed, and at the revision and the place that it names.
    pub(super) fn wrong(self, packet: &Packet) -> Result<Option<&'static str>, Withheld> {
        let Some(path) = self.path() else { return Ok(Some("is not in the packet")) };
        let held = match packet.shelf.bytes_of(&path) {
            Err(Withheld::Absent) => return Ok(Some("is not in the packet")),
            held => held?,
        };
        if !held.sealed {
            return Ok(Some("is not sealed"));
        }
        if held.bytes.is_empty() {
            return Ok(Some("is empty"));
        }
        Ok(self.within(&path, held))
    }

    /// What is wrong with the revision and the pointer.
    fn within(self, path: &BytePath, held: Held) -> Option<&'static str> {
        if self.revision.is_none() && self.pointer.is_none() {
            return None;
        }
        let read = Document::read(path.clone(), held, Spellings::default(), Limits::default());
        let document = read.ok();
        let said = document.as_ref().and_then(stated);
        if let (Some(due), Some(said)) = (self.revision, &said)
            && said != revision::number(due)
        {
            return Some("is of another revision");
        }
        match (&document, self.pointer) {
            (Some(document), Some(pointer))
                if resolve(document.root(), pointer).is_none_or(Value::is_null) =>
            {
                Some("has nothing at that place")
            }
            // Anything but a heading of a page or a line of a log.
            (None, Some(pointer)) if pointer.starts_with('/') || pointer.is_empty() => {
                Some("is no JSON document and has no such place")
            }
            (Some(_), _) if self.revision.is_some() && said.is_none() => Some(UNSTATED),
            _ => None,
        }
    }
}

/// A text and the revision behind it, which is no path.
fn at(text: &str) -> (&str, Option<&str>) {
    match text.rsplit_once('@') {
        Some((head, revision)) if !head.is_empty() && !revision.contains('/') => {
            (head, Some(revision.trim()))
        }
        _ => (text, None),
    }
}

fn stated(document: &Document) -> Option<String> {
    revision::of_value(document.root().as_object()?.get("revision")?)
}

/// The value at a JSON pointer (RFC 6901), where there is one.
fn resolve<'d>(root: Value<'d>, pointer: &str) -> Option<Value<'d>> {
    if pointer.is_empty() {
        return Some(root);
    }
    let mut value = root;
    for part in pointer.strip_prefix('/')?.split('/') {
        let name = part.replace("~1", "/").replace("~0", "~");
        value = match value.as_object() {
            Some(object) => object.members().find(|(key, _)| *key == name)?.1,
            None => *value.as_list()?.get(name.parse::<usize>().ok()?)?,
        };
    }
    Some(value)
}

/// Shown, and not counted.
pub(super) fn suspected(finding: Finding) -> Finding {
    let mut finding = finding.downgraded(Severity::Warning);
    finding.grade = Grade::Suspected;
    finding
}

/// The texts of a value that is one or a list of them; what else it holds is reported.
pub(super) fn texts<'d>(value: Value<'d>, out: &mut Sink) -> Vec<(Value<'d>, std::borrow::Cow<'d, str>)> {
    let values = value.as_list().unwrap_or_else(|| vec![value]);
    values.into_iter().filter_map(|value| Some((value, value.word(out)?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::bench::path;

    #[test]
    fn a_reference_is_a_path_a_revision_and_a_pointer() {
        for (text, file, revision, pointer) in [
            ("a.json", "a.json", None, None),
            (" ././a/b.json ", "a/b.json", None, None),
            ("a.json@rev2", "a.json", Some("rev2"), None),
            ("a.json@rev2#/x", "a.json", Some("rev2"), Some("/x")),
            ("a.json#/x@rev2", "a.json", Some("rev2"), Some("/x")),
            ("a@b/c.json", "a@b/c.json", None, None),
            ("a.md#heading", "a.md", None, Some("heading")),
        ] {
            let reference = Reference::of(text);
            assert_eq!(reference.path(), Some(path(file)), "{text}");
            assert_eq!((reference.revision, reference.pointer), (revision, pointer), "{text}");
        }
        for text in ["", "#/x", "../a.json", "/a.json", "."] {
            assert_eq!(Reference::of(text).path(), None, "{text}");
        }
    }
}
