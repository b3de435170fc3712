//! The hot paths beside their floor: comparing a packet beside hashing the same
//! bytes, and the search for a cause beside plain hashing of as many bytes.
//!
//! `cargo bench` runs them. Ratios within one run are what to compare; the
//! numbers of two machines, or of two days, are not.

use std::fmt::Write as _;
use std::hint::black_box;

use divan::Bencher;
use divan::counter::{BytesCount, ItemsCount};
use seal::digest::{Digest, Sha256};
use seal::drift::{Allowance, Question, explain};
use seal::manifest::{Options, parse};

fn main() {
    divan::main();
}

/// A manifest of so many entries.
fn manifest(entries: usize) -> String {
    let mut text = String::new();
    for index in 0..entries {
        let digest = Sha256::of(&index.to_le_bytes());
        let _ = writeln!(text, "{digest}  folder-{:03}/file-{index:06}.txt", index % 200);
    }
    text
}

#[divan::bench(args = [100, 10_000, 100_000])]
fn parse_a_manifest(bencher: Bencher, entries: usize) {
    let text = manifest(entries);
    bencher.counter(BytesCount::of_str(&text)).bench(|| {
        let read = parse(black_box(text.as_bytes()), &Options::new(b"SHA256SUMS"));
        assert_eq!(read.map(|read| read.entries.len()), Ok(entries));
    });
}

/// Bytes behind the last place where something else may have been sealed.
const TAILS: [usize; 3] = [55, 1 << 10, 16 << 10];

/// Sixteen places, then a tail of so many bytes in which nothing is looked for.
fn with_tail(bytes: usize) -> String {
    "a\u{2014}".repeat(16) + &"x".repeat(bytes)
}

/// An edit that no family explains.
fn in_vain(found: &str, allowance: u64) -> seal::drift::Search {
    let sealed = Digest::Sha256(Sha256::of(b"something else"));
    let question =
        Question { sealed: &sealed, sealed_size: None, found: black_box(found.as_bytes()), name: b"a.md" };
    let diagnosis = explain(&question, &Allowance { bytes: allowance, deep: false });
    assert!(diagnosis.causes.is_empty());
    diagnosis.search
}

/// What a search with this tail may spend: some ten thousand hypotheses.
fn allowance(tail: usize) -> u64 {
    20_000 * (tail as u64 + 400)
}

/// The floor: as many tails hashed anew as the search tries hypotheses.
#[divan::bench(args = TAILS)]
fn hash_plainly(bencher: Bencher, tail: usize) {
    let hypotheses = in_vain(&with_tail(tail), allowance(tail)).hypotheses;
    let text = vec![b'x'; tail];
    bencher.counter(ItemsCount::new(hypotheses)).bench(|| {
        for _ in 0..hypotheses {
            black_box(Sha256::of(black_box(&text)));
        }
    });
}

/// Hypotheses per second of the whole search.
#[divan::bench(args = TAILS)]
fn search_in_vain(bencher: Bencher, tail: usize) {
    let found = with_tail(tail);
    let hypotheses = in_vain(&found, allowance(tail)).hypotheses;
    bencher.counter(ItemsCount::new(hypotheses)).bench(|| in_vain(&found, allowance(tail)));
}

/// Line ends of a whole file, proven.
#[divan::bench(args = [1 << 10, 16 << 10, 1 << 20])]
fn prove_line_ends(bencher: Bencher, bytes: usize) {
    let sealed: String = "a line of text\n".chars().cycle().take(bytes).collect();
    let digest = Digest::Sha256(Sha256::of(sealed.as_bytes()));
    let found = sealed.replace('\n', "\r\n");
    bencher.bench(|| {
        let question = Question {
            sealed: &digest,
            sealed_size: None,
            found: black_box(found.as_bytes()),
            name: b"a.md",
        };
        let diagnosis = explain(&question, &Allowance { bytes: 0, deep: false });
        assert!(diagnosis.recipe.is_some());
        diagnosis.search.hypotheses
    });
}
