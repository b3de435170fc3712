//! YAML: whatever the bytes, a tree whose lines lie in the text, or an error
//! that says where.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let lines = data.iter().filter(|byte| matches!(byte, b'\n' | b'\r')).count() + 2;
    match seal::yaml::Document::parse(data) {
        Ok(document) => {
            for scalar in document.root().scalars() {
                assert!((1..=lines).contains(&scalar.line));
            }
        }
        Err(error) => assert!((1..=lines).contains(&error.line) && !error.reason.is_empty()),
    }
});
