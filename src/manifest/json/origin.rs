//! Which fields of a document were taken, to be said once.

use super::Sink;
use crate::code::Code;
use crate::manifest::sink::shown;

/// Where an entry came from.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Source<'t> {
    /// The name of the list or map; empty for the document itself.
    pub(super) container: &'t [u8],
    /// The path's field; none when the member's name is the path.
    pub(super) path: Option<&'t [u8]>,
    /// The digest's field; none when the member's value is the digest.
    pub(super) digest: Option<&'t [u8]>,
    /// The length's field.
    pub(super) size: Option<&'t [u8]>,
}

/// How many kinds are told apart.
const KINDS: usize = 8;

/// The kinds of sources seen, in order.
#[derive(Default)]
pub(super) struct Origins<'t> {
    kinds: Vec<(Source<'t>, u64)>,
    further: u64,
}

impl<'t> Origins<'t> {
    /// Counts one entry.
    pub(super) fn add(&mut self, source: &Source<'t>) {
        if let Some((_, count)) = self.kinds.iter_mut().find(|(kind, _)| kind == source) {
            *count += 1;
        } else if self.kinds.len() < KINDS {
            self.kinds.push((*source, 1));
        } else {
            self.further += 1;
        }
    }

    /// Says what was taken from where.
    pub(super) fn report(&self, sink: &mut Sink<'_>) {
        if self.kinds.is_empty() {
            return;
        }
        let mut parts: Vec<String> =
            self.kinds.iter().map(|(source, count)| describe(source, *count)).collect();
        if self.further > 0 {
            parts.push(format!("{} from other fields", self.further));
        }
        sink.problem(
            Code::ManifestFields,
            0..0,
            || format!("entries read from the document: {}", parts.join("; ")),
            || "nothing, if these are the fields that were meant".to_owned(),
        );
    }
}

fn describe(source: &Source<'_>, count: u64) -> String {
    let place = match source.container {
        b"" => "the document".to_owned(),
        name => shown(name),
    };
    let path =
        source.path.map_or("members' names as paths".to_owned(), |name| format!("{} as path", shown(name)));
    let digest = source
        .digest
        .map_or("their values as digests".to_owned(), |name| format!("{} as digest", shown(name)));
    let size = source.size.map_or(String::new(), |name| format!(", {} as length", shown(name)));
    format!("{count} in {place} with {path}, {digest}{size}")
}
