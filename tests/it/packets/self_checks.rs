//! What packets claim of themselves, item by item.

use serde_json::{Value, json};

/// A packet's list of its own claims: what each says, the check that it stands for,
/// and whether anything was there to look at.
fn self_check(items: &[(&str, &str, &str)]) -> Value {
    let row = |(number, (item, check, result)): (usize, &(&str, &str, &str))| json!({"id": format!("SC-{}", number + 1), "item": item, "check": check, "result": result});
    json!({"items": items.iter().enumerate().map(row).collect::<Vec<_>>(), "item_count": items.len()})
}

/// What every packet claims of itself.
const COMMON: [(&str, &str, &str); 10] = [
    ("every file is sealed", "manifest", "PASS"),
    ("the manifest is pinned", "pin", "PASS"),
    ("the list of files is the seal's", "mirror", "PASS"),
    ("recorded runs agree", "runs", "PASS"),
    ("recorded counts agree", "runs", "PASS"),
    ("bad inputs are refused", "probes", "PASS"),
    ("the validator is the pinned one", "validator", "PASS"),
    ("stated digests are so", "claims", "PASS"),
    ("no reserved word is said", "tokens", "PASS"),
    ("no secret is in the packet", "secrets", "PASS"),
];

/// The self-check of the packet of a clone: 14 items.
pub(crate) fn clone_self_check() -> Value {
    let own = [
        ("no clone that holds secrets is used", "isolation", "PASS"),
        ("the schema is specified", "schema", "PASS"),
        ("the rehearsal was held", "rehearsal", "N/A_NO_CLONE"),
        ("the rollback is proven", "rollback", "N/A_NO_CLONE"),
    ];
    self_check(&[&COMMON[..], &own].concat())
}

/// The self-check of the execution packet: 15 items.
pub(crate) fn execution_self_check() -> Value {
    let own = [
        ("the rollback is proven", "rollback", "PASS"),
        ("the negative control is refused", "validator", "PASS"),
        ("the steps are in order", "plan", "PASS"),
        ("only what is in scope was changed", "scope", "PASS"),
        ("the review is complete", "review", "PASS"),
    ];
    self_check(&[&COMMON[..], &own].concat())
}
