//! YAML as data: a tree of nodes with their lines, made from text that somebody
//! else wrote.
//!
//! The text is parsed by events; the tree is ours, so that its size and depth
//! have limits. An alias is another way to a node that is there once, never a
//! copy, so that no text grows when it is read. A name that stands twice in a
//! mapping is refused: which of the two counts depends on who reads it.

use std::collections::{HashMap, HashSet};

use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, Span};
use thiserror::Error;

/// A longer text is not read, in bytes.
pub const LONGEST: usize = 1 << 20;
/// Deeper nesting is not read.
const DEEPEST: usize = 64;
/// More nodes are not read.
const MOST: usize = 200_000;

/// Why a text is not read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("line {line}: {reason}")]
pub struct YamlError {
    /// Where, from 1.
    pub line: usize,
    /// What is in the way; packet data in it is quoted.
    pub reason: String,
}

/// One document.
#[derive(Debug)]
pub struct Document {
    nodes: Vec<Node>,
    root: usize,
}

#[derive(Debug)]
struct Node {
    line: usize,
    content: Content,
}

#[derive(Debug)]
enum Content {
    Scalar { text: String, plain: bool },
    Sequence(Vec<usize>),
    Mapping(Vec<(Key, usize)>),
}

#[derive(Debug)]
struct Key {
    text: String,
    line: usize,
}

impl Document {
    /// Reads the one document of a text.
    pub fn parse(bytes: &[u8]) -> Result<Self, YamlError> {
        let error = |line, reason: &str| YamlError { line, reason: reason.to_owned() };
        if bytes.len() > LONGEST {
            return Err(error(1, "the file is longer than any that is read"));
        }
        let text = std::str::from_utf8(bytes).map_err(|bad| {
            let before = bytes.get(..bad.valid_up_to()).unwrap_or_default();
            error(1 + memchr::memchr_iter(b'\n', before).count(), "the file is not UTF-8")
        })?;
        let mut builder = Builder::default();
        let mut parser = Parser::new_from_str(text.strip_prefix('\u{feff}').unwrap_or(text));
        while let Some(next) = parser.next_event() {
            let (event, span) = next.map_err(|bad| not_yaml(&bad))?;
            builder.take(event, span)?;
        }
        builder.finish()
    }

    /// The value that everything else is in.
    pub fn root(&self) -> Value<'_> {
        Value { document: self, node: self.root }
    }
}

fn not_yaml(bad: &ScanError) -> YamlError {
    let said = crate::text::escape(bad.info().as_bytes());
    YamlError { line: bad.marker().line(), reason: format!("this is not YAML: {said}") }
}

/// A value in a document.
#[derive(Clone, Copy, Debug)]
pub struct Value<'d> {
    document: &'d Document,
    node: usize,
}

impl<'d> Value<'d> {
    fn node(self) -> Option<&'d Node> {
        self.document.nodes.get(self.node)
    }

    /// The line it begins in, from 1.
    pub fn line(self) -> usize {
        self.node().map_or(1, |node| node.line)
    }

    /// The text of a scalar, whatever it means.
    pub fn text(self) -> Option<&'d str> {
        match &self.node()?.content {
            Content::Scalar { text, .. } => Some(text),
            _ => None,
        }
    }

    /// Whether nothing stands there, or the word for it.
    pub fn is_null(self) -> bool {
        let null = |text: &str| matches!(text, "" | "~" | "null" | "Null" | "NULL");
        self.node()
            .is_none_or(|node| matches!(&node.content, Content::Scalar { text, plain: true } if null(text)))
    }

    /// Whether it is the truth value `false`, or a text that spells it.
    pub fn is_false(self) -> bool {
        self.text().is_some_and(|text| text.eq_ignore_ascii_case("false"))
    }

    /// Whether it is a mapping.
    pub fn is_mapping(self) -> bool {
        self.node().is_some_and(|node| matches!(node.content, Content::Mapping(_)))
    }

    /// The value under a name in a mapping.
    pub fn get(self, name: &str) -> Option<Self> {
        self.entries().find(|entry| entry.name == name).map(|entry| entry.value)
    }

    /// What a mapping holds, in its order; nothing for another value.
    pub fn entries(self) -> impl Iterator<Item = Entry<'d>> {
        let entries = match self.node().map(|node| &node.content) {
            Some(Content::Mapping(entries)) => entries.as_slice(),
            _ => &[],
        };
        let entry = move |(key, node): &'d (Key, usize)| Entry {
            name: &key.text,
            line: key.line,
            value: Self { node: *node, ..self },
        };
        entries.iter().map(entry)
    }

    /// What a sequence holds; nothing for another value.
    pub fn items(self) -> impl Iterator<Item = Self> {
        let items = match self.node().map(|node| &node.content) {
            Some(Content::Sequence(items)) => items.as_slice(),
            _ => &[],
        };
        items.iter().map(move |node| Self { node: *node, ..self })
    }

    /// Every scalar and every name at or below it, each once however many ways
    /// lead to it, with its line and the name of the mapping entry that it is
    /// the value of.
    pub fn scalars(self) -> Vec<Scalar<'d>> {
        let mut found = Vec::new();
        let mut seen = HashSet::new();
        let mut open = vec![(self, "")];
        while let Some((value, under)) = open.pop() {
            if !seen.insert(value.node) {
                continue;
            }
            if let Some(text) = value.text() {
                found.push(Scalar { text, line: value.line(), under });
            }
            for entry in value.entries() {
                found.push(Scalar { text: entry.name, line: entry.line, under: "" });
                open.push((entry.value, entry.name));
            }
            open.extend(value.items().map(|item| (item, under)));
        }
        found.sort_by_key(|scalar| scalar.line);
        found
    }
}

