//! Bytes to a document: strict JSON with the place of every value.
//!
//! RFC 8259 in UTF-8 without a byte-order mark, one value and nothing behind
//! it, no name twice in an object however it is spelled. Numbers stay the text
//! they are. Values are kept in one flat list, so that neither depth nor size
//! can exhaust the stack.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::collections::{BTreeSet, HashMap};
use std::ops::Range;

use super::place::Lines;
use super::{Held, Marks, Value};
use crate::code::Code;
use crate::finding::Sink;
use crate::json::{self, Kind, Token, Tokens};
use crate::path::BytePath;
use crate::profile::Spellings;

/// What a document may cost.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes.
    pub bytes: usize,
    /// Values, objects and arrays counted.
    pub values: usize,
    /// Objects and arrays inside one another.
    pub depth: usize,
}

impl Default for Limits {
    /// The largest evidence documents known have 200 KB, 5,000 values and 9 levels.
    fn default() -> Self {
        Self { bytes: 16 << 20, values: 500_000, depth: json::DEFAULT_DEPTH }
    }
}

/// Why bytes are no evidence document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// What kind.
    pub code: Code,
    /// What is wrong, a clause that follows the document's name.
    pub message: String,
    /// The bytes it is about.
    pub span: Range<usize>,
    /// The object that holds a name twice.
    pub pointer: Option<String>,
}

/// One value in the flat list.
#[derive(Clone, Copy, Debug)]
pub(super) struct Node {
    pub(super) kind: Kind,
    pub(super) start: u32,
    pub(super) end: u32,
    /// Its name in the object that holds it, with quotation marks; empty elsewhere.
    pub(super) key: (u32, u32),
    pub(super) parent: u32,
    /// How many values of the same list or object stand before it.
    pub(super) index: u32,
    /// The value after this one and everything in it.
    pub(super) next: u32,
}

/// A document that was read whole.
#[derive(Debug)]
pub struct Document {
    path: BytePath,
    held: Held,
    pub(super) nodes: Vec<Node>,
    pub(super) lines: Lines,
    pub(super) spellings: Spellings,
    /// What each value was taken for so far.
    marks: Vec<Cell<Marks>>,
    /// Values that two spellings of one field gave and that differ, as pairs.
    twice: RefCell<BTreeSet<(u32, u32)>>,
}

impl Document {
    /// Reads the bytes of a file. `spellings` are the other names that its fields
    /// may have. What is no document is given back with the reason.
    pub fn read(
        path: BytePath,
        held: Held,
        spellings: Spellings,
        limits: Limits,
    ) -> Result<Self, Box<(Broken, Held)>> {
        match nodes(&held.bytes, limits) {
            Ok(nodes) => {
                let lines = Lines::of(&held.bytes);
                let marks = vec![Cell::default(); nodes.len()];
                Ok(Self { path, held, nodes, lines, spellings, marks, twice: RefCell::default() })
            }
            Err(broken) => Err(Box::new((broken, held))),
        }
    }

    /// Its name, relative to the packet's root.
    pub fn path(&self) -> &BytePath {
        &self.path
    }

    /// Its bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.held.bytes
    }

    /// Whether its bytes are those of the seal. What is not sealed may fail a
    /// check and never satisfies one.
    pub fn is_sealed(&self) -> bool {
        self.held.sealed
    }

    /// Whether these are the sealed bytes of a file that drifted.
    pub fn is_recovered(&self) -> bool {
        self.held.recovered
    }

    /// Its value.
    pub fn root(&self) -> Value<'_> {
        Value::new(self, 0)
    }

    /// Every value, in the order of the document.
    pub(crate) fn values(&self) -> impl Iterator<Item = Value<'_>> {
        (0..small(self.nodes.len())).map(|at| Value::new(self, at))
    }

    fn cell(&self, at: u32) -> Option<&Cell<Marks>> {
        usize::try_from(at).ok().and_then(|at| self.marks.get(at))
    }

    /// Keeps in mind what a value was taken for.
    pub(super) fn mark(&self, at: u32, marks: Marks) {
        if let Some(cell) = self.cell(at) {
            cell.set(cell.get().with(marks));
        }
    }

    pub(super) fn marks(&self, at: u32) -> Marks {
        self.cell(at).map(Cell::get).unwrap_or_default()
    }

    /// Keeps in mind that one field has two values.
    pub(super) fn note_twice(&self, first: u32, second: u32) {
        self.twice.borrow_mut().insert((first, second));
    }

    /// Reports every field that was asked for and has two values, once.
    pub(super) fn tell_twice(&self, out: &mut Sink) {
        for (first, second) in self.twice.take() {
            Value::new(self, second).tell_twice(Value::new(self, first), out);
        }
    }

    pub(super) fn node(&self, at: u32) -> Node {
        const NOTHING: Node =
            Node { kind: Kind::Null, start: 0, end: 0, key: (0, 0), parent: 0, index: 0, next: u32::MAX };
        usize::try_from(at).ok().and_then(|at| self.nodes.get(at)).copied().unwrap_or(NOTHING)
    }

    pub(super) fn slice(&self, (start, end): (u32, u32)) -> &[u8] {
        self.held.bytes.get(start as usize..end as usize).unwrap_or_default()
    }
}

