//! The drift engine: whatever was sealed and found, a proof is a proof both ways.
//! The first byte says where the input is cut into the two.

#![no_main]

use libfuzzer_sys::fuzz_target;
use seal::digest::{Digest, Sha256};
use seal::drift::{Allowance, Question, explain};

fuzz_target!(|data: &[u8]| {
    let Some((&cut, data)) = data.split_first() else { return };
    let (sealed, found) = data.split_at((usize::from(cut) * data.len()) / 256);
    let digest = Digest::Sha256(Sha256::of(sealed));
    let question =
        Question { sealed: &digest, sealed_size: Some(sealed.len() as u64), found, name: b"file.json" };
    let diagnosis = explain(&question, &Allowance { bytes: 1 << 20, deep: false });
    if let Some(recipe) = diagnosis.recipe {
        assert_eq!(recipe.undo(found).as_deref(), Some(sealed));
        assert_eq!(recipe.redo(sealed).as_deref(), Some(found));
        assert!(!diagnosis.causes.is_empty());
    }
});
