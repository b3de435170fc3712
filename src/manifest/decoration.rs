//! Lines that say nothing about a file: banners, headers and rules around the
//! entries. Recognised, never assumed: a line that might have been an entry
//! is not decoration, so that none can be lost as a title.

use super::bsd;
use super::fields::{Field, is_path_like};
use super::lines::{Line, is_blank, split_token, trim};
use super::shape::{Shape, unquote};
use super::table::{Columns, cells};
use super::token::{Named, longest_hex_run};

/// Words that a banner or header of a manifest is made of.
const WORDS: [&[u8]; 40] = [
    b"manifest",
    b"manifests",
    b"hash",
    b"hashes",
    b"checksum",
    b"checksums",
    b"digest",
    b"digests",
    b"sha256sum",
    b"sha256sums",
    b"sums",
    b"seal",
    b"sealed",
    b"packet",
    b"files",
    b"entries",
    b"total",
    b"count",
    b"generated",
    b"created",
    b"updated",
    b"date",
    b"timestamp",
    b"time",
    b"version",
    b"format",
    b"root",
    b"tree",
    b"release",
    b"evidence",
    b"bundle",
    b"artifacts",
    b"package",
    b"project",
    b"commit",
    b"schema",
    b"integrity",
    b"algorithms",
    b"list",
    b"inventory",
];

/// Whether a line around the entries of that shape is a banner, a header or a
/// rule, and cannot be an entry that was cut or spoiled.
pub(super) fn surrounds(shape: Shape, line: &Line<'_>) -> bool {
    let bytes = line.bytes;
    // A last line without its end may be all that is left of an entry.
    let whole = line.ended || std::str::from_utf8(trim(bytes)).is_ok_and(is_frame);
    whole && is_decoration(bytes) && !has_hex_word(bytes) && !is_begun(shape, bytes)
}

/// A word of five or more hexadecimal digits, or eight anywhere: what is left
/// of a digest.
fn has_hex_word(line: &[u8]) -> bool {
    longest_hex_run(line) >= 8
        || line
            .split(|b| !b.is_ascii_alphanumeric())
            .any(|word| word.len() >= 5 && word.iter().all(u8::is_ascii_hexdigit))
}

/// Whether a line begins as the entries of that shape do.
fn is_begun(shape: Shape, line: &[u8]) -> bool {
    let (first, rest) = split_token(trim(line));
    let second = split_token(trim(rest)).0;
    let hex = |word: &[u8]| !word.is_empty() && word.iter().all(u8::is_ascii_hexdigit);
    if bsd::is_begun(line) || (Named::from_name(first).is_some() && hex(second)) {
        return true;
    }
    match shape {
        Shape::Sha256sum | Shape::Sized => {
            // `21 files` and `A list of files` are prose; two separators follow a digest.
            let prose = first.len() == 1 || (first.len() <= 4 && first.iter().all(u8::is_ascii_digit));
            let two = matches!(rest, [b'\t', ..] | [b' ', b' ' | b'*', ..]);
            hex(first) && (two || !prose)
        }
        Shape::NameFirst => {
            let text = std::str::from_utf8(trim(line)).unwrap_or_default();
            !is_frame(text) && text.bytes().skip(1).any(|b| matches!(b, b':' | b'='))
        }
        Shape::NameColumns => {
            let words = trim(line).split(|&b| is_blank(b)).filter(|word| !word.is_empty()).count();
            words == 2 && !std::str::from_utf8(trim(line)).is_ok_and(|text| is_frame(text) || is_header(text))
        }
        Shape::Markdown => first.starts_with(b"|") && !is_rule_or_heading(line),
        Shape::Csv | Shape::HashTable | Shape::HashList | Shape::Bsd => false,
    }
}

/// A row of a Markdown table that holds no entry.
fn is_rule_or_heading(line: &[u8]) -> bool {
    std::str::from_utf8(trim(line)).is_ok_and(is_rule) || Columns::of(cells(line)).is_some()
}

/// Programs that write checksums, as they call themselves in error messages.
const TOOLS: [&[u8]; 24] = [
    b"sha1sum",
    b"sha224sum",
    b"sha256sum",
    b"sha384sum",
    b"sha512sum",
    b"sha3sum",
    b"md5sum",
    b"b2sum",
    b"b3sum",
    b"shasum",
    b"cksum",
    b"sum",
    b"sha1",
    b"sha224",
    b"sha256",
    b"sha384",
    b"sha512",
    b"md5",
    b"openssl",
    b"rhash",
    b"hashdeep",
    b"sha256deep",
    b"digest",
    b"busybox",
];

