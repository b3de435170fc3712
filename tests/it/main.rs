//! The program as people run it: packets on disk, arguments, exit statuses and
//! reports. One binary, so that it is linked once.
//!
//! `packet` and `program` are the bench: temporary packets and repositories, and
//! the program with a scrubbed environment. `stored` reads the cases of
//! `testdata/`, `scenes` makes those that cannot be stored; `coverage` demands
//! that together they produce every code of the table. The rest are the
//! requirements, one file per subject.

#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod archives;
mod bad_evidence;
mod base;
mod base_attacks;
mod cli;
mod config;
mod coverage;
mod create;
mod doctor;
mod doctor_workflows;
mod documentation;
mod drift;
mod entries;
mod examples;
mod formats;
mod gate_attacks;
mod incidents;
mod incidents_l3;
mod layers;
mod leaks;
mod learning;
mod manifest_text;
mod nested;
mod origin;
mod origin_attacks;
mod packet;
mod packets;
mod pins;
mod predecessor;
mod program;
mod roots;
mod scenes;
mod selftest;
mod shards;
mod snapshots;
mod source_attacks;
mod stored;
mod threads;
mod words;
