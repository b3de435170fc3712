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
    /// A token behind the word.
    Bearer,
    /// `user:password` in base64.
    Basic,
    /// The rest of a private key in base64.
    Encoded,
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
use Then::{
    Basic, Bearer, CopyRows, Encoded, FileHead, Insert, Jwt, Login, Nothing, PrivateKey, Token, Value,
};

/// What a key of whatever armour is called.
pub(super) const PRIVATE_KEY: &str = "a private key";

/// Issuers' own prefixes, and the marks of dumps.
const RULES: &[Rule] = &[
    key("-----BEGIN ", PrivateKey, PRIVATE_KEY),
    key("---- BEGIN SSH2 ENCRYPTED PRIVATE KEY", Nothing, PRIVATE_KEY),
    key("PuTTY-User-Key-File-", Nothing, PRIVATE_KEY),
    key("openssh-key-v1\0", Nothing, PRIVATE_KEY),
    key("b3BlbnNzaC1rZXktdjEA", Nothing, PRIVATE_KEY),
    key(ENCODED, Encoded, "a private key in base64"),
    key("AGE-SECRET-KEY-1", Token(Upper, 40, 64), PRIVATE_KEY),
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
    key("passphrase", Value, "a password"),
    key("secret", Value, "a secret"),
    key("api_key", Value, "a key"),
    key("apikey", Value, "a key"),
    key("access_key", Value, "a key"),
    key("auth_token", Value, "a token"),
    key("access_token", Value, "a token"),
    key("private_key", Value, "a key"),
    key("_token", Value, "a token"),
    key("bearer ", Bearer, "a token"),
    key("basic ", Basic, "a login"),
    key("\"auth\"", Basic, "a login"),
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

/// `-----BEGIN` in base64.
const ENCODED: &str = "LS0tLS1CRUdJTi";

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
    /// How many rows of a dump it is; few make none.
    pub(super) rows: usize,
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
            if !matches!(rule.then, Value | Bearer | Basic | Insert | CopyRows)
                && written != rule.literal.as_bytes()
            {
                continue;
            }
            let before = found.start().checked_sub(1).and_then(|at| bytes.get(at)).copied();
            let end = (found.start() + REACH).min(bytes.len());
            let rest = bytes.get(found.end()..end).unwrap_or_default();
            if rule.then.holds(before, rest, head && found.start() == 0) {
                let rows = if matches!(rule.then, Insert) { rows(statement(rest)) } else { 0 };
                let hidden = rule.then.secret(rest);
                // A token begins with its literal; a name of a value is none.
                let start = if matches!(rule.then, Value | Login) {
                    found.end() + hidden.start
                } else {
                    found.start()
                };
                let secret = start..found.end() + hidden.end;
                each(Said { at: found.start(), code: rule.code, what: rule.what, rows, secret });
            }
        }
    }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

fn line(rest: &[u8]) -> &[u8] {
    rest.split(|byte| matches!(byte, b'\n' | b'\r')).next().unwrap_or_default()
}

/// What a statement goes on with.
fn statement(rest: &[u8]) -> &[u8] {
    rest.split(|byte| *byte == b';').next().unwrap_or_default()
}

/// How many rows a statement inserts, as far as it is looked at.
fn rows(statement: &[u8]) -> usize {
    let ends = memchr::memchr_iter(b')', statement).filter(|end| {
        let mut rest = statement.iter().skip(end + 1).filter(|byte| !byte.is_ascii_whitespace());
        rest.next() == Some(&b',') && rest.next() == Some(&b'(')
    });
    1 + ends.count()
}