/// One entry of a mapping.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'d> {
    /// Its name.
    pub name: &'d str,
    /// The line of the name, from 1.
    pub line: usize,
    /// Its value.
    pub value: Value<'d>,
}

/// A text somewhere in a document.
#[derive(Clone, Copy, Debug)]
pub struct Scalar<'d> {
    /// The text.
    pub text: &'d str,
    /// Its line, from 1.
    pub line: usize,
    /// The name it stands under.
    pub under: &'d str,
}

/// A collection that is not closed yet.
struct Open {
    node: usize,
    anchor: usize,
    key: Option<Key>,
    names: HashSet<String>,
}

#[derive(Default)]
struct Builder {
    nodes: Vec<Node>,
    open: Vec<Open>,
    anchors: HashMap<usize, usize>,
    root: Option<usize>,
}

impl Builder {
    fn take(&mut self, event: Event<'_>, span: Span) -> Result<(), YamlError> {
        let line = span.start.line();
        match event {
            Event::Scalar(text, style, anchor, _) => self.scalar(text.into_owned(), style, anchor, line),
            Event::Alias(anchor) => {
                let refused = || refused(line, "an alias to something that it stands in");
                let node = *self.anchors.get(&anchor).ok_or_else(refused)?;
                match self.wants_key().then(|| self.nodes.get(node)) {
                    Some(Some(Node { content: Content::Scalar { text, .. }, .. })) => {
                        let text = text.clone();
                        self.key(text, line)
                    }
                    Some(_) => Err(refused_key(line)),
                    None => self.place(node, line),
                }
            }
            Event::SequenceStart(anchor, _) => self.begin(Content::Sequence(Vec::new()), anchor, line),
            Event::MappingStart(anchor, _) => self.begin(Content::Mapping(Vec::new()), anchor, line),
            Event::SequenceEnd | Event::MappingEnd => {
                if let Some(Open { node, anchor, .. }) = self.open.pop() {
                    self.anchors.insert(anchor, node);
                }
                Ok(())
            }
            Event::DocumentStart(_) if self.root.is_some() => Err(refused(line, "a second document")),
            _ => Ok(()),
        }
    }

    fn wants_key(&self) -> bool {
        let Some(open) = self.open.last() else { return false };
        let mapping = self.nodes.get(open.node).is_some_and(|n| matches!(n.content, Content::Mapping(_)));
        mapping && open.key.is_none()
    }

    fn key(&mut self, text: String, line: usize) -> Result<(), YamlError> {
        let Some(open) = self.open.last_mut() else { return Ok(()) };
        if !open.names.insert(text.clone()) {
            let name = crate::text::quote(text.as_bytes());
            return Err(refused(line, &format!("the name {name} stands twice in one mapping")));
        }
        open.key = Some(Key { text, line });
        Ok(())
    }

    fn scalar(
        &mut self,
        text: String,
        style: ScalarStyle,
        anchor: usize,
        line: usize,
    ) -> Result<(), YamlError> {
        let key = self.wants_key().then(|| text.clone());
        let content = Content::Scalar { text, plain: style == ScalarStyle::Plain };
        let node = self.add(content, line)?;
        if anchor > 0 {
            self.anchors.insert(anchor, node);
        }
        match key {
            Some(text) => self.key(text, line),
            None => self.place(node, line),
        }
    }

    fn begin(&mut self, content: Content, anchor: usize, line: usize) -> Result<(), YamlError> {
        if self.wants_key() {
            return Err(refused_key(line));
        }
        if self.open.len() >= DEEPEST {
            return Err(refused(line, "deeper nesting than is read"));
        }
        let node = self.add(content, line)?;
        self.place(node, line)?;
        self.open.push(Open { node, anchor, key: None, names: HashSet::new() });
        Ok(())
    }

    fn add(&mut self, content: Content, line: usize) -> Result<usize, YamlError> {
        if self.nodes.len() >= MOST {
            return Err(refused(line, "more values than are read"));
        }
        self.nodes.push(Node { line, content });
        Ok(self.nodes.len() - 1)
    }

    /// Puts a node where one is due.
    fn place(&mut self, node: usize, line: usize) -> Result<(), YamlError> {
        let Some(open) = self.open.last_mut() else {
            self.root = Some(node);
            return Ok(());
        };
        match self.nodes.get_mut(open.node).map(|node| &mut node.content) {
            Some(Content::Sequence(items)) => items.push(node),
            Some(Content::Mapping(entries)) => {
                entries.push((open.key.take().ok_or_else(|| refused_key(line))?, node));
            }
            _ => {}
        }
        Ok(())
    }

    fn finish(mut self) -> Result<Document, YamlError> {
        let root = match self.root {
            Some(root) => root,
            None => self.add(Content::Scalar { text: String::new(), plain: true }, 1)?,
        };
        Ok(Document { nodes: self.nodes, root })
    }
}

fn refused(line: usize, reason: &str) -> YamlError {
    YamlError { line, reason: reason.to_owned() }
}

fn refused_key(line: usize) -> YamlError {
    refused(line, "a name in a mapping that is no text")
}

#[cfg(test)]
mod tests;
