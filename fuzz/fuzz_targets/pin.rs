//! The tree pin: a digest only where 64 digits can be read, and no departure
//! exactly where they stand alone.

#![no_main]

use libfuzzer_sys::fuzz_target;
use seal::packet::Pin;
use seal::path::BytePath;

fuzz_target!(|data: &[u8]| {
    let pin = Pin::parse(BytePath::root(), data);
    let plain = data.strip_suffix(b"\n").unwrap_or(data);
    let canonical = plain.len() == 64 && plain.iter().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(b));
    assert_eq!(canonical, pin.departures.is_empty());
    assert!(!canonical || pin.digest.is_some());
});
