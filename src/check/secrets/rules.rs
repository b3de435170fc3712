//! The formats of keys, tokens and dumps. Each begins with a literal, all of which
//! are looked for in one pass; what follows is then judged by hand, so that a
//! word of prose is not taken for a key.

use std::ops::Range;

use aho_corasick::{AhoCorasick, MatchKind};

use super::entropy::is_random;
use crate::code::Code;

/// Which bytes a token goes on with.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Alphabet {
    Upper,
    Alnum,
    /// Letters, digits, `_` and `-`.
    Url,
    Digits,
}

impl Alphabet {
    fn has(self, byte: u8) -> bool {
        match self {
            Self::Upper => byte.is_ascii_uppercase() || byte.is_ascii_digit(),
            Self::Alnum => byte.is_ascii_alphanumeric(),
            Self::Url => byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-',
            Self::Digits => byte.is_ascii_digit() || byte == b'-',
        }
    }
}

/// What must follow the literal.
#[derive(Clone, Copy)]
enum Then {
    /// So many bytes of an alphabet, at least and at most.
    Token(Alphabet, usize, usize),
    /// `... PRIVATE KEY-----` in the same line.
    PrivateKey,
    /// Three parts with periods between them.
    Jwt,
    /// `user:password@`.
    Login,
    /// `name = value`, the value random enough.
    Value,
    /// ` ... FROM stdin` in a line that begins here.
    CopyRows,
    /// A row of an insert statement; only many of them count.
    Insert,
    /// Nothing; the literal at the beginning of the file.
    FileHead,
    /// Nothing more.
    Nothing,
}

/// One rule.
struct Rule {
    literal: &'static str,
    then: Then,
    code: Code,
    what: &'static str,
}

const fn key(literal: &'static str, then: Then, what: &'static str) -> Rule {
    Rule { literal, then, code: Code::SecretMaterial, what }
}

const fn dump(literal: &'static str, then: Then, what: &'static str) -> Rule {
    Rule { literal, then, code: Code::DumpFile, what }
}

use Alphabet::{Alnum, Digits, Upper, Url};
use Then::{CopyRows, FileHead, Insert, Jwt, Login, Nothing, PrivateKey, Token, Value};

/// Issuers' own prefixes, and the marks of dumps.
const RULES: &[Rule] = &[
    key("-----BEGIN ", PrivateKey, "a private key"),
    key("---- BEGIN SSH2 ENCRYPTED PRIVATE KEY", Nothing, "a private key"),
    key("PuTTY-User-Key-File-", Nothing, "a private key"),
    key("AGE-SECRET-KEY-1", Token(Upper, 40, 64), "a private key"),
    key("AKIA", Token(Upper, 16, 16), "the key of a cloud account"),
    key("ASIA", Token(Upper, 16, 16), "the key of a cloud account"),
    key("AIza", Token(Url, 35, 35), "the key of a cloud account"),
    key("ghp_", Token(Alnum, 36, 255), "a token for a code host"),
    key("gho_", Token(Alnum, 36, 255), "a token for a code host"),
    key("ghu_", Token(Alnum, 36, 255), "a token for a code host"),
    key("ghs_", Token(Alnum, 36, 255), "a token for a code host"),
    key("ghr_", Token(Alnum, 36, 255), "a token for a code host"),
    key("github_pat_", Token(Url, 60, 255), "a token for a code host"),
    key("glpat-", Token(Url, 20, 255), "a token for a code host"),
    key("xoxb-", Token(Url, 20, 255), "a token for a chat"),
    key("xoxp-", Token(Url, 20, 255), "a token for a chat"),
    key("xoxa-", Token(Url, 20, 255), "a token for a chat"),
    key("xoxs-", Token(Url, 20, 255), "a token for a chat"),
    key("hooks.slack.com/services/T", Nothing, "a token for a chat"),
    key("sk_live_", Token(Alnum, 20, 255), "a key for payments"),
    key("rk_live_", Token(Alnum, 20, 255), "a key for payments"),
    key("npm_", Token(Alnum, 36, 36), "a token for a package registry"),
    key("pypi-AgEIcHlwaS5vcmc", Token(Url, 50, 2000), "a token for a package registry"),
    key("sk-ant-", Token(Url, 40, 255), "a key for a model"),
    key("sk-proj-", Token(Url, 40, 255), "a key for a model"),
    key("hf_", Token(Alnum, 34, 34), "a token for a model host"),
    key("hvs.", Token(Url, 24, 255), "a token for a vault"),
    key("dop_v1_", Token(Alnum, 64, 64), "a token for a cloud account"),
    key("EAACEdEose0cBA", Token(Alnum, 20, 255), "a token for a network"),
    key("bot_token:", Token(Digits, 8, 12), "a token for a chat"),
    key("eyJ", Jwt, "a signed token"),
    key("://", Login, "an address with a password"),
    key("password", Value, "a password"),
    key("passwd", Value, "a password"),
    key("secret", Value, "a secret"),
    key("api_key", Value, "a key"),
    key("apikey", Value, "a key"),
    key("access_key", Value, "a key"),
    key("auth_token", Value, "a token"),
    key("access_token", Value, "a token"),
    key("private_key", Value, "a key"),
    dump("SQLite format 3\0", FileHead, "a database"),
    dump("PGDMP", FileHead, "a dump of a database"),
    dump("REDIS0", FileHead, "a dump of a database"),
    dump("-- PostgreSQL database dump", Nothing, "a dump of a database"),
    dump("-- PostgreSQL database cluster dump", Nothing, "a dump of a database"),
    dump("-- MySQL dump", Nothing, "a dump of a database"),
    dump("-- MariaDB dump", Nothing, "a dump of a database"),
    dump("COPY ", CopyRows, "rows of a dump"),
    dump("INSERT INTO ", Insert, "many rows of a dump"),
];

