//! Lines that say nothing about a file: banners, headers and rules around the
//! entries. Recognised, never assumed: a line that might have been an entry
//! is not decoration, so that none can be lost as a title.

use super::fields::{Field, is_path_like};
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

/// Whether the line is a banner, a header or a rule.
pub(super) fn is_decoration(line: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(line) else { return false };
    let text = text.trim_matches([' ', '\t']);
    if text.contains('\r') || longest_hex_run(line) >= 16 {
        return false;
    }
    is_rule(text) || is_fence(text) || is_framed(text) || is_header(text) || is_banner(text)
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
}
