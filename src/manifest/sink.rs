//! Where readers put what they find: entries, problems, and facts that are
//! reported once per file. Every name and digest is judged here, in one place
//! for all formats, and the bounds on memory hold here.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use super::input::Text;
use super::lines::Line;
use super::locate::Locator;
use super::token::{Judged, Token};
use super::{Entry, Limits, NotAManifest, Place, Problem};
use crate::code::Code;
use crate::path::{Backslash, BytePath, MAX_LEN, PathError};
use crate::text::quote;

/// How many problems of one kind are stored; the rest are counted in one more.
pub(super) const STORED: u64 = 1000;

/// A sealed name whose digest is not verified; judged when all is read.
pub(super) struct Unverified {
    pub(super) path: BytePath,
    pub(super) algorithm: &'static str,
    /// The digest is long enough, its algorithm is not verified.
    pub(super) unsupported: bool,
    pub(super) place: Place,
}

/// One entry as a reader found it.
pub(super) struct Found<'l> {
    /// The range of the text that the whole entry takes.
    pub(super) whole: Range<usize>,
    /// The name, with escapes resolved.
    pub(super) name: Cow<'l, [u8]>,
    /// The range of the text that the name takes.
    pub(super) name_at: Range<usize>,
    /// The format's escape said that backslashes in the name are bytes of it.
    pub(super) backslash: Backslash,
    /// The digest.
    pub(super) token: Token<'l>,
    /// The range of the text that the digest takes.
    pub(super) digest_at: Range<usize>,
    /// The sealed length.
    pub(super) size: Option<u64>,
    /// The file is kept elsewhere.
    pub(super) by_reference: bool,
}

/// A fact reported once per file, with the place of its first occurrence.
#[derive(Clone, Copy, Default)]
pub(super) struct Tally {
    pub(super) count: u64,
    pub(super) first: Option<Place>,
}

impl Tally {
    fn add(&mut self, place: impl FnOnce() -> Place) {
        self.count += 1;
        if self.first.is_none() {
            self.first = Some(place());
        }
    }
}

/// How places are found: by line in text formats, by offset in JSON.
enum Places<'t> {
    Line(u32, usize),
    Offset(&'t Locator),
}

/// Collects a manifest while it is read.
pub(super) struct Sink<'t> {
    pub(super) text: &'t Text<'t>,
    pub(super) limits: Limits,
    pub(super) entries: Vec<Entry>,
    pub(super) unverified: Vec<Unverified>,
    pub(super) problems: Problems,
    pub(super) delegates_to: Vec<BytePath>,
    pub(super) uppercase: Tally,
    pub(super) separator: Tally,
    pub(super) crlf: Tally,
    pub(super) header: Tally,
    /// Problems that are entries which could not be read as ones.
    pub(super) refused: u64,
    /// The format has the GNU escape for names with a backslash.
    pub(super) has_escape: bool,
    places: Places<'t>,
}

impl<'t> Sink<'t> {
    /// An empty one, with room for `expected` entries.
    pub(super) fn new(text: &'t Text<'t>, limits: Limits, expected: usize) -> Self {
        Self {
            text,
            limits,
            entries: Vec::with_capacity(expected.min(limits.entries)),
            unverified: Vec::new(),
            problems: Problems::default(),
            delegates_to: Vec::new(),
            uppercase: Tally::default(),
            separator: Tally::default(),
            crlf: Tally::default(),
            header: Tally::default(),
            refused: 0,
            has_escape: false,
            places: Places::Line(1, 0),
        }
    }

    /// Places that follow are in this line.
    pub(super) fn at_line(&mut self, line: &Line<'_>) {
        self.places = Places::Line(line.number, line.outset);
    }

    /// Places that follow are found by their offset.
    pub(super) fn by_offset(&mut self, locator: &'t Locator) {
        self.places = Places::Offset(locator);
    }

    /// The place of a range of the text.
    pub(super) fn place(&self, range: Range<usize>) -> Place {
        match self.places {
            Places::Line(number, start) => self.text.place(number, start, range),
            Places::Offset(locator) => locator.place(self.text, range),
        }
    }