impl Then {
    fn holds(self, before: Option<u8>, rest: &[u8], at_head: bool) -> bool {
        let fresh = before.is_none_or(|byte| !is_word(byte) && byte != b'-');
        let begins_line = before.is_none_or(|byte| matches!(byte, b'\n' | b'\r'));
        let begins_statement = begins_line || before.is_some_and(|byte| b" \t;".contains(&byte));
        match self {
            Self::Nothing => true,
            Self::FileHead => at_head,
            // Within a word nothing begins, nor within a line a row, whatever follows.
            Self::Token(..) | Self::Jwt if !fresh => false,
            Self::CopyRows if !begins_line => false,
            Self::Insert if !begins_statement => false,
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
            Self::Value => value(line(rest.get(..400).unwrap_or(rest))).is_some_and(|value| {
                is_meant(value)
                    && (is_random(value, 16, 3.5) || (names_a_key(rest) && is_hexadecimal_key(value)))
            }),
            Self::Bearer => {
                let token = rest.split(|byte| !(Alphabet::Url.has(*byte) || b".~+/=".contains(byte))).next();
                token.is_some_and(|token| is_meant(token) && is_random(token, 20, 3.5))
            }
            Self::Basic => encodes_a_login(rest),
            Self::Encoded => encodes_a_private_key(rest),
            Self::CopyRows => {
                let line = line(rest).to_ascii_lowercase();
                let line = line.trim_ascii_end();
                line.ends_with(b";") && memchr::memmem::find(line, b" from stdin").is_some()
            }
            Self::Insert => memchr::memmem::find(&statement(rest).to_ascii_uppercase(), b"VALUES").is_some(),
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
            Self::Basic => {
                let start = rest.iter().position(|byte| !SIGNS.contains(byte)).unwrap_or(0);
                0..start + rest.iter().skip(start).take_while(|byte| is_base64(**byte)).count()
            }
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

/// Whether nothing stands between the word for a key and its sign but what belongs
/// to it: `secret = `, `SECRET_KEY=`, and not `secret_sha256: `.
fn names_a_key(rest: &[u8]) -> bool {
    let sign = rest.iter().take(24).position(|byte| matches!(byte, b':' | b'='));
    let between = sign.and_then(|sign| rest.get(..sign)).unwrap_or(b"-");
    let word: Vec<u8> =
        between.iter().filter(|byte| !b"\"' \t".contains(byte)).map(u8::to_ascii_lowercase).collect();
    [&b""[..], b"_key", b"key", b"_token", b"_value"].contains(&word.as_slice())
}

/// Digits such as those of a digest or a UUID, which are a key where one is due.
fn is_hexadecimal_key(value: &[u8]) -> bool {
    let kind = |is: fn(&u8) -> bool| value.iter().any(is);
    value.len() >= 32
        && value.iter().all(|byte| byte.is_ascii_hexdigit() || *byte == b'-')
        && kind(u8::is_ascii_digit)
        && kind(u8::is_ascii_alphabetic)
}

/// What may stand between a name and its value.
const SIGNS: &[u8] = b"\"': =\t";

fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=')
}

/// Whether a word in base64 is a user and a password. A word of prose decodes to no text,
/// and one that does has no colon in it.
fn encodes_a_login(rest: &[u8]) -> bool {
    const LEAST: usize = 12;
    const MOST: usize = 400;
    let value = rest.iter().copied().skip_while(|byte| SIGNS.contains(byte));
    let word: Vec<u8> = value.take(MOST).take_while(|byte| is_base64(*byte)).collect();
    let decoded = data_encoding::BASE64.decode(&word).unwrap_or_default();
    let is_text = decoded.iter().all(|byte| (0x20..0x7f).contains(byte));
    let Some(colon) = memchr::memchr(b':', &decoded).filter(|_| is_text && word.len() >= LEAST) else {
        return false;
    };
    colon > 0 && decoded.get(colon + 1..).is_some_and(|password| password.len() >= 3 && is_meant(password))
}

/// Whether base64 that begins as a PEM file goes on as that of a private key.
fn encodes_a_private_key(rest: &[u8]) -> bool {
    const HEAD: usize = 80;
    let letters = ENCODED.bytes().chain(rest.iter().copied().filter(|byte| !byte.is_ascii_whitespace()));
    let is_letter = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
    let mut head: Vec<u8> = letters.take_while(is_letter).take(HEAD).collect();
    head.truncate(head.len() / 4 * 4);
    let decoded = data_encoding::BASE64.decode(&head).unwrap_or_default();
    memchr::memmem::find(&decoded, b"PRIVATE KEY").is_some()
}

/// Whether a value is meant as one, and is no placeholder, example or name of one.
fn is_meant(value: &[u8]) -> bool {
    const STANDS_FOR: [&[u8]; 9] = [
        b"example",
        b"redacted",
        b"placeholder",
        b"changeme",
        b"password",
        b"dummy",
        b"masked",
        b"sample",
        b"1234567890",
    ];
    let lower = value.to_ascii_lowercase();
    let filled = |with: u8| memchr::memchr_iter(with, &lower).count() * 2 > lower.len();
    !is_variable(value)
        && !b"x*0.".iter().any(|with| filled(*with))
        && !STANDS_FOR.iter().any(|word| memchr::memmem::find(&lower, word).is_some())
}

/// `$NAME`, `${NAME}`, `%NAME%`, `%s`, `<name>`, `lookup(name)`. A `$` or a `%` within
/// a value is a part of it.
fn is_variable(value: &[u8]) -> bool {
    let is_name = |name: &[u8]| !name.is_empty() && name.iter().all(|byte| is_word(*byte));
    value.iter().any(|byte| b"{}<>[]()".contains(byte))
        || value.strip_prefix(b"$").is_some_and(is_name)
        || value
            .strip_prefix(b"%")
            .is_some_and(|rest| rest.len() <= 1 || rest.strip_suffix(b"%").is_some_and(is_name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variable_is_the_whole_value() {
        for name in ["$NAME", "${NAME}", "%NAME%", "%s", "%", "<name>", "lookup(name)"] {
            assert!(is_variable(name.as_bytes()), "{name}");
        }
        for value in ["$", "$a b", "%ab", "a$b", "%a b%", "plain"] {
            assert!(!is_variable(value.as_bytes()), "{value}");
        }
    }

    #[test]
    fn a_key_in_hexadecimal_is_long_and_mixed() {
        let mixed = "0123456789abcdef".repeat(2);
        assert!(is_hexadecimal_key(mixed.as_bytes()));
        assert!(is_hexadecimal_key(b"3f0c6b0e-1111-4222-8333-94d1b2c3d4e5"));
        for other in [&mixed[1..], &"a".repeat(32), &"1".repeat(32), &mixed.replace('f', "z")] {
            assert!(!is_hexadecimal_key(other.as_bytes()), "{other}");
        }
    }

    #[test]
    fn a_value_filled_up_to_the_half_is_meant() {
        assert!(is_meant(b"xxab") && !is_meant(b"xxxab") && !is_meant(b"my-example"));
    }

    #[test]
    fn rows_are_counted_where_one_follows_another() {
        assert_eq!(rows(b"(1)"), 1);
        assert_eq!(rows(b"(1), (2),\n(3)"), 3);
        assert_eq!(rows(b"(1), (2), x"), 2);
        assert_eq!(rows(b"f(1)("), 1);
    }

    #[test]
    fn a_private_key_in_base64_is_told_wherever_the_text_is_cut() {
        let head = ["-----BEGIN ", "PRIVATE", " KEY-----\n"].concat();
        let encoded = data_encoding::BASE64.encode([head.as_bytes(), b"MIIB"].concat().as_slice());
        let rest = encoded.strip_prefix(ENCODED).unwrap();
        for cut in 0..4 {
            assert!(encodes_a_private_key(&rest.as_bytes()[..rest.len() - cut]), "{cut}");
        }
        assert!(!encodes_a_private_key(b""));
    }

    #[test]
    fn a_login_in_base64_has_a_user_and_a_password() {
        for (login, due) in [
            (&b"user:abc"[..], true),
            (b"user:ab", false),
            (b":hunter22", false),
            (b"a:bcd", false),
            (b"user:hun\x07ter", false),
        ] {
            let word = data_encoding::BASE64.encode(login);
            assert_eq!(encodes_a_login(word.as_bytes()), due, "{word}");
        }
    }
}
