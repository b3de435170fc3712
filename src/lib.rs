//! `seal`: the gate between a seal (a manifest of digests) and the bytes that
//! are really there.
//!
//! Data flows one way, and nothing later is imported by anything earlier:
//!
//! ```text
//! arguments → options                          cli, config
//! manifest bytes → entries with spans          manifest, path, digest
//! a source lists and opens                     source, packet
//! manifest ⋈ source → observations             observe
//! observations → diagnoses                     drift
//! diagnoses → outcomes and findings            check, finding, code
//! findings → verdict → report                  verdict, report
//! report → text                                report::human, report::json
//! ```

pub mod check;
pub mod code;
pub mod digest;
pub mod drift;
pub mod finding;
pub mod json;
pub mod manifest;
pub mod path;
pub mod report;
pub mod text;
