//! The `seal` program: parse, run, exit.

fn main() {}
