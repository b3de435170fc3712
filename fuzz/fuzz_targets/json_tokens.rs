//! The JSON tokenizer: spans in order and inside the document, and the same
//! documents accepted as by a full parser.

#![no_main]

use seal::json::{Kind, Tokens, decode};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let mut end = 0;
    for token in Tokens::new(bytes) {
        let Ok(token) = token else { return };
        assert!(end <= token.start && token.start < token.end && token.end <= bytes.len());
        end = token.end;
        if matches!(token.kind, Kind::Key | Kind::String) {
            let raw = token.of(bytes);
            assert!(raw.len() >= 2 && raw.starts_with(b"\"") && raw.ends_with(b"\""));
            let _ = decode(raw);
        }
    }
    assert!(std::str::from_utf8(bytes).is_ok(), "a document that was accepted is UTF-8");
});