/// An error message of a program that writes checksums, taken into the list:
/// the program's name, and the file's, where the message gives one.
pub(super) fn tool_error(line: &[u8]) -> Option<(&[u8], Option<&[u8]>)> {
    let (program, message) = line.split_at_checked(memchr::memmem::find(line, b": ")?)?;
    let base = program.rsplit(|&b| b == b'/').next().unwrap_or(program);
    let plain = base.strip_suffix(b".exe").unwrap_or(base);
    // `gsha256sum` is GNU's under another name.
    let known = TOOLS.contains(&plain) || plain.strip_prefix(b"g").is_some_and(|name| TOOLS.contains(&name));
    let message = message.get(2..).unwrap_or_default();
    let name = message.split_at_checked(memchr::memmem::rfind(message, b": ").unwrap_or(0))?.0;
    known.then_some((base, Some(unquote(name)).filter(|name| !name.is_empty())))
}

/// A rule, a code block's fence or a framed title: lines that hold no entry
/// however they were cut.
fn is_frame(text: &str) -> bool {
    is_rule(text) || is_fence(text) || is_framed(text)
}

/// Whether the line is a banner, a header or a rule.
fn is_decoration(line: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(line) else { return false };
    let text = text.trim_matches([' ', '\t']);
    if text.contains('\r') || longest_hex_run(line) >= 16 {
        return false;
    }
    is_frame(text) || is_header(text) || is_banner(text)
}

/// Three or more characters that draw lines, and blanks.
fn is_rule(text: &str) -> bool {
    let strokes = text.chars().filter(|c| "-=_*~+|:`\u{2500}\u{2550}\u{2501}".contains(*c)).count();
    strokes >= 3
        && text.chars().all(|c| c == ' ' || c == '\t' || "-=_*~+|:`\u{2500}\u{2550}\u{2501}".contains(c))
}

/// A title between strokes: `=== Title ===`.
fn is_framed(text: &str) -> bool {
    ["===", "---", "***"].iter().any(|frame| {
        let inner = text.strip_prefix(frame).and_then(|rest| rest.strip_suffix(frame));
        inner.is_some_and(|title| {
            title.starts_with([' ', '=', '-', '*']) && title.ends_with([' ', '=', '-', '*'])
        })
    })
}

/// The opening of a Markdown code block.
fn is_fence(text: &str) -> bool {
    text.strip_prefix("```").is_some_and(|word| word.chars().all(|c| c.is_ascii_alphanumeric()))
}

/// Column headings, and totals such as `21 files`: every word is known or a number.
fn is_header(text: &str) -> bool {
    let mut known = 0;
    for word in words(text) {
        if is_known(word) {
            known += 1;
        } else if !(word.len() <= 9 && word.bytes().all(|b| b.is_ascii_digit())) {
            return false;
        }
    }
    let one = words(text).count() == 1;
    // A lone word is a heading only when it says so; otherwise it may be a name without its digest.
    if one { known == 1 && (text.ends_with([':', ']']) || text.starts_with("==")) } else { known > 0 }
}

/// A title or a `key: value` line: a known word, and nothing that could be a
/// file's name before the colon.
fn is_banner(text: &str) -> bool {
    let first = text.split([' ', '\t']).next().unwrap_or_default();
    let tried = first.len() >= 6 && first.bytes().all(|b| b.is_ascii_hexdigit());
    if tried || text.starts_with(['\\', '<', '>', '|']) || text.starts_with("- ") || text.starts_with("* ") {
        return false;
    }
    if let Some((key, value)) = text.split_once(": ") {
        let plain = !value.trim().is_empty() && longest_hex_run(value.as_bytes()) < 8;
        return plain && words(key).any(is_known) && !words(key).any(|word| is_path_like(word.as_bytes()));
    }
    let count = words(text).count();
    count >= 2 && words(text).any(is_known) && !text.split([' ', '\t']).any(looks_like_a_name)
}

fn looks_like_a_name(word: &str) -> bool {
    let word = word.trim_matches(['(', ')', ',', ';', ':', '"', '\'', '.']);
    word.len() > 1 && is_path_like(word.as_bytes())
}

