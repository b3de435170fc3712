//! Manifests whose format is decided from their content.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| seal_fuzz::check(bytes, None));