/// Says that bytes are no UTF-8 text without a mark, before JSON is thought of.
fn encoding(bytes: &[u8]) -> Result<(), Broken> {
    let broken =
        |code, message: &str, span| Err(Broken { code, message: message.to_owned(), span, pointer: None });
    if bytes.iter().all(u8::is_ascii_whitespace) {
        let message = if bytes.is_empty() { "is empty" } else { "holds nothing but blanks" };
        return broken(Code::EvidenceSyntax, message, 0..bytes.len());
    }
    match bytes {
        [0xEF, 0xBB, 0xBF, ..] => {
            broken(Code::EvidenceEncoding, "begins with a byte-order mark; JSON has none", 0..3)
        }
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] | [0, _, ..] | [_, 0, ..] => {
            broken(Code::EvidenceEncoding, "is UTF-16 or UTF-32; evidence is UTF-8", 0..2.min(bytes.len()))
        }
        _ => Ok(()),
    }
}

fn nodes(bytes: &[u8], limits: Limits) -> Result<Vec<Node>, Broken> {
    if bytes.len() > limits.bytes {
        let message = format!("has {} bytes; evidence documents have at most {}", bytes.len(), limits.bytes);
        return Err(Broken { code: Code::EvidenceTooLarge, message, span: 0..0, pointer: None });
    }
    encoding(bytes)?;
    let mut builder =
        Builder { bytes, nodes: Vec::new(), open: Vec::new(), key: (0, 0), limit: limits.values };
    for token in Tokens::with_depth(bytes, limits.depth) {
        builder.add(token.map_err(|error| syntax(bytes, error, limits.depth))?)?;
    }
    Ok(builder.nodes)
}

fn syntax(bytes: &[u8], error: json::Error, depth: usize) -> Broken {
    let end = error.at.saturating_add(1).min(bytes.len());
    let (code, message) = match error.reason {
        json::Reason::TooDeep => {
            (Code::EvidenceTooLarge, format!("nests lists and objects more than {depth} deep"))
        }
        json::Reason::NotUtf8 => (Code::EvidenceEncoding, "is not UTF-8".to_owned()),
        reason => (Code::EvidenceSyntax, format!("is not strict JSON: {reason}")),
    };
    Broken { code, message, span: error.at.min(end)..end, pointer: None }
}

/// An object or array that is still open.
struct Open<'a> {
    node: u32,
    /// How many values it holds so far.
    count: u32,
    /// The names so far, with the place of each.
    names: Option<HashMap<Cow<'a, str>, (u32, u32)>>,
}

struct Builder<'a> {
    bytes: &'a [u8],
    nodes: Vec<Node>,
    open: Vec<Open<'a>>,
    /// The name that the next value gets.
    key: (u32, u32),
    limit: usize,
}

impl<'a> Builder<'a> {
    fn add(&mut self, token: Token) -> Result<(), Broken> {
        match token.kind {
            Kind::Key => return self.name(token),
            Kind::ObjectEnd | Kind::ArrayEnd => {
                if let Some(open) = self.open.pop() {
                    self.close(open.node, token.end);
                }
                return Ok(());
            }
            Kind::String => {
                self.text(token)?;
            }
            _ => {}
        }
        if self.nodes.len() >= self.limit {
            let message = format!("holds more than {} values", self.limit);
            let span = token.start..token.end;
            return Err(Broken { code: Code::EvidenceTooLarge, message, span, pointer: None });
        }
        let at = small(self.nodes.len());
        self.nodes.push(Node {
            kind: token.kind,
            start: small(token.start),
            end: small(token.end),
            key: std::mem::take(&mut self.key),
            parent: self.open.last().map_or(0, |open| open.node),
            index: self.open.last().map_or(0, |open| open.count),
            next: at + 1,
        });
        if let Some(holder) = self.open.last_mut() {
            holder.count += 1;
        }
        let names = match token.kind {
            Kind::ObjectStart => Some(HashMap::new()),
            Kind::ArrayStart => None,
            _ => return Ok(()),
        };
        self.open.push(Open { node: at, count: 0, names });
        Ok(())
    }

    fn close(&mut self, node: u32, end: usize) {
        let next = small(self.nodes.len());
        if let Some(node) = self.nodes.get_mut(node as usize) {
            node.end = small(end);
            node.next = next;
        }
    }

    /// The text of a string. An escaped half of a surrogate pair has none.
    fn text(&self, token: Token) -> Result<Cow<'a, str>, Broken> {
        let raw = self.bytes.get(token.start..token.end).unwrap_or_default();
        json::decode(raw).ok_or_else(|| Broken {
            code: Code::EvidenceSyntax,
            message: "is not strict JSON: a string escapes half of a surrogate pair".to_owned(),
            span: token.start..token.end,
            pointer: None,
        })
    }

    fn name(&mut self, token: Token) -> Result<(), Broken> {
        let name = self.text(token)?;
        let place = (small(token.start), small(token.end));
        self.key = place;
        let holder = self.open.last().map_or(0, |open| open.node);
        let names = self.open.last_mut().and_then(|open| open.names.as_mut());
        let Some((first, _)) = names.and_then(|names| names.insert(name, place)) else { return Ok(()) };
        let line =
            1 + memchr::memchr_iter(b'\n', self.bytes.get(..first as usize).unwrap_or_default()).count();
        let raw = self.bytes.get(token.start..token.end).unwrap_or_default();
        let name = json::decode(raw).unwrap_or_default();
        let name = crate::text::quote(name.as_bytes());
        Err(Broken {
            code: Code::EvidenceDuplicateKey,
            message: format!("has the name {name} twice in one object, first on line {line}"),
            span: token.start..token.end,
            pointer: Some(super::value::pointer_of(self.bytes, &self.nodes, holder)),
        })
    }
}

/// Offsets and counts fit: the limit on bytes is far below 4 GiB.
fn small(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
