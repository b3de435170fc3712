//! What must hold for any bytes that are read as a manifest. Shared by the fuzz
//! targets, each of which forces one format or leaves it to detection.
//!
//! Run one with `cargo +nightly fuzz run manifest_auto`; `cargo check
//! --manifest-path fuzz/Cargo.toml` keeps them compiling on stable.

use seal::manifest::{Format, Limits, Manifest, NotAManifest, Options, Place, parse, write};

/// Reads `bytes` and checks every promise of the parser.
pub fn check(bytes: &[u8], format: Option<Format>) {
    let limits = Limits { line: 1 << 16, entries: 10_000, ..Limits::default() };
    let options = Options { file_name: b"name.sha256", format, limits };
    match parse(bytes, &options) {
        Ok(manifest) => {
            assert_eq!(parse(bytes, &options).as_ref(), Ok(&manifest), "the same bytes read differently");
            check_manifest(bytes, &manifest, format);
            check_round_trip(&manifest);
        }
        Err(NotAManifest::Broken { place, .. }) => check_place(bytes, place),
        Err(_) => {}
    }
}

fn check_manifest(bytes: &[u8], manifest: &Manifest, format: Option<Format>) {
    assert!(format.is_none_or(|format| manifest.format == format));
    for entry in &manifest.entries {
        check_place(bytes, entry.place);
        assert!(!entry.path.is_root());
        assert!(entry.path.components().all(|part| !matches!(part, b"." | b"..")));
        assert!(!entry.path.as_bytes().contains(&0));
    }
    for problem in &manifest.problems {
        check_place(bytes, problem.place);
        assert!(problem.count >= 1);
        for text in [&problem.message, &problem.help] {
            assert!(!text.chars().any(seal::text::is_deceptive), "raw packet data in {text:?}");
        }
    }
    let spans: Vec<_> = manifest.problems.iter().map(|problem| problem.place.span).collect();
    assert!(spans.is_sorted());
    let listed = manifest.problems.iter().any(|problem| problem.name.is_some() || problem.count > 1);
    assert!(!manifest.entries.is_empty() || listed || !manifest.delegates_to.is_empty());
}

fn check_place(bytes: &[u8], place: Place) {
    assert!(place.span.start <= place.span.end && place.span.end <= bytes.len(), "{place:?}");
    assert!(place.line >= 1 && place.column >= 1, "{place:?}");
}

/// What was read can be written, and reads back as the same entries.
fn check_round_trip(manifest: &Manifest) {
    let items: Vec<write::Item> = manifest
        .entries
        .iter()
        .map(|entry| write::Item {
            path: entry.path.clone(),
            digest: entry.digest.clone(),
            size: entry.size.unwrap_or(0),
        })
        .collect();
    if items.is_empty() {
        return;
    }
    for (text, sized) in [(write::sha256sum(&items), false), (write::sized(&items), true)] {
        let again = parse(&text, &Options::new(b"SHA256SUMS")).expect("what was written is a manifest");
        assert_eq!(again.format, if sized { Format::Sized } else { Format::Sha256sum });
        assert_eq!(again.entries.len(), items.len());
        for (entry, item) in again.entries.iter().zip(&items) {
            assert_eq!((&entry.path, &entry.digest), (&item.path, &item.digest));
            assert_eq!(entry.size, sized.then_some(item.size));
        }
    }
}
