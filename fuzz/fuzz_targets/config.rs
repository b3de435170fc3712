//! `seal.toml`: whatever the bytes, a configuration or one finding with a place
//! inside the text; and what weakens is found again at a place of its own.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    match seal::config::parse(data, "seal.toml", &["manifest", "pin"]) {
        Ok(config) => {
            for weakening in config.weakening() {
                assert!(weakening.span.start <= weakening.span.end && weakening.span.end <= data.len());
            }
        }
        Err(finding) => {
            assert!(!finding.message.is_empty() && !finding.help.is_empty());
            if let Some(at) = finding.location {
                assert!(at.line >= 1 && at.column >= 1 && at.byte <= data.len() as u64);
            }
        }
    }
});
