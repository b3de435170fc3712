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
//! reports of shards → report                   merge
//! code → page                                  explain
//! seals, attributes, settings → risks          doctor, yaml
//! damage with a proven remedy → sealed bytes   restore, atomic
//! bad inputs made in memory → the gate again   selftest
//! ```

pub mod atomic;
pub mod check;
pub mod cli;
pub mod code;
pub mod config;
pub mod create;
pub mod digest;
pub mod doctor;
pub mod drift;
pub mod evidence;
pub mod explain;
pub mod finding;
pub mod gate;
pub mod git;
pub mod hints;
pub mod json;
pub mod manifest;
mod merge;
pub mod observe;
pub mod packet;
pub mod path;
pub mod profile;
pub mod report;
pub mod restore;
pub(crate) mod selftest;
pub mod source;
pub mod text;
pub mod verdict;
pub mod yaml;
