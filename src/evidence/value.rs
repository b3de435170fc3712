//! One value of a document, and what it may be taken for.
//!
//! Every accessor that finds something else reports it at the value and gives
//! `None`: whoever gets `None` leaves the matter, since it was told.

use std::borrow::Cow;
use std::ops::Range;

use super::digest::{self, Form, State};
use super::read::{Document, Node};
use super::{Integer, Marks, Object};
use crate::code::Code;
use crate::digest::Sha256;
use crate::finding::{Finding, Sink};
use crate::json::{self, Kind};
use crate::text::{escape, quote};

/// A value of a document.
#[derive(Clone, Copy)]
pub struct Value<'d> {
    document: &'d Document,
    at: u32,
}

impl<'d> Value<'d> {
    pub(super) fn new(document: &'d Document, at: u32) -> Self {
        Self { document, at }
    }

    /// The document that holds it.
    pub fn document(self) -> &'d Document {
        self.document
    }

    fn node(self) -> Node {
        self.document.node(self.at)
    }

    pub(super) fn kind(self) -> Kind {
        self.node().kind
    }

    /// The bytes that it takes in the document.
    pub fn span(self) -> Range<usize> {
        let node = self.node();
        node.start as usize..node.end as usize
    }

    /// Its bytes as they are written.
    pub fn raw(self) -> &'d [u8] {
        let node = self.node();
        self.document.slice((node.start, node.end))
    }

    /// The name that it has in its object, with quotation marks, as written.
    pub(super) fn raw_key(self) -> &'d [u8] {
        self.document.slice(self.node().key)
    }

    /// Its name in its object; empty for others.
    pub fn key(self) -> Cow<'d, str> {
        json::decode(self.raw_key()).unwrap_or_default()
    }

    /// Its place as a JSON pointer (RFC 6901).
    pub fn pointer(self) -> String {
        pointer_of(self.document.bytes(), &self.document.nodes, self.at)
    }

    /// Keeps in mind that another spelling of its field has another value.
    pub(super) fn note_twice(self, second: Self) {
        self.document.note_twice(self.at, second.at);
    }

    /// Reports that it has another value than `first`, another spelling of its field.
    pub(super) fn tell_twice(self, first: Self, out: &mut Sink) {
        let message = format!(
            "{} and {} are two spellings of one field and differ",
            quote(first.key().as_bytes()),
            quote(self.key().as_bytes())
        );
        out.push(self.finding(Code::EvidenceFieldTwice, message, "differs"));
    }

    /// Keeps in mind what it was taken for.
    pub(super) fn mark(self, marks: Marks) {
        self.document.mark(self.at, marks);
    }

    /// What it was taken for so far.
    pub(crate) fn marks(self) -> Marks {
        self.document.marks(self.at)
    }

    /// The bytes of its name in its object, with quotation marks.
    pub(crate) fn key_span(self) -> Option<Range<usize>> {
        let (start, end) = self.node().key;
        (end > 0).then_some(start as usize..end as usize)
    }

    /// Whether it is `null`, which is neither a missing field nor `false`.
    pub fn is_null(self) -> bool {
        self.kind() == Kind::Null
    }

    /// Whether both are the same text in the document's bytes.
    pub fn is_same_text(self, other: Self) -> bool {
        self.raw() == other.raw()
    }

    /// What it is, with its article.
    pub fn what(self) -> &'static str {
        match self.kind() {
            Kind::ObjectStart | Kind::ObjectEnd => "an object",
            Kind::ArrayStart | Kind::ArrayEnd => "a list",
            Kind::String | Kind::Key => "a string",
            Kind::Number if Integer::of(self.plain()).is_some() => "an integer",
            Kind::Number => "a number with a fraction or an exponent",
            Kind::True | Kind::False => "a boolean",
            Kind::Null => "null",
        }
    }

    fn plain(self) -> &'d str {
        std::str::from_utf8(self.raw()).unwrap_or_default()
    }

    /// A finding at this value. `label` is written at the mark in its line.
    pub fn finding(self, code: Code, message: impl Into<String>, label: &str) -> Finding {
        let document = self.document;
        let span = self.span();
        let name = document.path().as_bytes();
        let mut finding = Finding::new(code, message).path(document.path().clone());
        finding.location = Some(document.lines.location(document.bytes(), &span));
        finding.pointer = Some(self.pointer());
        if document.is_recovered() {
            finding
                .observations
                .push("the place is one in the sealed bytes, which were recovered".to_owned());
        }
        let name = String::from_utf8_lossy(name);
        // Of what spans lines, the opening is enough.
        let mark = if matches!(self.kind(), Kind::ObjectStart | Kind::ArrayStart) {
            span.start..span.start + 1
        } else {
            span
        };
        finding.snippet = Some(document.lines.snippet(document.bytes(), &mark, &name, label));
        finding
    }

    fn wrong(self, due: &str, out: &mut Sink) {
        let what = self.what();
        let message = format!("{} is {what}, and {due} is due", self.shown());
        let help = format!("write {due} here, then seal the packet again");
        out.push(self.finding(Code::EvidenceWrongType, message, what).help(help));
    }

    /// How messages call it: its pointer, quoted.
    pub fn shown(self) -> String {
        match self.pointer() {
            root if root.is_empty() => "the document".to_owned(),
            pointer => quote(pointer.as_bytes()),
        }
    }

    /// Its text, when it is a string. Says nothing when it is not.
    pub fn as_text(self) -> Option<Cow<'d, str>> {
        (self.kind() == Kind::String).then(|| json::decode(self.raw()).unwrap_or_default())
    }

    /// Its boolean, when it is one. Says nothing when it is not.
    pub fn as_flag(self) -> Option<bool> {
        self.mark(Marks::FLAG);
        match self.kind() {
            Kind::True => Some(true),
            Kind::False => Some(false),
            _ => None,
        }
    }

    /// Its digest, whatever the case of its digits. Says nothing when it is none.
    pub fn as_digest(self) -> Option<Sha256> {
        self.mark(Marks::DIGEST);
        match digest::form(&self.as_text()?) {
            Form::Digest(digest) | Form::OtherCase(digest) => Some(digest),
            Form::Abbreviated | Form::No => None,
        }
    }

    /// Whether it is a part of a digest, for display only. Says nothing.
    pub fn is_abbreviated(self) -> bool {
        self.as_text().is_some_and(|text| digest::form(&text) == Form::Abbreviated)
    }

    /// What it holds, when it is an object. Says nothing when it is not.
    pub fn as_object(self) -> Option<Object<'d>> {
        (self.kind() == Kind::ObjectStart).then(|| Object::new(self))
    }

    /// Its values, when it is a list. Says nothing when it is not.
    pub fn as_list(self) -> Option<Vec<Value<'d>>> {
        (self.kind() == Kind::ArrayStart).then(|| self.children().collect())
    }

    /// An object; a list in its place is none.
    pub fn object(self, out: &mut Sink) -> Option<Object<'d>> {
        self.mark(Marks::TYPED);
        let object = self.as_object();
        if object.is_none() {
            self.wrong("an object", out);
        }
        object
    }

    /// The values of a list; it may be empty.
    pub fn list(self, out: &mut Sink) -> Option<Vec<Value<'d>>> {
        self.mark(Marks::TYPED);
        let list = self.as_list();
        if list.is_none() {
            self.wrong("a list", out);
        }
        list
    }

    /// The objects of a list. What else it holds is reported and left out.
    pub fn objects(self, out: &mut Sink) -> Option<Vec<Object<'d>>> {
        Some(self.list(out)?.into_iter().filter_map(|value| value.object(out)).collect())
    }

    /// A string, which may be empty.
    pub fn text(self, out: &mut Sink) -> Option<Cow<'d, str>> {
        self.mark(Marks::TYPED);
        let text = self.as_text();
        if text.is_none() {
            self.wrong("a string", out);
        }
        text
    }

    /// A string that says something.
    pub fn word(self, out: &mut Sink) -> Option<Cow<'d, str>> {
        let text = self.text(out)?;
        if text.trim().is_empty() {
            let message = format!("{} is empty", self.shown());
            out.push(self.finding(Code::EvidenceUnknownValue, message, "empty"));
            return None;
        }
        Some(text)
    }

    /// One of the words that are known here.
    pub fn one_of<S: AsRef<str>>(self, known: &[S], out: &mut Sink) -> Option<Cow<'d, str>> {
        self.mark(Marks::WORD);
        let text = self.text(out)?;
        if known.iter().any(|word| word.as_ref() == text) {
            return Some(text);
        }
        self.unknown(&text, known, out);
        None
    }

    /// Reports a value that is none of the known ones.
    pub fn unknown<S: AsRef<str>>(self, text: &str, known: &[S], out: &mut Sink) {
        let words: Vec<String> = known.iter().map(|word| quote(word.as_ref().as_bytes())).collect();
        let message = format!("{} has the unknown value {}", self.shown(), quote(cut(text).as_bytes()));
        let help = if words.is_empty() {
            "no value is known here: name the values in the profile".to_owned()
        } else {
            format!("known here: {}", words.join(", "))
        };
        out.push(self.finding(Code::EvidenceUnknownValue, message, "unknown").help(help));
    }

    /// `true` or `false`; words such as `NO` are no evidence.
    pub fn flag(self, out: &mut Sink) -> Option<bool> {
        self.mark(Marks::TYPED.with(Marks::FLAG));
        let flag = self.as_flag();
        if flag.is_none() {
            self.wrong("true or false", out);
        }
        flag
    }

    /// An integer of any length.
    pub fn integer(self, out: &mut Sink) -> Option<Integer<'d>> {
        self.mark(Marks::TYPED.with(Marks::COUNT));
        let integer = (self.kind() == Kind::Number).then(|| Integer::of(self.plain())).flatten();
        if integer.is_none() {
            self.wrong("an integer", out);
        }
        integer
    }

    /// An integer that is not negative and fits into 64 bits.
    pub fn count(self, out: &mut Sink) -> Option<u64> {
        let integer = self.integer(out)?;
        let count = integer.to_u64();
        if count.is_none() {
            let message = format!("{} is {integer}, which is no count of anything", self.shown());
            out.push(self.finding(Code::EvidenceUnknownValue, message, "out of range"));
        }
        count
    }

    /// A SHA-256 with all 64 digits. Upper-case digits are reported and do not
    /// make another digest of it; an abbreviated one is none.
    pub fn digest(self, out: &mut Sink) -> Option<Sha256> {
        self.mark(Marks::TYPED.with(Marks::DIGEST));
        let text = self.text(out)?;
        match digest::form(&text) {
            Form::Digest(digest) => Some(digest),
            Form::OtherCase(digest) => {
                let message = format!("the digest {} is not in lower case", self.shown());
                let help = format!("write {digest}");
                out.push(self.finding(Code::EvidenceDigestCase, message, "upper-case digits").help(help));
                Some(digest)
            }
            Form::Abbreviated => {
                let message = format!("{} is an abbreviated digest, which proves nothing", self.shown());
                out.push(self.finding(Code::EvidenceDigestMalformed, message, "abbreviated"));
                None
            }
            Form::No => {
                let message = format!("{} is no SHA-256: {}", self.shown(), quote(cut(&text).as_bytes()));
                out.push(self.finding(Code::EvidenceDigestMalformed, message, "not 64 digits"));
                None
            }
        }
    }

    /// A state: a digest, `ABSENT`, or one of the words that stand for nothing
    /// to look at, which begin with `N/A`.
    pub fn state(self, not_available: &[String], out: &mut Sink) -> Option<State> {
        match &*self.text(out)? {
            "ABSENT" => Some(State::Absent),
            word if not_available.iter().any(|known| known == word) => Some(State::NotAvailable),
            _ => self.digest(out).map(State::Digest),
        }
    }

    pub(super) fn children(self) -> impl Iterator<Item = Value<'d>> {
        let end = self.node().next;
        let mut at = self.at.saturating_add(1);
        std::iter::from_fn(move || {
            let value = (at < end).then(|| Self::new(self.document, at))?;
            at = value.node().next;
            Some(value)
        })
    }
}

/// The head of a long text, for messages.
fn cut(text: &str) -> String {
    const MOST: usize = 80;
    match text.char_indices().nth(MOST) {
        Some((at, _)) => format!("{}...", text.get(..at).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// The JSON pointer of a value; empty for the root. Names are cut where they are
/// too long to be read.
pub(super) fn pointer_of(bytes: &[u8], nodes: &[Node], at: u32) -> String {
    let node = |at: u32| nodes.get(at as usize).copied();
    let mut parts: Vec<String> = Vec::new();
    let mut here = at;
    while here != 0 {
        let Some(value) = node(here) else { break };
        let holder = value.parent;
        let (start, end) = value.key;
        if end > 0 {
            let raw = bytes.get(start as usize..end as usize).unwrap_or_default();
            let name = json::decode(raw).unwrap_or_default();
            parts.push(cut(&name).replace('~', "~0").replace('/', "~1"));
        } else {
            parts.push(value.index.to_string());
        }
        here = holder;
    }
    parts.iter().rev().fold(String::new(), |pointer, part| pointer + "/" + part)
}

impl std::fmt::Debug for Value<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} = {}", self.shown(), escape(self.raw()))
    }
}