/// The most bytes that a rule looks at, from the beginning of its literal.
pub(super) const REACH: usize = 2200;

/// The rules, ready.
pub(super) struct Rules {
    literals: AhoCorasick,
}

/// What a rule says of a place.
pub(super) struct Said {
    pub(super) at: usize,
    pub(super) code: Code,
    pub(super) what: &'static str,
    /// One of many makes no dump.
    pub(super) row: bool,
    /// What must not be shown.
    pub(super) secret: Range<usize>,
}

impl Rules {
    pub(super) fn new() -> Option<Self> {
        let literals = RULES.iter().map(|rule| rule.literal);
        let mut builder = AhoCorasick::builder();
        builder.ascii_case_insensitive(true).match_kind(MatchKind::Standard);
        Some(Self { literals: builder.build(literals).ok()? })
    }

    /// What stands in the bytes. `head` says that the file begins with them.
    pub(super) fn search(&self, bytes: &[u8], head: bool, each: &mut dyn FnMut(Said)) {
        for found in self.literals.find_overlapping_iter(bytes) {
            let Some(rule) = RULES.get(found.pattern().as_usize()) else { continue };
            let written = bytes.get(found.range()).unwrap_or_default();
            // Only names of values are spelled in any case.
            if !matches!(rule.then, Value | Insert | CopyRows) && written != rule.literal.as_bytes() {
                continue;
            }
            let before = found.start().checked_sub(1).and_then(|at| bytes.get(at)).copied();
            let end = (found.start() + REACH).min(bytes.len());
            let rest = bytes.get(found.end()..end).unwrap_or_default();
            if rule.then.holds(before, rest, head && found.start() == 0) {
                let row = matches!(rule.then, Insert);
                let hidden = rule.then.secret(rest);
                // A token begins with its literal; a name of a value is none.
                let start = if matches!(rule.then, Value | Login) {
                    found.end() + hidden.start
                } else {
                    found.start()
                };
                let secret = start..found.end() + hidden.end;
                each(Said { at: found.start(), code: rule.code, what: rule.what, row, secret });
            }
        }
    }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

fn line(rest: &[u8]) -> &[u8] {
    rest.split(|byte| *byte == b'\n').next().unwrap_or_default()
}

impl Then {
    fn holds(self, before: Option<u8>, rest: &[u8], at_head: bool) -> bool {
        let fresh = before.is_none_or(|byte| !is_word(byte) && byte != b'-');
        let begins_line = before.is_none_or(|byte| byte == b'\n');
        match self {
            Self::Nothing => true,
            Self::FileHead => at_head,
            // Within a word nothing begins, nor within a line a row, whatever follows.
            Self::Token(..) | Self::Jwt if !fresh => false,
            Self::CopyRows | Self::Insert if !begins_line => false,
            Self::Token(alphabet, least, most) => {
                let token: &[u8] = rest.split(|byte| !alphabet.has(*byte)).next().unwrap_or_default();
                (least..=most).contains(&token.len()) && is_meant(token)
            }
            Self::PrivateKey => {
                let label = line(rest.get(..80).unwrap_or(rest));
                let named = ["PRIVATE KEY-----", "PRIVATE KEY BLOCK-----"];
                named.iter().any(|name| memchr::memmem::find(label, name.as_bytes()).is_some())
            }
            Self::Jwt => {
                let token = rest.split(|byte| !(Alphabet::Url.has(*byte) || *byte == b'.')).next();
                let parts: Vec<&[u8]> = token.unwrap_or_default().split(|byte| *byte == b'.').collect();
                matches!(parts.as_slice(), [head, body, sign]
                    if head.len() >= 10 && body.starts_with(b"eyJ") && body.len() >= 10 && sign.len() >= 20)
            }
            Self::Login => {
                let authority = rest.split(|b| b"/ \t\r\n\"'<>`,)".contains(b)).next().unwrap_or_default();
                let Some(at) = memchr::memrchr(b'@', authority) else { return false };
                let login = authority.get(..at).unwrap_or_default();
                let Some(colon) = memchr::memchr(b':', login) else { return false };
                let password = login.get(colon + 1..).unwrap_or_default();
                before.is_some_and(|byte| byte.is_ascii_alphanumeric())
                    && password.len() >= 3
                    && is_meant(password)
            }
            Self::Value => value(line(rest.get(..400).unwrap_or(rest)))
                .is_some_and(|value| is_meant(value) && is_random(value, 16, 3.5)),
            Self::CopyRows => {
                let line = line(rest).to_ascii_lowercase();
                let line = line.trim_ascii_end();
                line.ends_with(b" from stdin;")
            }
            Self::Insert => memchr::memmem::find(&line(rest).to_ascii_uppercase(), b"VALUES").is_some(),
        }
    }
}

impl Then {
    /// What of the bytes behind the literal must not be shown.
    fn secret(self, rest: &[u8]) -> Range<usize> {
        let until = |stops: &[u8]| rest.iter().position(|byte| stops.contains(byte)).unwrap_or(rest.len());
        match self {
            Self::PrivateKey => 0..rest.len(),
            Self::Login => {
                let authority = rest.get(..until(b"/ \t\r\n\"'<>`,)")).unwrap_or_default();
                0..memchr::memrchr(b'@', authority).unwrap_or(0)
            }
            Self::Value => match value(line(rest.get(..400).unwrap_or(rest))) {
                Some(value) => {
                    let start = memchr::memmem::find(rest, value).unwrap_or(0);
                    start..start + value.len()
                }
                None => 0..0,
            },
            _ => 0..until(b" \t\r\n\"'<>`,;"),
        }
    }
}

/// The value of `name = value`, `"name": "value"`.
fn value(rest: &[u8]) -> Option<&[u8]> {
    let rest = rest.get(..400).unwrap_or(rest);
    let sign = rest.iter().position(|byte| !(is_word(*byte) || b"\"' \t-".contains(byte)))?;
    if !matches!(rest.get(sign), Some(b':' | b'=')) || sign > 24 {
        return None;
    }
    let value = rest.get(sign + 1..)?;
    let from = value.iter().position(|byte| !b"\"' \t=>".contains(byte))?;
    value.get(from..)?.split(|byte| b"\"' \t\r,;}<".contains(byte)).next()
}

/// Whether a value is meant as one, and is no placeholder or example.
fn is_meant(value: &[u8]) -> bool {
    const STANDS_FOR: [&[u8]; 12] = [
        b"example",
        b"redacted",
        b"placeholder",
        b"changeme",
        b"xxxx",
        b"****",
        b"password",
        b"dummy",
        b"masked",
        b"sample",
        b"0000",
        b"1234567890",
    ];
    let lower = value.to_ascii_lowercase();
    let variable = value.iter().any(|byte| b"${}<>[]()*%".contains(byte));
    !variable && !STANDS_FOR.iter().any(|word| memchr::memmem::find(&lower, word).is_some())
}
