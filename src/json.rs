//! A strict JSON tokenizer that keeps the span of every token.
//!
//! RFC 8259 over bytes, iterative, one pass, no allocation per token. It works
//! on the bytes as they are written, so that a document can be changed token by
//! token without touching its layout; it builds no values. A byte-order mark
//! is not JSON: the caller takes it off.

use std::borrow::Cow;
use std::fmt;

use thiserror::Error;

/// What a token is. Colons and commas are checked and not reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// `{`
    ObjectStart,
    /// `}`
    ObjectEnd,
    /// `[`
    ArrayStart,
    /// `]`
    ArrayEnd,
    /// A member's name, with its quotation marks.
    Key,
    /// A string value, with its quotation marks.
    String,
    /// A number.
    Number,
    /// `true`
    True,
    /// `false`
    False,
    /// `null`
    Null,
}

/// One token: its kind and the half-open range of bytes it takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Token {
    /// What it is.
    pub kind: Kind,
    /// The first byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Token {
    /// The bytes of the token in the document it was read from.
    pub fn of<'a>(&self, document: &'a [u8]) -> &'a [u8] {
        document.get(self.start..self.end).unwrap_or_default()
    }
}

/// Why a document is not JSON, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("{reason}")]
pub struct Error {
    /// What is wrong.
    pub reason: Reason,
    /// The offset of the byte that is wrong; the document's length when it ends too early.
    pub at: usize,
}

/// What is wrong in a document that is not JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Reason {
    /// It ends in the middle.
    #[error("the document ends too early")]
    Incomplete,
    /// A value should stand here.
    #[error("a value is expected here")]
    ExpectedValue,
    /// A member's name should stand here.
    #[error("a member's name in double quotes is expected here")]
    ExpectedKey,
    /// A colon should stand here.
    #[error("a colon is expected here")]
    ExpectedColon,
    /// A comma or the container's end should stand here.
    #[error("a comma or the end of the list or object is expected here")]
    ExpectedCommaOrEnd,
    /// Something stands behind the document's value.
    #[error("something stands behind the end of the document")]
    Trailing,
    /// A control character stands raw in a string.
    #[error("a control character in a string is not escaped")]
    ControlCharacter,
    /// An escape that is none of JSON's.
    #[error("the escape is none of JSON's")]
    BadEscape,
    /// A number that is not written as JSON numbers are.
    #[error("the number is not written as JSON writes numbers")]
    BadNumber,
    /// Bytes that are no UTF-8.
    #[error("the bytes are not valid UTF-8")]
    NotUtf8,
    /// More containers inside one another than allowed.
    #[error("lists and objects are nested too deeply")]
    TooDeep,
}

/// How deep containers may be nested unless the caller says otherwise.
pub const DEFAULT_DEPTH: usize = 128;

/// What may come next.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Expect {
    /// A value.
    Value,
    /// A value, or the end of the list just opened.
    FirstElement,
    /// A name, or the end of the object just opened.
    FirstKey,
    /// A name.
    Key,
    /// A comma, or the end of the open container.
    CommaOrEnd,
    /// Blanks only.
    Nothing,
}

/// The container that is open.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Container {
    Object,
    Array,
}

/// Iterates over the tokens of one document. After an error it ends.
pub struct Tokens<'a> {
    bytes: &'a [u8],
    at: usize,
    open: Vec<Container>,
    depth: usize,
    expect: Expect,
    ended: bool,
}