    /// Judges one entry and stores it, or the reason why it is none.
    pub(super) fn entry(&mut self, found: &Found<'_>) -> Result<(), NotAManifest> {
        if self.entries.len() + self.unverified.len() >= self.limits.entries {
            return Err(NotAManifest::TooLarge(format!(
                "the manifest has more than {} entries",
                self.limits.entries
            )));
        }
        let path = match BytePath::parse(&found.name, found.backslash) {
            Ok(path) => path,
            Err(error) => {
                self.bad_path(found, error);
                return Ok(());
            }
        };
        let judged = found.token.judge();
        if found.token.is_upper() && !matches!(judged, Judged::Malformed(_)) {
            let at = self.place(found.digest_at.clone());
            self.uppercase.add(|| at);
        }
        match judged {
            Judged::Strong(digest) => {
                let place = self.place(found.whole.clone());
                let Found { size, by_reference, .. } = *found;
                self.entries.push(Entry { path, digest, size, by_reference, place });
            }
            Judged::Weak(algorithm) => self.unverified(found, path, algorithm, false),
            Judged::Unsupported(algorithm) => self.unverified(found, path, algorithm, true),
            Judged::Malformed(why) => {
                let message = || format!("the digest of {} {why}", shown(&found.name));
                let help = || {
                    "restore the digest from a copy of the manifest, or seal the file again: 64 hexadecimal digits"
                        .to_owned()
                };
                self.refuse(
                    Code::MalformedDigest,
                    found.digest_at.clone(),
                    &found.name,
                    Some(path),
                    message,
                    help,
                );
            }
        }
        Ok(())
    }

    fn unverified(&mut self, found: &Found<'_>, path: BytePath, algorithm: &'static str, unsupported: bool) {
        let place = self.place(found.digest_at.clone());
        self.unverified.push(Unverified { path, algorithm, unsupported, place });
    }

    fn bad_path(&mut self, found: &Found<'_>, error: PathError) {
        let code = if error.escapes() { Code::PathTraversal } else { Code::BadPath };
        let message = || format!("the name {} is refused: {error}", shown(&found.name));
        let has_escape = self.has_escape;
        let help = || path_help(&found.name, error, has_escape);
        self.refuse(code, found.name_at.clone(), &found.name, None, message, help);
    }

    /// Stores a problem that is an entry which could not be read as one.
    pub(super) fn refuse(
        &mut self,
        code: Code,
        range: Range<usize>,
        name: &[u8],
        path: Option<BytePath>,
        message: impl FnOnce() -> String,
        help: impl FnOnce() -> String,
    ) {
        self.refused += 1;
        if self.problems.only_count(code, 1) {
            return;
        }
        let place = self.place(range);
        if self.problems.admit(code, false, place) {
            // Longer names are refused anyway; this bounds what a thousand of them take.
            let name = name.get(..MAX_LEN).unwrap_or(name);
            self.problems.push(Problem {
                name: Some(name.to_vec()),
                path,
                ..Problem::new(code, place, message(), help())
            });
        }
    }

    /// Stores a problem of the text.
    pub(super) fn problem(
        &mut self,
        code: Code,
        range: Range<usize>,
        message: impl FnOnce() -> String,
        help: impl FnOnce() -> String,
    ) {
        if self.problems.only_count(code, 1) {
            return;
        }
        let place = self.place(range);
        if self.problems.admit(code, false, place) {
            self.problems.push(Problem::new(code, place, message(), help()));
        }
    }

    /// Counts an unusual separator.
    pub(super) fn odd_separator(&mut self, range: Range<usize>) {
        let at = self.place(range);
        self.separator.add(|| at);
    }

    /// Counts a line of decoration.
    pub(super) fn decoration(&mut self, range: Range<usize>) {
        let at = self.place(range);
        self.header.add(|| at);
    }

    /// Counts a line that ends in CR LF or CR.
    pub(super) fn carriage_return(&mut self, line: &Line<'_>) {
        let end = line.start + line.bytes.len();
        let (text, number) = (self.text, line.number);
        self.crlf.add(|| text.place(number, line.outset, end..end + 1));
    }
}