fn is_known(word: &str) -> bool {
    let lower = word.to_ascii_lowercase();
    WORDS.contains(&lower.as_bytes())
        || Field::of(word.as_bytes()).is_some()
        || Named::from_name(word.as_bytes()).is_some()
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split([' ', '\t', ',', ';', '|', ':', '=', '(', ')', '[', ']', '*', '#'])
        .filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_headers_and_rules() {
        for line in [
            "Algorithm       Hash                                  Path",
            "---------       ----                                  ----",
            "path,sha256",
            "| File | SHA-256 | Size |",
            "|------|:--------|-----:|",
            "==================",
            "SHA-256 manifest of the release",
            "Evidence packet: checksums",
            "Generated: 2026-05-01T10:00:00Z",
            "Root: packets/one",
            "Total: 21 files",
            "21 files",
            "Files:",
            "=== FIRST MODULE ===",
            "[checksums]",
            "```text",
            "```",
        ] {
            assert!(is_decoration(line.as_bytes()), "{line}");
        }
    }

    #[test]
    fn nothing_that_tried_to_be_an_entry() {
        let hex = "0123456789abcdef".repeat(4);
        for line in [
            hex.clone(),
            format!("{hex}  manifest"),
            format!("Tree: {hex}"),
            format!("hash manifest {}", &hex[..16]),
            "README".to_owned(),
            "manifest".to_owned(),
            "docs/report.md".to_owned(),
            "  hash report.md".to_owned(),
            "deadbeef  manifest file".to_owned(),
            "<<<<<<< HEAD".to_owned(),
            ">>>>>>> manifest files".to_owned(),
            "manifest.txt: pending".to_owned(),
            "| a.txt | pending |".to_owned(),
            "| Makefile | hash |".to_owned(),
            "- manifest file".to_owned(),
            "two words".to_owned(),
            "checksum: deadbeef".to_owned(),
            "hash:".to_owned() + "\r",
        ] {
            assert!(!is_decoration(line.as_bytes()), "{line}");
        }
        assert!(!is_decoration(b"manifest files \xff"));
    }

    fn is_around(shape: Shape, text: &str) -> bool {
        surrounds(shape, &super::super::lines::Lines::new(text.as_bytes()).next().unwrap())
    }

    #[test]
    fn what_is_left_of_an_entry_is_no_decoration() {
        for (shape, line) in [
            (Shape::Bsd, "SHA256 (LICENSE) = 0263829989b6fd9\n"),
            (Shape::Bsd, "SHA256 (readm\n"),
            (Shape::Sha256sum, "SHA256 (files)\n"),
            (Shape::HashTable, "SHA256 026\n"),
            (Shape::Sha256sum, "VERSION deadbeef\n"),
            (Shape::Sha256sum, "abc12  VERSION\n"),
            (Shape::Sha256sum, "a  VERSION hash\n"),
            (Shape::Sha256sum, "12  VERSION hash\n"),
            (Shape::NameFirst, "VERSION: pending\n"),
            (Shape::NameFirst, "VERSION=\n"),
            (Shape::NameColumns, "VERSION pending\n"),
            (Shape::Markdown, "| VERSION | 12 |\n"),
            (Shape::Sha256sum, "SHA-256 manifest"),
            (Shape::Sha256sum, "21 files"),
        ] {
            assert!(!is_around(shape, line), "{line:?}");
        }
        for (shape, line) in [
            (Shape::Sha256sum, "21 files\n"),
            (Shape::Sha256sum, "A manifest of hashes\n"),
            (Shape::Sha256sum, "Generated: 2026-05-01T10:00:00Z\n"),
            (Shape::Sha256sum, "=========="),
            (Shape::Sha256sum, "```"),
            (Shape::NameFirst, "=== FILES ==="),
            (Shape::NameFirst, "SHA-256 manifest\n"),
            (Shape::NameColumns, "File SHA-256\n"),
            (Shape::Markdown, "| File | SHA-256 |\n"),
            (Shape::Markdown, "|---|---|"),
        ] {
            assert!(is_around(shape, line), "{line:?}");
        }
    }

    #[test]
    fn error_messages_of_checksum_tools() {
        for (line, tool, name) in [
            ("sha256sum: data.bin: Permission denied", "sha256sum", Some("data.bin")),
            ("sha256sum: 'a: b': No such file or directory", "sha256sum", Some("a: b")),
            ("/usr/bin/gsha512sum: d: Is a directory", "gsha512sum", Some("d")),
            ("md5sum: write error", "md5sum", None),
        ] {
            let want = (tool.as_bytes(), name.map(str::as_bytes));
            assert_eq!(tool_error(line.as_bytes()), Some(want), "{line}");
        }
        for line in ["data.bin: Permission denied", "sha256sum of: x", "sha256sum:x"] {
            assert_eq!(tool_error(line.as_bytes()), None, "{line}");
        }
    }
}