impl<'a> Tokens<'a> {
    /// The tokens of `bytes`, with containers nested at most [`DEFAULT_DEPTH`] deep.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self::with_depth(bytes, DEFAULT_DEPTH)
    }

    /// The tokens of `bytes`, with containers nested at most `depth` deep.
    pub fn with_depth(bytes: &'a [u8], depth: usize) -> Self {
        Self { bytes, at: 0, open: Vec::new(), depth, expect: Expect::Value, ended: false }
    }

    /// How many containers are open after the last token.
    pub fn open_containers(&self) -> usize {
        self.open.len()
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn skip_blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn error(&self, reason: Reason) -> Error {
        let reason = if self.at >= self.bytes.len() { Reason::Incomplete } else { reason };
        Error { reason, at: self.at }
    }

    fn step(&mut self) -> Result<Option<Token>, Error> {
        loop {
            self.skip_blanks();
            let Some(byte) = self.peek() else {
                return if self.expect == Expect::Nothing {
                    Ok(None)
                } else {
                    Err(self.error(Reason::Incomplete))
                };
            };
            match (self.expect, byte) {
                (Expect::Nothing, _) => return Err(self.error(Reason::Trailing)),
                (Expect::CommaOrEnd, b',') => {
                    self.at += 1;
                    self.expect = match self.open.last() {
                        Some(Container::Object) => Expect::Key,
                        _ => Expect::Value,
                    };
                }
                (Expect::CommaOrEnd | Expect::FirstElement, b']')
                    if self.open.last() == Some(&Container::Array) =>
                {
                    return Ok(Some(self.close(Kind::ArrayEnd)));
                }
                (Expect::CommaOrEnd | Expect::FirstKey, b'}')
                    if self.open.last() == Some(&Container::Object) =>
                {
                    return Ok(Some(self.close(Kind::ObjectEnd)));
                }
                (Expect::CommaOrEnd, _) => return Err(self.error(Reason::ExpectedCommaOrEnd)),
                (Expect::FirstKey | Expect::Key, b'"') => return self.key().map(Some),
                (Expect::FirstKey | Expect::Key, _) => return Err(self.error(Reason::ExpectedKey)),
                (Expect::Value | Expect::FirstElement, byte) => return self.value(byte).map(Some),
            }
        }
    }

    fn close(&mut self, kind: Kind) -> Token {
        self.open.pop();
        let start = self.at;
        self.at += 1;
        self.after_value();
        Token { kind, start, end: self.at }
    }

    fn after_value(&mut self) {
        self.expect = if self.open.is_empty() { Expect::Nothing } else { Expect::CommaOrEnd };
    }

    fn key(&mut self) -> Result<Token, Error> {
        let start = self.at;
        self.string()?;
        let token = Token { kind: Kind::Key, start, end: self.at };
        self.skip_blanks();
        if self.peek() != Some(b':') {
            return Err(self.error(Reason::ExpectedColon));
        }
        self.at += 1;
        self.expect = Expect::Value;
        Ok(token)
    }

    fn value(&mut self, byte: u8) -> Result<Token, Error> {
        let start = self.at;
        let kind = match byte {
            b'{' => return self.open(Container::Object),
            b'[' => return self.open(Container::Array),
            b'"' => {
                self.string()?;
                Kind::String
            }
            b't' => self.word(b"true", Kind::True)?,
            b'f' => self.word(b"false", Kind::False)?,
            b'n' => self.word(b"null", Kind::Null)?,
            b'-' | b'0'..=b'9' => {
                self.number()?;
                Kind::Number
            }
            _ => return Err(self.error(Reason::ExpectedValue)),
        };
        self.after_value();
        Ok(Token { kind, start, end: self.at })
    }

    fn open(&mut self, container: Container) -> Result<Token, Error> {
        if self.open.len() >= self.depth {
            return Err(self.error(Reason::TooDeep));
        }
        self.open.push(container);
        let start = self.at;
        self.at += 1;
        let (kind, expect) = match container {
            Container::Object => (Kind::ObjectStart, Expect::FirstKey),
            Container::Array => (Kind::ArrayStart, Expect::FirstElement),
        };
        self.expect = expect;
        Ok(Token { kind, start, end: self.at })
    }

    fn word(&mut self, word: &[u8], kind: Kind) -> Result<Kind, Error> {
        for &byte in word {
            if self.peek() != Some(byte) {
                return Err(self.error(Reason::ExpectedValue));
            }
            self.at += 1;
        }
        Ok(kind)
    }

    fn string(&mut self) -> Result<(), Error> {
        self.at += 1;
        loop {
            let rest = self.bytes.get(self.at..).unwrap_or_default();
            let plain = rest.iter().position(|&b| b < 0x20 || b == b'"' || b == b'\\' || b >= 0x80);
            self.at += plain.unwrap_or(rest.len());
            match self.peek() {
                None => return Err(self.error(Reason::Incomplete)),
                Some(b'"') => {
                    self.at += 1;
                    return Ok(());
                }
                Some(b'\\') => self.escape()?,
                Some(0x80..) => self.wide()?,
                Some(_) => return Err(self.error(Reason::ControlCharacter)),
            }
        }
    }

    /// A run of bytes outside ASCII, which must be valid UTF-8.
    fn wide(&mut self) -> Result<(), Error> {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let run = rest.iter().position(u8::is_ascii).unwrap_or(rest.len());
        let run = rest.get(..run).unwrap_or_default();
        if let Err(error) = std::str::from_utf8(run) {
            self.at += error.valid_up_to();
            return Err(self.error(Reason::NotUtf8));
        }
        self.at += run.len();
        Ok(())
    }

    fn escape(&mut self) -> Result<(), Error> {
        self.at += 1;
        match self.peek() {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => self.at += 1,
            Some(b'u') => {
                self.at += 1;
                for _ in 0..4 {
                    if !self.peek().is_some_and(|b| b.is_ascii_hexdigit()) {
                        return Err(self.error(Reason::BadEscape));
                    }
                    self.at += 1;
                }
            }
            _ => return Err(self.error(Reason::BadEscape)),
        }
        Ok(())
    }

    fn digits(&mut self) -> usize {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        self.at - start
    }

    fn number(&mut self) -> Result<(), Error> {
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        let leading_zero = self.peek() == Some(b'0');
        let whole = self.digits();
        if whole == 0 {
            return Err(self.error(Reason::BadNumber));
        }
        if leading_zero && whole > 1 {
            self.at -= whole - 1;
            return Err(self.error(Reason::BadNumber));
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            if self.digits() == 0 {
                return Err(self.error(Reason::BadNumber));
            }
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            if self.digits() == 0 {
                return Err(self.error(Reason::BadNumber));
            }
        }
        Ok(())
    }
}

impl Iterator for Tokens<'_> {
    type Item = Result<Token, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let step = self.step().transpose();
        self.ended = !matches!(step, Some(Ok(_)));
        step
    }
}

/// The text of a string token, given with its quotation marks. Borrowed when it
/// holds no escape. `None` when it has no text: a surrogate stands alone.
pub fn decode(raw: &[u8]) -> Option<Cow<'_, str>> {
    let inner = raw.strip_prefix(b"\"")?.strip_suffix(b"\"")?;
    if memchr::memchr(b'\\', inner).is_none() {
        return std::str::from_utf8(inner).ok().map(Cow::Borrowed);
    }
    serde_json::from_slice::<String>(raw).ok().map(Cow::Owned)
}

/// The same as bytes, where a surrogate that stands alone is one of WTF-8.
pub(crate) fn decode_bytes(raw: &[u8]) -> Option<Vec<u8>> {
    struct Bytes;
    impl serde::de::Visitor<'_> for Bytes {
        type Value = Vec<u8>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a string")
        }

        fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Vec<u8>, E> {
            Ok(bytes.to_vec())
        }
    }
    serde::Deserializer::deserialize_bytes(&mut serde_json::Deserializer::from_slice(raw), Bytes).ok()
}

#[cfg(test)]
mod tests;
