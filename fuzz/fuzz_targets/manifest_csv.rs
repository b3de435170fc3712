//! Manifests that are to be read in the format `csv`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| seal_fuzz::check(bytes, Some(seal::manifest::Format::Csv)));
