//! JSON as tools write it, explained.

mod any;
mod escapes;
mod hostile;
mod layouts;
mod order;

use super::super::{Allowance, Diagnosis, Question, explain};
use super::*;
use crate::digest::{Digest, Sha256};

fn ask(sealed: &[u8], found: &[u8], sized: bool) -> Diagnosis {
    let digest = Digest::Sha256(Sha256::of(sealed));
    let sealed_size = sized.then_some(sealed.len() as u64);
    let question = Question { sealed: &digest, sealed_size, found, name: b"a.json" };
    explain(&question, &Allowance { bytes: 16 << 20, deep: false })
}

/// Code, direction and scope of the one cause, the same with the length and without.
fn one(sealed: impl AsRef<[u8]>, found: impl AsRef<[u8]>) -> (Code, String, String) {
    let (sealed, found) = (sealed.as_ref(), found.as_ref());
    let mut out = None;
    for sized in [true, false] {
        let diagnosis = ask(sealed, found, sized);
        let recipe = diagnosis.recipe.unwrap_or_else(|| panic!("not explained, sized: {sized}"));
        assert_eq!(recipe.undo(found).unwrap(), sealed);
        assert_eq!(recipe.redo(sealed).unwrap(), found);
        let [cause] = diagnosis.causes.as_slice() else { panic!("{:?}", diagnosis.causes) };
        out = Some((cause.code, cause.direction.clone(), cause.scope.clone()));
    }
    out.unwrap()
}

/// As Python writes it with `indent=2, ensure_ascii=False`.
const KEPT: &str = "{\n  \"a\": \"x \u{2014} y\",\n  \"b\": [\n    1.0,\n    \"http://\u{e9}.example/<i>\"\n  ],\n  \"c\": {}\n}";
/// And with `ensure_ascii=True`.
const ESCAPED: &str = "{\n  \"a\": \"x \\u2014 y\",\n  \"b\": [\n    1.0,\n    \"http://\\u00e9.example/<i>\"\n  ],\n  \"c\": {}\n}";