fn path_help(name: &[u8], error: PathError, has_escape: bool) -> String {
    match error {
        PathError::Absolute | PathError::Drive => {
            "write the name relative to the folder that the manifest seals, with `/` between components"
                .to_owned()
        }
        PathError::ParentComponent => {
            "seal the file from a folder above both, or leave it to the manifest of its own folder".to_owned()
        }
        PathError::Backslash => {
            let slashes: Vec<u8> = name.iter().map(|&b| if b == b'\\' { b'/' } else { b }).collect();
            let literal = if has_escape {
                format!(
                    "begin the line with one backslash and write {}",
                    exactly(&super::write::escape_name(name))
                )
            } else {
                "list the file in a manifest of the format sha256sum, which has an escape for it".to_owned()
            };
            format!(
                "write {}; if the backslash is a character of the file's name, {literal}",
                exactly(&slashes)
            )
        }
        PathError::DotComponent | PathError::EmptyComponent => {
            let parts = name.split(|&b| b == b'/').filter(|part| !matches!(*part, b"" | b"."));
            let plain = parts.collect::<Vec<_>>().join(&b'/');
            if plain.is_empty() || name.ends_with(b"/") {
                "a seal lists files, not folders: list each file by its name".to_owned()
            } else {
                format!("write {}", exactly(&plain))
            }
        }
        PathError::Empty => "write the file's name behind its digest".to_owned(),
        PathError::Nul | PathError::TooLong => "no file can have this name: restore the line".to_owned(),
    }
}

/// A name to show in a sentence, quoted and cut to a sensible length.
pub(super) fn shown(name: &[u8]) -> String {
    match name.get(..256) {
        Some(head) if name.len() > 256 => format!("{}...", quote(head)),
        _ => quote(name),
    }
}

/// A name between double quotes as it is to be typed: without doubling its
/// backslashes where nothing else in it needs an escape.
fn exactly(name: &[u8]) -> String {
    match std::str::from_utf8(name) {
        Ok(text) if text.len() <= 256 && !text.chars().any(|c| c == '"' || crate::text::is_deceptive(c)) => {
            format!("\"{text}\"")
        }
        _ => shown(name),
    }
}

/// Problems in bounded number: [`STORED`] of a kind, then one that stands for the rest.
#[derive(Default)]
pub(super) struct Problems {
    list: Vec<Problem>,
    kinds: BTreeMap<(Code, bool), Kind>,
}

#[derive(Default)]
struct Kind {
    seen: u64,
    first_left_out: Option<Place>,
}

impl Problems {
    /// Counts a problem; whether it is to be stored.
    pub(super) fn admit(&mut self, code: Code, warning_only: bool, place: Place) -> bool {
        let kind = self.kinds.entry((code, warning_only)).or_default();
        kind.seen += 1;
        if kind.seen > STORED && kind.first_left_out.is_none() {
            kind.first_left_out = Some(place);
        }
        kind.seen <= STORED
    }

    /// Counts `more` problems of a kind that already overflowed; false when it has not.
    pub(super) fn only_count(&mut self, code: Code, more: u64) -> bool {
        match self.kinds.get_mut(&(code, false)) {
            Some(kind) if kind.first_left_out.is_some() => {
                kind.seen += more;
                true
            }
            _ => false,
        }
    }

    /// Stores a problem that was admitted.
    pub(super) fn push(&mut self, problem: Problem) {
        self.list.push(problem);
    }

    /// All of them in the order of the file, with one for each kind that overflowed.
    pub(super) fn finish(mut self) -> Vec<Problem> {
        for ((code, warning_only), kind) in self.kinds {
            if let Some(place) = kind.first_left_out {
                let count = kind.seen - STORED;
                let message = format!("{count} more like the {STORED} that are listed: {}", code.row().title);
                let help =
                    "solve the ones that are listed first; this one stands for all the others".to_owned();
                let summary = Problem::new(code, place, message, help);
                self.list.push(Problem { warning_only, count, ..summary });
            }
        }
        self.list.sort_by_key(|problem| (problem.place.span, problem.code, problem.count));
        self.list
    }
}
